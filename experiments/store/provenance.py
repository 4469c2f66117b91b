"""What results come from: the version of citysafety, the hash of the model, and the packages that ran it."""

from __future__ import annotations

import importlib.metadata
import platform

__all__ = ["PACKAGES", "made_with", "versions"]

PACKAGES = ("numpy", "numba", "llvmlite", "mesa", "pandas", "pyarrow", "pydantic", "scipy", "matplotlib", "SALib")
"""The packages whose versions a manifest records."""


def made_with() -> dict[str, str]:
    """Return what results come from here and now: version of citysafety, hash of the model, Python, packages."""
    from sim.identity import model_hash

    return {
        "citysafety": importlib.metadata.version("citysafety"),
        "model": model_hash(),
        "python": platform.python_version(),
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
