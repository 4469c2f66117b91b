"""A study of trade-offs as text for a terminal: what is on the front, how far that holds, and what would change it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

from experiments.comparison.findings import (
    BY_NAME,
    in_sentence,
    list_words,
    reading,
    signed,
    significant,
    span,
    within,
)
from experiments.comparison.paired import Interval
from experiments.comparison.side_effects import comfort_notes
from experiments.comparison.text import aligned
from experiments.comparison.windows import said_months
from experiments.tradeoffs.discovery import discovery_sentence
from experiments.tradeoffs.robustness import CLAIMED
from experiments.tradeoffs.uncertainty import standing

if TYPE_CHECKING:
    from experiments.tradeoffs.discovery import Discovery
    from experiments.tradeoffs.policy_search import Search
    from experiments.tradeoffs.study import Tradeoffs

__all__ = ["failing", "tradeoffs_text"]

MOST_FACTS = 5
READING_HELP = (
    "Gains are improvements over no policy; positive is better. In brackets: 95 % interval of the mean. On the front: no "
    f"other affordable\nportfolio gains as much in everything and more in something, in {CLAIMED * 100:.0f} % of resampled "
    "studies or more."
)


def tradeoffs_text(study: Tradeoffs, discovery: tuple[str, Discovery] | None = None, found: Search | None = None) -> str:
    """Return the study as lines.

    Parameters
    ----------
    study
        The study.
    discovery
        The name of a portfolio, and where it fails in the first objective.
    found
        The search whose proposals have joined the study.
    """
    blocks = [_heading(study), "\n".join(_table(study))]
    if found is not None:
        blocks.append(_search(study, found))
    blocks += ["\n".join(_robust(study, objective)) for objective in study.objectives]
    if discovery is not None:
        portfolio, where = discovery
        blocks.append(discovery_sentence(where, _title(study, portfolio), failing(study)))
    standings = dict(study.table()[["portfolio", "standing"]].itertuples(index=False, name=None))
    blocks += [
        f"{title}, {within(_title(study, portfolio))}: {text}"
        for portfolio, warnings in study.comfort.items()
        if standings[portfolio] in ("on the front", "may be on the front")
        for title, text in comfort_notes(warnings)
    ]
    return "\n\n".join([*blocks, f"{READING_HELP}\n{standing(study.futures)}"])


def failing(study: Tradeoffs) -> str:
    """Say what it means to fail in the first objective: "would lower homicide by less than 5 points"."""
    objective = study.objectives[0]
    outcome = BY_NAME[objective]
    shown = reading(outcome, study.futures.city.currency)
    least = study.thresholds[objective] * shown.factor
    verb = "lower" if outcome.better == "lower" else "raise"
    return f"would {verb} {in_sentence(outcome)} by less than {significant(least)} {shown.change}"


def _heading(study: Tradeoffs) -> str:
    futures = study.futures
    drawn = len(futures.draws.factors)
    draws = f", each with its own draw of {drawn} parameter{'s' * (drawn != 1)}" if drawn else ""
    limit = "no budget" if study.budget is None else f"a budget of {study.budget:g} million"
    money = "" if study.budget is None else f" {reading(BY_NAME['cost'], futures.city.currency).unit}"
    months = said_months(futures.months, futures.window)
    return (
        f"{futures.city.title}, {months}, {futures.replications} paired futures{draws}: "
        f"{len(study.options)} portfolios, {limit}{money}"
    )


def _table(study: Tradeoffs) -> list[str]:
    """Return the affordable portfolios, those that gain most in the first objective first, and name the others."""
    table = study.table().sort_values(f"gain_{study.objectives[0]}", ascending=False, kind="stable")
    heads = [cell for objective in study.objectives for cell in (BY_NAME[objective].title, "")]
    rows = [("  portfolio", "extra cost", *heads, "chance on front", "verdict")]
    told = table["affordable"] & ((table["found_by"] != "search") | (table["standing"] != "beaten"))
    for row in table[told].to_dict("records"):
        cells = [f"  {within(str(row['title']))}", f"{significant(float(row['cost']))} million"]
        for objective in study.objectives:
            factor = reading(BY_NAME[objective], study.futures.city.currency).factor
            keys = (f"gain_{objective}", f"gain_{objective}_low", f"gain_{objective}_high")
            gain = Interval(*(float(row[key]) for key in keys)).times(factor)
            cells += [signed(gain.mean), f"({span(gain)})"]
        rows.append((*cells, f"{row['chance_on_front']:.2f}", str(row["standing"])))
    lines = aligned(rows)
    dear = [within(title) for title in table.loc[~table["affordable"], "title"]]
    beaten = int(((table["found_by"] == "search") & (table["standing"] == "beaten")).sum())
    if beaten:
        lines.append(f"  Beaten, and not shown: {beaten} of the mixes that the search proposed.")
    return [*lines, *([f"  Too dear: {'; '.join(dear)}."] if dear else [])]


def _search(study: Tradeoffs, found: Search) -> str:
    head = (
        f"A search looked at {found.evaluated} mixes of intensities over {found.futures} futures of its own and proposed "
        f"{len(found.candidates)}"
    )
    if not found.candidates:
        return f"{head}."
    lines = [f"{head}; the table above shows their gains in the study's futures, which the search did not use."]
    chances = dict(zip(study.names, study.chances, strict=True))
    lines += [
        f"  {within(each.title)}: {each.about.removeprefix('Found by a search: ').rstrip('.')}"
        for each in found.candidates
        if chances[each.name] >= 1.0 - CLAIMED
    ]
    return "\n".join(lines)


def _robust(study: Tradeoffs, objective: str) -> list[str]:
    """Say how far the best choice in one objective holds, and which fact would change it."""
    outcome = BY_NAME[objective]
    shown = reading(outcome, study.futures.city.currency)
    table = study.robustness(objective)
    best = table.loc[table["portfolio"] == study.best(objective)].iloc[0]
    calm = table.loc[table["least_regret"]].iloc[0]
    steady = table.iloc[int(table["worst_tenth"].to_numpy().argmax())]
    threshold = significant(study.thresholds[objective] * shown.factor)
    lines = [
        f"{outcome.title}, {shown.change}",
        f"  best on average: {within(best['title'])} ({signed(best['mean'] * shown.factor)}), which would stay the best in "
        f"{significant(100 * best['chance_best'])} % of resampled studies",
        f"  best in the worst tenth of futures: {within(steady['title'])} ({signed(steady['worst_tenth'] * shown.factor)})",
        f"  smallest largest regret: {within(calm['title'])} ({significant(calm['largest_regret'] * shown.factor)})",
        f"  {within(best['title'])} would gain {threshold} or more in {significant(100 * best['satisfied'])} % of futures",
    ]
    second = table[table["portfolio"] != best["portfolio"]].sort_values("mean", ascending=False, kind="stable")
    if len(second):
        rival = second.iloc[0]
        share = study.beats(str(best["portfolio"]), str(rival["portfolio"]), objective).times(100.0)
        lines.append(f"  it would gain more than {within(rival['title'])} in {significant(share.mean)} % ({span(share)})")
    return [*lines, *_facts(study, objective, shown.factor, shown.change)]


def _facts(study: Tradeoffs, objective: str, factor: float, unit: str) -> list[str]:
    facts = study.facts(objective)
    if not len(facts):
        return ["  no parameter was drawn, so the value of knowing one is not estimated"]
    told = facts[facts["told"]].head(MOST_FACTS)
    if not len(told):
        return ["  knowing any one drawn parameter beforehand would have no value that can be distinguished from noise"]
    said: Sequence[str] = [
        f"{row['parameter']} (worth {significant(row['value'] * factor)} {unit}; {_switch(study, row)})"
        for row in told.to_dict("records")
    ]
    return [f"  worth knowing beforehand: {list_words(said)}"]


def _switch(study: Tradeoffs, row: Mapping[Hashable, object]) -> str:
    low, high = (within(_title(study, str(row[side]))) for side in ("low_choice", "high_choice"))
    return f"{low} either way" if low == high else f"{low} where it is low, {high} where it is high"


def _title(study: Tradeoffs, portfolio: str) -> str:
    return study.options[study.names.index(portfolio)].title
