"""Batches come back once each from any executor, and a worker that dies takes nothing with it but its batch."""

import os
import signal
import subprocess
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from experiments.execution.batches import THREADS_OF_LIBRARIES, available_workers
from experiments.execution.dispatch import Cancelled, Sizes, drive
from experiments.execution.executors import begin
from experiments.execution.processes import Processes, one_thread_each
from sim.errors import InputError


def squares(batch, tell):
    tell(1.0)
    return [number * number for number in batch]


def deadly(batch, tell):
    """Numbers divisible by 13 kill whoever works on them."""
    if any(number % 13 == 0 for number in batch):
        os.kill(os.getpid(), signal.SIGKILL)
    return squares(batch, tell)


def die_once(batch, tell):
    """The first that works on 5 dies of it; a mark in the environment's folder tells the second that it may live."""
    mark = Path(os.environ["CITYSAFETY_TEST_MARK"]) / "died"
    if 5 in batch and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return squares(batch, tell)


def die_while_answering(batch, tell):
    """The first that works on 5 dies when half of its answer is sent."""

    def send_half(connection, message, write=os.write):
        write(connection.fileno(), message[: len(message) // 2])
        os.kill(os.getpid(), signal.SIGKILL)

    mark = Path(os.environ["CITYSAFETY_TEST_MARK"]) / "died"
    if 5 in batch and not mark.exists():
        mark.touch()
        Connection._send = send_half
    return squares(batch, tell)


def library_threads(batch, tell):
    return [os.environ.get(name) for name in THREADS_OF_LIBRARIES]


def slow(batch, tell):
    for step in range(200):
        time.sleep(0.01)
        if not tell(step / 200):
            raise Cancelled
    return squares(batch, tell)


def begun(name, work, workers):
    """Start an executor; processes need not know the model for work that has nothing to do with it."""
    return Processes(work, workers, model=None) if name == "processes" else begin(name, work, workers=workers)


def run(name, work, jobs, workers=2, **wishes):
    """Drive the jobs; return what came back by job, the jobs given up, and the sizes of the batches."""
    found, given_up, sizes = {}, {}, []

    def take(batch, value):
        assert not set(batch) & set(found), "a job came back twice"
        sizes.append(len(batch))
        found.update(zip(batch, value, strict=True))

    drive(jobs, begun(name, work, workers), take=take, lose=given_up.__setitem__, **wishes)
    return found, given_up, sizes


@pytest.mark.parametrize("name", ["in-process", "threads", "processes"])
def test_every_job_comes_back_once(name):
    found, given_up, sizes = run(name, squares, range(50), sizes=Sizes(seconds=0.01))
    assert found == {number: number * number for number in range(50)}
    assert given_up == {}
    assert sum(sizes) == 50
    assert sizes[0] == 1


def test_the_one_job_that_kills_is_found_and_the_others_are_unharmed():
    found, given_up, _ = run("processes", deadly, range(1, 20), sizes=Sizes(size=8, seconds=100))
    assert found == {number: number * number for number in range(1, 20) if number != 13}
    assert list(given_up) == [13]
    assert "ended abruptly" in given_up[13]


@pytest.mark.parametrize("work", [die_once, die_while_answering])
def test_a_worker_that_died_of_something_else_is_replaced_and_its_job_done(work, tmp_path, monkeypatch):
    monkeypatch.setenv("CITYSAFETY_TEST_MARK", str(tmp_path))
    found, given_up, _ = run("processes", work, range(8), sizes=Sizes(size=4, seconds=100))
    assert found == {number: number * number for number in range(8)}
    assert given_up == {}
    assert (tmp_path / "died").exists()


def test_processes_that_never_come_to_life_end_in_an_error_and_not_in_failed_runs(monkeypatch):
    monkeypatch.setattr("experiments.execution.processes._start_worker", os._exit)
    taken = []
    with pytest.raises(RuntimeError, match="worker processes end before they are ready"):
        drive([1], Processes(squares, 1, model=None), take=taken.append, lose=lambda *job: taken.append(job))
    assert taken == []


UNGUARDED = """
from experiments.execution.dispatch import drive
from experiments.execution.processes import Processes

drive([1, 2, 3, 4], Processes(len, 2, model=None), take=print, lose=print)
"""


def test_a_script_that_does_not_guard_its_work_is_told_so_once(tmp_path):
    script = tmp_path / "study.py"
    script.write_text(UNGUARDED, "utf-8")
    path = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=60, env=os.environ | path
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("Traceback") == 1
    assert "During handling" not in done.stderr
    said = done.stderr.splitlines()[-1]
    assert "put what it does under `if __name__ == '__main__':`, or give executor='threads'" in said


def test_worker_processes_use_one_thread_each():
    before = {name: os.environ.get(name) for name in THREADS_OF_LIBRARIES}
    executor = Processes(library_threads, 1, model=None)
    executor.submit(1, [0])
    while not (ready := executor.wait(1.0, lambda: True)):
        pass
    executor.close()
    assert ready[0].value == ["1"] * len(THREADS_OF_LIBRARIES)
    with one_thread_each():
        assert os.environ["OMP_NUM_THREADS"] == "1"
    assert {name: os.environ.get(name) for name in THREADS_OF_LIBRARIES} == before


@pytest.mark.parametrize("name", ["threads", "processes"])
def test_a_stop_ends_work_that_runs(name):
    began = time.monotonic()
    with pytest.raises(Cancelled):
        run(name, slow, range(100), progress=lambda share: share < 0.001)
    assert time.monotonic() - began < 15


@pytest.mark.parametrize("name", ["in-process", "threads"])
def test_a_fault_of_the_work_is_raised_and_hides_nothing(name):
    def broken(batch, tell):
        raise ZeroDivisionError("no batch")

    with pytest.raises(ZeroDivisionError, match="no batch"):
        run(name, broken, range(4))


def test_batches_grow_until_they_take_long_enough_and_shrink_towards_the_end():
    sizes = Sizes(seconds=1.0)
    seen = []
    for _ in range(6):
        seen.append(sizes.next(10_000, 2))
        sizes.learn(seen[-1], 0.02 * seen[-1])
    assert seen == [1, 4, 16, 50, 50, 50]
    assert sizes.next(30, 2) == 15
    assert sizes.next(1, 2) == 1
    sizes.learn(50, 50 * 3.0)
    assert sizes.next(10_000, 2) == 1


def test_jobs_that_take_no_time_make_no_endless_batches():
    sizes = Sizes()
    for _ in range(20):
        sizes.learn(sizes.next(10**9, 1), 0.0)
    assert sizes.next(10**9, 1) == sizes.most


class NoScheduler:
    """Stands in for `distributed`: nobody answers, or there are no certificates."""

    def __init__(self, error):
        self.error = error

    def Client(self, *_, **__):
        raise self.error


@pytest.mark.parametrize(
    ("where", "warned"), [("tcp://10.0.0.1:8786", True), ("tcp://localhost:8786", True), ("tls://10.0.0.1:8786", False)]
)
def test_a_scheduler_that_anybody_may_reach_is_told_with_a_warning(monkeypatch, capsys, where, warned):
    monkeypatch.setitem(sys.modules, "distributed", NoScheduler(OSError("nobody")))
    monkeypatch.setitem(sys.modules, "dask.config", NoScheduler(None))
    with pytest.raises(InputError, match="no worker answers there"):
        begin("dask", squares, scheduler=where)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == warned
    assert all("can run code on its workers and here; use it only in a network that you trust" in line for line in lines)


def test_tls_without_certificates_says_which(monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", NoScheduler(TypeError("TLS expects a context")))
    monkeypatch.setitem(sys.modules, "dask.config", NoScheduler(None))
    with pytest.raises(InputError, match=r"tls:// needs certificates; name distributed.comm.tls.ca-file"):
        begin("dask", squares, scheduler="tls://10.0.0.1:8786")


def test_dask_that_is_not_installed_is_told_clearly(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(InputError, match=r"--scheduler local: it needs more packages; install citysafety\[cluster\]"):
        begin("dask", squares)


def test_a_scheduler_that_does_not_answer_is_told_clearly(monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("experiments.execution.dask.PATIENCE", 1)
    with pytest.raises(InputError, match=r"--scheduler tcp://127.0.0.1:9: no worker answers there .*; check the address"):
        begin("threads", squares, scheduler="tcp://127.0.0.1:9")


def test_there_is_at_least_one_worker():
    assert available_workers() >= 1
