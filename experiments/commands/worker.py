"""`citysafety worker`: run a share of what a store's plans ask for, as one of many workers on the same store."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options
from experiments.commands.progress import progress_bar

if TYPE_CHECKING:
    from experiments.execution.extensions import OwnCode
    from experiments.execution.runner import Job
    from experiments.store.store import Store

MOST_SHARDS = 100_000


def read_shard(text: str) -> tuple[int, int]:
    """Read which share of the jobs: i/n, counted from 1."""
    found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text)
    place, of = (int(found[1]), int(found[2])) if found else (0, 0)
    if not 1 <= place <= of <= MOST_SHARDS:
        remedy = "give i/n, the i-th of n workers counted from 1, such as --shard 1/10"
        raise typer.BadParameter(f"--shard is {options.shown(text)}; {remedy}")
    return place, of


Shard = Annotated[
    str,
    typer.Option("--shard", metavar="I/N", help="Share of the runs: this is worker I of N."),
]
PlanName = Annotated[str | None, typer.Option("--plan", metavar="NAME", help="Plan of the store.  [default: all of them]")]


def worker(
    context: typer.Context,
    store: options.StoreFolder,
    shard: Shard = "1/1",
    plan: PlanName = None,
    retry_failed: options.RetryFailed = False,
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    plugin: options.Plugins = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run one worker's share of the runs that are planned in a store.

    A study with --dry-run writes its plan into its store and runs nothing. Start as many workers as you like, on any
    machines that share the folder, each with its own --shard. Stored runs are not repeated. The exit code is 0 if all runs
    of the share are done, 1 if some failed.
    """
    from experiments.store.plans import share_of
    from experiments.store.store import existing
    from experiments.store.sweep import sweep

    place, of = read_shard(shard)
    opened = existing(store)
    jobs = share_of(planned_jobs(opened, plan, options.plugged(plugin)), place, of)
    execution = options.read_execution(context)
    with progress_bar(len(jobs), wanted=not (quiet or as_json), unit="jobs") as progress:
        outputs = jobs[0].extensions.outputs if jobs else ()
        tally = sweep(jobs, opened, replace(execution, progress=progress), outputs=outputs)
    failed = tally.failed + tally.failed_before
    if as_json:
        print(json.dumps({"asked": tally.asked, "held": tally.held, "ran": tally.ran, "failed": failed}))
    elif not quiet:
        print(f"share {shard}: {tally.text()}")
    if failed:
        if quiet:
            print(f"citysafety: share {shard}: {tally.text()}", file=sys.stderr)
        raise typer.Exit(1)


def planned_jobs(store: Store, plan: str | None, more: OwnCode) -> Sequence[Job]:
    """Return the jobs of one plan of a store, or of all of them; plans of different outcomes of one's own do not mix."""
    from experiments.execution.extensions import extensions_of
    from experiments.store.planned_jobs import joined
    from experiments.store.plans import load_plan, plan_names
    from sim.errors import InputError

    names = [plan] if plan is not None else plan_names(store)
    if not names:
        raise InputError(f"--store {store.path}: has no plan; an experiment with --dry-run and --store writes one")
    extensions = extensions_of(more.get("outputs"), more.get("model"), None)
    plans = [load_plan(store, name, extensions) for name in names]
    if len({tuple(each.digest for each in jobs[0].extensions.outputs) for jobs in plans}) > 1:
        raise InputError(f"--store {store.path}: its plans ask for different outcomes of your own; name one with --plan")
    return joined(plans)
