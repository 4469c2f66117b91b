"""Values put into a file of YAML in place: every other byte stays, comments, line ends and a byte order mark included.

The parser itself says where a value begins and ends. Only that span is replaced, and nothing at all where the value is
the same. A key that the mapping lacks is added after its last value. The new text is read once more before it is
returned: a tree that differs from the old one by anything but the new values is refused.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from sim.errors import InputError
from sim.files import parse_mapping

__all__ = ["splice_values"]

Plain = str | int | float
WIDTH = 110
_BREAK = re.compile(r"\r\n|[\r\n\x85\u2028\u2029]")
_HEADER_COMMENT = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\r\n\x85\u2028\u2029]*)")


class _Entry(NamedTuple):
    """A value of a mapping: where it begins and ends in the text, and whether it is a scalar."""

    start: int
    end: int
    scalar: bool


class _Found(NamedTuple):
    """A mapping at the top of the file: its values by key, the column of its keys, and whether it is written in braces."""

    entries: dict[str, _Entry]
    column: int
    braces: bool


def splice_values(text: str, mapping: str, values: Mapping[str, Plain], shown: str) -> str:
    """Return the text of a file with some values of one mapping replaced or added.

    Parameters
    ----------
    text
        A plain YAML document, as `sim.files.parse_mapping` reads it; a byte order mark may stand first.
    mapping
        A key at the top of the file, whose value is a mapping.
    values
        New values by key. Texts hold neither quotes, backslashes nor line ends.
    shown
        What to call the file in a message.

    Raises
    ------
    InputError
        When the file cannot be read, has no such mapping, or is written so that no value can be put into it safely.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    before = parse_mapping(body, shown)
    old = before.get(mapping)
    if not isinstance(old, dict) or not old:
        raise InputError(f"{shown}: {mapping} is missing; write the block as `citysafety new-city NAME` does")
    try:
        found = _find(body, mapping)
        spliced = _spliced(body, found, {key: value for key, value in values.items() if old.get(key) != value})
        after = parse_mapping(spliced, shown)
    except (InputError, yaml.YAMLError, KeyError) as error:
        raise _refusal(shown, mapping) from error
    if after != before | {mapping: old | dict(values)}:
        raise _refusal(shown, mapping)
    return mark + spliced


def _refusal(shown: str, mapping: str) -> InputError:
    remedy = "write it as a plain block, a key and its value a line"
    return InputError(f"{shown}: {mapping} is written in a way that cannot be changed in place; {remedy}")


def _find(text: str, mapping: str) -> _Found:
    """Return where the values of a mapping at the top of the file stand."""
    # The parser of `sim.files`: the one in Python refuses tabs that the one in C reads.
    events = iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            break
    for key in events:
        if not isinstance(key, yaml.ScalarEvent):
            break
        value = next(events)
        if _name(key) == mapping and isinstance(value, yaml.MappingStartEvent):
            return _entries(value, events, text)
        _skip(value, events)
    raise KeyError(mapping)


def _entries(opened: Any, events: Iterator[Any], text: str) -> _Found:
    entries: dict[str, _Entry] = {}
    column = 0
    for key in events:
        if isinstance(key, yaml.MappingEndEvent):
            return _Found(entries, column, bool(opened.flow_style))
        if not entries:
            column = key.start_mark.column
        value = next(events)
        start: int = value.start_mark.index
        end = _skip(value, events)
        if isinstance(value, yaml.ScalarEvent):
            # A value in block style ends where the next line begins: what stands between two values is not its own.
            end = start + len(text[start:end].rstrip(" \t\r\n\x85\u2028\u2029"))
        entries[_name(key)] = _Entry(start, end, isinstance(value, yaml.ScalarEvent))
    raise KeyError


def _name(key: Any) -> str:
    return unicodedata.normalize("NFC", key.value)


def _skip(event: Any, events: Iterator[Any]) -> int:
    """Pass over a whole value and return where it ends."""
    depth = 0
    while True:
        depth += isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent)
        depth -= isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent)
        if depth == 0:
            return int(event.end_mark.index)
        event = next(events)


def _spliced(text: str, found: _Found, changed: Mapping[str, Plain]) -> str:
    first = _BREAK.search(text)
    newline = first.group() if first else "\n"
    # Between braces a text stays on its line, whatever else stands there.
    fold = None if found.braces else f"{newline}{' ' * (found.column + 2)}"
    pieces: list[tuple[int, int, str]] = []
    added = ""
    for key, value in changed.items():
        if key not in found.entries:
            new = f"{key}: {_written(value, fold)}"
            added += f", {new}" if found.braces else f"{newline}{' ' * found.column}{new}"
            continue
        start, end, scalar = found.entries[key]
        if not scalar:
            raise KeyError(key)
        comment = _HEADER_COMMENT.match(text, start, end)
        gap = " " if text[start - 1 : start] == ":" else ""
        pieces.append((start, end, gap + _written(value, fold) + (f" {comment[1]}" if comment else "")))
    if added:
        last = max(entry.end for entry in found.entries.values())
        if not found.braces:
            following = _BREAK.search(text, last)
            last = following.start() if following else len(text)
        pieces.append((last, last, added))
    for start, end, new in sorted(pieces, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _written(value: Plain, fold: str | None) -> str:
    """Return a value as YAML: a number as Python writes it, a text in double quotes, folded where it is long and may be."""
    if not isinstance(value, str):
        return repr(value)
    lines = textwrap.wrap(value, WIDTH, break_long_words=False, break_on_hyphens=False) if fold else [value]
    return '"' + (fold or "").join(lines) + '"'
