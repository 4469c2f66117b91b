"""War between gangs and police: officers are killed and police kill in answer, and gangs answer those.

    officers_i    = a sum_k members_ki weapons_k max(0, grievance_k - max(truce, pact_k)) + G_i   officers killed
    by police_i   = what police kill in an ordinary month (`homicide`) + P_i
    G_i(t+1)      = G_i(t) e^(-1/tau) + n_g (1 - e^(-1/tau)) killed by police in i          gangs answer
    P_i(t+1)      = P_i(t) e^(-1/tau) + n_p (1 - e^(-1/tau)) officers killed in i           police answer
    n_g           = g sum_k control_ki max(0, drive_k - 1)
    n_p           = p abuse / abuse0, and where n_g n_p is large, L (1 - exp(-n_g n_p / L)) / n_g with L = n_max^2
Drive is a gang's cohesion, weapons and grievance let out against the ordinary gang, as in `rivalry`: the ordinary gang keeps
out of the way of the police. The matrix of answers has [0, n_g; n_p, 0] beside the parts of gangs and of streets, so that
its radius sqrt(n_g n_p) stays below n_max <= .9 whatever the two are. Gangs let loose by a broken truce or pact attack the
state as well as one another; raids and soldiers, who kill more, may bring war where gangs are cohesive and armed.
    rows E12, E24.  sizes are judgement

Where an officer is killed in one future of a hundred, that one is all that some futures show of killings by police. Outcomes
therefore record both on average over luck: G_i and P_i are carried on a second time, from killings *expected* on average in
place of those that happened. Their means over futures are those of G_i and P_i, for both answers are in proportion to the
killings, and n_g and n_p are known before anyone is drawn and hardly follow who was.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.homicide.rivalry import drive, unrestrained
from sim.processes.membership import standing
from sim.state import City

__all__ = ["answers_of_gangs", "answers_of_police", "remember_war", "set_war_killings"]


@compiled
def set_war_killings(city: City, params: Parameters, i: int) -> None:
    """Set the officers expected to be killed in neighbourhood i, and add what police answer to their other killings."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    attacks = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        attacks += standing(city, i, k) * neighbourhood.weight * gang.weapons * unrestrained(city, i, k)
    neighbourhood.deaths_officers = param.attacks_on_officers_rate * attacks
    neighbourhood.deaths_officers_on_average = neighbourhood.deaths_officers + neighbourhood.answers_to_police_on_average
    neighbourhood.deaths_officers += neighbourhood.answers_to_police
    neighbourhood.deaths_police_on_average = neighbourhood.deaths_police + neighbourhood.answers_by_police_on_average
    neighbourhood.deaths_police += neighbourhood.answers_by_police


@compiled
def answers_of_gangs(city: City, params: Parameters, i: int) -> float:
    """Return how many officers are killed in answer to one killing by police in neighbourhood i."""
    held = 0.0
    for k in range(city.gang.size):
        held += city.control[i, k] * max(0.0, drive(city, params, i, k) - 1.0)
    ratio: float = params.homicide[0].officers_in_answer * held
    return ratio


@compiled
def answers_of_police(city: City, params: Parameters, i: int) -> float:
    """Return how many are killed by police in answer to one officer killed in neighbourhood i, within the bound of both."""
    param = params.homicide[0]
    ratio: float = param.police_killings_in_answer * city.police[i].abuse / city.police[i].abuse_anchor
    both = ratio * answers_of_gangs(city, params, i)
    if both > 0.0:
        bound = param.retaliation_limit * param.retaliation_limit
        ratio *= bound * (1.0 - math.exp(-both / bound)) / both
    return ratio


@compiled
def remember_war(city: City, params: Parameters, i: int) -> None:
    """Let what gangs and police have yet to answer in neighbourhood i fade, and this month's dead in."""
    neighbourhood = city.neighbourhood[i]
    fade = math.exp(-1.0 / params.homicide[0].retaliation_months)
    gangs = answers_of_gangs(city, params, i)
    police = answers_of_police(city, params, i)
    neighbourhood.answers_to_police = _faded(neighbourhood.answers_to_police, fade, gangs * neighbourhood.killed_by_police)
    neighbourhood.answers_by_police = _faded(neighbourhood.answers_by_police, fade, police * neighbourhood.officers_killed)
    neighbourhood.answers_to_police_on_average = _faded(
        neighbourhood.answers_to_police_on_average, fade, gangs * neighbourhood.deaths_police_on_average
    )
    neighbourhood.answers_by_police_on_average = _faded(
        neighbourhood.answers_by_police_on_average, fade, police * neighbourhood.deaths_officers_on_average
    )


@compiled
def _faded(before: float, fade: float, answers: float) -> float:
    """Return what is yet to be answered, after a month in which so many answers came due in the end."""
    return fade * before + (1.0 - fade) * answers
