"""Sensitivity: which parameters drive a result, and whether they drive the policy's effect too.

    design -> jobs -> runs (what the store lacks) -> figures of four quantities -> indices, noise, convergence

Each row of the design runs two arms on the same future: nothing done, and the policy. Asked about are the level without
the policy, the level with it, the effect (their paired difference) and the effect as a share of the level without. An
answer about levels says little about effects: what moves homicide most may leave unmoved what a policy does to it.

With screening, a Morris design over everything chosen comes first, and the method itself runs over what stands above the
dummy there, the `top` largest. With a store, the same call again reads its runs and runs nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from experiments.comparison.windows import check_windows
from experiments.execution.execution import Execution
from experiments.execution.extensions import Extensions, take_extensions
from experiments.execution.runner import job_of, used_scale
from experiments.sensitivity.analysis import TRAJECTORIES, Analysis
from experiments.sensitivity.designs import Design, jobs, make_design
from experiments.sensitivity.factors import Factor, choose
from experiments.sensitivity.tables import Sensitivity, over_time, passed, tables, yearly
from experiments.store.runs import Means, run_means
from experiments.store.settings import SETTINGS
from experiments.store.store import existing
from experiments.store.tasks import missing
from sim.errors import InputError

if TYPE_CHECKING:
    from experiments.execution.extensions import StudySettings
    from experiments.execution.runner import Job
    from sim.scenario import CityLike, Policy, PolicyLike, Scenario, ScenarioSettings

__all__ = ["MONTHS", "TRAJECTORIES", "Analysis", "Plan", "plan", "sensitivity"]

MONTHS = 60
"""Length of every run when no other is given."""


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a study would run.

    Attributes
    ----------
    factors
        How many factors are varied, the seed and the dummy aside.
    screening, main
        Jobs of the screening (0 without one), and at most of the method itself.
    arms
        Arms of a job.
    scale
        The scale that would be used.
    first
        The jobs that can be named beforehand: those of the screening, else those of the method.
    second
        The jobs of the method after the screening, where a store holds the whole screening; None where none does.
    """

    factors: int
    screening: int
    main: int
    arms: int
    scale: float
    first: Sequence[Job]
    second: Sequence[Job] | None = None


@dataclass(frozen=True, kw_only=True)
class _Study:
    """A study that was checked: what is asked, what all rows share (nothing done first), and the design that runs first."""

    policy: Policy | None
    analysis: Analysis
    scenario: Scenario
    extensions: Extensions
    scale: float
    factors: tuple[Factor, ...]
    first: Design
    most: int
    """Jobs that the study comes to at most."""


def sensitivity(
    city: CityLike,
    policy: PolicyLike | None = None,
    *,
    analysis: Analysis | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Sensitivity:
    """Rank parameters by their influence on outcomes and on a policy's effect.

    Parameters
    ----------
    city, policy
        Where, and what is done, by name, path or object; without a policy only the level is asked about.
    analysis
        The method, what varies, and which outcomes are asked about; its defaults when left out.
    execution
        How the runs are made, and where they are kept; changes no result.
    settings
        As for `experiments.comparison.compare.compare`, with 60 months when left out; the seed gives the design and its
        futures, whose number comes from the analysis: there are no replications.
        `outputs` and `model` are outcomes and a rule of one's own (`experiments.execution.extensions.StudySettings`).

    Raises
    ------
    InputError
        When a value cannot be used.
    FailedJobsError
        When runs failed or hold values that are not finite, with their number; nothing is told from the others.
    Cancelled
        After Ctrl-C, or when the progress returned False; a store keeps the runs that are done.
    """
    study = _checked(city, policy, analysis or Analysis(), execution, settings)
    how = execution or Execution()
    if not study.analysis.screen:
        return _told(study, study.first, how)
    weight = len(study.first.distinct()[0]) / study.most
    screened = _told(study, study.first, how.part(0.0, weight))
    design = _main_design(study.analysis, passed(screened, study.factors, study.analysis.top), study.scenario.seed)
    return dataclasses.replace(_told(study, design, how.part(weight, 1.0 - weight)), screening=screened)


def plan(
    city: CityLike,
    policy: PolicyLike | None = None,
    *,
    analysis: Analysis | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Plan:
    """Say what a study would run, without running any of it; parameters as for `sensitivity`.

    A store that holds a whole screening says what comes after it.
    """
    study = _checked(city, policy, analysis or Analysis(), execution, settings)
    known = len(study.first.distinct()[0])
    return Plan(
        factors=len(study.factors),
        screening=known if study.analysis.screen else 0,
        main=study.most - known if study.analysis.screen else known,
        arms=len(study.scenario.policies),
        scale=study.scale,
        first=_distinct_jobs(study, study.first),
        second=_second_jobs(study, execution or Execution()),
    )


# What is run ----------------------------------------------------------------------------------------------------------


def _checked(
    city: CityLike,
    policy: PolicyLike | None,
    analysis: Analysis,
    execution: Execution | None,
    settings: StudySettings,
) -> _Study:
    """Return a study whose every value can be used."""
    from sim.scenario import assemble, find_city, find_policy

    if "replications" in settings:
        raise InputError("replications is given; a sensitivity study draws its futures by samples, leave it out")
    chosen = None if policy is None else find_policy(policy)
    arms: list[PolicyLike] = ["baseline", *([chosen] if chosen is not None else [])]
    extensions, kept = take_extensions(settings, execution)
    given: ScenarioSettings = {"months": MONTHS, **kept}
    factors = choose(analysis.vary, chosen, ranges=analysis.ranges, city=find_city(city))
    seed = given.get("seed", 1)
    if analysis.screen:
        # The design that comes second is not known yet; its values are checked all the same.
        _main_design(analysis, factors[:2], seed)
        first = make_design("morris", factors, samples=analysis.trajectories, seed=seed)
        widest = factors[: min(analysis.top, len(factors))]
        most = len(first.distinct()[0]) + len(_main_design(analysis, widest, seed).distinct()[0])
    else:
        first = _main_design(analysis, factors, seed)
        most = len(first.distinct()[0])
    scenario = assemble(city, arms, source="sensitivity", **given)
    if analysis.window is not None:
        check_windows([analysis.window], scenario.months)
    scale = used_scale(scenario)
    return _Study(
        policy=chosen,
        analysis=analysis,
        scenario=scenario,
        extensions=extensions,
        scale=scale,
        factors=factors,
        first=first,
        most=most,
    )


def _main_design(analysis: Analysis, factors: Sequence[Factor], seed: int) -> Design:
    return make_design(
        analysis.method,
        factors,
        samples=analysis.samples,
        seed=seed,
        second_order=analysis.second_order,
        grouping=analysis.group,
    )


def _second_jobs(study: _Study, execution: Execution) -> Sequence[Job] | None:
    """Return the jobs that come after a screening, None where there is none or a store does not hold all of it."""
    if not study.analysis.screen or execution.store is None or not (Path(execution.store) / SETTINGS).exists():
        return None
    statuses = existing(Path(execution.store)).statuses(study.analysis.outcomes)
    done = {name for name, status in statuses.items() if status == "done"}
    for values in existing(Path(execution.store)).output_values(study.extensions.outputs):
        done &= values.keys()
    if missing(_distinct_jobs(study, study.first), done)[1]:
        return None
    screened = _told(study, study.first, execution)
    chosen = passed(screened, study.factors, study.analysis.top)
    return _distinct_jobs(study, _main_design(study.analysis, chosen, study.scenario.seed))


def _distinct_jobs(study: _Study, design: Design) -> Sequence[Job]:
    shared = job_of(study.scenario, design.seed, study.scale, study="sensitivity", extensions=study.extensions)
    return jobs(design, shared, rows=design.distinct()[0])


# What is told ---------------------------------------------------------------------------------------------------------


def _told(study: _Study, design: Design, execution: Execution) -> Sensitivity:
    """Run what a design asks for and tell what the runs say."""
    asked, scenario, kept = _distinct_jobs(study, design), study.scenario, tuple(study.analysis.outcomes)
    ran: Means = run_means(asked, execution, outcomes=kept, months_of=kept, window=study.analysis.window)
    names = (*kept, *study.extensions.names)
    place = design.distinct()[1]
    means = ran.means[place]
    notes: list[str] = []
    found = tables(design, {name: means[:, :, column] for column, name in enumerate(names)}, notes)
    years = {name: yearly(ran.months[name])[place] for name in names if name in ran.months}
    notes += [
        f"{name} is not kept by month in this store, so it has no results over time."
        for name in kept
        if name not in ran.months
    ]
    return Sensitivity(
        city=scenario.city,
        policy=study.policy,
        months=scenario.months,
        scale=study.scale,
        seed=design.seed,
        outcomes=names,
        window=study.analysis.window,
        arms=scenario.policies,
        settings=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
        design=design,
        outputs=means,
        runs=len(asked),
        over_time=over_time(design, years),
        notes=tuple(dict.fromkeys(notes)),
        **found,
    )
