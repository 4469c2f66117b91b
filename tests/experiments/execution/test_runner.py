"""The runner keeps order, treats failure as data, stops when asked, and changes no byte."""

import dataclasses
import itertools
import threading
import time

import numpy as np
import pytest

from experiments.execution.batches import available_workers
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled, Job, replication_seed, run_jobs
from sim.scenario import load_policy


def jobs_for(city, policies, seeds, months=24, scale=1.0):
    return [Job(city=city, policies=tuple(policies), seed=seed, months=months, scale=scale, parameters={}) for seed in seeds]


def as_bytes(answers):
    return [[(each.city_monthly.tobytes(), each.place_yearly.tobytes()) for each in a.results] for a in answers]


def test_answers_come_in_the_order_of_the_jobs_whoever_finishes_first(core, sandbox, calm, idle):
    seeds = [7, 3, 9, 1]
    core.seconds = {7: 0.05, 3: 0.02}
    answers = run_jobs(jobs_for(sandbox, [idle, calm], seeds), Execution(executor="threads", workers=4))
    assert [answer.seed for answer in answers] == seeds
    assert [[result.policy for result in answer.results] for answer in answers] == [["idle", "calm"]] * 4


def test_threads_and_in_process_give_the_same_bytes(core, sandbox, calm):
    jobs = jobs_for(sandbox, [calm], range(6))
    alone = as_bytes(run_jobs(jobs, Execution(executor="in-process")))
    assert alone == as_bytes(run_jobs(jobs, Execution(executor="threads", workers=1)))


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_the_month_is_compiled_once_before_any_job_starts_and_in_the_calling_thread(core, sandbox, calm, executor):
    run_jobs(jobs_for(sandbox, [calm], range(4)), Execution(executor=executor, workers=2))
    assert core.compiled_in == [threading.current_thread().name]
    assert core.ran_before_compiling == [0]


def test_no_more_jobs_run_at_a_time_than_there_are_workers(core, sandbox, calm):
    core.seconds = dict.fromkeys(range(6), 0.01)
    run_jobs(jobs_for(sandbox, [calm], range(6)), Execution(executor="threads", workers=2))
    assert core.most_at_once == 2


def test_no_jobs_give_no_answers_and_compile_nothing(core):
    assert run_jobs([]) == []
    assert core.compiled_in == []


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_a_failed_job_is_data_and_harms_no_other(core, sandbox, calm, executor):
    core.failing_seeds = {2: ZeroDivisionError("nobody lives here")}
    answers = run_jobs(jobs_for(sandbox, [calm], [1, 2, 3]), Execution(executor=executor))
    assert [answer.reason for answer in answers] == [None, "ZeroDivisionError: nobody lives here", None]
    assert [len(answer.results) for answer in answers] == [1, 0, 1]
    assert "Traceback" in answers[1].details
    assert not answers[1].refused


def test_a_job_refused_for_its_input_is_told_from_a_fault(core, sandbox, calm, refusal):
    core.failing_seeds = {1: refusal}
    (answer,) = run_jobs(jobs_for(sandbox, [calm], [1]))
    assert answer.refused
    assert answer.reason == str(refusal)


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_progress_rises_from_nothing_to_everything(core, sandbox, calm, executor):
    shares = []
    core.seconds = dict.fromkeys(range(4), 0.06)
    run_jobs(
        jobs_for(sandbox, [calm], range(4)), Execution(executor=executor, workers=2, progress=lambda s: not shares.append(s))
    )
    assert len(shares) > 1
    assert all(earlier <= later for earlier, later in itertools.pairwise(shares))
    assert 0 <= shares[0] < 1
    assert shares[-1] == 1


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_a_progress_that_says_no_stops_the_jobs(core, sandbox, calm, executor):
    core.seconds = dict.fromkeys(range(50), 0.02)
    with pytest.raises(Cancelled):
        run_jobs(jobs_for(sandbox, [calm], range(50)), Execution(executor=executor, workers=2, progress=lambda share: False))
    assert len(core.ran) < 50
    assert core.at_once == 0


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_an_interrupt_stops_the_jobs(core, sandbox, calm, executor):
    def interrupt(share):
        raise KeyboardInterrupt

    core.seconds = dict.fromkeys(range(50), 0.02)
    with pytest.raises(Cancelled):
        run_jobs(jobs_for(sandbox, [calm], range(50)), Execution(executor=executor, workers=2, progress=interrupt))
    assert len(core.ran) < 50
    assert core.at_once == 0


def test_a_replication_seed_is_a_function_of_seed_and_number_alone():
    assert [replication_seed(1, r) for r in range(3)] == [
        5995197966266666,
        7036230474900475,
        4395187705055898,
    ]
    assert replication_seed(2**63 - 1, 99_999) == 4719337418038523


def test_replications_of_neighbouring_studies_share_no_seed():
    seeds = {replication_seed(study, replication) for study in range(3) for replication in range(20_000)}
    assert len(seeds) == 60_000
    assert max(seeds) < 2**53
    assert min(seeds) >= 0


def test_replication_seeds_spread_evenly():
    seeds = np.array([replication_seed(5, replication) for replication in range(20_000)], dtype=float) / 2**53
    counts, _ = np.histogram(seeds, bins=20, range=(0, 1))
    assert abs(counts - 1000).max() < 150


# On the real core -----------------------------------------------------------------------------------------------------


def test_threads_processes_and_in_process_give_the_same_bytes_on_the_real_core(sandbox):
    jobs = jobs_for(sandbox, [load_policy("baseline"), load_policy("all_four")], [5, 6, 7], months=14, scale=0.2)
    ways = [("in-process", 1), ("threads", 1), ("threads", 2), ("processes", 1), ("processes", 2)]
    found = [as_bytes(run_jobs(jobs, Execution(executor=executor, workers=workers))) for executor, workers in ways]
    assert len(found[0]) == 3
    assert all(each == found[0] for each in found)


@pytest.mark.parametrize("executor", ["threads", "processes"])
def test_a_failed_job_is_data_on_the_real_core(sandbox, executor):
    good, other = jobs_for(sandbox, [load_policy("baseline")], [5, 6], months=3)
    bad = dataclasses.replace(good, months=None)
    answers = run_jobs([good, bad, other], Execution(executor=executor, workers=2))
    assert [answer.reason is None for answer in answers] == [True, False, True]
    assert "TypeError" in answers[1].reason


def test_a_worker_that_finds_another_model_refuses_to_answer(sandbox, monkeypatch):
    monkeypatch.setattr("sim.compiled.source_hash", lambda: "the model as it was when the parent began")
    answers = run_jobs(
        jobs_for(sandbox, [load_policy("baseline")], [5, 6], months=3), Execution(executor="processes", workers=2)
    )
    assert ["sources of the model changed" in answer.reason for answer in answers] == [True, True]
    assert [answer.results for answer in answers] == [(), ()]


@pytest.mark.parametrize("executor", ["in-process", "threads", "processes"])
def test_a_real_run_stops_when_asked(sandbox, executor):
    jobs = jobs_for(sandbox, [load_policy("baseline")], range(400), months=1200, scale=0.2)
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run_jobs(jobs, Execution(executor=executor, workers=2, progress=lambda share: False))
    assert time.monotonic() - began < 120


@pytest.mark.parametrize("executor", ["in-process", "threads", "processes"])
def test_progress_of_a_real_run_rises_to_everything(sandbox, executor):
    shares = []
    jobs = jobs_for(sandbox, [load_policy("baseline"), load_policy("all_four")], range(3), months=30, scale=0.2)
    run_jobs(jobs, Execution(executor=executor, workers=2, progress=lambda share: not shares.append(share)))
    assert all(earlier <= later for earlier, later in itertools.pairwise(shares))
    assert shares[-1] == 1


def test_there_is_at_least_one_worker():
    assert available_workers() >= 1
