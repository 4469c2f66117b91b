"""Sobol' indices and Shapley shares of the expected outcome, from rows that each meet two futures.

With g(x) = E[Y | x], the outcome expected at the inputs x, indices are shares of V = Var(g(x)): what chance adds to single
runs is no part of them. All rows of a block, a point A with its partners, meet the same two futures s and s'. A product of
one difference in s and the same difference in s' has the expectation of the squared difference of g, whatever luck does:
the two are independent given the inputs, so luck that depends on factors drops out of the mean, and luck that adds alike
everywhere drops out of each difference. B is independent of A; A_i is A with factor i of B.

    d(P, Q) = [f(P, s) - f(Q, s)] [f(P, s') - f(Q, s')] / 2
    V       = E d(A, B)
    V S1_i  = V - E d(B, A_i)                     Janon/Jansen form of the first-order index
    V ST_i  = E d(A, A_i)                         Jansen's form of the total index
    V S2_ij = V - E d(B_j, A_i) - V S1_i - V S1_j
    chance  = E [f(P, s) - f(P, s')]^2 / 2        over all rows P; its share is chance / (chance + V)

The Shapley share of a step of a trajectory from P to Q that began in A is E of [f(A) - (f(P) + f(Q)) / 2] [f(P) - f(Q)] with
the first factor in one future and the second in the other; the steps of a trajectory add up to d(A, B) exactly.

Each index is a ratio of two means over independent units: sixteen separately scrambled Sobol' sequences (sobol) or
trajectories (shapley). Its 95 % interval holds the values r for which the mean of (part - r whole) is not beyond Student's t
from zero (Fieller), stretched a little where blocks are few. It knows how unsure the whole is, and is 0 to 1 where the
whole cannot be told from nothing. No total index exceeds 1, so no part exceeds the whole: the largest part takes its place
where it gives a lower upper end.

Sources: Jansen (1999); Saltelli et al. (2010); Goda (2021) for Shapley; Fieller (1954). How often the intervals hold the
truth is measured in `tests/validation/test_index_intervals.py`.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.comparison.paired import t_quantile
from experiments.sensitivity.estimates import LEAST_INDEX, Estimate, Noise, Rows, check_share, weights
from experiments.sensitivity.estimators import FUTURES_OF_A_ROW, SCRAMBLINGS, names_of
from experiments.sensitivity.factors import SEED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats

__all__ = ["Ratios", "pairs", "ratios", "shapley", "sobol"]

FEW = 6.0
"""Intervals are stretched 1 + 6 / blocks times: means of few skewed products are less sure than their spread says."""


class Ratios(NamedTuple):
    """Ratios of means with their 95 % intervals, each float64 [column] within 0 and 1.

    `value` is NaN where the whole is not above zero.
    """

    value: Floats
    low: Floats
    high: Floats


def ratios(parts: Floats, whole: Floats, blocks: int) -> Ratios:
    """Return mean(parts) / mean(whole) for ratios that lie within 0 and 1, with Fieller's 95 % interval.

    Parameters
    ----------
    parts
        float64 [unit, column]; a column of zeros is a ratio of exactly zero.
    whole
        float64 [unit], what the parts are parts of, from the same units.
    blocks
        How many blocks the units are made of.
    """
    units = len(whole)
    part_mean, whole_mean = parts.mean(axis=0), whole.mean()
    part_off, whole_off = parts - part_mean, (whole - whole_mean)[:, None]
    reach = t_quantile(units - 1) ** 2 / (units * (units - 1))
    # The interval is where a r^2 - 2 b r + c <= 0.
    a = whole_mean**2 - reach * (whole_off**2).sum(axis=0)
    b = part_mean * whole_mean - reach * (part_off * whole_off).sum(axis=0)
    c = part_mean**2 - reach * (part_off**2).sum(axis=0)
    root = np.sqrt(np.maximum(b**2 - a * c, 0.0))
    far = b + np.copysign(root, b)
    with np.errstate(divide="ignore", invalid="ignore"):
        ends = np.stack([far / a, np.where(far == 0.0, 0.0, c / far)])
        value = part_mean / whole_mean if whole_mean > 0.0 else np.full_like(part_mean, np.nan)
    first, second = ends.min(axis=0), ends.max(axis=0)
    bounded = a > 0.0
    # Else it is all but what lies between the two ends, if there is anything between them.
    holed = ~bounded & (b**2 > a * c)
    low = np.where(bounded, first, np.where(holed & (first < 0.0) & (second > 0.0) & (second < 1.0), second, 0.0))
    high = np.where(bounded, second, np.where(holed & (first > 0.0) & (first < 1.0) & (second > 1.0), first, 1.0))
    told = np.isfinite(value)
    low = np.where(told, low - FEW / blocks * (value - low), low)
    high = np.where(told, high + FEW / blocks * (high - value), high)
    nothing = ~parts.any(axis=0)
    return Ratios(*(np.where(nothing, 0.0, np.clip(each, 0.0, 1.0)) for each in (value, low, high)))


def sobol(design: Rows, outputs: Floats, seed: int) -> Estimate:
    """Return the total indices of the expected outcome, and beside them the first-order ones.

    Parameters
    ----------
    design
        The rows of a sobol design, or the first of them.
    outputs
        float64 [row].
    seed
        For the resamples.

    Raises
    ------
    ShareOfNoiseError
        When chance is sure to carry all of the variance.
    """
    blocks = _blocks(design, outputs)
    total, first, whole = _sobol_parts(blocks, design)
    told = _capped(ratios(total, whole, len(blocks.rows)), total, len(blocks.rows))
    alone = ratios(first, whole, len(blocks.rows))
    swapped = blocks.rows[:, :, 1 : 1 + blocks.sides] - blocks.rows[:, :, :1]
    with_seed = _units((swapped[:, 0] - swapped[:, 1]) ** 2 / 4.0)
    noise, variance = _noise(blocks, whole)
    columns = {
        "S1_expected": alone.value,
        "S1_low": alone.low,
        "S1_high": alone.high,
        "ST_expected": told.value,
        "seed_interaction": np.clip(with_seed.mean(axis=0) / variance, 0.0, 1.0),
    }
    return _estimate(design, told, _bootstrap(total, whole, seed), columns, noise)


def pairs(design: Rows, outputs: Floats) -> pd.DataFrame:
    """Return the second-order indices of the expected outcome.

    Parameters
    ----------
    design
        The rows of a sobol design that was drawn with pairs.
    outputs
        float64 [row].

    Returns
    -------
    DataFrame
        One row for each pair: first, second, S2, S2_low, S2_high; the dummy is among them, the seed is not.
    """
    import pandas as pd

    blocks = _blocks(design, outputs)
    _, first, whole = _sobol_parts(blocks, design)
    sides = blocks.sides
    forth, back = blocks.rows[:, :, 1 : 1 + sides], blocks.rows[:, :, 1 + sides : 1 + 2 * sides]
    names = [name for name in names_of(design.problem) if name != SEED]
    above = list(itertools.combinations(range(sides), 2))
    left, right = (np.array(places) for places in zip(*above, strict=True))
    apart = (_product(back[..., right] - forth[..., left]) + _product(back[..., left] - forth[..., right])) / 2.0
    told = ratios(whole[:, None] - _units(apart) - first[:, left] - first[:, right], whole, len(blocks.rows))
    return pd.DataFrame(
        {
            "first": [names[place] for place in left],
            "second": [names[place] for place in right],
            "S2": told.value,
            "S2_low": told.low,
            "S2_high": told.high,
        }
    )


def shapley(design: Rows, outputs: Floats, seed: int) -> Estimate:
    """Return the Shapley shares of the expected outcome; they add up to 1.

    Parameters
    ----------
    design
        The rows of a shapley design, or the first of them.
    outputs
        float64 [row].
    seed
        For the resamples.

    Raises
    ------
    ShareOfNoiseError
        When chance is sure to carry all of the variance.
    """
    blocks = _blocks(design, outputs)
    before, after = blocks.rows[:, :, :-1], blocks.rows[:, :, 1:]
    level, step = blocks.rows[:, :, :1] - (before + after) / 2.0, before - after
    moved = (level[:, 0] * step[:, 1] + level[:, 1] * step[:, 0]) / 2.0
    kept = [place for place, name in enumerate(design.problem["names"]) if name != SEED]
    points = design.unit[: design.rows, kept].reshape(len(moved), FUTURES_OF_A_ROW, len(kept) + 1, len(kept))[:, 0]
    parts = np.zeros_like(moved)
    np.put_along_axis(parts, (np.diff(points, axis=1) != 0).argmax(axis=2), moved, axis=1)
    whole = parts.sum(axis=1)
    told = ratios(parts, whole, len(blocks.rows))
    noise, _ = _noise(blocks, whole)
    return _estimate(design, told, _bootstrap(parts, whole, seed), {"share_expected": told.value}, noise)


class _Blocks(NamedTuple):
    """Outputs as float64 [block, future, row of the block], and how many factors or groups are swapped."""

    rows: Floats
    sides: int


def _blocks(design: Rows, outputs: Floats) -> _Blocks:
    sides = len(names_of(design.problem)) - 1
    length = sides + 1 if design.method == "shapley" else (2 if design.second_order else 1) * sides + 2
    # Away from a far level, products of differences lose digits to rounding.
    centred = outputs[: design.rows] - outputs[: design.rows].mean()
    return _Blocks(centred.reshape(-1, FUTURES_OF_A_ROW, length), sides)


def _sobol_parts(blocks: _Blocks, design: Rows) -> tuple[Floats, Floats, Floats]:
    """Return what total and first-order indices are made of, and the whole: [unit, side], [unit, side], [unit]."""
    rows, sides = blocks.rows, blocks.sides
    a, b, forth = rows[:, :, :1], rows[:, :, -1:], rows[:, :, 1 : 1 + sides]
    whole = _product(a - b)
    total, apart = _product(a - forth), _product(b - forth)
    if design.second_order:
        back = rows[:, :, 1 + sides : 1 + 2 * sides]
        total, apart = (total + _product(b - back)) / 2.0, (apart + _product(a - back)) / 2.0
    return _units(total), _units(whole - apart), _units(whole)[:, 0]


def _product(difference: Floats) -> Floats:
    """Return half the product of differences in the two futures of a block: [block, future, ...] to [block, ...]."""
    product: Floats = difference[:, 0] * difference[:, 1] / 2.0
    return product


def _units(values: Floats) -> Floats:
    """Return the means of the separately scrambled sequences: [block, ...] to [unit, ...]; blocks take turns."""
    units = min(SCRAMBLINGS, len(values))
    means: Floats = values.reshape(len(values) // units, units, *values.shape[1:]).mean(axis=0)
    return means


def _capped(told: Ratios, parts: Floats, blocks: int) -> Ratios:
    """Return total indices whose upper ends are no higher than those of the ratio to the largest part."""
    largest = int(parts.mean(axis=0).argmax())
    bound = ratios(parts, parts[:, largest], blocks).high
    bound[largest] = 1.0
    return told._replace(high=np.maximum(np.minimum(told.high, bound), np.fmax(told.value, told.low)))


def _noise(blocks: _Blocks, whole: Floats) -> tuple[Noise, float]:
    """Return what chance carries, and the variance of single runs."""
    gather = _units if len(whole) != len(blocks.rows) else np.asarray
    luck = blocks.rows[:, 0] - blocks.rows[:, 1]
    chance = gather((luck**2).mean(axis=1) / 2.0)
    alike = gather(luck[:, 0] * luck[:, -1] / 2.0)
    # What luck does at one point and at another: all that differs is its part in interactions with factors.
    varied = gather((luck[:, 0] - luck[:, -1]) ** 2 / 4.0)
    share, alone, uneven = (ratios(part[:, None], chance + whole, len(luck)) for part in (chance, alike, varied))
    told, low, high = (float(end[0]) for end in share)
    variance = float(chance.mean() + whole.mean())
    if not np.isfinite(told):
        told = high
    check_share(low, told)
    noise = Noise(
        variance=max(variance, float(chance.mean())),
        share=min(max(told, low), high),
        low=low,
        high=high,
        alone=float(alone.value[0]),
        interacts=bool(uneven.low[0] > LEAST_INDEX),
    )
    return noise, noise.variance


def _bootstrap(parts: Floats, whole: Floats, seed: int) -> Floats:
    """Return the ratios of resampled units: float64 [resample, column]."""
    drawn = weights(len(whole), seed)
    return drawn @ parts / np.maximum(drawn @ whole, 1e-300)[:, None]


def _estimate(design: Rows, told: Ratios, resamples: Floats, columns: dict[str, Floats], noise: Noise) -> Estimate:
    """Return the estimate, with a column of its own for the seed, of which nothing is told."""
    place = names_of(design.problem).index(SEED)

    def widened(values: Floats) -> Floats:
        return np.insert(values, place, np.nan, axis=-1)

    return Estimate(
        index=widened(told.value),
        low=widened(told.low),
        high=widened(told.high),
        resamples=widened(resamples),
        columns={name: widened(values) for name, values in columns.items()},
        noise=noise,
        sure=np.ones(len(told.value) + 1, np.bool_),
    )
