"""Police and justice: what is solved, who is arrested, who is inside, and how the force behaves.

    clearance_i = logistic(logit q0 + a dtestimony + c dreporting + skill + b dintegrity - e contrast(caseload))
    certainty_i+= speed * (log(clearance_i / q0) min(2, testimony_i/testimony_0) - certainty_i)   what witnesses tell of it
                  deters, in `rivalry`
    reporting_i = target(r0; 2 dpolice - .8 dfear - dcriminal + watch phones + campaign + referral - criminalised tips)
    arrest_j    = member: m0 + killings expected of the gang last month * clearance / members   (solved cases)
                  other males of 14 and more: o0 (.4 + 1.2 deprivation) proneness, with disputes solved
                  mass arrest: a share of members, and of bystanders by deprivation
    abuse_i    += .3 (target(a0; -3 (integrity - integrity0) + 2.8 mass + .24 patrol - fairness + soldiers + raid
                  - findings carried out - b dpolice) - abuse)       coercion and antagonism feed each other (row E19)
    reform     slow; integrity of the force = integrity + r reform (1 - integrity)
    other arrests (1 - diversion); a riot kills inside and knits the gangs there
    inside      a non-member joins with .003 a month, more when crowded, a gang in proportion to its inmates
Sentences are exponential; a solved killing is sentenced longer. Released youths have a record.
    rows E14, E19, E22
    levers investigation, focused_deterrence, mass_arrests, hot_spot_patrol, military_deployment, community_watch,
    media_campaign, early_referral, criminalisation, diversion, raid, prison_riot (police_reform, police_oversight and
    inquiry_follow_through by way of `government`)
    draws RIOT, ARREST, ARREST_CAUSE, SENTENCE, PRISON_JOIN, PRISON_GANG
    sources just.clear_us_city, just.homicide_time_served, prison.recruit_share, enf.investigation_conviction_rct,
            enf.mano_dura_2003; other values found by fitting
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import (
    ARREST,
    ARREST_CAUSE,
    BLOCK,
    PRISON_GANG,
    PRISON_JOIN,
    RIOT,
    SENTENCE,
    ask,
    exponential,
    uniform,
)
from sim.parameters import Rates
from sim.processes.anchors import contrast, logistic, logit, target
from sim.processes.lifecourse import age_in_years, most_prone
from sim.processes.membership import enlist, find, imprison, kill, set_free
from sim.state import FREE, NO_GANG, PRISON, City

if TYPE_CHECKING:
    from sim import views

__all__ = ["answer", "arrest_hazard", "clear", "gate", "police_integrity"]


@compiled
def answer(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Solve, arrest, keep and release, neighbourhood by neighbourhood."""
    rate = rates.justice[0]
    town = city.town[0]
    inmates = 0.0
    for k in range(city.gang.size):
        if city.gang[k].alive == 1:
            inmates += city.gang[k].inmates
    crowding = 1.0
    if town.prison_places > 0.0:
        crowding = min(rate.crowding_most, max(1.0, town.prisoners / town.prison_places))
    for k in range(city.gang.size):
        gang = city.gang[k]
        if gang.alive == 1:
            # A riot shows who rules inside, and knits those who do.
            gang.cohesion = min(1.0, gang.cohesion + rate.riot_knits * city.levers[gang.home].prison_riot)
    for i in range(city.place.size):
        clear(city, rates, i)
        lever = city.levers[i]
        police = city.police[i]
        place = city.place[i]
        goal = target(
            police.abuse_anchor,
            -rate.abuse_integrity * (police_integrity(city, rates) - town.integrity_anchor)
            + rate.abuse_mass_arrest * lever.mass_arrests
            + rate.abuse_patrol * police.patrol
            - rate.abuse_focused * lever.focused_deterrence
            + rate.abuse_soldiers * lever.military_deployment
            + rate.abuse_raid * lever.raid
            - rate.abuse_findings * town.scrutiny
            - rate.abuse_antagonism * (place.police_legitimacy - place.police_anchor),
        )
        police.abuse += rate.abuse_speed * (goal - police.abuse)
        _arrest(city, rates, seed, t, i)
        _keep(city, rates, seed, t, i, inmates, crowding)


@compiled
def gate(rates: Rates, integrity: float) -> float:
    """Return how far an engaged force can gain trust: half at a middling integrity, next to nothing well below."""
    square = integrity * integrity
    sixth = square * square * square
    engaged: float = sixth / (sixth + rates.justice[0].gate_half)
    return engaged


@compiled
def police_integrity(city: City, rates: Rates) -> float:
    """Return the integrity of the force: the city's, and what a reform of the police added."""
    town = city.town[0]
    whole: float = town.integrity + rates.justice[0].reform_on_integrity * town.reform * (1.0 - town.integrity)
    return whole


@compiled
def clear(city: City, rates: Rates, i: int) -> None:
    """Set the probability that a killing in neighbourhood i is solved, and that a crime there is reported."""
    rate = rates.justice[0]
    place = city.place[i]
    town = city.town[0]
    lever = city.levers[i]
    skill = rate.investigation_skill * lever.investigation - rate.clearance_diverted * town.diverted
    place.clearance = logistic(
        logit(town.clearance_anchor)
        + rate.clearance_testimony * (place.testimony - place.testimony_anchor)
        + rate.clearance_reporting * (place.reporting - place.reporting_anchor)
        + skill
        + rate.clearance_integrity * (police_integrity(city, rates) - town.integrity_anchor)
        - rate.clearance_caseload * contrast(town.caseload, town.caseload_reference)
    )
    # What is known of it is what witnesses tell: as far as they talk now, against ordinary times.
    known = math.log(place.clearance / town.clearance_anchor) * min(2.0, place.testimony / place.testimony_anchor)
    place.certainty += rates.violence[0].certainty_speed * (known - place.certainty)
    place.reporting = target(
        place.reporting_anchor,
        rate.reporting_police_legitimacy * (place.police_legitimacy - place.police_anchor)
        - rate.reporting_fear * (place.fear - place.fear_anchor)
        - rate.reporting_criminal_legitimacy * (place.criminal_legitimacy - place.criminal_anchor)
        + rate.watch_on_reporting * lever.community_watch * town.phones * (rate.watch_least + place.police_legitimacy)
        + rate.campaign_on_reporting * lever.media_campaign * town.phones
        + rate.referral_on_tips * lever.early_referral
        - rate.criminalise_on_tips * lever.criminalisation,
    )


@compiled
def arrest_hazard(
    rate: views.JusticeRates,
    sweep: float,
    conviction: float,
    member: bool,
    proneness: float,
    other: float,
    swept_up: float,
    solved: float,
) -> tuple[float, float]:
    """Return the monthly hazard of arrest with a sentence, and the part of it that is for a killing.

    Parameters
    ----------
    rate : record
        Parameters of this process.
    sweep : float
        Dose of mass arrests here.
    conviction : float
        Hazard of a member for the gang's solved killings.
    member : bool
    proneness : float
    other, swept_up, solved : float
        Hazards of non-members: ordinary and for solved disputes, per unit of proneness; in mass arrests, flat.
    """
    if member:
        return rate.arrest_member + rate.mass_arrest_member * sweep + conviction, conviction
    return (other + solved) * proneness + swept_up, solved * proneness


@compiled
def _arrest(city: City, rates: Rates, seed: np.uint64, t: int, i: int) -> None:
    rate = rates.justice[0]
    youth = city.youth
    place = city.place[i]
    sweep = min(1.0, city.levers[i].mass_arrests + city.levers[i].raid)
    place.arrested = 0.0
    people = max(1.0, (place.last - place.first) * place.weight)
    solved = place.clearance * rate.solved_youth * place.deaths_dispute / people
    other = (
        rate.arrest_other
        * (rate.arrest_least + rate.arrest_deprivation * place.deprivation)
        * (1.0 - rate.diversion_share * city.levers[i].diversion)
    )
    swept_up = rate.mass_arrest_bystander * max(0.0, place.deprivation - rate.swept_from) * sweep
    bound = (other + solved) * most_prone(rates) + swept_up
    for k in range(city.gang.size):
        if city.members[i, k] > 0:
            bound = max(bound, rate.arrest_member + rate.mass_arrest_member * sweep + city.gang[k].conviction)
    row = place.first
    while row < place.last:
        number = min(BLOCK, place.last - row)
        for asked in range(ask(city.scratch, seed, ARREST, t, row, number, bound)):
            u = city.scratch.luck[asked]
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            k = youth.gang[r]
            if k == NO_GANG and (youth.female[r] == 1 or age_in_years(youth.phase[r], t) < 14.0):
                continue
            conviction = city.gang[k].conviction if k != NO_GANG else 0.0
            hazard, killing = arrest_hazard(
                rate, sweep, conviction, k != NO_GANG, float(youth.proneness[r]), other, swept_up, solved
            )
            if u >= 1.0 - math.exp(-hazard):
                continue
            mean = rate.sentence
            if sweep > 0.0:
                ordinary = rate.arrest_member if k != NO_GANG else other
                swept = rate.mass_arrest_member * sweep if k != NO_GANG else swept_up
                mean = (ordinary * rate.sentence + swept * rate.sentence_mass) / (ordinary + swept)
            if uniform(seed, ARREST_CAUSE, t, r) * hazard < killing:
                mean = rate.sentence_killing
            months = max(1.0, math.floor(exponential(uniform(seed, SENTENCE, t, r), mean)))
            imprison(city, r, t + int(min(months, 480.0)))
            place.arrested += place.weight
        row += number


@compiled
def _keep(city: City, rates: Rates, seed: np.uint64, t: int, i: int, inmates: float, crowding: float) -> None:
    """Release who has served, and let the gangs inside recruit."""
    rate = rates.justice[0]
    youth = city.youth
    place = city.place[i]
    join = min(0.5, rate.prison_joining * crowding)
    picked = city.scratch.picked
    riot = rate.riot_deaths * city.levers[i].prison_riot
    place.deaths_inside = riot * place.prisoners
    place.deaths_youth += place.deaths_inside
    place.prison_recruits = 0.0
    first = place.first
    while first < place.last:
        last = min(first + BLOCK, place.last)
        for found in range(find(picked, youth.status[first:last], PRISON)):
            row = first + picked[found]
            if riot > 0.0 and uniform(seed, RIOT, t, row) < riot:
                kill(city, row)
                place.killed += place.weight
                if age_in_years(youth.phase[row], t) < 18.0:
                    place.killed_children += place.weight
            elif youth.release[row] <= t:
                set_free(city, row)
            elif youth.gang[row] == NO_GANG and inmates > 0.0 and uniform(seed, PRISON_JOIN, t, row) < join:
                mark = uniform(seed, PRISON_GANG, t, row) * inmates
                for k in range(city.gang.size):
                    if city.gang[k].alive == 0:
                        continue
                    mark -= city.gang[k].inmates
                    if mark < 0.0:
                        enlist(city, row, k, t)
                        place.recruits += place.weight
                        place.prison_recruits += place.weight
                        break
        first = last
