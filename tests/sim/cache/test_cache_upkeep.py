"""Only what is ours is removed, and several starts at once or one that is killed spoil nothing."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numba
import pytest
from caching import AGED, NAME, double, only_file, started, triple

from sim import cache
from sim.compiled import cache_folders, entry, kept, source_hash

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

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
from caching import started, double
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
