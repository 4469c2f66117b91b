"""The month: the steps it lists are the steps it takes, and compiled it does what it does interpreted, to the bit.

Integer and real columns alike are compared as bytes: the compiler is not allowed to reorder sums, and both ways call
the same exponentials and powers of the machine's library.
"""

import ast
import importlib
import inspect
from pathlib import Path
from typing import get_args

import numba
import numpy as np
import pytest
from city_columns import differing
from lively import all_shocks, everything, lively_city, policy_of

from sim import month as the_month
from sim.build import build, city_parameters
from sim.compiled import entry
from sim.levers import LEVERS, enforce
from sim.measures import MEASURES
from sim.month import STEPS, month, months
from sim.outcomes import OUTCOMES
from sim.run import begin_city
from sim.scenario import MeasureUse, Partner, ShockKind, Target
from sim.scenario.rule import Rule
from sim.state import copy_city

MONTHS = 6


def step(name):
    process, function = name.split(".")
    return getattr(importlib.import_module(f"sim.processes.{process}"), function)


def tables(number):
    return np.zeros((number, len(OUTCOMES)), np.float32), np.zeros((-(-number // 12), 9, len(OUTCOMES)), np.float32)


@pytest.fixture(scope="module")
def busy(seed):
    """A city in which every measure acts, half in order, and every kind of shock befalls, so that no line sleeps."""
    schema = lively_city()
    youths = sum(each.population for each in schema.neighbourhoods) * schema.youth_share
    city, params = begin_city(schema, seed=int(seed), scale=576 / youths, burn_in=48)
    uses = everything(ramp=1)
    assert len(uses.measures) == len(MEASURES)
    assert {shock.kind for shock in all_shocks()} == set(get_args(ShockKind))
    return enforce(city, schema, uses, all_shocks(), params)


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
    params = city_parameters(sandbox)
    one, two = (build(sandbox, params, 7, 0.02, -24) for _ in range(2))
    month(one, params, seed, -24)
    months(two, params, seed, -24, -23, *tables(0))
    assert differing(one, two) == {}


def test_a_whole_month_compiled_is_the_month_interpreted(busy, params, seed):
    one, two = copy_city(busy), copy_city(busy)
    for t in range(6):
        month(one, params, seed, t)
    months(two, params, seed, 0, 6, *tables(6))
    assert differing(one, two) == {}


def test_changing_levels_shares_of_places_and_rules_compiled_are_those_interpreted(busy, params, seed):
    rules = (Rule(when="fear > 0 for 3 months", level=0.8), Rule(when="fear < 1", level=0.2))
    uses = (
        MeasureUse(
            measure="P-E1", level={0: 1.0, 2: 0.0, 4: 0.7}, where=Target(worst=2, by="homicide_rate", cover=0.3), ramp=2
        ),
        MeasureUse(measure="P-E7", where=Target(of="homicide_rate", above=5.0, cover=0.4), ramp=0, stop=3),
        MeasureUse(measure="P-S7", where=Target(of="poverty", above=0.2, cover=0.5), ramp=0, rules=rules),
        MeasureUse(measure="P-S4", where=Target(all=True, cover=0.1), ramp=0, partner=Partner(kind="local")),
    )
    start = enforce(busy, lively_city(), policy_of(*uses), (), params)
    one, two = copy_city(start), copy_city(start)
    for t in range(8):
        month(one, params, seed, t)
    months(two, params, seed, 0, 8, *tables(8))
    assert differing(one, two) == {}
    assert [
        float(each["level"]) for each in two.level_changes[two.programme[2].first_change : two.programme[2].last_change]
    ] == [
        0.2,
        0.8,
    ]


def test_in_that_city_every_lever_is_pulled(busy, params, seed):
    city = copy_city(busy)
    pulled = np.zeros(len(LEVERS), dtype=bool)
    for t in range(MONTHS):
        months(city, params, seed, t, t + 1, *tables(0))
        pulled |= (city.lever_values != 0.0).any(axis=0)
    others = {lever for lever in LEVERS if lever.startswith("flow_")} - {"flow_drugs", "flow_firearms"}
    assert {lever for lever, was in zip(LEVERS, pulled, strict=True) if not was} == others


def test_months_in_pieces_are_the_months_at_once(busy, params, seed):
    one, two = copy_city(busy), copy_city(busy)
    whole, pieces = tables(26), tables(26)
    months(one, params, seed, 0, 26, *whole)
    for first, last in ((0, 1), (1, 12), (12, 13), (13, 26)):
        months(two, params, seed, first, last, *pieces)
    assert differing(one, two) == {}
    assert whole[0].tobytes() == pieces[0].tobytes()
    assert whole[1].tobytes() == pieces[1].tobytes()


def test_the_burn_in_is_not_written_down(city, params, seed):
    monthly, yearly = tables(12)
    months(city, params, seed, -3, 0, monthly, yearly)
    assert not monthly.any()
    assert not yearly.any()


@pytest.mark.skipif(numba.config.DISABLE_JIT, reason="nothing is compiled")
def test_the_month_is_compiled_once_for_all_cities_and_policies(busy, city, params, seed):
    months(busy, params, seed, 0, 0, *tables(0))
    months(city, params, seed, 0, 0, *tables(1))
    assert len(months.signatures) == 1


def test_the_steps_shown_are_the_steps_taken_in_order():
    body = ast.parse(inspect.getsource(month)).body[0].body
    taken = [ast.unparse(line.value.func) for line in body if isinstance(getattr(line, "value", None), ast.Call)]
    assert taken == [name for name, _ in STEPS]
    assert len(taken) == len(body) - 1, "a month is its steps and a docstring"


@pytest.mark.parametrize(("name", "says"), STEPS)
def test_every_step_is_a_file_of_its_own_and_says_what_happens(name, says):
    process = Path(the_month.__file__).parent / "processes" / name.split(".")[0]
    assert process.with_suffix(".py").is_file() or (process / "__init__.py").is_file()
    assert says.endswith(".")
    assert len(says) <= 120
