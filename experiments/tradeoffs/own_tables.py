"""What came of the outcomes of the user's own in a study of many futures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.comparison.own_outcomes import own_outcome
from experiments.comparison.paired import Floats, differences

if TYPE_CHECKING:
    import pandas as pd

    from experiments.tradeoffs.uncertainty import Futures
    from sim.scenario import Policy

__all__ = ["own_outcomes"]


def own_outcomes(futures: Futures, arms: Sequence[Policy], means: Floats) -> pd.DataFrame:
    """Return what came of the outcomes of the user's own, which have no better side and so no gain.

    Parameters
    ----------
    futures, arms
        What was run; arm 0 is no policy.
    means
        float64 [future, arm, outcome], from `live`.

    Returns
    -------
    DataFrame
        A row for each outcome and arm: outcome, policy, title, level, difference from no policy with difference_low and
        difference_high (95 % interval of the mean).
    """
    import pandas as pd

    names = futures.extensions.names
    rows = []
    for name, values in zip(names, np.moveaxis(means[..., means.shape[-1] - len(names) :], -1, 0), strict=True):
        for place, arm in enumerate(arms):
            row: dict[str, Any] = {"outcome": name, "policy": arm.name, "title": arm.title}
            found = differences(values[:, place], values[:, 0], [own_outcome(name)])
            ends = {f"difference{end}": float(found[key]) for end, key in (("", "mean"), ("_low", "low"), ("_high", "high"))}
            rows.append(row | {"level": float(values[:, place].mean())} | ends)
    columns = ["outcome", "policy", "title", "level", "difference", "difference_low", "difference_high"]
    return pd.DataFrame(rows, columns=columns)
