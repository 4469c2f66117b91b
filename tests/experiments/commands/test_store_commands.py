"""`citysafety store` and `citysafety worker`, as somebody at a terminal meets them."""

import json

import pytest
from crashing import contents

from experiments.commands.dry_run import say_dry_run
from experiments.execution.execution import Execution
from experiments.execution.runner import Job
from experiments.store.estimate import duration, estimate
from experiments.store.maintenance import compact
from experiments.store.plans import load_plan, plan_name, save_plan
from experiments.store.store import Store
from experiments.store.sweep import FailedRunsError, sweep
from sim.identity import model_hash


@pytest.fixture
def jobs(sandbox, idle, calm):
    return [Job(city=sandbox, policies=(idle, calm), seed=seed, months=24, scale=0.5) for seed in range(5)]


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def test_check_says_what_a_store_holds(core, store, jobs, ask):
    core.failing_seeds = {3: ZeroDivisionError("nobody lives here")}
    sweep(jobs, store, Execution(executor="in-process"))
    compact(store)
    (store.path / "runs" / ".x.parquet.host.1.0.part").write_bytes(b"")
    code, out, _ = ask("store", "check", store.path)
    assert (code, out.splitlines()[0]) == (0, "10 runs, 2 of them failed, in 1 shard; all of it can be read")
    assert "left behind by a crash, and not read: 1" in out
    code, out, _ = ask("store", "check", store.path, "--json")
    counts = {"runs": 10, "failed": 2, "shards": 1, "hashes": True, "leavings": 1, "faults": []}
    assert json.loads(out) == counts | {"models": {model_hash(): 10}}


def test_check_fails_where_something_is_wrong(core, store, jobs, ask):
    sweep(jobs, store, Execution(executor="in-process"))
    compact(store)
    (name,) = store.committed()
    store.shard("runs", name).write_bytes(b"PAR1")
    code, out, _ = ask("store", "check", store.path)
    assert code == 1
    assert "is damaged, so 10 runs are lost; citysafety store repair" in out


def test_compact_says_how_many_shards_there_are(core, store, jobs, ask):
    sweep(jobs, store, Execution(executor="threads", workers=2))
    assert ask("store", "compact", store.path) == (0, "1 shard\n", "")


def test_query_prints_a_table_or_json(core, store, jobs, ask):
    sweep(jobs, store, Execution(executor="in-process"))
    sql = "SELECT policy, count(*) AS runs FROM runs GROUP BY policy ORDER BY policy"
    code, out, _ = ask("store", "query", store.path, sql)
    assert code == 0
    assert [line.split() for line in out.splitlines()] == [["policy", "runs"], ["calm", "5"], ["idle", "5"]]
    assert json.loads(ask("store", "query", store.path, sql, "--json")[1]) == [
        {"policy": "calm", "runs": 5},
        {"policy": "idle", "runs": 5},
    ]
    code, out, err = ask("store", "query", store.path, "SELECT nothing FROM runs")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("citysafety: query: ")


@pytest.mark.parametrize("arguments", [["check"], ["compact"], ["query", "SELECT 1"]])
def test_a_folder_that_is_no_store_is_refused_and_left_alone(tmp_path, ask, arguments):
    code, _, err = ask("store", arguments[0], tmp_path / "none", *arguments[1:])
    assert code == 2
    assert "is no store of runs" in err
    assert not (tmp_path / "none").exists()


def test_workers_of_an_array_share_the_jobs_and_find_what_one_sweep_finds(core, store, jobs, ask, tmp_path):
    save_plan(store, "study", jobs)
    said = [ask("worker", "--store", store.path, "--shard", f"{place}/2")[:2] for place in (1, 2)]
    assert said == [
        (0, "share 1/2: 6 of 6 runs were run and stored\n"),
        (0, "share 2/2: 4 of 4 runs were run and stored\n"),
    ]
    assert sorted(core.ran) == list(range(5))
    found = json.loads(ask("worker", "--store", store.path, "--json")[1])
    assert found == {"asked": 10, "held": 10, "ran": 0, "failed": 0}
    other = Store.open(tmp_path / "other")
    sweep(jobs, other, Execution(executor="in-process"))
    compact(store)
    compact(other)
    assert contents(store.path) == contents(other.path)


def test_a_worker_runs_all_plans_or_one(core, store, jobs, ask):
    save_plan(store, "first", jobs[:2])
    save_plan(store, "second", jobs[1:])
    assert ask("worker", "--store", store.path, "--plan", "first")[1] == "share 1/1: 4 of 4 runs were run and stored\n"
    said = "share 1/1: 6 of 10 runs were run and stored, 4 were stored already\n"
    assert ask("worker", "--store", store.path)[1] == said


@pytest.mark.parametrize(
    "shard", ["0/2", "3/2", "1", "a/b", "1/0", "-1/2", "1/2/3", "1.5/2", "", " 1/2", "²/³", "1/9999999"]
)
def test_a_share_that_cannot_be_is_refused(core, store, ask, shard):
    code, _, err = ask("worker", "--store", store.path, "--shard", shard)
    assert code == 2
    assert "counted from 1, such as --shard 1/10" in err


def test_a_worker_of_which_runs_failed_ends_with_1_and_says_how_many(core, store, jobs, ask):
    save_plan(store, "study", jobs)
    core.failing_seeds = {3: ZeroDivisionError("nobody lives here")}
    said = "share 1/1: 10 of 10 runs were run and stored, 2 of them failed\n"
    assert ask("worker", "--store", store.path) == (1, said, "")
    said = "share 1/1: 0 of 10 runs were run and stored, 10 were stored already, 2 of them as failed (--retry-failed"
    code, out, err = ask("worker", "--store", store.path)
    assert (code, out.startswith(said), err) == (1, True, "")
    code, out, err = ask("worker", "--store", store.path, "--quiet")
    assert (code, out, "2 of them as failed" in err) == (1, "", True)
    assert json.loads(ask("worker", "--store", store.path, "--json")[1])["failed"] == 2
    core.failing_seeds = dict.fromkeys(range(9), ZeroDivisionError("nobody lives here"))
    other = Store.open(store.path.with_name("other"))
    save_plan(other, "study", jobs)
    assert ask("worker", "--store", other.path)[0] == 1
    core.failing_seeds = {}
    assert ask("worker", "--store", other.path, "--retry-failed")[0] == 0
    assert ask("worker", "--store", other.path)[0] == 0


def test_a_worker_opens_no_plan_outside_its_store(store, jobs, ask, tmp_path):
    outside = Store.open(tmp_path / "outside")
    save_plan(outside, "study", jobs)
    for name in ("../../outside/plan/study", str(outside.path / "plan" / "study")):
        code, out, err = ask("worker", "--store", store.path, "--plan", name)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert "use 1 to 60 of a-z" in err


def test_a_worker_without_a_plan_says_where_plans_come_from(store, ask):
    code, _, err = ask("worker", "--store", store.path)
    assert code == 2
    assert "has no plan; an experiment with --dry-run and --store writes one" in err


def test_a_worker_that_is_stopped_ends_with_130_and_says_how_to_go_on(core, store, jobs, ask, monkeypatch):
    save_plan(store, "study", jobs)

    def interrupt(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(core, "run_arms", interrupt)
    monkeypatch.setattr("sim.run.run_arms", interrupt)
    code, _, err = ask("worker", "--store", store.path, "--executor", "in-process")
    assert code == 130
    assert "stopped; 0 of 10 runs are stored in" in err
    assert "the same command goes on from there" in err


# Before a sweep -------------------------------------------------------------------------------------------------------


def test_a_dry_run_counts_times_and_weighs_without_storing_a_run(core, store, jobs, capsys):
    core.seconds = dict.fromkeys(range(5), 0.02)
    say_dry_run(jobs, store.path, "study", workers=2)
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("10 runs; about 1 s on 2 workers (0.0")
    assert first.endswith("kB")
    assert f"plan {plan_name('study', jobs)} is in" in second
    assert store.done() == frozenset()
    assert load_plan(store, plan_name("study", jobs)) == jobs
    assert sorted(core.ran) == [0, 4]


def test_a_dry_run_in_json(core, store, jobs, capsys):
    say_dry_run(jobs, store.path, "study", workers=1, as_json=True)
    said = json.loads(capsys.readouterr().out)
    assert (said["plan"], said["runs"], said["left"], said["workers"]) == (plan_name("study", jobs), 10, 10, 1)
    assert 1_000 < said["bytes"] / 10 < 6_000
    assert said["seconds"] == pytest.approx(10 * said["seconds_a_run"])


def test_an_estimate_knows_what_is_stored_already(core, store, jobs):
    sweep(jobs[:4], store, Execution(executor="in-process"))
    found = estimate(jobs, store)
    assert (found.asked, found.left, found.workers) == (10, 2, 1)
    assert "10 runs, 8 of them stored already; about" in found.text()
    sweep(jobs, store, Execution(executor="in-process"))
    assert estimate(jobs, store).text() == "10 runs, 10 of them stored already; nothing is left to run"


def test_an_estimate_by_runs_that_fail_is_refused(core, store, jobs):
    core.failing_seeds = {0: ZeroDivisionError("nobody lives here")}
    with pytest.raises(FailedRunsError, match="2 of 4 runs that were tried failed: ZeroDivisionError: nobody lives here"):
        estimate(jobs, store)


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.2, "1 s"), (119, "119 s"), (180, "3 min"), (9_000, "2.5 h"), (200_000, "2.3 days")]
)
def test_lengths_of_time_are_said_as_people_say_them(seconds, text):
    assert duration(seconds) == text
