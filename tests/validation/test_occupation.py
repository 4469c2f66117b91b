"""An occupation takes control from the groups that hold a place, while it lasts."""

import numpy as np
import pytest

from sim.outcomes import outcome_index
from sim.run import run_arms
from sim.scenario import Target, load_city, load_policy
from tests.validation.futures import mean_interval, over_seeds, policy_of

pytestmark = pytest.mark.validate

RIO = load_city("rio_de_janeiro")
OCCUPIED = 7
MONTHS = 60
STOP = 48
SCALE = 0.003


def control_left(seed: int) -> float:
    """Control in the seven places most controlled in the first year, occupied against not, in years three and four."""
    column = outcome_index("gang_control")
    ordinary = run_arms(RIO, [load_policy("baseline")], seed=seed, months=MONTHS, scale=SCALE)[0].place_yearly[:, :, column]
    most = np.argsort(-ordinary[0], kind="stable")[:OCCUPIED]
    where = Target(places=tuple(RIO.neighbourhoods[i].name for i in most))
    occupied = policy_of("occupied", {"measure": "P-E7", "where": where, "start": 1, "stop": STOP})
    held = run_arms(RIO, [occupied], seed=seed, months=MONTHS, scale=SCALE)[0].place_yearly[:, :, column]
    return float(held[2:4, most].sum() / ordinary[2:4, most].sum())


def test_occupation_halves_the_control_of_rios_seven_most_controlled_places():
    left = over_seeds(control_left, 40)
    print("control left under occupation:", mean_interval(left))
    assert mean_interval(left).high < 0.5
