"""A file of an earlier version comes out in today's names, and every byte that is no name stays."""

import re
from pathlib import Path

import pytest

from sim import renamed
from sim.errors import InputError
from sim.files import parse_mapping
from sim.upgrade import is_ours, upgraded_text

SCENARIOS = Path(__file__).parents[2] / "scenarios"
SHIPPED = sorted(path for path in SCENARIOS.glob("*/*.yaml") if path.parent.name != "trials")
OUTCOME_KEYS = re.compile(r"\b(outcome|plus|over|times): *(\[[^\]]*\]|\S+)")


def as_version_0_2_0(text):
    """A shipped file in the names of version 0.2.0, which had no number of a form."""
    text = re.sub(r"^schema: 2\n", "", text, count=1, flags=re.M)
    for old, new in renamed.PARAMETERS.items():
        text = re.sub(rf"(?m)^(\s*(?:parameters: *\{{)?\s*){re.escape(new)}(?=:)", rf"\g<1>{old}", text)
    back = {new: old for old, new in renamed.OUTCOMES.items()}

    def value(found):
        return f"{found[1]}: " + re.sub(r"\w+", lambda word: back.get(word[0], word[0]), found[2])

    return OUTCOME_KEYS.sub(value, text)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_every_shipped_file_of_the_release_before_comes_out_as_it_is_shipped_today(path):
    today = path.read_text("utf-8")
    old = as_version_0_2_0(today)
    found = upgraded_text(old, path.name)
    assert old != today
    assert parse_mapping(found.text, path.name) == parse_mapping(today, path.name)
    assert found.text.splitlines()[-1] == today.splitlines()[-1]
    assert sorted(found.text.splitlines()) == sorted(today.splitlines())


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_what_is_of_today_is_left_as_it_is(path):
    today = path.read_text("utf-8")
    assert upgraded_text(today, path.name) == (today, ())


@pytest.fixture
def older(monkeypatch):
    monkeypatch.setitem(renamed.OUTCOMES, "dread", "fear")
    monkeypatch.setitem(renamed.PARAMETERS, "mobs.split_luck", "gangs.split_chance")


POLICY = """# A policy.

name: mine   # dread
title: dread
about: >
  Where there is dread.
measures:
  - measure: P-E1
    trigger: {outcome: "dread", above: 0.5}   # dread
  - {measure: P-E2, trigger: {above: 1, outcome: dread}}
"""
UPGRADED = """# A policy.

schema: 2
name: mine   # dread
title: dread
about: >
  Where there is dread.
measures:
  - measure: P-E1
    trigger: {outcome: "fear", above: 0.5}   # dread
  - {measure: P-E2, trigger: {above: 1, outcome: fear}}
"""


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["", "byte order mark"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_comments_quotes_line_ends_and_a_byte_order_mark_stay(older, mark, line_end):
    found = upgraded_text(mark + POLICY.replace("\n", line_end), "mine.yaml")
    assert found.text == mark + UPGRADED.replace("\n", line_end)
    assert [(each.line, each.old, each.new) for each in found.changes] == [(9, "dread", "fear"), (10, "dread", "fear")]
    assert upgraded_text(found.text, "mine.yaml") == (found.text, ())


def test_a_form_of_version_1_becomes_2_where_it_stands(older):
    text = "name: mine\nschema: 1   # form\nmeasures: []\n"
    assert upgraded_text(text, "mine.yaml").text == "name: mine\nschema: 2   # form\nmeasures: []\n"


def test_a_file_in_braces_or_set_in_is_rewritten_too(older):
    assert upgraded_text("{name: x, measures: [], plus: [dread]}", "x.yaml").text == (
        "{schema: 2, name: x, measures: [], plus: [fear]}"
    )
    assert upgraded_text("  name: x\n  measures: []\n", "x.yaml").text == "  schema: 2\n  name: x\n  measures: []\n"


def test_keys_of_parameters_are_renamed_and_an_old_and_a_new_one_together_are_refused(older):
    text = "city: {name: x}\npolicies: []\nparameters:\n  mobs.split_luck: 0.1\n"
    assert "  gangs.split_chance: 0.1\n" in upgraded_text(text, "x.yaml").text
    with pytest.raises(InputError, match=r"line 4 sets mobs\.split_luck, which is called gangs\.split_chance now, and"):
        upgraded_text(text + "  gangs.split_chance: 0.2\n", "x.yaml")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("services: {web: {image: x}}", "is no city, policy, shock, case or scenario"),
        ("schema: 3\nname: x\nmeasures: []", "schema is 3; this version upgrades files of the forms 1 to 2"),
        ("schema: yes\nname: x\nmeasures: []", "schema is 'yes'; this version upgrades"),
        ("name: x\nmeasures: [&a b, *a]", "anchor or alias"),
        ("name: [x", "line"),
    ],
)
def test_what_cannot_be_upgraded_is_refused_in_one_line(older, text, says):
    with pytest.raises(InputError) as caught:
        upgraded_text(text, "x.yaml")
    assert str(caught.value).startswith("x.yaml: ")
    assert says in str(caught.value)


def test_only_files_of_ours_are_taken_for_such():
    assert all(is_ours(parse_mapping(path.read_text("utf-8"), path.name)) for path in SHIPPED)
    assert not is_ours({"name": "x", "version": 3})
