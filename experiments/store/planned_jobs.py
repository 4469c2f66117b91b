"""The jobs that a plan describes, each checked like any input: cities, policies, shocks by their schemas, then the rest."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sim.faults import InputError, show

if TYPE_CHECKING:
    import pyarrow as pa
    from pydantic import BaseModel

    from experiments.execution.runner import Job

__all__ = ["OWN", "read_jobs"]

OWN = ("group", "seed")
"""The columns of a plan that are no parameters; a parameter's name has a dot in it."""


def read_jobs(table: pa.Table, shared: Mapping[str, Any], shown: str) -> list[Job]:
    """Return the jobs that a plan's table and what its jobs share describe.

    Parameters
    ----------
    table
        One row a job: its group, its seed, and a column for each parameter that any job sets (null where it does not).
    shared
        The parts (cities, policies, shocks) by their hash, and the groups.
    shown
        What to call the plan in a message.

    Raises
    ------
    InputError
        When anything in it is not as it must be, or a job cannot be run.
    """
    from experiments.execution.runner import Job

    try:
        groups = _groups(shared, shown)
        numbers, seeds = table["group"].to_pylist(), table["seed"].to_pylist()
        keys = [key for key in table.column_names if key not in OWN]
        values = [table[key].to_pylist() for key in keys]
        if not numbers:
            raise InputError(f"{shown}: holds no job")
        jobs = []
        for row, (group, seed) in enumerate(zip(numbers, seeds, strict=True)):
            if type(group) is not int or not 0 <= group < len(groups):
                raise InputError(f"{shown}: job {row + 1}: group is {show(group)}, and there are {len(groups)}")
            if type(seed) is not int or not 0 <= seed < 2**63:
                raise InputError(f"{shown}: job {row + 1}: seed is {show(seed)}; it is a whole number from 0 to 2**63 - 1")
            parameters = {key: column[row] for key, column in zip(keys, values, strict=True) if column[row] is not None}
            jobs.append(Job(seed=seed, parameters=parameters, **groups[group]))
    except (KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{shown}: is not as this version writes it ({error})") from None
    _check_parameters(jobs, keys, values, shown)
    return jobs


def _groups(shared: Mapping[str, Any], shown: str) -> list[dict[str, Any]]:
    """Return what the jobs of each group share, checked."""
    from sim.files import check
    from sim.scenario import City, Policy, Shock, assemble

    parts: dict[tuple[str, str], Any] = {}

    def part(model: type[BaseModel], name: str) -> Any:
        key = (model.__name__, name)
        if key not in parts:
            parts[key] = check(model, shared["parts"][name], shown)
        return parts[key]

    groups = []
    for number, group in enumerate(shared["groups"]):
        where = f"{shown}: group {number}"
        city = part(City, group["city"])
        policies = tuple(part(Policy, each) for each in group["policies"])
        shocks = tuple(part(Shock, each) for each in group["shocks"])
        months, scale, without = group["months"], group["scale"], tuple(group["without"])
        if not policies:
            raise InputError(f"{where}: policies is empty; it must hold at least one")
        if type(scale) is not float:
            raise InputError(f"{where}: scale is {show(scale)}; it must be a number above 0 and up to 1")
        for policy in policies:
            assemble(city, [policy], shocks=shocks, months=months, scale=scale, without=without, source=where)
        groups.append(
            {"city": city, "policies": policies, "shocks": shocks, "without": without, "months": months, "scale": scale}
        )
    return groups


def _check_parameters(jobs: list[Job], keys: list[str], values: list[list[Any]], shown: str) -> None:
    """Refuse the first parameter that is none, or whose value is out of its range."""
    from sim.parameters import PARAMETERS
    from sim.scenario import assemble

    known = {parameter.name: parameter for parameter in PARAMETERS}
    for key, column in zip(keys, values, strict=True):
        for row, value in enumerate(column):
            if value is None:
                continue
            if key not in known or type(value) is not float or not known[key].low <= value <= known[key].high:
                job = jobs[row]
                assemble(job.city, job.policies[:1], parameters={key: value}, source=f"{shown}: job {row + 1}")
                raise InputError(f"{shown}: job {row + 1}: {key} is {show(value)}; it must be a number")
