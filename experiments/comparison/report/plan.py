"""What was compared, measure by measure, as parts of the report's page."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import titles
from experiments.comparison.plan_text import shock_words, uses_in_words, what_became

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison


__all__ = ["chosen_part", "plan_part", "shocks_part"]


def plan_part(comparison: Comparison, arm: int) -> dict[str, Any]:
    """Say what a policy does, measure by measure, and what became of each in the futures that were run."""
    policy = comparison.arms[arm]
    uses = [
        {"title": title, "says": words, "became": what_became(comparison, arm, row)}
        for row, (title, words) in enumerate(uses_in_words(policy, comparison.city.begins))
    ]
    role = "The reference: " if arm == 0 else ""
    return {"title": role + titles(comparison)[policy.name], "about": policy.about, "uses": uses}


def shocks_part(comparison: Comparison) -> list[dict[str, str]]:
    """Say which shocks happen in every arm, and what became of them in the reference."""
    first = len(comparison.against.measures)
    return [
        {
            "title": shock.title,
            "says": shock_words(shock, comparison.city.begins),
            "became": what_became(comparison, 0, first + row),
        }
        for row, shock in enumerate(comparison.shocks)
    ]


def chosen_part(comparison: Comparison) -> dict[str, Any]:
    """Return in how many futures each neighbourhood was among the worst that the measures of each policy aimed at.

    A neighbourhood counts once a future, however many measures of the policy chose it. Nothing where no measure aims at
    the worst.
    """
    names = titles(comparison)
    counts = [
        Counter(place for future in futures for place in {i for each in future[: len(arm.measures)] for i in each.places})
        for arm, futures in zip(comparison.arms, comparison.in_force, strict=False)
    ]
    arms = [arm for arm, found in enumerate(counts) if found]
    overall = sum((counts[arm] for arm in arms), Counter[int]())
    rows = [
        {
            "name": comparison.city.neighbourhoods[place].name,
            "cells": [f"{counts[arm][place]} of {comparison.replications}" for arm in arms],
        }
        for place, _ in sorted(overall.items(), key=lambda item: (-item[1], item[0]))
    ]
    return {"policies": [names[comparison.arms[arm].name] for arm in arms], "rows": rows}
