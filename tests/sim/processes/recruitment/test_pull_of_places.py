"""How much a place pulls youths into gangs: deprivation, gangs and what they need, trust, jobs, violence, ideas."""

import math

import numpy as np
import pytest

from sim.processes.recruitment import place_pull


def test_at_rest_a_place_pulls_by_deprivation_control_and_demand_alone(at_rest, params):
    param = params.recruitment[0]
    at_rest.gang["demand"] = 0.3
    for i in range(9):
        neighbourhood = at_rest.neighbourhood[i]
        neighbourhood.controlled = at_rest.control[i].sum()
        expected = (
            param.joining_intercept
            + param.deprivation_on_joining * (neighbourhood.deprivation - 0.5)
            + math.log(neighbourhood.controlled / (neighbourhood.controlled + param.presence_half_pull) + 0.02)
            + (0.3 * param.demand_on_joining if neighbourhood.controlled > 0 else 0.0)
            - param.efficacy_on_joining * (neighbourhood.efficacy_anchor - neighbourhood.efficacy_ordinary)
            + param.unsettled_newcomers_on_joining * (neighbourhood.displaced - at_rest.city_state[0].displaced_ordinary)
        )
        assert place_pull(at_rest, params, i) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("part", "field", "shift", "weight", "sign"),
    [
        ("neighbourhood", "criminal_legitimacy", 0.1, "criminal_legitimacy_on_joining", 1),
        ("neighbourhood", "collective_efficacy", 0.1, "efficacy_on_joining", -1),
        ("neighbourhood", "police_legitimacy", 0.1, "police_legitimacy_on_joining", -1),
        ("police", "abuse", 0.1, "abuse_on_joining", 1),
    ],
)
def test_each_social_force_pulls_by_its_weight(at_rest, params, part, field, shift, weight, sign):
    before = place_pull(at_rest, params, 8)
    getattr(at_rest, part)[field] += shift
    assert place_pull(at_rest, params, 8) - before == pytest.approx(sign * shift * params.recruitment[0][weight])


def test_the_more_members_are_seen_to_be_arrested_the_fewer_join(at_rest, params):
    """Twice the risk of arrest costs a part of joining, thirty times costs more, and none adds at most a little."""
    param, neighbourhood = params.recruitment[0], at_rest.neighbourhood[8]
    neighbourhood.arrest_risk_reference = 0.01
    pulls = []
    for risk in (0.0, 0.01, 0.02, 0.3):
        neighbourhood.arrest_risk = risk
        pulls.append(place_pull(at_rest, params, 8))
    assert pulls[0] - pulls[1] == pytest.approx(param.arrest_risk_on_joining * math.log(2.0))
    assert pulls[1] - pulls[2] == pytest.approx(param.arrest_risk_on_joining * math.log(1.5))
    assert pulls[1] - pulls[3] == pytest.approx(param.arrest_risk_on_joining * math.log(15.5))


def test_fewer_jobs_and_more_violence_pull(at_rest, params):
    param = params.recruitment[0]
    before = place_pull(at_rest, params, 8)
    at_rest.neighbourhood[8].jobs = 0.8
    assert place_pull(at_rest, params, 8) - before == pytest.approx(-param.jobs_on_joining * math.log(0.8))
    at_rest.neighbourhood[8].jobs = 1.0
    at_rest.neighbourhood[8].violence = 3.0 * at_rest.neighbourhood[8].violence_reference
    assert place_pull(at_rest, params, 8) - before == pytest.approx(param.violence_on_joining * math.log(2.0))


def test_trauma_and_group_lines_pull(at_rest, params):
    """E03, E33."""
    param = params.recruitment[0]
    before = place_pull(at_rest, params, 8)
    at_rest.neighbourhood[8].trauma = 0.4
    at_rest.neighbourhood[8].divided = 0.3
    moved = place_pull(at_rest, params, 8) - before
    assert moved == pytest.approx(0.4 * param.trauma_on_joining + 0.3 * param.division_on_joining)


def test_ideas_and_grievance_pull_where_an_ideological_group_holds_ground(faithful, params):
    """E13: by its part of the control; lost trust in the state counts twice, trust that was gained does not."""
    param, neighbourhood, city_state = params.recruitment[0], faithful.neighbourhood[8], faithful.city_state[0]
    before = place_pull(faithful, params, 8)
    elsewhere = place_pull(faithful, params, 7)
    faithful.levers["flow_ideas"] = math.log(2.0)
    assert place_pull(faithful, params, 8) - before == pytest.approx(0.25 * param.ideas_on_joining * math.log(2.0))
    assert place_pull(faithful, params, 7) == elsewhere
    faithful.levers["flow_ideas"] = 0.0
    city_state.grievance = city_state.grievance_anchor + 0.1
    neighbourhood.state_legitimacy = neighbourhood.state_anchor - 0.05
    assert place_pull(faithful, params, 8) - before == pytest.approx(0.25 * param.ideas_on_joining * 2 * 0.15)
    city_state.grievance = city_state.grievance_anchor
    neighbourhood.state_legitimacy = neighbourhood.state_anchor + 0.3
    assert place_pull(faithful, params, 8) == pytest.approx(before)


def test_the_pull_of_gangs_saturates_in_their_presence(at_rest, params):
    pulls = []
    for held in (0.0, 0.1, 0.2, 0.4, 0.8):
        at_rest.control[8] = 0.0
        at_rest.control[8, 0] = at_rest.neighbourhood[8].controlled = held
        pulls.append(math.exp(place_pull(at_rest, params, 8)))
    steps = np.diff(pulls)
    assert (steps > 0).all()
    assert steps[1] > steps[2] / 2 > steps[3] / 4
