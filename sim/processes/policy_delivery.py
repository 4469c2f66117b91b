"""The month opens: what policy asks for, who is where, and what is seen across the border.

    dose_m(t)    = level_m * min(1, (t - begin_m + 1) / ramp_m), fading after the stop; by month: `sim.processes.doses`
    lever_il(t)  = min(1, sum over measures m of change_ml * dose_m(t) * where_mi)      levers of flows: logs, within ln 1000
                  where_mi: the share of the place that the measure covers; 1 in it for what is a mean over those it reaches
                   all but places: * what wear has left (`wear`)
                   all but places: * 2^(-months / half-life) where a condition on effect that keeps it up is missing
    effect_il    = mean over the measures that offer places l, weighted by places, of what conditions leave of their effect
    dose         * 2^(-months / half-life) where a condition on reach that keeps it up is missing
                 * what a force does of what is asked, where the city or both command what one delivers: alignment if the
                 force is the nation's, and a quarter or a half of the way from there to all of it if it is of both or the
                 city's. What the nation commands is done
                 * (1 + funds (linkage - linkage0)), by what business adds
                 * (1 - leakage (1 - integrity)^2) where it is paid for through procurement
                 * (1 - erosion (1 - linkage)^2 min(1, months in force / 36)) where it redistributes
    soldiers_i   = max(lever, garrison_i);  garrison_i *= 1 - leave - relieved * gate(integrity of the police)  after a stop
    patrol_i     = lever of patrol * min(1, reach / its mean over residents) * (1 - what shocks bind of the force)
    near_i       = mean over adjacent neighbourhoods where people live, as last month left them; 0 where there are none
A measure below full level may be filled up by a safety fund first: see `safety_fund`. A truce or a pact may collapse: see
`truces`. An election ends, for good, each measure that is in force and cannot show
results yet, by a chance of size * cut * (1 - linkage).

Levers are made again from the untouched baseline each month, so a measure at level 0 and an absent one give the same
bytes and nothing must be undone. What crosses a border is last month's: news of one neighbourhood reaches only the
adjacent ones within a month. A list of worst places is drawn up once, when the measure begins: lists drawn up again each
month mix the effect with the return to the mean.
    rows E11 (leaks), E26 (elections), E27 (erosion), E34 (how far the police follow the city's asking)
    draws ELECTION
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import ELECTION, uniform
from sim.enumerations import AFTER_SCHOOL, NO_PILLAR, PACT, PACT_BROKEN
from sim.parameters import Parameters
from sim.processes.delivery_by_groups import find_delivered
from sim.processes.doses import choose_places, count_inhabited, count_months, dose_asked, follow_rules, set_untreated
from sim.processes.initialise import initialise
from sim.processes.justice import gate, obeyed, police_integrity
from sim.processes.membership import standing
from sim.processes.safety_fund import spend
from sim.processes.steady_state import per_head
from sim.processes.truces import asked_while_it_holds, strain
from sim.processes.wear import get_used_to_soldiers, left_of, wear
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["look_around", "set_levers", "update"]

NOT_BEGUN = 1_000_000

# However many shocks come together, no flow is more than a thousand times its ordinary level: the most that one may be.
MOST_FLOW = math.log(1000.0)


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Look around, then set this month's levers and patrols."""
    city_state = city.city_state[0]
    if t == city_state.start:
        initialise(city, params, seed, t)
    # While the city settles, references follow their drivers: at first at once, then over some four years. From month
    # 0 on they stand still, so that the city is anchored at its own ordinary month and nothing else.
    city_state.anchoring = (
        max(params.policy_delivery[0].burn_in_reference_speed, 1.0 / (t - city_state.start + 1.0)) if t < 0 else 0.0
    )
    if t == 0:
        _rank(city)
        city_state.births = 0.0
        city_state.splits = 0.0
        city_state.splits_now = 0.0
        city_state.merges = 0.0
        city_state.ends = 0.0
        city_state.overflow = 0.0
    look_around(city)
    set_levers(city, params, seed, t)
    _send_patrols(city, params)


@compiled
def _send_patrols(city: City, params: Parameters) -> None:
    """Send patrols where they are asked for; asked for in much of the city, they are spread thinner (row P-E1)."""
    city_state = city.city_state[0]
    asked = 0.0
    for i in range(city.neighbourhood.size):
        asked += city.levers[i].hot_spot_patrol * city.neighbourhood[i].population / city_state.population
    reach = params.policy_delivery[0].patrol_reach
    dose = reach / asked if asked > reach else 1.0
    for i in range(city.neighbourhood.size):
        city.police[i].patrol = dose * city.levers[i].hot_spot_patrol * (1.0 - city_state.diverted)


@compiled
def _rank(city: City) -> None:
    """Mark the fifth of neighbourhoods that is most violent at month 0, and the fifth that is least, of those lived in."""
    neighbourhood = city.neighbourhood
    inhabited = count_inhabited(city)
    number = max(1, inhabited // 5)
    for i in range(neighbourhood.size):
        neighbourhood[i].fifth = 0
        if neighbourhood[i].population == 0.0:
            continue
        above = 0
        for j in range(neighbourhood.size):
            if neighbourhood[j].population == 0.0:
                continue
            if neighbourhood[j].violence > neighbourhood[i].violence or (
                neighbourhood[j].violence == neighbourhood[i].violence and j < i
            ):
                above += 1
        if above < number:
            neighbourhood[i].fifth = 1
        elif above >= inhabited - number:
            neighbourhood[i].fifth = -1


@compiled
def look_around(city: City) -> None:
    """Count free members by neighbourhood and gang, and take the neighbours' means."""
    neighbourhood = city.neighbourhood
    gang = city.gang
    for k in range(gang.size):
        gang[k].members = 0.0
        gang[k].inmates = 0.0
    for i in range(neighbourhood.size):
        weight = neighbourhood[i].weight
        for k in range(gang.size):
            city.residents[i, k] = standing(city, i, k) * weight
            gang[k].members += city.residents[i, k]
            gang[k].inmates += city.inmates[i, k] * weight
    _spread_presence(city)
    for i in range(neighbourhood.size):
        first = city.neighbour_start[i]
        last = city.neighbour_start[i + 1]
        violence = 0.0
        patrol = 0.0
        district = 0.0
        wardens = 0.0
        number = 0.0
        for n in range(first, last):
            j = city.neighbour_list[n]
            if neighbourhood[j].population == 0.0:
                continue
            number += 1.0
            violence += per_head(killings_expected(neighbourhood[j]), neighbourhood[j].population)
            # What patrols push out of some streets only goes next door as far as these reach the border.
            patrol += city.police[j].patrol * (1.0 - city.police[j].unpatrolled)
            district += city.levers[j].improvement_district
            wardens += city.levers[j].city_wardens
        # An island has no neighbours: what would come from them is nothing.
        number = max(number, 1.0)
        for k in range(gang.size):
            total = 0.0
            for n in range(first, last):
                total += city.residents[city.neighbour_list[n], k]
            city.near[i, k] = total / number
        neighbourhood[i].near_violence = violence / number
        neighbourhood[i].near_patrol = patrol / number
        neighbourhood[i].near_district = district / number
        neighbourhood[i].near_wardens = wardens / number


@compiled
def _spread_presence(city: City) -> None:
    """Spread each gang's free members over the population it controls."""
    for k in range(city.gang.size):
        held = 0.0
        for i in range(city.neighbourhood.size):
            held += city.control[i, k] * city.neighbourhood[i].population
        for i in range(city.neighbourhood.size):
            city.presence[i, k] = 0.0
            if held > 0.0:
                here = city.control[i, k] * city.neighbourhood[i].population / held
                city.presence[i, k] = city.gang[k].members * here


@compiled
def killings_expected(p: views.Neighbourhood) -> float:
    """Return a neighbourhood's expected killings of the month, all causes, residents."""
    return (
        p.deaths_rivalry
        + p.deaths_discipline
        + p.deaths_dispute
        + p.deaths_bystander
        + p.deaths_police
        + p.deaths_officers
        + p.deaths_domestic
        + p.deaths_market
        + p.deaths_vigilante
        + p.deaths_communal
        + p.deaths_inside
    )


@compiled
def set_levers(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Compose this month's levers from the measures in force."""
    programme = city.programme
    values = city.lever_values
    places = values.shape[0]
    levers = values.shape[1]
    strained = strain(city, params)
    for i in range(places):
        city.neighbourhood[i].group_load = 0.0
        for lever in range(levers):
            values[i, lever] = 0.0
    for k in range(city.gang.size):
        city.gang[k].pact = city.gang[k].pact_anchor
    for m in range(programme.size):
        measure = programme[m]
        if measure.began == NOT_BEGUN:
            if measure.trigger < 0:
                begins = t >= measure.start
            else:
                begins = t >= measure.start and city.city_outcome[measure.trigger] > measure.above
            if begins:
                measure.began = t
                choose_places(city, m)
        if measure.vote > 0.0 and t == measure.began:
            _vote(city, params, seed, t, measure.vote)
    for m in range(programme.size):
        measure = programme[m]
        count_months(city, m, t)
        follow_rules(city, m, t)
        wear(params, measure)
        measure.asked = 0.0 if measure.cut == 1 else dose_asked(city, m, t)
        if measure.binds == 1:
            measure.asked = asked_while_it_holds(city, params, seed, t, m, measure.asked, strained)
    spend(city, params, t)
    for m in range(programme.size):
        measure = programme[m]
        measure.dose = measure.asked
        if measure.dose == 0.0:
            continue
        measure.dose *= _delivered(city, params, measure, t)
        if measure.gang >= 0:
            _befall(city, params, measure, t)
        find_delivered(city, params, m)
        _pull(city, params, m, measure, t)
    for i in range(places):
        for lever in range(levers):
            if city.lever_cap[lever] > 0.0:
                values[i, lever] = min(values[i, lever], city.lever_cap[lever])
            else:
                values[i, lever] = min(max(values[i, lever], -MOST_FLOW), MOST_FLOW)
    _keep_soldiers(city, params)
    set_untreated(city)


@compiled
def _pull(city: City, params: Parameters, m: int, measure: views.Measure, t: int) -> None:
    """Add what a measure pulls to this month's levers; where it offers places, add what one of them does to their mean."""
    fresh = math.exp(-measure.effect_wear * (t - measure.began)) * left_of(params, measure)
    effect = measure.effect * fresh
    for lever in range(city.change.shape[1]):
        dose = city.change[m, lever] * measure.dose
        if dose == 0.0:
            continue
        kind = city.lever_place[lever]
        if kind < 0:
            dose *= fresh
        for i in range(city.neighbourhood.size):
            here = city.where[m, i] * city.delivered[m, i]
            # How those are treated whom it reaches does not depend on how many they are: such a lever is whole.
            rest = 1.0 - here if here > 0.0 else 0.0
            added = dose * (here + city.lever_within_reach[lever] * rest)
            before = city.lever_values[i, lever]
            if kind >= 0 and added > 0.0:
                mean = (before * city.place_effect[i, kind] + added * effect) / (before + added)
                city.place_effect[i, kind] = mean
                _hold(city, params, measure, i, kind, before, added)
            city.lever_values[i, lever] = before + added


@compiled
def _hold(city: City, params: Parameters, measure: views.Measure, i: int, kind: int, before: float, added: float) -> None:
    """Let the months of a participant in neighbourhood i be the mean over the places that measures offer there."""
    months = measure.place_months
    if before > 0.0 and months != city.place_months[i, kind]:
        usual = params.community[0].after_school_months if kind == AFTER_SCHOOL else params.community[0].training_months
        others = city.place_months[i, kind] if city.place_months[i, kind] > 0.0 else usual
        months = (before * others + added * (months if months > 0.0 else usual)) / (before + added)
    city.place_months[i, kind] = months


@compiled
def _keep_soldiers(city: City, params: Parameters) -> None:
    """Let soldiers stay on where the police stay weak (row P-E7)."""
    param = params.policy_delivery[0]
    leaving = min(
        1.0,
        param.soldier_withdrawal_rate + param.soldier_withdrawal_after_reform * gate(params, police_integrity(city, params)),
    )
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        get_used_to_soldiers(params, neighbourhood)
        neighbourhood.garrison = max(lever.military_deployment, neighbourhood.garrison * (1.0 - leaving))
        if neighbourhood.garrison < 0.01:
            neighbourhood.garrison = 0.0
        neighbourhood.lingering = max(0.0, neighbourhood.garrison - lever.military_deployment)
        lever.military_deployment = neighbourhood.garrison


@compiled
def _vote(city: City, params: Parameters, seed: np.uint64, t: int, size: float) -> None:
    """End what is in force and cannot show results yet: an election asks for what can be seen."""
    chance = size * params.policy_delivery[0].election_cancellation_chance * (1.0 - city.city_state[0].linkage)
    for m in range(city.programme.size):
        measure = city.programme[m]
        if measure.pillar == NO_PILLAR or not measure.began <= t < measure.stop or t - measure.began >= measure.shows_after:
            continue
        # Keyed by the measure's row and when it was to start: neither what else a policy holds, nor what other measures
        # exist, changes its luck.
        if uniform(seed, ELECTION, t, measure.key, measure.start) < chance:
            measure.cut_in = measure.cut_in if measure.cut == 1 else t
            measure.cut = 1


@compiled
def _delivered(city: City, params: Parameters, measure: views.Measure, t: int) -> float:
    """Return the part of what is asked that arrives."""
    param = params.policy_delivery[0]
    city_state = city.city_state[0]
    arrives = math.exp(-measure.wear * (t - measure.began))
    if measure.police == 1:
        arrives *= obeyed(params, city_state)
    if measure.pillar != NO_PILLAR:
        arrives *= 1.0 + param.cooperation_on_funding * (city_state.linkage - city_state.linkage_anchor)
    arrives *= 1.0 - param.leakage_share * measure.leaks * (1.0 - city_state.integrity) * (1.0 - city_state.integrity)
    held = min(1.0, (t - measure.began) / param.redistribution_erosion_months)
    arrives *= (
        1.0
        - param.redistribution_erosion * measure.contested * (1.0 - city_state.linkage) * (1.0 - city_state.linkage) * held
    )
    return arrives


@compiled
def _befall(city: City, params: Parameters, measure: views.Measure, t: int) -> None:
    """Let a pact hold, or break, or a leader die. Ideological groups make no pacts with the state."""
    if t == measure.began:
        measure.gang = _successor(city, measure.gang, measure.home)
    gang = city.gang[measure.gang]
    if measure.act == PACT:
        if gang.ideological == 0:
            gang.pact = max(gang.pact, measure.dose)
    elif measure.act == PACT_BROKEN:
        if t == measure.began:
            gang.grievance = max(gang.grievance, measure.dose)
        gang.pact *= 1.0 - measure.dose
    elif t == measure.began:
        gang.leader = 0
        gang.succession = max(gang.succession, measure.dose)
        gang.cohesion = max(0.02, gang.cohesion - params.gangs[0].leader_loss_on_cohesion * measure.dose)


@compiled
def _successor(city: City, named: int, home: int) -> int:
    """Return the gang that the city file names, or, if it is gone, the one that holds most of its home now."""
    if city.gang[named].alive == 1 and city.gang[named].founded < city.city_state[0].start:
        return named
    heir = named
    most = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1 and city.control[home, k] > most:
            most = city.control[home, k]
            heir = k
    return heir
