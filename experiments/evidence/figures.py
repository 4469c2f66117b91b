"""The figures that claims are judged by: every arm of a case lived over the same futures, and read.

Only the arms that some claim reads are run, each setting with a burn-in of its own that its arms share; without a store no
more is kept of a future than one figure for each reading.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.paired import Floats
from experiments.evidence.claims import BASELINE, Reading
from experiments.evidence.schema import Case, readings_of, setting_of
from experiments.execution.execution import Execution
from experiments.execution.extensions import extensions_of
from experiments.execution.runner import Job, replication_seed
from experiments.store.runs import read_results
from sim.errors import InputError
from sim.outcomes import OUTCOMES, Outcome, outcome_index
from sim.scenario import City, load_policy
from sim.scenario.target import ATTRIBUTES

if TYPE_CHECKING:
    from sim.run import Result
    from sim.state import City as State

__all__ = ["BY_NAME", "figures", "rows_of", "value"]

BY_NAME: dict[str, Outcome] = {outcome.name: outcome for outcome in OUTCOMES}


def figures(
    case: Case,
    *,
    months: int,
    replications: int,
    seed: int,
    execution: Execution | None = None,
    besides: Sequence[Reading] = (),
    model: Callable[..., Any] | None = None,
) -> dict[Reading, Floats]:
    """Run a case and return what its claims read, and what is asked for besides: float64 [future] for every reading.

    Parameters
    ----------
    case
        What to run.
    months, replications, seed
        How long, over how many futures, and the number they are all derived from.
    execution
        How the runs are made, and where they are kept; changes no figure.
    besides
        Further readings, of arms and settings that some claim reads.
    model
        A rule of the user's own after each month.

    Raises
    ------
    InputError
        When the case cannot be run so.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    wanted = tuple(dict.fromkeys((*readings_of(case), *besides)))
    seeds = [replication_seed(seed, each) for each in range(replications)]
    settings = list(dict.fromkeys(reading.setting for reading in wanted))
    how = execution or Execution()
    extensions = extensions_of(None, model, execution)
    read: dict[Reading, Floats] = {}
    for number, setting in enumerate(settings):
        readings = tuple(reading for reading in wanted if reading.setting == setting)
        jobs = [replace(job, extensions=extensions) for job in _jobs(case, readings, setting, months, seeds)]
        part = how.part(number / len(settings), 1 / len(settings))
        found = read_results(jobs, part, functools.partial(_read, readings=readings))
        read |= {reading: np.array([each[reading] for each in found]) for reading in readings}
    return read


def _jobs(case: Case, readings: Sequence[Reading], setting: str, months: int, seeds: Sequence[int]) -> list[Job]:
    """Return one job a seed, with no arm but those that are read in this setting."""
    used = {reading.arm for reading in readings}
    arms = [arm for arm in case.arms if arm.name in used]
    policies = [arm.policy() for arm in arms]
    shocks = [(*case.shocks, *arm.shocks) for arm in arms]
    if BASELINE in used:
        policies.insert(0, load_policy(BASELINE))
        shocks.insert(0, case.shocks)
    city, scale, parameters = setting_of(case, setting)
    return [
        Job(
            city=city,
            policies=tuple(policies),
            seed=seed,
            months=months,
            scale=scale,
            parameters=parameters,
            shocks_by_arm=tuple(shocks),
            study=f"case {case.name}",
        )
        for seed in seeds
    ]


def _read(job: Job, results: Sequence[Result], *, readings: Sequence[Reading]) -> dict[Reading, float]:
    """Read from the results of one job what claims ask for."""
    by_arm = {policy.name: result for policy, result in zip(job.policies, results, strict=True)}
    rows = rows_of(job, readings)
    return {reading: value(reading, by_arm[reading.arm], job.city, rows.get(reading)) for reading in readings}


# Reading --------------------------------------------------------------------------------------------------------------


def rows_of(job: Job, readings: Sequence[Reading]) -> dict[Reading, Floats]:
    """Return for every reading of a part of the city which neighbourhoods it takes in: float64 [neighbourhood], 0 or 1."""
    from sim.targets import places_within

    names = [neighbourhood.name for neighbourhood in job.city.neighbourhoods]
    orders: dict[str, list[int]] = {}
    rows = {}
    for reading in readings:
        where = reading.where
        if where.all:
            continue
        if where.of is not None:
            within = places_within(where, _settled(job, where.of in ATTRIBUTES), job.city)
            chosen = [int(row) for row in np.flatnonzero(within)]
        elif where.places is not None:
            chosen = [names.index(neighbourhood) for neighbourhood in where.places]
        else:
            by = str(where.by)
            orders[by] = orders.get(by) or _worst_first(job, by)
            number = where.worst or max(1, round((where.worst_share or 0.0) * len(names)))
            chosen = orders[by][:number]
        inside = np.isin(np.arange(len(names)), chosen)
        rows[reading] = (~inside if where.outside else inside).astype(float)
    return rows


def _worst_first(job: Job, by: str) -> list[int]:
    """Return the neighbourhoods from the worst to the best by an indicator of the settled city as month 1 begins.

    The same list that a measure aimed at the worst would draw up, from the city and never from a result.
    """
    state = _settled(job, by == "deprivation")
    indicators: dict[str, Any] = {
        "homicide_rate": state.neighbourhood["violence"],
        "gang_members": state.members.sum(axis=1) * state.neighbourhood["weight"] / state.neighbourhood["population"],
        "extortion_share": state.neighbourhood["extortion"],
        "deprivation": state.neighbourhood["deprivation"],
    }
    return [int(row) for row in np.argsort(-np.asarray(indicators[by]), kind="stable")]


def _settled(job: Job, from_file: bool) -> State:
    """Return the city as month 1 begins; not settled where what is asked for is known from its file."""
    from sim.run import BURN_IN, begin_city

    burn_in = 0 if from_file else BURN_IN
    state, _ = begin_city(job.city, seed=job.seed, scale=job.scale, settings=job.parameters, burn_in=burn_in)
    return state


def value(reading: Reading, result: Result, city: City, rows: Floats | None = None) -> float:
    """Return the figure of one reading in one future.

    Parameters
    ----------
    reading
        What to read.
    result
        What the arm did.
    city
        For the residents that weigh neighbourhoods.
    rows
        float64 [neighbourhood], 1 for those that are read; None reads the city as a whole.
    """
    if reading.recovery is not None:
        return _months_away(reading, result)

    def mean(outcome: str) -> float:
        first, last = reading.months
        if rows is None:
            return float(result.city_monthly[first - 1 : last, outcome_index(outcome)].mean(dtype=np.float64))
        yearly = result.place_yearly[first // 12 : last // 12, :, outcome_index(outcome)].mean(axis=0, dtype=np.float64)
        if np.isnan(yearly).any():
            raise InputError(f"outcome {outcome} is kept for the whole city only; a claim cannot read it by neighbourhood")
        if BY_NAME[outcome].weight == "sum":
            return float(yearly @ rows)
        people = rows * np.array([neighbourhood.population for neighbourhood in city.neighbourhoods], dtype=float)
        return float(yearly @ people / people.sum())

    figure = mean(reading.outcome) + sum(mean(each) for each in reading.plus)
    if reading.times is not None:
        figure *= mean(reading.times)
    if reading.over is not None:
        below = mean(reading.over)
        figure = figure / below if below else math.nan
    return figure


def _months_away(reading: Reading, result: Result) -> float:
    """Count the months since the shock in which an outcome is worse than in the year before, and not nearly back.

    Better than before is recovered; for an outcome without a better side, either way counts as away.
    """
    recovery = reading.recovery
    assert recovery is not None
    series = result.city_monthly[:, outcome_index(reading.outcome)].astype(float)
    before = series[recovery.after - 13 : recovery.after - 1].mean()
    after = series[recovery.after - 1 : reading.months[1]]
    away = {"higher": before - after, "lower": after - before}.get(BY_NAME[reading.outcome].better, np.abs(after - before))
    return float((away > recovery.within).sum())
