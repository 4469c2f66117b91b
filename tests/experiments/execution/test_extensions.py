"""Outcomes and rules of one's own are taken by every study, with the same numbers wherever the runs are made."""

import json

import numpy as np
import pytest

import citysafety as cs
from experiments.execution.extensions import extensions_of
from experiments.store.store import existing
from sim.errors import InputError
from sim.model import CitySafetyModel
from sim.outcomes import outcome_index

SMALL = {"months": 13, "replications": 3, "scale": 0.02}
STUDIED = cs.Analysis(method="morris", samples=3, vary=["gangs.adjacent_member_weight", "measures.P-E1"], outcomes=["fear"])


def late(result):
    """Homicide in the last month."""
    return result.city_monthly[-1, outcome_index("homicide_rate")]


def nothing(model):
    """Change nothing."""


def calm(model):
    """Take fear away from month 4 on."""
    if model.month > 3:
        model.state.neighbourhood["fear"][:] = 0.1


class Calm(CitySafetyModel):
    """The same as a class."""

    def step(self):
        super().step()
        if self.month > 3:
            self.state.neighbourhood["fear"][:] = 0.1


class Hasty(CitySafetyModel):
    """Lives two months at a time."""

    def step(self):
        super().step()
        if self.month < self.months:
            super().step()


@pytest.fixture(scope="module")
def plain():
    return cs.compare("sandbox", "all_four", outputs={"late": late}, **SMALL)


def test_an_outcome_of_ones_own_is_read_from_each_result(plain):
    column = plain.city_monthly[:, :, -1, outcome_index("homicide_rate")]
    np.testing.assert_array_equal(plain.own["late"], column.astype(np.float64))
    rows = plain.table().set_index(["policy", "outcome"])
    found = plain.difference("all_four", "late")
    assert found.mean == pytest.approx(float((column[1] - column[0]).mean()), rel=1e-6)
    assert rows.loc[("all_four", "late"), "difference_mean"] == found.mean
    assert plain.level("baseline", "late").mean == rows.loc[("baseline", "late"), "mean"]
    with pytest.raises(InputError, match="late is of your own and looks at whole runs"):
        plain.difference("all_four", "late", window=(1, 6))


def test_a_rule_that_does_nothing_gives_the_same_bytes(plain):
    ruled = cs.compare("sandbox", "all_four", model=nothing, **SMALL)
    for part in ("city_monthly", "place_yearly"):
        assert getattr(ruled, part).tobytes() == getattr(plain, part).tobytes()
    assert (ruled.events, ruled.in_force) == (plain.events, plain.in_force)
    assert ruled.made_with["rule after each month"].startswith("nothing ")


def test_a_function_and_a_class_that_do_the_same_give_the_same_and_change_what_follows(plain):
    first, second = (cs.compare("sandbox", "all_four", model=each, **SMALL).city_monthly for each in (calm, Calm))
    assert first.tobytes() == second.tobytes()
    assert first[:, :, :4].tobytes() == plain.city_monthly[:, :, :4].tobytes()
    assert first.tobytes() != plain.city_monthly.tobytes()


def test_worker_processes_and_a_store_give_the_same_and_rules_do_not_share_runs(plain, tmp_path):
    store = tmp_path / "store"
    far = cs.Execution(executor="processes", workers=1, store=store)
    stored = cs.compare("sandbox", "all_four", outputs={"late": late}, execution=far, **SMALL)
    assert stored.city_monthly.tobytes() == plain.city_monthly.tobytes()
    np.testing.assert_array_equal(stored.own["late"], plain.own["late"])
    ruled = cs.compare("sandbox", "all_four", model=calm, execution=far, **SMALL)
    assert ruled.city_monthly.tobytes() == cs.compare("sandbox", "all_four", model=calm, **SMALL).city_monthly.tobytes()
    table = existing(store).read("runs", ["id", "rule"])
    assert table.num_rows == len(set(table["id"].to_pylist())) == 12
    assert {bool(each) for each in table["rule"].to_pylist()} == {True, False}
    again = cs.compare("sandbox", "all_four", model=calm, execution=cs.Execution(store=store), **SMALL)
    assert again.city_monthly.tobytes() == ruled.city_monthly.tobytes()
    assert existing(store).read("runs", ["id"]).num_rows == 12


def test_a_study_stores_outcomes_under_their_hash_and_runs_again_what_lacks_them(tmp_path):
    def asked(outputs, store=None):
        study = {"analysis": STUDIED, "outputs": outputs, "months": 6, "scale": 0.02}
        return cs.sensitivity("sandbox", "all_four", execution=cs.Execution(store=store), **study)

    store = tmp_path / "store"
    cs.sensitivity("sandbox", "all_four", analysis=STUDIED, execution=cs.Execution(store=store), months=6, scale=0.02)
    runs = existing(store).read("runs", ["id"]).num_rows
    stored, free = asked({"late": late}, store), asked({"late": late})
    assert stored.indices.equals(free.indices)
    assert set(stored.indices["outcome"]) == {"fear", "late"}
    assert existing(store).read("runs", ["id"]).num_rows == 2 * runs
    assert asked({"late": late}, store).indices.equals(free.indices)
    assert existing(store).read("runs", ["id"]).num_rows == 2 * runs
    other = asked({"late": lambda result: late(result) + 1.0}, store)
    assert existing(store).read("runs", ["id"]).num_rows == 3 * runs
    np.testing.assert_allclose(other.outputs[..., 1], free.outputs[..., 1] + 1.0)
    kept = [json.loads(text) for text in existing(store).read("runs", ["outputs"])["outputs"].to_pylist()]
    assert len({each["late"]["hash"] for each in kept if each}) == 2


def test_factorial_tradeoffs_and_ablation_tell_it():
    small = {"months": 6, "replications": 4, "scale": 0.02, "outputs": {"late": late}}
    found = cs.factorial("sandbox", ["regulation", "enforcement"], **small)
    table = found.own_outcomes().set_index("policy")
    np.testing.assert_allclose(table["level"], found.means[..., -1].mean(axis=0))
    assert table.loc["baseline", "difference"] == 0.0
    weighed = cs.tradeoffs("sandbox", ["regulation", "enforcement"], model=nothing, **small)
    assert weighed.own_outcomes()["level"].tolist() != []
    rows = cs.ablate("sandbox", "all_four", mechanisms=["fear"], **small).set_index("outcome")
    assert rows.loc["late", "owed"] == pytest.approx(rows.loc["late", "response"] - rows.loc["late", "response_without"])


STORED = cs.Execution(store="somewhere")


@pytest.mark.parametrize(
    ("outputs", "model", "execution", "says"),
    [
        ({"size": len}, None, STORED, "outputs: size cannot be used with a store: it is built in"),
        ({"size": len}, None, cs.Execution(executor="processes"), "with executor processes: it is built in"),
        ({"size": len}, None, cs.Execution(scheduler="local"), "with Dask: it is built in"),
        ({"homicide_rate": late}, None, None, "homicide_rate is an outcome of the model"),
        ({"My outcome": late}, None, None, "the name 'My outcome' is none"),
        ({"late": 3}, None, None, "late is 3; give a function"),
        ([late], None, None, "outputs is"),
        (None, 3, None, "model is 3; give a class"),
        (None, dict, None, "model is the class dict, which is not derived from CitySafetyModel"),
        (None, print, None, "model: print cannot be told by its content, which names its runs: it is built in"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_runs(outputs, model, execution, says):
    with pytest.raises(InputError, match=says):
        extensions_of(outputs, model, execution)


def test_any_function_goes_where_nothing_is_stored_or_sent():
    (output,) = extensions_of({"size": len}, None, cs.Execution()).outputs
    assert output.digest == ""


@pytest.mark.parametrize(
    ("function", "says"),
    [
        (lambda result: result.nothing, "late, under policy baseline with seed .* fails: AttributeError"),
        (lambda result: "many", "is 'many'; the function must return one finite number"),
        (lambda result: float("nan"), "is nan; the function must return one finite number"),
        (lambda result: result.city_monthly, "the function must return one finite number"),
    ],
)
def test_a_function_that_gives_no_number_is_named_with_the_run(function, says, tmp_path):
    for store in (None, tmp_path / "store"):
        with pytest.raises(InputError, match=says):
            cs.compare(
                "sandbox",
                [],
                outputs={"late": function},
                execution=cs.Execution(store=store),
                months=2,
                replications=1,
                scale=0.02,
            )


def broken(model):
    raise KeyError(model.month)


@pytest.mark.parametrize(
    ("model", "says"),
    [(broken, "model: broken fails after month 1: KeyError: 1"), (Hasty, "model: Hasty lived 2 months in one step")],
)
def test_a_rule_that_goes_wrong_is_named(model, says):
    with pytest.raises(InputError, match=says):
        cs.compare("sandbox", [], model=model, months=3, replications=1, scale=0.02)
