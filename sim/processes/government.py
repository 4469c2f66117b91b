"""City government: integrity, the stock of guns, the load of cases; what belongs to no single neighbourhood.

    integrity += .03 (goal - integrity), goal = integrity0 + rise (1 - integrity0) transparency - b log(money), .05-.95
    bribes     = sum of rent * C * (1 - integrity), by residents                             rents buy officials
    guns      += .06 ((1 - cut * access) * firearms^b - guns)
    caseload  += .15 (expected killings of the month - caseload)
    conviction_k = clearance * killings expected of gang k / its members                    arrests of next month
Moved last of all, so that within a month nothing city-wide carries news from one end of the city to the other.
    rows E11 (money buys officials), E15, E22   levers integrity, guns
    sources reg.integrity_anticorruption, reg.gun_stock_law; speeds found by fitting
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import follow
from sim.processes.calendar import killings_expected
from sim.processes.gangs import count_money
from sim.state import FIREARMS, FREE, MONEY, PRISON, City

__all__ = ["settle"]


@compiled
def settle(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Move what the whole city shares."""
    rate = rates.government[0]
    town = city.town[0]
    integrity = 0.0
    guns = 0.0
    money = 0.0
    firearms = 0.0
    killings = 0.0
    cleared = 0.0
    rivalry = 0.0
    jobs = 0.0
    bribes = 0.0
    truce = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        lever = city.levers[i]
        share = place.population / town.population
        integrity += lever.integrity * share
        guns += lever.guns * share
        truce += lever.truce * share
        money += lever.flow_money * share
        firearms += lever.flow_firearms * share
        here = killings_expected(place)
        killings += here
        cleared += here * place.clearance
        rivalry += place.deaths_rivalry
        jobs += place.jobs * share
        bribes += place.rent * place.controlled * (1.0 - town.integrity) * share
    town.clearance = cleared / killings if killings > 0.0 else town.clearance_anchor
    town.jobs = jobs
    town.bribes = bribes
    town.truce = truce
    money += math.log(max(city.flows.level[MONEY], 0.05))
    firearms += math.log(max(city.flows.level[FIREARMS], 0.05))
    goal = town.integrity_anchor + rate.integrity_rise * integrity * (1.0 - town.integrity_anchor)
    goal = min(max(goal - rate.money_on_integrity * money, 0.05), 0.95)
    town.integrity += rate.integrity_speed * (goal - town.integrity)
    goal = (1.0 - rate.gun_stock_cut * guns) * math.exp(rate.firearms_on_stock * firearms)
    town.guns += rate.gun_stock_speed * (goal - town.guns)
    town.caseload += rate.caseload_speed * (killings - town.caseload)
    town.caseload_reference = follow(town.caseload_reference, town.caseload, town.anchoring)
    town.fighting_reference = follow(town.fighting_reference, rivalry / town.population, town.anchoring)
    for k in range(city.gang.size):
        gang = city.gang[k]
        gang.conviction = 0.0
        if gang.members > 0.0:
            gang.conviction = min(0.2, town.clearance * gang.expected_killings / gang.members)
    _count_prisoners(city)
    count_money(city, rates)


@compiled
def _count_prisoners(city: City) -> None:
    """Count youths alive and those in prison, as residents."""
    youth = city.youth
    town = city.town[0]
    town.prisoners = 0.0
    town.youths = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        status = youth.status[place.first : place.last]
        inside = 0
        free = 0
        for j in range(status.size):
            inside += 1 if status[j] == PRISON else 0
            free += 1 if status[j] == FREE else 0
        place.prisoners = inside * place.weight
        town.prisoners += place.prisoners
        town.youths += (inside + free) * place.weight
    town.prison_places = follow(town.prison_places, 0.95 * town.prisoners, town.anchoring)
