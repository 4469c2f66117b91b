"""A measure of a policy is read, or one line says which field and value are wrong, and what would be right."""

import math

import pytest

from experiments.store.run_id import part_hash
from sim.measures import MEASURES
from sim.scenario import Policy, Target, load_policy
from tests.sim.scenario.trees import policy_with, refusal

LEFT_OUT = {"liquor-hours": "It is for cities with bars.", "P-E1": "No officers are free."}


def test_what_is_left_out_is_kept_by_row_and_told_apart_from_what_is_done():
    policy = Policy.model_validate(policy_with({"measure": "P-S1"}) | {"leaves_out": LEFT_OUT})
    assert policy.leaves_out == {"P-R3": LEFT_OUT["liquor-hours"], "P-E1": LEFT_OUT["P-E1"]}
    silent = Policy.model_validate(policy_with({"measure": "P-S1"}))
    assert policy.model_dump() == silent.model_dump()
    assert part_hash(policy) == part_hash(silent)


@pytest.mark.parametrize(
    ("leaves_out", "says"),
    [
        ({"P-R33": "Why."}, "leaves_out.P-R33 is 'P-R33', which is no measure; did you mean P-R3"),
        ({"P-S1": "Why."}, "leaves_out.P-S1 is given, but the policy uses this measure; remove one of them"),
        ({"P-R3": "Why.", "liquor-hours": "Why."}, "leaves_out.liquor-hours is given for P-R3, which has a reason already"),
        ({"P-R3": ""}, "leaves_out.P-R3 is ''; it must be one line of text"),
        ({"P-R3": "a" * 201}, "it must have at most 200 characters"),
        ({"P-R3": 3}, "leaves_out.P-R3 is 3; it must be text"),
        (["P-R3"], "leaves_out is a list of 1; it must be a mapping of keys to values"),
    ],
)
def test_what_is_left_out_is_a_known_measure_that_is_not_used_with_a_reason(tmp_path, leaves_out, says):
    tree = policy_with({"measure": "P-S1"}) | {"leaves_out": leaves_out}
    assert says in refusal(load_policy, tree, tmp_path)


def test_a_partner_is_a_sound_agency_unless_it_is_said_otherwise():
    partner = Policy.model_validate(policy_with({"measure": "P-S1"})).measures[0].partner
    assert partner.kind == "agency"
    assert {getattr(partner, name) for name in type(partner).model_fields if name != "kind"} == {1.0}


@pytest.mark.parametrize(
    ("use", "says"),
    [
        ({"measure": "P-X9"}, "measures[0].measure is 'P-X9', which is no measure; "),
        ({"measure": "P-R33"}, "did you mean P-R3"),
        ({"measure": "P-R3", "levle": 1}, "measures[0].levle is not a known key; did you mean level?"),
        (
            {"measure": "P-R3", "level": 60},
            "measures[0].level is 60; it is a share between 0 and 1 (did you mean 0.6?)",
        ),
        ({"measure": "P-R3", "level": True}, "measures[0].level is true; it must be a number"),
        ({"measure": "P-R3", "start": -1}, "measures[0].start is -1; it cannot be negative"),
        (
            {"measure": "P-R3", "start": 1.5},
            "measures[0].start is 1.5; it must be a whole number: round it to 1 or 2",
        ),
        ({"measure": "P-R3", "ramp": -3}, "measures[0].ramp is -3; it cannot be negative"),
        (
            {"measure": "P-R3", "start": 13, "stop": 12},
            "measures[0].stop is 12, the last month; it must not lie before start",
        ),
        ({"measure": "P-R3", "where": "all"}, "measures[0].where is 'all'; it must be a mapping"),
        ({"measure": "P-R3", "where": {}}, "measures[0].where is empty; give exactly one of all: true, worst,"),
        (
            {"measure": "P-R3", "where": {"all": True, "worst": 1}},
            "measures[0].where is all and worst; give exactly one",
        ),
        (
            {"measure": "P-R3", "where": {"worst": 3}},
            "measures[0].where.by is missing; with worst name one of homicide_rate",
        ),
        (
            {"measure": "P-R3", "where": {"worst_share": 20, "by": "deprivation"}},
            "it is a share between 0 and 1 (did you mean 0.2?)",
        ),
        (
            {"measure": "P-R3", "where": {"worst": 3, "by": "fear"}},
            "measures[0].where.by is 'fear'; it must be homicide_rate",
        ),
        ({"measure": "P-R3", "where": {"all": True, "by": "deprivation"}}, "but nothing is ranked"),
        (
            {"measure": "P-R3", "where": {"places": []}},
            "measures[0].where.places is a list of 0; it must hold at least 1",
        ),
        ({"measure": "P-R3", "where": {"places": ["A", "A"]}}, "measures[0].where.places[1] is 'A' a second time"),
        ({"measure": "P-R3", "trigger": {"outcome": "homicide_rat", "above": 1.0}}, "did you mean homicide_rate"),
        ({"measure": "P-R3", "trigger": {"outcome": "fear", "above": math.nan}}, "must be a finite number"),
        (
            {"measure": "P-R3", "conditions": {"nothing_known": 1}},
            "measures[0].conditions.nothing_known is no condition of P-R3",
        ),
        ({"measure": "P-R3", "conditions": {"nothing_known": 2}}, "it is a share between 0 and 1"),
        ({"measure": "P-R8", "conditions": {"outside_oversigt": 1}}, "did you mean outside_oversight?"),
        ({"measure": "P-R3", "partner": {"kind": "local"}}, "measures[0].partner is given, but no partner delivers P-R3"),
        (
            {"measure": "P-S3", "place_months": 2},
            "measures[0].place_months is given, but P-S3 offers no places; remove this",
        ),
        ({"measure": "P-S1", "partner": {"kind": "gang"}}, "partner.kind is 'gang'; it must be agency, local or own agency"),
        ({"measure": "P-S1", "partner": {"honest": 1.0}}, "measures[0].partner.honest is not a known key"),
        ({"measure": "P-S1", "partner": {"clean": 40}}, "measures[0].partner.clean is 40; it is a share between 0 and 1"),
        ({}, "measures[0].measure is missing"),
        (None, "measures[0] is empty; it must be a mapping"),
    ],
)
def test_a_bad_measure_is_refused_with_field_value_and_remedy(tmp_path, use, says):
    assert says in refusal(load_policy, policy_with(use), tmp_path)


def test_the_same_measure_twice_in_the_same_place_is_refused(tmp_path):
    says = "line 6, 'P-R3': measures[1] is P-R3 with the place and start of measures[0]; remove one of them"
    assert refusal(load_policy, policy_with({"measure": "P-R3"}, {"measure": "P-R3", "level": 0.5}), tmp_path) == says


def test_a_measure_is_known_by_row_or_name():
    for measure in MEASURES:
        uses = [Policy.model_validate(policy_with({"measure": text})).measures for text in (measure.row, measure.name)]
        assert [use.measure for each in uses for use in each] == [measure.row, measure.row]
        met = dict.fromkeys(measure.conditions, 0.5)
        assert Policy.model_validate(policy_with({"measure": measure.row, "conditions": met})).measures[0].conditions == met


def test_a_target_is_everywhere_by_default():
    use = Policy.model_validate(policy_with({"measure": "P-R3"})).measures[0]
    assert use.where == Target(all=True)
    assert use.level == 1.0
    assert use.stop is None
