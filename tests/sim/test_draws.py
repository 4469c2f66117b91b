"""Every number is a pure function of its key, as good as random, and turns into counts without losing the pairing."""

import math

import numpy as np
import pytest
from scipy import stats

from sim.build import make_scratch
from sim.compiled import entry
from sim.distributions import count, exponential, normal, normal_quantile
from sim.draws import (
    BLOCK,
    JOIN,
    MOVE,
    SCALE,
    VICTIM,
    ask,
    fill,
    fill_listed,
    four,
    philox,
    uniform,
    uniforms,
)

# Random123's published vectors of Philox4x32-10: counter, key, words.
VECTORS = (
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
)
SEED = np.uint64(0x1234_5678_9ABC_DEF0)


def scratch():
    return make_scratch(0, 0, 0)


def filled(first, number, seed=SEED, decision=JOIN, month=-7):
    paper = scratch()
    shift = fill(paper.uniforms, paper.words, seed, decision, month, first, number)
    return paper.uniforms[shift : shift + number]


@pytest.mark.parametrize(("counter", "key", "words"), VECTORS)
def test_the_generator_gives_the_published_words(counter, key, words):
    made = philox(*(np.uint64(part) for part in counter + key))
    assert tuple(int(word) for word in made) == words


def test_the_generator_gives_the_published_words_for_arrays_too():
    parts = [np.array(part, dtype=np.uint64) for part in zip(*(c + k for c, k, _ in VECTORS), strict=True)]
    made = np.array(philox(*parts)).T
    np.testing.assert_array_equal(made, [words for _, _, words in VECTORS])


@pytest.mark.parametrize("first", [0, 1, 2, 3, 4, 1021, 4_999_998])
@pytest.mark.parametrize("number", [1, 2, 3, 4, 5, 63])
def test_many_at_a_time_are_the_same_numbers_as_one_by_one(first, number):
    block = filled(first, number)
    rows = np.arange(first, first + number)
    np.testing.assert_array_equal(block, [uniform(SEED, JOIN, -7, int(row)) for row in rows])
    np.testing.assert_array_equal(block, uniforms(int(SEED), JOIN, -7, rows))


def test_listed_identities_get_their_own_numbers():
    listed = np.array([0, 1, 2, 3, 7, 8, 1021, 250_000, 4_999_998], dtype=np.int32)
    numbers = np.zeros(listed.size)
    fill_listed(numbers, listed, SEED, JOIN, -7)
    np.testing.assert_array_equal(numbers, [uniform(SEED, JOIN, -7, int(each)) for each in listed])


@pytest.mark.parametrize("first", range(4))
def test_a_full_block_fits_at_every_alignment(first):
    np.testing.assert_array_equal(filled(first, BLOCK), uniforms(int(SEED), JOIN, -7, np.arange(first, first + BLOCK)))


@pytest.mark.parametrize("bound", [0.0, 0.003, 0.3, 1.0])
@pytest.mark.parametrize("first", [0, 3, 1_000_001])
def test_asking_finds_exactly_those_below_the_bound(first, bound):
    paper = scratch()
    found = ask(paper, SEED, VICTIM, 5, first, 777, bound)
    luck = uniforms(int(SEED), VICTIM, 5, np.arange(first, first + 777))
    np.testing.assert_array_equal(paper.picked[:found], np.flatnonzero(luck < bound))
    np.testing.assert_array_equal(paper.luck[:found], luck[luck < bound])


@pytest.mark.parametrize("identity", [0, 1, 250_000])
def test_four_at_once_are_the_four_words_of_one_call(identity):
    together = four(SEED, MOVE, 3, identity)
    np.testing.assert_array_equal(together, [uniform(SEED, MOVE, 3, 4 * identity + lane) for lane in range(4)])


def test_every_part_of_a_key_changes_the_number():
    key = {"seed": SEED, "decision": JOIN, "month": 3, "identity": 11, "other": 0, "index": 0}
    changes = {
        "low word of the seed": {"seed": SEED + np.uint64(1)},
        "high word of the seed": {"seed": SEED + np.uint64(1 << 32)},
        "decision": {"decision": VICTIM},
        "month": {"month": 4},
        "a month before month 0": {"month": -3},
        "a neighbour's identity": {"identity": 12},
        "a far identity": {"identity": 11 + (1 << 20)},
        "other": {"other": 1},
        "index": {"index": 1},
    }
    drawn = {name: uniform(**(key | change)) for name, change in changes.items()}
    assert len({uniform(**key), *drawn.values()}) == len(changes) + 1


def test_no_number_is_0_or_1():
    lowest, highest = (0.0 + 0.5) * SCALE, (float(2**32 - 1) + 0.5) * SCALE
    assert 0.0 < lowest < highest < 1.0
    assert math.isfinite(exponential(lowest, 24.0))
    assert exponential(highest, 24.0) > 0.0


def test_decisions_have_numbers_of_their_own():
    from sim import draws

    decisions = [
        value
        for name, value in vars(draws).items()
        if name.isupper() and type(value) is int and name not in ("ROUNDS", "BLOCK", "MONTH_SHIFT")
    ]
    assert len(decisions) > 20
    assert len(set(decisions)) == len(decisions)
    assert all(0 < value < 1 << 24 for value in decisions)


def test_the_numbers_of_a_key_are_uniform():
    luck = uniforms(3, JOIN, 0, np.arange(200_000))
    assert abs(luck.mean() - 1 / 2) < 5 * math.sqrt(1 / 12 / luck.size)
    assert abs(luck.var() - 1 / 12) < 5 * math.sqrt(1 / 180 / luck.size)
    assert stats.kstest(luck, "uniform").pvalue > 1e-4
    lanes = luck.reshape(-1, 4)
    assert abs(np.corrcoef(lanes.T) - np.eye(4)).max() < 5 / math.sqrt(len(lanes))


@pytest.mark.parametrize(
    "other",
    [
        {"seed": 4},
        {"seed": 3 + 2**32},
        {"decision": JOIN + 1},
        {"month": 1},
        {"month": -1},
        {"index": 1},
        {"identities": np.arange(1, 50_001)},
        {"identities": np.arange(4, 50_004)},
    ],
    ids=["next seed", "high word", "next decision", "next month", "last month", "next index", "next row", "next call"],
)
def test_numbers_of_two_keys_have_nothing_to_do_with_each_other(other):
    key = {"seed": 3, "decision": JOIN, "month": 0, "identities": np.arange(50_000), "index": 0}
    one, two = uniforms(**key), uniforms(**(key | other))
    assert abs(np.corrcoef(one, two)[0, 1]) < 5 / math.sqrt(one.size)
    pairs = np.histogram2d(one, two, bins=10, range=[[0, 1], [0, 1]])[0]
    assert stats.chisquare(pairs.ravel()).pvalue > 1e-5


@pytest.mark.parametrize("mean", [1e-9, 0.003, 0.1, 0.7, 1.0, 3.3, 12.0, 49.9])
def test_a_count_is_the_exact_quantile_of_the_poisson_distribution(mean):
    luck = uniforms(1, 1, 0, np.arange(2_000))
    np.testing.assert_array_equal([count(u, mean) for u in luck], stats.poisson.ppf(luck, mean))


def test_nothing_expected_is_nothing_counted():
    assert count(0.999999, 0.0) == 0.0
    assert count(0.999999, -1.0) == 0.0


def test_a_large_count_is_near_the_exact_quantile():
    luck = uniforms(1, 1, 0, np.arange(500))
    for mean in (50.5, 120.0, 900.0, 40_000.0):
        exact = stats.poisson.ppf(luck, mean)
        np.testing.assert_allclose([count(u, mean) for u in luck], exact, rtol=0.01, atol=1.0)


@pytest.mark.parametrize("u", [1e-6, 0.003, 0.1, 0.5, 0.9, 0.997, 1 - 1e-6])
def test_a_count_never_falls_as_its_mean_rises(u):
    means = np.concatenate((np.linspace(0.0, 49.0, 200), np.linspace(49.5, 50.5, 101), np.linspace(51, 120.0, 100)))
    counts = np.array([count(u, mean) for mean in means])
    falls = np.flatnonzero(np.diff(counts) < 0)
    assert falls.size == 0, f"at a mean of {means[falls + 1]} it falls from {counts[falls]} to {counts[falls + 1]}"


@pytest.mark.parametrize("mean", [0.01, 2.0, 30.0, 200.0])
def test_a_count_never_falls_as_its_number_rises(mean):
    counts = [count(u, mean) for u in np.linspace(1e-6, 1 - 1e-6, 999)]
    assert (np.diff(counts) >= 0).all()


def test_thenormal_quantile_is_right_to_nine_digits():
    u = np.concatenate((np.geomspace(1e-10, 0.02425, 60), np.linspace(0.025, 0.975, 191), 1 - np.geomspace(1e-8, 0.02, 60)))
    made = np.array([normal_quantile(each) for each in u])
    exact = stats.norm.ppf(u)
    away = np.abs(exact) > 1e-6
    np.testing.assert_allclose(made[away], exact[away], rtol=1.2e-9)
    assert np.abs(made[~away] - exact[~away]).max(initial=0.0) < 1e-9


def test_a_normal_number_stays_within_two_and_a_half():
    assert normal(1e-9) == -2.5
    assert normal(1 - 1e-9) == 2.5
    assert normal(0.975) == pytest.approx(1.959964, abs=1e-6)


def test_a_waiting_time_has_its_mean_and_median():
    luck = uniforms(5, 1, 0, np.arange(50_000))
    waits = [exponential(u, 24.0) for u in luck]
    assert np.mean(waits) == pytest.approx(24.0, rel=0.02)
    assert exponential(0.5, 24.0) == pytest.approx(24.0 * math.log(2.0))


def every_way(seed, first, number, paper, out):
    """All draws of this file, for the compiler: numbers one by one and in a block, four, counts, normals, waits."""
    shift = fill(paper.uniforms, paper.words, seed, 22, 9, first, number)
    for j in range(number):
        u = uniform(seed, 22, 9, first + j, 2, 1)
        out[0, j] = u
        out[1, j] = paper.uniforms[shift + j]
        out[2, j] = count(u, 0.5 * j)
        out[3, j] = normal(u)
        out[4, j] = exponential(u, 24.0)
        out[5, j] = four(seed, 21, -9, first + j)[j % 4]
    found = ask(paper, seed, 40, 9, first, number, 0.2)
    out[6, 0] = found
    for j in range(found):
        out[7, j] = paper.picked[j] + paper.luck[j]


def test_compiled_draws_are_interpreted_draws_to_the_bit():
    plain, compiled = np.zeros((8, 210)), np.zeros((8, 210))
    every_way(SEED, 17, 210, scratch(), plain)
    entry(every_way)(SEED, 17, 210, scratch(), compiled)
    assert compiled.tobytes() == plain.tobytes()
