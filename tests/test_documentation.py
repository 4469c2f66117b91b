"""The documentation is true: tables fresh, code and commands run, names and links lead somewhere."""

import ast
import re
import shlex
import shutil
from pathlib import Path
from typing import get_args

import pytest

from experiments.commands import cli
from experiments.publish import documentation
from sim.levers import LEVERS, SHOCK_LEVERS
from sim.measures import MEASURES
from sim.month import STEPS
from sim.parameters import PARAMETERS
from sim.scenario import AT_ONCE, ShockKind
from tests.scenarios.test_case_files import NOT_BORNE_OUT

ROOT = Path(__file__).parents[1]
PAGES = (
    "CONTRIBUTING.md",
    "README.md",
    "docs/ODD.md",
    "docs/add_a_measure.md",
    "docs/coverage.md",
    "docs/examples.md",
    "docs/facilitator.md",
    "docs/forms.md",
    "docs/index.md",
    "docs/mechanisms.md",
    "docs/plugins.md",
    "docs/policy_team.md",
    "docs/researcher.md",
    "docs/sensitivity.md",
    "docs/trials.md",
    "docs/validation.md",
    "docs/verification.md",
    "scenarios/README.md",
)
FOLDERS = {"citysafety", "sim", "scenarios", "experiments", "tests", "docs", "examples", "benchmarks", "scripts"}
SMALL = {
    "run": "--months 3 --replications 2 --scale 0.02",
    "compare": "--months 36 --replications 2 --scale 0.02",
    "ablate": "--months 3 --replications 2 --scale 0.02",
    "sensitivity": "--months 3 --samples 8 --trajectories 2 --top 2 --scale 0.02 --outcome homicide_rate",
    "factorial": "--months 3 --replications 8 --scale 0.02",
    "tradeoffs": "--months 3 --replications 8 --scale 0.02",
    "fit": "--seeds 16 --scale 0.05",
    "case": "--replications 24",
}
"""What is added to a command of a page so that it takes a moment; of an option given twice the last counts."""
FEW = {"gangs.*": "gangs.l*", "homicide.*": "homicide.r*"}
"""Fewer parameters in place of those that a command of a page varies."""


def text_of(page):
    return (ROOT / page).read_text("utf-8")


def written(page):
    """A page without its generated tables."""
    return re.sub(r"<!-- table: .*?<!-- end of table -->", "", text_of(page), flags=re.DOTALL)


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```$", text_of(page), re.DOTALL | re.MULTILINE)


# Tables ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", documentation.DOCUMENTS)
def test_the_tables_are_fresh(page):
    made = documentation.tables() | documentation.files()
    assert documentation.fill(text_of(page), made) == text_of(page), "run python -m experiments.publish.documentation"


@pytest.mark.parametrize("kind", ["table", "file"])
def test_every_table_and_file_is_shown_somewhere(kind):
    shown = {name for page in documentation.DOCUMENTS for name in re.findall(rf"<!-- {kind}: (\S+) -->", text_of(page))}
    assert shown == set({"table": documentation.tables, "file": documentation.files}[kind]())


def test_no_page_shows_a_mark_in_place_of_a_file():
    assert [path.name for path in (ROOT / "docs").rglob("*.md") if re.search(r"--8 ?<", path.read_text("utf-8"))] == []


def test_every_row_of_a_table_has_as_many_cells_as_its_heading():
    for name, table in documentation.tables().items():
        for block in re.findall(r"(?:^\|.*\n)+", table, re.MULTILINE):
            widths = {len(re.findall(r"(?<!\\)\|", line)) for line in block.splitlines()}
            assert len(widths) == 1, name


def test_the_tables_name_every_parameter_outcome_and_measure():
    made = documentation.tables()
    assert made["parameters"].count("\n| `") == len(PARAMETERS)
    assert all(f"| {measure.row} | {measure.title} " in made["measures"] for measure in MEASURES)
    assert all(f"`{name}`" in made["conditions"] for measure in MEASURES for name in measure.conditions)


def test_rewriting_mends_a_stale_table_and_touches_nothing_else(tmp_path):
    for page in documentation.DOCUMENTS:
        (tmp_path / page).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / page, tmp_path / page)
    for page in documentation.files():
        (tmp_path / page).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / page, tmp_path / page)
    assert documentation.rewrite(tmp_path) == []
    stale = re.sub(r"(<!-- table: outcomes -->\n).*?(<!-- end)", r"\1old\n\2", text_of("docs/ODD.md"), flags=re.DOTALL)
    (tmp_path / "docs/ODD.md").write_text(stale, "utf-8")
    assert documentation.rewrite(tmp_path) == ["docs/ODD.md"]
    assert (tmp_path / "docs/ODD.md").read_text("utf-8") == text_of("docs/ODD.md")


@pytest.mark.parametrize(
    "text",
    [
        "<!-- table: nothing -->\n<!-- end of table -->\n",
        "<!-- table: outcomes -->\nand no end\n",
        "no beginning\n<!-- end of table -->\n",
        "<!-- table: outcomes -->\n<!-- table: measures -->\n<!-- end of table -->\n",
        "<!-- table: outcomes -->\n<!-- end of file -->\n",
        "<!-- file: no.py -->\n<!-- end of file -->\n",
    ],
)
def test_a_marker_without_its_text_or_an_end_is_refused(text):
    with pytest.raises(ValueError, match=r"table|file"):
        documentation.fill(text, {"outcomes": "", "measures": ""})


# The description ------------------------------------------------------------------------------------------------------


def test_every_parameter_stands_in_an_equation():
    equations = re.findall(r"^ {4,}.*$|`[^`\n]+`", written("docs/ODD.md"), re.MULTILINE)
    said = set(re.findall(r"\w+", " ".join(equations)))
    # What each measure costs stands there once for all of them.
    assert {"price_m", "officers_m"} <= said
    priced = {name for measure in MEASURES for name in measure.cost_parameters}
    assert [each.name for each in PARAMETERS if each.field not in said and each.name not in priced] == []


def test_every_step_of_the_month_has_its_subsection():
    found = re.findall(r"^### 8\.(\d+) .*\(`(\w+)`", written("docs/ODD.md"), re.MULTILINE)
    steps = [(str(number), step.partition(".")[0]) for number, (step, _) in enumerate(STEPS, start=1)]
    assert found == steps


def test_every_lever_stands_in_the_description():
    said = set(re.findall(r"\w+", written("docs/ODD.md")))
    plain = {lever for lever in LEVERS if not lever.startswith("flow_")}
    assert sorted(plain - said) == []


def test_every_kind_of_shock_is_told_with_its_lever_and_how_long_it_lasts():
    rows = re.findall(r"^\| `([a-z ]+)` \| [^|]+ \| ([^|]+) \| ([a-z ]+) \|$", written("docs/ODD.md"), re.MULTILINE)
    told = {kind: (does, lasts) for kind, does, lasts in rows}
    assert list(told) == list(get_args(ShockKind))
    assert [kind for kind, lever in SHOCK_LEVERS.items() if f"`{lever}`" not in told[kind][0]] == []
    assert {kind for kind, (_, lasts) in told.items() if lasts == "one month"} == AT_ONCE


def test_every_piece_of_evidence_is_listed_with_its_standing():
    listed = set(re.findall(r"`([^`]+)`", text_of("docs/ODD.md").partition("## 13. Evidence")[2]))
    topics = "viol|gang|enf|eng|res|reg|just|prison|ext|cost|int|cartel|gov"
    used = {
        each.evidence for each in PARAMETERS if each.status == "literature" or each.evidence.startswith("time to effect")
    }
    used |= {each.evidence for each in PARAMETERS if re.fullmatch(rf"(?:{topics})\.\w+", each.evidence)}
    used |= {key for measure in MEASURES for key in re.findall(r"\w+\.\w+", measure.cost_evidence)}
    sources = [path.read_text("utf-8") for path in (ROOT / "sim" / "processes").rglob("*.py")]
    docstrings = "\n".join(ast.get_docstring(ast.parse(source)) or "" for source in sources)
    used |= set(re.findall(rf"\b(?:{topics})\.[a-z][a-zA-Z0-9]*_\w+", docstrings))
    assert sorted(used - listed) == []


def test_no_page_promises():
    for page in PAGES:
        assert re.findall(r"\b(?:will|optimal|optimum|proves?|proven)\b", text_of(page), re.IGNORECASE) == [], page


def test_every_statistical_test_is_named_with_its_claim_and_exists():
    named = [
        name
        for page in ("docs/verification.md", "docs/validation.md")
        for name in re.findall(r"`(tests/[\w/]+\.py::\w+)`", text_of(page))
    ]
    there = {
        f"{path.relative_to(ROOT).as_posix()}::{node.name}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for node in ast.parse(path.read_text("utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    }
    assert sorted(set(named) - there) == []
    assert sorted(each for each in there - set(named) if each.startswith("tests/validation/")) == []
    assert len(named) == len(set(named))


# The README -----------------------------------------------------------------------------------------------------------


def test_the_first_screen_has_one_picture_and_two_commands():
    screen = text_of("README.md").partition("\n## ")[0]
    assert len(screen.splitlines()) <= 30
    assert len(re.findall(r"!\[[^\]]{40,}\]\(", screen)) == screen.count("![") == 1
    assert re.findall(r"^    (make \w+)", screen, re.MULTILINE) == ["make demo", "make test"]
    assert "cannot tell" in screen


def test_the_picture_is_a_picture_and_small():
    picture = (ROOT / documentation.PICTURE).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < 300_000
    assert f"]({documentation.PICTURE})" in text_of("README.md")


def test_the_few_lines_of_python_run(capsys):
    (code,) = blocks("README.md", "python")
    assert len([line for line in code.splitlines() if line]) <= 8
    exec(compile(code, "README.md", "exec"), {})
    lines = capsys.readouterr().out.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["Regulation", "All four pillars"]
    assert all(re.search(r": [+-]\d+\.\d \([+-]\d+\.\d to [+-]\d+\.\d\), clear: (True|False)$", line) for line in lines)


def run_commands(page, folder):
    """Run a page's commands in their order, made small, in a folder; return what each returned."""
    codes = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        # Few rows and futures tell levels from each other only roughly.
        patch.setattr("experiments.own_city.fit.TOLERANCE", 0.5)
        # Each kind of figure once is enough to see that a command draws them.
        patch.setattr("sim.outcomes.CHARTED", ("homicide_rate", "criminal_governance_index"))
        for line in "".join(blocks(page, "sh")).splitlines():
            program, *arguments = (FEW.get(word, word) for word in shlex.split(line, comments=True))
            assert program == "citysafety"
            codes[line] = cli.run_command([*arguments, *SMALL.get(arguments[0], "").split()])
    return codes


@pytest.fixture(scope="module")
def after_the_commands(tmp_path_factory):
    """The folder in which the README's commands were run, empty before, and what each returned."""
    folder = tmp_path_factory.mktemp("readme")
    return folder, run_commands("README.md", folder)


def test_every_command_runs_and_a_case_with_a_claim_that_fails_ends_with_code_1(after_the_commands):
    _, codes = after_the_commands
    assert len(codes) > 8
    failing = {f"citysafety case {claim[:3]}" for claim in NOT_BORNE_OUT}
    assert {line: code for line, code in codes.items() if code != 0} == {line: 1 for line in codes if line in failing}


def test_the_commands_leave_what_the_readme_says(after_the_commands):
    folder, _ = after_the_commands
    assert (folder / "harbour_town.yaml").is_file()
    kept = {path.name for path in (folder / "results" / "chicago").iterdir()}
    assert {"scenario.yaml", "report.html", "figures", "manifest.json", "summary.csv", "city_monthly.parquet"} <= kept


def test_the_picture_is_drawn_from_stored_results(after_the_commands, tmp_path):
    folder, _ = after_the_commands
    drawn = [tmp_path / "once.png", tmp_path / "a folder" / "twice.png"]
    for picture in drawn:
        documentation.draw_picture(folder / "results" / "chicago", picture)
    assert drawn[0].read_bytes() == drawn[1].read_bytes()
    assert drawn[0].read_bytes().startswith(b"\x89PNG\r\n")


def test_a_folder_without_results_is_refused_in_one_line(tmp_path, capsys):
    before = (ROOT / documentation.PICTURE).read_bytes()
    assert documentation.main(["--figure", str(tmp_path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert len(said.err.splitlines()) == 1
    assert (ROOT / documentation.PICTURE).read_bytes() == before


# The guide for researchers --------------------------------------------------------------------------------------------

GUIDE = "docs/researcher.md"


@pytest.fixture(scope="module")
def after_the_guide(tmp_path_factory):
    """The folder in which the guide's commands were run, empty before, and what each returned."""
    folder = tmp_path_factory.mktemp("guide")
    return folder, run_commands(GUIDE, folder)


def test_every_command_of_the_guide_runs(after_the_guide):
    _, codes = after_the_guide
    assert len(codes) > 8
    assert {line: code for line, code in codes.items() if code != 0} == {}


def test_the_commands_of_the_guide_leave_tables_figures_and_text(after_the_guide):
    folder, _ = after_the_guide
    for study in ("sensitivity", "factorial", "tradeoffs"):
        kept = folder / "results" / study
        assert (kept / "summary.txt").is_file()
        assert list(kept.glob("*.csv"))
        assert list((kept / "figures").glob("*.svg"))


def test_the_python_of_the_guide_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    study, stepped = blocks(GUIDE, "python")
    small = study.replace("samples=4", "samples=2").replace("months=24", "months=3, scale=0.02")
    assert small.count("scale=0.02") == 1
    exec(compile(small, GUIDE, "exec"), {})
    said = capsys.readouterr().out
    assert "gangs." in said
    assert "homicide_rate" in said
    assert (tmp_path / "studies" / "python").is_dir()
    found = {}
    exec(compile(stepped, GUIDE, "exec"), found)
    assert len(found["rows"]) == 4
    assert [use.start for use in found["model"].policy.measures] == [1, 1, 1, 13, 13]


# The other guides -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", ["docs/policy_team.md", pytest.param("docs/facilitator.md", marks=pytest.mark.validate)])
def test_every_command_of_a_guide_runs_and_the_reports_that_it_opens_are_there(page, tmp_path):
    codes = run_commands(page, tmp_path)
    assert len(codes) >= 4
    assert {line: code for line, code in codes.items() if code != 0} == {}
    opened = set(re.findall(r"`(results/\w+/report\.html)`", text_of(page)))
    assert opened
    assert {name for name in opened if not (tmp_path / name).is_file()} == set()


# Names and links ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_every_make_target_and_module_that_is_named_exists(page):
    targets = set(re.findall(r"^(\w+):", text_of("Makefile"), re.MULTILINE))
    named = re.findall(r"(?:`|^    )make (\w+)", text_of(page), re.MULTILINE)
    assert sorted(set(named) - targets) == []
    modules = re.findall(r"python -m ([\w.]+)", text_of(page))
    assert [name for name in modules if not (ROOT / f"{name.replace('.', '/')}.py").is_file()] == []


def test_the_folder_map_names_what_is_there_and_every_folder():
    section = text_of("README.md").partition("## Where things are")[2].partition("\n## ")[0]
    places = re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)
    assert [place for place in places if not (ROOT / place).exists()] == []
    assert {Path(place).parts[0] for place in places} == FOLDERS


@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_somewhere(page):
    lost = []
    for link in re.findall(r"\]\(([^)]+)\)", text_of(page)):
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        if not target.exists() or (anchor and anchor not in anchors(target)):
            lost.append(link)
    assert lost == []


def anchors(page):
    """The anchors of a page's headings, as the sites that show Markdown make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
