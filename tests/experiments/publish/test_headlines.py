"""The page of what changed holds every city's figures of both versions, side by side."""

from pathlib import Path

import pandas as pd
import pytest

import experiments
from experiments.publish import headlines
from experiments.store.spreadsheets import read_csv
from sim.outcomes import OUTCOMES
from sim.scenario import list_cities, load_city

KEPT = Path(experiments.__file__).parents[1] / headlines.FOLDER


def figures(value):
    names = [*headlines.LEVELS, *(f"effect on {name}" for name in headlines.EFFECTS)]
    names += [f"{headlines.SPREAD}, {end}" for end in ("low", "high")]
    return pd.DataFrame([("sandbox", name, value, 0.1) for name in names], columns=["city", "figure", "mean", "error"])


def test_the_page_holds_both_versions_side_by_side():
    page = headlines.table(figures(1.25), figures(2.5))
    (row,) = (line for line in page.splitlines() if line.startswith(f"| {load_city('sandbox').title} "))
    assert row.count("1.2 -> 2.5") == len(headlines.LEVELS) + len(headlines.EFFECTS)
    assert "x1.25 to x1.25 -> x2.50 to x2.50" in row
    assert row.count("|") == page.splitlines()[page.splitlines().index(row) - 1].count("|")


def test_figures_are_of_outcomes_that_there_are():
    assert {*headlines.LEVELS, *headlines.EFFECTS} <= {each.name for each in OUTCOMES}
    assert next(iter(headlines.LEVELS)) == "homicide_rate"


def test_a_city_lived_gives_every_figure(monkeypatch):
    monkeypatch.setattr(headlines, "SEEDS", 2)
    monkeypatch.setattr(headlines, "MONTHS", 24)
    monkeypatch.setattr(headlines, "ROWS", 500.0)
    monkeypatch.setattr(headlines, "list_cities", lambda: ["sandbox"])
    found = headlines.measure()
    assert list(found.figure) == list(figures(0.0).figure)
    level = found.set_index("figure")["mean"]
    assert 0 < level["extortion_share"] < 1
    assert level["effect on homicide_rate"] < 0
    assert level[f"{headlines.SPREAD}, low"] < level[f"{headlines.SPREAD}, high"]


@pytest.mark.parametrize("path", sorted(KEPT.glob("*.csv")), ids=lambda path: path.stem)
def test_what_is_kept_of_a_version_holds_every_city(path):
    kept = read_csv(path)
    assert sorted(kept.city.unique()) == sorted(list_cities())
    assert set(kept.groupby("city").size()) == {len(figures(0.0))}
