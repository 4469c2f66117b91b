"""Rows of who is drawn into gangs, on the street and by way of prison (E14, E16, E21, E31)."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.parameters import make_parameters
from sim.scenario import City
from sim.state import FREE, NO_GANG, PRISON
from tests.validation.futures import (
    Futures,
    city_with,
    gap_between,
    interval,
    mean_interval,
    over_seeds,
    policy_of,
    shock_of,
    watch,
)
from tests.validation.rows.sandbox import SANDBOX, SEEDS, lived, told

pytestmark = pytest.mark.validate

SWEEP = policy_of("sweep", {"measure": "P-E6", "stop": 12})


def cohesion_inside(seed: int, without: tuple[str, ...] = ()) -> list[float]:
    """Cohesion of gangs by their members in prison, months 6 to 24, with mass arrests for a year and without."""
    found = []
    for policy in (SWEEP, None):
        knit = [
            np.average(state.gang["cohesion"], weights=state.gang["inmates"] * state.gang["alive"] + 1e-9)
            for t, state in watch(SANDBOX, seed, 24, policy=policy, without=without)
            if t >= 6
        ]
        found.append(float(np.mean(knit)))
    return found


@pytest.mark.shows("E14.1", "E14.2")
def test_e14_those_arrested_are_replaced_and_prison_knits_the_group():
    futures = lived(SWEEP, months=60)
    for outcome, first, last in (("gang_members", 3, 12), ("gang_members", 36, 60), ("prison_recruits", 3, 36)):
        told(f"{outcome} {first}-{last}", futures.change("sweep", outcome, first, last))
    assert futures.change("sweep", "gang_members", 3, 12).falls
    assert futures.change("sweep", "gang_members", 36, 60).low > -0.05
    assert futures.change("sweep", "prison_recruits", 3, 36).rises
    inside = over_seeds(cohesion_inside, SEEDS)
    told("cohesion of those inside", interval(inside[:, 0] - inside[:, 1], inside[:, 1]))
    assert interval(inside[:, 0] - inside[:, 1], inside[:, 1]).rises
    without = lived(SWEEP, months=24, without=("prison",))
    told("without prison, cohesion", without.change("sweep", "gang_cohesion", 6, 24))
    assert without.change("sweep", "gang_cohesion", 6, 24).is_nothing
    assert without.series("sweep", "prison_recruits").max() == 0.0


def crossings_inside(seed: int) -> list[float]:
    """How many prisoners leave their gang and how many others join one, over five years."""
    left = joined = 0
    before: tuple[np.ndarray, ...] | None = None
    for _, state in watch(SANDBOX, seed, 60):
        now = (state.youth.status == PRISON, state.youth.release.copy(), state.youth.gang != NO_GANG)
        if before is not None:
            same_spell = before[0] & now[0] & (before[1] == now[1])
            left += int((same_spell & before[2] & ~now[2]).sum())
            joined += int((same_spell & ~before[2] & now[2]).sum())
        before = now
    return [float(left), float(joined)]


def test_e14_more_leave_a_gang_inside_than_join_one_there():
    # gang.exits_inside: seven years of monthly calendars of 1 336 young offenders in two cities of the United States.
    left, joined = over_seeds(crossings_inside, SEEDS).T
    told("left inside, joined inside, over five years", f"{left.mean():.1f}, {joined.mean():.1f}")
    assert mean_interval(left - joined).low > 0.0


@pytest.mark.shows("E14.1")
def test_e14_gaps_draw_recruits():
    # Refilling is what recruits do for each member left, while the sweep lasts and the year after it.
    def draw(futures: Futures) -> np.ndarray:
        return futures.effect("sweep", "recruits", 3, 24) - futures.effect("sweep", "gang_members", 3, 24)

    here, gone = draw(lived(SWEEP, months=24)), draw(lived(SWEEP, months=24, without=("demand",)))
    told("recruits a member left, with demand and without", (str(mean_interval(here)), str(mean_interval(gone))))
    assert gap_between(here, gone).rises


@pytest.mark.shows("E16.1", "E16.2", "E16.3")
def test_e16_children_are_recruited_most_in_slums_and_with_cheap_guns():
    cheap = {"cheap": [shock_of("flow", 6.0, flow="firearms")]}
    futures = lived(months=60, by_arm=cheap)

    def children(found: Futures, arm: str, rows: np.ndarray) -> np.ndarray:
        """Recruits under eighteen for each grown one: a share of five in six leaves little room above it."""
        sums = [
            (found.yearly[:, found.names.index(arm), :, :, outcome_index(outcome)].sum(axis=1) * rows).sum(axis=1)
            for outcome in ("recruits_under_18", "recruits")
        ]
        return sums[0] / np.maximum(sums[1] - sums[0], 1.0)

    slums, rest = futures.named("Ixley", "Hobbix"), ~futures.named("Ixley", "Hobbix")
    found = [children(futures, "baseline", rows) for rows in (slums, rest)]
    told("children for each grown recruit, slums and elsewhere", [each.mean() for each in found])
    told("difference", interval(found[0] - found[1], found[1]))
    told("children with cheap guns", futures.change("cheap", "recruits_under_18", 6))
    everywhere = np.ones_like(slums)
    change = children(futures, "cheap", everywhere) - children(futures, "baseline", everywhere)
    told("children for each grown recruit with cheap guns", interval(change, children(futures, "baseline", everywhere)))
    assert futures.change("cheap", "recruits_under_18", 6).rises
    assert interval(change, children(futures, "baseline", everywhere)).rises
    assert interval(found[0] - found[1], found[1]).rises
    without = lived(months=60, by_arm=cheap, without=("child-recruits",))
    change = children(without, "cheap", everywhere) - children(without, "baseline", everywhere)
    told("without", interval(change, children(without, "baseline", everywhere)))
    assert interval(change, children(without, "baseline", everywhere)).is_nothing


@pytest.mark.shows("E21.1")
def test_e21_the_same_rents_draw_fewer_youths_where_people_are_connected():
    # The four parts: support, contact, volunteering and trust.
    def city(level: float) -> City:
        groups = tuple(group.model_copy(update={"credibility": level, "capacity": level}) for group in SANDBOX.groups)
        levels = {"collective_efficacy": level, "bridging": level, "state_legitimacy": level}
        return city_with(SANDBOX, levels=levels, groups=groups)

    rents = {"rents": [shock_of("flow", 6.0, flow="transport")]}

    def drawn(level: float, **more: Any) -> np.ndarray:
        futures = lived(city=city(level), months=48, by_arm=rents, **more)
        return futures.effect("rents", "recruits", 6)

    apart, tied = drawn(0.25), drawn(0.7)
    told("recruits with higher rents, isolated and connected", (str(mean_interval(apart)), str(mean_interval(tied))))
    assert mean_interval(apart).rises
    assert gap_between(tied, apart).falls
    off = [drawn(level, without=("isolation",)) for level in (0.25, 0.7)]
    told("without, gap", gap_between(off[1], off[0]))
    assert not gap_between(off[1], off[0]).falls


LEVELS_OF_RISK = ("person", "family", "friends", "school")


def raised(level: str) -> Any:
    """One standard deviation more of one level of risk for all who are alive as month 1 begins."""

    def begin(state: Any, params: Any) -> None:
        column = getattr(state.youth, level)
        column[:] = np.minimum(column + 1.0, 2.5)

    return begin


def exchanged(one: str, other: str) -> Any:
    """Each youth's risk at one level is that of the other."""

    def begin(state: Any, params: Any) -> None:
        kept = getattr(state.youth, one).copy()
        getattr(state.youth, one)[:] = getattr(state.youth, other)
        getattr(state.youth, other)[:] = kept

    return begin


def riskiest_of_recruits(seed: int, **more: Any) -> float:
    """Share of those who join in five years who were of the fifth most at risk of all free youths, by the declared index.

    The index is what the four levels add to the log hazard: own risk and the pull of peers, before anyone joins.
    """
    param = make_parameters({}).recruitment[0]
    of_top = joined = 0
    before = None
    for t, state in watch(SANDBOX, seed, 60, **more):
        youth = state.youth
        fresh = (youth.gang != NO_GANG) & (youth.joined == t) & (youth.status == FREE)
        if before is not None:
            index, free = before
            of_top += int((index[fresh] > np.quantile(index[free], 0.8)).sum())
            joined += int(fresh.sum())
        age = (120 + (t - youth.phase.astype(int)) % 240) / 12
        family = param.family_on_joining * youth.family * np.exp(-np.maximum(age - 14.0, 0.0) / param.family_fade_years)
        strange = np.exp(param.friends_on_peer_pull * youth.friends - param.friends_on_peer_pull**2 / 2)
        company = param.peers_on_joining * strange * youth.gang_peers / (youth.gang_peers + param.peers_half_effect)
        index = param.risk_on_joining * youth.person + family + company
        before = index.copy(), (youth.status == FREE) & (youth.gang == NO_GANG)
    return of_top / joined


@pytest.mark.shows("E31.1")
def test_e31_each_level_of_risk_draws_in_by_its_own_way():
    beginnings = {level: raised(level) for level in LEVELS_OF_RISK}
    futures = lived(months=24, beginnings=beginnings)
    found = {}
    for level in LEVELS_OF_RISK:
        found[level] = {name: futures.change(level, name) for name in ("recruits", "recruits_under_18", "out_of_school")}
        told(level, {name: str(change) for name, change in found[level].items()})
        assert mean_interval(futures.effect(level, "recruits")).low > 0.05, level
    # School by attendance, family among the young; the others keep nobody from school.
    assert found["school"]["out_of_school"].rises
    assert not found["person"]["out_of_school"].rises
    assert not found["friends"]["out_of_school"].rises
    assert found["family"]["recruits_under_18"].rises
    alone = lived(months=24, beginnings=beginnings, without=("risk-levels",))
    for level in LEVELS_OF_RISK[1:3]:
        assert alone.change(level, "recruits").is_nothing, level
    no_peers = lived(months=24, beginnings={"friends": raised("friends")}, without=("peers",))
    assert no_peers.change("friends", "recruits").is_nothing


@pytest.mark.shows("E31.2")
def test_e31_exchanging_two_levels_changes_who_joins():
    pairs = {f"{one} and {other}": exchanged(one, other) for one, other in combinations(LEVELS_OF_RISK, 2)}
    futures = lived(months=12, seeds=8, beginnings=pairs)
    for pair in pairs:
        told(pair, futures.change(pair, "recruits"))
        assert (futures.series(pair, "recruits") != futures.series("baseline", "recruits")).any(), pair


def test_e31_the_riskiest_fifth_gives_twice_its_share():
    share = mean_interval(over_seeds(riskiest_of_recruits, SEEDS))
    told("share of recruits from the riskiest fifth", share)
    assert share.low > 0.4
    off = mean_interval(over_seeds(lambda seed: riskiest_of_recruits(seed, without=("personal-risk", "peers")), SEEDS))
    told("without", off)
    assert off.high < 0.4
