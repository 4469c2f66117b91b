"""Gangs contest control, arm, lose leaders, split, merge, are born and end."""

import math

import numpy as np
import pytest

from sim.processes.gangs import _be_born_and_end, _change, _merge, _split, contest, count_money, cover
from sim.processes.gangs import update as update_gangs
from sim.processes.membership import enlist, imprison, quit_gang
from sim.processes.policy_delivery import look_around
from sim.state import FREE, INTEGRATED, LOOSE, NO_GANG, WEAK, copy_city


@pytest.fixture
def still(at_rest, params):
    """A city at rest whose gangs keep their leaders, with arms, cohesion and money as they usually are."""
    params.gangs[0].leader_loss_chance = 0.0
    gang = at_rest.gang
    look_around(at_rest)
    gang["weapons"] = 0.5
    gang["cohesion"] = gang["cohesion_anchor"]
    gang["leader"] = 1
    gang["money_reference"] = gang["money"]
    everyone = np.maximum(gang["members"] + gang["inmates"], 1e-9)
    gang["prison_reference"] = gang["inmates"] / everyone
    for field in ("succession", "pact", "pact_anchor", "grievance"):
        gang[field] = 0.0
    at_rest.memory[:] = 0.0
    at_rest.rivalry[:] = at_rest.rivalry_anchor
    return at_rest


def change(city, params, seed, months=1, first=0):
    for t in range(first, first + months):
        _change(city, params, seed, t)


# The contest ------------------------------------------------------------------------------


def covered(param, members, thousand):
    return members / (members + param.cover_half_members * thousand)


def body(city, param, i, k):
    gang, thousand = city.gang[k], city.neighbourhood[i].population / 1000
    people = city.residents[i, k] + param.adjacent_member_weight * city.near[i, k]
    people += param.home_turf_strength * thousand * city.homes[i, k] * covered(param, people, thousand)
    return (
        people * (0.5 + gang.weapons) * (0.8 + 0.4 * gang.cohesion) * (1 - param.leader_loss_on_strength * gang.succession)
    ) ** param.contest_exponent


def states(city, param, i):
    neighbourhood = city.neighbourhood[i]
    base = (
        param.state_strength
        * neighbourhood.population
        / 1000
        * max(0.02, 1 - param.deprivation_on_state_strength * neighbourhood.deprivation)
        * (0.4 + 1.2 * neighbourhood.state_legitimacy)
    )
    return base**param.contest_exponent


def test_two_gangs_and_the_state_contest_a_place_by_the_equation(still, params):
    param = params.gangs[0]
    param.contest_exponent = 1.2
    still.gang["alive"][2:] = 0
    still.control[8] = 0.0
    still.control[8, :2] = 0.3, 0.2
    still.residents[8, :2] = 60.0, 25.0
    still.near[8, :2] = 4.0, 9.0
    still.gang[1].weapons = 0.8
    still.gang[1].succession = 0.5
    strengths = [body(still, param, 8, k) for k in (0, 1)]
    total = sum(strengths) + states(still, param, 8)
    contest(still, params, 0, 8)
    shares = [c + param.control_speed * (s / total - c) for c, s in zip((0.3, 0.2), strengths, strict=True)]
    np.testing.assert_allclose(still.control[8, :2], shares, rtol=1e-12)
    assert still.neighbourhood[8].controlled == pytest.approx(sum(shares))
    there = covered(param, still.presence[8, :2].sum(), still.neighbourhood[8].population / 1000)
    assert 0.3 < there < 1.0
    assert still.neighbourhood[8].gang_cover == pytest.approx(there)
    assert still.neighbourhood[8].domination == pytest.approx(max(shares) ** 2 / sum(shares) * there)
    assert still.neighbourhood[8].settled == pytest.approx(max(shares) - min(shares))


def test_a_contest_held_long_enough_ends_at_the_shares_of_strength(still, params):
    param = params.gangs[0]
    strengths = np.array([body(still, param, 8, k) if still.gang[k].alive else 0.0 for k in range(still.gang.size)])
    for _ in range(400):
        contest(still, params, 0, 8)
    expected = strengths / (strengths.sum() + states(still, param, 8))
    np.testing.assert_allclose(still.control[8], np.where(expected < 1e-4, 0.0, expected), atol=2e-4)


def test_a_place_becomes_home_by_being_lived_in(still, params):
    """E08: joined first, in control later."""
    param = params.gangs[0]
    gang = still.gang[0]
    still.gang["alive"][1:] = 0
    still.homes[8, 0] = 1
    still.residents[8, 0] = 10.0
    still.near[8, 0] = 0.0
    gained = []
    for age in (0, 12, 24, 600):
        still.control[8] = 0.0
        gang.founded = 700 - age
        contest(still, params, 700, 8)
        gained.append(still.control[8, 0])
    assert gained[0] < gained[1] < gained[2] < gained[3]
    gang.founded = -1_000_000
    still.control[8] = 0.0
    mine, others = body(still, param, 8, 0), states(still, param, 8)
    contest(still, params, 0, 8)
    assert still.control[8, 0] == pytest.approx(param.control_speed * mine / (mine + others))


def test_home_turf_is_nothing_to_a_gang_without_members(still, params):
    still.gang["alive"][1:] = 0
    still.homes[8, 0] = 1
    still.gang[0].founded = -1_000_000
    held = []
    for members in (0.0, 1.0, 20.0, 200.0):
        still.control[8] = 0.0
        still.residents[8, 0], still.near[8, 0] = members, 0.0
        contest(still, params, 0, 8)
        held.append(still.control[8, 0])
    assert held[0] == 0.0
    assert held[0] < held[1] < held[2] < held[3]


def test_half_of_a_place_is_covered_by_as_many_members_as_the_parameter_says(params):
    param = params.gangs[0]
    assert cover(param, 0.0, 5.0) == cover(param, 3.0, 0.0) == 0.0
    assert cover(param, 5.0 * param.cover_half_members, 5.0) == pytest.approx(0.5)
    assert 0.99 < cover(param, 1e4, 5.0) < 1.0


def test_where_no_gang_lives_control_fades_to_nothing(still, params):
    still.residents[0] = still.near[0] = 0.0
    still.homes[0] = 0
    still.control[0] = 0.0
    still.control[0, 1] = 0.3
    contest(still, params, 0, 0)
    assert still.control[0, 1] == pytest.approx(0.3 * (1 - params.gangs[0].control_speed))
    for _ in range(120):
        contest(still, params, 0, 0)
    assert still.control[0].sum() == still.neighbourhood[0].controlled == still.neighbourhood[0].domination == 0.0


@pytest.mark.parametrize(
    ("field", "value", "gangs_gain"),
    [("state_legitimacy", 0.9, False), ("collective_efficacy", 0.9, False), ("state_legitimacy", 0.05, True)],
)
def test_a_place_that_stands_with_the_state_gives_gangs_less(still, params, field, value, gangs_gain):
    before = still.control[8].copy()
    contest(still, params, 0, 8)
    plain, still.control[8] = still.control[8].sum(), before
    still.neighbourhood[8][field] = value
    contest(still, params, 0, 8)
    assert (still.control[8].sum() > plain) == gangs_gain


def test_a_pact_keeps_the_state_away_and_patrol_brings_it_in(still, params):
    before = still.control[8].copy()
    held = []
    for pact, patrol in ((0.0, 0.0), (1.0, 0.0), (0.0, 1.0)):
        still.control[8] = before
        still.gang[0].pact = pact
        still.police[8].patrol = patrol
        contest(still, params, 0, 8)
        held.append(still.control[8].sum())
    plain, bound, patrolled = held
    assert bound > plain > patrolled


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (lambda city: city.police["patrol"].__setitem__(8, 0.6), lambda param: 1 + 0.15 * 0.6),
        (
            lambda city: city.neighbourhood["services_now"].__setitem__(8, city.neighbourhood[8].services + 0.2),
            lambda param: 1 + 0.2 * param.services_on_state_strength,
        ),
        (lambda city: city.gang["pact"].__setitem__(0, 0.8), lambda param: 1 - param.pact_on_state_strength * 0.8 * 0.3),
    ],
    ids=["patrol", "services", "a pact where its gang rules"],
)
def test_the_state_contests_with_what_it_has_in_the_place(still, params, change, factor):
    """E09, E29."""
    param = params.gangs[0]
    param.contest_exponent = 1.2
    still.gang["alive"][1:] = 0
    still.control[8] = 0.0
    still.control[8, 0] = 0.3
    change(still)
    mine, others = body(still, param, 8, 0), states(still, param, 8) * factor(param) ** param.contest_exponent
    contest(still, params, 0, 8)
    assert still.control[8, 0] == pytest.approx(0.3 + param.control_speed * (mine / (mine + others) - 0.3), rel=1e-12)


def test_soldiers_count_a_head_however_weak_the_state_is(still, params):
    """P-E7. Those who stay after they were ordered out hold nothing."""
    param = params.gangs[0]
    still.gang["alive"][1:] = 0
    still.control[8] = 0.0
    still.levers["military_deployment"][8] = 0.8
    still.neighbourhood["lingering"][8] = 0.2
    for legitimacy in (0.1, 0.6):
        still.control[8, 0] = 0.3
        still.neighbourhood[8].state_legitimacy = legitimacy
        soldiers = 0.6 * param.soldiers_on_state_strength * still.neighbourhood[8].population / 1000 * 1.5 * 1.2
        mine, others = body(still, param, 8, 0), states(still, param, 8) + soldiers
        contest(still, params, 0, 8)
        assert still.control[8, 0] == pytest.approx(0.3 + param.control_speed * (mine / (mine + others) - 0.3), rel=1e-12)


def test_armed_groups_serve_by_their_style_where_services_do_not(still, params):
    """E10."""
    still.control[8] = 0.0
    still.control[8, :2] = 0.3, 0.2
    still.gang["style"][:2] = 0.9, 0.2
    still.neighbourhood[8].services_now = 0.4
    contest(still, params, 0, 8)
    given = (still.control[8] * still.gang["style"]).sum() * still.neighbourhood[8].gang_cover
    assert still.neighbourhood[8].gang_services == pytest.approx(0.6 * given)
    still.neighbourhood[8].services_now = 1.0
    contest(still, params, 0, 8)
    assert still.neighbourhood[8].gang_services == 0.0


def test_control_over_a_place_never_exceeds_one(still, params):
    still.residents[8, :3] = 1e7
    for _ in range(300):
        contest(still, params, 0, 8)
        assert still.control[8].sum() <= 1.0


# Cohesion, arms, leaders, rivalry ------------------------------------------------------------------------------


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


def test_gangs_rearm_under_a_truce_and_store_the_grievance(still, params, seed):
    param = params.gangs[0]
    change(still, params, seed)
    plain = still.gang["weapons"][:4].copy()
    still.gang["weapons"] = 0.5
    still.city_state["truce"] = 1.0
    change(still, params, seed, months=1)
    assert (still.gang["weapons"][:4] > plain).all()
    np.testing.assert_allclose(still.gang["grievance"][:4], param.grievance_speed)
    change(still, params, seed, months=23)
    np.testing.assert_allclose(still.gang["grievance"][:4], 1 - (1 - param.grievance_speed) ** 24)
    assert (still.rivalry[0, 1:4] > still.rivalry_anchor[0, 1:4]).all()


def test_under_a_pact_alone_a_gang_rearms_and_stores_its_grievance(still, params, seed):
    """E09: what a truce does to all gangs, a pact with the state does to its own."""
    param = params.gangs[0]
    change(still, params, seed)
    plain = still.gang["weapons"][:4].copy()
    still.gang["weapons"] = 0.5
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
        _change(still, params, seed, t)
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


# Money and the people it feeds ------------------------------------------------------------------------------


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


# Splitting, merging, birth, end ------------------------------------------------------------------------------


@pytest.fixture
def breaking(still, params, find):
    """The Lanterns with members in four places, no cohesion and no leader."""
    param, gang = params.gangs[0], still.gang[0]
    param.split_chance = 1e9
    param.split_size_threshold = 1.0
    gang.cohesion = 0.02
    gang.leader = 0
    for i in (4, 5, 7, 8):
        still.control[i] = 0.0
        still.control[i, 0] = 0.5
        for row in find(still, neighbourhood=i, gang=None, status=FREE)[:20]:
            enlist(still, row, 0, 0)
    look_around(still)
    return still


def test_a_gang_without_cohesion_breaks_in_two(breaking, params, seed, find, recount):
    everyone, control, splits = find(breaking, gang=0), breaking.control.copy(), breaking.city_state[0].splits
    _split(breaking, params, seed, 0)
    assert breaking.city_state[0].splits == splits + 1
    new = int(np.flatnonzero(breaking.gang["founded"] == 0)[0])
    gang = breaking.gang[new]
    assert gang.alive == 1
    assert gang.organisation == breaking.gang[0].organisation
    assert gang.home != breaking.gang[0].home
    assert set(breaking.youth.gang[everyone]) == {0, new}
    assert set(breaking.youth.home[find(breaking, gang=new)]) <= {4, 5, 7}
    np.testing.assert_allclose(breaking.control[:, [0, new]].sum(axis=1), control[:, 0])
    np.testing.assert_allclose(breaking.control[gang.home, [0, new]], [0.2, 0.3])
    assert breaking.memory[0, new] == breaking.memory[new, 0] > 0
    assert breaking.rivalry[0, new] == 1
    counted = recount(breaking)
    np.testing.assert_array_equal(breaking.members, counted.members)
    np.testing.assert_array_equal(breaking.youth.gang_peers, counted.gang_peers)


@pytest.mark.parametrize("steadied", ["cohesion", "members", "elsewhere"])
def test_a_gang_that_holds_together_is_small_or_lives_in_one_place_stays_whole(breaking, params, seed, steadied):
    if steadied == "cohesion":
        breaking.gang[0].cohesion = params.gangs[0].split_cohesion_threshold
    elif steadied == "members":
        params.gangs[0].split_size_threshold = breaking.gang[0].members + 1
    else:
        breaking.residents[:8, 0] = 0.0
    alive = breaking.gang["alive"].sum()
    _split(breaking, params, seed, 0)
    assert breaking.gang["alive"].sum() == alive


def test_money_splits_weak_gangs_and_no_others(breaking, params, seed):
    """E12: among weak gangs that are short of a leader as many more break as money has grown."""
    param = params.gangs[0]
    param.split_chance = 0.2
    before = breaking.city_state[0].splits

    def broken(organisation, money):
        times = 0
        for t in range(400):
            life = copy_city(breaking)
            life.gang[0].organisation = organisation
            life.gang[0].money_reference = 1.0
            life.gang[0].money = money
            life.city_state[0].gangs_at_start = life.gang["alive"].sum()
            _split(life, params, seed, t)
            times += life.city_state[0].splits - before
        return times / 400

    assert broken(WEAK, 1.0) == broken(LOOSE, 1.0) == broken(LOOSE, 3.0) == pytest.approx(0.2, abs=0.06)
    assert broken(WEAK, 3.0) == pytest.approx(0.2 * 2.0**param.money_on_splits, abs=0.07)
    assert broken(WEAK, 0.2) == broken(WEAK, 1.0)


def test_the_half_that_leaves_an_ideological_group_is_one(breaking, params, seed):
    """E13."""
    breaking.gang[0].ideological = 1
    _split(breaking, params, seed, 0)
    new = int(np.flatnonzero(breaking.gang["founded"] == 0)[0])
    assert breaking.gang[new].ideological == 1
    assert breaking.city_state[0].splits_now == 1


def test_where_no_slot_is_free_the_overflow_is_counted_and_nothing_breaks(breaking, params, seed):
    breaking.gang["alive"] = 1
    breaking.gang["cohesion"][1:] = 1.0
    before = breaking.city_state[0].overflow
    _split(breaking, params, seed, 0)
    assert breaking.city_state[0].overflow == before + 1


def test_two_thin_gangs_with_members_inside_become_one(still, params, seed, find, recount):
    param = params.gangs[0]
    param.merge_chance = 1e9
    for k in range(still.gang.size):
        for row in find(still, gang=k):
            quit_gang(still, row)
        still.gang[k].alive = int(k < 3)
    loners = find(still, gang=None, status=FREE)
    for row in loners[:100]:
        enlist(still, row, 2, 0)
    for k in (0, 1):
        for row in loners[100 + 10 * k : 103 + 10 * k]:
            enlist(still, row, k, 0)
        imprison(still, loners[100 + 10 * k], 90)
    still.memory[:] = 0.0
    look_around(still)
    control = still.control[:, :2].sum(axis=1)
    merges = still.city_state[0].merges
    _merge(still, params, seed, 0)
    assert still.city_state[0].merges == merges + 1
    assert still.gang["alive"][:3].tolist() == [1, 0, 1]
    assert find(still, gang=1).size == 0
    assert find(still, gang=0).size == 6
    np.testing.assert_allclose(still.control[:, 0], control)
    assert not still.control[:, 1].any()
    assert not still.homes[:, 1].any()
    counted = recount(still)
    np.testing.assert_array_equal(still.members, counted.members)
    np.testing.assert_array_equal(still.inmates, counted.inmates)


def test_fresh_blood_rules_out_a_merger(still, params, seed):
    params.gangs[0].merge_chance = 1e9
    params.gangs[0].merge_size_threshold = 1e6
    still.gang["inmates"] = 1.0
    still.memory[:] = 1e3
    alive = still.gang["alive"].sum()
    _merge(still, params, seed, 0)
    assert still.gang["alive"].sum() == alive


def test_a_gang_long_without_people_ends_and_leaves_nothing(still, params, seed, find):
    params.gangs[0].birth_chance = 0.0
    for row in find(still, gang=2):
        quit_gang(still, row)
    ends = still.city_state[0].ends
    _be_born_and_end(still, params, seed, 0)
    assert still.gang[2].alive == 0
    assert not still.control[:, 2].any()
    assert not still.homes[:, 2].any()
    assert still.city_state[0].ends == ends + 1


def test_a_group_is_born_where_the_state_is_absent_and_nobody_holds_the_place(still, params, seed, find, recount):
    """E08."""
    params.gangs[0].birth_chance = 1.0
    still.city_state[0].gangs_at_start = still.gang["alive"].sum() + 1
    still.neighbourhood["state_legitimacy"] = 0.9
    still.neighbourhood[6].state_legitimacy = 0.01
    still.neighbourhood["controlled"] = 0.9
    still.neighbourhood[6].controlled = 0.0
    eligible = find(still, neighbourhood=6, gang=None)
    still.youth.status[eligible] = FREE
    still.youth.female[eligible] = 0
    params.gangs[0].founding_members = 100.0
    births = still.city_state[0].births
    _be_born_and_end(still, params, seed, 50)
    assert still.city_state[0].births == births + 1
    new = int(np.flatnonzero((still.gang["founded"] == 50) & (still.gang["alive"] == 1))[0])
    assert still.gang[new].home == 6
    assert still.gang[new].organisation == LOOSE
    founders = find(still, gang=new)
    assert founders.size > 0
    assert (still.youth.home[founders] == 6).all()
    assert (still.youth.female[founders] == 0).all()
    counted = recount(still)
    np.testing.assert_array_equal(still.members, counted.members)


def test_a_city_with_all_its_gangs_has_no_births(still, params, seed):
    params.gangs[0].birth_chance = 1.0
    still.city_state[0].gangs_at_start = 0
    births = still.city_state[0].births
    _be_born_and_end(still, params, seed, 0)
    assert still.city_state[0].births == births


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


def test_a_member_of_no_gang_is_never_relabelled(breaking, params, seed, find):
    outside = find(breaking, gang=None)
    _split(breaking, params, seed, 0)
    assert (breaking.youth.gang[outside] == NO_GANG).all()
