"""Who is arrested, for what and for how long (E14)."""

import math

import numpy as np
import pytest

from sim.processes.demography import age_in_years
from sim.processes.justice import _arrest, _keep, _tell_of_arrests, arrest_hazard, sweep_reach
from sim.processes.policy_delivery import look_around
from sim.state import FREE, NO_GANG, PRISON, copy_city


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
