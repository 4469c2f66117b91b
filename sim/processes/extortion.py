"""Extortion and criminal governance: who pays, how much, and to whom residents turn.

    s_i   = domination * effort * exp(-a defficacy - b log(clearance/clearance0)) (1 - c (integrity - integrity0))
            * exp(-l lawful)                                                                who is lawful refuses to pay
    effort = (1 + f) / (1 + f min(3, fighting/reference)) * (1 + .4 max(pact, .7 truce))     fight or levy, f = .35
    x_i  += speed * (x_max s/(s + half) - x_i)                                              share of firms paying
    taken_i = x_i * tau * (.5 + settled_i)                                                  share of turnover
    allocated_i = C informality (1 - cut allocation)                           homes that armed groups hand out (P-R4)
    order_i = C cl/(cl + .5 state legitimacy) * (1 - .5 hits) (1 - b informality cut allocation)      to the group
    closure_i = mean of the markets' closure, by rent (`markets`)                           entrants stay away
Governance index: the mean of firms paying, territory, closure and order, with the declared weights.
    rows E06, E08, E10; sources ext.sicily_firms, eng.pact_extortion_side_effect, ext.share_of_turnover (judgement)
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import follow, logistic, per_head
from sim.state import City

__all__ = ["levy", "pressure", "territory"]


@compiled
def levy(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Move the share of firms that pay, what they pay, and who keeps order."""
    rate = rates.extortion[0]
    town = city.town[0]
    for i in range(city.place.size):
        place = city.place[i]
        s = pressure(city, rates, i)
        goal = rate.extortion_most * s / (s + rate.extortion_half)
        place.extortion += rate.extortion_speed * (goal - place.extortion)
        place.extortion_reference = follow(place.extortion_reference, place.extortion, town.anchoring)
        place.turnover_taken = place.extortion * rate.turnover_share * (rate.taken_unsettled + place.settled)
        hits = min(1.0, per_head(rate.hits_felt * place.deaths_market, place.population))
        trust = place.criminal_legitimacy / (place.criminal_legitimacy + rate.state_weight * place.state_legitimacy)
        let = 1.0 - rate.allocation_cut * city.levers[i].housing_allocation
        place.allocated = place.controlled * place.informality * let
        kept = 1.0 - rate.allocation_on_order * place.informality * (1.0 - let)
        place.governing = place.controlled * trust * (1.0 - rate.hits_on_order * hits) * kept
        closed = 0.0
        rent = 0.0
        for m in range(city.closure.shape[1]):
            closed += city.closure[i, m] * city.market_rent[i, m]
            rent += city.market_rent[i, m]
        place.closure = closed / rent if rent > 0.0 else 0.0


@compiled
def pressure(city: City, rates: Rates, i: int) -> float:
    """Return how hard neighbourhood i is pressed to pay."""
    rate = rates.extortion[0]
    place = city.place[i]
    lever = city.levers[i]
    town = city.town[0]
    fight = min(rate.fight_most, place.fighting / town.fighting_reference) if town.fighting_reference > 0.0 else 1.0
    pact = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            pact = max(pact, city.gang[k].pact * min(1.0, rate.pact_felt * city.control[i, k]))
    effort = (1.0 + rate.fight_or_levy) / (1.0 + rate.fight_or_levy * fight)
    effort *= 1.0 + rate.settled_boundaries * max(pact, rate.truce_settles * lever.truce)
    return (
        place.domination
        * effort
        * math.exp(
            -rate.extortion_efficacy * (place.collective_efficacy - place.efficacy_anchor)
            - rate.extortion_clearance * math.log(place.clearance / town.clearance_anchor)
            - rate.lawful_on_pressure * place.lawful
        )
        * max(0.1, 1.0 - rate.extortion_integrity * (town.integrity - town.integrity_anchor))
    )


@compiled
def territory(city: City, rates: Rates, i: int) -> float:
    """Return how far one armed group holds neighbourhood i uncontested, 0-1, without a hard edge.

    A large share of all control for the first, and a small part of that for the second, count as uncontested.
    """
    rate = rates.extortion[0]
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
    held = logistic((first - rate.territory_first) / rate.territory_first_width)
    return held * logistic((rate.territory_second - second / first) / rate.territory_second_width)
