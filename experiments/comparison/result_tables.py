"""The Parquet files of results: the columns that say what each row is about, then one column for each outcome.

A file that is read must hold exactly the columns, rows and keys that would be written for the same study; only its
outcomes are taken on trust, and `results.py` asks of them to be numbers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import month_date
from sim.errors import InputError
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["checked_table", "month_keys", "read_values", "write_values", "year_keys"]

Floats = np.ndarray[Any, np.dtype[np.float32]]
AGAIN = "run the comparison again"


def month_keys(months: int, begins: str | None) -> dict[str, Any]:
    """Return what tells the rows of one future apart in the results of the city: the month, from 1, and its date.

    Parameters
    ----------
    months
        How many months were simulated.
    begins
        The date of month 1; without it there is no column of dates.
    """
    keys: dict[str, Any] = {"month": np.arange(1, months + 1, dtype=np.int16)}
    if begins is not None:
        keys["date"] = np.array([month_date(month, begins) for month in range(1, months + 1)], dtype=object)
    return keys


def year_keys(years: int, names: Sequence[str]) -> dict[str, Any]:
    """Return what tells the rows of one future apart in the results of neighbourhoods: year, from 1, and neighbourhood.

    Parameters
    ----------
    years
        How many years were simulated, the last one perhaps in part.
    names
        Names of the neighbourhoods, in the city's order.
    """
    return {
        "year": np.repeat(np.arange(1, years + 1, dtype=np.int16), len(names)),
        "neighbourhood": np.tile(np.array(names, dtype=object), years),
    }


def write_values(path: Path, values: Any, arms: Sequence[str], seeds: Sequence[int], keys: Mapping[str, Any]) -> None:
    """Write outcomes as Parquet.

    Parameters
    ----------
    path
        The file.
    values
        Outcomes [arm, replication, ..., outcome], float32.
    arms
        Names of the policies, the reference first.
    seeds
        The seed of each replication.
    keys
        What tells the rows of one future apart, by column, each [row].
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = _keys(arms, seeds, keys)
    flat = values.reshape(-1, len(OUTCOMES))
    columns |= {outcome.name: np.ascontiguousarray(flat[:, column]) for column, outcome in enumerate(OUTCOMES)}
    pq.write_table(pa.table(columns), path, compression="zstd")


def read_values(path: Path, arms: Sequence[str], seeds: Sequence[int], keys: Mapping[str, Any]) -> Floats:
    """Return the outcomes [arm, replication, row, outcome] that `write_values` wrote, after checking every row's keys.

    Parameters
    ----------
    path
        The file.
    arms, seeds, keys
        What the file must hold, as in `write_values`.

    Raises
    ------
    InputError
        When the file is no Parquet, or has other columns, rows or keys.
    """
    import pyarrow as pa

    names = [outcome.name for outcome in OUTCOMES]
    schema = pa.table(_keys(arms[:1], seeds[:1], keys)).schema
    for name in names:
        schema = schema.append(pa.field(name, pa.float32()))
    # What the file claims is looked at first: whoever made it up may claim more than fits into memory.
    table = checked_table(path, schema, (len(arms) * len(seeds) * len(next(iter(keys.values()))),))
    expected = pa.table(_keys(arms, seeds, keys))
    for name in expected.column_names:
        if not table.column(name).equals(expected.column(name)):
            raise InputError(f"{path}: column {name} does not hold what results hold there; {AGAIN}")
    if any(table.column(name).null_count for name in names):
        raise InputError(f"{path}: lacks values; {AGAIN}")
    values = np.stack([table.column(name).to_numpy() for name in names], axis=-1)
    return values.reshape(len(arms), len(seeds), -1, len(names))


def checked_table(path: Path, schema: pa.Schema, rows: Sequence[int]) -> pa.Table:
    """Return a table that has just these columns and a right number of rows.

    Parameters
    ----------
    path
        A Parquet file.
    schema
        Names, order and types of its columns.
    rows
        How many rows it may have; its own claim is looked at before any row is read.

    Raises
    ------
    InputError
        When the file is no Parquet, or has other columns or rows.
    """
    import pyarrow as pa

    from experiments.store.parquet import open_parquet

    try:
        with open_parquet(path) as file:
            if not file.schema_arrow.equals(schema):
                raise InputError(f"{path}: has other columns than results have; {AGAIN}")
            if file.metadata.num_rows not in rows:
                raise InputError(f"{path}: has {file.metadata.num_rows} rows, not {rows[0]}; {AGAIN}")
            table = file.read(use_threads=False)
            table.validate(full=True)
    except InputError:
        raise
    except (pa.ArrowException, OSError, ValueError, MemoryError, OverflowError) as error:
        raise InputError(f"{path}: is no Parquet file that can be read ({str(error)[:80]}); {AGAIN}") from None
    if table.num_rows not in rows:
        raise InputError(f"{path}: has {table.num_rows} rows, not {rows[0]}; {AGAIN}")
    return table


def _keys(arms: Sequence[str], seeds: Sequence[int], keys: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that say what each row of a file is about; keys: each [rows within one future]."""
    rows, futures = len(next(iter(keys.values()))), len(seeds)
    columns = {
        "policy": np.repeat(np.array(arms, dtype=object), futures * rows),
        "replication": np.tile(np.repeat(np.arange(futures, dtype=np.int32), rows), len(arms)),
        "seed": np.tile(np.repeat(np.array(seeds, dtype=np.int64), rows), len(arms)),
    }
    return columns | {name: np.tile(key, len(arms) * futures) for name, key in keys.items()}
