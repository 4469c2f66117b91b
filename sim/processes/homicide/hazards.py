"""What one youth risks, and what share of a risk falls on those under eighteen.

exposure_j   = proneness, times those of being idle, of being in a gang, of being under fifteen       in the street
at large     = sum of exposure_j over free youths / the same over all who live, in prison or free
hazard_j     = rivalry_ik (1 - training) + discipline_k                                              of a member
rows E23, E30
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.draws import BLOCK
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, first_of, most_prone
from sim.processes.homicide.rivalry import discipline_hazard
from sim.processes.membership import find, list_members
from sim.state import FREE, NEITHER, NO_GANG, PRISON, SPAN, City, Youth

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["exposure", "member_hazard", "most_exposed", "set_street_risks", "share_of_child_members"]

# Months from the tenth to the fifteenth and to the eighteenth birthday.
FIFTEEN = 60
EIGHTEEN = 96


@compiled
def exposure(param: views.HomicideParameters, proneness: float, activity: int, gang: int, age: float) -> float:
    """Return a youth's relative hazard in disputes and crossfire."""
    grown = _of_any_age(FREE, proneness, activity, gang, param.member_risk_ratio, param.risk_ratio_idle)
    return grown * (param.risk_ratio_under_15 if age < 15.0 else 1.0)


@compiled
def member_hazard(param: views.HomicideParameters, by_rivals: float, discipline: float, training: float) -> float:
    """Return a member's hazard by rivals and by its own gang; who has been through training is attacked less."""
    hazard: float = by_rivals * (1.0 - param.training_on_attacks * training) + discipline
    return hazard


@compiled
def most_exposed(params: Parameters) -> float:
    """Return a relative hazard in disputes and crossfire that no youth exceeds."""
    param = params.homicide[0]
    most = most_prone(params) * max(1.0, param.member_risk_ratio) * max(1.0, param.risk_ratio_idle)
    return most * max(1.0, param.risk_ratio_under_15)


@compiled
def set_street_risks(city: City, params: Parameters, t: int, i: int) -> None:
    """Set what the free youths of neighbourhood i risk in the street, and which share of it is children's.

    `street_risk` is the sum of their relative hazards; `children_at_risk` the share in it of those under eighteen, 0 where
    nobody is free; `at_large` the share of it in the hazards of all who live, in prison or free, 1 where nobody lives.
    Whoever is in prison counts with the age, sex and standing it has there.
    """
    param = params.homicide[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    number = neighbourhood.last - neighbourhood.first
    # Rows stand in the order of their month of birth: those of an age are one stretch, or two around the end.
    eighteen = neighbourhood.first + first_of((t - EIGHTEEN + 1) % SPAN, number)
    fifteen = neighbourhood.first + first_of((t - FIFTEEN + 1) % SPAN, number)
    ten = neighbourhood.first + first_of((t + 1) % SPAN, number)
    under_15 = param.risk_ratio_under_15 * _sum_ring(city, param, i, fifteen, ten)
    under_18 = under_15 + _sum_ring(city, param, i, eighteen, fifteen)
    free = under_18 + _sum_ring(city, param, i, ten, eighteen)
    inside = 0.0
    first = neighbourhood.first
    while first < neighbourhood.last:
        last = min(first + BLOCK, neighbourhood.last)
        for found in range(find(city.scratch.picked, youth.status[first:last], PRISON)):
            row = first + city.scratch.picked[found]
            age = age_in_years(youth.phase[row], t)
            inside += exposure(param, float(youth.proneness[row]), youth.activity[row], youth.gang[row], age)
        first = last
    neighbourhood.street_risk = free
    neighbourhood.children_at_risk = under_18 / free if free > 0.0 else 0.0
    neighbourhood.at_large = free / (free + inside) if free + inside > 0.0 else 1.0


@compiled
def _sum_ring(city: City, param: views.HomicideParameters, i: int, start: int, end: int) -> float:
    """Sum the relative hazards, as if of fifteen or more, from one row of neighbourhood i up to another, around its end."""
    neighbourhood = city.neighbourhood[i]
    weights = city.scratch.luck
    member, idle = param.member_risk_ratio, param.risk_ratio_idle
    if start <= end:
        return _sum_stretch(city.youth, weights, member, idle, start, end)
    before = _sum_stretch(city.youth, weights, member, idle, start, neighbourhood.last)
    return before + _sum_stretch(city.youth, weights, member, idle, neighbourhood.first, end)


@compiled
def _sum_stretch(youth: Youth, weights: npt.NDArray[np.float64], member: float, idle: float, first: int, last: int) -> float:
    """Sum the relative hazards of a stretch of rows, block by block."""
    total = 0.0
    row = first
    while row < last:
        end = min(row + BLOCK, last)
        here = weights[: end - row]
        prone, active = youth.proneness[row:end], youth.activity[row:end]
        _weigh(here, youth.status[row:end], prone, active, youth.gang[row:end], member, idle)
        for j in range(here.size):
            total += here[j]
        row = end
    return total


@compiled
def _weigh(
    weights: npt.NDArray[np.float64],
    status: npt.NDArray[np.int8],
    proneness: npt.NDArray[np.float32],
    activity: npt.NDArray[np.int8],
    gang: npt.NDArray[np.int8],
    member: float,
    idle: float,
) -> None:
    """Write the relative hazard of each youth as if of fifteen or more, in a loop that becomes vector instructions."""
    for j in range(weights.size):
        weights[j] = _of_any_age(status[j], proneness[j], activity[j], gang[j], member, idle)


@compiled
def _of_any_age(status: int, proneness: float, activity: int, gang: int, member: float, idle: float) -> float:
    """Return the relative hazard of a youth of fifteen or more, nothing if it is not free."""
    weight = float(proneness)
    weight *= idle if activity == NEITHER else 1.0
    weight *= member if gang != NO_GANG else 1.0
    return weight if status == FREE else 0.0


@compiled
def share_of_child_members(city: City, params: Parameters, t: int, i: int, k: int) -> float:
    """Return the share of those under eighteen in the hazards of the free members of gang k in neighbourhood i."""
    param = params.homicide[0]
    youth = city.youth
    own = discipline_hazard(param, city.gang[k], city.city_state[0].rivalry_reference)
    children = 0.0
    everyone = 0.0
    first = city.neighbourhood[i].first
    for n in range(list_members(city, i)):
        row = city.scratch.members[first + n]
        if youth.gang[row] == k and youth.status[row] == FREE:
            hazard = member_hazard(param, city.hazard[i, k], own, float(youth.training_effect[row]))
            everyone += hazard
            if age_in_years(youth.phase[row], t) < 18.0:
                children += hazard
    return children / everyone if everyone > 0.0 else 0.0
