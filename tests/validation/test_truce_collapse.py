"""What a truce without an end does in paired futures: held for a time, then more killing than without it."""

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city
from tests.validation.futures import Futures, policy_of

SEEDS = 200
YEARS = 12
pytestmark = pytest.mark.validate


def futures(**settings):
    """Return the ratio over the two years after the collapse, and over the first five years, one a future that saw both."""
    city = load_city("sandbox")
    lived = Futures(
        city, [policy_of("truce", {"measure": "P-G4"})], seeds=SEEDS, months=12 * YEARS, scale=0.03, parameters=settings
    )
    column = outcome_index("homicide_rate")
    paid = (
        lived.monthly[:, 1, :, outcome_index("cost_engagement")] - lived.monthly[:, 0, :, outcome_index("cost_engagement")]
    )
    after, five = [], []
    for seed in range(SEEDS):
        # The bill ends with the truce.
        fell = int(np.count_nonzero(paid[seed] > 0))
        if fell + 24 > 12 * YEARS:
            continue
        without, under = lived.monthly[seed, :, :, column]
        after.append(under[fell : fell + 24].mean() / without[fell : fell + 24].mean())
        five.append(under[:60].mean() / without[:60].mean())
    return np.array(after), np.array(five)


def test_after_a_collapse_more_are_killed_and_in_some_futures_far_more():
    after, five = futures()
    median, ninetieth = np.quantile(after, (0.5, 0.9))
    print(f"two years: median {median:.2f}, ninetieth {ninetieth:.2f}; harm in five years {(five > 1).mean():.2f}")
    assert 1.05 <= median <= 1.45
    assert ninetieth >= 1.5
    assert ninetieth - median > median - np.quantile(after, 0.1), "a heavy upper tail"


def test_whether_a_truce_does_harm_over_five_years_is_open_within_the_declared_ranges():
    # A truce that lasts, holds back much and leaves little grievance: each inside its range.
    settings = {
        "gangs.truce_collapse_rate": 0.01,
        "homicide.grievance_on_retaliation": 0.3,
        "homicide.truce_on_attacks": 0.8,
        "homicide.truce_on_retaliation": 0.8,
    }
    _, five = futures(**settings)
    print(f"harm in five years {(five > 1).mean():.2f}")
    assert 0.25 <= (five > 1).mean() <= 0.75
