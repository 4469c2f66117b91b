"""No outcome leaves its range: ten thousand random cities, policies and shocks, five years each.

Everything that a file can say is drawn at random, mostly within what is likely and now and then at the ends: levels,
hubs, corridors, markets, elections, kinds of gangs, minorities, partners, conditions, shocks of every kind, mechanisms
switched off, and up to forty parameters anywhere in their ranges. A scenario follows from one number, which is told where
a range is left: `scenario(number)` makes it again. A tenth of a second of luck decides nothing here: ranges are hard.
"""

from __future__ import annotations

import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, get_args

import numpy as np
import pytest

from sim.build import city_rates
from sim.levers import enforce
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS, switched_off
from sim.month import months
from sim.outcomes import OUTCOMES, Outcome
from sim.parameters import PARAMETERS
from sim.run import begin_city
from sim.scenario import (
    FLOWS,
    City,
    Corridor,
    Indicator,
    Levels,
    Market,
    MeasureUse,
    Partner,
    Policy,
    Shock,
    ShockKind,
    Target,
    load_city,
)

pytestmark = pytest.mark.validate

SCENARIOS = 10_000
FIRST = 1
BURN_IN = 24
MONTHS = 60
MINUTES = 15.0
TOLD_EVERY = 500

SANDBOX = load_city("sandbox")
NAMES = tuple(each.name for each in SANDBOX.neighbourhoods)
CRITERIA = tuple(name for name in Partner.model_fields if name != "kind")
MOST_RATE = 1e5
MOST_RATIO = 1e4


def range_of(outcome: Outcome) -> tuple[float, float]:
    """Return what an outcome can be, by its unit."""
    if outcome.unit.startswith("share"):
        return 0.0, 1.0
    if outcome.unit == "0-100":
        return 0.0, 100.0
    if outcome.unit == "per 100 000 residents a year":
        return 0.0, MOST_RATE
    if outcome.unit == "ratio":
        return 0.0, MOST_RATIO
    return 0.0, float(np.finfo(np.float32).max)


LOW = np.array([range_of(each)[0] for each in OUTCOMES])
HIGH = np.array([range_of(each)[1] for each in OUTCOMES])
# What float32 adds to a mean of ones.
SLACK = 1e-5


class Scenario(NamedTuple):
    """One random scenario."""

    number: int
    city: City
    policy: Policy
    shocks: tuple[Shock, ...]
    settings: dict[str, float]
    scale: float


def share(luck: random.Random) -> float:
    """Return a share: anywhere, and now and then at an end."""
    return luck.choice([0.0, 1.0]) if luck.random() < 0.15 else luck.random()


def anchor(luck: random.Random) -> float:
    """Return an anchor: a share kept off the ends, and now and then next to one."""
    return luck.choice([0.001, 0.999]) if luck.random() < 0.1 else luck.uniform(0.01, 0.99)


def multiple(luck: random.Random) -> float:
    """Return a multiple of an ordinary flow."""
    return luck.choice([0.0, 1000.0]) if luck.random() < 0.1 else 10.0 ** luck.uniform(-1.5, 1.5)


def place_of(luck: random.Random, place: Any) -> Any:
    """Return a neighbourhood with everything but its name and borders drawn anew."""
    perhaps = {
        name: share(luck)
        for name in (
            "inequality",
            "in_migration",
            "informality",
            "services",
            "school_quality",
            "family_disruption",
            "tenure",
        )
        if luck.random() < 0.5
    }
    always = {name: share(luck) for name in ("poverty", "unemployment", "no_high_school")}
    groups = {name: share(luck) for name in ("minority", "displaced") if luck.random() < 0.4}
    hubs = {flow: multiple(luck) for flow in FLOWS if luck.random() < 0.15}
    people = round(10.0 ** luck.uniform(2.0, 5.0))
    return place.model_copy(
        update={**perhaps, **always, **groups, "population": people, "hubs": hubs, "enclave": luck.random() < 0.2}
    )


def city_of(luck: random.Random) -> City:
    """Return a random city on the map of the sandbox."""
    places = tuple(place_of(luck, each) for each in SANDBOX.neighbourhoods)
    gangs = tuple(
        gang.model_copy(
            update={
                "organisation": luck.choice(["integrated", "loose", "weak"]),
                "kind": luck.choice(["gang", "gang", "militia", "ideological"]),
                "pact": share(luck) if luck.random() < 0.5 else 0.0,
            }
        )
        for gang in SANDBOX.gangs[: luck.randint(1, 4)]
    )
    groups = tuple(
        group.model_copy(update={name: share(luck) for name in ("credibility", "capacity", "independence")})
        for group in SANDBOX.groups[: luck.randint(0, 5)]
    )
    levels = Levels(
        homicide_rate=10.0 ** luck.uniform(-0.3, 2.3),
        **{name: anchor(luck) for name in Levels.model_fields if name != "homicide_rate"},
    )
    corridors = tuple(
        Corridor(flow=luck.choice(FLOWS), through=tuple(luck.sample(NAMES, luck.randint(2, 5))), weight=multiple(luck))
        for _ in range(luck.randint(0, 3))
    )
    police = SANDBOX.police.model_copy(
        update={"command": luck.choice(["city", "national", "joint"]), "follows": share(luck)}
    )
    return SANDBOX.model_copy(
        update={
            "neighbourhoods": places,
            "gangs": gangs,
            "groups": groups,
            "levels": levels,
            "corridors": corridors,
            "police": police,
            "flows": {flow: multiple(luck) if luck.random() < 0.3 else 1.0 for flow in FLOWS},
            "markets": {market: share(luck) for market in get_args(Market)},
            "elections": tuple(sorted(luck.sample(range(1, MONTHS + 1), luck.randint(0, 3)))),
            "youth_share": luck.uniform(0.1, 0.5),
        }
    )


def target_of(luck: random.Random, *, named: bool = False) -> Target:
    """Return where something acts."""
    kind = 3 if named else luck.randint(0, 3)
    if kind == 1:
        return Target(worst=luck.randint(1, 9), by=luck.choice(get_args(Indicator)))
    if kind == 2:
        return Target(worst_share=luck.uniform(0.01, 1.0), by=luck.choice(get_args(Indicator)))
    if kind == 3:
        return Target(places=tuple(luck.sample(NAMES, luck.randint(1, 9))))
    return Target(all=True)


def use_of(luck: random.Random, measure: Any) -> MeasureUse:
    """Return a measure in use: when, where, how strongly, by whom, under which conditions."""
    start = luck.choice([1, 1, luck.randint(1, MONTHS + 1)])
    partner = Partner()
    if measure.partner and luck.random() < 0.6:
        partner = Partner(kind=luck.choice(["agency", "local"]), **{name: share(luck) for name in CRITERIA})
    return MeasureUse(
        measure=measure.row,
        level=luck.choice([1.0, share(luck)]),
        where=target_of(luck),
        start=start,
        stop=start + luck.randint(0, 39) if luck.random() < 0.4 else None,
        ramp=luck.randint(0, 30) if luck.random() < 0.3 else None,
        conditions={name: share(luck) for name in measure.conditions if luck.random() < 0.6},
        partner=partner,
    )


def shock_of(luck: random.Random, number: int, city: City) -> Shock:
    """Return something that happens."""
    kind = luck.choice(get_args(ShockKind))
    start = luck.randint(1, MONTHS + 1)
    about: dict[str, Any] = {}
    if kind in ("flow", "route"):
        about["flow"] = luck.choice(FLOWS)
    elif kind in ("pact", "pact broken", "leader killed"):
        about["gang"] = luck.choice(city.gangs).name
    return Shock(
        name=f"shock_{number}",
        title="Shock",
        about="",
        kind=kind,
        size=multiple(luck) if "flow" in about else share(luck),
        start=start,
        stop=start + luck.randint(0, 29) if luck.random() < 0.6 else None,
        where=target_of(luck, named=kind == "route"),
        **about,
    )


def scenario(number: int) -> Scenario:
    """Return the random scenario of that number."""
    luck = random.Random(number)
    city = city_of(luck)
    chosen = luck.sample(MEASURES, luck.choice([0, 1, 3, 8, len(MEASURES)]))
    policy = Policy(name="random", title="Random", about="", measures=tuple(use_of(luck, each) for each in chosen))
    shocks = tuple(shock_of(luck, n, city) for n in range(luck.choice([0, 1, 2, 6])))
    drawn = luck.sample(PARAMETERS, luck.choice([0, 5, 40]))
    settings = {each.name: luck.choice([each.low, each.high, luck.uniform(each.low, each.high)]) for each in drawn}
    off = luck.sample([each.name for each in MECHANISMS], luck.choice([0, 0, 1, 5]))
    people = sum(each.population for each in city.neighbourhoods) * city.youth_share
    rows = luck.uniform(150.0, 600.0)
    return Scenario(number, city, policy, shocks, settings | switched_off(off), min(1.0, rows / people))


def live(number: int) -> list[str]:
    """Live through one scenario and return what left its range: outcome, value, where and when."""
    try:
        each = scenario(number)
        seed = number * 7919
        state, rates = begin_city(each.city, seed=seed, scale=each.scale, settings=each.settings, burn_in=BURN_IN)
        state = enforce(state, each.city, each.policy, each.shocks, rates)
        monthly = np.zeros((MONTHS, len(OUTCOMES)), np.float32)
        yearly = np.zeros((MONTHS // 12, len(NAMES), len(OUTCOMES)), np.float32)
        months(state, rates, np.uint64(seed), 0, MONTHS, monthly, yearly)
    except Exception as error:
        return [f"scenario {number}: {type(error).__name__}: {error}"]
    faults = []
    for table, where in ((monthly, "city"), (yearly.reshape(-1, len(OUTCOMES)), "a neighbourhood")):
        # Not what lies outside, but all that does not lie inside: what is no number lies nowhere.
        wrong = ~((table >= LOW - SLACK) & (table <= HIGH * (1.0 + SLACK)))
        for column in np.flatnonzero(wrong.any(axis=0)):
            row = int(wrong[:, column].argmax())
            faults.append(f"scenario {number}: {OUTCOMES[column].name} is {table[row, column]:g} in {where} (row {row})")
    return faults


def test_no_outcome_leaves_its_range():
    begun = time.monotonic()
    faults: list[str] = []
    city_rates(SANDBOX)
    numbers = range(FIRST, FIRST + SCENARIOS)
    with ThreadPoolExecutor(2) as pool:
        for done, found in enumerate(pool.map(live, numbers, chunksize=1), start=1):
            faults += found
            if done % TOLD_EVERY == 0:
                minutes = (time.monotonic() - begun) / 60.0
                print(
                    f"{done} of {SCENARIOS} scenarios, {len(faults)} faults, {minutes:.1f} minutes",
                    file=sys.stderr,
                    flush=True,
                )
    minutes = (time.monotonic() - begun) / 60.0
    print(f"scenarios {numbers[0]} to {numbers[-1]}, {MONTHS} months each, {minutes:.1f} minutes")
    assert not faults, "\n".join([f"{len(faults)} faults", *faults[:40]])
    assert minutes < MINUTES, f"took {minutes:.1f} minutes"


def test_a_scenario_follows_from_its_number():
    assert scenario(7) == scenario(7)
    assert scenario(7) != scenario(8)


def test_what_is_no_number_is_seen():
    value = np.float32("nan")
    assert not (value >= LOW[0] - SLACK) & (value <= HIGH[0])
