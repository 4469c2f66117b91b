"""Another policy from a month on: the plan that says so from the beginning, and a running city put under it.

A city that goes on under another policy in month t + 1 is, byte for byte, one that lived under the plan written out below
from month 1. So a plan changed half-way needs no rules of its own: it is a policy like any other.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.dates import month_number
from sim.level_tables import keep_history
from sim.levers import enforce
from sim.processes.policy_delivery import NOT_BEGUN

if TYPE_CHECKING:
    from sim.parameters import Parameters
    from sim.scenario import City, MeasureUse, Policy, Shock
    from sim.state import City as State

__all__ = ["put_under", "written_out"]


def written_out(before: Policy, after: Policy, begun: Sequence[bool], lived: int, begins: str | None) -> Policy:
    """Return the policy that is `before` up to a month and `after` from then on.

    Measures of `before` that have begun stay in it: those that `after` has as well go on, the others end with the last
    month lived. Measures of `after` that would have started by then start in the next month; those that would be over are
    left out.

    Parameters
    ----------
    before, after
        The two policies; the result has the name, title and text of `after`.
    begun
        For each measure of `before`, whether it has come into force.
    lived
        Months lived so far.
    begins
        The month in which the city begins, for dates; None where it does not say.
    """
    measures: list[MeasureUse] = []
    for use, has_begun in zip(before.measures, begun, strict=True):
        if has_begun:
            is_over = use.stop is not None and month_number(use.stop, begins) <= lived
            measures.append(use if is_over or use in after.measures else use.model_copy(update={"stop": lived}))
    for use in after.measures:
        is_past = use.stop is not None and month_number(use.stop, begins) <= lived
        if use not in measures and not is_past:
            is_due = month_number(use.start, begins) <= lived
            measures.append(use.model_copy(update={"start": lived + 1}) if is_due else use)
    return after.model_copy(update={"measures": tuple(measures)})


def put_under(state: State, city: City, policy: Policy, shocks: Sequence[Shock], params: Parameters) -> State:
    """Return a running city under a policy that `written_out` made; what has begun keeps its history.

    Parameters
    ----------
    state
        The city as its last month left it; its tables of measures are not changed.
    city
        The city file.
    policy
        What is done, the past included.
    shocks
        The shocks that happen to the city, as from the beginning.
    params
        Parameters.
    """
    fresh = enforce(state, city, policy, shocks, params)
    # First the measures of the old policy that have begun, in their order; last elections and shocks, which both have.
    besides = len(city.elections) + len(shocks)
    measures = state.programme.size - besides
    begun = [m for m in range(measures) if state.programme[m]["began"] != NOT_BEGUN]
    last = fresh.programme.size - besides
    for new, old in [*enumerate(begun), *((last + m, measures + m) for m in range(besides))]:
        keep_history(fresh, new, state, old)
    return fresh
