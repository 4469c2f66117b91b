"""What an object shows of itself in a session and in a notebook: one short line, and a small table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

__all__ = ["LONGEST", "clipped", "html_table"]

LONGEST = 400
"""Characters of the text that an object shows of itself, at most."""

MOST_ROWS = 40
"""Rows of a table in a notebook; how many more there are is said below."""


def clipped(text: str) -> str:
    """Return a text of at most `LONGEST` characters: what is too long ends with three dots."""
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 4]}...{text[-1]}"


def html_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a titled table as HTML for a notebook; every text is escaped.

    Parameters
    ----------
    title
        What stands above it.
    columns
        Names of the columns.
    rows
        Values of each row, in the order of the columns; numbers are shown with four significant figures.
    """
    listed = list(rows)
    head = "".join(f"<th>{escape(name)}</th>" for name in columns)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in listed[:MOST_ROWS])
    more = f"<p>and {len(listed) - MOST_ROWS} more rows</p>" if len(listed) > MOST_ROWS else ""
    return f"<p>{escape(title)}</p><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{more}"


def _cell(value: object) -> str:
    """Return one cell; numbers stand to the right, and a missing one is an empty cell."""
    if isinstance(value, float):
        return f'<td style="text-align: right">{"" if value != value else _number(value)}</td>'
    if isinstance(value, int) and not isinstance(value, bool):
        return f'<td style="text-align: right">{value:,}</td>'
    return f"<td>{'' if value is None else escape(str(value))}</td>"


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
