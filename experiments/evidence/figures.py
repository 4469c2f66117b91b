"""The figures that claims are judged by: every arm of a case lived over the same futures, and read.

Only the arms that some claim reads are run, each setting with a burn-in of its own that its arms share; from a future
no more is kept than one figure for each reading. Threads do the work, because the compiled month lets go of the
interpreter, and their number changes no figure.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.paired import Floats
from experiments.evidence.claims import BASELINE, Reading
from experiments.evidence.schema import Case, readings_of, setting_of
from experiments.execution.batches import available_workers
from experiments.execution.dispatch import POLL_SECONDS
from experiments.execution.runner import Cancelled, FailedJobsError, Progress, replication_seed
from sim.faults import InputError
from sim.outcomes import OUTCOMES, Outcome, outcome_index
from sim.scenario import City, Policy, Shock, load_policy

if TYPE_CHECKING:
    from sim.run import Result

__all__ = ["BY_NAME", "figures", "value"]

BY_NAME: dict[str, Outcome] = {outcome.name: outcome for outcome in OUTCOMES}


@dataclass(frozen=True)
class _Job:
    """One seed of one setting, with the arms that its claims read."""

    city: City
    arms: tuple[Policy, ...]
    shocks: tuple[tuple[Shock, ...], ...]
    readings: tuple[Reading, ...]
    parameters: dict[str, float]
    scale: float
    months: int
    seed: int


def figures(
    case: Case,
    *,
    months: int,
    replications: int,
    seed: int,
    workers: int | None = None,
    progress: Progress | None = None,
    besides: Sequence[Reading] = (),
) -> dict[Reading, Floats]:
    """Run a case and return what its claims read, and what is asked for besides: float64 [future] for every reading.

    Parameters
    ----------
    case
        What to run.
    months, replications, seed
        How long, over how many futures, and the number they are all derived from.
    workers
        How many futures at a time; changes no figure.
    progress
        Called with the share done, 0 to 1; returning False cancels.
    besides
        Further readings, of arms and settings that some claim reads.

    Raises
    ------
    InputError
        When the case cannot be run so.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when `progress` returned False.
    """
    wanted = tuple(dict.fromkeys((*readings_of(case), *besides)))
    seeds = [replication_seed(seed, each) for each in range(replications)]
    settings = dict.fromkeys(reading.setting for reading in wanted)
    jobs = [job for setting in settings for job in _jobs(case, wanted, setting, months, seeds)]
    from sim.run import warm

    warm()
    read: dict[Reading, list[float]] = {}
    for answer in _run(jobs, min(workers or available_workers(), len(jobs)), progress):
        for reading, figure in answer.items():
            read.setdefault(reading, []).append(figure)
    return {reading: np.array(each) for reading, each in read.items()}


def _jobs(case: Case, wanted: Sequence[Reading], setting: str, months: int, seeds: Sequence[int]) -> Iterable[_Job]:
    """Yield one job a seed, with no arm but those that are read in this setting."""
    readings = tuple(reading for reading in wanted if reading.setting == setting)
    used = {reading.arm for reading in readings}
    arms = [arm for arm in case.arms if arm.name in used]
    policies = [arm.policy() for arm in arms]
    shocks = [(*case.shocks, *arm.shocks) for arm in arms]
    if BASELINE in used:
        policies.insert(0, load_policy(BASELINE))
        shocks.insert(0, case.shocks)
    city, scale, parameters = setting_of(case, setting)
    for seed in seeds:
        yield _Job(city, tuple(policies), tuple(shocks), readings, parameters, scale, months, seed)


def _run(jobs: Sequence[_Job], count: int, progress: Progress | None) -> list[dict[Reading, float]]:
    """Run `count` jobs at a time in threads, and return what each has read, in the order of the jobs."""
    stop = threading.Event()
    shares = [0.0] * len(jobs)
    read: list[dict[Reading, float]] = []
    with ThreadPoolExecutor(count, thread_name_prefix="citysafety") as pool:
        futures = [pool.submit(_answer, job, place, shares, stop) for place, job in enumerate(jobs)]
        try:
            while len(read) < len(jobs):
                _gather(futures, read, jobs)
                if progress is not None and not progress(sum(shares) / len(jobs)):
                    raise Cancelled
        except KeyboardInterrupt:
            raise Cancelled from None
        finally:
            if len(read) < len(jobs):
                stop.set()
                pool.shutdown(wait=True, cancel_futures=True)
    return read


def _gather(futures: Sequence[Future[dict[Reading, float]]], read: list[dict[Reading, float]], jobs: Sequence[_Job]) -> None:
    """Add the next answer, if it comes within the time between two looks at the progress."""
    place = len(read)
    try:
        read.append(futures[place].result(timeout=POLL_SECONDS))
    except TimeoutError:
        if futures[place].done():
            raise
    except InputError:
        raise
    except Exception as error:
        raise FailedJobsError(f"the future of seed {jobs[place].seed} failed: {type(error).__name__}: {error}") from error


def _answer(job: _Job, place: int, shares: list[float], stop: threading.Event) -> dict[Reading, float]:
    """Run one job and read from its results what claims ask for; the results themselves are let go."""
    from sim.run import run_arms

    whole = job.months * len(job.arms)

    def tell(done: int) -> bool:
        shares[place] = min(1.0, done / whole)
        return not stop.is_set()

    results = run_arms(
        job.city,
        job.arms,
        seed=job.seed,
        months=job.months,
        scale=job.scale,
        parameters=job.parameters,
        shocks_by_arm=job.shocks,
        progress=tell,
    )
    by_arm = {arm.name: result for arm, result in zip(job.arms, results, strict=True)}
    rows = _rows(job)
    shares[place] = 1.0
    return {reading: value(reading, by_arm[reading.arm], job.city, rows.get(reading)) for reading in job.readings}


# Reading --------------------------------------------------------------------------------------------------------------


def _rows(job: _Job) -> dict[Reading, Floats]:
    """Return for every reading of a part of the city which neighbourhoods it takes in: float64 [neighbourhood], 0 or 1."""
    names = [place.name for place in job.city.neighbourhoods]
    orders: dict[str, list[int]] = {}
    rows = {}
    for reading in job.readings:
        where = reading.where
        if where.all:
            continue
        if where.places is not None:
            chosen = [names.index(place) for place in where.places]
        else:
            by = str(where.by)
            orders[by] = orders.get(by) or _worst_first(job, by)
            number = where.worst or max(1, round((where.worst_share or 0.0) * len(names)))
            chosen = orders[by][:number]
        inside = np.isin(np.arange(len(names)), chosen)
        rows[reading] = (~inside if where.outside else inside).astype(float)
    return rows


def _worst_first(job: _Job, by: str) -> list[int]:
    """Return the neighbourhoods from the worst to the best by an indicator of the settled city as month 1 begins.

    The same list that a measure aimed at the worst would draw up, from the city and never from a result.
    """
    from sim.run import BURN_IN, begin_city

    settle = 0 if by == "deprivation" else BURN_IN
    state, _ = begin_city(job.city, seed=job.seed, scale=job.scale, settings=job.parameters, burn_in=settle)
    indicators: dict[str, Any] = {
        "homicide_rate": state.place["violence"],
        "gang_members": state.members.sum(axis=1) * state.place["weight"] / state.place["population"],
        "extortion_share": state.place["extortion"],
        "deprivation": state.place["deprivation"],
    }
    return [int(row) for row in np.argsort(-np.asarray(indicators[by]), kind="stable")]


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
        people = rows * np.array([place.population for place in city.neighbourhoods], dtype=float)
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
