"""The first month: everyone is given a life, and some a gang."""

import numpy as np
import pytest

from sim.build import build, city_parameters
from sim.processes.initialise import initialise
from sim.state import FREE, NO_GANG


@pytest.fixture(scope="module")
def begun(sandbox, seed):
    params = city_parameters(sandbox)
    city = build(sandbox, params, 7, 0.2, -24)
    initialise(city, params, seed, -24)
    return city


def ages(city, t=-24):
    return (120 + (t - city.youth.phase.astype(int)) % 240) / 12


def test_the_city_begins_with_its_documented_membership(begun, sandbox):
    weights = begun.neighbourhood["weight"][begun.youth.home]
    share = np.average(begun.youth.gang != NO_GANG, weights=weights)
    assert share == pytest.approx(sandbox.levels.membership, rel=0.25)


def test_the_first_members_are_males_of_fifteen_to_twenty_five(begun):
    members = begun.youth.gang != NO_GANG
    assert (begun.youth.female[members] == 0).all()
    assert ages(begun)[members].min() >= 15
    assert ages(begun)[members].max() < 25
    assert (begun.youth.joined[members] <= -24).all()


def test_they_belong_to_gangs_that_hold_their_neighbourhood(begun):
    members = begun.youth.gang != NO_GANG
    assert (begun.control[begun.youth.home[members], begun.youth.gang[members]] > 0).all()


def test_everyone_begins_free_and_is_counted(begun, recount):
    assert (begun.youth.status == FREE).all()
    counted = recount(begun)
    np.testing.assert_array_equal(begun.members, counted.members)
    np.testing.assert_array_equal(begun.youth.gang_peers, counted.gang_peers)


def test_children_begin_at_school(begun):
    assert (begun.youth.activity[ages(begun) < 18] == 0).all()
    assert set(begun.youth.activity) == {0, 1, 2, 3}
