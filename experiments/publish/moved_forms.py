"""How much each constant of an equation's form matters: a table of homicide and governance with each of them halved.

    python -m experiments.publish.moved_forms [--out docs/forms.md]

Every parameter whose source is "chosen with the form of the equation" is set to half of its default, or to the end of its
range that is nearest to half, and the sandbox is lived through without policy and under all four pillars, with the same
seeds as with the default. A figure of another city, scale or length may differ.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from experiments.publish.one_page import write_page
from sim.outcomes import STUDIED, outcome_index
from sim.parameters import PARAMETERS, Parameter
from sim.parameters.declaration import FORM
from sim.run import run_arms, warm
from sim.scenario import load_city, load_policy

__all__ = ["FORMS", "Moved", "main", "measure", "moved_to", "table"]

FORMS: tuple[Parameter, ...] = tuple(each for each in PARAMETERS if each.evidence == FORM)
"""The constants that were in the equations before they were parameters."""

CITY, POLICIES = "sandbox", ("baseline", "all_four")
SEEDS, MONTHS, SCALE = tuple(range(1, 7)), 24, 0.1


class Moved(NamedTuple):
    """A parameter, the value it was moved to, and what that changed.

    `changes` are per cent of the mean of each outcome, without policy and then under it; `errors` their standard errors
    over the seeds, which are the same with and without the move.
    """

    parameter: Parameter
    value: float
    changes: tuple[float, ...]
    errors: tuple[float, ...]


def moved_to(each: Parameter) -> float:
    """Return half of a parameter's default, or the nearest value that its range allows."""
    return min(max(0.5 * each.default, each.low), each.high)


def measure(parameters: Sequence[Parameter] = FORMS) -> list[Moved]:
    """Return what moving each parameter does to the means of homicide and of the governance index.

    Parameters
    ----------
    parameters
        Which; all constants of form if left out.
    """
    warm()
    usual = _means({})
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda each: _means({each.name: moved_to(each)}), parameters))
    moved = []
    for each, means in zip(parameters, found, strict=True):
        change = 100.0 * (means - usual) / usual.mean(axis=0)
        error = change.std(axis=0, ddof=1) / np.sqrt(len(SEEDS))
        moved.append(Moved(each, moved_to(each), tuple(change.mean(axis=0)), tuple(error)))
    return moved


def _means(settings: dict[str, float]) -> npt.NDArray[np.float64]:
    """Return the mean of each outcome over the months [seed, policy and outcome]."""
    columns = [outcome_index(name) for name in STUDIED]
    policies = [load_policy(name) for name in POLICIES]
    means = []
    for seed in SEEDS:
        results = run_arms(load_city(CITY), policies, seed=seed, months=MONTHS, scale=SCALE, parameters=settings)
        means.append([each.city_monthly[:, column].mean(dtype=np.float64) for each in results for column in columns])
    return np.array(means)


def table(moved: Sequence[Moved]) -> str:
    """Return the table as Markdown, the largest change of either outcome first."""
    rows = sorted(moved, key=lambda each: -max(map(abs, each.changes)))
    lines = [
        "# Constants of form, each moved by half",
        "",
        f"Written by `python -m experiments.publish.moved_forms`: {CITY}, {MONTHS} months, seeds {SEEDS[0]} to {SEEDS[-1]}, "
        f"scale {SCALE:g}.",
        "Change in per cent of the mean with all else at its default, the same seeds in both, and its standard error: a",
        "change of less than two standard errors may be chance.",
        "",
        "| parameter | default | moved to | homicide | governance | homicide, all pillars | governance, all pillars |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in rows:
        told = " | ".join(_told(*pair) for pair in zip(each.changes, each.errors, strict=True))
        lines.append(f"| `{each.parameter.name}` | {each.parameter.default:g} | {each.value:g} | {told} |")
    return "\n".join(lines) + "\n"


def _told(change: float, error: float) -> str:
    return f"{change:+.1f} ({error:.1f})" if change or error else "0"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and write the table; returns 0."""
    return write_page("moved_forms", __doc__, "docs/forms.md", lambda: table(measure()), arguments)


if __name__ == "__main__":
    sys.exit(main())
