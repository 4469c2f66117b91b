"""Who dies: bodies agree with hazards, and answers follow the dead."""

import math

import numpy as np
import pytest

from sim.draws import VICTIM, uniforms
from sim.processes.demography import age_in_years, most_prone
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.victims import _sum_exposure, exposure
from sim.processes.policy_delivery import killings_expected
from sim.state import DEAD, FORMAL, FREE, NEITHER, NO_GANG, copy_city

CAUSES_BUT_RIVALRY = (
    "dispute_killing_rate",
    "police_killing_rate",
    "vigilante_killing_rate",
    "home_killing_rate",
    "discipline_ratio",
    "bystander_ratio",
)


def by_brute_force(city, param, i, t):
    youth, neighbourhood = city.youth, city.neighbourhood[i]
    return sum(
        exposure(param, youth.proneness[r], youth.activity[r], youth.gang[r], age_in_years(youth.phase[r], t))
        for r in range(neighbourhood.first, neighbourhood.last)
        if youth.status[r] == FREE
    )


@pytest.mark.parametrize("t", [0, 1, 59, 60, 61, 119, 239, 240, -7])
def test_the_fast_sum_of_exposure_is_the_plain_sum(quiet, params, t):
    for i in (0, 4, 8):
        total, bound = _sum_exposure(quiet, params, t, i)
        assert total == pytest.approx(by_brute_force(quiet, params.homicide[0], i, t), rel=1e-9)
        assert bound == pytest.approx(most_prone(params) * 1.25 * params.homicide[0].member_risk_ratio)


def test_exposure_by_hand(params):
    param = params.homicide[0]
    assert exposure(param, 1.0, FORMAL, NO_GANG, 20.0) == 1.0
    assert exposure(param, 0.8, NEITHER, 2, 20.0) == pytest.approx(0.8 * 1.25 * param.member_risk_ratio)
    assert exposure(param, 1.0, FORMAL, NO_GANG, 14.9) == param.risk_ratio_under_15


def test_every_body_is_counted_once(bloody, struck, quiet):
    city = struck()
    fresh = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
    assert fresh.sum() > 5
    rows = np.bincount(city.youth.home[fresh], minlength=9) * city.neighbourhood["weight"]
    rest = city.neighbourhood["killed"] - rows
    assert (rest > -1e-6).all()
    np.testing.assert_allclose(rest, np.rint(rest), atol=1e-6)


def test_counts_follow_the_dead(bloody, struck, recount):
    city = struck()
    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.youth.gang_peers, counted.gang_peers)


def test_in_many_months_as_many_die_as_are_expected(bloody, struck, quiet):
    """Bodies against hazards over sixty lives of the same month: the difference is luck."""
    gaps = []
    for t in range(60):
        city = struck(t=240 * t)
        gaps.append(
            city.neighbourhood["killed"].sum()
            - sum(killings_expected(neighbourhood) for neighbourhood in city.neighbourhood)
        )
    gaps = np.array(gaps)
    assert abs(gaps.mean() / (gaps.std(ddof=1) / math.sqrt(gaps.size))) < 4


def test_whoever_dies_in_a_calmer_month_dies_in_a_deadlier_one(bloody, struck, quiet):
    bloody.liquor_hours_on_disputes = 0.9
    calm = struck(lambda city: city.levers["liquor_hours"].__setitem__(slice(None), 1.0))
    plain = struck()
    assert (plain.youth.status[calm.youth.status == DEAD] == DEAD).all()
    assert (plain.youth.status == DEAD).sum() > (calm.youth.status == DEAD).sum()


def test_members_die_far_more_often_than_others(bloody, struck, quiet, find):
    died = np.zeros(quiet.youth.home.size)
    for t in range(30):
        died += struck(t=240 * t).youth.status == DEAD
    members, others = find(quiet, gang="any", status=FREE), find(quiet, gang=None, status=FREE)
    assert died[members].mean() > 5 * died[others].mean()


def test_children_killed_are_those_of_ten_to_seventeen_among_the_dead(bloody, struck, quiet):
    killed = 0
    for t in range(0, 240 * 20, 240):
        city = struck(t=t)
        fresh = np.flatnonzero((city.youth.status == DEAD) & (quiet.youth.status != DEAD))
        ages = np.array([age_in_years(phase, t) for phase in city.youth.phase[fresh]])
        weights = city.neighbourhood["weight"][city.youth.home[fresh]]
        assert city.neighbourhood["killed_children"].sum() == pytest.approx(weights[ages < 18].sum())
        killed += (ages < 18).sum()
    assert killed > 10


def test_girls_and_children_under_fifteen_die_less_often(bloody, struck, quiet):
    bloody.rivalry_attack_rate = 0.0
    died = np.zeros(quiet.youth.home.size)
    for t in range(30):
        died += struck(t=240 * t).youth.status == DEAD
    ages = np.array([age_in_years(phase, 0) for phase in quiet.youth.phase])
    assert died[quiet.youth.female == 1].mean() < 0.5 * died[quiet.youth.female == 0].mean()
    assert died[ages < 15].mean() < 0.5 * died[ages >= 15].mean()


def test_a_killing_between_gangs_will_be_answered_by_the_victims_gang(bloody, struck, quiet, params):
    quiet.neighbourhood["weight"] = 1.0
    for cause in CAUSES_BUT_RIVALRY:
        bloody[cause] = 0.0
    city = struck()
    fresh = np.flatnonzero((city.youth.status == DEAD) & (quiet.youth.status != DEAD) & (quiet.youth.gang >= 0))
    assert fresh.size > 0
    branching = bloody.retaliation_limit * (1 - math.exp(-bloody.retaliation_ratio / bloody.retaliation_limit))
    lost = np.zeros(quiet.gang.size)
    np.add.at(lost, quiet.youth.gang[fresh], quiet.neighbourhood["weight"][quiet.youth.home[fresh]])
    np.testing.assert_allclose(city.killings.sum(axis=1)[:4], branching * lost[:4])
    assert (np.diag(city.killings) == 0).all()


def test_rows_that_stand_for_many_draw_as_many_answers_as_single_youths_would(bloody, struck, quiet):
    branching = bloody.retaliation_limit * (1 - math.exp(-bloody.retaliation_ratio / bloody.retaliation_limit))
    assert quiet.neighbourhood["weight"].min() > 4
    gaps = []
    for t in range(60):
        city = struck(t=240 * t)
        gaps.append(city.killings.sum() - branching * city.neighbourhood["deaths_rivalry"].sum())
    gaps = np.array(gaps)
    assert gaps.std() > 0
    assert abs(gaps.mean() / (gaps.std(ddof=1) / math.sqrt(gaps.size))) < 4


def test_interrupters_calm_answers_where_the_victim_lived(bloody, struck, quiet):
    for cause in CAUSES_BUT_RIVALRY:
        bloody[cause] = 0.0
    bloody.interrupters_on_attacks = 0.0

    def send(city):
        city.levers["violence_interruption"] = 1.0
        city.neighbourhood["credibility"] = 0.5

    ratio = struck(send).killings.sum() / struck().killings.sum()
    assert ratio == pytest.approx(1 - 0.5 * bloody.interrupters_on_retaliation)


def test_a_dispute_is_answered_in_its_street_by_its_share(quiet, params, seed):
    """Answers to the killings of one month, summed over all later ones, are the street's branching ratio of them."""
    param = params.homicide[0]
    city = copy_city(quiet)
    city.neighbourhood["weight"] = 1.0
    param.dispute_killing_rate = 2e-4
    update_homicide(city, params, seed, 0)
    first = city.neighbourhood["street"].sum()
    fade = math.exp(-1 / param.street_retaliation_months)
    answered = first / (1 - fade) / param.street_retaliation_ratio
    killed = city.neighbourhood["killed"].sum()
    assert 0.5 * killed < answered <= killed * (1 + 1e-9)


def test_the_same_key_kills_the_same_people(bloody, struck):
    np.testing.assert_array_equal(struck().youth.status, struck().youth.status)
    assert (struck().youth.status != struck(t=240).youth.status).any()


def test_one_number_a_youth_and_month_decides(bloody, struck, quiet, seed):
    """Who draws a low number dies before who draws a high one."""
    city = struck()
    luck = uniforms(int(seed), VICTIM, 0, np.arange(quiet.youth.home.size))
    fresh = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
    assert luck[fresh].mean() < luck[~fresh].mean()
