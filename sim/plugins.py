"""Plugins: files and installed packages that add measures, outcomes and a rule, without a change to this package.

    FILE.yaml   measures: a list (`sim.measures.own`); data, which can run nothing
    FILE.py     any of MEASURES, OUTPUTS and MODEL; code, which runs with the rights of whoever names the file

A plugin is loaded because a person names it, on the command line or in a script, or because a package that offers measures
in the entry-point group `citysafety.measures` was installed. No city, policy, scenario, plan or store ever loads one.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.added_measures import add
from sim.errors import InputError, show
from sim.files import parse_mapping, read_text
from sim.measures.declaration import Measure
from sim.measures.own import as_data, read_measures

__all__ = ["GROUP", "Plugin", "load_installed", "load_plugin"]

GROUP = "citysafety.measures"
"""The group of entry points in which an installed package offers measures."""

KINDS = ("MEASURES", "OUTPUTS", "MODEL")
"""What a Python file may define."""


@dataclass(frozen=True)
class Plugin:
    """What a file adds.

    Attributes
    ----------
    file
        The file, as it was given.
    measures
        Measures over existing levers; from the loading on they can be named like any other.
    outputs
        Outcomes by name: functions of a result (`sim.run.Result`) that return a number.
    model
        A rule after the month: a class derived from `sim.model.CitySafetyModel`, or a function of the model. None: none.
    """

    file: str
    measures: tuple[Measure, ...] = ()
    outputs: Mapping[str, Callable[..., float]] = field(default_factory=dict)
    model: Callable[..., Any] | None = None


def load_plugin(path: str | os.PathLike[str]) -> Plugin:
    """Load a plugin, and add its measures to those that policies may use.

    A Python file is run, with all rights of this process; load only what you would run yourself. A file that is loaded a
    second time is read again, and what it adds now replaces what it added before.

    Parameters
    ----------
    path
        A file that ends in .py, .yaml or .yml.

    Raises
    ------
    InputError
        When the file cannot be read or run, or something in it cannot be used: one line with file, field, value and remedy.
    """
    shown = os.fspath(path)
    form = Path(shown).suffix.lower()
    if form in (".yaml", ".yml"):
        text = read_text(Path(shown), shown)
        plugin = Plugin(shown, read_measures(parse_mapping(text, shown), shown, text))
    elif form == ".py":
        plugin = _of_module(_run(Path(shown), shown), shown)
    else:
        raise InputError(f"{shown}: a plugin is a file that ends in .py, .yaml or .yml; docs/plugins.md shows one of each")
    add(plugin.measures, shown)
    return plugin


@functools.cache
def load_installed() -> None:
    """Add the measures that installed packages offer, once.

    Raises
    ------
    InputError
        When a package offers what cannot be used; the message names the package.
    """
    for entry in sorted(entry_points(group=GROUP), key=lambda each: (each.name, each.value)):
        _add_installed(entry)


def _add_installed(entry: EntryPoint) -> None:
    package = entry.dist.name if entry.dist is not None else entry.value
    shown = f"package {package}, entry point {entry.name} of {GROUP}"
    try:
        offered = entry.load()
    except Exception as error:
        says = f"cannot be loaded ({type(error).__name__}: {error}); mend or remove the package"
        raise InputError(f"{shown}: {says}") from error
    add(_measures(offered, shown, "it"), shown)


def _run(path: Path, shown: str) -> ModuleType:
    """Run a Python file as a module of a name of its own."""
    if not path.is_file():
        raise InputError(f"{shown}: no such file; give the path of a Python or YAML file that is there")
    digest = hashlib.blake2b(str(path.resolve()).encode(), digest_size=6).hexdigest()
    name = f"citysafety_plugin_{digest}"
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    before = sys.modules.get(name)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except (Exception, SystemExit) as error:
        if before is None:
            del sys.modules[name]
        else:
            sys.modules[name] = before
        lines = [each.lineno for each in traceback.extract_tb(error.__traceback__) if each.filename == str(path)]
        line = error.lineno if isinstance(error, SyntaxError) else next(reversed(lines), None)
        where = "" if line is None else f"line {line}: "
        raise InputError(f"{shown}: {where}{type(error).__name__}: {error}; a plugin must run without an error") from error
    return module


def _of_module(module: ModuleType, shown: str) -> Plugin:
    """Return what a module defines, checked."""
    if not any(hasattr(module, kind) for kind in KINDS):
        raise InputError(f"{shown}: defines none of {', '.join(KINDS)}; a plugin adds at least one (docs/plugins.md)")
    outputs = getattr(module, "OUTPUTS", {})
    if not isinstance(outputs, Mapping):
        raise InputError(f"{shown}: OUTPUTS is {show(outputs)}; give a mapping of names to functions of a result")
    model = getattr(module, "MODEL", None)
    if model is not None and not callable(model):
        raise InputError(f"{shown}: MODEL is {show(model)}; give a class derived from CitySafetyModel or a function of it")
    measures = _measures(module.MEASURES, shown, "MEASURES") if hasattr(module, "MEASURES") else ()
    return Plugin(shown, measures, dict(outputs), model)


def _measures(offered: object, shown: str, where: str) -> tuple[Measure, ...]:
    """Return the measures that Python code offers: a mapping or a `Measure`, or several of these."""
    several = [offered] if isinstance(offered, Mapping | Measure) else offered
    if not isinstance(several, list | tuple):
        raise InputError(f"{shown}: {where} is {show(offered)}; give a list of mappings with the fields of a measure")
    values = []
    for place, each in enumerate(several):
        if not isinstance(each, Mapping | Measure):
            raise InputError(f"{shown}: {where}[{place}] is {show(each)}; give a mapping with the fields of a measure")
        values.append(as_data(each) if isinstance(each, Measure) else dict(each))
    return read_measures({"measures": values}, shown)
