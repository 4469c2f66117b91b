"""Every published figure has one role, and what is held out is quoted nowhere."""

import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
FILE = ROOT / "scenarios" / "trials" / "roles.yaml"
FIGURES = yaml.safe_load(FILE.read_text(encoding="utf-8"))["figures"]
FIELDS = {"id", "group", "study", "names", "of", "figure", "interval", "seen", "typed", "role", "why"}
ROLES = {"fitted", "shaped", "held out"}
TYPED = {"yes", "partly", "no"}
SEEN = {"abstract", "table", "institution", "press", "derived", "recalled"}
ROWS = {
    *(f"R{number}" for number in range(1, 12)),
    *(f"E{number}" for number in range(1, 16)),
    *(f"G{number}" for number in range(1, 8)),
    *(f"S{number}" for number in range(1, 13) if number != 2),
}
"""The first list of published figures; more were added to it."""

# What is held out, as a text would give it: a ratio, or the change in per cent.
HELD_OUT = [each for each in FIGURES if each["role"] == "held out" and each["figure"] is not None]


def forms(figure):
    """The ways in which a text may write a figure."""
    ratio = f"{figure:g}"
    written = {re.escape(ratio), re.escape(ratio.removeprefix("0"))} if figure != 1 else set()
    change = abs(round(100 * (figure - 1), 1))
    if 0 < change < 100:
        written.add(rf"{re.escape(f'{change:g}')}\s?(?:%|per cent|percent)")
    return "|".join(sorted(written))


NAMES = re.compile("|".join(sorted({re.escape(name) for each in HELD_OUT for name in each["names"]})), re.IGNORECASE)


def quotes(text):
    """The ids of the held-out figures that a paragraph gives beside the name of their study."""
    found = set()
    for paragraph in re.split(r"\n\s*\n", text):
        if not NAMES.search(paragraph):
            continue
        for each in HELD_OUT:
            named = any(re.search(rf"\b{re.escape(name)}\b", paragraph, re.IGNORECASE) for name in each["names"])
            if named and (written := forms(each["figure"])) and re.search(rf"(?<![\d.])(?:{written})(?!\d)", paragraph):
                found.add(each["id"])
    return found


def test_every_figure_says_what_it_is_and_what_it_may_be_used_for():
    for each in FIGURES:
        assert set(each) == FIELDS, each["id"]
        assert each["role"] in ROLES, each["id"]
        assert each["typed"] in TYPED, each["id"]
        assert each["seen"] in SEEN, each["id"]
        assert each["of"], each["id"]
        assert each["why"].endswith("."), each["id"]
        low, high = each["interval"] or (each["figure"], each["figure"])
        assert each["figure"] is None or low <= each["figure"] <= high, each["id"]
    assert [name for name, count in Counter(each["id"] for each in FIGURES).items() if count > 1] == []


def test_the_first_list_of_figures_is_complete():
    assert ROWS - {each["id"] for each in FIGURES} == set()


def test_figures_of_one_group_have_one_role():
    roles = defaultdict(set)
    for each in FIGURES:
        roles[each["group"]].add(each["role"])
    assert {group: found for group, found in roles.items() if len(found) > 1} == {}


def test_a_figure_that_was_typed_in_is_never_held_out():
    assert [each["id"] for each in FIGURES if each["typed"] == "yes" and each["role"] == "held out"] == []


def test_at_least_half_of_the_emergent_figures_are_held_out():
    emergent = [each for each in FIGURES if each["typed"] == "no"]
    assert 2 * sum(each["role"] == "held out" for each in emergent) >= len(emergent) >= 30


def test_what_is_held_out_has_a_name_to_be_found_by():
    assert [each["id"] for each in HELD_OUT if not each["names"]] == []


def test_no_text_quotes_what_is_held_out():
    texts = [*(ROOT / "tests").rglob("*.py"), *(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    assert len(texts) > 100
    found = {path.relative_to(ROOT).as_posix(): quotes(path.read_text(encoding="utf-8")) for path in texts}
    assert {path: ids for path, ids in found.items() if ids} == {}


@pytest.mark.parametrize("each", HELD_OUT, ids=lambda each: each["id"])
def test_a_quoted_figure_is_found_however_it_is_written(each):
    if each["figure"] == 1:
        return
    ratio, change = f"{each['figure']:g}", f"{abs(100 * (each['figure'] - 1)):.3g}"
    for written in (ratio, ratio.removeprefix("0"), f"about {ratio}, they say", f"{change} % fewer", f"{change} per cent"):
        if written.startswith(change) and float(change) >= 100:
            continue
        text = f"Some text.\n\nIn the study of {each['names'][-1]}\nit was {written}.\n\nMore text."
        assert each["id"] in quotes(text), written
    assert quotes(f"In the study of {each['names'][-1]} it was 7{ratio.lstrip('0')} and {ratio}99.") == set()
    assert quotes(f"Elsewhere it was {ratio}, or {change} %.\n\n{each['names'][-1]} said nothing.") == set()
