"""Studies with a planted truth: made-up levels for every combination of factors, with luck that all of them share."""

import numpy as np

from experiments.sensitivity.factors import Factor
from experiments.tradeoffs.factorial import Factorial
from experiments.tradeoffs.portfolios import portfolios
from experiments.tradeoffs.study import Tradeoffs
from experiments.tradeoffs.uncertainty import Draws, Futures
from sim.outcomes import OUTCOMES, outcome_index
from sim.scenario import Policy, load_city

HOMICIDE = outcome_index("homicide_rate")
GOVERNANCE = outcome_index("criminal_governance_index")
COST = outcome_index("cost")


def factors(number):
    return tuple(Policy(name=f"f{place}", title=f"Factor {place}", about="Made up.", measures=()) for place in range(number))


def drawn(number, futures, seed=5):
    """Parameters over 0 to 10 and their draws."""
    known = tuple(
        Factor(name=f"made.p{place}", kind="parameter", title=f"Made-up parameter {place}", low=0.0, high=10.0)
        for place in range(number)
    )
    return Draws(known, np.random.default_rng(seed).random((futures, number)))


def futures(count, draws=None):
    return Futures(
        city=load_city("sandbox"),
        months=24,
        seed=3,
        scale=0.5,
        seeds=tuple(range(100, 100 + count)),
        draws=draws or Draws((), np.zeros((count, 0))),
        parameters={},
    )


def luck(count, spread=3.0, seed=1):
    """What all arms of a future share: float64 [future, outcome]."""
    return 50.0 + spread * np.random.default_rng(seed).normal(size=(count, len(OUTCOMES)))


def factorial_study(homicide, spread=3.0, noise=0.0):
    """A factorial study in which the homicide rate of combination s falls by homicide[s]; the rest is luck alone."""
    homicide = np.asarray(homicide, float)
    homicide = homicide if homicide.ndim == 2 else np.tile(homicide, (60, 1))
    count, cells = homicide.shape
    means = np.repeat(luck(count, spread)[:, None], cells, axis=1)
    own = noise * np.random.default_rng(8).normal(size=(count, cells))
    means[:, :, HOMICIDE] -= homicide + own
    made = factors(cells.bit_length() - 1)
    return Factorial(factors=made, cells=portfolios(made), futures=futures(count), outcomes=("homicide_rate",), means=means)


def tradeoff_study(homicide, governance, cost, *, draws=None, budget=None, thresholds=None):
    """A study of trade-offs with planted gains, float64 [future, option] or [option], and extra costs, [option]."""
    homicide, governance = (np.atleast_2d(np.asarray(each, float)) for each in (homicide, governance))
    count = max(len(homicide), len(governance), 60)
    options = homicide.shape[1]
    means = np.repeat(luck(count)[:, None], options, axis=1)
    means[:, :, HOMICIDE] -= homicide
    means[:, :, GOVERNANCE] -= governance
    means[:, :, COST] += np.asarray(cost, float)
    made = factors(options.bit_length() - 1)
    return Tradeoffs(
        factors=made,
        options=portfolios(made),
        enumerated=options,
        futures=futures(count, draws),
        objectives=("homicide_rate", "criminal_governance_index"),
        budget=budget,
        thresholds={"homicide_rate": 1.0, "criminal_governance_index": 1.0} | (thresholds or {}),
        means=means,
    )
