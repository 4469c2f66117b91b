"""Which youths did the killing: a mark on their rows, so that a programme for persons can be judged on what they did.

A row stands for w youths, so killings are marked as the dead are removed (`removal`): a balance is kept for each gang and
for disputes, and whenever it holds a whole row one row is marked, as if each youth it stands for had killed once.

    D_k += killed inside gang k + (killed by rivals + bystanders) A_k / sum A      A_k: attacks on rivals expected of gang k
    D   += sum_i y_i killed in disputes in i                                          y_i: youths among those who begin them
    while D >= W: one row is marked, D -= w of the row                                W: mean w of the city
    the row     of a gang: a place in proportion to its members there, there the smallest E_j / (proneness_j (1 - training))
                of disputes: a place in proportion to y_i disputes_i / w_i, there in proportion to exposure_j (`hazards`)
Who kills at home, over markets, along group lines, for a mob or for the police is not told: mostly no youth of the table.
Nothing in the month reads the marks, and no draw of anything else depends on them. They stay until the row passes to
another person.
    rows E23, E24.  draws KILLER_IN_GANG, KILLER_IN_STREET
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, KILLER_IN_GANG, KILLER_IN_STREET, fill_listed, four, uniform
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.homicide.hazards import exposure, most_exposed
from sim.processes.homicide.living import youths_among_aggressors
from sim.processes.homicide.ranks import rank
from sim.processes.homicide.victims import NOBODY, place_at
from sim.processes.membership import list_members
from sim.state import FREE, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["mark_killers"]

# Pairs of rows that are looked at for one who killed in a dispute, before the mark waits for the next month.
PAIRS = 4096


@compiled
def mark_killers(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Mark rows for this month's killings between and inside gangs, of bystanders, and in disputes."""
    city_state = city.city_state[0]
    attacks = 0.0
    for k in range(city.gang.size):
        attacks += city.gang[k].expected_attacks
    by_gangs = city_state.killed_by_rivals + city_state.bystanders_killed
    for k in range(city.gang.size):
        gang = city.gang[k]
        if attacks > 0.0:
            gang.killer_balance += by_gangs * gang.expected_attacks / attacks
        marked = 0
        while gang.killer_balance >= city_state.row_weight:
            row = _member(city, params, seed, t, k, marked)
            if row == NOBODY:
                break
            gang.killer_balance -= _mark(city, row)
            marked += 1
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        city_state.killer_balance += neighbourhood.disputes_lost * youths_among_aggressors(params, neighbourhood)
    marked = 0
    while city_state.killer_balance >= city_state.row_weight:
        row = _in_the_street(city, params, seed, t, marked)
        if row == NOBODY:
            break
        city_state.killer_balance -= _mark(city, row)
        marked += 1


@compiled
def _mark(city: City, row: int) -> float:
    """Mark a row, and return how many killings that stands for."""
    city.youth.killings_done[row] += 1
    weight: float = city.neighbourhood[city.youth.home[row]].weight
    return weight


@compiled
def _member(city: City, params: Parameters, seed: np.uint64, t: int, k: int, marked: int) -> int:
    """Return the free member of gang k who killed, nobody where it has none."""
    total = 0.0
    for i in range(city.neighbourhood.size):
        total += city.members[i, k]
        city.scratch.by_place[i] = total
    if total <= 0.0:
        return NOBODY
    i = place_at(city, uniform(seed, KILLER_IN_GANG, t, marked, k + 1) * total)
    # In a place it is one member who killed whoever this gang kills there in a month.
    killer = city.scratch.killer
    if marked == 0:
        killer[:] = NOBODY
    if killer[i] == NOBODY:
        killer[i] = _first_member(city, params, seed, t, i, k)
    return int(killer[i])


@compiled
def _first_member(city: City, params: Parameters, seed: np.uint64, t: int, i: int, k: int) -> int:
    """Return the free member of gang k in neighbourhood i whose exponential number over how active it is is smallest."""
    param = params.homicide[0]
    youth = city.youth
    luck = city.scratch.luck
    found = 0
    first = city.neighbourhood[i].first
    last = first + list_members(city, i)
    while first < last:
        listed = city.scratch.members[first : min(first + BLOCK, last)]
        fill_listed(luck, listed, seed, KILLER_IN_GANG, t)
        for n in range(listed.size):
            row = listed[n]
            if youth.gang[row] == k and youth.status[row] == FREE:
                active = youth.proneness[row] * (1.0 - param.training_on_attacks * youth.training_effect[row])
                found = rank(city.scratch, 1, found, row, luck[n], active, math.inf)
        first += listed.size
    return int(city.scratch.chosen[0]) if found > 0 else NOBODY


@compiled
def _in_the_street(city: City, params: Parameters, seed: np.uint64, t: int, marked: int) -> int:
    """Return the free youth who killed in a dispute, nobody where none is left or none was found.

    Rows of the place are looked at in a keyed order, and each is taken with its exposure over the largest there can be:
    what that takes does not grow with the table.
    """
    total = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        # Half a row is left where the last one is gone only by rounding.
        if neighbourhood.free > 0.5 * neighbourhood.weight:
            begun = youths_among_aggressors(params, neighbourhood) * neighbourhood.deaths_dispute
            total += begun / neighbourhood.weight
        city.scratch.by_place[i] = total
    if total <= 0.0:
        return NOBODY
    u, _, _, _ = four(seed, KILLER_IN_STREET, t, marked * (PAIRS + 1))
    place = city.neighbourhood[place_at(city, u * total)]
    most = most_exposed(params)
    for pair in range(PAIRS):
        one, kept, other, kept_too = four(seed, KILLER_IN_STREET, t, marked * (PAIRS + 1) + pair + 1)
        row = _row_at(place, one)
        if kept * most < _exposed(city, params, t, row):
            return row
        row = _row_at(place, other)
        if kept_too * most < _exposed(city, params, t, row):
            return row
    return NOBODY


@compiled
def _row_at(place: views.Neighbourhood, u: float) -> int:
    return int(place.first + min(place.last - place.first - 1, math.floor(u * (place.last - place.first))))


@compiled
def _exposed(city: City, params: Parameters, t: int, row: int) -> float:
    """Return the relative hazard in disputes of a row, nothing where it is not free."""
    youth = city.youth
    if youth.status[row] != FREE:
        return 0.0
    age = age_in_years(youth.phase[row], t)
    return exposure(params.homicide[0], float(youth.proneness[row]), youth.activity[row], youth.gang[row], age)
