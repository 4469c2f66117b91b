"""Counts of the killed in whole runs: they vary as counts of people do, however many youths a row stands for."""

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.run import run_arms
from sim.scenario import load_policy

SEEDS = 40
MONTHS = 120


@pytest.mark.parametrize("scale", [0.02, 0.2])
def test_monthly_counts_vary_as_counts_of_people_do_at_every_scale(sandbox, scale):
    """Variance over mean against what was expected that month; its standard error is sqrt(2 / months lived)."""
    surprise, expected = 0.0, 0.0
    for seed in range(SEEDS):
        (result,) = run_arms(sandbox, [load_policy("baseline")], seed=seed, months=MONTHS, scale=scale)
        killed = result.city_monthly[:, outcome_index("homicides")] / 12.0
        mean = result.city_monthly[:, outcome_index("killings_expected")] / 12.0
        np.testing.assert_allclose(killed, np.rint(killed), atol=1e-4)
        surprise += ((killed - mean) ** 2).sum()
        expected += mean.sum()
    assert surprise / expected == pytest.approx(1.0, abs=0.1)
