"""What results come from: the version of citysafety, the hash of the model, and the packages that ran it."""

from __future__ import annotations

import importlib.metadata
import platform
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.execution.extensions import Rule

__all__ = ["PACKAGES", "RULE", "made_with", "versions"]

PACKAGES = ("numpy", "numba", "llvmlite", "mesa", "pandas", "pyarrow", "pydantic", "scipy", "matplotlib", "SALib")
"""The packages whose versions a manifest records."""


RULE = "rule after each month"
"""Under which a manifest names the rule of the user's own, with its hash."""


def made_with(rule: Rule | None = None) -> dict[str, str]:
    """Return what results come from here and now: version of citysafety, hash of the model, Python, packages.

    Parameters
    ----------
    rule
        The rule of the user's own after each month, which is named with its hash.
    """
    from sim.identity import model_hash

    return {
        "citysafety": importlib.metadata.version("citysafety"),
        "model": model_hash(),
        "python": platform.python_version(),
        **({} if rule is None else {RULE: f"{rule.code.name} {rule.code.digest}"}),
    } | versions()


def versions() -> dict[str, str]:
    """Return the version of each package in `PACKAGES` that is installed, by name."""
    found = {}
    for name in PACKAGES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return found
