"""The ledger: what the month was, by neighbourhood and for the city, in the order and units of `sim.outcomes`.

    index_i = 100 (w1 paying + w2 territory + w3 closure + w4 order) / (w1 + w2 + w3 + w4)    the criminal-governance index;
              its plain mean where no weight is above 0, which is where equal weights lead as they shrink
    gap     = expected rate of the most violent fifth of areas over that of the least (fifths fixed at month 0)
    ratios  = killings a head of a group, at most 1 a month, over the city's (row I01, E30)
    counted = recorded + observed phones (true - recorded)                 an independent count, by who tells it (row I02)
Rows I01-I12.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.outcomes import FIRST_OF_AGENCIES, FIRST_OF_MARKETS
from sim.parameters import Rates
from sim.processes.accounts import close_accounts
from sim.processes.anchors import contrast, logistic, per_head
from sim.processes.calendar import killings_expected
from sim.processes.extortion import territory
from sim.processes.rivalry import lethality
from sim.state import DRUGS, FIREARMS, GOODS, City

if TYPE_CHECKING:
    from sim import views

__all__ = ["record"]

PER_YEAR = 12.0
PER_100_000 = 100_000.0
MONTHLY_RATE = PER_YEAR * PER_100_000


@compiled
def record(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Write the month."""
    close_accounts(city, rates)
    gap = _gap(city)
    victims = _who_dies(city, rates)
    for i in range(city.place.size):
        _record_killing(city, rates, i)
        _record_gangs(city, i)
        _record_the_rest(city, rates, i, gap)
        _record_resilience(city, rates, i)
        out = city.outcome[i]
        out.ratio_female = victims[0]
        out.ratio_young_men = victims[1]
        out.ratio_elderly = victims[2]
        out.ratio_displaced = victims[3]
        out.ratio_marginalised = victims[4]
    _add_up(city)


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
def _who_dies(city: City, rates: Rates) -> tuple[float, float, float, float, float]:
    """Return killings a head of women and girls, young men, the elderly, the displaced and the marginalised, to the city's.

    The marginalised are the smaller identity groups; where a city has none, residents by their deprivation.
    """
    rate = rates.ledger[0]
    town = city.town[0]
    killings = 0.0
    female = 0.0
    young = 0.0
    old = 0.0
    fled = 0.0
    of_fled = 0.0
    apart = 0.0
    of_apart = 0.0
    poor = 0.0
    of_poor = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        here = killings_expected(place)
        killings += here
        female += place.deaths_female
        young += place.deaths_youth
        old += rate.elderly_street * place.deaths_dispute + rate.elderly_home * place.deaths_domestic
        fled += place.displaced * place.population
        of_fled += place.displaced * here * (1.0 + rate.displaced_risk)
        apart += place.minority * place.population
        of_apart += place.minority * here
        poor += place.deprivation * place.population
        of_poor += place.deprivation * here
    if killings <= 0.0:
        return 1.0, 1.0, 1.0, 1.0, 1.0
    each = killings / town.population
    # Nobody dies twice: where a group is small, or hardly anyone of it survives, a part of all killings could exceed it.
    women = min(1.0, female / (0.5 * town.population)) / each
    men = min(1.0, rate.young_men * young / (0.5 * max(town.youths, 1.0))) / each
    elderly = min(1.0, old / (town.elderly * town.population)) / each
    displaced = min(1.0, of_fled / fled) / each if fled > 0.0 else 1.0
    marginal = of_apart / apart / each if apart > 0.0 else (of_poor / poor / each if poor > 0.0 else 1.0)
    return women, men, elderly, displaced, marginal


@compiled
def _record_gangs(city: City, i: int) -> None:
    place = city.place[i]
    out = city.outcome[i]
    faithful = 0.0
    knit = 0.0
    armed = 0.0
    everyone = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        faithful += gang.ideological * city.members[i, k] * place.weight
        everyone += gang.members
        knit += gang.cohesion * gang.members
        armed += gang.arms * gang.members
    out.ideological_members = faithful
    out.gang_cohesion = knit / everyone if everyone > 0.0 else 0.0
    out.gang_arms = armed / everyone if everyone > 0.0 else 0.0
    out.gang_services = place.gang_services
    out.splits = city.town[0].splits_now * PER_YEAR
    out.prison_recruits = place.prison_recruits * PER_YEAR
    out.female_members = place.female_members
    out.female_exits = place.female_exits * PER_YEAR
    for m in range(city.levied.shape[1]):
        column = FIRST_OF_MARKETS + 4 * m
        city.outcome_values[i, column] = city.levied[i, m]
        city.outcome_values[i, column + 1] = per_head(city.hits[i, m] * MONTHLY_RATE, place.population)
        city.outcome_values[i, column + 2] = per_head(city.entry_violence[i, m] * MONTHLY_RATE, place.population)
        city.outcome_values[i, column + 3] = city.closure[i, m]


@compiled
def _strong(rate: views.LedgerRates, share: float) -> float:
    """Return how surely a share counts as strong, without a hard edge."""
    strong: float = logistic((share - rate.strong_from) / rate.strong_width)
    return strong


@compiled
def _record_resilience(city: City, rates: Rates, i: int) -> None:
    place = city.place[i]
    lever = city.levers[i]
    town = city.town[0]
    out = city.outcome[i]
    rate = rates.ledger[0]
    violence = rates.violence[0]
    out.connectedness = place.connected
    out.state_connection = (place.state_legitimacy + place.police_legitimacy + place.services_now) / 3.0
    out.community_strength = (place.collective_efficacy + place.bridging + 1.0 - place.governing) / 3.0
    out.high_resilience = _strong(rate, out.state_connection) * _strong(rate, out.community_strength)
    out.low_resilience = (1.0 - _strong(rate, out.state_connection)) * (1.0 - _strong(rate, out.community_strength))
    out.tips = place.reporting / place.reporting_anchor
    grieved = town.grievance - town.grievance_anchor + city.police[i].abuse - city.police[i].abuse_anchor
    out.protest = math.exp(
        min(max(rate.protest_grievance * grieved + place.state_anchor - place.state_legitimacy, -4.0), 4.0)
    )
    out.police_alignment = town.alignment
    out.soldiers = lever.military_deployment
    out.goods_price = city.flows.price[i, GOODS]
    out.firearms_price = city.flows.price[i, FIREARMS]
    out.unlicensed = place.unlicensed
    out.housing_allocated_by_gangs = place.allocated
    out.laundered = town.laundered
    out.bought_politics = town.politics
    out.permit_bribes = town.permit_bribes
    out.leakage = town.leakage
    out.firm_entry = place.firm_entry
    out.firm_exit = place.firm_exit
    out.linkage = town.linkage
    out.idle_share = place.idle
    out.out_of_school = place.out_of_school
    out.services = place.services_now
    out.damage = place.damage
    out.trauma = place.trauma
    out.displaced = place.displaced
    out.evictions = place.evicted
    out.enclaves = max(place.enclave, max(lever.improvement_district, place.divided))
    out.divided = place.divided
    out.robberies = place.robberies
    guarded = (1.0 - violence.closing_on_disputes * lever.liquor_hours) * (
        1.0 - rate.venues_guarded * violence.security_on_venues * lever.security_rules
    )
    out.venue_violence = guarded * (rate.venues_least + (1.0 - rate.venues_least) * place.business)
    wanted = rate.school_places_full * (place.last - place.first) * place.weight
    taught = rate.school_places_calm * min(1.0, place.school_places / max(1.0, wanted))
    out.school_violence = (1.0 - taught) * math.exp(rate.school_follows * contrast(place.violence, place.violence_reference))
    out.places_at_risk = place.places_at_risk
    out.children_killed = place.killed_children * PER_YEAR
    share = place.population / town.population
    out.cost_regulation = town.cost_regulation * share
    out.cost_enforcement = town.cost_enforcement * share
    out.cost_engagement = town.cost_engagement * share
    out.cost_resilience = town.cost_resilience * share
    for a in range(city.scratch.by_agency.size):
        city.outcome_values[i, FIRST_OF_AGENCIES + a] = city.scratch.by_agency[a] * share


@compiled
def _record_killing(city: City, rates: Rates, i: int) -> None:
    place = city.place[i]
    out = city.outcome[i]
    each = per_head(MONTHLY_RATE, place.population)
    rate = rates.ledger[0]
    expected = killings_expected(place)
    out.homicide_rate = expected * each
    out.gang_homicide_rate = place.deaths_rivalry * each
    out.discipline_homicide_rate = place.deaths_discipline * each
    out.dispute_homicide_rate = place.deaths_dispute * each
    out.bystander_homicide_rate = place.deaths_bystander * each
    out.domestic_homicide_rate = place.deaths_domestic * each
    out.police_killings = place.deaths_police * each
    out.vigilante_homicide_rate = place.deaths_vigilante * each
    out.communal_homicide_rate = place.deaths_communal * each
    out.market_homicide_rate = place.deaths_market * each
    out.prison_homicide_rate = place.deaths_inside * each
    out.homicides = place.killed * PER_YEAR
    # Police killings seldom enter the official count, and a weak state loses bodies: recorded against true (I02).
    official = (expected - rate.police_uncounted * place.deaths_police) / expected if expected > 0.0 else 1.0
    out.homicides_recorded = out.homicides * official * (rate.recorded_least + rate.recorded_reporting * place.reporting)
    found = rate.observed * city.town[0].phones
    out.homicides_counted = out.homicides_recorded + found * (out.homicides - out.homicides_recorded)
    out.killings_expected = expected * PER_YEAR
    out.female_homicide_rate = place.deaths_female * each
    out.youth_homicide_rate = place.deaths_youth * each
    # Residents hit at least once in a year, and not events: nobody counts twice however violent the place.
    events = expected * each / (rate.lethality * lethality(city, rates, i))
    out.serious_assaults = 1.0e5 * (1.0 - math.exp(-events / 1.0e5))


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
    out.territory = territory(city, rates, i)
    out.closure = place.closure
    out.order = place.governing
    out.criminal_governance_index = _governance(rate, out)
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
    heard = 1.0 + rate.complaints_heard * city.levers[i].police_oversight
    out.complaints = PER_100_000 * rate.complaints * police.abuse * place.reporting * heard
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
def _governance(rate: views.LedgerRates, out: views.Outcomes) -> float:
    """Return the criminal-governance index, 0-100: the mean of its four parts by their weights, equal if all are 0."""
    weights = rate.weight_protection + rate.weight_territory + rate.weight_closure + rate.weight_order
    if weights <= 0.0:
        return 100.0 * (out.protection + out.territory + out.closure + out.order) / 4.0
    return (
        100.0
        * (
            rate.weight_protection * out.protection
            + rate.weight_territory * out.territory
            + rate.weight_closure * out.closure
            + rate.weight_order * out.order
        )
        / weights
    )


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
