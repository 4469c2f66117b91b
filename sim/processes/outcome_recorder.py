"""The record of outcomes: what the month was, by neighbourhood and for the city, in the order and units of `sim.outcomes`.

    index_i = 100 (w1 paying + w2 territory + w3 closure + w4 order) / (w1 + w2 + w3 + w4)    the criminal-governance index;
              its plain mean where no weight is above 0, which is where equal weights lead as they shrink
    gap     = expected rate of the most violent fifth of areas over that of the least (fifths fixed at month 0)
    ratios  = killings a head of a group, at most 1 a month, over the city's (row I01, E30)
    counted = recorded + observed phones (true - recorded)                 an independent count, by who tells it (row I02)
Rows I01-I13.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.enumerations import AFTER_SCHOOL, CLOSURE, DRUGS, ENTRY_VIOLENCE, FIREARMS, GOODS, HITS, LEVIED
from sim.outcomes import AGENCY_COLUMNS, MARKET_COLUMNS
from sim.parameters import Parameters
from sim.processes.community_groups import record_groups
from sim.processes.costs import record_costs
from sim.processes.extortion import territory
from sim.processes.gap import gap_between_fifths, killings_on_average
from sim.processes.homicide.carrying import deadly_in_public
from sim.processes.homicide.rivalry import lethality
from sim.processes.police_units import record_police
from sim.processes.public_services import record_services
from sim.processes.steady_state import log_ratio, logistic, per_head
from sim.processes.substance_use import record_drug_use
from sim.processes.trafficking import record_trafficking
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["update"]

PER_YEAR = 12.0
PER_100_000 = 100_000.0
MONTHLY_RATE = PER_YEAR * PER_100_000


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Write the month."""
    record_costs(city, params)
    gap = gap_between_fifths(city)
    victims = _who_dies(city, params)
    for i in range(city.neighbourhood.size):
        _record_killing(city, params, i)
        _record_gangs(city, i)
        _record_the_rest(city, params, i, gap)
        _record_resilience(city, params, i)
        record_services(city, i)
        record_drug_use(city, params, i)
        record_trafficking(city, params, i)
        record_groups(city, i)
        out = city.outcome[i]
        out.ratio_female = victims[0]
        out.ratio_young_men = victims[1]
        out.ratio_elderly = victims[2]
        out.ratio_displaced = victims[3]
        out.ratio_marginalised = victims[4]
    _add_up(city)


@compiled
def _who_dies(city: City, params: Parameters) -> tuple[float, float, float, float, float]:
    """Return killings a head of women and girls, young men, the elderly, the displaced and the marginalised, to the city's.

    The marginalised are the smaller identity groups; where a city has none, residents by their deprivation.
    """
    param = params.outcome_recorder[0]
    city_state = city.city_state[0]
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
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        here = killings_on_average(neighbourhood)
        killings += here
        female += neighbourhood.deaths_female
        young += neighbourhood.deaths_youth
        old += (
            param.elderly_share_street * neighbourhood.deaths_dispute
            + param.elderly_share_home * neighbourhood.deaths_domestic
        )
        fled += neighbourhood.displaced * neighbourhood.population
        of_fled += neighbourhood.displaced * here * (1.0 + param.displaced_additional_risk)
        apart += neighbourhood.minority * neighbourhood.population
        of_apart += neighbourhood.minority * here
        poor += neighbourhood.deprivation * neighbourhood.population
        of_poor += neighbourhood.deprivation * here
    if killings <= 0.0:
        return 1.0, 1.0, 1.0, 1.0, 1.0
    each = killings / city_state.population
    # Nobody dies twice: where a group is small, or hardly anyone of it survives, a part of all killings could exceed it.
    women = min(1.0, female / (0.5 * city_state.population)) / each
    men = min(1.0, param.male_share_youths * young / (0.5 * max(city_state.youths, 1.0))) / each
    elderly = min(1.0, old / (city_state.elderly * city_state.population)) / each
    displaced = min(1.0, of_fled / fled) / each if fled > 0.0 else 1.0
    marginal = of_apart / apart / each if apart > 0.0 else (of_poor / poor / each if poor > 0.0 else 1.0)
    return women, men, elderly, displaced, marginal


@compiled
def _record_gangs(city: City, i: int) -> None:
    neighbourhood = city.neighbourhood[i]
    out = city.outcome[i]
    faithful = 0.0
    knit = 0.0
    armed = 0.0
    everyone = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        faithful += gang.ideological * city.members[i, k] * neighbourhood.weight
        everyone += gang.members
        knit += gang.cohesion * gang.members
        armed += gang.weapons * gang.members
    out.ideological_members = faithful
    out.gang_cohesion = knit / everyone if everyone > 0.0 else 0.0
    out.gang_arms = armed / everyone if everyone > 0.0 else 0.0
    out.gang_services = neighbourhood.gang_services
    out.splits = city.city_state[0].splits_now * PER_YEAR
    out.prison_recruits = neighbourhood.prison_recruits * PER_YEAR
    out.female_members = neighbourhood.female_members
    out.female_exits = neighbourhood.female_exits * PER_YEAR
    for m in range(city.levied.shape[1]):
        columns = MARKET_COLUMNS[m]
        city.outcome_values[i, columns[LEVIED]] = city.levied[i, m]
        city.outcome_values[i, columns[HITS]] = per_head(city.hits[i, m] * MONTHLY_RATE, neighbourhood.population)
        city.outcome_values[i, columns[ENTRY_VIOLENCE]] = per_head(
            city.entry_violence[i, m] * MONTHLY_RATE, neighbourhood.population
        )
        city.outcome_values[i, columns[CLOSURE]] = city.closure[i, m]


@compiled
def _strong(param: views.OutcomeRecorderParameters, share: float) -> float:
    """Return how surely a share counts as strong, without a hard edge."""
    strong: float = logistic((share - param.strength_threshold) / param.strength_width)
    return strong


@compiled
def _record_resilience(city: City, params: Parameters, i: int) -> None:
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    city_state = city.city_state[0]
    out = city.outcome[i]
    param = params.outcome_recorder[0]
    homicide = params.homicide[0]
    out.state_connection = (
        neighbourhood.state_legitimacy + neighbourhood.police_legitimacy + neighbourhood.services_now
    ) / 3.0
    out.community_strength = (
        neighbourhood.collective_efficacy + neighbourhood.bridging + 1.0 - neighbourhood.governing
    ) / 3.0
    out.high_resilience = _strong(param, out.state_connection) * _strong(param, out.community_strength)
    out.low_resilience = (1.0 - _strong(param, out.state_connection)) * (1.0 - _strong(param, out.community_strength))
    out.tips = neighbourhood.reporting / neighbourhood.reporting_anchor
    grieved = city_state.grievance - city_state.grievance_anchor + city.police[i].abuse - city.police[i].abuse_anchor
    out.protest = math.exp(
        min(
            max(param.grievance_on_protest * grieved + neighbourhood.state_anchor - neighbourhood.state_legitimacy, -4.0),
            4.0,
        )
    )
    out.soldiers = lever.military_deployment
    out.goods_price = city.flows.price[i, GOODS]
    out.firearms_price = city.flows.price[i, FIREARMS]
    out.unlicensed = neighbourhood.unlicensed
    out.housing_allocated_by_gangs = neighbourhood.allocated
    out.laundered = city_state.laundered
    out.bought_politics = city_state.politics
    out.permit_bribes = city_state.permit_bribes
    out.leakage = city_state.leakage
    out.firm_entry = neighbourhood.firm_entry
    out.firm_exit = neighbourhood.firm_exit
    out.linkage = city_state.linkage
    out.idle_share = neighbourhood.idle
    out.out_of_school = neighbourhood.out_of_school
    out.services = neighbourhood.services_now
    out.damage = neighbourhood.damage
    out.trauma = neighbourhood.trauma
    out.displaced = neighbourhood.displaced
    out.evictions = neighbourhood.evicted
    out.enclaves = max(neighbourhood.enclave, max(lever.improvement_district, neighbourhood.divided))
    out.divided = neighbourhood.divided
    out.robberies = neighbourhood.robberies
    guarded = (1.0 - homicide.liquor_hours_on_disputes * lever.liquor_hours) * (
        1.0 - param.guards_on_venue_violence_ratio * homicide.security_rules_on_disputes * lever.security_rules
    )
    out.venue_violence = guarded * (
        param.venue_violence_without_business + (1.0 - param.venue_violence_without_business) * neighbourhood.business
    )
    wanted = param.school_places_saturation * (neighbourhood.last - neighbourhood.first) * neighbourhood.weight
    taught = param.school_places_on_school_violence * min(1.0, neighbourhood.school_places / max(1.0, wanted))
    taught *= city.place_effect[i, AFTER_SCHOOL]
    out.school_violence = (1.0 - taught) * math.exp(
        param.street_on_school_violence * log_ratio(neighbourhood.violence, neighbourhood.violence_reference)
    )
    out.places_at_risk = neighbourhood.places_at_risk
    out.children_killed = neighbourhood.killed_children * PER_YEAR
    share = neighbourhood.population / city_state.population
    out.fund_money = city_state.fund_money * share
    out.cost_regulation = city_state.cost_regulation * share
    out.cost_enforcement = city_state.cost_enforcement * share
    out.cost_engagement = city_state.cost_engagement * share
    out.cost_resilience = city_state.cost_resilience * share
    for a in range(city.scratch.by_agency.size):
        city.outcome_values[i, AGENCY_COLUMNS[a]] = city.scratch.by_agency[a] * share


@compiled
def _record_killing(city: City, params: Parameters, i: int) -> None:
    neighbourhood = city.neighbourhood[i]
    out = city.outcome[i]
    each = per_head(MONTHLY_RATE, neighbourhood.population)
    param = params.outcome_recorder[0]
    expected = killings_on_average(neighbourhood)
    out.homicide_rate = expected * each
    out.gang_homicide_rate = neighbourhood.deaths_rivalry * each
    out.discipline_homicide_rate = neighbourhood.deaths_discipline * each
    out.dispute_homicide_rate = neighbourhood.deaths_dispute * each
    out.bystander_homicide_rate = neighbourhood.deaths_bystander * each
    out.domestic_homicide_rate = neighbourhood.deaths_domestic * each
    out.police_killings = neighbourhood.deaths_police_on_average * each
    out.officer_homicide_rate = neighbourhood.deaths_officers_on_average * each
    out.vigilante_homicide_rate = neighbourhood.deaths_vigilante * each
    out.communal_homicide_rate = neighbourhood.deaths_communal * each
    out.market_homicide_rate = neighbourhood.deaths_market * each
    out.prison_homicide_rate = neighbourhood.deaths_inside * each
    out.homicides = neighbourhood.killed * PER_YEAR
    # Police killings seldom enter the official count, and a weak state loses bodies: recorded against true (I02).
    official = (
        (expected - param.police_killings_uncounted * neighbourhood.deaths_police_on_average) / expected
        if expected > 0.0
        else 1.0
    )
    out.homicides_recorded = (
        out.homicides
        * official
        * (param.recorded_share_without_reporting + param.reporting_on_recorded_share * neighbourhood.reporting)
    )
    found = param.independent_count_share * city.city_state[0].phones
    out.homicides_counted = out.homicides_recorded + found * (out.homicides - out.homicides_recorded)
    out.killings_expected = expected * PER_YEAR
    out.female_homicide_rate = neighbourhood.deaths_female * each
    out.youth_homicide_rate = neighbourhood.deaths_youth * each
    # Residents hit at least once in a year, and not events: nobody counts twice however violent the place.
    street = (
        neighbourhood.deaths_rivalry
        + neighbourhood.deaths_bystander
        + neighbourhood.deaths_dispute
        + neighbourhood.deaths_vigilante
        + neighbourhood.deaths_market
    )
    survived = expected + street * (1.0 / deadly_in_public(params, neighbourhood) - 1.0)
    events = survived * each / (param.event_lethality * lethality(city, params, i))
    out.serious_assaults = 1.0e5 * (1.0 - math.exp(-events / 1.0e5))


@compiled
def _record_the_rest(city: City, params: Parameters, i: int, gap: float) -> None:
    param = params.outcome_recorder[0]
    neighbourhood = city.neighbourhood[i]
    police = city.police[i]
    city_state = city.city_state[0]
    out = city.outcome[i]
    members = inside = gangs = 0.0
    for k in range(city.gang.size):
        members += city.members[i, k] * neighbourhood.weight
        inside += city.inmates[i, k] * neighbourhood.weight
        gangs += 1.0 if city.gang[k].alive == 1 and city.gang[k].home == i else 0.0
    out.gang_members = members
    out.prison_members = inside
    out.gangs = gangs
    out.recruits = neighbourhood.recruits * PER_YEAR
    out.recruits_under_18 = neighbourhood.recruits_under_18 * PER_YEAR
    out.exits = neighbourhood.exits * PER_YEAR
    out.extortion_share = neighbourhood.extortion
    out.territory = territory(city, params, i)
    out.closure = neighbourhood.closure
    out.order = neighbourhood.governing
    out.criminal_governance_index = _governance(param, out)
    out.turnover_taken = neighbourhood.turnover_taken
    out.gang_control = neighbourhood.controlled
    out.state_legitimacy = neighbourhood.state_legitimacy
    out.police_legitimacy = neighbourhood.police_legitimacy
    out.criminal_legitimacy = neighbourhood.criminal_legitimacy
    out.collective_efficacy = neighbourhood.collective_efficacy
    out.bridging = neighbourhood.bridging
    out.close_ties = neighbourhood.ties
    out.fear = neighbourhood.fear
    out.testimony = neighbourhood.testimony
    out.reporting = neighbourhood.reporting
    out.clearance = neighbourhood.clearance
    out.arrests = neighbourhood.arrested * PER_YEAR
    out.arrests_poorest = out.arrests * neighbourhood.poorest
    out.arrests_best_off = out.arrests * neighbourhood.best_off
    lever = city.levers[i]
    asked = param.patrol_on_stops * police.patrol + param.sweep_on_stops * lever.mass_arrests
    asked += param.checks_on_stops * lever.carry_checks + param.soldiers_on_stops * lever.military_deployment
    out.people_stopped = param.stops_rate * neighbourhood.population * (1.0 + asked)
    out.prisoners = neighbourhood.prisoners
    out.wrongly_held = neighbourhood.wrongly_held
    out.people_filmed = neighbourhood.people_filmed
    out.reports_held = neighbourhood.reports_held
    # Where most residents have been in prison, no more relatives are left than live there.
    others = max(0.0, neighbourhood.population - neighbourhood.prisoners)
    out.families_of_prisoners = min(param.family_of_prisoner * neighbourhood.prisoners, others)
    out.custody_deaths = neighbourhood.custody_deaths * PER_YEAR
    record_police(city, i)
    heard = 1.0 + param.oversight_on_complaints * lever.police_oversight
    out.complaints = PER_100_000 * param.contacts_with_police * police.abuse * neighbourhood.reporting * heard
    out.seizures_true = city_state.seizures_true
    out.seizures_recorded = city_state.seizures_recorded
    out.drug_price = city.flows.price[i, DRUGS]
    out.rents = neighbourhood.rent / neighbourhood.rent_reference if neighbourhood.rent_reference > 0.0 else 1.0
    out.firearms = city_state.guns
    out.carrying = neighbourhood.carrying
    out.integrity = city_state.integrity
    out.bribes = city_state.bribes
    out.business = neighbourhood.business
    out.jobs = neighbourhood.jobs
    out.domestic_violence = neighbourhood.domestic
    out.places_filled = neighbourhood.school_places + neighbourhood.training_places
    out.homicide_gap = gap
    out.cost = city_state.cost * neighbourhood.population / city_state.population


@compiled
def _governance(param: views.OutcomeRecorderParameters, out: views.Outcomes) -> float:
    """Return the criminal-governance index, 0-100: the mean of its four parts by their weights, equal if all are 0."""
    weights = param.weight_protection + param.weight_territory + param.weight_closure + param.weight_order
    if weights <= 0.0:
        return 100.0 * (out.extortion_share + out.territory + out.closure + out.order) / 4.0
    return (
        100.0
        * (
            param.weight_protection * out.extortion_share
            + param.weight_territory * out.territory
            + param.weight_closure * out.closure
            + param.weight_order * out.order
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
                weight = city.neighbourhood[i].population
            else:
                weight = values[i, kind]
            total += weight * values[i, column]
            weights += weight
        if kind == -2:
            weights = 1.0
        city.city_outcome[column] = total / weights if weights > 0.0 else 0.0
