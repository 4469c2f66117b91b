"""Good and bad years and the season: mean one, alike in every arm and at every scale, absent where they are off."""

import math

import numpy as np
import pytest

from sim.draws import YEARS_COMMON
from sim.outcomes import outcome_index
from sim.parameters import make_parameters
from sim.processes import years
from sim.processes.years import magnified, student
from sim.run import begin_city, run_arms
from sim.scenario import load_city, load_policy

WARM = load_city("sandbox").model_copy(update={"temperature_range": 28.0, "warmest_month": 7})
# What is driven has a mean of one; by default it is lower, so that killing, which answers it, keeps its mean.
MEAN_OF_ONE = {"years.response": 1.0}


def lived(months, seed=1, settings=None, city=WARM, scale=0.02, shares=(0.0, 0.0)):
    """The factors on disputes, on rivalry and of the season, month by month from month 0."""
    state, _ = begin_city(city, seed=seed, scale=scale, burn_in=1)
    state.city_state[0].driven_disputes, state.city_state[0].driven_rivalry = shares
    params = make_parameters(settings or {})
    found = []
    for t in range(months):
        years.update(state, params, np.uint64(seed), t)
        known = state.city_state[0]
        found.append((float(known.dispute_years), float(known.rivalry_years), float(known.season)))
    return np.array(found)


def test_the_first_month_is_as_the_file_has_it_and_the_burn_in_has_no_years():
    assert lived(1)[0, :2].tolist() == [1.0, 1.0]
    state, _ = begin_city(WARM, seed=1, scale=0.02, burn_in=1)
    years.update(state, make_parameters(), np.uint64(1), -5)
    assert (state.city_state[0].dispute_years, state.city_state[0].season) == (1.0, 1.0)


def test_years_do_not_depend_on_the_scale_and_differ_between_seeds():
    assert lived(30, scale=0.02).tolist() == lived(30, scale=0.2).tolist()
    assert abs(lived(30, seed=1)[:, 0] - lived(30, seed=2)[:, 0]).max() > 0.01


def test_a_month_follows_from_the_month_before_as_the_equation_says():
    param = make_parameters().years[0]
    kept = param.persistence ** (1 / 12)
    share = 1.0 - param.rivalry_share
    size = math.sqrt(share * param.innovation**2 * 36.0 / 289.0)
    driver, variance = 0.0, 0.0
    for t in range(1, 25):
        driver = kept * driver + size * student(np.uint64(7), YEARS_COMMON, t)
        variance = kept**2 * variance + size**2
    assert lived(25, seed=7)[24, 0] == pytest.approx(math.exp(driver - param.response * variance / 2))


def test_over_many_seeds_the_mean_is_one_and_yearly_changes_are_as_declared():
    months = np.array([lived(120, seed=seed, settings=MEAN_OF_ONE) for seed in range(1, 101)])
    for column in (0, 1):
        last = months[:, 108:, column].mean(axis=1)
        assert last.mean() == pytest.approx(1.0, abs=3 * last.std() / math.sqrt(len(last)))
    yearly = np.log(months[:, :, 1].reshape(len(months), 10, 12).mean(axis=2))
    changes = np.diff(yearly, axis=1)[:, 1:]
    assert math.sqrt((changes**2).mean()) == pytest.approx(make_parameters().years[0].innovation, rel=0.1)


@pytest.mark.parametrize(
    ("disputes", "rivalry"),
    [
        (0.5, 0.4),
        pytest.param(1.0, 0.0, marks=pytest.mark.validate),
        pytest.param(0.6, 0.2, marks=pytest.mark.validate),
    ],
)
def test_the_sum_of_all_killing_changes_from_year_to_year_as_declared(disputes, rivalry):
    def total(seed):
        found = lived(120, seed=seed, settings=MEAN_OF_ONE, shares=(disputes, rivalry))
        return 1.0 - disputes - rivalry + disputes * found[:, 0] + rivalry * found[:, 1]

    months = np.array([total(seed) for seed in range(1, 101)])
    last = months[:, 108:].mean(axis=1)
    assert last.mean() == pytest.approx(1.0, abs=3 * last.std() / math.sqrt(len(last)))
    changes = np.diff(np.log(months.reshape(len(months), 10, 12).mean(axis=2)), axis=1)[:, 1:]
    assert math.sqrt((changes**2).mean()) == pytest.approx(make_parameters().years[0].innovation, rel=0.1)


def test_a_city_in_which_little_is_driven_is_not_driven_beyond_a_limit():
    param = make_parameters().years[0]
    assert magnified(param, 0.01, 0.0) == param.magnification_limit
    assert magnified(param, 0.0, 0.0) == 1.0
    assert magnified(param, 0.0, 1.0) == pytest.approx(1.0)


def test_the_shares_that_are_driven_are_those_of_the_settled_city():
    state, _ = begin_city(load_city("sandbox"), seed=1, scale=1.0)
    known, levels = state.city_state[0], load_city("sandbox").levels
    # Gangs commit .45, a part of it by their own hand, which no year moves.
    assert 0.6 * levels.gang_share < known.driven_rivalry < levels.gang_share
    assert 0.3 < known.driven_disputes < 1.0 - levels.gang_share


def test_students_numbers_have_variance_one_and_heavier_tails_than_normal_ones():
    drawn = np.array([student(np.uint64(1), YEARS_COMMON, t) for t in range(20_000)])
    assert drawn.mean() == pytest.approx(0.0, abs=0.03)
    assert drawn.var() == pytest.approx(1.0, rel=0.05)
    # Beyond 4 a normal number lies once in 16 000.
    assert 20 < (abs(drawn) > 4).sum() < 200


def test_the_season_has_mean_one_its_height_in_the_warmest_month_and_the_ratio_of_the_evidence():
    season = lived(24)[:, 2]
    assert season[:12].mean() == pytest.approx(1.0)
    assert season[12:] == pytest.approx(season[:12])
    assert season.argmax() == 6
    # Nine tenths of Chicago's killings happen in public.
    july, february = (0.1 + 0.9 * season[month] for month in (6, 1))
    assert 1.6 < july / february < 2.4
    near_the_equator = lived(12, city=WARM.model_copy(update={"temperature_range": 4.0}))[:, 2]
    assert near_the_equator.max() / near_the_equator.min() < 1.2


def test_the_season_follows_the_calendar_of_a_city_that_begins_later_in_the_year():
    later = WARM.model_copy(update={"begins": "2027-07"})
    assert lived(12, city=later)[:, 2].argmax() == 0


def test_without_a_range_of_temperature_there_is_no_season_bit_for_bit():
    assert set(lived(12, city=load_city("sandbox"))[:, 2].tolist()) == {1.0}


def test_off_equals_absent_bit_for_bit():
    asked = {"seed": 5, "months": 12, "scale": 0.1}
    (off,) = run_arms(WARM, [load_policy("baseline")], without=("years", "season"), **asked)
    (plain,) = run_arms(load_city("sandbox"), [load_policy("baseline")], without=("years",), **asked)
    (on,) = run_arms(WARM, [load_policy("baseline")], **asked)
    assert off.city_monthly.tobytes() == plain.city_monthly.tobytes()
    assert on.city_monthly.tobytes() != off.city_monthly.tobytes()


@pytest.mark.validate
def test_what_a_policy_does_in_a_year_hardly_depends_on_the_years():
    policies = [load_policy("baseline"), load_policy("all_four")]
    column = outcome_index("homicide_rate")

    def effects(without):
        found = []
        for seed in range(1, 49):
            before, after = run_arms(WARM, policies, seed=seed, months=12, scale=0.2, without=without)
            found.append(np.log(after.city_monthly[:, column].mean() / before.city_monthly[:, column].mean()))
        return np.array(found)

    # A season adds luck of its own: which months' killings are answered.
    apart = effects(("season",)) - effects(("years", "season"))
    assert apart.mean() == pytest.approx(0.0, abs=0.03)
    assert apart.std() < 0.06
