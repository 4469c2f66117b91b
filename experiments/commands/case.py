"""`citysafety case`: what happened elsewhere, run in the model, and whether the model bears it out."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.evidence.claims import Claim, Reading
    from experiments.evidence.schema import Case
    from experiments.evidence.verdicts import Asked, Found, Judgement
    from experiments.execution.execution import Execution

WIDTH = 100
ALL = "all"

Names = Annotated[
    list[str], typer.Argument(metavar="NAME", help="Cases (row such as C01, name, or path of a file); all: every case.")
]
Months = Annotated[
    int | None,
    typer.Option(
        "--months",
        metavar="N",
        parser=options.whole_number("--months", 12, 1200, 120),
        help="Months to simulate.  [default: the case's own]",
    ),
]
Replications = Annotated[
    int | None,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 10_000, 50),
        help="Number of paired replications.  [default: the case's own]",
    ),
]

Windows = Annotated[
    list[str] | None,
    typer.Option(
        "--window",
        metavar="15-36",
        help="Months to report for each claim, besides those by which it is judged; repeatable.",
    ),
]


def case(
    context: typer.Context,
    names: Names,
    months: Months = None,
    replications: Replications = None,
    seed: options.Seed = 1,
    workers: options.Workers = None,
    executor: options.Executor = "threads",
    store: options.OptionalStore = None,
    retry_failed: options.RetryFailed = False,
    window: Windows = None,
    plugin: options.Plugins = None,
    as_json: options.Json = False,
    quiet: options.Quiet = False,
) -> None:
    """Run cases and judge each of their claims about what happened.

    The exit code is 0 if every claim holds, 1 if one does not.
    """
    from experiments.evidence.schema import list_cases, load_case

    asked = [each for name in names for each in (list_cases() if name == ALL else [name])]
    cases = list({case.name: case for case in map(load_case, asked)}.values())

    from experiments.evidence.claims import HERE
    from experiments.evidence.schema import setting_of
    from experiments.evidence.verdicts import json_object, run_case

    windows = [options.read_windows(window or [], months or each.months, setting_of(each, HERE)[0]) for each in cases]

    execution = options.read_execution(context)
    judged: list[Judgement] = []
    futures = sum(replications or each.replications for each in cases)
    with progress_bar(futures, wanted=not (quiet or as_json)) as progress:
        for each in cases:
            found = run_case(
                each,
                months=months,
                replications=replications,
                seed=seed,
                execution=_part(replace(execution, progress=progress), cases, len(judged), replications),
                windows=windows[len(judged)],
                model=options.plugged(plugin).get("model"),
            )
            judged.append(found)
    holds = all(found.holds for found in judged)
    if as_json:
        found_objects = {"holds": holds, "cases": [json_object(found) for found in judged]}
        print_json(found_objects)
    else:
        print("\n\n".join(["\n".join(_lines(found)) for found in judged] + ["\n".join(_summary(judged))]))
    if not holds:
        raise typer.Exit(1)


def _part(execution: Execution, cases: Sequence[Case], done: int, replications: int | None) -> Execution:
    """Return the execution of one case, whose progress is a part of that of all."""
    sizes = [replications or each.replications for each in cases]
    whole = sum(sizes)
    return execution.part(sum(sizes[:done]) / whole, sizes[done] / whole)


# For list and show ----------------------------------------------------------------------------------------------------


def case_rows() -> list[dict[str, Any]]:
    """Return what `citysafety list cases` shows."""
    from experiments.evidence.schema import list_cases, load_case

    return [
        {
            "name": name,
            "title": case.title,
            "row": case.id,
            "city": case.city,
            "arms": [arm.name for arm in case.arms],
            "claims": {claim.id: claim.says for claim in case.expected},
            "kinds": {claim.id: claim.kind for claim in case.expected},
        }
        for name, case in ((name, load_case(name)) for name in list_cases())
    ]


# Text -----------------------------------------------------------------------------------------------------------------


def _lines(judgement: Judgement) -> Iterator[str]:
    """Yield a case with the verdict on each claim, and the figures that were judged."""
    case = judgement.case
    yield from textwrap.wrap(f"{case.id}  {case.title}", WIDTH, subsequent_indent="     ")
    yield f"     {judgement.city.title}, {judgement.months} months, {judgement.replications} paired futures"
    for verdict in judgement.verdicts:
        word = {"holds": "holds", "does not hold": "FAILS"}.get(verdict.words, verdict.words)
        opening = f"  {word}  {verdict.claim.id} {verdict.claim.kind}  "
        yield from _wrapped(opening, verdict.claim.says)
        for found in verdict.found:
            yield from _wrapped(" " * 9, _figures(verdict.claim, found))
        for asked in verdict.asked:
            yield from _wrapped(" " * 9, _asked_figures(asked))


def _summary(judged: Sequence[Judgement]) -> Iterator[str]:
    """Yield how many claims hold, in all and of each kind, which do not, and what the kinds mean."""
    from experiments.evidence.claims import KINDS
    from experiments.evidence.verdicts import held_by_kind

    verdicts = [verdict for judgement in judged for verdict in judgement.verdicts]
    failed = [verdict.claim.id for verdict in verdicts if not verdict.holds]
    yield f"{len(verdicts) - len(failed)} of {len(verdicts)} claims of {_number(len(judged), 'case')} hold in this model."
    for kind, (held, claims) in held_by_kind(verdicts).items():
        yield from _wrapped(f"  {kind}  ", f"{held} of {claims} hold: {KINDS[kind]}.")
    if failed:
        yield from _wrapped("Not borne out: ", ", ".join(failed))
    yield "In brackets: 95 % interval of the mean paired difference. In this model; no forecast."


def _figures(claim: Claim, found: Found) -> str:
    """Say what was judged: levels, difference with its interval, and what the claim asks for."""
    from experiments.comparison.findings import signed, significant

    factor, level_unit, change_unit = _unit(found.judged)
    asked = f"asked: {_asked(claim)}"
    if found.reference is None:
        asked = f"asked: {_range(claim, factor)}"
        low, high = (significant(end * factor, 3) for end in (found.difference.low, found.difference.high))
        return f"{_where(found)}: {significant(found.level * factor, 3)} ({low} to {high}) {level_unit}; {asked}"
    before, after = (significant(each * factor, 3) for each in (found.reference_level or 0.0, found.level))
    change = _interval(tuple(end * factor for end in found.difference), change_unit)
    share = _interval(tuple(100 * end for end in found.relative), "%")
    beyond = f"; effect against that of {claim.than}: {share}" if claim.change == "weaker" else f", {share}"
    if signed(found.relative.mean) == "–":
        beyond = "" if claim.change != "weaker" else beyond
    return f"{_where(found)}: {before} -> {after}, {change}{beyond}; {asked}"


def _asked_figures(asked: Asked) -> str:
    """Say what a comparison comes to in the months that were asked for."""
    from experiments.comparison.findings import significant

    factor, level_unit, change_unit = _unit(asked.judged)
    after = significant(asked.level * factor, 3)
    if asked.reference_level is None:
        low, high = (significant(end * factor, 3) for end in (asked.difference.low, asked.difference.high))
        return f"{_where(asked)}: {after} ({low} to {high}) {level_unit}; not judged"
    before = significant(asked.reference_level * factor, 3)
    change = _interval(tuple(end * factor for end in asked.difference), change_unit)
    return f"{_where(asked)}: {before} -> {after}, {change}; not judged"


def _interval(ends: tuple[float, ...], unit: str) -> str:
    from experiments.comparison.findings import signed, significant

    mean, low, high = ends
    return f"{signed(mean)} ({significant(low)} to {significant(high)}) {unit}".rstrip()


def _unit(reading: Reading) -> tuple[float, str, str]:
    """Return what to multiply a reading by, and the units of its level and of a change in it."""
    from experiments.comparison.findings import reading as shown
    from experiments.evidence.figures import BY_NAME

    if reading.recovery is not None:
        return 1.0, "months", "months"
    if reading.over is not None or reading.times is not None:
        return 1.0, "", ""
    return shown(BY_NAME[reading.outcome])


def _where(found: Found | Asked) -> str:
    """Say what is compared with what: outcome, arm, months, and the part of the city."""
    judged, reference = found.judged, found.reference
    if reference is None:
        return f"{_measured(judged)} in {judged.arm}, {_context(judged)}"
    if reference._replace(arm=judged.arm) == judged:
        return f"{_measured(judged)}, {judged.arm} against {reference.arm}, {_context(judged)}"
    one, other = (f"{each.arm}, {_context(each)}" for each in (judged, reference))
    named = _measured(judged)
    if reference.outcome != judged.outcome:
        return f"{named} against {_measured(reference)}, {one}"
    return f"{named}, {one}, against {other}"


def _measured(reading: Reading) -> str:
    """Name what is read, sums, ratios and products spelled out."""
    from experiments.evidence.figures import BY_NAME

    titles = [BY_NAME[name].title for name in (reading.outcome, *reading.plus)]
    text = " + ".join(titles)
    if reading.times is not None:
        text = f"{text} x {BY_NAME[reading.times].title}"
    if reading.over is not None:
        text = f"{text} per unit of {BY_NAME[reading.over].title}"
    if reading.recovery is not None:
        text = f"{text}, months worse than the year before by more than {reading.recovery.within:g}"
    return text


def _context(reading: Reading) -> str:
    from experiments.evidence.claims import HERE

    first, last = reading.months
    parts = [f"months {first} to {last}"]
    where = reading.where
    if not where.all:
        if where.places is not None:
            inside = ", ".join(where.places)
        elif where.of is not None:
            bounds = (("above", where.above), ("below", where.below))
            said = " and ".join(f"{side} {value:g}" for side, value in bounds if value is not None)
            inside = f"places with {where.of} {said}"
        else:
            number = f"{where.worst}" if where.worst else f"{where.worst_share:.0%}"
            inside = f"the worst {number} by {where.by}"
        parts.append(f"outside {inside}" if where.outside else f"in {inside}")
    if reading.setting != HERE:
        parts.append(f"setting {reading.setting}")
    return ", ".join(parts)


def _asked(claim: Claim) -> str:
    """Say in words what a claim asks of its interval."""
    size = f"{100 * claim.least:g} %"
    floor = f" and {claim.floor:g}" if claim.floor else ""
    return {
        "falls": f"lower by {size}{floor} or more",
        "rises": f"higher by {size}{floor} or more",
        "order": f"each lower than the one before by {size}{floor} or more",
        "nothing": f"within {size}{floor} either way",
        "no fall": f"no fall by more than {size}{floor}",
        "no rise": f"no rise by more than {size}{floor}",
        "between": f"{_range(claim, 100)} %",
        "level": _range(claim, 1),
        "weaker": f"weaker than {claim.than} by {100 * claim.least:g} points or more",
    }[claim.change]


def _range(claim: Claim, factor: float) -> str:
    low, high = claim.bounds or (0.0, 0.0)
    return f"between {low * factor:g} and {high * factor:g}"


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _wrapped(opening: str, text: str) -> list[str]:
    return textwrap.wrap(f"{opening}{text}", WIDTH, subsequent_indent=" " * len(opening), break_on_hyphens=False)
