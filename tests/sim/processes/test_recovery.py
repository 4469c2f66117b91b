"""Shocks do damage, the worst-off most, and a city recovers; newcomers settle in (E03, E04, E28, E29, E32)."""

import math

import numpy as np
import pytest
from city_columns import differing
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.enumerations import JOB_TRAINING
from sim.processes.recovery import captured
from sim.processes.recovery import update as update_recovery
from sim.state import copy_city

LEVERS = (
    "disaster_damage",
    "epidemic",
    "attack",
    "raid",
    "influx",
    "care_after_shock",
    "basic_services",
    "preparedness",
    "housing_upgrading",
    "secure_tenure",
    "participation",
    "job_training",
)


@pytest.fixture
def whole(at_rest):
    """A city at rest that nobody dominates, so that the state has the credit for what it brings."""
    at_rest.neighbourhood["domination"] = 0.0
    return at_rest


@pytest.fixture
def lived(whole, params, seed):
    """A copy of the city after a change and some months of recovery."""

    def after(change=lambda city: None, months=1):
        city = copy_city(whole)
        change(city)
        for t in range(months):
            update_recovery(city, params, seed, t)
        return city

    return after


def given_that(places=None, **levers):
    """A change that sets levers of places, or fields of them."""

    def change(city):
        rows = slice(None) if places is None else places
        for name, value in levers.items():
            table = city.levers if name in city.levers.dtype.names else city.neighbourhood
            table[name][rows] = value

    return change


def both(*changes):
    def change(city):
        for each in changes:
            each(city)

    return change


def test_a_city_that_nothing_befalls_stays_as_it_is(lived, whole):
    assert differing(lived(months=6), whole) == {}


# Damage and repair ------------------------------------------------------------------------------


def mending(city, param, i, prepared=0.0, care=0.0):
    neighbourhood = city.neighbourhood[i]
    own = (0.5 + neighbourhood.collective_efficacy) * (0.5 + neighbourhood.services)
    return param.repair_speed * own * (1 + param.preparedness_on_repair * prepared) * (1 + param.care_on_repair * care)


def test_the_worst_off_are_hit_hardest(lived):
    """E03."""
    neighbourhood = lived(given_that(disaster_damage=0.3)).neighbourhood
    np.testing.assert_allclose(neighbourhood["damage"], 0.3 * (0.5 + neighbourhood["deprivation"]))
    assert neighbourhood[8].damage > 1.5 * neighbourhood[0].damage


def test_a_second_blow_breaks_only_what_is_left(lived, params):
    city = lived(given_that(places=8, disaster_damage=0.4))
    before, done = city.neighbourhood[8].damage, 0.4 * (0.5 + city.neighbourhood[8].deprivation)
    update_recovery(city, params, np.uint64(1), 1)
    assert city.neighbourhood[8].damage == pytest.approx(
        before + done * (1 - before) - mending(city, params.recovery[0], 8) * before
    )


def test_a_prepared_city_is_damaged_less_and_mends_faster(lived, params):
    """P-S12."""
    param = params.recovery[0]
    prepared = lived(given_that(places=8, disaster_damage=0.4, prepared=0.5, preparedness=0.5))
    assert prepared.neighbourhood[8].prepared == 0.5
    plain = lived(given_that(places=8, disaster_damage=0.4))
    assert prepared.neighbourhood[8].damage / plain.neighbourhood[8].damage == pytest.approx(
        1 - 0.5 * param.preparedness_on_damage
    )
    before = prepared.neighbourhood[8].damage
    prepared.levers["disaster_damage"] = 0.0
    update_recovery(prepared, params, np.uint64(1), 1)
    assert prepared.neighbourhood[8].damage == pytest.approx(before * (1 - mending(prepared, param, 8, prepared=0.5)))


def test_a_city_is_prepared_slowly(lived, params):
    city = lived(given_that(preparedness=0.8), months=12)
    np.testing.assert_allclose(city.neighbourhood["prepared"], 0.8 * (1 - (1 - params.recovery[0].preparedness_speed) ** 12))


def test_cohesion_continuity_and_care_mend_by_the_equation(lived, params):
    param = params.recovery[0]

    def one(**other):
        def change(city):
            city.neighbourhood[8].damage = 0.5
            for name, value in other.items():
                (city.levers if name == "care_after_shock" else city.neighbourhood)[name][8] = value

        return lived(change)

    for change in ({}, {"collective_efficacy": 0.9}, {"services": 0.9}, {"care_after_shock": 0.7}):
        city = one(**change)
        expected = 0.5 * (1 - mending(city, param, 8, care=change.get("care_after_shock", 0.0)))
        assert city.neighbourhood[8].damage == pytest.approx(expected), change


def test_a_well_governed_recovery_adds_to_what_was(lived, params):
    """E29: what is mended with care, or by a prepared city, under a state that is trusted."""
    param = params.recovery[0]

    def mended(**other):
        def change(city):
            city.neighbourhood[8].damage = 0.5
            for name, value in other.items():
                (city.levers if name == "care_after_shock" else city.neighbourhood)[name][8] = value

        return lived(change)

    assert mended().neighbourhood[8].rebuilt == 0.0
    city = mended(care_after_shock=0.6)
    # At rest the state is as much trusted as it ever was.
    added = param.rebuilding_on_services * mending(city, param, 8, care=0.6) * 0.5 * 0.6
    assert city.neighbourhood[8].rebuilt == pytest.approx(added * (1 - 1 / param.rebuilding_months))
    trusted = mended(care_after_shock=0.6, state_legitimacy=0.9)
    assert trusted.neighbourhood[8].rebuilt / city.neighbourhood[8].rebuilt == pytest.approx(
        0.9 / city.neighbourhood[8].state_legitimacy
    )
    later = lived(given_that(rebuilt=0.2), months=24)
    np.testing.assert_allclose(later.neighbourhood["rebuilt"], 0.2 * (1 - 1 / param.rebuilding_months) ** 24)


# Services and who is thanked ------------------------------------------------------------------------------


def test_services_grow_slowly_towards_what_is_missing(lived, params):
    """P-S10."""
    param = params.recovery[0]
    neighbourhood = lived(lambda city: city.levers["basic_services"].fill(0.5)).neighbourhood
    goal = neighbourhood["services"] + 0.5 * param.measure_on_services * (1 - neighbourhood["services"])
    np.testing.assert_allclose(
        neighbourhood["services_now"], neighbourhood["services"] + param.services_speed * (goal - neighbourhood["services"])
    )
    later = lived(lambda city: city.levers["basic_services"].fill(0.5), months=400).neighbourhood
    np.testing.assert_allclose(later["services_now"], goal, rtol=1e-6)


def test_damage_to_services_is_felt_at_once_and_mended_with_it(lived):
    neighbourhood = lived(given_that(places=8, disaster_damage=0.4)).neighbourhood[8]
    assert neighbourhood.services_now == pytest.approx(neighbourhood.services * (1 - neighbourhood.damage))
    assert neighbourhood.damage > 0.3
    mended = lived(lambda city: city.neighbourhood["damage"].fill(0.5)).neighbourhood
    np.testing.assert_allclose(mended["services_now"], mended["services"] * (1 - mended["damage"]))


def test_services_are_lost_as_slowly_as_they_are_built(lived, params):
    later = lived(lambda city: city.neighbourhood["service_reach"].__imul__(1.2)).neighbourhood
    np.testing.assert_allclose(
        later["services_now"], later["services"] * (1 + 0.2 * (1 - params.recovery[0].services_speed))
    )


def test_what_was_built_back_and_upgraded_homes_serve(lived, params):
    param = params.recovery[0]
    neighbourhood = lived(
        both(given_that(housing_upgrading=0.8), lambda city: city.neighbourhood["rebuilt"].fill(0.05))
    ).neighbourhood[8]
    goal = neighbourhood.services + 0.8 * param.housing_on_services * (1 - neighbourhood.services) + neighbourhood.rebuilt
    assert neighbourhood.services_now == pytest.approx(
        neighbourhood.services + param.services_speed * (goal - neighbourhood.services)
    )


def test_services_never_reach_more_than_everyone(lived):
    city = lived(
        both(lambda city: city.levers["basic_services"].fill(1.0), lambda city: city.neighbourhood["rebuilt"].fill(5.0)),
        months=300,
    )
    assert city.neighbourhood["services_now"].max() <= 1.0


@pytest.mark.parametrize(("domination", "held"), [(0.0, 0.0), (0.35, 0.5), (1.0, 1 / (1 + 0.35**4))])
def test_who_holds_the_place_takes_the_credit(whole, params, domination, held):
    """E32."""
    whole.neighbourhood[8].domination = domination
    assert captured(whole, params, 8) == pytest.approx(held)


@pytest.mark.parametrize(
    ("order", "participation", "free"),
    [
        ({"patrol": 1.0}, 0.0, 1.0),
        ({}, 1.0, 1.0),
        ({"patrol": 1.0}, 0.6, 0.4),
        ({"military_deployment": 0.5}, 0.8, 0.6),
        ({"community_policing": 0.3, "military_deployment": 0.2}, 1.0, 0.5),
        ({"patrol": 0.8, "military_deployment": 0.8}, 1.0, 0.0),
    ],
    ids=str,
)
def test_order_and_a_say_together_give_the_credit_back_and_neither_alone(whole, params, order, participation, free):
    """E32: order first, then services decided with those who live there."""
    whole.neighbourhood[8].domination = 0.35
    whole.levers[8].participation = participation
    for name, dose in order.items():
        if name == "patrol":
            whole.police[8].patrol = dose
        else:
            whole.levers[8][name] = dose
    assert captured(whole, params, 8) == pytest.approx(0.5 * free)


def test_services_in_a_place_that_is_held_bring_less(lived, params):
    def bring(domination):
        def change(city):
            city.levers["basic_services"] = 1.0
            city.neighbourhood["domination"] = domination

        neighbourhood = lived(change).neighbourhood[8]
        return (neighbourhood.services_now - neighbourhood.services) / (1 - neighbourhood.services)

    gain = params.recovery[0].measure_on_services * params.recovery[0].services_speed
    assert bring(0.0) == pytest.approx(gain)
    assert bring(0.35) == pytest.approx(gain / 2)


def test_a_home_is_ones_own_with_a_title_and_not_without(lived, params):
    """E28, P-S7."""
    param = params.recovery[0]
    assert not lived(given_that(housing_upgrading=1.0)).neighbourhood["housed"].any()
    assert not lived(given_that(secure_tenure=1.0)).neighbourhood["housed"].any()
    city = lived(given_that(housing_upgrading=0.8, secure_tenure=0.5), months=12)
    np.testing.assert_allclose(city.neighbourhood["housed"], 0.4 * (1 - (1 - param.housing_speed) ** 12))


# Minds and emergency care ------------------------------------------------------------------------------


def test_damage_attacks_and_raids_shake_by_their_weights(lived, params):
    param = params.recovery[0]
    lasting = 1 - 1 / param.trauma_months
    neighbourhood = lived(given_that(places=8, disaster_damage=0.4)).neighbourhood[8]
    done = 0.4 * (0.5 + neighbourhood.deprivation)
    assert neighbourhood.trauma == pytest.approx(param.damage_on_trauma * done * lasting)
    assert lived(given_that(places=8, attack=0.4)).neighbourhood[8].trauma == pytest.approx(
        0.4 * param.attack_on_trauma * lasting
    )
    assert lived(given_that(places=8, raid=0.4)).neighbourhood[8].trauma == pytest.approx(
        0.4 * param.raid_on_trauma * lasting
    )
    assert lived(given_that(places=8, raid=0.4)).neighbourhood[7].trauma == 0.0


def test_minds_heal_over_years_and_with_care_faster(lived, params):
    """P-S9."""
    param = params.recovery[0]
    shaken = given_that(trauma=0.6)
    np.testing.assert_allclose(lived(shaken, months=12).neighbourhood["trauma"], 0.6 * (1 - 1 / param.trauma_months) ** 12)
    cared = lived(both(shaken, lambda city: city.levers["care_after_shock"].fill(0.5)), months=12)
    speed = (1 + 0.5 * param.care_on_trauma) / param.trauma_months
    np.testing.assert_allclose(cared.neighbourhood["trauma"], 0.6 * (1 - speed) ** 12)


def test_emergency_care_suffers_from_damage_and_an_epidemic(lived, params):
    param = params.recovery[0]
    neighbourhood, city_state = lived(given_that(places=8, disaster_damage=0.4)).neighbourhood[8], lived().city_state[0]
    assert neighbourhood.care == pytest.approx(city_state.care_anchor * (1 - 0.5 * neighbourhood.damage))
    sick = lived(given_that(places=8, epidemic=0.6)).neighbourhood
    assert sick[8].care == pytest.approx(city_state.care_anchor * (1 - 0.6 * param.epidemic_on_care))
    assert sick[7].care == city_state.care_anchor
    ready = lived(given_that(places=8, epidemic=0.6, prepared=1.0, preparedness=1.0)).neighbourhood[8]
    shielded = 1 - 0.5 * param.preparedness_on_damage
    assert ready.care == pytest.approx(city_state.care_anchor * (1 - 0.6 * param.epidemic_on_care * shielded))


def test_care_after_a_shock_reaches_those_who_were_hit(lived, params):
    param = params.recovery[0]
    city_state = lived().city_state[0]

    def cared(city):
        city.levers["care_after_shock"] = 0.8

    np.testing.assert_allclose(lived(cared).neighbourhood["care"], city_state.care_anchor)
    neighbourhood = lived(both(cared, given_that(trauma=0.1))).neighbourhood
    added = 0.8 * param.care_on_emergency_care * 3 * neighbourhood["trauma"] * (1 - city_state.care_anchor)
    np.testing.assert_allclose(neighbourhood["care"], city_state.care_anchor + added)
    worst = lived(both(cared, given_that(trauma=0.9))).neighbourhood
    np.testing.assert_allclose(
        worst["care"], city_state.care_anchor + 0.8 * param.care_on_emergency_care * (1 - city_state.care_anchor)
    )


def test_damage_and_epidemics_bind_the_police(lived, params):
    param = params.recovery[0]
    assert lived().city_state[0].diverted == 0.0
    city = lived(given_that(places=8, disaster_damage=0.4))
    covered = city.neighbourhood[8].population / city.city_state[0].population
    assert city.city_state[0].diverted == pytest.approx(
        param.damage_on_police_capacity * city.neighbourhood[8].damage * covered
    )
    sick = lived(given_that(epidemic=0.6))
    assert sick.city_state[0].diverted == pytest.approx(
        param.damage_on_police_capacity * param.epidemic_on_police_capacity * 0.6
    )
    ready = lived(given_that(epidemic=0.6, prepared=1.0, preparedness=1.0))
    shielded = 1 - 0.5 * param.preparedness_on_damage
    assert ready.city_state[0].diverted == pytest.approx(shielded * sick.city_state[0].diverted)


# Newcomers ------------------------------------------------------------------------------


def test_an_influx_arrives_unsettled(lived):
    """E04."""
    neighbourhood = lived(given_that(places=8, influx=0.2)).neighbourhood
    assert neighbourhood[8].displaced == pytest.approx(neighbourhood[8].displaced_anchor + 0.2)
    assert neighbourhood[7].displaced == neighbourhood[7].displaced_anchor


def test_people_beyond_the_ordinary_flow_arrive_in_part_unsettled(lived, params):
    param = params.recovery[0]
    neighbourhood = lived(lambda city: city.levers["flow_people"].fill(math.log(3.0))).neighbourhood
    np.testing.assert_allclose(
        neighbourhood["displaced"], neighbourhood["in_migration"] / 12 * param.unsettled_arrival_share * 2.0
    )
    fewer = lived(lambda city: city.levers["flow_people"].fill(math.log(0.3))).neighbourhood
    np.testing.assert_array_equal(fewer["displaced"], fewer["displaced_anchor"])


def test_who_is_driven_from_home_is_unsettled(lived):
    """P-R9, E33."""
    neighbourhood = lived(lambda city: city.neighbourhood["evicted"].__setitem__(8, 120.0)).neighbourhood
    assert neighbourhood[8].displaced == pytest.approx(10.0 / neighbourhood[8].population)


def test_newcomers_settle_by_bridging_and_an_open_door(lived, params):
    param = params.recovery[0]

    def stay(bridging=None, **levers):
        def change(city):
            city.neighbourhood["displaced"] = 0.3
            if bridging is not None:
                city.neighbourhood["bridging"] = bridging
            for name, dose in levers.items():
                city.levers[name] = dose

        return lived(change).neighbourhood[8]

    base = stay()
    assert base.displaced == pytest.approx(0.3 * (1 - param.settling_speed * (0.2 + base.bridging)))
    assert base.included == 0.0
    assert stay(bridging=0.9).displaced == pytest.approx(0.3 * (1 - param.settling_speed * 1.1))
    for levers, door in (
        ({"participation": 0.4}, 0.4),
        ({"basic_services": 0.6}, 0.3),
        ({"job_training": 0.6}, 0.3),
        ({"participation": 0.9, "basic_services": 0.8}, 1.0),
    ):
        neighbourhood = stay(**levers)
        settled = param.settling_speed * (0.2 + neighbourhood.bridging + param.inclusion_on_settling * door) * 0.3
        assert neighbourhood.displaced == pytest.approx(0.3 - settled), levers
        assert neighbourhood.included == pytest.approx(settled * door), levers


def test_training_opens_the_door_as_far_as_a_place_does_what_it_can(lived):
    def arriving(effect):
        def change(city):
            city.neighbourhood["displaced"] = 0.3
            city.levers["job_training"] = 0.6
            city.place_effect[:, JOB_TRAINING] = effect

        return lived(change).neighbourhood[8]

    half, none = arriving(0.5), arriving(0.0)
    assert none.included == 0.0
    assert half.included == pytest.approx((0.3 - half.displaced) * 0.15)
    assert half.displaced < none.displaced


def test_those_who_live_unsettled_in_the_ordinary_city_are_its_ordinary_state(lived):
    def change(door):
        def begin(city):
            city.neighbourhood["displaced"] = city.neighbourhood["displaced_anchor"] = 0.12
            city.levers["participation"] = door

        return begin

    np.testing.assert_allclose(lived(change(0.0), months=24).neighbourhood["displaced"], 0.12)
    # Until they are included: as many come as before, and settle sooner.
    included = lived(change(1.0), months=120).neighbourhood
    assert (included["displaced"] < 0.08).all()
    assert (included["included"] > 0.01).all()


def test_settled_newcomers_are_a_gain_that_is_told_apart_for_years(lived, params):
    city = lived(given_that(included=0.1), months=24)
    np.testing.assert_allclose(city.neighbourhood["included"], 0.1 * (1 - 1 / params.recovery[0].inclusion_months) ** 24)


@settings(max_examples=60, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    doses=st.fixed_dictionaries(dict.fromkeys(LEVERS, st.floats(0.0, 1.0))),
    domination=st.floats(0.0, 1.0),
    people=st.floats(-3.0, 7.0),
)
def test_shares_stay_shares_through_anything_that_lasts(whole, params, seed, doses, domination, people):
    city = copy_city(whole)
    city.neighbourhood["domination"] = domination
    city.levers["flow_people"] = people
    for name, dose in doses.items():
        city.levers[name] = dose
    for t in range(24):
        update_recovery(city, params, seed, t)
    for share in ("damage", "trauma", "prepared", "displaced", "services_now", "care", "housed", "captured"):
        assert ((city.neighbourhood[share] >= 0) & (city.neighbourhood[share] <= 1)).all(), share
    assert (city.neighbourhood["rebuilt"] >= 0).all()
    assert (city.neighbourhood["included"] >= 0).all()
    assert 0 <= city.city_state[0].diverted <= 0.9


def test_those_who_settled_are_a_share_of_residents_however_many_come(lived):
    city = lived(given_that(influx=1.0, participation=1.0), months=60)
    assert city.neighbourhood["included"].max() <= 1.0
    assert city.neighbourhood["included"].min() > 0.9


def test_what_is_rebuilt_together_is_at_most_all(lived):
    city = lived(given_that(disaster_damage=1.0, care_after_shock=1.0, state_anchor=0.001), months=60)
    assert city.neighbourhood["rebuilt"].max() == 1.0
