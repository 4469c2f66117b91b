"""Police units: who serves, what residents call about, where patrols go, and what is left behind.

    officers_i += hired - left; at once no more than (1 - cut) of their ordinary number where they are let go
    left_i      = officers_i l exp(k (tired_i - tired_0)) (1 - r reform)
    hired_i     = max(0, posts_i (1 - cut_i) - officers_i) / months          a vacant post is filled with a delay
    calls_i     = reporting_i (c residents_i exp(d (deprivation_i - 1/2)) robberies_i + v expected killings_i)   last month's
    goal_i      = w calls_i / calls + (1 - w) residents_i / residents
    share_i    += speed (goal_i - share_i)                                   calls against habit
    uniformed   = p sum of officers_i (1 - diverted)                         p of the city's; others investigate or manage
    patrol_i   *= what there are officers for, and what tired officers do of it
    ordered_i   = patrol_i n residents_i             officers of doubled patrols (P-E1), at most a part of the uniformed
    sent_i      = ordered officers, in proportion to share_i uniformed (1 - patrol_i)        the gap they leave behind
    street_i    = share_i uniformed - sent_i
    x_i         = calls_i hours a call / (street_i hours on duty)
    load_i      = x_i / (1 + x_i)                    time that calls take: the more there are, the more of them wait
    presence_i  = street_i (1 - load_i) (1 - bought_i) / residents_i                         ordinary patrol
    departure   = log(x / reference of x), kept between log(1/20) and log(20); 0 where the reference is 0
    violence in the street * exp(-a departure(presence_i)), robberies * exp(-b departure(presence_i))
    cases for each investigator * exp(-e departure(investigators)), investigators = q sum of officers_i     `justice`
    tired_i    += speed (target(tired_0; load departure + overtime patrol_i) - tired_i)
    bought_i   += speed (s (1 - integrity of the force) 2 rho_i / (1 + rho_i) - bought_i)
                  rho_i: rents here against the city's mean while it settled
What adds up over the city (officers, calls, orders) is last month's: an order leaves its gap elsewhere a month later.
References are what was found while the city settled: at ordinary numbers, calls and rents nothing here acts, since a
calibrated city holds what its ordinary police do. Whatever sends officers elsewhere, lets them go, tires or buys them moves
patrol away from there. Patrol that leaves a place pushes nothing next door: what ordinary patrols push around is unknown.
What a measure does where it is ordered stays with the parameters that trials gave it; investigation (P-E2) brings detectives
of its own, whose work is in its effect already.
    rows    E40, E34 (orders arrive as far as the force follows), P-E1, P-E11
    levers  officers_cut; hot_spot_patrol by way of `policy_delivery`, police_reform by way of `government`
    draws   none: numbers of officers are expected ones
    sources enf.police_elasticity_us, enf.police_size, enf.hotspots_local, just.police_duties_us, just.police_turnover_us;
            other sizes are judgement
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.justice import police_integrity
from sim.processes.policy_delivery import killings_expected
from sim.processes.steady_state import equilibrium, per_head, track
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["calm_by_patrol", "departure", "muster", "record_police", "robbery_by_patrol", "update"]

PER_100_000 = 100_000.0
# Departures are kept within twenty times the reference either way: beyond lies nothing that was ever observed.
WIDEST = 20.0


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let officers come and go, follow calls and orders, and patrol; what the whole city shares is last month's."""
    rents = _ordinary_rents(city)
    for i in range(city.police.size):
        _employ(city, params, i)
        _follow_calls(city, params, i)
        _hear_calls(city, params, i)
        _take_orders(city, params, i)
        _buy(city, params, i, rents)
        _patrol(city, params, i)


@compiled
def muster(city: City, params: Parameters) -> None:
    """Add up officers, calls and orders of the whole city, which units know by the next month."""
    param = params.police_units[0]
    city_state = city.city_state[0]
    officers = 0.0
    calls = 0.0
    asked = 0.0
    ordered = 0.0
    giving = 0.0
    for i in range(city.police.size):
        police = city.police[i]
        officers += police.officers
        calls += police.calls
        asked += police.asked
        ordered += police.ordered
        giving += police.share * (1.0 - min(1.0, police.patrol))
    city_state.officers = officers
    city_state.calls = calls
    uniformed = _uniformed(city, params)
    most = param.most_ordered * uniformed
    city_state.orders_supplied = 1.0 - param.shortage_on_orders * (1.0 - most / asked) if asked > most else 1.0
    from_elsewhere = param.orders_on_patrol * min(ordered, most)
    city_state.sent_share = min(1.0, from_elsewhere / (giving * uniformed)) if giving * uniformed > 0.0 else 0.0
    city_state.investigators = param.investigation_share * officers
    city_state.investigators_reference = track(
        city_state.investigators_reference, city_state.investigators, city_state.anchoring
    )
    fewer = departure(city_state.investigators, city_state.investigators_reference)
    city_state.case_pressure = math.exp(-param.investigators_on_caseload * fewer)


@compiled
def departure(value: float, reference: float) -> float:
    """Return the logarithm of a value against its reference, within bounds; 0 where there is no reference."""
    if reference <= 0.0:
        return 0.0
    return math.log(min(max(value / reference, 1.0 / WIDEST), WIDEST))


@compiled
def calm_by_patrol(city: City, params: Parameters, i: int) -> float:
    """Return the logarithm of what ordinary patrol makes of violence in the street of neighbourhood i."""
    police = city.police[i]
    gone = departure(police.ordinary_patrol, police.ordinary_patrol_reference)
    calm: float = -params.police_units[0].patrol_on_street_violence * gone
    return calm


@compiled
def robbery_by_patrol(city: City, params: Parameters, i: int) -> float:
    """Return the logarithm of what ordinary patrol makes of robbery in neighbourhood i."""
    police = city.police[i]
    gone = departure(police.ordinary_patrol, police.ordinary_patrol_reference)
    calm: float = -params.police_units[0].patrol_on_robbery * gone
    return calm


@compiled
def _employ(city: City, params: Parameters, i: int) -> None:
    """Let officers of unit i leave, tired ones sooner, and fill vacant posts with a delay."""
    param = params.police_units[0]
    police = city.police[i]
    kept = 1.0 - param.reform_on_leaving * city.city_state[0].reform
    left_over = 1.0 - city.levers[i].officers_cut
    if left_over < 1.0:
        police.officers = min(police.officers, left_over * police.strength)
    worn = math.exp(param.tiredness_on_leaving * (police.tired - param.tired_ordinarily))
    police.left = police.officers * param.leaving_rate * worn * kept
    police.hired = max(0.0, left_over * police.posts - police.officers) / param.hiring_months
    police.officers += police.hired - police.left


@compiled
def _follow_calls(city: City, params: Parameters, i: int) -> None:
    """Let patrols go where last month's calls came from, as far as habit lets them."""
    param = params.police_units[0]
    police = city.police[i]
    city_state = city.city_state[0]
    residents = city.neighbourhood[i].population / city_state.population
    called = police.calls / city_state.calls if city_state.calls > 0.0 else residents
    goal = param.calls_in_allocation * called + (1.0 - param.calls_in_allocation) * residents
    police.share += param.allocation_speed * (goal - police.share)


@compiled
def _hear_calls(city: City, params: Parameters, i: int) -> None:
    """Count what residents of neighbourhood i report of what happened there last."""
    param = params.police_units[0]
    neighbourhood = city.neighbourhood[i]
    poorer = math.exp(param.deprivation_on_calls * (neighbourhood.deprivation - 0.5))
    trouble = param.calls_per_resident * neighbourhood.population * poorer * neighbourhood.robberies
    trouble += param.calls_per_killing * killings_expected(neighbourhood)
    city.police[i].calls = neighbourhood.reporting * trouble


@compiled
def _uniformed(city: City, params: Parameters) -> float:
    """Return how many officers in uniform shocks leave for calls and patrols in the whole city."""
    city_state = city.city_state[0]
    free: float = params.police_units[0].patrol_share * city_state.officers * (1.0 - city_state.diverted)
    return free


@compiled
def _take_orders(city: City, params: Parameters, i: int) -> None:
    """Carry out what is ordered of unit i as far as officers are there and tired ones follow; send others where it is."""
    param = params.police_units[0]
    police = city.police[i]
    city_state = city.city_state[0]
    doubled = params.costs[0].hot_spot_patrol_officers * city.neighbourhood[i].population / PER_100_000
    police.asked = police.patrol * doubled
    worn = max(0.0, police.tired - param.tired_ordinarily)
    police.patrol *= city_state.orders_supplied * (1.0 - param.tiredness_on_obedience * worn)
    police.ordered = police.patrol * doubled
    here = police.share * _uniformed(city, params)
    police.sent_away = city_state.sent_share * here * (1.0 - min(1.0, police.patrol))
    police.on_street = here - police.sent_away


@compiled
def _ordinary_rents(city: City) -> float:
    """Return the illicit rents a resident of the city, as they were while it settled."""
    rents = 0.0
    for i in range(city.police.size):
        rents += city.neighbourhood[i].rent_reference * city.neighbourhood[i].population
    return rents / city.city_state[0].population


@compiled
def _buy(city: City, params: Parameters, i: int, rents: float) -> None:
    """Let armed groups buy officers of unit i, more where rents are high and the force has little integrity."""
    param = params.police_units[0]
    police = city.police[i]
    ratio = city.neighbourhood[i].rent / rents if rents > 0.0 else 1.0
    goal = min(1.0, param.bought_share * (1.0 - police_integrity(city, params)) * 2.0 * ratio / (1.0 + ratio))
    police.bought += param.bribery_speed * (goal - police.bought)


@compiled
def _patrol(city: City, params: Parameters, i: int) -> None:
    """Set how much officers patrol in neighbourhood i, and how calls and orders tire them."""
    param = params.police_units[0]
    anchoring = city.city_state[0].anchoring
    police = city.police[i]
    police.load = _load(param, police)
    patrolling = police.on_street * (1.0 - police.load) * (1.0 - police.bought)
    police.ordinary_patrol = PER_100_000 * per_head(patrolling, city.neighbourhood[i].population)
    police.ordinary_patrol_reference = track(police.ordinary_patrol_reference, police.ordinary_patrol, anchoring)
    police.load_reference = track(police.load_reference, police.load, anchoring)
    strain = param.load_on_tiredness * departure(police.load, police.load_reference)
    strain += param.orders_on_tiredness * police.patrol
    police.tired += param.tiredness_speed * (equilibrium(param.tired_ordinarily, strain) - police.tired)


@compiled
def _load(param: views.PoliceUnitsParameters, police: views.Police) -> float:
    """Return the part of the time of officers in the street that calls take: the more calls, the more of them wait."""
    work = police.calls * param.hours_per_call
    time = police.on_street * param.duty_hours
    load: float = work / (work + time) if work > 0.0 else 0.0
    return load


@compiled
def record_police(city: City, i: int) -> None:
    """Write how many officers serve in neighbourhood i, what they do and what they cost."""
    out = city.outcome[i]
    police = city.police[i]
    city_state = city.city_state[0]
    out.abuse = police.abuse
    out.police_alignment = city_state.alignment
    out.officers = police.officers
    out.calls_to_police = police.calls * 12.0
    out.ordinary_patrol = police.ordinary_patrol
    out.ordered_patrol = police.ordered
    out.officers_tired = police.tired
    out.officers_bought = police.bought
    out.officers_leaving = police.left * 12.0
    yearly = 12.0 * city_state.caseload
    out.cases_per_investigator = yearly / city_state.investigators if city_state.investigators > 0.0 else 0.0
    out.police_bill = police.officers * city_state.police_year * city_state.money_per_dollar / 1e6
