"""The ledger: what the month was, by neighbourhood and for the city, in the order and units of `sim.outcomes`.

    index_i = 100 (w1 paying + w2 territory + w3 closure + w4 order)         the criminal-governance index
    gap     = expected rate of the most violent fifth of areas over that of the least (fifths fixed at month 0)
    cost    = measures in force + places filled at their unit cost + prisoners at theirs, millions a year
Rows I01-I12.
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.calendar import killings_expected
from sim.processes.extortion import territory
from sim.state import DRUGS, City

__all__ = ["record"]

PER_YEAR = 12.0
PER_100_000 = 100_000.0
MONTHLY_RATE = PER_YEAR * PER_100_000

# What one unit of a measure is.
UNIT_CITY, UNIT_NEIGHBOURHOOD, UNIT_RESIDENTS, UNIT_SCHOOL_PLACE, UNIT_TRAINING_PLACE = range(5)


@compiled
def record(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Write the month."""
    _close_accounts(city, rates)
    gap = _gap(city)
    for i in range(city.place.size):
        _record_killing(city, rates, i)
        _record_the_rest(city, rates, i, gap)
    _add_up(city)


@compiled
def _close_accounts(city: City, rates: Rates) -> None:
    """Add up what the month cost, in millions of the city's money a year."""
    town = city.town[0]
    total = rates.ledger[0].prison_year * town.prisoners
    school_billed = False
    training_billed = False
    for m in range(city.programme.size):
        measure = city.programme[m]
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
        for i in range(city.place.size):
            place = city.place[i]
            here = city.where[m, i]
            if measure.unit == UNIT_NEIGHBOURHOOD:
                units += here
            elif measure.unit == UNIT_RESIDENTS:
                units += here * place.population / PER_100_000
            elif measure.unit == UNIT_SCHOOL_PLACE:
                units += place.school_places
            elif measure.unit == UNIT_TRAINING_PLACE:
                units += place.training_places
        if measure.unit == UNIT_CITY:
            units = 1.0
        # Places are counted as filled, so their bill runs on after the last offer; everything else follows the dose.
        billed = 1.0 if measure.unit >= UNIT_SCHOOL_PLACE else measure.dose
        total += billed * units * measure.unit_cost
    town.cost = total * town.money_per_dollar / 1e6


@compiled
def _gap(city: City) -> float:
    """Return the expected homicide rate of the most violent fifth of areas over that of the least violent."""
    most = 0.0
    people_most = 0.0
    least = 0.0
    people_least = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        if place.fifth == 1:
            most += killings_expected(place)
            people_most += place.population
        elif place.fifth == -1:
            least += killings_expected(place)
            people_least += place.population
    if people_most == 0.0 or people_least == 0.0 or least == 0.0:
        return 1.0
    return (most / people_most) / (least / people_least)


@compiled
def _record_killing(city: City, rates: Rates, i: int) -> None:
    place = city.place[i]
    out = city.outcome[i]
    each = MONTHLY_RATE / place.population
    expected = killings_expected(place)
    out.homicide_rate = expected * each
    out.gang_homicide_rate = place.deaths_rivalry * each
    out.discipline_homicide_rate = place.deaths_discipline * each
    out.dispute_homicide_rate = place.deaths_dispute * each
    out.bystander_homicide_rate = place.deaths_bystander * each
    out.domestic_homicide_rate = place.deaths_domestic * each
    out.police_killings = place.deaths_police * each
    out.market_homicide_rate = place.deaths_market * each
    out.homicides = place.killed * PER_YEAR
    # Police killings seldom enter the official count, and a weak state loses bodies: recorded against true (I02).
    official = (expected - 0.8 * place.deaths_police) / expected if expected > 0.0 else 1.0
    out.homicides_recorded = out.homicides * official * (0.8 + 0.2 * place.reporting)
    out.killings_expected = expected * PER_YEAR
    out.female_homicide_rate = place.deaths_female * each
    out.youth_homicide_rate = place.deaths_youth * each
    lethality = rates.ledger[0].lethality * city.town[0].guns ** rates.violence[0].gun_elasticity
    out.serious_assaults = expected * each / lethality


@compiled
def _record_the_rest(city: City, rates: Rates, i: int, gap: float) -> None:
    rate = rates.ledger[0]
    place = city.place[i]
    police = city.police[i]
    town = city.town[0]
    out = city.outcome[i]
    members = 0.0
    inside = 0.0
    gangs = 0.0
    for k in range(city.gang.size):
        members += city.members[i, k] * place.weight
        inside += city.inmates[i, k] * place.weight
        if city.gang[k].alive == 1 and city.gang[k].home == i:
            gangs += 1.0
    out.gang_members = members
    out.prison_members = inside
    out.gangs = gangs
    out.recruits = place.recruits * PER_YEAR
    out.recruits_under_18 = place.recruits_under_18 * PER_YEAR
    out.exits = place.exits * PER_YEAR
    out.protection = place.extortion
    out.territory = territory(city, i)
    out.closure = place.closure
    out.order = place.governing
    weights = rate.weight_protection + rate.weight_territory + rate.weight_closure + rate.weight_order
    out.criminal_governance_index = (
        100.0
        * (
            rate.weight_protection * out.protection
            + rate.weight_territory * out.territory
            + rate.weight_closure * out.closure
            + rate.weight_order * out.order
        )
        / weights
    )
    out.extortion_share = place.extortion
    out.turnover_taken = place.turnover_taken
    out.gang_control = place.controlled
    out.state_legitimacy = place.state_legitimacy
    out.police_legitimacy = place.police_legitimacy
    out.criminal_legitimacy = place.criminal_legitimacy
    out.collective_efficacy = place.collective_efficacy
    out.bridging = place.bridging
    out.fear = place.fear
    out.testimony = place.testimony
    out.reporting = place.reporting
    out.clearance = place.clearance
    out.arrests = place.arrested * PER_YEAR
    out.prisoners = place.prisoners
    out.abuse = police.abuse
    out.complaints = PER_100_000 * rate.complaints * police.abuse * place.reporting
    out.seizures_true = town.seizures_true
    out.seizures_recorded = town.seizures_recorded
    out.drug_price = city.flows.price[i, DRUGS]
    out.rents = place.rent / place.rent_reference if place.rent_reference > 0.0 else 1.0
    out.firearms = town.guns
    out.integrity = town.integrity
    out.bribes = town.bribes
    out.business = place.business
    out.jobs = place.jobs
    out.domestic_violence = place.domestic
    out.places_filled = place.school_places + place.training_places
    out.homicide_gap = gap
    out.cost = town.cost * place.population / town.population


@compiled
def _add_up(city: City) -> None:
    """Make the city's figures: sums, or means weighted by residents or by expected killings."""
    values = city.outcome_values
    for column in range(values.shape[1]):
        kind = city.outcome_weight[column]
        total = 0.0
        weights = 0.0
        for i in range(values.shape[0]):
            if kind == -2:
                weight = 1.0
            elif kind == -1:
                weight = city.place[i].population
            else:
                weight = values[i, kind]
            total += weight * values[i, column]
            weights += weight
        if kind == -2:
            weights = 1.0
        city.city_outcome[column] = total / weights if weights > 0.0 else 0.0
