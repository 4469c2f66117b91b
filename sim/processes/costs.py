"""Accounts: what the month cost, by pillar and by who pays, in millions of the city's money a year.

    bought_m = dose asked * units * unit cost; places as filled
    force_m  = dose asked * units * officers * police year; soldiers who stay, as long as they do
    leak_m   = bought_m leakage (1 - integrity)^2, where it is paid through procurement      paid on top, and lost (row E11)
    cost     = sum of what is bought, forces and leaks + prisoners * prison year
    paid_by  = what is bought, in equal parts, to the agencies that share it; forces to the police, soldiers to those who
               share their measure; prisoners to justice
What a measure costs follows what is asked for, not what arrives; an officer's time counts whether he is new or taken from
other work, and pay is no purchase of which a part could leak. Unit costs are at the city's prices (`sim.prices`). Row I12.
"""

from __future__ import annotations

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

__all__ = ["record_costs"]

PER_100_000 = 100_000.0


@compiled
def record_costs(city: City, params: Parameters) -> None:
    """Add up what the month cost, in millions of the city's money a year."""
    city_state = city.city_state[0]
    total = city_state.prison_year * city_state.prisoners
    lost = params.policy_delivery[0].leakage_share * (1.0 - city_state.integrity) * (1.0 - city_state.integrity)
    paid = 0.0
    leaked = 0.0
    city_state.cost_regulation = 0.0
    city_state.cost_enforcement = 0.0
    city_state.cost_engagement = 0.0
    city_state.cost_resilience = 0.0
    agencies = city.scratch.by_agency
    for a in range(agencies.size):
        agencies[a] = 0.0
    agencies[JUSTICE] = total * city_state.money_per_dollar / 1e6
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
        units = 0.0
        for i in range(city.neighbourhood.size):
            neighbourhood = city.neighbourhood[i]
            here = city.where[m, i]
            if measure.unit == UNIT_RESIDENTS:
                units += here * neighbourhood.population / PER_100_000
            elif measure.unit == UNIT_SCHOOL_PLACE:
                units += neighbourhood.school_places
            elif measure.unit == UNIT_TRAINING_PLACE:
                units += neighbourhood.training_places
        if measure.unit == UNIT_CITY:
            units = 1.0
        # Places are counted as filled, so their bill runs on after the last offer; everything else follows the dose.
        billed = 1.0 if measure.unit == UNIT_SCHOOL_PLACE or measure.unit == UNIT_TRAINING_PLACE else measure.asked
        bought = billed * units * measure.unit_cost
        force = billed * units * measure.force_cost
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
        bill = (bought + leak) * city_state.money_per_dollar / 1e6
        pay = force * city_state.money_per_dollar / 1e6
        _charge(agencies, measure.payers, bill)
        _charge(agencies, measure.force_payers, pay)
        million = bill + pay
        if measure.pillar == REGULATION:
            city_state.cost_regulation += million
        elif measure.pillar == ENFORCEMENT:
            city_state.cost_enforcement += million
        elif measure.pillar == ENGAGEMENT:
            city_state.cost_engagement += million
        else:
            city_state.cost_resilience += million
    city_state.leakage = leaked / paid if paid > 0.0 else 0.0
    # At US prices: where prices are low, a dollar that leaks is worth more to those who get it.
    city_state.leaked = leaked / city_state.programme_prices / city_state.population
    city_state.cost = (total + paid) * city_state.money_per_dollar / 1e6


@compiled
def _charge(agencies: Floats, payers: int, million: float) -> None:
    """Divide a bill equally among the agencies whose bit is set."""
    sharing = 0
    for a in range(agencies.size):
        sharing += (payers >> a) & 1
    for a in range(agencies.size):
        if (payers >> a) & 1 == 1:
            agencies[a] += million / sharing
