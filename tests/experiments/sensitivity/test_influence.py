"""What noise does to indices, and what may be said of a factor."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from known_functions import (
    ANGLES,
    FIRST,
    ISHIGAMI_VARIANCE,
    LUCK,
    POLYNOMIAL,
    SHARES,
    TOTAL,
    angle,
    ishigami,
    ishigami_design,
    luck,
)

from experiments.sensitivity.designs import make_design
from experiments.sensitivity.estimates import ShareOfNoiseError
from experiments.sensitivity.estimators import METHODS, NoVarianceError, analyse
from experiments.sensitivity.factors import DUMMY, SEED, Factor
from experiments.sensitivity.influence import (
    CANNOT_TELL,
    INFLUENTIAL,
    SLIGHT,
    Evidence,
    conditions,
    find,
    growing,
    legend,
    over_windows,
    verdict_of,
)
from experiments.sensitivity.noise import estimate, main_index, pawn_medians

SAMPLES = {"sobol": 64, "morris": 8, "shapley": 64, "pawn": 128, "delta": 128, "rbd-fast": 128}


def flat(name):
    return Factor(name=name, kind="parameter", title=name)


@pytest.mark.parametrize("seed", range(4))
def test_noise_of_half_the_variance_leaves_the_indices_of_the_expected_outcome(seed):
    design, outputs = ishigami_design("sobol", 1024, seed=seed, noise=1.0)
    found = find(design, outputs)
    table = found.table.set_index("factor")
    assert found.noise.share == pytest.approx(0.5, abs=0.06)
    assert found.noise.alone == pytest.approx(found.noise.share, abs=1e-9)
    assert not found.noise.interacts
    assert np.abs(table["ST_expected"].iloc[:3] - TOTAL).max() <= 0.08
    assert np.abs(table["S1_expected"].iloc[:3] - FIRST).max() <= 0.08
    # Where it adds alike everywhere it cancels, and all figures are those of no noise at all.
    clean = find(*ishigami_design("sobol", 1024, seed=seed)).table
    told = ["S1_expected", "S1_low", "S1_high", "low", "high", "index"]
    np.testing.assert_allclose(table[told].iloc[:3], clean[told].iloc[:3], atol=1e-9)
    assert (table["verdict"].iloc[:3] == INFLUENTIAL).all()


def test_luck_that_interacts_leaves_no_bias():
    """Y = 2 a + b e: factor b only makes the noise larger, and moves no expectation at all."""
    told = []
    for seed in range(40):
        design = make_design("sobol", (flat("a"), flat("b")), samples=64, seed=seed)
        a, b = design.values[:, 0], design.values[:, 1]
        future = np.random.default_rng(seed).standard_normal(128)[design.futures]
        found = find(design, 2.0 * a + b * future)
        table = found.table.set_index("factor")
        told.append([*table.loc[["a", "b"], "ST_expected"], table.loc["b", "low"] > 0.01, found.noise.share])
        assert table.loc["a", "verdict"] == INFLUENTIAL
    assert np.mean(told, axis=0) == pytest.approx([1.0, 0.0, 0.0, 0.5], abs=0.05)


def test_luck_that_interacts_is_told():
    design = make_design("sobol", (flat("a"), flat("b")), samples=512, seed=1)
    found = find(design, 2.0 * design.values[:, 0] + design.values[:, 1] * luck(design))
    table = found.table.set_index("factor")
    assert found.noise.interacts
    assert found.noise.alone < found.noise.share
    # Of a variance of 2/3 in all, b e - e / 2 has 1/12.
    assert table.loc["b", "seed_interaction"] == pytest.approx(1 / 8, abs=0.03)
    assert table.loc["a", "seed_interaction"] == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("method", ["sobol", "morris", "shapley"])
def test_a_factor_that_only_reshuffles_the_luck_is_not_called_influential(method):
    design = make_design(method, (flat("a"), flat("shuffle")), samples={"morris": 12}.get(method, 512), seed=3)
    keys = (design.values[:, 1] * 1e9).astype(int) + design.futures
    shuffled = np.array([np.random.default_rng(int(key)).standard_normal() for key in keys])
    table = find(design, 4.0 * design.values[:, 0] + shuffled).table.set_index("factor")
    assert table.loc["a", "verdict"] == INFLUENTIAL
    assert table.loc["shuffle", "verdict"] in (SLIGHT, CANNOT_TELL)


def test_shapley_shares_are_those_of_the_expected_outcome():
    design, outputs = ishigami_design("shapley", 4096, seed=2, noise=1.0)
    found = find(design, outputs)
    assert found.noise.share == pytest.approx(0.5, abs=0.04)
    assert np.abs(found.table["share_expected"].iloc[:3] - SHARES).max() <= 0.05
    assert found.table["share_expected"].sum() == pytest.approx(1.0, abs=1e-12)


@pytest.mark.parametrize("method", ["pawn", "rbd-fast"])
def test_repeated_rows_tell_the_noise_where_the_method_cannot(method):
    design, outputs = ishigami_design(method, 1024, noise=1.0)
    found = find(design, outputs)
    assert found.noise.low < 0.5 < found.noise.high
    if method == "rbd-fast":
        assert np.abs(found.table["S1_expected"].iloc[:3] - FIRST).max() <= 0.12


@pytest.mark.parametrize("method", ["sobol", "shapley"])
def test_where_all_is_chance_nothing_is_shared_out(method):
    design = make_design(method, ANGLES, samples=512, seed=1)
    with pytest.raises(ShareOfNoiseError, match="chance carries 100% of the variance"):
        find(design, luck(design) + 1e-3 * ishigami(design.values))


def test_much_chance_is_no_reason_to_tell_nothing():
    """With 90 % of the variance chance, some studies of 64 samples estimate more than 98 %; all of them tell something."""
    for seed in range(20):
        design, outputs = ishigami_design("sobol", 64, seed=seed, noise=9.0)
        found = find(design, outputs).table.set_index("factor")
        assert found.loc["x2", "verdict"] == INFLUENTIAL


@pytest.mark.parametrize("method", METHODS)
def test_the_dummy_and_the_seed_are_in_every_table_and_judged_in_none(method):
    design, outputs = ishigami_design(method, SAMPLES[method])
    table = find(design, outputs).table.set_index("factor")
    assert list(table.index) == ["x1", "x2", "x3", SEED, DUMMY]
    assert table.loc[[SEED, DUMMY], "verdict"].tolist() == ["", ""]
    np.testing.assert_allclose(table[main_index(method)], table["index"])
    if method in ("sobol", "shapley", "rbd-fast"):
        shares = table[["index", "low", "high"]].drop(index=SEED)
        bounds = np.column_stack([np.zeros(len(shares)), shares[["low", "index", "high"]], np.ones(len(shares))])
        assert (np.diff(bounds) >= 0.0).all()


@pytest.mark.parametrize("method", METHODS)
def test_what_nothing_reads_is_never_influential(method):
    samples = {"sobol": 256, "morris": 20, "shapley": 256}.get(method, 512)
    design = make_design(method, (*ANGLES[:2], flat("idle")), samples=samples, seed=4)
    values = design.values
    outputs = ishigami(np.column_stack([values[:, :2], np.ones(len(values))]))
    table = find(design, outputs).table.set_index("factor")
    assert table.loc["idle", "verdict"] in (SLIGHT, CANNOT_TELL)
    assert table.loc["x2", "verdict"] == INFLUENTIAL


def test_few_samples_cannot_tell():
    design, outputs = ishigami_design("sobol", 8, seed=1, noise=3.0)
    found = find(design, outputs)
    assert not found.convergence.converged
    assert CANNOT_TELL in set(found.table["verdict"])


def test_a_large_sample_of_a_smooth_function_converges():
    design = make_design("sobol", tuple(flat(name) for name in "abc"), samples=4096, seed=1)
    found = find(design, design.values[:, :3] @ np.array([3.0, 2.0, 1.0]))
    assert found.convergence.converged
    assert found.convergence.ranks == 1.0
    assert found.convergence.change < 0.005
    assert found.table["index"].iloc[:3].tolist() == pytest.approx([9 / 14, 4 / 14, 1 / 14], abs=0.01)


def test_intervals_hold_the_truth_about_as_often_as_they_say():
    held, called = [], []
    for seed in range(60):
        design = make_design("sobol", POLYNOMIAL.factors, samples=64, seed=seed)
        for kind in LUCK:
            table = find(design, POLYNOMIAL.outputs(design, kind, seed=(seed, 1))).table.set_index("factor")
            told = table.iloc[: len(POLYNOMIAL.factors)]
            held.append((told["low"] <= POLYNOMIAL.total) & (told["high"] >= POLYNOMIAL.total))
            called.append(table.loc["idle", "verdict"] == INFLUENTIAL)
    assert 0.9 <= np.mean(held, axis=0)[:3].min() <= np.mean(held, axis=0)[:3].max() < 1.0
    assert np.mean(called) <= 0.05


def test_indices_of_groups_are_those_of_their_members_together():
    factors = (angle("x1", "outer"), angle("x2", "inner"), angle("x3", "outer"))
    for method, samples in (("sobol", 512), ("morris", 40)):
        design = make_design(method, factors, samples=samples, seed=1, grouping="process")
        table = find(design, ishigami(design.values)).table.set_index("factor")
        assert list(table.index) == ["outer", "inner", SEED, DUMMY]
        assert table.loc["inner", "verdict"] == INFLUENTIAL
        if method == "sobol":
            assert table.loc["outer", "index"] == pytest.approx(1 - 0.4424, abs=0.03)


def test_our_trajectories_say_what_those_of_salib_say():
    design, outputs = ishigami_design("morris", 32)
    table = find(design, outputs).table
    assert table["index"].iloc[:3].tolist() == pytest.approx(table["mu_star"].iloc[:3].tolist())


@given(
    st.sampled_from(METHODS),
    st.tuples(*(st.floats(0, 0.2) for _ in range(4))),
    st.booleans(),
)
def test_the_legend_is_the_rule(method, figures, sure):
    """What decides is in the legend word for word, and what the legend names decides."""
    low, width, half, least = figures
    seen = Evidence(low, low + width, half, least, sure)
    said = verdict_of(method, seen)
    first = INFLUENTIAL
    met = {verdict: [each.holds(seen) for each in asked] for verdict, asked in conditions(method).items()}
    assert (said == first) is all(met[first])
    if said == CANNOT_TELL:
        assert not any(all(held) for held in met.values())
    for verdict, asked in conditions(method).items():
        assert f'"{verdict}": {", and ".join(each.words for each in asked)}' in legend(method)
    if method in ("sobol", "shapley"):
        assert (said == INFLUENTIAL) is (low > least)


def test_our_fast_pawn_is_that_of_salib():
    design, outputs = ishigami_design("pawn", 300)
    inputs = design.unit[: design.rows]
    theirs = analyse("pawn", design.problem, inputs, outputs[: design.rows])["median"]
    assert pawn_medians(inputs, outputs[: design.rows]) == pytest.approx(theirs.to_numpy())


def test_two_runs_of_the_same_analysis_agree_bit_for_bit():
    for method in ("sobol", "pawn"):
        design, outputs = ishigami_design(method, SAMPLES[method], seed=0)
        assert find(design, outputs).table.equals(find(design, outputs).table)


@pytest.mark.parametrize("method", METHODS)
def test_windows_are_judged_each_by_itself(method):
    design, outputs = ishigami_design(method, SAMPLES[method])
    windows = np.column_stack([outputs, np.full_like(outputs, 2.0), -3.0 * outputs])
    found = over_windows(design, windows)
    assert found.shape == (3, 5, 3)
    assert np.isnan(found[1]).all()
    whole = find(design, outputs).table["index"].to_numpy()
    np.testing.assert_allclose(found[0, :3, 0], whole[:3])
    scale = 3.0 if method == "morris" else 1.0
    if method != "delta":
        np.testing.assert_allclose(found[2, :3, 0], scale * whole[:3], atol=1e-9)


def test_an_index_grows_with_its_sample_to_what_the_whole_says():
    design, outputs = ishigami_design("sobol", 256)
    parts = growing(design, outputs)
    assert list(parts) == [32, 64, 128, 256]
    np.testing.assert_allclose(parts[256][:3, 0], find(design, outputs).table["index"].iloc[:3])


def test_an_output_that_never_varies_is_refused():
    design = make_design("sobol", ANGLES, samples=16, seed=1)
    with pytest.raises(NoVarianceError):
        find(design, np.full(len(design.unit), ISHIGAMI_VARIANCE))


def test_chance_carries_no_more_than_all_of_the_variance():
    """From few steps of the seed morris once told "chance carries 173 % of the variance (77 % to 100 %)"."""
    for seed in range(1, 9):
        design = make_design("morris", [flat("made.up")], samples=4, seed=seed)
        noise = estimate(design, luck(design), None, seed).noise
        assert 0 <= noise.low <= noise.share <= noise.high <= 1
