"""Calibration of a city: three numbers fitted to three documented levels.

    join_intercept  to the share of youths in gangs
    rivalry         to the share of killings that gangs commit
    disputes        to the homicide rate

Each number drives its own level and little else, so damped ratio updates converge in a few rounds. The level found is
the mean of ten years without policy over several seeds, after the same burn-in that every run has. Run as
`python -m experiments.calibration CITY`; it prints the block for the city file and what it fits.
"""

from __future__ import annotations

import argparse
import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from sim.outcomes import outcome_index
from sim.run import run_arms, warm
from sim.scenario import City, load_city, load_policy

__all__ = ["Fit", "calibrate", "measure_levels"]

DAMPING = 0.7


@dataclass(frozen=True)
class Fit:
    """The three numbers, and the levels that they give (homicide rate, gang share, membership)."""

    join_intercept: float
    rivalry: float
    disputes: float
    homicide_rate: float
    gang_share: float
    membership: float


def measure_levels(
    city: City, settings: dict[str, float], *, seeds: int, scale: float, months: int = 120
) -> tuple[float, float, float]:
    """Return homicide rate, gang share and membership of a city without policy, averaged over seeds and months.

    Parameters
    ----------
    city, settings, scale
        As in `sim.run.run_arms`.
    seeds
        How many, from 1 on.
    months
        How long.
    """
    baseline = load_policy("baseline")

    def one(seed: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        (result,) = run_arms(city, [baseline], seed=seed, months=months, scale=scale, parameters=settings)
        return result.city_monthly.mean(axis=0, dtype=np.float64)

    with ThreadPoolExecutor(2) as pool:
        mean = np.mean(list(pool.map(one, range(1, seeds + 1))), axis=0)
    parts = ("gang_homicide_rate", "discipline_homicide_rate", "bystander_homicide_rate")
    rate = float(mean[outcome_index("homicide_rate")])
    gangs = float(sum(mean[outcome_index(part)] for part in parts))
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    return rate, gangs / rate, float(mean[outcome_index("gang_members")]) / youths


def calibrate(city: City, *, seeds: int = 8, rounds: int = 8, scale: float = 0.05) -> Fit:
    """Fit the three numbers of a city by damped ratio updates.

    Parameters
    ----------
    city
        Its `levels` are the targets, its `calibration` the start.
    seeds, rounds
        Seeds a round, and how many rounds.
    scale
        Rows a youth.
    """
    level = city.levels
    join, rivalry, disputes = city.calibration.join_intercept, city.calibration.rivalry, city.calibration.disputes
    fit = Fit(join, rivalry, disputes, math.nan, math.nan, math.nan)
    for step in range(rounds):
        settings = {"recruitment.join_intercept": join, "violence.rivalry": rivalry, "violence.disputes": disputes}
        rate, share, membership = measure_levels(city, settings, seeds=seeds, scale=scale)
        fit = Fit(join, rivalry, disputes, rate, share, membership)
        print(
            f"round {step + 1}: homicide {rate:.2f} of {level.homicide_rate:.2f}, gang share {share:.3f} of "
            f"{level.gang_share:.3f}, membership {membership:.4f} of {level.membership:.4f}",
            flush=True,
        )
        if step == rounds - 1:
            break
        join += DAMPING * math.log(level.membership / membership)
        rivalry *= (level.gang_share * level.homicide_rate / (share * rate)) ** DAMPING
        other = (1.0 - share) * rate
        fixed = 0.4 * other if rate < level.homicide_rate else 0.2 * other
        wanted = max(0.1 * other, (1.0 - level.gang_share) * level.homicide_rate - fixed)
        disputes *= (wanted / (other - fixed)) ** DAMPING
    return fit


def main() -> None:
    """Calibrate the city named on the command line and print its block."""
    parser = argparse.ArgumentParser(description="Fit the three calibrated numbers of a city.")
    parser.add_argument("city")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--scale", type=float, default=0.05)
    asked = parser.parse_args()
    warm()
    fit = calibrate(load_city(asked.city), seeds=asked.seeds, rounds=asked.rounds, scale=asked.scale)
    print("calibration:")
    print(f"  join_intercept: {fit.join_intercept:.3f}")
    print(f"  rivalry: {fit.rivalry:.6f}")
    print(f"  disputes: {fit.disputes:.4e}")


if __name__ == "__main__":
    main()
