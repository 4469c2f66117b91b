"""Who dies, and why: hazards by hand, factors one by one, memory that answers, and bodies that agree with hazards."""

import math

import numpy as np
import pytest

from sim.draws import uniforms
from sim.processes.calendar import killings_expected, look_around
from sim.processes.identity import communal_killing
from sim.processes.lifecourse import age_in_years, most_prone
from sim.processes.rivalry import answers, calm_of, discipline_hazard, lethality, remember, rivalry_hazard
from sim.processes.violence import _sum_exposure, exposure, strike
from sim.state import DEAD, FORMAL, FREE, NEITHER, NO_GANG, copy_city


@pytest.fixture
def quiet(at_rest):
    """A city at rest without memory, grievance, lost leaders or answers in the street."""
    look_around(at_rest)
    at_rest.memory[:] = 0.0
    at_rest.place["street"] = 0.0
    at_rest.place["disputes_lost"] = 0.0
    at_rest.trained[:] = 0.0
    for field in ("succession", "pact", "grievance"):
        at_rest.gang[field] = 0.0
    at_rest.gang["arms"] = 0.5
    at_rest.gang["money_reference"] = at_rest.gang["money"]
    at_rest.rivalry[:] = at_rest.rivalry_anchor
    at_rest.youth.training_effect[:] = 0.0
    at_rest.gang["alive"][4:] = 0
    at_rest.presence[:] = 0.0
    at_rest.presence[8, :3] = 40.0, 25.0, 10.0
    return at_rest


@pytest.fixture
def hazard(rates):
    def of(city, victim=0, i=8):
        parts = np.zeros(city.gang.size)
        return rivalry_hazard(city, rates, i, victim, calm_of(city, rates, i), parts), parts

    return of


# Rivalry and retaliation ------------------------------------------------------------------------------


def test_a_members_hazard_by_rivals_by_hand(quiet, rates, hazard):
    rate = rates.violence[0]
    quiet.gang["arms"][:3] = 0.5, 0.9, 0.3
    quiet.gang[1].succession = 0.4
    quiet.gang[0].grievance = 0.2
    quiet.rivalry[1, 0] = 1.3
    present = 75.0 + 2.0 * quiet.place[8].population / 980.0
    burst = 1 + 0.2 * rate.breach_burst
    first = 1.3 * 2 * 25 / present * (0.5 + 0.9) * (1 + 0.4 * rate.succession_violence) * burst
    second = 1.0 * 2 * 10 / present * (0.5 + 0.3) * burst
    total = rate.rivalry * (first + second)
    reached, parts = hazard(quiet)
    np.testing.assert_allclose(parts[:4], [0.0, rate.rivalry * first, rate.rivalry * second, 0.0])
    assert reached == pytest.approx(rate.hazard_cap * (1 - math.exp(-total / rate.hazard_cap)))


def test_a_members_risk_does_not_change_with_the_scale_of_the_city(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[:] *= 7.0
    quiet.place["population"] *= 7.0
    after, _ = hazard(quiet)
    assert after == pytest.approx(before, rel=1e-12)


def test_a_further_gang_with_one_resident_adds_almost_nothing(quiet, hazard):
    before, _ = hazard(quiet)
    quiet.presence[8, 3] = 1.0
    after, _ = hazard(quiet)
    assert 1.0 < after / before < 1.05


def test_a_hazard_saturates_at_its_cap(quiet, rates, hazard):
    rates.violence[0].rivalry = 50.0
    reached, _ = hazard(quiet)
    assert reached == pytest.approx(rates.violence[0].hazard_cap)


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (lambda city: city.levers["truce"].__setitem__(8, 1.0), lambda rate, city: 1 - rate.truce_on_attacks),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 1.0),
            lambda rate, city: 1 - rate.interrupters_on_attacks * city.place[8].credibility,
        ),
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 1.0),
            lambda rate, city: 1 - rate.focused_on_attacks * (0.5 + 0.5 * min(1.0, city.town[0].integrity / 0.6)),
        ),
        (
            lambda city: city.levers["group_transformation"].__setitem__(8, 0.8),
            lambda rate, city: 1 - 0.8 * rate.transform_on_attacks * (0.5 + 0.5 * city.place[8].credibility),
        ),
        (lambda city: city.levers["raid"].__setitem__(8, 0.5), lambda rate, city: 1 + 0.5 * rate.raid_on_attacks),
        (
            lambda city: city.levers["military_deployment"].__setitem__(8, 0.5),
            lambda rate, city: math.exp(-0.5 * rate.soldiers_effect),
        ),
        (
            lambda city: city.place["care"].__setitem__(8, city.town[0].care_anchor + 0.2),
            lambda rate, city: math.exp(-0.2 * rate.care_on_lethality),
        ),
        (lambda city: city.gang["pact"].__setitem__(0, 1.0), lambda rate, city: 1 - rate.pact_on_attacks),
        (lambda city: city.police["patrol"].__setitem__(8, 1.0), lambda rate, city: math.exp(-rate.patrol_effect)),
        (lambda city: city.town["guns"].__setitem__(0, 0.8), lambda rate, city: 0.8**rate.gun_elasticity),
        (
            lambda city: city.place["certainty"].__setitem__(8, math.log(1.5)),
            lambda rate, city: 1.5**-rate.deterrence_elasticity,
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
def test_what_calms_or_stirs_attacks_does_so_by_its_factor(quiet, rates, hazard, pull, factor):
    rate = rates.violence[0]
    rate.hazard_cap = 1e3
    before, _ = hazard(quiet)
    quiet_elsewhere = hazard(quiet, i=7)[0]
    pull(quiet)
    after, _ = hazard(quiet)
    assert after / before == pytest.approx(factor(rate, quiet), rel=1e-5)
    assert quiet_elsewhere == 0.0


def test_patrol_next_door_moves_some_violence_here_and_calms_some(quiet, rates):
    rate = rates.violence[0]
    quiet.place[8].near_patrol = 1.0
    moved = rate.patrol_effect * rate.patrol_displaced - rate.patrol_diffusion
    assert calm_of(quiet, rates, 8) == pytest.approx(math.exp(moved))


def test_memory_is_borne_evenly_by_the_members_of_the_gang_that_will_be_answered(quiet, rates, hazard):
    rates.violence[0].hazard_cap = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    after, parts = hazard(quiet)
    assert after - before == pytest.approx(0.02, rel=1e-4)
    assert parts[1] > 0.02
    quiet.levers[8].truce = 1.0
    held, _ = hazard(quiet)
    rate = rates.violence[0]
    assert held == pytest.approx(0.02 * (1 - rate.truce_on_answers) + before * (1 - rate.truce_on_attacks), rel=1e-4)


def test_a_gang_with_hardly_anyone_left_answers_hardly_at_all(quiet, rates, hazard):
    rates.violence[0].hazard_cap = 1e3
    before, _ = hazard(quiet)
    quiet.memory[1, 0] = 0.02 * quiet.gang[0].members
    quiet.gang[1].members = 0.3
    after, _ = hazard(quiet)
    assert after - before == pytest.approx(0.002, rel=1e-3)


def test_one_killing_is_answered_as_often_as_the_branching_ratio_says(quiet, rates):
    """The memory of one killing, summed over the months in which it can be answered, is its branching ratio."""
    rate = rates.violence[0]
    rate.memory_cap = 1e9
    branching = rate.branching_cap * (1 - math.exp(-rate.branching / rate.branching_cap))
    assert branching < 1
    quiet.killings[:] = 0.0
    quiet.killings[0, 1] = branching
    answers = []
    for _ in range(400):
        remember(quiet, rates)
        quiet.killings[:] = 0.0
        answers.append(quiet.memory[0, 1])
    assert sum(answers) == pytest.approx(branching, rel=1e-9)
    mean_wait = sum(month * answer for month, answer in enumerate(answers, 1)) / branching
    assert rate.memory_months < mean_wait < rate.memory_months + 1
    assert quiet.memory[1, 0] == 0.0


def test_memory_is_bounded_by_what_a_gang_can_suffer(quiet, rates):
    quiet.killings[:] = 1e6
    remember(quiet, rates)
    bound = rates.violence[0].memory_cap * (quiet.gang["members"] + 1.0)
    np.testing.assert_allclose(quiet.memory, np.broadcast_to(bound, quiet.memory.shape))


@pytest.mark.parametrize(
    ("pull", "factor"),
    [
        (
            lambda city: city.levers["focused_deterrence"].__setitem__(8, 0.6),
            lambda rate, city: 1 - 0.6 * rate.focused_on_answers * (0.5 + 0.5 * min(1.0, city.town[0].integrity / 0.6)),
        ),
        (
            lambda city: city.levers["violence_interruption"].__setitem__(8, 0.6),
            lambda rate, city: 1 - 0.6 * rate.interrupters_on_answers * city.place[8].credibility,
        ),
        (
            lambda city: city.levers["women_mediators"].__setitem__(8, 0.6),
            lambda rate, city: 1 - 0.6 * rate.women_on_answers * (0.5 + 0.5 * city.place[8].credibility),
        ),
    ],
    ids=["focused deterrence", "interrupters", "women mediators"],
)
def test_who_steps_in_between_leaves_fewer_killings_answered(quiet, rates, pull, factor):
    rate = rates.violence[0]
    plain = answers(quiet, rates, 8)
    assert plain == pytest.approx(rate.branching_cap * (1 - math.exp(-rate.branching / rate.branching_cap)))
    pull(quiet)
    assert answers(quiet, rates, 8) / plain == pytest.approx(factor(rate, quiet))
    assert answers(quiet, rates, 7) == plain


def test_lethality_by_hand(quiet, rates):
    """E15: guns kill, care saves."""
    rate = rates.violence[0]
    assert lethality(quiet, rates, 8) == 1.0
    quiet.town[0].guns = 1.4
    quiet.place[8].care = quiet.town[0].care_anchor - 0.25
    assert lethality(quiet, rates, 8) == pytest.approx(1.4**rate.gun_elasticity * math.exp(0.25 * rate.care_on_lethality))


def test_discipline_by_hand(rates, quiet):
    rate, gang = rates.violence[0], quiet.gang[0]
    gang.cohesion = 0.7
    ordinary = 0.0004
    calm = 0.5 * ordinary * rate.discipline
    assert discipline_hazard(rate, gang, ordinary) == pytest.approx(calm)
    assert discipline_hazard(rate, gang, 2.0 * ordinary) == pytest.approx(2.0 * calm)
    assert discipline_hazard(rate, gang, 0.0) == 0.0
    gang.succession = 0.6
    led = rate.discipline + 0.6 * rate.infighting
    assert discipline_hazard(rate, gang, ordinary) == pytest.approx(0.5 * ordinary * led)
    gang.succession = 0.0
    gang.money_reference = 1.0
    gang.money = 3.0
    grown = 1 + 0.5 * rate.money_infighting * math.log(2.0)
    assert discipline_hazard(rate, gang, ordinary) == pytest.approx(calm * grown)
    gang.money = 0.1
    assert discipline_hazard(rate, gang, ordinary) == pytest.approx(calm)


# Expected killings by cause ------------------------------------------------------------------------------


@pytest.fixture
def struck(quiet, rates, seed):
    """Strike a copy of the quiet city, after a change, and return it."""

    def after(change=lambda city: None, t=0):
        city = copy_city(quiet)
        change(city)
        strike(city, rates, seed, t)
        return city

    return after


def test_disputes_of_a_place_at_rest_by_hand(struck, rates):
    rate, place = rates.violence[0], struck().place[7]
    expected = (
        rate.disputes
        * place.population
        * math.exp(
            rate.dispute_deprivation * (place.deprivation - 0.5)
            + rate.dispute_disorganisation * (place.disorganisation - 0.5)
        )
    )
    assert place.deaths_dispute == pytest.approx(expected, rel=1e-12)


def test_an_enclave_buys_some_safety(struck, rates):
    def open_the_gate(city):
        city.place["enclave"] = 0.0

    ratio = struck().place[0].deaths_dispute / struck(open_the_gate).place[0].deaths_dispute
    assert ratio == pytest.approx(1 - rates.violence[0].enclave_security)


def lever(name, dose=1.0, i=8):
    return lambda city: city.levers[name].__setitem__(i, dose)


def field(name, value, i=8):
    return lambda city: city.place[name].__setitem__(i, value)


def both(*changes):
    def change(city):
        for each in changes:
            each(city)

    return change


DISPUTES = {
    "earlier closing (P-R3)": (lever("liquor_hours", 0.5), lambda r, c: 1 - 0.5 * r.closing_on_disputes),
    "light and clean streets (P-R9)": (lever("public_space", 0.5), lambda r, c: 1 - 0.5 * r.public_space_on_disputes),
    "certified guards (P-R5)": (lever("security_rules", 0.5), lambda r, c: 1 - 0.5 * r.security_on_venues),
    "women mediators (P-G6)": (
        lever("women_mediators", 0.5),
        lambda r, c: 1 - 0.5 * r.women_on_disputes * (0.5 + 0.5 * c.place[8].credibility),
    ),
    "a district (P-G3)": (lever("improvement_district", 0.5), lambda r, c: 1 - 0.5 * r.district_on_disputes),
    "a district that gives away guards and has a part in all (P-G9)": (
        both(lever("improvement_district", 0.5), lever("shared_security_compact", 0.4)),
        lambda r, c: (
            1 - 0.5 * r.district_on_disputes * (1 - 0.3 * 0.4) - 0.4 * r.compact_on_disputes * c.town[0].bubbles * 0.5
        ),
    ),
    "shared guards outside walls (P-G9)": (
        lever("shared_security_compact", 0.4),
        lambda r, c: 1 - 0.4 * r.compact_on_disputes * c.town[0].bubbles,
    ),
    "a district next door (E18)": (field("near_district", 0.5), lambda r, c: math.exp(0.5 * r.bubbles_displace)),
    "a district next door with certified guards (P-R5)": (
        both(field("near_district", 0.5), lever("security_rules")),
        lambda r, c: math.exp(0.5 * r.bubbles_displace * (1 - r.security_on_bubbles)) * (1 - r.security_on_venues),
    ),
    "a district next door that shares (P-G9)": (
        both(field("near_district", 0.5), lever("shared_security_compact")),
        lambda r, c: 1 - r.compact_on_disputes * c.town[0].bubbles,
    ),
    "trauma (E03)": (field("trauma", 0.3), lambda r, c: math.exp(0.3 * r.trauma_on_disputes)),
    "newcomers whom nobody lets in (E04)": (field("displaced", 0.1), lambda r, c: math.exp(0.1 * r.unsettled_on_disputes)),
    "group lines (E33)": (field("divided", 0.3), lambda r, c: math.exp(0.3 * r.divided_on_disputes)),
    "soldiers (P-E7)": (lever("military_deployment", 0.5), lambda r, c: math.exp(-0.5 * r.soldiers_effect)),
    "less emergency care (E15)": (
        lambda city: city.place["care"].__setitem__(8, city.town[0].care_anchor - 0.2),
        lambda r, c: math.exp(0.2 * r.care_on_lethality),
    ),
}


@pytest.mark.parametrize("says", DISPUTES)
def test_disputes_answer_each_thing_by_its_factor_in_the_place(struck, rates, says):
    change, factor = DISPUTES[says]
    plain, changed = struck(), struck(change)
    ratio = changed.place[8].deaths_dispute / plain.place[8].deaths_dispute
    assert ratio == pytest.approx(factor(rates.violence[0], changed))
    assert changed.place[7].deaths_dispute == plain.place[7].deaths_dispute


@pytest.mark.parametrize("name", ["liquor_hours", "public_space", "improvement_district", "mothers_groups", "safe_spaces"])
def test_what_calms_disputes_or_homes_leaves_gangs_alone(struck, name):
    assert struck(lever(name)).place[8].deaths_rivalry == struck().place[8].deaths_rivalry


def test_efficacy_calms_disputes_and_fear_makes_them_deadly(struck, rates):
    rate = rates.violence[0]

    def change(city):
        city.place[8].collective_efficacy += 0.1
        city.place[8].fear += 0.2

    ratio = struck(change).place[8].deaths_dispute / struck().place[8].deaths_dispute
    assert ratio == pytest.approx(math.exp(-0.1 * rate.dispute_efficacy + 0.2 * rate.dispute_fear))


def test_fewer_guns_mean_fewer_deaths_per_equal_events(struck, rates):
    """E15: the same quarrels, in the street and at home, kill less; nothing else of them changes."""
    rate, plain = rates.violence[0], struck()
    fewer = struck(lambda city: city.town["guns"].__setitem__(0, 0.7))
    for cause in ("dispute", "domestic", "rivalry"):
        ratio = fewer.place[8][f"deaths_{cause}"] / plain.place[8][f"deaths_{cause}"]
        assert ratio == pytest.approx(0.7**rate.gun_elasticity, rel=0.01), cause
    assert fewer.place[8].domestic == plain.place[8].domestic


def test_bystanders_die_in_proportion_to_gang_killings(struck, rates):
    place = struck().place
    assert place["deaths_rivalry"].sum() > 0
    np.testing.assert_allclose(place["deaths_bystander"], rates.violence[0].bystanders * place["deaths_rivalry"])


def test_killings_at_home_follow_deprivation_and_jobs(struck, rates):
    rate, place = rates.violence[0], struck().place[6]
    expected = rate.domestic * place.population * math.exp(1.5 * (place.deprivation - 0.5))
    assert place.deaths_domestic == pytest.approx(expected)
    poorer = struck(lambda city: city.place["jobs"].__setitem__(6, 0.64))
    assert poorer.place[6].deaths_domestic / place.deaths_domestic == pytest.approx(0.64**-0.5)


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (
            lambda city: city.place["services_now"].__setitem__(8, city.place[8].services - 0.1),
            lambda r: math.exp(0.1 * r.domestic_services),
        ),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * r.domestic_trauma)),
        (lever("mothers_groups", 0.5), lambda r: 1 - 0.5 * r.mothers_on_home),
        (lever("safe_spaces", 0.5), lambda r: 1 - 0.5 * r.safe_on_home),
    ],
    ids=["scarce services", "trauma", "mothers' groups", "safe spaces"],
)
def test_homes_answer_what_strains_and_what_shelters_them(struck, rates, change, factor):
    """E17: violence at home and the killings in it alike."""
    plain, changed = struck().place[8], struck(change).place[8]
    assert changed.domestic / plain.domestic == pytest.approx(factor(rates.violence[0]))
    assert changed.deaths_domestic / plain.deaths_domestic == pytest.approx(factor(rates.violence[0]))


def test_fear_strains_homes(struck, rates):
    change = struck(lambda city: city.place["fear"].__setitem__(8, city.place[8].fear_anchor + 0.2)).place[8]
    assert change.domestic / struck().place[8].domestic == pytest.approx(math.exp(0.2 * rates.violence[0].domestic_fear))


def test_an_abusive_force_kills_in_proportion(struck, rates):
    plain, abusive = struck(), struck(lambda city: city.police["abuse"].__setitem__(8, 2 * city.police["abuse"][8]))
    assert abusive.place[8].deaths_police / plain.place[8].deaths_police == pytest.approx(2.0)
    place = plain.place[3]
    expected = rates.violence[0].police_killings * place.population * plain.police[3].abuse / 0.25
    assert place.deaths_police == pytest.approx(expected * (0.3 + place.deprivation))


def test_raids_and_soldiers_kill(struck, rates):
    rate, plain = rates.violence[0], struck().place[8].deaths_police
    raided = struck(both(lever("raid", 0.5), lever("military_deployment", 0.4))).place[8].deaths_police
    assert raided / plain == pytest.approx(1 + 0.5 * rate.raid_on_police + 0.4 * rate.soldiers_on_police)


def test_killings_by_vigilantes_by_hand(struck, rates):
    """Fear and distrust of the police make residents take the law."""
    rate, place = rates.violence[0], struck().place[8]
    base = rate.vigilantes * place.population * (0.3 + place.deprivation)
    assert place.deaths_vigilante == pytest.approx(base)

    def change(city):
        city.place[8].fear += 0.1
        city.place[8].police_legitimacy -= 0.2

    afraid = struck(change).place[8].deaths_vigilante
    assert afraid == pytest.approx(base * math.exp(0.1 * rate.vigilantes_fear + 0.2 * rate.vigilantes_trust))


def test_attacks_kill_by_their_size_and_sparks_along_group_lines(struck, rates):
    """E03, E33."""
    rate = rates.violence[0]
    assert not struck().place["deaths_communal"].any()
    place = struck(lever("attack", 0.5)).place
    assert place[8].deaths_communal == pytest.approx(0.5 * rate.attack_deaths * place[8].population)
    assert place[7].deaths_communal == 0.0

    def spark(city):
        city.levers["contested_election"][8] = 0.5
        city.place["edge"][8] = 0.4
        city.town[0].segregation = 0.6

    city = struck(spark)
    assert city.place[8].deaths_communal > 0
    assert city.place[8].deaths_communal == pytest.approx(communal_killing(city, rates, 8))


def test_killings_over_markets_are_the_hits_and_the_entries_calmed_as_the_street_is(struck, rates):
    """E06."""

    def trade(city):
        city.hits[8] = [1e-3, 2e-3, 0.0, 0.0, 4e-3]
        city.entry_violence[8] = [0.0, 1e-3, 0.0, 2e-3, 0.0]

    assert struck(trade).place[8].deaths_market == pytest.approx(1e-2)
    calmed = struck(both(trade, lambda city: city.town["guns"].__setitem__(0, 0.5)))
    calm = calm_of(calmed, rates, 8)
    assert calmed.place[8].deaths_market == pytest.approx(1e-2 * calm)
    assert calmed.hits[8, 4] == pytest.approx(4e-3 * calm)
    assert calmed.entry_violence[8, 3] == pytest.approx(2e-3 * calm)
    assert calm < 1


@pytest.mark.parametrize(
    ("change", "factor"),
    [
        (field("jobs", 0.8), lambda r: 0.8**-r.robberies_jobs),
        (lambda city: city.police["patrol"].__setitem__(8, 0.6), lambda r: math.exp(-0.6 * r.robberies_patrol)),
        (field("near_patrol", 0.6), lambda r: math.exp(0.6 * r.robberies_patrol * r.robberies_displaced)),
        (lever("public_space", 0.5), lambda r: 1 - 0.5 * r.public_space_on_robberies),
        (lever("improvement_district", 0.5), lambda r: 1 - 0.5 * r.district_on_disputes),
        (field("trauma", 0.3), lambda r: math.exp(0.3 * 0.3 * r.trauma_on_disputes)),
    ],
    ids=["jobs", "patrol here", "patrol next door", "light", "a district", "strain"],
)
def test_robberies_answer_jobs_light_and_patrol_much_of_it_moved_next_door(struck, rates, change, factor):
    np.testing.assert_allclose(struck().place["robberies"], 1.0)
    place = struck(change).place
    assert place[8].robberies == pytest.approx(factor(rates.violence[0]))
    assert place[7].robberies == 1.0


def test_members_expected_to_die_are_those_expected_to_be_killed(struck):
    city = struck()
    gangs = city.place["deaths_rivalry"].sum() + city.place["deaths_discipline"].sum()
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


def by_brute_force(city, rate, i, t):
    youth, place = city.youth, city.place[i]
    return sum(
        exposure(rate, youth.proneness[r], youth.activity[r], youth.gang[r], age_in_years(youth.phase[r], t))
        for r in range(place.first, place.last)
        if youth.status[r] == FREE
    )


@pytest.mark.parametrize("t", [0, 1, 59, 60, 61, 119, 239, 240, -7])
def test_the_fast_sum_of_exposure_is_the_plain_sum(quiet, rates, t):
    for i in (0, 4, 8):
        total, bound = _sum_exposure(quiet, rates, t, i)
        assert total == pytest.approx(by_brute_force(quiet, rates.violence[0], i, t), rel=1e-9)
        assert bound == pytest.approx(most_prone(rates) * 1.25 * rates.violence[0].member_weight)


def test_exposure_by_hand(rates):
    rate = rates.violence[0]
    assert exposure(rate, 1.0, FORMAL, NO_GANG, 20.0) == 1.0
    assert exposure(rate, 0.8, NEITHER, 2, 20.0) == pytest.approx(0.8 * 1.25 * rate.member_weight)
    assert exposure(rate, 1.0, FORMAL, NO_GANG, 14.9) == rate.young_weight


def test_nobody_killed_is_nobody_dead(struck, rates):
    for cause in ("rivalry", "disputes", "domestic", "police_killings", "vigilantes", "discipline"):
        rates.violence[0][cause] = 0.0

    def trade(city):
        city.hits[:] = city.entry_violence[:] = 0.0

    city = struck(trade)
    assert city.place["killed"].sum() == 0
    assert killings_expected(city.place[8]) == 0


@pytest.fixture
def bloody(rates):
    """Rates so high that a month of the small city sees scores of deaths of every kind."""
    rate = rates.violence[0]
    rate.disputes = 1e-2
    rate.police_killings = 4e-3
    rate.rivalry = 2.0
    rate.hazard_cap = 0.5
    return rate


def test_every_body_is_counted_once(bloody, struck, quiet):
    city = struck()
    fresh = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
    assert fresh.sum() > 5
    rows = np.bincount(city.youth.home[fresh], minlength=9) * city.place["weight"]
    rest = city.place["killed"] - rows
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
        gaps.append(city.place["killed"].sum() - sum(killings_expected(place) for place in city.place))
    gaps = np.array(gaps)
    assert abs(gaps.mean() / (gaps.std(ddof=1) / math.sqrt(gaps.size))) < 4


def test_whoever_dies_in_a_calmer_month_dies_in_a_deadlier_one(bloody, struck, quiet):
    bloody.closing_on_disputes = 0.9
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
        weights = city.place["weight"][city.youth.home[fresh]]
        assert city.place["killed_children"].sum() == pytest.approx(weights[ages < 18].sum())
        killed += (ages < 18).sum()
    assert killed > 10


def test_youths_are_half_of_those_killed_in_the_street_and_all_of_those_killed_between_gangs(struck, rates):
    rate, place = rates.violence[0], struck(lever("attack")).place[8]
    assert place.deaths_youth == pytest.approx(
        place.deaths_rivalry
        + place.deaths_discipline
        + 0.5 * place.deaths_bystander
        + rate.youth_share * (place.deaths_dispute + place.deaths_vigilante + place.deaths_communal)
        + rate.youth_share_police * place.deaths_police
    )


def test_girls_and_children_under_fifteen_die_less_often(bloody, struck, quiet):
    bloody.rivalry = 0.0
    died = np.zeros(quiet.youth.home.size)
    for t in range(30):
        died += struck(t=240 * t).youth.status == DEAD
    ages = np.array([age_in_years(phase, 0) for phase in quiet.youth.phase])
    assert died[quiet.youth.female == 1].mean() < 0.5 * died[quiet.youth.female == 0].mean()
    assert died[ages < 15].mean() < 0.5 * died[ages >= 15].mean()


def test_a_killing_between_gangs_will_be_answered_by_the_victims_gang(bloody, struck, quiet, rates):
    quiet.place["weight"] = 1.0
    for cause in ("disputes", "police_killings", "vigilantes", "domestic", "discipline", "bystanders"):
        bloody[cause] = 0.0
    city = struck()
    fresh = np.flatnonzero((city.youth.status == DEAD) & (quiet.youth.status != DEAD) & (quiet.youth.gang >= 0))
    assert fresh.size > 0
    branching = bloody.branching_cap * (1 - math.exp(-bloody.branching / bloody.branching_cap))
    lost = np.zeros(quiet.gang.size)
    np.add.at(lost, quiet.youth.gang[fresh], quiet.place["weight"][quiet.youth.home[fresh]])
    np.testing.assert_allclose(city.killings.sum(axis=1)[:4], branching * lost[:4])
    assert (np.diag(city.killings) == 0).all()


def test_rows_that_stand_for_many_draw_as_many_answers_as_single_youths_would(bloody, struck, quiet):
    branching = bloody.branching_cap * (1 - math.exp(-bloody.branching / bloody.branching_cap))
    assert quiet.place["weight"].min() > 4
    gaps = []
    for t in range(60):
        city = struck(t=240 * t)
        gaps.append(city.killings.sum() - branching * city.place["deaths_rivalry"].sum())
    gaps = np.array(gaps)
    assert gaps.std() > 0
    assert abs(gaps.mean() / (gaps.std(ddof=1) / math.sqrt(gaps.size))) < 4


def test_interrupters_calm_answers_where_the_victim_lived(bloody, struck, quiet):
    for cause in ("disputes", "police_killings", "vigilantes", "domestic", "discipline", "bystanders"):
        bloody[cause] = 0.0
    bloody.interrupters_on_attacks = 0.0

    def send(city):
        city.levers["violence_interruption"] = 1.0
        city.place["credibility"] = 0.5

    ratio = struck(send).killings.sum() / struck().killings.sum()
    assert ratio == pytest.approx(1 - 0.5 * bloody.interrupters_on_answers)


def test_a_dispute_is_answered_in_its_street_by_its_share(quiet, rates, seed):
    """Answers to the killings of one month, summed over all later ones, are the street's branching ratio of them."""
    rate = rates.violence[0]
    city = copy_city(quiet)
    city.place["weight"] = 1.0
    rate.disputes = 2e-4
    strike(city, rates, seed, 0)
    first = city.place["street"].sum()
    fade = math.exp(-1 / rate.street_months)
    answered = first / (1 - fade) / rate.street_branching
    killed = city.place["killed"].sum()
    assert 0.5 * killed < answered <= killed * (1 + 1e-9)


def test_women_are_a_small_part_of_those_killed_in_the_street_and_most_at_home(struck, rates):
    rate, place = rates.violence[0], struck(lever("attack")).place[8]
    assert place.deaths_communal > 0
    street = place.deaths_dispute + place.deaths_bystander + place.deaths_police + place.deaths_vigilante
    assert place.deaths_female == pytest.approx(
        rate.female_share_street * street
        + rate.female_share_communal * place.deaths_communal
        + rate.female_share_home * place.deaths_domestic
        + rate.female_share_gang * (place.deaths_rivalry + place.deaths_discipline)
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
