"""What each part of the run shows, as parts of the report's page: an average over the horizon may hide a turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.comparison.findings import BY_NAME, reading
from experiments.comparison.phases import dropped_cuts, last_year, phase_findings, phases, window_findings
from experiments.comparison.report.tables import finding_cell
from sim.outcomes import CHARTED

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

__all__ = ["PHASED", "phases_part"]

PHASED = (*CHARTED, "cost")
"""The outcomes that are told phase by phase; the files beside the page have every one."""


def phases_part(comparison: Comparison) -> dict[str, Any]:
    """Return the table by phase and for the last year: a group of rows an outcome, a row a phase.

    No groups where the run is one phase that nobody asked for, and no longer than a year.
    """
    spans, year = phases(comparison), last_year(comparison)
    if len(spans) < 2 and not comparison.windows and year is None:
        return {"groups": [], "why": [], "dropped": [], "note": ""}
    found = phase_findings(comparison)
    of_year = {} if year is None else window_findings(comparison, year)
    groups = []
    for name in PHASED:
        shown = reading(BY_NAME[name], comparison.city.currency)
        rows = [
            (phase.label, [found[policy.name, name][place] for policy in comparison.policies])
            for place, phase in enumerate(spans)
        ]
        if year is not None:
            rows.append((year.label, [of_year[policy.name, name] for policy in comparison.policies]))
        groups.append(
            {
                "title": f"{BY_NAME[name].title}, {shown.change}",
                "rows": [{"title": label, "cells": [finding_cell(part, shown) for part in parts]} for label, parts in rows],
            }
        )
    asked = "windows that were asked for" if comparison.windows else "phases"
    return {
        "groups": groups,
        "why": [] if comparison.windows else [f"{phase.label}: {'; '.join(phase.why)}" for phase in spans[1:]],
        "dropped": [f"month {cut.month}: {'; '.join(cut.why)} ({cut.because})" for cut in dropped_cuts(comparison)],
        "note": f"The intervals of the {asked} are wide enough to hold together, for each policy and outcome; that of the "
        "last year stands alone.",
    }
