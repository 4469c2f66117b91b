"""Rows of drug use: early use, dependence, treatment, price, and a city where nobody uses (E38, P-S14)."""

from __future__ import annotations

import numpy as np
import pytest

from sim.parameters import Parameters
from sim.state import DEPENDENT, NO_GANG, NO_USE, USE
from sim.state import City as State
from tests.validation.futures import Futures, Interval, interval, mean_interval, policy_of, shock_of
from tests.validation.rows.sandbox import lived, told

pytestmark = pytest.mark.validate

TREATMENT = policy_of("treatment", {"measure": "P-S14"})
WITHOUT = ("substance-use",)
UNMOVED = {"recruitment.early_use_on_joining": 0.0}


def ages(state: State) -> np.ndarray:
    """Ages in month 1, in years."""
    return (120 + (-state.youth.phase.astype(int)) % 240) / 12.0


def start_early(state: State, _: Parameters) -> None:
    """Every second child of twelve to fifteen who does not use drugs begins to."""
    young = (ages(state) >= 12.0) & (ages(state) < 16.0) & (state.youth.uses == NO_USE)
    chosen = young & (np.arange(len(young)) % 2 == 0)
    state.youth.uses[chosen] = USE
    state.youth.used_early[chosen] = 1


def depend(state: State, _: Parameters) -> None:
    """Every second member of a gang comes to depend on drugs."""
    chosen = (state.youth.gang != NO_GANG) & (np.arange(len(state.youth.gang)) % 2 == 0)
    state.youth.uses[chosen] = DEPENDENT


def stop_using(state: State, _: Parameters) -> None:
    """Nobody uses drugs any more as month 1 begins."""
    state.youth.uses[:] = NO_USE


def seen(futures: Futures, arm: str, outcome: str, *months: int, note: str = "") -> Interval:
    found = futures.change(arm, outcome, *months)
    told(f"{note}{arm}, months {months}: {outcome}", found)
    return found


@pytest.mark.shows("E38.1")
def test_e38_early_use_raises_joining():
    arms = {"early": start_early}
    here = lived(months=36, beginnings=arms)
    assert seen(here, "early", "recruits", 0, 36).rises
    assert seen(here, "early", "recruits_under_18", 0, 36).rises
    seen(here, "early", "gang_members", 12, 36)
    # Users are buyers too: without the pull, a part of it comes by what the market pays. Without both, none is left.
    loose = lived(months=36, beginnings=arms, parameters=UNMOVED)
    sold = seen(loose, "early", "recruits_under_18", 0, 36, note="without the pull: ")
    assert sold.mean < here.change("early", "recruits_under_18", 0, 36).mean / 2.0
    bare = lived(months=36, beginnings=arms, parameters=UNMOVED | {"substance_use.demand_under_thirty": 0.0})
    assert seen(bare, "early", "recruits_under_18", 0, 36, note="without pull and market: ").is_nothing


@pytest.mark.shows("E38.2")
def test_e38_dependence_lowers_exits_most_of_women():
    arms = {"dependent": depend}
    here = lived(months=24, beginnings=arms)
    assert seen(here, "dependent", "exits", 0, 24).falls
    assert seen(here, "dependent", "female_exits", 0, 24).falls
    every, women = here.effect("dependent", "exits", 0, 24), here.effect("dependent", "female_exits", 0, 24)
    told("exits of women less those of all", mean_interval(women - every))
    seen(here, "dependent", "gang_members", 12, 24)
    loose = {"recruitment.dependence_on_exit": 0.0, "recruitment.dependence_on_female_exit": 0.0}
    free = lived(months=24, beginnings=arms, parameters=loose)
    assert not seen(free, "dependent", "exits", 0, 24, note="without the hold: ").falls_by(0.0)


@pytest.mark.shows("E38.3", "P-S14.1")
def test_p_s14_treatment_lowers_robbery_and_leaves_exits_where_they_are():
    here = lived(TREATMENT, months=180)
    for outcome in ("users", "female_exits", "fear", "drug_price", "recruits", "gang_members"):
        seen(here, "treatment", outcome, 120, 180)
    assert seen(here, "treatment", "dependent", 120, 180).falls
    assert seen(here, "treatment", "robberies", 120, 180).falls
    # Few members depend on drugs, so that more of them leave by about a hundredth.
    rate = [here.series(arm, "exits", 120) / here.series(arm, "gang_members", 120) for arm in ("treatment", "baseline")]
    told("exits a member", interval(rate[0] - rate[1], rate[1]))
    assert interval(rate[0] - rate[1], rate[1]).is_nothing


@pytest.mark.shows("E38.4")
def test_e38_price_answers_demand_and_use_answers_price():
    scarce = {"scarce": [shock_of("flow", 0.25, flow="drugs")]}
    here = lived(months=60, beginnings={"sober": stop_using}, by_arm=scarce)
    assert seen(here, "sober", "drug_price", 0, 24).falls
    assert seen(here, "sober", "rents", 1, 24).falls
    assert seen(here, "sober", "robberies", 1, 24).falls
    assert seen(here, "scarce", "users", 24, 60).falls
    deaf = lived(months=24, beginnings={"sober": stop_using}, parameters={"substance_use.demand_under_thirty": 0.0})
    assert seen(deaf, "sober", "drug_price", 0, 24, note="demand of others alone: ").is_nothing


@pytest.mark.shows("E38.5")
def test_e38_where_nobody_uses_nothing_is_held_or_sold_by_it():
    here = lived(TREATMENT, months=36, seeds=12, without=WITHOUT)
    assert not here.series("baseline", "users").any()
    for outcome in ("exits", "female_exits", "recruits", "robberies", "drug_price", "homicide_rate"):
        # What is left is the money that leaks from any measure.
        assert seen(here, "treatment", outcome, 0, 36).is_nothing, outcome
