"""What `citysafety show` says of a city, policy, shock or case: packaged ones by name, others by the path of their file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.commands.sections import paragraph, section

if TYPE_CHECKING:
    from experiments.evidence.schema import Case
    from sim.scenario import City, Policy, Shock

__all__ = ["file_leaflets_of"]

COMMANDS = {"city": "The city commands the police", "national": "The nation commands the police"} | {
    "joint": "City and nation command the police together"
}


def file_leaflets_of(name: str) -> Iterator[list[str]]:
    """Yield the leaflet of each city, policy, shock and case of a name, or of the one that a file describes.

    Parameters
    ----------
    name
        A name, the row of a case such as C09, or a path that ends in .yaml or .yml.

    Raises
    ------
    InputError
        When it is a file that cannot be used.
    """
    from experiments.evidence.schema import list_cases, load_case
    from sim.scenario import list_cities, list_policies, list_shocks, load_city, load_policy, load_shock

    cases = {each for case in list_cases() for each in (case, case[:3].upper())}
    if name in list_cities() or _describes(name, "neighbourhoods"):
        yield list(_city(load_city(name)))
    if name in list_policies() or _describes(name, "measures"):
        yield list(_policy(load_policy(name)))
    if name in list_shocks() or _describes(name, "kind"):
        yield list(_shock(load_shock(name)))
    if name in cases or _describes(name, "expected"):
        yield list(_case(load_case(name)))


def _describes(path: str, key: str) -> bool:
    """Return whether a name is the path of a file that has a key of this name at its top."""
    from sim.files import read_mapping

    return path.endswith((".yaml", ".yml")) and key in read_mapping(Path(path), path)


def _city(city: City) -> Iterator[str]:
    from sim.dates import month_words

    population = sum(place.population for place in city.neighbourhoods)
    yield f"{city.title} ({city.name}), {city.country}"
    yield from paragraph(city.about)
    yield from paragraph(city.illustration)
    people = (
        f"{population:,} residents in {len(city.neighbourhoods)} neighbourhoods; {city.youth_share:.0%} are aged 10 to 29."
    )
    yield from section("People", [people])
    yield from section("Gangs", [", ".join(gang.name for gang in city.gangs) or "None."])
    yield from section("Community groups", [", ".join(f"{group.name} ({group.kind})" for group in city.groups) or "None."])
    follows = f"they do {city.police.follows:.0%} of what the city asks"
    yield from section("Police", [f"{COMMANDS[city.police.command]}; {follows}."])
    begins = [f"Month 1 is {city.begins}."] if city.begins is not None else []
    votes = ", ".join(month_words(month, city.begins) for month in city.elections)
    yield from section("Dates", begins + ([f"Elections: {votes}."] if votes else []))
    said = {field: str(known.description).partition(";")[0] for field, known in type(city.levels).model_fields.items()}
    given = {field: "left to a rule" if value is None else f"{value:g}" for field, value in city.levels}
    yield from section("Levels as month 1 begins", [f"{field} {given[field]}: {said[field]}" for field in given])
    yield from section("How the model was fitted to them", [f"{city.calibration.method} ({city.calibration.date})"])
    for heading, texts in (("Sources", city.sources), ("What is assumed", city.assumptions)):
        yield from section(heading, [f"{field}: {text}" for field, text in texts.items()] or ["None given."])
    yield ""
    yield from _table_of(city)


def _table_of(city: City) -> Iterator[str]:
    """Yield the neighbourhoods, a line each."""
    heading = "neighbourhood"
    width = max(len(heading), *(len(place.name) for place in city.neighbourhoods))
    yield f"  {heading:<{width}}  residents  poverty  unemployment  no high school"
    for place in city.neighbourhoods:
        shares = f"{place.poverty:>7.0%}  {place.unemployment:>12.0%}  {place.no_high_school:>14.0%}"
        yield f"  {place.name:<{width}}  {place.population:>9,}  {shares}"


def _policy(policy: Policy) -> Iterator[str]:
    from experiments.comparison.plan_text import uses_in_words
    from sim.measures import find_measure

    pillar = f", of the pillar {policy.pillar}" if policy.pillar else ""
    yield f"{policy.title} ({policy.name}), a policy{pillar}"
    yield from paragraph(policy.about)
    uses = [f"{title}: {words}" for title, words in uses_in_words(policy)]
    yield from section("Measures", uses or ["None."])
    if policy.leaves_out:
        left = [f"{row} {find_measure(row).title}: {reason}" for row, reason in policy.leaves_out.items()]
        yield from section("What it leaves out, and why", left)
    if policy.measures:
        yield from section("More", [f"citysafety show {policy.measures[0].measure} tells what a measure does and costs"])


def _shock(shock: Shock) -> Iterator[str]:
    from experiments.comparison.plan_text import shock_words
    from sim.scenario.shock import SIZES

    yield f"{shock.title} ({shock.name}), a shock"
    yield from paragraph(shock.about)
    yield from section("What happens, where and when", [f"{shock_words(shock)}."])
    yield from section("What the size means", [f"{SIZES[shock.kind]}."])
    yield from section("Use it", [f"citysafety compare CITY --policy POLICY --shock {shock.name}"])


def _case(case: Case) -> Iterator[str]:
    from experiments.evidence.claims import KINDS, by_kind

    yield f"{case.id}  {case.title} ({case.name}), a case"
    yield from paragraph(case.about)
    yield from section("Source", [case.source])
    runs = f"{case.city}, {case.months} months, {case.replications} paired futures, scale {case.scale:g}"
    yield from section("City and runs", [runs, *(f"also {each.name}: {each.says}" for each in case.elsewhere)])
    yield from section("What is compared", [f"{arm.name}: {arm.title}. {arm.about}" for arm in case.arms])
    kinds = by_kind(case.expected)
    yield from section("Kinds of claims", [f"{kind} ({len(claims)}): {KINDS[kind]}" for kind, claims in kinds.items()])
    told = [f"{each.id} {each.kind}  {each.says}" + (f" ({each.stated})" if each.stated else "") for each in case.expected]
    yield from section("Claims", told)
    yield from section("Judge it", [f"citysafety case {case.id}"])
