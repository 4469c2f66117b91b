"""Riots in prison: who is killed inside.

killed_i = share of inmates that a riot kills * size of the riot * prisoners_i, and no more than live
They are counted for the city as a whole, and rows leave the youth table by a balance of their own, as in `removal`.
row E14.  draws KILLED_INSIDE, VICTIM_PLACE, REMOVED_FROM, VICTIM
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.distributions import count
from sim.draws import BLOCK, KILLED_INSIDE, REMOVED_FROM, VICTIM, VICTIM_PLACE, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.homicide.living import adults, count_youths
from sim.processes.homicide.victims import CITY_CAUSES, NOBODY, place_at
from sim.processes.membership import find, kill
from sim.processes.policy_delivery import killings_expected
from sim.state import PRISON, City

__all__ = ["kill_inmates"]


@compiled
def kill_inmates(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Count who dies in riots this month, and remove rows of the youth table for them."""
    city_state = city.city_state[0]
    # Gangs and the causes of the city have the keys below this.
    cell = 2 * city.gang.size + CITY_CAUSES
    inside = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        riot = params.justice[0].riot_death_share * city.levers[i].prison_riot
        neighbourhood.deaths_inside = 0.0
        if riot > 0.0:
            neighbourhood.deaths_inside = min(riot * neighbourhood.prisoners, _not_killed_yet(city, i))
        neighbourhood.deaths_youth += neighbourhood.deaths_inside
        inside += neighbourhood.prisoners
    total = _sum_inside(city)
    if total <= 0.0:
        return
    left = math.floor(max(0.0, inside - max(0.0, city_state.prison_balance)))
    number = min(left, count(uniform(seed, KILLED_INSIDE, t, 0), total))
    for n in range(int(number)):
        mark = uniform(seed, VICTIM_PLACE, t, n, cell) * total
        i = place_at(city, mark)
        before = city.scratch.by_place[i - 1] if i > 0 else 0.0
        child = (mark - before) / (city.scratch.by_place[i] - before) < _share_of_children(city, t, i)
        city.neighbourhood[i].killed += 1.0
        city.neighbourhood[i].killed_youths += 1.0
        city.neighbourhood[i].killed_children += 1.0 if child else 0.0
    city_state.prison_balance += number
    removed = 0
    while city_state.prison_balance >= city_state.row_weight:
        i = place_at(city, uniform(seed, REMOVED_FROM, t, removed, cell) * total)
        row = _first_inmate(city, seed, t, i)
        if row == NOBODY:
            break
        city_state.prison_balance -= city.neighbourhood[i].weight
        kill(city, row)
        removed += 1


@compiled
def _not_killed_yet(city: City, i: int) -> float:
    """Return the residents of neighbourhood i who are left when all other killings of the month have happened.

    Prisoners are those of last month, and some may have turned thirty since, or be counted among the free.
    """
    neighbourhood = city.neighbourhood[i]
    living = adults(neighbourhood) + neighbourhood.free + count_youths(city, i, PRISON)
    answered = neighbourhood.deaths_police + neighbourhood.deaths_officers
    average = neighbourhood.deaths_police_on_average + neighbourhood.deaths_officers_on_average
    return max(0.0, living - killings_expected(neighbourhood) + answered - max(answered, average))


@compiled
def _sum_inside(city: City) -> float:
    """Cumulate the killings expected in prison over the neighbourhoods that inmates come from into `scratch.by_place`."""
    total = 0.0
    for i in range(city.neighbourhood.size):
        total += city.neighbourhood[i].deaths_inside
        city.scratch.by_place[i] = total
    return total


@compiled
def _share_of_children(city: City, t: int, i: int) -> float:
    """Return the share of those under eighteen among the youths of neighbourhood i who are in prison."""
    youth = city.youth
    children = 0.0
    everyone = 0.0
    first = city.neighbourhood[i].first
    while first < city.neighbourhood[i].last:
        last = min(first + BLOCK, city.neighbourhood[i].last)
        for found in range(find(city.scratch.picked, youth.status[first:last], PRISON)):
            everyone += 1.0
            if age_in_years(youth.phase[first + city.scratch.picked[found]], t) < 18.0:
                children += 1.0
        first = last
    return children / everyone if everyone > 0.0 else 0.0


@compiled
def _first_inmate(city: City, seed: np.uint64, t: int, i: int) -> int:
    """Return the youth of neighbourhood i in prison whose number is smallest: inside, all risk the same."""
    chosen = NOBODY
    smallest = 1.0
    first = city.neighbourhood[i].first
    while first < city.neighbourhood[i].last:
        last = min(first + BLOCK, city.neighbourhood[i].last)
        for found in range(find(city.scratch.picked, city.youth.status[first:last], PRISON)):
            row = first + city.scratch.picked[found]
            u = uniform(seed, VICTIM, t, row)
            if u < smallest:
                smallest = u
                chosen = row
        first = last
    return chosen
