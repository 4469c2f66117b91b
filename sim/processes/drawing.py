"""Which rows of the youth table join, leave, are arrested or move: as many as are expected, without the noise of blocks.

Where a row is one youth, each row whose keyed number lies below its chance is drawn: the noise of a real city. A row that
stands for w youths would make that noise w times too large. There it is kept what the rows drawn so far fall short of the
chances added up so far, and chances are raised or lowered until the two meet again:

    due   <- due + sum of chances - rows drawn
    pace  = 1 + due / (2 chances added up last month), between 1/2 and 2
    drawn   where u_j < chance_j pace
So over a year and more as many rows are drawn as their chances say, and a row's mean chance is its own. It is still its own
number u_j that decides, so that arms of one seed draw the same rows as far as their chances agree. This is kept for the city
and for each place: a place may have four members' rows, and what grows less than in proportion with members, as the hold of
a gang on a place does, would fall with the scale if they were now two and now six.

The youths of a row need not all be in one gang. A gang has S_k = rows of k + owed_k, in rows and parts
of a row; together the gangs stand there with as many as there are rows of members. What is done by members or to them (the
hold of a gang, who meets whom, who is killed) reads S_k, which does not jump as rows do.
    joins      owed_k <- owed_k + chance of gang k; the row joins the gang most owed, which is then owed one less
    leaves     S_k falls by S_k h_k / (sum of S_l h_l), h_k the mean chance of gang k's members (to leave, be arrested, move)
    else       S_k of the gang whose row dies or turns thirty falls by one; what it has not is taken from the others there
"""

from __future__ import annotations

from sim.compiled import compiled
from sim.state import City, Floats

__all__ = [
    "ARRESTING",
    "ARRESTING_MEMBERS",
    "DECISIONS",
    "DEPENDING",
    "JOINING",
    "JOINING_INSIDE",
    "LEAVING",
    "MOVING",
    "RECOVERING",
    "STARTING_USE",
    "STOPPING_USE",
    "is_drawn",
    "looked_at",
    "next_in_turn",
    "set_paces",
]

# The decisions that are kept in step, by their place in `city.due`.
JOINING = 0
LEAVING = 1
JOINING_INSIDE = 2
ARRESTING = 3
ARRESTING_MEMBERS = 4
MOVING = 5
STARTING_USE = 6
DEPENDING = 7
STOPPING_USE = 8
RECOVERING = 9
DECISIONS = 10

# Below this weight rows are drawn one by one: at full scale a row stands for one youth up to rounding.
SINGLE = 1.5

# Months in which what is due is made up, and the least and the most that chances are changed for it.
MADE_UP = 2.0
SLOWEST = 0.5
FASTEST = 2.0


@compiled
def set_paces(city: City) -> None:
    """Set this month's pace of each decision by what is due, before any is made."""
    for decision in range(DECISIONS):
        expected = city.expected_draws[decision]
        pace = 1.0
        if expected > 0.0:
            pace = min(FASTEST, max(SLOWEST, 1.0 + city.due[decision] / (MADE_UP * expected)))
        city.pace[decision] = pace
        city.expected_draws[decision] = 0.0
        for i in range(city.neighbourhood.size):
            here = pace
            if city.place_expected[i, decision] > 0.0:
                here *= 1.0 + city.place_due[i, decision] / (MADE_UP * city.place_expected[i, decision])
            city.place_pace[i, decision] = min(FASTEST, max(SLOWEST, here))
            city.place_expected[i, decision] = 0.0


@compiled
def looked_at(weight: float, most: float) -> float:
    """Return the number below which a row of such a weight is looked at if none has a chance above `most`.

    Where a row stands for many all rows are, so that their chances add up to what is expected and not to an estimate of it.
    """
    return most if weight < SINGLE else 1.0


@compiled
def is_drawn(city: City, i: int, decision: int, weight: float, u: float, chance: float) -> bool:
    """Return whether a row is drawn.

    Parameters
    ----------
    city
        What is due is kept in it.
    i
        Neighbourhood of the row.
    decision
        Which decision.
    weight
        Youths that the row stands for.
    u
        The row's number for this decision and month.
    chance
        Of the row, this month.
    """
    if weight < SINGLE:
        return u < chance
    city.expected_draws[decision] += chance
    city.due[decision] += chance
    city.place_expected[i, decision] += chance
    city.place_due[i, decision] += chance
    if u >= chance * city.place_pace[i, decision]:
        return False
    city.due[decision] -= 1.0
    city.place_due[i, decision] -= 1.0
    return True


@compiled
def next_in_turn(owed: Floats, shares: Floats, total: float) -> int:
    """Return which of several is chosen, so that each is chosen as often as its shares say, to within about one time.

    Parameters
    ----------
    owed : float [choice]
        By how much each fell short so far; changed.
    shares : float [choice]
        In proportion to the chances of this time; some are above 0.
    total
        Sum of the shares.
    """
    chosen = -1
    for k in range(shares.size):
        owed[k] += shares[k] / total
        if shares[k] > 0.0 and (chosen < 0 or owed[k] > owed[chosen]):
            chosen = k
    owed[chosen] -= 1.0
    return chosen
