"""`citysafety new-city` and `citysafety report`: what writes files without running anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison


def new_city(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name of the city, in a-z, 0-9, _ and -.")],
) -> None:
    """Write a city file with comments, to fill in; it runs as it is.

    The file is NAME.yaml in the current folder. An existing file is never overwritten.
    """
    from sim.files import write_city_template

    path = write_city_template(name)
    print(f"{path}\nEdit it, then: citysafety fit {path}\nand then: citysafety run {path}")


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A folder that run or compare wrote with --out.")],
    force: Annotated[bool, typer.Option("--force", help="Replace the report and figures even if they were edited.")] = False,
    plugin: options.Plugins = None,
) -> None:
    """Draw the report of stored results again."""
    from experiments.comparison.results import load_comparison, redrawn

    comparison = load_comparison(folder)
    with redrawn(folder, force=force) as private:
        page = write_pages(comparison, private)
    print(folder / page.name)


def write_pages(comparison: Comparison, folder: Path) -> Path:
    """Write figures and report of a comparison, or a run, beside its results, and return the path of the report."""
    from experiments.comparison.pictures import Pictures
    from experiments.comparison.report.page import write_report

    pictures = Pictures(comparison)
    pictures.save(folder / "figures")
    return write_report(comparison, folder, pictures=pictures)
