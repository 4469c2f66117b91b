"""Gangs whose cohesion is gone break in two, and some of their places go with the new one.

    chance_k = chance0 (less with a leader) exp(b max(0, log money)) / crowding      weak gangs split over money
A split is keyed by the parent, never by the free slot.
    rows    E12
            draws SPLIT, SPLIT_SIDE
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import SPLIT, SPLIT_SIDE, uniform
from sim.parameters import Parameters
from sim.processes.drawing import SINGLE
from sim.processes.gangs.places import crowding, found_gang, free_slot
from sim.processes.membership import standing
from sim.processes.steady_state import log_ratio
from sim.state import FREE, PRISON, WEAK, City

__all__ = ["move_members", "split"]


@compiled
def split(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Break gangs whose cohesion is gone in two: some of their places go with the new one."""
    param = params.gangs[0]
    crowded = crowding(city)
    city.city_state[0].splits_now = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0 or gang.founded == t or gang.cohesion >= param.split_cohesion_threshold:
            continue
        if gang.members < param.split_size_threshold:
            continue
        chance = param.split_chance * (param.split_ratio_with_leader if gang.leader == 1 else 1.0) / crowded
        if gang.organisation == WEAK:
            chance *= math.exp(max(0.0, log_ratio(gang.money, gang.money_reference)) * param.money_on_splits)
        if uniform(seed, SPLIT, t, k) >= chance:
            continue
        home = -1
        most = 0.0
        for i in range(city.neighbourhood.size):
            if i != gang.home and city.residents[i, k] > most:
                most = city.residents[i, k]
                home = i
        if home < 0:
            continue
        slot = free_slot(city)
        if slot < 0:
            continue
        found_gang(city, slot, t, home, gang.organisation, gang.cohesion_anchor, param.weapons_at_founding)
        city.gang[slot].ideological = gang.ideological
        city.city_state[0].splits += 1.0
        city.city_state[0].splits_now += 1.0
        for i in range(city.neighbourhood.size):
            if i == gang.home:
                continue
            if i == home or uniform(seed, SPLIT_SIDE, t, i, k) < param.split_neighbourhood_chance:
                city.control[i, slot] = param.split_share * city.control[i, k]
                city.control[i, k] *= 1.0 - param.split_share
                move_members(city, k, slot, i, seed, t, param.split_share)
        gang.cohesion = gang.cohesion_anchor
        start = param.split_initial_memory * (gang.members + 1.0)
        city.memory[k, slot] = start
        city.memory[slot, k] = start


@compiled
def move_members(city: City, old: int, new: int, i: int, seed: np.uint64, t: int, share: float) -> None:
    """Relabel a share of the old gang's members of neighbourhood i, freedom and peers unchanged."""
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    kept = max(0.0, 1.0 - share) * standing(city, i, old)
    both = standing(city, i, old) + standing(city, i, new)
    for row in range(neighbourhood.first, neighbourhood.last):
        if youth.gang[row] != old or uniform(seed, SPLIT_SIDE, t, row, 0, 1) >= share:
            continue
        youth.gang[row] = new
        if youth.status[row] == FREE:
            city.members[i, old] -= 1
            city.members[i, new] += 1
        elif youth.status[row] == PRISON:
            city.inmates[i, old] -= 1
            city.inmates[i, new] += 1
    if neighbourhood.weight >= SINGLE:
        city.owed[i, old] = kept - city.members[i, old]
        city.owed[i, new] = both - kept - city.members[i, new]
