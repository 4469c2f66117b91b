"""Two thin gangs that are tied by prison become one."""

import numpy as np

from sim.processes.gangs.mergers import merge
from sim.processes.membership import enlist, imprison, quit_gang
from sim.processes.policy_delivery import look_around
from sim.state import FREE


def test_two_thin_gangs_with_members_inside_become_one(still, params, seed, find, recount):
    param = params.gangs[0]
    param.merge_chance = 1e9
    for k in range(still.gang.size):
        for row in find(still, gang=k):
            quit_gang(still, row)
        still.gang[k].alive = int(k < 3)
    loners = find(still, gang=None, status=FREE)
    for row in loners[:100]:
        enlist(still, row, 2, 0)
    for k in (0, 1):
        for row in loners[100 + 10 * k : 103 + 10 * k]:
            enlist(still, row, k, 0)
        imprison(still, loners[100 + 10 * k], 90)
    still.memory[:] = 0.0
    look_around(still)
    control = still.control[:, :2].sum(axis=1)
    merges = still.city_state[0].merges
    merge(still, params, seed, 0)
    assert still.city_state[0].merges == merges + 1
    assert still.gang["alive"][:3].tolist() == [1, 0, 1]
    assert find(still, gang=1).size == 0
    assert find(still, gang=0).size == 6
    np.testing.assert_allclose(still.control[:, 0], control)
    assert not still.control[:, 1].any()
    assert not still.homes[:, 1].any()
    counted = recount(still)
    np.testing.assert_array_equal(still.members, counted.members)
    np.testing.assert_array_equal(still.inmates, counted.inmates)


def test_fresh_blood_rules_out_a_merger(still, params, seed):
    params.gangs[0].merge_chance = 1e9
    params.gangs[0].merge_size_threshold = 1e6
    still.gang["inmates"] = 1.0
    still.memory[:] = 1e3
    alive = still.gang["alive"].sum()
    merge(still, params, seed, 0)
    assert still.gang["alive"].sum() == alive
