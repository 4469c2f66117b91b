"""What a reader should know before the numbers of a comparison: what did nothing, what is the same, what has another name.

Each note is one sentence. The commands print them on the error stream; `--json`, `summary.json` and the report hold them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

__all__ = ["MEASURED_MONTHS", "notes"]

MEASURED_MONTHS = 120
"""The longest that evaluations have followed measures of this kind: ten years."""


def notes(comparison: Comparison) -> list[str]:
    """Return the notes on a comparison, in order; empty where there is nothing to say.

    Parameters
    ----------
    comparison
        What was compared, or a plain run.
    """
    from sim.idle import idle_sentences

    said = idle_sentences(comparison.city, comparison.arms, comparison.shocks, comparison.months)
    return [
        *_rule(comparison),
        *_far_ahead(comparison),
        *said,
        *_prices(comparison),
        *_never_began(comparison),
        *_acted_nowhere(comparison),
        *_empty_areas(comparison),
        *_names_in_figures(comparison),
    ]


def _rule(comparison: Comparison) -> list[str]:
    """Say that a rule of the user's own was at work after each month."""
    from experiments.store.provenance import RULE

    if RULE not in comparison.made_with:
        return []
    named = comparison.made_with[RULE]
    return [f"A rule of your own was run after each month ({named}); results are those of the model with it, and slower."]


def _far_ahead(comparison: Comparison) -> list[str]:
    """Say that no study followed a measure as far as the run goes."""
    if comparison.months <= MEASURED_MONTHS:
        return []
    return [
        f"Months beyond {MEASURED_MONTHS} are further ahead than anybody has measured what measures do; "
        "take differences there for what follows from the model, and their intervals for too narrow."
    ]


def _prices(comparison: Comparison) -> list[str]:
    """Say where costs are told at the prices of the United States because the city file gives none of its own."""
    if comparison.city.price_level is not None:
        return []
    return [
        "The city file gives no price_level: costs are told at the prices of the United States. Give price_level, such as "
        "0.45 where a dollar buys what 2.20 dollars buy there, and say under sources where it is from."
    ]


def _never_began(comparison: Comparison) -> list[str]:
    """Say which measures waited for a trigger that never came, in every future."""
    from sim.idle import why_idle

    said = []
    for policy, futures in zip(comparison.arms, comparison.in_force, strict=False):
        for row, use in enumerate(policy.measures):
            waited = use.trigger is not None and why_idle(use, comparison.city, comparison.months) is None
            if waited and futures and all(future[row].began is None for future in futures):
                condition = f"{use.trigger.outcome} above {use.trigger.above:g}" if use.trigger else ""
                said.append(
                    f"Policy {policy.name}: {use.measure} never began in any of {len(futures)} futures; "
                    f"it waited for {condition}."
                )
    return said


def _acted_nowhere(comparison: Comparison) -> list[str]:
    """Say which measures began where no neighbourhood lay within their bounds, in every future."""
    from sim.targets import looks_at_an_outcome

    said = []
    for policy, futures in zip(comparison.arms, comparison.in_force, strict=False):
        for use, fates in zip(policy.measures, zip(*futures, strict=True), strict=False):
            began = [fate for fate in fates if fate.began is not None]
            if began and looks_at_an_outcome(use.where) and not any(each.places for each in began):
                futures_words = f"in any of the {len(began)} futures in which it began"
                said.append(
                    f"Policy {policy.name}: {use.measure} acted nowhere {futures_words}; "
                    f"{use.where.of} lay within its bounds in no neighbourhood."
                )
    return said


def _empty_areas(comparison: Comparison) -> list[str]:
    """Say which neighbourhoods have no residents, and so no rates."""
    empty = [place.name for place in comparison.city.neighbourhoods if not place.population]
    if not empty:
        return []
    named = ", ".join(empty[:3]) + (f" and {len(empty) - 3} more" if len(empty) > 3 else "")
    them = "it" if len(empty) == 1 else "them"
    return [f"Nobody lives in {named}: rates, fifths and lists of worst places leave {them} out."]


def _names_in_figures(comparison: Comparison) -> list[str]:
    """Say which titles figures call by a plain name; fonts are only looked at where a text is not plain ASCII."""
    texts = [*(arm.title for arm in comparison.arms), *(place.name for place in comparison.city.neighbourhoods)]
    if all(text.isascii() for text in texts):
        return []
    from experiments.comparison.lettering import undrawn

    return undrawn(comparison)
