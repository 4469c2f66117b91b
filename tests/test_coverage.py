"""Every row of the framework is told clause by clause, with a verdict that its tests and cases bear out; none is skipped."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from experiments.evidence.claims import arms_of
from experiments.evidence.schema import load_case
from experiments.publish import coverage
from experiments.store.spreadsheets import read_csv
from sim.lever_links import LEVER_LINKS
from sim.measures import MEASURES, find_measure
from sim.mechanisms import MECHANISMS
from sim.outcomes import OUTCOMES
from tests.scenarios.test_case_files import NOT_BORNE_OUT

ROOT = Path(__file__).parents[1]
TABLE, CLAUSES = coverage.standing()
CARRIED = coverage.marks()
NUMBERS = {
    "E": 43,
    "P-R": 9,
    "P-E": 14,
    "P-G": 11,
    "P-S": 14,
    "C": 20,
    "A": 12,
    "I": 15,
}
"""How many rows of each kind the framework documents ask for: 138."""
SKIPPING = {"skip", "skipif", "xfail", "importorskip"}


def ids(kind):
    return [f"{kind}{number}" if kind.startswith("P") else f"{kind}{number:02}" for number in range(1, NUMBERS[kind] + 1)]


ROWS = [row for kind in NUMBERS for row in ids(kind)]


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


# Rows and clauses -----------------------------------------------------------------------------------------------------


def test_every_row_is_there_once_in_order():
    assert list(TABLE.rows) == ROWS
    assert len(ROWS) == 138
    # A key that is there twice would hide the first.
    keys = re.findall(r"^  ([A-Z][-A-Z]*\d+):$", coverage.TABLE.read_text("utf-8"), re.MULTILINE)
    assert keys == ROWS


@pytest.mark.parametrize("row", ROWS)
def test_every_clause_has_words_a_verdict_and_if_it_is_not_shown_a_reason(row):
    asked = TABLE.rows[row]
    found = [each for each in CLAUSES if each.row == row]
    assert [each.number for each in found] == list(range(1, len(asked.clauses()) + 1))
    for each in found:
        assert each.says
        assert each.verdict in coverage.VERDICTS
        assert bool(each.why) == (each.verdict != "shown"), each.id
        assert "\n" not in each.says + each.why


@pytest.mark.parametrize("row", ROWS)
def test_what_is_said_of_a_clause_is_said_of_one_that_exists(row):
    asked = TABLE.rows[row]
    numbers = set(range(1, len(asked.clauses()) + 1))
    for said in (asked.claims, asked.weaker, asked.wired, asked.not_shown):
        assert set(said) <= numbers


def test_what_is_not_in_the_model_has_no_file_no_test_and_no_claim():
    for row, asked in TABLE.rows.items():
        if asked.absent:
            assert asked == coverage.Row(holds=asked.holds, asks=asked.asks, absent=True), row
    assert [each.id for each in CLAUSES if TABLE.rows[each.row].absent and each.tests] == []


def test_what_is_left_out_of_the_second_count_are_rows_of_analyses():
    assert set(TABLE.later) <= set(ids("A"))


# Marks of tests -------------------------------------------------------------------------------------------------------


def test_marks_name_clauses_that_exist():
    assert sorted(set(CARRIED) - {each.id for each in CLAUSES}) == []


@pytest.mark.parametrize("test", sorted({test for tests in CARRIED.values() for test in tests}))
def test_a_marked_test_runs(test):
    file, name = test.split("::")
    assert name.startswith("test_")
    assert not is_skipped(file, name)


def test_marks_are_all_read():
    # A mark that is set in another way than above a function would count for nothing.
    written = {
        (path.relative_to(ROOT).as_posix(), clause)
        for path in (ROOT / "tests").rglob("*.py")
        for marked in re.findall(r"^@pytest\.mark\.shows\(([^)]*)\)$", path.read_text("utf-8"), re.MULTILINE)
        for clause in re.findall(r'"([^"]+)"', marked)
    }
    assert written == {(test.split("::")[0], clause) for clause, tests in CARRIED.items() for test in tests}


def test_every_failing_test_that_is_listed_is_there_and_carries_a_clause():
    carrying = {test for tests in CARRIED.values() for test in tests}
    for file, tests in TABLE.failing.items():
        for name in tests:
            assert name in functions_of(file)
            assert f"{file}::{name}" in carrying


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] in "EP"])
def test_a_row_of_dynamics_or_measures_is_carried_by_a_test_of_its_own(row):
    tests = [test for each in CLAUSES if each.row == row for test in each.tests]
    own = f"test_{row.lower().replace('-', '_')}_"
    assert not tests or any(test.split("::")[1].startswith(own) for test in tests), own


# Cases ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "C" and not TABLE.rows[row].absent])
def test_every_claim_of_a_case_carries_a_clause_of_its_row(row):
    asked = TABLE.rows[row]
    (file,) = asked.files
    case = load_case(ROOT / file)
    assert case.id == row
    assert sorted(claim for claims in asked.claims.values() for claim in claims) == sorted(each.id for each in case.expected)


def test_claims_that_the_model_does_not_bear_out_show_nothing():
    assert coverage.not_borne_out() == NOT_BORNE_OUT
    refuted = {each.id for each in CLAUSES if set(each.claims) & set(NOT_BORNE_OUT)}
    assert {each.verdict for each in CLAUSES if each.id in refuted} == {"not shown"}


# What counts for nothing ----------------------------------------------------------------------------------------------


def claims_of(row):
    return {claim.id: claim for file in TABLE.rows[row].files for claim in load_case(ROOT / file).expected}


def test_no_claim_on_an_outcome_that_is_a_formula_of_a_lever_counts_as_shown():
    assert sorted(set(TABLE.formulas) - {each.name for each in OUTCOMES}) == []
    for each in CLAUSES:
        if each.row[0] == "C" and each.verdict in ("shown", "weaker"):
            outcomes = {claims_of(each.row)[claim].outcome for claim in each.claims}
            assert outcomes - set(TABLE.formulas), f"{each.id} is read on {outcomes} alone"


def linked_to(case, claim):
    """The outcomes that levers of the measures in a claim's arms are linked to."""
    measures = {use.measure for arm in case.arms if arm.name in arms_of(claim) for use in arm.measures}
    levers = {change.lever for name in measures for change in find_measure(name).changes}
    return {link.effect.replace(" ", "_") for link in LEVER_LINKS if link.lever in levers}


@pytest.mark.parametrize("row", [row for row in ROWS if row[0] == "C" and not TABLE.rows[row].absent])
def test_a_case_shows_nothing_by_an_outcome_that_a_lever_of_its_own_is_linked_to(row):
    case, claims = load_case(row), claims_of(row)
    for each in CLAUSES:
        if each.row == row and each.verdict in ("shown", "weaker"):
            own = [claim for claim in each.claims if claims[claim].outcome in linked_to(case, claims[claim])]
            assert set(each.claims) - set(own), f"{each.id} is read on what levers are linked to alone: {own}"


def test_no_process_reads_the_outcomes_that_are_formulas_of_the_record():
    record = "sim/processes/outcome_recorder.py"
    reads = "\n".join(p.read_text("utf-8") for p in (ROOT / "sim/processes").rglob("*.py") if record not in p.as_posix())
    for name in ("complaints", "protest", "tips", "venue_violence", "school_violence", "homicides_counted"):
        assert name in TABLE.formulas
        assert not re.search(rf"\.{name}\b", reads), f"{name} is read now: see whether its clauses are still wired"


MOVED = re.compile(r": (?P<outcome>\w+)(?: at the spots| is lower while it holds)? (?:falls|rises|gains less)\b")


@cache
def printed():
    return read_csv(ROOT / "docs" / "measured.csv")


def lines_of(tests):
    return list(printed()["printed"][printed()["test"].isin(tests)])


SHOWN = [each for each in CLAUSES if each.verdict == "shown"]


@pytest.mark.parametrize("clause", [each for each in SHOWN if each.row[0] == "P"], ids=lambda each: each.id)
def test_a_measure_shows_nothing_by_an_outcome_that_its_own_lever_is_linked_to(clause):
    levers = {change.lever for change in find_measure(clause.row).changes}
    own = {link.effect.replace(" ", "_") for link in LEVER_LINKS if link.lever in levers} | set(TABLE.formulas)
    moved = {found["outcome"] for line in lines_of(clause.tests) for found in MOVED.finditer(line)}
    assert not moved or moved - own, f"{clause.id} is read on {sorted(moved)} alone"


FIGURE = re.compile(r"(?P<mean>[-+][\d.]+) % \[(?P<low>[-+][\d.]+), (?P<high>[-+][\d.]+)\]")
NARROW = 0.2
"""Points of per cent: a narrower interval over futures is the mark of a formula."""
LEAST = 5.0


def effects(tests):
    """Every effect of 5 % or more that the tests printed, in per cent: its mean and the width of its interval."""
    found = [found for line in lines_of(tests) for found in FIGURE.finditer(line)]
    figures = [tuple(map(float, each.group("mean", "low", "high"))) for each in found]
    return [(mean, high - low) for mean, low, high in figures if abs(mean) >= LEAST]


@pytest.mark.parametrize("clause", SHOWN, ids=lambda each: each.id)
def test_what_counts_as_shown_is_no_formula(clause):
    found = effects(clause.tests)
    assert not found or any(round(width, 3) >= NARROW for _, width in found), "every interval is narrower than .2 points"


# Where it is in the model ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("row", ROWS)
def test_what_holds_a_row_is_there(row):
    asked = TABLE.rows[row]
    shown = any(each.verdict == "shown" for each in CLAUSES if each.row == row)
    assert asked.files or not shown
    assert [file for file in asked.files if not (ROOT / file).is_file()] == []
    assert sorted(set(asked.mechanisms) - {each.name for each in MECHANISMS}) == []
    assert sorted(set(asked.outcomes) - {each.name for each in OUTCOMES}) == []
    assert not asked.outcomes or row[0] == "I"


def test_the_rows_of_measures_are_those_of_the_model():
    assert {row: asked.measure for row, asked in TABLE.rows.items() if asked.measure} == {
        measure.row: measure.name for measure in MEASURES
    }
    assert [row for row in ids("P-R") + ids("P-E") + ids("P-G") + ids("P-S") if TABLE.rows[row].absent] == [
        row for row in ROWS if row[0] == "P" and row not in {measure.row for measure in MEASURES}
    ]


def test_every_outcome_is_of_some_row():
    named = Counter(name for asked in TABLE.rows.values() for name in asked.outcomes)
    assert sorted({each.name for each in OUTCOMES} - set(named)) == []


# The page and the README ----------------------------------------------------------------------------------------------


def test_the_page_is_what_the_command_writes():
    assert coverage.PAGE.read_text("utf-8") == coverage.page(TABLE, CLAUSES), "run python -m experiments.publish.coverage"


def test_the_readme_quotes_the_count_of_the_page():
    said = coverage.README.read_text("utf-8")
    assert coverage.quoted(said, coverage.sentence(TABLE, CLAUSES)) == said, "run python -m experiments.publish.coverage"
    count = Counter(each.verdict for each in CLAUSES)
    (row,) = re.findall(r"^\| all rows \| (.*) \|$", coverage.PAGE.read_text("utf-8"), re.MULTILINE)
    assert row.split(" | ")[:6] == list(map(str, (len(ROWS), len(CLAUSES), *(count[each] for each in coverage.VERDICTS))))
    words = " ".join(said.split())
    assert re.findall(r"Of the (\d+) clauses in (\d+) rows .*?, (\d+) are shown", words) == [
        (str(len(CLAUSES)), str(len(ROWS)), str(count["shown"]))
    ]
    assert "](docs/coverage.md)" in coverage.sentence(TABLE, CLAUSES)


@pytest.mark.parametrize(
    ("text", "skipped"),
    [
        ("def test_a(): pass", False),
        ("@pytest.mark.validate\ndef test_a(): pass", False),
        ('@pytest.mark.shows("E07.1")\ndef test_a(): pass', False),
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
