"""Seven flows arrive: what is scarce is dear, and what is seized is not always what is recorded (E04, E05)."""

import math

import numpy as np
import pytest

from sim.enumerations import (
    DRUGS,
    FIREARMS,
    FLOWS,
    GOODS,
    MARKET_DRUGS,
    MARKET_FIREARMS,
    MARKET_GOODS,
    MARKET_TRANSPORT,
    MARKET_VENUES,
    MONEY,
    PEOPLE,
    TRANSPORT,
)
from sim.levers import LEVERS
from sim.processes.flows import update as update_flows


@pytest.fixture
def ordinary(at_rest, params, seed):
    update_flows(at_rest, params, seed, 0)
    return at_rest


def pushed(city, params, seed, flow, multiple):
    city.lever_values[:, LEVERS.index(f"flow_{flow}")] = math.log(multiple)
    update_flows(city, params, seed, 0)
    return city.flows


def of_people(city, weight, where):
    """What people who are held there earn for others, for each resident (E37)."""
    return weight * city.neighbourhood[f"held_{where}"] / city.neighbourhood["population"]


def test_in_the_ordinary_city_every_price_is_one(ordinary):
    for flow in (DRUGS, FIREARMS, GOODS):
        np.testing.assert_allclose(ordinary.flows.price[:, flow], 1.0)


def test_supply_is_the_level_of_the_flow_times_the_hub(ordinary):
    np.testing.assert_allclose(ordinary.flows.supply, ordinary.flows.level * ordinary.flows.hub)


@pytest.mark.parametrize("multiple", [0.5, 2.0, 3.0])
def test_a_price_answers_supply_by_both_elasticities(ordinary, params, seed, multiple):
    param = params.flows[0]
    flows = pushed(ordinary, params, seed, "drugs", multiple)
    power = -1.0 / (param.supply_elasticity + param.demand_elasticity)
    np.testing.assert_allclose(flows.price[:, DRUGS], multiple**power)
    np.testing.assert_allclose(flows.price[:, GOODS], 1.0)


def test_the_local_price_shows_a_doubled_flow_where_the_recorded_share_seized_shows_nothing(ordinary, params, seed):
    """E05: price follows true supply; what is recorded follows the honesty of those who seize."""
    before = ordinary.city_state[0].seizures_recorded
    price = ordinary.flows.price[:, DRUGS].copy()
    flows = pushed(ordinary, params, seed, "drugs", 2.0)
    assert (flows.price[:, DRUGS] < 0.8 * price).all()
    assert ordinary.city_state[0].seizures_recorded == pytest.approx(before)


def test_with_inelastic_demand_scarcity_raises_rents(ordinary, params, seed):
    param = params.flows[0]
    rent = ordinary.flows.rent[:, DRUGS].copy()
    flows = pushed(ordinary, params, seed, "drugs", 0.5)
    np.testing.assert_allclose(flows.rent[:, DRUGS] / rent, flows.price[:, DRUGS] ** (1.0 - param.demand_elasticity))
    assert (flows.rent[:, DRUGS] > rent).all()


def test_rents_of_the_ordinary_city_are_those_of_flows_at_the_hubs_of_night_life_and_of_people_held(ordinary, params):
    param, hub = params.flows[0], ordinary.flows.hub
    of_flows = {
        MARKET_DRUGS: param.rent_weight_drugs * hub[:, DRUGS],
        MARKET_TRANSPORT: param.rent_weight_transport * hub[:, TRANSPORT],
        MARKET_GOODS: param.rent_weight_goods * hub[:, GOODS],
        MARKET_FIREARMS: param.rent_weight_firearms * hub[:, FIREARMS],
        MARKET_VENUES: param.rent_weight_venues * (1 - param.unlicensed_venue_loss * ordinary.neighbourhood["unlicensed"])
        + of_people(ordinary, params.trafficking[0].rent_in_venues, "venues"),
    }
    for market, rent in of_flows.items():
        np.testing.assert_allclose(ordinary.market_rent[:, market], rent)
    by_gangs = of_people(ordinary, params.trafficking[0].rent_by_gangs, "gangs")
    assert (by_gangs > 0.0).any()
    np.testing.assert_allclose(ordinary.neighbourhood["rent"], sum(of_flows.values()) + by_gangs)


def test_night_life_is_worth_what_business_is_and_less_out_of_sight(ordinary, params, seed):
    """P-R2."""
    param = params.flows[0]
    ordinary.neighbourhood["business"] = 0.8
    ordinary.neighbourhood["unlicensed"] = 0.4
    update_flows(ordinary, params, seed, 0)
    np.testing.assert_allclose(
        ordinary.market_rent[:, MARKET_VENUES] - of_people(ordinary, params.trafficking[0].rent_in_venues, "venues"),
        0.8 * param.rent_weight_venues * (1 - 0.4 * param.unlicensed_venue_loss),
    )


def test_levies_on_transport_follow_traffic_not_scarcity(ordinary, params, seed):
    rent = ordinary.flows.rent[:, TRANSPORT].copy()
    flows = pushed(ordinary, params, seed, "transport", 2.0)
    np.testing.assert_allclose(flows.rent[:, TRANSPORT], 2.0 * rent)
    assert (flows.seized[:, TRANSPORT] == 0).all()


def test_people_and_money_arrive_without_a_price_or_a_rent(ordinary, params, seed):
    for name, flow in (("people", PEOPLE), ("money", MONEY)):
        flows = pushed(ordinary, params, seed, name, 2.0)
        assert (flows.rent[:, flow] == 0).all()
        assert (flows.price[:, flow] == 1).all()


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_answers_its_own_lever_only(ordinary, params, seed, name):
    before = ordinary.flows.supply.copy()
    flows = pushed(ordinary, params, seed, name, 2.0)
    changed = flows.supply / before
    np.testing.assert_allclose(changed[:, FLOWS.index(name)], 2.0)
    np.testing.assert_array_equal(np.delete(changed, FLOWS.index(name), axis=1), 1.0)


def test_the_ordinary_share_is_seized_and_recorded_as_honestly_as_officials_are(ordinary, params):
    param, city_state = params.flows[0], ordinary.city_state[0]
    share = ordinary.flows.seized[:, DRUGS] / ordinary.flows.supply[:, DRUGS]
    np.testing.assert_allclose(share, param.seizure_share)
    honest = city_state.integrity / (city_state.integrity + param.recording_half_integrity)
    np.testing.assert_allclose(ordinary.flows.recorded[:, DRUGS], honest * ordinary.flows.seized[:, DRUGS])
    assert city_state.seizures_recorded == pytest.approx(honest * city_state.seizures_true)


def test_corrupt_officials_seize_less_and_record_less_of_it(ordinary, params, seed):
    before = ordinary.city_state[0].copy()
    ordinary.city_state[0].integrity = 0.5 * ordinary.city_state[0].integrity_anchor
    update_flows(ordinary, params, seed, 0)
    after = ordinary.city_state[0]
    assert after.seizures_true == pytest.approx(0.5 * before["seizures_true"])
    assert after.seizures_recorded / after.seizures_true < before["seizures_recorded"] / before["seizures_true"]


def test_patrol_seizes_more_and_makes_goods_dearer(ordinary, params, seed):
    param = params.flows[0]
    ordinary.police[8].patrol = 1.0
    update_flows(ordinary, params, seed, 0)
    seized = ordinary.flows.seized[8, DRUGS] / ordinary.flows.supply[8, DRUGS]
    assert seized == pytest.approx(param.seizure_share * (1.0 + param.patrol_on_seizure))
    assert ordinary.flows.price[8, DRUGS] > ordinary.flows.price[7, DRUGS]


def test_no_more_than_three_fifths_can_be_seized(ordinary, params, seed):
    ordinary.city_state[0].integrity_anchor = 0.01
    update_flows(ordinary, params, seed, 0)
    np.testing.assert_allclose(ordinary.flows.seized[:, DRUGS] / ordinary.flows.supply[:, DRUGS], 0.6)


def test_a_flow_that_stops_leaves_a_high_price_not_an_endless_one(ordinary, params, seed):
    ordinary.flows.level[DRUGS] = 0.0
    update_flows(ordinary, params, seed, 0)
    assert np.isfinite(ordinary.flows.price).all()
    assert (ordinary.flows.price[:, DRUGS] > 5.0).all()


def test_the_rent_reference_follows_only_while_the_city_settles(ordinary, params, seed):
    before = ordinary.neighbourhood["rent_reference"].copy()
    pushed(ordinary, params, seed, "drugs", 0.4)
    np.testing.assert_array_equal(ordinary.neighbourhood["rent_reference"], before)
    ordinary.city_state[0].anchoring = 0.5
    update_flows(ordinary, params, seed, 0)
    np.testing.assert_allclose(ordinary.neighbourhood["rent_reference"], (before + ordinary.neighbourhood["rent"]) / 2)
