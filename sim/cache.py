"""Where compiled functions are kept between starts: whole files only, in folders of our own.

A file holds one compiled function: a hash, then what numba needs to load it again. (What else is slow to work out from
the sources is kept in the same way: `recall`, `remember`.) The hash is checked before anything is loaded; a file that is
cut, altered, unreadable or somebody else's counts as not there, so the function is compiled again and the file replaced. A
file appears under its name at once and whole, so starts at the same time and a start that is killed leave nothing half
written (numba's own cache keeps an index and data apart; its issues 4807, 9348 and 10434 tell what can go wrong). Nothing
is written until something was compiled or worked out.

numba loads what is kept. The machine code could be loaded without it, which would spare a start about half a second of
importing numba. That was weighed and left: it would rest on how numba hands over arguments and errors and on routines that
its code expects to find, none of which numba promises; it was only ever tried on one system; and where it goes wrong it
does not fail but writes to wrong memory. Two ways to call the month would have to be kept equal for half a second.

A folder is removed only if it carries our marker, holds nothing but files of ours, and was not used for thirty days.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import re
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from pickle import loads
from typing import Any

import numba
from numba.core import config
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.registry import cpu_target
from numba.core.runtime.nrt import rtsys
from numba.core.serialize import dumps

from sim.linking import known

__all__ = ["CompiledCache", "folders", "machine", "recall", "remember", "remove_unused"]

DAYS_KEPT = 30
MARKER = "citysafety-cache.txt"
MARK = "Compiled code of citysafety: made anew where it is missing, removed after thirty days without use.\n"

_FOLDER = re.compile(r"[0-9a-f]{32}")
_FILE = re.compile(r"\w+-[0-9a-f]{32}-[0-9a-f]{32}\.nbc|\w+-[0-9a-f]{32}\.(?:json|city)")
_PART = re.compile(rf"(?:{_FILE.pattern}|{re.escape(MARKER)})\.\d+\.\d+\.part")
_HASH_BYTES = 32
# All are numba's own, and have no types.
_RESULT: Any = CompileResult
_DUMPS: Any = dumps
_CONFIG: Any = config
_TO_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
_TO_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def folders(version: str) -> Iterator[Path]:
    """Yield the folders in which compiled functions are looked for and kept, the best first; none needs to exist.

    The first is the one the environment names, or the user's own; the second lies with the machine's temporary files,
    for users without a home and homes that cannot be written.

    Parameters
    ----------
    version
        Thirty-two hexadecimal digits that stand for everything that decides what is compiled.
    """
    root = _root()
    if root is not None:
        yield root / "citysafety" / version
    temporary = _temporary()
    if temporary is not None:
        yield temporary / version


def _root() -> Path | None:
    """Return the folder that the environment names for caches, or that of the home; None where there is no home."""
    try:
        if named := os.environ.get("CITYSAFETY_CACHE"):
            return Path(named).absolute()
        # A relative path is to be ignored here, says the convention that defines this variable.
        if (shared := Path(os.environ.get("XDG_CACHE_HOME", ""))).is_absolute():
            return shared
        home = Path.home()
    except (OSError, RuntimeError):
        return None
    # An empty or missing home comes out as the root of the file system, or as a relative path.
    return home / ".cache" if home.is_absolute() and home != home.parent else None


def _temporary() -> Path | None:
    """Return this user's own folder among the temporary files; None where there can be none or it is somebody else's."""
    try:
        folder = Path(tempfile.gettempdir()) / f"citysafety-{os.getuid() if hasattr(os, 'getuid') else 'own'}"
    except FileNotFoundError:
        return None
    try:
        known = folder.lstat()
    except FileNotFoundError:
        return folder
    except OSError:
        return None
    return folder if stat.S_ISDIR(known.st_mode) and _trusted(known) else None


def _trusted(known: os.stat_result) -> bool:
    """Whether only this user (or the machine's owner) can have written there: what is loaded is run."""
    if not hasattr(os, "getuid"):
        return True
    return known.st_uid in (os.getuid(), 0) and not known.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def recall(version: str, name: str) -> bytes | None:
    """Return what `remember` kept, None where there is nothing that is whole.

    Parameters
    ----------
    version
        See `folders`.
    name
        A word, a hyphen, thirty-two hexadecimal digits that stand for everything the content depends on, and ".json" or
        ".city".
    """
    for folder in folders(version):
        if (content := _read(folder / name)) is not None:
            _touch(folder)
            with suppress(OSError):
                os.utime(folder / name)
            return content
    return None


def machine() -> tuple[str, ...]:
    """Return what numba compiles for: another processor may round otherwise."""
    found: tuple[str, ...] = cpu_target.target_context.codegen().magic_tuple()
    return found


def remember(version: str, name: str, content: bytes) -> None:
    """Keep some content for later starts, where that is possible; see `recall`.

    Parameters
    ----------
    version, name
        See `recall`.
    content
        What is kept. It must follow from what `name` stands for, and from nothing else.

    Raises
    ------
    ValueError
        If the name is not of the form that `recall` describes.
    """
    if not _FILE.fullmatch(name):
        raise ValueError(
            f"{name} is no name of a kept file: a word, a hyphen, 32 hexadecimal digits and .json or .city are needed"
        )
    for folder in folders(version):
        try:
            _keep(folder, name, content)
        except OSError:
            continue
        return


class CompiledCache(_Cache):
    """The cache of one function, as numba asks for it.

    Parameters
    ----------
    function
        What is compiled. It has no closure.
    version
        See `folders`.

    Raises
    ------
    OSError
        If the function is not in a file.
    """

    def __init__(self, function: Callable[..., Any], version: str) -> None:
        source = Path(function.__code__.co_filename).read_bytes()
        # Code that looks whether an index is within its array is other code, though made from the same source.
        checked = bool(_CONFIG.BOUNDSCHECK)
        parts = (function.__module__, function.__qualname__, function.__code__.co_code, source, machine(), checked)
        self._start = f"{function.__name__}-{_short(repr(parts).encode())}-"
        self._version = version
        self._began = 0.0
        self._enabled = True

    @property
    def cache_path(self) -> str:
        """The folder where the function is kept if that can be written."""
        return str(next(folders(self._version), ""))

    def enable(self) -> None:
        """Load and keep from now on."""
        self._enabled = True

    def disable(self) -> None:
        """Neither load nor keep from now on."""
        self._enabled = False

    def flush(self) -> None:
        """Forget what is kept."""
        for folder in folders(self._version):
            for path in self._files(folder):
                path.unlink(missing_ok=True)

    def holds(self) -> Path | None:
        """Return the file that the next start would load, None where it would compile."""
        for folder in folders(self._version):
            for path in self._files(folder):
                if _read(path) is not None:
                    return path
        return None

    def load_overload(self, sig: Any, target_context: Any) -> Any:
        """Return the compiled function for these types, or None where it is not kept or what is kept is not whole."""
        # Numba's own cache first loads all that compiling needs (`refresh`), scipy's linear algebra among it. What was
        # compiled needs the runtime alone, and compiling loads the rest itself.
        if known(numba.__version__):
            rtsys.initialize(target_context)
        else:
            target_context.refresh()
        for folder in folders(self._version) if self._enabled else ():
            content = _read(folder / self._name(sig))
            if content is None:
                continue
            try:
                found = _RESULT._rebuild(target_context, *loads(content))
            except Exception:
                # Whatever is wrong with it, it is compiled again.
                continue
            _touch(folder)
            return found
        self._began = time.perf_counter()
        _say("compiling the model, once for this version (about twenty seconds of computing, more on a busy machine) ...")
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a function that was just compiled; where that is not possible, say so in one line and go on."""
        _say(f"compiled in {time.perf_counter() - self._began:.0f} s")
        if not self._enabled:
            return
        content = _DUMPS(data._reduce())
        reasons = []
        for folder in folders(self._version):
            try:
                _keep(folder, self._name(sig), content)
            except OSError as error:
                reasons.append(f"{folder} cannot be written ({error.strerror or error})")
                continue
            remove_unused(folder.parent, besides=folder.name)
            if reasons:
                _say(f"{reasons[0]}, so what was compiled is kept in {folder}; CITYSAFETY_CACHE names another folder")
            return
        why = reasons[0] if reasons else "there is neither a home nor a folder for temporary files"
        _say(f"{why}, so every start compiles again; CITYSAFETY_CACHE names another folder")

    def _name(self, sig: Any) -> str:
        return f"{self._start}{_short(str(sig).encode())}.nbc"

    def _files(self, folder: Path) -> list[Path]:
        """Return the files of this function in a folder, for whatever types."""
        try:
            names = sorted(path.name for path in folder.iterdir())
        except OSError:
            return []
        return [folder / name for name in names if name.startswith(self._start) and _FILE.fullmatch(name)]


def _short(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _seal(name: str, content: bytes) -> bytes:
    """Return the hash that stands before the content: of what the file holds and of what it is called."""
    return hashlib.blake2b(name.encode() + b"\0" + content, digest_size=_HASH_BYTES).digest()


def _read(path: Path) -> bytes | None:
    """Return what was kept in a file, None where there is none that is whole and of a trusted owner."""
    try:
        # Neither a link nor a pipe is followed or waited for.
        with open(os.open(path, _TO_READ), "rb") as file:  # noqa: PTH123 - a path cannot be opened in this way
            known = os.fstat(file.fileno())
            if not stat.S_ISREG(known.st_mode) or not _trusted(known):
                return None
            whole = file.read()
    except OSError:
        return None
    seal, content = whole[:_HASH_BYTES], whole[_HASH_BYTES:]
    return content if seal == _seal(path.name, content) else None


def _keep(folder: Path, name: str, content: bytes) -> None:
    """Write a file whole, and the marker beside it, into a folder that is made if need be."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=0o755)
    folder.mkdir(exist_ok=True)
    if not _marked(folder):
        _replace(folder / MARKER, MARK.encode())
    _replace(folder / name, _seal(name, content) + content)


def _replace(path: Path, content: bytes) -> None:
    """Let a file appear whole under its name, in the place of whatever file or empty folder was there."""
    part = path.with_name(f"{path.name}.{os.getpid()}.{time.time_ns()}.part")
    try:
        with open(os.open(part, _TO_WRITE, 0o644), "wb") as file:  # noqa: PTH123 - only this refuses an existing file
            file.write(content)
        if path.is_dir() and not path.is_symlink():
            path.rmdir()
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _marked(folder: Path) -> bool:
    """Whether a folder carries our marker."""
    marker = folder / MARKER
    try:
        return not marker.is_symlink() and marker.read_bytes() == MARK.encode()
    except OSError:
        return False


def _touch(folder: Path) -> None:
    """Note that a folder is in use."""
    try:
        os.utime(folder / MARKER)
    except OSError:
        return


def remove_unused(parent: Path, *, besides: str) -> None:
    """Remove the folders of other versions that were not used for thirty days, and nothing that is not ours.

    Parameters
    ----------
    parent
        Where the folders of all versions lie.
    besides
        Name of the folder that stays in any case.
    """
    oldest = time.time() - DAYS_KEPT * 86_400
    try:
        others = [path for path in parent.iterdir() if _FOLDER.fullmatch(path.name) and path.name != besides]
    except OSError:
        return
    for folder in others:
        try:
            if not stat.S_ISDIR(folder.lstat().st_mode) or not _marked(folder):
                continue
            with os.scandir(folder) as entries:
                held = list(entries)
            if not all(_is_ours(entry) and entry.stat(follow_symlinks=False).st_mtime < oldest for entry in held):
                continue
            for entry in sorted(held, key=lambda each: each.name == MARKER):
                Path(entry.path).unlink()
            # Refused, and rightly, if something came into it meanwhile.
            folder.rmdir()
        except OSError:
            continue


def _is_ours(entry: os.DirEntry[str]) -> bool:
    """Whether something in a cache folder is a file that this module wrote."""
    named = entry.name == MARKER or _FILE.fullmatch(entry.name) or _PART.fullmatch(entry.name)
    return bool(named) and entry.is_file(follow_symlinks=False)


def _say(line: str) -> None:
    """Tell the user, once: the processes that a run starts stay quiet."""
    if multiprocessing.parent_process() is None and sys.stderr is not None:
        print(f"citysafety: {line}", file=sys.stderr, flush=True)
