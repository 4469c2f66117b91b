"""Who there is to be killed: expected killings of a month never exceed the people who are there.

    left_i     = adults_i + free youths_i - killed_i by rivals and by their own gang
    killed_im *= min(1, left_i / sum over causes m of killed_im)          all causes but those two
Hazards multiply what raises them, and a city file, a shock and thirty parameters at their ends can raise them all at
once. In every city that is known the cut is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.state import FREE, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["adults", "count_free", "limit_killings"]


@compiled
def count_free(city: City, i: int) -> float:
    """Return the free youths of neighbourhood i, as residents."""
    neighbourhood = city.neighbourhood[i]
    status = city.youth.status[neighbourhood.first : neighbourhood.last]
    free = 0
    for j in range(status.size):
        free += 1 if status[j] == FREE else 0
    return free * neighbourhood.weight


@compiled
def adults(neighbourhood: views.Neighbourhood) -> float:
    """Return the residents who are not of ten to twenty-nine."""
    return max(0.0, neighbourhood.population - (neighbourhood.last - neighbourhood.first) * neighbourhood.weight)


@compiled
def limit_killings(city: City, i: int, free: float) -> None:
    """Expect no more killings in neighbourhood i than there are people: each dies once.

    Members who die by gangs come first. Where all other causes together would exceed who is left, each is cut in
    proportion. Only where rates are far beyond those of any known city is anything cut.
    """
    neighbourhood = city.neighbourhood[i]
    left = max(0.0, adults(neighbourhood) + free - neighbourhood.deaths_rivalry - neighbourhood.deaths_discipline)
    others = (
        neighbourhood.deaths_bystander
        + neighbourhood.deaths_dispute
        + neighbourhood.deaths_police
        + neighbourhood.deaths_domestic
        + neighbourhood.deaths_market
        + neighbourhood.deaths_vigilante
        + neighbourhood.deaths_communal
    )
    if others <= left:
        return
    kept = left / others
    neighbourhood.deaths_bystander *= kept
    neighbourhood.deaths_dispute *= kept
    neighbourhood.deaths_police *= kept
    neighbourhood.deaths_domestic *= kept
    neighbourhood.deaths_market *= kept
    neighbourhood.deaths_vigilante *= kept
    neighbourhood.deaths_communal *= kept
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= kept
        city.entry_violence[i, m] *= kept
