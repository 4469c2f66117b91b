"""One youth, looked at: a row of the youth table, whose columns it reads under their own names.

Youths may be millions, so none is an object until one is asked for. `COLUMNS` says how each field is read, of one row or
of many; a `Youth` reads its own, and sets of youths (`sim.youth_sets`) read those of all their rows at once.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
import numpy.typing as npt
from mesa.agent import Agent

from sim.errors import did_you_mean
from sim.state import DEAD, SPAN, YOUNGEST
from sim.state import Youth as YouthColumns

if TYPE_CHECKING:
    from sim.agents import Neighbourhood
    from sim.model import CitySafetyModel

__all__ = ["BELONGS_TO_THE_MODEL", "COLUMNS", "Rows", "Values", "Youth", "YouthField", "read", "refuse", "refuse_step"]

Rows = npt.NDArray[np.int32]
Values = npt.NDArray[Any]

BELONGS_TO_THE_MODEL = "belongs to the model: months change it, policy does through levers, and here it is only read"


def refuse(what: str) -> NoReturn:
    """Refuse to change what the model decides.

    Parameters
    ----------
    what
        What was asked for, as the beginning of a sentence.

    Raises
    ------
    TypeError
        Always.
    """
    raise TypeError(f"{what}: the state {BELONGS_TO_THE_MODEL}")


def refuse_step(whose: str) -> NoReturn:
    """Refuse to let an agent live a month by itself.

    Parameters
    ----------
    whose
        The agent or set that was asked, as the beginning of a sentence.

    Raises
    ------
    TypeError
        Always.
    """
    raise TypeError(f"{whose}: the month is lived by model.step(), for all agents at once; none is stepped by itself")


def _stored(name: str) -> Callable[[CitySafetyModel, Rows | int], Any]:
    return lambda model, rows: getattr(model.state.youth, name)[rows]


def _age(model: CitySafetyModel, rows: Rows | int) -> Any:
    """Return ages in the month last lived, when the table was last put in order."""
    born = model.state.youth.phase[rows].astype(np.int64)
    return (YOUNGEST + (model.month - 1 - born) % SPAN) / 12.0


COLUMNS: dict[str, Callable[[CitySafetyModel, Rows | int], Any]] = {
    "row": lambda _, rows: rows,
    "unique_id": lambda _, rows: np.asarray(rows, dtype=np.int64) + 1,
    "age": _age,
    "alive": lambda model, rows: model.state.youth.status[rows] != DEAD,
    "neighbourhood": lambda model, rows: model.names[model.state.youth.home[rows]],
    "weight": lambda model, rows: model.state.neighbourhood["weight"][model.state.youth.home[rows]],
    **{name: _stored(name) for name in YouthColumns._fields},
}


def read(model: CitySafetyModel, name: str, rows: Rows) -> Values:
    """Return a column for some rows, wide enough to add up in: int64, float64, bool or text.

    Raises
    ------
    AttributeError
        If youths have no such field.
    """
    if name not in COLUMNS:
        raise AttributeError(f"youths have no {name}; {did_you_mean(name, COLUMNS, most=30)}")
    values = np.asarray(COLUMNS[name](model, rows))
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
        value = COLUMNS[self.name](youth.model, youth.row)
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

    def step(self) -> NoReturn:
        """Refuse: the month is lived by `model.step()`, for all at once."""
        refuse_step(repr(self))

    def remove(self) -> NoReturn:
        """Refuse: who lives in the city is decided by the months."""
        refuse("a youth cannot be removed")


for _name in COLUMNS:
    if _name != "row":
        setattr(Youth, _name, YouthField(_name))
