"""A model may go on under another policy, or be given pillars for one, and lives what the plan written out says."""

import copy

import mesa
import numpy as np
import pytest
from lively import all_shocks, lively_city
from stepped import last_rate, model_of, same_bytes

from sim.errors import InputError
from sim.model import CitySafetyModel
from sim.scenario import MeasureUse, Policy, load_city, load_policy, pillar_policy


@pytest.fixture(scope="module")
def sandbox():
    return load_city("sandbox")


# Another policy half-way


def uses(*measures):
    return Policy(name="plan", title="A plan", about="", measures=tuple(MeasureUse(**each) for each in measures))


PATROL = {"measure": "P-E1", "where": {"worst": 2, "by": "homicide_rate"}}
RULED = {
    "measure": "P-E1",
    "level": 1.0,
    "rules": [
        {"when": "homicide_rate > 14 for 2 months", "level": 1.0},
        {"when": "homicide_rate < 14", "level": 0.3},
    ],
}
BY_MONTH = {"measure": "P-R3", "level": {0: 1.0, 6: 0.3, 15: 0.8}}
PLANS = [
    ("baseline", "all_four"),
    ("all_four", "baseline"),
    ("enforcement", "resilience"),
    ("all_four", "all_four"),
    (uses(PATROL, {"measure": "P-S3", "start": 4, "stop": 7}), uses(PATROL, {"measure": "P-S3", "start": 9})),
    (uses(RULED, RULED | {"start": 3}), uses(RULED | {"start": 3}, RULED | {"start": 5, "read": "quarterly"})),
    (uses(BY_MONTH), uses(BY_MONTH, BY_MONTH | {"start": 4})),
    (uses(PATROL | {"level": 0.4}, {"measure": "P-G1", "start": 30}), uses(PATROL, {"measure": "P-R3", "stop": 5})),
]


@pytest.mark.parametrize(("before", "after"), PLANS)
@pytest.mark.parametrize("lived", [0, 9])
def test_a_copy_under_another_policy_is_a_run_of_the_plan_written_out(before, after, lived):
    city = lively_city()
    options = {"rng": 3, "months": 24, "scale": 0.02, "shocks": all_shocks()}
    model = CitySafetyModel(city, before, **options)
    for _ in range(lived):
        model.step()
    twin = copy.deepcopy(model)
    twin.continue_under(after)
    twin.run_for(24 - lived)
    whole = CitySafetyModel(city, twin.policy, **options)
    whole.run_for(24)
    assert same_bytes(twin.city_monthly, whole.city_monthly)
    assert same_bytes(twin.place_yearly, whole.place_yearly)
    assert twin.events == whole.events
    model.run_for(24 - lived)
    untouched = CitySafetyModel(city, before, **options)
    untouched.run_for(24)
    assert same_bytes(model.city_monthly, untouched.city_monthly)


def test_the_plan_written_out_says_what_was_and_what_follows(sandbox):
    model = model_of(sandbox, uses(PATROL, {"measure": "P-S3", "start": 3, "stop": 20}, {"measure": "P-S4", "start": 13}))
    model.run_for(9)
    model.continue_under(uses(PATROL, {"measure": "P-R3"}, {"measure": "P-E2", "stop": 8}, {"measure": "P-G1", "start": 15}))
    plan = [(each.measure, each.start, each.stop) for each in model.policy.measures]
    assert plan == [("P-E1", 1, None), ("P-S3", 3, 9), ("P-R3", 10, None), ("P-G1", 15, None)]


def test_a_policy_that_does_not_fit_is_refused_and_changes_nothing(sandbox):
    model = model_of(sandbox, "truce")
    with pytest.raises(InputError, match="Nowhere"):
        model.continue_under(uses({"measure": "P-E1", "where": {"places": ["Nowhere"]}}))
    assert model.policy == load_policy("truce")


@pytest.mark.parametrize("lived", [0, 9])
def test_a_policy_assigned_acts_from_the_next_month_as_one_continued_under(sandbox, lived):
    one, other = model_of(sandbox, "regulation"), model_of(sandbox, "regulation")
    untouched = model_of(sandbox, "regulation")
    for model in (one, other, untouched):
        for _ in range(lived):
            model.step()
    one.policy = "engagement"
    other.continue_under("engagement")
    assert same_bytes(one.city_monthly, untouched.city_monthly)
    for model in (one, other, untouched):
        model.run_for(24 - lived)
    assert one.policy == other.policy
    assert same_bytes(one.city_monthly, other.city_monthly)
    assert same_bytes(one.place_yearly, other.place_yearly)
    changed = np.flatnonzero((one.city_monthly != untouched.city_monthly).any(1))
    assert changed[0] == lived


def test_the_plan_is_read_and_a_policy_of_pillars_may_be_assigned(sandbox):
    model = model_of(sandbox, "regulation")
    model.run_for(6)
    model.policy = pillar_policy("regulation,resilience=.5")
    plan = [(each.measure, each.level, each.start, each.stop) for each in model.policy.measures]
    kept = [("P-R3", 1.0, 1, None), ("P-R7", 1.0, 1, None), ("P-R8", 1.0, 1, None)]
    assert plan == [*kept, ("P-S1", 0.5, 7, None), ("P-S3", 0.5, 7, None), ("P-S4", 0.5, 7, None)]


WAITING = {"measure": "P-R7", "trigger": {"outcome": "homicide_rate", "above": 9999.0}}


@pytest.mark.parametrize("again", [lambda model, after: after, lambda model, after: model.policy])
def test_the_same_policy_again_changes_nothing(sandbox, again):
    after = uses(PATROL, WAITING, BY_MONTH | {"start": 2}, {"measure": "P-S3", "start": 14})
    one, other = model_of(sandbox, "enforcement"), model_of(sandbox, "enforcement")
    for model in (one, other):
        model.run_for(5)
        model.policy = after
        model.run_for(5)
    plan, state = one.policy, one.state
    one.policy = again(one, after)
    assert one.policy is plan
    assert one.state is state
    for model in (one, other):
        model.run_for(14)
    assert same_bytes(one.city_monthly, other.city_monthly)


def test_the_first_policy_may_come_back(sandbox):
    model = model_of(sandbox, "regulation")
    model.run_for(3)
    model.policy = "baseline"
    model.run_for(3)
    model.policy = "regulation"
    assert [(each.start, each.stop) for each in model.policy.measures] == [(1, 3)] * 3 + [(7, None)] * 3


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        ("engagment", "did you mean engagement"),
        (None, "policy is empty; give a name"),
        ("regulation=.5", "policy"),
        (uses({"measure": "P-E1", "where": {"places": ["Nowhere"]}}), "Nowhere"),
    ],
)
def test_what_cannot_be_assigned_is_refused_and_changes_nothing(sandbox, policy, says):
    model = model_of(sandbox, "truce")
    with pytest.raises(InputError, match=says):
        model.policy = policy
    assert model.policy == load_policy("truce")


# Pillars in place of a policy


@pytest.mark.parametrize("pillars", ["regulation=.5,engagement", {"regulation": 0.5, "engagement": 1.0}])
def test_pillars_are_a_policy_made_of_them(sandbox, pillars):
    model, whole = model_of(sandbox, pillars=pillars), model_of(sandbox, pillar_policy("regulation=0.5,engagement"))
    assert model.policy == whole.policy
    for each in (model, whole):
        each.run_for(12)
    assert same_bytes(model.city_monthly, whole.city_monthly)


def test_no_pillars_are_no_policy(sandbox):
    assert model_of(sandbox, pillars=None, months=1).policy == load_policy("baseline")


def test_mesas_batches_take_lists_of_pillars():
    given = ["regulation", {"regulation": 0.5, "engagement": 1.0}, "all=.5"]
    arms = {"city": "sandbox", "pillars": given, "months": 3, "scale": 0.01}
    rows = mesa.batch_run(CitySafetyModel, arms, rng=[2], display_progress=False)
    assert [row["pillars"] for row in rows] == given
    assert [row["homicide_rate"] for row in rows] == [last_rate.__wrapped__(pillar_policy(each), 2) for each in given]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"pillars": "regulatoin"}, "CitySafetyModel: pillars 'regulatoin': 'regulatoin' is no pillar; did you mean"),
        ({"pillars": {"regulation": 2}}, "CitySafetyModel: pillars: the level of regulation is 2; give a number above 0"),
        ({"pillars": ""}, "CitySafetyModel: pillars is empty"),
        ({"pillars": 1}, "CitySafetyModel: pillars is 1; give a text"),
        ({"pillars": "all", "policy": "truce"}, "policy is 'truce' and pillars is 'all'; give one of them"),
    ],
)
def test_pillars_that_cannot_be_used_are_told_in_one_line(options, says):
    with pytest.raises(InputError) as refused:
        CitySafetyModel("sandbox", **options)
    assert says in str(refused.value)
