"""A safety fund: what is given, what a closed board loses, and what the money buys (E27, P-G11)."""

import numpy as np
import pytest

from sim.enumerations import AGENCIES
from sim.levers import enforce
from sim.measures import find_measure
from sim.outcomes import outcome_index
from sim.processes.justice import clear, obeyed
from sim.processes.outcome_recorder import update as update_outcome_recorder
from sim.processes.policy_delivery import set_levers
from sim.processes.safety_fund import collect
from sim.scenario import MeasureUse, Policy
from sim.state import copy_city

FUND = MeasureUse(measure="P-G11", ramp=0)
CLOSED = MeasureUse(measure="P-G11", ramp=0, conditions={"public_board": 0.0})


@pytest.fixture
def params(params):
    """Parameters with which nothing wears, leaks or is added on the way: that is tested apart."""
    param = params.policy_delivery[0]
    param.threat_wear_share = param.practice_wear_share = 0.0
    for part in ("leakage_share", "redistribution_erosion", "cooperation_on_funding"):
        param[part] = 0.0
    return params


@pytest.fixture
def under(at_rest, sandbox, params, seed):
    """The city at rest in the second month of a policy, when what was offered in the first is spent."""

    def lived(*uses, **state):
        city = copy_city(at_rest)
        for name, value in state.items():
            city.city_state[name] = value
        city = enforce(city, sandbox, Policy(name="trial", title="Trial", about="A trial.", measures=uses), (), params)
        set_levers(city, params, seed, 0)
        collect(city, params)
        set_levers(city, params, seed, 1)
        return city

    return lived


def offered(city, params):
    param, city_state = params.safety_fund[0], city.city_state[0]
    people = city.neighbourhood["population"]
    business = float((city.neighbourhood["business"] * people).sum() / people.sum())
    return people.sum() * param.offer_per_resident * city_state.programme_prices * city_state.linkage * business


@pytest.mark.parametrize("linkage", [0.02, 0.4, 0.9])
def test_business_gives_as_far_as_it_stands_with_the_city_and_no_more_than_it_earns(under, params, linkage):
    """E27."""
    city = under(FUND, linkage=linkage)
    assert city.city_state[0].fund_offered == pytest.approx(offered(city, params))
    starved = copy_city(city)
    starved.neighbourhood["business"] = 0.5
    collect(starved, params)
    assert starved.city_state[0].fund_offered == pytest.approx(0.5 * city.city_state[0].fund_offered)


def test_without_a_fund_or_at_level_0_nobody_gives_and_nobody_is_paid(under):
    for city in (under(), under(MeasureUse(measure="P-G11", level=0.0, ramp=0)), under(MeasureUse(measure="P-G7", ramp=0))):
        city_state = city.city_state[0]
        for name in ("fund_offered", "fund_lost", "fund_paid", "fund_to_police", "fund_solving"):
            assert city_state[name] == 0.0, name
        assert not city.programme["funded"].any()


def test_the_police_get_their_share_and_solve_what_that_buys_of_investigation(under, params, sandbox):
    city = under(FUND)
    param, city_state, cost = params.safety_fund[0], city.city_state[0], params.costs[0]
    assert city_state.fund_to_police == pytest.approx(param.police_share * offered(city, params))
    people = sum(each.population for each in sandbox.neighbourhoods)
    price = (cost.investigation + cost.investigation_officers * cost.police_year) * people / 1e5
    bought = param.police_money_on_investigation * city_state.fund_to_police / price
    assert 0.0 < bought < 1.0
    assert city_state.fund_solving == pytest.approx(bought * obeyed(params, city_state))
    solved, asked = copy_city(city), copy_city(city)
    asked.city_state[0].fund_solving = 0.0
    asked.levers["investigation"] = city_state.fund_solving
    for each in (solved, asked):
        clear(each, params, 8)
    assert solved.neighbourhood[8].clearance == asked.neighbourhood[8].clearance > city_state.clearance_anchor


def test_money_solves_no_more_cases_than_investigation_at_full_level_does(under, params):
    city = under(FUND, MeasureUse(measure="P-E2", ramp=0))
    full = copy_city(city)
    city.levers["investigation"] = full.levers["investigation"] = 1.0
    full.city_state[0].fund_solving = 0.0
    for each in (city, full):
        clear(each, params, 8)
    assert city.neighbourhood[8].clearance == full.neighbourhood[8].clearance


def test_money_for_a_force_that_does_not_follow_solves_nothing(under, params):
    """E34."""
    assert under(FUND, command=2, alignment=0.0).city_state[0].fund_solving == 0.0
    half, whole = (under(FUND, command=2, alignment=follows).city_state[0].fund_solving for follows in (0.5, 1.0))
    assert half == pytest.approx(0.5 * whole)


@pytest.mark.parametrize("row", ["P-S2", "P-G5", "P-R8"])
def test_the_rest_fills_up_what_is_bought_and_below_full_level_as_far_as_it_goes(under, params, sandbox, row):
    use = MeasureUse(measure=row, level=0.4, ramp=0)
    before, city = under(use), under(FUND, use)
    lever = find_measure(row).changes[0].lever
    buys = find_measure(row).leaks
    param = params.safety_fund[0]
    rest = (1.0 - param.police_share) * offered(city, params)
    people = sum(each.population for each in sandbox.neighbourhoods)
    full = find_measure(row).unit_cost * people / 1e5
    added = min(0.6, rest / full) if buys else 0.0
    assert city.programme[1].funded == pytest.approx(added)
    assert city.programme[1].asked == pytest.approx(0.4 + added)
    assert city.levers[0][lever] == pytest.approx(float(before.levers[0][lever]) * (0.4 + added) / 0.4)
    assert city.city_state[0].fund_paid == pytest.approx(city.city_state[0].fund_to_police + added * full)


def test_several_measures_are_filled_up_by_one_share_of_what_each_lacks(under):
    uses = [MeasureUse(measure=row, level=level, ramp=0) for row, level in (("P-S2", 0.5), ("P-S11", 0.2), ("P-G2", 1.0))]
    city = under(FUND, *uses)
    funded = city.programme["funded"]
    assert funded[3] == 0.0
    assert funded[1] / 0.5 == pytest.approx(funded[2] / 0.8) != 0.0


def test_a_measure_that_starts_is_filled_up_as_far_as_its_start_has_come_and_one_that_ended_is_not(under):
    rising, ended = (
        under(FUND, MeasureUse(measure="P-G5", level=0.5, **more)) for more in ({"ramp": 4}, {"ramp": 0, "stop": 1})
    )
    assert rising.programme[1].asked - rising.programme[1].funded == pytest.approx(0.25)
    assert 0.0 < rising.programme[1].funded <= 0.25
    assert ended.programme[1].funded == 0.0


@pytest.mark.parametrize("row", ["P-E3", "P-E6", "P-E7", "P-E8", "P-G4", "P-G7"])
def test_deals_sweeps_soldiers_and_truces_cannot_be_bought_more_of(under, row):
    assert under(FUND, MeasureUse(measure=row, level=0.3, ramp=0)).programme[1].funded == 0.0


def test_places_are_filled_up_at_the_price_of_those_that_are_filled(under, params, at_rest):
    use = MeasureUse(measure="P-S1", level=0.5, ramp=0)
    assert under(FUND, use).programme[1].funded == 0.0
    at_rest.neighbourhood["school_places"] = 40.0
    city = under(FUND, use)
    rest = (1.0 - params.safety_fund[0].police_share) * offered(city, params)
    # Forty places in each of nine are what half a level fills: as many more would make it whole.
    assert city.programme[1].funded == pytest.approx(min(0.5, 0.5 * rest / (360 * find_measure("P-S1").unit_cost)))


@pytest.mark.parametrize("integrity", [0.2, 1.0])
def test_a_board_that_is_not_public_leaks_where_officials_can_be_bought(under, params, integrity):
    public, closed = (under(use, integrity=integrity).city_state[0] for use in (FUND, CLOSED))
    lost = params.safety_fund[0].closed_board_leakage * (1.0 - integrity)
    assert public.fund_lost == 0.0
    assert closed.fund_lost == pytest.approx(lost)
    assert closed.fund_offered == public.fund_offered
    assert closed.fund_to_police == pytest.approx((1.0 - lost) * public.fund_to_police)


def test_a_small_fund_with_a_closed_board_loses_the_same_share(under):
    whole, small = (
        under(MeasureUse(measure="P-G11", level=level, ramp=0, conditions={"public_board": 0.0})).city_state[0]
        for level in (1.0, 0.2)
    )
    assert small.fund_lost == pytest.approx(whole.fund_lost)
    assert small.fund_offered == pytest.approx(0.2 * whole.fund_offered)


# The bill -------------------------------------------------------------------------------------------------------------


def recorded(city, params, seed):
    city.city_state[0].prisoners = 0.0
    update_outcome_recorder(city, params, seed, 1)
    return lambda name: float(city.city_outcome[outcome_index(name)]) * 1e6


@pytest.mark.parametrize("money", [1.0, 250.0])
def test_what_a_fund_pays_is_billed_to_business_and_city_and_to_nobody_else(under, params, seed, money):
    use = MeasureUse(measure="P-S2", level=0.4, ramp=0)
    city = under(CLOSED, use, integrity=0.4, money_per_dollar=money)
    bill, city_state, fund = recorded(city, params, seed), city.city_state[0], city.programme[1].funded
    people = city.neighbourhood["population"].sum() / 1e5
    filled = fund * find_measure("P-S2").unit_cost * people
    own = 0.4 * find_measure("P-S2").unit_cost * people
    secretariat = find_measure("P-G11").unit_cost
    lost = city_state.fund_paid * city_state.fund_lost / (1.0 - city_state.fund_lost)
    assert bill("fund_money") == pytest.approx(money * (city_state.fund_to_police + filled))
    pooled = secretariat + city_state.fund_to_police + filled + lost
    assert bill("cost") == pytest.approx(money * (own + pooled))
    assert bill("paid_by_business") == pytest.approx(money * pooled / 2)
    paid = [bill(f"paid_by_{agency}") for agency in AGENCIES]
    assert sum(paid) == pytest.approx(bill("cost"))
    pillars = [bill(f"cost_{pillar}") for pillar in ("regulation", "enforcement", "engagement", "resilience")]
    assert pillars == pytest.approx(
        [0.0, money * city_state.fund_to_police, money * (secretariat + lost), money * (own + filled)]
    )


def test_what_a_closed_board_loses_leaks_to_gangs_as_what_is_bought_does(under, params, seed):
    city = under(CLOSED, integrity=0.4)
    recorded(city, params, seed)
    city_state = city.city_state[0]
    lost = city_state.fund_paid * city_state.fund_lost / (1.0 - city_state.fund_lost)
    assert city_state.leaked == pytest.approx(lost / city.neighbourhood["population"].sum())
    assert city_state.leakage == pytest.approx(lost / (lost + city_state.fund_to_police + find_measure("P-G11").unit_cost))
    public = under(FUND, integrity=0.4)
    recorded(public, params, seed)
    assert public.city_state[0].leaked == 0.0


def test_a_fund_without_an_offer_changes_no_byte_of_what_is_asked(at_rest, sandbox, params, seed):
    params.safety_fund[0].offer_per_resident = 0.0
    uses = [MeasureUse(measure=row, level=0.3, ramp=6) for row in ("P-S2", "P-E2", "P-S1")]
    levers = []
    for more in ((), (FUND,)):
        policy = Policy(name="trial", title="Trial", about="A trial.", measures=(*uses, *more))
        city = enforce(copy_city(at_rest), sandbox, policy, (), params)
        for t in range(4):
            set_levers(city, params, seed, t)
            collect(city, params)
        levers.append(
            {name: city.levers[name].copy() for name in ("mothers_groups", "investigation", "after_school_places")}
        )
    for name, values in levers[0].items():
        np.testing.assert_array_equal(levers[1][name], values)
