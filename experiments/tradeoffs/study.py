"""Trade-offs under a budget: every portfolio of a few policies, what each would gain and cost, and how far that holds.

All 2^k portfolios (`experiments.tradeoffs.portfolios`) are lived through the same futures, each with its own draw of
luck and of the strengths of the measures. A gain is the improvement over no policy in the same future; what a portfolio
costs is its extra public cost over no policy, prison places included. Affordable is what costs no more than the budget
on average. Portfolios that a search over the intensities of measures proposes (`experiments.tradeoffs.policy_search`)
join on these same futures, which the search has not seen, so that nothing is claimed for what was merely lucky.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.displayed import Displayed
from experiments.comparison.findings import BY_NAME, least_effect
from experiments.comparison.paired import Floats, Interval, interval_of
from experiments.execution.execution import Execution
from experiments.tradeoffs import interactions, robustness
from experiments.tradeoffs.factorial import scorable
from experiments.tradeoffs.objectives import checked_objectives, refuse_limits
from experiments.tradeoffs.own_tables import own_outcomes
from experiments.tradeoffs.portfolios import portfolios
from experiments.tradeoffs.uncertainty import Draw, Futures, live, make_futures, strengths
from sim.outcomes import STUDIED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.side_effects import Comfort
    from experiments.execution.extensions import StudySettings
    from experiments.store.runs import Window
    from experiments.tradeoffs.discovery import Discovery
    from sim.scenario import CityLike, Policy, PolicyLike

__all__ = ["Plan", "Tradeoffs", "join", "plan", "tradeoffs"]

MONTHS, REPLICATIONS = 60, 200
"""How long, and over how many futures, when no other number is given."""


class Plan(NamedTuple):
    """What a study of trade-offs would run, and how it would judge; see `plan`."""

    factors: tuple[Policy, ...]
    options: tuple[Policy, ...]
    futures: Futures
    objectives: tuple[str, ...]
    budget: float | None
    thresholds: Mapping[str, float]


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Tradeoffs(Displayed):
    """Portfolios over the same futures.

    Attributes
    ----------
    factors
        The policies that were combined.
    options
        The portfolios; number 0 is no policy, and the first `enumerated` are all combinations of the factors.
    enumerated
        How many of the options are such combinations; the rest were proposed by a search.
    futures
        How they were run.
    objectives
        Names of the outcomes to improve, the one that decides first.
    budget
        What the extra public cost may not exceed, million a year in the city's currency; None for no limit.
    thresholds
        The least gain that would satisfy, by objective, in its unit.
    means
        float64 [future, option, outcome of the model]: horizon means.
    """

    factors: tuple[Policy, ...]
    options: tuple[Policy, ...]
    enumerated: int
    futures: Futures
    objectives: tuple[str, ...]
    budget: float | None
    thresholds: Mapping[str, float]
    means: Floats

    @property
    def drawn_by(self) -> str:
        """The module that draws it."""
        return "experiments.tradeoffs.figures"

    def headline(self) -> str:
        """Return in one line what was weighed."""
        limit = "no budget" if self.budget is None else f"budget {self.budget:g} million a year"
        return f"{len(self.options)} portfolios by {', '.join(self.objectives)}, {limit}; {self.futures.headline()}"

    def overview(self) -> pd.DataFrame:
        """Return the columns of `table` that say most."""
        gains = [f"gain_{objective}" for objective in self.objectives]
        return self.table()[["portfolio", "title", "cost", "affordable", *gains, "chance_on_front", "standing"]]

    @property
    def names(self) -> list[str]:
        """The names of the options."""
        return [option.name for option in self.options]

    def gains(self, objective: str) -> Floats:
        """Return the improvement over no policy, positive for better: float64 [future, option], in the outcome's unit."""
        from sim.outcomes import outcome_index

        outcome = scorable(objective)
        return interactions.count_gains(self.means[:, :, outcome_index(outcome.name)], outcome.better)

    @cached_property
    def costs(self) -> Floats:
        """The extra public cost over no policy: float64 [future, option], million a year."""
        from sim.outcomes import outcome_index

        cost = self.means[:, :, outcome_index("cost")]
        extra: Floats = cost - cost[:, :1]
        return extra

    @cached_property
    def affordable(self) -> NDArray[np.bool_]:
        """Whether an option costs no more than the budget on average: bool [option]; no policy always is."""
        if self.budget is None:
            return np.ones(len(self.options), dtype=bool)
        within: NDArray[np.bool_] = self.costs.mean(axis=0) <= self.budget
        return within

    @cached_property
    def chances(self) -> Floats:
        """The chance of each option to be on the front of affordable options: float64 [option]."""
        stacked = np.stack([self.gains(objective) for objective in self.objectives], axis=2)
        return robustness.chance_on_front(stacked, self.costs, self.budget, seed=self.futures.seed)

    def table(self) -> pd.DataFrame:
        """Return what each option would gain and cost.

        Returns
        -------
        DataFrame
            One row for each option: portfolio, title, found_by ("all combinations" or "search"); cost with cost_low and
            cost_high, affordable; for each objective gain_KEY with gain_KEY_low and gain_KEY_high (95 % interval of the
            mean; positive: better); chance_on_front, standing ("on the front" from a chance of .9 on, "may be on the
            front", "beaten", "too dear").
        """
        import pandas as pd

        rows = []
        for place, option in enumerate(self.options):
            found_by = "all combinations" if place < self.enumerated else "search"
            row: dict[str, Any] = {"portfolio": option.name, "title": option.title, "found_by": found_by}
            row |= _spread("cost", interval_of(self.costs[:, place]))
            row["affordable"] = bool(self.affordable[place])
            for objective in self.objectives:
                row |= _spread(f"gain_{objective}", interval_of(self.gains(objective)[:, place]))
            row["chance_on_front"] = float(self.chances[place])
            row["standing"] = _standing(row["chance_on_front"], row["affordable"])
            rows.append(row)
        return pd.DataFrame(rows)

    def own_outcomes(self) -> pd.DataFrame:
        """Return what came of the outcomes of the user's own, see `experiments.tradeoffs.own_tables.own_outcomes`."""
        return own_outcomes(self.futures, self.options, self.means)

    def robustness(self, objective: str) -> pd.DataFrame:
        """Return how far each affordable option's gain holds over luck and parameters.

        Returns
        -------
        DataFrame
            One row for each affordable option: portfolio, title, mean, worst_tenth, mean_regret, largest_regret (all in the
            objective's unit), satisfied (share of futures with at least the threshold), chance_best (of having the largest
            mean in a study like this one), least_regret (whether its largest regret is the smallest of all).
        """
        import pandas as pd

        kept = np.flatnonzero(self.affordable)
        gains = self.gains(objective)[:, kept]
        regret = robustness.regrets(gains)
        largest = regret.max(axis=0)
        table = {
            "portfolio": [self.options[place].name for place in kept],
            "title": [self.options[place].title for place in kept],
            "mean": gains.mean(axis=0),
            "worst_tenth": robustness.worst_tenth(gains),
            "mean_regret": regret.mean(axis=0),
            "largest_regret": largest,
            "satisfied": robustness.satisfied(gains, self.thresholds[objective]),
            "chance_best": robustness.chance_best(gains, seed=self.futures.seed),
            "least_regret": largest <= largest.min() + robustness.SAME * max(1.0, float(largest.max())),
        }
        return pd.DataFrame(table)

    def best(self, objective: str) -> str:
        """Return the name of the affordable option with the largest mean gain."""
        kept = np.flatnonzero(self.affordable)
        return self.options[int(kept[robustness.best_by_mean(self.gains(objective)[:, kept])])].name

    def beats(self, first: str, second: str, objective: str) -> Interval:
        """Return the share of the drawn space, luck included, in which one option gains more than another."""
        gains = self.gains(objective)
        return robustness.beats(gains[:, self._place(first)], gains[:, self._place(second)])

    def facts(self, objective: str) -> pd.DataFrame:
        """Return what knowing each drawn parameter before choosing would be worth, see `robustness.evppi`.

        Returns
        -------
        DataFrame
            As `robustness.evppi` returns it, with the names of the options in low_choice and high_choice, and says (the
            parameter in words). Without rows where nothing was drawn.
        """
        kept = np.flatnonzero(self.affordable)
        draws = self.futures.draws
        table = robustness.evppi(draws.units, self.gains(objective)[:, kept], draws.names, seed=self.futures.seed)
        if not len(table):
            return table
        for side in ("low_choice", "high_choice"):
            table[side] = [self.options[int(kept[place])].name for place in table[side]]
        said = {factor.name: factor.title for factor in draws.factors}
        table["says"] = [said[name] for name in table["parameter"]]
        return table

    def failures(self, portfolio: str, objective: str) -> Discovery:
        """Look for the conditions under which an option's gain stays below the threshold.

        Raises
        ------
        InputError
            When there is no such option, or ema_workbench is not installed.
        """
        from experiments.tradeoffs.discovery import discover

        fails = self.gains(objective)[:, self._place(portfolio)] < self.thresholds[objective]
        return discover(self.futures.draws.factors, self.futures.draws.units, fails)

    @cached_property
    def comfort(self) -> dict[str, list[Comfort]]:
        """The warnings of false comfort by option, see `experiments.comparison.side_effects`."""
        from experiments.comparison.side_effects import by_arm

        return by_arm(self.means.transpose(1, 0, 2), self.names[1:])

    def _place(self, portfolio: str) -> int:
        from sim.errors import InputError, did_you_mean

        if portfolio not in self.names:
            raise InputError(f"portfolio {portfolio} is not part of this study; {did_you_mean(portfolio, self.names)}")
        return self.names.index(portfolio)


def plan(
    city: CityLike,
    factors: Sequence[PolicyLike],
    *,
    budget: float | None = None,
    objectives: Sequence[str] = STUDIED,
    thresholds: Mapping[str, float] | None = None,
    draw: Draw | None = None,
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Plan:
    """Check a study of trade-offs and return what it would run; parameters as for `tradeoffs`."""
    from sim.scenario import find_policies

    policies = find_policies(factors)
    options = portfolios(policies)
    asked = checked_objectives(objectives)
    limits = dict(thresholds or {})
    refuse_limits(budget, limits, asked)
    given: StudySettings = {"months": MONTHS, "replications": REPLICATIONS, **settings}
    drawn = [name for name in strengths(policies) if name not in given.get("parameters", {})] if draw is None else draw
    futures = make_futures(city, options, study="tradeoffs", draw=drawn, window=window, execution=execution, **given)
    return Plan(policies, options, futures, tuple(outcome.name for outcome in asked), budget, limits)


def tradeoffs(
    city: CityLike,
    factors: Sequence[PolicyLike],
    *,
    budget: float | None = None,
    objectives: Sequence[str] = STUDIED,
    thresholds: Mapping[str, float] | None = None,
    draw: Draw | None = None,
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Tradeoffs:
    """Run every portfolio of some factors over the same futures.

    Parameters
    ----------
    city, factors
        Where, and what is combined, by name, path or object: policies of different names
        (`experiments.tradeoffs.portfolios.load_factors`).
    budget
        What the extra public cost may not exceed, million a year in the city's currency; None for no limit.
    objectives
        Names of the outcomes to improve, each with a better side; the first decides where one has to.
    thresholds
        The least gain that would satisfy, by objective; where left out, the least effect that matters.
    draw
        Names or patterns of parameters that every future draws again; None means the strengths of the factors' measures,
        an empty sequence none. A mapping of names to their lowest and highest value, or None, gives ranges of one's own.
    window
        First and last month, from 1, over which outcomes and costs are averaged; None means all months.
    execution
        How the runs are made, and where they are kept; changes no result.
    settings
        As for `experiments.comparison.compare.compare`, with 60 months and 200 replications when left out.
        `outputs` and `model` are outcomes and a rule of one's own (`experiments.execution.extensions.StudySettings`).

    Raises
    ------
    InputError
        When a value cannot be run, or the store cannot be used.
    FailedJobsError
        When a run failed.
    Cancelled
        After Ctrl-C, or when the progress returned False; a store goes on from there.
    """
    planned = plan(
        city,
        factors,
        budget=budget,
        objectives=objectives,
        thresholds=thresholds,
        draw=draw,
        window=window,
        execution=execution,
        **settings,
    )
    means = live(planned.futures, planned.options, execution or Execution())
    given = planned.thresholds
    return Tradeoffs(
        factors=planned.factors,
        options=planned.options,
        enumerated=len(planned.options),
        futures=planned.futures,
        objectives=planned.objectives,
        budget=planned.budget,
        thresholds={name: given[name] if name in given else _least(name, means) for name in planned.objectives},
        means=means,
    )


def join(study: Tradeoffs, candidates: Sequence[Policy], execution: Execution | None = None) -> Tradeoffs:
    """Return the study with further options, run over its own futures.

    Parameters
    ----------
    study, candidates
        The study, and policies whose names it does not have yet.
    execution
        As for `tradeoffs`.
    """
    fresh = [each for each in candidates if each.name not in study.names]
    if not fresh:
        return study
    means = live(study.futures, fresh, execution or Execution())
    return replace(study, options=(*study.options, *fresh), means=np.concatenate([study.means, means], axis=1))


def _least(objective: str, means: Floats) -> float:
    """Return the least effect that matters at the level without any policy."""
    from sim.outcomes import outcome_index

    return least_effect(BY_NAME[objective], float(means[:, 0, outcome_index(objective)].mean()))


def _standing(chance: float, affordable: bool) -> str:
    if not affordable:
        return "too dear"
    if chance >= robustness.CLAIMED:
        return "on the front"
    return "may be on the front" if chance > 1.0 - robustness.CLAIMED else "beaten"


def _spread(name: str, found: Interval) -> dict[str, float]:
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}
