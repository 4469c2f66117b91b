"""Community groups decide each month: to serve, to warn, to report what they know, or to stay silent.

    chances_g    = softmax(0; w0 + w dviolence; r0 + r police legitimacy + r' partners;
                           s0 + s threat + s' fear - s'' credibility - s''' (volunteers - 1))
                   one is drawn; serving, warning, reporting and silence are slow means of what was drawn, and act
    threat_g    += speed (goal - threat)     goal = min(1, governing (g + g' reporting + g'' partners)) (1 - bought)
    volunteers  += turnover (exp(c dconnected) (1 + m (money - 1)) - (1 + h threat + f dfear + b load) volunteers)
    money        = 1 + load                     donors; programmes and funds, by what groups deliver of measures
    partners    += speed (state legitimacy (1 - threat) + l load (1 - state legitimacy) - partners)
    bought      += speed ((1 - independence) min(1, r governing + p (1 - integrity)) - bought)
    ends         by a chance of rate (1 - volunteers / fewest) where volunteers are below the fewest
    founded      again, in the slot of its kind, by a chance of rate money efficacy, with few volunteers

    at work      = volunteers (1 - silence) (1 - bought), each against what the group ordinarily does, times its capacity
    served_i     = sum of serves_k capacity served / ordinary;  told_i likewise of reports and, by half, warnings
                   both are 1 in a place with ordinary groups, 0 without any; they move joining, disputes and tips by what
                   they differ from 1 (`recruitment`, `homicide.disputes`, `justice`)
    mediated_i   = interrupters at work unasked, against one ordinary group; lowers answers (`homicide.rivalry`)
What a group ordinarily does is found while the city settles: threats that a city has always known are in its other levels,
so what counts afterwards is that threats rise, volunteers leave, or groups are bought. Ordinary groups, which no file
lists, do not move a place's credibility: see `community`. Which measures groups deliver: `delivery_by_groups`.
    rows    E39, E21 (volunteers), E35
    draws   GROUP_ACTIVITY, GROUP_ENDED, GROUP_FOUNDED: by the group's row, a slot that keeps its home and kind
    sources eng.community_nonprofits (disputes), res.interruption_retaliation (mediation), eng.volunteer_retention; the rest
            is judgement
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.draws import GROUP_ACTIVITY, GROUP_ENDED, GROUP_FOUNDED, uniform
from sim.enumerations import REPORTING, SERVING, SILENT, WARNING
from sim.parameters import Parameters
from sim.processes.steady_state import log_ratio, track
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["chances_of", "record_groups", "update"]


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Let every group decide, grow or shrink, and end or be founded; then add up what groups do in each place."""
    city.group_work[:] = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        neighbourhood.served_by_groups = 0.0
        neighbourhood.told_by_groups = 0.0
        neighbourhood.mediated_by_groups = 0.0
        neighbourhood.groups_at_work = 0.0
        neighbourhood.group_silence = 0.0
        neighbourhood.group_threat = 0.0
        neighbourhood.connected_reference = track(
            neighbourhood.connected_reference, neighbourhood.connected, city.city_state[0].anchoring
        )
    for g in range(city.group.size):
        if city.group[g].alive == 1:
            _live(city, params, seed, t, g)
        else:
            _found(city, params, seed, t, g)
    _add_up(city, params)


@compiled
def chances_of(
    param: views.CommunityGroupsParameters, group: views.Group, neighbourhood: views.Neighbourhood
) -> tuple[float, float, float, float]:
    """Return the chances that a group serves, warns, reports and stays silent this month."""
    warn = math.exp(
        param.warning_base + param.violence_on_warning * log_ratio(neighbourhood.violence, neighbourhood.violence_reference)
    )
    report = math.exp(
        param.reporting_base
        + param.police_legitimacy_on_reporting * neighbourhood.police_legitimacy
        + param.partners_on_reporting * group.partners
    )
    silent = math.exp(
        param.silence_base
        + param.threat_on_silence * group.threat
        + param.fear_on_silence * neighbourhood.fear
        - param.credibility_on_silence * group.credibility
        - param.volunteers_on_silence * (group.volunteers - 1.0)
    )
    total = 1.0 + warn + report + silent
    return 1.0 / total, warn / total, report / total, silent / total


@compiled
def record_groups(city: City, i: int) -> None:
    """Write what groups of neighbourhood i do and suffer, and how connected its residents are."""
    neighbourhood = city.neighbourhood[i]
    out = city.outcome[i]
    out.connectedness = neighbourhood.connected
    out.groups_at_work = neighbourhood.groups_at_work
    out.group_silence = neighbourhood.group_silence
    out.group_threat = neighbourhood.group_threat


@compiled
def _live(city: City, params: Parameters, seed: np.uint64, t: int, g: int) -> None:
    """Let group g live through a month: it decides, is threatened and bought, gains and loses volunteers, and may end."""
    param = params.community_groups[0]
    group = city.group[g]
    neighbourhood = city.neighbourhood[group.home]
    serve, warn, report, silent = chances_of(param, group, neighbourhood)
    _decide(param, group, serve, warn, report, uniform(seed, GROUP_ACTIVITY, t, g))
    _change(city, params, group, neighbourhood)
    free = group.volunteers * (1.0 - group.bought)
    speed = city.city_state[0].anchoring
    telling = report + param.warning_on_tips * warn
    group.working_reference = track(group.working_reference, free * (1.0 - silent), speed)
    group.serving_reference = track(group.serving_reference, free * serve, speed)
    group.telling_reference = track(group.telling_reference, free * telling, speed)
    few = 1.0 - group.volunteers / param.fewest_volunteers
    if few > 0.0 and uniform(seed, GROUP_ENDED, t, g) < param.ending_rate * few:
        group.alive = 0
        group.volunteers = 0.0
        return
    _work(city, param, group, neighbourhood, free)


@compiled
def _decide(
    param: views.CommunityGroupsParameters, group: views.Group, serve: float, warn: float, report: float, luck: float
) -> None:
    """Let a group choose what it does this month, and remember what it did."""
    activity = SILENT
    if luck < serve:
        activity = SERVING
    elif luck < serve + warn:
        activity = WARNING
    elif luck < serve + warn + report:
        activity = REPORTING
    group.activity = activity
    speed = param.activity_memory_speed
    group.serving += speed * ((1.0 if activity == SERVING else 0.0) - group.serving)
    group.warning += speed * ((1.0 if activity == WARNING else 0.0) - group.warning)
    group.reporting += speed * ((1.0 if activity == REPORTING else 0.0) - group.reporting)
    group.silence += speed * ((1.0 if activity == SILENT else 0.0) - group.silence)


@compiled
def _change(city: City, params: Parameters, group: views.Group, neighbourhood: views.Neighbourhood) -> None:
    """Move who threatens, buys, joins, leaves, pays and works with a group."""
    param = params.community_groups[0]
    load = neighbourhood.group_load
    governing = neighbourhood.governing
    threatened = governing * (
        param.governance_on_threat + param.reports_on_threat * group.reporting + param.partners_on_threat * group.partners
    )
    group.threat += param.threat_speed * (min(1.0, threatened) * (1.0 - group.bought) - group.threat)
    for_sale = min(
        1.0, param.gangs_on_capture * governing + param.politics_on_capture * (1.0 - city.city_state[0].integrity)
    )
    group.bought += param.capture_speed * ((1.0 - group.independence) * for_sale - group.bought)
    state = neighbourhood.state_legitimacy
    with_programmes = param.load_on_partners * load * (1.0 - state)
    group.partners += param.partners_speed * (state * (1.0 - group.threat) + with_programmes - group.partners)
    group.money = 1.0 + load
    connected = neighbourhood.connected - neighbourhood.connected_reference
    come = math.exp(param.connectedness_on_volunteers * connected) * (1.0 + param.money_on_volunteers * (group.money - 1.0))
    go = (
        1.0
        + param.threat_on_volunteers * group.threat
        + param.fear_on_volunteers * max(0.0, neighbourhood.fear - neighbourhood.fear_anchor)
        + param.load_on_volunteers * load
    )
    group.volunteers += param.volunteer_turnover * (come - go * group.volunteers)


@compiled
def _found(city: City, params: Parameters, seed: np.uint64, t: int, g: int) -> None:
    """Found group g again where residents hold together, the sooner where measures bring money."""
    param = params.community_groups[0]
    group = city.group[g]
    neighbourhood = city.neighbourhood[group.home]
    chance = param.founding_rate * (1.0 + neighbourhood.group_load) * neighbourhood.collective_efficacy
    if uniform(seed, GROUP_FOUNDED, t, g) < chance:
        group.alive = 1
        group.founded = t
        group.volunteers = param.volunteers_at_founding
        group.credibility = group.credibility_anchor
        group.threat = 0.0
        group.bought = 0.0
        group.activity = SERVING
        group.serving = 1.0
        group.warning = 0.0
        group.reporting = 0.0
        group.silence = 0.0


@compiled
def _against(param: views.CommunityGroupsParameters, now: float, ordinary: float) -> float:
    """Return what a group does against what it ordinarily does; 1 as long as nothing is known of that."""
    if ordinary <= 0.0:
        return 1.0
    return min(param.work_limit, now / ordinary)


@compiled
def _work(
    city: City,
    param: views.CommunityGroupsParameters,
    group: views.Group,
    neighbourhood: views.Neighbourhood,
    free: float,
) -> None:
    """Add what a group does this month to its place."""
    working = group.capacity * _against(param, free * (1.0 - group.silence), group.working_reference)
    serving = group.capacity * _against(param, free * group.serving, group.serving_reference)
    telling = group.reporting + param.warning_on_tips * group.warning
    told = group.capacity * _against(param, free * telling, group.telling_reference)
    city.group_work[group.home, group.kind] += working
    neighbourhood.served_by_groups += group.serves * serving
    neighbourhood.told_by_groups += group.tells * told
    neighbourhood.mediated_by_groups += group.mediates * serving
    neighbourhood.groups_at_work += working
    neighbourhood.group_silence += group.capacity * group.silence
    neighbourhood.group_threat += group.capacity * group.threat


@compiled
def _add_up(city: City, params: Parameters) -> None:
    """Bring what groups do in each place to what ordinary groups do, and silence and threat to a mean over groups."""
    param = params.community_groups[0]
    city_state = city.city_state[0]
    ordinary = 0.0
    for k in range(city.ordinary_work.size):
        ordinary += city.ordinary_work[k]
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        neighbourhood.served_by_groups = min(param.work_limit, neighbourhood.served_by_groups / city_state.ordinary_serving)
        neighbourhood.told_by_groups = min(param.work_limit, neighbourhood.told_by_groups / city_state.ordinary_telling)
        neighbourhood.mediated_by_groups = min(1.0, neighbourhood.mediated_by_groups / param.ordinary_capacity)
        neighbourhood.groups_at_work /= ordinary
    for g in range(city.group.size):
        city.scratch.by_place[city.group[g].home] = 0.0
    for g in range(city.group.size):
        group = city.group[g]
        city.scratch.by_place[group.home] += group.alive * group.capacity
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        if neighbourhood.groups_at_work > 0.0 and city.scratch.by_place[i] > 0.0:
            neighbourhood.group_silence /= city.scratch.by_place[i]
            neighbourhood.group_threat /= city.scratch.by_place[i]
