"""A core that costs nothing: made-up results that depend on seed and policy alone, as the real ones do."""

import signal
import sys
import threading
import time
import types
from dataclasses import dataclass, field

import numpy as np
import pytest

import sim
from experiments.commands import cli
from sim.errors import InputError
from sim.in_force import InForce
from sim.outcomes import CHARTED, OUTCOMES, outcome_index
from sim.scenario import Policy, load_city


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


@pytest.fixture
def core(monkeypatch):
    return stand_in(monkeypatch)


@pytest.fixture
def ask(capsys):
    """Run a command in this process and return its code, its output, and what it said besides."""

    def run(*arguments):
        code = cli.run_command([str(each) for each in arguments])
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture(scope="session")
def sandbox():
    return load_city("sandbox")


@pytest.fixture
def calm():
    return Policy(name="calm", title="Calm", about="Halves homicide.", measures=())


@pytest.fixture
def idle():
    return Policy(name="idle", title="Idle", about="Changes nothing.", measures=())


@pytest.fixture
def refusal():
    return InputError("city: this cannot be run; give another")


@pytest.fixture
def blank_figures(monkeypatch):
    """Leave all figures blank, for tests of the words of a page: drawing takes nearly all of its time."""
    from matplotlib.figure import Figure

    from experiments.comparison import figures, level_figures

    for name in ("policy_lines", "differences", "change_map", "why", "fairness"):
        monkeypatch.setattr(figures, name, lambda *_: Figure(figsize=(1, 1)))
    for name in ("level_lines", "level_map"):
        monkeypatch.setattr(level_figures, name, lambda *_: Figure(figsize=(1, 1)))
    monkeypatch.setattr(figures, "rendered", lambda *_: b"")


@pytest.fixture
def few_figures(monkeypatch):
    """Draw each kind of figure for few outcomes instead of all that have one."""
    monkeypatch.setattr("sim.outcomes.CHARTED", CHARTED[:3])


@pytest.fixture
def answers_to_interrupts():
    """Let this process and those it starts answer to Ctrl-C: what a shell starts in the background is told to ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def calm_file(tmp_path):
    path = tmp_path / "calm.yaml"
    path.write_text("name: calm\ntitle: Calm\nabout: Halves homicide.\nmeasures: []\n", "utf-8")
    return path


@pytest.fixture
def report(monkeypatch):
    """A report and figures that cost nothing."""
    module = types.ModuleType("experiments.comparison.report.page")
    pictures = types.ModuleType("experiments.comparison.pictures")

    def write_report(comparison, folder, *, pictures):
        (folder / "report.html").write_text(comparison.city.title, "utf-8")
        return folder / "report.html"

    module.write_report = write_report

    class Pictures:
        def __init__(self, comparison):
            pass

        def save(self, folder):
            folder.mkdir()
            (folder / "lines.svg").write_text("<svg/>", "utf-8")

    pictures.Pictures = Pictures
    monkeypatch.setitem(sys.modules, "experiments.comparison.report.page", module)
    monkeypatch.setitem(sys.modules, "experiments.comparison.pictures", pictures)
