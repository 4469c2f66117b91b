"""What a comparison found, in sentences: the difference first, then how sure one may be of it."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from experiments.comparison.findings import Finding, in_sentence, list_words, quoted, reading, signed, significant, span
from experiments.comparison.paired import RARE, SMALL, TOO_FEW, UNTOLD, Interval
from sim.outcomes import in_group, parts_of

__all__ = ["sentence", "told", "why_sentences"]

POINTS = ("percentage points", "points")
"""Units of change in which a difference is told as it is, and not in per cent of the reference."""


def told(found: Finding) -> tuple[Interval, str]:
    """Return a difference as a sentence tells it, and its unit: in per cent, or in points for shares and scales."""
    unit = reading(found.outcome).change
    relative = found.percent
    return (found.shown, unit) if unit in POINTS or relative is None else (relative, "%")


def sentence(found: Finding, *, opening: str = "In this model, ", subject: str = "") -> str:
    """Say one finding: the difference first, then its interval, then how many futures agree.

    Parameters
    ----------
    found
        What to say.
    opening
        Words before the subject; without any, the sentence begins with the subject.
    subject
        Who would do it; the policy's title when left out.
    """
    who = subject or quoted(found.title)
    name = in_sentence(found.outcome)
    change, unit = told(found)
    if not found.moves:
        return f"{opening}{who} would make no difference to {name} in any future."
    if found.verdict == RARE:
        return (
            f"{opening}{who} would change {name} in few futures: {found.seen}, on average by {signed(change.mean)} {unit}."
        )
    if math.isnan(change.low):
        return (
            f"{opening}what {who} would change in {name} cannot be told from a single future ({signed(change.mean)} {unit})."
        )
    verb = "lower" if found.difference.mean < 0 else "raise"
    if not found.clear:
        tail = f"{signed(change.mean)} {unit}, 95 % interval {span(change)}; {found.agreement}"
        if found.verdict == TOO_FEW:
            return f"{opening}what {who} would change in {name} cannot be told: too few futures to say ({tail})."
        if found.verdict == SMALL:
            return f"{opening}{who} would make a small change to {name}, less than matters ({tail})."
        if found.difference.low > 0 or found.difference.high < 0:
            return f"{opening}{who} would {verb} {name}, but whether by as much as matters cannot be told ({tail})."
        return f"{opening}whether {who} would lower or raise {name} cannot be told ({tail})."
    shown = reading(found.outcome)
    levels = f"from {significant(found.reference * shown.factor)} to {significant(found.level * shown.factor)}"
    return (
        f"{opening}{who} would {verb} {name} by {significant(abs(change.mean))} {unit} "
        f"(95 % interval {span(change, sign=False)}), {levels} {shown.unit}; {found.agreement}."
    )


def why_sentences(found: Mapping[tuple[str, str], Finding], policy: str) -> list[str]:
    """Say which processes carry the difference in homicide, largest first, and what fills or empties gangs."""
    total = found[policy, "homicide_rate"]
    parts = [found[policy, part.name] for part in parts_of("homicide_rate")]
    parts = [part for part in parts if part.moves]
    moved = sorted((part for part in parts if part.clear), key=lambda part: -abs(part.difference.mean))
    said = [f"{in_sentence(part.outcome)} ({signed(part.difference.mean)})" for part in moved[:3]]
    plural = "contributor is" if len(said) == 1 else "contributors are"
    lines = []
    if not moved:
        lines.append("No kind of killing would change clearly.")
    elif total.clear:
        change = f"{signed(total.difference.mean)} {total.outcome.unit}"
        lines.append(f"Of the change of {change}, the largest clear {plural} {list_words(said)}.")
    else:
        lines.append(f"Homicide as a whole would not change clearly; {list_words(said)} would.")
    lines += _unclear_lines(parts)
    flows = [found[policy, outcome.name] for outcome in in_group("Gang membership")]
    for direction in ("lower", "higher"):
        told_of = [
            f"{in_sentence(part.outcome)} ({signed(told(part)[0].mean)} %)"
            for part in flows
            if part.direction == direction and part.percent is not None
        ]
        if told_of:
            lines.append(f"Clearly {direction}: {list_words(told_of)}.")
    return lines + _unclear_lines(flows)


def _unclear_lines(parts: Sequence[Finding]) -> list[str]:
    """Say what would change by less than matters, and of what it cannot be told; nothing of what is clear."""
    lines = []
    for said, words in ((SMALL, "small, less than matters"), (UNTOLD, UNTOLD), (RARE, RARE), (TOO_FEW, TOO_FEW)):
        names = list_words([in_sentence(part.outcome) for part in parts if part.verdict == said])
        if names:
            lines.append(f"{names[0].upper()}{names[1:]}: {words}.")
    return lines
