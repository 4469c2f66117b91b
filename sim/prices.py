"""The prices of a city: what programmes, a police officer and a prison place cost there, from its file or by a rule.

    programmes   = price level ^ programmes_on_price_level                            against US prices
    police year  = the file's, or police_year price level ^ police_year_on_price_level          US dollars
    prison year  = the file's, or prison_year price level ^ prison_year_on_price_level          US dollars
    price level  = the file's, or 1

Pay in public service differs more between countries than prices do, so both exponents of the rule are above 1: they are
those at which a price level of .45, about that of Latin America, gives what an officer and a prison place cost there
(`cost.police_officer_year`, `cost.inmate_year_lac`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.parameters import Parameters

__all__ = ["Prices", "prices"]


class Prices(NamedTuple):
    """What things cost in a city.

    Attributes
    ----------
    programmes
        Cost of a programme against the same one at US prices.
    police_year, prison_year
        Cost of an officer and of a prison place, US dollars a year.
    assumed
        Which of `price_level`, `police_year` and `prison_year` the city file leaves out.
    """

    programmes: float
    police_year: float
    prison_year: float
    assumed: tuple[str, ...]


def prices(city: schema.City, params: Parameters) -> Prices:
    """Return the prices of a city.

    Parameters
    ----------
    city
        The city file.
    params
        For what holds where the file gives no figure; from `sim.build.city_parameters`.
    """
    param = params.costs[0]
    level = 1.0 if city.price_level is None else city.price_level
    police, prison = city.police_year, city.prison_year
    return Prices(
        programmes=float(level**param.programmes_on_price_level),
        police_year=float(param.police_year * level**param.police_year_on_price_level)
        if police is None
        else police / city.money_per_dollar,
        prison_year=float(param.prison_year * level**param.prison_year_on_price_level)
        if prison is None
        else prison / city.money_per_dollar,
        assumed=tuple(name for name in ("price_level", "police_year", "prison_year") if getattr(city, name) is None),
    )
