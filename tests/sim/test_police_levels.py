"""Killings by police and raids: what the city file says, or a rule."""

import pytest

from sim.build import city_parameters
from sim.parameters import make_parameters
from sim.police_levels import officers_per_100000, ordinary_raids, police_killings


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


def test_raids_are_what_the_file_says_else_they_rise_with_killings_by_police_up_to_all_policing(sandbox):
    def city(**levels):
        return sandbox.model_copy(update={"levels": sandbox.levels.model_copy(update={"homicide_rate": 40.0, **levels})})

    assert ordinary_raids(city(police_killings=2.0), make_parameters()) == pytest.approx(5.0 * 2.0 / 40.0)
    assert ordinary_raids(city(police_killings=20.0), make_parameters()) == 1.0
    assert ordinary_raids(city(police_killings=20.0, raids=0.0), make_parameters()) == 0.0


def test_officers_are_as_many_as_the_file_says_else_as_in_the_middle_country(sandbox):
    def city(officers):
        return sandbox.model_copy(update={"police": sandbox.police.model_copy(update={"officers": officers})})

    assert officers_per_100000(city(165.0), make_parameters()) == 165.0
    assert officers_per_100000(city(0.0), make_parameters()) == 0.0
    assert officers_per_100000(city(None), make_parameters()) == 300.0
    assert officers_per_100000(city(None), make_parameters({"initialise.officers_per_100000": 120.0})) == 120.0
