"""Levers: what policy can pull, and how a policy becomes the table of measures in force.

A lever is a dose: 0 untouched, 1 a measure at full level in full effect. What a dose does is a parameter of the process
that reads it. The levers of places in programmes (`sim.enumerations.PLACE_LEVERS`) are how many places are offered; what
one of them does is kept apart, in `City.place_effect`. Levers of flows are natural logs of the multiple of the ordinary
level; shocks to one flow add up, to at most a thousand times.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.dates import month_number
from sim.enumerations import (
    AGENCIES,
    EVENTS,
    FLOWS,
    NO_PILLAR,
    PILLARS,
    PLACE_LEVERS,
    SERVICES,
    UNITS,
    WEARS,
    FlowName,
)
from sim.group_kinds import NOBODY, deliverers
from sim.level_tables import list_levels
from sim.measures.declaration import Measure
from sim.measures.framework import LEVERS_OF_MEASURES
from sim.outcomes import outcome_index
from sim.parameters import Parameters, make_parameters
from sim.partners import soundness
from sim.prices import prices
from sim.processes.policy_delivery import NOT_BEGUN
from sim.processes.truces import NOT_MADE
from sim.state import City, make_table
from sim.targets import Places, aim, places_known

_Entry = tuple[Any, Any, Any, Any]

if TYPE_CHECKING:
    from sim import scenario as schema

__all__ = [
    "LEVER",
    "LEVERS",
    "PROGRAMME",
    "enforce",
    "lever_caps",
    "lever_places",
    "levers_within_reach",
    "row_key",
]

# Pulled by shocks.
_OF_SHOCKS = (
    "slump",
    "influx",
    "disaster_damage",
    "epidemic",
    "attack",
    "contested_election",
    "prison_riot",
    "raid",
    *(f"cut_{service}" for service in SERVICES),
    "closer_ties",
    "officers_cut",
)

LEVERS: tuple[str, ...] = (*LEVERS_OF_MEASURES, *_OF_SHOCKS, *(f"flow_{flow}" for flow in FLOWS))

# The lever of each kind of shock that pulls one at its size.
SHOCK_LEVERS = {
    "slump": "slump",
    "influx": "influx",
    "disaster": "disaster_damage",
    "epidemic": "epidemic",
    "attack": "attack",
    "contested election": "contested_election",
    "prison riot": "prison_riot",
    "raid": "raid",
    "closer ties": "closer_ties",
    "officers cut": "officers_cut",
}

LEVER = np.dtype((np.record, [(lever, np.float64) for lever in LEVERS]))

PROGRAMME = np.dtype(
    (
        np.record,
        [
            ("start", np.int64),
            ("stop", np.int64),
            ("began", np.int64),
            ("trigger", np.int64),  # outcome column, or -1
            ("first_change", np.int64),  # its changes of level are rows first_change .. last_change - 1 of `level_changes`
            ("last_change", np.int64),
            ("end_of_changes", np.int64),  # where there is no more room for changes that rules make
            ("first_rule", np.int64),  # its rules are rows first_rule .. last_rule - 1 of `rules`
            ("last_rule", np.int64),
            ("reads_every", np.int64),  # months from one reading of its rules to the next
            ("dated", np.int64),  # 1 where these are months of the run, 0 where they count from its first month
            ("worst", np.int64),  # how many worst places, or 0
            ("by", np.int64),
            ("bounded", np.int64),  # outcome column whose value decides where it acts, or -1
            ("gang", np.int64),  # the gang it concerns, or -1
            ("home", np.int64),  # where the city file has that gang
            ("act", np.int64),  # what happens to that gang: its place in EVENTS
            ("key", np.int64),  # of the measure's row, for its draws
            ("police", np.int64),  # 1 where a force delivers it as far as it follows the city
            ("pillar", np.int64),
            ("shows_after", np.int64),
            ("cut", np.int64),  # 1 from the election that ended it
            ("cut_in", np.int64),  # the month of that election
            ("binds", np.int64),  # 1 where it is a truce or a pact, which may collapse
            ("made", np.int64),  # the month in which the truce or pact in force was made, or -1
            ("collapsed", np.int64),  # 1 from its collapse until it is made again
            ("unit", np.int64),
            ("payers", np.int64),  # a bit for each agency that shares the bill
            ("force_payers", np.int64),  # and for each that pays officers or soldiers
            ("stays", np.int64),  # 1 where soldiers may stay on
            ("patrols", np.int64),  # 1 where it sends patrols
            ("pools", np.int64),  # 1 where it is a safety fund, whose payers pay for what it fills up
            ("wears", np.int64),  # its place in WEARS
            ("by_groups", np.int64),  # 1 where community groups deliver it
            ("own_agency", np.int64),  # 1 where it brings an agency of its own, which delivers where no group does
            ("level", np.float64),  # until the first change
            ("ramp", np.float64),
            ("fades", np.float64),
            ("above", np.float64),
            ("over", np.float64),  # the outcome named by `bounded` is over this and under that where it acts
            ("under", np.float64),
            ("cover", np.float64),  # share of a place that it treats
            ("unit_cost", np.float64),  # what one unit buys a year, in US dollars at the city's prices
            ("force_cost", np.float64),  # officers or soldiers of one unit a year, in US dollars
            ("leaks", np.float64),
            ("contested", np.float64),
            ("wear", np.float64),  # monthly log rate at which its reach wears out
            ("effect_wear", np.float64),  # monthly log rate at which its effect wears out
            ("worn", np.float64),  # how far it has worn while in force, 0-1
            ("place_months", np.float64),  # months for which a participant holds a place; 0 for as many as is usual
            ("effect", np.float64),  # part of the effect of one place that its conditions leave
            ("vote", np.float64),  # how far an election asks for results
            ("asked", np.float64),  # dose before anything is lost on the way: what is paid for
            ("funded", np.float64),  # the part of it that a safety fund adds
            ("dose", np.float64),  # what arrives; what wears out of its effect is not taken off
        ],
    )
)

NEVER = 1_000_000

WITHIN_REACH = ("secure_tenure", "local_delivery")
"""Levers that say how a measure treats those whom it reaches: means over them, however few of a place they are."""


def lever_caps() -> Places:
    """Return the most each lever can be: 1 for doses, 0 (no cap of its own) for flows."""
    return np.array([0.0 if lever.startswith("flow_") else 1.0 for lever in LEVERS])


def lever_places() -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return for each lever its number among `sim.enumerations.PLACE_LEVERS`, -1 where it is none of them."""
    return np.array([PLACE_LEVERS.index(lever) if lever in PLACE_LEVERS else -1 for lever in LEVERS])


def levers_within_reach() -> Places:
    """Return 1 for each lever that is a mean over those whom a measure reaches (`WITHIN_REACH`), else 0."""
    return np.array([float(lever in WITHIN_REACH) for lever in LEVERS])


def row_key(row: str) -> int:
    """Return the number that stands for a measure in the keys of its draws: a function of its row and nothing else.

    So a measure keeps its luck whatever other measures exist, and in whatever order they are listed.

    Parameters
    ----------
    row
        Row of a measure, such as "P-E1".

    Returns
    -------
    int
        The first 32 bits of blake2b of the row, 0 to 2**32 - 1.
    """
    return int.from_bytes(hashlib.blake2b(row.encode(), digest_size=4).digest(), "little")


def enforce(
    city: City,
    schema_city: schema.City,
    policy: schema.Policy,
    shocks: Sequence[schema.Shock] = (),
    params: Parameters | None = None,
) -> City:
    """Return the city with a policy's measures, and the shocks that happen to it, in force from the first month on.

    People count months from 1 and may give dates; the engine counts them from 0. Here, and nowhere else, the one becomes
    the other: a start moves back by one, and a stop, the last month with it, is the engine's first month without it.

    Parameters
    ----------
    city
        The settled state; shared arrays are not changed.
    schema_city
        The city file, for the names of neighbourhoods and gangs, its elections, and when it begins.
    policy
        What is done.
    shocks
        What happens besides.
    params
        Parameters, for what measures and unsound partners cost; the defaults when left out.
    """
    known = make_parameters() if params is None else params
    entries = [_of_use(use, city, schema_city, known) for use in policy.measures]
    for month in schema_city.elections:
        row = _blank(*_engine_months(month, month, schema_city))
        row["vote"] = 1.0
        entries.append((row, np.zeros(len(LEVERS)), np.ones(city.neighbourhood.size), NOBODY))
    entries += [_of_shock(shock, city, schema_city) for shock in shocks]
    programme = make_table(len(entries), PROGRAMME)
    changes = np.zeros((len(entries), len(LEVERS)))
    where = np.zeros((len(entries), city.neighbourhood.size))
    able = np.tile(NOBODY, (len(entries), 1))
    for m, (row, change, places, kinds) in enumerate(entries):
        programme[m] = row
        programme[m]["began"] = NOT_BEGUN
        changes[m] = change
        where[m] = places
        able[m] = kinds
    told = list_levels(programme, policy, schema_city)
    city = city._replace(able=able, delivered=np.ones(where.shape))
    return city._replace(programme=programme, change=changes, where=where, **told)


def _engine_months(start: int | str, stop: int | str | None, city: schema.City) -> tuple[int, int]:
    """Return the first month with something and the first without it, counted from 0, of months as a file gives them."""
    last = NEVER if stop is None else month_number(stop, city.begins)
    return month_number(start, city.begins) - 1, last


def _blank(start: int, stop: int) -> Any:
    """Return a row of the table of measures in force that pulls nothing; months from 0, `stop` the first without it."""
    row = np.zeros((), dtype=PROGRAMME)
    row["start"] = start
    row["stop"] = stop
    row["trigger"] = -1
    row["gang"] = -1
    row["key"] = -1
    row["made"] = NOT_MADE
    row["pillar"] = NO_PILLAR
    row["bounded"] = -1
    row["cover"] = 1.0
    row["level"] = 1.0
    row["ramp"] = 1.0
    row["effect"] = 1.0
    return row


def _of_use(use: schema.MeasureUse, city: City, schema_city: schema.City, params: Parameters) -> _Entry:
    """Return the row, the levers and the places of one measure in use."""
    measure = use.declared
    row = _blank(*_engine_months(use.start, use.stop, schema_city))
    change = np.zeros(len(LEVERS))
    sound = soundness(use.partner, params)
    kept = reached = sound
    for name, condition in measure.conditions.items():
        met = use.conditions.get(name, 1.0)
        part = 1.0 - condition.weight * (1.0 - met)
        kept *= part
        if condition.on == "reach":
            reached *= part
        else:
            row["effect"] *= part
        if condition.carries:
            change[LEVERS.index(condition.carries)] = met * sound
        if condition.harms:
            change[LEVERS.index(condition.harms)] = 1.0 - met
        if condition.wears:
            row["wear" if condition.on == "reach" else "effect_wear"] += math.log(2.0) / condition.wears * (1.0 - met)
    for lever in {each.lever for each in measure.changes}:
        # How many places there are follows reach alone; of everything else, reach times effect is one dose.
        change[LEVERS.index(lever)] = (reached if lever in PLACE_LEVERS else kept) * measure.doses.get(lever, 1.0)
    if measure.partner:
        change[LEVERS.index("local_delivery")] = float(use.partner.kind == "local") * sound
        change[LEVERS.index("partner_capture")] = 1.0 - sound
    row["trigger"] = -1 if use.trigger is None else outcome_index(use.trigger.outcome)
    row["above"] = 0.0 if use.trigger is None else use.trigger.above
    row["unit"] = UNITS.index(measure.units)
    row["place_months"] = use.place_months or 0
    row["key"] = row_key(measure.row)
    # What the nation commands of a force does not wait for that force to follow the city.
    row["police"] = int(measure.police and measure.commands != "national")
    row["pillar"] = PILLARS.index(measure.pillar)
    row["payers"] = sum(1 << AGENCIES.index(agency) for agency in measure.payers)
    row["force_payers"] = sum(1 << AGENCIES.index(agency) for agency in measure.force)
    row["stays"] = int(measure.stays)
    row["wears"] = WEARS.index(measure.wears)
    row["shows_after"] = measure.shows_after
    row["leaks"] = float(measure.leaks)
    row["contested"] = float(measure.contested)
    row["binds"] = int(any(each.lever == "truce" for each in measure.changes))
    row["patrols"] = int(any(each.lever == "hot_spot_patrol" for each in measure.changes))
    row["pools"] = int(any(each.lever == "safety_fund" for each in measure.changes))
    first = next(iter(use.level.items())) if isinstance(use.level, dict) else (0, use.level)
    row["level"] = first[1]
    row["ramp"] = measure.onset_months if use.ramp is None else use.ramp
    row["fades"] = measure.fades_months
    money, officers = _takes(measure, params)
    here = prices(schema_city, params)
    row["unit_cost"] = money * here.programmes
    row["force_cost"] = officers * here.police_year
    kinds = deliverers(measure)
    row["by_groups"], row["own_agency"] = int(kinds.any()), int(use.partner.kind == "own agency")
    aim(row, use.where, city)
    return row, change, use.where.cover * places_known(use.where, city, schema_city), kinds


def _takes(measure: Measure, params: Parameters) -> tuple[float, float]:
    """Return the US dollars, at US prices, and the officer-years that one unit of a measure takes a year."""
    declared = (measure.unit_cost, measure.officers)
    money, officers = (
        float(params.costs[0][name.split(".")[1]]) if name else value
        for name, value in zip(measure.cost_parameters, declared, strict=True)
    )
    return money, officers


def _of_shock(shock: schema.Shock, city: City, schema_city: schema.City) -> _Entry:
    """Return the row, the levers and the places of one shock."""
    start, stop = _engine_months(shock.start, shock.last, schema_city)
    row = _blank(start, stop)
    change = np.zeros(len(LEVERS))
    where = places_known(shock.where, city, schema_city)
    if shock.kind in EVENTS:
        named = [gang.name for gang in schema_city.gangs].index(str(shock.gang))
        row["gang"] = named
        row["home"] = [each.name for each in schema_city.neighbourhoods].index(schema_city.gangs[named].homes[0])
        row["act"] = EVENTS.index(shock.kind)
        if shock.kind == "pact":
            row["binds"] = 1
            row["key"] = row_key(f"pact with {shock.gang}")
        row["level"] = shock.size
    elif shock.kind == "flow":
        change[LEVERS.index(f"flow_{shock.flow}")] = math.log(max(shock.size, 0.05))
    elif shock.kind == "route" and shock.flow is not None:
        change[LEVERS.index(f"flow_{shock.flow}")] = 1.0
        where = _reroute(where, shock.size, city, shock.flow)
    elif shock.kind == "service cut":
        change[LEVERS.index(f"cut_{shock.service}")] = shock.size
    else:
        if shock.kind in SHOCK_LEVERS:
            change[LEVERS.index(SHOCK_LEVERS[shock.kind])] = shock.size
        if shock.kind in ("election", "contested election"):
            row["vote"] = shock.size if shock.kind == "election" else 1.0
        if shock.kind == "influx":
            # The share of residents arrives over the whole time, not each month.
            row["level"] = 1.0 / (stop - start)
    aim(row, shock.where, city)
    return row, change, where, NOBODY


def _reroute(here: Places, size: float, city: City, flow: FlowName) -> Places:
    """Return the log multiple of a flow by neighbourhood when it shifts to the places marked 1 and leaves the others.

    The total over the city stays, as far as .05 of the ordinary flow is left elsewhere.
    """
    people = city.neighbourhood["population"] * city.flows.hub[:, FLOWS.index(flow)]
    people = people / people.sum()
    size = min(size, math.exp(3.0))  # no flow grows more (`sim.processes.flows`)
    inside = float((people * here).sum())
    outside = max((1.0 - inside * max(size, 0.05)) / max(1.0 - inside, 1e-9), 0.05)
    return np.where(here > 0.0, math.log(max(size, 0.05)), math.log(outside))
