"""What is solved and reported, and how the force behaves (E19, E22)."""

import math

import numpy as np
import pytest

from sim.processes.justice import clear, gate, police_integrity
from sim.processes.justice import update as update_justice
from sim.state import copy_city


def logit(p):
    return math.log(p / (1 - p))


def logistic(x):
    return 1 / (1 + math.exp(-x))


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


@pytest.mark.parametrize(
    ("change", "effect"),
    [
        (lambda city: city.city_state["force_integrity"].__iadd__(0.1), lambda param: -0.1 * param.integrity_on_abuse),
        (lambda city: city.levers["mass_arrests"].fill(1.0), lambda param: param.mass_arrest_on_abuse),
        (lambda city: city.police["patrol"].fill(1.0), lambda param: param.patrol_on_abuse),
        (lambda city: city.levers["focused_deterrence"].fill(1.0), lambda param: -param.focused_deterrence_on_abuse),
        (lambda city: city.levers["military_deployment"].fill(0.5), lambda param: 0.5 * param.soldiers_on_abuse),
        (lambda city: city.levers["show_of_force"].fill(0.5), lambda param: 0.5 * param.show_of_force_on_abuse),
        (lambda city: city.levers["untrained_wardens"].fill(0.5), lambda param: 0.5 * param.untrained_wardens_on_abuse),
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
        "a show of force abuses (P-E13)",
        "untrained wardens abuse (P-E14)",
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


def test_a_watch_films_residents_and_keeps_reports_about_them_for_a_time(at_rest, params, seed):
    """I14: privacy; without a watch nobody is filmed and nothing is kept."""
    param, neighbourhood = params.justice[0], at_rest.neighbourhood[2]
    update_justice(at_rest, params, seed, 0)
    assert not at_rest.neighbourhood["people_filmed"].any()
    assert not at_rest.neighbourhood["reports_held"].any()
    at_rest.levers["community_watch"][2] = 0.5
    watched = 0.5 * neighbourhood.population
    held = 0.0
    for t in range(1, 4):
        update_justice(at_rest, params, seed, t)
        made = param.reports_about_people * watched * at_rest.city_state[0].phones * neighbourhood.reporting
        held += made - held / param.report_retention_months
        assert neighbourhood.people_filmed == pytest.approx(param.camera_reach * watched)
        assert neighbourhood.reports_held == pytest.approx(held)
    at_rest.levers["community_watch"][2] = 0.0
    update_justice(at_rest, params, seed, 4)
    assert neighbourhood.people_filmed == 0.0
    assert neighbourhood.reports_held == pytest.approx(held * (1.0 - 1.0 / param.report_retention_months))
