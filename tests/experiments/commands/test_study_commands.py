"""`citysafety factorial` and `citysafety tradeoffs` from the command line: what they print, write and refuse."""

import json
import subprocess
import sys

import pytest

SMALL = ("--months", "12", "--replications", "3", "--scale", "0.05", "--quiet")
TWO = ("--factor", "enforcement", "--factor", "P-S4")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    return tmp_path_factory.mktemp("study") / "store"


def test_a_factorial_is_printed_written_and_redrawn_without_running(ask, store, tmp_path, monkeypatch):
    arguments = ("factorial", "sandbox", *TWO, "--store", store, *SMALL)
    code, text, err = ask(*arguments, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "all combinations of enforcement and jobs and training" in text.splitlines()[0]
    assert (tmp_path / "out" / "summary.txt").read_text("utf-8").rstrip() == text.rstrip()
    written = {path.name for path in (tmp_path / "out" / "figures").iterdir()}
    assert {"shapley_homicide_rate.png", "interactions_homicide_rate.svg"} <= written

    def refuse(*_, **__):
        raise AssertionError("a run that the store holds was run again")

    monkeypatch.setattr("sim.run.run_arms", refuse)
    code, found, _ = ask(*arguments, "--json")
    assert code == 0
    found = json.loads(found)
    stored = json.loads((tmp_path / "out" / "summary.json").read_bytes())
    assert "model" in stored.pop("made_with")
    assert stored.pop("command")[:3] == ["citysafety", "factorial", "sandbox"]
    assert stored == found
    assert found["factors"] == ["enforcement", "jobs-with-training"]


def test_trade_offs_are_printed_and_redrawn_from_the_same_store(ask, store, tmp_path):
    arguments = (
        "tradeoffs",
        "sandbox",
        *TWO,
        "--store",
        store,
        *SMALL,
        "--budget",
        "8",
        "--objectives",
        "homicide_rate,fear",
    )
    code, text, err = ask(*arguments, "--out", tmp_path / "out")
    assert (code, err) == (0, "")
    assert "4 portfolios, a budget of 8 million US dollars a year" in text
    assert (tmp_path / "out" / "figures" / "front_homicide_rate_fear.png").is_file()
    assert (tmp_path / "out" / "portfolios.csv").is_file()
    code, found, _ = ask(*arguments, "--json")
    found = json.loads(found)
    assert found["objectives"] == ["homicide_rate", "fear"]
    assert len(found["drawn"]) > 5
    assert found["search"] is None


def test_without_draws_nothing_is_said_of_facts_and_failures(ask, store):
    code, text, _ = ask("tradeoffs", "sandbox", *TWO, "--store", store, *SMALL, "--draw", "none")
    assert code == 0
    assert "no parameter was drawn" in text
    assert "Intervals cover luck alone" in text


def test_a_dry_run_runs_nothing(ask, tmp_path):
    code, out, _ = ask("factorial", "sandbox", "--store", tmp_path / "store", *SMALL, "--dry-run", "--json")
    assert code == 0
    assert json.loads(out)["runs"] == 48


def test_a_dry_run_says_that_a_search_comes_besides(ask, tmp_path):
    arguments = ("tradeoffs", "sandbox", *TWO, "--store", tmp_path / "store", *SMALL, "--dry-run")
    assert "search" not in ask(*arguments)[1]
    code, out, _ = ask(*arguments, "--search", "--generations", "3")
    assert code == 0
    assert "The search comes besides: 3 generations of some 24 candidates" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["factorial", "sandbox", "--dry-run"], "--dry-run is given without --store"),
        (["compare", "sandbox", "--policy", "truce", "--retry-failed"], "--retry-failed is given without --store"),
        (["factorial", "sandbox", "--store", "s", "--replications", "1"], "--replications is '1'"),
        (["factorial", "sandbox", "--store", "s", "--factor", "nonsense"], "is no policy and no measure"),
        (["factorial", "sandbox", "--store", "s", "--outcome", "killings"], "'killings' is no outcome"),
        (["tradeoffs", "sandbox", "--store", "s", "--budget", "much"], "--budget is 'much'"),
        (["tradeoffs", "sandbox", "--store", "s", "--budget", "-3"], "--budget is '-3'"),
        (["tradeoffs", "sandbox", "--store", "s", "--objectives", "fear,"], "'' is no outcome"),
        (["tradeoffs", "sandbox", "--store", "s", "--threshold", "fear"], "write an objective and the least gain"),
        (["tradeoffs", "sandbox", "--store", "s", "--threshold", "fear=1"], "is no objective of this study"),
        (["tradeoffs", "sandbox", "--store", "s", "--draw", "none", "--draw", "gangs.*"], "give either"),
        (["tradeoffs", "sandbox", "--store", "s", "--portfolio", "baseline"], "is no portfolio of this study"),
    ],
)
def test_what_cannot_be_used_is_one_line_and_code_2_and_leaves_nothing(ask, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    code, out, err = ask(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


def test_help_loads_nothing_heavy():
    names = ("mesa", "numba", "pandas", "matplotlib", "SALib", "pyarrow", "duckdb", "pymoo", "ema_workbench", "scipy")
    for command in ("factorial", "tradeoffs"):
        code = f"import sys; from experiments.commands.cli import run_command; run_command(['{command}', '--help'])"
        done = subprocess.run(
            [sys.executable, "-c", f"{code}; print('heavy:', *(set({names}) & set(sys.modules)))"],
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.rstrip().splitlines()[-1] == "heavy:"
