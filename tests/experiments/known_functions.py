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
