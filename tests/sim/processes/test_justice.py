"""What is solved, who is arrested, who is inside, and how the force behaves (E14, E19, E22)."""

import math

import numpy as np
import pytest

from sim.processes.demography import age_in_years
from sim.processes.justice import _arrest, _keep, _tell_of_arrests, arrest_hazard, clear, gate, police_integrity, sweep_reach
from sim.processes.justice import update as update_justice
from sim.processes.membership import enlist, imprison, quit_gang
from sim.processes.policy_delivery import look_around
from sim.state import DEAD, FREE, NO_GANG, PRISON, copy_city


def logit(p):
    return math.log(p / (1 - p))


def logistic(x):
    return 1 / (1 + math.exp(-x))


# Clearance and reporting ------------------------------------------------------------------------------


def test_in_the_ordinary_city_the_ordinary_share_is_solved_and_reported(at_rest, params):
    for i in range(9):
        clear(at_rest, params, i)
    np.testing.assert_allclose(at_rest.neighbourhood["clearance"], at_rest.city_state[0].clearance_anchor)
    np.testing.assert_array_equal(at_rest.neighbourhood["reporting"], at_rest.neighbourhood["reporting_anchor"])


def test_clearance_by_hand(at_rest, params):
    param, neighbourhood, city_state = params.justice[0], at_rest.neighbourhood[8], at_rest.city_state[0]
    neighbourhood.testimony = neighbourhood.testimony_anchor + 0.1
    neighbourhood.reporting = neighbourhood.reporting_anchor + 0.15
    city_state.force_integrity = city_state.integrity_anchor + 0.05
    city_state.caseload = 3.0 * city_state.caseload_reference
    at_rest.levers[8].investigation = 0.5
    city_state.reform = 0.4
    city_state.diverted = 0.3
    clear(at_rest, params, 8)
    honest = 0.05 + 0.4 * param.reform_on_integrity * (1 - city_state.force_integrity)
    assert neighbourhood.clearance == pytest.approx(
        logistic(
            logit(city_state.clearance_anchor)
            + 0.1 * param.testimony_on_clearance
            + 0.15 * param.reporting_on_clearance
            + 0.5 * param.investigation_on_clearance
            + honest * param.integrity_on_clearance
            - param.caseload_on_clearance * math.log(2.0)
            - 0.3 * param.diverted_police_on_clearance
        ),
        rel=1e-12,
    )


def test_reporting_by_hand(at_rest, params):
    param, neighbourhood = params.justice[0], at_rest.neighbourhood[2]
    neighbourhood.police_legitimacy += 0.1
    neighbourhood.fear += 0.2
    neighbourhood.criminal_legitimacy += 0.05
    clear(at_rest, params, 2)
    moved = (
        0.1 * param.police_legitimacy_on_reporting
        - 0.2 * param.fear_on_reporting
        - 0.05 * param.criminal_legitimacy_on_reporting
    )
    assert neighbourhood.reporting == pytest.approx(logistic(logit(neighbourhood.reporting_anchor) + moved))


@pytest.mark.parametrize(
    ("lever", "effect"),
    [
        (
            "community_watch",
            lambda param, city: (
                param.community_watch_on_reporting
                * city.city_state[0].phones
                * (0.5 + city.neighbourhood[2].police_legitimacy)
            ),
        ),
        ("media_campaign", lambda param, city: param.campaign_on_reporting * city.city_state[0].phones),
        ("early_referral", lambda param, city: param.referral_on_tips),
        ("criminalisation", lambda param, city: -param.criminalisation_on_tips),
    ],
)
def test_what_brings_reports_and_what_ends_tips(at_rest, params, lever, effect):
    """P-E5, P-G5, P-G10."""
    at_rest.levers[lever][2] = 0.6
    clear(at_rest, params, 2)
    neighbourhood = at_rest.neighbourhood[2]
    assert neighbourhood.reporting == pytest.approx(
        logistic(logit(neighbourhood.reporting_anchor) + 0.6 * effect(params.justice[0], at_rest))
    )


def test_what_is_solved_is_known_slowly(at_rest, params):
    """E22: certainty is learned."""
    speed, neighbourhood = params.homicide[0].certainty_speed, at_rest.neighbourhood[8]
    clear(at_rest, params, 8)
    assert neighbourhood.certainty == pytest.approx(0.0, abs=1e-12)
    at_rest.levers[8].investigation = 1.0
    for _ in range(12):
        clear(at_rest, params, 8)
    known = math.log(neighbourhood.clearance / at_rest.city_state[0].clearance_anchor)
    assert known > 0.1
    assert neighbourhood.certainty == pytest.approx(known * (1 - (1 - speed) ** 12))
    # It is known as far as witnesses tell of it, and no more than it is: the elasticity is one with solved cases.
    for talk, heard in ((0.5, 0.5), (1.5, 1.0), (4.0, 1.0)):
        neighbourhood.certainty, neighbourhood.testimony = 0.0, talk * neighbourhood.testimony_anchor
        clear(at_rest, params, 8)
        known = math.log(neighbourhood.clearance / at_rest.city_state[0].clearance_anchor)
        assert neighbourhood.certainty == pytest.approx(speed * heard * known), talk


def test_honest_permits_move_neither_the_force_nor_what_it_solves(at_rest, params, seed):
    """P-R8: officials' integrity has no path of its own to the police, to abuse or to clearance."""
    ordinary, honest = copy_city(at_rest), copy_city(at_rest)
    honest.city_state["integrity"] = 0.95
    for city in (ordinary, honest):
        update_justice(city, params, seed, 0)
    assert police_integrity(honest, params) == police_integrity(ordinary, params)
    np.testing.assert_array_equal(honest.police["abuse"], ordinary.police["abuse"])
    np.testing.assert_array_equal(honest.neighbourhood["clearance"], ordinary.neighbourhood["clearance"])


def test_reform_adds_to_the_integrity_of_the_force_what_the_city_lacks(at_rest, params):
    """P-E11."""
    city_state = at_rest.city_state[0]
    assert police_integrity(at_rest, params) == city_state.force_integrity
    city_state.reform = 0.6
    expected = city_state.force_integrity + 0.6 * params.justice[0].reform_on_integrity * (1 - city_state.force_integrity)
    assert police_integrity(at_rest, params) == pytest.approx(expected)


# Conduct ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        (lambda city: city.city_state["force_integrity"].__iadd__(0.1), lambda param: -0.1 * param.integrity_on_abuse),
        (lambda city: city.levers["mass_arrests"].fill(1.0), lambda param: param.mass_arrest_on_abuse),
        (lambda city: city.police["patrol"].fill(1.0), lambda param: param.patrol_on_abuse),
        (lambda city: city.levers["focused_deterrence"].fill(1.0), lambda param: -param.focused_deterrence_on_abuse),
        (lambda city: city.levers["military_deployment"].fill(0.5), lambda param: 0.5 * param.soldiers_on_abuse),
        (lambda city: city.levers["raid"].fill(0.5), lambda param: 0.5 * param.raid_on_abuse),
        (
            lambda city: city.police["raids"].fill(city.police["raids_anchor"][8] - 0.1),
            lambda param: -0.1 * param.raid_on_abuse,
        ),
        (lambda city: city.city_state["scrutiny"].fill(0.5), lambda param: -0.5 * param.inquiry_on_abuse),
        (lambda city: city.neighbourhood["police_legitimacy"].__isub__(0.1), lambda param: 0.1 * param.distrust_on_abuse),
    ],
    ids=[
        "integrity restrains",
        "mass arrests unleash",
        "patrol rubs",
        "fair process restrains",
        "soldiers abuse",
        "raids abuse",
        "fewer ordinary raids abuse less",
        "findings restrain",
        "distrust antagonises",
    ],
)
def test_the_force_behaves_as_it_is_led(at_rest, params, seed, change, effect):
    param, anchor = params.justice[0], at_rest.police[8].abuse_anchor
    change(at_rest)
    update_justice(at_rest, params, seed, 0)
    goal = logistic(logit(anchor) + effect(param))
    assert at_rest.police[8].abuse == pytest.approx(anchor + param.abuse_speed * (goal - anchor))


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda city: None, lambda param, gated: 1.0),
        (lambda city: city.city_state["reform"].fill(0.5), lambda param, gated: 1 - 0.5 * param.reform_on_raids),
        (lambda city: city.city_state["scrutiny"].fill(0.5), lambda param, gated: 1 - 0.5 * param.inquiry_on_raids),
        (
            lambda city: city.levers["community_policing"].fill(0.8),
            lambda param, gated: 1 - 0.8 * param.posts_on_raids * gated,
        ),
    ],
    ids=["nothing", "reform", "findings", "steady posts"],
)
def test_ordinary_raids_become_rarer_by_reform_findings_and_steady_posts(at_rest, params, seed, change, left):
    """enf.police_raid_ban, P-E9, P-E11, P-G1."""
    param = params.justice[0]
    at_rest.police["raids"] = at_rest.police["raids_anchor"] = 0.6
    change(at_rest)
    gated = gate(params, police_integrity(at_rest, params))
    update_justice(at_rest, params, seed, 0)
    goal = 0.6 * left(param, gated)
    assert at_rest.police[8].raids == pytest.approx(0.6 + param.abuse_speed * (goal - 0.6))


def test_where_there_are_no_raids_none_are_ended(at_rest, params, seed):
    at_rest.police["raids"] = at_rest.police["raids_anchor"] = 0.0
    at_rest.city_state["reform"] = 1.0
    update_justice(at_rest, params, seed, 0)
    assert not at_rest.police["raids"].any()


def test_posts_bring_reports_as_far_as_trust_has_grown_and_the_force_has_integrity(at_rest, params):
    """P-G1: trust comes first; by a force without integrity next to nothing."""
    param, neighbourhood, city_state = params.justice[0], at_rest.neighbourhood[2], at_rest.city_state[0]
    at_rest.levers["community_policing"][2] = 1.0
    for integrity, gated in ((0.6, 0.5), (0.1, 1e-6 / (1e-6 + 0.6**6))):
        city_state.force_integrity = city_state.integrity_anchor = integrity
        for more in (0.1, 0.0):
            neighbourhood.police_legitimacy = neighbourhood.police_anchor + more
            clear(at_rest, params, 2)
            moved = param.police_legitimacy_on_reporting * (1.0 + gated * param.posts_on_reporting) * more
            assert neighbourhood.reporting == pytest.approx(logistic(logit(neighbourhood.reporting_anchor) + moved))


# Arrest ------------------------------------------------------------------------------


def test_the_hazard_of_arrest_by_hand(params):
    param = params.justice[0]
    member, for_killing, swept = arrest_hazard(param, 0.5, 0.01, True, 1.0, 1e-4, 1e-3, 2e-4)
    assert swept == pytest.approx(0.5 * param.mass_arrest_rate_members)
    assert member == pytest.approx(param.arrest_rate_members + swept + 0.01)
    assert for_killing == 0.01
    other, for_killing, swept = arrest_hazard(param, 0.5, 0.01, False, 2.0, 1e-4, 1e-3, 2e-4)
    assert other == pytest.approx(2.0 * (1e-4 + 2e-4) + 1e-3)
    assert for_killing == pytest.approx(4e-4)
    assert swept == 1e-3


def test_sweeps_take_first_the_members_who_commit_most(params):
    param = params.justice[0]

    def swept(proneness):
        return arrest_hazard(param, 1.0, 0.0, True, proneness, 0.0, 0.0, 0.0)[2] / param.mass_arrest_rate_members

    assert swept(1.0) == pytest.approx(1.0)
    assert swept(3.0) == pytest.approx(1.0 + 0.5 * param.mass_arrest_selection)
    assert swept(0.0) == pytest.approx(1.0 - param.mass_arrest_selection)
    assert swept(1e9) == pytest.approx(1.0 + param.mass_arrest_selection)


def test_a_larger_sweep_finds_more_members_but_fewer_for_its_size(params):
    """The elasticity of arrests to the dose is below 1 and falls: by hand at a quarter, a half and all."""
    param = params.justice[0]
    s = param.mass_arrest_saturation
    assert sweep_reach(param, 0.0) == 0.0
    assert sweep_reach(param, 1.0) == pytest.approx(1.0)
    assert sweep_reach(param, 0.5) == pytest.approx(1.0 / (1.0 + math.exp(-s / 2)))
    elasticities = [math.log(sweep_reach(param, 1.01 * dose) / sweep_reach(param, dose)) for dose in (0.01, 0.25, 0.5, 1.0)]
    assert elasticities == sorted(elasticities, reverse=True)
    assert elasticities[0] < math.log(1.01)


def test_what_members_risk_becomes_known_with_a_delay(at_rest, params):
    """A sweep and solved killings are known: after n months all but (1 - speed)^n of what they add."""
    param, speed, neighbourhood = params.justice[0], params.recruitment[0].arrest_news_speed, at_rest.neighbourhood[8]
    at_rest.gang["conviction"] = 0.004
    assert at_rest.members[8].sum() > 0
    neighbourhood.arrest_risk = param.arrest_rate_members
    at_rest.levers[8].mass_arrests = 0.5
    for _ in range(6):
        _tell_of_arrests(at_rest, params, 8)
    added = 0.004 + sweep_reach(param, 0.5) * param.mass_arrest_rate_members
    assert neighbourhood.arrest_risk == pytest.approx(param.arrest_rate_members + added * (1 - (1 - speed) ** 6))


@pytest.fixture
def swept(at_rest, params):
    """A city of free youths where whoever can be arrested is."""
    param = params.justice[0]
    param.arrest_rate_members = param.arrest_rate_others = 200.0
    for row in np.flatnonzero(at_rest.youth.status == PRISON):
        at_rest.youth.status[row] = FREE
        if at_rest.youth.gang[row] != NO_GANG:
            gang = at_rest.youth.gang[row]
            at_rest.inmates[at_rest.youth.home[row], gang] -= 1
            at_rest.youth.gang[row] = NO_GANG
    look_around(at_rest)
    return at_rest


def test_girls_and_children_outside_gangs_are_never_arrested(swept, params, seed, find):
    outside = find(swept, gang=None, status=FREE)
    before = swept.youth.status.copy()
    for i in range(9):
        _arrest(swept, params, seed, 0, i)
    ages = np.array([age_in_years(phase, 0) for phase in swept.youth.phase])
    spared = (swept.youth.female == 1) | (ages < 14)
    free = outside[swept.youth.status[outside] == FREE]
    assert spared[free].all()
    taken = outside[swept.youth.status[outside] == PRISON]
    assert not spared[taken].any()
    assert taken.size > 100
    assert (swept.youth.status[before != FREE] == before[before != FREE]).all()


def test_arrests_are_written_down_and_counted(swept, params, seed, recount):
    before = (swept.youth.status == PRISON).sum()
    for i in range(9):
        _arrest(swept, params, seed, 0, i)
    taken = (swept.youth.status == PRISON).sum() - before
    assert (swept.neighbourhood["arrested"] / swept.neighbourhood["weight"]).sum() == pytest.approx(taken)
    counted = recount(swept)
    np.testing.assert_array_equal(swept.inmates, counted.inmates)
    np.testing.assert_array_equal(swept.members, counted.members)
    assert swept.members.sum() == 0


def sentences(city, params, seed, months=30):
    """Months held, of everyone arrested in many lives of the same month."""
    held = []
    for t in range(months):
        life = copy_city(city)
        for i in range(9):
            _arrest(life, params, seed, 240 * (t % 60), i)
        held.append(life.youth.release[life.youth.status == PRISON] - 240 * (t % 60))
    return np.concatenate(held)


def test_sentences_have_their_mean_and_last_a_month_at_least(swept, params, seed):
    held = sentences(swept, params, seed, months=8)
    assert held.min() >= 1
    assert held.max() <= 480
    assert held.mean() == pytest.approx(params.justice[0].sentence_months - 0.5, rel=0.1)


def test_a_mass_arrest_holds_for_its_own_time(swept, params, seed):
    param = params.justice[0]
    param.arrest_rate_members = param.arrest_rate_others = 0.0
    param.mass_arrest_rate_members = param.mass_arrest_rate_others = 200.0
    swept.levers["mass_arrests"] = 1.0
    swept.neighbourhood["deprivation"] = 0.9
    held = sentences(swept, params, seed, months=8)
    assert held.mean() == pytest.approx(param.sentence_months_mass_arrest - 0.5, rel=0.1)


@pytest.mark.parametrize("met", [0.0, 0.6])
def test_without_terms_those_who_are_swept_up_are_held_for_years(swept, params, seed, met):
    param = params.justice[0]
    param.arrest_rate_members = param.arrest_rate_others = 0.0
    param.mass_arrest_rate_members = param.mass_arrest_rate_others = 200.0
    param.detention_months_without_term = 60.0
    swept.levers["mass_arrests"] = 1.0
    swept.levers["detention_without_term"] = 1.0 - met
    swept.neighbourhood["deprivation"] = 0.9
    held = sentences(swept, params, seed, months=8)
    assert held.mean() == pytest.approx(met * param.sentence_months_mass_arrest + (1.0 - met) * 60.0 - 0.5, rel=0.1)


def test_who_was_no_member_is_wrongly_held_after_a_mass_arrest_until_released(swept, params, seed, find):
    """Rights: of those whom a sweep holds, members are not counted, nor are others who were arrested for something else."""
    param = params.justice[0]
    param.arrest_rate_members = param.arrest_rate_others = 0.0
    param.mass_arrest_rate_members = param.mass_arrest_rate_others = 200.0
    param.prison_joining_chance = 0.0
    swept.levers["mass_arrests"] = 1.0
    swept.neighbourhood["deprivation"] = 0.9
    outside = {int(row) for row in find(swept, gang=None, status=FREE)}
    swept.youth.arrests[:] = 0
    _arrest(swept, params, seed, 0, 8)
    held = np.flatnonzero(swept.youth.status == PRISON)
    np.testing.assert_array_equal(swept.youth.arrests, swept.youth.status == PRISON)
    wrongly = [row for row in held if row in outside]
    assert 0 < len(wrongly) < len(held)
    assert sorted(np.flatnonzero(swept.youth.wrongly_held)) == sorted(wrongly)
    weight = swept.neighbourhood[8].weight
    swept.youth.release[held] = 5
    _keep(swept, params, seed, 1, 8, 1.0, 2.5)
    assert swept.neighbourhood[8].wrongly_held == pytest.approx(len(wrongly) * weight)
    assert swept.neighbourhood[8].custody_deaths == pytest.approx(len(held) * weight * param.custody_death_rate * 2.5)
    _keep(swept, params, seed, 5, 8, 1.0, 1.0)
    assert not swept.youth.wrongly_held.any()
    assert swept.neighbourhood[8].wrongly_held == 0.0
    assert swept.neighbourhood[8].custody_deaths == 0.0


def test_a_solved_killing_is_sentenced_longer(swept, params, seed, find):
    swept.gang["conviction"] = 200.0
    params.justice[0].arrest_rate_members = 0.0
    params.justice[0].arrest_rate_others = 0.0
    held = sentences(swept, params, seed, months=20)
    assert held.mean() == pytest.approx(params.justice[0].sentence_months_killing, rel=0.15)


def test_mass_arrests_sweep_up_members_everywhere_and_bystanders_where_people_are_poor(at_rest, params, seed, find):
    members, others = find(at_rest, gang="any", status=FREE), find(at_rest, gang=None, status=FREE)
    at_rest.gang["conviction"] = 0.0
    params.justice[0].mass_arrest_rate_others = 0.1
    taken = np.zeros(at_rest.youth.home.size)
    plain = np.zeros(at_rest.youth.home.size)
    for t in range(24):
        for counted, dose in ((plain, 0.0), (taken, 1.0)):
            life = copy_city(at_rest)
            life.levers["mass_arrests"] = dose
            for i in range(9):
                _arrest(life, params, seed, 240 * t, i)
            counted += life.youth.status == PRISON
    assert taken[members].mean() > 3 * plain[members].mean()
    rich = at_rest.neighbourhood["deprivation"][at_rest.youth.home[others]] < 0.3
    np.testing.assert_array_equal(taken[others[rich]], plain[others[rich]])
    assert taken[others[~rich]].sum() > plain[others[~rich]].sum()


def test_whoever_is_arrested_without_a_sweep_is_arrested_with_one(at_rest, params, seed):
    params.justice[0].arrest_rate_members = 0.3
    params.justice[0].arrest_rate_others = 0.02
    swept = copy_city(at_rest)
    swept.levers["mass_arrests"] = 1.0
    for each in (at_rest, swept):
        for i in range(9):
            _arrest(each, params, seed, 0, i)
    assert (swept.youth.status[at_rest.youth.status == PRISON] == PRISON).all()


def test_mediation_keeps_lesser_cases_out_of_prison(at_rest, params, seed, find):
    """P-E10: others are arrested less, members as often."""
    param = params.justice[0]
    param.arrest_rate_others = 0.5
    param.arrest_rate_members = 0.5
    param.diversion_share = 0.8
    at_rest.neighbourhood["deaths_dispute"] = 0.0
    at_rest.gang["conviction"] = 0.0
    diverted = copy_city(at_rest)
    diverted.levers["diversion"] = 1.0
    members, others = find(at_rest, gang="any", status=FREE), find(at_rest, gang=None, status=FREE)
    for each in (at_rest, diverted):
        for i in range(9):
            _arrest(each, params, seed, 0, i)
    np.testing.assert_array_equal(diverted.youth.status[members], at_rest.youth.status[members])
    plain, fewer = (each.youth.status[others] == PRISON for each in (at_rest, diverted))
    assert plain[fewer].all()
    assert fewer.sum() < 0.5 * plain.sum()


def test_a_raid_sweeps_up_as_a_mass_arrest_does_and_no_more_than_everyone(at_rest, params, seed):
    params.justice[0].mass_arrest_rate_others = 0.1
    lives = {}
    for raid, mass in ((0.5, 0.0), (0.0, 0.5), (1.0, 1.0), (0.0, 1.0)):
        life = lives[raid, mass] = copy_city(at_rest)
        life.levers["raid"] = raid
        life.levers["mass_arrests"] = mass
        for i in range(9):
            _arrest(life, params, seed, 0, i)
    np.testing.assert_array_equal(lives[0.5, 0.0].youth.status, lives[0.0, 0.5].youth.status)
    np.testing.assert_array_equal(lives[1.0, 1.0].youth.status, lives[0.0, 1.0].youth.status)
    assert (lives[0.0, 1.0].youth.status == PRISON).sum() > (at_rest.youth.status == PRISON).sum()


# Prison ------------------------------------------------------------------------------


def keep(city, params, seed, t):
    inmates = city.gang["inmates"][city.gang["alive"] == 1].sum()
    for i in range(9):
        _keep(city, params, seed, t, i, inmates, 1.0)


def test_who_has_served_is_released_with_a_record_that_month(at_rest, params, seed, find, recount):
    row = int(find(at_rest, gang=None, status=FREE)[0])
    params.justice[0].prison_joining_chance = 0.0
    imprison(at_rest, row, 9)
    keep(at_rest, params, seed, 8)
    assert at_rest.youth.status[row] == PRISON
    keep(at_rest, params, seed, 9)
    assert at_rest.youth.status[row] == FREE
    assert at_rest.youth.record[row] == 1
    np.testing.assert_array_equal(at_rest.inmates, recount(at_rest).inmates)


@pytest.fixture
def crowded(at_rest, params, find):
    """Many in prison: members of two gangs, three to one, and a hundred who belong to none."""
    params.justice[0].prison_joining_chance = 1.0
    for row in find(at_rest, gang="any"):
        quit_gang(at_rest, row)
    rows = find(at_rest, gang=None, status=FREE)
    for row in rows[:300:2]:
        imprison(at_rest, row, 400)
    for n, row in enumerate(rows[:80:2]):
        enlist(at_rest, row, int(n % 4 == 0), 0)
    look_around(at_rest)
    return at_rest


def test_prison_gangs_recruit_by_their_share_inside(crowded, params, seed, find, recount):
    """E14."""
    loners = find(crowded, gang=None, status=PRISON)
    params.justice[0].prison_joining_chance = 0.5
    keep(crowded, params, seed, 1)
    joined = loners[crowded.youth.gang[loners] != NO_GANG]
    assert joined.size / loners.size == pytest.approx(0.5, abs=0.15)
    weights = crowded.neighbourhood["weight"]
    inside = crowded.gang["inmates"][:2] / crowded.gang["inmates"].sum()
    assert np.mean(crowded.youth.gang[joined] == 0) == pytest.approx(inside[0], abs=0.15)
    assert weights.min() > 0
    np.testing.assert_array_equal(crowded.inmates, recount(crowded).inmates)


def test_nobody_joins_a_gang_in_prison_when_none_is_inside(at_rest, params, seed, find):
    for row in find(at_rest, gang="any"):
        quit_gang(at_rest, row)
    for row in find(at_rest, gang=None, status=FREE)[:50]:
        imprison(at_rest, row, 400)
    params.justice[0].prison_joining_chance = 1.0
    look_around(at_rest)
    update_justice(at_rest, params, seed, 1)
    assert find(at_rest, gang="any", status=PRISON).size == 0


def test_nobody_joins_a_gang_that_ended_this_month(crowded, params, seed, find):
    """Gangs merge and end before the prisons recruit, who still read the month's first count of inmates."""
    for row in find(crowded, gang=1):
        quit_gang(crowded, row)
    crowded.gang[1].alive = 0
    assert crowded.gang[1].inmates > 0
    update_justice(crowded, params, seed, 1)
    assert find(crowded, gang=1).size == 0


def test_crowding_feeds_prison_gangs_up_to_three_times(crowded, params, seed, find):
    params.justice[0].prison_joining_chance = 0.1
    params.justice[0].arrest_rate_members = params.justice[0].arrest_rate_others = 0.0
    joined = []
    for crowding in (0.5, 1.0, 2.0, 3.0, 50.0):
        life = copy_city(crowded)
        life.city_state[0].prison_places = 100.0
        life.city_state[0].prisoners = 100.0 * crowding
        loners = find(life, gang=None, status=PRISON)
        update_justice(life, params, seed, 1)
        joined.append((life.youth.gang[loners] != NO_GANG).sum())
    assert joined[0] == joined[1] < joined[2] < joined[3] == joined[4]


def test_recruits_inside_are_written_down_as_recruits(crowded, params, seed, find):
    loners = find(crowded, gang=None, status=PRISON)
    crowded.neighbourhood["recruits"] = 0.0
    params.justice[0].prison_joining_chance = 0.5
    keep(crowded, params, seed, 1)
    joined = loners[crowded.youth.gang[loners] != NO_GANG]
    weights = crowded.neighbourhood["weight"][crowded.youth.home[joined]]
    assert crowded.neighbourhood["prison_recruits"].sum() == pytest.approx(weights.sum())
    np.testing.assert_array_equal(crowded.neighbourhood["recruits"], crowded.neighbourhood["prison_recruits"])


def test_a_riot_knits_the_gangs_at_home_where_it_breaks_out(at_rest, params, seed):
    homes = at_rest.gang["home"][:4].copy()
    before = at_rest.gang["cohesion"].copy()
    at_rest.levers["prison_riot"][homes[1]] = 0.5
    update_justice(at_rest, params, seed, 0)
    knit = 0.5 * params.justice[0].cohesion_gain_from_riot
    for k in range(4):
        expected = min(1.0, before[k] + knit) if homes[k] == homes[1] else before[k]
        assert at_rest.gang[k].cohesion == pytest.approx(expected)


def test_without_a_riot_nobody_dies_inside(crowded, params, seed):
    # Some may have died while the city settled.
    dead = crowded.youth.status == DEAD
    keep(crowded, params, seed, 1)
    np.testing.assert_array_equal(crowded.youth.status == DEAD, dead)
    assert not crowded.neighbourhood["deaths_inside"].any()
