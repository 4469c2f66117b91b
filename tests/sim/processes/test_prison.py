"""Who is released, and who joins a gang inside (E14)."""

import numpy as np
import pytest

from sim.processes.justice import _keep
from sim.processes.justice import update as update_justice
from sim.processes.membership import enlist, imprison, quit_gang
from sim.processes.policy_delivery import look_around
from sim.state import DEAD, FREE, NO_GANG, PRISON, copy_city


def keep(city, params, seed, t):
    inmates = city.gang["inmates"][city.gang["alive"] == 1].sum()
    for i in range(9):
        _keep(city, params, seed, t, i, inmates, 1.0)


def test_who_has_served_is_released_with_a_record_that_month(at_rest, params, seed, find, recount):
    row = int(find(at_rest, gang=None, status=FREE)[0])
    params.justice[0].prison_joining_chance = 0.0
    imprison(at_rest, row, 9)
    keep(at_rest, params, seed, 8)
    assert at_rest.youth.status[row] == PRISON
    keep(at_rest, params, seed, 9)
    assert at_rest.youth.status[row] == FREE
    assert at_rest.youth.record[row] == 1
    np.testing.assert_array_equal(at_rest.inmates, recount(at_rest).inmates)


@pytest.fixture
def crowded(at_rest, params, find):
    """Many in prison: members of two gangs, three to one, and a hundred who belong to none."""
    params.justice[0].prison_joining_chance = 1.0
    for row in find(at_rest, gang="any"):
        quit_gang(at_rest, row)
    rows = find(at_rest, gang=None, status=FREE)
    for row in rows[:300:2]:
        imprison(at_rest, row, 400)
    for n, row in enumerate(rows[:80:2]):
        enlist(at_rest, row, int(n % 4 == 0), 0)
    look_around(at_rest)
    return at_rest


def test_prison_gangs_recruit_by_their_share_inside(crowded, params, seed, find, recount):
    """E14."""
    loners = find(crowded, gang=None, status=PRISON)
    params.justice[0].prison_joining_chance = 0.5
    keep(crowded, params, seed, 1)
    joined = loners[crowded.youth.gang[loners] != NO_GANG]
    assert joined.size / loners.size == pytest.approx(0.5, abs=0.15)
    weights = crowded.neighbourhood["weight"]
    inside = crowded.gang["inmates"][:2] / crowded.gang["inmates"].sum()
    assert np.mean(crowded.youth.gang[joined] == 0) == pytest.approx(inside[0], abs=0.15)
    assert weights.min() > 0
    np.testing.assert_array_equal(crowded.inmates, recount(crowded).inmates)


def test_nobody_joins_a_gang_in_prison_when_none_is_inside(at_rest, params, seed, find):
    for row in find(at_rest, gang="any"):
        quit_gang(at_rest, row)
    for row in find(at_rest, gang=None, status=FREE)[:50]:
        imprison(at_rest, row, 400)
    params.justice[0].prison_joining_chance = 1.0
    look_around(at_rest)
    update_justice(at_rest, params, seed, 1)
    assert find(at_rest, gang="any", status=PRISON).size == 0


def test_nobody_joins_a_gang_that_ended_this_month(crowded, params, seed, find):
    """Gangs merge and end before the prisons recruit, who still read the month's first count of inmates."""
    for row in find(crowded, gang=1):
        quit_gang(crowded, row)
    crowded.gang[1].alive = 0
    assert crowded.gang[1].inmates > 0
    update_justice(crowded, params, seed, 1)
    assert find(crowded, gang=1).size == 0


def test_crowding_feeds_prison_gangs_up_to_three_times(crowded, params, seed, find):
    params.justice[0].prison_joining_chance = 0.1
    params.justice[0].arrest_rate_members = params.justice[0].arrest_rate_others = 0.0
    joined = []
    for crowding in (0.5, 1.0, 2.0, 3.0, 50.0):
        life = copy_city(crowded)
        life.city_state[0].prison_places = 100.0
        life.city_state[0].prisoners = 100.0 * crowding
        loners = find(life, gang=None, status=PRISON)
        update_justice(life, params, seed, 1)
        joined.append((life.youth.gang[loners] != NO_GANG).sum())
    assert joined[0] == joined[1] < joined[2] < joined[3] == joined[4]


def test_recruits_inside_are_written_down_as_recruits(crowded, params, seed, find):
    loners = find(crowded, gang=None, status=PRISON)
    crowded.neighbourhood["recruits"] = 0.0
    params.justice[0].prison_joining_chance = 0.5
    keep(crowded, params, seed, 1)
    joined = loners[crowded.youth.gang[loners] != NO_GANG]
    weights = crowded.neighbourhood["weight"][crowded.youth.home[joined]]
    assert crowded.neighbourhood["prison_recruits"].sum() == pytest.approx(weights.sum())
    np.testing.assert_array_equal(crowded.neighbourhood["recruits"], crowded.neighbourhood["prison_recruits"])


def test_a_riot_knits_the_gangs_at_home_where_it_breaks_out(at_rest, params, seed):
    homes = at_rest.gang["home"][:4].copy()
    before = at_rest.gang["cohesion"].copy()
    at_rest.levers["prison_riot"][homes[1]] = 0.5
    update_justice(at_rest, params, seed, 0)
    knit = 0.5 * params.justice[0].cohesion_gain_from_riot
    for k in range(4):
        expected = min(1.0, before[k] + knit) if homes[k] == homes[1] else before[k]
        assert at_rest.gang[k].cohesion == pytest.approx(expected)


def test_without_a_riot_nobody_dies_inside(crowded, params, seed):
    # Some may have died while the city settled.
    dead = crowded.youth.status == DEAD
    keep(crowded, params, seed, 1)
    np.testing.assert_array_equal(crowded.youth.status == DEAD, dead)
    assert not crowded.neighbourhood["deaths_inside"].any()
