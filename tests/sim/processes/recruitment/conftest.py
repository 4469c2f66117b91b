"""Cities that tests of recruitment share: an ideological group holds ground in one, all who may join do in the other."""

import pytest

from sim.processes.policy_delivery import look_around
from sim.state import FREE


@pytest.fixture
def faithful(at_rest):
    """A quarter of the control of Ixley is an ideological group's."""
    at_rest.gang["ideological"] = 0
    at_rest.gang[1].ideological = 1
    at_rest.gang["demand"] = 0.0
    at_rest.control[8] = at_rest.control[:, 1] = 0.0
    at_rest.control[8, :2] = 0.3, 0.1
    at_rest.neighbourhood[8].controlled = 0.4
    return at_rest


@pytest.fixture
def forced(at_rest, params, find):
    """A city in which everyone outside gangs is free, was never in one, and joins at the cap, which is one."""
    param = params.recruitment[0]
    param.joining_limit = 1.0
    param.joining_intercept = 30.0
    at_rest.youth.status[find(at_rest, gang=None)] = FREE
    at_rest.youth.recruited_as_child[:] = 0
    look_around(at_rest)
    at_rest.neighbourhood["controlled"] = at_rest.control.sum(axis=1)
    return at_rest
