"""Rows that stand for many are drawn as often as their chances say, and more evenly than by luck; single youths by luck."""

import numpy as np
import pytest

from sim.draws import JOIN, uniforms
from sim.processes.drawing import DECISIONS, FASTEST, JOINING, LEAVING, SINGLE, is_drawn, looked_at, next_in_turn, set_paces
from sim.run import begin_city
from sim.scenario import load_city

CHANCES = np.linspace(0.001, 0.03, 300)


def drawn(city, weight, months):
    """Rows drawn each month of three hundred with chances between a thousandth and three hundredths."""
    counts = []
    for t in range(months):
        set_paces(city)
        luck = uniforms(7, JOIN, t, np.arange(CHANCES.size))
        counts.append(
            sum(is_drawn(city, 8, JOINING, weight, float(u), float(chance)) for u, chance in zip(luck, CHANCES, strict=True))
        )
    return np.array(counts)


def test_a_single_youth_is_drawn_by_its_own_number(city):
    city.due[:] = 50.0
    city.place_pace[:] = 2.0
    assert is_drawn(city, 8, JOINING, 1.0, 0.0099, 0.01)
    assert not is_drawn(city, 8, JOINING, 1.0, 0.0101, 0.01)
    assert (city.due == 50.0).all()
    assert looked_at(1.0, 0.01) == 0.01


def test_of_rows_that_stand_for_many_as_many_are_drawn_as_expected_to_within_a_few(city):
    """Over forty months; by luck alone the count would vary as a Poisson count does."""
    city.due[:] = 0.0
    city.place_due[:] = city.place_expected[:] = 0.0
    together = drawn(city, 40.0, 800)
    expected = CHANCES.sum()
    assert together.mean() == pytest.approx(expected, rel=0.05)
    assert together.reshape(20, 40).sum(axis=1).std(ddof=1) < 0.35 * np.sqrt(40 * expected)
    assert abs(city.due[JOINING]) < 10.0


def test_what_is_due_is_made_up_and_no_faster_than_twofold(city):
    city.due[:] = 0.0
    city.place_due[:] = city.place_expected[:] = 0.0
    city.expected_draws[:] = 3.0
    city.due[JOINING], city.due[LEAVING] = 1.5, -100.0
    set_paces(city)
    assert city.pace[JOINING] == pytest.approx(1.25)
    assert city.pace[LEAVING] == 0.5
    assert (city.expected_draws == 0.0).all()
    city.due[JOINING] = 1e6
    city.expected_draws[:] = 3.0
    set_paces(city)
    assert city.pace[JOINING] == FASTEST
    set_paces(city)
    np.testing.assert_array_equal(city.pace, np.ones(DECISIONS))


def test_every_row_that_stands_for_many_is_looked_at():
    assert looked_at(SINGLE, 0.01) == 1.0


def test_low_numbers_are_drawn_first_so_that_arms_draw_the_same_rows(city):
    """At another pace other rows are drawn only besides."""
    luck = uniforms(7, JOIN, 0, np.arange(2000))
    sets = []
    for pace in (0.8, 1.0, 1.2):
        city.place_pace[8, JOINING] = pace
        sets.append({n for n, u in enumerate(luck) if is_drawn(city, 8, JOINING, 40.0, float(u), 0.01)})
    assert sets[0] < sets[1] < sets[2]


def test_at_full_scale_nothing_is_kept_in_step_and_at_a_small_scale_all_is():
    sandbox = load_city("sandbox")
    whole, _ = begin_city(sandbox, seed=3, scale=1.0, burn_in=6)
    few, _ = begin_city(sandbox, seed=3, scale=0.1, burn_in=6)
    assert not whole.due.any()
    assert (whole.pace == 1.0).all()
    assert not whole.place_due.any()
    assert (whole.place_pace == 1.0).all()
    assert not whole.owed.any()
    assert few.due.any()
    assert few.place_due.any()
    assert few.owed.any()


def test_each_place_makes_up_what_is_due_there(city):
    """By luck alone a place's count would vary as a Poisson count does, however well the city's is kept."""
    city.due[:] = city.place_due[:] = city.place_expected[:] = 0.0
    places = np.arange(CHANCES.size) % 6
    counts = np.zeros((600, 6))
    for t in range(600):
        set_paces(city)
        luck = uniforms(7, JOIN, t, np.arange(CHANCES.size))
        for i, u, chance in zip(places, luck, CHANCES, strict=True):
            counts[t, i] += is_drawn(city, int(i), JOINING, 40.0, float(u), float(chance))
    expected = np.array([CHANCES[places == i].sum() for i in range(6)])
    np.testing.assert_allclose(counts.mean(axis=0), expected, rtol=0.05)
    over_forty_months = counts.reshape(15, 40, 6).sum(axis=1)
    assert (over_forty_months.std(axis=0, ddof=1) < 0.5 * np.sqrt(40 * expected)).all()
    assert (abs(city.place_due[:6, JOINING]) < 5.0).all()


def test_pace_of_a_place_is_that_of_the_city_and_its_own(city):
    city.due[:] = city.place_due[:] = city.place_expected[:] = 0.0
    city.expected_draws[:] = 3.0
    city.due[JOINING] = 1.2
    city.place_expected[[4, 5, 6], JOINING] = 0.5
    city.place_due[4, JOINING], city.place_due[5, JOINING], city.place_due[6, JOINING] = 0.25, -0.25, 50.0
    set_paces(city)
    assert city.place_pace[[3, 4, 5, 6], JOINING] == pytest.approx([1.2, 1.5, 0.9, FASTEST])
    assert (city.place_expected == 0.0).all()


def test_whose_turn_is_longest_due_is_next():
    """Each is chosen as often as its shares add up to, to within one time or so, whatever the shares do meanwhile."""
    owed = np.zeros(4)
    due = np.zeros(4)
    chosen = np.zeros(4)
    for n in range(300):
        shares = np.array([0.6, 0.3 + 0.2 * np.sin(n / 20.0), 0.02, 0.0])
        due += shares / shares.sum()
        chosen[next_in_turn(owed, shares, float(shares.sum()))] += 1
        assert (abs(chosen - due) < 1.5).all()
    np.testing.assert_allclose(owed, due - chosen, atol=1e-9)
    assert chosen[3] == 0
    assert chosen[2] > 0
