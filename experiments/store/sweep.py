"""Sweeps: run what a store does not hold yet, and read what it holds.

A job's arms are rows of the store, each under the id of what it is. A sweep asks the store which ids it has, runs the rest
in batches, and commits every batch as it comes back: what was committed is never run again, after Ctrl-C, after a crash, or
by another study that happens to need it.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from experiments.execution.batches import STALE
from experiments.execution.dispatch import Cancelled, Sizes
from experiments.execution.execution import Execution
from experiments.execution.runner import FailedJobsError, Job, through
from experiments.store.batch_results import Parcel, Ran, Task, pack, run_batch
from experiments.store.parts import lost_parts, restore_parts
from experiments.store.plans import save_plan
from experiments.store.run_id import run_ids
from experiments.store.store import Store
from experiments.store.tasks import Tasks, missing
from experiments.store.whole_files import told_clearly

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pyarrow as pa

    from experiments.execution.extensions import Output

__all__ = [
    "Cancelled",
    "FailedRunsError",
    "Tally",
    "horizon_means",
    "missing",
    "monthly",
    "output_means",
    "setting",
    "spans",
    "sweep",
]

BATCH_SECONDS = 1.5
"""How long a batch should take: so much is lost with a worker, and so seldom is something written."""

SETTINGS_SHOWN = 4
"""How many parameters of a run that failed are told."""

FOLD = 64
"""How many small shards a sweep writes before it merges them into one."""


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What a sweep did, counted in runs (one arm of one job each)."""

    asked: int
    held: int
    """Were in the store already."""
    ran: int
    """Were run and stored now, failed ones included."""
    failed: int
    """Failed now."""
    failed_before: int = 0
    """Of those that were held, stored as failed."""
    seconds: float
    """How long it took."""

    def text(self) -> str:
        """Return one line for people."""
        before = f", {self.failed_before} of them as failed (--retry-failed runs them again)" if self.failed_before else ""
        held = f", {self.held} were stored already{before}" if self.held else ""
        failed = f", {self.failed} of them failed" if self.failed else ""
        return f"{self.ran} of {self.asked} runs were run and stored{failed}{held}"


class FailedRunsError(FailedJobsError):
    """Runs that a result needs failed, were not run, or hold a value that is no number."""


def sweep(
    jobs: Sequence[Job],
    store: Store,
    execution: Execution | None = None,
    *,
    plan: str | None = None,
    outcomes: Sequence[str] | None = None,
    outputs: Sequence[Output] = (),
) -> Tally:
    """Run what the store does not hold of these jobs, committing as it goes.

    Parameters
    ----------
    jobs
        What is asked for; the same run asked for twice is run once.
    store
        Where the runs go.
    execution
        How they are run; its store is left aside, its progress is told the share done of what is left to run.
    plan
        A name under which the jobs are written into the store first, so that workers elsewhere can take their share.
    outcomes
        What is asked of the runs: one that was stored when these were recorded otherwise is run again. None means all.
    outputs
        Outcomes of the user's own that are asked as well: a run that was stored without one is run again.

    Returns
    -------
    Tally
        What was done. Failed runs are rows of the store, with their reasons.

    Raises
    ------
    Cancelled
        After Ctrl-C, or when the progress returned False. What was committed stays; the same call goes on from there.
    InputError
        When the store cannot be written, or the model was edited under our hands.
    """
    began = time.monotonic()
    how = execution or Execution()
    if plan is not None and jobs:
        save_plan(store, plan, jobs)
    store.refuse_older()
    if lost_parts(store.path):
        with store.writing(), told_clearly(store.path):
            restore_parts(store.path, jobs)
    statuses = store.statuses(outcomes)
    held = {name for name, status in statuses.items() if status == "done" or not how.retry_failed}
    for values in store.output_values(outputs):
        held = {name for name in held if name in values or statuses[name] == "failed"}
    asked, tasks = missing(jobs, held)
    ran = failed = 0
    if tasks:
        with store.writing():
            try:
                ran, failed = _run(tasks, store, how)
            except Cancelled:
                raise Cancelled(_where_it_stands(store, tasks, statuses)) from None
    broken = {name for name, status in statuses.items() if status == "failed"} & held
    before = len({name for job in jobs for name in run_ids(job)} & broken) if broken else 0
    seconds = time.monotonic() - began
    return Tally(asked=asked, held=asked - ran, ran=ran, failed=failed, failed_before=before, seconds=seconds)


def _run(tasks: Sequence[Task], store: Store, execution: Execution) -> tuple[int, int]:
    """Run the tasks and commit what comes back; return how many runs were stored and how many of these failed."""
    from sim.errors import InputError

    ran = failed = 0
    small: list[str] = []

    def start(batch: Sequence[Task]) -> None:
        store.note("started", ids=_ids(batch))

    def take(batch: Sequence[Task], parcel: Parcel) -> None:
        nonlocal ran, failed
        small.append(store.commit(parcel))
        failures = sum(status == "failed" for status in parcel.statuses.values())
        store.note("stored", ids=_ids(batch), worker=parcel.worker, seconds=parcel.seconds, failed=failures)
        ran += len(parcel.statuses)
        failed += failures
        if len(small) >= FOLD:
            from experiments.store.maintenance import merge

            merge(store, small)
            small.clear()

    def lose(task: Task, reason: str) -> None:
        if reason == STALE:
            raise InputError(reason)
        take([task], pack([Ran(task, reason=reason)], store.keep))

    work = functools.partial(run_batch, keep=store.keep)
    through(tasks, execution, work, take=take, lose=lose, sizes=Sizes(seconds=BATCH_SECONDS), start=start)
    return ran, failed


def _where_it_stands(store: Store, tasks: Tasks, before: Collection[str]) -> str:
    """Say what a stopped sweep leaves behind, and how to go on; `before` are the ids that the store had when it began."""
    stored = min(tasks.runs, len(store.done().difference(before)))
    return f"stopped; {stored} of {tasks.runs} runs are stored in {store.path}; the same command goes on from there"


def _ids(batch: Sequence[Task]) -> list[str]:
    return [name for task in batch for name in task.ids]


def horizon_means(jobs: Sequence[Job], store: Store, outcomes: Sequence[str] | None = None) -> npt.NDArray[np.float64]:
    """Return outcomes of every run, averaged over all months; no other columns of the store are read.

    Parameters
    ----------
    jobs
        What was run; all with the same number of arms.
    store
        Where it was stored.
    outcomes
        Names of the outcomes; None means all, in the order of `sim.outcomes.OUTCOMES`.

    Returns
    -------
    float64 [job, arm, outcome]
        In the order of the jobs, their policies, and the outcomes; as precise as float32.

    Raises
    ------
    FailedRunsError
        When a run failed, is not in the store, or has an outcome that is no number: how many, and the first reason.
    """
    import numpy as np
    import pyarrow.compute as pc

    from sim.outcomes import OUTCOMES

    wanted = _wanted(jobs)
    names = [outcome.name for outcome in OUTCOMES] if outcomes is None else list(outcomes)
    table = store.read("runs", ["id", "status", "reason", "recorder", *names])
    if table is None:
        raise _failed(wanted.size, wanted.size, "no run is stored")
    table = store.best_first(table, names)
    places = pc.index_in(_strings(wanted.ravel()), table["id"].combine_chunks())
    if places.null_count:
        raise _failed(places.null_count, wanted.size, "it is not in the store; run the sweep again")
    found = table.take(places)
    bad = pc.not_equal(found["status"], "done").to_numpy()
    if bad.any():
        first = int(bad.argmax())
        reason = f"{found['reason'].to_pylist()[first]} ({_setting_at(jobs, first)})"
        raise _failed(int(bad.sum()), wanted.size, reason)
    lacking = [name for name in names if name not in found.column_names]
    if lacking:
        raise _failed(wanted.size, wanted.size, f"the store does not know the outcome {lacking[0]}")
    stale = np.array([rank for _, rank in store.ranks(found, names)]) > 0
    if stale.any():
        says = "an outcome is recorded otherwise by this version; run the sweep again"
        raise _failed(int(stale.sum()), wanted.size, says)
    values = np.stack([found[name].to_numpy().astype(np.float64) for name in names], axis=-1)
    strange = ~np.isfinite(values)
    if strange.any():
        row, column = np.argwhere(strange)[0]
        reason = f"{names[column]} is no finite number in the run {wanted.ravel()[row]} ({_setting_at(jobs, int(row))})"
        raise _failed(int(strange.any(axis=1).sum()), wanted.size, reason)
    return values.reshape(*wanted.shape, len(names))


def output_means(jobs: Sequence[Job], store: Store, outputs: Sequence[Output]) -> npt.NDArray[np.float64]:
    """Return outcomes of the user's own of every run, float64 [job, arm, output]; parameters as for `horizon_means`.

    Raises
    ------
    FailedRunsError
        When a run is in the store without one.
    """
    import numpy as np

    wanted = _wanted(jobs)
    found = np.zeros((*wanted.shape, len(outputs)))
    for place, values in enumerate(store.output_values(outputs)):
        lacking = sum(name not in values for name in wanted.ravel())
        if lacking:
            raise _failed(lacking, wanted.size, f"the store holds no {outputs[place].name} of it; run the sweep again")
        found[..., place] = np.array([values[name] for name in wanted.ravel()]).reshape(wanted.shape)
    return found


def monthly(jobs: Sequence[Job], store: Store, outcomes: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
    """Return some outcomes of every run, month by month.

    Parameters
    ----------
    jobs
        What was run; all with the same number of arms and of months.
    store
        Where it was stored.
    outcomes
        Some of `store.keep.monthly`.

    Returns
    -------
    dict of float32 [job, arm, month]
        By outcome, as the model wrote it.

    Raises
    ------
    InputError
        When the store does not keep an outcome over time.
    FailedRunsError
        As for `horizon_means`.
    """
    import numpy as np

    from sim.errors import InputError, did_you_mean, show

    for outcome in outcomes:
        if outcome not in store.keep.monthly:
            remedy = f"{did_you_mean(outcome, store.keep.monthly)}, or a new store with --keep"
            raise InputError(f"--outcome {show(outcome)} is not kept by month in {store.path}; {remedy}")
    wanted = _wanted(jobs)
    months = {job.months for job in jobs}
    if len(months) > 1:
        raise ValueError(f"jobs have {len(months)} lengths, from {min(months)} to {max(months)} months; give one")
    if not outcomes:
        return {}
    blocks = _blocks(store, outcomes, frozenset(wanted.ravel()))
    lacking = [name for name in wanted.ravel() if name not in blocks]
    if lacking:
        status = store.read("runs", ["id", "status", "reason"])
        reasons = {} if status is None else dict(zip(status["id"].to_pylist(), status["reason"].to_pylist(), strict=True))
        told = reasons.get(lacking[0])
        first = int(np.flatnonzero(wanted.ravel() == lacking[0])[0])
        reason = f"{told} ({_setting_at(jobs, first)})" if told else "it is not in the store; run the sweep again"
        raise _failed(len(lacking), wanted.size, reason)
    found = {}
    for place, outcome in enumerate(outcomes):
        values = np.stack([blocks[name][place] for name in wanted.ravel()])
        strange = ~np.isfinite(values).all(axis=1)
        if strange.any():
            reason = f"{outcome} is no finite number in the run {wanted.ravel()[strange.argmax()]}"
            raise _failed(int(strange.sum()), wanted.size, reason)
        found[outcome] = values.reshape(*wanted.shape, -1)
    return found


def _blocks(store: Store, outcomes: Sequence[str], wanted: frozenset[str]) -> dict[str, tuple[npt.NDArray[np.float32], ...]]:
    """Return the months of each outcome by the id of the run."""
    blocks: dict[str, tuple[npt.NDArray[np.float32], ...]] = {}
    table = store.read_best("city", ["id", *outcomes], outcomes)
    for piece in () if table is None else table.to_batches():
        values = [piece[outcome].to_numpy() for outcome in outcomes]
        blocks |= {name: tuple(each[where] for each in values) for name, where in spans(piece["id"]) if name in wanted}
    return blocks


def spans(ids: pa.Array) -> list[tuple[str, slice]]:
    """Return every id of a column with the rows that it has; the rows of a run stand together."""
    import numpy as np

    if not len(ids):
        # All runs of a shard failed.
        return []
    encoded = ids.dictionary_encode()
    codes, names = encoded.indices.to_numpy(), encoded.dictionary.to_pylist()
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    return [
        (names[codes[first]], slice(int(first), int(last)))
        for first, last in zip(starts, [*starts[1:], len(codes)], strict=True)
    ]


def _wanted(jobs: Sequence[Job]) -> npt.NDArray[np.object_]:
    """Return the ids, [job, arm]."""
    import numpy as np

    arms = {len(job.policies) for job in jobs}
    if len(arms) != 1:
        raise ValueError("there are no jobs" if not arms else "jobs have different numbers of policies; read them apart")
    return np.array([run_ids(job) for job in jobs], dtype=object)


def _setting_at(jobs: Sequence[Job], place: int) -> str:
    """Return what was asked of one run, counted arm by arm."""
    job, arm = divmod(place, len(jobs[0].policies))
    return setting(jobs[job], arm)


def setting(job: Job, arm: int) -> str:
    """Return what was asked of one arm of a job, its parameters that are farthest from their defaults first."""
    from sim.parameters import PARAMETERS

    known = {parameter.name: parameter for parameter in PARAMETERS}

    def strange(name: str) -> float:
        if name not in known or known[name].high <= known[name].low:
            return 0.0
        return -abs(job.parameters[name] - known[name].default) / (known[name].high - known[name].low)

    names = sorted(job.parameters, key=lambda name: (strange(name), name))
    said = [f"{name}={job.parameters[name]:g}" for name in names[:SETTINGS_SHOWN]]
    if len(names) > SETTINGS_SHOWN:
        said.append(f"and {len(names) - SETTINGS_SHOWN} more parameters")
    return ", ".join([f"policy {job.policies[arm].name}", f"seed {job.seed}", *said])


def _strings(names: npt.NDArray[np.object_]) -> Any:
    import pyarrow as pa

    return pa.array(names.tolist(), pa.string())


def _failed(count: int, of: int, reason: str) -> FailedRunsError:
    return FailedRunsError(f"{count} of {of} runs cannot be used; the first: {reason}")
