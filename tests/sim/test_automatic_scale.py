"""The automatic scale: 20 000 rows, for however many futures, so that work grows with the futures and memory is bounded."""

import pytest

from sim.run import automatic_scale, rows
from sim.scenario import list_cities, load_city


@pytest.mark.parametrize("name", list_cities())
def test_a_city_has_twenty_thousand_rows_or_a_row_for_each_youth(name):
    city = load_city(name)
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    scale = automatic_scale(city)
    assert scale == 1.0 or rows(city, scale) == pytest.approx(20_000, rel=0.02)
    assert (scale == 1.0) == (youths <= 20_000)
