"""What a policy's response owes to each mechanism: the comparison once more without it, over the same futures.

    response_r = horizon mean with the policy in future r - horizon mean without it
    owed_r     = response_r with every mechanism - response_r without this one
    low, high  = 95 % interval of the mean of owed_r
    clear      = the interval leaves out zero, and the mean is at least LEAST of the level with every mechanism

A mechanism is switched off from the time on when the city settles, so anchored levels stand and what changes is how the
city answers. Levels that no anchor holds move too; they are told beside the responses. Two mechanisms off at once are not
the sum of each alone: what is owed is owed with all others at work.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from experiments.comparison.paired import Floats, t_quantile
from experiments.execution.runner import ExecutorName, Job, Progress, replication_seed, run_jobs

if TYPE_CHECKING:
    import pandas as pd

    from sim.mechanisms import Mechanism
    from sim.named import CityLike, PolicyLike, ShockLike

__all__ = ["LEAST", "TOPICS", "ablate"]

LEAST = 0.01
"""The least that counts, as a share of the outcome's level."""

TOPICS = ("homicide_rate", "criminal_governance_index")
"""The outcomes that are asked about when none is named."""


def ablate(
    city: CityLike,
    policy: PolicyLike,
    *,
    outcomes: Sequence[str] = TOPICS,
    mechanisms: Sequence[str] | None = None,
    months: int = 120,
    replications: int = 20,
    seed: int = 1,
    scale: float | Literal["auto"] = "auto",
    workers: int | None = None,
    executor: ExecutorName = "threads",
    parameters: Mapping[str, float] | None = None,
    shocks: Sequence[ShockLike] | ShockLike = (),
    progress: Progress | None = None,
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
    months, replications, seed, scale, workers, executor, parameters, shocks
        As for `experiments.comparison.compare.compare`.
    progress
        Called with the share done, 0 to 1; returning False cancels.

    Returns
    -------
    DataFrame
        One row for each mechanism and outcome: mechanism, title, outcome, unit, drives (whether the mechanism claims to
        drive the outcome); level, level_without (means of the reference); response, response_without (mean paired
        differences of policy and reference); owed, low, high (their difference with its 95 % interval); share (owed over
        response), clear.

    Raises
    ------
    InputError
        When a value cannot be run, or a name is unknown.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when `progress` returned False.
    """
    import pandas as pd

    from experiments.execution.runner import refuse_failed
    from sim.named import find_city, find_policies, find_shocks
    from sim.outcomes import OUTCOMES, outcome_index
    from sim.run import automatic_scale
    from sim.scenario import assemble

    city, shocks = find_city(city), find_shocks(shocks)
    chosen = _chosen(mechanisms)
    columns = [outcome_index(name) for name in _known(outcomes)]
    arms = find_policies(("baseline", policy))
    given = dict(parameters or {})
    assemble(
        city,
        arms,
        shocks=shocks,
        months=months,
        replications=replications,
        seed=seed,
        scale=scale,
        parameters=given,
        source="ablation",
    )
    used = automatic_scale(city, months, replications * len(arms)) if scale == "auto" else float(scale)
    seeds = [replication_seed(seed, replication) for replication in range(replications)]
    rounds = 1 + len(chosen)

    def means(number: int, without: tuple[str, ...]) -> Floats:
        """Return the horizon means of one round of futures: float64 [arm, replication, outcome]."""
        jobs = [
            Job(
                city=city,
                policies=arms,
                seed=each,
                months=months,
                scale=used,
                parameters=given,
                shocks=tuple(shocks),
                without=without,
            )
            for each in seeds
        ]
        part: Progress | None = None
        if progress is not None:
            tell = progress
            part = lambda share: tell((number + share) / rounds)  # noqa: E731 (a function of two lines reads no better)
        answers = run_jobs(jobs, executor=executor, workers=workers, progress=part)
        refuse_failed(answers)
        monthly = [[result.city_monthly[:, columns].mean(axis=0, dtype=np.float64) for result in a.results] for a in answers]
        return np.array(monthly).transpose(1, 0, 2)

    whole = means(0, ())
    rows = [
        _row(mechanism, OUTCOMES[column], whole[:, :, place], part[:, :, place])
        for number, mechanism in enumerate(chosen, start=1)
        for part in [means(number, (mechanism.name,))]
        for place, column in enumerate(columns)
    ]
    return pd.DataFrame(rows)


def _row(mechanism: Mechanism, outcome: Any, whole: Floats, part: Floats) -> dict[str, Any]:
    """Return one row; whole, part: float64 [arm, replication], with every mechanism and without this one."""
    response, response_without = whole[1] - whole[0], part[1] - part[0]
    owed = response - response_without
    mean = float(owed.mean())
    margin = float("nan")
    if len(owed) > 1:
        margin = t_quantile(len(owed) - 1) * float(owed.std(ddof=1)) / len(owed) ** 0.5
    level = float(whole[0].mean())
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
        "low": mean - margin,
        "high": mean + margin,
        "share": mean / float(response.mean()) if response.mean() != 0.0 else float("nan"),
        "clear": bool(abs(mean) > margin and abs(mean) >= LEAST * abs(level)),
    }


def _chosen(names: Sequence[str] | None) -> list[Mechanism]:
    """Return the mechanisms of those names, all where None is given."""
    from sim.faults import InputError, did_you_mean
    from sim.mechanisms import MECHANISMS, find_mechanism

    if names is None:
        return list(MECHANISMS)
    known = [each.name for each in MECHANISMS]
    for name in names:
        if name not in known:
            raise InputError(f"mechanism {name} is unknown; {did_you_mean(name, known)}")
    return [find_mechanism(name) for name in names]


def _known(outcomes: Sequence[str]) -> list[str]:
    """Return the names of outcomes, all of them known."""
    from sim.faults import InputError, did_you_mean
    from sim.outcomes import OUTCOMES

    known = [each.name for each in OUTCOMES]
    for name in outcomes:
        if name not in known:
            raise InputError(f"outcome {name} is unknown; {did_you_mean(name, known)}")
    return list(outcomes)
