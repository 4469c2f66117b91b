"""Upkeep of a store: merging small shards into large ones, and looking for what is wrong.

Merging writes the new shards before it removes the old ones, so a crash leaves some runs in two shards and none in no
shard; readers count an id once, and the next merge clears up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.shards import SUFFIX, UNFINISHED, encode, shard_name, write_whole
from experiments.store import Store, told_clearly

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RUNS_A_SHARD", "check", "compact", "leavings", "merge"]

RUNS_A_SHARD = {"none": 2048, "yearly": 256, "monthly": 64}
"""Runs in a shard of a compacted store, by what is kept of the neighbourhoods: some hundred megabytes in memory at most."""

SHARDS_AT_A_TIME = 8
"""How many new shards are gathered in one reading of the old ones."""


def compact(store: Store) -> int:
    """Merge all shards and clear away what crashes left, while nobody else writes; the log and the plans stay.

    Two stores with the same runs are the same afterwards, byte for byte, in runs/, city/ and places/: rows stand in the
    order of their ids, and every shard but the last has the same number of runs.

    Parameters
    ----------
    store
        The store.

    Returns
    -------
    int
        How many shards there are then.

    Raises
    ------
    InputError
        When someone else writes to the store, it cannot be written, or a shard cannot be read.
    """
    with store.writing(alone=True):
        merge(store, store.committed())
        for path in leavings(store):
            path.unlink(missing_ok=True)
        return len(store.committed())


def merge(store: Store, names: Iterable[str]) -> None:
    """Merge these shards into as few as they need; one that somebody else has merged already is passed over.

    Parameters
    ----------
    store
        The store.
    names
        Names of shards that nobody else removes meanwhile.
    """
    winners = _winners(store, names)
    size = RUNS_A_SHARD[store.keep.places]
    written: set[str] = set()
    with told_clearly(store.path):
        for several in batched(batched(sorted(winners), size), SHARDS_AT_A_TIME):
            chosen = {name: winners[name] for ids in several for name in ids}
            gathered = {folder: _gather(store, folder, chosen) for folder in store.folders}
            for ids in several:
                runs = _rows_of(gathered["runs"], ids)
                new = shard_name(dict(zip(ids, runs["status"].to_pylist(), strict=True)))
                written.add(new)
                if {winners[name] for name in ids} == {new}:
                    continue
                for folder in store.folders:
                    table = runs if folder == "runs" else _rows_of(gathered[folder], ids)
                    write_whole(store.shard(folder, new), encode(table))
        # The commit goes first: from then on the old shard is not read.
        for folder in reversed(store.folders):
            for old in set(names) - written:
                store.shard(folder, old).unlink(missing_ok=True)


def leavings(store: Store) -> list[Path]:
    """Return the files that a crash left behind and nobody reads: temporaries, and shards that were not committed."""
    committed = set(store.committed())
    found = []
    for folder in store.folders:
        for path in sorted((store.path / folder).iterdir()):
            unfinished = path.name.startswith(".") and path.name.endswith(UNFINISHED)
            if unfinished or (path.suffix == SUFFIX and path.stem not in committed):
                found.append(path)
    return found


def check(store: Store) -> list[str]:
    """Return what is wrong with a store.

    Parameters
    ----------
    store
        The store.

    Returns
    -------
    list of str
        A sentence for each fault: shards that cannot be read or do not hold what their name says, runs without their
        months, failures without a reason, and a run that came out in two ways. What a crash leaves behind is no fault.
    """
    from sim.faults import InputError

    found: list[str] = []
    seen: dict[str, tuple[str, dict[str, Any]]] = {}
    for name in store.committed():
        try:
            tables = {folder: store.read_shard(folder, name) for folder in store.folders}
        except (InputError, FileNotFoundError) as error:
            found.append(str(error))
            continue
        found.extend(f"{store.shard('runs', name)}: {fault}" for fault in _faults(store, name, tables))
        for row in tables["runs"].to_pylist():
            known, before = seen.setdefault(row["id"], (name, row))
            if known != name and row["status"] == before["status"] == "done" and repr(row) != repr(before):
                found.append(f"{store.shard('runs', name)}: run {row['id']} came out otherwise in {known}")
    return found


def _faults(store: Store, name: str, tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Yield what is wrong inside one shard."""
    runs = tables["runs"].select(["id", "status", "reason", "months"]).to_pylist()
    if shard_name({row["id"]: row["status"] for row in runs}) != name:
        yield "does not hold the runs that its name says"
    done = {row["id"]: row["months"] for row in runs if row["status"] == "done"}
    for row in runs:
        if row["status"] not in ("done", "failed"):
            yield f"run {row['id']} has the status {row['status']!r}; it is done or failed"
        if row["status"] == "failed" and not row["reason"]:
            yield f"run {row['id']} failed and gives no reason"
    for folder in store.folders:
        if folder == "runs":
            continue
        ids = tables[folder]["id"].to_pylist()
        counts = dict.fromkeys(done, 0)
        for each in ids:
            if each not in counts:
                yield f"{folder}/ has rows of {each}, which is not done"
                break
            counts[each] += 1
        for each, months in done.items():
            if counts[each] == 0 or (folder == "city" and counts[each] != months):
                yield f"run {each} has {counts[each]} rows in {folder}/ and {months} months"


def _winners(store: Store, names: Iterable[str]) -> dict[str, str]:
    """Return for each run the shard that counts: one where it is done, and of these the first by name."""
    best: dict[str, tuple[bool, str]] = {}
    for shard in sorted(names):
        try:
            table = store.read_shard("runs", shard, ["id", "status"])
        except FileNotFoundError:
            continue
        for name, status in zip(table["id"].to_pylist(), table["status"].to_pylist(), strict=True):
            claim = (status != "done", shard)
            best[name] = min(best.get(name, claim), claim)
    return {name: shard for name, (_, shard) in best.items()}


def _gather(store: Store, folder: str, chosen: Mapping[str, str]) -> pa.Table:
    """Return the rows of the chosen runs, each from its shard."""
    import pyarrow as pa
    import pyarrow.compute as pc

    by_shard: dict[str, list[str]] = {}
    for name, shard in chosen.items():
        by_shard.setdefault(shard, []).append(name)
    pieces = []
    for shard, ids in by_shard.items():
        table = store.read_shard(folder, shard)
        pieces.append(table.filter(pc.is_in(table["id"], pa.array(ids, pa.string()))))
    return pa.concat_tables(pieces, promote_options="default").combine_chunks()


def _rows_of(table: pa.Table, ids: Sequence[str]) -> pa.Table:
    """Return the rows of some runs in the order of the ids; a run's own rows keep their order."""
    import pyarrow as pa
    import pyarrow.compute as pc

    rank = pc.index_in(table["id"], pa.array(ids, pa.string()))
    rank = rank.combine_chunks() if isinstance(rank, pa.ChunkedArray) else rank
    ranks = rank.fill_null(len(ids)).to_numpy()
    order = np.argsort(ranks, kind="stable")
    return table.take(pa.array(order[: int((ranks < len(ids)).sum())]))
