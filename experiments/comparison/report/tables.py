"""The tables of the report: outcome by outcome, neighbourhood by neighbourhood, and who gains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.findings import (
    BY_NAME,
    Finding,
    PlaceChange,
    Reading,
    clear_places,
    fifths,
    level_interval,
    list_words,
    quoted,
    reading,
    reference_title,
    signed,
    significant,
    span,
    titles,
)
from experiments.comparison.lettering import name_in_figures
from experiments.comparison.paired import Interval, verdict_words
from sim.outcomes import Outcome, in_group, outcome_index

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

type Found = Mapping[tuple[str, str], Finding]


__all__ = [
    "Found",
    "cell",
    "fair_part",
    "finding_cell",
    "outcome_groups",
    "places_part",
    "places_sentence",
]


def outcome_groups(comparison: Comparison, found: Found, groups: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of a table, group by group: the level of the reference, then each policy's difference."""

    def row(outcome: Outcome) -> dict[str, Any]:
        parts = [found[policy.name, outcome.name] for policy in comparison.policies]
        shown = reading(outcome, comparison.city.currency)
        return {
            "title": outcome.title,
            "unit": shown.unit + (", as drawn by luck" if outcome.as_drawn else ""),
            "better": "" if outcome.better == "neither" else outcome.better,
            "reference": significant(parts[0].reference * shown.factor),
            "reference_span": span(_reference(comparison, outcome).times(shown.factor)),
            "cells": [finding_cell(part, shown) for part in parts],
        }

    return [{"title": group, "rows": [row(outcome) for outcome in in_group(group)]} for group in groups]


def finding_cell(part: Finding, shown: Reading) -> dict[str, Any]:
    """Return the cell of a finding, in the unit in which its outcome is shown; money is the amount it is."""
    found = cell(part.difference.times(shown.factor), part.clear or (part.is_money and part.moves), part.words)
    found |= {"judged": "", "direction": ""} if part.is_money else {"judged": part.judged}
    return found if part.moves else found | {"words": "no difference", "span": "in any future"}


def _reference(comparison: Comparison, outcome: Outcome) -> Interval:
    """Return the level of the reference with the 95 % interval of its mean over futures."""
    return level_interval(outcome, comparison.horizon_means[0, :, outcome_index(outcome.name)])


def cell(interval: Interval, clear: bool, words: str) -> dict[str, Any]:
    """Return a cell of a table of differences: the difference where it is clear, else what its interval amounts to."""
    return {
        "mean": signed(interval.mean),
        "span": span(interval),
        "sure": clear,
        "direction": "lower" if interval.mean < 0 else "higher",
        "words": words,
    }


def places_part(comparison: Comparison, changes: Mapping[str, PlaceChange]) -> dict[str, Any]:
    """Return the table of neighbourhoods and what to know when reading it and the maps."""
    outcome = BY_NAME["homicide_rate"]
    reference = comparison.place_means[0, :, :, outcome_index(outcome.name)].mean(axis=0)
    nobody = {"mean": "", "span": "", "sure": False, "direction": "", "words": "no residents"}
    rows = [
        {
            "name": name_in_figures(place.name, row),
            "reference": significant(float(reference[row])) if place.population else "no residents",
            "cells": [
                cell(
                    Interval(float(change.mean[row]), float(change.low[row]), float(change.high[row])),
                    bool(change.clear[row]),
                    change.words(row),
                )
                if place.population
                else nobody
                for change in changes.values()
            ],
        }
        for row, place in enumerate(comparison.city.neighbourhoods)
    ]
    lived_in = sum(place.population > 0 for place in comparison.city.neighbourhoods)
    chance = math.ceil(0.05 * lived_in)
    return {
        "rows": rows,
        "unit": outcome.unit,
        "says": "Colour is the change against the same neighbourhood in the same futures. Hatched cannot be "
        "told: few residents and few killings make most of what happens in one neighbourhood luck. Plain grey is a change "
        "of less than matters.",
        "note": f"Among {lived_in} neighbourhoods, up to about {chance} could look clear by luck alone. "
        "A map of a model says nothing about the people of a street.",
    }


def places_sentence(change: PlaceChange) -> str:
    """Count the neighbourhoods by what their intervals say."""
    lower, higher = clear_places(change)
    total, small = int(np.isfinite(change.mean).sum()), int(change.small.sum())
    return (
        f"Homicide would be clearly lower in {lower} of {total} neighbourhoods and clearly higher in {higher}; "
        f"it would change by less than matters in {small}; of {total - lower - higher - small} it cannot be told."
    )


def fair_part(comparison: Comparison, found: Found) -> dict[str, Any]:
    """Tell the change in the poorest and the least poor fifth, and in the gap between the most and least violent."""
    named = titles(comparison)
    by_policy = {named[policy.name]: fifths(comparison, arm) for arm, policy in enumerate(comparison.policies, start=1)}
    unit = BY_NAME["homicide_rate"].unit
    says = []
    for row, where in enumerate(("poorest", "least poor")):
        group = {title: pair[row] for title, pair in by_policy.items()}
        reference = next(iter(group.values())).reference
        start = f"In the {where} fifth of neighbourhoods, where homicide with {reference_title(comparison)} would be "
        verbs = []
        for verb, sign in (("fall", -1), ("rise", 1)):
            moved = [
                f"{quoted(title)} (by {significant(abs(fifth.difference.mean))})"
                for title, fifth in group.items()
                if fifth.clear and fifth.difference.mean * sign > 0
            ]
            if moved:
                verbs.append(f"it would clearly {verb} under {list_words(moved)}")
        tail = "; ".join(verbs) or "it would not change clearly under any policy"
        says.append(f"{start}{significant(reference)} {unit}, {tail}.")
    rows = []
    for policy in comparison.policies:
        gap = found[policy.name, "homicide_gap"]
        title = named[policy.name]
        cells = [
            cell(each.difference, each.clear, verdict_words(each.verdict, each.difference.low, each.difference.high))
            for each in by_policy[title]
        ]
        rows.append({"title": title, "cells": [*cells, cell(gap.difference, gap.clear, gap.words)]})
    return {
        "says": says,
        "rows": rows,
        "unit": unit,
        "gap": BY_NAME["homicide_gap"].title,
        "gap_says": BY_NAME["homicide_gap"].says,
    }
