"""Twenty thousand scenarios at the ends of what may be asked for, and what no outcome may be in any of them.

The first 2 640 are the quick ones. They hold every parameter alone at both ends, all low and all high, every set of
weights of an index at its least, every measure alone, all of them, every mechanism switched off, every kind of shock alone,
and every field of a city at both ends; corners of the parameters and random cities fill them up. The others are more
corners, and more random cities, policies and shocks. A scenario follows from one number: `scenario(number)` makes it again.
"""

from __future__ import annotations

import functools
import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple, get_args

import numba
import numpy as np
from lively import all_shocks, everything, policy_of, shock_of, use_of

from sim.enumerations import SERVICES, SUPPLIERS
from sim.levers import enforce
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS, switched_off
from sim.month import months
from sim.outcomes import OUTCOMES, Outcome, outcome_index
from sim.parameters import PARAMETERS
from sim.processes.homicide.rivalry import answers
from sim.processes.homicide.war import answers_of_gangs, answers_of_police
from sim.run import begin_city
from sim.scenario import (
    FLOWS,
    Calibration,
    City,
    Corridor,
    Indicator,
    Levels,
    Market,
    MeasureUse,
    Neighbourhood,
    Partner,
    Policy,
    Service,
    Shock,
    ShockKind,
    Target,
    load_city,
)
from sim.scenario.rule import Rule
from sim.state import DEAD, FREE, PRISON, SPAN

SCENARIOS = 20_000
QUICK = 2_640
# Of the quick ones, and of all, how many are corners of the parameters.
QUICK_CORNERS = 200
CORNERS = 2_000
BURN_IN = 24
MONTHS = 24
SCALE = 0.02

SANDBOX = load_city("sandbox")
NAMES = tuple(each.name for each in SANDBOX.neighbourhoods)
CRITERIA = tuple(name for name in Partner.model_fields if name != "kind")
DERIVED = ("inequality", "in_migration", "informality", "services", "school_quality", "family_disruption", "tenure")
DEPRIVED = ("poverty", "unemployment", "no_high_school")

NOTHING = policy_of(name="nothing")
# A month in which everyone is killed, as a yearly rate per 100 000.
EVERYONE = 1.2e6
# Killings a head of the most endangered against those of the safest: nobody is safer than one in ten million a month.
MOST_UNEQUAL = 1e7
MOST_RATIO = 1e4
# Killings in answer to one killing, over all kinds of answers: above one violence would never end.
MOST_ANSWERS = 0.9
# What float32 adds to a sum of shares, and to a count.
SLACK = 1e-5

CALIBRATED = tuple(name for name, field in Calibration.model_fields.items() if field.annotation is float)


class Scenario(NamedTuple):
    """One scenario: its number, what it is at the end of, and what it is made of."""

    number: int
    about: str
    city: City
    policy: Policy
    shocks: tuple[Shock, ...]
    settings: dict[str, float]
    scale: float


Made = tuple[str, City, Policy, tuple[Shock, ...], dict[str, float], float]


# What may be in a scenario ---------------------------------------------------------------------------------------------


def share(luck: random.Random) -> float:
    """Return a share: anywhere, and now and then at an end."""
    return luck.choice([0.0, 1.0]) if luck.random() < 0.15 else luck.random()


def anchor(luck: random.Random) -> float:
    """Return an anchor: a share kept off the ends, and now and then next to one."""
    return luck.choice([0.001, 0.999]) if luck.random() < 0.1 else luck.uniform(0.01, 0.99)


def multiple(luck: random.Random) -> float:
    """Return a multiple of an ordinary flow."""
    return luck.choice([0.0, 1000.0]) if luck.random() < 0.1 else 10.0 ** luck.uniform(-1.5, 1.5)


def place_of(luck: random.Random, place: Neighbourhood) -> Neighbourhood:
    """Return a neighbourhood with everything but its name and borders drawn anew: now and then a park, or one resident."""
    perhaps = {name: share(luck) for name in DERIVED if luck.random() < 0.5}
    always = {name: share(luck) for name in DEPRIVED}
    groups = {name: share(luck) for name in ("minority", "displaced") if luck.random() < 0.4}
    hubs = {flow: multiple(luck) for flow in FLOWS if luck.random() < 0.15}
    people = luck.choice([0, 1]) if luck.random() < 0.1 else round(10.0 ** luck.uniform(2.0, 5.0))
    perhaps |= one_by_one(random.Random(f"{place.name} {always}"))
    return place.model_copy(
        update={**perhaps, **always, **groups, "population": people, "hubs": hubs, "enclave": luck.random() < 0.2}
    )


def one_by_one(luck: random.Random) -> dict[str, Any]:
    """Return, for one place in four, what a file says of single services and of ties, by luck of their own."""
    if luck.random() > 0.25:
        return {}
    given = {
        name: Service(
            reach=share(luck) if luck.random() < 0.7 else None,
            price=10.0 ** luck.uniform(-2.0, 2.0),
            supplier=luck.choice(SUPPLIERS),
        )
        for name in SERVICES
        if luck.random() < 0.5
    }
    return {"public_services": given, "close_ties": share(luck), "rentals": share(luck), "bars": 100.0 * share(luck)}


def without_borders(places: tuple[Neighbourhood, ...], alone: set[str]) -> tuple[Neighbourhood, ...]:
    """Return the neighbourhoods with those named turned into islands."""

    def left(place: Neighbourhood) -> tuple[str, ...]:
        return () if place.name in alone else tuple(each for each in place.adjacent if each not in alone)

    return tuple(each.model_copy(update={"adjacent": left(each)}) for each in places)


def city_of(luck: random.Random) -> City:
    """Return a random city on the map of the sandbox."""
    places = tuple(place_of(luck, each) for each in SANDBOX.neighbourhoods)
    if not any(each.population for each in places):
        places = (places[0].model_copy(update={"population": 1}), *places[1:])
    places = without_borders(places, set(luck.sample(NAMES, luck.choice([0, 0, 0, 1, 3, len(NAMES)]))))
    gangs = tuple(
        gang.model_copy(
            update={
                "organisation": luck.choice(["integrated", "loose", "weak"]),
                "kind": luck.choice(["gang", "gang", "gang", "ideological"]),
                "pact": share(luck) if luck.random() < 0.5 else 0.0,
                "homes": tuple(luck.sample(NAMES, luck.randint(1, 4))),
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
    fitted = SANDBOX.calibration
    if luck.random() < 0.1:
        ends = {name: luck.choice(ends_of(Calibration, name)) for name in CALIBRATED}
        fitted = fitted.model_copy(update=ends)
    return SANDBOX.model_copy(
        update={
            "neighbourhoods": places,
            "gangs": gangs,
            "groups": groups,
            "levels": levels,
            "corridors": corridors,
            "police": police,
            "calibration": fitted,
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


def random_use(luck: random.Random, measure: Any) -> MeasureUse:
    """Return a measure in use: when, where, how strongly, by whom, under which conditions."""
    start = luck.choice([1, 1, luck.randint(1, MONTHS)])
    partner = Partner()
    if measure.partner and luck.random() < 0.6:
        partner = Partner(kind=luck.choice(["agency", "local"]), **{name: share(luck) for name in CRITERIA})
    return MeasureUse(
        measure=measure.row,
        **{"level": luck.choice([1.0, share(luck)]), "where": target_of(luck)} | changing(measure, start),
        start=start,
        stop=start + luck.randint(1, 40) if luck.random() < 0.4 else None,
        ramp=luck.randint(0, 30) if luck.random() < 0.3 else None,
        conditions={name: share(luck) for name in measure.conditions if luck.random() < 0.6},
        partner=partner,
    )


def changing(measure: Any, start: int) -> dict[str, Any]:
    """Return how a fourth of the measures change their level, by luck of their own, or treat shares of bounded places."""
    luck = random.Random(f"{measure.row} {start}")
    found: dict[str, Any] = {}
    kind = luck.randint(0, 15)
    if kind == 0:
        found["level"] = {0: share(luck)} | {luck.randint(1, 40): share(luck) for _ in range(4)}
    elif kind == 1:
        rules = [
            Rule(
                when=f"homicide_rate {luck.choice('<>')} {luck.uniform(0, 60):.3f} for {luck.randint(1, 5)} months",
                level=each,
            )
            for each in (0.0, share(luck))
        ]
        found |= {"rules": tuple(rules), "read": luck.choice(["monthly", "quarterly"])}
    elif kind == 2:
        found["where"] = Target(of=luck.choice(["homicide_rate", "poverty"]), above=luck.uniform(0, 0.3), below=50.0)
    if measure.units != "city" and luck.random() < 0.15:
        found["where"] = (
            Target(**found["where"].model_dump() | {"cover": luck.uniform(0.01, 1.0)})
            if "where" in found
            else (Target(worst_share=luck.uniform(0.1, 1.0), by="homicide_rate", cover=luck.uniform(0.01, 1.0)))
        )
    return found


def random_shock(luck: random.Random, number: int, city: City) -> Shock:
    """Return something that happens."""
    kind = luck.choice(get_args(ShockKind))
    start = luck.randint(1, MONTHS)
    about: dict[str, Any] = {}
    if kind in ("flow", "route"):
        about["flow"] = luck.choice(FLOWS)
    elif kind in ("pact", "pact broken", "leader killed"):
        about["gang"] = luck.choice(city.gangs).name
    elif kind == "service cut":
        about["service"] = luck.choice(SERVICES)
    return Shock(
        name=f"shock_{number}",
        title="Shock",
        about="",
        kind=kind,
        size=multiple(luck) if "flow" in about else share(luck),
        start=start,
        stop=start + luck.randint(1, 30) if luck.random() < 0.6 else None,
        where=target_of(luck, named=kind == "route"),
        **about,
    )


def at_random(number: int) -> Made:
    """Return a random city under a random policy and shocks, some parameters anywhere in their ranges."""
    luck = random.Random(number)
    city = city_of(luck)
    chosen = luck.sample(MEASURES, luck.choice([0, 1, 3, 8, len(MEASURES)]))
    policy = Policy(name="random", title="Random", about="", measures=tuple(random_use(luck, each) for each in chosen))
    shocks = tuple(random_shock(luck, n, city) for n in range(luck.choice([0, 1, 2, 6])))
    drawn = luck.sample(PARAMETERS, luck.choice([0, 5, 40]))
    settings = {each.name: luck.choice([each.low, each.high, luck.uniform(each.low, each.high)]) for each in drawn}
    off = luck.sample([each.name for each in MECHANISMS], luck.choice([0, 0, 1, 5]))
    people = sum(each.population for each in city.neighbourhoods) * city.youth_share
    rows = luck.uniform(150.0, 600.0)
    return "at random", city, policy, shocks, settings | switched_off(off), min(1.0, rows / people)


# The ends --------------------------------------------------------------------------------------------------------------


def ends_of(model: Any, name: str) -> tuple[float, float]:
    """Return the least and the most that a field of a city file may be: its bounds, or next to them where they are open."""
    least, most = 0.0, 1.0
    for bound in model.model_fields[name].metadata:
        least = getattr(bound, "ge", least)
        least = 1e-9 if hasattr(bound, "gt") else least
        most = getattr(bound, "le", most)
    return least, most


def under_everything(city: City = SANDBOX, settings: dict[str, float] | None = None) -> tuple[Any, ...]:
    """Return a city in which all is done and all happens: every measure and every shock at once."""
    return city, everything(), tuple(all_shocks()), settings or {}, SCALE


def ends_of_parameters() -> Iterator[Made]:
    for each in PARAMETERS:
        for value in (each.low, each.high):
            yield f"{each.name} at {value:g}", *under_everything(settings={each.name: value})
    for end in ("low", "high"):
        settings = {each.name: getattr(each, end) for each in PARAMETERS}
        yield f"all parameters {end}", *under_everything(settings=settings)
        yield f"all parameters {end}, nothing done", SANDBOX, NOTHING, (), settings, SCALE


def weights() -> dict[str, list[str]]:
    """Return the parameters that are normalised by their sum, by what they make."""
    return {
        made: [each.name for each in PARAMETERS if each.name.startswith(made)]
        for made in ("ledger.weight_", "beginning.weight_", "flows.value_")
    }


def ends_of_weights() -> Iterator[Made]:
    low = {each.name: each.low for each in PARAMETERS}
    for names in weights().values():
        for number in range(1, len(names) + 1):
            for chosen in itertools.combinations(names, number):
                least = {name: low[name] for name in chosen}
                yield f"{', '.join(chosen)} at their least", SANDBOX, NOTHING, (), least, SCALE


def ends_of_policies() -> Iterator[Made]:
    for measure in MEASURES:
        yield f"{measure.row} alone", SANDBOX, policy_of(use_of(measure)), (), {}, SCALE
    every = policy_of(*(use_of(each) for each in MEASURES))
    yield "all measures", SANDBOX, every, (), {}, SCALE
    for each in MECHANISMS:
        yield f"without {each.name}", *under_everything(settings=switched_off([each.name]))
    yield "without any mechanism", *under_everything(settings=switched_off([each.name for each in MECHANISMS]))


def ends_of_shocks() -> Iterator[Made]:
    every = []
    for kind in get_args(ShockKind):
        for size in (1000.0, 0.0) if kind in ("flow", "route") else (1.0,):
            for flow in FLOWS if kind in ("flow", "route") else (None,):
                about = {} if flow is None else {"flow": flow}
                shock = shock_of(kind, **about, size=size, start=1, stop=MONTHS, name=f"shock_{len(every)}")
                every.append(shock)
                yield f"{kind} {flow or ''} of {size:g}", SANDBOX, NOTHING, (shock,), {}, SCALE
    yield "all shocks", SANDBOX, NOTHING, tuple(every), {}, SCALE
    # Shocks of one kind add up.
    for flow in FLOWS:
        often = tuple(shock_of("flow", flow=flow, size=1000.0, start=1, stop=MONTHS, name=f"shock_{n}") for n in range(50))
        yield f"fifty floods of {flow}", SANDBOX, NOTHING, often, {}, SCALE
    again = tuple(shock_of("influx", size=1.0, start=n, stop=n, name=f"shock_{n}") for n in range(1, MONTHS + 1))
    yield "an influx a month", SANDBOX, everything(), again, {}, SCALE


def with_places(**fields: Any) -> City:
    """Return the sandbox with these fields in every neighbourhood; a list gives each its own."""
    places = tuple(
        each.model_copy(update={name: value[i] if isinstance(value, list) else value for name, value in fields.items()})
        for i, each in enumerate(SANDBOX.neighbourhoods)
    )
    return SANDBOX.model_copy(update={"neighbourhoods": places})


def cities() -> Iterator[tuple[str, City, float]]:
    """Yield cities at the ends of what a file may say, and a scale for each."""
    for name in Levels.model_fields:
        for value in ends_of(Levels, name):
            levels = SANDBOX.levels.model_copy(update={name: value})
            yield f"levels.{name} at {value:g}", SANDBOX.model_copy(update={"levels": levels}), SCALE
    for end in range(2):
        levels = SANDBOX.levels.model_copy(update={name: ends_of(Levels, name)[end] for name in Levels.model_fields})
        yield f"all levels at end {end}", SANDBOX.model_copy(update={"levels": levels}), SCALE
    for name in CALIBRATED:
        for value in ends_of(Calibration, name):
            fitted = SANDBOX.calibration.model_copy(update={name: value})
            yield f"calibration.{name} at {value:g}", SANDBOX.model_copy(update={"calibration": fitted}), SCALE
    for flow in FLOWS:
        for value in (0.0, 5e-324, 1000.0):
            flows = {**SANDBOX.flows, flow: value}
            yield f"flows.{flow} at {value:g}", SANDBOX.model_copy(update={"flows": flows}), SCALE
            yield f"a hub of {flow} of {value:g}", with_places(hubs=[{}] * 8 + [{flow: value}]), SCALE
    for value in (0.0, 1000.0):
        every = dict.fromkeys(FLOWS, value)
        yield f"all flows at {value:g}", SANDBOX.model_copy(update={"flows": every}), SCALE
        yield f"all hubs at {value:g}", with_places(hubs=every), SCALE
    for name in (*DERIVED, *DEPRIVED, "minority", "displaced"):
        for value in (0.0, 5e-324, 1.0):
            yield f"{name} at {value:g} everywhere", with_places(**{name: value}), SCALE
        yield f"{name} at its ends side by side", with_places(**{name: [float(i % 2) for i in range(9)]}), SCALE
    for name in ("money_per_dollar", "youth_share"):
        for value in ends_of(City, name):
            yield f"{name} at {value:g}", SANDBOX.model_copy(update={name: value}), SCALE
    for income in (1e-300, 1e12):
        yield f"income of {income:g}", with_places(income=income), SCALE
    for enclave in (True, False):
        yield f"enclave everywhere: {enclave}", with_places(enclave=enclave), SCALE
    for market in (0.0, 1.0):
        every_market = dict.fromkeys(SANDBOX.markets, market)
        yield f"all markets at {market:g}", SANDBOX.model_copy(update={"markets": every_market}), SCALE
    yield from inhabited()
    for kind in ("gang", "ideological"):
        for organisation in ("integrated", "loose", "weak"):
            about = {"kind": kind, "organisation": organisation, "pact": 1.0, "homes": NAMES}
            yield f"24 {organisation} gangs of kind {kind} at home everywhere", with_gangs(24, about), SCALE
    yield "one gang", with_gangs(1, {"homes": NAMES[:1]}), SCALE


def with_gangs(number: int, about: dict[str, Any]) -> City:
    """Return the sandbox with so many gangs alike."""
    gangs = tuple(SANDBOX.gangs[0].model_copy(update={**about, "name": f"Gang {n}"}) for n in range(number))
    return SANDBOX.model_copy(update={"gangs": gangs})


def inhabited() -> Iterator[tuple[str, City, float]]:
    """Yield cities with few residents, with many, with areas in which nobody lives, and with islands."""
    yield "one resident in each area", with_places(population=1), 1.0
    yield "an area of a single resident", with_places(population=[1] + [50_000] * 8), 0.001
    alone = [dict.fromkeys(FLOWS, 1000.0)] + [{}] * 8
    yield "every hub in an area of a single resident", with_places(population=[1] + [50_000] * 8, hubs=alone), 0.001
    yield "fifty million residents in each area", with_places(population=50_000_000), 1e-6
    yield "areas of a single resident and of fifty million", with_places(population=[1, 50_000_000] * 4 + [1]), 1e-6
    yield "a scale of next to nothing", SANDBOX, 1e-300
    for i in (0, 4, 8):
        people = [0 if j == i else each.population for j, each in enumerate(SANDBOX.neighbourhoods)]
        yield f"nobody lives in {NAMES[i]}", with_places(population=people), SCALE
    yield "every hub in a park", with_places(population=[0] + [5_000] * 8, hubs=alone), SCALE
    yield "a single resident among parks", with_places(population=[0] * 8 + [1]), 1.0
    yield "a single area among parks", with_places(population=[0] * 4 + [5_000] + [0] * 4), SCALE
    for name in (NAMES[0], NAMES[4]):
        places = without_borders(SANDBOX.neighbourhoods, {name})
        yield f"{name} is an island", SANDBOX.model_copy(update={"neighbourhoods": places}), SCALE
    places = without_borders(SANDBOX.neighbourhoods, set(NAMES))
    yield "nine islands", SANDBOX.model_copy(update={"neighbourhoods": places}), SCALE


def ends_of_cities() -> Iterator[Made]:
    for about, city, scale in cities():
        yield about, city, NOTHING, (), {}, scale
        yield f"{about}, everything at once", city, everything(), all_shocks_of(city), {}, scale


def all_shocks_of(city: City) -> tuple[Shock, ...]:
    """Return every kind of shock, the ones that befall a gang befalling one that the city has."""
    gang = city.gangs[0].name
    return tuple(each if each.gang is None else each.model_copy(update={"gang": gang}) for each in all_shocks())


def long_ones() -> Iterator[tuple[str, City, Policy, tuple[Shock, ...]]]:
    """Yield what must hold for a hundred years: shocks that last, or come again and again."""
    century = {"start": 1, "stop": 1_100}
    yield "a slump", SANDBOX, NOTHING, (shock_of("slump", size=1.0, **century),)
    ruin = (shock_of("slump", size=1.0, **century), shock_of("disaster", size=1.0, where=Target(all=True), **century))
    yield "a slump among ruins", SANDBOX, NOTHING, ruin
    weapons = shock_of("flow", flow="firearms", size=1000.0, **century)
    armed = SANDBOX.model_copy(update={"flows": {**SANDBOX.flows, "firearms": 1000.0}})
    yield "a flood of firearms", armed, NOTHING, (weapons,)
    newcomers = shock_of("flow", flow="people", size=1000.0, **century)
    yield "a flood of people", with_places(in_migration=1.0), everything(), (newcomers,)
    again = tuple(shock_of("influx", size=1.0, start=24 * n + 1, stop=24 * n + 1, name=f"shock_{n}") for n in range(50))
    yield "an influx every two years", SANDBOX, everything(), again


def corner(number: int) -> Made:
    """Return the sandbox with every parameter at one end or the other, every second time under everything."""
    luck = random.Random(number)
    settings = {each.name: luck.choice([each.low, each.high]) for each in PARAMETERS}
    if number % 2 == 0:
        return "a corner", *under_everything(settings=settings)
    return "a corner, nothing done", SANDBOX, NOTHING, (), settings, SCALE


# The twenty thousand ---------------------------------------------------------------------------------------------------


@functools.cache
def _ends() -> list[Made]:
    kinds: tuple[Callable[[], Iterator[Made]], ...] = (
        ends_of_parameters,
        ends_of_weights,
        ends_of_policies,
        ends_of_shocks,
        ends_of_cities,
    )
    return [made for kind in kinds for made in kind()]


@functools.lru_cache(QUICK)
def scenario(number: int) -> Scenario:
    """Return the scenario of that number, below `SCENARIOS`."""
    ends = _ends()
    first_corner, last_corner = QUICK - QUICK_CORNERS, QUICK + CORNERS - QUICK_CORNERS
    if number < len(ends):
        made = ends[number]
    elif first_corner <= number < last_corner:
        made = corner(number)
    else:
        made = at_random(number)
    return Scenario(number, *made)


def range_of(outcome: Outcome) -> tuple[float, float]:
    """Return what an outcome can be, by its unit; counts are held to the residents by `live`."""
    most = {
        "0-100": 100.0,
        "per 100 000 residents a year": EVERYONE,
        "times": MOST_UNEQUAL,
        "times the city's rate": MOST_UNEQUAL,
        "times ordinary rents": MOST_RATIO,
        "per firm and year": MOST_RATIO,
    }
    if outcome.unit.startswith("share"):
        return 0.0, 1.0
    if outcome.unit.startswith("index"):
        return 0.0, MOST_RATIO
    return 0.0, most.get(outcome.unit, float(np.finfo(np.float32).max))


LOW = np.array([range_of(each)[0] for each in OUTCOMES])
HIGH = np.array([range_of(each)[1] for each in OUTCOMES])
# Outcomes that count residents, and those that count what befalls them in a year.
PEOPLE = [column for column, each in enumerate(OUTCOMES) if each.unit == "people" and each.name != "places_filled"]
KILLED = [column for column, each in enumerate(OUTCOMES) if each.unit == "killings a year"]
RISKS = [column for column, each in enumerate(OUTCOMES) if each.name.startswith("ratio_")]
EXPECTED = outcome_index("killings_expected")
HAPPENED = outcome_index("homicides")


def live_all(numbers: Sequence[int], tell: Callable[[int, int], None] | None = None) -> list[str]:
    """Live through scenarios on two threads and return what they broke; `tell` hears how many are done, and the faults."""
    faults: list[str] = []
    with ThreadPoolExecutor(2) as pool:
        for done, found in enumerate(pool.map(lambda number: live(scenario(number)), numbers), start=1):
            faults += found
            if tell is not None:
                tell(done, len(faults))
    return faults


def live(each: Scenario, last: int = MONTHS) -> list[str]:
    """Live through one scenario of so many months and return what it broke: outcome, value, where and when."""
    try:
        return _live(each, last)
    except Exception as error:
        return [f"scenario {each.number} ({each.about}): {type(error).__name__}: {error}"]


def _live(each: Scenario, last: int) -> list[str]:
    seed = np.uint64(each.number * 7919)
    state, params = begin_city(each.city, seed=int(seed), scale=each.scale, settings=each.settings, burn_in=BURN_IN)
    state = enforce(state, each.city, each.policy, each.shocks, params)
    named = f"scenario {each.number} ({each.about})"
    monthly = np.zeros((last, len(OUTCOMES)), np.float32)
    yearly = np.zeros((last // 12, len(each.city.neighbourhoods), len(OUTCOMES)), np.float32)
    faults = []
    rows = state.youth.home.size
    for month in range(last):
        living = _living(state, month)
        dead, standing = state.youth.status == DEAD, _standing(state)
        months(state, params, seed, month, month + 1, monthly, yearly)
        faults += [f"{named}: {fault} in month {month}" for fault in _unsound(state, month, dead, standing)]
        if month % 12 == 11 and not (radius := radius_of_answers(state, params)) <= MOST_ANSWERS + SLACK:
            faults.append(f"{named}: a killing draws {radius:g} in answer in month {month}")
        for column, what in ((EXPECTED, "are expected to be killed"), (HAPPENED, "were killed")):
            killed = state.outcome_values[:, column] / 12.0
            over = ~is_within(killed, 0.0, living)
            if over.any():
                i = int(over.argmax())
                faults.append(f"{named}: {killed[i]:g} of {living[i]:g} in neighbourhood {i} {what} in month {month}")
    for table, where in ((monthly, "the city"), (yearly.reshape(-1, len(OUTCOMES)), "a neighbourhood")):
        wrong = ~is_within(table, LOW, HIGH)
        for column in np.flatnonzero(wrong.any(axis=0)):
            row = int(wrong[:, column].argmax())
            faults.append(f"{named}: {OUTCOMES[column].name} is {table[row, column]:g} in {where} (row {row})")
    faults += [f"{named}: {fault}" for fault in _more_than_all(monthly, float(state.neighbourhood["population"].sum()))]
    if state.youth.home.size != rows or not np.isin(state.youth.status, (FREE, PRISON, DEAD)).all():
        faults.append(f"{named}: youths were lost or made")
    if not (state.members >= 0).all() or not (state.inmates >= 0).all():
        faults.append(f"{named}: a gang has fewer than no members")
    if not np.isclose(state.city_state[0]["youths"], _living(state, adults=False).sum(), rtol=1e-9, atol=1e-9):
        faults.append(f"{named}: youths are not conserved")
    return faults


def _standing(state: Any) -> float:
    """Return the youths who live, with those counted dead whose row still stands taken off."""
    town = state.city_state[0]
    counted = state.gang["death_balance"].sum() + town["street_balance"] + town["prison_balance"]
    return float(_living(state, adults=False).sum() - counted)


def _unsound(state: Any, month: int, dead: Any, standing: float) -> Iterator[str]:
    """Yield what no month may leave; `dead` are the rows that were dead before it, `standing` the youths who lived."""
    thirty = state.youth.phase == month % SPAN
    if not (state.youth.status[dead & ~thirty] == DEAD).all():
        yield "a dead youth lives again"
    turned_ten = (state.neighbourhood["weight"][state.youth.home] * (dead & thirty)).sum()
    killed = state.neighbourhood["killed_youths"].sum()
    if not np.isclose(_standing(state) + killed, standing + turned_ten, rtol=1e-9, atol=1e-6):
        yield "people are not conserved to the last"
    # The rows of people counted dead still stand; more of them than youths would be people killed twice. Each balance began
    # at up to the weight of a row, which is nobody's death.
    if _standing(state) < -state.city_state[0]["row_weight"] * (state.gang.size + 2):
        yield "more are counted dead than lived"
    shares = (state.control, state.hazard, state.levied, state.closure, state.organised, state.childhood)
    if not all(is_within(each, 0.0, 1.0).all() for each in (*shares, state.control.sum(axis=1))):
        yield "a share or a probability is none"
    for table in (state.memory, state.rivalry, state.killings, state.market_rent):
        if not (np.isfinite(table).all() and (table >= 0.0).all()):
            yield "a table holds what is no number, or less than nothing"


@numba.njit(nogil=True, error_model="numpy")
def radius_of_answers(state: Any, params: Any) -> float:
    """Return the spectral radius of what killings draw in answer: of gangs, of streets, of police and gangs.

    The matrix falls into blocks (`tests/sim/processes/homicide/test_rivalry.py` measures it whole): pairs of gangs, whose
    radius is the root of the product of the two largest numbers of answers; each street; each place with its police.
    """
    found: float = params.homicide[0].street_retaliation_ratio
    first = second = 0.0
    for k in range(state.gang.size):
        most = 0.0
        if state.gang[k].alive == 1:
            for i in range(state.neighbourhood.size):
                most = max(most, answers(state, params, i, k))
        if most > first:
            first, second = most, first
        elif most > second:
            second = most
    found = max(found, math.sqrt(first * second))
    for i in range(state.neighbourhood.size):
        found = max(found, math.sqrt(answers_of_gangs(state, params, i) * answers_of_police(state, params, i)))
    return found


def is_within(values: Any, low: Any, high: Any) -> Any:
    """Say which values lie within bounds, as float32 tells them; what is no number lies nowhere."""
    return (values >= low - SLACK) & (values <= high * (1.0 + SLACK) + SLACK)


def _more_than_all(monthly: Any, people: float) -> Iterator[str]:
    """Yield the outcomes that count more people than there are, or more killings a head of a group than one a month."""
    for columns, most in ((PEOPLE, people), (KILLED, 12.0 * people)):
        for column in columns:
            if not is_within(monthly[:, column], 0.0, most).all():
                yield f"{OUTCOMES[column].name} is {monthly[:, column].max():g} where {people:g} live"
    each = monthly[:, outcome_index("homicide_rate")] / EVERYONE
    for column in RISKS:
        if not is_within(monthly[:, column] * each, 0.0, 1.0).all():
            yield f"{OUTCOMES[column].name} says that more are killed than there are"


def _living(state: Any, month: int | None = None, *, adults: bool = True) -> Any:
    """Return the living residents of each neighbourhood: the youths whose row is not dead, and all others.

    The rows of those who turn thirty in the month are alive again in it: they pass to ten-year-olds.
    """
    place = state.neighbourhood
    alive = state.youth.status != DEAD
    if month is not None:
        alive |= state.youth.phase == month % SPAN
    alive = np.bincount(state.youth.home, weights=alive, minlength=place.size) * place["weight"]
    rows = (place["last"] - place["first"]) * place["weight"]
    return alive + (place["population"] - rows if adults else 0.0)
