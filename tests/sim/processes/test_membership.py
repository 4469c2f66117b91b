"""Counts follow people: whatever happens to a youth, members, inmates and gang peers equal a recount."""

import numpy as np
import pytest

from sim.draws import uniforms
from sim.processes.membership import enlist, imprison, kill, quit_gang, set_free, share_loss, standing, start_anew
from sim.state import DEAD, FREE, NO_GANG, PRISON


def assert_counted(city, recount):
    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.inmates, counted.inmates)
    np.testing.assert_array_equal(city.youth.gang_peers, counted.gang_peers)


@pytest.fixture
def loner(city, find):
    return int(find(city, neighbourhood=8, gang=None, status=FREE)[0])


def test_who_joins_is_counted_at_home_and_seen_by_eight_peers(city, recount, loner):
    before, peers = city.members.copy(), city.youth.gang_peers.copy()
    enlist(city, loner, 2, 17)
    assert city.members.sum() == before.sum() + 1
    assert city.members[8, 2] == before[8, 2] + 1
    assert (city.youth.gang_peers - peers).sum() == 8
    assert (city.youth.gang_peers[city.youth.peers[loner]] > peers[city.youth.peers[loner]]).all()
    assert city.youth.joined[loner] == 17
    assert_counted(city, recount)


def test_joining_and_leaving_leaves_no_trace(city, recount, loner):
    before = [city.members.copy(), city.inmates.copy(), city.youth.gang_peers.copy()]
    enlist(city, loner, 1, 3)
    quit_gang(city, loner)
    assert city.youth.gang[loner] == NO_GANG
    for one, two in zip(before, (city.members, city.inmates, city.youth.gang_peers), strict=True):
        np.testing.assert_array_equal(one, two)


def test_who_is_in_no_gang_cannot_leave_one(city, recount, loner):
    quit_gang(city, loner)
    assert_counted(city, recount)


def test_membership_goes_along_to_prison_and_comes_back_out(city, recount, loner):
    enlist(city, loner, 2, 0)
    city.youth.training[loner] = 5
    city.youth.school_place[loner] = 5
    imprison(city, loner, 30)
    assert city.youth.status[loner] == PRISON
    assert city.youth.gang[loner] == 2
    assert city.youth.release[loner] == 30
    assert city.youth.training[loner] == city.youth.school_place[loner] == 0
    assert_counted(city, recount)
    set_free(city, loner)
    assert city.youth.status[loner] == FREE
    assert city.youth.record[loner] == 1
    assert_counted(city, recount)


def test_who_joins_in_prison_is_no_gang_peer_to_anyone_until_free(city, recount, loner):
    imprison(city, loner, 9)
    peers = city.youth.gang_peers.copy()
    enlist(city, loner, 0, 2)
    np.testing.assert_array_equal(city.youth.gang_peers, peers)
    assert_counted(city, recount)
    set_free(city, loner)
    assert (city.youth.gang_peers - peers).sum() == 8
    assert_counted(city, recount)


def test_a_release_far_off_fits_its_column(city, loner):
    imprison(city, loner, 1_000_000)
    assert city.youth.release[loner] == 32_000


@pytest.mark.parametrize("member", [False, True])
def test_the_dead_belong_to_no_gang_and_hold_no_place(city, recount, loner, member):
    if member:
        enlist(city, loner, 3, 0)
    city.youth.training[loner] = 4
    city.youth.training_effect[loner] = 0.7
    kill(city, loner)
    youth = city.youth
    assert youth.status[loner] == DEAD
    assert youth.gang[loner] == NO_GANG
    assert youth.training[loner] == youth.training_effect[loner] == youth.school_place[loner] == 0
    assert_counted(city, recount)


def test_any_history_leaves_counts_that_equal_a_recount(city, recount):
    youth = city.youth
    rows = (uniforms(1, 1, 0, np.arange(600)) * youth.home.size).astype(int)
    acts = uniforms(1, 2, 0, np.arange(600))
    for t, (row, act) in enumerate(zip(rows, acts, strict=True)):
        status, gang = youth.status[row], youth.gang[row]
        if status == DEAD:
            continue
        if gang == NO_GANG and act < 0.5:
            enlist(city, row, int(8 * act) % 4, t)
        elif act < 0.6:
            quit_gang(city, row)
        elif status == FREE and act < 0.85:
            imprison(city, row, t + 5)
        elif status == PRISON:
            set_free(city, row)
        elif act > 0.95:
            kill(city, row)
    assert_counted(city, recount)
    assert (youth.status == DEAD).sum() > 5
    assert city.inmates.sum() > 5


def standings(city, i):
    return np.array([standing(city, i, k) for k in range(city.gang.size)])


@pytest.fixture
def parts(city, find):
    """Neighbourhood 8 in which three gangs stand with parts of rows, and rows stand for many."""
    for n, row in enumerate(find(city, neighbourhood=8, gang=None, status=FREE)[:5]):
        enlist(city, int(row), 1 + n % 2, 0)
    city.neighbourhood["weight"][8] = 40.0
    city.owed[8] = 0.0
    city.owed[8, :3] = 0.25, 0.5, -0.75
    return city


def test_a_row_that_leaves_is_taken_from_all_gangs_by_their_chances_and_is_one_row_together(parts, find):
    before = standings(parts, 8)
    row = int(find(parts, neighbourhood=8, gang=0, status=FREE)[0])
    chances = np.ones(parts.gang.size)
    chances[1] = 3.0
    share_loss(parts, 8, 0, chances)
    quit_gang(parts, row)
    lost = before - standings(parts, 8)
    assert lost.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(lost, before * chances / (before * chances).sum(), atol=1e-12)


def test_a_row_that_dies_is_taken_from_its_own_gang_and_what_it_lacks_from_the_others(parts, find):
    before = standings(parts, 8)
    rows = find(parts, neighbourhood=8, gang=0, status=FREE)
    kill(parts, int(rows[0]))
    assert standing(parts, 8, 0) == pytest.approx(before[0] - 1.0)
    parts.owed[8, 0] = 0.25 - parts.members[8, 0]
    parts.owed[8, 1] += before[0] - 1.0 - 0.25
    before = standings(parts, 8)
    kill(parts, int(rows[1]))
    after = standings(parts, 8)
    assert after[0] == pytest.approx(0.0, abs=1e-12)
    assert before.sum() - after.sum() == pytest.approx(1.0)
    others = before[1:] > 0.0
    shares = (before - after)[1:][others] / before[1:][others]
    np.testing.assert_allclose(shares, shares[0])


def test_where_a_row_is_a_youth_a_gang_stands_with_its_rows(city, find):
    city.neighbourhood["weight"] = 1.0
    city.owed[:] = 0.0
    row = int(find(city, neighbourhood=8, gang=0, status=FREE)[0])
    share_loss(city, 8, 0, np.ones(city.gang.size))
    quit_gang(city, row)
    assert (city.owed == 0.0).all()
    np.testing.assert_array_equal(standings(city, 8), city.members[8])


def test_when_a_gang_ends_the_others_stand_with_their_rows_alone_where_it_stood(parts):
    parts.owed[3] = 0.0
    parts.owed[3, 1:3] = 0.5, -0.5
    start_anew(parts, 0)
    assert (parts.owed[8] == 0.0).all()
    assert parts.owed[3, 1] == 0.5
