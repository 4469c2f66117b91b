"""Loads the packages sim, scenarios and experiments from the folder that holds citysafety, wherever Python would look first.

Their names are ordinary words. A script beside a folder `experiments` of its own would import that one; and so
would a worker process that such a script starts. Once the three are loaded from here, every later import finds them.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType

__all__ = ["PACKAGES", "load_own_packages"]

PACKAGES = ("sim", "scenarios", "experiments")
HOME = Path(__file__).resolve().parents[1]


def load_own_packages() -> None:
    """Load the three packages, unless they are loaded already.

    Raises
    ------
    ImportError
        When another package of one of these names was imported before. Nothing is loaded then.
    """
    for name in PACKAGES:
        if name in sys.modules:
            _refuse_other(name, sys.modules[name])
    for name in PACKAGES:
        if name not in sys.modules:
            _load(name)


def _refuse_other(name: str, loaded: ModuleType) -> None:
    """Raise when the loaded package stands elsewhere than beside citysafety."""
    folders = [os.path.realpath(folder) for folder in getattr(loaded, "__path__", ())]
    if folders == [str(HOME / name)]:
        return
    where = getattr(loaded, "__file__", None) or (folders[0] if folders else "an unknown place")
    raise ImportError(
        f"citysafety has a package called {name}, and another one was imported before ({where}); "
        "import citysafety first, or rename the other"
    )


def _load(name: str) -> None:
    """Load one package from our own folder, and forget it again if that fails."""
    folder = HOME / name
    spec = importlib.util.spec_from_file_location(name, folder / "__init__.py", submodule_search_locations=[str(folder)])
    if spec is None or spec.loader is None:
        raise ImportError(f"citysafety is incomplete: {folder} cannot be loaded; install it again")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
