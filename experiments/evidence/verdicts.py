"""Cases judged: whether the figures of many futures bear out what a case claims.

    d_r       = judged reading - reference reading in future r, arms of a setting sharing the burn-in of a seed
    interval  = the 95 % interval of the mean of d, see `experiments.comparison.paired`
    least     = max(least share * |mean reference|, floor)

A claim holds where the interval satisfies its rule (`experiments.evidence.rules`) in every comparison that it makes.
What the model cannot show fails; nothing is bent, and the figures that were judged are always told.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from experiments.comparison.paired import TOO_FEW, Floats, Interval, interval_of
from experiments.comparison.windows import check_windows
from experiments.evidence.claims import HERE, KINDS, Claim, Kind, Reading, by_kind, comparisons
from experiments.evidence.figures import BY_NAME, figures
from experiments.evidence.rules import rule_on
from experiments.evidence.schema import Case, load_case, setting_of
from experiments.execution.execution import Execution
from sim.errors import InputError
from sim.notebook import clipped, html_table
from sim.scenario import City

__all__ = ["Asked", "Found", "Judgement", "Verdict", "held_by_kind", "json_object", "judge", "run_case"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """One comparison: what was read, what it was compared with, and the figures that were judged.

    Attributes
    ----------
    judged, reference
        The readings; a claim about a level has no reference.
    level, reference_level
        Their means over the futures.
    difference
        Mean paired difference with its interval; for a claim about a level, the level itself.
    relative
        The same as a share of the reference; for a weaker effect, its distance from the effect of the other claim.
    least
        The least effect, or the margin, in the unit of the difference.
    verdict
        What the figures say, in the words of `experiments.comparison.paired`: "clear", "small", "cannot be told", "too few
        futures to say" or "seen in few futures".
    holds
        Whether the interval satisfies the rule.
    """

    judged: Reading
    reference: Reading | None
    level: float
    reference_level: float | None
    difference: Interval
    relative: Interval
    least: float
    verdict: str
    holds: bool


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What one comparison of a claim comes to in other months, which were asked for; it is told and not judged.

    Attributes
    ----------
    judged, reference
        The readings of these months; a claim about a level has no reference.
    level, reference_level
        Their means over the futures.
    difference
        Mean paired difference, or the level itself; with several windows, intervals that hold together.
    """

    judged: Reading
    reference: Reading | None
    level: float
    reference_level: float | None
    difference: Interval


@dataclass(frozen=True, repr=False)
class Verdict:
    """What became of one claim: it holds where it does in every comparison that it makes."""

    claim: Claim
    found: tuple[Found, ...]
    asked: tuple[Asked, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether every comparison bears the claim out."""
        return all(each.holds for each in self.found)

    @property
    def words(self) -> str:
        """Say what became of the claim: "holds", "does not hold", or that there are too few futures to say."""
        if any(each.verdict == TOO_FEW for each in self.found):
            return TOO_FEW
        return "holds" if self.holds else "does not hold"

    def __repr__(self) -> str:
        return f"<Verdict on {self.claim.id}: {self.words} ({len(self.found)} comparisons)>"


@dataclass(frozen=True, repr=False, kw_only=True)
class Judgement:
    """A case with the verdict on each of its claims, in their order, and how it was run."""

    case: Case
    city: City
    months: int
    replications: int
    seed: int
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether every claim holds."""
        return all(verdict.holds for verdict in self.verdicts)

    def headline(self) -> str:
        """Return in one line which case was judged, and what came of it."""
        held = f"{sum(verdict.holds for verdict in self.verdicts)} of {len(self.verdicts)} claims hold"
        held += f" ({', '.join(f'{kind} {of} of {out_of}' for kind, (of, out_of) in held_by_kind(self.verdicts).items())})"
        how = f"{self.months} months, {self.replications} futures, seed {self.seed}"
        return f"{self.case.id}: {self.case.title}; {held}; {how}"

    def __repr__(self) -> str:
        return clipped(f"<Judgement: {self.headline()}>")

    def _repr_html_(self) -> str:
        rows = [(each.claim.id, each.claim.kind, each.claim.says, each.words) for each in self.verdicts]
        return html_table(self.headline(), ["claim", "kind", "says", "verdict"], rows)


def held_by_kind(verdicts: Sequence[Verdict]) -> dict[Kind, tuple[int, int]]:
    """Return for each kind of claim how many hold, and of how many; kinds without a claim are left out."""
    holding = {verdict.claim.id for verdict in verdicts if verdict.holds}
    kinds = by_kind(verdict.claim for verdict in verdicts)
    return {kind: (sum(claim.id in holding for claim in claims), len(claims)) for kind, claims in kinds.items()}


def run_case(
    case: Case | str | os.PathLike[str],
    *,
    months: int | None = None,
    replications: int | None = None,
    seed: int = 1,
    execution: Execution | None = None,
    windows: Sequence[tuple[int, int]] = (),
    model: Callable[..., Any] | None = None,
) -> Judgement:
    """Run every arm of a case over the same futures and judge its claims.

    Parameters
    ----------
    case
        What to run: a case, its name or the path of its file.
    months, replications
        As in the case unless given; a claim must not end after the last month.
    seed
        The number all futures are derived from.
    execution
        How the runs are made, and where they are kept; changes no result.
    windows
        First and last month, from 1, of parts of the run that are told beside what claims read.
    model
        A rule of one's own after each month (`experiments.execution.extensions.StudySettings`).

    Raises
    ------
    InputError
        When the case cannot be run so.
    FailedJobsError
        When a future ended without results.
    Cancelled
        After Ctrl-C, or when the progress returned False.
    """
    case = case if isinstance(case, Case) else load_case(case)
    length = months or case.months
    futures = replications or case.replications
    _refuse(case, length, futures)
    check_windows(windows, length)
    pairs = {claim.id: _in_windows(claim, windows) for claim in case.expected}
    besides = [reading for asked in pairs.values() for pair in asked for reading in pair if reading is not None]
    read = figures(case, months=length, replications=futures, seed=seed, execution=execution, besides=besides, model=model)
    city, _, _ = setting_of(case, HERE)
    verdicts = tuple(
        replace(verdict, asked=tuple(_asked(pair, read, len(windows)) for pair in pairs[verdict.claim.id]))
        for verdict in judge(case.expected, read)
    )
    return Judgement(case=case, city=city, months=length, replications=futures, seed=seed, verdicts=verdicts)


def _refuse(case: Case, months: int, replications: int) -> None:
    """Raise where a case cannot be judged over so few months or futures."""
    if replications < 2:
        raise InputError(f"replications is {replications}; a claim is judged by an interval, ask for 2 or more")
    last, claim = max((reading.months[1], claim.id) for claim in case.expected for reading in _of(claim))
    if last > months:
        raise InputError(f"months is {months}; {claim} looks as far as month {last}, ask for {last} or more")


def _in_windows(claim: Claim, windows: Sequence[tuple[int, int]]) -> list[tuple[Reading, Reading | None]]:
    """Return what a claim compares, in other months.

    Nothing where it counts months of recovery or holds months against other months, and, for a part of a city, which is
    kept by years, nothing where a window does not hold whole years.
    """
    return [
        (judged._replace(months=window), None if reference is None else reference._replace(months=window))
        for window in windows
        for judged, reference in comparisons(claim)
        if judged.recovery is None and (reference is None or reference.months == judged.months)
        if judged.where.all or ((window[0] - 1) % 12 == 0 and window[1] % 12 == 0)
    ]


def _asked(pair: tuple[Reading, Reading | None], values: Mapping[Reading, Floats], family: int) -> Asked:
    judged, reference = pair
    figures = values[judged]
    below = None if reference is None else values[reference]
    difference = interval_of(figures if below is None else figures - below, family=family)
    level, reference_level = float(figures.mean()), None if below is None else float(below.mean())
    return Asked(judged=judged, reference=reference, level=level, reference_level=reference_level, difference=difference)


def _of(claim: Claim) -> list[Reading]:
    return [reading for pair in comparisons(claim) for reading in pair if reading is not None]


# Judging --------------------------------------------------------------------------------------------------------------


def judge(claims: Sequence[Claim], values: Mapping[Reading, Floats]) -> tuple[Verdict, ...]:
    """Return the verdict on every claim.

    Parameters
    ----------
    claims
        The claims of one case.
    values
        float64 [future] for every reading, the futures of all readings in the same order.
    """
    return tuple(
        Verdict(claim, tuple(_held(claim, pair, values, claims) for pair in comparisons(claim))) for claim in claims
    )


def _held(
    claim: Claim, pair: tuple[Reading, Reading | None], values: Mapping[Reading, Floats], claims: Sequence[Claim]
) -> Found:
    judged, reference = pair
    level = float(values[judged].mean())
    below = None if reference is None else float(values[reference].mean())
    if reference is None or below is None:
        ruling = rule_on("level", values[judged], level=level, bounds=claim.bounds)
    else:
        ruling = rule_on(
            claim.change,
            values[judged] - values[reference],
            level=below,
            share=claim.least,
            floor=_floor(claim),
            bounds=claim.bounds,
        )
    if claim.change == "weaker":
        distance = rule_on("weaker", _distance(claim, values, claims), level=1.0, share=claim.least)
        ruling = ruling._replace(relative=distance.difference, verdict=distance.verdict, holds=distance.holds)
    return Found(
        judged=judged,
        reference=reference,
        level=level,
        reference_level=below,
        difference=ruling.difference,
        relative=ruling.relative,
        least=ruling.least,
        verdict=ruling.verdict,
        holds=ruling.holds,
    )


def _floor(claim: Claim) -> float:
    """Return the least effect in the unit of what is read: the claim's own, else that of a plain outcome in a direction."""
    if claim.floor is not None:
        return claim.floor
    is_plain = not claim.plus and claim.over is None and claim.times is None and claim.recovery is None
    directional = claim.change in ("falls", "rises", "order")
    return BY_NAME[claim.outcome].floor if is_plain and directional else 0.0


def _distance(claim: Claim, values: Mapping[Reading, Floats], claims: Sequence[Claim]) -> Floats:
    """Return in every future how far an effect lies beyond that of another claim, in shares of each one's own reference.

    Negative where it is weaker, whichever way the other effect points.
    """
    other = next(each for each in claims if each.id == claim.than)
    mine, others = _effects(claim, values), _effects(other, values)
    return math.copysign(1.0, float(others.mean())) * (mine - others)


def _effects(claim: Claim, values: Mapping[Reading, Floats]) -> Floats:
    """Return the effect in every future as a share of the mean reference."""
    ((judged, reference),) = comparisons(claim)
    assert reference is not None
    level = abs(float(values[reference].mean()))
    return (values[judged] - values[reference]) / (level or math.nan)


# As JSON --------------------------------------------------------------------------------------------------------------


def json_object(judgement: Judgement) -> dict[str, Any]:
    """Return a judged case as plain values; what is undefined is None."""
    case = judgement.case
    return {
        "id": case.id,
        "name": case.name,
        "title": case.title,
        "city": case.city,
        "months": judgement.months,
        "replications": judgement.replications,
        "seed": judgement.seed,
        "holds": judgement.holds,
        "kinds": {
            kind: {"says": KINDS[kind], "held": held, "claims": claims}
            for kind, (held, claims) in held_by_kind(judgement.verdicts).items()
        },
        "claims": [_claim_object(verdict) for verdict in judgement.verdicts],
    }


def _claim_object(verdict: Verdict) -> dict[str, Any]:
    claim = verdict.claim
    asked = {"change": claim.change, "bounds": claim.bounds, "than": claim.than, "least": claim.least}
    found = [
        {
            "judged": _reading_object(each.judged),
            "reference": None if each.reference is None else _reading_object(each.reference),
            "level": _plain(each.level),
            "reference_level": None if each.reference_level is None else _plain(each.reference_level),
            "difference": {name: _plain(end) for name, end in each.difference._asdict().items()},
            "relative": {name: _plain(end) for name, end in each.relative._asdict().items()},
            "least": _plain(each.least),
            "verdict": each.verdict,
            "holds": each.holds,
        }
        for each in verdict.found
    ]
    windows = [
        {
            "judged": _reading_object(each.judged),
            "reference": None if each.reference is None else _reading_object(each.reference),
            "level": _plain(each.level),
            "reference_level": None if each.reference_level is None else _plain(each.reference_level),
            "difference": {name: _plain(end) for name, end in each.difference._asdict().items()},
        }
        for each in verdict.asked
    ]
    said = {"id": claim.id, "kind": claim.kind, "stated": claim.stated, "says": claim.says}
    told: dict[str, Any] = {**said, "holds": verdict.holds, **asked, "comparisons": found}
    return told | ({"windows": windows} if windows else {})


def _reading_object(reading: Reading) -> dict[str, Any]:
    where = reading.where.model_dump(exclude_defaults=True)
    recovery = None if reading.recovery is None else reading.recovery.model_dump()
    return reading._asdict() | {"where": where, "recovery": recovery}


def _plain(figure: float) -> float | None:
    return figure if math.isfinite(figure) else None
