"""Names that releases before 0.3.0 used and what they are called now: the one list of renamed things.

A file, a setting or a call that says an old name is refused with the new one; `citysafety upgrade` rewrites files.
"""

from __future__ import annotations

__all__ = ["LEVERS", "OUTCOMES", "PARAMETERS"]

LEVERS: dict[str, str] = {
    "bare_rules": "rules_without_incentives",
    "closing": "liquor_hours",
    "allocation": "housing_allocation",
    "guns": "firearms_control",
    "integrity": "permit_integrity",
    "eviction": "slum_clearance",
    "patrol": "hot_spot_patrol",
    "focused": "focused_deterrence",
    "misread": "misidentification",
    "witness": "witness_protection",
    "watch": "community_watch",
    "mass_arrest": "mass_arrests",
    "soldiers": "military_deployment",
    "leaders": "leader_removal",
    "oversight": "police_oversight",
    "findings": "inquiry_follow_through",
    "reform": "police_reform",
    "forum": "joint_forum",
    "over_promise": "broken_promises",
    "district": "improvement_district",
    "campaign": "media_campaign",
    "women": "women_mediators",
    "linkage": "business_cooperation",
    "lawfulness": "culture_of_lawfulness",
    "compact": "shared_security_compact",
    "referral": "early_referral",
    "criminalise": "criminalisation",
    "after_school": "after_school_places",
    "mothers": "mothers_groups",
    "interruption": "violence_interruption",
    "training": "job_training",
    "expose": "reintegration",
    "shaming": "stigmatisation",
    "transform": "group_transformation",
    "housing": "housing_upgrading",
    "tenure": "secure_tenure",
    "rules_shown": "fee_transparency",
    "early_childhood": "early_childhood_support",
    "care": "care_after_shock",
    "services": "basic_services",
    "reach": "local_delivery",
    "subversion": "partner_capture",
    "damage": "disaster_damage",
    "spark": "contested_election",
    "riot": "prison_riot",
}
"""Policy levers (`sim.levers`), old name to new name."""

PARAMETERS: dict[str, str] = {}
"""Parameters (`sim.parameters`), old "process.field" to new "process.field"."""

OUTCOMES: dict[str, str] = {
    "positive_resilience": "high_resilience",
    "negative_resilience": "low_resilience",
}
"""Outcomes (`sim.outcomes`), old name to new name."""
