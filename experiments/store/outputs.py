"""Folders that commands write with --out: whole or not at all, and never over anything that is not ours.

Results are written into a private folder beside their place, which takes that place in one step once all is there. So
a full disk, Ctrl-C or a kill leaves the earlier results or the new ones, never half of each. `manifest.json` lists every
file: what it lists is ours and is replaced where --force asks for it, all else stays. A symbolic link is never written
through: neither DIR itself nor anything to be replaced in it may be one.
"""

from __future__ import annotations

import errno
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from experiments.store.manifests import MANIFEST, files_in, listed, read_json, write_manifest
from experiments.store.placement import put_in_place
from sim.errors import InputError

__all__ = ["Place", "checked", "write_file", "written"]

_PRIVATE = re.compile(r"\..{0,40}\.citysafety-[0-9a-f]{16}", re.DOTALL)
"""Name of a private folder or file: what it is for, and a number that no other has."""
_ENDINGS = (".png", ".svg", ".csv", ".json", ".yaml", ".parquet", ".txt", ".html")
"""Ends of the names of all that is ever written into a folder."""


@dataclass(frozen=True)
class Place:
    """A place for results that `checked` found fit.

    Attributes
    ----------
    path
        Its absolute path.
    shown
        What to call it in a message.
    ours
        Our files in it, the manifest among them, by path within it.
    """

    path: Path
    shown: str
    ours: frozenset[str]


def checked(folder: Path, shown: str, *, force: bool, store: Path | None = None) -> Place:
    """Make sure, before anything runs, that results may and can be written to a folder; leave no trace.

    Parameters
    ----------
    folder
        A folder that does not exist yet, an empty one, or, with `force`, one that holds results.
    shown
        What to call it in a message, such as ``--out results/sandbox``.
    force
        Whether results that are there may be replaced.
    store
        The store of runs that the same command uses.

    Raises
    ------
    InputError
        When the folder is none, is a symbolic link, holds results or other files that would be lost, lies in a store or
        would hold one, or cannot be written.
    """
    try:
        path = _absolute(folder)
        _refuse_stores(path, shown, store)
        place = Place(path, shown, _replaceable(path, shown, force=force))
        with _private_folder(place):
            return place
    except OSError as error:
        raise InputError(f"{shown}: cannot be written ({_reason(error)}); name another folder") from None


@contextmanager
def written(place: Place) -> Iterator[Path]:
    """Give a private folder to write into, and let it take its place when the block ends well; else leave no trace.

    The block puts a manifest there, see `write_manifest`; the hashes of all files are added when it ends.

    Parameters
    ----------
    place
        What `checked` returned.

    Raises
    ------
    InputError
        When something cannot be written. What was at the place before is still there, as it was.
    """
    try:
        with _private_folder(place) as folder:
            yield folder
            _seal(folder)
            found = put_in_place(folder, place.path, place.ours)
    except OSError as error:
        outcome = "what was there before is unchanged; make room or name another folder"
        raise InputError(f"{place.shown}: cannot be written ({_reason(error)}); {outcome}") from None
    if found != place.path:
        raise InputError(f"{place.shown}: other files are in the way there and stay; the new results are in {found}")


def write_file(path: Path, content: bytes) -> None:
    """Write one file whole, beside its place first; a symbolic link at its place is replaced and not followed.

    Parameters
    ----------
    path
        The file; its folder is made if missing.
    content
        Its bytes.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(_private_name(path.name))
    try:
        with temporary.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


# What is there --------------------------------------------------------------------------------------------------------


def _absolute(folder: Path) -> Path:
    """Return where a folder is, with links followed on the way to it but not at its end."""
    whole = Path.cwd() / folder
    if whole.name in ("", ".."):
        return Path(os.path.realpath(whole))
    return Path(os.path.realpath(whole.parent)) / whole.name


def _refuse_stores(path: Path, shown: str, store: Path | None) -> None:
    """Refuse a place within a store of runs, and one that would hold the store of the same command."""
    real = Path(os.path.realpath(path))
    own = None if store is None else Path(os.path.realpath(store))
    for folder in (real, *real.parents):
        if folder == own or os.path.lexists(folder / "store.json"):
            raise InputError(f"{shown}: lies in the store {folder}; name a folder outside of it")
    if own is not None and own.is_relative_to(real):
        raise InputError(f"{shown}: would hold the store {store}; name another folder")


def _replaceable(path: Path, shown: str, *, force: bool) -> frozenset[str]:
    """Return which files of ours a place holds; refuse it where anything could be lost."""
    with suppress(FileNotFoundError, NotADirectoryError):
        path.lstat()  # a name that is too long is told here
    if path.is_symlink():
        raise InputError(f"{shown}: this is a symbolic link; name the folder itself")
    if not os.path.lexists(path):
        nearest = next(each for each in path.parents if os.path.lexists(each))
        if not nearest.is_dir():
            raise InputError(f"{shown}: {nearest} is a file, not a folder; name another folder")
        return frozenset()
    if not path.is_dir():
        raise InputError(f"{shown}: this is a file; name a folder")
    if not os.access(path, os.W_OK | os.X_OK):
        raise InputError(f"{shown}: cannot be written (Permission denied); name another folder")
    if not any(not _PRIVATE.fullmatch(each.name) for each in path.iterdir()):
        return frozenset()
    if not os.path.lexists(path / MANIFEST):
        raise InputError(f"{shown}: the folder holds other files; name a new or an empty folder")
    ours = listed(read_json(path / MANIFEST), path)
    if ours is None:
        raise InputError(f"{shown}: the folder holds other files, its {MANIFEST} is not ours; name a new or an empty folder")
    if not force:
        raise InputError(f"{shown}: holds results already; give --force to replace them, or name another folder")
    for name in ours:
        _refuse_links(path, name, shown)
    return ours | {MANIFEST}


def _refuse_links(folder: Path, name: str, shown: str) -> None:
    """Refuse a file of ours that is a link or a folder by now, or lies behind a link or a file."""
    file = folder / name
    for inner in (*reversed(file.relative_to(folder).parents[:-1]), Path(name)):
        here = folder / inner
        if here.is_symlink():
            raise InputError(f"{shown}: {inner} in it is a symbolic link, not what was written; remove it first")
        if os.path.lexists(here) and here.is_dir() == (here == file):
            kind = "folder" if here == file else "file"
            raise InputError(f"{shown}: {inner} in it is a {kind}, not what was written; remove it first")


# The private folder ---------------------------------------------------------------------------------------------------


@contextmanager
def _private_folder(place: Place) -> Iterator[Path]:
    """Give an empty folder beside the place, or within it where that is the only way; remove it at the end."""
    path = place.path
    missing = [each for each in path.parents if not os.path.lexists(each)]
    folder: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        folder = _made(path)
        with _held(folder):
            yield folder
    finally:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        for each in missing:
            with suppress(OSError):
                each.rmdir()


def _made(path: Path) -> Path:
    """Make a private folder for a place, after removing what killed processes left of such."""
    if not _must_stay(path):
        _clear(path.parent)
        folder = path.with_name(_private_name(path.name))
        try:
            folder.mkdir()
        except OSError:
            if not path.is_dir():
                raise
        else:
            return folder
    _clear(path)
    folder = path / _private_name(path.name)
    folder.mkdir()
    return folder


def _private_name(name: str) -> str:
    return f".{name[:40]}.citysafety-{secrets.token_hex(8)}"


def _must_stay(path: Path) -> bool:
    """Return whether the folder itself must stay: another file system begins there, or this process works in it."""
    if not path.is_dir():
        return False
    with suppress(OSError):
        if Path.cwd().is_relative_to(os.path.realpath(path)):
            return True
    return path.is_mount()


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold a lock on a private folder, which tells others that its process lives; not every system has such locks."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(handle)


def _clear(where: Path) -> None:
    """Remove private folders that nobody holds, and in them only such files as are written into one."""
    try:
        import fcntl
    except ImportError:
        return
    with suppress(OSError):
        left = [each for each in where.iterdir() if _PRIVATE.fullmatch(each.name)]
        for folder in (each for each in left if each.is_dir() and not each.is_symlink()):
            handle = os.open(folder, os.O_RDONLY)
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                for name in files_in(folder):
                    if name.endswith(_ENDINGS):
                        (folder / name).unlink()
                for inner, _, _ in os.walk(folder, topdown=False):
                    Path(inner).rmdir()
            except OSError:
                continue
            finally:
                os.close(handle)


def _seal(folder: Path) -> None:
    """List every file of a folder in its manifest, and wait until the disk holds them."""
    manifest = json.loads((folder / MANIFEST).read_bytes())
    write_manifest(folder, {name: value for name, value in manifest.items() if name not in ("format", "files")})
    for name in files_in(folder):
        with (folder / name).open("rb+") as file:
            try:
                os.fsync(file.fileno())
            except OSError as error:
                if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # a file system that cannot be asked to
                    raise


def _reason(error: OSError) -> str:
    """Return what the system says of an error, on one line."""
    return error.strerror or str(error)[:120] or type(error).__name__
