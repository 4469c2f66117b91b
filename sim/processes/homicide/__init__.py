"""Homicide: who dies this month, and why.

Hazards are expected killings per person and month; they are recorded beside the killings that happen, because paired
differences of a few per cent show in expectations and drown in counts. Counts are drawn for people (`victims`) and not for
rows of the youth table, which follow them (`removal`).

    (a) rivalry, (b) retaliation, (c) discipline: see `rivalry`
    (d) disputes, (h) vigilantes, and robberies: see `disputes`
    (e) at home: see `home`
    (f) by police = p pop contact / contact0 (1 + b raids) / (1 + b raids0) (1 + soldiers)
        contact = abuse (.3 + dep); contact0 is what made police, with their answers to gangs, kill p while the city
        settled: so p, from the city file, is the level that the city keeps; the war with gangs: see `war`
    (g) markets   = hits where a market is badly regulated + violence at entry where it is closed (`markets`, row E06)
    (i) group lines: see `group_conflict`; attacks: size of the shock
    deaths        = serious events * lethality; lethality = l0 guns^e, in public as guns are carried: `carrying`  row E15
Bystanders: .22 for each gang killing. No more die than there are (`living`). In prison only riots kill (`riots`).
    rows E06, E15, E17, E18, E23, E24, E33.  sources viol.contagion_network_share, viol.contagion_lag,
    gang.offending_enhancement, reg.gun_stock_law
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.group_conflict import communal_killing
from sim.processes.homicide.carrying import follow_checks
from sim.processes.homicide.disputes import remember_disputes, set_street_violence
from sim.processes.homicide.hazards import set_street_risks
from sim.processes.homicide.home import set_home_violence
from sim.processes.homicide.killers import mark_killers
from sim.processes.homicide.living import count_youths, limit_killings
from sim.processes.homicide.removal import remove_rows
from sim.processes.homicide.riots import kill_inmates
from sim.processes.homicide.rivalry import calm_of, lethality, raids_ratio, remember, set_gang_killings
from sim.processes.homicide.victims import CITY_CAUSES, count_city_killings, count_gang_killings, street_youths
from sim.processes.homicide.war import remember_war, set_war_killings
from sim.processes.membership import forget_listed
from sim.processes.steady_state import per_head, track
from sim.state import FREE, City

__all__ = ["police_contact", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Set the hazards of every neighbourhood, count the victims, remove rows for them, and let killings be remembered."""
    city_state = city.city_state[0]
    gangs = city.gang.size
    city_state.killed_by_rivals = 0.0
    city_state.bystanders_killed = 0.0
    # Counted dead though their rows still stand.
    city_state.youths_left = -max(0.0, city_state.street_balance)
    for k in range(gangs):
        city_state.youths_left -= max(0.0, city.gang[k].death_balance)
        city.gang[k].expected_dead = 0.0
        city.gang[k].expected_killings = 0.0
        city.gang[k].expected_attacks = 0.0
        for other in range(gangs):
            city.killings[k, other] = 0.0
    _follow_contact(city, params)
    forget_listed(city)
    for i in range(city.neighbourhood.size):
        here = city.neighbourhood[i]
        set_street_risks(city, params, t, i)
        here.at_large_reference = track(here.at_large_reference, here.at_large, city_state.anchoring)
        follow_checks(city, params, i)
        calm = calm_of(city, params, i)
        set_gang_killings(city, params, i, calm)
        set_street_violence(city, params, i, calm)
        set_home_violence(city, params, i, lethality(city, params, i))
        _set_other_killings(city, params, i, calm)
        set_war_killings(city, params, i)
        neighbourhood = city.neighbourhood[i]
        neighbourhood.free = count_youths(city, i, FREE)
        city_state.youths_left += neighbourhood.free
        limit_killings(city, i, neighbourhood.free)
        _share_out(city, params, i)
        neighbourhood.killed = 0.0
        neighbourhood.killed_youths = 0.0
        neighbourhood.killed_children = 0.0
        neighbourhood.disputes_lost = 0.0
        neighbourhood.killed_by_police = 0.0
        neighbourhood.officers_killed = 0.0
    count_gang_killings(city, params, seed, t)
    for cause in range(CITY_CAUSES):
        city_state.street_balance += count_city_killings(city, params, seed, t, cause)
    mark_killers(city, params, seed, t)
    remove_rows(city, params, seed, t)
    kill_inmates(city, params, seed, t)
    remember(city, params)
    for i in range(city.neighbourhood.size):
        remember_disputes(city, params, i)
        remember_war(city, params, i)


@compiled
def _share_out(city: City, params: Parameters, i: int) -> None:
    """Set how many of those expected to be killed in neighbourhood i are youths, and how many are women and girls."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    gangs = neighbourhood.deaths_rivalry + neighbourhood.deaths_discipline
    neighbourhood.deaths_youth = min(neighbourhood.free, gangs + street_youths(city, params, i))
    neighbourhood.deaths_female = (
        param.female_share_street
        * (
            neighbourhood.deaths_dispute
            + neighbourhood.deaths_bystander
            + neighbourhood.deaths_police
            + neighbourhood.deaths_officers
            + neighbourhood.deaths_vigilante
        )
        + param.female_share_communal * neighbourhood.deaths_communal
        + param.female_share_home * neighbourhood.deaths_domestic
        + param.female_share_gang * gangs
    )


@compiled
def police_contact(city: City, params: Parameters, i: int) -> float:
    """Return how much residents of neighbourhood i have to fear from police: abuse, more where people are poor."""
    contact: float = city.police[i].abuse * (
        params.homicide[0].police_killings_without_deprivation + city.neighbourhood[i].deprivation
    )
    return contact


@compiled
def _follow_contact(city: City, params: Parameters) -> None:
    """Let the reference of contact with police follow what makes police kill as many as the city's level while it settles.

    It starts at the mean of contact over residents and rises as far as police killed more than the level last month,
    since they answer gangs too (`war`).
    """
    city_state = city.city_state[0]
    if city_state.anchoring == 0.0:
        return
    met = 0.0
    killed = 0.0
    for i in range(city.neighbourhood.size):
        met += city.neighbourhood[i].population * police_contact(city, params, i)
        killed += city.neighbourhood[i].deaths_police_on_average
    goal = per_head(met, city_state.population)
    level = params.homicide[0].police_killing_rate * city_state.population
    if city_state.contact_reference > 0.0 and killed > 0.0 and level > 0.0:
        goal = city_state.contact_reference * killed / level
    city_state.contact_reference = track(city_state.contact_reference, goal, city_state.anchoring)


@compiled
def _set_other_killings(city: City, params: Parameters, i: int, calm: float) -> None:
    """Set the killings expected by police, along group lines, in attacks and over markets in neighbourhood i."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    contact = 0.0
    if city.city_state[0].contact_reference > 0.0:
        contact = police_contact(city, params, i) / city.city_state[0].contact_reference
    police = city.police[i]
    hard = raids_ratio(param.raid_on_police_killings, police.raids + lever.raid, police.raids_anchor) * (
        1.0 + param.soldiers_on_police_killings * lever.military_deployment
    )
    neighbourhood.deaths_police = param.police_killing_rate * neighbourhood.population * contact * hard
    neighbourhood.deaths_communal = (
        communal_killing(city, params, i) + param.attack_death_share * neighbourhood.population * lever.attack
    )
    neighbourhood.deaths_market = 0.0
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= calm
        city.entry_violence[i, m] *= calm
        neighbourhood.deaths_market += city.hits[i, m] + city.entry_violence[i, m]
