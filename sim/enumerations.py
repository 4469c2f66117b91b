"""The closed lists of the model, each written once: as a type for files, as a tuple of names and as numbers for kernels.

Tables hold a member of a list as its place in the tuple. A kernel compares such a number with a constant that is taken from
the tuple by name, so that no list can be reordered in one file and not in another.
"""

from __future__ import annotations

from typing import Literal, get_args

__all__ = [
    "AGENCIES",
    "COMMANDS",
    "EVENTS",
    "FLOWS",
    "GROUP_ACTIVITIES",
    "GROUP_KINDS",
    "INDICATORS",
    "MARKETS",
    "MARKET_FIGURES",
    "PILLARS",
    "PLACE_LEVERS",
    "SERVICES",
    "SUPPLIERS",
    "UNITS",
    "WEARS",
    "ActsOn",
    "Agency",
    "Command",
    "Event",
    "FlowName",
    "GroupActivity",
    "GroupKind",
    "Indicator",
    "Market",
    "Pillar",
    "PlaceLever",
    "ServiceName",
    "Supplier",
    "Unit",
    "Wears",
]

FlowName = Literal["people", "drugs", "transport", "ideas", "money", "firearms", "goods"]
FLOWS: tuple[FlowName, ...] = get_args(FlowName)
"""The flows that pass through a city, in the order of the framework."""
PEOPLE = FLOWS.index("people")
DRUGS = FLOWS.index("drugs")
TRANSPORT = FLOWS.index("transport")
IDEAS = FLOWS.index("ideas")
MONEY = FLOWS.index("money")
FIREARMS = FLOWS.index("firearms")
GOODS = FLOWS.index("goods")

Market = Literal["drugs", "transport", "goods", "firearms", "venues"]
MARKETS: tuple[Market, ...] = get_args(Market)
"""The illicit markets of a neighbourhood: four of them trade in a flow, venues in local night life."""
MARKET_DRUGS = MARKETS.index("drugs")
MARKET_TRANSPORT = MARKETS.index("transport")
MARKET_GOODS = MARKETS.index("goods")
MARKET_FIREARMS = MARKETS.index("firearms")
MARKET_VENUES = MARKETS.index("venues")

MARKET_FIGURES = ("levied", "hits", "entry_violence", "closure")
"""What is recorded of each market: the ends of the names of its outcomes."""
LEVIED = MARKET_FIGURES.index("levied")
HITS = MARKET_FIGURES.index("hits")
ENTRY_VIOLENCE = MARKET_FIGURES.index("entry_violence")
CLOSURE = MARKET_FIGURES.index("closure")

ServiceName = Literal["water", "waste", "clinic", "school", "justice", "transport"]
SERVICES: tuple[ServiceName, ...] = get_args(ServiceName)
"""The public services of a neighbourhood; water is water and sanitation, justice is courts, legal aid and police posts."""
SERVICE_WATER = SERVICES.index("water")
SERVICE_WASTE = SERVICES.index("waste")
SERVICE_CLINIC = SERVICES.index("clinic")
SERVICE_SCHOOL = SERVICES.index("school")
SERVICE_JUSTICE = SERVICES.index("justice")
SERVICE_TRANSPORT = SERVICES.index("transport")

Supplier = Literal["state", "private", "armed group"]
SUPPLIERS: tuple[Supplier, ...] = get_args(Supplier)
"""Who supplies a service."""
SUPPLIED_BY_STATE = SUPPLIERS.index("state")
SUPPLIED_PRIVATELY = SUPPLIERS.index("private")
SUPPLIED_BY_ARMED_GROUP = SUPPLIERS.index("armed group")

Pillar = Literal["regulation", "enforcement", "engagement", "resilience"]
PILLARS: tuple[Pillar, ...] = get_args(Pillar)
"""The pillars of the framework."""
REGULATION = PILLARS.index("regulation")
ENFORCEMENT = PILLARS.index("enforcement")
ENGAGEMENT = PILLARS.index("engagement")
RESILIENCE = PILLARS.index("resilience")
NO_PILLAR = -1
"""Shocks and elections belong to none."""

Agency = Literal["city", "police", "justice", "nation", "schools", "business", "donors"]
AGENCIES: tuple[Agency, ...] = get_args(Agency)
"""Whose budget a bill falls on: the ends of the names of the outcomes `paid_by_*`."""
JUSTICE = AGENCIES.index("justice")

Unit = Literal["city", "100 000 residents", "after-school place", "training place"]
UNITS: tuple[Unit, ...] = get_args(Unit)
"""What the cost of a measure is counted by."""
UNIT_CITY = UNITS.index("city")
UNIT_RESIDENTS = UNITS.index("100 000 residents")
UNIT_SCHOOL_PLACE = UNITS.index("after-school place")
UNIT_TRAINING_PLACE = UNITS.index("training place")

PlaceLever = Literal["after_school_places", "job_training"]
PLACE_LEVERS: tuple[PlaceLever, ...] = get_args(PlaceLever)
"""The levers that are numbers of places in programmes: how many are offered. What one place does is kept apart."""
AFTER_SCHOOL = PLACE_LEVERS.index("after_school_places")
JOB_TRAINING = PLACE_LEVERS.index("job_training")

ActsOn = Literal["effect", "reach"]
"""What a condition of a measure acts on: what is done for each person, place or dollar, or how many are reached."""

Indicator = Literal["homicide_rate", "gang_members", "extortion_share", "deprivation"]
INDICATORS: tuple[Indicator, ...] = get_args(Indicator)
"""What the worst neighbourhoods can be ranked by."""
BY_HOMICIDE = INDICATORS.index("homicide_rate")
BY_MEMBERS = INDICATORS.index("gang_members")
BY_EXTORTION = INDICATORS.index("extortion_share")
BY_DEPRIVATION = INDICATORS.index("deprivation")

Wears = Literal["not", "practice", "threat"]
WEARS: tuple[Wears, ...] = get_args(Wears)
"""How what a measure does wears while it is in force."""
NO_WEAR = WEARS.index("not")
PRACTICE = WEARS.index("practice")
THREAT = WEARS.index("threat")

Event = Literal["pact", "pact broken", "leader killed"]
EVENTS: tuple[Event, ...] = get_args(Event)
"""The shocks that happen to one gang."""
PACT = EVENTS.index("pact")
PACT_BROKEN = EVENTS.index("pact broken")
LEADER_KILLED = EVENTS.index("leader killed")

Command = Literal["city", "joint", "national"]
COMMANDS: tuple[Command, ...] = get_args(Command)
"""Who commands the police, from the nearest to the farthest; each step is one `compliance_per_command_step`."""

GroupKind = Literal[
    "youth club",
    "women's group",
    "faith",
    "interrupters",
    "business association",
    "cooperative",
    "media",
    "ethnic association",
    "family association",
    "agency",
]
GROUP_KINDS: tuple[GroupKind, ...] = get_args(GroupKind)
"""The kinds of community groups; an agency is an outside body that residents trust."""

GroupActivity = Literal["serving", "warning", "reporting", "silent"]
GROUP_ACTIVITIES: tuple[GroupActivity, ...] = get_args(GroupActivity)
"""What a community group may do in a month."""
SERVING = GROUP_ACTIVITIES.index("serving")
WARNING = GROUP_ACTIVITIES.index("warning")
REPORTING = GROUP_ACTIVITIES.index("reporting")
SILENT = GROUP_ACTIVITIES.index("silent")
