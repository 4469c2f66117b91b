"""What noise does to an index: each method's index of the expected outcome, with its resamples.

The seed is a factor like others, so its total index is the noise share  s = E[Var(Y | x)] / Var(Y).  Of the expected
outcome  E[Y | x]  the indices are

    S1_i' = S1_i / (1 - s)                           exact
    ST_i' = (ST_i - I_i) / (1 - s)                   I_i: share of the interactions that hold both the seed and factor i
    I_i   = E[(f(A) - f(A_i)) (f(A) - f(A_s))] / V   A_i, A_s: row A with factor i, or the seed, of row B

The last costs no run: A_i and A_s differ in exactly that pair, and half their mean squared difference is the total index
of the pair. I_i is taken off, from every factor, where that of some factor stands three standard errors above zero.
Elsewhere it would add more chance than it takes away, and luck is taken to add alike everywhere. Then it cancels in pairs
that met one future, A and A_i in one, B and A_s in the other:

    V' ST_i' = E[(f(A_i) - f(A))^2] / 2
    V'       = E[(f(B) - f(A_s))^2] / 2
    V' S1_i' = E[(f(A_i) - f(A)) (f(B) - f(A_s))] - V' ST_i'

Shapley shares are divided by (1 - s), which is right where the seed does not interact. Morris, PAWN and delta are not
corrected: their figures hold what chance adds.

Resamples are a bootstrap over blocks (a row A with its partners, a trajectory), for pawn half-samples, for delta and
rbd-fast what SALib makes of them. Blocks are treated as independent, so the intervals of Sobol' points are wide rather
than narrow.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.paired import t_quantile
from experiments.sensitivity.estimators import LEVELS, MAIN, SLIDES, Method, names_of
from experiments.sensitivity.factors import SEED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats

__all__ = [
    "LEAST_INDEX",
    "Estimate",
    "Noise",
    "Rows",
    "ShareOfNoiseError",
    "estimate",
    "interval",
    "main_index",
    "pawn_medians",
]

RESAMPLES = 500
HALVES = 100
"""Half-samples behind the intervals of pawn."""
LEAST_INDEX = 0.01
"""The least share of the variance that counts as influence."""
CLEAR_ERRORS = 3.0
"""Standard errors above zero from which an interaction with the seed is taken off."""
ALL_NOISE = 0.98
"""Noise share from which nothing can be said of the expected outcome."""


class ShareOfNoiseError(ValueError):
    """Chance carries all of the variance: nothing is left to be shared among the factors."""


class Noise(NamedTuple):
    """What chance carries of the variance of an output.

    Attributes
    ----------
    variance
        Of the output over the design, in its unit squared.
    share, low, high
        Noise share with its 95 % interval: the seed's total index.
    alone
        The seed's first-order index (sobol) or Shapley share (shapley); NaN where the method tells neither.
    interacts
        Whether the seed would interact with some factor: chance is then larger in some settings than in others, or
        factors act through it.
    """

    variance: float
    share: float
    low: float
    high: float
    alone: float
    interacts: bool


class Rows(Protocol):
    """What an estimate reads of a design: see `experiments.sensitivity.designs.Design`."""

    @property
    def method(self) -> Method:
        """How indices are found."""

    @property
    def second_order(self) -> bool:
        """Whether there are rows for pairs (sobol)."""

    @property
    def problem(self) -> dict[str, Any]:
        """Names, groups and bounds, as SALib has them."""

    @property
    def unit(self) -> Floats:
        """float64 [row, factor]: the rows in the unit cube."""

    @property
    def rows(self) -> int:
        """How many rows there are, those aside that repeat others."""


class Estimate(NamedTuple):
    """What a method makes of an output.

    Attributes
    ----------
    main
        float64 [1 + resample, factor]: the main index, then its resamples.
    columns
        What else is told, by name: float64 [factor].
    noise
        What chance carries.
    sure
        bool [factor]: whether a factor is told from one that only reshuffles the luck.
    """

    main: Floats
    columns: dict[str, Floats]
    noise: Noise
    sure: NDArray[np.bool_]


def main_index(method: Method) -> str:
    """Return the name of the column that the main index is taken from."""
    return MAIN[method] if method in ("morris", "pawn", "delta") else f"{MAIN[method]}_expected"


def estimate(design: Rows, outputs: Floats, table: pd.DataFrame | None, seed: int) -> Estimate:
    """Return the main index of every factor with its resamples, the noise, and what is told from mere luck.

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
        When chance carries all of the variance and the method tells shares of what it leaves.
    """
    if design.method == "sobol":
        return _sobol(design, outputs, seed)
    if design.method == "morris":
        return _morris(design, outputs, seed)
    if design.method == "shapley":
        return _shapley(design, outputs, seed)
    assert table is not None
    return _given_data(design, outputs, table, seed)


def _sobol(design: Rows, outputs: Floats, seed: int) -> Estimate:
    names = names_of(design.problem)
    sides, chance = len(names), names.index(SEED)
    block = (2 if design.second_order else 1) * sides + 2
    blocks = (outputs - outputs.mean()).reshape(-1, block)
    a, b, swapped = blocks[:, :1], blocks[:, -1:], blocks[:, 1 : sides + 1]
    weights = _weights(len(blocks), seed)
    variance = weights @ ((a**2 + b**2) / 2) - (weights @ ((a + b) / 2)) ** 2
    first = weights @ (b * (swapped - a)) / variance
    total = weights @ ((a - swapped) ** 2 / 2) / variance
    joint = weights @ ((a - swapped) * (a - swapped[:, [chance]])) / variance
    joint[:, chance] = 0.0
    interacts = bool((joint[0] > CLEAR_ERRORS * joint[1:].std(axis=0, ddof=1)).any())
    share = total[:, [chance]]
    _check_share(share[0, 0])
    left = np.maximum(1.0 - share, 1.0 - ALL_NOISE)
    exact = (total - joint) / left
    alone, expected = first / left, exact.copy()
    if not interacts:
        # B and A_s met the same future, as A and A_i did: chance cancels in both differences.
        moved, step = b - swapped[:, [chance]], swapped - a
        level = weights @ (moved**2 / 2)
        expected = weights @ (step**2 / 2) / level
        alone = weights @ (moved * step) / level - expected
    alone[:, chance] = expected[:, chance] = np.nan
    low, high = interval(share)
    noise = Noise(
        float(variance[0, 0]), float(share[0, 0]), float(low[0]), float(high[0]), float(first[0, chance]), interacts
    )
    columns = {"S1_expected": alone[0], "ST_expected": expected[0], "seed_interaction": joint[0]}
    sure = interval(first)[0] > LEAST_INDEX
    if high[0] < ALL_NOISE:
        sure |= interval(exact)[0] > LEAST_INDEX
    return Estimate(expected, columns, noise, sure)


def _morris(design: Rows, outputs: Floats, seed: int) -> Estimate:
    names = names_of(design.problem)
    steps = _steps(design, outputs)
    weights = _weights(len(steps), seed)
    main = weights @ np.abs(steps) * (LEVELS - 1) / (LEVELS / 2)
    variance = float(np.var(outputs))
    share = weights @ (steps[:, [names.index(SEED)]] ** 2 / 2) / variance
    low, high = interval(share)
    noise = Noise(variance, float(share[0, 0]), float(low[0]), float(high[0]), math.nan, False)
    # A group's step has no sign of its own: its members move up or down as they please.
    single = len(set(design.problem["names"])) == len(names)
    signed = steps * _directions(design) if single else np.zeros_like(steps)
    sure = np.zeros(len(names), np.bool_)
    if len(steps) > 1:
        margin = t_quantile(len(steps) - 1) * signed.std(axis=0, ddof=1) / math.sqrt(len(steps))
        sure = np.abs(signed.mean(axis=0)) > margin
    sure |= interval(main)[0] > interval(main)[1][names.index(SEED)]
    return Estimate(main, {}, noise, sure)


def _directions(design: Rows) -> Floats:
    """Return float64 [trajectory, factor]: whether a factor went up (1) or down (-1) on its step."""
    count = design.unit.shape[1]
    points = design.unit[: design.rows].reshape(-1, count + 1, count)
    return np.sign(points[:, -1] - points[:, 0])


def _shapley(design: Rows, outputs: Floats, seed: int) -> Estimate:
    names = names_of(design.problem)
    chance = names.index(SEED)
    parts = _steps(design, outputs, shapley=True)
    weights = _weights(len(parts), seed)
    variance = weights @ parts.sum(axis=1, keepdims=True)
    shares = weights @ parts / variance
    total = weights @ (_steps(design, outputs)[:, [chance]] ** 2 / 2) / variance
    _check_share(total[0, 0])
    expected = shares / np.maximum(1.0 - shares[:, [chance]], 1.0 - ALL_NOISE)
    expected[:, chance] = np.nan
    low, high = interval(total)
    beyond = total - shares[:, [chance]]
    interacts = bool(beyond[0, 0] > CLEAR_ERRORS * beyond[1:, 0].std(ddof=1))
    noise = Noise(
        float(variance[0, 0]), float(total[0, 0]), float(low[0]), float(high[0]), float(shares[0, chance]), interacts
    )
    sure = interval(shares - beyond if interacts else shares)[0] > LEAST_INDEX
    return Estimate(expected, {"share_expected": expected[0]}, noise, sure)


def _given_data(design: Rows, outputs: Floats, table: pd.DataFrame, seed: int) -> Estimate:
    rows, again = outputs[: design.rows], outputs[design.rows :]
    value = table[MAIN[design.method]].to_numpy(np.float64)
    weights = _weights(len(again), seed)
    variance = float(np.var(rows))
    share = weights @ ((rows[: len(again), None] - again[:, None]) ** 2 / 2) / variance
    low, high = interval(share)
    noise = Noise(variance, float(share[0, 0]), float(low[0]), float(high[0]), math.nan, False)
    # Every row has a future of its own: luck is spread over all factors alike.
    sure = np.ones(len(value), np.bool_)
    if design.method == "pawn":
        return Estimate(_pawn_halves(design, rows, value, seed), {}, noise, sure)
    half_width = table[f"{MAIN[design.method]}_conf"].to_numpy(np.float64)
    spread = np.random.default_rng(seed).standard_normal((RESAMPLES, len(value))) * half_width / 1.96
    main = np.vstack([value, value + spread])
    if design.method == "delta":
        return Estimate(main, {}, noise, sure)
    _check_share(share[0, 0])
    expected = main / np.maximum(1.0 - share, 1.0 - ALL_NOISE)
    expected[:, names_of(design.problem).index(SEED)] = np.nan
    return Estimate(expected, {"S1_expected": expected[0]}, noise, sure)


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
    """Return the medians and what half-samples make of them, put around the whole sample's figures.

    A half drawn without replacement varies about the mean of halves as the whole does about the truth.
    """
    random = np.random.default_rng(seed)
    inputs = design.unit[: design.rows]
    halves = []
    for _ in range(HALVES):
        kept = random.permutation(len(rows))[: len(rows) // 2]
        halves.append(pawn_medians(inputs[kept], rows[kept]))
    found = np.array(halves)
    return np.vstack([value, value + found - found.mean(axis=0)])


def _steps(design: Rows, outputs: Floats, *, shapley: bool = False) -> Floats:
    """Return what each step of a trajectory changed: float64 [trajectory, factor or group].

    For `shapley` the step's contribution to the variance, (base - (before + after) / 2) (before - after).
    """
    names = names_of(design.problem)
    owners = design.problem.get("groups", design.problem["names"])
    trajectories = outputs.reshape(-1, len(names) + 1)
    points = design.unit[: design.rows].reshape(len(trajectories), len(names) + 1, -1)
    changed = (np.diff(points, axis=1) != 0).argmax(axis=2)
    place = np.array([names.index(owner) for owner in owners])[changed]
    before, after = trajectories[:, :-1], trajectories[:, 1:]
    moved = (trajectories[:, :1] - (before + after) / 2) * (before - after) if shapley else after - before
    steps = np.zeros_like(moved)
    np.put_along_axis(steps, place, moved, axis=1)
    return steps


def _weights(blocks: int, seed: int) -> Floats:
    """Return float64 [1 + resample, block]: the mean of all blocks, then the bootstrap's means."""
    counts = np.random.default_rng(seed).multinomial(blocks, np.full(blocks, 1.0 / blocks), RESAMPLES)
    return np.vstack([np.ones(blocks), counts]) / blocks


def _check_share(share: float) -> None:
    if share > ALL_NOISE:
        raise ShareOfNoiseError(f"chance carries {share:.0%} of the variance: nothing is left to be shared out")


def interval(main: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval of each column.

    Parameters
    ----------
    main
        float64 [1 + resample, column]: a value, then its resamples.

    Returns
    -------
    tuple of float64 [column]
        Low and high.
    """
    low, high = np.percentile(main[1:], (2.5, 97.5), axis=0)
    return low, high
