"""A store reads what was committed and nothing else, refuses what it does not know, and says what is wrong."""

import dataclasses
import errno
import json
import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from crashing import ROOT, contents

from experiments.execution.runner import Job
from experiments.store import whole_files
from experiments.store.batch_results import Ran, Task, pack
from experiments.store.maintenance import compact
from experiments.store.query import ask
from experiments.store.run_id import run_ids
from experiments.store.seals import Record
from experiments.store.shards import Parcel, encode
from experiments.store.soundness import check, leavings
from experiments.store.store import Keep, Store, existing
from experiments.store.whole_files import write_whole
from sim.errors import InputError
from sim.outcomes import HEADLINES, OUTCOMES, outcome_index

SETTINGS = {"gangs.split_chance": 0.1}


@pytest.fixture
def jobs_of(sandbox, idle, calm):
    def jobs(count, first=0, months=24):
        return [
            Job(
                city=sandbox,
                policies=(idle, calm),
                seed=seed,
                months=months,
                scale=0.5,
                parameters={"gangs.split_chance": 0.1},
            )
            for seed in range(first, first + count)
        ]

    return jobs


@pytest.fixture
def parcel_of(core, jobs_of):
    """A batch of made-up runs as a worker hands it over; seeds in `failing` failed."""

    def parcel(count, first=0, failing=(), keep=None):
        keep = keep or Keep()
        done = []
        for job in jobs_of(count, first):
            if job.seed in failing:
                done.append(Ran(Task(job, run_ids(job)), reason="nobody lives here"))
                continue
            results = core.run_arms(job.city, job.policies, seed=job.seed, months=job.months, scale=job.scale)
            columns = [outcome_index(name) for name in keep.monthly]
            done.append(Ran(Task(job, run_ids(job)), results, places=[each.place_yearly[..., columns] for each in results]))
        return pack(done, keep)

    return parcel


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


# Opening --------------------------------------------------------------------------------------------------------------


def test_a_new_store_says_its_format_and_what_it_keeps(store):
    said = json.loads((store.path / "store.json").read_text("utf-8"))
    assert said["format"] == 3
    assert said["keep"]["places"] == "none"
    assert said["keep"]["monthly"] == list(HEADLINES)
    assert Store.open(store.path).keep == store.keep


def test_a_format_of_the_future_is_refused(store):
    settings = store.path / "store.json"
    said = json.loads(settings.read_text("utf-8"))
    settings.write_text(json.dumps({"format": 4, "keep": said["keep"]}), "utf-8")
    with pytest.raises(InputError, match=r"store.json: format is 4; this version reads 1 to 3; use the version that wrote"):
        Store.open(store.path)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1}', '{"format": 1, "keep": {"monthly": ["fear"]}}'])
def test_a_description_that_is_none_is_refused(store, text):
    (store.path / "store.json").write_text(text, "utf-8")
    with pytest.raises(InputError, match=r"store.json: is damaged.*; citysafety store repair"):
        Store.open(store.path)


def test_what_a_store_keeps_cannot_be_changed_later(store):
    assert Store.open(store.path, store.keep).keep == store.keep
    with pytest.raises(InputError, match=r"keeps homicide_rate, .* by month, not fear by month; name another folder"):
        Store.open(store.path, Keep(monthly=("fear",)))


@pytest.mark.parametrize(
    ("keep", "says"),
    [
        ({"monthly": ("feer",)}, r"keep.monthly\[0\] is 'feer', which is no outcome; did you mean fear\?"),
        ({"monthly": ("fear", "fear")}, r"keep.monthly\[1\] is 'fear' a second time"),
        ({"places": "weekly"}, "keep.places is 'weekly'; give none or yearly or monthly"),
        ({"monthly": (), "places": "yearly"}, "keep.monthly is empty"),
    ],
)
def test_what_cannot_be_kept_is_refused(keep, says):
    with pytest.raises(InputError, match=says):
        Keep(**keep)


def test_a_file_or_a_folder_of_other_things_is_no_store(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    with pytest.raises(InputError, match="holds other files"):
        Store.open(tmp_path)
    with pytest.raises(InputError, match="this is a file"):
        Store.open(tmp_path / "notes.txt")
    with pytest.raises(InputError, match="is no store of runs"):
        existing(tmp_path)
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


def test_a_folder_that_cannot_be_made_is_refused(tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        Store.open(tmp_path / "file" / "store")


# Committing -----------------------------------------------------------------------------------------------------------


def test_what_is_committed_is_read_back_as_the_model_wrote_it(core, store, parcel_of, jobs_of):
    store.commit(parcel_of(3))
    runs, city = store.read("runs").to_pandas(), store.read("city").to_pandas()
    for job in jobs_of(3):
        results = core.run_arms(job.city, job.policies, seed=job.seed, months=24, scale=0.5)
        for name, result in zip(run_ids(job), results, strict=True):
            (row,) = runs[runs["id"] == name].to_dict("records")
            assert (row["city"], row["policy"], row["seed"], row["months"]) == ("sandbox", result.policy, job.seed, 24)
            assert json.loads(row["parameters"]) == {"gangs.split_chance": 0.1}
            assert [row[each.name] for each in OUTCOMES] == pytest.approx(result.city_monthly.mean(axis=0), rel=1e-6)
            months = city[city["id"] == name]
            assert months["month"].tolist() == list(range(1, 25))
            for outcome in store.keep.monthly:
                assert months[outcome].to_numpy().tobytes() == result.city_monthly[:, outcome_index(outcome)].tobytes()
    assert store.done() == {name for job in jobs_of(3) for name in run_ids(job)}


def test_failures_are_rows_with_their_reason(store, parcel_of, jobs_of):
    store.commit(parcel_of(3, failing={1}))
    found = ask(store, "SELECT id, reason, homicide_rate FROM runs WHERE status = 'failed'")
    assert set(found["id"]) == set(run_ids(jobs_of(3)[1]))
    assert set(found["reason"]) == {"nobody lives here"}
    assert found["homicide_rate"].isna().all()
    assert check(store) == []


def test_writing_the_same_runs_again_changes_no_byte(store, parcel_of):
    store.commit(parcel_of(3))
    before = contents(store.path)
    store.commit(parcel_of(3))
    assert contents(store.path) == before


def test_the_shard_of_runs_is_written_last(store, parcel_of, monkeypatch):
    order = []
    for module in ("parts", "store"):
        monkeypatch.setattr(f"experiments.store.{module}.write_whole", lambda path, content: order.append(path.parent.name))
    store.commit(parcel_of(1))
    assert list(dict.fromkeys(order)) == ["parts", "city", "runs", "commits"]


def test_a_shard_without_its_commit_is_not_read(store, parcel_of):
    store.commit(parcel_of(2))
    late = parcel_of(2, first=2)
    write_whole(store.shard("city", Record.of(4, late.shards).name), late.shards["city"])
    (store.path / "runs" / ".half.parquet.host.1.0.part").write_bytes(b"PAR1")
    assert len(store.done()) == 4
    assert ask(store, "SELECT count(DISTINCT id) AS n FROM city")["n"].item() == 4
    assert check(store) == []
    assert len(leavings(store)) == 2
    compact(store)
    assert leavings(store) == []


def test_a_name_says_what_a_shard_holds():
    assert Record.of(1, {"runs": b"a", "city": b"b"}).name == Record.of(1, {"city": b"b", "runs": b"a"}).name
    others = [(1, b"a", b"b"), (2, b"a", b"b"), (1, b"a", b"c"), (1, b"b", b"a")]
    assert len({Record.of(count, {"runs": runs, "city": city}).name for count, runs, city in others}) == 4


def test_neighbourhoods_are_kept_by_year_on_request(core, tmp_path, parcel_of, jobs_of):
    keep = Keep(monthly=("homicide_rate", "fear"), places="yearly")
    store = Store.open(tmp_path / "places", keep)
    store.commit(parcel_of(2, keep=keep))
    (job,) = jobs_of(1)
    (result, _) = core.run_arms(job.city, job.policies, seed=0, months=24, scale=0.5)
    found = ask(store, f"SELECT * FROM places WHERE id = '{run_ids(job)[0]}'")
    names = [each.name for each in job.city.neighbourhoods]
    assert found["neighbourhood"].tolist() == [name for name in names for _ in range(2)]
    assert found["year"].tolist() == [1, 2] * len(names)
    assert found["fear"].to_numpy().tobytes() == result.place_yearly[..., outcome_index("fear")].T.tobytes()
    assert check(store) == []


# What the disk refuses ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize("at", [0, 1])
def test_a_disk_that_refuses_is_told_clearly_and_the_store_still_reads(store, parcel_of, monkeypatch, number, at):
    store.commit(parcel_of(2))
    calls = []

    def refuse(handle):
        calls.append(handle)
        if len(calls) > at * 2:
            raise OSError(number, os.strerror(number))

    monkeypatch.setattr(whole_files.os, "fsync", refuse)
    with pytest.raises(InputError, match=f"--store .*: cannot be written \\({os.strerror(number)}\\); make room or mend"):
        store.commit(parcel_of(2, first=2))
    monkeypatch.undo()
    assert len(store.done()) == 4
    assert check(store) == []
    assert not [path for path in leavings(store) if path.suffix == ".part"]


FULL = """
import resource, sys
from pathlib import Path
from experiments.execution.execution import Execution
from experiments.execution.runner import Job
from experiments.store.store import Store
from experiments.store.sweep import sweep
from experiments.store.soundness import check
from sim.errors import InputError
from sim.scenario import load_city, load_policy
store = Store.open(Path(sys.argv[1]))
city, policy = load_city("sandbox"), load_policy("baseline")
jobs = [Job(city=city, policies=(policy,), seed=seed, months=2, scale=0.01) for seed in range(4)]
sweep(jobs[:2], store, Execution(executor="in-process"))
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.getrlimit(resource.RLIMIT_FSIZE)[1]))
try:
    sweep(jobs, store, Execution(executor="in-process"))
except InputError as error:
    print(error)
print(len(store.done()), check(store))
"""


def test_a_file_that_may_not_grow_is_told_clearly_by_the_real_system(tmp_path):
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path / "store")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    said, held = done.stdout.splitlines()
    assert "cannot be written (File too large); make room" in said
    assert held == "2 []"


def test_a_folder_that_is_gone_is_told_clearly(store, parcel_of):
    (store.path / "runs").rename(store.path / "elsewhere")
    with pytest.raises(InputError, match="cannot be written"):
        store.commit(parcel_of(1))


# Merging --------------------------------------------------------------------------------------------------------------


def test_two_stores_with_the_same_runs_are_the_same_once_compacted(tmp_path, parcel_of, monkeypatch):
    monkeypatch.setitem(sys.modules["experiments.store.maintenance"].RUNS_A_SHARD, "none", 8)
    one, other = Store.open(tmp_path / "one"), Store.open(tmp_path / "other")
    one.commit(parcel_of(10, failing={4}))
    for first in (8, 0, 3, 5, 7):
        other.commit(parcel_of(2, first=first, failing={4}))
    other.commit(parcel_of(3, first=2, failing={4}))
    assert contents(one.path) != contents(other.path)
    assert (compact(one), compact(other)) == (3, 3)
    assert contents(one.path) == contents(other.path)
    assert check(other) == []
    before = contents(one.path)
    compact(one)
    assert contents(one.path) == before


@pytest.mark.parametrize("writes", range(0, 18, 3))
def test_a_crash_while_merging_loses_nothing_and_counts_nothing_twice(tmp_path, parcel_of, monkeypatch, writes):
    monkeypatch.setitem(sys.modules["experiments.store.maintenance"].RUNS_A_SHARD, "none", 4)
    store = Store.open(tmp_path / "store")
    for first in range(0, 6, 2):
        store.commit(parcel_of(2, first=first))
    before = ask(store, "SELECT * FROM runs ORDER BY id")
    months = ask(store, "SELECT * FROM city ORDER BY id, month")
    done = []

    def crash(path, *content, **wishes):
        if len(done) == writes:
            raise KeyboardInterrupt
        done.append(path)
        (write_whole if content else unlink)(path, *content, **wishes)

    unlink = Path.unlink
    monkeypatch.setattr("experiments.store.store.write_whole", crash)
    monkeypatch.setattr(Path, "unlink", crash)
    with pytest.raises(KeyboardInterrupt):
        compact(store)
    monkeypatch.setattr("experiments.store.store.write_whole", write_whole)
    monkeypatch.setattr(Path, "unlink", unlink)
    assert ask(store, "SELECT * FROM runs ORDER BY id").equals(before)
    assert ask(store, "SELECT * FROM city ORDER BY id, month").equals(months)
    assert check(store) == []
    compact(store)
    assert leavings(store) == []
    assert ask(store, "SELECT * FROM runs ORDER BY id").equals(before)


def test_a_run_that_failed_and_was_done_later_counts_as_done(store, parcel_of):
    store.commit(parcel_of(1, failing={0}))
    store.commit(parcel_of(1))
    assert set(store.statuses().values()) == {"done"}
    assert ask(store, "SELECT status, count(*) AS n FROM runs GROUP BY status").to_dict("list") == {
        "status": ["done"],
        "n": [2],
    }
    assert ask(store, "SELECT count(*) AS n FROM city")["n"].item() == 48
    compact(store)
    assert set(store.read("runs")["status"].to_pylist()) == {"done"}


def test_nobody_compacts_while_another_writes(store):
    other = Store.open(store.path)
    busy = pytest.raises(InputError, match="another command writes to it; try again when that is done")
    with store.writing(), other.writing(), busy:
        compact(other)
    with store.writing(alone=True), pytest.raises(InputError, match="it is being compacted"), other.writing():
        pass
    assert compact(other) == 0


# Asking and looking ---------------------------------------------------------------------------------------------------


def test_an_empty_store_answers_with_no_rows(store):
    for view in ("runs", "city", "log"):
        assert ask(store, f"SELECT * FROM {view}").empty
    assert "homicide_rate" in ask(store, "SELECT * FROM runs").columns


def test_runs_of_models_with_other_outcomes_stand_side_by_side(store, parcel_of):
    store.commit(parcel_of(1))
    older = parcel_of(1, first=1)
    table = pq.read_table(BytesIO(older.shards["runs"])).drop_columns(["fear"])
    store.commit(dataclasses.replace(older, shards={**older.shards, "runs": encode(table)}))
    assert ask(store, "SELECT count(*) AS n, count(fear) AS fears FROM runs").to_dict("list") == {"n": [4], "fears": [2]}


@pytest.mark.parametrize("sql", ["SELEC", "SELECT nothing FROM runs", "", "SELECT * FROM places", "SELECT * FROM rums"])
def test_a_question_that_cannot_be_answered_is_refused(store, sql):
    with pytest.raises(InputError, match="query: "):
        ask(store, sql)


def test_the_log_tells_who_ran_what_and_passes_over_a_line_cut_short(store):
    store.note("started", ids=["a", "b"])
    store.note("stored", ids=["a", "b"], worker="w", seconds=(0.5, 0.25))
    (log,) = (store.path / "log").iterdir()
    with log.open("a", encoding="utf-8") as file:
        file.write('{"event": "sto')
    found = ask(store, "SELECT id, event, worker, seconds FROM log ORDER BY event, id")
    assert found["id"].tolist() == ["a", "b"] * 2
    assert found["seconds"].tolist()[2:] == [0.75, 0.75]


def test_faults_are_found(store, parcel_of):
    store.commit(parcel_of(2))
    (name,) = store.committed()
    whole = store.shard("city", name).read_bytes()
    store.shard("city", name).write_bytes(whole[:100])
    (fault,) = check(store)
    assert "is damaged, so 4 runs are lost; citysafety store repair" in fault
    with pytest.raises(InputError, match=r"is damaged, so 4 runs are lost; citysafety store repair .* runs them again"):
        store.read("city")
    store.shard("city", name).write_bytes(whole)
    assert check(store) == []
    for folder in ("runs", "city", "commits"):
        store.shard(folder, name).rename(store.shard(folder, "0" * 32))
    assert ["is missing or damaged, and so are files of its shard" in fault for fault in check(store)] == [True]


def test_faults_inside_a_shard_that_is_what_was_written_are_found(store, parcel_of):
    parcel = parcel_of(2)
    table = pq.read_table(BytesIO(parcel.shards["city"]))
    store.commit(dataclasses.replace(parcel, shards={**parcel.shards, "city": encode(table.slice(0, 70))}))
    assert any("24 months" in fault for fault in check(store))


def test_a_run_that_came_out_in_two_ways_is_found(store, parcel_of):
    store.commit(parcel_of(1))
    store.commit(parcel_of(2))
    assert check(store) == []
    parcel = parcel_of(1)
    table = pq.read_table(BytesIO(parcel.shards["runs"]))
    other = table.set_column(table.column_names.index("fear"), "fear", [np.full(len(table), 7, np.float32)])
    store.commit(dataclasses.replace(parcel, shards={**parcel.shards, "runs": encode(other)}))
    assert any("came out otherwise" in fault for fault in check(store))


def test_nothing_in_the_data_tells_the_time_or_the_machine(store, parcel_of):
    import platform

    store.commit(parcel_of(1))
    whole = b"".join(contents(store.path).values())
    assert b"20" + str(__import__("datetime").date.today().year)[2:].encode() + b"-" not in whole
    assert platform.node().encode() not in whole


def test_a_parcel_without_a_folder_is_a_fault_of_the_program(store):
    with pytest.raises(KeyError):
        store.commit(Parcel(statuses={"a": "done"}, shards={}))
