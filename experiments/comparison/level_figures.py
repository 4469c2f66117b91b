"""Figures of a run that is compared with nothing: where the city stands over time, and where in it people are killed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.comparison.figures import LINES, MUTED, TICKS, WIDTH, styled
from experiments.comparison.findings import BY_NAME, reading, significant, within
from experiments.comparison.maps import draw_levels
from experiments.comparison.timelines import set_months
from sim import outcomes
from sim.outcomes import outcome_index

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

__all__ = ["draw_standing", "drawings", "level_lines", "level_map"]


@styled
def level_lines(comparison: Comparison, outcome: str) -> Figure:
    """Draw an outcome month by month: the mean of futures as a line, 8 in 10 futures as a band.

    Parameters
    ----------
    comparison
        What was run; the reference is drawn.
    outcome
        Name of the outcome.
    """
    shown = reading(BY_NAME[outcome], comparison.city.currency)
    series = comparison.city_monthly[0, ..., outcome_index(outcome)].astype(np.float64) * shown.factor
    months = np.arange(1, comparison.months + 1)
    low, high = np.quantile(series, (0.1, 0.9), axis=0)
    figure = Figure(figsize=(WIDTH, 2.7), layout="constrained")
    axes = figure.subplots()
    colour = LINES[0][0]
    axes.fill_between(months, low, high, color=colour, alpha=0.14, linewidth=0)
    axes.plot(months, series.mean(axis=0), color=colour, linewidth=1.6, marker="o" if comparison.months == 1 else "")
    axes.set_title(f"{BY_NAME[outcome].title}, {shown.unit}")
    futures = "a single future" if comparison.replications == 1 else f"mean of {comparison.replications} futures"
    axes.set_xlabel(f"{set_months(axes, comparison)}; line: {futures}; band: 8 in 10 futures", color=MUTED)
    axes.grid(axis="y")
    axes.set_ylim(bottom=0 if low.min() < 0.25 * high.max() else None)
    axes.yaxis.set_major_locator(MaxNLocator(TICKS))
    axes.yaxis.set_major_formatter(lambda value, _: significant(value, 4).removesuffix(".0"))
    return figure


@styled
def level_map(comparison: Comparison, outcome: str) -> Figure:
    """Draw the level of an outcome by neighbourhood, the mean over months and futures.

    Parameters
    ----------
    comparison
        What was run; the reference is drawn.
    outcome
        Name of an outcome that is kept by neighbourhood.
    """
    shown = reading(BY_NAME[outcome], comparison.city.currency)
    values = comparison.place_means[0, :, :, outcome_index(outcome)].mean(axis=0) * shown.factor
    figure = Figure(figsize=(WIDTH, 4.9), layout="constrained")
    axes = figure.subplots()
    axes.set_title(f"{BY_NAME[outcome].title} by neighbourhood")
    draw_levels(axes, comparison.city, values, label=f"{within(BY_NAME[outcome].title)},\n{shown.unit}")
    return figure


def drawings(comparison: Comparison, besides: Sequence[str] = ()) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of a run, by the name under which it is saved; `besides` are more outcomes."""
    names = dict.fromkeys((*outcomes.CHARTED, *besides))
    draw: dict[str, Callable[[], Figure]] = {f"level_{name}": partial(level_lines, comparison, name) for name in names}
    return draw | {"map_homicide_rate": partial(level_map, comparison, "homicide_rate")}


def draw_standing(comparison: Comparison) -> dict[str, Figure]:
    """Draw every figure of a run, by the name under which it is saved."""
    return {name: draw() for name, draw in drawings(comparison).items()}
