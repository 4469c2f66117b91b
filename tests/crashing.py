"""A small study on the real model that can be killed, and what must hold of its store afterwards.

Run as a program (`python crashing.py STORE EXECUTOR JOBS`) it sweeps the study into a store, in batches so short and with
merges so frequent that a kill can strike any of them.
"""

import json
import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import experiments.store.sweep
from experiments.execution.execution import Execution
from experiments.execution.runner import Job, replication_seed
from experiments.store.maintenance import compact
from experiments.store.soundness import check
from experiments.store.store import Store
from experiments.store.sweep import sweep
from sim.scenario import load_city, load_policy

ROOT = Path(__file__).parents[1]
DATA = ("runs", "city", "places")
WORKERS = 2


def study(count, months=12, scale=0.02):
    """Jobs of two arms each; the parameters differ from job to job."""
    city, policies = load_city("sandbox"), (load_policy("baseline"), load_policy("all_four"))
    return [
        Job(
            city=city,
            policies=policies,
            seed=replication_seed(4, number),
            months=months,
            scale=scale,
            parameters={"gangs.split_chance": 0.03 + 0.01 * (number % 7)},
        )
        for number in range(count)
    ]


def contents(path):
    """Every byte of the data of a store, by file."""
    return {f"{folder}/{each.name}": each.read_bytes() for folder in DATA for each in sorted((path / folder).iterdir())}


def undisturbed_contents(path, count):
    """The data of the study's store, compacted, as one thread writes it."""
    store = Store.open(path)
    assert sweep(study(count), store, Execution(executor="in-process")).ran == 2 * count
    compact(store)
    return contents(path)


def batches(path):
    """What the log says, session by session: the batches that were started and those that were stored."""
    found = {}
    for log in sorted((path / "log").glob("*.jsonl")):
        for line in log.read_text("utf-8").splitlines():
            said = json.loads(line)
            found.setdefault(log.stem, {"started": [], "stored": []})[said["event"]].append(tuple(said["ids"]))
    return found


def start(path, executor, count):
    """Start the sweep in a process of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, __file__, str(path), executor, str(count)]
    # In a session of its own, so that whoever outlives it can be found; what the dying say is of no interest.
    return subprocess.Popen(command, env=environment, cwd=ROOT, start_new_session=True, stderr=subprocess.DEVNULL)


def assert_nobody_is_left(leader):
    """No process that a dead one started lives on for long."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.killpg(leader, 0)
        except ProcessLookupError:
            return
        time.sleep(0.05)
    raise AssertionError("worker processes outlived their parent")


def run_and_kill(path, executor, count, luck, longest):
    """Start the sweep, kill it within `longest` seconds of its first batch; return whether it was killed in time."""
    known = set(batches(path)) if path.exists() else set()
    process = start(path, executor, count)
    while process.poll() is None and not (path.exists() and (path / "log").exists() and set(batches(path)) - known):
        time.sleep(0.005)
    time.sleep(luck.uniform(0, longest))
    if process.poll() is None:
        os.kill(process.pid, signal.SIGKILL)
    killed = process.wait() == -signal.SIGKILL
    assert_nobody_is_left(process.pid)
    return killed


def assert_survives(path, executor, count, kills, seed, longest):
    """Kill the sweep so often at random moments, and look at the store after each kill; return the number of kills."""
    luck = random.Random(seed)
    committed, struck = {}, 0
    for _ in range(kills):
        struck += run_and_kill(path, executor, count, luck, longest)
        store = Store.open(path)
        assert check(store) == []
        now = store.statuses()
        assert committed.items() <= now.items(), "a committed run was lost"
        committed = now
    for session in batches(path).values():
        assert len(set(session["started"]) - set(session["stored"])) <= WORKERS
    return struck


def kill_a_worker_at(share):
    """Return a progress that kills a worker process of ours when so much is done, and the list of the dead."""
    dead = []

    def progress(done):
        alive = [child for child in multiprocessing.active_children() if child.pid not in dead]
        if done >= share and not dead and alive:
            dead.append(alive[0].pid)
            os.kill(alive[0].pid, signal.SIGKILL)
        return True

    return progress, dead


def main(path, executor, count):
    experiments.store.sweep.BATCH_SECONDS = 0.05
    experiments.store.sweep.FOLD = 4
    sweep(study(int(count)), Store.open(Path(path)), Execution(executor=executor, workers=WORKERS))


if __name__ == "__main__":
    main(*sys.argv[1:])
