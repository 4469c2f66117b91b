"""A factorial study finds what is planted, on the made-up core and on the real one, and a store spares what it holds."""

import dataclasses
import json

import numpy as np
import pytest
from planted import HOMICIDE, factorial_study

from experiments.comparison.figures import rendered
from experiments.execution.execution import Execution
from experiments.tradeoffs.factorial import factorial, plan
from experiments.tradeoffs.factorial_figures import draw_all
from experiments.tradeoffs.factorial_text import factorial_text
from experiments.tradeoffs.portfolios import load_factors
from experiments.tradeoffs.uncertainty import draw_parameters, make_futures, strengths
from sim.errors import InputError
from sim.scenario import MeasureUse, Policy, load_policy

SMALL = {"months": 24, "replications": 4, "scale": 0.05}
AVERTED = [0, 2, 3, 5, 1, 3, 4, 6]  # adds up: 2 for factor 0, 3 for factor 1, 1 for factor 2


def empty(name):
    return Policy(name=name, title=name.capitalize(), about="Nothing.", measures=())


# Planted --------------------------------------------------------------------------------------------------------------


def test_planted_effects_are_found_free_of_the_luck_that_all_share():
    table = factorial_study(AVERTED, noise=0.05).effects("homicide_rate")
    assert table["shapley"].tolist() == pytest.approx([2, 3, 1], abs=0.05)
    assert table["share"].tolist() == pytest.approx([1 / 3, 1 / 2, 1 / 6], abs=0.01)
    assert (table["shapley_high"] - table["shapley_low"] < 0.05).all()


def test_what_adds_up_in_counts_is_more_than_its_parts_in_shares():
    study = factorial_study(np.array(AVERTED) * 4, noise=0.01)
    assert study.complementarity("homicide_rate", "count").relation == "cannot tell"
    assert study.complementarity("homicide_rate", "log").relation == "complements"
    assert study.verdict("homicide_rate") == "complements on the log scale"


def test_planted_substitutes_are_said_without_a_scale_where_both_agree():
    study = factorial_study([0, 10, 10, 11], noise=0.1)
    assert study.verdict("homicide_rate") == "substitutes"
    assert study.synergy("homicide_rate").mean == pytest.approx(-9, abs=0.1)
    assert study.pairs("homicide_rate")["relation"].tolist() == ["substitutes"]


def test_the_text_says_what_was_planted():
    text = factorial_text(factorial_study([0, 10, 10, 11], noise=0.1))
    assert "together less than the sum of each alone, by 9.0" in text
    assert "Over both scales: substitutes." in text
    assert "Pairs, substitutes: factor 0 with factor 1." in text
    assert "parameters are judgement" in text
    assert not {"will", "optimal", "proves"} & set(text.lower().split())


def test_under_ten_futures_no_pair_and_no_sum_is_told_of():
    study = factorial_study([0, 10, 10, 11], noise=0.1)
    assert study.pairs("homicide_rate")["relation"].tolist() == ["substitutes"]
    futures = dataclasses.replace(study.futures, seeds=study.futures.seeds[:9])
    few = dataclasses.replace(study, means=study.means[:9], futures=futures)
    assert few.pairs("homicide_rate")["relation"].tolist() == ["cannot tell"]
    assert set(few.effects("homicide_rate")["verdict"]) == {"too few futures to say"}
    assert "too few futures to say whether together more or less" in factorial_text(few)
    assert few.verdict("homicide_rate") == "cannot tell"


def test_an_outcome_that_reaches_zero_has_no_log_scale_and_says_so():
    study = factorial_study(AVERTED)
    study.means[3, 2, HOMICIDE] = 0.0
    assert study.gains("homicide_rate", "log") is None
    assert study.to_json_object()["outcomes"]["homicide_rate"]["log"] is None
    assert "Log scale: not defined" in factorial_text(study)


def test_json_is_valid_and_keeps_the_verdict():
    found = json.loads(json.dumps(factorial_study([0, 10, 10, 11], noise=0.1).to_json_object(), allow_nan=False))
    assert found["outcomes"]["homicide_rate"]["verdict"] == "substitutes"
    assert [row["factor"] for row in found["outcomes"]["homicide_rate"]["count"]["factors"]] == ["f0", "f1"]
    assert len(found["cells"]) == 4


def test_figures_are_drawn_of_two_and_of_one_factor():
    for homicide in ([0, 10, 10, 11], [0, 3]):
        drawn = draw_all(factorial_study(homicide, noise=0.1))
        assert all(rendered(figure, "png").startswith(b"\x89PNG") for figure in drawn.values())
    assert list(drawn) == ["shapley_homicide_rate"]


# Through the store ----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """The sandbox with one policy that acts, one that holds no measure, and one whose measure stands at level zero."""
    from sim.scenario import load_city

    idle = Policy(name="idle", title="Idle", about="At zero.", measures=(MeasureUse(measure="P-E2", level=0.0),))
    factors = [load_policy("regulation"), empty("nothing"), idle]
    store = tmp_path_factory.mktemp("factorial") / "store"
    return factors, store, factorial(load_city("sandbox"), factors, execution=Execution(store=store), **SMALL)


def test_an_inert_factor_gets_exactly_zero_on_the_real_model(real):
    _, _, study = real
    for outcome in study.outcomes:
        for scale in ("count", "log"):
            table = study.effects(outcome, scale)
            assert table["inert"].tolist() == [False, True, True]
            assert table["shapley"].tolist()[1:] == [0.0, 0.0]
            assert table["shapley"][0] != 0.0


def test_shares_sum_to_the_total_on_the_real_model(real):
    _, _, study = real
    for outcome in study.outcomes:
        total = study.total(outcome).mean
        assert abs(study.effects(outcome)["shapley"].sum() - total) < 1e-9 * max(1, abs(total))


def test_the_same_study_again_runs_nothing_and_is_the_same(real, sandbox, monkeypatch):
    factors, store, study = real

    def refuse(*_, **__):
        raise AssertionError("a run that the store holds was run again")

    monkeypatch.setattr("sim.run.run_arms", refuse)
    assert (factorial(sandbox, factors, execution=Execution(store=store), **SMALL).means == study.means).all()


def test_a_study_without_a_store_is_the_same(real, sandbox):
    factors, _, study = real
    assert (factorial(sandbox, factors, **SMALL).means == study.means).all()


def test_a_study_that_goes_on_equals_one_in_a_go(real, sandbox, tmp_path):
    factors, _, study = real
    execution = Execution(store=tmp_path / "store")
    factorial(sandbox, factors, execution=execution, **SMALL | {"replications": 2})
    assert (factorial(sandbox, factors, execution=execution, **SMALL).means == study.means).all()


def test_a_failed_run_stops_the_study_and_says_how_many(core, sandbox, tmp_path):
    from experiments.execution.runner import replication_seed
    from experiments.store.sweep import FailedRunsError

    core.failing_seeds = {replication_seed(1, 1): ZeroDivisionError("nobody lives here")}
    execution = Execution(store=tmp_path / "store")
    with pytest.raises(FailedRunsError, match="nobody lives here"):
        factorial(sandbox, [empty("calm"), empty("idle")], execution=execution, months=12, replications=3)


# What is refused ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"outcomes": ["homicide"]}, "'homicide' is no outcome"),
        ({"outcomes": ["arrests"]}, "arrests has no better side"),
        ({"replications": 1}, "a single future tells nothing about luck"),
        ({"draw": ["nothing.*"]}, "--draw 'nothing.*' chooses nothing"),
        ({"draw": ["mechanisms.fear"]}, "only parameters are drawn"),
        ({"draw": ["homicide.patrol_on_violence"], "parameters": {"homicide.patrol_on_violence": 0.2}}, "drawn and set"),
    ],
)
def test_what_cannot_be_run_is_refused_in_one_line(core, sandbox, asked, said):
    with pytest.raises(InputError, match=said.replace("*", r"\*")) as refused:
        plan(sandbox, load_factors([]), **{"months": 12, "replications": 3} | asked)
    assert "\n" not in str(refused.value)


# Draws ----------------------------------------------------------------------------------------------------------------


def test_a_longer_study_begins_with_the_draws_of_a_shorter_one():
    short, long = (draw_parameters(["gangs.*"], count, 7) for count in (5, 40))
    assert (short.units == long.units[:5]).all()
    assert (short.values == long.values[:5]).all()


def test_draws_stay_within_the_ranges_and_fill_them():
    draws = draw_parameters(["homicide.*"], 64, 1)
    for place, factor in enumerate(draws.factors):
        column = draws.values[:, place]
        assert factor.low <= column.min() <= column.max() <= factor.high
    assert np.abs(draws.units.mean(axis=0) - 0.5).max() < 0.05


def test_every_arm_of_a_future_shares_its_luck_and_its_draw(core, sandbox):
    arms = [load_policy("baseline"), load_policy("regulation")]
    futures = make_futures(
        sandbox,
        arms,
        study="factorial",
        months=12,
        replications=3,
        seed=2,
        draw=["gangs.*"],
        parameters={"outcome_recorder.event_lethality": 0.2},
    )
    jobs = futures.jobs(arms)
    assert [len(job.policies) for job in jobs] == [2, 2, 2]
    assert len({job.seed for job in jobs}) == 3
    assert all(job.parameters["outcome_recorder.event_lethality"] == 0.2 for job in jobs)
    assert jobs[0].parameters["gangs.split_chance"] != jobs[1].parameters["gangs.split_chance"]


def test_the_strengths_of_a_policy_are_the_parameters_of_its_measures():
    found = strengths([load_policy("enforcement")])
    assert "homicide.patrol_on_violence" in found
    assert "recruitment.training_on_joining" not in found
