"""The doctor says what is wrong with an installation, and how to mend it."""

from starting import run_python

from experiments.commands import doctor

HEAVY = {"mesa", "numba", "pandas", "matplotlib", "SALib"}
SMALL = ["--months", "12", "--replications", "10"]


def test_the_doctor_finds_nothing_wrong_here(ask):
    code, out, err = ask("doctor")
    assert (code, err) == (0, "")
    for word in ("Python", "numba", "folders", "cores", "cache", "month"):
        assert word in out


def test_the_doctor_sees_a_folder_of_somebody_else(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "__init__.py").write_text("", "utf-8")
    code = "import sys; sys.path.insert(0, sys.argv[1]); from experiments.commands.cli import run_command"
    done = run_python("-c", f"{code}; sys.exit(run_command(['doctor']))", str(tmp_path))
    assert done.returncode == 1
    assert "WRONG  folders" in done.stdout
    assert len(done.stderr.splitlines()) == 1
    assert "rename a folder of yours" in done.stderr


def test_the_doctor_sees_a_cache_that_cannot_be_written(ask, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path / "file"))
    code, out, err = ask("doctor")
    assert code == 1
    assert "WRONG  cache" in out
    assert "set CITYSAFETY_CACHE" in err


def test_the_doctor_sees_an_old_python_and_a_missing_package(ask, monkeypatch):
    monkeypatch.setattr(doctor, "OLDEST", (3, 99))
    monkeypatch.setattr("importlib.metadata.requires", lambda name: ["no-such-package-of-ours>=1"])
    code, out, err = ask("doctor")
    assert code == 1
    assert "WRONG  Python" in out
    assert "no-such-package-of-ours  is not installed" in out
    assert len(err.splitlines()) == 1
    assert "(and 1 more)" in err
