"""Gangs without people end, and new ones are born where the state is absent."""

import numpy as np

from sim.processes.gangs.births import be_born_and_end
from sim.processes.membership import quit_gang
from sim.state import FREE, LOOSE


def test_a_gang_long_without_people_ends_and_leaves_nothing(still, params, seed, find):
    params.gangs[0].birth_chance = 0.0
    for row in find(still, gang=2):
        quit_gang(still, row)
    ends = still.city_state[0].ends
    be_born_and_end(still, params, seed, 0)
    assert still.gang[2].alive == 0
    assert not still.control[:, 2].any()
    assert not still.homes[:, 2].any()
    assert still.city_state[0].ends == ends + 1


def test_a_group_is_born_where_the_state_is_absent_and_nobody_holds_the_place(still, params, seed, find, recount):
    """E08."""
    params.gangs[0].birth_chance = 1.0
    still.city_state[0].gangs_at_start = still.gang["alive"].sum() + 1
    still.neighbourhood["state_legitimacy"] = 0.9
    still.neighbourhood[6].state_legitimacy = 0.01
    still.neighbourhood["controlled"] = 0.9
    still.neighbourhood[6].controlled = 0.0
    eligible = find(still, neighbourhood=6, gang=None)
    still.youth.status[eligible] = FREE
    still.youth.female[eligible] = 0
    params.gangs[0].founding_members = 100.0
    births = still.city_state[0].births
    be_born_and_end(still, params, seed, 50)
    assert still.city_state[0].births == births + 1
    new = int(np.flatnonzero((still.gang["founded"] == 50) & (still.gang["alive"] == 1))[0])
    assert still.gang[new].home == 6
    assert still.gang[new].organisation == LOOSE
    founders = find(still, gang=new)
    assert founders.size > 0
    assert (still.youth.home[founders] == 6).all()
    assert (still.youth.female[founders] == 0).all()
    counted = recount(still)
    np.testing.assert_array_equal(still.members, counted.members)


def test_a_city_with_all_its_gangs_has_no_births(still, params, seed):
    params.gangs[0].birth_chance = 1.0
    still.city_state[0].gangs_at_start = 0
    births = still.city_state[0].births
    be_born_and_end(still, params, seed, 0)
    assert still.city_state[0].births == births
