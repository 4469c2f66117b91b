"""Each field of a city file, changed alone, changes what happens, or is a word or a plain fact and says so.

A city is made in which all of them could: with a corridor, an ideological group, a pact, elections and seasons, under all
four pillars and measures of police and business, and struck by a disaster, an attack and a contested election. It settles
for a year and lives for two; then the outcomes of the city and of its places are compared byte for byte.
"""

import copy
import typing
from pathlib import Path

import numpy as np
import pytest
import yaml
from pydantic import BaseModel

from sim.levers import enforce
from sim.month import months
from sim.outcomes import OUTCOMES
from sim.run import begin_city
from sim.scenario import City, MeasureUse, Policy, load_policy, load_shock

FILE = Path(__file__).parents[3] / "scenarios" / "cities" / "sandbox.yaml"
PLACE = 4
"""The place that is changed: Elmuth, in the middle, where flows enter."""
SERVICE = "water"
"""The public service that is changed there."""

SHOCKS = [load_shock(name).model_copy(update={"start": 3}) for name in ("disaster", "attack", "contested_election")]

MADE_FULL = {
    "police_year": 80_000.0,
    "prison_year": 30_000.0,
    "markets": {"drugs": 0.5},
    "flows": {"drugs": 1.0},
    "corridors": [{"flow": "drugs", "through": ["Elmuth", "Hobbix"], "weight": 1.0}],
    "temperature_range": 15.0,
    "elections": [6],
    "begins": "2027-01",
}

CHANGED = {
    "neighbourhoods.population": 6000,
    "neighbourhoods.tile": [5, 5],
    "neighbourhoods.enclave": True,
    "neighbourhoods.hubs": {"people": 1.0, "transport": 1.0, "drugs": 1.0},
    "neighbourhoods.homicides_observed": 40.0,
    "neighbourhoods.density": 9000.0,
    "neighbourhoods.public_services.supplier": "armed group",
    "gangs.homes": ["Grundo"],
    "gangs.kind": "ideological",
    "gangs.organisation": "weak",
    "groups.kind": "faith",
    "groups.home": "Fennop",
    "police.command": "national",
    "corridors.flow": "firearms",
    "corridors.through": ["Elmuth", "Fennop"],
    "markets": {"drugs": 0.9},
    "flows": {"drugs": 2.0},
    "warmest_month": 1,
    "elections": [12],
    "begins": "2027-06",
    "calibration.seed": 8,
    "calibration.scale": 0.5,
    "calibration.fingerprint": "other",
    "money_per_dollar": 2.0,
}
"""What a field is changed to, where it is not a share that is raised or another number that is raised by a fifth."""

MOVES_NOTHING = {
    "neighbourhoods.income": "a plain fact",
    "neighbourhoods.density": "a plain fact",
    "neighbourhoods.homicides_observed": "never read by the model",
    "neighbourhoods.tile": "a drawn grid",
    "levels.gang_share": "reached once the calibration is fitted to it",
    "calibration.seed": "as `citysafety fit` wrote it",
    "calibration.scale": "as `citysafety fit` wrote it",
    "calibration.fingerprint": "as `citysafety fit` wrote it",
}
"""Fields that change no outcome, and the words by which their descriptions say so."""

WORDS = {"name", "title", "country", "currency", "sources", "assumptions", "about", "illustration", "method", "date", "fit"}
"""Fields of text; `levels.fit` is a number."""


def parts_of(annotation):
    """The part of a file that a field holds one or several of, if it holds any."""
    for each in (annotation, *typing.get_args(annotation)):
        if isinstance(each, type) and issubclass(each, BaseModel):
            return each
    return None


def fields_of(part, before=""):
    """Every field of a city file by its path, with its description: lists count as what they hold."""
    for name, field in part.model_fields.items():
        path = f"{before}{name}"
        if inside := parts_of(field.annotation):
            yield from fields_of(inside, f"{path}.")
        elif name not in WORDS or path == "levels.fit":
            yield path, field.description


FIELDS = dict(fields_of(City))
SAID = [path.split(".")[1] for path in FIELDS if path.startswith(("levels.", "neighbourhoods."))]
"""Names under which a file must say where its figures come from."""


def full_city():
    raw = yaml.safe_load(FILE.read_text("utf-8")) | copy.deepcopy(MADE_FULL)
    del raw["schema"]
    raw["gangs"][3]["pact"] = 0.3
    # Of one service of the place more is known than the level of all.
    raw["neighbourhoods"][PLACE]["public_services"] = {SERVICE: {"reach": 0.6, "price": 1.0, "supplier": "state"}}
    for place in raw["neighbourhoods"][::2]:
        place["minority"] = 0.3
    raw["assumptions"] |= dict.fromkeys(("money_per_dollar", "police_year", "prison_year", *SAID), "For this test.")
    return raw


def with_one_changed(path):
    """The city with a single field changed: of the first gang, group and corridor, and of one place."""
    raw = full_city()
    *outer, name = path.split(".")
    part = raw[outer[0]] if outer else raw
    if isinstance(part, list):
        part = part[PLACE if outer[0] == "neighbourhoods" else 0]
        part = part["public_services"][SERVICE] if "public_services" in outer else part
    if path == "neighbourhoods.adjacent":
        # A border is told by both sides.
        part["adjacent"] = [*part["adjacent"], "Grundo"]
        raw["neighbourhoods"][6]["adjacent"] = [*raw["neighbourhoods"][6]["adjacent"], "Elmuth"]
    elif path in CHANGED:
        part[name] = CHANGED[path]
    else:
        value = part.get(name, 0.5)
        raised = 0.2 if value == 0.0 else 1.2 * value
        part[name] = raised if raised <= 1.0 or value > 1.0 else 0.8 * value
    return raw


def lived(raw):
    """The outcomes of two years: of the city by month, and of its places by year."""
    uses = [MeasureUse(measure=row) for row in ("P-G4", "P-G7", "P-S12", "P-E5", "P-E12", "P-E13")]
    policy = Policy(name="all", title="All", about="All.", measures=(*load_policy("all_four").measures, *uses))
    city = City.model_validate(raw)
    state, params = begin_city(city, seed=3, scale=0.2, burn_in=12)
    state = enforce(state, city, policy, SHOCKS, params)
    monthly = np.zeros((24, len(OUTCOMES)), np.float32)
    yearly = np.zeros((2, len(city.neighbourhoods), len(OUTCOMES)), np.float32)
    months(state, params, np.uint64(3), 0, 24, monthly, yearly)
    return monthly.tobytes() + yearly.tobytes()


@pytest.fixture(scope="module")
def unchanged():
    return lived(full_city())


@pytest.mark.parametrize("path", FIELDS)
def test_a_field_that_is_changed_alone_changes_what_happens_or_says_that_it_does_not(path, unchanged):
    changes = lived(with_one_changed(path)) != unchanged
    assert changes == (path not in MOVES_NOTHING)
    if not changes:
        assert MOVES_NOTHING[path] in FIELDS[path]


def test_fields_that_move_nothing_are_fields_of_the_file():
    assert set(MOVES_NOTHING) <= set(FIELDS)
    assert set(CHANGED) <= set(FIELDS)
