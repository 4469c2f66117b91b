"""Fronts, robustness and the value of knowing, on arrays whose answers are known."""

import numpy as np
import pytest

from experiments.tradeoffs import robustness
from experiments.tradeoffs.robustness import (
    beats,
    chance_best,
    chance_on_front,
    evppi,
    on_front,
    regrets,
    satisfied,
    value_of_knowing_all,
    worst_tenth,
)


def studies(means, noise, futures=80, seed=1):
    """Gains with planted means, float64 [future, option, objective]."""
    means = np.asarray(means, float)
    return means + noise * np.random.default_rng(seed).normal(size=(futures, *means.shape))


# Fronts ---------------------------------------------------------------------------------------------------------------


def test_the_front_is_the_one_seen_by_eye():
    gains = np.array([[0, 0], [3, 1], [1, 3], [2, 2], [1, 1], [3, 0.5]], float)
    assert on_front(gains).tolist() == [False, True, True, True, False, False]


def test_options_that_are_the_same_stand_on_the_front_together_despite_rounding():
    gains = np.array([[1.0, 2.0], [1.0 + 1e-13, 2.0 - 1e-13], [0.5, 2.0]])
    assert on_front(gains).tolist() == [True, True, False]


def test_what_is_too_dear_neither_beats_nor_stands():
    gains = np.array([[0, 0], [5, 5], [1, 1]], float)
    assert on_front(gains, np.array([True, False, True])).tolist() == [False, False, True]


def test_the_chance_is_sure_where_means_lie_apart_and_even_where_they_do_not():
    clear = chance_on_front(studies([[0, 0], [3, 1], [1, 3], [0.9, 0.9]], 0.3))
    assert clear.tolist() == [0, 1, 1, 0]
    rivals = chance_on_front(studies([[1.0], [1.0]], 1.0, futures=4000))
    assert rivals.sum() == pytest.approx(1, abs=0.01)


def test_a_front_point_is_claimed_in_one_study_of_ten_at_most_where_it_is_beaten():
    claimed = []
    for study in range(60):
        gains = studies([[1.0, 1.0], [1.1, 1.1]], 1.0, futures=60, seed=study)
        claimed.append(chance_on_front(gains, seed=study, resamples=200)[0] >= robustness.CLAIMED)
    assert np.mean(claimed) < 0.2


def test_a_budget_takes_what_is_too_dear_off_the_front():
    gains = studies([[0.0], [5.0], [2.0]], 0.1)
    costs = np.tile([0.0, 10.0, 3.0], (80, 1))
    assert chance_on_front(gains, costs, 5.0).tolist() == [0, 0, 1]
    assert chance_on_front(gains, costs, 10.0).tolist() == [0, 1, 0]
    assert chance_on_front(gains, costs, 0.0).tolist() == [1, 0, 0]


def test_chances_are_reproducible():
    gains = studies([[1.0, 0.9], [0.9, 1.0]], 1.0)
    assert (chance_on_front(gains, seed=0) == chance_on_front(gains, seed=0)).all()


# Robustness -----------------------------------------------------------------------------------------------------------


def test_the_worst_tenth_is_the_mean_of_the_worst():
    gains = np.column_stack([np.arange(100.0), np.full(100, 7.0)])
    assert worst_tenth(gains).tolist() == [4.5, 7.0]
    assert worst_tenth(gains[:3]).tolist() == [0.0, 7.0]


def test_regret_is_paired():
    found = regrets(np.array([[1.0, 4.0], [5.0, 2.0]]))
    assert found.tolist() == [[3, 0], [0, 3]]


def test_satisfied_counts_futures_at_the_threshold_too():
    assert satisfied(np.array([[1.0], [2.0], [3.0], [0.0]]), 1.0).tolist() == [0.75]


def test_the_winner_is_stable_where_it_is_clear_and_shared_where_two_are_the_same():
    gains = studies([[1.0], [3.0]], 0.5)[:, :, 0]
    assert chance_best(gains).tolist() == [0, 1]
    assert chance_best(gains[:, [1, 1, 0]]) == pytest.approx([0.5, 0.5, 0])


def test_beating_is_a_share_of_draws_with_the_interval_of_wilson():
    first, second = np.repeat([1.0, 0.0], [30, 70]), np.full(100, 0.5)
    found = beats(first, second)
    assert found.mean == pytest.approx(0.3)
    assert (found.low, found.high) == pytest.approx((0.2189, 0.3958), abs=1e-3)
    assert beats(second, second).mean == 0.5


def test_never_beating_has_an_interval_that_begins_at_zero():
    found = beats(np.zeros(50), np.ones(50))
    assert found.mean == 0
    assert found.low == 0
    assert 0.05 < found.high < 0.1


# What knowing would be worth ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def known_game():
    """Option 1 gains u0 - .5 with u0 uniform, option 0 nothing: knowing u0 is worth 1/8, knowing the others nothing."""
    random = np.random.default_rng(11)
    units = random.random((2000, 6))
    gains = np.column_stack([np.zeros(2000), units[:, 0] - 0.5 + 0.3 * random.normal(size=2000)])
    return units, gains


def test_the_value_of_the_fact_that_decides_is_found(known_game):
    table = evppi(*known_game, [f"p{place}" for place in range(6)])
    assert table["parameter"][0] == "p0"
    assert table["value"][0] == pytest.approx(1 / 8, abs=0.015)
    assert table["told"].tolist() == [True, False, False, False, False, False]
    assert (table["value"][1:] < 0.01).all()
    assert (table["low_choice"][0], table["high_choice"][0]) == (0, 1)


def test_knowing_all_is_worth_at_least_as_much(known_game):
    units, gains = known_game
    assert value_of_knowing_all(gains) >= evppi(units, gains, [f"p{place}" for place in range(6)])["value"].max()


def test_where_one_option_is_always_best_no_fact_is_worth_anything(known_game):
    units, gains = known_game
    sure = np.column_stack([gains[:, 0] + 5, gains[:, 1]])
    table = evppi(units, sure, [f"p{place}" for place in range(6)])
    assert (table["value"] == 0).all()
    assert not table["told"].any()


def test_parameters_of_no_effect_are_seldom_told_from_noise():
    clear = []
    for study in range(20):
        random = np.random.default_rng(study)
        units, gains = random.random((120, 10)), random.normal(size=(120, 4))
        clear.append(evppi(units, gains, [str(place) for place in range(10)], seed=study, dummies=200)["told"].any())
    assert np.mean(clear) <= 0.25


def test_without_parameters_the_table_is_empty():
    assert len(evppi(np.zeros((20, 0)), np.zeros((20, 2)), [])) == 0
