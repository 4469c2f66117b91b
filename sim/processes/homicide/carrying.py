"""Carrying guns, apart from owning them: what is at hand when a quarrel in public begins.

    carrying_i += v (1 - c checks_i - carrying_i)       guns carried in public, against the ordinary place; 1 without checks
    deadly_i    = 1 - b (1 - carrying_i)                what becomes of deaths per event in public
b is the share of killings in public that are by a carried gun and that another weapon would not have done. Checks lower
what is carried within weeks and no longer than they last; how many guns there are (`government`) is another matter, and
deadliness at home follows that alone. Who carries is checked where he is, so that checks act in the place that has them.
    rows E15, P-R7   lever carry_checks
    sources reg.gun_carry_ban_intermittent, viol.gun_share
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["deadly_in_public", "follow_checks"]


@compiled
def follow_checks(city: City, params: Parameters, i: int) -> None:
    """Let what is carried in neighbourhood i follow the checks there."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    goal = 1.0 - param.checks_on_carrying * city.levers[i].carry_checks
    neighbourhood.carrying += param.carrying_speed * (goal - neighbourhood.carrying)


@compiled
def deadly_in_public(params: Parameters, neighbourhood: views.Neighbourhood) -> float:
    """Return how deadly an event in public is here against the ordinary place, by what is carried."""
    left: float = 1.0 - params.homicide[0].carried_guns_on_lethality * (1.0 - neighbourhood.carrying)
    return left
