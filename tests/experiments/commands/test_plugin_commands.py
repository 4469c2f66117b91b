"""A measure from outside, in one file, is used by compare, the report, sensitivity, plans, workers and stores."""

import json
import re
import shlex
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

import citysafety as cs
from experiments.commands.cli import run_command
from experiments.execution.runner import Job, run_jobs
from experiments.store.parts import ran
from experiments.store.plans import load_plan, plan_names
from experiments.store.run_id import run_ids
from experiments.store.store import existing
from sim.added_measures import added, alone, restored
from sim.errors import InputError

PAGE = Path(__file__).parents[3] / "docs" / "plugins.md"
SHORT = ("--months", "12", "--scale", "0.02", "--quiet")
SMALL = {
    "compare": (*SHORT, "--replications", "3"),
    "sensitivity": (*SHORT, "--samples", "3", "--outcome", "fear"),
    "sweep": (*SHORT, "--replications", "2"),
}


@pytest.fixture(autouse=True)
def forgotten():
    with restored():
        yield


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of the page, written into a folder."""
    folder = tmp_path_factory.mktemp("page")
    for name, text in re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```$', PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE):
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture
def here(files, monkeypatch):
    monkeypatch.chdir(files)
    return files


@pytest.fixture
def ask(here, capsys):
    def run(*arguments):
        code = run_command([str(each) for each in arguments])
        return code, *capsys.readouterr()

    return run


@pytest.fixture
def wardens(here):
    """The policy of the page, read while its plugin is loaded."""
    cs.load_plugin("night_wardens.yaml")
    return cs.load_policy("wardens.yaml")


def test_every_command_of_the_page_runs(ask, here):
    lines = re.findall(r"^citysafety (.*)$", PAGE.read_text("utf-8"), re.MULTILINE)
    assert len(lines) > 2
    for line in lines:
        arguments = shlex.split(line)
        code, out, err = ask(*arguments, *SMALL.get(arguments[0], ()))
        assert code == 0, (line, err)
        said = {"own_outcomes.py": "Homicide second half", "curfew.py": "four", "points.csv": "8 runs"}
        wanted = next((text for name, text in said.items() if name in line), "X-Q1")
        assert wanted.lower() in out.lower(), line
    report = (here / "results" / "wardens" / "report.html").read_text("utf-8")
    assert "Night wardens" in report
    assert "X-Q1" in report
    # A command forgets what it was given.
    assert added() == ()


def test_a_scenario_file_names_the_plugin_and_is_refused_without_it(ask, here, tmp_path, monkeypatch):
    monkeypatch.setattr("sim.outcomes.CHARTED", ("homicide_rate", "criminal_governance_index"))
    out = tmp_path / "first"
    asked = ("compare", "sandbox", "--policy", "wardens.yaml", "--plugin", "night_wardens.yaml", *SMALL["compare"])
    code, text, _ = ask(*asked, "--out", out)
    assert code == 0
    (entry,) = yaml.safe_load((out / "scenario.yaml").read_text("utf-8"))["plugins"]
    assert (entry["measure"], entry["file"]) == ("X-Q1", "night_wardens.yaml")
    for command in (("compare", out / "scenario.yaml"), ("report", out)):
        code, _, err = ask(*command)
        assert (code, len(err.splitlines())) == (2, 1)
        assert f"measure X-Q1 of night_wardens.yaml with hash {entry['hash']}, which is not loaded" in err
    changed = here / "changed.yaml"
    text_of_plugin = (here / "night_wardens.yaml").read_text("utf-8")
    changed.write_text(text_of_plugin.replace("hot_spot_patrol: 0.3", "hot_spot_patrol: 0.4"), "utf-8")
    code, _, err = ask("compare", out / "scenario.yaml", "--plugin", changed)
    assert (code, len(err.splitlines())) == (2, 1)
    assert "another measure" in err
    assert ask("compare", out / "scenario.yaml", "--plugin", "night_wardens.yaml", "--quiet") == (0, text, "")
    assert ask("report", out, "--plugin", "night_wardens.yaml")[0] == 0


@pytest.mark.parametrize(
    ("plugins", "says"),
    [
        ("a.py", "plugins is 'a.py'"),
        (["a.py"], r"plugins\[0\] is 'a.py'"),
        ([{"measure": "X-Q1", "file": "a.yaml"}], r"plugins\[0\]: hash is missing"),
        ([{"measure": "X-Q1", "file": "a.yaml", "hash": "0" * 16, "load": "a.py"}], "load is not a known key"),
    ],
)
def test_a_list_of_plugins_that_nobody_wrote_is_refused(ask, here, tmp_path, plugins, says):
    from experiments.store.plugins_used import check_used

    with pytest.raises(InputError, match=says):
        check_used(plugins, "scenario.yaml")


def test_a_plan_carries_the_measure_and_workers_need_no_plugin(ask, wardens, tmp_path):
    store = tmp_path / "store"
    asked = ("sensitivity", "sandbox", "--policy", "wardens.yaml", "--plugin", "night_wardens.yaml", "--store", store)
    asked += (
        "--parameters",
        "measures.*",
        "--parameters",
        "gangs.adjacent_member_weight",
        "--method",
        "morris",
        *SMALL["sensitivity"],
    )
    assert ask(*asked, "--dry-run")[0] == 0
    with alone([], "nobody"):
        (name,) = plan_names(existing(store))
        planned = load_plan(existing(store), name)
        uses = [use for job in planned for policy in job.policies for use in policy.measures]
        assert {use.own.doses["hot_spot_patrol"] for use in uses} == {0.3}
        assert ask("worker", "--store", store, "--quiet") == (0, "", "")
        before = existing(store).statuses()
        assert set(before.values()) == {"done"}
        code, out, _ = ask(*asked, "--json")
        assert code == 0
        assert {"measures.X-Q1", "gangs.adjacent_member_weight"} <= {each["name"] for each in json.loads(out)["factors"]}
        assert existing(store).statuses() == before
        # What was run can be had back from the store alone.
        rows = existing(store).read("runs", None).to_pylist()
        with_wardens = next(row for row in rows if row["policy"] == "wardens")
        assert run_ids(ran(store, with_wardens)) == (with_wardens["id"],)
        assert ask("store", "check", store)[0] == 0


def test_worker_processes_know_the_measure(wardens, sandbox):
    job = Job(city=sandbox, policies=(wardens,), seed=3, months=6, scale=0.02)
    with alone([], "nobody"):
        (first,) = run_jobs([job], cs.Execution(executor="processes", workers=1))
        (second,) = run_jobs([job], cs.Execution(executor="in-process"))
    assert first.reason is None
    assert first.results[0].city_monthly.tobytes() == second.results[0].city_monthly.tobytes()


def test_only_what_is_used_and_does_something_changes_an_id(wardens, here, sandbox):
    plain = cs.load_policy("enforcement")
    job = Job(city=sandbox, policies=(wardens, plain), seed=3, months=6, scale=0.02)
    with alone([], "nobody"):
        assert run_ids(replace(job, policies=(cs.load_policy("enforcement"),))) == run_ids(job)[1:]
    text = (here / "night_wardens.yaml").read_text("utf-8")
    for old, new, differs in (
        ("Paid wardens", "Wardens", False),
        ("hot_spot_patrol: 0.3", "hot_spot_patrol: 0.31", True),
        ("onset_months: 3", "onset_months: 4", True),
        ("weight: 0.5", "weight: 0.6", True),
    ):
        (here / "other.yaml").write_text(text.replace(old, new), "utf-8")
        with alone([], "nobody"):
            cs.load_plugin("other.yaml")
            other = replace(job, policies=(cs.load_policy("wardens.yaml"), plain))
            assert (run_ids(other)[0] != run_ids(job)[0]) is differs, old
            assert run_ids(other)[1] == run_ids(job)[1]
