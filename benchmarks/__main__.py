"""Measure everything and print one table: `python -m benchmarks [--quick]`.

The figures are kept in benchmarks/results.json, from which the table in docs/performance.md is written. `--quick` takes
fewer rounds and smaller cities, leaves out the command line, and writes nothing.
"""

from __future__ import annotations

import argparse
import sys
import time

from benchmarks import floor, runs, youth
from benchmarks.table import RESULTS, Figure, print_table, write_page, write_results


def main() -> int:
    """Measure, print, write; return 1 where a bar does not hold on account of the code, not of a busy machine."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="Time the model against its bars.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, smaller cities, nothing written")
    quick: bool = parser.parse_args().quick
    began = time.perf_counter()
    figures: list[Figure] = []
    for part in (youth, floor, runs):
        print(f"benchmarks: {part.__name__.split('.')[-1]} ...", file=sys.stderr)
        figures.extend(part.measure(quick=quick))
    seconds = time.perf_counter() - began
    print_table(figures)
    print(f"\n{seconds:.0f} s")
    if not quick:
        write_results(figures, seconds=seconds)
        write_page()
        print(f"written to {RESULTS.relative_to(RESULTS.parents[1])}")
    return int(any(each.holds is False and not each.needs_idle for each in figures))


if __name__ == "__main__":
    sys.exit(main())
