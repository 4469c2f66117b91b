"""Shocks pull their own lever where and when they happen, and befall gangs, pacts and routes."""

import math

import numpy as np
import pytest

from sim.enumerations import FLOWS
from sim.levers import LEVERS, SHOCK_LEVERS
from sim.processes.policy_delivery import set_levers
from sim.scenario import AT_ONCE, MeasureUse, Shock, Target
from sim.state import copy_city
from tests.sim.processes.policy_delivery.made import shock


def test_shocks_to_a_flow_have_no_cap(enforced, doses):
    flood = {"title": "Flood", "about": "More.", "kind": "flow", "flow": "drugs", "size": 10.0, "start": 0}
    city = enforced(shocks=[Shock(name="one", **flood), Shock(name="two", **flood)])
    np.testing.assert_allclose(doses(city, "flow_drugs", [0]), 2 * np.log(10.0))


def test_no_flow_is_more_than_a_thousand_times_the_ordinary_however_many_shocks_come_together(enforced, doses):
    for size, most in ((1000.0, 1000.0), (0.0, 0.001)):
        flood = {"title": "Flood", "about": "More.", "kind": "flow", "flow": "firearms", "size": size, "start": 1}
        city = enforced(shocks=[Shock(name=f"shock_{n}", **flood) for n in range(20)])
        np.testing.assert_allclose(doses(city, "flow_firearms", [0]), np.log(most))


def test_a_pact_binds_its_gang_while_it_lasts(enforced, pull):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.7, start=2, stop=3)
    city = enforced(shocks=[pact])
    held = []
    for t in range(5):
        pull(city, t)
        held.append(city.gang["pact"][:3].tolist())
    np.testing.assert_allclose(held, [[0, 0, 0], [0, 0.7, 0], [0, 0.7, 0], [0, 0, 0], [0, 0, 0]])


def test_a_pact_of_the_city_file_is_not_weakened_by_a_weaker_one(enforced, pull):
    pact = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.2, start=0)
    city = enforced(shocks=[pact])
    city.gang[1].pact_anchor = 0.6
    pull(city, 0)
    assert city.gang[1].pact == 0.6


LASTS = {kind: 1 if kind in AT_ONCE else None for kind in SHOCK_LEVERS}


@pytest.mark.parametrize("kind", SHOCK_LEVERS)
def test_a_shock_pulls_its_own_lever_at_its_size_where_and_when_it_happens(enforced, params, seed, kind):
    here = Target(places=("Hobbix", "Ixley"))
    city = enforced(shocks=[shock(kind, size=0.4, start=4, where=here)])
    column = LEVERS.index(SHOCK_LEVERS[kind])
    for t in range(6):
        set_levers(city, params, seed, t)
        pulled = np.zeros_like(city.lever_values)
        if t == 3 or (t > 3 and LASTS[kind] is None):
            pulled[[7, 8], column] = 0.4
        np.testing.assert_allclose(city.lever_values, pulled, err_msg=f"month {t}")


@pytest.mark.parametrize("kind", SHOCK_LEVERS)
def test_a_shock_with_an_end_lasts_until_it(enforced, doses, kind):
    city = enforced(shocks=[shock(kind, size=0.6, start=2, stop=4)])
    each = 0.2 if kind == "influx" else 0.6
    np.testing.assert_allclose(doses(city, SHOCK_LEVERS[kind], range(6)), [0, each, each, each, 0, 0])


@pytest.mark.parametrize("stop", [None, 2, 13])
def test_an_influx_brings_its_share_of_residents_over_all_its_months(enforced, doses, stop):
    city = enforced(shocks=[shock("influx", size=0.3, start=2, stop=stop)])
    assert doses(city, "influx", range(20)).sum() == pytest.approx(0.3)


def test_a_shock_strikes_the_worst_places_when_it_begins(enforced, pull):
    city = enforced(shocks=[shock("disaster", where=Target(worst=2, by="deprivation"))])
    pull(city, 0)
    struck = np.flatnonzero(city.levers["disaster_damage"])
    assert set(struck) == set(np.argsort(-city.neighbourhood["deprivation"])[:2])


def test_a_contested_election_is_a_vote_and_a_spark(enforced, sure, doses):
    city = enforced(MeasureUse(measure="P-S10", ramp=0), shocks=[shock("contested election", size=0.3, start=3)])
    city.city_state[0].linkage = 0.0
    np.testing.assert_allclose(doses(city, "basic_services", range(4)), [1, 1, 0, 0])
    plain = enforced(MeasureUse(measure="P-S10", ramp=0), shocks=[shock("election", size=1.0, start=3)])
    plain.city_state[0].linkage = 0.0
    np.testing.assert_allclose(doses(plain, "contested_election", range(4)), 0.0)
    assert plain.programme[0].cut == 1


def test_a_broken_pact_frees_its_gang_and_lets_out_what_was_stored(enforced, pull):
    """E09."""
    city = enforced(shocks=[shock("pact broken", gang="Corner Nine", size=0.75, start=3)])
    city.gang["grievance"] = 0.1
    city.gang[1].pact_anchor = 0.8
    held, stored = [], []
    for t in range(4):
        pull(city, t)
        held.append(float(city.gang[1].pact))
        stored.append(float(city.gang[1].grievance))
        city.gang[1].grievance = min(city.gang[1].grievance, 0.5)
    np.testing.assert_allclose(held, [0.8, 0.8, 0.2, 0.2])
    np.testing.assert_allclose(stored, [0.1, 0.1, 0.75, 0.5])
    assert city.gang[0].grievance == 0.1


def test_a_killed_leader_is_lost_once(enforced, params, pull):
    city = enforced(shocks=[shock("leader killed", gang="The Lanterns", size=0.9, start=2)])
    city.gang["leader"][:4] = 1
    city.gang["succession"] = 0.0
    pull(city, 0)
    assert city.gang[0].leader == 1
    cohesion = city.gang["cohesion"][:4].copy()
    pull(city, 1)
    assert city.gang["leader"][:4].tolist() == [0, 1, 1, 1]
    lost = 0.9 * params.gangs[0].leader_loss_on_cohesion
    np.testing.assert_allclose(city.gang["cohesion"][:4], [max(0.02, cohesion[0] - lost), *cohesion[1:]])
    np.testing.assert_allclose(city.gang["succession"][:4], [0.9, 0, 0, 0])
    city.gang[0].leader = 1
    city.gang[0].succession = 0.0
    pull(city, 2)
    assert city.gang[0].leader == 1
    assert city.gang[0].succession == 0.0


@pytest.mark.parametrize("gone", ["ended", "another in its place"])
def test_where_a_gang_of_the_file_is_gone_a_shock_befalls_who_holds_its_home(enforced, pull, gone):
    """And stays with them, whoever holds it later."""
    city = enforced(shocks=[shock("pact", gang="Corner Nine", size=0.7, start=2)])
    hobbix = 7
    city.control[hobbix] = 0.0
    city.control[hobbix, :4] = 0.1, 0.05, 0.3, 0.0
    if gone == "ended":
        city.gang[1].alive = 0
    else:
        city.gang[1].founded = city.city_state[0].start + 5
    held = []
    for t in range(3):
        pull(city, t)
        held.append(city.gang["pact"][:4].tolist())
        city.control[hobbix, 0] = 0.1 + 0.3 * t
    np.testing.assert_allclose(held, [[0, 0, 0, 0], [0, 0, 0.7, 0], [0, 0, 0.7, 0]])


def test_where_nobody_holds_the_home_of_a_gang_that_is_gone_nothing_befalls_the_others(enforced, pull):
    city = enforced(shocks=[shock("leader killed", gang="Corner Nine", size=1.0)])
    city.gang["leader"][:4] = 1
    city.gang[1].alive = 0
    city.control[7] = 0.0
    pull(city, 0)
    assert city.gang["leader"][[0, 2, 3]].tolist() == [1, 1, 1]


def test_an_ideological_group_makes_no_pact(enforced, pull):
    """E13."""
    city = enforced(shocks=[shock("pact", gang="Corner Nine", size=0.7)])
    city.gang[1].ideological = 1
    pull(city, 0)
    assert city.gang[1].pact == 0.0


@pytest.mark.parametrize("flow", FLOWS)
@pytest.mark.parametrize(("size", "places"), [(2.0, ("Bimbry",)), (0.3, ("Ixley", "Hobbix")), (3.0, ("Aldoo", "Bimbry"))])
def test_a_route_moves_a_flow_and_leaves_the_citys_total(enforced, params, seed, flow, size, places):
    """What passes is what hubs draw, by residents: more of it here is as much less of it elsewhere."""
    from sim.processes.flows import update as update_flows

    ordinary = enforced()
    update_flows(ordinary, params, seed, 0)
    city = enforced(shocks=[shock("route", flow=flow, size=size, where=Target(places=places))])
    set_levers(city, params, seed, 0)
    shifted = copy_city(city)
    update_flows(shifted, params, seed, 0)
    f, people = FLOWS.index(flow), city.neighbourhood["population"]
    here = np.array(
        [name in places for name in ("Aldoo", "Bimbry", "Cozzle", "Dorvin", "Elmuth", "Fennop", "Grundo", "Hobbix", "Ixley")]
    )
    multiple = shifted.flows.supply[:, f] / ordinary.flows.supply[:, f]
    np.testing.assert_allclose(multiple[here], size)
    assert np.ptp(multiple[~here]) < 1e-12
    assert (multiple[~here] < 1).all() == (size > 1)
    assert (shifted.flows.supply[:, f] * people).sum() == pytest.approx((ordinary.flows.supply[:, f] * people).sum())
    for other in set(range(len(FLOWS))) - {f}:
        np.testing.assert_array_equal(shifted.flows.supply[:, other], ordinary.flows.supply[:, other])


def test_a_route_leaves_a_twentieth_elsewhere_however_much_it_takes(enforced, pull):
    city = enforced(shocks=[shock("route", flow="ideas", size=15.0, where=Target(places=("Ixley", "Hobbix", "Fennop")))])
    assert pull(city, 0, "flow_ideas") == pytest.approx(math.log(0.05))
    assert pull(city, 0, "flow_ideas", 8) == pytest.approx(math.log(15.0))
