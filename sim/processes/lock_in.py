"""What drug use does to joining and leaving gangs: early use draws in, dependence holds.

    join_j   * exp(b_early used_early_j) / mean while the city settled       whoever used drugs before 16
    leave_j  * exp(-(b_lock + b_women female_j) depends_j (1 - T_i)) / mean while the city settled
The two means are over joining and leaving themselves: of what all who are asked would do without it. So the ordinary city
joins and leaves as it would, and what counts is how far use departs from the ordinary. T_i is the share of dependent users
whom treatment reaches beyond the ordinary (`substance_use`): whoever is in treatment needs the gang's supply no more.
    rows    E38, P-S14
    levers  drug_treatment, by way of `substance_use.treated`
    sources use.gang_joining; how far dependence holds is judgement
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.processes.steady_state import track
from sim.state import DEPENDENT, City

if TYPE_CHECKING:
    from sim.state import views

__all__ = [
    "JOINS",
    "LEAVES",
    "early_pull",
    "expect",
    "forget_expected",
    "held_by_use",
    "ordinary",
    "set_ordinary_use",
]

# Places in `scratch.by_use`: joining as it is and as it were without early use, leaving likewise.
JOINS = 0
LEAVES = 2


@compiled
def early_pull(city: City, param: views.RecruitmentParameters, row: int) -> float:
    """Return what early use adds to the log hazard of joining of a youth, a row of the table."""
    pull: float = param.early_use_on_joining * city.youth.used_early[row]
    return pull


@compiled
def held_by_use(city: City, param: views.RecruitmentParameters, row: int, reached: float) -> float:
    """Return what dependence takes from the log hazard of leaving of a member, where treatment reaches that share."""
    if city.youth.uses[row] != DEPENDENT:
        return 0.0
    held: float = param.dependence_on_exit + param.dependence_on_female_exit * city.youth.female[row]
    return held * (1.0 - reached)


@compiled
def ordinary(reference: float) -> float:
    """Return the logarithm of a mean multiple while the city settled; 0 before there is one."""
    return math.log(reference) if reference > 0.0 else 0.0


@compiled
def forget_expected(city: City) -> None:
    """Begin the month's sums."""
    city.scratch.by_use[:] = 0.0


@compiled
def expect(city: City, decision: int, chance: float, added: float) -> None:
    """Add a chance to the month's sums, and what it were without what use adds to its log hazard."""
    city.scratch.by_use[decision] += chance
    city.scratch.by_use[decision + 1] += chance * math.exp(-added)


@compiled
def set_ordinary_use(city: City) -> None:
    """Let the ordinary multiples follow the month's while the city settles."""
    city_state = city.city_state[0]
    sums = city.scratch.by_use
    if sums[JOINS + 1] > 0.0:
        city_state.joining_reference = track(
            city_state.joining_reference, sums[JOINS] / sums[JOINS + 1], city_state.anchoring
        )
    if sums[LEAVES + 1] > 0.0:
        city_state.leaving_reference = track(
            city_state.leaving_reference, sums[LEAVES] / sums[LEAVES + 1], city_state.anchoring
        )
