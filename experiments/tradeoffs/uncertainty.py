"""Many futures, each with a draw of its own of luck and of parameters, and every arm lived through each of them.

    future r:  seed_r = replication_seed(seed, r),   theta_r = r-th point of a scrambled Sobol sequence over the parameters
               all arms of the future share both, so that differences between arms are paired

The sequence depends on the study's seed and on which parameters are drawn: a longer study begins with the draws of a
shorter one, and a store that holds the shorter is not asked to run it again. Intervals over such draws take them for
independent ones, which makes them somewhat too wide, never too narrow on average.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np

from experiments.comparison.paired import Floats
from experiments.comparison.windows import check_windows
from experiments.execution.execution import Execution
from experiments.execution.extensions import NOTHING_MORE, Extensions, take_extensions
from experiments.execution.runner import Job, replication_seed, used_scale
from experiments.sensitivity.factors import Factor
from experiments.store.runs import Window, run_means

if TYPE_CHECKING:
    from experiments.execution.extensions import StudySettings
    from sim.scenario import City, CityLike, Policy, ScenarioSettings, Shock

__all__ = [
    "Draw",
    "Draws",
    "Futures",
    "draw_parameters",
    "drawn_of",
    "live",
    "make_futures",
    "standing",
    "strengths",
    "with_ranges",
]

LEAST_REPLICATIONS = 2

Draw = Sequence[str] | Mapping[str, tuple[float, float] | None]
"""Names or patterns of parameters that every future draws again; a mapping gives ranges of one's own, or None."""


@dataclass(frozen=True, eq=False)
class Draws:
    """Parameters drawn together, one row a future.

    Attributes
    ----------
    factors
        The parameters, with their ranges.
    units
        float64 [future, parameter], points of the unit cube.
    """

    factors: tuple[Factor, ...]
    units: Floats

    @property
    def names(self) -> list[str]:
        """The names of the parameters."""
        return [factor.name for factor in self.factors]

    @property
    def values(self) -> Floats:
        """float64 [future, parameter], in the units of the parameters."""
        if not self.factors:
            return self.units
        return np.column_stack([factor.values(self.units[:, place]) for place, factor in enumerate(self.factors)])


def with_ranges(draw: Sequence[str], ranges: Mapping[str, tuple[float, float]]) -> Draw:
    """Return names or patterns of what is drawn together with ranges of one's own; what has one is drawn."""
    return {**dict.fromkeys(draw), **ranges} if ranges else draw


def drawn_of(
    factors: Sequence[Policy],
    draw: Sequence[str] | None,
    ranges: Mapping[str, tuple[float, float]],
    settings: StudySettings | ScenarioSettings,
) -> Draw | None:
    """Return what is drawn, with ranges of one's own: None means the strengths of the factors' measures.

    Parameters
    ----------
    factors
        What is combined.
    draw, ranges
        Names or patterns of parameters, and ranges by name; what has one is drawn.
    settings
        Parameters that are set are not drawn.
    """
    if not ranges:
        return draw
    strong = [name for name in strengths(factors) if name not in settings.get("parameters", {})]
    return with_ranges(strong if draw is None else draw, ranges)


def draw_parameters(globs: Draw, count: int, seed: int) -> Draws:
    """Draw the parameters that names or patterns choose; none at all where no pattern is given.

    Parameters
    ----------
    globs
        Names or shell patterns such as "gangs.*"; parameters calibrated to each city are drawn only where named in full.
        A mapping gives the lowest and highest value of some.
    count, seed
        How many futures, and the study's seed.

    Raises
    ------
    InputError
        When a pattern chooses nothing, or anything but parameters.
    """
    from experiments.sensitivity.factors import choose
    from sim.errors import InputError

    if not globs:
        return Draws((), np.zeros((count, 0)))
    try:
        ranges = {name: ends for name, ends in globs.items() if ends is not None} if isinstance(globs, Mapping) else {}
        factors = choose([name for name in globs if name not in ranges], ranges=ranges)
    except InputError as error:
        raise InputError(str(error).replace("--parameters", "--draw")) from None
    for factor in factors:
        if factor.kind != "parameter":
            raise InputError(f"--draw {factor.name}: only parameters are drawn; leave out {factor.kind}s")
    return Draws(factors, _sobol(len(factors), count, seed))


def _sobol(dimensions: int, count: int, seed: int) -> Floats:
    """Return the first points of a scrambled Sobol sequence: float64 [count, dimensions]."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))
    with warnings.catch_warnings():
        # It says that the balance is best at powers of two; a longer study must begin with the draws of a shorter one.
        warnings.simplefilter("ignore", UserWarning)
        units: Floats = sequence.random(count)
    return units


def strengths(policies: Sequence[Policy]) -> tuple[str, ...]:
    """Return the names of the parameters that say how strongly the measures of these policies act, and what they cost."""
    used = [use.declared for policy in policies for use in policy.measures]
    act = [change.parameter for measure in used for change in measure.changes]
    cost = [name for measure in used for name in measure.cost_parameters if name]
    return tuple(dict.fromkeys((*act, *cost)))


@dataclass(frozen=True, eq=False, kw_only=True)
class Futures:
    """What all arms of a study share: the city, how long, which seeds, and which parameters.

    Attributes
    ----------
    city, months, seed, scale, parameters, shocks, without
        As for a comparison; `scale` is the one that was used.
    seeds
        The seed of every future.
    draws
        The parameters drawn in each.
    window
        First and last month, from 1, over which outcomes are averaged; None means all months.
    study
        Name of the study that asks, for the store's table of runs.
    extensions
        Outcomes of the user's own, and a rule after each month.
    """

    city: City
    months: int
    seed: int
    scale: float
    seeds: tuple[int, ...]
    draws: Draws
    parameters: Mapping[str, float]
    shocks: tuple[Shock, ...] = ()
    without: tuple[str, ...] = ()
    window: Window | None = None
    study: str = ""
    extensions: Extensions = NOTHING_MORE

    @property
    def replications(self) -> int:
        """How many futures there are."""
        return len(self.seeds)

    def headline(self) -> str:
        """Return in one line how the study was run."""
        drawn = f", {len(self.draws.names)} parameters drawn" if self.draws.names else ""
        how = f"{self.months} months, {self.replications} futures, seed {self.seed}, scale {self.scale:g}"
        return f"{self.city.name}, {how}{drawn}"

    def jobs(self, arms: Sequence[Policy]) -> list[Job]:
        """Return one job a future, with these arms."""
        names, values = self.draws.names, self.draws.values
        return [
            Job(
                city=self.city,
                policies=tuple(arms),
                seed=seed,
                months=self.months,
                scale=self.scale,
                parameters={**self.parameters, **dict(zip(names, map(float, values[place]), strict=True))},
                shocks=self.shocks,
                without=self.without,
                study=self.study,
                extensions=self.extensions,
            )
            for place, seed in enumerate(self.seeds)
        ]

    def heading(self) -> dict[str, Any]:
        """Return how the study was made, as JSON can hold it."""
        window = {} if self.window is None else {"window": list(self.window)}
        return {
            "city": self.city.name,
            "months": self.months,
            "replications": self.replications,
            "seed": self.seed,
            "scale": self.scale,
            "without": list(self.without),
            "parameters": dict(self.parameters),
            "drawn": self.draws.names,
            **window,
        }


def make_futures(
    city: CityLike,
    arms: Sequence[Policy],
    *,
    study: str,
    draw: Draw = (),
    window: Window | None = None,
    execution: Execution | None = None,
    **settings: Unpack[StudySettings],
) -> Futures:
    """Check a study and return its futures.

    Parameters
    ----------
    city, arms, settings
        As for `experiments.comparison.compare.compare`; `arms` are only checked.
    study
        Name of the study that asks.
    draw
        Names or patterns of the parameters that every future draws again.
    window
        First and last month, from 1, over which outcomes are averaged; None means all months.

    Raises
    ------
    InputError
        When a value cannot be run, a single future is asked for, or a parameter is both drawn and set.
    """
    from sim.errors import InputError
    from sim.scenario import assemble

    extensions, given_settings = take_extensions(settings, execution)
    scenario = assemble(city, arms, source="study", **given_settings)
    count, seed, given = scenario.replications, scenario.seed, scenario.parameters
    if count < LEAST_REPLICATIONS:
        raise InputError(f"replications is {count}; a single future tells nothing about luck, ask for 2 or more")
    if window is not None:
        check_windows([window], scenario.months)
    draws = draw_parameters(draw, count, seed)
    for name in draws.names:
        if name in given:
            raise InputError(f"{name} is drawn and set to {given[name]:g} at once; leave out --set or --draw")
    return Futures(
        city=scenario.city,
        months=scenario.months,
        seed=seed,
        scale=used_scale(scenario),
        seeds=tuple(replication_seed(seed, replication) for replication in range(count)),
        draws=draws,
        parameters=given,
        shocks=scenario.shocks,
        without=scenario.without,
        window=window,
        study=study,
        extensions=extensions,
    )


def live(futures: Futures, arms: Sequence[Policy], execution: Execution) -> Floats:
    """Run every future with every arm, as far as the store does not hold it, and return what came of it.

    Parameters
    ----------
    futures, arms
        What to run.
    execution
        How the runs are made, and where they are kept; changes no result.

    Returns
    -------
    float64 [future, arm, outcome]
        Means over all months, or over the window, of every outcome of `sim.outcomes`; then the outcomes of the user's own.

    Raises
    ------
    InputError, FailedJobsError, Cancelled
        As `experiments.store.runs.run_means` raises them; whatever ran by then stays in the store.
    """
    return run_means(futures.jobs(arms), execution, window=futures.window).means


def standing(futures: Futures) -> str:
    """Say what the intervals cover, and how much of the model is judgement."""
    from sim.parameters import PARAMETERS

    judged = sum(each.status == "judgement" for each in PARAMETERS)
    drawn = len(futures.draws.factors)
    part = f"{judged} of the model's {len(PARAMETERS)} parameters are judgement"
    if not drawn:
        return f"Intervals cover luck alone: {part}, and doubt about them is wider. In this model; no forecast."
    guessed = sum(factor.status == "judgement" for factor in futures.draws.factors)
    own = f"{drawn} parameters drawn over their ranges ({guessed} of them judgement)"
    rest = f"{part}, and doubt about the rest and about the form of the model is not in them"
    return f"Intervals cover luck and {own}; {rest}. No forecast."
