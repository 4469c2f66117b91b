"""Armed groups take their share and keep their order (E06, E08, E10)."""

import math

import numpy as np
import pytest

from sim.processes.extortion import levy, pressure, territory


@pytest.fixture
def held(at_rest):
    """A city at rest in which one gang holds half of Ixley."""
    at_rest.gang["pact"] = 0.0
    at_rest.control[8] = 0.0
    at_rest.control[8, :2] = 0.5, 0.1
    place = at_rest.place[8]
    place.controlled = 0.6
    place.domination = 0.5 * 0.5 / 0.6
    place.settled = 0.4
    place.fighting = at_rest.town[0].fighting_reference = 2e-6
    return at_rest


def test_pressure_by_hand(held, rates):
    rate, place, town = rates.extortion[0], held.place[8], held.town[0]
    place.fighting = 2.0 * town.fighting_reference
    place.collective_efficacy = place.efficacy_anchor + 0.1
    place.clearance = 1.3 * town.clearance_anchor
    place.lawful = 0.4
    town.integrity = town.integrity_anchor + 0.2
    expected = (
        (0.25 / 0.6)
        * (1 + rate.fight_or_levy)
        / (1 + 2 * rate.fight_or_levy)
        * math.exp(-0.1 * rate.extortion_efficacy - rate.extortion_clearance * math.log(1.3) - 0.4 * rate.lawful_on_pressure)
        * (1 - 0.2 * rate.extortion_integrity)
    )
    assert pressure(held, rates, 8) == pytest.approx(expected, rel=1e-12)


def test_who_fights_levies_less_up_to_three_times_the_usual(held, rates):
    levels = []
    for fighting in (0.0, 1.0, 3.0, 30.0):
        held.place[8].fighting = fighting * held.town[0].fighting_reference
        levels.append(pressure(held, rates, 8))
    assert levels[0] > levels[1] > levels[2] == levels[3]


def test_a_pact_and_a_truce_settle_boundaries_and_raise_the_levy(held, rates):
    rate = rates.extortion[0]
    plain = pressure(held, rates, 8)
    held.levers[8].truce = 1.0
    assert pressure(held, rates, 8) / plain == pytest.approx(1 + 0.7 * rate.settled_boundaries)
    held.levers[8].truce = 0.0
    held.gang[0].pact = 0.8
    assert pressure(held, rates, 8) / plain == pytest.approx(1 + 0.8 * rate.settled_boundaries)


def test_a_pact_counts_where_its_gang_rules(held, rates):
    held.gang[1].pact = 1.0
    plain = pressure(held, rates, 8)
    held.control[8, 1] = 0.0
    assert pressure(held, rates, 8) < plain


@pytest.mark.parametrize(
    ("part", "field", "shift"),
    [
        ("place", "collective_efficacy", 0.2),
        ("place", "clearance", 0.1),
        ("town", "integrity", 0.2),
        ("place", "lawful", 0.5),
    ],
)
def test_cohesion_certainty_integrity_and_lawfulness_resist(held, rates, part, field, shift):
    plain = pressure(held, rates, 8)
    getattr(held, part)[-1][field] += shift
    assert pressure(held, rates, 8) < plain


def test_payment_tends_to_what_pressure_can_take_and_stays_below_the_most(held, rates, seed):
    rate = rates.extortion[0]
    s = pressure(held, rates, 8)
    before = held.place[8].extortion
    goal = rate.extortion_most * s / (s + rate.extortion_half)
    levy(held, rates, seed, 0)
    assert held.place[8].extortion == pytest.approx(before + rate.extortion_speed * (goal - before))
    for t in range(200):
        levy(held, rates, seed, t)
    assert held.place[8].extortion == pytest.approx(goal, rel=1e-4)
    held.place["domination"] = 1.0
    for t in range(400):
        levy(held, rates, seed, t)
    assert held.place["extortion"].max() < rate.extortion_most


def test_where_nobody_dominates_payment_fades(held, rates, seed):
    held.place[0].domination = 0.0
    held.place[0].extortion = 0.4
    levy(held, rates, seed, 0)
    assert held.place[0].extortion == pytest.approx(0.4 * (1 - rates.extortion[0].extortion_speed))


def test_settled_boundaries_take_more_of_the_turnover(held, rates, seed):
    levy(held, rates, seed, 0)
    place = held.place[8]
    assert place.turnover_taken == pytest.approx(place.extortion * rates.extortion[0].turnover_share * 0.9)


def test_residents_turn_to_a_group_they_accept_where_the_state_is_not_trusted(held, rates, seed):
    """E10: less so where the group hands out homes no more, or kills over markets."""
    place = held.place[8]
    place.deaths_market = 0.0
    levy(held, rates, seed, 0)
    trust = place.criminal_legitimacy / (place.criminal_legitimacy + 0.5 * place.state_legitimacy)
    assert place.governing == pytest.approx(0.6 * trust)
    before = place.governing
    place.state_legitimacy = 0.9
    levy(held, rates, seed, 0)
    assert place.governing < before
    calm = place.governing
    place.deaths_market = 0.5 * place.population / 2.0e5
    levy(held, rates, seed, 0)
    assert place.governing == pytest.approx(calm * (1 - 0.5 * 0.5))
    place.deaths_market = 1.0
    levy(held, rates, seed, 0)
    assert place.governing == pytest.approx(calm * 0.5)


def test_open_lists_take_homes_out_of_gang_hands_and_order_with_them(held, rates, seed):
    """P-R4."""
    rate, place = rates.extortion[0], held.place[8]
    place.deaths_market = 0.0
    levy(held, rates, seed, 0)
    assert place.allocated == pytest.approx(0.6 * place.informality)
    before = place.governing
    held.levers[8].housing_allocation = 0.5
    levy(held, rates, seed, 0)
    assert place.allocated == pytest.approx(0.6 * place.informality * (1 - 0.5 * rate.allocation_cut))
    kept = 1 - rate.allocation_on_order * place.informality * 0.5 * rate.allocation_cut
    assert place.governing == pytest.approx(before * kept)


def test_closure_of_a_place_is_that_of_its_markets_weighed_by_rent(held, rates, seed):
    """E06."""
    held.closure[8] = [0.9, 0.5, 0.1, 0.3, 0.7]
    held.market_rent[8] = [4.0, 3.0, 2.0, 1.0, 0.0]
    levy(held, rates, seed, 0)
    assert held.place[8].closure == pytest.approx((3.6 + 1.5 + 0.2 + 0.3) / 10)
    held.market_rent[8] = 0.0
    levy(held, rates, seed, 0)
    assert held.place[8].closure == 0.0


def test_order_and_closure_are_shares(held, rates, seed):
    held.place["controlled"] = held.place["domination"] = 1.0
    held.place["criminal_legitimacy"] = 0.999
    held.place["state_legitimacy"] = 0.001
    levy(held, rates, seed, 0)
    for part in ("governing", "closure", "extortion", "turnover_taken"):
        assert ((held.place[part] >= 0) & (held.place[part] <= 1)).all()


@pytest.mark.parametrize(
    ("control", "low", "high"),
    [
        ((0.0, 0.0), 0.0, 0.0),
        ((0.9, 0.02), 0.95, 1.0),
        ((0.3, 0.0), 0.0, 0.1),
        ((0.45, 0.44), 0.0, 0.05),
        ((0.45, 0.0), 0.4, 0.6),
    ],
)
def test_territory_is_uncontested_control(held, rates, control, low, high):
    held.control[8] = 0.0
    held.control[8, :2] = control
    assert low <= territory(held, rates, 8) <= high


def test_territory_rises_with_the_first_and_falls_with_the_second(held, rates):
    values = []
    for second in (0.0, 0.1, 0.2, 0.4):
        held.control[8, :2] = 0.5, second
        values.append(territory(held, rates, 8))
    assert (np.diff(values) < 0).all()


def test_references_follow_only_while_the_city_settles(held, rates, seed):
    before = held.place["extortion_reference"].copy()
    levy(held, rates, seed, 0)
    np.testing.assert_array_equal(held.place["extortion_reference"], before)
    held.town[0].anchoring = 1.0
    levy(held, rates, seed, 0)
    np.testing.assert_array_equal(held.place["extortion_reference"], held.place["extortion"])
