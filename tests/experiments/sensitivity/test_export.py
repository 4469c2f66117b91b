"""From the files that a study writes alone, without this project, its indices can be made again."""

import csv
import json
import math

import numpy as np
import pytest
from test_sensitivity import PARAMETERS, SteeredCore, put_in

from experiments.commands.cli import run_command


@pytest.fixture
def steered(monkeypatch):
    made_up = SteeredCore()
    put_in(made_up, monkeypatch)
    return made_up


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def written(steered, tmp_path, capsys):
    """What `sensitivity --out` writes of a study by a method: (folder, summary, factors, design, outputs)."""

    def study(*options):
        arguments = ["sensitivity", "sandbox", "--policy", "all_four", "--months", "24", "--scale", "0.1", "--quiet"]
        arguments += ["--outcome", "homicide_rate", "--outcome", "fear", "--store", str(tmp_path / "store"), *options]
        for name in PARAMETERS:
            arguments += ["--parameters", name]
        out = tmp_path / "out"
        assert run_command([*arguments, "--out", str(out)]) == 0, capsys.readouterr().err
        summary = json.loads((out / "summary.json").read_text("utf-8"))
        return (arguments, out, summary, *(read(out / f"{name}.csv") for name in ("factors", "design", "outputs")))

    return study


def unit(factor, value):
    """Where a value stands in the range of its factor, 0 to 1."""
    low, high = float(factor["low"]), float(factor["high"])
    if factor["distribution"] == "loguniform":
        return math.log(value / low) / math.log(high / low)
    return (value - low) / (high - low)


def test_the_index_of_a_morris_study_can_be_made_from_its_files(written):
    _, out, summary, factors, design, outputs = written("--method", "morris", "--samples", "6")
    names = [each["factor"] for each in factors]
    columns = ["seed_point" if name == "seed" else name for name in names]
    points = np.array(
        [[unit(factor, float(row[column])) for factor, column in zip(factors, columns, strict=True)] for row in design]
    )
    homicide = np.array([float(row["homicide_rate"]) for row in outputs if row["policy"] == "baseline"])
    assert summary["method"] == "morris"
    length = len(names) + 1
    assert len(points) == len(homicide) == 6 * length
    effects = {name: [] for name in names}
    for first in range(0, len(points), length):
        for row in range(first, first + length - 1):
            step = points[row + 1] - points[row]
            (moved,) = np.flatnonzero(np.abs(step) > 1e-9)
            effects[names[moved]].append((homicide[row + 1] - homicide[row]) / step[moved])
    said = {
        row["factor"]: float(row["mu_star"])
        for row in read(out / "indices.csv")
        if (row["outcome"], row["quantity"]) == ("homicide_rate", "without")
    }
    assert said == {name: pytest.approx(np.mean(np.abs(each)), rel=1e-9) for name, each in effects.items()}


def test_a_referee_finds_what_was_run(written, steered):
    arguments, out, summary, factors, design, outputs = written("--samples", "8", "--seed", "3")
    assert summary["command"] == ["citysafety", *arguments, "--out", str(out)]
    assert {"citysafety", "model", "python", "numpy", "SALib"} <= summary["made_with"].keys()
    assert (summary["seed"], summary["samples"], summary["outcomes"]) == (3, 8, ["homicide_rate", "fear"])
    assert set(summary["hashes"]["policies"]) == {"baseline", "all_four"}
    assert {each["factor"] for each in factors} == {*PARAMETERS, "seed", "dummy"}
    assert all(each["distribution"] in ("uniform", "loguniform", "levels") for each in factors)
    assert [int(row["row"]) for row in design] == list(range(1, len(design) + 1))
    assert len(outputs) == 2 * len(design)
    assert {int(row["seed"]) for row in design} == set(steered.ran)
    # The model itself, given the inputs of a row as they stand in the file, gives the outputs that stand there.
    for row, (without, with_it) in zip(design, zip(outputs[::2], outputs[1::2], strict=True), strict=True):
        parameters = {name: float(row[name]) for name in PARAMETERS}
        arms = [type("Arm", (), {"name": name, "measures": name == "all_four"}) for name in ("baseline", "all_four")]
        city = type("City", (), {"neighbourhoods": (1,)})
        results = steered.run_arms(city, arms, seed=int(row["seed"]), months=24, scale=0.1, parameters=parameters)
        told = [float(each["homicide_rate"]) for each in (without, with_it)]
        assert told == pytest.approx([each.city_monthly[:, 0].mean() for each in results], rel=1e-6)


def test_a_screening_is_written_with_its_own_inputs_and_outputs(written):
    _, out, _, _, _, _ = written("--samples", "8", "--screen", "--trajectories", "6")
    assert {"summary.json", "factors.csv", "design.csv", "outputs.csv"} <= {
        path.name for path in (out / "screening").iterdir()
    }
    assert json.loads((out / "screening" / "summary.json").read_text("utf-8"))["method"] == "morris"


def test_workers_elsewhere_can_run_both_stages_of_a_study_that_screens(steered, tmp_path, capsys):
    store = str(tmp_path / "store")
    study = ["sensitivity", "sandbox", "--policy", "all_four", "--months", "24", "--scale", "0.1", "--samples", "8"]
    study += ["--outcome", "homicide_rate", "--screen", "--trajectories", "8", "--store", store]
    for name in PARAMETERS:
        study += ["--parameters", name]

    def say(*arguments):
        assert run_command([*arguments]) == 0
        return capsys.readouterr().out

    assert "the same command plans them when the screening is stored" in say(*study, "--dry-run")
    say("worker", "--store", store, "--quiet")
    assert "all of them stored, and" in say(*study, "--dry-run")
    assert {path.name.split("-")[0] for path in (tmp_path / "store" / "plan").iterdir()} == {"screening", "sensitivity"}
    say("worker", "--store", store, "--quiet")
    ran = len(steered.ran)
    say(*study, "--json")
    assert len(steered.ran) == ran
