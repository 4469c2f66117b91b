"""What the tests of framework rows share: the sandbox, changed in one thing, and lived in many paired futures."""

from __future__ import annotations

from typing import Any

from sim.scenario import City, Policy, load_city
from tests.validation.futures import Futures, city_with

SEEDS = 50
SANDBOX = load_city("sandbox")
GANGS = tuple(gang.name for gang in SANDBOX.gangs)
POOREST = ("Ixley", "Hobbix", "Fennop")
BEST_OFF = ("Aldoo", "Bimbry", "Dorvin")


def lived(*policies: Policy, city: City = SANDBOX, seeds: int = SEEDS, months: int = 60, **more: Any) -> Futures:
    return Futures(city, policies, seeds=seeds, months=months, scale=1.0, **more)


def with_places(changes: dict[str, dict[str, Any]], city: City = SANDBOX) -> City:
    """The city with fields of some neighbourhoods changed; "all" stands for every one."""
    every = changes.get("all", {})
    places = tuple(each.model_copy(update={**every, **changes.get(each.name, {})}) for each in city.neighbourhoods)
    return city_with(city, neighbourhoods=places)


def with_gangs(city: City = SANDBOX, **fields: Any) -> City:
    """The city with fields of every gang changed."""
    return city_with(city, gangs=tuple(gang.model_copy(update=fields) for gang in city.gangs))


def told(name: str, found: Any) -> None:
    """Say what was found: the figures of the documentation are read here."""
    print(f"{name}: {found}")
