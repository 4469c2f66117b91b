"""Commands that measure something and write one page of the documentation from it."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["write_page"]


def write_page(
    module: str, says: str | None, out: str, make: Callable[[], str], arguments: Sequence[str] | None = None
) -> int:
    """Make the text of a page and write it where `--out` says; returns 0.

    Parameters
    ----------
    module
        Which module of `experiments.publish` is run.
    says
        What its help says.
    out
        Where the page is written if the command does not say.
    make
        Measures, and returns the text.
    arguments
        Of the command line; None means those of the process.
    """
    parser = argparse.ArgumentParser(prog=f"python -m experiments.publish.{module}", description=says)
    parser.add_argument("--out", type=Path, default=Path(out))
    path: Path = parser.parse_args(arguments).out
    path.write_text(make(), encoding="utf-8")
    return 0
