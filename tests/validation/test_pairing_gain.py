"""What keyed draws are worth: variance of the paired first-year difference against independent seeds.

Chicago, each pillar alone, 200 seeds: at least 5 times smaller for recruits, 2 times for homicide. For homicide both the
expected rate and the killings that happened are printed; the demand is on each.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from sim.scenario import load_city, load_policy
from tests.validation.futures import ALIKE, Futures

pytestmark = pytest.mark.validate

PILLARS = ("regulation", "enforcement", "engagement", "resilience")
SEEDS = 200
DEMANDED = {"recruits": 5.0, "homicide_rate": 2.0, "homicides": 2.0}


@pytest.fixture(scope="module")
def first_year() -> Futures:
    policies = [load_policy(pillar) for pillar in PILLARS]
    return Futures(load_city("chicago"), policies, seeds=SEEDS, months=12, scale=0.03)


@pytest.mark.parametrize("pillar", PILLARS)
@pytest.mark.parametrize("outcome", list(DEMANDED))
def test_pairing_is_worth_its_keys(first_year, pillar, outcome):
    with_policy = first_year.series(pillar, outcome)
    without = first_year.series("baseline", outcome)
    paired = (with_policy - without).var(ddof=1)
    # Independent seeds: the variances add.
    independent = with_policy.var(ddof=1) + without.var(ddof=1)
    gain = independent / paired if paired > 0 else float("inf")
    print(f"{pillar} {outcome}: variance {gain:.1f} times smaller when paired")
    assert gain >= DEMANDED[outcome]


def log_effect(futures: Futures, months: int) -> tuple[float, float]:
    """Return the gain for all four pillars together, and the standard deviation of the log ratio of arms.

    On the log effect of expected homicide over the first months, log of the arm's mean less log of the reference's: how many
    times smaller its variance over seeds is than with independent seeds, under which the variances of both logs add.
    """
    with_policy = np.log(futures.series("all_four", "homicide_rate", last=months))
    without = np.log(futures.series("baseline", "homicide_rate", last=months))
    effect = with_policy - without
    return (with_policy.var(ddof=1) + without.var(ddof=1)) / effect.var(ddof=1), effect.std(ddof=1)


def all_four(*, without: Sequence[str] = ()) -> Futures:
    """Ten years of Chicago under all four pillars."""
    city = load_city("chicago")
    return Futures(city, [load_policy("all_four")], seeds=SEEDS, months=120, scale=0.0132, without=without)


@pytest.fixture(scope="module")
def alike() -> Futures:
    return all_four(without=ALIKE)


@pytest.fixture(scope="module")
def unlike() -> Futures:
    return all_four()


@pytest.mark.parametrize(("months", "demanded"), [(12, 37.0), (60, 8.0), (120, 4.7)])
def test_the_gain_is_not_below_what_it_was_where_years_are_alike(alike, months, demanded):
    """What it was before killings were counted in people."""
    gain, spread = log_effect(alike, months)
    print(f"{months} months: variance {gain:.1f} times smaller when paired; log ratio of arms +- {spread:.4f}")
    assert gain >= demanded


@pytest.mark.parametrize(("months", "demanded"), [(12, 20.0), (60, 5.0), (120, 2.5)])
def test_the_gain_fades_as_futures_part_and_is_not_lost(unlike, months, demanded):
    """With good and bad years and the season as they are."""
    gain, spread = log_effect(unlike, months)
    print(f"{months} months: variance {gain:.1f} times smaller when paired; log ratio of arms +- {spread:.4f}")
    assert gain >= demanded


def test_the_log_ratio_of_arms_is_known_to_a_few_hundredths(unlike):
    """Over the first year, with good and bad years as they are: its standard deviation over seeds."""
    _, spread = log_effect(unlike, 12)
    print(f"standard deviation of the log ratio of arms {spread:.4f}")
    assert spread <= 0.03
