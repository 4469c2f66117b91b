"""Choosing among options over many draws of luck and parameters: fronts, robustness, and what knowing would be worth.

All draws are paired: row r of every array is one future with one draw of parameters, met by all options.

    front        options that no other beats in one objective without losing in another; chance of being on it: share of
                 resampled studies (bootstrap over futures) in which the option is affordable and on the front
    worst tenth  mean gain over the tenth of futures in which the option gains least (CVaR at 10 %)
    regret       in each future, the best gain of any option less this one's
    EVPPI        E over x [max over options E[gain | x]] - max over options E[gain]: what knowing parameter x before
                 choosing would be worth; E[gain | x] by a cubic in the place of x within its range

Noise makes some option look best at some x by luck, so the EVPPI of a parameter that matters nothing is above zero. The
same is computed for many dummies that nothing reads. Their mean is taken off, and only what lies above the bar, which none
of so many parameters would pass by luck in 19 of 20 studies, is said to be told from noise. Sources: Strong, Oakley and
Brennan (2014) on regression for EVPPI; Savage (1951) on regret (recalled).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.paired import Floats, Interval

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CLAIMED",
    "beats",
    "best_by_mean",
    "chance_best",
    "chance_on_front",
    "evppi",
    "on_front",
    "regrets",
    "satisfied",
    "shares_of_range",
    "value_of_knowing_all",
    "worst_tenth",
]

CLAIMED = 0.9
"""The chance of being on the front from which an option is said to be on it."""

RESAMPLES = 1000
DUMMIES = 400
CHUNK = 100
"""Resamples compared at a time, so that memory stays small with many options."""

LEAST_WORTH = 0.01
"""The least that counts of what knowing would be worth, as a share of the best option's mean gain."""

DEGREE = 3
"""Of the polynomial that follows a gain over a parameter's range."""

SAME = 1e-9
"""Gains closer than this, as a share of the largest, are the same: rounding must not make one option beat its double."""


# Fronts --------------------------------------------------------------------------------------------------------------


def on_front(gains: Floats, allowed: NDArray[np.bool_] | None = None) -> NDArray[np.bool_]:
    """Say which options no other allowed option beats.

    Parameters
    ----------
    gains
        float64 [..., option, objective], higher is better.
    allowed
        bool [..., option]; the others neither beat anyone nor stand on the front. None allows all.

    Returns
    -------
    bool [..., option]
    """
    tolerance = SAME * np.maximum(np.abs(gains).max(axis=-2, keepdims=True), 1e-300)
    # [..., a, b, objective]: by how much b is ahead of a.
    ahead = gains[..., None, :, :] - gains[..., :, None, :]
    tolerance = tolerance[..., None, :]
    beaten = (ahead >= -tolerance).all(axis=-1) & (ahead > tolerance).any(axis=-1)
    if allowed is None:
        return np.asarray(~beaten.any(axis=-1))
    return np.asarray(allowed & ~(beaten & allowed[..., None, :]).any(axis=-1))


def chance_on_front(
    gains: Floats, costs: Floats | None = None, budget: float | None = None, *, seed: int = 1, resamples: int = RESAMPLES
) -> Floats:
    """Return in which share of resampled studies each option is affordable and beaten by no affordable other.

    Parameters
    ----------
    gains
        float64 [future, option, objective], higher is better.
    costs, budget
        float64 [future, option] and what their mean may not exceed; without a budget all options are affordable.
    seed, resamples
        Of the resampling of futures, and how often.

    Returns
    -------
    float64 [option], 0 to 1
    """
    futures, options, objectives = gains.shape
    draws = np.random.default_rng(seed)
    tally = np.zeros(options)
    for first in range(0, resamples, CHUNK):
        size = min(CHUNK, resamples - first)
        weights = draws.multinomial(futures, np.full(futures, 1.0 / futures), size) / futures
        means = (weights @ gains.reshape(futures, -1)).reshape(size, options, objectives)
        allowed = None
        if costs is not None and budget is not None:
            allowed = weights @ costs <= budget + SAME * max(1.0, abs(budget))
        tally += on_front(means, allowed).sum(axis=0)
    return tally / resamples


# Robustness ----------------------------------------------------------------------------------------------------------


def worst_tenth(gains: Floats) -> Floats:
    """Return the mean gain over the tenth of futures (one at least) that are worst for each option: float64 [option].

    Parameters
    ----------
    gains
        float64 [future, option].
    """
    number = max(1, round(len(gains) / 10))
    worst: Floats = np.sort(gains, axis=0)[:number].mean(axis=0)
    return worst


def regrets(gains: Floats) -> Floats:
    """Return by how much each option falls short of the best one in each future: float64 [future, option], >= 0."""
    regret: Floats = gains.max(axis=1, keepdims=True) - gains
    return regret


def satisfied(gains: Floats, threshold: float) -> Floats:
    """Return the share of futures in which each option gains at least a threshold: float64 [option]."""
    share: Floats = (gains >= threshold).mean(axis=0)
    return share


def best_by_mean(gains: Floats) -> int:
    """Return the option with the largest mean gain; the first of those that are the same."""
    means = gains.mean(axis=0)
    return int(np.argmax(means >= means.max() - SAME * max(float(np.abs(means).max()), 1e-300)))


def chance_best(gains: Floats, *, seed: int = 1, resamples: int = RESAMPLES) -> Floats:
    """Return in which share of resampled studies each option has the largest mean gain: how stable the winner is.

    Options whose gains are the same share what falls to them.
    """
    futures = len(gains)
    weights = np.random.default_rng(seed).multinomial(futures, np.full(futures, 1.0 / futures), resamples) / futures
    means = weights @ gains
    top = means >= means.max(axis=1, keepdims=True) - SAME * np.maximum(np.abs(means).max(axis=1, keepdims=True), 1e-300)
    share: Floats = (top / top.sum(axis=1, keepdims=True)).mean(axis=0)
    return share


def beats(first: Floats, second: Floats) -> Interval:
    """Return the share of futures in which one option gains more than another, with its 95 % interval (Wilson).

    Parameters
    ----------
    first, second
        float64 [future], gains over the same draws. A tie counts half.
    """
    from scipy.special import ndtri

    n = len(first)
    share = float(((first > second) + 0.5 * (first == second)).mean())
    z2 = float(ndtri(0.975)) ** 2
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    margin = np.sqrt(z2) / (1 + z2 / n) * np.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return Interval(share, max(0.0, float(middle - margin)), min(1.0, float(middle + margin)))


# What knowing would be worth -----------------------------------------------------------------------------------------


def shares_of_range(units: Floats) -> Floats:
    """Return Legendre polynomials of degree 0 to 3 of the place within a range: float64 [future, DEGREE + 1].

    Parameters
    ----------
    units
        float64 [future], 0 to 1.
    """
    return np.asarray(np.polynomial.legendre.legvander(2.0 * units - 1.0, DEGREE), dtype=np.float64)


def value_of_knowing_all(gains: Floats) -> float:
    """Return what knowing luck and every parameter before choosing would be worth (EVPI): the ceiling of any EVPPI."""
    return float(gains.max(axis=1).mean() - gains.mean(axis=0).max())


def evppi(units: Floats, gains: Floats, names: list[str], *, seed: int = 1, dummies: int = DUMMIES) -> pd.DataFrame:
    """Return what knowing each parameter before choosing would be worth.

    Parameters
    ----------
    units
        float64 [future, parameter], places within the ranges, 0 to 1.
    gains
        float64 [future, option].
    names
        Of the parameters.
    seed, dummies
        Of the parameters that nothing reads, and how many there are.

    Returns
    -------
    DataFrame
        One row for each parameter, most first: parameter; value (in the unit of the gain; the mean of the dummies is
        taken off, and it is zero at least), raw (before that), dummy (mean of the dummies), bar (see the top of
        this file), told (raw is above the bar, and value not below a hundredth of the best mean gain); low_choice,
        high_choice (places of the options that would be chosen in the middle of the lower and of the upper third of
        the range).
    """
    import pandas as pd

    draws = np.random.default_rng(seed)
    # Relative to the best on average, so that what moves all options alike adds no noise.
    relative = gains - gains[:, [best_by_mean(gains)]]
    nothing = np.array([_worth(relative, draws.random(len(gains))) for _ in range(dummies)])
    mean, bar = float(nothing.mean()), float(np.quantile(nothing, 1.0 - 0.05 / max(1, len(names))))
    least = LEAST_WORTH * abs(float(gains.mean(axis=0).max()))
    rows = []
    for place, name in enumerate(names):
        raw = _worth(relative, units[:, place])
        low, high = (_choice(relative, units[:, place], at) for at in (1 / 6, 5 / 6))
        rows.append(
            {
                "parameter": name,
                "value": max(0.0, raw - mean),
                "raw": raw,
                "dummy": mean,
                "bar": bar,
                "told": raw > bar and raw - mean >= least,
                "low_choice": low,
                "high_choice": high,
            }
        )
    table = pd.DataFrame(rows)
    return table.sort_values("value", ascending=False, ignore_index=True, kind="stable") if rows else table


def _worth(gains: Floats, units: Floats) -> float:
    """Return the mean over x of the best fitted gain, less the best of the mean fitted gains."""
    basis = shares_of_range(units)
    fitted = basis @ np.linalg.lstsq(basis, gains, rcond=None)[0]
    return float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())


def _choice(gains: Floats, units: Floats, at: float) -> int:
    """Return the option whose fitted gain is largest at a place of the range."""
    fit = np.linalg.lstsq(shares_of_range(units), gains, rcond=None)[0]
    return int(np.argmax(shares_of_range(np.array([at])) @ fit))
