"""Tables as CSV that a spreadsheet opens safely: the one way in which this project writes CSV.

The bytes are UTF-8 with the mark by which spreadsheets know it, so that accents survive, and every line ends in one
line feed. A text that a spreadsheet could take for a formula gets an apostrophe before it and so stays a text; numbers
stay numbers. `read_csv` takes mark and apostrophes away again, without loss.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import os

    import pandas as pd

__all__ = ["csv_bytes", "guarded", "read_csv", "unguarded"]

_FORMULA = "[=+\\-@\u2212\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u207a\u207b\u207c\u208a\u208b\u208c]"
"""What begins a formula: ``= + - @``, the minus sign, and their wide, small, raised and lowered forms."""
_SPACES = " \u00a0\u1680\u2000-\u200f\u2028\u2029\u202f\u205f\u2060\u3000\ufeff"
_QUOTES = "'\"`\u2018-\u201f\u00ab\u00bb\u2039\u203a\uff02\uff07"
_PASSED_OVER = f"[{_SPACES}{_QUOTES}]"
"""What a spreadsheet, or whoever cleans a table, may take away before a formula: spaces of all kinds, and quotes."""
_BEGINS = "(?:^|(?<=[;\t\r\n]))"
"""Where a cell begins, also in a spreadsheet that divides at semicolons or tabs or does not heed quotes."""
_DANGER = f"(?={_PASSED_OVER}*(?:{_FORMULA}|[\t\r\n]))"
_TO_GUARD = re.compile(_BEGINS + _DANGER)
_GUARDED = re.compile(f"{_BEGINS}'{_DANGER}")


def guarded(text: str) -> str:
    """Return a text with an apostrophe wherever a spreadsheet could begin to read a formula.

    Parameters
    ----------
    text
        The content of a cell.

    Examples
    --------
    >>> guarded("=1+1"), guarded("North-East"), guarded("a; -2")
    ("'=1+1", 'North-East', "a;' -2")
    """
    return _TO_GUARD.sub("'", text)


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given.

    Parameters
    ----------
    text
        What `guarded` returned.
    """
    return _GUARDED.sub("", text)


def csv_bytes(table: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a CSV file; its index is left out.

    Parameters
    ----------
    table
        Columns of numbers, truth values or texts; what is missing becomes an empty cell.
    """
    safe = _with_texts(table, guarded)
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8-sig")


def read_csv(path: str | os.PathLike[str]) -> pd.DataFrame:
    """Return the table that `csv_bytes` made, its texts as they were before they were guarded.

    Parameters
    ----------
    path
        A CSV file that this project wrote. An empty cell is missing; any other text, such as NA, is that text.
    """
    import pandas as pd

    table = pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=[""])
    return _with_texts(table, unguarded)


def _with_texts(table: pd.DataFrame, change: Callable[[str], str]) -> pd.DataFrame:
    """Return a table with its texts changed, those of the heading too; everything else stays as it is."""
    import pandas as pd

    def changed(value: object) -> object:
        return change(value) if isinstance(value, str) else value

    safe = table.copy()
    for name, kind in table.dtypes.items():
        if not (pd.api.types.is_numeric_dtype(kind) or pd.api.types.is_datetime64_any_dtype(kind)):
            safe[name] = table[name].astype(object).map(changed)
    safe.columns = pd.Index([changed(name) for name in table.columns])
    return safe
