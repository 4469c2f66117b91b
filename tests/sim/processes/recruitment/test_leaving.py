"""How likely a member is to walk away in a month, and how exits are written down."""

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.processes.policy_delivery import look_around
from sim.processes.recruitment import _most_leaving, leave_probability
from sim.processes.recruitment import update as update_recruitment
from sim.state import FORMAL, FREE, INFORMAL, NEITHER, NO_GANG, SCHOOL

MEMBER = {
    "cohesion": 0.3,
    "comrades": 0.0,
    "age": 18.0,
    "activity": INFORMAL,
    "record": 0,
    "female": 0,
    "training": 0.0,
    "helped": 0.0,
    "transformed": 0.0,
}


@pytest.fixture
def leaving(params):
    return lambda **other: leave_probability(params.recruitment[0], **(MEMBER | other))


def test_leaving_a_loose_gang_by_hand(leaving, params):
    param = params.recruitment[0]
    assert leaving() == pytest.approx(1 - math.exp(-param.exit_rate_loose))
    hazard = param.exit_rate_loose * math.exp(
        0.5 * param.work_on_exit
        + 4.0 * param.age_on_exit
        - param.prison_record_on_exit
        - param.female_on_exit
        + param.comrade_deaths_on_exit * min(1.0, param.comrade_deaths_scale * 0.004)
        + 0.5 * param.training_on_exit
    )
    youth = {"age": 22.0, "activity": FORMAL, "record": 1, "female": 1, "comrades": 0.004, "training": 0.5}
    assert leaving(**youth) == pytest.approx(1 - math.exp(-hazard))


def test_a_knit_gang_is_left_as_seldom_as_declared(leaving, params):
    assert leaving(cohesion=0.8) == pytest.approx(1 - math.exp(-params.recruitment[0].exit_rate_cohesive))
    assert leaving(cohesion=1.0) < leaving(cohesion=0.8) < leaving(cohesion=0.5) < leaving(cohesion=0.2)


@pytest.mark.parametrize(
    ("change", "easier"),
    [
        ({"activity": FORMAL}, True),
        ({"activity": NEITHER}, False),
        ({"age": 25.0}, True),
        ({"record": 1}, False),
        ({"female": 1}, False),
        ({"comrades": 0.01}, True),
        ({"training": 1.0}, True),
    ],
    ids=str,
)
def test_what_helps_out_and_what_keeps_in(leaving, change, easier):
    assert (leaving(**change) > leaving()) == easier


def test_leaving_is_bounded_where_everything_helps(leaving, params):
    most = params.recruitment[0].exit_rate_limit
    out = leaving(cohesion=0.0, comrades=9.0, age=30.0, activity=FORMAL, training=1.0)
    assert out <= 1 - math.exp(-most) < most


def test_training_helps_out_of_knit_gangs_least_and_work_with_the_whole_group_most(leaving, params):
    param = params.recruitment[0]

    def helped(cohesion, **change):
        return math.log(math.log1p(-leaving(cohesion=cohesion, **change)) / math.log1p(-leaving(cohesion=cohesion)))

    assert helped(0.3, training=1.0) == pytest.approx(param.training_on_exit)
    assert helped(0.8, training=1.0) == pytest.approx(
        param.training_on_exit * (1 - param.training_effect_blocked_by_cohesion)
    )
    assert helped(0.3, transformed=0.4) == pytest.approx(0.3 * 0.4)
    assert helped(0.55, transformed=0.4) == pytest.approx(0.65 * 0.4)
    assert helped(0.8, transformed=0.4) == pytest.approx(0.4)


@pytest.mark.parametrize("cohesion", [0.2, 0.5, 0.9])
def test_a_way_back_helps_out_and_shame_keeps_in_alike_in_every_gang(leaving, cohesion):
    for helped in (0.25, -0.15):
        ratio = math.log1p(-leaving(cohesion=cohesion, helped=helped)) / math.log1p(-leaving(cohesion=cohesion))
        assert ratio == pytest.approx(math.exp(helped))


@settings(max_examples=200, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(
    age=st.floats(10.0, 30.0),
    activity=st.sampled_from([SCHOOL, FORMAL, INFORMAL, NEITHER]),
    record=st.integers(0, 1),
    female=st.integers(0, 1),
    training=st.floats(0.0, 1.0),
    out=st.floats(-0.3, 0.6),
    locked=st.floats(0.0, 1.0),
    changed=st.floats(0.0, 1.0),
    cohesion=st.floats(0.02, 1.0),
)
def test_no_member_exceeds_the_bound_by_which_most_are_passed_over(
    at_rest, params, age, activity, record, female, training, out, locked, changed, cohesion
):
    param = params.recruitment[0]
    at_rest.gang["cohesion"] = cohesion
    at_rest.neighbourhood["training_touched"] = 1.0
    bound = _most_leaving(at_rest, param, 8, max(out, 0.0) + changed)
    assert at_rest.members[8].sum() > 0
    for k in np.flatnonzero(at_rest.members[8]):
        comrades = at_rest.gang[k].expected_dead / max(at_rest.gang[k].members, 1.0)
        helped = out - locked * female
        leaves = leave_probability(param, cohesion, comrades, age, activity, record, female, training, helped, changed)
        assert leaves <= bound * (1 + 1e-12)


def test_exits_of_women_and_girls_are_written_down(at_rest, params, seed, find):
    param = params.recruitment[0]
    param.exit_rate_loose = param.exit_rate_cohesive = 1e6
    members = find(at_rest, gang="any", status=FREE)
    at_rest.youth.female[members[::2]] = 1
    at_rest.youth.female[members[1::2]] = 0
    weights = at_rest.neighbourhood["weight"][at_rest.youth.home]
    look_around(at_rest)
    update_recruitment(at_rest, params, seed, 0)
    left = members[at_rest.youth.gang[members] == NO_GANG]
    assert left.size > 5
    assert at_rest.neighbourhood["exits"].sum() == pytest.approx(weights[left].sum())
    women = left[at_rest.youth.female[left] == 1]
    assert at_rest.neighbourhood["female_exits"].sum() == pytest.approx(weights[women].sum())
