"""What each field of a neighbourhood moves there when it alone is raised in the city file (row E01).

    python -m experiments.publish.city_fields [--out docs/city_fields.md]

One neighbourhood of the sandbox, neither among the richest nor the poorest, gets a higher figure for one field and keeps
the rest. Both cities settle and live ten years without policy on the same seeds; the calibration stays, so that what follows
is the field's. Read there, against the file as it is: expected killings, recruits and criminal governance.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.comparison.compare import compare
from experiments.comparison.findings import signed, span
from experiments.comparison.paired import Interval, interval_of
from experiments.publish.one_page import write_page
from sim.outcomes import outcome_index
from sim.run import begin_city
from sim.scenario import City, load_city

__all__ = ["FIELDS", "PLACE", "READ", "VERDICTS", "Moved", "as_it_is", "main", "measure", "page", "raised"]

CITY, PLACE = "sandbox", "Fennop"
MONTHS, REPLICATIONS = 120, 60
RAISED = 0.2
TAKEN = {"density": 5_000.0, "bars": 1.0, "rentals": 0.4}
"""What is taken where the file gives none: residents per square kilometre, the ordinary number of bars, a share."""
LEAST = 5.0
"""Per cent from which a change counts."""

FIELDS = {
    "poverty": 1,
    "unemployment": 1,
    "no_high_school": 1,
    "inequality": 1,
    "density": 0,
    "in_migration": 1,
    "displaced": 1,
    "informality": 1,
    "tenure": -1,
    "services": -1,
    "school_quality": -1,
    "family_disruption": 1,
    "rentals": 1,
    "bars": 1,
}
"""Fields, and whether the framework documents have trouble rise (1) or fall (-1) with them; 0 where the model reads none."""

READ = {"killings_expected": "expected killings", "recruits": "recruits", "criminal_governance_index": "criminal governance"}

VERDICTS = ("against the documents", "recorded, moves nothing", "less than counts", "as the documents have it")
"""What is said of a field: failures first."""


class Moved(NamedTuple):
    """What one field moves.

    Attributes
    ----------
    field
        Its name.
    before, after
        The figure as it is in the file or is taken to be, and as it was raised.
    changes
        Per cent by outcome, with the 95 % interval of chance alone.
    """

    field: str
    before: float
    after: float
    changes: dict[str, Interval]

    @property
    def verdict(self) -> str:
        """Whether anything moves as the documents have it, by as much as counts."""
        sign = FIELDS[self.field]
        if all(change.low == change.high == 0.0 for change in self.changes.values()):
            return VERDICTS[1]
        if any(min(sign * change.low, sign * change.high) > LEAST for change in self.changes.values()):
            return VERDICTS[3]
        if any(max(sign * change.low, sign * change.high) < -LEAST for change in self.changes.values()):
            return VERDICTS[0]
        return VERDICTS[2]


def as_it_is(city: City, field: str) -> float:
    """Return the figure of a field in the place, by the model's rule where the file gives none."""
    row = [each.name for each in city.neighbourhoods].index(PLACE)
    given = getattr(city.neighbourhoods[row], field)
    if given is None and field in TAKEN:
        return TAKEN[field]
    if given is None:
        state, _ = begin_city(city, seed=1, scale=0.1, burn_in=0)
        given = state.neighbourhood[field][row]
    return float(given)


def raised(city: City, field: str, before: float) -> tuple[City, float]:
    """Return the city with one field of the place raised from a figure, and the figure that it has now."""
    after = before + RAISED if before + RAISED <= 1.0 else before - RAISED
    if field in ("density", "bars"):
        after = 2.0 * before
    places = tuple(each.model_copy(update={field: after}) if each.name == PLACE else each for each in city.neighbourhoods)
    said = dict(city.assumptions) | {field: "Raised alone, to see what follows."}
    return City.model_validate(city.model_copy(update={"neighbourhoods": places, "assumptions": said}).model_dump()), after


def _lived(city: City) -> dict[str, npt.NDArray[np.float64]]:
    """Return each outcome of the place by future, the mean of all years."""
    found = compare(city, [], months=MONTHS, replications=REPLICATIONS)
    row = [each.name for each in city.neighbourhoods].index(PLACE)
    return {name: found.place_yearly[0, :, :, row, outcome_index(name)].astype(np.float64).mean(axis=1) for name in READ}


def measure() -> tuple[Moved, ...]:
    """Return what each field moves."""
    city = load_city(CITY)
    ordinary = _lived(city)
    moved = []
    for field in FIELDS:
        before = as_it_is(city, field)
        other, after = raised(city, field, before)
        levels = _lived(other)
        changes = {name: interval_of(levels[name] - ordinary[name]).times(100.0 / ordinary[name].mean()) for name in READ}
        moved.append(Moved(field, before, after, changes))
    return tuple(moved)


def page(moved: Sequence[Moved]) -> str:
    """Return the page as Markdown."""
    by_verdict = {said: [f"`{each.field}`" for each in moved if each.verdict == said] for said in VERDICTS}
    lines = [
        "# What each field of a neighbourhood moves",
        "",
        f"Written by `python -m experiments.publish.city_fields`: in {PLACE}, a neighbourhood of the {CITY}, one",
        f"field alone is changed in the city file; {REPLICATIONS} futures of {MONTHS} months without policy, same seeds,",
        "the calibration as it was. Changes there in per cent, with the 95 % interval of chance alone. The documents have",
        "trouble rise with all fields but tenure, services and the quality of schools, with which it falls. A change counts",
        "from 5 % on.",
        "",
        *(f"- {said}: {', '.join(fields)}" for said, fields in by_verdict.items() if fields),
        "",
        f"| field | from | to | {' | '.join(READ.values())} | |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in moved:
        told = " | ".join(f"{signed(change.mean)} ({span(change)})" for change in each.changes.values())
        lines.append(f"| `{each.field}` | {each.before:.3g} | {each.after:.3g} | {told} | {each.verdict} |")
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the page; returns 0."""
    return write_page("city_fields", __doc__, "docs/city_fields.md", lambda: page(measure()), arguments)


if __name__ == "__main__":
    sys.exit(main())
