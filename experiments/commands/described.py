"""What a command is to run: from its options, or from a scenario file in place of the city, over which options given win."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self, cast, get_args

import typer
from pydantic import Field, Strict

from experiments.commands.progress import progress_bar
from sim.scenario import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from experiments.execution.execution import Execution
    from experiments.execution.extensions import Extensions, OwnCode
    from experiments.store.scenario_files import ScenarioFile
    from experiments.store.store import Keep
    from sim.scenario import City, Policy, Scenario, ScenarioSettings

type Months = Annotated[tuple[int, int], Strict(False)]
type Names = Annotated[tuple[str, ...], Strict(False)]
type Ranges = dict[str, Annotated[tuple[float, float], Strict(False)]]
type Windows = Annotated[tuple[Months, ...], Strict(False)]

OPTION_OF = {
    "parameters": "settings",
    "shocks": "shock",
    "outcomes": "outcome",
    "mechanisms": "mechanism",
    "windows": "window",
    "ranges": "own_range",
    "vary": "parameters",
    "thresholds": "threshold",
}
"""The option that sets a field of a scenario or of a study, where the two have different names."""


class OwnCompare(Part):
    """The own options of `run` and `compare`, as given under `study:` in a scenario file."""

    command: Literal["run", "compare"] = "compare"
    windows: Windows = ()


class OwnAblate(Part):
    """Those of `ablate`."""

    command: Literal["ablate"] = "ablate"
    outcomes: Names
    mechanisms: Names | None = None
    windows: Windows = ()


class OwnSensitivity(Part):
    """Those of `sensitivity`, see `experiments.sensitivity.analysis.Analysis`."""

    command: Literal["sensitivity"] = "sensitivity"
    method: Literal["sobol", "morris", "shapley", "pawn", "delta", "rbd-fast"] = "sobol"
    samples: int = 128
    vary: Names = ("*",)
    ranges: Ranges = Field(default={})
    outcomes: Names
    windows: Windows = ()
    screen: bool = False
    trajectories: int = 8
    top: int = 12
    group: Literal["process", "pillar"] | None = None
    second_order: bool = False


class OwnFactorial(Part):
    """Those of `factorial`."""

    command: Literal["factorial"] = "factorial"
    outcomes: Names
    draw: Names = ()
    ranges: Ranges = Field(default={})
    windows: Windows = ()


class OwnSweep(Part):
    """Those of `sweep`; the table of points is given beside the file."""

    command: Literal["sweep"] = "sweep"
    outcomes: Names | None = None
    windows: Windows = ()


class OwnTradeoffs(Part):
    """Those of `tradeoffs`."""

    command: Literal["tradeoffs"] = "tradeoffs"
    budget: float | None = None
    objectives: Names
    thresholds: dict[str, float] = Field(default={})
    draw: Names | None = None
    ranges: Ranges = Field(default={})
    portfolio: str | None = None
    search: bool = False
    derogating: bool = False
    generations: int = 8
    windows: Windows = ()


@dataclass(frozen=True, kw_only=True)
class Described:
    """Where the values of a command come from.

    Attributes
    ----------
    city
        The city, or that of the scenario file.
    filed
        The scenario file that was given in place of a city, or None.
    """

    context: typer.Context
    city: City
    filed: ScenarioFile | None

    @classmethod
    def find(cls, context: typer.Context, city: str, own: type[Part]) -> Self:
        """Return what the argument of a command describes.

        Parameters
        ----------
        context
            Knows which options were given.
        city
            The argument: a city's name or file, or a scenario file.
        own
            The own options of the command.

        Raises
        ------
        InputError
            When there is no such city, or the file cannot be used or is for another command.
        """
        from experiments.store.plugins_used import check_code
        from experiments.store.scenario_files import find_scenario_file
        from sim.errors import InputError, show
        from sim.scenario import load_city

        filed = find_scenario_file(city)
        if filed is None:
            return cls(context=context, city=load_city(city), filed=None)
        meant, known = filed.study.get("command"), get_args(own.model_fields["command"].annotation)
        if meant is not None and meant not in known:
            raise InputError(f"{city}: study.command is {show(meant)}; give the file to that command, or remove study")
        found = cls(context=context, city=filed.scenario.city, filed=filed)
        check_code(filed.plugins, found.extensions, filed.shown)
        return found

    @property
    def more(self) -> OwnCode:
        """The outcomes and the rule that plugins give, as settings of a study."""
        from experiments.commands.options import plugged

        return plugged(self.context.params.get("plugin"))

    @property
    def extensions(self) -> Extensions:
        """The same, checked: what a scenario file says of them."""
        from experiments.execution.extensions import extensions_of

        return extensions_of(self.more.get("outputs"), self.more.get("model"), None)

    def is_given(self, name: str) -> bool:
        """Whether the option that sets a field was given on the command line."""
        source = self.context.get_parameter_source(OPTION_OF.get(name, name))
        return source is not None and source.name == "COMMANDLINE"

    def policies(self, given: Sequence[Policy], *, option: str = "policy") -> tuple[Policy, ...]:
        """Return the policies of the option and of --pillars where one was given, else those of the file."""
        if self.filed is None or self.is_given(option) or self.is_given("pillars"):
            return tuple(given)
        return self.filed.scenario.policies

    def settings(self, given: ScenarioSettings) -> ScenarioSettings:
        """Return the settings of the scenario: those of options that were given, else those of the file."""
        if self.filed is None:
            return given
        scenario = self.filed.scenario
        # What a study does not take, such as replications of a sensitivity study, is not in `given`.
        kept: Mapping[str, Any] = {name: value for name, value in given.items() if self.is_given(name)}
        return cast("ScenarioSettings", {name: kept.get(name, getattr(scenario, name)) for name in given})

    def own[Options: Part](self, model: type[Options], given: Mapping[str, Any]) -> Options:
        """Return the own options of the study, checked: those that were given, else those of the file."""
        from sim.files import check

        if self.filed is None:
            return check(model, dict(given), "command line")
        filed = dict(self.filed.study)
        own = {name: value for name, value in given.items() if name not in filed or self.is_given(name)}
        return check(model, filed | own, f"{self.filed.shown}: study")


def study_block(own: Part) -> dict[str, Any]:
    """Return the own options of a study for the block `study:` of a scenario file."""
    return own.model_dump(mode="json", exclude_none=True)


def scenario_of(city: City, policies: Sequence[Policy], settings: ScenarioSettings, scale: float | None = None) -> Scenario:
    """Return what was run as a scenario file tells it, with the scale that was used where it is known."""
    from sim.scenario import assemble

    as_run: ScenarioSettings = settings if scale is None else {**settings, "scale": scale}
    return assemble(city, policies, **as_run)


def read_windows(texts: Sequence[str] | None, months: int, city: City) -> tuple[tuple[int, int], ...]:
    """Return the first and last month of every --window; one that is none, or lies outside the run, is refused."""
    from experiments.commands.options import read_windows as read

    return read(texts or [], months, city)


def keep_for_windows(folder: Path, windows: Sequence[object]) -> Keep | None:
    """Return what a new store must keep for outcomes to be averaged over windows; None for what a store keeps anyway."""
    from experiments.store.runs import NAMES, keep_for
    from experiments.store.settings import SETTINGS

    return keep_for(NAMES) if windows and not (folder / SETTINGS).exists() else None


@contextmanager
def shared_runs(execution: Execution, windows: Sequence[object]) -> Iterator[Execution]:
    """Give an execution whose runs all windows share: its store, or, for several windows without one, a passing one."""
    if execution.store is not None or len(windows) < 2:
        yield execution
        return
    with TemporaryDirectory(prefix="citysafety-") as folder:
        yield replace(execution, store=Path(folder) / "store")


@contextmanager
def run_by_window(
    execution: Execution, windows: Sequence[tuple[int, int]], total: int, *, shows: bool, unit: str = "futures"
) -> Iterator[list[tuple[tuple[int, int] | None, Execution]]]:
    """Give each window, or None for the whole run, with the execution of its part of all that is run, on one progress bar.

    Parameters
    ----------
    execution
        How the runs are made; all windows share them.
    windows
        First and last months; none for the whole run.
    total, unit
        What the progress bar counts.
    shows
        Whether there is a progress bar.
    """
    spans = windows or (None,)
    with shared_runs(execution, spans) as shared, progress_bar(total, wanted=shows, unit=unit) as progress:
        how = replace(shared, progress=progress)
        yield [(each, how.part(number / len(spans), 1 / len(spans))) for number, each in enumerate(spans)]
