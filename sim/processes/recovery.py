"""Shocks do damage, and a city recovers: services, homes, emergency care, minds.

    damage_i   += size (.5 + dep_i) (1 - p prepared_i) - r_i damage_i                    the worst-off are hit hardest
    r_i        = r0 (.5 + efficacy_i) (.5 + services_i) (1 + p prepared_i) (1 + c care)   cohesion and continuity repair
    rebuilt_i  += b r_i damage_i max(care, prepared_i) state legitimacy_i / anchor - rebuilt_i / months      if governed well
    reach_i    += speed * (s_0 + gain lever (1 - s_0)(1 - captured_i) + homes + rebuilt_i - reach_i)
    services_i  = reach_i (1 - damage_i)
    captured_i = held_i (1 - order_i participation_i)        who holds the place takes the credit, unless order comes first
    held_i     = d_i^4 / (d_i^4 + .35^4)                      d: domination
    trauma_i   += b (damage done, attacks, raids)(1 - trauma_i) - trauma_i (1 + c care) / months
    care_i     = care_0 (1 - damage_i / 2)(1 - e epidemic_i ready_i) + g care lever need_i (1 - care_0)    emergency care
    need       = min(1, 3 (damage_i + trauma_i + epidemic_i))
    prepared_i += speed * (lever - prepared_i)
    displaced_i += influx_i + driven out + a (people - 1)+ - s (.2 + bridging_i + inclusion_i)(displaced_i - file's share)
    housed_i   += speed * (homes with a title - housed_i)
    diverted   = what the mean damage and epidemics bind of the police, less where ready_i = 1 - p prepared_i / 2
Newcomers who are settled work and buy; inclusion is participation, services and training. Homes alone serve little; with
a title they are held, which `community` turns into cohesion and trust (row E28).
    rows    E03, E04 (people), E28, E32
    levers  disaster_damage, epidemic, attack, raid, influx, care_after_shock, basic_services, preparedness,
            housing_upgrading, secure_tenure, participation
    sources res.slum_upgrade_transit, res.slum_upgrade_brazil for direction; sizes are judgement
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.parameters import Rates
from sim.processes.anchors import per_head
from sim.state import City

__all__ = ["captured", "recover"]


@compiled
def captured(city: City, rates: Rates, i: int) -> float:
    """Return how far the credit for what the state brings to neighbourhood i goes to the armed group that holds it."""
    place = city.place[i]
    lever = city.levers[i]
    square = place.domination * place.domination
    fourth = square * square
    held = fourth / (fourth + rates.recovery[0].captured_half)
    order = min(1.0, city.police[i].patrol + lever.military_deployment + lever.community_policing)
    free: float = 1.0 - order * lever.participation
    return held * free


@compiled
def recover(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """Do this month's damage, and mend some of what is broken."""
    rate = rates.recovery[0]
    town = city.town[0]
    bound = 0.0
    for i in range(city.place.size):
        place = city.place[i]
        lever = city.levers[i]
        shielded = 1.0 - rate.prepared_on_damage * place.prepared
        done = min(1.0, lever.disaster_damage * (rate.damage_least + place.deprivation) * shielded)
        place.prepared += rate.prepared_speed * (lever.preparedness - place.prepared)
        mending = (
            rate.repair_speed
            * (rate.repair_unhelped + place.collective_efficacy)
            * (rate.repair_unserved + place.services)
            * (1.0 + rate.prepared_on_repair * place.prepared)
            * (1.0 + rate.care_on_repair * lever.care_after_shock)
        )
        mended = min(1.0, mending) * place.damage
        place.damage += done * (1.0 - place.damage) - mended
        trusted = place.state_legitimacy / place.state_anchor
        place.rebuilt += rate.build_back * mended * max(lever.care_after_shock, place.prepared) * trusted
        place.rebuilt = min(1.0, place.rebuilt - place.rebuilt / rate.rebuilt_months)
        _serve(city, rates, i)
        shaken = rate.damage_on_trauma * done + rate.attack_on_trauma * lever.attack + rate.raid_on_trauma * lever.raid
        place.trauma += min(1.0, shaken) * (1.0 - place.trauma)
        place.trauma -= place.trauma * min(1.0, (1.0 + rate.care_on_trauma * lever.care_after_shock) / rate.trauma_months)
        ready = 1.0 - rate.prepared_on_care * rate.prepared_on_damage * place.prepared
        place.care = (
            town.care_anchor
            * (1.0 - rate.damage_on_care * place.damage)
            * (1.0 - rate.epidemic_on_care * lever.epidemic * ready)
        )
        need = min(1.0, rate.need_felt * (place.damage + place.trauma + lever.epidemic))
        place.care += rate.care_reach * lever.care_after_shock * need * (1.0 - town.care_anchor)
        _settle_in(city, rates, i)
        bound += (place.damage + rate.epidemic_diverts * lever.epidemic) * ready * place.population / town.population
    town.diverted = min(0.9, rate.shock_diverts * bound)


@compiled
def _serve(city: City, rates: Rates, i: int) -> None:
    """Move what services reach, and who is thought to bring them."""
    rate = rates.recovery[0]
    place = city.place[i]
    lever = city.levers[i]
    place.captured = captured(city, rates, i)
    goal = place.services + rate.services_gain * lever.basic_services * (1.0 - place.services) * (1.0 - place.captured)
    goal += rate.housing_on_services * lever.housing_upgrading * (1.0 - place.services) + place.rebuilt
    # Damage is felt at once; what is built takes years, and so does its loss.
    place.service_reach += rate.services_speed * (min(1.0, goal) - place.service_reach)
    place.services_now = place.service_reach * (1.0 - place.damage)
    owned = min(lever.housing_upgrading, 1.0) * lever.secure_tenure
    place.housed += rate.housing_speed * (owned - place.housed)


@compiled
def _settle_in(city: City, rates: Rates, i: int) -> None:
    """Let people arrive, and those who did find their place."""
    rate = rates.recovery[0]
    place = city.place[i]
    lever = city.levers[i]
    arriving = place.in_migration / 12.0 * rate.arrive_unsettled * max(math.exp(min(lever.flow_people, 3.0)) - 1.0, 0.0)
    open_door = min(
        1.0, lever.participation + rate.services_open * lever.basic_services + rate.training_opens * lever.job_training
    )
    over = place.displaced - place.displaced_anchor
    settled = min(1.0, rate.settle_speed * (rate.settle_least + place.bridging + rate.inclusion_speeds * open_door)) * over
    driven = per_head(place.evicted, place.population) / 12.0
    place.displaced = min(1.0, place.displaced + lever.influx + arriving + driven - settled)
    # A share of residents, however many come and settle year after year.
    place.included = min(1.0, place.included + (max(settled, 0.0) * open_door - place.included / rate.included_months))
