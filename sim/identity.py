"""What a run is: hashes of its meaning, which no comment, description, new outcome or unused measure changes.

    model       the code that `run_arms` reaches, without its words (`syntax`, `reach`); every parameter's default; the
                versions of numba, llvmlite and numpy
    measure     what a measure that a policy uses declares: levers, onset, conditions, costs
    mechanism   what a mechanism that is switched off declares: the values at which it does nothing, and its links
    outcome     the lines of the recorder that make one outcome (`slices`), and how it is averaged

The model, and the measures and mechanisms that are used, name a run (`experiments.store.run_id`). Outcomes do not: they
look at a run, and a store keeps the hash of each beside its values. The version of Python is part of nothing: it compiles
no month. A parameter's range is none either: it bounds what may be asked, and what is asked names the run.
"""

from __future__ import annotations

import ast
import functools
import gc
import hashlib
import importlib.metadata
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.cache import recall, remember
from sim.reach import Definition, Reach
from sim.slices import ANY, STATE, Recorder
from sim.syntax import Scan, Sources

if TYPE_CHECKING:
    from sim.measures import Measure

__all__ = [
    "measure_hash",
    "mechanism_hash",
    "model_hash",
    "model_of",
    "outcome_hashes",
    "outcomes_of",
    "own_measure_hash",
]

ROOT = Definition("sim.run", "run_arms")
"""Where every run begins."""

RECORDER = Definition("sim.processes.outcome_recorder", "update")
"""The last step of a month, which writes the outcomes."""

LIBRARIES = ("numba", "llvmlite", "numpy")
"""The libraries that compute a month: another version may round otherwise."""

NUMERIC_OPTIONS = ("error_model", "fastmath", "boundscheck", "parallel")
"""Options of the compiler that change what is computed, wherever `sim.compiled` gives them."""

WORDS = frozenset(
    {
        "title",
        "says",
        "about",
        "evidence",
        "cost_evidence",
        "status",
        "grade",
        "capacity",
        "commands",
        "pays",
        "leaves_alone",
        "drives",
        "rows",
        "low",
        "mid",
        "high",
        "unit",
    }
)
"""Fields of a declaration that no run reads: words, sources, ranges, and `pays`, for which `payers` stands."""

SHORT = 8
"""Bytes of the hash of a declaration or an outcome."""

MOST_REMEMBERED = 256
"""How many measures of plugins are remembered with their hashes."""

_own_measures: dict[int, tuple[Measure, str]] = {}


def model_hash() -> str:
    """Return the hash of everything that decides what a run computes, but for what is asked of it.

    Returns
    -------
    str
        32 hexadecimal digits, the same on every machine and on each supported version of Python.

    Raises
    ------
    InputError
        When the sources were edited after the model was imported.
    """
    return _hashes()[0]


def outcome_hashes() -> Mapping[str, str]:
    """Return the hash of each outcome by its name, in the order of `sim.outcomes.OUTCOMES`: 16 hexadecimal digits.

    Raises
    ------
    InputError
        When the sources were edited after the model was imported.
    """
    return _hashes()[1]


@functools.cache
def measure_hash(row: str) -> str:
    """Return the hash of what a measure of the framework declares, words left out: 16 hexadecimal digits.

    Parameters
    ----------
    row
        Its row or its name.

    Raises
    ------
    KeyError
        If there is none.
    """
    from sim.measures import framework_measure

    measure = framework_measure(row)
    if measure is None:
        raise KeyError(row)
    return _hash(["measure", _plain(measure), _plain(measure.payers)])


def own_measure_hash(measure: Measure) -> str:
    """Return the hash of what a measure of a plugin declares, words left out: 16 hexadecimal digits.

    What was seen is remembered: a design asks for the same measure many thousand times.
    """
    known = _own_measures.get(id(measure))
    if known is not None and known[0] is measure:
        return known[1]
    found = _hash(["measure", _plain(measure), _plain(measure.payers)])
    if len(_own_measures) >= MOST_REMEMBERED:
        _own_measures.clear()
    _own_measures[id(measure)] = (measure, found)
    return found


@functools.cache
def mechanism_hash(name: str) -> str:
    """Return the hash of what a mechanism declares, words left out: 16 hexadecimal digits.

    Raises
    ------
    KeyError
        If there is none.
    """
    from sim.mechanisms import find_mechanism

    return _hash(["mechanism", _plain(find_mechanism(name))])


@functools.cache
def _hashes() -> tuple[str, Mapping[str, str]]:
    """Return the hash of the model and those of its outcomes: worked out once for these sources, then read from the cache.

    What is kept is named by the bytes of every source of `sim`, so that no change of any of them can meet old hashes.
    """
    from sim.compiled import source_hash

    folder = Path(__file__).parent
    name = f"identity-{_bytes_of(folder)}.json"
    kept = recall(source_hash(), name)
    if kept is None:
        sources = Sources(folder)
        with _without_collecting():
            recorder = Recorder(sources, RECORDER)
        found = model_of(sources, recorder), outcomes_of(sources, recorder)
        # Only what is whole, and of the sources that run, is kept.
        _refuse_edited()
        if name == f"identity-{_bytes_of(folder)}.json":
            remember(source_hash(), name, json.dumps(found).encode())
        return found
    _refuse_edited()
    model, outcomes = json.loads(kept)
    return model, outcomes


def _bytes_of(folder: Path) -> str:
    """Return the hash of every source of the model, whatever it is for, and of the libraries that compute a month."""
    sources = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.py"))}
    parts = [part for name, content in sources.items() for part in (name, hashlib.blake2b(content).hexdigest())]
    return _hash([*parts, *_versions(), *_defaults()], size=16)


def _versions() -> list[str]:
    """Return the versions of the libraries that compute a month."""
    return [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]


def _refuse_edited() -> None:
    """Refuse to name runs when the sources are no longer those that run."""
    from sim.compiled import source_hash
    from sim.errors import InputError

    if source_hash.__wrapped__() != source_hash():
        raise InputError("the sources of the model changed while it ran; run it again")


def model_of(sources: Sources, recorder: Recorder) -> str:
    """Return the hash of the model that some sources hold; see `model_hash`."""
    with _without_collecting():
        run = Reach(sources, besides=[RECORDER])
        run.add(ROOT)
        state = recorder.slice(STATE)
        for module, scan in state.scans:
            run.add_code(module, scan)
        return _hash(["model", *_texts(run), *state.texts, *_defaults(), *_versions(), *_options(sources)], size=16)


def outcomes_of(sources: Sources, recorder: Recorder) -> dict[str, str]:
    """Return the hash of each outcome as some sources make it; see `outcome_hashes`."""
    with _without_collecting():
        return dict(_outcomes(sources, recorder))


def _texts(reach: Reach) -> list[str]:
    return [f"{definition}: {text}" for definition, text in sorted(reach.texts.items())]


def _defaults() -> list[str]:
    """Return the default of every parameter."""
    from sim.parameters import PARAMETERS

    return sorted(f"{each.name} {float(each.default).hex()}" for each in PARAMETERS)


def _options(sources: Sources) -> list[str]:
    """Return the options of the compiler that change what is computed."""
    module = sources.module("sim.compiled")
    assert module is not None
    statements = {id(each): each for listed in module.defined.values() for each in listed}
    keywords = [each for statement in statements.values() for each in ast.walk(statement) if isinstance(each, ast.keyword)]
    return sorted({f"{each.arg}={Scan([each.value]).text}" for each in keywords if each.arg in NUMERIC_OPTIONS})


def _outcomes(sources: Sources, recorder: Recorder) -> Iterator[tuple[str, str]]:
    """Yield the name and the hash of each outcome."""
    from sim.outcomes import OUTCOMES

    weights = Reach(sources).statements(Definition("sim.outcomes", "outcome_weights"))
    weighs = Scan(weights).text
    names = [each.name for each in OUTCOMES]
    weighing = {each.value for part in weights for each in ast.walk(part) if isinstance(each, ast.Constant)} & {*names}
    unnamed = [name for name in names if name not in recorder.outcomes]
    for outcome in OUTCOMES:
        by_name = outcome.name in recorder.outcomes
        wanted = {outcome.name if by_name else ANY}
        if outcome.weight not in ("sum", "residents"):
            wanted |= {str(name) for name in weighing}
        lines = recorder.slice(*sorted(wanted))
        reach = Reach(sources)
        for module, scan in lines.scans:
            reach.add_code(module, scan)
        # An outcome that is written by its column is known by its place among those.
        place = [] if by_name else [outcome.name, *unnamed]
        yield outcome.name, _hash([outcome.weight, weighs, *place, *lines.texts, *_texts(reach)])


def _plain(value: Any) -> str:
    """Return a declared value as a text, without the fields that only speak to readers."""
    if isinstance(value, bool | int | str | None):
        return repr(value)
    if isinstance(value, float):
        return value.hex()
    if is_dataclass(value):
        named = {each.name: getattr(value, each.name) for each in fields(value)}
        return _plain({name: each for name, each in named.items() if name not in WORDS})
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return _plain({name: each for name, each in value._asdict().items() if name not in WORDS})
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{key}:{_plain(value[key])}' for key in sorted(value))}}}"
    if isinstance(value, Iterable):
        return f"[{','.join(_plain(each) for each in value)}]"
    raise TypeError(f"{value!r} is no value that a declaration can hold")


def _hash(parts: Iterable[str], size: int = SHORT) -> str:
    digest = hashlib.blake2b(digest_size=size)
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Let no garbage be collected meanwhile: syntax trees are many small objects, none of which is garbage yet."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
