"""How a complete folder of results takes its place: in one step where that can be, else file by file.

Where another folder cannot take the place in one step (the place is a mount, or holds files that are not ours, or is
the current folder, or the system has no such step), files are moved in one by one. A manifest that lists the old files
and the new ones is put there first and the true one last, so that a kill in between is seen when the folder is read,
and --force mends it.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from experiments.store.manifests import MANIFEST, files_in

__all__ = ["put_in_place"]


def put_in_place(folder: Path, path: Path, ours: frozenset[str]) -> Path:
    """Let a complete folder take its place, and return where its files are then.

    Parameters
    ----------
    folder
        A private folder beside the place or within it, with its manifest.
    path
        The place: nothing, or a folder.
    ours
        Our files in that folder, by path within it; all others stay.

    Returns
    -------
    Path
        The place; or a new folder beside it, where anything that is not ours is in the way of a new file.
    """
    with _uninterrupted():
        return _put(folder, path, ours)


def _put(folder: Path, path: Path, ours: frozenset[str]) -> Path:
    if folder.parent == path.parent and not path.is_symlink():
        if path.is_dir():
            shutil.copymode(path, folder)
        if not path.is_dir() or not any(path.iterdir()):
            if _renamed(folder, path):
                return path
        elif files_in(path) <= ours and _exchanged(folder, path):
            _remove(folder, ours)
            for name in files_in(folder):  # what came between the last look and the exchange
                (path / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).rename(path / name)
            return path
    return _move_in(folder, path, ours)


def _renamed(folder: Path, path: Path) -> bool:
    """Rename a folder to a place where nothing or an empty folder is, and return whether that was still so."""
    if os.name == "nt" and path.is_dir():
        path.rmdir()
    try:
        folder.rename(path)
    except OSError as error:
        if error.errno not in (errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR):
            raise
        return False
    return True


def _exchanged(one: Path, other: Path) -> bool:
    """Swap two folders in one step, and return whether the system could."""
    here, swap = -100, 2  # AT_FDCWD; RENAME_EXCHANGE of Linux, RENAME_SWAP of macOS
    names = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux":
        call, arguments = "renameat2", (here, names[0], here, names[1], swap)
    elif sys.platform == "darwin":
        call, arguments = "renamex_np", (*names, swap)
    else:
        return False
    function = getattr(ctypes.CDLL(None), call, None)
    return function is not None and function(*arguments) == 0


def _move_in(folder: Path, path: Path, ours: frozenset[str]) -> Path:
    """Move the files of a folder to their place one by one, the manifest last; keep them aside where that would lose any."""
    new = files_in(folder)
    if _in_the_way(path, new, ours):
        names = (path.with_name(f"{path.name}-{number}") for number in range(2, 10_000))
        aside = next(each for each in names if not os.path.lexists(each))
        return folder.rename(aside)
    manifest = json.loads((folder / MANIFEST).read_bytes())
    old = dict.fromkeys(sorted(ours - {MANIFEST}), "0" * 32)
    both = folder / "both.json"
    both.write_bytes(json.dumps({**manifest, "files": old | manifest["files"]}, ensure_ascii=False).encode())
    both.replace(path / MANIFEST)
    for name in sorted(new - {MANIFEST}):
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).replace(path / name)
    _remove(path, ours - new)
    (folder / MANIFEST).replace(path / MANIFEST)
    return path


def _in_the_way(path: Path, new: Iterable[str], ours: frozenset[str]) -> bool:
    """Return whether anything that is not ours stands where a new file, or a folder for it, must stand."""
    if path.is_symlink() or not path.is_dir():
        return True
    foreign = files_in(path) - ours
    folders = {parent.as_posix() for name in new for parent in Path(name).parents}
    return any(name in foreign or (path / name).is_dir() for name in new) or bool(foreign & folders)


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Remove files from a folder, then the folders within it that held them and are empty by now."""
    within = set()
    for name in names:
        (folder / name).unlink(missing_ok=True)
        within |= set(Path(name).parents[:-1])
    for each in sorted(within, key=lambda inner: len(inner.parts), reverse=True):
        with suppress(OSError):
            (folder / each).rmdir()


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl-C pass unheeded for the moment in which one folder takes the place of another."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
