"""Paired futures for the statistical tests: many arms on one burn-in a seed, and claims in the framework's rules.

A directional claim needs the whole 95 % interval of the mean paired difference beyond the least effect that matters
(5 % of the reference level); a "no effect" claim needs the whole interval inside that margin. Never one lucky seed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.outcomes import outcome_index
from sim.run import begin_city, run_arms
from sim.scenario import City, MeasureUse, Policy, Target, load_policy

LEAST = 0.05


def policy_of(name: str, *uses: dict[str, object]) -> Policy:
    return Policy(name=name, title=name, about="", measures=tuple(MeasureUse(**use) for use in uses))


@dataclass(frozen=True)
class Interval:
    """A mean paired difference, relative to the reference level."""

    mean: float
    low: float
    high: float

    @property
    def falls(self) -> bool:
        return self.high < -LEAST

    @property
    def rises(self) -> bool:
        return self.low > LEAST

    @property
    def is_nothing(self) -> bool:
        return self.low > -LEAST and self.high < LEAST

    def __str__(self) -> str:
        return f"{100 * self.mean:+.1f} % [{100 * self.low:+.1f}, {100 * self.high:+.1f}]"


def interval(difference: np.ndarray, reference: np.ndarray) -> Interval:
    level = abs(float(reference.mean()))
    mean = float(difference.mean())
    half = 1.96 * float(difference.std(ddof=1)) / math.sqrt(len(difference)) if len(difference) > 1 else math.inf
    return Interval(mean / level, (mean - half) / level, (mean + half) / level)


class Futures:
    """Every arm of every seed: city_monthly [seed, arm, month, outcome] and place_yearly, arm 0 without policy."""

    def __init__(
        self,
        city: City,
        policies: Sequence[Policy],
        *,
        seeds: int,
        months: int,
        scale: float,
        parameters: Mapping[str, float] | None = None,
        first: int = 1,
    ) -> None:
        self.city = city
        self.scale = scale
        self.parameters = parameters
        self.seeds = range(first, first + seeds)
        arms = [load_policy("baseline"), *policies]
        self.names = [arm.name for arm in arms]

        def one(seed: int) -> tuple[np.ndarray, np.ndarray]:
            results = run_arms(city, arms, seed=seed, months=months, scale=scale, parameters=parameters)
            return np.stack([r.city_monthly for r in results]), np.stack([r.place_yearly for r in results])

        with ThreadPoolExecutor(2) as pool:
            lived = list(pool.map(one, range(first, first + seeds)))
        self.monthly = np.stack([monthly for monthly, _ in lived]).astype(float)
        self.yearly = np.stack([yearly for _, yearly in lived]).astype(float)

    def series(self, arm: str, outcome: str, first: int = 0, last: int | None = None) -> np.ndarray:
        """Mean over the months first .. last - 1, one figure a seed."""
        months = self.monthly[:, self.names.index(arm), first:last, outcome_index(outcome)]
        return months.mean(axis=1)

    def change(self, arm: str, outcome: str, first: int = 0, last: int | None = None) -> Interval:
        reference = self.series("baseline", outcome, first, last)
        return interval(self.series(arm, outcome, first, last) - reference, reference)

    def places(self, arm: str, outcome: str, rows: np.ndarray, years: slice = slice(None)) -> np.ndarray:
        """Mean over the named neighbourhoods, weighted by residents, one figure a seed. `rows` [seed, place] of 0/1."""
        people = np.array([each.population for each in self.city.neighbourhoods], dtype=float)
        values = self.yearly[:, self.names.index(arm), years, :, outcome_index(outcome)].mean(axis=1)
        weights = rows * people
        return (values * weights).sum(axis=1) / weights.sum(axis=1)

    def worst_at_the_start(self, field: str, number: int) -> np.ndarray:
        """Mark the neighbourhoods highest in a field of the state at month 0: [seed, place] of booleans.

        The list that a measure aimed at the worst draws up, taken from the settled city and not from any result.
        """

        def one(seed: int) -> np.ndarray:
            state, _ = begin_city(self.city, seed=seed, scale=self.scale, settings=self.parameters)
            order = np.argsort(-state.place[field], kind="stable")
            return np.isin(np.arange(len(order)), order[:number])

        with ThreadPoolExecutor(2) as pool:
            return np.stack(list(pool.map(one, self.seeds)))

    def local_change(self, arm: str, outcome: str, rows: np.ndarray, years: slice = slice(None)) -> Interval:
        reference = self.places("baseline", outcome, rows, years)
        return interval(self.places(arm, outcome, rows, years) - reference, reference)


EVERYWHERE = Target(all=True)
