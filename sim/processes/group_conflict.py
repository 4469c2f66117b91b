"""Identity groups: grievance, and what a spark along group lines does to a city.

    grievance  += speed * (target(g_0; b spark - c participation) - grievance)
    spark_i    of a contested election; edge_i how far groups meet here or across a border (fixed)
    divided_i  += b spark_i * grievance * segregation * edge_i * (1 - divided_i) - divided_i / months
    killing_i  = v pop_i edge_i grievance * segregation * (spark_i + s divided_i)
Segregation is the index of dissimilarity of the smaller groups over the neighbourhoods of the file (Duncan and Duncan
1955; recalled). Diversity without grievance, or without segregation, divides nobody. A divided neighbourhood loses
bridging, drives families away and hides behind walls, while its economy goes on.
    row     E33   levers contested_election, participation   sources GSC on Nairobi for the pattern; sizes are judgement
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.state import City

__all__ = ["communal_killing", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let a spark divide neighbourhoods where groups meet, and old divisions heal."""
    param = params.group_conflict[0]
    heat = _heat(city)
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        fresh = min(1.0, param.spark_on_division * city.levers[i].contested_election * heat * neighbourhood.edge)
        neighbourhood.divided += fresh * (1.0 - neighbourhood.divided) - neighbourhood.divided / param.division_months
        neighbourhood.divided = min(max(neighbourhood.divided, 0.0), 1.0)


@compiled
def _heat(city: City) -> float:
    """Return grievance times segregation."""
    heat: float = city.city_state[0].grievance * city.city_state[0].segregation
    return heat


@compiled
def communal_killing(city: City, params: Parameters, i: int) -> float:
    """Return the expected killings along group lines in neighbourhood i this month."""
    param = params.group_conflict[0]
    neighbourhood = city.neighbourhood[i]
    stirred = city.levers[i].contested_election + param.division_on_killings * neighbourhood.divided
    return param.communal_killing_rate * neighbourhood.population * neighbourhood.edge * _heat(city) * stirred
