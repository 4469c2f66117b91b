"""What a worker process is given to begin with: to reach it loads citysafety, and so our own packages.

A process that is started again imports whatever is named in what it is sent, and looks for it beside the script that started
it first. Naming a function of this file before anything of `sim` or `experiments` makes sure that those are ours.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

__all__ = ["call", "call_pickled"]


def call[R](function: Callable[..., R], *arguments: Any) -> R:
    """Return what the function returns for the arguments; they are unpickled after the name of this function."""
    return function(*arguments)


def call_pickled(sent: bytes) -> Any:
    """Return what a function returns for its arguments, both pickled together as one tuple, the function first."""
    function, *arguments = pickle.loads(sent)
    return function(*arguments)
