"""Accounts: what the month cost, by pillar and by who pays, in millions of the city's money a year.

    bought_m = dose asked * units * unit cost; places as filled
    force_m  = dose asked * units * officers * police year; soldiers who stay, as long as they do
    leak_m   = bought_m leakage (1 - integrity)^2, where it is paid through procurement      paid on top, and lost (row E11)
    cost     = sum of what is bought, forces and leaks + prisoners * prison year
    paid_by  = what is bought, in equal parts, to the agencies that share it; forces to the police, soldiers to those who
               share their measure; prisoners to justice
What a measure costs follows what is asked for, not what arrives; an officer's time counts whether he is new or taken from
other work, and pay is no purchase of which a part could leak. Unit costs are at the city's prices (`sim.prices`). What a
safety fund adds to a measure, pays the police and loses falls on those who pool their money (`safety_fund`). Row I12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.enumerations import (
    ENFORCEMENT,
    ENGAGEMENT,
    JUSTICE,
    NO_PILLAR,
    REGULATION,
    UNIT_CITY,
    UNIT_RESIDENTS,
    UNIT_SCHOOL_PLACE,
    UNIT_TRAINING_PLACE,
)
from sim.parameters import Parameters
from sim.state import City, Floats

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["leaks_away", "record_costs", "units"]

PER_100_000 = 100_000.0


@compiled
def record_costs(city: City, params: Parameters) -> None:
    """Add up what the month cost, in millions of the city's money a year."""
    city_state = city.city_state[0]
    total = city_state.prison_year * city_state.prisoners
    lost = leaks_away(city, params)
    paid = 0.0
    leaked = 0.0
    city_state.cost_regulation = 0.0
    city_state.cost_enforcement = 0.0
    city_state.cost_engagement = 0.0
    city_state.cost_resilience = 0.0
    agencies = city.scratch.by_agency
    for a in range(agencies.size):
        agencies[a] = 0.0
    agencies[JUSTICE] = _in_millions(city_state, total)
    poolers = 0
    for m in range(city.programme.size):
        if city.programme[m].pools == 1:
            poolers |= city.programme[m].payers
    school_billed = False
    stay_billed = False
    training_billed = False
    for m in range(city.programme.size):
        measure = city.programme[m]
        if measure.pillar == NO_PILLAR:
            continue
        # Places are counted as filled, whichever use of a measure offered them: they are billed once.
        if measure.unit == UNIT_SCHOOL_PLACE:
            if school_billed:
                continue
            school_billed = True
        elif measure.unit == UNIT_TRAINING_PLACE:
            if training_billed:
                continue
            training_billed = True
        number = units(city, m)
        # Places are counted as filled, so their bill runs on after the last offer; everything else follows the dose.
        billed = 1.0 if measure.unit == UNIT_SCHOOL_PLACE or measure.unit == UNIT_TRAINING_PLACE else measure.asked
        bought = billed * number * measure.unit_cost
        force = billed * number * measure.force_cost
        if measure.stays == 1 and not stay_billed:
            stay_billed = True
            staying = 0.0
            for i in range(city.neighbourhood.size):
                staying += city.neighbourhood[i].lingering * city.neighbourhood[i].population / PER_100_000
            bought += staying * measure.unit_cost
            force += staying * measure.force_cost
        # What leaks is paid on top, and serves whoever it leaks to.
        leak = bought * lost * measure.leaks
        paid += bought + force + leak
        leaked += leak
        bill = _in_millions(city_state, bought + leak)
        pay = _in_millions(city_state, force)
        # What a safety fund added to a measure is paid by those who pool their money.
        pooled = measure.funded / measure.asked if measure.funded > 0.0 else 0.0
        _charge(agencies, measure.payers, bill * (1.0 - pooled))
        _charge(agencies, measure.force_payers, pay * (1.0 - pooled))
        _charge(agencies, poolers, (bill + pay) * pooled)
        million = bill + pay
        if measure.pillar == REGULATION:
            city_state.cost_regulation += million
        elif measure.pillar == ENFORCEMENT:
            city_state.cost_enforcement += million
        elif measure.pillar == ENGAGEMENT:
            city_state.cost_engagement += million
        else:
            city_state.cost_resilience += million
    # What the fund pays the police, and what its board loses, are in the bill of no other measure.
    to_police = city_state.fund_to_police
    city_state.fund_money = _in_millions(city_state, city_state.fund_paid)
    lost_by_board = city_state.fund_paid * city_state.fund_lost / (1.0 - city_state.fund_lost)
    paid += to_police + lost_by_board
    leaked += lost_by_board
    city_state.cost_enforcement += _in_millions(city_state, to_police)
    city_state.cost_engagement += _in_millions(city_state, lost_by_board)
    _charge(agencies, poolers, _in_millions(city_state, to_police + lost_by_board))
    city_state.leakage = leaked / paid if paid > 0.0 else 0.0
    # At US prices: where prices are low, a dollar that leaks is worth more to those who get it.
    city_state.leaked = leaked / city_state.programme_prices / city_state.population
    city_state.cost = _in_millions(city_state, total + paid)


@compiled
def _in_millions(city_state: views.CityState, dollars: float) -> float:
    """Return US dollars in millions of the city's money."""
    millions: float = dollars * city_state.money_per_dollar / 1e6
    return millions


@compiled
def leaks_away(city: City, params: Parameters) -> float:
    """Return the share of what is bought that is paid on top and lost, where it is paid for through procurement."""
    city_state = city.city_state[0]
    lost: float = params.policy_delivery[0].leakage_share * (1.0 - city_state.integrity) * (1.0 - city_state.integrity)
    return lost


@compiled
def units(city: City, m: int) -> float:
    """Return how many units measure m takes at full level: of residents where it acts, of places as filled, or one city."""
    measure = city.programme[m]
    if measure.unit == UNIT_CITY:
        return 1.0
    number = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        if measure.unit == UNIT_RESIDENTS:
            number += city.where[m, i] * neighbourhood.population / PER_100_000
        elif measure.unit == UNIT_SCHOOL_PLACE:
            number += neighbourhood.school_places
        elif measure.unit == UNIT_TRAINING_PLACE:
            number += neighbourhood.training_places
    return number


@compiled
def _charge(agencies: Floats, payers: int, million: float) -> None:
    """Divide a bill equally among the agencies whose bit is set."""
    sharing = 0
    for a in range(agencies.size):
        sharing += (payers >> a) & 1
    for a in range(agencies.size):
        if (payers >> a) & 1 == 1:
            agencies[a] += million / sharing
