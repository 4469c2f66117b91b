"""Whether a study at a small scale says what the whole city would say: the largest factors, low and high, at both scales.

    move_r = figure of future r with the factor high - the same with it low      all other parameters at their values
    a factor agrees where the mean moves at the two scales differ by no more than chance would have it, or by no more
    than TOLERANCE of the move at the larger scale

What chance would have is the interval of the difference of two independent means, made of the interval of each (Zou and
Donner 2008, recalled). Chance is given 5 % over all rows of the table together, so each row gets its part of that
(Bonferroni). Low and high are the ends of the middle four fifths of the factor's range. Both scales meet the same seeds, but
not the same luck: another number of youths draws another luck.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.comparison.paired import interval_of
from experiments.execution.execution import Execution
from experiments.execution.runner import Job, replication_seed
from experiments.sensitivity.designs import QUANTILES, settings_at
from experiments.sensitivity.factors import Factor

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats
    from experiments.sensitivity.tables import Sensitivity

__all__ = ["TOLERANCE", "largest", "scale_agreement"]

TOLERANCE = 0.15
"""Share of a move by which two scales may differ beyond chance: a tenth of the parts of a city is coarser than the city."""

COLUMNS = ("outcome", "quantity", "factor", "small", "small_low", "small_high", "full", "full_low", "full_high", "agrees")


def largest(study: Sensitivity, most: int) -> tuple[Factor, ...]:
    """Return the single parameters that a study puts first, taking turns between its outcomes, levels and effects.

    Parameters
    ----------
    study
        What was found.
    most
        How many.
    """
    by_name = {factor.name: factor for factor in study.design.factors if factor.kind == "parameter"}
    tables = [
        study.of(outcome, key) for outcome in study.outcomes for key in ("without", "effect") if key in study.quantities
    ]
    ranked = [[name for name in table["factor"] if name in by_name] for table in tables]
    chosen: dict[str, Factor] = {}
    for place in range(len(by_name)):
        for names in ranked:
            if place < len(names) and len(chosen) < most:
                chosen.setdefault(names[place], by_name[names[place]])
    return tuple(chosen.values())


def scale_agreement(
    study: Sensitivity,
    *,
    factors: Sequence[Factor],
    futures: int = 4,
    more: int = 4,
    full: float = 1.0,
    execution: Execution | None = None,
) -> pd.DataFrame:
    """Move each factor from low to high at the study's scale and at a larger one, and hold the moves together.

    Parameters
    ----------
    study
        What was found, with a policy or without.
    factors
        Parameters, see `largest`.
    futures
        Futures at the larger scale, two or more.
    more
        How many times as many at the study's scale, where they are cheap.
    full
        The larger scale.
    execution
        How the runs are made, and where they are kept; changes no result.

    Returns
    -------
    DataFrame
        One row for each outcome, quantity ("without", "effect") and factor: small, small_low, small_high (mean move at the
        study's scale with its 95 % interval), full, full_low, full_high, agrees.

    Raises
    ------
    FailedJobsError
        When runs failed.
    """
    import pandas as pd

    from experiments.store.runs import run_means
    from sim.outcomes import outcome_index

    small_jobs = _jobs(study, factors, study.scale, futures * more)
    full_jobs = _jobs(study, factors, full, futures)
    found = run_means([*full_jobs, *small_jobs], execution or Execution()).means
    figures = {}
    for name, means, count in (
        ("small", found[len(full_jobs) :], futures * more),
        ("full", found[: len(full_jobs)], futures),
    ):
        figures[name] = means.reshape(len(factors), len(QUANTILES), count, *means.shape[1:])
    rows = []
    for outcome in study.outcomes:
        column = outcome_index(outcome)
        for quantity in ("without", "effect"):
            if quantity not in study.quantities:
                continue
            for place, factor in enumerate(factors):
                moves = [_moves(figures[name][place, ..., column], quantity) for name in ("small", "full")]
                rows.append(((outcome, quantity, factor.name), moves))
    told = [(*key, *interval_of(small), *interval_of(full), _agree(small, full, len(rows))) for key, (small, full) in rows]
    return pd.DataFrame(told, columns=list(COLUMNS))


def _jobs(study: Sensitivity, factors: Sequence[Factor], scale: float, futures: int) -> list[Job]:
    """Return the jobs of every factor, low then high, every future."""
    return [
        Job(
            city=study.city,
            policies=study.arms,
            seed=replication_seed(study.seed, future),
            months=study.months,
            scale=scale,
            parameters=dict(study.settings) | settings_at(factor, quantile),
            shocks=study.shocks,
            without=study.without,
        )
        for factor in factors
        for quantile in QUANTILES
        for future in range(futures)
    ]


def _moves(figures: Floats, quantity: str) -> Floats:
    """Return the move in every future; figures: float64 [low or high, future, arm]."""
    wanted = figures[..., 0] if quantity == "without" else figures[..., 1] - figures[..., 0]
    return np.asarray(wanted[1] - wanted[0])


def _agree(small: Floats, full: Floats, rows: int) -> bool:
    """Whether two samples of moves, one pair of so many, have one mean as far as chance and the tolerance go."""
    one, other = (interval_of(moves, family=rows) for moves in (small, full))
    apart = one.mean - other.mean
    if abs(apart) <= TOLERANCE * abs(other.mean):
        return True
    # The distance at which independent means are told apart, from the halves of their intervals that face each other.
    halves = (one.mean - one.low, other.high - other.mean) if apart > 0.0 else (one.high - one.mean, other.mean - other.low)
    return abs(apart) <= math.hypot(*halves)
