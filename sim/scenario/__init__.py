"""What a scenario may say: a city, policies, shocks, and how long and how often to run them.

YAML in, checked objects out, and a JSON Schema for editors. Nothing here simulates; every object is frozen.
Shares run from 0 to 1, rates of killing are per 100 000 residents a year, months count from 1 (`sim.dates`).
"""

from sim.errors import InputError
from sim.scenario.city import Calibration, City, Corridor, Gang, Group, Neighbourhood, Police, Service
from sim.scenario.fields import FLOWS, FlowName, Indicator, Market, Part, Shown
from sim.scenario.levels import Levels
from sim.scenario.named import CityLike, PolicyLike, ShockLike, find_city, find_policies, find_policy, find_shocks
from sim.scenario.packaged import list_cities, list_policies, list_shocks, load_city, load_policy, load_shock
from sim.scenario.pillars import PillarsLike, pillar_policy
from sim.scenario.policy import MeasureUse, Partner, Policy, Trigger
from sim.scenario.scenario import (
    Scenario,
    ScenarioSettings,
    assemble,
    canonical,
    check_fit,
    scenario_hash,
    schema_text,
    write_schema,
)
from sim.scenario.settings import parse_setting
from sim.scenario.shock import AT_ONCE, Shock, ShockKind
from sim.scenario.target import Target

__all__ = [
    "AT_ONCE",
    "FLOWS",
    "Calibration",
    "City",
    "CityLike",
    "Corridor",
    "FlowName",
    "Gang",
    "Group",
    "Indicator",
    "InputError",
    "Levels",
    "Market",
    "MeasureUse",
    "Neighbourhood",
    "Part",
    "Partner",
    "PillarsLike",
    "Police",
    "Policy",
    "PolicyLike",
    "Scenario",
    "ScenarioSettings",
    "Service",
    "Shock",
    "ShockKind",
    "ShockLike",
    "Shown",
    "Target",
    "Trigger",
    "assemble",
    "canonical",
    "check_fit",
    "find_city",
    "find_policies",
    "find_policy",
    "find_shocks",
    "list_cities",
    "list_policies",
    "list_shocks",
    "load_city",
    "load_policy",
    "load_shock",
    "parse_setting",
    "pillar_policy",
    "scenario_hash",
    "schema_text",
    "write_schema",
]
