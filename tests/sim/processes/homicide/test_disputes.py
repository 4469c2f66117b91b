"""Disputes, vigilantes and robberies: hazards by hand, and each thing that calms or stirs them by its factor."""

import math

import numpy as np
import pytest

from tests.sim.processes.homicide.changes import both, field, lever


def test_disputes_of_a_place_at_rest_by_hand(struck, params):
    param, neighbourhood = params.homicide[0], struck().neighbourhood[7]
    expected = (
        param.dispute_killing_rate
        * neighbourhood.population
        * math.exp(
            param.deprivation_on_disputes * (neighbourhood.deprivation - 0.5)
            + param.disorganisation_on_disputes * (neighbourhood.disorganisation - 0.5)
            - param.efficacy_on_disputes * (neighbourhood.efficacy_anchor - neighbourhood.efficacy_ordinary)
        )
    )
    assert neighbourhood.deaths_dispute == pytest.approx(expected, rel=1e-12)


def test_twice_the_bars_raise_disputes_by_their_elasticity(struck, params):
    """E24."""
    many = struck(lambda city: city.neighbourhood["bars"].__setitem__(7, math.log(2.0)))
    ratio = many.neighbourhood[7].deaths_dispute / struck().neighbourhood[7].deaths_dispute
    assert ratio == pytest.approx(2.0 ** params.homicide[0].bars_on_disputes)


def test_an_enclave_buys_some_safety(struck, params):
    def open_the_gate(city):
        city.neighbourhood["enclave"] = 0.0

    ratio = struck().neighbourhood[0].deaths_dispute / struck(open_the_gate).neighbourhood[0].deaths_dispute
    assert ratio == pytest.approx(1 - params.homicide[0].enclave_on_disputes)


DISPUTES = {
    "earlier closing (P-R3)": (lever("liquor_hours", 0.5), lambda r, c: 1 - 0.5 * r.liquor_hours_on_disputes),
    "light and clean streets (P-R9)": (lever("public_space", 0.5), lambda r, c: 1 - 0.5 * r.public_space_on_disputes),
    "certified guards (P-R5)": (lever("security_rules", 0.5), lambda r, c: 1 - 0.5 * r.security_rules_on_disputes),
    "women mediators (P-G6)": (
        lever("women_mediators", 0.5),
        lambda r, c: 1 - 0.5 * r.women_mediators_on_disputes * (0.5 + 0.5 * c.neighbourhood[8].credibility),
    ),
    "city wardens (P-E14)": (lever("city_wardens", 0.5), lambda r, c: 1 - 0.5 * r.wardens_on_disputes),
    "a district (P-G3)": (lever("improvement_district", 0.5), lambda r, c: 1 - 0.5 * r.district_on_disputes),
    "a district that gives away guards and has a part in all (P-G9)": (
        both(lever("improvement_district", 0.5), lever("shared_security_compact", 0.4)),
        lambda r, c: (
            1 - 0.5 * r.district_on_disputes * (1 - 0.3 * 0.4) - 0.4 * r.compact_on_disputes * c.city_state[0].bubbles * 0.5
        ),
    ),
    "shared guards outside walls (P-G9)": (
        lever("shared_security_compact", 0.4),
        lambda r, c: 1 - 0.4 * r.compact_on_disputes * c.city_state[0].bubbles,
    ),
    "a district next door (E18)": (
        field("near_district", 0.5),
        lambda r, c: math.exp(0.5 * r.districts_on_adjacent_disputes),
    ),
    "a district next door with certified guards (P-R5)": (
        both(field("near_district", 0.5), lever("security_rules")),
        lambda r, c: (
            math.exp(0.5 * r.districts_on_adjacent_disputes * (1 - r.security_rules_on_displacement))
            * (1 - r.security_rules_on_disputes)
        ),
    ),
    "a district next door that shares (P-G9)": (
        both(field("near_district", 0.5), lever("shared_security_compact")),
        lambda r, c: 1 - r.compact_on_disputes * c.city_state[0].bubbles,
    ),
    "trauma (E03)": (field("trauma", 0.3), lambda r, c: math.exp(0.3 * r.trauma_on_disputes)),
    "newcomers whom nobody lets in (E04)": (
        field("displaced", 0.1),
        lambda r, c: math.exp(0.1 * r.unsettled_newcomers_on_disputes),
    ),
    "group lines (E33)": (field("divided", 0.3), lambda r, c: math.exp(0.3 * r.division_on_disputes)),
    "soldiers (P-E7)": (
        lever("military_deployment", 0.5),
        lambda r, c: math.exp(-r.soldiers_on_violence * (1 - 0.5**4) - r.occupation_on_violence * 0.5**4),
    ),
    "less emergency care (E15)": (
        lambda city: city.neighbourhood["care"].__setitem__(8, city.city_state[0].care_anchor - 0.2),
        lambda r, c: math.exp(0.2 * r.care_on_lethality),
    ),
}


@pytest.mark.parametrize("says", DISPUTES)
def test_disputes_answer_each_thing_by_its_factor_in_the_place(struck, params, says):
    change, factor = DISPUTES[says]
    plain, changed = struck(), struck(change)
    ratio = changed.neighbourhood[8].deaths_dispute / plain.neighbourhood[8].deaths_dispute
    assert ratio == pytest.approx(factor(params.homicide[0], changed))
    assert changed.neighbourhood[7].deaths_dispute == plain.neighbourhood[7].deaths_dispute


@pytest.mark.parametrize(
    "name", ["liquor_hours", "public_space", "improvement_district", "city_wardens", "mothers_groups", "safe_spaces"]
)
def test_what_calms_disputes_or_homes_leaves_gangs_alone(struck, name):
    assert struck(lever(name)).neighbourhood[8].deaths_rivalry == struck().neighbourhood[8].deaths_rivalry


def test_efficacy_calms_disputes_and_fear_makes_them_deadly(struck, params):
    param = params.homicide[0]

    def change(city):
        city.neighbourhood[8].collective_efficacy += 0.1
        city.neighbourhood[8].fear += 0.2

    ratio = struck(change).neighbourhood[8].deaths_dispute / struck().neighbourhood[8].deaths_dispute
    assert ratio == pytest.approx(math.exp(-0.1 * param.efficacy_on_disputes + 0.2 * param.fear_on_disputes))


def test_killings_by_vigilantes_by_hand(struck, params):
    """Fear and distrust of the police make residents take the law."""
    param, neighbourhood = params.homicide[0], struck().neighbourhood[8]
    base = param.vigilante_killing_rate * neighbourhood.population * (0.3 + neighbourhood.deprivation)
    assert neighbourhood.deaths_vigilante == pytest.approx(base)

    def change(city):
        city.neighbourhood[8].fear += 0.1
        city.neighbourhood[8].police_legitimacy -= 0.2

    afraid = struck(change).neighbourhood[8].deaths_vigilante
    assert afraid == pytest.approx(
        base * math.exp(0.1 * param.fear_on_vigilantes + 0.2 * param.police_legitimacy_on_vigilantes)
    )


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (field("jobs", 0.8), lambda r: 0.8**-r.jobs_on_robberies),
        (lambda city: city.police["patrol"].__setitem__(8, 0.6), lambda r: math.exp(-0.6 * r.patrol_on_robberies)),
        (field("near_patrol", 0.6), lambda r: math.exp(0.6 * r.patrol_on_robberies * r.robbery_displacement_share)),
        (lever("public_space", 0.5), lambda r: 1 - 0.5 * r.public_space_on_robberies),
        (lever("city_wardens", 0.5), lambda r: 1 - 0.5 * r.wardens_on_robberies),
        (field("near_wardens", 0.4), lambda r: 1 + 0.4 * r.robbery_displacement_share * r.wardens_on_robberies),
        (lever("improvement_district", 0.5), lambda r: 1 - 0.5 * r.district_on_disputes),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * 0.3 * r.trauma_on_disputes)),
    ],
    ids=["jobs", "patrol here", "patrol next door", "light", "wardens here", "wardens next door", "a district", "strain"],
)
def test_robberies_answer_jobs_light_patrol_and_wardens_much_of_it_moved_next_door(struck, params, change, factor):
    np.testing.assert_allclose(struck().neighbourhood["robberies"], 1.0)
    neighbourhood = struck(change).neighbourhood
    assert neighbourhood[8].robberies == pytest.approx(factor(params.homicide[0]))
    assert neighbourhood[7].robberies == 1.0
