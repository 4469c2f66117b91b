"""Who takes up with a gang, and who walks away: the equation by hand, and the claims of its rows."""

import inspect
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.draws import uniforms
from sim.enumerations import FIREARMS, MARKET_DRUGS
from sim.processes import recruitment
from sim.processes.membership import quit_gang
from sim.processes.policy_delivery import look_around
from sim.processes.recruitment import (
    _join,
    _most,
    _most_leaving,
    join_probability,
    leave_probability,
    place_pull,
)
from sim.processes.recruitment import (
    update as update_recruitment,
)
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, NO_GANG, PRISON, SCHOOL, copy_city

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
    "exposed": 0.0,
    "after_school": 0.0,
    "training": 0.0,
    "young": 0.0,
}
MEMBER = {
    "cohesion": 0.3,
    "comrades": 0.0,
    "age": 18.0,
    "activity": INFORMAL,
    "record": 0,
    "female": 0,
    "training": 0.0,
    "helped": 0.0,
    "transformed": 0.0,
}


@pytest.fixture
def joining(params):
    return lambda **other: join_probability(params.recruitment[0], **(PLAIN | other))


@pytest.fixture
def leaving(params):
    return lambda **other: leave_probability(params.recruitment[0], **(MEMBER | other))


def test_one_youths_chance_of_joining_by_hand(joining, params):
    param = params.recruitment[0]
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
        "exposed": 0.3,
        "after_school": 1.0,
        "training": 0.5,
        "young": 0.15,
    }
    eta = (
        -6.5
        - (17.0 - param.joining_age_peak) ** 2 / (2 * param.joining_age_spread_above**2)
        - param.female_on_joining
        + 1.2 * param.risk_on_joining
        + param.idleness_on_joining
        + param.peers_on_joining * 3 / (3 + param.peers_half_effect)
        + (param.isolation_on_joining + 0.2 * param.rent_on_joining) * (0.7 - 1 / 3)
        + 0.1 * param.rent_on_joining
        + 0.3
        + 0.1 * param.cheap_guns_on_child_joining
        + 0.15
        - param.after_school_on_joining
        - 0.5 * param.training_on_joining
    )
    assert joining(**youth) == pytest.approx(1 - math.exp(-math.exp(eta)), rel=1e-12)


def test_joining_peaks_at_its_age_and_falls_faster_below(joining, params):
    peak = params.recruitment[0].joining_age_peak
    chances = [joining(age=age) for age in np.arange(10.0, 30.0, 0.25)]
    assert np.arange(10.0, 30.0, 0.25)[np.argmax(chances)] == pytest.approx(peak, abs=0.25)
    assert joining(age=peak - 3) < joining(age=peak + 3)


@pytest.mark.parametrize(
    ("change", "weight"),
    [
        ({"z": 1.0}, "risk_on_joining"),
        ({"activity": NEITHER}, "idleness_on_joining"),
        ({"isolation": 4 / 3}, "isolation_on_joining"),
        ({"female": 1}, "-female_on_joining"),
        ({"after_school": 1.0}, "-after_school_on_joining"),
        ({"training": 1.0}, "-training_on_joining"),
    ],
    ids=str,
)
def test_each_circumstance_multiplies_the_chance_by_its_own_factor(joining, params, change, weight):
    factor = math.exp(params.recruitment[0][weight.lstrip("-")] * (-1 if weight[0] == "-" else 1))
    assert joining(**change) / joining() == pytest.approx(factor, rel=0.01)


@pytest.mark.parametrize("level", ["person", "family", "friends", "school"])
def test_risk_at_each_of_four_levels_alone_raises_joining(joining, level):
    """E31."""
    from sim.processes.demography import risk

    levels = dict.fromkeys(("person", "family", "friends", "school"), 0.0)
    assert joining(z=risk(**(levels | {level: 1.0}))) > joining(z=risk(**levels))
    assert joining(z=risk(**(levels | {level: -1.0}))) < joining(z=risk(**levels))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"z": 1.0}, {"activity": NEITHER}),
        ({"z": 1.0}, {"gang_peers": 2}),
        ({"activity": NEITHER}, {"exposed": 0.35}),
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


def test_cheap_guns_and_deprivation_draw_in_children_only(joining, params):
    """E16."""
    for change, factor in (({"cheap": 0.5}, 0.5 * params.recruitment[0].cheap_guns_on_child_joining), ({"young": 0.2}, 0.2)):
        assert joining(age=17.9, **change) / joining(age=17.9) == pytest.approx(math.exp(factor), rel=0.01)
        assert joining(age=18.0, **change) == joining(age=18.0)


def test_violence_at_home_adds_its_pull(joining):
    """E17."""
    assert joining(exposed=0.35) / joining() == pytest.approx(math.exp(0.35), rel=0.01)


def test_no_youth_joins_more_often_than_the_cap(joining, params):
    worst = {"pull": 5.0, "z": 5.0, "gang_peers": 8, "activity": NEITHER, "isolation": 1.0, "exposed": 0.35}
    assert joining(**worst) == params.recruitment[0].joining_limit


@pytest.mark.parametrize("rent", [-0.69, 0.0, 2.0])
@pytest.mark.parametrize("cheap", [-1.0, 0.0, 1.5])
@pytest.mark.parametrize("young", [-0.2, 0.2])
def test_nobody_exceeds_the_bound_by_which_most_are_passed_over(joining, params, rent, cheap, young):
    param = params.recruitment[0]
    param.joining_limit = 1.0
    for pull in (-9.0, -6.0, -3.0):
        bound = _most(param, pull + max(young, 0.0), rent, cheap)
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
                exposed=param.home_violence_on_joining * int(u[5] < 0.7),
                young=young,
            )
            assert chance <= bound * (1 + 1e-12)


def test_at_rest_a_place_pulls_by_deprivation_control_and_demand_alone(at_rest, params):
    param = params.recruitment[0]
    at_rest.gang["demand"] = 0.3
    for i in range(9):
        neighbourhood = at_rest.neighbourhood[i]
        neighbourhood.controlled = at_rest.control[i].sum()
        expected = (
            param.joining_intercept
            + param.deprivation_on_joining * (neighbourhood.deprivation - 0.5)
            + math.log(neighbourhood.controlled / (neighbourhood.controlled + param.presence_half_pull) + 0.02)
            + (0.3 * param.demand_on_joining if neighbourhood.controlled > 0 else 0.0)
        )
        assert place_pull(at_rest, params, i) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("part", "field", "shift", "weight", "sign"),
    [
        ("neighbourhood", "criminal_legitimacy", 0.1, "criminal_legitimacy_on_joining", 1),
        ("neighbourhood", "collective_efficacy", 0.1, "efficacy_on_joining", -1),
        ("neighbourhood", "police_legitimacy", 0.1, "police_legitimacy_on_joining", -1),
        ("police", "abuse", 0.1, "abuse_on_joining", 1),
    ],
)
def test_each_social_force_pulls_by_its_weight(at_rest, params, part, field, shift, weight, sign):
    before = place_pull(at_rest, params, 8)
    getattr(at_rest, part)[field] += shift
    assert place_pull(at_rest, params, 8) - before == pytest.approx(sign * shift * params.recruitment[0][weight])


def test_the_more_members_are_seen_to_be_arrested_the_fewer_join(at_rest, params):
    """Twice the risk of arrest costs a part of joining, thirty times costs more, and none adds at most a little."""
    param, neighbourhood = params.recruitment[0], at_rest.neighbourhood[8]
    neighbourhood.arrest_risk_reference = 0.01
    pulls = []
    for risk in (0.0, 0.01, 0.02, 0.3):
        neighbourhood.arrest_risk = risk
        pulls.append(place_pull(at_rest, params, 8))
    assert pulls[0] - pulls[1] == pytest.approx(param.arrest_risk_on_joining * math.log(2.0))
    assert pulls[1] - pulls[2] == pytest.approx(param.arrest_risk_on_joining * math.log(1.5))
    assert pulls[1] - pulls[3] == pytest.approx(param.arrest_risk_on_joining * math.log(15.5))


def test_fewer_jobs_and_more_violence_pull(at_rest, params):
    param = params.recruitment[0]
    before = place_pull(at_rest, params, 8)
    at_rest.neighbourhood[8].jobs = 0.8
    assert place_pull(at_rest, params, 8) - before == pytest.approx(-param.jobs_on_joining * math.log(0.8))
    at_rest.neighbourhood[8].jobs = 1.0
    at_rest.neighbourhood[8].violence = 3.0 * at_rest.neighbourhood[8].violence_reference
    assert place_pull(at_rest, params, 8) - before == pytest.approx(param.violence_on_joining * math.log(2.0))


def test_trauma_and_group_lines_pull(at_rest, params):
    """E03, E33."""
    param = params.recruitment[0]
    before = place_pull(at_rest, params, 8)
    at_rest.neighbourhood[8].trauma = 0.4
    at_rest.neighbourhood[8].divided = 0.3
    moved = place_pull(at_rest, params, 8) - before
    assert moved == pytest.approx(0.4 * param.trauma_on_joining + 0.3 * param.division_on_joining)


@pytest.fixture
def faithful(at_rest):
    """A quarter of the control of Ixley is an ideological group's."""
    at_rest.gang["ideological"] = 0
    at_rest.gang[1].ideological = 1
    at_rest.gang["demand"] = 0.0
    at_rest.control[8] = at_rest.control[:, 1] = 0.0
    at_rest.control[8, :2] = 0.3, 0.1
    at_rest.neighbourhood[8].controlled = 0.4
    return at_rest


def test_ideas_and_grievance_pull_where_an_ideological_group_holds_ground(faithful, params):
    """E13: by its part of the control; lost trust in the state counts twice, trust that was gained does not."""
    param, neighbourhood, city_state = params.recruitment[0], faithful.neighbourhood[8], faithful.city_state[0]
    before = place_pull(faithful, params, 8)
    elsewhere = place_pull(faithful, params, 7)
    faithful.levers["flow_ideas"] = math.log(2.0)
    assert place_pull(faithful, params, 8) - before == pytest.approx(0.25 * param.ideas_on_joining * math.log(2.0))
    assert place_pull(faithful, params, 7) == elsewhere
    faithful.levers["flow_ideas"] = 0.0
    city_state.grievance = city_state.grievance_anchor + 0.1
    neighbourhood.state_legitimacy = neighbourhood.state_anchor - 0.05
    assert place_pull(faithful, params, 8) - before == pytest.approx(0.25 * param.ideas_on_joining * 2 * 0.15)
    city_state.grievance = city_state.grievance_anchor
    neighbourhood.state_legitimacy = neighbourhood.state_anchor + 0.3
    assert place_pull(faithful, params, 8) == pytest.approx(before)


def test_the_pull_of_gangs_saturates_in_their_presence(at_rest, params):
    pulls = []
    for held in (0.0, 0.1, 0.2, 0.4, 0.8):
        at_rest.control[8] = 0.0
        at_rest.control[8, 0] = at_rest.neighbourhood[8].controlled = held
        pulls.append(math.exp(place_pull(at_rest, params, 8)))
    steps = np.diff(pulls)
    assert (steps > 0).all()
    assert steps[1] > steps[2] / 2 > steps[3] / 4


def test_leaving_a_loose_gang_by_hand(leaving, params):
    param = params.recruitment[0]
    assert leaving() == pytest.approx(1 - math.exp(-param.exit_rate_loose))
    hazard = param.exit_rate_loose * math.exp(
        0.5 * param.work_on_exit
        + 4.0 * param.age_on_exit
        - param.prison_record_on_exit
        - param.female_on_exit
        + param.comrade_deaths_on_exit * min(1.0, param.comrade_deaths_scale * 0.004)
        + 0.5 * param.training_on_exit
    )
    youth = {"age": 22.0, "activity": FORMAL, "record": 1, "female": 1, "comrades": 0.004, "training": 0.5}
    assert leaving(**youth) == pytest.approx(1 - math.exp(-hazard))


def test_a_knit_gang_is_left_as_seldom_as_declared(leaving, params):
    assert leaving(cohesion=0.8) == pytest.approx(1 - math.exp(-params.recruitment[0].exit_rate_cohesive))
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


def test_leaving_is_bounded_where_everything_helps(leaving, params):
    most = params.recruitment[0].exit_rate_limit
    out = leaving(cohesion=0.0, comrades=9.0, age=30.0, activity=FORMAL, training=1.0)
    assert out <= 1 - math.exp(-most) < most


def test_training_helps_out_of_knit_gangs_least_and_work_with_the_whole_group_most(leaving, params):
    param = params.recruitment[0]

    def helped(cohesion, **change):
        return math.log(math.log1p(-leaving(cohesion=cohesion, **change)) / math.log1p(-leaving(cohesion=cohesion)))

    assert helped(0.3, training=1.0) == pytest.approx(param.training_on_exit)
    assert helped(0.8, training=1.0) == pytest.approx(
        param.training_on_exit * (1 - param.training_effect_blocked_by_cohesion)
    )
    assert helped(0.3, transformed=0.4) == pytest.approx(0.3 * 0.4)
    assert helped(0.55, transformed=0.4) == pytest.approx(0.65 * 0.4)
    assert helped(0.8, transformed=0.4) == pytest.approx(0.4)


@pytest.mark.parametrize("cohesion", [0.2, 0.5, 0.9])
def test_a_way_back_helps_out_and_shame_keeps_in_alike_in_every_gang(leaving, cohesion):
    for helped in (0.25, -0.15):
        ratio = math.log1p(-leaving(cohesion=cohesion, helped=helped)) / math.log1p(-leaving(cohesion=cohesion))
        assert ratio == pytest.approx(math.exp(helped))


@settings(max_examples=200, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    age=st.floats(10.0, 30.0),
    activity=st.sampled_from([SCHOOL, FORMAL, INFORMAL, NEITHER]),
    record=st.integers(0, 1),
    female=st.integers(0, 1),
    training=st.floats(0.0, 1.0),
    out=st.floats(-0.3, 0.6),
    locked=st.floats(0.0, 1.0),
    changed=st.floats(0.0, 1.0),
    cohesion=st.floats(0.02, 1.0),
)
def test_no_member_exceeds_the_bound_by_which_most_are_passed_over(
    at_rest, params, age, activity, record, female, training, out, locked, changed, cohesion
):
    param = params.recruitment[0]
    at_rest.gang["cohesion"] = cohesion
    at_rest.neighbourhood["training_touched"] = 1.0
    bound = _most_leaving(at_rest, param, 8, max(out, 0.0) + changed)
    assert at_rest.members[8].sum() > 0
    for k in np.flatnonzero(at_rest.members[8]):
        comrades = at_rest.gang[k].expected_dead / max(at_rest.gang[k].members, 1.0)
        helped = out - locked * female
        leaves = leave_probability(param, cohesion, comrades, age, activity, record, female, training, helped, changed)
        assert leaves <= bound * (1 + 1e-12)


@pytest.fixture
def forced(at_rest, params, find):
    """A city in which everyone outside gangs is free, was never in one, and joins at the cap, which is one."""
    param = params.recruitment[0]
    param.joining_limit = 1.0
    param.joining_intercept = 30.0
    at_rest.youth.status[find(at_rest, gang=None)] = FREE
    at_rest.youth.recruited_as_child[:] = 0
    look_around(at_rest)
    at_rest.neighbourhood["controlled"] = at_rest.control.sum(axis=1)
    return at_rest


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
                quit_gang(at_rest, row)
        assert set(chosen) == {0, 1}
        return np.mean(np.array(chosen) == 0)

    weight = 3.0**param.control_on_choice
    assert share_of_the_first(0.0) == pytest.approx(weight / (weight + 1.0), abs=0.06)
    assert share_of_the_first(math.log(weight) / param.demand_on_choice) == pytest.approx(0.5, abs=0.06)


# What a month asks of whom: the arguments of every chance ------------------------------------------------------------


@pytest.fixture
def asked(forced, params, seed, monkeypatch):
    """What is asked in a month of each youth of a place outside gangs, and of each member, in the order of rows."""

    def after(change=lambda city: None, i=8):
        life = copy_city(forced)
        change(life)
        outside, members = [], []
        names = list(inspect.signature(join_probability).parameters)
        leaves = list(inspect.signature(leave_probability).parameters)

        def join(*given):
            outside.append(dict(zip(names, given, strict=True)))
            return 0.0

        def leave(*given):
            members.append(dict(zip(leaves, given, strict=True)))
            return 0.0

        monkeypatch.setattr(recruitment, "join_probability", join)
        monkeypatch.setattr(recruitment, "leave_probability", leave)
        for bound in ("_most", "_most_leaving"):
            monkeypatch.setattr(recruitment, bound, lambda *_: 1.0)
        for other in range(9):
            if other != i:
                life.neighbourhood[other].last = life.neighbourhood[other].first
        update_recruitment(life, params, seed, 0)
        return outside, members, life

    return after


def lever(name, i=8, dose=1.0):
    return lambda city: city.levers[name].__setitem__(i, dose)


def test_everyone_outside_is_asked_with_their_own_circumstances(asked, find):
    outside, members, life = asked()
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    youth = life.youth
    assert len(outside) == rows.size
    assert len(members) == find(life, neighbourhood=8, gang="any", status=FREE).size
    for each, row in zip(outside, rows, strict=True):
        assert each["female"] == youth.female[row]
        assert each["gang_peers"] == youth.gang_peers[row]
        assert each["activity"] == youth.activity[row]
        assert each["isolation"] == youth.isolation[row]
        levels = [getattr(youth, level)[row] for level in ("person", "family", "friends", "school")]
        assert each["z"] == pytest.approx(sum(map(float, levels)) / 2, abs=1e-6)


def test_mothers_groups_make_troubled_families_hold_and_leave_the_others_alone(asked, find, params):
    plain, _, life = asked()
    held, _, _ = asked(lever("mothers_groups"))
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    relief = (
        0.5 * params.recruitment[0].mothers_groups_on_family_risk * np.maximum(life.youth.family[rows].astype(float), 0.0)
    )
    np.testing.assert_allclose([each["z"] for each in held], np.array([each["z"] for each in plain]) - relief, atol=1e-6)
    assert (relief > 0).any()
    assert (relief == 0).any()


def test_safe_spaces_undo_part_of_what_violence_at_home_does(asked, params):
    """E17."""
    param = params.recruitment[0]
    plain, _, _ = asked(lambda city: city.youth.exposed_at_home.fill(1))
    safe, _, _ = asked(lambda city: (city.youth.exposed_at_home.fill(1), lever("safe_spaces")(city)))
    assert {each["exposed"] for each in plain} == {param.home_violence_on_joining}
    np.testing.assert_allclose(
        [each["exposed"] for each in safe], param.home_violence_on_joining * (1 - param.safe_spaces_on_exposure)
    )
    unhurt, _, _ = asked(lambda city: city.youth.exposed_at_home.fill(0))
    assert {each["exposed"] for each in unhurt} == {0.0}


@pytest.mark.parametrize(
    ("name", "weight", "sign"),
    [("early_referral", "referral_on_joining", -1), ("criminalisation", "criminalisation_on_joining", 1)],
)
def test_a_child_at_risk_who_is_named_is_helped_or_lost_and_nobody_else(asked, params, name, weight, sign):
    """P-G10."""
    plain, _, _ = asked()
    named, _, _ = asked(lever(name))
    moved = 0
    for before, after in zip(plain, named, strict=True):
        child_at_risk = before["z"] > params.recruitment[0].referral_risk_threshold and before["age"] < 18.0
        moved += child_at_risk
        expected = sign * params.recruitment[0][weight] if child_at_risk else 0.0
        assert after["pull"] - before["pull"] == pytest.approx(expected, abs=1e-12)
    assert 0 < moved < len(plain)


def test_connected_places_feel_the_pull_of_rents_less(asked, params):
    """E21."""

    def rich(connected):
        def change(city):
            city.neighbourhood["rent"] = 3.0 * city.neighbourhood["rent_reference"]
            city.neighbourhood[8].connected = 0.45 + connected

        return asked(change)[0][0]["rent"]

    assert rich(0.0) == pytest.approx(math.log(2.0))
    assert rich(0.2) == pytest.approx(math.log(2.0) * math.exp(-0.2 * params.recruitment[0].connectedness_on_rent_pull))
    assert rich(-0.2) > rich(0.0)


def test_cheap_guns_are_those_whose_price_fell(asked):
    """E16."""
    cheaper = asked(lambda city: city.flows.price.__setitem__((8, FIREARMS), 0.5))[0][0]
    assert cheaper["cheap"] == pytest.approx(math.log(2.0))
    assert asked()[0][0]["cheap"] == 0.0


def test_deprivation_draws_in_children_beyond_what_it_draws_of_all(asked, params):
    outside, _, life = asked()
    expected = params.recruitment[0].deprivation_on_child_joining * (life.neighbourhood[8].deprivation - 0.5)
    assert outside[0]["young"] == pytest.approx(expected)


def test_who_is_exposed_finds_a_way_back_or_shame(asked, params):
    """P-S5."""
    param = params.recruitment[0]
    for change, helped in (
        (lambda city: None, 0.0),
        (lever("reintegration"), param.reintegration_on_exit),
        (lever("stigmatisation"), -param.stigmatisation_on_exit),
    ):
        _, members, _ = asked(change)
        assert len(members) > 5
        np.testing.assert_allclose([each["helped"] for each in members if not each["female"]], helped)


def test_a_group_is_turned_to_other_things_as_far_as_the_partner_is_believed(asked, params):
    """P-S6."""

    def send(city):
        city.levers["group_transformation"] = 0.5
        city.neighbourhood["credibility"] = 0.7

    _, members, _ = asked(send)
    np.testing.assert_allclose(
        [each["transformed"] for each in members], 0.5 * params.recruitment[0].transformation_on_exit * 1.2
    )


def test_drug_rents_lock_women_and_girls_in(asked, params):
    """E17: only rents that rose, and only them."""

    def pay(factor):
        def change(city):
            city.youth.female[::2] = 1
            city.youth.female[1::2] = 0
            city.market_rent[:, MARKET_DRUGS] = factor * city.market_reference[:, MARKET_DRUGS]

        return asked(change)[1]

    members = pay(3.0)
    assert {each["female"] for each in members} == {0, 1}
    locked = params.recruitment[0].drug_rent_on_female_exit * math.log(2.0)
    np.testing.assert_allclose([each["helped"] for each in members], [-locked * each["female"] for each in members])
    assert {each["helped"] for each in pay(0.3)} == {0.0}


def test_exits_of_women_and_girls_are_written_down(at_rest, params, seed, find):
    param = params.recruitment[0]
    param.exit_rate_loose = param.exit_rate_cohesive = 1e6
    members = find(at_rest, gang="any", status=FREE)
    at_rest.youth.female[members[::2]] = 1
    at_rest.youth.female[members[1::2]] = 0
    weights = at_rest.neighbourhood["weight"][at_rest.youth.home]
    look_around(at_rest)
    update_recruitment(at_rest, params, seed, 0)
    left = members[at_rest.youth.gang[members] == NO_GANG]
    assert left.size > 5
    assert at_rest.neighbourhood["exits"].sum() == pytest.approx(weights[left].sum())
    women = left[at_rest.youth.female[left] == 1]
    assert at_rest.neighbourhood["female_exits"].sum() == pytest.approx(weights[women].sum())


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
                quit_gang(faithful, row)
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
