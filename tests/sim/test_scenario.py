"""A scenario loads, or one line says which file, field and value, and what would be right."""

import copy
import json
import math
import string
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.files import read_mapping
from sim.scenario import (
    FLOWS,
    City,
    InputError,
    Policy,
    Scenario,
    Shock,
    Target,
    assemble,
    canonical,
    check_fit,
    list_cities,
    list_policies,
    list_shocks,
    load_city,
    load_policy,
    load_shock,
    parse_setting,
    scenario_hash,
    schema_text,
    write_schema,
)

SCENARIOS = Path(str(files("scenarios")))
SANDBOX = read_mapping(SCENARIOS / "cities" / "sandbox.yaml", "sandbox.yaml")
SANDBOX.pop("schema")  # what is checked besides: tests/sim/test_renamed.py
PILLARS = ("regulation", "enforcement", "engagement", "resilience")


def sandbox_with(change):
    """The sandbox as a tree, after a change."""
    tree = copy.deepcopy(SANDBOX)
    change(tree)
    return tree


def at(path, value):
    """A change that puts a value at a path such as 'neighbourhoods.3.poverty'."""

    def change(tree):
        *way, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        for step in way:
            tree = tree[step]
        if value is Ellipsis:
            del tree[last]
        elif isinstance(tree, list) and last == len(tree):
            tree.append(value)
        else:
            tree[last] = value

    return change


def refusal(load, tree, folder):
    """The one line that a file with this tree is refused with, without the name of the file."""
    file = folder / "my.yaml"
    file.write_text(tree if isinstance(tree, str) else yaml.safe_dump(tree, sort_keys=False), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    assert message.isprintable()
    return message.removeprefix(f"{file}: ")


# What is packaged


def test_every_packaged_file_loads_under_its_own_name():
    for names, load in ((list_cities, load_city), (list_policies, load_policy), (list_shocks, load_shock)):
        assert names()
        for name in names():
            assert load(name).name == name


def test_the_sandbox_is_nine_places_in_a_grid():
    city = load_city("sandbox")
    assert len(city.neighbourhoods) == 9
    assert sum(place.population for place in city.neighbourhoods) == 45_000
    tiles = {place.tile: place for place in city.neighbourhoods}
    assert set(tiles) == {(column, row) for column in range(3) for row in range(3)}
    for (column, row), place in tiles.items():
        beside = [(column + 1, row), (column - 1, row), (column, row + 1), (column, row - 1)]
        assert set(place.adjacent) == {tiles[tile].name for tile in beside if tile in tiles}
    poverty = [place.poverty for place in city.neighbourhoods]
    assert (min(poverty), max(poverty)) == (0.08, 0.5)
    assert {gang.organisation for gang in city.gangs} == {"integrated", "loose", "weak"}


def test_gangs_of_the_sandbox_live_in_its_poorer_half():
    city = load_city("sandbox")
    middle = sorted(place.poverty for place in city.neighbourhoods)[4]
    poor = {place.name for place in city.neighbourhoods if place.poverty > middle}
    assert all(set(gang.homes) <= poor for gang in city.gangs)


def test_every_city_says_that_it_is_no_forecast():
    for name in list_cities():
        sentence = load_city(name).illustration
        assert any(word in sentence for word in ("illustrat", "invented", "no forecast", "not a forecast"))


def test_all_four_is_exactly_the_union_of_the_pillars():
    alone = [use for name in PILLARS for use in load_policy(name).measures]
    assert list(load_policy("all_four").measures) == alone


def test_each_pillar_holds_only_its_own_measures():
    for name, letters in zip(PILLARS, ("P-R", "P-E", "P-G", "P-S"), strict=True):
        policy = load_policy(name)
        assert policy.pillar == name
        assert {use.measure[:3] for use in policy.measures} == {letters}


def test_the_harmful_or_doubtful_measures_stand_alone():
    assert [use.measure for use in load_policy("mass_arrest").measures] == ["P-E6"]
    assert [use.stop for use in load_policy("mass_arrest").measures] == [12]
    assert [use.measure for use in load_policy("truce").measures] == ["P-G4"]
    assert [use.stop for use in load_policy("truce").measures] == [24]
    together = {use.measure for use in load_policy("all_four").measures}
    assert not together & {"P-E6", "P-G4"}
    assert "truce is left out on purpose" in load_policy("engagement").about


def test_the_baseline_has_no_measure():
    assert load_policy("baseline").measures == ()


def test_policies_wait_for_nothing_and_start_at_once():
    for name in list_policies():
        assert all(use.start == 1 and use.trigger is None and use.ramp is None for use in load_policy(name).measures)


def test_the_policy_in_the_readme_loads(tmp_path):
    text = (SCENARIOS / "README.md").read_text(encoding="utf-8")
    (tmp_path / "night_and_work.yaml").write_text(text.split("```yaml\n")[1].split("```")[0])
    policy = load_policy(tmp_path / "night_and_work.yaml")
    assert policy.name == "night_and_work"
    check_fit(load_city("sandbox"), [policy])


def test_the_schema_file_is_fresh(tmp_path):
    kept = SCENARIOS / "scenario.schema.json"
    assert kept.read_text(encoding="utf-8") == schema_text(), "write it anew: sim.scenario.write_schema('scenarios')"
    assert write_schema(tmp_path).read_text(encoding="utf-8") == schema_text()


def test_the_schema_knows_every_model_and_refuses_unknown_keys():
    models = json.loads(schema_text())["$defs"]
    assert {"City", "Neighbourhood", "Policy", "MeasureUse", "Shock", "Scenario"} <= set(models)
    assert all(model["additionalProperties"] is False for model in models.values())
    assert all(field.get("description") for model in models.values() for field in model["properties"].values())


# Bad cities


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("povrety", 1, "povrety is not a known key; known:"),
        ("neighbourhoods.3.povrety", 0.1, "neighbourhoods[3].povrety is not a known key; did you mean poverty?"),
        ("levels.intgrity", 0.1, "levels.intgrity is not a known key; did you mean integrity?"),
        ("flows.drgs", 1.0, "flows.drgs is not a known key; did you mean drugs?"),
        ("neighbourhoods.4.hubs", {"sea": 1.0}, "neighbourhoods[4].hubs.sea is not a known key; known: people, drugs"),
        ("neighbourhoods.3.poverty", ..., "neighbourhoods[3].poverty is missing; it is share of residents in poverty"),
        ("levels", ..., "levels is missing; it is city averages as month 1 begins"),
        ("neighbourhoods.3.poverty", 1.7, "it is a share between 0 and 1 (did you mean 0.17, or 0.017?)"),
        (
            "neighbourhoods.3.poverty",
            17,
            "neighbourhoods[3].poverty is 17; it is a share between 0 and 1 (did you mean 0.17?)",
        ),
        ("neighbourhoods.3.poverty", 1e6, "neighbourhoods[3].poverty is 1000000.0; it is a share between 0 and 1"),
        ("neighbourhoods.3.poverty", -0.1, "neighbourhoods[3].poverty is -0.1; it cannot be negative"),
        ("neighbourhoods.3.poverty", "0.1", "is '0.1'; it must be a number (take away the quotes)"),
        ("neighbourhoods.3.poverty", "low", "neighbourhoods[3].poverty is 'low'; it must be a number"),
        ("neighbourhoods.3.poverty", True, "neighbourhoods[3].poverty is true; it must be a number"),
        ("neighbourhoods.3.poverty", None, "neighbourhoods[3].poverty is empty; it must be a number"),
        ("neighbourhoods.3.poverty", [0.1], "neighbourhoods[3].poverty is a list of 1; it must be a number"),
        ("neighbourhoods.3.poverty", math.nan, "neighbourhoods[3].poverty is nan; it must be a finite number"),
        ("neighbourhoods.3.income", math.inf, "neighbourhoods[3].income is inf; it must be a finite number"),
        ("neighbourhoods.3.income", 0, "neighbourhoods[3].income is 0; it must be above 0"),
        ("neighbourhoods.3.population", -5, "neighbourhoods[3].population is -5; it cannot be negative"),
        ("neighbourhoods.3.population", 1000.5, "neighbourhoods[3].population is 1000.5; it must be a whole number"),
        ("neighbourhoods.3.population", True, "neighbourhoods[3].population is true; it must be a whole number"),
        ("neighbourhoods.3.population", 10**25, "it must be at most 50000000"),
        ("neighbourhoods.3.population", 10**400, "neighbourhoods[3].population is inf; it must be a"),
        ("neighbourhoods.3.enclave", "yes", "neighbourhoods[3].enclave is 'yes'; it must be true or false"),
        ("neighbourhoods.3.name", 7, "neighbourhoods[3].name is 7; it must be text"),
        ("neighbourhoods.3.name", " x", "it must be one line of text with no space at its ends"),
        ("neighbourhoods.3.name", "a\nb", "it must be one line of text with no space at its ends"),
        ("neighbourhoods.3.name", "", "neighbourhoods[3].name is ''; it must be one line of text"),
        ("neighbourhoods.3.name", "x" * 200, "it must have at most 80 characters"),
        ("neighbourhoods.3.name", "Aldoo", "neighbourhoods[3].name is 'Aldoo', as is neighbourhoods[0].name"),
        ("neighbourhoods.3.adjacent", ..., "neighbourhoods[3].adjacent is missing"),
        ("neighbourhoods.3.adjacent", "Aldoo", "neighbourhoods[3].adjacent is 'Aldoo'; it must be a list"),
        (
            "neighbourhoods.3.adjacent.0",
            "Aldo",
            "adjacent[0] is 'Aldo', which is no neighbourhood here; did you mean Aldoo?",
        ),
        (
            "neighbourhoods.3.adjacent.0",
            "Dorvin",
            "neighbourhoods[3].adjacent[0] is 'Dorvin', the neighbourhood itself",
        ),
        ("neighbourhoods.3.adjacent.3", "Aldoo", "neighbourhoods[3].adjacent[3] is 'Aldoo' a second time"),
        (
            "neighbourhoods.3.adjacent.3",
            "Ixley",
            "neighbourhoods[3].adjacent[3] is 'Ixley', but neighbourhoods[8].adjacent does not name 'Dorvin'",
        ),
        ("neighbourhoods.3.tile", [0, 0], "neighbourhoods[3].tile is [0, 0], which neighbourhoods[0] has already"),
        ("neighbourhoods.3.tile", [1], "neighbourhoods[3].tile[1] is missing"),
        ("neighbourhoods.3.tile", [1, -1], "neighbourhoods[3].tile[1] is -1; it cannot be negative"),
        ("neighbourhoods", [], "neighbourhoods is a list of 0; it must hold at least 3"),
        ("neighbourhoods", {}, "neighbourhoods is a mapping; it must be a list"),
        ("neighbourhoods.3", "Dorvin", "neighbourhoods[3] is 'Dorvin'; it must be a mapping of keys to values"),
        ("gangs", [], "gangs is a list of 0; it must hold at least 1"),
        ("gangs.1.name", "The Lanterns", "gangs[1].name is 'The Lanterns', as is gangs[0].name"),
        (
            "gangs.1.homes.0",
            "Hobix",
            "gangs[1].homes[0] is 'Hobix', which is no neighbourhood here; did you mean Hobbix?",
        ),
        ("gangs.1.homes", [], "gangs[1].homes is a list of 0; it must hold at least 1"),
        ("gangs.1.homes.1", "Hobbix", "gangs[1].homes[1] is 'Hobbix' a second time"),
        ("gangs.1.organisation", "tight", "is 'tight'; it must be integrated, loose or weak"),
        ("gangs.1.pact", 2, "gangs[1].pact is 2; it is a share between 0 and 1 (did you mean 0.02?)"),
        ("groups.1.home", "Ixly", "groups[1].home is 'Ixly', which is no neighbourhood here; did you mean Ixley?"),
        ("groups.1.kind", "bank", "groups[1].kind is 'bank'; it must be youth club, women's group, faith,"),
        ("groups.1.name", "Open Door", "groups[1].name is 'Open Door', as is groups[0].name"),
        ("police.command", "army", "police.command is 'army'; it must be city, joint or national"),
        ("levels.clearance", 32, "levels.clearance is 32; it is a share between 0 and 1 (did you mean 0.32?)"),
        ("levels.clearance", 0, "levels.clearance is 0; it must be at least 0.001"),
        ("levels.homicide_rate", 0, "levels.homicide_rate is 0; it must be above 0"),
        ("youth_share", 32, "youth_share is 32; it"),
        ("money_per_dollar", 0, "money_per_dollar is 0; it must be above 0"),
        ("flows.drugs", -1, "flows.drugs is -1; it cannot be negative"),
        ("gangs.1.kind", "army", "gangs[1].kind is 'army'; it must be gang, militia or ideological"),
        ("neighbourhoods.3.minority", 30, "neighbourhoods[3].minority is 30; it is a share between 0 and 1"),
        ("neighbourhoods.3.displaced", -0.1, "neighbourhoods[3].displaced is -0.1; it cannot be negative"),
        ("neighbourhoods.3.tenure", "owned", "neighbourhoods[3].tenure is 'owned'; it must be a number"),
        ("neighbourhoods.3.density", 0, "neighbourhoods[3].density is 0; it must be above 0"),
        ("markets", {"arms": 0.5}, "markets.arms is not a known key; did you mean firearms?"),
        ("markets", {"drugs": 5}, "markets.drugs is 5; it is a share between 0 and 1 (did you mean 0.05?)"),
        ("elections", [12.5], "elections[0] is 12.5; it must be a whole number: round it to 12 or 13"),
        ("elections", [-1], "elections[0] is -1; it cannot be negative"),
        (
            "corridors",
            [{"flow": "drugs", "through": ["Aldoo"]}],
            "corridors[0].through is a list of 1; it must hold at least 2",
        ),
        ("corridors", [{"flow": "sand", "through": ["Aldoo", "Bimbry"]}], "corridors[0].flow is 'sand'; it must be people,"),
        (
            "corridors",
            [{"flow": "drugs", "through": ["Aldoo", "Bimbri"]}],
            "corridors[0].through[1] is 'Bimbri', which is no neighbourhood here; did you mean Bimbry?",
        ),
        (
            "corridors",
            [{"flow": "drugs", "through": ["Aldoo", "Bimbry", "Aldoo"]}],
            "corridors[0].through[2] is 'Aldoo' a second time",
        ),
        ("calibration.rivalry", "low", "calibration.rivalry is 'low'; it must be a number"),
        ("name", "../sandbox", "name is '../sandbox'; use 1 to 60 of a-z, 0-9, _ and -"),
        ("name", "My City", "name is 'My City'; use 1 to 60 of a-z, 0-9, _ and -"),
        ("sources", [], "sources is a list of 0; it must be a mapping"),
        ("illustration", "", "illustration is ''; it must have at least 20 characters"),
    ],
)
def test_a_bad_city_is_refused_with_field_value_and_remedy(tmp_path, path, value, says):
    assert says in refusal(load_city, sandbox_with(at(path, value)), tmp_path)


# Real areas: islands, parks, many municipalities


def set_apart(tree, name):
    """Make one neighbourhood of the sandbox an island."""
    for place in tree["neighbourhoods"]:
        place["adjacent"] = [] if place["name"] == name else [other for other in place["adjacent"] if other != name]


def many_places(number):
    """The sandbox with a number of neighbourhoods in a grid."""
    tree = copy.deepcopy(SANDBOX)
    wide = math.isqrt(number - 1) + 1
    tiles = {(i % wide, i // wide): f"Area {i}" for i in range(number)}
    sample = tree["neighbourhoods"][0] | {"hubs": {}}
    tree["neighbourhoods"] = [
        sample
        | {"name": name, "tile": list(tile)}
        | {"adjacent": [tiles[at] for at in ((x - 1, y), (x + 1, y), (x, y - 1), (x, y + 1)) if at in tiles]}
        for tile in tiles
        for name, (x, y) in [(tiles[tile], tile)]
    ]
    for part in (*tree["gangs"], *tree["groups"]):
        part |= {"homes": ["Area 1"]} if "homes" in part else {"home": "Area 2"}
    tree["corridors"] = []
    return tree


def test_an_island_and_a_park_are_neighbourhoods():
    tree = sandbox_with(lambda tree: set_apart(tree, "Dorvin"))
    lived_in = {gang["homes"][0] for gang in tree["gangs"]} | {group["home"] for group in tree["groups"]}
    park = next(place for place in tree["neighbourhoods"] if place["name"] not in lived_in)
    park |= {"population": 0, "hubs": {}}
    city = City.model_validate(tree)
    assert {place.name for place in city.neighbourhoods if not place.adjacent} == {"Dorvin"}
    assert [place.name for place in city.neighbourhoods if not place.population] == [park["name"]]


def test_two_thousand_neighbourhoods_load_in_two_seconds(tmp_path):
    (tmp_path / "many.yaml").write_text(json.dumps(many_places(2000), indent=0))
    begin = time.process_time()
    city = load_city(tmp_path / "many.yaml")
    assert time.process_time() - begin < 2
    assert len(city.neighbourhoods) == 2000
    with pytest.raises(ValidationError, match="at most 2000"):
        City.model_validate(many_places(2001))


@pytest.mark.parametrize(
    ("path", "value", "says"),
    [
        ("gangs.1.homes", ["Aldoo"], "gangs[1].homes[0] is 'Aldoo', where nobody lives; name a neighbourhood with"),
        ("groups.1.home", "Aldoo", "groups[1].home is 'Aldoo', where nobody lives"),
        ("neighbourhoods.0.hubs", {"drugs": 1.0}, "neighbourhoods[0].hubs.drugs is given where nobody lives"),
        (
            "corridors",
            [{"flow": "drugs", "through": ["Aldoo", "Bimbry"]}],
            "corridors[0].through passes only neighbourhoods where nobody lives",
        ),
    ],
)
def test_what_starts_from_residents_is_not_placed_where_there_are_none(tmp_path, path, value, says):
    def empty(tree):
        for place in tree["neighbourhoods"][:2]:
            place |= {"population": 0, "hubs": {}}
        at(path, value)(tree)

    assert says in refusal(load_city, sandbox_with(empty), tmp_path)


def test_a_city_has_residents_and_its_worst_places_are_among_those_lived_in(tmp_path):
    def empty(tree):
        for place in tree["neighbourhoods"]:
            place["population"] = 0

    assert "neighbourhoods have no residents at all" in refusal(load_city, sandbox_with(empty), tmp_path)
    places = list(load_city("sandbox").neighbourhoods)
    places[0] = places[0].model_copy(update={"population": 0})
    city = load_city("sandbox").model_copy(update={"neighbourhoods": tuple(places)})
    all_nine = Policy.model_validate(policy_with({"measure": "P-R3", "where": {"worst": 9, "by": "deprivation"}}))
    with pytest.raises(InputError, match="sandbox has 8 neighbourhoods with residents, ask for fewer"):
        check_fit(city, [all_nine])


def test_one_line_tells_one_mistake_and_counts_the_others(tmp_path):
    tree = sandbox_with(at("neighbourhoods.3.poverty", 17))
    tree["neighbourhoods"][5]["income"] = "x"
    tree["levels"]["fear"] = -1
    assert refusal(load_city, tree, tmp_path) == (
        "line 49, 'Dorvin': neighbourhoods[3].poverty is 17; it is a share between 0 and 1 (did you mean 0.17?) "
        "(and 2 more to look at after this)"
    )


def test_a_mistyped_key_is_told_before_the_key_that_is_missing_for_it(tmp_path):
    tree = sandbox_with(at("neighbourhoods.3.povrety", 0.1))
    del tree["neighbourhoods"][3]["poverty"]
    says = "neighbourhoods[3].povrety is not a known key; did you mean poverty? (and 1 more to look at after this)"
    assert refusal(load_city, tree, tmp_path) == f"line 59, 'Dorvin': {says}"


def test_a_policy_is_no_city(tmp_path):
    assert "is not a known key" in refusal(load_city, (SCENARIOS / "policies" / "truce.yaml").read_text(), tmp_path)


def test_a_city_cannot_be_changed():
    city = load_city("sandbox")
    with pytest.raises(ValidationError):
        city.name = "other"
    with pytest.raises(ValidationError):
        city.levels.fear = 0.1


def test_flows_that_are_left_out_are_at_one():
    city = City.model_validate(sandbox_with(at("flows", {"drugs": 2.0})))
    assert tuple(city.flows) == FLOWS
    assert city.flows["drugs"] == 2.0
    assert city.flows["people"] == 1.0


def test_what_an_older_file_does_not_know_is_as_it_was():
    city = City.model_validate(
        sandbox_with(lambda tree: [tree.pop(name, None) for name in ("markets", "corridors", "elections")])
    )
    assert city.markets == dict.fromkeys(("drugs", "transport", "goods", "firearms", "venues"), 0.5)
    assert city.corridors == city.elections == ()
    place = city.neighbourhoods[0]
    assert (place.minority, place.displaced, place.tenure, place.density) == (0.0, 0.0, None, None)
    assert {gang.kind for gang in city.gangs} == {"gang"}
    levels = city.levels
    assert (levels.linkage, levels.grievance, levels.fit, levels.phones, levels.care, levels.elderly) == (
        (0.4, 0.2, 0.5, 0.7, 0.5, 0.08)
    )


def test_markets_that_are_left_out_are_half_organised():
    assert City.model_validate(sandbox_with(at("markets", {"drugs": 0.9}))).markets["venues"] == 0.5


def test_a_partner_is_a_sound_agency_unless_it_is_said_otherwise():
    partner = Policy.model_validate(policy_with({"measure": "P-S1"})).measures[0].partner
    assert partner.kind == "agency"
    assert {getattr(partner, name) for name in type(partner).model_fields if name != "kind"} == {1.0}


# Bad policies and shocks


def policy_with(*uses):
    return {"name": "mine", "title": "Mine", "about": "A test.", "measures": list(uses)}


@pytest.mark.parametrize(
    ("use", "says"),
    [
        ({"measure": "P-X9"}, "measures[0].measure is 'P-X9', which is no measure; "),
        ({"measure": "P-R33"}, "did you mean P-R3"),
        ({"measure": "P-R3", "levle": 1}, "measures[0].levle is not a known key; did you mean level?"),
        (
            {"measure": "P-R3", "level": 60},
            "measures[0].level is 60; it is a share between 0 and 1 (did you mean 0.6?)",
        ),
        ({"measure": "P-R3", "level": True}, "measures[0].level is true; it must be a number"),
        ({"measure": "P-R3", "start": -1}, "measures[0].start is -1; it cannot be negative"),
        (
            {"measure": "P-R3", "start": 1.5},
            "measures[0].start is 1.5; it must be a whole number: round it to 1 or 2",
        ),
        ({"measure": "P-R3", "ramp": -3}, "measures[0].ramp is -3; it cannot be negative"),
        (
            {"measure": "P-R3", "start": 13, "stop": 12},
            "measures[0].stop is 12, the last month; it must not lie before start",
        ),
        ({"measure": "P-R3", "where": "all"}, "measures[0].where is 'all'; it must be a mapping"),
        ({"measure": "P-R3", "where": {}}, "measures[0].where is empty; give exactly one of all: true, worst,"),
        (
            {"measure": "P-R3", "where": {"all": True, "worst": 1}},
            "measures[0].where is all and worst; give exactly one",
        ),
        (
            {"measure": "P-R3", "where": {"worst": 3}},
            "measures[0].where.by is missing; with worst name one of homicide_rate",
        ),
        (
            {"measure": "P-R3", "where": {"worst_share": 20, "by": "deprivation"}},
            "it is a share between 0 and 1 (did you mean 0.2?)",
        ),
        (
            {"measure": "P-R3", "where": {"worst": 3, "by": "fear"}},
            "measures[0].where.by is 'fear'; it must be homicide_rate",
        ),
        ({"measure": "P-R3", "where": {"all": True, "by": "deprivation"}}, "but nothing is ranked"),
        (
            {"measure": "P-R3", "where": {"places": []}},
            "measures[0].where.places is a list of 0; it must hold at least 1",
        ),
        ({"measure": "P-R3", "where": {"places": ["A", "A"]}}, "measures[0].where.places[1] is 'A' a second time"),
        ({"measure": "P-R3", "trigger": {"outcome": "homicide_rat", "above": 1.0}}, "did you mean homicide_rate"),
        ({"measure": "P-R3", "trigger": {"outcome": "fear", "above": math.nan}}, "must be a finite number"),
        (
            {"measure": "P-R3", "conditions": {"nothing_known": 1}},
            "measures[0].conditions.nothing_known is no condition of P-R3",
        ),
        ({"measure": "P-R3", "conditions": {"nothing_known": 2}}, "it is a share between 0 and 1"),
        ({"measure": "P-R8", "conditions": {"outside_oversigt": 1}}, "did you mean outside_oversight?"),
        ({"measure": "P-R3", "partner": {"kind": "local"}}, "measures[0].partner is given, but no partner delivers P-R3"),
        ({"measure": "P-S1", "partner": {"kind": "gang"}}, "partner.kind is 'gang'; it must be agency or local"),
        ({"measure": "P-S1", "partner": {"honest": 1.0}}, "measures[0].partner.honest is not a known key"),
        ({"measure": "P-S1", "partner": {"clean": 40}}, "measures[0].partner.clean is 40; it is a share between 0 and 1"),
        ({}, "measures[0].measure is missing"),
        (None, "measures[0] is empty; it must be a mapping"),
    ],
)
def test_a_bad_measure_is_refused_with_field_value_and_remedy(tmp_path, use, says):
    assert says in refusal(load_policy, policy_with(use), tmp_path)


def test_the_same_measure_twice_in_the_same_place_is_refused(tmp_path):
    says = "line 6, 'P-R3': measures[1] is P-R3 with the place and start of measures[0]; remove one of them"
    assert refusal(load_policy, policy_with({"measure": "P-R3"}, {"measure": "P-R3", "level": 0.5}), tmp_path) == says


def test_a_measure_is_known_by_row_or_name():
    from sim.measures import MEASURES

    for measure in MEASURES:
        uses = [Policy.model_validate(policy_with({"measure": text})).measures for text in (measure.row, measure.name)]
        assert [use.measure for each in uses for use in each] == [measure.row, measure.row]
        met = dict.fromkeys(measure.conditions, 0.5)
        assert Policy.model_validate(policy_with({"measure": measure.row, "conditions": met})).measures[0].conditions == met


SHOCK = {"name": "x", "title": "X", "about": "A test.", "kind": "flow", "flow": "drugs", "size": 2.0, "start": 12}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"kind": "storm"}, "kind is 'storm'; it must be flow, route, pact, pact broken, leader killed, slump,"),
        ({"flow": None}, "flow is missing; a shock of kind flow names its flow"),
        ({"flow": "water"}, "flow is 'water'; it must be people, drugs"),
        ({"gang": "The Lanterns"}, "gang is 'The Lanterns'; a shock of kind flow has none, remove it"),
        ({"kind": "pact", "flow": None}, "gang is missing; a shock of kind pact names its gang"),
        (
            {"kind": "pact", "flow": None, "gang": "The Lanterns"},
            "size is 2.0; for a shock of kind pact it is a share between 0 and 1",
        ),
        ({"kind": "slump", "flow": None}, "size is 2.0; for a shock of kind slump it is a share between 0 and 1"),
        ({"kind": "slump", "size": 0.3}, "flow is 'drugs'; a shock of kind slump has none, remove it"),
        ({"kind": "route"}, "where names no places; a route shifts to named neighbourhoods"),
        ({"kind": "route", "flow": None}, "flow is missing; a shock of kind route names its flow"),
        ({"kind": "leader killed", "flow": None, "size": 1.0}, "gang is missing; a shock of kind leader killed names"),
        ({"kind": "pact broken", "flow": None, "size": 1.0}, "gang is missing; a shock of kind pact broken names"),
        ({"size": -1}, "size is -1; it cannot be negative"),
        ({"stop": 6}, "stop is 6, the last month; it must not lie before start, which is 12"),
    ],
)
def test_a_bad_shock_is_refused(tmp_path, change, says):
    tree = {key: value for key, value in (SHOCK | change).items() if value is not None}
    assert says in refusal(load_shock, tree, tmp_path)


# Scenarios


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"months": -1}, "command line: months is -1; it must be at least 1"),
        ({"months": 1201}, "command line: months is 1201; it must be at most 1200"),
        ({"replications": 0}, "command line: replications is 0; it must be at least 1"),
        ({"seed": -1}, "command line: seed is -1; it cannot be negative"),
        ({"seed": 2**63}, "command line: seed is 9223372036854775808; it must be at most 9223372036854775807"),
        ({"scale": 0}, "command line: scale is 0; it must be auto, or a number above 0 and up to 1"),
        ({"scale": 2.0}, "command line: scale is 2.0; it must be auto"),
        ({"scale": math.nan}, "command line: scale is nan; it must be auto"),
        ({"scale": True}, "command line: scale is true; it must be auto"),
        ({"scale": "big"}, "command line: scale is 'big'; it must be auto"),
        ({"parameters": {"no.such": 1.0}}, "command line: parameters.no.such is no parameter; "),
        ({"without": ["peer"]}, "command line: without[0] is 'peer', which is no mechanism; did you mean peers?"),
        ({"without": ["peers", "fear", "peers"]}, "command line: without[2] is 'peers' a second time; name it once"),
    ],
)
def test_a_bad_scenario_is_refused(values, says):
    with pytest.raises(InputError) as caught:
        assemble(load_city("sandbox"), [], **values)
    assert str(caught.value).startswith(says)


@pytest.mark.parametrize("scale", ["auto", 1, 0.1, 1e-6])
def test_a_scale_is_auto_or_a_share_of_the_youths(scale):
    assert assemble(load_city("sandbox"), [], scale=scale).scale == scale


def test_a_policy_must_fit_its_city():
    city = load_city("sandbox")
    elsewhere = Policy.model_validate(policy_with({"measure": "P-R3", "where": {"places": ["Aldo"]}}))
    many = Policy.model_validate(policy_with({"measure": "P-R3", "where": {"worst": 10, "by": "deprivation"}}))
    with pytest.raises(InputError, match=r"^policy mine: measures\[0\]\.where\.places\[0\] is 'Aldo', .* mean Aldoo\?$"):
        check_fit(city, [elsewhere])
    with pytest.raises(InputError, match=r"policies\[0\]\.measures\[0\]\.where\.worst is 10; sandbox has 9"):
        assemble(city, [many])
    with pytest.raises(InputError, match=r"policies\[1\]\.name is 'truce', as is policies\[0\]\.name"):
        assemble(city, [load_policy("truce")] * 2)


def test_a_shock_must_fit_its_city():
    shock = load_shock("pact").model_copy(update={"gang": "The Lantern"})
    with pytest.raises(InputError, match=r"pact\.yaml: line [0-9]+, shock pact: gang is .* did you mean The Lanterns or"):
        check_fit(load_city("sandbox"), [], [shock])
    check_fit(load_city("sandbox"), [], [load_shock("pact")])


def test_every_policy_fits_every_city():
    for name in list_cities():
        check_fit(load_city(name), [load_policy(policy) for policy in list_policies()])


def test_the_canonical_text_does_not_depend_on_how_a_file_is_written(tmp_path):
    def turned(tree):
        if isinstance(tree, dict):
            return {key: turned(tree[key]) for key in reversed(tree)}
        return [turned(each) for each in tree] if isinstance(tree, list) else tree

    (tmp_path / "my.yaml").write_text(yaml.safe_dump(turned(SANDBOX), sort_keys=False))
    one, other = (assemble(load_city(city), []) for city in ("sandbox", tmp_path / "my.yaml"))
    assert canonical(one) == canonical(other)
    assert scenario_hash(one) == scenario_hash(other)


def test_the_canonical_text_is_sorted_json_that_reads_back():
    scenario = assemble(load_city("sandbox"), [load_policy("all_four")], shocks=[load_shock("pact")])
    text = canonical(scenario)
    values = json.loads(text)
    assert json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode() == text
    assert Scenario.model_validate_json(text) == scenario
    assert f'"disputes":{scenario.city.calibration.disputes!r}'.encode() in text
    assert b'"money_per_dollar":1.0' in text


def test_the_hash_changes_with_anything_that_is_said():
    city = load_city("sandbox")
    policies = [load_policy("baseline"), load_policy("all_four")]
    scenarios = [
        assemble(city, policies),
        assemble(city, policies, seed=2),
        assemble(city, policies, months=121),
        assemble(city, policies, scale=1.0),
        assemble(city, policies[:1]),
        assemble(city, policies, shocks=[load_shock("pact")]),
        assemble(city, policies, without=["peers"]),
        assemble(city, policies, without=["fear", "peers"]),
        assemble(city.model_copy(update={"elections": (12,)}), policies),
        assemble(city.model_copy(update={"youth_share": 0.33}), policies),
    ]
    hashes = [scenario_hash(scenario) for scenario in scenarios]
    assert len(set(hashes)) == len(hashes)
    assert all(len(each) == 32 and set(each) <= set(string.hexdigits.lower()) for each in hashes)


# Settings


def test_a_setting_is_a_parameter_and_a_number_in_its_range():
    from sim.parameters import PARAMETERS

    for parameter in PARAMETERS:
        for value in (parameter.low, parameter.high, parameter.default):
            assert parse_setting(f"{parameter.name}={value!r}") == (parameter.name, value)


def test_a_setting_is_part_of_a_scenario():
    from sim.parameters import PARAMETERS

    name, high = PARAMETERS[0].name, PARAMETERS[0].high
    city = load_city("sandbox")
    assert assemble(city, [], parameters={name: high}).parameters == {name: high}
    with pytest.raises(InputError, match=rf"parameters\.{name} is .*; its range is"):
        assemble(city, [], parameters={name: high + 1 + abs(high)})


@pytest.mark.parametrize("text", ["", "=", "=1", "nothing", "no.such=1", "no.such=x"])
def test_what_is_no_setting_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse_setting(text)
    assert str(caught.value).startswith("--set")


@pytest.mark.parametrize("number", ["", "x", "nan", "inf", "1e999", "1_0", "1,5", "true"])
def test_a_setting_needs_a_finite_number(number):
    from sim.parameters import PARAMETERS

    with pytest.raises(InputError, match=r"it must be a finite number$"):
        parse_setting(f"{PARAMETERS[0].name}={number}")


def test_a_setting_outside_its_range_is_refused_with_the_range():
    from sim.parameters import PARAMETERS

    parameter = PARAMETERS[0]
    with pytest.raises(InputError, match=r"; its range is .+ to "):
        parse_setting(f"{parameter.name}={parameter.high + 1 + abs(parameter.high)}")


def test_a_mistyped_parameter_brings_the_nearest():
    from sim.parameters import PARAMETERS

    name = PARAMETERS[0].name
    with pytest.raises(InputError, match=r"is no parameter; did you mean "):
        parse_setting(f"{name}x=1")


# Anything at all


ODD = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.sampled_from([0, -1, 2**63, 10**25, 10**400, "", " ", "x" * 5000, "*", "&a", "../x", "\x00", "\u2028", "Aldoo"]),
    st.floats(),
    st.text(max_size=20),
    st.lists(st.one_of(st.integers(), st.text(max_size=3)), max_size=4),
    st.dictionaries(st.text(max_size=5), st.floats(), max_size=3),
    st.integers(1, 40).map(lambda depth: json.loads("[" * depth + "]" * depth)),
)


def places(tree, path=()):
    """Every path in a tree."""
    yield path
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ():
        yield from places(value, (*path, key))


DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
PLACES = [path for path in places(SANDBOX) if path]
TEXT = (SCENARIOS / "cities" / "sandbox.yaml").read_bytes()


GARBAGE = (
    *(b"&a ", b"*a", b"!!python/name:os.system ", b"\n---\n", b"[" * 50, b"{", b"<<: *a", b"? ", b"%YAML 1.1\n"),
    *(b".nan", b"-.inf", b"1e999", b"-9", b"\xff\xfe", b"\x00", b"\n- ", b"\t", b": ", b"#", b"'", b'"', b"|"),
)


@st.composite
def changed_trees(draw):
    """The sandbox with a few values deleted, replaced, doubled, renamed or shared, as a file."""
    tree = copy.deepcopy(SANDBOX)
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(PLACES))
        holder = tree
        try:
            for step in way:
                holder = holder[step]
            value = holder[last]
            kind = draw(st.sampled_from(["replace", "delete", "wrap", "rename", "share", "text", "sign"]))
            if kind == "replace":
                holder[last] = draw(ODD)
            elif kind == "delete":
                del holder[last]
            elif kind == "wrap":
                holder[last] = [value]
            elif kind == "rename":
                holder[f"{last}{draw(st.sampled_from('sx_'))}"] = holder.pop(last)
            elif kind == "share":
                holder[last] = tree[draw(st.sampled_from(sorted(tree)))]
            elif kind == "text":
                holder[last] = str(value)
            else:
                holder[last] = -value
        except (KeyError, IndexError, TypeError, AttributeError):
            continue
    return yaml.dump(tree, Dumper=DUMPER, sort_keys=False, allow_unicode=True).encode("utf-8", "surrogatepass")


@st.composite
def changed_bytes(draw):
    """The text of the sandbox with bytes cut out, put in, or numbers replaced."""
    raw = TEXT
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.sampled_from([0, 0, 1, 2, 30, 2000])))
        put = draw(
            st.one_of(
                st.binary(max_size=8),
                st.sampled_from(GARBAGE),
            )
        )
        raw = raw[:start] + put + raw[end:]
    return raw


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("anything")


@settings(max_examples=1000, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(raw=st.one_of(changed_trees(), changed_trees(), changed_bytes()))
def test_a_thousand_mutated_files_load_or_are_refused_in_one_line(folder, raw):
    file = folder / "mutated.yaml"
    file.write_bytes(raw)
    try:
        city = load_city(file)
    except InputError as refused:
        message = str(refused)
        assert message.startswith(f"{file}: ")
        assert message.isprintable()
        assert len(message) < len(str(file)) + 700
    else:
        assert isinstance(city, City)
        assert canonical(assemble(city, []))
    assert [each.name for each in folder.iterdir()] == ["mutated.yaml"]
    assert file.read_bytes() == raw


def test_reading_scenarios_needs_none_of_the_heavy_libraries():
    heavy = "{'numba', 'mesa', 'pandas', 'matplotlib', 'SALib', 'numpy', 'scipy'}"
    code = f"import sys, sim.scenario; sim.scenario.load_city('sandbox'); assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_target_is_everywhere_by_default():
    use = Policy.model_validate(policy_with({"measure": "P-R3"})).measures[0]
    assert use.where == Target(all=True)
    assert use.level == 1.0
    assert use.stop is None


def test_a_shock_is_plain_data():
    assert Shock.model_validate(SHOCK).stop is None
