"""The gap between the most and the least violent fifth of areas (I01)."""

import pytest

from sim.processes.gap import gap_between_fifths, killings_on_average
from sim.processes.policy_delivery import killings_expected


def test_the_gap_is_the_ratio_of_two_rates(city):
    place = city.neighbourhood
    for name in place.dtype.names:
        if name.startswith("deaths_"):
            place[name] = 0.0
    place["fifth"] = 0
    place["fifth"][0], place["fifth"][1] = 1, -1
    place["deaths_dispute"][:2] = 6.0, 1.0
    place["population"][:2] = 1000.0, 500.0
    assert gap_between_fifths(city) == pytest.approx(3.0)
    place["deaths_dispute"][1] = 0.0
    assert gap_between_fifths(city) == 1.0


def test_luck_of_officers_is_averaged(city):
    place = city.neighbourhood[0]
    place.deaths_police, place.deaths_police_on_average = 0.2, 0.5
    place.deaths_officers, place.deaths_officers_on_average = 0.1, 0.0
    assert killings_on_average(place) == pytest.approx(killings_expected(place) + 0.3 - 0.1)
