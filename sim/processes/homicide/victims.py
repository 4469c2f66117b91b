"""Who is killed: youths one by one, everyone else as counts.

A youth dies when the one number of that youth and month falls below the sum of the hazards; the killer is drawn in
proportion to each gang's part. Only people outside the youth table are counts, by the inverse of the Poisson
distribution at one keyed number.

    hazard_j = street exposure_j / sum of exposures + rivalry + discipline
    rows E23, E30.  draws VICTIM, VICTIM_CAUSE, KILLER, DEATHS_*
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.draws import (
    BLOCK,
    DEATHS_BYSTANDER,
    DEATHS_COMMUNAL,
    DEATHS_DISPUTE,
    DEATHS_DOMESTIC,
    DEATHS_MARKET,
    DEATHS_POLICE,
    DEATHS_VIGILANTE,
    KILLER,
    VICTIM,
    VICTIM_CAUSE,
    ask,
    count,
    uniform,
)
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, first_of, most_prone
from sim.processes.homicide.living import adults
from sim.processes.homicide.rivalry import answers, calm_of, discipline_hazard, rivalry_hazard, single
from sim.processes.membership import kill
from sim.state import FREE, NEITHER, NO_GANG, SPAN, City, Youth

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["draw_rest", "draw_youths", "exposure"]

# Months from the tenth to the fifteenth birthday.
FIFTEEN = 60


@compiled
def exposure(param: views.HomicideParameters, proneness: float, activity: int, gang: int, age: float) -> float:
    """Return a youth's relative hazard in disputes and crossfire."""
    grown = _of_any_age(FREE, proneness, activity, gang, param.member_risk_ratio, param.risk_ratio_idle)
    return grown * (param.risk_ratio_under_15 if age < 15.0 else 1.0)


@compiled
def draw_youths(city: City, params: Parameters, seed: np.uint64, t: int, i: int, highest: float, free: float) -> None:
    """Ask every free youth of neighbourhood i once whether this is the month; `free` counts them as residents."""
    param = params.homicide[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    street = (
        param.youth_share_disputes * neighbourhood.deaths_dispute
        + param.youth_share_bystanders * neighbourhood.deaths_bystander
        + param.youth_share_police * neighbourhood.deaths_police
        + param.youth_share_disputes * (neighbourhood.deaths_vigilante + neighbourhood.deaths_communal)
    )
    total, top = _sum_exposure(city, params, t, i)
    neighbourhood.killed = 0.0
    neighbourhood.killed_children = 0.0
    neighbourhood.disputes_lost = (1.0 - single(neighbourhood)) * param.youth_share_disputes * neighbourhood.deaths_dispute
    each = street / (total * neighbourhood.weight) if total > 0.0 else 0.0
    bound = min(1.0, highest + each * top)
    ordinary = city.city_state[0].rivalry_reference
    row = neighbourhood.first
    while row < neighbourhood.last:
        number = min(BLOCK, neighbourhood.last - row)
        for asked in range(ask(city.scratch, seed, VICTIM, t, row, number, bound)):
            u = city.scratch.luck[asked]
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            k = youth.gang[r]
            own = each * exposure(param, youth.proneness[r], youth.activity[r], k, age_in_years(youth.phase[r], t))
            rivalry = 0.0
            discipline = 0.0
            if k != NO_GANG:
                rivalry = city.hazard[i, k] * (1.0 - param.training_on_attacks * float(youth.training_effect[r]))
                discipline = discipline_hazard(param, city.gang[k], ordinary)
            if u < own + rivalry + discipline:
                _die(city, params, seed, t, i, r, own, rivalry, discipline, street)
        row += number
    neighbourhood.deaths_youth = min(free, neighbourhood.deaths_rivalry + neighbourhood.deaths_discipline + street)
    neighbourhood.deaths_female = (
        param.female_share_street
        * (
            neighbourhood.deaths_dispute
            + neighbourhood.deaths_bystander
            + neighbourhood.deaths_police
            + neighbourhood.deaths_vigilante
        )
        + param.female_share_communal * neighbourhood.deaths_communal
        + param.female_share_home * neighbourhood.deaths_domestic
        + param.female_share_gang * (neighbourhood.deaths_rivalry + neighbourhood.deaths_discipline)
    )


@compiled
def _sum_exposure(city: City, params: Parameters, t: int, i: int) -> tuple[float, float]:
    """Return the sum and a bound of the relative hazards of the free youths of neighbourhood i."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    number = neighbourhood.last - neighbourhood.first
    # Rows stand in the order of their month of birth: those under fifteen are one stretch, or two around the end.
    oldest = neighbourhood.first + first_of((t - FIFTEEN + 1) % SPAN, number)
    youngest = neighbourhood.first + first_of((t + 1) % SPAN, number)
    weights = city.scratch.luck
    member, idle = param.member_risk_ratio, param.risk_ratio_idle
    total = _sum_stretch(city.youth, weights, member, idle, neighbourhood.first, neighbourhood.last)
    if oldest < youngest:
        young = _sum_stretch(city.youth, weights, member, idle, oldest, youngest)
    else:
        young = _sum_stretch(city.youth, weights, member, idle, oldest, neighbourhood.last)
        young += _sum_stretch(city.youth, weights, member, idle, neighbourhood.first, youngest)
    return total - (1.0 - param.risk_ratio_under_15) * young, most_prone(params) * max(idle, 1.0) * max(member, 1.0)


@compiled
def _sum_stretch(youth: Youth, weights: npt.NDArray[np.float64], member: float, idle: float, first: int, last: int) -> float:
    """Sum the relative hazards of a stretch of rows: four sums side by side, since one would wait for itself."""
    sum_0 = sum_1 = sum_2 = sum_3 = rest = 0.0
    row = first
    while row < last:
        end = min(row + BLOCK, last)
        number = end - row
        here = weights[:number]
        prone, active = youth.proneness[row:end], youth.activity[row:end]
        _weigh(here, youth.status[row:end], prone, active, youth.gang[row:end], member, idle)
        fours = number // 4
        for j in range(fours):
            sum_0 += here[4 * j]
            sum_1 += here[4 * j + 1]
            sum_2 += here[4 * j + 2]
            sum_3 += here[4 * j + 3]
        for j in range(4 * fours, number):
            rest += here[j]
        row = end
    return (sum_0 + sum_1) + (sum_2 + sum_3) + rest


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
def _die(
    city: City,
    params: Parameters,
    seed: np.uint64,
    t: int,
    i: int,
    row: int,
    own: float,
    rivalry: float,
    discipline: float,
    street: float,
) -> None:
    """Record one youth's death: its cause, its killer, and what it will provoke."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    gang = city.youth.gang[row]
    mark = uniform(seed, VICTIM_CAUSE, t, row) * (own + rivalry + discipline)
    neighbourhood.killed += neighbourhood.weight
    if age_in_years(city.youth.phase[row], t) < 18.0:
        neighbourhood.killed_children += neighbourhood.weight
    if mark < rivalry:
        parts = city.scratch.killers
        rivalry_hazard(city, params, i, gang, calm_of(city, params, i), parts)
        total = 0.0
        for k in range(city.gang.size):
            total += parts[k]
        pick = uniform(seed, KILLER, t, row) * total
        killer = -1
        for k in range(city.gang.size):
            if parts[k] > 0.0:
                killer = k
                pick -= parts[k]
                if pick < 0.0:
                    break
        if killer >= 0:
            # The victim's gang answers the killer's: memory is [who answers, who will be answered].
            city.killings[gang, killer] += single(neighbourhood) * neighbourhood.weight * answers(city, params, i)
    elif mark >= rivalry + discipline and (
        uniform(seed, VICTIM_CAUSE, t, row, 0, 1) * street < param.youth_share_disputes * neighbourhood.deaths_dispute
    ):
        # A killing in a dispute may be answered in the same street.
        neighbourhood.disputes_lost += single(neighbourhood) * neighbourhood.weight
    kill(city, row)


@compiled
def draw_rest(city: City, params: Parameters, seed: np.uint64, t: int, i: int, free: float) -> None:
    """Draw the killings outside the youth table, no more than there are people, and let disputes be answered."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    disputes = count(uniform(seed, DEATHS_DISPUTE, t, i), (1.0 - param.youth_share_disputes) * neighbourhood.deaths_dispute)
    home = count(uniform(seed, DEATHS_DOMESTIC, t, i), neighbourhood.deaths_domestic)
    police = count(uniform(seed, DEATHS_POLICE, t, i), (1.0 - param.youth_share_police) * neighbourhood.deaths_police)
    crossfire = count(
        uniform(seed, DEATHS_BYSTANDER, t, i), (1.0 - param.youth_share_bystanders) * neighbourhood.deaths_bystander
    )
    market = count(uniform(seed, DEATHS_MARKET, t, i), neighbourhood.deaths_market)
    vigilante = count(
        uniform(seed, DEATHS_VIGILANTE, t, i), (1.0 - param.youth_share_disputes) * neighbourhood.deaths_vigilante
    )
    communal = count(
        uniform(seed, DEATHS_COMMUNAL, t, i), (1.0 - param.youth_share_disputes) * neighbourhood.deaths_communal
    )
    rest = disputes + home + police + crossfire + market + vigilante + communal
    alive = math.floor(adults(neighbourhood) + free - neighbourhood.killed)
    if rest > alive:
        disputes *= alive / rest
        rest = alive
    neighbourhood.killed += rest
    answered = neighbourhood.disputes_lost + disputes
    months = param.street_retaliation_months
    neighbourhood.street *= math.exp(-1.0 / months)
    neighbourhood.street += (
        param.street_retaliation_ratio * (math.exp(1.0 / months) - 1.0) * math.exp(-1.0 / months) * answered
    )
