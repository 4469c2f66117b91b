"""The loop that every list of jobs goes through: give batches away, take what comes back, try again what a worker lost.

A batch whose worker died is halved until the one job is found that kills; a job that killed its worker alone, three times,
is given up. Batches grow until each takes a second or two, so that little is lost with a worker and little time is spent on
handing over.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.execution import interrupts
from experiments.execution.batches import Executor, Finished

__all__ = ["POLL_SECONDS", "Cancelled", "Progress", "Sizes", "drive"]

POLL_SECONDS = 0.1
"""How often the waiting caller looks at the progress."""

TRIES_ALONE = 3
"""How many workers may die of a job that they had to themselves before it is given up."""

type Progress = Callable[[float], bool]
"""Called now and then with the share of the work that is done, 0 to 1; returning False cancels."""


class Cancelled(Exception):  # noqa: N818 (nothing went wrong: someone asked for it)
    """The jobs were stopped before they were done, by Ctrl-C or by the progress callback."""


@dataclass
class Sizes:
    """How many jobs make a batch: one at first, then as many as take `seconds`, never more than `most`."""

    seconds: float = 1.5
    most: int = 256
    growth: int = 4
    size: int = 1
    a_job: float | None = None
    """Seconds a job takes, the recent ones counting most."""

    def learn(self, jobs: int, seconds: float) -> None:
        """Take note of how long a batch took."""
        each = seconds / jobs
        self.a_job = each if self.a_job is None else 0.5 * self.a_job + 0.5 * each
        wanted = self.seconds / max(self.a_job, 1e-9)
        self.size = int(max(1, min(wanted, self.size * self.growth, self.most)))

    def next(self, left: int, slots: int) -> int:
        """Return the size of the next batch: near the end small enough that no worker stands idle."""
        return max(1, min(self.size, -(-left // slots)))


@dataclass
class _Batch:
    """Some jobs on their way."""

    jobs: Sequence[Any]
    deaths: int = 0
    """How many workers have died of these jobs."""
    began: float = 0.0


def drive(
    jobs: Sequence[Any],
    executor: Executor,
    *,
    take: Callable[[Sequence[Any], Any], None],
    lose: Callable[[Any, str], None],
    sizes: Sizes | None = None,
    start: Callable[[Sequence[Any]], None] | None = None,
    progress: Progress | None = None,
) -> None:
    """Run all jobs through an executor and close it.

    Parameters
    ----------
    jobs
        What to run, in this order as far as it goes.
    executor
        Where; it is closed in the end, whatever happens.
    take
        Called in this thread with a batch of jobs and what the work made of it.
    lose
        Called with a job that was given up, and why.
    sizes
        How large batches are; None means one job each.
    start
        Called with a batch just before it is given away.
    progress
        Called in this thread with the share done, 0 to 1; returning False cancels.

    Raises
    ------
    Cancelled
        After Ctrl-C, or when `progress` returned False.
    """
    course = _Course(jobs, executor, sizes or Sizes(most=1), progress)
    try:
        with interrupts.noted():
            _go(course, take, lose, start)
    except KeyboardInterrupt:
        raise Cancelled from None
    finally:
        executor.close()


def _go(
    course: _Course,
    take: Callable[[Sequence[Any], Any], None],
    lose: Callable[[Any, str], None],
    start: Callable[[Sequence[Any]], None] | None,
) -> None:
    """Give away and take back until all is done."""
    while course.done < len(course.jobs):
        for batch in course.next_batches():
            if start is not None:
                start(batch.jobs)
            course.give(batch)
        for finished in course.executor.wait(POLL_SECONDS, course.tell):
            batch = course.running.pop(finished.key)
            if finished.lost is None:
                course.sizes.learn(len(batch.jobs), time.monotonic() - batch.began)
                take(batch.jobs, finished.value)
                course.done += len(batch.jobs)
            elif course.is_given_up(batch, finished):
                for job in batch.jobs:
                    lose(job, finished.lost)
                course.done += len(batch.jobs)
            else:
                course.try_again(batch, finished)
        if interrupts.came() or not course.tell():
            raise Cancelled


@dataclass
class _Course:
    """How far the jobs are: given away, running, lost and to be tried again, done."""

    jobs: Sequence[Any]
    executor: Executor
    sizes: Sizes
    progress: Progress | None
    given: int = 0
    done: int = 0
    key: int = 0
    told: float = 0.0
    running: dict[int, _Batch] = field(default_factory=dict)
    again: deque[_Batch] = field(default_factory=deque)

    def next_batches(self) -> Iterator[_Batch]:
        """Yield batches for the workers that are free, those that were lost first."""
        slots = self.executor.slots()
        while len(self.running) < slots and (self.again or self.given < len(self.jobs)):
            if self.again:
                yield self.again.popleft()
                continue
            size = self.sizes.next(len(self.jobs) - self.given, slots)
            jobs = self.jobs[self.given : self.given + size]
            self.given += size
            yield _Batch(jobs)

    def give(self, batch: _Batch) -> None:
        """Give a batch away."""
        self.key += 1
        batch.began = time.monotonic()
        self.running[self.key] = batch
        self.executor.submit(self.key, batch.jobs)

    def is_given_up(self, batch: _Batch, finished: Finished) -> bool:
        """Return whether a lost batch is not worth another try."""
        return finished.stale or (finished.begun and len(batch.jobs) == 1 and batch.deaths + 1 >= TRIES_ALONE)

    def try_again(self, batch: _Batch, finished: Finished) -> None:
        """Put a lost batch back: in halves, so that the job that kills is found, unless no worker had begun with it."""
        if not finished.begun:
            self.again.append(batch)
        elif len(batch.jobs) == 1:
            self.again.append(_Batch(batch.jobs, batch.deaths + 1))
        else:
            middle = len(batch.jobs) // 2
            self.again.extend((_Batch(batch.jobs[:middle]), _Batch(batch.jobs[middle:])))

    def tell(self) -> bool:
        """Tell how far the jobs are, now and then and in the end; return whether to go on."""
        now = time.monotonic()
        if self.progress is None or (now - self.told < POLL_SECONDS and self.done < len(self.jobs)):
            return True
        self.told = now
        shares = self.executor.shares()
        under_way = sum(shares.get(key, 0.0) * len(batch.jobs) for key, batch in self.running.items())
        return self.progress(min(1.0, (self.done + under_way) / len(self.jobs)))
