"""What is written down: rates from hazards, the governance index, the gap, the bill."""

import numpy as np
import pytest

from sim.levers import enforce
from sim.measures import find_measure
from sim.outcomes import OUTCOMES, outcome_index
from sim.processes.calendar import killings_expected, set_levers
from sim.processes.ledger import record
from sim.scenario import MeasureUse, Policy, Shock, Target


@pytest.fixture
def booked(at_rest, rates, seed):
    """Record the month of a city, after a change, and return its outcomes by name: city, neighbourhoods."""

    def after(change=lambda city: None):
        change(at_rest)
        record(at_rest, rates, seed, 0)
        return lambda name: (at_rest.city_outcome[outcome_index(name)], at_rest.outcome_values[:, outcome_index(name)])

    return after


def bill(city, sandbox, rates, seed, *uses, shocks=(), t=0):
    forced = enforce(city, sandbox, Policy(name="trial", title="Trial", about="A trial.", measures=uses), shocks)
    set_levers(forced, t)
    forced.town[0].prisoners = 0.0
    record(forced, rates, seed, t)
    return float(forced.city_outcome[outcome_index("cost")]) * 1e6


def test_a_rate_is_a_years_killings_in_a_hundred_thousand(booked, at_rest):
    city, places = booked()("homicide_rate")
    killings = np.array([killings_expected(place) for place in at_rest.place])
    np.testing.assert_allclose(places, 1.2e6 * killings / at_rest.place["population"])
    assert city == pytest.approx(1.2e6 * killings.sum() / at_rest.place["population"].sum())


def test_killings_that_happened_are_counted_by_the_year(booked, at_rest):
    at_rest.place["killed"] = np.arange(9.0)
    city, places = booked()("homicides")
    np.testing.assert_allclose(places, 12 * np.arange(9.0))
    assert city == pytest.approx(12 * 36)


def test_the_official_count_misses_police_killings_and_unreported_bodies(booked, at_rest):
    at_rest.place["killed"] = 2.0
    at_rest.place["deaths_police"] = 0.0
    at_rest.place["reporting"] = 0.5
    booked_now = booked()
    assert booked_now("homicides_recorded")[0] == pytest.approx(0.9 * booked_now("homicides")[0])
    at_rest.place["deaths_police"] = at_rest.place["deaths_dispute"]
    booked_now = booked()
    assert booked_now("homicides_recorded")[0] < 0.9 * booked_now("homicides")[0]


def test_fewer_guns_mean_fewer_deaths_per_serious_event(booked, at_rest, rates):
    """E15: for equal deaths there were more events, by the elasticity of lethality."""
    before = booked()("serious_assaults")[0]
    at_rest.town[0].guns = 0.5
    after = booked()("serious_assaults")[0]
    assert after / before == pytest.approx(0.5 ** -rates.violence[0].gun_elasticity)
    assert before == pytest.approx(
        booked(lambda city: city.town["guns"].fill(1.0))("homicide_rate")[0] / rates.ledger[0].lethality
    )


def test_the_governance_index_weighs_its_parts_as_declared(booked, at_rest, rates):
    rate = rates.ledger[0]
    rate.weight_protection, rate.weight_territory, rate.weight_closure, rate.weight_order = 1.0, 0.0, 2.0, 0.5
    now = booked()
    parts = [now(part)[1] for part in ("protection", "territory", "closure", "order")]
    expected = 100 * (parts[0] + 2 * parts[2] + 0.5 * parts[3]) / 3.5
    np.testing.assert_allclose(now("criminal_governance_index")[1], expected)


def test_homicide_is_no_part_of_criminal_governance(booked, at_rest):
    before = booked()("criminal_governance_index")[0]
    at_rest.place["deaths_dispute"] *= 10
    assert booked()("criminal_governance_index")[0] == before


def test_the_gap_compares_the_fifths_fixed_at_month_0(booked, at_rest):
    at_rest.place["fifth"] = [-1, 0, 0, 0, 0, 0, 0, 0, 1]
    expected = np.array([killings_expected(place) / place.population for place in at_rest.place])
    assert booked()("homicide_gap")[0] == pytest.approx(expected[8] / expected[0])
    at_rest.place["fifth"] = 0
    assert booked()("homicide_gap")[0] == 1.0


def test_members_prisoners_and_recruits_are_residents(booked, at_rest, recount):
    at_rest.place["recruits"] = 3.0
    now = booked()
    counted = recount(at_rest)
    np.testing.assert_allclose(now("gang_members")[1], counted.members.sum(axis=1) * at_rest.place["weight"])
    np.testing.assert_allclose(now("prison_members")[1], counted.inmates.sum(axis=1) * at_rest.place["weight"])
    assert now("recruits")[0] == pytest.approx(12 * 27)


def test_every_living_gang_is_counted_once(booked, at_rest):
    assert booked()("gangs")[0] == at_rest.gang["alive"].sum()


def test_the_same_rate_can_be_read_from_city_and_places(booked, at_rest):
    now = booked()
    for column, each in enumerate(OUTCOMES):
        city, places = now(each.name)
        assert places.shape == (9,)
        assert at_rest.city_outcome[column] == city


# The bill ------------------------------------------------------------------------------


def test_no_measure_costs_what_its_prisons_cost(at_rest, rates, seed):
    at_rest.town[0].prisoners = 200.0
    record(at_rest, rates, seed, 0)
    cost = at_rest.city_outcome[outcome_index("cost")]
    assert cost == pytest.approx(200 * rates.ledger[0].prison_year * at_rest.town[0].money_per_dollar / 1e6)


def test_a_measure_costs_its_units_by_its_dose(at_rest, sandbox, rates, seed):
    patrol, closing, permits = (find_measure(row) for row in ("P-E1", "P-R3", "P-R8"))
    two = Target(places=("Ixley", "Hobbix"))
    assert bill(at_rest, sandbox, rates, seed, MeasureUse(measure="P-E1", level=0.5, where=two, ramp=0)) == pytest.approx(
        2 * 0.5 * patrol.unit_cost
    )
    assert bill(at_rest, sandbox, rates, seed, MeasureUse(measure="P-R3", ramp=0)) == pytest.approx(
        closing.unit_cost * at_rest.place["population"].sum() / 1e5
    )
    assert bill(at_rest, sandbox, rates, seed, MeasureUse(measure="P-R8", ramp=4)) == pytest.approx(permits.unit_cost / 4)


def test_a_measure_not_begun_or_at_level_0_costs_nothing(at_rest, sandbox, rates, seed):
    assert bill(at_rest, sandbox, rates, seed, MeasureUse(measure="P-E1", start=5)) == 0.0
    assert bill(at_rest, sandbox, rates, seed, MeasureUse(measure="P-R8", level=0.0)) == 0.0


def test_a_shock_costs_the_city_nothing(at_rest, sandbox, rates, seed):
    flood = Shock(name="flood", title="Flood", about="More.", kind="flow", flow="drugs", size=2.0, start=0)
    assert bill(at_rest, sandbox, rates, seed, shocks=[flood]) == 0.0


def test_places_are_billed_as_filled_even_after_the_last_offer(at_rest, sandbox, rates, seed):
    at_rest.place["school_places"] = 10.0
    use = MeasureUse(measure="P-S1", start=0, stop=1)
    assert bill(at_rest, sandbox, rates, seed, use, t=5) == pytest.approx(90 * find_measure("P-S1").unit_cost)


def test_the_citys_bill_is_shared_by_residents(at_rest, sandbox, rates, seed):
    forced = enforce(
        at_rest,
        sandbox,
        Policy(name="trial", title="Trial", about="A trial.", measures=(MeasureUse(measure="P-R8", ramp=0),)),
    )
    set_levers(forced, 0)
    record(forced, rates, seed, 0)
    costs = forced.outcome_values[:, outcome_index("cost")]
    np.testing.assert_allclose(costs / costs.sum(), forced.place["population"] / forced.place["population"].sum())


def test_the_bill_is_in_the_citys_money(at_rest, sandbox, rates, seed):
    use = MeasureUse(measure="P-R8", ramp=0)
    before = bill(at_rest, sandbox, rates, seed, use)
    at_rest.town[0].money_per_dollar = 4_000.0
    assert bill(at_rest, sandbox, rates, seed, use) == pytest.approx(4_000 * before)
