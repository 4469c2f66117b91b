"""A store of runs: a folder that only grows, that loses nothing that was committed, and that many may write at once.

    store.json   number of the format, and what is kept over time
    commits/     one record a shard: how many runs it holds, and the hash of each of its files
    runs/        one row a run: what it was, whether it failed and why, its outcomes averaged over all months
    city/        one row a run and month, for the outcomes that are kept over time
    places/      on request: the same by neighbourhood, by year or by month
    log/         who ran what, when, how long: one line a batch, one file a session
    plan/        the jobs that were asked for, for workers that are started elsewhere

Every file is written under a temporary name, forced to the disk and renamed; the shard in runs/ commits those in the other
folders, and its record follows. A reader takes the shards that have a record or stand in runs/, makes sure that each file is
what was written (`seals`) before it takes a number from it, and counts an id once. So nothing a crash leaves behind is ever
read (temporaries, shards without their commit, two shards with the same run), and nothing that is damaged or lost goes
unseen. See `shards` for what is in them.

Stores of version 0.1.0 (format 1) have no records and no hashes; they are read and written as they are, and `compact` gives
them hashes.
"""

from __future__ import annotations

import itertools
import os
import platform
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from experiments.store.seals import DamagedError, Record, hash_of, sealed_line
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
from experiments.store.shards import SUFFIX, Parcel, lock_file, told_clearly, write_whole
from sim.faults import InputError

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "Keep", "Places", "Store", "existing"]

COMMITS = "commits"
FOLDERS = ("runs", "city", "places", "log", "plan", COMMITS)
LOG = ".jsonl"
RECORD = ".json"
LOOKS = 20
"""How often a reader looks again when shards were merged under its eyes."""

_sessions = itertools.count(1)


@dataclass
class Store:
    """A folder of runs. `Store.open` makes or opens one; reading takes no lock and writing shares one."""

    path: Path
    keep: Keep
    format: int = FORMAT
    session: str = field(default_factory=lambda: _session())
    last_seal: str = field(default="", repr=False)
    """Hash of the last line that this session wrote into its log."""

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

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders in which every committed shard stands, in the order in which they are written: runs comes last."""
        city = ("city",) if self.keep.monthly else ()
        places = ("places",) if self.keep.places != "none" else ()
        return (*city, *places, "runs")

    def committed(self) -> list[str]:
        """Return the names of the committed shards, sorted: those that have a record or stand in runs/."""
        return sorted(self.names_in("runs") | self.names_in(COMMITS))

    def names_in(self, folder: str) -> set[str]:
        """Return the names of the shards that have a file in a folder, committed or not; none where it is gone."""
        suffix = RECORD if folder == COMMITS else SUFFIX
        try:
            with os.scandir(self.path / folder) as entries:
                names = [each.name for each in entries if each.name.endswith(suffix) and each.name[0] != "."]
        except (FileNotFoundError, NotADirectoryError):
            return set()
        return {name.removesuffix(suffix) for name in names}

    def shard(self, folder: str, name: str) -> Path:
        """Return the path of a shard's file in a folder of data, or of its record in commits/."""
        return self.path / folder / f"{name}{RECORD if folder == COMMITS else SUFFIX}"

    def read(self, folder: str, columns: Sequence[str] | None = None) -> pa.Table | None:
        """Return the committed rows of a folder as they stand: after a crash an id may come twice.

        Parameters
        ----------
        folder
            "runs", "city" or "places".
        columns
            Names of the columns; None means all.

        Raises
        ------
        DamagedError
            When a shard is damaged or lost.
        """
        import pyarrow as pa

        read: dict[str, pa.Table] = {}

        def look(names: list[str]) -> list[pa.Table]:
            for name in names:
                if name not in read:
                    read[name] = self.read_shard(folder, name, columns)
            return [read[name] for name in names]

        tables = self.of_committed(look)
        return pa.concat_tables(tables, promote_options="default") if tables else None

    def of_committed[Found](self, look: Callable[[list[str]], Found]) -> Found:
        """Return what a look at the committed shards finds, given their names; it is called again when one was merged.

        Raises
        ------
        InputError
            When shards are merged faster than they can be looked at.
        """
        for _ in range(LOOKS):
            try:
                return look(self.committed())
            except FileNotFoundError:
                continue
        raise InputError(f"--store {self.path}: is being merged faster than it can be read; try again when that is done")

    def read_shard(self, folder: str, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return one shard as a table, after making sure that its file is what was written.

        Raises
        ------
        FileNotFoundError, DamagedError
            When it was merged into another; when it is damaged or lost.
        """
        return self.described_shard(folder, name, columns)[1]

    def described_shard(self, folder: str, name: str, columns: Sequence[str] | None = None) -> tuple[pa.Schema, pa.Table]:
        """Return all columns that one shard has, and some of them as a table; see `read_shard`."""
        import pyarrow as pa

        from experiments.store.parquet import open_parquet

        content = self.read_file(folder, name)
        try:
            with open_parquet(content) as file:
                table = file.read(columns=None if columns is None else list(columns), use_threads=False)
                return file.schema_arrow, table
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError) as error:
            # Only a file without a hash gets here.
            raise self.damaged(folder, name, f"cannot be read: {error}") from None

    def read_file(self, folder: str, name: str) -> bytes:
        """Return the bytes of one shard's file, after making sure that they are what was written.

        Raises
        ------
        FileNotFoundError
            When it was merged into another.
        DamagedError
            When it is damaged or lost.
        """
        record = self.record(name)
        content = self._content(folder, name)
        if record is not None and hash_of(content) != record.hashes.get(folder):
            raise self.damaged(folder, name, "is damaged", record)
        return content

    def record(self, name: str) -> Record | None:
        """Return the record of a shard; None for one of version 0.1.0, which has none.

        A record that is lost or damaged is made again from the files, whose hashes must give the shard's name.

        Raises
        ------
        FileNotFoundError
            When the shard was merged into another.
        DamagedError
            When the record is gone and the files are not what was written.
        """
        found = self.kept_record(name)
        if found is not None:
            return found
        if self.format == UNSEALED and not self.shard(COMMITS, name).exists():
            return None
        record = self.made_record(name)
        if record.name != name:
            raise self.damaged(COMMITS, name, "is missing or damaged, and so are files of its shard")
        return record

    def kept_record(self, name: str) -> Record | None:
        """Return the record of a shard as it stands in commits/; None where it is lost or damaged."""
        try:
            return Record.read(name, self.shard(COMMITS, name).read_bytes())
        except OSError:
            return None

    def made_record(self, name: str) -> Record:
        """Return the record that the files of a shard have, whatever the shard's name says of them.

        Raises
        ------
        FileNotFoundError
            When the shard was merged into another.
        DamagedError
            When a file is missing or cannot be read.
        """
        import pyarrow as pa

        from experiments.store.parquet import open_parquet

        files = {folder: self._content(folder, name) for folder in self.folders}
        try:
            with open_parquet(files["runs"]) as file:
                runs = file.metadata.num_rows
        except (pa.ArrowException, OSError, ValueError) as error:
            raise self.damaged("runs", name, f"cannot be read: {error}") from None
        return Record.of(runs, files)

    def damaged(self, folder: str, name: str, what: str, record: Record | None = None) -> DamagedError:
        """Return the error that tells that a file of a shard is damaged or lost, with how many runs."""
        lost = "its runs are" if record is None else "1 run is" if record.runs == 1 else f"{record.runs} runs are"
        remedy = f"citysafety store repair {self.path} clears the shard away, and the same study runs them again"
        return DamagedError(f"{self.shard(folder, name)}: {what}, so {lost} lost; {remedy}")

    def _content(self, folder: str, name: str) -> bytes:
        """Return the bytes of a file of a committed shard."""
        path = self.shard(folder, name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            # Who merges removes the record first, then the shard in runs/, then the others.
            record = self.kept_record(name)
            if record is None and not self.shard("runs", name).exists():
                raise
            raise self.damaged(folder, name, "is missing", record) from None
        except OSError as error:
            raise self.damaged(folder, name, f"cannot be read: {error.strerror or error}") from None

    def statuses(self) -> dict[str, str]:
        """Return every committed run by its id: "done" or "failed"; done wins where both stand."""
        table = self.read("runs", ["id", "status"])
        if table is None:
            return {}
        found: dict[str, str] = {}
        for name, status in zip(table["id"].to_pylist(), table["status"].to_pylist(), strict=True):
            if found.get(name) != "done":
                found[name] = status
        return found

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
