"""Room for a further gang: the slot it takes, and how crowded the field is.

crowding = (gangs / gangs at the start)^4        splits are rarer by it, mergers more frequent
row E12
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.state import City

__all__ = ["crowding", "found_gang", "free_slot"]


@compiled
def free_slot(city: City) -> int:
    """Return the first slot no gang is in; where none is free, count the overflow and return -1."""
    for k in range(city.gang.size):
        if city.gang[k].alive == 0:
            return k
    city.city_state[0].overflow += 1.0
    return -1


@compiled
def found_gang(city: City, slot: int, t: int, home: int, organisation: int, cohesion: float, weapons: float) -> None:
    """Open a slot for a new gang at home in one neighbourhood, a rival of all others."""
    gang = city.gang[slot]
    gang.alive = 1
    gang.ideological = 0
    gang.organisation = organisation
    gang.style = 0.0
    gang.home = home
    gang.leader = 1
    gang.founded = t
    gang.cohesion_anchor = cohesion
    gang.cohesion = cohesion
    gang.weapons = weapons
    gang.money = 0.0
    gang.money_reference = 0.0
    gang.succession = 0.0
    gang.hunted = 0.0
    gang.pact = 0.0
    gang.pact_anchor = 0.0
    gang.grievance = 0.0
    gang.prison_reference = 0.0
    gang.members = 0.0
    gang.inmates = 0.0
    gang.expected_dead = 0.0
    gang.expected_killings = 0.0
    gang.demand = 0.0
    gang.conviction = 0.0
    for i in range(city.neighbourhood.size):
        city.homes[i, slot] = 0
        city.control[i, slot] = 0.0
        city.owed[i, slot] = 0.0
    city.homes[home, slot] = 1
    for k in range(city.gang.size):
        city.memory[k, slot] = 0.0
        city.memory[slot, k] = 0.0
        city.rivalry[k, slot] = 1.0
        city.rivalry[slot, k] = 1.0
        city.rivalry_anchor[k, slot] = 1.0
        city.rivalry_anchor[slot, k] = 1.0


@compiled
def crowding(city: City) -> float:
    """Return how crowded the field is: the fourth power of the number of gangs over the number the city had.

    The more groups there are, the less room a splinter finds and the sooner two join: the number of gangs has a level.
    """
    alive = 0
    for k in range(city.gang.size):
        alive += city.gang[k].alive
    many: float = max(alive, 1) / city.city_state[0].gangs_at_start
    return (many * many) * (many * many)
