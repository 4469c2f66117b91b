"""Seven flows arrive: what is scarce is dear, and what is seized is not always what is recorded (E04, E05)."""

import math

import numpy as np
import pytest

from sim.levers import LEVERS
from sim.processes.flows import arrive
from sim.state import (
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


@pytest.fixture
def ordinary(at_rest, rates, seed):
    arrive(at_rest, rates, seed, 0)
    return at_rest


def pushed(city, rates, seed, flow, multiple):
    city.lever_values[:, LEVERS.index(f"flow_{flow}")] = math.log(multiple)
    arrive(city, rates, seed, 0)
    return city.flows


def test_in_the_ordinary_city_every_price_is_one(ordinary):
    for flow in (DRUGS, FIREARMS, GOODS):
        np.testing.assert_allclose(ordinary.flows.price[:, flow], 1.0)


def test_supply_is_the_level_of_the_flow_times_the_hub(ordinary):
    np.testing.assert_allclose(ordinary.flows.supply, ordinary.flows.level * ordinary.flows.hub)


@pytest.mark.parametrize("multiple", [0.5, 2.0, 3.0])
def test_a_price_answers_supply_by_both_elasticities(ordinary, rates, seed, multiple):
    rate = rates.flows[0]
    flows = pushed(ordinary, rates, seed, "drugs", multiple)
    power = -1.0 / (rate.supply_elasticity + rate.demand_elasticity)
    np.testing.assert_allclose(flows.price[:, DRUGS], multiple**power)
    np.testing.assert_allclose(flows.price[:, GOODS], 1.0)


def test_the_local_price_shows_a_doubled_flow_where_the_recorded_share_seized_shows_nothing(ordinary, rates, seed):
    """E05: price follows true supply; what is recorded follows the honesty of those who seize."""
    before = ordinary.town[0].seizures_recorded
    price = ordinary.flows.price[:, DRUGS].copy()
    flows = pushed(ordinary, rates, seed, "drugs", 2.0)
    assert (flows.price[:, DRUGS] < 0.8 * price).all()
    assert ordinary.town[0].seizures_recorded == pytest.approx(before)


def test_with_inelastic_demand_scarcity_raises_rents(ordinary, rates, seed):
    rate = rates.flows[0]
    rent = ordinary.flows.rent[:, DRUGS].copy()
    flows = pushed(ordinary, rates, seed, "drugs", 0.5)
    np.testing.assert_allclose(flows.rent[:, DRUGS] / rent, flows.price[:, DRUGS] ** (1.0 - rate.demand_elasticity))
    assert (flows.rent[:, DRUGS] > rent).all()


def test_rents_of_the_ordinary_city_are_the_weights_of_the_flows_at_the_hubs_and_of_night_life(ordinary, rates):
    rate, hub = rates.flows[0], ordinary.flows.hub
    of_flows = {
        MARKET_DRUGS: rate.value_drugs * hub[:, DRUGS],
        MARKET_TRANSPORT: rate.value_transport * hub[:, TRANSPORT],
        MARKET_GOODS: rate.value_goods * hub[:, GOODS],
        MARKET_FIREARMS: rate.value_firearms * hub[:, FIREARMS],
        MARKET_VENUES: rate.value_venues * (1 - rate.venue_shrinks * ordinary.place["unlicensed"]),
    }
    for market, rent in of_flows.items():
        np.testing.assert_allclose(ordinary.market_rent[:, market], rent)
    np.testing.assert_allclose(ordinary.place["rent"], sum(of_flows.values()))


def test_night_life_is_worth_what_business_is_and_less_out_of_sight(ordinary, rates, seed):
    """P-R2."""
    rate = rates.flows[0]
    ordinary.place["business"] = 0.8
    ordinary.place["unlicensed"] = 0.4
    arrive(ordinary, rates, seed, 0)
    np.testing.assert_allclose(
        ordinary.market_rent[:, MARKET_VENUES], 0.8 * rate.value_venues * (1 - 0.4 * rate.venue_shrinks)
    )


def test_levies_on_transport_follow_traffic_not_scarcity(ordinary, rates, seed):
    rent = ordinary.flows.rent[:, TRANSPORT].copy()
    flows = pushed(ordinary, rates, seed, "transport", 2.0)
    np.testing.assert_allclose(flows.rent[:, TRANSPORT], 2.0 * rent)
    assert (flows.seized[:, TRANSPORT] == 0).all()


def test_people_and_money_arrive_without_a_price_or_a_rent(ordinary, rates, seed):
    for name, flow in (("people", PEOPLE), ("money", MONEY)):
        flows = pushed(ordinary, rates, seed, name, 2.0)
        assert (flows.rent[:, flow] == 0).all()
        assert (flows.price[:, flow] == 1).all()


@pytest.mark.parametrize("name", FLOWS)
def test_every_flow_answers_its_own_lever_only(ordinary, rates, seed, name):
    before = ordinary.flows.supply.copy()
    flows = pushed(ordinary, rates, seed, name, 2.0)
    changed = flows.supply / before
    np.testing.assert_allclose(changed[:, FLOWS.index(name)], 2.0)
    np.testing.assert_array_equal(np.delete(changed, FLOWS.index(name), axis=1), 1.0)


def test_the_ordinary_share_is_seized_and_recorded_as_honestly_as_officials_are(ordinary, rates):
    rate, town = rates.flows[0], ordinary.town[0]
    share = ordinary.flows.seized[:, DRUGS] / ordinary.flows.supply[:, DRUGS]
    np.testing.assert_allclose(share, rate.seizure_share)
    honest = town.integrity / (town.integrity + rate.honesty_half)
    np.testing.assert_allclose(ordinary.flows.recorded[:, DRUGS], honest * ordinary.flows.seized[:, DRUGS])
    assert town.seizures_recorded == pytest.approx(honest * town.seizures_true)


def test_corrupt_officials_seize_less_and_record_less_of_it(ordinary, rates, seed):
    before = ordinary.town[0].copy()
    ordinary.town[0].integrity = 0.5 * ordinary.town[0].integrity_anchor
    arrive(ordinary, rates, seed, 0)
    after = ordinary.town[0]
    assert after.seizures_true == pytest.approx(0.5 * before["seizures_true"])
    assert after.seizures_recorded / after.seizures_true < before["seizures_recorded"] / before["seizures_true"]


def test_patrol_seizes_more_and_makes_goods_dearer(ordinary, rates, seed):
    rate = rates.flows[0]
    ordinary.police[8].patrol = 1.0
    arrive(ordinary, rates, seed, 0)
    seized = ordinary.flows.seized[8, DRUGS] / ordinary.flows.supply[8, DRUGS]
    assert seized == pytest.approx(rate.seizure_share * (1.0 + rate.seizure_patrol))
    assert ordinary.flows.price[8, DRUGS] > ordinary.flows.price[7, DRUGS]


def test_no_more_than_three_fifths_can_be_seized(ordinary, rates, seed):
    ordinary.town[0].integrity_anchor = 0.01
    arrive(ordinary, rates, seed, 0)
    np.testing.assert_allclose(ordinary.flows.seized[:, DRUGS] / ordinary.flows.supply[:, DRUGS], 0.6)


def test_a_flow_that_stops_leaves_a_high_price_not_an_endless_one(ordinary, rates, seed):
    ordinary.flows.level[DRUGS] = 0.0
    arrive(ordinary, rates, seed, 0)
    assert np.isfinite(ordinary.flows.price).all()
    assert (ordinary.flows.price[:, DRUGS] > 5.0).all()


def test_the_rent_reference_follows_only_while_the_city_settles(ordinary, rates, seed):
    before = ordinary.place["rent_reference"].copy()
    pushed(ordinary, rates, seed, "drugs", 0.4)
    np.testing.assert_array_equal(ordinary.place["rent_reference"], before)
    ordinary.town[0].anchoring = 0.5
    arrive(ordinary, rates, seed, 0)
    np.testing.assert_allclose(ordinary.place["rent_reference"], (before + ordinary.place["rent"]) / 2)
