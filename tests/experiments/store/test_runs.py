"""The one runner: what is read of runs is the same in memory and through a store, which runs nothing twice."""

import dataclasses
import inspect
from typing import get_type_hints

import numpy as np
import pytest

import experiments.store.runs
from experiments.comparison.ablation import ablate
from experiments.comparison.compare import Comparison, compare
from experiments.evidence.schema import load_case
from experiments.evidence.verdicts import run_case
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled, FailedJobsError, Job
from experiments.store.maintenance import compact
from experiments.store.runs import read_results, run_means, window_mean
from experiments.store.store import Keep, Store
from experiments.store.sweep import FailedRunsError
from sim.errors import InputError
from sim.outcomes import OUTCOMES

SMALL = {"months": 26, "replications": 3}


@pytest.fixture
def kept(tmp_path):
    return Execution(store=tmp_path / "store")


def assert_same(one, other):
    """Two comparisons are the same, field by field and byte by byte."""
    for field in dataclasses.fields(Comparison):
        first, second = getattr(one, field.name), getattr(other, field.name)
        if isinstance(first, np.ndarray):
            assert (first.dtype, first.shape, first.tobytes()) == (second.dtype, second.shape, second.tobytes())
        else:
            assert first == second, field.name


# Comparisons, ablations and cases -------------------------------------------------------------------------------------


def test_a_comparison_from_a_store_is_the_one_without_it_on_the_real_model(kept, monkeypatch):
    asked = {"policies": ["all_four"], "shocks": "attack", **SMALL, "scale": 0.1}
    plain = compare("sandbox", **asked)
    assert plain.in_force[1][0]
    assert_same(compare("sandbox", **asked, execution=kept), plain)
    compact(Store.open(kept.store))
    monkeypatch.setattr("sim.run.run_arms", None)
    assert_same(compare("sandbox", **asked, execution=kept), plain)


def test_a_comparison_that_was_stopped_goes_on_where_it_was(core, sandbox, calm, kept):
    stopping = dataclasses.replace(kept, executor="in-process", progress=lambda share: share < 0.5)
    with pytest.raises(Cancelled, match="the same command goes on from there"):
        compare(sandbox, [calm], months=12, replications=40, execution=stopping)
    ran = len(core.ran)
    held = len(Store.open(kept.store).done()) // 2
    assert 0 < held <= ran < 40
    found = compare(sandbox, [calm], months=12, replications=40, execution=kept)
    assert len(core.ran) == ran + 40 - held
    assert_same(found, compare(sandbox, [calm], months=12, replications=40))


def test_another_policy_joins_a_comparison_without_running_the_first_again(core, sandbox, calm, idle, kept):
    compare(sandbox, [calm], **SMALL, execution=kept)
    both = compare(sandbox, [calm, idle], **SMALL, execution=kept)
    assert len(core.ran) == 6
    assert_same(both, compare(sandbox, [calm, idle], **SMALL))


def test_a_failed_future_is_told_and_run_again_when_asked(core, sandbox, calm, kept):
    seeds = compare(sandbox, [calm], **SMALL).seeds
    core.failing_seeds = {seeds[1]: ZeroDivisionError("nobody lives here")}
    for _ in range(2):
        with pytest.raises(FailedJobsError, match=r"2 of 6 runs .* nobody lives here"):
            compare(sandbox, [calm], **SMALL, execution=kept)
    core.failing_seeds = {}
    again = dataclasses.replace(kept, retry_failed=True)
    assert_same(compare(sandbox, [calm], **SMALL, execution=again), compare(sandbox, [calm], **SMALL))


def test_an_ablation_from_a_store_is_the_one_without_it(core, sandbox, calm, kept):
    asked = {"mechanisms": ["fear", "rents"], "outcomes": ["homicide_rate", "bribes"], "window": (3, 9), **SMALL}
    plain = ablate(sandbox, calm, **asked)
    assert ablate(sandbox, calm, **asked, execution=kept).equals(plain)
    ran = len(core.ran)
    assert ablate(sandbox, calm, **asked, execution=kept).equals(plain)
    assert len(core.ran) == ran


def test_a_case_from_a_store_is_judged_as_without_it_on_the_real_model(kept, monkeypatch):
    case = load_case("C01").model_copy(update={"scale": 0.002})
    plain = run_case(case, replications=2)
    assert run_case(case, replications=2, execution=kept) == plain
    monkeypatch.setattr("sim.run.run_arms", None)
    assert run_case(case, replications=2, execution=kept) == plain


def test_a_store_that_keeps_less_than_whole_results_is_refused_before_anything_runs(core, sandbox, calm, tmp_path):
    Store.open(tmp_path / "few")
    names = tuple(outcome.name for outcome in OUTCOMES)
    Store.open(tmp_path / "no_places", Keep(monthly=names))
    for folder, says in (("few", "by month, and this study needs whole"), ("no_places", "neighbourhoods none")):
        with pytest.raises(InputError, match=says):
            compare(sandbox, [calm], **SMALL, execution=Execution(store=tmp_path / folder))
    assert core.ran == []


# Means ----------------------------------------------------------------------------------------------------------------


@pytest.fixture
def jobs(sandbox, idle, calm):
    return [Job(city=sandbox, policies=(idle, calm), seed=seed, months=24, scale=0.5) for seed in range(5)]


@pytest.mark.parametrize("window", [None, (5, 17), (24, 24)])
def test_means_are_the_same_with_a_store_and_without(core, jobs, kept, window):
    asked = {"outcomes": ("fear", "bribes"), "months_of": ("fear", "jobs"), "window": window}
    plain, stored = (run_means(jobs, execution, **asked) for execution in (Execution(), kept))
    assert plain.means.tobytes() == stored.means.tobytes()
    assert list(plain.months) == list(stored.months) == ["fear", "jobs"]
    assert all(plain.months[name].tobytes() == stored.months[name].tobytes() for name in plain.months)
    assert plain.means.shape == (5, 2, 2)
    assert plain.months["fear"].shape == (5, 2, 24)


def test_means_over_a_window_are_those_of_its_months(core, jobs):
    found = run_means(jobs, Execution(), outcomes=("fear",), months_of=("fear",), window=(5, 17))
    expected = found.months["fear"][..., 4:17].mean(axis=-1, dtype=np.float64)
    np.testing.assert_allclose(found.means[..., 0], expected, rtol=1e-12)
    assert (window_mean(found.months["fear"], (5, 17)) == found.means[..., 0]).all()


def test_a_window_over_what_a_store_does_not_keep_by_month_is_refused(core, jobs, tmp_path):
    Store.open(tmp_path / "store", Keep(monthly=("fear",)))
    with pytest.raises(InputError, match="does not keep jobs by month"):
        run_means(jobs, Execution(store=tmp_path / "store"), outcomes=("jobs",), window=(1, 12))
    assert core.ran == []


def test_what_is_read_is_the_same_from_every_executor(core, jobs, kept):
    ways = [Execution(executor="in-process"), Execution(workers=3), kept]
    found = [read_results(jobs, way, _bytes_of) for way in ways]
    assert found[0] == found[1] == found[2]


def _bytes_of(job, results):
    return job.seed, [(each.policy, each.seed, each.city_monthly.tobytes()) for each in results]


def test_runs_without_the_whole_result_are_told(core, jobs, kept, monkeypatch):
    monkeypatch.setattr(experiments.store.runs, "_results", lambda *_: {})
    with pytest.raises(FailedRunsError, match="does not hold the whole result"):
        read_results(jobs, kept, _bytes_of)


def test_every_study_takes_an_execution():
    from experiments.sensitivity.study import sensitivity
    from experiments.tradeoffs.factorial import factorial
    from experiments.tradeoffs.policy_search import search
    from experiments.tradeoffs.study import tradeoffs

    for study in (compare, ablate, run_case, sensitivity, factorial, tradeoffs, search):
        assert inspect.signature(study).parameters["execution"].default is None, study.__name__
    assert set(get_type_hints(Execution)) == {"executor", "workers", "scheduler", "store", "retry_failed", "progress"}
