"""`citysafety tradeoffs`: which portfolios of policies a budget buys, what each gains, and how far that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import options, policy_options, study
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    import pandas as pd

    from experiments.commands.described import OwnTradeoffs
    from experiments.execution.execution import Execution
    from experiments.execution.extensions import StudySettings
    from experiments.tradeoffs.discovery import Discovery
    from experiments.tradeoffs.policy_search import Search
    from experiments.tradeoffs.study import Tradeoffs
    from sim.scenario import City, Policy

NOTHING = "none"


def read_budget(text: str) -> float:
    """Read a budget: a number of millions, zero or more."""
    number = options.read_amount(text)
    if number is None:
        example = options.meant(text, options.AMOUNT, 20)
        raise typer.BadParameter(
            f"--budget is {options.shown(text)}; give millions a year, zero or more, such as --budget {example}"
        )
    return number


Budget = Annotated[
    float | None,
    typer.Option(
        "--budget",
        metavar="X",
        parser=read_budget,
        help="Highest cost of a portfolio, in million a year of the city's currency.  [default: no limit]",
    ),
]
Objectives = Annotated[
    str | None,
    typer.Option(
        "--objectives",
        metavar="A,B,C",
        help="Outcomes to improve, the most important first.  [default: homicide and criminal governance]",
    ),
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="KEY=X",
        help="Smallest improvement of an objective that is enough; repeatable.  [default: the least effect that matters]",
    ),
]
Draw = Annotated[
    list[str] | None,
    typer.Option(
        "--draw",
        metavar="GLOB",
        help="Parameters drawn from their ranges in each replication, such as 'gangs.*', or none; repeatable.  [default: "
        "the strengths of the measures]",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 100_000, 200),
        help="Number of replications, each with its own draw; every portfolio uses the same ones.",
    ),
]
Portfolio = Annotated[
    str | None,
    typer.Option(
        "--portfolio", metavar="NAME", help="Portfolio whose failures are explained.  [default: the best on average]"
    ),
]
SearchToo = Annotated[bool, typer.Option("--search", help="Also search for the best strengths of the measures (pymoo).")]
Derogating = Annotated[
    bool,
    typer.Option("--derogating", help="Let the search propose measures that set rights aside, such as mass arrests."),
]
Generations = Annotated[
    int,
    typer.Option(
        "--generations",
        metavar="N",
        parser=options.whole_number("--generations", 1, 1000, 8),
        help="Generations of the search.",
    ),
]


def tradeoffs(
    context: typer.Context,
    city: options.CityOrScenario,
    budget: Budget = None,
    objectives: Objectives = None,
    factor: study.Factors = None,
    pillars: policy_options.RepeatedPillars = None,
    threshold: Thresholds = None,
    draw: Draw = None,
    own_range: options.Ranges = None,
    portfolio: Portfolio = None,
    search: SearchToo = False,
    derogating: Derogating = False,
    generations: Generations = 8,
    window: options.StudyWindows = None,
    months: options.Months = 60,
    replications: Replications = 200,
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
    """Compare all policy portfolios under a budget, across random seeds and uncertain parameters.

    Shows which portfolios are on the efficient front and how surely, and which are robust in bad futures. It also explains
    under which conditions the best one fails, and which fact would change the choice.
    """
    from experiments.commands.described import (
        Described,
        OwnTradeoffs,
        keep_for_windows,
        read_windows,
        scenario_of,
        shared_runs,
        study_block,
    )
    from experiments.store.scenario_files import scenario_text
    from experiments.tradeoffs import study as studies
    from experiments.tradeoffs.uncertainty import drawn_of
    from sim.idle import refuse_idle
    from sim.outcomes import STUDIED

    described = Described.find(context, city, OwnTradeoffs)
    chosen_city = described.city
    place = None if dry_run else options.check_out(out, force=force, store=store)
    asked = described.settings(options.scenario_settings(context))
    execution = options.read_execution(context)
    factors = described.policies(policy_options.named_factors(context), option="factor")
    refuse_idle(chosen_city, factors, asked["months"])
    given = {
        "budget": budget,
        "objectives": [each.strip() for each in objectives.split(",")] if objectives else STUDIED,
        "thresholds": _read_thresholds(threshold or []),
        "draw": _read_draw(draw),
        "ranges": options.read_ranges(own_range),
        "portfolio": portfolio,
        "search": search,
        "derogating": derogating,
        "generations": generations,
        "windows": read_windows(window, asked["months"], chosen_city),
    }
    own = described.own(OwnTradeoffs, given)
    planned = studies.plan(
        chosen_city,
        factors,
        budget=own.budget,
        objectives=own.objectives,
        thresholds=own.thresholds,
        draw=drawn_of(factors, own.draw, own.ranges, asked),
        **asked,
        **described.more,
    )
    _refuse_unknown(own.portfolio, [option.name for option in planned.options])
    if dry_run:
        from experiments.commands.dry_run import say_dry_run

        folder = options.need_store(store)
        keep = keep_for_windows(folder, own.windows)
        say_dry_run(planned.futures.jobs(planned.options), folder, "tradeoffs", keep=keep, workers=workers, as_json=as_json)
        if own.search and not as_json:
            print(_said_of_search(own.generations))
        return
    with shared_runs(execution, own.windows) as shared:
        found = [
            _weighed(chosen_city, factors, own, each, shared, {**asked, **described.more}, quiet=quiet or as_json)
            for each in own.windows or (None,)
        ]
    from experiments.tradeoffs.text import tradeoffs_text

    text = "\n\n".join(tradeoffs_text(*each) for each in found)
    plain = study.by_window([tradeoffs_object(*each) for each in found], own.windows)
    if place is not None:
        from experiments.tradeoffs.figures import draw_all

        scenario = scenario_of(chosen_city, factors, asked, planned.futures.scale)
        written = scenario_text(scenario, study_block(own), described.extensions)
        with study.folder_of(place, context.obj or ()) as private:
            for part, (weighed, discovery, _) in zip(study.folders(private, own.windows), found, strict=True):
                study.write_folder(part, _tables(weighed), draw_all(weighed, discovery))
            study.write_folder(private, {}, {}, text=text, found=plain, command=context.obj or (), scenario=written)
    if as_json:
        print_json(plain)
        return
    print(text)
    if out is not None and not quiet:
        print(f"\nTables and figures: {out}")


def _weighed(
    city: City,
    factors: Sequence[Policy],
    own: OwnTradeoffs,
    window: tuple[int, int] | None,
    execution: Execution,
    asked: StudySettings,
    *,
    quiet: bool,
) -> tuple[Tradeoffs, tuple[str, Discovery] | None, Search | None]:
    """Run the study over one window, with the search and the look into failures that belong to it."""
    from experiments.tradeoffs import study as studies
    from experiments.tradeoffs.uncertainty import drawn_of

    replications = asked["replications"]
    with progress_bar(replications, wanted=not quiet) as progress:
        found = studies.tradeoffs(
            city,
            factors,
            budget=own.budget,
            objectives=own.objectives,
            thresholds=own.thresholds,
            draw=drawn_of(factors, own.draw, own.ranges, asked),
            window=window,
            execution=replace(execution, progress=progress),
            **asked,
        )
    proposals = None
    if own.search:
        from experiments.tradeoffs import policy_search

        with progress_bar(own.generations, wanted=not quiet, unit="generations") as progress:
            how = replace(execution, progress=progress)
            proposals = policy_search.search(found, generations=own.generations, derogating=own.derogating, execution=how)
        with progress_bar(replications, wanted=not quiet) as progress:
            found = studies.join(found, proposals.candidates, replace(execution, progress=progress))
    chosen = own.portfolio or found.best(found.objectives[0])
    if not found.futures.draws.factors or chosen == found.options[0].name:
        return found, None, proposals
    return found, (chosen, found.failures(chosen, found.objectives[0])), proposals


def _tables(found: Tradeoffs) -> dict[str, pd.DataFrame]:
    """Return the tables of a study by the name of their file."""
    tables = {"portfolios": found.table()}
    tables |= {f"robustness_{name}": found.robustness(name) for name in found.objectives}
    return tables | {f"facts_{name}": found.facts(name) for name in found.objectives}


def tradeoffs_object(
    found: Tradeoffs, discovery: tuple[str, Discovery] | None = None, proposals: Search | None = None
) -> dict[str, Any]:
    """Return what `citysafety tradeoffs --json` prints; what is undefined is None."""
    from experiments.comparison.side_effects import comfort_object
    from experiments.tradeoffs.factorial import plain, records

    fails = None
    if discovery is not None:
        portfolio, where = discovery
        limits = [plain(limit._asdict()) for limit in where.limits]
        numbers = {name: getattr(where, name) for name in ("draws", "failures", "density", "coverage", "p", "why")}
        fails = {"portfolio": portfolio, "limits": limits, "leaves": records(where.leaves), **plain(numbers)}
    searched = None
    if proposals is not None:
        numbers = {name: getattr(proposals, name) for name in ("evaluated", "generations", "population", "futures")}
        searched = numbers | {"optimism": proposals.optimism(found).tolist()}
    return found.futures.heading() | {
        "factors": [factor.name for factor in found.factors],
        "objectives": list(found.objectives),
        "budget": found.budget,
        "thresholds": dict(found.thresholds),
        "portfolios": records(found.table()),
        "robustness": {name: records(found.robustness(name)) for name in found.objectives},
        "best": {name: found.best(name) for name in found.objectives},
        "facts": {name: records(found.facts(name)) for name in found.objectives},
        "fails": fails,
        "search": searched,
        "false_comfort": comfort_object(found.comfort),
    }


def _read_draw(texts: Sequence[str] | None) -> Sequence[str] | None:
    """Return the patterns; nothing where "none" is given, and None, for the default, where nothing is."""
    from sim.errors import InputError

    if texts is None or NOTHING not in texts:
        return texts or None
    if len(texts) > 1:
        raise InputError("--draw none is given with other patterns; give either")
    return ()


def _read_thresholds(texts: Sequence[str]) -> dict[str, float]:
    """Return the least gains by objective; one given twice is refused."""
    from sim.errors import InputError
    from sim.files import read_number
    from sim.numerals import Wanted

    found: dict[str, float] = {}
    for text in texts:
        name, equals, number = (part.strip() for part in text.partition("="))
        value = read_number(number)
        if not equals or not name or value is None:
            example = f"{name}={options.meant(number, Wanted(False), 2)}" if name and equals else "homicide_rate=2"
            raise InputError(f"--threshold {text[:60]}: write an objective and the least gain, such as {example}")
        if name in found:
            raise InputError(f"--threshold {name} is given twice; keep one")
        found[name] = value
    return found


def _said_of_search(generations: int) -> str:
    """Say what a search runs besides the study, as well as can be told before its candidates are known."""
    from experiments.tradeoffs.policy_search import FUTURES, MOST_CANDIDATES, POPULATION

    plural = "" if generations == 1 else "s"
    return (
        f"The search comes besides: {generations} generation{plural} of some {POPULATION} candidates, each over {FUTURES} "
        f"futures of its own, then at most {MOST_CANDIDATES} proposals over the study's futures."
    )


def _refuse_unknown(portfolio: str | None, names: Sequence[str]) -> None:
    from sim.errors import InputError, did_you_mean

    if portfolio is not None and (portfolio not in names or portfolio == names[0]):
        raise InputError(f"--portfolio {portfolio}: is no portfolio of this study; {did_you_mean(portfolio, names[1:])}")
