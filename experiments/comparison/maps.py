"""Maps of a city: what would change where, on real outlines when they are at hand, on tiles otherwise.

Outlines only draw. The city file gives who is whose neighbour, and nothing in the model reads a polygon.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, permutations
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from pathlib import Path as FilePath

    from matplotlib.axes import Axes
    from matplotlib.cm import ScalarMappable
    from matplotlib.path import Path

    from sim.scenario import City

type Values = npt.NDArray[np.floating[Any]]
type Mask = npt.NDArray[np.bool_]
type Point = tuple[float, float]
type Ring = npt.NDArray[np.float64]
type Style = dict[str, Any]

# City -> outlines inside the package libpysal (extra `maps`), and the column that names the areas.
OUTLINES = {"chicago": ("examples/chicago/Chicago77.shp", "COMMUNITY")}
KILOMETRES_PER_UNIT = 0.0003048006  # US survey foot, the unit of the state plane
TILE_SIDE = 0.94  # of the distance between two tiles
LABELS = 5
LABEL_SIZE = 6.5  # points
INK = "#333333"
SMALL: Style = {"facecolor": "#dcdcdc", "edgecolor": "#ffffff"}
UNCLEAR: Style = {"facecolor": "#ededed", "edgecolor": "#a6a6a6", "hatch": "/////"}
BLANK: Style = {"facecolor": "#f7f7f7", "edgecolor": "#cccccc"}


def polygons(city: City) -> dict[str, list[Ring]] | None:
    """Outlines of a city's neighbourhoods, or None where there are none on this computer.

    Nothing is downloaded: the outlines are those that the optional package libpysal carries.

    Returns
    -------
    dict of neighbourhood name -> list of rings, float64 [point, 2], kilometres east and north of the city's
    south-western corner. None if the city has no outlines, the extra `maps` is missing or a neighbourhood has none.
    """
    source = _outline_file(city.name)
    if source is None:
        return None
    try:
        import shapefile
    except ImportError:
        return None

    file, column = source
    rings: dict[str, list[Ring]] = {}
    with shapefile.Reader(str(file)) as reader:
        corner = np.asarray(reader.bbox[:2], dtype=np.float64)
        for entry in reader.iterShapeRecords():
            points = (np.asarray(entry.shape.points, dtype=np.float64)[:, :2] - corner) * KILOMETRES_PER_UNIT
            rings[_key(entry.record[column])] = np.split(points, list(entry.shape.parts)[1:])

    names = [place.name for place in city.neighbourhoods]
    if any(_key(name) not in rings for name in names):
        return None
    return {name: rings[_key(name)] for name in names}


def draw_map(
    axes: Axes,
    city: City,
    values: Values,
    *,
    clear: Mask | None = None,
    small: Mask | None = None,
    limit: float | None = None,
    label: str,
    outlines: dict[str, list[Ring]] | None = None,
) -> None:
    """Draw a change by neighbourhood: purple where it would fall, orange where it would rise, else grey or hatched.

    Colours deepen with the root of the change, so that one area with a large change does not bleach all others.

    Parameters
    ----------
    axes
        Where to draw; its own axis lines are switched off.
    city
        The city; drawn by its outlines where there are any, by its tiles otherwise.
    values
        float [neighbourhood], the change, in the unit that `label` names; not-a-number is left blank.
    clear
        bool [neighbourhood], whether the change is clear; None takes every change as clear.
    small
        bool [neighbourhood], whether a change that is not clear is small, less than matters: plain grey. What is neither
        cannot be told: hatched. None takes none as small.
    limit
        Change at which the colours end, the same unit; None takes the largest clear change.
    label
        What the colours show, with its unit.
    outlines
        Rings by neighbourhood as `polygons` returns them; None looks for them there, an empty dict draws tiles.

    Raises
    ------
    ValueError
        If `values` or `clear` has not one entry for each neighbourhood, or `limit` is not above zero.
    """
    from matplotlib.patches import Patch

    known = np.isfinite(values)
    sure = known if clear is None else known & clear
    expected = (len(city.neighbourhoods),)
    if values.shape != expected or sure.shape != expected:
        raise ValueError(f"a map of {city.name} needs {expected[0]} values, one for each neighbourhood")
    if limit is None:
        limit = float(np.max(np.abs(values[sure]), initial=0.0)) or 1.0
    if not (math.isfinite(limit) and limit > 0):
        raise ValueError(f"the limit of the colours is {limit}; it is a number above zero")

    shapes, colours = _shapes(city, outlines), _colours("PuOr_r", -limit, limit)
    less = np.zeros_like(known) if small is None else known & ~sure & small
    styles: list[Style] = []
    for value, is_known, is_sure, is_small in zip(values, known, sure, less, strict=True):
        if is_sure:
            styles.append({"facecolor": colours.to_rgba(np.asarray(value)), "edgecolor": "#ffffff"})
        else:
            styles.append(SMALL if is_small else UNCLEAR if is_known else BLANK)
    _draw_shapes(axes, shapes, styles)
    quarter = limit / 4
    ticks = (-limit, -quarter, 0.0, quarter, limit)
    _draw_scale(axes, colours, label, {tick: _signed(tick) if tick else "0" for tick in ticks}, anchor=(1.0, 1.0))
    # On every map, needed or not: maps that are laid side by side are then of one size.
    axes.legend(
        handles=[
            Patch(linewidth=0.4, label="small, less than matters", **SMALL),
            Patch(linewidth=0.4, label="cannot be told", **UNCLEAR),
        ],
        loc="upper left",
        bbox_to_anchor=(0.0, 0.0),
        frameon=False,
        fontsize=LABEL_SIZE,
        handlelength=1.4,
    )
    _label_largest(axes, city, shapes, values, sure, _signed)


def draw_levels(
    axes: Axes, city: City, values: Values, *, label: str, outlines: dict[str, list[Ring]] | None = None
) -> None:
    """Draw a level by neighbourhood, darker where it is higher.

    Parameters
    ----------
    axes, city, label, outlines
        As for `draw_map`.
    values
        float [neighbourhood], >= 0, in the unit that `label` names; not-a-number is left blank.
    """
    known = np.isfinite(values)
    limit = float(np.max(values[known], initial=0.0)) or 1.0
    shapes, colours = _shapes(city, outlines), _colours("Purples", 0.0, limit)
    styles: list[Style] = [
        {"facecolor": colours.to_rgba(np.asarray(value)), "edgecolor": "#a6a6a6"} if is_known else BLANK
        for value, is_known in zip(values, known, strict=True)
    ]
    _draw_shapes(axes, shapes, styles)
    ticks = {0.0: "0"} | {tick: _unsigned(tick) for tick in (limit / 4, limit)}
    _draw_scale(axes, colours, label, ticks)
    _label_largest(axes, city, shapes, values, known, _unsigned)


def _shapes(city: City, outlines: dict[str, list[Ring]] | None) -> list[Path]:
    """Return the shape of each neighbourhood: its outline where the city has outlines, else its tile."""
    rings = polygons(city) if outlines is None else outlines
    return [_joined(rings[place.name]) for place in city.neighbourhoods] if rings else _tiles(city)


def _colours(name: str, low: float, high: float) -> ScalarMappable:
    """Return the colours between two values, which deepen with the root of a value."""
    from matplotlib import colormaps
    from matplotlib.cm import ScalarMappable
    from matplotlib.colors import FuncNorm

    return ScalarMappable(FuncNorm((_signed_root, _signed_square), low, high), colormaps[name])


def _draw_shapes(axes: Axes, shapes: Sequence[Path], styles: Sequence[Style]) -> None:
    """Draw each neighbourhood in its style, on axes without lines of their own."""
    from matplotlib.patches import PathPatch

    for shape, style in zip(shapes, styles, strict=True):
        axes.add_artist(PathPatch(shape, linewidth=0.4, **style))
    axes.set_axis_off()
    axes.set_aspect("equal")


def _draw_scale(axes: Axes, colours: ScalarMappable, label: str, ticks: Mapping[float, str], **place: Any) -> None:
    """Draw the bar that says what the colours mean; `place` is handed to matplotlib's `colorbar`."""
    bar = axes.figure.colorbar(colours, ax=axes, orientation="horizontal", shrink=0.5, aspect=22, pad=0.02, **place)
    bar.set_ticks(list(ticks), labels=list(ticks.values()))
    bar.set_label(label, size=LABEL_SIZE + 0.5, color=INK)
    bar.ax.tick_params(labelsize=LABEL_SIZE, length=2, color=INK, labelcolor=INK)
    bar.outline.set_visible(False)


def _signed_root(x: Any) -> Any:
    return np.sign(x) * np.sqrt(np.abs(x))


def _signed_square(x: Any) -> Any:
    return np.sign(x) * np.square(x)


def _outline_file(name: str) -> tuple[FilePath, str] | None:
    """Find a city's outlines inside the installed libpysal, without importing it (it is slow and may ask a network)."""
    from importlib.util import find_spec
    from pathlib import Path as FilePath

    spec = find_spec("libpysal") if name in OUTLINES else None
    if spec is None:
        return None
    file, column = OUTLINES[name]
    for folder in spec.submodule_search_locations or ():
        if (FilePath(folder) / file).is_file():
            return FilePath(folder) / file, column
    return None


def _key(name: str) -> str:
    """Spelling under which names of the city file and of the outlines meet: letters only, capitals."""
    return "".join(letter for letter in name.upper() if letter.isalnum())


def _tiles(city: City) -> list[Path]:
    """One square for each neighbourhood, row 0 at the top."""
    from matplotlib.path import Path

    half = TILE_SIDE / 2
    square = np.array([(-half, -half), (half, -half), (half, half), (-half, half), (-half, -half)])
    return [Path(square + np.array((place.tile[0], -place.tile[1])), closed=True) for place in city.neighbourhoods]


def _joined(rings: list[Ring]) -> Path:
    """One path of several rings, so that holes stay empty."""
    from matplotlib.path import Path

    return Path.make_compound_path(*(Path(ring, closed=True) for ring in rings))


def _label_largest(
    axes: Axes, city: City, shapes: list[Path], values: Values, sure: Mask, written: Callable[[float], str]
) -> None:
    """Name the areas with the largest sure values in the eastern margin, each tied to its area by a thin line."""
    boxes = [shape.get_extents() for shape in shapes]
    west, east = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    south, north = min(box.y0 for box in boxes), max(box.y1 for box in boxes)
    width, height = east - west, north - south

    order = [int(i) for i in np.argsort(-np.abs(np.where(sure, values, 0.0)), kind="stable") if sure[i] and values[i]]
    centres = {i: _inner_point(shapes[i]) for i in order[:LABELS]}
    words = {i: f"{city.neighbourhoods[i].name}\n{written(float(values[i]))}" for i in centres}

    # Room for the longest name of all, so that every map of a city is of one size, whatever it labels.
    longest = max((place.name for place in city.neighbourhoods), key=len)
    wide, tall = _size(axes, [*words.values(), f"{longest}\n{_signed(-88.0)}"])
    frame = axes.get_window_extent()
    scale = max(min(frame.height / height, (frame.width - wide) / width), 0.3 * frame.width / width)  # pixels per unit
    axes.set_xlim(west - 0.01 * width, east + 0.02 * width + wide / scale)
    axes.set_ylim(south - 0.01 * height, north + 0.01 * height)
    margin = east + 0.02 * width
    heights = _spread(sorted((y for _, y in centres.values()), reverse=True), tall / scale, south, north)
    for i, y in zip(_without_crossings(centres, heights, margin), heights, strict=True):
        axes.annotate(
            words[i],
            xy=centres[i],
            xytext=(margin, y),
            ha="left",
            va="center",
            fontsize=LABEL_SIZE,
            color=INK,
            annotation_clip=False,
            # From the middle of the label's left side: a line from its centre would cross the label above or below.
            arrowprops={"arrowstyle": "-", "linewidth": 0.5, "color": INK, "shrinkA": 2, "shrinkB": 0, "relpos": (0.0, 0.5)},
        )
        axes.plot(*centres[i], marker="o", markersize=2.4, color=INK, markeredgecolor="#ffffff", markeredgewidth=0.5)


def _without_crossings(centres: dict[int, tuple[float, float]], heights: list[float], margin: float) -> tuple[int, ...]:
    """Return the areas in the order of their labels from top to bottom: fewest crossings of lines, then shortest lines."""

    def badness(order: tuple[int, ...]) -> tuple[int, float]:
        lines = [(centres[i], (margin, y)) for i, y in zip(order, heights, strict=True)]
        crossings = sum(_cross(one, other) for one, other in combinations(lines, 2))
        return crossings, sum(math.dist(*line) for line in lines)

    return min(permutations(sorted(centres, key=lambda i: -centres[i][1])), key=badness)


def _cross(one: tuple[Point, Point], other: tuple[Point, Point]) -> bool:
    """Whether two lines cross: the ends of each lie on both sides of the other."""

    def side(line: tuple[Point, Point], point: Point) -> float:
        (ax, ay), (bx, by) = line
        return (bx - ax) * (point[1] - ay) - (by - ay) * (point[0] - ax)

    return side(one, other[0]) * side(one, other[1]) < 0 and side(other, one[0]) * side(other, one[1]) < 0


def _inner_point(shape: Path) -> tuple[float, float]:
    """Find a point inside a shape and near its middle (the centre of a bent area may lie outside it)."""
    box = shape.get_extents()
    x, y = np.meshgrid(np.linspace(box.x0, box.x1, 21)[1:-1], np.linspace(box.y0, box.y1, 21)[1:-1])
    points = np.column_stack([x.ravel(), y.ravel()])
    inside = points[shape.contains_points(points)]
    if len(inside) == 0:
        return (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    nearest = inside[np.argmin(((inside - inside.mean(axis=0)) ** 2).sum(axis=1))]
    return float(nearest[0]), float(nearest[1])


def _size(axes: Axes, words: list[str]) -> tuple[float, float]:
    """Room that the largest of some labels takes, width and height in pixels, with a little air."""
    wide = tall = 0.0
    for word in words:
        text = axes.text(0.0, 0.0, word, fontsize=LABEL_SIZE)
        box = text.get_window_extent()
        wide, tall = max(wide, 1.08 * box.width), max(tall, 1.15 * box.height)
        text.remove()
    return wide, tall


def _spread(heights: list[float], gap: float, low: float, high: float) -> list[float]:
    """Move falling heights apart: each at least `gap` below the one before, inside [low, high] where there is room."""
    placed: list[float] = []
    for y in heights:
        placed.append(min(y, placed[-1] - gap) if placed else min(y, high - gap / 2))
    floor = low + gap / 2
    for i in reversed(range(len(placed))):
        placed[i] = max(placed[i], floor)
        floor = placed[i] + gap
    return placed


def _signed(value: float) -> str:
    """Two significant figures, with a true minus sign: -4.23 -> '−4.2', 1234 -> '+1200'."""
    rounded = float(f"{value:.1e}")
    digits = 1 - math.floor(math.log10(abs(rounded))) if rounded else 0
    return f"{rounded:+.{max(digits, 0)}f}".replace("-", "\N{MINUS SIGN}")


def _unsigned(value: float) -> str:
    """Two significant figures of a level, which needs no sign."""
    return _signed(value).lstrip("+")
