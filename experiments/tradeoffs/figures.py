"""Figures of a study of trade-offs: the front, regret, what knowing would be worth, and the box in which a policy fails."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from experiments.comparison.figures import FAINT, INK, LINES, MUTED, TICKS, UNCLEAR, WIDTH, styled
from experiments.comparison.findings import BY_NAME, reading, significant, within
from experiments.comparison.paired import Interval
from experiments.tradeoffs.robustness import CLAIMED

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.sensitivity.factors import Factor
    from experiments.tradeoffs.discovery import Discovery, Limit
    from experiments.tradeoffs.study import Tradeoffs

__all__ = ["box", "draw_all", "drawings", "facts", "front", "regret_table"]

CLAIM, MAYBE, LOST = LINES[0][0], LINES[0][0], UNCLEAR
MOST_FACTS = 8
HOLLOW = "white"


@styled
def front(study: Tradeoffs, first: str, second: str) -> Figure:
    """Draw what every portfolio would gain in two objectives; filled: on the front with a chance of .9 or more.

    Hollow blue may be on the front; grey is beaten; a cross costs more than the budget. Bars are 95 % intervals of the
    means. With more than two objectives a portfolio may be on the front for a third that is not drawn.

    Parameters
    ----------
    study
        The study.
    first, second
        Names of two objectives.
    """
    table = study.table()
    shown = [reading(BY_NAME[name], study.futures.city.currency) for name in (first, second)]
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    axes = figure.subplots()
    axes.axhline(0, color=FAINT, linewidth=1, zorder=0)
    axes.axvline(0, color=FAINT, linewidth=1, zorder=0)
    labels = []
    for number, row in enumerate(table.to_dict("records")):
        gains = [
            Interval(*(float(row[key]) for key in (f"gain_{name}", f"gain_{name}_low", f"gain_{name}_high"))).times(
                each.factor
            )
            for name, each in zip((first, second), shown, strict=True)
        ]
        standing = str(row["standing"])
        colour = CLAIM if standing in ("on the front", "may be on the front") else LOST
        face = colour if standing == "on the front" else HOLLOW
        marker = "x" if standing == "too dear" else "s" if row["found_by"] == "search" else "o"
        axes.plot((gains[0].low, gains[0].high), (gains[1].mean,) * 2, color=colour, linewidth=1, zorder=2)
        axes.plot((gains[0].mean,) * 2, (gains[1].low, gains[1].high), color=colour, linewidth=1, zorder=2)
        axes.plot(gains[0].mean, gains[1].mean, marker, color=colour, markerfacecolor=face, markersize=6, zorder=3)
        if float(row["chance_on_front"]) > 1.0 - CLAIMED:
            labels.append((gains[0].mean, gains[1].mean, str(number), colour))
    _label_points(axes, labels)
    for axis, name, each in zip((axes.xaxis, axes.yaxis), (first, second), shown, strict=True):
        axis.set_major_locator(MaxNLocator(TICKS))
        verb = "fall" if BY_NAME[name].better == "lower" else "rise"
        axis.set_label_text(f"{verb} in {within(BY_NAME[name].title)},\n{each.change}")
    axes.margins(0.08)
    axes.set_title("What each portfolio would gain")
    numbered = {place: within(option.title) for place, option in enumerate(study.options)}
    chances = {place: float(chance) for place, chance in enumerate(study.chances)}
    listed = [place for place in numbered if chances[place] > 1.0 - CLAIMED]
    notes = [f"{place}: {_short(numbered[place])} ({chances[place]:.2f})".replace("(0.", "(.") for place in listed]
    squares = "squares: found by the search; " if study.enumerated < len(study.options) else ""
    signs = (
        f"filled: on the front; hollow blue: may be; grey: beaten; ×: too dear;\n{squares}in brackets: chance of being on it"
    )
    note = "\n".join([signs, *notes])
    figure.supxlabel(note, fontsize=7.5, color=MUTED, x=0.01, ha="left")
    height = 4.2 + 0.13 * len(notes)
    figure.set_size_inches(WIDTH, height)
    return figure


@styled
def regret_table(study: Tradeoffs, objective: str) -> Figure:
    """Draw the affordable portfolios against four ways to judge them; the best by each is marked.

    Parameters
    ----------
    study
        The study.
    objective
        Name of an objective.
    """
    shown = reading(BY_NAME[objective], study.futures.city.currency)
    table = study.robustness(objective).sort_values("mean", ascending=False, kind="stable").head(16)
    heads = ("mean\ngain", "worst\ntenth", "mean\nregret", "largest\nregret", "enough\n%")
    columns = ("mean", "worst_tenth", "mean_regret", "largest_regret", "satisfied")
    factors = (shown.factor,) * 4 + (100.0,)
    figure = Figure(figsize=(WIDTH, 1.35 + 0.28 * len(table)), layout="constrained")
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(len(table) - 0.4, -1.9)
    places = np.linspace(0.52, 0.98, len(columns))
    for place, head, column, factor in zip(places, heads, columns, factors, strict=True):
        values = table[column].to_numpy() * factor
        best = values.min() if "regret" in column else values.max()
        axes.text(place, -0.75, head, ha="right", va="bottom", fontsize=7.5, color=MUTED)
        for row, value in enumerate(values):
            chosen = bool(np.isclose(value, best))
            weight = "bold" if chosen else "normal"
            text = significant(float(value))
            axes.text(place, row, text, ha="right", va="center", fontsize=8, color=CLAIM if chosen else INK, weight=weight)
    for row, title in enumerate(table["title"]):
        # Portfolios differ in their last words: whole names, in two lines where one is too short.
        name = textwrap.fill(_short(str(title), 60), 32)
        size = 6.5 if "\n" in name else 7.5
        axes.text(0, row, name, va="center", fontsize=size, color=INK, linespacing=1.0)
        axes.axhline(row + 0.5, color=FAINT, linewidth=0.6)
    figure.suptitle(f"{BY_NAME[objective].title}: ways to judge the affordable portfolios", x=0.01, ha="left", fontsize=9.5,
                    fontweight="bold")  # fmt: skip
    enough = significant(study.thresholds[objective] * shown.factor)
    note = f"{shown.change}; enough: share of futures with a gain of {enough} or more\nbold: the best in its column"
    figure.supxlabel(note, fontsize=7.5, color=MUTED, x=0.01, ha="left")
    return figure


@styled
def facts(study: Tradeoffs, objective: str) -> Figure:
    """Draw what knowing each drawn parameter before choosing would be worth; beyond the dashed line is told from noise.

    Parameters
    ----------
    study
        With at least one drawn parameter.
    objective
        Name of an objective.
    """
    shown = reading(BY_NAME[objective], study.futures.city.currency)
    table = study.facts(objective).head(MOST_FACTS)
    figure = Figure(figsize=(WIDTH, 1.5 + 0.3 * len(table)), layout="constrained")
    axes = figure.subplots()
    bar = float(table["bar"].iloc[0] - table["dummy"].iloc[0]) * shown.factor
    axes.axvline(bar, color=MUTED, linestyle=(0, (4, 2)), linewidth=1)
    axes.annotate("noise", (bar, -0.55), (3, 0), textcoords="offset points", fontsize=7.5, color=MUTED, va="center")
    for place, row in enumerate(table.to_dict("records")):
        colour = CLAIM if row["told"] else LOST
        axes.barh(place, row["value"] * shown.factor, height=0.55, edgecolor=colour, linewidth=1.2,
                  color=colour if row["told"] else HOLLOW)  # fmt: skip
    axes.set_yticks(range(len(table)), [str(name).replace(".", ".\n", 1) for name in table["parameter"]], fontsize=7)
    axes.set_ylim(len(table) - 0.4, -0.8)
    axes.set_xlim(0, max(1.15 * float(table["value"].max()) * shown.factor, 1.6 * bar) or 1.0)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS))
    figure.suptitle("What knowing it before choosing would be worth", x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    axes.set_xlabel(f"{BY_NAME[objective].title}: gain, {shown.change};\nhollow: not told from noise")
    return figure


@styled
def box(study: Tradeoffs, portfolio: str, objective: str, found: Discovery) -> Figure:
    """Draw the futures in the two parameters that say most about where a portfolio fails, and the box, if there is one.

    Parameters
    ----------
    study
        With at least two drawn parameters.
    portfolio, objective
        Their names.
    found
        Where the portfolio fails in that objective: in some futures, not in all.
    """
    factors, units = study.futures.draws.factors, study.futures.draws.units
    place = study.names.index(portfolio)
    fails = study.gains(objective)[:, place] < study.thresholds[objective]
    names = [factor.name for factor in factors]
    limits = {limit.parameter: limit for limit in sorted(found.limits, key=lambda limit: limit.quasi_p)}
    apart = [abs(float(units[fails, place].mean() - units[~fails, place].mean())) for place in range(len(names))]
    others = [names[place] for place in np.argsort(-np.nan_to_num(np.array(apart)), kind="stable")]
    columns = [names.index(name) for name in [*limits, *(name for name in others if name not in limits)][:2]]
    figure = Figure(figsize=(WIDTH, 4.4), layout="constrained")
    axes = figure.subplots()
    x, y = (units[:, column] for column in columns)
    axes.plot(x[~fails], y[~fails], "o", color=UNCLEAR, markerfacecolor=HOLLOW, markersize=4, clip_on=False)
    axes.plot(x[fails], y[fails], "D", color=LINES[1][0], markersize=4, clip_on=False)
    ticks = np.linspace(0.0, 1.0, TICKS + 1)
    sides = []
    for column, axis in zip(columns, (axes.xaxis, axes.yaxis), strict=True):
        factor = factors[column]
        axis.set_ticks(ticks, [significant(float(value)) for value in factor.values(ticks)])
        sides.append(_ends(limits.get(factor.name), factor))
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    if found.limits:
        corner = (sides[0][0], sides[1][0])
        size = (sides[0][1] - sides[0][0], sides[1][1] - sides[1][0])
        axes.add_patch(Rectangle(corner, *size, facecolor=LINES[1][0], alpha=0.12, linewidth=0))
        axes.add_patch(Rectangle(corner, *size, fill=False, edgecolor=LINES[1][0], linestyle=(0, (4, 2)), clip_on=False))
    axes.set_xlabel(f"{names[columns[0]]}\n{factors[columns[0]].title}", fontsize=8)
    axes.set_ylabel(f"{factors[columns[1]].title}\n{names[columns[1]]}", fontsize=8)
    title = f"Where {within(study.options[place].title)} would gain too little"
    figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    rest = f", and {len(found.limits) - 2} more limits not drawn" if len(found.limits) > 2 else ""
    told = f"box: {significant(100 * found.density)} % fail in it, {significant(100 * found.coverage)} % of failures{rest}"
    note = f"filled: fails ({found.failures} of {found.draws}); hollow: does not\n{told if found.limits else found.why}"
    figure.supxlabel(note, fontsize=7.5, color=MUTED, x=0.01, ha="left")
    return figure


def drawings(study: Tradeoffs, discovery: tuple[str, Discovery] | None = None) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of a study, by the name under which it is saved; where a portfolio fails, if found."""
    drawn: dict[str, Callable[[], Figure]] = {}
    for place, second in enumerate(study.objectives[1:], start=1):
        drawn[f"front_{study.objectives[0]}_{second}"] = partial(front, study, study.objectives[0], study.objectives[place])
    for objective in study.objectives:
        drawn[f"regret_{objective}"] = partial(regret_table, study, objective)
        if study.futures.draws.factors:
            drawn[f"facts_{objective}"] = partial(facts, study, objective)
    if discovery is not None and len(study.futures.draws.factors) >= 2 and 0 < discovery[1].failures < discovery[1].draws:
        portfolio, found = discovery
        drawn[f"fails_{portfolio}"] = partial(box, study, portfolio, study.objectives[0], found)
    return drawn


def draw_all(study: Tradeoffs, discovery: tuple[str, Discovery] | None = None) -> dict[str, Figure]:
    """Draw every figure of a study, by the name under which it is saved."""
    return {name: draw() for name, draw in drawings(study, discovery).items()}


def _ends(limit: Limit | None, factor: Factor) -> tuple[float, float]:
    """Return between which places of its range a box holds a parameter."""
    if limit is None:
        return 0.0, 1.0
    fine = np.linspace(0.0, 1.0, 1001)
    held = fine[(factor.values(fine) >= limit.low) & (factor.values(fine) <= limit.high)]
    return float(held.min()), float(held.max())


def _short(title: str, length: int = 60) -> str:
    return title if len(title) <= length else f"{title[: length - 1].rstrip()}…"


def _label_points(axes: Axes, labels: list[tuple[float, float, str, str]]) -> None:
    """Write the numbers of points beside them, on alternate sides from left to right so that neighbours stay apart."""
    sides = ((5, 5, "left"), (-5, -10, "right"), (5, -10, "left"), (-5, 5, "right"))
    for place, (x, y, text, colour) in enumerate(sorted(labels)):
        right, up, align = sides[place % len(sides)]
        axes.annotate(text, (x, y), (right, up), textcoords="offset points", fontsize=7, color=colour, ha=align)
