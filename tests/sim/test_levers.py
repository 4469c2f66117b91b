"""A policy becomes a table of measures in force: what, where, from when, how strongly. State is never touched."""

import math
from typing import get_args

import numpy as np
import pytest
from city_columns import columns, differing

from sim.enumerations import AGENCIES, INDICATORS, PILLARS, PLACE_LEVERS, SERVICES, UNITS
from sim.levers import (
    LEVER,
    LEVERS,
    NEVER,
    SHOCK_LEVERS,
    enforce,
    lever_caps,
    row_key,
)
from sim.measures import MEASURES, find_measure
from sim.measures.declaration import changes
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import make_parameters, parameter
from sim.partners import CRITERIA, soundness
from sim.prices import prices
from sim.scenario import (
    AT_ONCE,
    FLOWS,
    MeasureUse,
    Partner,
    Policy,
    Shock,
    ShockKind,
    Target,
    Trigger,
    list_policies,
    load_policy,
    load_shock,
)
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


@pytest.mark.parametrize(
    ("row", "coverage"), [("P-S1", "community.after_school_coverage"), ("P-S4", "community.training_coverage")]
)
def test_places_for_how_many_are_told_as_the_parameter_has_them(row, coverage):
    assert f"places for {100 * parameter(coverage).default:.0f} in 100 of" in find_measure(row).capacity


@EACH
def test_a_measure_is_found_by_its_row_and_by_its_name(measure):
    assert find_measure(measure.row) is measure
    assert find_measure(measure.name) is measure


def test_what_is_no_measure_is_not_found():
    with pytest.raises(KeyError):
        find_measure("P-X9")
    with pytest.raises(KeyError):
        changes(patrol=("homicide.no_such",))


def test_no_two_measures_share_a_row_or_a_name():
    assert len({measure.row for measure in MEASURES}) == len({measure.name for measure in MEASURES}) == len(MEASURES)


def test_every_lever_but_the_flows_is_a_dose_of_at_most_one():
    assert LEVER.names == LEVERS
    caps = dict(zip(LEVERS, lever_caps(), strict=True))
    assert all(caps[f"flow_{flow}"] == 0.0 for flow in FLOWS)
    assert all(cap == 1.0 for lever, cap in caps.items() if not lever.startswith("flow_"))


def test_every_lever_is_pulled_by_a_measure_by_what_it_needs_by_who_delivers_it_or_by_a_shock():
    changed = {change.lever for measure in MEASURES for change in measure.changes}
    conditions = [condition for measure in MEASURES for condition in measure.conditions.values()]
    needed = {condition.carries for condition in conditions} | {condition.harms for condition in conditions} - {""}
    befall = set(SHOCK_LEVERS.values()) | {f"flow_{flow}" for flow in FLOWS} | {f"cut_{each}" for each in SERVICES}
    assert (changed | needed | {"local_delivery", "partner_capture"} | befall) - {""} == set(LEVERS)
    assert not changed & befall
    assert not changed & needed


@EACH
def test_a_condition_says_what_it_does_and_does_something(measure):
    for condition in measure.conditions.values():
        assert condition.says.endswith(".")
        assert condition.weight > 0 or condition.carries or condition.harms or condition.wears > 0
        assert {condition.carries, condition.harms} <= {"", *LEVERS}
        assert condition.wears >= 0


def test_measures_are_numbered_by_pillar_without_a_gap():
    rows = [measure.row for measure in MEASURES]
    numbers = {"R": 9, "E": 14, "G": 11, "S": 14}
    assert rows == [f"P-{letter}{number}" for letter, last in numbers.items() for number in range(1, last + 1)]
    pillars = {"R": "regulation", "E": "enforcement", "G": "engagement", "S": "resilience"}
    assert all(measure.pillar == pillars[measure.row[2]] for measure in MEASURES)


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
    row = in_force(city, sandbox, MeasureUse(measure="P-S3", level=0.6, start=6, stop=17)).programme[0]
    assert (row.start, row.stop, row.trigger, row.gang) == (5, 17, -1, -1)
    assert (row.ramp, row.fades) == (measure.onset_months, measure.fades_months)
    assert row.unit_cost == measure.unit_cost
    assert UNITS[row.unit] == measure.units
    assert row.level == 0.6


@EACH
def test_what_a_measure_costs_is_a_parameter_that_can_be_set(city, sandbox, measure):
    """And a city's prices bring it to the city's money, pay by a rule of its own."""
    money, officers = measure.cost_parameters
    assert money or officers
    settings = {name: parameter(name).high for name in (money, officers) if name}
    params = make_parameters(settings)
    here = sandbox.model_copy(update={"price_level": 0.5})
    use = policy(MeasureUse(measure=measure.row))
    row = enforce(city, here, use, (), params).programme[0]
    assert row.unit_cost == pytest.approx(0.5 * settings.get(money, 0.0))
    assert row.force_cost == pytest.approx(settings.get(officers, 0.0) * prices(here, params).police_year)
    ordinary = enforce(city, sandbox, use).programme[0]
    assert (ordinary.unit_cost, ordinary.force_cost) == (measure.unit_cost, measure.officers * 140_000.0)
    assert row.force_payers == sum(1 << AGENCIES.index(each) for each in measure.force)


def test_soldiers_are_paid_by_the_nation_and_officers_by_the_police():
    assert find_measure("P-E7").force == ("nation",)
    assert {find_measure(row).force for row in ("P-R3", "P-E1", "P-E5", "P-G1")} == {("police",)}


def test_a_use_may_ramp_at_its_own_pace_and_never_stop(city, sandbox):
    row = in_force(city, sandbox, MeasureUse(measure="P-R3", ramp=9)).programme[0]
    assert row.ramp == 9
    assert row.stop == NEVER


def changes_of(city, sandbox, measure, *, level=1.0, partner=None, **met):
    use = MeasureUse(measure=measure, level=level, conditions=met, partner=partner or Partner())
    forced = in_force(city, sandbox, use)
    pulled = forced.change[0]
    return {lever: float(pulled[LEVERS.index(lever)]) for lever in LEVERS if pulled[LEVERS.index(lever)] != 0.0}


def test_a_missing_condition_costs_its_part_of_the_effect_and_nothing_of_the_bill(city, sandbox):
    oversight = find_measure("P-R8").conditions["outside_oversight"].weight
    protection = find_measure("P-R8").conditions["reporter_protection"].weight

    def kept(**met):
        forced = in_force(city, sandbox, MeasureUse(measure="P-R8", level=0.8, conditions=met))
        assert forced.programme[0].level == 0.8
        return float(forced.change[0, LEVERS.index("permit_integrity")])

    assert kept() == 1.0
    assert kept(outside_oversight=0.0) == pytest.approx(1 - oversight)
    assert kept(outside_oversight=0.5, reporter_protection=0.0) == pytest.approx((1 - oversight / 2) * (1 - protection))


@EACH
def test_a_measure_in_good_order_pulls_its_levers_and_what_its_conditions_carry_whole_and_does_no_harm(
    city, sandbox, measure
):
    carried = {condition.carries for condition in measure.conditions.values()} - {""}
    assert changes_of(city, sandbox, measure.row) == dict.fromkeys({each.lever for each in measure.changes} | carried, 1.0)
    row = in_force(city, sandbox, MeasureUse(measure=measure.row)).programme[0]
    assert (row.wear, row.effect_wear, row.effect) == (0.0, 0.0, 1.0)


@EACH
@pytest.mark.parametrize("met", [0.0, 0.25])
def test_a_measure_without_what_it_needs_loses_its_part_carries_less_harms_and_wears(city, sandbox, measure, met):
    for name, condition in measure.conditions.items():
        pulled = changes_of(city, sandbox, measure.row, **{name: met})
        kept = 1 - condition.weight * (1 - met)
        for lever in {each.lever for each in measure.changes}:
            # How many places there are is no matter of what works.
            is_spared = lever in PLACE_LEVERS and condition.on == "effect"
            assert pulled.get(lever, 0.0) == pytest.approx(1.0 if is_spared else kept)
        if condition.carries:
            assert pulled.get(condition.carries, 0.0) == met
        if condition.harms:
            assert pulled[condition.harms] == 1 - met
        row = in_force(city, sandbox, MeasureUse(measure=measure.row, conditions={name: met})).programme[0]
        wear = math.log(2) / condition.wears * (1 - met) if condition.wears else 0.0
        of_reach = condition.on == "reach"
        assert (row.wear, row.effect_wear) == pytest.approx((wear, 0.0) if of_reach else (0.0, wear))
        assert row.effect == pytest.approx(1.0 if of_reach else kept)


# Who delivers: row E35 ------------------------------------------------------------------------------


PARTNERED = [measure for measure in MEASURES if measure.partner]


@pytest.mark.parametrize("criterion", CRITERIA)
def test_each_criterion_a_partner_lacks_takes_its_own_share(params, criterion):
    param = params.policy_delivery[0]
    assert soundness(Partner(), params) == 1.0
    assert soundness(Partner(**{criterion: 0.0}), params) == pytest.approx(1 - param[CRITERIA[criterion]])
    assert soundness(Partner(**{criterion: 0.6}), params) == pytest.approx(1 - 0.4 * param[CRITERIA[criterion]])


def test_what_several_criteria_take_multiplies(params):
    param = params.policy_delivery[0]
    partner = Partner(clean=0.5, trusted=0.0, no_party=0.2)
    left = (
        (1 - 0.5 * param.partner_loss_illicit_trade)
        * (1 - param.partner_loss_distrust)
        * (1 - 0.8 * param.partner_loss_party)
    )
    assert soundness(partner, params) == pytest.approx(left)


def test_the_criteria_are_those_a_partner_may_name():
    assert set(CRITERIA) == set(Partner.model_fields) - {"kind"}


@pytest.mark.parametrize("measure", PARTNERED, ids=lambda measure: measure.row)
def test_a_local_partner_reaches_out_and_an_unsound_one_subverts(city, sandbox, params, measure):
    own = {each.lever for each in measure.changes} | {each.carries for each in measure.conditions.values()} - {""}
    assert "local_delivery" not in changes_of(city, sandbox, measure.row)
    local = changes_of(city, sandbox, measure.row, partner=Partner(kind="local"))
    assert local == dict.fromkeys(own | {"local_delivery"}, 1.0)
    sound = soundness(Partner(clean=0.0), params)
    bought = changes_of(city, sandbox, measure.row, partner=Partner(kind="local", clean=0.0))
    assert bought == pytest.approx(dict.fromkeys(own | {"local_delivery"}, sound) | {"partner_capture": 1 - sound})


def test_what_an_unsound_partner_costs_is_a_parameter(city, sandbox, params):
    params.policy_delivery[0].partner_loss_illicit_trade = 0.8
    use = MeasureUse(measure="P-S1", partner=Partner(clean=0.0))
    forced = enforce(city, sandbox, policy(use), (), params)
    assert forced.change[0, LEVERS.index("after_school_places")] == pytest.approx(0.2)


# Where and when ------------------------------------------------------------------------------


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
    np.testing.assert_array_equal(forced.change[0], [float(lever == "liquor_hours") for lever in LEVERS])
    np.testing.assert_array_equal(forced.change[1], [float(lever == "hot_spot_patrol") for lever in LEVERS])


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
    shock = Shock(name="flood", title="Flood", about="More.", kind="flow", flow="drugs", size=size, start=3, stop=9)
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


def test_what_measures_a_force_delivers_leaks_and_redistributes_is_written_in_their_rows(city, sandbox):
    forced = in_force(city, sandbox, *(MeasureUse(measure=measure.row) for measure in MEASURES))
    for row, measure in zip(forced.programme, MEASURES, strict=True):
        assert row.key == row_key(measure.row)
        assert row.police == (measure.police and measure.commands != "national")
        assert row.leaks == measure.leaks
        assert row.contested == measure.contested
        assert row.shows_after == measure.shows_after
        assert PILLARS[row.pillar] == measure.pillar


def test_a_measure_keeps_the_key_of_its_draws_wherever_it_is_listed(city, sandbox, monkeypatch):
    before = in_force(city, sandbox, MeasureUse(measure="P-S10")).programme["key"]
    monkeypatch.setattr("sim.measures.MEASURES", MEASURES[::-1])
    after = in_force(city, sandbox, MeasureUse(measure="P-S10")).programme["key"]
    np.testing.assert_array_equal(before, after)
    assert len({row_key(measure.row) for measure in MEASURES}) == len(MEASURES)


def test_elections_of_the_city_file_befall_every_arm_and_cost_nothing(city, sandbox):
    """E26."""
    voting = sandbox.model_copy(update={"elections": (7, 31)})
    forced = enforce(city, voting, policy(MeasureUse(measure="P-R3")))
    np.testing.assert_array_equal(forced.programme["vote"], [0, 1, 1])
    np.testing.assert_array_equal(forced.programme["start"], [0, 6, 30])
    np.testing.assert_array_equal(forced.programme["stop"][1:], [7, 31])
    assert (forced.programme["pillar"][1:] == -1).all()
    assert not forced.change[1:].any()
    assert not forced.programme["unit_cost"][1:].any()


@pytest.mark.parametrize("kind", get_args(ShockKind))
def test_a_shock_is_no_measure_whatever_its_kind(city, sandbox, kind):
    """No force delivers it, no pillar pays it, nothing of it leaks, erodes or is cut; a pact alone may collapse."""
    about = {"flow": "drugs"} if kind in ("flow", "route") else {}
    about |= {"gang": "The Lanterns"} if kind in ("pact", "pact broken", "leader killed") else {}
    about |= {"service": "water"} if kind == "service cut" else {}
    where = Target(places=("Ixley",))
    shock = Shock(name="x", title="X", about="X.", kind=kind, size=0.5, start=5, where=where, **about)
    row = in_force(city, sandbox, shocks=[shock]).programme[0]
    assert (row.pillar, row.police, row.unit_cost, row.leaks, row.contested, row.wear) == (-1, 0, 0, 0, 0, 0)
    pact = kind == "pact"
    assert (row.key, row.binds) == ((row_key("pact with The Lanterns"), 1) if pact else (-1, 0))
    assert row.start == 4
    assert row.stop == (5 if kind in AT_ONCE else NEVER)
    assert row.gang == (0 if "gang" in about else -1)
    assert row.vote == {"election": 0.5, "contested election": 1.0}.get(kind, 0.0)


def test_a_shock_may_strike_the_worst_places(city, sandbox):
    worst = Target(worst_share=0.3, by="homicide_rate")
    disaster = Shock(name="x", title="X", about="X.", kind="disaster", size=0.5, start=0, where=worst)
    row = in_force(city, sandbox, shocks=[disaster]).programme[0]
    assert (row.worst, INDICATORS[row.by]) == (3, "homicide_rate")
