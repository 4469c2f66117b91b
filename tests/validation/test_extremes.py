"""Nothing leaves its range: the twenty thousand scenarios of `extremes`, two years each after two years of burn-in.

Every outcome of every month; people conserved to the last, nobody killed twice, shares and probabilities; and the spectral
radius of what killings draw in answer, at most .9.
"""

from __future__ import annotations

import sys
import time

import pytest
from extremes import MONTHS, SCENARIOS, is_within, live_all, scenario

pytestmark = pytest.mark.validate

# Of computing, on however busy a machine.
MINUTES = 15.0
TOLD_EVERY = 500


def test_no_outcome_leaves_its_range():
    begun = time.process_time()

    def tell(done: int, faults: int) -> None:
        if done % TOLD_EVERY == 0:
            minutes = (time.process_time() - begun) / 60.0
            told = f"{done} of {SCENARIOS} scenarios, {faults} faults, {minutes:.1f} minutes"
            print(told, file=sys.stderr, flush=True)

    faults = live_all(range(SCENARIOS), tell)
    minutes = (time.process_time() - begun) / 60.0
    print(f"{SCENARIOS} scenarios of {MONTHS} months, {len(faults)} faults")
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])
    assert minutes < MINUTES, f"took {minutes:.1f} minutes"


def test_a_scenario_follows_from_its_number():
    assert scenario(1_999) == scenario(1_999)
    assert scenario(1_999) != scenario(1_998)


def test_what_is_no_number_is_seen():
    assert not is_within(float("nan"), 0.0, 1.0)
    assert is_within(1.0, 0.0, 1.0)
