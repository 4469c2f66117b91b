"""Illicit markets organise, are levied by who holds the turf, and close; rules help early and are fought late (E06, E25)."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.markets import entry_conflict, trade
from sim.state import MARKET_TRANSPORT, MARKET_VENUES, MARKETS, copy_city

RULES = {MARKET_TRANSPORT: "transport_rules", MARKET_VENUES: "venue_rules"}


def logistic(x):
    return 1 / (1 + math.exp(-x))


def logit(p):
    return math.log(p / (1 - p))


@pytest.fixture
def held(at_rest):
    """A city at rest whose markets are half organised, and Ixley in good part in one gang's hands."""
    at_rest.organised[:] = at_rest.organised_anchor[:] = 0.5
    at_rest.place["unlicensed"] = 0.2
    place = at_rest.place[8]
    place.controlled = 0.6
    place.domination = 0.4
    return at_rest


@pytest.fixture
def traded(held, rates, seed):
    """A copy of the city after a change and a month of trade."""

    def after(change=lambda city: None, months=1):
        city = copy_city(held)
        change(city)
        for t in range(months):
            trade(city, rates, seed, t)
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
def test_actors_organise_where_rents_grow_by_the_equation(traded, rates, market):
    rate = rates.markets[0]

    def grow(city):
        city.market_rent[8, market] = 3.0 * city.market_reference[8, market]

    city = traded(grow)
    goal = logistic(rate.rent_organises * math.log(2.0))
    assert city.organised[8, market] == pytest.approx(0.5 + rate.market_speed * (goal - 0.5))
    others = np.ones(city.organised.shape, dtype=bool)
    others[8, market] = False
    np.testing.assert_array_equal(city.organised[others], 0.5)


@pytest.mark.parametrize("market", RULES, ids=lambda market: MARKETS[market])
@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
def test_rules_keep_actors_from_organising_as_far_as_they_are_not_yet_organised(traded, rates, market, level):
    """E25."""
    rate = rates.markets[0]
    city = traded(both(organised(level, market), ruled(0.8, market)))
    goal = logistic(logit(level) - rate.rules_on_organising * 0.8 * (1 - level))
    slowly = rate.market_speed * rate.organised_sticks
    assert city.organised[8, market] == pytest.approx(level + slowly * (goal - level))
    assert city.organised[7, market] == 0.5


def test_actors_come_apart_more_slowly_than_they_came_together(traded, rates):
    """E06: what has organised sticks when rents fall again."""
    rate = rates.markets[0]

    def moved(rent):
        def change(city):
            city.market_rent[8, MARKET_TRANSPORT] = rent * city.market_reference[8, MARKET_TRANSPORT]

        goal = logistic(rate.rent_organises * math.log((rent + 1) / 2))
        return (traded(change).organised[8, MARKET_TRANSPORT] - 0.5) / (goal - 0.5)

    assert moved(2.0) == pytest.approx(rate.market_speed)
    assert moved(0.5) == pytest.approx(rate.market_speed * rate.organised_sticks)


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
    settling = traded(both(grow, lambda city: city.town["anchoring"].fill(1.0)))
    np.testing.assert_array_equal(settling.market_reference, settling.market_rent)


# Levies ------------------------------------------------------------------------------


def test_the_turf_gives_the_power_to_levy(traded, rates):
    """E06: protection is sold by who holds the place, in every market of it."""
    rate = rates.markets[0]
    expected = rate.levy_most * 0.4 / (0.4 + rate.levy_half) * (0.5 + 0.5)
    np.testing.assert_allclose(traded().levied[8], expected)
    none = traded(lambda city: city.place["domination"].fill(0.0))
    assert not none.levied.any()


def test_organised_actors_pay_more_and_nobody_more_than_the_whole_rent(traded, rates):
    rates.markets[0].levy_most = 0.9
    levied = [traded(both(organised(level), lambda city: city.place["domination"].fill(1.0))) for level in (0.1, 0.6, 0.99)]
    shares = [city.levied[8, MARKET_TRANSPORT] for city in levied]
    assert shares[0] < shares[1] < shares[2] == 1.0


@pytest.mark.parametrize("level", [0.1, 0.9])
def test_transport_rules_cut_levies_where_actors_are_not_organised(traded, rates, level):
    rate = rates.markets[0]
    rate.rules_on_organising = 0.0
    plain, regulated = traded(organised(level)), traded(both(organised(level), ruled(0.7)))
    ratio = regulated.levied[8, MARKET_TRANSPORT] / plain.levied[8, MARKET_TRANSPORT]
    assert ratio == pytest.approx(1 - rate.rules_on_levies * 0.7 * (1 - level))


def test_licences_cut_the_levies_on_licensed_venues(traded, rates):
    rate = rates.markets[0]
    rate.rules_on_organising = 0.0

    def unlicensed(share, dose):
        def change(city):
            city.place["unlicensed"] = share
            rate.unlicensed = share
            rate.venues_move = 0.0
            ruled(dose, MARKET_VENUES)(city)

        return traded(change).levied[8, MARKET_VENUES]

    for share in (0.0, 0.4, 1.0):
        ratio = unlicensed(share, 0.5) / unlicensed(share, 0.0)
        assert ratio == pytest.approx(1 - rate.venues_on_levies * (1 - share) * 0.5 * (1 - 0.5))


def test_rules_move_some_venues_out_of_sight(traded, rates):
    """P-R2: displacement is half of the story."""
    rate = rates.markets[0]
    goal = rate.unlicensed + rate.venues_move * 0.6 * (1 - rate.unlicensed)
    assert traded().place[8].unlicensed == pytest.approx(rate.unlicensed)
    moved = traded(ruled(0.6, MARKET_VENUES))
    assert moved.place[8].unlicensed == pytest.approx(rate.unlicensed + rate.market_speed * (goal - rate.unlicensed))
    assert traded(ruled(0.6, MARKET_VENUES), months=400).place[8].unlicensed == pytest.approx(goal, abs=1e-6)
    assert moved.place[7].unlicensed == pytest.approx(rate.unlicensed)


def test_the_first_month_of_all_finds_the_ordinary_part_unlicensed(held, rates, seed):
    held.place["unlicensed"] = 0.0
    held.town[0].start = -24
    trade(held, rates, seed, -24)
    np.testing.assert_allclose(held.place["unlicensed"], rates.markets[0].unlicensed)


# Closure and killing ------------------------------------------------------------------------------


def test_a_market_closes_to_entrants_where_one_gang_rules_and_actors_are_organised(traded):
    city = traded(organised(0.8))
    assert city.closure[8, MARKET_TRANSPORT] == pytest.approx(0.4 / 0.65 * (0.5 + 0.3) * 1.3)
    np.testing.assert_allclose(np.delete(city.closure[8], MARKET_TRANSPORT), 0.4 / 0.65 * 0.8)
    full = traded(
        both(organised(0.99), lambda city: (city.place["domination"].fill(1.0), city.place["controlled"].fill(1.0)))
    )
    assert full.closure[8, MARKET_TRANSPORT] == 1.0


def test_hits_mark_a_badly_regulated_market_and_violence_at_entry_a_closed_one_by_hand(traded, rates):
    """E06."""
    city = traded()
    place = city.place[8]
    risk = rates.violence[0].market_killings * place.population * city.market_rent[8] * 0.6
    regulated = 0.4 * (0.5 + 0.5)
    np.testing.assert_allclose(city.hits[8], risk * (1 - regulated))
    np.testing.assert_allclose(city.entry_violence[8], 0.5 * risk * regulated * 0.4 / 0.65 * 0.8)


@pytest.mark.parametrize("level", [0.1, 0.8])
@pytest.mark.parametrize("market", RULES, ids=lambda market: MARKETS[market])
def test_the_states_rules_regulate_a_market_as_a_gangs_do_where_they_hold(traded, rates, market, level):
    """E25: before actors have organised."""
    rates.markets[0].rules_on_organising = 0.0
    city = traded(both(organised(level, market), ruled(0.9, market)))
    place = city.place[8]
    risk = rates.violence[0].market_killings * place.population * city.market_rent[8, market] * 0.6
    regulated, state = 0.4 * (0.5 + level), 0.9 * (1 - level)
    assert city.hits[8, market] == pytest.approx(risk * (1 - max(regulated, state)))
    conflict = math.exp(rates.markets[0].rules_conflict * 0.9 * level)
    entering = 0.5 * risk * regulated * (1 - state) * city.closure[8, market]
    assert city.entry_violence[8, market] == pytest.approx(entering * conflict)


def test_the_better_a_market_is_held_the_fewer_hits_and_the_more_violence_at_entry(traded):
    found = []
    for domination in (0.0, 0.3, 0.6, 0.9):
        city = traded(lambda city, d=domination: city.place["domination"].fill(d))
        found.append((city.hits[8].sum(), city.entry_violence[8].sum()))
    hits, entry = np.array(found).T
    assert (np.diff(hits) < 0).all()
    assert (np.diff(entry) > 0).all()
    assert entry[0] == 0.0


def test_where_no_gang_is_nobody_is_killed_over_markets(traded):
    city = traded(lambda city: city.place["controlled"].fill(0.0))
    assert not city.hits.any()
    assert not city.entry_violence.any()


def test_the_conflict_over_rules_by_hand(rates):
    rate = rates.markets[0]
    assert entry_conflict(rates, 0.0, 0.9, 0.0) == 1.0
    assert entry_conflict(rates, 0.6, 0.5, 0.0) == pytest.approx(math.exp(0.3 * rate.rules_conflict))
    assert entry_conflict(rates, 0.6, 0.5, 0.4) == pytest.approx(math.exp(0.3 * rate.rules_conflict * 1.8))
    assert entry_conflict(rates, 0.2, 0.5, 1.0) == pytest.approx(math.exp(0.5 * rate.rules_conflict * 3.0))


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
def test_shares_stay_shares_whatever_happens(held, rates, seed, controlled, first, level, rent, transport, venues, bare):
    city = copy_city(held)
    city.place["controlled"] = controlled
    city.place["domination"] = first * controlled
    city.organised[:] = level
    city.market_rent[:] *= rent
    city.levers["transport_rules"] = transport
    city.levers["venue_rules"] = venues
    city.levers["rules_without_incentives"] = bare
    for t in range(3):
        trade(city, rates, seed, t)
    for share in (city.organised, city.levied, city.closure, city.place["unlicensed"]):
        assert ((share >= 0) & (share <= 1)).all()
    assert (city.hits >= 0).all()
    assert (city.entry_violence >= 0).all()
    assert np.isfinite(city.entry_violence).all()
