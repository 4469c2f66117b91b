"""What factors do alone, together and for one another: linear contrasts over all 2^k combinations, future by future.

    v_r(S)     what the factors in S gain in future r over none of them (positive: better)
    count      v = s (Y(S) - Y(none))            s = -1 where lower is better, +1 where higher is
    log        v = s (log Y(S) - log Y(none))    zero interaction: each takes the same share off whatever is left
    D_ij(S)    v(S+i+j) - v(S+i) - v(S+j) + v(S): what i and j do for one another where S is at work
    main       mean over all S without i of v(S+i) - v(S)
    Shapley    sum over S without i of |S|! (k-|S|-1)! / k! (v(S+i) - v(S)): i's part; the parts sum to v(all)
    pair       mean over all S without i, j of D_ij(S)
    Shapley interaction    the same sum with weights |S|! (k-|S|-2)! / (k-1)!
    synergy    v(all) - sum of v({i})

Every statistic is a number for each future, so its mean has the interval of
`experiments.comparison.paired`, whatever the arms share. Combination number s
holds factor i where bit i of s is set. Sources: Shapley (1953); Grabisch and Roubens (1999) on interaction; the test that
all differences are positive is the intersection-union test (Berger 1982) (recalled).
"""

from __future__ import annotations

from itertools import combinations
from math import factorial
from typing import Literal, NamedTuple

import numpy as np

from experiments.comparison.paired import FEWEST, Floats, mean_interval

__all__ = [
    "SCALES",
    "Complementarity",
    "Relation",
    "Scale",
    "complementarity",
    "count_gains",
    "log_gains",
    "main_effects",
    "overall",
    "pair_interactions",
    "second_differences",
    "shapley",
    "shapley_interactions",
    "synergy",
]

Scale = Literal["count", "log"]
SCALES: tuple[Scale, ...] = ("count", "log")
Relation = Literal["complements", "substitutes", "cannot tell"]


def count_gains(levels: Floats, better: str) -> Floats:
    """Return what each combination gains over none, in the unit of the outcome.

    Parameters
    ----------
    levels
        float64 [future, combination], combination 0 first.
    better
        "lower" or "higher".
    """
    difference: Floats = levels - levels[:, :1]
    return -difference if better == "lower" else difference


def log_gains(levels: Floats, better: str) -> Floats | None:
    """Return what each combination gains over none in the log of the outcome; None where a level is not above zero."""
    if not (levels > 0).all():
        return None
    return count_gains(np.log(levels), better)


def factors_of(v: Floats) -> int:
    """Return how many factors there are.

    Raises
    ------
    ValueError
        When the combinations are not all there.
    """
    k = int(v.shape[1]).bit_length() - 1
    if v.ndim != 2 or v.shape[1] != 2**k or k < 1:
        raise ValueError(f"there are {v.shape[1]} combinations; all 2^k of them are needed")
    return k


def steps(v: Floats, i: int) -> tuple[Floats, list[int]]:
    """Return what factor i adds to every combination without it, and how many factors each of these holds.

    Returns
    -------
    float64 [future, 2^(k-1)], list of int
    """
    without = [s for s in range(v.shape[1]) if not s >> i & 1]
    return v[:, [s | 1 << i for s in without]] - v[:, without], [s.bit_count() for s in without]


def second_differences(v: Floats, i: int, j: int) -> tuple[Floats, list[int]]:
    """Return D_ij for every combination without i and j, and how many factors each of these holds.

    Returns
    -------
    float64 [future, 2^(k-2)], list of int
    """
    without = [s for s in range(v.shape[1]) if not s >> i & 1 and not s >> j & 1]
    with_i, with_j = ([s | 1 << each for s in without] for each in (i, j))
    with_both = [s | 1 << i | 1 << j for s in without]
    # What i adds where j is at work, less what it adds where it is not: exactly zero where either does nothing.
    return (v[:, with_both] - v[:, with_j]) - (v[:, with_i] - v[:, without]), [s.bit_count() for s in without]


def main_effects(v: Floats) -> Floats:
    """Return what each factor adds on average over all combinations of the others: float64 [future, factor]."""
    return np.stack([steps(v, i)[0].mean(axis=1) for i in range(factors_of(v))], axis=1)


def shapley(v: Floats) -> Floats:
    """Return each factor's Shapley share of what all gain together: float64 [future, factor], summing to v(all).

    A factor that adds nothing to any combination has a share of exactly zero.
    """
    k = factors_of(v)
    shares = []
    for i in range(k):
        added, sizes = steps(v, i)
        weights = [factorial(size) * factorial(k - size - 1) / factorial(k) for size in sizes]
        shares.append(added @ np.array(weights))
    return np.stack(shares, axis=1)


def pair_interactions(v: Floats) -> Floats:
    """Return the interaction of each pair, averaged over what else is at work: float64 [future, pair]."""
    k = factors_of(v)
    return _by_pair(v, [second_differences(v, i, j)[0].mean(axis=1) for i, j in combinations(range(k), 2)])


def shapley_interactions(v: Floats) -> Floats:
    """Return the Shapley interaction index of each pair: float64 [future, pair]."""
    k = factors_of(v)
    found = []
    for i, j in combinations(range(k), 2):
        differences, sizes = second_differences(v, i, j)
        weights = [factorial(size) * factorial(k - size - 2) / factorial(k - 1) for size in sizes]
        found.append(differences @ np.array(weights))
    return _by_pair(v, found)


def _by_pair(v: Floats, found: list[Floats]) -> Floats:
    return np.stack(found, axis=1) if found else np.zeros((len(v), 0))


def synergy(v: Floats) -> Floats:
    """Return what all gain together beyond the sum of each alone: float64 [future]."""
    alone = v[:, [1 << i for i in range(factors_of(v))]] - v[:, :1]
    total: Floats = (v[:, -1] - v[:, 0]) - alone.sum(axis=1)
    return total


# How sure ------------------------------------------------------------------------------------------------------------


class Complementarity(NamedTuple):
    """Whether factors help one another, on one scale.

    `above` and `below` count the second differences D_ij(S) whose whole 95 % interval lies above, or below, zero, of
    `tested`; none is counted where there are too few futures to say. All above: each factor would add more wherever more of
    the others are at work.
    """

    relation: Relation
    above: int
    below: int
    tested: int


def complementarity(v: Floats) -> Complementarity:
    """Test whether the gains are supermodular (complements) or submodular (substitutes) in the factors.

    The claim is about all second differences, so each is tested at the full level and none may fail (an
    intersection-union test): the chance of a false claim stays below one in twenty whatever their number.

    Parameters
    ----------
    v
        float64 [future, combination].
    """
    k, futures = factors_of(v), len(v)
    pairs = [second_differences(v, i, j)[0] for i, j in combinations(range(k), 2)]
    if not pairs:
        return Complementarity("cannot tell", 0, 0, 0)
    differences = np.concatenate(pairs, axis=1)
    tested = differences.shape[1]
    if futures < FEWEST:
        return Complementarity("cannot tell", 0, 0, tested)
    low, high = mean_interval(differences)
    above, below = int((low > 0.0).sum()), int((high < 0.0).sum())
    relation: Relation = "cannot tell"
    if above == tested:
        relation = "complements"
    elif below == tested:
        relation = "substitutes"
    return Complementarity(relation, above, below, tested)


def overall(by_scale: dict[Scale, Relation]) -> str:
    """Return the verdict over both scales: the word alone only where both say it, else with its scale."""
    said = {scale: relation for scale, relation in by_scale.items() if relation != "cannot tell"}
    if not said:
        return "cannot tell"
    if len(said) == len(SCALES) and len(set(said.values())) == 1:
        return next(iter(said.values()))
    return ", ".join(f"{relation} on the {scale} scale" for scale, relation in said.items())
