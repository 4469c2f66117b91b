"""The outcomes that texts and overviews lead with; `sim.outcomes` has them all."""

from __future__ import annotations

__all__ = ["HEADLINES"]

HEADLINES = (
    "homicide_rate",
    "criminal_governance_index",
    "gang_members",
    "recruits",
    "extortion_share",
    "prisoners",
    "police_killings",
    "state_legitimacy",
    "police_legitimacy",
    "collective_efficacy",
    "clearance",
    "reporting",
    "homicide_gap",
    "cost",
)
"""Their names, in the order in which they are told."""
