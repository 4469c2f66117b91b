"""What a question in SQL can read: the rows of the committed shards, shard by shard, each seen to be whole as it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from experiments.store.logs import log_files, read_log
from experiments.store.store import Store
from sim.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Views"]

LOG_COLUMNS = ("id", "event", "time", "session", "worker", "seconds")


class Views:
    """The tables behind the views, read shard by shard as a question asks for them; each file is seen to be whole then."""

    def __init__(self, store: Store, names: list[str]) -> None:
        self.store = store
        self.names = names
        """The committed shards."""
        self.error: Exception | None = None
        """What went wrong while DuckDB read."""
        self.models: set[str] = set()
        """The models whose runs were looked at."""
        self._looked: tuple[pa.Schema, Mapping[str, frozenset[str]]] | None = None

    def table(self, view: str) -> Any:
        """Return what DuckDB reads for a view, see `_dataset`."""
        if view == "log":
            log = self._log()
            return _dataset(log.schema, lambda columns: iter([log.select(columns)]))
        runs, losers = self._look_at_runs()
        schema = runs if view == "runs" else self._schema(view)

        def read(columns: list[str]) -> Iterator[pa.Table]:
            try:
                for name in self.names:
                    yield self._rows(view, name, columns, losers.get(name, frozenset()))
            except Exception as error:
                self.error = error
                raise

        return _dataset(schema, read)

    def _rows(self, folder: str, name: str, columns: list[str], losers: frozenset[str]) -> pa.Table:
        """Return some columns of a shard, without the runs that count in another."""
        import pyarrow as pa
        import pyarrow.compute as pc

        table = self.store.read_shard(folder, name, [*{"id": None, **dict.fromkeys(columns)}])
        if losers:
            table = table.filter(pc.invert(pc.is_in(table["id"], pa.array(sorted(losers), pa.string()))))
        return table

    def _schema(self, folder: str) -> pa.Schema:
        """Return the columns of city/ or places/, which follow from what the store keeps."""
        import pyarrow as pa

        period = "month" if folder == "city" or self.store.keep.places == "monthly" else "year"
        first = [("id", pa.string()), *([("neighbourhood", pa.string())] if folder == "places" else [])]
        return pa.schema([*first, (period, pa.int16()), *((name, pa.float32()) for name in self.store.keep.monthly)])

    def _look_at_runs(self) -> tuple[pa.Schema, Mapping[str, frozenset[str]]]:
        """Return the columns of runs/, and by shard the runs that count in another.

        Of a run that is in several shards one counts: the one that ranks first (`Store.ranks`), and of these the first
        by name.
        """
        if self._looked is not None:
            return self._looked
        import pyarrow as pa

        from experiments.store.shards import TEXTS, type_of
        from sim.outcomes import OUTCOMES

        names = [*TEXTS, "seed", "months", "scale", *(each.name for each in OUTCOMES)]
        schemas: list[pa.Schema] = []
        best: dict[str, tuple[tuple[bool, int], str]] = {}
        lost: dict[str, set[str]] = {}
        for shard in self.names:
            described, table = self.store.described_shard("runs", shard, ["id", "status", "recorder", "model"])
            schemas.append(described)
            self.models.update(table["model"].to_pylist())
            for name, rank in zip(table["id"].to_pylist(), self.store.ranks(table), strict=True):
                claim = (rank, shard)
                before = best.setdefault(name, claim)
                if before != claim:
                    best[name] = min(before, claim)
                    lost.setdefault(max(before, claim)[1], set()).add(name)
        empty = pa.schema([(name, type_of(name)) for name in names])
        schema = pa.unify_schemas(schemas or [empty], promote_options="default").remove_metadata()
        self._looked = schema, {shard: frozenset(ids) for shard, ids in lost.items()}
        return self._looked

    def _log(self) -> pa.Table:
        """Return the rows of the log; a line that a crash cut short is passed over."""
        import pyarrow as pa

        columns: dict[str, list[Any]] = {name: [] for name in LOG_COLUMNS}
        for path in log_files(self.store):
            lines = read_log(self.store, path)
            if lines.damaged:
                remedy = f"citysafety store repair {self.store.path} takes them out"
                raise InputError(f"{path}: {len(lines.damaged)} lines are damaged; {remedy}")
            for line in lines.said:
                ids = [str(each) for each in line.get("ids", ())]
                columns["id"] += ids
                columns["event"] += [line.get("event")] * len(ids)
                columns["time"] += [_moment(line.get("time"))] * len(ids)
                columns["session"] += [line.get("session")] * len(ids)
                columns["worker"] += [line.get("worker")] * len(ids)
                columns["seconds"] += [_total(line.get("seconds"))] * len(ids)
        types = {"time": pa.timestamp("us", "UTC"), "seconds": pa.float64()}
        return pa.table({name: pa.array(values, types.get(name, pa.string())) for name, values in columns.items()})


def _dataset(schema: pa.Schema, read: Callable[[list[str]], Iterator[pa.Table]]) -> Any:
    """Return a dataset of Arrow that DuckDB can read as often as it likes, table by table.

    It is read by the thread that asks: Arrow's own threads may end the process with an abort (see `parquet`).

    Parameters
    ----------
    schema
        Its columns.
    read
        Gives some of the columns, table by table; one that a table lacks is null there.
    """
    import pyarrow as pa
    import pyarrow.dataset as ds

    class Reading(NamedTuple):
        """What DuckDB takes for a scanner."""

        projected_schema: pa.Schema
        tables: Iterator[pa.Table]

        def to_reader(self) -> pa.RecordBatchReader:
            batches = (batch for table in self.tables for batch in table.to_batches())
            return pa.RecordBatchReader.from_batches(self.projected_schema, batches)

    def scanner(_: Any, columns: list[str] | None = None, **wishes: Any) -> Reading:
        names = schema.names if columns is None else list(columns)
        wanted = pa.schema([schema.field(name) for name in names])
        condition = wishes.get("filter")

        def tables() -> Iterator[pa.Table]:
            # What is filtered by need not be among the columns.
            for table in read(names if condition is None else schema.names):
                whole = _with_all(table, wanted if condition is None else schema)
                scanned = ds.dataset(whole).scanner(columns=names, filter=condition, use_threads=False)
                yield scanned.to_table().cast(wanted)

        return Reading(wanted, tables())

    # What DuckDB takes for a dataset: it asks it for a scanner of some columns, and that for a reader.
    rows: Any = type("Rows", (ds.InMemoryDataset,), {"scanner": scanner})
    return rows(schema.empty_table())


def _with_all(table: pa.Table, schema: pa.Schema) -> pa.Table:
    """Return a table with the columns of a schema; one that it lacks is null."""
    import pyarrow as pa

    held = set(table.column_names)
    return pa.table([table[each.name] if each.name in held else pa.nulls(len(table), each.type) for each in schema], schema)


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None


def _total(seconds: Any) -> float | None:
    try:
        return float(sum(seconds))
    except TypeError:
        return None
