"""Police and justice: what is solved, who is arrested, who is inside, and how the force behaves.

    clearance_i = logistic(logit q0 + a dtestimony + c dreporting + skill + b dintegrity - e contrast(caseload)
                  - j lost justice)                                where courts are out of reach no case ends (row E42)
                  skill: better investigation, by a measure or by what a safety fund pays, less what shocks bind
                  caseload: cases for each investigator, more where officers are fewer than usual (`police_units`)
    certainty_i+= speed * (log(clearance_i / q0) min(1, testimony_i/testimony_0) - certainty_i)   what witnesses report
                  deters, in `rivalry`
    reporting_i = target(r0; 2 (1 + b posts) dpolice - .8 dfear - dcriminal + watch phones + campaign + referral
                  - criminalised tips)              trust comes before reports, and is told sooner to officers at hand
    risk_i     += speed * (hazard of arrest of members at home here - risk_i)        known with a delay; see `recruitment`
    arrest_j    = member: m0 + killings expected of the gang last month * clearance / members   (solved cases)
                  other males of 14 and more: o0 (.4 + 1.2 deprivation) proneness, with disputes solved
                  mass arrest: of members m1 (1 - exp(-s dose)) / (1 - exp(-s)), the more prone first: at most so many
                  are known; of bystanders by deprivation, in proportion to the dose
    abuse_i    += .3 (target(a0; -3 (integrity - integrity0) + 2.8 mass + .24 patrol - fairness + soldiers + raid
                  + show of force + untrained wardens + compulsory treatment
                  - findings carried out - b dpolice) - abuse)       coercion and antagonism feed each other (row E19);
                  raid: those of a shock, and how far ordinary ones became more
    raids_i    += .3 (raids0 (1 - a reform) (1 - b findings) (1 - c posts) - raids)     ordinary raids, 0-1
    posts_i     = community policing * gate(integrity of the force): presence with conduct
    filmed_i    = c watch residents;  held_i += r watch residents phones reporting - held_i / retention       row I14
    reform     slow; integrity of the force = integrity + r reform (1 - integrity)
    other arrests (1 - diversion); a riot knits the gangs inside (whom it kills: `homicide.riots`)
    inside      a non-member joins with .003 a month, more when crowded, a gang in proportion to its inmates
    custody     expected deaths = held * d0 * crowding; of a mass arrest, whoever was no member is wrongly held
Sentences are exponential; a solved killing is sentenced longer, and who is detained without a term leaves as seldom as
was seen where terms were lifted. Released youths have a record.
    rows E14, E19, E22, E42, I14
    levers investigation, focused_deterrence, community_policing, mass_arrests, detention_without_term, hot_spot_patrol,
    military_deployment, community_watch, media_campaign, early_referral, criminalisation, diversion, raid, prison_riot,
    show_of_force, untrained_wardens, compulsory_treatment
    (police_reform, police_oversight and inquiry_follow_through by way of `government`)
    draws ARREST, ARREST_CAUSE, SENTENCE, PRISON_JOIN, PRISON_GANG
    sources just.clear_us_city, just.homicide_time_served, prison.recruit_share, enf.investigation_conviction_rct,
            enf.mano_dura_2003, enf.mass_incarceration_2022; other values found by fitting
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.distributions import exponential
from sim.draws import (
    ARREST,
    ARREST_CAUSE,
    BLOCK,
    PRISON_GANG,
    PRISON_JOIN,
    SENTENCE,
    ask,
    uniform,
)
from sim.enumerations import SERVICE_JUSTICE
from sim.parameters import Parameters
from sim.processes.demography import age_in_years, most_prone
from sim.processes.drawing import ARRESTING, ARRESTING_MEMBERS, JOINING_INSIDE, is_drawn, looked_at
from sim.processes.membership import enlist, find, imprison, set_free, share_loss, standing
from sim.processes.steady_state import equilibrium, log_ratio, logistic, logit, track
from sim.state import FREE, NO_GANG, PRISON, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["arrest_hazard", "clear", "gate", "obeyed", "police_integrity", "sweep_reach", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Solve, arrest, keep and release, neighbourhood by neighbourhood."""
    param = params.justice[0]
    city_state = city.city_state[0]
    inmates = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            inmates += city.gang[k].inmates
    crowding = 1.0
    if city_state.prison_places > 0.0:
        crowding = min(param.crowding_limit, max(1.0, city_state.prisoners / city_state.prison_places))
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 1:
            # A riot shows who rules inside, and knits those who do.
            gang.cohesion = min(1.0, gang.cohesion + param.cohesion_gain_from_riot * city.levers[gang.home].prison_riot)
    for i in range(city.neighbourhood.size):
        clear(city, params, i)
        lever = city.levers[i]
        police = city.police[i]
        neighbourhood = city.neighbourhood[i]
        goal = equilibrium(
            police.abuse_anchor,
            -param.integrity_on_abuse * (police_integrity(city, params) - city_state.integrity_anchor)
            + param.mass_arrest_on_abuse * lever.mass_arrests
            + param.patrol_on_abuse * police.patrol
            - param.focused_deterrence_on_abuse * lever.focused_deterrence
            + param.soldiers_on_abuse * lever.military_deployment
            + param.show_of_force_on_abuse * lever.show_of_force
            + param.untrained_wardens_on_abuse * lever.untrained_wardens
            + param.compulsory_treatment_on_abuse * lever.compulsory_treatment
            + param.raid_on_abuse * (lever.raid + police.raids - police.raids_anchor)
            - param.inquiry_on_abuse * city_state.scrutiny
            - param.distrust_on_abuse * (neighbourhood.police_legitimacy - neighbourhood.police_anchor),
        )
        police.abuse += param.abuse_speed * (goal - police.abuse)
        police.raids += param.abuse_speed * (_raids_goal(city, params, i) - police.raids)
        _watch_residents(city, params, i)
        _tell_of_arrests(city, params, i)
        _arrest(city, params, seed, t, i)
        _keep(city, params, seed, t, i, inmates, crowding)


@compiled
def _raids_goal(city: City, params: Parameters, i: int) -> float:
    """Return how far policing in neighbourhood i comes to be raids: less by reform, by findings, by steady posts."""
    param = params.justice[0]
    city_state = city.city_state[0]
    less: float = (
        (1.0 - param.reform_on_raids * city_state.reform)
        * (1.0 - param.inquiry_on_raids * city_state.scrutiny)
        * (1.0 - param.posts_on_raids * _steady_posts(city, params, i))
    )
    return city.police[i].raids_anchor * less


@compiled
def _watch_residents(city: City, params: Parameters, i: int) -> None:
    """Count whom the cameras of a watch film in neighbourhood i, and what is kept of reports about people (row I14)."""
    param = params.justice[0]
    neighbourhood = city.neighbourhood[i]
    watched = city.levers[i].community_watch * neighbourhood.population
    neighbourhood.people_filmed = param.camera_reach * watched
    made = param.reports_about_people * watched * city.city_state[0].phones * neighbourhood.reporting
    neighbourhood.reports_held += made - neighbourhood.reports_held / param.report_retention_months


@compiled
def _steady_posts(city: City, params: Parameters, i: int) -> float:
    """Return how far officers whom residents can trust patrol the same streets of neighbourhood i for good, 0-1."""
    posted: float = city.levers[i].community_policing * gate(params, police_integrity(city, params))
    return posted


@compiled
def gate(params: Parameters, integrity: float) -> float:
    """Return how far an engaged force can gain trust: half at a middling integrity, next to nothing well below."""
    square = integrity * integrity
    sixth = square * square * square
    engaged: float = sixth / (sixth + params.justice[0].trust_gate_half)
    return engaged


@compiled
def obeyed(params: Parameters, city_state: views.CityState) -> float:
    """Return how much a force does of what the city, or city and nation together, ask of it (row E34)."""
    sure = params.policy_delivery[0].compliance_per_command_step * (2.0 - city_state.command)
    done: float = sure + (1.0 - sure) * city_state.alignment
    return done


@compiled
def police_integrity(city: City, params: Parameters) -> float:
    """Return the integrity of the force: what dirty money leaves of it, and what a reform of the police added."""
    city_state = city.city_state[0]
    whole: float = city_state.force_integrity + params.justice[0].reform_on_integrity * city_state.reform * (
        1.0 - city_state.force_integrity
    )
    return whole


@compiled
def clear(city: City, params: Parameters, i: int) -> None:
    """Set the probability that a killing in neighbourhood i is solved, and that a crime there is reported."""
    param = params.justice[0]
    neighbourhood = city.neighbourhood[i]
    city_state = city.city_state[0]
    lever = city.levers[i]
    # What a safety fund pays the police helps to solve cases as investigation does, and no further than all of that.
    solving = min(1.0, lever.investigation + city_state.fund_solving)
    skill = param.investigation_on_clearance * solving - param.diverted_police_on_clearance * city_state.diverted
    cases = city_state.caseload * city_state.case_pressure
    neighbourhood.clearance = logistic(
        logit(city_state.clearance_anchor)
        + param.testimony_on_clearance * (neighbourhood.testimony - neighbourhood.testimony_anchor)
        + param.reporting_on_clearance * (neighbourhood.reporting - neighbourhood.reporting_anchor)
        + skill
        + param.integrity_on_clearance * (police_integrity(city, params) - city_state.integrity_anchor)
        - param.caseload_on_clearance * log_ratio(cases, city_state.caseload_reference)
        - param.courts_on_clearance * city.services.lost[i, SERVICE_JUSTICE]
    )
    # What is known of it is what witnesses tell: less of it where fewer talk than in ordinary times. Where more talk, more
    # cases are solved by that (above), and the elasticity that was measured is one with the share of cases that are solved.
    known = math.log(neighbourhood.clearance / city_state.clearance_anchor) * min(
        1.0, neighbourhood.testimony / neighbourhood.testimony_anchor
    )
    neighbourhood.certainty += params.homicide[0].certainty_speed * (known - neighbourhood.certainty)
    neighbourhood.reporting = equilibrium(
        neighbourhood.reporting_anchor,
        param.police_legitimacy_on_reporting
        * (1.0 + param.posts_on_reporting * _steady_posts(city, params, i))
        * (neighbourhood.police_legitimacy - neighbourhood.police_anchor)
        - param.fear_on_reporting * (neighbourhood.fear - neighbourhood.fear_anchor)
        - param.criminal_legitimacy_on_reporting * (neighbourhood.criminal_legitimacy - neighbourhood.criminal_anchor)
        - param.unsettled_newcomers_on_reporting * (neighbourhood.displaced - city_state.displaced_ordinary)
        + param.community_watch_on_reporting
        * lever.community_watch
        * city_state.phones
        * (param.community_watch_without_trust + neighbourhood.police_legitimacy)
        + param.campaign_on_reporting * lever.media_campaign * city_state.phones
        + param.referral_on_tips * lever.early_referral
        - param.criminalisation_on_tips * lever.criminalisation
        + params.community_groups[0].telling_on_tips * (neighbourhood.told_by_groups - 1.0),
    )


@compiled
def arrest_hazard(
    param: views.JusticeParameters,
    sweep: float,
    conviction: float,
    member: bool,
    proneness: float,
    other: float,
    swept_up: float,
    solved: float,
) -> tuple[float, float, float]:
    """Return the monthly hazard of arrest with a sentence, and the parts of it that are for a killing and in a sweep.

    Parameters
    ----------
    rate : record
        Parameters of this process.
    sweep : float
        What a sweep here reaches of members, see `sweep_reach`.
    conviction : float
        Hazard of a member for the gang's solved killings.
    member : bool
    proneness : float
    other, swept_up, solved : float
        Hazards of non-members: ordinary and for solved disputes, per unit of proneness; in mass arrests, flat.
    """
    if member:
        picked = 2.0 * proneness / (1.0 + proneness) - 1.0
        swept = param.mass_arrest_rate_members * sweep * (1.0 + param.mass_arrest_selection * picked)
        return param.arrest_rate_members + swept + conviction, conviction, swept
    return (other + solved) * proneness + swept_up, solved * proneness, swept_up


@compiled
def sweep_reach(param: views.JusticeParameters, sweep: float) -> float:
    """Return the part of members' largest hazard of arrest that a sweep of this dose reaches: more than its share at first.

    Those whom the police know best are taken first; a sweep twice as large does not find twice as many.
    """
    if sweep <= 0.0:
        return 0.0
    reached: float = (1.0 - math.exp(-param.mass_arrest_saturation * sweep)) / (
        1.0 - math.exp(-param.mass_arrest_saturation)
    )
    return reached


@compiled
def _tell_of_arrests(city: City, params: Parameters, i: int) -> None:
    """Let it be known in neighbourhood i how likely members of gangs are to be arrested there."""
    param = params.justice[0]
    neighbourhood = city.neighbourhood[i]
    sweep = min(1.0, city.levers[i].mass_arrests + city.levers[i].raid)
    members = 0.0
    convicted = 0.0
    for k in range(city.gang.size):
        members += standing(city, i, k)
        convicted += standing(city, i, k) * city.gang[k].conviction
    risk = param.arrest_rate_members + param.mass_arrest_rate_members * sweep_reach(param, sweep)
    risk += convicted / members if members > 0.0 else 0.0
    neighbourhood.arrest_risk += params.recruitment[0].arrest_news_speed * (risk - neighbourhood.arrest_risk)
    neighbourhood.arrest_risk_reference = track(
        neighbourhood.arrest_risk_reference, neighbourhood.arrest_risk, city.city_state[0].anchoring
    )


@compiled
def _arrest(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    param = params.justice[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    sweep = min(1.0, city.levers[i].mass_arrests + city.levers[i].raid)
    neighbourhood.arrested = 0.0
    people = max(1.0, (neighbourhood.last - neighbourhood.first) * neighbourhood.weight)
    solved = neighbourhood.clearance * param.solved_cases_youth_share * neighbourhood.deaths_dispute / people
    other = (
        param.arrest_rate_others
        * (param.arrests_without_deprivation + param.deprivation_on_arrests * neighbourhood.deprivation)
        * (1.0 - param.diversion_share * city.levers[i].diversion)
    )
    swept_up = (
        param.mass_arrest_rate_others * max(0.0, neighbourhood.deprivation - param.mass_arrest_deprivation_threshold) * sweep
    )
    endless = min(1.0, city.levers[i].detention_without_term / sweep) if sweep > 0.0 else 0.0
    reached = sweep_reach(param, sweep)
    bound = looked_at(neighbourhood.weight, (other + solved) * most_prone(params) + swept_up)
    most = 0.0
    for k in range(city.gang.size):
        if city.members[i, k] > 0:
            hazard, _, _ = arrest_hazard(
                param, reached, city.gang[k].conviction, True, most_prone(params), other, swept_up, solved
            )
            most = max(most, hazard)
    member_bound = looked_at(neighbourhood.weight, most)
    row = neighbourhood.first
    while row < neighbourhood.last:
        number = min(BLOCK, neighbourhood.last - row)
        for asked in range(ask(city.scratch, seed, ARREST, t, row, number, max(bound, member_bound))):
            u = city.scratch.luck[asked]
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            k = youth.gang[r]
            if u >= (bound if k == NO_GANG else member_bound):
                continue
            if k == NO_GANG and (youth.female[r] == 1 or age_in_years(youth.phase[r], t) < 14.0):
                continue
            conviction = city.gang[k].conviction if k != NO_GANG else 0.0
            hazard, killing, swept = arrest_hazard(
                param, reached, conviction, k != NO_GANG, float(youth.proneness[r]), other, swept_up, solved
            )
            decision = ARRESTING if k == NO_GANG else ARRESTING_MEMBERS
            if not is_drawn(city, i, decision, neighbourhood.weight, u, 1.0 - math.exp(-hazard)):
                continue
            # One number says what it was for: a killing, the sweep (with a term or without one), or anything else.
            mark = uniform(seed, ARREST_CAUSE, t, r) * hazard - killing
            mean = param.sentence_months
            if mark < 0.0:
                mean = param.sentence_months_killing
            elif mark < swept:
                youth.wrongly_held[r] = 1 if k == NO_GANG else 0
                without = mark < swept * endless
                mean = param.detention_months_without_term if without else param.sentence_months_mass_arrest
            months = max(1.0, math.floor(exponential(uniform(seed, SENTENCE, t, r), mean)))
            if k != NO_GANG:
                for gang in range(city.gang.size):
                    city.scratch.chances[gang], _, _ = arrest_hazard(
                        param, reached, city.gang[gang].conviction, True, float(youth.proneness[r]), other, swept_up, solved
                    )
                share_loss(city, i, k, city.scratch.chances)
            imprison(city, r, t + int(min(months, 480.0)))
            youth.arrests[r] += 1
            neighbourhood.arrested += neighbourhood.weight
        row += number


@compiled
def _keep(city: City, params: Parameters, seed: np.uint64, t: int, i: int, inmates: float, crowding: float) -> None:
    """Release who has served, let the gangs inside recruit, and count what detention does to those who are held."""
    param = params.justice[0]
    youth = city.youth
    neighbourhood = city.neighbourhood[i]
    join = min(0.5, param.prison_joining_chance * crowding)
    picked = city.scratch.picked
    neighbourhood.prison_recruits = 0.0
    neighbourhood.wrongly_held = 0.0
    held = 0.0
    first = neighbourhood.first
    while first < neighbourhood.last:
        last = min(first + BLOCK, neighbourhood.last)
        for found in range(find(picked, youth.status[first:last], PRISON)):
            row = first + picked[found]
            if youth.release[row] <= t:
                set_free(city, row)
                continue
            held += neighbourhood.weight
            neighbourhood.wrongly_held += neighbourhood.weight * youth.wrongly_held[row]
            if (
                youth.gang[row] == NO_GANG
                and inmates > 0.0
                and is_drawn(city, i, JOINING_INSIDE, neighbourhood.weight, uniform(seed, PRISON_JOIN, t, row), join)
            ):
                mark = uniform(seed, PRISON_GANG, t, row) * inmates
                for k in range(city.gang.size):
                    if city.gang[k].alive == 0:
                        continue
                    mark -= city.gang[k].inmates
                    if mark < 0.0:
                        enlist(city, row, k, t)
                        neighbourhood.recruits += neighbourhood.weight
                        neighbourhood.prison_recruits += neighbourhood.weight
                        break
        first = last
    neighbourhood.custody_deaths = held * param.custody_death_rate * crowding
