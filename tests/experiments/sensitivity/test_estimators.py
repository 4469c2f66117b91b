"""The wall around SALib: right figures, nothing silent, nothing of the process changed."""

import copy
import warnings

import numpy as np
import pytest
from known_functions import FIRST, PI, ishigami

from experiments.sensitivity.estimators import METHODS, NESTED, SCRAMBLINGS, NoVarianceError, analyse, draw
from sim.errors import InputError

ISHIGAMI = {"names": ["x1", "x2", "x3"], "bounds": [[-PI, PI]] * 3}
BY_SALIB = tuple(method for method in METHODS if method not in NESTED)
SAMPLES = {"sobol": 64, "morris": 10, "shapley": 50, "pawn": 200, "delta": 200, "rbd-fast": 200}


def global_state():
    return np.random.get_state()  # noqa: NPY002 (the state that must not change)


def drawn(method, samples=None, problem=ISHIGAMI, seed=1):
    inputs = draw(method, problem, samples or SAMPLES[method], seed=seed)
    return inputs, ishigami(inputs)


def test_sobol_draws_sequences_that_are_scrambled_apart_and_take_turns():
    few, many = (draw("sobol", ISHIGAMI, samples, seed=1).reshape(samples, 5, 3) for samples in (64, 128))
    # The first half of the larger study is the smaller one.
    np.testing.assert_array_equal(many[:64], few)
    for part in range(SCRAMBLINGS):
        unit = few[part::SCRAMBLINGS, 0] / (2 * PI) + 0.5
        # Each sequence is a net of its own: one point in each quarter of each factor's range.
        assert all(sorted((unit[:, place] * 4).astype(int)) == [0, 1, 2, 3] for place in range(3))
    a, b = few[:, :1], few[:, -1:]
    swapped = few[:, 1:4]
    diagonal = np.eye(3, dtype=bool)
    np.testing.assert_array_equal(swapped, np.where(diagonal, b, a))
    assert len(np.unique(a[:, 0], axis=0)) == 64


def test_morris_sees_what_is_linear_exactly():
    problem = {"names": ["strong", "weak", "idle"], "bounds": [[0.0, 1.0]] * 3}
    inputs = draw("morris", problem, 10, seed=0)
    found = analyse("morris", problem, inputs, 5.0 * inputs[:, 0] - 2.0 * inputs[:, 1]).set_index("factor")
    assert found["mu"].tolist() == pytest.approx([5.0, -2.0, 0.0], abs=1e-9)
    assert found["mu_star"].tolist() == pytest.approx([5.0, 2.0, 0.0], abs=1e-9)
    assert found["sigma"].tolist() == pytest.approx([0.0] * 3, abs=1e-9)


def test_rbd_fast_finds_the_first_order_indices():
    inputs, outputs = drawn("rbd-fast", 2048)
    assert np.abs(analyse("rbd-fast", ISHIGAMI, inputs, outputs)["S1"] - FIRST).max() <= 0.04


@pytest.mark.parametrize("method", ["pawn", "delta"])
def test_distribution_based_methods_rank(method):
    inputs, outputs = drawn(method, 500)
    main = analyse(method, ISHIGAMI, inputs, outputs)[{"pawn": "median"}.get(method, method)].to_numpy()
    assert main[1] > main[0] > main[2] > 0


def test_delta_does_not_tell_its_first_order_index():
    assert "S1" not in analyse("delta", ISHIGAMI, *drawn("delta"))


@pytest.mark.parametrize("method", BY_SALIB)
@pytest.mark.parametrize("hole", [np.nan, np.inf])
def test_what_is_missing_is_counted_and_refused(method, hole):
    inputs, outputs = drawn(method)
    outputs[[3, 7]] = hole
    with pytest.raises(InputError, match=rf"2 of {outputs.size} outputs"):
        analyse(method, ISHIGAMI, inputs, outputs)


@pytest.mark.parametrize("method", BY_SALIB)
def test_an_output_that_never_varies_has_no_indices(method):
    inputs, outputs = drawn(method)
    with pytest.raises(NoVarianceError, match=r"3\.5 in all of"):
        analyse(method, ISHIGAMI, inputs, np.full_like(outputs, 3.5))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("seed", [0, 5])
def test_the_same_seed_gives_the_same_figures(method, seed):
    inputs, outputs = drawn(method, seed=seed)
    np.testing.assert_array_equal(inputs, draw(method, ISHIGAMI, SAMPLES[method], seed=seed))
    if method in BY_SALIB:
        once, again = (analyse(method, ISHIGAMI, inputs, outputs, seed) for _ in range(2))
        assert once.equals(again)


@pytest.mark.parametrize("method", BY_SALIB)
def test_nothing_of_the_process_is_changed(method):
    problem = copy.deepcopy(ISHIGAMI)
    state = global_state()
    filters, written = list(warnings.filters), warnings.formatwarning
    inputs, outputs = drawn(method, problem=problem)
    kept = outputs.copy(), inputs.copy()
    analyse(method, problem, inputs, outputs, 3)
    assert problem == ISHIGAMI
    now = global_state()
    assert state[0] == now[0]
    assert state[2:] == now[2:]
    np.testing.assert_array_equal(state[1], now[1])
    assert warnings.filters == filters
    assert warnings.formatwarning is written
    np.testing.assert_array_equal(outputs, kept[0])
    np.testing.assert_array_equal(inputs, kept[1])


def test_nothing_is_changed_either_when_an_analysis_fails():
    state = global_state()[1].copy()
    with pytest.raises(InputError):
        analyse("delta", ISHIGAMI, *(part[:99] if part.ndim == 1 else part for part in drawn("delta")))
    np.testing.assert_array_equal(global_state()[1], state)


def test_names_that_salib_forbids_are_no_trouble():
    problem = ISHIGAMI | {"names": ["a_raw", "b_conf", "c_step"]}
    inputs, outputs = drawn("delta")
    assert list(analyse("delta", problem, inputs, outputs)["factor"]) == ["a_raw", "b_conf", "c_step"]


@pytest.mark.parametrize("samples", [100, 1000, 12])
def test_sobol_asks_for_a_power_of_two_and_names_one(samples):
    below = 2 ** int(np.log2(samples))
    with pytest.raises(InputError, match=rf"power of two, such as {below} or {2 * below}"):
        draw("sobol", ISHIGAMI, samples, seed=1)


@pytest.mark.parametrize(("method", "samples"), [("sobol", 4), ("morris", 1), ("shapley", 1), ("pawn", 50)])
def test_too_few_samples_are_refused(method, samples):
    with pytest.raises(InputError, match="says nothing with less than"):
        draw(method, ISHIGAMI, samples, seed=1)


@pytest.mark.parametrize("method", ["sobol", "morris"])
def test_unbounded_distributions_are_refused(method):
    problem = ISHIGAMI | {"bounds": [[0.0, 1.0]] * 3, "dists": ["unif", "norm", "unif"]}
    with pytest.raises(InputError, match="truncnorm"):
        draw(method, problem, 16, seed=1)


def test_groups_are_for_methods_that_can_take_them():
    problem = ISHIGAMI | {"groups": ["outer", "inner", "outer"]}
    blocks = draw("sobol", problem, 16, seed=1).reshape(16, 4, 3)
    np.testing.assert_array_equal(blocks[:, 1, [0, 2]], blocks[:, -1, [0, 2]])
    np.testing.assert_array_equal(blocks[:, 1, 1], blocks[:, 0, 1])
    with pytest.raises(InputError, match="groups"):
        draw("shapley", problem, 100, seed=1)
    with pytest.raises(InputError, match="one group"):
        draw("sobol", ISHIGAMI | {"groups": ["all"] * 3}, 16, seed=1)


def test_outputs_must_fit_the_inputs():
    inputs, outputs = drawn("pawn")
    with pytest.raises(InputError, match="does not fit"):
        analyse("pawn", ISHIGAMI, inputs, outputs[:-1])
