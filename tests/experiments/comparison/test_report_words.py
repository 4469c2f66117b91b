"""Findings in words: numbers, verdicts and intervals say what was found, how sure, and no more."""

import inspect
import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pages import Page
from plausible import plausible

from experiments.comparison import findings as told
from experiments.comparison.findings import findings, signed, span
from experiments.comparison.paired import (
    FEWEST,
    SMALL,
    Interval,
    futures_needed,
    interval_of,
    ratio_of_means,
    t_quantile,
    verdict,
    verdict_words,
)
from experiments.comparison.report.page import report_html, significant
from experiments.comparison.sentences import sentence, why_sentences
from sim.outcomes import DETAIL_GROUPS, HEADLINES, MAIN_GROUPS, OUTCOMES, in_group, outcome_index, parts_of
from sim.processes.policy_delivery import killings_expected
from sim.run import run_arms
from sim.scenario import load_city, load_policy


@pytest.fixture(scope="module")
def comparison():
    return plausible()


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (8.021, "8.0"), (0.0347, "0.035"), (-5.14, "−5.1"), (9840, "9\u202f800"), (99.6, "100"), (0, "0"), (1e-9, "0"),
        (61_234_567, "61 million"), (999_999, "1.0 million"), (-2.34e9, "−2.3 billion"), (math.nan, "–"), (17, "17"),
    ],
)  # fmt: skip
def test_numbers_have_two_significant_figures(value, says):
    assert significant(value) == says


def test_a_change_carries_its_sign():
    assert (signed(3.14), signed(-3.14), signed(0.0)) == ("+3.1", "−3.1", "0")


def test_an_interval_says_its_unit_once_and_gets_a_figure_more_where_two_do_not_tell():
    assert span(Interval(0, -6.41, -3.88)) == "−6.4 to −3.9"
    assert span(Interval(0, -6.41, -3.88), sign=False) == "3.9 to 6.4"
    assert span(Interval(0, 11.84e6, 12.13e6)) == "11.8 to 12.1 million"
    assert span(Interval(0, 0.9e6, 1.2e6)) == "900\u202f000 to 1.2 million"
    assert span(Interval(0, 14.3, 14.3)) == "14 to 14"
    assert span(Interval(0, math.nan, math.nan)) == "no interval"


def test_a_clear_finding_leads_with_the_difference(comparison):
    said = sentence(findings(comparison)["all_four", "homicide_rate"])
    number = r"[\d.]+"
    assert re.fullmatch(
        rf"In this model, “All four pillars” would lower homicide by {number} % \(95 % interval {number} to {number}\), "
        rf"from {number} to {number} per 100 000 residents a year; lower in 20 of 20 futures\.",
        said,
    ), said


def finding(low, high, *, least=1.0, futures=20):
    """A finding of homicide with this interval."""
    said = str(verdict(low, high, least))
    mean = Interval((low + high) / 2, low, high)
    clear, below = said == "clear", mean.mean < 0
    lower, higher = (futures, 0) if below else (0, futures)
    return told.Finding(
        told.BY_NAME["homicide_rate"], "x", "X", 20.0, 20.0 + mean.mean, mean, clear, said, least, lower, higher, futures
    )


@pytest.mark.parametrize(
    ("low", "high", "said", "cell"),
    [
        (-3.0, -2.0, "“X” would lower homicide by 12 %", "lower in 20 of 20 futures"),
        (1.5, 2.5, "“X” would raise homicide by 10 %", "higher in 20 of 20 futures"),
        (-0.5, 0.7, "make a small change to homicide, less than matters", "small, less than matters"),
        (-0.9, -0.7, "make a small change to homicide, less than matters", "small, less than matters"),
        (-2.0, -0.5, "would lower homicide, but whether by as much as matters cannot be told", "lower, may be small"),
        (0.5, 2.0, "would raise homicide, but whether by as much as matters cannot be told", "higher, may be small"),
        (-2.0, 0.5, "whether “X” would lower or raise homicide cannot be told", "cannot be told"),
    ],
)
def test_clear_small_and_untold_have_words_of_their_own(low, high, said, cell):
    found = finding(low, high)
    assert said in sentence(found)
    assert found.words == cell
    assert "no clear difference" not in sentence(found)


@given(st.floats(-5, 5), st.floats(0, 5), st.floats(0, 3))
def test_a_verdict_never_contradicts_its_interval(mean, half, least):
    low, high = mean - half, mean + half
    found = str(verdict(low, high, least))
    assert (found == "clear") == (low > least or high < -least)
    assert (found == "small") == (-least <= low and high <= least)
    words = verdict_words(found, low, high)
    assert not ("lower" in words and high >= 0)
    assert not ("higher" in words and low <= 0)


@given(st.floats(-5, 5), st.floats(0.01, 5), st.integers(2, 500), st.floats(0, 3))
def test_as_many_futures_as_are_named_would_settle_it(mean, deviation, futures, least):
    margin = t_quantile(futures - 1) * deviation / math.sqrt(futures)
    needed = futures_needed(mean, mean - margin, mean + margin, futures, least)
    if needed is not None:
        half = t_quantile(needed - 1) * deviation / math.sqrt(needed)
        assert needed >= futures
        assert str(verdict(mean - half, mean + half, least)) != "cannot be told"
        assert needed >= FEWEST
        if needed > max(futures, FEWEST):
            half = t_quantile(needed - 2) * deviation / math.sqrt(needed - 1)
            assert str(verdict(mean - half, mean + half, least)) == "cannot be told"


def test_an_unclear_finding_says_what_cannot_be_told_and_how_many_futures_would_tell(comparison, blank_figures):
    found = finding(-2.0, 0.5)
    assert (found.verdict, found.needed) == ("cannot be told", futures_needed(-0.75, -2.0, 0.5, 20, 1.0))
    assert finding(-0.5, 0.5).needed is None
    page = Page(report_html(plausible(arms=1, replications=12, effects=(-0.07,))))
    assert "futures would be needed to tell" in page.text or "would lower homicide by" in page.text


def test_a_report_of_few_futures_says_that_they_are_too_few(blank_figures):
    page = Page(report_html(plausible(arms=1, replications=4)))
    assert "too few futures to say" in page.text
    assert "would lower homicide by" not in page.text


def test_a_policy_that_changes_nothing_makes_no_difference_in_any_future(comparison):
    same = plausible(arms=1)
    same.city_monthly[1] = same.city_monthly[0]
    assert "no difference to homicide in any future" in sentence(findings(same)["regulation", "homicide_rate"])


def test_shares_are_told_in_points_and_rates_in_per_cent(comparison):
    found = findings(comparison)
    assert "percentage points" in sentence(found["all_four", "extortion_share"])
    assert "points" in sentence(found["all_four", "criminal_governance_index"])
    assert re.search(r"by [\d.]+ % ", sentence(found["all_four", "recruits"]))


@pytest.mark.parametrize(
    ("title", "inside"),
    [("All four pillars", "all four pillars"), ("Boston Ceasefire", "Boston Ceasefire"), ("NGO fund", "NGO fund")],
)
def test_titles_fit_into_a_sentence(title, inside):
    assert told.within(title) == inside


@pytest.mark.validate
def test_the_ratio_of_means_covers_the_truth_in_nineteen_of_twenty_samples():
    random = np.random.default_rng(3)
    hits = 0
    for _ in range(600):
        averted = random.normal(40, 25, 12)
        interval = ratio_of_means(random.normal(80, 10, 12) + 0.2 * (averted - 40), averted)
        hits += interval is None or interval.low <= 2.0 <= interval.high
    assert hits / 600 == pytest.approx(0.95, abs=0.025)


def test_a_ratio_with_nothing_below_the_line_has_no_interval():
    assert ratio_of_means(np.array([1.0, 2, 3]), np.array([-1.0, 0, 1])) is None
    assert ratio_of_means(np.array([1.0]), np.array([1.0])) is None


def test_the_fifths_are_the_poorest_and_the_least_poor_by_residents(comparison):
    places = comparison.city.neighbourhoods
    poorest = sorted(range(len(places)), key=lambda i: -places[i].poverty)[:2]
    params = comparison.place_means[0, :, poorest, outcome_index("homicide_rate")].mean(axis=1)
    weights = [places[i].population for i in poorest]
    poor, least_poor = told.fifths(comparison, 1)
    assert poor.reference == pytest.approx(np.average(params, weights=weights))
    assert poor.reference > least_poor.reference


def test_the_tables_of_a_report_show_every_outcome_once():
    shown = [outcome.name for group in (*MAIN_GROUPS, *DETAIL_GROUPS) for outcome in in_group(group)]
    assert sorted(shown) == sorted(outcome.name for outcome in OUTCOMES)
    assert set(HEADLINES) <= {outcome.name for group in MAIN_GROUPS for outcome in in_group(group)}


def test_the_kinds_of_killing_that_are_named_are_all_that_there_are():
    # The model adds up the hazards part by part; each part has a name in the report.
    parts = re.findall(r"p\.deaths_\w+", inspect.getsource(killings_expected))
    assert len(parts) > 5
    assert len(parts_of("homicide_rate")) == len(parts)


def test_the_parts_of_homicide_add_up_in_a_run():
    (result,) = run_arms(load_city("sandbox"), [load_policy("baseline")], seed=5, months=6, scale=0.02)
    told_of = sum(result.city_monthly[:, outcome_index(part.name)].astype(float) for part in parts_of("homicide_rate"))
    np.testing.assert_allclose(told_of, result.city_monthly[:, outcome_index("homicide_rate")], rtol=1e-4)


def test_the_interval_of_a_level_ends_where_the_outcome_can_go_no_further():
    skewed = np.array([0.0] * 11 + [0.9])
    for name, most in (("splits", np.inf), ("fear", 1.0), ("criminal_governance_index", 100.0)):
        free = interval_of(skewed * min(most, 100.0))
        found = told.level_interval(told.BY_NAME[name], skewed * min(most, 100.0))
        assert free.low < 0.0
        assert (found.low, found.mean, found.high) == (0.0, free.mean, min(free.high, most))
    alone = told.level_interval(told.BY_NAME["fear"], np.array([0.4]))
    assert np.isnan(alone.low)
    assert alone.mean == 0.4


def test_what_is_not_clear_is_told_together_by_what_it_amounts_to(comparison):
    policy, found = comparison.policies[0].name, findings(comparison)
    lines = why_sentences(found, policy)
    assert all(line[0].isupper() and line.endswith(".") for line in lines)
    unclear = [found[policy, part.name] for part in parts_of("homicide_rate")]
    unclear = [part for part in unclear if part.moves and not part.clear]
    assert unclear
    for part in unclear:
        (line,) = [line for line in lines if part.outcome.title.lower() in line.lower()]
        assert line.endswith(f": {'small, less than matters' if part.verdict == SMALL else part.verdict}.")
