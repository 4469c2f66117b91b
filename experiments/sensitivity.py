"""Sensitivity: which parameters a result hangs on, and whether the policy's effect hangs on them too.

    design -> jobs -> sweep (what the store lacks) -> figures of four quantities -> indices, noise, convergence

Each row of the design runs two arms on the same future: nothing done, and the policy. Asked about are the level without
the policy, the level with it, the effect (their paired difference) and the effect as a share of the level without. An
answer about levels says little about effects: what moves homicide most may leave unmoved what a policy does to it.

With screening, a Morris design over everything chosen comes first, and the method itself runs over what stands above the
dummy there, the `top` largest. All runs are kept in a store; the same call again reads them and runs nothing.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from experiments.designs import Design, jobs, make_design
from experiments.estimators import Method, NoVarianceError, names_of, pairs
from experiments.factors import DUMMY, SEED, Factor, Grouping, choose
from experiments.influence import ShareOfNoiseError, find, growing, over_windows
from sim.faults import InputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

    from experiments.paired import Floats
    from experiments.runner import ExecutorName, Job, Progress
    from experiments.store import Keep, Store
    from sim.scenario import City, Policy, Shock

__all__ = ["OUTCOMES", "QUANTITIES", "TRAJECTORIES", "Plan", "Sensitivity", "keep_for", "plan", "sensitivity"]

OUTCOMES = ("homicide_rate", "criminal_governance_index")
"""The outcomes that are asked about when none is named."""

QUANTITIES = {
    "without": "level without the policy",
    "with": "level with the policy",
    "effect": "effect of the policy",
    "relative_effect": "effect as a share of the level without",
}
"""What is asked of every outcome: key and words. Without a policy there is only the first."""

TRAJECTORIES = 8
"""Morris trajectories of a screening when no number is given."""
TOP = 12
"""The most factors that a screening passes on when no number is given."""

UNMOVED, ALL_CHANCE = "does not vary", "chance alone"


@dataclass(frozen=True, kw_only=True)
class Sensitivity:
    """What a study found; every table is a DataFrame.

    Attributes
    ----------
    city, policy, months, scale, seed, outcomes
        What was run; `policy` is None where only the level was asked about.
    arms, settings, shocks, without
        What all rows share: the arms (nothing done first), parameters at other values, shocks, mechanisms switched off.
    design
        The rows; `design.factors` says what was varied and over which range.
    runs
        How many jobs (a city lived once under every arm) the design came to.
    indices
        outcome, quantity, factor, title, status, then the columns of `experiments.influence.Finding.table`. A row for each
        factor or group, largest index first, the seed and the dummy last.
    over_time
        outcome, quantity, year (from 1), factor, index, low, high: the main index of every whole year; one "year" where
        there are less than twelve months. Empty where the store does not keep the outcome by month.
    noise
        outcome, quantity, mean, deviation (over the design), share, low, high (noise share with its 95 % interval), alone,
        interacts, see `experiments.influence.Noise`.
    convergence
        outcome, quantity, width, change, ranks, converged, see `experiments.influence.Convergence`.
    growth
        outcome, quantity, samples, factor, index, low, high: the main index from an eighth, a quarter, half and all of the
        sample.
    pairs
        outcome, quantity, first, second, S2, S2_conf; empty unless pairs were asked for.
    screening
        The Morris study that came first, or None.
    notes
        What could not be told, a sentence each.
    """

    city: City
    policy: Policy | None
    months: int
    scale: float
    seed: int
    outcomes: tuple[str, ...]
    arms: tuple[Policy, ...]
    settings: Mapping[str, float]
    shocks: tuple[Shock, ...]
    without: tuple[str, ...]
    design: Design
    runs: int
    indices: pd.DataFrame
    over_time: pd.DataFrame
    noise: pd.DataFrame
    convergence: pd.DataFrame
    growth: pd.DataFrame
    pairs: pd.DataFrame
    screening: Sensitivity | None = None
    notes: tuple[str, ...] = ()

    @property
    def method(self) -> Method:
        """How the indices were found."""
        return self.design.method

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities that were told, in the order of `QUANTITIES`."""
        return tuple(key for key in QUANTITIES if key in set(self.indices["quantity"]))

    def of(self, outcome: str, quantity: str = "without") -> pd.DataFrame:
        """Return the indices of one outcome and quantity, largest first."""
        table = self.indices
        return table[(table["outcome"] == outcome) & (table["quantity"] == quantity)].reset_index(drop=True)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What a study would run.

    Attributes
    ----------
    factors
        How many factors are varied, the seed and the dummy aside.
    screening, main
        Jobs of the screening (0 without one), and at most of the method itself.
    arms
        Arms of a job.
    scale
        The scale that would be used.
    first
        The jobs that can be named beforehand: those of the screening, else those of the method.
    """

    factors: int
    screening: int
    main: int
    arms: int
    scale: float
    first: tuple[Job, ...]


@dataclass(frozen=True, kw_only=True)
class _Setting:
    """What all rows of a study share."""

    city: City
    arms: tuple[Policy, ...]
    outcomes: tuple[str, ...]
    months: int
    scale: float
    parameters: Mapping[str, float]
    shocks: tuple[Shock, ...]
    without: tuple[str, ...]


def sensitivity(
    city: City,
    policy: Policy | None = None,
    *,
    method: Method = "sobol",
    samples: int = 256,
    parameters: Sequence[str] = ("*",),
    outcomes: Sequence[str] = OUTCOMES,
    months: int = 60,
    scale: float | Literal["auto"] = "auto",
    seed: int = 1,
    store: Store | Path | str,
    screen: bool = False,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    group: Grouping | None = None,
    second_order: bool = False,
    settings: Mapping[str, float] | None = None,
    shocks: Sequence[Shock] = (),
    without: Sequence[str] = (),
    executor: ExecutorName = "threads",
    workers: int | None = None,
    scheduler: str | None = None,
    retry_failed: bool = False,
    progress: Progress | None = None,
) -> Sensitivity:
    """Tell what the outcomes of a city, and the effect of a policy, hang on.

    Parameters
    ----------
    city, policy
        Where, and what is done; without a policy only the level is asked about.
    method, samples
        See `experiments.estimators.draw`.
    parameters
        Names or patterns of what is varied, see `experiments.factors`.
    outcomes
        Names of outcomes.
    months, scale, seed
        Of every run; the study's seed gives its design and its futures.
    store
        Where the runs are kept, or the folder of such a store, which is made where there is none.
    screen, trajectories, top
        Whether a Morris design of so many trajectories comes first and how many factors at most it passes on.
    group
        Whether indices are told of groups of factors, and by what.
    second_order
        Whether sobol tells pairs too, at twice the runs.
    settings, shocks, without
        Parameters at other values, what befalls the city, mechanisms switched off: in all runs.
    executor, workers, scheduler
        Where runs are made; changes no result.
    retry_failed
        Whether runs that the store holds as failed are run again.
    progress
        Called with the share done, 0 to 1; returning False cancels.

    Raises
    ------
    InputError
        When a value cannot be used.
    FailedRunsError
        When runs failed or hold values that are not finite, with their number; nothing is told from the others.
    Cancelled
        After Ctrl-C, or when `progress` returned False; the runs that are done stay in the store.
    """
    from experiments.sweep import sweep

    factors = _factors(parameters, policy, method, screen=screen, group=group, top=top)
    first = _first_design(factors, method, samples, seed, screen, trajectories, group, second_order)
    most = _most_rows(first, factors, method, samples, screen, top, second_order)
    setting = _setting(city, policy, outcomes, months, scale, seed, most, settings, shocks, without)
    kept = _opened(store, setting.outcomes)

    def study(design: Design, began: float, share: float) -> Sensitivity:
        part: Progress | None = None
        if progress is not None:
            tell = progress
            part = lambda done: tell(began + share * done)  # noqa: E731 (a function of two lines reads no better)
        asked = _distinct_jobs(design, setting)
        sweep(
            asked,
            kept,
            executor=executor,
            workers=workers,
            scheduler=scheduler,
            progress=part,
            retry_failed=retry_failed,
        )
        return _told(design, setting, policy, asked, kept)

    if not screen:
        return study(first, 0.0, 1.0)
    weight = len(first.distinct()[0]) / most
    screened = study(first, 0.0, weight)
    chosen = _passed(screened, factors, top)
    design = make_design(method, chosen, samples=samples, seed=seed, second_order=second_order)
    return dataclasses.replace(study(design, weight, 1.0 - weight), screening=screened)


def plan(
    city: City,
    policy: Policy | None = None,
    *,
    method: Method = "sobol",
    samples: int = 256,
    parameters: Sequence[str] = ("*",),
    outcomes: Sequence[str] = OUTCOMES,
    months: int = 60,
    scale: float | Literal["auto"] = "auto",
    seed: int = 1,
    screen: bool = False,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    group: Grouping | None = None,
    second_order: bool = False,
    settings: Mapping[str, float] | None = None,
    shocks: Sequence[Shock] = (),
    without: Sequence[str] = (),
) -> Plan:
    """Say what a study would run, without running any of it; parameters as for `sensitivity`."""
    factors = _factors(parameters, policy, method, screen=screen, group=group, top=top)
    first = _first_design(factors, method, samples, seed, screen, trajectories, group, second_order)
    most = _most_rows(first, factors, method, samples, screen, top, second_order)
    setting = _setting(city, policy, outcomes, months, scale, seed, most, settings, shocks, without)
    known = len(first.distinct()[0])
    return Plan(
        factors=len(factors),
        screening=known if screen else 0,
        main=most - known if screen else known,
        arms=len(setting.arms),
        scale=setting.scale,
        first=tuple(_distinct_jobs(first, setting)),
    )


# What is run ----------------------------------------------------------------------------------------------------------


def _factors(
    parameters: Sequence[str], policy: Policy | None, method: Method, *, screen: bool, group: Grouping | None, top: int
) -> tuple[Factor, ...]:
    factors = choose(parameters, policy)
    if screen and method == "morris":
        raise InputError("--screen runs morris first; ask for another --method, or leave out --screen")
    if screen and group is not None:
        raise InputError("--screen chooses single factors; leave out --group or --screen")
    if top < 2:
        raise InputError(f"--top is {top}; a study of what matters needs two factors or more")
    return factors


def _first_design(
    factors: Sequence[Factor],
    method: Method,
    samples: int,
    seed: int,
    screen: bool,
    trajectories: int,
    group: Grouping | None,
    second_order: bool,
) -> Design:
    """Return the design that runs first; where that is the screening, the other's values are checked all the same."""
    if not screen:
        return make_design(method, factors, samples=samples, seed=seed, second_order=second_order, grouping=group)
    make_design(method, factors[:2], samples=samples, seed=seed, second_order=second_order)
    return make_design("morris", factors, samples=trajectories, seed=seed)


def _most_rows(
    first: Design, factors: Sequence[Factor], method: Method, samples: int, screen: bool, top: int, second_order: bool
) -> int:
    """Return how many jobs the study comes to at most."""
    rows = len(first.distinct()[0])
    if screen:
        widest = factors[: min(top, len(factors))]
        main = make_design(method, widest, samples=samples, seed=first.seed, second_order=second_order)
        rows += len(main.distinct()[0])
    return rows


def _setting(
    city: City,
    policy: Policy | None,
    outcomes: Sequence[str],
    months: int,
    scale: float | Literal["auto"],
    seed: int,
    rows: int,
    settings: Mapping[str, float] | None,
    shocks: Sequence[Shock],
    without: Sequence[str],
) -> _Setting:
    from sim.outcomes import OUTCOMES as EVERY_OUTCOME
    from sim.run import automatic_scale
    from sim.scenario import assemble, load_policy

    known = [outcome.name for outcome in EVERY_OUTCOME]
    for place, name in enumerate(outcomes):
        if name not in known:
            raise InputError(f"--outcome {name} is unknown; {did_you_mean(name, known)}")
        if name in outcomes[:place]:
            raise InputError(f"--outcome {name} is given twice; keep one")
    if not outcomes:
        raise InputError("--outcome is given no time; name what to ask about, such as --outcome homicide_rate")
    arms = (load_policy("baseline"), *([policy] if policy is not None else []))
    given = dict(settings or {})
    assemble(
        city,
        arms,
        shocks=shocks,
        months=months,
        seed=seed,
        scale=scale,
        parameters=given,
        without=without,
        source="sensitivity",
    )
    used = automatic_scale(city, months, rows * len(arms)) if scale == "auto" else float(scale)
    return _Setting(
        city=city,
        arms=arms,
        outcomes=tuple(outcomes),
        months=months,
        scale=used,
        parameters=given,
        shocks=tuple(shocks),
        without=tuple(without),
    )


def _opened(store: Store | Path | str, outcomes: tuple[str, ...]) -> Store:
    """Return the store; a new one keeps the outcomes by month that are asked about, besides its usual ones."""
    from experiments.store import SETTINGS, Store

    if isinstance(store, Store):
        return store
    folder = Path(store)
    return Store.open(folder, None if (folder / SETTINGS).exists() else keep_for(outcomes))


def keep_for(outcomes: Sequence[str]) -> Keep:
    """Return what a new store keeps by month: its usual outcomes and those that a study asks about."""
    from experiments.store import Keep

    return Keep(monthly=tuple(dict.fromkeys((*Keep().monthly, *outcomes))))


def _distinct_jobs(design: Design, setting: _Setting) -> list[Job]:
    return jobs(
        design,
        setting.city,
        setting.arms,
        months=setting.months,
        scale=setting.scale,
        parameters=setting.parameters,
        shocks=setting.shocks,
        without=setting.without,
        rows=design.distinct()[0],
    )


def _passed(screened: Sensitivity, factors: Sequence[Factor], top: int) -> tuple[Factor, ...]:
    """Return the factors that stand above the dummy for some outcome, at most `top`, those with the largest part first.

    Parts are shares of the largest elementary effect on the same figure. Levels without the policy and effects count
    alike; the level with the policy and the relative effect follow from them.
    """
    table = screened.indices
    scores: dict[str, float] = {}
    for _, part in table[table["quantity"].isin(("without", "effect"))].groupby(["outcome", "quantity"], sort=False):
        own = part[~part["factor"].isin((SEED, DUMMY))]
        bar = part.loc[part["factor"] == DUMMY, "high"].max()
        above = own[own["low"] > bar]
        for name, index in zip(above["factor"], above["index"] / own["index"].max(), strict=True):
            scores[name] = max(scores.get(name, 0.0), float(index))
    chosen = sorted(scores, key=lambda name: -scores[name])[:top]
    if len(chosen) < 2:
        raise InputError(
            f"--screen found {len(chosen)} factors above the dummy among {len(factors)}; vary others with --parameters, "
            "or raise --trajectories"
        )
    return tuple(factor for factor in factors if factor.name in chosen)


# What is told ---------------------------------------------------------------------------------------------------------


def _told(design: Design, setting: _Setting, policy: Policy | None, asked: Sequence[Job], store: Store) -> Sensitivity:
    """Tell what the stored runs of a design say."""
    from experiments.sweep import horizon_means, monthly
    from sim.outcomes import outcome_index

    place = design.distinct()[1]
    means = horizon_means(asked, store)[place]
    by_outcome = {name: means[:, :, outcome_index(name)] for name in setting.outcomes}
    notes: list[str] = []
    tables = _tables(design, by_outcome, notes)
    years = {}
    for name in setting.outcomes:
        if name in store.keep.monthly:
            years[name] = _yearly(monthly(asked, store, name))[place]
        else:
            notes.append(f"{name} is not kept by month in this store, so nothing is told of it over time.")
    return Sensitivity(
        city=setting.city,
        policy=policy,
        months=setting.months,
        scale=setting.scale,
        seed=design.seed,
        outcomes=setting.outcomes,
        arms=setting.arms,
        settings=setting.parameters,
        shocks=setting.shocks,
        without=setting.without,
        design=design,
        runs=len(asked),
        over_time=_over_time(design, years),
        notes=tuple(dict.fromkeys(notes)),
        **tables,
    )


def _tables(design: Design, by_outcome: Mapping[str, Floats], notes: list[str]) -> dict[str, Any]:
    """Return indices, noise, convergence and pairs; by_outcome: float64 [row, arm]."""
    import pandas as pd

    indices, grown, twos = [], [], []
    noise: list[dict[str, Any]] = []
    settled: list[dict[str, Any]] = []
    names = names_of(design.problem)
    for outcome, figures in by_outcome.items():
        for quantity, outputs in _quantities(figures):
            key = {"outcome": outcome, "quantity": quantity}
            level = {"mean": float(outputs.mean()), "deviation": float(outputs.std())}
            if not np.isfinite(outputs).all():
                count = int((~np.isfinite(outputs)).sum())
                notes.append(f"{outcome}: the level is zero in {count} of {outputs.size} rows, so no share of it is told.")
                continue
            try:
                found = find(design, outputs, seed=design.seed)
            except (NoVarianceError, ShareOfNoiseError) as fault:
                notes.append(f"{outcome}, {QUANTITIES[quantity]}: {fault}.")
                said = UNMOVED if isinstance(fault, NoVarianceError) else ALL_CHANCE
                indices.append(_nothing_to_tell(design, key, said))
                noise.append(key | level | {"share": 0.0 if said == UNMOVED else 1.0})
                settled.append(key | {"converged": False})
                continue
            indices.append(_ordered(found.table.assign(**key)))
            noise.append(key | level | {name: value for name, value in found.noise._asdict().items() if name != "variance"})
            settled.append(key | found.convergence._asdict())
            for samples, part in growing(design, outputs, seed=design.seed).items():
                frame = pd.DataFrame(part, columns=["index", "low", "high"])
                grown.append(frame.assign(**key, samples=samples, factor=names))
            if design.second_order:
                twos.append(pairs(design.problem, outputs[: design.rows], design.seed).assign(**key))
    table = pd.concat(indices, ignore_index=True)
    of_factor = {factor.name: factor for factor in design.factors}
    titles = [of_factor[name].title if name in of_factor else name.capitalize() for name in table["factor"]]
    statuses = [of_factor[name].status if name in of_factor else "" for name in table["factor"]]
    table = table.assign(title=titles, status=statuses)
    front = ["outcome", "quantity", "factor", "title", "status"]
    return {
        "indices": table[[*front, *(name for name in table.columns if name not in front)]],
        "noise": pd.DataFrame(noise),
        "convergence": pd.DataFrame(settled),
        "growth": _joined(grown, ["outcome", "quantity", "samples", "factor", "index", "low", "high"]),
        "pairs": _joined(twos, ["outcome", "quantity", "first", "second", "S2", "S2_conf"]),
    }


def _joined(frames: Sequence[pd.DataFrame], columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)


def _quantities(figures: Floats) -> Iterator[tuple[str, Floats]]:
    """Yield the key and the figures, float64 [row, ...], of each quantity; figures: float64 [row, arm, ...]."""
    yield "without", figures[:, 0]
    if figures.shape[1] > 1:
        effect = figures[:, 1] - figures[:, 0]
        level = np.abs(figures[:, 0])
        yield "with", figures[:, 1]
        yield "effect", effect
        yield "relative_effect", effect / np.where(level > 0, level, np.nan)


def _ordered(table: pd.DataFrame) -> pd.DataFrame:
    """Sort by the index, largest first, the seed and the dummy last."""
    last = table["factor"].map({SEED: 1, DUMMY: 2}).fillna(0)
    return (
        table.assign(last=last).sort_values(["last", "index"], ascending=[True, False], kind="stable").drop(columns="last")
    )


def _nothing_to_tell(design: Design, key: Mapping[str, str], said: str) -> pd.DataFrame:
    import pandas as pd

    names = names_of(design.problem)
    table = pd.DataFrame({"factor": names, "index": np.nan, "low": np.nan, "high": np.nan, "half": np.nan, "verdict": said})
    return table.assign(**key)


def _yearly(months: np.ndarray) -> Floats:
    """Return the mean of every whole year, or of all months where there is none: float64 [row, arm, year]."""
    years = max(1, months.shape[2] // 12)
    length = min(12, months.shape[2])
    kept = months[:, :, : years * length].astype(np.float64)
    means: Floats = kept.reshape(*months.shape[:2], years, length).mean(axis=3)
    return means


def _over_time(design: Design, years: Mapping[str, Floats]) -> pd.DataFrame:
    import pandas as pd

    names = names_of(design.problem)
    columns = ["outcome", "quantity", "year", "factor", "index", "low", "high"]
    frames = []
    for outcome, figures in years.items():
        for quantity, outputs in _quantities(figures):
            found = over_windows(design, outputs, seed=design.seed)
            count = len(found)
            frame = pd.DataFrame(found.reshape(-1, 3), columns=["index", "low", "high"])
            frame["factor"] = names * count
            frame["year"] = np.repeat(np.arange(1, count + 1), len(names))
            frames.append(frame.assign(outcome=outcome, quantity=quantity))
    return _joined(frames, columns)
