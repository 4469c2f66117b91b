"""Illicit markets organise, are levied by who holds the turf, and close; rules help early and are fought late (E06, E25)."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.enumerations import MARKET_TRANSPORT, MARKET_VENUES, MARKETS
from sim.processes.markets import entry_conflict
from sim.processes.markets import update as update_markets
from sim.state import copy_city

RULES = {MARKET_TRANSPORT: "transport_rules", MARKET_VENUES: "venue_rules"}


def logistic(x):
    return 1 / (1 + math.exp(-x))


def logit(p):
    return math.log(p / (1 - p))


@pytest.fixture
def held(at_rest):
    """A city at rest whose markets are half organised, and Ixley in good part in one gang's hands."""
    at_rest.organised[:] = at_rest.organised_anchor[:] = 0.5
    at_rest.neighbourhood["unlicensed"] = 0.2
    neighbourhood = at_rest.neighbourhood[8]
    neighbourhood.controlled = 0.6
    neighbourhood.domination = 0.4
    return at_rest


@pytest.fixture
def traded(held, params, seed):
    """A copy of the city after a change and a month of trade."""

    def after(change=lambda city: None, months=1):
        city = copy_city(held)
        change(city)
        for t in range(months):
            update_markets(city, params, seed, t)
        return city

    return after


def organised(level, market=MARKET_TRANSPORT, i=8):
    def change(city):
        city.organised[i, market] = city.organised_anchor[i, market] = level

    return change


def ruled(dose, market=MARKET_TRANSPORT, i=8):
    return lambda city: city.levers[RULES[market]].__setitem__(i, dose)


def both(*changes):
    def change(city):
        for each in changes:
            each(city)

    return change


# How markets organise ------------------------------------------------------------------------------


def test_where_rents_are_what_they_were_actors_stay_as_organised_as_they_are(traded, held):
    city = traded(months=12)
    np.testing.assert_array_equal(city.organised, held.organised_anchor)


@pytest.mark.parametrize("market", range(len(MARKETS)), ids=MARKETS)
def test_actors_organise_where_rents_grow_by_the_equation(traded, params, market):
    param = params.markets[0]

    def grow(city):
        city.market_rent[8, market] = 3.0 * city.market_reference[8, market]

    city = traded(grow)
    goal = logistic(param.rent_on_organisation * math.log(2.0))
    assert city.organised[8, market] == pytest.approx(0.5 + param.market_speed * (goal - 0.5))
    others = np.ones(city.organised.shape, dtype=bool)
    others[8, market] = False
    np.testing.assert_array_equal(city.organised[others], 0.5)


@pytest.mark.parametrize("market", RULES, ids=lambda market: MARKETS[market])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_rules_keep_actors_from_organising_as_far_as_they_are_not_yet_organised(traded, params, market, level):
    """E25."""
    param = params.markets[0]
    city = traded(both(organised(level, market), ruled(0.8, market)))
    goal = logistic(logit(level) - param.rules_on_organisation * 0.8 * (1 - level))
    slowly = param.market_speed * param.organisation_persistence
    assert city.organised[8, market] == pytest.approx(level + slowly * (goal - level))
    assert city.organised[7, market] == 0.5


def test_actors_come_apart_more_slowly_than_they_came_together(traded, params):
    """E06: what has organised sticks when rents fall again."""
    param = params.markets[0]

    def moved(rent):
        def change(city):
            city.market_rent[8, MARKET_TRANSPORT] = rent * city.market_reference[8, MARKET_TRANSPORT]

        goal = logistic(param.rent_on_organisation * math.log((rent + 1) / 2))
        return (traded(change).organised[8, MARKET_TRANSPORT] - 0.5) / (goal - 0.5)

    assert moved(2.0) == pytest.approx(param.market_speed)
    assert moved(0.5) == pytest.approx(param.market_speed * param.organisation_persistence)


def test_the_rules_of_one_market_leave_the_others_alone(traded):
    plain = traded()
    for market in RULES:
        city = traded(ruled(1.0, market), months=6)
        others = [m for m in range(len(MARKETS)) if m != market]
        for table in ("organised", "closure", "hits", "entry_violence"):
            np.testing.assert_array_equal(getattr(city, table)[:, others], getattr(plain, table)[:, others], err_msg=table)


def test_references_follow_only_while_the_city_settles(traded):
    def grow(city):
        city.market_rent[:] *= 2.0

    np.testing.assert_array_equal(traded(grow).market_reference, traded().market_reference)
    settling = traded(both(grow, lambda city: city.city_state["anchoring"].fill(1.0)))
    np.testing.assert_array_equal(settling.market_reference, settling.market_rent)


# Levies ------------------------------------------------------------------------------


def test_the_turf_gives_the_power_to_levy(traded, params):
    """E06: protection is sold by who holds the place, in every market of it."""
    param = params.markets[0]
    expected = param.levy_limit * 0.4 / (0.4 + param.levy_half_domination) * (0.5 + 0.5)
    np.testing.assert_allclose(traded().levied[8], expected)
    none = traded(lambda city: city.neighbourhood["domination"].fill(0.0))
    assert not none.levied.any()


def test_organised_actors_pay_more_and_nobody_more_than_the_whole_rent(traded, params):
    params.markets[0].levy_limit = 0.9
    levied = [
        traded(both(organised(level), lambda city: city.neighbourhood["domination"].fill(1.0))) for level in (0.1, 0.6, 0.99)
    ]
    shares = [city.levied[8, MARKET_TRANSPORT] for city in levied]
    assert shares[0] < shares[1] < shares[2] == 1.0


@pytest.mark.parametrize("level", [0.1, 0.9])
def test_transport_rules_cut_levies_where_actors_are_not_organised(traded, params, level):
    param = params.markets[0]
    param.rules_on_organisation = 0.0
    plain, regulated = traded(organised(level)), traded(both(organised(level), ruled(0.7)))
    ratio = regulated.levied[8, MARKET_TRANSPORT] / plain.levied[8, MARKET_TRANSPORT]
    assert ratio == pytest.approx(1 - param.rules_on_levies * 0.7 * (1 - level))


def test_licences_cut_the_levies_on_licensed_venues(traded, params):
    param = params.markets[0]
    param.rules_on_organisation = 0.0

    def unlicensed(share, dose):
        def change(city):
            city.neighbourhood["unlicensed"] = share
            param.unlicensed_share = share
            param.venue_displacement_share = 0.0
            ruled(dose, MARKET_VENUES)(city)

        return traded(change).levied[8, MARKET_VENUES]

    for share in (0.0, 0.4, 1.0):
        ratio = unlicensed(share, 0.5) / unlicensed(share, 0.0)
        assert ratio == pytest.approx(1 - param.licences_on_levies * (1 - share) * 0.5 * (1 - 0.5))


def test_rules_move_some_venues_out_of_sight(traded, params):
    """P-R2: displacement is half of the story."""
    param = params.markets[0]
    goal = param.unlicensed_share + param.venue_displacement_share * 0.6 * (1 - param.unlicensed_share)
    assert traded().neighbourhood[8].unlicensed == pytest.approx(param.unlicensed_share)
    moved = traded(ruled(0.6, MARKET_VENUES))
    assert moved.neighbourhood[8].unlicensed == pytest.approx(
        param.unlicensed_share + param.market_speed * (goal - param.unlicensed_share)
    )
    assert traded(ruled(0.6, MARKET_VENUES), months=400).neighbourhood[8].unlicensed == pytest.approx(goal, abs=1e-6)
    assert moved.neighbourhood[7].unlicensed == pytest.approx(param.unlicensed_share)


def test_the_first_month_of_all_finds_the_ordinary_part_unlicensed(held, params, seed):
    held.neighbourhood["unlicensed"] = 0.0
    held.city_state[0].start = -24
    update_markets(held, params, seed, -24)
    np.testing.assert_allclose(held.neighbourhood["unlicensed"], params.markets[0].unlicensed_share)


# Closure and killing ------------------------------------------------------------------------------


def test_a_market_closes_to_entrants_where_one_gang_rules_and_actors_are_organised(traded):
    city = traded(organised(0.8))
    assert city.closure[8, MARKET_TRANSPORT] == pytest.approx(0.4 / 0.65 * (0.5 + 0.3) * 1.3)
    np.testing.assert_allclose(np.delete(city.closure[8], MARKET_TRANSPORT), 0.4 / 0.65 * 0.8)
    full = traded(
        both(
            organised(0.99),
            lambda city: (city.neighbourhood["domination"].fill(1.0), city.neighbourhood["controlled"].fill(1.0)),
        )
    )
    assert full.closure[8, MARKET_TRANSPORT] == 1.0


def test_hits_mark_a_badly_regulated_market_and_violence_at_entry_a_closed_one_by_hand(traded, params):
    """E06."""
    city = traded()
    neighbourhood = city.neighbourhood[8]
    risk = params.homicide[0].market_killing_rate * neighbourhood.population * city.market_rent[8] * 0.6
    regulated = 0.4 * (0.5 + 0.5)
    np.testing.assert_allclose(city.hits[8], risk * (1 - regulated))
    np.testing.assert_allclose(city.entry_violence[8], 0.5 * risk * regulated * 0.4 / 0.65 * 0.8)


@pytest.mark.parametrize("level", [0.1, 0.8])
@pytest.mark.parametrize("market", RULES, ids=lambda market: MARKETS[market])
def test_the_states_rules_regulate_a_market_as_a_gangs_do_where_they_hold(traded, params, market, level):
    """E25: before actors have organised."""
    params.markets[0].rules_on_organisation = 0.0
    city = traded(both(organised(level, market), ruled(0.9, market)))
    neighbourhood = city.neighbourhood[8]
    risk = params.homicide[0].market_killing_rate * neighbourhood.population * city.market_rent[8, market] * 0.6
    regulated, state = 0.4 * (0.5 + level), 0.9 * (1 - level)
    assert city.hits[8, market] == pytest.approx(risk * (1 - max(regulated, state)))
    conflict = math.exp(params.markets[0].rules_on_market_violence * 0.9 * level)
    entering = 0.5 * risk * regulated * (1 - state) * city.closure[8, market]
    assert city.entry_violence[8, market] == pytest.approx(entering * conflict)


def test_the_better_a_market_is_held_the_fewer_hits_and_the_more_violence_at_entry(traded):
    found = []
    for domination in (0.0, 0.3, 0.6, 0.9):
        city = traded(lambda city, d=domination: city.neighbourhood["domination"].fill(d))
        found.append((city.hits[8].sum(), city.entry_violence[8].sum()))
    hits, entry = np.array(found).T
    assert (np.diff(hits) < 0).all()
    assert (np.diff(entry) > 0).all()
    assert entry[0] == 0.0


def test_where_no_gang_is_nobody_is_killed_over_markets(traded):
    city = traded(lambda city: city.neighbourhood["controlled"].fill(0.0))
    assert not city.hits.any()
    assert not city.entry_violence.any()


def test_the_conflict_over_rules_by_hand(params):
    param = params.markets[0]
    assert entry_conflict(params, 0.0, 0.9, 0.0) == 1.0
    assert entry_conflict(params, 0.6, 0.5, 0.0) == pytest.approx(math.exp(0.3 * param.rules_on_market_violence))
    assert entry_conflict(params, 0.6, 0.5, 0.4) == pytest.approx(math.exp(0.3 * param.rules_on_market_violence * 1.8))
    assert entry_conflict(params, 0.2, 0.5, 1.0) == pytest.approx(math.exp(0.5 * param.rules_on_market_violence * 3.0))


def test_rules_that_come_early_meet_the_least_resistance(traded):
    """E25: the same rules, before and after actors have organised."""
    ratios = []
    for level in (0.1, 0.9):
        plain, rules = traded(organised(level)), traded(both(organised(level), ruled(1.0)))
        ratios.append(
            [
                getattr(rules, table)[8, MARKET_TRANSPORT] / getattr(plain, table)[8, MARKET_TRANSPORT]
                for table in ("levied", "entry_violence")
            ]
        )
    (early_levy, early_conflict), (late_levy, late_conflict) = ratios
    assert early_levy < late_levy < 1.0
    assert early_conflict < 1.0 < late_conflict


def test_rules_without_incentives_are_fought_over_most(traded):
    """P-R1."""
    kind = traded(ruled(1.0))
    bare = traded(both(ruled(1.0), lambda city: city.levers["rules_without_incentives"].__setitem__(8, 1.0)))
    assert bare.entry_violence[8, MARKET_TRANSPORT] > 1.5 * kind.entry_violence[8, MARKET_TRANSPORT]
    others = [m for m in range(len(MARKETS)) if m != MARKET_TRANSPORT]
    np.testing.assert_array_equal(bare.entry_violence[:, others], kind.entry_violence[:, others])


@settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    controlled=st.floats(0.0, 1.0),
    first=st.floats(0.0, 1.0),
    level=st.floats(0.01, 0.99),
    rent=st.floats(0.0, 50.0),
    transport=st.floats(0.0, 1.0),
    venues=st.floats(0.0, 1.0),
    bare=st.floats(0.0, 1.0),
)
def test_shares_stay_shares_whatever_happens(held, params, seed, controlled, first, level, rent, transport, venues, bare):
    city = copy_city(held)
    city.neighbourhood["controlled"] = controlled
    city.neighbourhood["domination"] = first * controlled
    city.organised[:] = level
    city.market_rent[:] *= rent
    city.levers["transport_rules"] = transport
    city.levers["venue_rules"] = venues
    city.levers["rules_without_incentives"] = bare
    for t in range(3):
        update_markets(city, params, seed, t)
    for share in (city.organised, city.levied, city.closure, city.neighbourhood["unlicensed"]):
        assert ((share >= 0) & (share <= 1)).all()
    assert (city.hits >= 0).all()
    assert (city.entry_violence >= 0).all()
    assert np.isfinite(city.entry_violence).all()
