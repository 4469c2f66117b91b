"""What passes through the city and what it is worth: supply, price and rent of seven flows.

    supply_if  = level_f * hub_if                                    level 1: the city's ordinary flow
    seized_if  = supply * min(.6, z0 (1 + g patrol_i) integrity / integrity0)     drugs, firearms, goods: what is priced
    price_if   = ((supply - seized) / ordinary)^(-1 / (e_s + e_d))   constant elasticities; inelastic demand
    rent_if    = value_f * hub_if * price^(1 - e_d)                  scarcer goods are worth more in all
    rent       of transport: value * level * hub, levied on what moves
    venues     value * business * (1 - b unlicensed part of the trade)
    recorded   = seized * integrity / (integrity + half)             less honest forces record less of it
Rows E04 (seven flows), E05 (a local price that follows true supply better than seizures do). Levers: flow_people ..
flow_goods, natural logs of the multiple of the ordinary level. A rent feeds demand for members (`gangs`), weapons
stock and integrity follow their flows (`government`), ideas wear on the state's legitimacy (`community`), arrivals move
in (`lifecourse`). Elasticities: judgement.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import follow
from sim.state import (
    DRUGS,
    FIREARMS,
    GOODS,
    MARKET_DRUGS,
    MARKET_FIREARMS,
    MARKET_GOODS,
    MARKET_TRANSPORT,
    MARKET_VENUES,
    TRANSPORT,
    City,
)

__all__ = ["arrive"]


@compiled
def arrive(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Let the flows in, price them, and split off what is seized."""
    rate = rates.flows[0]
    flows = city.flows
    town = city.town[0]
    power = 1.0 / (rate.supply_elasticity + rate.demand_elasticity)
    town.seizures_true = 0.0
    town.seizures_recorded = 0.0
    illicit = rate.value_drugs + rate.value_goods + rate.value_firearms
    honest = town.integrity / (town.integrity + rate.honesty_half)
    # The levers of flows are the last columns, in the order of the flows.
    first = city.lever_values.shape[1] - flows.level.size
    for i in range(city.place.size):
        place = city.place[i]
        zeal = (1.0 + rate.seizure_patrol * city.police[i].patrol) * town.integrity / town.integrity_anchor
        seized_share = min(0.6, rate.seizure_share * zeal)
        rent = 0.0
        for f in range(flows.level.size):
            pushed = city.lever_values[i, first + f]
            level = flows.level[f] * math.exp(min(max(pushed, -3.0), 3.0))
            flows.supply[i, f] = level * flows.hub[i, f]
            flows.seized[i, f] = 0.0
            flows.recorded[i, f] = 0.0
            value = 0.0
            market = -1
            if f == DRUGS:
                value = rate.value_drugs
                market = MARKET_DRUGS
            elif f == TRANSPORT:
                value = rate.value_transport
                market = MARKET_TRANSPORT
            elif f == GOODS:
                value = rate.value_goods
                market = MARKET_GOODS
            elif f == FIREARMS:
                value = rate.value_firearms
                market = MARKET_FIREARMS
            if market < 0:
                continue
            if f == TRANSPORT:
                flows.rent[i, f] = value * level * flows.hub[i, f]
                city.market_rent[i, market] = flows.rent[i, f]
                rent += flows.rent[i, f]
                continue
            flows.seized[i, f] = flows.supply[i, f] * seized_share
            flows.recorded[i, f] = flows.seized[i, f] * honest
            remaining = level * (1.0 - seized_share) / (1.0 - rate.seizure_share)
            flows.price[i, f] = min(max(remaining, 0.05), 20.0) ** (-power)
            flows.rent[i, f] = value * flows.hub[i, f] * flows.price[i, f] ** (1.0 - rate.demand_elasticity)
            city.market_rent[i, market] = flows.rent[i, f]
            rent += flows.rent[i, f]
            share = value / illicit * place.population / town.population
            town.seizures_true += seized_share * share
            town.seizures_recorded += seized_share * honest * share
        venues = rate.value_venues * place.business * (1.0 - rate.venue_shrinks * place.unlicensed)
        city.market_rent[i, MARKET_VENUES] = venues
        rent += venues
        place.rent = rent
        place.rent_reference = follow(place.rent_reference, rent, town.anchoring)
