"""No mechanism is inert: without it, the outcomes that it claims to drive answer otherwise to a policy or a shock.

Anchors hold the level of most outcomes whatever is switched off, so a mechanism is judged on a response. Each is given
the arm that should exercise it, chosen from what the mechanism says of itself and before any result was seen: what is
done or befalls, in which variant of the sandbox, and in which months the outcome is read.

    response    = (arm - no arm) / level without the arm, seed by seed; where that level is nothing, arm - no arm
                  births are judged on the level, since no anchor holds the number of gangs, and the season on that of
                  its warm months; good and bad years on how far futures lie apart, |level - mean of levels| / mean, since
                  they add nothing on average and are the same in every arm
    difference  = response with the mechanism - response without it, over the same seeds
It has to be told from nothing (the 95 % interval of its mean leaves out zero) and to matter: at least LEAST of the level,
or SHARE of the response where the response itself is small.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from experiments.comparison.paired import interval_of
from sim.mechanisms import MECHANISMS, find_mechanism
from sim.outcomes import outcome_index
from sim.run import run_arms
from sim.scenario import City, Corridor, Gang, Partner, Policy, Shock, Target, load_city, load_policy
from tests.validation.futures import policy_of

pytestmark = pytest.mark.validate

SEEDS = 60
MONTHS = 60
LEAST = 0.01
SHARE = 0.1
A_TRACE = 0.002
NOTHING = 1e-9

BASELINE = load_policy("baseline")
UNSOUND = Partner(kind="local", leadership=0.2, clean=0.0, no_party=0.3, no_violence=0.2, no_rivalry=0.2, trusted=0.2)


def shock(kind: str, size: float, start: int = 1, stop: int | None = None, **about: Any) -> Shock:
    return Shock(name="shock", title="Shock", about="", kind=kind, size=size, start=start, stop=stop, **about)


@dataclass(frozen=True)
class Exercise:
    """What brings a mechanism into play: an arm, against the same without it, and when each outcome is read."""

    when: Mapping[str, tuple[int, int]]
    uses: tuple[dict[str, Any], ...] = ()
    policy: str | None = None
    shocks: tuple[Shock, ...] = ()
    befalls: tuple[Shock, ...] = ()  # both arms
    city: str = "sandbox"
    seeds: int = SEEDS
    of_level: bool = False  # judged on the level, where no anchor holds it
    of_spread: bool = False  # judged on how far futures lie apart, where the mean is kept

    @property
    def arm(self) -> Policy:
        return load_policy(self.policy) if self.policy else policy_of("arm", *self.uses)


def use(measure: str, **rest: Any) -> dict[str, Any]:
    return {"measure": measure, **rest}


MASS_ARRESTS = (use("P-E6", stop=12),)
SERVICES = (use("P-S10"),)
PACTS = (
    shock("pact", 1.0, 1, 60, gang="The Lanterns"),
    shock("pact", 1.0, 1, 60, gang="Corner Nine"),
)
PACTS_BROKEN = tuple(
    each
    for gang in ("The Lanterns", "Corner Nine")
    for each in (shock("pact", 1.0, 1, 24, gang=gang), shock("pact broken", 1.0, 25, gang=gang))
)
RICHER_TRANSPORT = (shock("flow", 3.0, flow="transport"),)
MORE_FIREARMS = (shock("flow", 3.0, flow="firearms"),)
POOR = Target(worst=3, by="deprivation")

EXERCISES: dict[str, Exercise] = {
    # Quarrels pile up in the poorest places, so rules aimed there reach more of them.
    "deprivation": Exercise(
        {"dispute_homicide_rate": (6, 60), "gang_members": (24, 60)}, (use("P-R3", where=POOR), use("P-S4", where=POOR))
    ),
    "damage": Exercise({"trauma": (0, 36), "homicide_rate": (0, 36)}, shocks=(shock("disaster", 0.6),)),
    "recovery": Exercise(
        {"damage": (12, 36), "services": (24, 60)}, (use("P-S9"), use("P-S12")), befalls=(shock("disaster", 0.6, 13),)
    ),
    "years": Exercise({"homicide_rate": (0, 60)}, of_spread=True),
    # The warmest months of the first year.
    "season": Exercise({"homicide_rate": (5, 8)}, city="seasons", of_level=True),
    "newcomers": Exercise(
        {"dispute_homicide_rate": (0, 36), "jobs": (12, 60)}, (use("P-G2"),), shocks=(shock("influx", 0.2),)
    ),
    "rents": Exercise({"recruits": (6, 60), "gang_members": (12, 60)}, shocks=RICHER_TRANSPORT),
    "organised-markets": Exercise(
        {"transport_levied": (12, 60), "transport_entry_violence": (12, 60)}, (use("P-R1", conditions={"incentives": 0.0}),)
    ),
    "business-decay": Exercise({"business": (24, 60), "jobs": (24, 60)}, policy="all_four"),
    "jobs": Exercise(
        {"recruits": (6, 60), "gang_members": (12, 60), "dispute_homicide_rate": (6, 60)},
        shocks=(shock("slump", 0.4, 1, 48),),
    ),
    # Work is lost for five years: those who look for it have time to leave.
    "workforce": Exercise({"jobs": (36, 60)}, shocks=(shock("slump", 0.4, 1, 60),)),
    # What is born is the number of groups itself, which no anchor holds: without births thin groups die out for good.
    "births": Exercise({"gangs": (0, 60)}, city="thin groups", of_level=True),
    "contest": Exercise({"gang_control": (12, 60)}, (use("P-E7"),)),
    "splits": Exercise({"splits": (0, 60), "gangs": (12, 60)}, (use("P-E8"),), city="loose gangs"),
    "money-and-kind": Exercise(
        {"discipline_homicide_rate": (6, 60), "gang_cohesion": (6, 60)}, shocks=RICHER_TRANSPORT, city="loose gangs"
    ),
    "pact": Exercise({"gang_homicide_rate": (3, 60)}, shocks=PACTS),
    # A truce that nobody ends: some years on few are left.
    "truce-collapse": Exercise({"gang_homicide_rate": (24, 60)}, (use("P-G4"),)),
    "gang-services": Exercise({"criminal_legitimacy": (24, 60)}, shocks=PACTS),
    "criminal-legitimacy": Exercise({"reporting": (24, 60), "recruits": (24, 60)}, (use("P-G5", partner=UNSOUND),)),
    "corruption": Exercise(
        {"integrity": (24, 60), "state_legitimacy": (24, 60)}, shocks=(shock("flow", 3.0, flow="money"),)
    ),
    "leakage": Exercise({"cost": (6, 60), "leakage": (6, 60)}, policy="all_four", city="bought"),
    "ideas": Exercise({"ideological_members": (12, 60)}, shocks=(shock("flow", 3.0, flow="ideas"),), city="divided"),
    "prison": Exercise({"gang_cohesion": (6, 48), "prison_recruits": (3, 36)}, MASS_ARRESTS),
    "incapacitation": Exercise({"dispute_homicide_rate": (3, 24), "robberies": (3, 24)}, MASS_ARRESTS),
    "provocation": Exercise({"gang_homicide_rate": (0, 12)}, MASS_ARRESTS),
    "fear-of-arrest": Exercise({"recruits": (0, 12)}, MASS_ARRESTS),
    "demand": Exercise({"recruits": (3, 36)}, MASS_ARRESTS),
    "carrying": Exercise({"carrying": (6, 60), "homicide_rate": (6, 60)}, (use("P-R7"),)),
    "guns-and-care": Exercise({"homicide_rate": (24, 60)}, shocks=MORE_FIREARMS),
    "child-recruits": Exercise({"recruits_under_18": (6, 60)}, shocks=MORE_FIREARMS),
    "violence-at-home": Exercise({"domestic_violence": (0, 36)}, shocks=(shock("disaster", 0.6),)),
    "women-in-gangs": Exercise(
        {"female_exits": (6, 60), "female_members": (12, 60)}, shocks=(shock("flow", 0.1, flow="drugs"),), city="large"
    ),
    "bubbles": Exercise({"bridging": (24, 60)}, (use("P-G3", where=Target(worst=3, by="extortion_share")),)),
    "antagonism": Exercise({"police_legitimacy": (6, 48), "abuse": (3, 24)}, MASS_ARRESTS),
    "cohesion": Exercise(
        {"dispute_homicide_rate": (36, 60), "extortion_share": (36, 60)}, (use("P-G2"), use("P-G6"), use("P-S7"))
    ),
    "uneven-income": Exercise(
        {"bridging": (24, 60), "collective_efficacy": (24, 60)}, shocks=(shock("slump", 0.5, 1, 60, where=POOR),)
    ),
    # Those who move in know nobody; rents are high for all.
    "isolation": Exercise(
        {"recruits": (24, 60)},
        shocks=(shock("flow", 4.0, flow="people"),),
        befalls=(shock("flow", 8.0, flow="transport"),),
    ),
    "testimony": Exercise({"clearance": (12, 60), "testimony": (12, 60)}, (use("P-E2"), use("P-E4"))),
    "deterrence": Exercise({"homicide_rate": (12, 60)}, (use("P-E2"),)),
    "contagion": Exercise({"gang_homicide_rate": (6, 60)}, (use("P-S3"),)),
    "escalation": Exercise({"gang_homicide_rate": (24, 48)}, shocks=PACTS_BROKEN),
    "war": Exercise(
        {"police_killings": (24, 48), "officer_homicide_rate": (24, 48), "homicide_rate": (24, 48)}, shocks=PACTS_BROKEN
    ),
    "elections": Exercise({"cost": (12, 60)}, (use("P-G2"), use("P-S8"), use("P-S10")), city="elections"),
    # A threat and a programme, some years on.
    "wear": Exercise({"homicide_rate": (36, 60)}, (use("P-E3"), use("P-S3"))),
    "habituation": Exercise({"fear": (36, 60)}, policy="all_four"),
    "linkage": Exercise({"state_legitimacy": (36, 60)}, (use("P-G7"), use("P-G2"), use("P-S10"))),
    "safety-fund": Exercise({"fund_money": (12, 60), "clearance": (24, 60)}, (use("P-G7"), use("P-G11"))),
    "ownership": Exercise({"collective_efficacy": (36, 60)}, (use("P-S7"),)),
    # The cut of water stresses homes, that of justice brings vigilantes.
    "public-services": Exercise(
        {"domestic_violence": (6, 60), "vigilante_homicide_rate": (6, 60)},
        shocks=(
            shock("service cut", 0.5, 1, 60, service="water"),
            shock("service cut", 0.5, 1, 60, service="justice"),
        ),
    ),
    "far-homes": Exercise(
        {"school_reach": (24, 60), "transport_reach": (24, 60), "jobs": (24, 60)},
        (use("P-S7", conditions={"near_work": 0.0, "near_schools": 0.0, "near_transport": 0.0}),),
    ),
    "close-ties": Exercise(
        {"collective_efficacy": (24, 60), "recruits": (24, 60)}, shocks=(shock("closer ties", 1.0, 1, 60),)
    ),
    "services": Exercise({"state_legitimacy": (24, 60), "criminal_legitimacy": (24, 60)}, SERVICES),
    # Members who are arrested are missing among the friends of others.
    "peers": Exercise({"recruits": (3, 36)}, MASS_ARRESTS),
    "personal-risk": Exercise({"recruits": (6, 60)}, (use("P-S2"),)),
    "group-lines": Exercise(
        {"communal_homicide_rate": (0, 36), "divided": (0, 36)}, shocks=(shock("contested election", 1.0),), city="divided"
    ),
    "alignment": Exercise({"police_alignment": (12, 60)}, (use("P-E12"),)),
    "partners": Exercise(
        {"places_filled": (12, 60), "criminal_legitimacy": (24, 60)},
        (use("P-S1", partner=UNSOUND), use("P-S4", partner=UNSOUND)),
    ),
    "arms-race": Exercise({"gang_arms": (12, 60)}, (use("P-S3"),)),
    "fight-or-levy": Exercise({"extortion_share": (6, 60)}, (use("P-G4"),)),
    "fear": Exercise({"fear": (24, 60)}, policy="all_four"),
}


@cache
def variant(name: str) -> City:
    """The sandbox, or the sandbox with what an exercise needs and it lacks."""
    city = load_city("sandbox")
    places = city.neighbourhoods

    def changed(**fields: Any) -> City:
        return City.model_validate(city.model_copy(update=fields).model_dump())

    if name == "sandbox":
        return city
    if name == "loose gangs":
        return changed(gangs=tuple(each.model_copy(update={"organisation": "loose"}) for each in city.gangs))
    if name == "thin groups":
        gangs = tuple(Gang(name=f"Crew {each.name}", homes=(each.name,), organisation="loose") for each in places)
        few = city.calibration.join_intercept - 2.5
        return changed(gangs=gangs, calibration=city.calibration.model_copy(update={"join_intercept": few}))
    if name == "bought":
        return changed(levels=city.levels.model_copy(update={"integrity": 0.2}))
    if name == "divided":
        apart = {"Grundo": 0.8, "Hobbix": 0.6, "Fennop": 0.3}
        mixed = tuple(each.model_copy(update={"minority": apart.get(each.name, 0.05)}) for each in places)
        believers = Gang(name="The Hearers", homes=("Hobbix",), kind="ideological", organisation="integrated")
        return changed(
            neighbourhoods=mixed,
            gangs=(*city.gangs, believers),
            levels=city.levels.model_copy(update={"grievance": 0.5}),
            corridors=(Corridor(flow="ideas", through=("Grundo", "Hobbix")),),
        )
    if name == "seasons":
        return changed(temperature_range=20.0)
    if name == "elections":
        return changed(elections=(13, 37))
    if name == "large":
        return changed(neighbourhoods=tuple(each.model_copy(update={"population": 4 * each.population}) for each in places))
    raise KeyError(name)


@dataclass(frozen=True)
class Found:
    """A difference of responses, with its interval, and what it is held against."""

    outcome: str
    response: float
    without: float
    mean: float
    low: float
    high: float

    @property
    def told(self) -> bool:
        return self.low > 0.0 or self.high < 0.0

    @property
    def matters(self) -> bool:
        return abs(self.mean) >= min(LEAST, max(A_TRACE, SHARE * max(abs(self.response), abs(self.without))))

    def __str__(self) -> str:
        return (
            f"{self.outcome}: response {self.response:+.4f}, without {self.without:+.4f}, "
            f"difference {self.mean:+.4f} [{self.low:+.4f}, {self.high:+.4f}]"
        )


def respond(exercise: Exercise, without: tuple[str, ...]) -> dict[str, np.ndarray]:
    """Return the response of each outcome, seed by seed."""
    arm = exercise.arm
    city = variant(exercise.city)

    def one(seed: int) -> np.ndarray:
        results = run_arms(
            city,
            [BASELINE, arm],
            seed=seed,
            months=MONTHS,
            without=without,
            shocks=exercise.befalls,
            shocks_by_arm=[(), exercise.shocks],
        )
        return np.stack([each.city_monthly for each in results]).astype(float)

    with ThreadPoolExecutor(2) as pool:
        lived = np.stack(list(pool.map(one, range(1, exercise.seeds + 1))))
    responses = {}
    for outcome, (first, last) in exercise.when.items():
        means = lived[:, :, first:last, outcome_index(outcome)].mean(axis=2)
        if exercise.of_level:
            responses[outcome] = means[:, 0]
            continue
        if exercise.of_spread:
            responses[outcome] = np.abs(means[:, 0] / means[:, 0].mean() - 1.0)
            continue
        level = float(means[:, 0].mean())
        responses[outcome] = (means[:, 1] - means[:, 0]) / (level if abs(level) > NOTHING else 1.0)
    return responses


def ablate(name: str) -> list[Found]:
    """Return what each outcome that a mechanism drives does with it and without it."""
    exercise = EXERCISES[name]
    here, gone = respond(exercise, ()), respond(exercise, (name,))
    found = []
    for outcome in exercise.when:
        if exercise.of_level:
            level = float(here[outcome].mean())
            here[outcome], gone[outcome] = here[outcome] / level, gone[outcome] / level
        difference = here[outcome] - gone[outcome]
        found.append(Found(outcome, float(here[outcome].mean()), float(gone[outcome].mean()), *interval_of(difference)))
    return found


def test_every_mechanism_has_its_exercise_and_every_outcome_that_it_drives_is_read():
    assert set(EXERCISES) == {each.name for each in MECHANISMS}
    for each in MECHANISMS:
        assert set(EXERCISES[each.name].when) == set(each.drives), each.name


@pytest.mark.parametrize("name", [each.name for each in MECHANISMS])
def test_no_mechanism_is_inert(name):
    for found in ablate(name):
        print(f"{name}: {found}")
        assert found.told, f"{find_mechanism(name).title}: nothing can be told from zero; {found}"
        assert found.matters, f"{find_mechanism(name).title}: less than matters; {found}"
