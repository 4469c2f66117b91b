"""Which rows leave the youth table for the youths who were counted dead.

A row stands for w youths. Counts are people, so a balance of the dead is kept for the members of each gang and for
the street (and one for prisons, see `riots`):

    L += youths counted dead;  while L >= W: one row dies, and L falls by the w of that row       W: mean w of the city
    the row    a neighbourhood in proportion to its hazards per row, there the row of the smallest E_j / hazard_j
L starts at a keyed number between 0 and W, the same in all arms, so that the first row leaves neither early nor late.
E_j is one keyed exponential number a row and month: arms with the same hazards remove the same row. The threshold is W and
not the w of the row: else rows of a small w would come first. Living rows times w, plus the dead, less L, is constant to
the last person. Where w is 1, a row leaves for each person, in the month of the death.
Causes in whose hazards the same youths stand share a balance: the fewer, the closer the table is to the counts.
    rows E23, E30.  draws REMOVED_FROM, VICTIM
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, REMOVED_FROM, VICTIM, fill, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.homicide.hazards import exposure, member_hazard
from sim.processes.homicide.rivalry import discipline_hazard
from sim.processes.homicide.victims import NOBODY, place_at, street_youths
from sim.processes.membership import find, kill
from sim.state import FREE, City

__all__ = ["remove_free_youths", "remove_members"]


@compiled
def remove_members(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Remove rows for the members counted dead, gang by gang."""
    param = params.homicide[0]
    ordinary = city.city_state[0].rivalry_reference
    for k in range(city.gang.size):
        gang = city.gang[k]
        removed = 0
        while gang.death_balance >= city.city_state[0].row_weight:
            own = discipline_hazard(param, gang, ordinary)
            i = _draw_place(city, seed, t, k, removed, _sum_members(city, params, k, own))
            row = _first_member(city, params, seed, t, i, k, own) if i >= 0 else NOBODY
            if row == NOBODY:
                break
            gang.death_balance -= city.neighbourhood[i].weight
            _remove_free(city, row)
            removed += 1


@compiled
def remove_free_youths(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Remove rows for the youths counted dead in the street, members of gangs or not."""
    city_state = city.city_state[0]
    removed = 0
    while city_state.street_balance >= city_state.row_weight:
        i = _draw_place(city, seed, t, city.gang.size, removed, _sum_street(city, params))
        row = _first_in_the_street(city, params, seed, t, i) if i >= 0 else NOBODY
        if row == NOBODY:
            break
        city_state.street_balance -= city.neighbourhood[i].weight
        _remove_free(city, row)
        removed += 1


@compiled
def _remove_free(city: City, row: int) -> None:
    neighbourhood = city.neighbourhood[city.youth.home[row]]
    neighbourhood.free -= neighbourhood.weight
    kill(city, row)


@compiled
def _draw_place(city: City, seed: np.uint64, t: int, cell: int, removed: int, total: float) -> int:
    """Return the neighbourhood of the next row by the sums in `scratch.by_place`; nobody's where nobody is at risk."""
    if total <= 0.0:
        return NOBODY
    return place_at(city, uniform(seed, REMOVED_FROM, t, removed, cell) * total)


@compiled
def _sum_members(city: City, params: Parameters, k: int, own: float) -> float:
    """Cumulate the hazards of the rows of gang k over neighbourhoods into `scratch.by_place`."""
    param = params.homicide[0]
    total = 0.0
    for i in range(city.neighbourhood.size):
        rows = float(city.members[i, k])
        through = min(city.trained[i, k], rows)
        total += (rows - param.training_on_attacks * through) * city.hazard[i, k] + rows * own
        city.scratch.by_place[i] = total
    return total


@compiled
def _sum_street(city: City, params: Parameters) -> float:
    """Cumulate the hazards in the street of the rows of free youths over neighbourhoods into `scratch.by_place`."""
    total = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        # Half a row is left where the last one is gone only by rounding.
        if neighbourhood.free > 0.5 * neighbourhood.weight:
            total += street_youths(city, params, i) / neighbourhood.weight
        city.scratch.by_place[i] = total
    return total


@compiled
def _first_member(city: City, params: Parameters, seed: np.uint64, t: int, i: int, k: int, own: float) -> int:
    """Return the free member of gang k in neighbourhood i whose exponential number over its hazard is smallest."""
    param = params.homicide[0]
    youth = city.youth
    picked = city.scratch.picked
    chosen = NOBODY
    smallest = math.inf
    first = city.neighbourhood[i].first
    while first < city.neighbourhood[i].last:
        last = min(first + BLOCK, city.neighbourhood[i].last)
        for found in range(find(picked, youth.gang[first:last], k)):
            row = first + picked[found]
            if youth.status[row] != FREE:
                continue
            hazard = member_hazard(param, city.hazard[i, k], own, float(youth.training_effect[row]))
            waits = -math.log1p(-uniform(seed, VICTIM, t, row))
            if waits < smallest * hazard:
                smallest = waits / hazard
                chosen = row
        first = last
    return chosen


@compiled
def _first_in_the_street(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> int:
    """Return the free youth of neighbourhood i whose exponential number over its exposure is smallest."""
    param = params.homicide[0]
    youth = city.youth
    scratch = city.scratch
    chosen = NOBODY
    smallest = math.inf
    first = city.neighbourhood[i].first
    while first < city.neighbourhood[i].last:
        number = min(BLOCK, city.neighbourhood[i].last - first)
        shift = fill(scratch.uniforms, scratch.words, seed, VICTIM, t, first, number)
        for j in range(number):
            row = first + j
            if youth.status[row] != FREE:
                continue
            age = age_in_years(youth.phase[row], t)
            hazard = exposure(param, youth.proneness[row], youth.activity[row], youth.gang[row], age)
            u = scratch.uniforms[shift + j]
            # -log(1 - u) is at least u, so few logarithms are taken.
            if u < smallest * hazard:
                waits = -math.log1p(-u)
                if waits < smallest * hazard:
                    smallest = waits / hazard
                    chosen = row
        first += number
    return chosen
