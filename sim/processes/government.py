"""City government: integrity, the stock of guns, the load of cases; what belongs to no single neighbourhood.

    integrity += .03 (goal - integrity), goal = integrity0 + rise (1 - integrity0) transparency - b log(laundered), .05-.95
    force     += .03 (integrity0 - b log(laundered) - force)     the police: bought like officials, and no more honest for
                 honest permits; that takes a reform of their own (`justice.police_integrity`)
    bribes     = sum of rent * sum_k c_k (1 + b pact_k) * (1 - integrity), by residents         rents buy officials, and
                 an understanding with them most of all (row E09)
    permit bribes = (1 - integrity)/(1 - integrity0) (1 - b rules shown), by informality
    laundered  = money flow * (1 - cut building rules) * transit^b         needless building; what is left buys politics:
    politics  += .03 (laundered (1 - integrity)/(1 - integrity0) - politics)
    alignment += .1 (follows + (1 - follows) (g forum (.5 + fit/2) + b dlinkage + l lobbying listened to) - alignment)
                 row E34: asked, written, lobbied for; listened to = 1 - (1 - capital)(1 - fit)
    linkage   += .03 (target(linkage0; g lever) - linkage)                              row E27
    grievance += .03 (target(grievance0; spark - b participation) - grievance)          row E33
    reform    += .02 (lever - reform); scrutiny += .04 (findings carried out - scrutiny)
    bubbles    = share of residents behind walls that were bought or levied for          row E18
    guns      += .06 ((1 - cut * access) * firearms^b - guns)            firearms: at most 1 000 times the ordinary
    caseload  += .15 (expected killings of the month - caseload)
    conviction_k = clearance * killings expected of gang k / its members                    arrests of next month
Moved last of all, so that within a month nothing city-wide carries news from one end of the city to the other.
    rows E04, E11 (money buys officials), E15, E18, E22, E27, E33, E34
    levers permit_integrity, firearms_control, building_rules, fee_transparency, joint_forum, lobbying, business_cooperation,
    participation, contested_election, police_reform, inquiry_follow_through
    sources reg.integrity_anticorruption, reg.gun_stock_law; speeds found by fitting
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.enumerations import FIREARMS, MONEY
from sim.parameters import Parameters
from sim.processes.demography import first_of
from sim.processes.gangs.money import count_money
from sim.processes.police_units import muster
from sim.processes.policy_delivery import MOST_FLOW, killings_expected
from sim.processes.safety_fund import collect
from sim.processes.steady_state import equilibrium, log_ratio, track
from sim.state import FREE, NEITHER, NO_GANG, PRISON, SCHOOL, SPAN, City

__all__ = ["update"]

# Months from the tenth birthday to the fourteenth and the eighteenth.
FOURTEEN = 48
EIGHTEEN = 96


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Move what the whole city shares."""
    param = params.government[0]
    city_state = city.city_state[0]
    integrity = 0.0
    guns = 0.0
    money = 0.0
    firearms = 0.0
    killings = 0.0
    cleared = 0.0
    rivalry = 0.0
    jobs = 0.0
    bribes = 0.0
    truce = 0.0
    building = 0.0
    permits = 0.0
    informal = 0.0
    forum = 0.0
    lobbying = 0.0
    linking = 0.0
    grievance = 0.0
    reform = 0.0
    findings = 0.0
    bubbles = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        share = neighbourhood.population / city_state.population
        integrity += lever.permit_integrity * share
        guns += lever.firearms_control * share
        truce += lever.truce * share
        money += lever.flow_money * share
        firearms += lever.flow_firearms * share
        building += lever.building_rules * share
        informal += neighbourhood.informality * share
        permits += neighbourhood.informality * share * (1.0 - param.fee_transparency_on_bribes * lever.fee_transparency)
        forum += lever.joint_forum * share
        lobbying += lever.lobbying * share
        linking += lever.business_cooperation * share
        grievance += (
            param.spark_on_grievance * lever.contested_election
            - params.group_conflict[0].participation_on_grievance * lever.participation
        ) * share
        reform += lever.police_reform * share
        findings += lever.inquiry_follow_through * share
        bubbles += max(neighbourhood.enclave, lever.improvement_district) * share
        here = killings_expected(neighbourhood)
        killings += here
        cleared += here * neighbourhood.clearance
        rivalry += neighbourhood.deaths_rivalry
        jobs += neighbourhood.jobs * share
        paying = 0.0
        for k in range(city.gang.size):
            paying += city.control[i, k] * (1.0 + param.pact_on_bribes * city.gang[k].pact)
        bribes += neighbourhood.rent * paying * (1.0 - city_state.integrity) * share
    city_state.clearance = cleared / killings if killings > 0.0 else city_state.clearance_anchor
    city_state.jobs = jobs
    city_state.bribes = bribes
    city_state.truce = truce
    money += math.log(max(city.flows.level[MONEY], 0.05))
    firearms += math.log(max(city.flows.level[FIREARMS], 0.05))
    overseen = param.oversight_on_integrity * integrity * (1.0 - city_state.integrity_anchor)
    city_state.laundered = math.exp(min(max(money, -3.0), 3.0)) * (1.0 - param.building_rules_on_laundering * building)
    passing = log_ratio(city_state.transit_rents, city_state.transit_reference)
    city_state.laundered *= math.exp(param.transit_on_laundering * passing)
    unbought = city_state.integrity_anchor - param.dirty_money_on_integrity * math.log(max(city_state.laundered, 0.05))
    goal = min(max(unbought + overseen, 0.05), 0.95)
    city_state.integrity += param.integrity_speed * (goal - city_state.integrity)
    goal = min(max(unbought, 0.05), 0.95)
    city_state.force_integrity += param.integrity_speed * (goal - city_state.force_integrity)
    bought = (1.0 - city_state.integrity) / (1.0 - city_state.integrity_anchor)
    city_state.politics += param.politics_speed * (city_state.laundered * bought - city_state.politics)
    city_state.permit_bribes = bought * permits / informal if informal > 0.0 else bought
    heard = (
        param.forum_on_alignment
        * forum
        * (param.forum_without_alignment + (1.0 - param.forum_without_alignment) * city_state.fit)
    )
    heard += param.cooperation_on_alignment * (city_state.linkage - city_state.linkage_anchor)
    # A nation listens to a capital, to the centre of its economy, and to those who belong to it.
    listened_to = 1.0 - (1.0 - city_state.capital) * (1.0 - city_state.fit)
    heard += param.lobbying_on_alignment * lobbying * listened_to
    goal = city_state.follows + (1.0 - city_state.follows) * min(max(heard, 0.0), 1.0)
    city_state.alignment += param.alignment_speed * (goal - city_state.alignment)
    goal = equilibrium(city_state.linkage_anchor, param.compact_on_cooperation * linking)
    city_state.linkage += param.cooperation_speed * (goal - city_state.linkage)
    city_state.grievance += param.grievance_speed * (
        equilibrium(city_state.grievance_anchor, grievance) - city_state.grievance
    )
    city_state.reform += params.justice[0].reform_speed * (reform - city_state.reform)
    city_state.scrutiny += param.inquiry_speed * (findings - city_state.scrutiny)
    city_state.bubbles = bubbles
    goal = (1.0 - param.gun_rules_on_stock * guns) * math.exp(
        param.firearms_flow_on_stock * min(max(firearms, -MOST_FLOW), MOST_FLOW)
    )
    city_state.guns += param.gun_stock_speed * (goal - city_state.guns)
    city_state.caseload += param.caseload_speed * (killings - city_state.caseload)
    city_state.caseload_reference = track(city_state.caseload_reference, city_state.caseload, city_state.anchoring)
    members = 0.0
    for k in range(city.gang.size):
        members += city.gang[k].members
    if members > 0.0:
        city_state.rivalry_reference = track(city_state.rivalry_reference, rivalry / members, city_state.anchoring)
    city_state.fighting_reference = track(
        city_state.fighting_reference, rivalry / city_state.population, city_state.anchoring
    )
    for k in range(city.gang.size):
        gang = city.gang[k]
        gang.conviction = 0.0
        if gang.members > 0.0:
            gang.conviction = min(0.2, city_state.clearance * gang.expected_killings / gang.members)
    _count_youths(city, params, t)
    count_money(city, params)
    collect(city, params)
    muster(city, params)


@compiled
def _count_youths(city: City, params: Parameters, t: int) -> None:
    """Count youths alive, in prison, idle, out of school, and girls and women in gangs, as residents or shares."""
    youth = city.youth
    city_state = city.city_state[0]
    t = t % SPAN
    city_state.prisoners = 0.0
    city_state.youths = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        status = youth.status[neighbourhood.first : neighbourhood.last]
        activity = youth.activity[neighbourhood.first : neighbourhood.last]
        gang = youth.gang[neighbourhood.first : neighbourhood.last]
        female = youth.female[neighbourhood.first : neighbourhood.last]
        inside = 0
        free = 0
        idle = 0
        girls = 0
        for j in range(status.size):
            inside += 1 if status[j] == PRISON else 0
            free += 1 if status[j] == FREE else 0
            idle += 1 if (status[j] == FREE) & (activity[j] == NEITHER) else 0
            girls += 1 if (status[j] == FREE) & (gang[j] != NO_GANG) & (female[j] == 1) else 0
        neighbourhood.idle = idle / free if free > 0 else 0.0
        neighbourhood.female_members = girls * neighbourhood.weight
        # Rows stand in the order of their month of birth: those of 14 to 17 are one stretch, or two around the end.
        number = neighbourhood.last - neighbourhood.first
        oldest = first_of((t - EIGHTEEN + 1) % SPAN, number)
        youngest = first_of((t - FOURTEEN + 1) % SPAN, number)
        if oldest < youngest:
            pupils, teens = _at_school(status[oldest:youngest], activity[oldest:youngest])
        else:
            pupils, teens = _at_school(status[oldest:], activity[oldest:])
            more = _at_school(status[:youngest], activity[:youngest])
            pupils += more[0]
            teens += more[1]
        neighbourhood.out_of_school = 1.0 - pupils / teens if teens > 0 else 0.0
        neighbourhood.prisoners = inside * neighbourhood.weight
        city_state.prisoners += neighbourhood.prisoners
        city_state.youths += (inside + free) * neighbourhood.weight
    city_state.prison_places = track(
        city_state.prison_places, params.justice[0].prison_capacity_ratio * city_state.prisoners, city_state.anchoring
    )


@compiled
def _at_school(status: npt.NDArray[np.int8], activity: npt.NDArray[np.int8]) -> tuple[int, int]:
    """Return how many of a stretch of rows are free and at school, and how many are free."""
    pupils = 0
    free = 0
    for j in range(status.size):
        pupils += 1 if (status[j] == FREE) & (activity[j] == SCHOOL) else 0
        free += 1 if status[j] == FREE else 0
    return pupils, free
