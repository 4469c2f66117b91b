"""Grievance, segregation and a spark divide neighbourhoods along group lines, and old divisions heal (E33)."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.identity import communal_killing, divide
from sim.state import copy_city

GRIEVANCE, SEGREGATION, EDGE, SPARK = 0.5, 0.6, 0.4, 0.7


@pytest.fixture
def aggrieved(at_rest):
    """A segregated and aggrieved city in which groups meet at Ixley and Hobbix."""
    at_rest.town[0].grievance = GRIEVANCE
    at_rest.town[0].segregation = SEGREGATION
    at_rest.place["edge"] = 0.0
    at_rest.place["edge"][7:] = EDGE
    return at_rest


@pytest.fixture
def sparked(aggrieved, rates, seed):
    def after(change=lambda city: None, months=1):
        city = copy_city(aggrieved)
        city.levers["contested_election"][8] = SPARK
        change(city)
        for t in range(months):
            divide(city, rates, seed, t)
        return city

    return after


def test_a_spark_divides_where_groups_meet_by_the_equation(sparked, rates):
    fresh = rates.identity[0].spark_divides * SPARK * GRIEVANCE * SEGREGATION * EDGE
    assert sparked().place[8].divided == pytest.approx(fresh)
    assert sparked().place[7].divided == 0.0, "no spark"
    assert not sparked(lambda city: city.place["edge"].fill(0.0)).place["divided"].any(), "nobody meets"


@pytest.mark.parametrize("missing", ["grievance", "segregation"])
def test_diversity_without_grievance_or_without_segregation_divides_nobody(sparked, rates, missing):
    city = sparked(lambda city: city.town[missing].fill(0.0))
    assert not city.place["divided"].any()
    assert communal_killing(city, rates, 8) == 0.0


def test_what_is_divided_already_is_divided_less_anew(sparked, rates):
    rate = rates.identity[0]
    fresh = rate.spark_divides * SPARK * GRIEVANCE * SEGREGATION * EDGE
    city = sparked(lambda city: city.place["divided"].fill(0.5))
    assert city.place[8].divided == pytest.approx(0.5 + fresh * 0.5 - 0.5 / rate.divided_months)


def test_without_a_spark_old_divisions_heal_over_years(sparked, rates):
    def calm(city):
        city.levers["contested_election"] = 0.0
        city.place["divided"] = 0.8

    city = sparked(calm, months=36)
    np.testing.assert_allclose(city.place["divided"], 0.8 * (1 - 1 / rates.identity[0].divided_months) ** 36)


def test_killing_along_group_lines_by_hand(sparked, rates):
    rate = rates.identity[0]
    city = sparked()
    place = city.place[8]
    stirred = SPARK + rate.divided_kills * place.divided
    expected = rate.communal * place.population * EDGE * GRIEVANCE * SEGREGATION * stirred
    assert communal_killing(city, rates, 8) == pytest.approx(expected)
    assert communal_killing(city, rates, 0) == 0.0


def test_in_a_divided_place_killing_goes_on_after_the_spark(sparked, rates):
    rate = rates.identity[0]
    city = sparked(months=3)
    during = communal_killing(city, rates, 8)
    city.levers["contested_election"] = 0.0
    after = communal_killing(city, rates, 8)
    assert after / during == pytest.approx(
        rate.divided_kills * city.place[8].divided / (SPARK + rate.divided_kills * city.place[8].divided)
    )
    assert 0 < after < 0.1 * during


def test_a_city_of_one_group_has_no_lines(sandbox, at_rest, rates, seed):
    assert {each.minority for each in sandbox.neighbourhoods} == {0.0}
    assert at_rest.town[0].segregation == 0.0
    assert not at_rest.place["edge"].any()
    at_rest.levers["contested_election"] = 1.0
    divide(at_rest, rates, seed, 0)
    assert not at_rest.place["divided"].any()


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
    aggrieved, rates, seed, spark, grievance, segregation, edge, divided, months
):
    city = copy_city(aggrieved)
    rates.identity[0].spark_divides = 6.0
    rates.identity[0].divided_months = 12.0
    city.town[0].grievance = grievance
    city.town[0].segregation = segregation
    city.place["edge"] = edge
    city.place["divided"] = divided
    city.levers["contested_election"] = spark
    for t in range(months):
        divide(city, rates, seed, t)
        assert ((city.place["divided"] >= 0) & (city.place["divided"] <= 1)).all()
        assert math.isfinite(communal_killing(city, rates, 0))
