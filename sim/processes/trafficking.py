"""Trafficking in persons: who is trafficked in, where people are held, who escapes, who is found, who comes into it again.

    apart_i   = (displaced_i + in_migration_i people_i (1 - bridging_i)) / ordinary        newcomers who are not included
    bought    = (h - integrity) / (h - .5), at least 0                    none where integrity is h, 1 where it is middling
    offer_i   = k pop_i (floor + deprivation_i) (n apart_i (1 - o + o bought) + (1 - n) bought)
    open_i    = unlicensed_i + (1 - unlicensed_i) (1 - b venue_rules_i)                       of venues
    a_venues  = w business_i open_i;  a_worksites = w (.5 + informality_i);  a_gangs = w C_i cover_i
    closed_i  = w business_i (1 - open_i)                  of those whom rules keep out of venues, m are held elsewhere
    intake_i  = offer_i (sum of a + m closed_i) + again_i, held by setting as a has it
    escaped   = e held price_i^b (1 - c C_i)               cheap drugs and debts to gangs bind
    reporting = r held reporting_i (1 + g safe_return) (1 - punished)
    punished  = punishing_victims / finding_trafficked, at most 1            of whom the measure finds, whom it punishes
    found     = reporting + s held finding (integrity of the force)
    again     = q (escaped + found) (1 - b safe_return (1 - punished))                      next month
C is the share of control of gangs, price that of drugs. Where nobody arrives and no official is bought, intake is 0, and who
is held comes free in the end. What held people earn for others is rent (`flows`), which attracts and pays gangs and buys
officials; where more women and girls are held than is ordinary, more of them suffer violence (`home`).
    rows    E37, P-S13
    levers  venue_rules, finding_trafficked, safe_return, punishing_victims
    draws   none: numbers of people are means
    sources traffic.held, traffic.forms, traffic.migrants, traffic.duration, traffic.found, traffic.again, traffic.profits;
            no study gives the size of an effect: those are judgement
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.enumerations import DRUGS, PEOPLE
from sim.parameters import Parameters
from sim.processes.steady_state import per_head, track
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["offer", "record_trafficking", "rent_by_gangs", "rent_in_venues", "update"]

PER_YEAR = 12.0


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let people be trafficked in, escape, be found, and come into it again."""
    param = params.trafficking[0]
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        kept_out = (
            param.venues_weight
            * neighbourhood.business
            * param.venue_rules_on_holding
            * min(1.0, lever.venue_rules)
            * (1.0 - neighbourhood.unlicensed)
        )
        venues = param.venues_weight * neighbourhood.business - kept_out
        worksites = param.worksites_weight * (0.5 + neighbourhood.informality)
        gangs = param.gangs_weight * neighbourhood.controlled * neighbourhood.gang_cover
        pull = venues + worksites + gangs
        arriving = offer(city, param, i) * (pull + param.moved_elsewhere * kept_out) + neighbourhood.trafficked_again
        held = neighbourhood.held_venues + neighbourhood.held_worksites + neighbourhood.held_gangs
        escaped = _escape(city, param, i)
        reporting = _report(city, param, i)
        found = min(0.5, reporting + _inspect(city, param, i))
        leaving = min(0.9, escaped + found)
        neighbourhood.held_venues += arriving * venues / pull - leaving * neighbourhood.held_venues
        neighbourhood.held_worksites += arriving * worksites / pull - leaving * neighbourhood.held_worksites
        neighbourhood.held_gangs += arriving * gangs / pull - leaving * neighbourhood.held_gangs
        neighbourhood.victims_reporting = reporting * held
        neighbourhood.victims_found = found * held
        helped = param.safe_return_on_again * lever.safe_return * (1.0 - _punished(lever))
        neighbourhood.trafficked_again = param.trafficked_again * leaving * held * (1.0 - helped)
        neighbourhood.held_female = (
            param.female_share_venues * neighbourhood.held_venues
            + param.female_share_worksites * neighbourhood.held_worksites
            + param.female_share_gangs * neighbourhood.held_gangs
        )
        neighbourhood.held_female_reference = track(
            neighbourhood.held_female_reference, neighbourhood.held_female, city.city_state[0].anchoring
        )


@compiled
def offer(city: City, param: views.TraffickingParameters, i: int) -> float:
    """Return how many people could be trafficked into neighbourhood i this month, where the pull of its settings is 1."""
    neighbourhood = city.neighbourhood[i]
    people = min(city.flows.supply[i, PEOPLE], 20.0)
    apart = neighbourhood.displaced + neighbourhood.in_migration * people * (1.0 - neighbourhood.bridging)
    bought = max(0.0, param.honest_integrity - city.city_state[0].integrity) / (param.honest_integrity - 0.5)
    newcomers = apart / param.ordinary_newcomers
    needed = 1.0 - param.officials_on_newcomers + param.officials_on_newcomers * bought
    return (
        param.intake_rate
        * neighbourhood.population
        * (param.poverty_floor + neighbourhood.deprivation)
        * (param.newcomers_share * newcomers * needed + (1.0 - param.newcomers_share) * bought)
    )


@compiled
def rent_in_venues(params: Parameters, neighbourhood: views.Neighbourhood) -> float:
    """Return the rent a resident from people held in venues."""
    return params.trafficking[0].rent_in_venues * per_head(neighbourhood.held_venues, neighbourhood.population)


@compiled
def rent_by_gangs(params: Parameters, neighbourhood: views.Neighbourhood) -> float:
    """Return the rent a resident from people held by gangs."""
    return params.trafficking[0].rent_by_gangs * per_head(neighbourhood.held_gangs, neighbourhood.population)


@compiled
def record_trafficking(city: City, params: Parameters, i: int) -> None:
    """Write how many are held, of what sex and age and where, and how many report and are found in a year."""
    param = params.trafficking[0]
    neighbourhood = city.neighbourhood[i]
    out = city.outcome[i]
    out.trafficked = neighbourhood.held_venues + neighbourhood.held_worksites + neighbourhood.held_gangs
    out.trafficked_female = neighbourhood.held_female
    out.trafficked_children = (
        param.child_share_venues * neighbourhood.held_venues
        + param.child_share_worksites * neighbourhood.held_worksites
        + param.child_share_gangs * neighbourhood.held_gangs
    )
    out.held_in_venues = neighbourhood.held_venues
    out.held_at_worksites = neighbourhood.held_worksites
    out.held_by_gangs = neighbourhood.held_gangs
    out.victims_reporting = neighbourhood.victims_reporting * PER_YEAR
    out.victims_found = neighbourhood.victims_found * PER_YEAR


@compiled
def _escape(city: City, param: views.TraffickingParameters, i: int) -> float:
    """Return the monthly chance that a held person escapes or is let go."""
    bound = 1.0 - param.control_on_escape * city.neighbourhood[i].controlled
    chance: float = param.escape_rate * city.flows.price[i, DRUGS] ** param.drug_price_on_escape * bound
    return min(0.5, chance)


@compiled
def _report(city: City, param: views.TraffickingParameters, i: int) -> float:
    """Return the monthly chance that a held person is found through a report."""
    lever = city.levers[i]
    offered = 1.0 + param.help_on_reports * lever.safe_return
    heard: float = param.report_rate * city.neighbourhood[i].reporting * offered
    return heard * (1.0 - _punished(lever))


@compiled
def _punished(lever: views.Levers) -> float:
    """Return the share of those found who are punished or deported, however many are found."""
    most: float = max(lever.punishing_victims, lever.finding_trafficked)
    if most <= 0.0:
        return 0.0
    return lever.punishing_victims / most


@compiled
def _inspect(city: City, param: views.TraffickingParameters, i: int) -> float:
    """Return the monthly chance that a held person is found by inspectors."""
    found: float = param.inspection_rate * city.levers[i].finding_trafficked * city.city_state[0].force_integrity
    return found
