"""What a sensitivity study found: its tables, and how they are made from the figures of a design.

Every row of a design has two arms on the same future: nothing done, and the policy. Of each outcome four quantities are
told: the level without the policy, the level with it, the effect (their paired difference) and the effect as a share of
the level without.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from experiments.comparison.displayed import Displayed
from experiments.sensitivity.estimates import ShareOfNoiseError
from experiments.sensitivity.estimators import Method, NoVarianceError, names_of
from experiments.sensitivity.factors import DUMMY, SEED, Factor
from experiments.sensitivity.influence import INFLUENTIAL, find, growing, over_windows
from experiments.sensitivity.nested import pairs
from sim.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from experiments.comparison.paired import Floats
    from experiments.sensitivity.designs import Design
    from sim.scenario import City, Policy, Shock

__all__ = ["QUANTITIES", "Sensitivity", "over_time", "passed", "tables", "yearly"]

QUANTITIES = {
    "without": "level without the policy",
    "with": "level with the policy",
    "effect": "effect of the policy",
    "relative_effect": "effect as a share of the level without",
}
"""What is asked of every outcome: key and words. Without a policy there is only the first."""

UNMOVED, ALL_CHANCE = "does not vary", "chance alone"


@dataclass(frozen=True, repr=False, kw_only=True)
class Sensitivity(Displayed):
    """What a study found; every table is a DataFrame.

    Attributes
    ----------
    city, policy, months, scale, seed, outcomes
        What was run; `policy` is None where only the level was asked about.
    arms, settings, shocks, without
        What all rows share: the arms (nothing done first), parameters at other values, shocks, mechanisms switched off.
    design
        The rows; `design.factors` says what was varied and over which range.
    outputs
        float64 [row, arm, outcome]: what each row came to, averaged over the months that were asked.
    runs
        How many jobs (a city lived once under every arm) the design came to.
    indices
        outcome, quantity, factor, title, status, then the columns of `experiments.sensitivity.influence.Finding.table`.
        A row for each factor or group, largest index first, the seed and the dummy last.
    over_time
        outcome, quantity, year (from 1), factor, index, low, high: the main index of every whole year; one "year" where
        there are less than twelve months. Empty where the store does not keep the outcome by month.
    noise
        outcome, quantity, mean, deviation (over the design), share, low, high (noise share with its 95 % interval), alone,
        interacts, see `experiments.sensitivity.estimates.Noise`.
    convergence
        outcome, quantity, width, change, ranks, converged, see `experiments.sensitivity.influence.Convergence`.
    growth
        outcome, quantity, samples, factor, index, low, high: the main index from an eighth, a quarter, half and all of the
        sample.
    pairs
        outcome, quantity, first, second, S2, S2_low, S2_high; empty unless pairs were asked for.
    screening
        The Morris study that came first, or None.
    notes
        What could not be told, a sentence each.
    window
        First and last month, from 1, over which outcomes were averaged; None means all months.
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
    outputs: Floats
    runs: int
    indices: pd.DataFrame
    over_time: pd.DataFrame
    noise: pd.DataFrame
    convergence: pd.DataFrame
    growth: pd.DataFrame
    pairs: pd.DataFrame
    screening: Sensitivity | None = None
    notes: tuple[str, ...] = ()
    window: tuple[int, int] | None = None

    @property
    def method(self) -> Method:
        """How the indices were found."""
        return self.design.method

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities that were told, in the order of `QUANTITIES`."""
        return tuple(key for key in QUANTITIES if key in set(self.indices["quantity"]))

    @property
    def drawn_by(self) -> str:
        """The module that draws it."""
        return "experiments.sensitivity.figures"

    def headline(self) -> str:
        """Return in one line what was asked."""
        policy = "no policy" if self.policy is None else self.policy.name
        how = f"{self.method}, {len(self.design.factors)} factors, {self.runs} runs of {self.months} months"
        return (
            f"{', '.join(self.outcomes)} in {self.city.name} under {policy}; {how}, seed {self.seed}, scale {self.scale:g}"
        )

    def overview(self) -> pd.DataFrame:
        """Return the columns of `indices` that say most, the largest index of each outcome and quantity first."""
        return self.indices[["outcome", "quantity", "factor", "index", "low", "high", "verdict"]]

    def of(self, outcome: str, quantity: str = "without") -> pd.DataFrame:
        """Return the indices of one outcome and quantity, largest first."""
        table = self.indices
        return table[(table["outcome"] == outcome) & (table["quantity"] == quantity)].reset_index(drop=True)


def tables(design: Design, by_outcome: Mapping[str, Floats], notes: list[str]) -> dict[str, Any]:
    """Return the tables of a study but the one over time, by the name they have in `Sensitivity`.

    Parameters
    ----------
    design
        The rows.
    by_outcome
        Name to float64 [row, arm]: horizon means.
    notes
        Where a sentence is added for whatever cannot be told.
    """
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
                twos.append(pairs(design, outputs).assign(**key))
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
        "pairs": _joined(twos, ["outcome", "quantity", "first", "second", "S2", "S2_low", "S2_high"]),
    }


def over_time(design: Design, years: Mapping[str, Floats]) -> pd.DataFrame:
    """Return the main index of every year, as `Sensitivity` has it.

    Parameters
    ----------
    design
        The rows.
    years
        Name to float64 [row, arm, year].
    """
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


def yearly(months: NDArray[np.float32]) -> Floats:
    """Return the mean of every whole year, or of all months where there is none.

    Parameters
    ----------
    months
        float32 [row, arm, month].

    Returns
    -------
    float64 [row, arm, year]
    """
    years = max(1, months.shape[2] // 12)
    length = min(12, months.shape[2])
    kept = months[:, :, : years * length].astype(np.float64)
    means: Floats = kept.reshape(*months.shape[:2], years, length).mean(axis=3)
    return means


def passed(screened: Sensitivity, factors: Sequence[Factor], top: int) -> tuple[Factor, ...]:
    """Return the factors that stand above the dummy for some outcome, at most `top`.

    Figures (the level without the policy and the effect, of each outcome) take turns to name the next largest of theirs, so
    that none with one giant, or with many alike, fills the list: first those that are called influential, since chance alone
    gives every factor a size. The level with the policy and the relative effect follow from these.

    Parameters
    ----------
    screened
        A Morris study.
    factors
        What it varied, in the order in which they are returned.
    top
        How many at most.

    Raises
    ------
    InputError
        When less than two stand above the dummy.
    """
    table = screened.indices
    rankings: list[list[str]] = []
    for _, part in table[table["quantity"].isin(("without", "effect"))].groupby(["outcome", "quantity"], sort=False):
        own = part[~part["factor"].isin((SEED, DUMMY))].assign(sure=part["verdict"] == INFLUENTIAL)
        bar = part.loc[part["factor"] == DUMMY, "high"].max()
        rankings.append(own[own["low"] > bar].sort_values(["sure", "index"], ascending=False)["factor"].tolist())
    turns = (name for place in itertools.zip_longest(*rankings) for name in place if name is not None)
    chosen = list(dict.fromkeys(turns))[:top]
    if len(chosen) < 2:
        raise InputError(
            f"--screen found {len(chosen)} factors above the dummy among {len(factors)}; vary others with --parameters, "
            "or raise --trajectories"
        )
    return tuple(factor for factor in factors if factor.name in chosen)


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
