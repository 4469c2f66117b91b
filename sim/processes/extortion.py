"""Extortion and criminal governance: who pays, how much, and to whom residents turn.

    s_i   = domination * effort * exp(-a defficacy - b log(clearance/clearance0)) (1 - c (integrity - integrity0))
            * exp(-l lawful)                                                                who is lawful refuses to pay
            * exp(f (informality - ordinary))              who has no licence or title has no police to call (E01)
    effort = (1 + f) / (1 + f min(3, fighting/reference)) * (1 + .4 max(pact, .7 truce))     fight or levy, f = .35
    x_i  += speed * (x_max s/(s + half) - x_i)                                              share of firms paying
    taken_i = x_i * tau * (.5 + settled_i)                                                  share of turnover
    allocated_i = C informality (1 - cut allocation)                           homes that armed groups hand out (P-R4)
    order_i = C cover cl/(cl + .5 state legitimacy) * (1 - .5 hits) (1 - b informality cut allocation)      to the group
    order_i += (1 - order_i) b C cover supplied_i                     those whom an armed group supplies keep its rules (E42)
    closure_i = mean of the markets' closure, by rent (`markets`)                           entrants stay away
domination and cover are those of `gangs`: both go to nothing with the free members for each resident.
Governance index: the mean of firms paying, territory, closure and order, with the declared weights.
    rows E06, E08, E10, E42; sources ext.sicily_firms, eng.pact_extortion_side_effect, ext.share_of_turnover (judgement)
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.steady_state import logistic, per_head, track
from sim.state import City

__all__ = ["pressure", "territory", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Move the share of firms that pay, what they pay, and who keeps order."""
    param = params.extortion[0]
    city_state = city.city_state[0]
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        s = pressure(city, params, i)
        goal = param.paying_share_limit * s / (s + param.pressure_half_payment)
        neighbourhood.extortion += param.payment_speed * (goal - neighbourhood.extortion)
        neighbourhood.extortion_reference = track(
            neighbourhood.extortion_reference, neighbourhood.extortion, city_state.anchoring
        )
        neighbourhood.turnover_taken = (
            neighbourhood.extortion * param.turnover_share * (param.turnover_levy_unsettled + neighbourhood.settled)
        )
        hits = min(
            1.0, per_head(param.market_killings_on_order_steepness * neighbourhood.deaths_market, neighbourhood.population)
        )
        trust = neighbourhood.criminal_legitimacy / (
            neighbourhood.criminal_legitimacy + param.state_legitimacy_weight * neighbourhood.state_legitimacy
        )
        let = 1.0 - param.allocation_on_gang_homes * city.levers[i].housing_allocation
        neighbourhood.allocated = neighbourhood.controlled * neighbourhood.informality * let
        kept = 1.0 - param.allocation_on_order * neighbourhood.informality * (1.0 - let)
        ruled = neighbourhood.controlled * neighbourhood.gang_cover
        neighbourhood.governing = ruled * trust * (1.0 - param.market_killings_on_order * hits) * kept
        depending = param.supply_on_order * ruled * neighbourhood.served_by_armed_groups
        neighbourhood.governing += (1.0 - neighbourhood.governing) * depending
        closed = 0.0
        rent = 0.0
        for m in range(city.closure.shape[1]):
            closed += city.closure[i, m] * city.market_rent[i, m]
            rent += city.market_rent[i, m]
        neighbourhood.closure = closed / rent if rent > 0.0 else 0.0


@compiled
def pressure(city: City, params: Parameters, i: int) -> float:
    """Return how hard neighbourhood i is pressed to pay."""
    param = params.extortion[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    city_state = city.city_state[0]
    fight = (
        min(param.fighting_limit, neighbourhood.fighting / city_state.fighting_reference)
        if city_state.fighting_reference > 0.0
        else 1.0
    )
    pact = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            pact = max(pact, city.gang[k].pact * min(1.0, param.pact_steepness * city.control[i, k]))
    effort = (1.0 + param.fighting_on_levies) / (1.0 + param.fighting_on_levies * fight)
    effort *= 1.0 + param.settled_boundaries_on_levies * max(pact, param.truce_settling_ratio * lever.truce)
    return (
        neighbourhood.domination
        * effort
        * math.exp(
            -param.efficacy_on_extortion * (neighbourhood.collective_efficacy - neighbourhood.efficacy_ordinary)
            + param.informality_on_extortion * neighbourhood.informality_gap
            - param.clearance_on_extortion * math.log(neighbourhood.clearance / city_state.clearance_anchor)
            - param.lawfulness_on_pressure * neighbourhood.lawful
        )
        * max(0.1, 1.0 - param.integrity_on_extortion * (city_state.integrity - city_state.integrity_anchor))
    )


@compiled
def territory(city: City, params: Parameters, i: int) -> float:
    """Return how far one armed group holds neighbourhood i uncontested, 0-1, without a hard edge.

    A large share of all control for the first, and a small part of that for the second, count as uncontested.
    """
    param = params.extortion[0]
    first = 0.0
    second = 0.0
    for k in range(city.gang.size):
        share = city.control[i, k]
        if share > first:
            second = first
            first = share
        elif share > second:
            second = share
    if first <= 0.0:
        return 0.0
    held = logistic((first - param.territory_leader_threshold) / param.territory_leader_width)
    return held * logistic((param.territory_rival_threshold - second / first) / param.territory_rival_width)
