"""A laboratory for city safety: what policies would do to homicide and criminal governance, in this model.

    import citysafety as cs

    comparison = cs.compare("sandbox", ["regulation", "all_four"], months=24, replications=4)
    comparison.table()

Cities, policies and shocks are given by name, by the path of a file, or as objects (`load_city` and its like). The names
below are all there is to the public interface; each is loaded when first asked for, so that `import citysafety` is quick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from citysafety.own_packages import load_own_packages

load_own_packages()

from sim.public_names import fetched  # noqa: E402 (ours, and no other package of this name)

if TYPE_CHECKING:
    from experiments.comparison.ablation import ablate
    from experiments.comparison.compare import Comparison, compare
    from experiments.comparison.paired import Difference, Level
    from experiments.evidence.schema import Case, list_cases, load_case
    from experiments.evidence.verdicts import Judgement, run_case
    from experiments.execution.execution import Execution
    from experiments.sensitivity.analysis import Analysis
    from experiments.sensitivity.points import sweep
    from experiments.sensitivity.study import sensitivity
    from experiments.sensitivity.tables import Sensitivity
    from experiments.tradeoffs.factorial import Factorial, factorial
    from experiments.tradeoffs.study import Tradeoffs, tradeoffs
    from sim.errors import InputError
    from sim.measures import MEASURES
    from sim.mechanisms import MECHANISMS
    from sim.model import CitySafetyModel
    from sim.outcomes import OUTCOMES
    from sim.parameters import PARAMETERS
    from sim.plugins import Plugin, load_plugin
    from sim.run import Cancelled, Result, run, run_arms
    from sim.scenario import (
        City,
        Policy,
        Scenario,
        Shock,
        list_cities,
        list_policies,
        list_shocks,
        load_city,
        load_policy,
        load_shock,
        pillar_policy,
    )

__all__ = [
    "MEASURES",
    "MECHANISMS",
    "OUTCOMES",
    "PARAMETERS",
    "Analysis",
    "Cancelled",
    "Case",
    "City",
    "CitySafetyModel",
    "Comparison",
    "Difference",
    "Execution",
    "Factorial",
    "InputError",
    "Judgement",
    "Level",
    "Plugin",
    "Policy",
    "Result",
    "Scenario",
    "Sensitivity",
    "Shock",
    "Tradeoffs",
    "ablate",
    "compare",
    "factorial",
    "list_cases",
    "list_cities",
    "list_policies",
    "list_shocks",
    "load_case",
    "load_city",
    "load_plugin",
    "load_policy",
    "load_shock",
    "pillar_policy",
    "run",
    "run_arms",
    "run_case",
    "sensitivity",
    "sweep",
    "tradeoffs",
]

_HOLDS: dict[str, tuple[str, ...]] = {
    "experiments.comparison.ablation": ("ablate",),
    "experiments.comparison.compare": (
        "Comparison",
        "compare",
    ),
    "experiments.comparison.paired": (
        "Difference",
        "Level",
    ),
    "experiments.evidence.schema": (
        "Case",
        "list_cases",
        "load_case",
    ),
    "experiments.evidence.verdicts": (
        "Judgement",
        "run_case",
    ),
    "experiments.execution.execution": ("Execution",),
    "experiments.sensitivity.analysis": ("Analysis",),
    "experiments.sensitivity.points": ("sweep",),
    "experiments.sensitivity.study": ("sensitivity",),
    "experiments.sensitivity.tables": ("Sensitivity",),
    "experiments.tradeoffs.factorial": (
        "Factorial",
        "factorial",
    ),
    "experiments.tradeoffs.study": (
        "Tradeoffs",
        "tradeoffs",
    ),
    "sim.errors": ("InputError",),
    "sim.measures": ("MEASURES",),
    "sim.mechanisms": ("MECHANISMS",),
    "sim.model": ("CitySafetyModel",),
    "sim.outcomes": ("OUTCOMES",),
    "sim.parameters": ("PARAMETERS",),
    "sim.plugins": (
        "Plugin",
        "load_plugin",
    ),
    "sim.run": (
        "Cancelled",
        "Result",
        "run",
        "run_arms",
    ),
    "sim.scenario": (
        "City",
        "Policy",
        "Scenario",
        "Shock",
        "list_cities",
        "list_policies",
        "list_shocks",
        "load_city",
        "load_policy",
        "load_shock",
        "pillar_policy",
    ),
}

__getattr__, __dir__ = fetched(__name__, _HOLDS)
