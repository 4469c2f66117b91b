"""Batches on a cluster of dask workers: this machine's own, or any that has a scheduler (Slurm, Kubernetes, a cloud).

A worker has one batch a thread. What came back is released at once, so that nothing of it is run again when the worker that
held it is gone; a batch that killed its workers comes back as lost. Needs the extra `cluster`.

Dask sends code: whoever reaches a scheduler runs what he likes on its workers and on whoever connects. An address of
another machine is therefore told with a warning, unless it is tls://; certificates come from Dask's own configuration.
"""

from __future__ import annotations

import importlib
import logging
import pickle
import sys
import time
from collections.abc import Callable
from typing import Any

from experiments.execution.batches import (
    DIED,
    STALE_MARK,
    THREADS_OF_LIBRARIES,
    Batch,
    Finished,
    Work,
    available_workers,
    came_back,
)

__all__ = ["Cluster"]

PATIENCE = 60
"""Seconds until a scheduler must have answered and have a worker."""

LOOK_SECONDS = 0.01
LOOK_AGAIN = 1.0
"""Seconds until the scheduler is asked again how many workers there are."""

TRUST = (
    "whoever reaches this scheduler can run code on its workers and here; use it only in a network that you trust, "
    "or tls:// with certificates (docs/researcher.md, section 7)"
)
TLS = (
    "tls:// needs certificates; name distributed.comm.tls.ca-file, .client.cert and .client.key in Dask's configuration "
    "(docs/researcher.md, section 7)"
)

REMEDY = "what was stored is whole, and the same command goes on from there"


class Cluster:
    """Batches on dask workers."""

    def __init__(self, work: Work, *, workers: int | None = None, scheduler: str | None = None) -> None:
        from sim.compiled import source_hash
        from sim.errors import InputError

        try:
            distributed: Any = importlib.import_module("distributed")
            settings: Any = importlib.import_module("dask.config")
        except ImportError:
            remedy = "it needs more packages; install citysafety[cluster]"
            raise InputError(f"--scheduler {scheduler or 'local'}: {remedy}") from None
        self._work = work
        self._model = source_hash()
        self._most = workers
        self._own: Any = None
        where = scheduler or "local"
        if where == "local":
            # A batch that killed its worker comes back at once: to halve it and try again is our part.
            with settings.set({"distributed.scheduler.allowed-failures": 0}):
                self._own = distributed.LocalCluster(
                    n_workers=workers or available_workers(),
                    threads_per_worker=1,
                    processes=True,
                    dashboard_address=None,
                    env=dict.fromkeys(THREADS_OF_LIBRARIES, "1"),
                    silence_logs=logging.CRITICAL,
                )
        elif not where.startswith("tls://"):
            print(f"citysafety: --scheduler {where}: {TRUST}", file=sys.stderr)
        try:
            self._client = distributed.Client(self._own or where, timeout=PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except TypeError as error:
            # What distributed says where it has no certificates.
            raise InputError(f"--scheduler {where}: {TLS} ({error})") from None
        except (OSError, TimeoutError, ValueError) as error:
            self._close_own()
            raise InputError(f"--scheduler {where}: no worker answers there ({error}); check the address") from None
        self._ready = distributed.as_completed(loop=self._client.loop)
        self._killed = distributed.KilledWorker
        self._where = where
        self._threads = 0
        self._asked = self._alive = time.monotonic()
        self._running: dict[Any, int] = {}

    def slots(self) -> int:
        """Return how many threads the cluster has now, at most as many as were asked for.

        Raises
        ------
        InputError
            When the scheduler is gone, or has had no worker for a minute.
        """
        from sim.errors import InputError

        now = time.monotonic()
        if not self._threads or now - self._asked > LOOK_AGAIN:
            if self._client.status != "running":
                raise InputError(f"--scheduler {self._where}: is gone; {REMEDY}")
            self._asked, self._threads = now, int(sum(self._client.nthreads().values()))
        if self._threads:
            self._alive = now
        elif now - self._alive > PATIENCE:
            raise InputError(f"--scheduler {self._where}: has had no worker for {PATIENCE} s; {REMEDY}")
        return max(1, min(self._threads, self._most or self._threads))

    def submit(self, key: int, batch: Batch) -> None:
        """Give the batch to the cluster."""
        from citysafety.workers import call_pickled

        sent = pickle.dumps((_work_on_cluster, self._work, batch, self._model))
        future = self._client.submit(call_pickled, sent, pure=False)
        self._running[future] = key
        self._ready.add(future)

    def wait(self, seconds: float, tell: Callable[[], bool]) -> list[Finished]:
        """Return what has come back."""
        until = time.monotonic() + seconds
        while not self._running or not (ready := self._ready.next_batch(block=False)):
            if time.monotonic() >= until:
                return []
            time.sleep(LOOK_SECONDS)
        return [self._finished(future) for future in ready]

    def shares(self) -> dict[int, float]:
        """Return nothing: how far a batch is stays unknown here until it comes back."""
        return {}

    def close(self) -> None:
        """Cancel what runs and leave the cluster; this machine's own is taken down."""
        self._client.cancel(list(self._running), force=True)
        self._running.clear()
        self._client.close()
        self._close_own()

    def _finished(self, future: Any) -> Finished:
        key = self._running.pop(future)
        try:
            return came_back(key, future.result(timeout=PATIENCE))
        except (self._killed, TimeoutError):
            # Too late: its worker died with the result in its hands.
            return Finished(key=key, lost=DIED)
        finally:
            future.release()

    def _close_own(self) -> None:
        if self._own is not None:
            self._own.close()


def _work_on_cluster(work: Work, batch: Batch, model: str) -> Any:
    """Do the work in a worker of the cluster, unless it has another model."""
    from sim.compiled import source_hash

    if source_hash() != model:
        return STALE_MARK
    return work(batch, lambda share: True)
