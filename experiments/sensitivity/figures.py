"""Figures of a sensitivity study: which parameters drive an outcome, how sure that is, and how it changes over the years.

A full mark is influential; a hollow one cannot be told from nothing, or is slight. The dashed line is what the dummy
reaches, or the least index that counts where that is more. A star marks a parameter that rests on judgement.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, MaxNLocator, NullFormatter, NullLocator

from experiments.comparison.figures import FAINT, INK, MUTED, TICKS, UNCLEAR, styled
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.panels import (
    SHADES,
    WHOLE,
    draw_bars,
    headline,
    is_told,
    label_of,
    largest_factors,
    number_points,
    part_of,
    shown_quantities,
    stacked_panels,
    write_ends,
)
from experiments.sensitivity.tables import QUANTITIES, Sensitivity
from experiments.sensitivity.text import is_share, shown_index, unit_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["agreement", "convergence", "draw_all", "drawings", "over_time", "shares", "spread", "tornado"]

SHOWN = 10
"""Factors a figure shows."""
DASHES = ("-", (0, (6, 2)), (0, (2, 1.6)), (0, (6, 2, 1.5, 2)), (0, (1, 1)), "-")
HEADINGS = {
    "sobol": "share of the variance, interactions included (%)",
    "shapley": "Shapley share of the variance (%)",
    "rbd-fast": "share of the variance, alone (%)",
    "pawn": "PAWN median distance (0 to 1)",
    "delta": "shift of the density (0 to 1)",
}


@styled
def tornado(study: Sensitivity, outcome: str) -> Figure:
    """Draw the main index of the largest factors with its interval: of the level without the policy, and of the effect.

    Parameters
    ----------
    study
        What was found.
    outcome
        Name of an outcome of it.
    """
    panels = [(quantity, largest_factors(study, outcome, quantity, SHOWN)) for quantity in shown_quantities(study, outcome)]
    heights = [len(table) + 2.3 for _, table in panels]
    figure, axes = stacked_panels(0.7 + 0.21 * sum(heights), heights)
    for panel, (quantity, table) in zip(axes, panels, strict=True):
        times, unit = shown_index(study, outcome, quantity)
        draw_bars(panel, study, outcome, quantity, table, times)
        panel.set_title(QUANTITIES[quantity].capitalize())
        noise = float(part_of(study.noise, outcome, quantity)["share"].iloc[0])
        chance = f"(chance between runs: {noise:.0%} of all variance)"
        panel.set_xlabel(f"{HEADINGS.get(study.method, f'mean elementary effect, {unit}')}\n{chance}")
    headline(figure, study, outcome, "which parameters drive it")
    return figure


@styled
def over_time(study: Sensitivity, outcome: str) -> Figure:
    """Draw the main index of every year as a map of shades, a row for each of the largest factors.

    Parameters
    ----------
    study, outcome
        As for `tornado`; the outcome is kept by month.
    """
    panels = []
    for quantity in shown_quantities(study, outcome):
        part = part_of(study.over_time, outcome, quantity)
        part = part[~part["factor"].isin((SEED, DUMMY))]
        table = part.pivot_table(index="factor", columns="year", values="index", dropna=False, sort=False)
        order = table.mean(axis=1).sort_values(ascending=False).index[:SHOWN]
        panels.append((quantity, table.loc[order]))
    heights = [len(table) + 1.6 for _, table in panels]
    figure, axes = stacked_panels(0.7 + 0.22 * sum(heights), heights)
    for panel, (quantity, table) in zip(axes, panels, strict=True):
        times, unit = shown_index(study, outcome, quantity)
        values = table.to_numpy(dtype=np.float64) * times
        top = float(np.nanmax(values)) if np.isfinite(values).any() else 1.0
        top = min(top, WHOLE) if is_share(study.method) else top
        shades = mpl.colormaps["Blues"].with_extremes(bad=FAINT)
        image = panel.imshow(values, aspect="auto", cmap=shades, vmin=0.0, vmax=top or 1.0, interpolation="nearest")
        panel.set_yticks(range(len(table)), [label_of(study, name) for name in table.index], fontsize=7.5)
        years = table.shape[1]
        step = max(1, -(-years // 5))
        panel.set_xticks(range(0, years, step), [str(year) for year in table.columns[::step]])
        untold = "" if np.isfinite(values).all() else " (grey: chance alone, or nothing moves it)"
        panel.set_xlabel(f"{'year' if study.months >= 12 else f'{study.months} months in one'}{untold}")
        panel.set_title(QUANTITIES[quantity].capitalize())
        scale = figure.colorbar(image, ax=panel, fraction=0.06, pad=0.02)
        scale.ax.yaxis.set_major_locator(MaxNLocator(3))
        scale.outline.set_visible(False)
        scale.set_label("% of variance" if is_share(study.method) else unit, fontsize=7.5)
        for spine in panel.spines.values():
            spine.set_visible(False)
    headline(figure, study, outcome, "over the years")
    return figure


@styled
def convergence(study: Sensitivity, outcome: str) -> Figure:
    """Draw the main index of the five largest factors against the size of the sample, with its interval.

    Parameters
    ----------
    study, outcome
        As for `tornado`.
    """
    quantities = shown_quantities(study, outcome)
    figure, axes = stacked_panels(0.5 + 2.1 * len(quantities), [1.0] * len(quantities), share_x=True)
    for panel, quantity in zip(axes, quantities, strict=True):
        times, unit = shown_index(study, outcome, quantity)
        grown = part_of(study.growth, outcome, quantity)
        sizes = sorted(set(grown["samples"]))
        names = list(largest_factors(study, outcome, quantity, 5)["factor"])
        ends = []
        for place, name in enumerate(names):
            line = grown[grown["factor"] == name].sort_values("samples")
            # Points of one size stand side by side, or their intervals would hide each other.
            x = line["samples"].to_numpy(np.float64) * 2.0 ** (0.07 * (place - (len(names) - 1) / 2))
            y = line["index"].to_numpy(np.float64) * times
            panel.plot(x, y, linestyle=DASHES[place], color=SHADES[place], linewidth=1.3, marker="o", markersize=3.5)
            panel.vlines(x, line["low"] * times, line["high"] * times, color=SHADES[place], linewidth=0.9, alpha=0.7)
            ends.append(
                (min(float(y[-1]), WHOLE) if is_share(study.method) else float(y[-1]), label_of(study, name), SHADES[place])
            )
        panel.set_xscale("log", base=2)
        panel.xaxis.set_major_locator(FixedLocator(sizes))
        panel.xaxis.set_minor_locator(NullLocator())
        panel.set_xticks(sizes, [f"{size:g}" for size in sizes])
        panel.xaxis.set_minor_formatter(NullFormatter())
        panel.set_xlim(sizes[0] / 1.25, sizes[-1] * 1.25)
        panel.set_ylim(0, min(panel.get_ylim()[1], WHOLE) if is_share(study.method) else None)
        panel.yaxis.set_major_locator(MaxNLocator(TICKS))
        panel.grid(axis="y")
        write_ends(panel, ends)
        settled = part_of(study.convergence, outcome, quantity)["converged"].iloc[0]
        panel.set_title(f"{QUANTITIES[quantity].capitalize()}: {'settled' if settled else 'not settled'}")
        panel.set_ylabel("% of variance" if is_share(study.method) else unit)
    axes[-1].set_xlabel("samples")
    headline(figure, study, outcome, "has it settled?")
    return figure


@styled
def shares(study: Sensitivity, outcome: str) -> Figure:
    """Draw the Shapley shares of every quantity as one bar each, chance included: the parts of a bar make the whole.

    Parameters
    ----------
    study, outcome
        As for `tornado`; found by shapley.
    """
    quantities = [key for key in study.quantities if is_told(study, outcome, key)]
    order: list[str] = []
    for quantity in ("effect", "without"):
        if quantity in quantities:
            order += [name for name in largest_factors(study, outcome, quantity, 4)["factor"] if name not in order]
    order = order[: len(SHADES)]
    figure, (axes,) = stacked_panels(1.5 + 0.42 * len(quantities) + 0.13 * len(order), [1.0])
    hatches = ("", "//", "", "\\\\", "", "..")
    for row, quantity in enumerate(quantities):
        noise = float(part_of(study.noise, outcome, quantity)["share"].iloc[0])
        found = study.of(outcome, quantity).set_index("factor")["index"] * (1.0 - noise) * 100.0
        at = 0.0
        parts = [(name, float(found[name]), SHADES[place], hatches[place]) for place, name in enumerate(order)]
        parts.append(("other factors", float(found.drop([*order, SEED, DUMMY]).sum()), "#c3cad1", ""))
        parts.append(("chance", 100.0 * noise, "white", "xx"))
        for name, wide, colour, hatch in parts:
            edge = "#9aa5b1" if name == "chance" else "white"
            axes.barh(row, wide, left=at, height=0.62, color=colour, hatch=hatch, edgecolor=edge, linewidth=0.6,
                      label=label_of(study, name) if row == 0 else None)  # fmt: skip
            if wide >= 7:
                ink = INK if name in ("chance", "other factors") else "white"
                axes.text(at + wide / 2, row, f"{wide:.0f}", ha="center", va="center", fontsize=7.5, color=ink,
                          bbox={"facecolor": colour, "edgecolor": "none", "pad": 1.0})  # fmt: skip
            at += wide
    axes.set_yticks(range(len(quantities)), [QUANTITIES[each] for each in quantities], fontsize=8)
    axes.set_ylim(len(quantities) - 0.45, -0.55)
    axes.set_xlim(0, 102)
    axes.spines["left"].set_visible(False)
    axes.set_xlabel("Shapley share of the variance (%)")
    axes.legend(loc="upper center", bbox_to_anchor=(0.25, -0.28), ncols=2, fontsize=7.5, handlelength=1.4, handleheight=0.9)
    headline(figure, study, outcome, "who shares its variance")
    return figure


@styled
def spread(study: Sensitivity, outcome: str) -> Figure:
    """Draw the spread of elementary effects against their mean size: far right matters, far up depends on the rest.

    Parameters
    ----------
    study, outcome
        As for `tornado`; found by morris.
    """
    quantities = shown_quantities(study, outcome)
    figure, axes = stacked_panels(0.5 + 2.5 * len(quantities), [1.0] * len(quantities))
    for panel, quantity in zip(axes, quantities, strict=True):
        times, unit = shown_index(study, outcome, quantity)
        table = study.of(outcome, quantity)
        own = table[~table["factor"].isin((SEED, DUMMY))].reset_index(drop=True)
        size, width = own["mu_star"] * times, own["sigma"] * times
        panel.plot(size, width, "o", markersize=3, color=UNCLEAR, alpha=0.6, linewidth=0)
        named = min(8, len(own))
        panel.plot(size[:named], width[:named], "o", markersize=4.5, color=SHADES[0])
        limit = 1.08 * float(max(size.max(), width.max(skipna=True) if width.notna().any() else 0.0))
        panel.plot((0, limit), (0, limit), color=MUTED, linewidth=0.8, linestyle=(0, (2, 1.6)))
        panel.set_xlim(-0.02 * limit, limit)
        panel.set_ylim(-0.02 * limit, limit)
        number_points(panel, size[:named].to_numpy(), width[:named].to_numpy(), limit)
        key = [f"{place + 1}  {label_of(study, name)}" for place, name in enumerate(own["factor"][:named])]
        panel.text(1.04, 0.98, "\n".join(key), transform=panel.transAxes, va="top", fontsize=7.5, linespacing=1.5)
        chance = float(table.loc[table["factor"] == SEED, "mu_star"].iloc[0]) * times
        panel.plot(chance, -0.02 * limit, "^", color=SHADES[1], markersize=6, clip_on=False)
        legend = "▲ chance alone\n– – spread equals mean"
        panel.text(1.04, 0.02, legend, transform=panel.transAxes, va="bottom", fontsize=7.5, color=MUTED, linespacing=1.5)
        panel.xaxis.set_major_locator(MaxNLocator(TICKS))
        panel.yaxis.set_major_locator(MaxNLocator(TICKS))
        panel.set_xlabel(f"mean size of the effect (μ*), {unit}")
        panel.set_ylabel("spread (σ)")
        panel.set_title(QUANTITIES[quantity].capitalize())
    headline(figure, study, outcome, "elementary effects")
    return figure


@styled
def agreement(study: Sensitivity, table: pd.DataFrame, outcome: str) -> Figure:
    """Draw what each factor moves from low to high, at the study's scale and in the whole city, with 95 % intervals.

    Parameters
    ----------
    study
        What was found.
    table
        From `experiments.sensitivity.scale_agreement.scale_agreement`.
    outcome
        Name of an outcome of it.
    """
    quantities = [key for key in ("without", "effect") if not part_of(table, outcome, key).empty]
    rows = len(part_of(table, outcome, quantities[0]))
    figure, axes = stacked_panels(1.0 + len(quantities) * (0.75 + 0.34 * rows), [1.0] * len(quantities))
    for panel, quantity in zip(axes, quantities, strict=True):
        part = part_of(table, outcome, quantity).reset_index(drop=True)
        times, unit = unit_of(study, outcome, quantity)
        for shift, name, marker, words in ((-0.14, "small", "o", "at the study's scale"), (0.14, "full", "s", "whole city")):
            colour = SHADES[0] if name == "small" else SHADES[1]
            rows_at = np.arange(len(part)) + shift
            panel.hlines(rows_at, part[f"{name}_low"] * times, part[f"{name}_high"] * times, color=colour, linewidth=1.6)
            face = "white" if name == "small" else colour
            panel.plot(part[name] * times, rows_at, marker, color=colour, markerfacecolor=face,
                       markersize=5, linewidth=0, label=words)  # fmt: skip
        panel.axvline(0, color=MUTED, linewidth=0.8)
        panel.set_yticks(range(len(part)), [label_of(study, name) for name in part["factor"]], fontsize=7.5)
        panel.set_ylim(len(part) - 0.4, -0.6)
        panel.margins(x=0.08)
        panel.xaxis.set_major_locator(MaxNLocator(TICKS))
        panel.grid(axis="x")
        panel.spines["left"].set_visible(False)
        panel.set_title(QUANTITIES[quantity].capitalize())
        panel.set_xlabel(f"change from low to high, {unit}")
    axes[-1].legend(loc="upper center", bbox_to_anchor=(0.5, -0.3), ncols=2, fontsize=7.5, handletextpad=0.2)
    headline(figure, study, outcome, "does the scale matter?")
    return figure


def drawings(study: Sensitivity) -> dict[str, Callable[[], Figure]]:
    """Return what draws each figure of a study, by the name under which it is saved; what cannot be told is left out."""
    drawn: dict[str, Callable[[], Figure]] = {}
    for outcome in study.outcomes:
        if not shown_quantities(study, outcome):
            continue
        drawn[f"tornado_{outcome}"] = partial(tornado, study, outcome)
        if not part_of(study.over_time, outcome, shown_quantities(study, outcome)[0]).empty:
            drawn[f"over_time_{outcome}"] = partial(over_time, study, outcome)
        if not study.growth.empty:
            drawn[f"convergence_{outcome}"] = partial(convergence, study, outcome)
        if study.method == "shapley":
            drawn[f"shapley_{outcome}"] = partial(shares, study, outcome)
        if study.method == "morris":
            drawn[f"morris_{outcome}"] = partial(spread, study, outcome)
    return drawn


def draw_all(study: Sensitivity) -> dict[str, Figure]:
    """Draw every figure of a study, by the name under which it is saved."""
    return {name: draw() for name, draw in drawings(study).items()}
