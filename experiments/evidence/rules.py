"""The rules by which figures of many futures bear a claim out: one set for cases, for measures and for validation tests.

    falls, rises       the whole 95 % interval of the mean paired difference lies beyond the least effect
    nothing            the whole interval lies within the margin; no fall and no rise ask that of one side only
    between            the whole interval lies between two shares of the reference
    level              the whole interval of the mean itself lies between two values
    weaker             the effect is smaller than that of another claim, by the least effect or more
    order              each arm lies below the one named before it, by the least effect or more

Interval and verdict are those of `experiments.comparison.paired`: what falls or rises is "clear" there, and where there are
too few futures to say, or a difference is seen in few futures only, no claim holds.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from experiments.comparison.paired import CLEAR, FEWEST, RARE, TOO_FEW, UNTOLD, Floats, Interval, interval_of, judged

__all__ = ["LEAST", "MARGINS", "Change", "Ruling", "rule_on", "satisfies"]

LEAST = 0.05
"""The least effect that matters, as a share of what is compared with, unless a claim says otherwise."""

Change = Literal["falls", "rises", "nothing", "no fall", "no rise", "between", "level", "weaker", "order"]

MARGINS: tuple[Change, ...] = ("nothing", "no fall", "no rise")
"""The rules that ask for no effect, up to a margin."""


class Ruling(NamedTuple):
    """What figures say of one rule.

    Attributes
    ----------
    difference
        Mean over the futures with its 95 % interval, in the unit of the figures; the ends are not-a-number where a
        difference is seen in few futures only.
    relative
        The same as a share of the reference level; not-a-number where that is zero.
    least
        The least effect, or the margin, in the unit of the difference.
    verdict
        One of those of `experiments.comparison.paired`: "clear", "small", "cannot be told", "too few futures to say" or
        "seen in few futures".
    holds
        Whether the interval satisfies the rule.
    """

    difference: Interval
    relative: Interval
    least: float
    verdict: str
    holds: bool


def rule_on(
    change: Change,
    paired: Floats,
    *,
    level: float,
    share: float = LEAST,
    floor: float = 0.0,
    bounds: tuple[float, float] | None = None,
) -> Ruling:
    """Return what the figures of many futures say of a rule.

    Parameters
    ----------
    change
        The rule.
    paired
        float64 [future], the difference of each future; for "level" the level itself; for "weaker" how far the effect lies
        beyond the other, in shares, negative where it is weaker.
    level
        Mean of what is compared with; 1 where `paired` is in shares already.
    share, floor
        The least effect that matters, or the margin, as a share of that level, and at least so much in its unit.
    bounds
        For "between" in shares of the level, for "level" in its own unit.
    """
    if change == "level":
        return _rule_on_level(paired, bounds)
    least = max(share * abs(level), floor)
    found = judged(paired, least)
    difference = Interval(*(float(found[end]) for end in ("mean", "low", "high")))
    relative = difference.times(1.0 / abs(level)) if level else Interval(math.nan, math.nan, math.nan)
    said = str(found["verdict"])
    # Against a level of zero without a floor, any change at all would be beyond a least effect of zero.
    has_size = least > 0.0 or share == 0.0 or change not in ("falls", "rises", "order")
    tells = said not in (TOO_FEW, RARE) and has_size
    holds = tells and satisfies(change, relative if change == "between" else difference, least, bounds)
    return Ruling(difference, relative, least, said, holds)


def _rule_on_level(figures: Floats, bounds: tuple[float, float] | None) -> Ruling:
    """Return whether a level lies within bounds; it is clear where its whole interval lies inside, or outside."""
    own = interval_of(figures)
    low, high = bounds or (-math.inf, math.inf)
    inside = satisfies("level", own, 0.0, bounds)
    told = CLEAR if inside or own.high < low or own.low > high else UNTOLD
    said = told if len(figures) >= FEWEST else TOO_FEW
    return Ruling(own, Interval(math.nan, math.nan, math.nan), 0.0, said, inside and said == CLEAR)


def satisfies(change: Change, interval: Interval, least: float, bounds: tuple[float, float] | None = None) -> bool:
    """Say whether an interval satisfies a rule.

    Parameters
    ----------
    change
        The rule.
    interval
        Of the difference; for "between" of its share of the level, for "level" of the level, for "weaker" of the distance.
    least
        The least effect, or the margin, in the unit of the interval.
    bounds
        For "between" and "level"; without any, both hold everywhere.
    """
    no_fall, no_rise = interval.low >= -least, interval.high <= least
    lowest, highest = bounds or (-math.inf, math.inf)
    inside = lowest <= interval.low and interval.high <= highest
    below = interval.high < -least
    rules: dict[Change, bool] = {
        "falls": below,
        "order": below,
        "weaker": below,
        "rises": interval.low > least,
        "no fall": no_fall,
        "no rise": no_rise,
        "nothing": no_fall and no_rise,
        "between": inside,
        "level": inside,
    }
    return rules[change]
