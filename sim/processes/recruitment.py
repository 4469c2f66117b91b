"""Joining and leaving: who takes up with a gang this month, and who walks away.

    join_j  = 1 - exp(-exp(eta_j)), at most `join_cap` a month, for free youths in no gang
    eta_j   = a_city + b_dep (deprivation - .5) + log(C / (C + half) + .02) - b_jobs log J
            + b_cl dcriminal - b_ce defficacy - b_pl dpolice + b_abuse dabuse + b_fear contrast(violence)
            + gain * log(places / members)                              demand: gaps are refilled, within 1.2
            - b_arrest contrast(risk of arrest)       where members are seen to be arrested, fewer take their places
            - (age - peak)^2 / (2 sd^2) - b_female + own + b_idle idle + b_peer follows n / (n + half)
            + (b_iso + b_rent drent) (isolation - 1/3) + b_rent drent / 2
            + b_home exposed (1 - safe) at home + b_cheap dlog(1 / gun price) + b_young (deprivation - .5) under 18
            + ideas (share of control that ideological groups hold) + b_trauma trauma + b_divided divided
            + programmes + early use (`lock_in`, E38)
            + b_new newcomers + b_ties (ties - ordinary) held    close ties carry youths into who holds the place (E43)
own, follows, n and at home are those of `risks`, from four levels of risk; rents pull less where residents are connected
    leave_j = h0 scaled between loose and cohesive gangs * exp(b_work (work - .5) + b_age (age - 18) - b_record
            + b_dead dead comrades + training (less in knit gangs) + exposed with a way back - shamed
            + transformed (more in knit gangs) - dependence (`lock_in`) - b_female, more with rents); flat in prison
C is the share of control that gangs hold; d the difference from the anchor. Every input is bounded, so eta is.
Whoever is at risk joins first and is gone from the pool: what refills a gang falls with each youth that it takes.
    rows    E01 (risks multiply), E04, E13 (ideas), E16 (children), E17, E21 (isolation), E31 (four levels), E38
    sources gang.join_age, gang.joining_peer_OR, gang.annual_exit_us, gang.annual_exit_cohesive,
            res.school_gang_curriculum, res.employment_training_high_risk; Pyrooz and Sweeten 2015
    draws   JOIN (joining and leaving: a youth is either in or out), JOIN_WHICH (where a row is one youth, see `drawing`)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, JOIN, JOIN_WHICH, ask, uniform
from sim.enumerations import AFTER_SCHOOL, FIREARMS, MARKET_DRUGS
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, risk
from sim.processes.drawing import JOINING, LEAVING, SINGLE, is_drawn, looked_at, next_in_turn
from sim.processes.lock_in import JOINS, LEAVES, early_pull, expect, forget_expected, held_by_use, ordinary, set_ordinary_use
from sim.processes.membership import enlist, quit_gang, set_mean_chances, share_loss
from sim.processes.recovery import held_by_group
from sim.processes.risks import at_home, follows, most_at_home, most_follows, most_own, most_peers, own, peers
from sim.processes.steady_state import log_ratio
from sim.processes.substance_use import treated
from sim.processes.substance_use import update as update_drug_use
from sim.state import FORMAL, FREE, NEITHER, NO_GANG, SCHOOL, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["join_probability", "leave_probability", "place_pull", "shield", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let drug use move, then ask every youth once: whoever is in may leave, whoever is out may join."""
    update_drug_use(city, params, seed, t)
    param = params.recruitment[0]
    youth = city.youth
    for k in range(city.gang.size):
        city.scratch.chances[k] = city.gang[k].leaving
    city.scratch.leaving[:] = 0.0
    city.scratch.free_rows[:] = 0.0
    forget_expected(city)
    drawn_in = ordinary(city.city_state[0].joining_reference)
    held_in = ordinary(city.city_state[0].leaving_reference)
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        neighbourhood.recruits = 0.0
        neighbourhood.recruits_under_18 = 0.0
        neighbourhood.exits = 0.0
        neighbourhood.female_exits = 0.0
        lever = city.levers[i]
        pull = place_pull(city, params, i) - drawn_in
        reached = treated(params, lever)
        rent = log_ratio(neighbourhood.rent, neighbourhood.rent_reference) * shield(params, neighbourhood.connected)
        cheap = -math.log(city.flows.price[i, FIREARMS])
        held = 1.0 - param.mothers_groups_on_family_risk * lever.mothers_groups
        exposed_pull = param.home_violence_on_joining * (1.0 - param.safe_spaces_on_exposure * lever.safe_spaces)
        named = param.criminalisation_on_joining * lever.criminalisation - param.referral_on_joining * lever.early_referral
        out, changed = _ways_out(city, param, i)
        out -= held_in
        young = param.deprivation_on_child_joining * (neighbourhood.deprivation - 0.5)
        most = _most(param, pull + max(named, 0.0) + max(young, 0.0), rent, cheap)
        bound = looked_at(neighbourhood.weight, most)
        taught = city.place_effect[i, AFTER_SCHOOL]
        most = _most_leaving(city, param, i, max(out, 0.0) + changed)
        leaving_bound = looked_at(neighbourhood.weight, most)
        look = max(bound, leaving_bound)
        row = neighbourhood.first
        while row < neighbourhood.last:
            number = min(BLOCK, neighbourhood.last - row)
            for asked in range(ask(city.scratch, seed, JOIN, t, row, number, look)):
                u = city.scratch.luck[asked]
                r = row + city.scratch.picked[asked]
                k = youth.gang[r]
                if u >= (bound if k == NO_GANG else leaving_bound):
                    continue
                status = youth.status[r]
                age = age_in_years(youth.phase[r], t)
                if k != NO_GANG:
                    free = status == FREE
                    held_back = held_by_use(city, param, r, reached)
                    leaving = _leaving(city, param, t, r, out - held_back, changed) if free else param.exit_rate_in_prison
                    if free:
                        expect(city, LEAVES, leaving, -held_back)
                        city.scratch.leaving[k] += leaving
                        city.scratch.free_rows[k] += 1.0
                    if is_drawn(city, i, LEAVING, neighbourhood.weight, u, leaving):
                        if free:
                            share_loss(city, i, k, city.scratch.chances)
                        quit_gang(city, r)
                        neighbourhood.exits += neighbourhood.weight
                        neighbourhood.female_exits += neighbourhood.weight * youth.female[r]
                elif status == FREE:
                    family = float(youth.family[r])
                    if family > 0.0:
                        family *= held
                    z = risk(youth.person[r], family, youth.friends[r], youth.school[r])
                    company = follows(param, float(youth.friends[r]))
                    joining = join_probability(
                        param,
                        pull + named if z > param.referral_risk_threshold and age < 18.0 else pull,
                        rent,
                        cheap,
                        age,
                        youth.female[r],
                        own(city, params, r, age, family),
                        youth.activity[r],
                        peers(city, param, r),
                        company,
                        float(youth.isolation[r]),
                        exposed_pull * youth.exposed_at_home[r] * at_home(param, family) + early_pull(city, param, r),
                        taught * company if youth.school_place[r] > 0 else 0.0,
                        float(youth.training_effect[r]),
                        young,
                    )
                    expect(city, JOINS, joining, early_pull(city, param, r))
                    if is_drawn(city, i, JOINING, neighbourhood.weight, u, joining):
                        _join(city, params, seed, t, r, i)
            row += number
    set_mean_chances(city)
    set_ordinary_use(city)


@compiled
def _ways_out(city: City, param: views.RecruitmentParameters, i: int) -> tuple[float, float]:
    """Return what helps members of neighbourhood i to leave, and what work with the whole group adds, on the log hazard."""
    lever = city.levers[i]
    out = param.reintegration_on_exit * lever.reintegration - param.stigmatisation_on_exit * lever.stigmatisation
    changed = (
        param.transformation_on_exit
        * lever.group_transformation
        * (param.transformation_without_credibility + city.neighbourhood[i].credibility)
    )
    return out, changed


@compiled
def _leaving(city: City, param: views.RecruitmentParameters, t: int, row: int, out: float, changed: float) -> float:
    """Return the probability that a free member, a row of the table, leaves its gang this month."""
    youth = city.youth
    i = youth.home[row]
    gang = city.gang[youth.gang[row]]
    locked = param.drug_rent_on_female_exit * max(
        0.0, log_ratio(city.market_rent[i, MARKET_DRUGS], city.market_reference[i, MARKET_DRUGS])
    )
    return leave_probability(
        param,
        gang.cohesion,
        gang.expected_dead / max(gang.members, 1.0),
        age_in_years(youth.phase[row], t),
        youth.activity[row],
        youth.record[row],
        youth.female[row],
        float(youth.training_effect[row]),
        out - locked * youth.female[row],
        changed,
    )


@compiled
def shield(params: Parameters, connected: float) -> float:
    """Return how far a change of rents is felt where residents are connected so far: less, the more they are."""
    param = params.recruitment[0]
    return math.exp(-param.connectedness_on_rent_pull * (connected - param.connectedness_midpoint))


@compiled
def place_pull(city: City, params: Parameters, i: int) -> float:
    """Return the part of eta that all youths of neighbourhood i share."""
    param = params.recruitment[0]
    neighbourhood = city.neighbourhood[i]
    police = city.police[i]
    demand = 0.0
    faithful = 0.0
    if neighbourhood.controlled > 0.0:
        for k in range(city.gang.size):
            demand += city.control[i, k] / neighbourhood.controlled * city.gang[k].demand
            faithful += city.control[i, k] / neighbourhood.controlled * city.gang[k].ideological
    return (
        param.joining_intercept
        + param.deprivation_on_joining * (neighbourhood.deprivation - 0.5)
        + math.log(neighbourhood.controlled / (neighbourhood.controlled + param.presence_half_pull) + 0.02)
        - param.jobs_on_joining * math.log(neighbourhood.jobs)
        + param.criminal_legitimacy_on_joining * (neighbourhood.criminal_legitimacy - neighbourhood.criminal_anchor)
        - param.efficacy_on_joining * (neighbourhood.collective_efficacy - neighbourhood.efficacy_ordinary)
        + param.unsettled_newcomers_on_joining * (neighbourhood.displaced - city.city_state[0].displaced_ordinary)
        - param.police_legitimacy_on_joining * (neighbourhood.police_legitimacy - neighbourhood.police_anchor)
        + param.abuse_on_joining * (police.abuse - police.abuse_anchor)
        + param.violence_on_joining * log_ratio(neighbourhood.violence, neighbourhood.violence_reference)
        + param.demand_on_joining * demand
        + param.ideas_on_joining * faithful * (city.levers[i].flow_ideas + _aggrieved(city, param, i))
        + param.trauma_on_joining * neighbourhood.trauma
        + param.division_on_joining * neighbourhood.divided
        - param.arrest_risk_on_joining * log_ratio(neighbourhood.arrest_risk, neighbourhood.arrest_risk_reference)
        + param.ties_on_joining
        * (neighbourhood.ties - params.community[0].ordinary_ties)
        * held_by_group(params, neighbourhood.domination)
        - params.community_groups[0].serving_on_joining * (neighbourhood.served_by_groups - 1.0)
    )


@compiled
def _aggrieved(city: City, param: views.RecruitmentParameters, i: int) -> float:
    """Return what a state that is not believed in adds to the pull of ideas."""
    city_state = city.city_state[0]
    lost: float = city.neighbourhood[i].state_anchor - city.neighbourhood[i].state_legitimacy
    stirred: float = param.grievance_on_ideas_pull * (max(lost, 0.0) + city_state.grievance - city_state.grievance_anchor)
    return stirred


@compiled
def join_probability(
    param: views.RecruitmentParameters,
    pull: float,
    rent: float,
    cheap: float,
    age: float,
    female: int,
    own_risk: float,
    activity: int,
    gang_peers: float,
    company: float,
    isolation: float,
    exposed: float,
    after_school: float,
    training: float,
    young: float,
) -> float:
    """Return the probability that a free youth outside any gang joins one this month.

    Parameters
    ----------
    pull, rent, cheap, young : float
        Of the neighbourhood: the part of eta that all share, the contrast of rents, minus the log price of firearms, and
        what deprivation adds for children.
    age, female, own_risk, activity, gang_peers, company, isolation, exposed, after_school, training
        Of the youth, as columns or `risks` have it: `company` how far it follows friends, `exposed` the pull of violence at
        home and of early drug use, `after_school` what a place after school does, 0 without a place.
    """
    width = param.joining_age_spread_below if age < param.joining_age_peak else param.joining_age_spread_above
    off = age - param.joining_age_peak
    eta = pull - off * off / (2.0 * width * width)
    eta += (
        own_risk
        + param.peers_on_joining * company * gang_peers / (gang_peers + param.peers_half_effect)
        + (param.isolation_on_joining + param.rent_on_joining * rent) * (isolation - 1.0 / 3.0)
        + param.rent_pull_common_share * param.rent_on_joining * rent
        + exposed
        - param.training_on_joining * training
    )
    if female == 1:
        eta -= param.female_on_joining
    if activity == NEITHER:
        eta += param.idleness_on_joining
    eta -= param.after_school_on_joining * after_school
    if age < 18.0:
        eta += param.cheap_guns_on_child_joining * cheap + young
    return min(param.joining_limit, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _most(param: views.RecruitmentParameters, pull: float, rent: float, cheap: float) -> float:
    """Return a probability that no youth of the neighbourhood exceeds: whoever draws more is not looked at."""
    number = most_peers(param)
    eta = (
        pull
        + most_own(param)
        + param.peers_on_joining * most_follows(param) * number / (number + param.peers_half_effect)
        + 0.67 * abs(param.isolation_on_joining + param.rent_on_joining * rent)
        + param.rent_pull_common_share * abs(param.rent_on_joining * rent)
        + param.home_violence_on_joining * most_at_home(param)
        + param.early_use_on_joining
        + param.idleness_on_joining
        + param.cheap_guns_on_child_joining * max(cheap, 0.0)
    )
    return min(param.joining_limit, 1.0 - math.exp(-math.exp(min(eta, 0.0))))


@compiled
def _most_leaving(city: City, param: views.RecruitmentParameters, i: int, helped: float) -> float:
    """Return a probability of leaving that no member in neighbourhood i exceeds, `helped` on the log hazard at most."""
    most: float = param.exit_rate_in_prison
    trained = 1.0 if city.neighbourhood[i].training_touched > 0.0 else 0.0
    for k in range(city.gang.size):
        if city.members[i, k] + city.inmates[i, k] > 0:
            gang = city.gang[k]
            comrades = gang.expected_dead / max(gang.members, 1.0)
            most = max(most, leave_probability(param, gang.cohesion, comrades, 30.0, FORMAL, 0, 0, trained, helped, 0.0))
    return most


@compiled
def _join(city: City, params: Parameters, seed: np.uint64, t: int, row: int, i: int) -> None:
    """Pick the gang, by its control here (more than in proportion: it is known) and its need of people, and join it."""
    neighbourhood = city.neighbourhood[i]
    param = params.recruitment[0]
    total = 0.0
    ideas = param.ideas_on_choice * (city.levers[i].flow_ideas + _aggrieved(city, param, i))
    appeals = city.scratch.parts
    for k in range(city.gang.size):
        appeals[k] = _appeal(city, param, i, k, ideas)
        total += appeals[k]
    if total <= 0.0:
        return
    chosen = 0
    if neighbourhood.weight >= SINGLE:
        chosen = next_in_turn(city.owed[i], appeals, total)
    else:
        mark = uniform(seed, JOIN_WHICH, t, row) * total
        for k in range(city.gang.size):
            if appeals[k] > 0.0:
                chosen = k
                mark -= appeals[k]
                if mark < 0.0:
                    break
    enlist(city, row, chosen, t)
    neighbourhood.recruits += neighbourhood.weight
    if age_in_years(city.youth.phase[row], t) < 18.0:
        neighbourhood.recruits_under_18 += neighbourhood.weight
        city.youth.recruited_as_child[row] = 1


@compiled
def _appeal(city: City, param: views.RecruitmentParameters, i: int, k: int, ideas: float) -> float:
    """Return the weight of gang k among those a recruit of neighbourhood i may join."""
    gang = city.gang[k]
    return city.control[i, k] ** param.control_on_choice * math.exp(
        param.demand_on_choice * gang.demand + ideas * gang.ideological
    )


@compiled
def leave_probability(
    param: views.RecruitmentParameters,
    cohesion: float,
    comrades: float,
    age: float,
    activity: int,
    record: int,
    female: int,
    training: float,
    helped: float,
    transformed: float,
) -> float:
    """Return the probability that a free member leaves the gang this month.

    Parameters
    ----------
    cohesion, comrades : float
        Of the gang: its cohesion, and its members' expected deaths last month per member.
    age, activity, record, female, training
        Of the youth, as the columns hold them; age in years.
    helped, transformed : float
        Of the neighbourhood, on the log hazard: exposure with a way back, and work with the whole group, which is felt
        most in knit gangs, where training alone is felt least.
    """
    knit = min(max((cohesion - param.cohesion_of_easy_exit) / param.cohesion_exit_range, -0.3), 1.3)
    work = 0.0
    if activity == FORMAL:
        work = 1.0
    elif activity == SCHOOL:
        work = param.school_exit_ratio
    elif activity != NEITHER:
        work = param.informal_work_exit_ratio
    log_hazard = (
        math.log(param.exit_rate_loose)
        + knit * (math.log(param.exit_rate_cohesive) - math.log(param.exit_rate_loose))
        + param.work_on_exit * (work - 0.5)
        + param.age_on_exit * (age - 18.0)
        - param.prison_record_on_exit * record
        - param.female_on_exit * female
        + param.comrade_deaths_on_exit * min(1.0, param.comrade_deaths_scale * comrades)
        + param.training_on_exit * training * (1.0 - param.training_effect_blocked_by_cohesion * min(max(knit, 0.0), 1.0))
        + helped
        + transformed
        * (param.transformation_in_loose_gangs + (1.0 - param.transformation_in_loose_gangs) * min(max(knit, 0.0), 1.0))
    )
    return 1.0 - math.exp(-min(param.exit_rate_limit, math.exp(log_hazard)))
