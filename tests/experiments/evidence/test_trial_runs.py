"""Trials are run by their own estimators, and what is held out is not run at all."""

import json
from types import SimpleNamespace

import numpy as np
import pytest
from made_up_trial import CALM, FIGURE, RUN, figure_with, run_with, trial_with, written_trial

from experiments.evidence import declared, estimators
from experiments.evidence.load import list_trials, load_roles, load_trial
from experiments.evidence.trial_runs import run_trial
from sim.errors import InputError
from sim.scenario import load_city

HELD_OUT = sorted({role.group for role in load_roles().values() if role.role == "held out"} & {*list_trials()})


def test_paired_arms_are_read_over_the_same_futures(core):
    (ran,) = run_trial(trial_with(), replications=6)
    assert ran.simulated.value == pytest.approx(np.log(0.5), abs=1e-6)
    assert ran.simulated.futures == 6
    assert ran.z == pytest.approx((np.log(0.5) - np.log(0.7)) / np.hypot(ran.error, 0.03))
    assert not ran.inside
    assert {tuple(arms) for _, arms, *_ in core.asked} == {("calm", "baseline")}


def test_the_arm_without_measures_may_be_what_is_judged(core):
    (ran,) = run_trial(run_with(arm="baseline", against="calm"), replications=4)
    assert ran.simulated.value == pytest.approx(np.log(2.0), abs=1e-6)


def test_a_difference_is_one(core):
    trial = figure_with(scale="difference", value=-3.0, interval=[-4.0, -2.0], outcome="homicide_rate")
    (ran,) = run_trial(trial, replications=4)
    assert ran.simulated.value < 0
    assert ran.shown(ran.simulated.value) == ran.simulated.value


def test_on_and_off_and_before_and_after_read_one_arm(core):
    on = run_with(estimator="on and off", on=[1, 3, 5])
    (ran,) = run_trial(on, replications=30)
    assert ran.simulated.value == pytest.approx(0.0, abs=4 * ran.simulated.error)
    (ran,) = run_trial(run_with(estimator="before and after", before=[1, 12], months=[13, 24]), replications=30)
    assert ran.simulated.value == pytest.approx(0.0, abs=4 * ran.simulated.error)
    assert {tuple(arms) for _, arms, *_ in core.asked} == {("calm",)}


def test_the_worst_after_a_peak_fall_by_themselves(core):
    (ran,) = run_trial(run_with(estimator="before and after", before=[1, 12], months=[13, 24], worst=1), replications=30)
    assert ran.simulated.value < 0


@pytest.mark.parametrize("estimator", ["random halves", "event study"])
def test_each_future_treats_a_random_half_of_its_own(core, monkeypatch, estimator):
    seen = []
    run_arms = core.run_arms

    def watched(city, policies, **settings):
        seen.append((settings["seed"], next(p.measures[0].where.places for p in policies if p.measures)))
        return run_arms(city, policies, **settings)

    monkeypatch.setattr("sim.run.run_arms", watched)
    run = RUN | {"estimator": estimator, "before": [1, 12], "months": [13, 24]}
    trial = trial_with(figures=[FIGURE | {"run": run}], halves={"all": True})
    names = tuple(each.name for each in load_city("sandbox").neighbourhoods)
    (ran,) = run_trial(trial, replications=12)
    assert np.isfinite(ran.simulated.value)
    assert len(seen) == 12
    assert len({places for _, places in seen}) > 1
    for seed, places in seen:
        half = estimators.random_half(len(names), seed)
        assert places == tuple(name for name, is_treated in zip(names, half, strict=True) if is_treated)


def test_what_cannot_be_asked_says_why(core):
    figures = [FIGURE, {name: value for name, value in FIGURE.items() if name != "run"} | {"id": "R2", "not_run": "No."}]
    ran = run_trial(trial_with(figures=figures), replications=2)
    assert [each.refused for each in ran] == ["", "No."]
    assert np.isnan(ran[1].z)


@pytest.mark.parametrize("group", HELD_OUT)
def test_no_held_out_trial_is_run_before_a_calibration(core, group):
    with pytest.raises(InputError, match="is held out until a calibration is recorded"):
        run_trial(load_trial(group), replications=2)
    assert core.asked == []


def test_after_a_calibration_it_is(core, monkeypatch):
    monkeypatch.setattr(declared, "is_calibrated", lambda: True)
    declared.refuse_held_out(load_trial("diadema"))
    assert declared.may_run(SimpleNamespace(role="held out"))


def test_a_single_future_is_refused(core):
    with pytest.raises(InputError, match="needs 2 or more"):
        run_trial(trial_with(), replications=1)


# The command


def test_the_command_lists_trials_with_their_roles(ask):
    code, out, _ = ask("trial", "list")
    assert code == 0
    assert "cali_hours" in out
    assert "fitted    Closing hours in Cali (R1, R2)" in out


def test_the_command_shows_what_is_declared_held_out_or_not(ask):
    code, out, _ = ask("trial", "R7", "cali_hours", "--declared")
    assert code == 0
    assert "carry_ban_2012: " in out
    told = "rate ratio 0.7 (0.62 to 0.79); error 0.07, 90 % interval; fitted; controlled; by paired arms"
    assert told in " ".join(out.split())
    code, out, _ = ask("trial", "cali_hours", "--declared", "--json")
    (trial,) = json.loads(out)["trials"]
    assert [(each["id"], each["role"], each["error_known_from"]) for each in trial["figures"]] == [
        ("R1", "fitted", "90 % interval"),
        ("R2", "fitted", "90 % interval"),
    ]


def test_the_command_refuses_what_is_held_out_in_a_plain_sentence(core, ask):
    code, out, err = ask("trial", "R4")
    assert (code, out) == (2, "")
    assert "diadema is held out until a calibration is recorded, so that it can judge it" in err
    assert core.asked == []


def test_the_command_runs_a_trial_and_writes_a_folder(core, ask, tmp_path):
    out_folder = tmp_path / "found"
    code, out, err = ask("trial", written_trial(tmp_path), "--replications", "4", "--out", out_folder)
    assert (code, err) == (0, "")
    assert "published 0.7 (0.62 to 0.79), simulated 0.5 (0.5 to 0.5); z -4.2, outside; fitted" in " ".join(out.split())
    assert "0 of 1 figures lie inside" in out
    assert {"trials.csv", "summary.json", "summary.txt", "manifest.json"} <= {path.name for path in out_folder.iterdir()}
    code, out, _ = ask("trial", written_trial(tmp_path), "--replications", "4", "--json")
    ((figure,),) = [each["figures"] for each in json.loads(out)["trials"]]
    assert figure["simulated"] == pytest.approx(0.5)
    assert (figure["role"], figure["inside"], figure["futures"]) == ("fitted", False, 4)


def test_an_unknown_trial_is_refused_with_the_nearest_name(ask):
    code, _, err = ask("trial", "cali_hour")
    assert code == 2
    assert "there is no trial 'cali_hour'; did you mean cali_hours" in err
    assert CALM["name"] == "calm"
