"""SALib behind a wall: its samplers and its analysers, and nothing else of it.

What it would do by itself, and does not do through here (seen in SALib 1.6.0):
- one missing value makes every Sobol' index zero, as if nothing mattered: refused with the count;
- an output that does not vary gives zeros or fails, by method: `NoVarianceError`, always;
- seed 0 counts as no seed: any seed gives the same figures twice;
- some analysers reset NumPy's global generator, the warning filters and the way warnings are written: all put back;
- some change the problem they are given: they are given a copy, under neutral names;
- a sample that is no power of two spoils Sobol' points with a warning only: refused;
- unbounded distributions give infinite inputs: refused for morris and sobol;
- a failure inside delta is swallowed and leaves NaN: refused; delta's first-order index is far off: not reported.

For sobol and shapley only the inputs come from SALib: `experiments.sensitivity.nested` makes the indices, from rows that
each meet two futures. The inputs of sobol are sixteen separately scrambled sequences whose blocks take turns, so that the
first half of a study is the study of half as many samples, and their spread tells how unsure an index is.

The columns are named as in the field's texts. S1: first-order index, a share of the variance. mu_star: mean size of an
elementary effect over the whole range, in the output's unit; sigma: its standard deviation. median: PAWN, the median
distance between the output's distribution with the factor held in a tenth of its range and without that. delta: Borgonovo's
shift of the density.
"""

from __future__ import annotations

import copy
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats

__all__ = [
    "FEWEST",
    "FUTURES_OF_A_ROW",
    "GIVEN_DATA",
    "LEVELS",
    "MAIN",
    "METHODS",
    "NESTED",
    "SCRAMBLINGS",
    "SLIDES",
    "Method",
    "NoVarianceError",
    "analyse",
    "check_finite",
    "check_varies",
    "draw",
    "draw_ends",
    "names_of",
]

Method = Literal["sobol", "morris", "shapley", "pawn", "delta", "rbd-fast"]
METHODS: tuple[Method, ...] = ("sobol", "morris", "shapley", "pawn", "delta", "rbd-fast")

MAIN: dict[Method, str] = {
    "sobol": "ST",
    "morris": "mu_star",
    "shapley": "share",
    "pawn": "median",
    "delta": "delta",
    "rbd-fast": "S1",
}
"""The index by which each method ranks."""

GIVEN_DATA: tuple[Method, ...] = ("pawn", "delta", "rbd-fast")
"""The methods that take any sample of inputs and outputs."""

NESTED: tuple[Method, ...] = ("sobol", "shapley")
"""The methods whose every row meets two futures, and whose inputs leave the seed out."""

FUTURES_OF_A_ROW = 2
"""Futures that every row of a nested method meets."""
SCRAMBLINGS = 16
"""Separately scrambled Sobol' sequences of a study, or as many as it has samples."""
LEVELS = 4
"""Levels of the grid of a Morris design."""
SLIDES = 10
"""Parts into which PAWN cuts the range of a factor."""
RESAMPLES = 500
"""Bootstrap resamples of the intervals that SALib makes."""
DELTA_RESAMPLES = 25
"""The same for delta, which estimates densities again in each."""
FEWEST: dict[Method, int] = {"sobol": 8, "morris": 2, "shapley": 2, "pawn": 100, "delta": 100, "rbd-fast": 100}
"""The fewest samples with which a method says anything at all."""

_SALIB = threading.Lock()


class NoVarianceError(InputError):
    """An output is the same in every run: nothing that was varied moves it, so there are no shares to tell."""


def names_of(problem: Mapping[str, Any]) -> list[str]:
    """Return what a problem's indices are about: its groups in the order of first mention, else its factors."""
    return list(dict.fromkeys(problem.get("groups") or problem["names"]))


def draw(method: Method, problem: Mapping[str, Any], samples: int, *, seed: int, second_order: bool = False) -> Floats:
    """Draw the inputs of a study.

    Parameters
    ----------
    method
        What it is for. sobol draws scrambled Sobol' points, morris and shapley draw trajectories, the others a Latin
        hypercube.
    problem
        As SALib takes it: "names", "bounds", optionally "groups" and "dists"; left as it is.
    samples
        Base samples of sobol (a power of two), trajectories of morris and shapley, rows of the others.
    seed
        Any whole number from 0.
    second_order
        Whether sobol shall tell pairs too, with twice the rows.

    Returns
    -------
    float64 [row, factor]
        samples x (G + 2) rows for sobol, or (2 G + 2) with pairs, samples x (G + 1) for morris and shapley, samples for
        the others; G groups. A block of sobol is A, A with each group in turn of B, with pairs B with each of A, then B.

    Raises
    ------
    InputError
        When the method cannot work with the problem or the number of samples.
    """
    _check_problem(method, problem)
    _check_samples(method, samples)
    with _as_it_was():
        from SALib.sample import latin, morris, shapley, sobol

        given = _copied(problem)
        if method == "sobol":
            by_block = np.stack(list(_sequences(sobol, given, samples, seed, second_order)), axis=1)
            return np.reshape(by_block, (-1, given["num_vars"]))
        if method == "morris":
            return np.asarray(morris.sample(given, samples, num_levels=LEVELS, seed=_nonzero(seed)))
        if method == "shapley":
            return np.asarray(shapley.sample(given, samples, seed=_nonzero(seed)))
        return np.asarray(latin.sample(given, samples, seed=_nonzero(seed)))


def draw_ends(problem: Mapping[str, Any], samples: int, *, seed: int) -> Floats:
    """Draw the first and the last row, A and B, of each block that `draw` gives for sobol, which make all of its rows.

    Parameters
    ----------
    problem, samples, seed
        As for `draw`.

    Returns
    -------
    float64 [block, 2, factor]

    Raises
    ------
    InputError
        As for `draw`.
    """
    _check_problem("sobol", problem)
    _check_samples("sobol", samples)
    with _as_it_was():
        from SALib.sample import sobol

        given = _copied(problem)
        ends = [part[:, [0, -1]] for part in _sequences(sobol, given, samples, seed, second_order=False)]
    return np.stack(ends, axis=1).reshape(samples, 2, given["num_vars"])


def _sequences(sobol: Any, given: dict[str, Any], samples: int, seed: int, second_order: bool) -> Iterator[Floats]:
    """Yield the separately scrambled sequences of a Sobol' design, float64 [block, row of the block, factor]."""
    parts = min(SCRAMBLINGS, samples)
    for part in np.random.SeedSequence(seed).generate_state(SCRAMBLINGS)[:parts]:
        drawn = sobol.sample(given, samples // parts, calc_second_order=second_order, seed=_nonzero(int(part)))
        yield np.reshape(drawn, (samples // parts, -1, given["num_vars"]))


def analyse(
    method: Method,
    problem: Mapping[str, Any],
    X: Floats,  # noqa: N803 (the field's name)
    Y: Floats,  # noqa: N803
    seed: int = 0,
) -> pd.DataFrame:
    """Return the indices of every factor, or of every group, as SALib makes them.

    Parameters
    ----------
    method
        morris, pawn, delta or rbd-fast.
    problem
        The problem that the inputs were drawn for; left as it is.
    X
        float64 [row, factor], from `draw`.
    Y
        float64 [row], the output of every row.
    seed
        For the bootstrap of the intervals; any whole number from 0 gives the same figures twice.

    Returns
    -------
    DataFrame
        One row for each factor or group: factor, then by method mu, mu_star, mu_star_conf, sigma (NaN for a group of
        several); minimum, mean, median, maximum; delta, delta_conf; or S1, S1_conf. A "conf" is half the width of the 95 %
        interval.

    Raises
    ------
    InputError
        When outputs are missing or not finite, with their number, or do not fit the inputs.
    NoVarianceError
        When the output is the same in every run.
    """
    _check_problem(method, problem)
    outputs = _checked(X, Y, problem)
    check_varies(outputs)
    with _as_it_was():
        columns = _ANALYSERS[method](_copied(problem), np.array(X, dtype=np.float64), outputs, _nonzero(seed))
    import pandas as pd

    table = pd.DataFrame({"factor": names_of(problem), **columns})
    main = table[MAIN[method]].to_numpy(dtype=np.float64)
    if not np.isfinite(main).all():
        lost = ", ".join(table["factor"][~np.isfinite(main)])
        raise InputError(f"{method} gives no figure for {lost} from {outputs.size} runs; ask for more --samples")
    return table


# Methods --------------------------------------------------------------------------------------------------------------


def _morris(problem: dict[str, Any], X: Floats, Y: Floats, seed: int) -> dict[str, Any]:  # noqa: N803
    from SALib.analyze import morris

    found = morris.analyze(problem, X, Y, num_levels=LEVELS, num_resamples=RESAMPLES, seed=seed)
    names = ("mu", "mu_star", "mu_star_conf", "sigma")
    return {name: np.ma.filled(np.ma.asarray(found[name], dtype=np.float64), np.nan) for name in names}


def _pawn(problem: dict[str, Any], X: Floats, Y: Floats, seed: int) -> dict[str, Any]:  # noqa: N803
    from SALib.analyze import pawn

    found = pawn.analyze(problem, X, Y, S=SLIDES, seed=seed)
    return {name: found[name] for name in ("minimum", "mean", "median", "maximum")}


def _delta(problem: dict[str, Any], X: Floats, Y: Floats, seed: int) -> dict[str, Any]:  # noqa: N803
    from SALib.analyze import delta
    from threadpoolctl import threadpool_limits

    # It solves a thousand systems of one equation each. On a machine with other work, threads that wait for one another
    # over each of them were seen to take fifty times as long as one thread alone.
    with threadpool_limits(1):
        found = delta.analyze(problem, X, Y, num_resamples=DELTA_RESAMPLES, seed=seed, method="delta")
    return {"delta": found["delta_raw"], "delta_conf": found["delta_raw_conf"]}


def _rbd_fast(problem: dict[str, Any], X: Floats, Y: Floats, seed: int) -> dict[str, Any]:  # noqa: N803
    from SALib.analyze import rbd_fast

    found = rbd_fast.analyze(problem, X, Y, seed=seed)
    return {"S1": np.asarray(found["S1"], dtype=float), "S1_conf": np.asarray(found["S1_conf"], dtype=float)}


_ANALYSERS: dict[Method, Callable[[dict[str, Any], Floats, Floats, int], dict[str, Any]]] = {
    "morris": _morris,
    "pawn": _pawn,
    "delta": _delta,
    "rbd-fast": _rbd_fast,
}


# The wall -------------------------------------------------------------------------------------------------------------


@contextmanager
def _as_it_was() -> Iterator[None]:
    """Put back, whatever happens, what SALib changes of the whole process; one thread at a time."""
    with _SALIB:
        state = np.random.get_state()  # noqa: NPY002 (this is the state that has to be put back)
        written = warnings.formatwarning
        try:
            # Recorded and not ignored, since delta sets a filter of its own.
            with warnings.catch_warnings(record=True):
                yield
        finally:
            np.random.set_state(state)  # noqa: NPY002
            warnings.formatwarning = written


def _nonzero(seed: int) -> int:
    """Return a seed that SALib takes for one."""
    return seed % (2**32 - 2) + 1


def _copied(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy under neutral names, since some names are forbidden to some analysers."""
    given = copy.deepcopy(dict(problem))
    given["num_vars"] = len(given["names"])
    given["names"] = [f"x{place}" for place in range(given["num_vars"])]
    if given.get("groups"):
        neutral = {name: f"g{place}" for place, name in enumerate(names_of(problem))}
        given["groups"] = [neutral[name] for name in given["groups"]]
    else:
        given.pop("groups", None)
    return given


def _check_problem(method: Method, problem: Mapping[str, Any]) -> None:
    if method not in METHODS:
        raise InputError(f"method {method!r} is unknown; give {' or '.join(METHODS)}")
    groups = problem.get("groups")
    if groups and method not in ("sobol", "morris"):
        raise InputError(f"{method} cannot take factors in groups; use sobol or morris, or leave out --group")
    if groups and len(set(groups)) < 2:
        raise InputError("all factors are in one group, which would hold all of the variance; make two or more")
    unbounded = sorted({dist for dist in problem.get("dists") or () if dist in ("norm", "lognorm", "weibull")})
    if unbounded and method in ("sobol", "morris"):
        raise InputError(f"{method} meets the ends of the distribution {unbounded[0]}, which are infinite; use truncnorm")


def _check_samples(method: Method, samples: int) -> None:
    if samples < FEWEST[method]:
        raise InputError(f"--samples is {samples}; {method} says nothing with less than {FEWEST[method]}")
    if method == "sobol" and samples & (samples - 1):
        below = 1 << (samples.bit_length() - 1)
        raise InputError(f"--samples is {samples}; sobol needs a power of two, such as {below} or {2 * below}")


def _checked(X: Floats | None, Y: Floats, problem: Mapping[str, Any]) -> Floats:  # noqa: N803
    """Return the outputs as a copy, all finite and as many as there are inputs."""
    outputs = np.array(Y, dtype=np.float64)
    check_finite(outputs)
    if outputs.ndim != 1:
        raise InputError(f"the outputs have {outputs.ndim} axes; give one figure for each row")
    if X is not None and X.shape != (outputs.size, len(problem["names"])):
        asked = f"{outputs.size} outputs of {len(problem['names'])} factors"
        raise InputError(f"the inputs are {' x '.join(map(str, X.shape))}, which does not fit {asked}")
    return outputs


def check_finite(Y: Floats) -> None:  # noqa: N803
    """Raise where outputs are missing or not finite, with their number.

    Raises
    ------
    InputError
        See there.
    """
    lost = int((~np.isfinite(Y)).sum())
    if lost:
        remedy = "find out why before anything is said of what matters"
        raise InputError(f"{lost} of {Y.size} outputs are missing or not finite; {remedy}")


def check_varies(Y: Floats) -> None:  # noqa: N803
    """Raise where an output is the same in every run, but for rounding.

    Raises
    ------
    NoVarianceError
        See there.
    """
    if Y.size == 0 or np.ptp(Y) <= 1e-9 * np.abs(Y).max():
        value = f"{Y[0]:.4g}" if Y.size else "missing"
        raise NoVarianceError(f"the output is {value} in all of {Y.size} runs: nothing that was varied moves it")
