"""What is wrong with an input, said in one sentence: file, field, value and what would be right."""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

from sim.numerals import Wanted, advice, plain
from sim.renamed import new_name
from sim.sources import Mark, Source

Step = str | int
"""One step on the way to a value: a key of a mapping or a place in a list."""

SLUG = r"^[a-z0-9_-]{1,60}$"
"""Pattern of a name that also names a file."""
LINE = r"^\S(?:.*\S)?$"
"""Pattern of a text of one line, with no space at its ends."""

FAULT = "citysafety"
"""The type that marks an error raised by `field_error`, whose sentence is already written."""


class InputError(ValueError):
    """Something a user gave cannot be used; the message is one line of plain text and says what to do.

    Parameters
    ----------
    message
        Any text; line ends and other characters that do not print are turned into spaces.
    """

    def __init__(self, message: str) -> None:
        printable = "".join(character if character.isprintable() else " " for character in message)
        super().__init__(" ".join(printable.split()))


def did_you_mean(word: str, choices: Iterable[str], *, most: int = 12) -> str:
    """Return a remedy for an unknown word: its new name, else the nearest choices, else the whole list where it is short.

    Examples
    --------
    >>> did_you_mean("truse", ["truce", "baseline"])
    'did you mean truce?'
    """
    known = list(choices)
    if (new := new_name(word)) in known:
        return f"it is called {new} since version 0.3.0"
    plain = {choice.lower(): choice for choice in known}
    near = difflib.get_close_matches(word[:80].lower(), list(plain), n=3, cutoff=0.6)
    if near:
        return f"did you mean {_either([plain[match] for match in near])}?"
    if not known:
        return "none is known here"
    more = f" and {len(known) - most} more" if len(known) > most else ""
    return f"known: {', '.join(known[:most])}{more}"


def show(value: object, *, longest: int = 40) -> str:
    """Return a value as a reader of a file would recognise it, never longer than `longest` characters and a bit."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, list | tuple | set | frozenset):
        return f"a list of {len(value)}"
    if isinstance(value, int) and abs(value) > 10**longest:
        return "a whole number too long to show"
    text = repr(value) if isinstance(value, str | int | float) else f"a {type(value).__name__}"
    return text if len(text) <= longest else f"{text[:longest]}..."


def dotted(path: Sequence[Step]) -> str:
    """Return a path as it would be written: ``("neighbourhoods", 3, "poverty")`` is ``neighbourhoods[3].poverty``."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_shortened(step)}"
    return text.removeprefix(".")


def field_error(path: Sequence[Step], says: str) -> PydanticCustomError:
    """Return the error that a validator raises for a rule between fields.

    Parameters
    ----------
    path
        Where, seen from the object being validated.
    says
        What is wrong and what would be right, to be read after the field: ``"is 'X'; did you mean 'Y'?"``.
    """
    return PydanticCustomError(FAULT, "{where} {says}", {"where": dotted(path), "path": tuple(path), "says": says})


def describe(error: ValidationError, model: type[BaseModel], values: object, source: Source) -> str:
    """Return one sentence for the first thing wrong, where it stands, and how many more there are.

    An unknown key is told before anything else: it is most often the reason why another key is missing.

    Parameters
    ----------
    error
        What pydantic found.
    model
        The model that the whole input was checked against.
    values
        The input itself, from which the names on the way to the value are taken.
    source
        Where it came from.
    """
    found = error.errors(include_url=False)
    first = min(found, key=lambda each: not _is_unknown_key(each))
    more = f" (and {len(found) - 1} more to look at after this)" if len(found) > 1 else ""
    path: tuple[Step, ...] = tuple(step for step in first["loc"] if step != "[key]")
    if first["type"] == FAULT:
        return locate(values, (*path, *first["ctx"]["path"]), f"{first['ctx']['says']}{more}", source)
    return locate(values, path, _says(first, path, model, source.mark(path)) + more, source)


def locate(values: object, path: Sequence[Step], says: str, source: Source) -> str:
    """Return a sentence about a value, led by its file, its line, the names of what it is in, and its field.

    A part that was read from a file of its own, such as a policy, is told by that file.

    Parameters
    ----------
    values
        What the path leads through: mappings and lists, or checked parts.
    path
        Where the value is.
    says
        What is wrong and what would be right.
    source
        Where all of it came from.

    Examples
    --------
    >>> locate({"gangs": [{"name": "Reds"}]}, ("gangs", 0, "pact"), "is 2; it cannot be", Source("my.yaml"))
    "my.yaml: 'Reds': gangs[0].pact is 2; it cannot be"
    """
    names: list[str] = []
    here, begin = values, 0
    for place, step in enumerate(path, start=1):
        here = _inside(here, step)
        name, own = _name_of(here), getattr(here, "source", None)
        if tuple(path[place:]) == ("name",):  # the name itself is wrong, or one that two parts share
            break
        if isinstance(own, Source) and own.shown:
            source, begin, names = own, place, [f"{type(here).__name__.lower()} {name}"]
        elif isinstance(step, int) and name is not None:
            names.append(show(name))
    field = tuple(path[begin:])
    mark = source.mark(field)
    lead = ", ".join(([f"line {mark.line}"] if mark and field else []) + names)
    said = f"{dotted(field)} {says}".lstrip()
    return f"{source.shown}: {lead}: {said}" if lead else f"{source.shown}: {said}"


def _inside(holder: object, step: Step) -> object:
    """Return the part of a tree or of a checked object that a step leads to; None where there is none."""
    if isinstance(holder, Mapping):
        return holder.get(step)
    if isinstance(holder, list | tuple):
        return holder[step] if isinstance(step, int) and step < len(holder) else None
    return getattr(holder, step, None) if isinstance(step, str) else None


def _name_of(part: object) -> str | None:
    """Return what a part of a scenario is called: its name, or the measure it uses."""
    for key in ("name", "measure"):
        name = _inside(part, key)
        if isinstance(name, str) and name.strip():
            return name
    return None


def _says(each: ErrorDetails, path: tuple[Step, ...], model: type[BaseModel], mark: Mark | None) -> str:
    """Return what is wrong with a value, and what would be right, to be read after its field."""
    field, owner = _field_at(model, path)
    if not path:
        return f"the file is {show(each['input'])}; {_remedy(each, None, mark)}"
    if _is_unknown_key(each):
        keys = list(owner.model_fields) if each["type"] == "extra_forbidden" and owner else _quoted(each["ctx"]["expected"])
        return f"is not a known key; {did_you_mean(str(path[-1]), keys, most=30)}"
    if each["type"] == "missing":
        meaning = f"; it is {field.description}" if field and field.description else ""
        return f"is missing{meaning}"
    value = each["input"]
    is_number = isinstance(value, int | float) and math.isfinite(value)
    written = mark.text if is_number and mark and mark.text and len(mark.text) <= 40 else show(value)
    return f"is {written}; {_remedy(each, _wanted_at(model, path), mark)}"


def _remedy(each: ErrorDetails, wanted: Wanted | None, mark: Mark | None) -> str:
    kind, value, context = each["type"], each["input"], each.get("ctx", {})
    if wanted is not None and kind in _BOUNDS and isinstance(value, int | float):
        return _within(wanted, value, kind)
    if wanted is not None and kind in ("float_type", "int_type", "int_from_float"):
        if isinstance(value, str):
            return advice(value, wanted, quoted=mark is not None and mark.quoted)
        if value is None:
            return advice("null", wanted)
        if isinstance(value, float) and math.isfinite(value):
            return advice(mark.text if mark and mark.text else repr(value), wanted)
        return f"it must be {wanted.words()}"
    if kind == "literal_error":
        choices = _quoted(context["expected"])
        return f"it must be {_either(choices)}"
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if kind in _WORDS:
        return _WORDS[kind].format(**context)
    return each["msg"][:1].lower() + each["msg"][1:]


def _within(wanted: Wanted, value: float, kind: str) -> str:
    """Say which bound a number breaks; for a share, what was meant where it is written as a percentage."""
    if kind.startswith("less"):
        if not wanted.is_share:
            return f"it must be {'below' if wanted.open_high else 'at most'} {plain(wanted.high)}"
        if value <= 1:
            return f"it must be at most {plain(wanted.high)}; nothing is ever wholly so"
        tenth = [value / 10] if value <= 10 and value != int(value) else []
        meant = [plain(round(each, 12)) for each in (*tenth, value / 100) if wanted.takes(each)]
        return "it is a share between 0 and 1" + (f" (did you mean {', or '.join(meant)}?)" if meant else "")
    if wanted.low == 0 and not wanted.open_low:
        return "it cannot be negative"
    return f"it must be {'above' if wanted.open_low else 'at least'} {plain(wanted.low)}"


_BOUNDS = ("less_than", "less_than_equal", "greater_than", "greater_than_equal")
_PATTERNS = {
    SLUG: "use 1 to 60 of a-z, 0-9, _ and -, such as my_city",
    LINE: "it must be one line of text with no space at its ends",
}
_WORDS = {
    "bool_type": "it must be true or false",
    "dict_type": "it must be a mapping of keys to values",
    "finite_number": "it must be a finite number",
    "float_type": "it must be a number",
    "int_type": "it must be a whole number",
    "model_type": "it must be a mapping of keys to values",
    "string_pattern_mismatch": "it must match {pattern}",
    "string_too_long": "it must have at most {max_length} characters",
    "string_too_short": "it must have at least {min_length} characters",
    "string_type": "it must be text (a number or true/false meant as text needs quotes)",
    "too_long": "it must hold at most {max_length}",
    "too_short": "it must hold at least {min_length}",
    "tuple_type": "it must be a list, such as [a, b]",
}


def _is_unknown_key(each: ErrorDetails) -> bool:
    return each["type"] == "extra_forbidden" or "[key]" in each["loc"]


def _quoted(expected: str) -> list[str]:
    """Return the choices of a literal from pydantic's text of them, ``'a', 'b' or 'c'``."""
    parts = expected.replace(" or ", ", ").split(", ")
    return [part[1:-1] if part[:1] in "'\"" else part for part in parts]


def _either(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"{', '.join(choices[:-1])} or {choices[-1]}"


def _shortened(step: str, longest: int = 60) -> str:
    return step if len(step) <= longest else f"{step[:longest]}..."


def _field_at(model: type[BaseModel], path: Sequence[Step]) -> tuple[FieldInfo | None, type[BaseModel] | None]:
    """Return the field a path ends at, and the model that owns its last key; None where the path leaves the models."""
    field: FieldInfo | None = None
    inside: type[BaseModel] | None = model
    owner: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, int):
            continue
        owner = inside
        field = owner.model_fields.get(step) if owner else None
        inside = _model_in(field.annotation) if field else None
    return field, owner


def _wanted_at(model: type[BaseModel], path: Sequence[Step]) -> Wanted | None:
    """Return what number a field takes; None where the path does not end at one."""
    annotation: Any = model
    metadata: list[Any] = []
    optional = False
    for step in path:
        options = [each for each in _options(annotation) if each is not type(None)]
        inside: Any = next((each for each in options if isinstance(each, type) and issubclass(each, BaseModel)), None)
        if inside is not None:
            field = inside.model_fields.get(step) if isinstance(step, str) else None
            if field is None:
                return None
            annotation, metadata, optional = field.annotation, list(field.metadata), not field.is_required()
            continue
        holder = next((each for each in options if typing.get_origin(each) in (dict, tuple)), None)
        if holder is None:
            return None
        parts = typing.get_args(holder)
        if isinstance(step, int) != (typing.get_origin(holder) is tuple):
            return None
        place = step if isinstance(step, int) and parts[-1] is not Ellipsis else -1 if isinstance(step, str) else 0
        if place >= len(parts):
            return None
        annotation, metadata = parts[place], []
    for each in _options(annotation, metadata):
        if each in (int, float):
            low, high = _bounds(metadata, "ge", "gt"), _bounds(metadata, "le", "lt")
            least, most = max(low.values(), default=-math.inf), min(high.values(), default=math.inf)
            return Wanted(each is int, least, most, "gt" in low, "lt" in high, optional)
    return None


def _bounds(limits: Sequence[object], *keys: str) -> dict[str, Any]:
    found = {key: getattr(limit, key, None) for limit in limits for key in keys if hasattr(limit, key)}
    return {key: bound for key, bound in found.items() if bound is not None}


def _options(annotation: Any, metadata: list[Any] | None = None) -> list[Any]:
    """Return the types an annotation allows, out of their wrappings; what the wrappings say is added to `metadata`."""
    if isinstance(annotation, typing.TypeAliasType):
        return _options(annotation.__value__, metadata)
    if hasattr(annotation, "__metadata__"):
        for each in annotation.__metadata__:
            (metadata if metadata is not None else []).extend(getattr(each, "metadata", [each]))
        return _options(annotation.__origin__, metadata)
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return [found for part in typing.get_args(annotation) for found in _options(part, metadata)]
    return [annotation]


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part))), None)
