"""What is wrong with the money of a city file: its currency, the rate to the US dollar, and its prices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from sim.errors import show

if TYPE_CHECKING:
    from sim.scenario.fields import Finding

__all__ = ["wrong_money"]

US_DOLLARS = re.compile(r"\bUSD\b|\bU\.?\s?S\.?\s?(\$|dollars?\b)|\bUnited States dollars?\b", re.IGNORECASE)
"""How the US dollar is written in a city file, of a year or not."""

LEAST_YEAR, MOST_YEAR = 200, 1_000_000
"""US dollars: no country pays less or more for a year of an officer or of a prison place."""


class Money(Protocol):
    """What a city file says of its money; `sim.scenario.City` does."""

    currency: str
    money_per_dollar: float
    price_level: float | None
    police_year: float | None
    prison_year: float | None
    sources: dict[str, str]
    assumptions: dict[str, str]

    @property
    def model_fields_set(self) -> set[str]:
        """The keys that the file gives."""


def wrong_money(city: Money) -> Iterator[Finding]:
    """Yield what makes costs appear in a money, or at prices, that are not the city's."""
    yield from _wrong_currency(city)
    yield from _wrong_prices(city)


def _wrong_currency(city: Money) -> Iterator[Finding]:
    """Yield what makes costs appear in a money that they are not in: unit costs are in US dollars.

    A rate of 1 and US dollars belong together. Where it is otherwise for a reason (a currency at par, dollars of another
    year), an entry `money_per_dollar` among the sources or assumptions gives the reason.
    """
    is_dollars = US_DOLLARS.search(city.currency) is not None
    if is_dollars == (city.money_per_dollar == 1.0) or "money_per_dollar" in {**city.sources, **city.assumptions}:
        return
    if is_dollars:
        says = f"is {show(city.money_per_dollar)}, but the currency is {show(city.currency)}; give 1, or name the currency"
    else:
        given = f"is {show(city.money_per_dollar)}" if "money_per_dollar" in city.model_fields_set else "is missing"
        says = f"{given}, but the currency is {show(city.currency)}; give how many of it one US dollar buys"
    yield ("money_per_dollar",), f"{says} (if that is right, say why under assumptions: money_per_dollar)"


def _wrong_prices(city: Money) -> Iterator[Finding]:
    """Yield prices of the city's own whose origin is not said, or that no country pays."""
    told = {name.strip() for key in (*city.sources, *city.assumptions) for name in key.split(",")}
    for name in ("price_level", "police_year", "prison_year"):
        value = getattr(city, name)
        at_us_prices = name == "price_level" and value == 1.0
        if value is not None and name not in told and not at_us_prices:
            yield (name,), f"is {show(value)} and nothing says where from; add {name} under sources, or under assumptions"
        if value is not None and name != "price_level":
            dollars = value / city.money_per_dollar
            if not LEAST_YEAR <= dollars <= MOST_YEAR:
                says = f"is {show(value)}, which is {dollars:,.4g} US dollars; give it a year and in {city.currency}"
                yield (name,), f"{says}, {LEAST_YEAR:,} to {MOST_YEAR:,} US dollars"
