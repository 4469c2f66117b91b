"""Which neighbourhoods a target means: those known from the city file and the settled city, before anything begins.

Lists of worst places and bounds on an outcome are looked at in the month in which a measure begins
(`sim.processes.doses`); everything else is known when a policy comes into force.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sim.enumerations import INDICATORS
from sim.outcomes import OUTCOMES, outcome_index
from sim.state import City

if TYPE_CHECKING:
    from sim import scenario as schema

Places = np.ndarray[tuple[int], np.dtype[np.float64]]

__all__ = ["aim", "looks_at_an_outcome", "places_known", "places_within"]

_OF_THE_FILE = ("poverty", "unemployment", "no_high_school", "income", "density")
"""Figures of the city file that the model does not keep as they are."""

_NAMES = frozenset(each.name for each in OUTCOMES)


def aim(row: Any, target: schema.Target, city: City) -> None:
    """Write to the row of a measure what is to be looked at when it begins, and the share of each place that it treats."""
    number = target.worst or 0
    if target.worst_share is not None:
        number = max(1, round(target.worst_share * np.count_nonzero(city.neighbourhood["population"])))
    row["worst"] = number
    row["by"] = 0 if target.by is None else INDICATORS.index(target.by)
    row["bounded"] = outcome_index(target.of) if target.of in _NAMES else -1
    row["over"] = -np.inf if target.above is None else target.above
    row["under"] = np.inf if target.below is None else target.below
    row["cover"] = target.cover


def looks_at_an_outcome(target: schema.Target) -> bool:
    """Return whether where a target acts depends on an outcome in the month in which it begins."""
    return target.of in _NAMES


def places_known(target: schema.Target, city: City, schema_city: schema.City) -> Places:
    """Return 1 for each neighbourhood that a target means, as far as it is known before it begins, else 0."""
    if target.places is not None:
        return np.array([float(each.name in target.places) for each in schema_city.neighbourhoods])
    if target.of is None or looks_at_an_outcome(target):
        return np.ones(len(schema_city.neighbourhoods))
    return _between(target, _figures(target.of, city, schema_city))


def places_within(target: schema.Target, city: City, schema_city: schema.City) -> Places:
    """Return 1 for each neighbourhood of which `of` lies within a target's bounds in the city as it is now, else 0.

    Raises
    ------
    KeyError
        When the target has no `of`.
    """
    if target.of is None:
        raise KeyError("of")
    if target.of in _NAMES:
        return _between(target, city.outcome_values[:, outcome_index(target.of)])
    return _between(target, _figures(target.of, city, schema_city))


def _figures(of: str, city: City, schema_city: schema.City) -> Places:
    """Return a figure of every neighbourhood: as the city file has it, or as it was derived where it was left out."""
    if of in _OF_THE_FILE:
        values = [getattr(each, of) for each in schema_city.neighbourhoods]
        # Where nobody lives a figure may be missing: nothing acts there anyway.
        return np.array([np.nan if value is None else float(value) for value in values])
    found: Places = city.neighbourhood[of].astype(np.float64)
    return found


def _between(target: schema.Target, values: Places) -> Places:
    above = -np.inf if target.above is None else target.above
    below = np.inf if target.below is None else target.below
    return np.array((values > above) & (values < below), dtype=np.float64)
