"""Python sources as syntax trees without their words: what a definition does, written so that equal code is equal text.

Comments, docstrings and annotations are left out. The text is our own and not `ast.dump`, which differs between versions
of Python: a field that is empty or missing is left out everywhere, so the same source gives the same text on 3.12 to 3.14.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Function", "Import", "Module", "Scan", "Sources", "dotted_names", "is_builtin", "is_words"]

Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LEFT_OUT = frozenset({"annotation", "returns", "type_comment", "kind", "ctx", "type_params", "type_ignores", "simple"})
_BUILTINS = frozenset(dir(builtins))
_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {}


class Import(NamedTuple):
    """What an imported name stands for: a module, or a name in one."""

    module: str
    name: str | None = None


@dataclass
class Module:
    """One file of the package: what each name at its top level stands for."""

    name: str
    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, Import] = field(default_factory=dict)


class Sources:
    """The files of a package, read and parsed as they are asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        """The folder of the package, whose name is the package's."""
        self.scans: dict[tuple[str, str], Scan] = {}
        """What was seen in definitions, by module and name: a place for whoever looks at one many times."""
        self._read: dict[str, Module | None] = {}

    def module(self, name: str) -> Module | None:
        """Return a module of the package by its full name, None where there is none of that name."""
        if name not in self._read:
            self._read[name] = self._parsed(name)
        return self._read[name]

    def resolved(self, found: Import) -> Import | None:
        """Return where a name is defined, followed through modules that only pass it on; None where that is elsewhere.

        A module of the package is returned as such, with no name.
        """
        seen: set[Import] = set()
        while found not in seen:
            seen.add(found)
            within = self.module(found.module)
            if within is None:
                return None
            if found.name is None or found.name in within.defined:
                return found
            if found.name in within.imported:
                found = within.imported[found.name]
            elif self.module(below := f"{found.module}.{found.name}") is not None:
                return Import(below)
            else:
                return None
        # `from . import part` in the package's own file.
        below = f"{found.module}.{found.name}"
        return Import(below) if self.module(below) is not None else None

    def edited(self, name: str, text: str) -> Sources:
        """Return the same sources with another text of one module; what was read of the others is not read again."""
        other = Sources(self.folder)
        other._read = {**self._read, name: self._parsed(name, text)}
        other.scans = {key: scan for key, scan in self.scans.items() if key[0] != name}
        return other

    def _parsed(self, name: str, text: str | None = None) -> Module | None:
        head, *below = name.split(".")
        if head != self.folder.name:
            return None
        path = self.folder.joinpath(*below)
        package = name if path.is_dir() else name.rpartition(".")[0]
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not file.is_file():
            return None
        module = Module(name)
        for statement in _at_top(ast.parse(file.read_bytes() if text is None else text, str(file)).body):
            if isinstance(statement, ast.Import | ast.ImportFrom):
                module.imported.update(_imports(statement, package))
            else:
                for bound in _bound(statement):
                    module.defined.setdefault(bound, []).append(statement)
        return module


@dataclass
class _Scope:
    """The names of one function, or of what stands outside all functions."""

    loads: set[tuple[str, ...]] = field(default_factory=set)
    stores: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)


class Scan:
    """What some code does, and what it uses.

    Parameters
    ----------
    nodes
        Statements or expressions.
    hidden
        Names that stand for something local to where the code stands.
    """

    def __init__(self, nodes: Iterable[ast.AST], hidden: Iterable[str] = ()) -> None:
        self.attributes: set[str] = set()
        """Every name that is read as an attribute."""
        self.annotations: list[ast.expr] = []
        """The annotations, which are no part of the text."""
        self.imports: dict[str, Import] = {}
        """What is imported within functions."""
        self._parts: list[str] = []
        self._scopes = [_Scope()]
        for node in nodes:
            self._see(node)
        outside = self._scopes[0].loads
        barred = frozenset(hidden)
        self.used = frozenset(name for name in outside if name[0] not in barred)
        """The names that are read from outside, those of an attribute in parts: ("np", "exp")."""
        self.text = "".join(self._parts)
        """What the code does: the same text for the same code."""

    def _see(self, node: Any) -> None:
        kind = type(node)
        say = self._parts.append
        if kind is list:
            say("[")
            for each in node:
                if not is_words(each):
                    self._see(each)
                    say(",")
            say("]")
        elif kind is ast.Name:
            say(node.id)
            self._name(node)
        elif kind is ast.Constant:
            say(f"{type(node.value).__name__}:{node.value!r}")
        elif kind is ast.Attribute:
            if type(node.ctx) is ast.Load:
                self.attributes.add(node.attr)
                if (dotted := _dotted(node)) is not None:
                    self._scopes[-1].loads.add(dotted)
            say("(")
            self._see(node.value)
            say(f").{node.attr}")
        elif isinstance(node, ast.AST):
            self._see_other(node)
        else:
            say(repr(node))

    def _see_other(self, node: ast.AST) -> None:
        if isinstance(node, Function):
            self._function(node)
        elif isinstance(node, ast.Lambda):
            self._arguments_outside(node.args)
            with_own = self._open()
            self._fields(node)
            self._close(with_own)
        elif isinstance(node, ast.ClassDef):
            own = self._open()
            self._fields(node)
            own.stores.clear()
            self._close(own)
        elif isinstance(node, _COMPREHENSIONS):
            self._see(node.generators[0].iter)
            own = self._open()
            self._fields(node)
            self._close(own)
        elif isinstance(node, ast.JoinedStr):
            self._joined(node)
        else:
            if isinstance(node, ast.Import | ast.ImportFrom):
                self.imports |= _imports(node)
            elif isinstance(node, ast.Global | ast.Nonlocal):
                self._scopes[-1].shared.update(node.names)
            elif isinstance(node, ast.arg):
                self._scopes[-1].stores.add(node.arg)
            elif isinstance(node, ast.ExceptHandler) and node.name:
                self._scopes[-1].stores.add(node.name)
            self._annotation(getattr(node, "annotation", None))
            self._fields(node)

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._scopes[-1].stores.add(node.name)
        self._annotation(node.returns)
        self._arguments_outside(node.args)
        for each in node.decorator_list:
            self._see(each)
        own = self._open()
        self._fields(node)
        self._close(own)

    def _arguments_outside(self, arguments: ast.arguments) -> None:
        """Defaults are worked out where the function stands, not within it."""
        for each in (*arguments.defaults, *arguments.kw_defaults):
            self._see(each)

    def _fields(self, node: ast.AST) -> None:
        kind = type(node)
        say = self._parts.append
        if kind not in _FIELDS:
            _FIELDS[kind] = tuple(name for name in node._fields if name not in _LEFT_OUT)
        say(kind.__name__)
        say("(")
        for name in _FIELDS[kind]:
            value = getattr(node, name, None)
            if value is None or value == [] or (type(value) is list and all(map(is_words, value))):
                continue
            say(f"{name}=")
            self._see(value)
        say(")")

    def _name(self, node: ast.Name) -> None:
        if type(node.ctx) is ast.Load:
            self._scopes[-1].loads.add((node.id,))
        else:
            self._scopes[-1].stores.add(node.id)

    def _annotation(self, node: ast.expr | None) -> None:
        if node is not None:
            self.annotations.append(node)

    def _open(self) -> _Scope:
        self._scopes.append(_Scope())
        return self._scopes[-1]

    def _close(self, own: _Scope) -> None:
        """End a scope: what it reads and does not bind is read from outside of it."""
        self._scopes.pop()
        bound = own.stores - own.shared
        self._scopes[-1].loads.update(name for name in own.loads if name[0] not in bound)

    def _joined(self, node: ast.JoinedStr) -> None:
        """Say a text with values in it; texts that stand together are one, however they were written."""
        text = ""
        for value in [*node.values, None]:
            if isinstance(value, ast.Constant):
                text += str(value.value)
                continue
            if text:
                self._parts.append(f"str:{text!r}")
                text = ""
            if value is not None:
                self._see(value)


def is_words(node: Any) -> bool:
    """Return whether a statement only speaks to readers: a docstring or another text, `...`, or `pass`."""
    return type(node) is ast.Pass or (type(node) is ast.Expr and type(node.value) is ast.Constant)


def is_builtin(name: str) -> bool:
    """Return whether a name is Python's own."""
    return name in _BUILTINS


def dotted_names(annotation: ast.expr) -> Iterator[tuple[str, ...]]:
    """Yield the names in an annotation, dotted ones in parts; one that is written as text is read as code."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            annotation = ast.parse(annotation.value, mode="eval").body
        except SyntaxError:
            return
    for each in ast.walk(annotation):
        if isinstance(each, ast.Name | ast.Attribute) and (found := _dotted(each)) is not None:
            yield found


def _dotted(node: ast.expr) -> tuple[str, ...] | None:
    """Return the parts of a dotted name, None for an attribute of anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return None if before is None else (*before, node.attr)
    return None


def _imports(statement: ast.Import | ast.ImportFrom, package: str = "") -> dict[str, Import]:
    """Return what each name that an import statement binds stands for; a relative one starts from the package."""
    if isinstance(statement, ast.Import):
        return {each.asname or each.name.split(".")[0]: _whole(each) for each in statement.names}
    parts = package.split(".")
    base = ".".join(parts[: len(parts) - statement.level + 1]) if statement.level else ""
    module = ".".join(part for part in (base, statement.module or "") if part)
    return {each.asname or each.name: Import(module, each.name) for each in statement.names}


def _whole(alias: ast.alias) -> Import:
    return Import(alias.name if alias.asname else alias.name.split(".")[0])


def _at_top(statements: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module, those under a condition too."""
    for statement in statements:
        if isinstance(statement, ast.If | ast.Try):
            handlers = [each for handler in getattr(statement, "handlers", []) for each in handler.body]
            yield from _at_top([*statement.body, *statement.orelse, *handlers])
        else:
            yield statement


def _bound(node: ast.AST) -> Iterator[str]:
    """Yield the names that a statement at the top level binds."""
    if isinstance(node, Function | ast.ClassDef):
        yield node.name
    elif isinstance(node, ast.Name):
        if not isinstance(node.ctx, ast.Load):
            yield node.id
    elif isinstance(node, ast.Assign):
        for target in node.targets:
            yield from _bound(target)
    elif isinstance(node, ast.AnnAssign | ast.AugAssign):
        yield from _bound(node.target)
    elif not isinstance(node, (*_COMPREHENSIONS, ast.Lambda)):
        for each in ast.iter_child_nodes(node):
            yield from _bound(each)
