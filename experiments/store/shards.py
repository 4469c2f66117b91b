"""Shards: small Parquet files that are written whole or not at all, and the tables that go into them.

    runs/    one row a run: id, study (that ran it first), city, policy, seed, months, scale, model, status ("done" or
             "failed"), reason, parameters, shocks, without, events and in_force as JSON; the hashes of the city, the policy
             and the shocks, the part that holds the policy at full strength and the levels of its measures (`parts`); the
             parts that hold what measures of plugins declare, and the hash of each outcome; the hash of a rule of the
             user's own; outcomes of the user's own as JSON, each with the hash of its function; then the mean of every
             outcome over all months (null where it failed)
    city/    one row a run and month (from 1): id, month, then the outcomes that are kept over time
    places/  one row a run, neighbourhood and year or month (from 1): id, neighbourhood, year or month, then the same

A shard has the same name in each folder: the hash of its record (`seals`), which holds the hashes of its files. Nothing in
it depends on the clock or the machine: the same runs give the same bytes. A float is stored as the model wrote it, float32.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.execution.runner import Job
    from sim.in_force import InForce

__all__ = [
    "SUFFIX",
    "Parcel",
    "city_rows",
    "encode",
    "place_rows",
    "run_row",
    "runs_table",
    "type_of",
]

SUFFIX = ".parquet"

TEXTS = (
    "id",
    "study",
    "city",
    "policy",
    "model",
    "status",
    "reason",
    "parameters",
    "shocks",
    "without",
    "events",
    "in_force",
    "city_hash",
    "policy_hash",
    "policy_part",
    "levels",
    "shock_hashes",
    "measure_parts",
    "rule",
    "outputs",
    "recorder",
)


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """What a worker hands over for a batch: encoded shards, one for each folder, and what the log will say of it."""

    statuses: Mapping[str, str]
    """Id to "done" or "failed"."""
    shards: Mapping[str, bytes]
    """Folder to the bytes of its file."""
    parts: Mapping[str, bytes] = field(default_factory=dict)
    """What the runs share, by its hash (`parts`)."""
    seconds: tuple[float, ...] = ()
    """How long each job took, seconds."""
    worker: str = ""
    """Host, process and thread that ran it."""


def run_row(job: Job, arm: int, name: str, result: Any | None, reason: str | None) -> dict[str, Any]:
    """Return the row of one run.

    Parameters
    ----------
    job, arm, name
        What was run, which of its policies, and its id.
    result
        What came out, or None where it failed.
    reason
        Why it failed.
    """
    from experiments.store.parts import parts_of, recorder
    from experiments.store.run_id import part_hash
    from sim.identity import model_hash
    from sim.outcomes import OUTCOMES

    parts = parts_of(job, arm)
    row: dict[str, Any] = {
        "id": name,
        "study": job.study,
        "city": job.city.name,
        "policy": job.policies[arm].name,
        "seed": job.seed,
        "months": job.months,
        "scale": float(job.scale),
        "model": model_hash(),
        "status": "failed" if result is None else "done",
        "reason": reason,
        "parameters": _json({name: float(value) for name, value in job.parameters.items()}),
        "shocks": _json([shock.name for shock in job.shocks_of(arm)]),
        "without": _json(sorted(job.without)),
        "events": _json(dict(result.events) if result is not None else {}),
        "in_force": _json([_in_force(each) for each in result.in_force] if result is not None else []),
        "city_hash": parts.city,
        "policy_hash": part_hash(job.policies[arm]),
        "policy_part": parts.policy,
        "levels": json.dumps(parts.levels),
        "shock_hashes": _json(list(parts.shocks)),
        "measure_parts": _json(list(parts.measures)),
        "rule": "" if job.extensions.rule is None else job.extensions.rule.code.digest,
        "outputs": _json({} if result is None else _outputs(job, result)),
        "recorder": recorder()[0],
    }
    means = None if result is None else result.city_monthly.mean(axis=0, dtype=np.float64).astype(np.float32)
    for column, outcome in enumerate(OUTCOMES):
        row[outcome.name] = None if means is None else means[column]
    return row


def runs_table(rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Return the rows as a table, sorted by id."""
    import pyarrow as pa

    ordered = sorted(rows, key=lambda row: str(row["id"]))
    return pa.table(
        {name: pa.array([row[name] for row in ordered], type_of(name)) for name in ordered[0]},
    )


def city_rows(name: str, monthly: npt.NDArray[np.float32], kept: Sequence[str]) -> pa.Table:
    """Return one run's months: id, month (int16, from 1), and the outcomes kept, float32.

    Parameters
    ----------
    name
        The run's id.
    monthly
        float32 [month, outcome], every outcome of `sim.outcomes`.
    kept
        Names of the outcomes to keep.
    """
    import pyarrow as pa

    from sim.outcomes import outcome_index

    months = len(monthly)
    columns: dict[str, Any] = {
        "id": pa.repeat(name, months),
        "month": pa.array(np.arange(1, months + 1, dtype=np.int16)),
    }
    for outcome in kept:
        columns[outcome] = pa.array(np.ascontiguousarray(monthly[:, outcome_index(outcome)]))
    return pa.table(columns)


def place_rows(
    name: str, values: npt.NDArray[np.float32], neighbourhoods: Sequence[str], kept: Sequence[str], period: str
) -> pa.Table:
    """Return one run by neighbourhood and period, neighbourhood by neighbourhood: id, neighbourhood, period, outcomes.

    Parameters
    ----------
    name
        The run's id.
    values
        float32 [period, neighbourhood, outcome kept].
    neighbourhoods, kept
        Names along the two axes.
    period
        "year" or "month".
    """
    import pyarrow as pa

    periods, places, _ = values.shape
    columns: dict[str, Any] = {
        "id": pa.repeat(name, periods * places),
        "neighbourhood": pa.array(np.repeat(np.array(neighbourhoods, dtype=object), periods), pa.string()),
        period: pa.array(np.tile(np.arange(1, periods + 1, dtype=np.int16), places)),
    }
    for column, outcome in enumerate(kept):
        columns[outcome] = pa.array(np.ascontiguousarray(values[:, :, column].T).ravel())
    return pa.table(columns)


def encode(table: pa.Table, said: Mapping[str, str] | None = None) -> bytes:
    """Return a table as the bytes of a Parquet file: zstd, floats split by byte, no clock and no statistics in it.

    Parameters
    ----------
    table
        What goes in.
    said
        What the file says of itself besides, key by key.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    floats = [field.name for field in table.schema if pa.types.is_floating(field.type)]
    sink = BytesIO()
    with pq.ParquetWriter(
        sink,
        table.schema,
        compression="zstd",
        compression_level=3,
        use_dictionary=[field.name for field in table.schema if field.name not in floats],
        use_byte_stream_split=floats,
        write_statistics=False,
        store_schema=False,
    ) as writer:
        writer.write_table(table.combine_chunks(), row_group_size=max(1, table.num_rows))
        if said:
            writer.add_key_value_metadata(said)
    return sink.getvalue()


def type_of(name: str) -> pa.DataType:
    """Return the type of a column of runs."""
    import pyarrow as pa

    if name in TEXTS:
        return pa.string()
    return {"seed": pa.int64(), "months": pa.int16(), "scale": pa.float64()}.get(name, pa.float32())


def _outputs(job: Job, result: Any) -> dict[str, Any]:
    """Return the outcomes of the user's own by name: the hash of what made each, and its value."""
    return {each.name: {"hash": each.digest, "value": each.value(result)} for each in job.extensions.outputs}


def _in_force(acted: InForce) -> list[Any]:
    """Return what became of a measure or shock, as JSON can hold it."""
    began = None if acted.began is None else int(acted.began)
    levels = [[int(month), float(level)] for month, level in acted.levels]
    return [began, bool(acted.cut), [int(place) for place in acted.places], levels]


def _json(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
