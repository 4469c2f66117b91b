"""Scenario discovery: under which conditions a policy fails, as a box of parameters (PRIM) and as a tree (CART).

    density     share of the draws in the box in which the policy fails
    coverage    share of all failures that lie in the box
    quasi-p     chance of so many failures in the box if one side were dropped (one-sided binomial)
    p           chance of so many failures among the draws of the other half if the box were no worse than any draw

PRIM peels the draws until failures are dense; it finds dense boxes in noise as well. So it searches one half of the draws
(every second one), over the parameters that differ most between failures and successes there. Each box is cut to the
sides that earn their place (quasi-p below .05) and the best by the harmonic mean of density and coverage is taken;
the other half, which the search has not seen, says whether it holds. Where it does not, there is no box. PRIM and CART are
those of ema_workbench (extra `research`). Sources: Friedman and Fisher (1999); Bryant and Lempert (2010) (recalled).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.paired import Floats

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sensitivity.factors import Factor

__all__ = ["Discovery", "Limit", "discover", "discovery_sentence"]

FEWEST = 10
"""Failures, and successes, that there must be at least before anything is looked for."""

LEVEL = 0.05
MOST_LIMITS = 4
"""Parameters that a box may limit: more cannot be kept in mind, nor told from noise."""

LEAF = 0.1
"""The least share of the draws in a box, or in a leaf of the tree."""

PEEL = 0.1
"""The share of the draws that PRIM takes off at a time: less, and a handful of draws decides where it goes."""

MOST_SEARCHED = 5
"""Parameters that PRIM searches."""


class Limit(NamedTuple):
    """One parameter of a box, and between which values, in its unit; `quasi_p` says whether it earns its place."""

    parameter: str
    low: float
    high: float
    quasi_p: float


@dataclass(frozen=True, kw_only=True)
class Discovery:
    """Where a policy fails.

    Attributes
    ----------
    draws, failures
        How many draws there are, and in how many the policy fails.
    limits
        The box; empty where none was found that is better than chance.
    density, coverage
        Of the box, over the half of the draws that the search has not seen; not a number without a box.
    p
        Chance of so many failures there if the box were no worse than any draw.
    leaves
        DataFrame, one row for each leaf of the tree with more failures than the whole: mass, density, coverage (over all
        draws) and limits in words, densest first. It describes the draws at hand and is tested by nothing.
    why
        Why there is no box; "" where there is one.
    """

    draws: int
    failures: int
    limits: tuple[Limit, ...]
    density: float
    coverage: float
    p: float
    leaves: pd.DataFrame
    why: str = ""


def discover(factors: Sequence[Factor], units: Floats, fails: NDArray[np.bool_]) -> Discovery:
    """Look for the conditions under which something fails.

    Parameters
    ----------
    factors
        The parameters that were drawn.
    units
        float64 [draw, parameter], places within their ranges, 0 to 1.
    fails
        bool [draw].

    Returns
    -------
    Discovery
        With a box where one was found that holds on draws the search has not seen.

    Raises
    ------
    InputError
        When ema_workbench is not installed.
    """
    import pandas as pd

    count, failures = len(fails), int(fails.sum())
    nothing: dict[str, Any] = {"draws": count, "failures": failures, "limits": (), "leaves": pd.DataFrame()}
    nothing |= {"density": float("nan"), "coverage": float("nan"), "p": float("nan")}
    if not factors:
        return Discovery(**nothing, why="no parameter was drawn")
    if min(failures, count - failures) < FEWEST:
        few = "fails" if failures < FEWEST else "succeeds"
        return Discovery(
            **nothing, why=f"it {few} in {min(failures, count - failures)} of {count} draws, too few to describe"
        )
    searched = np.arange(count) % 2 == 0
    box = _best_box(units[searched], fails[searched])
    leaves = _leaves(factors, units, fails)
    if not box:
        return Discovery(**nothing | {"leaves": leaves}, why="no box is better than chance")
    inside = _inside(units[~searched], box)
    unseen = fails[~searched]
    p = _chance(int(unseen[inside].sum()), int(inside.sum()), float(unseen.mean()))
    if p >= LEVEL:
        return Discovery(**nothing | {"leaves": leaves, "p": p}, why="no box is better than chance")
    return Discovery(
        draws=count,
        failures=failures,
        limits=tuple(_limits(factors, box, lambda side: _quasi_p(units[searched], fails[searched], box, side))),
        density=float(unseen[inside].mean()),
        coverage=float(unseen[inside].sum() / unseen.sum()),
        p=p,
        leaves=leaves,
    )


def discovery_sentence(found: Discovery, subject: str, condition: str) -> str:
    """Say in a sentence where a policy fails.

    Parameters
    ----------
    found
        What was found.
    subject
        The policy, as it begins a sentence.
    condition
        What failing means, such as "would lower homicide by less than 5 %".
    """
    from experiments.comparison.findings import list_words, significant

    head = f"{subject} {condition} in {found.failures} of {found.draws} draws"
    if not found.failures:
        return f"{head}."
    if not found.limits:
        return f"{head}; where, one cannot say: {found.why}."
    sides = list_words([_side(limit) for limit in found.limits])
    return (
        f"{head}. Mostly where {sides}: of the draws there that the search had not seen, it did in "
        f"{significant(100 * found.density)} %, and {significant(100 * found.coverage)} % of all such draws lie there "
        f"(p {_small(found.p)})."
    )


# The box -------------------------------------------------------------------------------------------------------------

type Box = dict[tuple[int, int], float]
"""The sides of a box: by the place of a parameter and 0 for its lower or 1 for its upper side, where that side stands."""


def _best_box(units: Floats, fails: NDArray[np.bool_]) -> Box:
    """Return the best box of PRIM's peeling trajectory after dropping what does not earn its place; empty for none."""
    import pandas as pd

    x = pd.DataFrame(units[:, _telling(units, fails)], columns=[str(place) for place in _telling(units, fails)])
    with _quiet():
        prim, _ = _workbench()
        found = prim.Prim(x, fails.copy(), peel_alpha=PEEL, mass_min=LEAF).find_box()
    best: Box = {}
    best_score = 0.0
    for limits in found.box_lims[1:]:
        box = _earned(units, fails, _as_box(limits, x))
        if not box or len({place for place, _ in box}) > MOST_LIMITS:
            continue
        inside = _inside(units, box)
        density, coverage = float(fails[inside].mean()), float(fails[inside].sum() / fails.sum())
        score = 2.0 * density * coverage / (density + coverage) if density + coverage else 0.0
        if score > best_score:
            best, best_score = box, score
    return best


def _telling(units: Floats, fails: NDArray[np.bool_]) -> list[int]:
    """Return the places of the parameters whose values differ most between failures and successes (Kolmogorov-Smirnov).

    Among many parameters the first peels of a greedy search follow noise, from which it does not come back.
    """
    order = np.argsort(units, axis=0)
    failed = fails[order]
    apart = np.abs(failed.cumsum(axis=0) / fails.sum() - (~failed).cumsum(axis=0) / (~fails).sum()).max(axis=0)
    return sorted(int(place) for place in np.argsort(-apart, kind="stable")[:MOST_SEARCHED])


def _as_box(limits: pd.DataFrame, x: pd.DataFrame) -> Box:
    """Return the sides of a box as PRIM or CART has it; a side at the edge of the draws is none."""
    box: Box = {}
    for name in x.columns:
        low, high = float(limits[name].iloc[0]), float(limits[name].iloc[1])
        if low > float(x[name].min()):
            box[int(name), 0] = low
        if high < float(x[name].max()):
            box[int(name), 1] = high
    return box


def _earned(units: Floats, fails: NDArray[np.bool_], box: Box) -> Box:
    """Return the box without the sides that do not earn their place, dropped one at a time, worst first."""
    left = dict(box)
    while left:
        quasi = {side: _quasi_p(units, fails, left, side) for side in left}
        worst = max(quasi, key=lambda side: quasi[side])
        if quasi[worst] < LEVEL:
            break
        del left[worst]
    return left


def _quasi_p(units: Floats, fails: NDArray[np.bool_], box: Box, side: tuple[int, int]) -> float:
    """Return the chance of so many failures in the box if this side were dropped."""
    inside = _inside(units, box)
    wider = _inside(units, {each: at for each, at in box.items() if each != side})
    return _chance(int(fails[inside].sum()), int(inside.sum()), float(fails[wider].mean()))


def _inside(units: Floats, box: Box) -> NDArray[np.bool_]:
    inside = np.ones(len(units), dtype=bool)
    for (place, upper), at in box.items():
        inside &= (units[:, place] <= at) if upper else (units[:, place] >= at)
    return inside


def _chance(hits: int, draws: int, rate: float) -> float:
    """Return the chance of at least so many hits in so many draws at a rate; 1 where there is no draw."""
    from scipy.special import bdtrc

    if not draws or not hits:
        return 1.0
    return float(bdtrc(hits - 1, draws, rate))


def _limits(factors: Sequence[Factor], box: Box, quasi: Callable[[tuple[int, int]], float] | None = None) -> list[Limit]:
    """Return the sides of a box by parameter, in its unit; the larger quasi-p of two sides counts."""
    found = []
    for place in dict.fromkeys(place for place, _ in box):
        sides = [box.get((place, upper)) for upper in (0, 1)]
        low, high = (None if at is None else float(factors[place].values(np.array(at))) for at in sides)
        worst = max(quasi(side) for side in box if side[0] == place) if quasi is not None else float("nan")
        found.append(Limit(factors[place].name, -np.inf if low is None else low, np.inf if high is None else high, worst))
    return found


# The tree ------------------------------------------------------------------------------------------------------------


def _leaves(factors: Sequence[Factor], units: Floats, fails: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the leaves of a classification tree in which failures are denser than in all draws."""
    import pandas as pd

    from experiments.comparison.findings import list_words

    x = pd.DataFrame(units, columns=[str(place) for place in range(units.shape[1])])
    with _quiet():
        _, cart = _workbench()
        tree = cart.CART(x, fails.copy(), mass_min=LEAF)
        tree.build_tree()
        found = list(zip(tree.boxes, tree.stats, strict=True)) if tree.clf.tree_.node_count > 1 else []
    rows = []
    for limits, stats in found:
        if stats["density"] <= fails.mean():
            continue
        sides = [_side(limit) for limit in _limits(factors, _as_box(limits, x))]
        rows.append({name: float(stats[name]) for name in ("mass", "density", "coverage")} | {"limits": list_words(sides)})
    table = pd.DataFrame(rows, columns=["mass", "density", "coverage", "limits"])
    return table.sort_values("density", ascending=False, ignore_index=True)


def _side(limit: Limit) -> str:
    """Say one side of a box: "homicide.patrol_on_violence is below 0.2"."""
    from experiments.comparison.findings import significant

    if np.isinf(limit.low):
        return f"{limit.parameter} is below {significant(limit.high)}"
    if np.isinf(limit.high):
        return f"{limit.parameter} is above {significant(limit.low)}"
    return f"{limit.parameter} lies between {significant(limit.low)} and {significant(limit.high)}"


def _small(p: float) -> str:
    return "below .001" if p < 0.001 else f"{p:.3f}".lstrip("0")


# The packages --------------------------------------------------------------------------------------------------------


def _workbench() -> tuple[Any, Any]:
    """Return the modules of PRIM and CART."""
    from sim.errors import InputError

    try:
        from ema_workbench.analysis import cart, prim
    except ImportError:
        remedy = "install the extra: pip install 'citysafety[research]'"
        raise InputError(f"scenario discovery needs the package ema_workbench, which is not installed; {remedy}") from None
    return prim, cart


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what the packages warn of (features of pandas to be dropped, optional parts not installed) from the reader."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
