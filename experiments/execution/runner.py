"""Jobs in, answers out: the same bytes from any executor, and a failed job is an answer with its reason.

A job is one seed with all its arms, so the burn-in is shared and every policy meets the same future. The default
executor is threads: the compiled month releases the interpreter lock and nothing is copied. Answers come in the order of
the jobs, whoever finishes first. What is to be kept on disk goes through `sweep` instead.
"""

from __future__ import annotations

import functools
import hashlib
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from experiments.execution.batches import Tell, Work, available_workers
from experiments.execution.dispatch import Cancelled, Progress, Sizes, drive
from experiments.execution.execution import Execution
from experiments.execution.executors import EXECUTORS, ExecutorName, begin
from experiments.execution.extensions import NOTHING_MORE, Extensions
from experiments.execution.ruled import run_ruled

if TYPE_CHECKING:
    from sim.run import Result
    from sim.scenario import City, Policy, Scenario, Shock
    from sim.state import City as CityState

__all__ = [
    "EXECUTORS",
    "Answer",
    "Cancelled",
    "ExecutorName",
    "FailedJobsError",
    "Job",
    "Progress",
    "answer",
    "job_of",
    "jobs_of",
    "not_finite",
    "read_jobs",
    "refuse_failed",
    "replication_seed",
    "run_jobs",
    "through",
    "used_scale",
]

type Watch = Callable[[int, int, CityState], None]
"""Called after every month with the arm's place, the month from 0, and the city as that month left it."""

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
    extensions: Extensions = NOTHING_MORE
    """Outcomes of the user's own, no part of what is run, and a rule of his own after each month, which is."""
    shocks_by_arm: tuple[tuple[Shock, ...], ...] = ()
    """What happens besides, arm by arm, for arms that differ by what happens and not only by what is done; or nothing."""

    def shocks_of(self, arm: int) -> tuple[Shock, ...]:
        """Return all that happens in one arm."""
        return (*self.shocks, *self.shocks_by_arm[arm]) if self.shocks_by_arm else self.shocks

    def only(self, arms: Sequence[int]) -> Job:
        """Return the same job with some of its arms alone."""
        besides = tuple(self.shocks_by_arm[arm] for arm in arms) if self.shocks_by_arm else ()
        return replace(self, policies=tuple(self.policies[arm] for arm in arms), shocks_by_arm=besides)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a job: its results in the order of its policies, or the reason why there are none."""

    seed: int
    results: tuple[Result, ...] = ()
    read: Any = None
    """What was read from the results, where they are not kept themselves."""
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


def jobs_of(scenario: Scenario, *, study: str, extensions: Extensions = NOTHING_MORE) -> list[Job]:
    """Return the job of every replication of a scenario; all its policies are arms of each.

    Parameters
    ----------
    scenario
        Its scale is "auto" where the fixed rule of `sim.run.automatic_scale` is to choose.
    study, extensions
        Name of the study that asks, and what it takes besides a scenario.
    """
    scale = used_scale(scenario)
    seeds = (replication_seed(scenario.seed, each) for each in range(scenario.replications))
    return [job_of(scenario, seed, scale, study=study, extensions=extensions) for seed in seeds]


def job_of(scenario: Scenario, seed: int, scale: float, *, study: str, extensions: Extensions = NOTHING_MORE) -> Job:
    """Return one job of a scenario, with all its policies as arms, by the seed and the scale of the runs."""
    return Job(
        city=scenario.city,
        policies=scenario.policies,
        seed=seed,
        months=scenario.months,
        scale=scale,
        parameters=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
        study=study,
        extensions=extensions,
    )


def used_scale(scenario: Scenario) -> float:
    """Return the scale that a scenario asks for; where it says "auto", that of `sim.run.automatic_scale`."""
    from sim.run import automatic_scale

    return automatic_scale(scenario.city) if scenario.scale == "auto" else float(scenario.scale)


def run_jobs(jobs: Sequence[Job], execution: Execution | None = None) -> list[Answer]:
    """Run every job and return the answers in the order of the jobs; nothing is stored.

    Parameters
    ----------
    jobs
        What to run. The answer to a job depends on that job alone.
    execution
        How; its store is left aside.

    Returns
    -------
    list of Answer
        One for each job. A job that failed has a reason and no results; the others are unharmed.

    Raises
    ------
    Cancelled
        After Ctrl-C, or when the progress returned False. Jobs that run stop within twelve simulated months.
    """
    return _answered(jobs, execution, None)


def read_jobs[Read](
    jobs: Sequence[Job], execution: Execution | None, read: Callable[[Job, Sequence[Result]], Read]
) -> list[Read]:
    """Run every job and return what is read from its results, in the order of the jobs; nothing is stored.

    Parameters
    ----------
    jobs, execution
        As for `run_jobs`.
    read
        Called where the job ran with the job and its results, which are let go afterwards; for processes and clusters,
        something that can be pickled.

    Raises
    ------
    InputError, FailedJobsError
        When a job ended without results, see `refuse_failed`.
    Cancelled
        As `run_jobs` raises it.
    """
    answers = _answered(jobs, execution, read)
    refuse_failed(answers)
    return [answer.read for answer in answers]


def through(
    tasks: Sequence[Any],
    execution: Execution,
    work: Work,
    *,
    take: Callable[[Sequence[Any], Any], None],
    lose: Callable[[Any, str], None],
    sizes: Sizes | None = None,
    start: Callable[[Sequence[Any]], None] | None = None,
) -> None:
    """Compile the model, then run tasks through the executor: the one way in which anything is run many times.

    Parameters
    ----------
    tasks
        At least one.
    execution
        How; its store is left aside.
    work
        What a worker does with a batch of tasks.
    take, lose, sizes, start
        As for `experiments.execution.dispatch.drive`.

    Raises
    ------
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    from sim.run import warm

    warm()
    count = execution.workers
    if execution.scheduler is None:
        count = min(count or available_workers(), len(tasks))
    where = begin(execution.executor, work, workers=count, scheduler=execution.scheduler)
    drive(tasks, where, take=take, lose=lose, sizes=sizes, start=start, progress=execution.progress)


def _answered(jobs: Sequence[Job], execution: Execution | None, read: Callable[..., Any] | None) -> list[Answer]:
    if not jobs:
        return []
    answers: dict[int, Answer] = {}

    def take(batch: Sequence[tuple[int, Job]], found: Sequence[Answer]) -> None:
        answers.update(zip((place for place, _ in batch), found, strict=True))

    def lose(job: tuple[int, Job], reason: str) -> None:
        answers[job[0]] = Answer(seed=job[1].seed, reason=reason)

    work = functools.partial(_answers, read=read)
    through(list(enumerate(jobs)), execution or Execution(), work, take=take, lose=lose)
    return [answers[place] for place in range(len(jobs))]


def _answers(batch: Sequence[tuple[int, Job]], tell: Tell, *, read: Callable[..., Any] | None) -> list[Answer]:
    """Run a batch of jobs, and keep of each what is read from it, or its results where nothing is."""
    found: list[Answer] = []
    for _, job in batch:
        given = answer(job, lambda share: tell((len(found) + share) / len(batch)))
        strange = next((reason for reason in map(not_finite, given.results) if reason), None)
        if strange is not None:
            given = Answer(seed=job.seed, reason=strange)
        if read is not None and given.reason is None:
            given = _read(job, given, read)
        found.append(given)
    return found


def _read(job: Job, given: Answer, read: Callable[..., Any]) -> Answer:
    """Return what is read from the results of a job; a refusal becomes its reason, as for the run itself."""
    from sim.errors import InputError

    try:
        return Answer(seed=job.seed, read=read(job, given.results))
    except InputError as error:
        return Answer(seed=job.seed, reason=str(error), refused=True)


def answer(job: Job, advance: Callable[[float], bool], *, watch: Watch | None = None) -> Answer:
    """Run one job; whatever goes wrong becomes its reason.

    Parameters
    ----------
    job
        What to run.
    advance
        Called with the share of the job that is done, 0 to 1; returning False stops it.
    watch
        Called after every month, see `sim.run.run_arms`.

    Raises
    ------
    Cancelled
        When `advance` asked to stop.
    """
    from sim.errors import InputError
    from sim.run import run_arms

    stopped = False
    besides: dict[str, Any] = {} if watch is None else {"watch": watch}
    if job.shocks_by_arm:
        besides["shocks_by_arm"] = job.shocks_by_arm

    def tell(months_done: int) -> bool:
        nonlocal stopped
        stopped = stopped or not advance(min(1.0, months_done / (job.months * len(job.policies))))
        return not stopped

    try:
        if job.extensions.rule is not None:
            return Answer(seed=job.seed, results=tuple(run_ruled(job, tell, watch)))
        results = run_arms(
            job.city,
            job.policies,
            seed=job.seed,
            months=job.months,
            scale=job.scale,
            parameters=job.parameters,
            shocks=job.shocks,
            without=job.without,
            progress=tell,
            **besides,
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
    from sim.errors import InputError

    failed = [each for each in answers if each.reason is not None]
    if not failed:
        return
    first = failed[0]
    if first.refused:
        raise InputError(str(first.reason))
    raise FailedJobsError(f"{len(failed)} of {len(answers)} futures failed; the first, seed {first.seed}: {first.reason}")
