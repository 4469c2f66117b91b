"""A type checker knows every field of every table: a wrong one is refused in each process file."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from experiments.publish import typed_views

ROOT = Path(__file__).parents[2]
FIELD = re.compile(r"\b(?:neighbourhood|city_state|gang|param|lever|measure|police|city|youth)\.[a-z_]+\b(?!\()")
WITHOUT_FIELDS = {"processes/places", "processes/steady_state"}


def name_of(path):
    """Return a file's name with its folder's: several are called `__init__`."""
    return f"{path.parent.name}/{path.stem}"


def test_the_views_are_fresh():
    assert typed_views.VIEWS.read_text("utf-8") == typed_views.text(), "run python -m experiments.publish.typed_views"


def test_every_table_of_the_state_has_a_view_and_no_row_is_anything():
    state = (ROOT / "sim" / "state" / "__init__.py").read_text("utf-8")
    assert len(re.findall(r"^    \w+: Table\[views\.\w+\]", state, re.MULTILINE)) == len(typed_views.ROWS)
    for path in (ROOT / "sim" / "processes").rglob("*.py"):
        code = path.read_text("utf-8")
        assert not re.search(r"(?::|->) *(?:Any|Records?)\b|import Any\b", code), path.name


@pytest.mark.validate
def test_a_wrong_field_is_refused_in_every_process_file(tmp_path):
    """Each file gets one field that its table lacks, and the checker must find each of them. About a minute."""
    shutil.copytree(ROOT / "sim", tmp_path / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    planted = {}
    for path in (tmp_path / "sim" / "processes").rglob("*.py"):
        head, marker, code = path.read_text("utf-8").partition("\n@compiled\n")
        found = FIELD.search(code)
        if found is None:
            continue
        wrong = code[: found.end()] + "_faer" + code[found.end() :]
        path.write_text(head + marker + wrong, "utf-8")
        planted[name_of(path)] = found[0].partition(".")[2] + "_faer"
    files = {name_of(path) for path in (ROOT / "sim" / "processes").rglob("*.py")} - {"processes/__init__"}
    assert files - set(planted) == WITHOUT_FIELDS
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "-p", "sim.processes"],
        capture_output=True, text=True, check=False, cwd=tmp_path, env={"PATH": ""},
    )  # fmt: skip
    refused = dict(re.findall(r'(\w+/\w+)\.py:\d+: error: "\w+" has no attribute "(\w+)"', done.stdout))
    assert refused == planted, done.stdout
