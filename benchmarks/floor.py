"""The floor: what the youth part would cost if it did nothing but move its bytes and make its numbers.

    floor = bytes a youth-month / copy bandwidth + numbers a youth-month * cost of a number

The lists below are read off the code and committed here: whoever adds a column or a draw to the month changes them too.
They count what must be touched, not what is: a byte read in two steps counts in each, since the table does not stay in
the cache between steps; a row that is looked at in few months counts its share; whole cache lines are not counted.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from benchmarks.stages import draw_blocks, make_timed_months
from benchmarks.table import Figure, at_most, medians, note, spent
from benchmarks.youth import begin, time_by_stage, youth_part
from sim.draws import ACTIVITY

__all__ = ["COLUMNS", "DRAWS", "bytes_a_month", "draws_a_month", "measure"]


class Touched(NamedTuple):
    """Columns that a step touches: bytes read and written by each row it looks at, and the share of rows looked at."""

    step: str
    columns: str
    read: int
    written: int
    share: float


# Traits of a newcomer: sex, four levels, isolation, proneness, exposure, record, places, training, activity.
COLUMNS: tuple[Touched, ...] = (
    Touched("homicide.update", "status proneness activity gang", 7, 0, 1.0),
    Touched("justice.update", "status", 1, 0, 1.0),
    Touched("government.update", "status", 1, 0, 1.0),
    Touched("labour.update", "status phase four levels record training_effect activity", 24, 1, 0.05),
    Touched("recruitment.update", "gang", 1, 0, 0.1),
    Touched("recruitment.update", "status phase sex levels activity peers isolation home places", 34, 0, 0.05),
    Touched("demography.update", "status phase gang, then all traits", 4, 35, 0.009),
)


class Drawn(NamedTuple):
    """Numbers that a step draws of every youth, a month."""

    step: str
    decision: str
    number: float


DRAWS: tuple[Drawn, ...] = (
    Drawn("labour.update", "ACTIVITY", 1.0),
    Drawn("demography.update", "MOVE, once a year", 1.0 / 12.0),
    Drawn("demography.update", "PERSON_RISK and PERSON_LIFE, four each, newcomers only", 8.0 * 0.009),
    Drawn("recruitment.update", "JOIN", 1.0),
    # In a city of a million somebody dies in every place, and each youth there has a number that says who.
    Drawn("homicide.update", "VICTIM", 1.0),
    Drawn("justice.update", "ARREST", 1.0),
)


def bytes_a_month() -> float:
    """Return the bytes read and written a youth-month."""
    return sum((each.read + each.written) * each.share for each in COLUMNS)


def draws_a_month() -> float:
    """Return the numbers drawn a youth-month."""
    return sum(each.number for each in DRAWS)


def measure(*, quick: bool) -> Iterator[Figure]:
    """Measure the machine's copying and the generator, and set the youth part against their floor."""
    timed = make_timed_months()
    city, params = begin(1_000_000 if not quick else 200_000)
    rows = len(city.youth.home)
    # As much memory as the months go through, half of it read and half written.
    source = np.ones(int(rows * bytes_a_month() / 2 / 8))
    target = np.ones_like(source)
    lived = 0

    def draw() -> None:
        draw_blocks(city.scratch, np.uint64(1), ACTIVITY, 0, rows)

    # Once for the compiler.
    draw()
    time_by_stage(timed, city, params, 0, 1)

    def copy() -> None:
        for _ in range(10):
            np.copyto(target, source)

    def copying() -> float:
        return spent(copy) / 10 / (source.nbytes + target.nbytes)

    def drawing() -> float:
        return spent(draw) / rows

    def living() -> float:
        nonlocal lived
        lived += 2
        return youth_part(time_by_stage(timed, city, params, lived - 1, 2)) / rows

    a_byte, a_number, part = medians(copying, drawing, living, rounds=3 if quick else 7)
    yield note("copy_bandwidth", "copy bandwidth, read and written", 1e-9 / a_byte, "GB a second")
    yield note("draw_cost", "one number, in blocks of 1024", 1e9 * a_number, "ns")
    yield note("floor_bytes", "bytes the youth part must touch", bytes_a_month(), "bytes a youth-month")
    yield note("floor_draws", "numbers it must draw", draws_a_month(), "a youth-month")
    floor = 1e9 * (bytes_a_month() * a_byte + draws_a_month() * a_number)
    yield note("floor", f"floor at {rows:,} youths", floor, "ns a youth-month")
    yield at_most("floor_ratio", "youth part over the floor", part / floor, "times", 6)
