"""Every parameter of the model, declared once, in one file for each process that reads them.

From these declarations come the records that the processes read (`rates`), the settings a user may change, the tables of
the documentation and every sensitivity design. A range is where the form holds together, or what the evidence spans.
Standing: "measured" on the named city, "literature" (a key of the evidence table), "calibrated" per city, or
"judgement": found by fitting or chosen, with no usable source. Most are judgement; outputs say how many.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sim.blocks import by_reference
from sim.parameters import (
    beginning,
    calendar,
    community,
    economy,
    extortion,
    flows,
    gangs,
    government,
    identity,
    justice,
    ledger,
    lifecourse,
    markets,
    recovery,
    recruitment,
    violence,
)
from sim.parameters.declaration import Parameter

if TYPE_CHECKING:
    from sim import views
    from sim.views import Table

__all__ = ["PARAMETERS", "Parameter", "Rates", "make_rates", "parameter"]

PARAMETERS: tuple[Parameter, ...] = (
    *beginning.PARAMETERS,
    *calendar.PARAMETERS,
    *flows.PARAMETERS,
    *markets.PARAMETERS,
    *economy.PARAMETERS,
    *lifecourse.PARAMETERS,
    *recruitment.PARAMETERS,
    *gangs.PARAMETERS,
    *identity.PARAMETERS,
    *violence.PARAMETERS,
    *extortion.PARAMETERS,
    *justice.PARAMETERS,
    *recovery.PARAMETERS,
    *community.PARAMETERS,
    *government.PARAMETERS,
    *ledger.PARAMETERS,
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
class Rates(NamedTuple):
    """The parameters as the processes read them: `rates.recruitment[0].peer_gain`. One table of one row a process."""

    beginning: Table[views.BeginningRates]
    calendar: Table[views.CalendarRates]
    flows: Table[views.FlowsRates]
    markets: Table[views.MarketsRates]
    economy: Table[views.EconomyRates]
    lifecourse: Table[views.LifecourseRates]
    recruitment: Table[views.RecruitmentRates]
    gangs: Table[views.GangsRates]
    identity: Table[views.IdentityRates]
    violence: Table[views.ViolenceRates]
    extortion: Table[views.ExtortionRates]
    justice: Table[views.JusticeRates]
    recovery: Table[views.RecoveryRates]
    community: Table[views.CommunityRates]
    government: Table[views.GovernmentRates]
    ledger: Table[views.LedgerRates]


def make_rates(*settings: Mapping[str, float]) -> Rates:
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
    # Which fields a table has follows from the declarations: `sim/views.pyi` says it to type checkers.
    tables: dict[str, Any] = {}
    for process, declared in _BY_PROCESS.items():
        table = np.zeros(1, dtype=np.dtype((np.record, [(each.field, np.float64) for each in declared])))
        for each in declared:
            table[each.field] = each.default
        tables[process] = table
    for setting in settings:
        for name, value in setting.items():
            found = _BY_NAME[name]
            tables[found.process][found.field] = value
    return Rates(**tables)
