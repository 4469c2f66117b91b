"""What a function reaches by name: every function, class and constant of the package that it can come to use.

A name counts wherever it is read, whether or not that line is ever run; a method counts when its name is read as an
attribute and its class is named in an annotation of what is reached. So too much may be reached, and nothing too little,
as long as nobody calls by a name made up at run time. Declarations (parameters, measures, mechanisms, outcomes) are not
followed into: they enter by value, see `sim.identity`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from sim.syntax import Function, Import, Scan, Sources, dotted_names, is_builtin

__all__ = ["Definition", "Reach"]

DECLARATIONS = ("sim.parameters", "sim.measures", "sim.mechanisms")
"""Where tables stand that enter by value; functions, classes and plain constants there are code like any other."""

NO_PART = ("sim.outcomes", "sim.compiled", "sim.cache", "sim.blocks", "sim.settled", "sim.plugins", "sim.added_measures")
"""What no run depends on: what is recorded of it (told apart), how it is compiled (told by its numeric options), which
settled cities are kept, and where measures of one's own come from (what they declare enters by value)."""


class Definition(NamedTuple):
    """A name of a module, or a method of one of its classes ("City.method")."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Reach:
    """Everything that is reached from some definitions.

    Parameters
    ----------
    sources
        The package.
    besides
        Definitions that are not followed into: what they are is told in another way.
    """

    def __init__(self, sources: Sources, besides: Iterable[Definition] = ()) -> None:
        self.sources = sources
        self.texts: dict[Definition, str] = {}
        """What each reached definition does."""
        self._besides = frozenset(besides)
        self._attributes: set[str] = set()
        self._types: dict[Definition, ast.ClassDef | None] = {}
        self._annotated: set[tuple[str, tuple[str, ...]]] = set()
        self._to_do: list[Definition] = []

    def add(self, *roots: Definition) -> None:
        """Follow what these reach.

        Raises
        ------
        KeyError
            When one of them does not exist.
        """
        for root in roots:
            self.statements(root)
            self._to_do.append(root)
        self._follow()

    def add_code(self, module: str, scan: Scan) -> None:
        """Follow what some code of a module uses, without the code itself."""
        self._use(module, scan)
        self._follow()

    def statements(self, wanted: Definition) -> list[ast.stmt]:
        """Return the statements that make a definition.

        Raises
        ------
        KeyError
            When there is none of that name.
        """
        owner, _, method = wanted.name.partition(".")
        module = self.sources.module(wanted.module)
        if module is None or owner not in module.defined:
            raise KeyError(f"{wanted}: the sources define no such name")
        statements = module.defined[owner]
        if not method:
            return statements
        bodies = [each.body for each in statements if isinstance(each, ast.ClassDef)]
        return [each for body in bodies for each in body if isinstance(each, Function) and each.name == method]

    def meant(self, module: str, name: tuple[str, ...], local: Mapping[str, Import] | None = None) -> Definition | None:
        """Return the definition that a name in the code of a module stands for, dotted names in parts; None where unknown.

        Of an attribute of a definition, such as `TABLE.size`, the definition is meant.
        """
        within = self.sources.module(module)
        if within is None:
            return None
        first = (local or {}).get(name[0])
        if first is None and name[0] in within.defined:
            return Definition(module, name[0])
        first = first or within.imported.get(name[0])
        found = None if first is None else self.sources.resolved(first)
        for part in name[1:]:
            if found is None or found.name is not None:
                break
            found = self.sources.resolved(Import(found.module, part))
        return Definition(found.module, found.name) if found is not None and found.name is not None else None

    def _follow(self) -> None:
        while self._to_do or self._find_methods():
            self._take(self._to_do.pop())

    def _take(self, wanted: Definition) -> None:
        if wanted in self.texts or wanted in self._besides or wanted.module.startswith(NO_PART):
            return
        followed = [each for each in self.statements(wanted) if _is_code(wanted, each)]
        if not followed:
            return
        if (scan := self.sources.scans.get(wanted)) is None:
            scan = self.sources.scans[wanted] = Scan(followed)
        self.texts[wanted] = scan.text
        outside = self._use(wanted.module, scan)
        self.texts[wanted] += f" with {outside}"

    def _use(self, module: str, scan: Scan) -> str:
        """Take note of what code uses; return what its names stand for that are defined outside the package."""
        self._attributes |= scan.attributes
        outside: dict[str, str] = {}
        within = self.sources.module(module)
        assert within is not None
        for name in scan.used:
            if (found := self.meant(module, name, scan.imports)) is not None:
                self._to_do.append(found)
                continue
            imported = scan.imports.get(name[0]) or within.imported.get(name[0])
            if imported is not None and imported.module.split(".")[0] != self.sources.folder.name:
                outside[name[0]] = ".".join(part for part in imported if part)
            elif imported is None and not is_builtin(name[0]):
                outside[name[0]] = ""
        for annotation in scan.annotations:
            for name in dotted_names(annotation):
                if (module, name) not in self._annotated:
                    self._annotated.add((module, name))
                    self._note_type(self.meant(module, name, scan.imports))
        return ",".join(f"{name}={found}" for name, found in sorted(outside.items()))

    def _note_type(self, named: Definition | None) -> None:
        """Take note of a class whose methods may be called, and of the classes of its fields and its bases."""
        if named is None or named in self._types or named.module.startswith(NO_PART):
            return
        self._types[named] = None
        for statement in self.statements(named):
            if isinstance(statement, ast.ClassDef):
                self._types[named] = statement
                scan = Scan([statement])
                parts = [*statement.bases, *scan.annotations]
            elif isinstance(statement, ast.Assign | ast.AnnAssign | ast.TypeAlias) and statement.value is not None:
                parts = [statement.value]
            else:
                continue
            for part in parts:
                for name in dotted_names(part):
                    self._note_type(self.meant(named.module, name))

    def _find_methods(self) -> bool:
        """Go on to the methods of the noted classes whose names are read as attributes; return whether there were any."""
        found = list(self._methods())
        self._to_do.extend(found)
        return bool(found)

    def _methods(self) -> Iterator[Definition]:
        for named, classed in self._types.items():
            if classed is None or named in self.texts:
                continue
            for each in classed.body:
                if isinstance(each, Function) and each.name in self._attributes:
                    wanted = Definition(named.module, f"{named.name}.{each.name}")
                    if wanted not in self.texts:
                        yield wanted


def _is_code(wanted: Definition, statement: ast.stmt) -> bool:
    """Return whether a statement is code: a table of declarations is not, but a constant beside it is."""
    if isinstance(statement, Function | ast.ClassDef) or not wanted.module.startswith(DECLARATIONS):
        return True
    if not isinstance(statement, ast.Assign | ast.AnnAssign) or statement.value is None:
        return False
    try:
        ast.literal_eval(statement.value)
    except (ValueError, TypeError):
        return False
    return True
