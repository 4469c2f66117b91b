"""Levels and paired differences: what many futures of two arms say.

    d_r    = horizon mean of the policy in future r - horizon mean of the reference in future r
    mean   = average of d_r over the n futures
    low    = mean - t(.975, n - 1) * s(d) / sqrt(n)         high likewise: the 95 % interval of the mean difference
    clear  = low > least effect, or high < -least effect    least effect = max(least * |reference mean|, floor)
    small  = low >= -least effect and high <= least effect  what change there is is less than matters
    else, how large the change is, and often which way it goes, cannot be told from so many futures

Levels carry the 10th and the 90th percentile of futures: how much futures differ, not how unsure their mean is.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.outcomes import Outcome

__all__ = [
    "CLEAR",
    "SMALL",
    "UNTOLD",
    "Difference",
    "Floats",
    "Level",
    "differences",
    "futures_needed",
    "levels",
    "plain",
    "t_quantile",
    "verdict",
    "verdict_words",
]

type Floats = NDArray[np.float64]

CONFIDENCE = 0.95
LEVEL_PERCENTILES = (10, 90)

CLEAR, SMALL, UNTOLD = "clear", "small", "cannot be told"
"""What an interval says: beyond the least effect that matters, inside it, or neither."""

MOST_NEEDED = 10_000
"""The most futures that are worth naming: beyond, the difference is as good as at the least effect that matters."""


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
    verdict
        `CLEAR`, `SMALL` (the whole interval lies inside the least effect that matters) or `UNTOLD` (neither).
    share_lower, share_higher
        Shares of the futures in which the arm is lower, and higher, than the reference; the rest are equal.
    futures
        How many there are.
    """

    mean: float
    low: float
    high: float
    clear: bool
    verdict: str
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


def differences(means: Floats, reference: Floats, outcomes: Sequence[Outcome], *, family: int = 1) -> dict[str, Any]:
    """Return the fields of `Difference` but `futures`, each [...].

    Parameters
    ----------
    means, reference
        float64 [replication, ...], horizon means of the same futures.
    outcomes
        Whose least effects count: one outcome for all columns, or one for each.
    family
        How many intervals are to hold together in at least 95 % of cases (Bonferroni): each is widened so far.
    """
    futures = len(means)
    paired = means - reference
    mean = paired.mean(axis=0)
    margin = np.full_like(mean, np.nan)
    if futures > 1:
        margin = t_quantile(futures - 1, family) * paired.std(axis=0, ddof=1) / np.sqrt(futures)
    relative = np.array([outcome.least for outcome in outcomes])
    floor = np.array([outcome.floor for outcome in outcomes])
    least = np.maximum(relative * np.abs(reference.mean(axis=0)), floor)
    least = least if means.ndim > 1 else least[0]
    return {
        "mean": mean,
        "low": mean - margin,
        "high": mean + margin,
        "clear": (mean - margin > least) | (mean + margin < -least),
        "verdict": verdict(mean - margin, mean + margin, least),
        "share_lower": np.mean(paired < 0, axis=0),
        "share_higher": np.mean(paired > 0, axis=0),
    }


def verdict(low: Any, high: Any, least: Any) -> NDArray[np.str_]:
    """Say what intervals tell: `CLEAR`, `SMALL` or `UNTOLD`, each [...].

    Parameters
    ----------
    low, high
        Ends of the intervals; not-a-number where there is none, which tells nothing.
    least
        The least effects that matter, >= 0.
    """
    clear = (low > least) | (high < -least)
    small = (low >= -least) & (high <= least)
    return np.where(clear, CLEAR, np.where(small, SMALL, UNTOLD))


def verdict_words(said: str, low: float, high: float) -> str:
    """Say a verdict that is not `CLEAR` in a few words, for a cell of a table.

    Parameters
    ----------
    said
        `SMALL` or `UNTOLD`.
    low, high
        The ends of the interval: where they leave out zero, the direction is known, whatever else is not.
    """
    if said == SMALL:
        return "small, less than matters"
    if low > 0.0:
        return "higher, may be small"
    return "lower, may be small" if high < 0.0 else "cannot be told"


def futures_needed(mean: float, high: float, futures: int, least: float) -> int | None:
    """Return about how many futures would make a difference either clear or small, if it stays as it is.

    The interval must then end before the nearest of the two least effects that matter, one on either side of zero, so its
    half width must be less than the distance from the mean to it; it shrinks with the root of the number.

    Parameters
    ----------
    mean, high, futures
        The mean difference, the upper end of its interval, and over how many futures they were found, at least 2.
    least
        The least effect that matters, >= 0.

    Returns
    -------
    int or None
        At least `futures`; None where more than `MOST_NEEDED` would be needed.
    """
    deviation = (high - mean) * math.sqrt(futures) / t_quantile(futures - 1)

    def tells(number: int) -> bool:
        half = t_quantile(number - 1) * deviation / math.sqrt(number)
        return str(verdict(mean - half, mean + half, least)) != UNTOLD

    # The half width only falls with the number, so the first number that tells can be found by halving.
    if tells(futures):
        return futures
    numbers = range(futures, MOST_NEEDED + 1)
    first = bisect_left(numbers, True, key=tells)
    return numbers[first] if first < len(numbers) else None


def t_quantile(degrees: int, family: int = 1) -> float:
    """Return the bound of the central 95 % of Student's t with so many degrees of freedom.

    With a `family` of several intervals the 5 % outside are shared between them, so that all hold together (Bonferroni).
    """
    from scipy.special import stdtrit

    outside = (1 - CONFIDENCE) / 2
    return float(stdtrit(degrees, 1 - outside / family))


def plain(found: Mapping[str, Any]) -> dict[str, Any]:
    """Return the numbers of one column as JSON can hold them; what is undefined is None."""
    values = {name: value.item() for name, value in found.items()}
    return {name: value if isinstance(value, str) or math.isfinite(value) else None for name, value in values.items()}
