"""Who joins in a month, which group they join, and how recruits are written down."""

import math

import numpy as np
import pytest

from sim.processes.membership import quit_gang
from sim.processes.policy_delivery import look_around
from sim.processes.recruitment import _join
from sim.processes.recruitment import update as update_recruitment
from sim.state import FREE, NO_GANG, PRISON, copy_city


def test_where_no_gang_is_nobody_can_join(forced, params, seed, find):
    forced.control[0] = 0.0
    forced.neighbourhood[0].controlled = 0.0
    members = find(forced, neighbourhood=0, gang="any").size
    update_recruitment(forced, params, seed, 0)
    assert find(forced, neighbourhood=0, gang="any").size <= members
    assert forced.neighbourhood[0].recruits == 0


def test_recruits_are_written_down_as_residents_and_children_marked(forced, params, seed, find, recount):
    outside = find(forced, neighbourhood=8, gang=None)
    update_recruitment(forced, params, seed, 0)
    joined = outside[forced.youth.gang[outside] != NO_GANG]
    assert joined.size > 0.5 * outside.size
    neighbourhood = forced.neighbourhood[8]
    assert neighbourhood.recruits == pytest.approx(joined.size * neighbourhood.weight)
    children = forced.youth.recruited_as_child[joined] == 1
    assert neighbourhood.recruits_under_18 == pytest.approx(children.sum() * neighbourhood.weight)
    assert 0.2 < children.mean() < 0.6
    assert (forced.youth.joined[joined] == 0).all()
    counted = recount(forced)
    np.testing.assert_array_equal(forced.members, counted.members)
    np.testing.assert_array_equal(forced.youth.gang_peers, counted.gang_peers)


def test_prisoners_do_not_join_here(forced, params, seed, find):
    forced.youth.status[:] = PRISON
    outside = find(forced, gang=None)
    update_recruitment(forced, params, seed, 0)
    assert (forced.youth.gang[outside] == NO_GANG).all()


def test_between_two_gangs_recruits_go_by_control_and_by_need(at_rest, params, seed, find):
    param = params.recruitment[0]
    rows = find(at_rest, neighbourhood=8, gang=None, status=FREE)
    at_rest.control[8] = 0.0
    at_rest.control[8, :2] = 0.3, 0.1

    def share_of_the_first(need):
        at_rest.gang["demand"][:2] = 0.0, need
        chosen = []
        for t in range(12):
            for row in rows:
                _join(at_rest, params, seed, t, row, 8)
                chosen.append(at_rest.youth.gang[row])
                owed = at_rest.owed.copy()
                quit_gang(at_rest, row)
                at_rest.owed[:] = owed
        assert set(chosen) == {0, 1}
        return np.mean(np.array(chosen) == 0)

    weight = 3.0**param.control_on_choice
    assert share_of_the_first(0.0) == pytest.approx(weight / (weight + 1.0), abs=0.06)
    assert share_of_the_first(math.log(weight) / param.demand_on_choice) == pytest.approx(0.5, abs=0.06)


def test_ideas_decide_which_group_a_recruit_joins(faithful, params, seed, find):
    """E13."""
    param = params.recruitment[0]
    rows = find(faithful, neighbourhood=8, gang=None, status=FREE)
    weight = 3.0**param.control_on_choice

    def share_of_the_faithful(pushed):
        faithful.levers["flow_ideas"] = pushed
        chosen = []
        for t in range(12):
            for row in rows:
                _join(faithful, params, seed, t, row, 8)
                chosen.append(faithful.youth.gang[row])
                owed = faithful.owed.copy()
                quit_gang(faithful, row)
                faithful.owed[:] = owed
        return np.mean(np.array(chosen) == 1)

    assert share_of_the_faithful(0.0) == pytest.approx(1.0 / (weight + 1.0), abs=0.06)
    assert share_of_the_faithful(math.log(weight) / param.ideas_on_choice) == pytest.approx(0.5, abs=0.06)


def test_who_would_join_in_a_calmer_place_joins_in_a_worse_one(at_rest, params, seed, find):
    """Pairing: the same luck against a higher chance."""
    params.recruitment[0].joining_intercept = -1.0
    params.recruitment[0].joining_limit = 1.0
    worse = copy_city(at_rest)
    worse.neighbourhood["jobs"] = 0.6
    outside = find(at_rest, gang=None, status=FREE)
    for each in (at_rest, worse):
        look_around(each)
        update_recruitment(each, params, seed, 0)
    fewer, more = (each.youth.gang[outside] != NO_GANG for each in (at_rest, worse))
    assert more[fewer].all()
    assert more.sum() > fewer.sum() > 0
