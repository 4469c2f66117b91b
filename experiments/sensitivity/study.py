"""Sensitivity: which parameters a result hangs on, and whether the policy's effect hangs on them too.

    design -> jobs -> sweep (what the store lacks) -> figures of four quantities -> indices, noise, convergence

Each row of the design runs two arms on the same future: nothing done, and the policy. Asked about are the level without
the policy, the level with it, the effect (their paired difference) and the effect as a share of the level without. An
answer about levels says little about effects: what moves homicide most may leave unmoved what a policy does to it.

With screening, a Morris design over everything chosen comes first, and the method itself runs over what stands above the
dummy there, the `top` largest. All runs are kept in a store; the same call again reads them and runs nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from experiments.sensitivity.designs import Design, jobs, make_design
from experiments.sensitivity.estimators import Method
from experiments.sensitivity.factors import Factor, Grouping, choose
from experiments.sensitivity.tables import Sensitivity, over_time, passed, tables, yearly
from sim.faults import InputError, did_you_mean

if TYPE_CHECKING:
    from experiments.execution.runner import ExecutorName, Job, Progress
    from experiments.store.store import Keep, Store
    from sim.named import CityLike, PolicyLike, ShockLike
    from sim.scenario import City, Policy, Shock

__all__ = ["OUTCOMES", "TRAJECTORIES", "Plan", "keep_for", "plan", "sensitivity"]

OUTCOMES = ("homicide_rate", "criminal_governance_index")
"""The outcomes that are asked about when none is named."""

TRAJECTORIES = 8
"""Morris trajectories of a screening when no number is given."""
TOP = 12
"""The most factors that a screening passes on when no number is given."""


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
    """

    factors: int
    screening: int
    main: int
    arms: int
    scale: float
    first: Sequence[Job]


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """What all rows of a study share."""

    city: City
    arms: tuple[Policy, ...]
    outcomes: tuple[str, ...]
    months: int
    scale: float
    parameters: Mapping[str, float]
    shocks: tuple[Shock, ...]
    without: tuple[str, ...]


def sensitivity(
    city: CityLike,
    policy: PolicyLike | None = None,
    *,
    method: Method = "sobol",
    samples: int = 128,
    parameters: Sequence[str] = ("*",),
    outcomes: Sequence[str] = OUTCOMES,
    months: int = 60,
    scale: float | Literal["auto"] = "auto",
    seed: int = 1,
    store: Store | Path | str,
    screen: bool = False,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    group: Grouping | None = None,
    second_order: bool = False,
    settings: Mapping[str, float] | None = None,
    shocks: Sequence[ShockLike] | ShockLike = (),
    without: Sequence[str] = (),
    executor: ExecutorName = "threads",
    workers: int | None = None,
    scheduler: str | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Sensitivity:
    """Tell what the outcomes of a city, and the effect of a policy, hang on.

    Parameters
    ----------
    city, policy
        Where, and what is done, by name, path or object; without a policy only the level is asked about.
    method, samples
        See `experiments.sensitivity.estimators.draw`. Every row of sobol and shapley is run in two futures.
    parameters
        Names or patterns of what is varied, see `experiments.sensitivity.factors`.
    outcomes
        Names of outcomes.
    months, scale, seed
        Of every run; the study's seed gives its design and its futures.
    store
        Where the runs are kept, or the folder of such a store, which is made where there is none.
    screen, trajectories, top
        Whether a Morris design of so many trajectories comes first and how many factors at most it passes on.
    group
        Whether indices are told of groups of factors, and by what.
    second_order
        Whether sobol tells pairs too, at twice the runs.
    settings, shocks, without
        Parameters at other values, what befalls the city, mechanisms switched off: in all runs.
    executor, workers, scheduler
        Where runs are made; changes no result.
    retry_failed
        Whether runs that the store holds as failed are run again.
    progress
        Called with the share done, 0 to 1; returning False cancels.

    Raises
    ------
    InputError
        When a value cannot be used.
    FailedRunsError
        When runs failed or hold values that are not finite, with their number; nothing is told from the others.
    Cancelled
        After Ctrl-C, or when `progress` returned False; the runs that are done stay in the store.
    """
    from experiments.store.sweep import sweep
    from sim.named import find_city, find_policy, find_shocks

    policy = None if policy is None else find_policy(policy)
    factors = _factors(parameters, policy, method, screen=screen, group=group, top=top)
    first = _first_design(factors, method, samples, seed, screen, trajectories, group, second_order)
    most = _most_rows(first, factors, method, samples, screen, top, second_order)
    place, befalls = find_city(city), find_shocks(shocks)
    setting = _setting(place, policy, outcomes, months, scale, seed, most, settings, befalls, without)
    kept = _opened(store, setting.outcomes)

    def study(design: Design, began: float, share: float) -> Sensitivity:
        part: Progress | None = None
        if progress is not None:
            tell = progress
            part = lambda done: tell(began + share * done)  # noqa: E731 (a function of two lines reads no better)
        asked = _distinct_jobs(design, setting)
        sweep(
            asked,
            kept,
            executor=executor,
            workers=workers,
            scheduler=scheduler,
            progress=part,
            retry_failed=retry_failed,
            outcomes=setting.outcomes,
        )
        return _told(design, setting, policy, asked, kept)

    if not screen:
        return study(first, 0.0, 1.0)
    weight = len(first.distinct()[0]) / most
    screened = study(first, 0.0, weight)
    chosen = passed(screened, factors, top)
    design = make_design(method, chosen, samples=samples, seed=seed, second_order=second_order)
    return dataclasses.replace(study(design, weight, 1.0 - weight), screening=screened)


def plan(
    city: CityLike,
    policy: PolicyLike | None = None,
    *,
    method: Method = "sobol",
    samples: int = 128,
    parameters: Sequence[str] = ("*",),
    outcomes: Sequence[str] = OUTCOMES,
    months: int = 60,
    scale: float | Literal["auto"] = "auto",
    seed: int = 1,
    screen: bool = False,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    group: Grouping | None = None,
    second_order: bool = False,
    settings: Mapping[str, float] | None = None,
    shocks: Sequence[ShockLike] | ShockLike = (),
    without: Sequence[str] = (),
) -> Plan:
    """Say what a study would run, without running any of it; parameters as for `sensitivity`."""
    from sim.named import find_city, find_policy, find_shocks

    policy = None if policy is None else find_policy(policy)
    factors = _factors(parameters, policy, method, screen=screen, group=group, top=top)
    first = _first_design(factors, method, samples, seed, screen, trajectories, group, second_order)
    most = _most_rows(first, factors, method, samples, screen, top, second_order)
    place, befalls = find_city(city), find_shocks(shocks)
    setting = _setting(place, policy, outcomes, months, scale, seed, most, settings, befalls, without)
    known = len(first.distinct()[0])
    return Plan(
        factors=len(factors),
        screening=known if screen else 0,
        main=most - known if screen else known,
        arms=len(setting.arms),
        scale=setting.scale,
        first=_distinct_jobs(first, setting),
    )


# What is run ----------------------------------------------------------------------------------------------------------


def _factors(
    parameters: Sequence[str], policy: Policy | None, method: Method, *, screen: bool, group: Grouping | None, top: int
) -> tuple[Factor, ...]:
    factors = choose(parameters, policy)
    if screen and method == "morris":
        raise InputError("--screen runs morris first; ask for another --method, or leave out --screen")
    if screen and group is not None:
        raise InputError("--screen chooses single factors; leave out --group or --screen")
    if top < 2:
        raise InputError(f"--top is {top}; a study of what matters needs two factors or more")
    return factors


def _first_design(
    factors: Sequence[Factor],
    method: Method,
    samples: int,
    seed: int,
    screen: bool,
    trajectories: int,
    group: Grouping | None,
    second_order: bool,
) -> Design:
    """Return the design that runs first; where that is the screening, the other's values are checked all the same."""
    if not screen:
        return make_design(method, factors, samples=samples, seed=seed, second_order=second_order, grouping=group)
    make_design(method, factors[:2], samples=samples, seed=seed, second_order=second_order)
    return make_design("morris", factors, samples=trajectories, seed=seed)


def _most_rows(
    first: Design, factors: Sequence[Factor], method: Method, samples: int, screen: bool, top: int, second_order: bool
) -> int:
    """Return how many jobs the study comes to at most."""
    rows = len(first.distinct()[0])
    if screen:
        widest = factors[: min(top, len(factors))]
        main = make_design(method, widest, samples=samples, seed=first.seed, second_order=second_order)
        rows += len(main.distinct()[0])
    return rows


def _setting(
    city: City,
    policy: Policy | None,
    outcomes: Sequence[str],
    months: int,
    scale: float | Literal["auto"],
    seed: int,
    rows: int,
    settings: Mapping[str, float] | None,
    shocks: Sequence[Shock],
    without: Sequence[str],
) -> _Setting:
    from sim.outcomes import OUTCOMES as EVERY_OUTCOME
    from sim.run import automatic_scale
    from sim.scenario import assemble, load_policy

    known = [outcome.name for outcome in EVERY_OUTCOME]
    for place, name in enumerate(outcomes):
        if name not in known:
            raise InputError(f"--outcome {name} is unknown; {did_you_mean(name, known)}")
        if name in outcomes[:place]:
            raise InputError(f"--outcome {name} is given twice; keep one")
    if not outcomes:
        raise InputError("--outcome is given no time; name what to ask about, such as --outcome homicide_rate")
    arms = (load_policy("baseline"), *([policy] if policy is not None else []))
    given = dict(settings or {})
    assemble(
        city,
        arms,
        shocks=shocks,
        months=months,
        seed=seed,
        scale=scale,
        parameters=given,
        without=without,
        source="sensitivity",
    )
    used = automatic_scale(city, months, rows * len(arms)) if scale == "auto" else float(scale)
    return _Setting(
        city=city,
        arms=arms,
        outcomes=tuple(outcomes),
        months=months,
        scale=used,
        parameters=given,
        shocks=tuple(shocks),
        without=tuple(without),
    )


def _opened(store: Store | Path | str, outcomes: tuple[str, ...]) -> Store:
    """Return the store; a new one keeps the outcomes by month that are asked about, besides its usual ones."""
    from experiments.store.settings import SETTINGS
    from experiments.store.store import Store

    if isinstance(store, Store):
        return store
    folder = Path(store)
    return Store.open(folder, None if (folder / SETTINGS).exists() else keep_for(outcomes))


def keep_for(outcomes: Sequence[str]) -> Keep:
    """Return what a new store keeps by month: its usual outcomes and those that a study asks about."""
    from experiments.store.store import Keep

    return Keep(monthly=tuple(dict.fromkeys((*Keep().monthly, *outcomes))))


def _distinct_jobs(design: Design, setting: _Setting) -> Sequence[Job]:
    from experiments.execution.runner import Job

    shared = Job(
        city=setting.city,
        policies=setting.arms,
        seed=design.seed,
        months=setting.months,
        scale=setting.scale,
        parameters=setting.parameters,
        shocks=setting.shocks,
        without=setting.without,
        study="sensitivity",
    )
    return jobs(design, shared, rows=design.distinct()[0])


# What is told ---------------------------------------------------------------------------------------------------------


def _told(design: Design, setting: _Setting, policy: Policy | None, asked: Sequence[Job], store: Store) -> Sensitivity:
    """Tell what the stored runs of a design say."""
    from experiments.store.sweep import horizon_means, monthly

    place = design.distinct()[1]
    means = horizon_means(asked, store, setting.outcomes)[place]
    by_outcome = {name: means[:, :, column] for column, name in enumerate(setting.outcomes)}
    notes: list[str] = []
    found = tables(design, by_outcome, notes)
    years = {}
    for name in setting.outcomes:
        if name in store.keep.monthly:
            years[name] = yearly(monthly(asked, store, name))[place]
        else:
            notes.append(f"{name} is not kept by month in this store, so nothing is told of it over time.")
    return Sensitivity(
        city=setting.city,
        policy=policy,
        months=setting.months,
        scale=setting.scale,
        seed=design.seed,
        outcomes=setting.outcomes,
        arms=setting.arms,
        settings=setting.parameters,
        shocks=setting.shocks,
        without=setting.without,
        design=design,
        outputs=means,
        runs=len(asked),
        over_time=over_time(design, years),
        notes=tuple(dict.fromkeys(notes)),
        **found,
    )
