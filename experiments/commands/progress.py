"""The bar that shows how far a run is."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from experiments.execution.runner import Progress


@contextmanager
def progress_bar(futures: int, *, wanted: bool, unit: str = "futures") -> Iterator[Progress | None]:
    """Show a bar with futures done, rate and time left while the block runs; nothing unless someone is looking.

    Parameters
    ----------
    futures
        How many futures will be run.
    wanted
        Whether a bar may be shown at all; it is shown only on a terminal.
    unit
        What is counted.

    Yields
    ------
    callable or None
        To be given to `run_jobs`.
    """
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """Futures a second, or a minute where they are slow."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            if not speed:
                return Text("")
            return Text(f"{speed:.2g} a second" if speed >= 1 else f"{speed * 60:.2g} a minute")

    columns = (
        TextColumn(f"{{task.completed:.0f}} of {{task.total:.0f}} {unit}"),
        BarColumn(),
        RateColumn(),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(unit, total=futures)

        def show(share: float) -> bool:
            bar.update(task, completed=share * futures)
            return True

        yield show
