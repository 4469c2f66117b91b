"""`citysafety sensitivity`: which parameters drive a result and a policy's effect."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options, policy_options
from experiments.commands.streams import print_json
from experiments.commands.study import Out, Outcomes, by_window, folder_of, folders, write_folder

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sensitivity.study import Plan
    from experiments.sensitivity.tables import Sensitivity

METHODS = ("sobol", "morris", "shapley", "pawn", "delta", "rbd-fast")
GROUPS = ("process", "pillar")

MethodName = Annotated[
    str,
    typer.Option(
        "--method", metavar="|".join(METHODS), parser=options.one_of("--method", METHODS), help="Method of the analysis."
    ),
]
Samples = Annotated[
    int,
    typer.Option(
        "--samples",
        metavar="N",
        parser=options.whole_number("--samples", 2, 2**20, 128),
        help="Size of the design: base points of sobol (a power of two), trajectories of morris and shapley, else runs.",
    ),
]
Chosen = Annotated[
    list[str] | None,
    typer.Option(
        "--parameters",
        metavar="GLOB",
        help="What varies: parameters ('gangs.*'), the strength of the policy's measures ('measures.*'), mechanisms "
        "('mechanisms.fear', off or on); repeatable.  [default: every parameter]",
    ),
]
Screen = Annotated[bool, typer.Option("--screen", help="Screen all factors with Morris, then analyse the influential ones.")]
Trajectories = Annotated[
    int,
    typer.Option(
        "--trajectories",
        metavar="N",
        parser=options.whole_number("--trajectories", 2, 1000, 8),
        help="Morris trajectories of the screening; with few, an influential factor may be missed.",
    ),
]
Top = Annotated[
    int,
    typer.Option(
        "--top",
        metavar="K",
        parser=options.whole_number("--top", 2, 200, 12),
        help="Most factors that the screening keeps.",
    ),
]
Group = Annotated[
    str | None,
    typer.Option(
        "--group",
        metavar="|".join(GROUPS),
        parser=options.one_of("--group", GROUPS),
        help="Report indices for groups of factors (sobol, morris).",
    ),
]
Pairs = Annotated[bool, typer.Option("--second-order", help="Report pairs of factors too (sobol); needs twice the runs.")]


def sensitivity(
    context: typer.Context,
    city: options.CityOrScenario,
    policy: options.PolicyName = None,
    pillars: policy_options.Pillars = None,
    method: MethodName = "sobol",
    samples: Samples = 128,
    parameters: Chosen = None,
    own_range: options.Ranges = None,
    outcome: Outcomes = None,
    months: options.Months = 60,
    seed: options.Seed = 1,
    scale: options.ScaleOption = "auto",
    screen: Screen = False,
    trajectories: Trajectories = 8,
    top: Top = 12,
    group: Group = None,
    second_order: Pairs = False,
    window: options.StudyWindows = None,
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
    """Rank parameters by their influence on an outcome and on a policy's effect.

    Each run with the policy is paired with one without, on the same random seed. Indices describe the expected outcome;
    the part of chance is reported beside them.
    """
    from experiments.commands.described import (
        Described,
        OwnSensitivity,
        read_windows,
        run_by_window,
        scenario_of,
        study_block,
    )
    from experiments.sensitivity import study as studies
    from experiments.store.scenario_files import scenario_text
    from sim.errors import InputError
    from sim.idle import refuse_idle
    from sim.outcomes import STUDIED

    described = Described.find(context, city, OwnSensitivity)
    chosen_city = described.city
    named = described.policies(policy_options.named_policies(context))
    if len(named) > 1:
        said = policy_options.how_often(context, len(named))
        raise InputError(f"{said}; sensitivity takes one (see citysafety list policies)")
    chosen = named[0] if named else None
    asked = described.settings(options.scenario_settings(context))
    refuse_idle(chosen_city, named, asked["months"])
    place = None if dry_run else options.check_out(out, force=force, store=store)
    given = {
        "method": method,
        "samples": samples,
        "vary": parameters or ("*",),
        "ranges": options.read_ranges(own_range),
        "outcomes": outcome or STUDIED,
        "windows": read_windows(window, asked["months"], chosen_city),
        "screen": screen,
        "trajectories": trajectories,
        "top": top,
        "group": group,
        "second_order": second_order,
    }
    own = described.own(OwnSensitivity, given)
    analysis = studies.Analysis(**own.model_dump(exclude={"command", "windows"}))
    execution = options.read_execution(context)
    how = execution if dry_run else None
    planned = studies.plan(chosen_city, chosen, analysis=analysis, execution=how, **asked, **described.more)
    if dry_run:
        _say_plan(planned, options.need_store(store), analysis.outcomes, workers=workers, as_json=as_json)
        return
    found = []
    with run_by_window(
        execution, own.windows, planned.screening + planned.main, shows=not (quiet or as_json), unit="jobs"
    ) as parts:
        for each, runs in parts:
            told = studies.sensitivity(
                chosen_city,
                chosen,
                analysis=replace(analysis, window=each),
                execution=runs,
                **asked,
                **described.more,
            )
            found.append(told)
    from experiments.sensitivity.text import study_text

    texts = [study_text(each) for each in found]
    if place is not None:
        scenario = scenario_of(chosen_city, named, asked, planned.scale)
        written = scenario_text(scenario, study_block(own), described.extensions)
        with folder_of(place, context.obj or ()) as private:
            for part, told, text in zip(folders(private, own.windows), found, texts, strict=True):
                write_study(told, part, text, context.obj or ())
            write_folder(private, {}, {}, scenario=written)
    if as_json:
        print_json(by_window([study_object(each) for each in found], own.windows))
        return
    print("\n\n".join(texts))
    if out is not None and not quiet:
        print(f"\nTables and figures: {out}")


def study_object(study: Sensitivity) -> dict[str, Any]:
    """Return a study as plain values; what is undefined is None."""
    from experiments.sensitivity.export import ROW_ORDER
    from experiments.sensitivity.text import judgement_lines
    from experiments.store.run_id import part_hash

    heading: dict[str, Any] = {
        "city": study.city.name,
        "policy": None if study.policy is None else study.policy.name,
        "method": study.method,
        "samples": study.design.samples,
        "months": study.months,
        "scale": study.scale,
        "seed": study.seed,
        "runs": study.runs,
        "outcomes": list(study.outcomes),
        "second_order": study.design.second_order,
        "grouping": study.design.grouping,
        "rows": ROW_ORDER[study.method],
        "settings": dict(study.settings),
        "shocks": [shock.name for shock in study.shocks],
        "without": list(study.without),
        "hashes": {
            "city": part_hash(study.city),
            "policies": {policy.name: part_hash(policy) for policy in study.arms},
            "shocks": {shock.name: part_hash(shock) for shock in study.shocks},
        },
        "factors": [
            {"name": each.name, "low": each.low, "high": each.high, "spread": each.spread, "status": each.status}
            for each in study.design.factors
        ],
        "judgement": judgement_lines(study),
        "notes": list(study.notes),
    }
    if study.window is not None:
        heading["window"] = list(study.window)
    tables = {name: _records(table) for name, table in _tables(study).items()}
    screening = None if study.screening is None else study_object(study.screening)
    return heading | tables | {"screening": screening}


TABLES = ("indices", "over_time", "noise", "convergence", "growth", "pairs")
"""The tables of a study, each a file of the folder that --out names."""


def write_study(study: Sensitivity, folder: Path, text: str, command: Sequence[str] = ()) -> list[Path]:
    """Write tables as CSV, figures as PNG and SVG, the text, and what the indices were made of; return the paths.

    Parameters
    ----------
    study
        What was found; its screening goes into a folder of its own beside the tables.
    folder
        Made where there is none.
    text
        What `experiments.sensitivity.text.study_text` made of it.
    command
        The arguments that asked for it.
    """
    from experiments.sensitivity.export import export
    from experiments.sensitivity.figures import draw_all
    from experiments.sensitivity.text import study_text

    tables, found = _tables(study) | export(study), study_object(study)
    paths = write_folder(folder, tables, draw_all(study), text=text, found=found, command=command)
    if study.screening is not None:
        paths += write_study(study.screening, folder / "screening", study_text(study.screening), command)
    return paths


def _tables(study: Sensitivity) -> dict[str, pd.DataFrame]:
    return {name: getattr(study, name) for name in TABLES}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [
        {str(name): None if isinstance(value, float) and not math.isfinite(value) else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _say_plan(planned: Plan, store: Path, outcomes: Sequence[str], *, workers: int | None, as_json: bool) -> None:
    """Say what would be run; of a study that screens first, what comes after it as well as can be told."""
    from experiments.commands.dry_run import say_dry_run
    from experiments.store.runs import keep_for

    name = "screening" if planned.screening and planned.second is None else "sensitivity"
    asked = planned.first if planned.second is None else planned.second
    keep = None if (store / "store.json").exists() else keep_for(outcomes)
    say_dry_run(asked, store, name, keep=keep, workers=workers, as_json=as_json)
    if not as_json:
        first = f"{planned.screening} jobs of screening" if planned.screening else f"{planned.main} jobs"
        after = f", then at most {planned.main} more over what it passes on" if planned.screening else ""
        if planned.second is not None:
            after = f", all of them stored, and {len(planned.second)} more over what it passed on, which are planned"
        elif planned.screening:
            after += " (the same command plans them when the screening is stored)"
        arms = "1 arm" if planned.arms == 1 else f"{planned.arms} arms"
        print(
            f"{planned.factors} factors, the seed and a dummy: {first}{after}, each of {arms}, at scale {planned.scale:g}."
        )
