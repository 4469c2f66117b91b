"""Which lines of the recorder make which outcome, and which of them change the state of the city.

The recorder ends a month: it writes outcomes, which no later month reads but through triggers, and some of its lines write
to the state. A slice is the lines on which something that is written depends:

    STATE       whatever is no outcome; these lines are part of what a run is
    an outcome  out.NAME = ..., and the outcomes that such a line reads
    ANY         outcomes that are written by the number of their column, which the lines do not name

A line belongs to a slice if it writes the thing, gives a value to a name that a line of the slice reads, or leaves a loop or
a function early; a call belongs to it if a line of the called function does, with those arguments alone that are read there.
Where it cannot be told what a line writes to, it writes to the state.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sim.reach import Definition, Reach
from sim.syntax import Scan, Sources, is_words

__all__ = ["ANY", "STATE", "Recorder", "Slice"]

STATE, ANY = "state", "any"
_ALL = "all"
"""What is written for every outcome alike: the figures of the city."""

_BY_NAME = "outcome"
_BY_COLUMN = {"outcome_values": ANY, "city_outcome": _ALL}


@dataclass
class Slice:
    """Lines that belong together."""

    texts: list[str] = field(default_factory=list)
    reads: set[str] = field(default_factory=set)
    """Outcomes that the lines read."""
    scans: list[tuple[str, Scan]] = field(default_factory=list)
    """Module and code of each line: what it uses counts as well."""
    arguments: frozenset[str] = frozenset()
    """The arguments of the function that its lines read."""


@dataclass(frozen=True, kw_only=True)
class _Line:
    """A statement of the recorder; of a loop or a condition only its head."""

    parent: int | None
    block: str
    """Which block of the parent it is in."""
    scan: Scan
    binds: frozenset[str]
    writes: frozenset[str]
    reads: frozenset[str]
    leaves: bool
    called: Definition | None = None
    """The function of the recorder that the line calls, and nothing else."""
    given: Mapping[str, Scan] = field(default_factory=dict)
    """Its arguments by name."""


class Recorder:
    """The function that ends a month, and the functions that it calls.

    Parameters
    ----------
    sources
        The package.
    root
        The function.

    Raises
    ------
    KeyError
        When there is no such function.
    """

    def __init__(self, sources: Sources, root: Definition) -> None:
        self._reach = Reach(sources)
        self._root = root
        self._functions: dict[Definition, ast.FunctionDef] = {}
        self._calls: dict[Definition, list[Definition]] = {}
        self._reach.statements(root)
        self._collect(root)
        written = {named: frozenset(_writes(each, _roots(each))) for named, each in self._functions.items()}
        self.outcomes = frozenset().union(*written.values()) - {STATE, ANY, _ALL}
        """The outcomes that are written by name."""
        self._pure = {named for named, sinks in written.items() if not sinks}
        while mixed := {named for named in self._pure if not self._pure.issuperset(self._called_by(named))}:
            self._pure -= mixed
        self._lines = functools.cache(self._lines_of)
        self._sliced = functools.cache(self._slice)
        self._read_in = functools.cache(self._outcomes_read_in)

    def slice(self, *wanted: str) -> Slice:
        """Return the lines on which the wanted things depend: STATE, or outcomes and ANY."""
        if STATE in wanted:
            return self._sliced(self._root, frozenset({STATE}))
        sinks = frozenset(wanted)
        while not (found := self._sliced(self._root, sinks | {_ALL})).reads <= sinks:
            sinks |= found.reads
        return found

    def _collect(self, named: Definition) -> None:
        if named in self._functions:
            return
        function = self._reach.statements(named)[-1]
        if not isinstance(function, ast.FunctionDef):
            return
        self._functions[named] = function
        calls = [each for each in ast.walk(function) if isinstance(each, ast.Call)]
        self._calls[named] = [found for each in calls if (found := self._callee(named.module, each)) is not None]
        for called in self._calls[named]:
            self._collect(called)

    def _called_by(self, named: Definition) -> list[Definition]:
        """Return the functions of the recorder that one of them calls."""
        return [each for each in self._calls[named] if each in self._functions]

    def _callee(self, module: str, call: ast.Call) -> Definition | None:
        path = _path(call.func)
        return None if path is None else self._reach.meant(module, path)

    def _lines_of(self, named: Definition) -> list[_Line]:
        """Return the lines of a function, each after the one that it is in."""
        function = self._functions[named]
        roots = _roots(function)
        lines: list[_Line] = []

        def add(statements: Iterable[ast.stmt], parent: int | None, block: str) -> None:
            for statement in statements:
                if is_words(statement):
                    continue
                place = len(lines)
                lines.append(self._line(named.module, statement, parent, block, roots))
                for name, body in _blocks(statement):
                    add(body, place, name)

        add(function.body, None, "body")
        return lines

    def _line(self, module: str, statement: ast.stmt, parent: int | None, block: str, roots: Mapping[str, str]) -> _Line:
        called: Definition | None = None
        given: dict[str, Scan] = {}
        # Of a loop or a condition what stands before its blocks.
        head = [*ast.iter_child_nodes(statement)] if any(_blocks(statement)) else [statement]
        head = [each for each in head if each is statement or not isinstance(each, ast.stmt)]
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = self._callee(module, statement.value)
            if called not in self._functions:
                called = None
        if called is not None:
            assert isinstance(statement, ast.Expr)
            call = statement.value
            assert isinstance(call, ast.Call)
            names = _parameters(self._functions[called])
            listed = [*zip(names, call.args, strict=False), *((each.arg or "", each.value) for each in call.keywords)]
            given = {name: Scan([value]) for name, value in listed}
        reads = {name for node in head for name in self._outcomes_read(module, node, roots)}
        return _Line(
            parent=parent,
            block=block,
            scan=Scan(head),
            binds=frozenset(name for node in head for name in _bound(node)),
            writes=frozenset(sink for node in head for sink in _writes(node, roots)),
            reads=frozenset(reads),
            leaves=isinstance(statement, ast.Return | ast.Break | ast.Continue | ast.Raise),
            called=called,
            given=given,
        )

    def _outcomes_read(self, module: str, node: ast.AST, roots: Mapping[str, str]) -> Iterator[str]:
        """Yield the outcomes that code reads, also within the functions that it calls for a value."""
        for each in ast.walk(node):
            if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Load):
                if each.attr in self.outcomes and _root(each.value, roots) in (_BY_NAME, None):
                    yield each.attr
            elif isinstance(each, ast.Subscript):
                if isinstance(each.ctx, ast.Load) and _root(each, roots) in _BY_COLUMN:
                    yield from (ANY, *self.outcomes)
            elif isinstance(each, ast.Call):
                called = self._callee(module, each)
                if called is not None and called in self._pure:
                    yield from self._read_in(called)

    def _outcomes_read_in(self, named: Definition) -> frozenset[str]:
        function = self._functions[named]
        return frozenset(self._outcomes_read(named.module, function, _roots(function)))

    def _slice(self, named: Definition, sinks: frozenset[str]) -> Slice:
        """Return the lines of a function that belong to what is wanted; none where none of them writes it."""
        if named in self._pure:
            return Slice()
        lines = self._lines(named)
        calls = {}
        for place, line in enumerate(lines):
            if line.called is not None and (part := self._sliced(line.called, sinks)).texts:
                calls[place] = part
        marked = {place for place, line in enumerate(lines) if line.writes & sinks or place in calls}
        if not marked:
            return Slice()
        marked |= {place for place, line in enumerate(lines) if line.leaves}
        for_all = any(_ALL in line.writes for line in lines)
        before = 0
        wanted: set[str] = set()
        while before != len(marked):
            before = len(marked)
            for place in sorted(marked, reverse=True):
                parent = lines[place].parent
                if parent is not None:
                    marked.add(parent)
            for place in marked:
                for scan in _scans(lines[place], calls.get(place)):
                    wanted |= {name[0] for name in scan.used}
            marked |= {place for place, line in enumerate(lines) if line.binds & wanted}
        found = Slice(arguments=frozenset(wanted) & frozenset(_parameters(self._functions[named])))
        ranks = {place: rank for rank, place in enumerate(sorted(marked))}
        for place in ranks:
            line, inner = lines[place], calls.get(place)
            scans = list(_scans(line, inner))
            found.scans += [(named.module, scan) for scan in scans]
            said = ";".join(scan.text for scan in scans)
            called = "" if inner is None else f"{line.called} with {','.join(sorted(inner.arguments))} "
            where = "" if line.parent is None else f" {line.block} of {ranks[line.parent]}"
            found.texts.append(f"{named}{where}: {called}{said}")
            if inner is None:
                # Lines for all outcomes read each column for itself.
                found.reads |= set() if for_all else line.reads
            else:
                found.texts += inner.texts
                found.scans += inner.scans
                found.reads |= inner.reads
        return found


def _scans(line: _Line, inner: Slice | None) -> Iterator[Scan]:
    """Yield the code of a line that counts: of a call into the slice, the arguments that are read there."""
    if inner is None:
        yield line.scan
    else:
        yield from (scan for name, scan in line.given.items() if name in inner.arguments or not name)


def _blocks(statement: ast.stmt) -> Iterator[tuple[str, list[ast.stmt]]]:
    """Yield the blocks of a loop or a condition, by name."""
    for name in ("body", "orelse", "finalbody"):
        if block := getattr(statement, name, None):
            yield name, block


def _parameters(function: ast.FunctionDef) -> list[str]:
    return [each.arg for each in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)]


def _bound(node: ast.AST) -> Iterator[str]:
    for each in ast.walk(node):
        if isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
            yield each.id


def _path(node: ast.expr) -> tuple[str, ...] | None:
    """Return the names along a chain of attributes and places: `city.outcome[i].fear` is ("city", "outcome", "fear")."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Subscript):
        return _path(node.value)
    if isinstance(node, ast.Attribute):
        before = _path(node.value)
        return None if before is None else (*before, node.attr)
    return None


def _roots(function: ast.FunctionDef) -> dict[str, str]:
    """Return the table of the city that each local name stands for a part of: `out = city.outcome[i]`, out to "outcome"."""
    found: dict[str, str] = {}
    for each in ast.walk(function):
        if isinstance(each, ast.Assign) and len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
            root = _root(each.value, found)
            if root is not None and isinstance(each.value, ast.Attribute | ast.Subscript):
                found[each.targets[0].id] = root
    return found


def _root(node: ast.expr, roots: Mapping[str, str]) -> str | None:
    """Return the table that a chain leads into, None where that cannot be told."""
    path = _path(node)
    if path is None:
        return None
    return roots[path[0]] if path[0] in roots else path[1] if len(path) > 1 else None


def _writes(node: ast.AST, roots: Mapping[str, str]) -> Iterator[str]:
    """Yield what code writes to besides local names: outcomes, ANY, _ALL, or STATE."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute | ast.Subscript) and not isinstance(each.ctx, ast.Load):
            root = _root(each.value, roots)
            if isinstance(each, ast.Attribute) and root == _BY_NAME:
                yield each.attr
            elif isinstance(each, ast.Subscript) and root in _BY_COLUMN:
                yield _BY_COLUMN[root]
            else:
                yield STATE
