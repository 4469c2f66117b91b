"""A measure of one's own as data: what a file may say of it, and how that becomes a measure over existing levers.

    levers: {hot_spot_patrol: 0.5}    at full level it pulls the lever half as far as a measure of the framework does

What a pulled lever does stays with the parameters of the processes that read it, so a measure of one's own adds no equation:
it bundles levers, and says when they act, what it needs, what it costs, who pays, and how well that is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Annotated, Any, Literal

from pydantic import Field, Strict, field_validator, model_validator

from sim.enumerations import AGENCIES, ActsOn, Command, Unit, Wears
from sim.errors import did_you_mean, field_error, show
from sim.files import check, check_file
from sim.measures.declaration import OFFICES, Change, Condition, Measure
from sim.measures.framework import LEVERS_OF_MEASURES, MEASURES, framework_measure
from sim.renamed import LEVERS as RENAMED
from sim.scenario.fields import Line, Part, Pillar, Share, Slug, Text

__all__ = ["OwnCondition", "OwnMeasure", "OwnMeasures", "as_data", "from_data", "read_measures"]

ROW = re.compile("[A-Z][A-Z0-9]{0,9}-[A-Z0-9]{1,9}")
MOST_MONTHS = 600
MOST_MEASURES = 200
NOT_OWN = ("changes", "doses", "cost_parameters")
"""Fields of a measure that a file says otherwise, or cannot say."""

Months = Annotated[int, Field(ge=0, le=MOST_MONTHS)]
Dose = Annotated[float, Field(gt=0, le=1)]


class OwnCondition(Part):
    """What a measure needs, and what happens where that is absent; see `sim.measures.Condition`."""

    says: Text = Field(description="what it needs, in a sentence")
    weight: Share = Field(default=0.0, description="the part of the effect or of the reach that is lost where it is absent")
    on: ActsOn = Field(
        default="effect", description="effect: it does less for each person or place; reach: it gets to fewer"
    )
    carries: str = Field(default="", description="a lever that moves only as far as the condition is met")
    harms: str = Field(default="", description="a lever that moves as far as the condition is not met")
    wears: Months = Field(default=0, description="half-life in months of its effect or reach without it; 0: none")

    @field_validator("carries", "harms")
    @classmethod
    def _is_a_lever(cls, lever: str) -> str:
        if lever and lever not in LEVERS_OF_MEASURES:
            likely = did_you_mean(lever, LEVERS_OF_MEASURES)
            raise field_error((), f"is {show(lever)}, which is no lever of measures; {likely}")
        return lever


class OwnMeasure(Part):
    """A measure of one's own, over levers that measures of the framework pull; see `sim.measures.Measure`."""

    row: str = Field(description="its row: capitals, a hyphen, capitals or digits, such as X-Q1; no row of the framework")
    name: Slug = Field(description="its name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="its name for people")
    pillar: Pillar = Field(description="the pillar it belongs to")
    says: Text = Field(description="what is done, in a sentence")
    levers: dict[str, Dose] = Field(min_length=1, description="how far each lever is pulled at full level, up to 1")
    onset_months: Months = Field(description="months until its full effect")
    fades_months: Months = Field(description="months in which it fades after a stop")
    units: Unit = Field(description="what its cost is counted by")
    unit_cost: Annotated[float, Field(ge=0, le=1e12)] = Field(
        description="what one unit buys a year, in US dollars at US prices"
    )
    officers: Annotated[float, Field(ge=0, le=1e5)] = Field(
        default=0.0, description="officer-years of the police that one unit takes a year besides"
    )
    cost_evidence: Text = Field(description="where the cost is taken from, or: judgement")
    commands: Command = Field(description="who commands it")
    pays: Line = Field(description="who pays: an agency or office, or several joined by `and`")
    capacity: Text = Field(description="what it takes to deliver it")
    grade: Literal["A", "B", "C", "D", "judgement"] = Field(description="how well its effect is known")
    leaves_alone: Annotated[tuple[str, ...], Strict(False)] = Field(default=(), description="what it does not change")
    shows_after: Months = Field(default=12, description="months until results can be seen, which elections ask for")
    police: bool = Field(default=False, description="a police force delivers it")
    partner: bool = Field(default=False, description="a partner delivers it")
    leaks: bool = Field(default=True, description="it is paid through procurement")
    derogates: bool = Field(default=False, description="it sets rights aside, so that no search proposes it unasked")
    contested: bool = Field(default=False, description="it redistributes, and erodes where business is against it")
    stays: bool = Field(default=False, description="what it deploys may stay on after its end, billed until it leaves")
    wears: Wears = Field(
        default="practice",
        description="how its effect wears: as a `threat`, as `practice`, or `not`, where it is built",
    )
    conditions: dict[Slug, OwnCondition] = Field(default={}, description="what it needs, by name")

    @field_validator("row")
    @classmethod
    def _is_a_row(cls, row: str) -> str:
        if not ROW.fullmatch(row):
            raise field_error((), f"is {show(row)}; write capitals, a hyphen, then capitals or digits, such as X-Q1")
        return row

    @field_validator("row", "name")
    @classmethod
    def _is_free(cls, text: str) -> str:
        taken = framework_measure(text)
        if taken is not None:
            raise field_error(
                (), f"is {show(text)}, which is {taken.title} of the framework; choose another, such as X-1 or my-own"
            )
        return text

    @field_validator("levers")
    @classmethod
    def _have_strengths(cls, levers: dict[str, float]) -> dict[str, float]:
        known = strengths()
        for lever in levers:
            if lever in RENAMED:
                raise field_error((lever,), f"is the old name of {RENAMED[lever]}; write that")
            if lever not in known:
                raise field_error((lever,), f"is no lever that measures pull; {did_you_mean(lever, known)}")
        return levers

    @field_validator("units", mode="before")
    @classmethod
    def _is_no_place(cls, units: Any) -> Any:
        if units == "neighbourhood":
            raise field_error(
                (), "is 'neighbourhood', and those differ in size; give the cost for 100 000 residents and write that"
            )
        return units

    @field_validator("pays")
    @classmethod
    def _are_agencies(cls, pays: str) -> str:
        known = (*AGENCIES, *OFFICES)
        for office in pays.split(" and "):
            if office not in known:
                raise field_error(
                    (), f"is {show(pays)}; {show(office)} is no agency or office, {did_you_mean(office, known)}"
                )
        return pays


class OwnMeasures(Part):
    """A file of measures of one's own."""

    measures: Annotated[tuple[OwnMeasure, ...], Strict(False)] = Field(
        max_length=MOST_MEASURES, description="the measures, at least one"
    )

    @model_validator(mode="after")
    def _are_told_apart(self) -> OwnMeasures:
        if not self.measures:
            raise field_error(("measures",), "is empty; declare at least one measure")
        for what in ("row", "name"):
            seen: dict[str, int] = {}
            for place, each in enumerate(self.measures):
                text = getattr(each, what)
                if text in seen:
                    first = f"measures[{seen[text]}]"
                    raise field_error(("measures", place, what), f"is {show(text)}, as is {first}.{what}; give each its own")
                seen[text] = place
        return self


def strengths() -> dict[str, tuple[Change, ...]]:
    """Return each lever that measures of the framework pull, with the parameters that hold what it does."""
    found: dict[str, dict[str, Change]] = {}
    for measure in MEASURES:
        for change in measure.changes:
            found.setdefault(change.lever, {}).setdefault(change.parameter, change)
    return {lever: tuple(changes.values()) for lever, changes in found.items()}


def read_measures(values: Mapping[str, Any], shown: str, text: str = "") -> tuple[Measure, ...]:
    """Return the measures that a file declares, checked.

    Parameters
    ----------
    values
        Its tree: `measures`, a list.
    shown
        What to call the file in a message.
    text
        Its text, where there is one: a message then names the line.

    Raises
    ------
    InputError
        One line: file, field, value and remedy.
    """
    return tuple(_measure(each) for each in check_file(OwnMeasures, dict(values), shown, text).measures)


def from_data(data: Mapping[str, Any], shown: str) -> Measure:
    """Return the measure that `as_data` wrote, checked; errors as from `read_measures`."""
    return _measure(check(OwnMeasure, dict(data), shown))


def as_data(measure: Measure) -> dict[str, Any]:
    """Return a measure as plain values that `from_data` reads."""
    levers = {lever: measure.doses.get(lever, 1.0) for lever in dict.fromkeys(each.lever for each in measure.changes)}
    data = {each.name: getattr(measure, each.name) for each in fields(measure) if each.name not in NOT_OWN}
    conditions = {name: condition._asdict() for name, condition in measure.conditions.items()}
    return data | {"leaves_alone": list(measure.leaves_alone), "levers": levers, "conditions": conditions}


def _measure(own: OwnMeasure) -> Measure:
    known = strengths()
    values = {name: getattr(own, name) for name in OwnMeasure.model_fields if name not in ("levers", "conditions")}
    # By name: the order in which a file has them means nothing.
    doses = dict(sorted(own.levers.items()))
    made = Measure(**values, changes=tuple(change for lever in doses for change in known[lever]))
    conditions = {name: Condition(**each.model_dump()) for name, each in own.conditions.items()}
    return replace(made, conditions=dict(sorted(conditions.items())), doses=doses)
