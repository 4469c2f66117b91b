"""How often the 95 % intervals of indices hold the truth, how wide they are, and how often an idle factor is called one.

Known functions under luck that adds alike everywhere, that acts on what a factor does, and that is larger in some settings
than in others; a thousand studies a cell, each with a design and luck of its own. "Needed" is the width of an interval that
knows how estimates scatter: 2 x 1.96 times the standard deviation of the estimates over the studies.
"""

import numpy as np
import pytest
from known_functions import ISHIGAMI, LUCK, POLYNOMIAL

from experiments.sensitivity.designs import make_design
from experiments.sensitivity.influence import INFLUENTIAL, Evidence, bar, verdict_of
from experiments.sensitivity.noise import estimate

pytestmark = pytest.mark.validate

STUDIES = 1000
LEAST_TOLD = 0.02
FUNCTIONS = {"polynomial": POLYNOMIAL, "ishigami": ISHIGAMI}


def judged(known, method, samples, kinds=LUCK, studies=STUDIES, times=1.0):
    """Return what many studies said: kind of luck to index name to float64 [study, factor, 3]; and how often idle was in."""
    said = {kind: {"main": [], "first": []} for kind in kinds}
    called = dict.fromkeys(kinds, 0)
    for study in range(studies):
        design = make_design(method, known.factors, samples=samples, seed=study)
        for kind in kinds:
            found = estimate(design, known.outputs(design, kind, seed=(study, LUCK.index(kind)), times=times), None, study)
            said[kind]["main"].append(np.column_stack([found.index, found.low, found.high])[: len(known.factors)])
            if method == "sobol":
                first = [found.columns[name] for name in ("S1_expected", "S1_low", "S1_high")]
                said[kind]["first"].append(np.column_stack(first)[: len(known.factors)])
            idle, dummy = len(known.factors) - 1, -1
            seen = Evidence(
                float(found.low[idle]), float(found.high[idle]), np.nan, bar(method, float(found.high[dummy]), 1.0), True
            )
            called[kind] += verdict_of(method, seen) == INFLUENTIAL
    return said, {kind: count / studies for kind, count in called.items()}


def measured(figures, truth):
    """Return coverage and width over needed width of each index of at least .02; figures: a list of [factor, 3]."""
    index, low, high = np.moveaxis(np.array(figures), 2, 0)
    held = ((low <= truth) & (truth <= high)).mean(axis=0)
    told = truth >= LEAST_TOLD
    width = (high - low)[:, told].mean(axis=0) / (2 * 1.96 * np.nanstd(index[:, told], axis=0, ddof=1))
    return held[told], width


@pytest.mark.parametrize("samples", [64, 128, 256, 512, 1024])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_intervals_of_sobol_indices_hold_the_truth_and_are_no_wider_than_needed(name, samples):
    known = FUNCTIONS[name]
    said, called = judged(known, "sobol", samples)
    faults = []
    for kind in LUCK:
        for index, truth in (("main", known.total), ("first", known.first)):
            held, width = measured(said[kind][index], truth)
            print(
                f"{name} N={samples} {kind} {index}: held {held.round(3)}, width {width.round(2)}, idle {called[kind]:.3f}"
            )
            if held.min() < 0.92 or held.max() > 0.98 or width.max() > 1.6:
                faults.append((kind, index, held.round(3).tolist(), width.round(2).tolist()))
    assert not faults, faults
    assert max(called.values()) <= 0.05


@pytest.mark.parametrize("samples", [64, 256, 1024])
def test_intervals_of_shapley_shares_hold_the_truth(samples):
    shares = np.array([*(POLYNOMIAL.first + POLYNOMIAL.total)[:-1] / 2, 0.0])
    said, called = judged(POLYNOMIAL, "shapley", samples)
    for kind in LUCK:
        held, width = measured(said[kind]["main"], shares)
        print(f"shapley N={samples} {kind}: held {held.round(3)}, width {width.round(2)}, idle {called[kind]:.3f}")
        assert 0.92 <= held.min() <= held.max() <= 0.98, kind
        assert width.max() <= 1.6, kind
    assert max(called.values()) <= 0.05
