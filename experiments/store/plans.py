"""Plans: the jobs that a study asks for, kept in its store, so that workers started elsewhere know what to run.

One Parquet file a plan, plan/NAME.parquet, one row a job in the order of the jobs: its group, its seed, and a column for
each parameter that any job sets (null where it is left as it is). What many jobs share stands once, as JSON in the file's
own metadata: the groups (study, city, policies, shocks, months, scale, mechanisms switched off), what measures of plugins
declare, and the hash of the model.
A hash over the whole file is in its metadata too; and every job is checked like any input before it is run. Plans are
written and read some thousand jobs at a time, however many there are.

The name of a plan holds a hash of what it asks for, so that two studies never have the same one.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import batched
from typing import TYPE_CHECKING, Any

from experiments.execution.extensions import NOTHING_MORE, Extensions
from experiments.store.parquet import open_parquet
from experiments.store.parts import own_measures
from experiments.store.planned_jobs import PlannedJobs, read_jobs
from experiments.store.plugins_used import check_code, used_code
from experiments.store.run_id import part_hash, run_ids
from experiments.store.seals import NO_SEAL, seal, seal_holds
from experiments.store.shards import SUFFIX
from experiments.store.store import Store
from experiments.store.whole_files import told_clearly, write_whole
from sim.errors import SLUG, InputError, did_you_mean, show

if TYPE_CHECKING:
    from pathlib import Path

    import pyarrow as pa
    from pydantic import BaseModel

    from experiments.execution.runner import Job
    from sim.measures import Measure

__all__ = ["load_plan", "plan_fault", "plan_name", "plan_names", "plan_path", "save_plan", "share_of"]

FORMAT = 3
UNSEALED = 1
"""The format of version 0.1.0, whose plans carry no hash."""
BLOCK = 16_384
"""Jobs that are read at a time, which numbers of two bytes can count: with fewer, the file's own table of contents would
take more memory than they do."""
AT_ONCE = 4_096
"""Jobs that are looked at together when a plan is written: each holds all its parameters by name."""
PIECE = 1 << 20
"""Bytes that are hashed at a time."""
KEY = "citysafety.plan"
HASH = "citysafety.hash"
REMEDY = "make it again with --dry-run"


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
    path = plan_path(store, name)
    store.refuse_older()
    if not jobs:
        raise InputError(f"--plan {name}: there are no jobs to plan")
    content = _written(name, jobs)
    with told_clearly(store.path):
        write_whole(path, content)
    return path


def plan_name(study: str, jobs: Sequence[Job]) -> str:
    """Return the name of the plan of a study: the study's, and a hash of what the first and the last job ask for.

    Parameters
    ----------
    study
        What kind of study it is: 1 to 50 of a-z, 0-9, _ and -.
    jobs
        What it asks for.
    """
    ends = [run_ids(jobs[place]) for place in {0, len(jobs) // 2, len(jobs) - 1}] if jobs else []
    digest = hashlib.blake2b(json.dumps([len(jobs), sorted(ends)]).encode(), digest_size=4)
    return f"{study}-{digest.hexdigest()}"


class _UnforeseenError(Exception):
    """A job sets a parameter that the first one does not."""


def _written(name: str, jobs: Sequence[Job]) -> bytes:
    """Return the file of a plan."""
    try:
        return _encoded(name, jobs, sorted(jobs[0].parameters))
    except _UnforeseenError:
        return _encoded(name, jobs, sorted({key for job in jobs for key in job.parameters}))


def _block(
    jobs: Sequence[Job],
    keys: Sequence[str],
    parts: dict[str, dict[str, Any]],
    groups: dict[str, int],
    own: dict[str, Measure],
) -> pa.Table:
    """Return the rows of some jobs; what they share is added to the parts, the groups and the measures of plugins."""
    import pyarrow as pa

    numbers = []
    known = frozenset(keys)
    own |= own_measures(policy for job in jobs for policy in job.policies)
    for job in jobs:
        if not known.issuperset(job.parameters):
            raise _UnforeseenError
        group = json.dumps(_group(job, parts), sort_keys=True)
        numbers.append(groups.setdefault(group, len(groups)))
    columns: dict[str, pa.Array] = {
        "group": pa.array(numbers, pa.int32()),
        "seed": pa.array([job.seed for job in jobs], pa.int64()),
    }
    for key in keys:
        columns[key] = pa.array([_number(job.parameters, key) for job in jobs], pa.float64())
    return pa.table(columns)


def _encoded(name: str, jobs: Sequence[Job], keys: Sequence[str]) -> bytes:
    """Return the file of a plan whose jobs set these parameters."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    from sim.identity import model_hash
    from sim.measures.own import as_data

    parts: dict[str, dict[str, Any]] = {}
    groups: dict[str, int] = {}
    own: dict[str, Measure] = {}
    types = [("group", pa.int32()), ("seed", pa.int64()), *((key, pa.float64()) for key in keys)]
    sink = BytesIO()
    # Jobs of a design repeat each other's values: a dictionary of these makes a plan small.
    with pq.ParquetWriter(
        sink, pa.schema(types), compression="zstd", compression_level=3, write_statistics=False, store_schema=False
    ) as writer:
        tables = (_block(several, keys, parts, groups, own) for several in batched(jobs, AT_ONCE))
        for together in batched(tables, BLOCK // AT_ONCE):
            writer.write_table(pa.concat_tables(together), row_group_size=BLOCK)
        shared = {
            "format": FORMAT,
            "name": name,
            "model": model_hash(),
            "parts": parts,
            "groups": [json.loads(group) for group in groups],
            "code": used_code(jobs[0].extensions),
            "measures": [as_data(measure) for _, measure in sorted(own.items())],
        }
        text = json.dumps(shared, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        writer.add_key_value_metadata({KEY: text, HASH: NO_SEAL})
    return seal(sink.getvalue())


def load_plan(store: Store, name: str, extensions: Extensions = NOTHING_MORE) -> PlannedJobs:
    """Return the jobs of a plan, with the ids that they had when it was written.

    Parameters
    ----------
    store, name
        Where, and which.
    extensions
        Outcomes and a rule of the user's own: those that the plan names by their hashes. A plan holds no code.

    Raises
    ------
    InputError
        When there is no such plan, it is damaged or was changed after it was written, it was written for another version of
        the model, names code that is not given, or a job in it cannot be run.
    """
    from sim.identity import model_hash

    path = plan_path(store, name)
    try:
        file = _open(path)
    except FileNotFoundError:
        raise InputError(f"--plan {show(name)}: {store.path} has none; {did_you_mean(name, plan_names(store))}") from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror or error}); {REMEDY}") from None
    shared = _shared(file, name, str(path))
    if shared["model"] != model_hash():
        raise InputError(f"{path}: was written for another version of the model or of its libraries; {REMEDY}")
    return read_jobs(file, shared, str(path), check_code(shared.get("code", []), extensions, str(path)))


def plan_fault(store: Store, name: str) -> str | None:
    """Return what is wrong with the file of a plan, or None; one of version 0.1.0, which has no hash, is as it is."""
    path = store.path / "plan" / f"{name}{SUFFIX}"
    try:
        with _open(plan_path(store, name)) as file:
            _shared(file, name, str(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        return f"{path}: cannot be read ({error.strerror or error}); {REMEDY}"
    except _UnsealedError:
        return None
    except InputError as error:
        return str(error)
    return None


def plan_names(store: Store) -> list[str]:
    """Return the names of the plans in a store."""
    names = [path.name.removesuffix(SUFFIX) for path in (store.path / "plan").glob(f"[!.]*{SUFFIX}")]
    return sorted(name for name in names if re.fullmatch(SLUG, name))


def plan_path(store: Store, name: str) -> Path:
    """Return the file of a plan, which is always inside its store.

    Raises
    ------
    InputError
        When the name cannot be a file's.
    """
    if not re.fullmatch(SLUG, name):
        raise InputError(f"--plan {show(name)}: use 1 to 60 of a-z, 0-9, _ and -, such as sobol")
    path = store.path / "plan" / f"{name}{SUFFIX}"
    if path.is_symlink() or path.parent.is_symlink():
        raise InputError(f"{path}: is a link; a plan is a file of its store")
    return path


def share_of[Asked: Sequence[Any]](jobs: Asked, place: int, of: int) -> Asked:
    """Return every `of`-th job, from the `place`-th on, counted from 1: what one worker of an array runs.

    Every job belongs to one worker, and all have nearly the same number.
    """
    share: Asked = jobs[place - 1 :: of]  # type: ignore[assignment]
    return share


class _UnsealedError(InputError):
    """The plan was written by version 0.1.0."""


def _open(path: Path) -> pa.NativeFile:
    """Open the file of a plan: what is read of it later is of the same file, even if another takes its name meanwhile."""
    import pyarrow as pa

    return pa.OSFile(str(path))


def _pieces(file: pa.NativeFile) -> Iterator[bytes]:
    """Yield a whole file, piece by piece."""
    file.seek(0)
    return iter(functools.partial(file.read, PIECE), b"")


def _shared(file: pa.NativeFile, name: str, shown: str) -> dict[str, Any]:
    """Return what the jobs of a plan share, after making sure that all of the file is what was written."""
    import pyarrow as pa

    try:
        said = open_parquet(file).metadata.metadata or {}
        shared: dict[str, Any] = json.loads(said[KEY.encode()])
        number = shared["format"]
        sealed = HASH.encode() in said and seal_holds(_pieces(file), said[HASH.encode()].decode())
        if number == UNSEALED and HASH.encode() not in said:
            raise _UnsealedError(f"{shown}: was written by version 0.1.0; {REMEDY}")
        if sealed and number == FORMAT and shared["name"] == name:
            return shared
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{shown}: cannot be read as a plan ({error}); {REMEDY}") from None
    if sealed and number != FORMAT:
        raise InputError(f"{shown}: format is {show(number)}; this version reads {FORMAT}; {REMEDY}")
    if sealed:
        raise InputError(f"{shown}: is the plan {show(shared['name'])} under another name; {REMEDY}")
    raise InputError(f"{shown}: was changed after it was written, or is damaged; {REMEDY}")


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
        "study": job.study,
        "city": named(job.city),
        "policies": [named(policy) for policy in job.policies],
        "shocks": [named(shock) for shock in job.shocks],
        "shocks_by_arm": [[named(shock) for shock in shocks] for shocks in job.shocks_by_arm],
        "without": list(job.without),
        "months": job.months,
        "scale": float(job.scale),
    }
