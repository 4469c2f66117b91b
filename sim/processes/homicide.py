"""Violence: who dies this month, and why.

Hazards are expected killings per person and month; they are recorded beside the killings that happen, because paired
differences of a few per cent show in expectations and drown in counts.

(a) rivalry, (b) retaliation, (c) discipline: see `rivalry`
(d) disputes    delta pop exp(b_dep (dep - .5) + b_dis (disorganisation - .5) - b_ce defficacy + b_f dfear) (1 - closing)
                J^-e (1 - district - enclave) * patrol * exp(-e certainty) * lethality + street
                * exp(trauma + unsettled newcomers + divided + what districts next door push out)
                * (1 - light and clean streets) (1 - certified guards) (1 - women mediators) (1 - shared guards)
    street: a dispute's answer in the same street, branching .15, two months
(e) at home     pop exp(1.5 (dep - .5) - .5 log J + b_f dfear - b_s dservices + b_t trauma) (1 - mothers) (1 - safe)
                * lethality                                                        scarce services stress homes (row E17)
(f) by police   pop abuse/.25 (.3 + dep) (1 + raids + soldiers)
(g) markets     hits where a market is badly regulated, violence at entry where it is closed (`markets`, row E06)
(h) vigilantes  pop (.3 + dep) exp(b_f dfear - b_p dpolice), calmed as disputes are
(i) group lines `group_conflict`; attacks: size of the shock
robberies       exp(-b log J + .3 strain) (1 - light) patrol, much of it moved next door; against the ordinary city
Bystanders: .22 per gang killing. Deaths = serious events * lethality; lethality = l0 guns^e (rows E15).
Who is killed is drawn in `victims`. rows E06, E15, E17, E18, E23, E24, E33.
    sources viol.contagion_network_share, viol.contagion_lag, gang.offending_enhancement, viol.collective_efficacy,
            enf.hotspots_local, enf.certainty_to_homicide, reg.gun_stock_law, reg.alcohol_dry_law_metro
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.group_conflict import communal_killing
from sim.processes.living import count_free, limit_killings
from sim.processes.rivalry import answers, calm_of, discipline_hazard, lethality, remember, rivalry_hazard, single
from sim.processes.victims import draw_rest, draw_youths
from sim.state import City

__all__ = ["update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Set the hazards of every neighbourhood, draw the victims, and let killings be remembered."""
    gangs = city.gang.size
    for k in range(gangs):
        city.gang[k].expected_dead = 0.0
        city.gang[k].expected_killings = 0.0
        for other in range(gangs):
            city.killings[k, other] = 0.0
    for i in range(city.neighbourhood.size):
        _strike_place(city, params, seed, t, i)
    remember(city, params)


@compiled
def _strike_place(city: City, params: Parameters, seed: np.uint64, t: int, i: int) -> None:
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    city_state = city.city_state[0]
    gangs = city.gang.size
    calm = calm_of(city, params, i)
    parts = city.scratch.parts
    grouped = (1.0 - single(neighbourhood)) * answers(city, params, i)
    highest = 0.0
    rivalry = 0.0
    discipline = 0.0
    for k in range(gangs):
        city.hazard[i, k] = 0.0
        if city.members[i, k] == 0:
            continue
        people = city.members[i, k] * neighbourhood.weight
        hazard = rivalry_hazard(city, params, i, k, calm, parts)
        own = discipline_hazard(param, city.gang[k], city_state.rivalry_reference)
        city.hazard[i, k] = hazard
        # Who has been through training is attacked less; the sum of that effect stands as last month left it.
        through = min(city.trained[i, k], float(city.members[i, k]))
        attacked = people - param.training_on_attacks * through * neighbourhood.weight
        total = 0.0
        for other in range(gangs):
            total += parts[other]
        if total > 0.0:
            for other in range(gangs):
                here = attacked * hazard * parts[other] / total
                city.gang[other].expected_killings += here
                city.killings[k, other] += here * grouped
        city.gang[k].expected_killings += people * own
        city.gang[k].expected_dead += attacked * hazard + people * own
        rivalry += attacked * hazard
        discipline += people * own
        highest = max(highest, hazard + own)
    neighbourhood.deaths_rivalry = rivalry
    neighbourhood.deaths_discipline = discipline
    neighbourhood.deaths_bystander = param.bystander_ratio * rivalry

    lethal = lethality(city, params, i)
    trust = neighbourhood.police_legitimacy - neighbourhood.police_anchor
    afraid = neighbourhood.fear - neighbourhood.fear_anchor
    services = neighbourhood.services_now - neighbourhood.services
    unsettled = neighbourhood.displaced - neighbourhood.displaced_anchor
    fortified = (
        1.0 - param.district_on_disputes * lever.improvement_district - param.enclave_on_disputes * neighbourhood.enclave
    )
    # A compact takes a part of a district's guards and gives it, with what enclaves pay, to everyone around.
    fortified += (
        param.compact_share_of_district_effect
        * param.district_on_disputes
        * lever.improvement_district
        * lever.shared_security_compact
    )
    walled = max(neighbourhood.enclave, lever.improvement_district)
    fortified -= param.compact_on_disputes * lever.shared_security_compact * city_state.bubbles * (1.0 - walled)
    kept = 1.0 - lever.shared_security_compact
    pushed = neighbourhood.near_district * kept * (1.0 - param.security_rules_on_displacement * lever.security_rules)
    trusted_women = (
        param.women_mediators_without_credibility
        + (1.0 - param.women_mediators_without_credibility) * neighbourhood.credibility
    )
    outdoors = (
        (1.0 - param.public_space_on_disputes * lever.public_space)
        * (1.0 - param.security_rules_on_disputes * lever.security_rules)
        * (1.0 - param.women_mediators_on_disputes * lever.women_mediators * trusted_women)
    )
    strained = (
        param.trauma_on_disputes * neighbourhood.trauma
        + param.unsettled_newcomers_on_disputes * unsettled
        + param.division_on_disputes * neighbourhood.divided
        + param.districts_on_adjacent_disputes * pushed
    )
    neighbourhood.deaths_dispute = (
        param.dispute_killing_rate
        * neighbourhood.population
        * math.exp(
            param.deprivation_on_disputes * (neighbourhood.deprivation - 0.5)
            + param.disorganisation_on_disputes * (neighbourhood.disorganisation - 0.5)
            - param.efficacy_on_disputes * (neighbourhood.collective_efficacy - neighbourhood.efficacy_anchor)
            + param.fear_on_disputes * afraid
            - param.jobs_on_disputes * math.log(neighbourhood.jobs)
            + strained
        )
        * (1.0 - param.liquor_hours_on_disputes * lever.liquor_hours)
        * outdoors
        * fortified
        * calm
        + neighbourhood.street
    )
    neighbourhood.domestic = (
        math.exp(
            -param.jobs_on_home_violence * math.log(neighbourhood.jobs)
            + param.fear_on_home_violence * afraid
            - param.services_on_home_violence * services
            + param.trauma_on_home_violence * neighbourhood.trauma
        )
        * (1.0 - param.mothers_groups_on_home_violence * lever.mothers_groups)
        * (1.0 - param.safe_spaces_on_home_violence * lever.safe_spaces)
    )
    at_home = (
        param.home_killing_rate
        * neighbourhood.population
        * math.exp(param.deprivation_on_home_killings * (neighbourhood.deprivation - 0.5))
        * neighbourhood.domestic
    )
    neighbourhood.deaths_domestic = at_home * lethal
    contact = city.police[i].abuse / 0.25 * (param.police_killings_without_deprivation + neighbourhood.deprivation)
    hard = 1.0 + param.raid_on_police_killings * lever.raid + param.soldiers_on_police_killings * lever.military_deployment
    neighbourhood.deaths_police = param.police_killing_rate * neighbourhood.population * contact * hard
    neighbourhood.deaths_vigilante = (
        param.vigilante_killing_rate
        * neighbourhood.population
        * (param.vigilantes_without_deprivation + neighbourhood.deprivation)
        * math.exp(param.fear_on_vigilantes * afraid - param.police_legitimacy_on_vigilantes * trust)
        * calm
    )
    neighbourhood.deaths_communal = (
        communal_killing(city, params, i) + param.attack_death_share * neighbourhood.population * lever.attack
    )
    neighbourhood.deaths_inside = 0.0
    neighbourhood.deaths_market = 0.0
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= calm
        city.entry_violence[i, m] *= calm
        neighbourhood.deaths_market += city.hits[i, m] + city.entry_violence[i, m]
    pushed_out = param.robbery_displacement_share * neighbourhood.near_patrol - city.police[i].patrol
    neighbourhood.robberies = (
        math.exp(
            -param.jobs_on_robberies * math.log(neighbourhood.jobs)
            + param.patrol_on_robberies * pushed_out
            + param.strain_on_robberies * strained
        )
        * (1.0 - param.public_space_on_robberies * lever.public_space)
        * fortified
        / (1.0 - param.enclave_on_disputes * neighbourhood.enclave)
    )
    free = count_free(city, i)
    limit_killings(city, i, free)
    draw_youths(city, params, seed, t, i, highest, free)
    draw_rest(city, params, seed, t, i, free)
