"""A claim holds only where figures satisfy its rule, over the months and places that it names."""

import types

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import FUTURES, claim

from experiments.evidence.claims import comparisons
from experiments.evidence.figures import value
from experiments.evidence.verdicts import judge
from sim.errors import InputError
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_city


def judged(*claims, **by_arm):
    """Return whether each claim holds where an arm has these figures, one a future."""
    values = {}
    for each in claims:
        for pair in comparisons(each):
            for reading in pair:
                if reading is not None:
                    values[reading] = np.asarray(by_arm[reading.arm], dtype=float)
    verdicts = judge(claims, values)
    holds = [verdict.holds for verdict in verdicts]
    return holds[0] if len(holds) == 1 else holds


def around(mean, spread=0.5):
    """Figures of 40 futures with this mean and standard deviation."""
    return mean + spread * np.resize([-1.0, 1.0], FUTURES)


# What a rule asks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "level", "holds"),
    [
        ("falls", 90, True),
        ("falls", 96, False),
        ("falls", 110, False),
        ("rises", 110, True),
        ("rises", 104, False),
        ("nothing", 100, True),
        ("nothing", 96, True),
        ("nothing", 104, True),
        ("nothing", 94, False),
        ("nothing", 106, False),
        ("no fall", 96, True),
        ("no fall", 130, True),
        ("no fall", 94, False),
        ("no rise", 104, True),
        ("no rise", 70, True),
        ("no rise", 106, False),
    ],
)
def test_a_claim_is_held_to_five_per_cent_of_what_it_is_compared_with(change, level, holds):
    noise = around(0, 0.5)
    assert judged(claim(change=change), calm=around(level, 0), baseline=around(100, 0) + noise) is holds


def test_the_whole_interval_must_clear_the_least_effect_not_the_mean_alone():
    assert judged(claim(), calm=around(93, 0), baseline=around(100, 1.0))
    assert not judged(claim(), calm=around(93, 0), baseline=around(100, 20.0))


def test_the_whole_interval_must_lie_within_the_margin():
    nothing = claim(change="nothing")
    assert judged(nothing, calm=around(100, 0), baseline=around(100, 1.0))
    assert not judged(nothing, calm=around(100, 0), baseline=around(100, 20.0))


def test_shared_luck_cancels():
    luck = around(100, 60.0)
    assert judged(claim(), calm=luck - 10, baseline=luck)


def test_one_lucky_future_is_not_enough():
    level = around(100, 0.0)
    lucky = level.copy()
    lucky[0] = 0.0
    assert not judged(claim(), calm=lucky, baseline=level)


@given(st.floats(1.0, 1e6), st.floats(-0.5, 0.5), st.sampled_from(["falls", "rises", "nothing", "no fall", "no rise"]))
def test_the_unit_does_not_decide(unit, effect, change):
    one = {"calm": around(100 * (1 + effect)), "baseline": around(100, 0.7)}
    other = {arm: figures * unit for arm, figures in one.items()}
    if min(abs(abs(effect) - edge) for edge in (0.05,)) > 0.01:
        assert judged(claim(change=change), **one) == judged(claim(change=change), **other)


def test_a_range_takes_in_the_whole_interval():
    size = claim(change="between", bounds=[-0.5, -0.3])
    assert judged(size, calm=around(60), baseline=around(100, 1.0))
    assert not judged(size, calm=around(69), baseline=around(100, 20.0))
    assert not judged(size, calm=around(80), baseline=around(100, 1.0))


def test_a_level_is_judged_by_itself():
    level = claim(change="level", bounds=[0.5, 1.0], arm="calm", outcome="police_legitimacy")
    assert judged(level, calm=around(0.6, 0.1))
    assert not judged(level, calm=around(0.51, 0.1))


def test_several_arms_must_all_be_cleared():
    mix = claim(arm="mix", against=["calm", "other"])
    assert judged(mix, mix=around(80, 0), calm=around(100), other=around(90))
    assert not judged(mix, mix=around(80, 0), calm=around(100), other=around(82))


def test_an_order_asks_every_step():
    steps = claim(change="order", order=["one", "two", "three"])
    assert judged(steps, one=around(100), two=around(90), three=around(80))
    assert not judged(steps, one=around(100), two=around(90), three=around(89))
    assert not judged(steps, one=around(80), two=around(90), three=around(100))


@pytest.mark.parametrize(("mine", "holds"), [(95, True), (100, True), (105, True), (81, False), (70, False)])
def test_a_weaker_effect_is_weaker_in_the_direction_of_the_other(mine, holds):
    strong = claim(id="C99a", arm="strong")
    weak = claim(id="C99b", arm="weak", change="weaker", than="C99a")
    figures = {"strong": around(80, 0), "weak": around(mine, 0), "baseline": around(100, 0.1)}
    assert judged(strong, weak, **figures)[1] is holds


def test_effects_of_two_cities_are_compared_as_shares():
    here = claim(id="C99a")
    there = claim(id="C99b", setting="there", change="weaker", than="C99a")
    values = {}
    for each, levels in ((here, (80, 100)), (there, (960, 1000))):
        ((one, other),) = comparisons(each)
        values |= {one: around(levels[0], 0), other: around(levels[1], 0.1)}
    assert judge((here, there), values)[1].holds


def test_nothing_can_rise_clearly_from_zero_without_a_floor():
    rise = claim(change="rises")
    zero = np.zeros(FUTURES)
    assert not judged(rise, calm=around(1, 0.1), baseline=zero)
    assert judged(claim(change="rises", floor=0.5), calm=around(1, 0.1), baseline=zero)
    assert not judged(claim(change="rises", floor=2.0), calm=around(1, 0.1), baseline=zero)


def test_what_cannot_be_computed_fails():
    ratio = claim(over="serious_assaults")
    assert not judged(ratio, calm=np.full(FUTURES, np.nan), baseline=around(100))


# What is read ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def town():
    return load_city("sandbox")


@pytest.fixture
def result(town):
    """Month m of outcome k is m + k in the city; year y of neighbourhood i is 10 y + i."""
    months, outcomes, places = 36, len(OUTCOMES), len(town.neighbourhoods)
    monthly = np.add.outer(np.arange(months), np.arange(outcomes)).astype(np.float32)
    yearly = np.add.outer(10 * np.arange(3), np.arange(places)).astype(np.float32)
    yearly = np.repeat(yearly[:, :, None], outcomes, axis=2)
    return types.SimpleNamespace(city_monthly=monthly, place_yearly=yearly)


def read(result, town, rows=None, **fields):
    ((reading, _),) = comparisons(claim(**fields))
    return value(reading, result, town, rows)


def test_months_are_read_from_the_first_to_the_last(result, town):
    assert read(result, town, months=[11, 13]) == 11 + outcome_index("homicide_rate")


def test_part_of_a_city_is_weighed_by_residents_and_counts_are_added(result, town):
    rows = np.zeros(9)
    rows[[0, 3]] = 1
    people = [town.neighbourhoods[0].population, town.neighbourhoods[3].population]
    fields = {"months": [13, 24], "where": {"places": ["Aldoo", "Dorvin"]}}
    assert read(result, town, rows, **fields) == pytest.approx(10 + 3 * people[1] / sum(people))
    assert read(result, town, rows, outcome="gang_members", **fields) == pytest.approx(20 + 3)


def test_sums_ratios_and_products_are_read(result, town):
    first, second = outcome_index("homicide_rate"), outcome_index("business")
    assert read(result, town, months=[1, 1], plus="business") == first + second
    assert read(result, town, months=[1, 1], over="business") == pytest.approx(first / second)
    assert read(result, town, months=[1, 1], times="business") == first * second


def test_recovery_counts_the_months_that_are_worse_and_none_that_are_better(town):
    monthly = np.full((60, len(OUTCOMES)), 0.5, np.float32)
    monthly[24:31, outcome_index("services")] = 0.3
    monthly[31:40, outcome_index("services")] = 0.49
    monthly[40:, outcome_index("services")] = 0.6
    result = types.SimpleNamespace(city_monthly=monthly, place_yearly=None)
    fields = {"outcome": "services", "months": [25, 60], "recovery": {"after": 25, "within": 0.02}}
    assert read(result, town, **fields) == 7


def test_an_outcome_of_the_whole_city_cannot_be_read_in_a_part(result, town):
    result.place_yearly[..., outcome_index("cost")] = np.nan
    with pytest.raises(InputError, match="cost is kept for the whole city only"):
        read(result, town, np.ones(9), outcome="cost", months=[1, 12], where={"places": ["Aldoo"]})
