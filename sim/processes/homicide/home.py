"""Violence at home, and the killings in it.

level    D = exp(-.5 log J + b_f dfear - b_s dservices + b_t trauma + b_w lost water - b_g services beyond the ordinary
         + b_h contrast(held))
             (1 - mothers) (1 - safe spaces)
killings = h pop exp(1.5 (dep - .5)) D * lethality                       scarce services stress homes (row E17)
held are women and girls who were trafficked (`trafficking`, row E37).
Of services that are cut one by one (`public_services`, row E42) water counts by a strength of its own, and justice not at
all.
    sources viol.water_at_home
"""

from __future__ import annotations

import math

from sim.compiled import compiled
from sim.enumerations import SERVICE_WATER
from sim.parameters import Parameters
from sim.processes.steady_state import log_ratio
from sim.state import City

__all__ = ["set_home_violence"]


@compiled
def set_home_violence(city: City, params: Parameters, i: int, lethal: float) -> None:
    """Set the level of violence at home in neighbourhood i, and the killings expected in it."""
    param = params.homicide[0]
    neighbourhood = city.neighbourhood[i]
    lever = city.levers[i]
    afraid = neighbourhood.fear - neighbourhood.fear_anchor
    services = neighbourhood.services_now + neighbourhood.home_kept - neighbourhood.services
    neighbourhood.domestic = (
        math.exp(
            -param.jobs_on_home_violence * math.log(neighbourhood.jobs)
            + param.fear_on_home_violence * afraid
            - param.services_on_home_violence * services
            + param.trauma_on_home_violence * neighbourhood.trauma
            + param.held_women_on_home_violence * log_ratio(neighbourhood.held_female, neighbourhood.held_female_reference)
            + param.water_on_home_violence * city.services.lost[i, SERVICE_WATER]
            - param.poor_services_on_home_violence * neighbourhood.services_gap
        )
        * (1.0 - param.mothers_groups_on_home_violence * lever.mothers_groups)
        * (1.0 - param.safe_spaces_on_home_violence * lever.safe_spaces)
    )
    at_home = (
        param.home_killing_rate
        * neighbourhood.population
        * math.exp(param.deprivation_on_home_killings * (neighbourhood.deprivation - 0.5))
        * neighbourhood.domestic
    )
    neighbourhood.deaths_domestic = at_home * lethal
