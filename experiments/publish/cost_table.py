"""What it costs to avert a homicide with each measure alone: one city, five years, the cheapest first.

    python -m experiments.publish.cost_table [--out docs/costs.md]

Every measure of the framework runs at full level in the whole of Chicago, against nothing done, over the same futures.
Beside each price stands what the size of the effect rests on, and before all prices which of the five lowest rest on
judgement alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from experiments.comparison.compare import compare
from experiments.comparison.costs import Cost, costs
from experiments.comparison.findings import significant, span
from experiments.publish.one_page import write_page
from sim.measures import MEASURES, Measure, find_measure
from sim.scenario import MeasureUse, Policy

__all__ = ["CITY", "PUBLISHED", "alone", "main", "measure", "table"]

CITY = "chicago"
MONTHS, REPLICATIONS, SCALE = 60, 60, 0.0265
FIRST = 5
"""How many of the lowest prices are looked at for what they rest on."""

PUBLISHED = (
    "more police in cities of the United States 1.6 to 2.7 million (Chalfin and others 2022), a prevention programme with "
    "patrols in Belo Horizonte .1 to .4 million (Peixoto and others 2008)"
)

STANDING = {
    "A": "A: randomised trials",
    "B": "B: comparisons with like places or people",
    "C": "C: before and after",
    "D": "D: description",
    "judgement": "judgement",
}


def alone(measure: Measure) -> Policy:
    """Return the policy of one measure at full level everywhere, under the measure's name."""
    return Policy(name=measure.name, title=measure.row, about=measure.says, measures=(MeasureUse(measure=measure.row),))


def measure() -> tuple[Cost, ...]:
    """Return what each measure of the framework costs, and averts, alone."""
    policies = [alone(each) for each in MEASURES]
    return costs(compare(CITY, policies, months=MONTHS, replications=REPLICATIONS, scale=SCALE))


def table(answers: Sequence[Cost]) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    answers
        One for each measure, named as it is.
    """
    priced = [each for each in answers if each.averted.low > 0 and each.extra.mean > 0 and each.per_averted is not None]
    priced.sort(key=lambda each: each.extra.mean / each.averted.mean)
    others = [each for each in answers if each not in priced]
    guessed = [find_measure(each.policy) for each in priced[:FIRST] if find_measure(each.policy).grade == "judgement"]
    named = "; ".join(f"{each.title} ({each.row})" for each in guessed)
    lines = [
        "# What it costs to avert a homicide",
        "",
        f"Written by `python -m experiments.publish.cost_table`: {CITY.title()}, each measure alone at full level in the",
        f"whole city, {MONTHS} months, {REPLICATIONS} paired futures, default strengths and costs.",
        "",
        f"**Read first.** Among the {FIRST} lowest prices, these rest on judgement, for no study has measured what they do:",
        f"{named or 'none'}. Intervals hold chance alone: neither the strengths nor the unit costs are known to a few per",
        "cent, and most unit costs are judgement. Rights, harms and all other gains have no price here, and what fits this",
        "city need not fit yours.",
        "",
        f"Published, in US dollars for each life saved: {PUBLISHED}.",
        "",
        "| measure | effect rests on | extra cost, million US dollars a year | expected homicides averted a year "
        "| million US dollars for each |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [_row(each) for each in priced]
    lines += [
        "",
        "## No price",
        "",
        "Of these it cannot be told that killings fall within five years, or they save more than they cost.",
        "",
        "| measure | effect rests on | extra cost, million US dollars a year | expected homicides averted a year |",
        "| --- | --- | --- | --- |",
    ]
    lines += [_row(each).rsplit("|", 2)[0] + "|" for each in others]
    return "\n".join(lines) + "\n"


def _row(each: Cost) -> str:
    known = find_measure(each.policy)
    extra, price = each.extra.times(1e-6), each.per_averted.times(1e-6) if each.per_averted is not None else None
    told = f"{significant(price.mean)} ({span(price)})" if price is not None else ""
    return (
        f"| {known.row} {known.title} | {STANDING[known.grade]} | {significant(extra.mean)} ({span(extra)}) "
        f"| {significant(each.averted.mean)} ({span(each.averted)}) | {told} |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; returns 0."""
    return write_page("cost_table", __doc__, "docs/costs.md", lambda: table(measure()), arguments)


if __name__ == "__main__":
    sys.exit(main())
