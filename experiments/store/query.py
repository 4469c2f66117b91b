"""Questions to a store in SQL: views over the shards that are committed and whole, and over nothing else.

runs     one row a run, see `shards`
city     one row a run and month
places   one row a run, neighbourhood and year or month, where they are kept
log      one row a run and event: id, event ("started", "stored" or "removed"), time, session, worker, seconds of its batch

A run that is in two shards, after a crash while shards were merged, is read from one of them.

DuckDB answers, in memory, and is given the views as tables of Arrow: it opens no file, loads no extension, changes no
setting and no table, whatever the question says: its own settings forbid it, and are locked before the question is read.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from experiments.execution import interrupts
from experiments.store.store import Store
from experiments.store.views import Views
from sim.errors import InputError, did_you_mean, show
from sim.renamed import OUTCOMES

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

__all__ = ["TIMEOUT", "ask", "at_work"]

TIMEOUT = 60
"""Seconds that a question may take where nothing else is said."""
MOST_ROWS = 1_000_000
"""Rows that an answer may have."""
MOST_BYTES = 1_000_000_000
"""Bytes that an answer may take in memory."""

BATCH = 50_000
"""Rows of an answer that are taken at a time."""
LOOK_SECONDS = 0.05
PATIENCE = 1.0
"""Seconds that a stopped question is waited for."""

SETTINGS = {
    "enable_progress_bar": "false",
    "memory_limit": "'2GB'",
    "temp_directory": "''",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "allow_persistent_secrets": "false",
    "python_enable_replacements": "false",
    "enable_external_access": "false",
    "disabled_filesystems": "'LocalFileSystem'",
    "lock_configuration": "true",
}
"""Settings of DuckDB, in the order in which they must be given: the last forbids any other."""

MAKERS = {"range", "generate_series", "unnest", "repeat", "repeat_row", "json_each", "json_tree"}
"""The functions that rows may be read from besides the views: they make them of what they are given."""

_at_work: set[threading.Event] = set()


def ask(store: Store, sql: str, *, timeout: float = TIMEOUT) -> pd.DataFrame:
    """Answer a question in SQL.

    Parameters
    ----------
    store
        The store.
    sql
        One statement over the views runs, city, places and log that reads: SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW,
        SUMMARIZE or EXPLAIN.
    timeout
        Seconds that it may take, reading and answering together.

    Returns
    -------
    DataFrame
        The answer; `attrs["models"]` lists the models whose runs were read.

    Raises
    ------
    InputError
        When it is no such statement, asks for anything but the views, cannot be answered, or takes too long.
    DamagedError
        When a shard that it would read is damaged or lost.
    KeyboardInterrupt
        After Ctrl-C.
    """
    until = time.monotonic() + timeout
    return store.of_committed(lambda names: _answer(store, names, sql, timeout, until))


def _answer(store: Store, names: list[str], sql: str, timeout: float, until: float) -> pd.DataFrame:
    """Answer from these shards."""
    import duckdb

    kept = [*store.folders[::-1], "log"]
    views = Views(store, names)
    connection: Any = duckdb.connect()
    try:
        for key, value in SETTINGS.items():
            connection.execute(f"SET {key} = {value}")
        wanted = _wanted(connection, sql, kept)
        for view in wanted:
            connection.register(view, views.table(view))
        # Nothing can be written, whatever kind of statement it is.
        connection.execute("BEGIN TRANSACTION READ ONLY")
        answer: pd.DataFrame = _within(connection, sql, timeout, until).to_pandas(use_threads=False)
        answer.attrs["models"] = sorted(views.models)
        return answer
    except (duckdb.Error, SystemError) as error:
        if views.error is not None:
            raise views.error from None
        if not isinstance(error, duckdb.Error):
            raise
        raise _refusal(error, kept) from None
    finally:
        if not at_work():
            connection.close()


def _refusal(error: Exception, kept: list[str]) -> InputError:
    """Return what to say where DuckDB refused a question."""
    import duckdb

    if isinstance(error, duckdb.PermissionException):
        says = f"reads or writes something else than the views {', '.join(kept)}, which is not allowed"
        return InputError(f"query: {says} (DuckDB: {_first_line(error)})")
    if isinstance(error, duckdb.CatalogException):
        return InputError(f"query: {_first_line(error)}; the views are {', '.join(kept)}")
    return InputError(f"query: {' '.join(str(error).split())[:600]}{_renamed(error)}")


def _renamed(error: Exception) -> str:
    """Return a remark on a column that DuckDB did not find because it has another name since an earlier version."""
    found = re.search(r'column "([A-Za-z_]+)"', str(error))
    new = None if found is None else OUTCOMES.get(found[1])
    return "" if new is None or found is None else f" ({found[1]} is called {new} since version 0.3.0)"


def at_work() -> bool:
    """Return whether a question that was stopped is still being worked at: DuckDB looks up only between two steps."""
    return bool(_at_work)


def _wanted(connection: Any, sql: str, kept: list[str]) -> list[str]:
    """Return the views that a question needs, after making sure that it is one question that only reads."""
    import duckdb

    statements = connection.extract_statements(sql)
    if len(statements) != 1:
        many = "no statement" if not statements else f"{len(statements)} statements"
        raise InputError(f"query: this is {many}; give one, such as SELECT policy, count(*) FROM runs GROUP BY policy")
    kind = statements[0].type.name
    if kind not in ("SELECT", "EXPLAIN"):
        raise InputError(f"query: a statement of the kind {kind} is not allowed; ask with SELECT, DESCRIBE, SHOW or EXPLAIN")
    for function in _sources(connection, sql):
        if function not in MAKERS:
            raise InputError(
                f"query: {show(function)} is none of the views, which are {', '.join(kept)}; only these can be read"
            )
    try:
        named = {name.lower() for name in connection.get_table_names(sql)}
    except duckdb.PermissionException:
        raise
    except duckdb.Error:
        # Some questions cannot be understood before the views are there: those that may be meant then.
        named = set(re.findall(r"\w+", sql.lower())) & set(kept)
    if unknown := sorted(named - set(kept)):
        raise InputError(f"query: there is no view {show(unknown[0])}; {did_you_mean(unknown[0], kept)}")
    # A question that names no view, such as SHOW TABLES, may still ask about all of them.
    return [view for view in kept if view in named] or kept


def _sources(connection: Any, sql: str) -> set[str]:
    """Return the functions that a question reads rows from, as DuckDB itself understands it.

    Raises
    ------
    InputError
        When it is no question that only reads.
    """
    plain = re.sub(r"^\s*explain(\s+analyze)?\b", "", sql, count=1, flags=re.IGNORECASE)
    ((text,),) = connection.execute("SELECT json_serialize_sql(?)", [plain]).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        # What it cannot even read it tells when it is asked; the rest is another kind of statement.
        if tree.get("error_type") == "parser":
            return set()
        raise InputError("query: a statement of this kind is not allowed; ask with SELECT, DESCRIBE, SHOW or EXPLAIN SELECT")
    return set(_functions(tree))


def _functions(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if node.get("type") == "TABLE_FUNCTION":
            yield node["function"]["function_name"].lower()
        for part in node.values():
            yield from _functions(part)
    elif isinstance(node, list):
        for part in node:
            yield from _functions(part)


def _within(connection: Any, sql: str, timeout: float, until: float) -> pa.Table:
    """Answer the question in another thread, and stop it after Ctrl-C or when its time is over."""
    answers: list[pa.Table] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            relation = connection.sql(sql)
            if relation is None:
                raise InputError("query: this gives no answer; ask with SELECT")
            # The second for versions of DuckDB before 1.4.
            reader = getattr(relation, "to_arrow_reader", None) or relation.fetch_arrow_reader
            answers.append(_read(reader(BATCH)))
        except BaseException as error:
            errors.append(error)
        finally:
            _at_work.discard(done)
            done.set()

    # Not the thread itself is waited for: after Ctrl-C Python takes it for ended.
    done = threading.Event()
    _at_work.add(done)
    threading.Thread(target=work, daemon=True, name="question").start()
    try:
        while not done.wait(LOOK_SECONDS):
            if interrupts.came():
                raise KeyboardInterrupt
            if time.monotonic() > until:
                remedy = "ask for less, or give it longer with --timeout SECONDS"
                raise InputError(f"query: stopped after {timeout:g} s without an answer; {remedy}")
    finally:
        given_up = time.monotonic() + PATIENCE
        while not done.is_set() and time.monotonic() < given_up:
            connection.interrupt()
            done.wait(LOOK_SECONDS)
    if errors:
        raise errors[0]
    return answers[0]


def _read(reader: pa.RecordBatchReader) -> pa.Table:
    """Return all of an answer, unless it is larger than anybody can want."""
    import pyarrow as pa

    batches = []
    rows = size = 0
    for batch in reader:
        rows, size = rows + batch.num_rows, size + batch.nbytes
        if rows > MOST_ROWS or size > MOST_BYTES:
            limit = f"{MOST_ROWS:,} rows and {MOST_BYTES // 10**9} GB".replace(",", " ")
            raise InputError(f"query: the answer is larger than {limit}; aggregate, name fewer columns, or use LIMIT")
        batches.append(batch)
    names = _without_repeats(reader.schema.names)
    return pa.Table.from_batches(batches, reader.schema).rename_columns(names)


def _without_repeats(names: Iterable[str]) -> list[str]:
    """Return names of columns of which none stands twice: id, id_1."""
    found: list[str] = []
    for name in names:
        number, new = 0, name
        while new in found:
            number += 1
            new = f"{name}_{number}"
        found.append(new)
    return found


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
