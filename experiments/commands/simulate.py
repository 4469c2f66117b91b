"""`citysafety run` and `citysafety compare`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from experiments.commands import options, policy_options
from experiments.commands.folders import write_pages
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from experiments.execution.execution import Execution
    from sim.scenario import Policy, ScenarioSettings

BY_NEIGHBOURHOOD = "homicide_rate"
"""The outcome that --by neighbourhood shows as text; --json holds every outcome that is kept by neighbourhood."""


MeasureLevels = Annotated[
    list[str] | None,
    typer.Option(
        "--level",
        metavar="MEASURE=LEVEL",
        help="Another level of a measure of the policies: P-E1=0.5, or by months since its start 0:1,24:0.5; repeatable.",
    ),
]


@dataclass(frozen=True, kw_only=True)
class Study:
    """What the common options say."""

    context: typer.Context
    compares: bool = False
    """Whether policies are compared, and not a city alone shown."""
    settings: ScenarioSettings
    windows: Sequence[str] = ()
    levels: Sequence[str] = ()
    """Other levels of measures, as the option has them."""
    execution: Execution
    out: Path | None
    force: bool
    silent: bool
    """Whether only the result is shown."""


def run(
    context: typer.Context,
    city: options.CityOrScenario,
    policy: options.PolicyName = None,
    pillars: policy_options.Pillars = None,
    level: MeasureLevels = None,
    months: options.Months = 120,
    replications: options.Replications = 20,
    seed: options.Seed = 1,
    settings: options.Settings = None,
    shock: options.Shocks = None,
    without: options.Without = None,
    plugin: options.Plugins = None,
    scale: options.ScaleOption = "auto",
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    store: options.OptionalStore = None,
    retry_failed: options.RetryFailed = False,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run a city under one policy, or none, and show its outcomes.

    Without --policy or --pillars nothing is changed in the city. The results describe this model; they are no forecast.
    """
    from sim.errors import InputError

    named = policy_options.named_policies(context)
    if len(named) > 1:
        said = policy_options.how_often(context, len(named))
        raise InputError(f"{said}; run takes one, citysafety compare takes many")
    study = Study(
        context=context,
        settings=options.scenario_settings(context),
        levels=level or [],
        execution=options.read_execution(context),
        out=out,
        force=force,
        silent=quiet or as_json,
    )
    comparison = _simulate(study, city, [], named[0] if named else None)
    if as_json:
        from experiments.comparison.summaries import levels_object

        print_json(levels_object(comparison))
        return
    from experiments.comparison.text import levels_text

    print(levels_text(comparison))
    if out is not None and not quiet:
        print(f"\n{out / 'report.html'}")


def compare(
    context: typer.Context,
    city: options.CityOrScenario,
    policy: options.PolicyNames = None,
    pillars: policy_options.RepeatedPillars = None,
    level: MeasureLevels = None,
    against: options.Against = None,
    by: options.By = None,
    months: options.Months = 120,
    replications: options.Replications = 20,
    seed: options.Seed = 1,
    settings: options.Settings = None,
    shock: options.Shocks = None,
    without: options.Without = None,
    plugin: options.Plugins = None,
    window: options.Windows = None,
    scale: options.ScaleOption = "auto",
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    store: options.OptionalStore = None,
    retry_failed: options.RetryFailed = False,
    out: options.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Compare policies, each run with the same random seeds.

    For each outcome it shows the difference from the reference policy and its 95 % interval.
    """
    from sim.scenario import load_policy

    study = Study(
        context=context,
        compares=True,
        settings=options.scenario_settings(context),
        windows=window or [],
        levels=level or [],
        execution=options.read_execution(context),
        out=out,
        force=force,
        silent=quiet or as_json,
    )
    reference = load_policy(against) if against is not None else None
    comparison = _simulate(study, city, policy_options.named_policies(context), reference)
    if as_json:
        from experiments.comparison.summaries import neighbourhoods_object, summary_object

        found = summary_object(comparison)
        print_json(found | {"neighbourhoods": neighbourhoods_object(comparison)} if by else found)
        return
    from experiments.comparison.text import comparison_text, neighbourhood_text

    print(comparison_text(comparison))
    if by:
        print(f"\n{neighbourhood_text(comparison, BY_NEIGHBOURHOOD)}")
    if out is not None and not quiet:
        print(f"\n{out / 'report.html'}")


def _simulate(study: Study, city: str, policies: Sequence[Policy], reference: Policy | None) -> Comparison:
    """Check everything, run, and write where asked; nothing is written unless all of it ran."""
    from experiments.commands.described import Described, OwnCompare, read_windows
    from experiments.commands.levels import read_levels, with_levels
    from experiments.comparison.windows import check_windows
    from sim.errors import InputError
    from sim.idle import refuse_idle
    from sim.scenario import load_policy

    described = Described.find(study.context, city, OwnCompare)
    chosen_city, settings = described.city, described.settings(study.settings)
    chosen = policies
    if described.filed is not None and described.filed.scenario.policies:
        # The reference stands first in the file.
        reference = reference or described.filed.scenario.policies[0]
        chosen = chosen if policies or not study.compares else described.filed.scenario.policies[1:]
    if levels := read_levels(study.levels):
        # A run alone has its one policy as the reference.
        if study.compares:
            chosen = with_levels(chosen, levels)
        else:
            (reference,) = with_levels([reference or load_policy("baseline")], levels)
    if study.compares and not chosen:
        raise InputError("--policy is missing; name at least one policy, or --pillars (see citysafety list policies)")
    months, replications = settings["months"], settings["replications"]
    windows = described.own(OwnCompare, {"windows": read_windows(study.windows, months, chosen_city)}).windows
    check_windows(windows, months)
    refuse_idle(chosen_city, [*chosen, *([reference] if reference else [])], months)

    from experiments.comparison.compare import compare as compare_policies

    store = None if study.execution.store is None else Path(study.execution.store)
    place = options.check_out(study.out, force=study.force, store=store)
    with progress_bar(replications, wanted=not study.silent) as progress:
        execution = replace(study.execution, progress=progress)
        comparison = compare_policies(
            chosen_city, chosen, against=reference, execution=execution, **settings, **described.more
        )
    comparison = replace(comparison, windows=windows)
    if place is not None:
        from experiments.comparison.results import write_results
        from experiments.store.outputs import written

        chosen_by = "auto" if settings["scale"] == "auto" else "given"
        with written(place) as folder:
            write_results(comparison, folder, command=study.context.obj, scale_chosen=chosen_by)
            write_pages(comparison, folder)
    if not study.silent:
        from experiments.comparison.notes import notes

        for note in notes(comparison):
            print(f"citysafety: note: {note}", file=sys.stderr)
    return comparison
