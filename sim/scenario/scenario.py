"""A whole scenario: a city, policies, shocks, and how long and how often to run them; whether they fit together."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, Self, TypedDict, Unpack

from pydantic import Field, Strict, field_validator, model_validator
from pydantic.json_schema import models_json_schema

from sim.dates import month_date, month_number, month_words
from sim.errors import InputError, Step, did_you_mean, dotted, field_error, locate, show
from sim.files import check
from sim.renamed import SCHEMA
from sim.scenario.city import City, uncounted
from sim.scenario.fields import Finding, Part, Shown, ends_early, no_neighbourhood, repeats
from sim.scenario.level import late_start
from sim.scenario.named import CityLike, PolicyLike, ShockLike, find_city, find_policies, find_shocks
from sim.scenario.policy import MeasureUse, Policy
from sim.scenario.settings import wrong_parameter
from sim.scenario.shock import Shock
from sim.scenario.target import Target

__all__ = [
    "Scenario",
    "ScenarioSettings",
    "assemble",
    "canonical",
    "check_fit",
    "scenario_hash",
    "schema_text",
    "write_schema",
]


class Scenario(Shown):
    """Everything a set of runs depends on, besides the code."""

    city: City = Field(description="the city")
    policies: Annotated[tuple[Policy, ...], Strict(False)] = Field(
        max_length=200, description="the policies to compare, each an arm"
    )
    shocks: Annotated[tuple[Shock, ...], Strict(False)] = Field(
        default=(), max_length=50, description="what happens under every policy"
    )
    months: int = Field(default=120, ge=1, le=1200, description="months simulated after the burn-in")
    replications: int = Field(default=20, ge=1, le=100_000, description="paired futures, one seed each")
    seed: int = Field(default=1, ge=0, le=2**63 - 1, description="the first seed")
    scale: float | Literal["auto"] = Field(
        default="auto", description="simulated youths for each real one, above 0 and up to 1, or auto"
    )
    parameters: dict[str, float] = Field(default={}, description="parameters set away from their defaults")
    without: Annotated[tuple[str, ...], Strict(False)] = Field(
        default=(), max_length=100, description="mechanisms switched off, for attribution (`citysafety list mechanisms`)"
    )

    @field_validator("scale", mode="before")
    @classmethod
    def _is_a_scale(cls, scale: object) -> object:
        if scale == "auto" or (isinstance(scale, int | float) and not isinstance(scale, bool) and 0 < scale <= 1):
            return scale
        raise field_error((), f"is {show(scale)}; it must be auto, or a number above 0 and up to 1")

    @field_validator("parameters")
    @classmethod
    def _are_parameters(cls, parameters: dict[str, float]) -> dict[str, float]:
        for name, value in parameters.items():
            if (problem := wrong_parameter(name, value)) is not None:
                raise field_error((name,), problem)
        return parameters

    @field_validator("without")
    @classmethod
    def _are_mechanisms(cls, without: tuple[str, ...]) -> tuple[str, ...]:
        from sim.mechanisms import MECHANISMS

        known = [each.name for each in MECHANISMS]
        for i, name in enumerate(without):
            if name not in known:
                raise field_error((i,), f"is {show(name)}, which is no mechanism; {did_you_mean(name, known)}")
            if name in without[:i]:
                raise field_error((i,), f"is {show(name)} a second time; name it once")
        return without

    def headline(self) -> str:
        """Return in one line what is run."""
        names = ", ".join(policy.name for policy in self.policies) or "no policy"
        return (
            f"of {self.city.name}, {self.months} months, {self.replications} replications, seed {self.seed}, "
            f"scale {self.scale}: {names}"
        )

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the policies and shocks, a row each."""
        rows: list[tuple[object, ...]] = [("policy", each.name, each.title) for each in self.policies]
        return ["part", "name", "title"], rows + [("shock", each.name, each.title) for each in self.shocks]

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for path, says in _misfits(self.city, self.policies, self.shocks):
            raise field_error(path, says)
        return self


class ScenarioSettings(TypedDict, total=False):
    """The fields of `Scenario` besides `city` and `policies`, as keyword arguments; what is left out has a default.

    Attributes
    ----------
    shocks
        What happens to the city in every arm: objects, names or paths.
    months, replications, seed
        Length of every run in months, number of paired futures, and the random seed they are all derived from.
    scale
        Simulated youths for each real one, above 0 and up to 1, or "auto".
    parameters
        Values of parameters that differ from the defaults, by "process.field".
    without
        Names of mechanisms that are switched off, in every arm and while the city settles.
    """

    shocks: Sequence[ShockLike] | ShockLike
    months: int
    replications: int
    seed: int
    scale: float | Literal["auto"]
    parameters: Mapping[str, float]
    without: Sequence[str]


def assemble(
    city: CityLike,
    policies: Sequence[PolicyLike] | PolicyLike,
    *,
    source: str = "command line",
    **settings: Unpack[ScenarioSettings],
) -> Scenario:
    """Return a checked scenario.

    Parameters
    ----------
    city, policies
        The fields of `Scenario`, by name, path or object.
    source
        What to call the origin of these values in a message.
    settings
        The other fields of `Scenario`; what is left out has its default there.

    Raises
    ------
    InputError
        One line: source, field, value and remedy.
    """
    values: dict[str, Any] = {**settings, "city": find_city(city), "policies": find_policies(policies)}
    if "shocks" in settings:
        values["shocks"] = find_shocks(settings["shocks"])
    if "without" in settings:
        values["without"] = tuple(settings["without"])
    if isinstance(settings.get("parameters"), Mapping):
        values["parameters"] = dict(settings["parameters"])
    return check(Scenario, values, source)


def check_fit(city: City, policies: Sequence[Policy], shocks: Sequence[Shock] = ()) -> None:
    """Raise `InputError` where a policy or shock names a place, gang or number of places that the city lacks."""
    for path, says in _misfits(city, policies, shocks):
        owner = (policies if path[0] == "policies" else shocks)[int(path[1])] if len(path) > 1 else None
        if owner is not None and owner.source.shown:
            raise InputError(locate({"policies": policies, "shocks": shocks}, path, says, owner.source))
        label = f"{'policy' if path[0] == 'policies' else 'shock'} {owner.name}" if owner else "scenario"
        raise InputError(f"{label}: {dotted(path[2:])} {says}")


def _misfits(city: City, policies: Sequence[Policy], shocks: Sequence[Shock]) -> Iterator[Finding]:
    yield from repeats("policies", "name", [policy.name for policy in policies])
    yield from repeats("shocks", "name", [shock.name for shock in shocks])
    for i, policy in enumerate(policies):
        counted: dict[object, int] = {}
        for j, use in enumerate(policy.measures):
            yield from _strays(city, use.where, ("policies", i, "measures", j, "where"))
            yield from _untimely(city, use.start, use.stop, ("policies", i, "measures", j))
            yield from _unsaid(city, use, ("policies", i, "measures", j))
            if not list(uncounted(use.start, city, ())):
                key = (use.measure, use.where, month_number(use.start, city.begins))
                if (first := counted.setdefault(key, j)) != j:
                    says = f"is {use.measure} with the place and start of measures[{first}]; remove one of them"
                    yield ("policies", i, "measures", j), says
    gangs = [gang.name for gang in city.gangs]
    for i, shock in enumerate(shocks):
        if shock.gang is not None and shock.gang not in gangs:
            says = f"is {show(shock.gang)}, which is no gang of {city.name}; {did_you_mean(shock.gang, gangs)}"
            yield ("shocks", i, "gang"), says
        yield from _strays(city, shock.where, ("shocks", i, "where"))
        yield from _untimely(city, shock.start, shock.stop, ("shocks", i))


def _untimely(city: City, start: int | str, stop: int | str | None, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Yield where the months of a measure or shock cannot be counted in this city, or end before they begin."""
    wrong = list(uncounted(start, city, (*at, "start")))
    if stop is not None:
        wrong += uncounted(stop, city, (*at, "stop"))
    yield from wrong
    if not wrong and stop is not None:
        first, last = month_number(start, city.begins), month_number(stop, city.begins)
        if (says := ends_early(first, last)) is not None:
            yield (*at, "stop"), says


def _unsaid(city: City, use: MeasureUse, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Yield the dates of a level that this city cannot count, and where the level is not said from the start on."""
    if not isinstance(use.level, Mapping):
        return
    wrong = [each for month in use.level if isinstance(month, str) for each in uncounted(month, city, (*at, "level", month))]
    yield from wrong
    if not wrong and city.begins is not None and not list(uncounted(use.start, city, ())):
        begins = month_date(month_number(use.start, city.begins), city.begins)
        if (late := late_start(use.level, begins, month_words(use.start, city.begins))) is not None:
            yield (*at, "level", late[0]), late[1]


def _strays(city: City, where: Target, at: tuple[Step, ...]) -> Iterator[Finding]:
    known = {place.name: place.population for place in city.neighbourhoods}
    lived_in = sum(people > 0 for people in known.values())
    if where.worst is not None and where.worst > lived_in:
        what = "neighbourhoods" if lived_in == len(known) else "neighbourhoods with residents"
        yield (*at, "worst"), f"is {where.worst}; {city.name} has {lived_in} {what}, ask for fewer"
    for i, place in enumerate(where.places or ()):
        if place not in known:
            yield (*at, "places", i), no_neighbourhood(place, f"of {city.name}", known)
    unknown = [each.name for each in city.neighbourhoods if each.population and each.density is None]
    if where.of == "density" and unknown:
        yield (*at, "of"), f"is 'density', which {city.name} does not give for {show(unknown[0])}; give it, or name another"


def canonical(scenario: Scenario) -> bytes:
    """Return the one text of a scenario, for hashing: JSON in UTF-8, keys sorted, floats by their shortest repr."""
    values = scenario.model_dump(mode="json")
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def scenario_hash(scenario: Scenario) -> str:
    """Return 32 hexadecimal digits that stand for everything in the scenario."""
    return hashlib.blake2b(canonical(scenario), digest_size=16).hexdigest()


_OF_A_STUDY: dict[str, Any] = {
    "study": {
        "type": "object",
        "description": "the command that the file is for, and the study's own options",
        "properties": {"command": {"type": "string"}},
    },
    "plugins": {
        "type": "array",
        "description": "what was used of plugins: names, files and hashes; --plugin FILE has to be given beside the file",
        "items": {
            "type": "object",
            "properties": {"file": {"type": "string"}, "hash": {"type": "string", "pattern": "^[0-9a-f]{16}$"}},
            "required": ["file", "hash"],
        },
    },
}


def schema_text() -> str:
    """Return the JSON Schema of a scenario file (a city, a policy or a shock) and of a whole scenario."""
    models: tuple[type[Part], ...] = (City, Policy, Shock, Scenario)
    _, schema = models_json_schema([(model, "validation") for model in models], title="citysafety")
    for model in models:
        form = {"const": SCHEMA, "title": "Schema", "description": "the number of the form of the file"}
        schema["$defs"][model.__name__]["properties"] = {"schema": form} | schema["$defs"][model.__name__]["properties"]
    top: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A city, policy, shock or scenario of citysafety",
        "anyOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in models],
        "$defs": schema["$defs"],
    }
    # What a command that wrote a scenario file says of itself; `experiments.store.scenario_files` reads it.
    top["$defs"]["Scenario"]["properties"] |= _OF_A_STUDY
    return json.dumps(top, indent=2, ensure_ascii=False) + "\n"


def write_schema(folder: str | os.PathLike[str]) -> Path:
    """Write the JSON Schema as scenario.schema.json into a folder, and return its path."""
    path = Path(folder) / "scenario.schema.json"
    path.write_text(schema_text(), encoding="utf-8")
    return path
