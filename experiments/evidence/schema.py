"""Cases: what happened in a city, told as arms and as claims that the model may or may not bear out.

A case is one file under `scenarios/cases`. Its claims are written before anything is run: each names what is compared
with what, over which months, where, and how it would have to change. `experiments.evidence.verdicts` runs a case and
judges it. Rows C01-C20 of the framework: D is what one of its documents states as something that happened or holds, R
what one of them advises or hopes, X what comes from evidence outside them. All three are judged alike.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, Strict, model_validator

from experiments.evidence.claims import BASELINE, HERE, Claim, Finding, Reading, Slug, arms_of, by_kind, comparisons
from sim.errors import LINE, InputError, Step, did_you_mean, field_error, show
from sim.files import check, find, load, names
from sim.scenario import (
    City,
    Market,
    MeasureUse,
    Part,
    Policy,
    Shock,
    Shown,
    assemble,
    list_shocks,
    load_city,
    load_shock,
)

__all__ = ["Arm", "Case", "Setting", "list_cases", "load_case", "readings_of", "setting_of"]

Line = Annotated[str, Field(pattern=LINE, max_length=80)]
Text = Annotated[str, Field(max_length=4000)]
Share = Annotated[float, Field(ge=0, le=1)]


def _named(value: object) -> object:
    """Let a shock be given by the name of a packaged one."""
    if not isinstance(value, str):
        return value
    if value not in list_shocks():
        raise field_error((), f"is {show(value)}, which is no shock; {did_you_mean(value, list_shocks())}")
    return load_shock(value)


Shocks = Annotated[tuple[Annotated[Shock, BeforeValidator(_named)], ...], Strict(False)]


class Arm(Part):
    """One thing that might be done, or one turn that events might take."""

    name: Slug = Field(description="the arm's name, used by the claims")
    title: Line = Field(description="the name for people")
    about: Text = Field(description="what is done or happens, and what it stands for")
    measures: Annotated[tuple[MeasureUse, ...], Strict(False)] = Field(
        default=(), max_length=200, description="the measures, as in a policy"
    )
    shocks: Shocks = Field(default=(), max_length=50, description="what happens in this arm besides the case's shocks")

    def policy(self) -> Policy:
        """Return the measures as a policy of this name."""
        return Policy(name=self.name, title=self.title, about=self.about, measures=self.measures)


class Setting(Part):
    """Another city, or the case's city with other levels, in which arms are run as well."""

    name: Slug = Field(description="the setting's name, used by the claims")
    says: Text = Field(description="what it is and why it is there")
    city: Slug | None = Field(default=None, description="a city by its name; the case's own when left out")
    scale: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="youths simulated for each real one; the case's own when left out"
    )
    levels: dict[str, float] = Field(default={}, description="levels of the city that differ here")
    markets: dict[Market, Share] = Field(default={}, description="how organised markets are here, where it differs")
    parameters: dict[str, float] = Field(default={}, description="parameters set away from their defaults")


class Case(Shown):
    """A case: a city, what happens or is done there, and what should come of it."""

    id: Annotated[str, Field(pattern=r"^C[0-9]{2}$")] = Field(description="the row of the framework, such as C01")
    name: Slug = Field(description="the name for files and commands, such as c01_sao_paulo")
    title: Line = Field(description="the name for people")
    about: Text = Field(description="the story, what is known of it, and what the arms stand for")
    source: Text = Field(description="the row and the documents or evidence that the claims rest on")
    city: Slug = Field(description="a city by its name")
    levels: dict[str, float] = Field(default={}, description="levels of the city that differ here")
    markets: dict[Market, Share] = Field(default={}, description="how organised markets are here, where it differs")
    parameters: dict[str, float] = Field(default={}, description="parameters set away from their defaults")
    months: Annotated[int, Field(ge=12, le=1200)] = Field(description="months simulated after the burn-in")
    replications: Annotated[int, Field(ge=30, le=10_000)] = Field(default=50, description="paired futures")
    scale: Annotated[float, Field(gt=0, le=1)] = Field(description="youths simulated for each real one")
    shocks: Shocks = Field(default=(), max_length=50, description="what happens in every arm, baseline too")
    elsewhere: Annotated[tuple[Setting, ...], Strict(False)] = Field(
        default=(), max_length=10, description="other settings in which arms are run as well"
    )
    arms: Annotated[tuple[Arm, ...], Strict(False)] = Field(max_length=20, description="the arms besides baseline")
    expected: Annotated[tuple[Claim, ...], Strict(False)] = Field(min_length=1, max_length=26, description="the claims")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for path, says in _misfits(self):
            raise field_error(path, says)
        return self

    def headline(self) -> str:
        """Return in one line which case this is."""
        kinds = ", ".join(f"{len(claims)} {kind}" for kind, claims in by_kind(self.expected).items())
        return f"{self.id}: {self.title}; {len(self.expected)} claims ({kinds}) about {self.city}, {self.months} months"

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the claims, a row each."""
        return ["claim", "kind", "says"], [(claim.id, claim.kind, claim.says) for claim in self.expected]


# What does not fit ----------------------------------------------------------------------------------------------------


def _misfits(case: Case) -> Iterator[Finding]:
    """Yield where one part of a case does not fit another."""
    arms = [BASELINE, *(arm.name for arm in case.arms)]
    settings = [HERE, *(setting.name for setting in case.elsewhere)]
    if not case.name.startswith(f"{case.id.lower()}_"):
        yield ("name",), f"is {show(case.name)}; it must begin with {case.id.lower()}_, after the id"
    for i, arm in enumerate(case.arms):
        if arm.name in arms[: i + 1]:
            yield ("arms", i, "name"), f"is {show(arm.name)}, which is taken; give each arm its own name"
    for i, setting in enumerate(case.elsewhere):
        if setting.name in settings[: i + 1]:
            yield ("elsewhere", i, "name"), f"is {show(setting.name)}, which is taken; give each setting its own name"
    ids = [claim.id for claim in case.expected]
    for i, claim in enumerate(case.expected):
        if not claim.id.startswith(case.id):
            yield ("expected", i, "id"), f"is {claim.id}; it must be {case.id} and a letter"
        if claim.id in ids[:i]:
            yield ("expected", i, "id"), f"is {claim.id}, which is taken; give each claim its own letter"
        yield from _strays(claim, ("expected", i), arms, settings, case.months)
        if claim.than is not None:
            yield from _cannot_be_exceeded(claim, ("expected", i, "than"), case.expected)
    used = {name for claim in case.expected for name in arms_of(claim)}
    for i, arm in enumerate(case.arms):
        if arm.name not in used:
            yield ("arms", i), f"({arm.name}) is read by no claim; remove it, or claim something about it"


def _strays(
    claim: Claim, at: tuple[Step, ...], arms: Sequence[str], settings: Sequence[str], months: int
) -> Iterator[Finding]:
    """Yield what a claim names that the case does not have."""
    for name in arms_of(claim):
        if name not in arms:
            yield at, f"names the arm {show(name)}, which the case does not have; {did_you_mean(name, arms)}"
    for judged, reference in comparisons(claim):
        for reading in (judged, reference or judged):
            if reading.setting not in settings:
                says = f"names the setting {show(reading.setting)}, which the case does not have"
                yield at, f"{says}; {did_you_mean(reading.setting, settings)}"
            if reading.months[1] > months:
                last = reading.months[1]
                yield (*at, "months"), f"ends at month {last}, but the case has {months} months, 1 to {months}"


def _cannot_be_exceeded(claim: Claim, at: tuple[Step, ...], claims: Sequence[Claim]) -> Iterator[Finding]:
    """Yield why the effect of a claim cannot be compared with that of the one it names."""
    named = [each for each in claims if each.id == claim.than]
    if not named:
        yield at, f"is {show(claim.than)}, which is no claim here; {did_you_mean(str(claim.than), [c.id for c in claims])}"
    elif named[0] is claim:
        yield at, f"is {claim.than}, the claim itself; name another"
    elif any(len(comparisons(each)) != 1 or each.change == "level" for each in (claim, named[0])):
        yield at, f"is {claim.than}; effects are compared between claims that hold one arm against one other"


# Loading --------------------------------------------------------------------------------------------------------------


def list_cases() -> list[str]:
    """Return the names of the packaged cases."""
    return names("cases")


def load_case(name_or_path: str | os.PathLike[str]) -> Case:
    """Return a packaged case by its name or its row (C01), or one from a file by its path.

    Raises
    ------
    InputError
        When there is no such case, or something in it cannot be used: one line with file, field, value and remedy.
    """
    text = os.fspath(name_or_path)
    by_row = [name for name in list_cases() if name.partition("_")[0] == text.lower()]
    path, shown = find("cases", by_row[0] if by_row else text)
    case = load(Case, path, shown)
    if shown.startswith("scenarios/") and path.stem != case.name:
        raise InputError(f"{shown}: name is {show(case.name)}; it must be that of the file, {path.stem}")
    for setting in dict.fromkeys(reading.setting for reading in readings_of(case)):
        _check_setting(case, setting, shown if setting == HERE else f"{shown}: elsewhere {setting}")
    return case


def readings_of(case: Case) -> list[Reading]:
    """Return everything that the claims read, each once, in the order of the claims."""
    pairs = (pair for claim in case.expected for pair in comparisons(claim))
    return list(dict.fromkeys(reading for pair in pairs for reading in pair if reading is not None))


def setting_of(case: Case, name: str) -> tuple[City, float, dict[str, float]]:
    """Return the city of one setting of a case, the scale at which it is run, and its parameters."""
    chosen: Case | Setting = case if name == HERE else next(each for each in case.elsewhere if each.name == name)
    city = load_city(chosen.city or case.city)
    if chosen.levels or chosen.markets:
        city = _changed(city, chosen.levels, chosen.markets, case.name if name == HERE else f"{case.name}, {name}")
    return city, chosen.scale or case.scale, dict(chosen.parameters)


def _changed(city: City, levels: Mapping[str, float], markets: Mapping[Market, float], at: str) -> City:
    """Return the city with some levels and markets set otherwise, checked again."""
    values: dict[str, Any] = city.model_dump()
    values["levels"] |= levels
    values["markets"] |= markets
    return check(City, values, at)


def _check_setting(case: Case, name: str, at: str) -> None:
    """Raise where an arm or a claim names a place, gang or parameter that its setting does not have."""
    try:
        city, _, parameters = setting_of(case, name)
    except InputError as error:
        raise InputError(f"{at}: {error}") from None
    read = [reading for reading in readings_of(case) if reading.setting == name]
    assemble(city, [], shocks=case.shocks, months=case.months, parameters=parameters, source=at)
    for arm in case.arms:
        if arm.name in {reading.arm for reading in read}:
            assemble(city, [arm.policy()], shocks=(*case.shocks, *arm.shocks), source=f"{at}: arm {arm.name}")
    places = [place.name for place in city.neighbourhoods]
    for reading in read:
        for place in reading.where.places or ():
            if place not in places:
                says = f"which is no neighbourhood of {city.name}; {did_you_mean(place, places)}"
                raise InputError(f"{at}: a claim about {reading.outcome} is read in {show(place)}, {says}")
        if (reading.where.worst or 0) > len(places):
            says = f"{city.name} has {len(places)} neighbourhoods, ask for fewer"
            raise InputError(f"{at}: a claim about {reading.outcome} is read in the worst {reading.where.worst}; {says}")
