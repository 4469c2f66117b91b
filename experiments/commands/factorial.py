"""`citysafety factorial`: every combination of a few policies, and what they do for one another."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options, policy_options, study
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    import pandas as pd

    from experiments.tradeoffs.factorial import Factorial

Draw = Annotated[
    list[str] | None,
    typer.Option(
        "--draw",
        metavar="GLOB",
        help="Parameters drawn from their ranges in each replication, such as 'gangs.*'; repeatable.  [default: none]",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 100_000, 100),
        help="Number of replications; every combination uses the same random seeds.",
    ),
]


def factorial(
    context: typer.Context,
    city: options.CityOrScenario,
    factor: study.Factors = None,
    pillars: policy_options.RepeatedPillars = None,
    outcome: study.Outcomes = None,
    draw: Draw = None,
    own_range: options.Ranges = None,
    window: options.StudyWindows = None,
    months: options.Months = 60,
    replications: Replications = 100,
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
    out: study.Out = None,
    force: options.Force = False,
    dry_run: options.DryRun = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run every combination of some policies and show whether they strengthen one another.

    Shows main effects, each policy's part of the whole effect (Shapley) and interactions of pairs. It also tells whether
    policies are complements or substitutes, in absolute and in relative terms.
    """
    from experiments.commands.described import (
        Described,
        OwnFactorial,
        keep_for_windows,
        read_windows,
        run_by_window,
        scenario_of,
        study_block,
    )
    from experiments.store.scenario_files import scenario_text
    from experiments.tradeoffs import factorial as studies
    from experiments.tradeoffs.uncertainty import with_ranges
    from sim.idle import refuse_idle
    from sim.outcomes import STUDIED

    described = Described.find(context, city, OwnFactorial)
    chosen_city = described.city
    place = None if dry_run else options.check_out(out, force=force, store=store)
    asked = described.settings(options.scenario_settings(context))
    execution = options.read_execution(context)
    factors = described.policies(policy_options.named_factors(context), option="factor")
    refuse_idle(chosen_city, factors, asked["months"])
    given = {
        "outcomes": outcome or STUDIED,
        "draw": draw or (),
        "ranges": options.read_ranges(own_range),
        "windows": read_windows(window, asked["months"], chosen_city),
    }
    own = described.own(OwnFactorial, given)
    drawn = with_ranges(own.draw, own.ranges)
    if dry_run:
        from experiments.commands.dry_run import say_dry_run

        folder = options.need_store(store)
        planned = studies.plan(chosen_city, factors, outcomes=own.outcomes, draw=drawn, **asked, **described.more)
        keep = keep_for_windows(folder, own.windows)
        say_dry_run(planned.futures.jobs(planned.cells), folder, "factorial", keep=keep, workers=workers, as_json=as_json)
        return
    found = []
    with run_by_window(execution, own.windows, asked["replications"], shows=not (quiet or as_json)) as parts:
        for each, runs in parts:
            told = studies.factorial(
                chosen_city,
                factors,
                outcomes=own.outcomes,
                draw=drawn,
                window=each,
                execution=runs,
                **asked,
                **described.more,
            )
            found.append(told)
    from experiments.tradeoffs.factorial_text import factorial_text

    text = "\n\n".join(map(factorial_text, found))
    plain = study.by_window([each.to_json_object() for each in found], own.windows)
    if place is not None:
        from experiments.tradeoffs.factorial_figures import draw_all

        scenario = scenario_of(chosen_city, factors, asked, found[0].futures.scale)
        written = scenario_text(scenario, study_block(own), described.extensions)
        with study.folder_of(place, context.obj or ()) as private:
            for part, told in zip(study.folders(private, own.windows), found, strict=True):
                study.write_folder(part, _tables(told), draw_all(told))
            study.write_folder(private, {}, {}, text=text, found=plain, command=context.obj or (), scenario=written)
    if as_json:
        print_json(plain)
        return
    print(text)
    if out is not None and not quiet:
        print(f"\nTables and figures: {out}")


def _tables(found: Factorial) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by the name of their file."""
    from experiments.tradeoffs.interactions import SCALES

    tables = {"cells": found.table()}
    if found.futures.extensions.outputs:
        tables["own_outcomes"] = found.own_outcomes()
    for name in found.outcomes:
        for each in SCALES:
            tables[f"factors_{name}_{each}"] = found.effects(name, each)
            tables[f"pairs_{name}_{each}"] = found.pairs(name, each)
    return tables
