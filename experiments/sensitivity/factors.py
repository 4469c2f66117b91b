"""What a sensitivity study varies: parameters, the strength of measures, mechanisms on or off, the seed, and a dummy.

    u in [0, 1)  ->  uniform     low + u (high - low)
                     loguniform  low (high / low)^u
                     levels      the k-th of the levels, k = floor(u * how many); a switch has the levels 0 and 1

A name chooses: "gangs.*" the parameters of a process, "measures.P-S*" how strongly the policy uses a measure, and
"mechanisms.fear" whether a mechanism is at work. A parameter that is calibrated to each city is varied only where it is
named in full: its range spans cities, not what is unknown of one.

A range of one's own names what it is for: a parameter or a strength, over less than its whole range, and what has no range
by itself: "start.P-E1" the month in which the policy's measure starts, "target.P-E1" the share of neighbourhoods, the worst
ones, in which it acts, and facts of the city (`experiments.sensitivity.city_facts`).

Two factors are always in. The seed stands for chance: the share of the variance that it carries is noise. The dummy is
read by nothing: what a method makes of it is what the method makes of nothing.
"""

from __future__ import annotations

import fnmatch
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from sim.dates import LAST_MONTH
from sim.errors import InputError, did_you_mean

if TYPE_CHECKING:
    from experiments.comparison.paired import Floats
    from sim.scenario import City, Policy

__all__ = [
    "DUMMY",
    "GROUPINGS",
    "SEED",
    "Factor",
    "Grouping",
    "Kind",
    "Ranges",
    "chance",
    "choose",
    "factor_of",
    "groups_of",
    "nothing",
]

Kind = Literal["parameter", "measure", "mechanism", "start", "target", "fact", "seed", "dummy"]
Spread = Literal["uniform", "loguniform", "levels"]
Grouping = Literal["process", "pillar"]
Ranges = Mapping[str, tuple[float, float]]
"""Lowest and highest value by name."""

GROUPINGS: tuple[Grouping, ...] = ("process", "pillar")

SEED = "seed"
"""Name of the factor that stands for chance, and of its group."""
DUMMY = "dummy"
"""Name of the factor that nothing reads, and of its group."""

MEASURES, MECHANISMS, STARTS, TARGETS = "measures.", "mechanisms.", "start.", "target."


@dataclass(frozen=True, kw_only=True)
class Factor:
    """One thing that is varied.

    Attributes
    ----------
    name
        "process.field" of a parameter, "measures.P-S3", "mechanisms.fear", "start.P-S3", "target.P-S3",
        "neighbourhood[Harbour].poverty", "seed" or "dummy".
    kind
        What it is.
    title
        What it says, in words.
    spread
        How it is spread over its range, see the top of this file.
    low, high
        Its range, in its unit.
    levels
        The values it may take where it is spread over levels.
    process, pillar
        Its group where factors are grouped by process, or by pillar.
    unit, status
        Its unit, and whether its value is measured, literature, calibrated or judgement; "" where that says nothing.
    """

    name: str
    kind: Kind
    title: str
    spread: Spread = "uniform"
    low: float = 0.0
    high: float = 1.0
    levels: tuple[float, ...] = ()
    process: str = ""
    pillar: str = ""
    unit: str = ""
    status: str = ""

    def __post_init__(self) -> None:
        if self.spread == "levels" and len(self.levels) < 2:
            raise InputError(f"factor {self.name} has {len(self.levels)} levels; give two or more")
        if self.spread != "levels" and not self.low < self.high:
            raise InputError(f"factor {self.name} reaches from {self.low:g} to {self.high:g}; low must be below high")
        if self.spread == "loguniform" and self.low <= 0:
            raise InputError(f"factor {self.name} begins at {self.low:g}; spread over logarithms it must begin above 0")

    def values(self, unit: Floats) -> Floats:
        """Return the values that numbers of the unit interval stand for.

        Parameters
        ----------
        unit
            float64 [...], 0 to 1; 1 itself stands for the highest level.
        """
        if self.spread == "levels":
            place = np.minimum((unit * len(self.levels)).astype(np.int64), len(self.levels) - 1)
            return np.asarray(self.levels, dtype=np.float64)[place]
        if self.spread == "loguniform":
            # Rounding must not carry a value beyond the range that the model accepts.
            return np.clip(self.low * (self.high / self.low) ** unit, self.low, self.high)
        return np.clip(self.low + unit * (self.high - self.low), self.low, self.high)


def choose(
    globs: Sequence[str], policy: Policy | None = None, *, ranges: Ranges | None = None, city: City | None = None
) -> tuple[Factor, ...]:
    """Return the factors that names or patterns choose, in the order of the lists they come from, each once.

    Those that have ranges of one's own are chosen by that, and what is no parameter, measure or mechanism comes last.

    Parameters
    ----------
    globs
        Names or shell patterns, see the top of this file; at least one.
    policy
        Whose measures "measures.", "start." and "target." mean.
    ranges
        Lowest and highest value by name.
    city
        Whose facts are meant.

    Raises
    ------
    InputError
        When nothing is chosen, a pattern chooses nothing, or a range cannot be used.
    """
    if not globs and not ranges:
        raise InputError("--parameters is given no time; name what to vary, such as --parameters 'gangs.*'")
    known = _known(policy)
    chosen: set[str] = set()
    for glob in globs:
        found = {factor.name for factor in known if _is_meant(factor, glob)}
        if not found:
            raise InputError(f"--parameters {glob!r} chooses nothing; {_remedy(glob, known, policy)}")
        chosen |= found
    own = {name: ranged(name, ends, known, policy, city) for name, ends in (ranges or {}).items()}
    listed = (own.pop(factor.name, factor) for factor in known if factor.name in chosen or factor.name in own)
    return (*listed, *own.values())


def factor_of(name: str, policies: Sequence[Policy], city: City) -> Factor:
    """Return the factor of a name over all that it may be; of what has no range by itself, one without bounds.

    Raises
    ------
    InputError
        When nothing has that name.
    """
    known = {factor.name: factor for policy in (*policies, None) for factor in _known(policy)}
    if name in known:
        return known[name]
    return _without_range(name, (-math.inf, math.inf), list(known.values()), policies, city)


def ranged(
    name: str, ends: tuple[float, float], known: Sequence[Factor], policy: Policy | None, city: City | None
) -> Factor:
    """Return the factor of a name over a range of one's own.

    Raises
    ------
    InputError
        When nothing has that name, or the range is none or reaches beyond what may be.
    """
    low, high = ends
    shown = f"--range {name}={low:g}..{high:g}"
    if not low < high:
        raise InputError(f"{shown}: the first number must be below the second")
    factor = next((each for each in known if each.name == name), None)
    if factor is None:
        try:
            return _without_range(name, ends, known, [] if policy is None else [policy], city)
        except InputError as error:
            raise InputError(f"{shown}: {error}") from None
    if factor.spread == "levels":
        raise InputError(f"{shown}: {name} is off or on and has no range; name it with --parameters")
    if low < factor.low or high > factor.high:
        raise InputError(f"{shown}: {name} may be from {factor.low:g} to {factor.high:g}; give a range within that")
    return replace(factor, low=low, high=high)


def _without_range(
    name: str,
    ends: tuple[float, float],
    known: Sequence[Factor],
    policies: Sequence[Policy],
    city: City | None,
) -> Factor:
    """Return the factor of what has no range by itself: the start or the target of a measure, or a fact of the city."""
    from experiments.sensitivity.city_facts import fact_of, is_fact, with_facts

    low, high = ends
    bounded = math.isfinite(low)
    used = {use.measure: use for policy in policies for use in policy.measures}
    for prefix, kind in ((STARTS, "start"), (TARGETS, "target")):
        if not name.startswith(prefix):
            continue
        row = name.removeprefix(prefix)
        if row not in used:
            raise InputError(f"{row} is no measure that a policy uses; they use {', '.join(used) or 'none'}")
        pillar, title = used[row].declared.pillar, used[row].declared.title
        if kind == "target":
            if bounded and not 0 < low < high <= 1:
                raise InputError("it is a share of neighbourhoods; give numbers above 0 and up to 1, such as 0.1..0.5")
            says, unit = f"Share of neighbourhoods with {row}, {title}", "share, the worst ones"
            return Factor(name=name, kind="target", title=says, low=low, high=high, process=pillar, pillar=pillar, unit=unit)
        months = tuple(float(month) for month in range(int(low), int(high) + 1)) if bounded else (1.0, 1200.0)
        if bounded and (low != int(low) or high != int(high) or low < 1 or high > LAST_MONTH):
            raise InputError(f"it is a month; give whole numbers from 1 to {LAST_MONTH}, such as 1..24")
        stops = [use.stop for policy in policies for use in policy.measures if use.measure == row]
        if bounded and any(not isinstance(stop, int | None) or (stop is not None and stop < high) for stop in stops):
            raise InputError(f"the policy ends {row} in {stops[0]}, and it cannot start after that; give earlier months")
        return Factor(
            name=name,
            kind="start",
            title=f"First month with {row}, {title}",
            spread="levels",
            low=months[0],
            high=months[-1],
            levels=months,
            process=pillar,
            pillar=pillar,
            unit="month",
        )
    if city is None or not is_fact(name):
        names = [each.name for each in known]
        says = "nothing of that name can be varied; a fact is city.FIELD or neighbourhood[NAME].FIELD"
        raise InputError(f"{says}, a start start.ROW, a target target.ROW; {did_you_mean(name, names)}")
    fact_of(city, name)
    for end in ends if bounded else ():
        with_facts(city, {name: end})
    title = f"{name} of {city.name}"
    return Factor(name=name, kind="fact", title=title, low=low, high=high, process="city", pillar="city")


def chance() -> Factor:
    """Return the factor that stands for chance."""
    return Factor(name=SEED, kind="seed", title="Chance", process=SEED, pillar=SEED)


def nothing() -> Factor:
    """Return the factor that nothing reads."""
    return Factor(name=DUMMY, kind="dummy", title="Nothing (dummy)", process=DUMMY, pillar=DUMMY)


def groups_of(factors: Sequence[Factor], grouping: Grouping | None) -> list[str]:
    """Return the group of each factor; its own name where nothing is grouped.

    By process, a parameter belongs to the process that reads it and a measure to its pillar. By pillar, all parameters
    make one group ("parameters"), so that what the policy does is compared with what is unknown. Mechanisms make one group;
    the seed and the dummy stay alone.
    """
    if grouping is None:
        return [factor.name for factor in factors]
    return [factor.process if grouping == "process" else factor.pillar for factor in factors]


def _known(policy: Policy | None) -> list[Factor]:
    from sim.mechanisms import MECHANISMS as EVERY_MECHANISM
    from sim.parameters import PARAMETERS

    parameters = [
        Factor(
            name=each.name,
            kind="parameter",
            title=each.says.rstrip("."),
            spread="loguniform" if each.distribution == "loguniform" else "uniform",
            low=each.low,
            high=each.high,
            process=each.process,
            pillar="parameters",
            unit=each.unit,
            status=each.status,
        )
        for each in PARAMETERS
    ]
    used = {use.measure: use.declared for use in policy.measures} if policy is not None else {}
    measures = [
        Factor(
            name=f"{MEASURES}{row}",
            kind="measure",
            title=f"Strength of {row}",
            process=measure.pillar,
            pillar=measure.pillar,
            unit="share of full strength",
        )
        for row, measure in used.items()
    ]
    mechanisms = [
        Factor(
            name=f"{MECHANISMS}{each.name}",
            kind="mechanism",
            title=f"{each.title}: off or on",
            spread="levels",
            levels=(0.0, 1.0),
            process="mechanisms",
            pillar="mechanisms",
        )
        for each in EVERY_MECHANISM
    ]
    return parameters + measures + mechanisms


def _is_meant(factor: Factor, glob: str) -> bool:
    if factor.name == glob:
        return True
    if factor.kind == "measure" and not glob.startswith(MEASURES):
        return False
    if factor.kind == "mechanism" and not glob.startswith(MECHANISMS):
        return False
    return factor.status != "calibrated" and fnmatch.fnmatchcase(factor.name, glob)


def _remedy(glob: str, known: Sequence[Factor], policy: Policy | None) -> str:
    if glob.startswith(MEASURES) and policy is None:
        return "without a --policy there are no measures whose strength could vary"
    if glob.startswith(MEASURES):
        return f"the policy uses {', '.join(factor.name for factor in known if factor.kind == 'measure') or 'no measure'}"
    head = glob.split(".")[0]
    heads = list(dict.fromkeys(factor.name.split(".")[0] for factor in known))
    if head not in heads:
        return did_you_mean(glob if "." in glob else head, [f"{each}.*" for each in heads], most=20)
    return did_you_mean(glob, [factor.name for factor in known if factor.name.startswith(f"{head}.")])
