"""How runs are made: where, how many at a time, what is kept of them. None of it changes a result."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from experiments.execution.dispatch import Progress
from experiments.execution.executors import ExecutorName

__all__ = ["Execution"]


@dataclass(frozen=True, kw_only=True)
class Execution:
    """How the runs of a study are made: the second argument of every study, besides what is run.

    Attributes
    ----------
    executor
        "threads", spawned "processes", "in-process" (one job after the other), or "dask".
    workers
        How many jobs run at a time; None means as many as there are cores.
    scheduler
        Address of a Dask scheduler, or "local" for a cluster on this machine; naming one means Dask.
    store
        Folder that keeps every run, made if missing: what it holds is not run again, so that a study which was stopped
        goes on from there. None keeps nothing.
    retry_failed
        Whether runs that the store holds as failed are run again.
    progress
        Called in the calling thread with the share done, 0 to 1; returning False cancels.
    """

    executor: ExecutorName = "threads"
    workers: int | None = None
    scheduler: str | None = None
    store: Path | str | None = None
    retry_failed: bool = False
    progress: Progress | None = None

    def part(self, began: float, share: float) -> Execution:
        """Return the same for one part of a study, whose progress counts as a part of the whole.

        Parameters
        ----------
        began
            The share of the whole that is done when the part begins.
        share
            The share of the whole that the part makes up.
        """
        tell = self.progress
        if tell is None:
            return self
        return dataclasses.replace(self, progress=lambda done: tell(min(1.0, began + share * done)))
