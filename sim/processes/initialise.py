"""The first month of the burn-in: everyone is given a life, and some a gang.

a male youth of 15 to 25 starts in a gang with a probability that gives the city its documented membership, more in
deprived neighbourhoods; which gang, by control. The burn-in then settles membership, prisons and trust.
Balances of the dead start at a keyed part of a row, as `homicide.removal` has it.
draws BUILD_*, PERSON_*, DEATH_BALANCE
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import BUILD_ACTIVITY, BUILD_GANG, BUILD_TENURE, BUILD_WHICH, DEATH_BALANCE, KILLER_BALANCE, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, arrive_as_newcomer
from sim.processes.membership import enlist
from sim.state import FORMAL, INFORMAL, NEITHER, City

__all__ = ["initialise"]

# Of all ages 10-29, the part that is male and 15 to 25.
ELIGIBLE = 0.25


@compiled
def initialise(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Fill every row with a person, and seed the gangs."""
    param = params.initialise[0]
    youth = city.youth
    city_state = city.city_state[0]
    gangs = city.gang.size
    for k in range(gangs):
        city.gang[k].death_balance = city_state.row_weight * uniform(seed, DEATH_BALANCE, 0, k)
        city.gang[k].killer_balance = city_state.row_weight * uniform(seed, KILLER_BALANCE, 0, k)
    city_state.street_balance = city_state.row_weight * uniform(seed, DEATH_BALANCE, 0, gangs)
    city_state.prison_balance = city_state.row_weight * uniform(seed, DEATH_BALANCE, 0, gangs + 1)
    city_state.killer_balance = city_state.row_weight * uniform(seed, KILLER_BALANCE, 0, gangs)
    mean = 0.0
    for i in range(city.neighbourhood.size):
        mean += city.neighbourhood[i].population * math.exp(
            param.initial_membership_slope * city.neighbourhood[i].deprivation
        )
    mean /= city_state.population
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        share = (
            city_state.membership / ELIGIBLE * math.exp(param.initial_membership_slope * neighbourhood.deprivation) / mean
        )
        held = 0.0
        for k in range(city.gang.size):
            held += city.control[i, k]
        for row in range(neighbourhood.first, neighbourhood.last):
            arrive_as_newcomer(city, params, seed, t, row, False)
            age = age_in_years(youth.phase[row], t)
            if age >= 18.0:
                u = uniform(seed, BUILD_ACTIVITY, t, row)
                youth.activity[row] = FORMAL
                if u < param.initial_idle_base + param.initial_idle_slope * neighbourhood.deprivation:
                    youth.activity[row] = NEITHER
                elif u < param.initial_idle_or_informal:
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
