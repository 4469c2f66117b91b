"""Levers: what policy can pull, and how a policy becomes the table of measures in force.

A lever is a dose: 0 untouched, 1 a measure at full level in full effect. What a dose does is a parameter of the process
that reads it. Levers of flows are natural logs of the multiple of the ordinary level, and have no cap.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.measures import find_measure
from sim.measures.declaration import UNITS
from sim.outcomes import outcome_index
from sim.processes.calendar import NOT_BEGUN
from sim.state import FLOWS, City

if TYPE_CHECKING:
    from sim import scenario as schema

__all__ = ["LEVER", "LEVERS", "PROGRAMME", "enforce", "lever_caps"]

LEVERS: tuple[str, ...] = (
    "closing",
    "guns",
    "integrity",
    "patrol",
    "investigation",
    "focused",
    "mass_arrest",
    "community_policing",
    "district",
    "truce",
    "after_school",
    "interruption",
    "training",
    *(f"flow_{flow}" for flow in FLOWS),
)

LEVER = np.dtype((np.record, [(lever, np.float64) for lever in LEVERS]))

PROGRAMME = np.dtype(
    (
        np.record,
        [
            ("start", np.int64),
            ("stop", np.int64),
            ("began", np.int64),
            ("trigger", np.int64),  # outcome column, or -1
            ("worst", np.int64),  # how many worst places, or 0
            ("by", np.int64),
            ("gang", np.int64),  # whose pact with the state this is, or -1
            ("unit", np.int64),
            ("level", np.float64),
            ("ramp", np.float64),
            ("fades", np.float64),
            ("above", np.float64),
            ("unit_cost", np.float64),
            ("dose", np.float64),
        ],
    )
)

INDICATORS = ("homicide_rate", "gang_members", "extortion_share", "deprivation")
NEVER = 1_000_000


def lever_caps() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the most each lever can be: 1 for doses, 0 (no cap) for flows."""
    return np.array([0.0 if lever.startswith("flow_") else 1.0 for lever in LEVERS])


def enforce(city: City, schema_city: schema.City, policy: schema.Policy, shocks: Sequence[schema.Shock] = ()) -> City:
    """Return the city with a policy's measures, and the shocks that befall it, in force from month 0 on.

    Parameters
    ----------
    city
        The state at month 0; shared arrays are not changed.
    schema_city
        The city file, for the names of neighbourhoods and gangs.
    policy
        What is done.
    shocks
        What happens besides; the same in every arm.
    """
    entries: list[tuple[Any, Any, Any]] = []
    for use in policy.measures:
        measure = find_measure(use.measure)
        level = use.level
        for name, condition in measure.conditions.items():
            level *= 1.0 - condition.weight * (1.0 - use.conditions.get(name, 1.0))
        row = np.zeros((), dtype=PROGRAMME)
        row["start"] = use.start
        row["stop"] = NEVER if use.stop is None else use.stop
        row["trigger"] = -1 if use.trigger is None else outcome_index(use.trigger.outcome)
        row["above"] = 0.0 if use.trigger is None else use.trigger.above
        row["unit"] = UNITS.index(measure.units)
        row["gang"] = -1
        row["level"] = level
        row["ramp"] = measure.onset_months if use.ramp is None else use.ramp
        row["fades"] = measure.fades_months
        row["unit_cost"] = measure.unit_cost
        change = np.zeros(len(LEVERS))
        for lever in {each.lever for each in measure.changes}:
            change[LEVERS.index(lever)] = 1.0
        _aim(row, use.where, city)
        entries.append((row, change, _where(use.where, schema_city)))
    for shock in shocks:
        row = np.zeros((), dtype=PROGRAMME)
        row["start"] = shock.start
        row["stop"] = NEVER if shock.stop is None else shock.stop
        row["trigger"] = -1
        row["level"] = 1.0
        row["ramp"] = 1.0
        row["gang"] = -1
        change = np.zeros(len(LEVERS))
        if shock.kind == "pact":
            row["gang"] = [gang.name for gang in schema_city.gangs].index(str(shock.gang))
            row["level"] = shock.size
        else:
            change[LEVERS.index(f"flow_{shock.flow}")] = math.log(max(shock.size, 0.05))
        _aim(row, shock.where, city)
        entries.append((row, change, _where(shock.where, schema_city)))
    programme = np.zeros(len(entries), dtype=PROGRAMME)
    changes = np.zeros((len(entries), len(LEVERS)))
    where = np.zeros((len(entries), city.place.size))
    for m, (row, change, places) in enumerate(entries):
        programme[m] = row
        programme[m]["began"] = NOT_BEGUN
        changes[m] = change
        where[m] = places
    return city._replace(programme=programme, change=changes, where=where)


def _aim(row: Any, target: schema.Target, city: City) -> None:
    """Write to the row how many worst places it aims at, and by what."""
    number = target.worst or 0
    if target.worst_share is not None:
        number = max(1, round(target.worst_share * city.place.size))
    row["worst"] = number
    row["by"] = 0 if target.by is None else INDICATORS.index(target.by)


def _where(target: schema.Target, city: schema.City) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return 1 for each neighbourhood the target names; lists of worst places are drawn up when a measure begins."""
    if target.places is not None:
        return np.array([float(each.name in target.places) for each in city.neighbourhoods])
    return np.ones(len(city.neighbourhoods))
