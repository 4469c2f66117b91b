"""Whatever is killed, what was committed stays, and the store in the end is the one that nobody disturbed.

Here two kills of each kind; `tests/validation/test_store.py` has twenty, and dask and job arrays besides.
"""

import pytest
from crashing import assert_survives, batches, contents, kill_a_worker_at, start, study, undisturbed_contents

import experiments.store.sweep
from experiments.execution.execution import Execution
from experiments.store.maintenance import compact
from experiments.store.store import Store
from experiments.store.sweep import sweep

COUNT = 16


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    return undisturbed_contents(tmp_path_factory.mktemp("undisturbed") / "store", COUNT)


def test_a_driver_killed_at_random_moments_loses_nothing(undisturbed, tmp_path):
    path = tmp_path / "store"
    assert assert_survives(path, "threads", COUNT, kills=2, seed=1, longest=0.2) > 0
    assert start(path, "threads", COUNT).wait() == 0
    store = Store.open(path)
    assert compact(store) == 1
    assert contents(path) == undisturbed


def test_a_worker_process_killed_in_mid_sweep_costs_one_batch(undisturbed, tmp_path, monkeypatch):
    monkeypatch.setattr(experiments.store.sweep, "BATCH_SECONDS", 0.1)
    store = Store.open(tmp_path / "store")
    progress, dead = kill_a_worker_at(0.3)
    tally = sweep(study(COUNT), store, Execution(executor="processes", workers=1, progress=progress))
    assert (len(dead), tally.ran, tally.failed) == (1, 2 * COUNT, 0)
    (session,) = batches(store.path).values()
    assert len(set(session["started"]) - set(session["stored"])) <= 1
    compact(store)
    assert contents(store.path) == undisturbed
