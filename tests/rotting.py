"""A tiny store of made-up runs, and the ways in which its files can rot, be cut, be swapped and be lost."""

import json
from types import SimpleNamespace

import numpy as np

from experiments.execution.runner import Job
from experiments.store.batch_results import Ran, Task, pack
from experiments.store.logs import log_files, read_log
from experiments.store.plans import save_plan
from experiments.store.run_id import run_ids
from experiments.store.seals import DamagedError
from experiments.store.settings import SEALED, UNSEALED, write_settings
from experiments.store.shards import encode
from experiments.store.soundness import check, name_without_record
from experiments.store.store import Keep, Store, existing
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_city, load_policy

KEEP = Keep(monthly=("fear", "homicide_rate"), places="yearly")
MONTHS = 6


def jobs_of(count, first=0):
    """Jobs of one arm each."""
    city, policies = load_city("sandbox"), (load_policy("baseline"),)
    return [Job(city=city, policies=policies, seed=seed, months=MONTHS, scale=0.5) for seed in range(first, first + count)]


def made_up(job):
    """What a job might have given."""
    noise = np.random.default_rng(job.seed)
    return SimpleNamespace(
        in_force=(),
        policy="baseline",
        seed=job.seed,
        scale=job.scale,
        city_monthly=noise.gamma(4.0, 5.0, (job.months, len(OUTCOMES))).astype(np.float32),
        place_yearly=noise.gamma(4.0, 5.0, (1, len(job.city.neighbourhoods), len(OUTCOMES))).astype(np.float32),
        events={"splits": 1},
    )


def fill(store, jobs):
    """Commit the jobs as one shard, with their lines in the log."""
    columns = [outcome_index(name) for name in store.keep.monthly]
    done = []
    for job in jobs:
        result = made_up(job)
        done.append(Ran(Task(job, run_ids(job)), [result], places=[result.place_yearly[..., columns]]))
    ids = [name for ran in done for name in ran.task.ids]
    store.note("started", ids=ids)
    name = store.commit(pack(done, store.keep))
    store.note("stored", ids=ids, worker="w", seconds=[0.1] * len(ids), failed=0)
    return name


def tiny_store(path):
    """Two shards of three runs, by months and neighbourhoods, two logs, a plan."""
    jobs = jobs_of(6)
    for three in (jobs[:3], jobs[3:]):
        fill(Store.open(path, KEEP), three)
    save_plan(Store.open(path), "study", jobs)
    return path


def of_version_0_1_0(path):
    """Turn a store into what version 0.1.0 would have written: no records, no hashes."""
    store = Store.open(path)
    for name in store.committed():
        table = store.read_shard("runs", name, ["id", "status"])
        statuses = dict(zip(table["id"].to_pylist(), table["status"].to_pylist(), strict=True))
        for folder in store.folders:
            store.shard(folder, name).rename(store.shard(folder, name_without_record(statuses)))
        store.shard("commits", name).unlink()
    (path / "commits").rmdir()
    without_parts(path)
    for log in log_files(store):
        lines = [json.dumps(line, ensure_ascii=False) + "\n" for line in read_log(store, log).said]
        log.write_text("".join(lines), "utf-8")
    for plan in (path / "plan").iterdir():
        plan.unlink()
    write_settings(path, store.keep, UNSEALED)
    return path


NEW = ("study", "city_hash", "policy_hash", "policy_part", "levels", "shock_hashes", "recorder")


def of_version_0_2_0(path):
    """Turn a store into what version 0.2.0 would have written: no parts, and rows that do not name any."""
    store = Store.open(path)
    for name in store.committed():
        files = {folder: store.read_file(folder, name) for folder in store.folders}
        table = store.read_shard("runs", name)
        store.write_shard(table.num_rows, files | {"runs": encode(table.drop_columns(list(NEW)))})
        for folder in (*store.folders, "commits"):
            store.shard(folder, name).unlink()
    without_parts(path)
    write_settings(path, store.keep, SEALED)
    return path


def without_parts(path):
    for part in (path / "parts").iterdir():
        part.unlink()
    (path / "parts").rmdir()


def files_of(path):
    return sorted(each for each in path.rglob("*") if each.is_file() and each.name != ".lock")


def faults_of(path):
    """What `store check` says is wrong."""
    try:
        return check(existing(path))
    except DamagedError as error:
        return [str(error)]


def flip(path, bit):
    """Turn one bit of a file over."""
    content = bytearray(path.read_bytes())
    content[bit // 8] ^= 1 << (bit % 8)
    path.write_bytes(bytes(content))
