"""What a row of values does to a job: parameters, mechanisms, facts of the city, and how its measures are used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from experiments.execution.runner import Job
from experiments.sensitivity.city_facts import with_facts
from experiments.sensitivity.factors import MEASURES, MECHANISMS, STARTS, TARGETS, Factor, Kind

if TYPE_CHECKING:
    from experiments.comparison.paired import Floats
    from sim.scenario import MeasureUse, Policy

__all__ = ["Varied", "refuse_fixed"]

PREFIX: dict[Kind, str] = {"measure": MEASURES, "mechanism": MECHANISMS, "start": STARTS, "target": TARGETS}
"""What stands before the row of a measure or the name of a mechanism in the name of a factor."""


class Varied:
    """Makes jobs of rows of values.

    Parameters
    ----------
    factors
        What the values of a row stand for, in their order; the seed and the dummy are read by nothing here.
    """

    def __init__(self, factors: Sequence[Factor]) -> None:
        kinds: tuple[Kind, ...] = ("parameter", "measure", "mechanism", "start", "target", "fact")
        self._places = {
            kind: [
                (place, each.name.removeprefix(PREFIX.get(kind, "")))
                for place, each in enumerate(factors)
                if each.kind == kind
            ]
            for kind in kinds
        }

    def job(self, shared: Job, here: Floats, seed: int) -> Job:
        """Return the job of one row.

        Parameters
        ----------
        shared
            What all rows have in common; a measure that is varied is changed in every policy that uses it.
        here
            float64 [factor].
        seed
            The seed of the run.
        """
        found = {
            kind: {name: float(here[place]) for place, name in places} for kind, places in self._places.items() if places
        }
        off = [name for name, value in found.get("mechanism", {}).items() if value < 0.5]
        changed: dict[str, dict[str, float]] = {
            kind: found[kind] for kind in ("measure", "start", "target") if kind in found
        }
        return replace(
            shared,
            city=with_facts(shared.city, found["fact"]) if "fact" in found else shared.city,
            policies=tuple(_changed(policy, changed) for policy in shared.policies) if changed else shared.policies,
            seed=seed,
            parameters={**shared.parameters, **found.get("parameter", {})},
            without=(*shared.without, *off),
        )


def refuse_fixed(factors: Sequence[Factor], shared: Job) -> None:
    """Refuse what is varied and given a value at the same time.

    Raises
    ------
    InputError
        When something is both.
    """
    from sim.errors import InputError

    fixed, without = shared.parameters, shared.without
    both = [each.name for each in factors if each.name in fixed or each.name.removeprefix(MECHANISMS) in without]
    if both:
        raise InputError(f"{both[0]} is varied and given a value at the same time; leave out one of the two")


def _changed(policy: Policy, changed: Mapping[str, Mapping[str, float]]) -> Policy:
    """Return a policy whose measures are used at part of their strength, from another month on, or elsewhere."""
    return policy.model_copy(update={"measures": tuple(_use(use, changed) for use in policy.measures)})


def _use(use: MeasureUse, changed: Mapping[str, Mapping[str, float]]) -> MeasureUse:
    from sim.scenario import Target

    new: dict[str, Any] = {}
    for kind, values in changed.items():
        if use.measure not in values:
            continue
        value = values[use.measure]
        if kind == "measure":
            part = use.at(value)
            new |= {"level": part.level, "rules": part.rules}
        elif kind == "start":
            new["start"] = round(value)
        else:
            by = cast("Any", use.where.by or "homicide_rate")
            new["where"] = Target(worst_share=value, by=by, cover=use.where.cover)
    return use.model_copy(update=new) if new else use
