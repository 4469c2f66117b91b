"""Rows of services one by one (E42), of close ties (E43), and of homes far from everything (E28)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.scenario import Policy, Shock, Target, load_shock
from tests.validation.futures import Futures, Interval, interval, over_seeds, policy_of, shock_of, watch
from tests.validation.rows.sandbox import POOREST, SANDBOX, SEEDS, lived, told

pytestmark = pytest.mark.validate

CUTS = {"water": [load_shock("water_cut")], "justice": [load_shock("justice_cut")]}
"""Two years in which half of those served lose water, or justice: months 13 to 36."""
WHILE_CUT = (12, 36)
WITHOUT_SERVICES = ("public-services", "services", "gang-services")


def born_to_violence(seed: int, shocks: tuple[Shock, ...], **more: Any) -> float:
    """Children who turned ten in the five years of a run and live with violence at home, as residents."""
    *_, (_, state) = watch(SANDBOX, seed, 60, shocks=shocks, **more)
    months = (59 % 240 - state.youth.phase.astype(int)) % 240
    return float(((months < 60) & (state.youth.exposed_at_home == 1)).sum())


@pytest.mark.shows("E42.1", "E42.2", "E42.3")
def test_e42_water_acts_at_home_and_justice_in_the_street():
    here = lived(months=48, by_arm=CUTS)

    def change(arm: str, outcome: str, futures: Futures = here) -> Interval:
        found = futures.change(arm, outcome, *WHILE_CUT)
        told(f"{'' if futures is here else 'without, '}{arm} cut: {outcome}", found)
        return found

    assert change("water", "domestic_violence").rises
    assert change("justice", "vigilante_homicide_rate").rises
    assert change("justice", "order").rises
    # Each leaves the other alone while the cut lasts.
    for outcome in ("vigilante_homicide_rate", "order"):
        assert change("water", outcome).is_nothing, outcome
    assert change("justice", "domestic_violence").is_nothing
    told("a year after the water cut: order", here.change("water", "order", 36))
    cut = shock_of("service cut", 0.5, service="water")

    def children(**more: Any) -> Interval:
        """Whether children live with it is drawn as they turn ten, and read years later by whether they join a gang."""
        found = over_seeds(lambda seed: [born_to_violence(seed, shocks, **more) for shocks in ((), (cut,))], SEEDS)
        return interval(found[:, 1] - found[:, 0], found[:, 0])

    more_exposed = children()
    told("children exposed at home, water cut by half for five years", more_exposed)
    assert more_exposed.rises
    more_exposed = children(without=("public-services",))
    told("without, children exposed at home", more_exposed)
    assert more_exposed.is_nothing
    alone = lived(months=48, by_arm=CUTS, without=("public-services",))
    assert change("water", "domestic_violence", alone).is_nothing
    assert change("justice", "vigilante_homicide_rate", alone).is_nothing
    # Order answers acceptance and trust, which read the mean of services: these are taken away too.
    gone = lived(months=48, by_arm=CUTS, without=WITHOUT_SERVICES)
    assert change("justice", "order", gone).is_nothing


@pytest.mark.shows("E43.1", "E43.2")
def test_e43_the_same_ties_calm_a_free_place_and_recruit_in_a_held_one():
    closer = {"closer": [shock_of("closer ties", 1.0, 13)]}
    years = slice(2, 6)

    def futures(**more: Any) -> Futures:
        return lived(months=72, by_arm=closer, **more)

    def found(here: Futures, outcome: str, rows: np.ndarray, name: str) -> Interval:
        change = here.local_change("closer", outcome, rows, years)
        told(f"{outcome} in {name} places", change)
        return change

    here = futures()
    held, free = here.worst_at_the_start("domination", 2), ~here.worst_at_the_start("domination", 6)
    assert found(here, "collective_efficacy", held, "held").rises
    assert found(here, "collective_efficacy", free, "free").rises
    assert found(here, "dispute_homicide_rate", free, "free").falls
    assert found(here, "recruits", free, "free").falls
    assert found(here, "recruits", held, "held").rises
    told("killing in held places", here.local_change("closer", "homicide_rate", held, years))
    # Where ties carry nobody into a group they keep youths out of it, held or not.
    loose = futures(parameters={"recruitment.ties_on_joining": 0.0})
    held = loose.worst_at_the_start("domination", 2)
    told("without the way into the group", loose.local_change("closer", "recruits", held, years))
    assert not loose.local_change("closer", "recruits", held, years).rises_by(0.0)
    gone = futures(without=("close-ties",))
    held, free = gone.worst_at_the_start("domination", 2), ~gone.worst_at_the_start("domination", 6)
    assert found(gone, "dispute_homicide_rate", free, "without: free").is_nothing
    assert found(gone, "recruits", held, "without: held").is_nothing


FAR = {"near_work": 0.0, "near_schools": 0.0, "near_transport": 0.0}
BARE = {"tenure": 0.0, "jobs": 0.0, "rules_shown": 0.0}


@pytest.mark.shows("E28.1", "E28.2")
def test_e28_houses_far_from_work_schools_and_transport_raise_crime_and_each_condition_lowers_it():
    def houses(name: str, **met: float) -> Policy:
        use = {"measure": "P-S7", "conditions": BARE | FAR | met, "where": Target(places=POOREST)}
        return policy_of(name, use)

    each = ("near_work", "near_schools", "near_transport", "tenure", "jobs")
    arms = (
        houses("alone"),
        houses("near", **dict.fromkeys(FAR, 1.0)),
        *(houses(condition, **{condition: 1.0}) for condition in each),
        houses("homes", **dict.fromkeys(BARE | FAR, 1.0)),
    )
    years = slice(3, 8)

    def futures(*lived_in: Policy, **more: Any) -> Futures:
        return lived(*lived_in, months=96, **more)

    here = futures(*arms)
    inside, around = here.named(*POOREST), here.named("Cozzle", "Elmuth", "Grundo")
    alone = here.local_change("alone", "homicide_rate", inside, years)
    told("houses alone: killing", alone)
    told("houses alone: killing next door", here.local_change("alone", "homicide_rate", around, years))
    assert alone.rises
    assert here.local_change("alone", "recruits", inside, years).rises
    for arm in ("near", "homes"):
        change = here.local_change(arm, "homicide_rate", inside, years, against="alone")
        told(f"{arm} against alone: killing", change)
        assert change.falls
    for condition in each:
        change = here.local_change(condition, "recruits", inside, years, against="alone")
        told(f"{condition} added: joining", change)
        # One of six conditions does less than what counts by itself: only the sign is asked.
        assert change.falls_by(0.0), condition
    gone = futures(arms[0], without=("far-homes",))
    told("without", gone.local_change("alone", "homicide_rate", inside, years))
    assert gone.local_change("alone", "homicide_rate", inside, years).is_nothing
