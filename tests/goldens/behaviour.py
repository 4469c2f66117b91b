"""What the model did, as hashes: a change that is meant to leave its behaviour alone keeps every one of them.

    python -m tests.goldens.behaviour            compare with tests/goldens/behaviour.json, name what differs
    python -m tests.goldens.behaviour --record   write that file anew; CHANGELOG.md says which results changed, and why

Recorded are the bytes of `city_monthly` and `place_yearly`: of every city without policy and under all four pillars, and
of the sandbox and Chicago under every kind of shock and under each measure alone. The file names the outcomes whose columns
were hashed, in their order: a new outcome, or another order of `OUTCOMES`, changes no hash. It also names the versions of
the libraries that computed them, for another version may round otherwise.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import get_args

import numpy as np

from sim import files
from sim.measures import MEASURES
from sim.outcomes import OUTCOMES, outcome_index
from sim.run import Result, run_arms, warm
from sim.scenario import City, MeasureUse, Policy, Shock, ShockKind, Target, load_city, load_policy

FILE = Path(__file__).with_suffix(".json")
LIBRARIES = ("llvmlite", "numba", "numpy")
MONTHS = 24
SEED = 1
SCALE = 0.1
ROWS = 10_000
"""Of the larger cities: every line of the model is run by as many as by more."""
IN_FULL = ("sandbox", "chicago")


def versions() -> dict[str, str]:
    """Return what the bytes may depend on besides this code."""
    return {"machine": platform.machine(), **{name: version(name) for name in LIBRARIES}}


def recorded() -> dict[str, object]:
    """Return what the file holds: the versions, the outcomes that were hashed, and two hashes by name of a run."""
    return dict(json.loads(FILE.read_text(encoding="utf-8")))


def compute(outcomes: Sequence[str]) -> dict[str, list[str]]:
    """Run everything and return the hashes of `city_monthly` and `place_yearly` by city and arm.

    Parameters
    ----------
    outcomes
        Names of the outcomes whose columns are hashed, in this order.
    """
    warm()
    columns = [outcome_index(name) for name in outcomes]
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(partial(_of_city, columns=columns), files.names("cities")))
    return {name: hashes for each in found for name, hashes in each}


def different() -> list[str]:
    """Name the runs whose bytes are not those recorded, and those that only one side has."""
    before, outcomes = recorded()["runs"], recorded()["outcomes"]
    assert isinstance(before, dict)
    assert isinstance(outcomes, list)
    now = compute(outcomes)
    return sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))


def _of_city(name: str, columns: list[int]) -> list[tuple[str, list[str]]]:
    city = load_city(name)
    arms = list(_arms(city)) if name in IN_FULL else [(load_policy(each), ()) for each in ("baseline", "all_four")]
    youths = sum(each.population for each in city.neighbourhoods) * city.youth_share
    results = run_arms(
        city,
        [policy for policy, _ in arms],
        seed=SEED,
        months=MONTHS,
        scale=min(SCALE, ROWS / youths),
        shocks_by_arm=[shocks for _, shocks in arms],
    )
    return [(f"{name}/{policy.name}", _hashes(result, columns)) for (policy, _), result in zip(arms, results, strict=True)]


def _hashes(result: Result, columns: list[int]) -> list[str]:
    tables = [np.ascontiguousarray(table[..., columns]) for table in (result.city_monthly, result.place_yearly)]
    return [hashlib.sha256(table.tobytes()).hexdigest()[:24] for table in tables]


def _arms(city: City) -> Iterator[tuple[Policy, tuple[Shock, ...]]]:
    for name in ("baseline", "all_four"):
        yield load_policy(name), ()
    for measure in MEASURES:
        yield _policy(measure.row, MeasureUse(measure=measure.row)), ()
    for kind in get_args(ShockKind):
        yield _policy(kind.replace(" ", "_")), (_shock(kind, city),)


def _policy(name: str, *measures: MeasureUse) -> Policy:
    return Policy(name=name.lower(), title=name, about="One arm of the goldens.", measures=measures)


def _shock(kind: ShockKind, city: City) -> Shock:
    about: dict[str, object] = {}
    if kind in ("flow", "route"):
        about["flow"] = "drugs"
    if kind == "service cut":
        about["service"] = "water"
    if kind == "route":
        about["where"] = Target(places=tuple(each.name for each in city.neighbourhoods[:2]))
    if kind in ("pact", "pact broken", "leader killed"):
        about["gang"] = city.gangs[0].name
    size = 3.0 if kind in ("flow", "route") else 0.6
    return Shock.model_validate(
        {"name": "shock", "title": kind, "about": "One shock.", "kind": kind, "size": size, "start": 4, **about}
    )


def _main() -> int:
    if sys.argv[1:] == ["--record"]:
        outcomes = [each.name for each in OUTCOMES]
        content = {"versions": versions(), "outcomes": outcomes, "runs": compute(outcomes)}
        FILE.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        return 0
    if recorded()["versions"] != versions():
        print(f"recorded with {recorded()['versions']}, here is {versions()}")
    changed = different()
    print("\n".join(changed) if changed else "all runs give the recorded bytes")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(_main())
