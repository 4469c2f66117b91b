"""Joining and leaving: who takes up with a gang this month, and who walks away.

    join_j  = 1 - exp(-exp(eta_j)), at most `join_cap` a month, for free youths in no gang
    eta_j   = a_city + b_dep (deprivation - .5) + log(C / (C + half) + .02) - b_jobs log J
            + b_cl dcriminal - b_ce defficacy - b_pl dpolice + b_abuse dabuse + b_fear contrast(violence)
            + gain * log(places / members)                              demand: gaps are refilled
            - (age - peak)^2 / (2 sd^2) - b_female + b_z z + b_idle idle + b_peer n / (n + half)
            + (b_iso + b_rent drent) (isolation - 1/3) + b_rent drent / 2
            + b_home exposed (1 - safe) + b_cheap dlog(1 / gun price) + b_young (deprivation - .5) under 18 + programmes
            + ideas (share of control that ideological groups hold) + b_trauma trauma + b_divided divided
z counts a troubled family less where mothers' groups meet; rents pull less where residents are connected
    leave_j = h0 scaled between loose and cohesive gangs * exp(b_work (work - .5) + b_age (age - 18) - b_record
            + b_dead dead comrades + training (less in knit gangs) + exposed with a way back - shamed
            + transformed (more in knit gangs) - b_female, more where drug rents grow), in prison a flat hazard
C is the share of control that gangs hold; d the difference from the anchor. Every input is bounded, so eta is.
    rows    E01 (risks multiply), E13 (ideas), E16 (children), E17, E21 (isolation), E31 (four levels)
    sources gang.join_age, gang.joining_peer_OR, gang.annual_exit_us, gang.annual_exit_cohesive,
            res.school_gang_curriculum, res.employment_training_high_risk;
            Pyrooz and Sweeten 2015; Higginson et al. 2018
    draws   JOIN (joining and leaving: a youth is either in or out), JOIN_WHICH
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, JOIN, JOIN_WHICH, ask, uniform
from sim.parameters import Rates
from sim.processes.anchors import contrast
from sim.processes.lifecourse import age_in_years, risk
from sim.processes.membership import enlist, quit_gang
from sim.state import FIREARMS, FORMAL, FREE, MARKET_DRUGS, NEITHER, NO_GANG, PRISON, SCHOOL, City

if TYPE_CHECKING:
    from sim import views

__all__ = ["join_and_leave", "join_probability", "leave_probability", "place_pull", "shield"]


@compiled
def join_and_leave(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Ask every youth once: whoever is in may leave, whoever is out may join."""
    rate = rates.recruitment[0]
    youth = city.youth
    for i in range(city.place.size):
        place = city.place[i]
        place.recruits = 0.0
        place.recruits_under_18 = 0.0
        place.exits = 0.0
        place.female_exits = 0.0
        lever = city.levers[i]
        pull = place_pull(city, rates, i)
        rent = contrast(place.rent, place.rent_reference) * shield(rates, place.connected)
        cheap = -math.log(city.flows.price[i, FIREARMS])
        held = 1.0 - rate.mothers_on_family * lever.mothers_groups
        exposed_pull = rate.join_exposed * (1.0 - rate.safe_on_exposed * lever.safe_spaces)
        named = rate.criminalise_on_joining * lever.criminalisation - rate.referral_on_joining * lever.early_referral
        out = rate.expose_on_exit * lever.reintegration - rate.shaming_on_exit * lever.stigmatisation
        changed = rate.transform_on_exit * lever.group_transformation * (rate.transform_least + place.credibility)
        locked = rate.exit_female_drugs * max(
            0.0, contrast(city.market_rent[i, MARKET_DRUGS], city.market_reference[i, MARKET_DRUGS])
        )
        young = rate.children_deprivation * (place.deprivation - 0.5)
        bound = _most(rate, pull + max(named, 0.0) + max(young, 0.0), rent, cheap)
        look = max(bound, _most_leaving(city, rate, i, max(out, 0.0) + changed))
        row = place.first
        while row < place.last:
            number = min(BLOCK, place.last - row)
            for asked in range(ask(city.scratch, seed, JOIN, t, row, number, look)):
                u = city.scratch.luck[asked]
                r = row + city.scratch.picked[asked]
                k = youth.gang[r]
                if k == NO_GANG and u >= bound:
                    continue
                status = youth.status[r]
                age = age_in_years(youth.phase[r], t)
                if k != NO_GANG:
                    gang = city.gang[k]
                    comrades = gang.expected_dead / max(gang.members, 1.0)
                    if status == PRISON:
                        leaving = rate.exit_in_prison
                    else:
                        leaving = leave_probability(
                            rate,
                            gang.cohesion,
                            comrades,
                            age,
                            youth.activity[r],
                            youth.record[r],
                            youth.female[r],
                            float(youth.training_effect[r]),
                            out - locked * youth.female[r],
                            changed,
                        )
                    if u < leaving:
                        quit_gang(city, r)
                        place.exits += place.weight
                        place.female_exits += place.weight * youth.female[r]
                elif status == FREE:
                    family = float(youth.family[r])
                    if family > 0.0:
                        family *= held
                    z = risk(youth.person[r], family, youth.friends[r], youth.school[r])
                    joining = join_probability(
                        rate,
                        pull + named if z > rate.named_risk and age < 18.0 else pull,
                        rent,
                        cheap,
                        age,
                        youth.female[r],
                        z,
                        youth.activity[r],
                        youth.gang_peers[r],
                        float(youth.isolation[r]),
                        exposed_pull * youth.exposed_at_home[r],
                        youth.school_place[r],
                        float(youth.training_effect[r]),
                        young,
                    )
                    if u < joining:
                        _join(city, rates, seed, t, r, i)
            row += number


@compiled
def shield(rates: Rates, connected: float) -> float:
    """Return how far a change of rents is felt where residents are connected so far: less, the more they are."""
    rate = rates.recruitment[0]
    return math.exp(-rate.connected_shields * (connected - rate.connected_middle))


@compiled
def place_pull(city: City, rates: Rates, i: int) -> float:
    """Return the part of eta that all youths of neighbourhood i share."""
    rate = rates.recruitment[0]
    place = city.place[i]
    police = city.police[i]
    demand = 0.0
    faithful = 0.0
    if place.controlled > 0.0:
        for k in range(city.gang.size):
            demand += city.control[i, k] / place.controlled * city.gang[k].demand
            faithful += city.control[i, k] / place.controlled * city.gang[k].ideological
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
        + rate.join_ideas * faithful * (city.levers[i].flow_ideas + _aggrieved(city, rate, i))
        + rate.join_trauma * place.trauma
        + rate.join_divided * place.divided
    )


@compiled
def _aggrieved(city: City, rate: views.RecruitmentRates, i: int) -> float:
    """Return what a state that is not believed in adds to the pull of ideas."""
    town = city.town[0]
    lost: float = city.place[i].state_anchor - city.place[i].state_legitimacy
    stirred: float = rate.ideas_grievance * (max(lost, 0.0) + town.grievance - town.grievance_anchor)
    return stirred


@compiled
def join_probability(
    rate: views.RecruitmentRates,
    pull: float,
    rent: float,
    cheap: float,
    age: float,
    female: int,
    z: float,
    activity: int,
    gang_peers: int,
    isolation: float,
    exposed: float,
    school_place: int,
    training: float,
    young: float,
) -> float:
    """Return the probability that a free youth outside any gang joins one this month.

    Parameters
    ----------
    rate : record
        Parameters of this process.
    pull, rent, cheap, young : float
        Of the neighbourhood: the shared part of eta, the contrast of its rents, minus the log price of firearms, and what
        deprivation adds for children.
    age, female, z, activity, gang_peers, isolation, exposed, school_place, training
        Of the youth, as the columns hold them; age in years, z the risk over four levels, `exposed` the pull of violence
        at home.
    """
    width = rate.age_width_below if age < rate.age_peak else rate.age_width_above
    off = age - rate.age_peak
    eta = pull - off * off / (2.0 * width * width)
    eta += (
        rate.join_risk * z
        + rate.peer_gain * gang_peers / (gang_peers + rate.peer_half)
        + (rate.join_isolation + rate.join_rent * rent) * (isolation - 1.0 / 3.0)
        + rate.rent_for_all * rate.join_rent * rent
        + exposed
        - rate.training_on_joining * training
    )
    if female == 1:
        eta -= rate.join_female
    if activity == NEITHER:
        eta += rate.join_idle
    if school_place > 0:
        eta -= rate.after_school_on_joining
    if age < 18.0:
        eta += rate.cheap_guns_on_children * cheap + young
    return min(rate.join_cap, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _most(rate: views.RecruitmentRates, pull: float, rent: float, cheap: float) -> float:
    """Return a probability that no youth of the neighbourhood exceeds: whoever draws more is not looked at."""
    eta = (
        pull
        + 5.0 * rate.join_risk
        + rate.peer_gain * 8.0 / (8.0 + rate.peer_half)
        + 0.67 * abs(rate.join_isolation + rate.join_rent * rent)
        + rate.rent_for_all * abs(rate.join_rent * rent)
        + rate.join_exposed
        + rate.join_idle
        + rate.cheap_guns_on_children * max(cheap, 0.0)
    )
    return min(rate.join_cap, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _most_leaving(city: City, rate: views.RecruitmentRates, i: int, helped: float) -> float:
    """Return a probability of leaving that no member in neighbourhood i exceeds, `helped` on the log hazard at most."""
    most: float = rate.exit_in_prison
    trained = 1.0 if city.place[i].training_touched > 0.0 else 0.0
    for k in range(city.gang.size):
        if city.members[i, k] + city.inmates[i, k] > 0:
            gang = city.gang[k]
            comrades = gang.expected_dead / max(gang.members, 1.0)
            most = max(most, leave_probability(rate, gang.cohesion, comrades, 30.0, FORMAL, 0, 0, trained, helped, 0.0))
    return most


@compiled
def _join(city: City, rates: Rates, seed: np.uint64, t: int, row: int, i: int) -> None:
    """Pick the gang, by its control here (more than in proportion: it is known) and its need of people, and join it."""
    place = city.place[i]
    rate = rates.recruitment[0]
    total = 0.0
    ideas = rate.choice_ideas * (city.levers[i].flow_ideas + _aggrieved(city, rate, i))
    for k in range(city.gang.size):
        total += _appeal(city, rate, i, k, ideas)
    if total <= 0.0:
        return
    mark = uniform(seed, JOIN_WHICH, t, row) * total
    chosen = 0
    for k in range(city.gang.size):
        here = _appeal(city, rate, i, k, ideas)
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
def _appeal(city: City, rate: views.RecruitmentRates, i: int, k: int, ideas: float) -> float:
    """Return the weight of gang k among those a recruit of neighbourhood i may join."""
    gang = city.gang[k]
    return city.control[i, k] ** rate.choice_control * math.exp(rate.choice_gain * gang.demand + ideas * gang.ideological)


@compiled
def leave_probability(
    rate: views.RecruitmentRates,
    cohesion: float,
    comrades: float,
    age: float,
    activity: int,
    record: int,
    female: int,
    training: float,
    helped: float,
    transformed: float,
) -> float:
    """Return the probability that a free member leaves the gang this month.

    Parameters
    ----------
    rate : record
        Parameters of this process.
    cohesion, comrades : float
        Of the gang: its cohesion, and its members' expected deaths last month per member.
    age, activity, record, female, training
        Of the youth, as the columns hold them; age in years.
    helped, transformed : float
        Of the neighbourhood, on the log hazard: exposure with a way back, and work with the whole group, which is felt
        most in knit gangs, where training alone is felt least.
    """
    knit = min(max((cohesion - rate.knit_from) / rate.knit_width, -0.3), 1.3)
    work = 0.0
    if activity == FORMAL:
        work = 1.0
    elif activity == SCHOOL:
        work = rate.work_school
    elif activity != NEITHER:
        work = rate.work_informal
    log_hazard = (
        math.log(rate.exit_loose)
        + knit * (math.log(rate.exit_cohesive) - math.log(rate.exit_loose))
        + rate.exit_work * (work - 0.5)
        + rate.exit_age * (age - 18.0)
        - rate.exit_record * record
        - rate.exit_female * female
        + rate.exit_comrades * min(1.0, rate.exit_deaths_scale * comrades)
        + rate.training_on_exit * training * (1.0 - rate.knit_blocks * min(max(knit, 0.0), 1.0))
        + helped
        + transformed * (rate.transform_loose + (1.0 - rate.transform_loose) * min(max(knit, 0.0), 1.0))
    )
    return 1.0 - math.exp(-min(rate.exit_most, math.exp(log_hazard)))
