"""Community groups that decide each month: each clause of row E39 over paired futures, with negative controls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.parameters import Parameters
from sim.scenario import City
from sim.state import City as State
from tests.validation.futures import Futures, city_with, gap_between, mean_interval, policy_of
from tests.validation.rows.sandbox import POOREST, SANDBOX, lived, told

pytestmark = pytest.mark.validate

NONE = city_with(SANDBOX, groups=(), ordinary_groups=0.0)
OFF = ("community-groups", "delivery-by-groups")
MEASURES = ("P-S1", "P-S2", "P-S3", "P-S4", "P-S6", "P-G6", "P-G10")
ALL = policy_of("all", *({"measure": row} for row in MEASURES))
FREE = policy_of("free", {"measure": "P-E2"}, {"measure": "P-R3"})


def remove(state: State, params: Parameters) -> None:
    """Every group ends as month 1 begins, and none is founded again."""
    state.group["alive"] = 0
    state.group_work[:] = 0.0
    params.community_groups[0].founding_rate = 0.0


@pytest.mark.shows("E39.1")
def test_e39_with_no_group_no_measure_for_groups_delivers():
    ordinary = lived(ALL, FREE)
    none = lived(ALL, FREE, city=NONE)
    for outcome in ("recruits", "tips", "homicide_rate"):
        told(outcome, [ordinary.change("all", outcome, 12), none.change("all", outcome, 12)])
    assert ordinary.change("all", "recruits", 12).falls
    assert ordinary.change("all", "tips", 12).rises
    # What is left is the part of the money that leaks to gangs.
    assert not none.series("all", "places_filled").any()
    for outcome in ("recruits", "tips", "homicide_rate"):
        assert none.change("all", outcome, 12).stays_within(0.01), outcome
    # What no group delivers does what it did.
    free = none.change("free", "clearance", 12)
    told("without groups, investigation", free)
    assert free.rises
    # Off, the measures do as much without groups as with them.
    off = lived(ALL, city=NONE, without=OFF)
    assert off.change("all", "recruits", 12).falls


def with_kinds(poorest: str, others: str) -> City:
    """The sandbox with one group in each place, of one kind in the three poorest and of another elsewhere."""
    groups = tuple(
        {
            "name": f"Group of {place.name}",
            "kind": poorest if place.name in POOREST else others,
            "home": place.name,
            "credibility": 0.6,
            "capacity": 0.8,
            "independence": 0.8,
        }
        for place in SANDBOX.neighbourhoods
    )
    return City.model_validate(SANDBOX.model_dump() | {"groups": groups, "ordinary_groups": 0.0})


def in_the_poorest(city: City, outcome: str, **more: Any) -> np.ndarray:
    """What early referral does to an outcome of the three poorest places, a share for each future."""
    futures = lived(policy_of("referral", {"measure": "P-G10"}), city=city, **more)
    here = futures.named(*POOREST)
    before = futures.places("baseline", outcome, here, slice(1, None))
    return (futures.places("referral", outcome, here, slice(1, None)) - before) / before.mean()


@pytest.mark.shows("E39.2")
def test_e39_two_kinds_exchanged_change_what_is_delivered():
    """Families refer early and media do not: where the two exchange places, what a measure does goes with the families."""
    families, media = with_kinds("family association", "media"), with_kinds("media", "family association")
    for outcome in ("tips", "recruits"):
        gap = gap_between(in_the_poorest(families, outcome), in_the_poorest(media, outcome))
        told(f"{outcome} of the poorest places under early referral, families there against media there", gap)
        if outcome == "tips":
            assert gap.low > 0.05
        off = gap_between(in_the_poorest(families, outcome, without=OFF), in_the_poorest(media, outcome, without=OFF))
        told("off", off)
        assert max(abs(off.low), abs(off.high)) < 0.01


def silence_gap(**more: Any) -> np.ndarray:
    """By how much more groups are silent in the three places with most criminal governance than in the three with least."""
    futures = Futures(SANDBOX, (), seeds=50, months=36, scale=1.0, **more)
    governing = futures.yearly[:, 0, :, :, outcome_index("criminal_governance_index")].mean(axis=1)
    silent = futures.yearly[:, 0, :, :, outcome_index("group_silence")].mean(axis=1)
    order = np.argsort(governing, axis=1)
    high = np.take_along_axis(silent, order[:, -3:], 1).mean(axis=1)
    low = np.take_along_axis(silent, order[:, :3], 1).mean(axis=1)
    return (high - low) / low.mean()


@pytest.mark.shows("E39.3")
def test_e39_threats_silence_groups_where_governance_is_high():
    here = silence_gap()
    told("silence of groups where governance is highest against where it is lowest", mean_interval(here))
    assert mean_interval(here).low > 0.05
    bare = {f"community_groups.{name}_on_threat": 0.0 for name in ("governance", "reports", "partners")}
    unthreatened = silence_gap(parameters=bare)
    told("without threats", mean_interval(unthreatened))
    # What is left without threats is fear, which is higher there too.
    assert gap_between(here, unthreatened).low > 0.05


@pytest.mark.shows("E39.4")
def test_e39_removing_all_groups_raises_joining_and_lowers_tips():
    without = lived(beginnings={"gone": remove})
    for outcome in ("recruits", "tips", "gang_members", "homicide_rate"):
        told(f"{outcome}, groups removed", without.change("gone", outcome, 12))
    assert without.change("gone", "recruits", 12).rises
    assert without.change("gone", "tips", 12).falls
    # Off, groups that end are missed by nobody but in what residents do together.
    off = lived(beginnings={"gone": remove}, without=OFF)
    for outcome in ("recruits", "tips"):
        told(f"{outcome}, groups removed, off", off.change("gone", outcome, 12))
        assert off.change("gone", outcome, 12).is_nothing
