"""Settled cities that are kept: a city whose burn-in was lived once need not live it again.

The burn-in is three quarters of the work of a run of ten years. What it leaves depends on the city file, the seed, the
scale, the parameters and the code, and on nothing else; so a settled city is kept under the hash of all of these and
taken instead, byte for byte what settling again would give. In memory up to `MOST_BYTES` are kept, those that were used
last; on disk as many, in the folder of the compiled month (`sim.cache`), whose name changes with any line of the model.

A file holds the arrays that months change, one after another, as plain bytes; the others come from `build`. A file that
is cut, altered or of another size counts as not there. Where the month is interpreted nothing is kept: a debugger shall
see the burn-in.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from numba.core import config

from sim.cache import folders, machine, recall, remember
from sim.compiled import source_hash
from sim.state import FIXED, City, Scratch, copy_city

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.parameters import Parameters

__all__ = ["IN_WORKERS", "LARGEST_FILE", "MOST_BYTES", "Settled", "bound_disk", "forget", "settled_city", "settled_name"]

MOST_BYTES = 256_000_000
"""Bytes of settled cities kept in memory, and as many on disk; a process writes no more than that either."""

IN_WORKERS = MOST_BYTES // 8
"""Bytes kept in the memory of each process that a run starts beside the first."""

LARGEST_FILE = 16_000_000
"""Bytes of the largest city that is kept on disk: reading a larger one gains little on settling it."""

SUFFIX = ".city"

# numba's own, without types.
_CONFIG: Any = config


class Settled:
    """Settled cities in memory, the ones used last, up to a number of bytes.

    Parameters
    ----------
    most_bytes
        How much is kept; a city larger than a quarter of it is not.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes = most_bytes
        self._lock = threading.Lock()
        self._held: OrderedDict[str, City] = OrderedDict()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """How much is kept now."""
        return self._bytes

    def get(self, name: str) -> City | None:
        """Return a copy of the city kept under a name, None where there is none."""
        with self._lock:
            if (found := self._held.get(name)) is None:
                return None
            self._held.move_to_end(name)
        return copy_city(found)

    def put(self, name: str, city: City) -> None:
        """Keep a copy of a city under a name, and let go those that were not used for longest."""
        size = sum(array.nbytes for array in _arrays(city))
        if size > self.most_bytes // 4:
            return
        own = copy_city(city)
        with self._lock:
            if name not in self._held:
                self._held[name] = own
                self._bytes += size
            while self._bytes > self.most_bytes:
                _, gone = self._held.popitem(last=False)
                self._bytes -= sum(array.nbytes for array in _arrays(gone))

    def forget(self) -> None:
        """Let everything go; a process that was forked begins so, since its lock may be held by a thread it has not."""
        self._lock = threading.Lock()
        self._held = OrderedDict()
        self._bytes = 0


_IN_MEMORY = Settled(MOST_BYTES if multiprocessing.parent_process() is None else IN_WORKERS)
_written = 0


def forget() -> None:
    """Let go of every settled city in memory."""
    _IN_MEMORY.forget()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=forget)


def settled_name(city: schema.City, params: Parameters, seed: int, scale: float) -> str:
    """Return the name under which a settled city is kept: it stands for everything that the burn-in depends on.

    Parameters
    ----------
    city, params, seed, scale
        See `sim.run.begin_city`.
    """
    digest = hashlib.blake2b(digest_size=16)
    asked = (city.model_dump_json(), seed, scale, machine(), bool(_CONFIG.BOUNDSCHECK))
    digest.update(repr(asked).encode())
    for table in params:
        digest.update(np.ascontiguousarray(table).tobytes())
    return f"settled-{digest.hexdigest()}{SUFFIX}"


def settled_city(name: str, begin: Callable[[], City], settle: Callable[[City], None]) -> City:
    """Return the city kept under a name, or settle it and keep it.

    Parameters
    ----------
    name
        From `settled_name`.
    begin
        Builds the city in which the burn-in begins.
    settle
        Lives through the burn-in, changing the city in place.

    Returns
    -------
    City
        The caller's own, to be changed in place.
    """
    if _CONFIG.DISABLE_JIT:
        state = begin()
        settle(state)
        return state
    if (known := _IN_MEMORY.get(name)) is not None:
        return known
    state = begin()
    if not _read_into(state, recall(source_hash(), name)):
        settle(state)
        _keep_on_disk(name, state)
    _IN_MEMORY.put(name, state)
    return state


def _keep_on_disk(name: str, state: City) -> None:
    """Write a settled city where that is possible and no more is written than is kept."""
    global _written
    content = b"".join(array.tobytes() for array in _changing(state))
    if len(content) > LARGEST_FILE or _written + len(content) > MOST_BYTES:
        return
    _written += len(content)
    remember(source_hash(), name, content)
    bound_disk(MOST_BYTES)


def bound_disk(most_bytes: int) -> None:
    """Remove the files of settled cities that were not used for longest, until those that stay are within some bytes.

    Parameters
    ----------
    most_bytes
        How much stays at most in a folder.
    """
    for folder in folders(source_hash()):
        with suppress(OSError):
            held = [(path.stat(), path) for path in folder.glob(f"settled-*{SUFFIX}")]
            total = sum(known.st_size for known, _ in held)
            for known, path in sorted(held, key=lambda each: each[0].st_mtime_ns):
                if total > most_bytes:
                    path.unlink()
                    total -= known.st_size


def _read_into(state: City, content: bytes | None) -> bool:
    """Put what was kept into a city that was just built; return whether it was there and fits."""
    arrays = list(_changing(state))
    if content is None or len(content) != sum(array.nbytes for array in arrays):
        return False
    first = 0
    for array in arrays:
        array[...] = np.frombuffer(content, array.dtype, array.size, first).reshape(array.shape)
        first += array.nbytes
    return True


def _changing(part: Any) -> Iterator[npt.NDArray[Any]]:
    """Yield the arrays of a city that months change and later months read, each memory once."""
    for name, piece in zip(type(part)._fields, part, strict=True):
        if isinstance(piece, Scratch) or name in FIXED or name in ("outcome_values", "lever_values"):
            continue
        if isinstance(piece, tuple):
            yield from _changing(piece)
        else:
            yield piece


def _arrays(part: Any) -> Iterator[npt.NDArray[Any]]:
    """Yield every array of a city."""
    for piece in part:
        if isinstance(piece, tuple):
            yield from _arrays(piece)
        else:
            yield piece
