"""What `citysafety show` says of a measure, mechanism, outcome or parameter: a leaflet that needs no manual beside it.

Each leaflet is a title, a sentence, and sections of a heading and its lines. Sizes are in words (`strengths`), names of
fields never stand alone, and what is not known is said.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from experiments.commands.sections import paragraph, section
from experiments.commands.strengths import number_text, size_words

if TYPE_CHECKING:
    from sim.measures import Condition, Measure
    from sim.mechanisms import Link, Mechanism
    from sim.outcomes import Outcome
    from sim.parameters import Parameter

__all__ = ["leaflets_of"]

GRADES = "on a scale from A (trials, or strong natural experiments) to D: how well it is known that such measures work"
UNGRADED = "no usable source says how well such measures work"
STANDINGS = {
    "measured": "measured in the named city",
    "literature": "from published studies",
    "calibrated": "fitted for each city",
    "judgement": "a judgement",
}
COMMANDS = {"city": "The city decides.", "national": "The nation decides.", "joint": "City and nation decide together."}
BETTER = {
    "lower": "Lower is better.",
    "higher": "Higher is better.",
    "neither": "Neither more nor less is better in itself.",
}
WEIGHTS = {
    "sum": "the sum over neighbourhoods",
    "residents": "the mean over residents",
    "killings": "the mean over expected killings",
}
RIGHTS = ("police abuse", "Others swept up")
"""Words in the text of an effect that concerns the rights of people."""


def leaflets_of(name: str) -> Iterator[list[str]]:
    """Yield the leaflet of each mechanism, measure, outcome and parameter of a name, which several may share.

    Parameters
    ----------
    name
        A name, or the row of a measure, such as P-E3.
    """
    from sim.measures import every_measure
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES
    from sim.parameters import PARAMETERS

    yield from (list(_mechanism(each)) for each in MECHANISMS if each.name == name)
    yield from (list(_measure(each)) for each in every_measure() if name in (each.name, each.row))
    yield from (list(_outcome(each)) for each in OUTCOMES if each.name == name)
    yield from (list(_parameter(each)) for each in PARAMETERS if each.name == name)


# Measures -------------------------------------------------------------------------------------------------------------


def _measure(measure: Measure) -> Iterator[str]:
    yield f"{measure.row}  {measure.title} ({measure.name}), a measure of {measure.pillar}"
    yield from paragraph(measure.says)
    changed = [_effect(change.parameter) for change in measure.changes]
    rights = [line for line in changed if any(word in line for word in RIGHTS)]
    others = [line for line in changed if line not in rights]
    heading = "What it changes at full strength (in brackets: the range thought possible)"
    yield from section(heading, others)
    conditions = [_condition(name, each) for name, each in measure.conditions.items()]
    yield from section("What it needs", conditions + _needs(measure))
    yield from section("How soon", [_timing(measure)])
    yield from section("What it costs and who pays", _costs(measure))
    yield from section("How far it reaches", [measure.capacity])
    yield from section("How well it is known", _known(measure))
    yield from section("What it is not expected to change", [_titles(measure.leaves_alone)])
    yield from section("Rights", rights)
    yield from section("Use it", [f"measure: {measure.row} in a policy file; scenarios/README.md explains how to write one"])


def _effect(name: str) -> str:
    """Return what one parameter of a measure does, how strongly, and how well that is known."""
    from sim.parameters import parameter

    found = parameter(name)
    return f"{found.says.rstrip('.')}: {size_words(found) or _plain_value(found)}; {STANDINGS[found.status]}"


def _plain_value(parameter: Parameter) -> str:
    """Return a value with its range in its own unit."""
    middle, low, high = (number_text(each) for each in (parameter.default, parameter.low, parameter.high))
    return f"{middle} ({low} to {high}), unit: {parameter.unit}"


def _condition(name: str, condition: Condition) -> str:
    """Return what a measure needs, what happens without it, and how a policy file calls it."""
    lacking = []
    on_reach = condition.on == "reach"
    if condition.weight >= 1.0:
        lacking.append("nobody is reached" if on_reach else "nothing of the effect is left")
    elif condition.weight:
        lost = f"{condition.weight:.0%}"
        lacking.append(f"{lost} fewer are reached" if on_reach else f"{lost} of the effect is lost")
    if condition.carries:
        lacking.append("the measure works without this part")
    if condition.harms:
        lacking.append(f"it brings {condition.harms.replace('_', ' ')}")
    if condition.wears:
        lost = "those reached" if on_reach else "the effect"
        lacking.append(f"half of {lost} is gone after {condition.wears} months")
    missing = f" Without that {' and '.join(lacking)}." if lacking else ""
    return f"{condition.says}{missing} [{name}]"


def _needs(measure: Measure) -> list[str]:
    """Return on what else a measure depends, from who delivers and pays for it."""
    found = []
    if measure.police:
        found.append("A police force that follows the city; the less it does so, the less is done.")
    if measure.partner:
        found.append(
            "A partner who delivers it, best a credible one of the neighbourhood; an unsound one captures the money."
        )
    if measure.leaks:
        found.append("Honest procurement: where officials can be bought, part of the money never arrives.")
    if measure.contested:
        found.append("Business support: it redistributes, and loses strength over the years where business opposes it.")
    return found


def _timing(measure: Measure) -> str:
    onset = "at once" if measure.onset_months <= 1 else f"after {measure.onset_months} months"
    gone = f"within {_months(measure.fades_months)} after it stops" if measure.fades_months else "as soon as it stops"
    shown = _months(measure.shows_after)
    return f"Full effect {onset}; gone {gone}. Results show after about {shown}; an election before that may end it."


def _costs(measure: Measure) -> list[str]:
    unit = "the city" if measure.units == "city" else f"each {measure.units}".replace("each 100 000", "each 100,000")
    takes = [f"{measure.unit_cost:,.12g} US dollars of 2019 a year"] if measure.unit_cost or not measure.officers else []
    if measure.officers:
        whose = "police officer" if "police" in measure.force else "soldier"
        takes.append(f"the time of {measure.officers:,.12g} {whose}{'' if measure.officers == 1 else 's'}")
    prices = "at US prices; a city's own differ" if measure.unit_cost else "at what an officer costs the city"
    yearly = f"{' and '.join(takes)} for {unit}, at full level and {prices}. Basis: {measure.cost_evidence}."
    return [f"{yearly[:1].upper()}{yearly[1:]}", f"Paid by {_payers(measure)}. {COMMANDS[measure.commands]}"]


def _payers(measure: Measure) -> str:
    """Return who pays, and where that is another who pays the officers."""
    besides = [agency for agency in measure.force if agency not in measure.payers] if measure.officers else []
    return measure.pays if not besides else f"{measure.pays}, officers by the {' and '.join(besides)}"


def _known(measure: Measure) -> list[str]:
    from sim.parameters import parameter

    found = [parameter(each.parameter) for each in measure.changes]
    judged = sum(each.status == "judgement" for each in found)
    sources = dict.fromkeys(each.evidence for each in found if each.status in ("literature", "measured"))
    graded = f"Grade {measure.grade}, {GRADES}." if measure.grade in tuple("ABCD") else f"Not graded: {UNGRADED}."
    counted = {0: "None", len(found): "All" if len(found) > 1 else "The only one"}.get(judged, str(judged))
    lines = [graded, f"Sizes above that are judgements and come from no study: {counted.lower()} of {len(found)}."]
    if sources:
        lines.append(f"Sources (listed in docs/ODD.md): {', '.join(sources)}.")
    return lines


# Mechanisms, outcomes, parameters ------------------------------------------------------------------------------------


def _mechanism(mechanism: Mechanism) -> Iterator[str]:
    from sim.parameters import parameter

    yield f"{mechanism.title} ({mechanism.name}), a mechanism; rows {', '.join(mechanism.rows)}"
    yield from paragraph(mechanism.says)
    yield from section("What leads to what", [_link(link) for link in mechanism.links])
    yield from section("Where its absence shows most", [_titles(mechanism.drives)])
    ordinary = {name: number_text(parameter(name).default) for name in mechanism.off}
    off = [f"{name} to {number_text(value)} instead of {ordinary[name]}" for name, value in mechanism.off.items()]
    yield from section(f"Switched off by --without {mechanism.name}, which sets", off)
    yield from section("Where it is computed", [f"sim/processes, {mechanism.process}"])


def _link(link: Link) -> str:
    return f"more {link.cause}: {'more' if link.sign == '+' else 'less'} {link.effect}"


def _outcome(outcome: Outcome) -> Iterator[str]:
    from sim.measures import every_measure
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES

    yield f"{outcome.title} ({outcome.name}), an outcome; {outcome.unit}"
    yield from paragraph(f"{outcome.says} {BETTER[outcome.better]}")
    yield from section("For the city as a whole", [f"{WEIGHTS[outcome.weight]}".capitalize() + "."])
    yield from section(
        "In reports", [f"Under the topic {outcome.group.lower()}{_also_told(outcome)}."] if outcome.group else []
    )
    yield from section("When a change counts", [_least(outcome)])
    parts = [each.name for each in OUTCOMES if each.part_of == outcome.name]
    yield from section("Its parts, which add up to it", [_titles(parts)])
    yield from section("It is a part of", [_titles([outcome.part_of])] if outcome.part_of else [])
    drivers = [f"{each.title} ({each.name})" for each in MECHANISMS if outcome.name in each.drives]
    yield from section("Mechanisms that drive it most", ["; ".join(drivers)] if drivers else [])
    silent = [each.row for each in every_measure() if outcome.name in each.leaves_alone]
    yield from section("Measures that are not expected to change it", [", ".join(silent)] if silent else [])


def _also_told(outcome: Outcome) -> str:
    return ", and among the headline outcomes" if outcome.headline else ""


def _least(outcome: Outcome) -> str:
    if not outcome.least and not outcome.floor:
        return "Any change counts."
    floor = f", or {number_text(outcome.floor)} ({outcome.unit})" if outcome.floor else ""
    return f"From {outcome.least:.0%} of the level it is compared with{floor}; less is called no change that matters."


def _parameter(parameter: Parameter) -> Iterator[str]:
    from sim.measures import every_measure
    from sim.mechanisms import MECHANISMS

    yield f"{parameter.name}, a parameter"
    yield from paragraph(parameter.says)
    words = f"In words: {told}." if (told := size_words(parameter)) else ""
    yield from section("Value (in brackets: the range that may be set)", [_plain_value(parameter), words])
    known = STANDINGS[parameter.status]
    yield from section("How well it is known", [f"{known[:1].upper()}{known[1:]}; source: {parameter.evidence}."])
    spread = "evenly over its range" if parameter.distribution == "uniform" else "evenly over the logarithm of its range"
    yield from section("In a sensitivity study", [f"Drawn {spread}."])
    measures = [
        f"{each.row} {each.title}" for each in every_measure() if parameter.name in [c.parameter for c in each.changes]
    ]
    yield from section("Measures whose strength it holds", ["; ".join(measures)] if measures else [])
    mechanisms = [f"{each.title} ({each.name})" for each in MECHANISMS if parameter.name in each.off]
    yield from section("Mechanisms it belongs to", ["; ".join(mechanisms)] if mechanisms else [])
    yield from section("Change it", [f"--set {parameter.name}=VALUE"])


# Text -----------------------------------------------------------------------------------------------------------------


def _titles(names: Sequence[str]) -> str:
    """Return the titles of outcomes with their names."""
    from sim.outcomes import OUTCOMES

    titles = {each.name: each.title for each in OUTCOMES}
    return "; ".join(f"{titles[name]} ({name})" for name in names)


def _months(count: int) -> str:
    if count and count % 12 == 0:
        years = count // 12
        return "a year" if years == 1 else f"{years} years"
    return "a month" if count == 1 else f"{count} months"
