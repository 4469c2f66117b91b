"""Run jobs and read what came of them: in memory, or through a store where one is named, with the same figures.

    read_results   every job's results, read by a function: a comparison, a case
    run_means      outcomes averaged over all months or over a window, and months of some outcomes: studies of many jobs

With a store, what it holds already is not run again, so that a study which was stopped goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from experiments.execution.runner import Job, read_jobs
from experiments.store.settings import SETTINGS, Keep
from experiments.store.store import Store
from experiments.store.sweep import FailedRunsError, horizon_means, monthly, output_means, setting, spans, sweep
from sim.errors import InputError
from sim.in_force import InForce
from sim.outcomes import OUTCOMES, outcome_index

if TYPE_CHECKING:
    from experiments.execution.execution import Execution
    from sim.run import Result

__all__ = ["Means", "Window", "keep_for", "keep_whole", "open_store", "read_results", "run_means"]

type Window = tuple[int, int]
"""First and last month, from 1, both included."""

NAMES = tuple(outcome.name for outcome in OUTCOMES)


@dataclass(frozen=True, eq=False)
class Means:
    """What came of many jobs.

    Attributes
    ----------
    means
        float64 [job, arm, outcome], in the order in which they were asked for: averages over all months, as precise as
        float32, or over a window; then the outcomes of the user's own that the jobs ask for, which look at whole runs.
    months
        float32 [job, arm, month] by outcome, for those whose months were asked for and are kept.
    """

    means: npt.NDArray[np.float64]
    months: Mapping[str, npt.NDArray[np.float32]]


def keep_for(outcomes: Sequence[str]) -> Keep:
    """Return what a new store keeps by month: its usual outcomes and those that a study asks about."""
    return Keep(monthly=tuple(dict.fromkeys((*Keep().monthly, *outcomes))))


def keep_whole() -> Keep:
    """Return what a store keeps of which whole results can be read: every outcome, by month and neighbourhood."""
    return Keep(monthly=NAMES, places="yearly")


def open_store(folder: Path | str, keep: Keep) -> Store:
    """Open a store, or make one that keeps what is given; one that is there keeps what it keeps."""
    path = Path(folder)
    return Store.open(path, None if (path / SETTINGS).exists() else keep)


# Whole results --------------------------------------------------------------------------------------------------------


def read_results[Read](
    jobs: Sequence[Job], execution: Execution, read: Callable[[Job, Sequence[Result]], Read]
) -> list[Read]:
    """Run jobs, as far as the store does not hold them, and return what is read from the results of each.

    Parameters
    ----------
    jobs
        What to run.
    execution
        How, and where it is kept; a new store keeps whole results.
    read
        Called with a job and the results of its arms; for processes and clusters, something that can be pickled.

    Raises
    ------
    InputError
        When a job was refused, or the store does not keep whole results.
    FailedJobsError
        When a job ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False; what a store holds by then stays there.
    """
    if execution.store is None:
        return read_jobs(jobs, execution, read)
    store = open_store(execution.store, keep_whole())
    lacking = [name for name in NAMES if name not in store.keep.monthly]
    if lacking or store.keep.places != "yearly":
        what = f"does not keep {lacking[0]} by month" if lacking else f"keeps neighbourhoods {store.keep.places}, not yearly"
        raise InputError(f"--store {store.path}: {what}, and this study needs whole results; name a new folder")
    sweep(jobs, store, execution)
    return [read(job, results) for job, results in _stored(jobs, store)]


def _stored(jobs: Sequence[Job], store: Store) -> Iterator[tuple[Job, list[Result]]]:
    """Yield every job with its results from the store."""
    from experiments.store.run_id import run_ids

    asked = [run_ids(job) for job in jobs]
    # Says which runs are missing or failed, before anything large is read.
    horizon_means(jobs, store)
    wanted = {
        name: (job.policies[arm].name, job) for job, ids in zip(jobs, asked, strict=True) for arm, name in enumerate(ids)
    }
    found = _results(store, wanted)
    for job, ids in zip(jobs, asked, strict=True):
        for arm, name in enumerate(ids):
            if name not in found:
                reason = f"the store does not hold the whole result; use a new folder ({setting(job, arm)})"
                raise FailedRunsError(f"1 of {len(jobs)} jobs cannot be read: {reason}")
        yield job, [found[name] for name in ids]


def _results(store: Store, wanted: Mapping[str, tuple[str, Job]]) -> dict[str, Result]:
    """Return the wanted results, by the id of the run."""
    runs = store.read_best("runs", ["id", "events", "in_force"], NAMES)
    monthly_of, yearly_of = (_blocks(store, folder, wanted) for folder in ("city", "places"))
    found: dict[str, Result] = {}
    for row in () if runs is None else runs.to_pylist():
        name = row["id"]
        if name in wanted and name in monthly_of and row["in_force"] is not None:
            policy, job = wanted[name]
            yearly = yearly_of[name].reshape(len(job.city.neighbourhoods), -1, len(NAMES)).swapaxes(0, 1)
            found[name] = _result(policy, job, (monthly_of[name], yearly), row)
    return found


def _result(
    policy: str, job: Job, values: tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]], row: Mapping[str, str]
) -> Result:
    from sim.run import Result

    in_force = tuple(
        InForce(began, cut, tuple(places), tuple((month, level) for month, level in levels))
        for began, cut, places, levels in json.loads(row["in_force"])
    )
    monthly_values, yearly = (np.ascontiguousarray(each) for each in values)
    return Result(policy, job.seed, job.scale, monthly_values, yearly, json.loads(row["events"]), in_force)


def _blocks(store: Store, folder: str, wanted: Container[str]) -> dict[str, npt.NDArray[np.float32]]:
    """Return the rows of each wanted run in a folder: float32 [row, outcome]."""
    table = store.read_best(folder, ["id", *NAMES], NAMES)
    found: dict[str, npt.NDArray[np.float32]] = {}
    for piece in () if table is None else table.to_batches():
        columns = [piece[name].to_numpy() for name in NAMES]
        found |= {
            name: np.stack([column[where] for column in columns], axis=-1)
            for name, where in spans(piece["id"])
            if name in wanted
        }
    return found


# Means ----------------------------------------------------------------------------------------------------------------


def run_means(
    jobs: Sequence[Job],
    execution: Execution,
    *,
    outcomes: Sequence[str] = NAMES,
    months_of: Sequence[str] = (),
    window: Window | None = None,
) -> Means:
    """Run jobs, as far as the store does not hold them, and return what came of them on average.

    Parameters
    ----------
    jobs
        What to run; all with the same number of arms and of months.
    execution
        How, and where it is kept; a new store keeps by month what is asked about over a window or month by month.
    outcomes
        Which outcomes are averaged; all when left out, in the order of `sim.outcomes.OUTCOMES`.
    months_of
        Outcomes to return month by month; one that a store does not keep so is left out.
    window
        The months over which outcomes are averaged; None means all.

    Raises
    ------
    InputError
        When a job was refused, or the store does not keep by month what is asked about over a window.
    FailedJobsError
        When a job ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False; what a store holds by then stays there.
    """
    if execution.store is None:
        read = _MeansOf(tuple(outcomes), tuple(months_of), window)
        found = read_jobs(jobs, execution, read)
        months = {name: np.stack([each[1][name] for each in found]) for name in months_of}
        return Means(np.stack([each[0] for each in found]), months)
    store = open_store(execution.store, keep_for([*months_of, *(outcomes if window is not None else ())]))
    if window is not None:
        for name in outcomes:
            if name not in store.keep.monthly:
                says = f"does not keep {name} by month, which this study averages over months; name a new folder"
                raise InputError(f"--store {store.path}: {says}")
    outputs = jobs[0].extensions.outputs
    sweep(jobs, store, execution, outcomes=[*outcomes, *months_of], outputs=outputs)
    months = monthly(jobs, store, [name for name in months_of if name in store.keep.monthly])
    if window is None:
        means = horizon_means(jobs, store, outcomes)
    else:
        series = monthly(jobs, store, outcomes)
        means = np.stack([window_mean(series[name], window) for name in outcomes], axis=-1)
    return Means(np.concatenate([means, output_means(jobs, store, outputs)], axis=-1) if outputs else means, months)


def window_mean(series: npt.NDArray[np.float32], window: Window) -> npt.NDArray[np.float64]:
    """Return the mean over the months of a window: float64 [...] from float32 [..., month]."""
    first, last = window
    months = np.ascontiguousarray(series[..., first - 1 : last], dtype=np.float64)
    means: npt.NDArray[np.float64] = months.mean(axis=-1)
    return means


@dataclass(frozen=True)
class _MeansOf:
    """Reads what a store would give from the results of one job."""

    outcomes: tuple[str, ...]
    months_of: tuple[str, ...]
    window: Window | None

    def __call__(self, job: Job, results: Sequence[Result]) -> tuple[Any, dict[str, Any]]:
        """Return means, float64 [arm, outcome and output], and months by outcome, float32 [arm, month]."""
        months = {name: _series(results, name) for name in self.months_of}
        own = [[output.value(result) for output in job.extensions.outputs] for result in results]

        def with_own(means: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
            return np.concatenate([means, np.array(own).reshape(len(results), -1)], axis=-1)

        if self.window is not None:
            series = [window_mean(_series(results, name), self.window) for name in self.outcomes]
            return with_own(np.stack(series, axis=-1)), months
        # As precise as in a store, so that a figure is the same with one and without.
        means = np.stack([each.city_monthly.mean(axis=0, dtype=np.float64).astype(np.float32) for each in results])
        return with_own(means[:, [outcome_index(name) for name in self.outcomes]].astype(np.float64)), months


def _series(results: Sequence[Result], outcome: str) -> npt.NDArray[np.float32]:
    """Return one outcome of every arm, month by month: float32 [arm, month]."""
    return np.stack([result.city_monthly[:, outcome_index(outcome)] for result in results])
