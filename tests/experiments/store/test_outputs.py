"""What --out writes stands there whole or not at all, and nothing that is not ours is ever lost for it."""

import errno
import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from experiments.store import placement
from experiments.store.manifests import MANIFEST, write_manifest
from experiments.store.outputs import checked, write_file, written
from sim.errors import InputError
from sim.files import write_city_template

ABOUT = {"made_with": {"model": "x"}}
FIRST = {"summary.txt": "first", "table.csv": "first", "figures/one.png": "first"}
SECOND = {"summary.txt": "second", "other.csv": "second", "figures/two.png": "second"}


def put(folder, files, *, force=False, store=None):
    with written(checked(folder, f"--out {folder}", force=force, store=store)) as private:
        for name, text in files.items():
            (private / name).parent.mkdir(exist_ok=True)
            (private / name).write_text(text, "utf-8")
        write_manifest(private, ABOUT)


def held(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def refusal(folder, **how):
    """Return why a folder is refused, on one line, and make sure that nothing was made for it."""
    where = next(each for each in folder.parents if len(each.name) < 100 and each.is_dir())
    before = sorted(where.rglob("*"))
    with pytest.raises(InputError) as found:
        checked(folder, f"--out {folder}", **{"force": False} | how)
    assert sorted(where.rglob("*")) == before
    assert "\n" not in str(found.value)
    return str(found.value).removeprefix(f"--out {folder}: ")


@pytest.fixture
def results(tmp_path):
    put(tmp_path / "out", FIRST)
    return tmp_path / "out"


# Whole or not at all --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_kill_or_a_full_disk_at_any_operation_leaves_the_old_or_the_new(tmp_path):
    script = Path(__file__).with_name("stopping.py")
    done = subprocess.run([sys.executable, str(script), str(tmp_path / "where")], capture_output=True, text=True, check=True)
    stops = [line.split("\t") for line in done.stdout.splitlines()]
    found = Counter((how, where, code, state) for how, where, _, code, state, *_ in stops)
    assert {line[5:] == ["True", "new", "[]"] or tuple(line) for line in stops} == {True}, (
        "other files stay; it can be done again"
    )
    assert found["killed", "beside", "-9", "old"] > 15
    assert found["killed", "beside", "-9", "new"] > 0
    assert found["full", "beside", "2", "old"] > 8
    assert {state for _, where, _, state in found if where == "beside"} <= {"old", "new"}
    assert {state for how, *_, state in found if how == "full"} <= {"old", "new"}
    assert {state for _, _, _, state in found} <= {"old", "new", "seen"}, "a folder that must stay may be seen to be cut off"


def half_written(folder, stop):
    with written(checked(folder, "--out out", force=True)) as private:
        (private / "summary.txt").write_text("half", "utf-8")
        raise stop


def late(folder):
    """Write results to a place that somebody else fills meanwhile."""
    with written(checked(folder, "--out out", force=False)) as private:
        put(folder, FIRST)
        (private / "summary.txt").write_text("second", "utf-8")
        write_manifest(private, ABOUT)


@pytest.mark.parametrize(
    "stop", [OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), KeyboardInterrupt(), ZeroDivisionError()]
)
def test_whatever_ends_the_writing_leaves_what_was_there(results, stop):
    with pytest.raises(InputError if isinstance(stop, OSError) else type(stop)) as found:
        half_written(results, stop)
    assert held(results) == FIRST
    assert [path.name for path in results.parent.iterdir()] == ["out"]
    if isinstance(stop, OSError):
        says = "--out out: cannot be written (No space left on device); what was there before is unchanged"
        assert str(found.value).startswith(says)


@pytest.mark.parametrize("exchange", [True, False])
def test_new_results_replace_the_old_whole(results, exchange, monkeypatch):
    if not exchange:
        monkeypatch.setattr(placement, "_exchanged", lambda *_: False)
    put(results, SECOND, force=True)
    assert held(results) == SECOND
    assert set(json.loads((results / MANIFEST).read_bytes())["files"]) == set(SECOND)
    assert [path.name for path in results.parent.iterdir()] == ["out"]


def test_a_folder_that_must_stay_is_filled_in_place(results, monkeypatch):
    before = results.stat().st_ino
    monkeypatch.chdir(results)
    put(Path(), SECOND, force=True)
    assert held(results) == SECOND
    assert results.stat().st_ino == before


def test_the_place_may_be_new_empty_or_deep(tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "new", tmp_path / "a" / "b" / "c", Path(f"{tmp_path / 'slash'}/")):
        put(folder, FIRST)
        assert held(folder) == FIRST


def test_nothing_is_left_of_a_run_that_fails(tmp_path):
    place = checked(tmp_path / "a" / "b", "--out b", force=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyError), written(place):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_results_that_find_their_place_taken_are_kept_beside_it(tmp_path):
    with pytest.raises(InputError, match=r"are in the way there and stay; the new results are in .*out-2"):
        late(tmp_path / "out")
    assert held(tmp_path / "out") == FIRST
    assert held(tmp_path / "out-2") == {"summary.txt": "second"}


# What may be replaced -------------------------------------------------------------------------------------------------


def test_results_are_replaced_only_where_force_is_given(results):
    assert refusal(results) == "holds results already; give --force to replace them, or name another folder"


def test_other_files_stay_beside_replaced_results(results):
    (results / "notes.txt").write_text("mine", "utf-8")
    (results / "figures" / "mine.png").write_text("mine", "utf-8")
    put(results, SECOND, force=True)
    assert held(results) == SECOND | {"notes.txt": "mine", "figures/mine.png": "mine"}


@pytest.mark.parametrize("force", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        None,
        "{}",
        "[]",
        "{",
        '{"name": "a web page", "files": {}}',
        '{"format": 2, "made_with": {"model": "x"}, "files": {"../notes.txt": "00000000000000000000000000000000"}}',
        '{"format": 2, "made_with": {"model": "x"}, "files": {"/etc/passwd": "00000000000000000000000000000000"}}',
        '{"format": 2, "made_with": {"model": "x"}, "files": {"notes.txt": "mine"}}',
        '{"format": 2, "made_with": {"model": "x"}, "files": ["notes.txt"]}',
        '{"format": 2, "files": {"notes.txt": "00000000000000000000000000000000"}}',
    ],
)
def test_a_folder_with_other_files_is_never_touched(tmp_path, force, text):
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine", "utf-8")
    if text is not None:
        (folder / MANIFEST).write_text(text, "utf-8")
    says = refusal(folder, force=force)
    assert "holds other files" in says or "is not JSON" in says
    assert (folder / "notes.txt").read_text("utf-8") == "mine"


def test_a_folder_of_the_first_version_may_be_replaced_with_its_drawings(tmp_path):
    folder = tmp_path / "out"
    put(folder, {"summary.csv": "old"})
    manifest = json.loads((folder / MANIFEST).read_bytes()) | {"format": 1}
    (folder / MANIFEST).write_text(json.dumps(manifest), "utf-8")
    (folder / "figures").mkdir()
    for name in ("report.html", "figures/map_a.png", "notes.txt"):
        (folder / name).write_text("old", "utf-8")
    put(folder, SECOND | {"report.html": "second"}, force=True)
    assert held(folder) == SECOND | {"report.html": "second", "notes.txt": "old"}


# Links, files and other places ----------------------------------------------------------------------------------------


def test_a_link_is_no_place_for_results(results):
    link = results.parent / "link"
    link.symlink_to(results)
    assert refusal(link, force=True) == "this is a symbolic link; name the folder itself"
    link.unlink()
    link.symlink_to("nowhere")
    assert refusal(link) == "this is a symbolic link; name the folder itself"


@pytest.mark.parametrize("name", ["summary.txt", "figures/one.png", "figures", MANIFEST])
def test_a_link_within_is_not_followed(results, tmp_path_factory, name):
    other = tmp_path_factory.mktemp("other") / "target"
    if name == "figures":
        (results / "figures" / "one.png").unlink()
        (results / name).rmdir()
        other.mkdir()
        (other / "one.png").write_text("mine", "utf-8")
    else:
        (results / name).rename(other)
        other.write_text("mine", "utf-8") if name != MANIFEST else None
    before = other.read_bytes() if other.is_file() else (other / "one.png").read_bytes()
    (results / name).symlink_to(other)
    says = refusal(results, force=True)
    assert "symbolic link" in says or "is not an ordinary file" in says
    assert (other.read_bytes() if other.is_file() else (other / "one.png").read_bytes()) == before


def test_a_foreign_link_where_a_new_file_must_go_is_not_followed(results, tmp_path):
    target = tmp_path / "target"
    target.write_text("mine", "utf-8")
    (results / "other.csv").symlink_to(target)
    with pytest.raises(InputError, match=r"the new results are in .*out-2"):
        put(results, SECOND, force=True)
    assert target.read_text("utf-8") == "mine"
    assert {name: text for name, text in held(results).items() if name != "other.csv"} == FIRST


def test_a_folder_in_the_place_of_a_file_and_a_file_in_the_place_of_a_folder_are_told(results):
    (results / "summary.txt").unlink()
    (results / "summary.txt").mkdir()
    assert refusal(results, force=True) == "summary.txt in it is a folder, not what was written; remove it first"
    (results / "summary.txt").rmdir()
    (results / "figures" / "one.png").unlink()
    (results / "figures").rmdir()
    (results / "figures").write_text("mine", "utf-8")
    assert refusal(results, force=True) == "figures in it is a file, not what was written; remove it first"


def test_what_is_no_folder_is_refused_in_one_line(tmp_path):
    (tmp_path / "file").write_text("mine", "utf-8")
    assert refusal(tmp_path / "file") == "this is a file; name a folder"
    assert refusal(tmp_path / "file" / "out").endswith("file is a file, not a folder; name another folder")
    assert "(File name too long)" in refusal(tmp_path / ("long" * 80))
    assert "(File name too long)" in refusal(tmp_path / ("long" * 80) / "out")


def test_a_folder_without_permission_is_refused(results, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # what is asked of root, too
    assert refusal(results, force=True) == "cannot be written (Permission denied); name another folder"


def test_a_store_of_runs_is_no_place_for_results(tmp_path):
    store = tmp_path / "store"
    assert refusal(store, store=store).startswith("lies in the store")
    assert refusal(store / "out", store=store).startswith("lies in the store")
    assert refusal(tmp_path, store=store).startswith("would hold the store")
    store.mkdir()
    (store / "store.json").write_text("{}", "utf-8")
    assert refusal(store / "city" / "out").startswith("lies in the store")
    (tmp_path / "link").symlink_to(store)
    assert refusal(tmp_path / "link" / "out").startswith("lies in the store")


# Single files ---------------------------------------------------------------------------------------------------------


def test_a_single_file_is_written_whole_and_a_link_in_its_place_is_not_followed(tmp_path, monkeypatch):
    mine, picture = tmp_path / "mine.png", tmp_path / "new" / "picture.png"
    mine.write_text("mine", "utf-8")
    write_file(picture, b"one")
    picture.unlink()
    picture.symlink_to(mine)
    write_file(picture, b"two")
    assert (picture.read_bytes(), mine.read_bytes(), picture.is_symlink()) == (b"two", b"mine", False)

    def full(_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="full"):
        write_file(picture, b"three")
    assert picture.read_bytes() == b"two"
    assert [path.name for path in picture.parent.iterdir()] == ["picture.png"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_half_a_city_is_not_left(tmp_path, monkeypatch):
    ordinary = Path.open

    def on_a_full_disk(path, mode="r", **options):
        if "x" not in mode:
            return ordinary(path, mode, **options)
        ordinary(path, mode).close()
        return ordinary(Path("/dev/full"), "wb")

    monkeypatch.setattr(Path, "open", on_a_full_disk)
    with pytest.raises(InputError, match=r"cannot be written \(No space left on device\)"):
        write_city_template("harbour_town", tmp_path)
    assert list(tmp_path.iterdir()) == []
