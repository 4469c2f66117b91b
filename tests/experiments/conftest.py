"""A core that costs nothing, commands asked as a terminal does, and figures that are not drawn."""

import signal
import sys
import types

import pytest
from made_up_core import stand_in

from experiments.commands import cli
from sim.errors import InputError
from sim.outcomes import CHARTED
from sim.scenario import Policy, load_city


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
