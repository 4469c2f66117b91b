"""Compiling in one piece: the same results as the ordinary way, whichever comes first, and only where numba is known."""

import gc

import numba
import numpy as np
import pytest

from sim import linking
from sim.compiled import compiled, entry, entry_in_one_piece
from sim.linking import known, without_garbage_collection

compiles = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    """A cache folder of one's own: what is looked at here is the compiling."""
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path))


def functions():
    """Functions that no test compiled before: an entry, what it calls, and what that calls."""

    @compiled
    def deepest(values, n):
        if n == 7:
            raise ValueError("seven is refused")
        return values[n] * np.exp(0.1 * n)

    @compiled
    def middle(values, n):
        total = 0.0
        for k in range(n):
            total += deepest(values, k) + deepest(values, n)
        return total

    def outer(values, n, found):
        found[0] = middle(values, n) + deepest(values, 0)

    return outer


def result(function, n=5):
    found = np.zeros(1)
    function(np.arange(1.0, 9.0), n, found)
    return found.tobytes()


@pytest.fixture
def libraries(monkeypatch):
    """Names of the functions that were only linked."""
    made = []

    class Noted(linking._LinkedOnly):
        def __init__(self, codegen, name):
            made.append(name.rpartition(".")[2])
            super().__init__(codegen, name)

    monkeypatch.setattr(linking, "_LinkedOnly", Noted)
    return made


@compiles
def test_in_one_piece_gives_what_the_ordinary_way_and_the_interpreter_give(libraries, monkeypatch, tmp_path):
    expected = result(functions())
    assert result(entry(functions())) == expected
    assert libraries == []
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path / "other"))
    assert result(entry_in_one_piece(functions())) == expected
    assert set(libraries) == ({"deepest", "middle"} if known(numba.__version__) else set())


@compiles
def test_what_was_only_linked_serves_an_ordinary_entry_and_the_other_way_round():
    one, two = functions(), functions()
    expected = result(one)
    assert [result(each(one)) for each in (entry_in_one_piece, entry, numba.njit)] == [expected] * 3
    assert [result(each(two)) for each in (numba.njit, entry, entry_in_one_piece)] == [expected] * 3


@compiles
def test_a_second_start_loads_what_was_compiled_in_one_piece():
    function = functions()
    assert result(entry_in_one_piece(function)) == result(function)
    again = entry_in_one_piece(function)
    assert result(again) == result(function)
    assert sum(again.stats.cache_hits.values()) == 1


@compiles
def test_an_error_within_comes_out():
    with pytest.raises(ValueError, match="seven is refused"):
        result(entry_in_one_piece(functions()), n=7)


@compiles
def test_after_an_entry_that_cannot_be_compiled_others_are_compiled_the_ordinary_way(libraries):
    @compiled
    def wrong(values):
        return values.nothing_of_this_name

    def outer(values, n, found):
        found[0] = wrong(values)

    with pytest.raises(numba.errors.TypingError):
        result(entry_in_one_piece(outer))
    assert gc.isenabled()
    libraries.clear()
    result(entry(functions()))
    assert libraries == []


@compiles
def test_with_a_version_of_numba_that_is_not_known_everything_is_compiled_the_ordinary_way(libraries, monkeypatch):
    monkeypatch.setattr(numba, "__version__", "0.99.0")
    assert result(entry_in_one_piece(functions())) == result(functions())
    assert libraries == []


@pytest.mark.parametrize(
    ("version", "is_known"),
    [("0.65.1", False), ("0.66.0", True), ("0.68.1", True), ("0.69.0rc1", False), ("0.69.0", False), ("1.0.0", False)],
)
def test_the_versions_that_are_known(version, is_known):
    assert known(version) == is_known


def test_garbage_is_collected_again_afterwards_whatever_happens():
    def fail():
        with without_garbage_collection():
            raise RuntimeError(f"collecting: {gc.isenabled()}")

    with pytest.raises(RuntimeError, match="collecting: False"):
        fail()
    assert gc.isenabled()
    gc.disable()
    try:
        with without_garbage_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
