"""What the figures of a sensitivity study are put together from: which factors are shown, bars, names and headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.comparison.figures import INK, MUTED, TICKS, UNCLEAR, WIDTH, as_saved
from experiments.comparison.findings import BY_NAME, within
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.influence import INFLUENTIAL, bar
from experiments.sensitivity.tables import Sensitivity
from experiments.sensitivity.text import is_share

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from experiments.comparison.paired import Floats

__all__ = [
    "SHADES",
    "WHOLE",
    "draw_bars",
    "headline",
    "is_told",
    "label_of",
    "largest_factors",
    "make_room",
    "number_points",
    "part_of",
    "shown_quantities",
    "stacked_panels",
    "write_ends",
]

WHOLE = 115.0
"""Where axes of shares end, in per cent: chance that leaves little to share sends intervals far beyond the whole."""
WIDENED = 4
"""How often a figure is widened at most: a wider one has wider panels, under which longer labels fit."""
MARGIN = 0.1
"""Inches left free beside the longest name."""
SHADES = ("#005a9c", "#b34700", "#2f7d5b", "#8a6fb0", "#c2994b", "#5b8fb9")
"""Colours of the first factors where several share a panel."""


def shown_quantities(study: Sensitivity, outcome: str) -> list[str]:
    """Return the quantities that figures show: the level without, and the effect, where they can be told.

    Parameters
    ----------
    study
        What was found.
    outcome
        Name of an outcome of it.
    """
    return [key for key in ("without", "effect") if key in study.quantities and is_told(study, outcome, key)]


def stacked_panels(height: float, heights: Sequence[float], *, share_x: bool = False) -> tuple[Figure, list[Axes]]:
    """Return a figure of panels one below the other, wide enough for the names of factors beside them.

    Parameters
    ----------
    height
        Of the figure, inches.
    heights
        Of the panels, in proportion.
    share_x
        Whether all panels have one horizontal axis.
    """
    figure = Figure(figsize=(WIDTH + 0.6, height), layout="constrained")
    return figure, list(figure.subplots(len(heights), 1, squeeze=False, sharex=share_x, height_ratios=heights)[:, 0])


def is_told(study: Sensitivity, outcome: str, quantity: str) -> bool:
    """Whether a study has an index of some factor for a quantity of an outcome.

    Parameters
    ----------
    study
        What was found.
    outcome, quantity
        Name of an outcome of it, and a key of `experiments.sensitivity.tables.QUANTITIES`.
    """
    table = study.of(outcome, quantity)
    return not table.empty and bool(table["index"].notna().any())


def part_of(table: pd.DataFrame, outcome: str, quantity: str) -> pd.DataFrame:
    """Return the rows of one outcome and quantity.

    Parameters
    ----------
    table
        Any table of a study.
    outcome, quantity
        As for `is_told`.
    """
    return table[(table["outcome"] == outcome) & (table["quantity"] == quantity)]


def largest_factors(study: Sensitivity, outcome: str, quantity: str, most: int) -> pd.DataFrame:
    """Return the rows of the factors with the largest index, without the seed, the dummy and what moves nothing.

    Parameters
    ----------
    study, outcome, quantity
        As for `is_told`.
    most
        How many at most; three are kept even where they move nothing.
    """
    table = study.of(outcome, quantity)
    own: pd.DataFrame = table[~table["factor"].isin((SEED, DUMMY))].head(most).reset_index(drop=True)
    # What moves nothing at all needs no row, as long as some are left.
    moved = own["high"] > 1e-3 * own["high"].max()
    shown: pd.DataFrame = own[moved | (own.index < 3)].reset_index(drop=True)
    return shown


def label_of(study: Sensitivity, name: str) -> str:
    """Return the name of a factor, with a star where it rests on judgement.

    Parameters
    ----------
    study
        What was found.
    name
        Of a factor of it.
    """
    judged = {factor.name for factor in study.design.factors if factor.status == "judgement"}
    return f"{name} *" if name in judged else name


def draw_bars(panel: Axes, study: Sensitivity, outcome: str, quantity: str, table: pd.DataFrame, times: float) -> None:
    """Draw the main index of factors as bars with their intervals, and what an index must exceed as a dashed line.

    Parameters
    ----------
    panel
        Where to draw.
    study, outcome, quantity
        As for `is_told`.
    table
        The rows to draw, from `largest_factors`.
    times
        What an index is multiplied with to be shown.
    """
    whole = study.of(outcome, quantity)
    dummy = float(whole.loc[whole["factor"] == DUMMY, "high"].iloc[0])
    deviation = float(part_of(study.noise, outcome, quantity)["deviation"].iloc[0])
    least = bar(study.method, dummy, deviation) * times
    for row, each in enumerate(table.to_dict("records")):
        influential = each["verdict"] == INFLUENTIAL
        colour = SHADES[0] if influential else UNCLEAR
        index, low, high = (float(each[key]) * times for key in ("index", "low", "high"))
        panel.barh(row, index, height=0.6, color=colour if influential else "white", edgecolor=colour, linewidth=0.9)
        panel.plot((low, high), (row, row), color=INK, linewidth=1.1, zorder=3, solid_capstyle="butt")
    panel.axvline(least, color=SHADES[1], linewidth=1.1, linestyle=(0, (4, 2)), zorder=4)
    panel.set_yticks(range(len(table)), [label_of(study, name) for name in table["factor"]], fontsize=7.5)
    panel.set_ylim(len(table) - 0.4, -0.6)
    right = max(float(table["high"].max()) * times, least) * 1.06
    right = min(right, WHOLE) if is_share(study.method) else right
    panel.set_xlim(max(min(0.0, float(table["low"].min()) * times), -0.1 * right), right)
    panel.xaxis.set_major_locator(MaxNLocator(TICKS))
    panel.grid(axis="x")
    panel.spines["left"].set_visible(False)


def headline(figure: Figure, study: Sensitivity, outcome: str, says: str) -> None:
    """Write the title of a figure above it, and below it what was run and that it holds in this model.

    Parameters
    ----------
    figure
        Where to write.
    study, outcome
        As for `is_told`.
    says
        What the figure answers, in a few words.
    """
    title = BY_NAME[outcome].title
    policy = "" if study.policy is None else f"; effect: {within(study.policy.title)}"
    figure.suptitle(f"{title}: {says}", x=0.01, ha="left", fontsize=10, fontweight="bold")
    note = (
        f"{study.city.title}, {study.months} months, {study.method}, {study.runs} runs{policy}. "
        "* rests on judgement. In this model."
    )
    figure.supxlabel(note, x=0.01, ha="left", fontsize=7, color=MUTED)
    make_room(figure)


def make_room(figure: Figure) -> None:
    """Widen a figure until no name or label is cut at its sides: the layout keeps panels apart, not words within it.

    Parameters
    ----------
    figure
        Drawn, but for what may still be cut.
    """
    with as_saved(figure):
        for _ in range(WIDENED):
            figure.draw_without_rendering()
            box = figure.get_tightbbox()
            wide = figure.get_figwidth()
            beyond = max(0.0, -box.x0) + max(0.0, box.x1 - wide)
            if beyond == 0.0:
                return
            figure.set_figwidth(wide + beyond + MARGIN)


def write_ends(panel: Axes, ends: Sequence[tuple[float, str, str]]) -> None:
    """Write names at the ends of lines, at least a line apart.

    Parameters
    ----------
    panel
        Where to write, its limits set.
    ends
        Height, name and colour of each line.
    """
    low, high = panel.get_ylim()
    gap = 0.1 * (high - low)
    for at, name, colour in _apart(ends, gap):
        panel.annotate(name, (1.02, at), xycoords=("axes fraction", "data"), va="center", fontsize=7.5, color=colour)


def _apart(ends: Sequence[tuple[float, str, str]], gap: float) -> Iterator[tuple[float, str, str]]:
    previous = -np.inf
    for value, name, colour in sorted(ends):
        previous = max(value, previous + gap)
        yield previous, name, colour


def number_points(panel: Axes, size: Floats, width: Floats, limit: float) -> None:
    """Write a number beside each point, on the side where no other point is near.

    Parameters
    ----------
    panel
        Where to write.
    size, width
        float64 [point]: where each stands, along and up.
    limit
        Where both axes end.
    """
    taken: list[tuple[float, float]] = list(zip(size, np.nan_to_num(width), strict=True))
    for place, (x, y) in enumerate(zip(size, np.nan_to_num(width), strict=True)):
        spots = [(x + dx * limit, y + dy * limit) for dx, dy in ((0.03, 0.0), (-0.03, 0.0), (0.0, 0.06), (0.0, -0.06),
                                                                (0.045, 0.05), (-0.045, 0.05), (0.045, -0.05))]  # fmt: skip
        others = [point for number, point in enumerate(taken) if number != place]
        distances = [min((abs(a - u) / 0.03 + abs(b - v) / 0.05 for u, v in others), default=np.inf) for a, b in spots]
        x_at, y_at = spots[int(np.argmax(distances))]
        taken.append((x_at, y_at))
        panel.text(x_at, y_at, str(place + 1), fontsize=7.5, ha="center", va="center", color=SHADES[0])
