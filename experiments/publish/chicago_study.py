"""The study of Chicago in the documentation: which parameters drive the level of homicide and the policy's effect.

    python -m experiments.publish.chicago_study --store DIR [--out docs/figures]

All parameters but those calibrated to the city are screened by a Morris design, and the twelve that matter most analysed by
Sobol' indices, in a city of some ten thousand rows; its agreement with the whole city is looked at for the three largest.
What the store holds is not run again, so figures are redrawn without running anything.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sim.outcomes import STUDIED

if TYPE_CHECKING:
    import pandas as pd

    from experiments.execution.execution import Execution
    from experiments.sensitivity.tables import Sensitivity

__all__ = ["FACTORS_COMPARED", "FUTURES", "SAMPLES", "SCALE", "TOP", "TRAJECTORIES", "agreement_of", "draw", "main", "run"]

CITY, POLICY = "chicago", "all_four"
SCALE = 0.0132
"""Youths simulated for each real one: 9 960 rows of 754 766."""
MONTHS = 36
TRAJECTORIES = 16
TOP = 12
SAMPLES = 128
SEED = 1
FACTORS_COMPARED = 3
FUTURES = 4
"""Futures of the whole city for each setting; four times as many at the study's scale."""


def run(execution: Execution) -> Sensitivity:
    """Run what the store lacks of the study, and return what it says.

    Parameters
    ----------
    execution
        How the runs are made, and where they are kept.
    """
    from experiments.sensitivity.study import Analysis, sensitivity
    from sim.scenario import load_city, load_policy

    return sensitivity(
        load_city(CITY),
        load_policy(POLICY),
        analysis=Analysis(
            method="sobol",
            samples=SAMPLES,
            vary=("*",),
            outcomes=STUDIED,
            screen=True,
            trajectories=TRAJECTORIES,
            top=TOP,
        ),
        execution=execution,
        months=MONTHS,
        scale=SCALE,
        seed=SEED,
    )


def agreement_of(study: Sensitivity, execution: Execution) -> pd.DataFrame:
    """Return how far the largest factors move the outcomes at the study's scale and in the whole city.

    Parameters
    ----------
    study
        From `run`.
    execution
        As there.
    """
    from experiments.sensitivity.scale_agreement import largest, scale_agreement

    factors = largest(study, FACTORS_COMPARED)
    return scale_agreement(study, factors=factors, futures=FUTURES, execution=execution)


def draw(study: Sensitivity, moves: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the figures of the study as PNG, their names beginning with "sensitivity_", and return their paths."""
    from experiments.comparison.figures import rendered
    from experiments.sensitivity.figures import agreement, draw_all, spread
    from experiments.store.outputs import write_file

    assert study.screening is not None
    figures = draw_all(study)
    for outcome in study.outcomes:
        figures[f"agreement_{outcome}"] = agreement(study, moves, outcome)
        figures[f"screening_{outcome}"] = spread(study.screening, outcome)
    paths = []
    for name, figure in figures.items():
        path = folder / f"sensitivity_{name}.png"
        write_file(path, rendered(figure, "png"))
        paths.append(path)
    return paths


def main(arguments: list[str] | None = None) -> None:
    """Run the study, print what it says, and draw its figures."""
    from experiments.commands.progress import progress_bar
    from experiments.execution.execution import Execution
    from experiments.sensitivity.text import study_text

    parser = argparse.ArgumentParser(description="Run the sensitivity study of the documentation and draw its figures.")
    parser.add_argument("--store", type=Path, required=True, help="folder that keeps every run")
    parser.add_argument("--out", type=Path, default=Path("docs/figures"), help="folder for the figures")
    parser.add_argument("--workers", type=int, default=None, help="jobs at a time")
    given = parser.parse_args(arguments)
    with progress_bar(100, wanted=True, unit="per cent") as progress:
        study = run(Execution(store=given.store, workers=given.workers, progress=progress))
    with progress_bar(100, wanted=True, unit="per cent") as progress:
        moves = agreement_of(study, Execution(store=given.store, workers=given.workers, progress=progress))
    print(study_text(study))
    print()
    print(moves.to_string(index=False, float_format=lambda value: f"{value:.3g}"))
    for path in draw(study, moves, given.out):
        print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
