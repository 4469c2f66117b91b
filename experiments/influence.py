"""How sure an index is: intervals, what noise does to it, whether it has settled, and what may be said of it.

Noise. The seed is a factor like others, so its total index is the noise share  s = E[Var(Y | x)] / Var(Y).  Of the
expected outcome  E[Y | x]  the indices are

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

Intervals are 95 % bootstrap intervals over blocks (a row A with its partners, a trajectory), pawn over half-samples, delta
and rbd-fast as SALib makes them. Blocks are treated as independent, so the intervals of Sobol' points are wide rather than
narrow.

What is said. "influential": the lower end lies above the dummy's upper end and above the least index that counts, in the
first half of the sample too, and not for chance's sake: a factor that only reshuffles the luck moves every run and no
expectation. So sobol asks that the first-order index, or the total one with I_i taken off, be clear by itself; shapley that
the share be clear of all that the seed shares with others; morris that the signed mean effect be clear, or the mean size
beyond the seed's own. "slight" (sobol and shapley, which see a factor's whole part): all of the interval lies within .05 of
nothing. Else "cannot tell". A dummy gets exactly nothing where the same inputs give the same bytes, which is why there is
a least index as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.estimators import FEWEST, GIVEN_DATA, LEVELS, MAIN, SLIDES, Method, analyse, check_varies, names_of
from experiments.factors import DUMMY, SEED
from experiments.paired import t_quantile

if TYPE_CHECKING:
    import pandas as pd

    from experiments.designs import Design
    from experiments.paired import Floats

__all__ = [
    "CANNOT_TELL",
    "GATES",
    "INFLUENTIAL",
    "SLIGHT",
    "Finding",
    "Noise",
    "ShareOfNoiseError",
    "bar",
    "find",
    "growing",
    "main_index",
    "over_windows",
    "pawn_medians",
]

INFLUENTIAL, SLIGHT, CANNOT_TELL = "influential", "slight", "cannot tell"

RESAMPLES = 500
HALVES = 100
"""Half-samples behind the intervals of pawn."""
LEAST_INDEX = 0.01
"""The least share of the variance that counts as influence."""
LITTLE = 0.05
"""Below this share of the variance a factor's part is slight."""
TOP = 5
CLEAR_ERRORS = 3.0
"""Standard errors above zero from which an interaction with the seed is taken off."""
ALL_NOISE = 0.98
"""Noise share from which nothing can be said of the expected outcome."""


class Gates(NamedTuple):
    """What a converged study satisfies: widest interval, largest change from half to whole sample, rank stability."""

    width: float = 0.05
    change: float = 0.02
    ranks: float = 0.9


GATES = Gates()


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


class Convergence(NamedTuple):
    """Whether the figures have settled, see `Gates`; shares of the largest index for methods without shares of variance.

    Attributes
    ----------
    width
        Widest 95 % interval among the indices above .05.
    change
        Largest change of an index from the first half of the sample to the whole.
    ranks
        Share of the resamples that have the same five factors on top.
    converged
        Whether all three pass; for morris, pawn and delta, which rank only, whether the ranks do.
    """

    width: float
    change: float
    ranks: float
    converged: bool


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What one output says: a row for each factor or group, the noise, and whether the figures have settled.

    Attributes
    ----------
    table
        factor; the columns of `experiments.estimators.analyse`; for sobol S1_expected, ST_expected, seed_interaction, for
        shapley share_expected, for rbd-fast S1_expected; then index, low, high (the main index, of the expected outcome
        where it can be told, with its interval), half (the same from the first half of the sample) and verdict ("" for the
        seed and the dummy).
    noise, convergence
        See there.
    """

    table: pd.DataFrame
    noise: Noise
    convergence: Convergence


def main_index(method: Method) -> str:
    """Return the name of the column that the main index is taken from."""
    return MAIN[method] if method in ("morris", "pawn", "delta") else f"{MAIN[method]}_expected"


def find(design: Design, outputs: Floats, *, seed: int = 0) -> Finding:
    """Return what one output says of every factor.

    Parameters
    ----------
    design
        The rows.
    outputs
        float64 [row], those that repeat others included.
    seed
        For the resamples.

    Raises
    ------
    InputError
        When outputs are missing or not finite.
    NoVarianceError
        When the output is the same in every run.
    ShareOfNoiseError
        When chance carries all of the variance.
    """
    rows = outputs[: design.rows]
    table = analyse(design.method, design.problem, design.unit[: design.rows], rows, seed, second_order=design.second_order)
    estimate = _estimate(design, outputs, table, seed)
    names = list(table["factor"])
    for name, values in estimate.columns.items():
        table[name] = values
    index = estimate.main[0]
    low, high = _interval(estimate.main)
    half = _half(design, outputs, seed)
    table["index"], table["low"], table["high"], table["half"] = index, low, high, half
    sure = estimate.sure & np.isfinite(index)
    table["verdict"] = _verdicts(design.method, names, low, high, half, sure, math.sqrt(estimate.noise.variance))
    return Finding(table=table, noise=estimate.noise, convergence=_convergence(design.method, names, estimate.main, half))


def over_windows(design: Design, outputs: Floats, *, seed: int = 0) -> Floats:
    """Return the main index with its interval, for many outputs of one design.

    Parameters
    ----------
    design
        The rows.
    outputs
        float64 [row, window].
    seed
        For the resamples.

    Returns
    -------
    float64 [window, factor, 3]
        Index, low, high; NaN where an output is missing in some row, does not vary, or is noise throughout.
    """
    names = names_of(design.problem)
    found = np.full((outputs.shape[1], len(names), 3), np.nan)
    for window in range(outputs.shape[1]):
        here = outputs[:, window]
        if not np.isfinite(here).all():
            continue
        try:
            check_varies(here[: design.rows])
            table = None
            if design.method in GIVEN_DATA:
                table = analyse(design.method, design.problem, design.unit[: design.rows], here[: design.rows], seed)
            main = _estimate(design, here, table, seed).main
        except (ShareOfNoiseError, ValueError):
            continue
        found[window] = np.column_stack([main[0], *_interval(main)])
    return found


def growing(design: Design, outputs: Floats, *, seed: int = 0) -> dict[int, Floats]:
    """Return the main index with its interval from the first eighth, quarter and half of the sample, and from all of it.

    Parameters
    ----------
    design, outputs, seed
        As for `find`.

    Returns
    -------
    dict
        Samples to float64 [factor, 3]: index, low, high. Parts that are too small for the method, or do not vary, are left
        out.
    """
    names = names_of(design.problem)
    parts: dict[int, Floats] = {}
    # delta estimates densities a hundred times over for each part.
    for divisor in (2, 1) if design.method == "delta" else (8, 4, 2, 1):
        samples = design.samples // divisor
        if samples < FEWEST[design.method]:
            continue
        main = _of_first(design, outputs, samples, seed)
        if main is not None:
            parts[samples] = np.column_stack([main[0], *_interval(main)]).reshape(len(names), 3)
    return parts


# Estimates with their resamples ---------------------------------------------------------------------------------------


class _Estimate(NamedTuple):
    """What a method makes of an output.

    `main` is float64 [1 + resample, factor]: the main index, then its resamples; `columns` what else is told; `sure` is
    bool [factor]: whether a factor is told from one that only reshuffles the luck.
    """

    main: Floats
    columns: dict[str, Floats]
    noise: Noise
    sure: NDArray[np.bool_]


def _estimate(design: _Rows, outputs: Floats, table: pd.DataFrame | None, seed: int) -> _Estimate:
    if design.method == "sobol":
        return _sobol(design, outputs, seed)
    if design.method == "morris":
        return _morris(design, outputs, seed)
    if design.method == "shapley":
        return _shapley(design, outputs, seed)
    assert table is not None
    return _given_data(design, outputs, table, seed)


def _sobol(design: _Rows, outputs: Floats, seed: int) -> _Estimate:
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
    low, high = _interval(share)
    noise = Noise(
        float(variance[0, 0]), float(share[0, 0]), float(low[0]), float(high[0]), float(first[0, chance]), interacts
    )
    columns = {"S1_expected": alone[0], "ST_expected": expected[0], "seed_interaction": joint[0]}
    sure = _interval(first)[0] > LEAST_INDEX
    if high[0] < ALL_NOISE:
        sure |= _interval(exact)[0] > LEAST_INDEX
    return _Estimate(expected, columns, noise, sure)


def _morris(design: _Rows, outputs: Floats, seed: int) -> _Estimate:
    names = names_of(design.problem)
    steps = _steps(design, outputs)
    weights = _weights(len(steps), seed)
    main = weights @ np.abs(steps) * (LEVELS - 1) / (LEVELS / 2)
    variance = float(np.var(outputs))
    share = weights @ (steps[:, [names.index(SEED)]] ** 2 / 2) / variance
    low, high = _interval(share)
    noise = Noise(variance, float(share[0, 0]), float(low[0]), float(high[0]), math.nan, False)
    # A group's step has no sign of its own: its members move up or down as they please.
    single = len(set(design.problem["names"])) == len(names)
    signed = steps * _directions(design) if single else np.zeros_like(steps)
    margin = t_quantile(len(steps) - 1) * signed.std(axis=0, ddof=1) / math.sqrt(len(steps))
    sure = np.abs(signed.mean(axis=0)) > margin
    sure |= _interval(main)[0] > _interval(main)[1][names.index(SEED)]
    return _Estimate(main, {}, noise, sure)


def _directions(design: _Rows) -> Floats:
    """Return float64 [trajectory, factor]: whether a factor went up (1) or down (-1) on its step."""
    count = design.unit.shape[1]
    points = design.unit[: design.rows].reshape(-1, count + 1, count)
    return np.sign(points[:, -1] - points[:, 0])


def _shapley(design: _Rows, outputs: Floats, seed: int) -> _Estimate:
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
    low, high = _interval(total)
    beyond = total - shares[:, [chance]]
    interacts = bool(beyond[0, 0] > CLEAR_ERRORS * beyond[1:, 0].std(ddof=1))
    noise = Noise(
        float(variance[0, 0]), float(total[0, 0]), float(low[0]), float(high[0]), float(shares[0, chance]), interacts
    )
    sure = _interval(shares - beyond if interacts else shares)[0] > LEAST_INDEX
    return _Estimate(expected, {"share_expected": expected[0]}, noise, sure)


def _given_data(design: _Rows, outputs: Floats, table: pd.DataFrame, seed: int) -> _Estimate:
    rows, again = outputs[: design.rows], outputs[design.rows :]
    value = table[MAIN[design.method]].to_numpy(np.float64)
    weights = _weights(len(again), seed)
    variance = float(np.var(rows))
    share = weights @ ((rows[: len(again), None] - again[:, None]) ** 2 / 2) / variance
    low, high = _interval(share)
    noise = Noise(variance, float(share[0, 0]), float(low[0]), float(high[0]), math.nan, False)
    # Every row has a future of its own: luck is spread over all factors alike.
    sure = np.ones(len(value), np.bool_)
    if design.method == "pawn":
        return _Estimate(_pawn_halves(design, rows, value, seed), {}, noise, sure)
    half_width = table[f"{MAIN[design.method]}_conf"].to_numpy(np.float64)
    spread = np.random.default_rng(seed).standard_normal((RESAMPLES, len(value))) * half_width / 1.96
    main = np.vstack([value, value + spread])
    if design.method == "delta":
        return _Estimate(main, {}, noise, sure)
    _check_share(share[0, 0])
    expected = main / np.maximum(1.0 - share, 1.0 - ALL_NOISE)
    expected[:, names_of(design.problem).index(SEED)] = np.nan
    return _Estimate(expected, {"S1_expected": expected[0]}, noise, sure)


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


def _pawn_halves(design: _Rows, rows: Floats, value: Floats, seed: int) -> Floats:
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


def _steps(design: _Rows, outputs: Floats, *, shapley: bool = False) -> Floats:
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


def _interval(main: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the 95 % interval of each column of a value and its resamples."""
    low, high = np.percentile(main[1:], (2.5, 97.5), axis=0)
    return low, high


# What may be said -----------------------------------------------------------------------------------------------------


def _half(design: Design, outputs: Floats, seed: int) -> Floats:
    """Return the main index from the first half of the sample, NaN where half is too little to analyse."""
    main = _of_first(design, outputs, design.samples // 2, seed)
    return np.full(len(names_of(design.problem)), np.nan) if main is None else main[0]


def _of_first(design: Design, outputs: Floats, samples: int, seed: int) -> Floats | None:
    """Return the main index and its resamples from the first samples of a study, None where they say nothing."""
    rows = samples * (design.rows // design.samples)
    again = min(design.repeats, samples)
    part = _Part(design, rows, again)
    kept = np.concatenate([outputs[:rows], outputs[design.rows : design.rows + again]])
    try:
        check_varies(kept[:rows])
        table = analyse(design.method, design.problem, part.unit, kept[:rows], seed) if design.method in GIVEN_DATA else None
        return _estimate(part, kept, table, seed).main
    except ValueError:
        return None


class _Rows(Protocol):
    """What an estimate reads of a design."""

    @property
    def method(self) -> Method: ...

    @property
    def second_order(self) -> bool: ...

    @property
    def problem(self) -> dict[str, Any]: ...

    @property
    def unit(self) -> Floats: ...

    @property
    def rows(self) -> int: ...


class _Part:
    """The first rows of a design."""

    def __init__(self, design: Design, rows: int, repeats: int) -> None:
        self.method, self.second_order, self.problem = design.method, design.second_order, design.problem
        self.unit, self.rows, self.repeats = design.unit[:rows], rows, repeats


def _verdicts(
    method: Method,
    names: list[str],
    low: Floats,
    high: Floats,
    half: Floats,
    sure: NDArray[np.bool_],
    deviation: float,
) -> list[str]:
    whole = method in ("sobol", "shapley")
    least = bar(method, float(high[names.index(DUMMY)]), deviation)
    said = []
    for place, name in enumerate(names):
        if name in (SEED, DUMMY):
            said.append("")
        elif sure[place] and low[place] > least and half[place] > least:
            said.append(INFLUENTIAL)
        elif whole and low[place] > -LITTLE and high[place] < LITTLE:
            said.append(SLIGHT)
        else:
            said.append(CANNOT_TELL)
    return said


def bar(method: Method, dummy: float, deviation: float) -> float:
    """Return what an index must exceed to be called influential.

    Parameters
    ----------
    method
        How it was found.
    dummy
        Upper end of the dummy's interval.
    deviation
        Standard deviation of the output over the design.
    """
    if method in ("pawn", "delta"):
        return dummy
    # A linear factor with the least share of the variance has a mean effect of so many standard deviations.
    least = math.sqrt(LEAST_INDEX / _grid_variance()) * deviation if method == "morris" else LEAST_INDEX
    return max(dummy, least)


def _grid_variance() -> float:
    """Return the variance of a coordinate of a Morris design over the unit interval."""
    return float(np.var(np.arange(LEVELS) / (LEVELS - 1)))


def _convergence(method: Method, names: list[str], main: Floats, half: Floats) -> Convergence:
    """Judge the figures of the factors, the seed and the dummy aside."""
    kept = [place for place, name in enumerate(names) if name not in (SEED, DUMMY)]
    values, halves = main[:, kept], half[kept]
    ranking = method in ("morris", "pawn", "delta")
    unit = max(float(np.abs(values[0]).max()), 1e-300) if ranking else 1.0
    low, high = _interval(values)
    large = values[0] / unit > LITTLE
    width = float((high - low)[large].max() / unit) if large.any() else 0.0
    change = float(np.abs(halves - values[0]).max() / unit)
    top = min(TOP, len(kept))
    ordered = np.sort(np.argsort(-values, axis=1, kind="stable")[:, :top], axis=1)
    ranks = float((ordered[1:] == ordered[0]).all(axis=1).mean())
    passed = ranks >= GATES.ranks and (ranking or (width <= GATES.width and change < GATES.change))
    return Convergence(width, change, ranks, passed)
