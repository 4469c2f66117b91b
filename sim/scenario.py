"""What a scenario may say: a city, policies, shocks, and how long and how often to run them.

YAML in, checked objects out, and a JSON Schema for editors. Nothing here simulates; every object is frozen.
Shares run from 0 to 1, rates of killing are per 100 000 residents a year, months count from 1 (`sim.dates`).
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, Strict, field_validator, model_validator
from pydantic.json_schema import models_json_schema

from sim.dates import LAST_MONTH, CalendarMonth, FirstMonth, LastMonth, month_number
from sim.faults import LINE, SLUG, InputError, Step, did_you_mean, dotted, fault, locate, show
from sim.files import check, find, load, load_with_source, names, read_number
from sim.numerals import meanings, plain
from sim.sources import Source

if TYPE_CHECKING:
    from sim.measures import Measure

__all__ = [
    "AT_ONCE",
    "Calibration",
    "City",
    "Corridor",
    "Gang",
    "Group",
    "InputError",
    "Levels",
    "MeasureUse",
    "Neighbourhood",
    "Partner",
    "Police",
    "Policy",
    "Scenario",
    "Shock",
    "Target",
    "Trigger",
    "assemble",
    "canonical",
    "check_fit",
    "list_cities",
    "list_policies",
    "list_shocks",
    "load_city",
    "load_policy",
    "load_shock",
    "parse_setting",
    "scenario_hash",
    "schema_text",
    "write_schema",
]

Slug = Annotated[str, Field(pattern=SLUG)]
Line = Annotated[str, Field(pattern=LINE, max_length=80)]
Text = Annotated[str, Field(max_length=4000)]
Share = Annotated[float, Field(ge=0, le=1)]
Anchor = Annotated[float, Field(ge=0.001, le=0.999)]
"""A share that slow states return to; its log odds are taken, so it stays off both ends."""
Amount = Annotated[float, Field(ge=0, le=1000)]
Tile = Annotated[int, Field(ge=0, le=999)]
MOST_PLACES = 2000
"""Most neighbourhoods of a city, and most places in any list of them."""

FlowName = Literal["people", "drugs", "transport", "ideas", "money", "firearms", "goods"]
Market = Literal["drugs", "transport", "goods", "firearms", "venues"]
Indicator = Literal["homicide_rate", "gang_members", "extortion_share", "deprivation"]
Pillar = Literal["regulation", "enforcement", "engagement", "resilience"]
Kind = Literal["youth club", "women's group", "faith", "interrupters", "business association", "cooperative", "media"]

Finding = tuple[tuple[Step, ...], str]
"""Where something does not fit, and the rest of a sentence about it."""

FLOWS: tuple[FlowName, ...] = get_args(FlowName)

US_DOLLARS = re.compile(r"\bUSD\b|\bU\.?\s?S\.?\s?(\$|dollars?\b)|\bUnited States dollars?\b", re.IGNORECASE)
"""How the US dollar is written in a city file, of a year or not."""


class Part(BaseModel):
    """A part of a scenario: unknown keys, loose types and numbers that are not finite are refused; nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False)


class Filed(Part):
    """A part of a scenario that has a file of its own, which later messages about it name."""

    _source: Source = PrivateAttr(default_factory=Source)

    @property
    def source(self) -> Source:
        """The file it was read from; an empty one where it was made without."""
        return self._source


# The city -------------------------------------------------------------------------------------------------------------


class Neighbourhood(Part):
    """One neighbourhood as month 1 begins. What is left out is derived from deprivation and counts as assumed."""

    name: Line = Field(description="the name, used wherever this neighbourhood is meant")
    population: int = Field(ge=0, le=50_000_000, description="residents of all ages; 0 where nobody lives, such as a park")
    poverty: Share = Field(description="share of residents in poverty, 0-1")
    unemployment: Share = Field(description="share of the labour force out of work, 0-1")
    no_high_school: Share = Field(description="share of adults who did not finish secondary school, 0-1")
    income: float = Field(gt=0, le=1e12, description="income per head a year, in the city's currency")
    adjacent: Annotated[tuple[Line, ...], Strict(False)] = Field(
        max_length=MOST_PLACES,
        description="names of the neighbourhoods that share a border, both ways; [] for an island",
    )
    tile: Annotated[tuple[Tile, Tile], Strict(False)] = Field(
        description="column and row on a drawn grid, from 0 at the upper left"
    )
    inequality: Share | None = Field(default=None, description="inequality of incomes (Gini), 0-1")
    in_migration: Share | None = Field(default=None, description="share of residents replaced by newcomers a year, 0-1")
    informality: Share | None = Field(default=None, description="share of homes or work outside formal rules, 0-1")
    services: Share | None = Field(default=None, description="reach of public services, 0 (none) to 1 (complete)")
    school_quality: Share | None = Field(default=None, description="quality of schools, 0-1")
    family_disruption: Share | None = Field(default=None, description="share of children without steady care, 0-1")
    homicides_observed: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="observed homicides per 100 000 a year; only compared with, never read by the model"
    )
    tenure: Share | None = Field(default=None, description="share of homes held with a secure title or lease, 0-1")
    density: Annotated[float, Field(gt=0, le=1e6)] | None = Field(default=None, description="residents per square kilometre")
    minority: Share = Field(
        default=0.0, description="share of residents of an identity group that is fewer in the city, 0-1"
    )
    displaced: Share = Field(default=0.0, description="share of residents who fled from elsewhere and are not settled, 0-1")
    enclave: bool = Field(default=False, description="whether residents buy their own security behind a gate")
    hubs: dict[FlowName, Amount] = Field(
        default={}, description="flows that enter the city here, each with a weight beside other hubs of that flow"
    )


class Gang(Part):
    """A gang, militia or ideological group as month 1 begins."""

    name: Line = Field(description="the gang's name")
    homes: Annotated[tuple[Line, ...], Strict(False)] = Field(
        min_length=1, max_length=MOST_PLACES, description="names of the neighbourhoods it starts from"
    )
    kind: Literal["gang", "militia", "ideological"] = Field(
        default="gang", description="gang and militia act alike; an ideological group feeds on grievance and makes no pacts"
    )
    organisation: Literal["integrated", "loose", "weak"] = Field(description="how well it is knit")
    pact: Share = Field(default=0.0, description="how far it has an understanding with the state as month 1 begins, 0-1")


class Corridor(Part):
    """A way that a flow takes through the city, from where it enters to where it leaves or is sold."""

    flow: FlowName = Field(description="which flow")
    through: Annotated[tuple[Line, ...], Strict(False)] = Field(
        min_length=2, max_length=MOST_PLACES, description="names of the neighbourhoods it passes, in order"
    )
    weight: Amount = Field(default=1.0, description="its weight beside the hubs and other corridors of that flow")


class Group(Part):
    """A community group: who could deliver what a measure offers."""

    name: Line = Field(description="the group's name")
    kind: Kind = Field(description="what kind of group it is")
    home: Line = Field(description="name of the neighbourhood it works from")
    credibility: Share = Field(description="how far residents trust it, 0-1")
    capacity: Share = Field(description="how much it can deliver, 0-1")
    independence: Share = Field(description="how free it is of gangs and parties, 0-1")


class Police(Part):
    """Who commands the police, and how far they do what the city asks."""

    command: Literal["city", "national", "joint"] = Field(description="who commands the police")
    follows: Share = Field(description="how far the police do what the city asks, 0-1")


class Levels(Part):
    """City averages as month 1 begins, and how near a city stays to each for ten years without measures and shocks.

    Homicide, membership and gang share are reached only by fitting the calibration. Of the others, each description says
    how far a city's mean over ten years is from the file's figure, at most, in all packaged cities and in the template with
    each level moved.
    """

    homicide_rate: float = Field(
        gt=0, le=1000, description="homicides per 100 000 residents a year; reached once the calibration is fitted to it"
    )
    membership: Anchor = Field(
        description="share of residents aged 10-29 who are in gangs; reached once the calibration is fitted to it"
    )
    gang_share: Anchor = Field(
        description="share of homicides that gangs commit, bystanders included; reached once the calibration is fitted to it"
    )
    clearance: Anchor = Field(description="share of homicides that are solved; the city stays within 5 %")
    testimony: Anchor = Field(
        description="share of witnesses who would testify; the city settles lower, by 2 % as a rule and by 8 % at most"
    )
    reporting: Anchor = Field(description="share of crimes that victims report; the city stays within 3 %")
    integrity: Anchor = Field(
        description="integrity of officials, from 0 (all can be bought) to 1 (none); the city stays at it"
    )
    abuse: Anchor = Field(description="how abusive policing is, from 0 (not at all) to 1; the city stays within 3 %")
    police_legitimacy: Anchor = Field(
        description="how far residents hold the police to be rightful; the city stays within 4 %"
    )
    state_legitimacy: Anchor = Field(
        description="how far residents hold the state to be rightful; the city stays within 3 %"
    )
    criminal_legitimacy: Anchor = Field(
        description="how far residents hold armed groups to be rightful; "
        "the city settles higher, by 3 % as a rule and by 8 % at most"
    )
    collective_efficacy: Anchor = Field(
        description="how far neighbours trust and would step in for one another; the city stays within 3 %"
    )
    bridging: Anchor = Field(
        description="how far people of different neighbourhoods are connected; the city stays within 3 %"
    )
    fear: Anchor = Field(description="share of residents who feel unsafe; the city stays within 5 %")
    linkage: Anchor = Field(
        default=0.4, description="how far business stands with the city's programmes, 0-1; the city stays at it"
    )
    grievance: Anchor = Field(
        default=0.2,
        description="how wronged the smaller identity groups hold themselves to be, 0-1; the city stays at it",
    )
    fit: Anchor = Field(
        default=0.5, description="how well city and nation get on politically, 0-1; read as it stands, nothing moves it"
    )
    phones: Anchor = Field(
        default=0.7, description="share of residents who can report by phone; read as it stands, nothing moves it"
    )
    care: Anchor = Field(default=0.5, description="reach of emergency care, 0 (none) to 1 (complete); the city stays at it")
    elderly: Anchor = Field(
        default=0.08, description="share of residents aged 65 or more; read as it stands, nothing moves it"
    )


class Calibration(Part):
    """The three numbers fitted to this city's data, and how that was done."""

    join_intercept: float = Field(ge=-30, le=5, description="level of the monthly log hazard of joining a gang")
    rivalry: float = Field(ge=0, le=1, description="gang attacks a month per unit of contact between two rivals")
    disputes: float = Field(
        ge=0, le=0.01, description="killings in disputes a month per resident of the middle neighbourhood"
    )
    method: Text = Field(description="how the three numbers were found")
    date: Text = Field(description="when, as text in quotes")
    fit: Text = Field(description="what was compared with what, and how well it fits")
    seed: Annotated[int, Field(ge=0, le=2**63 - 1)] | None = Field(
        default=None, description="the number that all chance of the fit comes from; as `citysafety fit` wrote it"
    )
    scale: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="simulated youths for each real one in the fit; as `citysafety fit` wrote it"
    )
    fingerprint: Line | None = Field(
        default=None,
        description="stands for the city that was fitted; as `citysafety fit` wrote it, so that a later change is seen",
    )


class City(Part):
    """A city as it stands when month 1 begins."""

    name: Slug = Field(description="the name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="the name for people")
    country: Line = Field(description="the country, or 'fictional'")
    currency: Line = Field(description="the currency of all incomes and costs")
    money_per_dollar: float = Field(
        default=1.0,
        gt=0,
        le=1e9,
        description="units of the currency for one US dollar, in which unit costs are known; may be left out for US dollars",
    )
    youth_share: float = Field(ge=0.01, le=0.9, description="share of residents aged 10-29")
    neighbourhoods: Annotated[tuple[Neighbourhood, ...], Strict(False)] = Field(
        min_length=3, max_length=MOST_PLACES, description="the neighbourhoods; they cover the city and do not overlap"
    )
    gangs: Annotated[tuple[Gang, ...], Strict(False)] = Field(
        min_length=1, max_length=24, description="the gangs as month 1 begins"
    )
    groups: Annotated[tuple[Group, ...], Strict(False)] = Field(
        default=(), max_length=200, description="the community groups"
    )
    police: Police = Field(description="who commands the police")
    levels: Levels = Field(description="city averages as month 1 begins")
    flows: dict[FlowName, Amount] = Field(
        default={},
        validate_default=True,
        description="level of each flow into the city; 1, or left out, is this city's ordinary level",
    )
    corridors: Annotated[tuple[Corridor, ...], Strict(False)] = Field(
        default=(), max_length=50, description="ways that flows take through the city"
    )
    markets: dict[Market, Share] = Field(
        default={},
        validate_default=True,
        description="how organised the actors of each illicit market are, from 0 (not) to 1; .5 when left out",
    )
    begins: CalendarMonth | None = Field(
        default=None, description="year and month of month 1, such as 2027-01; with it months can be given as dates"
    )
    elections: Annotated[tuple[FirstMonth, ...], Strict(False)] = Field(
        default=(), max_length=50, description="months of elections, at which slow programmes may be cut"
    )
    calibration: Calibration = Field(description="the numbers fitted to this city's data")
    sources: dict[Line, Text] = Field(description="where figures come from: field, then the source and its year")
    assumptions: dict[Line, Text] = Field(description="what was assumed for want of data: field, then what and why")
    about: Text = Field(description="what to know about this city and its file")
    illustration: Annotated[str, Field(min_length=20, max_length=1000)] = Field(
        description="the sentence that says that the city illustrates and is no forecast"
    )

    @field_validator("flows")
    @classmethod
    def _fill_every_flow(cls, flows: dict[FlowName, float]) -> dict[FlowName, float]:
        return {flow: flows.get(flow, 1.0) for flow in FLOWS}

    @field_validator("markets")
    @classmethod
    def _fill_every_market(cls, markets: dict[Market, float]) -> dict[Market, float]:
        return {market: markets.get(market, 0.5) for market in get_args(Market)}

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        for path, says in _loose_ends(self):
            raise fault(path, says)
        return self


def _loose_ends(city: City) -> Iterator[Finding]:
    """Yield every place in a city where one part does not fit another."""
    yield from _wrong_money(city)
    known = [place.name for place in city.neighbourhoods]
    yield from _repeats("neighbourhoods", "name", known)
    yield from _repeats("gangs", "name", [gang.name for gang in city.gangs])
    yield from _repeats("groups", "name", [group.name for group in city.groups])
    lived_in = {place.name: place.population > 0 for place in city.neighbourhoods}
    if not any(lived_in.values()):
        yield ("neighbourhoods",), "have no residents at all; give at least one of them a population above 0"
    for i, place in enumerate(city.neighbourhoods):
        yield from _lost(("neighbourhoods", i, "adjacent"), place.adjacent, lived_in)
        if place.name in place.adjacent:
            at: tuple[Step, ...] = ("neighbourhoods", i, "adjacent", place.adjacent.index(place.name))
            yield at, f"is {show(place.name)}, the neighbourhood itself; name only others"
    yield from _one_sided(city)
    first: dict[tuple[int, int], int] = {}
    for i, tile in enumerate(place.tile for place in city.neighbourhoods):
        if tile in first:
            says = f"is {list(tile)}, which neighbourhoods[{first[tile]}] has already; give each its own tile"
            yield ("neighbourhoods", i, "tile"), says
        first.setdefault(tile, i)
    for i, gang in enumerate(city.gangs):
        yield from _lost(("gangs", i, "homes"), gang.homes, lived_in)
    for i, corridor in enumerate(city.corridors):
        yield from _lost(("corridors", i, "through"), corridor.through, lived_in)
    for i, group in enumerate(city.groups):
        if group.home not in lived_in:
            yield ("groups", i, "home"), _no_neighbourhood(group.home, "here", lived_in)
    yield from _deserted(city, lived_in)
    for i, month in enumerate(city.elections):
        yield from _uncounted(month, city, ("elections", i))


def _one_sided(city: City) -> Iterator[Finding]:
    """Yield the borders that only one side tells; every name is known, since a lost one has been told already."""
    borders = {place.name: frozenset(place.adjacent) for place in city.neighbourhoods}
    index = {place.name: i for i, place in enumerate(city.neighbourhoods)}
    for i, place in enumerate(city.neighbourhoods):
        for j, other in enumerate(place.adjacent):
            if place.name not in borders[other]:
                says = f"is {show(other)}, but neighbourhoods[{index[other]}].adjacent does not name {show(place.name)}"
                yield ("neighbourhoods", i, "adjacent", j), f"{says}; add it there or remove it here"


def _deserted(city: City, lived_in: Mapping[str, bool]) -> Iterator[Finding]:
    """Yield what starts from residents and is placed where there are none: gangs, groups, hubs and corridors."""
    remedy = "where nobody lives; name a neighbourhood with residents"
    for i, gang in enumerate(city.gangs):
        for j, home in enumerate(gang.homes):
            if not lived_in[home]:
                yield ("gangs", i, "homes", j), f"is {show(home)}, {remedy}"
    for i, group in enumerate(city.groups):
        if not lived_in[group.home]:
            yield ("groups", i, "home"), f"is {show(group.home)}, {remedy}"
    for i, place in enumerate(city.neighbourhoods):
        for flow, weight in place.hubs.items():
            if weight > 0 and not place.population:
                says = "is given where nobody lives, so nothing could enter through it; give it to a neighbourhood beside it"
                yield ("neighbourhoods", i, "hubs", flow), says
    for i, corridor in enumerate(city.corridors):
        if not any(lived_in[name] for name in corridor.through):
            yield ("corridors", i, "through"), "passes only neighbourhoods where nobody lives; name one with residents"


def _wrong_money(city: City) -> Iterator[Finding]:
    """Yield what makes costs appear in a money that they are not in: unit costs are in US dollars.

    A rate of 1 and US dollars belong together. Where it is otherwise for a reason (a currency at par, dollars of another
    year), an entry `money_per_dollar` among the sources or assumptions gives the reason.
    """
    is_dollars = US_DOLLARS.search(city.currency) is not None
    if is_dollars == (city.money_per_dollar == 1.0) or "money_per_dollar" in {**city.sources, **city.assumptions}:
        return
    if is_dollars:
        says = f"is {show(city.money_per_dollar)}, but the currency is {show(city.currency)}; give 1, or name the currency"
    else:
        given = f"is {show(city.money_per_dollar)}" if "money_per_dollar" in city.model_fields_set else "is missing"
        says = f"{given}, but the currency is {show(city.currency)}; give how many of it one US dollar buys"
    yield ("money_per_dollar",), f"{says} (if that is right, say why under assumptions: money_per_dollar)"


def _lost(field: tuple[Step, ...], given: Sequence[str], known: Collection[str]) -> Iterator[Finding]:
    """Yield the names in a list that are no neighbourhood, or that come a second time."""
    seen = set[str]()
    for j, name in enumerate(given):
        if name not in known:
            yield (*field, j), _no_neighbourhood(name, "here", known)
        elif name in seen:
            yield (*field, j), f"is {show(name)} a second time; name it once"
        seen.add(name)


def _no_neighbourhood(name: str, where: str, known: Collection[str]) -> str:
    return f"is {show(name)}, which is no neighbourhood {where}; {did_you_mean(name, known)}"


def _repeats(field: str, key: str, values: Sequence[str]) -> Iterator[Finding]:
    first: dict[str, int] = {}
    for i, value in enumerate(values):
        if value in first:
            yield (field, i, key), f"is {show(value)}, as is {field}[{first[value]}].{key}; give each its own {key}"
        first.setdefault(value, i)


# Policies and shocks --------------------------------------------------------------------------------------------------


class Target(Part):
    """Where a measure or shock acts: everywhere, in the worst places by an indicator, or in named places."""

    all: bool = Field(default=False, description="true: in every neighbourhood")
    worst: Annotated[int, Field(ge=1, le=MOST_PLACES)] | None = Field(
        default=None, description="how many neighbourhoods, the worst by `by`"
    )
    worst_share: Annotated[float, Field(gt=0, le=1)] | None = Field(
        default=None, description="which share of the neighbourhoods, the worst by `by`; at least one"
    )
    by: Indicator | None = Field(default=None, description="the indicator that ranks for worst and worst_share")
    places: Annotated[tuple[Line, ...], Strict(False), Field(min_length=1, max_length=MOST_PLACES)] | None = Field(
        default=None, description="names of neighbourhoods"
    )

    @model_validator(mode="after")
    def _say_one_thing(self) -> Self:
        ways = {
            "all": self.all,
            "worst": self.worst is not None,
            "worst_share": self.worst_share is not None,
            "places": self.places is not None,
        }
        given = [way for way, said in ways.items() if said]
        if len(given) != 1:
            found = " and ".join(given) or "empty"
            raise fault((), f"is {found}; give exactly one of all: true, worst, worst_share or places")
        ranks = self.worst is not None or self.worst_share is not None
        if ranks and self.by is None:
            raise fault(("by",), f"is missing; with {given[0]} name one of {', '.join(get_args(Indicator))}")
        if not ranks and self.by is not None:
            raise fault(("by",), f"is {show(self.by)}, but nothing is ranked; remove it, or use worst or worst_share")
        for i, place in enumerate(self.places or ()):
            if place in (self.places or ())[:i]:
                raise fault(("places", i), f"is {show(place)} a second time; name it once")
        return self


EVERYWHERE = Target(all=True)


class Trigger(Part):
    """What must happen before a measure starts: a city outcome above a value."""

    outcome: str = Field(description="name of an outcome of the city")
    above: float = Field(description="the measure starts in the month after one in which the outcome is above this")

    @field_validator("outcome")
    @classmethod
    def _is_known(cls, outcome: str) -> str:
        from sim.outcomes import OUTCOMES

        known = [each.name for each in OUTCOMES]
        if outcome not in known:
            raise fault((), f"is {show(outcome)}, which is no outcome; {did_you_mean(outcome, known)}")
        return outcome


class Partner(Part):
    """Who delivers a measure where residents meet it: how far each criterion of a sound partner is met, 0-1.

    Left out, all are met and the partner is an agency of the city: sound, but it reaches those most at risk less well.
    """

    kind: Literal["agency", "local"] = Field(default="agency", description="an agency, or a group of the neighbourhood")
    leadership: Share = Field(default=1.0, description="its leaders are credible")
    clean: Share = Field(default=1.0, description="it has no part in illicit trade; reformed members are no objection")
    no_party: Share = Field(default=1.0, description="it wears no party's colour")
    no_violence: Share = Field(default=1.0, description="it uses no violence")
    no_rivalry: Share = Field(default=1.0, description="it does not compete with criminal groups for their trade")
    trusted: Share = Field(default=1.0, description="those it works for trust the messenger")
    age_gap: Share = Field(default=1.0, description="its people are old enough to lead, young enough to be heard")


class MeasureUse(Part):
    """One measure as a policy uses it: how strongly, where, and from when to when."""

    measure: str = Field(description="a measure by its row, such as P-R3, or its name; kept as the row")
    level: Share = Field(default=1.0, description="strength, from 0 (absent) to 1 (full)")
    where: Target = Field(default=EVERYWHERE, description="where it acts; everywhere when left out")
    start: FirstMonth = Field(default=1, description="first month with it, from 1, or its date")
    trigger: Trigger | None = Field(default=None, description="what it waits for, from `start` on")
    ramp: Annotated[int, Field(ge=0, le=LAST_MONTH)] | None = Field(
        default=None, description="months until full strength; the measure's own if left out"
    )
    stop: LastMonth | None = Field(default=None, description="last month with it, or its date; never when left out")
    conditions: dict[str, Share] = Field(
        default={}, description="how far each condition that the measure names is met, 0-1; fully when left out"
    )
    partner: Partner = Field(default=Partner(), description="who delivers it, for measures that a partner delivers")

    @field_validator("measure")
    @classmethod
    def _is_known(cls, measure: str) -> str:
        return _find_measure(measure).row

    @model_validator(mode="after")
    def _fit_the_measure(self) -> Self:
        if self.stop is not None and (says := _ends_early(self.start, self.stop)):
            raise fault(("stop",), says)
        if self.partner != Partner() and not _find_measure(self.measure).partner:
            raise fault(("partner",), f"is given, but no partner delivers {self.measure}; remove this")
        known = list(_find_measure(self.measure).conditions)
        for condition in self.conditions:
            if condition not in known:
                remedy = did_you_mean(condition, known) if known else "it has none, remove this"
                raise fault(("conditions", condition), f"is no condition of {self.measure}; {remedy}")
        return self


def _ends_early(start: int | str, stop: int | str) -> str | None:
    """Return what is wrong where a stop lies before its start; None too where a date and a number wait for a city."""
    if isinstance(start, int) and isinstance(stop, int):
        before = stop < start
    else:
        before = isinstance(start, str) and isinstance(stop, str) and stop < start
    return f"is {stop}, the last month; it must not lie before start, which is {start}" if before else None


def _find_measure(text: str) -> Measure:
    from sim.measures import MEASURES, find_measure

    try:
        return find_measure(text)
    except KeyError:
        known = [name for measure in MEASURES for name in (measure.name, measure.row)]
        says = f"is {show(text)}, which is no measure; {did_you_mean(text, known)} (`citysafety list measures`)"
        raise fault((), says) from None


class Policy(Filed):
    """A named set of measures."""

    name: Slug = Field(description="the name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="the name for people")
    pillar: Pillar | None = Field(default=None, description="the pillar it belongs to, when it is one")
    about: Text = Field(description="what it does, and what it leaves out")
    measures: Annotated[tuple[MeasureUse, ...], Strict(False)] = Field(
        max_length=200, description="the measures; an empty list is no policy"
    )

    @model_validator(mode="after")
    def _say_nothing_twice(self) -> Self:
        seen: dict[object, int] = {}
        for i, use in enumerate(self.measures):
            key = (use.measure, use.where, use.start)
            if key in seen:
                says = f"is {use.measure} with the place and start of measures[{seen[key]}]; remove one of them"
                raise fault(("measures", i), says)
            seen[key] = i
        return self


ShockKind = Literal[
    "flow",
    "route",
    "pact",
    "pact broken",
    "leader killed",
    "slump",
    "influx",
    "disaster",
    "epidemic",
    "attack",
    "election",
    "contested election",
    "prison riot",
    "raid",
]
FLOW_KINDS = ("flow", "route")
GANG_KINDS = ("pact", "pact broken", "leader killed")
AT_ONCE = frozenset({"influx", "disaster", "attack", "election", "contested election", "prison riot", "raid"})
"""Kinds of shock that last a month unless the file says otherwise."""


class Shock(Filed):
    """Something that happens to the city, whatever its policy."""

    name: Slug = Field(description="the name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="the name for people")
    about: Text = Field(description="what happens")
    kind: ShockKind = Field(description="what kind of shock it is")
    flow: FlowName | None = Field(default=None, description="which flow, for the kinds flow and route")
    gang: Line | None = Field(default=None, description="name of the gang, for pact, pact broken and leader killed")
    size: float = Field(
        ge=0,
        le=1000,
        description="flow and route: multiple of the ordinary level (at least 0.05 counts); all other kinds: 0-1",
    )
    start: FirstMonth = Field(description="first month of it, from 1, or its date")
    stop: LastMonth | None = Field(
        default=None, description="last month of it, or its date; left out: never, or one month for what happens at once"
    )
    where: Target = Field(default=EVERYWHERE, description="where it acts; everywhere when left out")

    @property
    def last(self) -> int | str | None:
        """Its last month: the stop, the start where it happens at once, or None where it never ends."""
        return self.start if self.stop is None and self.kind in AT_ONCE else self.stop

    @model_validator(mode="after")
    def _fit_the_kind(self) -> Self:
        for field, kinds in (("flow", FLOW_KINDS), ("gang", GANG_KINDS)):
            given = getattr(self, field)
            if self.kind in kinds and given is None:
                raise fault((field,), f"is missing; a shock of kind {self.kind} names its {field}")
            if self.kind not in kinds and given is not None:
                raise fault((field,), f"is {show(given)}; a shock of kind {self.kind} has none, remove it")
        if self.kind not in FLOW_KINDS and self.size > 1:
            raise fault(("size",), f"is {show(self.size)}; for a shock of kind {self.kind} it is a share between 0 and 1")
        if self.kind == "route" and self.where.places is None:
            raise fault(("where",), "names no places; a route shifts to named neighbourhoods, give where: {places: [...]}")
        if self.stop is not None and (says := _ends_early(self.start, self.stop)):
            raise fault(("stop",), says)
        return self


# The whole ------------------------------------------------------------------------------------------------------------


class Scenario(Part):
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
        raise fault((), f"is {show(scale)}; it must be auto, or a number above 0 and up to 1")

    @field_validator("parameters")
    @classmethod
    def _are_parameters(cls, parameters: dict[str, float]) -> dict[str, float]:
        for name, value in parameters.items():
            if (problem := _wrong_parameter(name, value)) is not None:
                raise fault((name,), problem)
        return parameters

    @field_validator("without")
    @classmethod
    def _are_mechanisms(cls, without: tuple[str, ...]) -> tuple[str, ...]:
        from sim.mechanisms import MECHANISMS

        known = [each.name for each in MECHANISMS]
        for i, name in enumerate(without):
            if name not in known:
                raise fault((i,), f"is {show(name)}, which is no mechanism; {did_you_mean(name, known)}")
            if name in without[:i]:
                raise fault((i,), f"is {show(name)} a second time; name it once")
        return without

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for path, says in _misfits(self.city, self.policies, self.shocks):
            raise fault(path, says)
        return self


def assemble(
    city: City,
    policies: Sequence[Policy],
    *,
    shocks: Sequence[Shock] = (),
    months: int = 120,
    replications: int = 20,
    seed: int = 1,
    scale: float | Literal["auto"] = "auto",
    parameters: Mapping[str, float] | None = None,
    without: Sequence[str] = (),
    source: str = "command line",
) -> Scenario:
    """Return a checked scenario.

    Parameters
    ----------
    city, policies, shocks, months, replications, seed, scale, parameters, without
        The fields of `Scenario`.
    source
        What to call the origin of these values in a message.

    Raises
    ------
    InputError
        One line: source, field, value and remedy.
    """
    values = {
        "city": city,
        "policies": tuple(policies),
        "shocks": tuple(shocks),
        "months": months,
        "replications": replications,
        "seed": seed,
        "scale": scale,
        "parameters": dict(parameters or {}),
        "without": tuple(without),
    }
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
    yield from _repeats("policies", "name", [policy.name for policy in policies])
    yield from _repeats("shocks", "name", [shock.name for shock in shocks])
    for i, policy in enumerate(policies):
        counted: dict[object, int] = {}
        for j, use in enumerate(policy.measures):
            yield from _strays(city, use.where, ("policies", i, "measures", j, "where"))
            yield from _untimely(city, use.start, use.stop, ("policies", i, "measures", j))
            if not list(_uncounted(use.start, city, ())):
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
    wrong = list(_uncounted(start, city, (*at, "start")))
    if stop is not None:
        wrong += _uncounted(stop, city, (*at, "stop"))
    yield from wrong
    if not wrong and stop is not None:
        first, last = month_number(start, city.begins), month_number(stop, city.begins)
        if (says := _ends_early(first, last)) is not None:
            yield (*at, "stop"), says


def _uncounted(month: int | str, city: City, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Yield what is wrong with a date that cannot be counted in this city."""
    try:
        month_number(month, city.begins)
    except InputError as error:
        yield at, str(error)


def _strays(city: City, where: Target, at: tuple[Step, ...]) -> Iterator[Finding]:
    known = {place.name: place.population for place in city.neighbourhoods}
    lived_in = sum(people > 0 for people in known.values())
    if where.worst is not None and where.worst > lived_in:
        what = "neighbourhoods" if lived_in == len(known) else "neighbourhoods with residents"
        yield (*at, "worst"), f"is {where.worst}; {city.name} has {lived_in} {what}, ask for fewer"
    for i, place in enumerate(where.places or ()):
        if place not in known:
            yield (*at, "places", i), _no_neighbourhood(place, f"of {city.name}", known)


# Loading, settings, identity ------------------------------------------------------------------------------------------


def list_cities() -> list[str]:
    """Return the names of the packaged cities."""
    return names("cities")


def list_policies() -> list[str]:
    """Return the names of the packaged policies."""
    return names("policies")


def list_shocks() -> list[str]:
    """Return the names of the packaged shocks."""
    return names("shocks")


def load_city(name_or_path: str | os.PathLike[str]) -> City:
    """Return a packaged city by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return load(City, *find("cities", name_or_path))


def load_policy(name_or_path: str | os.PathLike[str]) -> Policy:
    """Return a packaged policy by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return _filed(*load_with_source(Policy, *find("policies", name_or_path)))


def load_shock(name_or_path: str | os.PathLike[str]) -> Shock:
    """Return a packaged shock by its name, or one from a file by its path; `InputError` where it cannot be used."""
    return _filed(*load_with_source(Shock, *find("shocks", name_or_path)))


def _filed[Kept: Filed](part: Kept, source: Source) -> Kept:
    """Let a part remember the file it was read from."""
    part._source = source
    return part


def parse_setting(text: str) -> tuple[str, float]:
    """Return the parameter and value of a setting such as ``recruitment.peer_gain=2.0``.

    Raises
    ------
    InputError
        When the text has no ``=``, the parameter is unknown, or the value is no number within the parameter's range.
    """
    name, equals, number = (part.strip() for part in text.partition("="))
    shown = f"--set {text}"
    if not equals or not name:
        raise InputError(f"{shown}: this is no setting; write process.parameter=number")
    value = read_number(number)
    problem = _wrong_parameter(name, 0.0 if value is None else value, only_name=value is None)
    if problem is None and value is None:
        problem = f"is {show(number)}; {_meant_setting(name, number)}it must be a finite number"
    if problem is not None or value is None:
        raise InputError(f"{shown}: {name} {problem}")
    return name, value


def _meant_setting(name: str, text: str) -> str:
    """Return the advice which number to write for a text that is none, where it has a meaning; else nothing."""
    meant = dict.fromkeys(meanings(text))
    fits = [plain(each) for each in meant if _wrong_parameter(name, each) is None]
    if fits:
        return f"write {' or '.join(fits)}: "
    return "".join(f"if {plain(each)} is meant, that {_wrong_parameter(name, each)}; " for each in list(meant)[:1])


def _wrong_parameter(name: str, value: float, *, only_name: bool = False) -> str | None:
    """Return what is wrong with a parameter's name, or with its value; None when nothing is."""
    from sim.parameters import PARAMETERS

    known = {parameter.name: parameter for parameter in PARAMETERS}
    if name not in known:
        return f"is no parameter; {did_you_mean(name, known)} (`citysafety list parameters`)"
    low, high = known[name].low, known[name].high
    if only_name or low <= value <= high:
        return None
    return f"is {value:g}; its range is {low:g} to {high:g}"


def canonical(scenario: Scenario) -> bytes:
    """Return the one text of a scenario, for hashing: JSON in UTF-8, keys sorted, floats by their shortest repr."""
    values = scenario.model_dump(mode="json")
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.encode()


def scenario_hash(scenario: Scenario) -> str:
    """Return 32 hexadecimal digits that stand for everything in the scenario."""
    return hashlib.blake2b(canonical(scenario), digest_size=16).hexdigest()


def schema_text() -> str:
    """Return the JSON Schema of a scenario file (a city, a policy or a shock) and of a whole scenario."""
    models: tuple[type[Part], ...] = (City, Policy, Shock, Scenario)
    _, schema = models_json_schema([(model, "validation") for model in models], title="citysafety")
    top: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A city, policy, shock or scenario of citysafety",
        "anyOf": [{"$ref": f"#/$defs/{model.__name__}"} for model in models],
        "$defs": schema["$defs"],
    }
    return json.dumps(top, indent=2, ensure_ascii=False) + "\n"


def write_schema(folder: str | os.PathLike[str]) -> Path:
    """Write the JSON Schema as scenario.schema.json into a folder, and return its path."""
    path = Path(folder) / "scenario.schema.json"
    path.write_text(schema_text(), encoding="utf-8")
    return path
