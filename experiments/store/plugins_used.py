"""What a study used of plugins, as its scenario file says it: names, files and hashes, and nothing that could be run.

    plugins:
      - {measure: X-Q1, file: quiet_streets.yaml, hash: 67886108e45a626e}
      - {output: late_killings, file: own.py, hash: 08adf53a9426a66e}
      - {model: curfew, file: own.py, hash: 4e97cb91d2e35ddb}

A file that says so can be run where the same things are loaded already, because whoever runs it named them (--plugin FILE,
`citysafety.load_plugin`) or installed their package. It is refused otherwise, with what to give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from pydantic import Field

from experiments.store.parts import own_measures
from sim.errors import InputError, show
from sim.scenario import Part, Policy

if TYPE_CHECKING:
    from experiments.execution.extensions import Extensions

__all__ = ["UsedCode", "UsedMeasure", "check_code", "check_used", "used_code", "used_measures"]


class UsedMeasure(Part):
    """A measure of a plugin that a policy uses."""

    measure: str = Field(description="its row")
    file: str = Field(description="the file, or the package, that added it")
    hash: str = Field(pattern="^[0-9a-f]{16}$", description="hash of what it declares, words left out")


class UsedCode(Part):
    """An outcome or a rule of the user's own, one of the two."""

    output: str | None = Field(default=None, description="name of an outcome of the user's own")
    model: str | None = Field(default=None, description="name of a rule after each month")
    file: str = Field(description="the file that it was read from")
    hash: str = Field(pattern="^[0-9a-f]{16}$", description="hash of its content")


def used_code(extensions: Extensions) -> list[dict[str, Any]]:
    """Return what a scenario file says of outcomes and a rule of the user's own: one entry each."""
    codes = [({"output": each.name}, each.code) for each in extensions.outputs]
    if extensions.rule is not None:
        codes.append(({"model": extensions.rule.code.name}, extensions.rule.code))
    return [
        {**named, "file": "" if code is None else code.file, "hash": "0" * 16 if code is None else code.digest}
        for named, code in codes
    ]


def check_code(plugins: Sequence[Mapping[str, Any]], extensions: Extensions, shown: str) -> Extensions:
    """Return what a scenario file or a plan names of the code that is given; refuse what is not, or is something else.

    Parameters
    ----------
    plugins
        What the file says under `plugins:`, checked by `check_used`.
    extensions
        What was given.
    shown
        What to call the file in a message.

    Raises
    ------
    InputError
        One line: the file, the entry, and what to give.
    """
    named: set[tuple[str, str]] = set()
    given = {("output", each.name): each.digest for each in extensions.outputs}
    if extensions.rule is not None:
        given["model", extensions.rule.code.name] = extensions.rule.code.digest
    for place, entry in enumerate(plugins):
        for kind in ("output", "model"):
            if (name := entry.get(kind)) is None:
                continue
            what = f"{shown}: plugins[{place}] is {kind} {name} of {entry['file']} with hash {entry['hash']}"
            found = given.get((kind, str(name)))
            named.add((kind, str(name)))
            if found is None:
                raise InputError(f"{what}, which is not given; give --plugin with that file (no file loads one by itself)")
            if found != entry["hash"]:
                raise InputError(
                    f"{what}; the one that is given has hash {found}: give --plugin with the file that was used"
                )
    outputs = tuple(each for each in extensions.outputs if ("output", each.name) in named)
    rule = extensions.rule
    return replace(extensions, outputs=outputs, rule=rule if rule and ("model", rule.code.name) in named else None)


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
        if isinstance(used, UsedCode):
            continue
        what = f"{shown}: plugins[{place}] is measure {used.measure} of {used.file} with hash {used.hash}"
        measure = loaded.get(used.measure)
        if measure is None:
            raise InputError(f"{what}, which is not loaded; give --plugin with that file (no file loads a plugin by itself)")
        if own_measure_hash(measure) != used.hash:
            here = f"the one of {origin(used.measure)} that is loaded has hash {own_measure_hash(measure)}"
            raise InputError(f"{what}; {here}, so it is another measure: give --plugin with the file that was used")


def _entry(entry: object, shown: str) -> UsedMeasure | UsedCode:
    from sim.files import check

    if not isinstance(entry, Mapping):
        raise InputError(f"{shown} is {show(entry)}; give measure, file and hash, as --out writes them")
    if "output" in entry or "model" in entry:
        used = check(UsedCode, dict(entry), shown)
        if (used.output is None) == (used.model is None):
            raise InputError(f"{shown} is {show(dict(entry))}; give one of output and model")
        return used
    return check(UsedMeasure, dict(entry), shown)
