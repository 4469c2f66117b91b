"""Resilience over its own horizon: each decade once, what money buys over one and over three."""

import pytest

from experiments.comparison.paired import Interval
from experiments.publish.long_horizons import Slow, measure, page


def slow(row, title, *changes):
    """A measure that costs twenty million a year and averts a killing a year for each per cent that homicide falls by."""
    changed = tuple(Interval(-each, -each - 0.5, -each + 0.5) for each in changes)
    averted = tuple(Interval(each, each - 0.5, each + 0.5) for each in changes)
    return Slow(row, title, changed, averted, (20.0, 20.0, 20.0))


EARLY, QUICK = slow("P-S8", "Early childhood", 0.0, 3.0, 6.0), slow("P-S3", "Peace monitors", 5.0, 5.0, 5.0)


def test_money_buys_the_mean_of_the_decades_that_are_looked_at():
    assert EARLY.bought(1) == pytest.approx((0.0, -0.25, 0.25))
    assert EARLY.bought(3) == pytest.approx((1.5, 1.25, 1.75))
    assert QUICK.bought(3) == pytest.approx(QUICK.bought(1))


def test_the_page_names_each_measure_once_the_best_over_thirty_years_first_and_who_gains_by_the_longer_view():
    text = page([EARLY, QUICK])
    assert text.index("| Peace monitors (P-S3) |") < text.index("| Early childhood (P-S8) |")
    assert "Early childhood gains most by the longer view" in text


def test_what_saves_money_is_said_to_and_has_no_price():
    text = page([EARLY, QUICK._replace(cost=(-2.0, 1.0, 0.5))])
    assert text.index("| Peace monitors (P-S3) |") < text.index("| Early childhood (P-S8) |")
    assert text.count("saves money | saves money |") == 1


@pytest.mark.validate
@pytest.mark.shows("E36.3")
def test_e36_what_early_childhood_buys_shows_over_thirty_years_and_not_over_ten():
    found = {each.row: each for each in measure()}
    for row, each in found.items():
        print(f"{row}: {', '.join(f'{mean:.1f} [{low:.1f}, {high:.1f}]' for mean, low, high in each.changes)} %")
    early = found["P-S8"]
    assert -1.0 < early.changes[0].low < early.changes[0].high < 1.0
    assert early.changes[2].high < 0.0
    assert early.bought(3).low > early.bought(1).high
