"""The measures a policy can use, one file a pillar."""

from __future__ import annotations

from sim.measures.declaration import Change, Condition, Measure
from sim.measures.enforcement import ENFORCEMENT
from sim.measures.engagement import ENGAGEMENT
from sim.measures.regulation import REGULATION
from sim.measures.resilience import RESILIENCE

__all__ = ["MEASURES", "Change", "Condition", "Measure", "find_measure"]

MEASURES: tuple[Measure, ...] = (*REGULATION, *ENFORCEMENT, *ENGAGEMENT, *RESILIENCE)


def find_measure(name: str) -> Measure:
    """Return the measure of that row ("P-R3") or name ("liquor-hours").

    Raises
    ------
    KeyError
        If there is none.
    """
    for measure in MEASURES:
        if name in (measure.row, measure.name):
            return measure
    raise KeyError(name)
