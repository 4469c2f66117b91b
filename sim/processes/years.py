"""Good and bad years, and the season: what moves violence in the whole city and no policy of the city decides.

    z(t+1)    = phi z(t) + s e(t),  phi = persistence^(1/12),  z = 0 in month 0        two such: z_c common, z_r rivalry
    s^2       = share of innovation^2 36 / 289                       so that means of years in a row differ by `innovation`
    disputes *= exp(k z_c - r k^2 v_c / 2)
    rivalry  *= exp(k (b z_c + z_r) - r k^2 (b^2 v_c + v_r) / 2)                       v the variance of z at t
    k         = 1 / sqrt((1 - share_r) (d + b g)^2 + share_r g^2), at most k_max        d, g: shares of all killing
    season    = exp(b (range / 2) cos(2 pi (month - warmest) / 12)) over its mean of twelve months
Homes, police, prisons and a gang's own hand kill no more in bad years, and what moves gangs alone moves a part: so that all
killing together moves by `innovation`, as the series do that it was read from, disputes (d) and rivalry with bystanders (g,
of what was killed while the city settled) move more, by k. A city in which they are few is not driven beyond k_max.
What lasts is answered: killing ten years after a step of its drivers has moved by half as much again (answers, members, fear
and the load of detectives follow), so that with drivers of mean one (r = 1) bad decades would cost more than good ones
spare and the mean of many futures would rise by 3 to 5 % in ten years. r, the response, keeps the mean of killing, and not
that of the drivers, where it is.
e has Student's t distribution with five degrees of freedom and variance one, bounded: with normal luck a city doubles
within two years with probability .0008, and real cities do so more often. Every seed has its own years and all arms of a
seed the same, so what a policy does is compared under the same years. The keys hold no row and no place: the years are
the same at every scale. While the city settles there are none: the level is known today, and what comes is not.

The season moves what happens in public (disputes, robberies, contact between gangs and so bystanders), not homes,
prisons, discipline or the police. A city file gives its range of temperature; without one there is no season.

How much a year adds and how much of it is left was estimated from the yearly homicides of fourteen places
(`viol.year_to_year`): an autoregression of the first order on the log rate with Poisson counts. A series of homicides
identifies the sum of both drivers and not its parts: the parts are judgement.
    sources viol.year_to_year, viol.temperature (Reeping and Hemenway 2020)
    draws   YEARS_COMMON, YEARS_RIVALRY
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from sim.compiled import compiled
from sim.distributions import normal_quantile
from sim.draws import YEARS_COMMON, YEARS_RIVALRY, uniform
from sim.parameters import Parameters
from sim.processes.policy_delivery import killings_expected
from sim.processes.steady_state import track
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["magnified", "season_of", "student", "update"]

TURN = 2.0 * math.pi
YEAR = 12.0
# The variance by which the means of two years in a row differ, of a random walk of variance 1 a month: with n = 12,
# (2 n^2 + 1) / (3 n).
BETWEEN_YEARS = 289.0 / 36.0


@compiled
def update(city: City, params: Parameters, seed: np.uint64, t: int) -> None:
    """Set how much more or less violent this month is in the whole city than months are on average."""
    param = params.years[0]
    city_state = city.city_state[0]
    city_state.dispute_years = 1.0
    city_state.rivalry_years = 1.0
    city_state.season = 1.0
    if t < 0:
        _look_at_killings(city)
        return
    city_state.season = season_of(
        param.temperature_on_violence * city_state.temperature_range / 2.0,
        city_state.first_calendar_month + t - city_state.warmest_month,
    )
    if param.innovation == 0.0:
        return
    if t > 0:
        kept = param.persistence ** (1.0 / YEAR)
        added = param.innovation**2 / BETWEEN_YEARS
        common = (1.0 - param.rivalry_share) * added
        rivalry = param.rivalry_share * added
        city_state.common_driver = kept * city_state.common_driver + math.sqrt(common) * student(seed, YEARS_COMMON, t)
        city_state.rivalry_driver = kept * city_state.rivalry_driver + math.sqrt(rivalry) * student(seed, YEARS_RIVALRY, t)
        city_state.common_variance = kept**2 * city_state.common_variance + common
        city_state.rivalry_variance = kept**2 * city_state.rivalry_variance + rivalry
    more = magnified(param, city_state.driven_disputes, city_state.driven_rivalry)
    half = param.response / 2.0
    city_state.dispute_years = math.exp(more * city_state.common_driver - half * more**2 * city_state.common_variance)
    also = param.disputes_on_rivalry
    city_state.rivalry_years = math.exp(
        more * (also * city_state.common_driver + city_state.rivalry_driver)
        - half * more**2 * (also**2 * city_state.common_variance + city_state.rivalry_variance)
    )


@compiled
def magnified(param: views.YearsParameters, disputes: float, rivalry: float) -> float:
    """Return how much more the drivers move than the sum of all killing, of which they move these shares."""
    common = disputes + param.disputes_on_rivalry * rivalry
    spread = math.sqrt((1.0 - param.rivalry_share) * common**2 + param.rivalry_share * rivalry**2)
    # No city has settled where nobody was expected to be killed: it has no shares.
    if spread == 0.0:
        return 1.0
    return min(1.0 / spread, param.magnification_limit)


@compiled
def _look_at_killings(city: City) -> None:
    """Follow what share of all killing, as last month left it, disputes and rivalry with bystanders are."""
    city_state = city.city_state[0]
    disputes = 0.0
    rivalry = 0.0
    total = 0.0
    for i in range(city.neighbourhood.size):
        here = city.neighbourhood[i]
        disputes += here.deaths_dispute
        rivalry += here.deaths_rivalry + here.deaths_bystander
        total += killings_expected(here)
    if total > 0.0:
        city_state.driven_disputes = track(city_state.driven_disputes, disputes / total, city_state.anchoring)
        city_state.driven_rivalry = track(city_state.driven_rivalry, rivalry / total, city_state.anchoring)


@compiled
def season_of(amplitude: float, months: float) -> float:
    """Return violence in public so many months after the warmest, over its mean of the year; `amplitude` is of the log."""
    if amplitude == 0.0:
        return 1.0
    total = 0.0
    for month in range(int(YEAR)):
        total += math.exp(amplitude * math.cos(TURN * month / YEAR))
    return YEAR * math.exp(amplitude * math.cos(TURN * months / YEAR)) / total


@compiled
def student(seed: np.uint64, decision: int, month: int) -> float:
    """Return Student's t with five degrees of freedom, scaled to variance one and kept within 6, for a decision and month.

    A normal number over the root of the mean of five squared ones; each has an index of its own.
    """
    top = normal_quantile(uniform(seed, decision, month, 0))
    below = 0.0
    for index in range(1, 6):
        below += normal_quantile(uniform(seed, decision, month, 0, 0, index)) ** 2
    return min(max(top * math.sqrt(3.0 / below), -6.0), 6.0)
