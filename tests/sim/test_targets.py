"""Neighbourhoods beyond a value: from the city file before anything begins, from an outcome in the month of the start."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.levers import enforce
from sim.outcomes import outcome_index
from sim.processes.policy_delivery import set_levers
from sim.scenario import MeasureUse, Policy, Target
from sim.scenario.target import ATTRIBUTES
from sim.targets import INDICATORS, places_known, places_within

ANY = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def test_every_figure_that_a_target_may_name_is_known(city, sandbox):
    for name in set(ATTRIBUTES) - {"density"}:
        everywhere = places_known(Target(of=name, above=-1.0), city, sandbox)
        np.testing.assert_array_equal(everywhere, 1.0)
        np.testing.assert_array_equal(places_known(Target(of=name, below=-1.0), city, sandbox), 0.0)


@ANY
@given(low=st.floats(0.0, 1.0), high=st.floats(0.0, 1.0))
def test_a_figure_of_the_file_is_held_against_both_bounds(city, sandbox, low, high):
    if not low < high:
        return
    found = places_known(Target(of="poverty", above=low, below=high), city, sandbox)
    np.testing.assert_array_equal(found, [float(low < each.poverty < high) for each in sandbox.neighbourhoods])


def test_what_the_file_leaves_out_is_as_it_was_derived(city, sandbox):
    middle = float(np.median(city.neighbourhood["services"]))
    informal = float(np.median(city.neighbourhood["informality"]))
    assert middle != informal
    found = places_known(Target(of="informality", above=informal), city, sandbox)
    np.testing.assert_array_equal(found, city.neighbourhood["informality"] > informal)


def begun(city, sandbox, params, seed, where, t):
    use = MeasureUse(measure="P-E2", where=where, start=t + 1)
    forced = enforce(city, sandbox, Policy(name="trial", title="Trial", about="", measures=(use,)), (), params)
    for month in range(t + 1):
        forced.outcome_values[:, outcome_index("homicide_rate")] = month + np.arange(city.neighbourhood.size)
        set_levers(forced, params, seed, month)
    return forced


@pytest.mark.parametrize("t", [0, 5])
def test_an_outcome_is_looked_at_in_the_month_of_the_start_and_never_again(city, sandbox, params, seed, t):
    where = Target(of="homicide_rate", above=t + 2.0, below=t + 6.0, cover=0.5)
    forced = begun(city, sandbox, params, seed, where, t)
    np.testing.assert_array_equal(forced.where[0], [0, 0, 0, 0.5, 0.5, 0.5, 0, 0, 0])
    forced.outcome_values[:, outcome_index("homicide_rate")] = 0.0
    set_levers(forced, params, seed, t + 1)
    assert forced.where[0].sum() == 1.5


def test_nobody_is_treated_where_nobody_lives(city, sandbox, params, seed):
    city.neighbourhood[4].population = 0.0
    forced = begun(city, sandbox, params, seed, Target(of="homicide_rate", above=2.0, below=6.0), 0)
    np.testing.assert_array_equal(np.flatnonzero(forced.where[0]), [3, 5])


def test_the_places_of_a_claim_are_those_of_a_measure(city, sandbox):
    column = outcome_index("fear")
    middle = float(np.median(city.outcome_values[:, column]))
    inside = places_within(Target(of="fear", above=middle), city, sandbox)
    np.testing.assert_array_equal(inside, city.outcome_values[:, column] > middle)
    with pytest.raises(KeyError):
        places_within(Target(all=True), city, sandbox)


def test_indicators_are_numbered_as_the_schema_lists_them():
    from typing import get_args

    from sim.scenario import Indicator

    assert get_args(Indicator) == INDICATORS
