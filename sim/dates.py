"""Months as people read and write them: numbers from 1, and dates where a city says in which month its first one falls.

Month 1 is the first month that is simulated. A month may also be given as a date, a year and a month such as 2028-06;
it is counted from the month in which the city `begins`. `month_number` is the only place where a date becomes a number,
and `sim.levers.enforce` the only one where a number becomes the engine's own count, which is from 0.
"""

from __future__ import annotations

import datetime
import re
from typing import Annotated

from pydantic import BeforeValidator, Field
from pydantic_core import PydanticKnownError

from sim.errors import InputError, field_error, show

__all__ = [
    "DATE",
    "LAST_MONTH",
    "CalendarMonth",
    "FirstMonth",
    "LastMonth",
    "is_numeral",
    "month_date",
    "month_number",
    "month_words",
    "read_date",
    "span_words",
]

LAST_MONTH = 1200
"""The highest number a month can have."""
YEARS = (1900, 2200)
"""First and last year of a date."""

DATE = r"^[0-9]{4}-[0-9]{2}$"
"""Pattern of a date as it is kept."""
_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(-[0-9]{2})?", re.ASCII)
_NUMERAL = re.compile(r"\s*[-+]?[\d.,_' ]+%?\s*")
"""A text that was meant as a number; any other is meant as a date."""


def is_numeral(text: str) -> bool:
    """Return whether a text was meant as a number of months, well written or not, and not as a date."""
    return _NUMERAL.fullmatch(text) is not None


def read_date(value: object) -> str:
    """Return a date as year and month, such as 2028-06; the first day of a month may be named with it.

    Raises
    ------
    PydanticCustomError
        When it is no date; made by `sim.errors.field_error`.
    """
    text = value.isoformat() if isinstance(value, datetime.date) else value
    found = _DATE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise field_error((), f"is {show(value)}; write a year and a month, such as 2028-06")
    if not YEARS[0] <= int(found[1]) <= YEARS[1]:
        raise field_error((), f"is {show(text)}; the year must be from {YEARS[0]} to {YEARS[1]}")
    if not 1 <= int(found[2]) <= 12:
        raise field_error((), f"is {show(text)}; there is no such month, the months of a year are 01 to 12")
    if found[3] not in (None, "-01"):
        raise field_error((), f"is {show(text)}; months are counted, not days, write {found[1]}-{found[2]}")
    return f"{found[1]}-{found[2]}"


def _read_month(value: object) -> object:
    """Return the number of a month, or a date."""
    if isinstance(value, datetime.date) or (isinstance(value, str) and not is_numeral(value)):
        return read_date(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise PydanticKnownError("int_type")
    if value > LAST_MONTH:
        raise PydanticKnownError("less_than_equal", {"le": LAST_MONTH})
    return value


def _read_start(value: object) -> object:
    """Return a month; 0 is read as 1, from the beginning."""
    month = _read_month(value)
    if isinstance(month, int) and month < 0:
        raise PydanticKnownError("greater_than_equal", {"ge": 0})
    return month or 1


def _read_stop(value: object) -> object:
    """Return a month; there is no last month before the first."""
    month = _read_month(value)
    if isinstance(month, int) and month < 1:
        raise PydanticKnownError("greater_than_equal", {"ge": 1})
    return month


CalendarMonth = Annotated[str, BeforeValidator(read_date), Field(pattern=DATE)]
"""A year and a month, such as 2028-06."""
FirstMonth = Annotated[
    Annotated[int, Field(ge=0, le=LAST_MONTH)] | Annotated[str, Field(pattern=DATE)], BeforeValidator(_read_start)
]
"""The month in which something starts, as a file gives it: its number, from 1, or a date. It is kept as 1 where it is 0."""
LastMonth = Annotated[
    Annotated[int, Field(ge=1, le=LAST_MONTH)] | Annotated[str, Field(pattern=DATE)], BeforeValidator(_read_stop)
]
"""The last month of something, as a file gives it: its number, from 1, or a date."""


def month_number(given: int | str, begins: str | None) -> int:
    """Return the number of a month, from 1.

    Parameters
    ----------
    given
        A number, 0 standing for 1, or a date such as "2028-06".
    begins
        The date of month 1, or None where the city has none.

    Raises
    ------
    InputError
        When a date cannot be counted: the city does not say when it begins, or begins later. The message is to be read
        after the name of the field.
    """
    if isinstance(given, int):
        return max(given, 1)
    if begins is None:
        raise InputError(f"is {given}, but the city does not say when it begins; give begins in its file, or count from 1")
    if (number := _months(given) - _months(begins) + 1) < 1:
        raise InputError(f"is {given}, before the city begins ({begins}); give a later month")
    return number


def month_date(number: int, begins: str) -> str:
    """Return the date of a month, such as "2028-06".

    Parameters
    ----------
    number
        From 1.
    begins
        The date of month 1.
    """
    year, month = divmod(_months(begins) + number - 1, 12)
    return f"{year:04d}-{month + 1:02d}"


def month_words(given: int | str, begins: str | None = None) -> str:
    """Name a month: "month 18", "month 18 (2028-06)" where its date is known, or "2028-06" where only that is."""
    if begins is None:
        return f"month {given}" if isinstance(given, int) else given
    number = month_number(given, begins)
    return f"month {number} ({month_date(number, begins)})"


def span_words(start: int | str, stop: int | str | None, begins: str | None = None) -> str:
    """Say from when to when: "from month 13 to month 36", "in month 13 only", "from month 13 on" where it never stops.

    Parameters
    ----------
    start, stop
        First and last month, as a file gives them; None never stops.
    begins
        The date of month 1; with it, dates are told beside numbers.
    """
    first = month_words(start, begins)
    if stop is None:
        return f"from {first} on"
    last = month_words(stop, begins)
    return f"in {first} only" if first == last else f"from {first} to {last}"


def _months(date: str) -> int:
    """Return the months from the year 0 to a date."""
    year, month = date.split("-")
    return 12 * int(year) + int(month) - 1
