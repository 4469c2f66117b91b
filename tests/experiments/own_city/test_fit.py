"""The fit of a city: it reaches what can be reached, checks on fresh futures, and says plainly what cannot be reached."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from experiments.comparison.compare import compare
from experiments.comparison.fitted import off_levels
from experiments.execution.runner import Cancelled
from experiments.own_city import fit as fitting
from experiments.own_city.city_levels import LEVELS, fitting_scale, levels_of, reached
from experiments.own_city.fit import ROUNDS, TOLERANCE, fit_city
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import list_cities, load_city, load_policy
from tests.grid_city import grid_city

TEMPLATE = "scenarios/city_template.yaml"
OTHERS = 2.0


def with_levels(city, **levels):
    return city.model_copy(update={"levels": city.levels.model_copy(update=levels)})


def with_numbers(city, numbers):
    return city.model_copy(update={"calibration": city.calibration.model_copy(update=numbers)})


class Known:
    """A stand-in for the model with a known answer: levels follow the three numbers, with noise by seed."""

    def __init__(self, noise=0.05, most_members=0.6):
        self.noise, self.most_members, self.rounds = noise, most_members, []

    def __call__(self, jobs, execution):
        self.rounds.append([(job.seed, job.city.calibration) for job in jobs])
        return [SimpleNamespace(reason=None, results=[self.result(job)]) for job in jobs]

    def result(self, job):
        numbers, luck = job.city.calibration, np.random.default_rng(job.seed).normal(0.0, self.noise, 3)
        members = self.most_members / (1.0 + math.exp(-(numbers.join_intercept + 5.4) + 3.0 - luck[0]))
        gangs = 5e4 * numbers.rivalry**0.9 * members**1.1 * math.exp(2.0 * luck[1])
        disputes = 1.7e6 * numbers.disputes * math.exp(luck[2] / 3.0)
        youths = sum(each.population for each in job.city.neighbourhoods) * job.city.youth_share
        monthly = np.zeros((job.months, len(OUTCOMES)), np.float32)
        for name, value in {
            "homicide_rate": gangs + disputes + OTHERS,
            "gang_homicide_rate": 0.7 * gangs,
            "discipline_homicide_rate": 0.2 * gangs,
            "bystander_homicide_rate": 0.1 * gangs,
            "dispute_homicide_rate": disputes,
            "gang_members": members * youths,
        }.items():
            monthly[:, outcome_index(name)] = value
        return SimpleNamespace(city_monthly=monthly)

    def levels(self, city, numbers):
        """The levels that these numbers give in the mean of very many futures."""
        job = SimpleNamespace(city=with_numbers(city, numbers), months=1)
        found = [levels_of(city, self.result(SimpleNamespace(**vars(job), seed=k)).city_monthly) for k in range(400)]
        return {name: each.mean for name, each in reached(city, np.concatenate(found)).items()}


@pytest.fixture
def known(monkeypatch):
    def use(**how):
        model = Known(**how)
        monkeypatch.setattr(fitting, "run_jobs", model)
        monkeypatch.setattr(fitting, "refuse_failed", lambda _: None)
        return model

    return use


@settings(max_examples=8)
@given(
    homicide=st.floats(8.0, 120.0), membership=st.floats(0.004, 0.15), share=st.floats(0.05, 0.7), seed=st.integers(0, 99)
)
def test_levels_that_can_be_reached_are_reached(homicide, membership, share, seed):
    city = with_levels(load_city(TEMPLATE), homicide_rate=homicide, membership=membership, gang_share=share)
    with pytest.MonkeyPatch.context() as patch:
        model = Known(noise=0.03)
        patch.setattr(fitting, "run_jobs", model)
        patch.setattr(fitting, "refuse_failed", lambda _: None)
        fit = fit_city(city, seed=seed)
    assert fit.converged, fit
    assert fit.reason == ""
    assert fit.rounds == len(model.rounds) <= ROUNDS
    assert fit.runs == sum(map(len, model.rounds))
    there = model.levels(city, fit.numbers)
    for name in LEVELS:
        assert abs(fit.reached[name].off) <= TOLERANCE
        assert there[name] == pytest.approx(fit.reached[name].target, rel=0.03)


def test_a_fit_is_checked_on_futures_that_nothing_was_fitted_to(known):
    model = known()
    fit = fit_city(load_city(TEMPLATE))
    *before, last = model.rounds
    assert len(last) == fit.futures >= 16
    assert not {seed for seed, _ in last} & {seed for each in before for seed, _ in each}
    (written,) = {tuple(sorted((name, getattr(numbers, name)) for name in fit.numbers)) for _, numbers in last}
    assert dict(written) == fit.numbers


def test_a_fit_is_the_same_for_the_same_seed_and_another_for_another(known):
    known()
    city = load_city(TEMPLATE)
    assert fit_city(city, seed=4) == fit_city(city, seed=4)
    assert fit_city(city, seed=4).numbers != fit_city(city, seed=5).numbers


@pytest.mark.parametrize(
    ("levels", "says"),
    [
        ({"homicide_rate": 1.0}, "killings that none of the three numbers moves"),
        ({"homicide_rate": 1e-9}, "killings that none of the three numbers moves"),
        ({"gang_share": 0.999}, "killings that none of the three numbers moves"),
        ({"membership": 0.9}, "membership cannot come higher"),
        ({"homicide_rate": 1e3, "gang_share": 0.999, "membership": 0.001}, "killings by gangs cannot come higher"),
    ],
)
def test_what_cannot_be_reached_is_told_with_the_nearest_that_can(known, levels, says):
    model = known(most_members=0.5)
    city = with_levels(load_city(TEMPLATE), **levels)
    fit = fit_city(city)
    assert not fit.converged
    assert says in fit.reason
    assert len(model.rounds) <= ROUNDS
    assert len(model.rounds[-1]) == fit.futures >= 16
    assert all(math.isfinite(value) for value in fit.numbers.values())
    if "homicide_rate" in levels and levels["homicide_rate"] < OTHERS:
        assert fit.reached["homicide_rate"].mean == pytest.approx(OTHERS + 0.4 * levels["homicide_rate"], rel=0.05)


def test_a_city_that_luck_alone_decides_ends_after_the_last_round_and_says_so(known):
    model = known(noise=2.0)
    fit = fit_city(load_city(TEMPLATE), seeds=16)
    assert not fit.converged
    assert fit.rounds == len(model.rounds) <= ROUNDS
    assert fit.reason == "not every level was within 2% after 15 rounds"


def test_noise_decides_how_many_futures_are_checked(known):
    city = load_city(TEMPLATE)
    known(noise=0.01)
    assert fit_city(city).futures == fitting.FEWEST_FUTURES
    known(noise=0.15)
    assert fit_city(city).futures == fitting.MOST_FUTURES
    known()
    assert fit_city(city, seeds=17).futures == 17
    with pytest.raises(ValueError, match="at least 16"):
        fit_city(city, seeds=15)


def test_standard_errors_are_those_of_means_over_futures():
    city, rng = load_city(TEMPLATE), np.random.default_rng(1)
    draws = []
    for _ in range(400):
        gangs, disputes = rng.normal(8.0, 1.0, 25), rng.normal(7.0, 0.3, 25)
        levels = np.stack([gangs + disputes + OTHERS, gangs, disputes, rng.normal(0.03, 0.002, 25)], axis=1)
        draws.append(reached(city, levels))
    for name in LEVELS:
        spread = np.std([each[name].mean for each in draws])
        assert np.mean([each[name].standard_error for each in draws]) == pytest.approx(spread, rel=0.1)


def test_progress_only_rises_and_can_stop_the_fit(known):
    known()
    seen = []
    assert not fit_city(load_city(TEMPLATE), progress=lambda share: seen.append(share) or True).reason
    assert seen == sorted(seen)

    def stop(_jobs, execution):
        assert not execution.progress(0.5)
        raise Cancelled

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "run_jobs", stop)
        with pytest.raises(Cancelled):
            fit_city(load_city(TEMPLATE), progress=lambda _: False)


def test_a_fit_takes_rows_enough_for_every_neighbourhood_and_no_more_than_a_run():
    for city in [*map(load_city, list_cities()), grid_city(20), grid_city(78)]:
        youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
        scale = fitting_scale(city)
        assert 0.0 < scale <= 1.0
        assert scale * youths <= 1.01e6
        assert scale == 1.0 or scale * youths >= 0.99 * min(750 * len(city.neighbourhoods), 1e6)


def test_a_city_with_few_rows_is_fitted_and_stays_near_its_levels_over_other_seeds(monkeypatch):
    # The small version of tests/validation/test_fit.py: few rows and futures, so wide bounds.
    monkeypatch.setattr(fitting, "TOLERANCE", 0.1)
    city = with_levels(load_city(TEMPLATE), homicide_rate=45.0, membership=0.06)
    before = compare(city, [], months=12, replications=12, seed=3, scale=0.1)
    assert {"homicide_rate", "membership"} <= set(off_levels(before))
    fit = fit_city(city, seeds=16, scale=0.1)
    assert fit.converged
    fitted = with_numbers(city, fit.numbers)
    after = compare(fitted, [], months=60, replications=10, seed=3, scale=0.1)
    assert after.level("baseline", "homicide_rate").mean == pytest.approx(45.0, rel=0.12)
    assert off_levels(after) == {}
    shocked = compare(fitted, [load_policy("truce")], months=12, replications=2, seed=3, scale=0.1, without=["contagion"])
    assert off_levels(shocked) == {}
