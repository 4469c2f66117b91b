"""Files from users are hostile: how YAML is read, how a name becomes a file, and the template of a new city.

A scenario file is a small plain tree of mappings, lists, texts, numbers, true, false and nothing. Whatever else YAML
can say (aliases, tags, several documents, keys twice) is refused, so a file can neither run code nor grow when read.
The tree is built here from the events of PyYAML's safe parser; no constructor of PyYAML is ever called.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Iterator, Sequence
from importlib.resources import files as packaged_files
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ValidationError

from sim.errors import SLUG, InputError, Step, describe, did_you_mean, dotted, show
from sim.numerals import read_plain
from sim.renamed import SCHEMA, old_names
from sim.sources import Source
from sim.texts import first_hidden

SIZE_LIMIT = 4_000_000
"""Largest file that is read, bytes."""
DEPTH_LIMIT = 12
"""Deepest nesting of mappings and lists in a file."""

Kind = Literal["cities", "policies", "shocks", "cases", "trials"]
"""The folders under `scenarios` in which a name is looked up."""

_ONE: dict[str, str] = {"cities": "city", "policies": "policy", "shocks": "shock", "cases": "case", "trials": "trial"}
_SLUG = re.compile(SLUG)
LONGEST_SLUG = 60
"""Most characters of a name that can name a file."""
_PLAIN_WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("null", "Null", "NULL", "~", ""), None),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}


# Names and paths ------------------------------------------------------------------------------------------------------


def names(kind: Kind) -> list[str]:
    """Return the names of the packaged files of a kind, sorted."""
    return sorted(file.stem for file in (_package() / kind).glob("*.yaml"))


def find_packaged(kind: Kind, name: str) -> Path:
    """Return the packaged file of that name; paths are not names, so nothing outside the folder can be reached.

    Raises
    ------
    InputError
        When the name is not made of a-z, 0-9, ``_`` and ``-``, or no such file is packaged.
    """
    known, one = names(kind), _ONE[kind]
    if name not in known:
        remedy = did_you_mean(name, known)
        if not _SLUG.fullmatch(name):
            raise InputError(f"{one} {show(name)} is not a name; names hold only a-z, 0-9, _ and -; {remedy}")
        raise InputError(f"{one} {name} is unknown; {remedy} (a file of your own is given by its path, {name}.yaml)")
    return _package() / kind / f"{name}.yaml"


def find(kind: Kind, name_or_path: str | os.PathLike[str]) -> tuple[Path, str]:
    """Return the file that a user means, and the words to call it by in a message.

    A text with a slash, or one that ends in .yaml or .yml, is a path; anything else is the name of a packaged file.

    Raises
    ------
    InputError
        When the name is unknown, or the path does not end in .yaml or .yml.
    """
    text = os.fspath(name_or_path)
    if text.lower().endswith((".yaml", ".yml")):
        return Path(text), text
    start = "; `citysafety new-city NAME` writes one to fill in" if kind == "cities" else ""
    if (form := Path(text).suffix) and form[1:].isalnum():
        says = f"a {_ONE[kind]} is a YAML file whose name ends in .yaml or .yml, not {form}"
        raise InputError(f"{text}: {says}; copy its figures into one, as scenarios/README.md tells{start}")
    if "/" in text or os.sep in text:
        raise InputError(f"{text}: a {_ONE[kind]} file ends in .yaml or .yml; give such a path, or a name{start}")
    return find_packaged(kind, text), f"scenarios/{kind}/{text}.yaml"


def check_slug(name: str, what: str) -> str:
    """Return the name when it can name a file, else raise `InputError`."""
    if not _SLUG.fullmatch(name):
        raise InputError(f"{what} is {show(name)}; use 1 to 60 of a-z, 0-9, _ and -, such as my_city")
    return name


def joined_slug(names: Sequence[str], joint: str) -> str:
    """Return the names in order as one that can name a file, or, where that is too long, a hash that stands for its end."""
    whole = joint.join(names)
    if len(whole) <= LONGEST_SLUG:
        return whole
    digest = hashlib.blake2b("\n".join(names).encode(), digest_size=6).hexdigest()
    return f"{whole[: LONGEST_SLUG - 13]}-{digest}"


def _package() -> Path:
    return Path(str(packaged_files("scenarios")))


# Reading --------------------------------------------------------------------------------------------------------------


def load[Model: BaseModel](model: type[Model], path: Path, shown: str) -> Model:
    """Read a YAML file and check it against a model.

    Parameters
    ----------
    model
        The pydantic model that the file must satisfy.
    path
        The file.
    shown
        What to call the file in a message.

    Raises
    ------
    InputError
        One line that names the file, the field, its value and what would be right.
    """
    return load_with_source(model, path, shown)[0]


def load_with_source[Model: BaseModel](model: type[Model], path: Path, shown: str) -> tuple[Model, Source]:
    """Read a YAML file as `load` does, and return besides what a later message needs to name file and line."""
    source = Source(shown, read_text(path, shown))
    return check_file(model, parse_mapping(source.text, shown), shown, source.text), source


def check_file[Model: BaseModel](model: type[Model], values: dict[str, Any], shown: str, text: str) -> Model:
    """Return the values of a whole file as a checked model, after looking at the number of its form, the key `schema`.

    A file without the key is read as one of today's form: old names in it are refused with their new ones.

    Raises
    ------
    InputError
        When the form is another one, or the values do not fit; where names were renamed it says how to rewrite the file.
    """
    rest = {key: value for key, value in values.items() if key != "schema"}
    form, remedy = values.get("schema", SCHEMA), f"`citysafety upgrade {shown}` rewrites it"
    if isinstance(form, int) and not isinstance(form, bool) and 1 <= form < SCHEMA:
        raise InputError(f"{shown}: schema is {form}, the form of an earlier version; {remedy} in today's, {SCHEMA}")
    if isinstance(form, int) and not isinstance(form, bool) and form > SCHEMA:
        raise InputError(f"{shown}: schema is {form}, the form of a later version; this one reads {SCHEMA}")
    if form != SCHEMA or isinstance(form, bool):
        raise InputError(f"{shown}: schema is {show(form)}; it must be {SCHEMA}, the number of the form of the file")
    try:
        return check(model, rest, shown, text)
    except InputError as error:
        count = len(list(old_names(rest)))
        if not count:
            raise
        names = "1 name that is" if count == 1 else f"{count} names that are"
        raise InputError(f"{error} (the file holds {names} no longer used; {remedy})") from None


def check[Model: BaseModel](model: type[Model], values: dict[str, Any], shown: str, text: str = "") -> Model:
    """Return the values as a checked model; `InputError`, one line, where they do not fit.

    Parameters
    ----------
    model
        The pydantic model that the values must satisfy.
    values
        The values, as a tree or as checked parts.
    shown
        What to call their origin in a message.
    text
        The text of the file they were read from, if any: the message then names the line.
    """
    try:
        return model.model_validate(values)
    except ValidationError as error:
        raise InputError(describe(error, model, values, Source(shown, text))) from None


def read_mapping(path: Path, shown: str) -> dict[str, Any]:
    """Return the tree of one YAML file; `InputError` as from `read_text` and `parse_mapping`."""
    return parse_mapping(read_text(path, shown), shown)


def read_text(path: Path, shown: str) -> str:
    """Return the text of one YAML file, after looking at its kind and size and before reading a byte of a wrong one.

    Raises
    ------
    InputError
        When the file is missing, unreadable, no ordinary file, larger than `SIZE_LIMIT`, or not UTF-8.
    """
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError(f"{shown}: this is a folder; give the path of a .yaml file in it")
        if not stat.S_ISREG(status.st_mode):
            raise InputError(f"{shown}: this is not an ordinary file; give the path of a .yaml file")
        if status.st_size > SIZE_LIMIT:
            raise InputError(_too_large(shown, status.st_size))
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except FileNotFoundError:
        raise InputError(f"{shown}: no such file; check the path, or give the name of a packaged one") from None
    except (OSError, ValueError) as error:
        if isinstance(error, InputError):
            raise
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise InputError(f"{shown}: cannot be read ({reason}); check the path and its permissions") from None
    if len(raw) > SIZE_LIMIT:
        raise InputError(_too_large(shown, len(raw)))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{shown}: line {line} is not UTF-8 text; save the file as UTF-8") from None


def parse_mapping(text: str, shown: str) -> dict[str, Any]:
    """Return the tree of one plain YAML document: str keys; values dict, list, str, int, float, bool or None.

    Raises
    ------
    InputError
        When the text is no YAML, holds no mapping at the top, or uses what a scenario file may not.
    """
    if len(text) > SIZE_LIMIT:
        raise InputError(_too_large(shown, len(text)))
    parser = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _document(yaml.parse(text, Loader=parser), shown)
    except InputError:
        raise
    except yaml.MarkedYAMLError as error:
        problem = error.problem or "it cannot be read"
        mark: Any = error.problem_mark or error.context_mark
        line = "the text" if mark is None else f"line {mark.line + 1}"
        if "nesting depth" in problem:
            # PyYAML 6.0.4 has a limit of its own, which such a file meets while it is looked at ahead.
            raise InputError(f"{shown}: {line} is nested deeper than {DEPTH_LIMIT} levels; no scenario needs that") from None
        remedy = "check indentation, colons and quotes"
        if "block sequence entries" in problem:
            remedy = "a single - begins a list; give a value, or leave the key out where there is none"
        raise InputError(f"{shown}: {line} is not valid YAML ({problem}); {remedy}") from None
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # the last two from a wrong escape, such as \UFFFFFFFF
        remedy = "check for characters that do not print"
        raise InputError(f"{shown}: not valid YAML ({show(str(error))}); {remedy}") from None


def _too_large(shown: str, size: int) -> str:
    limit = f"{SIZE_LIMIT / 1e6:.0f} MB"
    return f"{shown}: the file has {size / 1e6:,.2f} MB; the limit is {limit}, remove what is not part of a scenario"


def _document(events: Iterator[Any], shown: str) -> dict[str, Any]:
    tree: Any = None
    documents = 0
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                mark: Any = event.start_mark
                raise InputError(f"{shown}: line {mark.line + 1} starts a second document; keep only one")
        elif not isinstance(event, yaml.StreamStartEvent | yaml.DocumentEndEvent | yaml.StreamEndEvent):
            tree = _value(event, events, (), shown)
    if tree is None:
        raise InputError(f"{shown}: the file is empty; start from the text that `citysafety new-city NAME` writes")
    if not isinstance(tree, dict):
        raise InputError(f"{shown}: the file is {show(tree)}; it must be a mapping of keys to values, such as name: x")
    return tree


def _value(event: Any, events: Iterator[Any], path: tuple[Step, ...], shown: str) -> Any:
    """Return the value that begins with this event, taking the rest of it from `events`."""

    def refuse(says: str) -> InputError:
        return InputError(f"{shown}: {dotted(path) or 'the file'} (line {event.start_mark.line + 1}) {says}")

    if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
        raise refuse("uses an anchor or alias (& or *); write the value out, or put the text in quotes")
    if event.tag is not None:
        raise refuse(f"carries the tag {show(event.tag)}; write the plain value without !")
    if len(path) > DEPTH_LIMIT:
        raise refuse(f"is nested deeper than {DEPTH_LIMIT} levels; no scenario needs that")
    if isinstance(event, yaml.ScalarEvent):
        text = unicodedata.normalize("NFC", event.value)
        if (character := first_hidden(text)) is not None:
            raise refuse(f"holds the character U+{ord(character):04X}, which does not print; remove it")
        return _scalar(text) if event.implicit[0] else text
    if isinstance(event, yaml.SequenceStartEvent):
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_value(event, events, (*path, len(items)), shown))
        return items
    mapping: dict[str, Any] = {}
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent) or event.anchor is not None or event.tag is not None:
            raise refuse("has a key that is not plain text; write key: value")
        key = unicodedata.normalize("NFC", event.value)
        if first_hidden(key) is not None:
            raise refuse(f"has the key {show(key)} with a character that does not print; remove it")
        if key in mapping:
            raise refuse(f"gives the key {show(key)} twice; keep one of them")
        mapping[key] = _value(next(events), events, (*path, key), shown)
    return mapping


def _scalar(text: str) -> Any:
    """Return a plain scalar by the core rules of YAML 1.2: no dates, no sixties, no octals, and `no` is a text."""
    if text in _PLAIN_WORDS:
        return _PLAIN_WORDS[text]
    number = read_plain(text)
    return text if number is None else number


# Settings and the template --------------------------------------------------------------------------------------------


def read_number(text: str) -> float | None:
    """Return the finite number that a text is, by the same rules as in a file; None when it is none."""
    number = read_plain(text.strip())
    return float(number) if number is not None and abs(number) != float("inf") else None


def write_city_template(name: str, folder: str | os.PathLike[str] = ".") -> Path:
    """Write a commented city file that runs as it is, and return its path.

    Parameters
    ----------
    name
        The city's name in a-z, 0-9, ``_`` and ``-``; the file is NAME.yaml.
    folder
        An existing folder. A file already there is never overwritten.

    Raises
    ------
    InputError
        When the name cannot name a file, the folder is missing, or the file exists or cannot be written.
    """
    path = Path(folder) / f"{check_slug(name, 'the name of the new city')}.yaml"
    text = (_package() / "city_template.yaml").read_text(encoding="utf-8")
    text = text.replace('name: "my_city"', f'name: "{name}"', 1)
    title = name.replace("_", " ").replace("-", " ").strip().capitalize() or name
    text = text.replace('title: "My city"', f'title: "{title}"', 1)
    try:
        with path.open("xb") as file:
            try:
                file.write(text.encode())
                file.flush()
            except BaseException:
                path.unlink()  # ours, and only half of it
                raise
    except FileExistsError:
        raise InputError(f"{path}: there is a file of that name; choose another name or remove it first") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be written ({error.strerror}); check the folder") from None
    return path
