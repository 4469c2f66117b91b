"""The cities: every figure says where it is from, what is invented says so, and each is a whole city of its own."""

import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from sim.scenario import list_cities, load_city

# Invented through and through; the other cities stand for a place on the map.
NAMES = [name for name in list_cities() if name != "sandbox"]
# Older file, with tests of its own: real areas, and its guessed levels named together.
OLDER = {"chicago"}


@pytest.fixture(scope="module", params=NAMES)
def city(request):
    return load_city(request.param)


@pytest.fixture(scope="module")
def cities():
    return [load_city(name) for name in NAMES]


def named_in(*texts):
    """Names of fields in keys such as ``levels.clearance`` or ``poverty, unemployment``, without a plural's s."""
    return {name.strip().removeprefix("levels.").rstrip("s") for text in texts for key in text for name in key.split(",")}


def is_real(city):
    """Whether the file says that its neighbourhoods are those of the map."""
    return city.name in OLDER or re.search(r"\breal\b", city.sources.get("neighbourhoods", "").lower()) is not None


def names_of(parts):
    return [part.name for part in parts]


# Where it comes from


def test_every_level_has_a_source_or_is_named_as_assumed(city):
    named = named_in(city.sources, city.assumptions)
    silent = [level for level in sorted(city.levels.model_fields_set) if level.rstrip("s") not in named]
    assert silent == [] or (city.name in OLDER and "level" in named)


def test_the_levels_that_a_file_leaves_to_the_schema_are_few(city):
    # No survey of drug use among the young was looked up for any city.
    assert city.name in OLDER or set(type(city.levels).model_fields) - city.levels.model_fields_set == {"drug_use"}


def test_every_kind_of_figure_of_a_neighbourhood_is_accounted_for(city):
    given = set().union(*(place.model_fields_set for place in city.neighbourhoods)) - {"name"}
    assert {field.rstrip("s") for field in given} - named_in(city.sources, city.assumptions) == set()


def test_every_other_part_is_accounted_for(city):
    other = {
        "gangs",
        "groups",
        "police",
        "youth_share",
        "flows",
        "markets",
        "corridors",
        "elections",
        "temperature_range",
        "warmest_month",
    }
    assert {part.rstrip("s") for part in other & city.model_fields_set} - named_in(city.sources, city.assumptions) == set()


def test_a_source_has_words_and_the_rate_of_killing_has_figures(city):
    assert all(len(text.split()) >= 3 for text in city.sources.values())
    told = {**city.assumptions, **city.sources}
    assert re.search(r"\d", told["levels.homicide_rate"])


def test_residents_add_to_the_total_of_their_source(city):
    told = city.sources.get("city_population") or city.sources["population"]
    totals = [int(re.sub(r"[ ,]", "", number)) for number in re.findall(r"\d{1,3}(?:[ ,]\d{3})+", told)]
    residents = sum(place.population for place in city.neighbourhoods)
    assert any(0.99 * total <= residents <= 1.001 * total for total in totals), (residents, totals)


def test_the_file_says_that_it_is_no_forecast_and_describes_nobody(city):
    assert city.title in city.illustration
    for words in ("illustrates", "no forecast", "no real", "gang", "group", "person"):
        assert words in city.illustration


# What is invented


def test_neighbourhoods_are_real_or_say_that_they_are_not(city):
    says = (city.about + city.assumptions.get("neighbourhoods", "")).lower()
    assert is_real(city) != ("synthetic" in says)


def test_invented_places_carry_no_observed_killings(city):
    assert is_real(city) or all(place.homicides_observed is None for place in city.neighbourhoods)


def test_no_invented_place_bears_the_name_of_a_real_one(cities):
    real = {place.name for city in cities if is_real(city) for place in city.neighbourhoods}
    invented = {place.name for city in cities if not is_real(city) for place in city.neighbourhoods}
    assert real
    assert real & invented == set()


def test_no_name_stands_for_two_things(city):
    names = [*names_of(city.neighbourhoods), *names_of(city.gangs), *names_of(city.groups)]
    assert len({name.casefold() for name in names}) == len(names)


def test_gangs_are_said_to_be_synthetic(city):
    assert "synthetic" in city.assumptions["gangs"].lower()


# A whole city


def test_one_can_walk_from_anywhere_to_everywhere(city):
    adjacent = {place.name: set(place.adjacent) for place in city.neighbourhoods}
    reached, edge = set(), {city.neighbourhoods[0].name}
    while edge:
        reached |= edge
        edge = set().union(*(adjacent[name] for name in edge)) - reached
    assert reached == set(adjacent)


def test_the_map_keeps_neighbours_close(city):
    tile = {place.name: np.array(place.tile) for place in city.neighbourhoods}
    steps = [np.abs(tile[place.name] - tile[other]).max() for place in city.neighbourhoods for other in place.adjacent]
    assert max(steps) <= 2


def test_something_comes_in_and_goes_somewhere(city):
    assert city.name in OLDER or any(place.hubs for place in city.neighbourhoods)
    assert city.name in OLDER or city.corridors


def test_corridors_run_from_neighbour_to_neighbour(city):
    adjacent = {place.name: place.adjacent for place in city.neighbourhoods}
    steps = [step for corridor in city.corridors for step in pairwise(corridor.through)]
    assert [step for step in steps if step[1] not in adjacent[step[0]]] == []


def test_there_are_gangs_and_groups_to_act(city):
    assert 1 <= len(city.gangs) <= 24
    assert len(city.groups) >= 5
    assert len({group.kind for group in city.groups}) >= 4


def test_places_differ_as_places_do(city):
    poverty = np.array([place.poverty for place in city.neighbourhoods])
    work = np.array([place.unemployment for place in city.neighbourhoods])
    income = np.log([place.income for place in city.neighbourhoods])
    assert poverty.max() >= 3 * poverty.min()
    assert np.corrcoef(poverty, work)[0, 1] > 0.6
    assert np.corrcoef(poverty, income)[0, 1] < -0.6


def test_every_flow_stands_at_the_citys_own_level(city):
    assert set(city.flows.values()) <= {1.0}


# One of its own


def test_the_name_is_that_of_the_file(cities):
    assert names_of(cities) == NAMES
    assert len({city.title for city in cities}) == len(NAMES)


def test_no_two_cities_are_the_same(cities):
    for one, other in combinations(cities, 2):
        assert one.levels != other.levels
        assert names_of(one.neighbourhoods) != names_of(other.neighbourhoods)
        assert one.gangs != other.gangs
        assert one.markets != other.markets
