"""What a measure is: data that says what it changes, what it needs, what it costs and how well it is known.

A measure never touches state. It raises levers (`sim.levers`); how much a lever does is a parameter of the process that
reads it, and stands in `sim.parameters` with its range and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from sim.parameters import parameter

__all__ = ["Change", "Condition", "Measure", "changes"]

Unit = Literal["city", "neighbourhood", "100 000 residents", "after-school place", "training place"]
UNITS: tuple[Unit, ...] = ("city", "neighbourhood", "100 000 residents", "after-school place", "training place")


class Change(NamedTuple):
    """What one lever does at full level, as the parameter that holds its strength has it."""

    lever: str
    parameter: str
    low: float
    mid: float
    high: float
    unit: str
    evidence: str
    status: str
    says: str


class Condition(NamedTuple):
    """What a measure needs: `weight` is the part of its effect that is lost where the condition is absent."""

    says: str
    weight: float


@dataclass(frozen=True)
class Measure:
    """One measure of the framework.

    `onset_months` until full effect, `fades_months` after a stop; `unit_cost` in US dollars a year for one `units`.
    """

    row: str
    name: str
    title: str
    pillar: Literal["regulation", "enforcement", "engagement", "resilience"]
    says: str
    changes: tuple[Change, ...]
    onset_months: int
    fades_months: int
    units: Unit
    unit_cost: float
    cost_evidence: str
    commands: Literal["city", "national", "joint"]
    pays: str
    capacity: str
    grade: Literal["A", "B", "C", "D", "judgement"]
    leaves_alone: tuple[str, ...] = ()
    conditions: dict[str, Condition] = field(default_factory=dict)


def changes(**levers: tuple[str, ...]) -> tuple[Change, ...]:
    """Return the changes of a measure: lever = the parameters that hold its strength.

    Raises
    ------
    KeyError
        If a parameter does not exist.
    """
    found = []
    for lever, names in levers.items():
        for name in names:
            p = parameter(name)
            found.append(Change(lever, name, p.low, p.default, p.high, p.unit, p.evidence, p.status, p.says))
    return tuple(found)
