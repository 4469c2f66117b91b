"""How a claim about a measure is judged, clause by clause, and the city and arms that measures are tried in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest

from experiments.evidence.rules import LEAST, MARGINS, Change
from sim.measures import MEASURES
from sim.measures.declaration import Measure
from sim.outcomes import outcome_index
from sim.scenario import City, Policy, load_city
from tests.validation.futures import ALIKE, Futures, interval, policy_of

SEEDS = 40
# Futures in which one effect is read that a few futures alone can carry.
MANY = 300
FIFTY = 50
# Killing between gangs is the noisiest outcome: what turns on it is judged over more futures.
NOISY = "gang_homicide_rate"
Figures = np.ndarray[Any, Any]


# How a claim is judged ------------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """One clause of a claim: what was found, and whether that is what was claimed."""

    says: str
    holds: bool


def hold(*found: Found) -> None:
    """Tell every clause and refuse the claim if one does not hold."""
    for each in found:
        print(("  " if each.holds else "x ") + each.says)
    wrong = [each.says for each in found if not each.holds]
    assert not wrong, "\n".join(wrong)


type Rule = Callable[[str, Figures, Figures, float], Found]


def _rule(change: Change, words: str) -> Rule:
    """Return a function that judges by one of the rules of claims, and tells what was found."""

    def judge(says: str, new: Figures, old: Figures, least: float = LEAST) -> Found:
        found = interval(new - old, old)
        bound = "margin" if change in MARGINS else "least"
        return Found(f"{says} {words}: {found}, {bound} {100 * least:g} %", found.satisfies(change, least))

    return judge


falls, rises, nothing = _rule("falls", "falls"), _rule("rises", "rises"), _rule("nothing", "stays")
no_more, no_less = _rule("no rise", "does not rise"), _rule("no fall", "does not fall")


def exceeds(says: str, figures: Figures, least: float) -> Found:
    """Judge an absolute figure, where the level without the measure is nothing."""
    found = interval(figures, np.ones(len(figures)))
    low, high = found.low, found.high
    return Found(f"{says} exceeds {least:g}: {found.mean:.4g} [{low:.4g}, {high:.4g}]", low > least)


class Lived(Futures):
    """Futures whose claims are judged clause by clause."""

    def __init__(self, city: City, arms: Sequence[Policy], *, seeds=FIFTY, months=60, scale=1.0, **about: Any) -> None:
        super().__init__(city, arms, seeds=seeds, months=months, scale=scale, **about)

    def _told(self, arm: str, outcome: str, first: int, last: int | None, than: str) -> str:
        end = self.monthly.shape[2] if last is None else last
        besides = "" if than == "baseline" else f" against {than}"
        return f"{arm}{besides}, months {first}-{end}: {outcome}"

    def _judge(
        self,
        rule: Rule,
        arm: str,
        outcome: str,
        first: int,
        last: int | None,
        than: str,
        least: float,
    ) -> Found:
        new, old = self.series(arm, outcome, first, last), self.series(than, outcome, first, last)
        return rule(self._told(arm, outcome, first, last, than), new, old, least)

    def falls(self, arm, outcome, first=0, last=None, *, than="baseline", least=LEAST) -> Found:
        return self._judge(falls, arm, outcome, first, last, than, least)

    def rises(self, arm, outcome, first=0, last=None, *, than="baseline", least=LEAST) -> Found:
        return self._judge(rises, arm, outcome, first, last, than, least)

    def nothing(self, arm, outcome, first=0, last=None, *, than="baseline", margin=LEAST) -> Found:
        return self._judge(nothing, arm, outcome, first, last, than, margin)

    def no_more(self, arm, outcome, first=0, last=None, *, than="baseline", margin=LEAST) -> Found:
        return self._judge(no_more, arm, outcome, first, last, than, margin)

    def no_less(self, arm, outcome, first=0, last=None, *, than="baseline", margin=LEAST) -> Found:
        return self._judge(no_less, arm, outcome, first, last, than, margin)

    def gains_less(self, arm, outcome, first=0, last=None, *, than, least=LEAST) -> Found:
        """Judge whether an arm gains less than another does, in parts of the level without either."""
        less = self.series(arm, outcome, first, last) - self.series(than, outcome, first, last)
        found = interval(less, self.series("baseline", outcome, first, last))
        told = self._told(arm, outcome, first, last, than)
        return Found(f"{told} gains less: {found}, least {100 * least:g} %", found.satisfies("weaker", least))

    def leaves_rate(self, arm: str, first: int = 0, last: int | None = None) -> Figures:
        """Exits per member."""
        return self.series(arm, "exits", first, last) / self.series(arm, "gang_members", first, last)

    def lag(self, arm: str, outcome: str, seeds: Figures, than: str = "baseline") -> float:
        """Mean months by which an effect trails, the mean of its last two years being the whole of it."""
        column = outcome_index(outcome)
        gap = self.monthly[seeds, self.names.index(arm), :, column] - self.monthly[seeds, self.names.index(than), :, column]
        curve = gap.mean(axis=0, dtype=float)
        return float((1.0 - curve / curve[-24:].mean()).sum())

    def in_order(self, arm: str, *outcomes: str, than: str = "baseline") -> list[Found]:
        """Judge whether each outcome moves after the one before, by the lag of the mean effect (bootstrap)."""
        count = len(self.monthly)
        luck = np.random.default_rng(1)
        drawn = [luck.integers(0, count, count) for _ in range(400)]
        found = []
        for before, after in pairwise(outcomes):
            gaps = [self.lag(arm, after, seeds, than) - self.lag(arm, before, seeds, than) for seeds in drawn]
            low, mid, high = np.percentile(gaps, [2.5, 50.0, 97.5])
            told = f"{arm}: {after} trails {before} by {mid:.1f} [{low:.1f}, {high:.1f}] months"
            found.append(Found(told, bool(low > 0.0)))
        return found


# Cities and arms ------------------------------------------------------------------------------------------------------

SANDBOX = load_city("sandbox")


def use(row: str, **about: Any) -> dict[str, object]:
    return {"measure": row, **about}


def lacking(row: str, *conditions: str, **about: Any) -> dict[str, object]:
    """A measure in use without the named conditions."""
    return {"measure": row, "conditions": dict.fromkeys(conditions, 0.0), **about}


BETTER_OFF = ("Aldoo", "Bimbry", "Cozzle", "Dorvin")


def alone_at_full_level(pillar: str, *others: Policy, **about: Any) -> Lived:
    """The sandbox over five years, all of them alike: each measure of a pillar alone at full level, and other arms."""
    arms = [policy_of(measure.name, use(measure.row)) for measure in MEASURES if measure.pillar == pillar]
    return Lived(SANDBOX, [*arms, *others], seeds=SEEDS, without=ALIKE, **about)


# What is asked of every measure ---------------------------------------------------------------------------------------


def each_of(pillar: str) -> pytest.MarkDecorator:
    """Ask a test of each measure of a pillar."""
    measures = [measure for measure in MEASURES if measure.pillar == pillar]
    return pytest.mark.parametrize("measure", measures, ids=lambda measure: measure.row)


def leaves_alone(alone: Lived, measure: Measure) -> None:
    """Hold a measure to what its row says that it leaves alone."""
    hold(*(alone.nothing(measure.name, outcome, 12) for outcome in measure.leaves_alone if outcome != NOISY))


def changes_every_future(alone: Lived, measure: Measure) -> None:
    """Hold a measure to being no silent no-op: with it every future is another."""
    arm = alone.names.index(measure.name)
    assert (alone.monthly[:, arm] != alone.monthly[:, 0]).any(axis=(1, 2)).all()
