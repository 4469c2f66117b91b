"""A small city in which everything can happen, all that can be done in it, and all that can befall it."""

import numpy as np

from sim.enumerations import SERVICES
from sim.levers import LEVERS, NEVER, PROGRAMME, _blank
from sim.measures import MEASURES
from sim.processes.policy_delivery import NOT_BEGUN
from sim.scenario import Corridor, MeasureUse, Partner, Policy, Service, Shock, Target, load_city

# A partner who fails each criterion in part.
UNSOUND = Partner(
    kind="local",
    leadership=0.8,
    clean=0.5,
    no_party=0.7,
    no_violence=0.6,
    no_rivalry=0.9,
    trusted=0.4,
    age_gap=0.3,
)

# A measure that brings an agency of its own along.
BY_OWN_AGENCY = "P-S11"

KINDS = {
    "flow": {"flow": "drugs", "size": 3.0, "start": 0, "stop": 4},
    "route": {"flow": "firearms", "size": 2.0, "start": 2, "where": Target(places=("Aldoo", "Bimbry"))},
    "pact": {"gang": "The Lanterns", "size": 0.7, "start": 0, "stop": 3},
    "pact broken": {"gang": "The Lanterns", "size": 0.8, "start": 4},
    "leader killed": {"gang": "The Lanterns", "size": 1.0, "start": 2},
    "slump": {"size": 0.3, "start": 3},
    "influx": {"size": 0.05, "start": 2, "stop": 4},
    "disaster": {"size": 0.4, "start": 3, "where": Target(worst=3, by="deprivation")},
    "epidemic": {"size": 0.5, "start": 2, "stop": 5},
    "attack": {"size": 0.6, "start": 5, "where": Target(places=("Elmuth",))},
    "election": {"size": 0.5, "start": 6},
    "contested election": {"size": 0.9, "start": 4},
    "prison riot": {"size": 1.0, "start": 3},
    "raid": {"size": 0.8, "start": 5, "where": Target(worst_share=0.3, by="gang_members")},
    "service cut": {"service": "water", "size": 0.5, "start": 2, "stop": 9},
    "closer ties": {"size": 0.4, "start": 3, "where": Target(worst=5, by="deprivation")},
    "officers cut": {"size": 0.3, "start": 6, "stop": 9},
}


SUPPLIED = {
    "Ixley": {"water": Service(supplier="armed group", price=3.0), "school": Service(reach=0.5)},
    "Fennop": {"transport": Service(supplier="private", price=1.5)},
}


# What one place is besides deprived.
SAID = {"inequality": 0.5, "family_disruption": 0.5, "school_quality": 0.4, "rentals": 0.6, "bars": 2.0}


def lively_city():
    """The sandbox with groups that meet, some displaced, an ideological group, a pact, a corridor and elections.

    Not all of its services are the state's, one place has closer ties than is ordinary, and of one the file says what in
    the others follows from their deprivation.
    """
    sandbox = load_city("sandbox")
    minority = (0.1, 0.0, 0.6, 0.0, 0.2, 0.8, 0.0, 0.1, 0.5)
    places = tuple(
        each.model_copy(
            update={
                "minority": share,
                "displaced": 0.02 if share > 0.4 else 0.0,
                "transit": 30.0 * share,
                "public_services": SUPPLIED.get(each.name, {}),
                "close_ties": 0.8 if each.name == "Ixley" else None,
                **(SAID if each.name == "Fennop" else {}),
            }
        )
        for each, share in zip(sandbox.neighbourhoods, minority, strict=True)
    )
    kinds = ("gang", "ideological", "gang", "gang")
    gangs = tuple(
        gang.model_copy(update={"kind": kind, "pact": pact})
        for gang, kind, pact in zip(sandbox.gangs, kinds, (0.3, 0.0, 0.0, 0.0), strict=True)
    )
    return sandbox.model_copy(
        update={
            "neighbourhoods": places,
            "temperature_range": 20.0,
            "gangs": gangs,
            "levels": sandbox.levels.model_copy(update={"grievance": 0.5, "linkage": 0.35}),
            "police": sandbox.police.model_copy(update={"command": "joint", "follows": 0.6}),
            "corridors": (Corridor(flow="drugs", through=("Grundo", "Hobbix", "Ixley"), weight=0.5),),
            "markets": {**sandbox.markets, "drugs": 0.7, "transport": 0.3},
            "elections": (5,),
        }
    )


def use_of(measure, *, met=1.0, **fields):
    """One measure in use, all of its conditions met as far, delivered by an unsound partner where one delivers it."""
    partner = UNSOUND if measure.partner and met < 1.0 else Partner()
    if partner is UNSOUND and measure.row == BY_OWN_AGENCY:
        partner = UNSOUND.model_copy(update={"kind": "own agency"})
    return MeasureUse(measure=measure.row, conditions=dict.fromkeys(measure.conditions, met), partner=partner, **fields)


def policy_of(*uses, name="trial"):
    return Policy(name=name, title="Trial", about="A trial.", measures=tuple(uses))


def everything(**fields):
    """All measures at once, all conditions met by half; mass arrests by half, for at full dose abuse is all it can be."""
    by_half = {"P-E6": {"level": 0.5}}
    uses = (use_of(measure, met=0.5, **(by_half.get(measure.row, {}) | fields)) for measure in MEASURES)
    return policy_of(*uses, name="everything")


def shock_of(kind, **fields):
    """A shock of a kind, as it befalls the lively city."""
    name = kind.replace(" ", "_")
    return Shock(**{"name": name, "title": kind.title(), "about": "It happens.", "kind": kind, **KINDS[kind], **fields})


def all_shocks():
    """Each kind of shock once, and every service cut."""
    others = SERVICES[1:]
    return [
        *(shock_of(kind) for kind in KINDS),
        *(shock_of("service cut", service=each, name=f"cut_{each}") for each in others),
    ]


def pulling(city, *pulls):
    """The city with levers pulled from the start and for good: (lever, dose, places), each by itself."""
    programme = np.zeros(len(pulls), dtype=PROGRAMME)
    change = np.zeros((len(pulls), len(LEVERS)))
    where = np.zeros((len(pulls), city.neighbourhood.size))
    for m, (lever, dose, places) in enumerate(pulls):
        programme[m] = _blank(0, NEVER)
        programme[m]["level"] = dose
        programme[m]["began"] = NOT_BEGUN
        change[m, LEVERS.index(lever)] = 1.0
        where[m, places] = 1.0
    # A lever alone is no measure for community groups: all of it arrives.
    able = np.zeros((len(pulls), city.able.shape[1]))
    return city._replace(programme=programme, change=change, where=where, able=able, delivered=np.ones(where.shape))
