"""Two thin gangs that are tied by prison, with no fresh blood between them, may become one.

chance_kl = chance0 * crowding, below a share of the mean members
rows    E14
        draws MERGE
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.draws import MERGE, uniform
from sim.parameters import Parameters
from sim.processes.gangs.places import crowding
from sim.processes.gangs.splits import move_members
from sim.state import City

__all__ = ["merge"]


@compiled
def merge(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Two thin gangs with members in prison and no fresh blood between them may become one."""
    param = params.gangs[0]
    alive = 0
    members = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            alive += 1
            members += city.gang[k].members
    if alive < 3:
        return
    crowded = crowding(city)
    thin = param.merge_size_threshold * members / alive
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0 or gang.members >= thin or gang.inmates <= 0.0 or gang.founded == t:
            continue
        for other in range(k):
            partner = city.gang[other]
            if partner.alive == 0 or partner.members >= 2.0 * thin or partner.inmates <= 0.0:
                continue
            blood = city.memory[k, other] + city.memory[other, k]
            if blood > param.merge_memory_threshold * (gang.members + partner.members + 1.0):
                continue
            if uniform(seed, MERGE, t, k, other) >= param.merge_chance * crowded:
                continue
            for i in range(city.neighbourhood.size):
                move_members(city, k, other, i, seed, t, 1.1)
                city.control[i, other] += city.control[i, k]
                city.control[i, k] = 0.0
                city.homes[i, k] = 0
            gang.alive = 0
            city.city_state[0].merges += 1.0
            break
