"""What a city file says of its police, and the rules that hold where it says nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim import scenario as schema
    from sim.parameters import Parameters

__all__ = ["officers_per_100000", "ordinary_raids", "police_killings"]


def officers_per_100000(city: schema.City, params: Parameters) -> float:
    """Return the police officers on strength per 100 000 residents: the city file's, or the middle of the world's."""
    if city.police.officers is not None:
        return city.police.officers
    return float(params.initialise[0].officers_per_100000)


def police_killings(city: schema.City, params: Parameters) -> float:
    """Return the killings by police per 100 000 residents a year: the city file's, or those of a rule.

    By the rule the police commit a share of the city's homicides that rises with police abuse (judgement).
    """
    level = city.levels
    if level.police_killings is not None:
        return level.police_killings
    return float(params.initialise[0].police_share_of_killings * level.abuse * level.homicide_rate)


def ordinary_raids(city: schema.City, params: Parameters) -> float:
    """Return how far ordinary policing is raids, 0-1: as the city file says, or by a rule.

    By the rule raids rise with the share of homicides that police commit, up to 1 (judgement).
    """
    if city.levels.raids is not None:
        return city.levels.raids
    share = police_killings(city, params) / city.levels.homicide_rate
    return min(1.0, float(params.initialise[0].police_share_on_raids) * share)
