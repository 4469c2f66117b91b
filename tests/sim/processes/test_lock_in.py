"""Early use draws into gangs and dependence holds in them, each against its mean in the ordinary city (E38)."""

import math

import pytest

from sim.processes.lock_in import (
    JOINS,
    LEAVES,
    early_pull,
    expect,
    forget_expected,
    held_by_use,
    ordinary,
    set_ordinary_use,
)
from sim.state import DEPENDENT, NO_USE, USE

ROW = 5


def test_early_use_pulls_and_only_dependence_holds(city, params):
    param = params.recruitment[0]
    youth = city.youth
    youth.used_early[ROW] = 0
    assert early_pull(city, param, ROW) == 0.0
    youth.used_early[ROW] = 1
    assert early_pull(city, param, ROW) == param.early_use_on_joining
    youth.female[ROW] = 0
    for uses, held in ((NO_USE, 0.0), (USE, 0.0), (DEPENDENT, param.dependence_on_exit)):
        youth.uses[ROW] = uses
        assert held_by_use(city, param, ROW, 0.0) == held
    youth.female[ROW] = 1
    both = param.dependence_on_exit + param.dependence_on_female_exit
    assert held_by_use(city, param, ROW, 0.0) == both
    assert held_by_use(city, param, ROW, 0.4) == pytest.approx(0.6 * both)


def test_the_ordinary_multiple_is_the_mean_over_joining_itself(city):
    state = city.city_state[0]
    state.anchoring, state.joining_reference, state.leaving_reference = 1.0, 1.0, 1.0
    forget_expected(city)
    expect(city, JOINS, 0.01, 0.0)
    expect(city, JOINS, 0.01 * math.exp(0.6), 0.6)
    expect(city, LEAVES, 0.02, 0.0)
    expect(city, LEAVES, 0.02 * math.exp(-0.4), -0.4)
    set_ordinary_use(city)
    assert state.joining_reference == pytest.approx((1.0 + math.exp(0.6)) / 2.0)
    assert state.leaving_reference == pytest.approx((1.0 + math.exp(-0.4)) / 2.0)
    before = state.joining_reference
    state.anchoring = 0.0
    forget_expected(city)
    expect(city, JOINS, 0.5, 0.6)
    set_ordinary_use(city)
    assert state.joining_reference == before


def test_without_a_mean_nothing_is_taken_off(city):
    assert ordinary(0.0) == 0.0
    assert ordinary(1.0) == 0.0
    assert ordinary(2.0) == pytest.approx(math.log(2.0))
    city.city_state["joining_reference"] = 0.0
    forget_expected(city)
    set_ordinary_use(city)
    assert city.city_state["joining_reference"][0] == 0.0
