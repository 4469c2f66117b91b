"""How months are drawn: averages that never mix what lies on both sides of a mark, the marks themselves, and the axis."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.comparison.findings import reference_title
from experiments.comparison.lettering import fitted
from experiments.comparison.paired import Floats, mean_interval
from experiments.comparison.phases import Event, events, phases
from sim.dates import month_date

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.comparison.compare import Comparison

__all__ = [
    "AVERAGED",
    "Mark",
    "draw_band",
    "draw_line",
    "draw_marks",
    "draw_paired",
    "futures_note",
    "label_ends",
    "marks",
    "marks_key",
    "running_average",
    "scale_over_futures",
    "set_months",
    "spans",
]

AVERAGED = "average of up to 12 months, never across a mark"
"""What a line shows, in the words of a note."""

LABEL_WIDTH = 20
"""Characters of a name at the end of a line; longer names are broken."""
MOST_MARKS = 8
"""Most marks of a figure; those where no phase begins are left out first."""
MOST_LABELS = 3
"""Most marks that are labelled beside their lines; more are numbered, and told below."""
YEARS_FROM = 48
"""From so many months on the axis tells years."""
INK, LINE = "#515a64", "#9aa5b1"


class Mark(NamedTuple):
    """A month, from 1, in which something changes, and what."""

    month: int
    says: str


def marks(comparison: Comparison) -> tuple[Mark, ...]:
    """Return the months to mark, in order: those in which a phase begins, and further starts, stops and shocks."""
    found = events(comparison)
    cuts = [phase.first for phase in phases(comparison) if phase.first > 1]
    others = sorted({event.month for event in found if event.kind != "at full strength"} - set(cuts))
    chosen = cuts + others[: max(0, MOST_MARKS - len(cuts))] if len(comparison.policies) <= 2 else cuts
    return tuple(
        Mark(month, _says(comparison, [event for event in found if event.month == month])) for month in sorted(set(chosen))
    )


def _says(comparison: Comparison, found: list[Event]) -> str:
    """Say in a few words what happens in a month; of several things, each kind once."""
    said: list[str] = []
    for kind in ("shock", "shock over", "stops", "starts", "changes", "at full strength"):
        here = [event for event in found if event.kind == kind]
        if not here:
            continue
        if kind.startswith("shock"):
            said.append(textwrap.shorten(here[0].says, 40, placeholder=" ..."))
        else:
            arm, place = here[0].measure or (0, 0)
            title = comparison.arms[arm].measures[place].declared.title
            what = textwrap.shorten(title, 30, placeholder=" ...") if len(here) == 1 else f"{len(here)} measures"
            said.append(
                {"stops": f"without {what}", "starts": f"with {what}", "changes": f"{what} at another level"}.get(
                    kind, f"{what} at full strength"
                )
            )
    return "; ".join(said) or "a window begins"


def running_average(months: Floats, breaks: tuple[int, ...]) -> Floats:
    """Average each month with up to eleven before it, none of them from before the last break.

    Parameters
    ----------
    months
        float64 [..., month].
    breaks
        Months, from 1, that begin a new average.

    Returns
    -------
    Floats
        The same shape.
    """
    average = np.empty_like(months)
    edges = (1, *breaks, months.shape[-1] + 1)
    for first, after in itertools.pairwise(edges):
        part = months[..., first - 1 : after - 1]
        total = np.cumsum(part, axis=-1)
        total[..., 12:] -= total[..., :-12].copy()
        average[..., first - 1 : after - 1] = total / np.minimum(12, np.arange(1, part.shape[-1] + 1))
    return average


def spans(months: int, marked: tuple[Mark, ...]) -> list[slice]:
    """Return the stretches of months between marks, as slices of an axis of months."""
    edges = [0, *(mark.month - 1 for mark in marked), months]
    return [slice(first, after) for first, after in itertools.pairwise(edges) if after > first]


def draw_band(axes: Axes, parts: Sequence[slice], futures: Floats, colour: str, dash: object) -> None:
    """Draw mean and middle 8 in 10 of futures [future, month], each stretch of months apart from the next."""
    low, high = np.quantile(futures, (0.1, 0.9), axis=0)
    months = np.arange(1, futures.shape[-1] + 1)
    for part in parts:
        axes.fill_between(months[part], low[part], high[part], color=colour, alpha=0.14, linewidth=0)
    width = 1.4 if colour == INK else 2.0
    draw_line(axes, parts, futures.mean(axis=0), color=colour, linestyle=dash, linewidth=width)


def draw_line(axes: Axes, parts: Sequence[slice], values: Floats, **look: Any) -> None:
    """Draw a line over months that is broken between stretches; one that is a single month is a dot."""
    months = np.arange(1, len(values) + 1)
    for part in parts:
        dot = "." if part.stop - part.start == 1 else None
        axes.plot(months[part], values[part], marker=dot, **look)


def draw_paired(axes: Axes, parts: Sequence[slice], series: Floats, looks: Sequence[tuple[str, object]]) -> None:
    """Draw each policy's mean paired difference [arm, future, month], with the 95 % interval of each point."""
    axes.axhline(0, color=INK, linewidth=1, zorder=1)
    futures, months = series.shape[1], np.arange(1, series.shape[2] + 1)
    for arm, (colour, dash) in zip(range(1, len(series)), looks, strict=False):
        paired = series[arm] - series[0]
        mean = paired.mean(axis=0)
        draw_line(axes, parts, mean, color=colour, linestyle=dash, linewidth=2.0)
        if futures > 1:
            low, high = mean_interval(paired)
            for part in parts:
                axes.fill_between(months[part], low[part], high[part], color=colour, alpha=0.14, linewidth=0)


def label_ends(axes: Axes, comparison: Comparison, series: Floats, looks: Sequence[tuple[str, object]]) -> None:
    """Write the names of the reference and of the policies at the ends of their lines."""
    ends = [(float(series[0, :, -1].mean()), reference_title(comparison), INK)]
    for arm, (colour, _) in enumerate(looks, start=1):
        ends.append((float(series[arm, :, -1].mean()), comparison.policies[arm - 1].title, colour))
    low, high = (float(np.quantile(series, q)) for q in (0.02, 0.98))
    lines = max(fitted(name, LABEL_WIDTH).count("\n") for _, name, _ in ends)
    gap = 0.085 * (high - low) * (1 + 0.7 * lines)
    previous = -np.inf
    for value, name, colour in sorted(ends):
        at = max(value, previous + gap)
        previous = at
        axes.annotate(fitted(name, LABEL_WIDTH), (1.01, at), xycoords=("axes fraction", "data"), va="center", fontsize=8,
                      color=colour)  # fmt: skip


def scale_over_futures(axes: Axes, series: Floats) -> None:
    """Let the axis begin at zero where zero is near enough to matter, and hold every band."""
    low, high = np.quantile(series, 0.1, axis=1).min(), np.quantile(series, 0.9, axis=1).max()
    room = 0.08 * (high - low) or 1.0
    axes.set_ylim(0 if 0 <= low < 0.25 * high else low - room, high + room)


def futures_note(comparison: Comparison) -> tuple[str, ...]:
    """Say what line and band are, a few words a line."""
    several = len(comparison.policies) > 2
    dashed = f"dashed: {fitted(reference_title(comparison), LABEL_WIDTH)}"
    others = (*dashed.split("\n"), "faint: the other policies") if several else ()
    if comparison.replications == 1:
        return "line: a single future", AVERAGED, *others
    below = () if several else ("below: paired difference, band: 95 % interval of each point",)
    return f"line: mean of {comparison.replications} futures", "band: 8 in 10 futures", AVERAGED, *others, *below


def set_months(axes: Axes, comparison: Comparison) -> str:
    """Set the ticks of an axis of months and return its label: months or years from 1, or dates where they are known."""
    months, begins = comparison.months, comparison.city.begins
    axes.set_xlim(0.5, months + 0.5)
    if begins is None and months < YEARS_FROM:
        step = next(each for each in (1, 2, 3, 6, 12) if months <= 5 * each or each == 12)
        axes.set_xticks(sorted({1, *range(step, months + 1, step)}))
        return "month"
    years = -(-months // 12)
    step = next(each for each in (1, 2, 5, 10, 20, 50) if years <= 5 * each)
    ticks = [12 * year + 1 for year in range(0, years, step)]
    if begins is None:
        axes.set_xticks(ticks, [str(1 + tick // 12) for tick in ticks])
        return "year"
    if months < 24:
        ticks = sorted({1, *range(7, months + 1, 6)})
    axes.set_xticks(ticks, [month_date(tick, begins) for tick in ticks])
    return "year and month"


def draw_marks(axes: Axes, comparison: Comparison, marked: tuple[Mark, ...], *, labelled: bool) -> None:
    """Draw a thin line at each mark, with its words or, of many, its number at the top.

    Parameters
    ----------
    axes
        An axis of months whose limits are set; room for the words is added above.
    comparison
        What was compared.
    marked
        The marks, in order.
    labelled
        Whether words or numbers are written; lines alone otherwise.
    """
    for mark in marked:
        axes.axvline(mark.month - 0.5, color=LINE, linewidth=0.8, linestyle=(0, (1, 1.5)), zorder=1.5)
    if not labelled or not marked:
        return
    low, high = axes.get_ylim()
    in_words = len(marked) <= MOST_LABELS and len(comparison.policies) <= 2
    row = 0.17 * (high - low)
    rows = len(marked) if in_words else 1
    axes.set_ylim(low, high + row * (rows + 0.4))
    for place, mark in enumerate(marked):
        to_left = in_words and mark.month > 0.55 * comparison.months
        axes.annotate(
            f"{_month(mark.month, comparison)}: {mark.says}" if in_words else str(place + 1),
            (mark.month - 0.5, high + row * (rows - (place if in_words else 0) - 0.1)),
            xytext=(-3 if to_left else 3, 0) if in_words else (0, 0),
            textcoords="offset points",
            ha="right" if to_left else "left" if in_words else "center",
            va="top",
            fontsize=7.5,
            color=INK,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8},
        )


def marks_key(comparison: Comparison, marked: tuple[Mark, ...]) -> tuple[str, ...]:
    """Return what the numbers of marks stand for, a line each; nothing where the marks have words of their own."""
    if len(marked) <= MOST_LABELS and len(comparison.policies) <= 2:
        return ()
    return tuple(f"{place}  {_month(mark.month, comparison)}: {mark.says}" for place, mark in enumerate(marked, start=1))


def _month(month: int, comparison: Comparison) -> str:
    begins = comparison.city.begins
    return f"month {month}" if begins is None else month_date(month, begins)
