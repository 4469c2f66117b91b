"""How strongly a measure is asked for, month by month, and in which neighbourhoods, and in which share of each.

    dose(t)  = integral over heights h from 0 to 1 of on_h(t)        the part of a measure at height h is on while level >= h
    on_h(t)  = min(1, on_h(u) + (t - u) / ramp)                      where it is on, and was not in month u
             = on_h(u) * max(0, 1 - (t - u) / fades)                 where it is off, and was on in month u
    level    <- that of the first rule all of whose conditions held for their months, in a month in which rules are read
    where_i  = cover where the measure acts, else 0                  as drawn up in its first month
    lever_i  = dose where_i                                          a mean over the treated share and the rest
    F_i      = c exp(-g lever_i / c) + (1 - c) exp(s lever_i)        what acts on the log of violence: c the share treated
    s        = displaced g - diffused                                patrols: what happens in streets beside treated ones

So a level that is given in parts of equal height is one level, each part that is added takes the measure's ramp and each
part that is taken away fades as the whole does after a stop. What acts in proportion to a lever, 1 - g lever_i, is by itself
the mean over treated and untreated residents: c (1 - g dose) + (1 - c). Only what acts on a logarithm needs F_i, which is
exp(-g dose) where all is treated. What an unevenly treated place displaces stays within it as far as it is untreated, and
the rest, c, reaches the adjacent neighbourhoods. Trust, fear and other states are the residents' mean.
    row E24 (crime gathers in few places)
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.enumerations import BY_EXTORTION, BY_HOMICIDE, BY_MEMBERS
from sim.processes.steady_state import per_head
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = [
    "choose_places",
    "count_inhabited",
    "count_months",
    "dose_asked",
    "follow_rules",
    "level_now",
    "over_parts",
    "set_untreated",
]


@compiled
def count_months(city: City, m: int, t: int) -> None:
    """Count for every condition of the rules of measure m for how many months it has been so, last month the last.

    They count from the month in which the measure may start.
    """
    measure = city.programme[m]
    if measure.first_rule == measure.last_rule or t < measure.start:
        return
    first = city.rules[measure.first_rule].first_condition
    for each in range(first, city.rules[measure.last_rule - 1].last_condition):
        condition = city.conditions[each]
        value = city.city_outcome[condition.outcome]
        holds = value > condition.value if condition.above == 1 else value < condition.value
        condition.held = condition.held + 1 if holds else 0


@compiled
def follow_rules(city: City, m: int, t: int) -> None:
    """Bring measure m to the level of the first of its rules that holds, in a month in which they are read."""
    measure = city.programme[m]
    if measure.first_rule == measure.last_rule or t < measure.began or t >= measure.stop:
        return
    if (t - measure.began) % measure.reads_every > 0:
        return
    for rule in range(measure.first_rule, measure.last_rule):
        holds = True
        for each in range(city.rules[rule].first_condition, city.rules[rule].last_condition):
            holds = holds and city.conditions[each].held >= city.conditions[each].months
        if holds:
            _go_to(city, m, t, city.rules[rule].level)
            return


@compiled
def _go_to(city: City, m: int, t: int, level: float) -> None:
    """Note that measure m has a level from month t on, where it is another one and there is room for it."""
    measure = city.programme[m]
    last = measure.last_change
    there = city.level_changes[last - 1].level if last > measure.first_change else measure.level
    if level != there and last < measure.end_of_changes:
        city.level_changes[last].month = t
        city.level_changes[last].level = level
        measure.last_change = last + 1


@compiled
def dose_asked(city: City, m: int, t: int) -> float:
    """Return the dose that measure m is asked for in month t, from its levels so far."""
    measure = city.programme[m]
    if t < measure.began:
        return 0.0
    total = 0.0
    height = 0.0
    higher = _next_height(city, measure, height)
    while higher > height:
        reached, left = _part_on(city, measure, higher, t)
        total += (higher - height) * reached * left
        height = higher
        higher = _next_height(city, measure, height)
    return total


@compiled
def _next_height(city: City, measure: views.Measure, height: float) -> float:
    """Return the lowest level of a measure above a height; the height itself where there is none."""
    lowest = measure.level if measure.level > height else height
    for change in range(measure.first_change, measure.last_change):
        level = city.level_changes[change].level
        if level > height and (lowest == height or level < lowest):
            lowest = level
    return lowest


@compiled
def level_now(city: City, m: int, t: int) -> float:
    """Return the level of measure m in month t, from its changes so far."""
    measure = city.programme[m]
    level = measure.level
    for change in range(measure.first_change, measure.last_change):
        month = city.level_changes[change].month + (0 if measure.dated == 1 else measure.began)
        if month <= t:
            level = city.level_changes[change].level
    return level


@compiled
def _part_on(city: City, measure: views.Measure, height: float, t: int) -> tuple[float, float]:
    """Return how far the part of a measure up to a height had come when it last was on, 0-1, and what is left of that."""
    ramp = max(measure.ramp, 1.0)
    is_on = measure.level >= height
    turned = measure.began
    held = 0.0
    last = min(t, measure.stop - 1)
    for change in range(measure.first_change, measure.last_change):
        month = city.level_changes[change].month + (0 if measure.dated == 1 else measure.began)
        if month > last:
            break
        to_on = city.level_changes[change].level >= height
        if month <= measure.began:
            is_on = to_on
        elif to_on != is_on:
            held = _reached(held, month - turned, ramp) if is_on else held * _left(month - turned, measure.fades)
            turned = month
            is_on = to_on
    if is_on and t >= measure.stop:
        held = _reached(held, measure.stop - turned, ramp) if measure.stop > turned else 0.0
        turned = measure.stop
        is_on = False
    if is_on:
        return _reached(held, t - turned + 1, ramp), 1.0
    return held, _left(t - turned + 1, measure.fades)


@compiled
def _reached(held: float, months: int, ramp: float) -> float:
    """Return how far a part has come that has been on for so many months and began with what was left."""
    return min(1.0, held + months / ramp)


@compiled
def _left(months: int, fades: float) -> float:
    """Return what is left of a part that has been off for so many months."""
    return max(0.0, 1.0 - months / fades) if fades > 0.0 else 0.0


@compiled
def choose_places(city: City, m: int) -> None:
    """Draw up where measure m acts, in its first month, where that depends on the city as it is then."""
    measure = city.programme[m]
    if measure.worst > 0:
        _choose_worst(city, m, measure.worst, measure.by)
    elif measure.bounded >= 0:
        for i in range(city.neighbourhood.size):
            value = city.outcome_values[i, measure.bounded]
            is_within = measure.over < value < measure.under and city.neighbourhood[i].population > 0.0
            city.where[m, i] = measure.cover if is_within else 0.0


@compiled
def count_inhabited(city: City) -> int:
    """Return how many neighbourhoods have residents."""
    number = 0
    for i in range(city.neighbourhood.size):
        number += 1 if city.neighbourhood[i].population > 0.0 else 0
    return number


@compiled
def _choose_worst(city: City, m: int, number: int, by: int) -> None:
    """Aim measure m at the `number` neighbourhoods with the highest indicator (ties: the first listed) of those lived in."""
    neighbourhood = city.neighbourhood
    value = city.scratch.by_place
    for i in range(neighbourhood.size):
        if by == BY_HOMICIDE:
            value[i] = neighbourhood[i].violence
        elif by == BY_MEMBERS:
            members = 0.0
            for k in range(city.gang.size):
                members += city.residents[i, k]
            value[i] = per_head(members, neighbourhood[i].population)
        elif by == BY_EXTORTION:
            value[i] = neighbourhood[i].extortion
        else:
            value[i] = neighbourhood[i].deprivation
        if neighbourhood[i].population == 0.0:
            value[i] = -math.inf
        city.where[m, i] = 0.0
    for _ in range(min(number, count_inhabited(city))):
        best = 0
        for i in range(1, neighbourhood.size):
            if value[i] > value[best]:
                best = i
        city.where[m, best] = city.programme[m].cover
        value[best] = -math.inf


@compiled
def set_untreated(city: City) -> None:
    """Set which share of each neighbourhood patrols and soldiers leave out; of several measures, each takes other streets.

    Where soldiers stay on after they were ordered out, the share is that of before.
    """
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        patrolled = 0.0
        occupied = 0.0
        for m in range(city.programme.size):
            measure = city.programme[m]
            if measure.dose > 0.0:
                patrolled += measure.patrols * city.where[m, i]
                occupied += measure.stays * city.where[m, i]
        city.police[i].unpatrolled = max(0.0, 1.0 - patrolled) if patrolled > 0.0 else 0.0
        if neighbourhood.garrison == 0.0:
            neighbourhood.unoccupied = 0.0
        elif neighbourhood.lingering == 0.0 or 1.0 - occupied < neighbourhood.unoccupied:
            neighbourhood.unoccupied = max(0.0, 1.0 - occupied)


@compiled
def over_parts(effect: float, untreated: float, beside: float) -> float:
    """Return the log of a place's violence where a share of it is untreated.

    Parameters
    ----------
    effect
        The log effect of the lever, a mean over the place, as if it were spread over all of it.
    untreated
        The share of the place without it, 0-1.
    beside
        The log effect in that share.
    """
    if untreated <= 0.0:
        return effect
    treated = 1.0 - untreated
    return math.log(treated * math.exp(effect / treated) + untreated * math.exp(beside))
