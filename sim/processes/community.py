"""The community responds: trust, fear, cohesion and legitimacy move.

Every state tends to target(anchor; effects) at two monthly speeds, up and down:
    fear          .8 contrast(violence) + dx + b trauma + r log robberies - wardens        up .30, down .08
    testimony     3.2 dpolice - 2 dfear - 1.6 dcriminal + 2 dclearance + protection where cases are solved   .03, .10
    police legit. -1.6 dabuse + l tanh(log(clearance/clearance0)/l) + cp gate + fair + watch - promises    .03, .10
    efficacy      -1.2 dfear + .8 dpolice - 1.2 dx + b log J + district (bonding, E20) + participation + women
                  + homes held + rebuilt - trauma + closer ties (E43) - unsettled newcomers
                  - turnover beyond the ordinary, as far as nobody includes newcomers (E01, E04, E24)   .03, .05
    bridging      -dfear + .5 dpolice - b |log J - log J of the city| - district - bubbles (1 - compact) - divided
                  - unsettled newcomers                                                    .02, .05
    state legit.  -1.6 dx + 1.6 dpolice + .8 log J + .8 dintegrity + .8 cp - ideas + .5 dbridging + services (1 - captured)
                  + participation + linkage + lawful + campaign + homes held + rebuilt - politics bought - promises  .03, .05
    criminal      2 dsettled + .8 dabuse - 1.5 dx - 1.6 dstate + services of gangs + captured services + subversion
                                                                                           .03, .03
    lawful      += speed * (lever * clip((integrity - .4)/.25, -.5, 1) - lawful)           low integrity: it backfires
    connected    = mean of efficacy (support), bridging (contact), groups (volunteering) and trust             (row E21)
violence is a slow mean of expected killings, half of the neighbours' included: slow states answer to expectations, or
fast loss and slow gain would turn noise into decline. gate = integrity^6/(integrity^6 + .6^6): community policing by an
unreformed force changes next to nothing, without a hard edge.
Promises that nobody keeps cost trust; so does a partner that is not sound (row E35), and it feeds who subverted it.
What moves testimony together moves it by l at most: l tanh(sum / l). Programmes run in `programmes`. Residents come to hold
the violence around them for ordinary, by `habituation_speed` a month, and fear what is more than that.
    ties        += speed * (anchor + lever (1 - anchor) - ties)     closer, as a shock makes them; joining in `recruitment`
    rows E01, E04, E10, E17, E18, E19, E20, E21, E22, E27, E28, E32, E35, E42, E43
    sources eng.community_policing_south, eng.police_scandal_reporting; Janssen, Oberwittler and Koeber 2020 (fear adapts);
            speeds: section 5 of the evidence table (judgement)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.enumerations import IDEAS, MONEY
from sim.parameters import Parameters
from sim.processes.homicide.rivalry import fidelity
from sim.processes.justice import gate, police_integrity
from sim.processes.policy_delivery import killings_expected
from sim.processes.programmes import run_after_school, run_training
from sim.processes.steady_state import adjust, bounded, equilibrium, log_ratio, per_head, track
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["backing", "update"]


@compiled
def backing(param: views.CommunityParameters, integrity: float) -> float:
    """Return how far words about lawfulness are believed: not at all at a threshold of integrity, against the city below."""
    return min(
        max(
            (integrity - param.lawfulness_integrity_threshold) / param.lawfulness_integrity_width,
            -param.lawfulness_backfire_limit,
        ),
        1.0,
    )


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Move the slow states of every neighbourhood, then run its programmes."""
    for i in range(city.neighbourhood.size):
        _move_states(city, params, i)
        run_after_school(city, params, seed, t, i)
        run_training(city, params, seed, t, i)
    _move_groups(city, params)


@compiled
def _move_states(city: City, params: Parameters, i: int) -> None:
    param = params.community[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    city_state = city.city_state[0]
    police = city.police[i]
    fresh = (
        per_head(killings_expected(neighbourhood), neighbourhood.population)
        + param.adjacent_violence_weight * neighbourhood.near_violence
    )
    neighbourhood.violence += param.violence_memory_speed * (fresh - neighbourhood.violence)
    neighbourhood.violence_reference = track(
        neighbourhood.violence_reference, neighbourhood.violence, max(city_state.anchoring, param.habituation_speed)
    )
    neighbourhood.fighting += param.violence_memory_speed * (
        per_head(neighbourhood.deaths_rivalry, neighbourhood.population) - neighbourhood.fighting
    )

    paying = neighbourhood.extortion - neighbourhood.extortion_reference
    fear = neighbourhood.fear - neighbourhood.fear_anchor
    trust = neighbourhood.police_legitimacy - neighbourhood.police_anchor
    criminal = neighbourhood.criminal_legitimacy - neighbourhood.criminal_anchor
    state = neighbourhood.state_legitimacy - neighbourhood.state_anchor
    integrity = city_state.integrity - city_state.integrity_anchor
    certainty = math.log(neighbourhood.clearance / city_state.clearance_anchor)
    policing = lever.community_policing * gate(params, police_integrity(city, params))
    promises = lever.broken_promises
    services = neighbourhood.services_now + neighbourhood.legitimacy_kept - neighbourhood.services
    credited = (1.0 - neighbourhood.captured) * neighbourhood.served_by_state
    linked = city_state.linkage - city_state.linkage_anchor
    walls = max(0.0, city_state.bubbles - city_state.bubbles_anchor) * (
        1.0 - param.compact_on_enclave_harm * lever.shared_security_compact
    )
    neighbourhood.lawful += param.lawfulness_speed * (
        lever.culture_of_lawfulness * backing(param, city_state.integrity) - neighbourhood.lawful
    )
    neighbourhood.ties += param.ties_speed * (
        neighbourhood.ties_anchor + lever.closer_ties * (1.0 - neighbourhood.ties_anchor) - neighbourhood.ties
    )
    jobs = math.log(neighbourhood.jobs)
    uneven = abs(jobs - math.log(max(city_state.jobs, 0.05)))
    ideas = math.log(max(city.flows.supply[i, IDEAS] / max(city.flows.hub[i, IDEAS], 1e-9), 0.05))

    neighbourhood.fear = adjust(
        neighbourhood.fear,
        equilibrium(
            neighbourhood.fear_anchor,
            param.violence_on_fear * log_ratio(neighbourhood.violence, neighbourhood.violence_reference)
            + param.extortion_on_fear * paying
            + param.trauma_on_fear * neighbourhood.trauma
            + param.robberies_on_fear * math.log(neighbourhood.robberies)
            - param.wardens_on_fear * lever.city_wardens,
        ),
        param.fear_rise_speed,
        param.fear_fall_speed,
    )
    neighbourhood.testimony = adjust(
        neighbourhood.testimony,
        equilibrium(
            neighbourhood.testimony_anchor,
            bounded(
                param.police_legitimacy_on_testimony * trust
                - param.fear_on_testimony * fear
                - param.criminal_legitimacy_on_testimony * criminal
                + param.clearance_on_testimony * (neighbourhood.clearance - city_state.clearance_anchor)
                + param.witness_protection_on_testimony * lever.witness_protection * _solved(param, neighbourhood.clearance),
                param.testimony_limit,
            ),
        ),
        param.trust_rise_speed,
        param.trust_fall_speed,
    )
    neighbourhood.police_legitimacy = adjust(
        neighbourhood.police_legitimacy,
        equilibrium(
            neighbourhood.police_anchor,
            -param.abuse_on_police_legitimacy * (police.abuse - police.abuse_anchor)
            + param.clearance_on_police_legitimacy * bounded(certainty, param.clearance_on_trust_limit)
            + param.community_policing_on_police_legitimacy * policing
            + param.focused_deterrence_on_police_legitimacy
            * lever.focused_deterrence
            * fidelity(params, police_integrity(city, params))
            + param.community_watch_on_police_legitimacy * lever.community_watch * city_state.phones
            - param.broken_promises_on_police_legitimacy * promises,
        ),
        param.trust_rise_speed,
        param.trust_fall_speed,
    )
    neighbourhood.collective_efficacy = adjust(
        neighbourhood.collective_efficacy,
        equilibrium(
            neighbourhood.efficacy_anchor,
            -param.fear_on_efficacy * fear
            + param.police_legitimacy_on_efficacy * trust
            - param.extortion_on_efficacy * paying
            + param.jobs_on_efficacy * jobs
            + param.district_on_efficacy * lever.improvement_district
            + param.participation_on_efficacy * lever.participation
            + param.women_leaders_on_efficacy * lever.women_mediators
            + param.secure_homes_on_efficacy * neighbourhood.housed
            + param.rebuilding_on_efficacy * neighbourhood.rebuilt
            - param.trauma_on_efficacy * neighbourhood.trauma
            + param.ties_on_efficacy * (neighbourhood.ties - neighbourhood.ties_anchor)
            - param.unsettled_newcomers_on_efficacy * (neighbourhood.displaced - city_state.displaced_ordinary)
            - param.turnover_on_efficacy
            * (neighbourhood.turnover - neighbourhood.turnover_ordinary)
            * (1.0 - neighbourhood.open_door),
        ),
        param.trust_rise_speed,
        param.cohesion_fall_speed,
    )
    neighbourhood.bridging = adjust(
        neighbourhood.bridging,
        equilibrium(
            neighbourhood.bridging_anchor,
            -param.fear_on_bridging * fear
            - param.uneven_gains_on_bridging * uneven
            + param.police_legitimacy_on_bridging * trust
            - param.district_on_bridging
            * lever.improvement_district
            * (1.0 - param.compact_on_enclave_harm * lever.shared_security_compact)
            - param.enclaves_on_bridging * walls
            - param.division_on_bridging * neighbourhood.divided
            - param.unsettled_newcomers_on_bridging * (neighbourhood.displaced - neighbourhood.displaced_anchor)
            + param.participation_on_bridging * lever.participation,
        ),
        param.bridging_rise_speed,
        param.cohesion_fall_speed,
    )
    neighbourhood.state_legitimacy = adjust(
        neighbourhood.state_legitimacy,
        equilibrium(
            neighbourhood.state_anchor,
            -param.extortion_on_state_legitimacy * paying
            + param.police_legitimacy_on_state_legitimacy * trust
            + param.jobs_on_state_legitimacy * jobs
            + param.integrity_on_state_legitimacy * integrity
            + param.community_policing_on_state_legitimacy * policing
            - param.ideas_on_state_legitimacy * ideas
            + param.bridging_on_state_legitimacy * (neighbourhood.bridging - neighbourhood.bridging_anchor)
            + param.services_on_state_legitimacy * services * credited
            + param.participation_on_state_legitimacy * lever.participation
            + param.cooperation_on_state_legitimacy * linked
            + param.lawfulness_on_state_legitimacy * neighbourhood.lawful
            + param.campaign_on_state_legitimacy * lever.media_campaign
            + param.secure_homes_on_state_legitimacy * neighbourhood.housed
            + param.rebuilding_on_state_legitimacy * neighbourhood.rebuilt
            - param.bought_politics_on_state_legitimacy * (city_state.politics - 1.0)
            - param.broken_promises_on_state_legitimacy * promises,
        ),
        param.trust_rise_speed,
        param.cohesion_fall_speed,
    )
    neighbourhood.criminal_legitimacy = adjust(
        neighbourhood.criminal_legitimacy,
        equilibrium(
            neighbourhood.criminal_anchor,
            param.settled_boundaries_on_criminal_legitimacy * (neighbourhood.settled - neighbourhood.settled_reference)
            + param.abuse_on_criminal_legitimacy * (police.abuse - police.abuse_anchor)
            - param.extortion_on_criminal_legitimacy * paying
            - param.state_legitimacy_on_criminal_legitimacy * state
            + param.gang_services_on_criminal_legitimacy
            * (neighbourhood.gang_services - neighbourhood.gang_services_reference)
            - param.services_on_criminal_legitimacy * services * credited
            + param.captured_services_on_criminal_legitimacy * lever.basic_services * neighbourhood.captured
            + param.partner_capture_on_criminal_legitimacy * lever.partner_capture,
        ),
        param.trust_rise_speed,
        param.trust_rise_speed,
    )
    volunteering = neighbourhood.credibility * min(1.0, neighbourhood.groups)
    neighbourhood.connected = (
        neighbourhood.collective_efficacy + neighbourhood.bridging + volunteering + neighbourhood.state_legitimacy
    ) / 4.0


@compiled
def _solved(param: views.CommunityParameters, clearance: float) -> float:
    """Return how far protection helps: witnesses come where cases are solved, half as far at a middling clearance."""
    cube = clearance * clearance * clearance
    solved: float = cube / (cube + param.witness_protection_half)
    return solved


@compiled
def _move_groups(city: City, params: Parameters) -> None:
    """Community groups lose credibility where armed order or dirty money reaches them, or the state they vouch for fails."""
    param = params.community[0]
    city_state = city.city_state[0]
    bought = math.log(max(city.flows.level[MONEY], 0.05))
    for i in range(city.neighbourhood.size):
        city.neighbourhood[i].credibility = 0.0
        city.neighbourhood[i].groups = 0.0
    for g in range(city.group.size):
        group = city.group[g]
        if group.alive == 0:
            continue
        neighbourhood = city.neighbourhood[group.home]
        lever = city.levers[group.home]
        goal = equilibrium(
            group.credibility_anchor,
            param.state_legitimacy_on_credibility * (neighbourhood.state_legitimacy - neighbourhood.state_anchor)
            - param.partner_capture_on_credibility * lever.partner_capture
            - (1.0 - group.independence)
            * (
                param.gang_order_on_credibility * (neighbourhood.governing - neighbourhood.governing_reference)
                + param.dirty_money_on_credibility * (bought + lever.flow_money)
            ),
        )
        group.credibility = adjust(group.credibility, goal, param.trust_rise_speed, param.trust_fall_speed)
        # Ordinary groups, which no file lists, are what the levels of a place hold already.
        neighbourhood.credibility += group.listed * group.credibility * group.capacity
        neighbourhood.groups += group.listed * group.capacity
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        neighbourhood.governing_reference = track(
            neighbourhood.governing_reference, neighbourhood.governing, city_state.anchoring
        )
        if neighbourhood.groups > 0.0:
            neighbourhood.credibility /= neighbourhood.groups
        else:
            neighbourhood.credibility = param.credibility_without_group
