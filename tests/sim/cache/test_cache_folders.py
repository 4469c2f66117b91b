"""Where compiled functions are kept, and that a folder that cannot be used stops nothing."""

from pathlib import Path

import numba
import pytest
from caching import double, started

from sim.compiled import cache_folders

pytestmark = pytest.mark.skipif(bool(numba.config.DISABLE_JIT), reason="nothing is compiled")

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
