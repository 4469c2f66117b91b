"""One row may stand for several youths: what a smaller scale leaves as it is, and what it does not.

Chicago, 120 months without policy. Killings are counted for people, so their counts vary alike at every scale; members vary
little more with few rows than with all. Levels of killing do not agree below some 75 000 rows: with few rows the members of
a gang in a neighbourhood are one row or none, small gangs lose their hold there, and fewer rivals live side by side. Of all
whom a member meets, .29 are rivals at a scale of .0132 (10 000 rows), .34 at .1 and .34 at .3. So rivalry is a sixth lower,
killing 6 % lower, and the gap between areas 15 % wider.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city
from tests.validation.futures import ALIKE, Futures

pytestmark = pytest.mark.validate

RATES = ("homicide_rate", "gang_members", "recruits", "prisoners", "criminal_governance_index", "extortion_share")
SEEDS = {0.0132: 160, 0.02: 160, 0.1: 60, 1.0: 16}


@pytest.fixture(scope="module")
def lived():
    """City outcomes without policy by scale: [seed, month, outcome]."""
    chicago = load_city("chicago")
    return {
        scale: Futures(chicago, [], seeds=seeds, months=120, scale=scale, without=ALIKE).monthly[:, 0]
        for scale, seeds in SEEDS.items()
    }


def column(monthly, outcome):
    return monthly[:, :, outcome_index(outcome)]


def test_rates_at_a_tenth_and_at_full_scale_agree(lived):
    for outcome in RATES:
        here, there = (column(lived[scale], outcome).mean(axis=1) for scale in (0.1, 1.0))
        ratio = here.mean() / there.mean()
        error = np.hypot(
            here.std(ddof=1) / here.mean() / len(here) ** 0.5, there.std(ddof=1) / there.mean() / len(there) ** 0.5
        )
        print(f"{outcome}: .1 over 1 {ratio:.3f} (standard error {error:.3f})")
        assert 0.95 < ratio < 1.05


def test_what_is_not_killing_agrees_at_ten_thousand_rows_too(lived):
    for outcome in ("gang_members", "recruits", "prisoners"):
        ratio = column(lived[0.0132], outcome).mean() / column(lived[1.0], outcome).mean()
        print(f"{outcome}: .0132 over 1 {ratio:.3f}")
        assert 0.97 < ratio < 1.03


@pytest.mark.parametrize("scale", SEEDS)
def test_monthly_counts_vary_as_counts_of_people_do(lived, scale):
    """Variance around what was expected that month, over the mean."""
    killed = column(lived[scale], "homicides") / 12.0
    expected = column(lived[scale], "killings_expected") / 12.0
    ratio = ((killed - expected) ** 2).mean() / expected.mean()
    print(f"{scale}: variance over mean {ratio:.3f}")
    assert 0.9 < ratio < 1.1


def test_yearly_counts_vary_alike_at_every_scale(lived):
    """Standard deviation of the logarithm of a year's killings, within a future."""
    spread = {}
    for scale, monthly in lived.items():
        years = column(monthly, "homicides").reshape(len(monthly), 10, 12).sum(axis=2)
        spread[scale] = np.log(years).std(axis=1, ddof=1).mean()
    print({scale: round(each, 4) for scale, each in spread.items()})
    for scale, each in spread.items():
        assert each == pytest.approx(spread[1.0], rel=0.1), scale


def test_members_vary_at_most_twice_as_much_with_few_rows(lived):
    """Coefficient of variation within a future, and between futures."""
    members = {scale: column(lived[scale], "gang_members") for scale in (0.02, 1.0)}
    for axis in (0, 1):
        few, whole = (each.std(axis=axis, ddof=1).mean() / each.mean() for each in members.values())
        print(f"axis {axis}: {few:.4f} at .02, {whole:.4f} at 1")
        assert few < 2.0 * whole
