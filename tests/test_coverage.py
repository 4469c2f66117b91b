"""Every row of the framework has its place in the code and a test or case that shows it, and none of them is skipped."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
import yaml

from experiments.evidence.schema import load_case
from sim.measures import MEASURES
from sim.outcomes import OUTCOMES

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "coverage.md"

COUNTS = yaml.safe_load((ROOT / "tests" / "framework_rows.yaml").read_text("utf-8"))
LETTERS = {"regulation": "R", "enforcement": "E", "engagement": "G", "resilience": "S"}


def numbered(letter, count):
    return [f"{letter}{number:02}" for number in range(1, count + 1)]


MEASURE_ROWS = [
    f"P-{LETTERS[pillar]}{number}" for pillar, count in COUNTS["measures"].items() for number in range(1, count + 1)
]
ROWS = [
    *numbered("E", COUNTS["dynamics"]),
    *MEASURE_ROWS,
    *numbered("C", COUNTS["cases"]),
    *numbered("I", COUNTS["outcomes"]),
    *COUNTS["others"],
]

LINE = re.compile(r"^\| (?P<row>(?:[ECIA]\d\d|P-[A-Z]\d+)) \| (?P<cells>.*) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
FILE = re.compile(r"`((?:sim|scenarios|experiments)/[\w/.]+)`")
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}


def lines():
    """The rows of the page and the text of their cells, in order."""
    return [(found["row"], found["cells"]) for found in LINE.finditer(PAGE.read_text("utf-8"))]


CELLS = dict(lines()) if PAGE.exists() else {}


@cache
def tree_of(file):
    return ast.parse((ROOT / file).read_text("utf-8"), file)


def functions_of(file):
    """The functions that stand at the top of a file, by name."""
    return {node.name: node for node in tree_of(file).body if isinstance(node, ast.FunctionDef)}


def is_skipped(file, name):
    """Whether a test is, or may be, skipped or expected to fail: by a mark, by a call, or with all of its file."""
    marks = [
        node for node in tree_of(file).body if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0])
    ]
    calls = [node for node in tree_of(file).body if isinstance(node, ast.Expr)]
    words = {
        node.attr
        for part in (*marks, *calls, functions_of(file)[name])
        for node in ast.walk(part)
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith("pytest.")
    }
    return bool(words & SKIPPING)


def test_every_row_stands_on_the_page_once_in_order():
    assert [row for row, _ in lines()] == ROWS
    assert f"all {len(ROWS)} rows" in " ".join(PAGE.read_text("utf-8").split())


def test_the_rows_of_measures_are_those_of_the_model():
    assert [measure.row for measure in MEASURES] == MEASURE_ROWS
    assert all(f"`{measure.name}`" in CELLS[measure.row] for measure in MEASURES)


@pytest.mark.parametrize("row", ROWS)
def test_what_holds_a_row_is_there(row):
    files = FILE.findall(CELLS[row])
    assert files
    assert [file for file in files if not (ROOT / file).is_file()] == []


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] != "C"])
def test_what_shows_a_row_is_a_test_that_runs(row):
    tests = TEST.findall(CELLS[row])
    assert tests
    for file, name in tests:
        assert name.startswith("test_")
        assert name in functions_of(file), f"{file} has no {name}"
        assert not is_skipped(file, name), f"{file}::{name} may be skipped"


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in "EP"])
def test_a_row_of_dynamics_or_measures_has_a_test_of_its_own(row):
    own = f"test_{row.lower().replace('-', '_')}_"
    assert any(name.startswith(own) for _, name in TEST.findall(CELLS[row])), own


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "C"])
def test_a_case_is_one_file_that_can_be_judged(row):
    (file,) = (file for file in FILE.findall(CELLS[row]) if file.startswith("scenarios/cases/"))
    case = load_case(ROOT / file)
    assert case.id == row
    assert case.expected


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "I"])
def test_a_row_of_outcomes_names_outcomes_of_the_model(row):
    named = set(re.findall(r"`(\w+)`", CELLS[row]))
    known = {each.name for each in OUTCOMES}
    assert named
    assert sorted(named - known) == []


def test_every_outcome_stands_in_some_row_of_outcomes():
    named = Counter(name for row in ROWS if row[0] == "I" for name in re.findall(r"`(\w+)`", CELLS[row]))
    assert sorted({each.name for each in OUTCOMES} - set(named)) == []


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("def test_a(): pass", False),
        ("@pytest.mark.validate\ndef test_a(): pass", False),
        ("@pytest.mark.parametrize('x', [1])\ndef test_a(x): pass", False),
        ("@pytest.mark.skip\ndef test_a(): pass", True),
        ("@pytest.mark.skipif(True, reason='')\ndef test_a(): pass", True),
        ("@pytest.mark.xfail(reason='')\ndef test_a(): pass", True),
        ("@pytest.mark.parametrize('x', [pytest.param(1, marks=pytest.mark.skip)])\ndef test_a(x): pass", True),
        ("def test_a():\n    pytest.skip('later')", True),
        ("pytestmark = pytest.mark.skip\ndef test_a(): pass", True),
        ("pytest.importorskip('x')\ndef test_a(): pass", True),
    ],
)
def test_the_search_for_skipped_tests_finds_them(tmp_path, text, skipped):
    (tmp_path / "made.py").write_text(text, "utf-8")
    assert is_skipped(str(tmp_path / "made.py"), "test_a") == skipped
