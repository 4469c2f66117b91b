"""The month: the steps it lists are the steps it takes, and compiled it does what it does interpreted, to the bit.

Integer and real columns alike are compared as bytes: the compiler is not allowed to reorder sums, and both ways call
the same exponentials and powers of the machine's library.
"""

import ast
import importlib
import inspect
from pathlib import Path

import numba
import numpy as np
import pytest
from city_columns import differing

from sim import month as the_month
from sim.build import build, city_rates
from sim.compiled import entry
from sim.levers import enforce
from sim.month import STEPS, month, months
from sim.outcomes import OUTCOMES
from sim.scenario import Policy, Shock, load_policy, load_shock
from sim.state import copy_city

MONTHS = 6


def step(name):
    process, function = name.split(".")
    return getattr(importlib.import_module(f"sim.processes.{process}"), function)


def tables(number):
    return np.zeros((number, len(OUTCOMES)), np.float32), np.zeros((-(-number // 12), 9, len(OUTCOMES)), np.float32)


@pytest.fixture(scope="module")
def busy(settled, sandbox):
    """A city in which every measure acts and every kind of shock befalls, so that no line sleeps."""
    names = ("all_four", "mass_arrest", "truce")
    measures = tuple(use for name in names for use in load_policy(name).measures)
    everything = Policy(name="everything", title="Everything", about="All there is.", measures=measures)
    flood = Shock(name="flood", title="Flood", about="More drugs.", kind="flow", flow="drugs", size=3.0, start=0)
    return enforce(copy_city(settled[0]), sandbox, everything, [load_shock("pact"), flood])


@pytest.fixture(scope="module")
def befores(busy, settled, seed):
    """The city before each step of each of the first months, lived through interpreted."""
    city, kept = copy_city(busy), {name: [] for name, _ in STEPS}
    for t in range(MONTHS):
        for name, _ in STEPS:
            kept[name].append(copy_city(city))
            step(name)(city, settled[1], seed, t)
    return kept


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
@pytest.mark.parametrize("name", [name for name, _ in STEPS])
def test_a_step_compiled_is_the_step_interpreted_to_the_bit(name, befores, settled, seed):
    compiled = entry(step(name))
    moved = set()
    for t, before in enumerate(befores[name]):
        one, two = copy_city(before), copy_city(before)
        step(name)(one, settled[1], seed, t)
        compiled(two, settled[1], seed, t)
        assert differing(one, two) == {}, f"{name} in month {t}"
        moved |= differing(one, before).keys()
    assert moved, f"{name} does nothing"


def test_the_first_month_of_all_compiled_is_that_month_interpreted(sandbox, seed):
    rates = city_rates(sandbox)
    one, two = (build(sandbox, rates, 7, 0.02, -24) for _ in range(2))
    month(one, rates, seed, -24)
    months(two, rates, seed, -24, -23, *tables(0))
    assert differing(one, two) == {}


def test_a_whole_month_compiled_is_the_month_interpreted(busy, rates, seed):
    one, two = copy_city(busy), copy_city(busy)
    for t in range(6):
        month(one, rates, seed, t)
    months(two, rates, seed, 0, 6, *tables(6))
    assert differing(one, two) == {}


def test_months_in_pieces_are_the_months_at_once(busy, rates, seed):
    one, two = copy_city(busy), copy_city(busy)
    whole, pieces = tables(26), tables(26)
    months(one, rates, seed, 0, 26, *whole)
    for first, last in ((0, 1), (1, 12), (12, 13), (13, 26)):
        months(two, rates, seed, first, last, *pieces)
    assert differing(one, two) == {}
    assert whole[0].tobytes() == pieces[0].tobytes()
    assert whole[1].tobytes() == pieces[1].tobytes()


def test_the_burn_in_is_not_written_down(city, rates, seed):
    monthly, yearly = tables(12)
    months(city, rates, seed, -3, 0, monthly, yearly)
    assert not monthly.any()
    assert not yearly.any()


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_the_month_is_compiled_once_for_all_cities_and_policies(busy, city, rates, seed):
    months(busy, rates, seed, 0, 0, *tables(0))
    months(city, rates, seed, 0, 0, *tables(1))
    assert len(months.signatures) == 1


def test_the_steps_shown_are_the_steps_taken_in_order():
    body = ast.parse(inspect.getsource(month)).body[0].body
    taken = [ast.unparse(line.value.func) for line in body if isinstance(getattr(line, "value", None), ast.Call)]
    assert taken == [name for name, _ in STEPS]
    assert len(taken) == len(body) - 1, "a month is its steps and a docstring"


@pytest.mark.parametrize(("name", "says"), STEPS)
def test_every_step_is_a_file_of_its_own_and_says_what_happens(name, says):
    process = name.split(".")[0]
    assert (Path(the_month.__file__).parent / "processes" / f"{process}.py").is_file()
    assert says.endswith(".")
    assert len(says) <= 120
