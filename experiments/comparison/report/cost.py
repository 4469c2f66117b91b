"""What policies cost, as parts of the report's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.comparison.costs import DISCOUNT, cheapest_sentence, costs, prices_of
from experiments.comparison.findings import reference_title, signed, significant, span
from experiments.comparison.paired import Interval
from experiments.comparison.report.tables import Found

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison


__all__ = ["cost_part"]


def cost_part(comparison: Comparison, found: Found) -> dict[str, Any]:
    """Return the tables of cost: what each policy costs and averts, for what, and who pays."""
    currency = comparison.city.currency
    answers = costs(comparison, found)

    def amount(interval: Interval) -> dict[str, str]:
        return {"mean": signed(interval.mean) if interval.mean else "0", "span": span(interval)}

    def table(part: str) -> list[dict[str, Any]]:
        """Return a row for each pillar or payer that any policy touches."""
        names = dict.fromkeys(name for each in answers for name in getattr(each, part))
        zero = Interval(0.0, 0.0, 0.0)
        return [
            {"title": name, "cells": [amount(getattr(each, part).get(name, zero)) for each in answers]} for name in names
        ]

    rows = []
    for each in answers:
        price = {"mean": "not stated", "span": "it cannot be told that homicide would fall"}
        if each.per_averted is not None:
            price = {"mean": significant(each.per_averted.mean), "span": span(each.per_averted)}
        averted = {"mean": significant(each.averted.mean), "span": span(each.averted)}
        later = f"discounted by {DISCOUNT:.0%} a year {signed(each.discounted.mean) if each.discounted.mean else 0}"
        total = amount(each.total) | {"span": f"{span(each.total)}; {later}"}
        rows.append(
            {
                "title": each.title,
                "cells": [amount(each.extra), total, averted, price, amount(each.per_resident)],
            }
        )
    first = [{"title": row["title"], "cells": [row["cells"][column] for column in (2, 0, 3)]} for row in rows]
    parts = [
        {"title": "Prison places for ages 10 to 29", "cells": [amount(each.prisons) for each in answers]},
        {"title": "Measures", "cells": [amount(each.measures) for each in answers]},
    ]
    return {
        "rows": rows,
        "first": first,
        "parts": [*reversed(parts), *({**row, "title": f"of this, {row['title']}"} for row in table("by_pillar"))],
        "payers": table("by_payer"),
        "currency": currency,
        "cheapest": cheapest_sentence(answers, currency),
        "caption": f"In {currency}, against {reference_title(comparison)}, with 95 % intervals.",
        "note": _cost_note(comparison),
    }


def _cost_note(comparison: Comparison) -> str:
    return (
        "Unit costs are in US dollars of 2019 at the prices of the United States, most of them judgement; their doubt is "
        "not in the intervals, and --draw 'costs.*' of the study of trade-offs varies it. "
        f"{_price_note(comparison)} An officer's time counts whether new or taken from other work. Totals are undiscounted "
        "where nothing else is said. Homicides averted are expected deaths, which chance does not blur, and not discounted; "
        "the deaths drawn in each future are in the table of outcomes. A cost per homicide averted counts every unit of "
        "cost against killings alone: whatever else a policy would change, for better or worse, is in the table above "
        "and has no price here. Published for comparison, in US dollars: 1.6 to 2.7 million for each life saved by more "
        "police in cities of the United States (Chalfin and others 2022), 0.1 to 0.4 million for a prevention programme in "
        "Belo Horizonte (Peixoto and others 2008)."
    )


def _price_note(comparison: Comparison) -> str:
    """Say at which prices of the city costs are told, and which of them the city file leaves to a rule."""
    city, here = comparison.city, prices_of(comparison)
    rate = city.money_per_dollar
    money = "" if rate == 1 else f", at {significant(rate, 3)} {city.currency} for a dollar"
    ruled = [{"police_year": "an officer", "prison_year": "a prison place"}.get(name, "") for name in here.assumed]
    named = " and ".join(name for name in ruled if name)
    rule = f" (the cost of {named} by a rule from the price level, for want of a figure)" if named else ""
    level = (
        "" if city.price_level is not None else " The city file gives no price level: that of the United States is assumed."
    )
    return (
        f"In this city a programme costs {significant(here.programmes)} of that, an officer "
        f"{significant(here.police_year)} and a prison place {significant(here.prison_year)} US dollars a year{rule}{money}."
        f"{level}"
    )
