"""Turf brings money and feeds members."""

import math

import pytest

from sim.processes.gangs import update as update_gangs
from sim.processes.gangs.money import count_money
from sim.processes.policy_delivery import look_around


def test_the_money_of_a_gang_by_hand(still, params):
    """E05, E06, E11: what it levies on markets, what firms pay, and what leaks to it, by the people it holds."""
    param = params.gangs[0]
    still.control[:] = 0.0
    still.control[[7, 8], 0] = 0.4, 0.5
    still.levied[:] = 0.3
    still.market_rent[:] = [1.0, 0.5, 0.25, 0.125, 0.125]
    still.neighbourhood["turnover_taken"] = 0.02
    still.city_state[0].leaked = 4.0
    count_money(still, params)
    each = 0.3 * 2.0 + param.turnover_levy_weight * 0.02 + param.rents_from_leakage * 4.0
    people = 0.4 * still.neighbourhood[7].population + 0.5 * still.neighbourhood[8].population
    assert still.gang[0].money == pytest.approx(people * each)
    assert not still.gang["money"][1:].any()


def test_rents_feed_members_by_their_contrast(still, params):
    """E04, E21: what turf can feed, and the appetite that fits it to the city's membership."""
    param = params.gangs[0]
    param.demand_saturation = 0.0
    still.city_state[0].appetite = 0.01
    still.control[:] = 0.0
    still.control[8, 0] = 0.5
    neighbourhood = still.neighbourhood[8]

    def wanted(rent, connected=0.45):
        neighbourhood.rent = rent * neighbourhood.rent_reference
        neighbourhood.connected = connected
        still.gang[0].members = 40.0
        count_money(still, params)
        return math.exp(still.gang[0].demand) * 41.0 - 1.0

    fed = 0.01 * 0.5 * neighbourhood.population * (0.3 + neighbourhood.deprivation)
    assert wanted(1.0) == pytest.approx(fed, rel=1e-9)
    assert wanted(3.0) == pytest.approx(fed * 2.0**param.rent_on_demand, rel=1e-9)
    felt = math.exp(-0.2 * params.recruitment[0].connectedness_on_rent_pull)
    assert wanted(3.0, connected=0.65) == pytest.approx(fed * 2.0 ** (param.rent_on_demand * felt), rel=1e-9)
    assert wanted(1.0, connected=0.65) == pytest.approx(fed, rel=1e-9)


def test_a_gang_born_after_the_city_settled_takes_its_first_money_for_ordinary(still, params):
    still.gang[2].money_reference = 0.0
    count_money(still, params)
    assert still.gang[2].money_reference == still.gang[2].money > 0
    before = still.gang[1].money_reference
    still.levied[:] *= 2.0
    count_money(still, params)
    assert still.gang[1].money_reference == before


def test_a_gang_with_gaps_wants_people_and_one_with_too_many_does_not(still, params, seed):
    """What turf feeds against who is there: demand falls as members rise, and is bounded."""
    wanted = []
    for members in (1.0, 50.0, 500.0, 1e6):
        look_around(still)
        still.gang[0].members = members
        update_gangs(still, params, seed, 0)
        wanted.append(still.gang[0].demand)
    assert wanted == sorted(wanted, reverse=True)
    assert max(wanted) <= 1.2
    assert min(wanted) >= -1.2
