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
    from sim import views

__all__ = ["adults", "count_free", "limit_killings"]


@compiled
def count_free(city: City, i: int) -> float:
    """Return the free youths of neighbourhood i, as residents."""
    place = city.place[i]
    status = city.youth.status[place.first : place.last]
    free = 0
    for j in range(status.size):
        free += 1 if status[j] == FREE else 0
    return free * place.weight


@compiled
def adults(place: views.Place) -> float:
    """Return the residents who are not of ten to twenty-nine."""
    return max(0.0, place.population - (place.last - place.first) * place.weight)


@compiled
def limit_killings(city: City, i: int, free: float) -> None:
    """Expect no more killings in neighbourhood i than there are people: each dies once.

    Members who die by gangs come first. Where all other causes together would exceed who is left, each is cut in
    proportion. Only where rates are far beyond those of any known city is anything cut.
    """
    place = city.place[i]
    left = max(0.0, adults(place) + free - place.deaths_rivalry - place.deaths_discipline)
    others = (
        place.deaths_bystander
        + place.deaths_dispute
        + place.deaths_police
        + place.deaths_domestic
        + place.deaths_market
        + place.deaths_vigilante
        + place.deaths_communal
    )
    if others <= left:
        return
    kept = left / others
    place.deaths_bystander *= kept
    place.deaths_dispute *= kept
    place.deaths_police *= kept
    place.deaths_domestic *= kept
    place.deaths_market *= kept
    place.deaths_vigilante *= kept
    place.deaths_communal *= kept
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= kept
        city.entry_violence[i, m] *= kept
