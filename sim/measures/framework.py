"""The measures of the framework, one file a pillar, and the levers that they raise."""

from __future__ import annotations

from collections.abc import Iterator

from sim.measures.declaration import Measure
from sim.measures.enforcement import ENFORCEMENT
from sim.measures.engagement import ENGAGEMENT
from sim.measures.regulation import REGULATION
from sim.measures.resilience import RESILIENCE

__all__ = ["LEVERS_OF_MEASURES", "MEASURES", "framework_measure"]

MEASURES: tuple[Measure, ...] = (*REGULATION, *ENFORCEMENT, *ENGAGEMENT, *RESILIENCE)
"""The measures of the framework."""


def _of_measures() -> Iterator[str]:
    """Yield every lever that a measure raises, by itself or as far as a condition is met or is not."""
    for measure in MEASURES:
        yield from (change.lever for change in measure.changes)
        for condition in measure.conditions.values():
            yield from (lever for lever in (condition.carries, condition.harms) if lever)


LEVERS_OF_MEASURES = (*dict.fromkeys(_of_measures()), "local_delivery", "partner_capture")
"""What measures raise, and, last, what a partner of the neighbourhood and an unsound one raise who deliver a measure."""


def framework_measure(name: str) -> Measure | None:
    """Return the measure of the framework of that row ("P-R3") or name ("liquor-hours"), or None."""
    return next((measure for measure in MEASURES if name in (measure.row, measure.name)), None)
