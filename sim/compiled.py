"""How the month is compiled: one entry, everything it calls marked, and a cache that cannot go stale.

`compiled` marks a function for use inside the one compiled entry; called from Python it stays plain Python, so a
debugger, coverage and tests see every line. `entry` compiles `sim.month.months`, the only function compiled for itself.

numba notices a changed file only if it holds the entry itself. The cache therefore lives in a folder named by the hash
of every source of `sim` and of the versions of numba, llvmlite and numpy: any change starts a new folder, and folders
unused for thirty days are removed. Where no folder can be written, nothing is cached and a line says so.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

__all__ = ["cache_folder", "compiled", "entry", "inlined", "source_hash"]

DAYS_KEPT = 30

# Files that only look at a run, or only read files: no month depends on a line of them.
FACES = ("model.py", "agents.py", "files.py", "faults.py", "mechanisms.py")

# Nor does anything inside count references to arrays (`_nrt`): a month makes no array, and the entry, which counts, holds
# every one it is given. Counting took half the time of a month of ten thousand youths.
_WITHOUT_WRAPPERS = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Mark a function for use inside the one compiled entry; called from Python it stays plain Python."""
    marked: F = register_jitable(nogil=True, error_model="numpy", **_WITHOUT_WRAPPERS)(function)
    return marked


def inlined[F: Callable[..., Any]](function: F) -> F:
    """Mark a function that is merged into its caller before the machine's compiler sees it.

    For the few lines in the hottest loops: only without a call in them can they become vector instructions.
    """
    marked: F = register_jitable(nogil=True, error_model="numpy", inline="always")(function)
    return marked


@functools.cache
def source_hash() -> str:
    """Return the hash of everything that decides what a month computes, as it stood when it was first asked for.

    Returns
    -------
    str
        Thirty-two hexadecimal digits: blake2b over the sources of `sim` and the versions of numba, llvmlite and numpy.
    """
    digest = hashlib.blake2b(digest_size=16)
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*.py")):
        if path.name in FACES:
            continue
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(path.read_bytes())
    versions = (numba.__version__, importlib.metadata.version("llvmlite"), np.__version__, sys.version.split()[0])
    digest.update("|".join(versions).encode())
    return digest.hexdigest()


# Asked for when the model is imported, so that it names the sources that run, whatever is edited later.
source_hash()


def cache_folder() -> Path:
    """Return the folder that holds the compiled month of these very sources (it may not exist yet)."""
    home = os.environ.get("CITYSAFETY_CACHE") or os.environ.get("XDG_CACHE_HOME")
    root = Path(home) if home else Path.home() / ".cache"
    return root / "citysafety" / source_hash()


def _prepare(folder: Path) -> bool:
    """Create the cache folder, remove folders long unused, and say whether it can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
        os.utime(folder)
        oldest = time.time() - DAYS_KEPT * 86_400
        for other in folder.parent.iterdir():
            if other != folder and other.is_dir() and other.stat().st_mtime < oldest:
                shutil.rmtree(other, ignore_errors=True)
    except OSError:
        return False
    return True


def entry(function: Callable[..., Any]) -> Any:
    """Compile `function` for itself, once, cached under the hash of the sources.

    Parameters
    ----------
    function
        The one entry. Every function it calls is marked `compiled`.

    Returns
    -------
    numba dispatcher
        Compiles at its first call; releases the interpreter lock while it runs.
    """
    folder = cache_folder()
    writable = _prepare(folder)
    if not writable:
        print(f"citysafety: {folder} cannot be written, so every start compiles anew", file=sys.stderr)
    settings: Any = numba.config
    before = settings.CACHE_DIR
    settings.CACHE_DIR = str(folder)
    try:
        return numba.njit(cache=writable, nogil=True, error_model="numpy")(function)
    finally:
        settings.CACHE_DIR = before
