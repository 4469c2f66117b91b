"""The types of every table of records, made from the tables themselves: `sim/state/views.pyi`, which type checkers read.

    python -m experiments.publish.typed_views      rewrite sim/state/views.pyi; needed after a field or parameter changed

numpy's types know that an array holds records, and not which fields a record has. With these views a type checker refuses
a field that no table has, and a number where a count is meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from sim.level_tables import CONDITION, LEVEL_CHANGE, RULE
from sim.levers import LEVER, PROGRAMME
from sim.outcomes import OUTCOME
from sim.parameters import make_parameters
from sim.state import CITY_STATE, GANG, GROUP, NEIGHBOURHOOD, POLICE

__all__ = ["VIEWS", "main", "text"]

VIEWS = Path(__file__).parents[2] / "sim" / "state" / "views.pyi"

ROWS: dict[str, tuple[np.dtype[Any], str]] = {
    "Neighbourhood": (NEIGHBOURHOOD, "one neighbourhood: a row of `City.neighbourhood`"),
    "Gang": (GANG, "one gang slot: a row of `City.gang`"),
    "Police": (POLICE, "the police of one neighbourhood: a row of `City.police`"),
    "Group": (GROUP, "one community group: a row of `City.group`"),
    "CityState": (CITY_STATE, "the city as a whole: the row of `City.city_state`"),
    "Levers": (LEVER, "the levers of one neighbourhood: a row of `City.levers`"),
    "Measure": (PROGRAMME, "one measure in force: a row of `City.programme`"),
    "LevelChange": (LEVEL_CHANGE, "one change of the level of a measure: a row of `City.level_changes`"),
    "Rule": (RULE, "one rule by which a measure goes to another level: a row of `City.rules`"),
    "Condition": (CONDITION, "one condition of a rule: a row of `City.conditions`"),
    "Outcomes": (OUTCOME, "the outcomes of one neighbourhood: a row of `City.outcome`"),
}

HEAD = '''"""The fields of every table of records, for type checkers alone.

Made by `python -m experiments.publish.typed_views`; do not edit it, and make it again after a table or parameter changed.
"""

from typing import Any, overload

import numpy as np
import numpy.typing as npt

class Table[Row](np.ndarray[tuple[int], np.dtype[Any]]):
    """A table of records: a row by its number, a column by its name."""

    @overload  # type: ignore[override]
    def __getitem__(self, key: int | np.integer[Any], /) -> Row: ...
    @overload
    def __getitem__(self, key: str, /) -> npt.NDArray[Any]: ...
    @overload
    def __getitem__(self, key: slice | npt.NDArray[Any] | list[int], /) -> Table[Row]: ...
    def __setitem__(self, key: Any, value: Any, /) -> None: ...
    def copy(self, order: Any = ...) -> Table[Row]: ...

class Record:
    """A row of a table: its fields are attributes, and can be read by name."""

    def __getitem__(self, field: str, /) -> Any: ...
    def __setitem__(self, field: str, value: Any, /) -> None: ...
'''


def text() -> str:
    """Return what `sim/state/views.pyi` must hold."""
    params = make_parameters()
    rows = ROWS | {
        record_name(process): (table.dtype, f"the parameters of `{process}`: the row of `Parameters.{process}`")
        for process, table in params._asdict().items()
    }
    return HEAD + "".join(_row(name, dtype, says) for name, (dtype, says) in rows.items())


def record_name(process: str) -> str:
    """Return the name of the view of a process's parameters."""
    return f"{process.title().replace('_', '')}Parameters"


def _row(name: str, dtype: np.dtype[Any], says: str) -> str:
    """Return the view of one kind of row."""
    fields = [(field, dtype[field].kind) for field in dtype.names or ()]
    lines = [f"    {field}: {'int' if kind == 'i' else 'float'}" for field, kind in fields]
    return "\n".join(["", f"class {name}(Record):", f'    """{says[0].upper()}{says[1:]}."""', "", *lines, ""])


def main() -> None:
    """Write the file."""
    VIEWS.write_text(text(), "utf-8")
    print(VIEWS.relative_to(VIEWS.parents[1]))


if __name__ == "__main__":
    main()
