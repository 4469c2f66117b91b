"""`citysafety show` reads like a leaflet: whole sentences, sizes in words, and no name of a field left to guess at."""

import re

import pytest

from experiments.commands.cli import run_command
from experiments.commands.file_leaflets import file_leaflets_of
from experiments.commands.leaflets import leaflets_of
from experiments.commands.sections import WIDTH
from experiments.commands.strengths import how_strong, number_text, size_words
from experiments.evidence.schema import list_cases
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS, Parameter
from sim.scenario import list_cities, list_policies, list_shocks

FILES = [*list_cities(), *list_policies(), *list_shocks(), *list_cases()]
DECLARED = [each.name for each in (*MEASURES, *MECHANISMS, *OUTCOMES)]
FIELDS = r"\bwears \d|\bcarries\b|\bharms\b|\bleaves alone\b|\bTrue\b(?! share)|\bFalse\b|\bNone\b(?!\.)"
RAW = re.compile(rf"\b(low|mid|high) -?[\d.]+,|{FIELDS}")


@pytest.mark.parametrize("name", [*FILES, *DECLARED])
def test_a_leaflet_fits_the_screen_and_holds_no_raw_field(name):
    leaflets = [*file_leaflets_of(name), *leaflets_of(name)]
    assert leaflets
    for lines in leaflets:
        assert [line for line in lines if len(line) > WIDTH and " " in line.strip()] == []
        assert name in FILES or not RAW.search("\n".join(lines))
        assert len([line for line in lines if line.startswith("  ") and line[2] != " "]) >= 2


@pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.row)
def test_a_measure_tells_what_it_changes_needs_costs_who_pays_and_how_well_it_is_known(measure):
    (lines,) = list(leaflets_of(measure.row))
    text = re.sub(r"\s+", " ", " ".join(lines))
    assert measure.title in text
    assert measure.says in text
    assert f"{measure.unit_cost:,.12g} US dollars of 2019" in text or (measure.officers and not measure.unit_cost)
    assert f"Paid by {measure.pays}" in text
    assert measure.capacity in text
    assert f"Grade {measure.grade}," in text or "Not graded" in text
    for name, condition in measure.conditions.items():
        assert condition.says in text
        assert f"[{name}]" in text
    for change in measure.changes:
        assert change.says.rstrip(".") in text
    for outcome in measure.leaves_alone:
        assert f"({outcome})" in text


def test_what_touches_the_rights_of_people_has_a_section_of_its_own():
    with_rights = {each.row for each in MEASURES if "  Rights" in next(iter(leaflets_of(each.row)))}
    assert {"P-E1", "P-E3", "P-E6", "P-E7"} <= with_rights
    assert "P-S1" not in with_rights


@pytest.mark.parametrize("parameter", PARAMETERS, ids=lambda parameter: parameter.name)
def test_every_size_is_told_without_logarithms(parameter):
    text = size_words(parameter)
    assert text or not any(parameter.name == change.parameter for each in MEASURES for change in each.changes)
    assert not re.search(r"\blog|\bSD\b|e[-+]\d\d|nan|inf\b", text.replace("logistic", ""))


def sized(unit, value, low, high, says):
    return size_words(Parameter("a.b", value, low, high, unit, "uniform", "judgement", "chosen", says))


@pytest.mark.parametrize(
    ("unit", "value", "low", "high", "says", "expected"),
    [
        ("share", 0.16, 0.08, 0.3, "Fall of killings.", "moderate, 16% (8 to 30%)"),
        ("log", 0.17, 0.0, 0.3, "Fall of violence.", "moderate, 16% (0 to 26%)"),
        ("log hazard", 0.47, 0.1, 0.8, "Rise of leaving.", "strong, 60% (11 to 123%)"),
        ("logit", 0.18, 0.0, 0.4, "Rise of trust.", "slight, 4 percentage points (0 to 10) where it was 50%"),
        ("share of the gap to 1", 0.55, 0.3, 0.8, "Gain of integrity.", "strong, 55% (30 to 80%) of what was missing"),
        ("per month", 0.025, 0.01, 0.1, "Monthly speed of news.", "2% (1 to 10%) a month"),
        ("elasticity", 0.25, 0.12, 0.5, "Rise of deaths.", "slight, 2% (1.2 to 5%) for each 10% more"),
        ("ratio", 1.5, 0.7, 3.0, "Attacks around a lost leader.", "1.5 times (0.7 to 3)"),
        ("months", 16.0, 8.0, 32.0, "Mean time held.", "16 months (8 to 32)"),
        ("log per share", 1.0, 0.0, 2.0, "Gain of business.", "moderate, 11% (0 to 22%), for each 10 points more"),
        ("log hazard per log", 0.25, 0.0, 0.6, "Fall of joining.", "slight, 2% (0 to 6%) for each 10% more"),
        ("log", -0.02, -0.11, 0.05, "Fall of violence; a rise below 0.", "slight, -2% (-12 to 5%); below 0 a rise"),
        ("log", 0.02, -0.05, 0.1, "Rise of violence.", "slight, 2% (-5 to 11%); below 0 a fall"),
        ("soldiers per 1000", 12.0, 5.0, 25.0, "Soldiers for each 1000 residents.", "12 soldiers per 1000 (5 to 25)"),
        ("per dose", 1.0, 0.2, 3.0, "How fast sweeps run out.", "62% (52 to 82%) of the full reach at half the dose"),
    ],
)
def test_sizes_in_words(unit, value, low, high, says, expected):
    assert sized(unit, value, low, high, says) == expected


def test_words_and_numbers():
    assert [how_strong(each) for each in (4.9, 5.0, 19.9, 20.0, -30.0)] == [
        "slight",
        "moderate",
        "moderate",
        "strong",
        "strong",
    ]
    assert [number_text(each) for each in (0.06, 1234567.0, 3.431e-06, 50.0)] == ["0.06", "1,230,000", "3.43e-06", "50"]


def test_a_name_that_several_things_share_shows_each(capsys):
    assert run_command(["show", "fear"]) == 0
    out = capsys.readouterr().out
    assert "Fear (fear), a mechanism" in out
    assert "Fear (fear), an outcome" in out
