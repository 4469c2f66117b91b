"""The levels of a city file hold for ten years without policy as near as the descriptions of the fields say."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.parameters import make_parameters
from sim.police_levels import ordinary_raids, police_killings
from sim.scenario import City, Levels, list_cities, load_city
from tests.validation.futures import ALIKE, watch

SEEDS = range(101, 109)
MONTHS = 120
ROWS = 6_000.0
FITTED = {"homicide_rate", "membership", "gang_share"}
# Known by no outcome, or by one only together with others: held by tests of the processes that move them.
UNSEEN = {"grievance", "fit", "phones", "care", "elderly"}
# Levels that follow by a rule where a file does not give them.
DERIVED = {"police_killings": police_killings, "raids": ordinary_raids}
LEVELS = [name for name in Levels.model_fields if name not in FITTED | UNSEEN]


def told_of(level: str) -> tuple[float, float]:
    """Return how far below and above the file's figure a level may stand, as its description tells."""
    says = str(Levels.model_fields[level].description)
    if says.endswith("the city stays at it"):
        return 1e-3, 1e-3
    if found := re.search(r"the city stays within (\d+) %$", says):
        return float(found[1]) / 100.0, float(found[1]) / 100.0
    found = re.search(r"the city settles (lower|higher), by \d+ % as a rule and by (\d+) % at most$", says)
    assert found is not None, says
    most = float(found[2]) / 100.0
    # By luck it may stand a little on the other side.
    return (most, 0.02) if found[1] == "lower" else (0.02, most)


@pytest.mark.parametrize("level", [*LEVELS, "care", "grievance"])
def test_every_level_is_told_how_it_holds(level):
    below, above = told_of(level)
    assert 0 < below <= 0.08
    assert 0 < above <= 0.08


@pytest.mark.validate
@pytest.mark.parametrize("name", list_cities())
def test_levels_hold_as_told(name):
    city = load_city(name)
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    scale = min(1.0, (2.0 if len(city.neighbourhoods) > 40 else 1.0) * ROWS / youths)
    with ThreadPoolExecutor(2) as pool:
        means = list(pool.map(lambda seed: ten_years(city, seed, scale), SEEDS))
    wrong = []
    for level in LEVELS:
        found = np.array([each[level] for each in means])
        error = found.std(ddof=1) / len(SEEDS) ** 0.5
        given = DERIVED[level](city, make_parameters()) if level in DERIVED else getattr(city.levels, level)
        below, above = told_of(level)
        print(f"{name}, {level}: {found.mean():.4f} +- {error:.4f} of {given:g}")
        if not given * (1.0 - below) - 2.0 * error <= found.mean() <= given * (1.0 + above) + 2.0 * error:
            wrong.append(level)
    assert wrong == []


def ten_years(city: City, seed: int, scale: float) -> dict[str, float]:
    """Return the mean of every level over ten years without policy.

    How far ordinary policing is raids is no outcome; it is read from the police as each month leaves them, every resident
    counting alike.
    """
    columns = [outcome_index(each) for each in LEVELS if each != "raids"]
    months = []
    for _, state in watch(city, seed, MONTHS, scale=scale, without=ALIKE):
        raids = np.average(state.police["raids"], weights=state.neighbourhood["population"])
        months.append([*state.city_outcome[columns], raids])
    means = np.mean(np.array(months, dtype=np.float64), axis=0)
    return dict(zip([*(each for each in LEVELS if each != "raids"), "raids"], means.tolist(), strict=True))
