"""Mending a store: what is damaged is cleared away, what can be made again is written again, and what is lost is noted.

Afterwards the store is sound: runs that were lost are run again by the same study, and parts (`parts`) that were lost are
written again by it; the runs that name these are whole.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from experiments.store.logs import log_files, read_log, seal_log
from experiments.store.parquet import open_parquet
from experiments.store.parts import PARTS, note_lost, recorder, write_part
from experiments.store.plans import plan_fault, plan_names, plan_path
from experiments.store.seals import DamagedError, hash_of
from experiments.store.settings import FORMAT, SEALED, SETTINGS, UNSEALED, Keep, Places, write_settings
from experiments.store.shard_files import COMMITS
from experiments.store.shards import SUFFIX
from experiments.store.soundness import look_at
from experiments.store.store import Store, existing
from experiments.store.whole_files import told_clearly, write_whole
from sim.renamed import new_names

__all__ = ["repair"]


def repair(path: Path) -> list[str]:
    """Clear away what is damaged in a store, while nobody else writes, and mend what can be mended.

    Parameters
    ----------
    path
        The folder of the store.

    Returns
    -------
    list of str
        What was done, a sentence each. The runs of a shard that was cleared away are run again by the same study.

    Raises
    ------
    InputError
        When it is no store, someone else writes to it, or its settings are lost and there is no run to tell them.
    """
    done: list[str] = []
    try:
        store = existing(path)
    except DamagedError:
        done.append(_restore_settings(path))
        store = existing(path)
    with store.writing(alone=True), told_clearly(store.path):
        found = look_at(store)
        for name in sorted(found.unrecorded):
            write_whole(store.shard(COMMITS, name), store.made_record(name).text)
            done.append(f"{store.shard(COMMITS, name)}: written again from the shard, which is whole")
        for name in sorted(found.damaged):
            for folder in (COMMITS, *reversed(store.folders)):
                store.shard(folder, name).unlink(missing_ok=True)
            done.append(f"shard {name}: cleared away")
        for orphan in found.orphans:
            orphan.unlink(missing_ok=True)
            done.append(f"{orphan}: cleared away")
        done += [_mend_part(store, part, is_named=part.stem in found.named_parts) for part in found.broken_parts]
        for log in log_files(store):
            if read_log(store, log).damaged:
                seal_log(store, log)
                done.append(f"{log}: damaged lines taken out")
        for name in plan_names(store):
            if plan_fault(store, name):
                plan_path(store, name).unlink(missing_ok=True)
                done.append(f"plan {name}: removed; write it again with --dry-run")
        if gone := sorted(look_at(store).gone):
            store.note("removed", ids=gone)
            done.append(f"{len(gone)} runs are lost; the same study runs them again")
    return done


def _mend_part(store: Store, path: Path, *, is_named: bool) -> str:
    """Write a part again where this version knows what it said, or clear it away; return what was done.

    Parameters
    ----------
    store, path
        The store, and the file of the part.
    is_named
        Whether a run that can be read names it.
    """
    today, content = recorder()
    if path.stem == today:
        write_part(store.path, today, content)
        return f"{path}: written again"
    if is_named:
        note_lost(store.path, path.stem)
        return f"{path}: noted as lost; the runs with it are whole, and the same study writes it again"
    path.unlink(missing_ok=True)
    return f"{path}: cleared away; no run needs it"


def _restore_settings(path: Path) -> str:
    """Write the settings of a store again, from what its shards hold; return what was done."""
    keeps = list(_keeps_of_shards(path))
    if not keeps:
        says = "is lost or damaged, and no whole shard tells what it said"
        raise DamagedError(
            f"{path / SETTINGS}: {says}; copy it from another store that keeps the same, or begin a new store"
        )
    with_records = {each.stem for each in (path / COMMITS).glob("[!.]*.json")}
    unsealed = {each.stem for each in (path / "runs").glob(f"[!.]*{SUFFIX}")} - with_records
    number = UNSEALED if unsealed and not with_records else FORMAT if (path / PARTS).is_dir() else SEALED
    with told_clearly(path):
        write_settings(path, keeps[0], number)
    return f"{path / SETTINGS}: written again from what the shards hold"


def _keeps_of_shards(path: Path) -> Iterable[Keep]:
    """Yield what the store keeps as each shard shows it, those with a record first."""
    store = Store(path, Keep(monthly=()))
    for name in store.committed():
        record = store.kept_record(name)
        folders = record.hashes if record is not None else dict.fromkeys(("city", "places"), "")
        columns: dict[str, list[str]] = {}
        whole = True
        for folder in folders:
            content = _content(store.shard(folder, name))
            if content is None or (record is not None and hash_of(content) != record.hashes[folder]):
                whole = whole and record is None
                continue
            columns[folder] = _columns(content)
        if whole and ("city" in columns or record is not None):
            period = columns.get("places", [])
            places: Places = "monthly" if "month" in period else "yearly" if "year" in period else "none"
            yield Keep(monthly=tuple(columns.get("city", ["id", "month"])[2:]), places=places)


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _columns(content: bytes) -> list[str]:
    import pyarrow as pa

    try:
        with open_parquet(content) as file:
            return list(dict.fromkeys(new_names(file.schema_arrow.names)))
    except (pa.ArrowException, OSError, ValueError):
        return []
