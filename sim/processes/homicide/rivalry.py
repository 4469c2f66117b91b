"""Rivalry: what a member risks from other gangs and from its own, and what a killing leaves behind.

h_l(i)    = h_max (1 - exp(-(a + b) / h_max))                                                     saturates
a         = sum_k nu R_kl 2 S_k / (sum_m S_m + 2 pop_i/980) (.5 + arms_k)(1 + b (succ_k + succ_l))
(1 + burst max(grievance_k, grievance_l) (1 - truce)) F_i season years               rivalry
S_ki      = members_k spread over the population it controls: degree one in members, so that a member's risk does
not change with the scale of the city, and a further gang with one resident adds almost nothing
F_i       = truce, pact, focused deterrence, interrupters, transformed groups, raids, patrol, soldiers,
exp(-e certainty), lethality, 1 + b (sweep - detention without term) C (1 - clearance): sweeps provoke where gangs hold
the place and killers are neither caught nor kept
b         = sum_k H_kl / members_l min(1, members_k / 3) (1 - truce) (1 - pact)                  retaliation
H_kl(t+1) = H_kl(t) e^(-1/tau) + n_k (1 - e^(-1/tau)) killings of k by l;  n_k = n_max (1 - exp(-raw_k/n_max))
raw_k = raw exp(b dcohesion_k + b dweapons_k + b max(0, grievance_k - max(truce, pact_k)))
an exponential kernel with branching ratio n_k <= n_max <= .9: the answers to one killing add to n_k. Gangs answer more
that are better knit or armed than is ordinary, and those whom no truce holds back any more. H is [who answers, who is
answered], at most memory_cap a member. Killings of k by l draw killings of l by k, so that the largest eigenvalue of the
matrix of answers is the largest sqrt(n_k n_l)
discipline  h0 (1.2 - cohesion) (d0 + d1 succession), more where money rises and the gang is loose; h0 is what a member
of this city ordinarily risks from rivals, its mean over the burn-in: a city whose gangs seldom kill each other
seldom kills inside them either, and a truce between gangs does nothing to it; with h_max it is at most 1
soldiers  = -(p min(1, present / d) (1 - o) + b o left); o = (present - those who stay on)^4 (P-E7); left: `wear`
lethality = guns^e exp(-b (care - care0)), in public as guns are carried (`carrying`)               row E15
rows E12, E15, E23   levers hot_spot_patrol, military_deployment, focused_deterrence, violence_interruption,
women_mediators, group_transformation, raid, truce, mass_arrests, detention_without_term
sources viol.contagion_network_share, viol.contagion_lag, enf.hotspots_local, enf.certainty_to_homicide,
enf.focused_deterrence_group, enf.mano_dura_2003, res.interruption_retaliation, eng.gang_truce_active
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.doses import over_parts
from sim.processes.homicide.carrying import deadly_in_public
from sim.processes.justice import police_integrity
from sim.processes.membership import standing
from sim.processes.police_units import calm_by_patrol
from sim.processes.steady_state import log_ratio
from sim.processes.wear import left_of_threat
from sim.state import City, Floats

if TYPE_CHECKING:
    from sim.state import views

__all__ = [
    "answers",
    "calm_of",
    "discipline_hazard",
    "drive",
    "expected_by_rivals",
    "fidelity",
    "lethality",
    "raids_ratio",
    "remember",
    "rivalry_hazard",
    "set_gang_killings",
    "soldiers_on_streets",
    "unrestrained",
]


@compiled
def fidelity(params: Parameters, integrity: float) -> float:
    """Return how faithfully focused deterrence is carried out: in full from some integrity on, less below."""
    param = params.homicide[0]
    faithful: float = param.fidelity_without_integrity + (1.0 - param.fidelity_without_integrity) * min(
        1.0, integrity / param.fidelity_full_integrity
    )
    return faithful


@compiled
def unrestrained(city: City, i: int, k: int) -> float:
    """Return the grievance of gang k that neither a truce in neighbourhood i nor a pact holds back, 0-1.

    What is held stores as much grievance as its own strength (`gangs.changes`), so that a standing pact lets none out,
    also where it is partial: only one that ends or weakens does.
    """
    gang = city.gang[k]
    held = max(city.levers[i].truce, gang.pact)
    left: float = max(0.0, gang.grievance - held)
    return left


@compiled
def drive(city: City, params: Parameters, i: int, k: int) -> float:
    """Return how far gang k is driven to answer a killing in neighbourhood i, against the ordinary gang.

    The ordinary gang is midway between a loose and an integrated one and has the weapons of an ordinary threat.
    """
    param = params.homicide[0]
    kind = params.gangs[0]
    gang = city.gang[k]
    tied = gang.cohesion - (kind.cohesion_loose + kind.cohesion_integrated) / 2.0
    armed = gang.weapons - (kind.weapons_ordinary - kind.threat_on_weapons * math.tanh(kind.threat_midpoint))
    return math.exp(
        param.cohesion_on_retaliation * tied
        + param.weapons_on_retaliation * armed
        + param.grievance_on_retaliation * unrestrained(city, i, k)
    )


@compiled
def provoked(city: City, params: Parameters, i: int, k: int) -> float:
    """Return how many killings gang k answers one of its dead of neighbourhood i with where nobody steps in between."""
    param = params.homicide[0]
    raw = param.retaliation_ratio * drive(city, params, i, k)
    ratio: float = param.retaliation_limit * (1.0 - math.exp(-raw / param.retaliation_limit))
    return ratio


@compiled
def mediated(city: City, params: Parameters, i: int) -> float:
    """Return the share of answers that is left in neighbourhood i by those who step in between."""
    param = params.homicide[0]
    lever = city.levers[i]
    faithful = fidelity(params, police_integrity(city, params))
    left: float = (
        (1.0 - param.focused_deterrence_on_retaliation * lever.focused_deterrence * faithful)
        * (1.0 - param.interrupters_on_retaliation * lever.violence_interruption * city.neighbourhood[i].credibility)
        * (
            1.0
            - param.women_mediators_on_retaliation
            * lever.women_mediators
            * (
                param.women_mediators_without_credibility
                + (1.0 - param.women_mediators_without_credibility) * city.neighbourhood[i].credibility
            )
        )
        * (1.0 - params.community_groups[0].mediation_on_retaliation * city.neighbourhood[i].mediated_by_groups)
    )
    return left


@compiled
def answers(city: City, params: Parameters, i: int, k: int) -> float:
    """Return how many killings one of gang k's dead of neighbourhood i draws in answer: its branching ratio there."""
    return provoked(city, params, i, k) * mediated(city, params, i)


@compiled
def calm_of(city: City, params: Parameters, i: int) -> float:
    """Return what patrol, deterrence and lethality make of any killing in the street of neighbourhood i."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    police = city.police[i]
    displaced = param.patrol_on_violence * param.patrol_displacement_share - param.patrol_on_adjacent_violence
    patrol = over_parts(-param.patrol_on_violence * police.patrol, police.unpatrolled, displaced * police.patrol)
    patrol += (
        param.patrol_on_violence * param.patrol_displacement_share * neighbourhood.near_patrol
        - param.patrol_on_adjacent_violence * neighbourhood.near_patrol
    )
    patrol += calm_by_patrol(city, params, i)
    certainty = math.exp(-param.certainty_on_violence * neighbourhood.certainty)
    covered = 1.0 - neighbourhood.unoccupied
    if covered > 0.0:
        patrol += over_parts(covered * soldiers_on_streets(city, params, i), neighbourhood.unoccupied, 0.0)
    return math.exp(patrol) * certainty * lethality(city, params, i) * deadly_in_public(params, neighbourhood)


@compiled
def soldiers_on_streets(city: City, params: Parameters, i: int) -> float:
    """Return the log of violence in the streets that soldiers cover in neighbourhood i (row P-E7).

    Patrols of some nights a week do what the trial found: no clear fall. Only soldiers at full level in the whole place
    occupy it, and that calms (judgement), less where people have become used to them. Those who stay after they were ordered
    out patrol, and occupy nothing.
    """
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    present = city.levers[i].military_deployment
    covered = 1.0 - neighbourhood.unoccupied
    if present <= 0.0 or covered <= 0.0:
        return 0.0
    patrolling = min(1.0, present / covered / param.soldiers_patrol_dose)
    occupying = max(0.0, present - neighbourhood.lingering) ** param.occupation_exponent
    calmed = param.occupation_on_violence * left_of_threat(params, neighbourhood.used_to_soldiers)
    fall: float = param.soldiers_on_violence * patrolling * (1.0 - occupying) + calmed * occupying
    return -fall


@compiled
def raids_ratio(effect: float, raids: float, ordinary: float) -> float:
    """Return what raids make of a rate, against the city's ordinary raids; `effect` is the rise with raids at 1."""
    return (1.0 + effect * raids) / (1.0 + effect * ordinary)


@compiled
def _provoking(city: City, i: int) -> float:
    """Return how far sweeps in neighbourhood i provoke: where gangs hold it, and killers are neither caught nor kept."""
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    released: float = max(0.0, lever.mass_arrests - lever.detention_without_term)
    return released * neighbourhood.controlled * (1.0 - neighbourhood.clearance)


@compiled
def lethality(city: City, params: Parameters, i: int) -> float:
    """Return how deadly a serious event is in neighbourhood i against the ordinary city: guns kill, care saves."""
    param = params.homicide[0]
    city_state = city.city_state[0]
    cared: float = city.neighbourhood[i].care - city_state.care_anchor
    return city_state.guns**param.gun_stock_on_lethality * math.exp(-param.care_on_lethality * cared)


@compiled
def rivalry_hazard(city: City, params: Parameters, i: int, victim: int, calm: float, parts: Floats) -> float:
    """Return the monthly hazard of a member of gang `victim` living in neighbourhood i, by rivalry and retaliation.

    `parts` [gang] receives each attacker's share before saturation.
    """
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    faithful = fidelity(params, police_integrity(city, params))
    attack = (
        calm
        * (1.0 - param.focused_deterrence_on_attacks * lever.focused_deterrence * faithful)
        * (1.0 - param.interrupters_on_attacks * lever.violence_interruption * neighbourhood.credibility)
        * (
            1.0
            - param.transformation_on_attacks
            * lever.group_transformation
            * (
                param.transformation_without_credibility
                + (1.0 - param.transformation_without_credibility) * neighbourhood.credibility
            )
        )
        * raids_ratio(param.raid_on_attacks, city.police[i].raids + lever.raid, city.police[i].raids_anchor)
        * (1.0 + param.sweep_on_attacks * _provoking(city, i))
        * (1.0 - param.truce_on_attacks * lever.truce)
    )
    contact = city.city_state[0].season * city.city_state[0].rivalry_years
    answer = 1.0 - param.truce_on_retaliation * lever.truce
    target = city.gang[victim]
    present = 2.0 * neighbourhood.population / param.contact_residents
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
                param.rivalry_attack_rate
                * city.rivalry[k, victim]
                * 2.0
                * city.presence[i, k]
                / present
                * (param.attacks_unarmed + gang.weapons)
                * (1.0 + param.leader_loss_on_attacks * (gang.succession + target.succession))
                * (1.0 + param.breach_on_attacks * max(gang.grievance, target.grievance) * (1.0 - lever.truce))
                * attack
                * contact
                * (1.0 - param.pact_on_attacks * pact)
            )
        answered = city.memory[k, victim] / max(target.members, 1.0) * min(1.0, gang.members / param.retaliation_members)
        parts[k] += answered * answer * (1.0 - param.pact_on_retaliation * pact)
        total += parts[k]
    return param.member_hazard_limit * (1.0 - math.exp(-total / param.member_hazard_limit))


@compiled
def discipline_hazard(param: views.HomicideParameters, gang: views.Gang, ordinary: float) -> float:
    """Return the monthly hazard of a member of a gang by the gang's own hand; `ordinary` is that by rivals in this city."""
    slack = max(0.0, param.discipline_cohesion_limit - gang.cohesion)
    money = max(0.0, log_ratio(gang.money, gang.money_reference))
    kept = param.discipline_ratio * (1.0 + param.money_on_infighting * money * slack)
    return min(ordinary * slack * (kept + param.infighting_ratio * gang.succession), 1.0 - param.member_hazard_limit)


@compiled
def remember(city: City, params: Parameters) -> None:
    """Let last month's memory fade and this month's killings in, bounded by what a gang can suffer."""
    param = params.homicide[0]
    fade = math.exp(-1.0 / param.retaliation_months)
    fresh = math.exp(1.0 / param.retaliation_months) - 1.0
    for k in range(city.gang.size):
        for other in range(city.gang.size):
            memory = fade * (city.memory[k, other] + fresh * city.killings[k, other])
            city.memory[k, other] = min(memory, param.retaliation_memory_limit * (city.gang[other].members + 1.0))


@compiled
def expected_by_rivals(city: City, param: views.HomicideParameters, i: int, k: int) -> float:
    """Return the members of gang k living in neighbourhood i who are expected to be killed by rivals this month."""
    # Who has been through training is attacked less; the sum of that effect stands as last month left it.
    rows = standing(city, i, k)
    attacked = rows - param.training_on_attacks * min(city.trained[i, k], rows)
    expected: float = attacked * city.neighbourhood[i].weight * city.hazard[i, k]
    return expected


@compiled
def set_gang_killings(city: City, params: Parameters, i: int, calm: float) -> None:
    """Set what the members living in neighbourhood i risk from gangs, and the killings expected of it."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    city_state = city.city_state[0]
    gangs = city.gang.size
    parts = city.scratch.parts
    rivalry = 0.0
    discipline = 0.0
    for k in range(gangs):
        city.hazard[i, k] = 0.0
        if standing(city, i, k) == 0.0:
            continue
        city.hazard[i, k] = rivalry_hazard(city, params, i, k, calm, parts)
        by_rivals = expected_by_rivals(city, param, i, k)
        by_own = (
            standing(city, i, k)
            * neighbourhood.weight
            * discipline_hazard(param, city.gang[k], city_state.rivalry_reference)
        )
        total = 0.0
        for other in range(gangs):
            total += parts[other]
        if total > 0.0:
            answered = answers(city, params, i, k)
            for other in range(gangs):
                here = by_rivals * parts[other] / total
                city.gang[other].expected_killings += here
                city.gang[other].expected_attacks += here
                # Expected answers; `victims` turns them into those that the month's killings draw.
                city.killings[k, other] += here * answered
        city.gang[k].expected_killings += by_own
        city.gang[k].expected_dead += by_rivals + by_own
        rivalry += by_rivals
        discipline += by_own
    neighbourhood.deaths_rivalry = rivalry
    neighbourhood.deaths_discipline = discipline
    neighbourhood.deaths_bystander = param.bystander_ratio * rivalry
