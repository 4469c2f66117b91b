"""What a study used of plugins, as its scenario file says it: names, files and hashes, and nothing that could be run.

    plugins:
      - {measure: X-Q1, file: quiet_streets.yaml, hash: 67886108e45a626e}

A file that says so can be run where the same things are loaded already, because whoever runs it named them (--plugin FILE,
`citysafety.load_plugin`) or installed their package. It is refused otherwise, with what to give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from pydantic import Field

from experiments.store.parts import own_measures
from sim.errors import InputError, show
from sim.scenario import Part, Policy

__all__ = ["UsedMeasure", "check_used", "used_measures"]


class UsedMeasure(Part):
    """A measure of a plugin that a policy uses."""

    measure: str = Field(description="its row")
    file: str = Field(description="the file, or the package, that added it")
    hash: str = Field(pattern="^[0-9a-f]{16}$", description="hash of what it declares, words left out")


def used_measures(policies: Sequence[Policy]) -> list[dict[str, Any]]:
    """Return what a scenario file says of the measures of plugins that policies use: one entry a measure."""
    from sim.added_measures import origin
    from sim.identity import own_measure_hash

    return [
        {"measure": row, "file": PurePath(origin(row)).name, "hash": own_measure_hash(measure)}
        for row, measure in sorted(own_measures(policies).items())
    ]


def check_used(plugins: object, shown: str) -> None:
    """Refuse a scenario file that names a measure which is not loaded, or is loaded as something else.

    Parameters
    ----------
    plugins
        What the file says under `plugins:`.
    shown
        What to call the file in a message.

    Raises
    ------
    InputError
        One line: the file, the entry, and what to give.
    """
    from sim.added_measures import origin
    from sim.identity import own_measure_hash
    from sim.measures import every_measure

    if not isinstance(plugins, list):
        raise InputError(f"{shown}: plugins is {show(plugins)}; it is a list of what was used, as --out writes it")
    loaded = {each.row: each for each in every_measure()}
    for place, entry in enumerate(plugins):
        used = _entry(entry, f"{shown}: plugins[{place}]")
        what = f"{shown}: plugins[{place}] is measure {used.measure} of {used.file} with hash {used.hash}"
        measure = loaded.get(used.measure)
        if measure is None:
            raise InputError(f"{what}, which is not loaded; give --plugin with that file (no file loads a plugin by itself)")
        if own_measure_hash(measure) != used.hash:
            here = f"the one of {origin(used.measure)} that is loaded has hash {own_measure_hash(measure)}"
            raise InputError(f"{what}; {here}, so it is another measure: give --plugin with the file that was used")


def _entry(entry: object, shown: str) -> UsedMeasure:
    from sim.files import check

    if not isinstance(entry, Mapping):
        raise InputError(f"{shown} is {show(entry)}; give measure, file and hash, as --out writes them")
    return check(UsedMeasure, dict(entry), shown)
