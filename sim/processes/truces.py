"""Truces and pacts hold or collapse: each has a hazard of its own.

    collapses   with probability 1 - exp(-rate_m) in each month after the one in which it was made
    rate_m      = r exp(fatigue * years held + b promises broken + c repression)          r of a truce, or of a pact
    repression  = mean over residents of the larger of raids, mass arrests and the hunt for leaders, as last month left them
Promises broken are the lever of that name, a mean over residents. A truce or pact that has collapsed does nothing and costs
nothing until it is made again: until it has been at level 0 for a month, or another one is made. What was stored while
it held is let out as if it had been stopped (`gangs`, `rivalry`). It falls as one: for the city, or for the gang of a pact.
An understanding that a city file gives is part of its ordinary life and ends by a shock alone.
A truce between gangs is fragile; an understanding between one group and officials lasts for years: that of São Paulo broke
in 2001, 2006 and 2012, each time about five or six years old. With the fatigue below, half of new pacts last as long.
    rows    C01, C09, E09; levers broken_promises, raid, mass_arrests, leader_removal; draw TRUCE_COLLAPSED
    sources eng.local_truces_other, eng.gang_truce_collapse, eng.pacts_with_the_state for the pattern; sizes are judgement
"""

from __future__ import annotations

import math

import numpy as np

from sim.compiled import compiled
from sim.draws import TRUCE_COLLAPSED, uniform
from sim.parameters import Parameters
from sim.state import City

__all__ = ["NOT_MADE", "asked_while_it_holds", "strain"]

NOT_MADE = -1


@compiled
def strain(city: City, params: Parameters) -> float:
    """Return by how much promises broken and repression, as last month left them, raise the log rate of collapse."""
    param = params.gangs[0]
    broken = 0.0
    repression = 0.0
    for i in range(city.neighbourhood.size):
        lever = city.levers[i]
        share = city.neighbourhood[i].population / city.city_state[0].population
        broken += lever.broken_promises * share
        repression += max(lever.raid, lever.mass_arrests, lever.leader_removal) * share
    raised: float = param.broken_promises_on_truce_collapse * broken + param.repression_on_truce_collapse * repression
    return raised


@compiled
def asked_while_it_holds(
    city: City, params: Parameters, seed: np.uint64, t: int, m: int, asked: float, strained: float
) -> float:
    """Return the dose asked of measure m, a truce or a pact, in month t: none from the month in which it collapsed.

    `asked` is its dose if it holds, `strained` what raises the log rate of collapse (`strain`).
    """
    param = params.gangs[0]
    measure = city.programme[m]
    if asked == 0.0:
        measure.made = NOT_MADE
        measure.collapsed = 0
        return 0.0
    if measure.made == NOT_MADE:
        measure.made = t
        return asked
    if measure.collapsed == 0:
        years = (t - measure.made) / 12.0
        # Shocks that bind name their gang: a pact; a truce is a measure and names none.
        fresh = param.pact_collapse_rate if measure.gang >= 0 else param.truce_collapse_rate
        rate = fresh * math.exp(param.fatigue_on_truce_collapse * years + strained)
        # Keyed by the row and its start, as the vote on a measure is: what else a policy holds changes nothing.
        if uniform(seed, TRUCE_COLLAPSED, t, measure.key, measure.start) < 1.0 - math.exp(-rate):
            measure.collapsed = 1
    return 0.0 if measure.collapsed == 1 else asked
