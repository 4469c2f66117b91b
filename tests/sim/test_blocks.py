"""Blocks: compiled code reads by reference exactly what stands in a tuple of columns, and can move none of them."""

import copy
import pickle
import threading
from typing import NamedTuple

import numba
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import blocks
from sim.blocks import Block, by_reference
from sim.compiled import compiled, entry
from sim.state import copy_city

compiles = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

ROW = np.dtype((np.record, [("count", "i8"), ("share", "f8")]))


@by_reference
class Inner(NamedTuple):
    """A tuple within the tuple."""

    small: npt.NDArray[np.int8]
    table: np.ndarray


@by_reference
class Outer(NamedTuple):
    """Columns of every layout that there is."""

    plain: npt.NDArray[np.float64]
    inner: Inner
    matrix: npt.NDArray[np.float32]
    cube: npt.NDArray[np.int16]
    by_column: npt.NDArray[np.float64]
    sparse: npt.NDArray[np.float64]
    last: npt.NDArray[np.uint32]


@compiled
def add_up(matrix, weights):
    """Sum a matrix, and change it."""
    total = 0.0
    for i in range(matrix.shape[0]):
        for j in range(matrix.shape[1]):
            total += matrix[i, j] * weights[i]
            matrix[i, j] += weights[i]
    return total


@compiled
def sum_inner(inner):
    total = 0.0
    for i in range(inner.table.size):
        total += inner.table[i].count * inner.table[i].share + inner.small[i]
        inner.table[i].count += 1
    return total


def look(outer, found):
    """Read columns as the model does, and write to them."""
    found[0] = sum_inner(outer.inner)
    found[1] = add_up(outer.matrix, outer.plain)
    found[2] = add_up(outer.by_column, outer.plain)
    found[3] = add_up(outer.sparse, outer.plain)
    for n in range(outer.last.size):
        found[4] += outer.last[n] * outer.cube[-1, n, 1]
        outer.cube[0, n, -1] = n


def make(rows, width, deep, seed):
    luck = np.random.default_rng(seed)
    table = np.zeros(deep, ROW)
    table["count"], table["share"] = luck.integers(-9, 9, deep), luck.normal(size=deep)
    return Outer(
        luck.normal(size=rows),
        Inner(luck.integers(-9, 9, deep + 1).astype(np.int8), table),
        luck.normal(size=(rows, width)).astype(np.float32),
        luck.integers(-9, 9, (deep + 1, rows, width)).astype(np.int16),
        # One row or one column too many, so that numpy calls them what they are at every size.
        np.asfortranarray(luck.normal(size=(rows + 1, width + 1)))[:-1],
        luck.normal(size=(2 * rows, 3 * width))[::2, ::3],
        luck.integers(0, 9, rows).astype(np.uint32),
    )


def content(columns):
    return [content(each) if isinstance(each, tuple) else each.tobytes() for each in columns]


@pytest.fixture(scope="module")
def looking():
    """`look`, compiled once."""
    made = entry(look)
    made(make(3, 2, 2, 0), np.zeros(5))
    return made


# What compiled code reads and writes


@compiles
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.integers(2, 5), width=st.integers(2, 4), deep=st.integers(0, 3), seed=st.integers(0, 99))
def test_compiled_code_reads_and_writes_the_columns_that_the_interpreter_does(looking, rows, width, deep, seed):
    one, two = make(rows, width, deep, seed), make(rows, width, deep, seed)
    found, expected = np.zeros(5), np.zeros(5)
    look(one, expected)
    looking(two, found)
    assert content(two) == content(one)
    assert found.tobytes() == expected.tobytes()
    assert len(looking.signatures) == 1


@compiles
def test_a_tuple_within_goes_in_alone_as_well():
    def alone(inner, found):
        found[0] = sum_inner(inner)

    one, two, found = make(2, 2, 3, 1).inner, make(2, 2, 3, 1).inner, np.zeros(1)
    entry(alone)(one, found)
    assert found[0] == sum_inner(two)
    assert content(one) == content(two)


@compiles
def test_an_index_beyond_a_column_is_found_where_indices_are_checked():
    def beyond(outer, found):
        found[0] = outer.matrix[outer.matrix.shape[0], 0] + outer.inner.small[-1]

    with pytest.raises(IndexError):
        numba.njit(boundscheck=True)(beyond)(make(3, 2, 2, 0), np.zeros(1))


@compiles
def test_columns_of_another_type_are_another_type_and_are_read_as_what_they_are():
    def first(outer, found):
        found[0] = outer.plain[1]

    made, outer, found = entry(first), make(3, 2, 2, 0), np.zeros(1)
    for plain in (np.arange(4.0), np.arange(4), np.arange(8.0)[::2]):
        made(outer._replace(plain=plain), found)
        assert found[0] == plain[1]
    assert len(made.signatures) == 3


@compiles
def test_a_column_that_compiled_code_has_no_type_for_is_refused():
    for plain in (np.array([None]), 0.5):
        with pytest.raises(TypeError, match=r"Outer\.plain .* float64 \[n\]"):
            entry(look)(make(3, 2, 2, 0)._replace(plain=plain), np.zeros(5))


@compiles
@pytest.mark.parametrize("column", ["plain", "inner", "inner.small"])
def test_no_compiled_code_gives_a_column_another_array(column):
    source = f"def move(outer, found):\n    outer.{column} = outer.{column}\n"
    held = {}
    exec(source, held)
    outer = make(3, 2, 2, 0)
    with pytest.raises(AttributeError):
        held["move"](outer, np.zeros(1))
    with pytest.raises(NotImplementedError, match=rf"(Outer|Inner)_\w+\.{column.split('.')[-1]} ="):
        numba.njit(held["move"])(outer, np.zeros(1))


# The block of a tuple


def test_a_block_says_where_each_column_lies():
    outer = make(3, 2, 2, 0)
    words = list(Block(outer).words)
    assert words[:3] == [outer.plain.ctypes.data, 3, 8]
    assert words[3:6] == [outer.inner.small.ctypes.data, 3, 1]
    assert words[6:9] == [outer.inner.table.ctypes.data, 2, 16]
    assert words[9:14] == [outer.matrix.ctypes.data, 3, 2, 8, 4]
    assert words[-3:] == [outer.last.ctypes.data, 3, 4]
    assert len(words) == Block(outer).kind.words


def test_a_block_is_written_once(monkeypatch):
    outer = make(3, 2, 2, 0)
    address = outer._block_address
    monkeypatch.setattr(blocks, "Block", None)
    assert outer._block_address == address


@pytest.mark.parametrize(
    "again",
    [
        copy.copy,
        copy.deepcopy,
        lambda each: pickle.loads(pickle.dumps(each)),
        lambda each: each._replace(plain=each.plain.copy()),
        lambda each: type(each)(*each),
    ],
    ids=["copy", "deepcopy", "pickle", "replace", "anew"],
)
def test_a_copy_has_a_block_of_its_own(again):
    outer = make(3, 2, 2, 0)
    address = outer._block_address
    other = again(outer)
    assert type(other) is type(outer)
    assert "block" not in vars(other)
    assert other._block_address != address
    assert content(other) == content(outer)
    assert other._block.words[0] == other.plain.ctypes.data


def test_threads_that_ask_at_once_are_given_the_same_block():
    for _ in range(20):
        outer, start, given = make(3, 2, 2, 0), threading.Barrier(4), []

        def ask(outer=outer, start=start, given=given):
            start.wait()
            given.append(outer._block)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert len(given) == 4
        assert all(each is outer._block for each in given)


def test_a_city_and_an_arm_of_it_have_blocks_of_one_kind(settled):
    city, params = settled
    arm = copy_city(city)
    assert arm._numba_type_ is city._numba_type_
    assert arm._block_address != city._block_address
    assert params._numba_type_ is not city._numba_type_
    assert repr(city._numba_type_).startswith("City_")


def test_what_goes_in_by_reference_is_still_a_named_tuple():
    outer = make(3, 2, 2, 0)
    assert isinstance(outer, tuple)
    assert Outer.__mro__[1].__name__ == "ByReference"
    assert (Outer.__name__, Outer.__module__, Outer.__doc__) == ("Outer", __name__, "Columns of every layout that there is.")
    assert outer._fields == ("plain", "inner", "matrix", "cube", "by_column", "sparse", "last")
    with pytest.raises(AttributeError):
        outer.plain = outer.plain
