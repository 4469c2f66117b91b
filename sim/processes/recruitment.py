"""Joining and leaving: who takes up with a gang this month, and who walks away.

    join_j  = 1 - exp(-exp(eta_j)), at most `join_cap` a month, for free youths in no gang
    eta_j   = a_city + b_dep (deprivation - .5) + log(C / (C + half) + .02) - b_jobs log J
            + b_cl dcriminal - b_ce defficacy - b_pl dpolice + b_abuse dabuse + b_fear contrast(violence)
            + gain * log(places / members)                              demand: gaps are refilled
            - (age - peak)^2 / (2 sd^2) - b_female + b_z z + b_idle idle + b_peer n / (n + half)
            + (b_iso + b_rent drent) (isolation - mean) + b_rent drent / 2
            + b_home exposed + b_cheap dlog(1 / gun price) under 18 + programmes
    leave_j = h0 scaled between loose and cohesive gangs * exp(b_work (work - .5) + b_age (age - 18) - b_record
            + b_dead dead comrades + training - b_female), in prison a flat hazard
C is the share of control that gangs hold; d the difference from the anchor. Every input is bounded, so eta is.
    rows    E01 (risks multiply), E16 (children), E17, E21 (isolation), E31 (four levels)
    sources gang.join_age, gang.joining_peer_OR, gang.annual_exit_us, gang.annual_exit_cohesive,
            res.school_gang_curriculum, res.employment_training_high_risk; Pyrooz and Sweeten 2015; Higginson et al. 2018
    draws   JOIN (joining and leaving: a youth is either in or out), JOIN_WHICH
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.draws import BLOCK, JOIN, JOIN_WHICH, fill, uniform
from sim.processes.anchors import contrast
from sim.processes.lifecourse import age_in_years, risk
from sim.processes.membership import enlist, quit_gang
from sim.state import DEAD, FORMAL, FREE, NEITHER, NO_GANG, PRISON, SCHOOL

__all__ = ["join_and_leave", "join_probability", "leave_probability", "place_pull"]


@compiled
def join_and_leave(city, rates, seed, t):  # type: ignore[no-untyped-def]
    """Ask every youth once: whoever is in may leave, whoever is out may join."""
    youth = city.youth
    uniforms = city.scratch.uniforms
    for i in range(city.place.size):
        place = city.place[i]
        place.recruits = 0.0
        place.recruits_under_18 = 0.0
        place.exits = 0.0
        pull = place_pull(city, rates, i)
        bound = _most(rates, pull, contrast(place.rent, place.rent_reference))
        row = place.first
        while row < place.last:
            number = min(BLOCK, place.last - row)
            shift = fill(uniforms, city.scratch.words, seed, JOIN, t, row, number)
            gangs = youth.gang[row : row + number]
            for j in range(number):
                u = uniforms[shift + j]
                if gangs[j] != NO_GANG:
                    r = row + j
                    if youth.status[r] != DEAD and u < leave_probability(city, rates, t, r):
                        quit_gang(city, r)
                        place.exits += place.weight
                elif u < bound:
                    r = row + j
                    if youth.status[r] == FREE and u < join_probability(city, rates, t, r, i, pull):
                        _join(city, seed, t, r, i)
            row += number


@compiled
def place_pull(city, rates, i):  # type: ignore[no-untyped-def]
    """Return the part of eta that all youths of neighbourhood i share."""
    rate = rates.recruitment[0]
    place = city.place[i]
    police = city.police[i]
    demand = 0.0
    if place.controlled > 0.0:
        for k in range(city.gang.size):
            demand += city.control[i, k] / place.controlled * city.gang[k].demand
    return (
        rate.join_intercept
        + rate.join_deprivation * (place.deprivation - 0.5)
        + math.log(place.controlled / (place.controlled + rate.presence_half) + 0.02)
        - rate.join_jobs * math.log(place.jobs)
        + rate.join_criminal_legitimacy * (place.criminal_legitimacy - place.criminal_anchor)
        - rate.join_efficacy * (place.collective_efficacy - place.efficacy_anchor)
        - rate.join_police_legitimacy * (place.police_legitimacy - place.police_anchor)
        + rate.join_abuse * (police.abuse - police.abuse_anchor)
        + rate.join_violence * contrast(place.violence, place.violence_reference)
        + rate.demand_gain * demand
    )


@compiled
def join_probability(city, rates, t, row, i, pull):  # type: ignore[no-untyped-def]
    """Return the probability that this free youth outside any gang joins one this month."""
    rate = rates.recruitment[0]
    youth = city.youth
    place = city.place[i]
    age = age_in_years(youth.phase[row], t)
    width = rate.age_width_below if age < rate.age_peak else rate.age_width_above
    eta = pull - (age - rate.age_peak) ** 2 / (2.0 * width * width)
    peers = float(youth.gang_peers[row])
    rent = contrast(place.rent, place.rent_reference)
    eta += (
        rate.join_risk * risk(youth, row)
        + rate.peer_gain * peers / (peers + rate.peer_half)
        + (rate.join_isolation + rate.join_rent * rent) * (float(youth.isolation[row]) - 0.4)
        + 0.5 * rate.join_rent * rent
        + rate.join_exposed * youth.exposed_at_home[row]
        - rate.training_on_joining * float(youth.training_effect[row])
    )
    if youth.female[row] == 1:
        eta -= rate.join_female
    if youth.activity[row] == NEITHER:
        eta += rate.join_idle
    if youth.school_place[row] > 0:
        eta -= rate.after_school_on_joining
    if age < 18.0:
        eta -= rate.cheap_guns_on_children * math.log(city.flows.price[i, 5])
    return min(rate.join_cap, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _most(rates, pull, rent):  # type: ignore[no-untyped-def]
    """Return a probability that no youth of the neighbourhood exceeds: whoever draws more is not looked at."""
    rate = rates.recruitment[0]
    eta = (
        pull
        + 5.0 * rate.join_risk
        + rate.peer_gain * 8.0 / (8.0 + rate.peer_half)
        + 0.6 * abs(rate.join_isolation + rate.join_rent * rent)
        + 0.5 * abs(rate.join_rent * rent)
        + rate.join_exposed
        + rate.join_idle
        + rate.cheap_guns_on_children * 3.0
    )
    return min(rate.join_cap, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _join(city, seed, t, row, i):  # type: ignore[no-untyped-def]
    """Pick the gang, in proportion to its control here and its need of people, and join it."""
    place = city.place[i]
    total = 0.0
    for k in range(city.gang.size):
        total += city.control[i, k] * math.exp(0.5 * city.gang[k].demand)
    if total <= 0.0:
        return
    mark = uniform(seed, JOIN_WHICH, t, row) * total
    chosen = 0
    for k in range(city.gang.size):
        here = city.control[i, k] * math.exp(0.5 * city.gang[k].demand)
        if here > 0.0:
            chosen = k
            mark -= here
            if mark < 0.0:
                break
    enlist(city, row, chosen, t)
    place.recruits += place.weight
    if age_in_years(city.youth.phase[row], t) < 18.0:
        place.recruits_under_18 += place.weight
        city.youth.recruited_as_child[row] = 1


@compiled
def leave_probability(city, rates, t, row):  # type: ignore[no-untyped-def]
    """Return the probability that this member leaves the gang this month."""
    rate = rates.recruitment[0]
    youth = city.youth
    if youth.status[row] == PRISON:
        return rate.exit_in_prison
    gang = city.gang[youth.gang[row]]
    knit = min(max((gang.cohesion - 0.3) / 0.5, -0.3), 1.3)
    age = age_in_years(youth.phase[row], t)
    work = 0.0
    if youth.activity[row] == FORMAL:
        work = 1.0
    elif youth.activity[row] == SCHOOL:
        work = 0.7
    elif youth.activity[row] != NEITHER:
        work = 0.5
    comrades = min(1.0, rate.exit_deaths_scale * gang.expected_dead / max(gang.members, 1.0))
    log_hazard = (
        math.log(rate.exit_loose)
        + knit * (math.log(rate.exit_cohesive) - math.log(rate.exit_loose))
        + rate.exit_work * (work - 0.5)
        + rate.exit_age * (age - 18.0)
        - rate.exit_record * youth.record[row]
        + rate.exit_comrades * comrades
        + rate.training_on_exit * float(youth.training_effect[row])
    )
    if youth.female[row] == 1:
        log_hazard -= rate.exit_female
    return 1.0 - math.exp(-min(0.3, math.exp(log_hazard)))
