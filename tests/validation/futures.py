"""Paired futures for the statistical tests: many arms on one burn-in a seed, and claims in the framework's rules.

Claims are judged by the rules that judge cases (`experiments.evidence.rules`): a directional claim needs the whole 95 %
interval of the mean paired difference beyond the least effect that matters (5 % of the reference level); a "no effect" claim
needs the whole interval inside that margin. Never one lucky seed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from experiments.comparison import paired
from experiments.evidence.rules import LEAST, Change, satisfies
from sim.levers import enforce
from sim.mechanisms import switched_off
from sim.month import months as live
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import Parameters
from sim.run import begin_city, run_arms
from sim.scenario import City, MeasureUse, Policy, Shock, Target, load_policy
from sim.state import City as State
from sim.state import copy_city

Beginning = Callable[[State, Parameters], None]
"""What is different from month 1 on in an arm: it changes the settled city or its parameters in place."""


def policy_of(name: str, *uses: dict[str, object]) -> Policy:
    return Policy(name=name, title=name, about="", measures=tuple(MeasureUse(**use) for use in uses))


def shock_of(kind: str, size: float = 1.0, start: int = 1, stop: int | None = None, **about: Any) -> Shock:
    return Shock(name="shock", title="Shock", about="", kind=kind, size=size, start=start, stop=stop, **about)


def city_with(city: City, *, levels: Mapping[str, float] | None = None, **fields: Any) -> City:
    """The city with other fields, and other levels, checked as a file is."""
    if levels:
        fields["levels"] = city.levels.model_copy(update=dict(levels))
    return City.model_validate(city.model_copy(update=fields).model_dump())


@dataclass(frozen=True)
class Interval:
    """A mean paired difference relative to the reference level, with its 95 % interval (`experiments.comparison.paired`)."""

    mean: float
    low: float
    high: float

    @property
    def falls(self) -> bool:
        return self.falls_by(LEAST)

    @property
    def rises(self) -> bool:
        return self.rises_by(LEAST)

    @property
    def is_nothing(self) -> bool:
        return self.stays_within(LEAST)

    def falls_by(self, least: float) -> bool:
        return self.satisfies("falls", least)

    def rises_by(self, least: float) -> bool:
        return self.satisfies("rises", least)

    def stays_within(self, margin: float) -> bool:
        return self.satisfies("nothing", margin)

    def satisfies(self, change: Change, least: float) -> bool:
        """Whether it satisfies a rule of claims; `least` as a share of the reference level."""
        return satisfies(change, paired.Interval(self.mean, self.low, self.high), least)

    def __str__(self) -> str:
        return f"{100 * self.mean:+.1f} % [{100 * self.low:+.1f}, {100 * self.high:+.1f}]"


def interval(difference: np.ndarray, reference: np.ndarray) -> Interval:
    """The mean difference over the reference level; under the fewest futures from which anything is told, no ends."""
    level = abs(float(reference.mean()))
    found = paired.interval_of(difference / level)
    return Interval(*found) if len(difference) >= paired.FEWEST else Interval(found.mean, math.nan, math.nan)


ALIKE = ("years", "season")
"""Mechanisms switched off where levels are looked at: with good and bad years it would take many more seeds."""


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
        shocks: Sequence[Shock] = (),
        by_arm: Mapping[str, Sequence[Shock]] | None = None,
        without: Sequence[str] = (),
        beginnings: Mapping[str, Beginning] | None = None,
    ) -> None:
        """`shocks` befall every arm, `by_arm` the arm of that name; `without` names mechanisms that are switched off.

        An arm of `by_arm` or `beginnings` that no policy is named after has no measure.
        """
        named = {policy.name for policy in policies}
        policies = [*policies, *(policy_of(name) for name in {**(by_arm or {}), **(beginnings or {})} if name not in named)]
        self.city = city
        self.scale = scale
        self.parameters = {**(parameters or {}), **switched_off(without)}
        self.seeds = range(first, first + seeds)
        arms = [load_policy("baseline"), *policies]
        self.names = [arm.name for arm in arms]

        besides = [tuple((by_arm or {}).get(arm.name, ())) for arm in arms]

        def one(seed: int) -> tuple[np.ndarray, np.ndarray]:
            if beginnings:
                return _begin_otherwise(city, arms, seed, months, scale, self.parameters, shocks, besides, beginnings)
            results = run_arms(
                city,
                arms,
                seed=seed,
                months=months,
                scale=scale,
                parameters=self.parameters,
                shocks=shocks,
                shocks_by_arm=besides,
            )
            return np.stack([r.city_monthly for r in results]), np.stack([r.place_yearly for r in results])

        with ThreadPoolExecutor(2) as pool:
            lived = list(pool.map(one, range(first, first + seeds)))
        self.monthly = np.stack([monthly for monthly, _ in lived]).astype(float)
        self.yearly = np.stack([yearly for _, yearly in lived]).astype(float)

    def series(self, arm: str, outcome: str, first: int = 0, last: int | None = None) -> np.ndarray:
        """Mean over the months first .. last - 1, one figure a seed."""
        months = self.monthly[:, self.names.index(arm), first:last, outcome_index(outcome)]
        return months.mean(axis=1)

    def change(self, arm: str, outcome: str, first: int = 0, last: int | None = None, against: str = "baseline") -> Interval:
        reference = self.series(against, outcome, first, last)
        return interval(self.series(arm, outcome, first, last) - reference, reference)

    def while_it_holds(self, arm: str, outcome: str, first: int, last: int | None = None) -> Interval:
        """The change from month `first` on for as long as a truce stands, in futures where that is half a year or more."""
        column, bill = outcome_index(outcome), outcome_index("cost_engagement")
        arms = self.monthly[:, (0, self.names.index(arm)), :last]
        # The bill ends with the truce.
        lasted = (arms[:, 1, :, bill] > arms[:, 0, :, bill]).sum(axis=1)
        means = [arms[seed, :, first:end, column].mean(axis=1) for seed, end in enumerate(lasted) if end >= first + 6]
        print(f"{arm}: futures in which it held {len(means)}")
        without, under = np.array(means).T
        return interval(under - without, without)

    def effect(
        self, arm: str, outcome: str, first: int = 0, last: int | None = None, against: str = "baseline"
    ) -> np.ndarray:
        """The change relative to the mean reference level, one figure a seed: to compare between sets of futures."""
        reference = self.series(against, outcome, first, last)
        return (self.series(arm, outcome, first, last) - reference) / abs(float(reference.mean()))

    def places(self, arm: str, outcome: str, rows: np.ndarray, years: slice = slice(None)) -> np.ndarray:
        """Mean over the named neighbourhoods, weighted by residents, one figure a seed. `rows` [seed, place] of 0/1."""
        people = np.array([each.population for each in self.city.neighbourhoods], dtype=float)
        values = self.yearly[:, self.names.index(arm), years, :, outcome_index(outcome)].mean(axis=1)
        weights = rows * people
        return (values * weights).sum(axis=1) / weights.sum(axis=1)

    def worst_at_the_start(self, field: str, number: int) -> np.ndarray:
        """Mark the neighbourhoods highest in a field of the state as month 1 begins: [seed, place] of booleans.

        The list that a measure aimed at the worst draws up, taken from the settled city and not from any result.
        """

        def one(seed: int) -> np.ndarray:
            state, _ = begin_city(self.city, seed=seed, scale=self.scale, settings=self.parameters)
            order = np.argsort(-state.neighbourhood[field], kind="stable")
            return np.isin(np.arange(len(order)), order[:number])

        with ThreadPoolExecutor(2) as pool:
            return np.stack(list(pool.map(one, self.seeds)))

    def named(self, *names: str) -> np.ndarray:
        """Mark the neighbourhoods of these names: [seed, place] of booleans."""
        here = np.array([each.name in names for each in self.city.neighbourhoods])
        return np.tile(here, (len(self.seeds), 1))

    def local_change(
        self, arm: str, outcome: str, rows: np.ndarray, years: slice = slice(None), against: str = "baseline"
    ) -> Interval:
        reference = self.places(against, outcome, rows, years)
        return interval(self.places(arm, outcome, rows, years) - reference, reference)


def mean_interval(values: np.ndarray) -> Interval:
    """The mean of one figure a seed, in its own units."""
    return interval(values, np.ones(1))


def gap_between(one: np.ndarray, other: np.ndarray) -> Interval:
    """The difference of two relative effects over the same seeds, as a share of the reference level."""
    return mean_interval(one - other)


def _begin_otherwise(
    city: City,
    arms: Sequence[Policy],
    seed: int,
    months: int,
    scale: float,
    settings: Mapping[str, float],
    shocks: Sequence[Shock],
    besides: Sequence[Sequence[Shock]],
    beginnings: Mapping[str, Beginning],
) -> tuple[np.ndarray, np.ndarray]:
    """Let arms start from one settled city that differs between them in what `beginnings` change as month 1 begins.

    A setting given to a run holds from the burn-in on, and the city is anchored anew at what follows from it; what is
    changed here is a change against the anchors, as a policy is.
    """
    settled, ordinary = begin_city(city, seed=seed, scale=scale, settings=settings)
    monthly = np.zeros((len(arms), months, len(OUTCOMES)), np.float32)
    yearly = np.zeros((len(arms), -(-months // 12), len(city.neighbourhoods), len(OUTCOMES)), np.float32)
    for arm, policy in enumerate(arms):
        params = Parameters(*(table.copy() for table in ordinary))
        state = copy_city(settled)
        if policy.name in beginnings:
            beginnings[policy.name](state, params)
        state = enforce(state, city, policy, (*shocks, *besides[arm]), params)
        live(state, params, np.uint64(seed), 0, months, monthly[arm], yearly[arm])
    return monthly, yearly


def watch(
    city: City,
    seed: int,
    months: int,
    *,
    scale: float = 1.0,
    policy: Policy | None = None,
    shocks: Sequence[Shock] = (),
    settings: Mapping[str, float] | None = None,
    without: Sequence[str] = (),
    beginning: Beginning | None = None,
) -> Iterator[tuple[int, State]]:
    """Live one future month by month: the month just over, and the state that it left, for what no outcome shows."""
    state, params = begin_city(city, seed=seed, scale=scale, settings={**(settings or {}), **switched_off(without)})
    if beginning is not None:
        beginning(state, params)
    state = enforce(state, city, policy or load_policy("baseline"), shocks, params)
    monthly = np.zeros((months, len(OUTCOMES)), np.float32)
    yearly = np.zeros((-(-months // 12), len(city.neighbourhoods), len(OUTCOMES)), np.float32)
    for t in range(months):
        live(state, params, np.uint64(seed), t, t + 1, monthly, yearly)
        yield t, state


def over_seeds(one: Callable[[int], Any], seeds: int, first: int = 1) -> np.ndarray:
    """What `one` finds for each seed, two at a time."""
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(one, range(first, first + seeds))))


EVERYWHERE = Target(all=True)
