"""`citysafety list` and `citysafety show`: what there is to choose from, and what each thing says of itself."""

from __future__ import annotations

import dataclasses
import enum
import textwrap
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from experiments.commands import case, options
from experiments.commands.streams import print_json

if TYPE_CHECKING:
    from sim.scenario import City, Policy

WIDTH = 100
MONTH = "month"


def list_kind(
    kind: Annotated[
        str,
        typer.Argument(metavar="KIND", help="cities, policies, shocks, cases, measures, mechanisms, outcomes..."),
    ],
    plugin: options.Plugins = None,
    as_json: options.Json = False,
) -> None:
    """List what there is to choose from."""
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
        typer.Argument(metavar="NAME", help="A city, policy, shock, case, measure, mechanism...; or month."),
    ],
    plugin: options.Plugins = None,
) -> None:
    """Show what a name stands for, or the month.

    A city, policy, measure, outcome or parameter says of itself what it is and where it comes from.
    """
    from sim.errors import InputError, did_you_mean

    if name == MONTH:
        print("\n".join(_month_lines()))
        return
    found = [
        lines(name) for lines in (_city_lines, _policy_lines, _shock_lines, _case_lines, _mechanism_lines, _declared_lines)
    ]
    blocks = ["\n".join(lines) for lines in found if lines]
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


# Lines of what is shown; none where the name is of another kind -------------------------------------------------------


def _month_lines() -> Iterator[str]:
    from sim.month import STEPS

    yield "One month, in order; nothing else happens in a month."
    width = max(len(step) for step, _ in STEPS)
    for number, (step, says) in enumerate(STEPS, start=1):
        yield from _wrapped(f"{number:>2}  {step:<{width}}", says)


def _city_lines(name: str) -> list[str]:
    from sim.scenario import list_cities, load_city

    if name not in list_cities() and not _is_file(name):
        return []
    if _is_file(name) and not _describes(name, "neighbourhoods"):
        return []
    city = load_city(name)
    return [f"{city.title} ({city.name}), {city.country}", *_paragraph(city.about), *_city_figures(city)]


def _city_figures(city: City) -> Iterator[str]:
    from sim.dates import month_words

    population = sum(place.population for place in city.neighbourhoods)
    yield from _paragraph(city.illustration)
    yield from _entry("neighbourhoods", f"{len(city.neighbourhoods)}, with {population:,} residents")
    yield from _entry("gangs", ", ".join(gang.name for gang in city.gangs))
    yield from _entry("groups", ", ".join(f"{group.name} ({group.kind})" for group in city.groups) or "none")
    yield from _entry("police", f"command: {city.police.command}; follows the city: {city.police.follows:g}")
    if city.begins is not None:
        yield from _entry("begins", f"{city.begins}, its month 1")
    if city.elections:
        yield from _entry("elections", ", ".join(month_words(month, city.begins) for month in city.elections))
    yield from _entry("levels", "; ".join(f"{name} {value:g}" for name, value in city.levels))
    yield from _entry("calibration", f"{city.calibration.method} ({city.calibration.date})")
    for title, texts in (("sources", city.sources), ("assumptions", city.assumptions)):
        yield from _entry(title, "; ".join(f"{name}: {text}" for name, text in texts.items()) or "none")
    heading = "neighbourhood"
    width = max(len(heading), *(len(place.name) for place in city.neighbourhoods))
    yield f"  {heading:<{width}}  residents  poverty  unemployment  no high school"
    for place in city.neighbourhoods:
        shares = f"{place.poverty:>7.0%}  {place.unemployment:>12.0%}  {place.no_high_school:>14.0%}"
        yield f"  {place.name:<{width}}  {place.population:>9,}  {shares}"


def _policy_lines(name: str) -> list[str]:
    from sim.scenario import list_policies, load_policy

    if name not in list_policies() and not (_is_file(name) and _describes(name, "measures")):
        return []
    policy = load_policy(name)
    return [f"{policy.title} ({policy.name})", *_paragraph(policy.about), *_policy_uses(policy)]


def _shock_lines(name: str) -> list[str]:
    from experiments.comparison.plan_text import shock_words
    from sim.scenario import list_shocks, load_shock

    if name not in list_shocks() and not (_is_file(name) and _describes(name, "kind")):
        return []
    shock = load_shock(name)
    said = _entry("kind", shock_words(shock))
    return [f"{shock.title} ({shock.name})", *_paragraph(shock.about), *said]


def _policy_uses(policy: Policy) -> Iterator[str]:
    from experiments.comparison.plan_text import uses_in_words

    if policy.pillar:
        yield from _entry("pillar", policy.pillar)
    if not policy.measures:
        yield from _entry("measures", "none")
    for use, (title, words) in zip(policy.measures, uses_in_words(policy), strict=True):
        yield from _entry(use.measure, f"{title.removesuffix(f' ({use.measure})')}: {words}")


def _case_lines(name: str) -> list[str]:
    found = case.find_case(name, is_case_file=_is_file(name) and _describes(name, "expected"))
    if found is None:
        return []
    entries = (line for label, text in case.case_entries(found) for line in _entry(label, text))
    return [f"{found.id}  {found.title} ({found.name})", *_paragraph(found.about), *entries]


def _mechanism_lines(name: str) -> list[str]:
    """Return the fields of a mechanism; a measure, outcome or parameter may have the same name."""
    from sim.mechanisms import MECHANISMS

    for each in MECHANISMS:
        if name == each.name:
            links = tuple(f"{link.cause} {link.sign} {link.effect}" for link in each.links)
            fields = (*_fields(each._replace(links=())), ("links", links))
            return [line for label, value in fields for line in _field_lines(label, value)]
    return []


def _declared_lines(name: str) -> list[str]:
    """Return the fields of a measure, outcome or parameter."""
    from sim.measures import every_measure
    from sim.outcomes import OUTCOMES
    from sim.parameters import PARAMETERS

    declared: tuple[Any, ...] = (*every_measure(), *OUTCOMES, *PARAMETERS)
    for each in declared:
        if name in (each.name, getattr(each, "row", None)):
            told = dict(_fields(each))
            if "unit_cost" in told:
                told |= {"unit_cost": f"{each.unit_cost:,.12g} US dollars a year, for each: {each.units}"}
            return [line for label, value in told.items() for line in _field_lines(label.replace("_", " "), value)]
    return []


def _field_lines(label: str, value: Any) -> list[str]:
    """Return the lines of one field: none where it is empty, one entry for each of several declared things."""
    if value in (None, "", (), {}):
        return []
    several = isinstance(value, tuple) and all(_is_declared(each) for each in value)
    return [line for each in (value if several else [value]) for line in _entry(label, _text(each))]


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


def _is_file(name: str) -> bool:
    return name.endswith((".yaml", ".yml"))


def _describes(path: str, key: str) -> bool:
    """Whether a file has a key of this name at its top."""
    from pathlib import Path

    from sim.files import read_mapping

    return key in read_mapping(Path(path), path)


def _fields(thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield the names and values of a declared thing, a dataclass or a named tuple."""
    names = [each.name for each in dataclasses.fields(thing)] if dataclasses.is_dataclass(thing) else thing._fields
    for name in names:
        yield name, getattr(thing, name)


def _is_declared(value: Any) -> bool:
    return dataclasses.is_dataclass(value) or hasattr(value, "_fields")


def _text(value: Any) -> str:
    """Return a declared value in words."""
    if isinstance(value, enum.Enum):
        return str(value.value)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_text(each)}" for name, each in value.items())
    if _is_declared(value):
        return ", ".join(f"{name} {_text(each)}" for name, each in _fields(value))
    if isinstance(value, Iterable) and not isinstance(value, str):
        return "; ".join(_text(each) for each in value)
    return str(value)


def _entry(label: str, text: str) -> list[str]:
    """Return a label and its text, the lines below the first set in."""
    return _wrapped(f"  {label:<14}", text)


def _wrapped(label: str, text: str) -> list[str]:
    return textwrap.wrap(f"{label}  {text}", WIDTH, subsequent_indent=" " * (len(label) + 2), break_on_hyphens=False)


def _paragraph(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH, initial_indent="  ", subsequent_indent="  ", break_on_hyphens=False)
