"""What belongs to no single neighbourhood: integrity, guns, cases, linkage, grievance (E11, E15, E22, E27, E33, E34)."""

import math

import numpy as np
import pytest

from sim.levers import LEVERS
from sim.processes.calendar import killings_expected, look_around
from sim.processes.government import settle
from sim.processes.lifecourse import age_in_years
from sim.state import DEAD, FIREARMS, FREE, MONEY, NEITHER, PRISON, SCHOOL


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
    seat.lever_values[:, LEVERS.index("permit_integrity")] = 1.0
    goal = anchor + rate.integrity_rise * (1 - anchor)
    settle(seat, rates, seed, 0)
    assert town.integrity == pytest.approx(anchor + rate.integrity_speed * (goal - anchor))
    for t in range(1, 36):
        settle(seat, rates, seed, t)
    assert goal - town.integrity == pytest.approx((goal - anchor) * (1 - rate.integrity_speed) ** 36)


def test_a_measure_in_part_of_the_city_works_for_the_part_of_its_residents(seat, rates, seed):
    rate, town = rates.government[0], seat.town[0]
    seat.lever_values[8, LEVERS.index("firearms_control")] = 1.0
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
    seat.lever_values[:, LEVERS.index("firearms_control")] = 1.0
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
    seat.gang["pact"] = 0.0
    settle(seat, rates, seed, 0)
    rents = np.average(seat.place["rent"] * seat.control.sum(axis=1), weights=seat.place["population"])
    assert seat.town[0].bribes == pytest.approx(rents * (1 - seat.town[0].integrity_anchor))


def test_an_understanding_with_officials_is_paid_for(seat, rates, seed):
    seat.gang["pact"] = 0.0
    settle(seat, rates, seed, 0)
    before = seat.town[0].bribes
    held = np.average(seat.place["rent"] * seat.control[:, 0], weights=seat.place["population"])
    seat.gang["pact"][0] = 0.8
    settle(seat, rates, seed, 0)
    more = 0.8 * rates.government[0].pact_pays * held * (1 - seat.town[0].integrity_anchor)
    assert seat.town[0].bribes - before == pytest.approx(more, rel=1e-3)


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


def test_gangs_at_large_know_of_a_truce_by_the_part_of_the_city_it_holds_in(seat, rates, seed):
    pull(seat, places=[7, 8], truce=0.5)
    settle(seat, rates, seed, 0)
    assert seat.town[0].truce == pytest.approx(0.5 * (share_of(seat, 7) + share_of(seat, 8)))


# Money, permits and politics ------------------------------------------------------------------------------


def pull(city, places=slice(None), **levers):
    for name, dose in levers.items():
        city.levers[name][places] = dose


def share_of(city, i):
    return city.place[i].population / city.town[0].population


def test_building_rules_leave_less_dirty_money_in_stone(seat, rates, seed):
    """P-R6."""
    rate = rates.government[0]
    settle(seat, rates, seed, 0)
    assert seat.town[0].laundered == 1.0
    seat.flows.level[MONEY] = 2.0
    pull(seat, places=8, flow_money=math.log(1.5), building_rules=0.6)
    settle(seat, rates, seed, 1)
    covered = share_of(seat, 8)
    expected = 2.0 * 1.5**covered * (1 - rate.building_cut * 0.6 * covered)
    assert seat.town[0].laundered == pytest.approx(expected)


def test_what_is_laundered_wears_on_integrity(seat, rates, seed):
    """E11: with all building watched, less dirty money than ever wears less than ever."""
    rate, town = rates.government[0], seat.town[0]
    pull(seat, building_rules=1.0)
    settle(seat, rates, seed, 0)
    rise = -rate.money_on_integrity * math.log(1 - rate.building_cut)
    assert town.integrity == pytest.approx(town.integrity_anchor + rate.integrity_speed * rise)


def test_dirty_money_buys_politics_where_officials_can_be_bought(seat, rates, seed):
    rate, town = rates.government[0], seat.town[0]
    settle(seat, rates, seed, 0)
    assert town.politics == pytest.approx(1.0)
    seat.flows.level[MONEY] = 2.0
    settle(seat, rates, seed, 1)
    bought = 2.0 * (1 - town.integrity) / (1 - town.integrity_anchor)
    assert town.politics == pytest.approx(1.0 + rate.politics_speed * (bought - 1.0))


def test_rules_shown_at_once_leave_less_to_bribe_for(seat, rates, seed):
    """P-S7."""
    rate, town, place = rates.government[0], seat.town[0], seat.place
    settle(seat, rates, seed, 0)
    assert town.permit_bribes == pytest.approx(1.0)
    pull(seat, places=8, fee_transparency=0.5)
    town.integrity = town.integrity_anchor
    settle(seat, rates, seed, 1)
    covered = place[8].informality * place[8].population / (place["informality"] * place["population"]).sum()
    expected = (1 - town.integrity) / (1 - town.integrity_anchor) * (1 - 0.5 * rate.rules_on_bribes * covered)
    assert town.permit_bribes == pytest.approx(expected)


# Who stands with the city ------------------------------------------------------------------------------


def test_a_forum_with_a_plan_brings_the_police_closer_by_political_fit(seat, rates, seed):
    """E34, P-E12."""
    rate, town = rates.government[0], seat.town[0]
    town.follows = town.alignment = 0.4
    settle(seat, rates, seed, 0)
    assert town.alignment == pytest.approx(0.4)
    town.fit = 0.7
    pull(seat, joint_forum=0.8)
    goal = 0.4 + 0.6 * rate.forum_gain * 0.8 * 0.85
    settle(seat, rates, seed, 1)
    assert town.alignment == pytest.approx(0.4 + rate.alignment_speed * (goal - 0.4))
    for t in range(2, 200):
        settle(seat, rates, seed, t)
    assert town.alignment == pytest.approx(goal)


def test_a_force_that_business_helps_to_equip_follows_more_and_no_force_more_than_all(seat, rates, seed):
    """E27, E34."""
    rate, town = rates.government[0], seat.town[0]
    town.follows = town.alignment = 0.4
    town.linkage = town.linkage_anchor + 0.2
    settle(seat, rates, seed, 0)
    assert town.alignment == pytest.approx(0.4 + rate.alignment_speed * 0.6 * 0.2 * rate.linkage_on_alignment)
    rate.linkage_on_alignment = 50.0
    for linkage, goal in ((town.linkage_anchor + 0.2, 1.0), (town.linkage_anchor - 0.2, 0.4)):
        for t in range(300):
            town.linkage = linkage
            settle(seat, rates, seed, t)
        assert town.alignment == pytest.approx(goal)


def logit_moved(anchor, effect):
    return 1 / (1 + math.exp(-(math.log(anchor / (1 - anchor)) + effect)))


def test_a_compact_with_business_gains_linkage_slowly(seat, rates, seed):
    """E27, P-G7."""
    rate, town = rates.government[0], seat.town[0]
    settle(seat, rates, seed, 0)
    assert town.linkage == town.linkage_anchor
    pull(seat, business_cooperation=0.5)
    goal = logit_moved(town.linkage_anchor, 0.5 * rate.linkage_gain)
    settle(seat, rates, seed, 1)
    assert town.linkage == pytest.approx(town.linkage_anchor + rate.linkage_speed * (goal - town.linkage_anchor))


def test_a_spark_inflames_grievance_and_seats_that_count_lower_it(seat, rates, seed):
    """E33, P-G2."""
    rate, town = rates.government[0], seat.town[0]
    settle(seat, rates, seed, 0)
    assert town.grievance == town.grievance_anchor
    pull(seat, places=8, contested_election=0.9)
    pull(seat, participation=0.5)
    effect = 0.9 * rate.spark_on_grievance * share_of(seat, 8) - 0.5 * rates.identity[0].participation_on_grievance
    goal = logit_moved(town.grievance_anchor, effect)
    settle(seat, rates, seed, 1)
    assert town.grievance == pytest.approx(town.grievance_anchor + rate.grievance_speed * (goal - town.grievance_anchor))


def test_reform_and_findings_change_a_force_slowly(seat, rates, seed):
    """P-E9, P-E11."""
    pull(seat, police_reform=0.8, inquiry_follow_through=0.6)
    for t in range(12):
        settle(seat, rates, seed, t)
    town = seat.town[0]
    assert town.reform == pytest.approx(0.8 * (1 - (1 - rates.justice[0].reform_speed) ** 12))
    assert town.scrutiny == pytest.approx(0.6 * (1 - (1 - rates.government[0].scrutiny_speed) ** 12))


def test_who_lives_behind_walls_is_counted_by_residents(seat, rates, seed):
    """E18: gates that were bought, and districts that are levied for."""
    settle(seat, rates, seed, 0)
    assert seat.town[0].bubbles == pytest.approx(share_of(seat, 0)) == pytest.approx(seat.town[0].bubbles_anchor)
    pull(seat, places=[0, 4], improvement_district=0.5)
    settle(seat, rates, seed, 1)
    assert seat.town[0].bubbles == pytest.approx(share_of(seat, 0) + 0.5 * share_of(seat, 4))


# Who is counted as what ------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0, 47, 95, 96, 150, 239, -5])
def test_idle_and_out_of_school_are_shares_of_the_free(seat, rates, seed, t):
    youth = seat.youth
    youth.status[::11] = PRISON
    youth.status[::13] = DEAD
    youth.activity[:] = np.arange(youth.home.size) % 4
    settle(seat, rates, seed, t)
    ages = np.array([age_in_years(phase, t) for phase in youth.phase])
    for i in (0, 4, 8):
        free = (youth.home == i) & (youth.status == FREE)
        assert seat.place[i].idle == pytest.approx((youth.activity[free] == NEITHER).mean())
        teens = free & (ages >= 14) & (ages < 18)
        assert seat.place[i].out_of_school == pytest.approx((youth.activity[teens] != SCHOOL).mean())


def test_women_and_girls_in_gangs_are_counted_while_they_are_free(seat, rates, seed, find):
    members = find(seat, gang="any", status=FREE)
    seat.youth.female[:] = 1
    seat.youth.status[members[::3]] = PRISON
    settle(seat, rates, seed, 0)
    free = members[seat.youth.status[members] == FREE]
    weights = seat.place["weight"][seat.youth.home[free]]
    assert seat.place["female_members"].sum() == pytest.approx(weights.sum())
    seat.youth.female[:] = 0
    settle(seat, rates, seed, 0)
    assert not seat.place["female_members"].any()
