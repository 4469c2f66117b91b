"""Figures of a factorial experiment: how factors bear on one another, and each one's part of what all gain."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import combinations

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.comparison.figures import INK, LINES, MUTED, TICKS, UNCLEAR, WIDTH, styled
from experiments.comparison.findings import BY_NAME, reading, significant, within
from experiments.comparison.paired import CLEAR, Floats, Interval, verdict_words
from experiments.tradeoffs.factorial import Factorial

__all__ = ["draw_all", "drawings", "interaction_plot", "shapley_bars"]

BETTER, WORSE = LINES[0][0], LINES[1][0]
WITHOUT, WITH = ("#7b8794", (0, (6, 2))), ("#005a9c", "-")


@styled
def interaction_plot(study: Factorial, outcome: str) -> Figure:
    """Draw, for every pair of factors, what the first does to an outcome with and without the second.

    Parallel lines say that neither changes what the other does (on the count scale); each line is the mean over all
    combinations of the other factors. The word below says what intervals that hold for all pairs at once say.

    Parameters
    ----------
    study
        With at least two factors.
    outcome
        Name of an outcome.
    """
    shown = reading(BY_NAME[outcome], study.futures.city.currency)
    levels = study.levels(outcome).mean(axis=0) * shown.factor
    pairs = list(combinations(range(len(study.factors)), 2))
    relations = study.pairs(outcome)["relation"].tolist()
    columns = min(2, len(pairs))
    rows = -(-len(pairs) // columns)
    figure = Figure(figsize=(WIDTH, 0.7 + 1.6 * rows), layout="constrained")
    panels = list(figure.subplots(rows, columns, sharey=True, squeeze=False).flat)
    for place, (axes, (i, j)) in enumerate(zip(panels, pairs, strict=False)):
        for at_work, (colour, dash) in ((0, WITHOUT), (1, WITH)):
            line = [_mean(levels, {i: state, j: at_work}) for state in (0, 1)]
            axes.plot((0, 1), line, color=colour, linestyle=dash, marker="o", markersize=4)
        second = within(study.factors[j].title)
        axes.set_title(f"with (solid) or without (dashed)\n{second}", fontsize=7.5, fontweight="normal", pad=4)
        axes.set_xticks((0, 1), ("without", f"with {within(study.factors[i].title)}"))
        axes.set_xlim(-0.3, 1.5)
        axes.margins(y=0.16)
        axes.grid(axis="y")
        axes.yaxis.set_major_locator(MaxNLocator(TICKS))
        said = relations[place]
        colour = {"complements": BETTER, "substitutes": WORSE}.get(said, MUTED)
        axes.annotate(said, (0.98, 0.97), xycoords="axes fraction", ha="right", va="top", fontsize=7.5, color=colour)
    for axes in panels[len(pairs) :]:
        axes.set_axis_off()
    figure.suptitle(f"{BY_NAME[outcome].title}, {shown.unit}", x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


@styled
def shapley_bars(study: Factorial, outcome: str) -> Figure:
    """Draw each factor's Shapley part of what all would gain, beside what it would gain alone and if added last.

    Parameters
    ----------
    study
        The factorial experiment.
    outcome
        Name of an outcome.
    """
    shown = reading(BY_NAME[outcome], study.futures.city.currency)
    rows = study.effects(outcome).to_dict("records")
    figure = Figure(figsize=(WIDTH, 1.5 + 0.45 * len(rows)), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=MUTED, linewidth=1)
    for place, row in enumerate(rows):
        part = Interval(row["shapley"], row["shapley_low"], row["shapley_high"]).times(shown.factor)
        clear = row["verdict"] == CLEAR
        colour = (BETTER if part.mean > 0 else WORSE) if clear else UNCLEAR
        axes.barh(place, part.mean, height=0.5, color=colour if clear else "white", edgecolor=colour, linewidth=1.2)
        axes.plot((part.low, part.high), (place, place), color=INK, linewidth=1.3)
        for name, marker in (("alone", ">"), ("last", "<")):
            axes.plot(row[name] * shown.factor, place + 0.36, marker, color=MUTED, markersize=4, zorder=5)
        words = f"{significant(100 * row['share'])} %" if clear else verdict_words(row["verdict"], part.low, part.high)
        text = "nothing" if row["inert"] else words
        axes.annotate(text, (1.015, place), xycoords=("axes fraction", "data"), va="center", fontsize=8,
                      color=colour if clear else MUTED)  # fmt: skip
    axes.set_yticks(range(len(rows)), [row["title"] for row in rows])
    axes.set_ylim(len(rows) - 0.35, -0.65)
    axes.margins(x=0.06)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS))
    title = f"{BY_NAME[outcome].title}: each one's part of what all would gain"
    figure.suptitle(title, x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    verb = "fall" if BY_NAME[outcome].better == "lower" else "rise"
    axes.set_xlabel(f"{verb}, {shown.change}; line: 95 % interval\n▸ alone   ◂ added last to all others")
    return figure


def drawings(study: Factorial) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of a factorial experiment, by the name under which it is saved."""
    drawn: dict[str, Callable[[], Figure]] = {}
    for outcome in study.outcomes:
        drawn[f"shapley_{outcome}"] = partial(shapley_bars, study, outcome)
        if len(study.factors) > 1:
            drawn[f"interactions_{outcome}"] = partial(interaction_plot, study, outcome)
    return drawn


def draw_all(study: Factorial) -> dict[str, Figure]:
    """Draw every figure of a factorial experiment, by the name under which it is saved."""
    return {name: draw() for name, draw in drawings(study).items()}


def _mean(levels: Floats, fixed: dict[int, int]) -> float:
    """Return the mean level over the combinations in which some factors are on or off."""
    kept = [s for s in range(len(levels)) if all(s >> factor & 1 == state for factor, state in fixed.items())]
    return float(levels[kept].mean())
