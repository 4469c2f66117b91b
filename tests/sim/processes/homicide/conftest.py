"""A city in which nothing but what a test changes moves killings."""

import numpy as np
import pytest

from sim.processes.homicide import update as update_homicide
from sim.processes.homicide.rivalry import calm_of, rivalry_hazard
from sim.processes.policy_delivery import look_around
from sim.state import copy_city


@pytest.fixture
def quiet(at_rest):
    """A city at rest without memory, grievance, lost leaders or answers in the street."""
    look_around(at_rest)
    at_rest.memory[:] = 0.0
    at_rest.neighbourhood["street"] = 0.0
    at_rest.neighbourhood["disputes_lost"] = 0.0
    for field in ("answers_to_police", "answers_by_police"):
        at_rest.neighbourhood[field] = at_rest.neighbourhood[f"{field}_on_average"] = 0.0
    at_rest.trained[:] = 0.0
    # As many are free as ever.
    at_rest.neighbourhood["at_large_reference"] = 0.0
    for field in ("succession", "pact", "grievance"):
        at_rest.gang[field] = 0.0
    at_rest.gang["weapons"] = 0.5
    at_rest.gang["money_reference"] = at_rest.gang["money"]
    at_rest.rivalry[:] = at_rest.rivalry_anchor
    at_rest.youth.training_effect[:] = 0.0
    at_rest.gang["alive"][4:] = 0
    at_rest.presence[:] = 0.0
    at_rest.presence[8, :3] = 40.0, 25.0, 10.0
    return at_rest


@pytest.fixture
def hazard(params):
    def of(city, victim=0, i=8):
        parts = np.zeros(city.gang.size)
        return rivalry_hazard(city, params, i, victim, calm_of(city, params, i), parts), parts

    return of


@pytest.fixture
def struck(quiet, params, seed):
    """Strike a copy of the quiet city, after a change, and return it."""

    def after(change=lambda city: None, t=0):
        city = copy_city(quiet)
        change(city)
        update_homicide(city, params, seed, t)
        return city

    return after


@pytest.fixture
def bloody(params):
    """Rates so high that a month of the small city sees scores of deaths of every kind."""
    param = params.homicide[0]
    param.dispute_killing_rate = 1e-2
    param.police_killing_rate = 4e-3
    param.rivalry_attack_rate = 2.0
    param.member_hazard_limit = 0.5
    # All gangs answer alike.
    param.cohesion_on_retaliation = param.weapons_on_retaliation = param.grievance_on_retaliation = 0.0
    return param
