"""The option --level: other levels for the measures of the policies that are run, without another file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sim.errors import InputError, did_you_mean
from sim.files import check
from sim.numerals import read_plain
from sim.scenario import MeasureUse, Part, Policy
from sim.scenario.level import Level

__all__ = ["read_levels", "with_levels"]

EXAMPLE = "--level P-E1=0.5, or --level P-E1=0:1,24:0.5 by months since its start"


class _Given(Part):
    """What one option says."""

    level: Level


def read_levels(texts: Sequence[str]) -> dict[str, float | dict[int | str, float]]:
    """Return the level of each measure that is named, by its row.

    Parameters
    ----------
    texts
        Each "MEASURE=LEVEL", or "MEASURE=MONTH:LEVEL,MONTH:LEVEL" with months since the measure's start, or dates.

    Raises
    ------
    InputError
        Where one cannot be read, names no measure, or names one a second time.
    """
    from sim.measures import every_measure, find_measure

    levels: dict[str, float | dict[int | str, float]] = {}
    for text in texts:
        name, equals, value = (part.strip() for part in text.partition("="))
        if not (name and equals and value):
            raise InputError(f"--level {text!r} is not of the form MEASURE=LEVEL; write {EXAMPLE}")
        try:
            row = find_measure(name).row
        except KeyError:
            known = [each for measure in every_measure() for each in (measure.row, measure.name)]
            raise InputError(f"--level {name}: there is no such measure; {did_you_mean(name, known)}") from None
        if row in levels:
            raise InputError(f"--level {name} is given twice; keep one")
        levels[row] = check(_Given, {"level": _tree(value)}, f"--level {text}").level
    return levels


def with_levels(policies: Sequence[Policy], levels: Mapping[str, float | dict[int | str, float]]) -> list[Policy]:
    """Return policies with their measures at other levels; what is not named keeps its own.

    Parameters
    ----------
    policies
        The policies that are run.
    levels
        What `read_levels` returned.

    Raises
    ------
    InputError
        Where none of them uses a measure that is named.
    """
    used = {use.measure for policy in policies for use in policy.measures}
    for row in levels:
        if row not in used:
            measures = f"they use {', '.join(sorted(used))}" if used else "they use none"
            raise InputError(f"--level {row}: no policy that is run uses this measure; {measures}")

    def changed(use: MeasureUse) -> MeasureUse:
        return use.model_copy(update={"level": levels[use.measure]}) if use.measure in levels else use

    return [policy.model_copy(update={"measures": tuple(changed(use) for use in policy.measures)}) for policy in policies]


def _tree(text: str) -> Any:
    """Return a level as a file would give it: a number, a mapping, or the text where it is neither."""
    if ":" not in text:
        return _number(text)
    parts = [part.partition(":") for part in text.split(",")]
    months = [month.strip() for month, _, _ in parts]
    if len(set(months)) < len(months):
        twice = next(month for i, month in enumerate(months) if month in months[:i])
        raise InputError(f"--level {text}: month {twice} is given twice; keep one")
    return {month: _number(level.strip()) for month, (_, _, level) in zip(months, parts, strict=True)}


def _number(text: str) -> Any:
    number = read_plain(text)
    return text if number is None else number
