"""The month opens: neighbours, residents, fifths and references are seen as last month left them."""

import numpy as np
import pytest

from sim.processes import policy_delivery
from sim.processes.policy_delivery import killings_expected, look_around
from sim.processes.policy_delivery import update as update_policy_delivery

CAUSES = 11


def test_what_is_next_door_is_where_people_live_and_nothing_for_an_island(city):
    city.owed[:] = 0.0
    beside = city.neighbour_list[city.neighbour_start[4] : city.neighbour_start[5]]
    city.neighbourhood["deaths_dispute"] = 1.0
    look_around(city)
    plain = city.neighbourhood[4]["near_violence"]
    city.neighbourhood["population"][beside[0]] = 0.0
    city.members[beside[0]] = 0
    look_around(city)
    expected = [killings_expected(city.neighbourhood[j]) / city.neighbourhood[j].population for j in beside[1:]]
    assert city.neighbourhood[4]["near_violence"] == pytest.approx(np.mean(expected))
    np.testing.assert_allclose(city.near[4], city.residents[beside[1:]].mean(axis=0))
    city.neighbourhood["population"][beside] = 0.0
    city.members[beside] = 0
    look_around(city)
    assert city.neighbourhood[4]["near_violence"] == city.neighbourhood[4]["near_patrol"] == city.near[4].sum() == 0.0
    assert plain > 0


def test_neighbours_are_seen_as_last_month_left_them(city, sandbox):
    city.police["patrol"] = np.linspace(0.0, 0.8, 9)
    city.levers["improvement_district"] = np.linspace(0.9, 0.1, 9)
    city.levers["city_wardens"] = np.linspace(0.2, 1.0, 9)
    look_around(city)
    names = [each.name for each in sandbox.neighbourhoods]
    killings = np.array([killings_expected(neighbourhood) for neighbourhood in city.neighbourhood])
    for i, each in enumerate(sandbox.neighbourhoods):
        beside = [names.index(name) for name in each.adjacent]
        np.testing.assert_allclose(city.near[i], city.residents[beside].mean(axis=0))
        assert city.neighbourhood[i].near_patrol == pytest.approx(city.police["patrol"][beside].mean())
        assert city.neighbourhood[i].near_district == pytest.approx(city.levers["improvement_district"][beside].mean())
        assert city.neighbourhood[i].near_wardens == pytest.approx(city.levers["city_wardens"][beside].mean())
        assert city.neighbourhood[i].near_violence == pytest.approx(
            (killings / city.neighbourhood["population"])[beside].mean()
        )


def test_everyone_is_counted_as_residents(city, recount):
    """Where rows stand for many, gangs have parts of rows: as many together as there are rows of members."""
    parts = np.maximum(0.0, city.members + city.owed)
    look_around(city)
    np.testing.assert_allclose(city.residents, parts * city.neighbourhood["weight"][:, None])
    city.owed[:] = 0.0
    look_around(city)
    counted = recount(city)
    np.testing.assert_allclose(city.residents, counted.members * city.neighbourhood["weight"][:, None])
    np.testing.assert_allclose(city.gang["members"], city.residents.sum(axis=0))
    np.testing.assert_allclose(city.gang["inmates"], (counted.inmates * city.neighbourhood["weight"][:, None]).sum(axis=0))


def test_expected_killings_are_the_sum_of_all_causes(city):
    neighbourhood = city.neighbourhood[8]
    others = ("deaths_youth", "deaths_female", "deaths_police_on_average", "deaths_officers_on_average")
    causes = [name for name in neighbourhood.dtype.names if name.startswith("deaths_") and name not in others]
    assert len(causes) == CAUSES
    assert killings_expected(neighbourhood) == pytest.approx(sum(neighbourhood[cause] for cause in causes), rel=1e-12)


def test_the_most_and_the_least_violent_fifth_are_fixed_at_month_0(city, params, seed):
    violence = city.neighbourhood["violence"].copy()
    update_policy_delivery(city, params, seed, 0)
    assert city.neighbourhood["fifth"][np.argmax(violence)] == 1
    assert city.neighbourhood["fifth"][np.argmin(violence)] == -1
    assert sorted(city.neighbourhood["fifth"]) == [-1, 0, 0, 0, 0, 0, 0, 0, 1]
    city.neighbourhood["violence"] = violence[::-1]
    fifths = city.neighbourhood["fifth"].copy()
    update_policy_delivery(city, params, seed, 1)
    np.testing.assert_array_equal(city.neighbourhood["fifth"], fifths)


def test_references_follow_at_once_at_first_then_over_years_then_not_at_all(city, params, seed, monkeypatch):
    monkeypatch.setattr(policy_delivery, "initialise", lambda *_: None)
    city.city_state[0].start = -360
    speeds = []
    for t in (-360, -359, -1, 0, 7):
        update_policy_delivery(city, params, seed, t)
        speeds.append(city.city_state[0].anchoring)
    np.testing.assert_allclose(speeds, [1.0, 0.5, params.policy_delivery[0].burn_in_reference_speed, 0.0, 0.0])
