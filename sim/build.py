"""From a city file to the state in which its burn-in begins.

Everything here is arithmetic on the file and keyed draws: the same file, scale and seed give the same bytes.

    deprivation = weighted mean of poverty, unemployment and missing schooling, each over its ceiling, at most 1
    anchor_i    = logistic(logit(city level) + slope * (deprivation_i - mean deprivation))
What a file leaves out is derived from deprivation by the rules in `_build_places` and counts as assumed. A neighbourhood
without residents (a park, a port) has no youths and no gangs, is paired with nobody, and is nobody's neighbour: to every
other it is as if it were not there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sim.draws import BLOCK, PEERS, uniforms
from sim.enumerations import (
    AGENCIES,
    COMMANDS,
    FLOWS,
    GROUP_KINDS,
    MARKETS,
    PLACE_LEVERS,
    SERVICES,
    SUPPLIED_BY_ARMED_GROUP,
    SUPPLIED_BY_STATE,
    SUPPLIERS,
)
from sim.group_kinds import build_groups, ordinary_work, set_ordinary_work
from sim.level_tables import CONDITION, LEVEL_CHANGE, RULE
from sim.levers import LEVER, LEVERS, PROGRAMME, lever_caps, lever_places, levers_within_reach
from sim.outcomes import OUTCOME, OUTCOMES, outcome_weights
from sim.parameters import Parameters, make_parameters
from sim.police_levels import officers_per_100000, ordinary_raids, police_killings
from sim.prices import prices
from sim.processes.drawing import DECISIONS
from sim.processes.membership import NOT_LISTED
from sim.processes.public_services import weight_of
from sim.state import (
    CHILDHOOD,
    CITY_STATE,
    GANG,
    INTEGRATED,
    LOOSE,
    NEIGHBOURHOOD,
    PEERS_EACH,
    POLICE,
    SPAN,
    WEAK,
    City,
    Flows,
    Scratch,
    Services,
    Youth,
    make_table,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim import scenario as schema
    from sim.state import views
    from sim.state.views import Table

__all__ = ["build", "city_parameters", "youth_rows"]

SLOTS_TO_SPARE = 10
FEWEST_ROWS = 12
# Against the ordinary neighbourhood: below, a place counts as dry as this.
FEWEST_BARS = 0.05
# Peers are within some three years of age, in months.
JITTER = 36.0
# Rows whose draws are made at once, to hold memory down.
CHUNK = 65_536
ORGANISATION = {"loose": LOOSE, "integrated": INTEGRATED, "weak": WEAK}

Floats = npt.NDArray[np.float64]


def city_parameters(city: schema.City, settings: Mapping[str, float] | None = None) -> Parameters:
    """Return the parameters of a city: the defaults, its calibration and level of killings by police, the settings."""
    given = settings or {}
    calibration = {
        "recruitment.joining_intercept": city.calibration.join_intercept,
        "homicide.rivalry_attack_rate": city.calibration.rivalry,
        "homicide.dispute_killing_rate": city.calibration.disputes,
        "homicide.police_killing_rate": police_killings(city, make_parameters(given)) / 1.2e6,
    }
    return make_parameters(calibration, given)


def youth_rows(city: schema.City, scale: float) -> npt.NDArray[np.int64]:
    """Return how many rows hold the youths of each neighbourhood at a scale (1: one a youth); none where nobody lives."""
    people = np.array([each.population for each in city.neighbourhoods], dtype=float)
    rows = np.maximum(FEWEST_ROWS, np.rint(people * city.youth_share * scale))
    return np.where(people > 0.0, rows, 0.0).astype(np.int64)


def build(city: schema.City, params: Parameters, seed: int, scale: float, start: int) -> City:
    """Return the state before the burn-in.

    Parameters
    ----------
    city
        The city file.
    params
        From `city_parameters`.
    seed
        Decides who is whose peer; everything else is decided month by month.
    scale
        Rows per youth: 1 is one row a youth, .1 one row for ten.
    start
        First month of the burn-in, negative.
    """
    places = len(city.neighbourhoods)
    gangs = len(city.gangs) + SLOTS_TO_SPARE
    rows = youth_rows(city, scale)
    neighbourhood, services = _build_neighbourhoods(city, params, rows)
    gang, homes, control = _build_gangs(city, params, neighbourhood)
    starts, listed = _adjacency(city)
    group = build_groups(city, params)
    city_state = _build_city_state(city, params, neighbourhood, start)
    outcome = make_table(places, OUTCOME)
    levers = make_table(places, LEVER)
    rivalry = np.ones((gangs, gangs))
    np.fill_diagonal(rivalry, 0.0)

    # Ends of the scale are kept off: log odds are taken.
    organised = np.tile([min(max(city.markets.get(market, 0.5), 0.01), 0.99) for market in MARKETS], (places, 1))

    def matrix(*shape: int) -> Floats:
        return np.zeros(shape)

    return City(
        youth=_build_youths(rows, starts, listed, seed),
        neighbourhood=neighbourhood,
        gang=gang,
        police=_build_police(city, params, neighbourhood),
        group=group,
        city_state=city_state,
        flows=_build_flows(city, params, neighbourhood),
        services=services,
        neighbour_start=starts,
        neighbour_list=listed,
        control=control,
        homes=homes,
        members=np.zeros((places, gangs), dtype=np.int64),
        inmates=np.zeros((places, gangs), dtype=np.int64),
        residents=matrix(places, gangs),
        near=matrix(places, gangs),
        presence=matrix(places, gangs),
        hazard=matrix(places, gangs),
        organised=organised.copy(),
        organised_anchor=organised,
        market_rent=matrix(places, len(MARKETS)),
        market_reference=matrix(places, len(MARKETS)),
        levied=matrix(places, len(MARKETS)),
        closure=matrix(places, len(MARKETS)),
        hits=matrix(places, len(MARKETS)),
        entry_violence=matrix(places, len(MARKETS)),
        childhood=matrix(places, CHILDHOOD),
        rivalry=rivalry.copy(),
        rivalry_anchor=rivalry,
        memory=matrix(gangs, gangs),
        killings=matrix(gangs, gangs),
        trained=matrix(places, gangs),
        due=matrix(DECISIONS),
        expected_draws=matrix(DECISIONS),
        place_due=matrix(places, DECISIONS),
        place_expected=matrix(places, DECISIONS),
        place_pace=np.ones((places, DECISIONS)),
        owed=matrix(places, gangs),
        pace=np.ones(DECISIONS),
        programme=make_table(0, PROGRAMME),
        level_changes=make_table(0, LEVEL_CHANGE),
        rules=make_table(0, RULE),
        conditions=make_table(0, CONDITION),
        change=matrix(0, len(LEVERS)),
        where=matrix(0, places),
        able=matrix(0, len(GROUP_KINDS)),
        delivered=matrix(0, places),
        group_work=set_ordinary_work(params, group, neighbourhood, city_state),
        ordinary_work=ordinary_work(params),
        levers=levers,
        lever_values=levers.view(np.float64).reshape(places, len(LEVERS)),
        lever_cap=lever_caps(),
        lever_place=lever_places(),
        place_effect=np.ones((places, len(PLACE_LEVERS))),
        place_months=np.zeros((places, len(PLACE_LEVERS))),
        lever_within_reach=levers_within_reach(),
        outcome=outcome,
        outcome_values=outcome.view(np.float64).reshape(places, len(OUTCOMES)),
        outcome_weight=outcome_weights(),
        city_outcome=matrix(len(OUTCOMES)),
        scratch=make_scratch(int(rows.sum()), places, gangs),
    )


def make_scratch(rows: int, places: int, gangs: int) -> Scratch:
    """Return the working space of a month for so many rows, neighbourhoods and gangs."""
    return Scratch(
        uniforms=np.zeros(BLOCK + 8),
        words=np.zeros((5, BLOCK // 4 + 2), dtype=np.uint32),
        calls=np.zeros(BLOCK // 4 + 2, dtype=np.int64),
        picked=np.zeros(BLOCK + 8, dtype=np.int64),
        luck=np.zeros(BLOCK + 8),
        parts=np.zeros(gangs),
        killers=np.zeros(gangs),
        chances=np.zeros(gangs),
        leaving=np.zeros(gangs),
        free_rows=np.zeros(gangs),
        by_use=np.zeros(4),
        by_place=np.zeros(places),
        by_agency=np.zeros(len(AGENCIES)),
        members=np.zeros(rows, dtype=np.int32),
        listed=np.full(places, NOT_LISTED, dtype=np.int64),
        children=np.zeros(places),
        killer=np.zeros(places, dtype=np.int64),
        wanted=np.zeros(places, dtype=np.int64),
        chosen=np.zeros(BLOCK, dtype=np.int64),
        waits=np.zeros(BLOCK),
    )


def _logit(share: float | Floats) -> Floats:
    return np.log(share / (1.0 - np.asarray(share, dtype=float)))


def _derive(given: list[float | None], otherwise: Floats) -> Floats:
    """Return the given figures, and for missing ones what deprivation suggests."""
    return np.array([rule if value is None else value for value, rule in zip(given, otherwise, strict=True)])


def _build_services(
    city: schema.City, params: Parameters, neighbourhood: Table[views.Neighbourhood]
) -> tuple[Services, Floats, Floats]:
    """Return the services one by one, and the shares of them that the state and armed groups supply, by neighbourhood.

    `neighbourhood.services` comes as the level of all of which the file says nothing else, and leaves as their mean.
    """
    param = params.public_services[0]
    common = neighbourhood["services"].copy()
    shape = len(city.neighbourhoods), len(SERVICES)
    level = np.repeat(common[:, None], len(SERVICES), axis=1)
    price = np.ones(shape)
    supplier = np.full(shape, SUPPLIED_BY_STATE, dtype=np.int64)
    for i, place in enumerate(city.neighbourhoods):
        for name, service in place.public_services.items():
            k = SERVICES.index(name)
            reach = common[i] if service.reach is None else service.reach
            shut_out = service.price ** (-param.price_on_reach * neighbourhood["deprivation"][i])
            level[i, k] = min(1.0, reach * shut_out)
            price[i, k] = service.price
            supplier[i, k] = SUPPLIERS.index(service.supplier)
    weight = np.array([weight_of(param, k) for k in range(len(SERVICES))])
    # Differences from the common level: where there are none, it stays as it is to the last digit.
    neighbourhood["services"] = common + (level - common[:, None]) @ weight
    other = (supplier != SUPPLIED_BY_STATE) @ weight
    armed = (supplier == SUPPLIED_BY_ARMED_GROUP) @ weight
    neighbourhood["served_by_armed_groups"] = ((supplier == SUPPLIED_BY_ARMED_GROUP) * level) @ weight
    whole = Services(
        level=level,
        ordinary_price=price,
        supplier=supplier,
        cut=np.zeros(shape),
        reach=level.copy(),
        lost=np.zeros(shape),
        price=price.copy(),
    )
    return whole, 1.0 - other, armed


def _build_neighbourhoods(
    city: schema.City, params: Parameters, rows: npt.NDArray[np.int64]
) -> tuple[Table[views.Neighbourhood], Services]:
    param = params.initialise[0]
    level = city.levels
    listed = city.neighbourhoods
    neighbourhood = make_table(len(listed), NEIGHBOURHOOD)
    people = np.array([each.population for each in listed], dtype=float)
    parts = (
        (param.weight_poverty, param.poverty_at_full_deprivation, [each.poverty for each in listed]),
        (param.weight_unemployment, param.unemployment_at_full_deprivation, [each.unemployment for each in listed]),
        (param.weight_schooling, param.low_schooling_at_full_deprivation, [each.no_high_school for each in listed]),
    )
    weights = sum(weight for weight, _, _ in parts)
    deprivation = (
        np.asarray(sum(weight * np.minimum(1.0, np.array(values) / ceiling) for weight, ceiling, values in parts)) / weights
    )
    mean = float(np.average(deprivation, weights=people))
    neighbourhood["population"] = people
    neighbourhood["weight"] = people * city.youth_share / np.maximum(rows, 1)
    neighbourhood["last"] = np.cumsum(rows)
    neighbourhood["first"] = neighbourhood["last"] - rows
    neighbourhood["deprivation"] = deprivation
    neighbourhood["poorest"], neighbourhood["best_off"] = _fifths(deprivation, people)
    neighbourhood["inequality"] = _derive(
        [each.inequality for each in listed], param.inequality_base + param.inequality_slope * deprivation
    )
    usual = np.full(len(listed), param.rentals_base)
    rented = _beyond(_derive([each.rentals for each in listed], usual), usual, people)
    coming = param.in_migration_base + param.in_migration_slope * deprivation
    neighbourhood["in_migration"] = _derive(
        [each.in_migration for each in listed], np.maximum(0.0, coming + param.rentals_on_turnover * rented)
    )
    neighbourhood["informality"] = _derive(
        [each.informality for each in listed], param.informality_base + param.informality_slope * deprivation
    )
    neighbourhood["services"] = _derive(
        [each.services for each in listed], param.services_base - param.services_slope * deprivation
    )
    services, neighbourhood["served_by_state"], armed = _build_services(city, params, neighbourhood)
    neighbourhood["school_quality"] = _derive(
        [each.school_quality for each in listed], param.school_base - param.school_slope * deprivation
    )
    neighbourhood["family_disruption"] = _derive(
        [each.family_disruption for each in listed], param.family_base + param.family_slope * deprivation
    )
    turning = _beyond(neighbourhood["in_migration"], coming, people)
    neighbourhood["turnover_ordinary"] = neighbourhood["turnover"] = neighbourhood["in_migration"] - turning
    uneven = _beyond(neighbourhood["inequality"], param.inequality_base + param.inequality_slope * deprivation, people)
    disrupted = _beyond(neighbourhood["family_disruption"], param.family_base + param.family_slope * deprivation, people)
    neighbourhood["family_shift"] = params.demography[0].disruption_on_family_risk * disrupted
    informal = param.informality_base + param.informality_slope * deprivation
    neighbourhood["informality_gap"] = _beyond(neighbourhood["informality"], informal, people)
    served = _beyond(neighbourhood["services"], param.services_base - param.services_slope * deprivation, people)
    neighbourhood["services_gap"] = served
    neighbourhood["school_gap"] = _beyond(
        neighbourhood["school_quality"], param.school_base - param.school_slope * deprivation, people
    )
    neighbourhood["bars"] = np.log(np.maximum([1.0 if each.bars is None else each.bars for each in listed], FEWEST_BARS))
    neighbourhood["disorganisation"] = (
        neighbourhood["inequality"]
        + np.minimum(1.0, neighbourhood["in_migration"] / param.newcomers_at_full_turnover)
        + neighbourhood["family_disruption"]
        + (1.0 - neighbourhood["services"])
    ) / 4.0
    neighbourhood["tenure"] = _derive(
        [each.tenure for each in listed], 1.0 - param.informality_on_tenure * neighbourhood["informality"]
    )
    secure = _beyond(neighbourhood["tenure"], 1.0 - param.informality_on_tenure * informal, people)
    neighbourhood["minority"] = [each.minority for each in listed]
    neighbourhood["edge"] = _edge(city)
    neighbourhood["displaced"] = neighbourhood["displaced_anchor"] = [each.displaced for each in listed]
    neighbourhood["services_now"] = neighbourhood["service_reach"] = neighbourhood["services"]
    neighbourhood["care"] = level.care
    neighbourhood["transit"] = [each.transit for each in listed]
    neighbourhood["enclave"] = [float(each.enclave) for each in listed]

    held = neighbourhood["tenure"] - float(np.average(neighbourhood["tenure"], weights=people))
    mixed = neighbourhood["edge"] - float(np.average(neighbourhood["edge"], weights=people))
    armed -= float(np.average(armed, weights=people))
    ordinary = np.full(len(listed), params.community[0].ordinary_ties)
    neighbourhood["ties"] = neighbourhood["ties_anchor"] = _derive([each.close_ties for each in listed], ordinary)
    tied = neighbourhood["ties"] - ordinary
    tied -= float(np.average(tied, weights=people))

    def anchored(
        name: str, city_level: float, slope: float, tenure: float = 0.0, groups: float = 0.0, besides: Floats | float = 0.0
    ) -> None:
        moved = slope * (deprivation - mean) + tenure * held + groups * mixed + besides
        neighbourhood[name] = 1.0 / (1.0 + np.exp(-(_logit(city_level) + moved)))

    fabric = (
        param.tenure_on_efficacy * secure
        - param.inequality_on_efficacy * uneven
        - param.disruption_on_efficacy * disrupted
        - param.rentals_on_efficacy * rented
    )
    of_ties = params.community[0].ties_on_efficacy * tied
    plain = of_ties + param.tenure_on_efficacy * (held - secure)
    anchored("efficacy_ordinary", level.collective_efficacy, param.deprivation_on_efficacy, besides=plain)
    anchored("efficacy_anchor", level.collective_efficacy, param.deprivation_on_efficacy, besides=plain + fabric)
    anchored("bridging_anchor", level.bridging, param.deprivation_on_efficacy, groups=param.groups_on_bridging)
    anchored(
        "state_anchor",
        level.state_legitimacy,
        param.deprivation_on_state_legitimacy,
        param.tenure_on_state_legitimacy,
        besides=param.services_on_state_legitimacy * served,
    )
    anchored("police_anchor", level.police_legitimacy, param.deprivation_on_police_legitimacy)
    anchored(
        "criminal_anchor",
        level.criminal_legitimacy,
        param.deprivation_on_criminal_legitimacy,
        besides=param.supply_on_criminal_legitimacy * armed - param.services_on_criminal_legitimacy * served,
    )
    anchored("fear_anchor", level.fear, param.deprivation_on_fear)
    anchored("testimony_anchor", level.testimony, param.deprivation_on_testimony)
    anchored("reporting_anchor", level.reporting, param.deprivation_on_reporting)
    for state, anchor in (
        ("collective_efficacy", "efficacy_anchor"),
        ("bridging", "bridging_anchor"),
        ("state_legitimacy", "state_anchor"),
        ("police_legitimacy", "police_anchor"),
        ("criminal_legitimacy", "criminal_anchor"),
        ("fear", "fear_anchor"),
        ("testimony", "testimony_anchor"),
        ("reporting", "reporting_anchor"),
    ):
        neighbourhood[state] = neighbourhood[anchor]
    for state in ("business", "jobs", "workforce", "domestic", "robberies", "carrying", "drug_demand", "robbing"):
        neighbourhood[state] = 1.0
    neighbourhood["clearance"] = level.clearance
    neighbourhood["credibility"] = params.community[0].credibility_without_group
    neighbourhood["violence"] = (1.0 + params.community[0].adjacent_violence_weight) * level.homicide_rate / 1.2e6
    return neighbourhood, services


def _beyond(values: Floats, suggested: Floats, people: Floats) -> Floats:
    """Return what figures have beyond what deprivation suggests, less the mean of that over residents."""
    beyond: Floats = values - suggested
    return beyond - float(np.average(beyond, weights=people))


def _fifths(deprivation: Floats, people: Floats) -> tuple[Floats, Floats]:
    """Return the share of each place's residents in the fifth of all who live in the most, and the least, deprived places.

    A place across whose residents the line falls belongs to the fifth in part.
    """

    def taken(order: npt.NDArray[np.int64]) -> Floats:
        shares = np.zeros(len(people))
        left = people.sum() / 5.0
        for i in order:
            shares[i] = min(1.0, left / people[i]) if people[i] > 0.0 else 0.0
            left = max(0.0, left - people[i])
        return shares

    ranked = np.argsort(deprivation, kind="stable")
    return taken(ranked[::-1]), taken(ranked)


def _edge(city: schema.City) -> Floats:
    """Return how far identity groups meet in each neighbourhood, 0-1: within it, or across a border to where people live."""
    minority = {each.name: each.minority for each in city.neighbourhoods if each.population > 0}
    within = np.array([4.0 * each.minority * (1.0 - each.minority) for each in city.neighbourhoods])
    apart = [
        [abs(each.minority - minority[name]) for name in each.adjacent if name in minority] for each in city.neighbourhoods
    ]
    across = np.array([np.mean(each) if each else 0.0 for each in apart])
    edge: Floats = np.minimum(1.0, within + across)
    return edge


def _segregation(neighbourhood: Table[views.Neighbourhood]) -> float:
    """Return the index of dissimilarity of the smaller identity groups, 0-1; 0 where there are none."""
    people = neighbourhood["population"]
    share = float(np.average(neighbourhood["minority"], weights=people))
    if not 0.0 < share < 1.0:
        return 0.0
    apart = (people * np.abs(neighbourhood["minority"] - share)).sum() / (2.0 * people.sum() * share * (1.0 - share))
    return min(1.0, float(apart))  # above 1 only by rounding


def _build_gangs(
    city: schema.City, params: Parameters, neighbourhood: Table[views.Neighbourhood]
) -> tuple[Table[views.Gang], npt.NDArray[np.int8], Floats]:
    first = params.initialise[0]
    param = params.gangs[0]
    cohesion = {"loose": param.cohesion_loose, "integrated": param.cohesion_integrated, "weak": param.cohesion_weak}
    index = {each.name: i for i, each in enumerate(city.neighbourhoods)}
    slots = len(city.gangs) + SLOTS_TO_SPARE
    gang = make_table(slots, GANG)
    homes = np.zeros((len(neighbourhood), slots), dtype=np.int8)
    control = np.zeros((len(neighbourhood), slots))
    for k, each in enumerate(city.gangs):
        gang[k]["alive"] = 1
        gang[k]["ideological"] = int(each.kind == "ideological")
        gang[k]["style"] = cohesion[each.organisation]
        gang[k]["organisation"] = ORGANISATION[each.organisation]
        gang[k]["home"] = index[each.homes[0]]
        gang[k]["leader"] = 1
        gang[k]["founded"] = -1_000_000
        gang[k]["cohesion_anchor"] = gang[k]["cohesion"] = cohesion[each.organisation]
        gang[k]["weapons"] = first.initial_weapons
        gang[k]["pact"] = gang[k]["pact_anchor"] = 0.0 if each.kind == "ideological" else each.pact
        for home in each.homes:
            homes[index[home], k] = 1
            control[index[home], k] = first.initial_control
        for home in each.homes:
            for other in city.neighbourhoods[index[home]].adjacent:
                control[index[other], k] = max(control[index[other], k], first.initial_control_adjacent)
    control[neighbourhood["population"] == 0.0] = 0.0
    total = control.sum(axis=1, keepdims=True)
    return gang, homes, control / np.maximum(1.0, total / first.initial_control_limit)


def _build_police(city: schema.City, params: Parameters, neighbourhood: Table[views.Neighbourhood]) -> Table[views.Police]:
    police = make_table(len(neighbourhood), POLICE)
    mean = float(np.average(neighbourhood["deprivation"], weights=neighbourhood["population"]))
    shift = params.initialise[0].deprivation_on_abuse * (neighbourhood["deprivation"] - mean)
    police["abuse_anchor"] = 1.0 / (1.0 + np.exp(-(_logit(city.levels.abuse) + shift)))
    police["abuse"] = police["abuse_anchor"]
    police["raids"] = police["raids_anchor"] = ordinary_raids(city, params)
    param = params.police_units[0]
    people = neighbourhood["population"]
    police["share"] = people / people.sum()
    police["strength"] = police["officers"] = officers_per_100000(city, params) * people / 100_000.0
    # As many posts are authorised as leave that number filled while officers leave and vacant posts wait.
    police["posts"] = police["strength"] * (1.0 + param.leaving_rate * param.hiring_months)
    police["tired"] = param.tired_ordinarily
    police["bought"] = param.bought_share * (1.0 - city.levels.integrity)
    return police


def _build_city_state(
    city: schema.City, params: Parameters, neighbourhood: Table[views.Neighbourhood], start: int
) -> Table[views.CityState]:
    city_state = make_table(1, CITY_STATE)
    city_state["start"] = start
    city_state["population"] = neighbourhood["population"].sum()
    city_state["membership"] = city.levels.membership
    city_state["displaced_ordinary"] = np.average(neighbourhood["displaced"], weights=neighbourhood["population"])
    city_state["clearance_anchor"] = city_state["clearance"] = city.levels.clearance
    city_state["integrity_anchor"] = city_state["integrity"] = city_state["force_integrity"] = city.levels.integrity
    city_state["guns"] = 1.0
    city_state["jobs"] = 1.0
    city_state["command"] = COMMANDS.index(city.police.command)
    city_state["follows"] = city_state["alignment"] = city.police.follows
    city_state["capital"] = city.capital
    city_state["drug_use"] = city.levels.drug_use
    for name in ("fit", "phones", "elderly"):
        city_state[name] = getattr(city.levels, name)
    city_state["linkage_anchor"] = city_state["linkage"] = city.levels.linkage
    city_state["grievance_anchor"] = city_state["grievance"] = city.levels.grievance
    city_state["care_anchor"] = city.levels.care
    city_state["segregation"] = _segregation(neighbourhood)
    city_state["bubbles_anchor"] = city_state["bubbles"] = np.average(
        neighbourhood["enclave"], weights=neighbourhood["population"]
    )
    youths = (neighbourhood["last"] - neighbourhood["first"]) * neighbourhood["weight"]
    city_state["row_weight"] = youths.sum() / max(1, int(neighbourhood["last"][-1]))
    city_state["laundered"] = city_state["politics"] = 1.0
    city_state["gangs_at_start"] = len(city.gangs)
    city_state["money_per_dollar"] = city.money_per_dollar
    city_state["season"] = city_state["dispute_years"] = city_state["rivalry_years"] = 1.0
    city_state["temperature_range"] = city.temperature_range
    city_state["warmest_month"] = city.warmest_month - 1
    city_state["first_calendar_month"] = 0 if city.begins is None else int(city.begins[5:]) - 1
    here = prices(city, params)
    city_state["programme_prices"] = here.programmes
    city_state["prison_year"] = here.prison_year
    city_state["police_year"] = here.police_year
    city_state["case_pressure"] = city_state["orders_supplied"] = 1.0
    city_state["officers"] = officers_per_100000(city, params) * neighbourhood["population"].sum() / 100_000.0
    city_state["caseload"] = city.levels.homicide_rate / 1.2e6 * neighbourhood["population"].sum()
    return city_state


def _build_flows(city: schema.City, params: Parameters, neighbourhood: Table[views.Neighbourhood]) -> Flows:
    places = len(neighbourhood)
    drawn = params.initialise[0].hub_share
    hub = np.ones((places, len(FLOWS)))
    people = neighbourhood["population"]
    for f, flow in enumerate(FLOWS):
        named = np.array([each.hubs.get(flow, 0.0) for each in city.neighbourhoods])
        for corridor in city.corridors:
            if corridor.flow == flow:
                named += [corridor.weight * (each.name in corridor.through) for each in city.neighbourhoods]
        # A hub in which nobody lives is no resident's: it draws nothing, and without others the flow is everywhere alike.
        named[people == 0.0] = 0.0
        if (named * people).sum() > 0.0:
            # A part of a flow is everywhere, the rest follows its hubs; a resident's mean stays 1.
            hub[:, f] = (1.0 - drawn) + drawn * (named / (named * people).sum() * people.sum())
    shape = (places, len(FLOWS))
    level = np.array([city.flows.get(flow, 1.0) for flow in FLOWS])
    return Flows(level, hub, np.zeros(shape), np.ones(shape), np.zeros(shape), np.zeros(shape), np.zeros(shape))


def _adjacency(city: schema.City) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return who borders whom as a list of lists: starts [neighbourhood + 1], rows of neighbours one after another."""
    index = {each.name: i for i, each in enumerate(city.neighbourhoods)}
    listed = [sorted(index[name] for name in each.adjacent) for each in city.neighbourhoods]
    starts = np.concatenate(([0], np.cumsum([len(each) for each in listed])))
    return starts.astype(np.int64), np.array([j for each in listed for j in each], dtype=np.int64)


def _build_youths(
    rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], listed: npt.NDArray[np.int64], seed: int
) -> Youth:
    number = int(rows.sum())
    phase = np.concatenate([(np.arange(each) * SPAN // each).astype(np.int16) for each in rows])

    def small(value: int = 0) -> npt.NDArray[np.int8]:
        return np.full(number, value, dtype=np.int8)

    def real() -> npt.NDArray[np.float32]:
        return np.zeros(number, dtype=np.float32)

    return Youth(
        home=np.repeat(np.arange(len(rows), dtype=np.int16), rows),
        phase=phase,
        female=small(),
        status=small(),
        activity=small(),
        gang=small(-1),
        joined=np.zeros(number, dtype=np.int16),
        release=np.zeros(number, dtype=np.int16),
        record=small(),
        wrongly_held=small(),
        killings_done=np.zeros(number, dtype=np.int16),
        arrests=np.zeros(number, dtype=np.int16),
        recruited_as_child=small(),
        gang_peers=small(),
        exposed_at_home=small(),
        uses=small(),
        used_early=small(),
        school_place=small(),
        training=small(),
        training_effect=real(),
        person=real(),
        family=real(),
        friends=real(),
        school=real(),
        isolation=real(),
        proneness=real(),
        peers=_draw_peers(rows, phase, _pair_up(rows, starts, listed), seed),
    )


def _pair_up(
    rows: npt.NDArray[np.int64], starts: npt.NDArray[np.int64], listed: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Pair adjacent neighbourhoods greedily; return the number of each one's pair (alone, where no partner is left).

    One in which nobody lives is paired with none.
    """
    pair = np.full(len(starts) - 1, -1, dtype=np.int64)
    for i in range(len(pair)):
        if pair[i] >= 0:
            continue
        pair[i] = i
        for j in listed[starts[i] : starts[i + 1]]:
            if pair[j] < 0 and rows[i] > 0 and rows[j] > 0:
                pair[j] = i
                break
    return pair


def _draw_peers(
    rows: npt.NDArray[np.int64], phase: npt.NDArray[np.int16], pair: npt.NDArray[np.int64], seed: int
) -> npt.NDArray[np.int32]:
    """Tie every row to eight others of about its age: three rings within the neighbourhood, one across its pair.

    Each ring orders the rows by month of birth with a jitter of three years and ties neighbours on the ring. Ties are
    mutual, so one list serves both directions; rows inherit them for good: who turns ten gets the peers of the slot.
    """
    peers = np.empty((len(phase), PEERS_EACH), dtype=np.int32)
    last = np.cumsum(rows)
    alone = [[i] for i in range(len(rows))]
    paired = [np.flatnonzero(pair == i).tolist() for i in np.unique(pair)]
    for ring in range(PEERS_EACH // 2):
        age = np.concatenate([_jittered(phase, seed, ring, at) for at in range(0, len(phase), CHUNK)])
        for group in paired if ring == PEERS_EACH // 2 - 1 else alone:
            here = np.concatenate([np.arange(last[i] - rows[i], last[i]) for i in group])
            order = here[np.argsort(age[here], kind="stable")]
            peers[order, 2 * ring] = np.roll(order, 1)
            peers[order, 2 * ring + 1] = np.roll(order, -1)
    return peers


def _jittered(phase: npt.NDArray[np.int16], seed: int, ring: int, at: int) -> Floats:
    """Return the months of birth of one chunk of rows, each with a jitter of its own for this ring."""
    chunk = phase[at : at + CHUNK]
    return chunk + JITTER * uniforms(seed, PEERS, 0, np.arange(at, at + len(chunk)), ring)
