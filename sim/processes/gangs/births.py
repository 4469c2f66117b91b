"""Gangs without people end; groups are born where the state is absent and nobody holds the place.

    absence_i = deprivation_i (1 - state legitimacy_i) (1 - control_i);  chance = chance0 * gangs that are missing
A birth is keyed by the place, never by the free slot.
    rows    E08
            draws BIRTH, BIRTH_SEED
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.draws import BIRTH, BIRTH_SEED, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.gangs.places import found_gang, free_slot
from sim.processes.membership import enlist, start_anew
from sim.state import FREE, LOOSE, NO_GANG, City, Youth

__all__ = ["be_born_and_end"]


@compiled
def be_born_and_end(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Close gangs without people; found a group where the state is absent and nobody holds the place."""
    param = params.gangs[0]
    alive = 0
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0:
            continue
        alive += 1
        rows = 0
        for i in range(city.neighbourhood.size):
            rows += city.members[i, k] + city.inmates[i, k]
        if rows == 0 and t - gang.founded > param.founding_grace_months:
            gang.alive = 0
            alive -= 1
            city.city_state[0].ends += 1.0
            start_anew(city, k)
            for i in range(city.neighbourhood.size):
                city.control[i, k] = 0.0
                city.homes[i, k] = 0
    missing = city.city_state[0].gangs_at_start - alive
    if missing <= 0.0:
        return
    best = -1
    most = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        absence = (
            neighbourhood.deprivation * (1.0 - neighbourhood.state_legitimacy) * max(0.0, 1.0 - neighbourhood.controlled)
        )
        if absence > most and neighbourhood.population > 0.0:
            most = absence
            best = i
    if best < 0 or uniform(seed, BIRTH, t, best) >= param.birth_chance * missing:
        return
    slot = free_slot(city)
    if slot < 0:
        return
    found_gang(city, slot, t, best, LOOSE, param.cohesion_loose, param.weapons_at_founding)
    city.city_state[0].births += 1.0
    youth = city.youth
    neighbourhood = city.neighbourhood[best]
    eligible = 0
    for row in range(neighbourhood.first, neighbourhood.last):
        if _may_found(youth, row, t):
            eligible += 1
    wanted = param.founding_members * neighbourhood.population / 1000.0 / neighbourhood.weight
    chance = min(1.0, wanted / max(1.0, float(eligible)))
    for row in range(neighbourhood.first, neighbourhood.last):
        if _may_found(youth, row, t) and uniform(seed, BIRTH_SEED, t, row) < chance:
            enlist(city, row, slot, t)


@compiled
def _may_found(youth: Youth, row: int, t: int) -> bool:
    if youth.status[row] != FREE or youth.gang[row] != NO_GANG or youth.female[row] == 1:
        return False
    age = age_in_years(youth.phase[row], t)
    return 15.0 <= age < 25.0
