"""Whether a published figure is typed into a parameter: worked out from the sources of parameters, never declared.

    yes       a parameter rests on the same study, and acts on the figure's outcome one step away
    partly    a parameter rests on the same study, and acts on something further away
    no        no parameter rests on it: what the model gives for it would emerge

A parameter names a key of the table of evidence, and the table names the works behind each key. Two works are the same where
first author and year agree, and the second author where both have one; a work without a year agrees with any.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from experiments.evidence.trial import Figure, Source
from sim.parameters import Parameter

__all__ = ["ONE_STEP", "Work", "parameters_of", "read_works", "typed_in", "work_of"]

Typed = Literal["yes", "partly", "no"]

_KILLING = frozenset({"homicide_rate", "gang_homicide_rate", "youth_homicide_rate", "serious_assaults", "killings_expected"})
ONE_STEP: dict[str, frozenset[str]] = {
    "violence": _KILLING | {"dispute_homicide_rate"},
    "adjacent_violence": _KILLING | {"dispute_homicide_rate"},
    "attacks": _KILLING,
    "retaliation": _KILLING,
    "disputes": _KILLING | {"dispute_homicide_rate"},
    "lethality": _KILLING | {"dispute_homicide_rate"},
    "carrying": _KILLING | {"dispute_homicide_rate", "carrying"},
    "displacement_share": _KILLING | {"robberies"},
    "robberies": frozenset({"robberies"}),
    "police_killings": frozenset({"police_killings"}),
    "home_violence": frozenset({"domestic_violence", "domestic_homicide_rate"}),
    "levies": frozenset({"extortion_share", "turnover_taken"}),
    "clearance": frozenset({"clearance"}),
    "joining": frozenset({"recruits", "gang_members"}),
    "risk": frozenset({"serious_assaults"}),
    "police_legitimacy": frozenset({"police_legitimacy", "reporting"}),
    "trust_fall_speed": frozenset({"police_legitimacy", "reporting"}),
    "half_life": frozenset({"serious_assaults"}),
}
"""The outcomes one step away from what a parameter acts on, by the end of its name."""


class Work(NamedTuple):
    """A work as a text names it: plain surnames of the first two authors, and its year where it has one."""

    first: str
    second: str
    year: str


def work_of(text: str) -> Work:
    """Return the work that a text such as "Blattman, Jamison and Sheridan 2017" names."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    year = (re.findall(r"\b(?:19|20)\d\d\b", plain) or [""])[0]
    named = re.sub(r"\b(?:et al\.?|and others)|\b(?:19|20)\d\d\b.*", "", plain)
    authors = [each.strip() for each in re.split(r",| and ", named) if each.strip()]
    return Work(authors[0] if authors else "", authors[1] if len(authors) > 1 else "", year)


def _same(one: Work, other: Work) -> bool:
    years_agree = one.year == other.year or not (one.year and other.year)
    seconds_agree = one.second == other.second or not (one.second and other.second)
    return bool(one.first) and one.first == other.first and years_agree and seconds_agree


def read_works(page: str) -> dict[str, tuple[Work, ...]]:
    """Return the works behind each key of the table of evidence in the description of the model.

    Parameters
    ----------
    page
        The text of the page that holds the table; several works are told apart by semicolons.
    """
    found: dict[str, tuple[Work, ...]] = {}
    for cells in re.findall(r"^\| (`[^|]+`) \| ([^|]+) \|", page, re.MULTILINE):
        works: list[Work] = []
        for part in cells[1].split(";"):
            # "Esbensen et al. 2012, 2013" names two works.
            years = re.findall(r"\b(?:19|20)\d\d\b", part) or [""]
            works += [work_of(part)._replace(year=year) for year in years]
        found |= {key: tuple(works) for key in re.findall(r"`([^`]+)`", cells[0])}
    return found


def parameters_of(
    source: Source, parameters: Sequence[Parameter], works: Mapping[str, Sequence[Work]]
) -> tuple[Parameter, ...]:
    """Return the parameters that rest on a publication.

    Parameters
    ----------
    source
        The publication.
    parameters
        All parameters; those that are judgements rest on nothing, and what something costs is no effect.
    works
        The works behind each key of evidence.
    """
    names = [work_of(text) for text in (source.study, *source.also)]
    return tuple(
        each
        for each in parameters
        if each.status in ("literature", "measured") and each.process != "costs"
        if any(_same(name, work) for name in names for work in works.get(each.evidence, ()))
    )


def typed_in(
    figure: Figure, source: Source, parameters: Sequence[Parameter], works: Mapping[str, Sequence[Work]]
) -> tuple[Typed, tuple[str, ...]]:
    """Return whether a figure is typed in, and the names of the parameters that rest on its study.

    Parameters
    ----------
    figure, source
        The figure and its publication.
    parameters, works
        As for `parameters_of`.
    """
    resting = parameters_of(source, parameters, works)
    names = tuple(each.name for each in resting)
    if not resting:
        return "no", ()
    near = any(figure.outcome in ONE_STEP.get(end, ()) for each in resting for end in _ends(each.field))
    return ("yes" if near else "partly"), names


def _ends(field: str) -> list[str]:
    """Return every end of the name of a parameter, the longest first: of `a_on_b` that is `a_on_b`, `on_b` and `b`."""
    words = field.split("_")
    return ["_".join(words[i:]) for i in range(len(words))]
