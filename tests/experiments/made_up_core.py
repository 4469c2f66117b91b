"""A core that costs nothing: made-up results that depend on seed and policy alone, as the real ones do."""

import sys
import threading
import time
import types
from dataclasses import dataclass, field

import numpy as np

import sim
from sim.in_force import InForce
from sim.outcomes import OUTCOMES, outcome_index


@dataclass(frozen=True)
class MadeUpResult:
    policy: str
    seed: int
    scale: float
    city_monthly: np.ndarray
    place_yearly: np.ndarray
    events: dict[str, int] = field(default_factory=dict)
    in_force: tuple[InForce, ...] = ()


@dataclass
class MadeUpCore:
    """Stands in for `sim.run`; tests set what goes wrong and read what was asked."""

    failing_seeds: dict[int, Exception] = field(default_factory=dict)
    seconds: dict[int, float] = field(default_factory=dict)
    compiled_in: list[str] = field(default_factory=list)
    ran: list[int] = field(default_factory=list)
    ran_before_compiling: list[int] = field(default_factory=list)
    switched_off: list[tuple[str, ...]] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def warm(self):
        assert not self.at_once, "compiled while a job was running"
        self.ran_before_compiling.append(len(self.ran))
        self.compiled_in.append(threading.current_thread().name)

    def automatic_scale(self, city):
        return 0.5

    def run_arms(self, city, policies, *, seed, months, scale, parameters=None, shocks=(), without=(), progress=None):
        with self.lock:
            self.ran.append(seed)
            self.switched_off.append(tuple(without))
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            for done in range(12, months * len(policies) + 1, 12):
                time.sleep(self.seconds.get(seed, 0.0))
                if progress is not None and not progress(done):
                    raise RuntimeError("cancelled")
            if seed in self.failing_seeds:
                raise self.failing_seeds[seed]
            return [self.result(city, policy, seed, months, scale, without) for policy in policies]
        finally:
            with self.lock:
                self.at_once -= 1

    def result(self, city, policy, seed, months, scale, without=()):
        """Noise that all arms of a seed share; `calm` halves homicide, by a twentieth more or less, if fear is at work."""
        noise = np.random.default_rng(seed)
        years = -(-months // 12)
        monthly = noise.gamma(4.0, 5.0, (months, len(OUTCOMES))).astype(np.float32)
        yearly = noise.gamma(4.0, 5.0, (years, len(city.neighbourhoods), len(OUTCOMES))).astype(np.float32)
        yearly[..., outcome_index("cost")] = np.nan
        if policy.name == "calm" and "fear" not in without:
            homicide = outcome_index("homicide_rate")
            factor = np.float32(0.5 + noise.uniform(-0.05, 0.05))
            monthly[:, homicide] *= factor
            yearly[..., homicide] *= factor
        return MadeUpResult(policy.name, seed, scale, monthly, yearly, {"overflow": seed % 2})


def stand_in(monkeypatch):
    """Let a made-up core stand in for `sim.run`, and return it."""
    made_up = MadeUpCore()
    module = types.ModuleType("sim.run")
    module.warm, module.run_arms, module.automatic_scale = made_up.warm, made_up.run_arms, made_up.automatic_scale
    module.Result = MadeUpResult
    monkeypatch.setitem(sys.modules, "sim.run", module)
    monkeypatch.setattr(sim, "run", module, raising=False)
    return made_up
