"""How sure an index is: its interval, whether it has settled, and what may be said of it.

Indices and intervals are those of `experiments.sensitivity.noise`. What may be said of a factor is decided, and told to the
reader, by one list of conditions for each method (`conditions`): a verdict is given where all of its conditions hold, and
the legend of a study is made of their words. A dummy, which nothing reads, gets exactly nothing where the same inputs give
the same bytes, which is why there is a least index as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.sensitivity.estimates import LEAST_INDEX, Estimate, Noise, ShareOfNoiseError
from experiments.sensitivity.estimators import (
    FEWEST,
    GIVEN_DATA,
    LEVELS,
    NESTED,
    Method,
    analyse,
    check_finite,
    check_varies,
    names_of,
)
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.noise import estimate

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats
    from experiments.sensitivity.designs import Design

__all__ = [
    "CANNOT_TELL",
    "GATES",
    "INFLUENTIAL",
    "SLIGHT",
    "Condition",
    "Evidence",
    "Finding",
    "bar",
    "conditions",
    "find",
    "growing",
    "legend",
    "over_windows",
    "verdict_of",
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
        factor; for sobol S1_expected with S1_low and S1_high, ST_expected, seed_interaction (share of the variance of
        single runs that the interactions of factor and seed carry), for shapley share_expected, for others the columns of
        `experiments.sensitivity.estimators.analyse`, and S1_expected for rbd-fast; then index, low, high (the main index,
        of the expected outcome where it can be told, with its interval), half (the same from the first half of the
        sample) and verdict ("" for the seed and the dummy). The seed's index is NaN where it is no factor like others.
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
    import pandas as pd

    check_finite(outputs)
    check_varies(outputs[: design.rows])
    names = names_of(design.problem)
    table = pd.DataFrame({"factor": names})
    if design.method not in NESTED:
        table = analyse(design.method, design.problem, design.unit[: design.rows], outputs[: design.rows], seed)
    made = estimate(design, outputs, table, seed)
    for name, values in made.columns.items():
        table[name] = values
    half = _half(design, outputs, seed)
    table["index"], table["low"], table["high"], table["half"] = made.index, made.low, made.high, half
    table["verdict"] = _verdicts(design.method, names, made, half)
    return Finding(table=table, noise=made.noise, convergence=_convergence(design.method, names, made, half))


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
            made = estimate(design, here, table, seed)
        except (ShareOfNoiseError, ValueError):
            continue
        found[window] = np.column_stack([made.index, made.low, made.high])
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
    parts: dict[int, Floats] = {}
    # delta estimates densities a hundred times over for each part.
    for divisor in (2, 1) if design.method == "delta" else (8, 4, 2, 1):
        samples = design.samples // divisor
        if samples < FEWEST[design.method]:
            continue
        made = _of_first(design, outputs, samples, seed)
        if made is not None:
            parts[samples] = np.column_stack([made.index, made.low, made.high])
    return parts


# What may be said -----------------------------------------------------------------------------------------------------


def _half(design: Design, outputs: Floats, seed: int) -> Floats:
    """Return the main index from the first half of the sample, NaN where half is too little to analyse."""
    made = _of_first(design, outputs, design.samples // 2, seed)
    return np.full(len(names_of(design.problem)), np.nan) if made is None else made.index


def _of_first(design: Design, outputs: Floats, samples: int, seed: int) -> Estimate | None:
    """Return what the first samples of a study say, None where they say nothing."""
    rows = samples * (design.rows // design.samples)
    again = min(design.repeats, samples)
    part = _Part(design, rows, again)
    kept = np.concatenate([outputs[:rows], outputs[design.rows : design.rows + again]])
    try:
        check_varies(kept[:rows])
        table = analyse(design.method, design.problem, part.unit, kept[:rows], seed) if design.method in GIVEN_DATA else None
        return estimate(part, kept, table, seed)
    except ValueError:
        return None


class _Part:
    """The first rows of a design."""

    def __init__(self, design: Design, rows: int, repeats: int) -> None:
        self.method, self.second_order, self.problem = design.method, design.second_order, design.problem
        self.unit, self.rows, self.repeats = design.unit[:rows], rows, repeats


class Evidence(NamedTuple):
    """What is known of one factor when it is judged.

    Attributes
    ----------
    low, high
        The interval of its main index.
    half
        Its main index from the first half of the sample; NaN where half says nothing.
    bar
        What an index must exceed, see `bar`.
    sure
        For morris, whether it is told from one that only reshuffles the luck.
    """

    low: float
    high: float
    half: float
    bar: float
    sure: bool


class Condition(NamedTuple):
    """One thing that a verdict asks for: in words, "of which ...", and as a test."""

    words: str
    holds: Callable[[Evidence], bool]


def conditions(method: Method) -> dict[str, tuple[Condition, ...]]:
    """Return what each verdict asks for, all of it; the first that is met is given, and `CANNOT_TELL` where none is.

    Parameters
    ----------
    method
        How indices were found.
    """
    least = "the dummy's" if method in ("pawn", "delta") else f"the dummy's and above {LEAST_INDEX:.0%} of the variance"
    if method == "morris":
        least = f"the dummy's and above what a factor with {LEAST_INDEX:.0%} of the variance would have"
    above = Condition(f"the whole interval lies above {least}", lambda seen: seen.low > seen.bar)
    if method in NESTED:
        within = Condition(f"the whole interval lies below {LITTLE:.0%} of the variance", lambda seen: seen.high < LITTLE)
        return {INFLUENTIAL: (above,), SLIGHT: (within,)}
    found = (above, Condition("the first half of the sample has it there too", lambda seen: seen.half > seen.bar))
    if method != "morris":
        return {INFLUENTIAL: found}
    told = Condition("its mean effect is told from zero, or its size from the seed's", lambda seen: seen.sure)
    return {INFLUENTIAL: (*found, told)}


def verdict_of(method: Method, seen: Evidence) -> str:
    """Return what may be said of a factor, by `conditions`."""
    for verdict, asked in conditions(method).items():
        if all(each.holds(seen) for each in asked):
            return verdict
    return CANNOT_TELL


def legend(method: Method) -> str:
    """Say in a sentence what the verdicts of a method mean, by `conditions`."""
    said = (f'"{verdict}": {", and ".join(each.words for each in asked)}' for verdict, asked in conditions(method).items())
    return f'{"; ".join(said)}; else "{CANNOT_TELL}" with so many runs.'


def _verdicts(method: Method, names: list[str], made: Estimate, half: Floats) -> list[str]:
    least = bar(method, float(made.high[names.index(DUMMY)]), math.sqrt(made.noise.variance))
    seen = (
        Evidence(float(low), float(high), float(first), least, bool(sure))
        for low, high, first, sure in zip(made.low, made.high, half, made.sure, strict=True)
    )
    return ["" if name in (SEED, DUMMY) else verdict_of(method, each) for name, each in zip(names, seen, strict=True)]


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


def _convergence(method: Method, names: list[str], made: Estimate, half: Floats) -> Convergence:
    """Judge the figures of the factors, the seed and the dummy aside."""
    kept = [place for place, name in enumerate(names) if name not in (SEED, DUMMY)]
    index, widths = made.index[kept], (made.high - made.low)[kept]
    ranking = method in ("morris", "pawn", "delta")
    unit = max(float(np.abs(index).max()), 1e-300) if ranking else 1.0
    large = index / unit > LITTLE
    width = float(widths[large].max() / unit) if large.any() else 0.0
    change = float(np.abs(half[kept] - index).max() / unit)
    top = min(TOP, len(kept))
    ordered = np.sort(np.argsort(-np.vstack([index, made.resamples[:, kept]]), axis=1, kind="stable")[:, :top], axis=1)
    ranks = float((ordered[1:] == ordered[0]).all(axis=1).mean())
    passed = ranks >= GATES.ranks and (ranking or (width <= GATES.width and change < GATES.change))
    return Convergence(width, change, ranks, passed)
