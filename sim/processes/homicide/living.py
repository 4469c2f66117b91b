"""Who there is to kill and be killed: disputes are between free people, and no more are killed than are there.

    free_i       = at large_i / the same while the city settled              at large: see `hazards`
    aggressors_i = 1 - y_a + y_a free_i                     y_a: share of disputes that someone aged 10-29 begins
    disputes_i   ~ aggressors_i (1 - y_v + y_v free_i)      y_v: share of those killed in disputes who are aged 10-29
Whoever is in prison begins no dispute and no robbery in the street, and is not killed there; those of thirty and more are
as free as ever, and so the same as while the city settled. At that share of prisoners nothing changes.

    left_i     = adults_i + free youths_i - killed_i by rivals and by their own gang
    killed_im *= min(1, left_i / sum over causes m of killed_im)          all causes but those two
Hazards multiply what raises them, and a city file, a shock and thirty parameters at their ends can raise them all at
once. In every city that is known the cut is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.parameters import Parameters
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["adults", "aggressors_left", "count_youths", "limit_killings", "victims_left", "youths_among_aggressors"]


@compiled
def count_youths(city: City, i: int, status: int) -> float:
    """Return the youths of neighbourhood i who are FREE, or in PRISON, as residents."""
    neighbourhood = city.neighbourhood[i]
    found = city.youth.status[neighbourhood.first : neighbourhood.last]
    number = 0
    for j in range(found.size):
        number += 1 if found[j] == status else 0
    return number * neighbourhood.weight


@compiled
def _freedom(neighbourhood: views.Neighbourhood) -> float:
    """Return how much of what youths risk and do in the street is free, against the time when the city settled."""
    if neighbourhood.at_large_reference <= 0.0:
        return 1.0
    freedom: float = neighbourhood.at_large / neighbourhood.at_large_reference
    return freedom


@compiled
def aggressors_left(params: Parameters, neighbourhood: views.Neighbourhood) -> float:
    """Return those who begin disputes and robberies and are free, against the time when the city settled."""
    begun: float = params.homicide[0].youth_share_aggressors
    return 1.0 - begun + begun * _freedom(neighbourhood)


@compiled
def youths_among_aggressors(params: Parameters, neighbourhood: views.Neighbourhood) -> float:
    """Return the share of those who begin disputes, and are free to, who are aged ten to twenty-nine."""
    youths = params.homicide[0].youth_share_aggressors * _freedom(neighbourhood)
    everyone = aggressors_left(params, neighbourhood)
    return youths / everyone if everyone > 0.0 else 0.0


@compiled
def victims_left(params: Parameters, neighbourhood: views.Neighbourhood) -> tuple[float, float]:
    """Return those whom disputes may kill, against the time when the city settled, and the share of youths in them."""
    youths = params.homicide[0].youth_share_disputes * _freedom(neighbourhood)
    everyone = 1.0 - params.homicide[0].youth_share_disputes + youths
    return everyone, youths / everyone if everyone > 0.0 else 0.0


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
        + neighbourhood.deaths_officers
        + neighbourhood.deaths_domestic
        + neighbourhood.deaths_market
        + neighbourhood.deaths_vigilante
        + neighbourhood.deaths_communal
    )
    answered = neighbourhood.deaths_police + neighbourhood.deaths_officers
    kept = left / others if others > left else 1.0
    _limit_averages(neighbourhood, max(0.0, left - kept * (others - answered)))
    if kept == 1.0:
        return
    neighbourhood.deaths_bystander *= kept
    neighbourhood.deaths_dispute *= kept
    neighbourhood.deaths_police *= kept
    neighbourhood.deaths_officers *= kept
    neighbourhood.deaths_domestic *= kept
    neighbourhood.deaths_market *= kept
    neighbourhood.deaths_vigilante *= kept
    neighbourhood.deaths_communal *= kept
    for m in range(city.hits.shape[1]):
        city.hits[i, m] *= kept
        city.entry_violence[i, m] *= kept


@compiled
def _limit_averages(neighbourhood: views.Neighbourhood, room: float) -> None:
    """Expect of police and of officers, on average over luck, no more killings than there are people left for."""
    average = neighbourhood.deaths_police_on_average + neighbourhood.deaths_officers_on_average
    if average > room:
        neighbourhood.deaths_police_on_average *= room / average
        neighbourhood.deaths_officers_on_average *= room / average
