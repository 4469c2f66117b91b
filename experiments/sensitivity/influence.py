"""How sure an index is: its interval, whether it has settled, and what may be said of it.

Indices are those of the expected outcome, see `experiments.sensitivity.noise`; intervals are the middle 95 % of their
resamples.

What is said. "influential": the lower end lies above the dummy's upper end and above the least index that counts, in the
first half of the sample too, and not for chance's sake: a factor that only reshuffles the luck moves every run and no
expectation. So sobol asks that the first-order index, or the total one less what it shares with the seed, be clear by
itself; shapley that the share be clear of all that the seed shares with others; morris that the signed mean effect be
clear, or the mean size beyond the seed's own. "slight" (sobol and shapley, which see a factor's whole part): all of the
interval lies within .05 of nothing. Else "cannot tell". A dummy gets exactly nothing where the same inputs give the same
bytes, which is why there is a least index as well.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.sensitivity.estimators import FEWEST, GIVEN_DATA, LEVELS, Method, analyse, check_varies, names_of
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.noise import LEAST_INDEX, Noise, ShareOfNoiseError, estimate, interval

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats
    from experiments.sensitivity.designs import Design

__all__ = [
    "CANNOT_TELL",
    "GATES",
    "INFLUENTIAL",
    "SLIGHT",
    "Finding",
    "bar",
    "find",
    "growing",
    "over_windows",
]

INFLUENTIAL, SLIGHT, CANNOT_TELL = "influential", "slight", "cannot tell"

LITTLE = 0.05
"""Below this share of the variance a factor's part is slight."""
TOP = 5


class Gates(NamedTuple):
    """What a converged study satisfies: widest interval, largest change from half to whole sample, rank stability."""

    width: float = 0.05
    change: float = 0.02
    ranks: float = 0.9


GATES = Gates()


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
        factor; the columns of `experiments.sensitivity.estimators.analyse`; for sobol S1_expected, ST_expected,
        seed_interaction, for shapley share_expected, for rbd-fast S1_expected; then index, low, high (the main index,
        of the expected outcome where it can be told, with its interval), half (the same from the first half of the
        sample) and verdict ("" for the seed and the dummy).
    noise, convergence
        See there.
    """

    table: pd.DataFrame
    noise: Noise
    convergence: Convergence


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
    made = estimate(design, outputs, table, seed)
    names = list(table["factor"])
    for name, values in made.columns.items():
        table[name] = values
    index = made.main[0]
    low, high = interval(made.main)
    half = _half(design, outputs, seed)
    table["index"], table["low"], table["high"], table["half"] = index, low, high, half
    sure = made.sure & np.isfinite(index)
    table["verdict"] = _verdicts(design.method, names, low, high, half, sure, math.sqrt(made.noise.variance))
    return Finding(table=table, noise=made.noise, convergence=_convergence(design.method, names, made.main, half))


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
            main = estimate(design, here, table, seed).main
        except (ShareOfNoiseError, ValueError):
            continue
        found[window] = np.column_stack([main[0], *interval(main)])
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
            parts[samples] = np.column_stack([main[0], *interval(main)]).reshape(len(names), 3)
    return parts


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
        return estimate(part, kept, table, seed).main
    except ValueError:
        return None


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
    low, high = interval(values)
    large = values[0] / unit > LITTLE
    width = float((high - low)[large].max() / unit) if large.any() else 0.0
    change = float(np.abs(halves - values[0]).max() / unit)
    top = min(TOP, len(kept))
    ordered = np.sort(np.argsort(-values, axis=1, kind="stable")[:, :top], axis=1)
    ranks = float((ordered[1:] == ordered[0]).all(axis=1).mean())
    passed = ranks >= GATES.ranks and (ranking or (width <= GATES.width and change < GATES.change))
    return Convergence(width, change, ranks, passed)
