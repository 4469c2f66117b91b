"""The state of a city: what is remembered from one month to the next, and the scratch that a month needs.

Youths, of whom there may be millions, are columns (one array a quantity). Everything of which there are tens is a table
of records (one record a neighbourhood, gang, police unit or community group): `city.neighbourhood[i].fear` reads the same,
compiled or not, and compiles in seconds where a hundred separate arrays took half a minute. Matrices are named by their
axes. Row numbers are identities: a row is never moved or compacted.

Shapes: P neighbourhoods, G gang slots, N youths, F flows, Q markets, M measures in force, K outcomes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, cast

import numpy as np
import numpy.typing as npt

from sim.blocks import by_reference
from sim.state.city_table import CITY_STATE
from sim.state.tables import (
    ACTIVITIES,
    CHILDHOOD,
    DEAD,
    DEPENDENT,
    FORMAL,
    FREE,
    GANG,
    GROUP,
    INFORMAL,
    INTEGRATED,
    LOOSE,
    NEIGHBOURHOOD,
    NEITHER,
    NO_GANG,
    NO_USE,
    PEERS_EACH,
    POLICE,
    PRISON,
    SCHOOL,
    SPAN,
    USE,
    WEAK,
    YOUNGEST,
)

if TYPE_CHECKING:
    from sim.state import views
    from sim.state.views import Table

__all__ = [
    "ACTIVITIES",
    "CHILDHOOD",
    "CITY_STATE",
    "DEAD",
    "DEPENDENT",
    "FORMAL",
    "FREE",
    "GANG",
    "GROUP",
    "INFORMAL",
    "INTEGRATED",
    "LOOSE",
    "NEIGHBOURHOOD",
    "NEITHER",
    "NO_GANG",
    "NO_USE",
    "PEERS_EACH",
    "POLICE",
    "PRISON",
    "SCHOOL",
    "SPAN",
    "USE",
    "WEAK",
    "YOUNGEST",
    "City",
    "Scratch",
    "Services",
    "Youth",
    "copy_city",
    "make_table",
]

Floats = npt.NDArray[np.float64]


@by_reference
class Youth(NamedTuple):
    """Everyone aged ten to twenty-nine, one row each (or one row for several: `neighbourhood.weight`).

    Shapes: every column [youth]; peers [youth, 8].
    """

    home: npt.NDArray[np.int16]
    phase: npt.NDArray[np.int16]  # month of birth, modulo the 240 months covered
    female: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]
    activity: npt.NDArray[np.int8]
    gang: npt.NDArray[np.int8]
    joined: npt.NDArray[np.int16]  # month of joining
    release: npt.NDArray[np.int16]  # month of leaving prison
    record: npt.NDArray[np.int8]  # has been in prison
    wrongly_held: npt.NDArray[np.int8]  # in prison since a mass arrest that took them for members
    killings_done: npt.NDArray[np.int16]  # killings that each of those it stands for did, see `homicide.killers`
    arrests: npt.NDArray[np.int16]  # times arrested and sentenced
    recruited_as_child: npt.NDArray[np.int8]
    gang_peers: npt.NDArray[np.int8]  # of the eight, how many are free members
    exposed_at_home: npt.NDArray[np.int8]
    uses: npt.NDArray[np.int8]  # drugs: 0 no, 1 yes, 2 depends on them
    used_early: npt.NDArray[np.int8]  # began before 16
    school_place: npt.NDArray[np.int8]  # months left in an after-school place
    training: npt.NDArray[np.int8]  # months left in a training place
    training_effect: npt.NDArray[np.float32]
    person: npt.NDArray[np.float32]  # risk (+) or protection (-) at four levels, standard deviations
    family: npt.NDArray[np.float32]
    friends: npt.NDArray[np.float32]
    school: npt.NDArray[np.float32]
    isolation: npt.NDArray[np.float32]
    proneness: npt.NDArray[np.float32]  # relative hazard of disputes and of arrest
    peers: npt.NDArray[np.int32]


@by_reference
class Flows(NamedTuple):
    """What passes through the city: levels [flow]; shares, supply, price and rent [neighbourhood, flow]."""

    level: Floats
    hub: Floats
    supply: Floats
    price: Floats
    rent: Floats
    seized: Floats
    recorded: Floats


@by_reference
class Services(NamedTuple):
    """Public services one by one: every column [neighbourhood, service], in the order of `SERVICES`."""

    level: Floats  # share of residents reached as month 1 begins, at the price of the file
    ordinary_price: Floats  # of the file, a multiple of what the state usually asks
    supplier: npt.NDArray[np.int64]  # its place in SUPPLIERS
    cut: Floats  # share of those served who lost it, before measures make good a part
    reach: Floats  # share of residents reached now
    lost: Floats  # share of residents whom it would reach if it were not cut
    price: Floats  # now


@by_reference
class Scratch(NamedTuple):
    """Working space of a month; nothing here is remembered."""

    uniforms: Floats  # [block]
    words: npt.NDArray[np.uint32]  # [5, block / 4] the four words of a call, and the smallest of them
    calls: npt.NDArray[np.int64]  # [block / 4] calls that hold a number low enough
    picked: npt.NDArray[np.int64]  # [block] positions that `ask` found
    luck: Floats  # [block] their numbers
    parts: Floats  # [gang]
    killers: Floats  # [gang]
    chances: Floats  # [gang] of a member to leave, or to be arrested
    leaving: Floats  # [gang] chances to leave of its free members, added up over rows
    free_rows: Floats  # [gang] rows of its free members
    by_use: Floats  # [4] joining as it is and without early use, leaving as it is and without dependence, added up
    by_place: Floats  # [neighbourhood]
    by_agency: Floats  # [agency] what each paid this month
    members: npt.NDArray[np.int32]  # [youth] rows in gangs, from each neighbourhood's first row on
    listed: npt.NDArray[np.int64]  # [neighbourhood] how many they are
    children: Floats  # [neighbourhood] share of those under eighteen in what members of a gang risk
    killer: npt.NDArray[np.int64]  # [neighbourhood] the row of a gang that killed
    wanted: npt.NDArray[np.int64]  # [neighbourhood] rows that leave for the dead
    chosen: npt.NDArray[np.int64]  # [block] of one neighbourhood, those that leave
    waits: Floats  # [block] their exponential numbers over their hazards


@by_reference
class City(NamedTuple):
    """The whole state. Matrices: [neighbourhood, gang] unless said."""

    youth: Youth
    neighbourhood: Table[views.Neighbourhood]
    gang: Table[views.Gang]
    police: Table[views.Police]
    group: Table[views.Group]
    city_state: Table[views.CityState]
    flows: Flows
    services: Services
    neighbour_start: npt.NDArray[np.int64]  # [neighbourhood + 1] into neighbour_list
    neighbour_list: npt.NDArray[np.int64]
    control: Floats  # share of control of a gang in a neighbourhood
    homes: npt.NDArray[np.int8]  # 1 where the gang is at home
    members: npt.NDArray[np.int64]  # free members, rows
    inmates: npt.NDArray[np.int64]  # members in prison, rows
    residents: Floats  # free members at the month's start, residents
    near: Floats  # mean of that over the adjacent neighbourhoods
    presence: Floats  # members spread over what the gang controls
    hazard: Floats  # monthly hazard of a member by rivalry
    organised: Floats  # [neighbourhood, market] how organised a market's actors are
    organised_anchor: Floats
    market_rent: Floats  # [neighbourhood, market] per resident, this month
    market_reference: Floats
    levied: Floats  # [neighbourhood, market] share of the rent taken by who holds the turf
    closure: Floats  # [neighbourhood, market]
    hits: Floats  # [neighbourhood, market] expected killings where a market is badly regulated
    entry_violence: Floats  # [neighbourhood, market] expected killings of entrants
    childhood: Floats  # [neighbourhood, CHILDHOOD] doses of early care, in the place of their month
    rivalry: Floats  # [gang, gang]
    rivalry_anchor: Floats
    memory: Floats  # [gang, gang] killings of the second by the first expected as answers next month
    killings: Floats  # [gang, gang] answers that killings of the first by the second will draw, this month's
    trained: Floats  # sum of the training effect over free members, rows
    due: Floats  # [decision] chances added up less rows drawn, see `processes.drawing`
    expected_draws: Floats  # [decision] chances added up this month, rows
    pace: Floats  # [decision] by how much this month's chances are multiplied
    place_due: Floats  # [neighbourhood, decision] what is due in each place
    place_expected: Floats  # [neighbourhood, decision]
    place_pace: Floats  # [neighbourhood, decision] by how much this month's chances are multiplied there
    owed: Floats  # rows that joined a gang less than its chances added up, where a row stands for many
    programme: Table[views.Measure]  # [measure] the measures in force
    level_changes: Table[views.LevelChange]  # [change] changes of their levels, those of a measure one after another
    rules: Table[views.Rule]  # [rule] by which measures go to other levels, those of a measure one after another
    conditions: Table[views.Condition]  # [condition] of the rules
    change: Floats  # [measure, lever] what each changes at full level
    where: Floats  # [measure, neighbourhood] where it applies, 0-1
    able: Floats  # [measure, kind of group] how well each kind of community group can deliver it, 0-1
    delivered: Floats  # [measure, neighbourhood] share of it that community groups deliver; 1 where it needs none
    group_work: Floats  # [neighbourhood, kind of group] capacity at work at home there
    ordinary_work: Floats  # [kind of group] what ordinary groups of one neighbourhood have
    levers: Table[views.Levers]  # [neighbourhood] this month
    lever_values: Floats  # [neighbourhood, lever] the same memory as `levers`
    lever_cap: Floats  # [lever] the most it can be; 0 means none but that of `policy_delivery.MOST_FLOW`
    lever_within_reach: Floats  # [lever] 1 where it is a mean over those whom a measure reaches, else 0
    lever_place: npt.NDArray[np.int64]  # [lever] which of `PLACE_LEVERS` it is; -1 for all others
    place_effect: Floats  # [neighbourhood, place lever] part of its effect that a place has; the last, where none is offered
    place_months: Floats  # [neighbourhood, place lever] months of a participant in a place; 0 for as many as is usual
    outcome: Table[views.Outcomes]  # [neighbourhood] this month
    outcome_values: Floats  # [neighbourhood, outcome] the same memory as `outcome`
    outcome_weight: npt.NDArray[np.int64]  # [outcome] how it is averaged over neighbourhoods
    city_outcome: Floats  # [outcome] this month
    scratch: Scratch


def make_table(rows: int, fields: np.dtype[Any]) -> Table[Any]:
    """Return a table of so many records, every field zero."""
    return cast("Table[Any]", np.zeros(rows, fields))


# Columns that no month changes: arms share them, which halves what a copy takes.
FIXED = frozenset({"home", "phase", "peers"})


def copy_city(city: City) -> City:
    """Return a city with memory of its own, but for the columns that nothing changes: what an arm starts from.

    `outcome_values` and `lever_values` stay views of the copied tables.
    """

    def again(part: Any) -> Any:
        if isinstance(part, tuple):
            named = zip(type(part)._fields, part, strict=True)  # type: ignore[attr-defined]
            return type(part)(*(piece if name in FIXED else again(piece) for name, piece in named))
        return part.copy()

    fresh: City = again(city)
    return fresh._replace(
        outcome_values=fresh.outcome.view(np.float64).reshape(city.outcome_values.shape),
        lever_values=fresh.levers.view(np.float64).reshape(city.lever_values.shape),
    )
