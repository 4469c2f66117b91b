"""What became of the measures and shocks of a run: when each began, where it acted, what it was asked for, how it ended."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from sim.levers import NEVER
from sim.processes.policy_delivery import NOT_BEGUN
from sim.state import City

__all__ = ["InForce", "was_in_force"]


class InForce(NamedTuple):
    """What became of one measure or shock in one run.

    Attributes
    ----------
    began
        First month in which it was in force, counted from 1; None if it never began.
    cut
        Whether an election ended it.
    places
        The neighbourhoods that were chosen when it began, as the worst or within bounds, by their place in the city file's
        list, counted from 0; empty where it acts everywhere or in named places, and where it never began.
    levels
        The level asked for from a month on, as pairs of the month, counted from 1, and the level: when it began, at each
        change of level that the run saw, and 0 in the month after its last.
    """

    began: int | None
    cut: bool
    places: tuple[int, ...]
    levels: tuple[tuple[int, float], ...] = ()


def was_in_force(city: City, measures: int, shocks: int, months: int) -> tuple[InForce, ...]:
    """Read from a city at the end of a run what became of its measures, then of its shocks.

    Parameters
    ----------
    city
        The state, with the table that `enforce` made.
    measures, shocks
        How many there are of each; the elections that stand between them are left out.
    months
        How many months the run had.
    """
    acted = []
    for m in (*range(measures), *range(city.programme.size - shocks, city.programme.size)):
        row = city.programme[m]
        has_begun = int(row["began"]) != NOT_BEGUN
        is_aimed = has_begun and (int(row["worst"]) > 0 or int(row["bounded"]) >= 0)
        places = tuple(int(i) for i in np.flatnonzero(city.where[m])) if is_aimed else ()
        levels = _levels_asked(city, row, months) if has_begun else ()
        acted.append(InForce(int(row["began"]) + 1 if has_begun else None, bool(row["cut"]), places, levels))
    return tuple(acted)


def _levels_asked(city: City, row: Any, months: int) -> tuple[tuple[int, float], ...]:
    """Return the level of a measure that has begun from each month on in which it changed, months from 1."""
    began = int(row["began"])
    asked = {began: float(row["level"])}
    for change in city.level_changes[int(row["first_change"]) : int(row["last_change"])]:
        month = int(change["month"]) + (0 if row["dated"] else began)
        asked[max(month, began)] = float(change["level"])
    over = min(int(row["stop"]), int(row["cut_in"]) if row["cut"] else NEVER)
    levels = {month: level for month, level in asked.items() if month < min(over, months)}
    if over < months:
        levels[max(over, began)] = 0.0
    return tuple((month + 1, level) for month, level in levels.items())
