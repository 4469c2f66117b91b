"""A plan gives back the very jobs that were saved, and says so when it cannot."""

import dataclasses

import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.ids import run_ids
from experiments.plans import load_plan, plan_names, save_plan, share_of
from experiments.runner import Job
from experiments.shards import encode
from experiments.store import Store
from sim.faults import InputError
from sim.scenario import load_city, load_policy, load_shock

SANDBOX = load_city("sandbox")
POLICIES = (load_policy("baseline"), load_policy("all_four"))


def jobs():
    """Jobs that differ in everything in which jobs can differ."""
    plain = Job(city=SANDBOX, policies=POLICIES, seed=0, months=12, scale=0.1)
    seeds = (0, 1, 2**53 - 1, 2**63 - 1)
    varied = [dataclasses.replace(plain, seed=seed, parameters={"gangs.split_chance": 0.1 * seed}) for seed in seeds]
    return [
        *varied,
        plain,
        dataclasses.replace(plain, parameters={"recruitment.base": 1 / 3}),
        dataclasses.replace(plain, shocks=(load_shock("pact"),), without=("fear",)),
        dataclasses.replace(plain, policies=POLICIES[:1], months=24, scale=1 / 7),
        plain,
    ]


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
    monkeypatch.setattr("sim.compiled.source_hash", lambda: "other sources")
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
    path.write_bytes(encode(table, {"citysafety.plan": '{"format": 2}'}))
    with pytest.raises(InputError, match="format is 2; this version reads 1"):
        load_plan(store, "study")
    path.write_bytes(encode(table))
    with pytest.raises(InputError, match="cannot be read as a plan"):
        load_plan(store, "study")


@pytest.mark.parametrize("name", ["", "../up", "Study", "a b"])
def test_a_name_that_cannot_be_a_files_is_refused(store, name):
    with pytest.raises(InputError, match="use 1 to 60 of a-z"):
        save_plan(store, name, jobs())


def test_a_plan_of_nothing_is_refused(store):
    with pytest.raises(InputError, match="there are no jobs to plan"):
        save_plan(store, "study", [])
