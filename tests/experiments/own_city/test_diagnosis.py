"""The diagnosis says of each risk what a city's file knows, and never takes a guess for a figure (row E02)."""

import json
from typing import get_args

import pytest

from experiments.commands import cli
from experiments.own_city.diagnosis import CLASSES, RISKS, STATUSES, diagnose, json_object, table
from sim.outcomes import OUTCOMES
from sim.scenario import City, Corridor, Gang, Levels, Neighbourhood, Police, ShockKind, list_cities, load_city

PARTS = {"neighbourhoods": Neighbourhood, "levels": Levels, "gangs": Gang, "police": Police, "corridors": Corridor}


@pytest.fixture
def chicago():
    return load_city("chicago")


def with_texts(city, *, sources=None, assumptions=None):
    """A city with other sources and assumptions, all else as its file gave it."""
    changes = {"sources": sources, "assumptions": assumptions}
    return city.model_copy(update={name: texts for name, texts in changes.items() if texts is not None})


def without(texts, *names):
    return {name: text for name, text in texts.items() if name not in names}


def with_places(city, **values):
    """A city whose first neighbourhoods, as many as there are values, give a field each its own value."""
    (field, given), *_ = values.items()
    places = [
        Neighbourhood(**(place.model_dump(exclude_unset=True) | {field: value}))
        for place, value in zip(city.neighbourhoods, given, strict=False)
    ]
    return city.model_copy(update={"neighbourhoods": (*places, *city.neighbourhoods[len(given) :])})


def status_of(city, title):
    return next(each.status for each in diagnose(city) if each.risk.title == title)


def reading_of(city, name):
    return next(reading for each in diagnose(city) for reading in each.readings if reading.name == name)


# The risks ------------------------------------------------------------------------------------------------------------


def test_the_three_classes_hold_every_sub_risk_of_the_framework():
    assert [sum(risk.group == group for risk in RISKS) for group in CLASSES] == [6, 5, 7]
    assert len({risk.title for risk in RISKS}) == len(RISKS)


def test_whatever_stands_for_a_risk_is_there():
    outcomes = {each.name for each in OUTCOMES}
    for risk in RISKS:
        assert set(risk.shocks) <= set(get_args(ShockKind)), risk.title
        assert set(risk.outcomes) <= outcomes, risk.title
        for name in risk.inputs:
            head, _, field = name.partition(".")
            assert head in City.model_fields, name
            if head in PARTS:
                assert field in PARTS[head].model_fields, name


@pytest.mark.parametrize("name", list_cities())
@pytest.mark.shows("E02.1")
def test_every_city_has_a_status_for_every_risk(name):
    found = diagnose(load_city(name))
    assert [each.risk for each in found] == list(RISKS)
    assert {each.status for each in found} <= set(STATUSES)
    assert {each.risk.title for each in found if each.status == "absent"} == {"a changing climate"}


@pytest.mark.shows("E02.1")
def test_a_risk_with_nothing_to_stand_for_it_is_absent_in_every_city(chicago):
    bare = [risk.title for risk in RISKS if not (risk.inputs or risk.shocks or risk.outcomes)]
    assert bare == ["a changing climate"]
    assert status_of(chicago, bare[0]) == "absent"


# Measured and assumed -------------------------------------------------------------------------------------------------


@pytest.mark.shows("E02.1", "A07.1")
def test_e02_taking_away_a_source_turns_measured_to_assumed(chicago):
    packed = "poverty packed into few places"
    assert status_of(chicago, packed) == "measured"
    poorer = with_texts(chicago, sources=without(chicago.sources, "poverty"))
    assert status_of(poorer, packed) == "assumed"
    changed = [a.risk.title for a, b in zip(diagnose(chicago), diagnose(poorer), strict=True) if a.status != b.status]
    assert changed == [packed]


@pytest.mark.shows("A07.1")
def test_every_measured_input_turns_assumed_without_its_sources(chicago):
    bare = with_texts(chicago, sources={})
    measured = [reading for each in diagnose(chicago) for reading in each.readings if reading.status == "measured"]
    assert len(measured) > 3
    assert {reading_of(bare, reading.name).status for reading in measured} == {"assumed"}


def test_what_is_left_out_is_assumed_even_with_a_source(chicago):
    named = with_texts(chicago, sources={**chicago.sources, "inequality": "A survey of 2014."})
    assert reading_of(named, "neighbourhoods.inequality") == ("neighbourhoods.inequality", "assumed", "no", "")


def test_what_is_given_for_some_places_is_assumed_until_all_have_it(chicago):
    places = len(chicago.neighbourhoods)
    named = with_texts(chicago, sources={**chicago.sources, "inequality": "A survey of 2014."})
    some = with_places(named, inequality=[0.4] * 3)
    assert reading_of(some, "neighbourhoods.inequality")[1:3] == ("assumed", f"3 of {places} neighbourhoods")
    every = with_places(named, inequality=[0.4] * places)
    assert reading_of(every, "neighbourhoods.inequality")[1:] == ("measured", "yes", "A survey of 2014.")
    assert status_of(every, "wide gaps of income and standing") == "measured"


def test_a_mark_is_given_where_one_place_has_it(chicago):
    named = with_texts(chicago, sources={**chicago.sources, "displaced": "A census of camps."})
    assert reading_of(named, "neighbourhoods.displaced").status == "assumed"
    marked = with_places(named, displaced=[0.2, 0.0])
    assert reading_of(marked, "neighbourhoods.displaced").status == "measured"


@pytest.mark.parametrize(
    ("sources", "assumptions", "status"),
    [
        (["levels.fear"], [], "measured"),
        (["fear"], ["levels"], "measured"),
        (["Fear and crime"], ["levels"], "measured"),
        (["levels"], [], "measured"),
        (["levels"], ["levels"], "assumed"),
        (["levels"], ["fear"], "assumed"),
        (["fear"], ["levels.fear"], "assumed"),
        (["police"], [], "assumed"),
        ([], ["levels"], "assumed"),
    ],
)
def test_of_source_and_assumption_the_closer_one_counts(chicago, sources, assumptions, status):
    from experiments.own_city.diagnosis import _read

    said = with_texts(chicago, sources=dict.fromkeys(sources, "s"), assumptions=dict.fromkeys(assumptions, "a"))
    assert _read(said, "levels.fear").status == status


def test_a_risk_is_only_as_well_known_as_its_least_known_input(chicago):
    for each in diagnose(chicago):
        statuses = {reading.status for reading in each.readings}
        assert (each.status == "measured") == (statuses == {"measured"})


def test_an_invented_city_measures_nothing():
    assert {each.status for each in diagnose(load_city("sandbox"))} == {"assumed", "absent"}


# The command ----------------------------------------------------------------------------------------------------------


def test_the_table_names_every_risk_by_class_and_stays_narrow(chicago):
    lines = table(chicago)
    assert max(map(len, lines)) <= 100
    assert [line for line in lines if line in CLASSES.values()] == list(CLASSES.values())
    shown = [line.split(maxsplit=1) for line in lines if line.startswith("  ") and line[2] != " "]
    assert shown == [[each.status, each.risk.title] for each in diagnose(chicago)]


def test_the_command_prints_the_table_or_one_object(capsys):
    assert cli.run_command(["diagnose", "chicago"]) == 0
    assert "measured  poverty packed into few places" in capsys.readouterr().out
    assert cli.run_command(["diagnose", "chicago", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found.pop("fit")["standing"] == "fitted"
    assert found == json_object(load_city("chicago"))
    assert sum(found["counts"].values()) == len(found["risks"]) == len(RISKS)


def test_a_city_that_is_not_there_is_refused_in_one_line(capsys):
    assert cli.run_command(["diagnose", "atlantis"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
