"""What figures of many futures say of a rule: the interval and the verdict words of comparisons, in cases and validation."""

import typing

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from experiments.comparison.paired import CLEAR, FEWEST, RARE, SMALL, TOO_FEW, UNTOLD, Interval, judged, mean_interval
from experiments.evidence.rules import LEAST, Change, rule_on, satisfies
from tests.validation.futures import interval

ends = st.floats(-1.0, 1.0)


def futures(mean, spread=1.0, number=40):
    """Skewed figures of so many futures."""
    drawn = np.random.default_rng(3).exponential(1.0, number)
    return mean + spread * (drawn - drawn.mean())


def test_the_interval_is_the_one_of_comparisons():
    skewed = futures(5.0)
    ruling = rule_on("rises", skewed, level=20.0)
    assert ruling.difference[1:] == pytest.approx(mean_interval(skewed))
    assert ruling.relative[1:] == pytest.approx(np.array(mean_interval(skewed)) / 20.0)
    assert (ruling.least, ruling.verdict, ruling.holds) == (1.0, CLEAR, True)


@pytest.mark.parametrize("change", ["falls", "rises"])
@pytest.mark.parametrize("mean", [-6.0, -1.0, -0.2, 0.0, 0.2, 1.0, 6.0])
def test_what_falls_or_rises_is_what_comparisons_call_clear(change, mean):
    figures = futures(mean)
    ruling = rule_on(change, figures, level=20.0)
    assert ruling.verdict == judged(figures, LEAST * 20.0)["verdict"]
    right_way = mean < 0 if change == "falls" else mean > 0
    assert ruling.holds == (ruling.verdict == CLEAR and right_way)


def test_nothing_is_what_comparisons_call_small():
    assert rule_on("nothing", futures(0.0, 0.5), level=20.0)[3:] == (SMALL, True)
    assert rule_on("nothing", futures(0.8), level=20.0)[3:] == (UNTOLD, False)
    assert rule_on("no fall", futures(6.0), level=20.0).holds
    assert not rule_on("no rise", futures(6.0), level=20.0).holds


@pytest.mark.parametrize("change", typing.get_args(Change))
def test_no_claim_holds_where_there_are_too_few_futures(change):
    bounds = (-2.0, 2.0) if change in ("between", "level") else None
    mean = {"falls": -9.0, "weaker": -9.0, "order": -9.0, "rises": 9.0}.get(change, 0.0)
    enough = futures(mean, 0.1, FEWEST)
    assert rule_on(change, enough, level=20.0, bounds=bounds).holds
    few = rule_on(change, enough[:-1], level=20.0, bounds=bounds)
    assert (few.verdict, few.holds) == (TOO_FEW, False)


def test_a_difference_that_few_futures_show_bears_nothing_out():
    rare = np.zeros(40)
    rare[:3] = 9.0
    for change in ("rises", "nothing", "no fall"):
        ruling = rule_on(change, rare, level=1.0)
        assert (ruling.verdict, ruling.holds) == (RARE, False)
        assert np.isnan(ruling.difference.low)
    assert rule_on("nothing", np.zeros(40), level=1.0).holds


def test_a_least_effect_of_zero_is_no_size_unless_it_was_asked_for():
    assert not rule_on("rises", futures(5.0), level=0.0).holds
    assert rule_on("rises", futures(5.0), level=0.0, share=0.0).holds
    assert rule_on("rises", futures(5.0), level=0.0, floor=1.0).holds


def test_a_level_is_clear_inside_or_outside_of_its_bounds():
    assert rule_on("level", futures(5.0), level=5.0, bounds=(4.0, 6.0))[3:] == (CLEAR, True)
    assert rule_on("level", futures(5.0), level=5.0, bounds=(8.0, 9.0))[3:] == (CLEAR, False)
    assert rule_on("level", futures(5.0), level=5.0, bounds=(5.0, 9.0))[3:] == (UNTOLD, False)


@given(st.tuples(ends, ends).map(sorted), st.floats(0.0, 0.5))
def test_rules_agree_with_one_another(pair, least):
    found = Interval(sum(pair) / 2.0, *pair)

    def says(change, **more):
        return satisfies(change, found, least, **more)

    assert not (says("falls") and says("rises"))
    assert says("nothing") == (says("no fall") and says("no rise"))
    assert says("nothing") == says("between", bounds=(-least, least))
    assert says("falls") == says("order") == says("weaker")
    assert not (says("falls") and says("no fall"))
    nowhere = Interval(0.0, float("nan"), float("nan"))
    assert not any(satisfies(change, nowhere, least) for change in typing.get_args(Change))


def test_validation_tests_judge_by_the_same_rules_and_interval():
    reference = np.full(40, 20.0)
    change = interval(futures(2.5), reference)
    assert (change.low, change.high) == pytest.approx(np.array(mean_interval(futures(2.5))) / 20.0)
    assert change.rises == rule_on("rises", futures(2.5), level=20.0).holds is True
    assert interval(np.zeros(40), reference).is_nothing
    few = interval(futures(9.0, 0.1, FEWEST - 1), reference[: FEWEST - 1])
    assert (few.rises, few.falls, few.is_nothing) == (False, False, False)
