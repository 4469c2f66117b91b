"""Trials and roles from their files, and whether all of them agree.

`scenarios/trials` holds one file for each study group, `roles.yaml`, which says what each figure may be used for, and
`left_out.yaml`, which says which figures are in no trial and why. Nothing is in two of them.
"""

from __future__ import annotations

import functools
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, Strict

from experiments.evidence.claims import Slug
from experiments.evidence.trial import Figure, Seen, Trial
from sim.errors import InputError, did_you_mean, show
from sim.files import check, find, find_packaged, load, names, read_mapping
from sim.scenario import City, Part, assemble, load_city

__all__ = ["LeftOut", "Role", "city_of", "disagreements", "list_trials", "load_left_out", "load_roles", "load_trial"]

BESIDE = ("left_out", "roles")
"""What else is in the folder of the trials."""

RoleName = Literal["fitted", "shaped", "held out"]


class Role(Part):
    """What one published figure may be used for."""

    id: str = Field(description="its name, such as R1")
    group: Slug = Field(description="its study group, which has one role")
    study: str = Field(description="authors and year")
    names: Annotated[tuple[str, ...], Strict(False)] = Field(description="words by which a text would name the study")
    of: str = Field(description="what was estimated")
    figure: float | None = Field(description="the figure as it was known when roles were fixed")
    interval: Annotated[tuple[float, float], Strict(False)] | None = Field(description="its interval, if one was seen")
    seen: Seen = Field(description="where it was read")
    typed: Literal["yes", "partly", "no"] = Field(description="how near it was to a parameter of version 0.1.0")
    role: RoleName = Field(description="fitted, shaped or held out")
    why: str = Field(description="why that role")


class _Roles(Part):
    figures: Annotated[tuple[Role, ...], Strict(False)]


class LeftOut(Part):
    """What is in no trial, and why."""

    figures: dict[str, str] = Field(description="figures of roles.yaml by their name")
    studies: dict[str, str] = Field(description="other studies that were looked up, by authors and year")


def list_trials() -> list[str]:
    """Return the names of the packaged trials, which are those of study groups."""
    return [name for name in names("trials") if name not in BESIDE]


def load_roles() -> dict[str, Role]:
    """Return what each published figure may be used for, by its name."""
    return {each.id: each for each in _roles()}


@functools.cache
def _roles() -> tuple[Role, ...]:
    """Return all roles, read once."""
    shown = "scenarios/trials/roles.yaml"
    return check(_Roles, read_mapping(find_packaged("trials", "roles"), shown), shown).figures


def load_left_out() -> LeftOut:
    """Return which figures are in no trial, and why."""
    return load(LeftOut, find_packaged("trials", "left_out"), "scenarios/trials/left_out.yaml")


def load_trial(name_or_path: str | os.PathLike[str]) -> Trial:
    """Return a packaged trial by its name or by that of one of its figures (R1), or one from a file by its path.

    Raises
    ------
    InputError
        When there is no such trial, or something in it cannot be used: one line with file, field, value and remedy.
    """
    text = os.fspath(name_or_path)
    if text in BESIDE:
        raise InputError(f"{text} is no trial; see citysafety trial list")
    roles = load_roles()
    by_figure = roles[text].group if text in roles else text
    if by_figure != text and by_figure not in list_trials():
        raise InputError(f"{text} is in no trial: {load_left_out().figures.get(text, 'nobody says why')}")
    if by_figure == Path(by_figure).stem and "/" not in by_figure and by_figure not in list_trials():
        raise InputError(f"there is no trial {show(text)}; {did_you_mean(text, list_trials())} (citysafety trial list)")
    path, shown = find("trials", by_figure)
    trial = load(Trial, path, shown)
    if shown.startswith("scenarios/") and path.stem != trial.name:
        raise InputError(f"{shown}: name is {show(trial.name)}; it must be that of the file, {path.stem}")
    for says in _of_roles(trial, roles):
        raise InputError(f"{shown}: {says}")
    _check_city(trial, shown)
    return trial


def city_of(trial: Trial, name: str | None = None) -> City:
    """Return the city of a trial, or another one that a figure names, with the levels and markets of the trial."""
    city = load_city(name or trial.city)
    if not trial.levels and not trial.markets:
        return city
    values = city.model_dump()
    values["levels"] |= trial.levels
    values["markets"] |= trial.markets
    return check(City, values, trial.name)


def _check_city(trial: Trial, shown: str) -> None:
    """Raise where an arm or a reading names a place or a gang that the city of the trial does not have."""
    runs = {figure.id: figure.run for figure in trial.figures if figure.run is not None}
    for name in dict.fromkeys((None, *(run.city for run in runs.values()))):
        try:
            city = city_of(trial, name)
        except InputError as error:
            raise InputError(f"{shown}: {error}") from None
        for arm in trial.arms:
            assemble(city, [arm.policy()], shocks=arm.shocks, months=trial.months, source=f"{shown}: arm {arm.name}")
        places = len(city.neighbourhoods)
        for figure, run in runs.items():
            targets = [target for target in (run.where, trial.halves) if target is not None]
            asked = max(run.worst or 0, *(target.worst or 0 for target in targets), 0)
            if run.city == name and asked > places:
                raise InputError(f"{shown}: {figure} asks for the worst {asked}; {city.name} has {places} neighbourhoods")


# Whether all agree ----------------------------------------------------------------------------------------------------


def _of_roles(trial: Trial, roles: Mapping[str, Role]) -> Iterator[str]:
    """Yield where a trial does not agree with the roles of its figures."""
    for figure in trial.figures:
        role = roles.get(figure.id)
        if role is None:
            yield f"{figure.id} has no role; give it one in scenarios/trials/roles.yaml before anything is run"
        elif role.group != trial.name:
            yield f"{figure.id} is of the group {role.group} in roles.yaml; it belongs into the file of that name"
        elif figure.corrects is None and (differs := _differs(figure, role)):
            yield f"{figure.id}: {differs}; say under corrects what was seen"
        elif figure.corrects is not None and not _differs(figure, role):
            yield f"{figure.id}: corrects is given, but figure and interval are those of roles.yaml; remove it"


def _differs(figure: Figure, role: Role) -> str:
    """Say how a figure differs from what its role has; nothing where it does not."""
    if role.figure is None or abs(figure.value - role.figure) > 1e-9:
        return f"value is {figure.value:g}, and roles.yaml has {show(role.figure)}"
    if figure.interval is not None and role.interval is not None and figure.interval != role.interval:
        return f"interval is {list(figure.interval)}, and roles.yaml has {list(role.interval)}"
    return ""


def disagreements() -> list[str]:
    """Return where trials, roles and what is left out do not agree with one another; nothing where all do."""
    roles, left_out = load_roles(), load_left_out().figures
    found: dict[str, str] = {}
    says = []
    for name in list_trials():
        for figure in load_trial(name).figures:
            if figure.id in found:
                says.append(f"{figure.id} is in {found[figure.id]} and in {name}")
            found[figure.id] = name
    says += [f"{each} is in no trial, and left_out.yaml does not say why" for each in {*roles} - {*found, *left_out}]
    says += [f"{each} is left out, and in {found[each]}" for each in left_out if each in found]
    says += [f"{each} is left out, and has no role" for each in left_out if each not in roles]
    return says
