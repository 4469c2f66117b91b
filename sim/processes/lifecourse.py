"""Ages, newcomers and removals: who is in the youth table.

Ages run from ten to twenty-nine. A row's month of birth modulo 240 is fixed for good, so a row ages without being
touched, and in the month its youth turns thirty it becomes the next ten-year-old, the same in every arm: identity is
(row, month). The dead stay dead until that month. Once a year each free youth may move away and a stranger of the same
age move in, at the neighbourhood's yearly turnover; arrivals by the flow of people are less connected (rows E04, E21).

    risk z   = (person + family + friends + school) / 2      four levels, standard normal within +-2.5 (row E31)
    isolated = u^(1 + 2 efficacy), or u for one who moved in                                           (row E21)
    exposed at home with probability h0 * (.5 + deprivation) * domestic violence now                   (row E17)
    proneness = exp(.5 z), times .15 for girls and women
Draws: PERSON_*, MOVE.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.draws import (
    MOVE,
    PERSON_FAMILY,
    PERSON_FRIENDS,
    PERSON_HOME,
    PERSON_ISOLATION,
    PERSON_RISK,
    PERSON_SCHOOL,
    PERSON_SEX,
    normal,
    uniform,
)
from sim.processes.membership import quit_gang, set_free
from sim.state import DEAD, FREE, PRISON, SCHOOL, SPAN, YOUNGEST

__all__ = ["age_in_years", "arrive_as_newcomer", "pass_on", "risk"]


@compiled
def age_in_years(phase, t):  # type: ignore[no-untyped-def]
    """Return the age, in years, in month t of a youth whose month of birth is `phase` modulo 240."""
    # One remainder for the month instead of one a youth: the division leaves the loop.
    months = t % SPAN - phase
    if months < 0:
        months += SPAN
    return (YOUNGEST + months) / 12.0


@compiled
def risk(youth, row):  # type: ignore[no-untyped-def]
    """Return a youth's risk over the four levels, in standard deviations."""
    return 0.5 * (
        float(youth.person[row]) + float(youth.family[row]) + float(youth.friends[row]) + float(youth.school[row])
    )


@compiled
def arrive_as_newcomer(city, rates, seed, t, row, moved):  # type: ignore[no-untyped-def]
    """Fill a row with a new person: a child turning ten, or one who moved in."""
    rate = rates.lifecourse[0]
    youth = city.youth
    place = city.place[youth.home[row]]
    female = 1 if uniform(seed, PERSON_SEX, t, row) < 0.5 else 0
    youth.female[row] = female
    youth.person[row] = normal(uniform(seed, PERSON_RISK, t, row))
    youth.family[row] = normal(uniform(seed, PERSON_FAMILY, t, row))
    youth.friends[row] = normal(uniform(seed, PERSON_FRIENDS, t, row))
    youth.school[row] = normal(uniform(seed, PERSON_SCHOOL, t, row))
    connected = 0.0 if moved else 2.0 * place.collective_efficacy
    youth.isolation[row] = uniform(seed, PERSON_ISOLATION, t, row) ** (1.0 + connected)
    at_home = rate.exposed_at_home * (0.5 + place.deprivation) * place.domestic
    youth.exposed_at_home[row] = 1 if uniform(seed, PERSON_HOME, t, row) < at_home else 0
    youth.proneness[row] = math.exp(0.5 * risk(youth, row)) * (rate.female_proneness if female == 1 else 1.0)
    youth.record[row] = 0
    youth.recruited_as_child[row] = 0
    youth.school_place[row] = 0
    youth.training[row] = 0
    youth.training_effect[row] = 0.0
    if not moved:
        youth.activity[row] = SCHOOL


@compiled
def pass_on(city, rates, seed, t):  # type: ignore[no-untyped-def]
    """Let those who turn thirty leave, their rows pass to newcomers, and some families move."""
    youth = city.youth
    phase = t % SPAN
    for row in range(youth.phase.size):
        if youth.phase[row] == phase:
            quit_gang(city, row)
            if youth.status[row] == PRISON:
                set_free(city, row)
            youth.status[row] = FREE
            arrive_as_newcomer(city, rates, seed, t, row, False)
    # Each row is asked once a year, in its own month: a twelfth of the table a month.
    start = (12 - t % 12) % 12
    for i in range(city.place.size):
        place = city.place[i]
        arrivals = city.flows.supply[i, 0] / max(city.flows.hub[i, 0], 1e-9)
        moving = min(0.5, place.in_migration * (1.0 + rates.lifecourse[0].arrivals * (arrivals - 1.0)))
        row = place.first + (start - place.first) % 12
        while row < place.last:
            if uniform(seed, MOVE, t, row) < moving and youth.status[row] == FREE and youth.phase[row] != phase:
                quit_gang(city, row)
                arrive_as_newcomer(city, rates, seed, t, row, True)
            row += 12


@compiled
def count_alive(city):  # type: ignore[no-untyped-def]
    """Return the number of rows whose youth is alive."""
    alive = 0
    for row in range(city.youth.status.size):
        if city.youth.status[row] != DEAD:
            alive += 1
    return alive
