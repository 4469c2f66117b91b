"""Riots kill inside and nobody outside: as many as their size says, counted as people."""

import math

import numpy as np
import pytest

from sim.processes.homicide.living import adults, count_youths
from sim.processes.homicide.riots import kill_inmates
from sim.processes.membership import imprison
from sim.state import DEAD, FREE, PRISON, copy_city


@pytest.fixture
def inside(quiet, params, find):
    """A city with many in prison, of whom a riot of full size kills a twentieth."""
    params.justice[0].riot_death_share = 0.05
    for row in find(quiet, status=FREE)[::3]:
        imprison(quiet, row, 400)
    held = quiet.youth.status == PRISON
    quiet.neighbourhood["prisoners"] = np.bincount(quiet.youth.home[held], minlength=9) * quiet.neighbourhood["weight"]
    for field in ("killed", "killed_youths", "killed_children", "deaths_youth"):
        quiet.neighbourhood[field] = 0.0
    return quiet


def rioting(city, params, seed, t, size=0.6):
    life = copy_city(city)
    life.levers["prison_riot"] = size
    kill_inmates(life, params, seed, t)
    return life


def test_as_many_die_as_the_size_of_the_riot_says_and_only_inside(inside, params, seed, recount):
    expected = 0.6 * 0.05 * inside.neighbourhood["prisoners"].sum()
    killed = []
    for t in range(0, 240 * 20, 240):
        life = rioting(inside, params, seed, t)
        dead = (life.youth.status == DEAD) & (inside.youth.status != DEAD)
        assert (inside.youth.status[dead] == PRISON).all()
        removed = life.neighbourhood["weight"][life.youth.home[dead]].sum()
        owed = life.city_state[0].prison_balance - inside.city_state[0].prison_balance
        assert removed + owed == pytest.approx(life.neighbourhood["killed"].sum())
        np.testing.assert_array_equal(life.neighbourhood["killed_youths"], life.neighbourhood["killed"])
        assert (life.neighbourhood["killed_children"] <= life.neighbourhood["killed"]).all()
        np.testing.assert_allclose(life.neighbourhood["deaths_inside"], 0.03 * inside.neighbourhood["prisoners"])
        np.testing.assert_array_equal(life.neighbourhood["deaths_youth"], life.neighbourhood["deaths_inside"])
        np.testing.assert_array_equal(life.inmates, recount(life).inmates)
        killed.append(life.neighbourhood["killed"].sum())
    assert abs(np.mean(killed) - expected) < 4 * math.sqrt(expected / 20)
    assert np.sum(killed) > 30


def test_no_more_die_inside_than_the_street_has_left(inside, params, seed):
    """What is known of prisoners is last month's: whoever has left prison since is counted among the free."""
    here = inside.neighbourhood[8]
    inside.youth.status[inside.youth.home == 8] = FREE
    here.free = count_youths(inside, 8, FREE)
    here.deaths_dispute = adults(here) + here.free - 0.1
    for cause in ("rivalry", "discipline", "bystander", "police", "officers", "domestic", "market", "vigilante", "communal"):
        inside.neighbourhood[f"deaths_{cause}"][8] = 0.0
    for average in ("deaths_police_on_average", "deaths_officers_on_average"):
        inside.neighbourhood[average][8] = 0.0
    assert 0.03 * here.prisoners > 0.1
    assert rioting(inside, params, seed, 0).neighbourhood[8].deaths_inside == pytest.approx(0.1)


def test_where_there_is_no_riot_nobody_dies_inside(inside, params, seed):
    life = rioting(inside, params, seed, 0, size=0.0)
    assert life.neighbourhood["killed"].sum() == life.neighbourhood["deaths_inside"].sum() == 0.0
    np.testing.assert_array_equal(life.youth.status, inside.youth.status)


def test_no_more_are_counted_dead_than_are_inside(inside, params, seed):
    params.justice[0].riot_death_share = 1.0
    life = rioting(inside, params, seed, 0, size=1.0)
    prisoners = inside.neighbourhood["prisoners"].sum()
    assert 0.8 * prisoners < life.neighbourhood["killed"].sum() <= prisoners
