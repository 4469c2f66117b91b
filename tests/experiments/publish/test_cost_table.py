"""The page of costs per homicide averted says first which of the lowest prices rest on judgement alone."""

import pytest

from experiments.comparison.costs import Cost
from experiments.comparison.paired import Interval
from experiments.publish.cost_table import FIRST, STANDING, table
from sim.measures import MEASURES

TEN = Interval(10.0, 9.0, 11.0)


def answer(measure, price, averted=TEN):
    """A measure that averts ten homicides a year at a price in million US dollars."""
    around = Interval(0.0, 0.0, 0.0)
    cost = Interval(10 * price, 9 * price, 11 * price).times(1e6)
    return Cost(
        policy=measure.name,
        title=measure.row,
        months=60,
        residents=1_000_000,
        extra=cost,
        discounted=cost,
        measures=cost,
        prisons=around,
        by_pillar={},
        by_payer={},
        averted=averted,
        per_averted=cost.times(0.1),
        lowers=False,
        unstudied=(),
    )


@pytest.fixture(scope="module")
def page():
    answers = [answer(each, 0.1 * (len(MEASURES) - place)) for place, each in enumerate(MEASURES)]
    answers[0] = answer(MEASURES[0], 0.01, averted=Interval(1.0, -2.0, 4.0))
    return table(answers)


def test_every_measure_stands_on_the_page_once_with_what_it_rests_on(page):
    rows = [line for line in page.splitlines() if line.startswith("| P-")]
    assert sorted(line.split()[1] for line in rows) == sorted(each.row for each in MEASURES)
    for line in rows:
        (known,) = (each for each in MEASURES if each.row == line.split()[1])
        assert line.split("|")[2].strip() == STANDING[known.grade]


def test_the_lowest_prices_that_rest_on_judgement_are_named_before_any_price(page):
    lowest = [each for each in MEASURES[::-1][:FIRST] if each.grade == "judgement"]
    first = page[: page.index("\n| measure")]
    for each in MEASURES:
        assert (f"({each.row})" in first) == (each in lowest)


def test_prices_rise_and_what_is_not_known_to_lower_homicide_has_none(page):
    priced, others = page.split("## No price")
    rows = [line.split() for line in priced.splitlines() if line.startswith("| P-")]
    assert [row[1] for row in rows] == [each.row for each in MEASURES[:0:-1]]
    (other,) = (line for line in others.splitlines() if line.startswith("| P-"))
    assert other.split()[1] == MEASURES[0].row
    assert other.count("|") == 5
