"""What a youth carries at four levels (person, family, friends, school), and how each of them leads to a gang.

    person    b_p person, at every age; and proneness = exp(b person) in the street (`demography`)
    family    b_f family w(age), w = 1 before 14, then exp(-(age - 14) / fade); a troubled family counts less where mothers'
              groups meet; exposure to violence at home is likelier in it (`demography`), and its pull is times exp(g family)
    friends   the pull of peers in gangs, times follows = exp(s friends - s^2 / 2); none without peers in gangs
              peers = n exp(a mean personal risk of those peers)
    school    what a youth misses of school, before 18: all of it where it is out of school and work, else
              truancy = logistic(logit(t0) + c school - q (school quality - ordinary)), less t0;
              times what idleness and a missed school do; dropping out is in `labour`
    index     (person + family + friends + school) / 2, what teachers and agencies see: who is named early or trained
Each level has its own way, so exchanging two columns changes who joins, and a measure moves one level: care in early
childhood person, family and school; mothers' groups family; a place after school the company of friends; schools school.
Levels are standard normal within +-2.5, drawn once for a person; what they do changes with age, peers and schools.
    rows    E31, P-S1, P-S2, P-S8
    sources gang.joining_risk_levels
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.steady_state import logistic, logit
from sim.state import FREE, NEITHER, NO_GANG, PEERS_EACH, SCHOOL, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = [
    "at_home",
    "follows",
    "lasting",
    "missed",
    "most_at_home",
    "most_follows",
    "most_own",
    "most_peers",
    "own",
    "peers",
]

# Years to which the family's part, and the school's, are complete.
OF_FAMILY = 14.0
OF_SCHOOL = 18.0
# No level is further from its mean.
FARTHEST = 2.5


@compiled
def lasting(param: views.RecruitmentParameters, age: float) -> float:
    """Return what is left at an age of the part that the family has in joining."""
    if age < OF_FAMILY:
        return 1.0
    return math.exp(-(age - OF_FAMILY) / param.family_fade_years)


@compiled
def missed(city: City, param: views.RecruitmentParameters, row: int, age: float) -> float:
    """Return the share of school that a youth of school age misses, against an ordinary pupil's; 0 for others."""
    youth = city.youth
    activity = youth.activity[row]
    if age >= OF_SCHOOL or (activity != SCHOOL and activity != NEITHER):
        return 0.0
    if activity == NEITHER:
        return 1.0
    stays_away = logistic(
        logit(param.truancy_share)
        + param.school_on_truancy * float(youth.school[row])
        - param.school_quality_on_truancy * city.neighbourhood[youth.home[row]].school_gap
    )
    return stays_away - param.truancy_share


@compiled
def own(city: City, params: Parameters, row: int, age: float, family: float) -> float:
    """Return what a youth's person, family and school add to the log hazard of joining.

    Parameters
    ----------
    city, params, row
        The youth.
    age
        In years.
    family
        Its family's risk, as far as nobody holds the family.
    """
    param = params.recruitment[0]
    added: float = param.risk_on_joining * float(city.youth.person[row])
    added += param.family_on_joining * family * lasting(param, age)
    away = missed(city, param, row, age)
    if away == 1.0:
        return added + param.missed_school_on_joining
    return added + (param.idleness_on_joining + param.missed_school_on_joining) * away


@compiled
def follows(param: views.RecruitmentParameters, friends: float) -> float:
    """Return how far a youth goes along with its company, against the mean of all."""
    steep = param.friends_on_peer_pull
    return math.exp(steep * friends - 0.5 * steep * steep)


@compiled
def peers(city: City, param: views.RecruitmentParameters, row: int) -> float:
    """Return the number of peers in gangs, those at more personal risk counting for more."""
    youth = city.youth
    number = float(youth.gang_peers[row])
    if number == 0.0 or param.peer_risk_on_pull == 0.0:
        return number
    risks = 0.0
    for p in range(PEERS_EACH):
        peer = youth.peers[row, p]
        if youth.gang[peer] != NO_GANG and youth.status[peer] == FREE:
            risks += float(youth.person[peer])
    return number * math.exp(param.peer_risk_on_pull * risks / number)


@compiled
def at_home(param: views.RecruitmentParameters, family: float) -> float:
    """Return how much more violence at home does in a troubled family, as a multiple."""
    return math.exp(param.family_on_home_violence * family)


@compiled
def most_at_home(param: views.RecruitmentParameters) -> float:
    """Return a multiple that `at_home` never exceeds."""
    return math.exp(FARTHEST * param.family_on_home_violence)


@compiled
def most_own(param: views.RecruitmentParameters) -> float:
    """Return what `own` never exceeds."""
    levels: float = FARTHEST * (param.risk_on_joining + param.family_on_joining)
    return levels + param.idleness_on_joining + param.missed_school_on_joining


@compiled
def most_follows(param: views.RecruitmentParameters) -> float:
    """Return what `follows` never exceeds."""
    return follows(param, FARTHEST)


@compiled
def most_peers(param: views.RecruitmentParameters) -> float:
    """Return what `peers` never exceeds."""
    return PEERS_EACH * math.exp(FARTHEST * param.peer_risk_on_pull)
