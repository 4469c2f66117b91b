"""Business, jobs, and what youths do all day.

    entry  = exp(-b_x dx_i / 2 - b_f dfear_i + b_d district_i + shared + b_l dlinkage + b_in included_i) (1 - slump_i)
             (1 - b damage_i)
    leave  = exp(b_x dx_i / 2)
    B_i   += speed * (entry - leave * B_i), at least .05   extortion starves business: firms stay out, and go (row E07)
    J_i += speed * (B_i - J_i)                                            jobs follow with a lag
    idle_j = logistic(a0 + a1 deprivation_i - a2 log J_i + a3 z_j + a4 record_j - a5 training_j), children less
    the rest study (all under 16; fewer with age and poorer schools), or work, informally in the informal share of cases
d marks the difference from the anchor or reference; B and J are 1 in the ordinary city, and a twentieth of it goes on
through the longest slump: what neighbours sell one another needs no founding. A youth's activity is looked at
anew with a monthly probability of 5 %. Levers: district, compact (shared gain of districts and
enclaves, row E18), slump, housing_jobs (work that comes with upgraded homes, row E28). Draws: ACTIVITY.
Sources: ext.firm_closure (recalled figures of Tegucigalpa), gang.join_labour_elasticity; speeds found by fitting.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import ACTIVITY, BLOCK, ask
from sim.parameters import Rates
from sim.processes.anchors import logistic
from sim.processes.lifecourse import age_in_years, risk
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, SCHOOL, City

__all__ = ["choose_activity", "turn"]

# Of the ordinary business, what goes on whatever happens.
LEAST_BUSINESS = 0.05


@compiled
def turn(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Move business and jobs, then let some youths change what they do."""
    rate = rates.economy[0]
    town = city.town[0]
    for i in range(city.place.size):
        place = city.place[i]
        lever = city.levers[i]
        paying = 0.5 * rate.extortion_on_business * (place.extortion - place.extortion_reference)
        within = max(place.enclave, lever.improvement_district)
        gain = (
            rate.district_on_business
            * lever.improvement_district
            * (1.0 - rate.compact_takes * lever.shared_security_compact)
        )
        gain += rate.compact_on_business * lever.shared_security_compact * (1.0 - within) * town.bubbles
        entry = math.exp(
            -paying
            - rate.fear_on_business * (place.fear - place.fear_anchor)
            + gain
            + rate.linkage_on_business * (town.linkage - town.linkage_anchor)
            + rate.inclusion_on_business * place.included
        )
        entry *= (1.0 - lever.slump) * (1.0 - rate.damage_on_business * place.damage)
        leave = math.exp(paying)
        place.firm_entry = 12.0 * rate.business_speed * entry / place.business
        place.firm_exit = 12.0 * rate.business_speed * leave
        place.business = max(LEAST_BUSINESS, place.business + rate.business_speed * (entry - leave * place.business))
        place.jobs += rate.jobs_speed * (place.business - place.jobs)
        choose_activity(city, rates, seed, t, i)


@compiled
def choose_activity(city: City, rates: Rates, seed: np.uint64, t: int, i: int) -> None:
    """Redraw the activity of those whose turn it is, in neighbourhood i."""
    rate = rates.economy[0]
    youth = city.youth
    place = city.place[i]
    look = rate.activity_change
    ordinary = rate.idle_base + rate.idle_deprivation * place.deprivation - rate.idle_jobs * math.log(place.jobs)
    ordinary -= rate.idle_upgrading * city.levers[i].housing_jobs
    row = place.first
    while row < place.last:
        number = min(BLOCK, place.last - row)
        for asked in range(ask(city.scratch, seed, ACTIVITY, t, row, number, look)):
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            # The part of u below the threshold is itself uniform: one draw serves both questions.
            u = city.scratch.luck[asked] / look
            age = age_in_years(youth.phase[r], t)
            idle = logistic(
                ordinary
                + rate.idle_risk * risk(youth.person[r], youth.family[r], youth.friends[r], youth.school[r])
                + rate.idle_record * youth.record[r]
                - rate.idle_training * float(youth.training_effect[r])
            )
            if age < 14.0:
                idle *= rate.idle_under_14
            elif age < 16.0:
                idle *= rate.idle_under_16
            if u < idle:
                youth.activity[r] = NEITHER
                continue
            rest = (u - idle) / (1.0 - idle)
            studying = 1.0
            if age >= 24.0:
                studying = rate.study_from_24
            elif age >= 19.0:
                studying = rate.study_from_19 * place.school_quality
            elif age >= 16.0:
                studying = min(1.0, rate.study_from_16 + (1.0 - rate.study_from_16) * place.school_quality)
            if rest < studying:
                youth.activity[r] = SCHOOL
            elif (rest - studying) / (1.0 - studying) < place.informality:
                youth.activity[r] = INFORMAL
            else:
                youth.activity[r] = FORMAL
        row += number
