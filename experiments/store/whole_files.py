"""Files that are written whole or not at all, folders whose list of files is safe, and locks between processes."""

from __future__ import annotations

import itertools
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["UNFINISHED", "flush_folder", "lock_file", "told_clearly", "write_whole"]

UNFINISHED = ".part"
"""How the name of a temporary file ends."""

_counter = itertools.count()


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader finds all of it or none, even if the machine stops half-way.

    A temporary in the same folder is written, forced to the disk and renamed, and then the folder is forced too.

    Raises
    ------
    OSError
        If it cannot be written; the temporary is removed if that can be done.
    """
    temporary = path.with_name(f".{path.name}.{platform.node()}.{os.getpid()}.{next(_counter)}{UNFINISHED}")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Force a folder's list of files to the disk, where the system knows how."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def told_clearly(path: Path) -> Iterator[None]:
    """Turn a refusal of the system to write into one line that says what to do."""
    from sim.errors import InputError

    try:
        yield
    except OSError as error:
        remedy = "make room or mend the folder, and give the same command again; what was stored before is whole"
        raise InputError(f"--store {path}: cannot be written ({error.strerror or error}); {remedy}") from error


def lock_file(handle: int, *, alone: bool) -> bool:
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
