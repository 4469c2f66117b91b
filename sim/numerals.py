"""Numbers as tables and spreadsheets write them: what is read as a number, and what to write where it is not.

Only plain numbers are ever read: digits, one point, an exponent. What else a person may write (14,000; 14 000; 10%; 0,10;
$14,000; 1/3; n/a) is never turned into a value here, since 14.000 is fourteen to one reader and fourteen thousand to
another. It is turned into advice that names the number to write.
"""

from __future__ import annotations

import math
import re
import unicodedata
from typing import NamedTuple

__all__ = ["Wanted", "advice", "is_missing", "meanings", "plain", "read_plain"]

_WHOLE = re.compile(r"[-+]?[0-9]+", re.ASCII)
_NUMBER = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
_MAYBE_THOUSANDS = re.compile(r"[-+]?[0-9]{1,3}\.000", re.ASCII)
LARGEST_WHOLE = 2.0**53
"""Up to here every whole number has a float of its own."""

_MISSING = frozenset(
    {"na", "n/a", "n.a.", "n.a", "#n/a", "nan", "nil", "none", "null", "missing", "unknown", "tbd", "?", "x", "*"}
    | {".", "..", "...", "-", "--", "---", "#value!", "#div/0!", "#ref!"}
)
_POWERS: dict[str, float] = {
    "k": 1e3, "tsd": 1e3, "thousand": 1e3, "m": 1e6, "mn": 1e6, "mio": 1e6, "million": 1e6, "millions": 1e6,
    "bn": 1e9, "billion": 1e9, "lakh": 1e5, "crore": 1e7,
}  # fmt: skip
_PERCENT = re.compile(r"\s*(%|percent|per cent|pct|p\.c\.)$")
_PARTS = re.compile(
    r"(?P<before>(?:[^0-9.,+-]|[.](?=[^0-9]))*)(?P<sign>[-+]?)(?P<between>[^0-9.,]*)"
    r"(?P<body>[.,]?[0-9][0-9.,'_ ]*)(?P<power>e[-+]?[0-9]+|(?: ?[x*] ?10 ?\^ ?)[-+]?[0-9]+)?(?P<after>[^0-9]*)"
)
_NOTE = re.compile(r" ?[\[(][0-9a-z]{1,2}[\])]$")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[,.'_ ][0-9]{2,3})*[,.'_ ][0-9]{3}")


class Wanted(NamedTuple):
    """What a field takes: whole numbers or any, from `low` to `high`; an open end is not itself part of the range."""

    whole: bool
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    optional: bool = False

    def takes(self, number: float) -> bool:
        """Return whether a number fits."""
        above = number > self.low if self.open_low else number >= self.low
        below = number < self.high if self.open_high else number <= self.high
        return above and below and math.isfinite(number) and (not self.whole or number == int(number))

    @property
    def is_share(self) -> bool:
        """Whether the range is that of a share, as far as its ends go."""
        return not self.whole and self.low >= 0 and 0.9 < self.high <= 1

    def words(self) -> str:
        """Say what is wanted: ``"a whole number from 0 to 1200"``."""
        kind = "a whole number" if self.whole else "a number"
        low = f" {'above' if self.open_low else 'from'} {plain(self.low)}" if math.isfinite(self.low) else ""
        if not math.isfinite(self.high):
            return kind + low.replace("from", "of at least")
        if not low:
            return f"{kind} {'below' if self.open_high else 'of at most'} {plain(self.high)}"
        high = "and below" if self.open_high else "and up to" if self.open_low else "to"
        return f"{kind}{low} {high} {plain(self.high)}"


def read_plain(text: str) -> int | float | None:
    """Return the number that a plain text is by the rules of a scenario file; None where it is none.

    A whole number may be written with zeros behind the point or with an exponent (14000.0, 1e3), as pandas and
    spreadsheets do. Up to three digits before ``.000`` stay a float, since they may mean thousands.
    """
    if _WHOLE.fullmatch(text) and len(text) < 30:
        return int(text)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    whole = abs(number) < LARGEST_WHOLE and number == int(number) and math.copysign(1.0, number) > 0
    return int(number) if whole and not _MAYBE_THOUSANDS.fullmatch(text) else number


def plain(number: float) -> str:
    """Return a number as a scenario file takes it, to twelve digits.

    Examples
    --------
    >>> plain(14000.0), plain(1 / 3)
    ('14000', '0.333333333333')
    """
    if isinstance(number, int) or (abs(number) < 1e15 and number == int(number)):
        return str(int(number))
    return f"{number:.12g}"


def is_missing(text: str) -> bool:
    """Return whether a text says that there is no figure, as tables do: n/a, NA, -, .. and the like."""
    return _tidy(text) in _MISSING


def meanings(text: str) -> tuple[float, ...]:
    """Return the numbers that a text may mean, the likeliest first; none where it is no number at all.

    Examples
    --------
    >>> meanings("14,000"), meanings("0,10"), meanings("10%"), meanings("1.234,56")
    ((14000.0, 14.0), (0.1,), (0.1, 10.0), (1234.56,))
    """
    text = text[:200]
    tidy = _tidy(text)
    if (fraction := _vulgar_fraction(text)) is not None:
        return (fraction,)
    if based := re.fullmatch(r"[-+]?0(x[0-9a-f]+|o[0-7]+|b[01]+)", tidy):
        return (float(int(based[0], 0)),)
    if ratio := re.fullmatch(r"([0-9]+) ?[/⁄] ?([0-9]*[1-9][0-9]*)", tidy):
        return (int(ratio[1]) / int(ratio[2]),)
    if (percent := _PERCENT.search(tidy)) is not None:
        return tuple(number for each in meanings(tidy[: percent.start()]) for number in (round(each / 100, 14), each))
    if tidy.endswith("‰"):
        return tuple(round(each / 1000, 15) for each in meanings(tidy[:-1]))
    parts = _PARTS.fullmatch(_NOTE.sub("", tidy))
    if parts is None or not _is_unit(parts["before"]) or not _is_unit(parts["between"]):
        return ()
    after = parts["after"].strip(" )]*")
    power = _POWERS.get(after, 1.0)
    if power == 1.0 and not _is_unit(after):
        return ()
    exponent = re.search(r"[-+]?[0-9]+$", parts["power"] or "")
    if exponent is not None:
        power *= 10.0 ** max(-300, min(300, int(exponent[0])))
    sign = -1.0 if parts["sign"] == "-" else 1.0
    return tuple(sign * each * power for each in _bodies(parts["body"].strip()) if math.isfinite(each * power))


def advice(text: str, wanted: Wanted, *, quoted: bool = False) -> str:
    """Say what is wanted where a text is no such number, and what to write instead.

    Parameters
    ----------
    text
        What was given.
    wanted
        What the field takes.
    quoted
        Whether the text is in quotes.
    """
    must = f"it must be {'a whole number' if wanted.whole else 'a number'}"
    fits = [number for number in dict.fromkeys(meanings(text)) if wanted.takes(number)]
    if wanted.whole and _PERCENT.search(_tidy(text)):
        fits = []
    if fits and quoted and read_plain(text.strip()) is not None:
        return f"{must} (take away the quotes)"
    if fits:
        choice = " or ".join(plain(number) for number in fits[:2])
        unsure = ", whichever is meant" if len(fits) > 1 else ""
        return f"{must}: write {choice}{' without quotes' if quoted else ''}{unsure}"
    must = f"it must be {wanted.words()}"
    if is_missing(text):
        return f"{must}; where there is no figure, {'leave the key out' if wanted.optional else 'give your best estimate'}"
    if re.fullmatch(r"[0-9]+ ?: ?[0-9]+(:[0-9]+)?", _tidy(text)):
        return f"{must}; write one plain number, not a time or a ratio"
    if span := re.fullmatch(r"([0-9.,]+) ?(?:-|to|bis) ?([0-9.,]+)", _tidy(text)):
        ends = [each[0] for each in (meanings(span[1]), meanings(span[2])) if each]
        middle = sum(ends) / 2 if len(ends) == 2 else math.nan
        return f"{must}; write one number, not a range" + (f", such as {plain(middle)}" if wanted.takes(middle) else "")
    near = [each for number in meanings(text)[:1] if abs(number) > 1 for each in (math.floor(number), math.ceil(number))]
    if wanted.whole and len(set(near)) == 2 and all(map(wanted.takes, near)) and "%" not in text:
        return f"it must be a whole number: round it to {near[0]} or {near[1]}"
    return must


def _tidy(text: str) -> str:
    """Return a text in small letters, with ASCII digits, plain spaces and plain signs, and nothing that is not seen."""
    kept = []
    for character in text[:200]:
        category = unicodedata.category(character)
        if category == "Nd":
            kept.append(str(unicodedata.decimal(character)))
        elif category == "Zs" or character == "\t":
            kept.append(" ")
        elif category == "Pd" or character == "\N{MINUS SIGN}":
            kept.append("-")
        elif category != "Cf":
            kept.append(_SIGNS.get(character, character))
    return " ".join("".join(kept).lower().split())


_SIGNS = {
    "\N{ARABIC DECIMAL SEPARATOR}": ".", "\N{ARABIC THOUSANDS SEPARATOR}": ",", "\N{ARABIC PERCENT SIGN}": "%",
    "\N{ARABIC COMMA}": ",", "\N{FULLWIDTH FULL STOP}": ".", "\N{FULLWIDTH COMMA}": ",", "\N{FULLWIDTH PERCENT SIGN}": "%",
    "\N{RIGHT SINGLE QUOTATION MARK}": "'", "\N{MODIFIER LETTER APOSTROPHE}": "'", "\N{MULTIPLICATION SIGN}": "x",
    "\N{MIDDLE DOT}": ".", "\N{FULLWIDTH PLUS SIGN}": "+",
}  # fmt: skip


def _vulgar_fraction(text: str) -> float | None:
    """Return what a single character such as a half is, with the whole number before it; None where there is none."""
    text = text.strip()
    share = unicodedata.numeric(text[-1], 1.0) if text and unicodedata.category(text[-1]) == "No" else 1.0
    before = _tidy(text[:-1])
    if share >= 1.0 or not re.fullmatch(r"[0-9]{0,9}", before):
        return None
    return int(before or 0) + share


def _is_unit(words: str) -> bool:
    """Return whether the text beside a number is a currency, a unit or a mark of a note: few letters or signs."""
    return len(words) <= 20 and not any(sign in words for sign in ":;/{}\\@&|=^+-")


def _bodies(body: str) -> list[float]:
    """Return what digits with their separators may mean, the likeliest first."""
    seen = {mark for mark in body if mark in ".,"}
    body = body.rstrip("'_ ")
    for mark in "'_ ":
        if mark in body:
            head = re.split(r"[.,]", body, maxsplit=1)[0]
            if not _GROUPED.fullmatch(head):
                return []
            body = body.replace(mark, "")
            return [] if any(each in body for each in "'_ ") else [each for each in _bodies(body) if each >= 1000]
    if len(seen) == 2:
        point = max(body.rindex("."), body.rindex(","))
        whole = body[:point]
        fits = _GROUPED.fullmatch(whole) and body[point] not in whole
        return [float(re.sub(r"[.,]", "", whole) + "." + (body[point + 1 :] or "0"))] if fits else []
    if not seen:
        return [float(body)]
    mark = seen.pop()
    if body.count(mark) > 1:
        return [float(body.replace(mark, ""))] if _GROUPED.fullmatch(body) else []
    as_decimal = float(body.replace(mark, ".") if body != mark else 0)
    if _GROUPED.fullmatch(body) and not body.startswith("0"):
        return [float(body.replace(mark, "")), as_decimal]
    return [as_decimal]
