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
from sim.parameters import Rates
from sim.state import City

__all__ = ["communal_killing", "divide"]


@compiled
def divide(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Let a spark divide neighbourhoods where groups meet, and old divisions heal."""
    rate = rates.identity[0]
    heat = _heat(city)
    for i in range(city.place.size):
        place = city.place[i]
        fresh = min(1.0, rate.spark_divides * city.levers[i].contested_election * heat * place.edge)
        place.divided += fresh * (1.0 - place.divided) - place.divided / rate.divided_months
        place.divided = min(max(place.divided, 0.0), 1.0)


@compiled
def _heat(city: City) -> float:
    """Return grievance times segregation."""
    heat: float = city.town[0].grievance * city.town[0].segregation
    return heat


@compiled
def communal_killing(city: City, rates: Rates, i: int) -> float:
    """Return the expected killings along group lines in neighbourhood i this month."""
    rate = rates.identity[0]
    place = city.place[i]
    stirred = city.levers[i].contested_election + rate.divided_kills * place.divided
    return rate.communal * place.population * place.edge * _heat(city) * stirred
