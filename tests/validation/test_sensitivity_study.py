"""The study of Chicago in the documentation: within its time, over enough parameters, and true of the whole city.

About 14 600 jobs (a city settled for 360 months and lived for 36 under two arms, 9 960 rows of youths) and 24 of the whole
city: some 110 minutes of processor time. It was half that, and had to be done in half an hour, with 415 parameters.
"""

import os
import time
from pathlib import Path

import pytest

from experiments.execution.execution import Execution
from experiments.publish import chicago_study
from experiments.sensitivity.factors import DUMMY, SEED
from experiments.sensitivity.influence import INFLUENTIAL
from experiments.sensitivity.text import study_text
from experiments.store.runs import keep_for, open_store
from sim.outcomes import STUDIED
from sim.run import rows
from sim.scenario import load_city

pytestmark = pytest.mark.validate

MINUTES = 75.0


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A new store, or the folder that CITYSAFETY_STUDY_STORE names: what it holds is not run again."""
    given = os.environ.get("CITYSAFETY_STUDY_STORE")
    folder = Path(given) if given else tmp_path_factory.mktemp("study") / "store"
    return open_store(folder, keep_for(STUDIED))


@pytest.fixture(scope="module")
def timed(store):
    held = len(store.done())
    began = time.monotonic()
    execution = Execution(store=store.path, workers=2)
    study = chicago_study.run(execution)
    moves = chicago_study.agreement_of(study, execution)
    minutes = (time.monotonic() - began) / 60
    print(f"\n{minutes:.1f} minutes, {held} runs held before\n{study_text(study)}\n\n{moves.to_string(index=False)}")
    return study, moves, minutes, held


def test_it_finishes_on_two_cores_within_an_hour_and_a_quarter(timed):
    *_, minutes, _ = timed
    assert minutes <= MINUTES


def test_it_screens_more_than_forty_parameters_at_a_stated_scale(timed):
    study = timed[0]
    screened = [factor for factor in study.screening.design.factors if factor.kind == "parameter"]
    assert len(screened) >= 40
    assert rows(load_city(chicago_study.CITY), study.scale) <= 20_000
    assert [policy.name for policy in study.arms] == ["baseline", "all_four"]


def test_something_is_influential_on_the_level_and_on_the_effect(timed):
    study = timed[0]
    for quantity in ("without", "effect"):
        assert INFLUENTIAL in set(study.of("homicide_rate", quantity)["verdict"]), quantity


def test_what_nothing_reads_stays_below_what_matters(timed):
    study = timed[0]
    for outcome in study.outcomes:
        table = study.of(outcome, "without").set_index("factor")
        assert table.loc[DUMMY, "high"] < 0.01
        assert table.loc[SEED, "verdict"] == ""


def test_the_largest_factors_move_the_whole_city_as_they_move_the_small_one(timed):
    _, moves, *_ = timed
    lost = moves[~moves["agrees"]]
    assert lost.empty, lost.to_string()


def test_figures_are_drawn_from_the_store_without_running_anything(timed, store, tmp_path):
    study, moves, *_ = timed
    held = store.done()
    again = chicago_study.run(Execution(store=store.path, workers=2))
    assert store.done() == held
    assert again.indices.equals(study.indices)
    names = {path.name for path in chicago_study.draw(again, moves, tmp_path)}
    assert {"sensitivity_tornado_homicide_rate.png", "sensitivity_agreement_homicide_rate.png"} <= names
