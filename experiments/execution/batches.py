"""A batch of jobs, what runs batches, and what comes back: one protocol for threads, processes and clusters.

    slots()              how many batches may run at a time
    submit(key, batch)   give a batch away; a worker has one at a time, so that no more is lost than that
    wait(seconds, tell)  the batches that have come back since
    shares()             how far the batches are that run now, 0 to 1
    close()              stop what runs, within twelve simulated months, and let go of the workers

`work` is a function of a batch and of `tell`, which it calls with the share done and which returns False when it should
stop.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

__all__ = [
    "DIED",
    "STALE",
    "STALE_MARK",
    "THREADS_OF_LIBRARIES",
    "Batch",
    "Executor",
    "Finished",
    "Tell",
    "Work",
    "available_workers",
    "came_back",
]

DIED = "the worker process that ran it ended abruptly; there may not be enough memory for so many workers"
STALE = "the sources of the model changed while it ran; run it again"

STALE_MARK = "citysafety: another model"
"""What a worker gives back for a batch that it refused because its model is not its parent's."""

THREADS_OF_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

type Batch = Sequence[Any]
type Tell = Callable[[float], bool]
"""Called with the share of a batch that is done, 0 to 1; returns False when the work should stop."""
type Work = Callable[[Batch, Tell], Any]


@dataclass(frozen=True, kw_only=True)
class Finished:
    """A batch that came back: with what the work made of it, or without because its worker is gone."""

    key: int
    value: Any = None
    lost: str | None = None
    """Why nothing came back."""
    stale: bool = False
    """Whether the worker refused because it found another model than its parent's."""
    begun: bool = True
    """Whether a worker can have begun with it; one that died before it was ready cannot."""


class Executor(Protocol):
    """What can run batches."""

    def slots(self) -> int:
        """Return how many batches may run at a time, at least one."""
        ...

    def submit(self, key: int, batch: Batch) -> None:
        """Give away one batch, of at most `slots` at a time."""
        ...

    def wait(self, seconds: float, tell: Callable[[], bool]) -> list[Finished]:
        """Return what has come back, waiting at most so long; who works in this thread calls `tell` now and then."""
        ...

    def shares(self) -> dict[int, float]:
        """Return how far each running batch is, 0 to 1."""
        ...

    def close(self) -> None:
        """Stop what runs and let go of the workers."""
        ...


def available_workers() -> int:
    """Return how many cores this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def came_back(key: int, value: Any) -> Finished:
    """Return what came back from a worker that lives elsewhere."""
    stale = isinstance(value, str) and value == STALE_MARK
    return Finished(key=key, lost=STALE, stale=True) if stale else Finished(key=key, value=value)
