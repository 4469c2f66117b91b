"""A text of pillars is a policy like any other: its levels, its name and title, its identity, and what is refused."""

import numpy as np
import pytest
import yaml

import citysafety
from experiments.store.run_id import part_hash
from sim.enumerations import PILLARS
from sim.errors import InputError
from sim.scenario import MeasureUse, Policy, load_policy, pillar_policy
from sim.scenario import pillars as module


def levels_of(policy):
    return {use.measure: use.level for use in policy.measures}


def test_each_measure_is_at_the_level_of_its_pillar_and_else_as_in_its_own_policy():
    made = pillar_policy("regulation=.5,engagement")
    expected = [use.at(0.5) for use in load_policy("regulation").measures] + list(load_policy("engagement").measures)
    assert list(made.measures) == expected
    assert levels_of(made) == {"P-R3": 0.5, "P-R7": 0.5, "P-R8": 0.5, "P-G1": 1.0, "P-G2": 1.0}


def test_levels_by_month_rules_and_phases_are_multiplied_too(monkeypatch):
    rules = [{"when": "fear > 0.5", "level": 0.7}]
    uses = (
        MeasureUse(measure="P-R3", level={0: 0.7, 24: 0.2}),
        MeasureUse(measure="P-R7", level=0.4, rules=rules),
        MeasureUse(measure="P-R8", start=1, stop=12, level=0.7),
        MeasureUse(measure="P-R8", start=13),
    )
    regulation = Policy(name="regulation", title="Regulation", pillar="regulation", about="", measures=uses)
    monkeypatch.setattr(module, "load_policy", lambda name: regulation)
    by_month, ruled, first, second = pillar_policy("regulation=0.1").measures
    assert by_month.level == {0: 0.07, 24: 0.02}
    assert (ruled.level, ruled.rules[0].level) == (0.04, 0.07)
    assert (first.level, first.stop, second.level, second.start) == (0.07, 12, 0.1, 13)


@pytest.mark.parametrize("name", PILLARS)
def test_one_pillar_in_full_is_its_own_policy(name):
    assert pillar_policy(name) == pillar_policy(f"{name}=1") == pillar_policy({name: 1}) == load_policy(name)


def test_all_pillars_in_full_are_the_policy_of_all_four():
    whole = load_policy("all_four")
    assert pillar_policy("all") == pillar_policy(",".join(reversed(PILLARS))) == pillar_policy({"all": 1.0}) == whole
    assert whole.measures == tuple(use for name in PILLARS for use in load_policy(name).measures)


@pytest.mark.parametrize(
    "same",
    [
        "engagement , regulation = 0.5",
        "regulation=.50,engagement=1.0",
        {"engagement": 1, "regulation": 0.5},
        {"regulation": np.float32(0.5), "engagement": np.int64(1)},
        {"regulation": ".5", "engagement": 1},
    ],
)
def test_order_and_form_make_no_other_policy(same):
    assert pillar_policy(same) == pillar_policy("regulation=0.5,engagement")


@pytest.mark.parametrize(
    ("text", "name", "title"),
    [
        ("regulation=.5", "regulation_0_5", "Regulation at half level"),
        ("regulation,engagement", "regulation_engagement", "Regulation with engagement"),
        ("regulation=.5,engagement", "regulation_0_5_engagement", "Regulation at half level with engagement in full"),
        (
            "resilience=.25,enforcement,regulation",
            "regulation_enforcement_resilience_0_25",
            "Regulation in full with enforcement in full and resilience at level 0.25",
        ),
        ("all=.5", "all_four_0_5", "All four pillars at half level"),
        (
            "regulation=.1,enforcement=.2,engagement=.3,resilience=.4",
            "regulation_0_1_enforcement_0_2_engagement_0_3_resilience_0_4",
            "Regulation 0.1, enforcement 0.2, engagement 0.3, resilience 0.4",
        ),
    ],
)
def test_a_name_is_plain_and_a_title_says_it_in_words(text, name, title):
    made = pillar_policy(text)
    assert (made.name, made.title) == (name, title)


def test_a_name_or_title_that_would_be_too_long_is_still_one_of_its_own():
    texts = [f"regulation=.1234{last},enforcement=.2345,engagement=.33333333333,resilience=.00001234" for last in (5, 6)]
    first, second = map(pillar_policy, texts)
    assert first.name != second.name
    assert max(len(first.name), len(second.name)) <= 60
    assert first.title == "Regulation 0.123, enforcement 0.234, engagement 0.333, resilience 1.23e-05"


def test_the_pillar_is_told_where_there_is_only_one():
    assert pillar_policy("regulation=.5").pillar == "regulation"
    assert pillar_policy("regulation=.5,engagement").pillar is None


@pytest.mark.parametrize("text", ["regulation=.5", "regulation=.3,engagement", "all=0.7", "all", "resilience"])
def test_written_into_a_file_and_read_again_it_is_the_same_part_of_a_run(tmp_path, text):
    made = pillar_policy(text)
    file = tmp_path / "plan.yaml"
    file.write_text(yaml.safe_dump({"schema": 2} | made.model_dump(mode="json", exclude_none=True)), "utf-8")
    assert part_hash(load_policy(file)) == part_hash(made)


def test_public_functions_take_it():
    made = citysafety.pillar_policy("regulation=.5,engagement")
    found = citysafety.compare("sandbox", [made, "truce"], months=2, replications=2, scale=0.02)
    assert [policy.name for policy in found.policies] == ["regulation_0_5_engagement", "truce"]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("regulatoin=.5", "pillars 'regulatoin=.5': 'regulatoin' is no pillar; did you mean regulation?"),
        ("police", "pillars 'police': 'police' is no pillar; known: regulation, enforcement, engagement, resilience, all"),
        ("Regulation", "did you mean regulation?"),
        (
            "regulation=0",
            "pillars 'regulation=0': the level of regulation is '0'; "
            "give a number above 0 and up to 1, such as regulation=0.5, or leave it out",
        ),
        ("engagement,regulation=1.5", "the level of regulation is '1.5'; give a number above 0 and up to 1, such as"),
        ("regulation=-0.5", "the level of regulation is '-0.5'; give a number above 0 and up to 1"),
        ("regulation=50%", "the level of regulation is '50%'; give a number above 0 and up to 1, such as regulation=0.5"),
        ("regulation=30%", "such as regulation=0.3"),
        ("regulation=half", "the level of regulation is 'half'; give a number"),
        ("regulation=", "the level of regulation is ''; give a number"),
        ("regulation=nan", "the level of regulation is 'nan'; give a number"),
        ("regulation=1e-14", "the level of regulation is '1e-14'; give a number above 0"),
        ("regulation,regulation=.5", "pillars 'regulation,regulation=.5': regulation is named twice; keep one"),
        ("regulation,all", "regulation is named twice, since all stands for the four of them; keep one"),
        ("regulation,", "part 2 names no pillar; give regulation, enforcement, engagement, resilience or all"),
        ("=.5", "part 1 names no pillar"),
        ("", "pillars is empty; name pillars, each with a level or in full, such as regulation=0.5,engagement"),
        ("  ", "pillars is empty"),
        ({}, "pillars is empty"),
        ({"regulation": True}, "pillars: the level of regulation is true; give a number above 0 and up to 1"),
        ({"regulation": float("nan")}, "the level of regulation is nan"),
        ({"regulation": None}, "the level of regulation is empty"),
        ({1: 0.5}, "pillars: 1 is no pillar"),
        (0.5, 'pillars is 0.5; give a text such as "regulation=0.5,engagement", or a mapping of pillars to levels'),
        (["regulation"], "pillars is a list of 1; give a text"),
    ],
)
def test_what_cannot_be_used_is_told_in_one_line(given, says):
    with pytest.raises(InputError) as refused:
        pillar_policy(given)
    assert says in str(refused.value)


def test_a_text_without_end_is_told_in_a_short_line():
    with pytest.raises(InputError) as refused:
        pillar_policy("nothing=1," * 1000, source="--pillars")
    assert str(refused.value).startswith("--pillars 'nothing=1,")
    assert len(str(refused.value)) < 300
