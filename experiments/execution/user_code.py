"""Functions and classes of users as content: a hash of what they do, and what another process needs to run the same.

A user's outcome or rule may be in a script, a notebook or a plugin, where no worker process can import it. It is read from
its source instead: its syntax tree without words and annotations (`sim.syntax`), the values of its defaults and of what it
closes over, and all functions and classes of the user that it uses, followed in the same way. What comes from installed
packages is named, with the version of the package. The hash stands for all of that, and the same content builds the
function elsewhere, so what is hashed is what runs.

Refused, with the reason: what has no source (built-in functions, code typed into `python -c`), what holds anything but plain
values (numbers, texts, lists, mappings), what changes global names, and modules that are a file of the user's own.
"""

from __future__ import annotations
import __future__

import ast
import builtins
import hashlib
import importlib
import sys
import threading
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any

from experiments.execution.user_sources import (
    Near,
    NoContentError,
    around,
    class_node,
    file_of,
    function_node,
    imported_as,
    is_installed,
    plain_text,
    undefaulted,
    version_of,
)
from sim.syntax import Scan, is_builtin

__all__ = ["NoContentError", "UserCode", "content_of"]

MODULE = "citysafety_user_code"
"""The module that rebuilt functions and classes say they are of."""

SHORT = 8
"""Bytes of the hash."""

_building = threading.RLock()


@dataclass(frozen=True)
class Piece:
    """One thing that the code uses.

    Attributes
    ----------
    kind
        "function", "class", "module", "imported" (a name of an installed module) or "value".
    name
        Its name; of what is imported, the module and the name in it.
    source
        Code, without annotations, defaults and decorators of a function.
    uses, closes_over
        Names with the number of the piece that each stands for: global names, and those of the functions around it.
    value
        The plain value; of a function, its defaults.
    """

    kind: str
    name: str
    source: str = ""
    uses: tuple[tuple[str, int], ...] = ()
    closes_over: tuple[tuple[str, int], ...] = ()
    value: Any = None


@dataclass(frozen=True)
class UserCode:
    """A function or class by its content; it can be pickled.

    Attributes
    ----------
    name
        Its name.
    digest
        16 hexadecimal digits that stand for what it does.
    pieces
        The thing itself first, then all that it uses.
    file
        Name of the file that it was read from, for people; no part of the hash.
    """

    name: str
    digest: str
    pieces: tuple[Piece, ...] = field(repr=False)
    file: str = field(default="", compare=False)

    def build(self) -> Any:
        """Return the function or class, built from its content; the same one each time in a process."""
        with _building:
            if self.digest not in _built:
                _built[self.digest] = _Builder(self.pieces).build()
            return _built[self.digest]


_built: dict[str, Any] = {}


def content_of(thing: Callable[..., Any]) -> UserCode:
    """Return a function or class by its content.

    Raises
    ------
    NoContentError
        When that cannot be told, with the reason.
    """
    if not isinstance(thing, types.FunctionType | type):
        kind = (
            "is built in" if isinstance(thing, types.BuiltinFunctionType) else f"is an object of type {type(thing).__name__}"
        )
        raise NoContentError(f"it {kind}; give a function or a class that is written in Python")
    collector = _Collector()
    collector.begin(thing)
    digest = hashlib.blake2b(digest_size=SHORT)
    for text in collector.texts:
        digest.update(text.encode())
        digest.update(b"\0")
    file = PurePath(file_of(thing)).name
    return UserCode(thing.__name__, digest.hexdigest(), tuple(collector.pieces), file)


class _Collector:
    """Follows what some code uses."""

    def __init__(self) -> None:
        self.pieces: list[Any] = []
        self.texts: list[str] = []
        """What each piece is, for the hash."""
        self._numbers: dict[object, int] = {}
        self._kept: list[Any] = []

    def number(self, thing: Any, name: str, near: Near | None = None) -> int:
        """Return the number of the piece that a thing is, after following it."""
        is_code = isinstance(thing, types.FunctionType | type | types.ModuleType)
        if is_code or (path := imported_as(thing, name)) is not None:
            key: object = id(thing)
        else:
            # Equal values are one piece, whichever object holds them.
            key, path = plain_text(thing, name), None
        if key not in self._numbers:
            self._numbers[key] = len(self.pieces)
            # Kept alive, so that no other thing gets its identity meanwhile.
            self._kept.append(thing)
            self._add(*((None, "") if is_code else self._told(thing, path)))
            if is_code:
                self.pieces[self._numbers[key]], self.texts[self._numbers[key]] = self._code(thing, near)
        return self._numbers[key]

    def begin(self, thing: Any) -> None:
        """Follow the function or class itself, wherever it comes from."""
        self._numbers[id(thing)] = 0
        self._kept.append(thing)
        self._add(None, "")
        self.pieces[0], self.texts[0] = self._class(thing) if isinstance(thing, type) else self._function(thing)

    def imported(self, path: str) -> int:
        """Return the number of the piece that a name of an installed module is ("module:name")."""
        if path not in self._numbers:
            self._numbers[path] = len(self.pieces)
            self._add(*self._told(None, path))
        return self._numbers[path]

    def _add(self, piece: Piece | None, text: str) -> None:
        self.pieces.append(piece)
        self.texts.append(text)

    def _told(self, value: Any, path: str | None) -> tuple[Piece, str]:
        if path is None:
            return Piece("value", "", value=value), f"value {plain_text(value, 'a value')}"
        return Piece("imported", path), f"imported {path} {version_of(path.partition(':')[0])}"

    def _code(self, thing: Any, near: Near | None) -> tuple[Piece, str]:
        if isinstance(thing, types.ModuleType):
            return self._module(thing)
        if is_installed(thing.__module__ or ""):
            return self._told(None, f"{thing.__module__}:{thing.__qualname__}")
        return self._class(thing, near) if isinstance(thing, type) else self._function(thing)

    def _module(self, module: types.ModuleType) -> tuple[Piece, str]:
        name = module.__name__
        if not is_installed(name):
            says = "is a file of your own, which other processes and later runs may find changed"
            raise NoContentError(f"module {name} {says}; put what is needed of it into the same file")
        return Piece("module", name), f"module {name} {version_of(name)}"

    def _function(self, function: types.FunctionType) -> tuple[Piece, str]:
        code = function.__code__
        node = function_node(code)
        scan = Scan([undefaulted(node)])
        closed = dict(zip(code.co_freevars, function.__closure__ or (), strict=True))
        uses = self._used(scan, function.__globals__, set(closed), code.co_filename)
        over = []
        for name, cell in sorted(closed.items()):
            try:
                value = cell.cell_contents
            except ValueError:
                raise NoContentError(f"{function.__name__} closes over {name}, which has no value yet") from None
            if value is function:
                says = "calls itself by a name of the function around it"
                raise NoContentError(f"{function.__name__} {says}; define it at the top of a file or cell")
            over.append((name, self.number(value, name)))
        defaults = (function.__defaults__, function.__kwdefaults__)
        held = plain_text(defaults, f"a default of {function.__name__}")
        name, source = around(node, [name for name, _ in over])
        piece = Piece("function", name, source, uses, tuple(over), defaults)
        return piece, f"function {scan.text} {_named(uses)} {_named(tuple(over))} {held}"

    def _class(self, made: type, near: Near | None = None) -> tuple[Piece, str]:
        if "<locals>" in made.__qualname__:
            raise NoContentError(f"class {made.__name__} is defined within a function; define it at the top of a file")
        node, names, filename = class_node(made, near)
        scan = Scan([node])
        uses = self._used(scan, names, {made.__name__}, filename)
        return Piece("class", made.__name__, ast.unparse(node), uses), f"class {scan.text} {_named(uses)}"

    def _used(self, scan: Scan, names: Mapping[str, Any], local: set[str], filename: str) -> tuple[tuple[str, int], ...]:
        """Return the global names that code uses, each with the number of what it stands for."""
        found = []
        for name in sorted({used[0] for used in scan.used} - local):
            if name in names:
                path = imported_as(names[name], name, filename)
                found.append(
                    (name, self.number(names[name], name, (names, filename)) if path is None else self.imported(path))
                )
            elif not is_builtin(name) and name not in ("__name__", "__class__", "__file__"):
                raise NoContentError(f"it uses {name}, which is defined nowhere")
        return tuple(found)


def _named(pairs: tuple[tuple[str, int], ...]) -> str:
    return ",".join(f"{name}={number}" for name, number in pairs)


# Building -------------------------------------------------------------------------------------------------------------


class _Builder:
    """Builds a function or class from its pieces."""

    def __init__(self, pieces: tuple[Piece, ...]) -> None:
        self._pieces = pieces
        self._made: dict[int, Any] = {}
        self._begun: set[int] = set()
        self._later: list[tuple[dict[str, Any], str, int]] = []
        sys.modules.setdefault(MODULE, types.ModuleType(MODULE))

    def build(self) -> Any:
        """Return the first piece, built."""
        made = self._make(0)
        for names, name, number in self._later:
            names[name] = self._made[number]
        return made

    def _make(self, number: int) -> Any:
        if number not in self._made:
            self._begun.add(number)
            self._made[number] = self._new(number, self._pieces[number])
        return self._made[number]

    def _new(self, number: int, piece: Piece) -> Any:
        if piece.kind == "value":
            return piece.value
        if piece.kind == "module":
            return importlib.import_module(piece.name)
        if piece.kind == "imported":
            module, _, path = piece.name.partition(":")
            found: Any = importlib.import_module(module)
            for part in path.split("."):
                found = getattr(found, part)
            return found
        names: dict[str, Any] = {"__builtins__": builtins, "__name__": MODULE}
        if piece.kind == "class":
            self._fill(names, piece)
            self._run(piece.source, names)
            return names[piece.name]
        self._run(piece.source, names)
        function = names.pop("around")(*(self._make(each) for _, each in piece.closes_over))
        function.__defaults__, function.__kwdefaults__ = piece.value
        self._made[number] = function
        self._fill(names, piece)
        return function

    def _fill(self, names: dict[str, Any], piece: Piece) -> None:
        for name, number in piece.uses:
            if number in self._begun and number not in self._made:
                self._later.append((names, name, number))
            else:
                names[name] = self._make(number)

    @staticmethod
    def _run(source: str, names: dict[str, Any]) -> None:
        code = compile(source, f"<{MODULE}>", "exec", flags=__future__.annotations.compiler_flag, dont_inherit=True)
        exec(code, names)
