"""Compiling the month in one piece: the functions it calls are only linked, and optimised once, within it.

numba optimises each compiled function and makes machine code of it, and does so again for every caller that it becomes a
part of. Nobody calls a function inside the month but the month, so that work is thrown away: a third of a first start.
While the month is compiled, the functions it calls get a library (numba's word for a piece of compiled code) that keeps
what was translated and nothing more. The result is the same code: each function reaches the last step by the same passes
over single functions, and the passes over the whole were always run again there.

This leans on three methods that numba does not promise. They are known to be what is said here in the versions between
the two bounds; with any other version every function is compiled the ordinary way, which other entries always are.
"""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterator
from typing import Any

import numba
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

__all__ = ["EntryCompiler", "InnerCompiler", "known"]

# From the first, up to but without the second.
_KNOWN = ((0, 66), (0, 69))
# Only changed under numba's own lock, which lets one thread compile at a time.
_linking = False


def known(version: str) -> bool:
    """Whether a version of numba is one whose methods are known.

    Parameters
    ----------
    version
        Such as "0.66.0".
    """
    parts = tuple(int(part) for part in version.split(".")[:2] if part.isdecimal())
    return _KNOWN[0] <= parts < _KNOWN[1]


class _Nowhere:
    """Where an inner function's environment is stored: nowhere, since it has no machine code of its own that reads it."""

    def set_env(self, name: str, environment: Any) -> None:
        """Leave the environment to the entry, which holds a place for it."""


class _LinkedOnly(JITCodeLibrary):
    """The code of a function that is never called for itself."""

    codegen = _Nowhere()

    def _optimize_final_module(self) -> None:
        """Do nothing: the entry is optimised as a whole."""

    def _finalize_final_module(self) -> None:
        """Take the translated code as it is and make no machine code of it."""
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Return 0, which numba takes for a function that Python cannot call."""
        self._ensure_finalized()
        return 0


class InnerCompiler(Compiler):
    """Compiles a function inside the month: ordinarily, but while the month is compiled only for linking."""

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Compile a function, as numba asks."""
        if _linking:
            self.state.library = _LinkedOnly(self.state.targetctx.codegen(), function.__qualname__)
        return super().compile_extra(function)


class EntryCompiler(Compiler):
    """Compiles the month and, within that, the functions it calls, for linking."""

    def compile_extra(self, function: Callable[..., Any]) -> Any:
        """Compile a function, as numba asks."""
        with _for_linking(), without_garbage_collection():
            result = super().compile_extra(function)
        # What numba does when it loads compiled code: it may hold places for the environments of what was linked in.
        for environment in result._find_referenced_environments():
            result.library.codegen.set_env(environment.env_name, environment)
        return result


@contextlib.contextmanager
def _for_linking() -> Iterator[None]:
    global _linking
    before, _linking = _linking, known(numba.__version__)
    try:
        yield
    finally:
        _linking = before


@contextlib.contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Let no garbage be collected meanwhile: compiling makes millions of objects, nearly all of them to stay."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
