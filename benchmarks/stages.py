"""The compiled month in stages: to look between its steps, to time each of them, and to draw for many youths at once.

`live_stages` is `sim.month.month`, step by step; a test holds that the stages make its month, byte for byte.
"""

from __future__ import annotations

import ctypes
import time
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from sim.compiled import compiled, entry
from sim.draws import BLOCK, fill, four
from sim.parameters import Parameters
from sim.processes import (
    community,
    demography,
    extortion,
    flows,
    gangs,
    government,
    group_conflict,
    homicide,
    justice,
    labour,
    markets,
    outcome_recorder,
    policy_delivery,
    recovery,
    recruitment,
    years,
)
from sim.state import City, Scratch

__all__ = ["STAGES", "YOUTH_STAGES", "draw", "draw_blocks", "draw_four", "live_stages", "make_timed_months"]

Floats = npt.NDArray[np.float64]

STAGES: tuple[str, ...] = (
    "policy_delivery.update",
    "years.update",
    "flows.update",
    "markets.update",
    "labour.update",
    "demography.update",
    "recruitment.update",
    "gangs.update",
    "group_conflict.update",
    "homicide.update",
    "extortion.update",
    "justice.update",
    "recovery.update",
    "community.update",
    "government.update",
    "outcome_recorder.update",
)

_NUMBER = len(STAGES)

# The steps that go through the youth table each month. Timed whole: what they do for places and gangs counts as theirs.
YOUTH_STAGES: tuple[int, ...] = (4, 5, 6, 9, 11, 14)


@compiled
def _live_stage(city: City, params: Parameters, seed: np.uint64, t: int, stage: int) -> None:
    if stage == 0:
        policy_delivery.update(city, params, seed, t)
    elif stage == 1:
        years.update(city, params, seed, t)
    elif stage == 2:
        flows.update(city, params, seed, t)
    elif stage == 3:
        markets.update(city, params, seed, t)
    elif stage == 4:
        labour.update(city, params, seed, t)
    elif stage == 5:
        demography.update(city, params, seed, t)
    elif stage == 6:
        recruitment.update(city, params, seed, t)
    elif stage == 7:
        gangs.update(city, params, seed, t)
    elif stage == 8:
        group_conflict.update(city, params, seed, t)
    elif stage == 9:
        homicide.update(city, params, seed, t)
    elif stage == 10:
        extortion.update(city, params, seed, t)
    elif stage == 11:
        justice.update(city, params, seed, t)
    elif stage == 12:
        recovery.update(city, params, seed, t)
    elif stage == 13:
        community.update(city, params, seed, t)
    elif stage == 14:
        government.update(city, params, seed, t)
    elif stage == 15:
        outcome_recorder.update(city, params, seed, t)


@entry
def live_stages(city: City, params: Parameters, seed: np.uint64, t: int, first: int, last: int) -> None:
    """Live the stages first .. last - 1 of month t, numbered as in STAGES."""
    for stage in range(first, last):
        _live_stage(city, params, seed, t, stage)


@entry
def draw(numbers: Floats, scratch: Scratch, seed: np.uint64, decision: int, month: int) -> None:
    """Write the number of every youth for one decision of one month, in blocks: `sim.draws.fill`.

    Parameters
    ----------
    numbers : float64 [youth]
    scratch : Scratch
    seed : uint64
    decision, month : int
    """
    first = 0
    while first < numbers.size:
        number = min(BLOCK, numbers.size - first)
        shift = fill(scratch.uniforms, scratch.words, seed, decision, month, first, number)
        for j in range(number):
            numbers[first + j] = scratch.uniforms[shift + j]
        first += number


@entry
def draw_blocks(scratch: Scratch, seed: np.uint64, decision: int, month: int, number: int) -> None:
    """Make so many numbers in blocks and keep none of them: what the generator alone costs."""
    for first in range(0, number, BLOCK):
        fill(scratch.uniforms, scratch.words, seed, decision, month, first, min(BLOCK, number - first))


@entry
def draw_four(numbers: Floats, seed: np.uint64, decision: int, month: int) -> None:
    """Write the four numbers of every youth for one decision of one month to `numbers`, float64 [youth, 4]."""
    for row in range(numbers.shape[0]):
        u = four(seed, decision, month, row)
        numbers[row, 0] = u[0]
        numbers[row, 1] = u[1]
        numbers[row, 2] = u[2]
        numbers[row, 3] = u[3]


def make_timed_months() -> Callable[..., None]:
    """Compile months that note the processor time of each stage.

    Returns
    -------
    timed_months(city, params, seed, first, last, spent, now)
        `spent` int64 [stage] gains the nanoseconds of processor time of this thread; `now` int64 [2] is scratch. The
        clock is the system's, read within the compiled code, so this cannot be cached and compiles in half a minute.
    """
    import numba

    clock = ctypes.CDLL(None).clock_gettime
    clock.argtypes = [ctypes.c_int, ctypes.c_void_p]
    clock.restype = ctypes.c_int
    which = time.CLOCK_THREAD_CPUTIME_ID

    @numba.njit(nogil=True, error_model="numpy")
    def timed_months(
        city: City,
        params: Parameters,
        seed: np.uint64,
        first: int,
        last: int,
        spent: npt.NDArray[np.int64],
        now: npt.NDArray[np.int64],
    ) -> None:
        for t in range(first, last):
            clock(which, now.ctypes.data)
            before = now[0] * 1_000_000_000 + now[1]
            for stage in range(_NUMBER):
                _live_stage(city, params, seed, t, stage)
                clock(which, now.ctypes.data)
                after = now[0] * 1_000_000_000 + now[1]
                spent[stage] += after - before
                before = after

    made: Callable[..., None] = timed_months
    return made
