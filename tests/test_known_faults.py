"""Faults that are known and not yet mended: each test says what must hold, and fails until it does.

Whoever mends one takes its mark away; a test here that passes with its mark on fails the suite.
"""

import json
import shutil
import subprocess
import sys
import tracemalloc
from pathlib import Path

ROOT = Path(__file__).parents[1]


def python(*arguments, **options):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)


ID = """
import json, sys
sys.path.insert(0, sys.argv[1])
from experiments.store.run_id import run_ids
from experiments.execution.runner import Job
from sim.scenario import load_city, load_policy
city, policies = load_city("sandbox"), (load_policy("baseline"),)
job = Job(city=city, policies=policies, seed=1, months=12, scale=0.1, without=("contagion",))
print(json.dumps(run_ids(job)))
"""


def ids_of(folder):
    done = python("-c", ID, str(folder), cwd=folder, env={"PATH": "", "PYTHONDONTWRITEBYTECODE": "1"})
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_switches_a_mechanism_off_is_part_of_the_name_of_a_run_without_it(tmp_path):
    for part in ("sim", "scenarios", "experiments"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    before = ids_of(tmp_path)
    table = tmp_path / "sim" / "mechanisms.py"
    start, entry = table.read_text("utf-8").split('"contagion"', 1)
    said, off = entry.split("{", 1)
    assert ": 0.0" in off.split("}")[0]
    table.write_text(f'{start}"contagion"{said}{{{off.replace(": 0.0", ": 0.125", 1)}', "utf-8")
    assert ids_of(tmp_path) != before


def test_a_patch_release_of_python_leaves_the_names_of_runs_alone(monkeypatch):
    from sim.identity import RECORDER, model_hash, model_of
    from sim.slices import Recorder
    from sim.syntax import Sources

    here = model_hash()
    released = sys.version.split()[0]
    monkeypatch.setattr(sys, "version", sys.version.replace(released, f"{released.rsplit('.', 1)[0]}.99", 1))
    sources = Sources(ROOT / "sim")
    assert model_of(sources, Recorder(sources, RECORDER)) == here


def test_planning_a_study_takes_little_memory_for_each_job():
    from experiments.sensitivity.analysis import Analysis
    from experiments.sensitivity.study import plan
    from sim.scenario import load_city, load_policy

    city, policy = load_city("sandbox"), load_policy("truce")

    def planned(*vary):
        analysis = Analysis(method="morris", samples=2, vary=vary)
        return plan(city, policy, analysis=analysis, months=12, scale=0.1).first

    planned("gangs.split_chance")
    tracemalloc.start()
    jobs = planned("homicide.*", "gangs.*", "markets.*", "recruitment.*")
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held / len(jobs) < 2_000
