"""Windows: parts of a run that a user asks about, by the numbers or the dates of their first and last month."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sim.dates import month_number
from sim.errors import InputError, show

__all__ = ["check_windows", "read_windows", "said_months"]

Window = tuple[int, int]

_MONTH = r"[0-9]{4}-[0-9]{2}|[0-9]{1,6}"
_WINDOW = re.compile(
    rf"\s*(?:({_MONTH})\s*\.\.\s*({_MONTH})|([0-9]{{1,6}})-([0-9]{{1,6}})|([0-9]{{4}}-[0-9]{{2}})-([0-9]{{4}}-[0-9]{{2}}))\s*"
)
EXAMPLES = "--window 15-36 or, in a city that says when it begins, --window 2028-03..2029-12"


def read_windows(texts: Sequence[str], months: int, begins: str | None) -> tuple[Window, ...]:
    """Return the windows that --window asks for, in the order given.

    Parameters
    ----------
    texts
        Each two months with a dash or two dots between them: "15-36", "15..36", "2028-03..2029-12" or "2028-03-2029-12".
    months
        How long the run is.
    begins
        The date of month 1, or None where the city has none.

    Raises
    ------
    InputError
        Where a text is no window, the run does not hold it, or it is given twice.
    """
    windows = [_read(text, begins) for text in texts]
    check_windows(windows, months, shown=[f"--window {text.strip()}" for text in texts])
    return tuple(windows)


def check_windows(windows: Sequence[Window], months: int, *, shown: Sequence[str] = ()) -> None:
    """Raise `InputError` where a window is none, lies outside a run of so many months, or comes twice.

    Parameters
    ----------
    windows
        First and last month of each, from 1.
    months
        How long the run is.
    shown
        What to call each in a message; its numbers when left out.
    """
    names = list(shown) or [f"window {first}-{last}" for first, last in windows]
    for place, ((first, last), name) in enumerate(zip(windows, names, strict=True)):
        if first < 1 or last < 1:
            raise InputError(f"{name}: months count from 1; write {max(first, 1)}-{max(last, 1)}")
        if last < first:
            raise InputError(f"{name}: ends in month {last}, before it begins in month {first}; write {last}-{first}")
        if last > months:
            remedy = f"end it at {months}, or ask for {last} months"
            if first > months:
                remedy = f"ask for {last} months"
            raise InputError(f"{name}: ends in month {last}, but the run has {months} months; {remedy}")
        if (first, last) in windows[:place]:
            raise InputError(f"{name}: months {first} to {last} are asked for twice; keep one")


def said_months(months: int, window: Window | None) -> str:
    """Return how a heading tells the length of the runs, and the months over which outcomes were averaged."""
    return f"{months} months" if window is None else f"months {window[0]} to {window[1]} of {months}"


def _read(text: str, begins: str | None) -> Window:
    found = _WINDOW.fullmatch(text)
    if found is None:
        raise InputError(f"--window {show(text)}: this is no first and last month; write {EXAMPLES}")
    ends = [end for end in found.groups() if end is not None]
    first, last = (_month(end, text, begins) for end in ends)
    if found[3] and first > 1200 >= last and last <= 12:
        raise InputError(
            f"--window {text.strip()}: this is one month, and a window has a first and a last; write {EXAMPLES}"
        )
    return first, last


def _month(end: str, text: str, begins: str | None) -> int:
    if "-" not in end:
        return int(end)
    if not 1 <= int(end[5:]) <= 12:
        raise InputError(f"--window {text.strip()}: {end} is no month; the months of a year are 01 to 12")
    try:
        return month_number(end, begins)
    except InputError as error:
        raise InputError(f"--window {text.strip()}: a month {error}") from None
