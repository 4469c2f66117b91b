"""The youth part of the month: its time against the Mesa twin's, how it grows with the city, and what it weighs.

The youth part of the compiled month is the six steps that go through the youth table (YOUTH_STAGES), timed within real
months by the thread's processor clock and whole, with what they do for places and gangs: a little is counted too much
(`youth_places`), nothing too little. The twin's is its month, `TwinCity.live`, with numbers and surroundings ready.
"""

from __future__ import annotations

import functools
import resource
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.stages import STAGES, YOUTH_STAGES, make_timed_months
from benchmarks.table import Figure, at_least, at_most, medians, note, spent
from benchmarks.twin import ScreeningYouth, TwinCity, TwinYouth, live_and_note, prepare_luck
from sim.parameters import Parameters
from sim.run import begin_city
from sim.scenario import City as CityFile
from sim.scenario import load_city
from sim.state import City, copy_city

__all__ = ["ROWS", "bytes_per_youth", "measure", "sandbox_of", "time_by_stage"]

SEED = 1
ROWS = 10_000
TWIN_MONTHS = 6
# Enough for gangs and prisons to fill; levels themselves are of no interest here.
BURN_IN = 24

Timed = Callable[..., None]


@functools.cache
def sandbox_of(rows: int) -> tuple[CityFile, float]:
    """Return a sandbox with so many youths, and scale 1: a row a youth, each of whom is asked by itself, as in the twin."""
    city = load_city("sandbox")
    factor = rows / (sum(each.population for each in city.neighbourhoods) * city.youth_share)
    grown = tuple(each.model_copy(update={"population": round(each.population * factor)}) for each in city.neighbourhoods)
    return city.model_copy(update={"neighbourhoods": grown}), 1.0


def begin(rows: int, burn_in: int = BURN_IN) -> tuple[City, Parameters]:
    """Return a settled sandbox of so many rows, at month 0."""
    city, scale = sandbox_of(rows)
    return begin_city(city, seed=SEED, scale=scale, burn_in=burn_in)


def time_by_stage(timed: Timed, city: City, params: Parameters, first: int, months: int) -> Any:
    """Live the months in the given city and return the nanoseconds a month of each stage, float64 [stage]."""
    nanoseconds = np.zeros(len(STAGES), dtype=np.int64)
    timed(city, params, np.uint64(SEED), first, first + months, nanoseconds, np.zeros(2, dtype=np.int64))
    return nanoseconds / months


def youth_part(by_stage: Any) -> float:
    """Return the nanoseconds a month of the steps that go through the youth table."""
    return float(by_stage[list(YOUTH_STAGES)].sum())


def against_twin(timed: Timed, rounds: int) -> Iterator[Figure]:
    """Time the compiled youth part and the twin's in turn, from one city with one seed's luck, and hold them equal."""
    settled, params = begin(ROWS, burn_in=120)
    rows = len(settled.youth.home)
    noted = copy_city(settled)
    months = []
    for t in range(TWIN_MONTHS):
        luck = prepare_luck(noted, SEED, t)
        months.append((t, live_and_note(noted, params, SEED, t), luck))

    def compiled() -> float:
        return youth_part(time_by_stage(timed, copy_city(settled), params, 0, 12)) / rows

    def twin(kind: type[TwinYouth]) -> float:
        model = TwinCity(settled, params, kind)

        def live() -> None:
            for month in months:
                model.live(*month)

        nanoseconds = 1e9 * spent(live)
        if model.differing(noted):
            raise AssertionError("the twin and the compiled model came apart")
        return nanoseconds / TWIN_MONTHS / rows

    mine, plain, screening = medians(compiled, lambda: twin(TwinYouth), lambda: twin(ScreeningYouth), rounds=rounds)
    yield note("youth_compiled", "youth part at 10 000 youths, compiled", mine, "ns a youth-month")
    yield note("youth_twin", "the same in plain Mesa", plain, "ns a youth-month")
    yield at_least("youth_ratio", "plain Mesa over compiled (aim 200)", plain / mine, "times", 100)
    yield note("youth_ratio_screening", "Mesa that screens numbers first over compiled", screening / mine, "times")
    few, fewest_rates = begin(12)
    alone = youth_part(time_by_stage(timed, few, fewest_rates, 0, 600)) / rows
    yield note("youth_places", "of it, places and gangs (same city, 12 rows a place)", alone, "ns a youth-month")


def by_size(timed: Timed, sizes: tuple[int, ...], rounds: int) -> Iterator[Figure]:
    """Time the youth part at several sizes: each a city of its own, lived on month after month, in turn."""
    cities = [(*begin(rows), rows) for rows in sizes]
    lived = [0] * len(cities)
    found: list[list[float]] = [[] for _ in cities]
    stages: list[list[Any]] = [[] for _ in cities]
    for _ in range(rounds):
        for n, (city, params, rows) in enumerate(cities):
            months = max(1, min(24, 2_000_000 // rows))
            spent_by = time_by_stage(timed, city, params, lived[n], months) / len(city.youth.home)
            lived[n] += months
            stages[n].append(spent_by)
            found[n].append(youth_part(spent_by))
    per_youth = [statistics.median(each) for each in found]
    for rows, value in zip(sizes, per_youth, strict=True):
        yield note(f"youth_at_{rows}", f"youth part at {rows:,} youths", value, "ns a youth-month")
    bar = f"youth part at {sizes[-1]:,} youths over 10 000"
    yield at_most("youth_growth", bar, per_youth[-1] / per_youth[0], "times", 2.0)
    typical = np.median(stages[len(sizes) // 2], axis=0)
    for stage in YOUTH_STAGES:
        what = f"{STAGES[stage]} at {sizes[len(sizes) // 2]:,} youths"
        yield note(f"step_{STAGES[stage]}", what, float(typical[stage]), "ns a youth-month")


def _arrays(part: Any) -> Iterator[Any]:
    if isinstance(part, tuple):
        for piece in part:
            yield from _arrays(piece)
    else:
        yield part


def bytes_per_youth(city: City) -> float:
    """Return the bytes of all arrays of a city, over its youths; views of another table count once."""
    owned = {id(array if array.base is None else array.base): array for array in _arrays(city)}
    held: int = sum(array.nbytes for array in owned.values())
    return held / len(city.youth.home)


# Peak memory is a process's own, so each size is lived in a fresh one: build, burn-in of two months, then one arm.
_CHILD = """
import sys
from benchmarks.youth import peak_of_run
print(peak_of_run(int(sys.argv[1])))
"""


def peak_of_run(rows: int) -> int:
    """Build a city of so many rows, live two months of it, copy it for an arm; return the peak bytes of the process."""
    city, _ = begin(rows, burn_in=2)
    copy_city(city)
    status = Path("/proc/self/status")
    if status.exists():
        # Linux counts in `ru_maxrss` what the parent held when it started this process.
        (line,) = (each for each in status.read_text().splitlines() if each.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def memory(sizes: tuple[int, int]) -> Iterator[Figure]:
    """Weigh a youth: the arrays of a city, and how the peak memory of a whole process grows with youths."""
    city, _ = begin(100_000, burn_in=1)
    yield at_most("bytes_arrays", "memory of a city, all arrays", bytes_per_youth(city), "bytes a youth", 160)
    peaks = []
    for rows in sizes:
        done = subprocess.run(
            [sys.executable, "-c", _CHILD, str(rows)],
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[1],
        )
        peaks.append(int(done.stdout))
    slope = (peaks[1] - peaks[0]) / (sizes[1] - sizes[0])
    yield at_most("bytes_peak", "peak memory of building, settling and one arm, slope", slope, "bytes a youth", 160)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure the youth part."""
    timed = make_timed_months()
    # Compiled at its first call; whatever is timed comes after.
    time_by_stage(timed, *begin(1000, burn_in=1), 0, 1)
    yield from against_twin(timed, rounds=3 if quick else 7)
    sizes = (10_000, 100_000, 1_000_000) if quick else (10_000, 100_000, 1_000_000, 5_000_000)
    yield from by_size(timed, sizes, rounds=3 if quick else 7)
    yield from memory((200_000, 600_000) if quick else (1_000_000, 3_000_000))
