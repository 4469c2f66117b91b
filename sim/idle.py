"""What a plan holds that cannot do anything in a run, said in sentences before the run and after it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sim.dates import month_number
from sim.errors import InputError

if TYPE_CHECKING:
    from sim.scenario import City, MeasureUse, Policy, Shock, Target

__all__ = ["acting", "idle_sentences", "refuse_idle", "why_idle"]


def why_idle(part: MeasureUse | Shock, city: City, months: int) -> str | None:
    """Return why a measure or a shock does nothing in a run, as the rest of a sentence about it; None where it may act.

    Parameters
    ----------
    part
        The measure as a policy uses it, or the shock.
    city
        Where.
    months
        How long the run is.
    """
    strength = getattr(part, "highest_level", None)
    if strength == 0:
        return "is at level 0; give it a level above 0, or remove it"
    if strength is None and _changes_nothing(part):
        return "is of a size that changes nothing"
    first = _first_month(part, city)
    if first is not None and first > months:
        return f"starts in month {first}, after the last month of the run, {months}; start it earlier or run longer"
    places = part.where.places
    if places is not None and not any(each.population for each in city.neighbourhoods if each.name in places):
        return "acts only where nobody lives; name a neighbourhood with residents"
    if _bounds_out_all(part.where, city):
        return f"acts only where {part.where.of} lies within its bounds, and nowhere with residents it does; widen them"
    return None


def acting(policy: Policy, city: City, months: int) -> tuple[str, ...]:
    """Return what of a policy may act in a run, each measure as one text, sorted: alike for policies that are alike."""
    return tuple(sorted(use.model_dump_json() for use in policy.measures if why_idle(use, city, months) is None))


def idle_sentences(city: City, arms: Sequence[Policy], shocks: Sequence[Shock], months: int) -> list[str]:
    """Say which measures and shocks of a comparison do nothing, and which of its policies are the same; empty where none.

    Parameters
    ----------
    city
        Where.
    arms
        The policies, the reference first.
    shocks
        The shocks that happen under each of them.
    months
        How long the run is.
    """
    says = [
        f"Policy {policy.name}: {use.measure} {reason}."
        for policy in arms
        for use in policy.measures
        if (reason := why_idle(use, city, months)) is not None
    ]
    says += [f"Shock {shock.name} {reason}." for shock in shocks if (reason := why_idle(shock, city, months)) is not None]
    first: dict[tuple[str, ...], Policy] = {}
    for policy in arms:
        same = first.setdefault(acting(policy, city, months), policy)
        if same is not policy:
            what = "do the same" if policy.measures else "do nothing, both"
            reference = ", the reference" if same is arms[0] else ""
            says.append(f"Policies {policy.name} and {same.name}{reference}, {what}: there is no difference between them.")
    return says


def refuse_idle(city: City, policies: Sequence[Policy], months: int) -> None:
    """Raise `InputError` where a policy has measures and none of them can do anything in the run.

    Parameters
    ----------
    city, months
        Where, and how long the run is.
    policies
        The policies that are asked about, the reference left out.
    """
    for policy in policies:
        if policy.measures and not acting(policy, city, months):
            use = policy.measures[0]
            file = f"{policy.source.shown}: " if policy.source.shown else ""
            others = f" (and {len(policy.measures) - 1} more like it)" if len(policy.measures) > 1 else ""
            reason = why_idle(use, city, months)
            raise InputError(f"{file}policy {policy.name} can do nothing in this run: {use.measure} {reason}{others}")


def _first_month(part: MeasureUse | Shock, city: City) -> int | None:
    """Return the first month in which a measure or shock may act, from 1; None for a date that this city cannot count."""
    try:
        return month_number(part.start, city.begins)
    except InputError:  # told where the scenario is put together
        return None


def _bounds_out_all(where: Target, city: City) -> bool:
    """Whether a figure that the file gives of every neighbourhood lies within the bounds of none with residents."""
    figures = [getattr(each, where.of or "", None) for each in city.neighbourhoods if each.population]
    if any(figure is None for figure in figures):
        return False
    above, below = (-math.inf if where.above is None else where.above), (math.inf if where.below is None else where.below)
    return not any(above < figure < below for figure in figures if figure is not None)


def _changes_nothing(shock: object) -> bool:
    """Whether a shock's size leaves everything as it is: 1 for the multiple of a flow, 0 for all other kinds."""
    return getattr(shock, "size", None) == (1 if getattr(shock, "kind", "") in ("flow", "route") else 0)
