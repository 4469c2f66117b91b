"""A scenario.yaml that --out wrote runs with its command and gives the same tables; --window in every study command."""

import json
import sys
import types

import pytest
import yaml
from made_up_core import MadeUpCore

from experiments.commands.described import OwnSensitivity
from experiments.sensitivity.analysis import Analysis
from experiments.store.scenario_files import NAME, find_scenario_file
from sim.errors import InputError

SMALL = (
    "--months",
    "24",
    "--replications",
    "3",
    "--seed",
    "5",
    "--set",
    "homicide.patrol_on_violence=0.2",
    "--shock",
    "attack",
)
TWO = ("--factor", "enforcement", "--factor", "P-S4")
STUDIES = {
    "compare": ("--policy", "all_four", "--policy", "truce", "--against", "resilience", "--window", "3-9", *SMALL),
    "ablate": ("--policy", "all_four", "--mechanism", "fear", "--mechanism", "rents", "--window", "3-9", *SMALL),
    "factorial": (*TWO, "--draw", "gangs.s*", "--outcome", "fear", "--window", "3-9", "--window", "13-24", *SMALL),
    "tradeoffs": (*TWO, "--budget", "9", "--objectives", "fear,homicide_rate", "--threshold", "fear=0.1", *SMALL),
    "sensitivity": (
        *(
            "--policy",
            "all_four",
            "--parameters",
            "gangs.adjacent_member_weight",
            "--parameters",
            "mechanisms.fear",
            "--without",
            "rents",
        ),
        *("--method", "morris", "--samples", "4", "--outcome", "homicide_rate", "--window", "3-9", "--months", "24"),
    ),
}


@pytest.fixture
def core(core, monkeypatch):
    """The made-up core; a report and figures that cost nothing."""
    page, pictures = (
        types.ModuleType("experiments.comparison.report.page"),
        types.ModuleType("experiments.comparison.pictures"),
    )
    page.write_report = lambda comparison, folder, *, pictures: folder / "report.html"
    pictures.Pictures = lambda comparison: types.SimpleNamespace(save=lambda folder: None)
    monkeypatch.setitem(sys.modules, page.__name__, page)
    monkeypatch.setitem(sys.modules, pictures.__name__, pictures)
    for module in ("sensitivity.figures", "tradeoffs.figures", "tradeoffs.factorial_figures"):
        monkeypatch.setattr(f"experiments.{module}.draw_all", lambda *_: {})
    return core


def tables(folder):
    found = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.*") if path.is_file()}
    return {name: content for name, content in found.items() if name.endswith((".csv", ".parquet", ".yaml", ".txt"))}


@pytest.mark.parametrize("study", STUDIES)
def test_a_scenario_file_runs_with_its_command_and_gives_the_same_tables(core, ask, tmp_path, study):
    first, second = tmp_path / "first", tmp_path / "second"
    code, text, err = ask(study, "sandbox", *STUDIES[study], "--quiet", "--out", first)
    assert (code, err) == (0, "")
    again = ask(study, first / NAME, "--quiet", "--out", second)
    assert again == (0, text, "")
    assert tables(first) == tables(second)
    assert sum(name.endswith(".csv") for name in tables(first)) > 0
    said = yaml.safe_load((first / NAME).read_text("utf-8"))["study"]
    assert said["command"] == study
    assert said.get("windows", []) == [[3, 9], [13, 24]][: STUDIES[study].count("--window")]


def test_an_option_that_is_given_comes_before_the_file(core, ask, tmp_path):
    ask("compare", "sandbox", *STUDIES["compare"], "--quiet", "--out", tmp_path / "first")
    file = tmp_path / "first" / NAME
    found = json.loads(ask("compare", file, "--json")[1])
    assert (found["months"], found["seed"], policies_in(found)) == (24, 5, ["all_four", "truce"])
    found = json.loads(ask("compare", file, "--months", "12", "--policy", "truce", "--window", "2-4", "--json")[1])
    assert (found["months"], found["seed"], policies_in(found)) == (12, 5, ["truce"])


def policies_in(found):
    return list(found["outcomes"]["homicide_rate"]["policies"])


def changed(tmp_path, ask, **values):
    """Write a scenario file with some values of its own."""
    ask("compare", "sandbox", *STUDIES["compare"], "--quiet", "--out", tmp_path / "first")
    tree = yaml.safe_load((tmp_path / "first" / NAME).read_text("utf-8")) | values
    path = tmp_path / "own.yaml"
    path.write_text(yaml.safe_dump(tree), "utf-8")
    return path


@pytest.mark.parametrize(
    ("values", "command", "says"),
    [
        ({"plugins": ["a.py"]}, "compare", "plugins[0] is 'a.py'"),
        ({"study": {"command": "ablate"}}, "compare", "study.command is 'ablate'"),
        ({"study": {"command": "compare", "window": [[1, 2]]}}, "compare", "study: window"),
        ({"study": {"command": "compare", "windows": [[9, 30]]}}, "compare", "ends in month 30, but the run has 24 months"),
        ({"study": "compare"}, "compare", "study is 'compare'"),
        ({"months": 0}, "compare", "months is 0"),
    ],
)
def test_what_is_wrong_in_a_file_is_one_line(core, ask, tmp_path, values, command, says):
    path = changed(tmp_path, ask, **values)
    ran = len(core.ran)
    code, out, err = ask(command, path, "--quiet")
    assert (code, out, len(err.splitlines())) == (2, "", 1)
    assert says in err
    assert "own.yaml" in err or "window" in err
    assert len(core.ran) == ran


def test_a_city_file_is_no_scenario_file(tmp_path):
    assert find_scenario_file("sandbox") is None
    path = tmp_path / "city.yaml"
    path.write_text("name: town\n", "utf-8")
    assert find_scenario_file(str(path)) is None
    path.write_text("city: {}\npolicies: []\n", "utf-8")
    with pytest.raises(InputError, match=r"city\.yaml"):
        find_scenario_file(str(path))


def test_the_own_options_of_a_sensitivity_study_are_those_of_its_analysis():
    own = set(OwnSensitivity.model_fields) - {"command", "windows"}
    assert own | {"window"} == set(Analysis.__dataclass_fields__)
    for name in own - {"outcomes"}:
        assert OwnSensitivity.model_fields[name].default == getattr(Analysis(), name)


@pytest.mark.parametrize("study", ["ablate", "factorial", "sensitivity", "tradeoffs"])
def test_several_windows_are_told_one_by_one_and_share_their_runs(core, ask, study):
    options = [each for each in STUDIES[study] if each not in ("--window", "3-9", "13-24")]
    one = json.loads(ask(study, "sandbox", *options, "--window", "3-9", "--json")[1])
    ran = len(core.ran)
    both = json.loads(ask(study, "sandbox", *options, "--window", "3-9", "--window", "13-24", "--json")[1])
    assert len(core.ran) == 2 * ran
    assert both["windows"][0] == one
    assert [each["window"] for each in both["windows"]] == [[3, 9], [13, 24]]
    assert both["windows"][1] != one
    assert isinstance(core, MadeUpCore)
    text = ask(study, "sandbox", *options, "--window", "3-9", "--quiet")[1]
    assert "months 3 to 9 of 24" in text
