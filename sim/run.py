"""One run: a scenario and a seed in, a result out. A pure function: same inputs, same bytes.

`run_arms` lives through the burn-in of a seed once and lets every policy start from a copy of that city, so that arms
differ by policy alone. Months are lived in chunks of twelve, between which progress is told and a run can be cancelled.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict, Unpack

import numpy as np
import numpy.typing as npt

from sim.build import build, city_parameters, youth_rows
from sim.in_force import InForce, was_in_force
from sim.levers import enforce
from sim.mechanisms import switched_off
from sim.outcomes import OUTCOMES
from sim.parameters import Parameters
from sim.settled import settled_city, settled_name
from sim.state import City, copy_city

if TYPE_CHECKING:
    from sim import scenario as schema

__all__ = ["BURN_IN", "Cancelled", "Result", "RunSettings", "automatic_scale", "begin_city", "run", "run_arms", "warm"]

BURN_IN = 360
CHUNK = 12

# The rows of the youth table that the automatic scale asks for.
ROWS = 20_000.0


class Cancelled(Exception):  # noqa: N818 - it is no error
    """The run was asked to stop."""


@dataclass(frozen=True)
class Result:
    """What one arm of one seed did.

    `city_monthly` is float32 [month, outcome], `place_yearly` float32 [year, neighbourhood, outcome] (means over the
    months of a year), `events` counts of births, splits, mergers and ends of gangs, and of gangs for which no slot was
    free. `in_force` says what became of each measure of the policy, in its order, then of each shock.
    """

    policy: str
    seed: int
    scale: float
    city_monthly: npt.NDArray[np.float32]
    place_yearly: npt.NDArray[np.float32]
    events: dict[str, int]
    in_force: tuple[InForce, ...] = ()


def automatic_scale(city: schema.City) -> float:
    """Return the scale at which a city has 20 000 rows: a future takes the same work and memory, however many there are.

    Parameters
    ----------
    city
        The city.

    Returns
    -------
    float
        1 where every youth can have a row of its own, less where one row must stand for several.
    """
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    if youths <= ROWS:
        return 1.0
    return float(f"{ROWS / youths:.3g}")


def _nowhere(city: City) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Return empty tables: the burn-in records nothing."""
    return np.zeros((0, len(OUTCOMES)), np.float32), np.zeros((0, city.neighbourhood.size, len(OUTCOMES)), np.float32)


def begin_city(
    city: schema.City,
    *,
    seed: int,
    scale: float,
    settings: Mapping[str, float] | None = None,
    burn_in: int = BURN_IN,
    tell: Callable[[int], None] | None = None,
) -> tuple[City, Parameters]:
    """Build a city and let it settle: the state at month 0, and its parameters; one that is kept is not settled again.

    Parameters
    ----------
    city, seed, scale
        What to draw, for whom, and how many rows for each youth.
    settings
        Parameters by name that differ from the defaults and the city's calibration.
    burn_in
        Months before month 0; a city is kept only after the usual burn-in.
    tell
        Called after every chunk of the burn-in with 0; whatever it raises ends the run.
    """
    params = city_parameters(city, settings)

    def begin() -> City:
        return build(city, params, seed, scale, -burn_in)

    def settle(state: City) -> None:
        _settle(state, params, seed, burn_in, tell)

    if burn_in == BURN_IN:
        return settled_city(settled_name(city, params, seed, scale), begin, settle), params
    state = begin()
    settle(state)
    return state, params


def _settle(state: City, params: Parameters, seed: int, burn_in: int, tell: Callable[[int], None] | None) -> None:
    """Live through the burn-in, which records nothing."""
    from sim.month import months

    for first in range(-burn_in, 0, CHUNK):
        months(state, params, np.uint64(seed), first, min(first + CHUNK, 0), *_nowhere(state))
        if tell is not None:
            tell(0)


class RunSettings(TypedDict, total=False):
    """What all arms of a run share besides the city and the seed, as keyword arguments.

    Attributes
    ----------
    months, scale
        How long, and how many rows a youth; 120 and 1 when left out.
    parameters
        Settings, "process.field" to value.
    shocks
        The shocks that happen in every arm.
    without
        Names of mechanisms that are switched off, in every arm and while the city settles.
    """

    months: int
    scale: float
    parameters: Mapping[str, float] | None
    shocks: Sequence[schema.Shock]
    without: Sequence[str]


def run_arms(
    city: schema.City,
    policies: Sequence[schema.Policy],
    *,
    seed: int,
    shocks_by_arm: Sequence[Sequence[schema.Shock]] | None = None,
    watch: Callable[[int, int, City], None] | None = None,
    progress: Callable[[int], bool] | None = None,
    **settings: Unpack[RunSettings],
) -> list[Result]:
    """Run every policy on one city with one seed's luck.

    Parameters
    ----------
    city, seed
        What to draw, and for whom.
    policies
        The arms, in order.
    shocks_by_arm
        The shocks that happen besides, arm by arm: for arms that differ by what happens and not by what is done.
    watch
        Called after every month with the arm's place among the policies, the month from 0, and the city as that month
        left it (its `outcome_values` are [neighbourhood, outcome]); it reads and changes nothing.
    progress
        Called with the months done after every twelve; returning False cancels.
    settings
        How long, at which scale, with which parameters and shocks, and which mechanisms are switched off.

    Raises
    ------
    Cancelled
        If `progress` returned False.
    """
    from sim.month import months as live

    done = 0

    def tell(lived: int) -> None:
        nonlocal done
        done += lived
        if progress is not None and not progress(done):
            raise Cancelled

    # Whoever asked to stop before anything began is heard, whether or not the city must still settle.
    tell(0)
    months, scale, shocks = settings.get("months", 120), settings.get("scale", 1.0), settings.get("shocks", ())
    changed = {**(settings.get("parameters") or {}), **switched_off(settings.get("without", ()))}
    settled, params = begin_city(city, seed=seed, scale=scale, settings=changed, tell=tell)
    results = []
    for arm, policy in enumerate(policies):
        # The last arm lives on in the settled city itself: a single arm needs no second city in memory.
        start = settled if arm == len(policies) - 1 else copy_city(settled)
        besides = shocks_by_arm[arm] if shocks_by_arm is not None else ()
        state = enforce(start, city, policy, (*shocks, *besides), params)
        monthly = np.zeros((months, len(OUTCOMES)), np.float32)
        yearly = np.zeros((-(-months // 12), len(city.neighbourhoods), len(OUTCOMES)), np.float32)
        for first in range(0, months, CHUNK):
            last = min(first + CHUNK, months)
            if watch is None:
                live(state, params, np.uint64(seed), first, last, monthly, yearly)
            else:
                for month in range(first, last):
                    live(state, params, np.uint64(seed), month, month + 1, monthly, yearly)
                    watch(arm, month, state)
            tell(last - first)
        city_state = state.city_state[0]
        events = {name: int(city_state[name]) for name in ("births", "splits", "merges", "ends", "overflow")}
        acted = was_in_force(state, len(policy.measures), len(shocks) + len(besides), months)
        results.append(Result(policy.name, seed, scale, monthly, yearly, events, acted))
    return results


def run(scenario: schema.Scenario, seed: int, policy: schema.Policy | None = None) -> Result:
    """Run one scenario with one seed: a policy of it, or no policy at all.

    Parameters
    ----------
    scenario
        City, months, scale, settings and shocks.
    seed
        Whose luck.
    policy
        What is done; nothing when left out.
    """
    from sim.scenario import Policy

    arm = policy or Policy(name="baseline", title="No change", about="Nothing is done.", measures=())
    scale = scenario.scale
    if scale == "auto":
        scale = automatic_scale(scenario.city)
    (result,) = run_arms(
        scenario.city,
        [arm],
        seed=seed,
        months=scenario.months,
        scale=scale,
        parameters=scenario.parameters,
        shocks=scenario.shocks,
        without=scenario.without,
    )
    return result


def warm() -> float:
    """Compile the month, or load it from the cache (`sim.cache` says so where it compiles).

    Returns
    -------
    float
        Seconds it took.
    """
    from sim.scenario import load_city

    before = time.perf_counter()
    city = load_city("sandbox")
    params = city_parameters(city)
    _settle(build(city, params, 0, 0.01, -2), params, 0, 2, None)
    return time.perf_counter() - before


def rows(city: schema.City, scale: float) -> int:
    """Return how many rows the youth table of a city has at a scale."""
    return int(youth_rows(city, scale).sum())
