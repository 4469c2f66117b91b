"""The three levels that a city is fitted to, as futures without policy show them, and the scale at which they are measured.

Rates of killing are expected ones, so that only the state of the city is a matter of chance, and not who dies. Few rows
tell fewer of a neighbourhood's gangs apart, and levels then drift: `fitting_scale` takes enough of them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.outcomes import outcome_index
from sim.scenario import City

__all__ = ["LEVELS", "MONTHS", "Reached", "by_level", "fitting_scale", "levels_of", "reached"]

Floats = NDArray[np.float64]

LEVELS = ("homicide_rate", "gang_share", "membership")
"""The levels that are fitted, as a city file calls them."""
MONTHS = 120
"""Months without policy over which a level is the mean."""
GANG_KILLINGS = ("gang_homicide_rate", "discipline_homicide_rate", "bystander_homicide_rate")
ROWS_A_PLACE = 750
FEWEST_ROWS = 15_000
MOST_ROWS = 1_000_000


@dataclass(frozen=True, kw_only=True)
class Reached:
    """One level: what the file asks for, and where the checked futures stand.

    `mean` is over futures and months, `standard_error` that of this mean, from the spread between futures. Both in the
    unit of the level: killings per 100 000 residents a year, or a share.
    """

    target: float
    mean: float
    standard_error: float

    @property
    def off(self) -> float:
        """How far the mean is from the target, as a share of the target."""
        return self.mean / self.target - 1.0


def fitting_scale(city: City) -> float:
    """Return the scale at which a city is fitted: enough rows for each neighbourhood, and no more than memory bears.

    Parameters
    ----------
    city
        The city.

    Returns
    -------
    float
        750 rows a neighbourhood, at least 15 000, at most a million; 1 where that is every youth.
    """
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    rows = min(MOST_ROWS, max(FEWEST_ROWS, ROWS_A_PLACE * len(city.neighbourhoods)))
    if rows >= youths:
        return 1.0
    return float(f"{rows / youths:.3g}")


def levels_of(city: City, city_means: Floats) -> Floats:
    """Return the fitted levels of futures without policy, from the means of all outcomes.

    Parameters
    ----------
    city
        The city, for the number of its youths.
    city_means
        float64 [future, outcome], means over months.

    Returns
    -------
    ndarray
        float64 [future, (homicide rate, killings by gangs, killings in disputes, membership)]; rates are per 100 000
        residents a year, membership is a share of residents aged 10-29.
    """
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    rate = city_means[:, outcome_index("homicide_rate")]
    gangs = sum(city_means[:, outcome_index(part)] for part in GANG_KILLINGS)
    disputes = city_means[:, outcome_index("dispute_homicide_rate")]
    members = city_means[:, outcome_index("gang_members")] / youths
    return np.stack([rate, gangs, disputes, members], axis=1)


def reached(city: City, levels: Floats) -> dict[str, Reached]:
    """Return target, mean and standard error of every level; those of the gang share are of a ratio of means.

    Parameters
    ----------
    city
        Its `levels` are the targets.
    levels
        From `levels_of`: float64 [future, (homicide rate, killings by gangs, killings in disputes, membership)].

    Returns
    -------
    dict
        A `Reached` for each of `LEVELS`, in that order.
    """
    root = math.sqrt(len(levels))
    return {
        name: Reached(
            target=getattr(city.levels, name),
            mean=float(values.mean()),
            standard_error=float(values.std(ddof=1) / root),
        )
        for name, values in by_level(levels).items()
    }


def by_level(levels: Floats) -> dict[str, Floats]:
    """Return one figure a future for every level, whose mean is the level: float64 [future] for each of `LEVELS`.

    The gang share is a ratio of means; its figures are the share and what each future adds to it, to first order.

    Parameters
    ----------
    levels
        From `levels_of`.
    """
    rate, gangs, _, members = levels.T
    killings = max(rate.mean(), 1e-12)
    share = gangs.mean() / killings
    return {"homicide_rate": rate, "gang_share": share + (gangs - share * rate) / killings, "membership": members}
