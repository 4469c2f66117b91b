"""How the month is compiled: one entry, everything it calls marked, and a cache that cannot go stale.

`compiled` marks a function for use inside the one compiled entry; called from Python it stays plain Python, so a
debugger, coverage and tests see every line. `entry` compiles `sim.month.months`, the only function compiled for itself.

numba notices a changed file only if it holds the entry itself. The cache (`sim.cache`) therefore lives in a folder named
by the hash of every source of `sim` and of the versions of numba, llvmlite and numpy: any change starts a new folder.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba.extending import register_jitable

from sim.cache import CompiledCache, folders
from sim.linking import EntryCompiler, InnerCompiler

__all__ = ["cache_folders", "compiled", "entry", "entry_in_one_piece", "inlined", "kept", "source_hash"]

# Files that only look at a run, or only read files: no month depends on a line of them.
FACES = (
    "model.py",
    "agents.py",
    "youths.py",
    "youth_sets.py",
    "files.py",
    "errors.py",
    "identity.py",
    "reach.py",
    "slices.py",
    "syntax.py",
    "mechanisms.py",
    "scenario/named.py",
    "texts.py",
    "numerals.py",
    "sources.py",
    "idle.py",
    "continuation.py",
    "notebook.py",
)

# Nor does anything inside count references to arrays (`_nrt`): a month makes no array, and the entry, which counts, holds
# every one it is given. Counting took half the time of a month of ten thousand youths.
_INNER = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False, "pipeline_class": InnerCompiler}


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Mark a function for use inside the one compiled entry; called from Python it stays plain Python."""
    marked: F = register_jitable(nogil=True, error_model="numpy", **_INNER)(function)
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
        name = path.relative_to(folder).as_posix()
        if name in FACES:
            continue
        digest.update(name.encode())
        digest.update(path.read_bytes())
    versions = (numba.__version__, importlib.metadata.version("llvmlite"), np.__version__, sys.version.split()[0])
    digest.update("|".join(versions).encode())
    return digest.hexdigest()


# Asked for when the model is imported, so that it names the sources that run, whatever is edited later.
source_hash()


def cache_folders() -> tuple[Path, ...]:
    """Return the folders where the month compiled from these very sources is kept, the best first; none needs to exist."""
    return tuple(folders(source_hash()))


def kept(function: Any) -> Path | None:
    """Return the file from which the next start would load a compiled entry, None where it would compile again.

    Parameters
    ----------
    function
        What `entry` returned.
    """
    cache = getattr(function, "_cache", None)
    return cache.holds() if isinstance(cache, CompiledCache) else None


def entry(function: Callable[..., Any]) -> Any:
    """Compile `function` for itself, once, and keep what was compiled under the hash of the sources.

    Parameters
    ----------
    function
        What Python calls. Every function it calls is marked `compiled`.

    Returns
    -------
    numba dispatcher
        Compiles at its first call; releases the interpreter lock while it runs.
    """
    return _kept_entry(function, numba.njit(nogil=True, error_model="numpy")(function))


def entry_in_one_piece(function: Callable[..., Any]) -> Any:
    """Compile `function` as `entry` does, in a third less time: what it calls is optimised only within it.

    For the month, which is large and which every first start waits for; see `sim.linking`.

    Parameters
    ----------
    function
        See `entry`.

    Returns
    -------
    numba dispatcher
        See `entry`.
    """
    return _kept_entry(function, numba.njit(nogil=True, error_model="numpy", pipeline_class=EntryCompiler)(function))


def _kept_entry(function: Callable[..., Any], made: Any) -> Any:
    if type(made) is not type(function):
        # As numba's own `enable_caching` does it, with a cache that looks before it loads.
        made._cache = CompiledCache(function, source_hash())
    return made
