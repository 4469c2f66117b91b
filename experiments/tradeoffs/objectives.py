"""What trade-offs are judged by: objectives that have a better side, a budget, and the least gain that would satisfy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from experiments.tradeoffs.factorial import scorable

if TYPE_CHECKING:
    from sim.outcomes import Outcome

__all__ = ["checked_objectives", "refuse_limits"]


def checked_objectives(names: Sequence[str]) -> list[Outcome]:
    """Return the outcomes of these names, each with a better side; refuse none at all, and one named twice."""
    from sim.errors import InputError

    if not names:
        raise InputError("--objectives is empty; name at least one outcome to improve")
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InputError(f"--objectives names {name} twice; keep one")
    return [scorable(name) for name in names]


def refuse_limits(budget: float | None, thresholds: Mapping[str, float], objectives: Sequence[Outcome]) -> None:
    """Refuse a budget or a threshold that is none, and a threshold of what is no objective."""
    from sim.errors import InputError

    if budget is not None and not (np.isfinite(budget) and budget >= 0):
        raise InputError(f"--budget is {budget:g}; give millions a year, zero or more")
    known = [outcome.name for outcome in objectives]
    for name, value in thresholds.items():
        if name not in known:
            raise InputError(f"--threshold {name}: is no objective of this study; it has {', '.join(known)}")
        if not np.isfinite(value):
            raise InputError(f"--threshold {name} is {value}; give a finite number")
