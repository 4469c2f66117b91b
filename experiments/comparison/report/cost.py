"""What policies cost, as parts of the report's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from experiments.comparison.costs import cheapest_sentence, costs
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
        rows.append(
            {
                "title": each.title,
                "cells": [amount(each.extra), amount(each.total), averted, price, amount(each.per_resident)],
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
    rate = comparison.city.money_per_dollar
    money = "" if rate == 1 else f", at {significant(rate, 3)} {comparison.city.currency} for a dollar"
    return (
        f"Unit costs are rough, most of them judgement, in US dollars of no one year{money}; their doubt is not in the "
        f"intervals. Amounts are undiscounted and in the prices of the unit costs. Homicides averted are expected deaths, "
        "which chance does not blur; the deaths drawn in each future are in the table of outcomes. A cost per homicide "
        "averted counts every unit of cost against killings alone: whatever else a policy would change, for better or "
        "worse, is in the table above and has no price here."
    )
