"""`citysafety upgrade`, as somebody with files and stores of an earlier version meets it."""

import json
import os

import pytest
from rotting import of_version_0_1_0, of_version_0_2_0, tiny_store

from experiments.commands.cli import run_command
from experiments.store import whole_files
from experiments.store.query import ask as ask_store
from experiments.store.seals import NO_SEAL, seal
from experiments.store.settings import SETTINGS
from experiments.store.shards import encode
from experiments.store.soundness import check
from experiments.store.store import Store, existing
from sim import renamed
from sim.errors import InputError

OLD = "name: mine\ntitle: Mine\nabout: Mine.\nmeasures:\n  - {measure: P-E1, trigger: {outcome: dread, above: 1}}   # c\n"
NEW = "schema: 2\n" + OLD.replace("dread", "fear")


@pytest.fixture
def older(monkeypatch):
    monkeypatch.setitem(renamed.OUTCOMES, "dread", "fear")


@pytest.fixture
def ask(capsys):
    def run(*arguments):
        code = run_command([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run


@pytest.fixture
def old_file(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(OLD)
    return path


# Files ----------------------------------------------------------------------------------------------------------------


def test_a_file_is_rewritten_in_place_and_kept_as_it_was(older, ask, old_file):
    old_file.chmod(0o640)
    code, out, _ = ask("upgrade", old_file)
    assert code == 0
    assert out == (
        f"{old_file}: 1 name replaced, schema: 2; the file as it was is {old_file}.old\n  line 5: dread is now fear\n"
    )
    assert old_file.read_text() == NEW
    assert old_file.stat().st_mode & 0o777 == 0o640
    assert (old_file.parent / "mine.yaml.old").read_text() == OLD
    assert ask("upgrade", old_file)[1] == f"{old_file}: is up to date\n"
    assert len(list(old_file.parent.iterdir())) == 2


def test_an_earlier_copy_is_never_overwritten(older, ask, old_file):
    (old_file.parent / "mine.yaml.old").write_text("mine")
    ask("upgrade", old_file)
    assert (old_file.parent / "mine.yaml.old").read_text() == "mine"
    assert (old_file.parent / "mine.yaml.old2").read_text() == OLD


def test_another_place_leaves_the_file_alone_and_overwrites_nothing(older, ask, old_file):
    out = old_file.parent / "new.yaml"
    assert ask("upgrade", old_file, "--out", out)[0] == 0
    assert (old_file.read_text(), out.read_text()) == (OLD, NEW)
    code, _, err = ask("upgrade", old_file, "--out", out)
    assert code == 2
    assert "there is a file of that name" in err
    code, _, err = ask("upgrade", old_file.parent, "--out", out)
    assert code == 2
    assert "is for one file" in err


def test_a_link_is_followed_and_stays_a_link(older, ask, old_file):
    link = old_file.parent / "link.yaml"
    link.symlink_to(old_file)
    assert ask("upgrade", link)[0] == 0
    assert link.is_symlink()
    assert old_file.read_text() == NEW


@pytest.mark.parametrize("call", [0, 1])
def test_a_stop_while_writing_leaves_a_whole_file(older, ask, old_file, monkeypatch, call):
    calls = []

    def stop(handle):
        calls.append(handle)
        if len(calls) == 2 * call + 1:
            raise KeyboardInterrupt

    monkeypatch.setattr(whole_files.os, "fsync", stop)
    assert ask("upgrade", old_file)[0] == 130
    assert old_file.read_text() in (OLD, NEW)
    assert old_file.read_text() == OLD or (old_file.parent / "mine.yaml.old").read_text() == OLD
    monkeypatch.undo()


def test_a_folder_is_searched_and_what_is_not_ours_is_left(older, ask, tmp_path):
    inside = tmp_path / "more"
    inside.mkdir()
    for path in (tmp_path / "a.yaml", inside / "b.yml", tmp_path / ".hidden.yaml"):
        path.write_text(OLD)
    (tmp_path / "other.yaml").write_text("services: {web: {image: x}}\n")
    code, out, _ = ask("upgrade", tmp_path)
    assert code == 0
    assert (tmp_path / "a.yaml").read_text() == (inside / "b.yml").read_text() == NEW
    assert (tmp_path / ".hidden.yaml").read_text() == OLD
    assert "other" not in out
    assert ask("upgrade", tmp_path)[1].count("is up to date") == 2


def test_results_are_kept_as_they_are(older, ask, tmp_path):
    (tmp_path / "manifest.json").write_text("{}")
    path = tmp_path / "scenario.yaml"
    path.write_text("city: {name: x}\npolicies: []\nstudy: {outcomes: [dread]}\n")
    code, _, err = ask("upgrade", path)
    assert code == 2
    assert "belongs to results, which are kept as they are" in err
    assert "kept as they are" in ask("upgrade", tmp_path)[1]
    assert ask("upgrade", path, "--out", tmp_path / "new.yaml")[0] == 0
    assert "outcomes: [fear]" in (tmp_path / "new.yaml").read_text()


def test_what_is_not_there_is_refused(ask, tmp_path):
    code, _, err = ask("upgrade", tmp_path / "none.yaml")
    assert code == 2
    assert "no such file" in err


# Stores ---------------------------------------------------------------------------------------------------------------


def with_old_names(path):
    """Write the shards of a store again with the outcome fear under an old name, and its settings too."""
    store = Store.open(path)
    for name in store.committed():
        tables = {folder: store.read_shard(folder, name) for folder in store.folders}
        renamed_too = {
            folder: encode(table.rename_columns(["dread" if each == "fear" else each for each in table.column_names]))
            for folder, table in tables.items()
        }
        new = store.write_shard(tables["runs"].num_rows, renamed_too)
        for folder in (*store.folders, "commits"):
            if new != name:
                store.shard(folder, name).unlink()
    said = json.loads((path / SETTINGS).read_text())
    said["keep"]["monthly"] = ["dread", "homicide_rate"]
    (path / SETTINGS).write_bytes(seal((json.dumps(said | {"hash": NO_SEAL}, indent=2) + "\n").encode()))
    return path


QUESTION = "SELECT id, fear FROM runs ORDER BY id"


@pytest.fixture
def stored(tmp_path, monkeypatch):
    """A store of version 0.2.0, and what it answered before an outcome was renamed."""
    path = of_version_0_2_0(tiny_store(tmp_path / "store"))
    before = ask_store(Store.open(path), QUESTION)
    with_old_names(path)
    monkeypatch.setitem(renamed.OUTCOMES, "dread", "fear")
    return path, before


def test_a_store_in_old_names_is_read_and_queried_under_the_new_ones(stored, ask):
    path, before = stored
    store = existing(path)
    assert store.keep.monthly == ("fear", "homicide_rate")
    assert ask_store(store, QUESTION).equals(before)
    assert len(ask_store(store, "SELECT fear, homicide_rate FROM city")) > 0
    assert len(ask_store(store, "SELECT fear FROM places")) > 0
    assert check(existing(path)) == []
    with pytest.raises(InputError, match=r"dread is called fear since version 0\.3\.0"):
        ask_store(store, "SELECT dread FROM runs")


def test_a_store_is_rewritten_with_the_same_runs_and_ids(stored, ask):
    path, before = stored
    code, out, _ = ask("upgrade", path)
    assert code == 0
    assert out == f"{path}: 2 shards rewritten; every run keeps its id\n"
    assert json.loads((path / SETTINGS).read_text())["keep"]["monthly"] == ["fear", "homicide_rate"]
    assert check(existing(path)) == []
    assert ask_store(existing(path), QUESTION).equals(before)
    store = existing(path)
    assert not any(store.holds_old_names(name) for name in store.committed())
    assert ask("upgrade", path)[1] == f"{path}: is up to date\n"


def test_a_store_that_was_stopped_while_it_was_rewritten_has_lost_nothing_and_goes_on(stored, ask, monkeypatch):
    path, before = stored
    count = len(before)
    for stop_at in (1, 3, 5, 8, 11):
        with monkeypatch.context() as patched:
            calls = []

            def stop(handle, calls=calls, stop_at=stop_at):
                calls.append(handle)
                if len(calls) == stop_at:
                    raise KeyboardInterrupt

            patched.setattr(os, "fsync", stop)
            ask("upgrade", path)
        assert ask_store(existing(path), QUESTION).equals(before)
        assert len(ask_store(existing(path), "SELECT DISTINCT id FROM runs")) == count
    assert ask("upgrade", path)[0] == 0
    assert ask_store(existing(path), QUESTION).equals(before)
    assert check(existing(path)) == []


def test_a_store_of_version_0_1_0_is_rewritten_too(tmp_path, ask, monkeypatch):
    path = tiny_store(tmp_path / "store")
    before = ask_store(Store.open(path), QUESTION)
    of_version_0_1_0(path)
    monkeypatch.setitem(renamed.OUTCOMES, "dread", "fear")
    assert ask("upgrade", path)[1] == f"{path}: is up to date\n"
    assert ask_store(existing(path), QUESTION).equals(before)
