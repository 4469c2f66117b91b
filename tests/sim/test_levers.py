"""A policy becomes a table of measures in force: what, where, from when, how strongly. State is never touched."""

import math

import numpy as np
import pytest
from city_columns import columns, differing

from sim.levers import INDICATORS, LEVER, LEVERS, NEVER, enforce, lever_caps
from sim.measures import MEASURES, find_measure
from sim.measures.declaration import UNITS, changes
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import parameter
from sim.scenario import FLOWS, MeasureUse, Policy, Shock, Target, Trigger, list_policies, load_policy, load_shock
from sim.state import copy_city

EACH = pytest.mark.parametrize("measure", MEASURES, ids=lambda measure: measure.row)


def policy(*uses):
    return Policy(name="trial", title="Trial", about="A trial.", measures=uses)


def in_force(city, sandbox, *uses, shocks=()):
    return enforce(city, sandbox, policy(*uses), shocks)


@EACH
def test_a_measure_pulls_levers_that_exist_by_parameters_that_exist(measure):
    assert measure.changes
    for change in measure.changes:
        assert change.lever in LEVERS
        assert change.low <= change.mid <= change.high
        assert parameter(change.parameter).default == change.mid


@EACH
def test_a_measure_says_what_a_council_must_know(measure):
    assert measure.says.endswith(".")
    assert measure.capacity.endswith(".")
    assert measure.units in UNITS
    assert measure.unit_cost >= 0
    assert measure.onset_months >= 0
    assert measure.fades_months >= 0
    assert measure.commands in ("city", "national", "joint")
    assert all(0 <= condition.weight <= 1 for condition in measure.conditions.values())
    assert set(measure.leaves_alone) <= {each.name for each in OUTCOMES}


@EACH
def test_a_measure_is_found_by_its_row_and_by_its_name(measure):
    assert find_measure(measure.row) is measure
    assert find_measure(measure.name) is measure


def test_what_is_no_measure_is_not_found():
    with pytest.raises(KeyError):
        find_measure("P-X9")
    with pytest.raises(KeyError):
        changes(patrol=("violence.no_such",))


def test_no_two_measures_share_a_row_or_a_name():
    assert len({measure.row for measure in MEASURES}) == len({measure.name for measure in MEASURES}) == len(MEASURES)


def test_every_lever_but_the_flows_is_a_dose_of_at_most_one():
    assert LEVER.names == LEVERS
    caps = dict(zip(LEVERS, lever_caps(), strict=True))
    assert all(caps[f"flow_{flow}"] == 0.0 for flow in FLOWS)
    assert all(cap == 1.0 for lever, cap in caps.items() if not lever.startswith("flow_"))


def test_every_dose_lever_is_pulled_by_some_measure():
    pulled = {change.lever for measure in MEASURES for change in measure.changes}
    assert pulled == {lever for lever in LEVERS if not lever.startswith("flow_")}


@pytest.mark.parametrize("name", list_policies())
def test_a_packaged_policy_becomes_one_entry_a_measure(city, sandbox, name):
    listed = load_policy(name).measures
    forced = enforce(city, sandbox, load_policy(name))
    assert forced.programme.size == len(listed)
    assert forced.change.shape == (len(listed), len(LEVERS))
    assert forced.where.shape == (len(listed), 9)


def test_enforcing_a_policy_leaves_the_city_untouched(city, sandbox):
    before = copy_city(city)
    forced = enforce(city, sandbox, load_policy("all_four"), [load_shock("pact")])
    assert differing(city, before) == {}
    changed = {name for (name, one), (_, two) in zip(columns(city), columns(forced), strict=True) if one is not two}
    assert {name.split(".")[1] for name in changed if city is not forced} >= {"programme", "change", "where"}


def test_a_measure_holds_its_own_onset_fading_and_cost(city, sandbox):
    measure = find_measure("P-S3")
    row = in_force(city, sandbox, MeasureUse(measure="P-S3", level=0.6, start=5, stop=17)).programme[0]
    assert (row.start, row.stop, row.trigger, row.gang) == (5, 17, -1, -1)
    assert (row.ramp, row.fades) == (measure.onset_months, measure.fades_months)
    assert row.unit_cost == measure.unit_cost
    assert UNITS[row.unit] == measure.units
    assert row.level == 0.6


def test_a_use_may_ramp_at_its_own_pace_and_never_stop(city, sandbox):
    row = in_force(city, sandbox, MeasureUse(measure="P-R3", ramp=9)).programme[0]
    assert row.ramp == 9
    assert row.stop == NEVER


def test_a_missing_condition_costs_its_part_of_the_effect(city, sandbox):
    def level(**met):
        return in_force(city, sandbox, MeasureUse(measure="P-R8", level=0.8, conditions=met)).programme[0].level

    oversight = find_measure("P-R8").conditions["outside_oversight"].weight
    protection = find_measure("P-R8").conditions["reporter_protection"].weight
    assert level() == 0.8
    assert level(outside_oversight=0.0) == pytest.approx(0.8 * (1 - oversight))
    assert level(outside_oversight=0.5, reporter_protection=0.0) == pytest.approx(
        0.8 * (1 - oversight / 2) * (1 - protection)
    )


def test_a_measure_acts_where_it_is_aimed(city, sandbox):
    forced = in_force(
        city,
        sandbox,
        MeasureUse(measure="P-R3"),
        MeasureUse(measure="P-E1", where=Target(places=("Ixley", "Bimbry"))),
    )
    names = [each.name for each in sandbox.neighbourhoods]
    np.testing.assert_array_equal(forced.where[0], np.ones(9))
    np.testing.assert_array_equal(forced.where[1], [float(name in ("Ixley", "Bimbry")) for name in names])
    np.testing.assert_array_equal(forced.change[0], [float(lever == "closing") for lever in LEVERS])
    np.testing.assert_array_equal(forced.change[1], [float(lever == "patrol") for lever in LEVERS])


@pytest.mark.parametrize(("share", "number"), [(0.01, 1), (0.2, 2), (0.5, 4), (1.0, 9)])
def test_a_share_of_the_worst_is_a_number_of_places_and_one_at_least(city, sandbox, share, number):
    use = MeasureUse(measure="P-E1", where=Target(worst_share=share, by="extortion_share"))
    row = in_force(city, sandbox, use).programme[0]
    assert row.worst == number
    assert INDICATORS[row.by] == "extortion_share"


def test_a_trigger_names_the_outcome_it_waits_for(city, sandbox):
    use = MeasureUse(measure="P-E1", trigger=Trigger(outcome="homicide_rate", above=20.0))
    row = in_force(city, sandbox, use).programme[0]
    assert row.trigger == outcome_index("homicide_rate")
    assert row.above == 20.0


@pytest.mark.parametrize(("size", "pushed"), [(2.0, math.log(2.0)), (1.0, 0.0), (0.0, math.log(0.05))])
def test_a_flow_shock_is_the_logarithm_of_its_multiple(city, sandbox, size, pushed):
    shock = Shock(name="flood", title="Flood", about="More.", kind="flow", flow="drugs", size=size, start=2, stop=9)
    forced = in_force(city, sandbox, shocks=[shock])
    assert forced.change[0, LEVERS.index("flow_drugs")] == pytest.approx(pushed)
    assert (forced.programme[0].start, forced.programme[0].stop) == (2, 9)
    assert forced.programme[0].unit_cost == 0.0


def test_a_pact_names_its_gang_and_how_binding_it_is(city, sandbox):
    shock = Shock(name="pact", title="Pact", about="A pact.", kind="pact", gang="Corner Nine", size=0.7, start=0)
    forced = in_force(city, sandbox, shocks=[shock])
    assert forced.programme[0].gang == 1
    assert forced.programme[0].level == 0.7
    assert not forced.change.any()


def test_shocks_come_after_measures_and_befall_every_arm(city, sandbox):
    forced = in_force(city, sandbox, MeasureUse(measure="P-R3"), shocks=[load_shock("pact")])
    np.testing.assert_array_equal(forced.programme["gang"] >= 0, [False, True])
