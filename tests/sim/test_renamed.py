"""An old name is refused wherever it is given, and the refusal says the new one."""

import pytest

from sim import renamed
from sim.errors import InputError, did_you_mean
from sim.files import check_file, parse_mapping
from sim.levers import LEVERS
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.renamed import new_name, old_names, with_new_names
from sim.scenario import Policy, assemble, load_policy, parse_setting

TABLES = {
    "levers": (renamed.LEVERS, LEVERS),
    "parameters": (renamed.PARAMETERS, [each.name for each in PARAMETERS]),
    "outcomes": (renamed.OUTCOMES, [each.name for each in OUTCOMES]),
}


@pytest.fixture
def older(monkeypatch):
    """An earlier version in which two things had other names."""
    monkeypatch.setitem(renamed.OUTCOMES, "dread", "fear")
    monkeypatch.setitem(renamed.PARAMETERS, "mobs.split_luck", "gangs.split_chance")


POLICY = """
name: mine
title: Mine
about: Where there is dread, patrols.
measures:
  - measure: P-E1
    trigger: {outcome: dread, above: 0.5}
"""


@pytest.mark.parametrize("kind", TABLES)
def test_every_new_name_exists_and_no_old_one_does(kind):
    table, known = TABLES[kind]
    assert set(table.values()) <= set(known)
    assert not set(table) & set(known)
    assert len(set(table.values())) == len(table)


def test_the_remedy_for_an_old_name_is_its_new_one_and_not_what_is_spelled_alike(older):
    assert did_you_mean("dread", ["fear", "dreadful"]) == "it is called fear since version 0.3.0"
    assert did_you_mean("mobs.*", ["gangs.*", "moods.*"]) == "it is called gangs.* since version 0.3.0"
    assert "since" not in did_you_mean("dread", ["dreadful"])


def test_a_pattern_over_a_process_is_translated_where_all_of_its_parameters_moved_together(older, monkeypatch):
    assert new_name("mobs.*") == "gangs.*"
    monkeypatch.setitem(renamed.PARAMETERS, "mobs.size", "recruitment.size")
    assert new_name("mobs.*") is None


def test_names_are_replaced_where_names_stand_and_texts_for_people_are_left(older):
    tree = {
        "about": "dread",
        "levels": {"dread": 1},
        "parameters": {"mobs.split_luck": 0.1},
        "measures": [{"trigger": {"outcome": "dread", "above": 1}}],
        "study": {"outcomes": ["dread", "cost"], "vary": ["mobs.split_luck"], "thresholds": {"dread": 2}},
    }
    new = with_new_names(tree)
    assert new == {
        "about": "dread",
        "levels": {"dread": 1},
        "parameters": {"gangs.split_chance": 0.1},
        "measures": [{"trigger": {"outcome": "fear", "above": 1}}],
        "study": {"outcomes": ["fear", "cost"], "vary": ["gangs.split_chance"], "thresholds": {"fear": 2}},
    }
    assert len(list(old_names(tree))) == 5
    assert list(old_names(new)) == []


def test_a_file_with_an_old_name_is_refused_with_the_new_one_and_the_command_that_rewrites_it(older, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY)
    with pytest.raises(InputError) as caught:
        load_policy(path)
    assert "'dread', which is no outcome; it is called fear since version 0.3.0" in str(caught.value)
    assert f"holds 1 name that is no longer used; `citysafety upgrade {path}` rewrites it" in str(caught.value)


def test_a_setting_and_a_call_with_an_old_name_are_refused_with_the_new_one(older):
    with pytest.raises(InputError, match=r"it is called gangs\.split_chance since version 0\.3\.0"):
        parse_setting("mobs.split_luck=0.1")
    with pytest.raises(InputError, match=r"it is called gangs\.split_chance since version 0\.3\.0"):
        assemble("sandbox", "baseline", parameters={"mobs.split_luck": 0.1})


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("1", "schema is 1, the form of an earlier version; `citysafety upgrade f.yaml` rewrites it in today's, 2"),
        ("3", "schema is 3, the form of a later version; this one reads 2"),
        ("0", "schema is 0; it must be 2"),
        ("true", "schema is true; it must be 2"),
        ("two", "schema is 'two'; it must be 2"),
        ("2.5", "schema is 2.5; it must be 2"),
        ("", "schema is empty; it must be 2"),
    ],
)
def test_a_file_of_another_form_is_refused(form, says):
    text = f"schema: {form}\n" + POLICY.replace("dread", "fear")
    with pytest.raises(InputError, match=r"^f\.yaml: ") as caught:
        check_file(Policy, parse_mapping(text, "f.yaml"), "f.yaml", text)
    assert says in str(caught.value)


def test_a_file_without_a_form_is_one_of_todays(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(POLICY.replace("dread", "fear"))
    plain = load_policy(path)
    path.write_text("schema: 2\n" + POLICY.replace("dread", "fear"))
    assert load_policy(path) == plain
