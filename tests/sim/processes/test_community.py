"""Trust, fear, cohesion and legitimacy move at two speeds; programmes take people in (E10, E17-E22, E27-E35)."""

import math

import numpy as np
import pytest

from sim.enumerations import MONEY
from sim.processes.community import (
    _move_groups,
    _move_states,
    _solved,
    backing,
)
from sim.processes.justice import gate
from sim.processes.policy_delivery import killings_expected
from sim.state import copy_city

STATES = {
    "fear": "fear_anchor",
    "testimony": "testimony_anchor",
    "police_legitimacy": "police_anchor",
    "collective_efficacy": "efficacy_anchor",
    "bridging": "bridging_anchor",
    "state_legitimacy": "state_anchor",
    "criminal_legitimacy": "criminal_anchor",
}


@pytest.fixture
def calm(at_rest):
    """A city at rest whose violence is what it always was and whose flows are ordinary."""
    at_rest.flows.supply[:] = at_rest.flows.hub
    at_rest.flows.level[:] = 1.0
    at_rest.neighbourhood["robberies"] = 1.0
    for neighbourhood in at_rest.neighbourhood:
        neighbourhood.near_violence = 0.0
        neighbourhood.violence = neighbourhood.violence_reference = (
            killings_expected(neighbourhood) / neighbourhood.population
        )
    return at_rest


def moved(city, params, change, months=1, i=8):
    """The change of every slow state of a place in some months, against the same city left alone."""
    life = copy_city(city)
    change(life)
    for _ in range(months):
        _move_states(life, params, i)
    return {state: float(life.neighbourhood[i][state] - city.neighbourhood[i][state]) for state in STATES}


def target(anchor, effect):
    return 1 / (1 + math.exp(-(math.log(anchor / (1 - anchor)) + effect)))


def test_the_gate_is_half_open_at_six_tenths_and_all_but_shut_for_an_unreformed_force(params):
    assert gate(params, 0.6) == pytest.approx(0.5)
    assert gate(params, 0.0) == 0.0
    assert gate(params, 0.3) < 0.02
    assert gate(params, 0.45) < 0.16
    assert gate(params, 0.9) > 0.9
    assert all(gate(params, x) < gate(params, x + 0.1) for x in np.arange(0.0, 0.9, 0.1))


def test_at_its_anchors_a_city_stays_there(calm, params):
    before = copy_city(calm)
    for i in range(9):
        _move_states(calm, params, i)
    for state in STATES:
        np.testing.assert_allclose(calm.neighbourhood[state], before.neighbourhood[state], rtol=1e-12, err_msg=state)


def test_violence_is_a_slow_mean_of_expected_killings_here_and_half_of_those_next_door(calm, params):
    neighbourhood = calm.neighbourhood[8]
    neighbourhood.near_violence = 4e-6
    before = neighbourhood.violence
    fresh = killings_expected(neighbourhood) / neighbourhood.population + 2e-6
    _move_states(calm, params, 8)
    assert neighbourhood.violence == pytest.approx(before + params.community[0].violence_memory_speed * (fresh - before))


def test_violence_frightens_fast_and_peace_reassures_slowly(calm, params):
    param, neighbourhood = params.community[0], calm.neighbourhood[8]

    def at_violence(multiple):
        def change(city):
            city.neighbourhood[8].violence = multiple * neighbourhood.violence_reference
            city.neighbourhood[8].near_violence = 0.0
            params.community[0].violence_memory_speed = params.community[0].habituation_speed = 0.0

        return moved(calm, params, change)["fear"]

    goal = target(neighbourhood.fear_anchor, param.violence_on_fear * math.log(2.0))
    assert at_violence(3.0) == pytest.approx(param.fear_rise_speed * (goal - neighbourhood.fear_anchor))
    goal = target(neighbourhood.fear_anchor, param.violence_on_fear * math.log(0.55))
    assert at_violence(0.1) == pytest.approx(param.fear_fall_speed * (goal - neighbourhood.fear_anchor))


def test_abuse_costs_trust_fast_and_decency_regains_it_slowly(calm, params):
    param, anchor = params.community[0], calm.neighbourhood[8].police_anchor

    def at_abuse(shift):
        return moved(calm, params, lambda city: city.police["abuse"].__setitem__(8, city.police[8].abuse + shift))

    lost = at_abuse(0.2)["police_legitimacy"]
    gained = at_abuse(-0.2)["police_legitimacy"]
    assert lost == pytest.approx(param.trust_fall_speed * (target(anchor, -0.2 * param.abuse_on_police_legitimacy) - anchor))
    assert gained == pytest.approx(
        param.trust_rise_speed * (target(anchor, 0.2 * param.abuse_on_police_legitimacy) - anchor)
    )
    assert -lost > 2 * gained


def noticed(param, certainty):
    return param.clearance_on_trust_limit * math.tanh(certainty / param.clearance_on_trust_limit)


def spoken(param, effect):
    return param.testimony_limit * math.tanh(effect / param.testimony_limit)


def test_nothing_brings_more_witnesses_than_their_limit(calm, params):
    """Trust, little fear, solved cases and protection raise one another: together they have a bound."""
    param, anchor = params.community[0], calm.neighbourhood[8].testimony_anchor

    def change(city):
        place = city.neighbourhood[8]
        place.police_legitimacy, place.fear, place.clearance = 0.95, 0.02, 0.9
        city.levers[8].witness_protection = 1.0

    gained = moved(calm, params, change)["testimony"]
    most = param.trust_rise_speed * (target(anchor, param.testimony_limit) - anchor)
    assert 0.9 * most < gained < most


def test_residents_come_to_hold_the_violence_around_them_for_ordinary(calm, params):
    neighbourhood = calm.neighbourhood[8]
    params.community[0].violence_memory_speed = 0.0
    ordinary, anchor = float(neighbourhood.violence_reference), float(neighbourhood.fear_anchor)
    neighbourhood.violence = 3.0 * ordinary
    afraid = []
    for _ in range(1_200):
        _move_states(calm, params, 8)
        afraid.append(float(neighbourhood.fear))
    assert max(afraid[:24]) > anchor + 0.05
    assert afraid[-1] < anchor + 0.02
    half = math.log(2.0) / params.community[0].habituation_speed
    assert neighbourhood.violence_reference == pytest.approx(3.0 * ordinary, rel=0.01)
    assert half == pytest.approx(99.0, abs=1.0)


def test_solved_cases_gain_trust_and_witnesses(calm, params):
    """E22."""
    param, neighbourhood, city_state = params.community[0], calm.neighbourhood[8], calm.city_state[0]

    def solve(city):
        city.neighbourhood[8].clearance = 1.5 * city_state.clearance_anchor

    change = moved(calm, params, solve)
    goal = target(neighbourhood.police_anchor, param.clearance_on_police_legitimacy * noticed(param, math.log(1.5)))
    assert change["police_legitimacy"] == pytest.approx(param.trust_rise_speed * (goal - neighbourhood.police_anchor))
    goal = target(
        neighbourhood.testimony_anchor, spoken(param, 0.5 * param.clearance_on_testimony * city_state.clearance_anchor)
    )
    assert change["testimony"] == pytest.approx(param.trust_rise_speed * (goal - neighbourhood.testimony_anchor))


def test_community_policing_gains_trust_only_as_far_as_the_force_is_honest(calm, params):
    def walk(integrity):
        def change(city):
            city.levers[8].community_policing = 1.0
            city.city_state[0].force_integrity = city.city_state[0].integrity_anchor = integrity

        return moved(calm, params, change, months=24)["police_legitimacy"]

    assert walk(0.25) < 0.05 * walk(0.8)
    assert walk(0.8) > 0.03


def test_a_fair_process_gains_trust(calm, params):
    param, anchor = params.community[0], calm.neighbourhood[8].police_anchor
    calm.city_state[0].force_integrity = calm.city_state[0].integrity_anchor = 0.3
    gained = moved(calm, params, lambda city: city.levers["focused_deterrence"].__setitem__(8, 1.0))["police_legitimacy"]
    goal = target(anchor, param.focused_deterrence_on_police_legitimacy * 0.75)
    assert gained == pytest.approx(param.trust_rise_speed * (goal - anchor))


@pytest.mark.parametrize(
    ("field", "shift", "falls", "rises"),
    [
        ("fear", 0.2, ("testimony", "collective_efficacy", "bridging"), ()),
        ("police_legitimacy", 0.2, (), ("testimony", "collective_efficacy", "bridging", "state_legitimacy")),
        (
            "extortion",
            0.2,
            ("collective_efficacy", "state_legitimacy", "criminal_legitimacy"),
            ("fear",),
        ),
        ("state_legitimacy", 0.2, ("criminal_legitimacy",), ()),
        ("settled", 0.3, (), ("criminal_legitimacy",)),
        ("criminal_legitimacy", 0.2, ("testimony",), ()),
        ("jobs", 0.2, ("bridging",), ("collective_efficacy", "state_legitimacy")),
    ],
)
def test_what_follows_from_what(calm, params, field, shift, falls, rises):
    change = moved(calm, params, lambda city: city.neighbourhood[field].__setitem__(8, city.neighbourhood[8][field] + shift))
    for state in falls:
        assert change[state] < 0, state
    for state in rises:
        assert change[state] > 0, state


def test_hostile_ideas_wear_on_the_state(calm, params):
    param, anchor = params.community[0], calm.neighbourhood[8].state_anchor
    change = moved(calm, params, lambda city: city.flows.supply.__setitem__((8, 3), 2 * city.flows.hub[8, 3]))
    goal = target(anchor, -param.ideas_on_state_legitimacy * math.log(2.0))
    assert change["state_legitimacy"] == pytest.approx(param.cohesion_fall_speed * (goal - anchor))


def test_a_district_organises_its_own_and_turns_inwards(calm, params):
    change = moved(calm, params, lambda city: city.levers["improvement_district"].__setitem__(8, 1.0))
    assert change["collective_efficacy"] > 0 > change["bridging"]


def test_uneven_gains_divide_even_gains_do_not(calm, params):
    """E20: bonding follows the place's own income, bridging falls with the distance to the city's."""

    def gain(here, everywhere):
        def change(city):
            city.neighbourhood[8].jobs = here
            city.city_state[0].jobs = everywhere

        return moved(calm, params, change)

    assert gain(1.3, 1.0)["bridging"] < 0
    assert gain(1.3, 1.3)["bridging"] == pytest.approx(0.0, abs=1e-12)
    assert gain(1.3, 1.3)["collective_efficacy"] > 0


def test_trust_stays_between_0_and_1_whatever_happens(calm, params):
    calm.police["abuse"] = 1.0
    calm.neighbourhood["extortion"] = 1.0
    calm.neighbourhood["clearance"] = 0.01
    calm.neighbourhood["violence"] = 1.0
    for _ in range(300):
        for i in range(9):
            _move_states(calm, params, i)
    for state in STATES:
        assert ((calm.neighbourhood[state] > 0) & (calm.neighbourhood[state] < 1)).all()


SPEEDS = {
    "fear": ("fear_rise_speed", "fear_fall_speed"),
    "testimony": ("trust_rise_speed", "trust_fall_speed"),
    "police_legitimacy": ("trust_rise_speed", "trust_fall_speed"),
    "collective_efficacy": ("trust_rise_speed", "cohesion_fall_speed"),
    "bridging": (0.02, "cohesion_fall_speed"),
    "state_legitimacy": ("trust_rise_speed", "cohesion_fall_speed"),
    "criminal_legitimacy": ("trust_rise_speed", "trust_rise_speed"),
}


def at(neighbourhood=None, city_state=None, **levers):
    """A change of fields of Ixley, of the city and of levers at Ixley, each by an amount added to what was."""

    def change(city):
        for table, fields in (
            (city.neighbourhood[8], neighbourhood),
            (city.city_state[0], city_state),
            (city.levers[8], levers),
        ):
            for name, value in (fields or {}).items():
                table[name] += value

    return change


EFFECTS = {
    "robbery frightens": (
        at(neighbourhood={"robberies": 0.5}),
        lambda r, c: {"fear": r.robberies_on_fear * math.log(1.5)},
    ),
    "trauma frightens and isolates (E03)": (
        at(neighbourhood={"trauma": 0.3}),
        lambda r, c: {"fear": 0.3 * r.trauma_on_fear, "collective_efficacy": -0.3 * r.trauma_on_efficacy},
    ),
    "wardens who can be seen reassure (P-E14)": (
        at(city_wardens=0.8),
        lambda r, c: {"fear": -0.8 * r.wardens_on_fear},
    ),
    "protected witnesses come (P-E4)": (
        at(witness_protection=0.8),
        lambda r, c: {
            "testimony": spoken(r, 0.8 * r.witness_protection_on_testimony * _solved(r, c.neighbourhood[8].clearance))
        },
    ),
    "feedback by phone gains trust (P-E5)": (
        at(community_watch=0.8),
        lambda r, c: {"police_legitimacy": 0.8 * r.community_watch_on_police_legitimacy * c.city_state[0].phones},
    ),
    "promises nobody keeps cost trust (P-G2, P-G5)": (
        at(broken_promises=0.5),
        lambda r, c: {
            "police_legitimacy": -0.5 * r.broken_promises_on_police_legitimacy,
            "state_legitimacy": -0.5 * r.broken_promises_on_state_legitimacy,
        },
    ),
    "seats that count (P-G2)": (
        at(participation=0.6),
        lambda r, c: {
            "state_legitimacy": 0.6 * r.participation_on_state_legitimacy,
            "collective_efficacy": 0.6 * r.participation_on_efficacy,
            "bridging": 0.6 * r.participation_on_bridging,
        },
    ),
    "women who lead (P-G6)": (
        at(women_mediators=0.6),
        lambda r, c: {"collective_efficacy": 0.6 * r.women_leaders_on_efficacy},
    ),
    "homes of one's own (E28)": (
        at(neighbourhood={"housed": 0.5}),
        lambda r, c: {
            "collective_efficacy": 0.5 * r.secure_homes_on_efficacy,
            "state_legitimacy": 0.5 * r.secure_homes_on_state_legitimacy,
        },
    ),
    "what was rebuilt together (E03, E29)": (
        at(neighbourhood={"rebuilt": 0.1}),
        lambda r, c: {
            "collective_efficacy": 0.1 * r.rebuilding_on_efficacy,
            "state_legitimacy": 0.1 * r.rebuilding_on_state_legitimacy,
        },
    ),
    "a district turns inwards (E18)": (
        at(improvement_district=0.7),
        lambda r, c: {"collective_efficacy": 0.7 * r.district_on_efficacy, "bridging": -0.7 * r.district_on_bridging},
    ),
    "a district that shares turns inwards less (P-G9)": (
        at(improvement_district=0.7, shared_security_compact=0.5),
        lambda r, c: {
            "collective_efficacy": 0.7 * r.district_on_efficacy,
            "bridging": -0.7 * r.district_on_bridging * (1 - 0.5 * r.compact_on_enclave_harm),
        },
    ),
    "more walls anywhere divide everywhere (E18)": (
        at(city_state={"bubbles": 0.2}),
        lambda r, c: {"bridging": -0.2 * r.enclaves_on_bridging},
    ),
    "and less under a compact (P-G9)": (
        at(city_state={"bubbles": 0.2}, shared_security_compact=1.0),
        lambda r, c: {"bridging": -0.2 * r.enclaves_on_bridging * (1 - r.compact_on_enclave_harm)},
    ),
    "group lines (E33)": (at(neighbourhood={"divided": 0.3}), lambda r, c: {"bridging": -0.3 * r.division_on_bridging}),
    "newcomers whom nobody lets in (E04)": (
        at(neighbourhood={"displaced": 0.1}),
        lambda r, c: {
            "bridging": -0.1 * r.unsettled_newcomers_on_bridging,
            "collective_efficacy": -0.1 * r.unsettled_newcomers_on_efficacy,
        },
    ),
    "neighbours who come and go (E01)": (
        at(neighbourhood={"turnover": 0.1}),
        lambda r, c: {"collective_efficacy": -0.1 * r.turnover_on_efficacy},
    ),
    "and half as much where newcomers are half included": (
        at(neighbourhood={"turnover": 0.1, "open_door": 0.5}),
        lambda r, c: {"collective_efficacy": -0.05 * r.turnover_on_efficacy},
    ),
    "services (E29)": (
        at(neighbourhood={"services_now": 0.1}),
        lambda r, c: {
            "state_legitimacy": 0.1 * r.services_on_state_legitimacy,
            "criminal_legitimacy": -0.1 * r.services_on_criminal_legitimacy,
        },
    ),
    "services for which an armed group takes half the credit (E32)": (
        at(neighbourhood={"services_now": 0.1, "captured": 0.5}, basic_services=0.8),
        lambda r, c: {
            "state_legitimacy": 0.05 * r.services_on_state_legitimacy,
            "criminal_legitimacy": -0.05 * r.services_on_criminal_legitimacy
            + 0.4 * r.captured_services_on_criminal_legitimacy,
        },
    ),
    "what armed groups serve (E10)": (
        at(neighbourhood={"gang_services": 0.1}),
        lambda r, c: {"criminal_legitimacy": 0.1 * r.gang_services_on_criminal_legitimacy},
    ),
    "linkage (E27)": (
        at(city_state={"linkage": 0.2}),
        lambda r, c: {"state_legitimacy": 0.2 * r.cooperation_on_state_legitimacy},
    ),
    "bought politics (E11)": (
        at(city_state={"politics": 0.5}),
        lambda r, c: {"state_legitimacy": -0.5 * r.bought_politics_on_state_legitimacy},
    ),
    "a campaign with something to tell (P-G5)": (
        at(media_campaign=0.8),
        lambda r, c: {"state_legitimacy": 0.8 * r.campaign_on_state_legitimacy},
    ),
    "lawfulness (P-G8)": (
        at(neighbourhood={"lawful": 0.4}),
        lambda r, c: {"state_legitimacy": 0.4 * (1 - r.lawfulness_speed) * r.lawfulness_on_state_legitimacy},
    ),
    "an unsound partner (E35)": (
        at(partner_capture=0.5),
        lambda r, c: {"criminal_legitimacy": 0.5 * r.partner_capture_on_criminal_legitimacy},
    ),
}


@pytest.mark.parametrize("says", EFFECTS)
def test_each_thing_moves_what_it_moves_by_its_weight_and_nothing_else(calm, params, says):
    change, effects = EFFECTS[says]
    param = params.community[0]
    listed = effects(param, calm)
    expected = dict.fromkeys(STATES, 0.0)
    for state in STATES:
        effect = listed.get(state, 0.0)
        if state == "state_legitimacy":
            # The state gains half of what bridging gained before it in the same month.
            effect += 0.5 * expected["bridging"]
        if effect != 0.0:
            anchor = calm.neighbourhood[8][STATES[state]]
            speed = SPEEDS[state][0 if effect > 0 else 1]
            expected[state] = (param[speed] if isinstance(speed, str) else speed) * (target(anchor, effect) - anchor)
    found = moved(calm, params, change)
    for state in STATES:
        assert found[state] == pytest.approx(expected[state], rel=1e-6, abs=1e-12), state


def test_protection_brings_witnesses_where_cases_are_solved(params):
    """P-E4: half as far at a clearance of .35, next to nothing where nothing is solved."""
    param = params.community[0]
    assert _solved(param, 0.35) == pytest.approx(0.5)
    assert _solved(param, 0.1) < 0.03
    assert _solved(param, 0.8) > 0.9


def test_words_about_lawfulness_are_believed_by_the_citys_own_integrity(calm, params):
    """P-G8: visible integrity first; below four tenths it backfires."""
    param = params.community[0]
    assert [backing(param, each) for each in (0.4, 0.65, 1.0, 0.275, 0.0)] == pytest.approx([0.0, 1.0, 1.0, -0.5, -0.5])
    for integrity, gain in ((0.65, 1.0), (0.5, 0.4), (0.3, -0.4)):
        life = copy_city(calm)
        life.city_state[0].integrity = integrity
        life.levers["culture_of_lawfulness"][8] = 0.8
        for _ in range(12):
            _move_states(life, params, 8)
        assert life.neighbourhood[8].lawful == pytest.approx(0.8 * gain * (1 - (1 - param.lawfulness_speed) ** 12))


def test_connectedness_is_support_contact_volunteering_and_trust(calm, params):
    """E21."""
    neighbourhood = calm.neighbourhood[8]
    neighbourhood.credibility, neighbourhood.groups = 0.7, 0.6
    _move_states(calm, params, 8)
    expected = (neighbourhood.collective_efficacy + neighbourhood.bridging + 0.42 + neighbourhood.state_legitimacy) / 4
    assert neighbourhood.connected == pytest.approx(expected)
    neighbourhood.groups = 3.0
    _move_states(calm, params, 8)
    assert neighbourhood.connected == pytest.approx(
        (neighbourhood.collective_efficacy + neighbourhood.bridging + 0.7 + neighbourhood.state_legitimacy) / 4
    )


# Groups ------------------------------------------------------------------------------


def test_groups_lend_their_home_their_credibility_by_capacity(calm, params):
    calm.group["home"] = 3
    _move_groups(calm, params)
    listed = calm.group[calm.group["listed"] == 1]
    expected = np.average(listed["credibility"], weights=listed["capacity"])
    assert calm.neighbourhood[3].credibility == pytest.approx(expected)
    assert calm.neighbourhood[3].groups == pytest.approx(listed["capacity"].sum())
    assert calm.neighbourhood[0].credibility == params.community[0].credibility_without_group


def test_a_group_in_an_ordinary_place_keeps_its_credibility(calm, params):
    calm.group["credibility"] = calm.group["credibility_anchor"]
    _move_groups(calm, params)
    np.testing.assert_allclose(calm.group["credibility"], calm.group["credibility_anchor"])


def test_armed_order_and_dirty_money_capture_groups_that_are_not_independent(calm, params):
    calm.group["credibility"] = calm.group["credibility_anchor"] = 0.6
    calm.group["independence"][:5] = [0.0, 1.0, 0.5, 0.0, 0.0]
    calm.neighbourhood["governing"] += 0.3
    calm.flows.level[MONEY] = 2.0
    _move_groups(calm, params)
    assert calm.group[1].credibility == pytest.approx(0.6)
    assert calm.group[0].credibility < calm.group[2].credibility < 0.6


def test_a_shock_of_dirty_money_reaches_groups_as_the_citys_own_does(calm, params):
    calm.group["credibility"] = calm.group["credibility_anchor"] = 0.6
    calm.group["independence"] = 0.0
    shocked = copy_city(calm)
    calm.flows.level[MONEY] = 2.0
    shocked.levers["flow_money"] = math.log(2.0)
    for each in (calm, shocked):
        _move_groups(each, params)
    assert (calm.group["credibility"] < 0.6).all()
    np.testing.assert_allclose(shocked.group["credibility"], calm.group["credibility"])


def test_groups_stand_or_fall_with_the_state_they_vouch_for(calm, params):
    calm.group["credibility"] = calm.group["credibility_anchor"] = 0.6
    calm.neighbourhood["state_legitimacy"] -= 0.1
    _move_groups(calm, params)
    goal = target(0.6, -0.1 * params.community[0].state_legitimacy_on_credibility)
    np.testing.assert_allclose(calm.group["credibility"], 0.6 + params.community[0].trust_fall_speed * (goal - 0.6))


def test_a_partner_that_is_not_sound_costs_every_group_of_the_place_its_name(calm, params):
    """E35."""
    param = params.community[0]
    calm.group["credibility"] = calm.group["credibility_anchor"] = 0.6
    calm.group["independence"] = 1.0
    calm.levers["partner_capture"][calm.group[0].home] = 0.5
    _move_groups(calm, params)
    goal = target(0.6, -0.5 * param.partner_capture_on_credibility)
    assert calm.group[0].credibility == pytest.approx(0.6 + param.trust_fall_speed * (goal - 0.6))
    elsewhere = calm.group["home"] != calm.group[0].home
    assert elsewhere.any()
    np.testing.assert_allclose(calm.group["credibility"][elsewhere], 0.6)
