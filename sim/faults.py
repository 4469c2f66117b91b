"""What is wrong with an input, said in one sentence: file, field, value and what would be right."""

from __future__ import annotations

import difflib
import typing
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails, PydanticCustomError

Step = str | int
"""One step on the way to a value: a key of a mapping or a place in a list."""

SLUG = r"^[a-z0-9_-]{1,60}$"
"""Pattern of a name that also names a file."""
LINE = r"^\S(?:.*\S)?$"
"""Pattern of a text of one line, with no space at its ends."""

FAULT = "citysafety"
"""The type that marks an error raised by `fault`, whose sentence is already written."""


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
    """Return a remedy for an unknown word: the nearest choices, else the whole list where it is short.

    Examples
    --------
    >>> did_you_mean("truse", ["truce", "baseline"])
    'did you mean truce?'
    """
    known = list(choices)
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


def fault(path: Sequence[Step], says: str) -> PydanticCustomError:
    """Return the error that a validator raises for a rule between fields.

    Parameters
    ----------
    path
        Where, seen from the object being validated.
    says
        What is wrong and what would be right, to be read after the field: ``"is 'X'; did you mean 'Y'?"``.
    """
    return PydanticCustomError(FAULT, "{where} {says}", {"where": dotted(path), "path": tuple(path), "says": says})


def describe(error: ValidationError, model: type[BaseModel]) -> str:
    """Return one sentence for the first thing wrong, and how many more there are.

    An unknown key is told before anything else: it is most often the reason why another key is missing.

    Parameters
    ----------
    error
        What pydantic found.
    model
        The model that the whole input was checked against.
    """
    found = error.errors(include_url=False)
    first = min(found, key=lambda each: not _is_unknown_key(each))
    more = f" (and {len(found) - 1} more to look at after this)" if len(found) > 1 else ""
    return _sentence(first, model) + more


def _sentence(each: ErrorDetails, model: type[BaseModel]) -> str:
    path: tuple[Step, ...] = tuple(step for step in each["loc"] if step != "[key]")
    context = each.get("ctx", {})
    if each["type"] == FAULT:
        return f"{dotted((*path, *context['path']))} {context['says']}".lstrip()
    field, owner = _field_at(model, path)
    where, value = dotted(path) or "the file", each["input"]
    if _is_unknown_key(each):
        keys = list(owner.model_fields) if each["type"] == "extra_forbidden" and owner else _quoted(context["expected"])
        return f"{where} is not a known key; {did_you_mean(str(path[-1]), keys, most=30)}"
    if each["type"] == "missing":
        meaning = f"; it is {field.description}" if field and field.description else ""
        return f"{where} is missing{meaning}"
    return f"{where} is {show(value)}; {_remedy(each['type'], context, value, each['msg'])}"


def _remedy(kind: str, context: Mapping[str, Any], value: object, message: str) -> str:
    if kind in ("less_than_equal", "less_than") and _is_share(context):
        return f"it is a share between 0 and 1{_share_meant(value)}"
    if kind == "greater_than_equal" and context["ge"] == 0:
        return "it cannot be negative"
    if kind == "literal_error":
        choices = _quoted(context["expected"])
        return f"it must be {_either(choices)}"
    if kind == "string_pattern_mismatch" and context["pattern"] in _PATTERNS:
        return _PATTERNS[context["pattern"]]
    if kind in _WORDS:
        quoted = isinstance(value, str) and kind in ("float_type", "int_type") and _reads_as_number(value)
        return _WORDS[kind].format(**context) + (" (take away the quotes)" if quoted else "")
    return message[:1].lower() + message[1:]


_PATTERNS = {
    SLUG: "use 1 to 60 of a-z, 0-9, _ and -, such as my_city",
    LINE: "it must be one line of text with no space at its ends",
}
_WORDS = {
    "bool_type": "it must be true or false",
    "dict_type": "it must be a mapping of keys to values",
    "finite_number": "it must be a finite number",
    "float_type": "it must be a number",
    "greater_than": "it must be above {gt}",
    "greater_than_equal": "it must be at least {ge}",
    "int_type": "it must be a whole number",
    "less_than": "it must be below {lt}",
    "less_than_equal": "it must be at most {le}",
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


def _is_share(context: Mapping[str, Any]) -> bool:
    top = context.get("le", context.get("lt"))
    return top is not None and 0.9 < float(top) <= 1


def _share_meant(value: object) -> str:
    if not isinstance(value, int | float) or not 1 < value <= 100:
        return ""
    if value <= 10 and value != int(value):
        return f" (did you mean {value / 10:.4g}, or {value / 100:.4g}?)"
    return f" (did you mean {value / 100:.4g}?)"


def _reads_as_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


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


def _model_in(annotation: object) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for part in typing.get_args(annotation) if (found := _model_in(part))), None)
