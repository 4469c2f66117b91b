"""A sweep runs what is missing and nothing else, stores failures, and never makes up a number."""

import dataclasses
import inspect

import numpy as np
import pytest
from crashing import batches, contents, study

import experiments.store.sweep
from experiments.execution.execution import Execution
from experiments.execution.runner import Cancelled, Job, not_finite, run_jobs
from experiments.store.maintenance import compact
from experiments.store.query import ask
from experiments.store.run_id import run_ids
from experiments.store.soundness import check
from experiments.store.store import Keep, Store
from experiments.store.sweep import FailedRunsError, horizon_means, missing, monthly, sweep
from sim.errors import InputError
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import load_policy


@pytest.fixture
def jobs_of(sandbox, idle, calm):
    def jobs(seeds, months=24, **changes):
        plain = Job(city=sandbox, policies=(idle, calm), seed=0, months=months, scale=0.5)
        return [dataclasses.replace(plain, seed=seed, **changes) for seed in seeds]

    return jobs


@pytest.fixture
def store(tmp_path):
    return Store.open(tmp_path / "store")


def test_only_what_is_missing_is_run(core, store, jobs_of):
    assert sweep(jobs_of(range(4)), store, Execution(executor="threads", workers=2)).ran == 8
    tally = sweep(jobs_of(range(6)), store, Execution(executor="in-process"))
    assert (tally.asked, tally.held, tally.ran, tally.failed) == (12, 8, 4, 0)
    assert sorted(core.ran) == [0, 1, 2, 3, 4, 5]
    assert sweep(jobs_of(range(6)), store).ran == 0


def test_a_job_of_which_one_arm_is_stored_runs_the_other_alone(core, store, jobs_of, idle, calm):
    sweep(jobs_of([1], policies=(idle,)), store, Execution(executor="in-process"))
    (task,) = missing(jobs_of([1]), store.done())[1]
    assert [policy.name for policy in task.job.policies] == ["calm"]
    assert sweep(jobs_of([1]), store, Execution(executor="in-process")).ran == 1
    assert horizon_means(jobs_of([1]), store).shape == (1, 2, len(OUTCOMES))


def test_a_run_that_is_asked_for_twice_is_run_once(core, store, jobs_of):
    tally = sweep(jobs_of([1, 2, 1, 1]), store, Execution(executor="in-process"))
    assert (tally.asked, tally.ran, core.ran) == (4, 4, [1, 2])
    means = horizon_means(jobs_of([1, 2, 1]), store)
    assert (means[0] == means[2]).all()
    assert (means[0] != means[1]).any()


def test_no_jobs_are_no_work(core, store):
    assert sweep([], store).asked == 0
    assert core.compiled_in == []


def test_means_and_months_come_in_the_order_of_jobs_policies_and_outcomes(core, store, jobs_of):
    jobs = jobs_of([5, 3, 9])
    sweep(jobs, store, Execution(executor="threads", workers=2))
    means, months = horizon_means(jobs, store), monthly(jobs, store, ["homicide_rate"])["homicide_rate"]
    assert (means.shape, means.dtype) == ((3, 2, len(OUTCOMES)), np.float64)
    assert (months.shape, months.dtype) == ((3, 2, 24), np.float32)
    for place, job in enumerate(jobs):
        for arm, result in enumerate(core.run_arms(job.city, job.policies, seed=job.seed, months=24, scale=0.5)):
            exact = result.city_monthly.mean(axis=0, dtype=np.float64)
            assert means[place, arm] == pytest.approx(exact, rel=1e-7)
            assert (months[place, arm] == result.city_monthly[:, outcome_index("homicide_rate")]).all()
    compact(store)
    assert (horizon_means(jobs, store) == means).all()
    assert (monthly(jobs, store, ["homicide_rate"])["homicide_rate"] == months).all()


# Failures -------------------------------------------------------------------------------------------------------------


def test_failures_are_stored_not_run_again_unasked_and_never_averaged(core, store, jobs_of):
    core.failing_seeds = {2: ZeroDivisionError("nobody lives here")}
    jobs = jobs_of([1, 2, 3])
    tally = sweep(jobs, store, Execution(executor="in-process"))
    assert (tally.ran, tally.failed) == (6, 2)
    assert sweep(jobs, store).ran == 0
    says = "2 of 6 runs cannot be used; the first: ZeroDivisionError: nobody lives here"
    with pytest.raises(FailedRunsError, match=says):
        horizon_means(jobs, store)
    with pytest.raises(FailedRunsError, match=says):
        monthly(jobs, store, ["recruits"])
    core.failing_seeds = {}
    assert sweep(jobs, store, Execution(retry_failed=True)).ran == 2
    assert np.isfinite(horizon_means(jobs, store)).all()
    assert np.isfinite(monthly(jobs, store, ["recruits"])["recruits"]).all()


def test_runs_that_are_not_there_are_told_with_their_count(core, store, jobs_of):
    with pytest.raises(FailedRunsError, match="4 of 4 runs cannot be used; the first: no run is stored"):
        horizon_means(jobs_of([1, 2]), store)
    sweep(jobs_of([1]), store, Execution(executor="in-process"))
    for read in (horizon_means, lambda jobs, store: monthly(jobs, store, ["recruits"])):
        with pytest.raises(FailedRunsError, match="2 of 4 runs cannot be used; the first: it is not in the store; run the"):
            read(jobs_of([1, 2]), store)


@pytest.mark.parametrize("strange", [np.nan, np.inf])
def test_a_value_that_is_no_number_is_never_averaged(core, store, jobs_of, monkeypatch, strange):
    original = core.result

    def result(city, policy, seed, *rest):
        found = original(city, policy, seed, *rest)
        if seed == 2:
            found.city_monthly[3, outcome_index("recruits")] = strange
        return found

    monkeypatch.setattr(core, "result", result)
    tally = sweep(jobs_of([1, 2]), store, Execution(executor="in-process"))
    assert (tally.ran, tally.failed) == (4, 2)
    says = r"2 of 4 runs .*; the first: recruits is no finite number from month 4 on \((nan|inf)\) \(policy idle, seed 2\)"
    with pytest.raises(FailedRunsError, match=says):
        horizon_means(jobs_of([1, 2]), store)
    for outcome in ("recruits", "homicide_rate"):
        with pytest.raises(FailedRunsError, match=says):
            monthly(jobs_of([1, 2]), store, [outcome])
    assert sorted(store.statuses().values()) == ["done", "done", "failed", "failed"]
    assert check(store) == []
    assert sweep(jobs_of([1, 2]), store, Execution(executor="in-process")).failed_before == 2
    monkeypatch.undo()
    monkeypatch.setattr("sim.run.run_arms", core.run_arms)
    assert sweep(jobs_of([1, 2]), store, Execution(executor="in-process", retry_failed=True)).ran == 2
    assert np.isfinite(monthly(jobs_of([1, 2]), store, ["recruits"])["recruits"]).all()


def test_one_arm_that_is_no_number_does_not_spoil_the_other(core, store, jobs_of, monkeypatch):
    original = core.result

    def result(city, policy, *rest):
        found = original(city, policy, *rest)
        if policy.name == "calm":
            found.city_monthly[5, 0] = np.nan
        return found

    monkeypatch.setattr(core, "result", result)
    assert sweep(jobs_of([1]), store, Execution(executor="in-process")).failed == 1
    assert sorted(store.statuses().values()) == ["done", "failed"]
    (answer,) = run_jobs(jobs_of([1]), Execution(executor="in-process"))
    assert "homicide_rate is no finite number from month 6 on" in answer.reason
    assert answer.results == ()


def test_an_outcome_may_be_no_number_by_neighbourhood_only_in_all(core, jobs_of):
    (job,) = jobs_of([1])
    found = core.result(job.city, job.policies[0], 1, 24, 0.5)
    assert np.isnan(found.place_yearly).any()
    assert not_finite(found) is None
    found.place_yearly[0, 2, outcome_index("recruits")] = np.nan
    assert not_finite(found) == "recruits is no finite number in a neighbourhood"


def test_what_failed_names_the_settings_that_are_farthest_from_their_defaults(core, store, jobs_of):
    core.failing_seeds = {2: ZeroDivisionError("nothing to share")}
    given = {
        "outcome_recorder.weight_order": 0.0,
        "gangs.split_chance": 0.061,
        "homicide.rivalry_attack_rate": 0.0014,
        "homicide.patrol_on_violence": 0.17,
    }
    given |= {"homicide.patrol_displacement_share": 0.2}
    job = dataclasses.replace(jobs_of([2])[0], parameters=given)
    sweep([job], store, Execution(executor="in-process"))
    with pytest.raises(
        FailedRunsError, match=r"nothing to share \(policy idle, seed 2, .*, and 1 more parameters\)"
    ) as told:
        horizon_means([job], store)
    assert "outcome_recorder.weight_order=0" in str(told.value)


def test_an_outcome_that_is_not_kept_by_month_is_refused(core, store, jobs_of):
    with pytest.raises(InputError, match="--outcome 'jobs' is not kept by month in"):
        monthly(jobs_of([1]), store, ["jobs"])


def test_jobs_that_make_no_table_are_refused(core, store, jobs_of, idle):
    uneven = [*jobs_of([1]), *jobs_of([1], policies=(idle,))]
    with pytest.raises(ValueError, match="different numbers of policies"):
        horizon_means(uneven, store)
    with pytest.raises(ValueError, match="no jobs"):
        horizon_means([], store)
    with pytest.raises(ValueError, match="jobs have 2 lengths, from 12 to 24 months"):
        monthly([*jobs_of([1]), *jobs_of([1], months=12)], store, ["recruits"])


# Stopping -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("executor", ["in-process", "threads"])
def test_a_sweep_that_was_stopped_says_how_to_go_on_and_does(core, store, jobs_of, executor, monkeypatch):
    monkeypatch.setattr(experiments.store.sweep, "BATCH_SECONDS", 0.001)
    core.seconds = dict.fromkeys(range(40), 0.03)

    def interrupt(share):
        if share > 0.2:
            raise KeyboardInterrupt
        return True

    with pytest.raises(Cancelled, match=r"stopped; \d+ of 80 runs are stored in .*; the same command goes on from there"):
        sweep(jobs_of(range(40)), store, Execution(executor=executor, workers=2, progress=interrupt))
    held = len(store.done())
    assert 0 < held < 80
    assert check(store) == []
    core.seconds = {}
    assert sweep(jobs_of(range(40)), store).ran == 80 - held


def test_progress_rises_to_everything(core, store, jobs_of):
    shares = []
    core.seconds = dict.fromkeys(range(6), 0.06)
    sweep(jobs_of(range(6)), store, Execution(workers=2, progress=lambda share: not shares.append(share)))
    assert shares == sorted(shares)
    assert len(shares) > 1
    assert shares[-1] == 1


def test_a_model_that_was_edited_stops_the_sweep_and_stores_nothing(store, monkeypatch):
    jobs = study(2)
    monkeypatch.setattr("sim.compiled.source_hash", lambda: "the model as it was when the parent began")
    with pytest.raises(InputError, match="sources of the model changed while it ran; run it again"):
        sweep(jobs, store, Execution(executor="processes", workers=1))
    assert store.done() == frozenset()


# Merging as it goes ---------------------------------------------------------------------------------------------------


def test_small_shards_are_merged_as_the_sweep_goes(core, tmp_path, jobs_of, monkeypatch):
    monkeypatch.setattr(experiments.store.sweep, "BATCH_SECONDS", 0.0)
    monkeypatch.setattr(experiments.store.sweep, "FOLD", 4)
    store = Store.open(tmp_path / "merged")
    sweep(jobs_of(range(22)), store, Execution(executor="in-process"))
    assert len(store.committed()) == 22 // 4 + 22 % 4
    assert len(batches(store.path).popitem()[1]["stored"]) == 22
    other = Store.open(tmp_path / "other")
    sweep(jobs_of(range(22))[::-1], other, Execution(executor="threads", workers=2))
    compact(store)
    compact(other)
    assert contents(store.path) == contents(other.path)


# Neighbourhoods -------------------------------------------------------------------------------------------------------


def test_neighbourhoods_are_kept_by_year_on_the_real_model(tmp_path):
    store = Store.open(tmp_path / "places", Keep(monthly=("homicide_rate", "fear"), places="yearly"))
    (job,) = study(1, months=24)
    sweep([job], store, Execution(executor="in-process"))
    found = ask(store, "SELECT neighbourhood, year, fear FROM places")
    assert len(found) == 2 * len(job.city.neighbourhoods) * 2
    assert check(store) == []


def test_neighbourhoods_are_kept_by_month_on_request(tmp_path):
    from sim.run import run_arms

    if "watch" not in inspect.signature(run_arms).parameters:
        pytest.skip("run_arms cannot be watched month by month")
    months = Store.open(tmp_path / "months", Keep(monthly=("homicide_rate", "fear"), places="monthly"))
    years = Store.open(tmp_path / "years", Keep(monthly=("homicide_rate", "fear"), places="yearly"))
    jobs = study(2, months=24)
    for store in (months, years):
        sweep(jobs, store, Execution(executor="threads", workers=2))
        assert check(store) == []
    by_month = ask(months, "SELECT id, neighbourhood, avg(fear) AS fear FROM places GROUP BY ALL ORDER BY ALL")
    by_year = ask(years, "SELECT id, neighbourhood, avg(fear) AS fear FROM places GROUP BY ALL ORDER BY ALL")
    assert by_month["fear"].to_numpy() == pytest.approx(by_year["fear"].to_numpy(), rel=1e-5)
    assert ask(months, "SELECT count(*) AS n FROM places")["n"].item() == 4 * 24 * len(jobs[0].city.neighbourhoods)
    assert run_ids(jobs[0])[0] in set(by_month["id"])
    assert load_policy("baseline").name == jobs[0].policies[0].name
