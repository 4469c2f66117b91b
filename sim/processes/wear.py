"""What a measure does wears while it is in force: threats become familiar, and practice drifts from what was tried.

    worn_m  += (1 - 2^(-1 / half-life)) (in force - worn_m)            in force: 1 in a month with the measure, else 0
    left_m   = 1 - share worn_m                 of what it does for each place or resident; its bill and its places stay
share and half-life are those of threats (patrols, deterrence, whatever works as long as it is feared) or those of practice
(what staff do day by day). What is built or held does not wear by itself and asks for upkeep; truces, sweeps and the hunt
for leaders have laws of their own (`truces`, `justice`, `gangs`). After a pause a measure is fresh again as far as its wear
has gone: crackdowns that rotate lose less than those that stay (Sherman 1990).

Soldiers wear in each place by itself, since their number, bill and abuse do not:
    used_i  += (1 - 2^(-1 / half-life)) (there - used_i)          there: 1 in a month with soldiers in the street, else 0
    left_i   = 1 - share used_i          of what occupying a place does to killing there, and of the turf that it holds
with the share and half-life of threats: an occupation is a threat that stays (judgement).
    sources Sherman 1990 (15 of 18 crackdowns deterred at first, most of the long ones less and less while they went on);
            Yohros and Welsh 2019 (from trial to ordinary delivery, 0 to 50 % of an effect is lost); Soares 2017 in Extra
            (Rio de Janeiro: in 38 places that police had occupied since 2008-14 and still held, shootouts tripled from
            2014 to 2017)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.enumerations import NO_WEAR, THREAT
from sim.parameters import Parameters

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["get_used_to_soldiers", "left_of", "left_of_threat", "wear"]


@compiled
def wear(params: Parameters, measure: views.Measure) -> None:
    """Let a measure wear by the month that has passed, or be fresher for one without it."""
    if measure.wears == NO_WEAR:
        return
    param = params.policy_delivery[0]
    months = param.threat_wear_half_life if measure.wears == THREAT else param.practice_wear_half_life
    measure.worn += _step(months, measure.asked, measure.worn)


@compiled
def left_of(params: Parameters, measure: views.Measure) -> float:
    """Return the share of what a measure does that its wear has left."""
    param = params.policy_delivery[0]
    share = param.threat_wear_share if measure.wears == THREAT else param.practice_wear_share
    left: float = 1.0 - share * measure.worn
    return left


@compiled
def get_used_to_soldiers(params: Parameters, neighbourhood: views.Neighbourhood) -> None:
    """Let a neighbourhood become used to soldiers by the month that has passed, or less so after one without any."""
    months = params.policy_delivery[0].threat_wear_half_life
    neighbourhood.used_to_soldiers += _step(months, neighbourhood.garrison, neighbourhood.used_to_soldiers)


@compiled
def _step(half_life: float, present: float, worn: float) -> float:
    """Return by how much what is worn changes in a month in which what wears it was present, or was not (0)."""
    speed = 1.0 - 2.0 ** (-1.0 / half_life)
    step: float = speed * ((1.0 if present > 0.0 else 0.0) - worn)
    return step


@compiled
def left_of_threat(params: Parameters, used: float) -> float:
    """Return the share of what a threat does that is left where people have become used to it so far, 0-1."""
    left: float = 1.0 - params.policy_delivery[0].threat_wear_share * used
    return left
