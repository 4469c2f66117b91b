"""Row of police units (E40): ordinary patrol, half the officers, the gap that an order leaves, and orders that are idle.

In paired futures; what a mechanism does is taken away by switching it off from the burn-in on.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import spearmanr

from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import City, Policy, load_city
from tests.validation.futures import ALIKE, Futures, city_with, mean_interval, policy_of, shock_of
from tests.validation.rows.sandbox import BEST_OFF, POOREST, SANDBOX, lived, told

pytestmark = pytest.mark.validate

OFF = ("police-at-work",)
HALF = {"half": [shock_of("officers cut", 0.5, 13)]}
ORDERED = POOREST
"""Places in a corner; those of `BEST_OFF` border none of them, so that no patrol pushes anything there."""
FEW = city_with(SANDBOX, police=SANDBOX.police.model_copy(update={"officers": 165.0}))
"""The sandbox with as few officers as Lagos: what an order takes is a larger part of few."""


def correlations(here: Futures, city: City) -> np.ndarray:
    """Rank correlation of ordinary patrol with expected killing over the places where people live, one figure a seed."""
    inhabited = [each.population > 0 for each in city.neighbourhoods]
    means = here.yearly[:, 0].mean(axis=1)[:, inhabited]
    patrol, killing = means[..., outcome_index("ordinary_patrol")], means[..., outcome_index("homicide_rate")]
    return np.array([spearmanr(one, other).statistic for one, other in zip(patrol, killing, strict=True)])


@pytest.mark.shows("E40.1")
@pytest.mark.parametrize(("name", "scale"), [("sandbox", 1.0), ("chicago", 0.03), ("rio_de_janeiro", 0.005)])
def test_e40_patrol_without_policy_is_above_0_follows_crime_and_costs_what_the_police_cost(name, scale):
    city = load_city(name)
    here = Futures(city, (), seeds=12, months=60, scale=scale)
    inhabited = [each.population > 0 for each in city.neighbourhoods]
    patrol = here.yearly[:, 0, :, inhabited, outcome_index("ordinary_patrol")]
    told(f"{name}: least and most ordinary patrol, officers per 100 000", (patrol.min(), patrol.max()))
    assert patrol.min() > 0.0
    found = mean_interval(correlations(here, city))
    told(f"{name}: rank correlation of patrol with killing, in per cent", found)
    assert found.low >= 0.3
    residents = sum(each.population for each in city.neighbourhoods)
    officers = here.series("baseline", "officers")
    bill = here.series("baseline", "police_bill") / officers
    assert officers.mean() == pytest.approx(city.police.officers * residents / 100_000, rel=0.05)
    told(f"{name}: officers, and the cost of each, millions a year", (officers.mean(), bill.mean()))
    np.testing.assert_allclose(bill, bill[0], rtol=1e-4)
    # Police without policy are no cost of policy: with twice the officers measures and prisons cost the same.
    twice = city_with(city, police=city.police.model_copy(update={"officers": 2.0 * city.police.officers}))
    other = Futures(twice, (), seeds=2, months=12, scale=scale, without=OFF)
    same = Futures(city, (), seeds=2, months=12, scale=scale, without=OFF)
    np.testing.assert_array_equal(other.series("baseline", "cost"), same.series("baseline", "cost"))
    assert (other.series("baseline", "police_bill") > 1.9 * same.series("baseline", "police_bill")).all()


@pytest.mark.shows("E40.1")
def test_e40_patrol_that_goes_where_residents_live_follows_no_crime():
    """The negative control of what is said of calls: where patrols go by residents alone, they follow nothing."""
    shared = {"police_units.calls_in_allocation": 0.0}
    here = Futures(SANDBOX, (), seeds=12, months=36, scale=1.0, parameters=shared)
    found = mean_interval(correlations(here, SANDBOX))
    told("rank correlation where patrols follow residents, in per cent", found)
    assert found.high < 0.3


@pytest.mark.shows("E40.2")
def test_e40_half_the_officers_solve_fewer_cases_and_leave_more_robbery():
    here = lived(months=60, by_arm=HALF, seeds=24)

    def change(outcome: str, futures: Futures = here) -> Any:
        found = futures.change("half", outcome, 12)
        told(f"{'' if futures is here else 'without, '}half the officers: {outcome}", found)
        return found

    assert change("clearance").falls_by(0.10)
    assert change("robberies").rises
    assert change("homicide_rate").rises
    assert change("fear").rises
    assert change("ordinary_patrol").falls
    assert change("police_bill").falls
    gone = lived(months=60, by_arm=HALF, seeds=24, without=OFF)
    for outcome in ("clearance", "robberies", "homicide_rate", "fear"):
        assert change(outcome, gone).is_nothing, outcome
    cased = lived(months=60, by_arm=HALF, seeds=24, parameters={"police_units.investigators_on_caseload": 0.0})
    told("where investigators take no fewer cases: clearance", cased.change("half", "clearance", 12))
    assert not cased.change("half", "clearance", 12).falls_by(0.10)


@pytest.mark.shows("E40.3")
def test_e40_a_unit_that_is_ordered_elsewhere_leaves_a_gap_behind():
    order = policy_of("order", {"measure": "P-E1", "where": {"places": ORDERED}})
    here = lived(order, months=60, city=FEW, seeds=24)
    inside, gap, years = here.named(*ORDERED), here.named(*BEST_OFF), slice(1, 5)

    def local(outcome: str, rows: np.ndarray, name: str, futures: Futures = here) -> Any:
        found = futures.local_change("order", outcome, rows, years)
        told(f"{name}: {outcome}", found)
        return found

    assert local("ordinary_patrol", gap, "left behind").falls
    assert local("robberies", gap, "left behind").rises
    # Further away: robbery brings fear, and the fearful take the law into their own hands.
    assert local("vigilante_homicide_rate", gap, "left behind").rises
    assert local("fear", gap, "left behind").rises_by(0.0)
    told("left behind: killing", here.local_change("order", "homicide_rate", gap, years))
    # A third of the city is more than patrols can double: where they are sent killing falls, by less than the margin.
    assert local("homicide_rate", inside, "ordered").falls_by(0.0)
    told("the city: killing", here.change("order", "homicide_rate", 12))
    told("the city: robbery", here.change("order", "robberies", 12))
    usual = lived(order, months=60, seeds=24)
    told("left behind in a city with 300 officers: robbery", usual.local_change("order", "robberies", gap, years))
    told("left behind in a city with 300 officers: patrol", usual.local_change("order", "ordinary_patrol", gap, years))
    gone = lived(order, months=60, city=FEW, seeds=24, without=OFF)
    for outcome in ("robberies", "vigilante_homicide_rate", "fear"):
        assert local(outcome, gap, "without, left behind", gone).is_nothing, outcome
    longer = lived(order, months=60, city=FEW, seeds=24, parameters={"police_units.orders_on_patrol": 0.3})
    assert not local("robberies", gap, "where most of the ordered work longer", longer).rises


@pytest.mark.shows("E40.4")
def test_e40_an_idle_order_changes_nothing():
    nothing = policy_of("nothing")
    level_0 = policy_of("level_0", {"measure": "P-E1", "level": 0.0})
    asked = policy_of("asked", {"measure": "P-E1", "where": {"places": ORDERED}})
    here = lived(nothing, level_0, asked, months=36, seeds=3)
    by_name = dict(zip(here.names, here.monthly.swapaxes(0, 1), strict=True))
    assert by_name["level_0"].tobytes() == by_name["nothing"].tobytes()
    assert by_name["asked"].tobytes() != by_name["nothing"].tobytes()
    # A force that the nation commands, and that follows nobody, goes where it went; only the bill is written.
    deaf = city_with(SANDBOX, police=SANDBOX.police.model_copy(update={"command": "national", "follows": 0.0}))
    there = lived(asked, months=36, seeds=3, city=deaf)
    kept = [i for i, each in enumerate(OUTCOMES) if not each.name.startswith(("cost", "paid_by", "leak"))]
    assert there.monthly[:, 0][..., kept].tobytes() == there.monthly[:, 1][..., kept].tobytes()


def policy(name: str, **use: Any) -> Policy:
    return policy_of(name, {"start": 1, **use})


def test_e40_measures_of_the_police_keep_the_size_that_was_measured():
    """P-E1, P-E2 and P-E11 with units at work and without: what trials gave them is moved by no more than the margin."""
    worst = {"worst": 1, "by": "homicide_rate"}
    arms = (
        policy("patrols", measure="P-E1", where=worst),
        policy("cases", measure="P-E2"),
        policy("reform", measure="P-E11"),
    )
    here, gone = (lived(*arms, months=60, seeds=24, without=without) for without in (ALIKE, (*ALIKE, *OFF)))
    worst_off = here.worst_at_the_start("violence", 1)
    for arm in ("patrols", "cases", "reform"):
        one, two = here.change(arm, "homicide_rate", 12), gone.change(arm, "homicide_rate", 12)
        told(f"{arm}: killing in the city, with units at work and without", (str(one), str(two)))
        assert abs(one.mean - two.mean) < 0.05, arm
    local = [each.local_change("patrols", "homicide_rate", worst_off, slice(1, 5)) for each in (here, gone)]
    told("patrols: killing in the place", tuple(map(str, local)))
    assert abs(local[0].mean - local[1].mean) < 0.03
    assert here.change("reform", "officers_leaving", 24).falls
    assert here.change("reform", "officers_bought", 24).falls
