"""Killings by police: what the city file says, or a rule."""

import pytest

from sim.build import city_parameters
from sim.parameters import make_parameters
from sim.police_levels import police_killings


def test_police_kill_as_many_as_the_file_says_else_a_share_of_homicides_that_rises_with_abuse(sandbox):
    levels = sandbox.levels.model_copy(update={"homicide_rate": 40.0, "abuse": 0.5})
    ruled = sandbox.model_copy(update={"levels": levels})
    told = sandbox.model_copy(update={"levels": levels.model_copy(update={"police_killings": 12.0})})
    assert police_killings(ruled, make_parameters()) == pytest.approx(0.1 * 0.5 * 40.0)
    assert police_killings(told, make_parameters()) == 12.0
    assert city_parameters(told).homicide[0].police_killing_rate == pytest.approx(12.0 / 1.2e6)
    halved = city_parameters(ruled, {"initialise.police_share_of_killings": 0.05})
    assert halved.homicide[0].police_killing_rate == pytest.approx(1.0 / 1.2e6)
    asked = city_parameters(told, {"homicide.police_killing_rate": 1e-6})
    assert asked.homicide[0].police_killing_rate == 1e-6
