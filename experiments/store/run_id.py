"""Names of runs by what they are: the same inputs and the same model have the same id, on any machine, in any order.

    id = blake2b-128 of JSON with sorted keys: city, policy, shocks, without, months, scale, parameters, seed,
         model, measures, mechanisms, outcomes, and the rule of the user's own where there is one

Cities, policies and shocks enter by the hash of their canonical text, floats by `float.hex`, the model by the hash of what
it does (`sim.identity`): no comment, description, new outcome or measure that a run does not use changes its id. The
measures that the policy uses and the mechanisms that are switched off enter by what they declare, and outcomes only where a
trigger or a target names them. Parameters and switched-off mechanisms have no order; shocks have one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pydantic import BaseModel

    from experiments.execution.runner import Job
    from sim.scenario import Policy, Shock

__all__ = ["part_hash", "run_ids"]

SCHEME = 2
"""Number of the recipe below; it rises when the recipe changes, and every id with it."""

LARGEST_MEMORY = 4096

_remembered: dict[int, tuple[BaseModel, str]] = {}


def run_ids(job: Job) -> tuple[str, ...]:
    """Return the ids of a job's arm-runs, in the order of its policies.

    Parameters
    ----------
    job
        What would be run.

    Returns
    -------
    tuple of str
        32 hexadecimal digits for each policy. No id depends on the job's other policies.
    """
    from sim.identity import mechanism_hash, model_hash

    shared: dict[str, Any] = {
        "scheme": SCHEME,
        "model": model_hash(),
        "city": part_hash(job.city),
        "mechanisms": {name: mechanism_hash(name) for name in job.without},
        "months": job.months,
        "scale": float(job.scale).hex(),
        "parameters": {name: float(value).hex() for name, value in job.parameters.items()},
        "seed": job.seed,
    }
    if job.extensions.rule is not None:
        shared["rule"] = job.extensions.rule.code.digest
    # Written once for all arms: parameters are most of it.
    texts = _texts(shared)
    return tuple(_digest(texts | _texts(_of_arm(policy, job.shocks_of(arm)))) for arm, policy in enumerate(job.policies))


def part_hash(part: BaseModel) -> str:
    """Return 32 hexadecimal digits that stand for everything a city, policy or shock says.

    Parts never change, so the hash of one that was seen is remembered for as long as there are not too many.
    """
    known = _remembered.get(id(part))
    if known is not None and known[0] is part:
        return known[1]
    found = _hash(part.model_dump(mode="json"))
    if len(_remembered) >= LARGEST_MEMORY:
        _remembered.clear()
    _remembered[id(part)] = (part, found)
    return found


def _of_arm(policy: Policy, shocks: Sequence[Shock]) -> dict[str, Any]:
    """Return what an arm adds to the id of a run: policy and shocks, the measures used, and the outcomes that these name."""
    from sim.identity import measure_hash, outcome_hashes, own_measure_hash

    known = outcome_hashes()
    named = {use.trigger.outcome for use in policy.measures if use.trigger is not None}
    named |= {each.outcome for use in policy.measures for rule in use.rules for each in rule.conditions}
    targets = (*(shock.where for shock in shocks), *(use.where for use in policy.measures))
    named |= {str(name) for target in targets for name in (target.by, target.of) if name in known}
    return {
        "shocks": [part_hash(shock) for shock in shocks],
        "policy": part_hash(policy),
        "measures": {
            use.measure: measure_hash(use.measure) if use.own is None else own_measure_hash(use.own)
            for use in policy.measures
        },
        "outcomes": {name: known[name] for name in sorted(named)},
    }


def _hash(values: Mapping[str, Any]) -> str:
    return _digest(_texts(values))


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Return each value of a mapping as canonical JSON."""
    return {
        key: json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False) for key, value in values.items()
    }


def _digest(texts: Mapping[str, str]) -> str:
    """Return the hash of the JSON of a mapping, given that of each of its values."""
    members = (f"{json.dumps(key, ensure_ascii=False)}:{texts[key]}" for key in sorted(texts))
    return hashlib.blake2b(f"{{{','.join(members)}}}".encode(), digest_size=16).hexdigest()
