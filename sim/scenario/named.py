"""Names for objects: wherever a city, policy or shock is asked for, its name or the path of its file does as well."""

from __future__ import annotations

import os
from collections.abc import Iterable

from sim.errors import InputError, show
from sim.scenario.city import City
from sim.scenario.packaged import load_city, load_policy, load_shock
from sim.scenario.policy import Policy
from sim.scenario.shock import Shock

__all__ = ["CityLike", "PolicyLike", "ShockLike", "find_city", "find_policies", "find_policy", "find_shocks"]

type CityLike = City | str | os.PathLike[str]
type PolicyLike = Policy | str | os.PathLike[str]
type ShockLike = Shock | str | os.PathLike[str]


def find_city(city: CityLike) -> City:
    """Return the city that is meant: the object itself, or what its name or path stands for.

    Raises
    ------
    InputError
        When there is no city of that name, its file cannot be used, or what is given is no city at all.
    """
    if isinstance(city, City):
        return city
    return load_city(_text(city, "city", "City"))


def find_policy(policy: PolicyLike) -> Policy:
    """Return the policy that is meant: the object itself, or what its name or path stands for; errors as `find_city`."""
    if isinstance(policy, Policy):
        return policy
    return load_policy(_text(policy, "policy", "Policy"))


def find_policies(policies: Iterable[PolicyLike] | PolicyLike) -> tuple[Policy, ...]:
    """Return the policies that are meant, in their order; one alone needs no list. Errors as `find_city`."""
    if isinstance(policies, Policy | str | os.PathLike):
        return (find_policy(policies),)
    return tuple(find_policy(each) for each in policies)


def find_shocks(shocks: Iterable[ShockLike] | ShockLike) -> tuple[Shock, ...]:
    """Return the shocks that are meant, in their order; one alone needs no list. Errors as `find_city`."""
    if isinstance(shocks, Shock | str | os.PathLike):
        shocks = (shocks,)
    return tuple(each if isinstance(each, Shock) else load_shock(_text(each, "shock", "Shock")) for each in shocks)


def _text(given: object, what: str, kind: str) -> str | os.PathLike[str]:
    """Return a name or path, and refuse what is neither."""
    if isinstance(given, str | os.PathLike):
        return given
    raise InputError(f"{what} is {show(given)}; give a name, the path of a {what} file, or a {kind} object")
