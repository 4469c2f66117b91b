"""A comparison as JSON can hold it: levels, paired differences, and false comfort, over the whole horizon and by phase."""

from __future__ import annotations

from typing import Any

import numpy as np

from experiments.comparison.compare import Comparison
from experiments.comparison.costs import costs_object
from experiments.comparison.fitted import fit_object, off_levels
from experiments.comparison.notes import notes
from experiments.comparison.own_outcomes import own_outcome
from experiments.comparison.paired import Floats, differences, levels, plain
from experiments.comparison.phase_text import phases_object
from experiments.comparison.plan_text import plan_object, shocks_object
from experiments.comparison.side_effects import by_arm, comfort_object
from sim.outcomes import HEADLINES, OUTCOMES, Outcome

__all__ = ["levels_object", "neighbourhoods_object", "summary_object"]


def summary_object(comparison: Comparison) -> dict[str, Any]:
    """Return what `citysafety compare --json` prints; what is undefined (an interval of one future) is None."""
    outcomes = {
        outcome.name: {"unit": outcome.unit, "better": outcome.better}
        | _arms(comparison, comparison.horizon_means[..., column], outcome)
        for column, outcome in enumerate(OUTCOMES)
    }
    comfort = comfort_object(by_arm(comparison.horizon_means, [policy.name for policy in comparison.policies]))
    outcomes |= {
        name: {"unit": own_outcome(name).unit, "better": "neither"} | _arms(comparison, means, own_outcome(name))
        for name, means in comparison.own.items()
    }
    found = {"outcomes": outcomes, "costs": costs_object(comparison), "false_comfort": comfort}
    return _heading(comparison) | found | {"by_phase": phases_object(comparison, HEADLINES)}


NOBODY = {"residents": 0}
"""What stands for a neighbourhood without residents, which has no rates."""


def neighbourhoods_object(comparison: Comparison) -> dict[str, Any]:
    """Return, by outcome kept by neighbourhood and by neighbourhood, what `summary_object` returns for the city."""
    found: dict[str, Any] = {}
    for column, outcome in enumerate(OUTCOMES):
        means = comparison.place_means[..., column]
        if not np.isnan(means).all():
            found[outcome.name] = {
                neighbourhood.name: _arms(comparison, means[:, :, place], outcome) if neighbourhood.population else NOBODY
                for place, neighbourhood in enumerate(comparison.city.neighbourhoods)
            }
    return found


def levels_object(comparison: Comparison) -> dict[str, Any]:
    """Return what `citysafety run --json` prints: the levels of the reference, compared with nothing."""
    means = comparison.horizon_means[0]
    outcomes = {
        outcome.name: {"unit": outcome.unit, "better": outcome.better} | plain(levels(means[:, column]))
        for column, outcome in enumerate(OUTCOMES)
    }
    outcomes |= {
        name: {"unit": own_outcome(name).unit, "better": "neither"} | plain(levels(own[0]))
        for name, own in comparison.own.items()
    }
    return _heading(comparison) | {"policy": comparison.against.name, "outcomes": outcomes}


def _heading(comparison: Comparison) -> dict[str, Any]:
    names = ("months", "replications", "seed", "scale")
    how = {name: getattr(comparison, name) for name in names}
    heading: dict[str, Any] = {"city": comparison.city.name} | how | {"without": list(comparison.without)}
    plans = {policy.name: plan_object(comparison, arm) for arm, policy in enumerate(comparison.arms)}
    heading["fit"] = fit_object(comparison.city, off_levels(comparison))
    return (
        heading
        | {"currency": comparison.city.currency, "plans": plans, "shocks": shocks_object(comparison)}
        | {"notes": notes(comparison)}
    )


def _arms(comparison: Comparison, means: Floats, outcome: Outcome) -> dict[str, Any]:
    """Return level and difference of every arm in one outcome; means: float64 [arm, replication]."""
    policies = {}
    for arm, policy in enumerate(comparison.policies, start=1):
        found = plain(differences(means[arm], means[0], [outcome]))
        del found["share_higher"]
        policies[policy.name] = plain(levels(means[arm])) | {"difference": found}
    return {"baseline": plain(levels(means[0])), "policies": policies}
