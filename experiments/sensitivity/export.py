"""A study as tables for whoever analyses it again: its factors, the inputs of every row (X), and the outputs (Y).

    factors   a row a factor: what it is, its range, its distribution or levels, its unit and standing
    design    a row a row of the design, in its order: number, future, seed of the runs, then the value of each factor
    outputs   a row a row of the design and arm: number, policy, then each outcome averaged over the months that were asked

Together with `summary.json` (method, samples, seed, versions) they are all that an index is made of: programs such as R's
sensitivity and sensobol read them. Values are in the units of the factors, and those of the seed and the dummy are the
points of the unit interval; numbers are written so that reading them gives the same ones.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from experiments.sensitivity.tables import Sensitivity

__all__ = ["design_table", "export", "factors_table", "outputs_table"]

ROW_ORDER = {
    "sobol": "sixteen sequences take turns block by block; a block is A, A with each group in turn of B (with pairs also B "
    "with each group in turn of A), then B, and every block stands twice: in one future, then in another",
    "shapley": "trajectories one after another, each twice: in one future, then in another",
    "morris": "trajectories one after another, of one row more than there are groups",
    "pawn": "a Latin hypercube, then rows that repeat the first ones in another future",
    "delta": "a Latin hypercube, then rows that repeat the first ones in another future",
    "rbd-fast": "a Latin hypercube, then rows that repeat the first ones in another future",
}
"""How the rows of a design stand, by method."""


def export(study: Sensitivity) -> dict[str, pd.DataFrame]:
    """Return the three tables by the name of their file."""
    return {"factors": factors_table(study), "design": design_table(study), "outputs": outputs_table(study)}


def factors_table(study: Sensitivity) -> pd.DataFrame:
    """Return a row for each factor, in the order of the columns of the design.

    Returns
    -------
    DataFrame
        factor, kind, group (its own name where nothing is grouped), low, high, distribution (uniform, loguniform or levels),
        levels (divided by spaces; empty where there are none), unit, status, title.
    """
    import pandas as pd

    from experiments.sensitivity.factors import groups_of

    factors = study.design.factors
    groups = groups_of(factors, study.design.grouping)
    rows = [
        {
            "factor": each.name,
            "kind": each.kind,
            "group": group,
            "low": min(each.levels, default=each.low),
            "high": max(each.levels, default=each.high),
            "distribution": each.spread,
            "levels": " ".join(f"{level:g}" for level in each.levels),
            "unit": each.unit,
            "status": each.status,
            "title": each.title,
        }
        for each, group in zip(factors, groups, strict=True)
    ]
    return pd.DataFrame(rows)


def design_table(study: Sensitivity) -> pd.DataFrame:
    """Return the inputs: row (from 1), future (its number), seed (of the runs), then a column for each factor."""
    import pandas as pd

    from experiments.execution.runner import replication_seed

    design = study.design
    futures, place = np.unique(design.futures, return_inverse=True)
    seeds = np.array([replication_seed(design.seed, int(future)) for future in futures], dtype=np.int64)
    first = {"row": np.arange(1, len(design.futures) + 1), "future": design.futures, "seed": seeds[place.ravel()]}
    values = pd.DataFrame(design.values, columns=[_column(factor.name) for factor in design.factors])
    return pd.concat([pd.DataFrame(first), values], axis=1)


def outputs_table(study: Sensitivity) -> pd.DataFrame:
    """Return the outputs: row (from 1), policy (the arm's name), then a column for each outcome."""
    import pandas as pd

    rows, arms, _ = study.outputs.shape
    first = {
        "row": np.repeat(np.arange(1, rows + 1), arms),
        "policy": np.tile([policy.name for policy in study.arms], rows),
    }
    values = pd.DataFrame(study.outputs.reshape(rows * arms, -1), columns=list(study.outcomes))
    return pd.concat([pd.DataFrame(first), values], axis=1)


def _column(name: str) -> str:
    """Return the column of a factor; "seed" is taken by the seed of the runs."""
    return "seed_point" if name == "seed" else name
