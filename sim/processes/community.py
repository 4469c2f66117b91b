"""The community responds: trust, fear, cohesion and legitimacy move; programmes take people in.

Every state tends to target(anchor; effects) at two monthly speeds, up and down:
    fear          .8 contrast(violence) + dx + b trauma + r log robberies                  up .30, down .08
    testimony     3.2 dpolice - 2 dfear - 1.6 dcriminal + 2 dclearance + protection where cases are solved   .03, .10
    police legit. -1.6 dabuse + log(clearance/clearance0) + cp gate(integrity) + fair + watch - promises      .03, .10
    efficacy      -1.2 dfear + .8 dpolice - 1.2 dx + b log J + district (bonding, E20) + participation + women
                  + homes held + rebuilt - trauma                                             .03, .05
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
Programmes: a place is offered to eligible youths at the rate that fills the capacity, taken up by chance, held for its
months; training leaves an effect that fades after it (therapy with pay: half-life of years).
    rows E10, E17, E18, E19, E20, E21, E22, E27, E28, E32, E35   draws PLACE_TRAINING, PLACE_SCHOOL
    sources eng.community_policing_south, eng.police_scandal_reporting, res.after_school_sel,
            res.employment_training_high_risk, res.cbt_cash_liberia; speeds: section 5 of the evidence table (judgement)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import BLOCK, PLACE_SCHOOL, PLACE_TRAINING, ask
from sim.parameters import Rates
from sim.processes.anchors import approach, contrast, follow, per_head, target
from sim.processes.calendar import killings_expected
from sim.processes.justice import gate, police_integrity
from sim.processes.lifecourse import age_in_years, risk
from sim.processes.rivalry import fidelity
from sim.state import FORMAL, FREE, IDEAS, MONEY, NEITHER, NO_GANG, City, Youth

if TYPE_CHECKING:
    from sim import views

__all__ = ["backing", "respond"]


@compiled
def backing(rate: views.CommunityRates, integrity: float) -> float:
    """Return how far words about lawfulness are believed: not at all at a threshold of integrity, against the city below."""
    return min(max((integrity - rate.lawful_from) / rate.lawful_width, -rate.lawful_backfires), 1.0)


@compiled
def respond(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Move the slow states of every neighbourhood, then run its programmes."""
    for i in range(city.place.size):
        _move_states(city, rates, i)
        _run_after_school(city, rates, seed, t, i)
        _run_training(city, rates, seed, t, i)
    _move_groups(city, rates)


@compiled
def _move_states(city: City, rates: Rates, i: int) -> None:
    rate = rates.community[0]
    place = city.place[i]
    lever = city.levers[i]
    town = city.town[0]
    police = city.police[i]
    fresh = per_head(killings_expected(place), place.population) + rate.neighbours_seen * place.near_violence
    place.violence += rate.violence_speed * (fresh - place.violence)
    place.violence_reference = follow(place.violence_reference, place.violence, town.anchoring)
    place.fighting += rate.violence_speed * (per_head(place.deaths_rivalry, place.population) - place.fighting)

    paying = place.extortion - place.extortion_reference
    fear = place.fear - place.fear_anchor
    trust = place.police_legitimacy - place.police_anchor
    criminal = place.criminal_legitimacy - place.criminal_anchor
    state = place.state_legitimacy - place.state_anchor
    integrity = town.integrity - town.integrity_anchor
    certainty = math.log(place.clearance / town.clearance_anchor)
    policing = lever.community_policing * gate(rates, police_integrity(city, rates))
    promises = lever.broken_promises
    services = place.services_now - place.services
    linked = town.linkage - town.linkage_anchor
    walls = max(0.0, town.bubbles - town.bubbles_anchor) * (1.0 - rate.compact_heals * lever.shared_security_compact)
    place.lawful += rate.lawfulness_speed * (lever.culture_of_lawfulness * backing(rate, town.integrity) - place.lawful)
    jobs = math.log(place.jobs)
    uneven = abs(jobs - math.log(max(town.jobs, 0.05)))
    ideas = math.log(max(city.flows.supply[i, IDEAS] / max(city.flows.hub[i, IDEAS], 1e-9), 0.05))

    place.fear = approach(
        place.fear,
        target(
            place.fear_anchor,
            rate.fear_violence * contrast(place.violence, place.violence_reference)
            + rate.fear_extortion * paying
            + rate.trauma_on_fear * place.trauma
            + rate.fear_robberies * math.log(place.robberies),
        ),
        rate.fear_up,
        rate.fear_down,
    )
    place.testimony = approach(
        place.testimony,
        target(
            place.testimony_anchor,
            rate.testimony_police * trust
            - rate.testimony_fear * fear
            - rate.testimony_criminal * criminal
            + rate.testimony_clearance * (place.clearance - town.clearance_anchor)
            + rate.witness_on_testimony * lever.witness_protection * _solved(rate, place.clearance),
        ),
        rate.trust_up,
        rate.trust_down,
    )
    place.police_legitimacy = approach(
        place.police_legitimacy,
        target(
            place.police_anchor,
            -rate.police_abuse * (police.abuse - police.abuse_anchor)
            + rate.police_clearance * certainty
            + rate.community_policing_on_trust * policing
            + rate.focused_on_trust * lever.focused_deterrence * fidelity(rates, town.integrity)
            + rate.watch_on_trust * lever.community_watch * town.phones
            - rate.promises_on_police * promises,
        ),
        rate.trust_up,
        rate.trust_down,
    )
    place.collective_efficacy = approach(
        place.collective_efficacy,
        target(
            place.efficacy_anchor,
            -rate.efficacy_fear * fear
            + rate.efficacy_police * trust
            - rate.efficacy_extortion * paying
            + rate.efficacy_income * jobs
            + rate.district_on_efficacy * lever.improvement_district
            + rate.participation_on_efficacy * lever.participation
            + rate.women_on_efficacy * lever.women_mediators
            + rate.housed_on_efficacy * place.housed
            + rate.rebuilt_on_efficacy * place.rebuilt
            - rate.trauma_on_efficacy * place.trauma,
        ),
        rate.trust_up,
        rate.cohesion_down,
    )
    place.bridging = approach(
        place.bridging,
        target(
            place.bridging_anchor,
            -rate.bridging_fear * fear
            - rate.bridging_uneven * uneven
            + rate.bridging_police * trust
            - rate.district_on_bridging
            * lever.improvement_district
            * (1.0 - rate.compact_heals * lever.shared_security_compact)
            - rate.bubbles_on_bridging * walls
            - rate.divided_on_bridging * place.divided
            - rate.unsettled_on_bridging * (place.displaced - place.displaced_anchor)
            + rate.participation_on_bridging * lever.participation,
        ),
        rate.bridging_up,
        rate.cohesion_down,
    )
    place.state_legitimacy = approach(
        place.state_legitimacy,
        target(
            place.state_anchor,
            -rate.state_extortion * paying
            + rate.state_police * trust
            + rate.state_jobs * jobs
            + rate.state_integrity * integrity
            + rate.state_policing * policing
            - rate.ideas_on_state * ideas
            + rate.state_bridging * (place.bridging - place.bridging_anchor)
            + rate.services_on_state * services * (1.0 - place.captured)
            + rate.participation_on_state * lever.participation
            + rate.linkage_on_state * linked
            + rate.lawful_on_state * place.lawful
            + rate.campaign_on_state * lever.media_campaign
            + rate.housed_on_state * place.housed
            + rate.rebuilt_on_state * place.rebuilt
            - rate.politics_on_state * (town.politics - 1.0)
            - rate.promises_on_state * promises,
        ),
        rate.trust_up,
        rate.cohesion_down,
    )
    place.criminal_legitimacy = approach(
        place.criminal_legitimacy,
        target(
            place.criminal_anchor,
            rate.criminal_settled * (place.settled - place.settled_reference)
            + rate.criminal_abuse * (police.abuse - police.abuse_anchor)
            - rate.criminal_extortion * paying
            - rate.criminal_state * state
            + rate.served_on_criminal * (place.gang_services - place.gang_services_reference)
            - rate.services_on_criminal * services * (1.0 - place.captured)
            + rate.captured_on_criminal * lever.basic_services * place.captured
            + rate.subversion_on_criminal * lever.partner_capture,
        ),
        rate.trust_up,
        rate.trust_up,
    )
    volunteering = place.credibility * min(1.0, place.groups)
    place.connected = (place.collective_efficacy + place.bridging + volunteering + place.state_legitimacy) / 4.0


@compiled
def _solved(rate: views.CommunityRates, clearance: float) -> float:
    """Return how far protection helps: witnesses come where cases are solved, half as far at a middling clearance."""
    cube = clearance * clearance * clearance
    solved: float = cube / (cube + rate.witness_half)
    return solved


@compiled
def _offer(share: float, months: float) -> float:
    """Return the monthly chance of taking up a place that keeps `share` of the eligible in places of `months` months."""
    share = min(share, 0.9)
    return min(1.0, share / (months * (1.0 - share)))


@compiled
def _run_after_school(city: City, rates: Rates, seed: np.uint64, t: int, i: int) -> None:
    """Offer after-school places to those of ten to sixteen, and count down the months of those in one."""
    rate = rates.community[0]
    youth = city.youth
    place = city.place[i]
    lever = city.levers[i]
    if lever.after_school_places <= 0.0 and place.school_places <= 0.0:
        return
    share = rate.after_school_cover * min(1.0, lever.after_school_places) * (rate.delivered_least + place.credibility)
    offer = _offer(share, rate.after_school_months)
    # A place taken this month is counted down at once below: hence the month more.
    whole = int(rate.after_school_months) + 1
    first = place.first
    while offer > 0.0 and first < place.last:
        number = min(BLOCK, place.last - first)
        for asked in range(ask(city.scratch, seed, PLACE_SCHOOL, t, first, number, offer)):
            row = first + city.scratch.picked[asked]
            if youth.status[row] != FREE or youth.school_place[row] > 0 or youth.gang[row] != NO_GANG:
                continue
            if age_in_years(youth.phase[row], t) < 17.0:
                youth.school_place[row] = whole
        first += number
    filled = 0
    for row in range(place.first, place.last):
        counted = 1 if youth.status[row] == FREE and youth.school_place[row] > 0 else 0
        youth.school_place[row] -= counted
        filled += counted
    place.school_places = filled * place.weight


@compiled
def _run_training(city: City, rates: Rates, seed: np.uint64, t: int, i: int) -> None:
    """Offer work with training and therapy from sixteen on to members, to those with a record and to idle youths at risk."""
    rate = rates.community[0]
    youth = city.youth
    place = city.place[i]
    lever = city.levers[i]
    for k in range(city.gang.size):
        city.trained[i, k] = 0.0
    if lever.job_training <= 0.0 and place.training_touched <= 0.0:
        return
    place.training_touched = 1.0
    share = (
        rate.training_cover
        * rate.training_uptake
        * min(1.0, lever.job_training)
        * (rate.delivered_least + place.credibility)
    )
    offer = _offer(share, rate.training_months)
    fade = math.exp(-math.log(2.0) / rate.training_half_life)
    missed = rate.agency_misses * (1.0 - lever.local_delivery)
    # A place taken this month is counted down at once below: hence the month more.
    whole = int(rate.training_months) + 1
    first = place.first
    while offer > 0.0 and first < place.last:
        number = min(BLOCK, place.last - first)
        for asked in range(ask(city.scratch, seed, PLACE_TRAINING, t, first, number, offer)):
            row = first + city.scratch.picked[asked]
            if youth.status[row] != FREE or youth.training[row] > 0 or not _may_train(rate, youth, row, t):
                continue
            # An agency misses those most at risk; a partner from the neighbourhood finds them.
            z = risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row])
            if city.scratch.luck[asked] < offer * math.exp(-missed * max(z, 0.0)):
                youth.training[row] = whole
                youth.training_effect[row] = 1.0
        first += number
    filled = 0.0
    at_risk = 0.0
    for row in range(place.first, place.last):
        left = youth.training[row]
        effect = float(youth.training_effect[row])
        if (left == 0 and effect == 0.0) or youth.status[row] != FREE:
            continue
        if left > 0:
            youth.training[row] = left - 1
            filled += 1.0
            if left == 1:
                youth.activity[row] = FORMAL
            elif _top_risk(youth, row):
                at_risk += 1.0
        else:
            effect *= fade
            if effect < 0.01:
                effect = 0.0
            youth.training_effect[row] = effect
        if effect > 0.0 and youth.gang[row] != NO_GANG:
            city.trained[i, youth.gang[row]] += effect
    place.training_places = filled * place.weight
    place.places_at_risk = at_risk * place.weight


@compiled
def _top_risk(youth: Youth, row: int) -> bool:
    """Say whether a youth is of the tenth most at risk, who stand 1.28 standard deviations above the mean."""
    return risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row]) > 1.28


@compiled
def _may_train(rate: views.CommunityRates, youth: Youth, row: int, t: int) -> bool:
    """Say whether a free youth may be offered training: of sixteen on, a member, with a record, or idle and at risk."""
    if age_in_years(youth.phase[row], t) < 16.0:
        return False
    if youth.gang[row] != NO_GANG or youth.record[row] == 1:
        return True
    if youth.activity[row] != NEITHER:
        return False
    return risk(youth.person[row], youth.family[row], youth.friends[row], youth.school[row]) > rate.training_risk


@compiled
def _move_groups(city: City, rates: Rates) -> None:
    """Community groups lose credibility where armed order or dirty money reaches them, or the state they vouch for fails."""
    rate = rates.community[0]
    town = city.town[0]
    bought = math.log(max(city.flows.level[MONEY], 0.05))
    for i in range(city.place.size):
        city.place[i].credibility = 0.0
        city.place[i].groups = 0.0
    for g in range(city.group.size):
        group = city.group[g]
        place = city.place[group.home]
        lever = city.levers[group.home]
        goal = target(
            group.credibility_anchor,
            rate.credibility_state * (place.state_legitimacy - place.state_anchor)
            - rate.subversion_on_groups * lever.partner_capture
            - (1.0 - group.independence)
            * (
                rate.credibility_capture * (place.governing - place.governing_reference)
                + rate.credibility_money * (bought + lever.flow_money)
            ),
        )
        group.credibility = approach(group.credibility, goal, rate.trust_up, rate.trust_down)
        place.credibility += group.credibility * group.capacity
        place.groups += group.capacity
    for i in range(city.place.size):
        place = city.place[i]
        place.governing_reference = follow(place.governing_reference, place.governing, town.anchoring)
        if place.groups > 0.0:
            place.credibility /= place.groups
        else:
            place.credibility = rate.credibility_without_group
