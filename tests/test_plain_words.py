"""Everything that a person reads first is plain English: help, what can be shown, README and guides."""

import re
from pathlib import Path

import pytest
import typer.main

from experiments.commands.cli import app
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS

ROOT = Path(__file__).parents[1]

RIDDLES = (
    r"\banew\b",
    r"\bstands? (in|here|beside|under)\b",
    r"\bstood (in|here|at)\b",
    r"\b(hangs?|hung|hanging) on\b",
    r"\bheld against\b",
    r"\bwhose luck\b",
    r"\bbefalls?\b",
    r"\b(tells?|told|telling) of\b",
    r"\bsaid by\b",
    r"\bin vain\b",
    r"\bwhat is not known\b",
    r"; many times\b",
    r"\bwhere none is\b",
    r"\bowed to\b",
)
"""Expressions that made readers stop: German syntax in English words, and verbs that only this project used."""
IN_SHORT_TEXTS = (*RIDDLES, r"\bknits?\b", r"(^|[.;] )who \w+s\b")
"""The same for texts of one or two sentences, which have no place to explain a word."""


def riddles_in(text, riddles=IN_SHORT_TEXTS):
    return [found[0] for riddle in riddles if (found := re.search(riddle, text, re.IGNORECASE))]


def commands(group, name="citysafety"):
    yield name, group
    for each, command in getattr(group, "commands", {}).items():
        yield from commands(command, f"{name} {each}")


HELP = {
    f"{name}{' ' + parameter.opts[0] if parameter else ''}": text
    for name, command in commands(typer.main.get_command(app))
    for parameter, text in ((None, command.help), *((each, getattr(each, "help", None)) for each in command.params))
    if text
}
TEXTS = (
    {each.row: " ".join([each.says, each.capacity, *(c.says for c in each.conditions.values())]) for each in MEASURES}
    | {f"mechanism {each.name}": f"{each.title}. {each.says}" for each in MECHANISMS}
    | {f"outcome {each.name}": f"{each.title}. {each.says}" for each in OUTCOMES}
    | {each.name: each.says for each in PARAMETERS}
)


@pytest.mark.parametrize("name", HELP)
def test_help_reads_plainly(name):
    text = HELP[name]
    assert riddles_in(text) == []
    assert text[0].isupper()
    assert len(max(re.split(r"[.;:] ", " ".join(text.split())), key=len)) <= 170


def test_every_command_and_option_has_help():
    silent = [
        f"{name} {parameter.opts[0]}"
        for name, command in commands(typer.main.get_command(app))
        for parameter in command.params
        if not getattr(parameter, "help", None)
    ]
    assert silent == []
    assert [name for name, command in commands(typer.main.get_command(app)) if not command.help] == []


@pytest.mark.parametrize("name", TEXTS)
def test_what_can_be_shown_reads_plainly(name):
    assert riddles_in(TEXTS[name]) == []


PAGES = ["README.md", "scenarios/README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_reads_plainly(page):
    lines = (ROOT / page).read_text("utf-8").splitlines()
    assert [(number, *found) for number, line in enumerate(lines, 1) if (found := riddles_in(line, RIDDLES))] == []


@pytest.mark.parametrize(
    "text",
    [
        "How to write it stands in the guide.",
        "What Chicago hangs on.",
        "It is drawn anew.",
        "What befalls the city.",
        "Who leaves is helped.",
    ],
)
def test_a_riddle_is_seen(text):
    assert riddles_in(text)
