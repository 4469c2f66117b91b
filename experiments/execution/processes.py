"""Batches in spawned processes, each a pool of one: the batch that a dead worker had is known, the others are unharmed.

A worker uses one thread, leaves Ctrl-C to its parent, works only if it finds its parent's model, and ends with its parent.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator, MutableSequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.process import BaseProcess
from typing import Any

from experiments.execution.batches import DIED, STALE_MARK, THREADS_OF_LIBRARIES, Batch, Finished, Tell, Work, came_back

__all__ = ["Processes", "one_thread_each"]

NOT_STARTED = -1.0
MOST_FALSE_STARTS = 3
"""How often in a row a new process may end before it is ready to work."""
UNGUARDED = 83
"""Code with which a process ends that was started to work and is asked to start processes of its own."""


class Processes:
    """Batches in spawned processes, each a pool of one: for models that hold the interpreter, and for safety.

    Parameters
    ----------
    work
        What is done with a batch; it is pickled.
    workers
        How many processes.
    model
        Hash of the model that the workers must find; None for work that has nothing to do with it.

    Raises
    ------
    SystemExit
        In a process that is only just being started: it runs the script that started it once more, and came this far
        because that script does not keep its work under `if __name__ == "__main__":`. Its parent says so.
    """

    def __init__(self, work: Work, workers: int, *, model: str | None) -> None:
        # The very mark by which Python itself refuses to start a process here, with pages of text from every one of them.
        if getattr(multiprocessing.current_process(), "_inheriting", False):
            raise SystemExit(UNGUARDED)
        self._work = work
        self._model = model
        self._context = multiprocessing.get_context("spawn")
        self._stop = self._context.Event()
        self._told: MutableSequence[float] = self._context.Array("d", workers, lock=False)
        self._pools: list[ProcessPoolExecutor | None] = [None] * workers
        self._children: list[set[BaseProcess]] = [set() for _ in range(workers)]
        self._running: dict[Future[Any], tuple[int, int]] = {}
        self._false_starts = 0

    def slots(self) -> int:
        """Return the number of processes."""
        return len(self._pools)

    def submit(self, key: int, batch: Batch) -> None:
        """Give the batch to a process that has none, starting one where it is needed."""
        busy = {slot for slot, _ in self._running.values()}
        idle = [slot for slot in range(len(self._pools)) if slot not in busy]
        slot = next((each for each in idle if self._pools[each] is not None), idle[0])
        try:
            future = self._pool(slot).submit(_work_in_process, batch)
        except BrokenProcessPool:
            # It died while it had nothing to do.
            self._discard(slot)
            future = self._pool(slot).submit(_work_in_process, batch)
        self._running[future] = (slot, key)

    def wait(self, seconds: float, tell: Callable[[], bool]) -> list[Finished]:
        """Return what has come back; a worker that died gives its batch back and is replaced when next needed.

        Raises
        ------
        InputError
            When they run the script that starts them once more, because it does not say what only the first shall do.
        RuntimeError
            When new processes end before they are ready, again and again.
        """
        ready, _ = wait(self._running, timeout=seconds, return_when=FIRST_COMPLETED)
        finished = []
        for future in ready:
            slot, key = self._running.pop(future)
            try:
                value = future.result()
            except BrokenProcessPool:
                finished.append(Finished(key=key, lost=DIED, begun=self._note_death(slot)))
                continue
            self._false_starts = 0
            self._told[slot] = 0.0
            finished.append(came_back(key, value))
        return finished

    def shares(self) -> dict[int, float]:
        """Return how far each running batch is."""
        return {key: max(0.0, self._told[slot]) for slot, key in self._running.values()}

    def close(self) -> None:
        """Stop what runs and wait for it."""
        self._stop.set()
        for pool in self._pools:
            if pool is not None:
                pool.shutdown(wait=True, cancel_futures=True)
        self._pools = [None] * len(self._pools)
        _forget_pools()

    def _pool(self, slot: int) -> ProcessPoolExecutor:
        """Return the pool of one process at a slot, started if need be."""
        from citysafety.workers import call

        pool = self._pools[slot]
        if pool is None:
            self._told[slot] = NOT_STARTED
            told = (_start_worker, self._told, slot, self._stop, self._model, self._work)
            pool = ProcessPoolExecutor(1, mp_context=self._context, initializer=call, initargs=told)
            before = set(multiprocessing.active_children())
            with one_thread_each():
                pool.submit(_nothing)
            _leave_writing_to_the_worker(pool)
            self._children[slot] = set(multiprocessing.active_children()) - before
            self._pools[slot] = pool
        return pool

    def _discard(self, slot: int) -> None:
        pool = self._pools[slot]
        if pool is not None:
            pool.shutdown(wait=True)
        pool = self._pools[slot] = None
        _forget_pools()

    def _note_death(self, slot: int) -> bool:
        """Forget a pool whose process died; return whether it had come to life, and give up when none does."""
        alive = self._told[slot] != NOT_STARTED
        self._told[slot] = 0.0
        self._discard(slot)
        if any(child.exitcode == UNGUARDED for child in self._children[slot]):
            from sim.errors import InputError

            raise InputError(
                "executor: every worker process runs your script from its beginning; put what it does "
                "under `if __name__ == '__main__':`, or give executor='threads'"
            ) from None
        self._false_starts = 0 if alive else self._false_starts + 1
        if self._false_starts > MOST_FALSE_STARTS:
            raise RuntimeError("worker processes end before they are ready")
        return alive


def _leave_writing_to_the_worker(pool: ProcessPoolExecutor) -> None:
    """Close this process's own writing end of the pipe of results, which it never uses.

    A worker that is killed while it sends a result leaves half of one behind. As long as anyone could write the rest, the
    pool would wait for it for ever; now the pipe ends with the worker, and the pool knows that it is broken.
    """
    results: Any = pool._result_queue
    results._writer.close()


def _forget_pools() -> None:
    """Collect pools that were shut down now: they hold themselves, and Python complains if it must do it amid the next."""
    gc.collect()


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Let processes that are started in the block use one thread each inside the numeric libraries."""
    before = {name: os.environ.get(name) for name in THREADS_OF_LIBRARIES}
    os.environ.update(dict.fromkeys(THREADS_OF_LIBRARIES, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Worker:
    """What a worker process knows of its parent, set once when it starts."""

    told: MutableSequence[float]
    slot: int
    stop: Any
    same_model: bool
    work: Callable[[Batch, Tell], Any]


def _nothing() -> None:
    """Give a new process a first thing to do, so that it starts."""


def _start_worker(told: MutableSequence[float], slot: int, stop: Any, model: str | None, work: Work) -> None:
    """Prepare a worker process: Ctrl-C is the parent's to answer, and the model must be the parent's too."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, name="citysafety-parent", daemon=True).start()
    _Worker.told = told
    _Worker.slot = slot
    _Worker.stop = stop
    _Worker.same_model = model is None or _model_here() == model
    _Worker.work = staticmethod(work)
    told[slot] = 0.0


def _end_with_parent() -> None:
    """End this process when its parent is gone: nobody would take what it makes, or end it."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _model_here() -> str:
    from sim.compiled import source_hash

    return source_hash()


def _work_in_process(batch: Batch) -> Any:
    """Do the work in a worker process; one that started on other sources would answer for another model."""
    if not _Worker.same_model:
        return STALE_MARK

    def tell(share: float) -> bool:
        _Worker.told[_Worker.slot] = share
        return not _Worker.stop.is_set()

    tell(0.0)
    return _Worker.work(batch, tell)
