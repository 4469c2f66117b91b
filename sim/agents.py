"""The city's agents, as people who know Mesa expect them: views on rows of the state, which they read and never keep.

Neighbourhoods, gangs, police units and community groups are registered Mesa agents, one for each row, and stand here.
Youths may be millions: `YouthSet` (`sim.youth_sets`) answers for all of them from the columns, and makes a `Youth`
(`sim.youths`) only where one is asked for. Both can be had from here as well.

Every field of `sim.state` can be read under its own name and comes as a plain number. None can be written: what happens
is decided in `sim.month`, and what is done about it by policy, through levers. A value set from outside would make a
city that no file and no seed describes. For the same reason none is stepped by itself: `step` of an agent, and `do`,
`map` and `shuffle_do` of it, raise and say that `model.step()` lives the month for all at once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np
from mesa.agent import Agent

from sim.build import ORGANISATION
from sim.enumerations import GROUP_ACTIVITIES, GROUP_KINDS, MARKETS
from sim.outcomes import outcome_index
from sim.state import GANG, GROUP, NEIGHBOURHOOD, POLICE
from sim.youth_sets import Shuffler, YouthGroups, YouthSet
from sim.youths import BELONGS_TO_THE_MODEL, Youth, refuse_step

if TYPE_CHECKING:
    from sim.model import CitySafetyModel

__all__ = ["CommunityGroup", "Gang", "Neighbourhood", "PoliceUnit", "Shuffler", "Youth", "YouthGroups", "YouthSet"]

_ORGANISATION = {number: name for name, number in ORGANISATION.items()}


class Field:
    """A field of an agent's row: read as a plain number, refused when written."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, agent: RowAgent | None, owner: type[RowAgent]) -> Any:
        if agent is None:
            return self
        return agent.record[self.name].item()

    def __set__(self, agent: RowAgent, value: object) -> NoReturn:
        raise AttributeError(f"{agent}: {self.name} {BELONGS_TO_THE_MODEL}")


class RowAgent(Agent):
    """A registered Mesa agent that reads one row of one table of the state.

    Attributes
    ----------
    row : int
        Its row, the same for good.
    """

    table: ClassVar[str]
    model: CitySafetyModel

    def __init__(self, model: CitySafetyModel, row: int) -> None:
        self.row = row
        super().__init__(model)

    def __init_subclass__(cls, *, fields: np.dtype[Any] | None = None, **options: Any) -> None:
        """Give the class the fields of its table that it does not tell in its own words."""
        super().__init_subclass__(**options)
        for name in (fields.names if fields else None) or ():
            if name not in cls.__dict__:
                setattr(cls, name, Field(name))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def record(self) -> Any:
        """The row itself, as `sim.state` lays it out."""
        return getattr(self.model.state, self.table)[self.row]

    @property
    def place(self) -> Neighbourhood:
        """The neighbourhood it is at home in."""
        return self.model.neighbourhoods[int(self.home)]

    @property
    def neighbourhood(self) -> str:
        """The name of that neighbourhood."""
        return self.place.name

    def step(self) -> NoReturn:
        """Refuse: the month is lived by `model.step()`, for all at once."""
        refuse_step(repr(self))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.name}>"


class Neighbourhood(RowAgent, fields=NEIGHBOURHOOD):
    """A neighbourhood: the fields of `sim.state.NEIGHBOURHOOD`, its outcomes, and who is there."""

    table = "neighbourhood"

    @property
    def name(self) -> str:
        """Its name in the city file."""
        return self.model.city.neighbourhoods[self.row].name

    @property
    def home(self) -> int:
        """Its own row, so that all agents can be grouped by where they are at home."""
        return self.row

    @property
    def adjacent(self) -> tuple[Neighbourhood, ...]:
        """The neighbourhoods it borders, in the order of the city file's list of neighbourhoods."""
        state = self.model.state
        rows = state.neighbour_list[state.neighbour_start[self.row] : state.neighbour_start[self.row + 1]]
        return tuple(self.model.neighbourhoods[row] for row in rows.tolist())

    @property
    def youths(self) -> YouthSet:
        """Everyone aged ten to twenty-nine at home here."""
        return YouthSet(self.model, np.arange(self.first, self.last, dtype=np.int32))

    @property
    def control(self) -> dict[str, float]:
        """Share of local control of each gang that holds any, by name."""
        shares = self.model.state.control[self.row]
        return {gang.name: shares[gang.row].item() for gang in self.model.gangs if shares[gang.row] > 0.0}

    @property
    def markets(self) -> dict[str, dict[str, float]]:
        """The illicit markets here, by name: how organised and closed each is, its rent, the part of it levied, killings."""
        state = self.model.state
        tables = {
            "organised": state.organised,
            "closure": state.closure,
            "rent": state.market_rent,
            "levied": state.levied,
            "hits": state.hits,
            "entry_violence": state.entry_violence,
        }
        return {
            market: {name: table[self.row, m].item() for name, table in tables.items()} for m, market in enumerate(MARKETS)
        }

    def outcome(self, name: str) -> float:
        """Return an outcome of this neighbourhood in the month last lived.

        Parameters
        ----------
        name
            One of `sim.outcomes.OUTCOMES`.

        Raises
        ------
        KeyError
            If there is no outcome of that name.
        """
        return float(self.model.state.outcome_values[self.row, outcome_index(name)])


class Gang(RowAgent, fields=GANG):
    """A gang: the fields of `sim.state.GANG`, for as long as it lives.

    Slots of the table are used again; a gang is the same as long as slot and month of founding are the same. Once it
    has ended its fields can no longer be read, and `ended` says so.
    """

    table = "gang"

    def __init__(self, model: CitySafetyModel, row: int, founded: int) -> None:
        self.key = (row, founded)
        in_the_file = founded < model.state.city_state["start"][0]
        home = model.names[model.state.gang["home"][row]]
        self.name = model.city.gangs[row].name if in_the_file else f"group {row} of {home}, month {founded + 1}"
        super().__init__(model, row)

    @property
    def ended(self) -> bool:
        """Whether it no longer exists."""
        record = self.model.state.gang[self.row]
        return not record["alive"] or int(record["founded"]) != self.key[1]

    @property
    def record(self) -> Any:
        """The row itself, as `sim.state` lays it out.

        Raises
        ------
        AttributeError
            If the gang has ended: its row may be another gang's by now.
        """
        if self.ended:
            raise AttributeError(f"{self} has ended; the gangs of this month are in model.gangs")
        return super().record

    @property
    def organisation(self) -> str:
        """How it is organised: integrated, loose or weak."""
        return _ORGANISATION[int(self.record["organisation"])]

    @property
    def homes(self) -> tuple[str, ...]:
        """The neighbourhoods it is at home in, by name."""
        if self.ended:
            return ()
        return tuple(self.model.names[np.flatnonzero(self.model.state.homes[:, self.row])].tolist())

    @property
    def control(self) -> dict[str, float]:
        """Its share of control in each neighbourhood where it has any, by name."""
        if self.ended:
            return {}
        shares = self.model.state.control[:, self.row]
        return {each.name: shares[each.row].item() for each in self.model.neighbourhoods if shares[each.row] > 0.0}

    @property
    def youths(self) -> YouthSet:
        """Its members aged ten to twenty-nine, free or in prison."""
        youths = self.model.youths
        return youths.select(at_most=0) if self.ended else youths.select(where=youths.column("gang") == self.row)


class PoliceUnit(RowAgent, fields=POLICE):
    """The police force in one neighbourhood: the fields of `sim.state.POLICE`, and where its patrols went and why."""

    table = "police"

    @property
    def cases(self) -> float:
        """Killings of a year here that it has to solve, at the pace of the month last lived."""
        return self.place.outcome("killings_expected")

    @property
    def share_of_calls(self) -> float:
        """Its share of all calls to the city's police in the month last lived."""
        everywhere = float(self.model.state.police["calls"].sum())
        return float(self.calls) / everywhere if everywhere > 0.0 else 0.0

    @property
    def share_of_residents(self) -> float:
        """Its share of the city's residents."""
        return float(self.place.population / self.model.state.neighbourhood["population"].sum())

    @property
    def decision(self) -> str:
        """What it did in the month last lived and why, in one line."""
        parts = [
            f"{self.on_street:.1f} officers in the street, {self.share:.1%} of the city's ordinary patrols, where "
            f"{self.share_of_residents:.1%} of residents live and {self.share_of_calls:.1%} of calls come from",
            f"calls took {self.load:.0%} of their time",
        ]
        if self.ordered > 0.0:
            parts.append(f"{self.ordered:.1f} more came by order")
        if self.sent_away > 0.0:
            parts.append(f"{self.sent_away:.1f} were sent elsewhere by order")
        parts.append(f"{self.left:.2f} left the force and {self.hired:.2f} came")
        return f"{self.name}: {'; '.join(parts)}"

    @property
    def name(self) -> str:
        """Police of its neighbourhood."""
        return f"police of {self.neighbourhood}"

    @property
    def home(self) -> int:
        """The row of its neighbourhood."""
        return self.row


class CommunityGroup(RowAgent, fields=GROUP):
    """A community group: the fields of `sim.state.GROUP`, its activity and what it decided in words.

    Groups that the city file lists come first; ordinary ones follow, a row for each kind in each neighbourhood.
    """

    table = "group"

    @property
    def name(self) -> str:
        """Its name in the city file; of an ordinary group, its kind and its neighbourhood."""
        listed = self.model.city.groups
        return listed[self.row].name if self.row < len(listed) else f"{self.kind} of {self.neighbourhood}"

    @property
    def kind(self) -> str:
        """What kind of group it is."""
        return GROUP_KINDS[int(self.record["kind"])]

    @property
    def activity(self) -> str:
        """What it does this month: serving, warning, reporting or silent."""
        return GROUP_ACTIVITIES[int(self.record["activity"])]

    @property
    def decision(self) -> str:
        """What it did this month, in a word or two."""
        if not self.alive:
            return "has ended"
        return {"silent": "stays silent"}.get(self.activity, f"is {self.activity}")
