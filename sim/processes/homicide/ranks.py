"""Who is first among many: the rows with the smallest exponential numbers over their hazards.

    first    the row of the smallest E_j / h_j;   E_j = -log(1 - u_j), u_j the row's keyed number, h_j its hazard

The chance of a row to be first is its hazard over the sum of all. Numbers are keyed, so arms in which the hazards are the
same choose the same rows, and arms in which they differ a little nearly the same.
    rows E23, E30
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.state import Scratch

__all__ = ["rank"]


@compiled
def rank(scratch: Scratch, wanted: int, found: int, row: int, u: float, hazard: float, reach: float) -> int:
    """Put a row in its place among those found, if it is one of the first that are wanted, and return their number.

    Parameters
    ----------
    scratch
        `chosen` holds the rows found so far, in order, and `waits` their numbers over their hazards; both are changed.
    wanted, found
        How many are looked for, at most BLOCK, and how many were found.
    row
        The row that is asked.
    u
        Its uniform number.
    hazard
        Its hazard, 0 where it cannot be chosen.
    reach
        Rows that come after this number are left out.
    """
    chosen, waits = scratch.chosen, scratch.waits
    last = waits[found - 1] if found == wanted else reach
    # -log(1 - u) is at least u, so few logarithms are taken.
    if u >= last * hazard or hazard <= 0.0:
        return found
    here = -math.log1p(-u) / hazard
    if here >= last:
        return found
    place = found if found < wanted else wanted - 1
    found = place + 1
    while place > 0 and waits[place - 1] > here:
        waits[place] = waits[place - 1]
        chosen[place] = chosen[place - 1]
        place -= 1
    waits[place] = here
    chosen[place] = row
    return found
