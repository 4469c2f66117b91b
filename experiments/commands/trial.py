"""`citysafety trial`: published evaluations, shown as they are declared or run as they were designed."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options, study
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.evidence.load import Role
    from experiments.evidence.trial import Figure, Trial
    from experiments.evidence.trial_runs import Ran

WIDTH = 100
ALL, LIST = "all", "list"

Names = Annotated[
    list[str],
    typer.Argument(
        metavar="NAME", help="Trials (study group, figure such as R1, or path); all: every one; list: name them."
    ),
]
Declared = Annotated[bool, typer.Option("--declared", help="Show what is declared, and run nothing.")]
Replications = Annotated[
    int | None,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 10_000, 40),
        help="Number of paired replications.  [default: the trial's own]",
    ),
]


def trial(
    context: typer.Context,
    names: Names,
    declared: Declared = False,
    replications: Replications = None,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    store: options.OptionalStore = None,
    retry_failed: options.RetryFailed = False,
    out: study.Out = None,
    force: options.Force = False,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run published evaluations as they were designed, and compare the model with what was published.

    Figures that are held out are not run before a calibration is recorded.
    """
    from experiments.evidence.declared import may_run
    from experiments.evidence.load import list_trials, load_roles, load_trial

    asked = [each for name in names for each in (list_trials() if name in (ALL, LIST) else [name])]
    trials = list({each.name: each for each in map(load_trial, asked)}.values())
    roles = load_roles()
    if LIST in names:
        _show(as_json, {"trials": [_declared(each, roles) for each in trials]}, "\n".join(_listed(trials, roles)))
        return
    if declared:
        shown = "\n\n".join("\n".join(_lines(each, roles)) for each in trials)
        _show(as_json, {"trials": [_declared(each, roles) for each in trials]}, shown)
        return

    from experiments.evidence.trial_runs import run_trial

    place = options.check_out(out, force=force, store=store)
    if ALL in names:
        trials = [each for each in trials if any(f.run and may_run(roles[f.id]) for f in each.figures)]
    sizes = [replications or each.replications for each in trials]
    execution = options.read_execution(context)
    found: list[tuple[Trial, tuple[Ran, ...]]] = []
    with progress_bar(sum(sizes), wanted=not (quiet or as_json)) as progress:
        for number, each in enumerate(trials):
            done, size = sum(sizes[:number]) / sum(sizes), sizes[number] / sum(sizes)
            part = replace(execution, progress=progress).part(done, size)
            found.append((each, run_trial(each, replications=replications, seed=seed, execution=part)))
    objects = {"seed": seed, "trials": [_object(each, ran, roles) for each, ran in found]}
    text = "\n\n".join([*("\n".join(_ran_lines(each, ran, roles)) for each, ran in found), *_reading_help(found)])
    if place is not None:
        with study.folder_of(place, context.obj or ()) as folder:
            study.write_folder(
                folder, {"trials": _table(found, roles)}, {}, text=text, found=objects, command=context.obj or ()
            )
    _show(as_json, objects, text)


def _show(as_json: bool, objects: dict[str, Any], text: str) -> None:
    if as_json:
        print_json(objects)
    else:
        print(text)


# As plain values ------------------------------------------------------------------------------------------------------


def _declared(trial: Trial, roles: dict[str, Role]) -> dict[str, Any]:
    """Return what a trial declares, with the role of each figure and the error that it is compared by."""
    from experiments.evidence.trial import error_of, how_known

    figures = [
        figure.model_dump(mode="json", exclude_none=True, exclude={"run"})
        | {"role": roles[figure.id].role, "error": error_of(figure), "error_known_from": how_known(figure)}
        | {"design": trial.design_of(figure)}
        for figure in trial.figures
    ]
    told = trial.model_dump(
        mode="json", include={"name", "title", "pillar", "about", "sources", "quality", "city", "unlike"}
    )
    return told | {"figures": figures}


def _object(trial: Trial, ran: Sequence[Ran], roles: dict[str, Role]) -> dict[str, Any]:
    """Return a trial that was run."""
    return {"name": trial.name, "title": trial.title, "city": trial.city, "figures": [_row(each, roles) for each in ran]}


def _row(ran: Ran, roles: dict[str, Role]) -> dict[str, Any]:
    """Return one figure that was run, as plain values; what is undefined is None."""
    simulated = ran.simulated
    told: dict[str, Any] = {
        "id": ran.figure.id,
        "role": roles[ran.figure.id].role,
        "outcome": ran.figure.outcome,
        "scale": ran.figure.scale,
        "published": ran.figure.value,
        "error": ran.error,
        "simulated": None if simulated is None else ran.shown(simulated.value),
        "simulated_error": None if simulated is None else simulated.error,
        "noise_of_one_trial": None if simulated is None else simulated.noise,
        "futures": 0 if simulated is None else simulated.futures,
        "z": ran.z,
        "inside": None if simulated is None else ran.inside,
        "not_run": ran.refused,
    }
    return {name: None if isinstance(each, float) and not math.isfinite(each) else each for name, each in told.items()}


def _table(found: Sequence[tuple[Trial, Sequence[Ran]]], roles: dict[str, Role]) -> Any:
    """Return all figures as a table, a row each."""
    import pandas as pd

    return pd.DataFrame([{"trial": trial.name, **_row(each, roles)} for trial, ran in found for each in ran])


# Text -----------------------------------------------------------------------------------------------------------------


def _listed(trials: Sequence[Trial], roles: dict[str, Role]) -> Iterator[str]:
    """Yield every trial in a line: name, title, figures and role."""
    width = max(len(each.name) for each in trials)
    for each in trials:
        ids = ", ".join(figure.id for figure in each.figures)
        yield f"{each.name:{width}}  {roles[each.figures[0].id].role:8}  {each.title} ({ids})"


def _lines(trial: Trial, roles: dict[str, Role]) -> Iterator[str]:
    """Yield what a trial declares."""
    yield f"{trial.name}: {trial.title}"
    yield from _wrapped("  ", trial.about)
    for source in trial.sources.values():
        yield from _wrapped("  ", f"{source.study}. {source.address}. Seen: {source.seen}. {source.found}")
    yield from _wrapped("  ", f"Design: {trial.design}, quality {trial.quality}. City: {trial.city}.")
    yield from _wrapped("  ", f"What is not like the trial: {trial.unlike}")
    for figure in trial.figures:
        yield from _wrapped(f"  {figure.id:5} ", _figure_text(trial, figure, roles[figure.id]))


def _figure_text(trial: Trial, figure: Figure, role: Role) -> str:
    from experiments.evidence.trial import error_of, how_known

    ends = f" ({figure.interval[0]:g} to {figure.interval[1]:g})" if figure.interval else ""
    asked = f"by {figure.run.estimator}, {figure.run.outcome}" if figure.run else f"not run: {figure.not_run}"
    known = f"error {error_of(figure):.2f}, {how_known(figure)}"
    near = {"same": "as in the model", "near": "near to the model", "far": "far from the model"}[figure.discrepancy]
    parts = (f"{figure.scale} {figure.value:g}{ends}", known, role.role, trial.design_of(figure), asked)
    return f"{figure.says}: {'; '.join(parts)}. Outcome {near}: {figure.why}"


def _ran_lines(trial: Trial, ran: Sequence[Ran], roles: dict[str, Role]) -> Iterator[str]:
    """Yield a trial with its published and simulated figures."""
    yield f"{trial.name}: {trial.title} ({trial.city})"
    for each in ran:
        opening = f"  {each.figure.id:5} "
        role = roles[each.figure.id].role
        if each.simulated is None:
            yield from _wrapped(opening, f"{each.figure.says}: {role}; not run: {each.refused}")
            continue
        reach = 1.64 * each.error
        ends = [each.shown(each.published + sign * reach) for sign in (-1, 1)]
        own = [each.shown(each.simulated.value + sign * 1.96 * each.simulated.error) for sign in (-1, 1)]
        published = f"published {each.figure.value:.3g} ({ends[0]:.3g} to {ends[1]:.3g})"
        simulated = f"simulated {each.shown(each.simulated.value):.3g} ({own[0]:.3g} to {own[1]:.3g})"
        verdict = "inside" if each.inside else "outside"
        judged = f"z {each.z:+.1f}, {verdict}; {role}; noise of one trial {each.simulated.noise:.2f}"
        yield from _wrapped(opening, f"{each.figure.says}: {published}, {simulated}; {judged}")
    yield from _wrapped("  ", f"What is not like the trial: {trial.unlike}")


def _reading_help(found: Sequence[tuple[Trial, Sequence[Ran]]]) -> Iterator[str]:
    """Yield what the figures mean."""
    run = [each for _, ran in found for each in ran if each.simulated is not None]
    inside = sum(each.inside for each in run)
    yield "\n".join(
        _wrapped(
            "",
            f"{inside} of {len(run)} figures lie inside. Published: 90 %; simulated: 95 % of the mean. Agreement counts "
            "only for figures that are held out and were left out of the calibration. In this model; no forecast.",
        )
    )


def _wrapped(opening: str, text: str) -> list[str]:
    return textwrap.wrap(
        f"{opening}{' '.join(text.split())}", WIDTH, subsequent_indent=" " * len(opening), break_on_hyphens=False
    )
