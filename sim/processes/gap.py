"""Killings of a neighbourhood on average, and how far the most violent fifth of areas lies above the least (row I01).

gap = expected rate of the most violent fifth of areas over that of the least      (fifths fixed at month 0)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.processes.policy_delivery import killings_expected
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["gap_between_fifths", "killings_on_average"]


@compiled
def killings_on_average(neighbourhood: views.Neighbourhood) -> float:
    """Return a neighbourhood's expected killings of the month, on average over the luck of officers before it (`war`)."""
    by_police = neighbourhood.deaths_police_on_average - neighbourhood.deaths_police
    officers = neighbourhood.deaths_officers_on_average - neighbourhood.deaths_officers
    return killings_expected(neighbourhood) + by_police + officers


@compiled
def gap_between_fifths(city: City) -> float:
    """Return the expected homicide rate of the most violent fifth of areas over that of the least violent."""
    most = 0.0
    people_most = 0.0
    least = 0.0
    people_least = 0.0
    for i in range(city.neighbourhood.size):
        neighbourhood = city.neighbourhood[i]
        if neighbourhood.fifth == 1:
            most += killings_on_average(neighbourhood)
            people_most += neighbourhood.population
        elif neighbourhood.fifth == -1:
            least += killings_on_average(neighbourhood)
            people_least += neighbourhood.population
    if people_most == 0.0 or people_least == 0.0 or least == 0.0:
        return 1.0
    return (most / people_most) / (least / people_least)
