"""What is left to run of some jobs: a sequence of tasks that are made when they are asked for, however many there are."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, overload

import numpy as np

from experiments.store.batch_results import Task
from experiments.store.run_id import run_ids

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.execution.runner import Job

__all__ = ["Tasks", "missing"]

DIGEST_BYTES = 16
"""Size of the digest that an id writes in hexadecimal."""


class Tasks(Sequence[Task]):
    """The jobs of which something is left to run, reduced to the arms that are.

    Of each job are kept its place and its arms alone: jobs of hundreds of parameters take much memory, ids much time.

    Parameters
    ----------
    jobs
        All jobs that are asked for.
    """

    def __init__(self, jobs: Sequence[Job]) -> None:
        self._jobs = jobs
        self._places = array("q")
        self._arms: list[tuple[int, ...]] = []
        self._known: dict[tuple[int, ...], tuple[int, ...]] = {}
        self.runs = 0
        """How many runs they are."""

    def add(self, place: int, arms: tuple[int, ...]) -> None:
        """Add some arms of the job at a place."""
        self._places.append(place)
        self._arms.append(self._known.setdefault(arms, arms))
        self.runs += len(arms)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, place: int) -> Task: ...

    @overload
    def __getitem__(self, place: slice) -> list[Task]: ...

    def __getitem__(self, place: int | slice) -> Task | list[Task]:
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        job, arms = self._jobs[self._places[place]], self._arms[place]
        ids = run_ids(job)
        if len(arms) == len(ids):
            return Task(job, ids)
        return Task(job.only(arms), tuple(ids[arm] for arm in arms))


def missing(jobs: Sequence[Job], held: Iterable[str]) -> tuple[int, Tasks]:
    """Return how many different runs the jobs ask for, and what is left to run of them.

    Parameters
    ----------
    jobs
        What is asked for.
    held
        Ids that need not be run.
    """
    needless = frozenset(held)
    # Of every arm 17 bytes, for there may be a million: the digest that its id is, and whether it need not be run.
    digests, held_already = bytearray(), bytearray()
    arms = array("q")
    for job in jobs:
        ids = run_ids(job)
        arms.append(len(ids))
        digests += b"".join(map(bytes.fromhex, ids))
        held_already += bytes(name in needless for name in ids)
    is_first = _first_ones(digests)
    wanted = is_first & (np.frombuffer(held_already, np.uint8) == 0)
    tasks = Tasks(jobs)
    begin = 0
    for place, count in enumerate(arms):
        if some := tuple(np.flatnonzero(wanted[begin : begin + count]).tolist()):
            tasks.add(place, some)
        begin += count
    return int(is_first.sum()), tasks


def _first_ones(digests: bytearray) -> npt.NDArray[np.bool_]:
    """Return for each digest of 16 bytes whether it is the first of its kind."""
    values = np.frombuffer(digests, f"S{DIGEST_BYTES}")
    order = np.argsort(values, kind="stable")
    found = np.ones(len(values), np.bool_)
    in_order = values[order]
    found[order[1:]] = in_order[1:] != in_order[:-1]
    return found
