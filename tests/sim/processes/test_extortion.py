"""Armed groups take their share and keep their order (E06, E08, E10)."""

import math

import numpy as np
import pytest

from sim.processes.extortion import pressure, territory
from sim.processes.extortion import update as update_extortion


@pytest.fixture
def held(at_rest):
    """A city at rest in which one gang holds half of Ixley."""
    at_rest.gang["pact"] = 0.0
    at_rest.control[8] = 0.0
    at_rest.control[8, :2] = 0.5, 0.1
    neighbourhood = at_rest.neighbourhood[8]
    neighbourhood.controlled = 0.6
    neighbourhood.gang_cover = 0.8
    neighbourhood.domination = 0.5 * 0.5 / 0.6 * 0.8
    neighbourhood.settled = 0.4
    neighbourhood.fighting = at_rest.city_state[0].fighting_reference = 2e-6
    return at_rest


def test_pressure_by_hand(held, params):
    param, neighbourhood, city_state = params.extortion[0], held.neighbourhood[8], held.city_state[0]
    neighbourhood.fighting = 2.0 * city_state.fighting_reference
    neighbourhood.collective_efficacy = neighbourhood.efficacy_ordinary + 0.1
    neighbourhood.informality_gap = 0.3
    neighbourhood.clearance = 1.3 * city_state.clearance_anchor
    neighbourhood.lawful = 0.4
    city_state.integrity = city_state.integrity_anchor + 0.2
    expected = (
        (0.8 * 0.25 / 0.6)
        * (1 + param.fighting_on_levies)
        / (1 + 2 * param.fighting_on_levies)
        * math.exp(
            -0.1 * param.efficacy_on_extortion
            - param.clearance_on_extortion * math.log(1.3)
            - 0.4 * param.lawfulness_on_pressure
            + 0.3 * param.informality_on_extortion
        )
        * (1 - 0.2 * param.integrity_on_extortion)
    )
    assert pressure(held, params, 8) == pytest.approx(expected, rel=1e-12)


def test_who_fights_levies_less_up_to_three_times_the_usual(held, params):
    levels = []
    for fighting in (0.0, 1.0, 3.0, 30.0):
        held.neighbourhood[8].fighting = fighting * held.city_state[0].fighting_reference
        levels.append(pressure(held, params, 8))
    assert levels[0] > levels[1] > levels[2] == levels[3]


def test_a_pact_and_a_truce_settle_boundaries_and_raise_the_levy(held, params):
    param = params.extortion[0]
    plain = pressure(held, params, 8)
    held.levers[8].truce = 1.0
    assert pressure(held, params, 8) / plain == pytest.approx(1 + 0.7 * param.settled_boundaries_on_levies)
    held.levers[8].truce = 0.0
    held.gang[0].pact = 0.8
    assert pressure(held, params, 8) / plain == pytest.approx(1 + 0.8 * param.settled_boundaries_on_levies)


def test_a_pact_counts_where_its_gang_rules(held, params):
    held.gang[1].pact = 1.0
    plain = pressure(held, params, 8)
    held.control[8, 1] = 0.0
    assert pressure(held, params, 8) < plain


@pytest.mark.parametrize(
    ("part", "field", "shift"),
    [
        ("neighbourhood", "collective_efficacy", 0.2),
        ("neighbourhood", "clearance", 0.1),
        ("city_state", "integrity", 0.2),
        ("neighbourhood", "lawful", 0.5),
    ],
)
def test_cohesion_certainty_integrity_and_lawfulness_resist(held, params, part, field, shift):
    plain = pressure(held, params, 8)
    getattr(held, part)[-1][field] += shift
    assert pressure(held, params, 8) < plain


def test_payment_tends_to_what_pressure_can_take_and_stays_below_the_most(held, params, seed):
    param = params.extortion[0]
    s = pressure(held, params, 8)
    before = held.neighbourhood[8].extortion
    goal = param.paying_share_limit * s / (s + param.pressure_half_payment)
    update_extortion(held, params, seed, 0)
    assert held.neighbourhood[8].extortion == pytest.approx(before + param.payment_speed * (goal - before))
    for t in range(200):
        update_extortion(held, params, seed, t)
    assert held.neighbourhood[8].extortion == pytest.approx(goal, rel=1e-4)
    held.neighbourhood["domination"] = 1.0
    for t in range(400):
        update_extortion(held, params, seed, t)
    assert held.neighbourhood["extortion"].max() < param.paying_share_limit


def test_where_nobody_dominates_payment_fades(held, params, seed):
    held.neighbourhood[0].domination = 0.0
    held.neighbourhood[0].extortion = 0.4
    update_extortion(held, params, seed, 0)
    assert held.neighbourhood[0].extortion == pytest.approx(0.4 * (1 - params.extortion[0].payment_speed))


def test_settled_boundaries_take_more_of_the_turnover(held, params, seed):
    update_extortion(held, params, seed, 0)
    neighbourhood = held.neighbourhood[8]
    assert neighbourhood.turnover_taken == pytest.approx(neighbourhood.extortion * params.extortion[0].turnover_share * 0.9)


def test_residents_turn_to_a_group_they_accept_where_the_state_is_not_trusted(held, params, seed):
    """E10: less so where the group hands out homes no more, or kills over markets."""
    neighbourhood = held.neighbourhood[8]
    neighbourhood.deaths_market = 0.0
    update_extortion(held, params, seed, 0)
    trust = neighbourhood.criminal_legitimacy / (neighbourhood.criminal_legitimacy + 0.5 * neighbourhood.state_legitimacy)
    assert neighbourhood.governing == pytest.approx(0.6 * 0.8 * trust)
    before = neighbourhood.governing
    neighbourhood.state_legitimacy = 0.9
    update_extortion(held, params, seed, 0)
    assert neighbourhood.governing < before
    calm = neighbourhood.governing
    neighbourhood.deaths_market = 0.5 * neighbourhood.population / 2.0e5
    update_extortion(held, params, seed, 0)
    assert neighbourhood.governing == pytest.approx(calm * (1 - 0.5 * 0.5))
    neighbourhood.deaths_market = 1.0
    update_extortion(held, params, seed, 0)
    assert neighbourhood.governing == pytest.approx(calm * 0.5)


def test_open_lists_take_homes_out_of_gang_hands_and_order_with_them(held, params, seed):
    """P-R4."""
    param, neighbourhood = params.extortion[0], held.neighbourhood[8]
    neighbourhood.deaths_market = 0.0
    update_extortion(held, params, seed, 0)
    assert neighbourhood.allocated == pytest.approx(0.6 * neighbourhood.informality)
    before = neighbourhood.governing
    held.levers[8].housing_allocation = 0.5
    update_extortion(held, params, seed, 0)
    assert neighbourhood.allocated == pytest.approx(
        0.6 * neighbourhood.informality * (1 - 0.5 * param.allocation_on_gang_homes)
    )
    kept = 1 - param.allocation_on_order * neighbourhood.informality * 0.5 * param.allocation_on_gang_homes
    assert neighbourhood.governing == pytest.approx(before * kept)


def test_closure_of_a_place_is_that_of_its_markets_weighed_by_rent(held, params, seed):
    """E06."""
    held.closure[8] = [0.9, 0.5, 0.1, 0.3, 0.7]
    held.market_rent[8] = [4.0, 3.0, 2.0, 1.0, 0.0]
    update_extortion(held, params, seed, 0)
    assert held.neighbourhood[8].closure == pytest.approx((3.6 + 1.5 + 0.2 + 0.3) / 10)
    held.market_rent[8] = 0.0
    update_extortion(held, params, seed, 0)
    assert held.neighbourhood[8].closure == 0.0


def test_order_and_closure_are_shares(held, params, seed):
    held.neighbourhood["controlled"] = held.neighbourhood["gang_cover"] = held.neighbourhood["domination"] = 1.0
    held.neighbourhood["criminal_legitimacy"] = 0.999
    held.neighbourhood["state_legitimacy"] = 0.001
    update_extortion(held, params, seed, 0)
    for part in ("governing", "closure", "extortion", "turnover_taken"):
        assert ((held.neighbourhood[part] >= 0) & (held.neighbourhood[part] <= 1)).all()


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
def test_territory_is_uncontested_control(held, params, control, low, high):
    held.control[8] = 0.0
    held.control[8, :2] = control
    assert low <= territory(held, params, 8) <= high


def test_territory_rises_with_the_first_and_falls_with_the_second(held, params):
    values = []
    for second in (0.0, 0.1, 0.2, 0.4):
        held.control[8, :2] = 0.5, second
        values.append(territory(held, params, 8))
    assert (np.diff(values) < 0).all()


def test_references_follow_only_while_the_city_settles(held, params, seed):
    before = held.neighbourhood["extortion_reference"].copy()
    update_extortion(held, params, seed, 0)
    np.testing.assert_array_equal(held.neighbourhood["extortion_reference"], before)
    held.city_state[0].anchoring = 1.0
    update_extortion(held, params, seed, 0)
    np.testing.assert_array_equal(held.neighbourhood["extortion_reference"], held.neighbourhood["extortion"])
