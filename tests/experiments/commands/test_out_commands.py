"""Commands with --out: refused before anything runs, replaced whole with --force, one line and no trace on a full disk."""

import dataclasses
import errno
import json
import os
import shutil
import sys
import types
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from plausible import plausible

from experiments.comparison.results import write_results
from experiments.store.outputs import checked, written

SMALL = ["--months", "1", "--replications", "2"]


@pytest.fixture
def drawn(monkeypatch):
    """A report and figures that cost nothing, and say how often they were drawn."""
    times = []

    def write_report(comparison, folder, *, pictures):
        times.append(comparison.replications)
        (folder / "report.html").write_bytes(f"{comparison.replications} futures".encode())
        return folder / "report.html"

    class Pictures:
        def __init__(self, comparison):
            pass

        def save(self, folder):
            folder.mkdir()
            (folder / "lines.svg").write_bytes(b"<svg/>")

    report = types.ModuleType("experiments.comparison.report.page")
    pictures = types.ModuleType("experiments.comparison.pictures")
    report.write_report, pictures.Pictures = write_report, Pictures
    monkeypatch.setitem(sys.modules, "experiments.comparison.report.page", report)
    monkeypatch.setitem(sys.modules, "experiments.comparison.pictures", pictures)
    return times


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    """A folder of results as `compare` writes it, with a page and a figure."""
    folder = tmp_path_factory.mktemp("stored") / "out"
    comparison = dataclasses.replace(plausible(arms=1, replications=2, months=12), made_with={"model": "made up"})
    with written(checked(folder, "--out", force=False)) as private:
        write_results(comparison, private, command=["compare", "sandbox"])
        (private / "report.html").write_bytes(b"2 futures")
        (private / "figures").mkdir()
        (private / "figures" / "lines.svg").write_bytes(b"<svg/>")
    return folder


@pytest.fixture
def compared(core, drawn, stored, tmp_path):
    """A folder of results of one's own, and the command that would write there."""
    (tmp_path / "calm.yaml").write_text("name: calm\ntitle: Calm\nabout: Halves homicide.\nmeasures: []\n", "utf-8")
    out = tmp_path / "out"
    shutil.copytree(stored, out)
    return out, ["compare", "sandbox", "--policy", tmp_path / "calm.yaml", *SMALL, "--out", out]


def content(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_that_is_written_is_listed(compared, ask):
    out, command = compared
    assert ask(*command, "--force")[0] == 0
    listed = json.loads((out / "manifest.json").read_bytes())["files"]
    assert set(listed) == set(content(out)) - {"manifest.json"}
    assert {"report.html", "figures/lines.svg", "summary.csv"} <= set(listed)


def test_a_second_time_is_refused_before_anything_runs(core, compared, ask):
    out, command = compared
    before, ran = content(out), len(core.ran)
    code, text, err = ask(*command)
    assert (code, text) == (2, "")
    assert err == f"citysafety: --out {out}: holds results already; give --force to replace them, or name another folder\n"
    assert content(out) == before
    assert len(core.ran) == ran


def test_force_replaces_them_whole_once_the_new_ones_are_complete(core, compared, ask):
    out, command = compared
    assert ask(*command, "--replications", "3", "--force")[0] == 0
    assert json.loads((out / "manifest.json").read_bytes())["replications"] == 3
    assert (out / "report.html").read_bytes() == b"3 futures"
    before = content(out)
    core.failing_seeds = {seed: ZeroDivisionError() for seed in core.ran}
    assert ask(*command, "--force")[0] == 1
    assert content(out) == before


def test_force_without_out_says_so(core, ask):
    code, text, err = ask("run", "sandbox", *SMALL, "--force")
    assert (code, text) == (2, "")
    assert err == "citysafety: --force is given without --out; name the folder whose results may be replaced\n"


def test_a_folder_that_says_nothing_is_refused(core, ask):
    for empty in ("", "  "):
        code, text, err = ask("run", "sandbox", *SMALL, "--out", empty)
        assert (code, text) == (2, "")
        assert err == "citysafety: --out is empty; name a folder, such as --out results/sandbox\n"


def test_a_tilde_is_a_home(compared, ask, tmp_path, monkeypatch):
    _, command = compared
    monkeypatch.setenv("HOME", str(tmp_path))
    assert ask(*command[:-1], "~/home")[0] == 0
    assert (tmp_path / "home" / "manifest.json").is_file()
    code, _, err = ask(*command[:-1], "~nobody-of-that-name/out")
    assert code == 2
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", [["factorial", "sandbox"], ["tradeoffs", "sandbox"], ["sensitivity", "sandbox"]])
def test_studies_refuse_their_store_and_what_is_taken_before_anything_runs(core, ask, tmp_path, command):
    taken = tmp_path / "taken"
    taken.mkdir()
    (taken / "notes.txt").write_text("mine", "utf-8")
    store = tmp_path / "store"
    for out, says in (
        (store, "lies in the store"),
        (store / "out", "lies in the store"),
        (tmp_path, "would hold the store"),
        (taken, "holds other files"),
    ):
        for force in ([], ["--force"]):
            code, text, err = ask(*command, "--store", store, "--out", out, "--months", "12", *force)
            assert (code, text, len(err.splitlines())) == (2, "", 1)
            assert says in err
    assert core.ran == []
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["notes.txt", "taken"]


def full(monkeypatch, after):
    """Let the disk be full after a number of files."""
    left = [after]
    ordinary = {"bytes": Path.write_bytes, "table": pq.write_table}

    def counted(how, *given, **named):
        left[0] -= 1
        if left[0] < 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return ordinary[how](*given, **named)

    monkeypatch.setattr(Path, "write_bytes", lambda *given: counted("bytes", *given))
    monkeypatch.setattr(pq, "write_table", lambda *given, **named: counted("table", *given, **named))


def test_a_disk_that_is_full_at_any_file_is_one_line_and_leaves_what_was_there(compared, ask, monkeypatch):
    out, command = compared
    before, after, code = content(out), 0, 2
    while code:
        with monkeypatch.context() as patched:
            full(patched, after)
            code, text, err = ask(*command, "--replications", "3", "--force")
        if code:
            assert (code, text) == (2, "")
            says = (
                f"citysafety: --out {out}: cannot be written (No space left on device); what was there before is unchanged"
            )
            assert err.startswith(says)
            assert len(err.splitlines()) == 1
            assert content(out) == before
            assert sorted(path.name for path in out.parent.iterdir()) == ["calm.yaml", "out"]
        after += 3
    assert after > 8
    assert json.loads((out / "manifest.json").read_bytes())["replications"] == 3


# report ---------------------------------------------------------------------------------------------------------------


def test_a_report_is_drawn_again_and_the_results_stay(compared, ask, drawn):
    out, _ = compared
    before = content(out)
    (out / "report.html").unlink()
    assert ask("report", out)[:2] == (0, f"{out / 'report.html'}\n")
    assert content(out) == before
    assert len(drawn) == 1
    (out / "notes.txt").write_text("mine", "utf-8")
    assert ask("report", out)[0] == 0
    assert (out / "notes.txt").read_text("utf-8") == "mine"


def test_a_report_that_was_changed_is_replaced_only_with_force(compared, ask):
    out, _ = compared
    before = content(out)
    (out / "report.html").write_text("my own words", "utf-8")
    code, text, err = ask("report", out)
    assert (code, text) == (2, "")
    assert "report.html: was changed since it was drawn; --force replaces it" in err
    assert (out / "report.html").read_text("utf-8") == "my own words"
    assert ask("report", out, "--force")[0] == 0
    assert content(out) == before


@pytest.mark.parametrize("name", ["report.html", "figures/lines.svg", "figures", ""])
@pytest.mark.parametrize("force", [[], ["--force"]])
def test_a_report_follows_no_link(compared, ask, tmp_path, name, force):
    out, _ = compared
    target = tmp_path / "target"
    (out / name).rename(target)
    (out / name).symlink_to(target)
    before = target.read_bytes() if target.is_file() else content(target)
    code, text, err = ask("report", out, *force)
    assert (code, text, len(err.splitlines())) == (2, "", 1)
    assert "symbolic link" in err
    assert (target.read_bytes() if target.is_file() else content(target)) == before


def test_a_report_on_a_full_disk_leaves_what_was_there(compared, ask, monkeypatch):
    out, _ = compared
    before = content(out)
    with monkeypatch.context() as patched:
        full(patched, 1)
        code, _, err = ask("report", out)
    assert code == 2
    assert "cannot be written (No space left on device)" in err
    assert content(out) == before


def test_a_study_is_no_comparison(compared, ask):
    out, _ = compared
    manifest = json.loads((out / "manifest.json").read_bytes())
    study = {name: manifest[name] for name in ("format", "made_with", "command", "files")}
    (out / "manifest.json").write_text(json.dumps(study), "utf-8")
    code, _, err = ask("report", out)
    assert code == 2
    assert "holds a study" in err
