"""The safety fund of business and city: what is given, what a closed board loses, and what the money buys.

    given      = fund * residents * g prices * linkage * business              offered a year; linkage and business: 0-1, 1
    usable     = given (1 - lost),  lost = l closed board (1 - integrity)
    to police  = s usable
    solving    = min(1, c to police / price of investigation in the whole city) * what a force does of what it is asked;
                 1 is as much as investigation at full level (P-E2)
    gap_m      = (1 - level_m) min(1, asked_m / level_m)       measures in force below full level that are bought
    asked_m   += gap_m min(1, (1 - s) usable / sum over m of the price of gap_m)                  the rest of the money
    drawn      = (to police + paid for gaps) / (1 - lost)      what there is nothing to buy with stays with those who offer
What is lost serves whoever it leaks to (`costs`, `gangs.money`). The offer of a month is spent in the next one. Business
gives as far as it stands with the city's programmes (`government`), and no more than it earns: where extortion starves
firms (`labour`) a fund starves with them. What can be bought more of is what is paid for through procurement; deals,
sweeps, soldiers and truces cannot, and no fund pays for another.
    rows    E27 (linkage brings funds), P-G11
    levers  safety_fund, closed_board
    sources eng.security_trust_fund for the size of the offer and the part of the police; all else is judgement
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.enumerations import NO_PILLAR, UNIT_SCHOOL_PLACE, UNIT_TRAINING_PLACE
from sim.parameters import Parameters
from sim.processes.costs import leaks_away, units
from sim.processes.doses import level_now
from sim.processes.justice import obeyed
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["collect", "spend"]

PER_100_000 = 100_000.0


@compiled
def collect(city: City, params: Parameters) -> None:
    """Note what business and city offer to the fund, in US dollars a year, and what share of it a closed board loses."""
    param = params.safety_fund[0]
    city_state = city.city_state[0]
    fund = 0.0
    closed = 0.0
    business = 0.0
    for i in range(city.neighbourhood.size):
        share = city.neighbourhood[i].population / city_state.population
        fund += city.levers[i].safety_fund * share
        closed += city.levers[i].closed_board * share
        business += city.neighbourhood[i].business * share
    city_state.fund_offered = (
        fund * city_state.population * param.offer_per_resident * city_state.programme_prices * city_state.linkage * business
    )
    # The lever of a closed board says how far the board of a fund in force is closed, and not how large the fund is.
    apart = min(1.0, closed / fund) if fund > 0.0 else 0.0
    city_state.fund_lost = param.closed_board_leakage * apart * (1.0 - city_state.integrity)


@compiled
def spend(city: City, params: Parameters, t: int) -> None:
    """Pay the police and fill up measures in month t, before what arrives of them is known."""
    param = params.safety_fund[0]
    city_state = city.city_state[0]
    if city_state.fund_offered <= 0.0:
        for m in range(city.programme.size):
            city.programme[m].funded = 0.0
        city_state.fund_to_police = 0.0
        city_state.fund_solving = 0.0
        city_state.fund_paid = 0.0
        return
    usable = city_state.fund_offered * (1.0 - city_state.fund_lost)
    city_state.fund_to_police = param.police_share * usable
    city_state.fund_solving = _solving(city, params)
    wanted = 0.0
    for m in range(city.programme.size):
        wanted += _price(city, params, m, _gap(city, m, t))
    rest = usable - city_state.fund_to_police
    filled = min(1.0, rest / wanted) if wanted > 0.0 else 0.0
    for m in range(city.programme.size):
        gap = _gap(city, m, t)
        city.programme[m].funded = filled * gap if _price(city, params, m, gap) > 0.0 else 0.0
    for m in range(city.programme.size):
        city.programme[m].asked += city.programme[m].funded
    city_state.fund_paid = city_state.fund_to_police + filled * wanted


@compiled
def _solving(city: City, params: Parameters) -> float:
    """Return how much of what investigation does the money for the police buys, at the price that investigation has here."""
    cost = params.costs[0]
    city_state = city.city_state[0]
    whole = cost.investigation * city_state.programme_prices + cost.investigation_officers * city_state.police_year
    price = whole * city_state.population / PER_100_000
    bought = min(1.0, params.safety_fund[0].police_money_on_investigation * city_state.fund_to_police / price)
    return bought * obeyed(params, city_state)


@compiled
def _gap(city: City, m: int, t: int) -> float:
    """Return what measure m lacks of its full level in month t, as far as its start has come; 0 where no money fills it."""
    measure = city.programme[m]
    if measure.pillar == NO_PILLAR or measure.pools == 1 or measure.leaks == 0.0:
        return 0.0
    if measure.asked == 0.0 or t >= measure.stop:
        return 0.0
    level = level_now(city, m, t)
    if level <= 0.0:
        return 0.0
    return (1.0 - level) * min(1.0, measure.asked / level)


@compiled
def _price(city: City, params: Parameters, m: int, gap: float) -> float:
    """Return what it costs a year to fill a gap of measure m, in US dollars; 0 as long as none of its places is filled."""
    if gap == 0.0:
        return 0.0
    measure: views.Measure = city.programme[m]
    number = units(city, m)
    if measure.unit == UNIT_SCHOOL_PLACE or measure.unit == UNIT_TRAINING_PLACE:
        # Places are billed as filled, so what a gap in their offer costs is told by those that are, of all offered last.
        number /= measure.asked + measure.funded
    bought = measure.unit_cost * (1.0 + leaks_away(city, params) * measure.leaks)
    price: float = gap * number * (bought + measure.force_cost)
    return price
