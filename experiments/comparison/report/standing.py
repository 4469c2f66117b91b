"""The page of a run that is compared with nothing: where the city stands, how sure that is, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.findings import BY_NAME, level_interval, list_words, quoted, reading, significant, span
from experiments.comparison.fitted import fit_text, off_levels
from experiments.comparison.lettering import name_in_figures
from experiments.comparison.notes import notes
from experiments.comparison.paired import LEVEL_PERCENTILES, Floats, Interval, interval_of
from experiments.comparison.pictures import Pictures
from experiments.comparison.report.origin import LEFT_OUT, inside, labelled, provenance_part, scale_words, strengths_part
from experiments.comparison.report.pictures import picture
from experiments.comparison.report.plan import chosen_part, plan_part, shocks_part
from sim import outcomes
from sim.enumerations import AGENCIES, PILLARS
from sim.outcomes import DETAIL_GROUPS, MAIN_GROUPS, Outcome, in_group, outcome_index

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

__all__ = ["standing_content"]

SECTIONS = (
    ("asked", "What was run"),
    ("table", "Outcome by outcome"),
    ("where", "Where"),
    ("time", "Over time"),
    ("cost", "Cost"),
    ("left-out", "What it leaves out"),
    ("strengths", "How well it is known"),
    ("provenance", "Provenance"),
)

GROUPS_OF_PLACES = 5


def standing_content(comparison: Comparison, pictures: Pictures) -> dict[str, Any]:
    """Return what the page of a run shows.

    Parameters
    ----------
    comparison
        A comparison without policies: the reference alone.
    pictures
        Its figures.
    """
    city = comparison.city
    return {
        "city": city,
        "city_inside": inside(city.title),
        "title": _title(comparison),
        "lead": _lead(comparison),
        "standing": scale_words(comparison),
        "fit": fit_text(city, off_levels(comparison)),
        "sections": SECTIONS,
        "months": comparison.months,
        "asked": _asked(comparison),
        "plans": [plan_part(comparison, 0)] if comparison.against.measures else [],
        "chosen": chosen_part(comparison),
        "shocks": shocks_part(comparison),
        "notes": notes(comparison),
        "how_sure": _how_sure(comparison),
        "groups": _groups(comparison, MAIN_GROUPS),
        "others": _groups(comparison, DETAIL_GROUPS),
        "first": picture(pictures, "level_homicide_rate", _line_words(comparison, "homicide_rate")),
        "lines": [picture(pictures, f"level_{name}", _line_words(comparison, name)) for name in outcomes.CHARTED[1:]],
        "map": picture(
            pictures,
            "map_homicide_rate",
            f"Map of homicide by neighbourhood. {_span_of_places(comparison)}",
            _span_of_places(comparison),
            "png",
        ),
        "fifths": _fifths(comparison),
        "places": _places(comparison),
        "unit": BY_NAME["homicide_rate"].unit,
        "cost": _cost(comparison),
        "left_out": LEFT_OUT,
        "assumptions": labelled(city.assumptions),
        "sources": labelled(city.sources),
        "strengths": strengths_part([comparison.against]),
        "provenance": provenance_part(comparison),
        "without": list_words(comparison.without),
        "seeds": ", ".join(str(seed) for seed in comparison.seeds),
    }


def _title(comparison: Comparison) -> str:
    where = inside(comparison.city.title)
    if comparison.against.measures:
        return f"Where would {where} stand under {quoted(comparison.against.title)}?"
    return f"Where would {where} stand without a new policy?"


def _values(comparison: Comparison, outcome: str) -> Floats:
    """Return the horizon means of the run, float64 [future]."""
    return comparison.horizon_means[0, :, outcome_index(outcome)]


def _lead(comparison: Comparison) -> str:
    told = ("homicide_rate", "killings_expected", "criminal_governance_index", "homicides")
    rate, deaths, rule, drawn = (level_interval(BY_NAME[name], _values(comparison, name)) for name in told)

    def sure(interval: Interval) -> str:
        return f"95 % interval {span(interval)}" if comparison.replications > 1 else "a single future, which says little"

    return (
        f"In this model, homicide would average {significant(rate.mean)} per 100 000 residents a year over "
        f"{comparison.months} months ({sure(rate)}). That is {significant(deaths.mean)} expected deaths a year; the futures "
        f"that were run drew {significant(drawn.mean)} on average. Criminal governance would stand at "
        f"{significant(rule.mean)} on a scale of 0 to 100 ({sure(rule)})."
    )


def _asked(comparison: Comparison) -> str:
    futures = "a single future" if comparison.replications == 1 else f"{comparison.replications} futures"
    return (
        f"{comparison.city.title}, {len(comparison.city.neighbourhoods)} neighbourhoods, {comparison.months} months, "
        f"{futures}. Unless a month is named, a figure is the average over all {comparison.months} months."
    )


def _how_sure(comparison: Comparison) -> str:
    if comparison.replications == 1:
        return "A single future tells nothing about what is due to chance; ask for more."
    low, high = LEVEL_PERCENTILES
    return (
        f"The interval says how sure the mean over futures is; the futures themselves differ more: {high - low} in 100 of "
        "them lie in the last column. Both cover luck alone, no doubt about the model. Expected deaths are what the hazards "
        "add up to; drawn deaths are what happened in each future, by luck."
    )


def _groups(comparison: Comparison, groups: Iterable[str]) -> list[dict[str, Any]]:
    """Return the rows of the table of levels, group by group."""

    def row(outcome: Outcome) -> dict[str, str]:
        shown = reading(outcome, comparison.city.currency)
        values = _values(comparison, outcome.name)
        low, high = np.percentile(values * shown.factor, LEVEL_PERCENTILES)
        mean = level_interval(outcome, values).times(shown.factor)
        return {
            "title": outcome.title,
            "unit": shown.unit,
            "mean": significant(mean.mean, 3),
            "span": span(mean),
            "futures": f"{significant(float(low))} to {significant(float(high))}" if comparison.replications > 1 else "",
        }

    return [{"title": group, "rows": [row(outcome) for outcome in in_group(group)]} for group in groups]


def _line_words(comparison: Comparison, outcome: str) -> str:
    shown = reading(BY_NAME[outcome], comparison.city.currency)
    mean = level_interval(BY_NAME[outcome], _values(comparison, outcome)).times(shown.factor)
    return (
        f"Line over {comparison.months} months: {BY_NAME[outcome].title}, on average {significant(mean.mean)} {shown.unit}, "
        f"95 % interval {span(mean)}."
    )


def _homicide(comparison: Comparison) -> Floats:
    """Return homicide by future and neighbourhood, per 100 000 a year; not-a-number where nobody lives."""
    rates: Floats = comparison.place_means[0, :, :, outcome_index("homicide_rate")].copy()
    rates[:, [place.population == 0 for place in comparison.city.neighbourhoods]] = np.nan
    return rates


def _span_of_places(comparison: Comparison) -> str:
    rates = _homicide(comparison).mean(axis=0)
    names = [place.name for place in comparison.city.neighbourhoods]
    least, most = int(np.nanargmin(rates)), int(np.nanargmax(rates))
    return (
        f"Homicide would be lowest in {names[least]} ({significant(float(rates[least]))} per 100 000 a year) and highest in "
        f"{names[most]} ({significant(float(rates[most]))})."
    )


def _fifths(comparison: Comparison) -> list[dict[str, str]]:
    """Return homicide in groups of neighbourhoods, the poorest first, each with about as many neighbourhoods."""
    places = comparison.city.neighbourhoods
    lived_in = [i for i in sorted(range(len(places)), key=lambda i: (-places[i].poverty, i)) if places[i].population]
    rates, rows = _homicide(comparison), []
    for number, group in enumerate(np.array_split(lived_in, min(GROUPS_OF_PLACES, len(lived_in))), start=1):
        people = np.array([places[i].population for i in group], dtype=float)
        mean = level_interval(BY_NAME["homicide_rate"], np.average(rates[:, group], axis=1, weights=people))
        poverty = np.average([places[i].poverty for i in group], weights=people)
        rows.append(
            {
                "title": {1: "Poorest", GROUPS_OF_PLACES: "Least poor"}.get(number, f"Group {number}"),
                "places": f"{len(group)}",
                "people": significant(float(people.sum()), 3),
                "poverty": f"{significant(100 * float(poverty))} %",
                "mean": significant(mean.mean),
                "span": span(mean),
            }
        )
    return rows


def _places(comparison: Comparison) -> list[dict[str, str]]:
    """Return homicide neighbourhood by neighbourhood."""
    rates, rows = _homicide(comparison), []
    for i, place in enumerate(comparison.city.neighbourhoods):
        mean = level_interval(BY_NAME["homicide_rate"], rates[:, i])
        said = (
            {"mean": significant(mean.mean), "span": span(mean)}
            if place.population
            else {"mean": "no residents", "span": ""}
        )
        rows.append({"name": name_in_figures(place.name, i)} | said)
    return rows


def _cost(comparison: Comparison) -> dict[str, Any]:
    currency = comparison.city.currency
    years = comparison.months / 12

    def row(title: str, values: Floats) -> dict[str, Any]:
        a_year = interval_of(values * 1e6)
        total = a_year.times(years)
        cells = [{"mean": significant(each.mean), "span": span(each)} for each in (a_year, total)]
        return {"title": title, "cells": cells}

    spent = {pillar: _values(comparison, f"cost_{pillar}") for pillar in PILLARS}
    measures = sum(spent.values(), np.zeros(comparison.replications))
    whole = _values(comparison, "cost")
    rows = [row("Public cost", whole), row("Prison places for ages 10 to 29", whole - measures), row("Measures", measures)]
    rows += [row(f"of this, {pillar}", values) for pillar, values in spent.items() if values.any()]
    payers = {agency: _values(comparison, f"paid_by_{agency}") for agency in AGENCIES}
    rows += [row(f"paid by {agency}", values) for agency, values in payers.items() if values.any()]
    return {"rows": rows, "caption": f"In {currency}, undiscounted, with 95 % intervals. Unit costs are rough."}
