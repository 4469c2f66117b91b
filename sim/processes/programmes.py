"""Programmes offer places: after school, and work with training and therapy.

A place is offered to eligible youths at the rate that fills the capacity, taken up by chance and held for its months;
training leaves an effect that fades after it, in years where therapy went with the work and in months where it did not.
Capacity and money say how many places there are, conditions what one does (`place_effect`).
    rows    E17, E32
    draws   PLACE_TRAINING, PLACE_SCHOOL, TRAINING_JOB
    sources res.after_school_sel, res.employment_training_high_risk, res.cbt_cash_liberia, int.cbt_x_cash
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, PLACE_SCHOOL, PLACE_TRAINING, TRAINING_JOB, ask, uniform
from sim.enumerations import AFTER_SCHOOL, JOB_TRAINING
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, risk
from sim.processes.places import offer_of
from sim.state import FORMAL, FREE, NEITHER, NO_GANG, City, Youth

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["run_after_school", "run_training"]


@compiled
def run_after_school(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    """Offer after-school places to those of ten to sixteen, and count down the months of those in one."""
    param = params.community[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    if lever.after_school_places <= 0.0 and neighbourhood.school_places <= 0.0:
        return
    share = (
        param.after_school_coverage
        * min(1.0, lever.after_school_places)
        * (param.delivery_without_credibility + neighbourhood.credibility)
    )
    offer, whole = offer_of(share, param.after_school_months, city.place_months[i, AFTER_SCHOOL])
    first = neighbourhood.first
    while offer > 0.0 and first < neighbourhood.last:
        number = min(BLOCK, neighbourhood.last - first)
        for asked in range(ask(city.scratch, seed, PLACE_SCHOOL, t, first, number, offer)):
            row = first + city.scratch.picked[asked]
            if youth.status[row] != FREE or youth.school_place[row] > 0 or youth.gang[row] != NO_GANG:
                continue
            if age_in_years(youth.phase[row], t) < 17.0:
                youth.school_place[row] = whole
        first += number
    filled = 0
    for row in range(neighbourhood.first, neighbourhood.last):
        counted = 1 if youth.status[row] == FREE and youth.school_place[row] > 0 else 0
        youth.school_place[row] -= counted
        filled += counted
    neighbourhood.school_places = filled * neighbourhood.weight


@compiled
def run_training(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    """Offer work with training and therapy from sixteen on to members, to those with a record and to idle youths at risk."""
    param = params.community[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    for k in range(city.gang.size):
        city.trained[i, k] = 0.0
    if lever.job_training <= 0.0 and neighbourhood.training_touched <= 0.0:
        return
    neighbourhood.training_touched = 1.0
    share = (
        param.training_coverage
        * param.training_uptake
        * min(1.0, lever.job_training)
        * (param.delivery_without_credibility + neighbourhood.credibility)
    )
    offer, whole = offer_of(share, param.training_months, city.place_months[i, JOB_TRAINING])
    if lever.job_training > 0.0:
        neighbourhood.work_alone = min(1.0, lever.work_alone / lever.job_training)
    alone = neighbourhood.work_alone
    halvings = (1.0 - alone) / param.training_half_life + alone / param.work_alone_half_life
    fade = math.exp(-math.log(2.0) * halvings)
    missed = param.risk_on_agency_reach * (1.0 - lever.local_delivery)
    first = neighbourhood.first
    while offer > 0.0 and first < neighbourhood.last:
        number = min(BLOCK, neighbourhood.last - first)
        for asked in range(ask(city.scratch, seed, PLACE_TRAINING, t, first, number, offer)):
            row = first + city.scratch.picked[asked]
            if youth.status[row] != FREE or youth.training[row] > 0 or not _may_train(param, youth, row, t):
                continue
            # An agency misses those most at risk; a partner from the neighbourhood finds them.
            z = risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row])
            if city.scratch.luck[asked] < offer * math.exp(-missed * max(z, 0.0)):
                youth.training[row] = whole
        first += number
    filled, at_risk = 0.0, 0.0
    full = city.place_effect[i, JOB_TRAINING]  # of what a place can do
    lasting = full * (1.0 - alone)  # a job at the end is kept where therapy went with the work
    for row in range(neighbourhood.first, neighbourhood.last):
        left = youth.training[row]
        effect = float(youth.training_effect[row])
        if (left == 0 and effect == 0.0) or youth.status[row] != FREE:
            continue
        effect *= fade
        if effect < 0.01:
            effect = 0.0
        if left > 0:
            effect = max(effect, full)
            youth.training[row] = left - 1
            filled += 1.0
            if left > 1:
                at_risk += 1.0 if _top_risk(youth, row) else 0.0
            elif lasting >= 1.0 or uniform(seed, TRAINING_JOB, t, row) < lasting:
                youth.activity[row] = FORMAL
        youth.training_effect[row] = effect
        if effect > 0.0 and youth.gang[row] != NO_GANG:
            city.trained[i, youth.gang[row]] += effect
    neighbourhood.training_places = filled * neighbourhood.weight
    neighbourhood.places_at_risk = at_risk * neighbourhood.weight


@compiled
def _top_risk(youth: Youth, row: int) -> bool:
    """Say whether a youth is of the tenth most at risk, who stand 1.28 standard deviations above the mean."""
    return risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row]) > 1.28


@compiled
def _may_train(param: views.CommunityParameters, youth: Youth, row: int, t: int) -> bool:
    """Say whether a free youth may be offered training: of sixteen on, a member, with a record, or idle and at risk."""
    if age_in_years(youth.phase[row], t) < 16.0:
        return False
    if youth.gang[row] != NO_GANG or youth.record[row] == 1:
        return True
    if youth.activity[row] != NEITHER:
        return False
    return risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row]) > param.training_risk_threshold
