"""The examples run as they are, in an empty folder, and print what they say they print."""

import runpy
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from sim.added_measures import restored

EXAMPLES = Path(__file__).parents[2] / "examples"
NOTEBOOKS = sorted(EXAMPLES.glob("*.ipynb"))

SAID = {
    "01_compare.py": ("Homicide without a policy: ", "All four pillars: ", "95 % interval"),
    "02_sensitivity.py": ("What homicide without a policy depends on:", "recruitment."),
    "03_own_city.py": ("Poverty in North: 25%", "enforcement"),
    "04_own_measure.py": ("Night wardens: homicide ", "Patrol at hot spots: homicide "),
    "05_tradeoffs.py": ("Combinations within the budget", "Most homicide averted for the budget: "),
    "06_mesa.py": ("After 24 months: ", "all four pillars: homicide rate of the last year "),
}
LEFT = {
    "01_compare.py": "compare.png",
    "02_sensitivity.py": "studies/example",
    "03_own_city.py": "harbour_town.yaml",
    "04_own_measure.py": "night_wardens.yaml",
}


def test_every_example_is_run_here():
    assert {path.name for path in EXAMPLES.glob("*.py")} == set(SAID)
    assert len(NOTEBOOKS) == 2


@pytest.mark.parametrize("name", SAID)
def test_a_script_runs_and_prints_its_answer(name, tmp_path, monkeypatch, capfd):
    monkeypatch.chdir(tmp_path)
    with restored():
        runpy.run_path(str(EXAMPLES / name), run_name="__main__")
    said = capfd.readouterr().out
    assert [each for each in SAID[name] if each not in said] == []
    assert name not in LEFT or (tmp_path / LEFT[name]).exists()


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    for folder in ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(folder, str(tmp_path / folder))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [kind for cell in notebook.cells for output in cell.get("outputs", ()) for kind in output.get("data", ())]
    assert "text/html" in shown
    assert path.stem != "first_steps" or "image/png" in shown


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_kept_without_what_a_run_wrote_into_it(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []
