"""Where a measure or shock acts: in which neighbourhoods, and in which share of each.

`where: {all: true}` is everywhere, `{worst: 3, by: homicide_rate}` ranks when it begins, `{places: [Aldo, Bimbry]}` names,
and `{of: poverty, above: 0.4}` takes all of which something is above or below a value. With `cover: 0.1` besides, a measure
treats a tenth of each: some of its streets, lots or blocks.
"""

from __future__ import annotations

from typing import Annotated, Self, get_args

from pydantic import Field, Strict, field_validator, model_validator

from sim.errors import did_you_mean, field_error, show
from sim.scenario.fields import MOST_PLACES, Indicator, Line, Part

__all__ = ["ATTRIBUTES", "EVERYWHERE", "Target", "target_text"]

ATTRIBUTES = (
    "population",
    "poverty",
    "unemployment",
    "no_high_school",
    "income",
    "density",
    "deprivation",
    "inequality",
    "in_migration",
    "informality",
    "school_quality",
    "family_disruption",
    "tenure",
    "minority",
    "enclave",
)
"""What `of` may name of a neighbourhood besides outcomes: what the city file says of it, and what is derived of that."""


class Target(Part):
    """Where a measure or shock acts: everywhere, in the worst places, in named ones, or in those beyond a value."""

    all: bool = Field(default=False, description="true: in every neighbourhood")
    worst: Annotated[int, Field(ge=1, le=MOST_PLACES)] | None = Field(
        default=None, description="how many neighbourhoods, the worst by `by`"
    )
    worst_share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="which share of the neighbourhoods, the worst by `by`; at least one"
    )
    by: Indicator | None = Field(default=None, description="the indicator that ranks for worst and worst_share")
    places: Annotated[tuple[Line, ...], Strict(False), Field(min_length=1, max_length=MOST_PLACES)] | None = Field(
        default=None, description="names of neighbourhoods"
    )
    of: str | None = Field(
        default=None,
        description="what of a neighbourhood is above or below a value: a figure of the city file such as poverty, or an "
        "outcome such as homicide_rate, as last month left it when this begins",
    )
    above: float | None = Field(default=None, description="every neighbourhood of which `of` is above this")
    below: float | None = Field(default=None, description="every neighbourhood of which `of` is below this")
    cover: Annotated[float, Field(gt=0, le=1)] = Field(
        default=1.0, description="the share of each neighbourhood that a measure treats: of its streets, lots or blocks"
    )

    @field_validator("of")
    @classmethod
    def _is_known(cls, of: str | None) -> str | None:
        from sim.outcomes import OUTCOMES

        known = [*ATTRIBUTES, *(each.name for each in OUTCOMES)]
        if of is not None and of not in known:
            says = f"is {show(of)}, which is no figure of a neighbourhood; {did_you_mean(of, known)}"
            raise field_error((), f"{says} (`citysafety list outcomes` and {', '.join(ATTRIBUTES[:3])}, ...)")
        return of

    @model_validator(mode="after")
    def _say_one_thing(self) -> Self:
        ways = {
            "all": self.all,
            "worst": self.worst is not None,
            "worst_share": self.worst_share is not None,
            "places": self.places is not None,
            "of": self.of is not None,
        }
        given = [way for way, said in ways.items() if said]
        if len(given) != 1:
            found = " and ".join(given) or "empty"
            raise field_error((), f"is {found}; give exactly one of all: true, worst, worst_share, places or of")
        ranks = self.worst is not None or self.worst_share is not None
        if ranks and self.by is None:
            raise field_error(("by",), f"is missing; with {given[0]} name one of {', '.join(get_args(Indicator))}")
        if not ranks and self.by is not None:
            raise field_error(("by",), f"is {show(self.by)}, but nothing is ranked; remove it, or use worst or worst_share")
        for i, place in enumerate(self.places or ()):
            if place in (self.places or ())[:i]:
                raise field_error(("places", i), f"is {show(place)} a second time; name it once")
        return self

    @model_validator(mode="after")
    def _bound_what_is_named(self) -> Self:
        bounds = {"above": self.above, "below": self.below}
        given = [name for name, bound in bounds.items() if bound is not None]
        if self.of is not None and not given:
            raise field_error((), f"says nothing of {self.of}; give above, below or both")
        if self.of is None and given:
            says = f"is {show(bounds[given[0]])}, but of nothing; name it under of, such as of: poverty"
            raise field_error((given[0],), says)
        if self.above is not None and self.below is not None and not self.above < self.below:
            says = f"is {show(self.above)}, which is not under below, {show(self.below)}; no neighbourhood lies between"
            raise field_error(("above",), says)
        return self


EVERYWHERE = Target(all=True)


def target_text(where: Target) -> str:
    """Return the fields of a target that are given, as a file has them."""
    given = where.model_dump(exclude_defaults=True)
    return ", ".join(f"{field}: {show(value)}" if field != "places" else ", ".join(value) for field, value in given.items())
