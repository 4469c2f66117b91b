"""The bill: what a measure costs by its dose, who pays, and what leaks."""

import numpy as np
import pytest

from sim.enumerations import AGENCIES
from sim.levers import enforce
from sim.measures import MEASURES, find_measure
from sim.outcomes import outcome_index
from sim.processes.outcome_recorder import update as update_outcome_recorder
from sim.processes.policy_delivery import set_levers
from sim.scenario import MeasureUse, Policy, Shock, Target


@pytest.fixture
def sealed(params):
    """Parameters with which nothing leaks: what does is tested apart."""
    params.policy_delivery[0].leakage_share = 0.0
    return params


def forced(city, sandbox, params, seed, *uses, shocks=(), t=0):
    """The city with measures in force, recorded in month t, no one in prison."""
    policy = Policy(name="trial", title="Trial", about="A trial.", measures=uses)
    life = enforce(city, sandbox, policy, shocks, params)
    set_levers(life, params, seed, t)
    life.city_state[0].prisoners = 0.0
    update_outcome_recorder(life, params, seed, t)
    return life


def bill(*given, **more):
    return float(forced(*given, **more).city_outcome[outcome_index("cost")]) * 1e6


def test_no_measure_costs_what_its_prisons_cost(at_rest, params, seed):
    at_rest.city_state[0].prisoners = 200.0
    update_outcome_recorder(at_rest, params, seed, 0)
    cost = at_rest.city_outcome[outcome_index("cost")]
    city_state = at_rest.city_state[0]
    assert cost == pytest.approx(200 * city_state.prison_year * city_state.money_per_dollar / 1e6)
    assert city_state.prison_year == params.costs[0].prison_year


def test_a_measure_costs_its_units_by_its_dose(at_rest, sandbox, sealed, seed):
    params = sealed
    space, forum = (find_measure(row) for row in ("P-R9", "P-E12"))
    two = Target(places=("Ixley", "Hobbix"))
    people = sum(each.population for each in sandbox.neighbourhoods if each.name in ("Ixley", "Hobbix"))
    assert bill(at_rest, sandbox, params, seed, MeasureUse(measure="P-R9", level=0.5, where=two, ramp=0)) == pytest.approx(
        0.5 * space.unit_cost * people / 1e5
    )
    assert bill(at_rest, sandbox, params, seed, MeasureUse(measure="P-E12", ramp=4)) == pytest.approx(forum.unit_cost / 4)


def test_an_officers_time_is_billed_to_the_police_and_what_is_bought_to_who_pays(at_rest, sandbox, params, seed):
    """New officers or not; and pay is no purchase, so nothing of it leaks."""
    at_rest.city_state[0].integrity = 0.3
    closing = find_measure("P-R3")
    units = at_rest.neighbourhood["population"].sum() / 1e5
    life = forced(at_rest, sandbox, params, seed, MeasureUse(measure="P-R3", ramp=0))
    paid = {agency: float(life.city_outcome[outcome_index(f"paid_by_{agency}")]) * 1e6 for agency in ("city", "police")}
    assert paid["police"] == pytest.approx(closing.officers * params.costs[0].police_year * units)
    lost = params.policy_delivery[0].leakage_share * 0.49
    assert paid["city"] == pytest.approx(closing.unit_cost * units * (1 + lost))


def test_twice_the_residents_cost_twice_as_much_in_as_many_neighbourhoods(at_rest, sandbox, sealed, seed):
    use = MeasureUse(measure="P-S3", ramp=0)
    before = bill(at_rest, sandbox, sealed, seed, use)
    at_rest.neighbourhood["population"] *= 2.0
    at_rest.city_state["population"] *= 2.0
    assert bill(at_rest, sandbox, sealed, seed, use) == pytest.approx(2 * before)


def test_a_measure_in_a_share_of_a_place_costs_that_share(at_rest, sandbox, sealed, seed):
    for row in ("P-E1", "P-R3"):
        whole, tenth = (
            bill(at_rest, sandbox, sealed, seed, MeasureUse(measure=row, where=Target(all=True, cover=cover), ramp=0))
            for cover in (1.0, 0.1)
        )
        assert tenth == pytest.approx(0.1 * whole)
        assert whole > 0.0


def test_a_measure_costs_the_level_of_the_month(at_rest, sandbox, sealed, seed):
    whole, half = (
        bill(at_rest, sandbox, sealed, seed, MeasureUse(measure="P-E1", level={0: level, 1: 0.9}, ramp=0))
        for level in (1.0, 0.5)
    )
    assert half == pytest.approx(0.5 * whole)


def test_a_measure_not_begun_or_at_level_0_costs_nothing(at_rest, sandbox, params, seed):
    assert bill(at_rest, sandbox, params, seed, MeasureUse(measure="P-E1", start=6)) == 0.0
    assert bill(at_rest, sandbox, params, seed, MeasureUse(measure="P-R8", level=0.0)) == 0.0


def test_a_shock_costs_the_city_nothing(at_rest, sandbox, params, seed):
    flood = Shock(name="flood", title="Flood", about="More.", kind="flow", flow="drugs", size=2.0, start=0)
    assert bill(at_rest, sandbox, params, seed, shocks=[flood]) == 0.0


def test_places_are_billed_as_filled_even_after_the_last_offer(at_rest, sandbox, sealed, seed):
    at_rest.neighbourhood["school_places"] = 10.0
    use = MeasureUse(measure="P-S1", start=0, stop=1)
    assert bill(at_rest, sandbox, sealed, seed, use, t=5) == pytest.approx(90 * find_measure("P-S1").unit_cost)


def test_the_citys_bill_is_shared_by_residents(at_rest, sandbox, params, seed):
    life = forced(at_rest, sandbox, params, seed, MeasureUse(measure="P-R8", ramp=0))
    costs = life.outcome_values[:, outcome_index("cost")]
    np.testing.assert_allclose(
        costs / costs.sum(), life.neighbourhood["population"] / life.neighbourhood["population"].sum()
    )


def test_the_bill_is_in_the_citys_money(at_rest, sandbox, params, seed):
    use = MeasureUse(measure="P-R8", ramp=0)
    before = bill(at_rest, sandbox, params, seed, use)
    at_rest.city_state[0].money_per_dollar = 4_000.0
    assert bill(at_rest, sandbox, params, seed, use) == pytest.approx(4_000 * before)


def test_what_leaks_is_paid_on_top_of_what_was_asked(at_rest, sandbox, params, seed):
    """E11: buying leaks by the square of what integrity lacks, and the bill is the higher for it."""
    at_rest.city_state[0].integrity = 0.3
    lost = params.policy_delivery[0].leakage_share * 0.49
    leaky, tight = MeasureUse(measure="P-R6", ramp=0), MeasureUse(measure="P-R8", ramp=0)
    units = at_rest.neighbourhood["population"].sum() / 1e5
    costs = {each: find_measure(each).unit_cost * units for each in ("P-R6", "P-R8")}
    assert bill(at_rest, sandbox, params, seed, leaky) == pytest.approx(costs["P-R6"] * (1 + lost))
    assert bill(at_rest, sandbox, params, seed, tight) == pytest.approx(costs["P-R8"])
    city_state = forced(at_rest, sandbox, params, seed, leaky, tight).city_state[0]
    leaked = costs["P-R6"] * lost
    assert city_state.leakage == pytest.approx(leaked / (leaked + sum(costs.values())))
    assert city_state.leaked == pytest.approx(leaked / at_rest.neighbourhood["population"].sum())


def test_what_gangs_get_of_a_leak_does_not_hang_on_the_price_level(at_rest, sandbox, params, seed):
    at_rest.city_state[0].integrity = 0.3
    use = MeasureUse(measure="P-R6", ramp=0)

    def paid(city):
        city_state = forced(at_rest, city, params, seed, use).city_state[0]
        return float(city_state.leaked), float(city_state.cost)

    leaked, cost = paid(sandbox)
    at_rest.city_state[0].programme_prices = 0.4
    assert paid(sandbox.model_copy(update={"price_level": 0.4})) == (pytest.approx(leaked), pytest.approx(0.4 * cost))


def test_without_measures_nothing_leaks(at_rest, sandbox, params, seed):
    city_state = forced(at_rest, sandbox, params, seed).city_state[0]
    assert city_state.leakage == city_state.leaked == 0.0


def test_what_is_asked_of_a_force_is_paid_for_whether_it_follows_or_not(at_rest, sandbox, sealed, seed):
    """E34."""
    at_rest.city_state[0].command = 2
    use = MeasureUse(measure="P-E2", level=0.5, ramp=0)
    paid = []
    for follows in (0.0, 1.0):
        at_rest.city_state[0].alignment = follows
        paid.append(bill(at_rest, sandbox, sealed, seed, use))
    assert paid[0] == paid[1] > 0


def test_what_an_election_ended_costs_nothing(at_rest, sandbox, sealed, seed):
    """E26."""
    sealed.policy_delivery[0].election_cancellation_chance = 1.0
    at_rest.city_state[0].linkage = 0.0
    use = MeasureUse(measure="P-S10", ramp=0)
    vote = Shock(name="vote", title="Vote", about="A vote.", kind="election", size=1.0, start=0)
    assert bill(at_rest, sandbox, sealed, seed, use) > 0
    assert bill(at_rest, sandbox, sealed, seed, use, shocks=[vote]) == 0.0


def test_every_measure_is_billed_to_its_pillar(at_rest, sandbox, params, seed):
    at_rest.neighbourhood["school_places"] = at_rest.neighbourhood["training_places"] = 3.0
    pillars = ("regulation", "enforcement", "engagement", "resilience")
    for measure in MEASURES:
        life = forced(at_rest, sandbox, params, seed, MeasureUse(measure=measure.row, ramp=0))
        costs = {pillar: float(life.city_outcome[outcome_index(f"cost_{pillar}")]) for pillar in pillars}
        assert costs[measure.pillar] == pytest.approx(float(life.city_outcome[outcome_index("cost")])), measure.row
        assert costs[measure.pillar] > 0, measure.row
        assert sum(costs.values()) == costs[measure.pillar], measure.row


def test_every_measure_is_billed_to_who_pays_in_equal_parts(at_rest, sandbox, params, seed):
    at_rest.neighbourhood["school_places"] = at_rest.neighbourhood["training_places"] = 3.0
    for measure in MEASURES:
        life = forced(at_rest, sandbox, params, seed, MeasureUse(measure=measure.row, ramp=0))
        whole = float(life.city_outcome[outcome_index("cost")])
        people = at_rest.neighbourhood["population"].sum() / 1e5
        pay = measure.officers * params.costs[0].police_year * people / 1e6
        for agency in AGENCIES:
            paid = float(life.city_outcome[outcome_index(f"paid_by_{agency}")])
            due = (whole - pay) / len(measure.payers) if agency in measure.payers else 0.0
            due += pay / len(measure.force) if agency in measure.force else 0.0
            assert paid == pytest.approx(due, abs=1e-9), (measure.row, agency)


def test_soldiers_who_stay_are_billed_to_the_nation(at_rest, sandbox, sealed, seed):
    use = MeasureUse(measure="P-E7", ramp=0, start=0, stop=1)
    assert bill(at_rest, sandbox, sealed, seed, use, t=5) == 0.0
    at_rest.neighbourhood["garrison"][2] = 0.5
    life = forced(at_rest, sandbox, sealed, seed, use, t=5)
    left = float(life.neighbourhood[2].lingering) * float(life.neighbourhood[2].population) / 1e5
    year = find_measure("P-E7").officers * sealed.costs[0].police_year * left
    assert 0.0 < life.neighbourhood[2].lingering < 0.5
    assert float(life.city_outcome[outcome_index("paid_by_nation")]) == pytest.approx(year / 1e6)
