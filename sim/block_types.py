"""How numba reads the blocks of `sim.blocks`: a type whose value is one address, and whose attributes are its columns.

Reading `city.gang` in compiled code loads the column's address and shape from the block. The loads are marked as
invariant, so the machine's compiler makes each once and keeps it: nothing writes to a block while compiled code runs.
No attribute can be assigned, so a column cannot be given another array.
"""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel.models import OpaqueModel
from numba.core.typing.templates import AttributeTemplate
from numba.core.typing.typeof import typeof
from numba.extending import (
    NativeValue,
    infer_getattr,
    lower_getattr_generic,
    register_model,
    typeof_impl,
    unbox,
)
from numba.np.arrayobj import make_array, populate_array

__all__ = ["BlockType", "kind_of"]

# Its own type of what `generic_resolve` returns is too narrow.
_TEMPLATE: Any = AttributeTemplate
_WORD = ir.IntType(8 * np.dtype(np.intp).itemsize)


class BlockType(types.Type):
    """The type of a tuple of columns in compiled code.

    Parameters
    ----------
    name
        Of the class of tuples.
    columns
        Name and numba type of each column, in order.
    """

    def __init__(self, name: str, columns: tuple[tuple[str, Any], ...]) -> None:
        self.words = 0
        self.columns: dict[str, tuple[int, Any]] = {}
        for column, kind in columns:
            self.columns[column] = (self.words, kind)
            self.words += kind.words if isinstance(kind, BlockType) else 1 + 2 * kind.ndim
        # numba compares types by their names, and builds the names of functions from them: short and telling apart.
        told = ", ".join(f"{column}: {kind.name}" for column, kind in columns)
        content = hashlib.blake2b(told.encode(), digest_size=8).hexdigest()
        super().__init__(f"{name}_{content}")


# Types live as long as the process, as numba asks of types that it remembers by number.
_KINDS: dict[Any, BlockType] = {}


def kind_of(columns: tuple[Any, ...]) -> BlockType:
    """Return the type of a tuple of columns: the same object for all tuples whose columns are of the same types.

    Parameters
    ----------
    columns
        A tuple of a class that `sim.blocks.by_reference` marked.

    Raises
    ------
    TypeError
        If a column is no array of numbers or records.
    """
    key = _key(columns)
    if key not in _KINDS:
        names = type(columns)._fields  # type: ignore[attr-defined]
        kinds = ((name, _kind_of_one(columns, name, each)) for name, each in zip(names, columns, strict=True))
        _KINDS.setdefault(key, BlockType(type(columns).__name__, tuple(kinds)))
        typeof_impl.register(type(columns))(_type_of)
    return _KINDS[key]


def _kind_of_one(owner: tuple[Any, ...], name: str, column: Any) -> Any:
    if isinstance(column, tuple):
        return kind_of(column)
    kind = typeof(column) if isinstance(column, np.ndarray) else None
    if not isinstance(kind, types.Array) or not kind.is_precise():
        given = f"an array of {column.dtype}" if isinstance(column, np.ndarray) else f"{column!r:.60}"
        raise TypeError(f"{type(owner).__name__}.{name} is {given}; compiled code takes arrays, such as float64 [n]")
    return kind


def _key(columns: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return what decides the type of a tuple, found many times faster than the type itself."""
    return (type(columns), *(_key(each) if isinstance(each, tuple) else _key_of_one(each) for each in columns))


def _key_of_one(column: Any) -> tuple[Any, ...]:
    if not isinstance(column, np.ndarray):
        return (type(column),)
    flags = column.flags
    return column.dtype, column.ndim, flags.c_contiguous, flags.f_contiguous, flags.writeable


def _type_of(value: Any, _context: Any) -> BlockType:
    """Answer numba, which else would take it for a tuple like any other."""
    kind: BlockType = value._numba_type_
    return kind


@register_model(BlockType)
class _BlockModel(OpaqueModel):
    """One address."""


@unbox(BlockType)
def _unbox(_kind: BlockType, value: Any, c: Any) -> Any:
    """Take the address of a tuple's block; the caller holds the tuple, and the tuple its block and its columns."""
    number = c.pyapi.object_getattr_string(value, "_block_address")
    address = cgutils.alloca_once_value(c.builder, ir.Constant(cgutils.voidptr_t, None))
    with c.builder.if_then(cgutils.is_not_null(c.builder, number)):
        c.builder.store(c.pyapi.long_as_voidptr(number), address)
        c.pyapi.decref(number)
    return NativeValue(c.builder.load(address), is_error=cgutils.is_null(c.builder, number))


@infer_getattr
class _Columns(_TEMPLATE):
    """The type of each attribute; there is no such thing for assigning one, so numba refuses to compile that."""

    key = BlockType

    def generic_resolve(self, kind: BlockType, column: str) -> Any:
        return kind.columns[column][1] if column in kind.columns else None


@lower_getattr_generic(BlockType)
def _read_column(context: Any, builder: Any, kind: BlockType, block: Any, column: str) -> Any:
    """Write the instructions that read a column: its address and shape come from the block, all else is known."""
    first, found = kind.columns[column]
    if isinstance(found, BlockType):
        return cgutils.pointer_add(builder, block, first * _WORD.width // 8)
    words = builder.bitcast(block, _WORD.as_pointer())

    def read(position: int) -> Any:
        word = builder.load(builder.gep(words, [_WORD(first + position)], inbounds=True))
        word.set_metadata("invariant.load", builder.module.add_metadata([]))
        return word

    array = make_array(found)(context, builder)
    itemsize = context.get_abi_sizeof(context.get_data_type(found.dtype))
    shape = [read(1 + axis) for axis in range(found.ndim)]
    strides = [read(1 + found.ndim + axis) for axis in range(found.ndim)]
    if found.layout == "C":
        # Not read but worked out: where a row's length is known to be that of its elements, loops become vector code.
        strides, step = [], _WORD(itemsize)
        for length in reversed(shape):
            strides.insert(0, step)
            step = builder.mul(step, length, flags=["nsw"])
    data = builder.inttoptr(read(0), context.get_data_type(found.dtype).as_pointer())
    populate_array(array, data=data, shape=shape, strides=strides, itemsize=itemsize, meminfo=None)
    return array._getvalue()
