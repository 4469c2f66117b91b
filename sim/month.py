"""The month: what happens, in order. Read this first.

`month` is the model on one page: each line is a file under `processes/`, and nothing else happens in a month.
`months`, below it, is the one compiled entry: the whole run and the Mesa facade both go through it.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled, entry_in_one_piece
from sim.parameters import Rates
from sim.processes import (
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
from sim.state import City

__all__ = ["STEPS", "month", "months"]

STEPS: tuple[tuple[str, str], ...] = (
    ("calendar.open_month", "Measures in force set the levers; everyone is counted; neighbours are looked at."),
    ("flows.arrive", "People, drugs, transport, ideas, money, firearms and goods arrive, and are priced."),
    ("markets.trade", "Illicit markets organise, are levied by who holds the turf, and close to entrants."),
    ("economy.turn", "Business answers extortion and fear, jobs follow, youths study, work or do neither."),
    ("lifecourse.pass_on", "Everyone ages; newcomers turn ten, others turn thirty or move."),
    ("recruitment.join_and_leave", "Some youths join a gang, some members leave."),
    ("gangs.decide", "Gangs contest control, arm, lose leaders, split, merge, are born and end."),
    ("identity.divide", "Grievance and a spark divide neighbourhoods along group lines, or old divisions heal."),
    ("violence.strike", "Rivalry, answers, discipline, disputes, homes, police, markets and group lines kill."),
    ("extortion.levy", "Armed groups take their share and keep their order."),
    ("justice.answer", "Cases are solved, people arrested, kept and released; the force behaves as it does."),
    ("recovery.recover", "Shocks do damage; services, homes, care and minds are mended; newcomers settle in."),
    ("community.respond", "Trust, fear, cohesion and legitimacy move; programmes take people in."),
    ("government.settle", "Integrity, guns, cases, linkage, grievance and the police's ear move for the whole city."),
    ("ledger.record", "The month is written down."),
)


@compiled
def month(city: City, rates: Rates, seed: np.uint64, t: int) -> None:
    """One month, in order."""
    calendar.open_month(city, rates, seed, t)
    flows.arrive(city, rates, seed, t)
    markets.trade(city, rates, seed, t)
    economy.turn(city, rates, seed, t)
    lifecourse.pass_on(city, rates, seed, t)
    recruitment.join_and_leave(city, rates, seed, t)
    gangs.decide(city, rates, seed, t)
    identity.divide(city, rates, seed, t)
    violence.strike(city, rates, seed, t)
    extortion.levy(city, rates, seed, t)
    justice.answer(city, rates, seed, t)
    recovery.recover(city, rates, seed, t)
    community.respond(city, rates, seed, t)
    government.settle(city, rates, seed, t)
    ledger.record(city, rates, seed, t)


@entry_in_one_piece
def months(
    city: City,
    rates: Rates,
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
    rates : Rates
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
        month(city, rates, seed, t)
        if 0 <= t < city_monthly.shape[0]:
            year = t // 12
            in_year = min(12, city_monthly.shape[0] - 12 * year)
            for column in range(city_monthly.shape[1]):
                city_monthly[t, column] = city.city_outcome[column]
                for i in range(place_yearly.shape[1]):
                    place_yearly[year, i, column] += city.outcome_values[i, column] / in_year
