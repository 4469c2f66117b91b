"""What the parts of a scenario share: the kinds of a field, lists of names, and where something does not fit.

Shares run from 0 to 1, rates of killing are per 100 000 residents a year, months count from 1 (`sim.dates`).
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Iterator, Sequence
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from sim.enumerations import FLOWS, FlowName, Indicator, Market, Pillar
from sim.errors import LINE, SLUG, Step, did_you_mean, show
from sim.notebook import clipped, html_table
from sim.sources import Source

__all__ = [
    "FLOWS",
    "MOST_PLACES",
    "Amount",
    "Anchor",
    "Filed",
    "Finding",
    "FlowName",
    "Indicator",
    "Line",
    "Market",
    "Part",
    "Pillar",
    "Reason",
    "Share",
    "Shown",
    "Slug",
    "Text",
    "Tile",
    "ends_early",
    "no_neighbourhood",
    "repeats",
]

Slug = Annotated[str, Field(pattern=SLUG)]
Line = Annotated[str, Field(pattern=LINE, max_length=80)]
Text = Annotated[str, Field(max_length=4000)]
Reason = Annotated[str, Field(pattern=LINE, max_length=200)]
Share = Annotated[float, Field(ge=0, le=1)]
Anchor = Annotated[float, Field(ge=0.001, le=0.999)]
"""A share that slow states return to; its log odds are taken, so it stays off both ends."""
Amount = Annotated[float, Field(ge=0, le=1000)]
Tile = Annotated[int, Field(ge=0, le=999)]
MOST_PLACES = 2000
"""Most neighbourhoods of a city, and most places in any list of them."""

Finding = tuple[tuple[Step, ...], str]
"""Where something does not fit, and the rest of a sentence about it."""


class Part(BaseModel):
    """A part of a scenario: unknown keys, loose types and numbers that are not finite are refused; nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Shown(Part):
    """A part of a scenario that shows itself in one short line, and as a table in a notebook."""

    @abstractmethod
    def headline(self) -> str:
        """Return in one line which one this is."""

    @abstractmethod
    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the columns and the rows of the table that a notebook shows."""

    def __repr__(self) -> str:
        return clipped(f"<{type(self).__name__} {self.headline()}>")

    def __str__(self) -> str:
        return repr(self)

    def _repr_html_(self) -> str:
        """Return what a notebook shows."""
        return html_table(self.headline(), *self.overview())


class Filed(Shown):
    """A part of a scenario that has a file of its own, which later messages about it name."""

    _source: Source = PrivateAttr(default_factory=Source)

    @property
    def source(self) -> Source:
        """The file it was read from; an empty one where it was made without."""
        return self._source


def ends_early(start: int | str, stop: int | str) -> str | None:
    """Return what is wrong where a stop lies before its start; None too where a date and a number wait for a city."""
    if isinstance(start, int) and isinstance(stop, int):
        before = stop < start
    else:
        before = isinstance(start, str) and isinstance(stop, str) and stop < start
    return f"is {stop}, the last month; it must not lie before start, which is {start}" if before else None


def no_neighbourhood(name: str, where: str, known: Collection[str]) -> str:
    """Return what is wrong with a name that is no neighbourhood; `where` says of what."""
    return f"is {show(name)}, which is no neighbourhood {where}; {did_you_mean(name, known)}"


def repeats(field: str, key: str, values: Sequence[str]) -> Iterator[Finding]:
    """Yield each value that is in a list a second time."""
    first: dict[str, int] = {}
    for i, value in enumerate(values):
        if value in first:
            yield (field, i, key), f"is {show(value)}, as is {field}[{first[value]}].{key}; give each its own {key}"
        first.setdefault(value, i)
