"""What a month asks of whom: the arguments of every chance of joining and of leaving, as measures and markets set them."""

import inspect
import math

import numpy as np
import pytest

from sim.enumerations import FIREARMS, MARKET_DRUGS
from sim.processes import recruitment
from sim.processes.recruitment import join_probability, leave_probability
from sim.processes.recruitment import update as update_recruitment
from sim.processes.risks import at_home, follows, lasting, own, peers
from sim.state import DEPENDENT, FREE, NO_USE, copy_city


@pytest.fixture
def asked(forced, params, seed, monkeypatch):
    """What is asked in a month of each youth of a place outside gangs, and of each member, in the order of rows."""

    def after(change=lambda city: None, i=8):
        life = copy_city(forced)
        # Nobody uses drugs, and the ordinary city is one in which nobody does.
        life.youth.uses[:] = life.youth.used_early[:] = NO_USE
        life.city_state[0].joining_reference = life.city_state[0].leaving_reference = 1.0
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
        # Members' mean chances, for rows that stand for many, ask the same once more.
        life.city_state[0].row_weight = 1.0
        update_recruitment(life, params, seed, 0)
        return outside, members, life

    return after


def lever(name, i=8, dose=1.0):
    return lambda city: city.levers[name].__setitem__(i, dose)


def test_everyone_outside_is_asked_with_their_own_circumstances(asked, find, params):
    param = params.recruitment[0]
    outside, members, life = asked()
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    youth = life.youth
    assert len(outside) == rows.size
    assert len(members) == find(life, neighbourhood=8, gang="any", status=FREE).size
    for each, row in zip(outside, rows, strict=True):
        assert each["female"] == youth.female[row]
        assert each["gang_peers"] == pytest.approx(peers(life, param, row))
        assert each["company"] == pytest.approx(follows(param, float(youth.friends[row])))
        assert each["activity"] == youth.activity[row]
        assert each["isolation"] == youth.isolation[row]
        assert each["own_risk"] == pytest.approx(own(life, params, row, each["age"], float(youth.family[row])))


def test_mothers_groups_make_troubled_families_hold_and_leave_the_others_alone(asked, find, params):
    plain, _, life = asked()
    held, _, _ = asked(lever("mothers_groups"))
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    param = params.recruitment[0]
    trouble = np.maximum(life.youth.family[rows].astype(float), 0.0)
    fading = np.array([lasting(param, each["age"]) for each in plain])
    relief = param.family_on_joining * fading * param.mothers_groups_on_family_risk * trouble
    before, after = (np.array([each["own_risk"] for each in asked]) for asked in (plain, held))
    np.testing.assert_allclose(after, before - relief, atol=1e-6)
    assert [each["company"] for each in held] == [each["company"] for each in plain]
    assert (relief > 0).any()
    assert (relief == 0).any()


def test_safe_spaces_undo_part_of_what_violence_at_home_does(asked, find, params):
    """E17."""
    param = params.recruitment[0]
    plain, _, life = asked(lambda city: city.youth.exposed_at_home.fill(1))
    safe, _, _ = asked(lambda city: (city.youth.exposed_at_home.fill(1), lever("safe_spaces")(city)))
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    full = [param.home_violence_on_joining * at_home(param, float(life.youth.family[row])) for row in rows]
    np.testing.assert_allclose([each["exposed"] for each in plain], full)
    relieved = np.array(full) * (1 - param.safe_spaces_on_exposure)
    np.testing.assert_allclose([each["exposed"] for each in safe], relieved)
    unhurt, _, _ = asked(lambda city: city.youth.exposed_at_home.fill(0))
    assert {each["exposed"] for each in unhurt} == {0.0}


@pytest.mark.parametrize(
    ("name", "weight", "sign"),
    [("early_referral", "referral_on_joining", -1), ("criminalisation", "criminalisation_on_joining", 1)],
)
def test_a_child_at_risk_who_is_named_is_helped_or_lost_and_nobody_else(asked, find, params, name, weight, sign):
    """P-G10."""
    plain, _, life = asked()
    named, _, _ = asked(lever(name))
    rows = find(life, neighbourhood=8, gang=None, status=FREE)
    levels = [getattr(life.youth, level)[rows].astype(float) for level in ("person", "family", "friends", "school")]
    index = np.sum(levels, axis=0) / 2
    moved = 0
    for z, before, after in zip(index, plain, named, strict=True):
        child_at_risk = z > params.recruitment[0].referral_risk_threshold and before["age"] < 18.0
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


def test_early_use_draws_in_and_dependence_holds_against_the_ordinary_city(asked, find, params):
    """E38."""
    param = params.recruitment[0]

    def use(city):
        city.youth.used_early[::2] = 1
        city.youth.uses[::2] = DEPENDENT
        city.youth.exposed_at_home[:] = 0
        city.city_state[0].joining_reference, city.city_state[0].leaving_reference = 1.5, 0.8

    plain, stayed, _ = asked(lambda city: city.youth.exposed_at_home.fill(0))
    drawn, held, life = asked(use)
    early = find(life, neighbourhood=8, gang=None, status=FREE) % 2 == 0
    assert 0 < early.sum() < early.size
    np.testing.assert_allclose([each["exposed"] for each in drawn], param.early_use_on_joining * early)
    assert drawn[0]["pull"] - plain[0]["pull"] == pytest.approx(-math.log(1.5))
    depends = find(life, neighbourhood=8, gang="any", status=FREE) % 2 == 0
    women = np.array([each["female"] for each in held])
    holds = depends * (param.dependence_on_exit + param.dependence_on_female_exit * women)
    moved = [after["helped"] - before["helped"] for before, after in zip(stayed, held, strict=True)]
    np.testing.assert_allclose(moved, -math.log(0.8) - holds)
