"""Rules of a measure: how their conditions are read and said, and what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.errors import InputError
from sim.files import check
from sim.outcomes import OUTCOMES
from sim.scenario import MeasureUse, Policy
from sim.scenario.rule import MOST_MONTHS, Condition, Rule, rules_text

NAMES = st.sampled_from([each.name for each in OUTCOMES])
CONDITIONS = st.builds(
    Condition,
    outcome=NAMES,
    is_above=st.booleans(),
    value=st.floats(-1e6, 1e6).map(lambda value: round(value, 4) + 0.0),
    months=st.integers(1, MOST_MONTHS),
)


def policy(**use):
    values = {"name": "mine", "title": "Mine", "about": "", "measures": [{"measure": "P-E1"} | use]}
    return check(Policy, values, "mine.yaml")


@given(st.lists(CONDITIONS, min_size=1, max_size=8))
def test_conditions_are_the_same_after_they_are_written_and_read(conditions):
    rule = Rule(when=" and ".join(each.text() for each in conditions), level=0.5)
    assert rule.conditions == tuple(conditions)
    assert Rule.model_validate(rule.model_dump()) == rule


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        ("fear>0.5", "fear > 0.5"),
        ("  fear  <  .5  for 1 month ", "fear < 0.5"),
        ("fear > 0.5 for 3 months  and homicide_rate<20", "fear > 0.5 for 3 months and homicide_rate < 20"),
    ],
)
def test_a_condition_is_kept_in_one_form(when, kept):
    assert Rule(when=when, level=1.0).when == kept


@pytest.mark.parametrize(
    ("use", "says"),
    [
        ({"rules": [{"when": "fear", "level": 1}]}, "rules[0].when says 'fear'; write an outcome, > or <, a number"),
        ({"rules": [{"when": "fear >= 0.5", "level": 1}]}, "rules[0].when says 'fear >= 0.5'; write an outcome"),
        ({"rules": [{"when": "fear > high", "level": 1}]}, "rules[0].when says 'fear > high'; write an outcome"),
        (
            {"rules": [{"when": "faer > 0.5", "level": 1}]},
            "when names 'faer', which is no outcome; did you mean fear?",
        ),
        (
            {"rules": [{"when": "fear > 0.5 for 0 months", "level": 1}]},
            "says for 0 months; give a whole number",
        ),
        ({"rules": [{"when": "fear > 0.5 for ten months", "level": 1}]}, "says for ten months; give a whole number from 1"),
        ({"rules": [{"when": "fear > 0.5", "level": 2}]}, "rules[0].level is 2; it is a share between 0 and 1"),
        ({"rules": [{"when": "fear > 0.5"}]}, "rules[0].level is missing"),
        (
            {"rules": [{"when": " and ".join(["fear > 0.5"] * 9), "level": 1}]},
            "rules have 9 conditions; they can have at most",
        ),
        ({"rules": [{"when": "fear > 0.5", "level": 1}], "level": {"0": 1, "3": 0}}, "level changes by month and by rules"),
        ({"read": "quarterly"}, "read is 'quarterly', but there are no rules to read; remove it"),
        (
            {"rules": [{"when": "fear > 0.5", "level": 1}], "read": "daily"},
            "read is 'daily'; it must be monthly or",
        ),
    ],
)
def test_what_is_no_rule_is_refused_with_its_file_its_field_and_a_remedy(use, says):
    with pytest.raises(InputError) as refused:
        policy(**use)
    assert str(refused.value).startswith("mine.yaml: 'P-E1': measures[0].")
    assert says in str(refused.value)


def test_a_measure_at_a_share_is_at_that_share_under_every_rule():
    (use,) = policy(level=0.4, rules=[{"when": "fear > 0.5", "level": 0.8}]).measures
    assert use.highest_level == 0.8
    half = use.at(0.5)
    assert (half.level, half.rules[0].level, half.highest_level) == (0.2, 0.4, 0.4)
    assert MeasureUse(measure="P-E1", level={0: 0.2, 5: 0.9}).at(1 / 3, digits=3).level == {0: 0.067, 5: 0.3}


def test_rules_are_said_in_words():
    rules = (Rule(when="fear > 0.5 for 3 months", level=1.0), Rule(when="fear < 0.4", level=0.0))
    assert rules_text(rules, "quarterly") == (
        "level 1 where fear > 0.5 for 3 months, level 0 where fear < 0.4, read every third month"
    )
    assert rules_text((), "monthly") == ""


def test_a_rule_that_is_no_text_is_refused():
    with pytest.raises(ValidationError):
        Rule.model_validate({"when": 3, "level": 1.0})
