"""What a city file knows of each risk: measured, assumed, or absent from the model (row E02).

Three classes of risk, with eighteen sub-risks, are those of the risk tables of *Governing Safer Cities* (UNODC 2016, part
II), in short words. Each is tied to what in a city file represents it (inputs), to the shocks that let one try it out, and
to the outcomes by which the model shows it.

    input   measured   the file gives it, and names it under `sources` more closely than under `assumptions`
            assumed    the file gives it otherwise, or leaves it out, and the model fills it in
    risk    measured   every input of it is measured
            assumed    one is not; or a shock or an outcome alone stands for it
            absent     nothing in the model stands for it

A risk is only as well known as the least known of its inputs, so that one good figure never covers for a guess.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any, Literal, NamedTuple, cast

from pydantic import BaseModel

from sim.scenario import City

__all__ = ["CLASSES", "RISKS", "Diagnosis", "Reading", "Risk", "diagnose", "json_object", "table"]

Status = Literal["measured", "assumed", "absent"]
STATUSES: tuple[Status, ...] = ("measured", "assumed", "absent")
WIDTH = 100

CLASSES = {
    "external": "External risks that are felt here",
    "structural": "Structural and economic risks",
    "governance": "Weak governance and cohesion",
}


class Risk(NamedTuple):
    """A sub-risk, and what in the model stands for it."""

    group: str
    """Its class, a key of `CLASSES`."""
    title: str
    """The risk in a few words."""
    inputs: tuple[str, ...] = ()
    """Fields of a city file, such as `levels.fear` or `neighbourhoods.poverty`."""
    shocks: tuple[str, ...] = ()
    """Kinds of shock that try it out."""
    outcomes: tuple[str, ...] = ()
    """Outcomes by which the model shows it."""
    says: str = ""
    """What a reader should know about the tie."""


class Reading(NamedTuple):
    """What a city file knows of one input."""

    name: str
    status: Status
    given: str
    """How the file gives it: `yes`, `no`, or in how many of its neighbourhoods or gangs."""
    text: str
    """What `sources` says where it is measured, what `assumptions` says where it is not; empty where neither does."""


class Diagnosis(NamedTuple):
    """One sub-risk in one city."""

    risk: Risk
    status: Status
    readings: tuple[Reading, ...]


RISKS = (
    Risk(
        "external",
        "fast growth that few rules steer",
        ("neighbourhoods.in_migration", "neighbourhoods.informality", "neighbourhoods.density"),
        shocks=("influx",),
    ),
    Risk(
        "external",
        "drugs, arms and contraband coming in",
        ("flows.drugs", "flows.firearms", "flows.goods", "neighbourhoods.hubs"),
        shocks=("flow", "route"),
    ),
    Risk("external", "a changing climate", says="only the disasters it may bring can be tried out"),
    Risk(
        "external",
        "natural disaster",
        shocks=("disaster", "epidemic"),
        outcomes=("damage", "trauma"),
        says="no file says how exposed the city is; a shock of a chosen size tries a disaster",
    ),
    Risk("external", "ideas that call for violence", ("flows.ideas", "gangs.kind"), shocks=("flow", "attack")),
    Risk("external", "a crisis of money elsewhere", ("flows.money",), shocks=("slump", "flow")),
    Risk("structural", "wide gaps of income and standing", ("neighbourhoods.inequality", "neighbourhoods.income")),
    Risk("structural", "poverty packed into few places", ("neighbourhoods.poverty",)),
    Risk("structural", "many young people without work", ("neighbourhoods.unemployment", "youth_share")),
    Risk(
        "structural",
        "money that may leave",
        shocks=("slump",),
        outcomes=("business", "firm_exit"),
        says="no input: the model works it out from extortion, fear and services",
    ),
    Risk(
        "structural",
        "skilled people who may leave",
        outcomes=("jobs",),
        says="no input, and nobody leaves for another city: only the work that goes with them is lost",
    ),
    Risk(
        "governance",
        "grievance over race, ethnicity or faith",
        ("neighbourhoods.minority", "levels.grievance"),
        shocks=("contested election",),
    ),
    Risk("governance", "people displaced or cut off", ("neighbourhoods.displaced", "levels.bridging"), shocks=("influx",)),
    Risk(
        "governance",
        "abuse of women, children and others at risk",
        ("neighbourhoods.family_disruption",),
        outcomes=("domestic_violence", "female_homicide_rate", "children_killed", "ratio_elderly", "ratio_marginalised"),
    ),
    Risk(
        "governance",
        "police and courts that few can reach or trust to be fair",
        (
            "levels.clearance",
            "levels.reporting",
            "levels.abuse",
            "levels.police_killings",
            "levels.raids",
            "police.follows",
            "police.officers",
            "neighbourhoods.services",
            "neighbourhoods.public_services",
        ),
        shocks=("service cut", "officers cut"),
        says="a file may say of justice alone whom it reaches, what it costs and who supplies it",
    ),
    Risk(
        "governance",
        "a state that is not held to be rightful",
        ("levels.state_legitimacy", "levels.police_legitimacy", "levels.integrity"),
        shocks=("election",),
    ),
    Risk(
        "governance",
        "weak or short-lived ties between neighbours",
        ("levels.collective_efficacy", "levels.bridging", "neighbourhoods.close_ties", "groups.kind", "ordinary_groups"),
        shocks=("closer ties",),
        says="left out, ordinary community groups are assumed in every neighbourhood; measures for groups need them",
    ),
    Risk(
        "governance",
        "others than the state who rule and protect",
        ("gangs.homes", "gangs.pact", "levels.criminal_legitimacy", "neighbourhoods.enclave"),
        shocks=("pact", "pact broken"),
        outcomes=("criminal_governance_index",),
    ),
)


def diagnose(city: City) -> tuple[Diagnosis, ...]:
    """Return what a city file knows of each sub-risk, in the order of `RISKS`.

    Parameters
    ----------
    city
        The city, as `sim.scenario.load_city` returns it: what its file left out counts as left out.
    """
    found = []
    for risk in RISKS:
        readings = tuple(_read(city, name) for name in risk.inputs)
        found.append(Diagnosis(risk, _status(risk, readings), readings))
    return tuple(found)


def json_object(city: City) -> dict[str, Any]:
    """Return the diagnosis of a city for a file: counts by status, then every sub-risk with its inputs.

    Parameters
    ----------
    city
        The city.
    """
    found = diagnose(city)
    return {
        "city": city.name,
        "counts": {status: sum(each.status == status for each in found) for status in STATUSES},
        "risks": [
            {
                "class": CLASSES[each.risk.group],
                "risk": each.risk.title,
                "status": each.status,
                "inputs": [reading._asdict() for reading in each.readings],
                "shocks": list(each.risk.shocks),
                "outcomes": list(each.risk.outcomes),
                "says": each.risk.says,
            }
            for each in found
        ],
    }


def table(city: City) -> list[str]:
    """Return the diagnosis of a city as lines for a terminal, class by class.

    Parameters
    ----------
    city
        The city.
    """
    found = diagnose(city)
    counts = (f"{sum(each.status == status for each in found)} {status}" for status in STATUSES)
    lines = [f"{city.title}: what its file knows of {len(found)} risks ({', '.join(counts)})"]
    for group, title in CLASSES.items():
        lines += ["", title]
        for each in found:
            if each.risk.group == group:
                lines.append(f"  {each.status:<8}  {each.risk.title}")
                lines += [line for label, text in _held_by(each) for line in _wrapped(f"{label}: {text}")]
    return [*lines, "", "A risk is only as well known as the least known of its inputs."]


def _held_by(each: Diagnosis) -> Iterable[tuple[str, str]]:
    """Yield what stands for a sub-risk, in a few labelled lines."""
    for status in STATUSES:
        names = [_shown(reading) for reading in each.readings if reading.status == status]
        if names:
            yield status if len(each.readings) > 1 else "by", ", ".join(names)
    if each.risk.shocks:
        yield "shocks to try out", ", ".join(each.risk.shocks)
    if each.risk.outcomes:
        yield "shown by", ", ".join(each.risk.outcomes)
    if each.risk.says:
        yield "note", each.risk.says


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent=" " * 12, subsequent_indent=" " * 14, break_on_hyphens=False)


def _shown(reading: Reading) -> str:
    if reading.given == "yes":
        return reading.name
    return f"{reading.name} ({'left out' if reading.given == 'no' else f'given for {reading.given}'})"


def _status(risk: Risk, readings: Iterable[Reading]) -> Status:
    statuses = {reading.status for reading in readings}
    if statuses == {"measured"}:
        return "measured"
    return "assumed" if statuses or risk.shocks or risk.outcomes else "absent"


# One input ------------------------------------------------------------------------------------------------------------


def _read(city: City, name: str) -> Reading:
    given, enough = _given(city, name)
    sourced, source = _closest(city.sources, name)
    assumed, assumption = _closest(city.assumptions, name)
    if enough and sourced < assumed:
        return Reading(name, "measured", given, source)
    return Reading(name, "assumed", given, assumption)


def _given(city: City, name: str) -> tuple[str, bool]:
    """Return how a city file gives an input, in words, and whether that is enough to call it given.

    What a file may leave out to have it derived must be given everywhere; a mark that is absent unless said, such as an
    enclave or a hub, is given where one place has it.
    """
    head, _, field = name.partition(".")
    part = getattr(city, head)
    if not field or isinstance(part, Mapping):
        given = head in city.model_fields_set
    elif isinstance(part, BaseModel):
        given = field in part.model_fields_set
    else:
        return _given_in(cast("tuple[BaseModel, ...]", part), field, head)
    return "yes" if given else "no", given


def _given_in(parts: tuple[BaseModel, ...], field: str, head: str) -> tuple[str, bool]:
    shape = type(parts[0]).model_fields[field]
    marks = not shape.is_required() and shape.default is not None
    absent = shape.default if marks else None
    count = sum(field in each.model_fields_set and getattr(each, field) != absent for each in parts)
    if count in (0, len(parts)):
        return ("yes" if count else "no"), count > 0
    return f"{count} of {len(parts)} {head}", marks


def _closest(texts: Mapping[str, str], name: str) -> tuple[int, str]:
    """Return how closely a table of sources or assumptions names an input, and what it says; 0 is closest, 3 not at all.

    `levels.fear` is named by `levels.fear`, then by `fear`, then by `levels`; a key may name several, with commas or "and".
    """
    head, _, field = name.partition(".")
    named = {
        re.sub(r"[\s-]+", "_", part.strip().lower()): text
        for key, text in texts.items()
        for part in re.split(r",|\band\b", key)
    }
    for rank, called in enumerate((name, field or head, head)):
        if called in named:
            return rank, " ".join(named[called].split())
    return 3, ""
