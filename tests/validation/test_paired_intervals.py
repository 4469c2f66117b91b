"""How often the 95 % interval of a paired difference holds the truth, on the model's own skewed effects.

A bank of 2 000 real futures of the sandbox under three policies at full scale. The mean of the bank stands for the truth,
and comparisons of 20, 40 and 80 futures are drawn from it, 20 000 of each. In a bank of 600 one future with twenty times the
ordinary effect weighed three times too much, and 4 000 comparisons tell a share to half a per cent only.
"""

import numpy as np
import pytest

from experiments.comparison.compare import compare
from experiments.comparison.paired import mean_interval, t_quantile
from sim.outcomes import outcome_index

pytestmark = pytest.mark.validate

FUTURES, MONTHS, STUDIES = 2000, 36, 20_000
POLICIES = ("all_four", "resilience", "enforcement")
OUTCOMES = (
    *("homicide_rate", "criminal_governance_index", "gang_members", "recruits", "extortion_share", "prisoners"),
    *("state_legitimacy", "police_legitimacy", "collective_efficacy", "police_killings", "clearance", "reporting"),
    *("homicide_gap", "cost"),
)


@pytest.fixture(scope="module")
def bank():
    """Paired differences of real futures, by policy and outcome: float64 [future]."""
    means = compare("sandbox", POLICIES, months=MONTHS, replications=FUTURES, seed=8, scale=1.0).horizon_means
    found = {
        (policy, name): means[arm, :, outcome_index(name)] - means[0, :, outcome_index(name)]
        for arm, policy in enumerate(POLICIES, start=1)
        for name in OUTCOMES
    }
    # Cost moves only where something is bought: what most futures show no trace of gets no interval.
    return {key: paired for key, paired in found.items() if 2 * np.count_nonzero(paired) >= FUTURES}


@pytest.mark.parametrize("futures", [20, 40, 80])
def test_intervals_of_the_models_own_effects_hold_the_truth(bank, futures):
    draws = np.random.default_rng(futures)
    outside, held_by, lines = [], [], []
    for (policy, name), paired in bank.items():
        truth, off = paired.mean(), paired - paired.mean()
        skewness = float((off**3).mean() / (off**2).mean() ** 1.5)
        studies = paired[draws.integers(0, FUTURES, (futures, STUDIES))]
        low, high = mean_interval(studies)
        held = float(((low <= truth) & (truth <= high)).mean())
        reach = t_quantile(futures - 1) * studies.std(axis=0, ddof=1) / np.sqrt(futures)
        students = float((np.abs(studies.mean(axis=0) - truth) <= reach).mean())
        lines.append(
            f"{futures} futures, {policy} {name}: skewness {skewness:.1f}, held {held:.3f}, Student's {students:.3f}"
        )
        held_by.append(held)
        if not 0.92 <= held <= 0.97:
            outside.append((policy, name, round(skewness, 1), held))
    print(
        f"{futures} futures, {len(bank)} effects: held in {min(held_by):.3f} to {max(held_by):.3f} of {STUDIES} comparisons"
    )
    print("\n".join(lines))
    assert len(bank) >= 36
    assert outside == []
