"""Trials run: the arms of a trial over the same futures, read by the trial's own estimators.

    z     = (simulated - published) / sqrt(error^2 + d^2 + s^2)    s the error of the simulated mean
    inside = |z| <= 1.64

Where a random half of some places is treated, each future draws its own half of the places that are worst as month 1 begins.
What a design is thought to add (`BIAS`) is no part of z: it belongs to the calibration.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.paired import Floats
from experiments.evidence import estimators
from experiments.evidence.claims import BASELINE, HERE, Reading, Where
from experiments.evidence.declared import may_run, refuse_held_out
from experiments.evidence.estimators import Estimate
from experiments.evidence.figures import BY_NAME, rows_of, value
from experiments.evidence.load import city_of, load_roles
from experiments.evidence.trial import DISCREPANCY, SCALES, Figure, Run, Trial, error_of, worked
from experiments.execution.execution import Execution
from experiments.execution.runner import Job, replication_seed
from experiments.store.runs import read_results
from sim.errors import InputError
from sim.outcomes import outcome_index
from sim.scenario import Policy, Target, load_policy

if TYPE_CHECKING:
    from sim.run import Result

__all__ = ["Ran", "run_trial"]

INSIDE_Z = 1.64
EVERYWHERE = Where(all=True)


@dataclass(frozen=True, kw_only=True)
class Ran:
    """One figure of a trial, published and simulated.

    Attributes
    ----------
    figure
        The published figure.
    published, error
        As it is compared, with its standard error.
    simulated
        What the trial's estimator gives in the model; None where the figure was not asked for.
    refused
        Why it was not asked for; empty where it was.
    """

    figure: Figure
    published: float
    error: float
    simulated: Estimate | None = None
    refused: str = ""

    @property
    def z(self) -> float:
        """How far the simulated figure lies from the published, in their errors together; not-a-number without one."""
        if self.simulated is None:
            return math.nan
        own = 0.0 if math.isnan(self.simulated.error) else self.simulated.error
        return (self.simulated.value - self.published) / math.hypot(self.error, DISCREPANCY[self.figure.discrepancy], own)

    @property
    def inside(self) -> bool:
        """Whether the simulated figure lies within the central 90 % of the published."""
        return abs(self.z) <= INSIDE_Z

    def shown(self, compared: float) -> float:
        """Return a value on the scale on which it was published."""
        return math.exp(compared) if SCALES[self.figure.scale] else compared


def run_trial(
    trial: Trial, *, replications: int | None = None, seed: int = 1, execution: Execution | None = None
) -> tuple[Ran, ...]:
    """Run what may be run of a trial and return each of its figures, published and simulated.

    Parameters
    ----------
    trial
        The trial.
    replications
        Paired futures; the trial's own when left out.
    seed
        The number all futures are derived from.
    execution
        How the runs are made, and where they are kept; changes no figure.

    Raises
    ------
    InputError
        When all its figures are held out and no calibration is recorded, or it cannot be run so.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    refuse_held_out(trial)
    futures = replications or trial.replications
    if futures < 2:
        raise InputError(f"replications is {futures}; an estimator needs 2 or more")
    roles = load_roles()
    asked = [figure for figure in trial.figures if figure.run is not None and may_run(roles[figure.id])]
    cities = list(dict.fromkeys(figure.run.city for figure in asked if figure.run is not None))
    how = execution or Execution()
    found: dict[str, Estimate] = {}
    for number, name in enumerate(cities):
        here = tuple(figure for figure in asked if figure.run is not None and figure.run.city == name)
        arms = _arms_of(here)
        jobs = [_job(trial, name, arms, replication_seed(seed, each)) for each in range(futures)]
        divided = {job.seed: _divided(job, trial.halves) for job in jobs} if trial.halves is not None else {}
        jobs = [_halved(job, divided[job.seed]) if divided else job for job in jobs]
        part = how.part(number / len(cities), 1 / len(cities))
        read = read_results(jobs, part, functools.partial(_read, figures=here, divided=divided))
        found |= {figure.id: _estimated(figure, [each[figure.id] for each in read]) for figure in here}
    return tuple(_ran(figure, found.get(figure.id), may_run(roles[figure.id])) for figure in trial.figures)


def _ran(figure: Figure, simulated: Estimate | None, may: bool) -> Ran:
    refused = "" if simulated is not None else (figure.not_run or "") if may else "held out until a calibration is recorded"
    return Ran(figure=figure, published=worked(figure), error=error_of(figure), simulated=simulated, refused=refused)


# Running --------------------------------------------------------------------------------------------------------------


def _arms_of(figures: Sequence[Figure]) -> tuple[str, ...]:
    """Return the arms that figures read, each once."""
    runs = [figure.run for figure in figures if figure.run is not None]
    in_pairs = ("paired arms", "random halves")
    names = (name for run in runs for name in ((run.arm, run.against) if run.estimator in in_pairs else (run.arm,)))
    return tuple(dict.fromkeys(names))


def _job(trial: Trial, city: str | None, arms: Sequence[str], seed: int) -> Job:
    """Return the job of one future, each arm with its policy and shocks."""
    by_name = {arm.name: arm for arm in trial.arms}
    return Job(
        city=city_of(trial, city),
        policies=tuple(load_policy(BASELINE) if name == BASELINE else by_name[name].policy() for name in arms),
        seed=seed,
        months=trial.months,
        scale=trial.scale,
        shocks_by_arm=tuple(() if name == BASELINE else by_name[name].shocks for name in arms),
        study=f"trial {trial.name}",
    )


def _halved(job: Job, places: Sequence[str]) -> Job:
    """Return a job whose measures act in a random half of some places, drawn with the seed of its future."""
    names = _half_of(places, job.seed)
    return replace(job, policies=tuple(_aimed(policy, names) for policy in job.policies))


def _half_of(places: Sequence[str], seed: int) -> tuple[str, ...]:
    """Return the half that is treated in the future of a seed; nothing of nothing."""
    if not places:
        return ()
    treated = estimators.random_half(len(places), seed)
    return tuple(name for name, is_treated in zip(places, treated, strict=True) if is_treated)


def _divided(job: Job, target: Target) -> tuple[str, ...]:
    """Return the names of the places that are divided into halves, in the order of the city."""
    names = [each.name for each in job.city.neighbourhoods]
    if target.all:
        return tuple(names)
    reading = _reading(Where(**target.model_dump(exclude_defaults=True)), "homicide_rate", (), (1, 12))
    return tuple(names[int(row)] for row in np.flatnonzero(rows_of(job, (reading,))[reading]))


def _aimed(policy: Policy, places: tuple[str, ...]) -> Policy:
    """Return a policy whose measures act in the named places, each with the cover that it has."""
    measures = tuple(
        use.model_copy(update={"where": Target(places=places, cover=use.where.cover)}) for use in policy.measures
    )
    return policy.model_copy(update={"measures": measures})


# Reading --------------------------------------------------------------------------------------------------------------


def _reading(where: Where, outcome: str, plus: tuple[str, ...], months: tuple[int, int]) -> Reading:
    return Reading(HERE, "", outcome, plus, None, None, None, months, where)


def _read(
    job: Job, results: Sequence[Result], *, figures: Sequence[Figure], divided: Mapping[int, Sequence[str]]
) -> dict[str, dict[str, Any]]:
    """Read from the results of one future what the estimators of the figures take."""
    by_arm = {policy.name: result for policy, result in zip(job.policies, results, strict=True)}
    places = divided.get(job.seed, ())
    return {figure.id: _taken(job, figure.run, by_arm, places) for figure in figures if figure.run is not None}


def _taken(job: Job, run: Run, by_arm: dict[str, Result], places: Sequence[str]) -> dict[str, Any]:
    """Return what the estimator of one figure takes from one future."""
    result = by_arm[run.arm]
    if run.estimator == "on and off":
        return {"months": _monthly(result, run)}
    if run.estimator in ("random halves", "event study") or run.worst is not None:
        treated = _half_of(places, job.seed)
        names = [each.name for each in job.city.neighbourhoods]
        return {
            "years": _yearly(result, run),
            "untreated": _yearly(by_arm.get(run.against, result), run),
            "weight": _weights(job, run),
            "treated": np.isin(names, treated),
            "compared": np.isin(names, [name for name in places if name not in treated]),
        }
    where = run.where or EVERYWHERE
    taken = {"after": _reading(where, run.outcome, run.plus, run.months)}
    if run.before is not None:
        taken["before"] = _reading(where, run.outcome, run.plus, run.before)
    rows = rows_of(job, tuple(taken.values()))
    figures = {name: value(each, result, job.city, rows.get(each)) for name, each in taken.items()}
    if run.estimator == "paired arms":
        figures["against"] = value(taken["after"], by_arm[run.against], job.city, rows.get(taken["after"]))
    return figures


def _monthly(result: Result, run: Run) -> Floats:
    """Return the outcome by month: float64 [month]."""
    first, last = run.months
    columns = [outcome_index(name) for name in run.outcomes]
    return np.asarray(result.city_monthly[first - 1 : last, columns].sum(axis=1, dtype=np.float64))


def _weights(job: Job, run: Run) -> Floats:
    """Return what each place counts for: its residents where the outcome is a mean over them, else 1; float64 [place]."""
    people = np.array([each.population for each in job.city.neighbourhoods], dtype=float)
    return people if BY_NAME[run.outcome].weight == "residents" else np.ones(len(people))


def _yearly(result: Result, run: Run) -> Floats:
    """Return the outcome by year and place: float64 [year, place]."""
    columns = [outcome_index(name) for name in run.outcomes]
    return np.asarray(result.place_yearly[:, :, columns].sum(axis=2, dtype=np.float64))


# Estimating -----------------------------------------------------------------------------------------------------------


def _years(span: tuple[int, int]) -> slice:
    return slice(span[0] // 12, span[1] // 12)


def _estimated(figure: Figure, taken: Sequence[dict[str, Any]]) -> Estimate:
    """Return what the estimator of a figure gives over all futures."""
    run = figure.run
    assert run is not None
    arrays = {name: np.stack([np.asarray(each[name]) for each in taken]) for name in taken[0]}
    if run.estimator == "on and off":
        months = np.arange(run.months[0], run.months[1] + 1)
        return estimators.on_and_off(arrays["months"], np.isin(months, run.on))
    if run.estimator == "paired arms":
        kind = estimators.paired_arms if SCALES[figure.scale] else estimators.difference
        return kind(arrays["after"], arrays["against"])
    assert run.before is not None
    if run.estimator == "before and after" and run.worst is None:
        before, after = arrays["before"][:, None], arrays["after"][:, None]
        return estimators.before_and_after(before, after, np.ones(before.shape, dtype=bool))
    first, then = _years(run.before), _years(run.months)
    years = arrays["years"]
    weighted = years * arrays["weight"][:, None, :]
    means = weighted[:, first].mean(axis=1), weighted[:, then].mean(axis=1)
    if run.estimator == "before and after":
        return estimators.before_and_after(*means, estimators.worst_in_the_last_year(years[:, first], run.worst or 1))
    treated, compared = arrays["treated"], arrays["compared"]
    if run.estimator == "event study":
        kept = np.concatenate([weighted[:, first], weighted[:, then]], axis=1)
        return estimators.event_study(kept, treated, compared, first.stop - first.start)[0]
    without = arrays["untreated"] * arrays["weight"][:, None, :]
    untreated = without[:, first].mean(axis=1), without[:, then].mean(axis=1)
    return estimators.random_halves(*means, treated, compared, untreated=untreated)
