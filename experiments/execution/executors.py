"""Where batches of jobs run: in this thread, in threads, in processes, or on a cluster (`experiments.execution.batches`)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Literal

from experiments.execution.batches import Batch, Executor, Finished, Work, available_workers

__all__ = ["EXECUTORS", "ExecutorName", "InProcess", "Threads", "begin"]

ExecutorName = Literal["threads", "processes", "in-process", "dask"]
EXECUTORS: tuple[ExecutorName, ...] = ("threads", "processes", "in-process", "dask")


def begin(name: ExecutorName, work: Work, *, workers: int | None = None, scheduler: str | None = None) -> Executor:
    """Start an executor.

    Parameters
    ----------
    name
        Which one.
    work
        What it does with a batch; for processes and clusters, something that can be pickled.
    workers
        How many batches at a time; None means as many as there are cores, or as the cluster has threads.
    scheduler
        Address of a dask scheduler ("tcp://host:port"), or "local" or None for a cluster of this machine's own. Naming
        one means dask, whatever `name` says.

    Raises
    ------
    InputError
        When dask is asked for and is not installed, or its scheduler does not answer.
    """
    if name == "dask" or scheduler is not None:
        from experiments.execution.dask import Cluster

        return Cluster(work, workers=workers, scheduler=scheduler)
    if name == "in-process":
        return InProcess(work)
    count = workers or available_workers()
    if name == "threads":
        return Threads(work, count)
    from experiments.execution.processes import Processes
    from sim.compiled import source_hash

    return Processes(work, count, model=source_hash())


@dataclass
class InProcess:
    """One batch after the other in the calling thread."""

    work: Work
    given: list[tuple[int, Batch]] = field(default_factory=list)
    share: dict[int, float] = field(default_factory=dict)

    def slots(self) -> int:
        """Return one."""
        return 1

    def submit(self, key: int, batch: Batch) -> None:
        """Put the batch aside until somebody waits for it."""
        self.given.append((key, batch))

    def wait(self, seconds: float, tell: Callable[[], bool]) -> list[Finished]:
        """Run what was put aside."""
        finished = []
        while self.given:
            key, batch = self.given.pop()

            def on(share: float, key: int = key) -> bool:
                self.share = {key: share}
                return tell()

            finished.append(Finished(key=key, value=self.work(batch, on)))
        self.share = {}
        return finished

    def shares(self) -> dict[int, float]:
        """Return how far the batch is."""
        return dict(self.share)

    def close(self) -> None:
        """Forget what was put aside."""
        self.given.clear()


class Threads:
    """Batches in threads of this process: nothing is copied, and the compiled month lets the others run."""

    def __init__(self, work: Work, workers: int) -> None:
        self._work = work
        self._workers = workers
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="citysafety")
        self._running: dict[Future[Any], int] = {}
        self._shares: dict[int, float] = {}

    def slots(self) -> int:
        """Return the number of threads."""
        return self._workers

    def submit(self, key: int, batch: Batch) -> None:
        """Give the batch to a thread."""

        def tell(share: float) -> bool:
            self._shares[key] = share
            return not self._stop.is_set()

        self._shares[key] = 0.0
        self._running[self._pool.submit(self._work, batch, tell)] = key

    def wait(self, seconds: float, tell: Callable[[], bool]) -> list[Finished]:
        """Return what has come back."""
        ready, _ = wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)
        finished = []
        for future in ready:
            key = self._running.pop(future)
            self._shares.pop(key)
            finished.append(Finished(key=key, value=future.result()))
        return finished

    def shares(self) -> dict[int, float]:
        """Return how far each running batch is."""
        return dict(self._shares)

    def close(self) -> None:
        """Stop what runs and wait for it."""
        self._stop.set()
        self._pool.shutdown(wait=True, cancel_futures=True)
