"""What was measured, against which bar: a line a figure, printed as one table and kept as JSON."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

__all__ = [
    "RESULTS",
    "Figure",
    "at_least",
    "at_most",
    "medians",
    "note",
    "print_table",
    "spent",
    "write_page",
    "write_results",
]

RESULTS = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[1] / "docs" / "performance.md"
BEGIN = "<!-- figures: written by `python -m benchmarks`, do not edit -->"
END = "<!-- end of figures -->"
# Above this load a core, our own included, elapsed times say little.
BUSY = 0.75
VERSIONS = ("citysafety", "mesa", "numba", "llvmlite", "numpy")


class Figure(NamedTuple):
    """One measured figure.

    `bar` says in words what it should be, `holds` whether it is; both are None where a figure only informs.
    `needs_idle` marks figures of elapsed time, which other work on the machine makes worse.
    """

    key: str
    what: str
    value: float
    unit: str
    bar: str | None = None
    holds: bool | None = None
    needs_idle: bool = False


def at_most(key: str, what: str, value: float, unit: str, bar: float, *, needs_idle: bool = False) -> Figure:
    """Return a figure that holds up to and including the bar."""
    return Figure(key, what, value, unit, f"at most {bar:g}", value <= bar, needs_idle)


def at_least(key: str, what: str, value: float, unit: str, bar: float, *, needs_idle: bool = False) -> Figure:
    """Return a figure that holds from the bar upwards."""
    return Figure(key, what, value, unit, f"at least {bar:g}", value >= bar, needs_idle)


def note(key: str, what: str, value: float, unit: str) -> Figure:
    """Return a figure that only informs."""
    return Figure(key, what, value, unit)


def medians(*tasks: Callable[[], float], rounds: int) -> list[float]:
    """Run several measurements in turn, round after round, and return the median of each."""
    found = [[task() for task in tasks] for _ in range(rounds)]
    return [statistics.median(column) for column in zip(*found, strict=True)]


def _in_words(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def print_table(figures: Iterable[Figure]) -> None:
    """Print one table: what, measured, bar, holds or not."""
    rows = [("what", "measured", "bar", "")]
    for each in figures:
        held = "" if each.holds is None else ("holds" if each.holds else "does not hold")
        if each.holds is False and each.needs_idle and os.getloadavg()[0] > BUSY * (os.cpu_count() or 1):
            held += " (the machine is not idle)"
        rows.append((each.what, f"{_in_words(each.value)} {each.unit}".rstrip(), each.bar or "", held))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, (*widths, 0), strict=True)).rstrip())


def _machine() -> dict[str, Any]:
    """Return what kind of machine this is, without its name or any path."""
    return {
        "architecture": platform.machine(),
        "system": platform.system(),
        "cores": os.cpu_count(),
        "load_average": [round(each, 2) for each in os.getloadavg()],
    }


def write_results(figures: Iterable[Figure], *, seconds: float, path: Path = RESULTS) -> None:
    """Write the figures, what machine made them, with which versions and when."""
    found = {
        "date": datetime.now(UTC).date().isoformat(),
        "seconds": round(seconds),
        "machine": _machine(),
        "versions": {"python": platform.python_version()} | {name: importlib.metadata.version(name) for name in VERSIONS},
        "figures": {
            each.key: {
                "what": each.what,
                "value": float(f"{each.value:.4g}"),
                "unit": each.unit,
                "bar": each.bar,
                "holds": each.holds,
                "needs_idle": each.needs_idle,
            }
            for each in figures
        },
    }
    path.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def write_page(page: Path = PAGE, results: Path = RESULTS) -> None:
    """Put the figures of the results file between the two marks of the page, and leave the rest of it alone."""
    found = json.loads(results.read_text("utf-8"))
    machine, versions = found["machine"], found["versions"]
    lines = [
        f"Measured on {found['date']}: {machine['system']}, {machine['architecture']}, {machine['cores']} cores, load "
        f"{machine['load_average'][0]:.1f} at the end.",
        ", ".join(f"{name} {each}" for name, each in versions.items()) + ".",
        "",
        "| what | measured | bar | |",
        "|---|---|---|---|",
    ]
    for each in found["figures"].values():
        held = "" if each["holds"] is None else ("holds" if each["holds"] else "does not hold")
        if each["holds"] is False and each["needs_idle"] and machine["load_average"][0] > BUSY * machine["cores"]:
            held += " (the machine was not idle)"
        lines.append(f"| {each['what']} | {_in_words(each['value'])} {each['unit']} | {each['bar'] or ''} | {held} |")
    text = page.read_text("utf-8")
    before, rest = text.split(BEGIN)
    page.write_text("\n".join((before + BEGIN, "", *lines, "", END)) + rest.split(END)[1], encoding="utf-8")


def spent(task: Callable[[], Any]) -> float:
    """Return the processor seconds of this thread that a task takes."""
    before = time.thread_time()
    task()
    return time.thread_time() - before
