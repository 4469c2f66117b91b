"""The measures a policy can use, one file a pillar, and those that plugins add."""

from __future__ import annotations

from sim.added_measures import added
from sim.measures.declaration import Change, Condition, Measure
from sim.measures.framework import MEASURES, framework_measure

__all__ = ["MEASURES", "Change", "Condition", "Measure", "every_measure", "find_measure", "framework_measure"]


def every_measure() -> tuple[Measure, ...]:
    """Return the measures of the framework, then those that plugins and installed packages add."""
    from sim.plugins import load_installed

    load_installed()
    return (*MEASURES, *added())


def find_measure(name: str) -> Measure:
    """Return the measure of that row ("P-R3") or name ("liquor-hours"), of the framework or of a plugin.

    Raises
    ------
    KeyError
        If there is none.
    """
    found = framework_measure(name)
    if found is not None:
        return found
    for measure in every_measure():
        if name in (measure.row, measure.name):
            return measure
    raise KeyError(name)
