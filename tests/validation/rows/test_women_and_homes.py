"""Rows of women, who are counted apart, and of violence at home, which answers services and feeds the street (E17)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim.state import FREE, NO_GANG
from tests.validation.futures import interval, mean_interval, over_seeds, policy_of, shock_of, watch
from tests.validation.rows.sandbox import SANDBOX, SEEDS, lived, told

pytestmark = pytest.mark.validate


@pytest.mark.shows("E17.1")
def test_e17_women_are_counted_apart_as_victims_and_as_members():
    policies = policy_of("truce", {"measure": "P-G4"}), policy_of("safe", {"measure": "P-S11"})
    # Two truces of three stand so long, so that sixty or more futures are left.
    futures = lived(*policies, seeds=2 * SEEDS, months=36)
    # What a truce spares it spares while it stands; that it collapses is asked in test_truce_collapse.py.
    women = futures.while_it_holds("truce", "female_homicide_rate", 6)
    gangs = futures.while_it_holds("truce", "gang_homicide_rate", 6)
    safe = futures.change("safe", "female_homicide_rate", 6)
    told("women killed", {"while a truce holds": str(women), "safe spaces": str(safe)})
    told("killed by gangs while a truce holds", gangs)
    assert gangs.falls
    assert women.low > gangs.high
    assert safe.falls
    girls = futures.series("baseline", "female_members") / futures.series("baseline", "gang_members")
    told("share of members who are women and girls", mean_interval(girls))
    assert 0.02 < mean_interval(girls).low < mean_interval(girls).high < 0.35
    # A harder exit: leaving for each member, against men.
    left = futures.series("baseline", "female_exits") / futures.series("baseline", "female_members")
    all_left = futures.series("baseline", "exits") / futures.series("baseline", "gang_members")
    told("women leave, against all", interval(left - all_left, all_left))
    assert interval(left - all_left, all_left).falls
    without = lived(months=36, without=("women-in-gangs",))
    left = without.series("baseline", "female_exits") / without.series("baseline", "female_members")
    all_left = without.series("baseline", "exits") / without.series("baseline", "gang_members")
    told("without", interval(left - all_left, all_left))
    assert not interval(left - all_left, all_left).falls


DARK = {"dark": [shock_of("disaster", 0.8, 7)]}


def joined_of_exposed(seed: int, **more: Any) -> list[float]:
    """Of boys who came of age in the run: those ever in a gang, of those who grew up with violence at home and others."""
    places = len(SANDBOX.neighbourhoods)
    ever = None
    for _, state in watch(SANDBOX, seed, 120, **more):
        joined = state.youth.gang != NO_GANG
        ever = joined if ever is None else ever | joined
    youth = state.youth
    months = (119 % 240 - youth.phase.astype(int)) % 240
    grown = (youth.female == 0) & (months >= 48) & (months < 119) & (youth.status == FREE)
    found = []
    for exposed in (1, 0):
        shares, weights = [], []
        for i in range(places):
            here = grown & (youth.home == i)
            those = here & (youth.exposed_at_home == exposed)
            if those.any():
                shares.append(ever[those].mean())
                # Both are weighed by where the exposed live, so that the place is no reason.
                weights.append((here & (youth.exposed_at_home == 1)).sum())
        found.append(float(np.average(shares, weights=weights)))
    return found


@pytest.mark.shows("E17.2", "E17.3")
def test_e17_homes_answer_scarce_services_and_feed_the_street_years_later():
    served = policy_of("served", {"measure": "P-S10"})
    futures = lived(served, months=60, by_arm=DARK)
    told("violence at home after a disaster", futures.change("dark", "domestic_violence", 6, 24))
    told("with services", futures.change("served", "domestic_violence", 36))
    assert futures.change("dark", "domestic_violence", 6, 24).rises
    assert futures.change("served", "domestic_violence", 36).falls
    ever = over_seeds(joined_of_exposed, SEEDS)
    told("ever in a gang, exposed at home against others", interval(ever[:, 0] - ever[:, 1], ever[:, 1]))
    assert interval(ever[:, 0] - ever[:, 1], ever[:, 1]).rises
    gone = lived(served, months=60, by_arm=DARK, without=("violence-at-home",))
    told("without, after a disaster", gone.change("dark", "domestic_violence", 6, 24))
    assert gone.change("dark", "domestic_violence", 6, 24).is_nothing
    assert gone.change("served", "domestic_violence", 36).is_nothing
    ever = over_seeds(lambda seed: joined_of_exposed(seed, without=("violence-at-home",)), SEEDS)
    told("without, exposed against others", interval(ever[:, 0] - ever[:, 1], ever[:, 1]))
    assert not interval(ever[:, 0] - ever[:, 1], ever[:, 1]).rises
