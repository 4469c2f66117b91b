"""A plan gives back the very jobs that were saved, and says so when it cannot."""

import dataclasses
import json
import random
import tempfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.execution.runner import Job
from experiments.store.plans import load_plan, plan_names, save_plan, share_of
from experiments.store.run_id import run_ids
from experiments.store.seals import NO_SEAL, seal
from experiments.store.shards import encode
from experiments.store.soundness import check
from experiments.store.store import Store
from sim.errors import InputError
from sim.scenario import load_city, load_policy, load_shock

SANDBOX = load_city("sandbox")
POLICIES = (load_policy("baseline"), load_policy("all_four"))


def jobs():
    """Jobs that differ in everything in which jobs can differ."""
    plain = Job(city=SANDBOX, policies=POLICIES, seed=0, months=12, scale=0.1)
    seeds = (0, 1, 2**53 - 1, 2**63 - 1)
    varied = [
        dataclasses.replace(plain, seed=seed, parameters={"gangs.split_chance": 0.03 + 1e-21 * seed}) for seed in seeds
    ]
    return [
        *varied,
        plain,
        dataclasses.replace(plain, parameters={"homicide.rivalry_attack_rate": 0.01 / 3}),
        dataclasses.replace(plain, shocks=(load_shock("pact"),), without=("fear",)),
        dataclasses.replace(plain, policies=POLICIES[:1], months=24, scale=1 / 7),
        plain,
    ]


# hypothesis wants no fixture of a single test.
FOLDER = tempfile.TemporaryDirectory()
WHOLE_PLAN = save_plan(Store.open(Path(FOLDER.name) / "store"), "study", jobs())


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def test_a_plan_gives_back_the_very_jobs(store):
    assert save_plan(store, "study", jobs()) == store.path / "plan" / "study.parquet"
    found = load_plan(store, "study")
    assert [run_ids(job) for job in found] == [run_ids(job) for job in jobs()]
    assert found == jobs()


def test_a_plan_of_many_jobs_is_small_and_holds_each_part_once(store):
    one = jobs()[0]
    many = [dataclasses.replace(one, seed=seed) for seed in range(5000)]
    path = save_plan(store, "many", many)
    assert path.stat().st_size < 120_000
    found = load_plan(store, "many")
    assert found[0].city is found[-1].city
    assert len(found) == 5000


def test_saving_again_replaces_the_plan_and_the_same_jobs_give_the_same_bytes(store):
    path = save_plan(store, "study", jobs())
    before = path.read_bytes()
    save_plan(store, "study", jobs()[:1])
    assert len(load_plan(store, "study")) == 1
    assert save_plan(store, "study", jobs()).read_bytes() == before
    assert plan_names(store) == ["study"]


@given(st.integers(0, 40), st.integers(1, 12))
def test_shares_are_even_and_every_job_is_in_one(count, of):
    shares = [share_of(range(count), place, of) for place in range(1, of + 1)]
    assert sorted(job for share in shares for job in share) == list(range(count))
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_a_plan_for_another_model_is_refused(store, monkeypatch):
    save_plan(store, "study", jobs())
    monkeypatch.setattr("sim.identity.model_hash", lambda: "another model")
    with pytest.raises(InputError, match="was written for another version of the model or of its libraries"):
        load_plan(store, "study")


def test_what_is_no_plan_is_refused(store):
    save_plan(store, "study", jobs())
    with pytest.raises(InputError, match=r"--plan 'studi': .* has none; did you mean study\?"):
        load_plan(store, "studi")
    path = store.path / "plan" / "study.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:50])
    with pytest.raises(InputError, match="cannot be read as a plan"):
        load_plan(store, "study")
    table = pq.read_table(__import__("io").BytesIO(whole))
    path.write_bytes(encode(table, {"citysafety.plan": '{"format": 1}'}))
    with pytest.raises(InputError, match=r"was written by version 0\.1\.0; make it again with --dry-run"):
        load_plan(store, "study")
    path.write_bytes(encode(table))
    with pytest.raises(InputError, match="cannot be read as a plan"):
        load_plan(store, "study")


@pytest.mark.parametrize("name", ["", "../up", "../../x", "/etc/x", "Study", "a b", "study\n", "x" * 61])
def test_a_name_that_cannot_be_a_files_is_refused(store, name):
    for use in (lambda: save_plan(store, name, jobs()), lambda: load_plan(store, name)):
        with pytest.raises(InputError, match="use 1 to 60 of a-z"):
            use()


def test_a_plan_that_is_a_link_is_not_followed(store, tmp_path):
    save_plan(store, "study", jobs())
    outside = (store.path / "plan" / "study.parquet").rename(tmp_path / "outside.parquet")
    (store.path / "plan" / "study.parquet").symlink_to(outside)
    with pytest.raises(InputError, match="is a link; a plan is a file of its store"):
        load_plan(store, "study")
    with pytest.raises(InputError, match="is a link"):
        save_plan(store, "study", jobs())
    (fault,) = check(store)
    assert "is a link" in fault


def test_a_plan_under_another_name_is_refused(store):
    save_plan(store, "study", jobs()).rename(store.path / "plan" / "other.parquet")
    with pytest.raises(InputError, match="is the plan 'study' under another name; make it again with --dry-run"):
        load_plan(store, "other")


def test_a_file_among_the_plans_that_cannot_be_one_is_none(store):
    (store.path / "plan" / "My notes.parquet").write_bytes(b"mine")
    assert plan_names(store) == []
    assert check(store) == []


def parts_of(path):
    file = pq.ParquetFile(path)
    return file.read(), json.loads(file.metadata.metadata[b"citysafety.plan"])


def write(path, table, shared, *, anew):
    """Write an edited plan: with the hash that it had, or with one of its own."""
    text = json.dumps(shared, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    old = pq.ParquetFile(path).metadata.metadata[b"citysafety.hash"].decode()
    content = encode(table, {"citysafety.plan": text, "citysafety.hash": NO_SEAL if anew else old})
    path.write_bytes(seal(content) if anew else content)


def column(table, name, value, kind):
    values = [value, *table[name].to_pylist()[1:]]
    return table.set_column(table.column_names.index(name), name, pa.array(values, kind))


EDITS = [
    (lambda table, shared: shared["groups"][0].update(scale=0.0), r"scale is 0.0; it must be auto, or a number above 0"),
    (lambda table, shared: shared["groups"][0].update(scale=7), "scale is 7; it must be a number above 0 and up to 1"),
    (lambda table, shared: shared["groups"][0].update(scale="auto"), "scale is 'auto'; it must be a number above 0"),
    (lambda table, shared: shared["groups"][0].update(months=0), "months is 0; it must be at least 1"),
    (lambda table, shared: shared["groups"][0].update(months=10**6), "months is 1000000; it must be at most 1200"),
    (lambda table, shared: shared["groups"][0].update(months="12"), "months is '12'; it must be a whole number"),
    (lambda table, shared: shared["groups"][0].update(without=["fair"]), "is 'fair', which is no mechanism; did you mean"),
    (lambda table, shared: shared["groups"][0].update(policies=[]), "policies is empty; it must hold at least one"),
    (lambda table, shared: shared["groups"][0].update(city="nobody"), "is not as this version writes it"),
    (lambda table, shared: shared["groups"][0].pop("shocks"), "is not as this version writes it"),
    (lambda table, shared: shared.update(groups=[]), "group is 0, and there are 0"),
    (lambda table, shared: next(iter(shared["parts"].values())).update(name="UP"), "name is 'UP'; use 1 to 60 of a-z"),
    (lambda table, shared: column(table, "group", 99, pa.int32()), r"job 1: group is 99, and there are \d"),
    (lambda table, shared: column(table, "group", None, pa.int32()), "job 1: group is empty"),
    (lambda table, shared: column(table, "seed", -1, pa.int64()), "job 1: seed is -1; it is a whole number from 0"),
    (lambda table, shared: column(table, "gangs.split_chance", 7.0, pa.float64()), "gangs.split_chance is 7; its range is"),
    (
        lambda table, shared: column(table, "gangs.split_chance", float("nan"), pa.float64()),
        "split_chance is nan; it must be a finite number",
    ),
    (
        lambda table, shared: table.rename_columns([f"{each}x" for each in table.column_names]),
        "is not as this version writes",
    ),
    (lambda table, shared: table.append_column("no.such", pa.array([1.0] * len(table))), "no.such is no parameter"),
    (lambda table, shared: table.slice(0, 0), "holds no job"),
]


@pytest.mark.parametrize(("edit", "says"), EDITS)
def test_an_edited_plan_is_refused_even_where_its_hash_was_made_anew(store, edit, says):
    path = save_plan(store, "study", jobs())
    table, shared = parts_of(path)
    edited = edit(table, shared)
    table = edited if isinstance(edited, pa.Table) else table
    write(path, table, shared, anew=False)
    with pytest.raises(InputError, match="was changed after it was written, or is damaged; make it again with --dry-run"):
        load_plan(store, "study")
    (fault,) = check(store)
    assert "was changed after it was written" in fault
    write(path, table, shared, anew=True)
    with pytest.raises(InputError, match=says):
        load_plan(store, "study")


@given(st.integers(0, 2**32))
def test_no_damage_to_a_plan_ends_in_a_traceback(number):
    luck = random.Random(number)
    content = bytearray(WHOLE_PLAN.read_bytes())
    for _ in range(luck.randint(1, 20)):
        content[luck.randrange(len(content))] = luck.randrange(256)
    if luck.random() < 0.3:
        del content[luck.randrange(len(content)) :]
    if bytes(content) == WHOLE_PLAN.read_bytes():
        return
    path = WHOLE_PLAN.with_name("other.parquet")
    path.write_bytes(bytes(content))
    with pytest.raises(InputError):
        load_plan(Store.open(path.parents[1]), "other")


def test_a_plan_of_nothing_is_refused(store):
    with pytest.raises(InputError, match="there are no jobs to plan"):
        save_plan(store, "study", [])
