"""How `citysafety show` sets out what it says: a title, paragraphs, and sections of a heading and its lines."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

__all__ = ["WIDTH", "paragraph", "section", "wrapped"]

WIDTH = 100
"""Characters of a line."""


def paragraph(text: str) -> list[str]:
    """Return a text as lines that are set in."""
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)


def section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Yield a heading and its lines, each with a dash where there are several; nothing where there is none.

    Parameters
    ----------
    heading
        What the lines tell.
    lines
        Texts of any length; empty ones are left out.
    """
    told = [line for line in lines if line]
    if not told:
        return
    yield ""
    yield f"  {heading}"
    opening = "    - " if len(told) > 1 else "    "
    for line in told:
        yield from textwrap.wrap(
            line, WIDTH, initial_indent=opening, subsequent_indent=" " * len(opening), break_on_hyphens=False
        )


def wrapped(label: str, text: str) -> list[str]:
    """Return a label and its text, the lines below the first set in under the text."""
    return textwrap.wrap(f"{label}  {text}", WIDTH, subsequent_indent=" " * (len(label) + 2), break_on_hyphens=False)
