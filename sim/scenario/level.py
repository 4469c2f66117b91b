"""How strongly a measure is used: one level throughout, or one from a month on and another from a later one.

    level: 0.6                                 from the first month with the measure to the last
    level: {0: 1, 24: 0.5}                     months since its first month: halved after two years
    level: {2028-01: 0.4, 2029-01: 1}          dates: a pilot, then the whole

A level by month says what is asked for; how soon the measure follows is its ramp upwards, and its fading downwards
(`sim.processes.doses`). The keys are all months since the start, the first of them 0, or all dates.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import ConfigDict, TypeAdapter, ValidatorFunctionWrapHandler, WrapValidator
from pydantic_core import PydanticCustomError

from sim.dates import LAST_MONTH, is_numeral, read_date
from sim.errors import field_error, show
from sim.scenario.fields import Share

__all__ = ["MOST_CHANGES", "Level", "as_json", "highest", "is_dated", "late_start", "level_text", "read_level", "times"]

MOST_CHANGES = 240
"""Most entries of a level by month."""

_CONFIG = ConfigDict(strict=True, allow_inf_nan=False)
_SHARE: TypeAdapter[float] = TypeAdapter(Share, config=_CONFIG)
_SHARES: TypeAdapter[dict[str, float]] = TypeAdapter(dict[str, Share], config=_CONFIG)


def _read_level(value: Any, _: ValidatorFunctionWrapHandler) -> Any:
    """Return a level: a number as it is, a mapping with its months read and in order."""
    if not isinstance(value, Mapping):
        return _SHARE.validate_python(value)
    if not value:
        raise field_error((), "is empty; give a number, or a level from month 0 on, such as {0: 1, 24: 0.5}")
    if len(value) > MOST_CHANGES:
        raise field_error((), f"has {len(value)} entries; it can have at most {MOST_CHANGES}")
    levels: dict[int | str, float] = {}
    for text, level in _SHARES.validate_python({_text_of(month): each for month, each in value.items()}).items():
        month = _month_of(text)
        if month in levels:
            raise field_error((text,), "gives the level of the same month a second time; keep one of them")
        levels[month] = level
    dates = [month for month in levels if isinstance(month, str)]
    if 0 < len(dates) < len(levels):
        raise field_error((dates[0],), "is a date among months since the start; write all of them the one way or the other")
    if not dates and 0 not in levels:
        first = min(month for month in levels if isinstance(month, int))
        says = f"is the first month given; say the level from the start on too, such as 0: 0 for none until month {first}"
        raise field_error((str(first),), says)
    return dict(sorted(levels.items(), key=lambda entry: entry[0]))


Level = Annotated[Share | dict[int | str, Share], WrapValidator(_read_level)]
"""The level of a measure: a share, or a share by the month from which on it holds."""
_LEVEL: TypeAdapter[float | dict[int | str, float]] = TypeAdapter(Level, config=_CONFIG)


def read_level(value: Any) -> float | dict[int | str, float]:
    """Return a level as a file or `as_json` gives it, checked; pydantic's `ValidationError` where it is none."""
    return _LEVEL.validate_python(value)


def as_json(level: float | Mapping[int | str, float]) -> float | dict[str, float]:
    """Return a level as JSON can hold it: `read_level` reads it again."""
    return {str(month): each for month, each in level.items()} if isinstance(level, Mapping) else float(level)


def is_dated(level: float | Mapping[int | str, float]) -> bool:
    """Return whether a level goes by dates, and not by months since the measure's start."""
    return isinstance(level, Mapping) and any(isinstance(month, str) for month in level)


def highest(level: float | Mapping[int | str, float]) -> float:
    """Return the highest level that is ever asked for."""
    return max(level.values()) if isinstance(level, Mapping) else level


def times(
    level: float | Mapping[int | str, float], share: float, digits: int | None = None
) -> float | dict[int | str, float]:
    """Return a level times a share of 0 to 1, at every month, rounded where a number of digits is given."""

    def part(full: float) -> float:
        return full * share if digits is None else round(full * share, digits)

    return {month: part(each) for month, each in level.items()} if isinstance(level, Mapping) else part(level)


def level_text(level: float | Mapping[int | str, float]) -> str:
    """Say a level: "0.6", or "1, from its month 25 on 0.5" where it changes; its first month is month 1.

    Examples
    --------
    >>> level_text({0: 1.0, 24: 0.5})
    '1, from its month 25 on 0.5'
    >>> level_text({"2028-01": 0.4, "2029-01": 1.0})
    '0.4 from 2028-01, 1 from 2029-01'
    """
    if not isinstance(level, Mapping):
        return f"{level:.12g}"
    if is_dated(level):
        return ", ".join(f"{each:.12g} from {month}" for month, each in level.items())
    (_, first), *later = level.items()
    return ", ".join([f"{first:.12g}", *(f"from its month {int(month) + 1} on {each:.12g}" for month, each in later)])


def late_start(level: float | Mapping[int | str, float], start: str, shown: str) -> tuple[str, str] | None:
    """Return the first date of a level and what is wrong with it where the measure starts before; None where all is well.

    Parameters
    ----------
    level
        The level.
    start
        The date of the measure's first month.
    shown
        That month as a message calls it.
    """
    if not isinstance(level, Mapping) or not is_dated(level):
        return None
    first = str(next(iter(level)))
    if first <= start:
        return None
    return first, f"is the first date given, but the measure starts before it, in {shown}; say the level from then on too"


def _text_of(month: object) -> str:
    """Return a month of a mapping as its text in a file; what is neither a number nor a text is shown and then refused."""
    if isinstance(month, datetime.date):
        return month.isoformat()
    return str(month) if isinstance(month, int | str) and not isinstance(month, bool) else show(month)


def _month_of(text: str) -> int | str:
    """Return a month since the start, or a date."""
    if is_numeral(text):
        if text.isascii() and text.isdigit() and int(text) <= LAST_MONTH:
            return int(text)
        remedy = f"months are whole numbers from 0, the measure's first month, to {LAST_MONTH}"
        raise field_error((text,), f"is given for no month; {remedy}")
    try:
        return read_date(text)
    except PydanticCustomError:
        remedy = "write months since the measure's start, such as 24, or a year and a month, such as 2028-06"
        raise field_error((text,), f"is given for no month; {remedy}") from None
