"""Runs with a rule of the user's own after each month: the Mesa model, stepped month by month in Python.

Without a rule a run never comes here. With one, every arm settles its city for itself, and the interpreter is held between
months, so runs are several times slower; a rule that does nothing gives the same bytes as a run without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from experiments.execution.extensions import Extensions
    from sim.model import CitySafetyModel
    from sim.run import Result
    from sim.scenario import City, Policy, Shock
    from sim.state import City as CityState

__all__ = ["run_ruled"]

CHUNK = 12
"""Months after which progress is told."""


class Asked(Protocol):
    """What has to be known of a job (`experiments.execution.runner.Job`)."""

    @property
    def city(self) -> City:
        """Where."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """The arms."""

    @property
    def seed(self) -> int:
        """The random seed of all arms."""

    @property
    def months(self) -> int:
        """How long."""

    @property
    def scale(self) -> float:
        """Rows for each youth."""

    @property
    def parameters(self) -> Mapping[str, float]:
        """Values that differ from the defaults."""

    @property
    def without(self) -> tuple[str, ...]:
        """Mechanisms that are switched off."""

    @property
    def extensions(self) -> Extensions:
        """The rule, and outcomes, which no run reads."""

    def shocks_of(self, arm: int) -> tuple[Shock, ...]:
        """Return all that happens in one arm."""


def run_ruled(job: Asked, tell: Callable[[int], bool], watch: Callable[[int, int, CityState], None] | None) -> list[Result]:
    """Run every arm of a job that has a rule.

    Parameters
    ----------
    job
        What to run.
    tell
        Called with the months done after every twelve; returning False stops the job.
    watch
        Called after every month, when the rule has done its part; see `sim.run.run_arms`.

    Raises
    ------
    InputError
        When the rule fails.
    Cancelled
        When `tell` returned False.
    """
    from sim.run import Cancelled

    results: list[Result] = []
    done = 0
    for arm, policy in enumerate(job.policies):
        model, rule = _begun(job, policy, arm)
        while model.month < job.months:
            _step(model, rule)
            if watch is not None:
                watch(arm, model.month - 1, model.state)
            done += 1
            if (model.month % CHUNK == 0 or model.month == job.months) and not tell(done):
                raise Cancelled
        results.append(_result(job, arm, model))
    return results


def _begun(job: Asked, policy: Policy, arm: int) -> tuple[CitySafetyModel, Callable[..., Any] | None]:
    """Return the model of one arm, and the function to call after each month; None where the model's own step does it."""
    from sim.model import CitySafetyModel

    assert job.extensions.rule is not None
    thing = job.extensions.rule.build()
    made: Callable[..., Any] = thing if isinstance(thing, type) else CitySafetyModel
    model = made(
        job.city,
        policy,
        rng=job.seed,
        scale=job.scale,
        settings=job.parameters,
        months=job.months,
        shocks=job.shocks_of(arm),
        without=job.without,
    )
    return model, None if made is thing else thing


def _step(model: CitySafetyModel, rule: Callable[..., Any] | None) -> None:
    from sim.errors import InputError

    month = model.month
    try:
        model.step()
        if rule is not None:
            rule(model)
    except Exception as error:
        says = f"fails after month {month + 1}: {type(error).__name__}: {error}"
        raise InputError(f"model: {getattr(rule or type(model), '__name__', 'the rule')} {says}") from error
    if model.month != month + 1:
        says = f"lived {model.month - month} months in one step; call super().step() once"
        raise InputError(f"model: {type(model).__name__} {says}")


def _result(job: Asked, arm: int, model: CitySafetyModel) -> Result:
    from sim.in_force import was_in_force
    from sim.run import Result

    policy = job.policies[arm]
    acted = was_in_force(model.state, len(policy.measures), len(job.shocks_of(arm)), job.months)
    return Result(policy.name, job.seed, job.scale, model.city_monthly, model.place_yearly, model.events, acted)
