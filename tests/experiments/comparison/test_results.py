"""What is stored can be read again byte for byte, says where it comes from, and never stands half written."""

import csv
import dataclasses
import getpass
import hashlib
import json
import platform
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_up_core import stand_in

from experiments.comparison.compare import compare
from experiments.comparison.results import load_comparison, write_results
from experiments.comparison.summaries import levels_object, summary_object
from experiments.execution.execution import Execution
from experiments.store.outputs import checked, written
from sim.errors import InputError
from sim.outcomes import OUTCOMES
from sim.scenario import Policy

FILES = {
    "scenario.yaml",
    "city_monthly.parquet",
    "in_force.parquet",
    "neighbourhood_yearly.parquet",
    "summary.csv",
    "summary.json",
    "neighbourhoods.csv",
    "phases.csv",
    "manifest.json",
}


@pytest.fixture(scope="module")
def comparison(sandbox):
    policies = [Policy(name=name, title=name.title(), about="", measures=()) for name in ("calm", "idle")]
    off = ("rents", "peers")
    with pytest.MonkeyPatch.context() as patch:
        stand_in(patch)
        return compare(
            sandbox, policies, execution=Execution(executor="in-process"), months=18, replications=3, seed=4, without=off
        )


@pytest.fixture(scope="module")
def kept(comparison, tmp_path_factory):
    """A folder of results that no test changes."""
    folder = tmp_path_factory.mktemp("kept") / "out"
    with written(checked(folder, "--out out", force=False)) as private:
        write_results(comparison, private, command=["compare", "sandbox", "--seed", "4"], scale_chosen="auto")
    return folder


@pytest.fixture
def stored(kept, tmp_path):
    """The same results in a folder of one's own."""
    return shutil.copytree(kept, tmp_path / "out")


def test_the_folder_holds_what_is_promised_and_nothing_else(stored):
    assert {path.name for path in stored.iterdir()} == FILES


def test_what_is_read_is_what_was_written(stored, comparison):
    again = load_comparison(stored)
    assert again.city_monthly.tobytes() == comparison.city_monthly.tobytes()
    assert again.place_yearly.tobytes() == comparison.place_yearly.tobytes()
    assert again.city_monthly.shape == comparison.city_monthly.shape
    assert again.place_yearly.shape == comparison.place_yearly.shape
    for name in (
        "city",
        "policies",
        "against",
        "months",
        "replications",
        "seed",
        "scale",
        "seeds",
        "parameters",
        "without",
        "made_with",
    ):
        assert getattr(again, name) == getattr(comparison, name), name
    assert summary_object(again) == summary_object(comparison)


def test_what_is_written_again_is_the_same_but_for_the_date(stored, comparison, tmp_path):
    again = tmp_path / "again"
    again.mkdir()
    write_results(load_comparison(stored), again, command=["compare", "sandbox", "--seed", "4"], scale_chosen="auto")
    for name in FILES - {"manifest.json"}:
        assert (again / name).read_bytes() == (stored / name).read_bytes(), name
    first, second = (json.loads((folder / "manifest.json").read_bytes()) for folder in (stored, again))
    assert first.pop("date") <= second.pop("date")
    assert first == second


def test_names_that_look_like_something_else_survive(core, sandbox, calm, tmp_path):
    texts = ["1e5", "2026-11-22", "no", "~", ".5", "café: 'x' # y", "null", "- a", "0x1F", "yes & *no", "1:30"]
    first, *others = sandbox.neighbourhoods
    city = sandbox.model_copy(
        update={
            "about": "\n".join(texts),
            "sources": dict.fromkeys(texts, "a source: yes"),
            "assumptions": {f"key {place}": text for place, text in enumerate(texts)},
            "neighbourhoods": (first, *others),
        }
    )
    policies = [calm.model_copy(update={"name": f"calm{place}", "title": text}) for place, text in enumerate(texts)]
    comparison = compare(city, policies, months=1, replications=1)
    write_results(comparison, tmp_path)
    again = load_comparison(tmp_path)
    assert again.city == city
    assert list(again.policies) == policies


def test_the_tables_hold_keys_and_one_column_for_each_outcome(stored, comparison, sandbox):
    monthly = pd.read_parquet(stored / "city_monthly.parquet")
    assert list(monthly.columns) == ["policy", "replication", "seed", "month", *(each.name for each in OUTCOMES)]
    assert len(monthly) == 3 * 3 * 18
    row = monthly[(monthly["policy"] == "calm") & (monthly["replication"] == 2) & (monthly["month"] == 18)].iloc[0]
    assert row["seed"] == comparison.seeds[2]
    assert row["homicide_rate"] == comparison.city_monthly[1, 2, 17, 0]
    yearly = pd.read_parquet(stored / "neighbourhood_yearly.parquet")
    assert list(yearly.columns[:5]) == ["policy", "replication", "seed", "year", "neighbourhood"]
    assert len(yearly) == 3 * 3 * 2 * len(sandbox.neighbourhoods)
    name = sandbox.neighbourhoods[4].name
    chosen = (yearly["policy"] == "idle") & (yearly["replication"] == 1) & (yearly["year"] == 2)
    row = yearly[chosen & (yearly["neighbourhood"] == name)].iloc[0]
    assert row["homicide_rate"] == comparison.place_yearly[2, 1, 1, 4, 0]


def test_the_summaries_agree_with_the_comparison(stored, comparison):
    assert json.loads((stored / "summary.json").read_bytes()) == summary_object(comparison)
    with (stored / "summary.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * len(OUTCOMES)
    neighbourhoods = pd.read_csv(stored / "neighbourhoods.csv")
    assert "cost" not in set(neighbourhoods["outcome"])
    assert {"homicide_rate", "recruits"} <= set(neighbourhoods["outcome"])


def test_the_manifest_says_where_the_results_come_from(stored, comparison):
    manifest = json.loads((stored / "manifest.json").read_bytes())
    assert manifest["command"] == ["citysafety", "compare", "sandbox", "--seed", "4"]
    assert manifest["made_with"]["python"] == platform.python_version()
    assert {"citysafety", "numpy", "numba", "mesa", "pandas", "pyarrow"} <= set(manifest["made_with"])
    assert manifest["seeds"] == list(comparison.seeds)
    assert manifest["without"] == ["rents", "peers"]
    assert (manifest["scale"], manifest["scale_chosen"]) == (0.5, "auto")
    assert len(manifest["made_with"]["model"]) == 32
    assert set(manifest["files"]) == FILES - {"manifest.json"}
    for name, digest in manifest["files"].items():
        assert hashlib.blake2b((stored / name).read_bytes(), digest_size=16).hexdigest() == digest


def test_the_manifest_knows_neither_machine_nor_user(stored, tmp_path_factory):
    text = (stored / "manifest.json").read_text("utf-8")
    for private in {str(tmp_path_factory.getbasetemp()), str(Path.cwd()), str(Path.home()) + "/", f'"{getpass.getuser()}"'}:
        assert private not in text
    if platform.node():
        assert f'"{platform.node()}"' not in text


def test_a_plain_run_is_stored_too(core, sandbox, tmp_path):
    comparison = compare(sandbox, [], months=12, replications=2)
    write_results(comparison, tmp_path)
    assert levels_object(load_comparison(tmp_path)) == levels_object(comparison)
    assert "difference" not in (tmp_path / "summary.json").read_text("utf-8")


def test_older_results_keep_saying_which_model_made_them(comparison, tmp_path):
    old = dataclasses.replace(comparison, made_with={"citysafety": "0.0.9", "model": "an older one"})
    write_results(old, tmp_path)
    assert load_comparison(tmp_path).made_with == old.made_with


# What is refused on the way in ----------------------------------------------------------------------------------------


def test_a_folder_without_results_is_told_so(tmp_path):
    with pytest.raises(InputError, match="holds no results"):
        load_comparison(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["city_monthly.parquet", "scenario.yaml"])
def test_changed_results_are_refused(stored, name):
    with (stored / name).open("ab") as file:
        file.write(b"\n")
    with pytest.raises(InputError, match=f"{name}: is missing or was changed"):
        load_comparison(stored)


def test_missing_results_are_refused(stored):
    (stored / "neighbourhood_yearly.parquet").unlink()
    with pytest.raises(InputError, match=r"neighbourhood_yearly\.parquet: is missing"):
        load_comparison(stored)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"format": 99}', "\xff"])
def test_a_manifest_that_is_none_is_refused(stored, text):
    (stored / "manifest.json").write_text(text, "latin-1")
    with pytest.raises(InputError, match=r"manifest.json: "):
        load_comparison(stored)


def test_outcomes_of_another_version_are_refused(stored):
    manifest = json.loads((stored / "manifest.json").read_bytes())
    manifest["outcomes"] = manifest["outcomes"][:-1]
    (stored / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(InputError, match="another version"):
        load_comparison(stored)


def test_the_axes_survive_one_month_and_one_future(core, sandbox, calm, tmp_path):
    comparison = compare(sandbox, [calm], months=1, replications=1)
    write_results(comparison, tmp_path)
    np.testing.assert_array_equal(load_comparison(tmp_path).place_yearly, comparison.place_yearly)
