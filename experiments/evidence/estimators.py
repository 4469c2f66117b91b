"""Estimators of evaluations, as they were published: from outcomes by place and arm to one figure with its errors.

    paired arms       ln(mean of the arm / mean of the reference), over the same futures
    difference        the same as a difference, for outcomes that are counted
    random halves     ln(T_after / T_before) - ln(C_after / C_before), T the treated half and C the other
    event study       ln(T_t / C_t) - ln(T_s / C_s), t each period, s the last before; its mean over the periods after
    on and off        ln(mean of months on / mean of months off)
    persons           ln(events a time of the treated / events a time of the compared)
    before and after  ln(after / before) where it was picked, with no comparison: what falls by itself falls here, too

`error` is the standard error of the mean over futures, `noise` the standard deviation of what one future gives: the
sampling error that one trial of this kind would have. All are pure functions of arrays.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.paired import Floats

__all__ = [
    "Estimate",
    "before_and_after",
    "difference",
    "event_study",
    "on_and_off",
    "paired_arms",
    "persons",
    "random_half",
    "random_halves",
    "worst_in_the_last_year",
]

type Bools = NDArray[np.bool_]


class Estimate(NamedTuple):
    """What an estimator gives.

    Attributes
    ----------
    value
        Log ratio, or the difference; not-a-number where nothing could be worked out.
    error
        Standard error of the mean over futures.
    noise
        Standard deviation over futures: the sampling error of one trial.
    futures
        How many futures it was worked out from.
    """

    value: float
    error: float
    noise: float
    futures: int


def _over_futures(values: Floats) -> Estimate:
    """Return the mean of one figure a future with its errors; futures in which there is none are left out."""
    kept = values[np.isfinite(values)]
    number = len(kept)
    if number == 0:
        return Estimate(np.nan, np.nan, np.nan, 0)
    noise = float(kept.std(ddof=1)) if number > 1 else np.nan
    return Estimate(float(kept.mean()), noise / np.sqrt(number), noise, number)


def _log(ratio: Floats) -> Floats:
    """Return the logarithm; not-a-number where the ratio is zero, infinite or none."""
    usable = np.isfinite(ratio) & (ratio > 0.0)
    return np.where(usable, np.log(np.where(usable, ratio, 1.0)), np.nan)


def _ratio(above: Floats, below: Floats) -> Floats:
    """Return the ratio; not-a-number where there is nothing below."""
    return np.where(below > 0.0, above / np.where(below > 0.0, below, 1.0), np.nan)


def paired_arms(arm: Floats, reference: Floats) -> Estimate:
    """Return the log ratio of the means of two arms over the same futures.

    Parameters
    ----------
    arm, reference
        float64 [future], the outcome of each future, paired.
    """
    means = arm.mean(), reference.mean()
    if min(means) <= 0.0:
        return Estimate(np.nan, np.nan, np.nan, len(arm))
    off = arm / means[0] - reference / means[1]
    noise = float(off.std(ddof=1)) if len(arm) > 1 else np.nan
    return Estimate(float(np.log(means[0] / means[1])), noise / np.sqrt(len(arm)), noise, len(arm))


def difference(arm: Floats, reference: Floats) -> Estimate:
    """Return the mean difference of two arms over the same futures; both float64 [future]."""
    return _over_futures(arm - reference)


def random_half(places: int, seed: int) -> Bools:
    """Return which of so many places are treated: a half of them, rounded down and at least one, drawn with a seed.

    Parameters
    ----------
    places
        How many places there are, at least 2.
    seed
        Of the future.
    """
    order = np.random.default_rng([seed, 20_819]).permutation(places)
    return np.asarray(order < max(1, places // 2))


def random_halves(
    before: Floats, after: Floats, treated: Bools, compared: Bools, *, untreated: tuple[Floats, Floats] | None = None
) -> Estimate:
    """Return the difference in differences between the treated places and the others, log scale.

    Parameters
    ----------
    before, after
        float64 [future, place], the outcome in the time before and after.
    treated, compared
        bool [future, place], the places treated and those compared with.
    untreated
        The same outcomes of the same futures without treatment. Halves are random, so what is estimated there is nothing but
        luck, which is taken off: the mean stays what it is and its error falls. The noise stays that of one trial.
    """
    plain = _gap_of_changes(before, after, treated, compared)
    if untreated is None:
        return _over_futures(plain)
    without_luck = _over_futures(plain - _gap_of_changes(*untreated, treated, compared))
    return without_luck._replace(noise=_over_futures(plain).noise)


def _gap_of_changes(before: Floats, after: Floats, treated: Bools, compared: Bools) -> Floats:
    """Return in every future how much more the log of the outcome changed where it was treated; float64 [future]."""
    change = [_log(_ratio((after * half).sum(axis=1), (before * half).sum(axis=1))) for half in (treated, compared)]
    return np.asarray(change[0] - change[1])


def event_study(outcome: Floats, treated: Bools, compared: Bools, start: int) -> tuple[Estimate, tuple[Estimate, ...]]:
    """Return the mean effect over the periods from `start` on, and the effect of every period, log scale.

    Parameters
    ----------
    outcome
        float64 [future, period, place].
    treated, compared
        bool [future, place], the places treated and those compared with.
    start
        The first period with treatment, from 0, at least 1; all are compared with the period before it.
    """
    sides = [np.asarray((outcome * half[:, None, :]).sum(axis=2)) for half in (treated, compared)]
    gap = _log(
        _ratio(sides[0], sides[1])
        * _ratio(compared.sum(axis=1, dtype=np.float64), treated.sum(axis=1, dtype=np.float64))[:, None]
    )
    effects = gap - gap[:, start - 1 : start]
    periods = tuple(_over_futures(effects[:, period]) for period in range(outcome.shape[1]))
    return _over_futures(effects[:, start:].mean(axis=1)), periods


def on_and_off(outcome: Floats, on: Bools) -> Estimate:
    """Return the log ratio of the mean of the months on to that of the months off.

    Parameters
    ----------
    outcome
        float64 [future, month].
    on
        bool [month].
    """
    return _over_futures(_log(_ratio(outcome[:, on].mean(axis=1), outcome[:, ~on].mean(axis=1))))


def persons(events: Floats, time: Floats, compared_events: Floats, compared_time: Floats) -> Estimate:
    """Return the log rate ratio of the treated persons to the compared, events of all futures taken together.

    Where one side has no event at all a half is added to both. The noise is what one trial of this size would have.

    Parameters
    ----------
    events, time
        float64 [future], events among the treated and the time that they were watched.
    compared_events, compared_time
        The same for the compared.
    """
    futures = len(events)
    a, b = float(events.sum()), float(compared_events.sum())
    if min(a, b) == 0.0:
        a, b = a + 0.5, b + 0.5
    value = np.log(a / time.sum()) - np.log(b / compared_time.sum())
    error = np.sqrt(1.0 / a + 1.0 / b)
    return Estimate(float(value), float(error), float(error * np.sqrt(futures)), futures)


def worst_in_the_last_year(history: Floats, number: int) -> Bools:
    """Return which places are picked as programmes pick: those with most in the last year; bool [future, place].

    Parameters
    ----------
    history
        float64 [future, year, place], the outcome before.
    number
        How many places are picked; where places are equal, the first.
    """
    order = np.argsort(-history[:, -1, :], axis=1, kind="stable")
    picked = np.zeros(order.shape, dtype=bool)
    np.put_along_axis(picked, order[:, :number], True, axis=1)
    return picked


def before_and_after(before: Floats, after: Floats, picked: Bools) -> Estimate:
    """Return the log ratio of after to before in the places that were picked, with no comparison.

    Parameters
    ----------
    before, after
        float64 [future, place], the outcome in the time before and after.
    picked
        bool [future, place].
    """
    return _over_futures(_log(_ratio((after * picked).sum(axis=1), (before * picked).sum(axis=1))))
