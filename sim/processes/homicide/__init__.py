"""Homicide: who dies this month, and why.

Hazards are expected killings per person and month; they are recorded beside the killings that happen, because paired
differences of a few per cent show in expectations and drown in counts.

    (a) rivalry, (b) retaliation, (c) discipline: see `rivalry`
    (d) disputes, (h) vigilantes, and robberies: see `disputes`
    (e) at home: see `home`
    (f) by police = p pop abuse / .25 (.3 + dep) (1 + raids + soldiers)
    (g) markets   = hits where a market is badly regulated + violence at entry where it is closed (`markets`, row E06)
    (i) group lines: see `group_conflict`; attacks: size of the shock
    deaths        = serious events * lethality; lethality = l0 guns^e                                       row E15
Bystanders: .22 for each gang killing. No more die than there are (`living`); who dies is drawn in `victims`.
    rows E06, E15, E17, E18, E23, E24, E33.  sources viol.contagion_network_share, viol.contagion_lag,
    gang.offending_enhancement, reg.gun_stock_law
"""

from __future__ import annotations

import numpy as np

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.processes.group_conflict import communal_killing
from sim.processes.homicide.disputes import set_street_violence
from sim.processes.homicide.home import set_home_violence
from sim.processes.homicide.living import count_free, limit_killings
from sim.processes.homicide.rivalry import calm_of, lethality, remember, set_gang_killings
from sim.processes.homicide.victims import draw_rest, draw_youths
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
        calm = calm_of(city, params, i)
        highest = set_gang_killings(city, params, i, calm)
        set_street_violence(city, params, i, calm)
        set_home_violence(city, params, i, lethality(city, params, i))
        _set_other_killings(city, params, i, calm)
        free = count_free(city, i)
        limit_killings(city, i, free)
        draw_youths(city, params, seed, t, i, highest, free)
        draw_rest(city, params, seed, t, i, free)
    remember(city, params)


@compiled
def _set_other_killings(city: City, params: Parameters, i: int, calm: float) -> None:
    """Set the killings expected by police, along group lines, in attacks and over markets in neighbourhood i."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    contact = city.police[i].abuse / 0.25 * (param.police_killings_without_deprivation + neighbourhood.deprivation)
    hard = 1.0 + param.raid_on_police_killings * lever.raid + param.soldiers_on_police_killings * lever.military_deployment
    neighbourhood.deaths_police = param.police_killing_rate * neighbourhood.population * contact * hard
    neighbourhood.deaths_communal = (
        communal_killing(city, params, i) + param.attack_death_share * neighbourhood.population * lever.attack
    )
    neighbourhood.deaths_inside = 0.0
    neighbourhood.deaths_market = 0.0
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= calm
        city.entry_violence[i, m] *= calm
        neighbourhood.deaths_market += city.hits[i, m] + city.entry_violence[i, m]
