"""Who is counted where: the few acts that change a youth's gang or freedom, and the counts that must follow.

Counts of members are kept as things happen instead of being recounted: `members` and `inmates` [neighbourhood, gang],
and `gang_peers`, the number of free gang members among a youth's eight peers, pushed to the peers when it changes.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.processes.drawing import SINGLE
from sim.state import DEAD, FREE, NO_GANG, PEERS_EACH, PRISON, City, Floats, Youth

__all__ = [
    "NOT_LISTED",
    "enlist",
    "find",
    "forget_listed",
    "imprison",
    "kill",
    "list_members",
    "quit_gang",
    "set_free",
    "set_mean_chances",
    "share_loss",
    "standing",
    "start_anew",
]

# Rows that `find` asks at once.
FEW = 16

# Members of a neighbourhood are not listed this month.
NOT_LISTED = -1


@compiled
def _tell_peers(youth: Youth, row: int, change: int) -> None:
    for p in range(PEERS_EACH):
        youth.gang_peers[youth.peers[row, p]] += change


@compiled
def standing(city: City, i: int, k: int) -> float:
    """Return the free members of gang k in neighbourhood i in rows, and parts of a row where it stands for many."""
    return max(0.0, city.members[i, k] + city.owed[i, k])


@compiled
def share_loss(city: City, i: int, k: int, chances: Floats) -> None:
    """Let the row of gang k that leaves the free members of neighbourhood i next be taken from all gangs there.

    Parameters
    ----------
    city
        Where a row is one youth, nothing is changed: the row's own gang loses it.
    i, k
        Neighbourhood and gang of the row.
    chances : float [gang]
        In proportion to a member's chance of what happens to the row, by its gang.
    """
    if city.neighbourhood[i].weight < SINGLE:
        return
    total = 0.0
    for other in range(city.gang.size):
        total += standing(city, i, other) * chances[other]
    if total <= 0.0:
        return
    for other in range(city.gang.size):
        city.owed[i, other] -= standing(city, i, other) * chances[other] / total
    city.owed[i, k] += 1.0


@compiled
def set_mean_chances(city: City) -> None:
    """Set the mean chance of each gang's free members to leave, by which losses are shared next month.

    Only where a row stands for many: there all were asked. A gang without a row has the mean of all. Next month, since
    within a month nothing that is known of the whole city goes from one end to the other.
    """
    if city.city_state[0].row_weight < SINGLE:
        return
    chances = city.scratch.leaving
    number = city.scratch.free_rows
    mean = chances.sum() / max(number.sum(), 1.0)
    for k in range(city.gang.size):
        city.gang[k].leaving = chances[k] / number[k] if number[k] > 0.0 else mean


@compiled
def start_anew(city: City, k: int) -> None:
    """Let gangs stand with their rows alone wherever gang k stood, of which no row is left."""
    for i in range(city.neighbourhood.size):
        if city.owed[i, k] != 0.0:
            for other in range(city.gang.size):
                city.owed[i, other] = 0.0


@compiled
def _lose_row(city: City, i: int, k: int) -> None:
    """Take a row of gang k from the free members of neighbourhood i; what it does not stand for is taken from the others."""
    city.members[i, k] -= 1
    lacking = -(city.members[i, k] + city.owed[i, k])
    if city.neighbourhood[i].weight < SINGLE or lacking <= 0.0:
        return
    total = 0.0
    for other in range(city.gang.size):
        total += standing(city, i, other)
    city.owed[i, k] += lacking
    if total <= 0.0:
        return
    for other in range(city.gang.size):
        if other != k:
            city.owed[i, other] -= min(1.0, lacking / total) * standing(city, i, other)


@compiled
def enlist(city: City, row: int, gang: int, t: int) -> None:
    """Make a youth, free or in prison, a member of a gang."""
    youth = city.youth
    youth.gang[row] = gang
    youth.joined[row] = t
    if youth.status[row] == FREE:
        city.members[youth.home[row], gang] += 1
        _tell_peers(youth, row, 1)
    else:
        city.inmates[youth.home[row], gang] += 1


@compiled
def quit_gang(city: City, row: int) -> None:
    """End a membership, if there is one."""
    youth = city.youth
    gang = youth.gang[row]
    if gang == NO_GANG:
        return
    youth.gang[row] = NO_GANG
    if youth.status[row] == FREE:
        _lose_row(city, youth.home[row], gang)
        _tell_peers(youth, row, -1)
    elif youth.status[row] == PRISON:
        city.inmates[youth.home[row], gang] -= 1


@compiled
def imprison(city: City, row: int, until: int) -> None:
    """Take a free youth to prison until the given month; membership goes along."""
    youth = city.youth
    gang = youth.gang[row]
    youth.status[row] = PRISON
    youth.release[row] = min(until, 32_000)
    youth.school_place[row] = 0
    youth.training[row] = 0
    if gang != NO_GANG:
        _lose_row(city, youth.home[row], gang)
        city.inmates[youth.home[row], gang] += 1
        _tell_peers(youth, row, -1)


@compiled
def set_free(city: City, row: int) -> None:
    """Release a youth from prison, with a record."""
    youth = city.youth
    gang = youth.gang[row]
    youth.status[row] = FREE
    youth.record[row] = 1
    youth.wrongly_held[row] = 0
    if gang != NO_GANG:
        city.inmates[youth.home[row], gang] -= 1
        city.members[youth.home[row], gang] += 1
        _tell_peers(youth, row, 1)


@compiled
def kill(city: City, row: int) -> None:
    """Let a youth die; the row stays empty until its cohort turns thirty."""
    quit_gang(city, row)
    city.youth.status[row] = DEAD
    city.youth.school_place[row] = 0
    city.youth.training[row] = 0
    city.youth.training_effect[row] = 0.0


@compiled
def find(picked: npt.NDArray[np.int64], column: npt.NDArray[np.int8], value: int) -> int:
    """Find the rows at which a column of at most BLOCK rows holds a rare value, asking several at once whether any does.

    Parameters
    ----------
    picked : int64 [block]
        Receives the positions in the column.
    column : int8 [row]
    value : int

    Returns
    -------
    int
        How many were found.
    """
    found = 0
    for start in range(0, column.size, FEW):
        few = column[start : min(start + FEW, column.size)]
        some = 0
        for j in range(few.size):
            some += 1 if few[j] == value else 0
        if some > 0:
            for j in range(few.size):
                if few[j] == value:
                    picked[found] = start + j
                    found += 1
    return found


@compiled
def forget_listed(city: City) -> None:
    """Let members be listed anew where they are next asked for."""
    for i in range(city.neighbourhood.size):
        city.scratch.listed[i] = NOT_LISTED


@compiled
def list_members(city: City, i: int) -> int:
    """List the rows of neighbourhood i that are in any gang, free or not, unless they are listed, and return how many.

    `scratch.members` receives them in order, from the neighbourhood's first row on. Who leaves after that is still listed.
    """
    scratch = city.scratch
    if scratch.listed[i] == NOT_LISTED:
        neighbourhood = city.neighbourhood[i]
        gang = city.youth.gang[neighbourhood.first : neighbourhood.last]
        rows = scratch.members[neighbourhood.first : neighbourhood.last]
        number = 0
        # Written whether it counts or not, so that the loop has no branch.
        for j in range(gang.size):
            rows[number] = neighbourhood.first + j
            number += 1 if gang[j] != NO_GANG else 0
        scratch.listed[i] = number
    return int(scratch.listed[i])
