"""The model: a city, what policy can pull, and what happens in a month. It knows nothing of experiments.

The names below are the public ones; each is fetched when first asked for, so that `import sim` loads neither numba nor
Mesa. Everything else is found under the module that holds it, such as `sim.run`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.public_names import fetched

if TYPE_CHECKING:
    from sim.agents import CommunityGroup, Gang, Neighbourhood, PoliceUnit, Youth, YouthSet
    from sim.errors import InputError
    from sim.measures import MEASURES
    from sim.model import CitySafetyModel
    from sim.outcomes import OUTCOMES, outcome_index
    from sim.parameters import PARAMETERS
    from sim.run import Cancelled, Result, automatic_scale, run_arms
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
    "OUTCOMES",
    "PARAMETERS",
    "Cancelled",
    "City",
    "CitySafetyModel",
    "CommunityGroup",
    "Gang",
    "InputError",
    "Neighbourhood",
    "PoliceUnit",
    "Policy",
    "Result",
    "Scenario",
    "Shock",
    "Youth",
    "YouthSet",
    "automatic_scale",
    "list_cities",
    "list_policies",
    "list_shocks",
    "load_city",
    "load_policy",
    "load_shock",
    "outcome_index",
    "pillar_policy",
    "run_arms",
]

_HOLDS: dict[str, tuple[str, ...]] = {
    "sim.agents": ("CommunityGroup", "Gang", "Neighbourhood", "PoliceUnit", "Youth", "YouthSet"),
    "sim.errors": ("InputError",),
    "sim.measures": ("MEASURES",),
    "sim.model": ("CitySafetyModel",),
    "sim.outcomes": ("OUTCOMES", "outcome_index"),
    "sim.parameters": ("PARAMETERS",),
    "sim.run": ("Cancelled", "Result", "automatic_scale", "run_arms"),
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
