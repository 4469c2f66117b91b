"""An id says what a run is: the same for the same inputs in any order, another for any other input."""

import dataclasses
import math
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.execution.runner import Job
from experiments.store.run_id import part_hash, run_ids
from sim.identity import outcome_hashes
from sim.scenario import MeasureUse, Policy, Target, Trigger, load_city, load_policy, load_shock

SANDBOX = load_city("sandbox")
BASELINE, ALL_FOUR = load_policy("baseline"), load_policy("all_four")

numbers = st.floats(allow_nan=False, allow_infinity=False)
settings = st.dictionaries(st.sampled_from([f"gangs.p{each}" for each in range(9)]), numbers, max_size=9)


def job(**changes):
    plain = Job(city=SANDBOX, policies=(BASELINE,), seed=1, months=12, scale=0.1, parameters={"gangs.split_chance": 0.1})
    return dataclasses.replace(plain, **changes)


def one(**changes):
    (found,) = run_ids(job(**changes))
    return found


@given(settings, st.randoms())
def test_the_order_of_parameters_is_irrelevant(parameters, luck):
    shuffled = list(parameters.items())
    luck.shuffle(shuffled)
    assert one(parameters=dict(shuffled)) == one(parameters=parameters)


@given(settings, st.sampled_from([f"gangs.p{each}" for each in range(9)]), numbers)
def test_another_value_of_any_parameter_is_another_run(parameters, name, value):
    changed = parameters | {name: value}
    same = name in parameters and parameters[name].hex() == value.hex()
    assert (one(parameters=changed) == one(parameters=parameters)) == same


@given(numbers)
def test_the_next_number_a_computer_knows_is_another_run(value):
    following = math.nextafter(value, math.inf)
    if math.isfinite(following):
        assert one(parameters={"gangs.p1": value}) != one(parameters={"gangs.p1": following})


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1))
def test_each_seed_is_a_run_of_its_own(first, second):
    assert (one(seed=first) == one(seed=second)) == (first == second)


@pytest.mark.parametrize(
    "change",
    [
        {"seed": 2},
        {"months": 13},
        {"scale": 0.1000001},
        {"parameters": {}},
        {"without": ("fear",)},
        {"policies": (ALL_FOUR,)},
        {"shocks": (load_shock("pact"),)},
        {"city": load_city("chicago")},
        {"city": SANDBOX.model_copy(update={"title": "Another"})},
        {"policies": (BASELINE.model_copy(update={"about": "Another text."}),)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_any_other_input_is_another_run(change):
    assert one(**change) != one()


def test_another_model_makes_another_run(monkeypatch):
    before = one()
    monkeypatch.setattr("sim.identity.model_hash", lambda: "another model")
    assert one() != before


def test_the_order_of_shocks_counts_and_that_of_mechanisms_does_not():
    pact, raid = load_shock("pact"), load_shock("pact").model_copy(update={"name": "other"})
    assert one(shocks=(pact, raid)) != one(shocks=(raid, pact))
    assert one(without=("fear", "peers")) == one(without=("peers", "fear"))


def test_an_arm_has_the_id_it_would_have_alone():
    assert run_ids(job(policies=(BASELINE, ALL_FOUR))) == (one(), one(policies=(ALL_FOUR,)))


def test_whole_numbers_are_floats():
    assert one(parameters={"gangs.p1": 1}) == one(parameters={"gangs.p1": 1.0})
    assert one(scale=1) == one(scale=1.0)


def test_a_part_that_takes_the_place_of_another_in_memory_is_told_from_it():
    hashes = {part_hash(SANDBOX.model_copy(update={"title": f"City {number}"})) for number in range(300)}
    assert len(hashes) == 300


def test_ids_are_the_same_in_another_process():
    code = (
        "from experiments.store.run_id import run_ids; from experiments.execution.runner import Job; "
        "from sim.scenario import load_city, load_policy; "
        "print(*run_ids(Job(city=load_city('sandbox'), policies=(load_policy('baseline'),), seed=1, months=12, "
        "scale=0.1, parameters={'gangs.split_chance': 0.1})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == [one()]


def test_measures_and_mechanisms_enter_the_ids_of_the_runs_that_use_them(monkeypatch):
    before = run_ids(job(policies=(BASELINE, ALL_FOUR)))
    monkeypatch.setattr("sim.identity.measure_hash", lambda row: f"another {row}")
    after = run_ids(job(policies=(BASELINE, ALL_FOUR)))
    assert [one != other for one, other in zip(before, after, strict=True)] == [False, True]
    without = one(without=("fear",))
    monkeypatch.setattr("sim.identity.mechanism_hash", lambda name: f"another {name}")
    assert one(without=("fear",)) != without
    assert one() == before[0]


def test_outcomes_enter_the_ids_of_the_runs_whose_triggers_or_targets_name_them(monkeypatch):
    triggered = Policy(
        name="x",
        title="X",
        about="X.",
        measures=(MeasureUse(measure="P-E1", trigger=Trigger(outcome="fear", above=0.5)),),
    )
    aimed = triggered.model_copy(
        update={"measures": (MeasureUse(measure="P-E1", where=Target(worst=2, by="homicide_rate")),)},
    )
    runs = job(policies=(BASELINE, triggered, aimed))
    before, known = run_ids(runs), dict(outcome_hashes())
    for name, changed in (("fear", [False, True, False]), ("homicide_rate", [False, False, True]), ("jobs", [False] * 3)):
        monkeypatch.setattr("sim.identity.outcome_hashes", lambda name=name: known | {name: "another"})
        assert [one != other for one, other in zip(before, run_ids(runs), strict=True)] == changed
