"""The pictures of the report, each with what it shows in words."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import BY_NAME, PlaceChange, quoted, titles, within
from experiments.comparison.pictures import Pictures
from experiments.comparison.report.tables import Found, fair_part, places_sentence
from experiments.comparison.sentences import sentence, why_sentences
from sim import outcomes

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.scenario import Policy


__all__ = ["picture", "pictures_part", "reason_part"]


def pictures_part(
    comparison: Comparison, found: Found, changes: Mapping[str, PlaceChange], pictures: Pictures
) -> dict[str, Any]:
    """Return the pictures of the page by their section."""
    policies = comparison.policies

    def in_words(outcome: str) -> str:
        return " ".join(sentence(found[policy.name, outcome], opening="") for policy in policies)

    return {
        "differences": [
            picture(
                pictures,
                f"differences_{name}",
                f"Dots with intervals: difference in {within(BY_NAME[name].title)} for each policy. {in_words(name)}",
            )
            for name in outcomes.STUDIED
        ],
        "lines": [
            picture(
                pictures,
                f"lines_{name}",
                f"Lines over {comparison.months} months: {within(BY_NAME[name].title)}. {in_words(name)}",
            )
            for name in outcomes.CHARTED
        ],
        "maps": [
            picture(
                pictures,
                f"map_{policy.name}",
                f"Map of the change in homicide by neighbourhood under {quoted(policy.title)}. "
                f"{places_sentence(changes[policy.name])}",
                places_sentence(changes[policy.name]),
                "png",
            )
            for policy in policies
        ],
        "fairness": picture(
            pictures,
            "fairness",
            "Dots with intervals: change in homicide in the poorest and in the least poor fifth of neighbourhoods. "
            + " ".join(fair_part(comparison, found)["says"]),
            "Circles: the poorest fifth of neighbourhoods. Squares: the least poor fifth. Bars are 95 % intervals.",
        ),
    }


def picture(pictures: Pictures, name: str, alt: str, caption: str = "", form: str = "svg") -> dict[str, Any]:
    """Return a figure as a part of the page: its bytes, its size in pixels, and what it shows in words."""
    width, height = pictures.figure(name).get_size_inches() * 96
    content = base64.b64encode(pictures.rendered(name, form)).decode("ascii")
    return {
        "source": f"data:image/{form.replace('svg', 'svg+xml')};base64,{content}",
        "alt": alt,
        "caption": caption,
        "width": round(width),
        "height": round(height),
    }


def reason_part(comparison: Comparison, found: Found, policy: Policy, pictures: Pictures) -> dict[str, Any]:
    """Say which processes carry the difference that one policy makes, and draw it."""
    lines = why_sentences(found, policy.name)
    alt = f"Dots with intervals: what the change in homicide under {quoted(policy.title)} is made of. {' '.join(lines)}"
    return {
        "title": titles(comparison)[policy.name],
        "lines": lines,
        "picture": picture(pictures, f"why_{policy.name}", alt),
    }
