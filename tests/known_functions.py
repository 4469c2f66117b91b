"""Functions whose indices are known exactly, as designs and outputs of the sensitivity code."""

import numpy as np

from experiments.sensitivity.designs import make_design
from experiments.sensitivity.factors import Factor

PI = float(np.pi)
ISHIGAMI_VARIANCE = 7.0**2 / 8 + 0.1 * PI**4 / 5 + 0.1**2 * PI**8 / 18 + 0.5
FIRST = np.array([0.3139, 0.4424, 0.0])
TOTAL = np.array([0.5576, 0.4424, 0.2437])
SHARES = np.array([0.4358, 0.4424, 0.1219])

G_WEIGHTS = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0, 99.0, 99.0])


def ishigami(x):
    """a = 7, b = .1; x: [row, 3], each in -pi..pi."""
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(x):
    """x: [row, 8], each in 0..1."""
    return np.prod((np.abs(4.0 * x - 2.0) + G_WEIGHTS) / (1.0 + G_WEIGHTS), axis=1)


def sobol_g_indices():
    """First-order and total indices, [8] each, from the partial variances 1 / (3 (1 + a)**2)."""
    parts = 1.0 / (3.0 * (1.0 + G_WEIGHTS) ** 2)
    variance = np.prod(1.0 + parts) - 1.0
    return parts / variance, parts * np.prod(1.0 + parts) / (1.0 + parts) / variance


def angle(name, group=""):
    return Factor(name=name, kind="parameter", title=name, low=-PI, high=PI, process=group or name)


ANGLES = (angle("x1"), angle("x2"), angle("x3"))


def luck(design):
    """A standard normal number for each row, a function of its future alone."""
    return np.array([np.random.default_rng(int(future)).standard_normal() for future in design.futures])


def ishigami_design(method, samples, *, seed=1, noise=0.0, **options):
    """Return a design over the three angles, and outputs with normal noise of so many times the variance."""
    design = make_design(method, ANGLES, samples=samples, seed=seed, **options)
    outputs = ishigami(design.values)
    if noise:
        outputs = outputs + np.sqrt(noise * ISHIGAMI_VARIANCE) * luck(design)
    return design, outputs


# Luck ---------------------------------------------------------------------------------------------------------------------

LUCK = ("none", "additive", "interacting", "heteroscedastic")
"""How luck may act: not at all, alike everywhere, on what the first factor does, or larger the larger factor "idle" is."""


class Known:
    """A function of known indices over uniform factors, the last of which, "idle", moves no expectation.

    Attributes
    ----------
    factors
        Of a design, "idle" last.
    first, total
        Indices of the expected outcome by factor, "idle" among them.
    variance
        Of the expected outcome.
    """

    def __init__(self, function, names, first, total, variance, half_width=0.5):
        self.function = function
        self.factors = tuple(
            Factor(name=name, kind="parameter", title=name, low=-half_width, high=half_width) for name in (*names, "idle")
        )
        self.first, self.total, self.variance = np.array([*first, 0.0]), np.array([*total, 0.0]), variance

    def outputs(self, design, kind, seed, times=1.0):
        """Return float64 [row]: luck's variance is `times` that of the expected outcome, on average over settings."""
        places = np.arange(len(self.factors))
        middle = np.array([(each.low + each.high) / 2 for each in self.factors])
        standard = (design.values[:, places] - middle) / np.array([(f.high - f.low) / np.sqrt(12) for f in self.factors])
        future = np.unique(design.futures, return_inverse=True)[1]
        drawn = np.random.default_rng(seed).standard_normal(future.max() + 1)[future]
        part = {
            "none": 0.0,
            "additive": 1.0,
            "interacting": standard[:, 0],
            # From 0 to twice the middle: the mean of its square is 4/3 of the middle's.
            "heteroscedastic": (standard[:, -1] / np.sqrt(12) + 0.5) * np.sqrt(3),
        }[kind]
        return self.function(design.values[:, places]) + np.sqrt(times * self.variance) * part * drawn


def _polynomial(x):
    """Four factors of ever smaller part, one pair and one curve, over -1/2..1/2."""
    z = x * np.sqrt(12)
    return z[:, 0] + 0.5 * z[:, 0] * z[:, 1] + 0.6 * z[:, 1] + 0.3 * z[:, 2] + 0.25 * (z[:, 2] ** 2 - 1) + 0.15 * z[:, 3]


_SQUARES = np.array([1.0, 0.36, 0.09 + 0.0625 * 0.8, 0.0225])
_PAIRED = np.array([0.25, 0.25, 0.0, 0.0])
_WHOLE = _SQUARES.sum() + 0.25
POLYNOMIAL = Known(_polynomial, "abcd", _SQUARES / _WHOLE, (_SQUARES + _PAIRED) / _WHOLE, _WHOLE)
ISHIGAMI = Known(ishigami, ("x1", "x2", "x3"), FIRST, TOTAL, ISHIGAMI_VARIANCE, half_width=PI)
