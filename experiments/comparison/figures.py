"""Figures of a comparison: each answers one question, shows how sure one may be, and makes nothing of noise.

Purple is lower and orange is higher than the reference, everywhere; grey is a small change, less than matters, and hollow
or hatched is what cannot be told. What colour says, a dash, a shape or a word says as well. Every function returns a
matplotlib `Figure` of its own (no global state), drawn under one style sheet, `style.mplstyle`.
"""

from __future__ import annotations

import io
import re
import textwrap
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial, wraps
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from experiments.comparison.findings import (
    BY_NAME,
    Finding,
    fifths,
    findings,
    place_changes,
    reading,
    reference_title,
    signed,
    titles,
    within,
)
from experiments.comparison.lettering import fitted, plainly
from experiments.comparison.maps import draw_map
from experiments.comparison.paired import CLEAR, RARE, SMALL, TOO_FEW, UNTOLD, Interval, verdict_words
from experiments.comparison.timelines import (
    draw_band,
    draw_line,
    draw_marks,
    draw_paired,
    futures_note,
    label_ends,
    marks,
    marks_key,
    running_average,
    scale_over_futures,
    set_months,
    spans,
)
from sim import outcomes
from sim.outcomes import outcome_index

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from experiments.comparison.compare import Comparison

LOWER, HIGHER, UNCLEAR = "#542788", "#b35806", "#7b8794"
INK, MUTED, FAINT = "#1f2933", "#515a64", "#e4e7eb"
LINES = (("#005a9c", "-"), ("#b34700", (0, (6, 2))))
REFERENCE = (MUTED, (0, (2, 1.6)))
WIDTH = 4.6
"""Inches; a figure is read at about this width on paper, in the report and on a phone."""
TICKS = 4
"""Most intervals between ticks of an axis, hence at most five ticks."""

_STYLE = threading.RLock()


def styled[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Run `draw` under the house style; one thread at a time, since matplotlib's settings are global."""

    @wraps(draw)
    def whole(*args: P.args, **kwargs: P.kwargs) -> R:
        found = draw(*args, **kwargs)
        for axes in found.axes if isinstance(found, Figure) else ():
            # The labels of ticks are made when they are first asked for: here, so that the style holds for them too.
            axes.get_xticklabels()
            axes.get_yticklabels()
        return found

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with _STYLE, as_file(files("experiments.comparison") / "style.mplstyle") as sheet, mpl.rc_context(fname=sheet):
            return plainly(whole)(*args, **kwargs)

    return drawn


@styled
def policy_lines(comparison: Comparison, outcome: str) -> Figure:
    """Draw an outcome over time: the mean of futures as a line, 8 in 10 futures as a band, the reference dashed.

    Up to two policies share one panel, with their paired difference by month below it; more get a panel each, on one scale,
    with the others as faint lines. Lines are running averages that begin again at every mark: where a phase begins, and
    where a measure begins or ends or a shock strikes.

    Parameters
    ----------
    comparison
        What was compared.
    outcome
        Name of the outcome.
    """
    shown = reading(BY_NAME[outcome], comparison.city.currency)
    column = outcome_index(outcome)
    marked = marks(comparison)
    breaks = tuple(mark.month for mark in marked)
    series = running_average(comparison.city_monthly[..., column].astype(np.float64), breaks) * shown.factor
    parts = spans(comparison.months, marked)
    arms = len(comparison.policies)
    columns = 1 if arms <= 2 else 2
    rows = -(-arms // columns) if arms > 2 else 1
    key = marks_key(comparison, marked)
    height = 0.13 * len(key) + (4.6 if arms <= 2 else 0.6 + 1.5 * rows)
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    if arms <= 2:
        above, below = figure.subplots(2, 1, sharex=True, height_ratios=(3, 2))
        panels = [above]
    else:
        panels = list(figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False).flat)
    groups = [range(1, arms + 1)] if arms <= 2 else [range(arm, arm + 1) for arm in range(1, arms + 1)]
    for axes, group in zip(panels, groups, strict=False):
        draw_band(axes, parts, series[0], *REFERENCE)
        for arm in set(range(1, arms + 1)) - set(group):
            draw_line(axes, parts, series[arm].mean(axis=0), color="#cbd2d9", linewidth=0.8, zorder=1)
        for arm in group:
            draw_band(axes, parts, series[arm], *LINES[(arm - group[0]) % 2])
        axes.grid(axis="y")
        if arms > 2:
            axes.set_title(comparison.policies[group[0] - 1].title, color=LINES[0][0])
    panels[0].yaxis.set_major_locator(MaxNLocator(TICKS, steps=(1, 2, 5, 10)))
    panels[0].yaxis.set_major_formatter(_thousands)
    time = set_months(panels[0], comparison)
    if arms <= 2:
        label_ends(above, comparison, series, LINES[:arms])
    scale_over_futures(panels[0], series)
    for place, axes in enumerate(panels[: len(groups)]):
        draw_marks(axes, comparison, marked, labelled=place == 0)
    if arms <= 2:
        draw_paired(below, parts, series, LINES)
        below.grid(axis="y")
        below.yaxis.set_major_locator(MaxNLocator(TICKS, steps=(1, 2, 5, 10)))
        below.yaxis.set_major_formatter(_thousands)
        draw_marks(below, comparison, marked, labelled=False)
        below.set_ylabel("difference")
        below.set_xlabel(time)
    else:
        for axes in panels[-columns:]:
            axes.set_xlabel(time)
    note = (*futures_note(comparison), *key)
    if len(panels) > len(groups):
        panels[-1].set_axis_off()
        narrow = "\n".join(textwrap.fill(line, 30) for line in note)
        panels[-1].text(0.06, 0.5, narrow, transform=panels[-1].transAxes, fontsize=7.5, color=MUTED,
                        va="center", linespacing=1.6)  # fmt: skip
        panels[-1 - columns].tick_params(labelbottom=True)
    else:
        figure.supxlabel("\n".join(("; ".join(note[:2]), *note[2:])), fontsize=7.5, color=MUTED, x=0.01, ha="left")
    figure.suptitle(f"{BY_NAME[outcome].title}, {shown.unit}", x=0.01, ha="left", fontsize=9.5, fontweight="bold")
    return figure


@styled
def differences(comparison: Comparison, outcomes: Sequence[str]) -> Figure:
    """Draw each policy's difference from the reference with its 95 % interval, one panel an outcome.

    Grey is a small change, hollow what cannot be told; the shaded strip is the least effect that matters.

    Parameters
    ----------
    comparison
        What was compared.
    outcomes
        Names of the outcomes, at least one.
    """
    found = findings(comparison)
    room = sum(0.27 + 0.14 * fitted(title).count("\n") for title in titles(comparison).values()) - 0.27
    figure = Figure(figsize=(WIDTH, len(outcomes) * (1.0 + room)), layout="constrained")
    for axes, name in zip(figure.subplots(len(outcomes), 1, squeeze=False).flat, outcomes, strict=True):
        rows = [found[policy.name, name] for policy in comparison.policies]
        shown = reading(BY_NAME[name], comparison.city.currency)
        axes.axvspan(-rows[0].least * shown.factor, rows[0].least * shown.factor, color=FAINT, linewidth=0)
        _draw_rows(axes, [(row.title, row.shown, _verdict(row)) for row in rows])
        axes.set_title(BY_NAME[name].title)
        axes.set_xlabel(fitted(f"difference from {reference_title(comparison)}, {shown.change}", 46))
    return figure


@styled
def change_map(comparison: Comparison, policy: str, outcome: str) -> Figure:
    """Draw the change by neighbourhood under one policy, grey where it is small and hatched where it cannot be told.

    All policies of the comparison share one colour scale, so their maps may be laid side by side.

    Parameters
    ----------
    comparison
        What was compared.
    policy, outcome
        Their names.
    """
    changes = place_changes(comparison, outcome)
    change = changes[policy]
    shown = reading(BY_NAME[outcome], comparison.city.currency)
    widest = max(np.max(np.abs(each.mean[each.clear]), initial=0.0) for each in changes.values()) * shown.factor
    figure = Figure(figsize=(WIDTH, 4.9), layout="constrained")
    axes = figure.subplots()
    heading = {name: fitted(title, 52) for name, title in titles(comparison).items()}
    # As many lines on every map, so that maps laid side by side are of one size.
    lines = max(heading[arm.name].count("\n") for arm in comparison.policies) - heading[policy].count("\n")
    axes.set_title(f"{lines * '\n'}{heading[policy]}")
    draw_map(
        axes,
        comparison.city,
        change.mean * shown.factor,
        clear=change.clear,
        small=change.small,
        limit=_round_up(float(widest)),
        label=f"change in {within(BY_NAME[outcome].title)},\n{shown.change}",
    )
    return figure


@styled
def why(comparison: Comparison, policy: str) -> Figure:
    """Draw which processes carry one policy's difference: killings by kind, and what fills and empties gangs.

    Parameters
    ----------
    comparison
        What was compared.
    policy
        Its name.
    """
    found = findings(comparison)
    parts = [found[policy, part.name] for part in outcomes.parts_of("homicide_rate")]
    kinds = [found[policy, "homicide_rate"], *(part for part in parts if part.moves)]
    flows = [found[policy, outcome.name] for outcome in outcomes.in_group("Gang membership")]
    figure = Figure(figsize=(WIDTH, 1.7 + 0.25 * (len(kinds) + len(flows))), layout="constrained")
    above, below = figure.subplots(2, 1, height_ratios=(len(kinds) + 1, len(flows) + 1))
    _draw_rows(above, [(part.outcome.title, part.shown, _verdict(part)) for part in kinds], lead=1)
    above.set_title("Homicide, by what led to it")
    above.set_xlabel(fitted(f"difference from {reference_title(comparison)}, {kinds[0].outcome.unit}", 46))
    relative = [(part.outcome.title, part.percent, _verdict(part)) for part in flows]
    _draw_rows(below, [(name, change, said) for name, change, said in relative if change is not None], unit=" %")
    below.set_title("What fills and empties gangs")
    below.set_xlabel(fitted(f"difference from {reference_title(comparison)}, %", 46))
    return figure


@styled
def fairness(comparison: Comparison) -> Figure:
    """Draw the change in homicide in the poorest fifth of neighbourhoods against the least poor fifth.

    Parameters
    ----------
    comparison
        What was compared.
    """
    arms = len(comparison.policies)
    figure = Figure(figsize=(WIDTH, 1.25 + 0.48 * arms), layout="constrained")
    axes = figure.subplots()
    axes.axvline(0, color=MUTED, linewidth=1)
    for row in range(arms):
        groups = zip(fifths(comparison, row + 1), ("o", "s"), (-0.15, 0.15), ("poorest", "least poor"), strict=True)
        for fifth, marker, shift, name in groups:
            _draw_interval(axes, row + shift, fifth.difference, fifth.verdict, marker)
            if row == 0:
                at = (fifth.difference.mean, row + shift)
                axes.annotate(name, at, (0, -7 if shift > 0 else 7), textcoords="offset points", fontsize=7.5,
                              color=MUTED, ha="center", va="top" if shift > 0 else "bottom")  # fmt: skip
    named = titles(comparison)
    axes.set_yticks(range(arms), [fitted(named[policy.name]) for policy in comparison.policies])
    axes.set_ylim(arms - 0.45, -0.75)
    axes.margins(x=0.08)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS))
    axes.set_title("Homicide in the poorest\nand the least poor fifth")
    axes.set_xlabel(fitted(f"difference from {reference_title(comparison)}, {BY_NAME['homicide_rate'].unit}", 46))
    return figure


def drawings(comparison: Comparison, besides: Sequence[str] = ()) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of a comparison, by the name under which it is saved; `besides` are more outcomes."""
    names = dict.fromkeys((*outcomes.CHARTED, *besides))
    draw: dict[str, Callable[[], Figure]] = {f"lines_{name}": partial(policy_lines, comparison, name) for name in names}
    draw |= {f"differences_{name}": partial(differences, comparison, (name,)) for name in names}
    for policy in comparison.policies:
        draw[f"map_{policy.name}"] = partial(change_map, comparison, policy.name, "homicide_rate")
        draw[f"why_{policy.name}"] = partial(why, comparison, policy.name)
    return draw | {"fairness": partial(fairness, comparison)}


def draw_all(comparison: Comparison) -> dict[str, Figure]:
    """Draw every figure of a comparison, by the name under which it is saved."""
    return {name: draw() for name, draw in drawings(comparison).items()}


@contextmanager
def as_saved(figure: Figure) -> Iterator[None]:
    """Give a figure the dots an inch with which it is saved: letters are a little wider or narrower with others.

    Parameters
    ----------
    figure
        Laid out or measured inside; afterwards it has the dots that it had.
    """
    dots = figure.get_dpi()
    figure.set_dpi(mpl.rcParams["savefig.dpi"])
    try:
        yield
    finally:
        figure.set_dpi(dots)


@styled
def rendered(figure: Figure, form: str) -> bytes:
    """Return a figure as the bytes of a file; the same figure gives the same bytes, whatever it was rendered as before.

    Parameters
    ----------
    figure
        What to render.
    form
        "png" or "svg".
    """
    layout = figure.get_layout_engine()
    with as_saved(figure):
        if layout is not None:
            # Once: laid out again for each form, a figure would begin from where the form before left it.
            layout.execute(figure)
            figure.set_layout_engine("none")
    page = io.BytesIO()
    metadata = {"Date": None, "Creator": None} if form == "svg" else {"Software": None}
    figure.savefig(page, format=form, metadata=metadata)
    if form == "svg":
        return re.sub(rb' d="[^"]*"', _shorten, page.getvalue())
    return page.getvalue()


def _shorten(path: re.Match[bytes]) -> bytes:
    """Cut the coordinates of a path to a hundredth of a point, which no eye can tell and no reader need load."""
    return re.sub(rb"(\.\d\d)\d+", rb"\1", path[0])


def _draw_rows(axes: Axes, rows: Sequence[tuple[str, Interval, str]], *, lead: int = 0, unit: str = "") -> None:
    """Draw named intervals, each with its verdict, from top to bottom, what they say at the right; `lead` rows apart."""
    axes.axvline(0, color=MUTED, linewidth=1, zorder=1)
    places = [row + (0.35 if row >= lead > 0 else 0) for row in range(len(rows))]
    for place, (_, interval, said) in zip(places, rows, strict=True):
        _draw_interval(axes, place, interval, said, "o")
        text = f"{signed(interval.mean)}{unit}" if said == CLEAR else _short_words(said, interval)
        axes.annotate(text, (1.015, place), xycoords=("axes fraction", "data"), va="center", fontsize=8,
                      color=_colour(interval, said) if said == CLEAR else MUTED)  # fmt: skip
    axes.set_yticks(places, [fitted(name) for name, _, _ in rows])
    axes.set_ylim(places[-1] + 0.6, -0.6)
    axes.margins(x=0.08)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(TICKS))


def _short_words(said: str, interval: Interval) -> str:
    """Say a verdict that is not clear at the end of a row: "small", "cannot be told", or "lower," over "may be small"."""
    if said in (TOO_FEW, RARE):
        return said.replace(" futures", "\nfutures")
    if said != UNTOLD:
        return said
    return verdict_words(said, interval.low, interval.high).replace(", ", ",\n")


def _draw_interval(axes: Axes, at: float, interval: Interval, said: str, marker: str) -> None:
    """Draw an interval: coloured where it is clear, grey and filled where it is small, grey and hollow where untold."""
    colour = _colour(interval, said)
    axes.plot((interval.low, interval.high), (at, at), color=colour, linewidth=2.2, zorder=3)
    face = colour if said in (CLEAR, SMALL) else "white"
    axes.plot(interval.mean, at, marker, markersize=6, color=colour, markerfacecolor=face, markeredgewidth=1.4, zorder=4)


def _colour(interval: Interval, said: str) -> str:
    if said != CLEAR:
        return UNCLEAR
    return LOWER if interval.mean < 0 else HIGHER


def _verdict(found: Finding) -> str:
    """Return what a finding's interval says; money is told like what is clear, since it is the amount it is."""
    return CLEAR if found.is_money and found.moves else found.verdict


def _thousands(value: float, _: int | None = None) -> str:
    """Write a tick, with thin spaces between thousands from ten thousand on."""
    text = f"{value:,.0f}" if abs(value) >= 10_000 else f"{value:g}"
    return text.replace(",", "\u202f").replace("-", "−")


def _round_up(x: float) -> float:
    """Return the next number that is easily said, so that a scale ends on one."""
    if not x > 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(x))
    return float(next(step * power for step in (1.0, 1.5, 2.0, 3.0, 5.0, 7.5, 10.0) if step * power >= x * 0.999))
