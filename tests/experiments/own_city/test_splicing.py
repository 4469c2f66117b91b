"""A value is put into a file in place: only its own span changes, whatever the file is written like."""

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.own_city.splicing import splice_values
from sim.errors import InputError
from sim.files import find_packaged, names, parse_mapping

TEMPLATE = Path(__file__).parents[3] / "scenarios" / "city_template.yaml"
FILES = {name: find_packaged("cities", name) for name in names("cities")} | {"template": TEMPLATE}
NEW = {
    "join_intercept": -4.9846,
    "rivalry": 3.2509e-05,
    "disputes": 1.4e-07,
    "method": "citysafety fit: " + "words that fill more than a line of the file, " * 5,
    "date": "2027-01-02",
    "fit": "Homicide rate 45.3 (standard error 0.3) of 45.",
    "seed": 7,
    "scale": 0.5,
    "fingerprint": "12e45678901234567890123456789012",
}
NEW["method"] = NEW["method"].strip()

SMALL = """# a comment\tof tabs
name: "Città 😀"
calibration:  # the block
  join_intercept: -5.4   # first
  # between
  rivalry: 0.0002
  disputes: 4.3e-6\t# tab
  method: >-  # how
    folded
    text

  date: '2026-11-22'
  fit: not yet
# after
levels: {a: 1}
"""
FLOW = "calibration: {join_intercept: -5.4, rivalry: 0.0002, disputes: 4.3e-6, method: m, date: 'd', fit: f}\nz: 1\n"
FORMS = {
    "block": SMALL,
    "flow": FLOW,
    "flow over lines": FLOW.replace(", rivalry", ",  # c\n  rivalry").replace(", fit: f}", ",\n  fit: f,  # last\n}"),
    "last in the file": "name: x\ncalibration:\n  join_intercept: 1\n  fit: |\n    text\n",
    "no final line end": "name: x\ncalibration:\n  join_intercept: 1\n  fit: text",
    "first in the file": "calibration:\n    'join_intercept': 1\n    fit: \"two\n      lines\"\n\n\nname: x",
    "one object": '{"name": "x", "calibration": {"join_intercept": 1, "fit": "f"}}',
    "values on their own lines": "calibration:\n  join_intercept:\n    -5.4\n  fit:\n    plain over\n    lines\nname: x\n",
    "nothing yet": "calibration:\n  join_intercept: 1\n  seed:\n  fit: f\nname: x\n",
}


def lines_kept(before, after):
    """Whether every line of `before` stands in `after`, in order, but those that hold a replaced value."""
    remaining = iter(after.splitlines(keepends=True))
    return all(any(line == other for other in remaining) for line in before)


@pytest.mark.parametrize("name", FILES)
def test_the_same_values_leave_every_byte_of_a_city_as_it_is(name):
    text = FILES[name].read_bytes().decode()
    old = parse_mapping(text, name)["calibration"]
    assert splice_values(text, "calibration", old, name) == text


@pytest.mark.parametrize("name", FILES)
def test_other_values_change_the_block_of_a_city_and_nothing_else(name):
    text = FILES[name].read_bytes().decode()
    after = splice_values(text, "calibration", NEW, name)
    at = text.index("\ncalibration:")
    end = text.index("\n\n", at)
    assert after.startswith(text[:at])
    assert after.endswith(text[end:])
    assert parse_mapping(after, name) == parse_mapping(text, name) | {"calibration": NEW}
    comments = [line.split("#")[1] for line in text[at:end].splitlines() if "#" in line]
    assert [line.split("#")[1] for line in after[at : len(after) - len(text) + end].splitlines() if "#" in line] == comments


@settings(max_examples=60)
@given(
    form=st.sampled_from(sorted(FORMS)),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    mark=st.sampled_from(["", "\ufeff"]),
    chosen=st.sets(st.sampled_from(sorted(NEW))),
)
def test_any_way_of_writing_keeps_what_is_not_replaced(form, line_end, mark, chosen):
    text = mark + FORMS[form].replace("\n", line_end)
    values = {key: NEW[key] for key in sorted(chosen)}
    after = splice_values(text, "calibration", values, "x.yaml")
    before = parse_mapping(text.removeprefix("\ufeff"), "x")
    found = parse_mapping(after.removeprefix("\ufeff"), "x")
    assert found == before | {"calibration": before["calibration"] | values}
    assert after.startswith("\ufeff") == bool(mark)
    assert after.endswith(line_end) == text.endswith(line_end)
    if line_end == "\r\n":
        assert after.count("\n") == after.count("\r") == after.count("\r\n")
    elif line_end == "\r":
        assert "\n" not in after
    # Comments, and every line without a value of the block, stay where they are.
    for comment in ("# a comment\tof tabs", "# the block", "# first", "# between", "\t# tab", "# how", "# after", "# last"):
        assert (comment in after) == (comment in text)
    assert splice_values(after, "calibration", values, "x.yaml") == after


def test_comments_of_the_block_stay_beside_their_values():
    after = splice_values(SMALL, "calibration", NEW, "x.yaml")
    assert "  join_intercept: -4.9846   # first\n  # between\n  rivalry: 3.2509e-05\n  disputes: 1.4e-07\t# tab\n" in after
    assert after.endswith('  fingerprint: "12e45678901234567890123456789012"\n# after\nlevels: {a: 1}\n')


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: x\n", "x.yaml: calibration is missing"),
        ("calibration: []\n", "x.yaml: calibration is missing"),
        ("calibration: {fit: [1]}\n", "cannot be changed in place"),
        ("calibration:\n  ? fit\n  : text\n", "cannot be changed in place"),
        ("calibration: {fit: f\n", "is not valid YAML"),
    ],
)
def test_what_cannot_be_changed_safely_is_refused_in_one_line(text, says):
    with pytest.raises(InputError, match=says) as refused:
        splice_values(text, "calibration", {"fit": "new", "seed": 1}, "x.yaml")
    assert "\n" not in str(refused.value)


def test_every_subset_of_two_keys_can_be_added_to_braces():
    for keys in itertools.combinations(["seed", "scale", "fingerprint"], 2):
        values = {key: NEW[key] for key in keys}
        found = parse_mapping(splice_values(FLOW, "calibration", values, "x"), "x")["calibration"]
        assert {key: found[key] for key in keys} == values
