"""How a city goes into compiled code: as the address of a block that says where each of its columns lies.

A city has some hundred columns. Handed over one by one they would be hundreds of numbers, copied at every call of every
compiled function. `by_reference` marks a named tuple of arrays: compiled code is given one address, of a block of machine
words, and reads from there what it needs. The block is written once per tuple and kept with it.

A block holds, column after column, the address, then the shape, then the strides; a tuple within the tuple stands in the
block at its place. It stays true because nothing may move a column: a named tuple cannot be given another array (to
change one is to make another tuple, with a block of its own), arrays are never resized, and compiled code refuses to
assign a column. `sim.block_types` tells numba how a block is read.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["Block", "ByReference", "by_reference"]


class Block:
    """Where the columns of one tuple lie, and what they are.

    Parameters
    ----------
    columns
        A named tuple of arrays, or of further such tuples. It must live as long as the block is used.
    """

    __slots__ = ("address", "kind", "words")

    def __init__(self, columns: tuple[Any, ...]) -> None:
        from sim.block_types import kind_of

        self.kind = kind_of(columns)
        self.words = np.array(_words(columns), dtype=np.intp)
        self.address: int = self.words.ctypes.data


class ByReference:
    """What `by_reference` adds to a class of named tuples. numba asks for the two properties by name."""

    @property
    def _block(self) -> Block:
        held: Block | None = self.__dict__.get("block")
        # Of two threads that come here at once the first one's block is kept: the other may already be reading it.
        return held or self.__dict__.setdefault("block", Block(self))  # type: ignore[arg-type]

    @property
    def _numba_type_(self) -> Any:
        return self._block.kind

    @property
    def _block_address(self) -> int:
        return self._block.address

    def __getstate__(self) -> None:
        """Leave the block behind: it would give a copy the addresses of the original."""


def by_reference[T: type[tuple[Any, ...]]](columns: T) -> T:
    """Mark a class of named tuples of arrays that go into compiled code by reference; its instances stay what they are.

    Parameters
    ----------
    columns
        The class, made with `typing.NamedTuple`.

    Returns
    -------
    type
        A class of the same name and fields, whose instances can keep their block.
    """
    about = {name: getattr(columns, name) for name in ("__doc__", "__module__", "__qualname__")}
    made: T = type(columns.__name__, (ByReference, columns), about)  # type: ignore[assignment]
    return made


def _words(columns: tuple[Any, ...]) -> list[int]:
    words: list[int] = []
    for column in columns:
        if isinstance(column, tuple):
            words += _words(column)
        else:
            words.append(column.ctypes.data)
            words += column.shape
            words += column.strides
    return words
