"""Factorials and decisions at full size: time, coverage of intervals, boxes in noise, fresh futures after a search."""

import time

import numpy as np
import pytest

from experiments.execution.execution import Execution
from experiments.sensitivity.factors import Factor
from experiments.tradeoffs.discovery import discover
from experiments.tradeoffs.factorial import factorial
from experiments.tradeoffs.policy_search import search
from experiments.tradeoffs.portfolios import load_factors
from experiments.tradeoffs.robustness import CLAIMED, chance_on_front, evppi
from experiments.tradeoffs.study import join, tradeoffs
from sim.scenario import load_city

pytestmark = pytest.mark.validate

MINUTES_FOR_THE_PILLARS = 3.0
# Million dollars over three years: about half of what all four pillars cost the sandbox.
BUDGET = 4.0


@pytest.fixture(scope="module")
def pillars(tmp_path_factory):
    """The four pillars of the sandbox over 200 seeds, 60 months, at full scale, and the seconds it took."""
    execution = Execution(store=tmp_path_factory.mktemp("pillars") / "store")
    began = time.monotonic()
    study = factorial(load_city("sandbox"), load_factors([]), execution=execution, months=60, replications=200, scale=1.0)
    return study, time.monotonic() - began


def test_the_pillars_over_200_seeds_take_three_minutes_at_most(pillars):
    study, seconds = pillars
    print(f"2^4 over 200 seeds, 60 months: {seconds:.0f} s")
    assert study.means.shape[:2] == (200, 16)
    assert seconds < 60 * MINUTES_FOR_THE_PILLARS


def test_shares_of_the_pillars_sum_to_what_all_gain(pillars):
    study, _ = pillars
    for outcome in study.outcomes:
        for scale in ("count", "log"):
            total = study.total(outcome, scale).mean
            assert abs(study.effects(outcome, scale)["shapley"].sum() - total) <= 1e-9 * max(1.0, abs(total))


def test_half_of_the_futures_says_what_the_other_half_says(pillars):
    """Intervals of the Shapley shares from 100 futures cover what the other 100 say, as often as they should."""
    from experiments.tradeoffs import interactions

    study, _ = pillars
    shares = interactions.shapley(study.gains("homicide_rate"))
    first, second = shares[:100], shares[100:]
    apart = np.abs(first.mean(axis=0) - second.mean(axis=0))
    error = np.sqrt(first.var(axis=0, ddof=1) / 100 + second.var(axis=0, ddof=1) / 100)
    assert (apart < 3.5 * error).all()


def test_arms_of_a_future_share_most_of_their_luck(pillars):
    study, _ = pillars
    levels = study.levels("homicide_rate")
    correlations = np.corrcoef(levels.T)
    assert correlations[np.triu_indices(16, 1)].mean() > 0.5


def test_a_planted_box_is_found_and_noise_has_none():
    found, false = [], []
    for seed in range(30):
        random = np.random.default_rng(seed)
        factors = tuple(Factor(name=f"made.p{k}", kind="parameter", title="Made up") for k in range(20))
        units = random.random((300, 20))
        inside = (units[:, 0] > 0.6) & (units[:, 1] < 0.5)
        box = discover(factors, units, np.where(inside, random.random(300) < 0.9, random.random(300) < 0.05))
        found.append({limit.parameter for limit in box.limits} == {"made.p0", "made.p1"})
        false.append(bool(discover(factors, units, random.random(300) < 0.2).limits))
    assert np.mean(found) >= 0.8
    assert np.mean(false) <= 0.1


def test_a_beaten_option_is_seldom_claimed_and_a_clear_one_nearly_always():
    beaten, clear = [], []
    for seed in range(200):
        noise = 0.5 * np.random.default_rng(seed).normal(size=(100, 4, 2))
        gains = np.array([[0, 0], [3, 1], [1, 3], [2.9, 0.9]]) + noise
        chances = chance_on_front(gains, seed=seed, resamples=300)
        beaten.append(chances[3] >= CLAIMED)
        clear.append((chances[1:3] >= CLAIMED).all())
    assert np.mean(beaten) <= 0.1
    assert np.mean(clear) >= 0.8


def test_the_value_of_a_fact_is_found_within_its_error():
    values = []
    for seed in range(40):
        random = np.random.default_rng(seed)
        units = random.random((1000, 3))
        gains = np.column_stack([np.zeros(1000), units[:, 0] - 0.5 + 0.5 * random.normal(size=1000)])
        table = evppi(units, gains, ["a", "b", "c"], seed=seed, dummies=100)
        values.append(float(table.set_index("parameter")["value"]["a"]))
    assert np.mean(values) == pytest.approx(1 / 8, abs=0.02)


def test_a_search_promises_more_than_fresh_futures_give_and_still_beats_whole_policies(tmp_path):
    execution = Execution(store=tmp_path / "store")
    small = {"months": 36, "replications": 60, "scale": 0.3}
    study = tradeoffs(load_city("sandbox"), load_factors([]), budget=BUDGET, draw=(), execution=execution, **small)
    # Where all four are affordable nothing can beat them, and there is nothing to search for.
    assert not study.affordable[-1]
    proposals = search(study, generations=6, population=16, futures=3, execution=execution)
    joined = join(study, proposals.candidates, execution)
    table = joined.table()
    front = table[table["standing"] == "on the front"]
    assert (front["found_by"] == "search").any()
    assert (table.loc[table["standing"] == "on the front", "cost"] <= BUDGET).all()
    best = joined.gains("homicide_rate").mean(axis=0)
    affordable = joined.affordable
    assert best[16:][affordable[16:]].max() > best[:16][affordable[:16]].max()
