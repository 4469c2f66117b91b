"""Trafficking in persons: who is trafficked in, held where, found how, and that it can vanish (E37, P-S13)."""

import numpy as np
import pytest

from sim.enumerations import PEOPLE
from sim.mechanisms import switched_off
from sim.parameters import make_parameters
from sim.processes.flows import update as update_flows
from sim.processes.homicide.home import set_home_violence
from sim.processes.trafficking import offer, record_trafficking, update
from sim.state import copy_city

PLACE = 8
HELD = ("held_venues", "held_worksites", "held_gangs")


@pytest.fixture
def lived(city, params, seed):
    """A copy of the settled city after some months of trafficking under levers that are pulled everywhere."""

    def after(months=36, change=lambda city: None, params=params, **levers):
        here = copy_city(city)
        here.city_state["anchoring"] = 0.0
        change(here)
        for name, dose in levers.items():
            here.levers[name] = dose
        for t in range(months):
            update(here, params, seed, t)
        return here

    return after


def held(city, *settings):
    return sum(city.neighbourhood[name].sum() for name in settings or HELD)


def honest(city):
    city.city_state["integrity"] = 0.95
    city.flows.supply[:, PEOPLE] = 0.0
    city.neighbourhood["displaced"] = 0.0


def test_an_offer_by_hand(city, params):
    param = params.trafficking[0]
    place = city.neighbourhood[PLACE]
    city.city_state["integrity"] = 0.5
    place.displaced, place.in_migration = 0.05, 0.0
    expected = param.intake_rate * place.population * (0.5 + place.deprivation)
    assert offer(city, param, PLACE) == pytest.approx(expected)
    place.displaced = 0.0
    assert offer(city, param, PLACE) == pytest.approx(0.4 * expected)
    city.city_state["integrity"] = 0.95
    assert offer(city, param, PLACE) == 0.0
    place.displaced = 0.05
    assert offer(city, param, PLACE) == pytest.approx(0.6 * 0.4 * expected)


@pytest.mark.parametrize(
    "more",
    [
        lambda city: city.neighbourhood.__setitem__("displaced", 0.1),
        lambda city: city.neighbourhood.__setitem__("deprivation", 1.0),
        lambda city: city.city_state.__setitem__("integrity", 0.1),
        lambda city: city.neighbourhood.__setitem__("bridging", 0.0),
        lambda city: city.flows.price.__setitem__(slice(None), 0.2),
        lambda city: city.neighbourhood.__setitem__("controlled", 1.0),
    ],
    ids=["displaced", "deprived", "bought", "apart", "cheap drugs", "gangs"],
)
def test_more_are_held_where(lived, more):
    assert held(lived(36, more)) > held(lived(36))


def test_with_honest_officials_and_none_arriving_they_vanish(lived):
    ordinary = held(lived(1))
    left = [held(lived(months, honest)) for months in (0, 60, 240)]
    assert left[0] == pytest.approx(ordinary, rel=0.05)
    assert left[2] < 0.03 * ordinary
    assert left[0] > left[1] > left[2] > 0.0


def test_rules_for_venues_move_a_part_elsewhere(lived):
    plain, ruled = lived(36), lived(36, venue_rules=1.0)
    assert held(ruled, "held_venues") < held(plain, "held_venues")
    assert held(ruled, "held_worksites") > held(plain, "held_worksites")
    assert held(ruled) < held(plain)


def test_people_are_found_first_and_fewer_are_held_later(lived):
    plain, first, later = lived(1), lived(1, finding_trafficked=1.0, safe_return=1.0), None
    assert first.neighbourhood["victims_found"].sum() > 3.0 * plain.neighbourhood["victims_found"].sum()
    assert held(first) == pytest.approx(held(plain), rel=0.05)
    later = lived(60, finding_trafficked=1.0, safe_return=1.0)
    assert held(later) < 0.8 * held(lived(60))


@pytest.mark.parametrize("dose", [0.3, 1.0])
def test_punishing_whom_it_finds_ends_reports_however_many_it_finds(lived, dose):
    levers = {"finding_trafficked": dose, "safe_return": dose}
    helped, punished = lived(24, **levers), lived(24, punishing_victims=dose, **levers)
    assert not punished.neighbourhood["victims_reporting"].any()
    assert punished.neighbourhood["victims_found"].sum() < helped.neighbourhood["victims_found"].sum()
    assert held(punished) > held(helped)


def test_a_bought_force_finds_fewer(lived):
    def bought(city):
        city.city_state["force_integrity"] = 0.1

    found = [
        lived(1, change, finding_trafficked=1.0).neighbourhood["victims_found"].sum() for change in (bought, lambda _: 0)
    ]
    assert found[0] < found[1]


def test_the_record_adds_up(lived, params):
    here = lived(12)
    for i in range(here.neighbourhood.size):
        record_trafficking(here, params, i)
    out = here.outcome
    assert np.allclose(out["trafficked"], out["held_in_venues"] + out["held_at_worksites"] + out["held_by_gangs"])
    assert (out["trafficked_female"] <= out["trafficked"]).all()
    assert (out["trafficked_children"] <= out["trafficked"]).all()
    assert out["victims_found"].sum() == pytest.approx(12.0 * here.neighbourhood["victims_found"].sum())


def test_held_people_are_rent_and_suffer_violence(lived, params, seed):
    few, many = lived(1), lived(1)
    for name in (*HELD, "held_female"):
        many.neighbourhood[name] *= 4.0
    for here in (few, many):
        update_flows(here, params, seed, 1)
        set_home_violence(here, params, PLACE, 1.0)
    assert (many.neighbourhood["rent"] > few.neighbourhood["rent"]).all()
    assert many.neighbourhood[PLACE].domestic > few.neighbourhood[PLACE].domestic


def test_switched_off_it_is_not_there(lived):
    def nobody(city):
        for name in (*HELD, "trafficked_again", "held_female", "held_female_reference"):
            city.neighbourhood[name] = 0.0

    off = make_parameters(switched_off(["trafficking"]))
    here = lived(12, nobody, off, finding_trafficked=1.0)
    assert held(here) == 0.0
    assert not any(here.neighbourhood[name].any() for name in ("victims_found", "victims_reporting", "held_female"))
