"""Pictures of what drives what in the model: all mechanisms on one ring, and its shorter loops on rings of their own.

    python -m experiments.publish.loop_diagrams      draw docs/figures/mechanisms.png and docs/figures/loops.png

Purple and solid, with a triangle, is more of the one and more of the other; orange and dashed, with a bar, is more of
the one and less of the other. A picture carries the fingerprint of the links it shows, so that a stale one is found.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, PathPatch, Polygon
from matplotlib.path import Path as Line

from experiments.comparison.figures import HIGHER, INK, LOWER, MUTED, styled
from experiments.comparison.paired import Floats
from experiments.publish.feedback_loops import (
    EITHER,
    KINDS,
    LESS,
    MORE,
    OTHER,
    THEMES,
    Loop,
    find_loops,
    fingerprint,
    parts,
    signed_links,
    theme_of,
)
from experiments.store.outputs import write_file

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.mechanisms import Mechanism

__all__ = ["PICTURES", "arranged", "picture", "ring_picture", "write_pictures"]

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ("docs/figures/mechanisms.png", "docs/figures/loops.png")

DRAWN = 9
"""Loops in the second picture."""
INCHES, DOTS = 10.0, 160
"""Width and height of a picture, and its dots an inch: 1600 by 1600."""
RING = 1.0
"""Distance of causes and effects from the middle of the picture; all other lengths are shares of it."""
REACH = 1.7
"""Distance from the middle to each edge of the picture."""
GAP = 1.2
"""Room between two themes, in rooms between two names."""


def write_pictures(mechanisms: Sequence[Mechanism], root: Path = ROOT) -> list[str]:
    """Draw both pictures and return their names.

    Parameters
    ----------
    mechanisms
        The mechanisms to draw.
    root
        The folder that the pictures are named from.
    """
    marks = {"Software": None, "Comment": fingerprint(mechanisms)}
    for name, figure in zip(PICTURES, (picture(mechanisms), ring_picture(mechanisms)), strict=True):
        page = io.BytesIO()
        figure.savefig(page, format="png", dpi=DOTS, metadata=marks)
        write_file(root / name, _with_few_colours(page.getvalue(), marks["Comment"] or ""))
    return list(PICTURES)


def _with_few_colours(page: bytes, mark: str) -> bytes:
    """Return a PNG with a palette of 64 colours, which no eye can tell from the first, at a third of its size."""
    from PIL import Image
    from PIL.PngImagePlugin import PngInfo

    few = Image.open(io.BytesIO(page)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    info = PngInfo()
    info.add_text("Comment", mark)
    made = io.BytesIO()
    few.save(made, format="png", optimize=True, pnginfo=info)
    return made.getvalue()


def arranged(mechanisms: Sequence[Mechanism]) -> dict[str, float]:
    """Return the angle of each cause and effect on the ring, in radians: theme by theme, what is linked close together.

    Parameters
    ----------
    mechanisms
        The mechanisms to draw.
    """
    themes, links = theme_of(mechanisms), list(signed_links(mechanisms))
    groups = [[node for node in themes if themes[node] == theme] for theme in (*THEMES, OTHER)]
    groups = [group for group in groups if group]
    angles = _spread(groups)
    return _with_swaps(angles, themes, links)


def _spread(groups: Sequence[Sequence[str]]) -> dict[str, float]:
    """Return angles for groups of names round the ring, clockwise from the top, with a gap after each group."""
    room = 2 * np.pi / (sum(len(group) for group in groups) + GAP * len(groups))
    angles, at = {}, GAP / 2
    for group in groups:
        for node in group:
            angles[node] = float(np.pi / 2 - (at + 0.5) * room)
            at += 1
        at += GAP
    return angles


def _with_swaps(
    angles: Mapping[str, float], themes: Mapping[str, str], links: Sequence[tuple[str, str]]
) -> dict[str, float]:
    """Return the angles after swapping any two names of a theme as long as that shortens the links."""
    best = dict(angles)
    pairs = [(a, b) for a in best for b in best if a < b and themes[a] == themes[b]]
    better = True
    while better:
        better = False
        for a, b in pairs:
            touched = [link for link in links if a in link or b in link]
            before = _stretch(best, touched)
            best[a], best[b] = best[b], best[a]
            if _stretch(best, touched) < before - 1e-9:
                better = True
            else:
                best[a], best[b] = best[b], best[a]
    return best


def _stretch(angles: Mapping[str, float], links: Sequence[tuple[str, str]]) -> float:
    """Return the summed length of links as straight lines across the ring."""
    return float(sum(abs(np.sin((angles[cause] - angles[effect]) / 2)) for cause, effect in links))


@styled
def picture(mechanisms: Sequence[Mechanism]) -> Figure:
    """Draw all causes and effects on a ring, by theme, with an arrow for each link; links within loops stand out.

    Parameters
    ----------
    mechanisms
        The mechanisms to draw.
    """
    figure, axes = _page()
    angles, themes, signs = arranged(mechanisms), theme_of(mechanisms), signed_links(mechanisms)
    part_of = parts(signs)
    turning = {node for link in signs for node in link if part_of[link[0]] == part_of[link[1]]}
    size = min(9.0, 640 / max(1, len(angles)) + 1.5)
    for strong in (False, True):
        for (cause, effect), sign in signs.items():
            if (part_of[cause] == part_of[effect]) == strong:
                _draw_chord(axes, angles[cause], angles[effect], sign, strong=strong, back=(effect, cause) in signs)
    for node, angle in angles.items():
        _draw_name(axes, node, angle, size, INK if node in turning else MUTED)
    _draw_themes(axes, angles, themes, size)
    _draw_key(axes)
    return figure


@styled
def ring_picture(mechanisms: Sequence[Mechanism]) -> Figure:
    """Draw short loops that share few links, each as a ring of its own.

    Parameters
    ----------
    mechanisms
        The mechanisms whose links are followed.
    """
    figure = Figure(figsize=(INCHES, INCHES))
    loops = _unlike(find_loops(mechanisms, most=10 * DRAWN))
    panels = figure.subplots(3, 3, squeeze=False, gridspec_kw={"wspace": 0.0, "hspace": 0.0})
    figure.subplots_adjust(left=0.0, right=1.0, bottom=0.04, top=1.0)
    for axes in panels.flat:
        axes.set_axis_off()
        axes.set_aspect("equal")
        axes.set_xlim(-1.6, 1.6)
        axes.set_ylim(-1.5, 1.5)
    for axes, loop in zip(panels.flat, loops, strict=False):
        _draw_ring(axes, loop)
    note = "Solid, with a triangle: more of one, more of the other. Dashed, with a bar: more of one, less of the other."
    figure.text(0.5, 0.015, note, ha="center", fontsize=9, color=MUTED)
    return figure


def _page() -> tuple[Figure, Axes]:
    figure = Figure(figsize=(INCHES, INCHES))
    axes = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_axis_off()
    axes.set_xlim(-REACH, REACH)
    axes.set_ylim(-REACH, REACH)
    return figure, axes


def _at(angle: float, distance: float = RING) -> Floats:
    return np.array((distance * np.cos(angle), distance * np.sin(angle)))


def _draw_chord(axes: Axes, start: float, end: float, sign: str, *, strong: bool, back: bool) -> None:
    """Draw a link across the ring, bent towards the middle, the more the farther apart its ends are."""
    one, other = _at(start, 0.985), _at(end, 0.975)
    if start == end:  # what drives itself: a bow inside the ring
        _draw_arrow(axes, _at(start - 0.02, 0.985), _at(start, 0.8), _at(end + 0.02, 0.975), sign, strong=strong, size=0.022)
        return
    apart = float(np.linalg.norm(one - other)) / 2
    bend = (one + other) / 2 * (0.86 - 0.72 * min(1.0, apart))
    if back:  # two links between the same two: each keeps to its left
        along = other - one
        bend = bend + 0.09 * np.array((-along[1], along[0]))
    _draw_arrow(axes, one, bend, other, sign, strong=strong, size=0.022)


def _draw_arrow(axes: Axes, one: Floats, bend: Floats, other: Floats, sign: str, *, strong: bool, size: float) -> None:
    """Draw a bent line with its sign at the end: a triangle for more, a bar for less, a dot for either."""
    colour, dash = {MORE: (LOWER, "-"), LESS: (HIGHER, (0, (4.5, 1.8))), EITHER: (MUTED, (0, (1, 1.2)))}[sign]
    looks: dict[str, Any] = {"alpha": 0.85 if strong else 0.32, "zorder": 3 if strong else 2}
    along = (other - bend) / np.linalg.norm(other - bend)
    side = np.array((-along[1], along[0]))
    shaft = other - along * size if sign == MORE else other
    line = Line(np.array((one, bend, shaft)), [Line.MOVETO, Line.CURVE3, Line.CURVE3])
    width = 1.15 if strong else 0.8
    axes.add_patch(PathPatch(line, facecolor="none", edgecolor=colour, linestyle=dash, linewidth=width, **looks))
    if sign == MORE:
        corners = np.array((other, shaft + side * size * 0.42, shaft - side * size * 0.42))
        axes.add_patch(Polygon(corners, closed=True, facecolor=colour, linewidth=0, **looks))
    elif sign == LESS:
        bar = Line(np.array((other + side * size * 0.5, other - side * size * 0.5)), [Line.MOVETO, Line.LINETO])
        axes.add_patch(PathPatch(bar, edgecolor=colour, linewidth=1.8, capstyle="butt", **looks))
    else:
        axes.add_patch(Circle((other[0], other[1]), size * 0.35, facecolor=colour, linewidth=0, **looks))


def _draw_name(axes: Axes, node: str, angle: float, size: float, colour: str) -> None:
    """Write a name outside the ring, along its own ray, never upside down."""
    axes.plot(*_at(angle), "o", color=colour, markersize=3.2, zorder=4)
    left = np.cos(angle) < 0
    turn = np.degrees(angle) + (180 if left else 0)
    x, y = _at(angle, 1.025)
    axes.text(x, y, node, rotation=turn, rotation_mode="anchor", va="center_baseline", fontsize=size,
              ha="right" if left else "left", color=colour)  # fmt: skip


def _draw_themes(axes: Axes, angles: Mapping[str, float], themes: Mapping[str, str], size: float) -> None:
    """Write each theme outside the names it holds, with an arc over them."""
    longest = max((len(node) for node in angles), default=0)
    distance = min(1.62, 1.08 + longest * size * 0.0024)
    room = min(np.diff(sorted(angles.values())), default=0.1)
    for theme in (*THEMES, OTHER):
        within = [angle for node, angle in angles.items() if themes[node] == theme]
        if not within:
            continue
        sweep = np.linspace(min(within) - room * 0.4, max(within) + room * 0.4, 60)
        axes.plot(distance * np.cos(sweep), distance * np.sin(sweep), color="#9aa5b1", linewidth=1.0)
        middle = float(np.mean((min(within), max(within))))
        turn = np.degrees(middle) - 90
        below = np.sin(middle) < 0
        x, y = _at(middle, distance + 0.055)
        axes.text(x, y, theme, rotation=turn + (180 if below else 0), rotation_mode="anchor",
                  ha="center", va="center", fontsize=11, fontweight="bold", color=INK)  # fmt: skip


def _draw_key(axes: Axes) -> None:
    words = {MORE: "more of the one, more of the other", LESS: "more of the one, less of the other"}
    for row, (sign, text) in enumerate(words.items()):
        height = REACH * (-0.925 - 0.035 * row)
        one, other = np.array((-REACH * 0.97, height)), np.array((-REACH * 0.885, height))
        _draw_arrow(axes, one, (one + other) / 2, other, sign, strong=True, size=0.03)
        axes.text(-REACH * 0.865, height, text, va="center", fontsize=9, color=MUTED)
    axes.text(REACH * 0.97, REACH * -0.96, "strong: within a loop\nfaint: in none", ha="right", va="center", fontsize=9,
              color=MUTED, linespacing=1.5)  # fmt: skip


def _unlike(loops: Iterable[Loop]) -> list[Loop]:
    """Return loops for the second picture: the first ones, passing over those that share half of their links with them."""
    chosen: list[Loop] = []
    drawn: set[tuple[str, str]] = set()
    for loop in loops:
        if len(chosen) < DRAWN and 2 * len(drawn.intersection(loop.steps)) < len(loop.steps):
            chosen.append(loop)
            drawn.update(loop.steps)
    return chosen


def _draw_ring(axes: Axes, loop: Loop) -> None:
    """Draw one loop as names on a small ring, with what it does with a push in the middle."""
    count = len(loop.nodes)
    turn = -2 * np.pi / count
    angles = [np.pi / 2 + turn * row for row in range(count)]
    for row, sign in enumerate(loop.signs):
        next_row = (row + 1) % count
        start = angles[row] - _margin(loop.nodes[row], angles[row], -1)
        end = angles[row] + turn + _margin(loop.nodes[next_row], angles[next_row], 1)
        half = min((start - end) / 2, 1.0)
        _draw_arrow(axes, _at(start), _at((start + end) / 2, RING / np.cos(half)), _at(end), sign, strong=True, size=0.11)
    for node, angle in zip(loop.nodes, angles, strict=True):
        x, y = _at(angle)
        axes.text(x, y, _broken(node), ha="center", va="center", fontsize=10, color=INK)
    axes.text(0, 0, KINDS[loop.sign], ha="center", va="center", fontsize=9.5, color=MUTED, fontstyle="italic")


def _margin(node: str, angle: float, way: int) -> float:
    """Return the angle that a name takes up on its small ring, one way round, so that no arrow runs into it."""
    lines = _broken(node).split("\n")
    width, height = 0.037 * max(map(len, lines)) + 0.06, 0.075 * len(lines) + 0.05
    for step in np.arange(0.0, 1.2, 0.02):
        across, up = np.abs(_at(angle + way * step) - _at(angle))
        if across > width or up > height:
            return float(step)
    return 1.2


def _broken(text: str) -> str:
    """Return a name on two lines where it is long."""
    words = text.split()
    if len(text) <= 14 or len(words) < 2:
        return text
    cut = min(range(1, len(words)), key=lambda at: abs(len(" ".join(words[:at])) - len(" ".join(words[at:]))))
    return f"{' '.join(words[:cut])}\n{' '.join(words[cut:])}"


def main() -> int:
    """Draw both pictures of the registry and say where they are; return the exit code."""
    from sim.mechanisms import MECHANISMS

    print("\n".join(write_pictures(MECHANISMS)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
