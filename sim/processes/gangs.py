"""Gangs decide: who holds what, how knit and how armed they are, who leads, who splits, who is new.

    S_ki = (n_ki + home n_ki/(n_ki + half)) (.5 + arms_k) (.8 + .4 cohesion_k) (1 - .4 succession_k)    a gang's strength
           n_ki = A_ki + reach * near_ki, its free members in reach
    S_0i = s0 pop/1000 (1 - loss deprivation) (.4 + 1.2 state legitimacy) (1 + .15 patrol) (1 + .8 defficacy)
           (1 + .35 dintegrity) (1 - .35 pact) (1 + b dservices) + soldiers                 the state's
    c_ki += speed * (S_ki^m / (sum_l S_li^m + S_0i^m) - c_ki)          Tullock (1980) contest with the state in it
    cover_i     = n_i / (n_i + half), n_i the free members there; nobody rules a place with nobody there
    domination_i = first^2 / all control * cover_i
    cohesion_k += .05 (anchor + .24 tanh 2(share inside - reference) + type * tanh log(money) + misread + truce - cohesion)
    style_k    += .05 (cohesion + b pact - b tanh(threat) - style)             0 preys, 1 governs
    given_i    = sum_k c_ki style_k cover_i (1 - services_i)         what armed groups serve where the state does not (E10)
    arms_k     += .05 (clip(.5 + .35 tanh(threat - .5) + .1 tanh log(money) + .18 truce) sqrt(guns) - arms)
    rivalry_kl += .06 (anchor (1 + .5 tanh 4 heat) (1 + .3 truce) - rivalry), heat = memories per 100 members of the pair
    grievance_k is stored while a truce or a pact holds, and let out, over a year, when it ends   (rows C01, C09)
    T_k        = sum_i c_ki pop_i (.3 + deprivation_i) exp(b drent_i shield_i)       what its turf can feed
    places_k   = appetite * T_k (T_k / mean T)^-s; demand_k = log(places / members), within 1.2
                 large gangs saturate (Prieto-Curiel et al. 2023); or the gang whose members stay longest takes all
A_ki are free members in residents. Home counts at most 3 residents per 1000, once it has become home (two years, row
E08), and as far as the gang's members cover it. Soldiers count a head, as members fully armed and knit, beside the state's.
Integrated gangs are knit by money, loose ones fight inside over it, weak ones split over it (rows E12; Staniland's
types). A crowd that is taken for a gang becomes one. A threat is what a member fears against what was ordinary. Leaders
are lost by themselves and where they are hunted. Groups are born where the state is absent
(E08); tied by prison, two thin gangs may merge. Births and splits are keyed by place or parent, never by the free slot.
    rows    E08, E09 (pact), E10, E12, E14 (prison knits)
    levers  misidentification, leader_removal, military_deployment, hot_spot_patrol
            draws LEADER_LOST, LEADER_FOUND, SPLIT*, BIRTH*, MERGE
    sources enf.kingpin_removal, gang.replacement_drug_role, prison.outside_control; values found by fitting
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import (
    BIRTH,
    BIRTH_SEED,
    LEADER_FOUND,
    LEADER_LOST,
    MERGE,
    SPLIT,
    SPLIT_SIDE,
    uniform,
)
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.membership import enlist
from sim.processes.recruitment import shield
from sim.processes.steady_state import log_ratio, track
from sim.state import FREE, INTEGRATED, LOOSE, NO_GANG, PRISON, WEAK, City, Youth

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["contest", "count_money", "cover", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Contest control, then let each gang change."""
    for i in range(city.neighbourhood.size):
        contest(city, params, t, i)
    _change(city, params, seed, t)
    _split(city, params, seed, t)
    _merge(city, params, seed, t)
    _be_born_and_end(city, params, seed, t)


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
    neighbourhood.gang_services_reference = track(
        neighbourhood.gang_services_reference, neighbourhood.gang_services, city_state.anchoring
    )
    neighbourhood.domination = first * first / held * neighbourhood.gang_cover if held > 0.0 else 0.0
    neighbourhood.settled = first - second
    neighbourhood.settled_reference = track(neighbourhood.settled_reference, neighbourhood.settled, city_state.anchoring)


@compiled
def count_money(city: City, params: Parameters) -> None:
    """Count what each gang draws from its places, the members this feeds, and the appetite that makes both meet."""
    param = params.gangs[0]
    city_state = city.city_state[0]
    turf = 0.0
    fed = 0.0
    alive = 0
    members = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        gang.money = 0.0
        gang.demand = 0.0
        if gang.alive == 0:
            continue
        for i in range(city.neighbourhood.size):
            share = city.control[i, k]
            if share > 0.0:
                neighbourhood = city.neighbourhood[i]
                felt = log_ratio(neighbourhood.rent, neighbourhood.rent_reference) * shield(params, neighbourhood.connected)
                grown = math.exp(param.rent_on_demand * felt)
                levied = param.rents_from_leakage * city_state.leaked + neighbourhood.transit_rent
                for m in range(city.levied.shape[1]):
                    levied += city.levied[i, m] * city.market_rent[i, m]
                gang.money += (
                    share * neighbourhood.population * (levied + param.turnover_levy_weight * neighbourhood.turnover_taken)
                )
                gang.demand += (
                    share * neighbourhood.population * (param.demand_without_deprivation + neighbourhood.deprivation) * grown
                )
        turf += gang.demand
        alive += 1
        members += gang.members
        gang.money_reference = track(gang.money_reference, gang.money, city_state.anchoring)
        if gang.money_reference == 0.0:
            # Born after the city settled: its first month's money is its ordinary money.
            gang.money_reference = gang.money
    if turf <= 0.0:
        return
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.demand > 0.0:
            gang.demand *= (gang.demand * alive / turf) ** (-param.demand_saturation)
            fed += gang.demand
    if fed > 0.0:
        city_state.appetite = track(city_state.appetite, members / fed, city_state.anchoring)
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 1:
            wanted = city_state.appetite * gang.demand
            gang.demand = min(
                max(math.log((wanted + 1.0) / (gang.members + 1.0)), -param.demand_gap_limit), param.demand_gap_limit
            )


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
def _change(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
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


@compiled
def _free_slot(city: City) -> int:
    for k in range(city.gang.size):
        if city.gang[k].alive == 0:
            return k
    city.city_state[0].overflow += 1.0
    return -1


@compiled
def _found(city: City, slot: int, t: int, home: int, organisation: int, cohesion: float, weapons: float) -> None:
    """Open a slot for a new gang at home in one neighbourhood, a rival of all others."""
    gang = city.gang[slot]
    gang.alive = 1
    gang.ideological = 0
    gang.organisation = organisation
    gang.style = 0.0
    gang.home = home
    gang.leader = 1
    gang.founded = t
    gang.cohesion_anchor = cohesion
    gang.cohesion = cohesion
    gang.weapons = weapons
    gang.money = 0.0
    gang.money_reference = 0.0
    gang.succession = 0.0
    gang.hunted = 0.0
    gang.pact = 0.0
    gang.pact_anchor = 0.0
    gang.grievance = 0.0
    gang.prison_reference = 0.0
    gang.members = 0.0
    gang.inmates = 0.0
    gang.expected_dead = 0.0
    gang.expected_killings = 0.0
    gang.demand = 0.0
    gang.conviction = 0.0
    for i in range(city.neighbourhood.size):
        city.homes[i, slot] = 0
        city.control[i, slot] = 0.0
    city.homes[home, slot] = 1
    for k in range(city.gang.size):
        city.memory[k, slot] = 0.0
        city.memory[slot, k] = 0.0
        city.rivalry[k, slot] = 1.0
        city.rivalry[slot, k] = 1.0
        city.rivalry_anchor[k, slot] = 1.0
        city.rivalry_anchor[slot, k] = 1.0


@compiled
def _crowding(city: City) -> float:
    """Return how crowded the field is: the fourth power of the number of gangs over the number the city had.

    The more groups there are, the less room a splinter finds and the sooner two join: the number of gangs has a level.
    """
    alive = 0
    for k in range(city.gang.size):
        alive += city.gang[k].alive
    many: float = max(alive, 1) / city.city_state[0].gangs_at_start
    return (many * many) * (many * many)


@compiled
def _split(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Break gangs whose cohesion is gone in two: some of their places go with the new one."""
    param = params.gangs[0]
    crowding = _crowding(city)
    city.city_state[0].splits_now = 0.0
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0 or gang.founded == t or gang.cohesion >= param.split_cohesion_threshold:
            continue
        if gang.members < param.split_size_threshold:
            continue
        chance = param.split_chance * (param.split_ratio_with_leader if gang.leader == 1 else 1.0) / crowding
        if gang.organisation == WEAK:
            chance *= math.exp(max(0.0, log_ratio(gang.money, gang.money_reference)) * param.money_on_splits)
        if uniform(seed, SPLIT, t, k) >= chance:
            continue
        home = -1
        most = 0.0
        for i in range(city.neighbourhood.size):
            if i != gang.home and city.residents[i, k] > most:
                most = city.residents[i, k]
                home = i
        if home < 0:
            continue
        slot = _free_slot(city)
        if slot < 0:
            continue
        _found(city, slot, t, home, gang.organisation, gang.cohesion_anchor, param.weapons_at_founding)
        city.gang[slot].ideological = gang.ideological
        city.city_state[0].splits += 1.0
        city.city_state[0].splits_now += 1.0
        for i in range(city.neighbourhood.size):
            if i == gang.home:
                continue
            if i == home or uniform(seed, SPLIT_SIDE, t, i, k) < param.split_neighbourhood_chance:
                city.control[i, slot] = param.split_share * city.control[i, k]
                city.control[i, k] *= 1.0 - param.split_share
                _move_members(city, k, slot, i, seed, t, param.split_share)
        gang.cohesion = gang.cohesion_anchor
        start = param.split_initial_memory * (gang.members + 1.0)
        city.memory[k, slot] = start
        city.memory[slot, k] = start


@compiled
def _move_members(city: City, old: int, new: int, i: int, seed: np.uint64, t: int, share: float) -> None:
    """Relabel a share of the old gang's members of neighbourhood i, freedom and peers unchanged."""
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    for row in range(neighbourhood.first, neighbourhood.last):
        if youth.gang[row] != old or uniform(seed, SPLIT_SIDE, t, row, 0, 1) >= share:
            continue
        youth.gang[row] = new
        if youth.status[row] == FREE:
            city.members[i, old] -= 1
            city.members[i, new] += 1
        elif youth.status[row] == PRISON:
            city.inmates[i, old] -= 1
            city.inmates[i, new] += 1


@compiled
def _merge(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Two thin gangs with members in prison and no fresh blood between them may become one."""
    param = params.gangs[0]
    alive = 0
    members = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            alive += 1
            members += city.gang[k].members
    if alive < 3:
        return
    crowding = _crowding(city)
    thin = param.merge_size_threshold * members / alive
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0 or gang.members >= thin or gang.inmates <= 0.0 or gang.founded == t:
            continue
        for other in range(k):
            partner = city.gang[other]
            if partner.alive == 0 or partner.members >= 2.0 * thin or partner.inmates <= 0.0:
                continue
            blood = city.memory[k, other] + city.memory[other, k]
            if blood > param.merge_memory_threshold * (gang.members + partner.members + 1.0):
                continue
            if uniform(seed, MERGE, t, k, other) >= param.merge_chance * crowding:
                continue
            for i in range(city.neighbourhood.size):
                _move_members(city, k, other, i, seed, t, 1.1)
                city.control[i, other] += city.control[i, k]
                city.control[i, k] = 0.0
                city.homes[i, k] = 0
            gang.alive = 0
            city.city_state[0].merges += 1.0
            break


@compiled
def _be_born_and_end(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Close gangs without people; found a group where the state is absent and nobody holds the place."""
    param = params.gangs[0]
    alive = 0
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 0:
            continue
        alive += 1
        rows = 0
        for i in range(city.neighbourhood.size):
            rows += city.members[i, k] + city.inmates[i, k]
        if rows == 0 and t - gang.founded > param.founding_grace_months:
            gang.alive = 0
            alive -= 1
            city.city_state[0].ends += 1.0
            for i in range(city.neighbourhood.size):
                city.control[i, k] = 0.0
                city.homes[i, k] = 0
    missing = city.city_state[0].gangs_at_start - alive
    if missing <= 0.0:
        return
    best = -1
    most = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        absence = (
            neighbourhood.deprivation * (1.0 - neighbourhood.state_legitimacy) * max(0.0, 1.0 - neighbourhood.controlled)
        )
        if absence > most and neighbourhood.population > 0.0:
            most = absence
            best = i
    if best < 0 or uniform(seed, BIRTH, t, best) >= param.birth_chance * missing:
        return
    slot = _free_slot(city)
    if slot < 0:
        return
    _found(city, slot, t, best, LOOSE, param.cohesion_loose, param.weapons_at_founding)
    city.city_state[0].births += 1.0
    youth = city.youth
    neighbourhood = city.neighbourhood[best]
    eligible = 0
    for row in range(neighbourhood.first, neighbourhood.last):
        if _may_found(youth, row, t):
            eligible += 1
    wanted = param.founding_members * neighbourhood.population / 1000.0 / neighbourhood.weight
    chance = min(1.0, wanted / max(1.0, float(eligible)))
    for row in range(neighbourhood.first, neighbourhood.last):
        if _may_found(youth, row, t) and uniform(seed, BIRTH_SEED, t, row) < chance:
            enlist(city, row, slot, t)


@compiled
def _may_found(youth: Youth, row: int, t: int) -> bool:
    if youth.status[row] != FREE or youth.gang[row] != NO_GANG or youth.female[row] == 1:
        return False
    age = age_in_years(youth.phase[row], t)
    return 15.0 <= age < 25.0
