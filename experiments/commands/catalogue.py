"""`citysafety list` and `citysafety show`: what there is to choose from, and what each thing says of itself."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Annotated, Any

import typer

from experiments.commands import case, options
from experiments.commands.file_leaflets import file_leaflets_of
from experiments.commands.leaflets import leaflets_of
from experiments.commands.sections import wrapped
from experiments.commands.streams import print_json

MONTH = "month"


def list_kind(
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", help="One of: cities, policies, shocks, cases, measures, mechanisms, outcomes, parameters."
        ),
    ],
    plugin: options.Plugins = None,
    as_json: options.Json = False,
) -> None:
    """List what there is to choose from: names and titles, a line each."""
    from sim.errors import InputError

    if kind not in KINDS:
        raise InputError(f"there are no {kind!r} to list; give {', '.join(list(KINDS)[:-1])} or {list(KINDS)[-1]}")
    rows = KINDS[kind]()
    if as_json:
        print_json(rows)
        return
    first, second = list(rows[0])[:2] if rows else ("", "")
    width = max((len(row[first]) for row in rows), default=0)
    for row in rows:
        print(f"{row[first]:<{width}}  {row[second]}")


def show(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="A name from `citysafety list`, the path of a file, or: month."),
    ],
    plugin: options.Plugins = None,
) -> None:
    """Explain a city, policy, shock, case, measure, mechanism, outcome or parameter; `show month` lists a month's steps.

    Of a measure it tells what it changes and how strongly, what it needs, what it costs and who pays, and how well that
    is known; of a city also where its figures come from.
    """
    from sim.errors import InputError, did_you_mean

    if name == MONTH:
        print("\n".join(_month_lines()))
        return
    blocks = ["\n".join(lines) for lines in (*file_leaflets_of(name), *leaflets_of(name))]
    if not blocks:
        raise InputError(f"{name!r} is nothing that can be shown; {did_you_mean(name, [MONTH, *_all_names()])}")
    print("\n\n".join(blocks))


# Rows of a list: the first two columns are what a reader sees ---------------------------------------------------------


def _cities() -> list[dict[str, Any]]:
    from sim.scenario import list_cities, load_city

    return [
        {
            "name": name,
            "title": city.title,
            "country": city.country,
            "neighbourhoods": len(city.neighbourhoods),
            "population": sum(place.population for place in city.neighbourhoods),
        }
        for name, city in ((name, load_city(name)) for name in list_cities())
    ]


def _policies() -> list[dict[str, Any]]:
    from sim.scenario import list_policies, load_policy

    return [
        {
            "name": name,
            "title": policy.title,
            "pillar": policy.pillar,
            "measures": [use.measure for use in policy.measures],
            "leaves_out": policy.leaves_out,
        }
        for name, policy in ((name, load_policy(name)) for name in list_policies())
    ]


def _measures() -> list[dict[str, Any]]:
    from sim.measures import every_measure

    return [
        {
            "row": measure.row,
            "title": measure.title,
            "name": measure.name,
            "pillar": measure.pillar,
            "grade": _text(measure.grade),
            "says": measure.says,
        }
        for measure in every_measure()
    ]


def _outcomes() -> list[dict[str, Any]]:
    from sim.outcomes import OUTCOMES

    return [
        {"name": each.name, "title": f"{each.title}, {each.unit}", "unit": each.unit, "better": each.better}
        | {"says": each.says}
        for each in OUTCOMES
    ]


def _parameters() -> list[dict[str, Any]]:
    from sim.parameters import PARAMETERS

    return [
        {
            "name": each.name,
            "says": each.says,
            "default": each.default,
            "low": each.low,
            "high": each.high,
            "unit": each.unit,
            "status": _text(each.status),
            "evidence": each.evidence,
        }
        for each in PARAMETERS
    ]


def _mechanisms() -> list[dict[str, Any]]:
    from sim.mechanisms import MECHANISMS

    return [
        {
            "name": each.name,
            "title": each.title,
            "rows": list(each.rows),
            "says": each.says,
            "process": each.process,
            "off": dict(each.off),
            "drives": each.drives,
        }
        for each in MECHANISMS
    ]


def _shocks() -> list[dict[str, Any]]:
    from sim.scenario import list_shocks, load_shock

    return [
        {"name": name, "title": shock.title, "kind": shock.kind, "start": shock.start, "stop": shock.stop}
        for name, shock in ((name, load_shock(name)) for name in list_shocks())
    ]


KINDS: dict[str, Callable[[], list[dict[str, Any]]]] = {
    "cities": _cities,
    "policies": _policies,
    "shocks": _shocks,
    "cases": case.case_rows,
    "measures": _measures,
    "mechanisms": _mechanisms,
    "outcomes": _outcomes,
    "parameters": _parameters,
}


# What is shown -------------------------------------------------------


def _month_lines() -> Iterator[str]:
    from sim.month import STEPS

    yield "One month, in order; nothing else happens in a month."
    width = max(len(step) for step, _ in STEPS)
    for number, (step, says) in enumerate(STEPS, start=1):
        yield from wrapped(f"{number:>2}  {step:<{width}}", says)


def _all_names() -> list[str]:
    from experiments.evidence.schema import list_cases
    from sim.measures import every_measure
    from sim.mechanisms import MECHANISMS
    from sim.outcomes import OUTCOMES
    from sim.parameters import PARAMETERS
    from sim.scenario import list_cities, list_policies, list_shocks

    cases = [name for case in list_cases() for name in (case[:3].upper(), case)]
    rows = [name for measure in every_measure() for name in (measure.row, measure.name)]
    declared: tuple[Any, ...] = (*MECHANISMS, *OUTCOMES, *PARAMETERS)
    return [*list_cities(), *list_policies(), *list_shocks(), *cases, *rows, *(each.name for each in declared)]


# Text -----------------------------------------------------------------------------------------------------------------


def _text(value: Any) -> str:
    """Return a declared value in words."""
    return str(value.value) if isinstance(value, enum.Enum) else str(value)
