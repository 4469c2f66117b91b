"""Measures that a plugin adds to those of the framework: kept by their row for as long as the process runs.

A policy that was checked holds what such a measure declares (`sim.scenario.policy.MeasureUse.own`), so nothing that runs
looks anything up here: worker processes and clusters know the measure because they are given the policy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.measures.declaration import Measure

__all__ = ["add", "added", "alone", "origin", "restored"]

_added: dict[str, tuple[Measure, str]] = {}
"""Each measure by its row, with the file or the package that it comes from."""


def added() -> tuple[Measure, ...]:
    """Return the measures that were added, in the order in which they were."""
    return tuple(measure for measure, _ in _added.values())


def add(measures: Iterable[Measure], origin: str) -> None:
    """Add measures; those of the same row and origin are replaced.

    Parameters
    ----------
    measures
        Checked ones, see `sim.measures.own`.
    origin
        The file or the package that they come from, as a message names it.

    Raises
    ------
    InputError
        When a row or name is taken by a measure of another origin; nothing is added then.
    """
    from sim.errors import InputError

    new = {measure.row: (measure, origin) for measure in measures}
    for row, (measure, _) in new.items():
        for other, where in _added.values():
            is_taken = row == other.row or measure.name == other.name
            if is_taken and where != origin and measure != other:
                says = f"measure {row} ({measure.name}) has the row or the name of one that {where} adds"
                raise InputError(f"{origin}: {says}; give only one of the two, or change row and name")
    for row in [row for row, (_, where) in _added.items() if where == origin]:
        del _added[row]
    _added.update(new)


def origin(row: str) -> str:
    """Return the file or the package that added the measure of a row; "" where none did."""
    return _added[row][1] if row in _added else ""


@contextmanager
def restored() -> Iterator[None]:
    """Forget, when the block ends, what was added within it."""
    before = dict(_added)
    try:
        yield
    finally:
        _added.clear()
        _added.update(before)


@contextmanager
def alone(measures: Iterable[Measure], origin: str) -> Iterator[None]:
    """Let these be the only measures that were added while the block runs: those that a plan or a store says were used."""
    with restored():
        _added.clear()
        _added.update({measure.row: (measure, origin) for measure in measures})
        yield
