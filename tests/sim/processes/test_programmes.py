"""Programmes offer places: after school, and work with training and therapy (E17, E32)."""

import math

import numpy as np
import pytest
from city_columns import differing

from sim.enumerations import JOB_TRAINING
from sim.processes.community import update as update_community
from sim.processes.demography import age_in_years, risk
from sim.processes.places import offer_of
from sim.processes.programmes import run_after_school, run_training
from sim.state import FORMAL, FREE, NEITHER, NO_GANG, copy_city


def test_an_offer_fills_its_share_of_places_in_the_long_run():
    months, share = 10.0, 0.35
    offer, _ = offer_of(share, months, 0.0)
    held, free = 0.0, 1.0
    places = np.zeros(int(months))
    for _ in range(2_000):
        taken = offer * free
        places = np.concatenate(([taken], places[:-1]))
        held = places.sum()
        free = 1.0 - held
    assert held == pytest.approx(share, rel=0.02)
    assert offer_of(0.0, months, 0.0) == (0.0, 11)
    assert offer_of(5.0, 1.0, 0.0) == (1.0, 2)


@pytest.mark.parametrize("asked", [1, 2, 10, 11, 30])
def test_as_many_places_are_filled_however_long_each_is_held(asked):
    def filled(offer, whole):
        """The share in places after years: each is counted for so many months, the one in which it is taken the first."""
        places = np.zeros(whole)
        for _ in range(2_000):
            taken = offer * (1.0 - places.sum())
            places = np.concatenate(([taken], places[:-1]))
        return places.sum()

    assert filled(*offer_of(0.3, 10.0, float(asked))) == pytest.approx(filled(*offer_of(0.3, 10.0, 0.0)), rel=1e-6)
    assert offer_of(0.3, 10.0, 11.0) == pytest.approx(offer_of(0.3, 10.0, 0.0))
    assert offer_of(0.3, 10.0, float(asked))[1] == asked


def test_without_a_programme_nobody_is_touched(at_rest, params, seed):
    at_rest.neighbourhood["training_touched"] = 0.0
    at_rest.neighbourhood["school_places"] = 0.0
    before = copy_city(at_rest)
    for i in range(9):
        run_after_school(at_rest, params, seed, 0, i)
        run_training(at_rest, params, seed, 0, i)
    assert differing(before, at_rest) == {}


def test_places_after_school_go_to_those_under_seventeen_outside_gangs_and_are_held_for_their_months(
    at_rest, params, seed, find
):
    params.community[0].after_school_coverage = 100.0
    params.community[0].after_school_months = 6.0
    at_rest.neighbourhood["credibility"] = 0.5
    at_rest.levers["after_school_places"] = 1.0
    for t in range(12):
        run_after_school(at_rest, params, seed, t, 8)
    youth, neighbourhood = at_rest.youth, at_rest.neighbourhood[8]
    rows = np.arange(neighbourhood.first, neighbourhood.last)
    ages = np.array([age_in_years(phase, 11) for phase in youth.phase[rows]])
    served = rows[youth.school_place[rows] > 0]
    assert served.size > 5
    assert ages[youth.school_place[rows] > 0].max() < 17 + 6 / 12
    assert (youth.gang[served] == NO_GANG).all()
    at_rest.levers["after_school_places"] = 0.0
    for t in range(12, 18):
        run_after_school(at_rest, params, seed, t, 8)
    assert (youth.school_place[rows][youth.status[rows] == FREE] == 0).all()


def test_filled_places_are_counted_as_residents(at_rest, params, seed):
    at_rest.levers["after_school_places"] = at_rest.levers["job_training"] = 1.0
    params.community[0].after_school_coverage = params.community[0].training_coverage = 100.0
    update_community(at_rest, params, seed, 0)
    youth = at_rest.youth
    for field, column in (("school_places", youth.school_place), ("training_places", youth.training)):
        filled = np.bincount(youth.home[(column > 0) & (youth.status == FREE)], minlength=9)
        np.testing.assert_allclose(at_rest.neighbourhood[field], filled * at_rest.neighbourhood["weight"], err_msg=field)
        assert filled.sum() > 10


@pytest.fixture
def trained(at_rest, params, seed):
    """Ixley after a month in which training was offered to all at risk."""
    params.community[0].training_coverage = 100.0
    params.community[0].training_months = 1.0
    at_rest.neighbourhood["training_touched"] = 0.0
    at_rest.levers["job_training"] = 1.0
    run_training(at_rest, params, seed, 0, 8)
    return at_rest


def test_training_goes_to_those_at_risk_from_sixteen_on(trained, find):
    rows = find(trained, neighbourhood=8)
    youth = trained.youth
    served = rows[youth.training[rows] > 0]
    assert served.size > 3
    assert min(age_in_years(phase, 0) for phase in youth.phase[served]) >= 16
    assert (youth.status[served] == FREE).all()
    assert ((youth.gang[served] >= 0) | (youth.record[served] == 1) | (youth.activity[served] == NEITHER)).all()
    assert (youth.training_effect[served] == 1).all()


def test_training_ends_in_a_job_and_its_effect_fades_with_its_half_life(trained, params, seed, find):
    rows = find(trained, neighbourhood=8)
    youth = trained.youth
    served = rows[youth.training[rows] > 0]
    trained.levers["job_training"] = 0.0
    run_training(trained, params, seed, 1, 8)
    assert (youth.activity[served] == FORMAL).all()
    assert (youth.training[served] == 0).all()
    params.community[0].training_half_life = 12.0
    for t in range(2, 14):
        run_training(trained, params, seed, t, 8)
    np.testing.assert_allclose(youth.training_effect[served], 0.5, rtol=1e-5)
    for t in range(14, 100):
        run_training(trained, params, seed, t, 8)
    assert (youth.training_effect[served] == 0).all()


def test_what_work_without_therapy_does_is_gone_within_a_year(trained, params, seed, find):
    """P-S4: it was learned in programmes of which half had none, and keeps their mean rate after their end."""
    rows = find(trained, neighbourhood=8)
    youth = trained.youth
    served = rows[youth.training[rows] > 0]
    trained.levers["job_training"], trained.levers["work_alone"] = 0.5, 0.25
    params.community[0].training_half_life, params.community[0].work_alone_half_life = 48.0, 6.0
    run_training(trained, params, seed, 1, 8)
    assert trained.neighbourhood["work_alone"][8] == 0.5
    trained.levers["job_training"] = trained.levers["work_alone"] = 0.0
    for t in range(2, 14):
        run_training(trained, params, seed, t, 8)
    assert 0.2 < (youth.activity[served] == FORMAL).mean() < 0.8
    halvings = 12 * (0.5 / 48.0 + 0.5 / 6.0)
    np.testing.assert_allclose(youth.training_effect[served], 0.5**halvings, rtol=1e-5)


@pytest.mark.parametrize("effect", [0.0, 0.15, 0.6, 1.0])
def test_a_place_does_as_much_as_its_programme_has_of_what_works_and_as_many_end_in_a_job(at_rest, params, seed, effect):
    """P-S4: menial work teaches little, and as little of it ends in work."""
    youth = at_rest.youth
    youth.status[:], youth.activity[:], youth.training[:], youth.training_effect[:] = FREE, NEITHER, 1, 0.0
    youth.training_effect[:200], youth.training[200:300] = 0.5, 2
    at_rest.neighbourhood["training_touched"] = 1.0
    at_rest.place_effect[:, JOB_TRAINING] = effect
    fade = 0.5 ** (1 / params.community[0].training_half_life)
    for i in range(9):
        run_training(at_rest, params, seed, 0, i)
    # What was learned before stays.
    np.testing.assert_allclose(youth.training_effect[:200], max(0.5 * fade, effect), rtol=1e-6)
    np.testing.assert_allclose(youth.training_effect[200:], effect, rtol=1e-6)
    ended = youth.training == 0
    assert (~ended).sum() == 100
    assert (youth.activity[~ended] == NEITHER).all()
    assert (youth.activity[ended] == FORMAL).mean() == pytest.approx(effect, abs=0.06)


def test_how_much_a_place_does_changes_nothing_in_who_gets_one(at_rest, params, seed):
    at_rest.levers["after_school_places"] = at_rest.levers["job_training"] = 1.0
    params.community[0].after_school_coverage = params.community[0].training_coverage = 100.0
    served = []
    for effect in (0.0, 0.1, 1.0):
        life = copy_city(at_rest)
        life.place_effect[:] = effect
        for t in range(4):
            for i in range(9):
                run_after_school(life, params, seed, t, i)
                run_training(life, params, seed, t, i)
        served.append((life.youth.school_place, life.youth.training, life.neighbourhood["places_at_risk"]))
    for one in served[1:]:
        for first, other in zip(served[0], one, strict=True):
            assert first.any()
            np.testing.assert_array_equal(first, other)


def test_a_credible_partner_fills_more_places(at_rest, params, seed):
    params.community[0].after_school_coverage = 0.6
    params.community[0].after_school_months = 2.0
    filled = []
    for credibility in (0.1, 0.5, 0.9):
        life = copy_city(at_rest)
        life.neighbourhood["credibility"] = credibility
        life.levers["after_school_places"] = 1.0
        life.youth.status[:] = FREE
        life.youth.gang[:] = NO_GANG
        for t in range(6):
            for i in range(9):
                run_after_school(life, params, seed, t, i)
        filled.append(life.neighbourhood["school_places"].sum())
    assert filled[0] < filled[1] < filled[2]


def test_an_agency_misses_those_most_at_risk_and_a_partner_of_the_neighbourhood_finds_them(at_rest, params, seed, find):
    """E35: the chance of a place falls with risk where no local partner reaches out."""
    param = params.community[0]
    rows = find(at_rest, neighbourhood=8, status=FREE)
    at_rest.youth.record[rows] = 1
    grown = np.array([age_in_years(at_rest.youth.phase[row], 0) >= 16 for row in rows])
    at_rest.neighbourhood["credibility"] = 0.5
    served = {}
    for reach in (0.0, 0.5, 1.0):
        for z in (-1.0, 0.0, 2.0):
            for level in ("person", "family", "friends", "school"):
                getattr(at_rest.youth, level)[rows] = z / 2
            taken = 0
            for t in range(0, 240 * 40, 240):
                life = copy_city(at_rest)
                life.levers["job_training"] = 1.0
                life.levers["local_delivery"] = reach
                run_training(life, params, seed, t, 8)
                taken += (life.youth.training[rows[grown]] > 0).sum()
            served[reach, z] = taken
    rate_of = served[1.0, 0.0]
    assert served[1.0, 2.0] == served[0.0, 0.0] == served[0.0, -1.0] == rate_of
    assert served[0.0, 2.0] / rate_of == pytest.approx(math.exp(-2.0 * param.risk_on_agency_reach), abs=0.12)
    assert served[0.5, 2.0] / rate_of == pytest.approx(math.exp(-param.risk_on_agency_reach), abs=0.12)


def test_places_of_the_tenth_most_at_risk_are_counted(trained):
    youth, neighbourhood = trained.youth, trained.neighbourhood[8]
    rows = np.arange(neighbourhood.first, neighbourhood.last)
    levels = [getattr(youth, level)[rows].astype(float) for level in ("person", "family", "friends", "school")]
    z = sum(levels) / 2
    assert z[0] == pytest.approx(risk(*[float(level[0]) for level in levels]))
    at_risk = (z > 1.28) & (youth.training[rows] > 0) & (youth.status[rows] == FREE)
    assert at_risk.sum() > 0
    assert neighbourhood.places_at_risk == pytest.approx(at_risk.sum() * neighbourhood.weight)
