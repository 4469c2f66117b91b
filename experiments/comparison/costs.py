"""What policies cost against the reference, and per homicide averted: money as the amount it is, deaths as expected.

    extra      = mean over futures of (cost of the policy - cost of the reference), a year; paired by future
    in total   = extra * months / 12, undiscounted; discounted: the sum over months of cost / 12 * 1.03^(-month / 12)
    averted    = mean over futures of (expected killings of the reference - those of the policy), a year
    per death  = mean extra / mean averted, with the interval of a ratio of means (`paired.ratio_of_means`); stated where
                 that interval is bounded, which is where homicide would fall beyond what chance explains
Drawn deaths are left out of it: in a city of ordinary size their luck drowns what a policy changes. Amounts are in the
city's currency: unit costs are known in US dollars of 2019 at US prices, brought to the city's prices (`sim.prices`) and
multiplied by its `money_per_dollar`. Neither side of the cost per death is discounted: a later death counts as much.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.findings import Finding, findings, quoted, signed, significant, span, titles
from experiments.comparison.paired import Floats, Interval, interval_of, ratio_of_means
from sim.build import city_parameters
from sim.enumerations import AGENCIES, PILLARS
from sim.measures import find_measure
from sim.outcomes import outcome_index
from sim.prices import Prices, prices

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.scenario import Policy

__all__ = [
    "DISCOUNT",
    "Cost",
    "cheapest",
    "cheapest_sentence",
    "cost_sentence",
    "costs",
    "costs_object",
    "prices_of",
    "unstudied",
]

MILLION = 1e6
DISCOUNT = 0.03
"""How much less money counts for each year that it is paid later; chosen, as public accounts often do."""


@dataclass(frozen=True)
class Cost:
    """What one policy would cost beyond the reference, in the city's currency, and the homicides that it would avert.

    Attributes
    ----------
    policy, title
        Its name, and its title.
    months, residents
        The horizon, and the residents of the city.
    extra
        Extra public cost a year: measures and prison places.
    discounted
        Extra public cost over the whole horizon, each month's at its present value (`DISCOUNT`).
    measures, prisons
        Its two parts.
    by_pillar, by_payer
        The same a year, by pillar (measures alone) and by who pays; only those that differ from the reference.
    averted
        Expected homicides averted a year; negative where more people would be killed.
    per_averted
        Extra cost for each expected homicide averted; None where it cannot be told that homicide would fall.
    lowers
        Whether homicide would fall clearly, by as much as matters.
    unstudied
        Titles of its measures for whose size there is no study: they rest on judgement alone.
    """

    policy: str
    title: str
    months: int
    residents: int
    extra: Interval
    discounted: Interval
    measures: Interval
    prisons: Interval
    by_pillar: Mapping[str, Interval]
    by_payer: Mapping[str, Interval]
    averted: Interval
    per_averted: Interval | None
    lowers: bool
    unstudied: tuple[str, ...]

    @property
    def total(self) -> Interval:
        """Extra public cost over the whole horizon, undiscounted."""
        return self.extra.times(self.months / 12)

    @property
    def per_resident(self) -> Interval:
        """Extra public cost a year for each resident."""
        return self.extra.times(1 / self.residents)


def costs(comparison: Comparison, found: Mapping[tuple[str, str], Finding] | None = None) -> tuple[Cost, ...]:
    """Return what each policy would cost, in their order.

    Parameters
    ----------
    comparison
        With at least one policy.
    found
        Its findings, where they are at hand.
    """
    known = findings(comparison) if found is None else found
    named = titles(comparison)
    residents = sum(place.population for place in comparison.city.neighbourhoods)
    answers = []
    for arm, policy in enumerate(comparison.policies, start=1):
        extra = comparison.horizon_means[arm] - comparison.horizon_means[0]

        def money(*names: str, extra: Floats = extra) -> Floats:
            total: Floats = sum((extra[:, outcome_index(name)] for name in names), np.zeros(len(extra))) * MILLION
            return total

        spent = money(*(f"cost_{pillar}" for pillar in PILLARS))
        averted = -extra[:, outcome_index("killings_expected")]
        answers.append(
            Cost(
                policy=policy.name,
                title=named[policy.name],
                months=comparison.months,
                residents=residents,
                extra=interval_of(money("cost")),
                discounted=interval_of(_present_values(comparison, arm)),
                measures=interval_of(spent),
                prisons=interval_of(money("cost") - spent),
                by_pillar=_moving({pillar: money(f"cost_{pillar}") for pillar in PILLARS}),
                by_payer=_moving({agency: money(f"paid_by_{agency}") for agency in AGENCIES}),
                averted=interval_of(averted),
                per_averted=ratio_of_means(money("cost"), averted) if averted.mean() > 0 else None,
                lowers=known[policy.name, "homicide_rate"].direction == "lower",
                unstudied=unstudied(policy),
            )
        )
    return tuple(answers)


def unstudied(policy: Policy) -> tuple[str, ...]:
    """Return the titles of a policy's measures for whose size there is no study, each once and in its order."""
    used = (find_measure(use.measure) for use in policy.measures)
    return tuple(dict.fromkeys(each.title for each in used if each.grade == "judgement"))


def cheapest(answers: Sequence[Cost]) -> Cost | None:
    """Return the policy with the lowest cost per expected homicide averted among those that clearly lower homicide."""
    priced = [(each.per_averted.mean, each) for each in answers if each.lowers and each.per_averted is not None]
    return min(priced, key=lambda pair: pair[0])[1] if priced else None


def cheapest_sentence(answers: Sequence[Cost], currency: str) -> str:
    """Say which policy averts homicides most cheaply; nothing where none clearly lowers it, or only one is compared."""
    best = cheapest(answers)
    if best is None or best.per_averted is None or len(answers) < 2:
        return ""
    price = best.per_averted
    doubt = _doubt(best)
    if price.mean <= 0:
        return f"{doubt}Of those that clearly lower homicide, {quoted(best.title)} would cost less than the reference."
    return (
        f"{doubt}Of those that clearly lower homicide, {quoted(best.title)} would cost least for each expected homicide "
        f"averted: {significant(price.mean)} {currency} ({span(price)}). "
        "Rights, harms and other gains are not in that price."
    )


def _doubt(best: Cost) -> str:
    """Say first what of the cheapest policy no study stands behind."""
    if not best.unstudied:
        return ""
    named = ", ".join(quoted(title) for title in best.unstudied)
    return f"No study has measured what these do, and their size here is judgement: {named}. "


def cost_sentence(cost: Cost, currency: str) -> str:
    """Say what a policy would cost and avert, and its price for each expected homicide averted, in one line."""
    text = (
        f"Extra cost: {signed(cost.extra.mean)} {currency} a year ({span(cost.extra)}), "
        f"{signed(cost.total.mean)} over {cost.months} months, undiscounted "
        f"({signed(cost.discounted.mean)} discounted by {DISCOUNT:.0%} a year). "
        f"Expected homicides averted: {significant(cost.averted.mean)} a year ({span(cost.averted)})."
    )
    if cost.per_averted is not None:
        price = cost.per_averted
        return f"{text} Extra cost for each: {significant(price.mean)} {currency} ({span(price)})."
    return f"{text} Extra cost for each: not stated, since it cannot be told that homicide would fall."


def costs_object(comparison: Comparison) -> dict[str, Any]:
    """Return what policies cost as JSON can hold it, in the city's currency; None for an interval of a single future."""

    def plain(interval: Interval | None) -> dict[str, float | None] | None:
        if interval is None:
            return None
        return {name: value if math.isfinite(value) else None for name, value in interval._asdict().items()}

    here = prices_of(comparison)
    return {
        each.policy: {
            "currency": comparison.city.currency,
            "prices": {"programmes": here.programmes, "police_year": here.police_year, "prison_year": here.prison_year},
            "extra_a_year": plain(each.extra),
            "extra_in_total": plain(each.total),
            "extra_in_total_discounted": plain(each.discounted),
            "measures_a_year": plain(each.measures),
            "prisons_a_year": plain(each.prisons),
            "by_pillar_a_year": {name: plain(interval) for name, interval in each.by_pillar.items()},
            "by_payer_a_year": {name: plain(interval) for name, interval in each.by_payer.items()},
            "expected_homicides_averted_a_year": plain(each.averted),
            "per_expected_homicide_averted": plain(each.per_averted),
        }
        for each in costs(comparison)
    }


def prices_of(comparison: Comparison) -> Prices:
    """Return the prices of the city at which costs are told; US dollars a year."""
    return prices(comparison.city, city_parameters(comparison.city, comparison.parameters))


def _present_values(comparison: Comparison, arm: int) -> Floats:
    """Return what an arm costs beyond the reference in each future over the horizon, at its value as month 1 begins."""
    monthly = comparison.city_monthly[..., outcome_index("cost")].astype(np.float64)
    weights = (1.0 + DISCOUNT) ** (-np.arange(1, comparison.months + 1) / 12)
    values: Floats = (monthly[arm] - monthly[0]) @ weights / 12 * MILLION
    return values


def _moving(amounts: Mapping[str, Floats]) -> dict[str, Interval]:
    """Return the intervals of the amounts that are not zero in every future."""
    return {name: interval_of(values) for name, values in amounts.items() if np.any(values != 0.0)}
