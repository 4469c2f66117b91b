"""How a gang changes: how knit and how armed it is, whether it preys or governs, who leads it, whom it hates.

    cohesion_k += .05 (anchor + .24 tanh 2(share inside - reference) + type * tanh log(money) + misread + truce - cohesion)
    style_k    += .05 (cohesion + b pact - b tanh(threat) - style)             0 preys, 1 governs
    arms_k     += .05 (clip(.5 + .35 tanh(threat - .5) + .1 tanh log(money) + .18 truce) sqrt(guns) - arms)
    rivalry_kl += .06 (anchor (1 + .5 tanh 4 heat) (1 + .3 truce) - rivalry), heat = memories per 100 members of the pair
    grievance_k is stored while a truce or a pact holds, and let out, over a year, when it ends   (rows C01, C09)
Integrated gangs are knit by money, loose ones fight inside over it, weak ones split over it (rows E12; Staniland's
types). A crowd that is taken for a gang becomes one. A threat is what a member fears against what was ordinary. Leaders
are lost by themselves and where they are hunted.
    rows    E09 (pact), E12, E14 (prison knits)
    levers  misidentification, leader_removal
            draws LEADER_LOST, LEADER_FOUND
    sources enf.kingpin_removal, prison.outside_control; values found by fitting
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import LEADER_FOUND, LEADER_LOST, uniform
from sim.parameters import Parameters
from sim.processes.steady_state import log_ratio, track
from sim.state import INTEGRATED, LOOSE, WEAK, City

__all__ = ["change"]


@compiled
def _threat_at_large(city: City) -> float:
    """Return the killings that members expect in answer to their own gangs' killings, a member and month."""
    feared = 0.0
    members = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 0:
            continue
        members += city.gang[k].members + 1.0
        for other in range(city.gang.size):
            feared += city.memory[other, k]
    return feared / members if members > 0.0 else 0.0


@compiled
def change(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let cohesion, arms, leadership and rivalry of each gang move."""
    param = params.gangs[0]
    city_state = city.city_state[0]
    truce = city_state.truce
    city_state.threat_reference = track(city_state.threat_reference, _threat_at_large(city), city_state.anchoring)
    ordinary = city_state.threat_reference
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0:
            continue
        everyone = gang.members + gang.inmates
        inside = gang.inmates / everyone if everyone > 0.0 else 0.0
        gang.prison_reference = track(gang.prison_reference, inside, city_state.anchoring)
        money = log_ratio(gang.money, gang.money_reference)
        knit = 0.0
        if gang.organisation == INTEGRATED:
            knit = param.cohesion_gain_from_money
        elif gang.organisation == LOOSE:
            knit = -param.cohesion_gain_from_money
        elif gang.organisation == WEAK:
            knit = -param.cohesion_loss_ratio_weak * param.cohesion_gain_from_money
        goal = (
            gang.cohesion_anchor
            + param.cohesion_gain_from_prison * math.tanh(param.prison_cohesion_steepness * (inside - gang.prison_reference))
            + knit * math.tanh(money)
            + param.cohesion_gain_from_misidentification * city.levers[gang.home].misidentification
            + param.cohesion_gain_from_truce * max(truce, gang.pact - gang.pact_anchor)
        )
        gang.cohesion = min(max(gang.cohesion + param.adjustment_speed * (goal - gang.cohesion), 0.02), 1.0)
        against = 0.0
        for other in range(city.gang.size):
            against += city.memory[other, k]
        threat = param.threat_sensitivity * log_ratio(against / (gang.members + 1.0), ordinary)
        goal = gang.cohesion + param.pact_on_governing * gang.pact - param.threat_on_preying * math.tanh(threat)
        gang.style += param.adjustment_speed * (min(max(goal, 0.0), 1.0) - gang.style)
        held = max(truce, gang.pact)
        if held > gang.grievance:
            gang.grievance += param.grievance_speed * (held - gang.grievance)
        else:
            gang.grievance *= math.exp(-1.0 / param.grievance_months)
        goal = (
            param.weapons_ordinary
            + param.threat_on_weapons * math.tanh(threat - param.threat_midpoint)
            + param.money_on_weapons * math.tanh(money)
            + param.truce_on_weapons * held
        )
        goal = min(max(goal, 0.05), 1.0) * math.sqrt(city_state.guns)
        gang.weapons += param.adjustment_speed * (goal - gang.weapons)
        gang.succession *= math.exp(-1.0 / param.leader_loss_months)
        gang.hunted *= math.exp(-1.0 / param.hunting_memory_months)
        if gang.leader == 1:
            hunted = param.leader_removal_chance * city.levers[gang.home].leader_removal
            u = uniform(seed, LEADER_LOST, t, k)
            if u < param.leader_loss_chance + hunted:
                # A gang whose leaders are hunted learns to do without one of them.
                felt = math.exp(-param.hunting_on_succession * gang.hunted)
                gang.leader = 0
                gang.succession = max(gang.succession, felt)
                gang.cohesion = max(0.02, gang.cohesion - param.leader_loss_on_cohesion * felt)
                gang.hunted += 1.0 if u >= param.leader_loss_chance else 0.0
        elif uniform(seed, LEADER_FOUND, t, k) < param.leader_replacement_chance:
            gang.leader = 1
        for other in range(city.gang.size):
            if other == k:
                continue
            pair = gang.members + city.gang[other].members + 1.0
            heat = 100.0 * (city.memory[k, other] + city.memory[other, k]) / pair
            goal = city.rivalry_anchor[k, other] * (
                1.0 + param.killings_on_rivalry * math.tanh(param.killings_on_rivalry_steepness * heat)
            )
            goal *= 1.0 + param.truce_on_rivalry * held
            city.rivalry[k, other] += param.rivalry_speed * (goal - city.rivalry[k, other])
