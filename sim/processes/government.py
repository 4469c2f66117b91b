"""City government: integrity, the stock of guns, the load of cases; what belongs to no single neighbourhood.

    integrity += .03 (goal - integrity), goal = integrity0 + rise (1 - integrity0) transparency - b log(laundered), .05-.95
    bribes     = sum of rent * sum_k c_k (1 + b pact_k) * (1 - integrity), by residents         rents buy officials, and
                 an understanding with them most of all (row E09)
    permit bribes = (1 - integrity)/(1 - integrity0) (1 - b rules shown), by informality
    laundered  = money flow * (1 - cut building rules)                     needless building; what is left buys politics:
    politics  += .03 (laundered (1 - integrity)/(1 - integrity0) - politics)
    alignment += .1 (follows + (1 - follows) (g forum (.5 + fit/2) + b dlinkage) - alignment)      row E34: asked, written
    linkage   += .03 (target(linkage0; g lever) - linkage)                              row E27
    grievance += .03 (target(grievance0; spark - b participation) - grievance)          row E33
    reform    += .02 (lever - reform); scrutiny += .04 (findings carried out - scrutiny)
    bubbles    = share of residents behind walls that were bought or levied for          row E18
    guns      += .06 ((1 - cut * access) * firearms^b - guns)            firearms: at most 1 000 times the ordinary
    caseload  += .15 (expected killings of the month - caseload)
    conviction_k = clearance * killings expected of gang k / its members                    arrests of next month
Moved last of all, so that within a month nothing city-wide carries news from one end of the city to the other.
    rows E04, E11 (money buys officials), E15, E18, E22, E27, E33, E34
    levers permit_integrity, firearms_control, building_rules, fee_transparency, joint_forum, business_cooperation,
    participation, contested_election, police_reform, inquiry_follow_through
    sources reg.integrity_anticorruption, reg.gun_stock_law; speeds found by fitting
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import follow, target
from sim.processes.calendar import MOST_FLOW, killings_expected
from sim.processes.gangs import count_money
from sim.processes.lifecourse import first_of
from sim.state import FIREARMS, FREE, MONEY, NEITHER, NO_GANG, PRISON, SCHOOL, SPAN, City

__all__ = ["settle"]

# Months from the tenth birthday to the fourteenth and the eighteenth.
FOURTEEN = 48
EIGHTEEN = 96


@compiled
def settle(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Move what the whole city shares."""
    rate = rates.government[0]
    town = city.town[0]
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
    linking = 0.0
    grievance = 0.0
    reform = 0.0
    findings = 0.0
    bubbles = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        lever = city.levers[i]
        share = place.population / town.population
        integrity += lever.permit_integrity * share
        guns += lever.firearms_control * share
        truce += lever.truce * share
        money += lever.flow_money * share
        firearms += lever.flow_firearms * share
        building += lever.building_rules * share
        informal += place.informality * share
        permits += place.informality * share * (1.0 - rate.rules_on_bribes * lever.fee_transparency)
        forum += lever.joint_forum * share
        linking += lever.business_cooperation * share
        grievance += (
            rate.spark_on_grievance * lever.contested_election
            - rates.identity[0].participation_on_grievance * lever.participation
        ) * share
        reform += lever.police_reform * share
        findings += lever.inquiry_follow_through * share
        bubbles += max(place.enclave, lever.improvement_district) * share
        here = killings_expected(place)
        killings += here
        cleared += here * place.clearance
        rivalry += place.deaths_rivalry
        jobs += place.jobs * share
        paying = 0.0
        for k in range(city.gang.size):
            paying += city.control[i, k] * (1.0 + rate.pact_pays * city.gang[k].pact)
        bribes += place.rent * paying * (1.0 - town.integrity) * share
    town.clearance = cleared / killings if killings > 0.0 else town.clearance_anchor
    town.jobs = jobs
    town.bribes = bribes
    town.truce = truce
    money += math.log(max(city.flows.level[MONEY], 0.05))
    firearms += math.log(max(city.flows.level[FIREARMS], 0.05))
    goal = town.integrity_anchor + rate.integrity_rise * integrity * (1.0 - town.integrity_anchor)
    town.laundered = math.exp(min(max(money, -3.0), 3.0)) * (1.0 - rate.building_cut * building)
    goal = min(max(goal - rate.money_on_integrity * math.log(max(town.laundered, 0.05)), 0.05), 0.95)
    town.integrity += rate.integrity_speed * (goal - town.integrity)
    bought = (1.0 - town.integrity) / (1.0 - town.integrity_anchor)
    town.politics += rate.politics_speed * (town.laundered * bought - town.politics)
    town.permit_bribes = bought * permits / informal if informal > 0.0 else bought
    heard = rate.forum_gain * forum * (rate.forum_least + (1.0 - rate.forum_least) * town.fit)
    heard += rate.linkage_on_alignment * (town.linkage - town.linkage_anchor)
    goal = town.follows + (1.0 - town.follows) * min(max(heard, 0.0), 1.0)
    town.alignment += rate.alignment_speed * (goal - town.alignment)
    goal = target(town.linkage_anchor, rate.linkage_gain * linking)
    town.linkage += rate.linkage_speed * (goal - town.linkage)
    town.grievance += rate.grievance_speed * (target(town.grievance_anchor, grievance) - town.grievance)
    town.reform += rates.justice[0].reform_speed * (reform - town.reform)
    town.scrutiny += rate.scrutiny_speed * (findings - town.scrutiny)
    town.bubbles = bubbles
    goal = (1.0 - rate.gun_stock_cut * guns) * math.exp(rate.firearms_on_stock * min(max(firearms, -MOST_FLOW), MOST_FLOW))
    town.guns += rate.gun_stock_speed * (goal - town.guns)
    town.caseload += rate.caseload_speed * (killings - town.caseload)
    town.caseload_reference = follow(town.caseload_reference, town.caseload, town.anchoring)
    members = 0.0
    for k in range(city.gang.size):
        members += city.gang[k].members
    if members > 0.0:
        town.rivalry_reference = follow(town.rivalry_reference, rivalry / members, town.anchoring)
    town.fighting_reference = follow(town.fighting_reference, rivalry / town.population, town.anchoring)
    for k in range(city.gang.size):
        gang = city.gang[k]
        gang.conviction = 0.0
        if gang.members > 0.0:
            gang.conviction = min(0.2, town.clearance * gang.expected_killings / gang.members)
    _count_youths(city, rates, t)
    count_money(city, rates)


@compiled
def _count_youths(city: City, rates: Rates, t: int) -> None:
    """Count youths alive, in prison, idle, out of school, and girls and women in gangs, as residents or shares."""
    youth = city.youth
    town = city.town[0]
    t = t % SPAN
    town.prisoners = 0.0
    town.youths = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        status = youth.status[place.first : place.last]
        activity = youth.activity[place.first : place.last]
        gang = youth.gang[place.first : place.last]
        female = youth.female[place.first : place.last]
        inside = 0
        free = 0
        idle = 0
        girls = 0
        for j in range(status.size):
            inside += 1 if status[j] == PRISON else 0
            free += 1 if status[j] == FREE else 0
            idle += 1 if (status[j] == FREE) & (activity[j] == NEITHER) else 0
            girls += 1 if (status[j] == FREE) & (gang[j] != NO_GANG) & (female[j] == 1) else 0
        place.idle = idle / free if free > 0 else 0.0
        place.female_members = girls * place.weight
        # Rows stand in the order of their month of birth: those of 14 to 17 are one stretch, or two around the end.
        number = place.last - place.first
        oldest = first_of((t - EIGHTEEN + 1) % SPAN, number)
        youngest = first_of((t - FOURTEEN + 1) % SPAN, number)
        if oldest < youngest:
            pupils, teens = _at_school(status[oldest:youngest], activity[oldest:youngest])
        else:
            pupils, teens = _at_school(status[oldest:], activity[oldest:])
            more = _at_school(status[:youngest], activity[:youngest])
            pupils += more[0]
            teens += more[1]
        place.out_of_school = 1.0 - pupils / teens if teens > 0 else 0.0
        place.prisoners = inside * place.weight
        town.prisoners += place.prisoners
        town.youths += (inside + free) * place.weight
    town.prison_places = follow(town.prison_places, rates.justice[0].prison_room * town.prisoners, town.anchoring)


@compiled
def _at_school(status: npt.NDArray[np.int8], activity: npt.NDArray[np.int8]) -> tuple[int, int]:
    """Return how many of a stretch of rows are free and at school, and how many are free."""
    pupils = 0
    free = 0
    for j in range(status.size):
        pupils += 1 if (status[j] == FREE) & (activity[j] == SCHOOL) else 0
        free += 1 if status[j] == FREE else 0
    return pupils, free
