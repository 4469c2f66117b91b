"""Small functions that are compiled and kept, and what tests of the cache ask of them."""

import time

from sim.compiled import entry

AGED = time.time() - 45 * 86_400
NAME = "months-" + "a" * 32 + "-" + "b" * 32 + ".nbc"


def double(number):
    return 2 * number


def triple(number):
    return 3 * number


def started(function, factor=2):
    """Start the function anew, as another process would; say whether it was loaded or compiled."""
    made = entry(function)
    assert made(21) == 21 * factor
    return "loaded" if sum(made.stats.cache_hits.values()) else "compiled"


def only_file(folder):
    (path,) = folder.glob("*.nbc")
    return path
