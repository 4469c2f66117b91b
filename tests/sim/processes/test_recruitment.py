"""Who takes up with a gang, and who walks away: the equation by hand, and the claims of its rows."""

import math

import numpy as np
import pytest

from sim.draws import uniforms
from sim.processes.calendar import look_around
from sim.processes.membership import quit_gang
from sim.processes.recruitment import (
    MOST_LEAVING,
    _join,
    _most,
    join_and_leave,
    join_probability,
    leave_probability,
    place_pull,
)
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, NO_GANG, PRISON, SCHOOL

# A youth in whom nothing speaks for joining; the pull of the place keeps chances small, so that ratios are plain.
PLAIN = {
    "pull": -8.0,
    "rent": 0.0,
    "cheap": 0.0,
    "age": 15.0,
    "female": 0,
    "z": 0.0,
    "activity": SCHOOL,
    "gang_peers": 0,
    "isolation": 1 / 3,
    "exposed": 0,
    "school_place": 0,
    "training": 0.0,
}
MEMBER = {
    "cohesion": 0.3,
    "comrades": 0.0,
    "age": 18.0,
    "activity": INFORMAL,
    "record": 0,
    "female": 0,
    "training": 0.0,
}


@pytest.fixture
def joining(rates):
    return lambda **other: join_probability(rates.recruitment[0], **(PLAIN | other))


@pytest.fixture
def leaving(rates):
    return lambda **other: leave_probability(rates.recruitment[0], **(MEMBER | other))


def test_one_youths_chance_of_joining_by_hand(joining, rates):
    rate = rates.recruitment[0]
    youth = {
        "pull": -6.5,
        "rent": 0.2,
        "cheap": 0.1,
        "age": 17.0,
        "female": 1,
        "z": 1.2,
        "activity": NEITHER,
        "gang_peers": 3,
        "isolation": 0.7,
        "exposed": 1,
        "school_place": 4,
        "training": 0.5,
    }
    eta = (
        -6.5
        - (17.0 - rate.age_peak) ** 2 / (2 * rate.age_width_above**2)
        - rate.join_female
        + 1.2 * rate.join_risk
        + rate.join_idle
        + rate.peer_gain * 3 / (3 + rate.peer_half)
        + (rate.join_isolation + 0.2 * rate.join_rent) * (0.7 - 1 / 3)
        + 0.1 * rate.join_rent
        + rate.join_exposed
        + 0.1 * rate.cheap_guns_on_children
        - rate.after_school_on_joining
        - 0.5 * rate.training_on_joining
    )
    assert joining(**youth) == pytest.approx(1 - math.exp(-math.exp(eta)), rel=1e-12)


def test_joining_peaks_at_its_age_and_falls_faster_below(joining, rates):
    peak = rates.recruitment[0].age_peak
    chances = [joining(age=age) for age in np.arange(10.0, 30.0, 0.25)]
    assert np.arange(10.0, 30.0, 0.25)[np.argmax(chances)] == pytest.approx(peak, abs=0.25)
    assert joining(age=peak - 3) < joining(age=peak + 3)


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        ({"z": 1.0}, "join_risk"),
        ({"activity": NEITHER}, "join_idle"),
        ({"exposed": 1}, "join_exposed"),
        ({"isolation": 4 / 3}, "join_isolation"),
        ({"female": 1}, "-join_female"),
        ({"school_place": 1}, "-after_school_on_joining"),
        ({"training": 1.0}, "-training_on_joining"),
    ],
    ids=str,
)
def test_each_circumstance_multiplies_the_chance_by_its_own_factor(joining, rates, change, weight):
    factor = math.exp(rates.recruitment[0][weight.lstrip("-")] * (-1 if weight[0] == "-" else 1))
    assert joining(**change) / joining() == pytest.approx(factor, rel=0.01)


@pytest.mark.parametrize("level", ["person", "family", "friends", "school"])
def test_risk_at_each_of_four_levels_alone_raises_joining(joining, level):
    """E31."""
    from sim.processes.lifecourse import risk

    levels = dict.fromkeys(("person", "family", "friends", "school"), 0.0)
    assert joining(z=risk(**(levels | {level: 1.0}))) > joining(z=risk(**levels))
    assert joining(z=risk(**(levels | {level: -1.0}))) < joining(z=risk(**levels))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"z": 1.0}, {"activity": NEITHER}),
        ({"z": 1.0}, {"gang_peers": 2}),
        ({"activity": NEITHER}, {"exposed": 1}),
        ({"gang_peers": 2}, {"isolation": 0.9}),
    ],
    ids=str,
)
def test_two_risks_together_exceed_their_sum(joining, one, other):
    """E01."""
    alone = joining()
    assert joining(**one, **other) - alone > (joining(**one) - alone) + (joining(**other) - alone)


def test_more_peers_pull_more_each_less_than_the_one_before(joining):
    logs = np.log([joining(gang_peers=n) for n in range(9)])
    steps = np.diff(logs)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_rents_pull_the_isolated_most(joining):
    def pulled(isolation):
        return joining(isolation=isolation, rent=0.5) / joining(isolation=isolation)

    assert pulled(0.9) > pulled(1 / 3) > 1.0


def test_cheap_guns_draw_in_children_only(joining):
    """E16."""
    assert joining(age=17.9, cheap=0.5) > joining(age=17.9)
    assert joining(age=18.0, cheap=0.5) == joining(age=18.0)


def test_no_youth_joins_more_often_than_the_cap(joining, rates):
    worst = {"pull": 5.0, "z": 5.0, "gang_peers": 8, "activity": NEITHER, "isolation": 1.0, "exposed": 1}
    assert joining(**worst) == rates.recruitment[0].join_cap


@pytest.mark.parametrize("rent", [-0.69, 0.0, 2.0])
@pytest.mark.parametrize("cheap", [-1.0, 0.0, 1.5])
def test_nobody_exceeds_the_bound_by_which_most_are_passed_over(joining, rates, rent, cheap):
    rates.recruitment[0].join_cap = 1.0
    for pull in (-9.0, -6.0, -3.0):
        bound = _most(rates.recruitment[0], pull, rent, cheap)
        luck = uniforms(1, 1, 0, np.arange(6 * 300)).reshape(300, 6)
        for u in luck:
            chance = joining(
                pull=pull,
                rent=rent,
                cheap=cheap,
                age=10 + 20 * u[0],
                z=-5 + 10 * (1 if u[1] > 0.8 else u[1]),
                activity=NEITHER if u[2] < 0.8 else SCHOOL,
                gang_peers=int(9 * u[3]),
                isolation=u[4],
                exposed=int(u[5] < 0.7),
            )
            assert chance <= bound * (1 + 1e-12)


def test_at_rest_a_place_pulls_by_deprivation_control_and_demand_alone(at_rest, rates):
    rate = rates.recruitment[0]
    at_rest.gang["demand"] = 0.3
    for i in range(9):
        place = at_rest.place[i]
        place.controlled = at_rest.control[i].sum()
        expected = (
            rate.join_intercept
            + rate.join_deprivation * (place.deprivation - 0.5)
            + math.log(place.controlled / (place.controlled + rate.presence_half) + 0.02)
            + (0.3 * rate.demand_gain if place.controlled > 0 else 0.0)
        )
        assert place_pull(at_rest, rates, i) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("part", "field", "shift", "weight", "sign"),
    [
        ("place", "criminal_legitimacy", 0.1, "join_criminal_legitimacy", 1),
        ("place", "collective_efficacy", 0.1, "join_efficacy", -1),
        ("place", "police_legitimacy", 0.1, "join_police_legitimacy", -1),
        ("police", "abuse", 0.1, "join_abuse", 1),
    ],
)
def test_each_social_force_pulls_by_its_weight(at_rest, rates, part, field, shift, weight, sign):
    before = place_pull(at_rest, rates, 8)
    getattr(at_rest, part)[field] += shift
    assert place_pull(at_rest, rates, 8) - before == pytest.approx(sign * shift * rates.recruitment[0][weight])


def test_fewer_jobs_and_more_violence_pull(at_rest, rates):
    rate = rates.recruitment[0]
    before = place_pull(at_rest, rates, 8)
    at_rest.place[8].jobs = 0.8
    assert place_pull(at_rest, rates, 8) - before == pytest.approx(-rate.join_jobs * math.log(0.8))
    at_rest.place[8].jobs = 1.0
    at_rest.place[8].violence = 3.0 * at_rest.place[8].violence_reference
    assert place_pull(at_rest, rates, 8) - before == pytest.approx(rate.join_violence * math.log(2.0))


def test_the_pull_of_gangs_saturates_in_their_presence(at_rest, rates):
    pulls = []
    for held in (0.0, 0.1, 0.2, 0.4, 0.8):
        at_rest.control[8] = 0.0
        at_rest.control[8, 0] = at_rest.place[8].controlled = held
        pulls.append(math.exp(place_pull(at_rest, rates, 8)))
    steps = np.diff(pulls)
    assert (steps > 0).all()
    assert steps[1] > steps[2] / 2 > steps[3] / 4


def test_leaving_a_loose_gang_by_hand(leaving, rates):
    rate = rates.recruitment[0]
    assert leaving() == pytest.approx(1 - math.exp(-rate.exit_loose))
    hazard = rate.exit_loose * math.exp(
        0.5 * rate.exit_work
        + 4.0 * rate.exit_age
        - rate.exit_record
        - rate.exit_female
        + rate.exit_comrades * min(1.0, rate.exit_deaths_scale * 0.004)
        + 0.5 * rate.training_on_exit
    )
    youth = {"age": 22.0, "activity": FORMAL, "record": 1, "female": 1, "comrades": 0.004, "training": 0.5}
    assert leaving(**youth) == pytest.approx(1 - math.exp(-hazard))


def test_a_knit_gang_is_left_as_seldom_as_declared(leaving, rates):
    assert leaving(cohesion=0.8) == pytest.approx(1 - math.exp(-rates.recruitment[0].exit_cohesive))
    assert leaving(cohesion=1.0) < leaving(cohesion=0.8) < leaving(cohesion=0.5) < leaving(cohesion=0.2)


@pytest.mark.parametrize(
    ("change", "easier"),
    [
        ({"activity": FORMAL}, True),
        ({"activity": NEITHER}, False),
        ({"age": 25.0}, True),
        ({"record": 1}, False),
        ({"female": 1}, False),
        ({"comrades": 0.01}, True),
        ({"training": 1.0}, True),
    ],
    ids=str,
)
def test_what_helps_out_and_what_keeps_in(leaving, change, easier):
    assert (leaving(**change) > leaving()) == easier


def test_leaving_is_bounded_where_everything_helps(leaving):
    out = leaving(cohesion=0.0, comrades=9.0, age=30.0, activity=FORMAL, training=1.0)
    assert out <= 1 - math.exp(-MOST_LEAVING) < MOST_LEAVING


@pytest.fixture
def forced(at_rest, rates, find):
    """A city in which everyone outside gangs is free, was never in one, and joins at the cap, which is one."""
    rate = rates.recruitment[0]
    rate.join_cap = 1.0
    rate.join_intercept = 30.0
    at_rest.youth.status[find(at_rest, gang=None)] = FREE
    at_rest.youth.recruited_as_child[:] = 0
    look_around(at_rest)
    at_rest.place["controlled"] = at_rest.control.sum(axis=1)
    return at_rest


def test_where_no_gang_is_nobody_can_join(forced, rates, seed, find):
    forced.control[0] = 0.0
    forced.place[0].controlled = 0.0
    members = find(forced, place=0, gang="any").size
    join_and_leave(forced, rates, seed, 0)
    assert find(forced, place=0, gang="any").size <= members
    assert forced.place[0].recruits == 0


def test_recruits_are_written_down_as_residents_and_children_marked(forced, rates, seed, find, recount):
    outside = find(forced, place=8, gang=None)
    join_and_leave(forced, rates, seed, 0)
    joined = outside[forced.youth.gang[outside] != NO_GANG]
    assert joined.size > 0.5 * outside.size
    place = forced.place[8]
    assert place.recruits == pytest.approx(joined.size * place.weight)
    children = forced.youth.recruited_as_child[joined] == 1
    assert place.recruits_under_18 == pytest.approx(children.sum() * place.weight)
    assert 0.2 < children.mean() < 0.6
    assert (forced.youth.joined[joined] == 0).all()
    counted = recount(forced)
    np.testing.assert_array_equal(forced.members, counted.members)
    np.testing.assert_array_equal(forced.youth.gang_peers, counted.gang_peers)


def test_prisoners_do_not_join_here(forced, rates, seed, find):
    forced.youth.status[:] = PRISON
    outside = find(forced, gang=None)
    join_and_leave(forced, rates, seed, 0)
    assert (forced.youth.gang[outside] == NO_GANG).all()


def test_between_two_gangs_recruits_go_by_control_and_by_need(at_rest, rates, seed, find):
    rate = rates.recruitment[0]
    rows = find(at_rest, place=8, gang=None, status=FREE)
    at_rest.control[8] = 0.0
    at_rest.control[8, :2] = 0.3, 0.1

    def share_of_the_first(need):
        at_rest.gang["demand"][:2] = 0.0, need
        chosen = []
        for t in range(12):
            for row in rows:
                _join(at_rest, rates, seed, t, row, 8)
                chosen.append(at_rest.youth.gang[row])
                quit_gang(at_rest, row)
        assert set(chosen) == {0, 1}
        return np.mean(np.array(chosen) == 0)

    weight = 3.0**rate.choice_control
    assert share_of_the_first(0.0) == pytest.approx(weight / (weight + 1.0), abs=0.06)
    assert share_of_the_first(math.log(weight) / rate.choice_gain) == pytest.approx(0.5, abs=0.06)


def test_who_would_join_in_a_calmer_place_joins_in_a_worse_one(at_rest, rates, seed, find):
    """Pairing: the same luck against a higher chance."""
    from sim.state import copy_city

    rates.recruitment[0].join_intercept = -1.0
    rates.recruitment[0].join_cap = 1.0
    worse = copy_city(at_rest)
    worse.place["jobs"] = 0.6
    outside = find(at_rest, gang=None, status=FREE)
    for each in (at_rest, worse):
        look_around(each)
        join_and_leave(each, rates, seed, 0)
    fewer, more = (each.youth.gang[outside] != NO_GANG for each in (at_rest, worse))
    assert more[fewer].all()
    assert more.sum() > fewer.sum() > 0
