"""Community groups decide, grow, are threatened and bought, end and are founded; measures arrive where they work (E39)."""

import math

import numpy as np
import pytest

from sim.enumerations import GROUP_ACTIVITIES, GROUP_KINDS, SERVING, SILENT
from sim.group_kinds import DELIVERS, ORDINARY_KINDS, WORK, deliverers
from sim.levers import enforce
from sim.measures import MEASURES, find_measure
from sim.mechanisms import switched_off
from sim.outcomes import OUTCOMES
from sim.parameters import make_parameters
from sim.processes.community_groups import chances_of, update
from sim.processes.policy_delivery import set_levers
from sim.run import run_arms
from sim.scenario import City, MeasureUse, Partner, Policy
from sim.state import copy_city

ROWS = [measure.row for measure in MEASURES if deliverers(measure).any()]


def policy(*uses):
    return Policy(name="trial", title="Trial", about="A trial.", measures=uses)


def city_with(city, **fields):
    """The city with other groups, checked as a file is."""
    return City.model_validate(city.model_dump() | fields)


def delivered(city, sandbox, params, seed, *rows, **use):
    """The share of each measure that arrives in each place."""
    uses = [MeasureUse(measure=row, ramp=0, **use) for row in rows]
    city = enforce(copy_city(city), sandbox, policy(*uses), (), params)
    set_levers(city, params, seed, 0)
    return city


def lived(city, *uses, months=18, **settings):
    (result,) = run_arms(city, [policy(*uses)], seed=4, months=months, scale=0.05, parameters=settings)
    return result.city_monthly.tobytes() + result.place_yearly.tobytes()


def test_each_measure_of_a_partner_needs_groups_and_no_kind_is_unknown():
    for measure in MEASURES:
        if measure.partner:
            assert measure.row in ROWS
    assert {"P-G3", "P-G7"} < set(ROWS)
    assert not {"P-E1", "P-E2"} & set(ROWS)
    for kinds in DELIVERS.values():
        assert set(kinds) <= set(GROUP_KINDS)
        assert max(kinds.values()) <= 1.0
        # Ordinary groups can deliver each of these, or nothing would be measured by.
        assert any(kinds.get(kind, 0.0) > 0.0 for kind in ORDINARY_KINDS)
    assert set(WORK) == set(GROUP_KINDS)


def test_ordinary_groups_deliver_what_is_ordered_and_no_group_delivers_nothing(at_rest, sandbox, params, seed):
    city = delivered(at_rest, sandbox, params, seed, *ROWS)
    np.testing.assert_allclose(city.delivered, 1.0)
    at_rest.group_work[:] = 0.0
    none = delivered(at_rest, sandbox, params, seed, *ROWS)
    assert (none.delivered == 0.0).all()
    assert not none.lever_values.any()
    patrols = delivered(at_rest, sandbox, params, seed, "P-E1")
    assert (patrols.levers["hot_spot_patrol"] > 0.5).all()


def test_delivery_is_bounded_and_rises_with_what_able_groups_do(at_rest, sandbox, params, seed):
    limit = params.community_groups[0].delivery_limit
    found = []
    for times in (0.0, 0.25, 0.5, 1.0, 2.0, 50.0):
        city = copy_city(at_rest)
        city.group_work[:] = times * city.ordinary_work
        share = delivered(city, sandbox, params, seed, "P-S2").delivered[0, 3]
        assert share == pytest.approx(limit * (1.0 - (1.0 - 1.0 / limit) ** times))
        found.append(share)
    assert found == sorted(found)
    assert found[-1] <= limit


def test_groups_next_door_deliver_at_a_discount(at_rest, sandbox, params, seed):
    at_rest.group_work[:] = 0.0
    at_rest.group_work[8] = at_rest.ordinary_work
    shares = delivered(at_rest, sandbox, params, seed, "P-S1").delivered[0]
    beside = at_rest.neighbour_list[at_rest.neighbour_start[8] : at_rest.neighbour_start[9]]
    assert shares[8] > shares[beside].max() > 0.0
    far = np.setdiff1d(np.arange(len(shares)), [8, *beside])
    assert (shares[far] == 0.0).all()


def test_kinds_decide_what_is_delivered(at_rest, sandbox, params, seed):
    def share(kind, row):
        city = copy_city(at_rest)
        city.group_work[:] = 0.0
        city.group_work[:, GROUP_KINDS.index(kind)] = 0.5
        return delivered(city, sandbox, params, seed, row).delivered[0, 0]

    for row, able, other in (
        ("P-S3", "interrupters", "business association"),
        ("P-S2", "women's group", "interrupters"),
        ("P-S1", "youth club", "media"),
        ("P-G7", "business association", "faith"),
        ("P-G5", "media", "women's group"),
        ("P-G10", "family association", "media"),
    ):
        assert share(able, row) > 1.5 * share(other, row), row
    assert all(share("agency", row) > 0.0 for row in ROWS)


def test_an_agency_of_its_own_delivers_less_where_there_is_no_group(at_rest, sandbox, params, seed):
    at_rest.group_work[:] = 0.0
    own = delivered(at_rest, sandbox, params, seed, "P-S1", partner=Partner(kind="own agency"))
    assert (own.delivered == params.community_groups[0].own_agency_reach).all()
    for kind in ("agency", "local"):
        assert not delivered(at_rest, sandbox, params, seed, "P-S1", partner=Partner(kind=kind)).delivered.any()


def group_of(city, g=0):
    return city.group[g], city.neighbourhood[city.group[g].home]


def test_chances_add_up_and_threats_fear_and_distrust_silence(at_rest, params):
    param = params.community_groups[0]
    group, place = group_of(at_rest)
    base = chances_of(param, group, place)
    assert sum(base) == pytest.approx(1.0)
    for field, record in (("threat", group), ("fear", place)):
        before = record[field]
        record[field] = min(1.0, before + 0.4)
        assert chances_of(param, group, place)[SILENT] > base[SILENT]
        record[field] = before
    group.credibility += 0.3
    assert chances_of(param, group, place)[SILENT] < base[SILENT]
    group.credibility -= 0.3
    place.police_legitimacy += 0.3
    assert chances_of(param, group, place)[2] > base[2]


def live(city, params, seed, months, t=0):
    for month in range(t, t + months):
        update(city, params, seed, month)
    return city


def test_threats_follow_rule_by_armed_groups_and_cost_volunteers(at_rest, params, seed):
    ruled, free = copy_city(at_rest), copy_city(at_rest)
    ruled.neighbourhood["governing"] = 0.9
    free.neighbourhood["governing"] = 0.0
    live(ruled, params, seed, 60)
    live(free, params, seed, 60)
    assert free.group["threat"].max() < 0.01
    assert ruled.group["threat"].min() > 0.3 * ruled.group["alive"].min()
    assert ruled.group["volunteers"].sum() < 0.8 * free.group["volunteers"].sum()
    assert ruled.neighbourhood["group_silence"].mean() > 1.5 * free.neighbourhood["group_silence"].mean()
    assert ruled.neighbourhood["told_by_groups"].mean() < 0.9 * free.neighbourhood["told_by_groups"].mean()
    assert ruled.group["bought"].mean() > free.group["bought"].mean()


def test_who_reports_and_works_with_the_state_is_threatened_more(at_rest, params, seed):
    params.community_groups[0].activity_memory_speed = 0.0
    at_rest.neighbourhood["governing"] = 0.5
    at_rest.group["reporting"] = 0.0
    told = copy_city(at_rest)
    told.group["reporting"] = 1.0
    for city in (at_rest, told):
        update(city, params, seed, 0)
    assert (told.group["threat"] > at_rest.group["threat"]).all()


def test_an_independent_group_is_not_bought(at_rest, params, seed):
    at_rest.neighbourhood["governing"] = 0.8
    at_rest.group["independence"][0] = 1.0
    at_rest.group["independence"][1] = 0.0
    at_rest.group["bought"] = 0.0
    live(at_rest, params, seed, 24)
    assert at_rest.group[0].bought == 0.0 < at_rest.group[1].bought


def test_groups_without_volunteers_end_and_are_founded_again(at_rest, params, seed):
    param = params.community_groups[0]
    param.ending_rate = 0.5
    param.founding_rate = 0.0
    param.volunteer_turnover = 0.0
    at_rest.group["volunteers"] = 0.01
    live(at_rest, params, seed, 36)
    assert not at_rest.group["alive"].any()
    for field in ("served_by_groups", "told_by_groups", "mediated_by_groups", "groups_at_work"):
        assert not at_rest.neighbourhood[field].any()
    assert not at_rest.group_work.any()
    param.founding_rate = 1.0
    param.ending_rate = 0.0
    live(at_rest, params, seed, 60, 36)
    assert at_rest.group["alive"].mean() > 0.9
    assert (at_rest.group["founded"][at_rest.group["alive"] == 1] >= 36).all()


def test_what_groups_do_is_drawn_in_proportion_to_their_chances(at_rest, params, seed):
    params.community_groups[0].activity_memory_speed = 0.0
    params.community_groups[0].volunteer_turnover = 0.0
    seen, expected = np.zeros(4), np.zeros(4)
    for t in range(120):
        expected += np.sum([chances_of(params.community_groups[0], *group_of(at_rest, g)) for g in range(20)], axis=0)
        update(at_rest, params, seed, t)
        seen += np.bincount(at_rest.group["activity"][:20], minlength=4)
    # Some four standard errors of so many draws.
    np.testing.assert_allclose(seen, expected, atol=4.0 * math.sqrt(expected.max()))
    assert len(GROUP_ACTIVITIES) == 4


def test_draws_depend_on_slot_and_month_alone(at_rest, params, seed):
    other = copy_city(at_rest)
    other.group["alive"][3] = 0
    for city in (at_rest, other):
        update(city, params, seed, 5)
    untouched = np.delete(np.arange(at_rest.group.size), 3)
    np.testing.assert_array_equal(at_rest.group["activity"][untouched], other.group["activity"][untouched])


def test_ordinary_groups_at_their_ordinary_work_leave_a_place_as_it_is(at_rest, params):
    """By hand: five ordinary groups do what five do, and a listed one adds its own."""
    place = at_rest.group[0].home
    listed = at_rest.group[0]
    whole = sum(WORK[kind][0] for kind in ORDINARY_KINDS) * params.community_groups[0].ordinary_capacity
    assert at_rest.city_state[0].ordinary_serving == pytest.approx(whole)
    at_rest.group["volunteers"], at_rest.group["bought"], at_rest.group["serving"] = 1.0, 0.0, 1.0
    at_rest.group["silence"] = at_rest.group["warning"] = at_rest.group["reporting"] = 0.0
    for reference in ("working_reference", "serving_reference", "telling_reference"):
        at_rest.group[reference] = 1.0
    param = params.community_groups[0]
    param.activity_memory_speed = param.volunteer_turnover = param.capture_speed = 0.0
    update(at_rest, params, np.uint64(1), 3)
    assert at_rest.neighbourhood[0].served_by_groups == pytest.approx(1.0)
    assert at_rest.neighbourhood[place].served_by_groups == pytest.approx(1.0 + listed.capacity * listed.serves / whole)


@pytest.mark.parametrize(
    "fields",
    [
        {"groups": []},
        {"ordinary_groups": 0.0},
        {"ordinary_groups": 0.5},
    ],
)
def test_whether_there_are_groups_changes_a_run(sandbox, fields):
    """Knock-out: a model that does not read them fails."""
    assert lived(city_with(sandbox, **fields)) != lived(sandbox)


@pytest.mark.parametrize("without_ordinary", [False, True])
def test_two_kinds_exchanged_change_a_run(sandbox, without_ordinary):
    groups = sandbox.model_dump()["groups"]
    swapped = [dict(each) for each in groups]
    swapped[0]["kind"], swapped[2]["kind"] = groups[2]["kind"], groups[0]["kind"]
    more = {"ordinary_groups": 0.0} if without_ordinary else {}
    use = MeasureUse(measure="P-S3")
    assert lived(city_with(sandbox, groups=swapped, **more), use) != lived(city_with(sandbox, **more), use)


@pytest.mark.parametrize("field", ["kind", "home", "credibility", "capacity", "independence"])
def test_each_field_of_a_group_changes_a_run(sandbox, field):
    groups = [dict(each) for each in sandbox.model_dump()["groups"]]
    groups[0][field] = {"kind": "media", "home": "Aldoo"}.get(field, 0.9)
    assert lived(city_with(sandbox, groups=groups)) != lived(sandbox)


def test_switched_off_groups_of_any_kind_and_number_leave_a_run_as_it_is(sandbox):
    off = switched_off(("community-groups", "delivery-by-groups"))
    groups = [dict(each, kind="agency") for each in sandbox.model_dump()["groups"]]
    use = MeasureUse(measure="P-S2")
    told = {"groups_at_work", "group_silence", "group_threat"}
    keep = [i for i, outcome in enumerate(OUTCOMES) if outcome.name not in told]

    def run(city):
        (result,) = run_arms(city, [policy(use)], seed=4, months=18, scale=0.05, parameters=off)
        return result.city_monthly[:, keep].tobytes()

    same = run(sandbox)
    assert run(city_with(sandbox, groups=groups)) == same
    assert run(city_with(sandbox, ordinary_groups=0.0)) == same
    assert make_parameters(off).community_groups[0].delivery_by_groups == 0.0


def test_an_empty_list_means_that_there_is_no_group_and_no_list_means_ordinary_ones(sandbox):
    values = sandbox.model_dump(exclude={"groups", "ordinary_groups"})
    assert City.model_validate(values).ordinary_groups == 1.0
    none = City.model_validate(values | {"groups": []})
    assert none.ordinary_groups == 0.0
    assert City.model_validate(values | {"groups": [], "ordinary_groups": 1.0}).ordinary_groups == 1.0
    # What is written out and read again means the same.
    for city in (none, City.model_validate(values)):
        assert City.model_validate(city.model_dump()) == city


def test_a_measure_that_no_partner_delivers_needs_no_group():
    assert not deliverers(find_measure("P-E2")).any()
    assert SERVING == 0
