"""`citysafety factorial`: every combination of a few policies, and what they do for one another."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, cast

import typer

from experiments.commands import options, study
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

Draw = Annotated[
    list[str] | None,
    typer.Option(
        "--draw",
        metavar="GLOB",
        help="Parameters that every future draws anew over their ranges, such as 'gangs.*'; many times.  [default: none]",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 100_000, 100),
        help="Futures to simulate; all combinations meet the same ones.",
    ),
]


def factorial(
    context: typer.Context,
    city: options.CityName,
    factor: study.Factors = None,
    outcome: study.Outcomes = None,
    draw: Draw = None,
    months: options.Months = 60,
    replications: Replications = 100,
    seed: options.Seed = 1,
    scale: options.ScaleOption = "auto",
    settings: options.Settings = None,
    shock: options.Shocks = None,
    without: options.Without = None,
    store: options.OptionalStore = None,
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    scheduler: options.Scheduler = None,
    retry_failed: options.RetryFailed = False,
    out: study.Out = None,
    force: options.Force = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run every combination of policies over the same futures and say whether they help one another.

    Main effects, each one's part of the whole (Shapley), pairs, and whether they are complements or substitutes, on the
    scale of counts and on that of shares.
    """
    from sim.idle import refuse_idle
    from sim.scenario import load_city

    chosen_city = load_city(city)
    place = None if dry_run else options.check_out(out, force=force, store=store)
    from experiments.tradeoffs.portfolios import load_factors

    asked = options.scenario_settings(
        months=months,
        replications=replications,
        seed=seed,
        scale=cast("options.Scale", scale),
        settings=settings,
        shocks=shock,
        without=without,
    )
    execution = options.read_execution(
        workers=workers, executor=executor, scheduler=scheduler, store=store, retry_failed=retry_failed
    )
    from experiments.tradeoffs import factorial as studies

    factors = load_factors(factor or [])
    refuse_idle(chosen_city, factors, months)
    outcomes, drawn = outcome or studies.TOPICS, draw or ()
    if dry_run:
        from experiments.commands.dry_run import say_dry_run

        store = options.need_store(store)
        planned = studies.plan(chosen_city, factors, outcomes=outcomes, draw=drawn, **asked)
        say_dry_run(planned.futures.jobs(planned.cells), store, "factorial", workers=workers, as_json=as_json)
        return
    with progress_bar(replications, wanted=not (quiet or as_json)) as progress:
        execution = replace(execution, progress=progress)
        found = studies.factorial(chosen_city, factors, outcomes=outcomes, draw=drawn, execution=execution, **asked)
    from experiments.tradeoffs.factorial_text import factorial_text

    text, plain = factorial_text(found), found.to_json_object()
    if place is not None:
        from experiments.tradeoffs.factorial_figures import draw_all
        from experiments.tradeoffs.interactions import SCALES

        tables = {"cells": found.table()}
        for name in found.outcomes:
            for each in SCALES:
                tables[f"factors_{name}_{each}"] = found.effects(name, each)
                tables[f"pairs_{name}_{each}"] = found.pairs(name, each)
        with study.folder_of(place, context.obj or ()) as folder:
            study.write_folder(folder, tables, draw_all(found), text=text, found=plain, command=context.obj or ())
    if as_json:
        print_json(plain)
        return
    print(text)
    if out is not None and not quiet:
        print(f"\nTables and figures: {out}")
