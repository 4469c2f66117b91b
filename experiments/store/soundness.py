"""Whether a store is what was written: what is damaged, what is lost, and what a crash left behind; `repair` mends it.

A crash leaves temporaries, and shards without their commit. A file that stands without its commit although the log says
that its runs were stored is no such leaving: its partners were lost.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.store.logs import log_files, read_log, stored_ids
from experiments.store.parquet import read_parquet
from experiments.store.parts import NAMING, broken, named_in
from experiments.store.plans import plan_fault, plan_names
from experiments.store.seals import DamagedError, Record
from experiments.store.settings import FORMAT
from experiments.store.shard_files import COMMITS
from experiments.store.shards import SUFFIX
from experiments.store.store import FOLDERS, Store
from experiments.store.whole_files import UNFINISHED

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Soundness", "check", "leavings", "look_at"]

RUN = ["id", "status", "reason", "months", "model"]
"""The columns of a run that are looked at."""


@dataclass
class Soundness:
    """What a look at every file of a store found."""

    faults: list[str] = field(default_factory=list)
    """A sentence for each file, or line of one, that is not what was written, or is gone."""
    otherwise: list[str] = field(default_factory=list)
    """A sentence for each run that came out in two ways."""
    damaged: set[str] = field(default_factory=set)
    """Names of the shards that cannot be used."""
    unrecorded: set[str] = field(default_factory=set)
    """Names of the whole shards whose record is lost or damaged."""
    left: list[Path] = field(default_factory=list)
    """Files that a crash left behind and nobody reads: temporaries, and shards that were not committed."""
    orphans: list[Path] = field(default_factory=list)
    """Files of shards whose commit was lost."""
    broken_parts: list[Path] = field(default_factory=list)
    """Files of parts that are not what was written, or that a run names and that are gone."""
    named_parts: set[str] = field(default_factory=set)
    """Parts that runs name."""
    runs: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Id of each run that can be used to its status and a shard that holds it."""
    models: Counter[str] = field(default_factory=Counter)
    """How many runs there are of each model."""
    logged: set[str] = field(default_factory=set)
    """Ids that the log says were stored."""
    lost_runs: int = 0
    """How many runs the damaged shards had, where that is known."""
    counted: bool = True
    """Whether it is known of all of them."""

    @property
    def gone(self) -> set[str]:
        """Ids that were stored and are in no shard."""
        return self.logged - set(self.runs)


def check(store: Store) -> list[str]:
    """Return what is wrong with a store.

    Parameters
    ----------
    store
        The store.

    Returns
    -------
    list of str
        A sentence for each fault: shards, lines of the log and plans that are not what was written, or are gone; runs
        without their months, failures without a reason, and a run that came out in two ways. What a crash leaves behind
        is no fault.
    """
    found = look_at(store)
    return [*found.faults, *found.otherwise]


def leavings(store: Store) -> list[Path]:
    """Return the files that a crash left behind and nobody reads: temporaries, and shards that were not committed."""
    return look_at(store).left


def look_at(store: Store) -> Soundness:
    """Look at every file of a store.

    Parameters
    ----------
    store
        The store; others may write to it and merge its shards meanwhile.
    """
    # The log first: what it says was stored is in the store by now.
    logged = stored_ids(store)
    seen: dict[str, _Shard] = {}

    def look(names: list[str]) -> Soundness:
        for name in names:
            if name not in seen:
                seen[name] = _look_at_shard(store, name)
        found = Soundness(logged=logged)
        for (one, other), ids in _put_together(found, {name: seen[name] for name in names}).items():
            _compare(store, one, other, ids, found)
        return found

    found = store.of_committed(look)
    _look_for_leavings(store, found)
    remedy = f"citysafety store repair {store.path}"
    for name in sorted(found.unrecorded):
        # A crash may come between a shard and its record; a record that stands and is another was damaged.
        if (path := store.shard(COMMITS, name)).exists():
            found.faults.append(f"{path}: is damaged; the runs of its shard are whole; {remedy} writes it again")
    for log in log_files(store):
        if damaged := read_log(store, log).damaged:
            lines = "1 line is" if len(damaged) == 1 else f"{len(damaged)} lines are"
            says = f"{lines} damaged (the first: line {damaged[0]}); {remedy} takes them out, no run depends on them"
            found.faults.append(f"{log}: {says}")
    _look_at_parts(store, found)
    found.faults.extend(fault for name in plan_names(store) if (fault := plan_fault(store, name)))
    if found.counted and len(found.gone) > found.lost_runs:
        many = len(found.gone) - found.lost_runs
        says = f"{many} of the runs that the log says were stored are lost: they are in no shard"
        found.faults.append(f"{store.path}: {says}; {remedy} notes it, and the same study runs them again")
    return found


@dataclass(frozen=True)
class _Shard:
    """What a look at one shard found."""

    record: Record | None
    recorded: bool
    """Whether its record stands and is whole, or it is of version 0.1.0."""
    runs: list[dict[str, Any]]
    faults: list[str]


def _look_at_shard(store: Store, name: str) -> _Shard:
    """Look at every file of one shard."""
    record: Record | None = None
    runs: list[dict[str, Any]] = []
    try:
        record = store.record(name)
        # The hash tells of every byte; without one only reading all of it tells whether it can be read.
        columns = {key: ["id"] for key in store.folders} | {"runs": RUN} if record is not None else {}
        tables = {folder: store.read_shard(folder, name, columns.get(folder)) for folder in store.folders}
        runs = tables["runs"].select(RUN).to_pylist()
        faults = [f"{store.shard('runs', name)}: {fault}" for fault in _faults(name, tables, runs, record)]
    except DamagedError as error:
        faults = [str(error)]
    except (ValueError, KeyError, TypeError, OverflowError, ArithmeticError) as error:
        # Only a file without a hash gets here.
        faults = [str(store.damaged("runs", name, f"cannot be read: {error}"))]
    return _Shard(record, record is None or store.kept_record(name) is not None, runs, faults)


def _put_together(found: Soundness, shards: Mapping[str, _Shard]) -> dict[tuple[str, str], list[str]]:
    """Put what was found in each shard together; return which runs are done in two, by the names of these."""
    twice: dict[tuple[str, str], list[str]] = {}
    for name, shard in shards.items():
        if shard.faults:
            found.faults.extend(shard.faults)
            found.damaged.add(name)
            found.counted = found.counted and shard.record is not None
            found.lost_runs += shard.record.runs if shard.record is not None else 0
            continue
        if not shard.recorded:
            found.unrecorded.add(name)
        for row in shard.runs:
            if row["id"] not in found.runs:
                found.models[row["model"]] += 1
            status, known = found.runs.setdefault(row["id"], (row["status"], name))
            if known == name:
                continue
            if status == row["status"] == "done":
                twice.setdefault((known, name), []).append(row["id"])
            elif row["status"] == "done":
                found.runs[row["id"]] = ("done", name)
    return twice


def _compare(store: Store, one: str, other: str, ids: list[str], found: Soundness) -> None:
    """Compare the runs that are in two shards."""
    import pyarrow as pa
    import pyarrow.compute as pc

    def rows(name: str) -> dict[str, tuple[str | None, str]]:
        table = store.read_shard("runs", name)
        table = table.filter(pc.is_in(table["id"], pa.array(ids, pa.string())))
        recorders = store.recorders_in(table)
        # Which study ran it first is no part of how it came out.
        kept = table.drop_columns([column for column in ("study",) if column in table.column_names]).to_pylist()
        return {row["id"]: (recorder, repr(row)) for row, recorder in zip(kept, recorders, strict=True)}

    before, after = rows(one), rows(other)
    for name in ids:
        # An outcome that is recorded otherwise today may have another value, and the run was done again for it.
        if name in before and name in after and before[name][0] != after[name][0]:
            continue
        if before.get(name) != after.get(name):
            found.otherwise.append(f"{store.shard('runs', other)}: run {name} came out otherwise in {one}")


def _faults(name: str, tables: Mapping[str, pa.Table], runs: list[dict[str, Any]], record: Record | None) -> Iterator[str]:
    """Yield what is wrong inside one shard."""
    if record is None and name_without_record({row["id"]: row["status"] for row in runs}) != name:
        yield "does not hold the runs that its name says"
    done = {row["id"]: row["months"] for row in runs if row["status"] == "done"}
    for row in runs:
        if row["status"] not in ("done", "failed"):
            yield f"run {row['id']} has the status {row['status']!r}; it is done or failed"
        if row["status"] == "failed" and not row["reason"]:
            yield f"run {row['id']} failed and gives no reason"
    for folder, table in tables.items():
        if folder == "runs":
            continue
        counts = dict.fromkeys(done, 0)
        for each in table["id"].to_pylist():
            if each not in counts:
                yield f"{folder}/ has rows of {each}, which is not done"
                break
            counts[each] += 1
        for each, months in done.items():
            if counts[each] == 0 or (folder == "city" and counts[each] != months):
                yield f"run {each} has {counts[each]} rows in {folder}/ and {months} months"


def name_without_record(statuses: Mapping[str, str]) -> str:
    """Return the name that version 0.1.0 gave a shard of these runs, id to status: 32 hexadecimal digits."""
    lines = sorted(f"{name} {status}" for name, status in statuses.items())
    return hashlib.blake2b("\n".join(lines).encode(), digest_size=16).hexdigest()


def _look_at_parts(store: Store, found: Soundness) -> None:
    """Look at every part that is there or that a run names."""
    seen = set(found.damaged)
    while store.format == FORMAT and (new := set(store.committed()) - seen):
        for name in new:
            # One that was merged away meanwhile is gone, and its runs are in one that the next listing has.
            with suppress(FileNotFoundError):
                found.named_parts |= named_in(store.read_shard("runs", name, list(NAMING)))
        seen |= new
    for path, says in broken(store.path, found.named_parts):
        found.faults.append(f"{says}; the runs are whole, but what they were asked cannot be read")
        found.broken_parts.append(path)


def _look_for_leavings(store: Store, found: Soundness) -> None:
    """Sort the files that were not committed into what a crash left and what has lost its partners."""
    import pyarrow as pa

    committed = set(store.committed())
    for folder in FOLDERS:
        for path in _files(store.path / folder):
            if path.name.startswith(".") and path.name.endswith(UNFINISHED):
                found.left.append(path)
            if folder not in store.folders or path.suffix != SUFFIX or path.name[0] == "." or path.stem in committed:
                continue
            try:
                table = read_parquet(path, ["id"])
                ids = set(table["id"].to_pylist())
            except FileNotFoundError:
                continue
            except (pa.ArrowException, OSError, ValueError, KeyError, TypeError) as error:
                # A crash leaves whole files only.
                found.orphans.append(path)
                says = f"cannot be read ({error}), and the rest of its shard is gone"
                found.faults.append(f"{path}: {says}; citysafety store repair {store.path} clears it away")
                continue
            if lost := ids & found.gone:
                found.orphans.append(path)
                found.lost_runs += len(lost)
                found.faults.append(str(store.damaged("runs", path.stem, "is missing", Record(runs=len(lost), hashes={}))))
            else:
                found.left.append(path)


def _files(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []
