"""A store of runs: a folder that only grows, that loses nothing that was committed, and that many may write at once.

    store.json   number of the format, and what is kept over time
    commits/     one record a shard: how many runs it holds, and the hash of each of its files
    runs/        one row a run: what it was, whether it failed and why, its outcomes averaged over all months
    city/        one row a run and month, for the outcomes that are kept over time
    places/      on request: the same by neighbourhood, by year or by month
    parts/       cities, policies and shocks, and the hashes of outcomes, each once (`parts`)
    log/         who ran what, when, how long: one line a batch, one file a session
    plan/        the jobs that were asked for, for workers that are started elsewhere

Every file is written under a temporary name, forced to the disk and renamed; the shard in runs/ commits those in the other
folders, and its record follows. A reader takes the shards that have a record or are in runs/, makes sure that each file is
what was written (`seals`) before it takes a number from it, and counts an id once. So nothing a crash leaves behind is ever
read (temporaries, shards without their commit, two shards with the same run), and nothing that is damaged or lost goes
unseen. See `shards` for what is in them.

Stores of version 0.1.0 (format 1) have no records and no hashes; `compact` gives them hashes (format 2, that of 0.2.0).
Both are read, and nothing is added to them: their runs have other ids, and do not say what was run.
"""

from __future__ import annotations

import itertools
import json
import os
import platform
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from experiments.store.parts import PARTS, recorded_in, staleness, write_part
from experiments.store.seals import DamagedError, Record, sealed_line
from experiments.store.settings import (
    FORMAT,
    SETTINGS,
    UNSEALED,
    Keep,
    Places,
    keep_text,
    read_settings,
    without_settings,
    write_settings,
)
from experiments.store.shard_files import COMMITS, ShardFiles
from experiments.store.shards import SUFFIX, Parcel
from experiments.store.whole_files import lock_file, told_clearly, write_whole
from sim.errors import InputError

if TYPE_CHECKING:
    import pyarrow as pa

    from experiments.execution.extensions import Output

__all__ = ["FORMAT", "Keep", "Places", "Store", "existing"]

FOLDERS = ("runs", "city", "places", "log", "plan", PARTS, COMMITS)
LOG = ".jsonl"

_sessions = itertools.count(1)


@dataclass
class Store(ShardFiles):
    """A folder of runs. `Store.open` makes or opens one; reading takes no lock and writing shares one."""

    session: str = field(default_factory=lambda: _session())
    last_seal: str = field(default="", repr=False)
    """Hash of the last line that this session wrote into its log."""
    _recorded: dict[str, Mapping[str, str]] = field(default_factory=dict, repr=False)
    _parts: set[str] = field(default_factory=set, repr=False)
    """The parts that this session wrote, or found whole."""

    @classmethod
    def open(cls, path: Path, keep: Keep | None = None) -> Self:
        """Open a store, or make one where there is none.

        Parameters
        ----------
        path
            The folder.
        keep
            What to keep over time; None means what the store keeps, or the default for a new one.

        Raises
        ------
        InputError
            When the path is no folder or holds something else, cannot be written, is of a format this version does not
            know, or keeps something else than `keep`.
        """
        path = Path(path)
        settings = path / SETTINGS
        if path.exists() and not path.is_dir():
            raise InputError(f"--store {path}: this is a file; name a folder")
        if settings.exists():
            number, kept = read_settings(settings)
            if keep is not None and keep != kept:
                raise InputError(f"--store {path}: keeps {keep_text(kept)}, not {keep_text(keep)}; name another folder")
            return cls(path, kept, number)
        if path.is_dir() and not {each.name for each in path.iterdir() if not each.name.startswith(".")} <= set(FOLDERS):
            raise InputError(f"--store {path}: the folder holds other files; name a new or an empty folder")
        if any(path.glob(f"{COMMITS}/[!.]*")) or any(path.glob(f"runs/[!.]*{SUFFIX}")):
            raise DamagedError(without_settings(path))
        kept = keep or Keep()
        with told_clearly(path):
            for folder in FOLDERS:
                (path / folder).mkdir(parents=True, exist_ok=True)
            write_settings(path, kept)
        return cls(path, kept)

    def statuses(self, outcomes: Sequence[str] | None = ()) -> dict[str, str]:
        """Return every committed run by its id: "done" or "failed"; done wins where both stand.

        Parameters
        ----------
        outcomes
            A run that is done is left out unless it holds these as they are recorded today; None means all.
        """
        table = self.read("runs", ["id", "status", "recorder"])
        found: dict[str, str] = {}
        if table is None:
            return found
        recorders = self.recorders_in(table)
        fresh = {name: staleness(self.recorded(name), outcomes) == 0 for name in {*recorders}}
        for name, status, recorder in zip(table["id"].to_pylist(), table["status"].to_pylist(), recorders, strict=True):
            if found.get(name) != "done" and (status != "done" or fresh[recorder]):
                found[name] = status
        return found

    def output_values(self, outputs: Sequence[Output]) -> list[dict[str, float]]:
        """Return the values of outcomes of the user's own, as today's functions made them: by the id of the run, each.

        Rows of the same run may hold different outcomes; all of them count.
        """
        found: list[dict[str, float]] = [{} for _ in outputs]
        table = self.read("runs", ["id", "status", "outputs"]) if outputs else None
        if table is None or "outputs" not in table.column_names:
            return found
        for name, text in zip(table["id"].to_pylist(), table["outputs"].to_pylist(), strict=True):
            kept = json.loads(text or "{}")
            for values, output in zip(found, outputs, strict=True):
                if output.name in kept and kept[output.name]["hash"] == output.digest:
                    values[name] = float(kept[output.name]["value"])
        return found

    @staticmethod
    def recorders_in(table: pa.Table) -> list[str | None]:
        """Return the part that holds the hashes of outcomes, row by row of runs/; None in an older store."""
        has_them = "recorder" in table.column_names
        recorders: list[str | None] = table["recorder"].to_pylist() if has_them else [None] * table.num_rows
        return recorders

    def recorded(self, recorder: str | None) -> Mapping[str, str]:
        """Return the hash of each outcome as the runs that name this part have it, see `recorded_in`."""
        if recorder is None:
            return {}
        if recorder not in self._recorded:
            self._recorded[recorder] = recorded_in(self.path, recorder)
        return self._recorded[recorder]

    def ranks(self, table: pa.Table, outcomes: Sequence[str] | None = None) -> list[tuple[bool, int]]:
        """Return for each row of runs/ how it ranks among rows of the same run: the least one counts.

        Done comes before failed, then what is recorded as it is today before what was recorded otherwise.

        Parameters
        ----------
        table
            With the columns status and, where there is one, recorder.
        outcomes
            Those that count; None means all.
        """
        recorders = self.recorders_in(table)
        stale = {name: staleness(self.recorded(name), outcomes) for name in {*recorders}}
        return [
            (status != "done", stale[recorder])
            for status, recorder in zip(table["status"].to_pylist(), recorders, strict=True)
        ]

    def best_first(self, table: pa.Table, outcomes: Sequence[str] | None = None) -> pa.Table:
        """Return a table of runs in which the first row of a run is the one that counts, see `ranks`."""
        ranks = self.ranks(table, outcomes)
        return table.take(sorted(range(table.num_rows), key=ranks.__getitem__))

    def read_best(self, folder: str, columns: Sequence[str], outcomes: Sequence[str]) -> pa.Table | None:
        """Return the committed rows of city/ or places/, of each run from the one shard that counts, see `ranks`."""
        import pyarrow as pa
        import pyarrow.compute as pc

        def look(names: list[str]) -> list[pa.Table]:
            best: dict[str, tuple[tuple[bool, int], str]] = {}
            for shard in names:
                runs = self.read_shard("runs", shard, ["id", "status", "recorder"])
                for name, rank in zip(runs["id"].to_pylist(), self.ranks(runs, outcomes), strict=True):
                    best[name] = min(best.get(name, (rank, shard)), (rank, shard))
            ids: dict[str, list[str]] = {}
            for name, (_, shard) in best.items():
                ids.setdefault(shard, []).append(name)
            tables = ((ids[shard], self.read_shard(folder, shard, columns)) for shard in sorted(ids))
            return [table.filter(pc.is_in(table["id"], pa.array(each, pa.string()))) for each, table in tables]

        tables = self.of_committed(look)
        return pa.concat_tables(tables, promote_options="default") if tables else None

    def done(self) -> frozenset[str]:
        """Return the ids of the committed runs, done or failed."""
        return frozenset(self.statuses())

    def commit(self, parcel: Parcel) -> str:
        """Write a batch of runs: each folder's shard whole, and the one in runs/ last.

        Writing the same runs again changes nothing.

        Returns
        -------
        str
            The name of the shard.

        Raises
        ------
        InputError
            When the disk is full or the folder cannot be written. What was committed before stays as it was.
        """
        self.refuse_older()
        with told_clearly(self.path):
            for name, content in parcel.parts.items():
                if name not in self._parts:
                    write_part(self.path, name, content)
                    self._parts.add(name)
        return self.write_shard(len(parcel.statuses), {folder: parcel.shards[folder] for folder in self.folders})

    def write_shard(self, runs: int, files: Mapping[str, bytes]) -> str:
        """Write the files of a shard, the one in runs/ last, and its record; return its name.

        Parameters
        ----------
        runs
            How many runs it holds.
        files
            Folder to bytes.

        Raises
        ------
        InputError
            When the disk is full or the folder cannot be written.
        """
        record = Record.of(runs, files)
        with told_clearly(self.path):
            if self.format == UNSEALED:
                (self.path / COMMITS).mkdir(exist_ok=True)
            for folder in self.folders:
                write_whole(self.shard(folder, record.name), files[folder])
            write_whole(self.shard(COMMITS, record.name), record.text)
        return record.name

    def refuse_older(self) -> None:
        """Refuse to add to a store of an earlier version.

        Raises
        ------
        InputError
            When it is one.
        """
        if self.format != FORMAT:
            version = "0.1.0" if self.format == UNSEALED else "0.2.0"
            says = f"was written by version {version}, whose runs have other ids and do not say what was run"
            remedy = "it can be read and queried; name another folder for this study"
            raise InputError(f"--store {self.path}: {says}; {remedy}")

    def note(self, event: str, **facts: Any) -> None:
        """Append a line to this session's log: what happened, when, and the facts given."""
        line = {
            "event": event,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "session": self.session,
        } | facts
        text, found = sealed_line(line, self.last_seal or self.session)
        with told_clearly(self.path), (self.path / "log" / f"{self.session}{LOG}").open("ab") as file:
            file.write(text)
        self.last_seal = found

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[None]:
        """Hold the store while writing it: many may write at once, but nobody while one is `alone`.

        Raises
        ------
        InputError
            When someone else holds it so that we cannot.
        """
        if not alone:
            self.refuse_older()
        with told_clearly(self.path):
            handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not lock_file(handle, alone=alone):
                who = "another command writes to it" if alone else "it is being compacted"
                raise InputError(f"--store {self.path}: {who}; try again when that is done")
            yield
        finally:
            os.close(handle)


def existing(path: Path) -> Store:
    """Open a store that is there already.

    Raises
    ------
    InputError
        When there is none.
    DamagedError
        When its settings are lost or damaged.
    """
    path = Path(path)
    if (path / SETTINGS).is_file():
        return Store.open(path)
    if all((path / folder).is_dir() for folder in ("runs", "log", "plan")):
        raise DamagedError(without_settings(path))
    raise InputError(f"{path}: is no store of runs; give the folder that an experiment was given with --store")


def _session() -> str:
    """Return a name for this writer that no other has."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{now}-{platform.node() or 'host'}-{os.getpid()}-{next(_sessions)}"
