"""Jobs in, answers out: the same bytes from any executor, and a failed job is an answer with its reason.

A job is one seed with all its arms, so the burn-in is shared and every policy meets the same future. The default
executor is threads: the compiled month releases the interpreter lock and nothing is copied. Answers come in the order of
the jobs, whoever finishes first. What is to be kept on disk goes through `sweep` instead.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from experiments.execution.batches import Tell, available_workers
from experiments.execution.dispatch import Cancelled, Progress, drive
from experiments.execution.executors import EXECUTORS, ExecutorName, begin

if TYPE_CHECKING:
    from sim.run import Result
    from sim.scenario import City, Policy, Shock

__all__ = [
    "EXECUTORS",
    "Answer",
    "Cancelled",
    "ExecutorName",
    "FailedJobsError",
    "Job",
    "Progress",
    "answer",
    "not_finite",
    "refuse_failed",
    "replication_seed",
    "run_jobs",
]

SEED_LIMIT = 2**53
"""Replication seeds stay below this, so that a reader of JSON that only knows doubles reads them exactly."""


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
    study: str = ""
    """Name of the study that asks for it, for the store's table of runs; no part of what is run."""


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


class FailedJobsError(RuntimeError):
    """At least one job ended without results; the message names its seed and reason."""


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
    scheduler: str | None = None,
    progress: Progress | None = None,
) -> list[Answer]:
    """Run every job and return the answers in the order of the jobs.

    Parameters
    ----------
    jobs
        What to run. The answer to a job depends on that job alone.
    executor
        "threads" over the compiled month, spawned "processes", "in-process" (one job after the other), or "dask".
    workers
        How many jobs at a time; None means as many as there are cores.
    scheduler
        Address of a dask scheduler, or "local" for a cluster of this machine's own.
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
    answers: dict[int, Answer] = {}

    def take(batch: Sequence[tuple[int, Job]], found: Sequence[Answer]) -> None:
        answers.update(zip((place for place, _ in batch), found, strict=True))

    def lose(job: tuple[int, Job], reason: str) -> None:
        answers[job[0]] = Answer(seed=job[1].seed, reason=reason)

    count = min(workers or available_workers(), len(jobs))
    where = begin(executor, _answers, workers=count if scheduler is None else workers, scheduler=scheduler)
    drive(list(enumerate(jobs)), where, take=take, lose=lose, progress=progress)
    return [answers[place] for place in range(len(jobs))]


def _answers(batch: Sequence[tuple[int, Job]], tell: Tell) -> list[Answer]:
    """Run a batch of jobs."""
    found: list[Answer] = []
    for _, job in batch:
        given = answer(job, lambda share: tell((len(found) + share) / len(batch)))
        strange = next((reason for reason in map(not_finite, given.results) if reason), None)
        found.append(given if strange is None else Answer(seed=job.seed, reason=strange))
    return found


def answer(job: Job, advance: Callable[[float], bool], **wishes: Any) -> Answer:
    """Run one job; whatever goes wrong becomes its reason.

    Parameters
    ----------
    job
        What to run.
    advance
        Called with the share of the job that is done, 0 to 1; returning False stops it.
    wishes
        What else `run_arms` should do.

    Raises
    ------
    Cancelled
        When `advance` asked to stop.
    """
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
            **wishes,
        )
    except Exception as error:
        if stopped:
            raise Cancelled from None
        if isinstance(error, InputError):
            return Answer(seed=job.seed, reason=str(error), refused=True)
        return Answer(seed=job.seed, reason=f"{type(error).__name__}: {error}", details=traceback.format_exc())
    return Answer(seed=job.seed, results=tuple(results))


def not_finite(result: Result) -> str | None:
    """Return why a result cannot be used, or None: every outcome of the city must be a finite number in every month.

    Nothing is undefined for the city, whatever is counted. By neighbourhood an outcome may be no number only in all of
    them: it is kept for the city as a whole then.

    Parameters
    ----------
    result
        What one arm did.
    """
    import numpy as np

    from sim.outcomes import OUTCOMES

    strange = ~np.isfinite(result.city_monthly)
    if strange.any():
        month, column = np.argwhere(strange)[0]
        value = result.city_monthly[month, column]
        return f"{OUTCOMES[column].name} is no finite number from month {month + 1} on ({value})"
    places = ~np.isfinite(result.place_yearly)
    partly = places.any(axis=(0, 1)) & ~places.all(axis=(0, 1))
    if partly.any():
        column = int(partly.argmax())
        return f"{OUTCOMES[column].name} is no finite number in a neighbourhood"
    return None


def refuse_failed(answers: Sequence[Answer]) -> None:
    """Raise when a job ended without results.

    Parameters
    ----------
    answers
        From `run_jobs`.

    Raises
    ------
    InputError
        When the model refused the input.
    FailedJobsError
        When anything else went wrong; the first reason is told.
    """
    from sim.faults import InputError

    failed = [each for each in answers if each.reason is not None]
    if not failed:
        return
    first = failed[0]
    if first.refused:
        raise InputError(str(first.reason))
    raise FailedJobsError(f"{len(failed)} of {len(answers)} futures failed; the first, seed {first.seed}: {first.reason}")
