"""Ages, newcomers and removals: who is in the youth table.

Ages run from ten to twenty-nine. A row's month of birth modulo 240 is fixed for good, so a row ages without being
touched, and in the month its youth turns thirty it becomes the next ten-year-old, the same in every arm: identity is
(row, month). The dead stay dead until that month. Once a year each free youth may move away and a stranger of the same
age move in, at the neighbourhood's yearly turnover; who moved in is less connected, unless newcomers are included (rows
E04, E21). A member's tie mostly survives the move: the member keeps it within the city, and another with such a tie takes
the place of who left, so that turnover does not drain gangs. What turnover does to cohesion is in `community`.

    risk z   = (person + family + friends + school) / 2      four levels, standard normal within +-2.5 (rows E01, E31),
               family more by b (family disruption here - ordinary); what each level does is in `risks`
    isolated = u^(1 + 2 efficacy), efficacy times inclusion for one who moved in                       (row E21)
    exposed at home with probability h0 (.5 + deprivation) domestic violence now exp(g family - g^2/2) (row E17)
    proneness = exp(.5 person), times .15 for girls and women
    turnover = in-migration (1 + b (arrivals - 1)) + driven out;  of members times 1 - ties kept
    treated children (care in early childhood, five years before they turn ten): person and school less `early`, family half
    clearance and group lines drive families away: `eviction`, `divided`                          (rows E33, P-R9, P-S8)
Draws: PERSON_*, MOVE.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.distributions import normal
from sim.draws import MOVE, PERSON_LIFE, PERSON_RISK, four
from sim.enumerations import PEOPLE
from sim.parameters import Parameters
from sim.processes.drawing import MOVING, is_drawn, set_paces
from sim.processes.membership import quit_gang, set_free, share_loss
from sim.processes.risks import FARTHEST
from sim.state import CHILDHOOD, FREE, NO_GANG, NO_USE, PRISON, SCHOOL, SPAN, YOUNGEST, City

__all__ = ["age_in_years", "arrive_as_newcomer", "first_of", "most_prone", "risk", "update"]


@compiled
def age_in_years(phase: int, t: int) -> float:
    """Return the age, in years, in month t of a youth whose month of birth is `phase` modulo 240."""
    # One remainder for the month instead of one a youth: the division leaves the loop.
    months = t % SPAN - phase
    if months < 0:
        months += SPAN
    return (YOUNGEST + months) / 12.0


@compiled
def risk(person: float, family: float, friends: float, school: float) -> float:
    """Return a youth's risk over the four levels, in standard deviations.

    Levels are added in single precision, as the table of youths holds them: so the compiled sum is the interpreted one.
    """
    total = np.float32(person) + np.float32(family) + np.float32(friends) + np.float32(school)
    return 0.5 * float(total)


@compiled
def most_prone(params: Parameters) -> float:
    """Return the proneness that no youth exceeds: the risk of a person is at most `FARTHEST`."""
    return math.exp(FARTHEST * params.demography[0].risk_on_proneness)


@compiled
def arrive_as_newcomer(city: City, params: Parameters, seed: np.uint64, t: int, row: int, moved: bool) -> None:
    """Fill a row with a new person: a child turning ten, or one who moved in."""
    param = params.demography[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[youth.home[row]]
    u = four(seed, PERSON_RISK, t, row)
    person = normal(u[0])
    family = normal(u[1])
    if neighbourhood.family_shift != 0.0:
        family = min(max(family + neighbourhood.family_shift, -FARTHEST), FARTHEST)
    friends = normal(u[2])
    school = normal(u[3])
    u = four(seed, PERSON_LIFE, t, row)
    if not moved and u[3] < neighbourhood.treated:
        person = max(-FARTHEST, person - param.early_childhood_on_risk)
        family = max(-FARTHEST, family - param.early_childhood_family_ratio * param.early_childhood_on_risk)
        school = max(-FARTHEST, school - param.early_childhood_on_risk)
    youth.person[row] = person
    youth.family[row] = family
    youth.friends[row] = friends
    youth.school[row] = school
    female = u[0] < 0.5
    youth.female[row] = female
    connected = param.efficacy_on_isolation * neighbourhood.collective_efficacy
    if moved:
        connected *= neighbourhood.open_door
    youth.isolation[row] = u[1] ** (1.0 + connected)
    youth.exposed_at_home[row] = u[2] < param.share_exposed_at_home * (
        param.exposure_without_deprivation + neighbourhood.deprivation
    ) * neighbourhood.domestic * math.exp(param.family_on_exposure * (family - 0.5 * param.family_on_exposure))
    youth.proneness[row] = math.exp(param.risk_on_proneness * person) * (param.female_proneness_ratio if female else 1.0)
    youth.record[row] = 0
    youth.killings_done[row] = 0
    youth.arrests[row] = 0
    youth.recruited_as_child[row] = 0
    youth.school_place[row] = 0
    youth.training[row] = 0
    youth.training_effect[row] = 0.0
    if not moved:
        youth.uses[row] = NO_USE
        youth.used_early[row] = 0
        youth.activity[row] = SCHOOL


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let those who turn thirty leave, their rows pass to newcomers, and some families move."""
    set_paces(city)
    youth = city.youth
    phase = t % SPAN
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        # A ring of five years: what is read was written when this month's ten-year-olds were five.
        slot = t % CHILDHOOD
        neighbourhood.treated = params.demography[0].early_childhood_coverage * city.childhood[i, slot]
        city.childhood[i, slot] = city.levers[i].early_childhood_support
        number = neighbourhood.last - neighbourhood.first
        # Rows stand in the order of their month of birth, so those who turn thirty now are one stretch of them.
        for row in range(neighbourhood.first + first_of(phase, number), neighbourhood.first + first_of(phase + 1, number)):
            quit_gang(city, row)
            if youth.status[row] == PRISON:
                set_free(city, row)
            youth.status[row] = FREE
            arrive_as_newcomer(city, params, seed, t, row, False)
    # Four rows share a call of the generator, and are asked together once a year, in a month of their own.
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        arrivals = city.flows.supply[i, PEOPLE] / max(city.flows.hub[i, PEOPLE], 1e-9)
        driven = (
            params.demography[0].clearance_displacement * city.levers[i].slum_clearance
            + params.demography[0].division_displacement * neighbourhood.divided
        )
        neighbourhood.evicted = driven * neighbourhood.population
        moving = min(
            0.5, neighbourhood.in_migration * (1.0 + params.demography[0].inflow_on_turnover * (arrivals - 1.0)) + driven
        )
        neighbourhood.turnover = moving
        of_members = moving * (1.0 - params.demography[0].member_ties_kept)
        for group in range(
            neighbourhood.first // 4 + (t - neighbourhood.first // 4) % 12, (neighbourhood.last - 1) // 4 + 1, 12
        ):
            u = four(seed, MOVE, t, group)
            for lane in range(4):
                row = 4 * group + lane
                if row < neighbourhood.first or row >= neighbourhood.last:
                    continue
                if youth.gang[row] == NO_GANG and u[lane] >= moving:
                    continue
                if youth.status[row] != FREE or youth.phase[row] == phase:
                    continue
                if youth.gang[row] == NO_GANG or is_drawn(city, i, MOVING, neighbourhood.weight, u[lane], of_members):
                    if youth.gang[row] != NO_GANG:
                        city.scratch.chances[:] = 1.0
                        share_loss(city, i, youth.gang[row], city.scratch.chances)
                    quit_gang(city, row)
                    arrive_as_newcomer(city, params, seed, t, row, True)


@compiled
def first_of(phase: int, number: int) -> int:
    """Return the first of `number` rows whose month of birth is `phase`: births are spread evenly over the span."""
    return (phase * number + SPAN - 1) // SPAN
