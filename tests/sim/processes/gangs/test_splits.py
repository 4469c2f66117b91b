"""A gang without cohesion breaks in two."""

import numpy as np
import pytest

from sim.processes.gangs.splits import split
from sim.processes.membership import enlist
from sim.processes.policy_delivery import look_around
from sim.state import FREE, LOOSE, NO_GANG, WEAK, copy_city


@pytest.fixture
def breaking(still, params, find):
    """The Lanterns with members in four places, no cohesion and no leader."""
    param, gang = params.gangs[0], still.gang[0]
    param.split_chance = 1e9
    param.split_size_threshold = 1.0
    gang.cohesion = 0.02
    gang.leader = 0
    for i in (4, 5, 7, 8):
        still.control[i] = 0.0
        still.control[i, 0] = 0.5
        for row in find(still, neighbourhood=i, gang=None, status=FREE)[:20]:
            enlist(still, row, 0, 0)
    look_around(still)
    return still


def test_a_gang_without_cohesion_breaks_in_two(breaking, params, seed, find, recount):
    everyone, control, splits = find(breaking, gang=0), breaking.control.copy(), breaking.city_state[0].splits
    split(breaking, params, seed, 0)
    assert breaking.city_state[0].splits == splits + 1
    new = int(np.flatnonzero(breaking.gang["founded"] == 0)[0])
    gang = breaking.gang[new]
    assert gang.alive == 1
    assert gang.organisation == breaking.gang[0].organisation
    assert gang.home != breaking.gang[0].home
    assert set(breaking.youth.gang[everyone]) == {0, new}
    assert set(breaking.youth.home[find(breaking, gang=new)]) <= {4, 5, 7}
    np.testing.assert_allclose(breaking.control[:, [0, new]].sum(axis=1), control[:, 0])
    np.testing.assert_allclose(breaking.control[gang.home, [0, new]], [0.2, 0.3])
    assert breaking.memory[0, new] == breaking.memory[new, 0] > 0
    assert breaking.rivalry[0, new] == 1
    counted = recount(breaking)
    np.testing.assert_array_equal(breaking.members, counted.members)
    np.testing.assert_array_equal(breaking.youth.gang_peers, counted.gang_peers)


@pytest.mark.parametrize("steadied", ["cohesion", "members", "elsewhere"])
def test_a_gang_that_holds_together_is_small_or_lives_in_one_place_stays_whole(breaking, params, seed, steadied):
    if steadied == "cohesion":
        breaking.gang[0].cohesion = params.gangs[0].split_cohesion_threshold
    elif steadied == "members":
        params.gangs[0].split_size_threshold = breaking.gang[0].members + 1
    else:
        breaking.residents[:8, 0] = 0.0
    alive = breaking.gang["alive"].sum()
    split(breaking, params, seed, 0)
    assert breaking.gang["alive"].sum() == alive


def test_money_splits_weak_gangs_and_no_others(breaking, params, seed):
    """E12: among weak gangs that are short of a leader as many more break as money has grown."""
    param = params.gangs[0]
    param.split_chance = 0.2
    before = breaking.city_state[0].splits

    def broken(organisation, money):
        times = 0
        for t in range(400):
            life = copy_city(breaking)
            life.gang[0].organisation = organisation
            life.gang[0].money_reference = 1.0
            life.gang[0].money = money
            life.city_state[0].gangs_at_start = life.gang["alive"].sum()
            split(life, params, seed, t)
            times += life.city_state[0].splits - before
        return times / 400

    assert broken(WEAK, 1.0) == broken(LOOSE, 1.0) == broken(LOOSE, 3.0) == pytest.approx(0.2, abs=0.06)
    assert broken(WEAK, 3.0) == pytest.approx(0.2 * 2.0**param.money_on_splits, abs=0.07)
    assert broken(WEAK, 0.2) == broken(WEAK, 1.0)


def test_the_half_that_leaves_an_ideological_group_is_one(breaking, params, seed):
    """E13."""
    breaking.gang[0].ideological = 1
    split(breaking, params, seed, 0)
    new = int(np.flatnonzero(breaking.gang["founded"] == 0)[0])
    assert breaking.gang[new].ideological == 1
    assert breaking.city_state[0].splits_now == 1


def test_where_no_slot_is_free_the_overflow_is_counted_and_nothing_breaks(breaking, params, seed):
    breaking.gang["alive"] = 1
    breaking.gang["cohesion"][1:] = 1.0
    before = breaking.city_state[0].overflow
    split(breaking, params, seed, 0)
    assert breaking.city_state[0].overflow == before + 1


def test_a_member_of_no_gang_is_never_relabelled(breaking, params, seed, find):
    outside = find(breaking, gang=None)
    split(breaking, params, seed, 0)
    assert (breaking.youth.gang[outside] == NO_GANG).all()
