"""The cities, policies and shocks that come with the model load, and are what they say."""

import subprocess
import sys

from sim.scenario import check_fit, list_cities, list_policies, list_shocks, load_city, load_policy, load_shock
from tests.sim.scenario.trees import SCENARIOS

PILLARS = ("regulation", "enforcement", "engagement", "resilience")


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


def test_reading_scenarios_needs_none_of_the_heavy_libraries():
    heavy = "{'numba', 'mesa', 'pandas', 'matplotlib', 'SALib', 'numpy', 'scipy'}"
    code = f"import sys, sim.scenario; sim.scenario.load_city('sandbox'); assert not {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
