"""Services one by one: what a cut takes, what mends it, what each does by itself, and that nothing acts unasked (E42)."""

import numpy as np
import pytest
from city_columns import differing

from sim.build import build, city_parameters
from sim.enumerations import (
    SERVICE_CLINIC,
    SERVICE_JUSTICE,
    SERVICE_SCHOOL,
    SERVICE_TRANSPORT,
    SERVICE_WASTE,
    SERVICE_WATER,
    SERVICES,
)
from sim.outcomes import outcome_index
from sim.processes.community import update as update_community
from sim.processes.extortion import update as update_extortion
from sim.processes.gangs.control import contest
from sim.processes.homicide.disputes import set_street_violence
from sim.processes.homicide.home import set_home_violence
from sim.processes.justice import clear
from sim.processes.labour import update as update_labour
from sim.processes.public_services import record_services, serve, weight_of
from sim.processes.recovery import update as update_recovery
from sim.scenario import City
from sim.state import FREE, NEITHER, copy_city

PLACE = 8
LEVERS = [f"cut_{service}" for service in SERVICES]


@pytest.fixture
def free(at_rest):
    """A city at rest that nobody dominates, so that measures reach everyone."""
    at_rest.neighbourhood["domination"] = 0.0
    return at_rest


@pytest.fixture
def lived(free, params, seed):
    """A copy of the city after some months of recovery under levers that are pulled everywhere."""

    def after(months=1, change=lambda city: None, **levers):
        city = copy_city(free)
        change(city)
        for name, dose in levers.items():
            city.levers[name] = dose
        for t in range(months):
            update_recovery(city, params, seed, t)
        return city

    return after


def with_services(city, params, place=PLACE, **given):
    """The city of the sandbox in which a neighbourhood says more of some services."""
    raw = city.model_dump()
    raw["neighbourhoods"][place]["public_services"] = {name: dict(fields) for name, fields in given.items()}
    return build(City.model_validate(raw), params, 7, 0.05, -24)


# A cut ------------------------------------------------------------------------------


def test_where_nothing_is_cut_every_service_is_at_the_level_of_all_to_the_last_digit(lived, free):
    city = lived(6)
    assert differing(city, free) == {}
    np.testing.assert_array_equal(city.services.reach, np.repeat(city.neighbourhood["services"][:, None], 6, axis=1))
    assert not city.services.lost.any()
    assert not city.neighbourhood["legitimacy_kept"].any()
    assert not city.neighbourhood["home_kept"].any()


@pytest.mark.parametrize("k", range(6), ids=SERVICES)
def test_a_cut_takes_its_share_of_those_served_at_once_and_the_mean_falls_by_its_weight(lived, params, free, k):
    city = lived(**{LEVERS[k]: 0.4})
    param = params.public_services[0]
    here = free.neighbourhood[PLACE]
    left = 0.6 * (1 + 0.4 * param.scarcity_on_price) ** (-param.price_on_reach * here.deprivation)
    assert city.services.reach[PLACE, k] == pytest.approx(here.services * left)
    assert city.services.price[PLACE, k] == pytest.approx(1 + 0.4 * param.scarcity_on_price)
    others = [each for each in range(6) if each != k]
    np.testing.assert_array_equal(city.services.reach[PLACE, others], here.services)
    lost = city.services.lost[PLACE, k]
    assert city.neighbourhood[PLACE].services_now == pytest.approx(here.services - weight_of(param, k) * lost)


def test_all_services_cut_together_take_what_they_take_from_each(lived, free):
    city = lived(**dict.fromkeys(LEVERS, 1.0))
    np.testing.assert_allclose(city.neighbourhood["services_now"], 0.0, atol=1e-12)
    assert (city.services.reach == 0.0).all()
    # Legitimacy loses the whole whatever the weights are.
    kept = city.neighbourhood["services_now"] + city.neighbourhood["legitimacy_kept"]
    np.testing.assert_allclose(kept, 0.0, atol=1e-12)


def test_what_is_cut_is_mended_as_damage_is_once_the_shock_is_over(lived, params, seed):
    city = lived(cut_water=0.5)
    city.levers["cut_water"] = 0.0
    here = city.neighbourhood[PLACE]
    param = params.recovery[0]
    mended = param.repair_speed * (0.5 + here.collective_efficacy) * (0.5 + here.services)
    update_recovery(city, params, seed, 1)
    assert city.services.cut[PLACE, SERVICE_WATER] == pytest.approx(0.5 * (1 - mended))
    for t in range(2, 200):
        update_recovery(city, params, seed, t)
    np.testing.assert_allclose(city.services.lost, 0.0, atol=1e-3)


MENDED = {
    "water": ("basic_services", "housing_upgrading"),
    "waste": ("public_space", "housing_upgrading"),
    "clinic": ("basic_services", "care_after_shock"),
    "school": ("housing_jobs", "early_childhood_support"),
    "justice": ("basic_services",),
    "transport": ("transport_rules", "housing_jobs"),
}


@pytest.mark.parametrize(("service", "lever"), [(name, lever) for name, listed in MENDED.items() for lever in listed])
def test_a_measure_makes_good_a_part_of_a_cut_and_nothing_where_there_is_none(lived, params, service, lever):
    k = SERVICES.index(service)
    cut, mended = lived(**{f"cut_{service}": 0.5}), lived(**{f"cut_{service}": 0.5, lever: 1.0})
    assert mended.services.lost[PLACE, k] < 0.5 * cut.services.lost[PLACE, k]
    assert not lived(**{lever: 1.0}).services.lost.any()


def test_who_holds_a_place_keeps_basic_services_from_making_good_a_cut(lived):
    def held(city):
        city.neighbourhood["domination"] = 1.0

    free, captured = lived(cut_justice=0.5, basic_services=1.0), lived(change=held, cut_justice=0.5, basic_services=1.0)
    assert captured.services.lost[PLACE, SERVICE_JUSTICE] > 1.5 * free.services.lost[PLACE, SERVICE_JUSTICE]


def test_a_better_reach_of_all_services_is_shared_by_what_each_lacks(sandbox, params, seed):
    city = with_services(sandbox, params, water={"reach": 0.1}, school={"reach": 0.9})
    city.neighbourhood["domination"] = 0.0
    city.levers["basic_services"] = 1.0
    before = city.services.reach[PLACE].copy()
    for t in range(24):
        update_recovery(city, params, seed, t)
    gained = (city.services.reach[PLACE] - before) / (1 - before)
    np.testing.assert_allclose(gained, gained[0])
    weights = [weight_of(params.public_services[0], k) for k in range(6)]
    assert city.neighbourhood[PLACE].services_now == pytest.approx(np.dot(weights, city.services.reach[PLACE]))


# What each does ------------------------------------------------------------------------------


def street(city, params):
    for i in range(9):
        set_street_violence(city, params, i, 1.0)
        set_home_violence(city, params, i, 1.0)
    return city.neighbourhood[PLACE]


def test_lost_water_raises_violence_at_home_by_its_own_strength(lived, params, free):
    cut = lived(cut_water=0.5)
    lost = cut.services.lost[PLACE, SERVICE_WATER]
    before, after = street(free, params).domestic, street(cut, params).domestic
    assert after == pytest.approx(before * np.exp(params.homicide[0].water_on_home_violence * lost))


def test_lost_justice_raises_vigilantes_and_lowers_clearance_and_leaves_homes_alone(lived, params, free):
    cut = lived(cut_justice=0.5)
    lost = cut.services.lost[PLACE, SERVICE_JUSTICE]
    before, after = street(free, params), street(cut, params)
    ratio = np.exp(params.homicide[0].justice_on_vigilantes * lost)
    assert after.deaths_vigilante == pytest.approx(before.deaths_vigilante * ratio)
    assert after.domestic == pytest.approx(before.domestic)
    clear(free, params, PLACE)
    clear(cut, params, PLACE)
    assert cut.neighbourhood[PLACE].clearance < free.neighbourhood[PLACE].clearance


def test_other_services_stress_homes_by_what_they_weigh(lived, params, free):
    cut = lived(cut_clinic=0.5)
    param = params.public_services[0]
    stress = params.homicide[0].services_on_home_violence * weight_of(param, SERVICE_CLINIC)
    stress *= cut.services.lost[PLACE, SERVICE_CLINIC]
    assert street(cut, params).domestic == pytest.approx(street(free, params).domestic * np.exp(stress))


def test_lost_waste_collection_raises_disputes_and_robberies(lived, params, free):
    cut = lived(cut_waste=0.5)
    free.neighbourhood["street"] = cut.neighbourhood["street"] = 0.0
    ratio = 1 + params.homicide[0].waste_on_street_violence * cut.services.lost[PLACE, SERVICE_WASTE]
    before, after = street(free, params), street(cut, params)
    assert after.robberies == pytest.approx(before.robberies * ratio)
    assert after.deaths_dispute == pytest.approx(before.deaths_dispute * ratio)


def test_lost_clinics_take_emergency_care(lived, params):
    whole, cut = lived(), lived(cut_clinic=0.5)
    taken = whole.neighbourhood["care"] - cut.neighbourhood["care"]
    missing = params.public_services[0].clinics_on_care * cut.services.lost[:, SERVICE_CLINIC]
    np.testing.assert_allclose(taken, whole.city_state[0].care_anchor * missing)


def test_lost_schools_leave_children_idle(lived, params, seed):
    params.labour["activity_review_rate"] = 1.0
    params.labour["schools_on_attendance"] = 1.0
    whole, cut = lived(), lived(cut_school=1.0)
    update_labour(whole, params, seed, 1)
    update_labour(cut, params, seed, 1)
    youth = cut.youth
    lost = float(cut.services.lost[PLACE, SERVICE_SCHOOL])
    ages = (1 % 240 - youth.phase.astype(int)) % 240
    here = (youth.home == PLACE) & (youth.status == FREE) & (ages < 48)
    idle = (youth.activity[here] == NEITHER).mean()
    assert idle > (whole.youth.activity[here] == NEITHER).mean() + 0.5 * lost
    # Nobody takes up work for want of a school, and nobody else changes what they do.
    was, now = whole.youth.activity[here], youth.activity[here]
    assert ((was == now) | (now == NEITHER)).all()


def test_lost_transport_takes_posts_out_of_reach(lived, params, seed):
    whole, cut = lived(), lived(cut_transport=1.0)
    for t in range(12):
        update_labour(whole, params, seed, t)
        update_labour(cut, params, seed, t)
    assert cut.neighbourhood[PLACE].jobs < 0.99 * whole.neighbourhood[PLACE].jobs
    assert cut.services.lost[PLACE, SERVICE_TRANSPORT] > 0.0


def test_legitimacy_answers_justice_more_than_water(lived, params, seed):
    found = {}
    for service in ("water", "justice"):
        city = lived(**{f"cut_{service}": 0.5})
        update_community(city, params, seed, 1)
        found[service] = city.neighbourhood[PLACE].copy()
    still = lived()
    update_community(still, params, seed, 1)
    rest = still.neighbourhood[PLACE]
    for state, sign in (("criminal_legitimacy", 1), ("state_legitimacy", -1)):
        water, justice = (sign * (found[name][state] - rest[state]) for name in ("water", "justice"))
        assert justice > 4 * water > 0.0


# Who supplies ------------------------------------------------------------------------------


def test_a_file_says_reach_price_and_supplier_and_the_mean_follows(sandbox, params):
    plain = build(sandbox, params, 7, 0.05, -24)
    city = with_services(
        sandbox, params, water={"reach": 0.1}, school={"price": 3.0}, clinic={"supplier": "private"}, waste={"price": 0.01}
    )
    here = city.neighbourhood[PLACE]
    param = params.public_services[0]
    common = plain.neighbourhood[PLACE].services
    assert city.services.level[PLACE, SERVICE_WATER] == 0.1
    dear = common * 3.0 ** (-param.price_on_reach * here.deprivation)
    assert city.services.level[PLACE, SERVICE_SCHOOL] == pytest.approx(dear)
    # Cheap services reach more, and nobody more than once.
    assert common < city.services.level[PLACE, SERVICE_WASTE] <= 1.0
    weights = np.array([weight_of(param, k) for k in range(6)])
    assert here.services == pytest.approx(weights @ city.services.level[PLACE])
    assert here.served_by_state == pytest.approx(1 - weights[SERVICE_CLINIC])
    np.testing.assert_array_equal(city.neighbourhood["services"][:PLACE], plain.neighbourhood["services"][:PLACE])


def test_a_price_of_the_file_is_the_price_from_which_scarcity_raises_it(sandbox, params):
    city = with_services(sandbox, params, water={"price": 4.0})
    city.levers["cut_water"] = 0.5
    serve(city, params, PLACE, 0.0)
    expected = 4.0 * (1 + 0.5 * params.public_services[0].scarcity_on_price)
    assert city.services.price[PLACE, SERVICE_WATER] == pytest.approx(expected)


def test_what_is_supplied_privately_brings_the_state_no_credit(sandbox, params, seed):
    gains = []
    for supplier in ("state", "private"):
        city = with_services(sandbox, params, **{name: {"supplier": supplier} for name in SERVICES})
        city.neighbourhood["domination"] = 0.0
        city.neighbourhood["services_now"] += 0.2
        before = city.neighbourhood[PLACE].state_legitimacy
        still = copy_city(city)
        still.neighbourhood["services_now"] -= 0.2
        update_community(city, params, seed, 0)
        update_community(still, params, seed, 0)
        gains.append(city.neighbourhood[PLACE].state_legitimacy - still.neighbourhood[PLACE].state_legitimacy)
        assert before > 0.0
    assert gains[0] > 0.0
    assert gains[1] == pytest.approx(0.0, abs=1e-12)


def test_an_armed_group_that_supplies_is_accepted_and_keeps_order(sandbox, params, seed):
    plain = with_services(sandbox, params)
    armed = with_services(sandbox, params, water={"supplier": "armed group"}, transport={"supplier": "armed group"})
    assert armed.neighbourhood[PLACE].criminal_anchor > plain.neighbourhood[PLACE].criminal_anchor
    assert (armed.neighbourhood["criminal_anchor"][:PLACE] < plain.neighbourhood["criminal_anchor"][:PLACE]).all()
    for city in (plain, armed):
        city.neighbourhood["criminal_legitimacy"] = 0.3
        city.neighbourhood["controlled"] = 0.6
        city.neighbourhood["gang_cover"] = 0.5
        update_extortion(city, params, seed, 0)
    depending = params.extortion[0].supply_on_order * 0.3 * armed.neighbourhood[PLACE].served_by_armed_groups
    kept = plain.neighbourhood[PLACE].governing
    assert armed.neighbourhood[PLACE].governing == pytest.approx(kept + (1 - kept) * depending)
    for city in (plain, armed):
        city.presence[PLACE, 0] = 30.0
        contest(city, params, 0, PLACE)
    held = armed.neighbourhood[PLACE].controlled * armed.neighbourhood[PLACE].gang_cover
    more = armed.neighbourhood[PLACE].gang_services - plain.neighbourhood[PLACE].gang_services
    assert more == pytest.approx(held * armed.neighbourhood[PLACE].served_by_armed_groups)


def test_weights_are_shares(params):
    param = params.public_services[0]
    assert sum(weight_of(param, k) for k in range(6)) == pytest.approx(1.0)
    param.weight_justice = 2.0
    assert weight_of(param, SERVICE_JUSTICE) == pytest.approx(2 / 7)
    assert weight_of(param, SERVICE_WATER) == pytest.approx(1 / 7)


def test_reach_and_price_of_each_are_recorded(lived):
    city = lived(cut_transport=0.5)
    for i in range(9):
        record_services(city, i)
    for k, service in enumerate(SERVICES):
        np.testing.assert_array_equal(city.outcome_values[:, outcome_index(f"{service}_reach")], city.services.reach[:, k])
        np.testing.assert_array_equal(city.outcome_values[:, outcome_index(f"{service}_price")], city.services.price[:, k])


def test_a_city_file_that_says_nothing_of_single_services_is_built_as_before(sandbox):
    params = city_parameters(sandbox)
    plain, empty = build(sandbox, params, 7, 0.05, -24), with_services(sandbox, params)
    assert differing(plain, empty) == {}
