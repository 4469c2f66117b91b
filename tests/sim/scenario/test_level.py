"""A level may change by month: what is read, what is refused and with which words, and how it is said."""

import datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from sim import files
from sim.errors import InputError
from sim.scenario import MeasureUse, Policy, load_city
from sim.scenario.level import MOST_CHANGES, Level, as_json, highest, level_text, read_level, times
from sim.scenario.scenario import check_fit

SHARES = st.floats(0.0, 1.0, allow_subnormal=False)
BY_MONTH = st.dictionaries(st.integers(1, 200), SHARES, max_size=8).flatmap(
    lambda later: SHARES.map(lambda first: {0: first} | later)
)
FIRSTS = st.builds(datetime.date, st.integers(1990, 2100), st.integers(1, 12), st.just(1))
BY_DATE = st.dictionaries(FIRSTS, SHARES, min_size=1, max_size=8)


def policy_text(level):
    return yaml.safe_dump(
        {"schema": 2, "name": "mine", "title": "Mine", "about": "A test.", "measures": [{"measure": "P-R3", **level}]}
    )


def read(tmp_path, **use):
    path = tmp_path / "mine.yaml"
    path.write_text(policy_text(use), encoding="utf-8")
    return files.load(Policy, path, "mine.yaml")


def test_months_are_read_from_a_file_and_put_in_order(tmp_path):
    (use,) = read(tmp_path, level={24: 0.5, 0: 1, 36: 0}).measures
    assert list(use.level.items()) == [(0, 1.0), (24, 0.5), (36, 0.0)]


def test_dates_are_read_in_every_form_in_which_a_start_may_be_written(tmp_path):
    (use,) = read(tmp_path, level={"2029-01-01": 1, "2028-01": 0.4}).measures
    assert use.level == {"2028-01": 0.4, "2029-01": 1.0}
    assert MeasureUse(measure="P-R3", level={datetime.date(2028, 1, 1): 0.4}).level == {"2028-01": 0.4}


@pytest.mark.parametrize(
    ("level", "says"),
    [
        ({}, "measures[0].level is empty; give a number, or a level from month 0 on"),
        ({6: 1}, "measures[0].level.6 is the first month given; say the level from the start on too, such as 0: 0"),
        ({0: 1, 12: 50}, "measures[0].level.12 is 50; it is a share between 0 and 1 (did you mean 0.5?)"),
        ({0: 1, 12: -0.5}, "measures[0].level.12 is -0.5; it cannot be negative"),
        ({0: 1, 12: "half"}, "measures[0].level.12 is 'half'; it must be a number"),
        ({0: True}, "measures[0].level.0 is true; it must be a number"),
        ({0: 1, "soon": 1}, "measures[0].level.soon is given for no month; write months since the measure's start"),
        ({0: 1, "2028-13": 1}, "measures[0].level.2028-13 is given for no month"),
        ({0: 1, "1.5": 1}, "measures[0].level.1.5 is given for no month; months are whole numbers from 0"),
        ({0: 1, -3: 1}, "measures[0].level.-3 is given for no month; months are whole numbers from 0"),
        ({0: 1, 1201: 1}, "measures[0].level.1201 is given for no month"),
        ({0: 1, "2028-01": 1}, "measures[0].level.2028-01 is a date among months since the start"),
        ({"2028-01": 1, "2028-01-01": 0}, "measures[0].level.2028-01-01 gives the level of the same month a second time"),
        (
            dict.fromkeys(range(MOST_CHANGES + 1), 1),
            f"measures[0].level has {MOST_CHANGES + 1} entries; it can have at most",
        ),
        ([1, 0], "measures[0].level is a list of 2; it must be a number"),
    ],
)
def test_what_is_no_level_is_refused_with_its_file_its_field_and_a_remedy(tmp_path, level, says):
    with pytest.raises(InputError) as refused:
        read(tmp_path, level=level)
    assert str(refused.value).startswith("mine.yaml: line ")
    assert says in str(refused.value)


def test_a_level_by_dates_covers_the_start(tmp_path):
    with pytest.raises(
        InputError, match=r"level\.2028-06 is the first date given, but the measure starts before it, in 2028"
    ):
        read(tmp_path, start="2028-01", level={"2028-06": 1})
    plan = read(tmp_path, start=18, level={"2028-06": 1})
    sandbox = load_city("sandbox")
    check_fit(sandbox.model_copy(update={"begins": "2027-01"}), [plan])
    with pytest.raises(InputError, match=r"measures\[0\]\.level\.2028-06 is the first date given, .* month 18 \(2028-05\)"):
        check_fit(sandbox.model_copy(update={"begins": "2026-12"}), [plan])
    with pytest.raises(
        InputError, match=r"measures\[0\]\.level\.2028-06 is 2028-06, but the city does not say when it begins"
    ):
        check_fit(sandbox.model_copy(update={"begins": None}), [plan])


@given(level=st.one_of(SHARES, BY_MONTH, BY_DATE))
def test_a_policy_with_any_level_is_the_same_after_a_file_and_after_json(level):
    policy = Policy(name="mine", title="Mine", about="", measures=(MeasureUse(measure="P-R3", level=level),))
    assert Policy.model_validate_json(policy.model_dump_json()) == policy
    (use,) = files.parse_mapping(yaml.safe_dump(policy.model_dump(mode="json")), "it")["measures"]
    assert read_level(use["level"]) == policy.measures[0].level
    assert read_level(as_json(policy.measures[0].level)) == policy.measures[0].level


@given(level=st.one_of(SHARES, BY_MONTH))
def test_the_highest_level_bounds_all_and_scaling_reaches_every_month(level):
    known = TypeAdapter(Level).validate_python(level)
    every = list(known.values()) if isinstance(known, dict) else [known]
    assert highest(known) == max(every)
    halved = times(known, 0.5)
    assert (list(halved.values()) if isinstance(halved, dict) else [halved]) == [each / 2 for each in every]


@pytest.mark.parametrize(
    ("level", "says"),
    [
        (0.6, "0.6"),
        ({0: 1.0, 24: 0.5}, "1, from its month 25 on 0.5"),
        ({0: 0.0, 3: 1.0, 6: 0.0}, "0, from its month 4 on 1, from its month 7 on 0"),
        ({"2028-01": 0.4, "2029-01": 1.0}, "0.4 from 2028-01, 1 from 2029-01"),
    ],
)
def test_a_level_is_said_in_words(level, says):
    assert level_text(level) == says
