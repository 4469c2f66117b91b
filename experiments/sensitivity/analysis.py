"""What a sensitivity study asks, besides what is run: the method and its size, what varies, and which outcomes it tells."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sim.errors import InputError, did_you_mean
from sim.outcomes import STUDIED

if TYPE_CHECKING:
    from experiments.sensitivity.estimators import Method
    from experiments.sensitivity.factors import Grouping

__all__ = ["TRAJECTORIES", "Analysis"]

TRAJECTORIES = 8
"""Morris trajectories of a screening when no number is given."""
TOP = 12
"""The most factors that a screening passes on when no number is given."""


@dataclass(frozen=True, kw_only=True)
class Analysis:
    """The own options of a sensitivity study.

    Attributes
    ----------
    method, samples
        See `experiments.sensitivity.estimators.draw`. Every row of sobol and shapley is run in two futures.
    vary
        Names or patterns of what is varied, see `experiments.sensitivity.factors`.
    ranges
        Ranges of one's own by name, lowest and highest value; what has one is varied, and it is the only way to vary a
        start, a target or a fact of the city.
    outcomes
        Names of the outcomes asked about.
    window
        First and last month, from 1, over which outcomes are averaged; None means all months.
    screen, trajectories, top
        Whether a Morris design of so many trajectories comes first and how many factors at most it passes on.
    group
        Whether indices are reported for groups of factors, and by what.
    second_order
        Whether sobol tells pairs too, at twice the runs.
    """

    method: Method = "sobol"
    samples: int = 128
    vary: Sequence[str] = ("*",)
    ranges: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    outcomes: Sequence[str] = STUDIED
    window: tuple[int, int] | None = None
    screen: bool = False
    trajectories: int = TRAJECTORIES
    top: int = TOP
    group: Grouping | None = None
    second_order: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be asked, whatever the city.

        Raises
        ------
        InputError
            When options do not go together, or an outcome is unknown or given twice.
        """
        from sim.outcomes import OUTCOMES

        for name in ("vary", "outcomes"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        if self.screen and self.method == "morris":
            raise InputError("--screen runs morris first; ask for another --method, or leave out --screen")
        if self.screen and self.group is not None:
            raise InputError("--screen chooses single factors; leave out --group or --screen")
        if self.top < 2:
            raise InputError(f"--top is {self.top}; a study of what matters needs two factors or more")
        known = [outcome.name for outcome in OUTCOMES]
        for place, name in enumerate(self.outcomes):
            if name not in known:
                raise InputError(f"--outcome {name} is unknown; {did_you_mean(name, known)}")
            if name in self.outcomes[:place]:
                raise InputError(f"--outcome {name} is given twice; keep one")
        if not self.outcomes:
            raise InputError("--outcome is given no time; name what to ask about, such as --outcome homicide_rate")
