"""Estimators find what was planted, with the sampling error that they claim."""

import numpy as np
import pytest

from experiments.evidence import estimators

EFFECT = np.log(0.8)


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def covers(make, truth, *, trials=200):
    """The share of trials in which the truth lies within two errors, and the mean estimate."""
    found = [make() for _ in range(trials)]
    return np.mean([abs(each.value - truth) <= 2 * each.error for each in found]), np.mean([each.value for each in found])


def test_paired_arms_give_the_log_ratio_and_shared_luck_costs_nothing():
    reference = np.array([10.0, 30.0, 20.0])
    found = estimators.paired_arms(0.8 * reference, reference)
    assert found.value == pytest.approx(EFFECT)
    assert found.error == pytest.approx(0.0, abs=1e-12)
    assert found.futures == 3


def test_paired_arms_have_the_error_they_claim(rng):
    def make():
        luck = rng.gamma(20, 1, 40)
        return estimators.paired_arms(0.8 * luck * rng.lognormal(-0.02, 0.2, 40), luck)

    share, mean = covers(make, EFFECT)
    assert 0.88 <= share <= 0.99
    assert mean == pytest.approx(EFFECT, abs=0.01)


def test_paired_arms_of_nothing_are_not_a_number():
    assert np.isnan(estimators.paired_arms(np.zeros(4), np.ones(4)).value)


def test_a_difference_of_counts():
    found = estimators.difference(np.array([13.0, 19.0]), np.array([10.0, 10.0]))
    assert (found.value, found.noise) == (6.0, pytest.approx(np.std([3, 9], ddof=1)))
    assert found.error == pytest.approx(found.noise / np.sqrt(2))


@pytest.mark.parametrize("places", [2, 7, 10])
def test_a_random_half_is_a_half_the_same_for_a_seed_and_another_for_another(places):
    halves = [estimators.random_half(places, seed) for seed in range(200)]
    assert {half.sum() for half in halves} == {places // 2}
    assert (estimators.random_half(places, 5) == halves[5]).all()
    assert np.mean(halves, axis=0) == pytest.approx(np.full(places, (places // 2) / places), abs=0.12)


def places_over_time(rng, *, futures=40, years=2, places=10, effect=0.0):
    """Outcomes that move by themselves and by place, treated halves lower in the last year."""
    level = rng.gamma(20, 1, (futures, 1, places))
    outcome = level * rng.gamma(50, 0.02, (futures, years, places)) * np.linspace(1.0, 0.7, years)[None, :, None]
    treated = np.array([estimators.random_half(places, int(seed)) for seed in rng.integers(0, 2**31, futures)])
    outcome[:, -1, :] *= np.exp(effect * treated)
    return outcome, treated


def test_random_halves_find_the_effect_and_not_the_trend(rng):
    def make():
        outcome, treated = places_over_time(rng, effect=EFFECT)
        return estimators.random_halves(outcome[:, 0], outcome[:, 1], treated, ~treated)

    share, mean = covers(make, EFFECT)
    assert 0.88 <= share <= 0.99
    assert mean == pytest.approx(EFFECT, abs=0.01)


def test_taking_luck_off_moves_no_mean_and_lowers_the_error_but_not_the_noise(rng):
    luck, treated = places_over_time(rng, futures=400)
    outcome = luck.copy()
    outcome[:, 1] *= np.exp(EFFECT * treated)
    plain = estimators.random_halves(outcome[:, 0], outcome[:, 1], treated, ~treated)
    better = estimators.random_halves(outcome[:, 0], outcome[:, 1], treated, ~treated, untreated=(luck[:, 0], luck[:, 1]))
    assert better.value == pytest.approx(EFFECT)
    assert abs(plain.value - EFFECT) <= 3 * plain.error
    assert better.error < 0.01 * plain.error
    assert better.noise == plain.noise


def test_an_event_study_is_flat_before_and_shows_the_effect_after(rng):
    outcome, treated = places_over_time(rng, futures=300, years=4)
    outcome[:, 2:] *= np.exp(EFFECT * treated[:, None, :])
    mean, periods = estimators.event_study(outcome, treated, ~treated, 2)
    assert mean.value == pytest.approx(EFFECT, abs=3 * mean.error)
    assert periods[0].value == pytest.approx(0.0, abs=3 * periods[0].error)
    assert periods[1].value == 0.0
    assert [abs(each.value - EFFECT) <= 3 * each.error for each in periods[2:]] == [True, True]


def test_on_and_off_months():
    on = np.array([True, False, True, False])
    outcome = np.array([[8.0, 10.0, 8.0, 10.0], [16.0, 20.0, 16.0, 20.0]])
    found = estimators.on_and_off(outcome, on)
    assert (found.value, found.error) == (pytest.approx(EFFECT), pytest.approx(0.0, abs=1e-12))


def test_persons_have_a_rate_ratio_with_the_error_of_their_counts():
    found = estimators.persons(
        np.array([20.0, 20.0]), np.array([500.0, 500.0]), np.array([50.0, 50.0]), np.array([1000.0] * 2)
    )
    assert found.value == pytest.approx(EFFECT)
    assert found.error == pytest.approx(np.sqrt(1 / 40 + 1 / 100))
    assert found.noise == pytest.approx(found.error * np.sqrt(2))


def test_persons_without_an_event_have_a_figure_still():
    found = estimators.persons(np.zeros(1), np.full(1, 100.0), np.full(1, 4.0), np.full(1, 100.0))
    assert found.value == pytest.approx(np.log(0.5 / 4.5))


def test_picking_the_worst_after_a_peak_misleads_and_random_halves_do_not(rng):
    # Nothing is done at all: every place moves around its own level.
    level = rng.gamma(50, 0.02, (300, 1, 12))
    years = level * rng.gamma(4, 0.25, (300, 3, 12))
    picked = estimators.worst_in_the_last_year(years[:, :2], 2)
    assert (picked.sum(axis=1) == 2).all()
    misled = estimators.before_and_after(years[:, 1], years[:, 2], picked)
    assert misled.value < -0.3
    assert misled.value + 5 * misled.error < 0
    treated = np.array([estimators.random_half(12, seed) for seed in range(300)])
    sound = estimators.random_halves(years[:, 1], years[:, 2], treated, ~treated)
    assert abs(sound.value) <= 3 * sound.error


def test_the_worst_of_the_last_year_are_picked_whatever_was_before():
    history = np.array([[[9.0, 1.0, 1.0], [1.0, 3.0, 2.0]]])
    assert estimators.worst_in_the_last_year(history, 1).tolist() == [[False, True, False]]


def test_futures_without_an_outcome_are_left_out():
    found = estimators.on_and_off(np.array([[1.0, 0.0], [8.0, 10.0]]), np.array([True, False]))
    assert (found.futures, found.value) == (1, pytest.approx(EFFECT))
