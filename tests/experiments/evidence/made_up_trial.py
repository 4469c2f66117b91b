"""A made-up trial that the made-up core can run: calm halves homicide."""

import copy
import json

from experiments.evidence.trial import Trial

CALM = {"name": "calm", "title": "Calm", "about": "Halves homicide.", "measures": [{"measure": "P-R3"}]}
RUN = {"estimator": "paired arms", "outcome": "homicide_rate", "arm": "calm", "months": [1, 24]}
FIGURE = {
    "id": "R1",
    "says": "homicide, calm against none",
    "source": "paper",
    "outcome": "homicide_rate",
    "value": 0.70,
    "interval": [0.62, 0.79],
    "level": 90,
    "discrepancy": "same",
    "why": "The same.",
    "run": RUN,
}
TRIAL = {
    "name": "cali_hours",
    "title": "A test",
    "pillar": "regulation",
    "about": "What is tested.",
    "sources": {"paper": {"study": "Nobody 2001", "address": "none", "seen": "abstract", "found": "Nothing."}},
    "design": "controlled",
    "quality": "B",
    "city": "sandbox",
    "scale": 0.5,
    "months": 24,
    "arms": [CALM],
    "unlike": "All of it.",
    "figures": [FIGURE],
}


def trial_with(**changes):
    return Trial(**(copy.deepcopy(TRIAL) | changes))


def figure_with(**changes):
    """The trial with its figure changed; what is None is left out."""
    figure = {name: value for name, value in (FIGURE | changes).items() if value is not None}
    return trial_with(figures=[figure])


def run_with(**changes):
    run = {name: value for name, value in (RUN | changes).items() if value is not None}
    return figure_with(run=run)


def written_trial(folder, **changes):
    path = folder / "mine.yaml"
    path.write_text(json.dumps(copy.deepcopy(TRIAL) | changes), "utf-8")
    return path
