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
from sim.draws import BLOCK, REMOVED_FROM, VICTIM, ask, fill_listed, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.homicide.hazards import exposure, member_hazard, most_exposed
from sim.processes.homicide.ranks import rank
from sim.processes.homicide.rivalry import discipline_hazard
from sim.processes.homicide.victims import NOBODY, place_at, street_youths
from sim.processes.membership import kill, list_members
from sim.state import FREE, City

__all__ = ["remove_rows"]

# How many more than are wanted are expected below the first bound, with so many standard deviations; what a second bound
# adds to it before all rows are looked at.
EXTRA = 8
WIDER = 15


@compiled
def remove_rows(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Remove rows for the members counted dead, gang by gang, then for the youths counted dead in the street."""
    for cell in range(city.gang.size + 1):
        _remove(city, params, seed, t, cell)


@compiled
def _remove(city: City, params: Parameters, seed: np.uint64, t: int, cell: int) -> None:
    """Remove rows for the dead of one cell: a gang's members or, behind the last gang, all youths in the street."""
    wanted = city.scratch.wanted
    removed = 0
    while _balance(city, cell) >= city.city_state[0].row_weight:
        if removed == 0:
            wanted[:] = 0
        i = _draw_place(city, seed, t, cell, removed, _sum_risks(city, params, cell))
        if i == NOBODY:
            break
        _owe(city, i, cell, -1)
        wanted[i] += 1
        removed += 1
    if removed == 0:
        return
    for i in range(city.neighbourhood.size):
        while wanted[i] > 0:
            found = _first_of(city, params, seed, t, i, cell)
            for n in range(found):
                if cell < city.gang.size:
                    # Taken from the members when the place was drawn, and again by the death.
                    city.members[i, cell] += 1
                kill(city, city.scratch.chosen[n])
            wanted[i] -= found
            if found == 0:
                # Nobody was at risk whose row could leave: what is owed stays owed.
                _owe(city, i, cell, wanted[i])
                wanted[i] = 0


@compiled
def _balance(city: City, cell: int) -> float:
    """Return for how many of the dead of a cell no row has left yet."""
    balance: float = city.city_state[0].street_balance
    if cell < city.gang.size:
        balance = city.gang[cell].death_balance
    return balance


@compiled
def _owe(city: City, i: int, cell: int, rows: int) -> None:
    """Owe so many rows more of neighbourhood i to the dead of a cell."""
    neighbourhood = city.neighbourhood[i]
    neighbourhood.free += rows * neighbourhood.weight
    if cell < city.gang.size:
        city.members[i, cell] += rows
        city.gang[cell].death_balance += rows * neighbourhood.weight
    else:
        city.city_state[0].street_balance += rows * neighbourhood.weight


@compiled
def _draw_place(city: City, seed: np.uint64, t: int, cell: int, removed: int, total: float) -> int:
    """Return the neighbourhood of the next row by the sums in `scratch.by_place`; nobody's where nobody is at risk."""
    if total <= 0.0:
        return NOBODY
    return place_at(city, uniform(seed, REMOVED_FROM, t, removed, cell) * total)


@compiled
def _sum_risks(city: City, params: Parameters, cell: int) -> float:
    """Cumulate the hazards of the rows of a cell over neighbourhoods into `scratch.by_place`."""
    param = params.homicide[0]
    own = 0.0
    if cell < city.gang.size:
        own = discipline_hazard(param, city.gang[cell], city.city_state[0].rivalry_reference)
    total = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        if cell < city.gang.size:
            rows = float(city.members[i, cell])
            through = min(city.trained[i, cell], rows)
            total += (rows - param.training_on_attacks * through) * city.hazard[i, cell] + rows * own
        elif neighbourhood.free > 0.5 * neighbourhood.weight:
            # Half a row is left where the last one is gone only by rounding.
            total += street_youths(city, params, i) / neighbourhood.weight
        city.scratch.by_place[i] = total
    return total


@compiled
def _first_of(city: City, params: Parameters, seed: np.uint64, t: int, i: int, cell: int) -> int:
    """Find the free youths of a cell in neighbourhood i whose exponential numbers over their hazards are smallest.

    `scratch.chosen` receives as many rows as are wanted there, at most BLOCK, or as many as there are; how many is returned.
    In the street few rows are looked at: those alone whose number would be small enough even at the largest exposure there
    can be. Nearly always enough of them are found below the first bound.
    """
    wanted = min(city.scratch.wanted[i], BLOCK)
    if cell < city.gang.size:
        return _first_members(city, params, seed, t, i, cell)
    most = most_exposed(params)
    risk = city.neighbourhood[i].street_risk
    if risk > 0.0:
        for wider in range(2):
            reach = (wanted + EXTRA + EXTRA * math.sqrt(wanted)) * (1.0 + WIDER * wider) / risk
            found = _first_in_the_street(city, params, seed, t, i, reach, 1.0 - math.exp(-reach * most))
            if found == wanted:
                return found
    return _first_in_the_street(city, params, seed, t, i, math.inf, 1.0)


@compiled
def _first_members(city: City, params: Parameters, seed: np.uint64, t: int, i: int, k: int) -> int:
    """Find the first of the free members of gang k in neighbourhood i."""
    param = params.homicide[0]
    youth = city.youth
    luck = city.scratch.luck
    own = discipline_hazard(param, city.gang[k], city.city_state[0].rivalry_reference)
    wanted = min(city.scratch.wanted[i], BLOCK)
    found = 0
    first = city.neighbourhood[i].first
    last = first + list_members(city, i)
    while first < last:
        listed = city.scratch.members[first : min(first + BLOCK, last)]
        fill_listed(luck, listed, seed, VICTIM, t)
        for n in range(listed.size):
            row = listed[n]
            if youth.gang[row] == k and youth.status[row] == FREE:
                hazard = member_hazard(param, city.hazard[i, k], own, float(youth.training_effect[row]))
                found = rank(city.scratch, wanted, found, row, luck[n], hazard, math.inf)
        first += listed.size
    return found


@compiled
def _first_in_the_street(city: City, params: Parameters, seed: np.uint64, t: int, i: int, reach: float, bound: float) -> int:
    """Find the first of the free youths of neighbourhood i below `reach`, where the key's number is below `bound`."""
    param = params.homicide[0]
    youth = city.youth
    scratch = city.scratch
    wanted = min(scratch.wanted[i], BLOCK)
    found = 0
    first = city.neighbourhood[i].first
    while first < city.neighbourhood[i].last:
        number = min(BLOCK, city.neighbourhood[i].last - first)
        for asked in range(ask(scratch, seed, VICTIM, t, first, number, bound)):
            row = first + scratch.picked[asked]
            if youth.status[row] == FREE:
                age = age_in_years(youth.phase[row], t)
                hazard = exposure(param, youth.proneness[row], youth.activity[row], youth.gang[row], age)
                found = rank(scratch, wanted, found, row, scratch.luck[asked], hazard, reach)
        first += number
    return found
