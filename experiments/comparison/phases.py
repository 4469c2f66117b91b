"""Phases: the parts of a comparison between changes and shocks, with a difference and an interval for each.

An average over the whole horizon hides a turn: a truce that saves lives for a year and costs some afterwards shows next
to nothing. So the horizon is cut where any arm changes, and every part is told beside the whole.

Cuts lie where a measure of any arm begins, reaches full strength or ends, and where a shock strikes or is over. They are
taken in this order, each only where every phase keeps at least `SHORTEST` months and there are at most `MOST` phases:

1. the earliest stop,
2. the start and the stop of the largest measure: the most neighbourhoods times its level,
3. other stops, then starts and shocks, then the months in which measures reach full strength, the larger first.

`dropped_cuts` names the rest. When a measure that waits for something begins is not known before the run; it is cut at
the `start` from which it waits, and says so.

    d_r(p)   = mean over the months of phase p of the policy in future r - the same of the reference in future r
    interval = that of `experiments.comparison.paired.mean_interval` of d, with t(1 - .025 / k, n - 1)

With k phases the k intervals hold together in at least 95 % of cases (Bonferroni), for each policy and outcome. The last
year is one window that is the same for every plan: like the whole horizon it has a plain 95 % interval.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from experiments.comparison.findings import Finding, least_effect, quoted, titles
from experiments.comparison.paired import Interval, differences, levels
from sim.dates import month_date, month_number
from sim.outcomes import OUTCOMES

if TYPE_CHECKING:
    from experiments.comparison.compare import Comparison
    from sim.scenario import MeasureUse, Target

__all__ = [
    "MOST",
    "SHORTEST",
    "DroppedCut",
    "Event",
    "Phase",
    "dropped_cuts",
    "events",
    "last_year",
    "phase_findings",
    "phase_label",
    "phases",
    "window_findings",
]

SHORTEST = 6
"""Least months of a phase."""
MOST = 6
"""Most phases of a comparison."""
YEAR = 12

type Findings = dict[tuple[str, str], tuple[Finding, ...]]


class Event(NamedTuple):
    """Something that changes in an arm, or a shock in all of them.

    Attributes
    ----------
    month
        The first month in which it is so, from 1: a measure that ends with month 14 ends an effect in month 15.
    kind
        "starts", "stops", "at full strength", "changes", "shock" or "shock over".
    says
        What happens, as a reader is told.
    size
        How much of the city it concerns: neighbourhoods times level.
    measure
        Which use of a measure it is, by arm and place in the policy; None for a shock.
    """

    month: int
    kind: str
    says: str
    size: float
    measure: tuple[int, int] | None


@dataclass(frozen=True)
class Phase:
    """Some months of a comparison, `first` to `last`, both included and from 1.

    Attributes
    ----------
    first, last
        The months.
    label
        Their name, with dates where the city says when it begins: "months 1 to 14 (2027-01 to 2028-02)".
    why
        What changes as it begins.
    """

    first: int
    last: int
    label: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class DroppedCut:
    """A month in which something changes and no phase begins, and why not."""

    month: int
    why: tuple[str, ...]
    because: str


# Where to cut ---------------------------------------------------------------------------------------------------------


def events(comparison: Comparison) -> tuple[Event, ...]:
    """Return everything that begins, ends or happens after the first month, in order of months."""
    found = [
        event
        for arm, policy in enumerate(comparison.arms)
        for place, use in enumerate(policy.measures)
        if use.highest_level > 0
        for event in _of_measure(comparison, (arm, place), use)
    ]
    found += _of_shocks(comparison)
    return tuple(sorted(found, key=lambda event: (event.month, event.kind, event.says)))


def _of_measure(comparison: Comparison, where: tuple[int, int], use: MeasureUse) -> Iterator[Event]:
    """Yield when one measure begins, reaches full strength and ends, as far as that lies within the run."""
    policy, measure, begins = comparison.arms[where[0]], use.declared, comparison.city.begins
    name = f"{quoted(titles(comparison)[policy.name])}: {measure.title} ({use.measure})"
    size = use.highest_level * use.where.cover * _places(comparison, use.where)
    start, stop = month_number(use.start, begins), None if use.stop is None else month_number(use.stop, begins)
    ramp = measure.onset_months if use.ramp is None else use.ramp
    if use.trigger is not None:
        yield from _within(comparison, Event(start, "starts", f"{name} may begin from here, once what it waits for is so, "
                                             "which is not known before the run", size, where))  # fmt: skip
    else:
        yield from _within(comparison, Event(start, "starts", f"{name} begins", size, where))
        full = start + ramp - 1
        if full > start and (stop is None or full <= stop):
            yield from _within(comparison, Event(full, "at full strength", f"{name} is at full strength", size, where))
    for month, level in _changes(use, start, begins):
        if month > start and (stop is None or month <= stop):
            says = f"{name} goes to level {level:g}"
            yield from _within(comparison, Event(month, "changes", says, size, where))
    if stop is not None:
        yield from _within(comparison, Event(stop + 1, "stops", f"{name} has ended", size, where))


def _changes(use: MeasureUse, start: int, begins: str | None) -> Iterator[tuple[int, float]]:
    """Yield from which month on a measure has another level, where that is known before the run."""
    if not isinstance(use.level, dict):
        return
    for month, level in list(use.level.items())[1:]:
        if isinstance(month, str):
            yield month_number(month, begins), level
        elif use.trigger is None:
            yield start + month, level


def _of_shocks(comparison: Comparison) -> Iterator[Event]:
    """Yield when each shock strikes, and when one that lasts is over."""
    begins = comparison.city.begins
    for shock in comparison.shocks:
        size = float(_places(comparison, shock.where))
        first = month_number(shock.start, begins)
        yield from _within(comparison, Event(first, "shock", f"{shock.title} strikes", size, None))
        last = None if shock.last is None else month_number(shock.last, begins)
        if last is not None and last > first:
            yield from _within(comparison, Event(last + 1, "shock over", f"{shock.title} is over", size, None))


def _within(comparison: Comparison, event: Event) -> Iterator[Event]:
    if 1 < event.month <= comparison.months:
        yield event


def _places(comparison: Comparison, where: Target) -> int:
    """Return how many neighbourhoods something concerns."""
    known = len(comparison.city.neighbourhoods)
    if where.places is not None:
        return len(where.places)
    if where.worst is not None:
        return min(where.worst, known)
    return known if where.worst_share is None else max(1, round(where.worst_share * known))


def _in_order_of_weight(found: Sequence[Event]) -> list[int]:
    """Return the months of events, each once, in the order in which they are to become cuts."""
    stops = [event.month for event in found if event.kind == "stops"]
    of_measures = [event for event in found if event.measure is not None]
    largest = max(of_measures, key=lambda event: event.size).measure if of_measures else None
    ranks = {"stops": 2, "starts": 3, "shock": 3, "shock over": 3, "changes": 3, "at full strength": 4}

    def weight(event: Event) -> tuple[float, float, int]:
        if event.kind == "stops" and event.month == min(stops):
            return 0, -event.size, event.month
        if event.measure == largest and largest is not None and event.kind != "at full strength":
            return 1, -event.size, event.month
        return ranks[event.kind], -event.size, event.month

    return list(dict.fromkeys(event.month for event in sorted(found, key=weight)))


def _cut(comparison: Comparison) -> tuple[list[int], dict[int, str]]:
    """Return the months at which phases begin after the first, and why each other month of an event is none."""
    chosen: list[int] = []
    dropped: dict[int, str] = {}
    for month in _in_order_of_weight(events(comparison)):
        near = [edge for edge in (1, comparison.months + 1, *chosen) if abs(edge - month) < SHORTEST]
        if near:
            edge = min(near, key=lambda each: abs(each - month))
            what = {1: "the beginning", comparison.months + 1: "the end"}.get(edge, f"the cut at month {edge}")
            dropped[month] = f"less than {SHORTEST} months from {what}"
        elif len(chosen) == MOST - 1:
            dropped[month] = f"there are {MOST} phases already"
        else:
            chosen.append(month)
    return sorted(chosen), dict(sorted(dropped.items()))


def _why(comparison: Comparison, month: int) -> tuple[str, ...]:
    """Say what changes in a month; of many measures of one arm that do the same, only how many."""
    found = [event for event in events(comparison) if event.month == month]
    said: dict[object, list[Event]] = {}
    for event in found:
        arm = None if event.measure is None else event.measure[0]
        said.setdefault((arm, event.kind) if arm is not None else event, []).append(event)
    lines: list[str] = []
    for together in said.values():
        if len(together) <= 2 or together[0].measure is None:
            lines += [event.says for event in together]
            continue
        policy = quoted(titles(comparison)[comparison.arms[together[0].measure[0]].name])
        verbs = {"starts": "begin", "stops": "have ended", "changes": "go to another level"}
        verb = verbs.get(together[0].kind, "are at full strength")
        lines.append(f"{policy}: {len(together)} measures {verb}")
    return tuple(lines)


def phases(comparison: Comparison) -> tuple[Phase, ...]:
    """Return the phases of a comparison, in order: the windows that were asked for, or else those between the cuts.

    A comparison in which nothing changes has one phase, the whole horizon.
    """
    if comparison.windows:
        return tuple(
            Phase(first, last, phase_label(first, last, comparison.city.begins), ("asked for",))
            for first, last in comparison.windows
        )
    cuts, _ = _cut(comparison)
    found = []
    for first, after in zip((1, *cuts), (*cuts, comparison.months + 1), strict=True):
        why = ("the beginning",) if first == 1 else _why(comparison, first)
        found.append(Phase(first, after - 1, phase_label(first, after - 1, comparison.city.begins), why))
    return tuple(found)


def dropped_cuts(comparison: Comparison) -> tuple[DroppedCut, ...]:
    """Return the months in which something changes and no phase begins, in order; none where windows were asked for."""
    if comparison.windows:
        return ()
    _, dropped = _cut(comparison)
    return tuple(DroppedCut(month, _why(comparison, month), because) for month, because in dropped.items())


def last_year(comparison: Comparison) -> Phase | None:
    """Return the last twelve months; None where the run has no more than that."""
    if comparison.months <= YEAR:
        return None
    first = comparison.months - YEAR + 1
    label = f"last year, {phase_label(first, comparison.months, comparison.city.begins)}"
    return Phase(first, comparison.months, label, ("the last year",))


def phase_label(first: int, last: int, begins: str | None) -> str:
    """Name some months: "months 1 to 14 (2027-01 to 2028-02)", dates only where the city says when it begins."""
    if first == last:
        return f"month {first}" + (f" ({month_date(first, begins)})" if begins else "")
    dates = f" ({month_date(first, begins)} to {month_date(last, begins)})" if begins else ""
    return f"months {first} to {last}{dates}"


# What was found in each -----------------------------------------------------------------------------------------------


def phase_findings(comparison: Comparison) -> Findings:
    """Return what was found in each phase, in their order, by (policy name, outcome name).

    The intervals of one policy and outcome are simultaneous: together they hold in at least 95 % of cases.
    """
    return _together(comparison, phases(comparison))


def window_findings(comparison: Comparison, window: Phase) -> dict[tuple[str, str], Finding]:
    """Return what was found in one window of months, each with a plain 95 % interval, by (policy name, outcome name)."""
    return {key: found[0] for key, found in _together(comparison, [window]).items()}


def _together(comparison: Comparison, windows: Sequence[Phase]) -> Findings:
    named, futures = titles(comparison), comparison.replications
    collected: dict[tuple[str, str], list[Finding]] = {}
    for window in windows:
        means = comparison.window_means(window.first, window.last)
        for arm, policy in enumerate(comparison.policies, start=1):
            found = differences(means[arm], means[0], OUTCOMES, family=len(windows))
            own, reference = levels(means[arm])["mean"], means[0].mean(axis=0)
            for column, outcome in enumerate(OUTCOMES):
                collected.setdefault((policy.name, outcome.name), []).append(
                    Finding(
                        outcome=outcome,
                        policy=policy.name,
                        title=named[policy.name],
                        reference=float(reference[column]),
                        level=float(own[column]),
                        difference=Interval(*(float(found[end][column]) for end in ("mean", "low", "high"))),
                        clear=bool(found["clear"][column]),
                        verdict=str(found["verdict"][column]),
                        least=least_effect(outcome, float(reference[column])),
                        lower=round(float(found["share_lower"][column]) * futures),
                        higher=round(float(found["share_higher"][column]) * futures),
                        futures=futures,
                    )
                )
    return {key: tuple(found) for key, found in collected.items()}
