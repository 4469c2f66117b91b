"""Phases: cuts where something changes, merged so that each part can be read, and intervals that hold together."""

import dataclasses
import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from plausible import plausible
from scipy import stats

from experiments.comparison.findings import findings
from experiments.comparison.paired import mean_interval
from experiments.comparison.phase_text import turn_sentence
from experiments.comparison.phases import (
    MOST,
    SHORTEST,
    dropped_cuts,
    events,
    last_year,
    phase_findings,
    phases,
    window_findings,
)
from experiments.comparison.results import load_comparison, write_results
from experiments.comparison.summaries import summary_object
from experiments.comparison.text import comparison_text
from experiments.comparison.windows import check_windows, read_windows
from sim.errors import InputError
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import MeasureUse, Policy, Shock, Target, Trigger

HOMICIDE = outcome_index("homicide_rate")
MONTH = plausible(arms=1, replications=2, months=1)


def plan(*uses, name="plan"):
    return Policy(name=name, title="A plan", about="A test.", measures=tuple(MeasureUse(**use) for use in uses))


def shock(**fields):
    about = {"name": "storm", "title": "A storm", "about": "It happens.", "kind": "slump", "size": 0.3}
    return Shock(**(about | fields))


def compared(*uses, months=36, shocks=(), begins=None, against=(), windows=()):
    """A made-up comparison of one policy, with chosen months."""
    base = plausible(arms=1, replications=6, months=months)
    return dataclasses.replace(
        base,
        city=base.city.model_copy(update={"begins": begins}),
        policies=(plan(*uses),),
        against=base.against.model_copy(update={"measures": plan(*against).measures}),
        shocks=tuple(shocks),
        windows=tuple(windows),
        made_with={"model": "0" * 32},
        events=({}, {}),
    )


def spans(comparison):
    return [(phase.first, phase.last) for phase in phases(comparison)]


# Where to cut ---------------------------------------------------------------------------------------------------------


def test_a_truce_of_fourteen_months_has_two_phases_and_says_why():
    comparison = compared({"measure": "P-G4", "start": 0, "stop": 14})
    assert spans(comparison) == [(1, 14), (15, 36)]
    first, second = phases(comparison)
    assert first.why == ("the beginning",)
    assert second.why == ("“A plan”: Negotiated truce (P-G4) has ended",)
    assert [phase.label for phase in (first, second)] == ["months 1 to 14", "months 15 to 36"]


def test_where_nothing_changes_the_horizon_is_one_phase():
    assert spans(compared({"measure": "P-G4", "ramp": 1})) == [(1, 36)]
    assert spans(compared({"measure": "P-G4", "ramp": 1, "start": 40})) == [(1, 36)]
    assert spans(compared({"measure": "P-G4", "level": 0.0, "start": 13})) == [(1, 36)]


def test_starts_stops_ramps_and_shocks_of_any_arm_are_cuts():
    assert spans(compared({"measure": "P-G4", "start": 13, "ramp": 1})) == [(1, 12), (13, 36)]
    assert spans(compared({"measure": "P-G4", "ramp": 12})) == [(1, 11), (12, 36)]
    assert spans(compared(against=[{"measure": "P-G4", "start": 13, "ramp": 1}])) == [(1, 12), (13, 36)]
    assert spans(compared(shocks=[shock(start=13)])) == [(1, 12), (13, 36)]
    assert spans(compared(shocks=[shock(start=13, stop=24)])) == [(1, 12), (13, 24), (25, 36)]
    assert spans(compared(shocks=[shock(kind="disaster", start=13)])) == [(1, 12), (13, 36)]


def test_what_waits_is_cut_from_where_it_waits_and_says_so():
    waits = {"measure": "P-E1", "start": 13, "trigger": Trigger(outcome="fear", above=0.5), "ramp": 12}
    comparison = compared(waits)
    assert spans(comparison) == [(1, 12), (13, 36)]
    assert "not known before the run" in phases(comparison)[1].why[0]


def test_cuts_too_near_are_merged_and_told():
    comparison = compared({"measure": "P-G4", "ramp": 1, "stop": 14}, {"measure": "P-E1", "ramp": 1, "start": 17})
    assert spans(comparison) == [(1, 14), (15, 36)]
    (dropped,) = dropped_cuts(comparison)
    assert (dropped.month, dropped.because) == (17, "less than 6 months from the cut at month 15")
    assert dropped.why[0].endswith("(P-E1) begins")
    early = compared({"measure": "P-G4", "ramp": 1, "stop": 3})
    assert spans(early) == [(1, 36)]
    assert dropped_cuts(early)[0].because == "less than 6 months from the beginning"
    late = compared({"measure": "P-G4", "ramp": 1, "stop": 33})
    assert dropped_cuts(late)[0].because == "less than 6 months from the end"


def test_the_earliest_stop_and_the_largest_measure_are_kept():
    small = [
        {"measure": "P-E1", "ramp": 1, "start": start, "level": 0.1, "where": Target(worst=1, by="deprivation")}
        for start in range(8, 70, 7)
    ]
    large = {"measure": "P-S1", "ramp": 1, "start": 37, "stop": 66}
    stopping = {"measure": "P-G4", "ramp": 1, "stop": 13, "level": 0.1}
    comparison = compared(*small, large, stopping, months=84)
    cuts = [first for first, _ in spans(comparison)[1:]]
    assert len(cuts) == MOST - 1
    assert {14, 37, 67} <= set(cuts)
    assert any("there are 6 phases already" in dropped.because for dropped in dropped_cuts(comparison))


@settings(max_examples=150, database=None, derandomize=True)
@given(
    uses=st.lists(
        st.tuples(st.integers(1, 70), st.integers(0, 40) | st.none(), st.integers(0, 30), st.floats(0.1, 1.0)), max_size=8
    ),
    struck=st.lists(st.integers(1, 70), max_size=3),
    months=st.integers(1, 72),
)
def test_phases_cover_the_run_and_are_neither_short_nor_many(uses, struck, months):
    rows = ["P-E1", "P-E2", "P-G4", "P-S1", "P-R3", "P-S3", "P-E6", "P-E7"]
    measures = [
        {"measure": row, "start": start, "stop": None if length is None else start + length, "ramp": ramp, "level": level}
        for row, (start, length, ramp, level) in zip(rows, uses, strict=False)
    ]
    shocks = [shock(name=f"s{n}", start=start, stop=None) for n, start in enumerate(struck)]
    comparison = dataclasses.replace(MONTH, policies=(plan(*measures),), shocks=tuple(shocks), months=months)
    found = spans(comparison)
    assert [month for first, last in found for month in range(first, last + 1)] == list(range(1, months + 1))
    assert len(found) <= MOST
    assert len(found) == 1 or all(last - first + 1 >= SHORTEST for first, last in found)
    cuts = {first for first, _ in found[1:]}
    dropped = {each.month for each in dropped_cuts(comparison)}
    assert cuts | dropped == {event.month for event in events(comparison)}
    assert not cuts & dropped
    assert all(phase.why for phase in phases(comparison))


def test_labels_carry_dates_where_the_city_begins():
    comparison = compared({"measure": "P-G4", "stop": "2028-02"}, begins="2027-01")
    assert [phase.label for phase in phases(comparison)] == [
        "months 1 to 14 (2027-01 to 2028-02)",
        "months 15 to 36 (2028-03 to 2029-12)",
    ]
    assert last_year(comparison).label == "last year, months 25 to 36 (2029-01 to 2029-12)"


def test_a_run_of_a_year_has_no_last_year_beside_it():
    assert last_year(compared(months=12)) is None
    assert (last_year(compared(months=13)).first, last_year(compared(months=13)).last) == (2, 13)


# What was found -------------------------------------------------------------------------------------------------------


def test_phases_are_read_over_their_own_months_with_intervals_that_hold_together():
    comparison = compared({"measure": "P-G4", "stop": 14})
    found = phase_findings(comparison)["plan", "homicide_rate"]
    for (first, last), finding in zip(spans(comparison), found, strict=True):
        arms = comparison.city_monthly[:, :, first - 1 : last, HOMICIDE].mean(axis=2, dtype=float)
        paired = arms[1] - arms[0]
        half = stats.t.ppf(1 - 0.025 / 2, 5) * stats.sem(paired)
        assert finding.difference.mean == pytest.approx(paired.mean())
        # Student's is the least: it reaches further towards the longer tail.
        assert finding.difference.high - finding.difference.mean >= half * (1 - 1e-9)
        assert tuple(finding.difference)[1:] == pytest.approx(mean_interval(paired, family=2))
        assert finding.reference == pytest.approx(arms[0].mean())
        assert finding.lower == (paired < 0).sum()


def test_one_window_has_a_plain_interval_the_same_everywhere():
    comparison = compared({"measure": "P-G4", "stop": 14})
    window = last_year(comparison)
    found = window_findings(comparison, window)["plan", "homicide_rate"]
    asked = comparison.difference("plan", "homicide_rate", window=(25, 36))
    assert tuple(found.difference) == pytest.approx((asked.mean, asked.low, asked.high))
    alone = phase_findings(dataclasses.replace(comparison, windows=((25, 36),)))["plan", "homicide_rate"]
    assert alone == (found,)


def test_windows_that_are_asked_for_replace_the_phases():
    comparison = compared({"measure": "P-G4", "stop": 14}, windows=[(1, 24), (15, 36)])
    assert spans(comparison) == [(1, 24), (15, 36)]
    assert [phase.why for phase in phases(comparison)] == [("asked for",)] * 2
    assert dropped_cuts(comparison) == ()


def test_the_whole_horizon_as_a_window_is_the_whole_horizon():
    comparison = compared()
    whole = comparison.difference("plan", "fear")
    assert comparison.difference("plan", "fear", window=(1, 36)) == whole
    np.testing.assert_array_equal(comparison.window_means(1, 36), comparison.horizon_means)


# Windows --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("15-36", (15, 36)),
        ("15..36", (15, 36)),
        (" 7-7 ", (7, 7)),
        ("2028-03..2029-12", (15, 36)),
        ("2028-03-2029-12", (15, 36)),
        ("15..2029-12", (15, 36)),
    ],
)
def test_a_window_is_two_months_by_number_or_date(text, window):
    assert read_windows([text], 36, "2027-01") == (window,)


@pytest.mark.parametrize(
    ("texts", "says"),
    [
        (["36-15"], "--window 36-15: ends in month 15, before it begins in month 36; write 15-36"),
        (["0-12"], "--window 0-12: months count from 1; write 1-12"),
        (["15-40"], "--window 15-40: ends in month 40, but the run has 36 months; end it at 36, or ask for 40 months"),
        (["50-60"], "--window 50-60: ends in month 60, but the run has 36 months; ask for 60 months"),
        (["15-36", "1-5", "15..36"], "--window 15..36: months 15 to 36 are asked for twice; keep one"),
        (["15"], "--window '15': this is no first and last month; write --window 15-36"),
        ([""], "this is no first and last month"),
        (["-5-12"], "this is no first and last month"),
        (["a-b"], "this is no first and last month"),
        (["1-2-3"], "this is no first and last month"),
        (["1.5-3"], "this is no first and last month"),
        (["٣-٩"], "this is no first and last month"),
        (["2028-03"], "--window 2028-03: this is one month, and a window has a first and a last"),
        (["2028-13..2029-01"], "--window 2028-13..2029-01: 2028-13 is no month"),
        (["2026-03..2027-05"], "--window 2026-03..2027-05: a month is 2026-03, before the city begins (2027-01)"),
        (["9" * 400 + "-3"], "this is no first and last month"),
    ],
)
def test_what_is_no_window_of_the_run_is_refused_in_one_line(texts, says):
    with pytest.raises(InputError) as refused:
        read_windows(texts, 36, "2027-01")
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)
    assert len(str(refused.value)) < 250


def test_dates_need_a_city_that_says_when_it_begins():
    with pytest.raises(InputError, match="does not say when it begins"):
        read_windows(["2028-03..2029-12"], 36, None)


def test_the_same_rules_hold_in_python():
    with pytest.raises(InputError, match="window 15-40: ends in month 40, but the run has 36 months"):
        compared().difference("plan", "fear", window=(15, 40))
    with pytest.raises(InputError, match="window 3-2: ends in month 2"):
        check_windows([(3, 2)], 36)


# On disk, in text and in JSON -----------------------------------------------------------------------------------------


def test_windows_dates_and_phases_survive_the_disk(tmp_path):
    comparison = compared({"measure": "P-G4", "stop": "2028-02"}, begins="2027-01", windows=[(1, 14), (15, 36)])
    write_results(comparison, tmp_path)
    again = load_comparison(tmp_path)
    assert again.windows == comparison.windows
    assert phase_findings(again) == phase_findings(comparison)
    months = pd.read_parquet(tmp_path / "city_monthly.parquet", columns=["month", "date"]).drop_duplicates()
    assert list(months.date[:2]) == ["2027-01", "2027-02"]
    assert list(months.month) == list(range(1, 37))
    table = pd.read_csv(tmp_path / "phases.csv")
    row = table[(table.outcome == "homicide_rate") & (table["first"] == 15)].iloc[0]
    found = phase_findings(comparison)["plan", "homicide_rate"][1]
    assert (row["last"], row["mean"]) == (36, pytest.approx(found.difference.mean))
    assert len(table) == 3 * len(OUTCOMES)


def turned(**fields):
    """Homicide 5 lower in months 1 to 14 and 1 higher afterwards, in every future by a little more or less."""
    comparison = compared({"measure": "P-G4", "stop": 14}, **fields)
    monthly = comparison.city_monthly.copy()
    monthly[1] = monthly[0]
    by_future = np.linspace(-0.1, 0.1, 6)[:, None]
    monthly[1, :, :14, HOMICIDE] += -5 + by_future
    monthly[1, :, 14:, HOMICIDE] += 1 + by_future
    return dataclasses.replace(comparison, city_monthly=monthly)


def test_both_directions_are_said_where_a_policy_turns():
    comparison = turned()
    whole = findings(comparison)["plan", "homicide_rate"]
    said = turn_sentence(whole, phase_findings(comparison)["plan", "homicide_rate"], phases(comparison))
    assert said.startswith(
        "In this model, “A plan” would lower homicide by 5.0 per 100 000 residents a year (95 % interval 4.9 to 5.1) in "
        "months 1 to 14, and raise it by 1.0 (95 % interval 0.90 to 1.1) in months 15 to 36; over the whole run "
    )


def test_no_turn_is_said_where_there_is_none():
    comparison = compared({"measure": "P-G4", "stop": 14})
    whole = findings(comparison)["plan", "homicide_rate"]
    assert turn_sentence(whole, phase_findings(comparison)["plan", "homicide_rate"], phases(comparison)) == ""


def test_text_and_json_tell_phases_and_why_they_are_cut():
    comparison = turned(begins="2027-01")
    text = comparison_text(comparison)
    assert "months 15 to 36 (2028-03 to 2029-12)" in text
    assert "Cut at month 15: “A plan”: Negotiated truce (P-G4) has ended." in text
    assert "The 95 % intervals of the 2 phases hold jointly; the interval of the last year is separate." in text
    told = json.loads(json.dumps(summary_object(comparison), allow_nan=False))["by_phase"]
    assert [(each["first"], each["last"], each["from"]) for each in told["phases"]] == [
        (1, 14, "2027-01"),
        (15, 36, "2028-03"),
    ]
    assert told["phases"][1]["why"] == ["“A plan”: Negotiated truce (P-G4) has ended"]
    first, second = told["policies"]["plan"]["homicide_rate"]["phases"]
    assert first["high"] < -4.8 < 0.8 < second["low"]
    assert told["last_year"]["first"] == 25


def test_one_phase_is_not_told_in_the_text():
    assert "By phase" not in comparison_text(compared({"measure": "P-G4", "ramp": 1}))
    assert "By window" in comparison_text(compared({"measure": "P-G4", "ramp": 1}, windows=[(1, 12)]))


def test_a_single_future_has_phases_without_intervals():
    base = plausible(arms=1, replications=1, months=36)
    one = dataclasses.replace(base, policies=(plan({"measure": "P-G4", "stop": 14}),))
    assert json.dumps(summary_object(one), allow_nan=False)
    assert "By phase" in comparison_text(one)
