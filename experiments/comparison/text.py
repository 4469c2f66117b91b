"""A comparison as text for a terminal: the difference first, and how sure one is of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.outcomes import HEADLINES, OUTCOMES, outcome_index

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from experiments.comparison.paired import Difference
    from sim.outcomes import Outcome

__all__ = ["aligned", "comparison_text", "levels_text", "neighbourhood_text", "words"]

LEVEL_DIGITS = 3
"""Significant figures of a level: one more than of a difference, so that the difference can be seen in it."""


def words(difference: Difference) -> str:
    """Say in words what a difference amounts to.

    Returns
    -------
    str
        "lower in 39 of 40 futures" where it is clear; "small, less than matters"; "cannot be told", or "lower, may be small"
        where only the direction is known; "no difference in any future"; "seen in 3 of 40 futures" for a rare event; "too
        few futures to say"; or, where a single future allows no interval, "one future only".
    """
    from experiments.comparison.paired import RARE, verdict_words

    lower, higher = (round(share * difference.futures) for share in (difference.share_lower, difference.share_higher))
    if not lower and not higher:
        return "no difference in any future"
    if difference.futures == 1:
        return "one future only"
    if difference.verdict == RARE:
        return f"seen in {lower + higher} of {difference.futures} futures"
    if not difference.clear:
        return verdict_words(difference.verdict, difference.low, difference.high)
    count, direction = (lower, "lower") if difference.mean < 0 else (higher, "higher")
    return f"{direction} in {count} of {difference.futures} futures"


def comparison_text(comparison: Comparison) -> str:
    """Return one block of lines for each policy: levels, difference with its 95 % interval, words, and false comfort.

    Parameters
    ----------
    comparison
        With at least one policy.

    Returns
    -------
    str
        Lines without an end of line after the last.
    """
    from experiments.comparison.costs import cheapest_sentence, cost_sentence, costs
    from experiments.comparison.findings import reference_title, titles
    from experiments.comparison.phase_text import phases_notes, phases_rows
    from experiments.comparison.plan_text import plans_text
    from experiments.comparison.side_effects import by_arm, comfort_notes

    named, prices, currency = titles(comparison), costs(comparison), comparison.city.currency
    comfort = by_arm(comparison.horizon_means, [policy.name for policy in comparison.policies])
    without = "reference" if comparison.against.measures else "no policy"
    columns = ("  Outcome", without, "", "policy", "difference", "(95 % interval)", "verdict", "unit")
    by_month = ("  Outcome", "months", *columns[1:-1])
    blocks = []
    for arm, (policy, price) in enumerate(zip(comparison.policies, prices, strict=True), start=1):
        rows = [_row(comparison, policy.name, outcome) for outcome in _told(comparison)]
        heading = f"{_heading(comparison)}: {named[policy.name]} compared with {reference_title(comparison)}"
        notes = [f"{title}: {text}" for title, text in comfort_notes(comfort.get(policy.name, []))]
        parts = phases_rows(comparison, policy.name)
        title = "By window:" if comparison.windows else "By phase:"
        by_phase = [title, *aligned([by_month, *parts]), *phases_notes(comparison)] if parts else []
        done = plans_text(comparison, arm)
        blocks.append(
            "\n".join([heading, *aligned([columns, *rows]), *by_phase, cost_sentence(price, currency), *notes, *done])
        )
    if comparison.against.measures:
        blocks.append("\n".join([f"The reference, {reference_title(comparison)}:", *plans_text(comparison, 0)]))
    best = cheapest_sentence(prices, currency)
    tail = [*_in_all_arms(comparison), *_fit(comparison), *([best] if best else []), _reading_help(comparison)]
    return "\n\n".join([*blocks, "\n".join(tail)])


def levels_text(comparison: Comparison) -> str:
    """Return the levels of the reference alone: mean, and the 10th and 90th percentile of futures."""
    from experiments.comparison.findings import significant
    from experiments.comparison.plan_text import plans_text

    rows = []
    for outcome in _told(comparison):
        level = comparison.level(comparison.against.name, outcome.name)
        factor, unit = _compact(comparison, outcome, level.high)
        mean, low, high = (significant(value * factor, LEVEL_DIGITS) for value in (level.mean, level.low, level.high))
        rows.append((f"  {outcome.title}", mean, f"({low} to {high})", unit))
    columns = ("  Outcome", "mean", "(8 of 10 futures)", "unit")
    note = "In brackets: the range in which eight of ten futures lie. In this model; no forecast."
    notes = [*plans_text(comparison, 0), *_in_all_arms(comparison), *_fit(comparison), note]
    return "\n".join([f"{_heading(comparison)}: {comparison.against.title}", *aligned([columns, *rows]), *notes])


def neighbourhood_text(comparison: Comparison, outcome: str) -> str:
    """Return one block of lines for each policy: the change of one outcome in every neighbourhood, largest first."""
    from experiments.comparison.findings import quoted, reading, signed, significant
    from experiments.comparison.paired import RARE, verdict_words

    found = next(each for each in OUTCOMES if each.name == outcome)
    shown = reading(found, comparison.city.currency)
    table = comparison.by_neighbourhood(outcome)
    blocks = []
    for policy in comparison.policies:
        part = table[table["policy"] == policy.name].sort_values("difference_mean", key=abs, ascending=False)
        rows = []
        for row in part.to_dict("records"):
            if math.isnan(row["difference_mean"]):
                rows.append((f"  {row['neighbourhood']}", "", "", "no residents"))
                continue
            change, low, high = (row[f"difference_{end}"] * shown.factor for end in ("mean", "low", "high"))
            interval = f"({significant(low)} to {significant(high)})" if comparison.replications > 1 else ""
            said = "clear" if row["clear"] else verdict_words(row["verdict"], row["difference_low"], row["difference_high"])
            if row["verdict"] == RARE:
                moved = round((row["share_lower"] + row["share_higher"]) * comparison.replications)
                interval, said = "", f"seen in {moved} of {comparison.replications} futures"
            rows.append((f"  {row['neighbourhood']}", signed(change), interval, said))
        heading = f"{found.title}, change in {shown.change}, by neighbourhood: {quoted(policy.title)}"
        columns = ("  Neighbourhood", "difference", "(95 % interval)", "verdict")
        blocks.append("\n".join([heading, *aligned([columns, *rows])]))
    note = "The intervals are separate: of a hundred unchanged neighbourhoods a few may look clear by chance."
    return "\n\n".join([*blocks, note])


def _told(comparison: Comparison) -> list[Outcome]:
    """Return the outcomes that a text leads with, in its order, and those of the user's own."""
    from experiments.comparison.own_outcomes import own_outcome

    return [*(OUTCOMES[outcome_index(name)] for name in HEADLINES), *map(own_outcome, comparison.own)]


def _heading(comparison: Comparison) -> str:
    """Name the city, the months and the futures."""
    paired = "paired " if comparison.policies else ""
    plural = "" if comparison.replications == 1 else "s"
    months = f"{comparison.months} months"
    if (begins := comparison.city.begins) is not None:
        from sim.dates import month_date

        months += f" ({begins} to {month_date(comparison.months, begins)})"
    return f"{comparison.city.title}, {months}, {comparison.replications} {paired}future{plural}"


def _row(comparison: Comparison, policy: str, outcome: Outcome) -> tuple[str, ...]:
    """Return the cells of one outcome: title, level without, arrow, level with, change, interval, words, unit."""
    from experiments.comparison.findings import signed, significant

    before = comparison.level(comparison.against.name, outcome.name).mean
    after = comparison.level(policy, outcome.name).mean
    factor, unit = _compact(comparison, outcome, max(before, after))
    found = comparison.difference(policy, outcome.name)
    low, high = (significant(end * factor) for end in (found.low, found.high))
    return (
        f"  {outcome.title}",
        significant(before * factor, LEVEL_DIGITS),
        "->",
        significant(after * factor, LEVEL_DIGITS),
        signed(found.mean * factor),
        f"({low} to {high})" if found.futures > 1 else "",
        _said(found, outcome).removesuffix(" futures"),
        unit,
    )


def _said(found: Difference, outcome: Outcome) -> str:
    """Say what a difference amounts to; money is the amount it is, and in how many futures it is more or less."""
    is_spread = found.futures > 1 and found.share_lower + found.share_higher > 0
    if not (outcome.unit.startswith("million") and is_spread):
        return words(found)
    share, direction = (found.share_lower, "lower") if found.mean < 0 else (found.share_higher, "higher")
    return f"{direction} in {round(share * found.futures)} of {found.futures} futures"


def _compact(comparison: Comparison, outcome: Outcome, largest: float) -> tuple[float, str]:
    """Return what to multiply an outcome by, and its unit: shares in per cent, large amounts in millions."""
    from experiments.comparison.findings import reading

    shown = reading(outcome, comparison.city.currency)
    if largest * shown.factor >= 1e6:
        return shown.factor / 1e6, f"million {shown.unit}"
    return shown.factor, shown.unit


def aligned(rows: Sequence[tuple[str, ...]]) -> list[str]:
    """Return the rows as lines with straight columns: text to the left, the cells before an interval to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if _is_number(cell) else cell.ljust(width) for cell, width in zip(row, widths, strict=True)
        ]
        lines.append("  ".join(cells).rstrip())
    return lines


def _is_number(cell: str) -> bool:
    """Whether a cell is a number, so that it belongs to the right."""
    return cell.lstrip("+−-")[:1].isdigit() or cell == "–"


def _in_all_arms(comparison: Comparison) -> list[str]:
    """Say which shocks happened in every arm and which mechanisms were switched off; nothing where neither holds."""
    from experiments.comparison.plan_text import shock_words, what_became

    said = []
    for row, shock in enumerate(comparison.shocks, start=len(comparison.against.measures)):
        became = what_became(comparison, 0, row)
        said.append(
            f"In every arm: {shock.title}: {shock_words(shock, comparison.city.begins)}{f' ({became})' if became else ''}."
        )
    if comparison.without:
        said.append(f"Switched off, in all arms: {', '.join(comparison.without)}.")
    return said


def _fit(comparison: Comparison) -> list[str]:
    """Say which levels of the city differ from its file; nothing where none does."""
    from experiments.comparison.fitted import fit_text, off_levels

    said = fit_text(comparison.city, off_levels(comparison))
    return [f"{said}."] if said else []


def _reading_help(comparison: Comparison) -> str:
    if comparison.replications == 1:
        return "One future tells nothing about what is due to chance; ask for more with --replications."
    return (
        "In brackets: 95 % interval of the mean difference. Small: the whole interval is below the least effect that "
        "matters. In this model; no forecast."
    )
