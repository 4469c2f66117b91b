"""Ctrl-C that is not lost: Python drops an interrupt that arrives while a finaliser or a callback of C code runs.

Within `noted` an interrupt is raised as ever, and remembered besides: whoever waits in a loop asks `came`.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["came", "noted"]

_came = threading.Event()


@contextmanager
def noted() -> Iterator[None]:
    """Remember interrupts while the block runs; within another such block, or outside the main thread, do nothing."""
    free = signal.getsignal(signal.SIGINT) is signal.default_int_handler
    if not free or threading.current_thread() is not threading.main_thread():
        yield
        return
    _came.clear()
    signal.signal(signal.SIGINT, _note)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _came.clear()


def came() -> bool:
    """Return whether an interrupt came since the outermost block began."""
    return _came.is_set()


def _note(number: int, frame: FrameType | None) -> None:
    _came.set()
    raise KeyboardInterrupt
