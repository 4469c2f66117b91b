"""Everything a run reports, declared once: name, unit, how it is averaged, which way is better, where reports show it.

Every outcome is a level or a yearly rate, so its average over any period is the plain mean of its months, and its city
value is the sum over neighbourhoods or a mean weighted by residents or by expected killings. Rates of killing are
expectations (the sum of hazards before the draw): a difference of a few per cent shows in them and drowns in counts;
`homicides` counts what happened. Rows I01-I12 of the framework.

All outcomes are read over the same months: the whole run, or the window that is asked for. None has a window of its own,
because figures of different outcomes are set against each other: parts are added up to their whole, costs are divided by
killings averted, and a gain in one outcome is compared with a harm in another.
"""

from __future__ import annotations

import numpy as np

from sim.enumerations import AGENCIES, MARKET_FIGURES, MARKETS
from sim.outcomes.declaration import Outcome
from sim.outcomes.detail_groups import DETAIL
from sim.outcomes.main_groups import MAIN

__all__ = [
    "AGENCY_COLUMNS",
    "CHARTED",
    "DETAIL_GROUPS",
    "HEADLINES",
    "MAIN_GROUPS",
    "MARKET_COLUMNS",
    "OUTCOME",
    "OUTCOMES",
    "STUDIED",
    "Outcome",
    "in_group",
    "outcome_index",
    "outcome_weights",
    "parts_of",
]

SUM = -2
RESIDENTS = -1

MAIN_GROUPS = tuple(MAIN)
"""The topics of the main table of a report, in their order."""
DETAIL_GROUPS = tuple(DETAIL)
"""The topics that reports show below it, in their order."""

OUTCOMES: tuple[Outcome, ...] = tuple(
    outcome._replace(group=group) for listed in (MAIN, DETAIL) for group, here in listed.items() for outcome in here
)

STUDIED = tuple(each.name for each in OUTCOMES if each.studied)
"""Names of the outcomes that studies ask about where nothing else is asked for."""
CHARTED = tuple(each.name for each in sorted(OUTCOMES, key=lambda each: not each.studied) if each.charted)
"""Names of the outcomes that have figures of their own, those of studies first."""
HEADLINES = (*CHARTED, *(each.name for each in OUTCOMES if each.headline and not each.charted))
"""Names of the outcomes that overviews and texts tell, those with figures first."""

OUTCOME = np.dtype((np.record, [(outcome.name, np.float64) for outcome in OUTCOMES]))

_INDEX = {outcome.name: column for column, outcome in enumerate(OUTCOMES)}

AGENCY_COLUMNS = tuple(_INDEX[f"paid_by_{agency}"] for agency in AGENCIES)
"""The columns of what each agency pays."""
MARKET_COLUMNS = tuple(tuple(_INDEX[f"{market}_{figure}"] for figure in MARKET_FIGURES) for market in MARKETS)
"""The columns of the figures of each market: by market, then by figure."""


def outcome_index(name: str) -> int:
    """Return the column of an outcome.

    Raises
    ------
    KeyError
        If there is no outcome of that name.
    """
    return _INDEX[name]


def in_group(group: str) -> tuple[Outcome, ...]:
    """Return the outcomes of one group, in their order; none where no outcome is in a group of that name."""
    return tuple(each for each in OUTCOMES if each.group == group)


def parts_of(whole: str) -> tuple[Outcome, ...]:
    """Return the outcomes that add up to another, in their order; none for one that is not divided into parts."""
    return tuple(each for each in OUTCOMES if each.part_of == whole)


def outcome_weights() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return how each outcome is averaged over neighbourhoods: SUM, RESIDENTS, or the column that weighs it."""
    kinds = {"sum": SUM, "residents": RESIDENTS, "killings": _INDEX["killings_expected"]}
    return np.array([kinds[outcome.weight] for outcome in OUTCOMES], dtype=np.int64)
