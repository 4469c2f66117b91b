"""Before a sweep: how many runs it would need, how long they would take, and how large the store would grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from experiments.execution.batches import available_workers
from experiments.store.batch_results import Parcel, run_batch
from experiments.store.parquet import open_parquet, read_parquet
from experiments.store.sweep import FailedRunsError
from experiments.store.tasks import missing

if TYPE_CHECKING:
    from experiments.execution.runner import Job
    from experiments.store.store import Store

__all__ = ["Estimate", "estimate"]


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """What a sweep would need, judged by its first and its last job."""

    asked: int
    """Different runs that the jobs ask for."""
    left: int
    """Of these, not in the store yet."""
    workers: int
    seconds_a_run: float
    """Seconds of one worker, burn-in included; 0 where nothing is left to run."""
    bytes_a_run: float
    others: int = 0
    """Runs in the store that are of another model: no study of this version uses them."""

    @property
    def seconds(self) -> float:
        """How long the sweep would take if every worker were always busy."""
        return self.left * self.seconds_a_run / self.workers

    @property
    def size(self) -> float:
        """By how many bytes the store would grow."""
        return self.left * self.bytes_a_run

    def text(self) -> str:
        """Return one line for people."""
        held = f", {self.asked - self.left} of them stored already" if self.left < self.asked else ""
        if self.others:
            held += f"; {self.others} runs in the store are of another model and of no use here"
        if not self.left:
            return f"{_runs(self.asked)}{held}; nothing is left to run"
        workers = "1 worker" if self.workers == 1 else f"{self.workers} workers"
        took = f"about {duration(self.seconds)} on {workers} ({self.seconds_a_run:.2g} s a run)"
        return f"{_runs(self.asked)}{held}; {took}; about {_size(self.size)}"


def estimate(jobs: Sequence[Job], store: Store, *, workers: int | None = None, retry_failed: bool = False) -> Estimate:
    """Return what a sweep would need, after running one or two of its jobs without storing them.

    Parameters
    ----------
    jobs, store, workers, retry_failed
        As for `sweep`.

    Raises
    ------
    FailedRunsError
        When a run that was tried failed: most of the others would too.
    Cancelled
        After Ctrl-C.
    """
    from experiments.execution.dispatch import Cancelled
    from sim.identity import model_hash
    from sim.run import warm

    store.refuse_older()
    models = store.read("runs", ["model"])
    others = 0 if models is None else sum(model != model_hash() for model in models["model"].to_pylist())
    held = {name for name, status in store.statuses().items() if status == "done" or not retry_failed}
    asked, tasks = missing(jobs, held)
    left = tasks.runs
    seconds = size = 0.0
    if tasks:
        tried = [tasks[0], tasks[len(tasks) - 1]][: len(tasks)]
        warm()
        try:
            parcel = run_batch(tried, lambda share: True, keep=store.keep)
        except KeyboardInterrupt:
            raise Cancelled from None
        _make_sure_it_runs(parcel)
        seconds = sum(parcel.seconds) / len(parcel.statuses)
        size = _bytes_a_run(parcel.shards, len(parcel.statuses))
    count = min(workers or available_workers(), max(1, len(tasks)))
    return Estimate(asked=asked, left=left, workers=count, seconds_a_run=seconds, bytes_a_run=size, others=others)


def duration(seconds: float) -> str:
    """Return a length of time as people say it: "40 s", "12 min", "3.5 h", "2.1 days"."""
    for unit, length, least in (("days", 86_400, 172_800), ("h", 3_600, 7_200), ("min", 60, 120)):
        if seconds >= least:
            return f"{seconds / length:.2g} {unit}"
    return f"{max(1, round(seconds))} s"


def _make_sure_it_runs(parcel: Parcel) -> None:
    """Refuse to judge by runs that failed."""
    rows = read_parquet(parcel.shards["runs"], ["reason"])
    reasons = [reason for reason in rows["reason"].to_pylist() if reason is not None]
    if reasons:
        raise FailedRunsError(f"{len(reasons)} of {len(parcel.statuses)} runs that were tried failed: {reasons[0]}")


def _bytes_a_run(shards: Mapping[str, bytes], runs: int) -> float:
    """Return how much a run takes in a large shard: a small file is mostly its own description."""
    total = 0
    for content in shards.values():
        with open_parquet(content) as file:
            described = file.metadata
        group = described.row_group(0) if described.num_row_groups else None
        if group is not None:
            total += sum(group.column(each).total_compressed_size for each in range(group.num_columns))
    return total / runs


def _runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count:,} runs".replace(",", " ")


def _size(size: float) -> str:
    for unit, length in (("GB", 1e9), ("MB", 1e6)):
        if size >= length:
            return f"{size / length:.2g} {unit}"
    return f"{max(1, round(size / 1e3))} kB"
