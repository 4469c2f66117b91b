"""Another Python, started with arguments."""

import subprocess
import sys

HEAVY = {"mesa", "numba", "pandas", "matplotlib", "SALib"}
SMALL = ["--months", "12", "--replications", "10"]


def run_python(*arguments, **options):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, check=False, **options)
