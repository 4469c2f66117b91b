"""What a study takes besides a scenario: outcomes of the user's own, and a rule of his own after each month.

    outputs={"late_killings": function}    a function of a result (`sim.run.Result`) that returns one number
    model=RuleModel                        a class derived from `sim.model.CitySafetyModel`, whose `step` does more
    model=rule                             a function that is given the model after each month and may change its state

An outcome looks at a run and is no part of it; a rule is, so its content is part of the run's id. Both travel as content
(`user_code`). What cannot be told by its content is refused wherever it would have to be stored or sent: a rule always, an
outcome with a store, processes or Dask.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypedDict, cast

if TYPE_CHECKING:
    from experiments.execution.execution import Execution
    from experiments.execution.user_code import UserCode
    from sim.run import Result
    from sim.scenario import ScenarioSettings

__all__ = ["NOTHING_MORE", "Extensions", "Output", "OwnCode", "Rule", "StudySettings", "extensions_of", "take_extensions"]

NAME = re.compile("[a-z][a-z0-9_]{0,59}")
SHARED = ("threads", "in-process")
"""Executors whose workers are in this process."""


class OwnCode(TypedDict, total=False):
    """Outcomes and a rule of the user's own, as keyword arguments.

    Attributes
    ----------
    outputs
        Outcomes of one's own by name: functions of a result that return a number.
    model
        A rule after each month: a class derived from `CitySafetyModel`, or a function of the model. Runs are several times
        slower with one.
    """

    outputs: Mapping[str, Callable[[Result], float]]
    model: Callable[..., Any] | None


if TYPE_CHECKING:

    class StudySettings(ScenarioSettings, OwnCode, total=False):
        """The settings of a scenario, and outcomes and a rule of one's own besides."""


@dataclass(frozen=True)
class Output:
    """An outcome of the user's own.

    Attributes
    ----------
    name
        What the study calls it.
    code
        Its content, None where that cannot be told.
    """

    name: str
    code: UserCode | None
    function: Callable[[Result], float] | None = field(default=None, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the function itself behind: elsewhere it is built from its content."""
        return {"name": self.name, "code": self.code, "function": None}

    @property
    def digest(self) -> str:
        """The hash of its content; "" where that cannot be told."""
        return "" if self.code is None else self.code.digest

    def value(self, result: Result) -> float:
        """Return the outcome of a result.

        Raises
        ------
        InputError
            When the function fails, or returns anything but a finite number.
        """
        from sim.errors import InputError, show

        function = self.function if self.function is not None else self.code.build() if self.code is not None else None
        assert function is not None
        where = f"outputs: {self.name}, under policy {result.policy} with seed {result.seed},"
        try:
            found = function(result)
        except Exception as error:
            raise InputError(f"{where} fails: {type(error).__name__}: {error}") from error
        try:
            number = float(found)
        except (TypeError, ValueError):
            number = math.nan
        if isinstance(found, str) or not math.isfinite(number):
            raise InputError(f"{where} is {show(found)}; the function must return one finite number")
        return number


@dataclass(frozen=True)
class Rule:
    """A rule of the user's own after each month.

    Attributes
    ----------
    code
        Its content, part of the id of every run with it.
    """

    code: UserCode
    thing: Callable[..., Any] | None = field(default=None, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        """Leave the class or function itself behind: elsewhere it is built from its content."""
        return {"code": self.code, "thing": None}

    def build(self) -> Callable[..., Any]:
        """Return the class or function."""
        return self.thing if self.thing is not None else cast("Callable[..., Any]", self.code.build())


@dataclass(frozen=True)
class Extensions:
    """What a study takes besides a scenario, checked."""

    outputs: tuple[Output, ...] = ()
    rule: Rule | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the outcomes."""
        return tuple(each.name for each in self.outputs)


NOTHING_MORE = Extensions()
"""A study that takes nothing besides its scenario."""


def take_extensions(settings: StudySettings, execution: Execution | None) -> tuple[Extensions, ScenarioSettings]:
    """Return the extensions among the settings of a study, checked, and the settings of its scenario.

    Raises
    ------
    InputError
        When one of them cannot be used, or not with this execution.
    """
    kept = {name: value for name, value in settings.items() if name not in ("outputs", "model")}
    found = extensions_of(settings.get("outputs"), settings.get("model"), execution)
    return found, cast("ScenarioSettings", kept)


def extensions_of(outputs: object, model: object, execution: Execution | None) -> Extensions:
    """Return outcomes and a rule of the user's own, checked; errors as `take_extensions`."""
    from sim.errors import InputError, show

    if outputs is not None and not isinstance(outputs, Mapping):
        raise InputError(f"outputs is {show(outputs)}; give a mapping of names to functions of a result")
    made = tuple(_output(name, function, execution) for name, function in (outputs or {}).items())
    return Extensions(made, None if model is None else _rule(model))


def _output(name: object, function: object, execution: Execution | None) -> Output:
    from experiments.execution.user_code import NoContentError, content_of
    from sim.errors import InputError, show
    from sim.outcomes import OUTCOMES

    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise InputError(f"outputs: the name {show(name)} is none; use a-z, 0-9 and _, beginning with a letter")
    if name in {each.name for each in OUTCOMES}:
        raise InputError(f"outputs: {name} is an outcome of the model; choose another name")
    if not callable(function):
        raise InputError(f"outputs: {name} is {show(function)}; give a function of a result that returns a number")
    try:
        return Output(name, content_of(function), function)
    except NoContentError as error:
        if (needs := _needs_content(execution)) is not None:
            raise InputError(f"outputs: {name} cannot be used with {needs}: {error}") from None
        return Output(name, None, function)


def _needs_content(execution: Execution | None) -> str | None:
    """Return what about an execution stores results or sends them elsewhere; None where nothing does."""
    if execution is None:
        return None
    if execution.store is not None:
        return "a store"
    if execution.scheduler is not None or execution.executor == "dask":
        return "Dask"
    return None if execution.executor in SHARED else f"executor {execution.executor}"


def _rule(model: object) -> Rule:
    from experiments.execution.user_code import NoContentError, content_of
    from sim.errors import InputError, show

    if isinstance(model, type):
        from sim.model import CitySafetyModel

        if not issubclass(model, CitySafetyModel):
            raise InputError(f"model is the class {model.__name__}, which is not derived from CitySafetyModel; derive it")
    if not callable(model):
        raise InputError(f"model is {show(model)}; give a class derived from CitySafetyModel, or a function of the model")
    try:
        return Rule(content_of(model), model)
    except NoContentError as error:
        name = getattr(model, "__name__", show(model))
        raise InputError(f"model: {name} cannot be told by its content, which names its runs: {error}") from None
