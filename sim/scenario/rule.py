"""Rules by which a measure goes to another level as the city changes, each a condition in plain words.

    rules:
      - {when: extortion_share > 0.3 for 3 months, level: 1}
      - {when: extortion_share < 0.2 for 6 months and fear < 0.4, level: 0.2}
    read: quarterly

A rule is read every month, or every third month, from the measure's first one on, from the outcomes of the months before;
the first rule in the list that holds sets the level, and where none holds it stays. A month counts for a condition where
the outcome of the whole city lay beyond the value; the months must be the last ones, one after another, and count from
the month before the measure's `start`.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from pydantic import Field, field_validator

from sim.errors import did_you_mean, field_error, show
from sim.numerals import plain, read_plain
from sim.scenario.fields import Part, Share

__all__ = ["MOST_CONDITIONS", "MOST_MONTHS", "Condition", "Reading", "Rule", "rules_text"]

MOST_CONDITIONS = 8
"""Most conditions in the rules of one measure."""
MOST_MONTHS = 120
"""Most months for which a condition may ask to hold."""

Reading = Literal["monthly", "quarterly"]
"""How often the rules of a measure are read."""

_CONDITION = re.compile(r"\s*(\S+?)\s*(>|<)\s*(\S+)(?:\s+for\s+(\S+)\s+months?)?\s*", re.ASCII)
_AND = re.compile(r"\s+and\s+")


class Condition(NamedTuple):
    """An outcome of the city that lies above or below a value in each of the last months."""

    outcome: str
    is_above: bool
    value: float
    months: int

    def text(self) -> str:
        """Return the condition as a file has it."""
        held = "" if self.months == 1 else f" for {self.months} months"
        return f"{self.outcome} {'>' if self.is_above else '<'} {plain(self.value)}{held}"


class Rule(Part):
    """What must have held, and the level that the measure then has."""

    when: str = Field(description="conditions such as extortion_share > 0.3 for 3 months, joined by and")
    level: Share = Field(description="the level from then on, from 0 (absent) to 1 (full)")

    @field_validator("when")
    @classmethod
    def _is_read(cls, when: str) -> str:
        return " and ".join(condition.text() for condition in _read(when))

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions, all of which must hold."""
        return _read(self.when)


def rules_text(rules: tuple[Rule, ...], read: Reading) -> str:
    """Say rules in words: "level 1 where fear > 0.5 for 3 months, read every month"; empty where there are none."""
    if not rules:
        return ""
    said = ", ".join(f"level {plain(rule.level)} where {rule.when}" for rule in rules)
    return f"{said}, read every {'month' if read == 'monthly' else 'third month'}"


def _read(when: str) -> tuple[Condition, ...]:
    """Return the conditions of a rule."""
    from sim.outcomes import OUTCOMES

    known = [each.name for each in OUTCOMES]
    found = []
    for text in _AND.split(when.strip()):
        parts = _CONDITION.fullmatch(text)
        value = None if parts is None else read_plain(parts[3])
        if parts is None or value is None or abs(value) == float("inf"):
            remedy = "write an outcome, > or <, a number, and for how long, such as fear > 0.5 for 3 months"
            raise field_error((), f"says {show(text)}; {remedy}")
        if parts[1] not in known:
            raise field_error((), f"names {show(parts[1])}, which is no outcome; {did_you_mean(parts[1], known)}")
        months = 1 if parts[4] is None else read_plain(parts[4])
        if not isinstance(months, int) or not 1 <= months <= MOST_MONTHS:
            raise field_error((), f"says for {parts[4]} months; give a whole number from 1 to {MOST_MONTHS}")
        found.append(Condition(parts[1], parts[2] == ">", float(value), months))
    return tuple(found)
