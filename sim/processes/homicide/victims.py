"""How many are killed this month, where, and of which age: people are counted, whatever a row of the table stands for.

    N_c       the Poisson count of cell c at its expected killings, by the inverse of the distribution at one keyed number
    cells     rivalry and discipline by the victim's gang; every other cause for the city as a whole
    place     each of the N_c falls in a neighbourhood with probability killed_ic / sum over i of killed_ic
    age       there it is a youth with the cause's share, and under 18 by the share of those in the hazards of youths there
    killer    of a gang killing in proportion to its part in the attacks on the victim's gang
A sum of Poisson counts is one, and the same counts follow as if each person had drawn: variance over mean is one at every
scale. Few cells, so that arms share nearly all numbers; never by place alone. What the dead leave behind (answers of gangs
and of streets, every count that is recorded) follows from N alone. Which rows leave the table: see `removal`.
    rows E23, E30.  draws KILLED_RIVALRY, KILLED_DISCIPLINE, KILLED_IN_CITY, VICTIM_PLACE, KILLER
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.distributions import count
from sim.draws import (
    KILLED_DISCIPLINE,
    KILLED_IN_CITY,
    KILLED_RIVALRY,
    KILLER,
    VICTIM_PLACE,
    uniform,
)
from sim.parameters import Parameters
from sim.processes.homicide.hazards import share_of_child_members
from sim.processes.homicide.living import adults, victims_left
from sim.processes.homicide.rivalry import discipline_hazard, expected_by_rivals
from sim.processes.membership import standing
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = [
    "BYSTANDER",
    "CITY_CAUSES",
    "COMMUNAL",
    "DISPUTE",
    "DOMESTIC",
    "MARKET",
    "NOBODY",
    "OFFICER",
    "POLICE",
    "VIGILANTE",
    "count_city_killings",
    "count_gang_killings",
    "expected_of",
    "place_at",
    "street_youths",
    "youth_share",
]

# Causes of death that are counted for the city as a whole; a number is part of the keys of its draws.
DISPUTE = 0
BYSTANDER = 1
POLICE = 2
DOMESTIC = 3
MARKET = 4
VIGILANTE = 5
COMMUNAL = 6
OFFICER = 7
CITY_CAUSES = 8

# Where a row or a neighbourhood was looked for and there is none.
NOBODY = -1

# A share of children that nothing has asked for yet.
NOT_ASKED = -1.0


@compiled
def expected_of(neighbourhood: views.Neighbourhood, cause: int) -> float:
    """Return the killings expected of a cause in a neighbourhood this month."""
    expected: float = neighbourhood.deaths_dispute
    if cause == BYSTANDER:
        expected = neighbourhood.deaths_bystander
    elif cause == POLICE:
        expected = neighbourhood.deaths_police
    elif cause == DOMESTIC:
        expected = neighbourhood.deaths_domestic
    elif cause == MARKET:
        expected = neighbourhood.deaths_market
    elif cause == VIGILANTE:
        expected = neighbourhood.deaths_vigilante
    elif cause == COMMUNAL:
        expected = neighbourhood.deaths_communal
    elif cause == OFFICER:
        expected = neighbourhood.deaths_officers
    return expected


@compiled
def youth_share(params: Parameters, neighbourhood: views.Neighbourhood, cause: int) -> float:
    """Return the share of those killed by a cause here who are aged ten to twenty-nine and drawn from the youth table."""
    param = params.homicide[0]
    if cause == DISPUTE:
        _, youths = victims_left(params, neighbourhood)
        return youths
    share: float = param.youth_share_disputes
    if cause == BYSTANDER:
        share = param.youth_share_bystanders
    elif cause == POLICE:
        share = param.youth_share_police
    elif cause in (DOMESTIC, MARKET, OFFICER):
        share = 0.0
    return share


@compiled
def street_youths(city: City, params: Parameters, i: int) -> float:
    """Return the youths expected to be killed in neighbourhood i this month by all but gangs."""
    youths = 0.0
    for cause in range(CITY_CAUSES):
        youths += youth_share(params, city.neighbourhood[i], cause) * expected_of(city.neighbourhood[i], cause)
    return youths


@compiled
def count_gang_killings(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Count the members killed by rivals and by their own gang, and what those killed by rivals will provoke.

    `city.killings` comes with the answers expected of each pair of gangs, and leaves with those that the counts draw.
    """
    param = params.homicide[0]
    ordinary = city.city_state[0].rivalry_reference
    by_place = city.scratch.by_place
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.expected_dead <= 0.0:
            continue
        city.scratch.children[:] = NOT_ASKED
        # Nobody is counted dead who is dead already, though the row may still stand.
        left = max(0, math.floor(_members(city, k) - max(0.0, gang.death_balance)))
        total = 0.0
        for i in range(city.neighbourhood.size):
            total += expected_by_rivals(city, param, i, k)
            by_place[i] = total
        number = min(left, count(uniform(seed, KILLED_RIVALRY, t, k), total))
        _answer(city, seed, t, k, int(number), total)
        fell = _place_members(city, params, seed, t, k, int(number), total)
        city.city_state[0].killed_by_rivals += fell
        own = discipline_hazard(param, gang, ordinary)
        total = 0.0
        for i in range(city.neighbourhood.size):
            total += standing(city, i, k) * city.neighbourhood[i].weight * own
            by_place[i] = total
        number = min(left - number, count(uniform(seed, KILLED_DISCIPLINE, t, k), total))
        by_own = _place_members(city, params, seed, t, city.gang.size + k, int(number), total)
        gang.killer_balance += by_own
        gang.death_balance += fell + by_own


@compiled
def count_city_killings(city: City, params: Parameters, seed: np.uint64, t: int, cause: int) -> float:
    """Count those killed by a cause that belongs to no gang, and return how many of them are youths."""
    by_place = city.scratch.by_place
    total = 0.0
    for i in range(city.neighbourhood.size):
        total += expected_of(city.neighbourhood[i], cause)
        by_place[i] = total
    if total <= 0.0:
        return 0.0
    number = int(count(uniform(seed, KILLED_IN_CITY, t, cause), total))
    youths = 0.0
    for n in range(number):
        mark = uniform(seed, VICTIM_PLACE, t, n, 2 * city.gang.size + cause) * total
        i = place_at(city, mark)
        before = by_place[i - 1] if i > 0 else 0.0
        within = (mark - before) / (by_place[i] - before)
        neighbourhood = city.neighbourhood[i]
        share = youth_share(params, neighbourhood, cause)
        if within >= share:
            if neighbourhood.killed - neighbourhood.killed_youths + 1.0 > adults(neighbourhood):
                continue
            neighbourhood.killed += 1.0
        else:
            if not _youth_lives(city, i):
                continue
            _count_youth(city, i, within < share * neighbourhood.children_at_risk)
            youths += 1.0
        if cause == DISPUTE:
            neighbourhood.disputes_lost += 1.0
        elif cause == BYSTANDER:
            city.city_state[0].bystanders_killed += 1.0
        elif cause == POLICE:
            neighbourhood.killed_by_police += 1.0
        elif cause == OFFICER:
            neighbourhood.officers_killed += 1.0
    return youths


@compiled
def _members(city: City, k: int) -> float:
    """Return the free members of a gang, residents, as they stand now."""
    members = 0.0
    for i in range(city.neighbourhood.size):
        members += standing(city, i, k) * city.neighbourhood[i].weight
    return members


@compiled
def place_at(city: City, mark: float) -> int:
    """Return the neighbourhood in which a mark falls on the cumulated expectations in `scratch.by_place`."""
    by_place = city.scratch.by_place
    i = 0
    while i < city.neighbourhood.size - 1 and mark >= by_place[i]:
        i += 1
    # By rounding a mark may fall behind the last place where anything was expected.
    while i > 0 and by_place[i] == by_place[i - 1]:
        i -= 1
    return i


@compiled
def _youth_lives(city: City, i: int) -> bool:
    """Return whether a free youth is left in neighbourhood i, and in the city, who is not counted dead already."""
    neighbourhood = city.neighbourhood[i]
    return neighbourhood.killed_youths + 1.0 <= neighbourhood.free and city.city_state[0].youths_left >= 1.0


@compiled
def _count_youth(city: City, i: int, child: bool) -> None:
    neighbourhood = city.neighbourhood[i]
    neighbourhood.killed += 1.0
    neighbourhood.killed_youths += 1.0
    neighbourhood.killed_children += 1.0 if child else 0.0
    city.city_state[0].youths_left -= 1.0


@compiled
def _place_members(city: City, params: Parameters, seed: np.uint64, t: int, cell: int, number: int, total: float) -> float:
    """Place so many killed members of a cell by `scratch.by_place`, and return how many there were to be killed."""
    by_place = city.scratch.by_place
    k = cell % city.gang.size
    fell = 0.0
    for n in range(number):
        mark = uniform(seed, VICTIM_PLACE, t, n, cell) * total
        i = place_at(city, mark)
        if not _youth_lives(city, i):
            continue
        before = by_place[i - 1] if i > 0 else 0.0
        within = (mark - before) / (by_place[i] - before)
        if city.scratch.children[i] == NOT_ASKED:
            city.scratch.children[i] = share_of_child_members(city, params, t, i, k)
        _count_youth(city, i, within < city.scratch.children[i])
        fell += 1.0
    return fell


@compiled
def _answer(city: City, seed: np.uint64, t: int, k: int, number: int, total: float) -> None:
    """Turn the answers expected of the killings of gang k into those that `number` killings by rivals draw.

    The victim's gang answers the killer's: memory is [who answers, who will be answered]. Each killing draws the mean of
    the answers that killings of this gang draw this month, over the places where its members are attacked.
    """
    expected = city.scratch.killers
    answered = 0.0
    for other in range(city.gang.size):
        answered += city.killings[k, other]
        expected[other] = answered
        city.killings[k, other] = 0.0
    if answered <= 0.0:
        return
    for n in range(number):
        mark = uniform(seed, KILLER, t, n, k) * answered
        other = 0
        while other < city.gang.size - 1 and mark >= expected[other]:
            other += 1
        while other > 0 and expected[other] == expected[other - 1]:
            other -= 1
        city.killings[k, other] += answered / total
