"""What a comparison refuses before anything runs: arms of the same name, and results that are too many to keep."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    from sim.scenario import Policy, Scenario

__all__ = ["LARGEST_RESULTS", "refuse_repeated", "refuse_too_large"]

LARGEST_RESULTS = 4_000_000_000
"""Bytes of results that one comparison may keep in memory."""


def refuse_repeated(arms: Sequence[Policy]) -> None:
    """Raise when two arms share a name: results are told apart by it."""
    from sim.errors import InputError

    names = [arm.name for arm in arms]
    for place, name in enumerate(names):
        if name in names[:place]:
            role = "is the reference itself" if name == names[0] else "is named twice"
            raise InputError(f"policy {name} {role}; compare policies of different names")


def refuse_too_large(scenario: Scenario) -> None:
    """Raise before a run whose results could not be kept."""
    from sim.errors import InputError

    months, replications = scenario.months, scenario.replications
    rows = months + -(-months // 12) * len(scenario.city.neighbourhoods)
    size = 4 * len(scenario.policies) * replications * rows * len(OUTCOMES)
    if size > LARGEST_RESULTS:
        most = replications * LARGEST_RESULTS // size
        raise InputError(f"replications is {replications}: too many results to keep; ask for {most} at most")
