"""The city's agents, as people who know Mesa expect them: views on rows of the state, which they read and never keep.

Neighbourhoods, gangs, police units and community groups are registered Mesa agents, one for each row. Youths may be
millions: `YouthSet` answers for all of them from the columns, and makes a `Youth` only where one is asked for.

Every field of `sim.state` can be read under its own name and comes as a plain number. None can be written: what happens
is decided in `sim.month`, and what is done about it by policy, through levers. A value set from outside would make a
city that no file and no seed describes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NoReturn, Protocol, Self, cast

import numpy as np
import numpy.typing as npt
from mesa.agent import Agent
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.build import ORGANISATION
from sim.enumerations import MARKETS
from sim.errors import did_you_mean
from sim.outcomes import outcome_index
from sim.state import DEAD, GANG, GROUP, NEIGHBOURHOOD, POLICE, SPAN, YOUNGEST
from sim.state import Youth as YouthColumns

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CitySafetyModel

__all__ = ["CommunityGroup", "Gang", "Neighbourhood", "PoliceUnit", "Shuffler", "Youth", "YouthGroups", "YouthSet"]

Rows = npt.NDArray[np.int32]
Values = npt.NDArray[Any]

_ORGANISATION = {number: name for name, number in ORGANISATION.items()}

BELONGS_TO_THE_MODEL = "belongs to the model: months change it, policy does through levers, and here it is only read"


# Tens of agents: one for each row -------------------------------------------------------------------------------------


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
    """The police force in one neighbourhood: the fields of `sim.state.POLICE`."""

    table = "police"

    @property
    def name(self) -> str:
        """Police of its neighbourhood."""
        return f"police of {self.neighbourhood}"

    @property
    def home(self) -> int:
        """The row of its neighbourhood."""
        return self.row


class CommunityGroup(RowAgent, fields=GROUP):
    """A community group: the fields of `sim.state.GROUP`."""

    table = "group"

    @property
    def name(self) -> str:
        """Its name in the city file."""
        return self.model.city.groups[self.row].name

    @property
    def kind(self) -> str:
        """What kind of group it is, as the city file says."""
        return self.model.city.groups[self.row].kind


# Youths: columns, and views made when asked for -----------------------------------------------------------------------


def _stored(name: str) -> Callable[[CitySafetyModel, Rows | int], Any]:
    return lambda model, rows: getattr(model.state.youth, name)[rows]


def _age(model: CitySafetyModel, rows: Rows | int) -> Any:
    """Return ages in the month last lived, when the table was last put in order."""
    born = model.state.youth.phase[rows].astype(np.int64)
    return (YOUNGEST + (model.month - 1 - born) % SPAN) / 12.0


_COLUMNS: dict[str, Callable[[CitySafetyModel, Rows | int], Any]] = {
    "row": lambda _, rows: rows,
    "unique_id": lambda _, rows: np.asarray(rows, dtype=np.int64) + 1,
    "age": _age,
    "alive": lambda model, rows: model.state.youth.status[rows] != DEAD,
    "neighbourhood": lambda model, rows: model.names[model.state.youth.home[rows]],
    "weight": lambda model, rows: model.state.neighbourhood["weight"][model.state.youth.home[rows]],
    **{name: _stored(name) for name in YouthColumns._fields},
}


def _read(model: CitySafetyModel, name: str, rows: Rows) -> Values:
    """Return a column for some rows, wide enough to add up in: int64, float64, bool or text.

    Raises
    ------
    AttributeError
        If youths have no such field.
    """
    if name not in _COLUMNS:
        raise AttributeError(f"youths have no {name}; {did_you_mean(name, _COLUMNS, most=30)}")
    values = np.asarray(_COLUMNS[name](model, rows))
    if values.dtype.kind == "i":
        return values.astype(np.int64)
    return values.astype(np.float64) if values.dtype.kind == "f" else values


class YouthField:
    """A field of a youth, read as a plain number or text."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, youth: Youth | None, owner: type[Youth]) -> Any:
        if youth is None:
            return self
        value = _COLUMNS[self.name](youth.model, youth.row)
        return value if isinstance(value, str) else value.tolist()


class Youth(Agent):
    """One row of the youth table, looked at: the columns of `sim.state.Youth`, age, neighbourhood and weight.

    A view is made when asked for and holds nothing; two views of one row are equal. A row is handed on: in the month
    its youth turns thirty it becomes a child of ten. The dead keep their row, with `alive` false, until that month.
    `weight` says how many youths of the city the row stands for. Numbers of status and activity: see `sim.state`.
    """

    __slots__ = ("model", "row")

    pos = None
    model: CitySafetyModel
    row: int

    def __init__(self, model: CitySafetyModel, row: int) -> None:
        # Mesa's own __init__ would register the view and keep it.
        object.__setattr__(self, "model", model)
        object.__setattr__(self, "row", row)

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> Any: ...

    @property
    def place(self) -> Neighbourhood:
        """The neighbourhood it is at home in."""
        return self.model.neighbourhoods[int(self.home)]

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"{self}: {name} {BELONGS_TO_THE_MODEL}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Youth) and self.model is other.model and self.row == other.row

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __reduce__(self) -> tuple[type[Youth], tuple[CitySafetyModel, int]]:
        return Youth, (self.model, self.row)

    def __repr__(self) -> str:
        return f"<Youth {self.row}>"

    def remove(self) -> NoReturn:
        """Refuse: who lives in the city is decided by the months."""
        _refuse("a youth cannot be removed")


for _name in _COLUMNS:
    if _name != "row":
        setattr(Youth, _name, YouthField(_name))


class Shuffler(Protocol):
    """Whatever puts an array in a random order: Python's or numpy's generators do."""

    def shuffle(self, x: Any, /) -> object:
        """Put the array in random order, in place."""


def _refuse(what: str) -> NoReturn:
    raise TypeError(f"{what}: the state {BELONGS_TO_THE_MODEL}")


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value


class YouthGroups(GroupBy):
    """Youths in groups: Mesa's `GroupBy`, with aggregates taken from the columns."""

    def agg(self, attr_name: str, func: Callable[[Values], Any]) -> dict[Any, Any]:
        """Return an aggregate of each group.

        Parameters
        ----------
        attr_name
            A field of youths.
        func
            Takes the values of a group as an array.
        """
        return {key: group.agg(attr_name, func) for key, group in self.groups.items()}


class YouthSet(AbstractAgentSet):
    """Youths, in an order, without an object for each: Mesa's set of agents over columns.

    A set never changes; `select`, `sort`, `shuffle`, `groupby` and `copy` return new ones of this class. It says which
    rows, not what was in them: fields are read as the state is now.

    Parameters
    ----------
    model
        Whose youths.
    youths
        Row numbers as an array, or views; all youths of the model when left out.
    """

    def __init__(self, model: CitySafetyModel, youths: Rows | Iterable[Youth] | None = None) -> None:
        self.model = model
        if youths is None:
            youths = np.arange(len(model.state.youth.home), dtype=np.int32)
        if not isinstance(youths, np.ndarray):
            youths = np.array(list(dict.fromkeys(each.row for each in youths)), dtype=np.int32)
        self.rows: Rows = youths.view()
        self.rows.flags.writeable = False

    def __len__(self) -> int:
        return len(self.rows)

    def __iter__(self) -> Iterator[Youth]:
        return (Youth(self.model, row) for row in self.rows.tolist())

    def __contains__(self, youth: object) -> bool:
        return isinstance(youth, Youth) and youth.model is self.model and bool(np.any(self.rows == youth.row))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, YouthSet):
            return NotImplemented
        same = self.model is other.model and len(self) == len(other)
        return same and bool(np.array_equal(np.sort(self.rows), np.sort(other.rows)))

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"<YouthSet of {len(self)}>"

    def _from_iterable(self, youths: Iterable[Youth]) -> YouthSet:
        """Make the result of a union, an intersection or a difference."""
        return YouthSet(self.model, youths)

    # Which youths

    def select(
        self,
        filter_func: Callable[[Youth], bool] | None = None,
        at_most: int | float = float("inf"),
        inplace: bool = False,
        agent_type: type[Agent] | None = None,
        *,
        where: npt.NDArray[np.bool_] | None = None,
    ) -> YouthSet:
        """Return some of the youths, in the same order.

        Parameters
        ----------
        filter_func
            Called with a view of each youth; slow where there are many, `where` is not.
        at_most
            So many at most, the first ones; as a float up to 1, that share of this set.
        inplace
            Refused: a set does not change.
        agent_type
            As in Mesa; any type but that of youths leaves nobody.
        where
            bool [youth of this set]: made with `column`, such as `youths.column("age") < 18`.

        Raises
        ------
        TypeError
            If `inplace` is asked for.
        ValueError
            If `where` is not one truth value a youth.
        """
        if inplace:
            _refuse("a set of youths cannot be changed in place, take the one that is returned")
        rows = self.rows
        if agent_type is not None and not issubclass(Youth, agent_type):
            rows = rows[:0]
        if isinstance(at_most, float) and at_most <= 1.0:
            at_most = int(len(self) * at_most)
        if where is not None:
            mask = np.asarray(where)
            if mask.dtype != np.bool_ or mask.shape != self.rows.shape:
                raise ValueError(f"where is {mask.dtype} {list(mask.shape)}; it must be bool [{len(self)}]")
            rows = rows[mask[: len(rows)]]
        if filter_func is not None:
            found = (row for row in rows.tolist() if filter_func(Youth(self.model, row)))
            rows = np.fromiter(islice(found, int(min(at_most, len(rows)))), dtype=np.int32)
        return YouthSet(self.model, rows[: int(min(at_most, len(rows)))])

    def groupby(
        self, by: str | Callable[[Youth], Any], result_type: Literal["agentset", "list"] = "agentset"
    ) -> YouthGroups | GroupBy:
        """Return the youths in groups: by a field in the order of its values, by a function as they are met.

        Parameters
        ----------
        by
            A field, or a function of a view.
        result_type
            "agentset" for groups that are sets, "list" for lists of views.
        """
        groups = self._group_by_function(by) if callable(by) else self._group_by_field(by)
        if result_type == "list":
            return GroupBy({key: group.to_list() for key, group in groups.items()})
        return YouthGroups(groups)

    def _group_by_function(self, by: Callable[[Youth], Any]) -> dict[Any, YouthSet]:
        found: dict[Any, list[Youth]] = {}
        for youth in self:
            found.setdefault(by(youth), []).append(youth)
        return {key: YouthSet(self.model, group) for key, group in found.items()}

    def _group_by_field(self, by: str) -> dict[Any, YouthSet]:
        import pandas as pd

        codes, keys = pd.factorize(self.column(by), sort=True)
        order = np.argsort(codes, kind="stable")
        ends = np.cumsum(np.bincount(codes, minlength=len(keys)))
        parts = np.split(self.rows[order], ends)[:-1]
        return {key: YouthSet(self.model, part) for key, part in zip(keys.tolist(), parts, strict=True)}

    def sort(self, key: str | Callable[[Youth], Any], ascending: bool = False, inplace: bool = False) -> YouthSet:
        """Return the youths in the order of a field or of a function of a view; ties stay as they were.

        Parameters
        ----------
        key
            A field, or a function of a view.
        ascending
            From the smallest on; as in Mesa, from the largest when left out.
        inplace
            Refused: a set does not change.
        """
        if inplace:
            _refuse("a set of youths cannot be sorted in place, take the one that is returned")
        if callable(key):
            values = [key(youth) for youth in self]
            order = sorted(range(len(self)), key=values.__getitem__, reverse=not ascending)
            return YouthSet(self.model, self.rows[order])
        column = self.column(key)
        if ascending:
            return YouthSet(self.model, self.rows[np.argsort(column, kind="stable")])
        backwards = np.argsort(column[::-1], kind="stable")
        return YouthSet(self.model, self.rows[::-1][backwards][::-1].copy())

    def shuffle(self, inplace: bool = False, *, rng: Shuffler | None = None) -> YouthSet:
        """Return the youths in an order drawn from a generator of your own.

        Parameters
        ----------
        inplace
            Refused: a set does not change.
        rng
            A generator of Python or numpy. It is needed: the model holds none, and its keyed draws are its own.

        Raises
        ------
        TypeError
            If no generator is given, or `inplace` is asked for.
        """
        if inplace:
            _refuse("a set of youths cannot be shuffled in place, take the one that is returned")
        if rng is None:
            raise TypeError("shuffle needs rng, a generator of your own: the model holds none, its draws are keyed")
        rows = self.rows.copy()
        rng.shuffle(rows)
        return YouthSet(self.model, rows)

    def copy(self) -> YouthSet:
        """Return a set of the same youths in the same order."""
        return YouthSet(self.model, self.rows)

    __copy__ = copy

    # What they are

    def column(self, name: str) -> Values:
        """Return a field of all of them.

        Parameters
        ----------
        name
            A column of `sim.state.Youth`, or row, unique_id, age, alive, neighbourhood or weight.

        Returns
        -------
        int64, float64, bool or text [youth of this set]
            A copy, in the order of the set; `peers` is [youth, 8].

        Raises
        ------
        AttributeError
            If youths have no such field.
        """
        return _read(self.model, name, self.rows)

    def get(
        self,
        attr_names: str | Sequence[str],
        handle_missing: Literal["error", "default"] = "error",
        default_value: Any = None,
    ) -> list[Any]:
        """Return a field of each as plain numbers, or a list of fields of each.

        Parameters
        ----------
        attr_names
            One field, or several.
        handle_missing, default_value
            "default" gives this value for a field that youths do not have, "error" raises.

        Raises
        ------
        AttributeError
            If youths have no such field and no default is asked for.
        """
        if handle_missing not in ("error", "default"):
            raise ValueError(f"handle_missing is {handle_missing!r}; it must be 'error' or 'default'")

        def values(name: str) -> list[Any]:
            if handle_missing == "default" and name not in _COLUMNS:
                return [default_value] * len(self)
            return cast("list[Any]", self.column(name).tolist())

        if isinstance(attr_names, str):
            return values(attr_names)
        return [list(each) for each in zip(*map(values, attr_names), strict=True)]

    def agg(self, attribute: str, func: Callable[[Values], Any] | Iterable[Callable[[Values], Any]]) -> Any:
        """Return one number for all of them, or a list of numbers.

        Parameters
        ----------
        attribute
            A field.
        func
            Takes the values as an array: `numpy.mean`, `max`, `len`; or several such functions.

        Raises
        ------
        TypeError
            If a text is given instead of a function.
        """
        if isinstance(func, str):
            raise TypeError(f"agg takes a function, not its name: give numpy.{func} or another function, not {func!r}")
        column = self.column(attribute)
        if callable(func):
            return _plain(func(column))
        return [_plain(each(column)) for each in func]

    def to_dataframe(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Return them as a table, one line each, indexed by row.

        Parameters
        ----------
        columns
            Fields; all but row and peers when left out.
        """
        import pandas as pd

        if columns is None:
            columns = [name for name in _COLUMNS if name not in ("row", "peers")]
        data = {name: self.column(name) for name in columns}
        for name, values in data.items():
            if values.ndim > 1:
                raise ValueError(f"{name} holds several numbers a youth; take column({name!r})")
        return pd.DataFrame(data, index=pd.Index(self.rows, name="row"))

    def to_list(self) -> list[Youth]:
        """Return a view of each."""
        return list(self)

    # What is done with each

    def do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> Self:
        """Call a function with a view of each (or a method of it), and return the set itself."""
        self.map(method, *args, **kwargs)
        return self

    def map(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Call a function with a view of each (or a method of it), and return what it returned."""
        if isinstance(method, str):
            return [getattr(youth, method)(*args, **kwargs) for youth in self]
        return [method(youth, *args, **kwargs) for youth in self]

    # What is refused

    def set(self, attr_name: str, value: Any) -> NoReturn:
        """Refuse: values belong to the model."""
        _refuse(f"{attr_name} of youths cannot be set")

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: write `shuffle(rng=...).do(...)`, which names the generator of random numbers."""
        raise TypeError("youths are shuffled with a generator of your own: shuffle(rng=...).do(...)")

    def add(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        _refuse("a youth cannot be added")

    def discard(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        _refuse("a youth cannot be removed")

    def remove(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        _refuse("a youth cannot be removed")

    def _update(self, agents: Iterable[Youth]) -> NoReturn:
        _refuse("a set of youths cannot be changed in place")
