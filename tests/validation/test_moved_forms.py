"""What the constants of form do is what the documentation says (docs/forms.md)."""

import re
from pathlib import Path

import pytest

from experiments.publish.moved_forms import FORMS, measure, moved_to

DOCUMENT = Path(__file__).parents[2] / "docs" / "forms.md"


def told():
    """Return the cells of each line of the table, by the name of its parameter."""
    rows = re.findall(r"^\| `([a-z_.0-9]+)` \| (.*) \|$", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return {name: cells.split(" | ") for name, cells in rows}


def test_every_constant_of_form_has_its_line():
    rows = told()
    assert set(rows) == {each.name for each in FORMS}
    for each in FORMS:
        assert rows[each.name][:2] == [f"{each.default:g}", f"{moved_to(each):g}"]


@pytest.mark.validate
def test_the_table_of_constants_of_form_is_measured():
    rows = told()
    for each in measure():
        for cell, change, error in zip(rows[each.parameter.name][2:], each.changes, each.errors, strict=True):
            print(each.parameter.name, cell, change, error)
            assert abs(float(cell.split()[0]) - change) <= 4.0 * error + 0.1, each.parameter.name
