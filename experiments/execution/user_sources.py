"""Where code of users comes from: its source by the place that compiled code names, plain values, and installed packages."""

from __future__ import annotations

import ast
import functools
import importlib.metadata
import linecache
import sys
import sysconfig
import types
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from sim.syntax import Function

__all__ = [
    "Near",
    "NoContentError",
    "around",
    "class_node",
    "file_of",
    "function_node",
    "imported_as",
    "is_installed",
    "plain_text",
    "undefaulted",
    "version_of",
]

OURS = ("sim", "experiments", "citysafety", "scenarios")
"""Packages of this distribution."""

NAME = "function"
"""What a lambda is called where it is built."""

Near = tuple[Mapping[str, Any], str]
FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class NoContentError(Exception):
    """A function or class cannot be told by its content; the message is the reason, as the rest of a sentence about it."""


# Sources --------------------------------------------------------------------------------------------------------------


def function_node(code: types.CodeType) -> FunctionNode:
    """Return the syntax tree of a function.

    Parameters
    ----------
    code
        Its compiled code, which says where the source stands.

    Raises
    ------
    NoContentError
        When there is no source, it is no longer what was compiled, or it changes global names.
    """
    tree = _tree(code.co_filename, code.co_name)
    found = [node for node in ast.walk(tree) if _is_of(node, code)]
    if not found or not _is_compiled_in(tree, code):
        raise NoContentError(_changed(code.co_name, code.co_filename))
    node: Any = found[-1]
    _refuse_globals(node, code.co_name)
    return node  # type: ignore[no-any-return]


def class_node(made: type, near: Near | None = None) -> tuple[ast.ClassDef, Mapping[str, Any], str]:
    """Return the syntax tree of a class, the global names where it stands, and its file; errors as `function_node`.

    Parameters
    ----------
    made
        The class.
    near
        The global names and the file of code that uses it: a class without methods does not say where it stands.
    """
    functions = [each for each in _functions_of(made) if each.__qualname__ == f"{made.__qualname__}.{each.__name__}"]
    module = sys.modules.get(made.__module__)
    filename = functions[0].__code__.co_filename if functions else getattr(module, "__file__", None)
    names: Mapping[str, Any] = functions[0].__globals__ if functions else {} if module is None else vars(module)
    if filename is None and near is not None and near[0].get("__name__") == made.__module__:
        names, filename = near
    if filename is None:
        raise NoContentError(f"class {made.__name__} has no source that can be read; define it in a file or a notebook")
    tree = _tree(filename, made.__name__)
    lines = {each.__code__.co_firstlineno for each in functions}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == made.__name__:
            last = node.end_lineno or node.lineno
            within = all(node.lineno <= line <= last for line in lines)
            if within and all(_is_compiled_in(tree, each.__code__) for each in functions):
                _refuse_globals(node, made.__name__)
                return node, names, filename
    raise NoContentError(_changed(f"class {made.__name__}", filename))


def file_of(thing: types.FunctionType | type) -> str:
    """Return the file that a function or class was read from."""
    return thing.__code__.co_filename if isinstance(thing, types.FunctionType) else class_node(thing)[2]


def _tree(filename: str, name: str) -> ast.Module:
    linecache.checkcache(filename)
    lines = linecache.getlines(filename)
    if not lines:
        raise NoContentError(f"{name} has no source that can be read ({filename}); define it in a file or a notebook")
    try:
        return _parsed("".join(lines))
    except SyntaxError:
        raise NoContentError(_changed(name, filename)) from None


@functools.lru_cache(16)
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


def _changed(name: str, filename: str) -> str:
    return f"{name}: its source in {filename} was changed since it was loaded; load it again"


def _is_of(node: ast.AST, code: types.CodeType) -> bool:
    """Return whether code was made of a node, as far as name and place tell."""
    if isinstance(node, ast.Lambda) and code.co_name == "<lambda>":
        return node.lineno == code.co_firstlineno and _spans(node.body, code)
    if not isinstance(node, Function) or node.name != code.co_name:
        return False
    return min([node.lineno, *(each.lineno for each in node.decorator_list)]) == code.co_firstlineno


def _spans(body: ast.expr, code: types.CodeType) -> bool:
    """Return whether the body of a lambda is what some code was made of: it reaches from its first to its last place."""
    places = [each for each in code.co_positions() if None not in each and each[1:] != (code.co_firstlineno, 0, 0)]
    if not places:
        # Code that only returns a constant says no place; lambdas of one line that return the same one are the same.
        return isinstance(body, ast.Constant) and repr(body.value) == repr(code.co_consts[-1])
    starts = min(((line or 0, column or 0) for line, _, column, _ in places), default=None)
    ends = max(((line or 0, column or 0) for _, line, _, column in places), default=None)
    return starts == (body.lineno, body.col_offset) and ends == (body.end_lineno, body.end_col_offset)


def _is_compiled_in(tree: ast.Module, code: types.CodeType) -> bool:
    """Return whether the source gives this very code: a file may have been edited since it was loaded."""
    alike = (code.co_name, code.co_firstlineno, code.co_code, code.co_names, code.co_varnames)
    return any(
        alike == (each.co_name, each.co_firstlineno, each.co_code, each.co_names, each.co_varnames)
        and _constants(each) == _constants(code)
        for each in _codes(compile(tree, code.co_filename, "exec", dont_inherit=True))
    )


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for each in code.co_consts:
        if isinstance(each, types.CodeType):
            yield from _codes(each)


def _constants(code: types.CodeType) -> list[str]:
    """Return the constants of code, those of the functions within it too."""
    return [repr(each) for inner in _codes(code) for each in inner.co_consts if not isinstance(each, types.CodeType)]


def _functions_of(made: type) -> Iterator[types.FunctionType]:
    """Yield the functions that a class defines."""
    for each in vars(made).values():
        inner = each.__func__ if isinstance(each, staticmethod | classmethod) else each
        inner = inner.fget if isinstance(inner, property) else inner
        if isinstance(inner, types.FunctionType):
            yield inner


def _refuse_globals(node: ast.AST, name: str) -> None:
    for each in ast.walk(node):
        if isinstance(each, ast.Global):
            says = f"changes the global name {each.names[0]}"
            raise NoContentError(f"{name} {says}; keep what it needs on the model, or within the function")


def undefaulted(node: FunctionNode) -> ast.AST:
    """Return a function without its name, decorators and defaults: these are told by what they made."""
    copy = _copied(node)
    copy.args.defaults, copy.args.kw_defaults = [], [None] * len(copy.args.kwonlyargs)
    if isinstance(copy, Function):
        copy.decorator_list, copy.name = [], NAME
    return copy  # type: ignore[no-any-return]


def around(node: FunctionNode, closed: Sequence[str]) -> tuple[str, str]:
    """Return the name of a function, and source of a function `around` that makes it of what it closes over.

    It has neither decorators nor annotations; its defaults are None and have to be set.
    """
    copy = _copied(node)
    if isinstance(copy, ast.Lambda):
        made: Any = ast.parse(f"def {NAME}(): return None").body[0]
        made.args, made.body[0].value = copy.args, copy.body
        copy = made
    copy.decorator_list, copy.returns = [], None
    for each in ast.walk(copy.args):
        if isinstance(each, ast.arg):
            each.annotation = None
    copy.args.defaults = [ast.Constant(None) for _ in copy.args.defaults]
    copy.args.kw_defaults = [None if each is None else ast.Constant(None) for each in copy.args.kw_defaults]
    outer: Any = ast.parse(f"def around({', '.join(closed)}): return {copy.name}").body[0]
    outer.body.insert(0, copy)
    return copy.name, ast.unparse(ast.fix_missing_locations(outer))


def _copied(node: FunctionNode) -> Any:
    copy: Any = ast.parse(ast.unparse(node)).body[0]
    return copy.value if isinstance(copy, ast.Expr) else copy


# Values and packages --------------------------------------------------------------------------------------------------


def plain_text(value: Any, name: str) -> str:
    """Return a plain value as a text that stands for it.

    Raises
    ------
    NoContentError
        When it is, or holds, anything but numbers, texts, None, lists, tuples, sets and mappings.
    """
    kind = type(value).__name__
    if isinstance(value, float) and type(value) is float:
        return value.hex()
    if value is None or type(value) in (bool, int, complex, str, bytes):
        return f"{kind}:{value!r}"
    if type(value) in (tuple, list):
        return f"{kind}[{','.join(plain_text(each, name) for each in value)}]"
    if type(value) in (set, frozenset):
        return f"{kind}[{','.join(sorted(plain_text(each, name) for each in value))}]"
    if type(value) is dict:
        return f"dict[{','.join(f'{plain_text(key, name)}={plain_text(each, name)}' for key, each in value.items())}]"
    raise NoContentError(f"it uses {name}, an object of type {kind}; only plain values (numbers, texts, lists) can be held")


def imported_as(thing: Any, name: str, filename: str = "") -> str | None:
    """Return "module:name" of what an installed module gives, as an import in the file or the thing itself says it."""
    if isinstance(thing, types.ModuleType):
        return None
    for statement in ast.walk(_tree(filename, name)) if filename else ():
        if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            for each in statement.names:
                if (each.asname or each.name) == name and is_installed(statement.module):
                    return f"{statement.module}:{each.name}"
    module, named = getattr(thing, "__module__", None), getattr(thing, "__name__", None)
    if not isinstance(module, str) or not isinstance(named, str) or not is_installed(module):
        return None
    return f"{module}:{named}" if getattr(sys.modules.get(module), named, None) is thing else None


def is_installed(module: str) -> bool:
    """Return whether a module is Python's own, ours, or one of an installed package."""
    head = module.split(".")[0]
    if head in OURS or head == "builtins" or head in sys.stdlib_module_names:
        return module != "__main__"
    found = sys.modules.get(module) or sys.modules.get(head)
    file = getattr(found, "__file__", None)
    if file is None or module == "__main__":
        return False
    roots = {Path(sysconfig.get_path(name)).resolve() for name in ("purelib", "platlib")}
    return any(Path(file).resolve().is_relative_to(root) for root in roots)


def version_of(module: str) -> str:
    """Return the version of the package that a module belongs to; Python's own counts for nothing."""
    head = module.split(".")[0]
    if head in sys.stdlib_module_names:
        return ""
    if head in OURS:
        return importlib.metadata.version("citysafety")
    return str(getattr(sys.modules.get(head), "__version__", ""))
