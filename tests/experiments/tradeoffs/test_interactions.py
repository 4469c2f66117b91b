"""Contrasts over all combinations: exact on games whose shares are known, and intervals that hold what they promise."""

import itertools

import numpy as np
import pytest

from experiments.comparison.paired import FEWEST, interval_of, mean_interval
from experiments.tradeoffs import interactions as game
from experiments.tradeoffs.interactions import Complementarity


def values(of, factors, futures=40, spread=1.0, seed=1):
    """A game v(S) = of(set of factors), with luck that moves every combination of a future alike (and drops out)."""
    exact = np.array([of({i for i in range(factors) if s >> i & 1}) for s in range(2**factors)], float)
    return exact + spread * np.random.default_rng(seed).normal(size=(futures, 1))


def by_permutation(v, factor):
    """The Shapley share by its definition: the mean over all orders of what the factor adds when its turn comes."""
    k = v.shape[1].bit_length() - 1
    added = []
    for order in itertools.permutations(range(k)):
        before = sum(1 << each for each in order[: order.index(factor)])
        added.append(v[:, before | 1 << factor] - v[:, before])
    return np.mean(added, axis=0)


def glove(held):
    """Factors 0 and 1 are left gloves, factor 2 a right one; a pair is worth 6."""
    return 6.0 * (2 in held and bool(held & {0, 1}))


def test_shares_of_a_game_whose_answer_is_known():
    shares = game.shapley(values(glove, 3)).mean(axis=0)
    assert shares == pytest.approx([1.0, 1.0, 4.0])


def test_shares_are_the_mean_over_all_orders():
    v = np.random.default_rng(4).normal(size=(7, 16))
    for factor in range(4):
        assert game.shapley(v)[:, factor] == pytest.approx(by_permutation(v, factor))


@pytest.mark.parametrize("factors", [1, 2, 4, 6])
def test_shares_sum_to_the_whole(factors):
    v = np.random.default_rng(2).normal(0, 1e4, size=(50, 2**factors))
    assert np.abs(game.shapley(v).sum(axis=1) - (v[:, -1] - v[:, 0])).max() < 1e-9 * np.abs(v).max()


def test_a_factor_that_does_nothing_has_exactly_nothing():
    v = np.random.default_rng(3).normal(17.3, 5, size=(30, 16))
    inert = v[:, [s & ~0b0100 for s in range(16)]]
    assert (game.shapley(inert)[:, 2] == 0).all()
    assert (game.main_effects(inert)[:, 2] == 0).all()
    pairs = list(itertools.combinations(range(4), 2))
    for contrast in (game.pair_interactions(inert), game.shapley_interactions(inert)):
        assert (contrast[:, [place for place, pair in enumerate(pairs) if 2 in pair]] == 0).all()
        assert (contrast[:, pairs.index((0, 1))] != 0).all()


def test_what_adds_up_has_no_interaction_and_no_synergy():
    v = values(lambda held: sum(each + 1 for each in held), 4)
    assert game.main_effects(v).mean(axis=0) == pytest.approx([1, 2, 3, 4])
    assert np.abs(game.pair_interactions(v)).max() < 1e-12
    assert np.abs(game.synergy(v)).max() < 1e-12


def test_a_planted_pair_is_found_at_its_size():
    v = values(lambda held: len(held) + 2.5 * ({0, 2} <= held), 3)
    assert game.pair_interactions(v).mean(axis=0) == pytest.approx([0, 2.5, 0])
    assert game.shapley_interactions(v).mean(axis=0) == pytest.approx([0, 2.5, 0])
    assert game.synergy(v).mean() == pytest.approx(2.5)


def test_gains_are_positive_where_the_outcome_gets_better():
    levels = np.array([[10.0, 8.0], [20.0, 18.0]])
    assert game.count_gains(levels, "lower")[:, 1] == pytest.approx([2, 2])
    assert game.count_gains(levels, "higher")[:, 1] == pytest.approx([-2, -2])
    assert game.log_gains(levels, "lower")[:, 1] == pytest.approx(np.log([10 / 8, 20 / 18]))


def test_the_log_scale_is_undefined_where_something_is_zero():
    assert game.log_gains(np.array([[1.0, 0.0]]), "lower") is None


def test_shares_taken_off_what_is_left_are_independent_on_the_log_scale_only():
    random = np.random.default_rng(5)
    base = random.normal(100, 10, size=(80, 1))
    levels = base * np.prod([[0.8, 0.7, 0.9][i] ** ((np.arange(8) >> i) & 1) for i in range(3)], axis=0)
    logs, counts = game.log_gains(levels, "lower"), game.count_gains(levels, "lower")
    assert np.abs(game.synergy(logs)).max() < 1e-12
    assert game.complementarity(counts).relation == "substitutes"
    assert interval_of(game.synergy(counts)).high < 0


# How sure -------------------------------------------------------------------------------------------------------------


def noisy(of, factors, futures, noise, seed):
    exact = np.array([of({i for i in range(factors) if s >> i & 1}) for s in range(2**factors)], float)
    return exact + noise * np.random.default_rng(seed).normal(size=(futures, 2**factors))


def test_intervals_of_shares_cover_the_truth_in_19_of_20_studies():
    hits = []
    for study in range(400):
        v = noisy(glove, 3, 20, 3.0, study)
        found = [interval_of(share) for share in game.shapley(v).T]
        hits.append([each.low < true < each.high for each, true in zip(found, (1, 1, 4), strict=True)])
    assert np.mean(hits) == pytest.approx(0.95, abs=0.02)


def test_intervals_of_pairs_hold_all_at_once():
    hits, alone = [], []
    for study in range(150):
        contrasts = game.pair_interactions(noisy(len, 4, 30, 1.0, study))
        for found, family in ((hits, 6), (alone, 1)):
            low, high = mean_interval(contrasts, family=family)
            found.append(bool(((low < 0) & (high > 0)).all()))
    assert np.mean(hits) > 0.9
    assert np.mean(alone) < 0.87  # six intervals that hold one by one do not hold together


def supermodular(held):
    return len(held) ** 2


def test_complements_and_substitutes_are_found_where_they_are_planted():
    assert game.complementarity(noisy(supermodular, 4, 60, 0.5, 1)) == Complementarity("complements", 24, 0, 24)
    assert game.complementarity(noisy(lambda s: len(s) ** 0.5 * 9, 3, 90, 0.2, 1)).relation == "substitutes"


def test_one_pair_that_hinders_is_enough_to_say_cannot_tell():
    def mixed(held):
        return supermodular(held) - 6 * ({0, 1} <= held)

    found = game.complementarity(noisy(mixed, 4, 60, 0.5, 1))
    assert found.relation == "cannot tell"
    assert found.below > 0
    assert found.above > 0


def test_complements_are_seldom_claimed_where_only_noise_could_say_so():
    claimed = [game.complementarity(noisy(len, 2, 12, 1.0, study)).relation for study in range(400)]
    assert np.mean([each == "complements" for each in claimed]) < 0.05
    assert np.mean([each == "substitutes" for each in claimed]) < 0.05


def test_under_ten_futures_nothing_is_said_of_complements():
    certain = noisy(supermodular, 3, 30, 0.01, 1)
    assert game.complementarity(certain).relation == "complements"
    assert game.complementarity(certain[: FEWEST - 1]) == Complementarity("cannot tell", 0, 0, 6)


def test_a_single_future_or_a_single_factor_tells_nothing():
    assert game.complementarity(noisy(supermodular, 3, 1, 0.0, 1)).relation == "cannot tell"
    assert game.complementarity(noisy(supermodular, 1, 9, 0.1, 1)) == Complementarity("cannot tell", 0, 0, 0)
    assert np.isnan(interval_of(np.array([3.0])).low)


@pytest.mark.parametrize(
    ("count", "log", "said"),
    [
        ("complements", "complements", "complements"),
        ("substitutes", "substitutes", "substitutes"),
        ("complements", "cannot tell", "complements on the count scale"),
        ("substitutes", "complements", "substitutes on the count scale, complements on the log scale"),
        ("cannot tell", "cannot tell", "cannot tell"),
    ],
)
def test_the_bare_word_needs_both_scales(count, log, said):
    assert game.overall({"count": count, "log": log}) == said


def test_the_bare_word_is_withheld_where_one_scale_is_undefined():
    assert game.overall({"count": "substitutes"}) == "substitutes on the count scale"


def test_combinations_must_be_complete():
    with pytest.raises(ValueError, match="all 2\\^k"):
        game.shapley(np.zeros((3, 6)))
