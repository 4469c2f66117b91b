"""Drug use: who starts, who comes to depend on drugs, who stops, and what a place buys and robs because of it.

Each free youth is looked at once a year, with the three rows beside it, in a month of their own; one number u decides.
    start_j  = pace r exp(-(age - peak)^2 / (2 sd^2) + b_p n / (n + half) + b_h exposed + b_z z - b_f female + b_g member)
               * supply_i^b (price_i)^-e (1 - b prevention under 18), a year, at most .4
    depend_j = d exp(b_g member);  stop_j = s;  recover_j = 1 - exp(-h (1 + T (exp(b) - 1)))      of users, of dependents
    T_i      = reach of treatment beyond the ordinary
n are the peers who use, z the risk over four levels. While the city settles, pace moves until as many of 15 to 29 use as the
city file says; from month 0 on it stays. Who moves in uses as who moved out did. `uses` is 0 (no), 1 (yes) or 2 (depends);
`used_early` is 1 for whoever started before 16.
    bought_i = users + (c - 1) dependents (1 - k T)         against what it was while the city settled: retail demand
    demand_i = 1 + s (bought_i / ordinary - 1)              s: share of it that youths make up; prices answer (`flows`)
    need_i   = dependents (1 - k T) price^(1 - e)           dear drugs cost dependents more, for their demand is inelastic
    robbing_i = 1 + a (need_i / ordinary - 1)               multiplies robberies (`disputes`)
All are shares of free youths. Where a place has few rows, it borrows rows of the whole city, as they were last month. Early
use raises joining and dependence lowers leaving (`recruitment`), each against its mean while the city settled, so that the
ordinary city stays.
    rows    E38, P-S14
    levers  drug_prevention, drug_treatment
    draws   DRUG_USE (four rows a call), DRUG_USE_AT_FIRST
    sources use.level, use.transition, use.remission, use.gang_members, use.treatment_gap, use.treatment_crime,
            use.school_prevention, use.drug_robbery; other sizes are judgement
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled
from sim.draws import DRUG_USE, DRUG_USE_AT_FIRST, four, uniform
from sim.enumerations import DRUGS
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, first_of, risk
from sim.processes.drawing import DEPENDING, RECOVERING, SINGLE, STARTING_USE, STOPPING_USE, is_drawn
from sim.processes.steady_state import track
from sim.state import DEPENDENT, FREE, NO_GANG, NO_USE, PEERS_EACH, SPAN, USE, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["in_treatment", "record_drug_use", "start_chance", "treated", "update"]

# The most that a youth can start with in a year; whoever draws more is not looked at.
MOST_STARTING = 0.4
# Yearly hazard of starting at its peak, in the first month of the burn-in, for each share of 15 to 29 who use.
FIRST_RATE = 0.4
# How fast the pace moves while the city settles, a month.
PACE_SPEED = 0.005
# Ages at which youths count as early users, and from which prevention at school no longer reaches them, in years.
EARLY = 16.0
OF_AGE = 18.0
# Those whose level the city file says are fifteen and more: months from the tenth birthday on.
SURVEYED = 60
# In the first month: from 12 years on more use, up to 18; of users, those who depend and those who began early.
FIRST_USE = 12.0
FIRST_SPAN = 6.0
FIRST_DEPENDENT = 0.15
FIRST_EARLY = 0.6


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Look at a twelfth of the youths, count those who use, and set what follows for each place."""
    param = params.substance_use[0]
    city_state = city.city_state[0]
    goal = city_state.drug_use * param.level_ratio
    if t == city_state.start:
        city_state.use_pace = FIRST_RATE * goal
        for i in range(city.neighbourhood.size):
            _use_at_first(city, seed, t, i, goal)
    for i in range(city.neighbourhood.size):
        _look_at_youths(city, params, seed, t, i)
    level = _count(city, t)
    if city_state.anchoring > 0.0 and goal > 0.0:
        short = min(1.0, max(-1.0, 1.0 - level / goal))
        city_state.use_pace *= math.exp(PACE_SPEED * short)
    if t == city_state.start:
        _sum_up(city)
    for i in range(city.neighbourhood.size):
        _set_place(city, params, i)
    _sum_up(city)


@compiled
def treated(params: Parameters, lever: views.Levers) -> float:
    """Return the share of dependent users whom treatment reaches beyond those whom it ordinarily does."""
    reached: float = params.substance_use[0].treatment_reach * lever.drug_treatment
    return reached


@compiled
def in_treatment(params: Parameters, lever: views.Levers) -> float:
    """Return the share of dependent users who are in treatment."""
    ordinary = params.substance_use[0].ordinary_treatment
    all_told: float = ordinary + (1.0 - ordinary) * treated(params, lever)
    return all_told


@compiled
def record_drug_use(city: City, params: Parameters, i: int) -> None:
    """Write how many use drugs, depend on them and are in treatment."""
    neighbourhood = city.neighbourhood[i]
    out = city.outcome[i]
    out.users = neighbourhood.users
    out.dependent = neighbourhood.dependent
    out.in_treatment = neighbourhood.dependent * in_treatment(params, city.levers[i])
    out.drug_use = neighbourhood.use_level


@compiled
def start_chance(
    param: views.SubstanceUseParameters,
    common: float,
    age: float,
    female: int,
    z: float,
    exposed: int,
    peers: int,
    member: bool,
) -> float:
    """Return the probability that a free youth starts to use drugs within a year.

    Parameters
    ----------
    param : record
        Parameters of this process.
    common : float
        Hazard that all youths of the place share.
    age, female, z, exposed
        Of the youth; age in years, z the risk over four levels.
    peers
        Of its eight peers, those who use.
    member
        Whether it is in a gang.
    """
    off = (age - param.starting_age_peak) / param.starting_age_spread
    hazard = common * math.exp(
        -0.5 * off * off
        + param.peers_on_starting * peers / (peers + param.peers_half_effect)
        + param.home_violence_on_starting * exposed
        + param.risk_on_starting * z
        - param.female_on_starting * female
        + (param.gang_on_starting if member else 0.0)
    )
    return min(MOST_STARTING, 1.0 - math.exp(-hazard))


@compiled
def _use_at_first(city: City, seed: np.uint64, t: int, i: int, goal: float) -> None:
    """Let some youths of neighbourhood i use drugs as the burn-in begins."""
    youth = city.youth
    if goal <= 0.0:
        return
    for row in range(city.neighbourhood[i].first, city.neighbourhood[i].last):
        grown = min(1.0, max(0.0, (age_in_years(youth.phase[row], t) - FIRST_USE) / FIRST_SPAN))
        share = min(1.0, uniform(seed, DRUG_USE_AT_FIRST, t, row) / max(goal * grown, 1e-9))
        if share < 1.0:
            youth.uses[row] = DEPENDENT if share < FIRST_DEPENDENT else USE
            youth.used_early[row] = 1 if share > FIRST_EARLY else 0


@compiled
def _look_at_youths(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    """Let a twelfth of the free youths of neighbourhood i start, come to depend, stop or recover."""
    param = params.substance_use[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    supply = min(max(city.flows.supply[i, DRUGS], 0.05), 20.0)
    common = (
        city.city_state[0].use_pace
        * supply**param.supply_on_starting
        * city.flows.price[i, DRUGS] ** -param.price_on_starting
    )
    averted = 1.0 - param.prevention_on_starting * lever.drug_prevention
    gain = 1.0 + treated(params, lever) * (math.exp(param.treatment_on_recovery) - 1.0)
    recovering = 1.0 - math.exp(-param.recovery_rate * gain)
    if common <= 0.0:
        return
    for group in range(
        neighbourhood.first // 4 + (t - neighbourhood.first // 4) % 12, (neighbourhood.last - 1) // 4 + 1, 12
    ):
        u = four(seed, DRUG_USE, t, group)
        for lane in range(4):
            row = 4 * group + lane
            if row < neighbourhood.first or row >= neighbourhood.last or youth.status[row] != FREE:
                continue
            if youth.uses[row] == NO_USE:
                age = age_in_years(youth.phase[row], t)
                if u[lane] < MOST_STARTING or neighbourhood.weight >= SINGLE:
                    _may_start(city, params, t, row, u[lane], common * (averted if age < OF_AGE else 1.0))
            else:
                _may_change(city, params, row, u[lane], recovering)


@compiled
def _may_start(city: City, params: Parameters, t: int, row: int, u: float, common: float) -> None:
    """Let a youth who does not use drugs start, or not."""
    youth = city.youth
    i = youth.home[row]
    peers = 0
    for p in range(PEERS_EACH):
        peers += 1 if youth.uses[youth.peers[row, p]] != NO_USE else 0
    age = age_in_years(youth.phase[row], t)
    starting = start_chance(
        params.substance_use[0],
        common,
        age,
        youth.female[row],
        risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row]),
        youth.exposed_at_home[row],
        peers,
        youth.gang[row] != NO_GANG,
    )
    if is_drawn(city, i, STARTING_USE, city.neighbourhood[i].weight, u, starting):
        youth.uses[row] = USE
        if age < EARLY:
            youth.used_early[row] = 1


@compiled
def _may_change(city: City, params: Parameters, row: int, u: float, recovering: float) -> None:
    """Let a user come to depend on drugs or stop, and a dependent user recover: low numbers and high ones."""
    param = params.substance_use[0]
    youth = city.youth
    i = youth.home[row]
    weight = city.neighbourhood[i].weight
    if youth.uses[row] == DEPENDENT:
        if is_drawn(city, i, RECOVERING, weight, 1.0 - u, recovering):
            youth.uses[row] = NO_USE
        return
    hazard = param.dependence_rate * (math.exp(param.gang_on_dependence) if youth.gang[row] != NO_GANG else 1.0)
    if is_drawn(city, i, DEPENDING, weight, u, 1.0 - math.exp(-hazard)):
        youth.uses[row] = DEPENDENT
    elif is_drawn(city, i, STOPPING_USE, weight, 1.0 - u, 1.0 - math.exp(-param.stopping_rate)):
        youth.uses[row] = NO_USE


@compiled
def _count(city: City, t: int) -> float:
    """Count the free youths of each place who use drugs and who depend on them, and return the share of 15 to 29 who use."""
    surveyed = 0.0
    using = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        free, users, dependent = _count_rows(
            city.youth.status[neighbourhood.first : neighbourhood.last],
            city.youth.uses[neighbourhood.first : neighbourhood.last],
        )
        # Rows stand in the order of their month of birth: those under fifteen are one stretch, or two around the end.
        number = neighbourhood.last - neighbourhood.first
        oldest = neighbourhood.first + first_of((t - SURVEYED + 1) % SPAN, number)
        youngest = neighbourhood.first + first_of((t + 1) % SPAN, number)
        if oldest < youngest:
            young, young_users = _count_free(city, oldest, youngest)
        else:
            young, young_users = _count_free(city, oldest, neighbourhood.last)
            more = _count_free(city, neighbourhood.first, youngest)
            young += more[0]
            young_users += more[1]
        neighbourhood.use_level = (users - young_users) / max(free - young, 1)
        surveyed += (free - young) * neighbourhood.weight
        using += (users - young_users) * neighbourhood.weight
        neighbourhood.use_rows = free
        neighbourhood.users = users * neighbourhood.weight
        neighbourhood.dependent = dependent * neighbourhood.weight
    return using / max(surveyed, 1.0)


@compiled
def _sum_up(city: City) -> None:
    """Set the shares of the whole city who use drugs and who depend on them, which places know by the next month."""
    city_state = city.city_state[0]
    city_state.use_share = 0.0
    city_state.dependent_share = 0.0
    weights = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        city_state.use_share += neighbourhood.users
        city_state.dependent_share += neighbourhood.dependent
        weights += neighbourhood.use_rows * neighbourhood.weight
    city_state.use_share /= max(weights, 1.0)
    city_state.dependent_share /= max(weights, 1.0)


@compiled
def _count_free(city: City, first: int, last: int) -> tuple[int, int]:
    """Return how many of the rows first .. last - 1 are free, and how many of them use drugs."""
    free, users, _ = _count_rows(city.youth.status[first:last], city.youth.uses[first:last])
    return free, users


@compiled
def _count_rows(status: npt.NDArray[np.int8], uses: npt.NDArray[np.int8]) -> tuple[int, int, int]:
    """Return how many of a stretch of rows are free, of those who use drugs, and of those who depend on them."""
    free = 0
    users = 0
    dependent = 0
    for j in range(status.size):
        free += 1 if status[j] == FREE else 0
        users += 1 if (status[j] == FREE) & (uses[j] != NO_USE) else 0
        dependent += 1 if (status[j] == FREE) & (uses[j] == DEPENDENT) else 0
    return free, users, dependent


@compiled
def _set_place(city: City, params: Parameters, i: int) -> None:
    """Set what neighbourhood i buys and how far its dependent users rob, against the ordinary."""
    param = params.substance_use[0]
    neighbourhood = city.neighbourhood[i]
    city_state = city.city_state[0]
    borrowed = param.reference_rows
    rows = neighbourhood.use_rows + borrowed
    # A place without youths has a weight of 0, and no users either.
    weight = max(neighbourhood.weight, 1e-9)
    users = neighbourhood.users / weight + borrowed * city_state.use_share
    dependent = neighbourhood.dependent / weight + borrowed * city_state.dependent_share
    calmed = 1.0 - param.treatment_on_robberies * treated(params, city.levers[i])
    bought = (users + (param.dependent_consumption * calmed - 1.0) * dependent) / rows
    spent = city.flows.price[i, DRUGS] ** (1.0 - params.flows[0].demand_elasticity)
    need = dependent / rows * calmed * spent
    neighbourhood.bought_reference = track(neighbourhood.bought_reference, bought, city_state.anchoring)
    neighbourhood.need_reference = track(neighbourhood.need_reference, need, city_state.anchoring)
    neighbourhood.drug_demand = _against(param.demand_under_thirty, bought, neighbourhood.bought_reference)
    neighbourhood.robbing = _against(param.dependence_on_robberies, need, neighbourhood.need_reference)


@compiled
def _against(share: float, value: float, reference: float) -> float:
    """Return 1 + share (value / reference - 1), the ratio at most 4; 1 where there is no reference."""
    if reference <= 0.0:
        return 1.0
    return 1.0 + share * (min(value / reference, 4.0) - 1.0)
