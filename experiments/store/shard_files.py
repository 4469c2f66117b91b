"""The files of a store's shards: which are committed, and reading them after making sure that they are what was written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.store.seals import DamagedError, Record, hash_of
from experiments.store.settings import FORMAT, UNSEALED, Keep
from experiments.store.shards import SUFFIX
from sim.errors import InputError
from sim.renamed import new_names, with_new_names

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["COMMITS", "ShardFiles"]

COMMITS = "commits"
RECORD = ".json"
LOOKS = 20
"""How often a reader looks again when shards were merged under its eyes."""


@dataclass
class ShardFiles:
    """The shards in a folder, to be read; reading takes no lock."""

    path: Path
    keep: Keep
    format: int = FORMAT

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders in which every committed shard stands, in the order in which they are written: runs comes last."""
        city = ("city",) if self.keep.monthly else ()
        places = ("places",) if self.keep.places != "none" else ()
        return (*city, *places, "runs")

    def committed(self) -> list[str]:
        """Return the names of the committed shards, sorted: those that have a record or are in runs/."""
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
        """Return all columns that one shard has, and some of them as a table; see `read_shard`.

        Outcomes and parameters that an earlier version wrote under other names are called as they are now.
        """
        import pyarrow as pa

        from experiments.store.parquet import open_parquet

        content = self.read_file(folder, name)
        try:
            with open_parquet(content) as file:
                written = file.schema_arrow.names
                held: dict[str, str] = {}
                for now, then in zip(new_names(written), written, strict=True):
                    # Two outcomes of earlier versions that were the same are one now.
                    held.setdefault(now, then)
                wanted = list(held.values()) if columns is None else [held.get(each, each) for each in columns]
                table = file.read(columns=wanted, use_threads=False)
                schema = file.schema_arrow.empty_table().select(list(held.values())).rename_columns(list(held)).schema
                return schema, self._in_new_names(table)
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError, OverflowError) as error:
            # Only a file without a hash gets here.
            raise self.damaged(folder, name, f"cannot be read: {error}") from None

    def _in_new_names(self, table: pa.Table) -> pa.Table:
        """Return a table that this or an earlier version wrote, with today's names of outcomes and parameters."""
        import pyarrow as pa

        table = table.rename_columns(new_names(table.column_names))
        if self.format == FORMAT or "parameters" not in table.column_names:
            return table
        written = table["parameters"].to_pylist()
        texts = {text: _settings_in_new_names(text) for text in set(written) if text is not None}
        column = pa.array([texts.get(text) for text in written], pa.string())
        return table.set_column(table.column_names.index("parameters"), "parameters", column)

    def holds_old_names(self, name: str) -> bool:
        """Return whether the file of a shard in runs/ calls outcomes as an earlier version did; errors as `read_file`."""
        import pyarrow as pa

        from experiments.store.parquet import open_parquet

        try:
            with open_parquet(self.read_file("runs", name)) as file:
                written: list[str] = file.schema_arrow.names
        except (pa.ArrowException, OSError, ValueError) as error:
            if isinstance(error, FileNotFoundError):
                raise
            raise self.damaged("runs", name, f"cannot be read: {error}") from None
        return new_names(written) != written

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
        """Return the record of a shard as it is in commits/; None where it is lost or damaged."""
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


def _settings_in_new_names(text: str) -> str:
    """Return the parameters of a run, as JSON, under today's names."""
    renamed = with_new_names(json.loads(text), "parameters")
    return json.dumps(renamed, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
