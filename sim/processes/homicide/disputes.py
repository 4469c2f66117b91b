"""Killings in the street: disputes, vigilantes, and the robberies that rise and fall with them.

disputes   = delta pop free people exp(b_dep (dep - .5) + b_dis (disorganisation - .5) - b_ce defficacy + b_f dfear + strain)
(1 - liquor hours) J^-e fortified * outdoors * season * years * patrol * exp(-e certainty) * lethality + street
free people = aggressors and victims who are not in prison, against the ordinary city (`living`)
             bars^e: places that sell drinks for each resident, against the ordinary neighbourhood (row E24)
strain     = trauma + unsettled newcomers, against the city's, + divided + what districts next door push out
fortified  = 1 - district - enclave, and less where a compact shares its guards
dirty      = 1 + b lost waste collection, of disputes and robberies (row E42)
outdoors   = (1 - light and clean streets) (1 - certified guards) (1 - women mediators) (1 - city wardens)
vigilantes = v pop (.3 + dep) exp(b_f dfear - b_p dpolice + b_j lost justice), calmed as disputes are
robberies  = free aggressors exp(-b log J + .3 strain) (1 - light) (1 - wardens) season patrol, moved next door in part by
             patrols and wardens, and ordinary patrol (`police_units`); times what dependent users add (`substance_use`);
             against the ordinary city
rows E18, E23, E24, E38, E42
sources viol.collective_efficacy, enf.hotspots_local, enf.certainty_to_homicide, reg.alcohol_dry_law_metro
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.enumerations import SERVICE_JUSTICE, SERVICE_WASTE
from sim.parameters import Parameters
from sim.processes.doses import over_parts
from sim.processes.homicide.living import aggressors_left, victims_left
from sim.processes.police_units import robbery_by_patrol
from sim.state import City

__all__ = ["remember_disputes", "set_street_violence"]


@compiled
def set_street_violence(city: City, params: Parameters, i: int, calm: float) -> None:
    """Set the killings expected in disputes and by vigilantes in neighbourhood i, and its robberies."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    city_state = city.city_state[0]
    strain = _strain(city, params, i)
    fortified = _fortified(city, params, i)
    trust = neighbourhood.police_legitimacy - neighbourhood.police_anchor
    afraid = neighbourhood.fear - neighbourhood.fear_anchor
    trusted_women = (
        param.women_mediators_without_credibility
        + (1.0 - param.women_mediators_without_credibility) * neighbourhood.credibility
    )
    outdoors = (
        (1.0 - param.public_space_on_disputes * lever.public_space)
        * (1.0 - param.security_rules_on_disputes * lever.security_rules)
        * (1.0 - param.women_mediators_on_disputes * lever.women_mediators * trusted_women)
        * (1.0 - param.wardens_on_disputes * lever.city_wardens)
    )
    dirty = 1.0 + param.waste_on_street_violence * city.services.lost[i, SERVICE_WASTE]
    aggressors = aggressors_left(params, neighbourhood)
    victims, _ = victims_left(params, neighbourhood)
    neighbourhood.deaths_dispute = (
        param.dispute_killing_rate
        * neighbourhood.population
        * math.exp(
            param.deprivation_on_disputes * (neighbourhood.deprivation - 0.5)
            + param.disorganisation_on_disputes * (neighbourhood.disorganisation - 0.5)
            - param.efficacy_on_disputes * (neighbourhood.collective_efficacy - neighbourhood.efficacy_ordinary)
            + param.bars_on_disputes * neighbourhood.bars
            + param.fear_on_disputes * afraid
            - param.jobs_on_disputes * math.log(neighbourhood.jobs)
            + strain
            - params.community_groups[0].serving_on_disputes * (neighbourhood.served_by_groups - 1.0)
        )
        * (1.0 - param.liquor_hours_on_disputes * lever.liquor_hours)
        * outdoors
        * city_state.season
        * city_state.dispute_years
        * fortified
        * calm
        * aggressors
        * victims
        * dirty
        + neighbourhood.street
    )
    neighbourhood.deaths_vigilante = (
        param.vigilante_killing_rate
        * neighbourhood.population
        * (param.vigilantes_without_deprivation + neighbourhood.deprivation)
        * math.exp(
            param.fear_on_vigilantes * afraid
            - param.police_legitimacy_on_vigilantes * trust
            + param.justice_on_vigilantes * city.services.lost[i, SERVICE_JUSTICE]
        )
        * calm
    )
    patrol = city.police[i].patrol
    # What patrols push out of some streets stays in the others of the place; 0 where all are patrolled.
    beside = param.patrol_on_robberies * param.robbery_displacement_share * patrol
    within = (
        over_parts(-param.patrol_on_robberies * patrol, city.police[i].unpatrolled, beside)
        + param.patrol_on_robberies * patrol
    )
    pushed_out = param.robbery_displacement_share * neighbourhood.near_patrol - patrol
    # What wardens push out goes next door as what patrols push out does.
    guarded = lever.city_wardens - param.robbery_displacement_share * neighbourhood.near_wardens
    neighbourhood.robberies = (
        math.exp(
            -param.jobs_on_robberies * math.log(neighbourhood.jobs)
            + param.patrol_on_robberies * pushed_out
            + param.strain_on_robberies * strain
            + within
            + robbery_by_patrol(city, params, i)
        )
        * (1.0 - param.public_space_on_robberies * lever.public_space)
        * (1.0 - param.wardens_on_robberies * guarded)
        * fortified
        * aggressors
        * city_state.season
        * dirty
        * neighbourhood.robbing
        / (1.0 - param.enclave_on_disputes * neighbourhood.enclave)
    )


@compiled
def remember_disputes(city: City, params: Parameters, i: int) -> None:
    """Let the disputes that answer disputes in the street of neighbourhood i fade, and those of this month's dead in."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    fade = math.exp(-1.0 / param.street_retaliation_months)
    # What one killing draws, summed over all later months, is the ratio.
    fresh = param.street_retaliation_ratio * (1.0 - fade)
    neighbourhood.street = fade * neighbourhood.street + fresh * neighbourhood.disputes_lost


@compiled
def _strain(city: City, params: Parameters, i: int) -> float:
    """Return what raises disputes besides the ordinary life of neighbourhood i, as a logarithm."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    unsettled = neighbourhood.displaced - city.city_state[0].displaced_ordinary
    kept = 1.0 - lever.shared_security_compact
    pushed = neighbourhood.near_district * kept * (1.0 - param.security_rules_on_displacement * lever.security_rules)
    return (
        param.trauma_on_disputes * neighbourhood.trauma
        + param.unsettled_newcomers_on_disputes * unsettled
        + param.division_on_disputes * neighbourhood.divided
        + param.districts_on_adjacent_disputes * pushed
    )


@compiled
def _fortified(city: City, params: Parameters, i: int) -> float:
    """Return the part of disputes that guards and walls leave in neighbourhood i."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    fortified = (
        1.0 - param.district_on_disputes * lever.improvement_district - param.enclave_on_disputes * neighbourhood.enclave
    )
    # A compact takes a part of a district's guards and gives it, with what enclaves pay, to everyone around.
    fortified += (
        param.compact_share_of_district_effect
        * param.district_on_disputes
        * lever.improvement_district
        * lever.shared_security_compact
    )
    walled = max(neighbourhood.enclave, lever.improvement_district)
    fortified -= param.compact_on_disputes * lever.shared_security_compact * city.city_state[0].bubbles * (1.0 - walled)
    return fortified
