"""A made-up case with one claim, and a made-up core that runs it in no time."""

import copy
import json
import threading
import types

import numpy as np

from experiments.evidence.claims import Claim
from sim.outcomes import OUTCOMES, outcome_index

FUTURES = 40

SHOCK = {"name": "guns", "title": "Guns", "about": "More guns.", "kind": "flow", "flow": "firearms", "size": 2, "start": 1}
CLAIM = {
    "id": "C99a",
    "says": "It would fall.",
    "kind": "D",
    "change": "falls",
    "outcome": "homicide_rate",
    "months": [1, 24],
    "arm": "calm",
}
CASE = {
    "id": "C99",
    "name": "c99_test",
    "title": "A test",
    "about": "What is tested.",
    "source": "None.",
    "city": "sandbox",
    "months": 24,
    "scale": 0.5,
    "arms": [{"name": "calm", "title": "Calm", "about": "Halves homicide.", "measures": [{"measure": "P-R3"}]}],
    "expected": [CLAIM],
}


def claim(**fields):
    return Claim(**(CLAIM | fields))


def case_with(**changes):
    return copy.deepcopy(CASE) | changes


def claim_with(**fields):
    return case_with(expected=[CLAIM | fields])


def written(folder, values):
    path = folder / "c99_test.yaml"
    path.write_text(json.dumps(values), "utf-8")
    return path


class Core:
    """Stands in for `sim.run`: calm halves homicide, and every arm of a seed shares its noise."""

    def __init__(self):
        self.asked = []
        self.failing = {}
        self.stop_at = None
        self.lock = threading.Lock()

    def warm(self):
        return 0.0

    def run_arms(self, city, policies, *, seed, months, scale, parameters, shocks, shocks_by_arm, without, progress):
        assert (shocks, without) == ((), ())
        with self.lock:
            self.asked.append((city.name, [policy.name for policy in policies], shocks_by_arm, months, scale))
        if seed in self.failing:
            raise self.failing[seed]
        for done in range(12, months * len(policies) + 1, 12):
            if not progress(done):
                raise RuntimeError("cancelled")
        return [self.result(policy.name, seed, months, len(city.neighbourhoods)) for policy in policies]

    def result(self, policy, seed, months, places):
        noise = np.random.default_rng(seed)
        monthly = noise.gamma(40.0, 0.5, (months, len(OUTCOMES))).astype(np.float32)
        yearly = noise.gamma(40.0, 0.5, (-(-months // 12), places, len(OUTCOMES))).astype(np.float32)
        if policy == "calm":
            monthly[:, outcome_index("homicide_rate")] *= 0.5
            yearly[..., outcome_index("homicide_rate")] *= 0.5
        return types.SimpleNamespace(city_monthly=monthly, place_yearly=yearly)
