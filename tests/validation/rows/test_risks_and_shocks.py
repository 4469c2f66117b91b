"""Rows of risks that add up, and of shocks and what comes after them (E01, E03)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import City
from tests.validation.futures import Beginning, Futures, city_with, interval, mean_interval, policy_of, shock_of
from tests.validation.rows.sandbox import BEST_OFF, POOREST, SANDBOX, SEEDS, lived, told, with_places

pytestmark = pytest.mark.validate

POORER = {"deprivation": 0.2}
LOOSER = {"disorganisation": 0.3}


def raised(risks: Mapping[str, float], name: str) -> Beginning:
    """From month 1 on, risks of one neighbourhood stand higher by so much."""
    row = [each.name for each in SANDBOX.neighbourhoods].index(name)

    def begin(state: Any, params: Any) -> None:
        for risk, more in risks.items():
            state.neighbourhood[risk][row] += more

    return begin


def excess_over_the_sum(**more: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Killing in Elmuth with neither risk raised, and what both together add beyond the sum, in rates and in logs."""
    risks = {"poorer": POORER, "looser": LOOSER, "both": {**POORER, **LOOSER}}
    beginnings = {name: raised(each, "Elmuth") for name, each in risks.items()}
    futures = lived(months=36, beginnings=beginnings, **more)
    here = futures.named("Elmuth")
    neither, poorer, looser, both = (
        futures.places(arm, "homicide_rate", here) for arm in ("baseline", "poorer", "looser", "both")
    )
    logs = np.log(both) - np.log(poorer) - np.log(looser) + np.log(neither)
    return neither, both - poorer - looser + neither, logs


@pytest.mark.shows("E01.2")
def test_e01_two_risks_together_add_more_than_each_alone():
    # The stated scale is the rate of killing; on the log scale risks of a place add up by construction.
    neither, more, logs = excess_over_the_sum()
    found = interval(more, neither)
    told("both beyond the sum, of the rate", found)
    told("both beyond the product, in logs", mean_interval(logs))
    assert found.rises
    neither, more, _ = excess_over_the_sum(without=("deprivation",))
    told("without", interval(more, neither))
    assert interval(more, neither).is_nothing


SHOCKS = {
    "attack": [shock_of("attack", 0.8, 13)],
    "disaster": [shock_of("disaster", 0.6, 13)],
    "epidemic": [shock_of("epidemic", 0.8, 13, 36)],
    "slump": [shock_of("slump", 0.6, 13, 36)],
    "influx": [shock_of("influx", 0.15, 13)],
}
WELL_GOVERNED = ({"measure": "P-S9"}, {"measure": "P-S12"})


def months_to_mend(futures: Futures, arm: str, since: int) -> np.ndarray:
    """Months from a shock until a quarter of the damage is left, one figure a seed."""
    damage = futures.monthly[:, futures.names.index(arm), since:, outcome_index("damage")]
    return (damage > damage[:, :1] / 4.0).sum(axis=1).astype(float)


@pytest.mark.shows("E03.1", "E03.4")
def test_e03_violence_rises_after_shocks_and_the_worst_off_are_hit_hardest():
    futures = lived(months=48, by_arm=SHOCKS)
    for arm in SHOCKS:
        found = futures.change(arm, "homicide_rate", 12, 36)
        told(arm, found)
        assert found.rises, arm
    years = slice(1, 3)
    poor, rich = futures.named(*POOREST), futures.named(*BEST_OFF)
    damage = [futures.places("disaster", "damage", rows, years) for rows in (poor, rich)]
    assert interval(damage[0] - damage[1], damage[1]).rises
    added = [
        futures.places("disaster", "homicide_rate", rows, years) - futures.places("baseline", "homicide_rate", rows, years)
        for rows in (poor, rich)
    ]
    assert interval(added[0] - added[1], futures.places("baseline", "homicide_rate", rich, years)).rises
    bound = futures.change("disaster", "clearance", 12, 24)
    told("clearance after a disaster: police are bound", bound)
    assert bound.falls
    # What scarce services do at home (E17), scarce care to wounds (E15) and lost work to quarrels (E07) is not the damage's.
    gone = ("damage", "violence-at-home", "guns-and-care", "jobs")
    without = lived(months=48, by_arm={"disaster": SHOCKS["disaster"]}, without=gone)
    told("without", without.change("disaster", "homicide_rate", 12, 36))
    assert without.change("disaster", "homicide_rate", 12, 36).is_nothing


@pytest.mark.shows("E03.2")
def test_e03_a_cohesive_city_with_lasting_services_mends_sooner():
    def mending(city: City) -> np.ndarray:
        return months_to_mend(lived(city=city, months=72, by_arm={"disaster": SHOCKS["disaster"]}), "disaster", 12)

    times = [mending(city_with(SANDBOX, levels={"collective_efficacy": level})) for level in (0.35, 0.65)]
    told("months to mend, loose and cohesive", [each.mean() for each in times])
    assert interval(times[1] - times[0], times[0]).falls
    times = [mending(with_places({"all": {"services": reach}})) for reach in (0.4, 0.85)]
    told("months to mend, poor and good services", [each.mean() for each in times])
    assert interval(times[1] - times[0], times[0]).falls


@pytest.mark.shows("E03.3")
def test_e03_a_well_governed_recovery_ends_lower_than_before():
    arms = {"shock": SHOCKS["disaster"], "governed": SHOCKS["disaster"]}
    # What is gained is a few per cent; over 50 futures the interval of it is as wide as that since years differ.
    futures = lived(policy_of("governed", *WELL_GOVERNED), months=84, by_arm=arms, seeds=4 * SEEDS)
    told("services", futures.change("governed", "services", 60))
    told("homicide", futures.change("governed", "homicide_rate", 60))
    told("homicide, left alone", futures.change("shock", "homicide_rate", 60))
    assert futures.change("governed", "services", 60).rises
    assert futures.change("governed", "homicide_rate", 60).falls
    without = lived(policy_of("governed", *WELL_GOVERNED), months=84, by_arm=arms, without=("recovery",))
    told("without", without.change("governed", "homicide_rate", 60))
    assert without.change("governed", "services", 60).is_nothing
    assert without.change("governed", "homicide_rate", 60).high > 0.0
