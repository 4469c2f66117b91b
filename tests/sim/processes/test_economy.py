"""Business answers extortion and fear, jobs follow business, and youths study, work or do neither (E07)."""

import math

import numpy as np
import pytest

from sim.processes.economy import choose_activity, turn
from sim.processes.lifecourse import age_in_years
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, PRISON, SCHOOL


def test_in_the_ordinary_city_business_and_jobs_stay_as_they_are(at_rest, rates, seed):
    turn(at_rest, rates, seed, 0)
    np.testing.assert_array_equal(at_rest.place["business"], 1.0)
    np.testing.assert_array_equal(at_rest.place["jobs"], 1.0)


def test_extortion_and_fear_starve_business_by_the_equation(at_rest, rates, seed):
    rate, place = rates.economy[0], at_rest.place[8]
    place.extortion = place.extortion_reference + 0.1
    place.fear = place.fear_anchor + 0.2
    turn(at_rest, rates, seed, 0)
    goal = math.exp(-0.1 * rate.extortion_on_business - 0.2 * rate.fear_on_business)
    assert place.business == pytest.approx(1.0 + rate.business_speed * (goal - 1.0))
    assert place.jobs == pytest.approx(1.0 + rate.jobs_speed * (place.business - 1.0))
    assert at_rest.place[0].business == 1.0


def test_an_improvement_district_gains_business(at_rest, rates, seed):
    at_rest.levers[4].district = 1.0
    turn(at_rest, rates, seed, 0)
    rate = rates.economy[0]
    assert at_rest.place[4].business == pytest.approx(1 + rate.business_speed * (math.exp(rate.district_on_business) - 1))


def test_jobs_follow_business_with_a_lag(at_rest, rates, seed):
    at_rest.place["extortion"] += 0.2
    business, jobs = [], []
    for t in range(120):
        turn(at_rest, rates, seed, t)
        business.append(at_rest.place[8].business)
        jobs.append(at_rest.place[8].jobs)
    assert all(b < j for b, j in zip(business, jobs, strict=True))
    assert jobs[-1] == pytest.approx(math.exp(-0.2 * rates.economy[0].extortion_on_business), abs=0.01)


@pytest.fixture
def looked_at(at_rest, rates, seed):
    """Let everyone's activity be looked at once: returns what a place's youths then do, under changed conditions."""
    rates.economy[0].activity_change = 1.0

    def choose(i, t=0, **youths):
        for name, value in youths.items():
            getattr(at_rest.youth, name)[:] = value
        at_rest.youth.status[:] = FREE
        choose_activity(at_rest, rates, seed, t, i)
        place = at_rest.place[i]
        return at_rest.youth.activity[place.first : place.last].copy()

    return choose


def ages(city, i, t=0):
    place = city.place[i]
    return np.array([age_in_years(phase, t) for phase in city.youth.phase[place.first : place.last]])


def test_a_twentieth_of_youths_look_anew_each_month(at_rest, rates, seed):
    at_rest.youth.activity[:] = 77
    at_rest.youth.status[:] = FREE
    for t in range(20):
        for i in range(9):
            choose_activity(at_rest, rates, seed, t, i)
    looked = (at_rest.youth.activity != 77).mean()
    assert looked == pytest.approx(1 - (1 - rates.economy[0].activity_change) ** 20, abs=0.06)


def test_prisoners_choose_nothing(at_rest, rates, seed):
    rates.economy[0].activity_change = 1.0
    at_rest.youth.status[:] = PRISON
    before = at_rest.youth.activity.copy()
    choose_activity(at_rest, rates, seed, 0, 8)
    np.testing.assert_array_equal(at_rest.youth.activity, before)


def test_children_under_fourteen_are_at_school_or_idle_but_never_at_work(at_rest, looked_at):
    done = np.concatenate([looked_at(8, t)[ages(at_rest, 8, t) < 14] for t in range(0, 240, 12)])
    assert set(done) == {SCHOOL, NEITHER}
    assert (done == NEITHER).mean() < 0.15


def test_men_and_women_of_twenty_four_seldom_study(at_rest, looked_at):
    done = np.concatenate([looked_at(8, t)[ages(at_rest, 8, t) >= 24] for t in range(0, 240, 12)])
    assert (done == SCHOOL).mean() < 0.08
    working = (done == FORMAL) | (done == INFORMAL)
    assert (done[working] == INFORMAL).mean() == pytest.approx(at_rest.place[8].informality, abs=0.13)


@pytest.mark.parametrize(
    ("youths", "more"), [({"record": 1}, True), ({"person": 2.5}, True), ({"training_effect": 1.0}, False)]
)
def test_a_record_and_risk_make_idle_and_training_makes_busy(looked_at, youths, more):
    """The same luck twice: whoever is idle in the better case is idle in the worse."""
    plain = looked_at(8, record=0, person=0.0, family=0.0, friends=0.0, school=0.0, training_effect=0.0) == NEITHER
    changed = looked_at(8, **youths) == NEITHER
    worse, better = (changed, plain) if more else (plain, changed)
    assert worse[better].all()
    assert worse.sum() > better.sum()


def test_fewer_jobs_make_more_idle(at_rest, looked_at):
    plain = looked_at(8) == NEITHER
    at_rest.place["jobs"] = 0.7
    fewer = looked_at(8) == NEITHER
    assert fewer[plain].all()
    assert fewer.sum() > plain.sum()
