"""What belongs to no single neighbourhood: integrity, guns, cases, linkage, grievance (E11, E15, E22, E27, E33, E34)."""

import math

import numpy as np
import pytest

from sim.enumerations import FIREARMS, MONEY
from sim.levers import LEVERS
from sim.processes.demography import age_in_years
from sim.processes.government import update as update_government
from sim.processes.policy_delivery import killings_expected, look_around
from sim.state import DEAD, FREE, NEITHER, PRISON, SCHOOL


@pytest.fixture
def seat(at_rest):
    at_rest.flows.level[:] = 1.0
    look_around(at_rest)
    return at_rest


def test_an_ordinary_government_keeps_its_integrity_and_the_city_its_guns(seat, params, seed):
    before = seat.city_state[0].integrity
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].integrity == pytest.approx(before)
    assert seat.city_state[0].guns == pytest.approx(1.0)


def test_transparency_raises_integrity_slowly_towards_its_goal(seat, params, seed):
    param, city_state = params.government[0], seat.city_state[0]
    anchor = city_state.integrity_anchor
    seat.lever_values[:, LEVERS.index("permit_integrity")] = 1.0
    goal = anchor + param.oversight_on_integrity * (1 - anchor)
    update_government(seat, params, seed, 0)
    assert city_state.integrity == pytest.approx(anchor + param.integrity_speed * (goal - anchor))
    for t in range(1, 36):
        update_government(seat, params, seed, t)
    assert goal - city_state.integrity == pytest.approx((goal - anchor) * (1 - param.integrity_speed) ** 36)


def test_a_measure_in_part_of_the_city_works_for_the_part_of_its_residents(seat, params, seed):
    param, city_state = params.government[0], seat.city_state[0]
    seat.lever_values[8, LEVERS.index("firearms_control")] = 1.0
    update_government(seat, params, seed, 0)
    covered = seat.neighbourhood[8].population / city_state.population
    assert city_state.guns == pytest.approx(1 - param.gun_stock_speed * param.gun_rules_on_stock * covered)


def test_dirty_money_buys_officials(seat, params, seed):
    """E11."""
    param, city_state = params.government[0], seat.city_state[0]
    before = city_state.integrity
    seat.lever_values[:, LEVERS.index("flow_money")] = math.log(2.0)
    update_government(seat, params, seed, 0)
    assert city_state.integrity == pytest.approx(
        before - param.integrity_speed * param.dirty_money_on_integrity * math.log(2.0)
    )


def test_a_city_of_much_dirty_money_pays_the_same_as_a_shock_of_it(seat, params, seed):
    param, city_state = params.government[0], seat.city_state[0]
    before = city_state.integrity
    seat.flows.level[MONEY] = 2.0
    update_government(seat, params, seed, 0)
    assert city_state.integrity == pytest.approx(
        before - param.integrity_speed * param.dirty_money_on_integrity * math.log(2.0)
    )


def test_integrity_stays_between_a_twentieth_and_nineteen(seat, params, seed):
    params.government[0].dirty_money_on_integrity = 10.0
    seat.flows.level[MONEY] = 900.0
    for t in range(600):
        update_government(seat, params, seed, t)
    assert seat.city_state[0].integrity == pytest.approx(0.05, abs=1e-6)


def test_the_stock_of_guns_follows_the_flow_and_the_rules(seat, params, seed):
    """E15."""
    param, city_state = params.government[0], seat.city_state[0]
    seat.flows.level[FIREARMS] = 2.0
    seat.lever_values[:, LEVERS.index("firearms_control")] = 1.0
    for t in range(400):
        update_government(seat, params, seed, t)
    assert city_state.guns == pytest.approx((1 - param.gun_rules_on_stock) * 2**param.firearms_flow_on_stock, rel=1e-6)


def test_the_load_of_cases_is_a_slow_mean_of_expected_killings(seat, params, seed):
    city_state = seat.city_state[0]
    before = city_state.caseload
    killings = sum(killings_expected(neighbourhood) for neighbourhood in seat.neighbourhood)
    update_government(seat, params, seed, 0)
    assert city_state.caseload == pytest.approx(before + params.government[0].caseload_speed * (killings - before))


def test_the_citys_clearance_is_weighed_by_killings(seat, params, seed):
    seat.neighbourhood["clearance"] = np.linspace(0.1, 0.9, 9)
    update_government(seat, params, seed, 0)
    killings = [killings_expected(neighbourhood) for neighbourhood in seat.neighbourhood]
    assert seat.city_state[0].clearance == pytest.approx(np.average(seat.neighbourhood["clearance"], weights=killings))


def test_who_kills_more_is_convicted_more_and_nobody_without_members(seat, params, seed):
    seat.gang["expected_killings"][:3] = 0.01, 0.02, 1e9
    seat.gang["members"][:4] = 50.0, 50.0, 50.0, 0.0
    update_government(seat, params, seed, 0)
    expected = seat.city_state[0].clearance * np.array([0.01, 0.02]) / 50
    np.testing.assert_allclose(seat.gang["conviction"][:4], [*expected, 0.2, 0.0])


def test_jobs_of_the_city_are_the_mean_over_residents(seat, params, seed):
    seat.neighbourhood["jobs"] = np.linspace(0.5, 1.5, 9)
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].jobs == pytest.approx(
        np.average(seat.neighbourhood["jobs"], weights=seat.neighbourhood["population"])
    )


def test_bribes_are_paid_from_rents_under_gang_control_where_officials_can_be_bought(seat, params, seed):
    seat.gang["pact"] = 0.0
    update_government(seat, params, seed, 0)
    rents = np.average(seat.neighbourhood["rent"] * seat.control.sum(axis=1), weights=seat.neighbourhood["population"])
    assert seat.city_state[0].bribes == pytest.approx(rents * (1 - seat.city_state[0].integrity_anchor))


def test_an_understanding_with_officials_is_paid_for(seat, params, seed):
    seat.gang["pact"] = 0.0
    update_government(seat, params, seed, 0)
    before = seat.city_state[0].bribes
    held = np.average(seat.neighbourhood["rent"] * seat.control[:, 0], weights=seat.neighbourhood["population"])
    seat.gang["pact"][0] = 0.8
    update_government(seat, params, seed, 0)
    more = 0.8 * params.government[0].pact_on_bribes * held * (1 - seat.city_state[0].integrity_anchor)
    assert seat.city_state[0].bribes - before == pytest.approx(more, rel=1e-3)


def test_prisoners_and_youths_are_counted_as_residents(seat, params, seed):
    seat.youth.status[:] = FREE
    seat.youth.status[::5] = PRISON
    seat.youth.status[::7] = DEAD
    update_government(seat, params, seed, 0)
    weights = seat.neighbourhood["weight"][seat.youth.home]
    assert seat.city_state[0].prisoners == pytest.approx(weights[seat.youth.status == PRISON].sum())
    assert seat.city_state[0].youths == pytest.approx(weights[seat.youth.status != DEAD].sum())
    assert seat.neighbourhood["prisoners"].sum() == pytest.approx(seat.city_state[0].prisoners)


def test_prison_places_are_built_only_while_the_city_settles(seat, params, seed):
    before = seat.city_state[0].prison_places
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].prison_places == before
    seat.city_state[0].anchoring = 1.0
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].prison_places == pytest.approx(0.95 * seat.city_state[0].prisoners)


def test_gangs_at_large_know_of_a_truce_by_the_part_of_the_city_it_holds_in(seat, params, seed):
    pull(seat, places=[7, 8], truce=0.5)
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].truce == pytest.approx(0.5 * (share_of(seat, 7) + share_of(seat, 8)))


# Money, permits and politics ------------------------------------------------------------------------------


def pull(city, places=slice(None), **levers):
    for name, dose in levers.items():
        city.levers[name][places] = dose


def share_of(city, i):
    return city.neighbourhood[i].population / city.city_state[0].population


def test_building_rules_leave_less_dirty_money_in_stone(seat, params, seed):
    """P-R6."""
    param = params.government[0]
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].laundered == 1.0
    seat.flows.level[MONEY] = 2.0
    pull(seat, places=8, flow_money=math.log(1.5), building_rules=0.6)
    update_government(seat, params, seed, 1)
    covered = share_of(seat, 8)
    expected = 2.0 * 1.5**covered * (1 - param.building_rules_on_laundering * 0.6 * covered)
    assert seat.city_state[0].laundered == pytest.approx(expected)


def test_what_is_laundered_wears_on_integrity(seat, params, seed):
    """E11: with all building watched, less dirty money than ever wears less than ever."""
    param, city_state = params.government[0], seat.city_state[0]
    pull(seat, building_rules=1.0)
    update_government(seat, params, seed, 0)
    rise = -param.dirty_money_on_integrity * math.log(1 - param.building_rules_on_laundering)
    assert city_state.integrity == pytest.approx(city_state.integrity_anchor + param.integrity_speed * rise)


def test_dirty_money_buys_politics_where_officials_can_be_bought(seat, params, seed):
    param, city_state = params.government[0], seat.city_state[0]
    update_government(seat, params, seed, 0)
    assert city_state.politics == pytest.approx(1.0)
    seat.flows.level[MONEY] = 2.0
    update_government(seat, params, seed, 1)
    bought = 2.0 * (1 - city_state.integrity) / (1 - city_state.integrity_anchor)
    assert city_state.politics == pytest.approx(1.0 + param.politics_speed * (bought - 1.0))


def test_rules_shown_at_once_leave_less_to_bribe_for(seat, params, seed):
    """P-S7."""
    param, city_state, neighbourhood = params.government[0], seat.city_state[0], seat.neighbourhood
    update_government(seat, params, seed, 0)
    assert city_state.permit_bribes == pytest.approx(1.0)
    pull(seat, places=8, fee_transparency=0.5)
    city_state.integrity = city_state.integrity_anchor
    update_government(seat, params, seed, 1)
    covered = (
        neighbourhood[8].informality
        * neighbourhood[8].population
        / (neighbourhood["informality"] * neighbourhood["population"]).sum()
    )
    expected = (
        (1 - city_state.integrity)
        / (1 - city_state.integrity_anchor)
        * (1 - 0.5 * param.fee_transparency_on_bribes * covered)
    )
    assert city_state.permit_bribes == pytest.approx(expected)


# Who stands with the city ------------------------------------------------------------------------------


def test_a_forum_with_a_plan_brings_the_police_closer_by_political_fit(seat, params, seed):
    """E34, P-E12."""
    param, city_state = params.government[0], seat.city_state[0]
    city_state.follows = city_state.alignment = 0.4
    update_government(seat, params, seed, 0)
    assert city_state.alignment == pytest.approx(0.4)
    city_state.fit = 0.7
    pull(seat, joint_forum=0.8)
    goal = 0.4 + 0.6 * param.forum_on_alignment * 0.8 * 0.85
    update_government(seat, params, seed, 1)
    assert city_state.alignment == pytest.approx(0.4 + param.alignment_speed * (goal - 0.4))
    for t in range(2, 200):
        update_government(seat, params, seed, t)
    assert city_state.alignment == pytest.approx(goal)


@pytest.mark.parametrize(("capital", "fit", "listens"), [(1.0, 0.1, 1.0), (0.0, 0.9, 0.9), (0.8, 0.5, 0.9), (0.0, 0.0, 0.0)])
def test_a_nation_listens_to_a_capital_and_to_its_own_party_and_not_to_a_middle_city_of_another(
    seat, params, seed, capital, fit, listens
):
    """E34, P-E13."""
    param, city_state = params.government[0], seat.city_state[0]
    city_state.follows = city_state.alignment = 0.4
    city_state.capital, city_state.fit = capital, fit
    pull(seat, lobbying=0.5)
    update_government(seat, params, seed, 0)
    gain = param.alignment_speed * 0.6 * param.lobbying_on_alignment * 0.5 * listens
    assert city_state.alignment == pytest.approx(0.4 + gain)


def test_a_force_that_business_helps_to_equip_follows_more_and_no_force_more_than_all(seat, params, seed):
    """E27, E34."""
    param, city_state = params.government[0], seat.city_state[0]
    city_state.follows = city_state.alignment = 0.4
    city_state.linkage = city_state.linkage_anchor + 0.2
    update_government(seat, params, seed, 0)
    assert city_state.alignment == pytest.approx(0.4 + param.alignment_speed * 0.6 * 0.2 * param.cooperation_on_alignment)
    param.cooperation_on_alignment = 50.0
    for linkage, goal in ((city_state.linkage_anchor + 0.2, 1.0), (city_state.linkage_anchor - 0.2, 0.4)):
        for t in range(300):
            city_state.linkage = linkage
            update_government(seat, params, seed, t)
        assert city_state.alignment == pytest.approx(goal)


def logit_moved(anchor, effect):
    return 1 / (1 + math.exp(-(math.log(anchor / (1 - anchor)) + effect)))


def test_a_compact_with_business_gains_linkage_slowly(seat, params, seed):
    """E27, P-G7."""
    param, city_state = params.government[0], seat.city_state[0]
    update_government(seat, params, seed, 0)
    assert city_state.linkage == city_state.linkage_anchor
    pull(seat, business_cooperation=0.5)
    goal = logit_moved(city_state.linkage_anchor, 0.5 * param.compact_on_cooperation)
    update_government(seat, params, seed, 1)
    assert city_state.linkage == pytest.approx(
        city_state.linkage_anchor + param.cooperation_speed * (goal - city_state.linkage_anchor)
    )


def test_a_spark_inflames_grievance_and_seats_that_count_lower_it(seat, params, seed):
    """E33, P-G2."""
    param, city_state = params.government[0], seat.city_state[0]
    update_government(seat, params, seed, 0)
    assert city_state.grievance == city_state.grievance_anchor
    pull(seat, places=8, contested_election=0.9)
    pull(seat, participation=0.5)
    effect = 0.9 * param.spark_on_grievance * share_of(seat, 8) - 0.5 * params.group_conflict[0].participation_on_grievance
    goal = logit_moved(city_state.grievance_anchor, effect)
    update_government(seat, params, seed, 1)
    assert city_state.grievance == pytest.approx(
        city_state.grievance_anchor + param.grievance_speed * (goal - city_state.grievance_anchor)
    )


def test_reform_and_findings_change_a_force_slowly(seat, params, seed):
    """P-E9, P-E11."""
    pull(seat, police_reform=0.8, inquiry_follow_through=0.6)
    for t in range(12):
        update_government(seat, params, seed, t)
    city_state = seat.city_state[0]
    assert city_state.reform == pytest.approx(0.8 * (1 - (1 - params.justice[0].reform_speed) ** 12))
    assert city_state.scrutiny == pytest.approx(0.6 * (1 - (1 - params.government[0].inquiry_speed) ** 12))


def test_who_lives_behind_walls_is_counted_by_residents(seat, params, seed):
    """E18: gates that were bought, and districts that are levied for."""
    update_government(seat, params, seed, 0)
    assert seat.city_state[0].bubbles == pytest.approx(share_of(seat, 0)) == pytest.approx(seat.city_state[0].bubbles_anchor)
    pull(seat, places=[0, 4], improvement_district=0.5)
    update_government(seat, params, seed, 1)
    assert seat.city_state[0].bubbles == pytest.approx(share_of(seat, 0) + 0.5 * share_of(seat, 4))


# Who is counted as what ------------------------------------------------------------------------------


@pytest.mark.parametrize("t", [0, 47, 95, 96, 150, 239, -5])
def test_idle_and_out_of_school_are_shares_of_the_free(seat, params, seed, t):
    youth = seat.youth
    youth.status[::11] = PRISON
    youth.status[::13] = DEAD
    youth.activity[:] = np.arange(youth.home.size) % 4
    update_government(seat, params, seed, t)
    ages = np.array([age_in_years(phase, t) for phase in youth.phase])
    for i in (0, 4, 8):
        free = (youth.home == i) & (youth.status == FREE)
        assert seat.neighbourhood[i].idle == pytest.approx((youth.activity[free] == NEITHER).mean())
        teens = free & (ages >= 14) & (ages < 18)
        assert seat.neighbourhood[i].out_of_school == pytest.approx((youth.activity[teens] != SCHOOL).mean())


def test_women_and_girls_in_gangs_are_counted_while_they_are_free(seat, params, seed, find):
    members = find(seat, gang="any", status=FREE)
    seat.youth.female[:] = 1
    seat.youth.status[members[::3]] = PRISON
    update_government(seat, params, seed, 0)
    free = members[seat.youth.status[members] == FREE]
    weights = seat.neighbourhood["weight"][seat.youth.home[free]]
    assert seat.neighbourhood["female_members"].sum() == pytest.approx(weights.sum())
    seat.youth.female[:] = 0
    update_government(seat, params, seed, 0)
    assert not seat.neighbourhood["female_members"].any()


def test_oversight_of_permits_makes_honest_officials_and_no_honest_force(seat, params, seed):
    """P-R8; dirty money buys both."""
    city_state = seat.city_state[0]
    ordinary = city_state.force_integrity
    seat.levers["permit_integrity"] = 1.0
    for t in range(60):
        update_government(seat, params, seed, t)
    assert city_state.integrity > city_state.integrity_anchor + 0.2
    assert city_state.force_integrity == pytest.approx(ordinary)
    seat.levers["flow_money"] = 1.0
    for t in range(60):
        update_government(seat, params, seed, t)
    assert city_state.force_integrity == pytest.approx(ordinary - params.government[0].dirty_money_on_integrity, abs=0.02)
