"""The box that was planted is found and holds on draws that the search has not seen; in noise there is none."""

import numpy as np
import pytest
from planted import drawn

from experiments.tradeoffs.discovery import FEWEST, discover, discovery_sentence

pytest.importorskip("ema_workbench")


@pytest.fixture(scope="module")
def planted():
    """A policy that fails in 9 of 10 draws where p3 > 6 and p7 < 5, and in one of 20 elsewhere."""
    draws = drawn(12, 400)
    random = np.random.default_rng(6)
    inside = (draws.units[:, 3] > 0.6) & (draws.units[:, 7] < 0.5)
    fails = np.where(inside, random.random(400) < 0.9, random.random(400) < 0.05)
    return draws, fails, discover(draws.factors, draws.units, fails)


def test_the_planted_box_is_found_in_the_units_of_its_parameters(planted):
    _, fails, found = planted
    limits = {limit.parameter: limit for limit in found.limits}
    assert set(limits) == {"made.p3", "made.p7"}
    assert limits["made.p3"].low == pytest.approx(6, abs=0.6)
    assert limits["made.p7"].high == pytest.approx(5, abs=0.6)
    assert limits["made.p3"].high == np.inf
    assert all(limit.quasi_p < 0.05 for limit in found.limits)
    assert found.density > 0.75
    assert found.coverage > 0.6
    assert found.p < 1e-6
    assert (found.draws, found.failures) == (400, int(fails.sum()))


def test_the_tree_finds_the_same_corner(planted):
    leaf = planted[2].leaves.iloc[0]
    assert leaf["density"] > 0.75
    assert "made.p3 is above" in leaf["limits"]
    assert "made.p7 is below" in leaf["limits"]


def test_the_sentence_is_plain(planted):
    said = discovery_sentence(planted[2], "Patrol", "would lower homicide by less than 1")
    assert said.startswith("Patrol would lower homicide by less than 1 in ")
    assert "Mostly where made.p3 is above" in said
    assert "p below .001" in said


def test_the_same_draws_give_the_same_box(planted):
    draws, fails, found = planted
    again = discover(draws.factors, draws.units, fails)
    assert again.limits == found.limits


def test_in_noise_there_is_no_box():
    draws = drawn(12, 200, seed=9)
    found = discover(draws.factors, draws.units, np.random.default_rng(9).random(200) < 0.3)
    assert found.limits == ()
    assert "no box is better than chance" in discovery_sentence(found, "Patrol", "would fail")


@pytest.mark.parametrize("failures", [0, FEWEST - 1, 200 - FEWEST + 1, 200])
def test_with_too_few_failures_or_successes_nothing_is_looked_for(failures):
    draws = drawn(3, 200)
    found = discover(draws.factors, draws.units, np.arange(200) < failures)
    assert found.limits == ()
    assert "too few to describe" in found.why


def test_without_drawn_parameters_there_is_nothing_to_look_in():
    assert discover((), np.zeros((100, 0)), np.arange(100) < 40).why == "no parameter was drawn"


def test_the_packages_leave_warnings_and_the_global_luck_alone(planted):
    draws, fails, _ = planted
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    discover(draws.factors, draws.units, fails)
    assert (np.random.get_state()[1] == before).all()  # noqa: NPY002
