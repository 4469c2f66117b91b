"""Trafficking pays by volume: what passes through a city is worth more the more of it passes (E04)."""

import math

import numpy as np
import pytest

from sim.enumerations import MARKET_DRUGS
from sim.levers import LEVERS
from sim.outcomes import outcome_index
from sim.processes.flows import update as update_flows
from sim.processes.gangs.money import count_money
from sim.processes.government import update as update_government
from sim.processes.markets import update as update_markets
from sim.run import run_arms
from sim.scenario import Policy, Shock, load_city, load_policy

HUB = 6
SEEDS = 6


def with_transit(volume):
    sandbox = load_city("sandbox")
    places = tuple(
        each.model_copy(update={"transit": volume if i == HUB else 0.0}) for i, each in enumerate(sandbox.neighbourhoods)
    )
    return sandbox.model_copy(update={"neighbourhoods": places})


@pytest.fixture
def corridor(at_rest, params, seed):
    """A city at rest through one place of which ten times passes what its residents buy."""
    at_rest.neighbourhood["transit"][HUB] = 10.0
    update_flows(at_rest, params, seed, 0)
    at_rest.neighbourhood["rent_reference"] = at_rest.neighbourhood["rent"]
    at_rest.city_state["transit_reference"] = at_rest.city_state["transit_rents"]
    return at_rest


def push(city, params, seed, multiple):
    city.lever_values[:, LEVERS.index("flow_drugs")] = math.log(multiple)
    update_flows(city, params, seed, 0)


def test_the_toll_is_volume_times_toll_at_the_value_of_retail(corridor, params):
    param, neighbourhood = params.flows[0], corridor.neighbourhood[HUB]
    assert neighbourhood.transit_rent == pytest.approx(param.rent_weight_drugs * param.transit_toll * 10.0)
    assert np.count_nonzero(corridor.neighbourhood["transit_rent"]) == 1
    share = neighbourhood.population / corridor.city_state[0].population
    assert corridor.city_state[0].transit_rents == pytest.approx(share * neighbourhood.transit_rent)


@pytest.mark.parametrize("multiple", [3.0, 5.0])
def test_a_larger_flow_raises_rents_where_it_passes_and_lowers_them_where_it_is_sold(corridor, params, seed, multiple):
    before = corridor.neighbourhood["rent"].copy()
    toll = corridor.neighbourhood[HUB].transit_rent
    push(corridor, params, seed, multiple)
    assert corridor.neighbourhood[HUB].transit_rent == pytest.approx(multiple * toll)
    assert corridor.neighbourhood[HUB].rent > before[HUB]
    others = np.arange(before.size) != HUB
    assert (corridor.neighbourhood["rent"][others] < before[others]).all()


def test_toll_goes_to_who_holds_the_corridor(corridor, params):
    corridor.control[:] = 0.0
    corridor.control[HUB, :2] = 0.6, 0.2
    corridor.market_rent[:] = 0.0
    corridor.neighbourhood["turnover_taken"] = corridor.city_state["leaked"] = 0.0
    count_money(corridor, params)
    neighbourhood = corridor.neighbourhood[HUB]
    expected = [share * neighbourhood.population * neighbourhood.transit_rent for share in (0.6, 0.2)]
    np.testing.assert_allclose(corridor.gang["money"][:2], expected)


def test_a_corridor_is_fought_over_with_what_it_is_worth_and_elsewhere_nothing_changes(corridor, params, seed):
    # People held in venues, whose number moves every month, are worth rent too.
    params.trafficking[0].rent_in_venues = 0.0
    corridor.neighbourhood["transit"] = 0.0
    update_flows(corridor, params, seed, 0)
    update_markets(corridor, params, seed, 0)
    plain = corridor.hits.copy()
    retail = corridor.market_rent[HUB, MARKET_DRUGS]
    corridor.neighbourhood["transit"][HUB] = 10.0
    update_flows(corridor, params, seed, 0)
    organised = corridor.organised.copy()
    params.markets[0].market_speed = 0.0
    corridor.organised[:] = organised
    update_markets(corridor, params, seed, 0)
    toll = corridor.neighbourhood[HUB].transit_rent
    assert corridor.hits[HUB, MARKET_DRUGS] / plain[HUB, MARKET_DRUGS] == pytest.approx(1.0 + toll / retail, rel=1e-3)
    np.testing.assert_allclose(np.delete(corridor.hits, HUB, axis=0), np.delete(plain, HUB, axis=0), rtol=1e-3)


def test_more_transit_is_laundered_and_buys_officials(corridor, params, seed):
    param, city_state = params.government[0], corridor.city_state[0]
    update_government(corridor, params, seed, 0)
    assert city_state.laundered == pytest.approx(1.0)
    push(corridor, params, seed, 3.0)
    honest = city_state.integrity
    update_government(corridor, params, seed, 0)
    assert city_state.laundered == pytest.approx(2.0**param.transit_on_laundering)
    assert city_state.integrity < honest


def test_without_transit_nothing_is_added_to_the_last_byte():
    shock = Shock(name="more", title="More", about="More drugs come.", kind="flow", flow="drugs", size=3.0, start=1)
    arms = [load_policy("baseline")]
    free = {"flows.transit_toll": 0.0}
    none = run_arms(with_transit(0.0), arms, seed=1, months=12, shocks=(shock,), scale=1.0)
    toll = run_arms(with_transit(20.0), arms, seed=1, months=12, shocks=(shock,), scale=1.0, parameters=free)
    np.testing.assert_array_equal(none[0].city_monthly, toll[0].city_monthly)
    np.testing.assert_array_equal(none[0].place_yearly, toll[0].place_yearly)


def test_three_times_the_transit_raises_rents_members_fighting_and_bribes_at_the_hub():
    """The same flow through a city in which it is only sold does the opposite to rents."""
    shock = Shock(name="more", title="More", about="More drugs come.", kind="flow", flow="drugs", size=3.0, start=1)
    policies = [Policy(name=name, title=name, about="", measures=()) for name in ("ordinary", "more")]

    def changes(volume):
        found = []
        for seed in range(1, SEEDS + 1):
            ordinary, more = run_arms(
                with_transit(volume), policies, seed=seed, months=60, scale=1.0, shocks_by_arm=[(), (shock,)]
            )
            years = [result.place_yearly[2:, HUB].mean(axis=0) for result in (ordinary, more)]
            months = [result.city_monthly[24:].mean(axis=0) for result in (ordinary, more)]
            here = {name: years[1][outcome_index(name)] / years[0][outcome_index(name)] for name in HERE}
            city = {name: months[1][outcome_index(name)] / months[0][outcome_index(name)] for name in CITY}
            found.append([*here.values(), *city.values()])
        return dict(zip((*HERE, *CITY), np.mean(found, axis=0), strict=True))

    passing, sold = changes(20.0), changes(0.0)
    print(passing, sold)
    assert all(passing[name] > 1.05 for name in ("rents", "gang_members", "drugs_hits", "bribes"))
    assert passing["integrity"] < 0.99
    assert sold["rents"] < 1.0
    assert sold["bribes"] < 1.0


HERE = ("rents", "gang_members", "drugs_hits")
CITY = ("bribes", "integrity")
