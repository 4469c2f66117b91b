"""The check for false comfort: a headline improves while something that the headline does not count worsens (row A08).

    d_r      = horizon mean of the arm in future r - horizon mean of the reference in future r
    headline = its 95 % interval lies wholly on the better side of zero and of its least effect
    hidden   = its interval, widened so that all measures hidden behind one headline hold at once (Bonferroni), lies wholly
               on the worse side of zero, and the mean is worse by LEAST_HARM of the level or more
    record   = expected killings * killings on record / killings that happened, so that luck in the deaths of a future,
               which drowns what a policy changes, moves record and truth alike
    paper    = homicide on record falls; homicide rises, or the log ratio of record to truth clearly falls

The bar for a harm is lower than the bar for a gain on purpose: a warning costs a reader a minute, a harm that nobody
looked for costs more. Which measures hide behind which headline is judgement, written down in `CHECKS`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.comparison.paired import Floats, differences, interval_of

if TYPE_CHECKING:
    from sim.outcomes import Outcome

__all__ = ["CHECKS", "LEAST_HARM", "Check", "Comfort", "by_arm", "comfort_notes", "comfort_object", "false_comfort"]

LEAST_HARM = 0.02
"""The least worsening that is told, as a share of the level."""

RECORDED, TRUE = "homicides_recorded", "homicide_rate"


class Check(NamedTuple):
    """One headline, and what may worsen unseen while it improves.

    `improves` is the direction in which the headline looks good; `hidden` names outcomes with the direction in which each
    is worse; `says` is the sentence before the figures.
    """

    title: str
    headline: str
    improves: str
    hidden: tuple[tuple[str, str], ...]
    says: str


CHECKS: tuple[Check, ...] = (
    Check(
        "False comfort",
        TRUE,
        "lower",
        (
            ("criminal_governance_index", "higher"),
            ("extortion_share", "higher"),
            ("turnover_taken", "higher"),
            ("criminal_legitimacy", "higher"),
            ("state_legitimacy", "lower"),
            ("police_legitimacy", "lower"),
            ("abuse", "higher"),
            ("police_killings", "higher"),
            ("gang_arms", "higher"),
        ),
        "Homicide would fall, but the count of killings hides what worsens.",
    ),
    Check(
        "Seized, not scarcer",
        "seizures_recorded",
        "higher",
        (
            ("drug_price", "lower"),
            ("goods_price", "lower"),
            ("firearms_price", "lower"),
            ("seizures_true", "lower"),
            ("rents", "higher"),
        ),
        "More seizures would be recorded, but supply and rents say that trade would not be hurt.",
    ),
)
"""The checks that every comparison goes through, besides the one of record against truth."""

ON_PAPER = "Fewer on paper"
ON_PAPER_SAYS = "Recorded homicides would fall, while homicide itself would not fall with them: the record misleads."


class Change(NamedTuple):
    """One outcome's mean paired difference with its interval, and its level in the reference, in the outcome's unit."""

    outcome: Outcome
    reference: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Comfort:
    """One warning: the headline that looks better, and the hidden measure that is worse, each with its interval."""

    title: str
    says: str
    headline: Change
    hidden: Change


def false_comfort(means: Floats, reference: Floats) -> list[Comfort]:
    """Return every warning about one arm; none where nothing worsens behind a headline, or where luck may explain it.

    Parameters
    ----------
    means, reference
        float64 [replication, outcome], horizon means of every outcome of `sim.outcomes`, over the same futures.

    Returns
    -------
    list of Comfort
        In the order of `CHECKS`, record against truth last. Empty for a single future, which says nothing about luck.
    """
    from sim.outcomes import OUTCOMES, outcome_index

    if len(means) < 2:
        return []
    means, reference = _on_record(means), _on_record(reference)
    shown = differences(means, reference, OUTCOMES)
    warnings = []
    for check in CHECKS:
        column = outcome_index(check.headline)
        if not shown["clear"][column] or (shown["mean"][column] < 0) != (check.improves == "lower"):
            continue
        headline = _change(OUTCOMES[column], means[:, column], reference[:, column])
        for name, worse in check.hidden:
            place = outcome_index(name)
            hidden = _change(OUTCOMES[place], means[:, place], reference[:, place], at_once=len(check.hidden))
            if _worsens(hidden, worse):
                warnings.append(Comfort(check.title, check.says, headline, hidden))
    return warnings + _on_paper(means, reference, shown)


def by_arm(means: Floats, names: Sequence[str]) -> dict[str, list[Comfort]]:
    """Return the warnings of every arm but the first, which is the reference; arms without any are left out.

    Parameters
    ----------
    means
        float64 [arm, replication, outcome], the reference first.
    names
        Of the arms after the first.
    """
    found = {name: false_comfort(means[arm], means[0]) for arm, name in enumerate(names, start=1)}
    return {name: warnings for name, warnings in found.items() if warnings}


def comfort_notes(warnings: Sequence[Comfort], subject: str = "It") -> list[tuple[str, str]]:
    """Say the warnings about one arm: a title and a text for each headline, with every hidden measure and its interval.

    Parameters
    ----------
    warnings
        Of one arm, see `false_comfort`.
    subject
        Who would do it.
    """
    from experiments.comparison.findings import list_words

    notes = []
    for title in dict.fromkeys(each.title for each in warnings):
        part = [each for each in warnings if each.title == title]
        hidden = list_words([told(each.hidden) for each in part])
        notes.append((title, f"{part[0].says} {subject} would {told(part[0].headline)}, but {hidden}."))
    return notes


def told(change: Change) -> str:
    """Say one change as part of a sentence: "raise extortion by 6.0 % (5.8 to 6.1)"; in its unit where the level is zero."""
    from experiments.comparison.findings import in_sentence, significant, span
    from experiments.comparison.paired import Interval

    name = in_sentence(change.outcome)
    factor, unit = (100.0 / abs(change.reference), " %") if change.reference else (1.0, f" {change.outcome.unit}")
    shown = Interval(change.mean, change.low, change.high).times(factor)
    straddles = shown.low < 0.0 < shown.high
    verb = "raise" if change.mean > 0 else "lower"
    ends = span(shown) if straddles else span(shown, sign=False)
    return f"{verb} {name} by {significant(abs(shown.mean))}{unit} ({ends})"


def comfort_object(found: Mapping[str, Sequence[Comfort]]) -> dict[str, Any]:
    """Return the warnings by arm as JSON can hold them."""

    def plain(change: Change) -> dict[str, Any]:
        return {"outcome": change.outcome.name} | {
            name: float(getattr(change, name)) for name in ("reference", "mean", "low", "high")
        }

    return {
        arm: [{"title": each.title, "headline": plain(each.headline), "hidden": plain(each.hidden)} for each in warnings]
        for arm, warnings in found.items()
    }


def _on_record(means: Floats) -> Floats:
    """Return the means with the expected record in the place of the one that was drawn.

    means: float64 [replication, outcome]. A future in which nobody was killed takes the share on record of all futures.
    """
    from sim.outcomes import outcome_index

    drawn, recorded = means[:, outcome_index("homicides")], means[:, outcome_index(RECORDED)]
    if not drawn.sum() > 0:
        return means
    overall = np.full_like(drawn, recorded.sum() / drawn.sum())
    share = np.divide(recorded, drawn, out=overall, where=drawn > 0)
    expected = means.copy()
    expected[:, outcome_index(RECORDED)] = share * means[:, outcome_index("killings_expected")]
    return expected


def _worsens(change: Change, worse: str) -> bool:
    """Whether the whole interval lies on the worse side of zero, and the mean is far enough from it."""
    least = max(LEAST_HARM * abs(change.reference), change.outcome.floor)
    if worse == "higher":
        return change.low > 0.0 and change.mean >= least
    return change.high < 0.0 and change.mean <= -least


def _on_paper(means: Floats, reference: Floats, shown: Mapping[str, Any]) -> list[Comfort]:
    """Return a warning where the record clearly falls and the truth does not fall with it."""
    from sim.outcomes import OUTCOMES, outcome_index

    recorded, true = outcome_index(RECORDED), outcome_index(TRUE)
    if not shown["clear"][recorded] or shown["mean"][recorded] >= 0:
        return []
    rises = shown["clear"][true] and shown["mean"][true] > 0
    if not rises and not _record_falls_away(means[:, (recorded, true)], reference[:, (recorded, true)]):
        return []
    changes = [_change(OUTCOMES[column], means[:, column], reference[:, column]) for column in (recorded, true)]
    return [Comfort(ON_PAPER, ON_PAPER_SAYS, *changes)]


def _record_falls_away(means: Floats, reference: Floats) -> bool:
    """Whether the record falls clearly further than the truth: the paired change in the log of their ratio.

    means, reference: float64 [replication, 2], the record and the truth.
    """
    from sim.outcomes import OUTCOMES, outcome_index

    if not (means > 0).all() or not (reference > 0).all():
        return False
    gap = np.log(means[:, 0] / means[:, 1]) - np.log(reference[:, 0] / reference[:, 1])
    return interval_of(gap).high < -OUTCOMES[outcome_index(RECORDED)].least


def _change(outcome: Outcome, means: Floats, reference: Floats, *, at_once: int = 1) -> Change:
    return Change(outcome, float(reference.mean()), *interval_of(means - reference, family=at_once))
