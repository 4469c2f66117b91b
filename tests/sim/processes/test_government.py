"""What belongs to no single neighbourhood: integrity, guns, cases, convictions (E11, E15, E22)."""

import math

import numpy as np
import pytest

from sim.levers import LEVERS
from sim.processes.calendar import killings_expected, look_around
from sim.processes.government import settle
from sim.state import DEAD, FIREARMS, FREE, MONEY, PRISON


@pytest.fixture
def seat(at_rest):
    at_rest.flows.level[:] = 1.0
    look_around(at_rest)
    return at_rest


def test_an_ordinary_government_keeps_its_integrity_and_the_city_its_guns(seat, rates, seed):
    before = seat.town[0].integrity
    settle(seat, rates, seed, 0)
    assert seat.town[0].integrity == pytest.approx(before)
    assert seat.town[0].guns == pytest.approx(1.0)


def test_transparency_raises_integrity_slowly_towards_its_goal(seat, rates, seed):
    rate, town = rates.government[0], seat.town[0]
    anchor = town.integrity_anchor
    seat.lever_values[:, LEVERS.index("integrity")] = 1.0
    goal = anchor + rate.integrity_rise * (1 - anchor)
    settle(seat, rates, seed, 0)
    assert town.integrity == pytest.approx(anchor + rate.integrity_speed * (goal - anchor))
    for t in range(1, 36):
        settle(seat, rates, seed, t)
    assert goal - town.integrity == pytest.approx((goal - anchor) * (1 - rate.integrity_speed) ** 36)


def test_a_measure_in_part_of_the_city_works_for_the_part_of_its_residents(seat, rates, seed):
    rate, town = rates.government[0], seat.town[0]
    seat.lever_values[8, LEVERS.index("guns")] = 1.0
    settle(seat, rates, seed, 0)
    covered = seat.place[8].population / town.population
    assert town.guns == pytest.approx(1 - rate.gun_stock_speed * rate.gun_stock_cut * covered)


def test_dirty_money_buys_officials(seat, rates, seed):
    """E11."""
    rate, town = rates.government[0], seat.town[0]
    before = town.integrity
    seat.lever_values[:, LEVERS.index("flow_money")] = math.log(2.0)
    settle(seat, rates, seed, 0)
    assert town.integrity == pytest.approx(before - rate.integrity_speed * rate.money_on_integrity * math.log(2.0))


def test_a_city_of_much_dirty_money_pays_the_same_as_a_shock_of_it(seat, rates, seed):
    rate, town = rates.government[0], seat.town[0]
    before = town.integrity
    seat.flows.level[MONEY] = 2.0
    settle(seat, rates, seed, 0)
    assert town.integrity == pytest.approx(before - rate.integrity_speed * rate.money_on_integrity * math.log(2.0))


def test_integrity_stays_between_a_twentieth_and_nineteen(seat, rates, seed):
    rates.government[0].money_on_integrity = 10.0
    seat.flows.level[MONEY] = 900.0
    for t in range(600):
        settle(seat, rates, seed, t)
    assert seat.town[0].integrity == pytest.approx(0.05, abs=1e-6)


def test_the_stock_of_guns_follows_the_flow_and_the_rules(seat, rates, seed):
    """E15."""
    rate, town = rates.government[0], seat.town[0]
    seat.flows.level[FIREARMS] = 2.0
    seat.lever_values[:, LEVERS.index("guns")] = 1.0
    for t in range(400):
        settle(seat, rates, seed, t)
    assert town.guns == pytest.approx((1 - rate.gun_stock_cut) * 2**rate.firearms_on_stock, rel=1e-6)


def test_the_load_of_cases_is_a_slow_mean_of_expected_killings(seat, rates, seed):
    town = seat.town[0]
    before = town.caseload
    killings = sum(killings_expected(place) for place in seat.place)
    settle(seat, rates, seed, 0)
    assert town.caseload == pytest.approx(before + rates.government[0].caseload_speed * (killings - before))


def test_the_citys_clearance_is_weighed_by_killings(seat, rates, seed):
    seat.place["clearance"] = np.linspace(0.1, 0.9, 9)
    settle(seat, rates, seed, 0)
    killings = [killings_expected(place) for place in seat.place]
    assert seat.town[0].clearance == pytest.approx(np.average(seat.place["clearance"], weights=killings))


def test_who_kills_more_is_convicted_more_and_nobody_without_members(seat, rates, seed):
    seat.gang["expected_killings"][:3] = 0.01, 0.02, 1e9
    seat.gang["members"][:4] = 50.0, 50.0, 50.0, 0.0
    settle(seat, rates, seed, 0)
    expected = seat.town[0].clearance * np.array([0.01, 0.02]) / 50
    np.testing.assert_allclose(seat.gang["conviction"][:4], [*expected, 0.2, 0.0])


def test_jobs_of_the_city_are_the_mean_over_residents(seat, rates, seed):
    seat.place["jobs"] = np.linspace(0.5, 1.5, 9)
    settle(seat, rates, seed, 0)
    assert seat.town[0].jobs == pytest.approx(np.average(seat.place["jobs"], weights=seat.place["population"]))


def test_bribes_are_paid_from_rents_under_gang_control_where_officials_can_be_bought(seat, rates, seed):
    settle(seat, rates, seed, 0)
    rents = np.average(seat.place["rent"] * seat.place["controlled"], weights=seat.place["population"])
    assert seat.town[0].bribes == pytest.approx(rents * (1 - seat.town[0].integrity_anchor))


def test_prisoners_and_youths_are_counted_as_residents(seat, rates, seed):
    seat.youth.status[:] = FREE
    seat.youth.status[::5] = PRISON
    seat.youth.status[::7] = DEAD
    settle(seat, rates, seed, 0)
    weights = seat.place["weight"][seat.youth.home]
    assert seat.town[0].prisoners == pytest.approx(weights[seat.youth.status == PRISON].sum())
    assert seat.town[0].youths == pytest.approx(weights[seat.youth.status != DEAD].sum())
    assert seat.place["prisoners"].sum() == pytest.approx(seat.town[0].prisoners)


def test_prison_places_are_built_only_while_the_city_settles(seat, rates, seed):
    before = seat.town[0].prison_places
    settle(seat, rates, seed, 0)
    assert seat.town[0].prison_places == before
    seat.town[0].anchoring = 1.0
    settle(seat, rates, seed, 0)
    assert seat.town[0].prison_places == pytest.approx(0.95 * seat.town[0].prisoners)
