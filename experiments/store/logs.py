"""The log of a store: what its files say, and whether each line is what was written (`seals`)."""

from __future__ import annotations

from pathlib import Path

from experiments.store.seals import DamagedError, Lines, read_lines, sealed_line
from experiments.store.settings import UNSEALED
from experiments.store.store import LOG, Store
from experiments.store.whole_files import write_whole

__all__ = ["log_files", "read_log", "seal_log", "stored_ids"]


def log_files(store: Store) -> list[Path]:
    """Return the files of the log, one a session, sorted."""
    return sorted((store.path / "log").glob(f"[!.]*{LOG}"))


def read_log(store: Store, path: Path) -> Lines:
    """Return what one file of the log says.

    Raises
    ------
    DamagedError
        When it cannot be read.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise DamagedError(f"{path}: cannot be read: {error.strerror or error}; mend the folder") from None
    return read_lines(content, path.name.removesuffix(LOG), must_be_sealed=store.format != UNSEALED)


def seal_log(store: Store, path: Path) -> None:
    """Write a file of the log again with the lines of it that are whole, each with its hash.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    before = path.name.removesuffix(LOG)
    lines = []
    for facts in read_log(store, path).said:
        line, before = sealed_line(facts, before)
        lines.append(line)
    write_whole(path, b"".join(lines))


def stored_ids(store: Store) -> set[str]:
    """Return the ids that the log says were stored, and does not say were removed later."""
    latest: dict[str, tuple[str, str]] = {}
    for log in log_files(store):
        for line in read_log(store, log).said:
            event, when = line.get("event"), str(line.get("time"))
            if event in ("stored", "removed"):
                for name in line.get("ids", ()):
                    latest[name] = max(latest.get(name, ("", "")), (when, event))
    return {name for name, (_, event) in latest.items() if event == "stored"}
