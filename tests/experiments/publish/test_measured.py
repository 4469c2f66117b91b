"""The figures of the pages on verification and validation are those that tests told."""

import pytest

from experiments.publish.measured import LONGEST, fill, found_in, told_briefly

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
def told(tmp_path):
    path = tmp_path / "report.xml"
    path.write_text(REPORT, "utf-8")
    return found_in(path)


def test_a_cell_holds_what_its_test_told_and_others_stay(told):
    found = "share: a: +1.0 % [+0.5, +1.5]; b falls: -6.0 % [-7.0, -5.5]"
    assert fill(PAGE, told).splitlines()[2:] == [
        f"| a holds | E01 | {found} | `tests/validation/test_rows.py::test_a` |",
        "| c holds | | kept | `tests/validation/test_rows.py::test_c` |",
        "| b holds | one; two | `tests/validation/test_rows.py::test_b` |",
        "| nothing of the kind | x | y |",
    ]


def test_filling_again_changes_nothing(told):
    assert fill(fill(PAGE, told), told) == fill(PAGE, told)


def test_numbers_are_rounded_and_nothing_breaks_the_table():
    assert told_briefly("x: np.float64(0.58712345) | y") == "x: 0.5871 / y"
    assert told_briefly("{'a': ['the city's', 'b']}") == "a: [the city's, b]"
    long = told_briefly("\n".join(f"line {n}: +1.0 %" for n in range(100)))
    assert len(long) <= LONGEST + 5
    assert long.endswith("; ...")
