"""A city loads, or one line says which file, field and value, and what would be right."""

import copy
import json
import math
import time

import pytest
from pydantic import ValidationError

from sim.scenario import FLOWS, City, InputError, Policy, check_fit, load_city
from tests.sim.scenario.trees import SANDBOX, SCENARIOS, at, policy_with, refusal, sandbox_with


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
        ("levels.police_killings", -1, "levels.police_killings is -1; it cannot be negative"),
        ("levels.police_killings", 18, "levels.police_killings is 18.0, above homicide_rate, of which it is a part"),
        ("youth_share", 32, "youth_share is 32; it"),
        ("money_per_dollar", 0, "money_per_dollar is 0; it must be above 0"),
        ("flows.drugs", -1, "flows.drugs is -1; it cannot be negative"),
        ("gangs.1.kind", "army", "gangs[1].kind is 'army'; it must be gang or ideological"),
        (
            "gangs.1.kind",
            "militia",
            "gangs[1].kind is 'militia', which acted as any gang; leave it out and give the gang its pact",
        ),
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
