"""Facts of a city as factors: what its file says in numbers, by name, and the same city with other values of some.

    city.youth_share, city.police.follows, city.levels.fear, city.flows.drugs    a number of the city
    neighbourhood[Harbour].poverty                                               a number of one neighbourhood

The calibration of a city is fitted to its facts and is not fitted again: what is varied is one fact with all else as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel

    from sim.scenario import City

__all__ = ["fact_names", "fact_of", "is_fact", "with_facts"]

CITY, NEIGHBOURHOOD = "city.", "neighbourhood["
_ONE = re.compile(r"neighbourhood\[(?P<name>.+)\]\.(?P<field>[\w.]+)")


def is_fact(name: str) -> bool:
    """Return whether a name is written like that of a fact of a city."""
    return name.startswith((CITY, NEIGHBOURHOOD))


def fact_names(city: City) -> tuple[str, ...]:
    """Return the names of all facts of a city that are numbers."""
    places = (f"{NEIGHBOURHOOD}{place.name}].{field}" for place in city.neighbourhoods for field in _numbers(place))
    return (*(f"{CITY}{field}" for field in _numbers(city)), *places)


def fact_of(city: City, name: str) -> float:
    """Return the value of a fact.

    Raises
    ------
    InputError
        When the city has none of that name.
    """
    held, field = _found(city.model_dump(), name)
    if field not in held or isinstance(held[field], bool) or not isinstance(held[field], int | float):
        raise InputError(f"{name} is no number of {city.name}; {did_you_mean(name, fact_names(city))}")
    return float(held[field])


def with_facts(city: City, values: Mapping[str, float]) -> City:
    """Return a city with other values of some of its facts, checked as a whole; whole numbers are rounded.

    Raises
    ------
    InputError
        When a value cannot be: one line with fact, value and what it may be.
    """
    from sim.files import check
    from sim.scenario import City

    if not values:
        return city
    tree = city.model_dump()
    for name, value in values.items():
        held, field = _found(tree, name)
        held[field] = round(value) if isinstance(held[field], int) else float(value)
    told = ", ".join(f"{name}={value:g}" for name, value in values.items())
    return check(City, tree, f"{city.name} with {told}")


def _found(tree: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """Return the mapping in a city's tree that holds a fact, and the key there."""
    held, path = tree, name.removeprefix(CITY)
    if one := _ONE.fullmatch(name):
        known = [place["name"] for place in tree["neighbourhoods"]]
        if one["name"] not in known:
            says = f"{one['name']} is no neighbourhood of {tree['name']}; {did_you_mean(one['name'], known)}"
            raise InputError(f"{name}: {says}")
        held, path = tree["neighbourhoods"][known.index(one["name"])], one["field"]
    *inner, field = path.split(".")
    for step in inner:
        below = held.get(step)
        held = below if isinstance(below, dict) else {}
    return held, field


def _numbers(part: BaseModel) -> tuple[str, ...]:
    """Return the numbers of a part, those of the parts and mappings in it too, in dots."""
    return tuple(_leaves(part.model_dump()))


def _leaves(value: object, before: str = "") -> list[str]:
    """Return the dotted names of the numbers in a tree; lists hold none."""
    if isinstance(value, dict):
        named = ((f"{before}.{key}" if before else str(key), each) for key, each in value.items())
        return [leaf for name, each in named for leaf in _leaves(each, name)]
    return [before] if isinstance(value, int | float) and not isinstance(value, bool) else []
