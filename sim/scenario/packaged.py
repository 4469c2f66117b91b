"""Cities, policies and shocks by name or from a file."""

from __future__ import annotations

import os

from sim.files import find, load, load_with_source, names
from sim.scenario.city import City
from sim.scenario.fields import Filed
from sim.scenario.policy import Policy
from sim.scenario.shock import Shock
from sim.sources import Source

__all__ = ["list_cities", "list_policies", "list_shocks", "load_city", "load_policy", "load_shock"]


def list_cities() -> list[str]:
    """Return the names of the packaged cities."""
    return names("cities")


def list_policies() -> list[str]:
    """Return the names of the packaged policies."""
    return names("policies")


def list_shocks() -> list[str]:
    """Return the names of the packaged shocks."""
    return names("shocks")


def load_city(name_or_path: str | os.PathLike[str]) -> City:
    """Return a packaged city by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return load(City, *find("cities", name_or_path))


def load_policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """Return a packaged policy by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return _filed(*load_with_source(Policy, *find("policies", name_or_path)))


def load_shock(name_or_path: str | os.PathLike[str]) -> Shock:
    """Return a packaged shock by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return _filed(*load_with_source(Shock, *find("shocks", name_or_path)))


def _filed[Kept: Filed](part: Kept, source: Source) -> Kept:
    """Let a part remember the file it was read from."""
    part._source = source
    return part
