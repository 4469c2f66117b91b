"""Cohesion, arms, leaders and rivalry of a gang move."""

import math

import numpy as np
import pytest

from sim.processes.gangs.changes import change as change_once
from sim.processes.membership import imprison
from sim.processes.policy_delivery import look_around
from sim.state import FREE, INTEGRATED, LOOSE, WEAK


def change(city, params, seed, months=1, first=0):
    for t in range(first, first + months):
        change_once(city, params, seed, t)


def test_a_gang_at_rest_keeps_its_cohesion_and_rivalry(still, params, seed):
    change(still, params, seed)
    alive = still.gang["alive"] == 1
    np.testing.assert_allclose(still.gang["cohesion"][alive], still.gang["cohesion_anchor"][alive])
    np.testing.assert_array_equal(still.rivalry[alive][:, alive], still.rivalry_anchor[alive][:, alive])


@pytest.mark.parametrize(("organisation", "factor"), [(INTEGRATED, 1.0), (LOOSE, -1.0), (WEAK, -1.5)])
def test_money_knits_integrated_gangs_and_loosens_the_others(still, params, seed, organisation, factor):
    """E12."""
    param, gang = params.gangs[0], still.gang[1]
    gang.organisation = organisation
    gang.cohesion = gang.cohesion_anchor = 0.5
    gang.money_reference = 1.0
    gang.money = 3.0
    change(still, params, seed)
    expected = 0.5 + param.adjustment_speed * factor * param.cohesion_gain_from_money * math.tanh(math.log(2.0))
    assert gang.cohesion == pytest.approx(expected)


def test_prison_knits(still, params, seed, find):
    """E14: the more of its members are inside than usual, the closer a gang is knit."""
    gang = still.gang[0]
    for row in find(still, gang=0, status=FREE)[::2]:
        imprison(still, row, 100)
    look_around(still)
    inside = gang.inmates / (gang.inmates + gang.members)
    change(still, params, seed)
    param = params.gangs[0]
    pull = param.cohesion_gain_from_prison * math.tanh(2.0 * (inside - gang.prison_reference))
    assert pull > 0.05
    assert gang.cohesion == pytest.approx(gang.cohesion_anchor + param.adjustment_speed * pull)


@pytest.fixture
def plain(still, params, seed):
    """What arms four gangs come to in a month that nothing disturbs; after it they have what they had."""
    change(still, params, seed)
    weapons = still.gang["weapons"][:4].copy()
    still.gang["weapons"] = 0.5
    return weapons


def test_gangs_rearm_under_a_truce_and_store_the_grievance(still, params, seed, plain):
    param = params.gangs[0]
    still.city_state["truce"] = 1.0
    change(still, params, seed, months=1)
    assert (still.gang["weapons"][:4] > plain).all()
    np.testing.assert_allclose(still.gang["grievance"][:4], param.grievance_speed)
    change(still, params, seed, months=23)
    np.testing.assert_allclose(still.gang["grievance"][:4], 1 - (1 - param.grievance_speed) ** 24)
    assert (still.rivalry[0, 1:4] > still.rivalry_anchor[0, 1:4]).all()


def test_under_a_pact_alone_a_gang_rearms_and_stores_its_grievance(still, params, seed, plain):
    """E09: what a truce does to all gangs, a pact with the state does to its own."""
    param = params.gangs[0]
    still.gang["grievance"] = 0.0
    still.gang["pact"] = [0.0, 0.7, *[0.0] * (still.gang.size - 2)]
    change(still, params, seed)
    np.testing.assert_allclose(still.gang["grievance"][:4], [0.0, 0.7 * param.grievance_speed, 0.0, 0.0])
    np.testing.assert_array_equal(still.gang["weapons"][[0, 2, 3]], plain[[0, 2, 3]])
    assert still.gang[1].weapons > plain[1]


def test_a_gang_governs_as_it_is_knit_more_under_a_pact_and_less_under_threat(still, params, seed):
    """E10."""
    param, gang = params.gangs[0], still.gang[0]
    still.city_state["threat_reference"] = ordinary = 0.001
    for pact, feared in ((0.0, 0.001), (0.6, 0.001), (0.0, 0.007)):
        gang.cohesion = gang.cohesion_anchor = 0.5
        gang.style = 0.4
        gang.pact = pact
        gang.grievance = 0.0
        still.memory[1, 0] = feared * (gang.members + 1)
        change(still, params, seed)
        threat = param.threat_sensitivity * math.log((feared + ordinary) / (2 * ordinary))
        goal = gang.cohesion + pact * param.pact_on_governing - param.threat_on_preying * math.tanh(threat)
        assert gang.style == pytest.approx(0.4 + param.adjustment_speed * (goal - 0.4))


def test_gangs_regroup_under_a_truce_or_a_new_pact_and_not_under_an_old_one(still, params, seed):
    """P-G4."""
    param, before = params.gangs[0], still.gang["cohesion"][:4].copy()
    still.gang["pact"][:2] = 0.6
    still.gang["pact_anchor"][0] = 0.6
    change(still, params, seed)
    knit = still.gang["cohesion"][:4] - before
    np.testing.assert_allclose(knit, [0, param.adjustment_speed * 0.6 * param.cohesion_gain_from_truce, 0, 0], atol=1e-12)
    still.gang["cohesion"][:4] = before
    still.city_state[0].truce = 0.8
    change(still, params, seed)
    np.testing.assert_allclose(
        still.gang["cohesion"][:4] - before, param.adjustment_speed * 0.8 * param.cohesion_gain_from_truce
    )


def test_a_crowd_that_is_taken_for_a_gang_becomes_one(still, params, seed):
    """P-E3 without a diagnosis."""
    param, gang = params.gangs[0], still.gang[1]
    before = gang.cohesion
    still.levers["misidentification"][gang.home] = 0.8
    change(still, params, seed)
    assert gang.cohesion == pytest.approx(before + param.adjustment_speed * 0.8 * param.cohesion_gain_from_misidentification)
    at_home_elsewhere = [k for k in (0, 2, 3) if still.gang[k].home != gang.home]
    for k in at_home_elsewhere:
        assert still.gang[k].cohesion == pytest.approx(still.gang[k].cohesion_anchor)


def test_leaders_are_lost_where_they_are_hunted_and_nowhere_else(still, params, seed):
    """P-E8."""
    param = params.gangs[0]
    param.leader_removal_chance = 0.4
    param.leader_replacement_chance = 0.0
    lost = np.zeros(4)
    for t in range(200):
        still.gang["leader"] = 1
        still.levers["leader_removal"] = 0.0
        still.levers["leader_removal"][still.gang[0].home] = 0.5
        change_once(still, params, seed, t)
        lost += still.gang["leader"][:4] == 0
    hunted = still.gang["home"][:4] == still.gang[0].home
    assert lost[0] / 200 == pytest.approx(0.2, abs=0.08)
    assert not lost[~hunted].any()


def test_a_grievance_is_let_out_over_a_year_when_the_truce_ends(still, params, seed):
    still.gang["grievance"][:4] = 0.8
    change(still, params, seed, months=12)
    np.testing.assert_allclose(still.gang["grievance"][:4], 0.8 * math.exp(-12 / params.gangs[0].grievance_months))


def test_threat_arms_and_fewer_guns_disarm(still, params, seed):
    still.city_state["threat_reference"] = 0.001
    change(still, params, seed)
    plain = still.gang[0].weapons
    still.gang[0].weapons = 0.5
    still.memory[1, 0] = 0.05 * still.gang[0].members
    change(still, params, seed)
    assert still.gang[0].weapons > plain
    still.gang[0].weapons = 0.5
    still.memory[1, 0] = 0.0
    still.city_state[0].guns = 0.5
    change(still, params, seed)
    assert still.gang[0].weapons < plain


def test_what_counts_as_a_threat_is_what_members_feared_while_the_city_settled(still, params, seed):
    still.memory[1, 0], still.memory[0, 2] = 0.3, 0.1
    still.city_state["anchoring"] = 1.0
    change(still, params, seed)
    alive = still.gang["alive"] == 1
    assert still.city_state[0].threat_reference == pytest.approx(0.4 / (still.gang["members"][alive] + 1.0).sum())
    still.city_state["anchoring"] = 0.0
    still.memory[1, 0] = 5.0
    before = still.city_state[0].threat_reference
    change(still, params, seed)
    assert still.city_state[0].threat_reference == before


def test_blood_heats_a_rivalry_and_the_heat_is_bounded(still, params, seed):
    still.memory[0, 1] = still.memory[1, 0] = 1e6
    change(still, params, seed, months=200)
    assert still.rivalry[0, 1] == pytest.approx(1.5 * still.rivalry_anchor[0, 1], rel=1e-3)
    assert still.rivalry[0, 2] == still.rivalry_anchor[0, 2]


def test_a_leader_lost_costs_cohesion_and_is_felt_for_months(still, params, seed):
    param, gang = params.gangs[0], still.gang[0]
    param.leader_loss_chance = 1.0
    param.leader_replacement_chance = 0.0
    before = gang.cohesion
    change(still, params, seed)
    assert gang.leader == 0
    assert gang.succession == 1.0
    assert gang.cohesion == pytest.approx(before - param.leader_loss_on_cohesion)
    change(still, params, seed, months=6, first=1)
    assert gang.succession == pytest.approx(math.exp(-6 / param.leader_loss_months))
    param.leader_replacement_chance = 1.0
    param.leader_loss_chance = 0.0
    change(still, params, seed, first=7)
    assert gang.leader == 1


def test_a_gang_whose_leaders_are_hunted_feels_each_further_loss_less(still, params, seed):
    """P-E8: leaders hunted without end leave no fights without end; a leader lost by itself teaches nothing."""
    param, gang = params.gangs[0], still.gang[0]
    param.leader_loss_chance, param.leader_removal_chance, param.leader_replacement_chance = 0.0, 1.0, 0.0
    still.levers["leader_removal"][gang.home] = 1.0
    felt = []
    for t in range(3):
        gang.leader, gang.succession = 1, 0.0
        change(still, params, seed, first=t)
        felt.append(gang.succession)
    kept = math.exp(-1 / param.hunting_memory_months)
    caught = [0.0, kept, (kept + 1.0) * kept]
    assert felt == pytest.approx([math.exp(-param.hunting_on_succession * each) for each in caught])
    still.levers["leader_removal"] = 0.0
    param.leader_loss_chance = 1.0
    gang.leader, gang.hunted, gang.succession = 1, 0.0, 0.0
    change(still, params, seed, first=3)
    assert gang.succession == 1.0
    assert gang.hunted == 0.0
