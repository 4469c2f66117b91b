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
(i) group lines `identity`; attacks: size of the shock
robberies       exp(-b log J + .3 strain) (1 - light) patrol, much of it moved next door; against the ordinary city
Bystanders: .22 per gang killing. Deaths = serious events * lethality; lethality = l0 guns^e (rows E15). A youth dies when
its number of the month is below the sum of the hazards; a gang kills by its part; other deaths are keyed Poisson counts.
rows E06, E15, E17, E18, E23, E24, E33.  draws VICTIM, VICTIM_CAUSE, KILLER, DEATHS_*
    sources viol.contagion_network_share, viol.contagion_lag, gang.offending_enhancement, viol.collective_efficacy,
            enf.hotspots_local, enf.certainty_to_homicide, reg.gun_stock_law, reg.alcohol_dry_law_metro
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
from sim.parameters import Rates
from sim.processes.identity import communal_killing
from sim.processes.lifecourse import age_in_years, first_of, most_prone
from sim.processes.living import adults, count_free, limit_killings
from sim.processes.membership import kill
from sim.processes.rivalry import answers, calm_of, discipline_hazard, lethality, remember, rivalry_hazard, single
from sim.state import FREE, NEITHER, NO_GANG, SPAN, City, Youth

if TYPE_CHECKING:
    from sim import views

__all__ = ["exposure", "strike"]

# Months from the tenth to the fifteenth birthday.
FIFTEEN = 60


@compiled
def strike(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Set the hazards of every neighbourhood, draw the victims, and let killings be remembered."""
    gangs = city.gang.size
    for k in range(gangs):
        city.gang[k].expected_dead = 0.0
        city.gang[k].expected_killings = 0.0
        for other in range(gangs):
            city.killings[k, other] = 0.0
    for i in range(city.place.size):
        _strike_place(city, rates, seed, t, i)
    remember(city, rates)


@compiled
def _strike_place(city: City, rates: Rates, seed: np.uint64, t: int, i: int) -> None:
    rate = rates.violence[0]
    place = city.place[i]
    lever = city.levers[i]
    town = city.town[0]
    gangs = city.gang.size
    calm = calm_of(city, rates, i)
    parts = city.scratch.parts
    grouped = (1.0 - single(place)) * answers(city, rates, i)
    highest = 0.0
    rivalry = 0.0
    discipline = 0.0
    for k in range(gangs):
        city.hazard[i, k] = 0.0
        if city.members[i, k] == 0:
            continue
        people = city.members[i, k] * place.weight
        hazard = rivalry_hazard(city, rates, i, k, calm, parts)
        own = discipline_hazard(rate, city.gang[k], town.rivalry_reference)
        city.hazard[i, k] = hazard
        # Who has been through training is attacked less; the sum of that effect stands as last month left it.
        through = min(city.trained[i, k], float(city.members[i, k]))
        attacked = people - rate.training_on_attacks * through * place.weight
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
    place.deaths_rivalry = rivalry
    place.deaths_discipline = discipline
    place.deaths_bystander = rate.bystanders * rivalry

    lethal = lethality(city, rates, i)
    trust = place.police_legitimacy - place.police_anchor
    afraid = place.fear - place.fear_anchor
    services = place.services_now - place.services
    unsettled = place.displaced - place.displaced_anchor
    fortified = 1.0 - rate.district_on_disputes * lever.improvement_district - rate.enclave_security * place.enclave
    # A compact takes a part of a district's guards and gives it, with what enclaves pay, to everyone around.
    fortified += rate.compact_takes * rate.district_on_disputes * lever.improvement_district * lever.shared_security_compact
    walled = max(place.enclave, lever.improvement_district)
    fortified -= rate.compact_on_disputes * lever.shared_security_compact * town.bubbles * (1.0 - walled)
    kept = 1.0 - lever.shared_security_compact
    pushed = place.near_district * kept * (1.0 - rate.security_on_bubbles * lever.security_rules)
    trusted_women = rate.women_least + (1.0 - rate.women_least) * place.credibility
    outdoors = (
        (1.0 - rate.public_space_on_disputes * lever.public_space)
        * (1.0 - rate.security_on_venues * lever.security_rules)
        * (1.0 - rate.women_on_disputes * lever.women_mediators * trusted_women)
    )
    strained = (
        rate.trauma_on_disputes * place.trauma
        + rate.unsettled_on_disputes * unsettled
        + rate.divided_on_disputes * place.divided
        + rate.bubbles_displace * pushed
    )
    place.deaths_dispute = (
        rate.disputes
        * place.population
        * math.exp(
            rate.dispute_deprivation * (place.deprivation - 0.5)
            + rate.dispute_disorganisation * (place.disorganisation - 0.5)
            - rate.dispute_efficacy * (place.collective_efficacy - place.efficacy_anchor)
            + rate.dispute_fear * afraid
            - rate.dispute_jobs * math.log(place.jobs)
            + strained
        )
        * (1.0 - rate.closing_on_disputes * lever.liquor_hours)
        * outdoors
        * fortified
        * calm
        + place.street
    )
    place.domestic = (
        math.exp(
            -rate.domestic_jobs * math.log(place.jobs)
            + rate.domestic_fear * afraid
            - rate.domestic_services * services
            + rate.domestic_trauma * place.trauma
        )
        * (1.0 - rate.mothers_on_home * lever.mothers_groups)
        * (1.0 - rate.safe_on_home * lever.safe_spaces)
    )
    at_home = (
        rate.domestic * place.population * math.exp(rate.domestic_deprivation * (place.deprivation - 0.5)) * place.domestic
    )
    place.deaths_domestic = at_home * lethal
    contact = city.police[i].abuse / 0.25 * (rate.contact_least + place.deprivation)
    hard = 1.0 + rate.raid_on_police * lever.raid + rate.soldiers_on_police * lever.military_deployment
    place.deaths_police = rate.police_killings * place.population * contact * hard
    place.deaths_vigilante = (
        rate.vigilantes
        * place.population
        * (rate.vigilantes_least + place.deprivation)
        * math.exp(rate.vigilantes_fear * afraid - rate.vigilantes_trust * trust)
        * calm
    )
    place.deaths_communal = communal_killing(city, rates, i) + rate.attack_deaths * place.population * lever.attack
    place.deaths_inside = 0.0
    place.deaths_market = 0.0
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= calm
        city.entry_violence[i, m] *= calm
        place.deaths_market += city.hits[i, m] + city.entry_violence[i, m]
    pushed_out = rate.robberies_displaced * place.near_patrol - city.police[i].patrol
    place.robberies = (
        math.exp(
            -rate.robberies_jobs * math.log(place.jobs)
            + rate.robberies_patrol * pushed_out
            + rate.robberies_strain * strained
        )
        * (1.0 - rate.public_space_on_robberies * lever.public_space)
        * fortified
        / (1.0 - rate.enclave_security * place.enclave)
    )
    free = count_free(city, i)
    limit_killings(city, i, free)
    _draw_youths(city, rates, seed, t, i, highest, free)
    _draw_rest(city, rates, seed, t, i, free)


@compiled
def exposure(rate: views.ViolenceRates, proneness: float, activity: int, gang: int, age: float) -> float:
    """Return a youth's relative hazard in disputes and crossfire."""
    grown = _of_any_age(FREE, proneness, activity, gang, rate.member_weight, rate.idle_weight)
    return grown * (rate.young_weight if age < 15.0 else 1.0)


@compiled
def _draw_youths(city: City, rates: Rates, seed: np.uint64, t: int, i: int, highest: float, free: float) -> None:
    """Ask every free youth of neighbourhood i once whether this is the month; `free` counts them as residents."""
    rate = rates.violence[0]
    youth = city.youth
    place = city.place[i]
    street = (
        rate.youth_share * place.deaths_dispute
        + rate.youth_share_bystanders * place.deaths_bystander
        + rate.youth_share_police * place.deaths_police
        + rate.youth_share * (place.deaths_vigilante + place.deaths_communal)
    )
    total, top = _sum_exposure(city, rates, t, i)
    place.killed = 0.0
    place.killed_children = 0.0
    place.disputes_lost = (1.0 - single(place)) * rate.youth_share * place.deaths_dispute
    each = street / (total * place.weight) if total > 0.0 else 0.0
    bound = min(1.0, highest + each * top)
    ordinary = city.town[0].rivalry_reference
    row = place.first
    while row < place.last:
        number = min(BLOCK, place.last - row)
        for asked in range(ask(city.scratch, seed, VICTIM, t, row, number, bound)):
            u = city.scratch.luck[asked]
            r = row + city.scratch.picked[asked]
            if youth.status[r] != FREE:
                continue
            k = youth.gang[r]
            own = each * exposure(rate, youth.proneness[r], youth.activity[r], k, age_in_years(youth.phase[r], t))
            rivalry = 0.0
            discipline = 0.0
            if k != NO_GANG:
                rivalry = city.hazard[i, k] * (1.0 - rate.training_on_attacks * float(youth.training_effect[r]))
                discipline = discipline_hazard(rate, city.gang[k], ordinary)
            if u < own + rivalry + discipline:
                _die(city, rates, seed, t, i, r, own, rivalry, discipline, street)
        row += number
    place.deaths_youth = min(free, place.deaths_rivalry + place.deaths_discipline + street)
    place.deaths_female = (
        rate.female_share_street
        * (place.deaths_dispute + place.deaths_bystander + place.deaths_police + place.deaths_vigilante)
        + rate.female_share_communal * place.deaths_communal
        + rate.female_share_home * place.deaths_domestic
        + rate.female_share_gang * (place.deaths_rivalry + place.deaths_discipline)
    )


@compiled
def _sum_exposure(city: City, rates: Rates, t: int, i: int) -> tuple[float, float]:
    """Return the sum and a bound of the relative hazards of the free youths of neighbourhood i."""
    rate = rates.violence[0]
    place = city.place[i]
    number = place.last - place.first
    # Rows stand in the order of their month of birth: those under fifteen are one stretch, or two around the end.
    oldest = place.first + first_of((t - FIFTEEN + 1) % SPAN, number)
    youngest = place.first + first_of((t + 1) % SPAN, number)
    weights = city.scratch.luck
    member, idle = rate.member_weight, rate.idle_weight
    total = _sum_stretch(city.youth, weights, member, idle, place.first, place.last)
    if oldest < youngest:
        young = _sum_stretch(city.youth, weights, member, idle, oldest, youngest)
    else:
        young = _sum_stretch(city.youth, weights, member, idle, oldest, place.last)
        young += _sum_stretch(city.youth, weights, member, idle, place.first, youngest)
    return total - (1.0 - rate.young_weight) * young, most_prone(rates) * max(idle, 1.0) * max(member, 1.0)


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
    rates: Rates,
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
    rate = rates.violence[0]
    place = city.place[i]
    gang = city.youth.gang[row]
    mark = uniform(seed, VICTIM_CAUSE, t, row) * (own + rivalry + discipline)
    place.killed += place.weight
    if age_in_years(city.youth.phase[row], t) < 18.0:
        place.killed_children += place.weight
    if mark < rivalry:
        parts = city.scratch.killers
        rivalry_hazard(city, rates, i, gang, calm_of(city, rates, i), parts)
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
            city.killings[gang, killer] += single(place) * place.weight * answers(city, rates, i)
    elif mark >= rivalry + discipline and (
        uniform(seed, VICTIM_CAUSE, t, row, 0, 1) * street < rate.youth_share * place.deaths_dispute
    ):
        # A killing in a dispute may be answered in the same street.
        place.disputes_lost += single(place) * place.weight
    kill(city, row)


@compiled
def _draw_rest(city: City, rates: Rates, seed: np.uint64, t: int, i: int, free: float) -> None:
    """Draw the killings outside the youth table, no more than there are people, and let disputes be answered."""
    rate = rates.violence[0]
    place = city.place[i]
    disputes = count(uniform(seed, DEATHS_DISPUTE, t, i), (1.0 - rate.youth_share) * place.deaths_dispute)
    home = count(uniform(seed, DEATHS_DOMESTIC, t, i), place.deaths_domestic)
    police = count(uniform(seed, DEATHS_POLICE, t, i), (1.0 - rate.youth_share_police) * place.deaths_police)
    crossfire = count(uniform(seed, DEATHS_BYSTANDER, t, i), (1.0 - rate.youth_share_bystanders) * place.deaths_bystander)
    market = count(uniform(seed, DEATHS_MARKET, t, i), place.deaths_market)
    vigilante = count(uniform(seed, DEATHS_VIGILANTE, t, i), (1.0 - rate.youth_share) * place.deaths_vigilante)
    communal = count(uniform(seed, DEATHS_COMMUNAL, t, i), (1.0 - rate.youth_share) * place.deaths_communal)
    rest = disputes + home + police + crossfire + market + vigilante + communal
    alive = math.floor(adults(place) + free - place.killed)
    if rest > alive:
        disputes *= alive / rest
        rest = alive
    place.killed += rest
    answered = place.disputes_lost + disputes
    months = rate.street_months
    place.street *= math.exp(-1.0 / months)
    place.street += rate.street_branching * (math.exp(1.0 / months) - 1.0) * math.exp(-1.0 / months) * answered
