"""A city whose gangs keep their leaders, with arms, cohesion and money as they usually are."""

import numpy as np
import pytest

from sim.processes.policy_delivery import look_around


@pytest.fixture
def still(at_rest, params):
    """A city at rest whose gangs keep their leaders, with arms, cohesion and money as they usually are."""
    params.gangs[0].leader_loss_chance = 0.0
    gang = at_rest.gang
    look_around(at_rest)
    gang["weapons"] = 0.5
    gang["cohesion"] = gang["cohesion_anchor"]
    gang["leader"] = 1
    gang["money_reference"] = gang["money"]
    everyone = np.maximum(gang["members"] + gang["inmates"], 1e-9)
    gang["prison_reference"] = gang["inmates"] / everyone
    for field in ("succession", "pact", "pact_anchor", "grievance"):
        gang[field] = 0.0
    at_rest.memory[:] = 0.0
    at_rest.rivalry[:] = at_rest.rivalry_anchor
    return at_rest
