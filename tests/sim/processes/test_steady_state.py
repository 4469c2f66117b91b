"""Feedbacks are bounded, and at the anchor nothing moves."""

import math

import pytest

from sim.processes.steady_state import adjust, bounded, equilibrium, log_ratio, logistic, logit, track


@pytest.mark.parametrize("share", [0.0021, 0.1, 0.5, 0.83, 0.9979])
def test_logit_and_logistic_undo_each_other(share):
    assert logistic(logit(share)) == pytest.approx(share, rel=1e-12)


@pytest.mark.parametrize(("share", "kept"), [(0.0, 0.002), (1.0, 0.998), (-3.0, 0.002)])
def test_logit_keeps_shares_off_both_ends(share, kept):
    assert logit(share) == math.log(kept / (1 - kept))


@pytest.mark.parametrize("anchor", [0.0005, 0.2, 0.5, 0.9999])
def test_without_effects_the_target_is_the_anchor_to_the_bit(anchor):
    assert equilibrium(anchor, 0.0) == anchor


def test_a_target_moves_on_the_logit_scale():
    assert equilibrium(0.25, 0.7) == pytest.approx(1 / (1 + math.exp(-(math.log(0.25 / 0.75) + 0.7))))
    assert equilibrium(0.25, -0.7) < 0.25 < equilibrium(0.25, 0.7)


def test_effects_beyond_four_add_nothing():
    assert equilibrium(0.3, 9.0) == equilibrium(0.3, 4.0) < 1.0
    assert equilibrium(0.3, -9.0) == equilibrium(0.3, -4.0) > 0.0


def test_trust_is_lost_fast_and_regained_slowly():
    assert adjust(0.5, 0.6, up=0.03, down=0.10) == pytest.approx(0.5 + 0.03 * 0.1)
    assert adjust(0.5, 0.4, up=0.03, down=0.10) == pytest.approx(0.5 - 0.10 * 0.1)


def test_the_gap_to_a_goal_shrinks_by_the_same_share_every_month():
    state = 0.2
    for _ in range(24):
        state = adjust(state, 0.8, up=0.03, down=0.10)
    assert 0.8 - state == pytest.approx(0.6 * 0.97**24)


def test_a_state_at_its_goal_stays_there_to_the_bit():
    assert adjust(0.37, 0.37, up=0.03, down=0.10) == 0.37


def test_a_contrast_is_zero_at_the_reference_and_never_below_log_half():
    assert log_ratio(0.004, 0.004) == 0.0
    assert log_ratio(0.0, 0.004) == math.log(0.5)
    assert log_ratio(0.012, 0.004) == pytest.approx(math.log(2.0))
    assert log_ratio(5.0, 0.0) == 0.0


def test_a_reference_takes_its_first_driver_then_follows_then_stands_still():
    assert track(0.0, 7.0, 0.02) == 7.0
    assert track(7.0, 9.0, 0.02) == pytest.approx(7.04)
    assert track(7.0, 9.0, 1.0) == 9.0
    assert track(7.0, 9.0, 0.0) == 7.0
    assert track(0.0, 9.0, 0.0) == 0.0


@pytest.mark.parametrize("x", [-9.0, -0.3, 0.0, 0.01, 0.3, 50.0])
def test_what_is_bounded_is_itself_while_small_and_at_most_the_limit(x):
    assert abs(bounded(x, 0.25)) <= min(abs(x), 0.25)
    assert bounded(0.001 * x, 0.25) == pytest.approx(0.001 * x, rel=2e-2)
    assert bounded(-x, 0.25) == -bounded(x, 0.25)
