"""Public services one by one: what each reaches, what it costs and who supplies it; what is lost where one is cut.

    gained_i   = (service_reach_i - services_i) / (1 - services_i)          what measures built, of what was missing
    whole_ik   = (level_ik + gained_i (1 - level_ik)) (1 - damage_i)        what service k would reach uncut
    cut_ik     = max(shock, cut_ik (1 - mended_i))                          mended as damage is
    left_ik    = cut_ik (1 - m measures_ik)
    price_ik   = price of the file (1 + s left_ik)                          vendors sell the rest for more
    reach_ik   = whole_ik (1 - left_ik) (1 - f far_ik) (price_ik / price of the file)^(-e deprivation_i)
    lost_ik    = whole_ik - reach_ik                                        far: new homes away from schools, transport
    services_i = service_reach_i (1 - damage_i) - sum of w_k lost_ik        the mean of all, by weight
    kept_i     = sum of (w_k - v_k) lost_ik, added for legitimacy           v: justice weighs more, for gangs offer order
    kept_i     = w lost_i of water and justice, added for homes             water acts there by a strength of its own
    care_i    -= c care0 lost_i of clinics                                  deaths per event, in `rivalry`
    supplied_i = sum of w_k reach_ik over what armed groups supply          feeds their acceptance and order (E10, E32)
Where nothing is cut and no file says otherwise, every service is at the level of all and nothing here acts. Besides what
the mean does, homes without water are more violent (`home`); without justice people take the law into their own hands
(`disputes`) and fewer cases are solved (`justice`); waste in the street brings disorder (`disputes`); without schools
children are idle, and without transport posts are out of reach (`labour`).
    rows    E28, E32, E42
    levers  cut_water, cut_waste, cut_clinic, cut_school, cut_justice, cut_transport; basic_services, housing_upgrading,
            housing_jobs, care_after_shock, public_space, transport_rules and early_childhood_support mend cuts
    sources viol.water_at_home, viol.trauma_distance, res.homes_far_away, gov.medellin_combo_leads; sizes are judgement
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sim.compiled import compiled
from sim.enumerations import (
    SERVICE_CLINIC,
    SERVICE_JUSTICE,
    SERVICE_SCHOOL,
    SERVICE_TRANSPORT,
    SERVICE_WASTE,
    SERVICE_WATER,
    SUPPLIED_BY_ARMED_GROUP,
)
from sim.parameters import Parameters
from sim.state import City

if TYPE_CHECKING:
    from sim.state import views

__all__ = ["lose_care", "record_services", "serve", "weight_of"]


@compiled
def weight_of(param: views.PublicServicesParameters, k: int) -> float:
    """Return the weight of a service in the mean of all: its share of the six weights."""
    total = (
        param.weight_water
        + param.weight_waste
        + param.weight_clinic
        + param.weight_school
        + param.weight_justice
        + param.weight_transport
    )
    weight = param.weight_water
    if k == SERVICE_WASTE:
        weight = param.weight_waste
    elif k == SERVICE_CLINIC:
        weight = param.weight_clinic
    elif k == SERVICE_SCHOOL:
        weight = param.weight_school
    elif k == SERVICE_JUSTICE:
        weight = param.weight_justice
    elif k == SERVICE_TRANSPORT:
        weight = param.weight_transport
    return weight / total


@compiled
def serve(city: City, params: Parameters, i: int, mended: float) -> None:
    """Set what each service reaches in neighbourhood i, and take what is lost of them from the reach of all.

    `mended` is the share of damage that is mended this month; `services_now` comes as the reach of all, damage apart.
    """
    param = params.public_services[0]
    neighbourhood = city.neighbourhood[i]
    services = city.services
    gained = 0.0
    if neighbourhood.services < 1.0:
        gained = (neighbourhood.service_reach - neighbourhood.services) / (1.0 - neighbourhood.services)
    just = weight_of(param, SERVICE_JUSTICE)
    lost = 0.0
    legitimate = 0.0
    at_home = 0.0
    supplied = 0.0
    for k in range(services.level.shape[1]):
        whole = (services.level[i, k] + gained * (1.0 - services.level[i, k])) * (1.0 - neighbourhood.damage)
        services.cut[i, k] = max(_cut_by(city.levers[i], k), services.cut[i, k] * (1.0 - mended))
        left = services.cut[i, k] * (1.0 - param.measures_on_cuts * min(1.0, _mended_by(city, i, k)))
        dearer = 1.0 + param.scarcity_on_price * left
        services.price[i, k] = services.ordinary_price[i, k] * dearer
        near = 1.0 - param.far_homes_on_reach * _far_from(neighbourhood, k)
        served = whole * (1.0 - left) * near
        services.reach[i, k] = served * dearer ** (-param.price_on_reach * neighbourhood.deprivation)
        services.lost[i, k] = whole - services.reach[i, k]
        weight = weight_of(param, k)
        lost += weight * services.lost[i, k]
        share = 1.0 - param.justice_share_in_legitimacy
        if k == SERVICE_JUSTICE:
            legitimate += param.justice_share_in_legitimacy * services.lost[i, k]
        else:
            legitimate += share * weight / (1.0 - just) * services.lost[i, k]
            if k != SERVICE_WATER:
                at_home += weight * services.lost[i, k]
        if services.supplier[i, k] == SUPPLIED_BY_ARMED_GROUP:
            supplied += weight * services.reach[i, k]
    neighbourhood.services_now = max(0.0, neighbourhood.services_now - lost)
    neighbourhood.legitimacy_kept = lost - legitimate
    neighbourhood.home_kept = lost - at_home
    neighbourhood.served_by_armed_groups = supplied


@compiled
def lose_care(city: City, params: Parameters, i: int) -> None:
    """Take from emergency care what clinics that are cut no longer give."""
    missing = params.public_services[0].clinics_on_care * city.services.lost[i, SERVICE_CLINIC]
    city.neighbourhood[i].care = max(0.0, city.neighbourhood[i].care - city.city_state[0].care_anchor * missing)


@compiled
def record_services(city: City, i: int) -> None:
    """Write what each service reaches and costs."""
    out = city.outcome[i]
    reach = city.services.reach
    price = city.services.price
    out.water_reach = reach[i, SERVICE_WATER]
    out.waste_reach = reach[i, SERVICE_WASTE]
    out.clinic_reach = reach[i, SERVICE_CLINIC]
    out.school_reach = reach[i, SERVICE_SCHOOL]
    out.justice_reach = reach[i, SERVICE_JUSTICE]
    out.transport_reach = reach[i, SERVICE_TRANSPORT]
    out.water_price = price[i, SERVICE_WATER]
    out.waste_price = price[i, SERVICE_WASTE]
    out.clinic_price = price[i, SERVICE_CLINIC]
    out.school_price = price[i, SERVICE_SCHOOL]
    out.justice_price = price[i, SERVICE_JUSTICE]
    out.transport_price = price[i, SERVICE_TRANSPORT]


@compiled
def _far_from(neighbourhood: views.Neighbourhood, k: int) -> float:
    """Return the share of residents who live in new homes far from a service."""
    far = 0.0
    if k == SERVICE_SCHOOL:
        far = neighbourhood.far_from_schools
    elif k == SERVICE_TRANSPORT:
        far = neighbourhood.far_from_transport
    return far


@compiled
def _cut_by(lever: views.Levers, k: int) -> float:
    """Return how far shocks cut a service this month."""
    cut = lever.cut_water
    if k == SERVICE_WASTE:
        cut = lever.cut_waste
    elif k == SERVICE_CLINIC:
        cut = lever.cut_clinic
    elif k == SERVICE_SCHOOL:
        cut = lever.cut_school
    elif k == SERVICE_JUSTICE:
        cut = lever.cut_justice
    elif k == SERVICE_TRANSPORT:
        cut = lever.cut_transport
    return cut


@compiled
def _mended_by(city: City, i: int, k: int) -> float:
    """Return the doses of the measures that make good a cut of a service; who holds the place keeps off some of them."""
    lever = city.levers[i]
    basic = lever.basic_services * (1.0 - city.neighbourhood[i].captured)
    dose = basic + lever.housing_upgrading
    if k == SERVICE_WASTE:
        dose = lever.public_space + lever.housing_upgrading
    elif k == SERVICE_CLINIC:
        dose = basic + lever.care_after_shock
    elif k == SERVICE_SCHOOL:
        dose = lever.housing_jobs + lever.early_childhood_support
    elif k == SERVICE_JUSTICE:
        dose = basic
    elif k == SERVICE_TRANSPORT:
        dose = lever.transport_rules + lever.housing_jobs
    return dose
