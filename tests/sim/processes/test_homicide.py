"""Who dies, and why: hazards by hand, factors one by one, memory that answers, and bodies that agree with hazards."""

import math

import numpy as np
import pytest

from sim.draws import uniforms
from sim.processes.demography import age_in_years, most_prone
from sim.processes.group_conflict import communal_killing
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.rivalry import answers, calm_of, discipline_hazard, lethality, remember, rivalry_hazard
from sim.processes.homicide.victims import _sum_exposure, exposure
from sim.processes.policy_delivery import killings_expected, look_around
from sim.state import DEAD, FORMAL, FREE, NEITHER, NO_GANG, copy_city


@pytest.fixture
def quiet(at_rest):
    """A city at rest without memory, grievance, lost leaders or answers in the street."""
    look_around(at_rest)
    at_rest.memory[:] = 0.0
    at_rest.neighbourhood["street"] = 0.0
    at_rest.neighbourhood["disputes_lost"] = 0.0
    at_rest.trained[:] = 0.0
    for field in ("succession", "pact", "grievance"):
        at_rest.gang[field] = 0.0
    at_rest.gang["weapons"] = 0.5
    at_rest.gang["money_reference"] = at_rest.gang["money"]
    at_rest.rivalry[:] = at_rest.rivalry_anchor
    at_rest.youth.training_effect[:] = 0.0
    at_rest.gang["alive"][4:] = 0
    at_rest.presence[:] = 0.0
    at_rest.presence[8, :3] = 40.0, 25.0, 10.0
    return at_rest


@pytest.fixture
def hazard(params):
    def of(city, victim=0, i=8):
        parts = np.zeros(city.gang.size)
        return rivalry_hazard(city, params, i, victim, calm_of(city, params, i), parts), parts

    return of


# Rivalry and retaliation ------------------------------------------------------------------------------


def test_a_members_hazard_by_rivals_by_hand(quiet, params, hazard):
    param = params.homicide[0]
    quiet.gang["weapons"][:3] = 0.5, 0.9, 0.3
    quiet.gang[1].succession = 0.4
    quiet.gang[0].grievance = 0.2
    quiet.rivalry[1, 0] = 1.3
    present = 75.0 + 2.0 * quiet.neighbourhood[8].population / 980.0
    burst = 1 + 0.2 * param.breach_on_attacks
    first = 1.3 * 2 * 25 / present * (0.5 + 0.9) * (1 + 0.4 * param.leader_loss_on_attacks) * burst
    second = 1.0 * 2 * 10 / present * (0.5 + 0.3) * burst
    total = param.rivalry_attack_rate * (first + second)
    reached, parts = hazard(quiet)
    np.testing.assert_allclose(parts[:4], [0.0, param.rivalry_attack_rate * first, param.rivalry_attack_rate * second, 0.0])
    assert reached == pytest.approx(param.member_hazard_limit * (1 - math.exp(-total / param.member_hazard_limit)))


def test_a_members_risk_does_not_change_with_the_scale_of_the_city(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[:] *= 7.0
    quiet.neighbourhood["population"] *= 7.0
    after, _ = hazard(quiet)
    assert after == pytest.approx(before, rel=1e-12)


def test_a_further_gang_with_one_resident_adds_almost_nothing(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[8, 3] = 1.0
    after, _ = hazard(quiet)
    assert 1.0 < after / before < 1.05


def test_a_hazard_saturates_at_its_cap(quiet, params, hazard):
    params.homicide[0].rivalry_attack_rate = 50.0
    reached, _ = hazard(quiet)
    assert reached == pytest.approx(params.homicide[0].member_hazard_limit)


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (lambda city: city.levers["truce"].__setitem__(8, 1.0), lambda param, city: 1 - param.truce_on_attacks),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 1.0),
            lambda param, city: 1 - param.interrupters_on_attacks * city.neighbourhood[8].credibility,
        ),
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 1.0),
            lambda param, city: (
                1 - param.focused_deterrence_on_attacks * (0.5 + 0.5 * min(1.0, city.city_state[0].integrity / 0.6))
            ),
        ),
        (
            lambda city: city.levers["group_transformation"].__setitem__(8, 0.8),
            lambda param, city: 1 - 0.8 * param.transformation_on_attacks * (0.5 + 0.5 * city.neighbourhood[8].credibility),
        ),
        (lambda city: city.levers["raid"].__setitem__(8, 0.5), lambda param, city: 1 + 0.5 * param.raid_on_attacks),
        (
            lambda city: city.levers["military_deployment"].__setitem__(8, 0.5),
            lambda param, city: math.exp(-0.5 * param.soldiers_on_violence),
        ),
        (
            lambda city: city.neighbourhood["care"].__setitem__(8, city.city_state[0].care_anchor + 0.2),
            lambda param, city: math.exp(-0.2 * param.care_on_lethality),
        ),
        (lambda city: city.gang["pact"].__setitem__(0, 1.0), lambda param, city: 1 - param.pact_on_attacks),
        (lambda city: city.police["patrol"].__setitem__(8, 1.0), lambda param, city: math.exp(-param.patrol_on_violence)),
        (lambda city: city.city_state["guns"].__setitem__(0, 0.8), lambda param, city: 0.8**param.gun_stock_on_lethality),
        (
            lambda city: city.neighbourhood["certainty"].__setitem__(8, math.log(1.5)),
            lambda param, city: 1.5**-param.certainty_on_violence,
        ),
    ],
    ids=[
        "truce",
        "interrupters",
        "focused deterrence",
        "a group transformed",
        "raids stir up",
        "soldiers",
        "emergency care",
        "pact",
        "patrol",
        "guns",
        "certainty",
    ],
)
def test_what_calms_or_stirs_attacks_does_so_by_its_factor(quiet, params, hazard, pull, factor):
    param = params.homicide[0]
    param.member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet_elsewhere = hazard(quiet, i=7)[0]
    pull(quiet)
    after, _ = hazard(quiet)
    assert after / before == pytest.approx(factor(param, quiet), rel=1e-5)
    assert quiet_elsewhere == 0.0


def test_patrol_next_door_moves_some_violence_here_and_calms_some(quiet, params):
    param = params.homicide[0]
    quiet.neighbourhood[8].near_patrol = 1.0
    moved = param.patrol_on_violence * param.patrol_displacement_share - param.patrol_on_adjacent_violence
    assert calm_of(quiet, params, 8) == pytest.approx(math.exp(moved))


def test_memory_is_borne_evenly_by_the_members_of_the_gang_that_will_be_answered(quiet, params, hazard):
    params.homicide[0].member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    after, parts = hazard(quiet)
    assert after - before == pytest.approx(0.02, rel=1e-4)
    assert parts[1] > 0.02
    quiet.levers[8].truce = 1.0
    held, _ = hazard(quiet)
    param = params.homicide[0]
    assert held == pytest.approx(0.02 * (1 - param.truce_on_retaliation) + before * (1 - param.truce_on_attacks), rel=1e-4)


def test_a_gang_with_hardly_anyone_left_answers_hardly_at_all(quiet, params, hazard):
    params.homicide[0].member_hazard_limit = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    quiet.gang[1].members = 0.3
    after, _ = hazard(quiet)
    assert after - before == pytest.approx(0.002, rel=1e-3)


def test_one_killing_is_answered_as_often_as_the_branching_ratio_says(quiet, params):
    """The memory of one killing, summed over the months in which it can be answered, is its branching ratio."""
    param = params.homicide[0]
    param.retaliation_memory_limit = 1e9
    branching = param.retaliation_limit * (1 - math.exp(-param.retaliation_ratio / param.retaliation_limit))
    assert branching < 1
    quiet.killings[:] = 0.0
    quiet.killings[0, 1] = branching
    answers = []
    for _ in range(400):
        remember(quiet, params)
        quiet.killings[:] = 0.0
        answers.append(quiet.memory[0, 1])
    assert sum(answers) == pytest.approx(branching, rel=1e-9)
    mean_wait = sum(month * answer for month, answer in enumerate(answers, 1)) / branching
    assert param.retaliation_months < mean_wait < param.retaliation_months + 1
    assert quiet.memory[1, 0] == 0.0


def test_memory_is_bounded_by_what_a_gang_can_suffer(quiet, params):
    quiet.killings[:] = 1e6
    remember(quiet, params)
    bound = params.homicide[0].retaliation_memory_limit * (quiet.gang["members"] + 1.0)
    np.testing.assert_allclose(quiet.memory, np.broadcast_to(bound, quiet.memory.shape))


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 0.6),
            lambda param, city: (
                1
                - 0.6 * param.focused_deterrence_on_retaliation * (0.5 + 0.5 * min(1.0, city.city_state[0].integrity / 0.6))
            ),
        ),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 0.6),
            lambda param, city: 1 - 0.6 * param.interrupters_on_retaliation * city.neighbourhood[8].credibility,
        ),
        (
            lambda city: city.levers["women_mediators"].__setitem__(8, 0.6),
            lambda param, city: (
                1 - 0.6 * param.women_mediators_on_retaliation * (0.5 + 0.5 * city.neighbourhood[8].credibility)
            ),
        ),
    ],
    ids=["focused deterrence", "interrupters", "women mediators"],
)
def test_who_steps_in_between_leaves_fewer_killings_answered(quiet, params, pull, factor):
    param = params.homicide[0]
    plain = answers(quiet, params, 8)
    assert plain == pytest.approx(
        param.retaliation_limit * (1 - math.exp(-param.retaliation_ratio / param.retaliation_limit))
    )
    pull(quiet)
    assert answers(quiet, params, 8) / plain == pytest.approx(factor(param, quiet))
    assert answers(quiet, params, 7) == plain


def test_lethality_by_hand(quiet, params):
    """E15: guns kill, care saves."""
    param = params.homicide[0]
    assert lethality(quiet, params, 8) == 1.0
    quiet.city_state[0].guns = 1.4
    quiet.neighbourhood[8].care = quiet.city_state[0].care_anchor - 0.25
    assert lethality(quiet, params, 8) == pytest.approx(
        1.4**param.gun_stock_on_lethality * math.exp(0.25 * param.care_on_lethality)
    )


def test_discipline_by_hand(params, quiet):
    param, gang = params.homicide[0], quiet.gang[0]
    gang.cohesion = 0.7
    ordinary = 0.0004
    calm = 0.5 * ordinary * param.discipline_ratio
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm)
    assert discipline_hazard(param, gang, 2.0 * ordinary) == pytest.approx(2.0 * calm)
    assert discipline_hazard(param, gang, 0.0) == 0.0
    gang.succession = 0.6
    led = param.discipline_ratio + 0.6 * param.infighting_ratio
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(0.5 * ordinary * led)
    gang.succession = 0.0
    gang.money_reference = 1.0
    gang.money = 3.0
    grown = 1 + 0.5 * param.money_on_infighting * math.log(2.0)
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm * grown)
    gang.money = 0.1
    assert discipline_hazard(param, gang, ordinary) == pytest.approx(calm)


# Expected killings by cause ------------------------------------------------------------------------------


@pytest.fixture
def struck(quiet, params, seed):
    """Strike a copy of the quiet city, after a change, and return it."""

    def after(change=lambda city: None, t=0):
        city = copy_city(quiet)
        change(city)
        update_homicide(city, params, seed, t)
        return city

    return after


def test_disputes_of_a_place_at_rest_by_hand(struck, params):
    param, neighbourhood = params.homicide[0], struck().neighbourhood[7]
    expected = (
        param.dispute_killing_rate
        * neighbourhood.population
        * math.exp(
            param.deprivation_on_disputes * (neighbourhood.deprivation - 0.5)
            + param.disorganisation_on_disputes * (neighbourhood.disorganisation - 0.5)
        )
    )
    assert neighbourhood.deaths_dispute == pytest.approx(expected, rel=1e-12)


def test_an_enclave_buys_some_safety(struck, params):
    def open_the_gate(city):
        city.neighbourhood["enclave"] = 0.0

    ratio = struck().neighbourhood[0].deaths_dispute / struck(open_the_gate).neighbourhood[0].deaths_dispute
    assert ratio == pytest.approx(1 - params.homicide[0].enclave_on_disputes)


def lever(name, dose=1.0, i=8):
    return lambda city: city.levers[name].__setitem__(i, dose)


def field(name, value, i=8):
    return lambda city: city.neighbourhood[name].__setitem__(i, value)


def both(*changes):
    def change(city):
        for each in changes:
            each(city)

    return change


DISPUTES = {
    "earlier closing (P-R3)": (lever("liquor_hours", 0.5), lambda r, c: 1 - 0.5 * r.liquor_hours_on_disputes),
    "light and clean streets (P-R9)": (lever("public_space", 0.5), lambda r, c: 1 - 0.5 * r.public_space_on_disputes),
    "certified guards (P-R5)": (lever("security_rules", 0.5), lambda r, c: 1 - 0.5 * r.security_rules_on_disputes),
    "women mediators (P-G6)": (
        lever("women_mediators", 0.5),
        lambda r, c: 1 - 0.5 * r.women_mediators_on_disputes * (0.5 + 0.5 * c.neighbourhood[8].credibility),
    ),
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
    "soldiers (P-E7)": (lever("military_deployment", 0.5), lambda r, c: math.exp(-0.5 * r.soldiers_on_violence)),
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


@pytest.mark.parametrize("name", ["liquor_hours", "public_space", "improvement_district", "mothers_groups", "safe_spaces"])
def test_what_calms_disputes_or_homes_leaves_gangs_alone(struck, name):
    assert struck(lever(name)).neighbourhood[8].deaths_rivalry == struck().neighbourhood[8].deaths_rivalry


def test_efficacy_calms_disputes_and_fear_makes_them_deadly(struck, params):
    param = params.homicide[0]

    def change(city):
        city.neighbourhood[8].collective_efficacy += 0.1
        city.neighbourhood[8].fear += 0.2

    ratio = struck(change).neighbourhood[8].deaths_dispute / struck().neighbourhood[8].deaths_dispute
    assert ratio == pytest.approx(math.exp(-0.1 * param.efficacy_on_disputes + 0.2 * param.fear_on_disputes))


def test_fewer_guns_mean_fewer_deaths_per_equal_events(struck, params):
    """E15: the same quarrels, in the street and at home, kill less; nothing else of them changes."""
    param, plain = params.homicide[0], struck()
    fewer = struck(lambda city: city.city_state["guns"].__setitem__(0, 0.7))
    for cause in ("dispute", "domestic", "rivalry"):
        ratio = fewer.neighbourhood[8][f"deaths_{cause}"] / plain.neighbourhood[8][f"deaths_{cause}"]
        assert ratio == pytest.approx(0.7**param.gun_stock_on_lethality, rel=0.01), cause
    assert fewer.neighbourhood[8].domestic == plain.neighbourhood[8].domestic


def test_bystanders_die_in_proportion_to_gang_killings(struck, params):
    neighbourhood = struck().neighbourhood
    assert neighbourhood["deaths_rivalry"].sum() > 0
    np.testing.assert_allclose(
        neighbourhood["deaths_bystander"], params.homicide[0].bystander_ratio * neighbourhood["deaths_rivalry"]
    )


def test_killings_at_home_follow_deprivation_and_jobs(struck, params):
    param, neighbourhood = params.homicide[0], struck().neighbourhood[6]
    expected = param.home_killing_rate * neighbourhood.population * math.exp(1.5 * (neighbourhood.deprivation - 0.5))
    assert neighbourhood.deaths_domestic == pytest.approx(expected)
    poorer = struck(lambda city: city.neighbourhood["jobs"].__setitem__(6, 0.64))
    assert poorer.neighbourhood[6].deaths_domestic / neighbourhood.deaths_domestic == pytest.approx(0.64**-0.5)


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (
            lambda city: city.neighbourhood["services_now"].__setitem__(8, city.neighbourhood[8].services - 0.1),
            lambda r: math.exp(0.1 * r.services_on_home_violence),
        ),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * r.trauma_on_home_violence)),
        (lever("mothers_groups", 0.5), lambda r: 1 - 0.5 * r.mothers_groups_on_home_violence),
        (lever("safe_spaces", 0.5), lambda r: 1 - 0.5 * r.safe_spaces_on_home_violence),
    ],
    ids=["scarce services", "trauma", "mothers' groups", "safe spaces"],
)
def test_homes_answer_what_strains_and_what_shelters_them(struck, params, change, factor):
    """E17: violence at home and the killings in it alike."""
    plain, changed = struck().neighbourhood[8], struck(change).neighbourhood[8]
    assert changed.domestic / plain.domestic == pytest.approx(factor(params.homicide[0]))
    assert changed.deaths_domestic / plain.deaths_domestic == pytest.approx(factor(params.homicide[0]))


def test_fear_strains_homes(struck, params):
    change = struck(
        lambda city: city.neighbourhood["fear"].__setitem__(8, city.neighbourhood[8].fear_anchor + 0.2)
    ).neighbourhood[8]
    assert change.domestic / struck().neighbourhood[8].domestic == pytest.approx(
        math.exp(0.2 * params.homicide[0].fear_on_home_violence)
    )


def test_an_abusive_force_kills_in_proportion(struck, params):
    plain, abusive = struck(), struck(lambda city: city.police["abuse"].__setitem__(8, 2 * city.police["abuse"][8]))
    assert abusive.neighbourhood[8].deaths_police / plain.neighbourhood[8].deaths_police == pytest.approx(2.0)
    neighbourhood = plain.neighbourhood[3]
    expected = params.homicide[0].police_killing_rate * neighbourhood.population * plain.police[3].abuse / 0.25
    assert neighbourhood.deaths_police == pytest.approx(expected * (0.3 + neighbourhood.deprivation))


def test_raids_and_soldiers_kill(struck, params):
    param, plain = params.homicide[0], struck().neighbourhood[8].deaths_police
    raided = struck(both(lever("raid", 0.5), lever("military_deployment", 0.4))).neighbourhood[8].deaths_police
    assert raided / plain == pytest.approx(1 + 0.5 * param.raid_on_police_killings + 0.4 * param.soldiers_on_police_killings)


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


def test_attacks_kill_by_their_size_and_sparks_along_group_lines(struck, params):
    """E03, E33."""
    param = params.homicide[0]
    assert not struck().neighbourhood["deaths_communal"].any()
    neighbourhood = struck(lever("attack", 0.5)).neighbourhood
    assert neighbourhood[8].deaths_communal == pytest.approx(0.5 * param.attack_death_share * neighbourhood[8].population)
    assert neighbourhood[7].deaths_communal == 0.0

    def spark(city):
        city.levers["contested_election"][8] = 0.5
        city.neighbourhood["edge"][8] = 0.4
        city.city_state[0].segregation = 0.6

    city = struck(spark)
    assert city.neighbourhood[8].deaths_communal > 0
    assert city.neighbourhood[8].deaths_communal == pytest.approx(communal_killing(city, params, 8))


def test_killings_over_markets_are_the_hits_and_the_entries_calmed_as_the_street_is(struck, params):
    """E06."""

    def trade(city):
        city.hits[8] = [1e-3, 2e-3, 0.0, 0.0, 4e-3]
        city.entry_violence[8] = [0.0, 1e-3, 0.0, 2e-3, 0.0]

    assert struck(trade).neighbourhood[8].deaths_market == pytest.approx(1e-2)
    calmed = struck(both(trade, lambda city: city.city_state["guns"].__setitem__(0, 0.5)))
    calm = calm_of(calmed, params, 8)
    assert calmed.neighbourhood[8].deaths_market == pytest.approx(1e-2 * calm)
    assert calmed.hits[8, 4] == pytest.approx(4e-3 * calm)
    assert calmed.entry_violence[8, 3] == pytest.approx(2e-3 * calm)
    assert calm < 1


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (field("jobs", 0.8), lambda r: 0.8**-r.jobs_on_robberies),
        (lambda city: city.police["patrol"].__setitem__(8, 0.6), lambda r: math.exp(-0.6 * r.patrol_on_robberies)),
        (field("near_patrol", 0.6), lambda r: math.exp(0.6 * r.patrol_on_robberies * r.robbery_displacement_share)),
        (lever("public_space", 0.5), lambda r: 1 - 0.5 * r.public_space_on_robberies),
        (lever("improvement_district", 0.5), lambda r: 1 - 0.5 * r.district_on_disputes),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * 0.3 * r.trauma_on_disputes)),
    ],
    ids=["jobs", "patrol here", "patrol next door", "light", "a district", "strain"],
)
def test_robberies_answer_jobs_light_and_patrol_much_of_it_moved_next_door(struck, params, change, factor):
    np.testing.assert_allclose(struck().neighbourhood["robberies"], 1.0)
    neighbourhood = struck(change).neighbourhood
    assert neighbourhood[8].robberies == pytest.approx(factor(params.homicide[0]))
    assert neighbourhood[7].robberies == 1.0


def test_members_expected_to_die_are_those_expected_to_be_killed(struck):
    city = struck()
    gangs = city.neighbourhood["deaths_rivalry"].sum() + city.neighbourhood["deaths_discipline"].sum()
    assert city.gang["expected_dead"].sum() == pytest.approx(gangs)
    assert city.gang["expected_killings"].sum() == pytest.approx(gangs)


def test_a_dead_gang_attacks_nobody(quiet, hazard):
    quiet.memory[2, 0] = 5.0
    with_it, parts = hazard(quiet)
    assert parts[2] > 0
    quiet.gang[2].alive = 0
    without, parts = hazard(quiet)
    assert parts[2] == 0
    assert without < with_it


# Victims ------------------------------------------------------------------------------


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


def test_nobody_killed_is_nobody_dead(struck, params):
    for cause in (
        "rivalry_attack_rate",
        "dispute_killing_rate",
        "home_killing_rate",
        "police_killing_rate",
        "vigilante_killing_rate",
        "discipline_ratio",
    ):
        params.homicide[0][cause] = 0.0

    def trade(city):
        city.hits[:] = city.entry_violence[:] = 0.0

    city = struck(trade)
    assert city.neighbourhood["killed"].sum() == 0
    assert killings_expected(city.neighbourhood[8]) == 0


@pytest.fixture
def bloody(params):
    """Rates so high that a month of the small city sees scores of deaths of every kind."""
    param = params.homicide[0]
    param.dispute_killing_rate = 1e-2
    param.police_killing_rate = 4e-3
    param.rivalry_attack_rate = 2.0
    param.member_hazard_limit = 0.5
    return param


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


def test_youths_are_half_of_those_killed_in_the_street_and_all_of_those_killed_between_gangs(struck, params):
    param, neighbourhood = params.homicide[0], struck(lever("attack")).neighbourhood[8]
    assert neighbourhood.deaths_youth == pytest.approx(
        neighbourhood.deaths_rivalry
        + neighbourhood.deaths_discipline
        + 0.5 * neighbourhood.deaths_bystander
        + param.youth_share_disputes
        * (neighbourhood.deaths_dispute + neighbourhood.deaths_vigilante + neighbourhood.deaths_communal)
        + param.youth_share_police * neighbourhood.deaths_police
    )


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
    for cause in (
        "dispute_killing_rate",
        "police_killing_rate",
        "vigilante_killing_rate",
        "home_killing_rate",
        "discipline_ratio",
        "bystander_ratio",
    ):
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
    for cause in (
        "dispute_killing_rate",
        "police_killing_rate",
        "vigilante_killing_rate",
        "home_killing_rate",
        "discipline_ratio",
        "bystander_ratio",
    ):
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


def test_women_are_a_small_part_of_those_killed_in_the_street_and_most_at_home(struck, params):
    param, neighbourhood = params.homicide[0], struck(lever("attack")).neighbourhood[8]
    assert neighbourhood.deaths_communal > 0
    street = (
        neighbourhood.deaths_dispute
        + neighbourhood.deaths_bystander
        + neighbourhood.deaths_police
        + neighbourhood.deaths_vigilante
    )
    assert neighbourhood.deaths_female == pytest.approx(
        param.female_share_street * street
        + param.female_share_communal * neighbourhood.deaths_communal
        + param.female_share_home * neighbourhood.deaths_domestic
        + param.female_share_gang * (neighbourhood.deaths_rivalry + neighbourhood.deaths_discipline)
    )


def test_the_same_key_kills_the_same_people(bloody, struck):
    np.testing.assert_array_equal(struck().youth.status, struck().youth.status)
    assert (struck().youth.status != struck(t=240).youth.status).any()


def test_one_number_a_youth_and_month_decides(bloody, struck, quiet, seed):
    """Who draws a low number dies before who draws a high one."""
    city = struck()
    from sim.draws import VICTIM

    luck = uniforms(int(seed), VICTIM, 0, np.arange(quiet.youth.home.size))
    fresh = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
    assert luck[fresh].mean() < luck[~fresh].mean()
