"""What most tests stand on: the sandbox with few youths, settled once a session and copied for each test."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import settings

from sim.build import city_parameters
from sim.processes.membership import enlist
from sim.processes.policy_delivery import look_around
from sim.run import begin_city
from sim.scenario import load_city
from sim.state import copy_city

# A busy machine is slow now and then: how long one example takes says nothing of the code.
settings.register_profile("patient", deadline=None)
settings.load_profile("patient")

SEED = 7
SETTLING = 48
ROWS = 576

# What a neighbourhood that no shock, neighbour or measure has touched has none of.
UNTOUCHED = (
    "near_patrol",
    "near_district",
    "near_wardens",
    "people_filmed",
    "reports_held",
    "damage",
    "rebuilt",
    "trauma",
    "prepared",
    "included",
    "divided",
    "housed",
    "garrison",
    "certainty",
    "lawful",
    "captured",
    "treated",
    "evicted",
)


@pytest.fixture(scope="session")
def sandbox():
    return load_city("sandbox")


@pytest.fixture(scope="session")
def chicago():
    return load_city("chicago")


@pytest.fixture(scope="session")
def settled(sandbox):
    """The sandbox at month 0 with some 576 rows, and its parameters: read only, shared by all tests.

    None of its four gangs has split or merged, and each has ten members, so that tests may count on them.
    """
    whole = {"gangs.split_chance": 0.0, "gangs.merge_chance": 0.0, "gangs.birth_chance": 0.0}
    youths = sum(each.population for each in sandbox.neighbourhoods) * sandbox.youth_share
    city, _ = begin_city(sandbox, seed=SEED, scale=ROWS / youths, burn_in=SETTLING, settings=whole)
    for k, gang in enumerate(sandbox.gangs):
        home = [each.name for each in sandbox.neighbourhoods].index(gang.homes[0])
        city.gang[k].alive = 1
        city.gang[k].founded = -1_000
        city.homes[home, k] = 1
        city.control[home, k] = max(city.control[home, k], 0.05)
        youth = city.youth
        loners = np.flatnonzero((youth.home == home) & (youth.gang < 0) & (youth.status == 0) & (youth.female == 0))
        for row in loners[: max(0, 10 - (youth.gang == k).sum())]:
            enlist(city, row, k, -SETTLING)
    look_around(city)
    return city, city_parameters(sandbox)


@pytest.fixture
def city(settled):
    """A city of one's own at month 0."""
    return copy_city(settled[0])


@pytest.fixture
def params(settled):
    """Parameters of one's own: a test may set them."""
    return type(settled[1])(*(table.copy() for table in settled[1]))


@pytest.fixture(scope="session")
def seed():
    return np.uint64(SEED)


@pytest.fixture
def at_rest(city):
    """The city with every slow state at its anchor or reference, whole and undivided, and no lever pulled."""
    neighbourhood, city_state = city.neighbourhood, city.city_state[0]
    for state, anchor in (
        ("collective_efficacy", "efficacy_anchor"),
        ("bridging", "bridging_anchor"),
        ("state_legitimacy", "state_anchor"),
        ("police_legitimacy", "police_anchor"),
        ("criminal_legitimacy", "criminal_anchor"),
        ("fear", "fear_anchor"),
        ("testimony", "testimony_anchor"),
        ("reporting", "reporting_anchor"),
        ("extortion_reference", "extortion"),
        ("settled_reference", "settled"),
        ("violence_reference", "violence"),
        ("rent_reference", "rent"),
        ("governing_reference", "governing"),
        ("gang_services_reference", "gang_services"),
        ("service_reach", "services"),
        ("services_now", "services"),
        ("displaced", "displaced_anchor"),
        ("arrest_risk", "arrest_risk_reference"),
    ):
        neighbourhood[state] = neighbourhood[anchor]
    for ordinary in ("business", "jobs", "workforce", "domestic", "drug_demand", "robbing"):
        neighbourhood[ordinary] = 1.0
    neighbourhood["served_by_groups"] = neighbourhood["told_by_groups"] = 1.0
    neighbourhood["mediated_by_groups"] = 0.0
    city.group_work[:] = city.ordinary_work
    for nothing in UNTOUCHED:
        neighbourhood[nothing] = 0.0
    neighbourhood["clearance"] = city_state.clearance_anchor
    neighbourhood["care"] = city_state.care_anchor
    city.organised[:] = city.organised_anchor
    city.market_reference[:] = city.market_rent
    city.childhood[:] = 0.0
    city.police["abuse"] = city.police["abuse_anchor"]
    city.police["raids"] = city.police["raids_anchor"]
    city.police["patrol"] = 0.0
    city.police["ordinary_patrol"] = city.police["ordinary_patrol_reference"]
    city_state.case_pressure = 1.0
    city.flows.price[:] = 1.0
    city.lever_values[:] = 0.0
    for ordinary in ("guns", "jobs", "laundered", "politics", "permit_bribes"):
        city_state[ordinary] = 1.0
    for state in ("integrity", "clearance", "linkage", "grievance", "bubbles"):
        city_state[state] = city_state[f"{state}_anchor"]
    city_state.force_integrity = city_state.integrity_anchor
    city_state.alignment = city_state.follows
    for nothing in ("diverted", "reform", "scrutiny", "leakage", "leaked", "truce"):
        city_state[nothing] = 0.0
    city_state.caseload_reference = city_state.caseload
    city_state.anchoring = 0.0
    city.due[:] = city.place_due[:] = city.place_expected[:] = city.owed[:] = 0.0
    city.pace[:] = city.place_pace[:] = 1.0
    return city


@pytest.fixture(scope="session")
def find():
    """Rows of the youth table: `find(city, place=0, gang=2, status=0)`; gang "any" is any gang, None none."""

    def rows(city, *, neighbourhood=None, gang="whatever", status=None):
        youth = city.youth
        fit = np.ones(youth.home.size, dtype=bool)
        if neighbourhood is not None:
            fit &= youth.home == neighbourhood
        if gang == "any":
            fit &= youth.gang >= 0
        elif gang is None:
            fit &= youth.gang < 0
        elif gang != "whatever":
            fit &= youth.gang == gang
        if status is not None:
            fit &= youth.status == status
        return np.flatnonzero(fit)

    return rows


@pytest.fixture(scope="session")
def recount():
    """Members, inmates [neighbourhood, gang] and gang peers [youth], counted anew from the youth table."""

    def count(city):
        youth = city.youth
        members = np.zeros_like(city.members)
        inmates = np.zeros_like(city.inmates)
        for table, status in ((members, 0), (inmates, 1)):
            rows = (youth.gang >= 0) & (youth.status == status)
            np.add.at(table, (youth.home[rows], youth.gang[rows]), 1)
        free = (youth.gang >= 0) & (youth.status == 0)
        return SimpleNamespace(members=members, inmates=inmates, gang_peers=free[youth.peers].sum(axis=1))

    return count
