"""What was compiled is kept and loaded, and only what is whole is loaded."""

import os

import numba
import pytest
from caching import double, only_file, started, triple
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import cache
from sim.compiled import cache_folders, entry, kept, source_hash

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

# What else is kept


WORKED_OUT = "identity-" + "c" * 32 + ".json"


def test_what_was_worked_out_is_recalled_until_a_bit_of_it_is_damaged(own):
    assert cache.recall(source_hash(), WORKED_OUT) is None
    cache.remember(source_hash(), WORKED_OUT, b"[1, 2]")
    assert cache.recall(source_hash(), WORKED_OUT) == b"[1, 2]"
    path = cache_folders()[0] / WORKED_OUT
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cache.recall(source_hash(), WORKED_OUT) is None
    path.write_bytes(whole)
    path.rename(path.with_name(WORKED_OUT.replace("c", "d")))
    assert cache.recall(source_hash(), WORKED_OUT.replace("c", "d")) is None


@pytest.mark.parametrize("name", ["identity.json", "../identity-" + "c" * 32 + ".json", "identity-" + "c" * 31 + ".json"])
def test_only_names_that_the_upkeep_knows_are_kept(name):
    with pytest.raises(ValueError, match="32 hexadecimal digits"):
        cache.remember(source_hash(), name, b"")


def test_what_cannot_be_kept_is_passed_over(own, monkeypatch):
    (own / "cache").write_text("a file", "utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(own / "cache"))
    cache.remember(source_hash(), WORKED_OUT, b"[]")
    assert cache.recall(source_hash(), WORKED_OUT) is None


# What is loaded


def test_a_second_start_loads_what_the_first_compiled(capsys):
    assert kept(entry(double)) is None
    assert started(double) == "compiled"
    assert len(capsys.readouterr().err.splitlines()) == 2
    assert kept(entry(double)) == only_file(cache_folders()[0])
    assert started(double) == "loaded"
    assert capsys.readouterr().err == ""
    assert sorted(path.name for path in cache_folders()[0].iterdir()) == sorted(
        [cache.MARKER, only_file(cache_folders()[0]).name]
    )


def test_nothing_is_written_until_something_is_compiled(own):
    entry(double)
    assert not (own / "cache").exists()


def test_two_functions_and_two_types_are_kept_apart(stored):
    assert (started(triple, 3), started(triple, 3), started(double)) == ("compiled", "loaded", "loaded")
    assert entry(double)(0.5) == 1.0
    assert len(list(stored.parent.glob("*.nbc"))) == 3


def test_code_that_checks_indices_is_not_taken_for_code_that_does_not(stored, monkeypatch):
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", 1)
    assert (started(double), started(double)) == ("compiled", "loaded")
    monkeypatch.setattr(numba.config, "BOUNDSCHECK", None)
    assert started(double) == "loaded"
    assert len(list(stored.parent.glob("*.nbc"))) == 2


def empty(path):
    path.write_bytes(b"")


def cut(path):
    path.write_bytes(path.read_bytes()[:-100])


def cut_within_the_hash(path):
    path.write_bytes(path.read_bytes()[:20])


def lengthened(path):
    path.write_bytes(path.read_bytes() + b"\0")


def missing(path):
    path.unlink()


def a_folder(path):
    path.unlink()
    path.mkdir()


def a_pipe(path):
    path.unlink()
    os.mkfifo(path)


def a_link_to_a_whole_file(path):
    elsewhere = path.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def a_broken_link(path):
    path.unlink()
    path.symlink_to(path.parent / "nowhere")


def a_foreign_pickle(path):
    import pickle

    path.write_bytes(pickle.dumps(("0.62.0", [])))


def a_whole_file_of_something_else(path):
    content = b"\x80\x04N."
    path.write_bytes(cache._seal(path.name, content) + content)


def of_another_name(path):
    other = cache._seal("other", b"content") + b"content"
    path.write_bytes(other)


def writable_by_all(path):
    path.chmod(0o666)


def unreadable(path):
    path.write_bytes(path.read_bytes()[:-1])
    path.chmod(0)


DAMAGES = [
    empty, cut, cut_within_the_hash, lengthened, missing, a_folder, a_pipe, a_link_to_a_whole_file, a_broken_link,
    a_foreign_pickle, a_whole_file_of_something_else, of_another_name, writable_by_all, unreadable,
]  # fmt: skip


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_compiled_anew_and_replaced(damage, stored, capsys):
    assert started(double) == "loaded"
    damage(stored)
    if damage is not a_whole_file_of_something_else:
        assert kept(entry(double)) is None
    assert started(double) == "compiled"
    assert stored.is_file()
    assert not stored.is_symlink()
    assert kept(entry(double)) == stored
    assert "Traceback" not in capsys.readouterr().err
    assert started(double) == "loaded"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_flipped_bit_is_loaded(data, stored, compiled_once):
    content = bytearray(compiled_once[1])
    bit = data.draw(st.integers(0, 8 * len(content) - 1))
    content[bit // 8] ^= 1 << bit % 8
    stored.write_bytes(content)
    assert cache._read(stored) is None


def test_a_file_of_somebody_else_is_not_loaded(stored, monkeypatch):
    monkeypatch.setattr("os.getuid", lambda: 54_321)
    whoever = stored.stat().st_uid
    assert (kept(entry(double)) is not None) == (whoever == 0)
    if whoever == 0:
        os.chown(stored, 12_345, 12_345)
        assert kept(entry(double)) is None


def test_a_folder_that_is_not_empty_in_the_place_of_the_file_stays_and_does_not_stop_the_start(stored, capsys, own):
    stored.unlink()
    stored.mkdir()
    (stored / "mine.txt").write_text("mine", "utf-8")
    assert started(double) == "compiled"
    assert "so what was compiled is kept in" in capsys.readouterr().err
    assert (stored / "mine.txt").read_text("utf-8") == "mine"
    assert started(double) == "loaded"
