"""What each measure of resilience does in the first, second and third decade, and for its money (row E36).

    python -m experiments.publish.long_horizons [--out docs/long_horizons.md]

Every measure of resilience runs at full level in the whole of Chicago for thirty years, against nothing done, over the same
futures and with all years alike: a decade later, good and bad years would hide what a slow measure does. What is judged
over ten years alone leaves out what early childhood does, since its children come of age later.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

from experiments.comparison.compare import Comparison, compare
from experiments.comparison.findings import signed, significant, span
from experiments.comparison.paired import Interval
from experiments.publish.cost_table import alone
from experiments.publish.one_page import write_page
from sim.measures import MEASURES, find_measure
from sim.outcomes import outcome_index

__all__ = ["DECADES", "Slow", "main", "measure", "page", "read"]

CITY = "chicago"
REPLICATIONS, SCALE = 40, 0.02
DECADES = ((1, 120), (121, 240), (241, 360))
"""First and last month of each."""
ALIKE = ("years", "season")
"""Mechanisms that are switched off."""
MONEY = 10.0
"""Million US dollars for which the killings averted are told."""


class Slow(NamedTuple):
    """What one measure does in each decade.

    Attributes
    ----------
    row, title
        Of the measure.
    changes
        Change of the homicide rate in each decade, per cent.
    averted
        Killings averted a year in each decade.
    cost
        Extra public cost in each decade, millions of US dollars a year, prisons included.
    """

    row: str
    title: str
    changes: tuple[Interval, ...]
    averted: tuple[Interval, ...]
    cost: tuple[float, ...]

    @property
    def saves(self) -> bool:
        """Whether it costs nothing over all decades, since fewer are held in prison: then money buys nothing by it."""
        return sum(self.cost) <= 0.0

    def bought(self, decades: int) -> Interval:
        """Return the killings averted for ten million dollars, judged over the first decades."""
        per_year = sum(self.cost[:decades]) / decades
        parts = [each.times(MONEY / per_year / decades) for each in self.averted[:decades]]
        return Interval(*(sum(values) for values in zip(*parts, strict=True)))


def measure() -> tuple[Slow, ...]:
    """Run every measure of resilience and return what each does in three decades."""
    policies = [alone(each) for each in MEASURES if each.pillar == "resilience"]
    return read(
        compare(CITY, policies, months=DECADES[-1][1], replications=REPLICATIONS, scale=SCALE, without=ALIKE, seed=1)
    )


def read(comparison: Comparison) -> tuple[Slow, ...]:
    """Return what each measure of a comparison does in each decade.

    Parameters
    ----------
    comparison
        Policies that are named as measures, over thirty years or more.
    """
    return tuple(_read(comparison, policy.name) for policy in comparison.policies)


def _read(comparison: Comparison, policy: str) -> Slow:
    changes, averted, cost = [], [], []
    for window in DECADES:
        reference = float(comparison.window_means(*window)[0, :, outcome_index("homicide_rate")].mean())
        rate = comparison.difference(policy, "homicide_rate", window=window)
        changes.append(Interval(rate.mean, rate.low, rate.high).times(100.0 / reference))
        killed = comparison.difference(policy, "killings_expected", window=window)
        averted.append(Interval(-killed.mean, -killed.high, -killed.low))
        cost.append(comparison.difference(policy, "cost", window=window).mean / comparison.city.money_per_dollar)
    about = find_measure(policy)
    return Slow(about.row, about.title, tuple(changes), tuple(averted), tuple(cost))


def page(slow: Sequence[Slow]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    slow
        One for each measure.
    """
    ahead = max((each for each in slow if not each.saves), key=lambda each: each.bought(3).mean - each.bought(1).mean)
    lines = [
        "# Resilience over its own horizon",
        "",
        "Written by `python -m experiments.publish.long_horizons`: Chicago, thirty years, years alike, default strengths",
        f"and costs, {REPLICATIONS} paired futures, each measure of resilience alone in full everywhere. Changes of the",
        "homicide rate are against doing nothing, in per cent, with the 95 % interval of chance alone: strengths and",
        "unit costs are not known to a few per cent, and nobody has measured thirty years. The city illustrates.",
        "",
        f"The last two columns say how many killings {MONEY:.0f} million US dollars would avert, judged over ten years and",
        f"over thirty, nothing discounted. {ahead.title} gains most by the longer view:",
        f"{significant(ahead.bought(1).mean)} over ten years, {significant(ahead.bought(3).mean)} over thirty.",
        "",
        "| measure | years 1-10 | years 11-20 | years 21-30 | million US dollars a year | averted, over ten years "
        "| over thirty |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(_row(each) for each in sorted(slow, key=lambda each: (not each.saves, -each.bought(3).mean))),
    ]
    return "\n".join(lines) + "\n"


def _row(each: Slow) -> str:
    changes = " | ".join(f"{signed(change.mean)} ({span(change)})" for change in each.changes)
    money = (f"{significant(found.mean)} ({span(found)})" for found in (each.bought(1), each.bought(3)))
    bought = "saves money | saves money" if each.saves else " | ".join(money)
    cost = significant(sum(each.cost) / len(each.cost))
    return f"| {each.title} ({each.row}) | {changes} | {cost} | {bought} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; returns 0."""
    return write_page("long_horizons", __doc__, "docs/long_horizons.md", lambda: page(measure()), arguments)


if __name__ == "__main__":
    sys.exit(main())
