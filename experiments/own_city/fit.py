"""The fit of a city: three numbers that bring it to its documented membership, gang share and homicide rate.

    join_intercept  moves the share of youths in gangs, and with it what gangs kill
    rivalry         moves what gangs kill
    disputes        moves what disputes among residents kill

The logarithms of these three levels answer the three numbers (the last two in logarithms) nearly linearly, and much the
same in every city: `RESPONSE`. So a few rounds of Newton's method lead there. The first rounds live through the same few
futures. Once every level is near, each round lives through *fresh* futures, on which nothing was fitted yet: it checks
the numbers that the rounds before led to. The fit has converged when every level lies within `TOLERANCE` of its target in
the mean of such fresh futures, and within half of that in the mean of all checks so far, each carried over to the numbers
now checked. Levels are means over ten years without policy or shock, after the burn-in that every run has; killings are
expected ones, so that only the state of the city is a matter of chance, and not who dies.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from experiments.execution.execution import Execution
from experiments.execution.runner import Job, Progress, refuse_failed, replication_seed, run_jobs
from experiments.own_city.city_levels import MONTHS, Reached, fitting_scale, levels_of, reached
from sim.scenario import City, load_policy

__all__ = ["ROUNDS", "TOLERANCE", "Fit", "fit_city"]

Floats = NDArray[np.float64]

ROUNDS = 15
"""Rounds at most."""
TOLERANCE = 0.02
"""How far from its target a level may lie in the mean of fresh futures, as a share of the target."""
NEAR = 0.1
"""How near every level must be, as a share of its target, before fresh futures are spent on a check."""
FIRST_FUTURES = 6
"""Futures of a round that only leads towards the targets."""
FEWEST_FUTURES, MOST_FUTURES = 16, 40
"""Futures of a check: so many that the standard errors of homicide and membership come to `STANDARD_ERROR`, within these
bounds. Several small checks settle a noisy city with fewer futures than one large one, for all of them count together."""
STANDARD_ERROR = 0.01
"""Standard error of a level that a check aims at, as a share of the level."""
LONGEST_STEP = 1.5
"""How far one round may move a number, in logarithms."""
DIGITS = 5
"""Significant digits of the three numbers: they are rounded before they are checked, so what is written was checked."""

RESPONSE: Floats = np.array([[1.0, 0.0, 0.0], [1.2, 0.95, 0.0], [0.0, 0.0, 1.0]])
"""How the logarithms of membership, of killings by gangs and of killings in disputes (rows) answer `join_intercept` and the
logarithms of `rivalry` and `disputes` (columns). Measured by steps of .4 both ways in the sandbox, Kingston and Chicago:
their diagonals are .82-1.10, .86-1.20 and .98-1.01, members move killings by gangs by .92-1.78, all else is below .1.
It only sets the direction of a step."""

NUMBERS = ("join_intercept", "rivalry", "disputes")
DRIVEN = ("membership", "killings by gangs", "killings in disputes")
LOWEST: Floats = np.array([-30.0, math.log(1e-8), math.log(1e-10)])
HIGHEST: Floats = np.array([5.0, math.log(1.0), math.log(0.01)])
"""The bounds of the three numbers: those of the city file, and far below any city's where the file allows 0."""
CHECK_SEEDS = 1_000
"""Number of the first future of the first check; what is below is lived through while the fit is led to its targets."""


@dataclass(frozen=True, kw_only=True)
class Fit:
    """What a fit found.

    Attributes
    ----------
    numbers
        `join_intercept`, `rivalry` and `disputes`, as `Calibration` has them.
    reached
        By level: target, mean over the last futures checked, standard error.
    converged
        Whether every level is within `TOLERANCE` of its target in futures that the numbers were not fitted to.
    reason
        Why it has not converged, as part of a sentence; empty where it has.
    rounds
        Rounds lived through.
    runs
        Futures lived through in all.
    futures, months, seed, scale
        How the levels in `reached` were measured: fresh futures, months of each, the number that all chance of the fit
        comes from, rows a youth.
    """

    numbers: dict[str, float]
    reached: dict[str, Reached]
    converged: bool
    reason: str
    rounds: int
    runs: int
    futures: int
    months: int
    seed: int
    scale: float


@dataclass(frozen=True)
class _Round:
    """Futures lived through with one set of numbers: [future, (homicide rate, gangs, disputes, membership)]."""

    numbers: Floats
    levels: Floats

    @property
    def logs(self) -> Floats:
        """Logarithms of mean membership, killings by gangs, and killings in disputes; what is 0 counts as very little."""
        _, gangs, disputes, members = self.levels.mean(axis=0)
        return np.log(np.maximum([members, gangs, disputes], [1e-7, 1e-6, 1e-6]))

    @property
    def others(self) -> float:
        """Mean rate of all other killings (at home, by police, over markets ...), which the three numbers hardly move."""
        rate, gangs, disputes, _ = self.levels.mean(axis=0)
        return float(max(rate - gangs - disputes, 0.0))

    def off(self, city: City) -> Floats:
        """Return how far each of `LEVELS` is from its target, as a share of the target."""
        return np.array([each.off for each in reached(city, self.levels).values()])


def fit_city(
    city: City,
    *,
    seed: int = 1,
    seeds: int | None = None,
    scale: float | Literal["auto"] = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
) -> Fit:
    """Fit the three numbers of a city to its homicide rate, gang share and membership. Nothing is written.

    Parameters
    ----------
    city
        Its `levels` are the targets, its `calibration` the start.
    seed
        The number that all chance comes from: the same city and seed give the same fit.
    seeds
        Futures of each check, at least 16; None takes as many as bring the standard errors of homicide and membership to
        1 % of the level, from 16 to 40.
    scale
        Rows a youth, above 0 and up to 1; "auto" is `fitting_scale`.
    workers
        Futures at a time; changes no result.
    progress
        Called with the share of the rounds done, 0 to 1; returning False cancels.

    Returns
    -------
    Fit
        Whether it has converged or not; where it has not, its levels are the nearest that were reached.

    Raises
    ------
    ValueError
        When `seeds` is below 16.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when `progress` returned False.
    """
    if seeds is not None and seeds < FEWEST_FUTURES:
        raise ValueError(f"seeds is {seeds}; a check needs at least {FEWEST_FUTURES} futures")
    used = fitting_scale(city) if scale == "auto" else float(scale)
    leading: list[_Round] = []
    checks: list[_Round] = []
    number = _rounded(_start(city))
    reason, runs = f"not every level was within {TOLERANCE:.0%} after {ROUNDS} rounds", 0

    def live(numbers: Floats, replications: Sequence[int]) -> _Round:
        nonlocal runs
        before = len(leading) + len(checks)
        tell = None if progress is None else _part(progress, before / ROUNDS, 1.0 / ROUNDS)
        runs += len(replications)
        return _live(city, numbers, [replication_seed(seed, each) for each in replications], used, workers, tell)

    def check(numbers: Floats) -> _Round:
        futures = seeds or _futures_needed(city, leading)
        first = CHECK_SEEDS + len(checks) * max(futures, MOST_FUTURES)
        return live(numbers, range(first, first + futures))

    while len(leading) + len(checks) < ROUNDS - 1:
        if not checks and (not leading or np.abs(leading[-1].off(city)).max() > NEAR):
            leading.append(live(number, range(FIRST_FUTURES)))
        else:
            checks.append(check(number))
        now = checks or leading[-1:]
        if checks and _has_converged(city, checks):
            return _found(city, checks[-1], "", len(leading) + len(checks), runs, seed, used)
        wanted = number + _step(city, number, now)
        following = _rounded(np.clip(wanted, LOWEST, HIGHEST))
        if (stuck := _stuck(city, number, wanted, now[-1])) is not None:
            reason = stuck
            break
        number = following
    nearest = min([*checks, *leading], key=lambda each: np.abs(np.log(np.maximum(each.off(city) + 1.0, 1e-9))).max())
    if not any(nearest is each for each in checks):
        checks.append(check(nearest.numbers))
        nearest = checks[-1]
    return _found(city, nearest, reason, len(leading) + len(checks), runs, seed, used)


def _start(city: City) -> Floats:
    """Return the numbers of the file, the last two in logarithms, within the bounds."""
    given = city.calibration
    logs = [given.join_intercept, math.log(max(given.rivalry, 1e-8)), math.log(max(given.disputes, 1e-10))]
    within: Floats = np.clip(np.array(logs), LOWEST, HIGHEST)
    return within


def _settings(numbers: Floats) -> dict[str, float]:
    """Return the numbers as a city file has them, rounded."""
    values = (float(numbers[0]), math.exp(numbers[1]), math.exp(numbers[2]))
    return {name: float(f"{value:.{DIGITS}g}") for name, value in zip(NUMBERS, values, strict=True)}


def _rounded(numbers: Floats) -> Floats:
    """Return the numbers, the last two in logarithms, as they are once rounded for the file."""
    values = _settings(numbers)
    logs = [values["join_intercept"], math.log(values["rivalry"]), math.log(values["disputes"])]
    within: Floats = np.clip(np.array(logs), LOWEST, HIGHEST)
    return within


def _live(
    city: City,
    numbers: Floats,
    seeds: Sequence[int],
    scale: float,
    workers: int | None,
    progress: Progress | None,
) -> _Round:
    """Live through ten years of each seed without policy, with these numbers."""
    calibration = city.calibration.model_copy(update=_settings(numbers))
    fitted = city.model_copy(update={"calibration": calibration})
    baseline = (load_policy("baseline"),)
    # Years that are alike: a fit to good and bad ones would fit their luck.
    jobs = [
        Job(city=fitted, policies=baseline, seed=each, months=MONTHS, scale=scale, without=("years", "season"))
        for each in seeds
    ]
    answers = run_jobs(jobs, Execution(workers=workers, progress=progress))
    refuse_failed(answers)
    means = np.stack([answer.results[0].city_monthly.mean(axis=0, dtype=np.float64) for answer in answers])
    return _Round(numbers, levels_of(city, means))


def _part(progress: Progress, done: float, share: float) -> Callable[[float], bool]:
    """Return what tells how far all rounds are, from how far one of them is."""

    def tell(part: float) -> bool:
        return progress(min(done + part * share, 1.0))

    return tell


def _futures_needed(city: City, rounds: Sequence[_Round]) -> int:
    """Return how many futures bring homicide and membership to `STANDARD_ERROR`, by the spread seen last."""
    found = reached(city, rounds[-1].levels)
    levels = (found["homicide_rate"], found["membership"])
    spread = max(each.standard_error / max(each.mean, 1e-12) for each in levels) * math.sqrt(len(rounds[-1].levels))
    return min(max(math.ceil((spread / STANDARD_ERROR) ** 2), FEWEST_FUTURES), MOST_FUTURES)


def _carried(numbers: Floats, rounds: Sequence[_Round]) -> tuple[Floats, float]:
    """Return mean logarithms of the three answers and mean of the other killings, carried over to these numbers."""
    weights = np.array([len(each.levels) for each in rounds], dtype=float)
    logs: Floats = np.average([each.logs + RESPONSE @ (numbers - each.numbers) for each in rounds], axis=0, weights=weights)
    return logs, float(np.average([each.others for each in rounds], weights=weights))


def _step(city: City, numbers: Floats, rounds: Sequence[_Round]) -> Floats:
    """Return how the numbers are to move: Newton's step, none longer than `LONGEST_STEP`."""
    logs, others = _carried(numbers, rounds)
    target = city.levels
    gangs = target.gang_share * target.homicide_rate
    disputes = max(target.homicide_rate - gangs - others, 1e-4 * target.homicide_rate)
    missing = np.log([target.membership, gangs, disputes]) - logs
    step: Floats = np.zeros(3)
    for each in range(3):
        # One after the other, so that a number at the end of its step is made up for by the next.
        rest = missing[each] - RESPONSE[each, :each] @ step[:each]
        step[each] = np.clip(rest / RESPONSE[each, each], -LONGEST_STEP, LONGEST_STEP)
    return step


def _has_converged(city: City, checks: Sequence[_Round]) -> bool:
    """Whether the last check lies within the tolerance, and all checks together within half of it."""
    (members, gangs, disputes), others = _carried(checks[-1].numbers, checks)
    rate = math.exp(gangs) + math.exp(disputes) + others
    target = city.levels
    together = np.array(
        [
            rate / target.homicide_rate,
            math.exp(gangs) / rate / target.gang_share,
            math.exp(members) / target.membership,
        ]
    )
    within = np.abs(checks[-1].off(city)).max() <= TOLERANCE
    return bool(within and np.abs(together - 1.0).max() <= TOLERANCE / 2)


def _stuck(city: City, numbers: Floats, wanted: Floats, last: _Round) -> str | None:
    """Return why going on cannot help, as part of a sentence; None where it can.

    A number at its bound, or disputes that kill next to nobody while all other killings are too many already, hold the
    levels where they are, once nothing else moves them.
    """
    target = city.levels
    outside = (1.0 - target.gang_share) * target.homicide_rate
    disputes = math.exp(last.logs[2])
    spent = last.others > (1.0 + TOLERANCE) * outside - disputes and disputes < 0.005 * last.others
    beyond = (wanted <= LOWEST + 1e-9) | (wanted >= HIGHEST - 1e-9)
    free = ~beyond
    free[2] &= not spent
    if free.all() or np.abs(wanted - numbers)[free].max(initial=0.0) > 0.1:
        return None
    if spent:
        return (
            f"killings that none of the three numbers moves (at home, by police, over markets) stand at {last.others:.3g} "
            f"per 100 000 residents a year, and the file leaves {outside:.3g} for all that gangs do not commit"
        )
    said = [
        f"{what} cannot come {'lower' if low else 'higher'} ({name} is at its bound)"
        for name, what, low, is_beyond in zip(NUMBERS, DRIVEN, wanted <= LOWEST + 1e-9, beyond, strict=True)
        if is_beyond
    ]
    return " and ".join(said)


def _found(city: City, last: _Round, reason: str, rounds: int, runs: int, seed: int, scale: float) -> Fit:
    return Fit(
        numbers=_settings(last.numbers),
        reached=reached(city, last.levels),
        converged=not reason,
        reason=reason,
        rounds=rounds,
        runs=runs,
        futures=len(last.levels),
        months=MONTHS,
        seed=seed,
        scale=scale,
    )
