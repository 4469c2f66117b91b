"""Distributions: what a number between 0 and 1 is turned into.

Each is the inverse of a distribution function, so that two arms that share a number differ only as far as their means do.
"""

from __future__ import annotations

import math

from sim.compiled import compiled

__all__ = ["count", "exponential", "normal", "normal_quantile"]

# Poisson counts of a larger mean are approximated.
LARGE = 50.0


@compiled
def exponential(u: float, mean: float) -> float:
    """Turn a uniform number into a waiting time of the given mean (inverse distribution function)."""
    return -mean * math.log(u)


@compiled
def count(u: float, mean: float) -> float:
    """Turn a uniform number into a Poisson count: the smallest n whose distribution function reaches u.

    Monotone in both arguments, so that two arms that share u differ only as far as their means do. Above a mean of 50
    the normal approximation, corrected for skewness, is used (relative error of the quantile below 1 %), and never less
    than the count at a mean of 50.

    Parameters
    ----------
    u : float
        Strictly between 0 and 1.
    mean : float
        Zero or more.

    Returns
    -------
    float
        A whole number.
    """
    if mean <= 0.0:
        return 0.0
    if mean <= LARGE:
        return _exact_count(u, mean)
    z = normal_quantile(u)
    near = math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5)
    return max(_exact_count(u, LARGE), near)


@compiled
def _exact_count(u: float, mean: float) -> float:
    """Return the Poisson quantile by adding up terms."""
    n = 0
    term = math.exp(-mean)
    total = term
    while u > total and n < 400:
        n += 1
        term *= mean / n
        total += term
    return float(n)


@compiled
def normal(u: float) -> float:
    """Turn a uniform number into a standard normal one, kept within 2.5 standard deviations."""
    return min(max(normal_quantile(u), -2.5), 2.5)


@compiled
def normal_quantile(u: float) -> float:
    """Return the standard normal quantile (Acklam's rational approximation, relative error below 1.2e-9; recalled)."""
    low = 0.02425
    if u < low:
        q = math.sqrt(-2.0 * math.log(u))
        return _tail(q)
    if u > 1.0 - low:
        q = math.sqrt(-2.0 * math.log(1.0 - u))
        return -_tail(q)
    q = u - 0.5
    r = q * q
    top = -39.69683028665376 * r + 220.9460984245205
    top = (top * r - 275.9285104469687) * r + 138.3577518672690
    top = (top * r - 30.66479806614716) * r + 2.506628277459239
    below = -54.47609879822406 * r + 161.5858368580409
    below = (below * r - 155.6989798598866) * r + 66.80131188771972
    below = (below * r - 13.28068155288572) * r + 1.0
    return top * q / below


@compiled
def _tail(q: float) -> float:
    """Return the lower tail of the normal quantile at q = sqrt(-2 ln u)."""
    top = (-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838
    top = ((top * q - 2.549732539343734) * q + 4.374664141464968) * q + 2.938163982698783
    below = (0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996
    below = (below * q + 3.754408661907416) * q + 1.0
    return top / below
