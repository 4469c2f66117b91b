"""A trial says whole and plain what was published; whatever is wrong is told with field, value and remedy."""

import math

import pytest
from made_up_trial import CALM, FIGURE, RUN, figure_with, run_with, trial_with
from pydantic import ValidationError

from experiments.evidence.trial import BIAS, DISCREPANCY, error_of, how_known, worked


def test_a_ratio_is_compared_by_its_logarithm_and_a_standardised_effect_as_it_is():
    assert worked(trial_with().figures[0]) == pytest.approx(math.log(0.7))
    plain = figure_with(scale="standardised", value=-0.2, interval=None, level=None, assumed=True).figures[0]
    assert worked(plain) == -0.2


@pytest.mark.parametrize(
    ("changes", "error", "known"),
    [
        ({}, math.log(0.79 / 0.62) / (2 * 1.6449), "90 % interval"),
        ({"interval": None, "level": None, "p": 0.13}, abs(math.log(0.7)) / 1.5141, "p = 0.13"),
        ({"interval": None, "level": None, "counts": [100, 400]}, math.sqrt(0.0125), "counts"),
        ({"interval": None, "level": 95, "bound": 0.65}, math.log(0.7 / 0.65) / 1.6449, "a bound"),
        ({"interval": None, "level": None, "assumed": True}, abs(math.log(0.7)) / 1.64, "error assumed"),
        ({"value": 0.98, "interval": None, "level": None, "assumed": True}, 0.15, "error assumed"),
    ],
)
def test_the_error_comes_from_what_was_published_and_is_assumed_only_where_nothing_was(changes, error, known):
    figure = figure_with(**changes).figures[0]
    assert error_of(figure) == pytest.approx(error, rel=1e-3)
    assert how_known(figure) == known


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: figure_with(assumed=True), "gives interval and assumed for its error; give exactly one"),
        (lambda: figure_with(interval=None, level=None), "gives nothing for its error"),
        (lambda: figure_with(level=None), "an interval or a bound has one"),
        (lambda: figure_with(value=0.5), "must hold 0.5"),
        (lambda: figure_with(value=-0.7, interval=[-0.8, -0.6]), "its ends are above 0"),
        (lambda: figure_with(outcome="homicides_rate"), "no outcome; did you mean homicide_rate"),
        (lambda: figure_with(not_run="No."), "give one, how the model is asked"),
        (lambda: figure_with(run=None), "give one, how the model is asked"),
        (lambda: figure_with(source="papers"), "did you mean paper"),
        (lambda: figure_with(shares_control_with=["R2"]), "names R2, which is no other figure of this trial"),
        (lambda: figure_with(value=1.0, interval=None, level=None, p=0.5), "says nothing of the error of no effect"),
        (lambda: run_with(outcome="homicides_rate"), "no outcome; did you mean homicide_rate"),
        (lambda: run_with(arm="clam"), "did you mean calm"),
        (lambda: run_with(months=[1, 36]), "ends after month 24"),
        (lambda: run_with(months=[24, 1]), "the first must not be after the last"),
        (lambda: run_with(estimator="before and after"), "compares with months before"),
        (lambda: run_with(before=[1, 12], months=[13, 24]), "has no use for it"),
        (lambda: run_with(estimator="before and after", before=[1, 14], months=[13, 24]), "must end before month 13"),
        (lambda: run_with(estimator="on and off"), "it is for the estimator on and off"),
        (lambda: run_with(worst=2), "it is for the estimator before and after"),
        (lambda: run_with(where={"worst": 2, "by": "homicide_rate"}, months=[1, 6]), "read by whole years"),
        (lambda: run_with(estimator="random halves", before=[1, 12], months=[13, 24]), "does not say halves"),
        (lambda: trial_with(halves={"worst": 4, "by": "homicide_rate"}), "no figure is read by random halves"),
        (lambda: trial_with(arms=[CALM, CALM | {"name": "idle"}]), "is read by no figure"),
        (lambda: trial_with(arms=[CALM, CALM]), "which is taken"),
        (lambda: trial_with(figures=[FIGURE, FIGURE]), "R1, which is taken"),
        (lambda: trial_with(design="random"), "randomised"),
    ],
)
def test_what_does_not_hold_together_is_refused_with_a_remedy(make, says):
    with pytest.raises(ValidationError, match=says):
        make()


def test_arms_of_halves_name_no_places():
    halves = {"halves": {"worst": 4, "by": "homicide_rate"}}
    run = RUN | {"estimator": "random halves", "before": [1, 12], "months": [13, 24]}
    figures = [FIGURE | {"run": run}]
    assert trial_with(figures=figures, **halves).halves.worst == 4
    aimed = CALM | {"measures": [{"measure": "P-R3", "where": {"worst": 1, "by": "homicide_rate"}}]}
    with pytest.raises(ValidationError, match="halves says where"):
        trial_with(figures=figures, arms=[aimed], **halves)


def test_a_figure_may_be_of_another_design_than_its_file():
    trial = figure_with(design="before-after")
    assert (trial.design, trial.design_of(trial.figures[0])) == ("controlled", "before-after")


def test_weaker_designs_are_thought_to_flatter_more_and_unlike_figures_to_tell_less():
    means = [BIAS[design][0] for design in ("randomised", "controlled", "before-after")]
    assert means == sorted(means, reverse=True)
    assert list(DISCREPANCY.values()) == [0.03, 0.08, 0.15]


def test_a_trial_shows_itself_in_a_line_and_a_table():
    trial = trial_with()
    assert trial.headline() == "cali_hours: A test; 1 figure, controlled, in sandbox"
    assert trial.overview()[1] == [("R1", "homicide, calm against none", "rate ratio", 0.7)]
