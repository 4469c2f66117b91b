"""`citysafety tradeoffs`: which portfolios of policies a budget buys, what each gains, and how far that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from experiments.commands import options, study
from experiments.commands.progress import progress_bar
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from experiments.tradeoffs.discovery import Discovery
    from experiments.tradeoffs.policy_search import Search
    from experiments.tradeoffs.study import Tradeoffs

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
        help="The most a portfolio may cost over no policy, million a year in the city's currency.  [default: no limit]",
    ),
]
Objectives = Annotated[
    str | None,
    typer.Option(
        "--objectives",
        metavar="A,B,C",
        help="Outcomes to improve, the one that decides first.  [default: homicide and criminal governance]",
    ),
]
Thresholds = Annotated[
    list[str] | None,
    typer.Option(
        "--threshold",
        metavar="KEY=X",
        help="The least gain in an objective that would be enough; many times.  [default: the least effect that matters]",
    ),
]
Draw = Annotated[
    list[str] | None,
    typer.Option(
        "--draw",
        metavar="GLOB",
        help="Parameters that every future draws anew, such as 'gangs.*', or none; many times.  [default: how strongly the "
        "measures act]",
    ),
]
Replications = Annotated[
    int,
    typer.Option(
        "--replications",
        metavar="N",
        parser=options.whole_number("--replications", 2, 100_000, 200),
        help="Futures to simulate, each with a draw of its own; all portfolios meet the same ones.",
    ),
]
Portfolio = Annotated[
    str | None,
    typer.Option(
        "--portfolio", metavar="NAME", help="The portfolio whose failures are looked into.  [default: the best on average]"
    ),
]
SearchToo = Annotated[bool, typer.Option("--search", help="Search over the intensities of the measures, too (pymoo).")]
Generations = Annotated[
    int,
    typer.Option(
        "--generations", metavar="N", parser=options.whole_number("--generations", 1, 1000, 8), help="Of the search."
    ),
]


def tradeoffs(
    context: typer.Context,
    city: options.CityName,
    budget: Budget = None,
    objectives: Objectives = None,
    factor: study.Factors = None,
    threshold: Thresholds = None,
    draw: Draw = None,
    portfolio: Portfolio = None,
    search: SearchToo = False,
    generations: Generations = 8,
    months: options.Months = 60,
    replications: Replications = 200,
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
    """Weigh all portfolios of a few policies under a budget, over luck and over what is not known.

    Which stand on the front and how surely, which hold in bad futures, under which conditions the best would fail, and which
    fact would change the choice.
    """
    from sim.idle import refuse_idle
    from sim.scenario import load_city

    chosen_city = load_city(city)
    place = None if dry_run else options.check_out(out, force=force, store=store)
    from experiments.tradeoffs import study as studies
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
    drawn, thresholds = _read_draw(draw), _read_thresholds(threshold or [])
    aims = [each.strip() for each in objectives.split(",")] if objectives else studies.OBJECTIVES
    execution = options.read_execution(
        workers=workers, executor=executor, scheduler=scheduler, store=store, retry_failed=retry_failed
    )
    factors = load_factors(factor or [])
    refuse_idle(chosen_city, factors, months)
    planned = studies.plan(chosen_city, factors, budget=budget, objectives=aims, thresholds=thresholds, draw=drawn, **asked)
    _refuse_unknown(portfolio, [option.name for option in planned.options])
    if dry_run:
        from experiments.commands.dry_run import say_dry_run

        store = options.need_store(store)
        say_dry_run(planned.futures.jobs(planned.options), store, "tradeoffs", workers=workers, as_json=as_json)
        if search and not as_json:
            print(_said_of_search(generations))
        return
    with progress_bar(replications, wanted=not (quiet or as_json)) as progress:
        found = studies.tradeoffs(
            chosen_city,
            factors,
            budget=budget,
            objectives=aims,
            thresholds=thresholds,
            draw=drawn,
            execution=replace(execution, progress=progress),
            **asked,
        )
    proposals = None
    if search:
        from experiments.tradeoffs import policy_search as intensities

        with progress_bar(generations, wanted=not (quiet or as_json), unit="generations") as progress:
            how = replace(execution, progress=progress)
            proposals = intensities.search(found, generations=generations, execution=how)
        with progress_bar(replications, wanted=not (quiet or as_json)) as progress:
            found = studies.join(found, proposals.candidates, replace(execution, progress=progress))
    discovery = None
    chosen = portfolio or found.best(found.objectives[0])
    if found.futures.draws.factors and chosen != found.options[0].name:
        discovery = (chosen, found.failures(chosen, found.objectives[0]))
    from experiments.tradeoffs.text import tradeoffs_text

    text, plain = tradeoffs_text(found, discovery, proposals), tradeoffs_object(found, discovery, proposals)
    if place is not None:
        from experiments.tradeoffs.figures import draw_all

        tables = {"portfolios": found.table()}
        tables |= {f"robustness_{name}": found.robustness(name) for name in found.objectives}
        tables |= {f"facts_{name}": found.facts(name) for name in found.objectives}
        figures = draw_all(found, discovery)
        with study.folder_of(place, context.obj or ()) as folder:
            study.write_folder(folder, tables, figures, text=text, found=plain, command=context.obj or ())
    if as_json:
        print_json(plain)
        return
    print(text)
    if out is not None and not quiet:
        print(f"\nTables and figures: {out}")


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
    from sim.faults import InputError

    if texts is None or NOTHING not in texts:
        return texts or None
    if len(texts) > 1:
        raise InputError("--draw none is given with other patterns; give either")
    return ()


def _read_thresholds(texts: Sequence[str]) -> dict[str, float]:
    """Return the least gains by objective; one given twice is refused."""
    from sim.faults import InputError
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
    from sim.faults import InputError, did_you_mean

    if portfolio is not None and (portfolio not in names or portfolio == names[0]):
        raise InputError(f"--portfolio {portfolio}: is no portfolio of this study; {did_you_mean(portfolio, names[1:])}")
