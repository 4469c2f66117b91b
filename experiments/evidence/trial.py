"""Trials: published evaluations as data, one study group a file under `scenarios/trials`.

A trial says what was done where, to whom and compared with whom, what was published with which error, and how far it is
from what the model can show. On the scale on which figures are compared (`worked`):

    y       = ln(figure) for ratios, the figure itself for standardised effects and differences
    error   = (y_high - y_low) / (2 z)    from an interval of so many per cent
            = |y| / z_p                   from a two-sided p-value
            = sqrt(1 / a + 1 / b)         from counts of events
            = |y - y_bound| / z           from a bound that was ruled out
            = max(|y| / 1.64, .15)        assumed, where nothing was seen
    b       ~ N(mean, sd)                 what such a design is thought to add, log scale, see `BIAS`
    d       ~ N(0, sd)                    how unlike the model unit and outcome are, see `DISCREPANCY`

What a figure may be used for is fixed in `scenarios/trials/roles.yaml`, apart from the figure itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, Strict, model_validator

from experiments.evidence.claims import BASELINE, Finding, Month, Slug, Span, Where
from experiments.evidence.schema import Arm
from sim.errors import LINE, Step, did_you_mean, field_error, show
from sim.outcomes import OUTCOMES
from sim.scenario import Market, Part, Shown, Target
from sim.scenario.fields import Pillar

__all__ = [
    "BIAS",
    "DISCREPANCY",
    "SCALES",
    "Design",
    "Figure",
    "Run",
    "Seen",
    "Source",
    "Trial",
    "error_of",
    "how_known",
    "worked",
]

Design = Literal["randomised", "controlled", "before-after"]
BIAS: dict[Design, tuple[float, float]] = {
    "randomised": (0.0, 0.03),
    "controlled": (-0.03, 0.06),
    "before-after": (-0.15, 0.12),
}
"""Mean and standard deviation of what each class of design is thought to add, log scale; minus favours the measure."""

Nearness = Literal["same", "near", "far"]
DISCREPANCY: dict[Nearness, float] = {"same": 0.03, "near": 0.08, "far": 0.15}
"""Standard deviation, log scale, of what unit and outcome of the trial add where they are not those of the model."""

Scale = Literal["rate ratio", "odds ratio", "standardised", "difference"]
SCALES: dict[Scale, bool] = {"rate ratio": True, "odds ratio": True, "standardised": False, "difference": False}
"""The scales of published figures, and whether each is a ratio, which is compared by its logarithm."""

Seen = Literal["abstract", "table", "institution", "press", "derived", "recalled"]
Estimator = Literal["paired arms", "random halves", "event study", "on and off", "before and after"]
WITH_BEFORE: tuple[Estimator, ...] = ("random halves", "event study", "before and after")
"""The estimators that compare with months before."""

ASSUMED_Z, LEAST_ASSUMED = 1.64, 0.15

Line = Annotated[str, Field(pattern=LINE, max_length=120)]
Text = Annotated[str, Field(max_length=2000)]
FigureId = Annotated[str, Field(pattern=r"^[REGS][0-9]{1,2}[a-z]?$")]
Share = Annotated[float, Field(ge=0, le=1)]


class Source(Part):
    """One publication of the study group: where it is, and what of it was seen."""

    study: Line = Field(description="authors and year")
    also: Annotated[tuple[Line, ...], Strict(False)] = Field(
        default=(), max_length=5, description="the same work as it is named elsewhere, such as a working paper"
    )
    address: Line = Field(description="its DOI or address")
    seen: Seen = Field(description="where its figures were read; recalled: from memory, to be checked before it is quoted")
    found: Text = Field(description="what was seen there")


class Run(Part):
    """How the model is to be asked for a figure: the trial's own estimator, over arms of the trial."""

    estimator: Estimator = Field(description="how the published figure was worked out, or the nearest that there is")
    city: Slug | None = Field(default=None, description="another shipped city, where it is not that of the trial")
    outcome: str = Field(description="the outcome that is read")
    plus: Annotated[tuple[str, ...], Strict(False)] = Field(default=(), max_length=5, description="outcomes added to it")
    arm: Slug = Field(description="the arm with what was evaluated")
    against: Slug = Field(default=BASELINE, description="for paired arms: the arm compared with; no measures if left out")
    months: Span = Field(description="first and last month, from 1, over which it is read")
    before: Span | None = Field(default=None, description="first and last month of the time before")
    where: Where | None = Field(default=None, description="where it is read; the city as a whole when left out")
    worst: Annotated[int, Field(ge=1, le=100)] | None = Field(
        default=None, description="for before and after: that many places, those that were worst in the last year before"
    )
    on: Annotated[tuple[Month, ...], Strict(False)] = Field(
        default=(), max_length=600, description="for on and off: the months in which it is on; the others are off"
    )

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome that is read."""
        return (self.outcome, *self.plus)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        for path, says in _holes(self):
            raise field_error(path, says)
        return self


class Figure(Part):
    """One published estimate."""

    id: FigureId = Field(description="its name in roles.yaml, such as R1")
    says: Line = Field(description="what was estimated, compared with what")
    source: Slug = Field(description="the name of its source in this file")
    outcome: str = Field(description="the outcome of the model that is nearest to what was counted")
    scale: Scale = Field(default="rate ratio", description="rate ratio, odds ratio, standardised or difference")
    value: float = Field(description="the estimate")
    interval: Annotated[tuple[float, float], Strict(False)] | None = Field(default=None, description="its interval")
    level: Annotated[float, Field(ge=50, lt=100)] | None = Field(default=None, description="per cent that it is to hold")
    p: Annotated[float, Field(gt=0, lt=1)] | None = Field(default=None, description="two-sided p-value, where known alone")
    counts: Annotated[tuple[float, float], Strict(False)] | None = Field(
        default=None, description="events among the treated and the compared, where known alone"
    )
    bound: float | None = Field(default=None, description="the nearest value that was ruled out, at `level`, one-sided")
    assumed: bool = Field(default=False, description="true: no error was seen, and one is assumed")
    design: Design | None = Field(default=None, description="the class of its design where it is not that of the file")
    discrepancy: Nearness = Field(description="how near unit and outcome are to the model's: same, near or far")
    why: Text = Field(description="why as near as that")
    shares_control_with: Annotated[tuple[FigureId, ...], Strict(False)] = Field(
        default=(), max_length=10, description="figures whose controls, or whose events, are the same"
    )
    corrects: Text | None = Field(default=None, description="how it differs from what roles.yaml has, and why")
    run: Run | None = Field(default=None, description="how the model is asked for it")
    not_run: Text | None = Field(default=None, description="why the model cannot be asked for it as it is")

    @model_validator(mode="after")
    def _has_one_error(self) -> Self:
        for path, says in _faults(self):
            raise field_error(path, says)
        return self


class Trial(Shown):
    """A study group: one event or programme, what was published about it, and how the model is asked for the same."""

    name: Slug = Field(description="the name of the group in roles.yaml, and of the file")
    title: Line = Field(description="the name for people")
    pillar: Pillar = Field(description="the pillar of what was evaluated")
    about: Text = Field(description="what was done, to whom, compared with whom, and when")
    sources: dict[Slug, Source] = Field(min_length=1, max_length=10, description="the publications, by a name of one's own")
    design: Design = Field(description="the class of its design: randomised, controlled or before-after")
    quality: Literal["A", "B", "C", "D"] = Field(description="from A, a sound trial, to D, no comparison at all")
    city: Slug = Field(description="the shipped city that illustrates it")
    levels: dict[str, float] = Field(default={}, description="levels of the city that differ here")
    markets: dict[Market, Share] = Field(default={}, description="how organised markets are here, where it differs")
    scale: Annotated[float, Field(gt=0, le=1)] = Field(default=0.02, description="youths simulated for each real one")
    months: Annotated[int, Field(ge=12, le=600)] = Field(default=24, description="months simulated after the burn-in")
    replications: Annotated[int, Field(ge=2, le=10_000)] = Field(default=40, description="paired futures")
    halves: Target | None = Field(
        default=None, description="the places of which a random half is treated; arms then name no places"
    )
    arms: Annotated[tuple[Arm, ...], Strict(False)] = Field(default=(), max_length=10, description="what was tried")
    unlike: Text = Field(description="what is not like the trial in the model")
    figures: Annotated[tuple[Figure, ...], Strict(False)] = Field(min_length=1, max_length=20, description="the estimates")

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        for path, says in _misfits(self):
            raise field_error(path, says)
        return self

    def design_of(self, figure: Figure) -> Design:
        """Return the class of design of one of its figures."""
        return figure.design or self.design

    def headline(self) -> str:
        """Return in one line which trial this is."""
        count = len(self.figures)
        return f"{self.name}: {self.title}; {count} figure{'' if count == 1 else 's'}, {self.design}, in {self.city}"

    def overview(self) -> tuple[list[str], list[tuple[object, ...]]]:
        """Return the figures, a row each."""
        return ["figure", "says", "scale", "value"], [(f.id, f.says, f.scale, f.value) for f in self.figures]


# What figures come to -------------------------------------------------------------------------------------------------


def worked(figure: Figure, value: float | None = None) -> float:
    """Return a figure, or another value on its scale, as it is compared: the logarithm of a ratio, else as it is."""
    given = figure.value if value is None else value
    return math.log(given) if SCALES[figure.scale] else given


def error_of(figure: Figure) -> float:
    """Return the standard error of a figure on the scale on which it is compared, see the top of this file."""
    from scipy.special import ndtri

    y = worked(figure)
    if figure.interval is not None:
        low, high = (worked(figure, end) for end in figure.interval)
        return (high - low) / (2.0 * float(ndtri(0.5 + (figure.level or 95.0) / 200.0)))
    if figure.p is not None:
        return abs(y) / float(ndtri(1.0 - figure.p / 2.0))
    if figure.counts is not None:
        return math.sqrt(sum(1.0 / count for count in figure.counts))
    if figure.bound is not None:
        return abs(y - worked(figure, figure.bound)) / float(ndtri((figure.level or 95.0) / 100.0))
    return max(abs(y) / ASSUMED_Z, LEAST_ASSUMED)


def how_known(figure: Figure) -> str:
    """Say in a few words where the error of a figure comes from."""
    if figure.interval is not None:
        return f"{figure.level:g} % interval"
    if figure.p is not None:
        return f"p = {figure.p:g}"
    if figure.counts is not None:
        return "counts"
    return "a bound" if figure.bound is not None else "error assumed"


# What does not fit ----------------------------------------------------------------------------------------------------

_KNOWN = [outcome.name for outcome in OUTCOMES]


def _holes(run: Run) -> Iterator[Finding]:
    """Yield what the reading of a figure lacks, or says without use."""
    for name in run.outcomes:
        if name not in _KNOWN:
            yield ("outcome",), f"reads {show(name)}, which is no outcome; {did_you_mean(name, _KNOWN)}"
    needs_before = run.estimator in WITH_BEFORE
    if needs_before and run.before is None:
        yield ("before",), f"is missing; {run.estimator} compares with months before"
    if not needs_before and run.before is not None:
        yield ("before",), f"is given, but {run.estimator} has no use for it; remove it"
    if (run.estimator == "on and off") != bool(run.on):
        yield ("on",), f"is {list(run.on)}; it is for the estimator on and off, and no other"
    if run.worst is not None and run.estimator != "before and after":
        yield ("worst",), f"is {run.worst}; it is for the estimator before and after, and no other"
    by_place = run.estimator in ("random halves", "event study") or run.worst is not None
    for field, span in (("months", run.months), ("before", run.before)):
        if span is None:
            continue
        if span[0] > span[1]:
            yield (field,), f"runs from month {span[0]} to {span[1]}; the first must not be after the last"
        if (by_place or (run.where is not None and not run.where.all)) and ((span[0] - 1) % 12 or span[1] % 12):
            yield (field,), f"runs from month {span[0]} to {span[1]}; places are read by whole years, such as [13, 24]"
    if run.before is not None and run.before[1] >= run.months[0]:
        yield ("before",), f"ends in month {run.before[1]}; it must end before month {run.months[0]}"


def _faults(figure: Figure) -> Iterator[Finding]:
    """Yield what does not hold together in one figure."""
    ways: dict[str, object] = {
        "interval": figure.interval,
        "p": figure.p,
        "counts": figure.counts,
        "bound": figure.bound,
        "assumed": figure.assumed or None,
    }
    given = [name for name, value in ways.items() if value is not None]
    if len(given) != 1:
        found = " and ".join(given) or "nothing"
        yield (), f"gives {found} for its error; give exactly one of interval, p, counts, bound or assumed: true"
    if (figure.level is not None) != bool({"interval", "bound"} & set(given)):
        yield ("level",), f"is {show(figure.level)}; an interval or a bound has one, such as 95, and nothing else"
    if SCALES[figure.scale] and min(figure.value, *(figure.interval or (1.0,)), figure.bound or 1.0) <= 0:
        yield ("value",), f"is {show(figure.value)}; a {figure.scale} and its ends are above 0"
    if figure.interval is not None and not figure.interval[0] <= figure.value <= figure.interval[1]:
        yield ("interval",), f"is {list(figure.interval)}; it must hold {figure.value:g}"
    if figure.p is not None and worked(figure) == 0:
        yield ("p",), f"is {figure.p:g}, which says nothing of the error of no effect; give interval or assumed: true"
    if figure.outcome not in _KNOWN:
        yield ("outcome",), f"is {show(figure.outcome)}, which is no outcome; {did_you_mean(figure.outcome, _KNOWN)}"
    if (figure.run is None) == (figure.not_run is None):
        yield ("run",), "and not_run: give one, how the model is asked for the figure or why it cannot be"


def _misfits(trial: Trial) -> Iterator[Finding]:
    """Yield where one part of a trial does not fit another."""
    arms = [BASELINE, *(arm.name for arm in trial.arms)]
    for i, arm in enumerate(trial.arms):
        if arm.name in arms[: i + 1]:
            yield ("arms", i, "name"), f"is {show(arm.name)}, which is taken; give each arm its own name"
        if trial.halves is not None and any(not use.where.all for use in arm.measures):
            yield ("arms", i), "names places, but halves says where a random half is treated; remove one of them"
    ids = [figure.id for figure in trial.figures]
    used: set[str] = set()
    for i, figure in enumerate(trial.figures):
        at: tuple[Step, ...] = ("figures", i)
        if figure.id in ids[:i]:
            yield (*at, "id"), f"is {figure.id}, which is taken; give each figure its own"
        if figure.source not in trial.sources:
            yield (*at, "source"), f"is {show(figure.source)}; {did_you_mean(figure.source, list(trial.sources))}"
        for other in figure.shares_control_with:
            if other not in ids or other == figure.id:
                yield (*at, "shares_control_with"), f"names {other}, which is no other figure of this trial"
        if figure.run is not None:
            used |= {figure.run.arm, figure.run.against}
            yield from _strays(figure.run, (*at, "run"), trial, arms)
    for i, arm in enumerate(trial.arms):
        if arm.name not in used:
            yield ("arms", i), f"({arm.name}) is read by no figure; remove it, or read it"
    by_halves = {figure.run.estimator for figure in trial.figures if figure.run} & {"random halves", "event study"}
    if trial.halves is not None and not by_halves:
        yield ("halves",), "is given, but no figure is read by random halves or event study; remove it"


def _strays(run: Run, at: tuple[Step, ...], trial: Trial, arms: list[str]) -> Iterator[Finding]:
    """Yield what the reading of a figure names that the trial does not have."""
    for name in (run.arm, run.against):
        if name not in arms:
            yield at, f"names the arm {show(name)}, which the trial does not have; {did_you_mean(name, arms)}"
    if max(run.months[1], *(run.on or (1,))) > trial.months:
        yield (*at, "months"), f"ends after month {trial.months}, the last of the trial"
    if run.estimator in ("random halves", "event study") and trial.halves is None:
        yield (*at, "estimator"), f"is {run.estimator}, but the trial does not say halves, the places to be divided"
