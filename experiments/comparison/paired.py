"""Levels and paired differences: what many futures of two arms say.

    d_r    = horizon mean of the policy in future r - horizon mean of the reference in future r
    mean   = average of d_r over the n futures
    low, high                                               the 95 % interval of the mean difference, see `mean_interval`
    clear  = low > least effect, or high < -least effect    least effect = max(least * |reference mean|, floor)
    small  = low >= -least effect and high <= least effect  what change there is is less than matters
    else, how large the change is, and often which way it goes, cannot be told from so many futures

That is what "clear" means wherever this project says it. Two things come before: under `FEWEST` futures an interval covers
too seldom, so nothing is said but that they are too few; and where most futures show no difference at all, the difference is
a rare event, which is counted and gets no interval.

Effects of policies are skewed: a few futures gain much. Student's interval then misses on one side. Hall's (1992)
transformation of the t statistic takes the skewness g out of it. On the side of the longer tail it reaches further than
Student's; on the other it would reach less far, which is too short where a few large values make g by luck, so Student's end
stays there. Where g is zero both are the same:

    W     = (mean - truth) / s           s the standard deviation of the n differences, g their adjusted skewness (G1)
    T(W)  = W + g W^2 / 3 + g^2 W^3 / 27 + g / (6 n)     sqrt(n) T is held within Student's t
    W(T)  = 3 / g [(1 + g (T - g / (6 n)))^(1/3) - 1]

How often it holds the truth on the model's own effects is measured in `tests/validation/test_paired_intervals.py`.

Levels carry the 10th and the 90th percentile of futures: how much futures differ, not how unsure their mean is.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from sim.outcomes import Outcome

__all__ = [
    "CLEAR",
    "FEWEST",
    "RARE",
    "SMALL",
    "TOO_FEW",
    "UNTOLD",
    "Difference",
    "Floats",
    "Interval",
    "Level",
    "differences",
    "futures_needed",
    "interval_of",
    "judged",
    "levels",
    "mean_interval",
    "plain",
    "ratio_of_means",
    "t_quantile",
    "verdict",
    "verdict_words",
]

type Floats = NDArray[np.float64]

CONFIDENCE = 0.95
LEVEL_PERCENTILES = (10, 90)

CLEAR, SMALL, UNTOLD = "clear", "small", "cannot be told"
"""What an interval says: beyond the least effect that matters, inside it, or neither."""
TOO_FEW, RARE = "too few futures to say", "seen in few futures"
"""What is said where an interval would cover too seldom: there are too few futures, or most show no difference at all."""
FEWEST = 10
"""The fewest futures from which anything is told."""

RATIO_STEP, HALVINGS = 1e-3, 60
"""Where the search for the ends of a ratio's interval begins, as a share of the ratio; how often it doubles, and halves."""
MOST_NEEDED = 10_000
"""The most futures that are worth naming: beyond, the difference is as good as at the least effect that matters."""


class Interval(NamedTuple):
    """A mean with the two ends of its interval, in the unit of what it measures."""

    mean: float
    low: float
    high: float

    def times(self, factor: float) -> Interval:
        """Return the interval in another unit; a negative factor swaps its ends."""
        ends = sorted((self.low * factor, self.high * factor))
        return Interval(self.mean * factor, *ends)


@dataclass(frozen=True)
class Level:
    """The level of an outcome in one arm: mean of the futures, and their 10th and 90th percentile."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Difference:
    """How one arm differs from the reference in one outcome, over the same futures.

    Attributes
    ----------
    mean, low, high
        Mean over the futures and its 95 % interval; the ends are NaN for a single future and for a rare event.
    clear
        Whether the interval lies wholly beyond zero and the least effect that matters, over `FEWEST` futures or more.
    verdict
        `CLEAR`, `SMALL` (the whole interval lies inside the least effect that matters), `UNTOLD` (neither), `TOO_FEW` (under
        `FEWEST` futures) or `RARE` (no difference in more than half of the futures, some in the others).
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
    relative = np.array([outcome.least for outcome in outcomes])
    floor = np.array([outcome.floor for outcome in outcomes])
    least = np.maximum(relative * np.abs(reference.mean(axis=0)), floor)
    return judged(means - reference, least if means.ndim > 1 else least[0], family=family)


def judged(paired: Floats, least: Any, *, family: int = 1) -> dict[str, Any]:
    """Return the fields of `Difference` but `futures`, each [...], for differences that are taken already.

    Parameters
    ----------
    paired
        float64 [replication, ...], a difference for each future.
    least
        The least effects that matter, >= 0, [...].
    family
        As for `differences`.
    """
    futures = len(paired)
    low, high = mean_interval(paired, family=family)
    moves = np.count_nonzero(paired, axis=0)
    rare = (moves > 0) & (2 * moves < futures) & (futures >= FEWEST)
    low, high = (np.where(rare, np.nan, end) for end in (low, high))
    said = np.where(rare, RARE, verdict(low, high, least)) if futures >= FEWEST else np.full(low.shape, TOO_FEW)
    return {
        "mean": paired.mean(axis=0),
        "low": low,
        "high": high,
        "clear": said == CLEAR,
        "verdict": said,
        "share_lower": np.mean(paired < 0, axis=0),
        "share_higher": np.mean(paired > 0, axis=0),
    }


def mean_interval(values: Floats, *, family: int = 1) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval of the mean over futures, see the top of this file: each float64 [...].

    Parameters
    ----------
    values
        float64 [future, ...]; from fewer than two there is no interval (NaN), from two it is Student's.
    family
        How many intervals are to hold together in at least 95 % of cases (Bonferroni).
    """
    number = len(values)
    mean = np.asarray(values.mean(axis=0))
    if number < 2:
        return np.full_like(mean, np.nan), np.full_like(mean, np.nan)
    off = values - mean
    deviation = np.sqrt((off**2).sum(axis=0) / (number - 1))
    scaled = off / np.where(deviation > 0.0, deviation, 1.0)
    skewness = np.zeros_like(mean)
    if number > 2:
        skewness = np.asarray((scaled**3).sum(axis=0)) * number / ((number - 1) * (number - 2))
    # Below this it changes no digit, and dividing by it would.
    skewed = np.abs(skewness) > 1e-6
    divisor = np.where(skewed, skewness, 1.0)

    def end(reach: float) -> Floats:
        bent = 3.0 / divisor * (np.cbrt(1.0 + divisor * (reach - divisor / (6.0 * number))) - 1.0)
        return np.asarray(mean - deviation * np.where(skewed, bent, reach))

    reach = t_quantile(number - 1, family) / math.sqrt(number)
    return np.minimum(end(reach), mean - deviation * reach), np.maximum(end(-reach), mean + deviation * reach)


def interval_of(values: Floats, *, family: int = 1) -> Interval:
    """Return the mean of one figure a future with its 95 % interval, see `mean_interval`; values: float64 [future]."""
    low, high = mean_interval(values, family=family)
    return Interval(float(values.mean()), float(low), float(high))


def ratio_of_means(above: Floats, below: Floats) -> Interval | None:
    """Return mean(above) / mean(below) with its 95 % interval, or None where that is unbounded.

    The interval holds every ratio r for which the interval of the mean of (above - r below) holds zero (Fieller 1954).

    Parameters
    ----------
    above, below
        float64 [future], paired by seed.
    """
    if above.size < 2 or not below.mean():
        return None
    of_below = interval_of(below)
    if of_below.low <= 0.0 <= of_below.high:
        return None
    ratio = float(above.mean() / below.mean())

    def holds(r: float) -> bool:
        found = interval_of(above - r * below)
        return found.low <= 0.0 <= found.high

    ends = []
    for sign in (-1.0, 1.0):
        step = RATIO_STEP * (abs(ratio) or float(above.std() / abs(below.mean())) or 1.0)
        for _ in range(HALVINGS):
            if not holds(ratio + sign * step):
                break
            step *= 2.0
        else:
            return None
        inside, outside = 0.0, step
        for _ in range(HALVINGS):
            middle = (inside + outside) / 2.0
            inside, outside = (middle, outside) if holds(ratio + sign * middle) else (inside, middle)
        ends.append(ratio + sign * outside)
    return Interval(ratio, *ends)


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
    """Say a verdict in a few words, for a cell of a table.

    Parameters
    ----------
    said
        `CLEAR`, `SMALL`, `UNTOLD`, `TOO_FEW` or `RARE`.
    low, high
        The ends of the interval: where they leave out zero, the direction is known, whatever else is not.
    """
    if said == SMALL:
        return "small, less than matters"
    if said in (CLEAR, TOO_FEW, RARE):
        return said
    if low > 0.0:
        return "higher, may be small"
    return "lower, may be small" if high < 0.0 else "cannot be told"


def futures_needed(mean: float, low: float, high: float, futures: int, least: float) -> int | None:
    """Return about how many futures would make a difference either clear or small, if it stays as it is.

    The interval must then end before the nearest of the two least effects that matter, one on either side of zero, so its
    half width must be less than the distance from the mean to it; it shrinks with the root of the number. Skewness, which
    makes the two halves unequal, shrinks with it and is left out.

    Parameters
    ----------
    mean, low, high, futures
        The mean difference, the ends of its interval, and over how many futures they were found, at least 2.
    least
        The least effect that matters, >= 0.

    Returns
    -------
    int or None
        At least `futures`; None where more than `MOST_NEEDED` would be needed.
    """
    deviation = (high - low) / 2 * math.sqrt(futures) / t_quantile(futures - 1)

    def tells(number: int) -> bool:
        if number < FEWEST:
            return False
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
