"""Jobs in, answers out: the same bytes from any executor, and a failed job is a row with its reason.

A job is one seed with all its arms, so the burn-in is shared and every policy meets the same future. The default
executor is threads: the compiled month releases the interpreter lock and nothing is copied. Processes are spawned, for
models written in plain Python. Answers come in the order of the jobs, whoever finishes first.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Mapping, MutableSequence, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from sim.run import Result
    from sim.scenario import City, Policy, Shock

__all__ = [
    "EXECUTORS",
    "Answer",
    "Cancelled",
    "ExecutorName",
    "Job",
    "Progress",
    "available_workers",
    "replication_seed",
    "run_jobs",
]

ExecutorName = Literal["threads", "processes", "in-process"]
EXECUTORS: tuple[ExecutorName, ...] = ("threads", "processes", "in-process")

SEED_LIMIT = 2**53
"""Replication seeds stay below this, so that a reader of JSON that only knows doubles reads them exactly."""

POLL_SECONDS = 0.1
"""How often the waiting caller looks at the progress."""

type Progress = Callable[[float], bool]
"""Called now and then with the share of the work that is done, 0 to 1; returning False cancels."""


class Cancelled(Exception):  # noqa: N818 (nothing went wrong: someone asked for it)
    """The jobs were stopped before they were done, by Ctrl-C or by the progress callback."""


@dataclass(frozen=True, kw_only=True)
class Job:
    """One seed with all its arms: the smallest piece of work that can be given away."""

    city: City
    policies: tuple[Policy, ...]
    seed: int
    months: int
    scale: float
    parameters: Mapping[str, float] = field(default_factory=dict)
    shocks: tuple[Shock, ...] = ()
    without: tuple[str, ...] = ()
    """Names of the mechanisms that are switched off, in every arm and while the city settles."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a job: its results in the order of its policies, or the reason why there are none."""

    seed: int
    results: tuple[Result, ...] = ()
    reason: str | None = None
    refused: bool = False
    """Whether the reason is the input (a value the model refuses) and no fault of the program."""
    details: str = ""
    """The traceback of a failure, for whoever mends it."""


class _Flag(Protocol):
    """What the events of threads and of processes share."""

    def is_set(self) -> bool: ...

    def set(self) -> None: ...


def available_workers() -> int:
    """Return how many cores this process may use, at least one."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


def replication_seed(seed: int, replication: int) -> int:
    """Return the seed of one replication, a function of nothing but the study's seed and the replication's number.

    blake2b of the two numbers, cut to 53 bits. Neighbouring studies (seed 1, seed 2) share no futures, a longer study
    begins with the futures of a shorter one, and any reader of JSON reads the number exactly.

    Parameters
    ----------
    seed
        The study's seed, 0 to 2**63 - 1.
    replication
        The replication's number, from 0.

    Returns
    -------
    int
        0 to 2**53 - 1.
    """
    words = seed.to_bytes(8, "little") + replication.to_bytes(8, "little")
    digest = hashlib.blake2b(words, digest_size=8, person=b"replication").digest()
    return int.from_bytes(digest, "little") % SEED_LIMIT


def run_jobs(
    jobs: Sequence[Job],
    *,
    executor: ExecutorName = "threads",
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Answer]:
    """Run every job and return the answers in the order of the jobs.

    Parameters
    ----------
    jobs
        What to run. The answer to a job depends on that job alone.
    executor
        "threads" over the compiled month, spawned "processes", or "in-process": one job after the other.
    workers
        How many jobs at a time; None means as many as there are cores.
    progress
        Called in the calling thread with the share done, 0 to 1; returning False cancels.

    Returns
    -------
    list of Answer
        One for each job. A job that failed has a reason and no results; the others are unharmed.

    Raises
    ------
    Cancelled
        After Ctrl-C, or when `progress` returned False. Jobs that run stop within twelve simulated months.
    """
    if not jobs:
        return []
    from sim.run import warm

    warm()
    if executor == "in-process":
        return _run_in_process(jobs, progress)
    count = min(workers or available_workers(), len(jobs))
    if executor == "threads":
        return _run_in_threads(jobs, count, progress)
    return _run_in_processes(jobs, count, progress)


def _run_in_process(jobs: Sequence[Job], progress: Progress | None) -> list[Answer]:
    """Run one job after the other in the calling thread."""
    answers: list[Answer] = []

    def advance(share: float) -> bool:
        return progress is None or progress((len(answers) + share) / len(jobs))

    try:
        for job in jobs:
            answers.append(_answer(job, advance))
            if not advance(0.0):
                raise Cancelled
    except KeyboardInterrupt:
        raise Cancelled from None
    return answers


def _run_in_threads(jobs: Sequence[Job], count: int, progress: Progress | None) -> list[Answer]:
    """Run `count` jobs at a time in threads of this process."""
    stop = threading.Event()
    shares = [0.0] * len(jobs)
    with ThreadPoolExecutor(count, thread_name_prefix="citysafety") as pool:
        futures = [pool.submit(_answer_watched, job, place, shares, stop) for place, job in enumerate(jobs)]
        return _collect(pool, jobs, futures, shares, stop, progress)


def _run_in_processes(jobs: Sequence[Job], count: int, progress: Progress | None) -> list[Answer]:
    """Run `count` jobs at a time in spawned processes."""
    from sim.compiled import source_hash

    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    shares = context.Array("d", len(jobs), lock=False)
    told = (shares, stop, source_hash())
    with ProcessPoolExecutor(count, mp_context=context, initializer=_start_worker, initargs=told) as pool:
        futures = [pool.submit(_answer_as_worker, job, place) for place, job in enumerate(jobs)]
        return _collect(pool, jobs, futures, shares, stop, progress)


def _collect(
    pool: Executor,
    jobs: Sequence[Job],
    futures: Sequence[Future[Answer]],
    shares: Sequence[float],
    stop: _Flag,
    progress: Progress | None,
) -> list[Answer]:
    """Gather the answers in the order of the jobs, telling the progress meanwhile."""
    answers: list[Answer] = []
    told = 0.0
    try:
        while len(answers) < len(jobs):
            place = len(answers)
            try:
                answers.append(futures[place].result(timeout=POLL_SECONDS))
            except TimeoutError:
                pass
            except BrokenProcessPool:
                reason = "a worker process ended abruptly; there may not be enough memory for so many workers"
                answers.append(Answer(seed=jobs[place].seed, reason=reason))
            now = time.monotonic()
            if progress is not None and (now - told >= POLL_SECONDS or len(answers) == len(jobs)):
                told = now
                if not progress(sum(shares) / len(jobs)):
                    raise Cancelled
    except KeyboardInterrupt:
        raise Cancelled from None
    finally:
        if len(answers) < len(jobs):
            stop.set()
            pool.shutdown(wait=True, cancel_futures=True)
    return answers


def _answer(job: Job, advance: Callable[[float], bool]) -> Answer:
    """Run one job; whatever goes wrong becomes its reason, unless `advance` asked to stop."""
    from sim.faults import InputError
    from sim.run import run_arms

    stopped = False

    def watch(months_done: int) -> bool:
        nonlocal stopped
        stopped = stopped or not advance(min(1.0, months_done / (job.months * len(job.policies))))
        return not stopped

    try:
        results = run_arms(
            job.city,
            job.policies,
            seed=job.seed,
            months=job.months,
            scale=job.scale,
            parameters=job.parameters,
            shocks=job.shocks,
            without=job.without,
            progress=watch,
        )
    except Exception as error:
        if stopped:
            raise Cancelled from None
        if isinstance(error, InputError):
            return Answer(seed=job.seed, reason=str(error), refused=True)
        return Answer(seed=job.seed, reason=f"{type(error).__name__}: {error}", details=traceback.format_exc())
    return Answer(seed=job.seed, results=tuple(results))


def _answer_watched(job: Job, place: int, shares: MutableSequence[float], stop: _Flag) -> Answer:
    """Run one job, noting its share done at its place, until told to stop."""

    def advance(share: float) -> bool:
        shares[place] = share
        return not stop.is_set()

    answer = _answer(job, advance)
    shares[place] = 1.0
    return answer


class _Worker:
    """What a worker process knows of its parent, set once when it starts."""

    shares: MutableSequence[float]
    stop: _Flag
    same_model: bool


def _start_worker(shares: MutableSequence[float], stop: _Flag, model: str) -> None:
    """Prepare a worker process: Ctrl-C is the parent's to answer, and the model must be the parent's too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    from sim.compiled import source_hash

    _Worker.shares = shares
    _Worker.stop = stop
    _Worker.same_model = source_hash() == model


def _answer_as_worker(job: Job, place: int) -> Answer:
    """Run one job in a worker process; a worker that started on other sources would answer for another model."""
    if not _Worker.same_model:
        return Answer(seed=job.seed, reason="the sources of the model changed while it ran; run it again")
    return _answer_watched(job, place, _Worker.shares, _Worker.stop)
