"""The month: what happens, in order. Read this first.

`month` is the model on one page: each line is a file under `processes/`, and nothing else happens in a month.
`months`, below it, is the one compiled entry: the whole run and the Mesa facade both go through it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled, entry_in_one_piece
from sim.parameters import Parameters
from sim.processes import (
    community,
    community_groups,
    demography,
    extortion,
    flows,
    gangs,
    government,
    group_conflict,
    homicide,
    justice,
    labour,
    markets,
    outcome_recorder,
    police_units,
    policy_delivery,
    recovery,
    recruitment,
    years,
)
from sim.state import City

__all__ = ["STEPS", "month", "months"]

STEPS: tuple[tuple[str, str], ...] = (
    ("policy_delivery.update", "Measures in force set the levers; everyone is counted; neighbours are looked at."),
    ("police_units.update", "Officers come and go; they patrol where calls, habit and orders send them."),
    ("years.update", "Good and bad years and the season move violence in the whole city."),
    ("flows.update", "People, drugs, transport, ideas, money, firearms and goods arrive, and are priced."),
    ("markets.update", "Illicit markets organise, are levied by who holds the turf, and close; people are trafficked."),
    ("labour.update", "Business answers extortion and fear, jobs follow, youths study, work or do neither."),
    ("demography.update", "Everyone ages; newcomers turn ten, others turn thirty or move."),
    ("recruitment.update", "Some youths use drugs, some join a gang, some members leave."),
    ("gangs.update", "Gangs contest control, arm, lose leaders, split, merge, are born and end."),
    ("group_conflict.update", "Grievance and a spark divide neighbourhoods along group lines, or old divisions heal."),
    ("homicide.update", "Rivalry, answers, discipline, disputes, homes, police, markets and group lines kill."),
    ("extortion.update", "Armed groups take their share and keep their order."),
    ("justice.update", "Cases are solved, people arrested, kept and released; the force behaves as it does."),
    ("recovery.update", "Shocks do damage; services, homes, care and minds are mended; newcomers settle in."),
    ("community.update", "Trust, fear, cohesion and legitimacy move; programmes take people in."),
    ("community_groups.update", "Community groups serve, warn, report or stay silent; they grow, are threatened, and end."),
    ("government.update", "Integrity, guns, cases, linkage, grievance and the police's ear move for the whole city."),
    ("outcome_recorder.update", "The month is written down."),
)


@compiled
def month(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """One month, in order."""
    policy_delivery.update(city, params, seed, t)
    police_units.update(city, params, seed, t)
    years.update(city, params, seed, t)
    flows.update(city, params, seed, t)
    markets.update(city, params, seed, t)
    labour.update(city, params, seed, t)
    demography.update(city, params, seed, t)
    recruitment.update(city, params, seed, t)
    gangs.update(city, params, seed, t)
    group_conflict.update(city, params, seed, t)
    homicide.update(city, params, seed, t)
    extortion.update(city, params, seed, t)
    justice.update(city, params, seed, t)
    recovery.update(city, params, seed, t)
    community.update(city, params, seed, t)
    community_groups.update(city, params, seed, t)
    government.update(city, params, seed, t)
    outcome_recorder.update(city, params, seed, t)


@entry_in_one_piece
def months(
    city: City,
    params: Parameters,
    seed: np.uint64,
    first: int,
    last: int,
    city_monthly: npt.NDArray[np.float32],
    place_yearly: npt.NDArray[np.float32],
) -> None:
    """Live through the months first .. last - 1.

    Parameters
    ----------
    city : City
        Changed in place.
    params : Parameters
        One record of parameters a process.
    seed : uint64
    first, last : int
        Months; negative ones belong to the burn-in.
    city_monthly : float32 [months, outcome]
        Row t receives the city's outcomes of month t, where t is a row of it.
    place_yearly : float32 [years, neighbourhood, outcome]
        Entry t // 12 gathers the mean over the year's months of the outcomes by neighbourhood.
    """
    for t in range(first, last):
        month(city, params, seed, t)
        if 0 <= t < city_monthly.shape[0]:
            year = t // 12
            in_year = min(12, city_monthly.shape[0] - 12 * year)
            for column in range(city_monthly.shape[1]):
                city_monthly[t, column] = city.city_outcome[column]
                for i in range(place_yearly.shape[1]):
                    place_yearly[year, i, column] += city.outcome_values[i, column] / in_year
