"""`citysafety sweep`: a table of points of one's own, run with every policy and the same random seeds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options, policy_options
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json
from experiments.commands.study import Out, folder_of, write_folder

if TYPE_CHECKING:
    import pandas as pd

PointsFile = Annotated[
    Path,
    typer.Option(
        "--points",
        metavar="TABLE.csv",
        help="Table of points: a line of names, then numbers. Names: parameters (gangs.reach), strengths (measures.P-E1), "
        "starts (start.P-E1), targets (target.P-E1); mechanisms (mechanisms.fear) or city facts (city.levels.fear).",
    ),
]
Outcomes = Annotated[
    list[str] | None,
    typer.Option("--outcome", metavar="KEY", help="Outcome to write; repeatable.  [default: all]"),
]
Window = Annotated[
    str | None,
    typer.Option("--window", metavar="15-36", help="Months over which outcomes are averaged.  [default: all]"),
]


def sweep(
    context: typer.Context,
    city: options.CityOrScenario,
    points: PointsFile,
    policy: options.PolicyNames = None,
    pillars: policy_options.RepeatedPillars = None,
    outcome: Outcomes = None,
    window: Window = None,
    months: options.Months = 60,
    replications: options.Replications = 20,
    seed: options.Seed = 1,
    scale: options.ScaleOption = "auto",
    settings: options.Settings = None,
    shock: options.Shocks = None,
    without: options.Without = None,
    plugin: options.Plugins = None,
    store: options.OptionalStore = None,
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    scheduler: options.Scheduler = None,
    retry_failed: options.RetryFailed = False,
    out: Out = None,
    force: options.Force = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a table of points with no policy and each policy, and write one row for each run.

    All points and policies use the same random seeds. Nothing is estimated: the table of runs is yours to analyse.
    """
    from experiments.commands.described import Described, OwnSweep, keep_for_windows, scenario_of, study_block
    from experiments.sensitivity import points as studies
    from experiments.store.scenario_files import scenario_text

    described = Described.find(context, city, OwnSweep)
    chosen = described.city
    asked = described.settings(options.scenario_settings(context))
    windows = options.read_windows([window] if window else [], asked["months"], chosen)
    own = described.own(OwnSweep, {"outcomes": outcome, "windows": windows})
    place = None if dry_run else options.check_out(out, force=force, store=store)
    execution = options.read_execution(context)
    policies, more = described.policies(policy_options.named_policies(context)), described.more
    span = own.windows[0] if own.windows else None
    if dry_run:
        from experiments.commands.dry_run import say_dry_run

        folder = options.need_store(store)
        planned = studies.plan(
            chosen,
            policies,
            points,
            outcomes=own.outcomes,
            window=span,
            execution=execution,
            **asked,
            **more,
        )
        keep = keep_for_windows(folder, own.windows)
        say_dry_run(planned.jobs, folder, "sweep", keep=keep, workers=workers, as_json=as_json)
        return
    with progress_bar(asked["replications"], wanted=not (quiet or as_json)) as progress:
        found = studies.sweep(
            chosen,
            policies,
            points,
            outcomes=own.outcomes,
            window=span,
            execution=replace(execution, progress=progress),
            **asked,
            **more,
        )
    if place is not None:
        written = scenario_text(scenario_of(chosen, policies, asked), study_block(own), described.extensions)
        with folder_of(place, context.obj or ()) as private:
            write_folder(private, {"runs": found}, {}, command=context.obj or (), scenario=written)
    if as_json:
        print_json(found.to_dict("records"))
        return
    print(_text(found))
    if out is not None and not quiet:
        print(f"\nOne row for each run: {out / 'runs.csv'}")


def _text(found: pd.DataFrame) -> str:
    """Return the mean over futures of a few outcomes, point by point and policy by policy."""
    from sim.outcomes import HEADLINES, OUTCOMES

    kept = {each.name for each in OUTCOMES}
    told = [str(name) for name in found.columns[4:]]
    shown = [name for name in told if name in HEADLINES][:3] or [name for name in told if name in kept][:3]
    columns = [name for name in told if name not in kept][:6] + shown
    means = found.groupby(["point", "policy"], sort=False)[columns].mean()
    runs = f"{len(found)} runs: {found['point'].nunique()} points, {found['future'].nunique()} futures; means over futures."
    return f"{runs}\n{means.to_string(float_format=lambda number: f'{number:.4g}', max_rows=40)}"
