"""A city under measures and shocks, and the levers that they pull in a month."""

import numpy as np
import pytest

from sim.levers import enforce
from sim.processes.policy_delivery import set_levers
from sim.scenario import Policy


@pytest.fixture(autouse=True)
def whole(params):
    """Wear in force and what community groups deliver are tested apart (`test_wear`, `test_community_groups`)."""
    params.policy_delivery[0].threat_wear_share = params.policy_delivery[0].practice_wear_share = 0.0
    params.community_groups[0].delivery_by_groups = 0.0


@pytest.fixture
def lossless(params):
    """Parameters with which what is asked for arrives: what is lost on the way, or added, is tested apart."""
    for part in ("leakage_share", "redistribution_erosion", "cooperation_on_funding"):
        params.policy_delivery[0][part] = 0.0
    return params


@pytest.fixture
def with_policy(city, sandbox, params):
    def forced(*uses, shocks=(), schema=sandbox):
        return enforce(city, schema, Policy(name="trial", title="Trial", about="A trial.", measures=uses), shocks, params)

    return forced


@pytest.fixture
def enforced(with_policy, lossless):
    """A city under measures of which nothing is lost on the way."""
    return with_policy


@pytest.fixture
def pull(params, seed):
    """Set the levers of a month, and return one of them in one place."""

    def of(city, t, lever="hot_spot_patrol", i=0):
        set_levers(city, params, seed, t)
        return float(city.levers[i][lever])

    return of


@pytest.fixture
def doses(pull):
    return lambda city, lever, months, i=0: np.array([pull(city, t, lever, i) for t in months])


@pytest.fixture
def sure(lossless):
    """An election that ends whatever it may."""
    lossless.policy_delivery[0].election_cancellation_chance = 1.0
    return lossless
