"""Gangs let loose and police answer each other's killings: by hand, and within a bound."""

import math

import numpy as np
import pytest

from sim.processes.homicide.rivalry import drive
from sim.processes.homicide.war import answers_of_gangs, answers_of_police, remember_war, set_war_killings


@pytest.fixture
def tense(quiet):
    """The quiet city with one gang let loose that holds half of neighbourhood 8, and nothing to answer yet."""
    answers = ("answers_to_police", "answers_by_police")
    expected = ("deaths_police_on_average", "deaths_officers_on_average")
    on_average = (f"{field}_on_average" for field in answers)
    for field in (*answers, *on_average, *expected, "killed_by_police", "officers_killed"):
        quiet.neighbourhood[field] = 0.0
    quiet.control[8] = 0.0
    quiet.control[8, 0] = 0.5
    quiet.gang[0].grievance = 0.6
    quiet.police["abuse"] = quiet.police["abuse_anchor"]
    return quiet


def test_officers_are_attacked_by_members_let_loose(tense, params):
    param, here = params.homicide[0], tense.neighbourhood[8]
    here.deaths_police = 0.01
    here.answers_to_police, here.answers_by_police = 0.02, 0.03
    here.answers_to_police_on_average, here.answers_by_police_on_average = 0.04, 0.05
    set_war_killings(tense, params, 8)
    members = tense.members[8, 0] * here.weight
    assert members > 0
    attacks = param.attacks_on_officers_rate * members * tense.gang[0].weapons * 0.6
    assert here.deaths_officers == pytest.approx(attacks + 0.02)
    assert here.deaths_police == pytest.approx(0.04)
    assert here.deaths_officers_on_average == pytest.approx(attacks + 0.04)
    assert here.deaths_police_on_average == pytest.approx(0.06)


@pytest.mark.parametrize("strength", [0.6, 1.0], ids=["one as strong as what it stores", "a full one"])
@pytest.mark.parametrize("holds", ["truce", "pact"])
def test_nobody_attacks_officers_while_a_truce_or_a_pact_holds(tense, params, holds, strength):
    if holds == "truce":
        tense.levers[8].truce = strength
    else:
        tense.gang[0].pact = strength
    set_war_killings(tense, params, 8)
    assert tense.neighbourhood[8].deaths_officers == 0.0


def test_a_pact_that_weakens_lets_out_what_it_held(tense, params):
    tense.gang[0].pact = 0.2
    set_war_killings(tense, params, 8)
    left = tense.neighbourhood[8].deaths_officers
    tense.gang[0].pact = 0.0
    set_war_killings(tense, params, 8)
    assert left > 0.0
    assert left == pytest.approx(tense.neighbourhood[8].deaths_officers * 0.4 / 0.6)


def test_each_side_answers_by_hand(tense, params):
    param = params.homicide[0]
    gangs = param.officers_in_answer * 0.5 * (drive(tense, params, 8, 0) - 1)
    assert gangs > 0
    assert answers_of_gangs(tense, params, 8) == pytest.approx(gangs)
    tense.police[8].abuse = 1.5 * tense.police[8].abuse_anchor
    bound = param.retaliation_limit**2
    both = 1.5 * param.police_killings_in_answer * gangs
    assert answers_of_police(tense, params, 8) == pytest.approx(bound * (1 - math.exp(-both / bound)) / gangs)


def test_police_answer_and_ordinary_gangs_keep_out_of_their_way(tense, params):
    tense.gang["grievance"] = tense.gang["cohesion"] = tense.gang["weapons"] = 0.0
    assert answers_of_gangs(tense, params, 8) == 0.0
    assert answers_of_police(tense, params, 8) == pytest.approx(params.homicide[0].police_killings_in_answer)


def test_killings_are_answered_as_often_as_the_ratios_say_and_no_more(tense, params):
    here = tense.neighbourhood[8]
    gangs, police = answers_of_gangs(tense, params, 8), answers_of_police(tense, params, 8)
    here.killed_by_police, here.officers_killed = 2.0, 1.0
    drawn = np.zeros(2)
    for _ in range(200):
        remember_war(tense, params, 8)
        here.killed_by_police = here.officers_killed = 0.0
        drawn += here.answers_to_police, here.answers_by_police
    np.testing.assert_allclose(drawn, [2 * gangs, police])
    assert tense.neighbourhood[7].answers_by_police == 0.0


def test_what_is_recorded_is_the_mean_over_the_luck_of_who_was_killed(tense, params):
    here = tense.neighbourhood[8]
    luck = np.random.default_rng(1)
    gangs, police = answers_of_gangs(tense, params, 8), answers_of_police(tense, params, 8)
    happened, average = [], []
    for _ in range(4_000):
        here.deaths_police_on_average = 0.4 + here.answers_by_police_on_average
        here.deaths_officers_on_average = 0.2 + here.answers_to_police_on_average
        here.killed_by_police = luck.poisson(0.4 + here.answers_by_police)
        here.officers_killed = luck.poisson(0.2 + here.answers_to_police)
        remember_war(tense, params, 8)
        happened.append((here.answers_to_police, here.answers_by_police))
        average.append((here.answers_to_police_on_average, here.answers_by_police_on_average))
    # The means of two that answer each other: g = n_g (0.4 + p), p = n_p (0.2 + g).
    expected = np.linalg.solve([[1.0, -gangs], [-police, 1.0]], [0.4 * gangs, 0.2 * police])
    np.testing.assert_allclose(average[-1], expected)
    np.testing.assert_allclose(np.mean(happened, axis=0), expected, rtol=0.2)
    np.testing.assert_allclose(np.std(average[1000:], axis=0), 0.0, atol=1e-12)


def test_a_month_counts_the_officers_and_those_whom_police_kill(struck, params):
    def change(city):
        city.gang["grievance"] = 1.0
        params.homicide[0].attacks_on_officers_rate = 1.0

    here = struck(change).neighbourhood
    assert here["officers_killed"].sum() > 0
    assert (here["killed"] >= here["officers_killed"] + here["killed_by_police"]).all()
    quiet = struck(lambda city: city.gang["grievance"].__setitem__(slice(None), 0.0)).neighbourhood
    assert quiet["officers_killed"].sum() == 0
