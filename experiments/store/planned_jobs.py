"""The jobs that a plan describes, made one by one as they are asked for, each checked like any input before the first is.

A plan may hold half a million jobs of hundreds of parameters, of which a worker runs a share. The file stays open, and what
is kept of it are the rows that are being read: a job is made when it is asked for, and forgotten when it was run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import numpy as np

from experiments.execution.extensions import NOTHING_MORE, Extensions
from experiments.store.parquet import open_parquet
from sim.errors import InputError, show

if TYPE_CHECKING:
    import numpy.typing as npt
    import pyarrow as pa
    import pyarrow.parquet as pq
    from pydantic import BaseModel

    from experiments.execution.runner import Job

__all__ = ["OWN", "PlannedJobs", "joined", "read_jobs"]

OWN = ("group", "seed")
"""The columns of a plan that are no parameters; a parameter's name has a dot in it."""


class _Block(NamedTuple):
    """Some rows of a plan that stand together. Jobs of a design repeat each other's values, so each is held once."""

    groups: npt.NDArray[np.int64]
    seeds: npt.NDArray[np.int64]
    numbers: npt.NDArray[np.int16]
    """[row, parameter]: which of the parameter's values the job sets, -1 where it leaves the parameter as it is."""
    values: list[npt.NDArray[np.float64]]
    """The different values of each parameter."""


class _Plan:
    """The open file of a plan, and what its jobs share."""

    def __init__(self, file: pa.NativeFile, groups: list[dict[str, Any]]) -> None:
        self.file: pq.ParquetFile = open_parquet(file)
        self.groups = groups
        self.keys = [name for name in self.file.schema_arrow.names if name not in OWN]
        described = self.file.metadata
        sizes = [described.row_group(number).num_rows for number in range(described.num_row_groups)]
        self.ends = np.cumsum(sizes, dtype=np.int64)
        self._kept: tuple[int, _Block] | None = None
        """The block that was read last, and its number."""

    def block(self, number: int) -> _Block:
        """Return one block; the one before is let go first, so that no two are in memory."""
        kept = self._kept
        if kept is None or kept[0] != number:
            self._kept = kept = None
            self._kept = kept = (number, self._block(number))
        return kept[1]

    def _block(self, number: int) -> _Block:
        own = self.columns(number, list(OWN))
        numbers = np.empty((own.num_rows, len(self.keys)), dtype=np.int16)
        values = []
        for place, key in enumerate(self.keys):
            column = self.columns(number, [key])[key].combine_chunks().dictionary_encode()
            numbers[:, place] = column.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            values.append(column.dictionary.to_numpy(zero_copy_only=False))
        groups, seeds = (own[name].to_numpy().astype(np.int64) for name in OWN)
        return _Block(groups, seeds, numbers, values)

    def columns(self, number: int, names: list[str]) -> pa.Table:
        """Return some columns of a block; column by column little of it is in memory twice."""
        return self.file.read_row_group(number, names, use_threads=False)

    def job(self, row: int) -> Job:
        """Return the job of one row."""
        from experiments.execution.runner import Job

        number = int(np.searchsorted(self.ends, row, side="right"))
        block = self.block(number)
        place = row - (int(self.ends[number - 1]) if number else 0)
        numbered = zip(self.keys, block.numbers[place].tolist(), block.values, strict=True)
        parameters = {key: values.item(which) for key, which, values in numbered if which >= 0}
        return Job(seed=int(block.seeds[place]), parameters=parameters, **self.groups[int(block.groups[place])])


class PlannedJobs(Sequence["Job"]):
    """The jobs of plans, or a share of them: a sequence like any other, whose jobs are made when they are asked for."""

    def __init__(self, plans: Sequence[_Plan], rows: range | None = None) -> None:
        self.plans = tuple(plans)
        """The plans that they belong to."""
        self._ends = np.cumsum([int(plan.ends[-1]) if plan.ends.size else 0 for plan in plans], dtype=np.int64)
        self._rows = range(int(self._ends[-1])) if rows is None else rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> Job: ...

    @overload
    def __getitem__(self, place: slice) -> PlannedJobs: ...

    def __getitem__(self, place: int | slice) -> Job | PlannedJobs:
        if isinstance(place, slice):
            return PlannedJobs(self.plans, self._rows[place])
        return self._job(self._rows[place])

    def __iter__(self) -> Iterator[Job]:
        return map(self._job, self._rows)

    def _job(self, row: int) -> Job:
        number = int(np.searchsorted(self._ends, row, side="right"))
        return self.plans[number].job(row - (int(self._ends[number - 1]) if number else 0))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(one == two for one, two in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]


def joined(several: Sequence[PlannedJobs]) -> PlannedJobs:
    """Return the jobs of several whole plans as one sequence."""
    return PlannedJobs([plan for jobs in several for plan in jobs.plans])


def read_jobs(
    file: pa.NativeFile, shared: Mapping[str, Any], shown: str, extensions: Extensions = NOTHING_MORE
) -> PlannedJobs:
    """Return the jobs that a plan's file and what its jobs share describe.

    Parameters
    ----------
    file
        The file, which stays open: one row a job, its group, its seed, and a column for each parameter that any job sets
        (null where it does not).
    shared
        The parts (cities, policies, shocks) by their hash, and the groups.
    shown
        What to call the plan in a message.
    extensions
        The code that the plan names.

    Raises
    ------
    InputError
        When anything in it is not as it must be, or a job cannot be run.
    """
    import pyarrow as pa

    try:
        plan = _Plan(file, [{**group, "extensions": extensions} for group in _groups(shared, shown)])
        jobs = PlannedJobs([plan])
        if not jobs:
            raise InputError(f"{shown}: holds no job")
        first = 0
        for number in range(len(plan.ends)):
            first += _check_block(plan, number, first, shown)
    except (KeyError, TypeError, AttributeError, pa.ArrowException) as error:
        raise InputError(f"{shown}: is not as this version writes it ({error})") from None
    return jobs


def _groups(shared: Mapping[str, Any], shown: str) -> list[dict[str, Any]]:
    """Return what the jobs of each group share, checked."""
    from sim.added_measures import alone
    from sim.measures.own import from_data

    own = [from_data(each, f"{shown}: measures[{place}]") for place, each in enumerate(shared.get("measures", []))]
    with alone(own, shown):
        return _checked_groups(shared, shown)


def _checked_groups(shared: Mapping[str, Any], shown: str) -> list[dict[str, Any]]:
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
        by_arm = tuple(tuple(part(Shock, each) for each in arm) for arm in group.get("shocks_by_arm", ()))
        months, scale, without = group["months"], group["scale"], tuple(group["without"])
        study = str(group["study"])
        if not policies:
            raise InputError(f"{where}: policies is empty; it must hold at least one")
        if type(scale) is not float:
            raise InputError(f"{where}: scale is {show(scale)}; it must be a number above 0 and up to 1")
        if by_arm and len(by_arm) != len(policies):
            raise InputError(f"{where}: shocks_by_arm has {len(by_arm)} lists, and there are {len(policies)} policies")
        for arm, policy in enumerate(policies):
            shocks_here = (*shocks, *(by_arm[arm] if by_arm else ()))
            assemble(city, [policy], shocks=shocks_here, months=months, scale=scale, without=without, source=where)
        groups.append(
            {
                "city": city,
                "policies": policies,
                "shocks": shocks,
                "shocks_by_arm": by_arm,
                "without": without,
                "months": months,
                "scale": scale,
                "study": study,
            }
        )
    return groups


def _check_block(plan: _Plan, number: int, first: int, shown: str) -> int:
    """Refuse the first job of a block that cannot be run; return how many jobs it has.

    Parameters
    ----------
    plan, number
        The plan, and which of its blocks.
    first
        How many jobs stand before the block.
    shown
        What to call the plan in a message.
    """
    own = plan.columns(number, list(OWN))
    groups = own["group"].to_pylist()
    for row, group in enumerate(groups):
        if type(group) is not int or not 0 <= group < len(plan.groups):
            raise InputError(f"{shown}: job {first + row + 1}: group is {show(group)}, and there are {len(plan.groups)}")
    for row, seed in enumerate(own["seed"].to_pylist()):
        if type(seed) is not int or not 0 <= seed < 2**63:
            says = f"seed is {show(seed)}; it is a whole number from 0 to 2**63 - 1"
            raise InputError(f"{shown}: job {first + row + 1}: {says}")
    shared = [plan.groups[group] for group in groups]
    for key in plan.keys:
        _check_parameter(plan.columns(number, [key])[key], key, shared, first, shown)
    return len(groups)


def _check_parameter(column: Any, key: str, groups: list[dict[str, Any]], first: int, shown: str) -> None:
    """Refuse the first value of a parameter that is none, or that is out of its range."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from sim.parameters import PARAMETERS
    from sim.scenario import assemble

    known = {parameter.name: parameter for parameter in PARAMETERS}.get(key)
    if known is not None and column.type == pa.float64():
        within = pc.and_(pc.greater_equal(column, known.low), pc.less_equal(column, known.high))
        if pc.all(within.fill_null(True), min_count=0).as_py():
            return
    for row, value in enumerate(column.to_pylist()):
        if value is None:
            continue
        if known is None or type(value) is not float or not known.low <= value <= known.high:
            where = f"{shown}: job {first + row + 1}"
            group = groups[row]
            assemble(group["city"], group["policies"][:1], parameters={key: value}, source=where)
            raise InputError(f"{where}: {key} is {show(value)}; it must be a number")
