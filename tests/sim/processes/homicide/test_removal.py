"""Which rows leave the table for the dead: as many as were counted, to the last person, in proportion to their hazards."""

import numpy as np
import pytest

from sim.draws import VICTIM, uniforms
from sim.processes.demography import age_in_years
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.hazards import exposure, set_street_risks
from sim.processes.homicide.removal import remove_rows
from sim.state import DEAD, FREE, copy_city


def balance(city):
    return city.gang["death_balance"].sum() + city.city_state[0].street_balance + city.city_state[0].prison_balance


def living(city):
    return (city.neighbourhood["weight"][city.youth.home] * (city.youth.status != DEAD)).sum()


def test_the_living_the_dead_and_the_balance_add_up_to_the_last_person(bloody, quiet, params, seed):
    city = copy_city(quiet)
    before = living(city) - balance(city)
    dead = 0.0
    for t in range(12):
        update_homicide(city, params, seed, t)
        dead += city.neighbourhood["killed_youths"].sum()
        assert living(city) + dead - balance(city) == pytest.approx(before, abs=1e-6)
    assert (city.youth.status == DEAD).sum() > (quiet.youth.status == DEAD).sum() + 10
    assert balance(city) < before - dead


def test_where_a_row_is_a_youth_a_row_leaves_for_each_of_the_dead(bloody, struck, quiet):
    quiet.neighbourhood["weight"] = 1.0
    quiet.city_state[0].row_weight = 1.0
    quiet.gang["death_balance"] = 0.999
    quiet.city_state[0].street_balance = 0.0
    rows = quiet.neighbourhood["last"] - quiet.neighbourhood["first"]
    quiet.neighbourhood["population"] = 3.0 * rows
    for t in (0, 240, 480):
        city = struck(t=t)
        removed = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
        assert removed.sum() == city.neighbourhood["killed_youths"].sum()
        assert removed.sum() > 0
        assert balance(city) == pytest.approx(balance(quiet))


def test_counts_of_members_follow_the_rows(bloody, struck, recount):
    city = struck()
    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.youth.gang_peers, counted.gang_peers)


def test_members_leave_far_more_often_than_others(bloody, struck, quiet, find):
    died = np.zeros(quiet.youth.home.size)
    for t in range(12):
        died += struck(t=240 * t).youth.status == DEAD
    members, others = find(quiet, gang="any", status=FREE), find(quiet, gang=None, status=FREE)
    assert died[members].mean() > 5 * died[others].mean()


def test_girls_and_children_under_fifteen_leave_less_often(bloody, struck, quiet):
    bloody.rivalry_attack_rate = 0.0
    died = np.zeros(quiet.youth.home.size)
    for t in range(12):
        died += struck(t=240 * t).youth.status == DEAD
    ages = np.array([age_in_years(phase, 0) for phase in quiet.youth.phase])
    assert died[quiet.youth.female == 1].mean() < 0.5 * died[quiet.youth.female == 0].mean()
    assert died[ages < 15].mean() < 0.5 * died[ages >= 15].mean()


def test_one_number_a_youth_and_month_decides(bloody, struck, quiet, seed):
    """Who draws a low number leaves before who draws a high one."""
    city = struck()
    luck = uniforms(int(seed), VICTIM, 0, np.arange(quiet.youth.home.size))
    fresh = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
    assert luck[fresh].mean() < luck[~fresh].mean()


def test_arms_with_the_same_hazards_remove_the_same_rows_however_many_they_count(bloody, struck):
    """One arm has counted fewer before: the rows it removes are the first of those that the other removes."""
    few = struck(lambda city: city.city_state["street_balance"].__setitem__(0, 0.0))
    many = struck(lambda city: city.city_state["street_balance"].__setitem__(0, 3 * city.city_state[0].row_weight))
    assert (many.youth.status[few.youth.status == DEAD] == DEAD).all()
    assert (many.youth.status == DEAD).sum() == (few.youth.status == DEAD).sum() + 3


@pytest.mark.parametrize("owed", [1, 7, 60])
@pytest.mark.parametrize("rare", [False, True])
def test_of_a_place_the_rows_of_the_smallest_numbers_over_their_hazards_leave(quiet, params, seed, find, owed, rare):
    """In the street, by hand; where nearly nobody is at risk they are looked for further."""
    param, youth = params.homicide[0], quiet.youth
    rows = find(quiet, neighbourhood=8, status=FREE)
    if rare:
        youth.proneness[rows] = 1e-6
    quiet.neighbourhood["deaths_dispute"] = 0.0
    quiet.neighbourhood["deaths_dispute"][8] = 1.0
    set_street_risks(quiet, params, 0, 8)
    quiet.neighbourhood["free"] = 0.0
    quiet.neighbourhood["free"][8] = rows.size * quiet.neighbourhood[8].weight
    quiet.city_state[0].street_balance = 0.5 + owed * quiet.neighbourhood[8].weight
    quiet.city_state[0].row_weight = quiet.neighbourhood[8].weight
    quiet.gang["death_balance"] = 0.0
    ages = [age_in_years(youth.phase[row], 0) for row in rows]
    hazards = [
        exposure(param, youth.proneness[row], youth.activity[row], youth.gang[row], age)
        for row, age in zip(rows, ages, strict=True)
    ]
    waits = -np.log1p(-uniforms(int(seed), VICTIM, 0, rows)) / np.array(hazards)
    remove_rows(quiet, params, seed, 0)
    gone = rows[youth.status[rows] == DEAD]
    np.testing.assert_array_equal(gone, np.sort(rows[np.argsort(waits)[:owed]]))


def test_members_of_a_gang_leave_in_the_order_of_their_numbers(quiet, params, seed, find):
    rows = find(quiet, neighbourhood=8, gang=0, status=FREE)
    weight = quiet.neighbourhood[8].weight
    quiet.hazard[:] = 0.0
    quiet.hazard[8, 0] = 0.01
    params.homicide[0].discipline_ratio = 0.0
    quiet.gang["death_balance"] = quiet.city_state[0].street_balance = 0.0
    quiet.gang["death_balance"][0] = 3.5 * weight
    quiet.city_state[0].row_weight = weight
    waits = -np.log1p(-uniforms(int(seed), VICTIM, 0, rows))
    remove_rows(quiet, params, seed, 0)
    np.testing.assert_array_equal(rows[quiet.youth.status[rows] == DEAD], np.sort(rows[np.argsort(waits)[:3]]))
    assert quiet.gang["death_balance"][0] == pytest.approx(0.5 * weight)


def test_places_lose_people_in_proportion_to_their_hazards_whatever_their_rows_stand_for(quiet, params, seed):
    """Rows of a small weight do not go first."""
    param = params.homicide[0]
    param.rivalry_attack_rate = 0.0
    param.discipline_ratio = 0.0
    param.dispute_killing_rate = 1e-2
    quiet.neighbourhood["deprivation"] = 0.5
    quiet.neighbourhood["disorganisation"] = 0.5
    quiet.neighbourhood["enclave"] = 0.0
    quiet.neighbourhood["weight"] = [2.0, 2.0, 2.0, 2.0, 2.0, 8.0, 8.0, 8.0, 8.0]
    rows = quiet.neighbourhood["last"] - quiet.neighbourhood["first"]
    quiet.neighbourhood["population"] = 3.0 * rows * quiet.neighbourhood["weight"]
    quiet.city_state[0].row_weight = (rows * quiet.neighbourhood["weight"]).sum() / rows.sum()
    lost = np.zeros(9)
    expected = np.zeros(9)
    for t in range(0, 240 * 25, 240):
        city = copy_city(quiet)
        # The balance goes on from life to life: what is owed at the end of one is paid in the next.
        city.city_state[0].street_balance = quiet.city_state[0].street_balance
        update_homicide(city, params, seed, t)
        quiet.city_state[0].street_balance = city.city_state[0].street_balance
        gone = (city.youth.status == DEAD) & (quiet.youth.status != DEAD)
        lost += np.bincount(city.youth.home[gone], minlength=9) * city.neighbourhood["weight"]
        expected += city.neighbourhood["deaths_youth"]
    assert lost[:5].sum() / lost.sum() == pytest.approx(expected[:5].sum() / expected.sum(), abs=0.05)
