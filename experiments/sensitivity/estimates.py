"""What a method makes of one output: every factor's index with its interval, and what chance carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from experiments.sensitivity.estimators import Method

if TYPE_CHECKING:
    from experiments.comparison.paired import Floats
    from experiments.sensitivity.sobol_rows import LevelRows, SobolRows

__all__ = [
    "ALL_NOISE",
    "LEAST_INDEX",
    "RESAMPLES",
    "Estimate",
    "Noise",
    "Rows",
    "ShareOfNoiseError",
    "check_share",
    "interval",
    "weights",
]

RESAMPLES = 500
LEAST_INDEX = 0.01
"""The least share of the variance that counts as influence."""
ALL_NOISE = 0.98
"""Noise share from which nothing can be said of the expected outcome."""


class ShareOfNoiseError(ValueError):
    """Chance carries all of the variance: nothing is left to be shared among the factors."""


class Noise(NamedTuple):
    """What chance carries of the variance of an output.

    Attributes
    ----------
    variance
        Of the output over the design, in its unit squared.
    share, low, high
        Share of the variance that chance carries, with its 95 % interval: 0 <= low <= share <= high <= 1.
    alone
        The seed's first-order index (sobol, shapley), 0 to 1; NaN where the method cannot tell it.
    interacts
        Whether chance is shown to be larger in some settings than in others, or to decide how much a factor does
        (sobol, shapley); False where the method cannot tell.
    """

    variance: float
    share: float
    low: float
    high: float
    alone: float
    interacts: bool


class Rows(Protocol):
    """What an estimate reads of a design: see `experiments.sensitivity.designs.Design`."""

    @property
    def method(self) -> Method:
        """How indices are found."""

    @property
    def second_order(self) -> bool:
        """Whether there are rows for pairs (sobol)."""

    @property
    def problem(self) -> dict[str, Any]:
        """Names, groups and bounds, as SALib has them."""

    @property
    def unit(self) -> Floats | SobolRows | LevelRows:
        """float64 [row, factor]: the rows in the unit cube."""

    @property
    def rows(self) -> int:
        """How many rows there are, those aside that repeat others."""


@dataclass(frozen=True)
class Estimate:
    """What a method makes of an output.

    Attributes
    ----------
    index, low, high
        float64 [factor]: the main index with its 95 % interval; shares of the variance lie within 0 and 1.
    resamples
        float64 [resample, factor]: the main index in a bootstrap, by which the stability of ranks is judged.
    columns
        What else is told, by name: float64 [factor].
    noise
        What chance carries.
    sure
        bool [factor]: for morris, whether a factor is told from one that only reshuffles the luck; True elsewhere.
    """

    index: Floats
    low: Floats
    high: Floats
    resamples: Floats
    columns: dict[str, Floats]
    noise: Noise
    sure: NDArray[np.bool_]


def interval(resamples: Floats) -> tuple[Floats, Floats]:
    """Return the ends of the middle 95 % of each column.

    Parameters
    ----------
    resamples
        float64 [resample, column].

    Returns
    -------
    tuple of float64 [column]
        Low and high.
    """
    low, high = np.percentile(resamples, (2.5, 97.5), axis=0)
    return low, high


def weights(units: int, seed: int) -> Floats:
    """Return the weights of a bootstrap's means: float64 [resample, unit].

    Parameters
    ----------
    units
        How many there are to resample.
    seed
        Of the resampling.
    """
    return np.random.default_rng(seed).multinomial(units, np.full(units, 1.0 / units), RESAMPLES) / units


def check_share(low: float, share: float) -> None:
    """Raise where chance is sure to carry all of the variance.

    Parameters
    ----------
    low, share
        The lower end of the noise share's interval, which decides, and the share.

    Raises
    ------
    ShareOfNoiseError
        See there.
    """
    if low > ALL_NOISE:
        raise ShareOfNoiseError(
            f"chance carries {share:.0%} of the variance ({low:.0%} at least): nothing is left to be shared out"
        )
