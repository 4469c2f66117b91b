"""War between gangs and police: officers are killed and police kill in answer, and gangs answer those.

    officers_i    = a sum_k members_ki weapons_k grievance_k (1 - truce) (1 - pact_k) + G_i             officers killed
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

One officer killed by luck, which in a quiet city is rare, would be all that a comparison of some futures shows of killings by
police. Outcomes therefore record what police kill on average over that luck: P_i with the officers *expected* to be killed
in place of those who were. Its mean over futures is that of P_i, for n_p is known before officers are drawn.
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.homicide.rivalry import drive, unrestrained
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
        attacks += city.members[i, k] * neighbourhood.weight * gang.weapons * unrestrained(city, i, k)
    neighbourhood.deaths_officers = param.attacks_on_officers_rate * attacks + neighbourhood.answers_to_police
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
    gangs = answers_of_gangs(city, params, i) * neighbourhood.killed_by_police
    ratio = answers_of_police(city, params, i)
    police = ratio * neighbourhood.officers_killed
    average = ratio * neighbourhood.deaths_officers
    neighbourhood.answers_to_police = fade * neighbourhood.answers_to_police + (1.0 - fade) * gangs
    neighbourhood.answers_by_police = fade * neighbourhood.answers_by_police + (1.0 - fade) * police
    neighbourhood.answers_by_police_on_average = fade * neighbourhood.answers_by_police_on_average + (1.0 - fade) * average
