"""Rows of trafficking in persons: who is trafficked in, what finds and helps people, and where it vanishes (E37, P-S13)."""

from __future__ import annotations

import pytest

from sim.enumerations import FLOWS
from sim.parameters import Parameters
from sim.state import City as State
from tests.validation.futures import Futures, Interval, policy_of, shock_of
from tests.validation.rows.sandbox import lived, told

pytestmark = pytest.mark.validate

WHO = ("trafficked", "trafficked_female", "trafficked_children")
HELP = policy_of("help", {"measure": "P-S13"})
PUNISH = policy_of("punish", {"measure": "P-S13", "conditions": {"no_punishment": 0.0}})
VENUES = policy_of("venues", {"measure": "P-R2"})
BOTH = policy_of("both", {"measure": "P-R2"}, {"measure": "P-S13"})
INFLUX = shock_of("influx", 0.1, 1, 6)


def seen(futures: Futures, arm: str, outcome: str, *months: int, **against: str) -> Interval:
    found = futures.change(arm, outcome, *months, **against)
    told(f"{arm}, months {months}: {outcome}", found)
    return found


def honest(state: State, _: Parameters) -> None:
    """No official is bought, and nobody arrives."""
    state.city_state["integrity"] = state.city_state["integrity_anchor"] = 0.95
    state.flows.level[FLOWS.index("people")] = 0.0
    state.neighbourhood["displaced"] = state.neighbourhood["displaced_anchor"] = 0.0


def only_honest(state: State, _: Parameters) -> None:
    """No official is bought."""
    state.city_state["integrity"] = state.city_state["integrity_anchor"] = 0.95


@pytest.mark.shows("E37.1")
def test_e37_victims_rise_with_an_unincluded_influx_and_with_bought_officials():
    included = policy_of("included", {"measure": "P-G2"}, {"measure": "P-S10"}, {"measure": "P-S4"})
    arms = {"influx": [INFLUX], "included": [INFLUX], "money": [shock_of("flow", 8.0, flow="money")]}
    here = lived(included, months=60, by_arm=arms)
    for outcome in WHO:
        assert seen(here, "influx", outcome, 12, 36).rises, outcome
        assert seen(here, "money", outcome, 24, 60).rises, outcome
    assert seen(here, "included", "trafficked", 12, 60, against="influx").falls
    seen(here, "influx", "rents", 12, 36)
    seen(here, "money", "integrity", 24, 60)
    gone = lived(months=36, seeds=8, by_arm={"influx": [INFLUX]}, without=("trafficking",))
    assert not gone.series("influx", "trafficked").any()


@pytest.mark.shows("E37.2", "E37.3")
def test_e37_rules_and_help_lower_victims_and_rules_alone_move_a_part():
    here = lived(HELP, VENUES, BOTH, months=72)
    for arm in ("help", "venues", "both"):
        for outcome in (*WHO, "held_in_venues", "held_at_worksites", "held_by_gangs", "rents", "domestic_violence"):
            seen(here, arm, outcome, 36, 72)
    for outcome in WHO:
        assert here.change("help", outcome, 36, 72).falls, outcome
        assert here.change("both", outcome, 36, 72).falls, outcome
    assert here.change("venues", "trafficked_female", 36, 72).falls
    assert here.change("venues", "trafficked", 36, 72).falls_by(0.0)
    assert here.change("venues", "held_in_venues", 36, 72).falls
    assert here.change("venues", "held_at_worksites", 36, 72).rises
    # What rules on venues move, finding people reaches.
    assert here.change("both", "held_at_worksites", 36, 72).falls


@pytest.mark.shows("E37.4")
def test_e37_with_honest_officials_and_none_arriving_they_vanish():
    here = lived(months=240, seeds=12, beginnings={"honest": honest, "only-honest": only_honest})
    # Who is held comes free slowly: a tenth is left after ten years.
    seen(here, "honest", "trafficked", 108, 120)
    assert seen(here, "honest", "trafficked", 228, 240).mean < -0.95
    # Honest officials alone do not do it: newcomers who are cut off are trafficked without officials, too.
    left = seen(here, "only-honest", "trafficked", 228, 240)
    assert -0.95 < left.mean < -0.2


@pytest.mark.shows("P-S13.1", "P-S13.2", "P-S13.3")
def test_p_s13_more_are_found_first_fewer_held_later_and_punishing_ends_reports():
    here = lived(HELP, PUNISH, months=72)
    assert seen(here, "help", "victims_found", 0, 12).rises
    assert seen(here, "help", "trafficked", 0, 6).is_nothing
    assert seen(here, "help", "trafficked", 48, 72).falls
    assert seen(here, "punish", "victims_reporting", 24, 72).mean < -0.95
    assert seen(here, "punish", "victims_found", 24, 72, against="help").falls
    assert seen(here, "punish", "trafficked", 24, 72, against="help").rises
