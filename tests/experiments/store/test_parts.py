"""A store says what was run: every row gives its job back, and what many runs share is kept once."""

import dataclasses
import json

import pytest

from experiments.commands.cli import run_command
from experiments.execution.execution import Execution
from experiments.execution.runner import Job
from experiments.store.estimate import estimate
from experiments.store.maintenance import compact
from experiments.store.parts import ran
from experiments.store.query import ask
from experiments.store.run_id import part_hash, run_ids
from experiments.store.soundness import check
from experiments.store.store import Store
from experiments.store.sweep import FailedRunsError, horizon_means, monthly, sweep
from sim.identity import outcome_hashes
from sim.scenario import MeasureUse, Policy, load_city, load_policy, load_shock

SANDBOX, BASELINE = load_city("sandbox"), load_policy("baseline")
PLAIN = Job(city=SANDBOX, policies=(BASELINE,), seed=1, months=12, scale=0.5, study="first")


def weakened(level):
    uses = (
        MeasureUse(measure="P-E1", level=level),
        MeasureUse(measure="P-R3"),
        MeasureUse(measure="P-E1", level=0.25, start=7),
    )
    return Policy(name="patrols", title="Patrols", about="Patrols.", measures=uses)


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


@pytest.fixture
def say(capsys):
    def run(*arguments):
        code = run_command([str(each) for each in arguments])
        return code, *capsys.readouterr()

    return run


def test_every_row_gives_its_job_back(core, store):
    shocks = (load_shock("pact"), load_shock("raid"))
    jobs = [
        PLAIN,
        dataclasses.replace(
            PLAIN, policies=(weakened(0.5), weakened(1 / 3)), parameters={"gangs.adjacent_member_weight": 0.2}
        ),
        dataclasses.replace(PLAIN, policies=(weakened(1.0),), shocks=shocks, without=("fear",), study=""),
    ]
    sweep(jobs, store, Execution(executor="in-process"))
    rows = ask(store, "SELECT * FROM runs").to_dict("records")
    assert len(rows) == 4
    asked = {name: (job, job.policies[arm]) for job in jobs for arm, name in enumerate(run_ids(job))}
    for row in rows:
        job, policy = asked[row["id"]]
        assert ran(store.path, row) == dataclasses.replace(job, policies=(policy,))
        assert row["study"] == job.study
        assert (row["city_hash"], row["policy_hash"]) == (part_hash(job.city), part_hash(policy))
        assert json.loads(row["shocks"]) == [shock.name for shock in job.shocks]
        assert json.loads(row["shock_hashes"]) == [part_hash(shock) for shock in job.shocks]


def test_runs_of_one_policy_at_different_levels_are_told_apart_and_share_one_part(core, store):
    policies = tuple(weakened(level) for level in (0.1, 0.2, 0.3))
    sweep([dataclasses.replace(PLAIN, policies=policies)], store, Execution(executor="in-process"))
    found = ask(
        store,
        "SELECT policy, policy_part, levels->>'P-E1' AS first, levels->>'P-E1#2' AS second, count(*) AS n, "
        "count(DISTINCT policy_hash) AS hashes FROM runs GROUP BY ALL ORDER BY first",
    )
    assert found["first"].tolist() == ["0.1", "0.2", "0.3"]
    assert found["second"].tolist() == ["0.25"] * 3
    assert found["policy_part"].nunique() == 1
    # The city, the policy at full strength, and the hashes of outcomes.
    assert len(list((store.path / "parts").iterdir())) == 3


def test_a_part_is_written_once(core, store):
    sweep([PLAIN], store, Execution(executor="in-process"))
    before = {path: path.stat().st_mtime_ns for path in (store.path / "parts").iterdir()}
    other = Store.open(store.path)
    sweep([dataclasses.replace(PLAIN, seed=2)], other, Execution(executor="in-process"))
    assert {path: path.stat().st_mtime_ns for path in (store.path / "parts").iterdir()} == before


# Two models in one store ----------------------------------------------------------------------------------------------


def test_two_models_in_one_store_are_told_wherever_it_is_looked_at(core, store, say, monkeypatch):
    with monkeypatch.context() as earlier:
        earlier.setattr("sim.identity.model_hash", lambda: "0123456789abcdef" * 2)
        sweep([PLAIN], store, Execution(executor="in-process"))
    assert "1 of 01234567" in say("store", "check", store.path)[1]
    sweep([PLAIN, dataclasses.replace(PLAIN, seed=2)], store, Execution(executor="in-process"))
    code, said, _ = say("store", "check", store.path)
    assert code == 0
    assert "1 runs are of another model (1 of 01234567); 2 runs are of this version's model" in said
    assert json.loads(say("store", "check", store.path, "--json")[1])["models"]["0123456789abcdef" * 2] == 1
    found = estimate([dataclasses.replace(PLAIN, seed=3)], store)
    assert (found.others, found.left) == (1, 1)
    assert "1 runs in the store are of another model" in found.text()
    query = ("store", "query", store.path, "SELECT model, count(*) AS n FROM runs GROUP BY model")
    assert "runs of 2 models were read" in say(*query)[2]
    assert json.loads(say(*query, "--json")[1])


def test_one_model_in_a_store_is_not_worth_a_word(core, store, say):
    sweep([PLAIN], store, Execution(executor="in-process"))
    assert "model" not in say("store", "check", store.path)[1]
    assert say("store", "query", store.path, "SELECT count(*) FROM runs")[2] == ""
    assert "model" not in estimate([dataclasses.replace(PLAIN, seed=3)], store).text()


# Outcomes that are recorded otherwise than before ---------------------------------------------------------------------


@pytest.fixture
def recorded_otherwise(core, store, monkeypatch):
    """Store a run; from then on reporting is recorded otherwise."""
    sweep([PLAIN], store, Execution(executor="in-process"))
    known = dict(outcome_hashes())
    monkeypatch.setattr("sim.identity.outcome_hashes", lambda: known | {"reporting": "another"})
    # Other lines of the recorder give other values.
    core.result, plain = (
        lambda *given: dataclasses.replace(plain(*given), city_monthly=plain(*given).city_monthly + 1),
        core.result,
    )
    return Store.open(store.path)


def test_a_run_is_done_for_a_study_only_if_it_holds_what_is_asked_as_it_is_recorded_today(core, recorded_otherwise):
    store = recorded_otherwise
    before = horizon_means([PLAIN], store, ["homicide_rate"])
    assert sweep([PLAIN], store, Execution(executor="in-process"), outcomes=["homicide_rate"]).ran == 0
    with pytest.raises(FailedRunsError, match="recorded otherwise by this version; run the sweep again"):
        horizon_means([PLAIN], store, ["reporting"])
    assert sweep([PLAIN], store, Execution(executor="in-process"), outcomes=["reporting"]).ran == 1
    assert sweep([PLAIN], store, Execution(executor="in-process")).ran == 0
    for each in (store, Store.open(store.path)):
        found = horizon_means([PLAIN], each, ["homicide_rate", "reporting"])
        assert found[0, 0, 0] == pytest.approx(before[0, 0, 0] + 1)
        assert monthly([PLAIN], each, ["reporting"])["reporting"].mean() == pytest.approx(found[0, 0, 1], rel=1e-5)
    assert check(store) == []


def test_the_run_that_is_recorded_as_today_is_the_one_that_stays(recorded_otherwise):
    store = recorded_otherwise
    sweep([PLAIN], store, Execution(executor="in-process"), outcomes=["reporting"])
    means, months = horizon_means([PLAIN], store), monthly([PLAIN], store, ["reporting"])["reporting"]
    assert ask(store, "SELECT count(*) AS n, avg(reporting) AS reporting FROM runs")["n"].item() == 1
    assert ask(store, "SELECT count(*) AS n FROM city")["n"].item() == 12
    compact(store)
    assert (horizon_means([PLAIN], store) == means).all()
    assert (monthly([PLAIN], store, ["reporting"])["reporting"] == months).all()
    assert check(store) == []


def test_only_the_columns_that_are_asked_for_are_read(core, store, monkeypatch):
    sweep([PLAIN], store, Execution(executor="in-process"))
    asked = []
    read = Store.read_shard
    monkeypatch.setattr(Store, "read_shard", lambda self, *given: asked.append(given[2]) or read(self, *given))
    assert horizon_means([PLAIN], store, ["reporting"]).shape == (1, 1, 1)
    assert [sorted(columns) for columns in asked] == [["id", "reason", "recorder", "reporting", "status"]]
