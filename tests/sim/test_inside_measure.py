"""A measure is added in the four files that `docs/add_a_measure.md` shows, and each of them that is forgotten is named."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "add_a_measure.md").read_text("utf-8")
STEP = re.compile(
    r"In\s+`(?P<file>sim/[\w/]+\.py)`,\s+(?:below the line\s+`(?P<line>[^`]+)`|above the last line):\n\n"
    r"```python\n(?P<code>.*?)```",
    re.DOTALL,
)
STEPS = {found["file"]: (found["line"], found["code"]) for found in STEP.finditer(PAGE)}
CHECKS = "tests/sim/test_lever_links.py"
TOLD = dict(re.findall(r"^\| the (parameter|effect|measure|link) \| (.+) \|$", PAGE, re.MULTILINE))
FILES = {
    "parameter": "sim/parameters/homicide.py",
    "effect": "sim/processes/homicide/disputes.py",
    "measure": "sim/measures/regulation.py",
    "link": "sim/lever_links.py",
}
POLICY = "name: late\ntitle: Late buses\nabout: Buses alone.\nmeasures:\n  - measure: P-R10\n"


def plant(folder, forgotten=""):
    """Copy the model into a folder and write the measure into it, as the page says, but for one file."""
    shutil.copytree(ROOT / "sim", folder / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    for file, (line, code) in STEPS.items():
        if file == forgotten:
            continue
        lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
        places = [place for place, text in enumerate(lines) if line and line in text]
        assert not line or len(places) == 1, f"{file} has {len(places)} lines with {line}"
        lines.insert(places[0] + 1 if line else len(lines) - 1, code)
        (folder / file).write_text("".join(lines), "utf-8")


def run(folder, *command):
    """Run Python in a folder with its own copy of the model; return the exit code and all that it printed."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def checked(folder):
    """Run the tests of the links on a copy, without those that plant faults of their own."""
    (folder / "tests" / "sim").mkdir(parents=True)
    shutil.copy(ROOT / CHECKS, folder / CHECKS)
    return run(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "test_every", CHECKS)


def test_the_page_shows_four_files():
    assert set(STEPS) == set(FILES.values())
    assert set(TOLD) == set(FILES)


def test_a_measure_in_four_files_is_complete(tmp_path):
    plant(tmp_path)
    code, said = checked(tmp_path)
    assert code == 0, said
    ask = (
        "import sim.levers, sim.measures; print('late_buses' in sim.levers.LEVERS, sim.measures.find_measure('P-R10').title)"
    )
    assert run(tmp_path, "-c", ask) == (0, "True Late buses\n")


@pytest.mark.parametrize(
    ("forgotten", "said"),
    [
        ("parameter", "homicide.late_buses_on_disputes"),
        ("effect", "P-R10 raises the lever late_buses, which no process reads"),
        ("measure", "the link of late_buses is of no lever"),
        ("link", "disputes.py reads the lever late_buses; sim/lever_links.py has no link of it"),
    ],
)
def test_the_file_that_is_forgotten_is_named(tmp_path, forgotten, said):
    plant(tmp_path, FILES[forgotten])
    code, printed = checked(tmp_path)
    assert code != 0
    assert said in printed
    assert said in TOLD[forgotten].replace("`", "")


@pytest.mark.validate
def test_the_measure_is_used_by_the_command(tmp_path):
    plant(tmp_path)
    for package in ("citysafety", "experiments", "scenarios"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "late.yaml").write_text(POLICY, "utf-8")
    small = ["--months", "24", "--replications", "12", "--scale", "0.05"]
    code, said = run(tmp_path, "-m", "citysafety", "compare", "sandbox", "--policy", "late.yaml", "--json", *small)
    assert code == 0, said
    assert "Late buses" in said
    code, said = run(tmp_path, "-m", "citysafety", "show", "P-R10")
    assert code == 0, said
    assert "Late buses" in said
