"""The schema of a community group in a city file."""

from __future__ import annotations

from pydantic import Field

from sim.enumerations import GroupKind
from sim.scenario.fields import Line, Part, Share

__all__ = ["Group"]


class Group(Part):
    """A community group beyond the ordinary ones: who can deliver what a measure offers, and what else it does."""

    name: Line = Field(description="the group's name")
    kind: GroupKind = Field(
        description="what kind of group it is, which decides which measures it can deliver and what it does by itself; "
        "an agency is an outside body that residents trust"
    )
    home: Line = Field(description="name of the neighbourhood it works from")
    credibility: Share = Field(description="how far residents trust it, 0-1")
    capacity: Share = Field(description="how much it can deliver, 0-1")
    independence: Share = Field(description="how free it is of gangs and parties, 0-1")
