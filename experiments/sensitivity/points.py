"""A sweep over a table of points of one's own: every point with every policy over the same futures, a row a run.

    column    what a factor of a sensitivity study is called (`experiments.sensitivity.factors`): gangs.reach, measures.P-E1,
              mechanisms.fear (0 off, 1 on), start.P-E1, target.P-E1, city.levels.fear, neighbourhood[Harbour].poverty
    row       one point; what has no column is as it is otherwise

Nothing is estimated: the table is for whoever brings a design of his own and analyses it himself.
"""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

import numpy as np

from experiments.comparison.windows import check_windows
from experiments.execution.execution import Execution
from experiments.execution.extensions import take_extensions
from experiments.execution.runner import Job, job_of, replication_seed, used_scale
from experiments.sensitivity.factors import Factor, factor_of
from experiments.sensitivity.varied import Varied, refuse_fixed
from experiments.store.runs import NAMES, Window, run_means
from sim.errors import InputError, did_you_mean, show

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats
    from experiments.execution.extensions import Extensions, StudySettings
    from sim.scenario import City, CityLike, Policy, PolicyLike, Scenario, ScenarioSettings

__all__ = ["MONTHS", "Points", "SweepPlan", "plan", "read_points", "sweep"]

MONTHS, REPLICATIONS = 60, 20
"""How long, and over how many futures, when no other number is given."""
MOST_RUNS = 1_000_000
SIZE_LIMIT = 200_000_000
"""Largest table that is read, bytes."""


@dataclass(frozen=True, eq=False)
class Points:
    """A table of points.

    Attributes
    ----------
    names
        What each column is.
    numbers
        float64 [point, column].
    """

    names: tuple[str, ...]
    numbers: Floats


type PointsLike = Points | str | os.PathLike[str] | Mapping[str, Sequence[float]]
"""Points, the path of their CSV file, or their columns by name."""


@dataclass(frozen=True, kw_only=True)
class SweepPlan:
    """A sweep that was checked: its jobs, point by point and within a point future by future, and what is asked of them."""

    points: Points
    scenario: Scenario
    extensions: Extensions
    outcomes: tuple[str, ...]
    window: Window | None
    jobs: tuple[Job, ...]


def read_points(path: str | os.PathLike[str]) -> Points:
    """Return the table of a CSV file: a heading with names, then a row of numbers for each point.

    Raises
    ------
    InputError
        When it cannot be read, or a cell is no number: file, line, column, value and remedy.
    """
    from sim.files import read_number

    shown = os.fspath(path)
    rows = list(csv.reader(io.StringIO(_text(Path(shown), shown))))
    if not rows or not any(cell.strip() for cell in rows[0]):
        raise InputError(f"{shown}: is empty; its first line names columns, such as gangs.reach,measures.P-E1")
    names = tuple(cell.strip() for cell in rows[0])
    values: list[list[float]] = []
    for line, row in enumerate(rows[1:], start=2):
        if not row or not any(cell.strip() for cell in row):
            continue
        if len(row) != len(names):
            says = f"has {len(row)} cells, and there are {len(names)} columns"
            raise InputError(f"{shown}: line {line} {says}; give each a number")
        numbers = [read_number(cell) for cell in row]
        for name, cell, number in zip(names, row, numbers, strict=True):
            if number is None:
                raise InputError(f"{shown}: line {line}: {name} is {show(cell)}; it must be a finite number")
        values.append([number for number in numbers if number is not None])
    if not values:
        raise InputError(f"{shown}: holds no point; give a line of numbers for each below the names")
    return Points(names, np.array(values, dtype=np.float64))


def plan(
    city: CityLike,
    policies: Sequence[PolicyLike] | PolicyLike,
    points: PointsLike,
    *,
    outcomes: Sequence[str] | None = None,
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> SweepPlan:
    """Check a sweep and return what it would run; parameters as for `sweep`."""
    from sim.scenario import assemble, find_city, find_policies, find_policy

    extensions, kept = take_extensions(settings, execution)
    given: ScenarioSettings = {"months": MONTHS, "replications": REPLICATIONS, **kept}
    where, arms = find_city(city), (find_policy("baseline"), *find_policies(policies))
    scenario = assemble(where, arms, source="sweep", **given)
    if window is not None:
        check_windows([window], scenario.months)
    table = _table(points)
    shown = os.fspath(points) if isinstance(points, str | os.PathLike) else "points"
    factors = _factors(table, arms, where, shown)
    count = len(table.numbers) * scenario.replications
    if count * len(arms) > MOST_RUNS:
        says = f"{len(table.numbers)} points, {scenario.replications} futures and {len(arms)} policies are too many runs"
        raise InputError(f"{shown}: {says}; there may be {MOST_RUNS}")
    shared = job_of(scenario, scenario.seed, used_scale(scenario), study="sweep", extensions=extensions)
    refuse_fixed(factors, shared)
    seeds = [replication_seed(scenario.seed, future) for future in range(scenario.replications)]
    jobs = tuple(_jobs(Varied(factors), shared, table, seeds, shown))
    return SweepPlan(
        points=table,
        scenario=scenario,
        extensions=extensions,
        outcomes=NAMES if outcomes is None else _known(outcomes),
        window=window,
        jobs=jobs,
    )


def sweep(
    city: CityLike,
    policies: Sequence[PolicyLike] | PolicyLike,
    points: PointsLike,
    *,
    outcomes: Sequence[str] | None = None,
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> pd.DataFrame:
    """Run every point of a table with no policy and with each policy, over the same futures.

    Parameters
    ----------
    city, policies
        Where, and what is done, by name, path or object; no policy at all is always run too.
    points
        The path of a CSV file, a mapping of names to columns, or what `read_points` gave.
    outcomes
        Names of outcomes; all of them when left out.
    window
        First and last month, from 1, over which outcomes are averaged; all months when left out.
    execution
        How the runs are made, and where they are kept; changes no result.
    settings
        As for `experiments.comparison.compare.compare`, with 60 months when left out; replications are
        the futures of each point.

    Returns
    -------
    DataFrame
        A row a run: point (its row in the table, from 1), future (from 1), seed, policy, then the columns of the table, then
        the outcomes, those of one's own last.

    Raises
    ------
    InputError
        When a value cannot be run: file, line, column, value and what may be.
    FailedJobsError
        When a run failed.
    Cancelled
        After Ctrl-C, or when the progress returned False; a store goes on from there.
    """
    import pandas as pd

    planned = plan(city, policies, points, outcomes=outcomes, window=window, execution=execution, **settings)
    ran = run_means(planned.jobs, execution or Execution(), outcomes=planned.outcomes, window=window)
    scenario, table = planned.scenario, planned.points
    arms, futures = len(scenario.policies), scenario.replications
    first = {
        "point": np.repeat(np.arange(1, len(table.numbers) + 1), futures * arms),
        "future": np.tile(np.repeat(np.arange(1, futures + 1), arms), len(table.numbers)),
        "seed": np.repeat([job.seed for job in planned.jobs], arms),
        "policy": np.tile([policy.name for policy in scenario.policies], len(planned.jobs)),
    }
    asked = pd.DataFrame(np.repeat(table.numbers, futures * arms, axis=0), columns=list(table.names))
    names = [*planned.outcomes, *planned.extensions.names]
    found = pd.DataFrame(ran.means.reshape(len(asked), -1), columns=names)
    return pd.concat([pd.DataFrame(first), asked, found], axis=1)


def _text(path: Path, shown: str) -> str:
    try:
        if not path.is_file():
            raise InputError(f"{shown}: no such file; give a CSV file of points")
        if path.stat().st_size > SIZE_LIMIT:
            raise InputError(f"{shown}: is larger than {SIZE_LIMIT // 10**6} MB; split it")
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"{shown}: is not UTF-8 text; save the table as CSV in UTF-8") from None
    except OSError as error:
        raise InputError(f"{shown}: cannot be read ({error.strerror or error}); check the path") from None


def _table(points: PointsLike) -> Points:
    if isinstance(points, Points):
        return points
    if isinstance(points, str | os.PathLike):
        return read_points(points)
    try:
        values = np.column_stack([np.asarray(column, dtype=np.float64) for column in points.values()])
    except ValueError as error:
        raise InputError(f"points: columns are not of numbers and of the same length ({error})") from None
    if not values.size or not np.isfinite(values).all():
        raise InputError("points: are empty or hold what is no finite number; give a number for each column and point")
    return Points(tuple(points), values)


def _factors(table: Points, policies: Sequence[Policy], city: City, shown: str) -> list[Factor]:
    """Return what each column is, after looking at every value in it."""
    factors = []
    for place, name in enumerate(table.names):
        if name in table.names[:place]:
            raise InputError(f"{shown}: column {name} stands twice; keep one")
        try:
            factor = factor_of(name, policies, city)
        except InputError as error:
            raise InputError(f"{shown}: column {name}: {error}") from None
        low, high = (min(factor.levels), max(factor.levels)) if factor.levels else (factor.low, factor.high)
        low, high = (1e-9, 1.0) if factor.kind == "target" else (low, high)
        for row, value in enumerate(table.numbers[:, place], start=1):
            whole = factor.kind not in ("start", "mechanism") or value == round(value)
            if not low <= value <= high or not whole:
                kind = "it may be from" if whole else "it must be a whole number from"
                raise InputError(f"{shown}: point {row}: {name} is {value:g}; {kind} {low:g} to {high:g}")
        factors.append(factor)
    return factors


def _jobs(varied: Varied, shared: Job, table: Points, seeds: Sequence[int], shown: str) -> list[Job]:
    """Return a job for each point and future; the futures of a point share its city and policies."""
    from dataclasses import replace

    from sim.scenario import check_fit

    jobs = []
    for row, here in enumerate(table.numbers, start=1):
        try:
            first = varied.job(shared, here, seeds[0])
            check_fit(first.city, first.policies, first.shocks)
        except InputError as error:
            raise InputError(f"{shown}: point {row}: {error}") from None
        jobs += [replace(first, seed=seed) for seed in seeds]
    return jobs


def _known(outcomes: Sequence[str]) -> tuple[str, ...]:
    for place, name in enumerate(outcomes):
        if name not in NAMES:
            raise InputError(f"--outcome {name} is unknown; {did_you_mean(name, NAMES)}")
        if name in outcomes[:place]:
            raise InputError(f"--outcome {name} is given twice; keep one")
    return tuple(outcomes)
