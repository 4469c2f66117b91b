"""Grievance, segregation and a spark divide neighbourhoods along group lines, and old divisions heal (E33)."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.group_conflict import communal_killing
from sim.processes.group_conflict import update as update_group_conflict
from sim.state import copy_city

GRIEVANCE, SEGREGATION, EDGE, SPARK = 0.5, 0.6, 0.4, 0.7


@pytest.fixture
def aggrieved(at_rest):
    """A segregated and aggrieved city in which groups meet at Ixley and Hobbix."""
    at_rest.city_state[0].grievance = GRIEVANCE
    at_rest.city_state[0].segregation = SEGREGATION
    at_rest.neighbourhood["edge"] = 0.0
    at_rest.neighbourhood["edge"][7:] = EDGE
    return at_rest


@pytest.fixture
def sparked(aggrieved, params, seed):
    def after(change=lambda city: None, months=1):
        city = copy_city(aggrieved)
        city.levers["contested_election"][8] = SPARK
        change(city)
        for t in range(months):
            update_group_conflict(city, params, seed, t)
        return city

    return after


def test_a_spark_divides_where_groups_meet_by_the_equation(sparked, params):
    fresh = params.group_conflict[0].spark_on_division * SPARK * GRIEVANCE * SEGREGATION * EDGE
    assert sparked().neighbourhood[8].divided == pytest.approx(fresh)
    assert sparked().neighbourhood[7].divided == 0.0, "no spark"
    assert not sparked(lambda city: city.neighbourhood["edge"].fill(0.0)).neighbourhood["divided"].any(), "nobody meets"


@pytest.mark.parametrize("missing", ["grievance", "segregation"])
def test_diversity_without_grievance_or_without_segregation_divides_nobody(sparked, params, missing):
    city = sparked(lambda city: city.city_state[missing].fill(0.0))
    assert not city.neighbourhood["divided"].any()
    assert communal_killing(city, params, 8) == 0.0


def test_what_is_divided_already_is_divided_less_anew(sparked, params):
    param = params.group_conflict[0]
    fresh = param.spark_on_division * SPARK * GRIEVANCE * SEGREGATION * EDGE
    city = sparked(lambda city: city.neighbourhood["divided"].fill(0.5))
    assert city.neighbourhood[8].divided == pytest.approx(0.5 + fresh * 0.5 - 0.5 / param.division_months)


def test_without_a_spark_old_divisions_heal_over_years(sparked, params):
    def calm(city):
        city.levers["contested_election"] = 0.0
        city.neighbourhood["divided"] = 0.8

    city = sparked(calm, months=36)
    np.testing.assert_allclose(city.neighbourhood["divided"], 0.8 * (1 - 1 / params.group_conflict[0].division_months) ** 36)


def test_killing_along_group_lines_by_hand(sparked, params):
    param = params.group_conflict[0]
    city = sparked()
    neighbourhood = city.neighbourhood[8]
    stirred = SPARK + param.division_on_killings * neighbourhood.divided
    expected = param.communal_killing_rate * neighbourhood.population * EDGE * GRIEVANCE * SEGREGATION * stirred
    assert communal_killing(city, params, 8) == pytest.approx(expected)
    assert communal_killing(city, params, 0) == 0.0


def test_in_a_divided_place_killing_goes_on_after_the_spark(sparked, params):
    param = params.group_conflict[0]
    city = sparked(months=3)
    during = communal_killing(city, params, 8)
    city.levers["contested_election"] = 0.0
    after = communal_killing(city, params, 8)
    assert after / during == pytest.approx(
        param.division_on_killings
        * city.neighbourhood[8].divided
        / (SPARK + param.division_on_killings * city.neighbourhood[8].divided)
    )
    assert 0 < after < 0.1 * during


def test_a_city_of_one_group_has_no_lines(sandbox, at_rest, params, seed):
    assert {each.minority for each in sandbox.neighbourhoods} == {0.0}
    assert at_rest.city_state[0].segregation == 0.0
    assert not at_rest.neighbourhood["edge"].any()
    at_rest.levers["contested_election"] = 1.0
    update_group_conflict(at_rest, params, seed, 0)
    assert not at_rest.neighbourhood["divided"].any()


@settings(max_examples=100, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    spark=st.floats(0.0, 1.0),
    grievance=st.floats(0.0, 1.0),
    segregation=st.floats(0.0, 1.0),
    edge=st.floats(0.0, 1.0),
    divided=st.floats(0.0, 1.0),
    months=st.integers(1, 12),
)
def test_division_stays_a_share_whatever_happens(
    aggrieved, params, seed, spark, grievance, segregation, edge, divided, months
):
    city = copy_city(aggrieved)
    params.group_conflict[0].spark_on_division = 6.0
    params.group_conflict[0].division_months = 12.0
    city.city_state[0].grievance = grievance
    city.city_state[0].segregation = segregation
    city.neighbourhood["edge"] = edge
    city.neighbourhood["divided"] = divided
    city.levers["contested_election"] = spark
    for t in range(months):
        update_group_conflict(city, params, seed, t)
        assert ((city.neighbourhood["divided"] >= 0) & (city.neighbourhood["divided"] <= 1)).all()
        assert math.isfinite(communal_killing(city, params, 0))
