"""What passes through the city and what it is worth: supply, price and rent of seven flows.

    supply_if  = level_f * hub_if                                    level 1: the city's ordinary flow
    seized_if  = supply * min(.6, z0 (1 + g patrol_i) integrity / integrity0)     drugs, firearms, goods: what is priced
    price_if   = ((supply - seized) / ordinary / demand)^(-1 / (e_s + e_d))   constant elasticities; inelastic demand
    rent_if    = value_f * hub_if * demand * price^(1 - e_d)         scarcer goods are worth more in all
    demand     1, for drugs what users buy (`substance_use`, row E38), as last month left it
    rent       of transport: value * level * hub, levied on what moves
    transit_i  = toll * value_drugs * level * passing_i * (1 - seized) / (1 - z0)    what passes through to elsewhere
    venues     value * business * (1 - b unlicensed part of the trade) + what people held there earn (`trafficking`, E37)
    recorded   = seized * integrity / (integrity + half)             less honest forces record less of it
Retail is worth less when more comes, for demand is inelastic; transit is paid by volume: no sale here sets its price. The
lever of drugs moves both. Its toll goes to who holds the place (`gangs`), is fought over (`markets`) and buys officials
(`government`). A city file says where goods pass; with none, nothing is added.
Rows E04 (seven flows), E38, E05 (a local price that follows true supply better than seizures do). Levers: flow_people ..
flow_goods, natural logs of the multiple of the ordinary level. A rent feeds demand for members (`gangs`), weapons
stock and integrity follow their flows (`government`), ideas wear on the state's legitimacy (`community`), arrivals move
in (`demography`). Elasticities: judgement.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.enumerations import (
    DRUGS,
    FIREARMS,
    GOODS,
    MARKET_DRUGS,
    MARKET_FIREARMS,
    MARKET_GOODS,
    MARKET_TRANSPORT,
    MARKET_VENUES,
    TRANSPORT,
)
from sim.parameters import Parameters
from sim.processes.steady_state import track
from sim.processes.trafficking import rent_by_gangs, rent_in_venues
from sim.state import City

__all__ = ["update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let the flows in, price them, and split off what is seized."""
    param = params.flows[0]
    flows = city.flows
    city_state = city.city_state[0]
    power = 1.0 / (param.supply_elasticity + param.demand_elasticity)
    city_state.seizures_true = 0.0
    city_state.seizures_recorded = 0.0
    city_state.transit_rents = 0.0
    illicit = param.rent_weight_drugs + param.rent_weight_goods + param.rent_weight_firearms
    honest = city_state.integrity / (city_state.integrity + param.recording_half_integrity)
    # The levers of flows are the last columns, in the order of the flows.
    first = city.lever_values.shape[1] - flows.level.size
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        zeal = (1.0 + param.patrol_on_seizure * city.police[i].patrol) * city_state.integrity / city_state.integrity_anchor
        seized_share = min(0.6, param.seizure_share * zeal)
        rent = 0.0
        neighbourhood.transit_rent = 0.0
        for f in range(flows.level.size):
            pushed = city.lever_values[i, first + f]
            level = flows.level[f] * math.exp(min(max(pushed, -3.0), 3.0))
            flows.supply[i, f] = level * flows.hub[i, f]
            flows.seized[i, f] = 0.0
            flows.recorded[i, f] = 0.0
            value = 0.0
            market = -1
            if f == DRUGS:
                value = param.rent_weight_drugs
                market = MARKET_DRUGS
            elif f == TRANSPORT:
                value = param.rent_weight_transport
                market = MARKET_TRANSPORT
            elif f == GOODS:
                value = param.rent_weight_goods
                market = MARKET_GOODS
            elif f == FIREARMS:
                value = param.rent_weight_firearms
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
            remaining = level * (1.0 - seized_share) / (1.0 - param.seizure_share)
            wanted = 1.0
            if f == DRUGS:
                wanted = neighbourhood.drug_demand
                toll = param.transit_toll * value * neighbourhood.transit * remaining
                neighbourhood.transit_rent = toll
                city_state.transit_rents += toll * neighbourhood.population / city_state.population
                rent += toll
            flows.price[i, f] = min(max(remaining / wanted, 0.05), 20.0) ** (-power)
            flows.rent[i, f] = value * flows.hub[i, f] * wanted * flows.price[i, f] ** (1.0 - param.demand_elasticity)
            city.market_rent[i, market] = flows.rent[i, f]
            rent += flows.rent[i, f]
            share = value / illicit * neighbourhood.population / city_state.population
            city_state.seizures_true += seized_share * share
            city_state.seizures_recorded += seized_share * honest * share
        venues = (
            param.rent_weight_venues
            * neighbourhood.business
            * (1.0 - param.unlicensed_venue_loss * neighbourhood.unlicensed)
        )
        venues += rent_in_venues(params, neighbourhood)
        city.market_rent[i, MARKET_VENUES] = venues
        rent += venues + rent_by_gangs(params, neighbourhood)
        neighbourhood.rent = rent
        neighbourhood.rent_reference = track(neighbourhood.rent_reference, rent, city_state.anchoring)
    city_state.transit_reference = track(city_state.transit_reference, city_state.transit_rents, city_state.anchoring)
