"""What a policy's response owes to each mechanism: the comparison once more without it, over the same futures.

    response_r = horizon mean with the policy in future r - horizon mean without it
    owed_r     = response_r with every mechanism - response_r without this one
    low, high  = 95 % interval of the mean of owed_r
    verdict    = clear, small and the others of `experiments.comparison.paired`: what matters is the outcome's least effect

A mechanism is switched off from the time on when the city settles, so anchored levels stand and what changes is how the
city answers. Levels that no anchor holds move too; they are told beside the responses. Two mechanisms off at once are not
the sum of each alone: what is owed is owed with all others at work.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from experiments.comparison.findings import BY_NAME
from experiments.comparison.own_outcomes import own_outcome
from experiments.comparison.paired import CLEAR, Floats, judged
from experiments.comparison.windows import check_windows
from experiments.execution.execution import Execution
from experiments.execution.extensions import take_extensions
from experiments.execution.runner import jobs_of
from experiments.store.runs import run_means
from sim.outcomes import STUDIED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.execution.extensions import StudySettings
    from experiments.store.runs import Window
    from sim.mechanisms import Mechanism
    from sim.scenario import CityLike, PolicyLike

__all__ = ["ablate"]

"""The outcomes that are asked about when none is named."""


def ablate(
    city: CityLike,
    policy: PolicyLike,
    *,
    outcomes: Sequence[str] = STUDIED,
    mechanisms: Sequence[str] | None = None,
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> pd.DataFrame:
    """Compare a policy's response with each mechanism and without it.

    Parameters
    ----------
    city, policy
        Where, and what is done, by name, path or object; the reference is a city in which nothing is done.
    outcomes
        Names of outcomes.
    mechanisms
        Names of mechanisms, each switched off alone; None means all of them.
    window
        First and last month, from 1, over which outcomes are averaged; the whole horizon when left out.
    execution, settings
        As for `experiments.comparison.compare.compare`; mechanisms in `without` are off on both sides. Outcomes of one's
        own (`outputs`) have rows after the others.

    Returns
    -------
    DataFrame
        One row for each mechanism and outcome: mechanism, title, outcome, unit, drives (whether the mechanism claims to
        drive the outcome); level, level_without (means of the reference); response, response_without (mean paired
        differences of policy and reference); owed, low, high (their difference with its 95 % interval); share (owed over
        response), clear, verdict, moved (in how many futures anything is owed).

    Raises
    ------
    InputError
        When a value cannot be run, or a name is unknown.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    import pandas as pd

    from sim.scenario import assemble

    names = _known(outcomes)
    extensions, given = take_extensions(settings, execution)
    told = [*(BY_NAME[name] for name in names), *map(own_outcome, extensions.names)]
    scenario = assemble(city, ("baseline", policy), source="ablation", **given)
    chosen = _chosen(mechanisms, scenario.without)
    if window is not None:
        check_windows([window], scenario.months)
    whole_jobs = jobs_of(scenario, study="ablate", extensions=extensions)
    jobs = list(whole_jobs)
    for mechanism in chosen:
        jobs += [replace(job, without=(*job.without, mechanism.name)) for job in whole_jobs]
    # All rounds at once, so that the store and the workers see one study; float64 [round, replication, arm, outcome].
    months = window or (1, scenario.months)
    found = run_means(jobs, execution or Execution(), outcomes=names, window=months).means
    rounds = found.reshape(1 + len(chosen), len(whole_jobs), 2, len(told))
    rows = [
        _row(mechanism, outcome, rounds[0, :, :, place].T, rounds[number, :, :, place].T)
        for number, mechanism in enumerate(chosen, start=1)
        for place, outcome in enumerate(told)
    ]
    return pd.DataFrame(rows)


def _row(mechanism: Mechanism, outcome: Any, whole: Floats, part: Floats) -> dict[str, Any]:
    """Return one row; whole, part: float64 [arm, replication], with every mechanism and without this one."""
    response, response_without = whole[1] - whole[0], part[1] - part[0]
    owed = response - response_without
    mean, level = float(owed.mean()), float(whole[0].mean())
    told = judged(owed, max(outcome.least * abs(level), outcome.floor))
    return {
        "mechanism": mechanism.name,
        "title": mechanism.title,
        "outcome": outcome.name,
        "unit": outcome.unit,
        "drives": outcome.name in mechanism.drives,
        "level": level,
        "level_without": float(part[0].mean()),
        "response": float(response.mean()),
        "response_without": float(response_without.mean()),
        "owed": mean,
        "low": float(told["low"]),
        "high": float(told["high"]),
        "share": mean / float(response.mean()) if response.mean() != 0.0 else float("nan"),
        "clear": str(told["verdict"]) == CLEAR,
        "verdict": str(told["verdict"]),
        "moved": int(np.count_nonzero(owed)),
    }


def _chosen(names: Sequence[str] | None, without: Sequence[str]) -> list[Mechanism]:
    """Return the mechanisms of those names, all that are at work where None is given."""
    from sim.errors import InputError, did_you_mean
    from sim.mechanisms import MECHANISMS, find_mechanism

    if names is None:
        return [each for each in MECHANISMS if each.name not in without]
    known = [each.name for each in MECHANISMS]
    for name in names:
        if name not in known:
            raise InputError(f"mechanism {name} is unknown; {did_you_mean(name, known)}")
        if name in without:
            raise InputError(f"mechanism {name} is switched off on both sides; leave it out of one of the two lists")
    return [find_mechanism(name) for name in names]


def _known(outcomes: Sequence[str]) -> list[str]:
    """Return the names of outcomes, all of them known."""
    from sim.errors import InputError, did_you_mean
    from sim.outcomes import OUTCOMES

    known = [each.name for each in OUTCOMES]
    for name in outcomes:
        if name not in known:
            raise InputError(f"outcome {name} is unknown; {did_you_mean(name, known)}")
    return list(outcomes)
