"""A search over how strongly each measure is used, for portfolios that no combination of whole policies would give.

    x_m in {0, .1, .., 1}   level of measure m, as a share of its level in the policy that brings it
    objectives              mean gains over a few futures set apart for the search (NSGA-II for two, NSGA-III for more)
    constraint              mean extra cost <= budget

The futures of a search are few and met again and again, so what looks best there was partly lucky. Its proposals are
therefore lived through the futures of the study itself, which the search has not met
(`experiments.tradeoffs.study.join`), and only those figures are told; `optimism` says by how much the search was wrong.
All candidates of a generation are arms of the same jobs. With a store, a search that was stopped goes on from there, and
the same search runs nothing again. pymoo comes with the extra `research`.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.paired import Floats
from experiments.execution.execution import Execution
from experiments.execution.runner import replication_seed
from experiments.tradeoffs.portfolios import combine
from experiments.tradeoffs.uncertainty import Draws, Futures, draw_parameters, live

if TYPE_CHECKING:
    from experiments.tradeoffs.study import Tradeoffs
    from sim.scenario import Policy

__all__ = ["Search", "at_levels", "search", "set_apart"]

STEPS = 10
"""Levels are tenths: what a city can tell apart, and few enough that the same candidate comes again."""

APART = 2**40
"""The futures of a search are numbered from here, where no study has any."""

POPULATION = 24
"""Candidates of a generation, if no other number is given; NSGA-III takes more where its directions are more."""

FUTURES = 8
"""Futures over which each candidate is looked at, if no other number is given."""

MOST_CANDIDATES = 12
"""Proposals that are lived through the study's futures, spread evenly over the first objective."""

PARTITIONS = {2: 12, 3: 6, 4: 4}
"""Divisions of the reference directions of NSGA-III by the number of objectives."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Search:
    """What a search proposed.

    Attributes
    ----------
    candidates
        Policies on the front of the search's own futures, twelve at most, without the study's own combinations.
    levels
        float64 [candidate, measure]: shares of full level.
    measures
        The measures, by row.
    promised
        float64 [candidate, objective]: mean gains on the search's futures.
    evaluated
        How many different candidates were looked at.
    generations, population, futures
        How far it went.
    """

    candidates: tuple[Policy, ...]
    levels: Floats
    measures: tuple[str, ...]
    promised: Floats
    evaluated: int
    generations: int
    population: int
    futures: int

    def optimism(self, study: Tradeoffs) -> Floats:
        """Return by how much the search promised more than the study's futures give: float64 [candidate, objective]."""
        places = [study.names.index(each.name) for each in self.candidates]
        given = np.stack([study.gains(objective).mean(axis=0)[places] for objective in study.objectives], axis=1)
        return self.promised - given


def search(
    study: Tradeoffs,
    *,
    generations: int = 8,
    population: int = POPULATION,
    futures: int = FUTURES,
    derogating: bool = False,
    execution: Execution | None = None,
) -> Search:
    """Search over the intensities of the measures of a study's factors, under its budget.

    Parameters
    ----------
    study
        The enumerated study. With a single objective, that one is weighed against cost.
    generations, population, futures
        How long the search goes on, how many candidates a generation has, over how many futures each is looked at.
    derogating
        Whether it may propose measures that set rights aside, such as mass arrests.
    execution
        How the runs are made, and where they are kept; changes no result.

    Raises
    ------
    InputError
        When pymoo is not installed, or there is no measure to search over.
    Cancelled
        After Ctrl-C, or when the progress returned False; whatever ran by then stays in the store.
    """
    from sim.errors import InputError

    whole = study.factors[0] if len(study.factors) == 1 else combine(study.factors)
    if not derogating and any(use.declared.derogates for use in whole.measures):
        whole = whole.model_copy(update={"measures": tuple(use for use in whole.measures if not use.declared.derogates)})
        if not whole.measures:
            raise InputError("--search: the factors hold only measures that set rights aside; allow them by --derogating")
    if not whole.measures:
        raise InputError("--search: the factors hold no measure whose intensity could be searched; name other factors")
    apart = set_apart(study.futures, futures)

    evaluate = _Evaluation(study, whole, apart, execution or Execution(), generations)
    _evolve(evaluate, generations, population, study.futures.seed)
    levels, gains, costs = evaluate.everything()
    chosen = _worth_a_look(study, whole, levels, gains, costs)
    return Search(
        candidates=tuple(at_levels(whole, level) for level in levels[chosen]),
        levels=levels[chosen],
        measures=tuple(use.measure for use in whole.measures),
        promised=gains[chosen],
        evaluated=len(levels),
        generations=generations,
        population=population,
        futures=futures,
    )


def set_apart(futures: Futures, count: int) -> Futures:
    """Return futures of their own for a search: other luck and other draws of the same parameters."""
    seeds = tuple(replication_seed(futures.seed, APART + each) for each in range(count))
    names = futures.draws.names
    draws = draw_parameters(names, count, seeds[0]) if names else Draws((), np.zeros((count, 0)))
    return replace(futures, seeds=seeds, draws=draws)


def at_levels(whole: Policy, levels: Floats) -> Policy:
    """Return a policy with each measure at a share of its level; measures at nothing are left out.

    Parameters
    ----------
    whole
        The policy at full level.
    levels
        float64 [measure], 0 to 1.
    """
    from sim.scenario import Policy
    from sim.scenario.level import level_text

    uses = [use.at(float(level), digits=6) for use, level in zip(whole.measures, levels, strict=True) if level > 0]
    digest = hashlib.blake2b(np.round(levels * STEPS).astype(np.int8).tobytes(), digest_size=4)
    digest.update(repr([(use.measure, use.where, use.start, use.level) for use in whole.measures]).encode())
    said = ", ".join(f"{use.measure} {level_text(use.level)}" for use in uses) or "nothing"
    title = f"Mix {digest.hexdigest()[:4]}"
    return Policy(name=f"mix-{digest.hexdigest()}", title=title, about=f"Found by a search: {said}.", measures=tuple(uses))


class _Evaluation:
    """Looks at candidates over the search's futures, each only once."""

    def __init__(self, study: Tradeoffs, whole: Policy, futures: Futures, execution: Execution, generations: int) -> None:
        self.study, self.whole, self.futures, self.execution = study, whole, futures, execution
        self.generations = generations
        self.known: dict[tuple[int, ...], tuple[Floats, float]] = {}
        self.generation = 0

    def __call__(self, tenths: NDArray[np.int64]) -> tuple[Floats, Floats]:
        """Return mean gains, float64 [candidate, objective], and mean extra costs, float64 [candidate]."""
        keys = [tuple(int(each) for each in row) for row in tenths]
        new = [key for key in dict.fromkeys(keys) if key not in self.known]
        if new:
            from sim.scenario import load_policy

            arms = [load_policy("baseline"), *(at_levels(self.whole, np.array(key) / STEPS) for key in new)]
            part = self.execution.part(min(1.0, self.generation / self.generations), 1.0 / self.generations)
            means = live(self.futures, arms, part)
            here = replace(self.study, options=tuple(arms), futures=self.futures, means=means)
            gains = np.stack([here.gains(each).mean(axis=0) for each in self.study.objectives], axis=1)
            costs = here.costs.mean(axis=0)
            self.known |= {key: (gains[place], float(costs[place])) for place, key in enumerate(new, start=1)}
        self.generation += 1
        found = [self.known[key] for key in keys]
        return np.stack([gain for gain, _ in found]), np.array([cost for _, cost in found])

    def everything(self) -> tuple[Floats, Floats, Floats]:
        """Return levels, gains and costs of every candidate looked at, in the order in which they came."""
        levels = np.array(list(self.known), dtype=np.float64) / STEPS
        found = list(self.known.values())
        return levels, np.stack([gain for gain, _ in found]), np.array([cost for _, cost in found])


def _evolve(evaluate: _Evaluation, generations: int, population: int, seed: int) -> None:
    """Let pymoo propose one generation after the other."""
    study, measures = evaluate.study, len(evaluate.whole.measures)
    against_cost = len(study.objectives) == 1
    budget = study.budget
    objectives = len(study.objectives) + against_cost
    # pymoo draws from a generator of its own; numpy's global state, which some of its parts touch, is put back.
    state = np.random.get_state()  # noqa: NPY002

    def begin(size: int) -> NDArray[np.int64]:
        return _first_generation(evaluate, size, seed)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            problem_type, minimize, algorithm = _pymoo(objectives, population, begin)

            class Levels(problem_type):  # type: ignore[misc, valid-type]
                """Levels of measures as pymoo sees them: tenths, losses to make small, and cost above the budget."""

                def __init__(self) -> None:
                    limits = {"n_ieq_constr": 0 if budget is None else 1}
                    super().__init__(n_var=measures, n_obj=objectives, xl=0, xu=STEPS, vtype=int, **limits)

                def _evaluate(self, x: Any, out: dict[str, Any], *_: Any, **__: Any) -> None:
                    gains, costs = evaluate(np.clip(np.rint(x), 0, STEPS).astype(np.int64))
                    out["F"] = np.column_stack([-gains, costs]) if against_cost else -gains
                    if budget is not None:
                        out["G"] = (costs - budget)[:, None]

            minimize(Levels(), algorithm, ("n_gen", generations), seed=seed % 2**31, verbose=False)
        finally:
            np.random.set_state(state)  # noqa: NPY002


def _first_generation(evaluate: _Evaluation, population: int, seed: int) -> NDArray[np.int64]:
    """Return the candidates a search begins with: the study's combinations, as many as fill half, and random ones."""
    whole, study = evaluate.whole.measures, evaluate.study
    rows = {use.model_dump_json(): place for place, use in enumerate(whole)}
    known = []
    for option in study.options[1 : study.enumerated]:
        levels = np.zeros(len(whole), dtype=np.int64)
        levels[[rows[key] for key in (use.model_dump_json() for use in option.measures) if key in rows]] = STEPS
        known.append(levels)
    affordable = [levels for levels, kept in zip(known, study.affordable[1 : study.enumerated], strict=True) if kept]
    half = np.array((affordable or known)[: max(1, population // 2)])
    random = np.random.default_rng(seed).integers(0, STEPS + 1, (population - len(half), len(whole)))
    return np.concatenate([half, random])


def _pymoo(objectives: int, population: int, begin: Callable[[int], NDArray[np.int64]]) -> tuple[Any, Any, Any]:
    """Return pymoo's class of problems, its loop, and the algorithm for so many objectives."""
    from sim.errors import InputError

    try:
        from pymoo.algorithms.moo.nsga2 import NSGA2
        from pymoo.algorithms.moo.nsga3 import NSGA3
        from pymoo.core.problem import Problem
        from pymoo.operators.crossover.sbx import SBX
        from pymoo.operators.mutation.pm import PM
        from pymoo.operators.repair.rounding import RoundingRepair
        from pymoo.optimize import minimize
        from pymoo.util.ref_dirs import get_reference_directions
    except ImportError:
        remedy = "install the extra: pip install 'citysafety[research]'"
        raise InputError(f"--search needs the package pymoo, which is not installed; {remedy}") from None
    how: dict[str, Any] = {
        "crossover": SBX(prob=0.9, eta=15, vtype=float, repair=RoundingRepair()),
        "mutation": PM(eta=20, vtype=float, repair=RoundingRepair()),
        "eliminate_duplicates": True,
    }
    if objectives == 2:
        return Problem, minimize, NSGA2(pop_size=population, sampling=begin(population), **how)
    directions = get_reference_directions("das-dennis", objectives, n_partitions=PARTITIONS.get(objectives, 3))
    size = max(population, len(directions))
    return Problem, minimize, NSGA3(ref_dirs=directions, pop_size=size, sampling=begin(size), **how)


def _worth_a_look(study: Tradeoffs, whole: Policy, levels: Floats, gains: Floats, costs: Floats) -> NDArray[np.intp]:
    """Return the affordable candidates on the search's own front, without those that are a combination of the study."""
    from experiments.tradeoffs.robustness import on_front

    allowed = np.ones(len(levels), dtype=bool) if study.budget is None else costs <= study.budget
    weighed = np.column_stack([gains, -costs]) if gains.shape[1] == 1 else gains
    front = on_front(weighed, allowed)
    known = {_uses(option) for option in study.options}
    new = [_uses(at_levels(whole, level)) not in known for level in levels]
    found = np.flatnonzero(front & np.array(new, dtype=bool))
    along = found[np.argsort(gains[found, 0], kind="stable")]
    kept = np.unique(np.linspace(0, len(along) - 1, min(len(along), MOST_CANDIDATES)).round().astype(np.intp))
    return along[kept] if len(along) else along


def _uses(policy: Policy) -> frozenset[str]:
    return frozenset(use.model_dump_json() for use in policy.measures)
