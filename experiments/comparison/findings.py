"""What a comparison found, as numbers that a sentence can carry (`experiments.comparison.sentences`).

Every figure and every line of the report reads its numbers here, so that picture, table and words cannot disagree.
A finding leads with the difference and says how sure one may be: clear, where the whole interval lies beyond the least
effect that matters; small, where it lies inside; else it says what cannot be told.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.own_outcomes import OutcomesByName
from experiments.comparison.paired import (
    CLEAR,
    RARE,
    SMALL,
    TOO_FEW,
    UNTOLD,
    Floats,
    Interval,
    differences,
    futures_needed,
    interval_of,
    verdict_words,
)
from sim.outcomes import OUTCOMES, Outcome, outcome_index

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison

BY_NAME: dict[str, Outcome] = OutcomesByName({outcome.name: outcome for outcome in OUTCOMES})
"""How each outcome is described; one of the user's own is known by its name alone."""


class Reading(NamedTuple):
    """How an outcome is shown: what to multiply by, the unit of its level and the unit of a change in it."""

    factor: float
    unit: str
    change: str


@dataclass(frozen=True)
class Finding:
    """One policy's difference from the reference in one outcome, in the outcome's own unit.

    Attributes
    ----------
    outcome, policy, title
        The outcome; the policy's name and title.
    reference, level
        Mean over futures of the average over the whole horizon, without and with the policy.
    difference
        Mean paired difference with its 95 % interval; the ends are nan for a single future and for a rare event.
    clear
        Whether the interval lies wholly beyond the least effect that matters.
    verdict
        `clear`, `small` (it lies wholly inside), `cannot be told` (neither), `too few futures to say` or `seen in few
        futures`, see `experiments.comparison.paired`.
    least
        The least effect that matters, >= 0.
    lower, higher
        In how many of the `futures` the policy is lower, or higher, than the reference on the same seed.
    """

    outcome: Outcome
    policy: str
    title: str
    reference: float
    level: float
    difference: Interval
    clear: bool
    verdict: str
    least: float
    lower: int
    higher: int
    futures: int

    @property
    def direction(self) -> str:
        """Say `lower`, `higher`, or `unclear`."""
        if not self.clear:
            return "unclear"
        return "lower" if self.difference.mean < 0 else "higher"

    @property
    def judged(self) -> str:
        """Say `better` or `worse` where the difference is clear and the outcome has a better side, else nothing."""
        if not self.clear or self.outcome.better == "neither":
            return ""
        return "better" if self.direction == self.outcome.better else "worse"

    @property
    def moves(self) -> bool:
        """Say whether the policy differs from the reference in any future."""
        return self.lower + self.higher > 0

    @property
    def is_money(self) -> bool:
        """Say whether it is money, which is told as the amount it is."""
        return self.outcome.unit.startswith("million")

    @property
    def words(self) -> str:
        """What the difference amounts to, in the few words of a cell."""
        if not self.moves:
            return "no difference in any future"
        if self.futures == 1:
            return "one future only"
        if self.clear or self.is_money:
            return self.agreement
        if self.verdict == RARE:
            return self.seen
        return verdict_words(self.verdict, self.difference.low, self.difference.high)

    @property
    def seen(self) -> str:
        """In how many futures there is any difference, in words."""
        return f"seen in {self.lower + self.higher} of {self.futures} futures"

    @property
    def needed(self) -> int | None:
        """About how many futures would tell whether the difference is clear or small; None where too many would."""
        if self.futures == 1 or self.verdict not in (UNTOLD, TOO_FEW):
            return None
        return futures_needed(self.difference.mean, self.difference.low, self.difference.high, self.futures, self.least)

    @property
    def percent(self) -> Interval | None:
        """The difference in per cent of the reference; None where the reference is zero."""
        return self.difference.times(100.0 / abs(self.reference)) if self.reference else None

    @property
    def shown(self) -> Interval:
        """The difference in the unit in which the outcome is shown."""
        return self.difference.times(reading(self.outcome).factor)

    @property
    def agreement(self) -> str:
        """How many futures agree with the sign of the mean difference, in words."""
        if not self.moves:
            return "no difference in any future"
        if self.difference.mean > 0:
            return f"higher in {self.higher} of {self.futures} futures"
        return f"lower in {self.lower} of {self.futures} futures"


def significant(x: float, digits: int = 2) -> str:
    """Write a number with so many significant figures, the way a reader says it.

    Parameters
    ----------
    x
        The number. Not a number gives a dash.
    digits
        Significant figures, at least 1.

    Returns
    -------
    str
        With a true minus sign, thin spaces between thousands, and "million" or "billion" from a million on.

    Examples
    --------
    >>> significant(8.021), significant(0.0347), significant(61_234_567)
    ('8.0', '0.035', '61 million')
    """
    if not math.isfinite(x):
        return "–"
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(float(f"{x:.{digits - 1}e}")) >= size:
            return f"{significant(x / size, digits)} {word}"
    rounded = float(f"{x:.{digits - 1}e}")
    if abs(rounded) < 1e-6:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    return f"{rounded:,.{places}f}".replace(",", "\u202f").replace("-", "−")


def span(interval: Interval, *, sign: bool = True) -> str:
    """Write the ends of an interval: "−6.4 to −3.9"; without sign, the smaller size first: "3.9 to 6.4"; or "no interval".

    Ends that two figures cannot tell apart get a third.
    """
    if not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return "no interval"
    ends = [interval.low, interval.high] if sign else sorted((abs(interval.low), abs(interval.high)))
    low, high = map(significant, ends)
    if low == high and significant(ends[0], 3) != significant(ends[1], 3):
        low, high = (significant(end, 3) for end in ends)
    word = high.rpartition(" ")[2]
    if word.isalpha() and low.endswith(f" {word}"):
        low = low.removesuffix(f" {word}")
    return f"{low} to {high}"


def signed(x: float) -> str:
    """Write a change with its sign, plus as well as minus."""
    text = significant(x)
    return f"+{text}" if x > 0 and text != "0" else text


def reading(outcome: Outcome, currency: str = "") -> Reading:
    """Choose how an outcome is shown: shares in per cent, scales in points, money in full, everything else as it is.

    Parameters
    ----------
    outcome
        The outcome.
    currency
        Name of the city's money; with it, millions of money are told in full.
    """
    unit = outcome.unit
    if unit.startswith("share"):
        of = unit.removeprefix("share").removesuffix(", 0-1").strip()
        return Reading(100.0, f"% {of}".strip(), "percentage points")
    if unit == "0-100":
        return Reading(1.0, "on a scale of 0 to 100", "points")
    if unit.startswith("million") and currency:
        money = f"{currency}{unit.removeprefix('million')}"
        return Reading(1e6, money, money)
    return Reading(1.0, unit, unit)


def list_words(words: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: "a", "a and b", "a, b and c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def within(title: str) -> str:
    """Write a title as it stands inside a sentence, keeping names and acronyms as they are."""
    first, *rest = title.split(" ")
    named = any(word[:1].isupper() for word in rest) or first[1:2].isupper()
    return title if named else title[:1].lower() + title[1:]


def in_sentence(outcome: Outcome) -> str:
    """Name an outcome inside a sentence: by its phrase, or its title where that reads well."""
    return outcome.phrase or within(outcome.title)


def quoted(title: str) -> str:
    """Write the title of a policy inside a sentence: in quotation marks, since it may be a sentence of its own."""
    return f"“{title}”"


def titles(comparison: Comparison) -> dict[str, str]:
    """Return the title of every arm by its name; titles that several arms bear are followed by the name."""
    given = [arm.title for arm in comparison.arms]
    return {arm.name: arm.title if given.count(arm.title) == 1 else f"{arm.title} ({arm.name})" for arm in comparison.arms}


def reference_title(comparison: Comparison) -> str:
    """Name what the policies are compared with."""
    return quoted(titles(comparison)[comparison.against.name]) if comparison.against.measures else "no policy"


def level_interval(outcome: Outcome, values: Floats) -> Interval:
    """Return the mean of a level over futures with its 95 % interval, which ends where the outcome can go no further.

    Parameters
    ----------
    outcome
        The outcome; none can be below zero, and shares and scales have an upper end.
    values
        float64 [future], horizon means.
    """
    found = interval_of(values)
    most = 1.0 if outcome.unit.startswith("share") else 100.0 if outcome.unit == "0-100" else math.inf
    low, high = np.clip((found.low, found.high), 0.0, most)
    return Interval(found.mean, float(low), float(high))


def least_effect(outcome: Outcome, reference: float) -> float:
    """Return the least difference that matters at this reference level, in the outcome's unit."""
    return max(outcome.least * abs(reference), outcome.floor)


def findings(comparison: Comparison) -> dict[tuple[str, str], Finding]:
    """Read the comparison's table as findings by (policy name, outcome name)."""
    rows = {(row["policy"], row["outcome"]): row for row in comparison.table().to_dict("records")}
    found: dict[tuple[str, str], Finding] = {}
    named = titles(comparison)
    for policy in comparison.policies:
        for outcome in OUTCOMES:
            row = rows[policy.name, outcome.name]
            reference = float(rows[comparison.against.name, outcome.name]["mean"])
            found[policy.name, outcome.name] = Finding(
                outcome=outcome,
                policy=policy.name,
                title=named[policy.name],
                reference=reference,
                level=float(row["mean"]),
                difference=Interval(row["difference_mean"], row["difference_low"], row["difference_high"]),
                clear=bool(row["clear"]),
                verdict=str(row["verdict"]),
                least=least_effect(outcome, reference),
                lower=round(float(row["share_lower"]) * comparison.replications),
                higher=round(float(row["share_higher"]) * comparison.replications),
                futures=comparison.replications,
            )
    return found


@dataclass(frozen=True)
class PlaceChange:
    """Paired change by neighbourhood over the whole horizon, each array [neighbourhood], in the outcome's unit."""

    mean: Floats
    low: Floats
    high: Floats
    clear: NDArray[np.bool_]
    small: NDArray[np.bool_]

    def words(self, place: int) -> str:
        """Say what the change in one neighbourhood amounts to, where it is not clear."""
        said = SMALL if self.small[place] else UNTOLD
        return verdict_words(said, float(self.low[place]), float(self.high[place]))


def place_changes(comparison: Comparison, outcome: str) -> dict[str, PlaceChange]:
    """Return the paired change by neighbourhood for each policy, by its name; not-a-number where nobody lives."""
    lived_in = np.array([place.population > 0 for place in comparison.city.neighbourhoods])
    table = comparison.by_neighbourhood(outcome)
    changes: dict[str, PlaceChange] = {}
    for policy in comparison.policies:
        rows = table[table["policy"] == policy.name]
        mean, low, high = (
            np.where(lived_in, rows[f"difference_{end}"].to_numpy(dtype=float), np.nan) for end in ("mean", "low", "high")
        )
        clear, small = (rows["verdict"].to_numpy(dtype=str) == said for said in (CLEAR, SMALL))
        changes[policy.name] = PlaceChange(mean, low, high, clear & lived_in, small & lived_in)
    return changes


@dataclass(frozen=True)
class FifthChange:
    """Change in homicide in one fifth of the neighbourhoods under one policy, per 100 000 residents a year."""

    reference: float
    difference: Interval
    clear: bool
    verdict: str


def fifths(comparison: Comparison, arm: int) -> tuple[FifthChange, FifthChange]:
    """Return the change in the poorest and in the least poor fifth of neighbourhoods with residents, by residents."""
    places = comparison.city.neighbourhoods
    poorest_first = np.argsort([-place.poverty for place in places], kind="stable")
    order = poorest_first[[places[place].population > 0 for place in poorest_first]]
    size = max(1, round(len(order) / 5))
    population = np.array([place.population for place in places], dtype=float)
    outcome = BY_NAME["homicide_rate"]
    reference, policy = comparison.place_means[[0, arm], :, :, outcome_index(outcome.name)]

    def change(group: NDArray[np.intp]) -> FifthChange:
        weights = population[group]
        before = np.average(reference[:, group], axis=1, weights=weights)
        paired = differences(np.average(policy[:, group], axis=1, weights=weights), before, (outcome,))
        difference = Interval(*(float(paired[end]) for end in ("mean", "low", "high")))
        return FifthChange(float(before.mean()), difference, bool(paired["clear"]), str(paired["verdict"]))

    return change(order[:size]), change(order[-size:])


def clear_places(change: PlaceChange) -> tuple[int, int]:
    """Count neighbourhoods with a clear fall and with a clear rise."""
    return int((change.clear & (change.mean < 0)).sum()), int((change.clear & (change.mean > 0)).sum())


def strongest(found: Iterable[Finding]) -> Finding | None:
    """Return the finding with the largest clear improvement, or None; all of one outcome."""
    better = [f for f in found if f.judged == "better"]
    return max(better, key=lambda f: abs(f.difference.mean), default=None)
