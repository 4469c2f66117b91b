"""Differences are taken future by future, intervals hold what they promise, and `clear` means clear."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.comparison.compare import compare
from experiments.comparison.paired import RARE, TOO_FEW, Difference, differences, levels, mean_interval, t_quantile
from experiments.comparison.summaries import neighbourhoods_object, summary_object
from experiments.comparison.text import comparison_text, levels_text, neighbourhood_text, words
from experiments.execution.execution import Execution
from experiments.execution.runner import FailedJobsError, replication_seed
from sim.errors import InputError
from sim.outcomes import HEADLINES, OUTCOMES, Outcome, outcome_index
from sim.scenario import load_policy

REQUIRED = {
    *("homicide_rate", "criminal_governance_index", "gang_members", "recruits", "extortion_share", "prisoners"),
    *("state_legitimacy", "police_legitimacy", "collective_efficacy", "police_killings", "clearance", "reporting"),
    *("homicide_gap", "cost"),
}


def outcome(*, least=0.0, floor=0.0):
    return Outcome("x", "X", "a year", "lower", "sum", "An outcome.", least, floor)


def difference(policy, reference, **effect):
    found = differences(np.array(policy, float), np.array(reference, float), [outcome(**effect)])
    return Difference(**{name: value.item() for name, value in found.items()}, futures=len(policy))


@pytest.fixture
def comparison(core, sandbox, calm, idle):
    return compare(sandbox, [calm, idle], execution=Execution(executor="in-process"), months=30, replications=12, seed=4)


# The arithmetic -------------------------------------------------------------------------------------------------------


def test_the_interval_is_the_one_worked_out_by_hand():
    found = difference([11, 22, 33], [10, 20, 30])
    assert found.mean == 2
    assert found.low == pytest.approx(2 - 4.302652730 / math.sqrt(3))
    assert found.high == pytest.approx(2 + 4.302652730 / math.sqrt(3))
    assert (found.share_lower, found.share_higher, found.futures) == (0, 1, 3)


@pytest.mark.parametrize(("degrees", "value"), [(1, 12.7062), (4, 2.7764), (39, 2.0227), (999, 1.9623)])
def test_the_quantiles_are_those_of_printed_tables(degrees, value):
    assert t_quantile(degrees) == pytest.approx(value, abs=5e-5)


def test_the_interval_covers_the_true_difference_in_19_of_20_studies():
    draws = np.random.default_rng(1)
    studies, futures = 4000, 8
    shared = draws.normal(20, 6, (futures, studies))
    policy = shared - 2 + draws.normal(0, 1, (futures, studies))
    found = differences(policy, shared, [outcome()])
    covered = np.mean((found["low"] < -2) & (found["high"] > -2))
    # Skewness that a few futures show by luck makes it a little wider than Student's.
    assert 0.94 < covered < 0.97


@pytest.mark.parametrize("futures", [20, 80])
def test_the_interval_covers_where_effects_are_skewed_as_students_does_not(futures):
    draws = np.random.default_rng(1)
    gains = -draws.lognormal(0.0, 0.7, (futures, 4000))
    truth = -math.exp(0.7**2 / 2)
    low, high = mean_interval(gains)
    covered = np.mean((low < truth) & (high > truth))
    margin = t_quantile(futures - 1) * gains.std(axis=0, ddof=1) / math.sqrt(futures)
    students = np.mean(np.abs(gains.mean(axis=0) - truth) < margin)
    assert covered > students + 0.005
    assert 0.92 < covered < 0.97


@given(
    st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=40),
    st.floats(-1e3, 1e3),
    st.floats(0.01, 100.0),
    st.integers(1, 6),
)
def test_intervals_hold_their_mean_and_move_with_it(values, shift, factor, family):
    figures = np.array(values)
    low, high = mean_interval(figures, family=family)
    slack = 1e-9 * (1.0 + np.abs(figures).max())
    assert low <= figures.mean() + slack + (high - low) / 2
    assert low <= high
    moved = mean_interval(shift + factor * figures, family=family)
    size = 1e-6 * (1.0 + abs(shift) + factor * np.abs(figures).max())
    assert moved == pytest.approx((shift + factor * low, shift + factor * high), abs=size, rel=1e-6)
    mirrored = mean_interval(-figures, family=family)
    assert mirrored == pytest.approx((-high, -low), abs=size, rel=1e-6)


def test_without_skewness_the_interval_is_students():
    figures = np.array([-3.0, -1.0, 0.0, 1.0, 3.0])
    margin = t_quantile(4) * figures.std(ddof=1) / math.sqrt(5)
    assert mean_interval(figures) == (pytest.approx(-margin), pytest.approx(margin))


def test_under_ten_futures_nothing_is_clear():
    change = np.linspace(-1.1, -0.9, 10)
    for futures in range(1, 10):
        found = difference(20 + change[:futures], np.full(futures, 20.0))
        assert (found.clear, found.verdict) == (False, TOO_FEW)
    assert difference(20 + change, np.full(10, 20.0)).clear


def test_what_most_futures_show_no_trace_of_is_counted_and_gets_no_interval():
    policy = np.zeros(40)
    policy[[3, 17, 20]] = (1.0, 2.0, -1.0)
    found = difference(policy, np.zeros(40))
    assert (found.verdict, found.clear) == (RARE, False)
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert words(found) == "seen in 3 of 40 futures"
    policy[:20] = 1.0
    assert difference(policy, np.zeros(40)).verdict != RARE


def test_what_futures_share_drops_out_of_the_difference():
    draws = np.random.default_rng(2)
    shared = draws.normal(20, 6, 40)
    found = difference(shared - 2 + draws.normal(0, 0.1, 40), shared)
    assert found.high - found.low < 0.1


@pytest.mark.parametrize(
    ("change", "least", "floor", "clear"),
    [
        (-1.0, 0.0, 0.0, True),
        (1.0, 0.0, 0.0, True),
        (-1.0, 0.05, 0.0, False),  # a twentieth of 20 is 1: the interval reaches into it
        (-1.2, 0.05, 0.0, True),
        (-1.2, 0.05, 2.0, False),  # the absolute floor counts where it is larger
        (-2.4, 0.05, 2.0, True),
        (0.0, 0.0, 0.0, False),
    ],
)
def test_clear_needs_the_whole_interval_beyond_the_least_effect(change, least, floor, clear):
    reference = np.array([19.0, 20.0, 21.0, 20.0] * 3)
    noise = np.array([0.01, -0.01, 0.01, -0.01] * 3)
    assert difference(reference + change + noise, reference, least=least, floor=floor).clear is clear


def test_a_difference_of_exactly_nothing_is_not_clear():
    found = difference([1, 2, 3], [1, 2, 3])
    assert (found.mean, found.low, found.high, found.clear) == (0, 0, 0, False)
    assert (found.share_lower, found.share_higher) == (0, 0)


def test_a_single_future_has_no_interval_and_nothing_is_clear():
    found = difference([1], [5])
    assert found.mean == -4
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert not found.clear


def test_levels_carry_the_percentiles_of_futures():
    found = levels(np.arange(101.0))
    assert (found["mean"], found["low"], found["high"]) == (50, 10, 90)


@pytest.mark.parametrize(
    ("policy", "reference", "said"),
    [
        ([1, 1, 5.1] * 4, [2, 2, 3] * 4, "cannot be told"),
        ([1, 2.1, 3] * 4, [2, 3, 4] * 4, "lower in 12 of 12 futures"),
        ([3, 4.1, 5] * 4, [2, 3, 4] * 4, "higher in 12 of 12 futures"),
        ([1, 2.1, 3], [2, 3, 4], "too few futures to say"),
        ([2, 3], [2, 3], "no difference in any future"),
        ([2], [3], "one future only"),
    ],
)
def test_words_say_no_more_than_the_interval(policy, reference, said):
    assert words(difference(policy, reference)) == said


# A comparison ---------------------------------------------------------------------------------------------------------


def test_the_axes_are_arms_futures_months_and_outcomes(comparison, sandbox):
    assert comparison.city_monthly.shape == (3, 12, 30, len(OUTCOMES))
    assert comparison.place_yearly.shape == (3, 12, 3, len(sandbox.neighbourhoods), len(OUTCOMES))
    assert comparison.city_monthly.dtype == comparison.place_yearly.dtype == np.float32
    assert [arm.name for arm in comparison.arms] == ["baseline", "calm", "idle"]
    assert comparison.seeds == tuple(replication_seed(4, r) for r in range(12))
    assert comparison.scale == 0.5


def test_a_given_scale_is_used_as_it_is(core, sandbox, calm):
    assert compare(sandbox, [calm], months=12, replications=2, scale=0.25).scale == 0.25


def test_every_arm_meets_the_same_futures(comparison):
    assert comparison.difference("idle", "homicide_rate").mean == 0
    np.testing.assert_array_equal(comparison.city_monthly[2], comparison.city_monthly[0])


def test_the_difference_is_the_mean_of_paired_differences(comparison):
    column = outcome_index("homicide_rate")
    paired = (comparison.city_monthly[1, ..., column].astype(float) - comparison.city_monthly[0, ..., column]).mean(1)
    found = comparison.difference("calm", "homicide_rate")
    assert found.mean == pytest.approx(paired.mean())
    assert found.clear
    assert found.share_lower == 1


def test_a_reference_of_ones_own_takes_the_first_arm(core, sandbox, calm, idle):
    comparison = compare(sandbox, [idle], against=calm, months=12, replications=4)
    assert comparison.against is calm
    assert comparison.difference("idle", "homicide_rate").mean > 0


def test_a_longer_study_begins_with_the_futures_of_a_shorter_one(core, sandbox, calm):
    short = compare(sandbox, [calm], months=12, replications=3)
    long = compare(sandbox, [calm], months=12, replications=5)
    np.testing.assert_array_equal(long.city_monthly[:, :3], short.city_monthly)


def test_neither_workers_nor_executor_change_a_byte(core, sandbox, calm):
    found = {
        compare(
            sandbox, [calm], execution=Execution(workers=workers, executor=executor), months=12, replications=5
        ).city_monthly.tobytes()
        for workers, executor in ((1, "in-process"), (1, "threads"), (3, "threads"))
    }
    assert len(found) == 1


def test_the_table_has_a_row_for_each_arm_and_outcome_the_reference_first(comparison):
    table = comparison.table()
    assert list(table["policy"].unique()) == ["baseline", "calm", "idle"]
    assert len(table) == 3 * len(OUTCOMES)
    reference = table[table["policy"] == "baseline"]
    assert reference["difference_mean"].isna().all()
    assert not reference["clear"].any()
    assert table["clear"].dtype == bool
    row = table[(table["policy"] == "calm") & (table["outcome"] == "homicide_rate")].iloc[0]
    found = comparison.difference("calm", "homicide_rate")
    assert (row["difference_mean"], row["difference_low"]) == pytest.approx((found.mean, found.low), rel=1e-12)
    assert row["mean"] == pytest.approx(comparison.level("calm", "homicide_rate").mean, rel=1e-12)


def test_a_short_last_year_weighs_as_many_months_as_it_has(comparison, sandbox):
    column = outcome_index("homicide_rate")
    table = comparison.by_neighbourhood("homicide_rate")
    assert len(table) == 3 * len(sandbox.neighbourhoods)
    yearly = comparison.place_yearly[0, :, :, 2, column].astype(float)
    by_hand = (12 * yearly[:, 0] + 12 * yearly[:, 1] + 6 * yearly[:, 2]) / 30
    assert table["mean"].iloc[2] == pytest.approx(by_hand.mean())
    assert table["neighbourhood"].iloc[2] == sandbox.neighbourhoods[2].name


def test_every_neighbourhood_of_a_calm_city_is_calmer(comparison):
    table = comparison.by_neighbourhood("homicide_rate")
    assert table[table["policy"] == "calm"]["clear"].all()
    assert (table[table["policy"] == "calm"]["share_lower"] == 1).all()
    assert not table[table["policy"] == "idle"]["clear"].any()


def test_an_outcome_of_the_city_alone_has_no_neighbourhoods(comparison):
    with pytest.raises(InputError, match="whole city only"):
        comparison.by_neighbourhood("cost")


def test_the_json_object_has_exactly_the_promised_form(comparison):
    found = json.loads(json.dumps(summary_object(comparison), allow_nan=False))
    heading = ["city", "months", "replications", "seed", "scale", "without", "fit", "currency", "plans", "shocks"]
    assert list(found) == [*heading, "notes", "outcomes", "costs", "false_comfort", "by_phase"]
    assert set(found["outcomes"]) >= REQUIRED
    for each in found["outcomes"].values():
        assert list(each) == ["unit", "better", "baseline", "policies"]
        assert list(each["baseline"]) == ["mean", "low", "high"]
        assert list(each["policies"]) == ["calm", "idle"]
        for policy in each["policies"].values():
            assert list(policy) == ["mean", "low", "high", "difference"]
            assert list(policy["difference"]) == ["mean", "low", "high", "clear", "verdict", "share_lower"]
            assert isinstance(policy["difference"]["clear"], bool)
    calm = found["outcomes"]["homicide_rate"]["policies"]["calm"]
    assert calm["difference"]["low"] < calm["difference"]["mean"] < calm["difference"]["high"] < 0
    assert calm["difference"]["clear"]


def test_json_says_null_where_a_single_future_allows_no_interval(core, sandbox, calm):
    found = summary_object(compare(sandbox, [calm], months=12, replications=1))
    assert found["outcomes"]["homicide_rate"]["policies"]["calm"]["difference"] == {
        "mean": pytest.approx(found["outcomes"]["homicide_rate"]["policies"]["calm"]["difference"]["mean"]),
        "low": None,
        "high": None,
        "clear": False,
        "verdict": "too few futures to say",
        "share_lower": 1.0,
    }


def test_json_by_neighbourhood_leaves_out_what_only_the_city_has(comparison, sandbox):
    found = json.loads(json.dumps(neighbourhoods_object(comparison), allow_nan=False))
    assert "cost" not in found
    assert list(found["homicide_rate"]) == [place.name for place in sandbox.neighbourhoods]
    first = found["homicide_rate"][sandbox.neighbourhoods[0].name]
    assert first["policies"]["calm"]["difference"]["clear"]


def test_an_undefined_outcome_is_null_and_never_clear(comparison):
    comparison.city_monthly[0, 0, 0, outcome_index("homicide_gap")] = np.nan
    found = summary_object(comparison)["outcomes"]["homicide_gap"]
    assert found["baseline"] == {"mean": None, "low": None, "high": None}
    assert found["policies"]["calm"]["difference"]["clear"] is False


# What is refused ------------------------------------------------------------------------------------------------------


def test_a_failed_future_stops_the_comparison_and_names_its_seed_and_reason(core, sandbox, calm):
    seed = replication_seed(1, 2)
    core.failing_seeds = {seed: ZeroDivisionError("nobody lives here")}
    with pytest.raises(FailedJobsError, match=f"1 of 4 futures failed; the first, seed {seed}: ZeroDivisionError"):
        compare(sandbox, [calm], months=12, replications=4)


def test_a_refused_input_is_an_input_error(core, sandbox, calm, refusal):
    core.failing_seeds = {replication_seed(1, 0): refusal}
    with pytest.raises(InputError, match="cannot be run"):
        compare(sandbox, [calm], months=12, replications=2)


def test_policies_of_one_name_are_refused(core, sandbox, calm, idle):
    with pytest.raises(InputError, match="calm is named twice"):
        compare(sandbox, [calm, idle, calm], months=12, replications=2)
    with pytest.raises(InputError, match="calm is the reference itself"):
        compare(sandbox, [calm], against=calm, months=12, replications=2)
    assert core.ran == []


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"months": 0}, "months"),
        ({"replications": 0}, "replications"),
        ({"scale": 0.0}, "scale"),
        ({"seed": -1}, "seed"),
    ],
)
def test_values_out_of_range_are_refused_before_anything_runs(core, sandbox, calm, values, named):
    with pytest.raises(InputError, match=named):
        compare(sandbox, [calm], **values)
    assert core.ran == []


def test_results_that_no_memory_holds_are_refused_before_anything_runs(core, sandbox, calm):
    with pytest.raises(InputError, match="ask for"):
        compare(sandbox, [calm], months=1200, replications=100_000)
    assert core.ran == []


def test_unknown_names_are_answered_with_known_ones(comparison):
    with pytest.raises(InputError, match="did you mean homicide_rate"):
        comparison.difference("calm", "homicide_rat")
    with pytest.raises(InputError, match="it has baseline, calm, idle"):
        comparison.level("calmer", "homicide_rate")


# As text --------------------------------------------------------------------------------------------------------------


def test_the_text_leads_with_the_difference_and_says_how_sure(comparison):
    text = comparison_text(comparison)
    lines = text.splitlines()
    assert "30 months, 12 paired futures" in lines[0]
    assert "Calm compared with no policy" in lines[0]
    homicide = next(line for line in lines if line.lstrip().startswith("Homicide rate"))
    assert "->" in homicide
    assert "−10" in homicide
    assert "lower in 12 of 12" in homicide
    assert "no difference in any future" in text
    assert not {"will", "optimal", "proves"} & set(text.lower().split())


def test_the_text_of_a_single_future_claims_nothing(core, sandbox, calm):
    text = comparison_text(compare(sandbox, [calm], months=12, replications=1))
    assert "12 months, 1 paired future:" in text
    assert "one future only" in text
    assert not {"nan", "(nan"} & set(text.split())


def test_the_text_of_a_run_shows_levels(core, sandbox):
    text = levels_text(compare(sandbox, [], months=12, replications=3))
    assert "Homicide rate" in text
    assert "->" not in text


def test_the_text_by_neighbourhood_names_them_all(comparison, sandbox):
    text = neighbourhood_text(comparison, "homicide_rate")
    assert all(place.name in text for place in sandbox.neighbourhoods)
    assert "by chance" in text


def test_money_is_told_in_millions_beside_its_unit(comparison):
    cost = next(line for line in comparison_text(comparison).splitlines() if line.lstrip().startswith("Public cost"))
    level = comparison.level("baseline", "cost").mean
    assert f"{level:.1f}  ->" in cost
    assert cost.endswith("million US dollars a year")


def test_every_headline_is_an_outcome():
    assert set(HEADLINES) <= {each.name for each in OUTCOMES}


# On the real core -----------------------------------------------------------------------------------------------------


def test_a_policy_without_strength_is_no_policy_to_the_byte(sandbox):
    full = load_policy("all_four")
    absent = full.model_copy(
        update={"name": "absent", "measures": tuple(use.model_copy(update={"level": 0.0}) for use in full.measures)}
    )
    found = compare(sandbox, [full, absent], months=26, replications=3, scale=0.2)
    assert found.city_monthly[2].tobytes() == found.city_monthly[0].tobytes()
    assert found.place_yearly[2].tobytes() == found.place_yearly[0].tobytes()
    assert found.city_monthly[1].tobytes() != found.city_monthly[0].tobytes()
    assert np.isfinite(found.city_monthly).all()


def test_neither_workers_nor_executor_nor_company_change_a_byte_of_the_real_core(sandbox):
    policies = [load_policy("regulation"), load_policy("all_four")]
    options = {"months": 13, "replications": 3, "scale": 0.2}
    together = compare(sandbox, policies, execution=Execution(executor="in-process"), **options)
    for executor, workers in (("threads", 1), ("threads", 2), ("processes", 2)):
        other = compare(sandbox, policies, execution=Execution(executor=executor, workers=workers), **options)
        assert other.city_monthly.tobytes() == together.city_monthly.tobytes()
        assert other.place_yearly.tobytes() == together.place_yearly.tobytes()
    alone = compare(sandbox, policies[1:], **options)
    assert alone.city_monthly[1].tobytes() == together.city_monthly[2].tobytes()


def test_tables_survive_pandas_own_reading(comparison, tmp_path):
    comparison.table().to_csv(tmp_path / "table.csv", index=False)
    again = pd.read_csv(tmp_path / "table.csv")
    np.testing.assert_allclose(again["mean"], comparison.table()["mean"])
