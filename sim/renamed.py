"""Names that releases before 0.3.0 used and what they are called now: the one list of renamed things.

A file, a setting or a call that says an old name is refused with the new one (`sim.faults.did_you_mean`). `citysafety
upgrade` rewrites files, and stores of earlier versions are read under the new names. No new name is also an old one, so a
name means the same whichever version wrote it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

__all__ = ["LEVERS", "OUTCOMES", "PARAMETERS", "SCHEMA", "new_name", "new_names", "old_names", "table_of", "with_new_names"]

SCHEMA = 2
"""Number of the form of city, policy, shock, case and scenario files: the value of their key `schema`."""

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

_HOLDERS: dict[str, Mapping[str, str]] = {
    **dict.fromkeys(("outcome", "outcomes", "plus", "over", "times", "objectives", "thresholds"), OUTCOMES),
    **dict.fromkeys(("parameters", "vary", "draw"), PARAMETERS),
    **dict.fromkeys(("changes", "lever", "levers", "carries", "harms"), LEVERS),
}
"""The keys of a file whose value, or whose keys or items, are names, and the table in which these are looked up."""


def table_of(key: str | None) -> Mapping[str, str]:
    """Return the table for the names that a key of a file holds; an empty one where it holds none."""
    return _HOLDERS.get(key or "", {})


def new_name(word: str) -> str | None:
    """Return what an old name is called now, whatever it names; None where it is no old name.

    A pattern over the parameters of one process, such as "violence.*", is translated where all of them moved together.
    """
    found = next((table[word] for table in (PARAMETERS, OUTCOMES, LEVERS) if word in table), None)
    if found is None and word.endswith(".*"):
        processes = {new.partition(".")[0] for old, new in PARAMETERS.items() if old.startswith(word[:-1])}
        found = f"{processes.pop()}.*" if len(processes) == 1 else None
        found = None if found == word else found
    return found


def with_new_names(value: Any, key: str | None = None) -> Any:
    """Return what a file holds with every old name replaced; texts for people stay as they are.

    Parameters
    ----------
    value
        What the file holds: mappings, lists and scalars.
    key
        The key that the value belongs to.
    """
    table = table_of(key)
    if isinstance(value, Mapping):
        return {table.get(name, name): with_new_names(each, name) for name, each in value.items()}
    if isinstance(value, list):
        return [with_new_names(each, key) for each in value]
    return table.get(value, value) if isinstance(value, str) else value


def old_names(value: Any, key: str | None = None) -> Iterator[tuple[str, str]]:
    """Yield each old name that a file holds, with its new name, as often as it occurs; parameters as `with_new_names`."""
    table = table_of(key)
    if isinstance(value, Mapping):
        for name, each in value.items():
            if name in table:
                yield name, table[name]
            yield from old_names(each, name)
    elif isinstance(value, list):
        for each in value:
            yield from old_names(each, key)
    elif isinstance(value, str) and value in table:
        yield value, table[value]


def new_names(columns: Iterable[str]) -> list[str]:
    """Return the names of columns of a table with the outcomes among them called as they are now."""
    return [OUTCOMES.get(each, each) for each in columns]
