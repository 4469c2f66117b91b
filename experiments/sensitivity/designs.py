"""Designs: which inputs a sensitivity study runs, in the unit cube, and the jobs they stand for.

Every row is one point of the unit cube over all factors, the seed and the dummy among them. In a sobol or shapley design the
rows of a block, a point with its partners, come twice: all of them in one future of the study (`replication_seed`), then all
in another, and no block shares its futures. In the designs of other methods the seed's coordinate u picks a future, number
floor(u * 2**31); in a Morris design, whose coordinates take four values only, one of four futures of its own trajectory, so
that trajectories do not share their luck.

Both arms of a row share parameters and future, so a policy's effect is a paired difference in every row. Rows that differ
by the dummy alone are the same job and run once.

Methods that take any sample (pawn, delta, rbd-fast) cannot see noise, since futures have no order. To them rows are
appended that repeat the first ones in another future.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from experiments.execution.runner import Job, replication_seed
from experiments.sensitivity.estimators import FUTURES_OF_A_ROW, GIVEN_DATA, LEVELS, NESTED, Method, draw, draw_ends
from experiments.sensitivity.factors import SEED, Factor, Grouping, chance, groups_of, nothing
from experiments.sensitivity.sobol_rows import LevelRows, SobolRows
from experiments.sensitivity.varied import Varied, refuse_fixed
from sim.errors import InputError

if TYPE_CHECKING:
    from experiments.comparison.paired import Floats

__all__ = ["QUANTILES", "Design", "DesignJobs", "jobs", "make_design", "settings_at"]

FUTURES = 2**31
"""How many futures the unit interval of the seed stands for."""
REPEATS = (32, 8)
"""Rows repeated to see the noise: at least so many, and one in so many."""


BLOCK = 1024
"""Rows whose values are worked out at a time."""

QUANTILES = (0.1, 0.9)
"""Where in its range a factor is called low, and high."""


@dataclass(frozen=True, kw_only=True)
class Design:
    """The rows of a study.

    Attributes
    ----------
    method, samples, seed, second_order, grouping
        As asked for. Samples: blocks of sobol, trajectories of morris and shapley, rows of the others.
    factors
        What varies, the seed and the dummy last.
    unit
        float64 [row, factor], points of the unit cube; those of sobol and morris are made when they are asked for.
    futures
        int64 [row], number of the future that each row meets.
    repeats
        How many of the last rows repeat the first ones in another future.
    """

    method: Method
    samples: int
    seed: int
    second_order: bool
    grouping: Grouping | None
    factors: tuple[Factor, ...]
    unit: Floats | SobolRows | LevelRows
    futures: NDArray[np.int64]
    repeats: int = 0

    @property
    def problem(self) -> dict[str, Any]:
        """The problem as `experiments.sensitivity.estimators` takes it, over the unit cube."""
        problem: dict[str, Any] = {
            "names": [factor.name for factor in self.factors],
            "bounds": [[0.0, 1.0]] * len(self.factors),
        }
        if self.grouping is not None:
            problem["groups"] = groups_of(self.factors, self.grouping)
        return problem

    @property
    def rows(self) -> int:
        """How many rows there are to analyse, without those that repeat others."""
        return len(self.unit) - self.repeats

    @property
    def values(self) -> Floats:
        """float64 [row, factor]: the values that the points stand for, in the units of the factors."""
        return self.values_at(slice(None))

    def values_at(self, rows: slice | NDArray[np.int64]) -> Floats:
        """Return the values of some rows, float64 [row, factor], in the units of the factors."""
        unit = self.unit[rows]
        return np.column_stack([factor.values(unit[:, place]) for place, factor in enumerate(self.factors)])

    def distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the rows that differ in what the model reads, and for every row the place of its like among them.

        Returns
        -------
        first, place
            int64 [distinct]: the first row of each kind, in their order; int64 [row].
        """
        return self._distinct

    @functools.cached_property
    def _distinct(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        read = [place for place, factor in enumerate(self.factors) if factor.kind not in ("seed", "dummy")]
        # A digest a row: the rows themselves may be a thousand times as large.
        ranks: dict[bytes, int] = {}
        first: list[int] = []
        place = np.empty(len(self.unit), dtype=np.int64)
        for start in range(0, len(self.unit), BLOCK):
            rows = slice(start, start + BLOCK)
            # Adding 0 makes one of the two zeros.
            keys = np.column_stack([self.values_at(rows)[:, read] + 0.0, self.futures[rows].astype(np.float64)])
            for row, key in enumerate(keys, start):
                digest = hashlib.blake2b(key.tobytes(), digest_size=16).digest()
                rank = ranks.setdefault(digest, len(first))
                if rank == len(first):
                    first.append(row)
                place[row] = rank
        return np.array(first, dtype=np.int64), place


def make_design(
    method: Method,
    factors: Sequence[Factor],
    *,
    samples: int,
    seed: int = 1,
    second_order: bool = False,
    grouping: Grouping | None = None,
) -> Design:
    """Draw a design over some factors, the seed and a dummy.

    Parameters
    ----------
    method, samples, seed, second_order
        As for `experiments.sensitivity.estimators.draw`.
    factors
        What varies, without the seed and the dummy; they are added.
    grouping
        Whether indices are reported for groups of factors, and by what.

    Raises
    ------
    InputError
        When the method cannot work with the factors or the number of samples.
    """
    if not factors:
        raise InputError("there is nothing to vary; give --parameters")
    if second_order and method != "sobol":
        raise InputError(f"pairs are told by sobol only, not by {method}; leave out --second-order")
    varied = (*factors, chance(), nothing())
    names = [factor.name for factor in varied]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise InputError(f"factor {twice[0]} is given twice; keep one")
    empty = np.zeros((0, len(varied)))
    blank = Design(
        method=method,
        samples=samples,
        seed=seed,
        second_order=second_order,
        grouping=grouping,
        factors=varied,
        unit=empty,
        futures=np.zeros(0, np.int64),
    )
    unit: Floats | SobolRows | LevelRows
    unit, futures, repeats = (_nested_rows if method in NESTED else _single_rows)(blank)
    return Design(
        method=method,
        samples=samples,
        seed=seed,
        second_order=second_order,
        grouping=grouping,
        factors=varied,
        unit=unit,
        futures=futures.astype(np.int64),
        repeats=repeats,
    )


def _nested_rows(blank: Design) -> tuple[Floats | SobolRows | LevelRows, NDArray[np.int64], int]:
    """Return the points, their futures and how many rows repeat others: every block in two futures."""
    kept = [place for place, factor in enumerate(blank.factors) if factor.name != SEED]
    problem = {name: [values[place] for place in kept] for name, values in blank.problem.items()}
    if blank.method == "sobol":
        numbers = np.arange(blank.samples * FUTURES_OF_A_ROW).reshape(blank.samples, FUTURES_OF_A_ROW)
        rows = SobolRows(
            draw_ends(problem, blank.samples, seed=blank.seed),
            problem.get("groups", problem["names"]),
            second_order=blank.second_order,
            drawn=kept,
            chance=(numbers + 0.5) / FUTURES,
            width=len(blank.factors),
        )
        return rows, numbers.reshape(-1).repeat(rows.block), 0
    drawn = draw(blank.method, problem, blank.samples, seed=blank.seed)
    blocks = drawn.reshape(blank.samples, 1, -1, len(kept))
    futures = np.arange(blank.samples * FUTURES_OF_A_ROW).reshape(blank.samples, FUTURES_OF_A_ROW, 1)
    futures = np.broadcast_to(futures, (*futures.shape[:2], blocks.shape[2]))
    unit = np.empty((*futures.shape, len(blank.factors)))
    unit[..., kept] = blocks
    unit[..., [place for place in range(len(blank.factors)) if place not in kept]] = (futures[..., None] + 0.5) / FUTURES
    return unit.reshape(-1, len(blank.factors)), futures.reshape(-1), 0


def _single_rows(blank: Design) -> tuple[Floats | LevelRows, NDArray[np.int64], int]:
    """Return the points, their futures and how many rows repeat others: one future a row."""
    names = [factor.name for factor in blank.factors]
    unit = draw(blank.method, blank.problem, blank.samples, seed=blank.seed)
    luck = unit[:, names.index(SEED)]
    if blank.method == "morris":
        sides = len(set(blank.problem.get("groups", names)))
        futures = np.arange(len(unit)) // (sides + 1) * LEVELS + np.rint(luck * (LEVELS - 1)).astype(np.int64)
        return LevelRows(unit), futures, 0
    futures = np.minimum((luck * FUTURES).astype(np.int64), FUTURES - 1)
    assert blank.method in GIVEN_DATA
    repeats = min(blank.samples, max(REPEATS[0], blank.samples // REPEATS[1]))
    # Numbers from FUTURES on are met by no other row.
    again = FUTURES + np.arange(repeats)
    return np.concatenate([unit, unit[:repeats]]), np.concatenate([futures, again]), repeats


class DesignJobs(Sequence[Job]):
    """The jobs of the rows of a design: a sequence like any other, whose jobs are made when they are asked for.

    Parameters
    ----------
    design
        The rows.
    shared
        What all jobs have in common.
    rows
        Which rows, in their order.
    """

    def __init__(self, design: Design, shared: Job, rows: NDArray[np.int64]) -> None:
        self._design = design
        self._shared = shared
        self._rows = rows
        self._varied = Varied(design.factors)
        self._values = functools.lru_cache(2)(self._block)

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Job: ...

    @overload
    def __getitem__(self, place: slice) -> DesignJobs: ...

    def __getitem__(self, place: int | slice) -> Job | DesignJobs:
        if isinstance(place, slice):
            return DesignJobs(self._design, self._shared, self._rows[place])
        at = range(len(self))[place]
        seed = replication_seed(self._design.seed, int(self._design.futures[self._rows[at]]))
        return self._varied.job(self._shared, self._values(at // BLOCK)[at % BLOCK], seed)

    def _block(self, number: int) -> Floats:
        return self._design.values_at(self._rows[number * BLOCK : (number + 1) * BLOCK])


def jobs(design: Design, shared: Job, *, rows: NDArray[np.int64] | None = None) -> DesignJobs:
    """Return the job of each row, made when it is asked for.

    Parameters
    ----------
    design
        The rows.
    shared
        What all rows have in common; a measure whose strength is varied is weakened in every policy that uses it, and
        what the shared job sets or switches off may not be varied too. Its seed is left aside.
    rows
        Which rows; all when left out.

    Raises
    ------
    InputError
        When something is both fixed and varied.
    """
    refuse_fixed(design.factors, shared)
    return DesignJobs(design, shared, np.arange(len(design.unit)) if rows is None else rows)


def settings_at(factor: Factor, quantile: float) -> dict[str, float]:
    """Return the setting of a parameter at a quantile of its range, 0 to 1."""
    return {factor.name: float(factor.values(np.array(quantile)))}
