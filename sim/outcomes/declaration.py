"""What an outcome is, and the usual kinds of them."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Outcome", "count", "index", "killings", "money", "rate", "risk", "share"]


class Outcome(NamedTuple):
    """One reported quantity.

    Attributes
    ----------
    name, title, unit, says
        Its name in files and code, its title in tables, its unit, and a sentence on what it is.
    better
        Which way is better: "lower", "higher" or "neither".
    weight
        How the city value follows from neighbourhoods: "sum", "residents" (mean over residents) or "killings" (mean over
        expected killings).
    least, floor
        The least effect that matters, relative to the reference level, and the same as an absolute figure, for outcomes that
        can be near zero. Money has neither: what is spent is spent, however little of the whole.
    phrase
        How a sentence names it, where its title does not read well within one.
    part_of
        The outcome that it adds up to, together with all others that name the same one; empty for most.
    headline
        Whether overviews and texts tell it.
    charted
        Whether it has figures of its own where nothing else is asked for, and is told phase by phase.
    studied
        Whether studies of parameters, portfolios and mechanisms ask about it where nothing else is asked for.
    as_drawn
        Whether it counts deaths as chance drew them, instead of adding up hazards.
    group
        The topic under which reports show it, one of `MAIN_GROUPS` and `DETAIL_GROUPS`.
    """

    name: str
    title: str
    unit: str
    better: str
    weight: str
    says: str
    least: float = 0.05
    floor: float = 0.0
    phrase: str = ""
    part_of: str = ""
    headline: bool = False
    charted: bool = False
    studied: bool = False
    as_drawn: bool = False
    group: str = ""


def rate(name: str, title: str, says: str, part_of: str = "") -> Outcome:
    """Return a yearly rate a head of the residents."""
    return Outcome(name, title, "per 100 000 residents a year", "lower", "residents", says, part_of=part_of)


def killings(name: str, title: str, says: str) -> Outcome:
    """Return the rate of one kind of killing; all kinds add up to the homicide rate."""
    return rate(name, title, says, part_of="homicide_rate")


def share(name: str, title: str, better: str, says: str, unit: str = "share, 0-1") -> Outcome:
    """Return a share, averaged over residents."""
    return Outcome(name, title, unit, better, "residents", says)


def index(name: str, title: str, better: str, says: str, unit: str = "index, 1 = baseline") -> Outcome:
    """Return a level against the ordinary city: the city as its file describes it, before shocks and measures."""
    return Outcome(name, title, unit, better, "residents", says)


def risk(name: str, title: str, says: str) -> Outcome:
    """Return the rate of killing of one group of residents as a multiple of the city's."""
    return index(name, title, "neither", says, "times the city's rate")


def count(name: str, title: str, unit: str, better: str, says: str) -> Outcome:
    """Return a number of people or events, whose city value is the sum over neighbourhoods."""
    return Outcome(name, title, unit, better, "sum", says)


def money(name: str, title: str, says: str, part_of: str = "") -> Outcome:
    """Return an amount of the city's money a year; every amount matters, so it has no least effect."""
    return Outcome(name, title, "million a year", "lower", "sum", says, least=0.0, part_of=part_of)
