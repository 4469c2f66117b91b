"""Months count from 1 wherever a person reads or writes them, and a date stands for a month where a city begins."""

import datetime
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.dates import month_date, month_number, month_words, span_words
from sim.errors import InputError
from sim.files import check
from sim.levers import NEVER, enforce
from sim.outcomes import OUTCOMES
from sim.run import run_arms
from sim.scenario import City, MeasureUse, Policy, Shock, assemble, check_fit, load_city, load_policy, scenario_hash


def policy(*uses, name="dated"):
    return Policy(name=name, title="Dated", about="A test.", measures=tuple(MeasureUse(**use) for use in uses))


def flood(**fields):
    return Shock(**{"name": "flood", "title": "Flood", "about": "More.", "kind": "slump", "size": 0.3, **fields})


def begun(begins="2027-01", **changes):
    values = load_city("sandbox").model_dump() | {"begins": begins} | changes
    return check(City, values, "city.yaml")


# Numbers and dates ----------------------------------------------------------------------------------------------------


@given(st.integers(1, 1200), st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 1)))
def test_a_date_and_its_number_are_the_same_month(number, day):
    begins = f"{day:%Y-%m}"
    assert month_number(month_date(number, begins), begins) == number
    assert month_date(1, begins) == begins


def test_dates_follow_the_calendar():
    assert month_number("2028-06", "2027-01") == 18
    assert month_date(12, "2027-01") == "2027-12"
    assert month_date(13, "2027-01") == "2028-01"
    assert month_number("2027-11", "2027-11") == 1


@pytest.mark.parametrize("given_as", ["2027-01", "2027-01-01", datetime.date(2027, 1, 1)])
def test_a_month_may_be_written_as_text_or_as_the_date_of_its_first_day(given_as):
    assert begun(given_as).begins == "2027-01"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("2027-13", "there is no such month"),
        ("2027-00", "there is no such month"),
        ("2027-1", "write a year and a month, such as 2028-06"),
        ("01-2027", "write a year and a month, such as 2028-06"),
        ("January 2027", "write a year and a month, such as 2028-06"),
        ("1899-12", "the year must be from 1900 to 2200"),
        ("2201-01", "the year must be from 1900 to 2200"),
        ("2027-01-15", "months are counted, not days, write 2027-01"),
        ("２０２７-01", "write a year and a month"),
        (2027, "write a year and a month, such as 2028-06"),
        (True, "write a year and a month, such as 2028-06"),
        ([2027, 1], "write a year and a month, such as 2028-06"),
    ],
)
def test_what_is_no_month_is_refused_in_one_line(wrong, says):
    with pytest.raises(InputError, match=rf"^city.yaml: begins is .*{re.escape(says)}") as refused:
        begun(wrong)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("12", "it must be a whole number: write 12"),
        ("soon", "write a year and a month, such as 2028-06"),
        ("2028-6", "write a year and a month, such as 2028-06"),
        (-3, "it cannot be negative"),
        (1201, "it must be at most 1200"),
        (10**50, "it must be at most 1200"),
        (1.5, "it must be a whole number: round it to 1 or 2"),
        (True, "it must be a whole number from 0 to 1200"),
        (None, "it must be a whole number from 0 to 1200; where there is no figure, leave the key out"),
    ],
)
def test_a_start_is_a_number_or_a_date(wrong, says):
    values = policy().model_dump() | {"measures": [{"measure": "P-R3", "start": wrong}]}
    with pytest.raises(InputError, match=rf"^p.yaml: 'P-R3': measures\[0\].start is .*{re.escape(says)}$"):
        check(Policy, values, "p.yaml")


def test_words_name_numbers_dates_or_both():
    assert month_words(18) == "month 18"
    assert month_words("2028-06") == "2028-06"
    assert month_words("2028-06", "2027-01") == month_words(18, "2027-01") == "month 18 (2028-06)"
    assert span_words(13, 36) == "from month 13 to month 36"
    assert span_words(13, None) == "from month 13 on"
    assert span_words(13, 13) == "in month 13 only"
    assert span_words(13, "2028-01", "2027-01") == "in month 13 (2028-01) only"
    assert span_words(1, "2027-12", "2027-01") == "from month 1 (2027-01) to month 12 (2027-12)"


# What the engine makes of them ----------------------------------------------------------------------------------------


def engine_months(city, schema_city, *uses, shocks=()):
    table = enforce(city, schema_city, policy(*uses), shocks).programme
    return [(int(row["start"]), int(row["stop"])) for row in table]


def test_the_first_and_the_last_month_become_the_engines_count_from_0(city, sandbox):
    uses = ({"measure": "P-G4", "stop": 14}, {"measure": "P-R3", "start": 13, "stop": 36}, {"measure": "P-S1", "start": 2})
    shocks = [flood(start=5, stop=6), flood(start=5), flood(kind="disaster", start=5)]
    expected = [(0, 14), (12, 36), (1, NEVER), (4, 6), (4, NEVER), (4, 5)]
    assert engine_months(city, sandbox, *uses, shocks=shocks) == expected


def test_a_start_of_0_is_the_first_month(city, sandbox):
    zero, one = ({"measure": "P-G4", "start": start, "stop": 14} for start in (0, 1))
    assert policy(zero) == policy(one)
    assert engine_months(city, sandbox, zero) == [(0, 14)]


def test_a_single_month_is_one_that_starts_and_stops_there(city, sandbox):
    assert engine_months(city, sandbox, {"measure": "P-R3", "start": 7, "stop": 7}) == [(6, 7)]


def test_dates_and_numbers_give_the_same_months(city):
    dated = begun(elections=["2027-07", 31])
    by_date = ({"measure": "P-R3", "start": "2028-01", "stop": "2029-12"},)
    by_number = ({"measure": "P-R3", "start": 13, "stop": 36},)
    shocks = [[flood(start="2027-05", stop="2027-06")], [flood(start=5, stop=6)]]
    counted = engine_months(city, dated, *by_date, shocks=shocks[0])
    assert counted == engine_months(city, dated, *by_number, shocks=shocks[1])
    assert counted == [(12, 36), (6, 7), (30, 31), (4, 6)]


def test_a_policy_with_dates_lives_the_same_months_as_one_with_numbers():
    arms = [policy({"measure": "P-E6", "start": start, "stop": stop}) for start, stop in ((3, 5), ("2027-03", "2027-05"))]
    counted, dated = run_arms(begun(), arms, seed=3, months=8, scale=0.02)
    assert counted.city_monthly.tobytes() == dated.city_monthly.tobytes()
    assert np.ptp(counted.city_monthly, axis=0).any()
    assert counted.city_monthly.shape == (8, len(OUTCOMES))


# What does not fit ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("city_begins", "use", "says"),
    [
        (None, {"start": "2028-06"}, "measures[0].start is 2028-06, but the city does not say when it begins"),
        (None, {"stop": "2028-06"}, "measures[0].stop is 2028-06, but the city does not say when it begins"),
        ("2027-01", {"start": "2026-12"}, "measures[0].start is 2026-12, before the city begins (2027-01)"),
        ("2027-01", {"start": 13, "stop": "2027-12"}, "measures[0].stop is 12, the last month; it must not lie before"),
        ("2027-01", {"start": "2028-01", "stop": 12}, "measures[0].stop is 12, the last month; it must not lie before"),
    ],
)
def test_a_date_that_the_city_cannot_count_is_refused_in_one_line(city_begins, use, says):
    chosen = begun(city_begins) if city_begins else load_city("sandbox")
    given_policy = policy({"measure": "P-R3", **use})
    with pytest.raises(InputError, match=re.escape(says)) as refused:
        assemble(chosen, [given_policy])
    assert "\n" not in str(refused.value)
    with pytest.raises(InputError, match=re.escape(says)):
        check_fit(chosen, [given_policy])


def test_a_stop_before_its_start_is_refused_whether_numbers_or_dates():
    for start, stop in ((14, 13), ("2028-01", "2027-12")):
        with pytest.raises(ValueError, match="must not lie before start"):
            MeasureUse(measure="P-R3", start=start, stop=stop)
        with pytest.raises(ValueError, match="must not lie before start"):
            flood(start=start, stop=stop)


def test_one_month_under_two_names_is_one_start():
    twice = policy({"measure": "P-R3", "start": 13}, {"measure": "P-R3", "start": "2028-01"})
    with pytest.raises(InputError, match=r"measures\[1\] is P-R3 with the place and start of measures\[0\]"):
        assemble(begun(), [twice])


def test_an_election_with_a_date_needs_a_city_that_begins_before_it():
    with pytest.raises(InputError, match=r"elections\[0\] is 2026-01, before the city begins \(2027-01\)"):
        begun(elections=["2026-01"])
    with pytest.raises(InputError, match=r"elections\[1\] is 2028-01, but the city does not say when it begins"):
        begun(None, elections=[3, "2028-01"])


def test_a_scenario_with_dates_keeps_them_and_its_hash():
    scenario = assemble(begun(), [policy({"measure": "P-R3", "start": "2028-01"})], shocks=[flood(start="2027-02")])
    again = check(type(scenario), scenario.model_dump(mode="json"), "again")
    assert again == scenario
    assert scenario_hash(again) == scenario_hash(scenario)
    assert again.policies[0].measures[0].start == "2028-01"


def test_shipped_policies_begin_with_month_1():
    assert [use.start for use in load_policy("truce").measures] == [1]


def test_there_is_no_last_month_before_the_first():
    with pytest.raises(InputError, match=r"stop is 0; it must be at least 1$"):
        check(Policy, policy().model_dump() | {"measures": [{"measure": "P-R3", "stop": 0}]}, "p.yaml")
