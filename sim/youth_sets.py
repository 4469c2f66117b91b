"""Youths by the thousand: Mesa's set of agents over columns, without an object for each.

A set says which rows of the youth table, in an order. What is asked of all of them is answered from the columns; a
`Youth` (`sim.youths`) is made only where a function is to be called with one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, NoReturn, Protocol, Self, cast

import numpy as np
import numpy.typing as npt
from mesa.agent import Agent
from mesa.agentset import AbstractAgentSet, GroupBy

from sim.youths import COLUMNS, Rows, Values, Youth, read, refuse, refuse_step

if TYPE_CHECKING:
    import pandas as pd

    from sim.model import CitySafetyModel

__all__ = ["Shuffler", "YouthGroups", "YouthSet"]


class Shuffler(Protocol):
    """Whatever puts an array in a random order: Python's or numpy's generators do."""

    def shuffle(self, x: Any, /) -> object:
        """Put the array in random order, in place."""


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
            refuse("a set of youths cannot be changed in place, take the one that is returned")
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
            refuse("a set of youths cannot be sorted in place, take the one that is returned")
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
            refuse("a set of youths cannot be shuffled in place, take the one that is returned")
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
        return read(self.model, name, self.rows)

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
            if handle_missing == "default" and name not in COLUMNS:
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
            columns = [name for name in COLUMNS if name not in ("row", "peers")]
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
        """Call a function with a view of each (or a method of it), and return what it returned; `step` is refused."""
        if method == "step":
            refuse_step("youths")
        if isinstance(method, str):
            return [getattr(youth, method)(*args, **kwargs) for youth in self]
        return [method(youth, *args, **kwargs) for youth in self]

    # What is refused

    def set(self, attr_name: str, value: Any) -> NoReturn:
        """Refuse: values belong to the model."""
        refuse(f"{attr_name} of youths cannot be set")

    def shuffle_do(self, method: str | Callable[..., Any], *args: Any, **kwargs: Any) -> NoReturn:
        """Refuse: write `shuffle(rng=...).do(...)`, which names the generator of random numbers."""
        if method == "step":
            refuse_step("youths")
        raise TypeError("youths are shuffled with a generator of your own: shuffle(rng=...).do(...)")

    def add(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        refuse("a youth cannot be added")

    def discard(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        refuse("a youth cannot be removed")

    def remove(self, agent: Youth) -> NoReturn:
        """Refuse: a set of youths does not change."""
        refuse("a youth cannot be removed")

    def _update(self, agents: Iterable[Youth]) -> NoReturn:
        refuse("a set of youths cannot be changed in place")
