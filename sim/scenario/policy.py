"""The schema of a policy file: which measures, how strongly, where, from when to when, and who delivers them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, PrivateAttr, Strict, field_validator, model_validator

from sim.dates import LAST_MONTH, FirstMonth, LastMonth
from sim.enumerations import PLACE_LEVERS
from sim.errors import Step, did_you_mean, field_error, show
from sim.scenario.fields import Filed, Line, Part, Pillar, Reason, Share, Slug, Text, ends_early
from sim.scenario.level import Level, highest, late_start, level_text, times
from sim.scenario.rule import MOST_CONDITIONS, Reading, Rule
from sim.scenario.target import EVERYWHERE, Target, target_text

if TYPE_CHECKING:
    from sim.measures import Measure

__all__ = ["MeasureUse", "Partner", "Policy", "Trigger"]


MOST_PLACE_MONTHS = 60
"""The longest that a participant may hold a place, in months."""


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
            raise field_error((), f"is {show(outcome)}, which is no outcome; {did_you_mean(outcome, known)}")
        return outcome


class Partner(Part):
    """Who delivers a measure where residents meet it: how far each criterion of a sound partner is met, 0-1.

    Left out, all are met and the partner is an agency of the city: sound, but it reaches those most at risk less well. An
    agency works through the community groups of a place, as a local partner does; where there are none, neither delivers.
    An agency of its own, which a measure brings along, delivers without any, and less.
    """

    kind: Literal["agency", "local", "own agency"] = Field(
        default="agency",
        description="an agency, or a group of the neighbourhood; or an agency of its own, which delivers, to fewer, where "
        "there is no group",
    )
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
    level: Level = Field(
        default=1.0,
        description="strength, from 0 (absent) to 1 (full), or one from a month on: {0: 1, 24: 0.5} by months since the "
        "start, or by dates",
    )
    where: Target = Field(default=EVERYWHERE, description="where it acts; everywhere when left out")
    start: FirstMonth = Field(default=1, description="first month with it, from 1, or its date")
    trigger: Trigger | None = Field(default=None, description="what it waits for, from `start` on")
    rules: Annotated[tuple[Rule, ...], Strict(False), Field(max_length=MOST_CONDITIONS)] = Field(
        default=(), description="when it goes to another level than the one it begins with"
    )
    read: Reading = Field(default="monthly", description="how often the rules are read")
    ramp: Annotated[int, Field(ge=0, le=LAST_MONTH)] | None = Field(
        default=None, description="months until full strength; the measure's own if left out"
    )
    stop: LastMonth | None = Field(default=None, description="last month with it, or its date; never when left out")
    conditions: dict[str, Share] = Field(
        default={}, description="how far each condition that the measure names is met, 0-1; fully when left out"
    )
    partner: Partner = Field(default=Partner(), description="who delivers it, for measures that a partner delivers")
    place_months: Annotated[int, Field(ge=1, le=MOST_PLACE_MONTHS)] | None = Field(
        default=None, description="months for which a participant holds a place; as many as is usual when left out"
    )

    _own: Measure | None = PrivateAttr(default=None)

    @property
    def own(self) -> Measure | None:
        """What the measure declares where a plugin adds it, as it was when this was checked; None for the framework's."""
        return self._own

    @property
    def declared(self) -> Measure:
        """What the measure declares."""
        from sim.measures import find_measure

        return self._own or find_measure(self.measure)

    @field_validator("measure")
    @classmethod
    def _is_known(cls, measure: str) -> str:
        return _find_measure(measure).row

    @model_validator(mode="after")
    def _fit_the_measure(self) -> Self:
        from sim.measures import framework_measure

        if self.stop is not None and (says := ends_early(self.start, self.stop)):
            raise field_error(("stop",), says)
        if isinstance(self.start, str) and (late := late_start(self.level, self.start, self.start)) is not None:
            raise field_error(("level", late[0]), late[1])
        self._rules_fit()
        measure = _find_measure(self.measure)
        if self.where.cover < 1.0 and measure.units == "city":
            says = f"is {show(self.where.cover)}, but {self.measure} is one programme for the whole city; remove it"
            raise field_error(("where", "cover"), says)
        self._own = None if framework_measure(measure.row) is measure else measure
        if self.partner != Partner() and not measure.partner:
            raise field_error(("partner",), f"is given, but no partner delivers {self.measure}; remove this")
        if self.place_months is not None and not any(each.lever in PLACE_LEVERS for each in measure.changes):
            raise field_error(("place_months",), f"is given, but {self.measure} offers no places; remove this")
        known = list(measure.conditions)
        for condition in self.conditions:
            if condition not in known:
                remedy = did_you_mean(condition, known) if known else "it has none, remove this"
                raise field_error(("conditions", condition), f"is no condition of {self.measure}; {remedy}")
        return self

    def _rules_fit(self) -> None:
        if not self.rules and self.read != "monthly":
            raise field_error(("read",), f"is {show(self.read)}, but there are no rules to read; remove it")
        if self.rules and isinstance(self.level, dict):
            raise field_error(("level",), "changes by month and by rules; give the level that it begins with, or no rules")
        count = sum(len(rule.conditions) for rule in self.rules)
        if count > MOST_CONDITIONS:
            raise field_error(("rules",), f"have {count} conditions; they can have at most {MOST_CONDITIONS} together")

    def at(self, share: float, digits: int | None = None) -> Self:
        """Return the measure at a share of its level and of those of its rules, 0 to 1, rounded where digits are given."""
        rules = tuple(rule.model_copy(update={"level": times(rule.level, share, digits)}) for rule in self.rules)
        return self.model_copy(update={"level": times(self.level, share, digits), "rules": rules})

    @property
    def highest_level(self) -> float:
        """The highest level that it can have."""
        return max(highest(self.level), *(rule.level for rule in self.rules), 0.0)


def _find_measure(text: str, *at: Step) -> Measure:
    from sim.measures import every_measure, find_measure

    try:
        return find_measure(text)
    except KeyError:
        known = [name for measure in every_measure() for name in (measure.name, measure.row)]
        says = f"is {show(text)}, which is no measure; {did_you_mean(text, known)} (`citysafety list measures`)"
        raise field_error(at, says) from None


class Policy(Filed):
    """A named set of measures."""

    name: Slug = Field(description="the name for files and commands: a-z, 0-9, _ and -")
    title: Line = Field(description="the name for people")
    pillar: Pillar | None = Field(default=None, description="the pillar it belongs to, when it is one")
    about: Text = Field(description="what it does, and what it leaves out")
    measures: Annotated[tuple[MeasureUse, ...], Strict(False)] = Field(
        max_length=200, description="the measures; an empty list is no policy"
    )
    # It is told and not done: what names a run, and what keeps a scenario beside results, does not hold it.
    leaves_out: Annotated[dict[str, Reason], Field(max_length=200)] = Field(
        default={}, exclude=True, description="measures that it leaves out on purpose, and why: {P-R1: reason}"
    )

    @field_validator("leaves_out")
    @classmethod
    def _are_known(cls, leaves_out: dict[str, str]) -> dict[str, str]:
        reasons: dict[str, str] = {}
        for text, reason in leaves_out.items():
            row = _find_measure(text, text).row
            if row in reasons:
                raise field_error((text,), f"is given for {row}, which has a reason already; keep one")
            reasons[row] = reason
        return reasons

    @model_validator(mode="after")
    def _say_nothing_twice(self) -> Self:
        seen: dict[object, int] = {}
        for i, use in enumerate(self.measures):
            key = (use.measure, use.where, use.start)
            if key in seen:
                says = f"is {use.measure} with the place and start of measures[{seen[key]}]; remove one of them"
                raise field_error(("measures", i), says)
            seen[key] = i
        for row in self.leaves_out:
            if row in {use.measure for use in self.measures}:
                raise field_error(("leaves_out", row), "is given, but the policy uses this measure; remove one of them")
        return self

    def headline(self) -> str:
        """Return in one line which policy this is, and its measures."""
        rows = [use.measure for use in self.measures]
        return f"{self.name}: {self.title}; {len(rows)} measure{'' if len(rows) == 1 else 's'} {', '.join(rows)}".rstrip()

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the measures, a row each."""
        columns = ["measure", "title", "level", "where", "start", "stop"]
        return columns, [
            (use.measure, use.declared.title, level_text(use.level), target_text(use.where), use.start, use.stop)
            for use in self.measures
        ]
