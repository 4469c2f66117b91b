"""The tables by which levels change: what a policy plans by month, and the rules by which measures go to other levels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from sim.dates import month_number
from sim.outcomes import outcome_index
from sim.state import make_table

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.state import City, views
    from sim.state.views import Table

__all__ = ["CONDITION", "LEVEL_CHANGE", "MOST_MADE", "RULE", "keep_history", "list_levels"]

MOST_MADE = 240
"""Most changes of level that the rules of one measure can make in a run; after the last one the level stays."""

LEVEL_CHANGE = np.dtype((np.record, [("month", np.int64), ("level", np.float64)]))

RULE = np.dtype(
    (
        np.record,
        [
            ("level", np.float64),  # to which it brings the measure
            ("first_condition", np.int64),  # rows first_condition .. last_condition - 1 of `conditions`
            ("last_condition", np.int64),
        ],
    )
)

CONDITION = np.dtype(
    (
        np.record,
        [
            ("outcome", np.int64),
            ("above", np.int64),  # 1 where the outcome is to lie above the value, 0 where below
            ("months", np.int64),  # for how many months
            ("held", np.int64),  # for how many it has been so
            ("value", np.float64),
        ],
    )
)


class LevelTables(TypedDict):
    """The tables, as the state of a city names them."""

    level_changes: Table[views.LevelChange]
    rules: Table[views.Rule]
    conditions: Table[views.Condition]


def list_levels(programme: Table[views.Measure], policy: schema.Policy, city: schema.City) -> LevelTables:
    """Return the tables of a policy, and write to the rows of its measures where theirs are.

    Parameters
    ----------
    programme
        The measures in force, those of the policy first.
    policy
        The policy.
    city
        The city file, for dates.
    """
    changes: list[tuple[int, float]] = []
    rules: list[tuple[float, int, int]] = []
    conditions: list[tuple[int, int, int, int, float]] = []
    for m, use in enumerate(policy.measures):
        row = programme[m]
        planned = _planned(use, city)
        row["first_change"], row["last_change"] = len(changes), len(changes) + len(planned)
        changes += planned + [(0, 0.0)] * (MOST_MADE if use.rules else 0)
        row["end_of_changes"] = len(changes)
        row["first_rule"] = len(rules)
        for rule in use.rules:
            first = len(conditions)
            conditions += [
                (outcome_index(each.outcome), int(each.is_above), each.months, 0, each.value) for each in rule.conditions
            ]
            rules.append((rule.level, first, len(conditions)))
        row["last_rule"] = len(rules)
        row["reads_every"] = {"monthly": 1, "quarterly": 3}[use.read]
        row["dated"] = int(bool(use.rules) or (isinstance(use.level, dict) and isinstance(next(iter(use.level)), str)))
    return {
        "level_changes": _table(changes, LEVEL_CHANGE),
        "rules": _table(rules, RULE),
        "conditions": _table(conditions, CONDITION),
    }


def keep_history(fresh: City, new: int, state: City, old: int) -> None:
    """Copy what has become of a measure into a city under another plan, and leave what that plan says of it.

    Parameters
    ----------
    fresh, new
        The city under the new plan, and the measure's row there.
    state, old
        The running city, and its row there.
    """
    row, before = fresh.programme[new], state.programme[old]
    planned = {name: row[name] for name in ("stop", "first_change", "end_of_changes", "first_rule", "last_rule")}
    changes = state.level_changes[int(before["first_change"]) : int(before["last_change"])]
    first = int(row["first_change"])
    fresh.level_changes[first : first + changes.size] = changes
    for rule, past in zip(
        fresh.rules[int(row["first_rule"]) : int(row["last_rule"])],
        state.rules[int(before["first_rule"]) : int(before["last_rule"])],
        strict=True,
    ):
        held = state.conditions["held"][int(past["first_condition"]) : int(past["last_condition"])]
        fresh.conditions["held"][int(rule["first_condition"]) : int(rule["last_condition"])] = held
    fresh.programme[new] = before
    for name, value in planned.items():
        fresh.programme[new][name] = value
    fresh.programme[new]["last_change"] = first + changes.size
    fresh.where[new] = state.where[old]


def _planned(use: schema.MeasureUse, city: schema.City) -> list[tuple[int, float]]:
    """Return the changes of a measure's level: months since its first one, or of the run counted from 0, with the level."""
    if not isinstance(use.level, dict):
        return []
    months = [month if isinstance(month, int) else month_number(month, city.begins) - 1 for month in use.level]
    return list(zip(months, use.level.values(), strict=True))[1:]


def _table(rows: Sequence[tuple[float, ...]], fields: np.dtype[Any]) -> Table[Any]:
    """Return a table with these rows."""
    table = make_table(len(rows), fields)
    table[:] = np.array(rows, dtype=fields)
    return table
