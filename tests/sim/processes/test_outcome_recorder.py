"""What is written down: rates from hazards, the governance index and the gap."""

import numpy as np
import pytest

from sim.enumerations import AFTER_SCHOOL, MARKETS
from sim.outcomes import OUTCOMES, outcome_index
from sim.processes.outcome_recorder import update as update_outcome_recorder
from sim.processes.policy_delivery import killings_expected


@pytest.fixture
def at_rest(at_rest):
    """A city at rest in which as many officers were killed as were expected to be."""
    for field in ("deaths_police", "deaths_officers"):
        at_rest.neighbourhood[f"{field}_on_average"] = at_rest.neighbourhood[field]
    return at_rest


@pytest.fixture
def booked(at_rest, params, seed):
    """Record the month of a city, after a change, and return its outcomes by name: city, neighbourhoods."""

    def after(change=lambda city: None):
        change(at_rest)
        update_outcome_recorder(at_rest, params, seed, 0)
        return lambda name: (at_rest.city_outcome[outcome_index(name)], at_rest.outcome_values[:, outcome_index(name)])

    return after


def test_a_rate_is_a_years_killings_in_a_hundred_thousand(booked, at_rest):
    city, places = booked()("homicide_rate")
    killings = np.array([killings_expected(neighbourhood) for neighbourhood in at_rest.neighbourhood])
    np.testing.assert_allclose(places, 1.2e6 * killings / at_rest.neighbourhood["population"])
    assert city == pytest.approx(1.2e6 * killings.sum() / at_rest.neighbourhood["population"].sum())


def test_an_officer_killed_by_luck_moves_no_rate(booked, at_rest):
    before = booked()
    rates = {name: before(name)[1].copy() for name in ("homicide_rate", "police_killings", "officer_homicide_rate")}
    at_rest.neighbourhood["deaths_police"] += 3.0
    at_rest.neighbourhood["deaths_officers"] += 1.0
    after = booked()
    for name, rate in rates.items():
        np.testing.assert_allclose(after(name)[1], rate)


def test_killings_that_happened_are_counted_by_the_year(booked, at_rest):
    at_rest.neighbourhood["killed"] = np.arange(9.0)
    city, places = booked()("homicides")
    np.testing.assert_allclose(places, 12 * np.arange(9.0))
    assert city == pytest.approx(12 * 36)


def test_the_official_count_misses_police_killings_and_unreported_bodies(booked, at_rest):
    at_rest.neighbourhood["killed"] = 2.0
    at_rest.neighbourhood["deaths_police_on_average"] = 0.0
    at_rest.neighbourhood["reporting"] = 0.5
    booked_now = booked()
    assert booked_now("homicides_recorded")[0] == pytest.approx(0.9 * booked_now("homicides")[0])
    at_rest.neighbourhood["deaths_police_on_average"] = at_rest.neighbourhood["deaths_dispute"]
    booked_now = booked()
    assert booked_now("homicides_recorded")[0] < 0.9 * booked_now("homicides")[0]


def test_fewer_guns_mean_fewer_deaths_per_serious_event(booked, at_rest, params):
    """E15: for equal deaths there were more events, by the elasticity of lethality."""
    before = booked()("serious_assaults")[0]
    at_rest.city_state[0].guns = 0.5
    after = booked()("serious_assaults")[0]
    # Residents hit at least once: a per mille less than events, where events are as rare as here.
    assert after / before == pytest.approx(0.5 ** -params.homicide[0].gun_stock_on_lethality, rel=1e-3)
    param = booked(lambda city: city.city_state["guns"].fill(1.0))("homicide_rate")[0]
    assert before == pytest.approx(param / params.outcome_recorder[0].event_lethality, rel=1e-2)
    assert before < param / params.outcome_recorder[0].event_lethality


def test_the_governance_index_weighs_its_parts_as_declared(booked, at_rest, params):
    param = params.outcome_recorder[0]
    param.weight_protection, param.weight_territory, param.weight_closure, param.weight_order = 1.0, 0.0, 2.0, 0.5
    now = booked()
    parts = [now(part)[1] for part in ("extortion_share", "territory", "closure", "order")]
    expected = 100 * (parts[0] + 2 * parts[2] + 0.5 * parts[3]) / 3.5
    np.testing.assert_allclose(now("criminal_governance_index")[1], expected)


@pytest.mark.parametrize("weight", [0.0, 1e-9, 1.0, 3.0])
def test_the_governance_index_is_the_plain_mean_of_its_parts_under_equal_weights_even_of_nothing(booked, params, weight):
    for part in ("protection", "territory", "closure", "order"):
        params.outcome_recorder[0][f"weight_{part}"] = weight
    now = booked()
    parts = [now(part)[1] for part in ("extortion_share", "territory", "closure", "order")]
    np.testing.assert_allclose(now("criminal_governance_index")[1], 100.0 * np.mean(parts, axis=0))


def test_killings_a_head_of_a_group_are_at_most_one(booked, at_rest):
    """Where hardly a young man is left, the killings expected of a month would be many for each."""
    at_rest.neighbourhood["deaths_youth"] = 1.0
    at_rest.city_state[0].youths = 1.0
    at_rest.city_state[0].elderly = 1e-9
    now = booked()
    each = sum(map(killings_expected, at_rest.neighbourhood)) / at_rest.city_state[0].population
    assert now("ratio_young_men")[0] == pytest.approx(1.0 / each)
    assert now("ratio_elderly")[0] == pytest.approx(1.0 / each)


def test_homicide_is_no_part_of_criminal_governance(booked, at_rest):
    before = booked()("criminal_governance_index")[0]
    at_rest.neighbourhood["deaths_dispute"] *= 10
    assert booked()("criminal_governance_index")[0] == before


def test_the_gap_compares_the_fifths_fixed_at_month_0(booked, at_rest):
    at_rest.neighbourhood["fifth"] = [-1, 0, 0, 0, 0, 0, 0, 0, 1]
    expected = np.array(
        [killings_expected(neighbourhood) / neighbourhood.population for neighbourhood in at_rest.neighbourhood]
    )
    assert booked()("homicide_gap")[0] == pytest.approx(expected[8] / expected[0])
    at_rest.neighbourhood["fifth"] = 0
    assert booked()("homicide_gap")[0] == 1.0


def test_members_prisoners_and_recruits_are_residents(booked, at_rest, recount):
    at_rest.neighbourhood["recruits"] = 3.0
    now = booked()
    counted = recount(at_rest)
    np.testing.assert_allclose(now("gang_members")[1], counted.members.sum(axis=1) * at_rest.neighbourhood["weight"])
    np.testing.assert_allclose(now("prison_members")[1], counted.inmates.sum(axis=1) * at_rest.neighbourhood["weight"])
    assert now("recruits")[0] == pytest.approx(12 * 27)


def test_every_living_gang_is_counted_once(booked, at_rest):
    assert booked()("gangs")[0] == at_rest.gang["alive"].sum()


def test_the_same_rate_can_be_read_from_city_and_places(booked, at_rest):
    now = booked()
    for column, each in enumerate(OUTCOMES):
        city, places = now(each.name)
        assert places.shape == (9,)
        assert at_rest.city_outcome[column] == city


def test_an_independent_count_finds_part_of_what_is_not_recorded(mourned, params, seed):
    mourned.neighbourhood["killed"] = 1.0
    mourned.city_state[0].phones = 0.5
    update_outcome_recorder(mourned, params, seed, 0)
    column = [mourned.outcome_values[:, outcome_index(f"homicides{end}")] for end in ("_recorded", "_counted", "")]
    found = 0.5 * params.outcome_recorder[0].independent_count_share
    np.testing.assert_allclose(column[1] - column[0], found * (column[2] - column[0]))
    assert (column[0] < column[2]).any()


# Who dies ------------------------------------------------------------------------------


@pytest.fixture
def mourned(at_rest):
    """A city of known deaths: two a month in Ixley, one in Aldoo, in which some are few and some are poor."""
    for name in at_rest.neighbourhood.dtype.names:
        if name.startswith("deaths_"):
            at_rest.neighbourhood[name] = 0.0
    at_rest.neighbourhood["deaths_dispute"][8] = 1.5
    at_rest.neighbourhood["deaths_domestic"][8] = 0.5
    at_rest.neighbourhood["deaths_dispute"][0] = 1.0
    at_rest.neighbourhood["deaths_female"] = 0.25
    at_rest.neighbourhood["deaths_youth"] = 0.125
    return at_rest


def test_ratios_of_risk_are_killings_a_head_against_the_citys(booked, mourned, params):
    """I01, E30."""
    param, city_state, neighbourhood = params.outcome_recorder[0], mourned.city_state[0], mourned.neighbourhood
    each = 3.0 / city_state.population
    now = booked()
    assert now("ratio_female")[0] == pytest.approx(9 * 0.25 / (0.5 * city_state.population) / each)
    assert now("ratio_young_men")[0] == pytest.approx(0.93 * 9 * 0.125 / (0.5 * city_state.youths) / each)
    old = param.elderly_share_street * 2.5 + param.elderly_share_home * 0.5
    assert now("ratio_elderly")[0] == pytest.approx(old / (city_state.elderly * city_state.population) / each)
    assert now("ratio_displaced")[0] == 1.0, "nobody is displaced"
    poor = (neighbourhood["deprivation"] * neighbourhood["population"]).sum()
    of_poor = 2.0 * neighbourhood[8].deprivation + 1.0 * neighbourhood[0].deprivation
    assert now("ratio_marginalised")[0] == pytest.approx(of_poor / poor / each)
    assert now("ratio_marginalised")[0] > 1.0


def test_where_there_are_displaced_and_minorities_it_is_their_risk_that_is_told(booked, mourned, params):
    neighbourhood, city_state = mourned.neighbourhood, mourned.city_state[0]
    neighbourhood["displaced"][[0, 8]] = 0.1, 0.3
    neighbourhood["minority"][[0, 4]] = 0.5, 0.2
    each = 3.0 / city_state.population
    now = booked()
    fled = 0.1 * neighbourhood[0].population + 0.3 * neighbourhood[8].population
    of_fled = (0.1 * 1.0 + 0.3 * 2.0) * (1 + params.outcome_recorder[0].displaced_additional_risk)
    assert now("ratio_displaced")[0] == pytest.approx(of_fled / fled / each)
    few = 0.5 * neighbourhood[0].population + 0.2 * neighbourhood[4].population
    assert now("ratio_marginalised")[0] == pytest.approx(0.5 * 1.0 / few / each)


def test_where_nobody_is_killed_nobody_is_at_more_risk_than_others(booked, mourned):
    mourned.neighbourhood["deaths_dispute"] = mourned.neighbourhood["deaths_domestic"] = 0.0
    now = booked()
    for group in ("female", "young_men", "elderly", "displaced", "marginalised"):
        assert now(f"ratio_{group}")[0] == 1.0


def test_children_killed_are_told_by_the_year(booked, at_rest):
    at_rest.neighbourhood["killed_children"] = np.arange(9.0)
    assert booked()("children_killed")[0] == pytest.approx(12 * 36)


# Resilience, markets and gangs ------------------------------------------------------------------------------


def strong(share):
    return 1 / (1 + np.exp(-(share - 0.5) / 0.05))


def test_resilience_is_positive_where_state_and_community_are_strong_and_negative_where_neither_is(booked, at_rest):
    neighbourhood = at_rest.neighbourhood
    neighbourhood["state_legitimacy"][:3] = 0.9, 0.1, 0.9
    neighbourhood["police_legitimacy"][:3] = 0.9, 0.1, 0.9
    neighbourhood["services_now"][:3] = 0.9, 0.1, 0.9
    neighbourhood["collective_efficacy"][:3] = 0.9, 0.1, 0.1
    neighbourhood["bridging"][:3] = 0.9, 0.1, 0.1
    neighbourhood["governing"][:3] = 0.0, 0.9, 0.9
    now = booked()
    state = (neighbourhood["state_legitimacy"] + neighbourhood["police_legitimacy"] + neighbourhood["services_now"]) / 3
    community = (neighbourhood["collective_efficacy"] + neighbourhood["bridging"] + 1 - neighbourhood["governing"]) / 3
    np.testing.assert_allclose(now("state_connection")[1], state)
    np.testing.assert_allclose(now("community_strength")[1], community)
    np.testing.assert_allclose(now("high_resilience")[1], strong(state) * strong(community))
    np.testing.assert_allclose(now("low_resilience")[1], (1 - strong(state)) * (1 - strong(community)))
    assert now("high_resilience")[1][0] > 0.99
    assert now("low_resilience")[1][1] > 0.99
    assert now("high_resilience")[1][2] < 0.01 > now("low_resilience")[1][2]


def test_protest_follows_grievance_abuse_and_lost_trust_and_tips_follow_reports(booked, at_rest):
    now = booked()
    np.testing.assert_allclose(now("protest")[1], 1.0)
    np.testing.assert_allclose(now("tips")[1], 1.0)

    def change(city):
        city.city_state[0].grievance += 0.1
        city.police[8].abuse += 0.05
        city.neighbourhood[8].state_legitimacy -= 0.2
        city.neighbourhood[8].reporting *= 1.3

    now = booked(change)
    assert now("protest")[1][8] == pytest.approx(np.exp(2 * 0.15 + 0.2))
    assert now("protest")[1][7] == pytest.approx(np.exp(2 * 0.1))
    assert now("tips")[1][8] == pytest.approx(1.3)


def test_each_market_is_told_under_its_own_name(booked, at_rest):
    shape = at_rest.levied.shape
    at_rest.levied[:] = np.arange(45).reshape(shape) / 100
    at_rest.closure[:] = np.arange(45).reshape(shape) / 50
    at_rest.hits[:] = np.arange(45).reshape(shape) * 1e-4
    at_rest.entry_violence[:] = np.arange(45).reshape(shape) * 1e-5
    now, each = booked(), 1.2e6 / at_rest.neighbourhood["population"]
    for m, market in enumerate(MARKETS):
        np.testing.assert_allclose(now(f"{market}_levied")[1], at_rest.levied[:, m])
        np.testing.assert_allclose(now(f"{market}_closure")[1], at_rest.closure[:, m])
        np.testing.assert_allclose(now(f"{market}_hits")[1], at_rest.hits[:, m] * each)
        np.testing.assert_allclose(now(f"{market}_entry_violence")[1], at_rest.entry_violence[:, m] * each)


OF_THE_PLACE = {
    "connectedness": "connected",
    "gang_services": "gang_services",
    "unlicensed": "unlicensed",
    "housing_allocated_by_gangs": "allocated",
    "firm_entry": "firm_entry",
    "firm_exit": "firm_exit",
    "idle_share": "idle",
    "out_of_school": "out_of_school",
    "services": "services_now",
    "damage": "damage",
    "trauma": "trauma",
    "displaced": "displaced",
    "divided": "divided",
    "evictions": "evicted",
    "robberies": "robberies",
    "domestic_violence": "domestic",
    "female_members": "female_members",
    "places_at_risk": "places_at_risk",
}
OF_THE_CITY = {
    "police_alignment": "alignment",
    "linkage": "linkage",
    "laundered": "laundered",
    "bought_politics": "politics",
    "permit_bribes": "permit_bribes",
    "firearms": "guns",
    "integrity": "integrity",
}


def test_what_places_and_the_city_remember_is_told_as_it_is(booked, at_rest):
    for n, field in enumerate(OF_THE_PLACE.values()):
        at_rest.neighbourhood[field] = np.arange(9.0) / 20 + n / 100
    for n, field in enumerate(OF_THE_CITY.values()):
        at_rest.city_state[field] = 0.3 + n / 100
    now = booked()
    for name, field in OF_THE_PLACE.items():
        np.testing.assert_array_equal(now(name)[1], at_rest.neighbourhood[field], err_msg=name)
    for name, field in OF_THE_CITY.items():
        np.testing.assert_array_equal(now(name)[1], np.full(9, at_rest.city_state[0][field]), err_msg=name)


@pytest.mark.parametrize("name", ["prison_recruits", "female_exits", "recruits", "exits"])
def test_what_happens_in_a_month_is_told_by_the_year(booked, at_rest, name):
    at_rest.neighbourhood[name] = np.arange(9.0)
    assert booked()(name)[0] == pytest.approx(12 * 36)


def test_behind_walls_live_who_bought_levied_for_or_drew_them(booked, at_rest):
    at_rest.neighbourhood["divided"][[3, 4]] = 0.2, 0.2
    at_rest.levers["improvement_district"][[4, 5]] = 0.5, 0.7
    np.testing.assert_allclose(booked()("enclaves")[1], [1, 0, 0, 0.2, 0.5, 0.7, 0, 0, 0])


def test_ideological_members_cohesion_and_splits(booked, at_rest):
    at_rest.gang["ideological"] = 0
    at_rest.gang[1].ideological = 1
    at_rest.city_state[0].splits_now = 2.0
    now = booked()
    members = at_rest.members * at_rest.neighbourhood["weight"][:, None]
    np.testing.assert_allclose(now("ideological_members")[1], members[:, 1])
    weights = at_rest.gang["members"]
    assert now("gang_cohesion")[0] == pytest.approx((at_rest.gang["cohesion"] * weights).sum() / weights.sum())
    assert now("gang_arms")[0] == pytest.approx((at_rest.gang["weapons"] * weights).sum() / weights.sum())
    assert now("splits")[0] == pytest.approx(24.0)


def test_violence_at_venues_follows_hours_guards_and_trade(booked, at_rest, params):
    param = params.homicide[0]
    assert booked()("venue_violence")[0] == pytest.approx(1.0)
    at_rest.levers["liquor_hours"][8] = 0.5
    at_rest.levers["security_rules"][8] = 0.5
    at_rest.neighbourhood["business"][8] = 0.8
    expected = (1 - 0.5 * param.liquor_hours_on_disputes) * (1 - param.security_rules_on_disputes) * 0.9
    assert booked()("venue_violence")[1][8] == pytest.approx(expected)


def test_violence_at_school_falls_with_places_after_it_and_rises_with_the_streets(booked, at_rest):
    at_rest.neighbourhood["school_places"] = 0.0
    np.testing.assert_allclose(booked()("school_violence")[1], 1.0)
    neighbourhood = at_rest.neighbourhood[8]
    neighbourhood.school_places = 0.15 * (neighbourhood.last - neighbourhood.first) * neighbourhood.weight
    neighbourhood.violence = 3.0 * neighbourhood.violence_reference
    assert booked()("school_violence")[1][8] == pytest.approx((1 - 0.125) * 2.0**0.3)
    at_rest.place_effect[8, AFTER_SCHOOL] = 0.2  # as many places, that do less
    assert booked()("school_violence")[1][8] == pytest.approx((1 - 0.2 * 0.125) * 2.0**0.3)


def test_complaints_come_where_they_are_heard(booked, at_rest, params):
    """P-E9."""
    before = booked()("complaints")[1][8]
    at_rest.levers["police_oversight"][8] = 0.5
    assert booked()("complaints")[1][8] / before == pytest.approx(
        1 + 0.5 * params.outcome_recorder[0].oversight_on_complaints
    )
