"""What holds in every city, under every policy, with any parameters and any luck."""

import math
from typing import get_args

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.build import build, city_parameters
from sim.enumerations import SERVICES
from sim.levers import enforce
from sim.measures import MEASURES
from sim.mechanisms import MECHANISMS, switched_off
from sim.month import months
from sim.outcomes import OUTCOMES, outcome_index
from sim.parameters import PARAMETERS
from sim.scenario import (
    FLOWS,
    Corridor,
    Indicator,
    Levels,
    Market,
    MeasureUse,
    Partner,
    Policy,
    Service,
    Shock,
    ShockKind,
    Target,
    Trigger,
    load_city,
)
from sim.state import DEAD, FREE, PRISON, SPAN, copy_city

SANDBOX = load_city("sandbox")
BURN_IN = 24
MONTHS = 24
TABLES = np.zeros((MONTHS, len(OUTCOMES)), np.float32), np.zeros((2, 9, len(OUTCOMES)), np.float32)
# That of violence is none: residents become used to what is killed around them (`community.habituation_speed`).
REFERENCES = (
    "extortion_reference",
    "settled_reference",
    "rent_reference",
    "governing_reference",
    "gang_services_reference",
)
# Anchors and what else a file fixes for good.
FIXED = ("displaced_anchor", "edge", "minority", "tenure", "services", "enclave", "served_by_state", "ties_anchor")
TOWN_FIXED = (
    "appetite",
    "fighting_reference",
    "caseload_reference",
    "linkage_anchor",
    "grievance_anchor",
    "care_anchor",
    "segregation",
    "bubbles_anchor",
    "prison_places",
)
# States of a neighbourhood and of the city that are shares.
SHARES = (
    "services_now",
    "served_by_state",
    "served_by_armed_groups",
    "gang_services",
    "ties",
    "damage",
    "trauma",
    "prepared",
    "displaced",
    "housed",
    "included",
    "rebuilt",
    "care",
    "divided",
    "captured",
    "connected",
    "allocated",
    "unlicensed",
    "idle",
    "out_of_school",
    "extortion",
    "controlled",
    "domination",
    "governing",
    "closure",
    "credibility",
    "treated",
    "edge",
)
TOWN_SHARES = (
    "alignment",
    "linkage",
    "grievance",
    "segregation",
    "reform",
    "scrutiny",
    "bubbles",
    "leakage",
    "diverted",
    "integrity",
    "clearance",
)

share = st.floats(0.0, 1.0)
# Anchors may be extreme, as the schema allows, but mostly are not.
anchor = st.one_of(st.floats(0.001, 0.999), st.sampled_from([0.001, 0.5, 0.999]))
perhaps = st.one_of(st.none(), share)
residents = st.one_of(st.integers(40, 60_000), st.integers(40, 60_000), st.sampled_from([0, 1]))
none = st.just(set())


services = st.builds(
    Service, reach=perhaps, price=st.floats(0.01, 100.0), supplier=st.sampled_from(["state", "private", "armed group"])
)
some_places = st.lists(st.sampled_from([each.name for each in SANDBOX.neighbourhoods]), min_size=1, unique=True).map(tuple)
corridors = st.builds(
    Corridor,
    flow=st.sampled_from(FLOWS),
    through=some_places.filter(lambda places: len(places) > 1),
    weight=st.floats(0.0, 1000.0),
)


@st.composite
def cities(draw):
    # A park has no residents, an island no neighbours; somebody lives in the city.
    people = draw(st.lists(residents, min_size=9, max_size=9).filter(any))
    islands = draw(st.one_of(none, st.sets(st.sampled_from([each.name for each in SANDBOX.neighbourhoods]))))
    places = tuple(
        each.model_copy(
            update={
                "population": people[i],
                "adjacent": () if each.name in islands else tuple(set(each.adjacent) - islands),
                "poverty": draw(share),
                "unemployment": draw(share),
                "no_high_school": draw(share),
                "in_migration": draw(perhaps),
                "informality": draw(perhaps),
                "services": draw(perhaps),
                "school_quality": draw(perhaps),
                "family_disruption": draw(perhaps),
                "enclave": draw(st.booleans()),
                "tenure": draw(perhaps),
                "minority": draw(st.one_of(st.just(0.0), share)),
                "displaced": draw(st.one_of(st.just(0.0), share)),
                "hubs": draw(st.dictionaries(st.sampled_from(FLOWS), st.floats(0.0, 1000.0), max_size=3)),
                "public_services": draw(st.dictionaries(st.sampled_from(SERVICES), services, max_size=3)),
                "close_ties": draw(perhaps),
            }
        )
        for i, each in enumerate(SANDBOX.neighbourhoods)
    )
    gangs = tuple(
        gang.model_copy(
            update={
                "organisation": draw(st.sampled_from(["integrated", "loose", "weak"])),
                "kind": draw(st.sampled_from(["gang", "ideological"])),
                "pact": draw(share),
            }
        )
        for gang in SANDBOX.gangs
    )
    groups = tuple(
        group.model_copy(update={"credibility": draw(share), "capacity": draw(share), "independence": draw(share)})
        for group in SANDBOX.groups[: draw(st.integers(0, 5))]
    )
    levels = Levels(
        homicide_rate=draw(st.floats(0.5, 200.0)),
        **{name: draw(anchor) for name in Levels.model_fields if name != "homicide_rate"},
    )
    flows = {flow: draw(st.one_of(st.just(1.0), st.floats(0.0, 1000.0))) for flow in FLOWS}
    return SANDBOX.model_copy(
        update={
            "neighbourhoods": places,
            "gangs": gangs,
            "groups": groups,
            "levels": levels,
            "flows": flows,
            "youth_share": draw(st.floats(0.1, 0.5)),
            "police": SANDBOX.police.model_copy(
                update={"follows": draw(share), "command": draw(st.sampled_from(["city", "national", "joint"]))}
            ),
            "markets": {market: draw(share) for market in get_args(Market)},
            "elections": tuple(sorted(draw(st.sets(st.integers(1, MONTHS), max_size=3)))),
            "corridors": tuple(draw(st.lists(corridors, max_size=3))),
        }
    )


targets = st.one_of(
    st.just(Target(all=True)),
    st.builds(
        Target,
        worst=st.integers(1, 9),
        by=st.sampled_from(get_args(Indicator)),
    ),
    st.builds(Target, worst_share=st.floats(0.01, 1.0), by=st.sampled_from(get_args(Indicator))),
    st.builds(Target, places=some_places),
)
partners = st.builds(
    Partner,
    kind=st.sampled_from(["agency", "local"]),
    **{name: share for name in Partner.model_fields if name != "kind"},
)


@st.composite
def uses(draw):
    start = draw(st.integers(1, MONTHS + 1))
    measure = draw(st.sampled_from(MEASURES))
    return MeasureUse(
        measure=measure.row,
        level=draw(share),
        where=draw(targets),
        start=start,
        stop=draw(st.one_of(st.none(), st.integers(start, start + 19))),
        ramp=draw(st.one_of(st.none(), st.integers(0, 30))),
        trigger=draw(
            st.one_of(
                st.none(),
                st.builds(
                    Trigger,
                    outcome=st.sampled_from(["homicide_rate", "gang_members", "extortion_share", "fear"]),
                    above=st.floats(0.0, 100.0),
                ),
            )
        ),
        conditions={name: draw(share) for name in measure.conditions if draw(st.booleans())},
        partner=draw(partners) if measure.partner and draw(st.booleans()) else Partner(),
    )


@st.composite
def shocks(draw):
    start = draw(st.integers(1, MONTHS + 1))
    kind = draw(st.sampled_from(get_args(ShockKind)))
    flows, about = kind in ("flow", "route"), {}
    if flows:
        about = {"flow": draw(st.sampled_from(FLOWS))}
    elif kind in ("pact", "pact broken", "leader killed"):
        about = {"gang": draw(st.sampled_from(SANDBOX.gangs)).name}
    elif kind == "service cut":
        about = {"service": draw(st.sampled_from(SERVICES))}
    return Shock(
        name="shock",
        title="Shock",
        about="A shock.",
        kind=kind,
        size=draw(st.floats(0.0, 1000.0) if flows else share),
        start=start,
        stop=draw(st.one_of(st.none(), st.integers(start, start + 19))),
        where=draw(st.builds(Target, places=some_places) if kind == "route" else targets),
        **about,
    )


parameters = st.lists(st.sampled_from(PARAMETERS), max_size=25, unique=True).flatmap(
    lambda chosen: st.fixed_dictionaries({each.name: st.floats(each.low, each.high) for each in chosen})
)


mechanisms = st.lists(st.sampled_from([each.name for each in MECHANISMS]), max_size=4, unique=True)


@st.composite
def scenarios(draw):
    measures = draw(st.lists(uses(), max_size=5, unique_by=lambda use: (use.measure, use.where, use.start)))
    return {
        "schema": draw(cities()),
        "policy": Policy(name="random", title="Random", about="Whatever.", measures=tuple(measures)),
        "shocks": draw(st.lists(shocks(), max_size=4)),
        "parameters": draw(parameters) | switched_off(draw(mechanisms)),
        "scale": draw(st.floats(0.005, 0.03)),
        "seed": draw(st.integers(0, 2**63 - 1)),
    }


def assert_sound(city, recount):
    """What holds at the end of any month."""
    youth, gang = city.youth, city.gang
    assert np.isin(youth.status, (FREE, PRISON, DEAD)).all()
    assert np.isin(youth.activity, range(4)).all()
    assert ((youth.gang >= -1) & (youth.gang < gang.size)).all()
    assert (youth.gang[youth.status == DEAD] == -1).all()
    assert (youth.school_place >= 0).all()
    assert (youth.training >= 0).all()
    assert ((youth.training_effect >= 0) & (youth.training_effect <= 1)).all()

    counted = recount(city)
    np.testing.assert_array_equal(city.members, counted.members)
    np.testing.assert_array_equal(city.inmates, counted.inmates)
    np.testing.assert_array_equal(youth.gang_peers, counted.gang_peers)
    empty = gang["alive"] == 0
    assert (counted.members + counted.inmates)[:, empty].sum() == 0, "members of a gang that is no more"
    assert city.control[:, empty].sum() == 0
    assert city.homes[:, empty].sum() == 0

    assert (city.control >= 0).all()
    assert (city.control.sum(axis=1) <= 1 + 1e-12).all()
    assert ((city.hazard >= 0) & (city.hazard <= 1)).all()
    assert (city.memory >= 0).all()
    assert (city.rivalry >= 0).all()
    assert ((gang["cohesion"] >= 0) & (gang["cohesion"] <= 1)).all()
    assert ((gang["succession"] >= 0) & (gang["succession"] <= 1)).all()
    assert ((gang["grievance"] >= 0) & (gang["grievance"] <= 1)).all()
    assert (gang["weapons"] >= 0).all()
    for name in ("style", "pact"):
        assert ((gang[name] >= 0) & (gang[name] <= 1)).all(), name
    assert (gang["pact"][gang["ideological"] == 1] == 0).all(), "ideological groups make no pacts"
    for name in SHARES:
        assert ((city.neighbourhood[name] >= 0) & (city.neighbourhood[name] <= 1 + 1e-12)).all(), name
    for name in TOWN_SHARES:
        assert 0 <= city.city_state[0][name] <= 1 + 1e-12, name
    for name in ("organised", "levied", "closure"):
        table = getattr(city, name)
        assert ((table >= 0) & (table <= 1)).all(), name
    for name in ("level", "cut", "reach", "lost"):
        table = getattr(city.services, name)
        assert ((table >= 0) & (table <= 1 + 1e-12)).all(), name
    assert (city.services.price >= city.services.ordinary_price).all()
    for name in ("market_rent", "hits", "entry_violence", "killings"):
        assert (getattr(city, name) >= 0).all(), name
    assert ((city.childhood >= 0) & (city.childhood <= 1)).all()
    assert ((city.place_effect >= 0) & (city.place_effect <= 1)).all()
    capped = city.lever_cap > 0
    assert (city.lever_values[:, capped] >= 0).all()
    assert (city.lever_values[:, capped] <= 1).all()
    for part in (city.neighbourhood, city.gang, city.police, city.group, city.city_state):
        for name in part.dtype.names:
            assert np.isfinite(part[name]).all(), name
    tables = (
        *city.flows,
        *city.services,
        city.control,
        city.memory,
        city.rivalry,
        city.hazard,
        city.presence,
        city.lever_values,
        city.organised,
        city.market_rent,
        city.market_reference,
        city.levied,
        city.closure,
        city.hits,
        city.entry_violence,
        city.childhood,
        city.trained,
    )
    for table in tables:
        assert np.isfinite(table).all()
    lived_in = city.neighbourhood["population"] > 0
    np.testing.assert_array_equal(lived_in, city.neighbourhood["last"] > city.neighbourhood["first"])
    np.testing.assert_array_equal(lived_in, city.neighbourhood["weight"] > 0)
    assert (city.control[~lived_in] == 0).all(), "nobody holds what nobody lives in"
    alive = ((youth.status != DEAD) * city.neighbourhood["weight"][youth.home]).sum()
    assert city.city_state[0].youths == pytest.approx(alive, rel=1e-9)
    killed = city.neighbourhood[["killed", "killed_youths", "killed_children"]]
    np.testing.assert_array_equal(killed["killed"], np.rint(killed["killed"]))
    assert (killed["killed_children"] <= killed["killed_youths"]).all()
    assert (killed["killed_youths"] <= killed["killed"]).all()
    assert (killed["killed"] <= city.neighbourhood["population"]).all(), "nobody is killed twice in a month"


def living(city):
    """Youths whose rows live, and of those counted dead how many have no row to show for it yet."""
    alive = (city.youth.status != DEAD) * city.neighbourhood["weight"][city.youth.home]
    balance = city.gang["death_balance"].sum() + city.city_state[0].street_balance + city.city_state[0].prison_balance
    return alive, balance


def assert_plausible(city):
    values = city.outcome_values
    assert np.isfinite(values).all()
    assert np.isfinite(city.city_outcome).all()
    assert (values >= 0).all()
    assert (city.city_outcome >= 0).all()
    for column, outcome in enumerate(OUTCOMES):
        if outcome.unit.startswith("share"):
            assert values[:, column].max() <= 1 + 1e-12, outcome.name
            assert city.city_outcome[column] <= 1 + 1e-12, outcome.name
    index = outcome_index("criminal_governance_index")
    assert city.city_outcome[index] <= 100 + 1e-9


@settings(
    max_examples=40,
    database=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(scenario=scenarios())
def test_any_city_stays_sound_through_any_policy(scenario, recount):
    schema, seed = scenario["schema"], np.uint64(scenario["seed"])
    params = city_parameters(schema, scenario["parameters"])
    city = build(schema, params, scenario["seed"], scenario["scale"], -BURN_IN)
    rows = city.youth.home.size
    homes, phases = city.youth.home.copy(), city.youth.phase.copy()
    months(city, params, seed, -BURN_IN, 0, *TABLES)
    assert_sound(city, recount)
    city = enforce(city, schema, scenario["policy"], scenario["shocks"], params)
    references = {name: city.neighbourhood[name].copy() for name in (*REFERENCES, *FIXED)}
    tables = {name: getattr(city, name).copy() for name in ("market_reference", "organised_anchor")}
    city_state = {name: float(city.city_state[0][name]) for name in TOWN_FIXED}
    dead = city.youth.status == DEAD
    for t in range(MONTHS):
        before = city.youth.status.copy()
        alive, balance = living(city)
        months(city, params, seed, t, t + 1, *TABLES)
        assert_sound(city, recount)
        assert_plausible(city)
        thirty = city.youth.phase == t % SPAN
        assert (city.youth.status[(before == DEAD) & ~thirty] == DEAD).all(), "the dead stay dead until their month"
        turned_ten = (city.neighbourhood["weight"][city.youth.home] * ((before == DEAD) & thirty)).sum()
        alive_now, balance_now = living(city)
        kept = alive_now.sum() + city.neighbourhood["killed_youths"].sum() - balance_now
        assert kept == pytest.approx(alive.sum() + turned_ten - balance, abs=1e-6), "people are conserved to the last"
        assert balance_now <= alive_now.sum() + 1e-6, "nobody is counted dead twice"
        dead |= city.youth.status == DEAD
    assert city.youth.home.size == rows
    np.testing.assert_array_equal(city.youth.home, homes)
    np.testing.assert_array_equal(city.youth.phase, phases)
    assert city.city_state[0].anchoring == 0.0
    for name, value in references.items():
        np.testing.assert_array_equal(city.neighbourhood[name], value, err_msg=name)
    for name, value in city_state.items():
        assert city.city_state[0][name] == value, name
    for name, table in tables.items():
        np.testing.assert_array_equal(getattr(city, name), table, err_msg=name)


def test_references_follow_while_the_city_settles_and_stand_still_after(city, params, seed):
    months(city, params, seed, -2, 0, *TABLES)
    assert city.city_state[0].anchoring > 0
    settled = city.neighbourhood["extortion_reference"].copy()
    months(city, params, seed, 0, 6, *TABLES)
    assert city.city_state[0].anchoring == 0
    np.testing.assert_array_equal(city.neighbourhood["extortion_reference"], settled)
    assert (city.neighbourhood["extortion"] != settled).any()


def test_residents_become_used_to_violence_and_without_habituation_its_reference_stands_still(city, params, seed):
    months(city, params, seed, -2, 0, *TABLES)
    still = copy_city(city)
    settled = city.neighbourhood["violence_reference"].copy()
    months(city, params, seed, 0, 6, *TABLES)
    assert (city.neighbourhood["violence_reference"] != settled).any()
    params.community[0].habituation_speed = 0.0
    months(still, params, seed, 0, 6, *TABLES)
    np.testing.assert_array_equal(still.neighbourhood["violence_reference"], settled)


def test_a_long_quiet_century_stays_sound(city, params, seed, recount):
    """A hundred years: months of joining and release are kept in sixteen bits."""
    long = np.zeros((1200, len(OUTCOMES)), np.float32), np.zeros((100, 9, len(OUTCOMES)), np.float32)
    months(city, params, seed, 0, 1200, *long)
    assert_sound(city, recount)
    assert_plausible(city)
    assert np.isfinite(long[0]).all()
    assert city.youth.joined.max() <= 1200
    assert (city.youth.release[city.youth.status == PRISON] > 1199).all()
    homicide = long[0][:, outcome_index("homicide_rate")]
    assert math.isfinite(homicide.mean())
    assert homicide.max() < 1_000
