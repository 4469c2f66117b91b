"""Levels and paired differences: what many futures of two arms say.

    d_r    = horizon mean of the policy in future r - horizon mean of the reference in future r
    mean   = average of d_r over the n futures
    low    = mean - t(.975, n - 1) * s(d) / sqrt(n)         high likewise: the 95 % interval of the mean difference
    clear  = low > least effect, or high < -least effect    least effect = max(least * |reference mean|, floor)

Levels carry the 10th and the 90th percentile of futures: how much futures differ, not how unsure their mean is.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.outcomes import Outcome

__all__ = ["Difference", "Floats", "Level", "differences", "levels", "plain", "t_quantile"]

type Floats = NDArray[np.float64]

CONFIDENCE = 0.95
LEVEL_PERCENTILES = (10, 90)


@dataclass(frozen=True)
class Level:
    """Where an outcome stands in one arm: mean of the futures, and their 10th and 90th percentile."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """How one arm differs from the reference in one outcome, over the same futures.

    Attributes
    ----------
    mean, low, high
        Mean over the futures and its 95 % interval; the ends are NaN for a single future.
    clear
        Whether the interval lies wholly beyond zero and the least effect that matters.
    share_lower, share_higher
        Shares of the futures in which the arm is lower, and higher, than the reference; the rest are equal.
    futures
        How many there are.
    """

    mean: float
    low: float
    high: float
    clear: bool
    share_lower: float
    share_higher: float
    futures: int


def levels(means: Floats) -> dict[str, Any]:
    """Return the fields of `Level`, each [...].

    Parameters
    ----------
    means
        float64 [replication, ...], horizon means.
    """
    low, high = np.percentile(means, LEVEL_PERCENTILES, axis=0)
    return {"mean": means.mean(axis=0), "low": low, "high": high}


def differences(means: Floats, reference: Floats, outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Return the fields of `Difference` but `futures`, each [...].

    Parameters
    ----------
    means, reference
        float64 [replication, ...], horizon means of the same futures.
    outcomes
        Whose least effects count: one outcome for all columns, or one for each.
    """
    futures = len(means)
    paired = means - reference
    mean = paired.mean(axis=0)
    margin = np.full_like(mean, np.nan)
    if futures > 1:
        margin = t_quantile(futures - 1) * paired.std(axis=0, ddof=1) / np.sqrt(futures)
    relative = np.array([outcome.least for outcome in outcomes])
    floor = np.array([outcome.floor for outcome in outcomes])
    least = np.maximum(relative * np.abs(reference.mean(axis=0)), floor)
    least = least if means.ndim > 1 else least[0]
    return {
        "mean": mean,
        "low": mean - margin,
        "high": mean + margin,
        "clear": (mean - margin > least) | (mean + margin < -least),
        "share_lower": np.mean(paired < 0, axis=0),
        "share_higher": np.mean(paired > 0, axis=0),
    }


def t_quantile(degrees: int) -> float:
    """Return the bound of the central 95 % of Student's t with so many degrees of freedom."""
    from scipy.special import stdtrit

    return float(stdtrit(degrees, 0.5 + CONFIDENCE / 2))


def plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of one column as JSON can hold them; what is undefined is None."""
    values = {name: value.item() for name, value in found.items()}
    return {name: value if math.isfinite(value) else None for name, value in values.items()}
