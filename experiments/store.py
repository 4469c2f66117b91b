"""A store of runs: a folder that only grows, that loses nothing that was committed, and that many may write at once.

    store.json   number of the format, and what is kept over time
    runs/        one row a run: what it was, whether it failed and why, its outcomes averaged over all months
    city/        one row a run and month, for the outcomes that are kept over time
    places/      on request: the same by neighbourhood, by year or by month
    log/         who ran what, when, how long: one line a batch, one file a session
    plan/        the jobs that were asked for, for workers that are started elsewhere

Every shard is written under a temporary name, forced to the disk and renamed; the one in runs/ comes last and commits the
others. A reader takes shards that stand in every folder and counts an id once, so nothing a crash leaves behind is ever
read: temporaries, shards without their commit, or two shards with the same run. See `shards` for what is in them.
"""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self, get_args

from experiments.shards import SUFFIX, Parcel, shard_name, write_whole

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["FORMAT", "Keep", "Places", "Store", "existing"]

FORMAT = 1
"""Number of the layout above; it rises when the layout changes."""

SETTINGS = "store.json"
FOLDERS = ("runs", "city", "places", "log", "plan")
LOOKS = 5
"""How often a reader looks again when shards were merged under its eyes."""

Places = Literal["none", "yearly", "monthly"]

HEADLINES = (
    "homicide_rate",
    "homicides",
    "gang_members",
    "criminal_governance_index",
    "extortion_share",
    "police_legitimacy",
    "collective_efficacy",
    "fear",
    "prisoners",
    "cost",
)


@dataclass(frozen=True)
class Keep:
    """What a store keeps over time, besides every outcome averaged over all months.

    Parameters
    ----------
    monthly
        Names of the outcomes that are kept by month for the city, and by neighbourhood where those are kept.
    places
        Whether they are kept by neighbourhood too: "none", "yearly" (means over the months of a year) or "monthly".
    """

    monthly: tuple[str, ...] = HEADLINES
    places: Places = "none"

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        from sim.faults import InputError, did_you_mean, show
        from sim.outcomes import OUTCOMES

        object.__setattr__(self, "monthly", tuple(self.monthly))
        known = [outcome.name for outcome in OUTCOMES]
        for place, name in enumerate(self.monthly):
            if name not in known:
                raise InputError(f"keep.monthly[{place}] is {show(name)}, which is no outcome; {did_you_mean(name, known)}")
            if name in self.monthly[:place]:
                raise InputError(f"keep.monthly[{place}] is {show(name)} a second time; name it once")
        if self.places not in get_args(Places):
            raise InputError(f"keep.places is {show(self.places)}; give {' or '.join(get_args(Places))}")
        if self.places != "none" and not self.monthly:
            raise InputError("keep.monthly is empty, so nothing can be kept by neighbourhood; name an outcome")


@dataclass
class Store:
    """A folder of runs. `Store.open` makes or opens one; reading takes no lock and writing shares one."""

    path: Path
    keep: Keep
    session: str = field(default_factory=lambda: _session())

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
        from sim.faults import InputError

        path = Path(path)
        settings = path / SETTINGS
        if path.exists() and not path.is_dir():
            raise InputError(f"--store {path}: this is a file; name a folder")
        if settings.exists():
            kept = _read_settings(settings)
            if keep is not None and keep != kept:
                raise InputError(f"--store {path}: keeps {_keep_text(kept)}, not {_keep_text(keep)}; name another folder")
            return cls(path, kept)
        if path.is_dir() and not {each.name for each in path.iterdir() if not each.name.startswith(".")} <= set(FOLDERS):
            raise InputError(f"--store {path}: the folder holds other files; name a new or an empty folder")
        kept = keep or Keep()
        with told_clearly(path):
            for folder in FOLDERS:
                (path / folder).mkdir(parents=True, exist_ok=True)
            text = json.dumps({"format": FORMAT, "keep": asdict(kept)}, indent=2) + "\n"
            write_whole(settings, text.encode())
        return cls(path, kept)

    @property
    def folders(self) -> tuple[str, ...]:
        """Folders in which every committed shard stands, in the order in which they are written: runs comes last."""
        city = ("city",) if self.keep.monthly else ()
        places = ("places",) if self.keep.places != "none" else ()
        return (*city, *places, "runs")

    def committed(self) -> list[str]:
        """Return the names of the committed shards, sorted: those that stand in every folder."""
        committed: set[str] = set()
        for _ in range(LOOKS):
            # A shard of runs came last. Where it stands without the others it was just merged into a larger one.
            runs = self.names_in("runs")
            committed = set.intersection(runs, *(self.names_in(folder) for folder in self.folders))
            if committed == runs:
                break
        return sorted(committed)

    def names_in(self, folder: str) -> set[str]:
        """Return the names of the shards in a folder, committed or not."""
        with os.scandir(self.path / folder) as entries:
            return {each.name.removesuffix(SUFFIX) for each in entries if each.name.endswith(SUFFIX) and each.name[0] != "."}

    def shard(self, folder: str, name: str) -> Path:
        """Return the path of a shard."""
        return self.path / folder / f"{name}{SUFFIX}"

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
        InputError
            When a shard cannot be read.
        """
        import pyarrow as pa

        for look in range(LOOKS):
            try:
                tables = [self.read_shard(folder, name, columns) for name in self.committed()]
                break
            except FileNotFoundError:
                # Merged into a larger one since we listed it.
                if look == LOOKS - 1:
                    raise
        return pa.concat_tables(tables, promote_options="default") if tables else None

    def read_shard(self, folder: str, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Return one shard as a table.

        Raises
        ------
        FileNotFoundError
            When it is not there.
        InputError
            When it cannot be read.
        """
        import pyarrow as pa

        from experiments.parquet import read_parquet
        from sim.faults import InputError

        path = self.shard(folder, name)
        try:
            return read_parquet(path, columns)
        except FileNotFoundError:
            raise
        except (pa.ArrowException, OSError) as error:
            raise InputError(f"{path}: cannot be read ({error}); run citysafety store check {self.path}") from None

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
        name = shard_name(parcel.statuses)
        with told_clearly(self.path):
            for folder in self.folders:
                write_whole(self.shard(folder, name), parcel.shards[folder])
        return name

    def note(self, event: str, **facts: Any) -> None:
        """Append a line to this session's log: what happened, when, and the facts given."""
        line = {
            "event": event,
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "session": self.session,
        } | facts
        with told_clearly(self.path), (self.path / "log" / f"{self.session}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")

    @contextmanager
    def writing(self, *, alone: bool = False) -> Iterator[None]:
        """Hold the store while writing it: many may write at once, but nobody while one is `alone`.

        Raises
        ------
        InputError
            When someone else holds it so that we cannot.
        """
        from sim.faults import InputError

        with told_clearly(self.path):
            handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT, 0o666)
        try:
            if not _locked(handle, alone=alone):
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
    """
    from sim.faults import InputError

    if not (Path(path) / SETTINGS).is_file():
        raise InputError(f"{path}: is no store of runs; give the folder that an experiment was given with --store")
    return Store.open(path)


@contextmanager
def told_clearly(path: Path) -> Iterator[None]:
    """Turn a refusal of the system to write into one line that says what to do."""
    from sim.faults import InputError

    try:
        yield
    except OSError as error:
        remedy = "make room or mend the folder, and give the same command again; what was stored before is whole"
        raise InputError(f"--store {path}: cannot be written ({error.strerror or error}); {remedy}") from error


def _locked(handle: int, *, alone: bool) -> bool:
    """Lock an open file for this process and return whether that worked; where locks are unknown, trust the user."""
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        # Some network file systems know no locks.
        return True
    return True


def _read_settings(path: Path) -> Keep:
    """Return what a store keeps, after making sure that this version can read it."""
    from sim.faults import InputError, show

    try:
        said = json.loads(path.read_text("utf-8"))
        number = said["format"]
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(f"{path}: is no description of a store ({error}); name the folder of one") from None
    if number != FORMAT:
        raise InputError(f"{path}: format is {show(number)}; this version reads {FORMAT}; use the version that wrote it")
    try:
        return Keep(monthly=tuple(said["keep"]["monthly"]), places=said["keep"]["places"])
    except (TypeError, KeyError) as error:
        raise InputError(f"{path}: keep is not as this version writes it ({error}); name the folder of a store") from None


def _keep_text(keep: Keep) -> str:
    """Return what is kept, in words."""
    places = "" if keep.places == "none" else f", by neighbourhood {keep.places}"
    return f"{', '.join(keep.monthly) or 'nothing'} by month{places}"


def _session() -> str:
    """Return a name for this writer that no other has."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    return f"{now}-{platform.node() or 'host'}-{os.getpid()}"
