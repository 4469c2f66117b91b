"""Questions to a store in SQL: views of DuckDB over the shards that are committed, and over nothing else.

runs     one row a run, see `shards`
city     one row a run and month
places   one row a run, neighbourhood and year or month, where they are kept
log      one row a run and event: id, event ("started" or "stored"), time, session, worker, seconds of its batch

A run that stands in two shards, after a crash while shards were merged, is read from one of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.store import LOOKS, Store

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ask"]


def ask(store: Store, sql: str) -> pd.DataFrame:
    """Answer a question in SQL.

    Parameters
    ----------
    store
        The store.
    sql
        One statement over the views runs, city, places and log.

    Returns
    -------
    DataFrame
        The answer.

    Raises
    ------
    InputError
        When DuckDB cannot answer it; its reason is in the message.
    """
    import duckdb

    from sim.faults import InputError

    for look in range(LOOKS):
        with duckdb.connect() as connection:
            try:
                connection.execute("SET enable_progress_bar = false")
                _make_views(connection, store)
                # Not `.df()`, which uses what pandas is about to take away.
                answer: pd.DataFrame = connection.sql(sql).to_arrow_table().to_pandas(use_threads=False)
                return answer
            except duckdb.IOException as error:
                # A shard was merged into a larger one since it was listed.
                if look == LOOKS - 1:
                    raise InputError(f"--store {store.path}: {error}") from None
            except (duckdb.Error, AttributeError) as error:
                raise InputError(f"query: {error}") from None
    raise AssertionError


def _make_views(connection: Any, store: Store) -> None:
    """Create the four views; a run that stands in two shards is read from one."""
    names = store.committed()
    twice = _stands_twice(connection, store, names)
    for folder in ("runs", "city", "places"):
        if folder not in store.folders:
            continue
        if not names:
            _make_empty(connection, store, folder)
            continue
        source = f"read_parquet({_list(store, folder, names)}, union_by_name = true, filename = {str(twice).lower()})"
        if twice:
            # The shard that counts is one where the run is done, and of these the first.
            source = (
                f"(SELECT rows.* EXCLUDE (filename) FROM {source} AS rows "
                f"JOIN winners ON rows.id = winners.id AND parse_filename(rows.filename, true) = winners.shard)"
            )
        connection.execute(f"CREATE VIEW {folder} AS SELECT * FROM {source}")
    _make_log(connection, store)


def _stands_twice(connection: Any, store: Store, names: list[str]) -> bool:
    """Return whether any run stands in two shards, and if so make the table of the shards that count."""
    if not names:
        return False
    runs = f"read_parquet({_list(store, 'runs', names)}, filename = true)"
    rows, ids = connection.execute(f"SELECT count(*), count(DISTINCT id) FROM {runs}").fetchone()
    if rows == ids:
        return False
    connection.execute(
        f"CREATE TABLE winners AS SELECT id, first(parse_filename(filename, true) ORDER BY status, filename) AS shard "
        f"FROM {runs} GROUP BY id"
    )
    return True


def _make_empty(connection: Any, store: Store, folder: str) -> None:
    """Create a view with the columns of a folder and no rows."""
    from sim.outcomes import OUTCOMES

    texts = {"runs": ["id", "city", "policy", "model", "status", "reason", "parameters", "shocks", "without", "events"]}
    numbers = {"runs": ["seed", "months", "scale"], "city": ["month"], "places": ["year"]}
    kept = [each.name for each in OUTCOMES] if folder == "runs" else store.keep.monthly
    columns = [f"NULL::VARCHAR AS {name}" for name in texts.get(folder, ["id"])]
    columns += [f"NULL::DOUBLE AS {name}" for name in (*numbers[folder], *kept)]
    connection.execute(f"CREATE VIEW {folder} AS SELECT {', '.join(columns)} WHERE false")


def _make_log(connection: Any, store: Store) -> None:
    """Create the view of the log; a line that a crash cut short is passed over."""
    columns = {
        "event": "VARCHAR",
        "time": "TIMESTAMPTZ",
        "session": "VARCHAR",
        "ids": "VARCHAR[]",
        "worker": "VARCHAR",
        "seconds": "DOUBLE[]",
    }
    if not any((store.path / "log").glob("*.jsonl")):
        empty = ", ".join(f"NULL::{kind} AS {name}" for name, kind in columns.items())
        source = f"(SELECT {empty} WHERE false)"
    else:
        typed = "{" + ", ".join(f"{name}: '{kind}'" for name, kind in columns.items()) + "}"
        files = _quoted(str(store.path / "log" / "*.jsonl"))
        source = f"read_json({files}, format = 'newline_delimited', ignore_errors = true, columns = {typed})"
    connection.execute(
        "CREATE VIEW log AS SELECT unnest(ids) AS id, event, time, session, worker, list_sum(seconds) AS seconds "
        f"FROM {source} WHERE event IS NOT NULL"
    )


def _list(store: Store, folder: str, names: list[str]) -> str:
    return "[" + ", ".join(_quoted(str(store.shard(folder, name))) for name in names) + "]"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
