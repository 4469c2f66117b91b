"""The schema of a city file: the city as it stands when month 1 begins, and what is wrong where parts do not fit."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, field_validator, model_validator

from sim.dates import CalendarMonth, FirstMonth, month_number
from sim.enumerations import MARKETS, Command, ServiceName, Supplier
from sim.errors import InputError, Step, field_error, show
from sim.scenario.fields import (
    FLOWS,
    MOST_PLACES,
    Amount,
    Finding,
    FlowName,
    Line,
    Market,
    Part,
    Share,
    Shown,
    Slug,
    Text,
    Tile,
    no_neighbourhood,
    repeats,
)
from sim.scenario.group import Group
from sim.scenario.levels import Levels, wrong_levels
from sim.scenario.money import wrong_money

__all__ = [
    "Calibration",
    "City",
    "Corridor",
    "Gang",
    "Group",
    "Neighbourhood",
    "Police",
    "Service",
    "uncounted",
]


class Service(Part):
    """One public service of a neighbourhood as month 1 begins. What is left out is at the level of `services`."""

    reach: Share | None = Field(
        default=None, description="share of residents whom it reaches, 0-1; at the level of services when left out"
    )
    price: Annotated[float, Field(gt=0, le=100)] = Field(
        default=1.0,
        description="what a household pays for it, as a multiple of what the state usually asks; 1 when left out",
    )
    supplier: Supplier = Field(default="state", description="who supplies it; the state when left out")


class Neighbourhood(Part):
    """One neighbourhood as month 1 begins. What is left out is derived from deprivation and counts as assumed."""

    name: Line = Field(description="the name, used wherever this neighbourhood is meant")
    population: int = Field(ge=0, le=50_000_000, description="residents of all ages; 0 where nobody lives, such as a park")
    poverty: Share = Field(description="share of residents in poverty, 0-1")
    unemployment: Share = Field(description="share of the labour force out of work, 0-1")
    no_high_school: Share = Field(description="share of adults who did not finish secondary school, 0-1")
    income: float = Field(
        gt=0,
        le=1e12,
        description="income per head a year, in the city's currency; a plain fact, read by `where: {of: income}` alone",
    )
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
    public_services: dict[ServiceName, Service] = Field(
        default={},
        description="services one by one, where more is known than their common level: reach, price and supplier of each; "
        "those left out are at the level of services, at the usual price, and supplied by the state",
    )
    school_quality: Share | None = Field(default=None, description="quality of schools, 0-1")
    family_disruption: Share | None = Field(default=None, description="share of children without steady care, 0-1")
    homicides_observed: Annotated[float, Field(ge=0, le=100_000)] | None = Field(
        default=None, description="observed homicides per 100 000 a year; only compared with, never read by the model"
    )
    tenure: Share | None = Field(default=None, description="share of homes held with a secure title or lease, 0-1")
    density: Annotated[float, Field(gt=0, le=1e6)] | None = Field(
        default=None, description="residents per square kilometre; a plain fact, read by `where: {of: density}` alone"
    )
    rentals: Share | None = Field(default=None, description="share of households that rent, 0-1; unknown when left out")
    bars: Annotated[float, Field(ge=0, le=100)] | None = Field(
        default=None,
        description="places that sell drinks for each resident, against the ordinary neighbourhood; 1 when left out",
    )
    minority: Share = Field(
        default=0.0, description="share of residents of an identity group that is fewer in the city, 0-1"
    )
    displaced: Share = Field(default=0.0, description="share of residents who fled from elsewhere and are not settled, 0-1")
    enclave: bool = Field(default=False, description="whether residents buy their own security behind a gate")
    close_ties: Share | None = Field(
        default=None,
        description="how closely residents are tied to one another, young men above all, 0-1; ordinary, 0.5, when left out",
    )
    transit: Annotated[float, Field(ge=0, le=1000)] = Field(
        default=0.0,
        description="drugs that pass through on their way elsewhere, as a multiple of what as many residents here buy; "
        "such as a port or a border crossing",
    )
    hubs: dict[FlowName, Amount] = Field(
        default={}, description="flows that enter the city here, each with a weight beside other hubs of that flow"
    )


class Gang(Part):
    """A gang, militia or ideological group as month 1 begins; a militia is a gang with a pact with parts of the state."""

    name: Line = Field(description="the gang's name")
    homes: Annotated[tuple[Line, ...], Strict(False)] = Field(
        min_length=1, max_length=MOST_PLACES, description="names of the neighbourhoods it starts from"
    )
    kind: Literal["gang", "ideological"] = Field(
        default="gang",
        description="a gang, or an ideological group, which feeds on grievance and makes no pacts; "
        "a militia is a gang with a pact",
    )
    organisation: Literal["integrated", "loose", "weak"] = Field(description="how well it is knit")
    pact: Share = Field(default=0.0, description="how far it has an understanding with the state as month 1 begins, 0-1")

    @field_validator("kind", mode="before")
    @classmethod
    def _no_militia(cls, kind: object) -> object:
        if kind == "militia":
            raise field_error((), "is 'militia', which acted as any gang; leave it out and give the gang its pact")
        return kind


class Corridor(Part):
    """A way that a flow takes through the city, from where it enters to where it leaves or is sold."""

    flow: FlowName = Field(description="which flow")
    through: Annotated[tuple[Line, ...], Strict(False)] = Field(
        min_length=2, max_length=MOST_PLACES, description="names of the neighbourhoods it passes, in order"
    )
    weight: Amount = Field(default=1.0, description="its weight beside the hubs and other corridors of that flow")


class Police(Part):
    """Who commands the police, how far they do what the city asks, and how many officers they have."""

    command: Command = Field(description="who commands the police")
    follows: Share = Field(description="how far the police do what the city asks, 0-1")
    officers: Annotated[float, Field(ge=0, le=5000)] | None = Field(
        default=None,
        description="officers on strength per 100 000 residents; 300, about the middle of the world's countries, and taken "
        "as assumed, when left out",
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


class City(Shown):
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
    price_level: float | None = Field(
        default=None,
        gt=0,
        le=3,
        description="prices against those of the United States (purchasing power parity over the exchange rate); "
        "taken as 1, and said so, when left out",
    )
    police_year: float | None = Field(
        default=None,
        gt=0,
        le=1e15,
        description="what an officer costs a year, in the city's currency: pay, benefits, equipment and supervision; "
        "by a rule from the price level when left out",
    )
    prison_year: float | None = Field(
        default=None,
        gt=0,
        le=1e15,
        description="what a prison place costs a year, in the city's currency; by a rule from the price level when left out",
    )
    youth_share: float = Field(ge=0.01, le=0.9, description="share of residents aged 10-29")
    neighbourhoods: Annotated[tuple[Neighbourhood, ...], Strict(False)] = Field(
        min_length=3, max_length=MOST_PLACES, description="the neighbourhoods; they cover the city and do not overlap"
    )
    gangs: Annotated[tuple[Gang, ...], Strict(False)] = Field(
        min_length=1, max_length=24, description="the gangs as month 1 begins"
    )
    groups: Annotated[tuple[Group, ...], Strict(False)] = Field(
        default=(),
        max_length=200,
        description="the community groups that stand out, beside ordinary ones; [] means that there is no group at all",
    )
    ordinary_groups: Annotated[float, Field(ge=0, le=3)] = Field(
        default=1.0,
        description="how strong ordinary groups are beside those listed: congregations, women's, family and youth groups, "
        "business; 1, or left out, for an ordinary city, 0 for none; 0 if left out beside `groups: []`",
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
    temperature_range: Annotated[float, Field(ge=0, le=60)] = Field(
        default=0.0,
        description="degrees Celsius between the mean temperatures of the warmest and of the coldest month, which give the "
        "season of violence; 0, or left out, for none",
    )
    warmest_month: int = Field(default=7, ge=1, le=12, description="the warmest month, 1 (January) to 12")
    capital: Share = Field(
        default=0.0,
        description="how far the city is the capital or the centre of the nation's economy, from 0 (a middle city) to 1; "
        "read by lobbying of the nation (P-E13) alone",
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

    @model_validator(mode="before")
    @classmethod
    def _none_at_all(cls, given: object) -> object:
        """Let an empty list of groups, where the file says no more, mean that there is none."""
        if isinstance(given, dict) and "groups" in given and not given["groups"]:
            return {"ordinary_groups": 0.0, **given}
        return given

    @field_validator("flows")
    @classmethod
    def _fill_every_flow(cls, flows: dict[FlowName, float]) -> dict[FlowName, float]:
        return {flow: flows.get(flow, 1.0) for flow in FLOWS}

    @field_validator("markets")
    @classmethod
    def _fill_every_market(cls, markets: dict[Market, float]) -> dict[Market, float]:
        return {market: markets.get(market, 0.5) for market in MARKETS}

    @model_validator(mode="after")
    def _hold_together(self) -> Self:
        for path, says in _loose_ends(self):
            raise field_error(path, says)
        return self

    def headline(self) -> str:
        """Return in one line which city this is, and how large."""
        residents = sum(each.population for each in self.neighbourhoods)
        return (
            f"{self.name}: {self.title}, {self.country}; {len(self.neighbourhoods)} neighbourhoods, "
            f"{residents:,} residents, {len(self.gangs)} gangs"
        )

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the neighbourhoods, a row each."""
        columns = ["name", "population", "poverty", "unemployment", "informality"]
        return columns, [tuple(getattr(each, column) for column in columns) for each in self.neighbourhoods]


def _loose_ends(city: City) -> Iterator[Finding]:
    """Yield every place in a city where one part does not fit another."""
    yield from wrong_money(city)
    known = [place.name for place in city.neighbourhoods]
    yield from repeats("neighbourhoods", "name", known)
    yield from repeats("gangs", "name", [gang.name for gang in city.gangs])
    yield from repeats("groups", "name", [group.name for group in city.groups])
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
            yield ("groups", i, "home"), no_neighbourhood(group.home, "here", lived_in)
    yield from _deserted(city, lived_in)
    yield from wrong_levels(city.levels)
    for i, month in enumerate(city.elections):
        yield from uncounted(month, city, ("elections", i))


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


def _lost(field: tuple[Step, ...], given: Sequence[str], known: Collection[str]) -> Iterator[Finding]:
    """Yield the names in a list that are no neighbourhood, or that come a second time."""
    seen = set[str]()
    for j, name in enumerate(given):
        if name not in known:
            yield (*field, j), no_neighbourhood(name, "here", known)
        elif name in seen:
            yield (*field, j), f"is {show(name)} a second time; name it once"
        seen.add(name)


def uncounted(month: int | str, city: City, at: tuple[Step, ...]) -> Iterator[Finding]:
    """Yield what is wrong with a date that cannot be counted in this city."""
    try:
        month_number(month, city.begins)
    except InputError as error:
        yield at, str(error)
