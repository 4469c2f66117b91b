"""The Parquet file that says what became of each measure and shock: when it began, how it ended, where the worst areas were.

One row for each policy, future, and measure or shock. Results that were made without that knowledge have no rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.comparison.result_tables import AGAIN, checked_table
from sim.errors import InputError
from sim.in_force import InForce

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.comparison.compare import Comparison
    from sim.scenario import Policy, Scenario, Shock

__all__ = ["read_in_force", "write_in_force"]

ACTED = ("began", "ended_by_election", "neighbourhoods", "level_months", "levels")
"""The columns that say what became of a row; the others say what it is about."""


def write_in_force(path: Path, comparison: Comparison) -> None:
    """Write what became of measures and shocks.

    Parameters
    ----------
    path
        The file.
    comparison
        What was compared.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    names = [place.name for place in comparison.city.neighbourhoods]
    rows = [
        key | dict(zip(ACTED, _values(each, names), strict=True))
        for arm, futures in zip(comparison.arms, comparison.in_force, strict=False)
        for replication, acted in enumerate(futures)
        for key, each in zip(_future(arm, comparison.shocks, replication, comparison.seeds), acted, strict=False)
    ]
    pq.write_table(pa.Table.from_pylist(rows, schema=_schema()), path, compression="zstd")


def read_in_force(path: Path, scenario: Scenario, seeds: Sequence[int]) -> tuple[tuple[tuple[InForce, ...], ...], ...]:
    """Return what became of measures and shocks [arm][replication][measure or shock]; nothing where nothing is known.

    Parameters
    ----------
    path
        What `write_in_force` wrote.
    scenario
        What was run.
    seeds
        The seed of each replication.

    Raises
    ------
    InputError
        When the file is no Parquet, or says what cannot be.
    """
    count = scenario.replications * sum(len(_acting(arm, scenario.shocks)) for arm in scenario.policies)
    rows = checked_table(path, _schema(), (count, 0)).to_pylist()
    if not rows:
        return ()
    places = {place.name: i for i, place in enumerate(scenario.city.neighbourhoods)}
    expected = (
        key
        for arm in scenario.policies
        for replication in range(scenario.replications)
        for key in _future(arm, scenario.shocks, replication, seeds)
    )
    read: list[InForce] = []
    for row, key in zip(rows, expected, strict=True):
        if any(row[name] != value for name, value in key.items()) or not _can_be(row, places, scenario.months):
            raise InputError(f"{path}: row {len(read) + 1} says what cannot be of these results; {AGAIN}")
        chosen = tuple(places[name] for name in row["neighbourhoods"])
        levels = tuple(zip(row["level_months"], row["levels"], strict=True))
        read.append(InForce(row["began"], row["ended_by_election"], chosen, levels))
    following = iter(read)
    return tuple(
        tuple(tuple(next(following) for _ in _acting(arm, scenario.shocks)) for _ in range(scenario.replications))
        for arm in scenario.policies
    )


def _can_be(row: Mapping[str, Any], places: Mapping[str, int], months: int) -> bool:
    """Return whether a row says what may have become of a measure or shock."""
    began, named = row["began"], row["neighbourhoods"]
    if row["ended_by_election"] is None or named is None or not _can_be_levels(row["level_months"], row["levels"], months):
        return False
    return (
        (began is None or 1 <= began <= months) and all(name in places for name in named) and len(set(named)) == len(named)
    )


def _can_be_levels(when: list[int] | None, levels: list[float] | None, months: int) -> bool:
    """Return whether levels from some months on can be: one a month, in order, shares within the run."""
    if when is None or levels is None or len(when) != len(levels) or None in when or None in levels:
        return False
    return when == sorted(set(when)) and all(1 <= m <= months for m in when) and all(0 <= each <= 1 for each in levels)


def _values(acted: InForce, names: Sequence[str]) -> tuple[Any, ...]:
    """Return what became of a measure or shock, in the order of `ACTED`."""
    months, levels = ([pair[each] for pair in acted.levels] for each in (0, 1))
    return acted.began, acted.cut, [names[i] for i in acted.places], months, levels


def _future(arm: Policy, shocks: Sequence[Shock], replication: int, seeds: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield what each row of one future is about."""
    for row, name in enumerate(_acting(arm, shocks), start=1):
        yield {"policy": arm.name, "replication": replication, "seed": seeds[replication], "row": row, "name": name}


def _acting(arm: Policy, shocks: Sequence[Shock]) -> list[str]:
    """Name the measures of a policy and the shocks, in the order in which what became of them is kept."""
    return [*(use.measure for use in arm.measures), *(shock.name for shock in shocks)]


def _schema() -> pa.Schema:
    import pyarrow as pa

    kinds = {"policy": pa.string(), "replication": pa.int32(), "seed": pa.int64(), "row": pa.int16(), "name": pa.string()}
    kinds |= {"began": pa.int16(), "ended_by_election": pa.bool_(), "neighbourhoods": pa.list_(pa.string())}
    kinds |= {"level_months": pa.list_(pa.int16()), "levels": pa.list_(pa.float64())}
    return pa.schema(list(kinds.items()))
