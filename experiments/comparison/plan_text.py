"""A plan in words: what each measure and shock does, how strongly, where, when and on what terms, and what became of it.

Two plans that differ read differently: `use_words` leaves out nothing that the model reads. `citysafety show`, the text
of a comparison, `summary.json` and the report all say it with these words.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.in_force import InForce
    from sim.scenario import City, MeasureUse, Policy, Shock, Target

__all__ = [
    "chosen_places",
    "plan_object",
    "plans_text",
    "shock_words",
    "shocks_object",
    "use_words",
    "uses_in_words",
    "what_became",
]

INDICATORS = {
    "homicide_rate": "homicide rate",
    "gang_members": "gang members per resident",
    "extortion_share": "share of firms extorted",
    "deprivation": "deprivation",
}
"""What ranks the worst neighbourhoods (`sim.scenario.Indicator`), in words."""

CRITERIA = {
    "leadership": "credible leaders",
    "clean": "no part in illicit trade",
    "no_party": "no party's colour",
    "no_violence": "no violence",
    "no_rivalry": "no rivalry for illicit trade",
    "trusted": "a trusted messenger",
    "age_gap": "people of the right age",
}
"""What makes a partner sound (`sim.scenario.Partner`), in words."""


def use_words(use: MeasureUse, begins: str | None = None) -> str:
    """Say how a policy uses a measure: level, where, from when to when, after what, and on what terms.

    Parameters
    ----------
    use
        The measure as the policy uses it.
    begins
        The date of month 1; with it, dates are told beside the numbers of months.
    """
    from sim.dates import span_words
    from sim.scenario.level import level_text
    from sim.scenario.rule import rules_text

    measure = use.declared
    ramp = measure.onset_months if use.ramp is None else use.ramp
    words = [f"level {level_text(use.level)}", _where_words(use.where)]
    if use.rules:
        words.append(rules_text(use.rules, use.read))
    if use.trigger:
        words.append(f"once {_outcome_title(use.trigger.outcome)} is above {_number(use.trigger.above)}")
    words.append(span_words(use.start, use.stop, begins))
    words.append("at full strength at once" if ramp <= 1 else f"at full strength after {ramp} months")
    for name, met in use.conditions.items():
        if met < 1.0:
            words.append(f"{name.replace('_', ' ')} met by {_percent(met)}")
    if use.place_months is not None:
        words.append(f"{use.place_months} months a place")
    if measure.partner:
        words.append(_partner_words(use))
    return ", ".join(words)


def shock_words(shock: Shock, begins: str | None = None) -> str:
    """Say what a shock is: its kind, what it concerns, its size, where and when; `begins` as in `use_words`."""
    from sim.dates import span_words

    concerns = f" ({shock.flow or shock.gang})" if shock.flow or shock.gang else ""
    months = span_words(shock.start, shock.last, begins)
    return f"{shock.kind}{concerns}, size {_number(shock.size)}, {_where_words(shock.where)}, {months}"


def uses_in_words(policy: Policy, begins: str | None = None) -> list[tuple[str, str]]:
    """Return the title of each measure of a policy with its row, and how the policy uses it; `begins` as in `use_words`."""
    return [(f"{use.declared.title} ({use.measure})", use_words(use, begins)) for use in policy.measures]


def what_became(comparison: Comparison, arm: int, row: int) -> str:
    """Say what is known only after the run: when a measure or shock began, which places it chose, whether it was cut.

    Parameters
    ----------
    comparison
        What was compared.
    arm
        Place on the first axis; 0 is the reference.
    row
        Place among the measures of the arm's policy, then the shocks.

    Returns
    -------
    str
        Nothing where the plan alone says it all, or where it was not kept.
    """
    acted = _acted(comparison, arm, row)
    if not acted:
        return ""
    measures = comparison.arms[arm].measures
    thing = measures[row] if row < len(measures) else comparison.shocks[row - len(measures)]
    parts = [
        *_began_words(acted, comparison.city, waits=getattr(thing, "trigger", None) is not None),
        *_chosen_words(acted, comparison.city),
        *_ruled_words(acted, thing, comparison.city),
    ]
    cut = sum(each.cut for each in acted)
    if cut:
        parts.append(f"ended by an election in {_of(cut, len(acted))}")
    return "; ".join(parts)


def chosen_places(acted: Sequence[InForce], city: City) -> list[tuple[str, int]]:
    """Return the neighbourhoods that were the worst when a measure began, each with in how many futures, most first."""
    counts = Counter(place for each in acted for place in each.places)
    return [(city.neighbourhoods[i].name, n) for i, n in sorted(counts.items(), key=lambda item: (-item[1], item[0]))]


def plan_object(comparison: Comparison, arm: int) -> list[dict[str, Any]]:
    """Return the measures of one arm's policy as JSON can hold them: as given, in words, and what became of each."""
    policy = comparison.arms[arm]
    found = []
    said = uses_in_words(policy, comparison.city.begins)
    for row, (use, (title, words)) in enumerate(zip(policy.measures, said, strict=True)):
        given = use.model_dump(mode="json", exclude_none=True)
        found.append({"title": title, "says": words} | given | _became_object(comparison, arm, row))
    return found


def shocks_object(comparison: Comparison) -> list[dict[str, Any]]:
    """Return the shocks as JSON can hold them, with what became of each in the reference."""
    measures = len(comparison.against.measures)
    return [
        {"name": shock.name, "title": shock.title, "says": shock_words(shock, comparison.city.begins)}
        | _became_object(comparison, 0, measures + i)
        for i, shock in enumerate(comparison.shocks)
    ]


def plans_text(comparison: Comparison, arm: int) -> list[str]:
    """Return a line for each measure of one arm's policy, and one more where something is known only after the run."""
    lines = []
    for row, (title, words) in enumerate(uses_in_words(comparison.arms[arm], comparison.city.begins)):
        lines.append(f"  {title}: {words}")
        if became := what_became(comparison, arm, row):
            lines.append(f"    {became}")
    return lines


def _became_object(comparison: Comparison, arm: int, row: int) -> dict[str, Any]:
    acted = _acted(comparison, arm, row)
    if not acted:
        return {}
    began = Counter(each.began for each in acted if each.began is not None)
    return {
        "futures": len(acted),
        "began_in_futures": sum(began.values()),
        "began_in_month": {str(month): began[month] for month in sorted(began)},
        "ended_by_election_in_futures": sum(each.cut for each in acted),
        "chosen": dict(chosen_places(acted, comparison.city)),
    }


def _acted(comparison: Comparison, arm: int, row: int) -> list[InForce]:
    """Return what became of one measure or shock, future by future; nothing where it was not kept."""
    if not comparison.in_force:
        return []
    return [future[row] for future in comparison.in_force[arm] if row < len(future)]


def _began_words(acted: Sequence[InForce], city: City, *, waits: bool) -> list[str]:
    """Say when it began, where that was not known before the run: it waited for something, or the run ended first."""
    from sim.dates import month_words

    months = [each.began for each in acted if each.began is not None]
    if not months:
        return ["never began"]
    if not waits:
        return [] if len(months) == len(acted) else [f"began in {_of(len(months), len(acted))}"]
    first, middle, last = (
        month_words(month, city.begins) for month in (min(months), statistics.median_low(months), max(months))
    )
    when = f"in {first}" if first == last else f"between {first} and {last}"
    middle = f", in the middle of them {middle}" if len(months) > 2 and first != last else ""
    return [f"began in {_of(len(months), len(acted))}, {when}{middle}"]


def _chosen_words(acted: Sequence[InForce], city: City) -> list[str]:
    from experiments.comparison.findings import list_words

    chosen = chosen_places(acted, city)
    if not chosen:
        return []
    begun = sum(each.began is not None for each in acted)
    always = [name for name, n in chosen if n == begun]
    others = [f"{name} ({n})" for name, n in chosen if n < begun]
    every = "in the one future" if begun == 1 else f"in all {begun} futures"
    parts = [f"{list_words(always)} {every}"] if always else []
    if others:
        parts.append(f"{', '.join(others)} of {begun} futures" if not always else f"in some futures: {', '.join(others)}")
    return [f"acted in {'; '.join(parts)}"]


def _ruled_words(acted: Sequence[InForce], thing: MeasureUse | Shock, city: City) -> list[str]:
    """Say in how many futures the rules of a measure changed its level, and how often."""
    from sim.dates import month_number

    if not getattr(thing, "rules", ()) or not any(each.levels for each in acted):
        return []
    last = None if thing.stop is None else month_number(thing.stop, city.begins)
    # The first entry is the level that it began with; the end of a measure is none of its rules' doing.
    changes = [
        sum(last is None or month <= last for month, _ in each.levels[1:]) - int(each.cut) for each in acted if each.levels
    ]
    changed = [count for count in changes if count > 0]
    if not changed:
        return ["its rules never changed its level"]
    often = f"{min(changed)}" if min(changed) == max(changed) else f"{min(changed)} to {max(changed)}"
    return [f"its rules changed its level in {_of(len(changed), len(acted))}, {often} time{'' if often == '1' else 's'}"]


def _of(n: int, futures: int) -> str:
    return f"{'none' if n == 0 else n} of {futures} future{'s' if futures != 1 else ''}"


def _where_words(where: Target) -> str:
    share = f", {_percent(where.cover)} of each" if where.cover < 1.0 else ""
    return f"{_places_words(where)}{share}"


def _places_words(where: Target) -> str:
    if where.of is not None:
        bounds = {"above": where.above, "below": where.below}
        said = [f"{side} {_number(bound)}" for side, bound in bounds.items() if bound is not None]
        return f"where {_figure_words(where.of)} is {' and '.join(said)}"
    if where.places is not None:
        return f"in {', '.join(where.places)}"
    by = INDICATORS.get(where.by or "", where.by or "")
    if where.worst_share is not None:
        return f"in the worst {_percent(where.worst_share)} of neighbourhoods by {by} when it begins"
    if where.worst is not None:
        number = "worst neighbourhood" if where.worst == 1 else f"{where.worst} worst neighbourhoods"
        return f"in the {number} by {by} when it begins"
    return "everywhere"


def _partner_words(use: MeasureUse) -> str:
    partner = use.partner
    who = "a group of the neighbourhood" if partner.kind == "local" else "an agency of the city"
    met = {name: getattr(partner, name) for name in CRITERIA}
    lacks = [f"{CRITERIA[name]} {_percent(value)}" for name, value in met.items() if value < 1.0]
    return f"delivered by {who}" + (f" ({'; '.join(lacks)})" if lacks else "")


def _figure_words(of: str) -> str:
    """Name what decides where a measure acts: an outcome of the neighbourhood when it begins, or a figure of its file."""
    from sim.scenario.target import ATTRIBUTES

    return of.replace("_", " ") if of in ATTRIBUTES else f"{_outcome_title(of)} when it begins"


def _outcome_title(name: str) -> str:
    from experiments.comparison.findings import BY_NAME, within

    outcome = BY_NAME[name]
    return f"{within(outcome.title)} ({outcome.unit})"


def _number(x: float) -> str:
    """Write a number in full, as short as it can be; a zero has no sign."""
    return f"{x + 0.0:.12g}"


def _percent(share: float) -> str:
    return f"{100 * share:.12g} %"
