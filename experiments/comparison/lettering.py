"""Which texts a figure can draw truly, with which fonts, and what it writes where it cannot.

A text is drawn as it stands where one installed font has all of its letters and matplotlib can set its script. Otherwise
the figure writes the plain name instead: the name of a policy or city, "area 12" for the twelfth neighbourhood of the
city file. Reports and tables always hold the real text.
"""

from __future__ import annotations

import dataclasses
import logging
import textwrap
import threading
import unicodedata
from collections.abc import Callable
from functools import cache, wraps
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.scenario import City

__all__ = ["families", "fitted", "is_drawable", "legible", "name_in_figures", "plainly", "undrawn"]

NAME_WIDTH = 26
"""Characters of a name on one line beside an axis; longer names are broken."""
FIRST = "DejaVu Sans"
"""The font of every figure; it comes with matplotlib."""
SETS_SCRIPTS = (3, 11)
"""The first version of matplotlib that joins and orders the letters of every script (it brings libraqm)."""
NO_LETTERS = ("Last Resort", "LastResort", "Color Emoji", "Noto Emoji Color", "STIXNonUnicode", "Adobe Blank")
"""Fonts that have a glyph for a letter and yet do not show it, or that cannot be drawn as outlines."""
PREFERRED = ("Noto Sans", "Source Han Sans", "Arial Unicode", "Microsoft YaHei", "PingFang", "Nirmala", "Segoe UI", "Lohit")
_JOINING = ((0x0900, 0x109F), (0x1100, 0x11FF), (0x1780, 0x18AF))
"""From India to Burma, the parts of Korean syllables, Khmer and Mongolian."""
CURRENCY = "units of currency"

_FOUND: dict[str, None] = {}
_LOCK = threading.Lock()


def families() -> tuple[str, ...]:
    """Return the fonts that texts of this process have needed besides the first, in the order they were met."""
    with _LOCK:
        return tuple(_FOUND)


def is_drawable(text: str) -> bool:
    """Return whether a figure can show a text truly; the font it needs is used from then on.

    Parameters
    ----------
    text
        A title or name.
    """
    if text.isascii():
        return True
    family = _family(text)
    if family is None:
        return False
    if family != FIRST:
        with _LOCK:
            _FOUND[family] = None
    return True


def plainly[**P, R](draw: Callable[P, R]) -> Callable[P, R]:
    """Let `draw` meet only titles that it can draw, with the fonts that they need.

    What it is given goes through `legible`. That a font has no bold face is not said: titles then have the face there is.
    """
    any_draw: Callable[..., R] = draw

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        import matplotlib as mpl

        given, named = [legible(each) for each in args], {key: legible(each) for key, each in kwargs.items()}
        logger = logging.getLogger("matplotlib.font_manager")
        before = logger.level
        logger.setLevel(logging.ERROR)
        try:
            with mpl.rc_context({"font.family": ["sans-serif", *families()]}):
                return any_draw(*given, **named)
        finally:
            logger.setLevel(before)

    return drawn


def legible[Value](value: Value) -> Value:
    """Return what a figure draws from, with names in place of the titles that it cannot draw.

    Parameters
    ----------
    value
        A city, a policy, or any record that holds such: dataclasses, named tuples, tuples, lists and dicts are gone
        through. What needs no change is returned itself.
    """
    changed: Any = _legible(value, 4)
    return changed  # type: ignore[no-any-return]


def name_in_figures(name: str, place: int) -> str:
    """Return a neighbourhood's name for a table, with what figures call it where they cannot draw it.

    Parameters
    ----------
    name
        As the city file has it.
    place
        Its place in the city file, from 0.
    """
    return name if is_drawable(name) else f"{name} (area {place + 1})"


def undrawn(comparison: Comparison) -> list[str]:
    """Say in one sentence each which titles and neighbourhoods figures call by a plain name; empty where none.

    Parameters
    ----------
    comparison
        What was compared.
    """
    named = [f"{arm.name} for {arm.title}" for arm in comparison.arms if not is_drawable(arm.title)]
    says = []
    if named:
        says.append(f"No font of this computer has the letters of some titles, so figures write {', '.join(named)}.")
    lost = [place.name for place in comparison.city.neighbourhoods if not is_drawable(place.name)]
    if lost:
        says.append(
            f"No font of this computer has the letters of {len(lost)} neighbourhoods; figures write their place in the "
            "city file instead, such as area 1 for the first."
        )
    return says


def _legible(value: Any, depth: int) -> Any:
    """Return a value with drawable titles, or itself; looked at `depth` levels down."""
    from pydantic import BaseModel

    if depth == 0 or value is None or isinstance(value, str | int | float | bytes):
        return value
    if isinstance(value, tuple | list) and not hasattr(value, "_fields"):
        parts = [_legible(each, depth - 1) for each in value]
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else type(value)(parts)
    if isinstance(value, dict):
        items = {key: _legible(each, depth - 1) for key, each in value.items()}
        return value if all(items[key] is value[key] for key in value) else items
    if isinstance(value, BaseModel):
        changes = _renamed(value)
        return value.model_copy(update=changes) if changes else value
    if dataclasses.is_dataclass(value):
        fields = {field.name: getattr(value, field.name) for field in dataclasses.fields(value) if field.init}
        changes = _changes(value, fields, depth)
        return dataclasses.replace(value, **changes) if changes else value  # type: ignore[type-var]
    if hasattr(value, "_replace"):
        changes = _changes(value, value._asdict(), depth)
        return value._replace(**changes) if changes else value
    return value


def _changes(value: Any, fields: dict[str, Any], depth: int) -> dict[str, Any]:
    parts = {name: _legible(each, depth - 1) for name, each in fields.items()}
    return {name: each for name, each in parts.items() if each is not fields[name]} | _renamed(value)


def _renamed(value: Any) -> dict[str, Any]:
    """Return the fields of one record that must be called by a plain name."""
    from sim.scenario import City

    changes: dict[str, Any] = {}
    title, name = getattr(value, "title", None), getattr(value, "name", None)
    if isinstance(title, str) and isinstance(name, str) and not is_drawable(title):
        changes["title"] = name if is_drawable(name) else ascii(name)
    if isinstance(value, City):
        changes |= _plain_places(value)
        if not is_drawable(value.currency):
            changes["currency"] = CURRENCY
    return changes


def _plain_places(city: City) -> dict[str, Any]:
    """Return the neighbourhoods with drawable names, if any has to change."""
    lost = {place.name: f"area {number}" for number, place in enumerate(city.neighbourhoods, start=1)}
    lost = {name: plain for name, plain in lost.items() if not is_drawable(name)}
    if not lost:
        return {}
    places = [
        place.model_copy(update={"name": lost[place.name]}) if place.name in lost else place for place in city.neighbourhoods
    ]
    return {"neighbourhoods": tuple(places)}


@cache
def _family(text: str) -> str | None:
    """Return the one font that has all letters of a text, None where no font has or its script cannot be set."""
    import matplotlib as mpl

    needed = {ord(each) for each in text if not each.isspace()}
    if any(map(_is_sequence, text)) or (mpl.__version_info__[:2] < SETS_SCRIPTS and any(map(_must_be_set, text))):
        return None
    missing = needed - _letters(FIRST)
    if not missing:
        return FIRST
    return next((family for family in _installed() if missing <= _letters(family)), None)


def _is_sequence(character: str) -> bool:
    """Return whether a character joins others to one picture, which outline fonts do not hold: emoji of several parts."""
    code = ord(character)
    return 0x1F1E6 <= code <= 0x1F1FF or 0x1F3FB <= code <= 0x1F3FF or code >= 0xE0000 or code == 0x20E3


def _must_be_set(character: str) -> bool:
    """Return whether a character is of a script whose letters join, move or run from right to left."""
    code = ord(character)
    right_to_left = unicodedata.bidirectional(character) in ("R", "AL", "AN")
    is_mark = unicodedata.category(character) in ("Mn", "Mc", "Cf")
    return right_to_left or is_mark or any(first <= code <= last for first, last in _JOINING)


@cache
def _installed() -> tuple[str, ...]:
    """Return the families that can be drawn, those made for many scripts first."""
    from matplotlib.font_manager import fontManager

    found = sorted({font.name for font in fontManager.ttflist if not any(bad in font.name for bad in NO_LETTERS)})
    return tuple(sorted(found, key=lambda name: not name.startswith(PREFERRED)))


@cache
def _letters(family: str) -> frozenset[int]:
    """Return the characters that a family has in its ordinary and in its bold face."""
    from matplotlib.font_manager import fontManager, get_font

    faces = [face for face in fontManager.ttflist if face.name == family and face.style == "normal"]
    usual = [face for face in faces if face.weight in (400, "normal", "regular", 700, "bold")]
    try:
        fonts = [get_font(face.fname) for face in usual or faces]
    except (OSError, RuntimeError, ValueError):
        return frozenset()
    letters = [frozenset(font.get_charmap()) if font.scalable else frozenset[int]() for font in fonts]
    return frozenset.intersection(*letters) if letters else frozenset()


def fitted(name: str, width: int = NAME_WIDTH) -> str:
    """Break a name that is too long for its place into lines of so many characters at most."""
    return textwrap.fill(name, width) if len(name) > width else name
