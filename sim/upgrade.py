"""Rewriting files of earlier versions in today's names: every other byte stays, comments and line ends included.

The parser says where each name begins and ends, and only these spans are replaced, and the number of the form (`schema`)
set or added. The new text is read once more before it is returned: a tree that differs from the old one by anything but the
new names is refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import yaml

from sim.errors import InputError, show
from sim.files import parse_mapping
from sim.renamed import SCHEMA, table_of, with_new_names

__all__ = ["Change", "Upgraded", "is_ours", "upgraded_text"]

_MARKS: tuple[tuple[str, ...], ...] = (
    ("neighbourhoods", "levels"),
    ("name", "measures"),
    ("name", "kind"),
    ("arms", "expected"),
    ("city", "policies"),
)
"""Keys at the top of a city, a policy, a shock, a case and a scenario."""


class Change(NamedTuple):
    """One name that was replaced."""

    line: int
    old: str
    new: str


class Upgraded(NamedTuple):
    """A file in today's names."""

    text: str
    changes: tuple[Change, ...]
    """The names that were replaced, in the order of the file; the number of the form is not among them."""


class _Span(NamedTuple):
    """A part of a text, from the first character to the one after the last, and what to put there."""

    start: int
    end: int
    text: str


def is_ours(values: Mapping[str, Any]) -> bool:
    """Return whether the tree of a file is that of a city, policy, shock, case or scenario, whatever its version.

    Parameters
    ----------
    values
        The tree, as `sim.files.parse_mapping` returns it.
    """
    return any(all(key in values for key in keys) for keys in _MARKS)


def upgraded_text(text: str, shown: str) -> Upgraded:
    """Return the text of a file in today's names, with the number of today's form.

    Parameters
    ----------
    text
        The text of a city, policy, shock, case or scenario file of any earlier version, or of this one.
    shown
        What to call the file in a message.

    Raises
    ------
    InputError
        When the file cannot be read, is none of these, is of a later version, holds an old and a new name for the same
        thing, or is written so that a name cannot be replaced safely.
    """
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    body = text.removeprefix(mark)
    before = parse_mapping(body, shown)
    if not is_ours(before):
        raise InputError(f"{shown}: this is no city, policy, shock, case or scenario; give the path of such a file")
    form = before.get("schema", SCHEMA)
    if not isinstance(form, int) or isinstance(form, bool) or not 1 <= form <= SCHEMA:
        raise InputError(f"{shown}: schema is {show(form)}; this version upgrades files of the forms 1 to {SCHEMA}")
    wanted = {"schema": SCHEMA} | with_new_names(before) | {"schema": SCHEMA}
    changes: list[Change] = []
    spans = [*_spans(body, changes), *_form(body)]
    for start, end, new in sorted(spans, reverse=True):
        body = body[:start] + new + body[end:]
    try:
        after = parse_mapping(body, shown)
    except InputError as error:
        both = next((each.new for each in changes if f"the key {each.new!r} twice" in str(error)), None)
        if both is not None:
            old = next(each for each in changes if each.new == both)
            says = f"line {old.line} sets {old.old}, which is called {both} now, and {both} is set too; remove one of them"
            raise InputError(f"{shown}: {says}") from None
        raise _refusal(shown) from error
    if after != wanted:
        raise _refusal(shown)
    return Upgraded(mark + body, tuple(changes))


def _refusal(shown: str) -> InputError:
    return InputError(f"{shown}: an old name is written in a way that cannot be replaced in place; write it as plain text")


def _events(text: str) -> Iterator[Any]:
    """Yield what the parser of `sim.files` sees: the one in Python refuses tabs that the one in C reads."""
    return iter(yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)))


def _spans(text: str, changes: list[Change]) -> Iterator[_Span]:
    """Yield where old names stand, and note each as a change."""
    events = _events(text)
    for event in events:
        if isinstance(event, yaml.MappingStartEvent):
            yield from _in_mapping(text, events, None, changes)


def _in_mapping(text: str, events: Iterator[Any], owner: str | None, changes: list[Change]) -> Iterator[_Span]:
    while not isinstance(key := next(events), yaml.MappingEndEvent):
        yield from _in_scalar(text, key, owner, changes)
        yield from _in_value(text, next(events), events, key.value, changes)


def _in_value(text: str, value: Any, events: Iterator[Any], owner: str | None, changes: list[Change]) -> Iterator[_Span]:
    if isinstance(value, yaml.ScalarEvent):
        yield from _in_scalar(text, value, owner, changes)
    elif isinstance(value, yaml.MappingStartEvent):
        yield from _in_mapping(text, events, owner, changes)
    else:
        while not isinstance(item := next(events), yaml.SequenceEndEvent):
            yield from _in_value(text, item, events, owner, changes)


def _in_scalar(text: str, scalar: Any, owner: str | None, changes: list[Change]) -> Iterator[_Span]:
    new = table_of(owner).get(scalar.value)
    if new is None:
        return
    start, end = scalar.start_mark.index, scalar.end_mark.index
    changes.append(Change(scalar.start_mark.line + 1, scalar.value, new))
    yield _Span(start, end, text[start:end].replace(scalar.value, new, 1))


def _form(text: str) -> Iterator[_Span]:
    """Yield where the number of the form goes: in place of an older one, or as a line of its own before the first key."""
    events = _events(text)
    opened = next(event for event in events if isinstance(event, yaml.MappingStartEvent))
    first: Any = None
    depth = 0
    for event in events:
        if depth == 0 and isinstance(event, yaml.ScalarEvent):
            first = first or event
            value = next(events)
            if event.value == "schema":
                yield _Span(value.start_mark.index, value.end_mark.index, str(SCHEMA))
                return
            depth += isinstance(value, yaml.CollectionStartEvent)
        else:
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
    start = first.start_mark.index
    if opened.flow_style:
        yield _Span(start, start, f"schema: {SCHEMA}, ")
    else:
        line_end = "\r\n" if "\r\n" in text else "\n"
        yield _Span(start, start, f"schema: {SCHEMA}{line_end}{' ' * first.start_mark.column}")
