"""What is left to run of some jobs: each run once, of each job the arms that are left, in little memory."""

import hashlib
import tracemalloc
from types import SimpleNamespace

import pytest

import experiments.store.tasks
from experiments.store.tasks import missing


def hexadecimal(number):
    return hashlib.blake2b(str(number).encode(), digest_size=16).hexdigest()


class Job(SimpleNamespace):
    """A job whose arms have the ids of some numbers."""

    def only(self, arms):
        return Job(numbers=[self.numbers[arm] for arm in arms])


@pytest.fixture(autouse=True)
def made_up_ids(monkeypatch):
    monkeypatch.setattr(experiments.store.tasks, "run_ids", lambda job: tuple(map(hexadecimal, job.numbers)))


def test_of_each_job_the_arms_are_left_that_nobody_asked_before_and_nobody_holds():
    jobs = [Job(numbers=numbers) for numbers in ([1, 2], [2, 1], [3, 1, 4], [5], [4, 6], [7, 7])]
    asked, tasks = missing(jobs, [hexadecimal(5), hexadecimal(3), hexadecimal(99)])
    assert asked == 7
    assert [task.job.numbers for task in tasks] == [[1, 2], [4], [6], [7]]
    assert [task.ids for task in tasks] == [tuple(map(hexadecimal, task.job.numbers)) for task in tasks]
    assert (len(tasks), tasks.runs) == (4, 5)


@pytest.mark.parametrize("jobs", [[], [Job(numbers=[1])]])
def test_nothing_is_left_where_nothing_is_asked_or_all_is_held(jobs):
    asked, tasks = missing(jobs, [hexadecimal(1)])
    assert (asked, len(tasks), tasks.runs) == (len(jobs), 0, 0)


def test_digests_that_end_in_zeros_are_told_apart(monkeypatch):
    ids = ["61" * 15 + "00", "61" * 14 + "0000", "61" * 16, "61" * 15 + "00"]
    monkeypatch.setattr(experiments.store.tasks, "run_ids", lambda job: (ids[job.numbers[0]],))
    asked, tasks = missing([Job(numbers=[number]) for number in range(4)], [])
    assert (asked, len(tasks)) == (3, 3)


def test_a_run_of_a_large_plan_takes_little_memory_until_it_is_known_what_is_left(monkeypatch):
    runs = 40_000
    monkeypatch.setattr(experiments.store.tasks, "run_ids", lambda job: (hexadecimal(job), hexadecimal(-1 - job)))
    tracemalloc.start()
    asked, tasks = missing(range(runs // 2), [])
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (asked, tasks.runs) == (runs, runs)
    assert most / runs < 80
