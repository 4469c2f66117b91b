"""Shocks do damage, and a city recovers: services, homes, emergency care, minds.

    damage_i   += size (.5 + dep_i) (1 - p prepared_i) - r_i damage_i                    the worst-off are hit hardest
    r_i        = r0 (.5 + efficacy_i) (.5 + services_i) (1 + p prepared_i) (1 + c care)   cohesion and continuity repair
    rebuilt_i  += b r_i damage_i max(care, prepared_i) state legitimacy_i / anchor - rebuilt_i / months      if governed well
    reach_i    += speed * (s_0 + gain lever (1 - s_0)(1 - captured_i) + homes + rebuilt_i - reach_i)
    services_i  = reach_i (1 - damage_i), less what is lost where one of them is cut (`public_services`, row E42)
    captured_i = held_i (1 - order_i participation_i)        who holds the place takes the credit, unless order comes first
    held_i     = d_i^4 / (d_i^4 + .35^4)                      d: domination
    trauma_i   += b (damage done, attacks, raids)(1 - trauma_i) - trauma_i (1 + c care) / months
    care_i     = care_0 (1 - damage_i / 2)(1 - e epidemic_i ready_i) + g care lever need_i (1 - care_0)    emergency care
    need       = min(1, 3 (damage_i + trauma_i + epidemic_i))
    prepared_i += speed * (lever - prepared_i)
    displaced_i += influx_i + driven out + a (people - 1)+ + s (.2 + bridging_i) file's share
                   - s (.2 + bridging_i + inclusion_i) displaced_i           so inclusion settles those of the file too
    housed_i   += speed * (homes with a title - housed_i)
    far_i      += speed * (new homes far from work, from schools, from transport - far_i)      `labour`, `public_services`
    diverted   = what the mean damage and epidemics bind of the police, less where ready_i = 1 - p prepared_i / 2
Newcomers who are settled work and buy; inclusion is participation, services and training. Homes alone serve little; with
a title they are held, which `community` turns into cohesion and trust (row E28).
    rows    E03, E04 (people), E28, E32
    levers  disaster_damage, epidemic, attack, raid, influx, care_after_shock, basic_services, preparedness,
            housing_upgrading, secure_tenure, homes_far_from_work, homes_far_from_schools, homes_far_from_transport,
            participation
    sources res.slum_upgrade_transit, res.slum_upgrade_brazil for direction; sizes are judgement
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.enumerations import JOB_TRAINING
from sim.parameters import Parameters
from sim.processes.public_services import lose_care, serve
from sim.processes.steady_state import per_head
from sim.state import City

__all__ = ["captured", "held_by_group", "update"]


@compiled
def held_by_group(params: Parameters, domination: float) -> float:
    """Return how far one armed group holds a place that it dominates so far, 0-1, without a hard edge."""
    square = domination * domination
    fourth = square * square
    held: float = fourth / (fourth + params.recovery[0].service_capture_half)
    return held


@compiled
def captured(city: City, params: Parameters, i: int) -> float:
    """Return how far the credit for what the state brings to neighbourhood i goes to the armed group that holds it."""
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    held = held_by_group(params, neighbourhood.domination)
    order = min(1.0, city.police[i].patrol + lever.military_deployment + lever.community_policing)
    free: float = 1.0 - order * lever.participation
    return held * free


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Do this month's damage, and mend some of what is broken."""
    param = params.recovery[0]
    city_state = city.city_state[0]
    bound = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        lever = city.levers[i]
        shielded = 1.0 - param.preparedness_on_damage * neighbourhood.prepared
        done = min(1.0, lever.disaster_damage * (param.damage_without_deprivation + neighbourhood.deprivation) * shielded)
        neighbourhood.prepared += param.preparedness_speed * (lever.preparedness - neighbourhood.prepared)
        mending = (
            param.repair_speed
            * (param.repair_without_efficacy + neighbourhood.collective_efficacy)
            * (param.repair_without_services + neighbourhood.services)
            * (1.0 + param.preparedness_on_repair * neighbourhood.prepared)
            * (1.0 + param.care_on_repair * lever.care_after_shock)
        )
        mended = min(1.0, mending) * neighbourhood.damage
        neighbourhood.damage += done * (1.0 - neighbourhood.damage) - mended
        trusted = neighbourhood.state_legitimacy / neighbourhood.state_anchor
        neighbourhood.rebuilt += (
            param.rebuilding_on_services * mended * max(lever.care_after_shock, neighbourhood.prepared) * trusted
        )
        neighbourhood.rebuilt = min(1.0, neighbourhood.rebuilt - neighbourhood.rebuilt / param.rebuilding_months)
        _serve(city, params, i, min(1.0, mending))
        shaken = param.damage_on_trauma * done + param.attack_on_trauma * lever.attack + param.raid_on_trauma * lever.raid
        neighbourhood.trauma += min(1.0, shaken) * (1.0 - neighbourhood.trauma)
        neighbourhood.trauma -= neighbourhood.trauma * min(
            1.0, (1.0 + param.care_on_trauma * lever.care_after_shock) / param.trauma_months
        )
        ready = 1.0 - param.preparedness_on_care * param.preparedness_on_damage * neighbourhood.prepared
        neighbourhood.care = (
            city_state.care_anchor
            * (1.0 - param.damage_on_care * neighbourhood.damage)
            * (1.0 - param.epidemic_on_care * lever.epidemic * ready)
        )
        need = min(1.0, param.care_need_steepness * (neighbourhood.damage + neighbourhood.trauma + lever.epidemic))
        neighbourhood.care += param.care_on_emergency_care * lever.care_after_shock * need * (1.0 - city_state.care_anchor)
        lose_care(city, params, i)
        _settle_in(city, params, i)
        bound += (
            (neighbourhood.damage + param.epidemic_on_police_capacity * lever.epidemic)
            * ready
            * neighbourhood.population
            / city_state.population
        )
    city_state.diverted = min(0.9, param.damage_on_police_capacity * bound)


@compiled
def _serve(city: City, params: Parameters, i: int, mended: float) -> None:
    """Move what services reach, and who is thought to bring them."""
    param = params.recovery[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    neighbourhood.captured = captured(city, params, i)
    goal = neighbourhood.services + param.measure_on_services * lever.basic_services * (1.0 - neighbourhood.services) * (
        1.0 - neighbourhood.captured
    )
    goal += param.housing_on_services * lever.housing_upgrading * (1.0 - neighbourhood.services) + neighbourhood.rebuilt
    # Damage is felt at once; what is built takes years, and so does its loss.
    neighbourhood.service_reach += param.services_speed * (min(1.0, goal) - neighbourhood.service_reach)
    neighbourhood.services_now = neighbourhood.service_reach * (1.0 - neighbourhood.damage)
    serve(city, params, i, mended)
    owned = min(lever.housing_upgrading, 1.0) * lever.secure_tenure
    neighbourhood.housed += param.housing_speed * (owned - neighbourhood.housed)
    neighbourhood.far_from_work += param.housing_speed * (lever.homes_far_from_work - neighbourhood.far_from_work)
    neighbourhood.far_from_schools += param.housing_speed * (lever.homes_far_from_schools - neighbourhood.far_from_schools)
    neighbourhood.far_from_transport += param.housing_speed * (
        lever.homes_far_from_transport - neighbourhood.far_from_transport
    )


@compiled
def _settle_in(city: City, params: Parameters, i: int) -> None:
    """Let people arrive, and those who did find their place."""
    param = params.recovery[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    arriving = (
        neighbourhood.in_migration
        / 12.0
        * param.unsettled_arrival_share
        * max(math.exp(min(lever.flow_people, 3.0)) - 1.0, 0.0)
    )
    open_door = min(
        1.0,
        lever.participation
        + param.services_on_inclusion * lever.basic_services
        + param.training_on_inclusion * lever.job_training * city.place_effect[i, JOB_TRAINING],
    )
    neighbourhood.open_door = open_door
    alone = min(1.0, param.settling_speed * (param.settling_without_bridging + neighbourhood.bridging))
    helped = min(1.0, alone + param.settling_speed * param.inclusion_on_settling * open_door)
    # As many go on coming as settle in ordinary times.
    over = neighbourhood.displaced - neighbourhood.displaced_anchor
    settled = alone * over + (helped - alone) * neighbourhood.displaced
    driven = per_head(neighbourhood.evicted, neighbourhood.population) / 12.0
    neighbourhood.displaced = min(1.0, neighbourhood.displaced + lever.influx + arriving + driven - settled)
    # A share of residents, however many come and settle year after year.
    neighbourhood.included = min(
        1.0, neighbourhood.included + (max(settled, 0.0) * open_door - neighbourhood.included / param.inclusion_months)
    )
