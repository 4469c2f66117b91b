"""The loops are those of the declared links, and pictures and tables show them all; none is typed by hand."""

import itertools
import json
import math
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as some
from matplotlib.patches import PathPatch, Polygon
from matplotlib.text import Text
from PIL import Image

from experiments.commands import cli
from experiments.publish import documentation
from experiments.publish import feedback_loops as loops
from experiments.publish import loop_diagrams as rings
from sim.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[3]
PAGE = "docs/mechanisms.md"


class Made(NamedTuple):
    name: str
    links: tuple
    process: str = "homicide"
    rows: tuple = ("E23",)
    title: str = "Made up"
    says: str = "Stands in."
    off: dict = {"homicide.gain": 0.0}  # noqa: RUF012
    drives: str = "homicide_rate"


def made(*texts, process="homicide"):
    """Mechanisms from texts such as "fear - trust", one link each."""
    links = [(cause, effect, sign) for cause, sign, effect in (text.split() for text in texts)]
    return [Made(f"m{i}", (link,), process) for i, link in enumerate(links)]


def texts(figure):
    return [text.get_text().replace("\n", " ") for text in figure.findobj(Text) if text.get_text()]


# Loops ----------------------------------------------------------------------------------------------------------------


def test_a_loop_is_told_from_its_first_name_with_its_signs():
    (loop,) = loops.find_loops(made("killing + fear", "fear - trust", "trust - killing", "fear + walls"))
    assert loop.nodes == ("fear", "trust", "killing")
    assert str(loop) == "fear →(−) trust →(−) killing →(+) fear"


@pytest.mark.parametrize(
    ("signs", "kind"),
    [("++", "reinforcing"), ("--", "reinforcing"), ("+-", "balancing"), ("---", "balancing"), ("+", "reinforcing")],
)
def test_the_product_of_the_signs_says_what_a_loop_does_with_a_push(signs, kind):
    nodes = "abc"[: len(signs)]
    (loop,) = loops.find_loops(
        made(*(f"{a} {sign} {b}" for a, sign, b in zip(nodes, signs, nodes[1:] + nodes[0], strict=True)))
    )
    assert loops.KINDS[loop.sign] == kind


def test_a_link_with_both_signs_makes_a_loop_of_either_way():
    (loop,) = loops.find_loops(made("a + b", "a - b", "b + a"))
    assert loops.KINDS[loop.sign] == "either way"


def test_shorter_loops_come_first_and_no_more_than_asked_for():
    links = [f"{a} + {b}" for a, b in itertools.permutations("abcd", 2)]
    found = loops.find_loops(made(*links), most=12)
    assert [len(loop.nodes) for loop in found] == [2] * 6 + [3] * 6
    assert found == loops.find_loops(made(*reversed(links)), most=12)


def test_without_a_way_back_there_is_no_loop():
    assert loops.find_loops(made("a + b", "b + c", "a - c")) == []


@given(some.sets(some.tuples(*[some.sampled_from("abcde")] * 2), min_size=1, max_size=12))
def test_every_loop_found_is_a_round_of_links_that_are_declared(pairs):
    found = loops.find_loops(made(*(f"{a} + {b}" for a, b in sorted(pairs))), most=1000)
    assert len(set(found)) == len(found)
    part_of = loops.parts(pairs)
    for loop in found:
        assert set(loop.steps) <= pairs
        assert len(set(loop.nodes)) == len(loop.nodes)
    assert {step for loop in found for step in loop.steps} == {(a, b) for a, b in pairs if part_of[a] == part_of[b]}


def test_a_name_stands_under_the_theme_that_makes_it():
    mechanisms = [*made("a + b", process="community"), *made("c + a", "b - c")]
    themes = loops.theme_of(mechanisms)
    assert themes == {"a": "Violence", "b": "Community", "c": "Violence"}
    assert set(loops.theme_of(made("a + b", process="sim/processes/weather.py")).values()) == {loops.OTHER}


def test_whatever_is_placed_by_hand_is_there_and_is_placed_once():
    nodes = {node for link in loops.signed_links(MECHANISMS) for node in link}
    placed = [node for names in loops.PLACED.values() for node in names]
    assert sorted(set(placed) - nodes) == []
    assert len(set(placed)) == len(placed)
    assert set(loops.PLACED) <= set(loops.THEMES)


# Pictures -------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn():
    return rings.picture(MECHANISMS)


def test_the_picture_names_every_cause_and_effect_once_and_every_theme_in_use(drawn):
    nodes = {node for link in loops.signed_links(MECHANISMS) for node in link}
    shown = texts(drawn)
    assert {node: shown.count(node) for node in nodes} == dict.fromkeys(nodes, 1)
    assert set(loops.theme_of(MECHANISMS).values()) <= set(shown)


def test_no_two_names_of_the_picture_overlap(drawn):
    drawn.canvas.draw()
    angles = sorted(rings.arranged(MECHANISMS).values())
    room = min(b - a for a, b in itertools.pairwise(angles))
    height = max(text.get_fontsize() for text in drawn.findobj(Text) if text.get_rotation_mode() == "anchor"
                 and text.get_fontweight() != "bold") / 72 * 2 * rings.REACH / rings.INCHES  # fmt: skip
    assert room * rings.RING > 0.9 * height


def test_a_theme_keeps_its_names_together(drawn):
    themes = loops.theme_of(MECHANISMS)
    order = [themes[node] for node, _ in sorted(rings.arranged(MECHANISMS).items(), key=lambda each: each[1])]
    assert len(list(itertools.groupby(order))) == len(set(order))


def test_names_are_placed_so_that_links_are_shorter_than_in_the_order_of_the_registry():
    links = list(loops.signed_links(MECHANISMS))
    themes = loops.theme_of(MECHANISMS)
    plain = rings._spread([[node for node in themes if themes[node] == theme] for theme in dict.fromkeys(themes.values())])
    assert rings._stretch(rings.arranged(MECHANISMS), links) < rings._stretch(plain, links)


def test_a_sign_is_told_by_dash_and_shape_and_not_by_colour_alone():
    looks = {}
    for sign in (loops.MORE, loops.LESS):
        axes = rings.picture(made(f"a {sign} b")).axes[0]
        link = next(patch for patch in axes.patches if isinstance(patch, PathPatch))
        heads = sum(isinstance(patch, Polygon) for patch in axes.patches)
        looks[sign] = (link.get_linestyle() == "-" or link.get_linestyle() == "solid", heads)
    assert looks[loops.MORE][0]
    assert not looks[loops.LESS][0]
    assert looks[loops.MORE][1] == looks[loops.LESS][1] + 1  # the key holds one of each


def test_a_link_within_a_loop_is_drawn_stronger_than_one_in_none():
    axes = rings.picture(made("a + b", "b + a", "b + c")).axes[0]
    strengths = sorted(patch.get_alpha() for patch in axes.patches if isinstance(patch, Polygon))
    assert len(strengths) == 4  # three links, and the key
    assert strengths[0] < strengths[1] == strengths[-1]


def test_the_loops_of_the_second_picture_share_less_than_half_of_their_links():
    chosen = rings._unlike(loops.find_loops(MECHANISMS, most=10 * rings.DRAWN))
    assert 3 <= len(chosen) <= rings.DRAWN
    before = set()
    for loop in chosen:
        assert 2 * len(before & set(loop.steps)) < len(loop.steps)
        before |= set(loop.steps)
    shown = texts(rings.ring_picture(MECHANISMS))
    assert {node for loop in chosen for node in loop.nodes} <= set(shown)


@pytest.mark.parametrize("links", [["a + a"], ["a + b"], ["a + b", "b - a"], ["a + b", "a - b"]])
def test_the_smallest_registries_are_drawn_too(links, tmp_path):
    assert rings.write_pictures(made(*links), tmp_path) == list(rings.PICTURES)


@pytest.mark.parametrize("name", rings.PICTURES)
def test_the_pictures_are_those_of_the_registry(name):
    with Image.open(ROOT / name) as picture:
        assert picture.text["Comment"] == loops.fingerprint(MECHANISMS), "run python -m experiments.publish.loop_diagrams"
        assert picture.size == (1600, 1600)
    assert (ROOT / name).stat().st_size < 400_000
    assert re.search(rf"!\[[^\]]{{40,}}\]\({name.removeprefix('docs/')}\)", (ROOT / PAGE).read_text("utf-8"))


def test_the_same_registry_gives_the_same_bytes(tmp_path):
    few = made("a + b", "b - c", "c + a")
    written = [[(tmp_path / run / name).read_bytes() for name in rings.write_pictures(few, tmp_path / run)] for run in "xy"]
    assert written[0] == written[1]


def test_another_link_sign_or_theme_is_another_fingerprint():
    variants = [made("a + b"), made("a - b"), made("b + a"), made("a + b", "b + c"), made("a + b", process="justice")]
    assert len({loops.fingerprint(each) for each in variants}) == len(variants)


# Tables ---------------------------------------------------------------------------------------------------------------


def test_the_tables_name_every_mechanism_and_how_it_is_switched_off():
    table = documentation.tables()["mechanisms"]
    for mechanism in MECHANISMS:
        (line,) = [line for line in table.splitlines() if f"(`{mechanism.name}`)" in line]
        assert all(f"`{parameter}` = {value:g}" in line for parameter, value in mechanism.off.items())
        assert all(row in line for row in mechanism.rows)


def test_the_table_of_loops_says_which_mechanisms_carry_each():
    few = made("a + b", "b - a", "a + b")
    _, rows = loops.loops_table(few)
    assert rows == [("a →(+) b →(−) a", "balancing", "`m0`, `m2`, `m1`")]


def test_the_page_is_generated_with_the_other_documents():
    assert PAGE in documentation.DOCUMENTS
    text = (ROOT / PAGE).read_text("utf-8")
    assert all(f"<!-- table: {name} -->" in text for name in ("mechanisms", "loops"))
    assert re.findall(r"\b(?:will|optimal|optimum|proves?|proven)\b", text, re.IGNORECASE) == []


def test_mechanisms_are_listed(capsys):
    assert cli.run_command(["list", "mechanisms"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [mechanism.name for mechanism in MECHANISMS]
    assert cli.run_command(["list", "mechanisms", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert all(math.isfinite(value) for row in rows for value in row["off"].values())
    assert [row["rows"] for row in rows] == [list(mechanism.rows) for mechanism in MECHANISMS]
