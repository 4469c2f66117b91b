"""Whole runs: how long, how even over seeds, on two threads, through Mesa, and from the command line."""

from __future__ import annotations

import hashlib
import itertools
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.stages import draw_blocks
from benchmarks.table import Figure, at_least, at_most, medians, note, spent
from benchmarks.youth import ROWS, SEED, sandbox_of
from sim.draws import ACTIVITY
from sim.month import months
from sim.outcomes import OUTCOMES
from sim.run import BURN_IN, begin_city, run_arms
from sim.scenario import Policy
from sim.state import City, copy_city

__all__ = ["measure"]

MONTHS = 120
NOTHING = Policy(name="baseline", title="No change", about="Nothing is done.", measures=())


# Settled cities are kept, on disk too, so each run takes a seed that no run took before.
_SEEDS = itertools.count(time.time_ns() % 2**40)


def whole_run(_: int) -> None:
    """Build, settle and live a sandbox of 10 000 youths, with new luck."""
    city, scale = sandbox_of(ROWS)
    run_arms(city, [NOTHING], seed=next(_SEEDS), months=MONTHS, scale=scale)


def _tables(city: City) -> tuple[Any, Any]:
    columns = len(OUTCOMES)
    return np.zeros((MONTHS, columns), np.float32), np.zeros((MONTHS // 12, len(city.neighbourhood), columns), np.float32)


def one_run(rounds: int) -> Iterator[Figure]:
    """Time ten years and the burn-in before them, over ten seeds, and month by month through the Mesa model."""
    from sim.model import CitySafetyModel

    city, scale = sandbox_of(ROWS)
    settled, params = begin_city(city, seed=SEED, scale=scale)
    model = CitySafetyModel(city, seed=SEED, scale=scale, months=MONTHS * rounds)

    def ten_years() -> float:
        state = copy_city(settled)
        return spent(lambda: months(state, params, np.uint64(SEED), 0, MONTHS, *_tables(state)))

    def through_mesa() -> float:
        return spent(lambda: model.run_for(MONTHS))

    def a_million_numbers() -> float:
        return spent(lambda: draw_blocks(settled.scratch, np.uint64(1), ACTIVITY, 0, 1_000_000))

    # Once for the compiler.
    a_million_numbers()
    whole, stepped, million = medians(ten_years, through_mesa, a_million_numbers, rounds=rounds)
    years = f"{MONTHS} months of 10 000 youths"
    yield note("run", years, 1e3 * whole, "ms")
    yield at_most("run_in_numbers", f"{years}, in numbers in blocks of 1024", whole / million, "million numbers", 31)
    yield note("facade", f"{years}, month by month through Mesa", 1e3 * stepped, "ms")
    yield note("facade_ratio", "through Mesa over the whole run", stepped / whole, "times")
    times = [statistics.median(spent(partial(whole_run, seed)) for _ in range(3)) for seed in range(1, 11)]
    what = f"the same with building and {BURN_IN} months of burn-in, median of ten seeds"
    yield note("run_with_burn_in", what, 1e3 * statistics.median(times), "ms")
    yield at_most("run_spread", "run time over ten seeds, longest over shortest", max(times) / min(times), "times", 1.5)


def _hash(_: int) -> None:
    """Do work that is certain to run beside itself: hashing, which releases the interpreter's lock."""
    for _ in range(20):
        hashlib.sha256(_PAGE).digest()


_PAGE = bytes(10_000_000)


def two_threads(runs: int, rounds: int) -> Iterator[Figure]:
    """Compare many runs on one thread and on two, and plain hashing likewise: what the machine can give just now."""

    def faster(task: Callable[[int], None]) -> float:
        took = []
        for threads in (1, 2):
            began = time.perf_counter()
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(task, range(runs)))
            took.append(time.perf_counter() - began)
        return took[0] / took[1]

    possible, found = medians(lambda: faster(_hash), lambda: faster(whole_run), rounds=rounds)
    yield note("threads_possible", "two threads over one, plain hashing (2 on an idle machine)", possible, "times")
    yield at_least("threads", "two threads over one, whole runs", found, "times", 1.6, needs_idle=True)


def _timed(arguments: list[str], **environment: str) -> tuple[float, float]:
    """Run a Python of its own; return the elapsed and the processor seconds."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, *arguments],
        check=True,
        capture_output=True,
        cwd=Path(__file__).parents[1],
        env=os.environ | environment,
    )
    elapsed = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return elapsed, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


_COMMAND = "import sys; from experiments.commands.cli import main; sys.exit(main())"


def command_line(rounds: int) -> Iterator[Figure]:
    """Time what a person waits for: the first compile, a warm run, the help."""
    with tempfile.TemporaryDirectory() as fresh:
        elapsed, processor = _timed(["-c", "import sim.run; sim.run.warm()"], CITYSAFETY_CACHE=fresh)
    yield note("compile", "first compile, elapsed", elapsed, "s")
    yield at_most("compile_cpu", "first compile, processor", processor, "s", 38)
    for key, command, bar in (("run", "run sandbox", 1.5), ("compare", "compare sandbox --policy all_four", 2.5)):
        asked = ["-c", _COMMAND, *command.split(), "--quiet"]
        _timed(asked)
        found = [_timed(asked) for _ in range(rounds)]
        warm, worked = (statistics.median(column) for column in zip(*found, strict=True))
        yield at_most(f"warm_{key}", f"citysafety {command} --quiet, elapsed", warm, "s", bar, needs_idle=True)
        yield note(f"warm_{key}_processor", f"citysafety {command} --quiet, processor", worked, "s")
    (helped,) = medians(lambda: _timed(["-c", _COMMAND, "--help"])[1], rounds=rounds)
    yield at_most("help", "citysafety --help, processor", helped, "s", 0.25)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure whole runs."""
    yield from one_run(rounds=3 if quick else 7)
    yield from two_threads(runs=4 if quick else 8, rounds=3 if quick else 7)
    if not quick:
        yield from command_line(rounds=7)
