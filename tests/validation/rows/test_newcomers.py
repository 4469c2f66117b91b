"""Rows of who moves in, and of what a place is besides deprived (E01, E04, E24)."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from sim import files
from sim.run import begin_city
from sim.scenario import City, load_city
from tests.validation.futures import Futures, interval, policy_of
from tests.validation.rows.sandbox import POOREST, SANDBOX, lived, told, with_places

pytestmark = pytest.mark.validate

CITY_SEEDS = 30
PLACE = "Fennop"
RAISED = {"in_migration": 0.1, "displaced": 0.1, "family_disruption": 0.2, "bars": 1.0, "rentals": 0.2, "inequality": 0.2}
# What is taken where the file gives none.
TAKEN = {"bars": 1.0, "rentals": 0.4}


def figure(city: City, row: int, field: str) -> float:
    """A figure of the file, by the model's rule where it gives none."""
    given = getattr(city.neighbourhoods[row], field)
    if given is not None:
        return float(given)
    if field in TAKEN:
        return TAKEN[field]
    state, _ = begin_city(city, seed=1, scale=0.005, burn_in=0)
    return float(state.neighbourhood[field][row])


def more(field: str, rows: list[int], city: City = SANDBOX) -> City:
    """The city with more of a field in some neighbourhoods."""
    names = [each.name for each in city.neighbourhoods]
    return with_places({names[row]: {field: figure(city, row, field) + RAISED[field]} for row in rows}, city)


def change(city: City, other: City, rows: list[int], outcome: str, **settings: Any) -> Any:
    """The change there over five years, with the same seeds."""
    there = np.isin(np.arange(len(city.neighbourhoods)), rows)[None, :]
    before, after = (Futures(each, [], months=60, **settings).places("baseline", outcome, there) for each in (city, other))
    return interval(after - before, before)


@pytest.mark.parametrize("name", files.names("cities"))
@pytest.mark.parametrize("field", ["in_migration", "displaced"])
def test_e01_in_every_city_newcomers_whom_nobody_includes_raise_joining_or_killing(name, field):
    city = load_city(name)
    rows = [row for row, each in enumerate(city.neighbourhoods) if each.population > 0][::2]
    other = more(field, rows, city)
    scale = min(1.0, 20_000 / sum(each.population for each in city.neighbourhoods))
    found = [
        change(city, other, rows, outcome, seeds=CITY_SEEDS, scale=scale) for outcome in ("recruits", "killings_expected")
    ]
    told(f"{name}, {field}: recruits, killings", [str(each) for each in found])
    assert max(each.low for each in found) > 0.0


@pytest.mark.shows("E24.1")
@pytest.mark.parametrize("field", ["in_migration", "family_disruption", "bars", "rentals"])
def test_e24_each_trait_alone_raises_killing(field):
    row = [each.name for each in SANDBOX.neighbourhoods].index(PLACE)
    other = more(field, [row])
    found = change(SANDBOX, other, [row], "killings_expected", seeds=80, scale=1.0)
    told(field, found)
    assert found.low > 0.0
    off = change(
        SANDBOX, other, [row], "killings_expected", seeds=50, scale=1.0, without=("fabric", "turnover", "deprivation")
    )
    told("without", off)
    assert off.low <= 0.0


def test_e04_newcomers_of_the_file_who_are_included_bring_jobs_and_no_killing():
    included = policy_of("included", {"measure": "P-G2"}, {"measure": "P-S4"})
    there = np.array([[each.name in POOREST for each in SANDBOX.neighbourhoods]])
    crowded = with_places({name: {"displaced": 0.15} for name in POOREST})
    plain, full = (lived(included, city=city, months=96, seeds=50) for city in (SANDBOX, crowded))
    for arm in ("baseline", "included"):
        told(
            arm, str(interval(full.places(arm, "killings_expected", there) - plain.places(arm, "killings_expected", there)))
        )
    alone = full.places("baseline", "killings_expected", there)
    assert interval(alone - plain.places("baseline", "killings_expected", there), alone).rises
    late = slice(3, None)
    with_them = full.places("included", "killings_expected", there, late)
    ordinary = plain.places("baseline", "killings_expected", there, late)
    assert not interval(with_them - ordinary, ordinary).rises
    gained = full.places("included", "jobs", there, late) - full.places("baseline", "jobs", there, late)
    assert interval(gained, full.places("baseline", "jobs", there, late)).rises
