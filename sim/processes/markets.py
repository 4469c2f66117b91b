"""Illicit markets: who organises them, who levies on them, who may enter; what regulation does early and late.

    o_im     += speed * (target(o_0; b contrast(rent_im) - c rules_im (1 - o_im)) - o_im)      rents organise; slow to undo
    levied_im = L d_i/(d_i + half) (.5 + o_im) (1 - cut rules_im (1 - o_im))                  turf gives the power to levy
    closed_im = d_i/(d_i + .25) (.5 + .5 C_i) (.5 + o_im)                                      at most 1
    hits_im   = h pop rent_im C_i (1 - max(r_im, s_im))         r = d (.5 + o), at most 1: assassinations mark a badly
    entry_im  = h pop rent_im C_i .5 r_im (1 - s_im) closed_im  regulated market, violence at entry a closed one
                * exp(conflict max(rules_im, bare) o_im (1 + 2 bare))    rules that come late are fought over, most when bare
    s_im      = rules_im (1 - o_im)                 the state's rules regulate a market as a gang's do, where they hold
    u_i      += speed * (u_0 + move venue_rules (1 - u_0) - u_i)        part of venue trade moves to the unlicensed
In the drug market rent_im of hits and entry includes the toll on transit: corridors are fought over, unless one holds them.
d is domination, C the control of gangs, both as last month left them; rules are the levers of transport and of venues.
What is levied goes to who holds the turf, the rest to those who trade: protection sellers are not the traffickers.
    rows    E06, E25 (regulation meets least resistance before actors organise)
    levers  transport_rules, rules_without_incentives, venue_rules
    sources none with an effect size: judgement (reg.transport, reg.permits_integrity_local name the gap)
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.enumerations import MARKET_DRUGS, MARKET_TRANSPORT, MARKET_VENUES, MARKETS
from sim.parameters import Parameters
from sim.processes.steady_state import equilibrium, log_ratio, track
from sim.processes.trafficking import update as update_trafficking
from sim.state import City

__all__ = ["entry_conflict", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let each market organise, be levied and close, and people be trafficked in and held."""
    param = params.markets[0]
    city_state = city.city_state[0]
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        moved = param.unlicensed_share + param.venue_displacement_share * lever.venue_rules * (1.0 - param.unlicensed_share)
        if t == city_state.start:
            neighbourhood.unlicensed = moved
        neighbourhood.unlicensed += param.market_speed * (moved - neighbourhood.unlicensed)
        for m in range(len(MARKETS)):
            rules = 0.0
            bare = 0.0
            cut = 0.0
            if m == MARKET_TRANSPORT:
                rules = lever.transport_rules
                bare = lever.rules_without_incentives
                cut = param.rules_on_levies
            elif m == MARKET_VENUES:
                rules = lever.venue_rules
                cut = param.licences_on_levies * (1.0 - neighbourhood.unlicensed)
            city.market_reference[i, m] = track(city.market_reference[i, m], city.market_rent[i, m], city_state.anchoring)
            organised = city.organised[i, m]
            goal = equilibrium(
                city.organised_anchor[i, m],
                param.rent_on_organisation * log_ratio(city.market_rent[i, m], city.market_reference[i, m])
                - param.rules_on_organisation * rules * (1.0 - organised),
            )
            speed = param.market_speed * (1.0 if goal > organised else param.organisation_persistence)
            organised += speed * (goal - organised)
            city.organised[i, m] = organised
            held = neighbourhood.domination / (neighbourhood.domination + param.levy_half_domination)
            levied = (
                param.levy_limit
                * held
                * (param.gang_power_unorganised + organised)
                * (1.0 - cut * rules * (1.0 - organised))
            )
            city.levied[i, m] = min(levied, 1.0)
            prize = city.market_rent[i, m]
            if m == MARKET_DRUGS:
                prize += neighbourhood.transit_rent
            closed = neighbourhood.domination / (neighbourhood.domination + param.closure_half_domination)
            closed *= param.closure_uncontrolled + (1.0 - param.closure_uncontrolled) * neighbourhood.controlled
            closed *= param.gang_power_unorganised + organised
            city.closure[i, m] = min(closed, 1.0)
            regulated = min(1.0, neighbourhood.domination * (param.gang_power_unorganised + organised))
            risk = params.homicide[0].market_killing_rate * neighbourhood.population * prize * neighbourhood.controlled
            state = rules * (1.0 - organised)
            city.hits[i, m] = risk * (1.0 - max(regulated, state))
            entering = risk * regulated * (1.0 - state) * city.closure[i, m]
            city.entry_violence[i, m] = (
                param.entry_violence_ratio * entering * entry_conflict(params, rules, organised, bare)
            )
    update_trafficking(city, params, seed, t)


@compiled
def entry_conflict(params: Parameters, rules: float, organised: float, bare: float) -> float:
    """Return by how much rules multiply the violence at a market's entry: by more the better organised its actors are."""
    param = params.markets[0]
    return math.exp(
        param.rules_on_market_violence
        * max(rules, bare)
        * organised
        * (1.0 + param.unincentivised_rules_on_entry_violence * bare)
    )
