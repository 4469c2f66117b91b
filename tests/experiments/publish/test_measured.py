"""The figures of the pages on verification and validation are those that tests told."""

import pytest

from experiments.publish.measured import MOST, cell, cleaned, fill, found_in, main

REPORT = """<testsuites><testsuite>
<testcase classname="tests.validation.test_rows" name="test_a"><system-out>share: {'a': '+1.0 % [+0.5, +1.5]'}
  b falls: -6.0 % [-7.0, -5.5], least 5 %</system-out></testcase>
<testcase classname="tests.validation.test_rows" name="test_b[one]"><system-out>one</system-out></testcase>
<testcase classname="tests.validation.test_rows" name="test_b[two]"><system-out>two</system-out></testcase>
<testcase classname="tests.validation.test_rows" name="test_c"/>
</testsuite></testsuites>"""
PAGE = """| claim | rows | figure | test |
|---|---|---|---|
| a holds | E01 | old | `tests/validation/test_rows.py::test_a` |
| c holds | | kept | `tests/validation/test_rows.py::test_c` |
| b holds | | `tests/validation/test_rows.py::test_b` |
| nothing of the kind | x | y |
"""


@pytest.fixture
def found(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(REPORT, "utf-8")
    return found_in(path)


def test_a_cell_holds_what_its_test_told_and_others_stay(found):
    printed = "share: a: +1.0 % [+0.5, +1.5]; b falls: -6.0 % [-7.0, -5.5]"
    assert fill(PAGE, found).splitlines()[2:] == [
        f"| a holds | E01 | {printed} | `tests/validation/test_rows.py::test_a` |",
        "| c holds | | kept | `tests/validation/test_rows.py::test_c` |",
        "| b holds | one; two | `tests/validation/test_rows.py::test_b` |",
        "| nothing of the kind | x | y |",
    ]


def test_filling_again_changes_nothing(found):
    assert fill(fill(PAGE, found), found) == fill(PAGE, found)


def test_numbers_are_rounded_and_nothing_breaks_the_table():
    assert cleaned("x: np.float64(0.58712345) | y") == ["x: 0.5871 / y"]
    assert cleaned("{'a': ['the city's', 'b']}\n\n--- log") == ["a: [the city's, b]"]


def test_a_cell_shows_the_first_figures_and_says_how_many_more_there_are():
    lines = [f"line {n}: +1.0 %" for n in range(9)]
    assert cell(lines) == f"line 0: +1.0 %; line 1: +1.0 %; line 2: +1.0 %; and {9 - MOST} more"
    assert cell(lines[:MOST]) == "; ".join(lines[:MOST])
    assert cell(["word " * 100]) == f"{'word ' * 28}..."


def test_everything_that_was_printed_is_in_the_table_until_its_test_is_gone(tmp_path, monkeypatch, capsys):
    for name in ("verification.md", "validation.md"):
        (tmp_path / "docs").mkdir(exist_ok=True)
        (tmp_path / "docs" / name).write_text(PAGE, "utf-8")
    tests = tmp_path / "tests" / "validation" / "test_rows.py"
    tests.parent.mkdir(parents=True)
    tests.write_text("def test_a():\n\ndef test_b(n):\n", "utf-8")
    module = "experiments.publish.measured"
    monkeypatch.setattr(f"{module}.DOCS", tmp_path / "docs")
    monkeypatch.setattr(f"{module}.PAGES", (tmp_path / "docs" / "verification.md", tmp_path / "docs" / "validation.md"))
    monkeypatch.setattr(f"{module}.TABLE", tmp_path / "docs" / "measured.csv")
    (tmp_path / "report.xml").write_text(REPORT, "utf-8")
    main([str(tmp_path / "report.xml")])
    table = (tmp_path / "docs" / "measured.csv").read_text("utf-8-sig").splitlines()
    a, b = (f"tests/validation/test_rows.py::{name}" for name in ("test_a", "test_b"))
    assert table == [
        "test,printed",
        f'{a},"share: a: +1.0 % [+0.5, +1.5]"',
        f'{a},"b falls: -6.0 % [-7.0, -5.5]"',
        f"{b},one",
        f"{b},two",
    ]
    assert "measured.csv: 4 lines of 2 tests" in capsys.readouterr().out
    tests.write_text("def test_b(n):\n", "utf-8")
    (tmp_path / "report.xml").write_text("<testsuites/>", "utf-8")
    main([str(tmp_path / "report.xml")])
    assert (tmp_path / "docs" / "measured.csv").read_text("utf-8-sig").splitlines() == [table[0], *table[3:]]
