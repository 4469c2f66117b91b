"""How long effects last after a stop: half of what a measure did to expected homicide is gone within the known times.

Each measure is in force for five years and then stopped. What is left is the mean log effect over a window after the stop,
over that of the last year in force. A half-life of at most m months is asked as less than half being left in the months
after m, one of at least m as more than half in the months up to m. Windows of some months, for months are noisy. Of
rules on firearms the ban on carrying is asked, without the stock of guns, which is slow by itself. Work without therapy
cannot be asked for yet.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city
from tests.validation.futures import ALIKE, Futures, mean_interval, policy_of

pytestmark = pytest.mark.validate

STOP = 60
SEEDS = 160
ROWS = 10_000.0
CITIES = ("sandbox", "chicago", "rio_de_janeiro")
CARRYING = "P-R7"
# Months after the stop: by the first, more than half is left (0: nothing asked), and from the second on less than half.
HALF_GONE = {
    "P-R3": (0, 2),
    "P-R7": (0, 2),
    "P-R9": (0, 2),
    "P-E1": (0, 2),
    "P-E3": (9, 30),
    "P-S3": (4, 15),
    "P-S1": (0, 15),
}


def arm_of(name: str) -> str:
    return name.lower().replace("-", "_")


@pytest.fixture(scope="module", params=CITIES)
def lived(request):
    city = load_city(request.param)
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    effects = {}
    for asked, without in ((set(HALF_GONE) - {CARRYING}, ALIKE), ({CARRYING}, (*ALIKE, "guns-and-care"))):
        policies = [policy_of(arm_of(name), {"measure": name, "start": 1, "stop": STOP}) for name in sorted(asked)]
        futures = Futures(city, policies, seeds=SEEDS, months=STOP + 48, scale=min(1.0, ROWS / youths), without=without)
        killed = futures.monthly[:, :, :, outcome_index("killings_expected")]
        effects |= {name: np.log(killed[:, arm] / killed[:, 0]) for arm, name in enumerate(futures.names) if arm}
    return request.param, effects


def left(effect: np.ndarray, first: int, last: int) -> float:
    """What is left of the last year's effect in the months first .. last after the stop, both in."""
    before = mean_interval(effect[:, STOP - 12 : STOP].mean(axis=1))
    assert before.high < 0.0, "an effect to lose"
    return float(effect[:, STOP + first - 1 : STOP + last].mean() / before.mean)


@pytest.mark.parametrize("measure", HALF_GONE)
def test_half_of_an_effect_is_gone_in_its_time(lived, measure):
    city, effects = lived
    effect = effects[arm_of(measure)]
    at_least, at_most = HALF_GONE[measure]
    width = 3 if at_most <= 2 else 6
    late = left(effect, at_most + 1, at_most + width)
    print(f"{city}, {measure}: {late:.2f} left in months {at_most + 1}-{at_most + width} after the stop")
    if at_least:
        early = left(effect, at_least - 2, at_least)
        print(f"{city}, {measure}: {early:.2f} left in months {at_least - 2}-{at_least}")
        assert early > 0.5
    assert late < 0.5
