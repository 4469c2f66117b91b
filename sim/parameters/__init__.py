"""Every parameter of the model, declared once, in one file for each process that reads them.

From these declarations come the records that the processes read (`Parameters`), the settings a user may change, the tables of
the documentation and every sensitivity design. A range is where the form holds together, or what the evidence spans.
Standing: "measured" on the named city, "literature" (a key of the evidence table), "calibrated" per city, or
"judgement": found by fitting or chosen, with no usable source. Most are judgement; outputs say how many.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.blocks import by_reference
from sim.parameters import (
    community,
    community_groups,
    costs,
    demography,
    extortion,
    flows,
    gangs,
    government,
    group_conflict,
    homicide,
    initialise,
    justice,
    labour,
    markets,
    outcome_recorder,
    police_units,
    policy_delivery,
    public_services,
    recovery,
    recruitment,
    safety_fund,
    substance_use,
    trafficking,
    years,
)
from sim.parameters.declaration import Parameter

if TYPE_CHECKING:
    from sim.state import views
    from sim.state.views import Table

__all__ = ["PARAMETERS", "Parameter", "Parameters", "make_parameters", "parameter"]

PARAMETERS: tuple[Parameter, ...] = (
    *initialise.PARAMETERS,
    *policy_delivery.PARAMETERS,
    *police_units.PARAMETERS,
    *years.PARAMETERS,
    *flows.PARAMETERS,
    *markets.PARAMETERS,
    *labour.PARAMETERS,
    *demography.PARAMETERS,
    *recruitment.PARAMETERS,
    *gangs.PARAMETERS,
    *group_conflict.PARAMETERS,
    *homicide.PARAMETERS,
    *extortion.PARAMETERS,
    *justice.PARAMETERS,
    *recovery.PARAMETERS,
    *public_services.PARAMETERS,
    *community.PARAMETERS,
    *community_groups.PARAMETERS,
    *government.PARAMETERS,
    *safety_fund.PARAMETERS,
    *substance_use.PARAMETERS,
    *trafficking.PARAMETERS,
    *outcome_recorder.PARAMETERS,
    *costs.PARAMETERS,
)

_BY_NAME = {each.name: each for each in PARAMETERS}
_BY_PROCESS: dict[str, list[Parameter]] = {}
for _each in PARAMETERS:
    _BY_PROCESS.setdefault(_each.process, []).append(_each)


def parameter(name: str) -> Parameter:
    """Return the parameter of that name ("process.field").

    Raises
    ------
    KeyError
        If there is none.
    """
    return _BY_NAME[name]


@by_reference
class Parameters(NamedTuple):
    """The parameters as the processes read them: `params.recruitment[0].peers_on_joining`. One table of one row a process."""

    initialise: Table[views.InitialiseParameters]
    policy_delivery: Table[views.PolicyDeliveryParameters]
    police_units: Table[views.PoliceUnitsParameters]
    years: Table[views.YearsParameters]
    flows: Table[views.FlowsParameters]
    markets: Table[views.MarketsParameters]
    labour: Table[views.LabourParameters]
    demography: Table[views.DemographyParameters]
    recruitment: Table[views.RecruitmentParameters]
    gangs: Table[views.GangsParameters]
    group_conflict: Table[views.GroupConflictParameters]
    homicide: Table[views.HomicideParameters]
    extortion: Table[views.ExtortionParameters]
    justice: Table[views.JusticeParameters]
    recovery: Table[views.RecoveryParameters]
    public_services: Table[views.PublicServicesParameters]
    community: Table[views.CommunityParameters]
    community_groups: Table[views.CommunityGroupsParameters]
    government: Table[views.GovernmentParameters]
    safety_fund: Table[views.SafetyFundParameters]
    substance_use: Table[views.SubstanceUseParameters]
    trafficking: Table[views.TraffickingParameters]
    outcome_recorder: Table[views.OutcomeRecorderParameters]
    costs: Table[views.CostsParameters]


@functools.cache
def _defaults() -> dict[str, Any]:
    """Return a table of the defaults of each process, to be copied."""
    # Which fields a table has follows from the declarations: `sim/state/views.pyi` says it to type checkers.
    tables: dict[str, Any] = {}
    for process, declared in _BY_PROCESS.items():
        table = np.zeros(1, dtype=np.dtype((np.record, [(each.field, np.float64) for each in declared])))
        for each in declared:
            table[each.field] = each.default
        tables[process] = table
    return tables


def make_parameters(*settings: Mapping[str, float]) -> Parameters:
    """Return the parameters, each setting overriding the ones before.

    Parameters
    ----------
    settings
        Mappings "process.field" to value: a city's calibration first, a user's own last.

    Raises
    ------
    KeyError
        If a name is not a parameter.
    """
    tables = {process: table.copy() for process, table in _defaults().items()}
    for setting in settings:
        for name, value in setting.items():
            found = _BY_NAME[name]
            tables[found.process][found.field] = value
    return Parameters(**tables)
