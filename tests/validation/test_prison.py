"""Mass arrests can fail and can lower killing by half: both known extremes lie within what the ranges can give.

A sweep that releases those whom it holds raised killing where gangs were strong and the state was weak (about a sixth in
three years, `enf.mano_dura_2003`); one that held everyone without a term came with a fall of up to three fifths, of which
nobody knows how much was its own (`enf.mass_incarceration_2022`). The ranges of parameters must span both, and no fall.
"""

from __future__ import annotations

from functools import cache

import pytest

from sim.parameters import parameter
from sim.scenario import load_city
from tests.validation.futures import Futures, policy_of

pytestmark = pytest.mark.validate

SWEEP = policy_of("sweep", {"measure": "P-E6", "stop": 36})
DETENTION = policy_of("detention", {"measure": "P-E6", "conditions": {"term": 0.0}})

# At these ends of their ranges prison does most; at the other ends, least.
MOST = {
    "justice.mass_arrest_rate_members": "high",
    "justice.mass_arrest_rate_others": "high",
    "justice.detention_months_without_term": "high",
    "homicide.youth_share_aggressors": "high",
    "homicide.youth_share_disputes": "high",
    "homicide.sweep_on_attacks": "low",
    "recruitment.arrest_risk_on_joining": "high",
    "recruitment.demand_on_joining": "low",
}


@cache
def lived(end: str) -> Futures:
    settings = {}
    for name, most in MOST.items():
        side = most if end == "most" else {"high": "low", "low": "high"}[most]
        settings[name] = float(getattr(parameter(name), side))
    return Futures(
        load_city("san_salvador"), [SWEEP, DETENTION], seeds=100, months=36, scale=0.01, parameters=settings if end else None
    )


def told(end: str, arm: str, first: int, last: int):
    found = lived(end).change(arm, "homicide_rate", first, last)
    print(f"{arm}, {end or 'as usual'}, homicide, months {first}-{last}: {found}")
    return found


def test_sweeps_may_fail_and_raise_killing_where_gangs_are_strong_and_the_state_is_weak():
    assert told("least", "sweep", 0, 12).rises_by(0.15)
    assert told("most", "sweep", 0, 12).falls
    usual = told("", "sweep", 0, 12)
    assert -0.05 < usual.mean < 0.50


def test_detention_without_a_term_gives_anything_from_next_to_no_fall_to_three_fifths():
    assert told("most", "detention", 12, 36).falls_by(0.60)
    assert told("least", "detention", 12, 36).high > -0.10
    assert -0.60 < told("", "detention", 0, 36).mean < -0.05
