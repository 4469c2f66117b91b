"""A factorial experiment as text for a terminal: what all gain, each one's part, and whether they help one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from experiments.comparison.findings import BY_NAME, list_words, reading, significant, span, within
from experiments.comparison.paired import FEWEST, TOO_FEW, Interval
from experiments.comparison.side_effects import comfort_notes
from experiments.comparison.text import aligned
from experiments.comparison.windows import said_months
from experiments.tradeoffs.interactions import SCALES, Complementarity, Scale
from experiments.tradeoffs.uncertainty import standing

if TYPE_CHECKING:
    from experiments.tradeoffs.factorial import Factorial

__all__ = ["factorial_text", "pairs_sentence", "relation_sentence", "synergy_sentence"]

READING_HELP = (
    "Positive is better. In brackets: 95 % interval of the mean. Part: Shapley share of what all would gain together.\n"
    "Complements (substitutes): each would add more (less) wherever more of the others are at work, and that is clear in "
    "every comparison."
)


def factorial_text(study: Factorial) -> str:
    """Return a block of lines for each outcome, then any false comfort and what the intervals cover."""
    titles = list_words([within(factor.title) for factor in study.factors])
    futures = study.futures
    months = said_months(futures.months, futures.window)
    heading = f"{futures.city.title}, {months}, {futures.replications} paired futures: all combinations of"
    blocks = [f"{heading} {titles}"]
    blocks += [_block(study, outcome) for outcome in study.outcomes]
    titled = {cell.name: within(cell.title) for cell in study.cells}
    notes = [
        f"{title}, {titled[cell]}: {text}"
        for cell, warnings in study.comfort.items()
        for title, text in comfort_notes(warnings)
    ]
    return "\n\n".join([*blocks, *notes, f"{READING_HELP}\n{standing(futures)}"])


def _block(study: Factorial, outcome: str) -> str:
    shown = reading(BY_NAME[outcome], study.futures.city.currency)
    levels, total = study.levels(outcome).mean(axis=0) * shown.factor, study.total(outcome)
    assert total is not None  # the count scale is always defined
    gained = total.times(shown.factor)
    rows: list[tuple[str, ...]] = [
        ("  what each would gain", "alone", "", "on average", "", "added last", "", "its part", "", "share")
    ]
    for row in study.effects(outcome).to_dict("records"):
        cells = [f"  {within(str(row['title']))}"]
        for name in ("alone", "average", "last", "shapley"):
            found = Interval(*(float(row[key]) for key in (name, f"{name}_low", f"{name}_high"))).times(shown.factor)
            cells += [significant(found.mean), f"({span(found)})"] if not row["inert"] else ["0", ""]
        share = float(row["share"])
        rows.append((*cells, f"{significant(100 * share)} %" if share == share else "–"))
    lines = [
        f"{BY_NAME[outcome].title}: {significant(float(levels[0]), 3)} with none, {significant(float(levels[-1]), 3)} with "
        f"all; gain {significant(gained.mean)} ({span(gained)}), {shown.change}",
        *aligned(rows),
        *(line for scale in SCALES for line in _on_scale(study, outcome, scale)),
        f"  Over both scales: {study.verdict(outcome)}.",
    ]
    return "\n".join(lines)


def _on_scale(study: Factorial, outcome: str, scale: Scale) -> list[str]:
    found = study.complementarity(outcome, scale)
    if found is None:
        return ["  Log scale: not defined, since the outcome is zero in some future."]
    head = f"  {scale.capitalize()} scale: {synergy_sentence(study, outcome, scale)}"
    return [f"{head} {relation_sentence(found)}", f"    {pairs_sentence(study, outcome, scale)}"]


def synergy_sentence(study: Factorial, outcome: str, scale: Scale) -> str:
    """Say whether all together would gain more or less than the sum of each alone."""
    synergy = study.synergy(outcome, scale)
    if synergy is None:
        return "Not defined on this scale."
    shown = reading(BY_NAME[outcome], study.futures.city.currency)
    found, unit = (synergy.times(shown.factor), shown.change) if scale == "count" else (synergy.times(100.0), "log points")
    told = f"{significant(found.mean)}, {span(found)} {unit}"
    if study.futures.replications < FEWEST:
        return f"{TOO_FEW} whether together more or less than the sum of each alone ({told})."
    if found.low <= 0 <= found.high:
        return f"whether together more or less than the sum of each alone cannot be told ({told})."
    size = f"{significant(abs(found.mean))} ({span(found, sign=False)}) {unit}"
    return f"together {'more' if found.mean > 0 else 'less'} than the sum of each alone, by {size}."


def relation_sentence(found: Complementarity) -> str:
    """Say what the intersection-union test found."""
    if not found.tested:
        return "There is only one factor."
    tally = f"{found.above} of {found.tested} comparisons help beyond chance, {found.below} hinder"
    return f"As a whole: {found.relation} ({tally})."


def pairs_sentence(study: Factorial, outcome: str, scale: Scale) -> str:
    """Say which pairs help or hinder one another beyond chance, over intervals that hold for all pairs at once."""
    titles = {factor.name: within(factor.title) for factor in study.factors}
    said = []
    for relation in ("complements", "substitutes"):
        part = [row for row in study.pairs(outcome, scale).to_dict("records") if row["relation"] == relation]
        named = [f"{titles[row['first']]} with {titles[row['second']]}" for row in part]
        if named:
            said.append(f"{relation}: {'; '.join(named)}")
    return f"Pairs, {', and '.join(said)}." if said else "No pair helps or hinders the other beyond chance."
