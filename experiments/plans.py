"""Plans: the jobs that a study asks for, kept in its store, so that workers started elsewhere know what to run.

One Parquet file a plan, plan/NAME.parquet, one row a job in the order of the jobs: its group, its seed, and a column for
each parameter that any job sets (null where it is left as it is). What many jobs share stands once, as JSON in the file's
own metadata: the groups (city, policies, shocks, months, scale, mechanisms switched off), and the hash of the model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from experiments.ids import part_hash
from experiments.shards import SUFFIX, encode, write_whole
from experiments.store import Store, told_clearly

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from pydantic import BaseModel

    from experiments.runner import Job

__all__ = ["load_plan", "plan_names", "save_plan", "share_of"]

FORMAT = 1
KEY = "citysafety.plan"
OWN = ("group", "seed")
"""The columns that are no parameters; a parameter's name has a dot in it."""


def save_plan(store: Store, name: str, jobs: Sequence[Job]) -> Path:
    """Write the jobs of a study into its store, replacing a plan of the same name.

    Parameters
    ----------
    store
        The store.
    name
        1 to 60 of a-z, 0-9, _ and -.
    jobs
        What the study asks for.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    InputError
        When the name cannot be a file's, there are no jobs, or the store cannot be written.
    """
    import pyarrow as pa

    from sim.compiled import source_hash
    from sim.faults import SLUG, InputError, show

    if not re.match(SLUG, name):
        raise InputError(f"--plan {show(name)}: use 1 to 60 of a-z, 0-9, _ and -, such as sobol")
    if not jobs:
        raise InputError(f"--plan {name}: there are no jobs to plan")
    parts: dict[str, dict[str, Any]] = {}
    groups: dict[str, int] = {}
    numbers: list[int] = []
    for job in jobs:
        group = json.dumps(_group(job, parts), sort_keys=True)
        numbers.append(groups.setdefault(group, len(groups)))
    parameters = sorted({key for job in jobs for key in job.parameters})
    columns: dict[str, pa.Array] = {
        "group": pa.array(numbers, pa.int32()),
        "seed": pa.array([job.seed for job in jobs], pa.int64()),
    }
    for key in parameters:
        columns[key] = pa.array([_number(job.parameters, key) for job in jobs], pa.float64())
    shared = {"format": FORMAT, "model": source_hash(), "parts": parts, "groups": [json.loads(group) for group in groups]}
    text = json.dumps(shared, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    path = _path(store, name)
    with told_clearly(store.path):
        write_whole(path, encode(pa.table(columns), {KEY: text}))
    return path


def load_plan(store: Store, name: str) -> list[Job]:
    """Return the jobs of a plan, with the ids that they had when it was written.

    Raises
    ------
    InputError
        When there is no such plan, it cannot be read, or it was written for another version of the model.
    """
    import pyarrow as pa

    from experiments.parquet import open_parquet
    from sim.compiled import source_hash
    from sim.faults import InputError, did_you_mean, show

    path = _path(store, name)
    try:
        with open_parquet(path) as file:
            table = file.read(use_threads=False)
            shared = json.loads(file.metadata.metadata[KEY.encode()])
    except FileNotFoundError:
        raise InputError(f"--plan {show(name)}: {store.path} has none; {did_you_mean(name, plan_names(store))}") from None
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(f"{path}: cannot be read as a plan ({error}); write it again") from None
    if shared["format"] != FORMAT:
        raise InputError(f"{path}: format is {show(shared['format'])}; this version reads {FORMAT}; write the plan again")
    if shared["model"] != source_hash():
        raise InputError(f"{path}: was written for another version of the model or of its libraries; write the plan again")
    return _jobs(table, shared, str(path))


def plan_names(store: Store) -> list[str]:
    """Return the names of the plans in a store."""
    return sorted(path.name.removesuffix(SUFFIX) for path in (store.path / "plan").glob(f"[!.]*{SUFFIX}"))


def share_of(jobs: Sequence[Job], place: int, of: int) -> list[Job]:
    """Return every `of`-th job, from the `place`-th on, counted from 1: what one worker of an array runs.

    Every job belongs to one worker, and all have nearly the same number.
    """
    return list(jobs[place - 1 :: of])


def _path(store: Store, name: str) -> Path:
    return store.path / "plan" / f"{name}{SUFFIX}"


def _number(parameters: Mapping[str, float], key: str) -> float | None:
    return float(parameters[key]) if key in parameters else None


def _group(job: Job, parts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what a job shares with others, its parts by their hashes; the parts themselves go into `parts`."""

    def named(part: BaseModel) -> str:
        found = part_hash(part)
        if found not in parts:
            parts[found] = part.model_dump(mode="json")
        return found

    return {
        "city": named(job.city),
        "policies": [named(policy) for policy in job.policies],
        "shocks": [named(shock) for shock in job.shocks],
        "without": list(job.without),
        "months": job.months,
        "scale": float(job.scale),
    }


def _jobs(table: pa.Table, shared: Mapping[str, Any], shown: str) -> list[Job]:
    """Return the jobs that a table and what they share describe."""
    from experiments.runner import Job
    from sim.files import check
    from sim.scenario import City, Policy, Shock

    parts: dict[str, Any] = {}

    def part(model: type[BaseModel], name: str) -> Any:
        if name not in parts:
            parts[name] = check(model, shared["parts"][name], shown)
        return parts[name]

    groups = [
        {
            "city": part(City, group["city"]),
            "policies": tuple(part(Policy, each) for each in group["policies"]),
            "shocks": tuple(part(Shock, each) for each in group["shocks"]),
            "without": tuple(group["without"]),
            "months": group["months"],
            "scale": group["scale"],
        }
        for group in shared["groups"]
    ]
    keys = [key for key in table.column_names if key not in OWN]
    values = [table[key].to_pylist() for key in keys]
    jobs = []
    for row, (group, seed) in enumerate(zip(table["group"].to_pylist(), table["seed"].to_pylist(), strict=True)):
        parameters = {key: column[row] for key, column in zip(keys, values, strict=True) if column[row] is not None}
        jobs.append(Job(seed=seed, parameters=parameters, **groups[group]))
    return jobs
