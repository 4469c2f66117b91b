"""Phases in words, as text for a terminal and as JSON: what a policy does in each part of the run, and why it is a part."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import (
    BY_NAME,
    Finding,
    in_sentence,
    list_words,
    quoted,
    reading,
    signed,
    significant,
    span,
)
from experiments.comparison.paired import Interval
from experiments.comparison.phases import (
    Phase,
    dropped_cuts,
    last_year,
    phase_findings,
    phase_label,
    phases,
    window_findings,
)
from sim import outcomes

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

__all__ = ["phases_notes", "phases_object", "phases_rows", "phases_table", "turn_sentence"]


def turn_sentence(
    whole: Finding, parts: Sequence[Finding], spans: Sequence[Phase], *, opening: str = "In this model, "
) -> str:
    """Say both directions where a policy lowers an outcome in one phase and raises it in another; nothing where it does not.

    A direction is told where the interval of the phase, wide enough that those of all phases hold together, leaves out
    zero.

    Parameters
    ----------
    whole
        What was found over the whole horizon.
    parts, spans
        What was found in each phase, and the phases, in order.
    opening
        Words before the subject; without any, the sentence begins with the subject.
    """
    told = [(part, phase) for part, phase in zip(parts, spans, strict=True) if _direction(part)]
    if len({_direction(part) for part, _ in told}) < 2:
        return ""
    shown = reading(whole.outcome)
    name = in_sentence(whole.outcome)
    clauses: list[str] = []
    unit = f" {shown.change}"
    for verb, sign in sorted((("lower", -1), ("raise", 1)), key=lambda each: _direction(told[0][0]) != each[1]):
        amounts = [
            f"by {significant(abs(part.shown.mean))}{unit if not clauses and place == 0 else ''} "
            f"(95 % interval {span(part.shown, sign=False)}) in {phase.label}"
            for place, (part, phase) in enumerate((part, phase) for part, phase in told if _direction(part) == sign)
        ]
        clauses.append(f"{verb} {'it' if clauses else name} {list_words(amounts)}")
    rest = "" if len(told) == len(parts) else "; for the other months the direction cannot be told"
    return f"{opening}{quoted(whole.title)} would {clauses[0]}, and {clauses[1]}{rest}; {_over_all(whole, spans)}."


def _direction(found: Finding) -> int:
    """Return -1 or 1 where the interval leaves out zero, else 0."""
    if not found.moves or math.isnan(found.difference.low):
        return 0
    return -1 if found.difference.high < 0 else int(found.difference.low > 0)


def _over_all(whole: Finding, spans: Sequence[Phase]) -> str:
    """Say what is left of it over the whole horizon."""
    change = f"{signed(whole.shown.mean)}, 95 % interval {span(whole.shown)}"
    months = "over the whole run"
    if whole.clear:
        return f"{months} it would {'lower' if whole.difference.mean < 0 else 'raise'} it ({change})"
    return f"{months} it would change by {change}: {whole.words}"


def phases_rows(comparison: Comparison, policy: str) -> list[tuple[str, ...]]:
    """Return the cells of a short block: what one policy does in each phase and in the last year.

    Outcome, phase, level without, arrow, level with, change, interval and words; nothing where there is but one phase that
    nobody asked for.
    """
    spans = phases(comparison)
    if len(spans) < 2 and not comparison.windows:
        return []
    found = phase_findings(comparison)
    year = last_year(comparison)
    of_year = {} if year is None else window_findings(comparison, year)
    rows = []
    for name in outcomes.CHARTED:
        told = [(phase.label, part) for phase, part in zip(spans, found[policy, name], strict=True)]
        if year is not None:
            told.append((year.label, of_year[policy, name]))
        for place, (label, part) in enumerate(told):
            rows.append((f"  {BY_NAME[name].title}" if place == 0 else "", label, *_cells(part, comparison.city.currency)))
    return rows


def phases_notes(comparison: Comparison) -> list[str]:
    """Say why the phases of a block are cut where they are, and what holds of their intervals."""
    spans = phases(comparison)
    kind = "windows" if comparison.windows else "phases"
    cuts = [] if comparison.windows else [f"  Cut at month {phase.first}: {list_words(phase.why)}." for phase in spans[1:]]
    if len(spans) < 2:
        return cuts
    alone = "" if last_year(comparison) is None else "; the interval of the last year is separate"
    return [*cuts, f"  The 95 % intervals of the {len(spans)} {kind} hold jointly{alone}."]


def _cells(part: Finding, currency: str) -> tuple[str, ...]:
    """Return level without, arrow, level with, change, interval and words."""
    factor = reading(part.outcome, currency).factor
    change = part.difference.times(factor)
    levels = [significant(level * factor, 3) for level in (part.reference, part.level)]
    interval = f"({significant(change.low)} to {significant(change.high)})" if part.futures > 1 else ""
    return levels[0], "->", levels[1], signed(change.mean), interval, part.words.removesuffix(" futures")


def phases_object(comparison: Comparison, outcomes: Sequence[str]) -> dict[str, Any]:
    """Return phases, cuts and differences in some outcomes as JSON can hold them; what is undefined is None."""
    spans, year = phases(comparison), last_year(comparison)
    found = phase_findings(comparison)
    of_year = {} if year is None else window_findings(comparison, year)
    return {
        "asked_for": bool(comparison.windows),
        "phases": [_phase_object(comparison, phase) for phase in spans],
        "last_year": None if year is None else _phase_object(comparison, year),
        "dropped_cuts": [
            {"month": cut.month, "why": list(cut.why), "because": cut.because} for cut in dropped_cuts(comparison)
        ],
        "intervals": f"95 % over the {len(spans)} phases of a policy and outcome together (Bonferroni); last year alone",
        "policies": {
            policy.name: {
                name: {
                    "phases": [_finding_object(part) for part in found[policy.name, name]],
                    "last_year": _finding_object(of_year[policy.name, name]) if year is not None else None,
                }
                for name in outcomes
            }
            for policy in comparison.policies
        },
    }


def phases_table(comparison: Comparison) -> list[dict[str, Any]]:
    """Return a row for each policy, outcome and phase, the last year after the phases, for a table in a file."""
    spans, year = phases(comparison), last_year(comparison)
    found = phase_findings(comparison)
    of_year: Mapping[tuple[str, str], Finding] = {} if year is None else window_findings(comparison, year)
    rows = []
    for (policy, outcome), parts in found.items():
        told = list(zip(spans, parts, strict=True))
        if year is not None:
            told.append((year, of_year[policy, outcome]))
        rows += [
            {"policy": policy, "outcome": outcome, "phase": phase.label, "first": phase.first, "last": phase.last}
            | _finding_object(part)
            for phase, part in told
        ]
    return rows


def _phase_object(comparison: Comparison, phase: Phase) -> dict[str, Any]:
    from sim.dates import month_date

    begins = comparison.city.begins
    dates = {} if begins is None else {"from": month_date(phase.first, begins), "to": month_date(phase.last, begins)}
    label = phase_label(phase.first, phase.last, begins)
    return {"first": phase.first, "last": phase.last, "label": label} | dates | {"why": list(phase.why)}


def _finding_object(part: Finding) -> dict[str, Any]:
    ends: Interval = part.difference
    found = {"reference": part.reference, "level": part.level, "mean": ends.mean, "low": ends.low, "high": ends.high}
    plain = {name: value if math.isfinite(value) else None for name, value in found.items()}
    return plain | {"clear": part.clear, "verdict": part.verdict, "lower_in": part.lower, "higher_in": part.higher}
