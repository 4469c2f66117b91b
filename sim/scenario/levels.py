"""The levels of a city file: what the city is like on average as month 1 begins, and what is wrong where they do not fit."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field

from sim.errors import show
from sim.scenario.fields import Anchor, Finding, Part, Share

__all__ = ["Levels", "wrong_levels"]


class Levels(Part):
    """City averages as month 1 begins, and how near a city stays to each for ten years without measures and shocks.

    Homicide, membership and gang share are reached only by fitting the calibration. Of the others, each description says
    how far a city's mean over ten years is from the file's figure, at most, in all packaged cities and in the template with
    each level moved.
    """

    homicide_rate: float = Field(
        gt=0,
        le=1000,
        description="homicides per 100 000 residents a year, killings by police among them; "
        "reached once the calibration is fitted to it",
    )
    police_killings: float | None = Field(
        default=None,
        ge=0,
        le=1000,
        description="killings by police per 100 000 residents a year, part of homicide_rate; by a rule from homicide_rate "
        "and abuse when left out; the city stays within 5 %",
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
    raids: Share | None = Field(
        default=None,
        description="how far ordinary policing is raids, from 0 (none) to 1 (the rule); "
        "by a rule from killings by police when left out; the city stays at it",
    )
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
    drug_use: Share = Field(
        default=0.1,
        le=0.5,
        description="share of youths of 15 to 29 who used illegal drugs within the last year; "
        "the city settles higher, by 2 % as a rule and by 6 % at most",
    )


def wrong_levels(levels: Levels) -> Iterator[Finding]:
    """Yield the levels that contradict each other."""
    by_police = levels.police_killings
    if by_police is not None and by_police > levels.homicide_rate:
        says = f"is {show(by_police)}, above homicide_rate, of which it is a part; give it per 100 000 residents a year"
        yield ("levels", "police_killings"), says
