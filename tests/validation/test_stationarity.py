"""Without policy and shock, and with years that are alike, a city stays what it is.

The 90 % interval of the ratio of means, the last two years of ten against the first two, lies within .85-1.15 and its
centre within .90-1.10; replications are added until the interval is narrower than +-.07.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.parameters import make_parameters
from sim.processes.years import magnified
from sim.scenario import City, list_cities, load_city
from tests.validation.futures import ALIKE, Futures, over_seeds, watch

pytestmark = pytest.mark.validate

BATCH = 24
MOST = 240
ALWAYS = ("sandbox", "chicago")
ROWS = 16_000.0
FUTURES, FEW_ROWS = 500, 4_000.0
PAIRS = 300
CITIES = list_cities()


def ratio(first: np.ndarray, last: np.ndarray) -> tuple[float, float]:
    """Return the ratio of means and half of its 90 % interval (delta method over seeds)."""
    centre = last.mean() / first.mean()
    residual = (last - centre * first) / first.mean()
    return float(centre), 1.645 * float(residual.std(ddof=1)) / math.sqrt(len(first))


def scale_of(city) -> float:
    """Return a scale at which a city has some sixteen thousand rows, Chicago twice as many for its 77 areas."""
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    return min(1.0, (2.0 if city.name == "chicago" else 1.0) * ROWS / youths)


@pytest.fixture(scope="module", params=CITIES)
def decade(request):
    """Ten years without policy, as many seeds as the width asks for."""
    city = load_city(request.param)
    scale = scale_of(city)
    batches = []
    while True:
        futures = Futures(city, [], seeds=BATCH, months=120, scale=scale, first=1 + BATCH * len(batches), without=ALIKE)
        batches.append(futures.monthly[:, 0])
        monthly = np.concatenate(batches)
        halves = [ratio(*ends(monthly, outcome))[1] for outcome in WATCHED]
        if max(halves) < 0.045 or len(monthly) >= MOST:
            return request.param, monthly


WATCHED = ("homicide_rate", "gang_members", "prisoners")


def ends(monthly: np.ndarray, outcome: str) -> tuple[np.ndarray, np.ndarray]:
    series = monthly[:, :, outcome_index(outcome)]
    return series[:, :24].mean(axis=1), series[:, -24:].mean(axis=1)


@pytest.mark.parametrize("outcome", WATCHED)
def test_the_baseline_is_stationary(decade, outcome):
    name, monthly = decade
    centre, half = ratio(*ends(monthly, outcome))
    print(f"{name}, {outcome}: {centre:.2f} +- {half:.2f}")
    assert half < 0.07
    assert 0.90 < centre < 1.10
    assert centre - half > 0.85
    assert centre + half < 1.15


def test_expected_and_realised_killings_agree(decade):
    _, monthly = decade
    expected = monthly[:, :, outcome_index("killings_expected")].mean(axis=1)
    realised = monthly[:, :, outcome_index("homicides")].mean(axis=1)
    gap = realised - expected
    print(f"realised over expected {realised.mean() / expected.mean():.3f}")
    assert abs(gap.mean()) < 4.0 * gap.std(ddof=1) / math.sqrt(len(gap))


def test_the_city_stands_at_its_documented_level(decade):
    name, monthly = decade
    level = load_city(name).levels.homicide_rate
    found = monthly[:, :, outcome_index("homicide_rate")].mean()
    print(f"{name} {found:.1f} of {level:g}")
    assert 0.93 < found / level < 1.07


@pytest.mark.parametrize("name", ALWAYS)
def test_good_and_bad_years_add_nothing_in_the_long_run(name):
    """With years and season as they are: the same ratio of means, over as many futures as its spread asks for."""
    city = load_city(name)
    futures = Futures(city, [], seeds=FUTURES, months=120, scale=few_rows(city))
    centre, half = ratio(*ends(futures.monthly[:, 0], "homicide_rate"))
    print(f"{name}: {centre:.3f} +- {half:.3f}")
    assert half < 0.05
    assert 0.95 < centre < 1.05


@pytest.mark.parametrize("name", ALWAYS)
def test_the_mean_of_years_that_differ_is_that_of_years_alike(name):
    """The last two years of ten, with good and bad years over without, over the same seeds.

    The mean of what the years multiply killing by is known, and with it their luck over these seeds: it is taken out.
    """
    city = load_city(name)

    def one(seed: int) -> np.ndarray:
        alike, differing = (lived_under_years(city, seed, without) for without in (ALIKE, ("season",)))
        return np.append(differing, alike[0])

    unlike, disputes, rivalry, alike = over_seeds(one, PAIRS).T
    luck = np.column_stack([np.ones(PAIRS), disputes - 1.0, rivalry - 1.0])
    fitted, *_ = np.linalg.lstsq(luck, unlike - alike, rcond=None)
    rest = unlike - alike - luck @ fitted
    more = fitted[0] / alike.mean()
    half = 1.645 * rest.std(ddof=3) / math.sqrt(PAIRS) / alike.mean()
    print(f"{name}: with years over without {1.0 + more:.3f} +- {half:.3f}")
    assert half < 0.03
    assert abs(more) < 0.05


def few_rows(city: City) -> float:
    """Return the scale at which a city has FEW_ROWS rows at most."""
    return min(1.0, FEW_ROWS / (sum(each.population for each in city.neighbourhoods) * city.youth_share))


def factors_over_their_means(known) -> tuple[float, float]:
    """Return what disputes and rivalry are multiplied by this month, over what they are on average over all seeds."""
    param = make_parameters().years[0]
    answered = (param.response - 1.0) / 2.0 * magnified(param, known.driven_disputes, known.driven_rivalry) ** 2
    both = param.disputes_on_rivalry**2 * known.common_variance + known.rivalry_variance
    disputes = known.dispute_years * math.exp(answered * known.common_variance)
    return float(disputes), float(known.rivalry_years * math.exp(answered * both))


def lived_under_years(city: City, seed: int, without: Sequence[str]) -> np.ndarray:
    """Return the homicide rate of the last two years of ten, and what years multiplied disputes and rivalry by in them.

    The factors are over their means.
    """
    column = outcome_index("homicide_rate")
    found = [
        (state.city_outcome[column], *factors_over_their_means(state.city_state[0]))
        for _, state in watch(city, seed, 120, scale=few_rows(city), without=without)
    ]
    return np.array(found[-24:], dtype=np.float64).mean(axis=0)
