"""Who holds a neighbourhood: a contest of the gangs there with the state in it, and what those who hold it do.

    S_ki = (n_ki + home n_ki/(n_ki + half)) (.5 + arms_k) (.8 + .4 cohesion_k) (1 - .4 succession_k)    a gang's strength
           n_ki = A_ki + reach * near_ki, its free members in reach
    S_0i = s0 pop/1000 (1 - loss deprivation) (.4 + 1.2 state legitimacy) (1 + .15 patrol) (1 + .8 defficacy)
           (1 + .35 dintegrity) (1 - .35 pact) (1 + b dservices) + soldiers left            the state's
    c_ki += speed * (S_ki^m / (sum_l S_li^m + S_0i^m) - c_ki)          Tullock (1980) contest with the state in it
    cover_i     = n_i / (n_i + half), n_i the free members there; nobody rules a place with nobody there
    domination_i = first^2 / all control * cover_i
    given_i    = sum_k c_ki cover_i (style_k (1 - services_i) + supplied_i)      what armed groups serve where the state does
                 not (E10), and the services that they supply as the file has it (E42)
A_ki are free members in residents. Home counts at most 3 residents per 1000, once it has become home (two years, row
E08), and as far as the gang's members cover it. Soldiers count a head, as members fully armed and knit, beside the state's,
less where people have become used to them (`wear`).
    rows    E08, E09 (pact), E10, E42
    levers  military_deployment, hot_spot_patrol
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.steady_state import track
from sim.processes.wear import left_of_threat
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["contest", "cover"]


@compiled
def cover(param: views.GangsParameters, members: float, thousand: float) -> float:
    """Return how far so many free members can run a place of so many thousand residents: 0 with none, 1 with very many."""
    if members <= 0.0 or thousand <= 0.0:
        return 0.0
    return members / (members + param.cover_half_members * thousand)


@compiled
def _soldier(param: views.GangsParameters) -> float:
    """Return the strength of a soldier: that of a gang member with every weapon, in a group fully knit."""
    return (param.strength_unarmed + 1.0) * (param.strength_without_cohesion + param.cohesion_on_strength)


@compiled
def contest(city: City, params: Parameters, t: int, i: int) -> None:
    """Move the shares of control in neighbourhood i, and say who dominates it; nobody holds what nobody lives in."""
    param = params.gangs[0]
    neighbourhood = city.neighbourhood[i]
    city_state = city.city_state[0]
    strength = city.scratch.parts
    thousand = neighbourhood.population / 1000.0
    pact = 0.0
    total = 0.0
    present = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        strength[k] = 0.0
        if gang.alive == 0:
            continue
        people = city.residents[i, k] + param.adjacent_member_weight * city.near[i, k]
        present += city.presence[i, k]
        if city.homes[i, k] == 1:
            # A place becomes home by being lived in: who is new has joined before it holds anything (row E08).
            known = 1.0 - math.exp(-(t - gang.founded) / param.home_turf_months)
            people += param.home_turf_strength * thousand * known * cover(param, people, thousand)
        led = 1.0 - param.leader_loss_on_strength * gang.succession
        body = (
            people
            * (param.strength_unarmed + gang.weapons)
            * (param.strength_without_cohesion + param.cohesion_on_strength * gang.cohesion)
            * led
        )
        strength[k] = body**param.contest_exponent
        total += strength[k]
        pact = max(pact, city.control[i, k] * gang.pact)
    # Those who stay after they were ordered out hold no turf.
    sent = max(0.0, city.levers[i].military_deployment - neighbourhood.lingering)
    sent *= left_of_threat(params, neighbourhood.used_to_soldiers)
    state = (
        param.state_strength
        * thousand
        * max(0.02, 1.0 - param.deprivation_on_state_strength * neighbourhood.deprivation)
        * (param.state_strength_without_legitimacy + param.legitimacy_on_state_strength * neighbourhood.state_legitimacy)
        * (1.0 + param.patrol_on_state_strength * city.police[i].patrol)
        * max(
            0.2, 1.0 + param.efficacy_on_state_strength * (neighbourhood.collective_efficacy - neighbourhood.efficacy_anchor)
        )
        * max(0.2, 1.0 + param.integrity_on_state_strength * (city_state.integrity - city_state.integrity_anchor))
        * (1.0 - param.pact_on_state_strength * pact)
        * max(0.2, 1.0 + param.services_on_state_strength * (neighbourhood.services_now - neighbourhood.services))
        + param.soldiers_on_state_strength * thousand * sent * _soldier(param)
    ) ** param.contest_exponent
    held = 0.0
    first = 0.0
    second = 0.0
    served = 0.0
    for k in range(city.gang.size):
        share = 0.0
        if total + state > 0.0:
            share = city.control[i, k] + param.control_speed * (strength[k] / (total + state) - city.control[i, k])
        if share < 1e-4 or neighbourhood.population == 0.0:
            share = 0.0
        city.control[i, k] = share
        held += share
        served += share * city.gang[k].style
        if share > first:
            second = first
            first = share
        elif share > second:
            second = share
    neighbourhood.controlled = held
    neighbourhood.gang_cover = cover(param, present, thousand)
    neighbourhood.gang_services = served * neighbourhood.gang_cover * (1.0 - neighbourhood.services_now)
    neighbourhood.gang_services += held * neighbourhood.gang_cover * neighbourhood.served_by_armed_groups
    neighbourhood.gang_services_reference = track(
        neighbourhood.gang_services_reference, neighbourhood.gang_services, city_state.anchoring
    )
    neighbourhood.domination = first * first / held * neighbourhood.gang_cover if held > 0.0 else 0.0
    neighbourhood.settled = first - second
    neighbourhood.settled_reference = track(neighbourhood.settled_reference, neighbourhood.settled, city_state.anchoring)
