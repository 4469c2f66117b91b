"""What mixes of pillars do for the same money, and what is lost without one of four (row E36).

    python -m experiments.publish.pillar_mixes [--out docs/pillar_mixes.md]

Each pillar, each pair and triple and all four get what the cheapest pillar costs in full, in Chicago over ten years. The
money is spent in two ways. Of the core, the policies of the pillars, each pillar gets an equal part and all its measures one
level. Of all measures but those whose side effects are known to be large, whole ones are bought, those first whose level
costs least, and the last as far as money goes. Then all four policies in full are set against each three of them: a pillar
without which criminal governance rises by less than 5 % is redundant for it, as far as can be told.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

from experiments.comparison.compare import Comparison, compare
from experiments.comparison.costs import costs
from experiments.comparison.findings import Finding, findings, signed, significant, span
from experiments.comparison.paired import Interval
from experiments.publish.cost_table import alone
from experiments.publish.one_page import write_page
from sim.enumerations import PILLARS
from sim.measures import MEASURES, find_measure
from sim.scenario import MeasureUse, Policy, load_policy, pillar_policy

__all__ = ["HARSH", "MIXES", "REDUNDANT", "Mix", "bought", "core", "main", "measure", "page", "prices"]

CITY = "chicago"
MONTHS, REPLICATIONS, SCALE = 120, 50, 0.02
FEW = 4
"""Futures that are enough for a bill."""

HARSH = ("P-E6", "P-E7", "P-E8", "P-G4")
"""Measures whose side effects are known to be large, and which no balanced policy would hold without end."""

MIXES = tuple(mix for number in range(1, len(PILLARS) + 1) for mix in combinations(PILLARS, number))
"""Each pillar, pair and triple, and all four."""

LEAST = 0.01
"""The lowest level at which a measure is bought."""

REDUNDANT = 5.0
"""Per cent of criminal governance that a pillar must add to three others not to be called redundant."""

READ = ("criminal_governance_index", "homicide_rate")


class Mix(NamedTuple):
    """A mix of pillars for a budget: what it holds, what it costs a year and what it does.

    Attributes
    ----------
    pillars
        Which they are.
    policy
        Its measures, each with a level.
    cost
        Millions of US dollars a year beyond none.
    governance, homicide
        What it does to criminal governance and to homicide.
    """

    pillars: tuple[str, ...]
    policy: Policy
    cost: float
    governance: Finding
    homicide: Finding


def prices(policies: Sequence[Policy]) -> dict[str, float]:
    """Return what each policy costs in Chicago, millions of US dollars a year over ten years, prisons apart."""
    answers = costs(compare(CITY, policies, months=MONTHS, replications=FEW, scale=SCALE))
    return {each.policy: each.measures.mean / 1e6 for each in answers}


def core(mix: Sequence[str], budget: float, price: Mapping[str, float]) -> Policy:
    """Return the policies of some pillars, each at the level that an equal part of the budget pays for.

    Parameters
    ----------
    mix
        Names of pillars.
    budget
        In the unit of the prices.
    price
        Of the policy of each pillar in full; what one cannot spend goes to the others.
    """
    levels: dict[str, float] = {}
    left = budget
    # The cheapest first, so that what is left over by one is there for those that can use it.
    for place, pillar in enumerate(sorted(mix, key=price.__getitem__)):
        levels[pillar] = min(1.0, left / (len(mix) - place) / price[pillar])
        left -= levels[pillar] * price[pillar]
    policy = pillar_policy({pillar: levels[pillar] for pillar in mix})
    return policy.model_copy(update={"name": f"core-{'-'.join(mix)}"})


def bought(mix: Sequence[str], budget: float, price: Mapping[str, float]) -> Policy:
    """Return the measures of some pillars that a budget buys, the cheapest first, the last at what is left.

    Parameters
    ----------
    mix
        Names of pillars.
    budget
        In the unit of the prices.
    price
        Of each measure in full, by its row.
    """
    uses = []
    left = budget
    for each in sorted((each for each in MEASURES if each.pillar in mix and each.row in price), key=lambda m: price[m.row]):
        level = round(min(1.0, left / price[each.row]), 4)
        if level < LEAST:
            break
        uses.append(MeasureUse(measure=each.row, level=level))
        left -= level * price[each.row]
    title = f"Bought: {', '.join(mix)}"
    return Policy(name=f"bought-{'-'.join(mix)}", title=title, about=f"{title}.", measures=tuple(uses))


def _lived(policies: Sequence[Policy], against: str = "baseline") -> Comparison:
    return compare(CITY, policies, against=against, months=MONTHS, replications=REPLICATIONS, scale=SCALE)


def _read(comparison: Comparison, mixes: Sequence[tuple[str, ...]]) -> tuple[Mix, ...]:
    found = findings(comparison)
    cost = {each.policy: each.measures.mean / 1e6 for each in costs(comparison, found)}
    return tuple(
        Mix(mix, policy, cost[policy.name], *(found[policy.name, outcome] for outcome in READ))
        for mix, policy in zip(mixes, comparison.policies, strict=True)
    )


def measure() -> tuple[float, tuple[Mix, ...], tuple[Mix, ...], tuple[Mix, ...]]:
    """Return the budget, all mixes of the core and of all measures for it, and each three of four in full against four."""
    whole = prices([load_policy(pillar) for pillar in PILLARS])
    single = prices([alone(each) for each in MEASURES if each.row not in HARSH])
    by_row = {find_measure(name).row: price for name, price in single.items()}
    budget = min(whole.values())
    # Bills are not quite in proportion to levels: what a mix fell short of in a few futures is asked for once more.
    bill = prices([core(mix, budget, whole) for mix in MIXES])
    asked = {mix: budget * budget / price for mix, price in zip(MIXES, bill.values(), strict=True)}
    of_core = _lived([core(mix, asked[mix], whole) for mix in MIXES])
    of_all = _lived([bought(mix, budget, by_row) for mix in MIXES])
    threes = [mix for mix in MIXES if len(mix) == len(PILLARS) - 1]
    fewer = _lived([pillar_policy(dict.fromkeys(mix, 1.0)) for mix in threes], against="all_four")
    return budget, _read(of_core, MIXES), _read(of_all, MIXES), _read(fewer, threes)


def page(budget: float, of_core: Sequence[Mix], of_all: Sequence[Mix], fewer: Sequence[Mix]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    budget
        Millions of US dollars a year.
    of_core, of_all
        Every mix of `MIXES`.
    fewer
        Each three of four pillars in full, against all four.
    """
    lines = [
        "# Mixes of pillars for the same money",
        "",
        f"Written by `python -m experiments.publish.pillar_mixes`: {CITY.title()}, {MONTHS} months, {REPLICATIONS} paired",
        f"futures, default strengths and costs. Each mix gets {significant(budget)} million US dollars a year, what the",
        "cheapest of the four policies of pillars costs in full. Changes are against doing nothing, in per cent, with the",
        "95 % interval of chance alone: strengths and unit costs are not known to a few per cent. The city illustrates.",
        "",
        "## The core: policies of the pillars, the money spread evenly",
        "",
        *_table(of_core),
        "",
        "## All measures, bought whole, the cheapest first",
        "",
        f"All but {', '.join(HARSH)}, whose side effects are known to be large. Small prices decide what is bought, and",
        "most prices are judgement.",
        "",
        *_table(of_all),
        "",
        "## Without one of four",
        "",
        "The policies of three pillars in full against all four in full, whatever they cost.",
        "",
        "| left out | criminal governance | homicide | for criminal governance |",
        "| --- | --- | --- | --- |",
        *(_without(each) for each in fewer),
    ]
    return "\n".join(lines) + "\n"


def _table(mixes: Sequence[Mix]) -> list[str]:
    rows = [
        f"| {', '.join(each.pillars)} | {_held(each.policy)} | {significant(each.cost)} "
        f"| {_change(each.governance)} | {_change(each.homicide)} |"
        for each in sorted(mixes, key=lambda each: each.governance.difference.mean)
    ]
    head = "| pillars | measures, with levels below 1 | million US dollars a year | criminal governance | homicide |"
    return [head, "| --- | --- | --- | --- | --- |", *rows]


def _held(policy: Policy) -> str:
    return ", ".join(use.measure if use.level == 1.0 else f"{use.measure} at {use.level:.2g}" for use in policy.measures)


def _per_cent(found: Finding) -> Interval:
    return found.difference.times(100.0 / found.reference)


def _change(found: Finding) -> str:
    change = _per_cent(found)
    return f"{signed(change.mean)} ({span(change)})"


def _without(each: Mix) -> str:
    (left,) = set(PILLARS) - set(each.pillars)
    change = _per_cent(each.governance)
    said = "not redundant" if change.low > REDUNDANT else "redundant" if change.high < REDUNDANT else "cannot be told"
    return f"| {left} | {_change(each.governance)} | {_change(each.homicide)} | {said} |"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; returns 0."""
    return write_page("pillar_mixes", __doc__, "docs/pillar_mixes.md", lambda: page(*measure()), arguments)


if __name__ == "__main__":
    sys.exit(main())
