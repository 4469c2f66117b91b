"""Rivalry: what a member risks from other gangs and from its own, and what a killing leaves behind.

h_l(i)    = h_max (1 - exp(-(a + b) / h_max))                                                     saturates
a         = sum_k nu R_kl 2 S_k / (sum_m S_m + 2 pop_i/980) (.5 + arms_k)(1 + b (succ_k + succ_l))
(1 + burst max(grievance_k, grievance_l) (1 - truce)) F_i                            rivalry
S_ki      = members_k spread over the population it controls: degree one in members, so that a member's risk does
not change with the scale of the city, and a further gang with one resident adds almost nothing
F_i       = truce, pact, focused deterrence, interrupters, transformed groups, raids, patrol, soldiers,
exp(-e certainty), lethality
b         = sum_k H_kl / members_l min(1, members_k / 3) (1 - truce) (1 - pact)                  retaliation
H_kl(t+1) = H_kl(t) e^(-1/tau) + n (1 - e^(-1/tau)) killings of k by l;  n = n_max (1 - exp(-raw/n_max))
an exponential kernel with branching ratio n < 1: the answers to one killing add to n. H is [who answers,
who is answered], at most memory_cap a member
discipline  h0 (1.2 - cohesion) (d0 + d1 succession), more where money rises and the gang is loose; h0 is what a member of
this city ordinarily risks from rivals, its mean over the burn-in: a city whose gangs seldom kill each other
seldom kills inside them either, and a truce between gangs does nothing to it; with h_max it is at most 1
lethality = guns^e exp(-b (care - care0))                                                           row E15
rows E12, E15, E23   levers hot_spot_patrol, military_deployment, focused_deterrence, violence_interruption,
women_mediators, group_transformation, raid, truce
sources viol.contagion_network_share, viol.contagion_lag, enf.hotspots_local, enf.certainty_to_homicide,
enf.focused_deterrence_group, res.interruption_retaliation, eng.gang_truce_active
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import contrast
from sim.state import City, Floats

if TYPE_CHECKING:
    from sim import views

__all__ = ["answers", "calm_of", "discipline_hazard", "fidelity", "lethality", "remember", "rivalry_hazard", "single"]


@compiled
def single(place: views.Place) -> float:
    """Return how far what happened, and not what was expected, is remembered: all of it where a row is one youth.

    A row that stands for w youths dies as w at once, which would answer in bursts that no city knows. Remembering
    w^-1/2 of the surprise gives memory the mean and the variance that single deaths would give it.
    """
    if place.weight <= 1.0:
        return 1.0
    return place.weight**-0.5


@compiled
def fidelity(rates: Rates, integrity: float) -> float:
    """Return how faithfully focused deterrence is carried out: in full from some integrity on, less below."""
    rate = rates.violence[0]
    faithful: float = rate.fidelity_least + (1.0 - rate.fidelity_least) * min(1.0, integrity / rate.fidelity_from)
    return faithful


@compiled
def answers(city: City, rates: Rates, i: int) -> float:
    """Return how many killings a gang killing in neighbourhood i will draw in answer: the branching ratio there."""
    rate = rates.violence[0]
    lever = city.levers[i]
    faithful = fidelity(rates, city.town[0].integrity)
    return (
        rate.branching_cap
        * (1.0 - math.exp(-rate.branching / rate.branching_cap))
        * (1.0 - rate.focused_on_answers * lever.focused_deterrence * faithful)
        * (1.0 - rate.interrupters_on_answers * lever.violence_interruption * city.place[i].credibility)
        * (
            1.0
            - rate.women_on_answers
            * lever.women_mediators
            * (rate.women_least + (1.0 - rate.women_least) * city.place[i].credibility)
        )
    )


@compiled
def calm_of(city: City, rates: Rates, i: int) -> float:
    """Return what patrol, deterrence and lethality make of any killing in the street of neighbourhood i."""
    rate = rates.violence[0]
    place = city.place[i]
    police = city.police[i]
    patrol = -rate.patrol_effect * police.patrol
    patrol += rate.patrol_effect * rate.patrol_displaced * place.near_patrol - rate.patrol_diffusion * place.near_patrol
    certainty = math.exp(-rate.deterrence_elasticity * place.certainty)
    patrol -= rate.soldiers_effect * city.levers[i].military_deployment
    return math.exp(patrol) * certainty * lethality(city, rates, i)


@compiled
def lethality(city: City, rates: Rates, i: int) -> float:
    """Return how deadly a serious event is in neighbourhood i against the ordinary city: guns kill, care saves."""
    rate = rates.violence[0]
    town = city.town[0]
    cared: float = city.place[i].care - town.care_anchor
    return town.guns**rate.gun_elasticity * math.exp(-rate.care_on_lethality * cared)


@compiled
def rivalry_hazard(city: City, rates: Rates, i: int, victim: int, calm: float, parts: Floats) -> float:
    """Return the monthly hazard of a member of gang `victim` living in neighbourhood i, by rivalry and retaliation.

    `parts` [gang] receives each attacker's share before saturation.
    """
    rate = rates.violence[0]
    place = city.place[i]
    lever = city.levers[i]
    faithful = fidelity(rates, city.town[0].integrity)
    attack = (
        calm
        * (1.0 - rate.focused_on_attacks * lever.focused_deterrence * faithful)
        * (1.0 - rate.interrupters_on_attacks * lever.violence_interruption * place.credibility)
        * (
            1.0
            - rate.transform_on_attacks
            * lever.group_transformation
            * (rate.transform_least + (1.0 - rate.transform_least) * place.credibility)
        )
        * (1.0 + rate.raid_on_attacks * lever.raid)
        * (1.0 - rate.truce_on_attacks * lever.truce)
    )
    answer = 1.0 - rate.truce_on_answers * lever.truce
    target = city.gang[victim]
    present = 2.0 * place.population / rate.contact_residents
    for k in range(city.gang.size):
        present += city.presence[i, k]
    total = 0.0
    for k in range(city.gang.size):
        parts[k] = 0.0
        if k == victim or city.gang[k].alive == 0:
            continue
        gang = city.gang[k]
        pact = max(gang.pact, target.pact)
        if city.presence[i, k] > 0.0:
            parts[k] = (
                rate.rivalry
                * city.rivalry[k, victim]
                * 2.0
                * city.presence[i, k]
                / present
                * (rate.arms_least + gang.arms)
                * (1.0 + rate.succession_violence * (gang.succession + target.succession))
                * (1.0 + rate.breach_burst * max(gang.grievance, target.grievance) * (1.0 - lever.truce))
                * attack
                * (1.0 - rate.pact_on_attacks * pact)
            )
        answered = city.memory[k, victim] / max(target.members, 1.0) * min(1.0, gang.members / rate.answer_members)
        parts[k] += answered * answer * (1.0 - rate.pact_on_answers * pact)
        total += parts[k]
    return rate.hazard_cap * (1.0 - math.exp(-total / rate.hazard_cap))


@compiled
def discipline_hazard(rate: views.ViolenceRates, gang: views.Gang, ordinary: float) -> float:
    """Return the monthly hazard of a member of a gang by the gang's own hand; `ordinary` is that by rivals in this city."""
    slack = max(0.0, rate.slack_from - gang.cohesion)
    money = max(0.0, contrast(gang.money, gang.money_reference))
    kept = rate.discipline * (1.0 + rate.money_infighting * money * slack)
    return min(ordinary * slack * (kept + rate.infighting * gang.succession), 1.0 - rate.hazard_cap)


@compiled
def remember(city: City, rates: Rates) -> None:
    """Let last month's memory fade and this month's killings in, bounded by what a gang can suffer."""
    rate = rates.violence[0]
    fade = math.exp(-1.0 / rate.memory_months)
    fresh = math.exp(1.0 / rate.memory_months) - 1.0
    for k in range(city.gang.size):
        for other in range(city.gang.size):
            memory = fade * (city.memory[k, other] + fresh * city.killings[k, other])
            city.memory[k, other] = min(memory, rate.memory_cap * (city.gang[other].members + 1.0))
