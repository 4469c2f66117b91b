"""Who killed: as many marks as killings, on those who are free, in proportion to what each does; nothing else moves."""

import numpy as np
import pytest
from city_columns import differing

from sim.processes.demography import arrive_as_newcomer
from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.killers import mark_killers
from sim.processes.homicide.living import youths_among_aggressors
from sim.state import FREE, NO_GANG, PRISON, copy_city
from tests.sim.processes.homicide.test_victims import exposed


def told(city):
    """Killings that the marks of a city stand for, with what waits to be marked."""
    done = (city.neighbourhood["weight"][city.youth.home] * city.youth.killings_done).sum()
    return done + city.gang["killer_balance"].sum() + city.city_state[0].killer_balance


@pytest.fixture
def clean(quiet):
    """The quiet city without a mark or a killing to be marked for."""
    quiet.youth.killings_done[:] = 0
    quiet.gang["killer_balance"] = 0.0
    quiet.gang["expected_attacks"] = 0.0
    state = quiet.city_state[0]
    state.killer_balance = state.killed_by_rivals = state.bystanders_killed = 0.0
    return quiet


@pytest.fixture
def killed(clean, params, seed):
    """Marks on a copy of the clean city for so many killings by a gang or, for none, in disputes; a row a killing."""

    def after(number, gang=NO_GANG, t=0):
        city = copy_city(clean)
        balance = city.city_state if gang == NO_GANG else city.gang[gang : gang + 1]
        balance["killer_balance"] = number * city.city_state[0].row_weight
        mark_killers(city, params, seed, t)
        return city.youth.killings_done

    return after


def test_as_many_are_marked_as_youths_killed_in_disputes(bloody, clean, params, seed):
    bloody.rivalry_attack_rate = bloody.discipline_ratio = bloody.infighting_ratio = 0.0
    expected = 0.0
    for t in range(12):
        update_homicide(clean, params, seed, t)
        begun = [youths_among_aggressors(params, each) for each in clean.neighbourhood]
        assert 0.5 < min(begun) <= max(begun) < 0.7
        expected += np.dot(begun, clean.neighbourhood["disputes_lost"])
    assert told(clean) == pytest.approx(expected, rel=1e-9)
    assert clean.youth.killings_done.sum() > 20


def test_as_many_are_marked_as_gangs_killed_of_rivals_and_bystanders(bloody, clean, params, seed):
    bloody.dispute_killing_rate = bloody.discipline_ratio = bloody.infighting_ratio = 0.0
    clean.neighbourhood["street"] = 0.0
    expected = 0.0
    for t in range(3):
        update_homicide(clean, params, seed, t)
        assert clean.city_state[0].bystanders_killed > 0
        expected += clean.city_state[0].killed_by_rivals + clean.city_state[0].bystanders_killed
    assert told(clean) == pytest.approx(expected, rel=1e-9)
    assert clean.youth.killings_done.sum() >= 3


def test_a_gang_that_kills_its_own_is_marked_for_them_and_for_no_other(bloody, clean, params, seed):
    bloody.dispute_killing_rate = bloody.rivalry_attack_rate = 0.0
    clean.city_state[0].rivalry_reference = 0.05
    update_homicide(clean, params, seed, 0)
    by_own = clean.gang["expected_dead"] > 0
    assert by_own.sum() >= 3
    assert clean.city_state[0].killed_by_rivals == 0.0
    rows = np.flatnonzero(clean.youth.killings_done)
    assert told(clean) > 0
    assert set(clean.youth.gang[rows].tolist()) <= {*np.flatnonzero(by_own).tolist(), NO_GANG}


def test_killings_of_gangs_are_marked_by_what_each_is_expected_to_commit(clean, params, seed):
    clean.gang["expected_attacks"][:2] = 3.0, 1.0
    clean.city_state[0].killed_by_rivals, clean.city_state[0].bystanders_killed = 0.3, 0.1
    mark_killers(clean, params, seed, 0)
    np.testing.assert_allclose(clean.gang["killer_balance"][:3], [0.3, 0.1, 0.0])


def test_only_free_members_of_the_gang_are_marked_for_it(killed, clean, find):
    done = killed(40, gang=0)
    assert done.sum() == pytest.approx(40, rel=0.2)
    assert (done[clean.youth.gang != 0] == 0).all()
    assert (done[clean.youth.status != FREE] == 0).all()
    clean.youth.status[find(clean, gang=0, status=FREE)] = PRISON
    assert killed(3, gang=0).sum() == 0


def test_members_are_marked_by_proneness_and_less_while_trained(killed, clean, find, params):
    members = find(clean, gang=0, status=FREE)
    clean.members[:, 0] = 0
    clean.members[8, 0] = np.sum(clean.youth.home[members] == 8)
    members = members[clean.youth.home[members] == 8]
    clean.youth.proneness[members] = 1.0
    half = members[::2]
    clean.youth.training_effect[half] = 1.0
    done = sum(killed(1, gang=0, t=t) for t in range(1000))
    assert done.sum() == done[members].sum() > 500
    calmer = 1 - params.homicide[0].training_on_attacks
    expected = calmer * half.size / (calmer * half.size + members.size - half.size)
    assert done[half].sum() / done.sum() == pytest.approx(expected, abs=0.05)


def test_in_disputes_a_youth_is_marked_as_often_as_it_is_exposed(killed, clean, params, find):
    clean.neighbourhood["deaths_dispute"] = 0.0
    clean.neighbourhood["deaths_dispute"][8] = 1.0
    done = sum(killed(1, t=240 * t) for t in range(1000))
    here = np.arange(clean.neighbourhood[8].first, clean.neighbourhood[8].last)
    assert done.sum() == done[here].sum() > 500
    everyone, param = copy_city(clean), params.homicide[0]
    for group in (find(clean, neighbourhood=8, gang="any"), here[clean.youth.female[here] == 1]):
        others = copy_city(clean)
        others.youth.status[group] = PRISON
        share = 1 - exposed(others, param, 8, 0) / exposed(everyone, param, 8, 0)
        assert done[group].sum() / done.sum() == pytest.approx(share, abs=0.05)


def test_where_nobody_is_free_nobody_is_marked(killed, clean):
    clean.youth.status[:] = PRISON
    clean.neighbourhood["free"] = 0.0
    assert killed(3).sum() == 0


def test_marks_move_nothing_else(bloody, clean, params, seed):
    """The same month with other marks, and with other balances of them, is the same month."""
    one, other = copy_city(clean), copy_city(clean)
    other.youth.killings_done[:] = 5
    other.gang["killer_balance"] = 7.0 * other.city_state[0].row_weight
    for city in (one, other):
        for t in range(3):
            update_homicide(city, params, seed, t)
    assert set(differing(one, other)) == {"city.youth.killings_done", "city.gang.killer_balance"}


def test_marks_end_with_the_person(clean, params, seed):
    row = int(clean.neighbourhood[4].first)
    clean.youth.killings_done[row], clean.youth.arrests[row] = 3, 2
    arrive_as_newcomer(clean, params, seed, 0, row, True)
    assert (clean.youth.killings_done[row], clean.youth.arrests[row]) == (0, 0)
