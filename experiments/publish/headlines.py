"""What every city's headlines are in this version of the model, beside those of the version before: one table for users.

    python -m experiments.publish.headlines [--out docs/changes.md]

Each city lives ten years without policy and under all four pillars, the same futures in both. The figures are kept in
`docs/headlines/now.csv`, which a release renames to its version, and the page compares them with those of `EARLIER`.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd

from experiments.store.spreadsheets import csv_bytes, read_csv
from sim.outcomes import outcome_index
from sim.run import run_arms, warm
from sim.scenario import City, list_cities, load_city, load_policy

__all__ = ["EARLIER", "LEVELS", "main", "measure", "table"]

FOLDER = Path("docs/headlines")
EARLIER = "0.4.0"
"""The version that the page compares with."""

LEVELS = {
    "homicide_rate": "homicides per 100 000",
    "criminal_governance_index": "criminal governance",
    "extortion_share": "firms extorted",
    "gang_members": "gang members",
    "prisoners": "prisoners",
}
"""Headlines without policy: the mean of ten years."""

EFFECTS = {
    "homicide_rate": "all four on homicide, %",
    "criminal_governance_index": "all four on governance, %",
}
"""What all four pillars change in ten years, in per cent of the level without policy."""

SPREAD = "year ten, of ten futures eight"
"""Homicide in the tenth year over its mean over futures: the tenth and the ninetieth per cent of futures."""

MONTHS, SEEDS, ROWS = 120, 40, 20_000.0


def measure() -> pd.DataFrame:
    """Return the headlines of every city: columns city, figure, mean and error (the standard error over futures)."""
    warm()
    rows = []
    for name in list_cities():
        rows += [(name, *figure) for figure in _of(load_city(name))]
    return pd.DataFrame(rows, columns=["city", "figure", "mean", "error"])


def _of(city: City) -> list[tuple[str, float, float]]:
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    policies = [load_policy("baseline"), load_policy("all_four")]
    columns = [outcome_index(name) for name in LEVELS]

    def one(seed: int) -> np.ndarray:
        scale = min(1.0, ROWS / youths)
        lived = run_arms(city, policies, seed=seed, months=MONTHS, scale=scale)
        return np.array([each.city_monthly[:, columns] for each in lived], dtype=np.float64)

    with ThreadPoolExecutor(2) as pool:
        monthly = np.array(list(pool.map(one, range(1, SEEDS + 1))))
    without, under = monthly.mean(axis=2).transpose(1, 0, 2)
    found = [(name, *_mean(without[:, column])) for column, name in enumerate(LEVELS)]
    for name in EFFECTS:
        column = list(LEVELS).index(name)
        found.append((f"effect on {name}", *_mean(100.0 * (under - without)[:, column] / without[:, column].mean())))
    tenth = monthly[:, 0, -12:, 0].mean(axis=1)
    found += [
        (f"{SPREAD}, {end}", float(np.quantile(tenth, q) / tenth.mean()), 0.0) for end, q in (("low", 0.1), ("high", 0.9))
    ]
    return found


def _mean(values: np.ndarray) -> tuple[float, float]:
    return float(values.mean()), float(values.std(ddof=1) / len(values) ** 0.5)


def table(before: pd.DataFrame, now: pd.DataFrame) -> str:
    """Return the page as Markdown.

    Parameters
    ----------
    before, now
        What `measure` returned for the earlier version and for this one.
    """
    old, new = (each.set_index(["city", "figure"])["mean"] for each in (before, now))
    lines = [
        f"# What changed since {EARLIER}",
        "",
        f"Written by `python -m experiments.publish.headlines`: every city over {MONTHS} months, {SEEDS} futures and",
        f"{ROWS:.0f} rows, {EARLIER} -> now. Cities were fitted again, so levels of homicide and membership move",
        "little; governance and what the pillars do move with the corrections of the model that the change log lists. The",
        "last column is how far apart futures of one city are in the tenth year.",
        "",
        "| city | " + " | ".join((*LEVELS.values(), *EFFECTS.values(), SPREAD)) + " |",
        "| --- |" + " --- |" * (len(LEVELS) + len(EFFECTS) + 1),
    ]
    figures = [*LEVELS, *(f"effect on {name}" for name in EFFECTS)]
    for city in now["city"].unique():
        cells = [f"{_told(old[city, name])} -> {_told(new[city, name])}" for name in figures]
        spread = [f"x{each[city, f'{SPREAD}, low']:.2f} to x{each[city, f'{SPREAD}, high']:.2f}" for each in (old, new)]
        lines.append(f"| {load_city(city).title} | " + " | ".join((*cells, " -> ".join(spread))) + " |")
    return "\n".join(lines) + "\n"


def _told(value: float) -> str:
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 1 else 3
    return f"{value:.{digits}f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure this version, keep its figures and write the page; returns 0."""
    parser = argparse.ArgumentParser(prog="python -m experiments.publish.headlines", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path("docs/changes.md"))
    asked = parser.parse_args(arguments)
    now = measure()
    (FOLDER / "now.csv").write_bytes(csv_bytes(now.round(6)))
    before = read_csv(FOLDER / f"{EARLIER}.csv")
    asked.out.write_text(table(before, now), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
