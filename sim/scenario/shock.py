"""The schema of a shock file: something that happens to the city, whatever its policy."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from sim.dates import FirstMonth, LastMonth
from sim.enumerations import EVENTS, ServiceName
from sim.errors import field_error, show
from sim.scenario.fields import Filed, FlowName, Line, Slug, Text, ends_early
from sim.scenario.target import EVERYWHERE, Target

__all__ = ["AT_ONCE", "SIZES", "Shock", "ShockKind"]

ShockKind = Literal[
    "flow",
    "route",
    "pact",
    "pact broken",
    "leader killed",
    "slump",
    "influx",
    "disaster",
    "epidemic",
    "attack",
    "election",
    "contested election",
    "prison riot",
    "raid",
    "service cut",
    "closer ties",
    "officers cut",
]
FLOW_KINDS = ("flow", "route")
SERVICE_KINDS = ("service cut",)
AT_ONCE = frozenset({"influx", "disaster", "attack", "election", "contested election", "prison riot", "raid"})
"""Kinds of shock that last a month unless the file says otherwise."""

SIZES: dict[ShockKind, str] = {
    "flow": "The multiple of the ordinary flow; at least 0.05 counts",
    "route": "The multiple of the flow in the named places; elsewhere it falls so that the city's total stays",
    "pact": "How far the gang and the state understand each other, 0 to 1",
    "pact broken": "How much of the gang's pact is gone, and how aggrieved it is, 0 to 1",
    "leader killed": "How deep the crisis of succession is, 0 to 1",
    "slump": "The share of business that is lost, 0 to 1",
    "influx": "Newcomers as a share of residents, over the whole time",
    "disaster": "The share destroyed in a place of middling deprivation that is not prepared, 0 to 1",
    "epidemic": "How far it takes up health care and police, 0 to 1",
    "attack": "Deaths and shock, 1 for the largest",
    "election": "How far voters ask for results, 0 to 1: measures without results by then may be cut",
    "contested election": "How far the election divides communities, 0 to 1; measures without results may be cut",
    "prison riot": "Deaths and disorder in prison, 1 for the largest",
    "raid": "How large a part of the place is swept by force, 0 to 1",
    "service cut": "The share of those served who lose the service, 0 to 1",
    "closer ties": "How much closer residents are tied to one another: 0 as before, 1 as closely as can be",
    "officers cut": "The share of police officers who are let go, 0 to 1; their posts stay vacant as long as it lasts",
}
"""What the size of each kind of shock means."""


class Shock(Filed):
    """Something that happens to the city, whatever its policy."""

    name: Slug = Field(description="the name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="the name for people")
    about: Text = Field(description="what happens")
    kind: ShockKind = Field(description="what kind of shock it is")
    flow: FlowName | None = Field(default=None, description="which flow, for the kinds flow and route")
    service: ServiceName | None = Field(default=None, description="which public service, for the kind service cut")
    gang: Line | None = Field(default=None, description="name of the gang, for pact, pact broken and leader killed")
    size: float = Field(
        ge=0,
        le=1000,
        description="flow and route: multiple of the ordinary level (at least 0.05 counts); all other kinds: 0-1",
    )
    start: FirstMonth = Field(description="first month of it, from 1, or its date")
    stop: LastMonth | None = Field(
        default=None, description="last month of it, or its date; left out: never, or one month for what happens at once"
    )
    where: Target = Field(default=EVERYWHERE, description="where it acts; everywhere when left out")

    @property
    def last(self) -> int | str | None:
        """Its last month: the stop, the start where it happens at once, or None where it never ends."""
        return self.start if self.stop is None and self.kind in AT_ONCE else self.stop

    @model_validator(mode="after")
    def _fit_the_kind(self) -> Self:
        for field, kinds in (("flow", FLOW_KINDS), ("service", SERVICE_KINDS), ("gang", EVENTS)):
            given = getattr(self, field)
            if self.kind in kinds and given is None:
                raise field_error((field,), f"is missing; a shock of kind {self.kind} names its {field}")
            if self.kind not in kinds and given is not None:
                raise field_error((field,), f"is {show(given)}; a shock of kind {self.kind} has none, remove it")
        if self.kind not in FLOW_KINDS and self.size > 1:
            raise field_error(
                ("size",), f"is {show(self.size)}; for a shock of kind {self.kind} it is a share between 0 and 1"
            )
        if self.kind == "route" and self.where.places is None:
            raise field_error(
                ("where",), "names no places; a route shifts to named neighbourhoods, give where: {places: [...]}"
            )
        if self.where.cover < 1.0:
            covers = f"is {show(self.where.cover)}, but only a measure treats a share of a place"
            raise field_error(("where", "cover"), f"{covers}; remove it, or lower the size")
        if self.stop is not None and (says := ends_early(self.start, self.stop)):
            raise field_error(("stop",), says)
        return self

    def headline(self) -> str:
        """Return in one line which shock this is, and when."""
        return f"{self.name}: {self.title}; {self.kind}, size {self.size:g}, from {self.start} to {self.last or 'the end'}"

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the fields that are given, a row each."""
        return ["field", "value"], [
            (field, value) for field, value in self.model_dump(exclude_defaults=True, exclude={"where"}).items()
        ]
