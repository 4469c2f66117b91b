"""How long effects last after a stop: half of what a measure did to expected homicide is gone within the known times.

Each measure is in force for two years and then stopped: what is known of half-lives comes from programmes of some months to
some three years. After longer with less violence fear, trust and members have moved as well, and come back at their own
pace. What is left is the log effect over a window after the stop, over that of the last year in force. A half-life of at
most m months is asked as less than half being left in the months after m, one of at least m as more than half in the months
up to m. Windows of some months, for months are noisy. Of rules on firearms the ban on carrying is asked, without the stock
of guns, which is slow by itself. After-school places (P-S1) lower killing by 1 to 2 %, by way of the stock of members, so
that what is left of it is not told from chance: they are read on whom they are for, recruits under 18. Work (P-S4) is asked
without its therapy, on whom it is for as well, members who leave: of what it did to killing, which gangs that grow back
slowly go on with, .53 (standard error .04) is left in months 16-21 after a stop of places of two months in the sandbox.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.scenario import load_city
from tests.validation.futures import ALIKE, Futures, mean_interval, policy_of

pytestmark = pytest.mark.validate

STOP = 24
SEEDS = 320
ROWS = 10_000.0
CITIES = ("sandbox", "chicago", "rio_de_janeiro")
CARRYING = "P-R7"
# What is lacking where a measure is asked without it: the effect of work with therapy lasts for years.
LACKING = {"P-S4": {"therapy": 0.0}}
READ_ON = {"P-S1": "recruits_under_18", "P-S4": "exits"}
# Months after the stop: by the first, more than half is left (0: nothing asked), and from the second on less than half.
HALF_GONE = {
    "P-R3": (0, 2),
    "P-R7": (0, 2),
    "P-R9": (0, 2),
    "P-E1": (0, 2),
    "P-E3": (9, 30),
    "P-S3": (4, 15),
    "P-S1": (0, 15),
    "P-S4": (0, 15),
}


def arm_of(name: str) -> str:
    return name.lower().replace("-", "_")


@pytest.fixture(scope="module", params=CITIES)
def lived(request):
    city = load_city(request.param)
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    effects = {}
    for asked, without in ((set(HALF_GONE) - {CARRYING}, ALIKE), ({CARRYING}, (*ALIKE, "guns-and-care"))):
        policies = [
            policy_of(arm_of(name), {"measure": name, "start": 1, "stop": STOP, "conditions": LACKING.get(name, {})})
            for name in sorted(asked)
        ]
        futures = Futures(city, policies, seeds=SEEDS, months=STOP + 36, scale=min(1.0, ROWS / youths), without=without)
        for name in asked:
            read = futures.monthly[:, :, :, outcome_index(READ_ON.get(name, "killings_expected"))]
            effects[name] = (read[:, futures.names.index(arm_of(name))], read[:, 0])
    return request.param, effects


def log_effect(pair: tuple[np.ndarray, np.ndarray], first: int, last: int) -> np.ndarray:
    """The log ratio of the means over the months first .. last, counted from 1 and both in, one figure a seed."""
    under, ordinary = (each[:, first - 1 : last].mean(axis=1) for each in pair)
    return np.log(under / ordinary)


def left(pair: tuple[np.ndarray, np.ndarray], first: int, last: int) -> float:
    """What is left of the last year's effect in the months first .. last after the stop, both in."""
    before = mean_interval(log_effect(pair, STOP - 11, STOP))
    assert before.low > 0.0 or before.high < 0.0, "an effect to lose"
    return float(log_effect(pair, STOP + first, STOP + last).mean() / before.mean)


@pytest.mark.parametrize("measure", HALF_GONE)
def test_half_of_an_effect_is_gone_in_its_time(lived, measure):
    city, effects = lived
    effect = effects[measure]
    at_least, at_most = HALF_GONE[measure]
    width = 3 if at_most <= 2 else 6
    late = left(effect, at_most + 1, at_most + width)
    print(f"{city}, {measure}: {late:.2f} left in months {at_most + 1}-{at_most + width} after the stop")
    if at_least:
        early = left(effect, at_least - 2, at_least)
        print(f"{city}, {measure}: {early:.2f} left in months {at_least - 2}-{at_least}")
        assert early > 0.5
    assert late < 0.5
