"""Upkeep of a store: merging small shards into large ones.

Merging writes the new shards before it removes the old ones, so a crash leaves some runs in two shards and none in no
shard; readers count an id once, and the next merge clears up. `soundness` looks for what is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import batched
from typing import TYPE_CHECKING

import numpy as np

from experiments.store.logs import log_files, seal_log
from experiments.store.seals import DamagedError
from experiments.store.settings import SEALED, SETTINGS, UNSEALED, kept_under_old_names, write_settings
from experiments.store.shard_files import COMMITS
from experiments.store.shards import SUFFIX, encode
from experiments.store.soundness import look_at
from experiments.store.store import Store
from experiments.store.whole_files import flush_folder, told_clearly, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["RUNS_A_SHARD", "compact", "merge", "outdated"]

RUNS_A_SHARD = {"none": 2048, "yearly": 256, "monthly": 64}
"""Runs in a shard of a compacted store, by what is kept of the neighbourhoods: some hundred megabytes in memory at most."""

SHARDS_AT_A_TIME = 8
"""How many new shards are gathered in one reading of the old ones."""


def compact(store: Store) -> int:
    """Merge all shards and clear away what crashes left, while nobody else writes; the log and the plans stay.

    Two stores with the same runs are the same afterwards, byte for byte, in runs/, city/ and places/: rows are in the
    order of their ids, and every shard but the last has the same number of runs. A store of version 0.1.0 has hashes
    afterwards, and outcomes stored under names of earlier versions have today's. Nothing of a damaged or lost shard is
    removed, nor a file that is not the store's.

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
        When someone else writes to the store, it cannot be written, or something in it is damaged or lost.
    """
    with store.writing(alone=True):
        found = look_at(store)
        if found.faults:
            more = f" (and {len(found.faults) - 1} more: citysafety store check {store.path})"
            raise DamagedError(f"{found.faults[0]}{more if len(found.faults) > 1 else ''}")
        merge(store, store.committed())
        with told_clearly(store.path):
            for path in found.left:
                path.unlink(missing_ok=True)
            for name in store.committed():
                if store.kept_record(name) is None:
                    write_whole(store.shard(COMMITS, name), store.made_record(name).text)
            if store.format == UNSEALED:
                for log in log_files(store):
                    seal_log(store, log)
                store.format = SEALED
                write_settings(store.path, store.keep, SEALED)
            elif kept_under_old_names(store.path / SETTINGS):
                write_settings(store.path, store.keep, store.format)
        return len(store.committed())


def outdated(store: Store) -> list[str]:
    """Return the names of the shards that call outcomes as an earlier version did; `compact` writes them in today's names.

    Raises
    ------
    DamagedError
        When one of them is damaged or lost.
    """
    return store.of_committed(lambda names: [name for name in names if store.holds_old_names(name)])


def merge(store: Store, names: Iterable[str]) -> None:
    """Merge these shards into as few as they need; one that somebody else has merged already is passed over.

    Parameters
    ----------
    store
        The store.
    names
        Names of shards that nobody else removes meanwhile.

    Raises
    ------
    DamagedError
        When one of them is damaged or lost; nothing is removed then.
    """
    winners, sizes = _winners(store, names)
    with told_clearly(store.path):
        try:
            wanted = _write_merged(store, winners, sizes)
        except FileNotFoundError as error:
            if error.filename is None or not str(error.filename).endswith(SUFFIX):
                raise
            # Another has merged it since: he who merges next takes up what is double.
            return
        old = sorted(set(names) - wanted)
        if not old:
            return
        # The record goes first, and for good: from then on nobody misses the other files.
        for folder in (COMMITS, *reversed(store.folders)):
            for name in old:
                store.shard(folder, name).unlink(missing_ok=True)
            if (store.path / folder).is_dir():
                flush_folder(store.path / folder)


def _write_merged(store: Store, winners: Mapping[str, str], sizes: Mapping[str, int]) -> set[str]:
    """Write the merged shards; return their names, and those of the shards that stay as they are."""
    wanted: set[str] = set()
    for several in batched(batched(sorted(winners), RUNS_A_SHARD[store.keep.places]), SHARDS_AT_A_TIME):
        as_they_are = [ids for ids in several if _stands_already(store, ids, winners, sizes)]
        wanted.update(winners[ids[0]] for ids in as_they_are)
        again = [ids for ids in several if ids not in as_they_are]
        chosen = {name: winners[name] for ids in again for name in ids}
        gathered = {folder: _gather(store, folder, chosen) for folder in store.folders} if again else {}
        for ids in again:
            files = {folder: encode(_rows_of(table, ids)) for folder, table in gathered.items()}
            wanted.add(store.write_shard(len(ids), files))
    return wanted


def _stands_already(store: Store, ids: Sequence[str], winners: Mapping[str, str], sizes: Mapping[str, int]) -> bool:
    """Return whether one shard, with its record, holds these runs and no others, under today's names."""
    shards = {winners[name] for name in ids}
    (one,) = shards if len(shards) == 1 else ("",)
    return sizes.get(one) == len(ids) and store.kept_record(one) is not None and not store.holds_old_names(one)


def _winners(store: Store, names: Iterable[str]) -> tuple[dict[str, str], dict[str, int]]:
    """Return for each run the shard that counts, the one that ranks first, and of these the first by name; and all sizes."""
    best: dict[str, tuple[tuple[bool, int], str]] = {}
    sizes: dict[str, int] = {}
    for shard in sorted(names):
        try:
            table = store.read_shard("runs", shard, ["id", "status", "recorder"])
        except FileNotFoundError:
            continue
        sizes[shard] = table.num_rows
        for name, rank in zip(table["id"].to_pylist(), store.ranks(table), strict=True):
            claim = (rank, shard)
            best[name] = min(best.get(name, claim), claim)
    return {name: shard for name, (_, shard) in best.items()}, sizes


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
