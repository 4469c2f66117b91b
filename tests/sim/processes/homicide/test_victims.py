"""How many are killed, where and of which age: people are counted, at any weight of a row, and answers follow them."""

import math

import numpy as np
import pytest

from sim.processes.demography import age_in_years
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.hazards import exposure, set_street_risks, share_of_child_members
from sim.processes.homicide.victims import place_at, street_youths
from sim.processes.policy_delivery import killings_expected
from sim.state import FORMAL, FREE, NEITHER, NO_GANG, copy_city

# Lives of one month from which a mean is read.
LIVES = 20
CAUSES_BUT_RIVALRY = (
    "dispute_killing_rate",
    "police_killing_rate",
    "vigilante_killing_rate",
    "home_killing_rate",
    "discipline_ratio",
    "bystander_ratio",
)


def branching(param):
    return param.retaliation_limit * (1 - math.exp(-param.retaliation_ratio / param.retaliation_limit))


def exposed(city, param, i, t, under=30.0):
    youth, neighbourhood = city.youth, city.neighbourhood[i]
    ages = [age_in_years(youth.phase[r], t) for r in range(neighbourhood.first, neighbourhood.last)]
    return sum(
        exposure(param, youth.proneness[r], youth.activity[r], youth.gang[r], age)
        for r, age in zip(range(neighbourhood.first, neighbourhood.last), ages, strict=True)
        if youth.status[r] == FREE and age < under
    )


@pytest.mark.parametrize("t", [0, 1, 59, 60, 61, 95, 96, 119, 239, 240, -7])
def test_the_share_of_children_in_the_hazards_is_the_plain_one(quiet, params, t):
    for i in (0, 4, 8):
        plain = exposed(quiet, params.homicide[0], i, t, under=18.0) / exposed(quiet, params.homicide[0], i, t)
        set_street_risks(quiet, params, t, i)
        assert quiet.neighbourhood[i].children_at_risk == pytest.approx(plain, rel=1e-9)
        assert quiet.neighbourhood[i].street_risk == pytest.approx(exposed(quiet, params.homicide[0], i, t), rel=1e-9)


def test_the_share_of_children_among_members_counts_who_has_been_trained_for_less(quiet, params, find):
    members = find(quiet, neighbourhood=8, gang=0, status=FREE)
    ages = np.array([age_in_years(phase, 0) for phase in quiet.youth.phase[members]])
    quiet.city_state[0].rivalry_reference = 0.0
    quiet.hazard[8, 0] = 0.01
    assert share_of_child_members(quiet, params, 0, 8, 0) == pytest.approx((ages < 18).mean())
    quiet.youth.training_effect[members[ages >= 18]] = 1.0
    calmer = 1 - params.homicide[0].training_on_attacks
    young, grown = (ages < 18).sum(), (ages >= 18).sum()
    assert share_of_child_members(quiet, params, 0, 8, 0) == pytest.approx(young / (young + calmer * grown))


def test_exposure_by_hand(params):
    param = params.homicide[0]
    assert exposure(param, 1.0, FORMAL, NO_GANG, 20.0) == 1.0
    assert exposure(param, 0.8, NEITHER, 2, 20.0) == pytest.approx(0.8 * 1.25 * param.member_risk_ratio)
    assert exposure(param, 1.0, FORMAL, NO_GANG, 14.9) == param.risk_ratio_under_15


def test_a_mark_falls_where_something_was_expected(quiet):
    quiet.scratch.by_place[:] = [0, 0, 1, 1, 3, 3, 3, 4, 4]
    marks = (1e-12, 0.5, 1.0, 2.9999, 3.0, 3.999, 4.0, 5.0)
    assert [place_at(quiet, mark) for mark in marks] == [2, 2, 4, 4, 7, 7, 7, 7]


def test_counts_are_whole_people_in_proportion_to_their_hazards(bloody, struck, quiet):
    """Lives of the same month, in a city whose rows stand for many; a run shows the variance, see `test_counts`."""
    assert quiet.neighbourhood["weight"].min() > 4
    lives = [struck(t=240 * t).neighbourhood for t in range(LIVES)]
    here = np.array([killings_expected(neighbourhood) for neighbourhood in lives[0]])
    killed = np.array([each["killed"] for each in lives])
    np.testing.assert_array_equal(killed, np.rint(killed))
    np.testing.assert_array_less(np.abs(killed.mean(axis=0) - here), 4 * np.sqrt(here / LIVES) + 1e-9)


def test_more_are_counted_where_more_are_expected_and_never_fewer(bloody, struck):
    bloody.liquor_hours_on_disputes = 0.5
    for t in range(0, 1200, 240):
        calm = struck(lambda city: city.levers["liquor_hours"].__setitem__(slice(None), 1.0), t=t)
        plain = struck(t=t)
        assert (plain.neighbourhood["disputes_lost"] >= calm.neighbourhood["disputes_lost"]).all()
        assert plain.neighbourhood["disputes_lost"].sum() > calm.neighbourhood["disputes_lost"].sum()


def test_of_the_killed_so_many_are_youths_and_children_as_their_hazards_say(bloody, struck, quiet, params):
    bloody.rivalry_attack_rate = 0.0
    lives = [struck(t=240 * t) for t in range(LIVES)]
    youths = [street_youths(lives[0], params, i) for i in range(9)]
    children = lives[0].neighbourhood["children_at_risk"]
    for field, mean in (("killed_youths", sum(youths)), ("killed_children", np.dot(youths, children))):
        found = np.mean([each.neighbourhood[field].sum() for each in lives])
        assert abs(found - mean) < 4 * math.sqrt(mean / LIVES), field
    for each in lives:
        assert (each.neighbourhood["killed_children"] <= each.neighbourhood["killed_youths"]).all()
        assert (each.neighbourhood["killed_youths"] <= each.neighbourhood["killed"]).all()


def test_nobody_is_counted_dead_twice(bloody, struck, quiet):
    """Members who are counted dead though their rows still stand are not there to be killed."""
    bloody.member_hazard_limit = 1.0
    bloody.rivalry_attack_rate = 1e6
    for cause in CAUSES_BUT_RIVALRY:
        bloody[cause] = 0.0
    there = quiet.members[8] > 0
    # All but four of each gang's members.
    quiet.gang["death_balance"][there] = (quiet.members * quiet.neighbourhood["weight"][:, None]).sum(axis=0)[there] - 4.0
    city = struck()
    assert city.hazard[8][there] == pytest.approx(1.0)
    assert 0 < city.neighbourhood[8].killed_youths <= 4.0 * there.sum() < 0.2 * city.neighbourhood[8].deaths_rivalry


def test_a_killing_between_gangs_will_be_answered_by_the_victims_gang(bloody, struck, quiet, params):
    for cause in CAUSES_BUT_RIVALRY:
        bloody[cause] = 0.0
    city = struck()
    assert city.neighbourhood["killed"].sum() > 0
    assert city.killings.sum() == pytest.approx(branching(bloody) * city.neighbourhood["killed"].sum())
    whole = city.killings / branching(bloody)
    np.testing.assert_allclose(whole, np.rint(whole), atol=1e-9)
    assert (whole.sum(axis=1)[city.gang["expected_dead"] == 0.0] == 0).all()
    assert (np.diag(city.killings) == 0).all()


def test_as_many_answers_are_drawn_as_killings_are_expected(bloody, struck, quiet):
    drawn = [struck(t=240 * t).killings.sum() / branching(bloody) for t in range(LIVES)]
    mean = struck().neighbourhood["deaths_rivalry"].sum()
    assert abs(np.mean(drawn) - mean) < 4 * math.sqrt(mean / LIVES)


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
    param.dispute_killing_rate = 2e-4
    update_homicide(city, params, seed, 0)
    fade = math.exp(-1 / param.street_retaliation_months)
    answered = city.neighbourhood["street"] / (1 - fade) / param.street_retaliation_ratio
    np.testing.assert_allclose(answered, city.neighbourhood["disputes_lost"], atol=1e-12)
    killed = city.neighbourhood["killed"].sum()
    assert 0.5 * killed < answered.sum() <= killed


def test_the_same_key_kills_the_same_people(bloody, struck):
    np.testing.assert_array_equal(struck().youth.status, struck().youth.status)
    assert (struck().neighbourhood["killed"] != struck(t=240).neighbourhood["killed"]).any()
