"""What names a run changes with what the model does, and with nothing else."""

import importlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim import identity
from sim import month as steps
from sim.identity import RECORDER, measure_hash, model_hash, model_of, outcome_hashes, outcomes_of
from sim.outcomes import OUTCOMES
from sim.parameters import PARAMETERS
from sim.slices import STATE, Recorder
from sim.state import copy_city
from sim.syntax import Sources

SIM = Path(__file__).parents[2] / "sim"


def sub(pattern, text, flags=0):
    """An edit: one replacement, of the first place that fits."""

    def edit(source):
        edited, count = re.subn(pattern, text, source, count=1, flags=flags)
        assert count == 1, pattern
        return edited

    return edit


def module_with(text, files="**/*.py"):
    """Return the module of `sim` that holds a text."""
    found = next(path for path in sorted(SIM.glob(files)) if text in path.read_text("utf-8"))
    return ".".join(("sim", *found.relative_to(SIM).with_suffix("").parts))


def file_of(module):
    return SIM.joinpath(*module.split(".")[1:]).with_suffix(".py")


KERNEL = module_with("def rivalry_hazard(")
RECORD = RECORDER.module

SPLIT_CHANCE = next(each for each in PARAMETERS if each.name == "gangs.split_chance").default
RESILIENT = {"state_connection", "high_resilience", "low_resilience"}
NEW_MEASURE = """
ENFORCEMENT = (
    Measure(
        row="P-E99", name="unused", title="Unused", pillar="enforcement", says=".",
        changes=changes(patrol=("homicide.patrol_on_violence",)), onset_months=1, fades_months=1, units="100 000 residents",
        unit_cost=1, cost_evidence="", commands="joint", pays="police", capacity="", grade="A",
    ),
"""

PARAMETER_FILE = module_with("split_chance", "parameters*/*.py" if (SIM / "parameters").is_dir() else "parameters.py")

CODE_KEPT = {
    "a comment": (KERNEL, sub(r"\n@compiled\n", "\n# A comment.\n@compiled\n")),
    "a docstring": (KERNEL, sub(r'    """[^"]+"""\n', '    """Say something else."""\n')),
    "an annotation": ("sim.run", sub(r"seed: int,\n    shocks_by_arm", "seed: object,\n    shocks_by_arm")),
    "the docstring of a module": ("sim.month", sub(r'^"""[^"]+"""', '"""Another."""')),
    "a line that makes a new outcome": (
        RECORD,
        sub(r"(\n    out\.homicide_rate = .*\n)", r"\1    out.half_the_rate = 0.5 * out.homicide_rate\n"),
    ),
    "the line that makes an outcome": (RECORD, sub(r"out\.homicide_rate = ", "out.homicide_rate = 2.0 * ")),
    "a constant that no run reads": ("sim.run", sub(r"\nCHUNK = ", "\nUNREAD = 7\nCHUNK = ")),
}
CODE_CHANGED = {
    "the length of the burn-in": ("sim.run", sub(r"BURN_IN = \d+", "BURN_IN = 361")),
    "an operator in a kernel": (KERNEL, sub(r"(def rivalry_hazard.*?) \* ", r"\1 + ", re.DOTALL)),
    "a rule of build.py": ("sim.build", sub(r"(def _build_neighbourhoods.*?) \+ ", r"\1 - ", re.DOTALL)),
    "a constant of a module": (
        module_with("LEAST_BUSINESS = "),
        sub(r"\nLEAST_BUSINESS = [.\d]+", "\nLEAST_BUSINESS = 0.06"),
    ),
    "how a policy is enforced": ("sim.levers", sub(r'row\["level"\] = first\[1\]', 'row["level"] = 0.5 * use.level')),
    "what the recorder leaves in the state": (
        module_with("city_state.leaked ="),
        sub(r"city_state\.leaked = ", "city_state.leaked = 2.0 * "),
    ),
    "a property of what is asked": (
        module_with("def last("),
        sub(r"(def last\(.*?)return ", r"\1return None and ", re.DOTALL),
    ),
    "an option of the compiler": ("sim.compiled", sub(r'error_model="numpy"', 'fastmath=True, error_model="numpy"')),
}

DECLARED = {
    "the default of a parameter": (
        PARAMETER_FILE,
        sub(rf"(split_chance.{{0,60}}?\W){re.escape(repr(SPLIT_CHANCE))}\b", rf"\g<1>{SPLIT_CHANCE * 1.5!r}", re.DOTALL),
    ),
    "what a parameter says": (PARAMETER_FILE, sub(r'(split_chance.*?)\."', r'\1, or so."', re.DOTALL)),
    "the onset of a measure": ("sim.measures.enforcement", sub(r'(row="P-E1".*?onset_months=)\d+', r"\g<1>7", re.DOTALL)),
    "what a measure says": ("sim.measures.enforcement", sub(r'(row="P-E1".*?says=")', r"\1Well: ", re.DOTALL)),
    "a lever of a measure": (
        "sim.measures.enforcement",
        sub(r'(row="P-E1".*?"homicide\.patrol_)on_violence', r"\1displacement_share", re.DOTALL),
    ),
    "a new measure": ("sim.measures.enforcement", sub(r"\nENFORCEMENT = \(\n", NEW_MEASURE)),
    "an entry of a mechanism": ("sim.mechanisms", sub(r'(\n        "fear",\n.*?{[^}]*?: )0.0', r"\g<1>0.25", re.DOTALL)),
    "the title of a mechanism": ("sim.mechanisms", sub(r'("fear",\s+\("E\d+",\),\s+")', r"\1Old ", re.DOTALL)),
    "the title of an outcome": ("sim.outcomes.main_groups", sub(r'"Homicide rate"', '"Rate of homicide"')),
    "how an outcome is averaged": (
        "sim.outcomes.main_groups",
        sub(r'(count\(\s*"homicides",.*?_replace\(\s*)', r'\1weight="residents", ', re.DOTALL),
    ),
}
"""Edits of declarations, which are read as values: another process imports them."""

HASHES = """
import importlib, json, sys
from pathlib import Path
import numba
sys.path.insert(0, sys.argv[1])
def hashes():
    for name in [name for name in sys.modules if name.split(".")[0] == "sim"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    from sim.identity import measure_hash, mechanism_hash, model_hash, outcome_hashes
    return {"model": model_hash(), "P-E1": measure_hash("P-E1"), "P-E2": measure_hash("P-E2"),
            "without fear": mechanism_hash("fear"), "without peers": mechanism_hash("peers"), **outcome_hashes()}
print(json.dumps(hashes()))
for line in sys.stdin:
    path, text = json.loads(line)
    before = Path(path).read_text("utf-8")
    Path(path).write_text(text, "utf-8")
    print(json.dumps(hashes()))
    Path(path).write_text(before, "utf-8")
"""


@pytest.fixture(scope="module")
def sources():
    return Sources(SIM)


@pytest.fixture(scope="module")
def edited(sources):
    """The hash of the model and of each outcome after an edit of code."""
    model_of(sources, Recorder(sources, RECORDER))

    def hashes(module, edit):
        other = sources.edited(module, edit(file_of(module).read_text("utf-8")))
        recorder = Recorder(other, RECORDER)
        return model_of(other, recorder), outcomes_of(other, recorder)

    return hashes


def test_hashes_are_worked_out_once_and_read_from_the_cache_afterwards(monkeypatch, tmp_path):
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path))
    fresh = identity._hashes.__wrapped__
    first = fresh()
    assert first == (model_hash(), outcome_hashes())
    (kept,) = tmp_path.rglob("identity-*.json")
    with monkeypatch.context() as patch:
        patch.setattr(identity, "model_of", None)
        assert fresh() == first
    kept.write_bytes(kept.read_bytes()[:-1])
    assert fresh() == first


def test_another_default_of_a_parameter_does_not_meet_the_hashes_that_were_kept(monkeypatch, tmp_path):
    monkeypatch.setenv("CITYSAFETY_CACHE", str(tmp_path))
    before = identity._hashes.__wrapped__()
    changed = PARAMETERS[0]._replace(default=PARAMETERS[0].default * 1.5)
    monkeypatch.setattr("sim.parameters.PARAMETERS", (changed, *PARAMETERS[1:]))
    after = identity._hashes.__wrapped__()
    assert after[0] != before[0]
    assert after[1] == before[1]
    assert len(list(tmp_path.rglob("identity-*.json"))) == 2


@pytest.mark.parametrize("edit", CODE_KEPT)
def test_the_model_keeps_its_hash_after_a_change_of(edited, edit):
    assert edited(*CODE_KEPT[edit])[0] == model_hash()


@pytest.mark.parametrize("edit", CODE_CHANGED)
def test_the_model_gets_another_hash_after_a_change_of(edited, edit):
    assert edited(*CODE_CHANGED[edit])[0] != model_hash()


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        (CODE_KEPT["a comment"], set()),
        (CODE_KEPT["a line that makes a new outcome"], set()),
        (CODE_KEPT["the line that makes an outcome"], {"homicide_rate"}),
        ((RECORD, sub(r"out\.state_connection = ", "out.state_connection = 2.0 * ")), RESILIENT),
    ],
)
def test_an_outcome_has_another_hash_where_the_lines_that_make_it_change(edited, edit, changed):
    now = edited(*edit)[1]
    assert {name for name, known in outcome_hashes().items() if known != now[name]} == changed


@pytest.fixture(scope="module")
def declared(tmp_path_factory):
    """Hashes of declarations as they are, and after each edit."""
    folder = tmp_path_factory.mktemp("edited")
    shutil.copytree(SIM, folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    lines = []
    for module, edit in DECLARED.values():
        path = file_of(module)
        lines.append(json.dumps([str(folder / "sim" / path.relative_to(SIM)), edit(path.read_text("utf-8"))]))
    done = subprocess.run(
        [sys.executable, "-B", "-c", HASHES, str(folder)],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    before, *found = [json.loads(line) for line in done.stdout.splitlines()]
    return {name: {key for key in before if before[key] != now[key]} for name, now in zip(DECLARED, found, strict=True)}


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        ("the default of a parameter", {"model"}),
        ("what a parameter says", set()),
        ("the onset of a measure", {"P-E1"}),
        ("what a measure says", set()),
        ("a lever of a measure", {"P-E1"}),
        ("a new measure", set()),
        ("an entry of a mechanism", {"without fear"}),
        ("the title of a mechanism", set()),
        ("the title of an outcome", set()),
        ("how an outcome is averaged", {"homicides"}),
    ],
)
def test_a_declaration_enters_by_value_and_only_where_it_is_used(declared, edit, changed):
    assert declared[edit] == changed


def test_every_outcome_has_a_hash():
    assert list(outcome_hashes()) == [each.name for each in OUTCOMES]
    assert len(set(outcome_hashes().values())) == len(OUTCOMES)
    assert len(model_hash()) == 32


def test_an_outcome_that_stands_on_others_changes_with_them():
    recorder = Recorder(Sources(SIM), RECORDER)
    assert {"extortion_share", "territory", "closure", "order"} <= recorder.slice("criminal_governance_index").reads
    assert "homicides" in recorder.slice("homicides_recorded").reads


def test_a_measure_is_known_by_its_row_and_by_its_name():
    assert measure_hash("P-E1") == measure_hash("hot-spot-patrol")
    with pytest.raises(KeyError):
        measure_hash("P-E999")


def test_the_recorder_leaves_nothing_in_the_state_but_what_is_part_of_the_model(city, params, seed, monkeypatch):
    """Without it a month ends in the same state, but for outcomes and the fields that its lines for the state write."""
    module = importlib.import_module(RECORDER.module)
    city.city_state["leaked"] = 9.0
    other = copy_city(city)
    steps.month(city, params, seed, 0)
    monkeypatch.setattr(module, RECORDER.name, lambda city, params, seed, t: None)
    steps.month(other, params, seed, 0)
    lines = " ".join(Recorder(Sources(SIM), RECORDER).slice(STATE).texts)

    def differences(one, two, where):
        if isinstance(one, tuple):
            for name, first, second in zip(one._fields, one, two, strict=True):
                yield from differences(first, second, f"{where}.{name}")
        elif one.dtype.names:
            for name in one.dtype.names:
                if not np.array_equal(one[name], two[name]):
                    yield f"{where}.{name}"
        elif not np.array_equal(one, two):
            yield where

    written = {each for each in differences(city, other, "city") if "outcome" not in each}
    assert written, "the recorder books what the month cost"
    assert {each for each in written if each.split(".")[-1] not in lines} == set()
