"""What noise does to an index: each method's index of the expected outcome where it has one, with its interval.

sobol and shapley tell shares of the variance of the expected outcome E[Y | x], without bias whatever luck does: every row
meets two futures, see `experiments.sensitivity.nested`. The others have one future a row:

- morris: the seed is a factor like others. Half its mean squared step estimates what chance carries. A mean size of an
  elementary effect holds what chance adds, so a factor that only reshuffles the luck has one too; `sure` tells it apart.
- rbd-fast: chance is told from rows that are repeated in another future, and indices are divided by what it leaves.
- pawn, delta: distances between distributions, luck included. A factor that only makes luck larger moves them, rightly.

Resamples are a bootstrap over trajectories (morris), half-samples (pawn), or what SALib makes of them (delta, rbd-fast).
How often these intervals hold the truth is not known: they rank, and sizes that are to be reported come from sobol or
shapley.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from experiments.comparison.paired import mean_interval
from experiments.sensitivity import nested
from experiments.sensitivity.estimates import ALL_NOISE, RESAMPLES, Estimate, Noise, Rows, check_share, interval, weights
from experiments.sensitivity.estimators import LEVELS, MAIN, SLIDES, Method, names_of
from experiments.sensitivity.factors import SEED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats

__all__ = ["estimate", "main_index", "pawn_medians"]

HALVES = 100
"""Half-samples behind the intervals of pawn."""


def main_index(method: Method) -> str:
    """Return the name of the column that the main index is taken from."""
    return MAIN[method] if method in ("morris", "pawn", "delta") else f"{MAIN[method]}_expected"


def estimate(design: Rows, outputs: Floats, table: pd.DataFrame | None, seed: int) -> Estimate:
    """Return the main index of every factor with its interval, the noise, and what is told from mere luck.

    Parameters
    ----------
    design
        The rows, or the first of them.
    outputs
        float64 [row], those that repeat others included.
    table
        From `experiments.sensitivity.estimators.analyse`, for methods that analyse given data (pawn, delta, rbd-fast);
        None else.
    seed
        For the resamples.

    Raises
    ------
    ShareOfNoiseError
        When chance is sure to carry all of the variance and the method tells shares of what it leaves.
    """
    if design.method == "sobol":
        return nested.sobol(design, outputs, seed)
    if design.method == "shapley":
        return nested.shapley(design, outputs, seed)
    if design.method == "morris":
        return _morris(design, outputs, seed)
    assert table is not None
    return _given_data(design, outputs, table, seed)


def _morris(design: Rows, outputs: Floats, seed: int) -> Estimate:
    names = names_of(design.problem)
    chance = names.index(SEED)
    steps = _steps(design, outputs)
    drawn = weights(len(steps), seed)
    sizes = np.abs(steps) * (LEVELS - 1) / (LEVELS / 2)
    resamples = drawn @ sizes
    low, high = interval(resamples)
    noise = _noise(steps[:, chance] ** 2 / 2, drawn, float(np.var(outputs)))
    # A group's step has no sign of its own: its members move up or down as they please.
    single = len(set(design.problem["names"])) == len(names)
    signed = steps * _directions(design) if single else np.zeros_like(steps)
    sure = np.zeros(len(names), np.bool_)
    if len(steps) > 1:
        ends = mean_interval(signed)
        sure = (ends[0] > 0.0) | (ends[1] < 0.0)
    sure |= low > high[chance]
    return Estimate(sizes.mean(axis=0), low, high, resamples, {}, noise, sure)


def _noise(chance: Floats, drawn: Floats, variance: float) -> Noise:
    """Return what chance carries; chance: float64 [unit], estimates of its variance; drawn: from `weights`."""
    # Few estimates of one variance over another come out above the whole: no share does.
    share = min(1.0, float(chance.mean()) / variance)
    low, high = np.clip(interval((drawn @ chance / variance)[:, None]), 0.0, 1.0)[:, 0]
    return Noise(variance, share, min(float(low), share), max(float(high), share), math.nan, False)


def _directions(design: Rows) -> Floats:
    """Return float64 [trajectory, factor]: whether a factor went up (1) or down (-1) on its step."""
    count = design.unit.shape[1]
    points = design.unit[: design.rows].reshape(-1, count + 1, count)
    return np.sign(points[:, -1] - points[:, 0])


def _given_data(design: Rows, outputs: Floats, table: pd.DataFrame, seed: int) -> Estimate:
    rows, again = outputs[: design.rows], outputs[design.rows :]
    value = table[MAIN[design.method]].to_numpy(np.float64)
    drawn, variance = weights(len(again), seed), float(np.var(rows))
    chance = (rows[: len(again)] - again) ** 2 / 2
    noise = _noise(chance, drawn, variance)
    # Every row has a future of its own: luck is spread over all factors alike.
    sure = np.ones(len(value), np.bool_)
    if design.method == "pawn":
        resamples = _pawn_halves(design, rows, value, seed)
        return Estimate(value, *interval(resamples), resamples, {}, noise, sure)
    half_width = table[f"{MAIN[design.method]}_conf"].to_numpy(np.float64)
    spread = np.random.default_rng(seed).standard_normal((RESAMPLES, len(value))) * half_width / 1.96
    if design.method == "delta":
        return Estimate(value, *interval(value + spread), value + spread, {}, noise, sure)
    check_share(noise.low, noise.share)
    left = np.maximum(1.0 - (drawn @ chance / variance)[:, None], 1.0 - ALL_NOISE)
    expected, resamples = value / max(1.0 - noise.share, 1.0 - ALL_NOISE), (value + spread) / left
    seeded = names_of(design.problem).index(SEED)
    expected[seeded] = resamples[:, seeded] = np.nan
    low, high = np.clip(interval(resamples), 0.0, 1.0)
    index = np.clip(expected, 0.0, 1.0)
    return Estimate(index, low, high, resamples, {"S1_expected": index}, noise, sure)


def pawn_medians(X: Floats, Y: Floats) -> Floats:  # noqa: N803 (the field's names)
    """Return the PAWN medians of every factor, as SALib makes them, fast enough to be made a hundred times.

    Parameters
    ----------
    X, Y
        float64 [row, factor], float64 [row].
    """
    order = np.argsort(Y, kind="stable")
    ends = np.flatnonzero(np.append(np.diff(Y[order]) > 0, True))
    below = (ends + 1) / len(Y)
    medians = []
    for column in X[order].T:
        edges = np.nanquantile(column, np.arange(0, 1 + 1 / SLIDES, 1 / SLIDES))
        inside = (column[:, None] >= edges[:SLIDES]) & (column[:, None] < edges[1 : SLIDES + 1])
        counts = inside.cumsum(axis=0)
        full = counts[-1] > 0
        distance = np.abs(counts[ends][:, full] / counts[-1, full] - below[:, None]).max(axis=0)
        medians.append(np.median(distance))
    return np.array(medians)


def _pawn_halves(design: Rows, rows: Floats, value: Floats, seed: int) -> Floats:
    """Return what half-samples make of the medians, put around the whole sample's figures: float64 [half, factor].

    A half drawn without replacement varies about the mean of halves as the whole does about the truth.
    """
    random = np.random.default_rng(seed)
    inputs = design.unit[: design.rows]
    halves = []
    for _ in range(HALVES):
        kept = random.permutation(len(rows))[: len(rows) // 2]
        halves.append(pawn_medians(inputs[kept], rows[kept]))
    found = np.array(halves)
    resamples: Floats = value + found - found.mean(axis=0)
    return resamples


def _steps(design: Rows, outputs: Floats) -> Floats:
    """Return what each step of a trajectory changed: float64 [trajectory, factor or group]."""
    names = names_of(design.problem)
    owners = design.problem.get("groups", design.problem["names"])
    trajectories = outputs.reshape(-1, len(names) + 1)
    points = design.unit[: design.rows].reshape(len(trajectories), len(names) + 1, -1)
    changed = (np.diff(points, axis=1) != 0).argmax(axis=2)
    place = np.array([names.index(owner) for owner in owners])[changed]
    moved = np.diff(trajectories, axis=1)
    steps = np.zeros_like(moved)
    np.put_along_axis(steps, place, moved, axis=1)
    return steps
