"""Business, jobs, and what youths do all day.

    entry  = exp(-b_x dx_i / 2 - b_f dfear_i + b_d district_i + shared + b_l dlinkage + b_in included_i) (1 - slump_i)
             (1 - b damage_i)
    leave  = exp(b_x dx_i / 2)
    B_i   += speed * (entry - leave * B_i), at least .05   extortion starves business: firms stay out, and go (row E07)
    P_i += speed * (B_i (1 - t lost transport - h far homes) - P_i)       posts follow with a lag, those in reach (E28, E42)
    W_i += slow speed * (P_i - W_i),  J_i = P_i / W_i                     people go where posts are, so that a gain or a loss
                                                                          of jobs for each who wants one passes in some years
    idle_j = logistic(a0 + a1 deprivation_i - a2 log J_i + a3 r_j + a4 record_j - a5 training_j + a6 newcomers_i), children
             less; r_j: risk at school before 18, with a7 poorer schools (row E31), and of the person after
    the rest study (all under 16; fewer with age and poorer schools; some of those whose school is lost do neither, E42), or
    work, informally in the informal share of cases
d marks the difference from the anchor or reference; B and J are 1 in the ordinary city, and a twentieth of it goes on
through the longest slump: what neighbours sell one another needs no founding. A youth's activity is looked at
again with a monthly probability of 5 %. Levers: district, compact (shared gain of districts and
enclaves, row E18), slump, housing_jobs (work that comes with upgraded homes, row E28). Draws: ACTIVITY.
Sources: ext.firm_closure (recalled figures of Tegucigalpa), gang.join_labour_elasticity (a medium-term effect, gone in the
long term); movers undo what a shock does to employment: Blanchard and Katz 1992 (recalled), contested by Rowthorn and
Glyn 2006; speeds found by fitting.
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import ACTIVITY, BLOCK, ask
from sim.enumerations import SERVICE_SCHOOL, SERVICE_TRANSPORT
from sim.parameters import Parameters
from sim.processes.demography import age_in_years
from sim.processes.risks import OF_SCHOOL
from sim.processes.steady_state import logistic
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, SCHOOL, City

__all__ = ["choose_activity", "update"]

# Of the ordinary business, what goes on whatever happens.
LEAST_BUSINESS = 0.05


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Move business and jobs, then let some youths change what they do."""
    param = params.labour[0]
    city_state = city.city_state[0]
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        paying = 0.5 * param.extortion_on_business * (neighbourhood.extortion - neighbourhood.extortion_reference)
        within = max(neighbourhood.enclave, lever.improvement_district)
        gain = (
            param.district_on_business
            * lever.improvement_district
            * (1.0 - param.compact_share_of_district_gain * lever.shared_security_compact)
        )
        gain += param.compact_on_business * lever.shared_security_compact * (1.0 - within) * city_state.bubbles
        entry = math.exp(
            -paying
            - param.fear_on_business * (neighbourhood.fear - neighbourhood.fear_anchor)
            + gain
            + param.cooperation_on_business * (city_state.linkage - city_state.linkage_anchor)
            + param.inclusion_on_business * neighbourhood.included
        )
        entry *= (1.0 - lever.slump) * (1.0 - param.damage_on_business * neighbourhood.damage)
        leave = math.exp(paying)
        neighbourhood.firm_entry = 12.0 * param.business_speed * entry / neighbourhood.business
        neighbourhood.firm_exit = 12.0 * param.business_speed * leave
        neighbourhood.business = max(
            LEAST_BUSINESS, neighbourhood.business + param.business_speed * (entry - leave * neighbourhood.business)
        )
        # People go where posts are: what a youth finds is posts for each who looks for one.
        posts = neighbourhood.jobs * neighbourhood.workforce
        neighbourhood.workforce += param.workforce_speed * (posts - neighbourhood.workforce)
        near = (
            1.0
            - param.transport_on_posts * city.services.lost[i, SERVICE_TRANSPORT]
            - param.far_homes_on_posts * neighbourhood.far_from_work
        )
        posts += param.jobs_speed * (neighbourhood.business * near - posts)
        neighbourhood.jobs = posts / neighbourhood.workforce
        choose_activity(city, params, seed, t, i)


@compiled
def choose_activity(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    """Redraw the activity of those whose turn it is, in neighbourhood i."""
    param = params.labour[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    look = param.activity_review_rate
    ordinary = (
        param.idleness_base
        + param.deprivation_on_idleness * neighbourhood.deprivation
        - param.jobs_on_idleness * math.log(neighbourhood.jobs)
    )
    ordinary -= param.upgrading_on_idleness * city.levers[i].housing_jobs
    ordinary += param.unsettled_newcomers_on_idleness * (neighbourhood.displaced - city.city_state[0].displaced_ordinary)
    leaving_school = param.school_quality_on_dropping_out * neighbourhood.school_gap
    open_doors = 1.0 - param.schools_on_attendance * city.services.lost[i, SERVICE_SCHOOL]
    row = neighbourhood.first
    while row < neighbourhood.last:
        number = min(BLOCK, neighbourhood.last - row)
        for asked in range(ask(city.scratch, seed, ACTIVITY, t, row, number, look)):
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            # The part of u below the threshold is itself uniform: one draw serves both questions.
            u = city.scratch.luck[asked] / look
            age = age_in_years(youth.phase[r], t)
            troubled = float(youth.person[r])
            of_school = 0.0
            if age < OF_SCHOOL:
                troubled = float(youth.school[r])
                of_school = leaving_school
            idle = logistic(
                ordinary
                - of_school
                + param.risk_on_idleness * troubled
                + param.prison_record_on_idleness * youth.record[r]
                - param.training_on_idleness * float(youth.training_effect[r])
            )
            if age < 14.0:
                idle *= param.idleness_ratio_under_14
            elif age < 16.0:
                idle *= param.idleness_ratio_14_to_15
            if u < idle:
                youth.activity[r] = NEITHER
                continue
            rest = (u - idle) / (1.0 - idle)
            studying = 1.0
            if age >= 24.0:
                studying = param.study_share_24_and_over
            elif age >= 19.0:
                studying = param.study_share_19_to_23 * neighbourhood.school_quality
            elif age >= 16.0:
                studying = min(
                    1.0, param.study_share_16_to_18 + (1.0 - param.study_share_16_to_18) * neighbourhood.school_quality
                )
            if rest < studying:
                # Who has no school to go to has no work for that.
                youth.activity[r] = SCHOOL if rest < studying * open_doors else NEITHER
            elif (rest - studying) / (1.0 - studying) < neighbourhood.informality:
                youth.activity[r] = INFORMAL
            else:
                youth.activity[r] = FORMAL
        row += number
