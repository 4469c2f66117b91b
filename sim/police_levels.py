"""What a city file says of its police, and the rules that hold where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.parameters import Parameters

__all__ = ["police_killings"]


def police_killings(city: schema.City, params: Parameters) -> float:
    """Return the killings by police per 100 000 residents a year: the city file's, or those of a rule.

    By the rule the police commit a share of the city's homicides that rises with police abuse (judgement).
    """
    level = city.levels
    if level.police_killings is not None:
        return level.police_killings
    return float(params.initialise[0].police_share_of_killings * level.abuse * level.homicide_rate)
