"""Gangs and the state contest a place, and who holds it serves it."""

import numpy as np
import pytest

from sim.processes.gangs.control import contest, cover


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
    """P-E7. Those who stay after they were ordered out hold nothing, and others less where people are used to them."""
    param = params.gangs[0]
    still.neighbourhood["used_to_soldiers"][8] = 0.25
    left = 1 - 0.25 * params.policy_delivery[0].threat_wear_share
    still.gang["alive"][1:] = 0
    still.control[8] = 0.0
    still.levers["military_deployment"][8] = 0.8
    still.neighbourhood["lingering"][8] = 0.2
    for legitimacy in (0.1, 0.6):
        still.control[8, 0] = 0.3
        still.neighbourhood[8].state_legitimacy = legitimacy
        soldiers = 0.6 * left * param.soldiers_on_state_strength * still.neighbourhood[8].population / 1000 * 1.5 * 1.2
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
