"""Parcels: what a worker makes of a batch, and hands over: the shards of its runs, encoded and ready to be committed."""

from __future__ import annotations

import dataclasses
import os
import platform
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.execution.batches import Tell
from experiments.execution.runner import Job, answer, not_finite
from experiments.store.parts import parts_of
from experiments.store.shards import Parcel, city_rows, encode, place_rows, run_row, runs_table
from experiments.store.store import Keep
from sim.outcomes import OUTCOMES, outcome_index

if TYPE_CHECKING:
    from sim.run import Result

__all__ = ["Parcel", "Ran", "Task", "pack", "run_batch"]


class Task(NamedTuple):
    """A job, reduced to the arms that are asked for, and the ids of these."""

    job: Job
    ids: tuple[str, ...]


class Ran(NamedTuple):
    """What became of a task: a result for each arm, or none and the reason."""

    task: Task
    results: Sequence[Result] = ()
    reason: str | None = None
    places: Sequence[npt.NDArray[np.float32]] = ()
    """Arm by arm: float32 [year or month, neighbourhood, outcome kept]; nothing where that is not kept."""


def run_batch(batch: Sequence[Task], tell: Tell, *, keep: Keep) -> Parcel:
    """Run a batch of tasks and return their shards, encoded: what a worker does.

    Parameters
    ----------
    batch
        What to run.
    tell
        Called with the share done, 0 to 1; returning False stops the work.
    keep
        What to keep over time.

    Raises
    ------
    Cancelled
        When `tell` returned False.
    """
    done: list[Ran] = []
    seconds: list[float] = []
    for task in batch:
        began = time.perf_counter()
        done.append(_run(task, lambda share: tell((len(done) + share) / len(batch)), keep))
        seconds.append(round(time.perf_counter() - began, 6))
    worker = f"{platform.node()} {os.getpid()} {threading.current_thread().name}"
    return dataclasses.replace(pack(done, keep), seconds=tuple(seconds), worker=worker)


def pack(done: Sequence[Ran], keep: Keep) -> Parcel:
    """Return the shards of some tasks, those that failed included; a run with an outcome that is no number has failed."""
    import pyarrow as pa

    rows: list[dict[str, Any]] = []
    parts: dict[str, bytes] = {}
    city: dict[str, pa.Table] = {}
    places: dict[str, pa.Table] = {}
    for ran in done:
        job = ran.task.job
        for arm, name in enumerate(ran.task.ids):
            result = ran.results[arm] if ran.results else None
            reason = ran.reason if result is None else not_finite(result)
            if reason is not None:
                result = None
            parts |= parts_of(job, arm).texts
            rows.append(run_row(job, arm, name, result, reason))
            if result is not None:
                city[name] = city_rows(name, result.city_monthly, keep.monthly)
                if keep.places != "none":
                    neighbourhoods = [each.name for each in job.city.neighbourhoods]
                    places[name] = place_rows(name, ran.places[arm], neighbourhoods, keep.monthly, period(keep))
    shards = {"runs": encode(runs_table(rows))}
    if keep.monthly:
        none = city_rows("", np.zeros((0, len(OUTCOMES)), np.float32), keep.monthly)
        shards["city"] = encode(pa.concat_tables([none, *(city[name] for name in sorted(city))]))
    if keep.places != "none":
        none = place_rows("", np.zeros((0, 0, len(keep.monthly)), np.float32), [], keep.monthly, period(keep))
        shards["places"] = encode(pa.concat_tables([none, *(places[name] for name in sorted(places))]))
    return Parcel(statuses={row["id"]: row["status"] for row in rows}, shards=shards, parts=parts)


def period(keep: Keep) -> str:
    """Return the name of the column of time in places/."""
    return "month" if keep.places == "monthly" else "year"


def _run(task: Task, advance: Callable[[float], bool], keep: Keep) -> Ran:
    """Run one task, keeping its neighbourhoods where that is asked for."""
    job = task.job
    columns = [outcome_index(name) for name in keep.monthly]
    if keep.places != "monthly":
        found = answer(job, advance)
        yearly = [result.place_yearly[..., columns] for result in found.results] if keep.places == "yearly" else []
        return Ran(task, found.results, found.reason, yearly)

    monthly = [np.zeros((job.months, len(job.city.neighbourhoods), len(columns)), np.float32) for _ in job.policies]

    def watch(arm: int, month: int, state: Any) -> None:
        monthly[arm][month] = state.outcome_values[:, columns]

    found = answer(job, advance, watch=watch)
    return Ran(task, found.results, found.reason, monthly)
