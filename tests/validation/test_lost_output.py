"""Results are stored whole whatever becomes of the output, in a folder of any name, for a person without a home."""

import os
import subprocess
import sys

import pytest

from sim.compiled import cache_folders

SMALL = ["compare", "sandbox", "--policy", "truce", "--months", "1", "--replications", "2", "--scale", "0.02", "--quiet"]

pytestmark = pytest.mark.validate


def test_results_are_whole_though_output_is_lost_and_nothing_of_a_persons_own_can_be_used(tmp_path):
    out = tmp_path / "Größe und Maß"
    command = [sys.executable, "-m", "experiments.commands.cli", *SMALL, "--out", str(out)]
    foreign = {
        "PYTHONIOENCODING": "cp1252",
        "MPLBACKEND": "nonsense",
        "MPLCONFIGDIR": "/dev/null/matplotlib",
        "HOME": "/dev/null/home",
        "CITYSAFETY_CACHE": str(cache_folders()[0].parents[1]),
    }
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >/dev/full', "sh", *command], capture_output=True, check=False, env=os.environ | foreign
    )
    assert done.returncode == 1
    assert done.stderr.decode() == "citysafety: the output could not be written: no space left on device\n"
    assert {"report.html", "summary.json", "manifest.json", "city_monthly.parquet"} <= {path.name for path in out.iterdir()}
    assert len(list((out / "figures").iterdir())) > 4
