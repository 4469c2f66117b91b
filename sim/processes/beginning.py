"""The first month of the burn-in: everyone is given a life, and some a gang.

a male youth of 15 to 25 starts in a gang with a probability that gives the city its documented membership, more in
deprived neighbourhoods; which gang, by control. The burn-in then settles membership, prisons and trust.
draws BUILD_*, PERSON_*
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import BUILD_ACTIVITY, BUILD_GANG, BUILD_TENURE, BUILD_WHICH, uniform
from sim.parameters import Rates
from sim.processes.lifecourse import age_in_years, arrive_as_newcomer
from sim.processes.membership import enlist
from sim.state import FORMAL, INFORMAL, NEITHER, City

__all__ = ["begin"]

# Of all ages 10-29, the part that is male and 15 to 25.
ELIGIBLE = 0.25


@compiled
def begin(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Fill every row with a person, and seed the gangs."""
    rate = rates.beginning[0]
    youth = city.youth
    town = city.town[0]
    mean = 0.0
    for i in range(city.place.size):
        mean += city.place[i].population * math.exp(rate.first_slope * city.place[i].deprivation)
    mean /= town.population
    for i in range(city.place.size):
        place = city.place[i]
        share = town.membership / ELIGIBLE * math.exp(rate.first_slope * place.deprivation) / mean
        held = 0.0
        for k in range(city.gang.size):
            held += city.control[i, k]
        for row in range(place.first, place.last):
            arrive_as_newcomer(city, rates, seed, t, row, False)
            age = age_in_years(youth.phase[row], t)
            if age >= 18.0:
                u = uniform(seed, BUILD_ACTIVITY, t, row)
                youth.activity[row] = FORMAL
                if u < rate.first_idle + rate.first_idle_slope * place.deprivation:
                    youth.activity[row] = NEITHER
                elif u < rate.first_informal:
                    youth.activity[row] = INFORMAL
            if held <= 0.0 or youth.female[row] == 1 or not 15.0 <= age < 25.0:
                continue
            if uniform(seed, BUILD_GANG, t, row) >= share:
                continue
            mark = uniform(seed, BUILD_WHICH, t, row) * held
            for k in range(city.gang.size):
                mark -= city.control[i, k]
                if mark < 0.0:
                    enlist(city, row, k, t - int(24.0 * uniform(seed, BUILD_TENURE, t, row)))
                    break
