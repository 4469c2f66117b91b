"""What turf brings a gang, and the members that this feeds.

    money_k    = sum_i c_ki pop_i (levied rents of its markets + transit + leakage of programmes + b turnover taken)
    T_k        = sum_i c_ki pop_i (.3 + deprivation_i) exp(b drent_i shield_i)       what its turf can feed
    places_k   = appetite * T_k (T_k / mean T)^-s; demand_k = log(places / members), within 1.2
                 large gangs saturate (Prieto-Curiel et al. 2023); or the gang whose members stay longest takes all
Appetite makes places and members meet while the city settles.
    rows    E14 (who is arrested is replaced)
    sources gang.replacement_drug_role
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.recruitment import shield
from sim.processes.steady_state import log_ratio, track
from sim.state import City

__all__ = ["count_money"]


@compiled
def count_money(city: City, params: Parameters) -> None:
    """Count what each gang draws from its places, the members this feeds, and the appetite that makes both meet."""
    param = params.gangs[0]
    city_state = city.city_state[0]
    turf = 0.0
    fed = 0.0
    alive = 0
    members = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        gang.money = 0.0
        gang.demand = 0.0
        if gang.alive == 0:
            continue
        for i in range(city.neighbourhood.size):
            share = city.control[i, k]
            if share > 0.0:
                neighbourhood = city.neighbourhood[i]
                felt = log_ratio(neighbourhood.rent, neighbourhood.rent_reference) * shield(params, neighbourhood.connected)
                grown = math.exp(param.rent_on_demand * felt)
                levied = param.rents_from_leakage * city_state.leaked + neighbourhood.transit_rent
                for m in range(city.levied.shape[1]):
                    levied += city.levied[i, m] * city.market_rent[i, m]
                gang.money += (
                    share * neighbourhood.population * (levied + param.turnover_levy_weight * neighbourhood.turnover_taken)
                )
                gang.demand += (
                    share * neighbourhood.population * (param.demand_without_deprivation + neighbourhood.deprivation) * grown
                )
        turf += gang.demand
        alive += 1
        members += gang.members
        gang.money_reference = track(gang.money_reference, gang.money, city_state.anchoring)
        if gang.money_reference == 0.0:
            # Born after the city settled: its first month's money is its ordinary money.
            gang.money_reference = gang.money
    if turf <= 0.0:
        return
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.demand > 0.0:
            gang.demand *= (gang.demand * alive / turf) ** (-param.demand_saturation)
            fed += gang.demand
    if fed > 0.0:
        city_state.appetite = track(city_state.appetite, members / fed, city_state.anchoring)
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 1:
            wanted = city_state.appetite * gang.demand
            gang.demand = min(
                max(math.log((wanted + 1.0) / (gang.members + 1.0)), -param.demand_gap_limit), param.demand_gap_limit
            )
