"""Police units: who serves, where patrols go, what orders leave behind, and that nothing acts at ordinary numbers (E40)."""

import math

import numpy as np
import pytest
from city_columns import differing

from sim.build import build, city_parameters
from sim.outcomes import OUTCOMES, outcome_index
from sim.processes.homicide.disputes import set_street_violence
from sim.processes.homicide.rivalry import calm_of
from sim.processes.justice import clear
from sim.processes.police_units import departure, muster, record_police, update
from sim.run import run_arms
from sim.scenario import MeasureUse, Policy, Shock, Target
from sim.state import copy_city

PLACE = 8
OF_POLICE = {each.name for each in OUTCOMES if each.group == "Police at work"}
OTHERS = [outcome_index(each.name) for each in OUTCOMES if each.name not in OF_POLICE]


@pytest.fixture
def steady(at_rest, params, seed):
    """The city at rest after a month of its police, which is taken for the ordinary one."""
    at_rest.city_state[0].anchoring = 1.0
    at_rest.police["tired"] = params.police_units[0].tired_ordinarily
    for _ in range(60):
        update(at_rest, params, seed, 0)
        muster(at_rest, params)
    at_rest.city_state[0].anchoring = 0.0
    return at_rest


@pytest.fixture
def month(steady, params, seed):
    """A copy of the steady city after some months of its police, changed or under levers that are pulled everywhere."""

    def after(months=1, change=lambda city: None, patrol=(), **levers):
        city = copy_city(steady)
        change(city)
        for name, dose in levers.items():
            city.levers[name] = dose
        for t in range(months):
            city.police["patrol"] = 0.0
            for place in patrol:
                city.police[place].patrol = 1.0
            update(city, params, seed, t)
            muster(city, params)
        return city

    return after


# At ordinary numbers ----------------------------------------------------------------


def test_an_ordinary_month_moves_nothing_that_others_read(month, steady, params):
    city = month()
    np.testing.assert_allclose(city.police["ordinary_patrol"], city.police["ordinary_patrol_reference"], rtol=0.02)
    assert city.city_state[0].case_pressure == pytest.approx(1.0, rel=1e-3)
    np.testing.assert_allclose(city.police["tired"], params.police_units[0].tired_ordinarily, atol=0.01)
    np.testing.assert_array_equal(city.police["patrol"], 0.0)


def test_a_departure_is_a_log_ratio_within_bounds_and_none_without_a_reference():
    assert departure(2.0, 1.0) == pytest.approx(math.log(2.0))
    assert departure(0.0, 1.0) == pytest.approx(-math.log(20.0))
    assert departure(1000.0, 1.0) == pytest.approx(math.log(20.0))
    assert departure(1.0, 0.0) == 0.0


def test_patrol_without_an_order_is_above_0_and_follows_calls(month):
    police = month().police
    assert (police["ordinary_patrol"] > 0.0).all()
    called = police["calls"] / police["calls"].sum()
    assert np.corrcoef(called, police["share"])[0, 1] > 0.9
    assert police["share"].sum() == pytest.approx(1.0)


def test_calls_are_what_is_reported_of_robbery_and_killing(month, steady, params):
    param, here = params.police_units[0], steady.neighbourhood[PLACE]
    twice = month(change=lambda city: city.neighbourhood.__setitem__("reporting", 2.0 * city.neighbourhood["reporting"]))
    np.testing.assert_allclose(twice.police["calls"], 2.0 * steady.police["calls"])
    city = month(change=lambda city: city.neighbourhood[PLACE].__setattr__("robberies", 3.0))
    poorer = math.exp(param.deprivation_on_calls * (here.deprivation - 0.5))
    more = (3.0 - here.robberies) * param.calls_per_resident * here.population * poorer * here.reporting
    assert city.police[PLACE].calls == pytest.approx(steady.police[PLACE].calls + more)


def test_patrols_leave_their_habit_slowly(month, steady, params):
    def quiet(city):
        city.neighbourhood[PLACE].reporting = 0.0

    before, soon, later = (
        steady.police[PLACE].share,
        month(2, quiet).police[PLACE].share,
        month(60, quiet).police[PLACE].share,
    )
    param, residents = params.police_units[0], steady.neighbourhood["population"]
    goal = (1.0 - param.calls_in_allocation) * residents[PLACE] / residents.sum()
    assert soon == pytest.approx(before + param.allocation_speed * (goal - before), rel=1e-3)
    assert later == pytest.approx(goal, rel=0.01)


# Officers ---------------------------------------------------------------------------


def test_who_leaves_is_replaced_so_that_numbers_stay(month, steady):
    city = month(24)
    np.testing.assert_allclose(city.police["officers"], steady.police["strength"], rtol=0.01)
    np.testing.assert_allclose(city.police["left"], city.police["hired"], rtol=0.1)


def test_officers_who_are_let_go_are_gone_at_once_and_come_back_slowly(month, steady, params, seed):
    half = month(officers_cut=0.5)
    np.testing.assert_allclose(half.police["officers"], 0.5 * steady.police["strength"], rtol=0.02)
    city = month(36, officers_cut=0.5)
    assert (city.police["officers"] < 0.5 * city.police["strength"]).all()
    city.levers["officers_cut"] = 0.0
    update(city, params, seed, 37)
    muster(city, params)
    assert (city.police["officers"] < 0.6 * city.police["strength"]).all()
    for t in range(38, 100):
        update(city, params, seed, t)
        muster(city, params)
    np.testing.assert_allclose(city.police["officers"], city.police["strength"], rtol=0.02)


def test_half_the_officers_patrol_less_than_half_since_calls_stay_and_cases_pile_up(month, steady, params):
    city = month(12, officers_cut=0.5)
    assert (city.police["ordinary_patrol"] < 0.48 * steady.police["ordinary_patrol"]).all()
    assert (city.police["ordinary_patrol"] > 0.2 * steady.police["ordinary_patrol"]).all()
    assert (city.police["load"] > 1.4 * steady.police["load"]).all()
    fewer = city.city_state[0].investigators / city.city_state[0].investigators_reference
    assert city.city_state[0].case_pressure == pytest.approx(1.0 / fewer)
    assert (city.police["tired"] > steady.police["tired"] + 0.03).all()
    for i in range(city.neighbourhood.size):
        before, calm = calm_of(steady, params, i), calm_of(city, params, i)
        assert calm > 1.1 * before
        clear(steady, params, i)
        clear(city, params, i)
        set_street_violence(steady, params, i, before)
        set_street_violence(city, params, i, before)
    assert (city.neighbourhood["clearance"] < 0.9 * steady.neighbourhood["clearance"]).all()
    assert (city.neighbourhood["robberies"] > 1.1 * steady.neighbourhood["robberies"]).all()


def test_no_officers_at_all_are_no_patrol_no_order_and_no_error(month):
    city = month(3, patrol=(PLACE,), officers_cut=1.0)
    for field in ("officers", "ordinary_patrol", "on_street", "patrol", "ordered", "sent_away"):
        np.testing.assert_allclose(city.police[field], 0.0, atol=1e-12)
    # Whatever is called about waits.
    np.testing.assert_array_equal(city.police["load"], 1.0)
    assert all(np.isfinite(city.police[field]).all() for field in city.police.dtype.names)


def test_tired_officers_leave_sooner_and_reform_keeps_them(month, steady, params):
    def worn(city):
        city.police["tired"] = 0.6

    def reformed(city):
        city.city_state[0].reform = 1.0

    param = params.police_units[0]
    ratio = month(change=worn).police["left"] / month().police["left"]
    np.testing.assert_allclose(ratio, math.exp(param.tiredness_on_leaving * (0.6 - steady.police["tired"][0])), rtol=0.01)
    np.testing.assert_allclose(
        month(change=reformed).police["left"], (1.0 - param.reform_on_leaving) * month().police["left"]
    )


def test_officers_are_bought_where_rents_are_high_and_integrity_low(month, steady):
    def rich(city):
        city.neighbourhood[PLACE].rent *= 4.0

    def honest(city):
        city.city_state[0].reform = 1.0

    assert month(60, rich).police[PLACE].bought > 1.1 * month(60).police[PLACE].bought
    assert month(60, rich).police[PLACE].ordinary_patrol < month(60).police[PLACE].ordinary_patrol
    assert (month(60, honest).police["bought"] < 0.7 * month(60).police["bought"]).all()


# Orders -----------------------------------------------------------------------------


def test_a_unit_that_is_ordered_elsewhere_leaves_a_gap_behind(month, params):
    city, free = month(2, patrol=(PLACE,)), month(2)
    asked = params.costs[0].hot_spot_patrol_officers * city.neighbourhood[PLACE].population / 100_000
    police = city.police
    assert police[PLACE].ordered == pytest.approx(asked, rel=0.05)
    assert police["sent_away"].sum() == pytest.approx(police["ordered"].sum(), rel=0.02)
    assert police[PLACE].sent_away < 0.01 * police[PLACE].on_street
    others = np.arange(len(police)) != PLACE
    assert (police["sent_away"][others] > 0.0).all()
    assert (police["ordinary_patrol"][others] < free.police["ordinary_patrol"][others]).all()
    assert police[PLACE].ordinary_patrol == pytest.approx(free.police[PLACE].ordinary_patrol, rel=0.01)
    np.testing.assert_allclose(
        police["on_street"] + police["sent_away"], free.police["on_street"] + free.police["sent_away"]
    )


def test_orders_take_no_more_officers_than_may_be_taken(month, params, steady):
    params.costs[0].hot_spot_patrol_officers = 5_000.0
    city = month(2, patrol=(PLACE,))
    uniformed = params.police_units[0].patrol_share * city.police["officers"].sum()
    assert city.police["ordered"].sum() == pytest.approx(params.police_units[0].most_ordered * uniformed, rel=0.01)
    assert city.police[PLACE].patrol < 0.5
    assert (city.police["on_street"] > 0.0).all()


def test_tired_units_do_less_of_what_they_are_ordered_to(month, params):
    def worn(city):
        city.police["tired"] = 0.6

    param = params.police_units[0]
    lost = param.tiredness_on_obedience * (0.6 - param.tired_ordinarily)
    assert month(change=worn, patrol=(PLACE,)).police[PLACE].patrol == pytest.approx(1.0 - lost)


def test_doubled_patrols_tire_those_who_walk_them(month):
    assert month(12, patrol=(PLACE,)).police[PLACE].tired > month(12).police[PLACE].tired + 0.02


def test_shocks_that_bind_officers_keep_them_from_patrols(month, steady):
    def bound(city):
        city.city_state[0].diverted = 0.4

    assert (month(change=bound).police["ordinary_patrol"] < 0.62 * steady.police["ordinary_patrol"]).all()


# What is told -----------------------------------------------------------------------


def test_the_bill_is_officers_times_an_officers_year(month):
    city = month()
    for i in range(city.police.size):
        record_police(city, i)
    state = city.city_state[0]
    bill = city.police["officers"] * state.police_year * state.money_per_dollar / 1e6
    np.testing.assert_allclose(city.outcome["police_bill"], bill)
    np.testing.assert_allclose(city.outcome["cases_per_investigator"], 12.0 * state.caseload / state.investigators)


# The city file, and what is switched off --------------------------------------------


def with_officers(sandbox, officers):
    return sandbox.model_copy(update={"police": sandbox.police.model_copy(update={"officers": officers})})


def arms(city, *policies, shocks=((),), **more):
    """The outcomes of arms by month, but for those that tell of the police itself."""
    nothing = Policy(name="nothing", title="Nothing", about="Nothing.", measures=())
    results = run_arms(
        city,
        policies or [nothing] * len(shocks),
        seed=4,
        months=24,
        scale=0.1,
        burn_in=24,
        shocks_by_arm=shocks if len(shocks) > 1 else None,
        **more,
    )
    return [np.asarray(each.city_monthly)[:, OTHERS].tobytes() for each in results]


def patrols(**where):
    use = MeasureUse(measure="P-E1", where=Target(**where), **({"level": 0.0} if where == {"all": True} else {}))
    return Policy(name="patrols", title="Patrols", about="Patrols.", measures=(use,))


HALF = Shock(name="half", title="Half", about="Half.", kind="officers cut", size=0.5, start=1)


def test_posts_and_officers_follow_the_file(sandbox, params):
    state = build(with_officers(sandbox, 150.0), city_parameters(sandbox), 7, 0.02, -2)
    people = state.neighbourhood["population"]
    np.testing.assert_allclose(state.police["officers"], 150.0 * people / 100_000)
    param = params.police_units[0]
    filled = state.police["officers"] / state.police["posts"]
    np.testing.assert_allclose(filled, 1.0 / (1.0 + param.leaving_rate * param.hiring_months))


@pytest.mark.parametrize("officers", [0.0, 100.0])
def test_a_file_with_fewer_officers_is_another_city_under_orders(sandbox, officers):
    order = patrols(places=("Ixley", "Hobbix"))
    assert arms(with_officers(sandbox, officers), order) != arms(sandbox, order)


def test_half_the_officers_make_other_months_and_none_without_the_mechanism(sandbox):
    usual, half = arms(sandbox, shocks=((), (HALF,)))
    assert usual != half
    usual, half = arms(sandbox, shocks=((), (HALF,)), without=("police-at-work",))
    assert usual == half


def test_without_the_mechanism_officers_do_not_matter_to_anyone(sandbox):
    order, off = patrols(places=("Ixley", "Hobbix")), {"without": ("police-at-work",)}
    assert arms(with_officers(sandbox, 20.0), order, **off) == arms(with_officers(sandbox, 900.0), order, **off)


def test_an_idle_order_changes_nothing(sandbox):
    """Of level 0, for a place where nobody lives, or to a force that follows nobody."""
    nothing = Policy(name="nothing", title="Nothing", about="Nothing.", measures=())
    asked, idle = arms(sandbox, patrols(places=("Ixley",)), nothing)
    assert asked != idle
    level_0, idle = arms(sandbox, patrols(all=True), nothing)
    assert level_0 == idle
    deaf = sandbox.model_copy(update={"police": sandbox.police.model_copy(update={"command": "national", "follows": 0.0})})
    empty = [each.model_copy(update={"population": 0}) if each.name == "Ixley" else each for each in sandbox.neighbourhoods]
    gangs = tuple(each for each in sandbox.gangs if "Ixley" not in each.homes)
    groups = tuple(each for each in sandbox.groups if each.home != "Ixley")
    left = sandbox.model_copy(update={"neighbourhoods": tuple(empty), "gangs": gangs, "groups": groups})
    costs = {outcome_index(each.name) for each in OUTCOMES if each.name.startswith(("cost", "paid_by", "leak"))}
    for city in (deaf, left):
        results = run_arms(city, [patrols(places=("Ixley",)), nothing], seed=4, months=24, scale=0.1, burn_in=24)
        kept = [column for column in range(len(OUTCOMES)) if column not in costs]
        one, two = (np.asarray(each.city_monthly)[:, kept] for each in results)
        assert one.tobytes() == two.tobytes()


@pytest.mark.parametrize("field", ["officers", "bought", "share", "tired"])
def test_no_field_of_a_unit_is_inert(month, steady, params, seed, field):
    """Changed alone, it changes what residents feel of their police within the month."""

    def changed(city):
        city.police[PLACE][field] *= 0.5

    here, there = month(change=changed, patrol=(PLACE,)), month(patrol=(PLACE,))
    moved = set(differing(here, there))
    assert moved & {"city.police.ordinary_patrol", "city.police.patrol", "city.city_state.case_pressure"}
