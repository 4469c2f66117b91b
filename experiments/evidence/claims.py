"""Claims: what a case should show, each a plain sentence and a rule that figures can fail.

A claim holds one reading against another: an outcome of one arm, over some months, in some part of a city, against the
same of another arm, or against other months, another part, another outcome or another setting of the same arm.
`experiments.evidence.rules` says what each rule asks of the figures.

The least effect and the margin are 5 % of what is compared with. A claim that asks for less says why.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated, Literal, NamedTuple, Self

from pydantic import BeforeValidator, Field, Strict, model_validator

from experiments.evidence.rules import LEAST, MARGINS, Change
from sim.errors import LINE, SLUG, Step, did_you_mean, field_error, show
from sim.outcomes import OUTCOMES
from sim.scenario import Part, Target

__all__ = [
    "BASELINE",
    "HERE",
    "KINDS",
    "Claim",
    "Kind",
    "Reading",
    "Recovery",
    "Reference",
    "Where",
    "arms_of",
    "by_kind",
    "comparisons",
]

BASELINE = "baseline"
"""The arm without measures, in which only the case's own shocks happen."""
HERE = "here"
"""The setting of the case itself: its city, with the levels, markets and parameters that it chooses."""

Kind = Literal["D", "R", "X"]
KINDS: dict[Kind, str] = {
    "D": "a document of the framework states it as something that happened or holds",
    "R": "a document of the framework advises it or hopes for it",
    "X": "it comes from evidence outside the documents, or is a judgement",
}
"""What each kind of claim rests on. All are judged by the same rules; only D may be told as what a document reports."""

Slug = Annotated[str, Field(pattern=SLUG)]


def _from_one(value: object) -> object:
    """Refuse a month 0: a claim that counts from there would be read a month off."""
    if value == 0 and not isinstance(value, bool):
        raise field_error((), "is 0; months count from 1")
    return value


Month = Annotated[int, BeforeValidator(_from_one), Field(ge=1, le=1200)]
Span = Annotated[tuple[Month, Month], Strict(False)]
Finding = tuple[tuple[Step, ...], str]


def _as_list(value: object) -> object:
    """Let one name stand for a list of one."""
    return [value] if isinstance(value, str) else value


Names = Annotated[tuple[Slug, ...], BeforeValidator(_as_list), Strict(False)]


class Where(Target):
    """Where an outcome is read: everywhere, in named places or the worst as month 1 begins, or everywhere but there."""

    outside: bool = Field(default=False, description="true: read everywhere but there")

    @model_validator(mode="after")
    def _is_of_whole_places(self) -> Self:
        if self.cover < 1.0:
            says = f"is {show(self.cover)}, but outcomes are known of whole neighbourhoods; remove it"
            raise field_error(("cover",), says)
        return self


EVERYWHERE = Where(all=True)


class Recovery(Part):
    """Instead of the level: for how many months an outcome is worse than it was in the year before."""

    after: Annotated[int, Field(ge=13, le=1200)] = Field(description="the month of the shock, from 1; counting starts there")
    within: Annotated[float, Field(gt=0)] = Field(description="how near is near enough, in the outcome's unit")


class Reference(Part):
    """How that which is compared with differs from that which is judged, besides the arm."""

    setting: Slug | None = Field(default=None, description="another setting")
    outcome: str | None = Field(default=None, description="another outcome of the same unit")
    months: Span | None = Field(default=None, description="other months, first and last, from 1")
    where: Where | None = Field(default=None, description="another part of the city")


class Claim(Part):
    """One thing that a case should show, in words and as a rule that figures can fail."""

    id: Annotated[str, Field(pattern=r"^C[0-9]{2}[a-z]$")] = Field(description="the case's id and a letter, such as C01a")
    says: Annotated[str, Field(max_length=400)] = Field(description="the claim in a plain sentence")
    kind: Kind = Field(description="; ".join(f"{kind}: {meaning}" for kind, meaning in KINDS.items()))
    stated: Annotated[str, Field(pattern=LINE, max_length=80)] | None = Field(
        default=None, description="for D and R: the document and the line of its text, such as GSC 612"
    )
    change: Change = Field(description="how it would have to change")
    outcome: str = Field(description="which outcome")
    plus: Names = Field(default=(), description="outcomes added to it")
    over: str | None = Field(default=None, description="the outcome it is divided by, which makes it a ratio")
    times: str | None = Field(default=None, description="the outcome it is multiplied by")
    recovery: Recovery | None = Field(default=None, description="count months worse than the year before, not the level")
    months: Span = Field(description="first and last month, from 1, over which the outcome is averaged")
    where: Where = Field(default=EVERYWHERE, description="where it is read; the city as a whole when left out")
    setting: Slug = Field(default=HERE, description="in which setting; the case's own when left out")
    arm: Slug = Field(default=BASELINE, description="the arm that is judged; the one without measures when left out")
    against: Names | None = Field(
        default=None, description="the arms it is compared with, all of which it must clear; baseline when left out"
    )
    reference: Reference | None = Field(
        default=None, description="what else differs in what is compared with; the arm is then the same one"
    )
    bounds: Annotated[tuple[float, float], Strict(False)] | None = Field(
        default=None, description="for between: shares of the reference, such as [-0.5, -0.3]; for level: the unit's own"
    )
    than: str | None = Field(default=None, description="for weaker: the claim whose effect must be larger")
    order: Names = Field(default=(), description="for order: the arms, from the highest level to the lowest")
    least: Annotated[float, Field(ge=0, le=10)] = Field(
        default=LEAST, description="the least effect that matters, or the margin, as a share of the reference"
    )
    floor: Annotated[float, Field(ge=0)] | None = Field(
        default=None, description="the same in the outcome's unit, where the reference may be near zero"
    )
    reason: Annotated[str, Field(max_length=1000)] | None = Field(
        default=None, description="why the claim asks for less than the rules of proof do"
    )

    @property
    def compared_with(self) -> tuple[str, ...]:
        """The arms that the claim is compared with."""
        if self.against is not None:
            return self.against
        return (self.arm,) if self.reference else (BASELINE,)

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that the claim reads."""
        other = self.reference.outcome if self.reference else None
        return tuple(each for each in (self.outcome, *self.plus, self.over, self.times, other) if each is not None)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for path, says in _holes(self):
            raise field_error(path, says)
        return self


def _holes(claim: Claim) -> Iterator[Finding]:
    """Yield what a claim lacks, or says without use."""
    known = [outcome.name for outcome in OUTCOMES]
    for field, given in (("outcome", claim.outcome), ("over", claim.over), ("times", claim.times)):
        if given is not None and given not in known:
            yield (field,), f"is {show(given)}, which is no outcome; {did_you_mean(given, known)}"
    for name in claim.outcomes:
        if name not in known:
            yield (), f"reads {show(name)}, which is no outcome; {did_you_mean(name, known)}"
    needed = {"bounds": ("between", "level"), "than": ("weaker",), "order": ("order",)}
    for field, changes in needed.items():
        given = getattr(claim, field)
        if claim.change in changes and not given:
            yield (field,), f"is missing; change {claim.change} needs it"
        if claim.change not in changes and given:
            yield (field,), f"is given, but change {claim.change} has no use for it; remove it"
    if claim.bounds and claim.bounds[0] >= claim.bounds[1]:
        yield ("bounds",), f"is {list(claim.bounds)}; the first must be below the second"
    if claim.change in ("level", "order") and (claim.against is not None or claim.reference is not None):
        yield ("against",), f"is given, but change {claim.change} compares with nothing else; remove it"
    if claim.change == "order" and len(claim.order) < 2:
        yield ("order",), "has one arm; name two or more, from the highest level to the lowest"
    compares = claim.change not in ("level", "order")
    if compares and claim.reference is None and claim.arm in claim.compared_with:
        yield ("against",), f"is {claim.arm}, the arm itself; name another, or say under reference what else differs"
    if _is_eased(claim) and not claim.reason:
        yield ("reason",), "is missing; a claim that asks for less than the rules of proof do says why"
    if not _is_eased(claim) and claim.reason:
        yield ("reason",), "is given, but the claim asks for no less than the rules of proof do; remove it"
    spans: list[tuple[tuple[Step, ...], tuple[int, int], Where]] = [(("months",), claim.months, claim.where)]
    if claim.reference is not None:
        other = claim.reference
        spans.append((("reference",), other.months or claim.months, other.where or claim.where))
    for path, (first, last), where in spans:
        if first > last:
            yield path, f"runs from month {first} to {last}; the first must not be after the last"
        if not where.all and ((first - 1) % 12 or last % 12):
            yield path, f"runs from month {first} to {last}; parts of a city are read by whole years, such as [13, 36]"
        if claim.recovery and not where.all:
            yield ("where",), "is a part of the city; recovery is read for the city as a whole"
    if claim.recovery and not claim.recovery.after <= claim.months[1]:
        yield ("recovery", "after"), f"is {claim.recovery.after}; it must not be after the last month"


def by_kind(claims: Iterable[Claim]) -> dict[Kind, list[Claim]]:
    """Return the claims of each kind, in the order D, R, X; kinds without a claim are left out."""
    listed = list(claims)
    parts = {kind: [claim for claim in listed if claim.kind == kind] for kind in KINDS}
    return {kind: part for kind, part in parts.items() if part}


def _is_eased(claim: Claim) -> bool:
    """Whether a claim asks for a smaller effect, or allows a wider margin, than the rules of proof."""
    if claim.change in MARGINS:
        return claim.least > LEAST or bool(claim.floor)
    return claim.change in ("falls", "rises", "order", "weaker") and claim.least < LEAST


def arms_of(claim: Claim) -> tuple[str, ...]:
    """Return the arms that a claim reads."""
    if claim.change == "order":
        return claim.order
    return (claim.arm,) if claim.change == "level" else (claim.arm, *claim.compared_with)


class Reading(NamedTuple):
    """One figure a future: an outcome of one arm, averaged over months and some part of the city."""

    setting: str
    arm: str
    outcome: str
    plus: tuple[str, ...]
    over: str | None
    times: str | None
    recovery: Recovery | None
    months: tuple[int, int]
    where: Where


def comparisons(claim: Claim) -> list[tuple[Reading, Reading | None]]:
    """Return what a claim compares with what, in order; a claim about a level has no second part."""
    measured = (claim.plus, claim.over, claim.times, claim.recovery)

    def reading(arm: str) -> Reading:
        return Reading(claim.setting, arm, claim.outcome, *measured, claim.months, claim.where)

    if claim.change == "level":
        return [(reading(claim.arm), None)]
    if claim.change == "order":
        return [(reading(lower), reading(higher)) for higher, lower in zip(claim.order, claim.order[1:], strict=False)]
    other = claim.reference or Reference()
    setting, outcome = other.setting or claim.setting, other.outcome or claim.outcome
    months, where = other.months or claim.months, other.where or claim.where
    return [(reading(claim.arm), Reading(setting, arm, outcome, *measured, months, where)) for arm in claim.compared_with]
