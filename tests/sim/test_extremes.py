"""No outcome leaves its range: 2 640 scenarios that hold every end, and a hundred years of the worst.

All twenty thousand are lived through by tests/validation/test_extremes.py.
"""

import extremes
import numpy as np
import pytest
from extremes import (
    MONTHS,
    NOTHING,
    QUICK,
    SANDBOX,
    SCALE,
    Scenario,
    live,
    live_all,
    long_ones,
    radius_of_answers,
    scenario,
    with_places,
)

from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import PARAMETERS
from sim.run import begin_city, run_arms
from sim.state import FREE

UNITS_OF_PEOPLE = ("per 100 000", "people", "killings", "million", "gangs")
# What is told of an area but is not of its residents: complaints of contacts with police, and the work of all detectives.
NOT_OF_RESIDENTS = ("complaints", "cases_per_investigator")
AREAS = len(SANDBOX.neighbourhoods)
LEAST_ROWS = 0.008
HIGHEST = {each.name: each.high for each in PARAMETERS}


def test_the_quick_scenarios_hold_every_end():
    about = [scenario(number).about for number in range(QUICK)]
    ends = [f"{each.name} at {value:g}" for each in PARAMETERS for value in (each.low, each.high)]
    assert set(ends) <= set(about)
    for told in ("all parameters low", "all measures", "all shocks", "nobody lives in Elmuth", "Elmuth is an island"):
        assert told in about
    assert about.count("at random") > 100
    assert len(set(about)) > 1_300


def test_no_outcome_leaves_its_range():
    faults = live_all(range(QUICK))
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])


@pytest.mark.parametrize("settings", [{}, HIGHEST], ids=["as declared", "all parameters high"])
@pytest.mark.parametrize("lasting", [pytest.param(each, id=each[0]) for each in long_ones()])
def test_a_hundred_years_of_the_worst_stay_possible(lasting, settings):
    about, city, policy, shocks = lasting
    each = Scenario(1, about, city, policy, shocks, settings, LEAST_ROWS)
    assert live(each, last=1_200) == []


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.1])
def test_what_is_wrong_is_seen(value, monkeypatch):
    fear = outcome_index("fear")

    def wrong(state, params, seed, first, last, monthly, yearly):
        monthly[first, fear] = value

    monkeypatch.setattr("extremes.months", wrong)
    (told, *_) = live(Scenario(3, "a trial", SANDBOX, NOTHING, (), {}, SCALE))
    assert told == f"scenario 3 (a trial): fear is {np.float32(value):g} in the city (row 0)"


def test_answers_without_a_bound_are_seen(city, params):
    param = params.homicide[0]
    assert 0.0 < radius_of_answers(city, params) <= 0.9
    param.retaliation_ratio, param.retaliation_limit = 3.0, 3.0
    assert radius_of_answers(city, params) > 1.0


def test_who_is_made_to_live_again_or_is_lost_is_seen(monkeypatch):
    real = extremes.months

    def wrong(state, params, seed, first, last, monthly, yearly):
        real(state, params, seed, first, last, monthly, yearly)
        if first == 7:
            state.youth.status[:] = FREE
            state.neighbourhood["killed_youths"][0] += 40.0

    monkeypatch.setattr("extremes.months", wrong)
    found = live(Scenario(3, "a trial", SANDBOX, NOTHING, (), {}, 0.2))
    assert any("lives again in month 7" in each for each in found)
    assert any("not conserved to the last in month 7" in each for each in found)


def with_a_park():
    """The sandbox with a tenth area, in which nobody lives, beside the first and the fifth."""
    beside = ("Aldoo", "Elmuth")
    places = tuple(
        each.model_copy(update={"adjacent": (*each.adjacent, "Park")}) if each.name in beside else each
        for each in SANDBOX.neighbourhoods
    )
    park = places[0].model_copy(
        update={"name": "Park", "population": 0, "adjacent": beside, "tile": (9, 9), "poverty": 1.0, "minority": 1.0}
    )
    return SANDBOX.model_copy(update={"neighbourhoods": (*places, park)})


def run_of(city, policies):
    return run_arms(city, policies, seed=5, months=MONTHS, scale=SCALE)


def test_an_area_where_nobody_lives_changes_nothing_elsewhere_and_costs_nothing():
    policies = [NOTHING, scenario_policy("all measures")]
    for plain, park in zip(run_of(SANDBOX, policies), run_of(with_a_park(), policies), strict=True):
        np.testing.assert_array_equal(park.city_monthly, plain.city_monthly)
        np.testing.assert_array_equal(park.place_yearly[:, :AREAS], plain.place_yearly)


def scenario_policy(about):
    return next(each.policy for each in map(scenario, range(QUICK)) if each.about == about)


def test_nothing_happens_where_nobody_lives():
    everything = scenario_policy("all measures")
    (result,) = run_of(with_a_park(), [everything])
    park = result.place_yearly[:, AREAS]
    for column, outcome in enumerate(OUTCOMES):
        if outcome.unit.startswith(UNITS_OF_PEOPLE) and outcome.name not in NOT_OF_RESIDENTS:
            assert (park[:, column] == 0).all(), outcome.name
    assert np.isfinite(park).all()


def test_an_island_hears_nothing_of_its_neighbours():
    city = with_places(adjacent=[()] + [each.adjacent for each in SANDBOX.neighbourhoods[1:]])
    state, _ = begin_city(city, seed=1, scale=SCALE, burn_in=24)
    assert (
        state.neighbourhood[0]["near_violence"]
        == state.neighbourhood[0]["near_patrol"]
        == state.neighbourhood[0]["near_district"]
        == 0
    )
    assert (state.near[0] == 0).all()
    assert state.neighbourhood[0]["violence"] > 0
