"""Factorial experiments: every combination of a few policies over the same futures, and what each owes to the others.

All 2^k combinations (`experiments.tradeoffs.portfolios`) meet the same luck and, where parameters are drawn, the same
parameters, so that every statistic is a contrast taken future by future (`experiments.tradeoffs.interactions`). Two
scales, stated in advance:

    count   how much the outcome changes; a killing can be averted only once, so that alone makes for substitutes
    log     by which share it changes; two policies that each take a share off whatever is left neither help nor hinder

"Complements" and "substitutes" are said alone only where both scales say so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple, Unpack

import numpy as np

from experiments.comparison.displayed import Displayed
from experiments.comparison.findings import BY_NAME, least_effect
from experiments.comparison.paired import CLEAR, Floats, Interval, interval_of, judged
from experiments.execution.execution import Execution
from experiments.tradeoffs import interactions
from experiments.tradeoffs.interactions import SCALES, Complementarity, Relation, Scale
from experiments.tradeoffs.own_tables import own_outcomes
from experiments.tradeoffs.portfolios import portfolios
from experiments.tradeoffs.uncertainty import Draw, Futures, live, make_futures
from sim.outcomes import STUDIED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.side_effects import Comfort
    from experiments.execution.extensions import StudySettings
    from experiments.store.runs import Window
    from sim.outcomes import Outcome
    from sim.scenario import CityLike, Policy, PolicyLike

__all__ = ["Factorial", "Plan", "factorial", "plain", "plan", "records", "scorable"]

"""The outcomes that are asked about when none is named."""
MONTHS, REPLICATIONS = 60, 100
"""How long, and over how many futures, when no other number is given."""


class Plan(NamedTuple):
    """What a factorial experiment would run: its factors, their combinations, the futures, and what is asked about."""

    factors: tuple[Policy, ...]
    cells: tuple[Policy, ...]
    futures: Futures
    outcomes: tuple[str, ...]


PAIR = {"interaction": "mean", "low": "low", "high": "high"}
"""Columns of the table of pairs, and what `experiments.comparison.paired.judged` calls them."""


@dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Factorial(Displayed):
    """All combinations of some factors over the same futures.

    Attributes
    ----------
    factors
        The policies that were combined.
    cells
        Their 2^k combinations; number s holds factor i where bit i of s is set.
    futures
        How it was run.
    outcomes
        Names of the outcomes asked about.
    means
        float64 [future, cell, outcome of the model]: horizon means.
    """

    factors: tuple[Policy, ...]
    cells: tuple[Policy, ...]
    futures: Futures
    outcomes: tuple[str, ...]
    means: Floats

    @property
    def drawn_by(self) -> str:
        """The module that draws it."""
        return "experiments.tradeoffs.factorial_figures"

    def headline(self) -> str:
        """Return in one line what was combined."""
        names = ", ".join(factor.name for factor in self.factors)
        return f"{len(self.cells)} combinations of {names}; {self.futures.headline()}"

    def overview(self) -> pd.DataFrame:
        """Return `effects` of every outcome that was asked about."""
        import pandas as pd

        columns = ["factor", "alone", "average", "last", "shapley", "shapley_low", "shapley_high", "share"]
        parts = {outcome: self.effects(outcome)[columns] for outcome in self.outcomes}
        return pd.concat([part.assign(outcome=outcome) for outcome, part in parts.items()])[["outcome", *columns]]

    def levels(self, outcome: str) -> Floats:
        """Return one outcome: float64 [future, cell]."""
        from sim.outcomes import outcome_index

        return self.means[:, :, outcome_index(scorable(outcome).name)]

    def gains(self, outcome: str, scale: Scale = "count") -> Floats | None:
        """Return what each cell gains over none, positive for better: float64 [future, cell].

        Returns
        -------
        array or None
            None on the log scale where the outcome is not above zero in every cell of every future.
        """
        levels, better = self.levels(outcome), scorable(outcome).better
        if scale == "count":
            return interactions.count_gains(levels, better)
        return interactions.log_gains(levels, better)

    def effects(self, outcome: str, scale: Scale = "count") -> pd.DataFrame:
        """Return what each factor does for an outcome.

        Returns
        -------
        DataFrame
            One row for each factor: factor, title; alone (what it gains with none of the others), average (its main effect),
            last (what it adds to all others), shapley (its part of what all gain), each with _low and _high (95 % interval
            of the mean); verdict (what the interval of the Shapley part says, in the words of
            `experiments.comparison.paired`); share (its Shapley part over the whole; not a number where the whole is zero);
            inert (whether it changes nothing in any future). Empty where the scale is undefined.
        """
        import pandas as pd

        v = self.gains(outcome, scale)
        if v is None:
            return pd.DataFrame()
        k = len(self.factors)
        shapley, average = interactions.shapley(v), interactions.main_effects(v)
        whole = float(v[:, -1].mean())
        least = self._least(outcome, scale)
        rows = []
        for i, factor in enumerate(self.factors):
            row: dict[str, Any] = {"factor": factor.name, "title": factor.title}
            row |= _spread("alone", interval_of(v[:, 1 << i]))
            row |= _spread("average", interval_of(average[:, i]))
            row |= _spread("last", interval_of(v[:, -1] - v[:, (2**k - 1) ^ (1 << i)]))
            row |= _spread("shapley", interval_of(shapley[:, i]))
            row["verdict"] = str(judged(shapley[:, i], least)["verdict"])
            row["share"] = row["shapley"] / whole if whole else float("nan")
            row["inert"] = not interactions.steps(v, i)[0].any()
            rows.append(row)
        return pd.DataFrame(rows)

    def pairs(self, outcome: str, scale: Scale = "count") -> pd.DataFrame:
        """Return what each pair of factors does for one another.

        Returns
        -------
        DataFrame
            One row for each pair: first, second; interaction (mean second difference over what else is at work), low, high
            (intervals that hold for all pairs at once in 19 of 20 studies), relation ("cannot tell" under ten futures too);
            shapley_interaction with _low and _high (each interval alone). Empty where the scale is undefined.
        """
        import pandas as pd

        v = self.gains(outcome, scale)
        if v is None:
            return pd.DataFrame()
        contrasts = interactions.pair_interactions(v)
        at_once = judged(contrasts, np.zeros(contrasts.shape[1]), family=contrasts.shape[1])
        index = interactions.shapley_interactions(v)
        rows = []
        for place, (i, j) in enumerate(combinations(self.factors, 2)):
            found = {name: float(at_once[end][place]) for name, end in PAIR.items()}
            relation = _relation(str(at_once["verdict"][place]), found["interaction"])
            row: dict[str, Any] = {"first": i.name, "second": j.name, **found, "relation": relation}
            rows.append(row | _spread("shapley_interaction", interval_of(index[:, place])))
        return pd.DataFrame(rows)

    def synergy(self, outcome: str, scale: Scale = "count") -> Interval | None:
        """Return what all gain together beyond the sum of each alone, with its interval; None where undefined."""
        v = self.gains(outcome, scale)
        return None if v is None else interval_of(interactions.synergy(v))

    def total(self, outcome: str, scale: Scale = "count") -> Interval | None:
        """Return what all gain together, with its interval; None where undefined."""
        v = self.gains(outcome, scale)
        return None if v is None else interval_of(v[:, -1])

    def _least(self, outcome: str, scale: Scale) -> float:
        """Return the least effect that matters: at the level with no factor at work, or as a change of the log."""
        about = scorable(outcome)
        return least_effect(about, float(self.levels(outcome)[:, 0].mean())) if scale == "count" else about.least

    def complementarity(self, outcome: str, scale: Scale = "count") -> Complementarity | None:
        """Return whether the factors help one another on one scale; None where undefined."""
        v = self.gains(outcome, scale)
        return None if v is None else interactions.complementarity(v)

    def verdict(self, outcome: str) -> str:
        """Say over both scales whether the factors are complements, substitutes, or one cannot tell."""
        found = {scale: self.complementarity(outcome, scale) for scale in SCALES}
        return interactions.overall({scale: each.relation for scale, each in found.items() if each is not None})

    @cached_property
    def comfort(self) -> dict[str, list[Comfort]]:
        """The warnings of false comfort by cell (`experiments.comparison.side_effects`); cells without any are left out."""
        from experiments.comparison.side_effects import by_arm

        return by_arm(self.means.transpose(1, 0, 2), [cell.name for cell in self.cells[1:]])

    def table(self) -> pd.DataFrame:
        """Return the level of every outcome asked about in every cell.

        Returns
        -------
        DataFrame
            One row for each outcome and cell: outcome, cell, title, one column for each factor (whether it is at work),
            level, gain with gain_low and gain_high over none (positive: better), in the unit of the outcome.
        """
        import pandas as pd

        rows = []
        for outcome in self.outcomes:
            levels, gains = self.levels(outcome), self.gains(outcome)
            for number, cell in enumerate(self.cells):
                row: dict[str, Any] = {"outcome": outcome, "cell": cell.name, "title": cell.title}
                row |= {factor.name: bool(number >> place & 1) for place, factor in enumerate(self.factors)}
                row["level"] = float(levels[:, number].mean())
                assert gains is not None  # the count scale is always defined
                rows.append(row | _spread("gain", interval_of(gains[:, number])))
        return pd.DataFrame(rows)

    def own_outcomes(self) -> pd.DataFrame:
        """Return what came of the outcomes of the user's own, see `experiments.tradeoffs.own_tables.own_outcomes`."""
        return own_outcomes(self.futures, self.cells, self.means)

    def to_json_object(self) -> dict[str, Any]:
        """Return what `citysafety factorial --json` prints; what is undefined is None."""
        from experiments.comparison.side_effects import comfort_object

        outcomes = {}
        for name in self.outcomes:
            outcome = BY_NAME[name]
            scales: dict[str, Any] = {scale: self._scale_object(name, scale) for scale in SCALES}
            about: dict[str, Any] = {"unit": outcome.unit, "better": outcome.better, "verdict": self.verdict(name)}
            outcomes[name] = {**about, **scales}
        heading = self.futures.heading() | {"factors": [factor.name for factor in self.factors]}
        cells = records(self.table())
        return heading | {"outcomes": outcomes, "cells": cells, "false_comfort": comfort_object(self.comfort)}

    def _scale_object(self, outcome: str, scale: Scale) -> dict[str, Any] | None:
        found = self.complementarity(outcome, scale)
        total, synergy = self.total(outcome, scale), self.synergy(outcome, scale)
        if found is None or total is None or synergy is None:
            return None
        return {
            "relation": found.relation,
            "above": found.above,
            "below": found.below,
            "tested": found.tested,
            "total": plain(total._asdict()),
            "synergy": plain(synergy._asdict()),
            "factors": records(self.effects(outcome, scale)),
            "pairs": records(self.pairs(outcome, scale)),
        }


def plan(
    city: CityLike,
    factors: Sequence[PolicyLike],
    *,
    outcomes: Sequence[str] = STUDIED,
    draw: Draw = (),
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Plan:
    """Check a factorial experiment and return what it would run; parameters as for `factorial`."""
    from sim.scenario import find_policies

    policies = find_policies(factors)
    cells = portfolios(policies)
    asked = tuple(scorable(name).name for name in dict.fromkeys(outcomes))
    given: StudySettings = {"months": MONTHS, "replications": REPLICATIONS, **settings}
    futures = make_futures(city, cells, study="factorial", draw=draw, window=window, execution=execution, **given)
    return Plan(policies, cells, futures, asked)


def factorial(
    city: CityLike,
    factors: Sequence[PolicyLike],
    *,
    outcomes: Sequence[str] = STUDIED,
    draw: Draw = (),
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Factorial:
    """Run every combination of some factors over the same futures.

    Parameters
    ----------
    city, factors
        Where, and what is combined, by name, path or object: policies of different names
        (`experiments.tradeoffs.portfolios.load_factors`).
    outcomes
        Names of the outcomes to ask about; each needs a better side.
    draw
        Names or patterns of parameters that every future draws again over their ranges, alike in all combinations. A
        mapping of names to their lowest and highest value, or None, gives ranges of one's own.
    window
        First and last month, from 1, over which outcomes are averaged; None means all months.
    execution
        How the runs are made, and where they are kept; changes no result.
    settings
        As for `experiments.comparison.compare.compare`, with 60 months and 100 replications when left out.
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
    planned = plan(city, factors, outcomes=outcomes, draw=draw, window=window, execution=execution, **settings)
    means = live(planned.futures, planned.cells, execution or Execution())
    return Factorial(
        factors=planned.factors, cells=planned.cells, futures=planned.futures, outcomes=planned.outcomes, means=means
    )


def scorable(name: str) -> Outcome:
    """Return the outcome of that name, which must have a better side.

    Raises
    ------
    InputError
        When there is none, or neither side of it is better.
    """
    from sim.errors import InputError, did_you_mean

    if name not in BY_NAME:
        raise InputError(f"{name!r} is no outcome; {did_you_mean(name, list(BY_NAME))} (`citysafety list outcomes`)")
    outcome = BY_NAME[name]
    if outcome.better == "neither":
        raise InputError(f"outcome {name} has no better side, so nothing can be gained in it; name another")
    return outcome


def _relation(verdict: str, interaction: float) -> Relation:
    if verdict != CLEAR:
        return "cannot tell"
    return "complements" if interaction > 0 else "substitutes"


def _spread(name: str, found: Interval) -> dict[str, float]:
    return {name: found.mean, f"{name}_low": found.low, f"{name}_high": found.high}


def plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return values as JSON can hold them: what is not finite is None."""
    return {name: None if isinstance(each, float) and not np.isfinite(each) else each for name, each in values.items()}


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON can hold them."""
    return [plain({str(name): each for name, each in row.items()}) for row in table.to_dict("records")]
