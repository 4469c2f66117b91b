"""What a measure is: data that says what it changes, what it needs, what it costs and how well it is known.

A measure never touches state. It raises levers (`sim.levers`); how much a lever does is a parameter of the process that
reads it, declared in `sim.parameters` with its range and evidence.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypedDict

from sim.enumerations import ActsOn, Agency, Command, Pillar, Unit, Wears
from sim.parameters import Parameter, parameter
from sim.parameters.declaration import CHOSEN

__all__ = ["Change", "Condition", "Measure", "Priced", "changes", "priced"]

# What a measure's `pays` may call an agency besides its own name.
OFFICES: dict[str, Agency] = {
    "city licensing office": "city",
    "city works": "city",
    "housing office": "city",
    "transport office": "city",
    "clinics": "city",
    "courts": "justice",
    "prisons": "justice",
    "prosecution": "justice",
    "districts": "business",
    "employers": "business",
    "enclaves": "business",
    "firms": "business",
}


class Change(NamedTuple):
    """What one lever does at full level: a parameter that holds its strength, or that the effect depends on."""

    lever: str
    parameter: str
    low: float
    mid: float
    high: float
    unit: str
    evidence: str
    status: str
    says: str


class Condition(NamedTuple):
    """What a measure needs, and what happens where that is absent.

    `weight` is the part that is lost, and `on` what it is lost of: "effect", what the measure does for each person, place
    or dollar, or "reach", how many it gets to. Only what the source says of who comes at all is a condition on reach; what
    works, for those who come, is one on effect, and leaves places and costs alone. `carries` is a lever that moves only as
    far as the condition is met; `harms` one that moves as far as it is not; `wears` the half-life in months of that same
    effect or reach where the condition is absent (0: none).
    """

    says: str
    weight: float = 0.0
    on: ActsOn = "effect"
    carries: str = ""
    harms: str = ""
    wears: int = 0


@dataclass(frozen=True)
class Measure:
    """One measure of the framework.

    `onset_months` until full effect, `fades_months` after a stop; `shows_after` months until results can be seen, which
    elections ask for; `unit_cost` is what one of its `units` buys a year, in US dollars at US prices, and `officers` how
    many officer-years it takes besides; `cost_parameters` name the parameters of which these two are the defaults, ""
    for none. `police` says that a police force delivers it, and `commands` who orders that: what the nation orders is
    done, what the city or both order as far as the force follows the city; `partner` that a partner does; `leaks` that
    it is paid through procurement; `contested` that it redistributes, and erodes where business does not stand with it;
    `stays` that what it deploys are soldiers, who may stay on after its end and are billed for as long as they do.
    `wears` says how its effect wears while it is in force: as a threat that becomes familiar, as practice that drifts, or
    not, where something is built or another process has a law for it.
    `derogates` says that it sets aside rights that a court protects, so that no search proposes it unasked.
    `doses` says how far a lever is pulled at full level where that is less than 1.
    """

    row: str
    name: str
    title: str
    pillar: Pillar
    says: str
    changes: tuple[Change, ...]
    onset_months: int
    fades_months: int
    units: Unit
    unit_cost: float
    cost_evidence: str
    commands: Command
    pays: str
    capacity: str
    grade: Literal["A", "B", "C", "D", "judgement"]
    leaves_alone: tuple[str, ...] = ()
    shows_after: int = 12
    police: bool = False
    partner: bool = False
    leaks: bool = True
    contested: bool = False
    stays: bool = False
    wears: Wears = "practice"
    derogates: bool = False
    conditions: dict[str, Condition] = field(default_factory=dict)
    doses: dict[str, float] = field(default_factory=dict)
    officers: float = 0.0
    cost_parameters: tuple[str, str] = ("", "")

    @property
    def payers(self) -> tuple[str, ...]:
        """The agencies that share the bill, in equal parts: `pays`, each office counted with the agency it belongs to."""
        offices = self.pays.split(" and ")
        return tuple(dict.fromkeys(OFFICES.get(office, office) for office in offices))

    @property
    def force(self) -> tuple[str, ...]:
        """The agencies that pay its officers: the police, or for soldiers those that share the bill."""
        return self.payers if self.stays else ("police",)


class Priced(TypedDict):
    """What `priced` says of a measure."""

    unit_cost: float
    officers: float
    cost_evidence: str
    cost_parameters: tuple[str, str]


def priced(money: str = "", *, officers: str = "") -> Priced:
    """Return what one unit of a measure takes a year, and where that is known from.

    Parameters
    ----------
    money, officers
        The parameters that hold what is bought, in US dollars, and the officer-years of a force; "" for none.

    Raises
    ------
    KeyError
        If a parameter does not exist.
    """
    found = [parameter(name) for name in (money, officers) if name]
    evidence = dict.fromkeys(_origin(each) for each in found)
    return Priced(
        unit_cost=parameter(money).default if money else 0.0,
        officers=parameter(officers).default if officers else 0.0,
        cost_evidence="; ".join(evidence),
        cost_parameters=(money, officers),
    )


def _origin(found: Parameter) -> str:
    """Return where a unit cost is known from: the key of its work, and whether it is a judgement all the same."""
    if found.status != "judgement":
        return found.evidence
    return "judgement" if found.evidence == CHOSEN else f"judgement ({found.evidence})"


def changes(**levers: tuple[str, ...]) -> tuple[Change, ...]:
    """Return the changes of a measure: lever = the parameters that hold its strength.

    Raises
    ------
    KeyError
        If a parameter does not exist.
    """
    found = []
    for lever, names in levers.items():
        for name in names:
            p = parameter(name)
            found.append(Change(lever, name, p.low, p.default, p.high, p.unit, p.evidence, p.status, p.says))
    return tuple(found)
