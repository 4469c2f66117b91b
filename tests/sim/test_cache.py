"""The cache of compiled functions: only what is whole is loaded, only what is ours is removed, and nothing stops a run."""

import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numba
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim import cache
from sim.compiled import cache_folders, entry, kept, source_hash

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

AGED = time.time() - 45 * 86_400
NAME = "months-" + "a" * 32 + "-" + "b" * 32 + ".nbc"


def double(number):
    return 2 * number


def triple(number):
    return 3 * number


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    """A cache folder of one's own, and one for temporary files."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path / "cache"))
    return tmp_path


@pytest.fixture(scope="module")
def compiled_once(tmp_path_factory):
    """The file of `double`, compiled once for all tests: its name and its bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CITYSAFETY_CACHE", str(tmp_path_factory.mktemp("cache")))
        assert started(double) == "compiled"
        path = only_file(cache_folders()[0])
        return path.name, path.read_bytes()


@pytest.fixture
def stored(compiled_once):
    """That file, in the cache folder of this test."""
    name, content = compiled_once
    folder = cache_folders()[0]
    folder.mkdir(parents=True)
    (folder / cache.MARKER).write_text(cache.MARK, "utf-8")
    (folder / name).write_bytes(content)
    (folder / name).chmod(0o644)
    return folder / name


def started(function, factor=2):
    """Start the function anew, as another process would; say whether it was loaded or compiled."""
    made = entry(function)
    assert made(21) == 21 * factor
    return "loaded" if sum(made.stats.cache_hits.values()) else "compiled"


def only_file(folder):
    (path,) = folder.glob("*.nbc")
    return path


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


# Where nothing can be written


def no_room(*arguments):
    raise OSError(28, "No space left on device")


def a_file_as_folder(monkeypatch, own):
    (own / "cache").write_text("", "utf-8")


def below_a_file(monkeypatch, own):
    (own / "file").write_text("", "utf-8")
    monkeypatch.setenv("CITYSAFETY_CACHE", str(own / "file" / "below"))


def too_long_a_name(monkeypatch, own):
    monkeypatch.setenv("CITYSAFETY_CACHE", str(own / ("x" * 300)))


@pytest.mark.parametrize("block", [a_file_as_folder, below_a_file, too_long_a_name], ids=lambda each: each.__name__)
def test_a_cache_that_cannot_be_written_is_told_once_and_the_temporary_folder_used(block, monkeypatch, own, capsys):
    block(monkeypatch, own)
    assert started(double) == "compiled"
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 3
    assert "cannot be written" in said[-1]
    assert str(own / "temporary") in said[-1]
    assert started(double) == "loaded"
    assert capsys.readouterr().err == ""


def test_a_full_disk_is_told_in_one_line_and_leaves_nothing_half_written(own, monkeypatch, capsys):
    monkeypatch.setattr(Path, "replace", no_room)
    assert started(double) == "compiled"
    said = capsys.readouterr().err.splitlines()
    assert "(No space left on device), so every start compiles again" in said[-1]
    assert [path for path in own.rglob("*") if path.is_file()] == []


def test_what_is_kept_in_a_folder_that_cannot_be_written_is_still_loaded(stored, monkeypatch):
    monkeypatch.setattr(Path, "replace", no_room)
    monkeypatch.setattr("os.utime", no_room)
    assert started(double) == "loaded"


@pytest.mark.parametrize("home", ["", "/", "relative/home"])
def test_without_a_home_the_temporary_folder_is_used(home, monkeypatch, own):
    for name in ("CITYSAFETY_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", home)
    assert [folder.parent.parent for folder in cache_folders()] == [own / "temporary"]
    assert started(double) == "compiled"
    assert started(double) == "loaded"


def test_without_a_home_and_an_entry_for_the_user_the_temporary_folder_is_used(monkeypatch, own):
    def nobody():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("CITYSAFETY_CACHE")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(Path, "home", nobody)
    assert [folder.parent.parent for folder in cache_folders()] == [own / "temporary"]


def test_without_any_folder_a_line_says_so(monkeypatch, capsys):
    def none():
        raise FileNotFoundError(2, "No usable temporary directory found")

    monkeypatch.setenv("CITYSAFETY_CACHE", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", "")
    monkeypatch.setattr("tempfile.gettempdir", none)
    assert cache_folders() == ()
    assert started(double) == "compiled"
    assert "neither a home nor a folder for temporary files" in capsys.readouterr().err


def test_a_relative_folder_of_the_convention_is_passed_over(monkeypatch, own):
    monkeypatch.delenv("CITYSAFETY_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", str(own / "home"))
    assert cache_folders()[0].parent == own / "home" / ".cache" / "citysafety"


def test_a_temporary_folder_of_somebody_else_is_passed_over(own):
    folder = cache_folders()[-1].parent
    assert folder.parent == own / "temporary"
    folder.mkdir()
    folder.chmod(0o777)
    assert [each.parent.parent for each in cache_folders()] == [own / "cache"]
    folder.rmdir()
    folder.symlink_to(own)
    assert [each.parent.parent for each in cache_folders()] == [own / "cache"]


@pytest.mark.parametrize("name", ["with space", "Zürich Ümlaut", "日本"])
def test_any_folder_will_do(name, monkeypatch, own):
    monkeypatch.setenv("CITYSAFETY_CACHE", str(own / name))
    assert (started(double), started(double)) == ("compiled", "loaded")


# What is removed


def aged(path):
    for each in [*path.rglob("*"), path] if path.is_dir() and not path.is_symlink() else [path]:
        os.utime(each, (AGED, AGED), follow_symlinks=False)
    return path


def unused(parent, name="0" * 32):
    """A folder of ours that was not used for 45 days."""
    folder = parent / name
    folder.mkdir(parents=True)
    (folder / cache.MARKER).write_text(cache.MARK, "utf-8")
    (folder / NAME).write_bytes(b"compiled")
    (folder / f"{NAME}.17.123.part").write_bytes(b"half")
    return aged(folder)


def with_another_name(parent):
    return unused(parent, "studies")


def with_a_longer_name(parent):
    return unused(parent, "0" * 33)


def without_marker(parent):
    folder = unused(parent)
    (folder / cache.MARKER).unlink()
    return aged(folder)


def of_the_first_version(parent):
    folder = parent / ("0" * 32)
    (folder / "sim_abc").mkdir(parents=True)
    (folder / "sim_abc" / "month.months-74.py312.nbi").write_bytes(b"index")
    return aged(folder)


def with_a_foreign_marker(parent):
    folder = unused(parent)
    (folder / cache.MARKER).write_text("my own notes", "utf-8")
    return aged(folder)


def with_a_foreign_file(parent):
    folder = unused(parent)
    (folder / "thesis.txt").write_text("mine", "utf-8")
    return aged(folder)


def with_a_foreign_file_of_our_ending(parent):
    folder = unused(parent)
    (folder / "other.nbc").write_text("mine", "utf-8")
    return aged(folder)


def with_a_folder_inside(parent):
    folder = unused(parent)
    (folder / "deeper").mkdir()
    return aged(folder)


def with_a_link_inside(parent):
    folder = unused(parent)
    (folder / NAME.replace("a", "c")).symlink_to(parent)
    return aged(folder)


def with_a_link_for_a_marker(parent):
    folder = unused(parent)
    (parent / "text").write_text(cache.MARK, "utf-8")
    (folder / cache.MARKER).unlink()
    (folder / cache.MARKER).symlink_to(parent / "text")
    return aged(folder)


def a_link_to_a_folder_of_ours(parent):
    folder = unused(parent.parent / "elsewhere")
    (parent / ("0" * 32)).symlink_to(folder)
    return folder


def a_file(parent):
    (parent / ("0" * 32)).write_text("mine", "utf-8")
    return aged(parent / ("0" * 32))


def used_of_late(parent):
    folder = unused(parent)
    os.utime(folder / cache.MARKER)
    return folder


STAYING = [
    with_another_name, with_a_longer_name, without_marker, of_the_first_version, with_a_foreign_marker, with_a_foreign_file,
    with_a_foreign_file_of_our_ending, with_a_folder_inside, with_a_link_inside, with_a_link_for_a_marker,
    a_link_to_a_folder_of_ours, a_file, used_of_late,
]  # fmt: skip


@pytest.mark.parametrize("foreign", STAYING, ids=lambda each: each.__name__)
def test_what_is_not_wholly_ours_and_unused_stays(foreign, own):
    parent = own / "cache" / "citysafety"
    parent.mkdir(parents=True)
    kept_path = foreign(parent)
    before = sorted(kept_path.rglob("*"))
    ours = unused(parent, "1" * 32)
    cache.remove_unused(parent, besides=source_hash())
    assert not ours.exists()
    assert kept_path.exists()
    assert sorted(kept_path.rglob("*")) == before


def test_a_new_version_removes_those_long_unused_but_never_its_own(stored):
    ours = unused(stored.parent.parent)
    aged(stored.parent)
    assert started(triple, 3) == "compiled"
    assert not ours.exists()
    assert stored.exists()


def test_importing_the_model_writes_and_removes_nothing(own):
    parent = own / "cache" / "citysafety"
    ours, theirs = unused(parent), aged(unused(parent, "studies"))
    done = subprocess.run([sys.executable, "-c", "import sim.month"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(parent.iterdir()) == sorted([ours, theirs])


# Several at once


def test_many_writers_at_once_leave_one_whole_file(own):
    folder = own / "cache" / "citysafety" / source_hash()
    contents = [bytes([number]) * 100_000 for number in range(8)]
    failed = []

    def write(content):
        try:
            for _ in range(20):
                cache._keep(folder, NAME, content)
                found = cache._read(folder / NAME)
                assert found in contents
        except Exception as error:
            failed.append(error)

    threads = [threading.Thread(target=write, args=(content,)) for content in contents]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert sorted(path.name for path in folder.iterdir()) == sorted([cache.MARKER, NAME])


COLD = """
import sys
sys.path.insert(0, sys.argv[1])
from test_cache import started, double
print(started(double))
"""


def test_two_cold_starts_at_once_do_not_spoil_the_cache(own):
    environment = os.environ | {"CITYSAFETY_CACHE": str(own / "cache")}
    starts = [
        subprocess.Popen([sys.executable, "-c", COLD, str(Path(__file__).parent)], stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, text=True, env=environment)
        for _ in range(2)
    ]  # fmt: skip
    for start in starts:
        out, err = start.communicate(timeout=120)
        assert (start.returncode, "Traceback" in err) == (0, False)
        assert out.strip() in {"compiled", "loaded"}
    folder = cache_folders()[0]
    assert len(list(folder.iterdir())) == 2
    assert stat.S_IMODE(only_file(folder).stat().st_mode) & 0o022 == 0


KILLED_BEFORE_IT_APPEARS = """
import os, signal
from pathlib import Path
def kill(path, target):
    if path.name.endswith(".part") and Path(target).suffix == SUFFIX:
        os.kill(os.getpid(), signal.SIGKILL)
    os.replace(path, target)
Path.replace = kill
"""
KILLED_WITHIN = """
import resource, signal
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000))
"""
KILLS = {
    "while it writes": KILLED_WITHIN,
    "before the file appears": KILLED_BEFORE_IT_APPEARS.replace("SUFFIX", "'.nbc'"),
    "before the marker appears": KILLED_BEFORE_IT_APPEARS.replace("SUFFIX", "'.txt'"),
}


@pytest.mark.parametrize("when", KILLS)
def test_a_start_that_is_killed_while_it_stores_leaves_nothing_that_is_loaded(when, own, capsys):
    done = subprocess.run(
        [sys.executable, "-c", KILLS[when] + COLD, str(Path(__file__).parent)],
        capture_output=True, text=True, timeout=120, check=False, env=os.environ | {"CITYSAFETY_CACHE": str(own / "cache")},
    )  # fmt: skip
    assert (done.returncode < 0, done.stdout) == (True, "")
    folder = cache_folders()[0]
    (left,) = folder.glob("*.part")
    assert list(folder.glob("*.nbc")) == []
    assert kept(entry(double)) is None
    assert (started(double), started(double)) == ("compiled", "loaded")
    assert "Traceback" not in capsys.readouterr().err
    # What the killed start left goes with its folder.
    aged(folder)
    os.utime(left, (AGED, AGED))
    cache.remove_unused(folder.parent, besides="")
    assert not folder.exists()
