"""Public names of a package that are fetched from their modules when first asked for, so that importing it stays quick."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["fetched"]


def fetched(package: str, holds: Mapping[str, tuple[str, ...]]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Return the `__getattr__` and the `__dir__` of a package.

    Parameters
    ----------
    package
        Its name.
    holds
        The public names by the module that holds them.
    """
    module_of = {name: module for module, names in holds.items() for name in names}

    def fetch(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return getattr(import_module(module_of[name]), name)

    def known() -> list[str]:
        return sorted({*vars(sys.modules[package]), *module_of})

    return fetch, known
