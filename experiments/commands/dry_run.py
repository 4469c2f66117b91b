"""What --dry-run does: write the plan into the store, and say how many runs it asks for, how long and how large."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.execution.runner import Job
    from experiments.store.store import Keep

__all__ = ["say_dry_run"]


def say_dry_run(
    jobs: Sequence[Job],
    store: Path,
    plan: str,
    *,
    keep: Keep | None = None,
    workers: int | None = None,
    as_json: bool = False,
) -> None:
    """Write the plan of some jobs, try one or two of them without storing anything, and print what all would need.

    Parameters
    ----------
    jobs
        What the command would run.
    store, keep
        Folder of the store, made if missing, and what a new one keeps.
    plan
        Kind of the study; the name of its plan holds a hash of what it asks for, too.
    workers
        How many jobs would run at a time; None means as many as there are cores.
    as_json
        Whether to print one JSON object.
    """
    from experiments.store.estimate import estimate
    from experiments.store.plans import plan_name, save_plan
    from experiments.store.store import Store

    opened = Store.open(store, keep)
    name = plan_name(plan, jobs)
    save_plan(opened, name, jobs)
    found = estimate(jobs, opened, workers=workers)
    if as_json:
        said = {
            "plan": name,
            "runs": found.asked,
            "left": found.left,
            "workers": found.workers,
            "seconds_a_run": found.seconds_a_run,
            "seconds": found.seconds,
            "bytes": found.size,
        }
        print_json(said)
        return
    print(found.text())
    print(f"plan {name} is in {store}; workers elsewhere take their share: citysafety worker --store {store} --shard 1/10")
