"""Business answers extortion and fear, jobs follow business, and youths study, work or do neither (E07)."""

import math

import numpy as np
import pytest

from sim.processes.demography import age_in_years
from sim.processes.labour import choose_activity
from sim.processes.labour import update as update_labour
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, PRISON, SCHOOL, copy_city


def test_in_the_ordinary_city_business_and_jobs_stay_as_they_are(at_rest, params, seed):
    update_labour(at_rest, params, seed, 0)
    np.testing.assert_array_equal(at_rest.neighbourhood["business"], 1.0)
    np.testing.assert_array_equal(at_rest.neighbourhood["jobs"], 1.0)


def test_extortion_keeps_firms_out_and_drives_them_away_by_the_equation(at_rest, params, seed):
    """E07: half of what payment costs is firms that never open, half is firms that go; fear keeps them from opening."""
    param, neighbourhood = params.labour[0], at_rest.neighbourhood[8]
    neighbourhood.extortion = neighbourhood.extortion_reference + 0.1
    neighbourhood.fear = neighbourhood.fear_anchor + 0.2
    update_labour(at_rest, params, seed, 0)
    entry = math.exp(-0.05 * param.extortion_on_business - 0.2 * param.fear_on_business)
    leave = math.exp(0.05 * param.extortion_on_business)
    assert neighbourhood.business == pytest.approx(1.0 + param.business_speed * (entry - leave))
    assert neighbourhood.jobs == pytest.approx(1.0 + param.jobs_speed * (neighbourhood.business - 1.0))
    assert neighbourhood.firm_entry == pytest.approx(12 * param.business_speed * entry)
    assert neighbourhood.firm_exit == pytest.approx(12 * param.business_speed * leave)
    assert at_rest.neighbourhood[0].business == 1.0


def test_a_twentieth_of_business_goes_on_through_the_longest_slump(at_rest, params, seed):
    params.labour[0].business_speed = 0.5
    at_rest.levers["slump"] = 1.0
    for t in range(24):
        update_labour(at_rest, params, seed, t)
    np.testing.assert_array_equal(at_rest.neighbourhood["business"], 0.05)
    at_rest.levers["slump"] = 0.0
    update_labour(at_rest, params, seed, 24)
    assert (at_rest.neighbourhood["firm_entry"] <= 12 * 0.5 / 0.05 * 1.5).all()


def after_a_month(at_rest, params, seed, change):
    life = copy_city(at_rest)
    change(life)
    update_labour(life, params, seed, 0)
    return life.neighbourhood["business"]


@pytest.mark.parametrize(
    ("change", "gain"),
    [
        (
            lambda city: city.levers["improvement_district"].__setitem__(4, 1.0),
            lambda param, city: param.district_on_business,
        ),
        (
            lambda city: (
                city.levers["improvement_district"].__setitem__(4, 1.0),
                city.levers["shared_security_compact"].__setitem__(4, 0.5),
            ),
            lambda param, city: param.district_on_business * (1 - 0.3 * 0.5),
        ),
        (
            lambda city: city.levers["shared_security_compact"].__setitem__(4, 0.5),
            lambda param, city: param.compact_on_business * 0.5 * city.city_state[0].bubbles,
        ),
        (lambda city: city.city_state["linkage"].__iadd__(0.2), lambda param, city: 0.2 * param.cooperation_on_business),
        (
            lambda city: city.neighbourhood["included"].__setitem__(4, 0.05),
            lambda param, city: 0.05 * param.inclusion_on_business,
        ),
    ],
    ids=["a district", "a district that shares", "shared money outside walls", "linkage", "settled newcomers"],
)
def test_what_gains_business_opens_firms_by_its_weight(at_rest, params, seed, change, gain):
    """E04, E18, E27."""
    param = params.labour[0]
    assert at_rest.city_state[0].bubbles > 0.05, "the sandbox has an enclave"
    expected = 1 + param.business_speed * (math.exp(gain(param, at_rest)) - 1)
    assert after_a_month(at_rest, params, seed, change)[4] == pytest.approx(expected)


def test_behind_walls_a_compact_gives_nothing(at_rest, params, seed):
    at_rest.neighbourhood[0].enclave = 1.0
    business = after_a_month(at_rest, params, seed, lambda city: city.levers["shared_security_compact"].fill(1.0))
    assert business[0] == 1.0
    assert (business[1:] > 1.0).all()


def test_a_slump_and_damage_keep_firms_from_opening(at_rest, params, seed):
    """E03."""
    param = params.labour[0]
    speed = param.business_speed
    slump = after_a_month(at_rest, params, seed, lambda city: city.levers["slump"].__setitem__(8, 0.4))
    assert slump[8] == pytest.approx(1 + speed * (0.6 - 1))
    assert slump[7] == 1.0
    damage = after_a_month(at_rest, params, seed, lambda city: city.neighbourhood["damage"].__setitem__(8, 0.4))
    assert damage[8] == pytest.approx(1 - speed * 0.4 * param.damage_on_business)


def test_people_go_where_the_work_is_so_that_a_loss_of_jobs_passes(at_rest, params, seed):
    """The chance of finding a post returns within some years of a lasting loss; posts do not."""
    at_rest.neighbourhood[8].extortion = at_rest.neighbourhood[8].extortion_reference + 0.2
    chance = []
    for t in range(600):
        update_labour(at_rest, params, seed, t)
        chance.append(float(at_rest.neighbourhood[8].jobs))
    lowest = int(np.argmin(chance))
    assert 12 < lowest < 96
    assert chance[lowest] < 0.93
    assert chance[-1] > 0.99
    assert at_rest.neighbourhood[8].workforce == pytest.approx(
        math.exp(-0.2 * params.labour[0].extortion_on_business), abs=0.02
    )


def test_jobs_follow_business_with_a_lag(at_rest, params, seed):
    params.labour[0].workforce_speed = 0.0
    at_rest.neighbourhood["extortion"] += 0.2
    business, jobs = [], []
    for t in range(120):
        update_labour(at_rest, params, seed, t)
        business.append(at_rest.neighbourhood[8].business)
        jobs.append(at_rest.neighbourhood[8].jobs)
    assert all(b < j for b, j in zip(business, jobs, strict=True))
    assert jobs[-1] == pytest.approx(math.exp(-0.2 * params.labour[0].extortion_on_business), abs=0.01)


@pytest.fixture
def looked_at(at_rest, params, seed):
    """Let everyone's activity be looked at once: returns what a place's youths then do, under changed conditions."""
    params.labour[0].activity_review_rate = 1.0

    def choose(i, t=0, **youths):
        for name, value in youths.items():
            getattr(at_rest.youth, name)[:] = value
        at_rest.youth.status[:] = FREE
        choose_activity(at_rest, params, seed, t, i)
        neighbourhood = at_rest.neighbourhood[i]
        return at_rest.youth.activity[neighbourhood.first : neighbourhood.last].copy()

    return choose


def ages(city, i, t=0):
    neighbourhood = city.neighbourhood[i]
    return np.array([age_in_years(phase, t) for phase in city.youth.phase[neighbourhood.first : neighbourhood.last]])


def test_a_twentieth_of_youths_look_anew_each_month(at_rest, params, seed):
    at_rest.youth.activity[:] = 77
    at_rest.youth.status[:] = FREE
    for t in range(20):
        for i in range(9):
            choose_activity(at_rest, params, seed, t, i)
    looked = (at_rest.youth.activity != 77).mean()
    assert looked == pytest.approx(1 - (1 - params.labour[0].activity_review_rate) ** 20, abs=0.06)


def test_prisoners_choose_nothing(at_rest, params, seed):
    params.labour[0].activity_review_rate = 1.0
    at_rest.youth.status[:] = PRISON
    before = at_rest.youth.activity.copy()
    choose_activity(at_rest, params, seed, 0, 8)
    np.testing.assert_array_equal(at_rest.youth.activity, before)


def test_children_under_fourteen_are_at_school_or_idle_but_never_at_work(at_rest, looked_at):
    done = np.concatenate([looked_at(8, t)[ages(at_rest, 8, t) < 14] for t in range(0, 240, 12)])
    assert set(done) == {SCHOOL, NEITHER}
    assert (done == NEITHER).mean() < 0.15


def test_men_and_women_of_twenty_four_seldom_study(at_rest, looked_at):
    done = np.concatenate([looked_at(8, t)[ages(at_rest, 8, t) >= 24] for t in range(0, 240, 12)])
    assert (done == SCHOOL).mean() < 0.08
    working = (done == FORMAL) | (done == INFORMAL)
    assert (done[working] == INFORMAL).mean() == pytest.approx(at_rest.neighbourhood[8].informality, abs=0.13)


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


def test_upgraded_homes_with_work_around_them_make_busy(at_rest, looked_at):
    """E28."""
    plain = looked_at(8) == NEITHER
    at_rest.levers[8].housing_jobs = 1.0
    upgraded = looked_at(8) == NEITHER
    assert plain[upgraded].all()
    assert plain.sum() > upgraded.sum()


def test_who_is_idle_by_hand(at_rest, params, seed):
    param, neighbourhood = params.labour[0], at_rest.neighbourhood[8]
    param.activity_review_rate = 1.0
    neighbourhood.jobs = 0.8
    at_rest.levers[8].housing_jobs = 0.5
    for level in ("person", "family", "friends", "school"):
        getattr(at_rest.youth, level)[:] = 0.5
    at_rest.youth.record[:] = 1
    at_rest.youth.training_effect[:] = 0.25
    at_rest.youth.status[:] = FREE
    eta = (
        param.idleness_base
        + param.deprivation_on_idleness * neighbourhood.deprivation
        - param.jobs_on_idleness * math.log(0.8)
        - 0.5 * param.upgrading_on_idleness
        + 0.5 * param.risk_on_idleness
        + param.prison_record_on_idleness
        - 0.25 * param.training_on_idleness
    )
    grown = ages(at_rest, 8) >= 16
    rows = slice(neighbourhood.first, neighbourhood.last)
    idle = []
    for t in range(60):
        choose_activity(at_rest, params, seed, 240 * t, 8)
        idle.append((at_rest.youth.activity[rows][grown] == NEITHER).mean())
    assert np.mean(idle) == pytest.approx(1 / (1 + math.exp(-eta)), abs=0.03)


def test_fewer_jobs_make_more_idle(at_rest, looked_at):
    plain = looked_at(8) == NEITHER
    at_rest.neighbourhood["jobs"] = 0.7
    fewer = looked_at(8) == NEITHER
    assert fewer[plain].all()
    assert fewer.sum() > plain.sum()
